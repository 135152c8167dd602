//! A server with a supervisor, which starts it anew whenever it ends.

use std::{
    process::{Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    task::JoinHandle,
};

use crate::pause;

/// How long the supervisor waits before it starts the server anew.
const RESTART_AFTER: Duration = Duration::from_millis(200);
/// What a server logs when it answers.
const LISTENS: &str = "\"http.address\"";

/// A server that is kept running at one address. It is killed when dropped.
pub struct Member {
    base: String,
    process: Arc<Mutex<Process>>,
    supervisor: JoinHandle<()>,
}

/// One end of a server's process.
#[derive(Debug, Clone)]
pub struct End {
    /// How it ended.
    pub status: ExitStatus,
    /// Whether it had begun to answer.
    pub had_served: bool,
    /// The last lines of its log.
    pub last_words: String,
}

#[derive(Default)]
struct Process {
    id: Option<Pid>,
    runs: bool,
    is_kept_down: bool,
    lines: Vec<String>,
    ends: Vec<End>,
}

impl Member {
    /// Keeps a server running, which this makes and which listens at this address.
    pub fn keep(base: String, command: impl Fn() -> Command + Send + 'static) -> Self {
        let process = Arc::new(Mutex::new(Process::default()));
        let supervisor = tokio::spawn(supervise(Arc::clone(&process), command));
        Self { base, process, supervisor }
    }

    /// Where it listens.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Kills it, so that another process takes its place.
    pub fn kill(&self) {
        self.signal(Signal::KILL);
    }

    /// Stops it where it stands.
    pub fn freeze(&self) {
        self.signal(Signal::STOP);
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        self.signal(Signal::CONT);
    }

    /// Kills it, and starts no other until [`Self::start`].
    pub fn keep_down(&self) {
        self.lock().is_kept_down = true;
        self.kill();
    }

    /// Asks it to stop, as an operator does, and starts no other until [`Self::start`].
    pub fn stop(&self) {
        self.lock().is_kept_down = true;
        self.signal(Signal::TERM);
    }

    /// Starts it again.
    pub fn start(&self) {
        self.lock().is_kept_down = false;
    }

    /// Whether a process of it runs.
    pub fn runs(&self) -> bool {
        self.lock().runs
    }

    /// What its processes have logged.
    pub fn log(&self) -> String {
        self.lock().lines.join("\n")
    }

    /// How its processes ended so far.
    pub fn ends(&self) -> Vec<End> {
        self.lock().ends.clone()
    }

    fn signal(&self, signal: Signal) {
        // The id is of our own child until the supervisor, with the lock, forgets it.
        if let Some(id) = self.lock().id {
            kill_process(id, signal).expect("a process of our own takes signals");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Process> {
        self.process.lock().expect("nobody panics with the lock")
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.supervisor.abort();
        self.kill();
        if std::thread::panicking() {
            eprintln!("the log of the server at {}:\n{}", self.base, self.log());
        }
    }
}

async fn supervise(process: Arc<Mutex<Process>>, command: impl Fn() -> Command) {
    let lock = || process.lock().expect("nobody panics with the lock");
    loop {
        if !lock().is_kept_down {
            let mut command = command();
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
            let mut child =
                tokio::process::Command::from(command).spawn().expect("the binary starts");
            let stderr = child.stderr.take().expect("the log is piped");
            let id = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
            let begins_at = {
                let mut process = lock();
                process.id = id;
                process.runs = true;
                process.lines.len()
            };
            if lock().is_kept_down {
                child.start_kill().expect("a process of our own takes signals");
            }
            let mut lines = BufReader::new(stderr).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                lock().lines.push(line);
            }
            // Once a process has been waited for its id may be another's.
            lock().id = None;
            let status = child.wait().await.expect("the process can be waited for");
            let mut process = lock();
            process.runs = false;
            let own = &process.lines[begins_at..];
            let end = End {
                status,
                had_served: own.iter().any(|line| line.contains(LISTENS)),
                last_words: own[own.len().saturating_sub(5)..].join("\n"),
            };
            process.ends.push(end);
        }
        pause(RESTART_AFTER).await;
    }
}
