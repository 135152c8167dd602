//! The workspace, as it lies on disk.

use std::{
    collections::BTreeSet,
    fmt, fs, io,
    path::{Path, PathBuf},
};

use crate::{Manifest, Source};

/// What holds nothing of ours: what is built, and what the tools keep. In a further working
/// tree of a repository `.git` is a file.
const NOT_OURS: [&str; 4] = ["target", ".git", ".fullmakt", "node_modules"];

/// Everything that the rules look at.
#[derive(Debug, Clone, Default)]
pub struct House {
    /// The manifest of each crate.
    pub manifests: Vec<Manifest>,
    /// Each file of Rust.
    pub sources: Vec<Source>,
    /// Each file that is text, those of Rust and the manifests included.
    pub texts: Vec<TextFile>,
}

/// A file that is text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFile {
    /// Where it lies, from the root of the workspace, with `/` between the parts.
    pub path: String,
    /// What it says.
    pub text: String,
}

/// A place where a rule is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub path: String,
    /// The line, from 1; none where the file as a whole is at fault.
    pub line: Option<usize>,
    /// What is wrong there.
    pub what: String,
}

impl House {
    /// Reads the workspace.
    ///
    /// # Errors
    ///
    /// If a file or folder cannot be read, or a manifest is no TOML.
    pub fn read(root: &Path) -> io::Result<Self> {
        let mut texts = Vec::new();
        walk(root, root, &mut texts)?;
        texts.sort_by(|one, other| one.path.cmp(&other.path));
        Self::of(texts)
    }

    /// The house that these files make.
    ///
    /// # Errors
    ///
    /// If a manifest is no TOML.
    pub fn of(texts: Vec<TextFile>) -> io::Result<Self> {
        let mut house = Self { texts, ..Self::default() };
        for file in &house.texts {
            if file.path.ends_with("/Cargo.toml") {
                let manifest = Manifest::parse(&file.path, &file.text)?;
                // A workspace of its own stands apart: nothing of the product can depend on it.
                if !manifest.table.contains_key("workspace") {
                    house.manifests.push(manifest);
                }
            } else if has_extension(&file.path, "rs") {
                house.sources.push(Source::parse(&file.path, &file.text));
            }
        }
        let modules = house.sources.iter().flat_map(|source| &source.test_modules);
        let for_tests: BTreeSet<PathBuf> =
            modules.flat_map(|module| [module.clone(), module.with_extension("rs")]).collect();
        for source in &mut house.sources {
            source.is_test |=
                Path::new(&source.path).ancestors().any(|part| for_tests.contains(part));
        }
        Ok(house)
    }

    /// The sources of a crate, by its folder.
    pub fn sources_of<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a Source> {
        self.sources.iter().filter(move |source| {
            source.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
        })
    }
}

impl Fault {
    /// A fault in a line.
    #[must_use]
    pub fn at(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: Some(line), what: what.into() }
    }

    /// A fault of a file as a whole.
    #[must_use]
    pub fn of(path: &str, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: None, what: what.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path, self.what),
            None => write!(f, "{}: {}", self.path, self.what),
        }
    }
}

pub(crate) fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|own| own.eq_ignore_ascii_case(extension))
}

fn walk(root: &Path, folder: &Path, texts: &mut Vec<TextFile>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name());
        if NOT_OURS.iter().any(|not_ours| name == *not_ours) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            walk(root, &path, texts)?;
        } else if let Ok(text) = String::from_utf8(fs::read(&path)?) {
            let path = path.strip_prefix(root).unwrap_or(&path);
            let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
            texts.push(TextFile { path: parts.join("/"), text });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workspace_of_its_own_is_no_crate_of_the_house() {
        let file =
            |path: &str, text: &str| TextFile { path: path.to_owned(), text: text.to_owned() };
        let house = House::of(vec![
            file("tests/a/Cargo.toml", "[package]\nname = \"a\""),
            file("tests/b/Cargo.toml", "[workspace]\n[package]\nname = \"b\""),
        ])
        .unwrap();
        let names: Vec<_> = house.manifests.iter().map(|manifest| manifest.name.as_str()).collect();
        assert_eq!(names, ["a"]);
    }

    /// Issue 4: the `.git` of a further working tree is a file, and names a path of the machine.
    #[test]
    fn what_the_tools_keep_is_not_read_be_it_a_folder_or_a_file() {
        for is_file in [true, false] {
            let folder = tempfile::tempdir().unwrap();
            let root = folder.path();
            fs::write(root.join("README.md"), "ours").unwrap();
            for name in NOT_OURS {
                let path = root.join(name);
                if is_file {
                    fs::write(path, "not ours").unwrap();
                } else {
                    fs::create_dir(&path).unwrap();
                    fs::write(path.join("file"), "not ours").unwrap();
                }
            }
            fs::write(root.join(".gitignore"), "ours").unwrap();
            let texts = House::read(root).unwrap().texts;
            let paths: Vec<_> = texts.iter().map(|file| file.path.as_str()).collect();
            assert_eq!(paths, [".gitignore", "README.md"]);
        }
    }
}
