//! A file of Rust, and which of it is compiled only for tests.

use std::path::{Path, PathBuf};

use crate::{
    Token, TokenKind,
    tokens::{find, tokens},
};

/// A file of Rust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where it lies, from the root of the workspace.
    pub path: String,
    /// How many lines it has.
    pub lines: usize,
    /// Everything in it.
    pub all: Vec<Token>,
    /// What the product is made of: all but items for tests. Still everything in a file that
    /// [`is_test`](Self::is_test).
    pub product: Vec<Token>,
    /// Whether the file as a whole is for tests.
    pub is_test: bool,
    /// The modules that this file declares for tests only: their paths without extension.
    pub(crate) test_modules: Vec<PathBuf>,
}

impl Source {
    /// Reads a file.
    #[must_use]
    pub fn parse(path: &str, text: &str) -> Self {
        let all = tokens(text);
        let mut test_modules = Vec::new();
        let product = without_tests(&all, &mut test_modules);
        let folder = folder_of_modules(Path::new(path));
        Self {
            path: path.to_owned(),
            lines: text.lines().count(),
            product,
            all,
            is_test: Path::new(path).iter().any(|part| part == "tests"),
            test_modules: test_modules.iter().map(|module| folder.join(module)).collect(),
        }
    }

    /// What ends up in the product: nothing of a file for tests.
    #[must_use]
    pub fn in_product(&self) -> &[Token] {
        if self.is_test { &[] } else { &self.product }
    }

    /// The lines in which a pattern begins, in all of the file.
    pub fn lines_with(&self, pattern: &str) -> impl Iterator<Item = usize> {
        find(&self.all, pattern).map(|token| token.line)
    }
}

/// Where the modules lie that a file declares.
fn folder_of_modules(path: &Path) -> PathBuf {
    let name = path.file_stem().unwrap_or_default();
    if name == "lib" || name == "main" || name == "mod" {
        path.parent().unwrap_or(Path::new("")).to_owned()
    } else {
        path.with_extension("")
    }
}

/// The tokens but for items that only tests have; names the modules in files of their own.
fn without_tests(all: &[Token], modules: &mut Vec<PathBuf>) -> Vec<Token> {
    let mut kept = Vec::new();
    let mut rest = all;
    while let Some((first, after)) = rest.split_first() {
        let Some(item) = after_test_attribute(rest) else {
            kept.push(first.clone());
            rest = after;
            continue;
        };
        let length = item_length(item);
        let (item, next) = item.split_at_checked(length).unwrap_or((item, &[]));
        if item.last().is_some_and(|last| last.is_sign(';'))
            && let Some(name) = item.iter().skip_while(|token| !token.is_word("mod")).nth(1)
            && let TokenKind::Word(name) = &name.kind
        {
            modules.push(name.into());
        }
        rest = next;
    }
    kept
}

/// What follows an attribute that keeps an item for tests, and the attributes after it.
fn after_test_attribute(tokens: &[Token]) -> Option<&[Token]> {
    let (attribute, mut rest) = attribute(tokens)?;
    let is_for_tests = match attribute {
        [_, _, cfg, _, what, _, _] => cfg.is_word("cfg") && what.is_word("test"),
        [_, _, cfg, _, what, _, name, _, _] => {
            cfg.is_word("cfg")
                && what.is_word("feature")
                && name.kind == TokenKind::Text("testing".to_owned())
        }
        _ => false,
    };
    while let Some((_, after)) = self::attribute(rest) {
        rest = after;
    }
    is_for_tests.then_some(rest)
}

/// Splits off an attribute that stands here.
fn attribute(tokens: &[Token]) -> Option<(&[Token], &[Token])> {
    let opens = matches!(tokens, [hash, open, ..] if hash.is_sign('#') && open.is_sign('['));
    if !opens {
        return None;
    }
    let mut depth = 0_usize;
    for (place, token) in tokens.iter().enumerate() {
        if token.is_sign('[') {
            depth += 1;
        } else if token.is_sign(']') {
            depth -= 1;
            if depth == 0 {
                return tokens.split_at_checked(place + 1);
            }
        }
    }
    None
}

/// How many tokens an item has: up to the `;` or the closing brace that ends it.
fn item_length(tokens: &[Token]) -> usize {
    let mut depth = 0_usize;
    for (place, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Sign('{' | '(' | '[') => depth += 1,
            TokenKind::Sign('}' | ')' | ']') => {
                // A closing brace that nothing opened ends the block that the item was last in.
                let Some(less) = depth.checked_sub(1) else { return place };
                depth = less;
                if depth == 0 && token.is_sign('}') {
                    return place + 1;
                }
            }
            TokenKind::Sign(';') if depth == 0 => return place + 1,
            TokenKind::Sign(_) | TokenKind::Word(_) | TokenKind::Text(_) => {}
        }
    }
    tokens.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(text: &str) -> Vec<String> {
        let source = Source::parse("x/src/a.rs", text);
        source
            .in_product()
            .iter()
            .filter_map(|token| match &token.kind {
                TokenKind::Word(word) => Some(word.clone()),
                TokenKind::Sign(_) | TokenKind::Text(_) => None,
            })
            .collect()
    }

    #[test]
    fn items_for_tests_are_no_part_of_the_product() {
        let text = "a(); #[cfg(test)] #[expect(x)] mod tests { fn f(x: [u8; 2]) { b(); } } c();";
        assert_eq!(product(text), ["a", "c"]);
        assert_eq!(product("#[cfg(feature = \"testing\")] pub mod testing; a();"), ["a"]);
        assert_eq!(product("#[cfg(test)] const X: [u8; 2] = [1, 2]; a();"), ["a"]);
    }

    #[test]
    fn other_conditions_are_part_of_the_product() {
        assert_eq!(product("#[cfg(unix)] a();"), ["cfg", "unix", "a"]);
        assert_eq!(product("#[cfg(not(test))] a();"), ["cfg", "not", "test", "a"]);
    }

    #[test]
    fn modules_for_tests_are_named_by_where_they_lie() {
        let declared = |path| Source::parse(path, "#[cfg(test)] mod laws;").test_modules;
        assert_eq!(declared("x/src/a.rs"), [Path::new("x/src/a/laws")]);
        assert_eq!(declared("x/src/lib.rs"), [Path::new("x/src/laws")]);
        assert!(Source::parse("x/src/a.rs", "mod laws;").test_modules.is_empty());
    }

    #[test]
    fn a_file_in_a_folder_of_tests_is_for_tests() {
        assert!(Source::parse("x/tests/a.rs", "a();").in_product().is_empty());
        assert!(!Source::parse("x/src/a.rs", "a();").in_product().is_empty());
    }
}
