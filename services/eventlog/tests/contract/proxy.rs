//! A proxy between a client and a server that breaks connections when a test says so.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf, tcp::OwnedWriteHalf},
    sync::watch,
    task::JoinHandle,
};

/// What a proxy does to connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Passes everything on.
    Pass,
    /// Breaks a connection at the next thing the client says, without passing it on.
    CutRequest,
    /// Passes on what the client says, and breaks the connection at the server's next answer.
    CutAnswer,
    /// Swallows what the server says, and keeps connections open.
    Swallow,
    /// Breaks all connections and takes no new ones.
    Refuse,
    /// Breaks each connection after about this many bytes, a different number each time, which
    /// is mostly in the middle of something.
    CutAfter(u64),
}

/// Rewrites what the server says, for protocols in which it gives its address.
pub type Rewrite = fn(frame: &mut [u8], server: SocketAddr, proxy: SocketAddr);

/// How what the server says is cut into pieces before it is rewritten.
#[derive(Clone, Copy)]
pub enum Framing {
    /// As it comes.
    None,
    /// A length of four bytes, then that many bytes.
    Length(Rewrite),
}

pub struct Proxy {
    pub address: SocketAddr,
    mode: watch::Sender<Mode>,
    cuts: Arc<AtomicU64>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    pub async fn start(server: SocketAddr, framing: Framing) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mode = watch::Sender::new(Mode::Pass);
        let cuts = Arc::new(AtomicU64::new(0));
        let connection = Connection {
            server,
            proxy: address,
            framing,
            mode: mode.subscribe(),
            cuts: Arc::clone(&cuts),
        };
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(connection.clone().serve(client));
            }
        });
        Self { address, mode, cuts, accepting }
    }

    pub fn set(&self, mode: Mode) {
        self.mode.send_replace(mode);
    }

    /// How many connections the proxy has broken.
    pub fn cuts(&self) -> u64 {
        self.cuts.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

#[derive(Clone)]
struct Connection {
    server: SocketAddr,
    proxy: SocketAddr,
    framing: Framing,
    mode: watch::Receiver<Mode>,
    cuts: Arc<AtomicU64>,
}

impl Connection {
    async fn serve(self, client: TcpStream) {
        if *self.mode.borrow() == Mode::Refuse {
            return;
        }
        let Ok(server) = TcpStream::connect(self.server).await else { return };
        client.set_nodelay(true).unwrap();
        server.set_nodelay(true).unwrap();
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        let passed = AtomicU64::new(0);
        let mut mode = self.mode.clone();
        // Whichever ends first ends the connection: both streams are dropped.
        tokio::select! {
            () = self.pass_requests(from_client, to_server, &passed) => {}
            () = self.pass_answers(from_server, to_client, &passed) => {}
            _ = mode.wait_for(|mode| *mode == Mode::Refuse) => {}
        }
        self.cuts.fetch_add(1, Ordering::SeqCst);
    }

    async fn pass_requests(
        &self,
        mut from: OwnedReadHalf,
        mut to: OwnedWriteHalf,
        passed: &AtomicU64,
    ) {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer).await {
            if *self.mode.borrow() == Mode::CutRequest {
                return;
            }
            let count = self.allowance(count, passed);
            if to.write_all(&buffer[..count.len]).await.is_err() || count.is_last {
                return;
            }
        }
    }

    async fn pass_answers(
        &self,
        mut from: OwnedReadHalf,
        mut to: OwnedWriteHalf,
        passed: &AtomicU64,
    ) {
        while let Some(answer) = self.read_answer(&mut from).await {
            let mode = *self.mode.borrow();
            match mode {
                Mode::CutAnswer => return,
                Mode::Swallow => continue,
                Mode::Pass | Mode::CutRequest | Mode::Refuse | Mode::CutAfter(_) => {}
            }
            let count = self.allowance(answer.len(), passed);
            if to.write_all(&answer[..count.len]).await.is_err() || count.is_last {
                return;
            }
        }
    }

    async fn read_answer(&self, from: &mut OwnedReadHalf) -> Option<Vec<u8>> {
        match self.framing {
            Framing::None => {
                let mut buffer = vec![0; 16 * 1024];
                let count = from.read(&mut buffer).await.ok()?;
                buffer.truncate(count);
                (count > 0).then_some(buffer)
            }
            Framing::Length(rewrite) => {
                let length = from.read_u32().await.ok()?;
                let mut frame = length.to_be_bytes().to_vec();
                frame.resize(4 + usize::try_from(length).unwrap(), 0);
                from.read_exact(&mut frame[4..]).await.ok()?;
                rewrite(&mut frame, self.server, self.proxy);
                Some(frame)
            }
        }
    }

    /// How many of these bytes may pass before the connection breaks.
    fn allowance(&self, count: usize, passed: &AtomicU64) -> Allowance {
        let before = passed.fetch_add(u64::try_from(count).unwrap(), Ordering::SeqCst);
        let Mode::CutAfter(limit) = *self.mode.borrow() else {
            return Allowance { len: count, is_last: false };
        };
        // Between half and one and a half of the limit, by the number of the cut.
        let spread = self.cuts().wrapping_mul(7_919) % limit.max(1);
        let left = (limit / 2 + spread).saturating_sub(before);
        let len = count.min(usize::try_from(left).unwrap());
        Allowance { len, is_last: len < count }
    }

    fn cuts(&self) -> u64 {
        self.cuts.load(Ordering::SeqCst)
    }
}

struct Allowance {
    len: usize,
    is_last: bool,
}
