//! Running other programs: with a deadline, without standard input, and never left behind.

use crate::console::say;
use crate::failure::{Explain, Failure, Outcome};
use crate::interrupt;
use crate::process::{POLL, terminate_group};
use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// How long the output of a program that has ended may still be on its way.
const DRAIN_LIMIT: Duration = Duration::from_secs(5);

/// Runs `command` with its output on the terminal; fails unless it succeeds within `limit`.
pub fn run(command: &mut Command, limit: Duration) -> Outcome {
    if run_to_end(command, limit)?.success() { Ok(()) } else { Err(refused(command)) }
}

/// Runs `command` with its output on the terminal, and tells whether it succeeded.
pub fn run_to_end(command: &mut Command, limit: Duration) -> Outcome<ExitStatus> {
    let mut child = spawn(command)?;
    wait(&mut child, command, limit)
}

/// Runs `command`, hands each line of its output to `on_line`, and tells whether it succeeded.
/// Both its outputs are one, so that the lines stay in their order.
pub fn stream(
    command: &mut Command,
    limit: Duration,
    mut on_line: impl FnMut(&str),
) -> Outcome<ExitStatus> {
    let explain = || "cannot make a pipe".to_owned();
    let (output, input) = io::pipe().explain(explain)?;
    command.stderr(input.try_clone().explain(explain)?).stdout(input);
    let mut child = spawn(command)?;
    // The command keeps this side's ends of the pipe, and with them the pipe, open.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                break;
            }
        }
    });
    let deadline = Instant::now() + limit;
    let mut ended: Option<(ExitStatus, Instant)> = None;
    loop {
        match lines.recv_timeout(POLL) {
            Ok(line) => on_line(&line),
            Err(RecvTimeoutError::Timeout) => {
                if ended.is_some_and(|(_, since)| since.elapsed() > DRAIN_LIMIT) {
                    break;
                }
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if ended.is_none() {
            check_time(&mut child, command, deadline)?;
            let status = child.try_wait().explain(|| describe(command))?;
            ended = status.map(|status| (status, Instant::now()));
        }
    }
    match ended {
        Some((status, _)) => Ok(status),
        None => wait(&mut child, command, deadline.saturating_duration_since(Instant::now())),
    }
}

/// Runs `command` quietly and returns its standard output; what it said is part of the failure.
pub fn capture(command: &mut Command, limit: Duration) -> Outcome<String> {
    let mut child = spawn(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
    let output = child.stdout.take().map(collect);
    let errors = child.stderr.take().map(collect);
    let status = wait(&mut child, command, limit)?;
    let received = |receiver: Option<mpsc::Receiver<String>>| {
        receiver.and_then(|text| text.recv_timeout(DRAIN_LIMIT).ok()).unwrap_or_default()
    };
    let (output, errors) = (received(output), received(errors));
    if status.success() {
        Ok(output)
    } else {
        Err(Failure::because(format!("{}\n{output}{errors}", refused(command))))
    }
}

/// Says what is being run, then runs it on the terminal.
pub fn announce_and_run(command: &mut Command, limit: Duration) -> Outcome {
    say(format!("$ {}", describe(command)));
    run(command, limit)
}

/// The first program called `name` in PATH, or in one of `more` folders.
pub fn find_program(name: &str, more: &[PathBuf]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(more.iter().cloned())
        .map(|folder| folder.join(name))
        .find(|program| is_program(program))
}

/// Whether there is an executable file at this path.
pub fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

/// The cargo that runs this tool.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// A command as one would type it.
pub fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut words = vec![program.file_name().unwrap_or(program.as_os_str())];
    words.extend(command.get_args());
    words.into_iter().map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

fn spawn(command: &mut Command) -> Outcome<Child> {
    interrupt::check()?;
    command
        .stdin(Stdio::null())
        .process_group(0)
        .spawn()
        .explain(|| format!("cannot start `{}`", describe(command)))
}

fn wait(child: &mut Child, command: &Command, limit: Duration) -> Outcome<ExitStatus> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait().explain(|| describe(command))? {
            // A Ctrl-C that reached the child by another way is no failure of the child.
            return interrupt::check().map(|()| status);
        }
        check_time(child, command, deadline)?;
        thread::sleep(POLL);
    }
}

fn check_time(child: &mut Child, command: &Command, deadline: Instant) -> Outcome {
    let late = Instant::now() > deadline;
    let verdict = interrupt::check().and_then(|()| {
        if late {
            Err(Failure::because(format!("`{}` took too long and was stopped", describe(command))))
        } else {
            Ok(())
        }
    });
    if verdict.is_err() {
        terminate_group(child);
    }
    verdict
}

fn refused(command: &Command) -> Failure {
    Failure::because(format!("`{}` failed", describe(command)))
}

fn collect(mut pipe: impl Read + Send + 'static) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What could be read before an error is still worth showing.
        let _partial = pipe.read_to_end(&mut bytes);
        sender.send(String::from_utf8_lossy(&bytes).into_owned())
    });
    receiver
}

#[cfg(test)]
mod tests {
    use super::*;

    const AMPLE: Duration = Duration::from_mins(1);

    fn sh(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_command_that_takes_too_long_is_stopped() {
        let failure = run(&mut sh("sleep 600"), Duration::from_millis(50)).unwrap_err();

        assert_eq!(failure.to_string(), "`sh -c sleep 600` took too long and was stopped");
    }

    #[test]
    fn both_outputs_of_a_streamed_command_come_in_their_order() {
        let mut lines = Vec::new();
        let script = "echo 1; echo 2 >&2; echo 3; exit 4";
        let status = stream(&mut sh(script), AMPLE, |line| lines.push(line.to_owned())).unwrap();

        assert_eq!(lines, ["1", "2", "3"]);
        assert_eq!(status.code(), Some(4));
    }

    #[test]
    fn what_a_captured_command_said_is_told_when_it_fails() {
        let failure = capture(&mut sh("echo out; echo err >&2; exit 1"), AMPLE).unwrap_err();

        assert!(failure.to_string().ends_with("failed\nout\nerr\n"), "{failure}");
        assert_eq!(capture(&mut sh("echo out; echo err >&2"), AMPLE).unwrap(), "out\n");
    }

    #[test]
    fn a_command_gets_no_standard_input() {
        assert_eq!(capture(&mut sh("cat; echo end"), AMPLE).unwrap(), "end\n");
    }
}
