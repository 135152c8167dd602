//! Text that PostgreSQL can hold.

use std::borrow::Cow;

use fullmakt_events::{Event, Folded, StreamName};
use serde_json::Value;

/// U+0000 as JSON writes it. There is no other way to write it.
const NUL_ESCAPED: &[u8] = b"\\u0000";

/// What stands for U+0000, which neither `text` nor `jsonb` can hold.
const REPLACEMENT: &str = "\u{fffd}";

/// The text as the tables hold it, and as it has to be looked for.
#[must_use]
pub fn storable_text(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', REPLACEMENT).into() } else { text.into() }
}

/// The events of a record, with U+0000 replaced in all of their texts.
///
/// Such a text is allowed in the ledger, and must not stop whoever fills the tables. The record's
/// own bytes are kept as they are, in the ledger index.
pub(crate) fn storable(folded: &Folded) -> Cow<'_, [(StreamName, Event)]> {
    // Most records have no escape at all, which is found out much faster.
    let has_nul = folded.bytes.contains(&b'\\')
        && folded.bytes.windows(NUL_ESCAPED.len()).any(|window| window == NUL_ESCAPED);
    if !has_nul {
        return Cow::Borrowed(&folded.events);
    }
    let events = folded.events.iter();
    Cow::Owned(
        events
            .map(|(stream, event)| {
                (stream.clone(), without_nul(event).unwrap_or_else(|| event.clone()))
            })
            .collect(),
    )
}

fn without_nul(event: &Event) -> Option<Event> {
    let mut data: Value = serde_json::from_str(event.to_data().ok()?.get()).ok()?;
    replace(&mut data);
    let data = serde_json::value::to_raw_value(&data).ok()?;
    Event::decode(event.wire_name(), event.schema(), &data).ok()
}

fn replace(value: &mut Value) {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
        Value::String(text) => {
            if let Cow::Owned(storable) = storable_text(text) {
                *text = storable;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(replace),
        Value::Object(fields) => {
            for (name, mut value) in std::mem::take(fields) {
                replace(&mut value);
                fields.insert(storable_text(&name).into_owned(), value);
            }
        }
    }
}
