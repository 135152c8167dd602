//! Rust, as words and signs: enough of its grammar that comments, strings and code are not taken
//! for each other.

/// A word, a sign or a literal of Rust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The line that it begins in, from 1.
    pub line: usize,
    /// What it is.
    pub kind: TokenKind,
}

/// The kinds of tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenKind {
    /// An identifier, keyword or number.
    Word(String),
    /// One sign of punctuation.
    Sign(char),
    /// The content of a string literal, escapes as they are written.
    Text(String),
}

impl Token {
    /// Whether this is the word.
    #[must_use]
    pub fn is_word(&self, word: &str) -> bool {
        matches!(&self.kind, TokenKind::Word(own) if own == word)
    }

    /// Whether this is the sign.
    #[must_use]
    pub fn is_sign(&self, sign: char) -> bool {
        self.kind == TokenKind::Sign(sign)
    }

    /// Whether this is what stands in a pattern: a word, or one sign.
    fn is(&self, part: &str) -> bool {
        match &self.kind {
            TokenKind::Word(word) => word == part,
            TokenKind::Sign(sign) => part.chars().eq([*sign]),
            TokenKind::Text(_) => false,
        }
    }
}

/// The tokens of a source text. Comments are left out.
#[must_use]
pub fn tokens(text: &str) -> Vec<Token> {
    let mut scanner = Scanner { rest: text, line: 1 };
    let mut found = Vec::new();
    while let Some(token) = scanner.token() {
        found.push(token);
    }
    found
}

/// The tokens at which a pattern begins: its words and signs, with blanks between them.
pub fn find<'a>(tokens: &'a [Token], pattern: &str) -> impl Iterator<Item = &'a Token> {
    let parts: Vec<String> = pattern.split(' ').map(str::to_owned).collect();
    tokens.windows(parts.len()).filter_map(move |window| {
        let fits = window.iter().zip(&parts).all(|(token, part)| token.is(part));
        window.first().filter(|_| fits)
    })
}

struct Scanner<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Scanner<'a> {
    fn token(&mut self) -> Option<Token> {
        self.skip_blanks_and_comments();
        let line = self.line;
        let first = self.rest.chars().next()?;
        let kind = if let Some((skip, hashes)) = raw_string(self.rest) {
            self.take(skip);
            let end = format!("\"{}", "#".repeat(hashes));
            let length = self.rest.find(&end).unwrap_or(self.rest.len());
            let content = self.take(length).to_owned();
            self.take(end.len());
            TokenKind::Text(content)
        } else if let Some(skip) = string(self.rest) {
            self.take(skip);
            let length = quoted_length(self.rest, '"');
            let content = self.take(length).to_owned();
            self.take(1);
            TokenKind::Text(content)
        } else if first == '\'' && is_character(self.rest) {
            self.take(1);
            let length = quoted_length(self.rest, '\'');
            let content = self.take(length).to_owned();
            self.take(1);
            TokenKind::Text(content)
        } else if is_word(first) {
            let length = self.rest.find(|sign| !is_word(sign)).unwrap_or(self.rest.len());
            TokenKind::Word(self.take(length).to_owned())
        } else {
            self.take(first.len_utf8());
            TokenKind::Sign(first)
        };
        Some(Token { line, kind })
    }

    fn skip_blanks_and_comments(&mut self) {
        loop {
            let blanks = self.rest.len() - self.rest.trim_start().len();
            self.take(blanks);
            if self.rest.starts_with("//") {
                let length = self.rest.find('\n').unwrap_or(self.rest.len());
                self.take(length);
            } else if self.rest.starts_with("/*") {
                let length = comment_length(self.rest);
                self.take(length);
            } else {
                return;
            }
        }
    }

    /// Takes so many bytes, or what there is.
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        self.line += taken.matches('\n').count();
        taken
    }
}

fn is_word(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_'
}

/// The length of what opens a string here, if one is opened.
fn string(text: &str) -> Option<usize> {
    ["\"", "b\"", "c\""].iter().find(|open| text.starts_with(**open)).map(|open| open.len())
}

/// The length of what opens a raw string here and its count of `#`, if one is opened.
fn raw_string(text: &str) -> Option<(usize, usize)> {
    let open = ["r", "br", "cr"].iter().find(|open| {
        let rest = text.strip_prefix(**open);
        rest.is_some_and(|rest| rest.trim_start_matches('#').starts_with('"'))
    })?;
    let rest = text.strip_prefix(open)?;
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    Some((open.len() + hashes + 1, hashes))
}

/// Whether `'` opens a character rather than the name of a lifetime.
fn is_character(text: &str) -> bool {
    let mut signs = text.chars().skip(1);
    match signs.next() {
        Some('\\') => true,
        Some(_) => signs.next() == Some('\''),
        None => false,
    }
}

/// The length up to the quote that ends here, escapes skipped.
fn quoted_length(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (place, sign) in text.char_indices() {
        match sign {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if sign == quote => return place,
            _ => {}
        }
    }
    text.len()
}

/// The length of a comment, those inside it included.
fn comment_length(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut rest = text;
    while !rest.is_empty() {
        let step = if rest.starts_with("/*") {
            depth += 1;
            2
        } else if rest.starts_with("*/") {
            depth -= 1;
            2
        } else {
            rest.chars().next().map_or(1, char::len_utf8)
        };
        rest = rest.split_at_checked(step).map_or("", |(_, rest)| rest);
        if depth == 0 {
            break;
        }
    }
    text.len() - rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        tokens(text)
            .into_iter()
            .map(|token| match token.kind {
                TokenKind::Word(word) => word,
                TokenKind::Sign(sign) => sign.to_string(),
                TokenKind::Text(text) => format!("«{text}»"),
            })
            .collect()
    }

    #[test]
    fn comments_are_left_out_and_strings_are_kept_apart() {
        let text = "a // sleep(\n/* b /* c */ d */ e \"x // \\\" y\" r#\"z \" w\"# b'q' 'f' &'g h";
        assert_eq!(
            shown(text),
            ["a", "e", "«x // \\\" y»", "«z \" w»", "b", "«q»", "«f»", "&", "'", "g", "h"]
        );
    }

    #[test]
    fn lines_are_counted_through_strings_and_comments() {
        let found = tokens("\"a\nb\" /*\n*/ c\nd");
        let lines: Vec<_> = found.iter().map(|token| token.line).collect();
        assert_eq!(lines, [1, 3, 4]);
    }

    #[test]
    fn patterns_are_found_whatever_stands_between_their_parts() {
        let found = tokens("x . \n await; todo !(); \"todo!\"");
        assert_eq!(find(&found, ". await").count(), 1);
        assert_eq!(find(&found, "todo !").count(), 1);
        assert_eq!(find(&found, "todo (").count(), 0);
    }

    #[test]
    fn an_unfinished_text_has_an_end() {
        for text in ["\"a", "r#\"a\"", "/* a", "'", "'a", "\\", "b\""] {
            let _ = tokens(text);
        }
    }
}
