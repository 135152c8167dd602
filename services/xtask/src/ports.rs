//! Ports of this machine's loopback address.

use crate::failure::{Explain, Outcome};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// How long one question to a server on this machine may take.
const HTTP_LIMIT: Duration = Duration::from_secs(5);

/// How often a service is started anew on other ports when somebody else took the ones chosen.
pub const PORT_ATTEMPTS: u32 = 3;

/// A port that nobody listens on at this moment. Another process may still take it.
pub fn free_port() -> Outcome<u16> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .explain(|| "cannot find a free port".to_owned())
}

/// Fails when somebody listens on `address` already.
pub fn check_free(address: SocketAddr) -> Outcome {
    TcpListener::bind(address)
        .map(drop)
        .explain(|| format!("cannot listen on {address} (another one: --address)"))
}

/// The status with which the server at `address` answers a GET of `path`, if it answers.
pub fn http_status(address: SocketAddr, path: &str) -> Option<u16> {
    let mut stream = TcpStream::connect_timeout(&address, HTTP_LIMIT).ok()?;
    stream.set_read_timeout(Some(HTTP_LIMIT)).ok()?;
    stream.set_write_timeout(Some(HTTP_LIMIT)).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").ok()?;
    let mut head = [0; "HTTP/1.1 200".len()];
    stream.read_exact(&mut head).ok()?;
    std::str::from_utf8(&head).ok()?.strip_prefix("HTTP/1.1 ")?.parse().ok()
}
