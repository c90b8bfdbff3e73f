//! The places for connections: so many in all, and so many of them for one peer, so that nobody can take every one. Proxies of ours may
//! take as many as there are, since everybody comes through them.

use std::{
    collections::HashMap,
    future::pending,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many connections a peer has.
type Taken = Arc<Mutex<HashMap<IpAddr, usize>>>;

/// All the places of one listener.
pub struct Places {
    all: Arc<Semaphore>,
    per_peer: usize,
    proxies: Vec<IpAddr>,
    taken: Taken,
}

/// A place, given back when it is dropped.
pub struct Place {
    _of_all: OwnedSemaphorePermit,
    of_peer: Option<(IpAddr, Taken)>,
}

impl Places {
    pub fn new(all: usize, per_peer: usize, proxies: &[IpAddr]) -> Self {
        Self {
            all: Arc::new(Semaphore::new(all)),
            per_peer,
            proxies: proxies.to_vec(),
            taken: Taken::default(),
        }
    }

    /// Waits until there is a place for somebody.
    pub async fn free(&self) -> OwnedSemaphorePermit {
        let Ok(free) = Arc::clone(&self.all).acquire_owned().await else {
            return pending().await; // the semaphore is never closed
        };
        free
    }

    /// Gives a free place to a peer; back when that one has as many as one may have.
    pub fn take(&self, free: OwnedSemaphorePermit, peer: IpAddr) -> Result<Place, OwnedSemaphorePermit> {
        // A socket for both kinds of address calls IPv4 peers by their IPv6 name.
        let peer = peer.to_canonical();
        if self.proxies.contains(&peer) {
            return Ok(Place { _of_all: free, of_peer: None });
        }
        let peer = network(peer);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(peer).or_default();
        if *count >= self.per_peer {
            return Err(free);
        }
        *count += 1;
        Ok(Place {
            _of_all: free,
            of_peer: Some((peer, Arc::clone(&self.taken))),
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((peer, taken)) = self.of_peer.take() else { return };
        let mut taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&peer) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&peer);
            }
        }
    }
}

/// An IPv6 address counts with its neighbours: a household gets 2^64 of them.
fn network(peer: IpAddr) -> IpAddr {
    match peer {
        IpAddr::V4(_) => peer,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn place(places: &Places, peer: &str) -> Option<Place> {
        let free = places.free().await;
        places.take(free, peer.parse().unwrap()).ok()
    }

    #[tokio::test]
    async fn a_peer_takes_no_more_than_its_share_and_a_proxy_as_many_as_there_are() {
        let places = Places::new(6, 2, &["10.0.0.1".parse().unwrap()]);
        let first = place(&places, "198.51.100.7").await;
        let second = place(&places, "::ffff:198.51.100.7").await;
        assert!(first.is_some() && second.is_some() && place(&places, "198.51.100.7").await.is_none());
        drop(first);
        assert!(place(&places, "198.51.100.7").await.is_some(), "what was given back is there again");
        let neighbours = [place(&places, "2001:db8::1").await, place(&places, "2001:db8::2").await];
        assert!(place(&places, "2001:db8::3").await.is_none() && place(&places, "2001:db8:0:1::1").await.is_some());
        drop((second, neighbours));
        let mut proxied = Vec::new();
        for _ in 0..6 {
            proxied.push(place(&places, "::ffff:10.0.0.1").await.unwrap());
        }
        drop(proxied);
        assert!(places.taken.lock().unwrap().is_empty(), "nobody is remembered");
    }
}
