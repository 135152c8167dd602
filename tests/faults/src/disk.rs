//! A disk that is small enough to be filled.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

/// How much is written at a time, so that less than this is free in the end.
const BLOCK: [u8; 4096] = [0; 4096];

/// A small disk in memory. It goes when dropped.
pub struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    /// Mounts a disk of this size, where one may.
    pub fn mount(mebibytes: u32) -> Option<Self> {
        let folder = TempDir::new().expect("a temporary folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={mebibytes}m"), "fullmakt-faults"]);
        let output = mount.arg(folder.path()).output().ok()?;
        output.status.success().then_some(Self { folder })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Fills it to the last block.
    pub fn fill(&self) {
        let mut ballast = File::create(self.ballast()).expect("the disk is ours");
        while ballast.write_all(&BLOCK).is_ok() {}
    }

    /// Makes room again.
    pub fn make_room(&self) {
        fs::remove_file(self.ballast()).expect("it was filled");
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: whoever still has files there is about to end.
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}
