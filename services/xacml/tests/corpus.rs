//! The inputs that searches have found to reach something that no other one does: none of them makes
//! anything panic, and both evaluators agree. `cargo xtask fuzz` searches for more.
//!
//! With `FULLMAKT_TEST_UNPACK` the inputs are written to a folder of this name, one file each, where a
//! search begins; with `FULLMAKT_TEST_PACK` those in the folder are kept instead.

#![expect(clippy::expect_used, reason = "a test that cannot read its corpus fails by panicking")]

#[cfg(test)]
mod corpus {
    pub mod subject;
}

use std::{collections::BTreeSet, env, fs, path::Path};

use corpus::subject;

macro_rules! corpora {
    ($($name:ident),*) => {$(
        #[test]
        fn $name() {
            let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/", stringify!($name), ".json");
            each(stringify!($name), Path::new(kept), subject::$name);
        }
    )*};
}

corpora! { evaluation, path, pattern, policy, request_json, request_xml }

fn each(name: &str, kept: &Path, subject: fn(&str)) {
    if let Some(folder) = env::var_os("FULLMAKT_TEST_PACK") {
        pack(&Path::new(&folder).join(name), kept);
    }
    let text = fs::read_to_string(kept).expect("a kept corpus");
    let inputs: Vec<String> = serde_json::from_str(&text).expect("a list of texts");
    assert!(!inputs.is_empty());
    if let Some(folder) = env::var_os("FULLMAKT_TEST_UNPACK") {
        unpack(&inputs, &Path::new(&folder).join(name));
    }
    for input in &inputs {
        subject(input);
    }
}

fn unpack(inputs: &[String], folder: &Path) {
    fs::create_dir_all(folder).expect("a folder");
    for (input, number) in inputs.iter().zip(0..) {
        fs::write(folder.join(format!("kept-{number:05}")), input).expect("a file");
    }
}

/// The same inputs are the same file, whatever they were called. Those that are no text say nothing.
fn pack(folder: &Path, kept: &Path) {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let inputs: BTreeSet<String> =
        paths.filter_map(|path| String::from_utf8(fs::read(path).expect("a file")).ok()).collect();
    let text = serde_json::to_string_pretty(&inputs).expect("texts");
    fs::write(kept, text + "\n").expect("a kept corpus");
}
