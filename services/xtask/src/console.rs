//! What this tool says to the person who started it.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// Lines of a service's log that are shown when the service failed.
const TAIL_LINES: usize = 30;

/// Whether standard output belongs to figures, so that what is said goes beside them.
static IS_ASIDE: AtomicBool = AtomicBool::new(false);

/// Leaves standard output to the program that is run, from now on.
pub fn say_aside() {
    IS_ASIDE.store(true, Ordering::Relaxed);
}

/// Prints one line, or several.
#[expect(clippy::print_stdout, reason = "standard output is this tool's user interface")]
pub fn say(text: impl AsRef<str>) {
    if IS_ASIDE.load(Ordering::Relaxed) {
        eprintln!("{}", text.as_ref());
    } else {
        println!("{}", text.as_ref());
    }
}

/// The end of a log file, indented, as an explanation of a failure.
pub fn tail(log: &Path) -> String {
    let bytes = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    let skipped = lines.len().saturating_sub(TAIL_LINES);
    let shown: String = lines.into_iter().skip(skipped).fold(String::new(), |mut text, line| {
        text.push_str("\n    ");
        text.push_str(line);
        text
    });
    if shown.is_empty() {
        format!("({} is empty)", log.display())
    } else {
        format!("the end of {}:{shown}", log.display())
    }
}
