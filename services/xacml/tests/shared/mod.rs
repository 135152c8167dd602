//! What lies outside of the repository: `FULLMAKT_TEST_SHARED`, or `shared` beside the workspace.

use std::io::Write;
use std::path::{Path, PathBuf};

/// Where something of it is. A test that it is not there for says that it is skipped, on a line that
/// `cargo xtask test` counts, and returns.
pub fn place(within: &str) -> Option<PathBuf> {
    let found = find(within);
    if found.is_none() {
        // Written and not printed: what a test that passes prints is thrown away. The line may begin
        // in the middle of one of the runner's.
        let line =
            format!("\nskipped: `{within}` is not in the folder of `FULLMAKT_TEST_SHARED`\n");
        std::io::stdout().write_all(line.as_bytes()).expect("standard output");
    }
    found
}

/// Where something of it is, for who says nothing if it is nowhere.
pub fn find(within: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("FULLMAKT_TEST_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    Some(shared.join(within)).filter(|place| place.exists())
}
