//! Finds valid national identity numbers in text, so that none of them enters the ledger.
//!
//! Only numbers that could have been issued are found: eleven digits whose birth date and check
//! digits are right. By the rules of the national population register that is also so for D-numbers
//! (day + 40), H-numbers (month + 40) and synthetic numbers (month + 80), and from 2032 the first
//! check digit may be right in four ways instead of one; both rules run in parallel.
//!
//! Digits of UUIDs and of hashes are not looked at: now and then eleven in a row make a valid number
//! by chance.

mod ids;

use std::ops::Range;

use serde_json::{Map, Value};

/// What may stand between birth date and individual number: a space, breaking or not.
const SEPARATORS: [&str; 3] = [" ", "\u{a0}", "\u{202f}"];
/// The digits of a birth date.
const DATE_DIGITS: usize = 6;
/// The digits after the birth date.
const INDIVIDUAL_DIGITS: usize = 5;

/// Weights of the first check digit, its own last.
const FIRST_WEIGHTS: [u32; 10] = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1];
/// Weights of the second check digit, its own last.
const SECOND_WEIGHTS: [u32; 11] = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];
/// The greatest remainder of the first check under the rule of 2032; the present rule has only 0.
const FIRST_REMAINDER_MAX: u32 = 3;

/// Where a text has its first national identity number: bytes, separator included.
#[must_use]
pub fn find(text: &str) -> Option<Range<usize>> {
    spans(text).into_iter().next()
}

/// The text with every digit of a national identity number replaced by `*`.
#[must_use]
pub fn mask(text: &str) -> String {
    let spans = spans(text);
    let is_hidden = |at: usize| spans.iter().any(|span| span.contains(&at));
    text.char_indices()
        .map(|(at, c)| if c.is_ascii_digit() && is_hidden(at) { '*' } else { c })
        .collect()
}

/// Where in a JSON object a national identity number stands, as a JSON pointer (RFC 6901) with the
/// number itself masked. Names of members and numbers are looked at as well.
#[must_use]
pub fn find_in_json(object: &Map<String, Value>) -> Option<String> {
    object.iter().find_map(|(name, value)| {
        let pointer = || format!("/{}", mask(&name.replace('~', "~0").replace('/', "~1")));
        if find(name).is_some() {
            return Some(pointer());
        }
        find_in_value(value).map(|rest| format!("{}{rest}", pointer()))
    })
}

/// Whether the text is eleven digits that make a valid national identity number.
#[must_use]
pub fn is_valid(digits: &str) -> bool {
    let values: Vec<u32> = digits.chars().filter_map(|c| c.to_digit(10)).collect();
    let Ok(values) = <[u32; 11]>::try_from(values) else { return false };
    digits.len() == values.len() && has_date(values) && has_check_digits(values)
}

fn find_in_value(value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::Bool(_) => None,
        Value::Number(number) => find(&number.to_string()).map(|_| String::new()),
        Value::String(text) => find(text).map(|_| String::new()),
        Value::Array(values) => values
            .iter()
            .enumerate()
            .find_map(|(index, value)| find_in_value(value).map(|rest| format!("/{index}{rest}"))),
        Value::Object(object) => find_in_json(object),
    }
}

fn spans(text: &str) -> Vec<Range<usize>> {
    let runs = digit_runs(text);
    let is_number = |parts: &[&Range<usize>]| {
        let digits: String = parts.iter().filter_map(|part| text.get((*part).clone())).collect();
        is_valid(&digits)
    };
    let mut found = Vec::new();
    for (index, run) in runs.iter().enumerate() {
        if run.len() == DATE_DIGITS + INDIVIDUAL_DIGITS && is_number(&[run]) {
            found.push(run.clone());
        }
        if let Some(next) = runs.get(index + 1)
            && run.len() == DATE_DIGITS
            && next.len() == INDIVIDUAL_DIGITS
            && text.get(run.end..next.start).is_some_and(|between| SEPARATORS.contains(&between))
            && is_number(&[run, next])
        {
            found.push(run.start..next.end);
        }
    }
    found
}

/// The longest runs of digits that belong to no id: a run inside a longer one is something else than
/// a number.
fn digit_runs(text: &str) -> Vec<Range<usize>> {
    let mut runs = ids::runs(text, |byte| byte.is_ascii_digit());
    let ids = ids::spans(text);
    runs.retain(|run| ids.iter().all(|id| !id.contains(&run.start)));
    runs
}

fn has_date(digits: [u32; 11]) -> bool {
    let [d1, d2, m1, m2, y1, y2, ..] = digits;
    let day = if d1 >= 4 { (d1 * 10 + d2).saturating_sub(40) } else { d1 * 10 + d2 };
    let month = match m1 * 10 + m2 {
        synthetic @ 81..=92 => synthetic - 80,
        help @ 41..=52 => help - 40,
        other => other,
    };
    // The century is not derivable from 2032 on; of the years that end in 00, 2000 had a 29
    // February.
    let year_is_leap = (y1 * 10 + y2) % 4 == 0;
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year_is_leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=days).contains(&day)
}

fn has_check_digits(digits: [u32; 11]) -> bool {
    let remainder = |weights: &[u32]| {
        let sum: u32 = weights.iter().zip(digits).map(|(weight, digit)| weight * digit).sum();
        sum % 11
    };
    remainder(&FIRST_WEIGHTS) <= FIRST_REMAINDER_MAX && remainder(&SECOND_WEIGHTS) == 0
}

#[cfg(test)]
mod tests;
