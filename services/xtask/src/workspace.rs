//! Where things are: the workspace, its data, and the tools that outlive a checkout.

use crate::failure::{Failure, Outcome};
use std::path::{Path, PathBuf};

/// The root of the workspace that this tool was built from.
pub fn root() -> Outcome<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors()
        .nth(2)
        .filter(|root| root.join("Cargo.lock").exists())
        .map(Path::to_owned)
        .ok_or_else(|| Failure::because("the workspace has moved: build this tool again"))
}

/// The data folder of `cargo xtask up` where none is named.
pub fn data() -> Outcome<PathBuf> {
    Ok(root()?.join(".fullmakt").join("data"))
}

/// Where fetched and built tools are kept, for all checkouts of this account.
pub fn tools() -> Outcome<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")));
    match cache {
        Some(cache) if cache.is_absolute() => Ok(cache.join("fullmakt")),
        Some(_) | None => Ok(root()?.join(".fullmakt").join("tools")),
    }
}
