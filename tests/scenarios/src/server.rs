//! One process of the system under test.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, mpsc},
    time::{Duration, Instant},
};

use crate::Client;

/// How long a server may take until it is ready.
const READY_WITHIN: Duration = Duration::from_mins(1);
/// How long a server may take to stop.
const STOPPED_WITHIN: Duration = Duration::from_secs(30);

/// A running server, which is killed when it is dropped.
pub struct Server {
    child: Child,
    base: String,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts a server, and waits until it is ready.
    pub(crate) async fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let lines = Arc::new(Mutex::new(Vec::new()));
        let base = listen(&mut child, &lines);
        let mut server = Self { child, base, lines };
        server.until_ready().await;
        server
    }

    /// Where the server listens.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Somebody who has no token.
    pub fn anonymous(&self) -> Client {
        Client::new(&self.base, None)
    }

    /// Somebody with this token.
    pub fn with_token(&self, token: &str) -> Client {
        Client::new(&self.base, Some(token))
    }

    /// What the server has logged.
    pub fn log(&self) -> String {
        self.lines.lock().expect("the log is not poisoned").join("\n")
    }

    /// The id of its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn ask_to_stop(&self) {
        let status = Command::new("kill").arg(self.child.id().to_string()).status();
        assert!(status.expect("`kill` runs").success());
    }

    /// Waits until a server that was asked to stop has.
    pub(crate) fn until_stopped(mut self) {
        let began = Instant::now();
        loop {
            match self.child.try_wait().expect("the process can be waited for") {
                Some(status) => {
                    assert!(status.success(), "the server ended with {status}: {}", self.log());
                    return;
                }
                None if began.elapsed() > STOPPED_WITHIN => {
                    panic!("the server did not stop: {}", self.log())
                }
                None => std::thread::yield_now(),
            }
        }
    }

    async fn until_ready(&mut self) {
        let client = self.anonymous();
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("the process can be waited for") {
                panic!("the server ended with {status}: {}", self.log());
            }
            let answer = client.get("/health/ready").await;
            if answer.status == 200 {
                return;
            }
            assert!(
                began.elapsed() < READY_WITHIN,
                "the server is not ready: {}; {}",
                answer.text(),
                self.log()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("the log of the server at {}:\n{}", self.base, self.log());
        }
    }
}

/// Reads the server's log until it says where it listens, and goes on in the background.
fn listen(child: &mut Child, lines: &Arc<Mutex<Vec<String>>>) -> String {
    let stderr = child.stderr.take().expect("the log is piped");
    let (found, base) = mpsc::channel();
    let kept = Arc::clone(lines);
    std::thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            if let Ok(json) = serde_json::from_str::<serde_json::Value>(&line)
                && let Some(address) = json["http.address"].as_str()
            {
                let _ = found.send(format!("http://{address}"));
            }
            kept.lock().expect("the log is not poisoned").push(line);
        }
    });
    base.recv_timeout(READY_WITHIN).unwrap_or_else(|_| {
        let log = lines.lock().expect("the log is not poisoned").join("\n");
        panic!("the server does not listen: {log}")
    })
}
