//! `fullmakt ready`: what a supervisor asks.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use fullmakt_config::Configuration;
use reqwest::{Client, StatusCode};
use serde_json::Value;

use crate::StartError;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(5);

pub(crate) async fn run(configuration: &Configuration) -> Result<(), StartError> {
    let url = format!("http://{}/health/ready", reachable(configuration.http.address));
    // The server is on this machine, whatever proxy the environment names.
    let client = Client::builder().no_proxy().timeout(TIMEOUT).build();
    let client = client.map_err(StartError::NoAnswer)?;
    let answer = client.get(url).send().await.map_err(StartError::NoAnswer)?;
    if answer.status() == StatusCode::OK {
        return Ok(());
    }
    let status = answer.status();
    let body: Value = answer.json().await.unwrap_or_default();
    let reason = body.get("reason").and_then(Value::as_str);
    Err(StartError::NotReady(reason.map_or_else(|| status.to_string(), str::to_owned)))
}

/// Where a server that listens there can be reached from its own machine.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip @ (IpAddr::V4(_) | IpAddr::V6(_)) => ip,
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_listens_everywhere_is_asked_on_its_own_machine() {
        for (listens, asked) in [
            ("0.0.0.0:8080", "127.0.0.1:8080"),
            ("[::]:8080", "[::1]:8080"),
            ("192.0.2.1:80", "192.0.2.1:80"),
        ] {
            assert_eq!(reachable(listens.parse().unwrap()).to_string(), asked);
        }
    }
}
