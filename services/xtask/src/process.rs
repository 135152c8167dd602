//! Long-running processes: PostgreSQL, Kafka and the server, each in its own process group.

use crate::console::tail;
use crate::failure::{Explain, Failure, Outcome};
use crate::{interrupt, shell};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How often a condition is looked at while it is waited for.
pub const POLL: Duration = Duration::from_millis(20);

/// How long a program that is no service may take to heed SIGTERM.
const TERMINATE_LIMIT: Duration = Duration::from_secs(10);

/// A running service; stopped when dropped.
#[derive(Debug)]
pub struct Service {
    name: &'static str,
    child: Child,
    stop: Stop,
    log: Option<PathBuf>,
}

/// How a service is asked to end.
#[derive(Debug, Clone, Copy)]
pub struct Stop {
    /// What is sent first.
    pub ask: Ask,
    /// How long the service may take before it is killed.
    pub limit: Duration,
}

/// The signal that asks a service to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// SIGINT.
    Interrupt,
    /// SIGTERM.
    Terminate,
}

impl Ask {
    fn signal(self) -> Signal {
        match self {
            Self::Interrupt => Signal::INT,
            Self::Terminate => Signal::TERM,
        }
    }

    /// The signal's name as `setpriv` reads it.
    fn name(self) -> &'static str {
        match self {
            Self::Interrupt => "INT",
            Self::Terminate => "TERM",
        }
    }
}

/// Where a service's output goes.
#[derive(Debug)]
pub enum Output<'a> {
    /// To the terminal.
    Terminal,
    /// To this file, which begins anew.
    Log(&'a Path),
}

impl Service {
    /// Starts `command` and returns at once.
    ///
    /// Where `setpriv` exists the process gets the stop signal even if this tool is killed.
    pub fn start(
        name: &'static str,
        command: Command,
        stop: Stop,
        output: &Output<'_>,
    ) -> Outcome<Self> {
        interrupt::check()?;
        let mut command = outlived_by_nothing(command, stop.ask);
        let log = match output {
            Output::Terminal => None,
            Output::Log(path) => {
                let explain = || format!("cannot write {}", path.display());
                let file = fs::File::create(path).explain(explain)?;
                command.stderr(file.try_clone().explain(explain)?).stdout(file);
                Some((*path).to_owned())
            }
        };
        let child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .explain(|| format!("cannot start {name}"))?;
        Ok(Self { name, child, stop, log })
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until `is_ready`, and fails when the service ends or `limit` passes before that.
    pub fn wait_until(&mut self, limit: Duration, mut is_ready: impl FnMut() -> bool) -> Outcome {
        let deadline = Instant::now() + limit;
        while !is_ready() {
            interrupt::check()?;
            if let Some(end) = self.ended()? {
                return Err(end);
            }
            if Instant::now() > deadline {
                let (name, seconds, log) = (self.name, limit.as_secs(), self.log_end());
                return Err(Failure::because(format!(
                    "{name} was not ready after {seconds} seconds{log}"
                )));
            }
            thread::sleep(POLL);
        }
        Ok(())
    }

    /// The failure to report if the service is no longer running.
    pub fn ended(&mut self) -> Outcome<Option<Failure>> {
        let status =
            self.child.try_wait().explain(|| format!("cannot look after {}", self.name))?;
        Ok(status.map(|status| {
            Failure::because(format!("{} ended by itself ({status}){}", self.name, self.log_end()))
        }))
    }

    /// Stops the service: asks, waits, and kills what does not heed.
    pub fn stop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        signal_group(&self.child, self.stop.ask.signal());
        if !ends_within(&mut self.child, self.stop.limit) {
            signal_group(&self.child, Signal::KILL);
            ends_within(&mut self.child, TERMINATE_LIMIT);
        }
    }

    fn log_end(&self) -> String {
        self.log.as_deref().map(|log| format!("\n{}", tail(log))).unwrap_or_default()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Ends a program that was started for its result, and all that it started.
pub fn terminate_group(child: &mut Child) {
    signal_group(child, Signal::TERM);
    if !ends_within(child, TERMINATE_LIMIT) {
        signal_group(child, Signal::KILL);
        ends_within(child, TERMINATE_LIMIT);
    }
}

/// Stops a process that an earlier run left behind, if `id` is still one whose command line
/// contains all of `marks`.
pub fn stop_leftover(id: u32, marks: &[&str], stop: Stop) {
    let is_ours = || {
        let line = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line);
        !line.is_empty() && marks.iter().all(|mark| line.contains(mark))
    };
    let Some(pid) = i32::try_from(id).ok().and_then(Pid::from_raw) else { return };
    for (signal, limit) in [(stop.ask.signal(), stop.limit), (Signal::KILL, TERMINATE_LIMIT)] {
        if !is_ours() || kill_process(pid, signal).is_err() {
            return;
        }
        let deadline = Instant::now() + limit;
        while is_ours() && Instant::now() < deadline {
            thread::sleep(POLL);
        }
    }
}

/// Has the kernel ask the process to end when this one dies, however it dies.
fn outlived_by_nothing(command: Command, ask: Ask) -> Command {
    let Some(setpriv) = shell::find_program("setpriv", &[]) else { return command };
    let mut wrapped = Command::new(setpriv);
    wrapped.arg("--pdeathsig").arg(ask.name());
    // The command may itself be a `setpriv` that changes the user: the kernel forgets the signal
    // at such a change, so both go into one call.
    if Path::new(command.get_program()).file_name().is_some_and(|name| name == "setpriv") {
        wrapped.args(command.get_args());
    } else {
        wrapped.arg("--").arg(command.get_program()).args(command.get_args());
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => wrapped.env(name, value),
            None => wrapped.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        wrapped.current_dir(folder);
    }
    wrapped
}

fn ends_within(child: &mut Child, limit: Duration) -> bool {
    let deadline = Instant::now() + limit;
    while matches!(child.try_wait(), Ok(None)) {
        if Instant::now() > deadline || interrupt::is_impatient() {
            return false;
        }
        thread::sleep(POLL);
    }
    true
}

// A group that has ended meanwhile needs no signal, so an error here means nothing.
fn signal_group(child: &Child, signal: Signal) {
    let _ended = kill_process_group(Pid::from_child(child), signal);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::DataFolder;

    const STOP: Stop = Stop { ask: Ask::Terminate, limit: Duration::from_mins(1) };
    const AMPLE: Duration = Duration::from_mins(1);

    fn sh(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    fn is_running(id: u32) -> bool {
        fs::read(format!("/proc/{id}/cmdline")).is_ok_and(|line| !line.is_empty())
    }

    /// A process that has just been started has no command line for a moment.
    fn wait_until_running(id: u32) {
        let deadline = Instant::now() + AMPLE;
        while !is_running(id) {
            assert!(Instant::now() < deadline, "process {id} never ran");
            thread::yield_now();
        }
    }

    /// A process that another one started ends in its own time.
    fn wait_until_gone(id: u32) {
        let deadline = Instant::now() + AMPLE;
        while is_running(id) {
            assert!(Instant::now() < deadline, "process {id} never ended");
            thread::yield_now();
        }
    }

    #[test]
    fn a_dropped_service_is_stopped_with_what_it_started() {
        let folder = DataFolder::temporary().unwrap();
        let log = folder.log("s");
        let script = sh("sleep 600 & echo $!; wait");
        let mut service = Service::start("S", script, STOP, &Output::Log(&log)).unwrap();
        let started = || fs::read_to_string(&log).unwrap().trim().parse::<u32>().ok();
        service.wait_until(AMPLE, || started().is_some()).unwrap();
        let (id, its_child) = (service.id(), started().unwrap());
        wait_until_running(its_child);

        drop(service);

        assert!(!is_running(id));
        wait_until_gone(its_child);
    }

    #[test]
    fn a_service_that_does_not_heed_is_killed() {
        let folder = DataFolder::temporary().unwrap();
        let log = folder.log("s");
        let stop = Stop { limit: Duration::from_millis(50), ..STOP };
        let script = sh("trap '' TERM; echo deaf; while :; do sleep 1; done");
        let mut service = Service::start("S", script, stop, &Output::Log(&log)).unwrap();
        service.wait_until(AMPLE, || fs::read_to_string(&log).unwrap() == "deaf\n").unwrap();

        service.stop();

        assert!(!is_running(service.id()));
    }

    #[test]
    fn a_service_that_ends_is_reported_with_the_end_of_its_log() {
        let folder = DataFolder::temporary().unwrap();
        let log = folder.log("s");
        let script = sh("echo no memory; exit 3");
        let mut service = Service::start("S", script, STOP, &Output::Log(&log)).unwrap();

        let failure = service.wait_until(AMPLE, || false).unwrap_err().to_string();

        assert!(failure.starts_with("S ended by itself (exit status: 3)\n"), "{failure}");
        assert!(failure.ends_with("\n    no memory"), "{failure}");
    }

    #[test]
    fn a_service_that_is_never_ready_is_given_up() {
        let folder = DataFolder::temporary().unwrap();
        let log = folder.log("s");
        let mut service = Service::start("S", sh("sleep 600"), STOP, &Output::Log(&log)).unwrap();

        let failure = service.wait_until(Duration::ZERO, || false).unwrap_err().to_string();

        assert!(failure.starts_with("S was not ready after 0 seconds"), "{failure}");
    }

    #[test]
    fn a_leftover_is_stopped_only_if_its_command_line_is_ours() {
        let mut child = Command::new("sleep").arg("600").spawn().unwrap();
        wait_until_running(child.id());

        stop_leftover(child.id(), &["sleep", "601"], STOP);
        assert!(is_running(child.id()));

        stop_leftover(child.id(), &["sleep", "600"], STOP);
        assert!(!is_running(child.id()));
        child.wait().unwrap();
    }
}
