//! `fullmakt keys`.

use std::io::{self, Write};

use fullmakt_config::Configuration;
use fullmakt_events::Timestamp;
use fullmakt_pep::system_clock;
use fullmakt_tokens::{
    KeyDescription, KeyState, list_keys, retire_key, retire_keys_over, rotate_keys,
};
use serde_json::{Value, json};

use crate::{StartError, cli};

pub(crate) fn run(configuration: &Configuration, what: &cli::Keys) -> Result<(), StartError> {
    let folder = &configuration.tokens.key_dir;
    let now = system_clock()();
    let mut out = io::stdout().lock();
    match what {
        cli::Keys::List(form) => print(&list_keys(folder, now)?, form.json, &mut out),
        cli::Keys::Rotate(when) => {
            let key = rotate_keys(folder, now, when.after)?;
            writeln!(out, "{}", line(&key))
        }
        cli::Keys::Retire(cli::KeyRetire { kid: Some(kid) }) => {
            retire_key(folder, now, kid)?;
            writeln!(out, "{kid} was taken back")
        }
        cli::Keys::Retire(cli::KeyRetire { kid: None }) => {
            let destroyed = retire_keys_over(folder, now)?;
            destroyed.iter().try_for_each(|kid| writeln!(out, "{kid} was over, and is destroyed"))
        }
    }
    .map_err(StartError::Io)
}

/// What a key is for, in words.
pub(crate) fn line(KeyDescription { kid, state }: &KeyDescription) -> String {
    match state {
        KeyState::Waits { from } => format!("{kid} is published, and signs from {}", time(*from)),
        KeyState::Signs { since: 0 } => format!("{kid} signs"),
        KeyState::Signs { since } => format!("{kid} signs since {}", time(*since)),
        KeyState::Checks { until } => {
            format!("{kid} signs no more; what it signed holds until {}", time(*until))
        }
        KeyState::Over { since } => {
            format!("{kid} is over since {}; its private key is still there", time(*since))
        }
        KeyState::Retired => format!("{kid} was taken back, or is over, and is destroyed"),
    }
}

fn print(keys: &[KeyDescription], is_json: bool, out: &mut impl Write) -> io::Result<()> {
    if is_json {
        let keys: Vec<Value> = keys.iter().map(as_json).collect();
        return writeln!(out, "{}", serde_json::to_string_pretty(&keys)?);
    }
    keys.iter().try_for_each(|key| writeln!(out, "{}", line(key)))
}

fn as_json(KeyDescription { kid, state }: &KeyDescription) -> Value {
    let (name, begins, ends) = match state {
        KeyState::Waits { from } => ("waits", Some(from), None),
        KeyState::Signs { since } => ("signs", Some(since).filter(|since| **since > 0), None),
        KeyState::Checks { until } => ("checks", None, Some(until)),
        KeyState::Over { since } => ("over", None, Some(since)),
        KeyState::Retired => ("retired", None, None),
    };
    let time = |seconds: Option<&u64>| seconds.map(|seconds| time(*seconds));
    json!({
        "kid": kid,
        "state": name,
        "isPublished": state.is_published(),
        "signsFrom": time(begins),
        "checksUntil": time(ends),
    })
}

fn time(seconds: u64) -> Timestamp {
    Timestamp::default().plus_seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(state: KeyState) -> String {
        line(&KeyDescription { kid: "k".to_owned(), state })
    }

    #[test]
    fn every_state_of_a_key_is_said_with_its_time() {
        let second = 1_800_000_000;
        for (state, words) in [
            (
                KeyState::Waits { from: second },
                "k is published, and signs from 2027-01-15T08:00:00",
            ),
            (KeyState::Signs { since: second }, "k signs since 2027-01-15T08:00:00"),
            (KeyState::Checks { until: second }, "holds until 2027-01-15T08:00:00"),
            (KeyState::Over { since: second }, "over since 2027-01-15T08:00:00"),
            (KeyState::Retired, "destroyed"),
        ] {
            assert!(said(state).contains(words), "{}", said(state));
        }
        assert_eq!(said(KeyState::Signs { since: 0 }), "k signs");
    }

    #[test]
    fn json_has_one_object_for_each_key() {
        let key = KeyDescription { kid: "k".to_owned(), state: KeyState::Signs { since: 0 } };
        let mut out = Vec::new();
        print(&[key], true, &mut out).unwrap();
        let printed: Value = serde_json::from_slice(&out).unwrap();
        let expected = json!([{
            "kid": "k", "state": "signs", "isPublished": true, "signsFrom": null,
            "checksUntil": null,
        }]);
        assert_eq!(printed, expected);
    }
}
