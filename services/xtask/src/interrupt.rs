//! Ctrl-C and its relatives.
//!
//! Every process that this tool starts is in a process group of its own, so that a Ctrl-C reaches
//! this tool alone, which then stops the others in their order. A second one stops them at once.

use crate::failure::{Explain, Failure, Outcome};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

static SIGNALS_SEEN: AtomicUsize = AtomicUsize::new(0);

/// Begins to count the signals that ask this process to end.
pub fn listen() -> Outcome {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])
        .explain(|| "cannot listen for signals".to_owned())?;
    thread::spawn(move || {
        for _ in signals.forever() {
            SIGNALS_SEEN.fetch_add(1, Ordering::SeqCst);
        }
    });
    Ok(())
}

/// Fails once the person asked this tool to end.
pub fn check() -> Outcome {
    if SIGNALS_SEEN.load(Ordering::SeqCst) == 0 { Ok(()) } else { Err(Failure::Interrupted) }
}

/// Whether the person asked more than once, and wants no more waiting.
pub fn is_impatient() -> bool {
    SIGNALS_SEEN.load(Ordering::SeqCst) > 1
}
