//! The bytes of a record: JSON that an auditor can read with any tool.
//!
//! The envelope's grammar is strict, because everybody who folds the ledger must judge the same
//! bytes alike: unknown fields, duplicate keys, arrays for objects, and streams, ids or times in any
//! but their one form make a record void.

pub(crate) mod strict;

use std::collections::HashSet;

use serde::{Deserialize, Serialize, de::IgnoredAny};

use crate::{Commit, Genesis, LedgerRecord, Tick};
use strict::Object;

/// The most bytes that a record may have (900 KiB). A command that needs more is refused before
/// anything is written.
pub const RECORD_BYTES_MAX: usize = 900 * 1024;

/// Why a record cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// The record would be larger than [`RECORD_BYTES_MAX`].
    #[error("the record has {bytes} bytes, and at most {RECORD_BYTES_MAX} are allowed")]
    TooLarge {
        /// The bytes it would have.
        bytes: usize,
    },
    /// The record cannot be expressed as JSON.
    #[error("the record cannot be expressed as JSON")]
    Json(#[source] serde_json::Error),
}

/// Why bytes are not a record, by the envelope's grammar alone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GrammarError {
    /// More bytes than a record may have.
    #[error("{0} bytes are more than a record may have")]
    TooLarge(usize),
    /// Not the grammar of a record.
    #[error("not a record: {0}")]
    Syntax(String),
    /// A commit without events.
    #[error("a commit without events")]
    NoEvents,
    /// An event on a stream that the commit did not read.
    #[error("an event on `{0}`, which is not among the streams read")]
    EventOutsideReads(String),
}

/// The field that tells genesis and ticks from commits, which have none.
#[derive(Deserialize)]
struct Kind<'a> {
    #[serde(default, borrow)]
    kind: Option<std::borrow::Cow<'a, str>>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Marked {
    Genesis(Genesis),
    Tick(Tick),
}

/// Writes a record.
///
/// # Errors
/// When it would be larger than [`RECORD_BYTES_MAX`].
pub fn encode(record: &LedgerRecord) -> Result<Vec<u8>, EncodeError> {
    let bytes = match record {
        LedgerRecord::Genesis(genesis) => serde_json::to_vec(&Marked::Genesis(genesis.clone())),
        LedgerRecord::Tick(tick) => serde_json::to_vec(&Marked::Tick(tick.clone())),
        LedgerRecord::Commit(commit) => serde_json::to_vec(commit),
    }
    .map_err(EncodeError::Json)?;
    if bytes.len() > RECORD_BYTES_MAX {
        return Err(EncodeError::TooLarge { bytes: bytes.len() });
    }
    Ok(bytes)
}

/// Reads a record by the grammar of format 0.
///
/// # Errors
/// When the bytes are no record by that grammar. Such a record is void for everyone.
pub fn decode(bytes: &[u8]) -> Result<LedgerRecord, GrammarError> {
    if bytes.len() > RECORD_BYTES_MAX {
        return Err(GrammarError::TooLarge(bytes.len()));
    }
    let syntax = |error: serde_json::Error| GrammarError::Syntax(error.to_string());
    let kind = serde_json::from_slice::<Object<Kind<'_>>>(bytes).map_err(syntax)?.0.kind;
    match kind.as_deref() {
        None => {
            let Object(commit) = serde_json::from_slice::<Object<Commit>>(bytes).map_err(syntax)?;
            check(&commit)?;
            Ok(LedgerRecord::Commit(Box::new(commit)))
        }
        Some("genesis") => unmarked::<Genesis>(bytes).map(LedgerRecord::Genesis).map_err(syntax),
        Some("tick") => unmarked::<Tick>(bytes).map(LedgerRecord::Tick).map_err(syntax),
        Some(other) => Err(GrammarError::Syntax(format!("unknown kind `{other}`"))),
    }
}

/// Reads the value beside the `kind` field, refusing unknown and duplicate fields.
fn unmarked<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Result<T, serde_json::Error> {
    // A second `kind` is refused by `Kind` above; here the one is taken out, and a duplicate of any
    // other field by the strict reading of a map into pairs.
    let fields = serde_json::from_slice::<UniqueFields>(bytes)?.0;
    serde_json::from_value(serde_json::Value::Object(fields))
}

struct UniqueFields(serde_json::Map<String, serde_json::Value>);

impl<'de> Deserialize<'de> for UniqueFields {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = UniqueFields;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<UniqueFields, A::Error> {
                let mut fields = serde_json::Map::new();
                while let Some(key) = map.next_key::<String>()? {
                    if key == "kind" {
                        map.next_value::<IgnoredAny>()?;
                    } else if fields.insert(key.clone(), map.next_value()?).is_some() {
                        return Err(serde::de::Error::custom(format!("duplicate field `{key}`")));
                    }
                }
                Ok(UniqueFields(fields))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

fn check(commit: &Commit) -> Result<(), GrammarError> {
    if commit.events.is_empty() {
        return Err(GrammarError::NoEvents);
    }
    let reads: HashSet<_> = commit.reads.iter().collect();
    match commit.events.iter().find(|event| !reads.contains(&event.stream)) {
        Some(event) => Err(GrammarError::EventOutsideReads(event.stream.to_string())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
