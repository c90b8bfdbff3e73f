//! `antritt healthcheck`: for supervisors and containers without a shell.

use super::Fault;
use clap::Args;
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    process::ExitCode,
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use url::Url;

const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Args)]
pub struct Options {
    /// Address and port that the server listens on
    #[arg(long, value_name = "ADDRESS:PORT", env = "ANTRITT_LISTEN", default_value = "127.0.0.1:3000")]
    listen: String,
    /// Address to ask instead, for example <http://127.0.0.1:3000/readyz>
    #[arg(long, value_name = "URL")]
    url: Option<String>,
}

pub async fn run(options: Options) -> Result<ExitCode, Fault> {
    let url = match options.url {
        Some(url) => url,
        None => url_of(&options.listen)?,
    };
    let url = Url::parse(&url).ok().filter(|url| url.scheme() == "http" && url.has_host()).ok_or_else(|| {
        Fault::setting(format!(
            "{url:?} is not an address such as http://127.0.0.1:3000/healthz; only plain http can be asked."
        ))
    })?;
    match timeout(PATIENCE, ask(&url)).await {
        Ok(Ok(true)) => Ok(ExitCode::SUCCESS),
        Ok(Ok(false)) => Err(Fault::failure(format!("{url} answers, but not with 200."))),
        Ok(Err(error)) => Err(Fault::failure(format!("{url} does not answer ({error})."))),
        Err(_) => Err(Fault::failure(format!("{url} does not answer in time."))),
    }
}

/// Who listens everywhere is asked on this machine.
fn url_of(listen: &str) -> Result<String, Fault> {
    let listen = if listen.trim().is_empty() { "127.0.0.1:3000" } else { listen.trim() };
    let address: SocketAddr = listen.parse().map_err(|_| {
        Fault::setting(format!(
            "ANTRITT_LISTEN is {listen:?}, which is not an address and port such as 127.0.0.1:3000 or [::]:3000."
        ))
    })?;
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    Ok(format!("http://{}/healthz", SocketAddr::new(ip, address.port())))
}

async fn ask(url: &Url) -> std::io::Result<bool> {
    let addresses = url.socket_addrs(|| None)?;
    let mut stream = TcpStream::connect(addresses.as_slice()).await?;
    let authority = url.authority();
    let request = format!("GET {} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n\r\n", url.path());
    stream.write_all(request.as_bytes()).await?;
    let mut head = [0; 12];
    stream.read_exact(&mut head).await?;
    Ok(&head[9..] == b"200")
}
