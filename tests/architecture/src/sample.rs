//! Small houses, for the tests of the rules.

use crate::{Fault, House, TextFile};

/// A house of these files.
pub(crate) fn house(files: &[(&str, &str)]) -> House {
    let file = |(path, text): &(&str, &str)| TextFile {
        path: (*path).to_owned(),
        text: (*text).to_owned(),
    };
    House::of(files.iter().map(file).collect()).unwrap()
}

/// The manifest of a crate with these lines after its name.
pub(crate) fn manifest(name: &str, lines: &str) -> String {
    format!("[package]\nname = \"{name}\"\n{lines}")
}

/// Where the faults are.
pub(crate) fn places(faults: &[Fault]) -> Vec<(&str, Option<usize>)> {
    faults.iter().map(|fault| (fault.path.as_str(), fault.line)).collect()
}
