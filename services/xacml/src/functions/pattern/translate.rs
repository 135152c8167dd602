//! From XML Schema's regular expressions to those of the `regex` crate.
//!
//! Both have much in common; what differs is rewritten (`\i`, `\c`, `\w`, `\s`, `.`, subtraction of
//! classes, blocks), and what only the crate knows (flags, word boundaries, set operators) must not
//! slip through.

mod blocks;

use std::iter::Peekable;
use std::str::Chars;

/// What may begin a name in XML.
const NAME_START: &str = r":A-Z_a-z\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{2FF}\x{370}-\x{37D}\x{37F}-\x{1FFF}\x{200C}\x{200D}\x{2070}-\x{218F}\x{2C00}-\x{2FEF}\x{3001}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFFD}\x{10000}-\x{EFFFF}";
/// What may follow in a name in XML.
const NAME_REST: &str = r"\-.0-9\x{B7}\x{300}-\x{36F}\x{203F}\x{2040}";
/// Deepest subtraction of classes from classes.
const MAX_CLASSES: usize = 16;

/// The same pattern in the crate's syntax; nothing when it is no pattern of XML Schema.
pub(super) fn translate(pattern: &str) -> Option<String> {
    let mut out = String::with_capacity(pattern.len() * 2);
    let mut rest = pattern.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\\' => out.push_str(&escape(&mut rest)?),
            '[' => class(&mut rest, &mut out, MAX_CLASSES)?,
            '.' => out.push_str(r"[^\n\r]"),
            '(' if rest.peek() == Some(&'?') => return None,
            ']' | '}' => return None,
            '{' => quantity(&mut rest, &mut out)?,
            '(' | ')' | '|' | '*' | '+' | '?' | '^' | '$' => out.push(character),
            other => out.push_str(&regex::escape(other.encode_utf8(&mut [0; 4]))),
        }
    }
    Some(out)
}

/// What follows a backslash; the result stands for itself inside and outside of a class.
fn escape(rest: &mut Peekable<Chars<'_>>) -> Option<String> {
    let character = rest.next()?;
    let translated = match character {
        'n' => r"\n".to_owned(),
        'r' => r"\r".to_owned(),
        't' => r"\t".to_owned(),
        'd' => r"\p{Nd}".to_owned(),
        'D' => r"\P{Nd}".to_owned(),
        's' => r"[ \t\n\r]".to_owned(),
        'S' => r"[^ \t\n\r]".to_owned(),
        'w' => r"[^\p{P}\p{Z}\p{C}]".to_owned(),
        'W' => r"[\p{P}\p{Z}\p{C}]".to_owned(),
        'i' => format!("[{NAME_START}]"),
        'I' => format!("[^{NAME_START}]"),
        'c' => format!("[{NAME_START}{NAME_REST}]"),
        'C' => format!("[^{NAME_START}{NAME_REST}]"),
        'p' => property(rest, false)?,
        'P' => property(rest, true)?,
        '\\' | '|' | '.' | '?' | '*' | '+' | '(' | ')' | '{' | '}' | '-' | '[' | ']' | '^'
        | '$' => {
            format!("\\{character}")
        }
        _ => return None,
    };
    Some(translated)
}

/// `{Lu}` or `{IsBasicLatin}` after `\p`.
fn property(rest: &mut Peekable<Chars<'_>>, negated: bool) -> Option<String> {
    if rest.next() != Some('{') {
        return None;
    }
    let name: String = rest.by_ref().take_while(|character| *character != '}').collect();
    let sign = if negated { "^" } else { "" };
    if let Some(block) = name.strip_prefix("Is") {
        let range = blocks::range(block)?;
        return Some(format!("[{sign}{range}]"));
    }
    // A general category: one of seven letters, perhaps made narrower by a second.
    let mut letters = name.chars();
    let category = matches!(letters.next(), Some('L' | 'M' | 'N' | 'P' | 'Z' | 'S' | 'C'));
    let narrow = letters.next().is_none_or(|letter| letter.is_ascii_lowercase());
    let whole = letters.next().is_none();
    (category && narrow && whole).then(|| format!(r"[{sign}\p{{{name}}}]"))
}

/// A class up to its closing bracket, which may subtract another class.
fn class(rest: &mut Peekable<Chars<'_>>, out: &mut String, depth: usize) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    out.push('[');
    // The members form a class of their own, so that a subtraction applies to all of them.
    out.push('[');
    if rest.next_if_eq(&'^').is_some() {
        out.push('^');
    }
    let mut empty = true;
    loop {
        match rest.next()? {
            ']' if !empty => {
                out.push_str("]]");
                return Some(());
            }
            ']' | '[' => return None,
            '-' if rest.peek() == Some(&'[') && !empty => {
                rest.next();
                out.push_str("]--");
                class(rest, out, depth)?;
                if rest.next() != Some(']') {
                    return None;
                }
                out.push(']');
                return Some(());
            }
            '-' if empty || rest.peek() == Some(&']') => out.push_str(r"\-"),
            '-' => out.push('-'),
            '\\' => out.push_str(&escape(rest)?),
            other => member(other, out),
        }
        empty = false;
    }
}

/// A member of a class, which must not be read as an operator.
fn member(character: char, out: &mut String) {
    if character.is_ascii_punctuation() {
        out.push('\\');
    }
    out.push(character);
}

/// `{n}`, `{n,}` or `{n,m}`.
fn quantity(rest: &mut Peekable<Chars<'_>>, out: &mut String) -> Option<()> {
    out.push('{');
    for character in rest.by_ref() {
        match character {
            '0'..='9' | ',' => out.push(character),
            '}' => {
                out.push('}');
                return Some(());
            }
            _ => return None,
        }
    }
    None
}
