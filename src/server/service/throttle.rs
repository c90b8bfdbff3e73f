//! Limits on guessing, on mails and on requests. They hold for all instances together and outlive restarts: each is a leaky bucket in
//! the database, under a keyed hash of what it counts, so that no address is kept.
//!
//! A try is counted before it is looked at and given back when it turns out to be right; an [`Attempt`] that is dropped has failed.
//! What is not known here is counted like what is: an unknown address by its own hash, so that answers and times tell nothing.
//!
//! Nobody can be locked out by a stranger. A browser that signed in to an account carries a sealed mark of it (`known_browsers`), and its
//! tries count in buckets of their own, as do those of whoever is signed in; strangers cannot fill them, also not with the right
//! password, nor can a mark or a session that was stolen fill those of the others. All kinds together stay at a hundred a day. Who comes
//! from a new browser while somebody is guessing takes a passkey or a link from a mail, which no guess can touch, or waits: one more try
//! is free every two hours and a half.
//!
//! Strangers are counted by the address that they type, not by the account that has it: else an address that is refused where
//! another one was guessed at would be one of the same person.
//!
//! Time is taken when a try is counted, not from its request, which may have been on its way for a while.
//!
//! Requests are paced too ([`pace`]). For those an instance takes a batch at a time out of the bucket, so that not every form costs a
//! write; reading pages costs none at all.

use super::{App, Error, Result, events};
use crate::{
    domain::{
        ids::{AccountId, PersonId, SessionId},
        security_event::Kind,
    },
    server::{
        auth::seal::{fingerprint, limit_key},
        store::throttle,
    },
};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError, Weak},
};
use tokio::sync::{Mutex as Turn, OwnedMutexGuard};
use uuid::Uuid;

/// A bucket: so many at once, and one more every so many seconds.
#[derive(Clone, Copy, Debug)]
struct Limit {
    word: &'static str,
    at_once: i64,
    every: i64,
}

impl Limit {
    const fn new(word: &'static str, at_once: i64, every: i64) -> Self {
        Self { word, at_once, every }
    }

    const fn capacity(self) -> i64 {
        self.at_once * self.every
    }
}

/// Wrong tries from one address, from one known browser, or in one session: three, then a pause.
const PAUSE: Limit = Limit::new("pause", 3, 5);
/// Wrong tries from one address over hours: after fifty the pause grows to ten minutes.
const LONG_PAUSE: Limit = Limit::new("pause.long", 50, 600);
/// Wrong passwords for one address from browsers that its account does not know: 10 and 10 a day. An account has three addresses at most.
const BY_STRANGERS: Limit = Limit::new("password", 10, 86_400 / 10);
/// Wrong one-time codes for one account, whose password fitted, from such browsers: 10 and 30 a day.
const CODES: Limit = Limit::new("code", 10, 86_400 / 30);
/// Wrong passwords and codes from one browser that the account knows: 8 and 8 a day.
const BY_BROWSER: Limit = Limit::new("browser", 8, 86_400 / 8);
/// The same from all of them: 12 and 12 a day, so that one of them leaves some to the others.
const BY_KNOWN: Limit = Limit::new("browser.all", 12, 86_400 / 12);
/// Wrong passwords and codes in one session: 5 and 4 a day.
const BY_SESSION: Limit = Limit::new("session", 5, 86_400 / 4);
/// The same in all sessions of an account: 8 and 8 a day.
const BY_SIGNED_IN: Limit = Limit::new("session.all", 8, 86_400 / 8);
/// Personal links from one address that nobody sent.
const LINKS: Limit = Limit::new("link", 10, 5);
/// Mails that one address asks for, to whomever.
const MAILS_FROM: Limit = Limit::new("mail.from", 10, 60);
/// Mails to one recipient that anybody asks for.
const MAILS_TO: Limit = Limit::new("mail.to", 3, 20 * 60);
/// So many requests are taken out of the bucket at once.
const BATCH: u32 = 20;
/// Batches of changes asked for from one address by whoever is not signed in: 3,000 and one a second.
const BY_ANYBODY: Limit = Limit::new("request", 150, 20);
/// Batches of changes that one account asks for: 600 a minute.
const BY_ACCOUNT: Limit = Limit::new("request.account", 30, 2);

/// Refused forms that are kept for one account: 20, and 10 a minute.
const KEPT_FORMS: Limit = Limit::new("form", 20, 6);

/// Limits that an instance remembers beyond this many are taken afresh from the database.
const MOST_REMEMBERED: usize = 10_000;

/// What is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Address and password.
    SignIn,
    /// A one-time code, after the password fitted.
    SecondFactor,
    /// Their password, asked of somebody who is signed in.
    OwnPassword,
    /// The token of a personal link.
    Link,
    /// A mail that somebody asks for without being signed in. Counts whatever becomes of it.
    Mail,
}

impl Purpose {
    const fn failure(self) -> Kind {
        match self {
            Self::SignIn => Kind::SignInFailed,
            Self::SecondFactor => Kind::SecondFactorFailed,
            Self::OwnPassword => Kind::PasswordFailed,
            Self::Link | Self::Mail => Kind::LinkFailed,
        }
    }
}

/// At whom a try aims.
#[derive(Clone, Copy, Debug)]
pub enum Whom<'a> {
    /// The account that somebody signs in to, from a browser that it does not know.
    Account(AccountId),
    /// The same, from this browser that it knows.
    Known(AccountId, Uuid),
    /// Whoever is signed in.
    SignedIn(AccountId, SessionId),
    /// An address that somebody signs in with, and the account that has it.
    Address(&'a str, Option<AccountId>),
    Person(PersonId),
    /// Somebody we do not know, as they were typed.
    Typed(&'a str),
}

impl Whom<'_> {
    const fn account(self) -> Option<AccountId> {
        match self {
            Self::Account(id) | Self::Known(id, _) | Self::SignedIn(id, _) => Some(id),
            Self::Address(_, account) => account,
            Self::Person(_) | Self::Typed(_) => None,
        }
    }

    fn words(self) -> String {
        match self {
            Self::Account(id) | Self::Known(id, _) | Self::SignedIn(id, _) => format!("account {id}"),
            Self::Person(id) => format!("person {id}"),
            Self::Address(raw, _) | Self::Typed(raw) => format!("typed {}", raw.trim().to_lowercase()),
        }
    }
}

/// From where a request comes, as far as limits care. A forged `X-Forwarded-For` is out of it already.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    network: String,
    /// The mark of the account that the browser signed in to last, still sealed.
    pub(super) device: String,
}

impl Caller {
    /// An IPv6 address counts with its neighbours: a household gets 2^64 of them.
    #[must_use]
    pub fn new(address: Option<IpAddr>, device: String) -> Self {
        let network = match address.map(|address| address.to_canonical()) {
            Some(IpAddr::V4(address)) => address.to_string(),
            Some(IpAddr::V6(address)) => format!("{:x?}", &address.segments()[..4]),
            None => String::new(),
        };
        Self { network, device }
    }

    /// The network as limits know it; empty where there is none.
    #[must_use]
    pub fn network(&self) -> &str {
        &self.network
    }

    /// The beginning of a keyed hash: tells events of one address from those of another, and no address.
    #[must_use]
    pub fn fingerprint(&self, app: &App) -> String {
        fingerprint(&app.settings().key, &self.network)
    }
}

/// A try that may be made. Dropped without [`Attempt::succeeded`], it stays counted.
#[must_use = "a try that succeeded is given back"]
pub struct Attempt {
    app: App,
    purpose: Purpose,
    account: Option<AccountId>,
    fingerprint: String,
    charged: Vec<(Limit, Key)>,
    /// Tries from one place are looked at one after the other: many colleagues behind one address are no burst of failures.
    _turn: OwnedMutexGuard<()>,
}

impl Attempt {
    /// Gives the try back.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn succeeded(self) -> Result<()> {
        let mut tx = self.app.store().begin().await?;
        for (limit, key) in &self.charged {
            throttle::refund(&mut tx, key, limit.every).await?;
        }
        Ok(tx.commit_housekeeping().await?)
    }

    /// Notes that it failed.
    pub async fn failed(self) {
        let event = events::Event {
            kind: self.purpose.failure(),
            account: self.account,
            subject: None,
            fingerprint: Some(self.fingerprint.clone()),
        };
        events::note(&self.app, self.app.now(), event).await;
    }
}

/// Lets somebody try, before anything is looked at that costs time or tells something.
///
/// # Errors
/// `TooMany` when one of the limits is reached.
pub async fn admit(app: &App, purpose: Purpose, caller: &Caller, whom: Whom<'_>) -> Result<Attempt> {
    let buckets = buckets(app, purpose, caller, whom);
    let mut wait = look(app, &buckets).await?;
    if wait == 0 {
        let turn = app.local().turn(buckets[0].1).await;
        wait = charge(app, &buckets).await?;
        if wait == 0 {
            return Ok(Attempt {
                app: app.clone(),
                purpose,
                account: whom.account(),
                fingerprint: caller.fingerprint(app),
                charged: buckets,
                _turn: turn,
            });
        }
    }
    Err(refused(app, caller, whom.account(), wait).await)
}

/// Counts a request that may change something.
///
/// # Errors
/// `TooMany` when there were too many lately.
pub async fn pace(app: &App, caller: &Caller, account: Option<AccountId>) -> Result<()> {
    let (limit, whom) = match account {
        Some(id) => (BY_ACCOUNT, Whom::Account(id).words()),
        None => (BY_ANYBODY, caller.network.clone()),
    };
    let bucket = [(limit, limit_key(&app.settings().key, limit.word, &whom))];
    if app.local().take(bucket[0].1) {
        return Ok(());
    }
    let mut wait = look(app, &bucket).await?;
    if wait == 0 {
        wait = charge(app, &bucket).await?;
    }
    if wait == 0 {
        app.local().put(bucket[0].1, BATCH - 1);
        return Ok(());
    }
    Err(refused(app, caller, account, wait).await)
}

/// Counts a refused form that is to be kept for an account; whether there is room for it.
///
/// # Errors
/// When the database refuses.
pub async fn may_keep(app: &App, account: AccountId) -> Result<bool> {
    let bucket = [(KEPT_FORMS, limit_key(&app.settings().key, KEPT_FORMS.word, &Whom::Account(account).words()))];
    Ok(look(app, &bucket).await? == 0 && charge(app, &bucket).await? == 0)
}

/// The buckets that a try counts in. Their order is the same everywhere, so that two tries never wait for each other crosswise.
fn buckets(app: &App, purpose: Purpose, caller: &Caller, whom: Whom<'_>) -> Vec<(Limit, Key)> {
    let key = &app.settings().key;
    let (network, words) = (|| caller.network.clone(), whom.words());
    let limits = match (whom, purpose) {
        (Whom::Known(_, browser), _) => vec![(PAUSE, browser.to_string()), (BY_BROWSER, browser.to_string()), (BY_KNOWN, words)],
        (Whom::SignedIn(_, session), _) => vec![(PAUSE, session.to_string()), (BY_SESSION, session.to_string()), (BY_SIGNED_IN, words)],
        (_, Purpose::SignIn) => vec![(PAUSE, network()), (LONG_PAUSE, network()), (BY_STRANGERS, words)],
        // Nobody is asked for their own password who is not signed in.
        (_, Purpose::SecondFactor | Purpose::OwnPassword) => vec![(PAUSE, network()), (LONG_PAUSE, network()), (CODES, words)],
        (_, Purpose::Link) => vec![(LINKS, network())],
        (_, Purpose::Mail) => vec![(MAILS_FROM, network()), (MAILS_TO, words)],
    };
    limits.into_iter().map(|(limit, whom)| (limit, limit_key(key, limit.word, &whom))).collect()
}

/// How many seconds until all of them have room again, without a write: a flood costs none.
async fn look(app: &App, buckets: &[(Limit, Key)]) -> Result<i64> {
    let now = app.now().unix_timestamp();
    let mut db = app.store().read().await?;
    let mut wait = 0;
    for (limit, key) in buckets {
        let full = now + limit.capacity();
        let counts = |empty_at: &i64| *empty_at <= full + throttle::CLOCKS_DIFFER;
        if let Some(empty_at) = throttle::find(&mut db, key).await?.filter(counts) {
            wait = wait.max(empty_at + limit.every - full);
        }
    }
    Ok(wait)
}

/// Counts in all of them or in none; how many seconds to wait in that case.
async fn charge(app: &App, buckets: &[(Limit, Key)]) -> Result<i64> {
    let mut tx = app.store().begin().await?;
    for (limit, key) in buckets {
        // The wait for the database, which may have been long, counts as time that passed.
        let now = app.now().unix_timestamp();
        if !throttle::charge(&mut tx, key, now, limit.every, limit.capacity()).await? {
            drop(tx);
            return Ok(look(app, buckets).await?.max(1));
        }
    }
    tx.commit_housekeeping().await?;
    Ok(0)
}

async fn refused(app: &App, caller: &Caller, account: Option<AccountId>, wait: i64) -> Error {
    let event = events::Event {
        kind: Kind::LimitReached,
        account,
        subject: None,
        fingerprint: Some(caller.fingerprint(app)),
    };
    events::note(app, app.now(), event).await;
    Error::TooMany {
        seconds: u32::try_from(wait).unwrap_or(u32::MAX),
    }
}

type Key = [u8; 32];

/// What one instance remembers: whose turn it is, and requests it may still let pass.
#[derive(Default)]
pub(super) struct Local {
    turns: Mutex<HashMap<Key, Weak<Turn<()>>>>,
    batches: Mutex<HashMap<Key, u32>>,
}

impl Local {
    /// Waits until nobody else tries from there.
    async fn turn(&self, key: Key) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            turns.retain(|_, turn| turn.strong_count() > 0);
            let waiting = turns.get(&key).and_then(Weak::upgrade);
            waiting.unwrap_or_else(|| {
                let turn = Arc::default();
                turns.insert(key, Arc::downgrade(&turn));
                turn
            })
        };
        turn.lock_owned().await
    }

    /// Whether a request of a batch was left.
    fn take(&self, key: Key) -> bool {
        let mut batches = self.batches.lock().unwrap_or_else(PoisonError::into_inner);
        let left = batches.get(&key).copied().unwrap_or_default();
        match left {
            0 => {}
            1 => drop(batches.remove(&key)),
            _ => drop(batches.insert(key, left - 1)),
        }
        left > 0
    }

    fn put(&self, key: Key, requests: u32) {
        let mut batches = self.batches.lock().unwrap_or_else(PoisonError::into_inner);
        if batches.len() >= MOST_REMEMBERED {
            batches.clear();
        }
        *batches.entry(key).or_default() += requests;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_limits_on_passwords_together_stay_at_a_hundred_a_day() {
        let a_day = |limit: Limit| limit.at_once + 86_400 / limit.every;
        let addresses = 3;
        assert_eq!(addresses * a_day(BY_STRANGERS) + a_day(BY_KNOWN) + a_day(BY_SIGNED_IN), 100);
        assert_eq!(a_day(CODES) + a_day(BY_KNOWN) + a_day(BY_SIGNED_IN), 80, "codes");
        assert_eq!(PAUSE.at_once, 3);
    }

    #[test]
    fn one_browser_and_one_session_leave_some_to_the_others() {
        for (one, all) in [(BY_BROWSER, BY_KNOWN), (BY_SESSION, BY_SIGNED_IN)] {
            assert!(one.at_once + 3 <= all.at_once, "what one has at once");
            assert!(one.every > all.every, "what one has as time goes by");
        }
    }

    #[test]
    fn addresses_of_one_household_count_as_one() {
        let network = |address: &str| Caller::new(Some(address.parse().unwrap()), String::new()).network;
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_ne!(network("203.0.113.7"), network("203.0.113.8"));
        assert_eq!(network("::ffff:203.0.113.7"), network("203.0.113.7"));
    }
}
