//! Keeps national identity numbers out of the decision log: it is kept for ever, and nobody could
//! erase one there.
//!
//! Persons are named by their parties before a request is logged. What is left are numbers where
//! none was expected: in attributes that name nobody, in actions, in the values of obligations. Their
//! digits are replaced, and the record says how many values that the answer depends on are not in it.

use fullmakt_access::record::LogRecord;
use fullmakt_domain::national_number;
use fullmakt_vault::NationalNumber;
use serde_json::Value;

/// The digits of a national identity number.
const DIGITS: usize = 11;
/// What people write between the parts of a number.
const SEPARATORS: [char; 7] = [' ', '-', '.', '/', '_', '\u{a0}', '\u{202f}'];
/// The parts of a record that an answer depends on, or is.
const WEIGHED: [&str; 2] = ["request", "obligations"];
/// The member of a record that counts them.
const WITHHELD: &str = "withheld";

/// A record as the log takes it.
///
/// # Errors
/// When it cannot be expressed: a defect of this program.
pub(crate) fn to_bytes(record: &LogRecord) -> Result<Vec<u8>, serde_json::Error> {
    let text = serde_json::to_string(record)?;
    if !may_hold_a_number(&text) {
        return Ok(text.into_bytes());
    }
    let mut json = serde_json::to_value(record)?;
    let mut withheld = 0_u32;
    if let Value::Object(members) = &mut json {
        for (name, member) in members.iter_mut() {
            let count = withhold(member);
            if WEIGHED.contains(&name.as_str()) {
                withheld = withheld.saturating_add(count);
            }
        }
        if withheld > 0 {
            members.insert(WITHHELD.to_owned(), withheld.into());
        }
    }
    serde_json::to_vec(&json)
}

/// Whether a number could be anywhere in this JSON. Most records have none, and are not looked at
/// twice. An escape may stand between a number and what is not one.
fn may_hold_a_number(json: &str) -> bool {
    let mut digits = 0;
    let mut is_separated = false;
    for character in json.chars() {
        if character.is_ascii_digit() {
            digits += 1;
            is_separated = false;
        } else if SEPARATORS.contains(&character) && !is_separated {
            is_separated = true;
        } else {
            digits = 0;
        }
        if digits >= DIGITS {
            return true;
        }
    }
    json.contains("\\u")
}

/// Replaces numbers at any depth, and counts the values that had one.
fn withhold(json: &mut Value) -> u32 {
    match json {
        Value::Null | Value::Bool(_) => 0,
        Value::Number(number) => replace(&number.to_string()).map_or(0, |hidden| {
            *json = hidden.into();
            1
        }),
        Value::String(text) => replace(text).map_or(0, |hidden| {
            *text = hidden;
            1
        }),
        Value::Array(values) => values.iter_mut().map(withhold).sum(),
        Value::Object(members) => {
            let names: Vec<(String, String)> =
                members.keys().filter_map(|name| Some((name.clone(), replace(name)?))).collect();
            let count = members.values_mut().map(withhold).sum::<u32>();
            for (name, hidden) in &names {
                if let Some(member) = members.remove(name) {
                    members.insert(hidden.clone(), member);
                }
            }
            names.iter().fold(count, |count, _| count.saturating_add(1))
        }
    }
}

/// The text without the digits of numbers, if it has one.
fn replace(text: &str) -> Option<String> {
    let hide = |character: char| if character.is_ascii_digit() { '*' } else { character };
    // A value that is nothing but a number may be one that only registers of the future know.
    let bare: String = text.chars().filter(|character| !SEPARATORS.contains(character)).collect();
    if bare.parse::<NationalNumber>().is_ok() {
        return Some(text.chars().map(hide).collect());
    }
    national_number::find(text).map(|_| national_number::mask(text))
}

#[cfg(test)]
mod tests;
