//! Folding a batch into the ledger index.

use std::collections::HashMap;

use deadpool_postgres::Transaction;
use fullmakt_events::{
    ClientId, Folded, StreamKey, StreamName, admission::COMMANDS_REMEMBERED_SECONDS,
};
use fullmakt_projections::ledger::{self, EventEntry, RecordEntry, event_entries, record_entry};
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::{
    DatabaseError,
    column::{Column, get},
};

pub(super) async fn write(
    transaction: &Transaction<'_>,
    records: &[&Folded],
) -> Result<(), DatabaseError> {
    let entries: Vec<EventEntry<'_>> =
        records.iter().flat_map(|folded| event_entries(folded)).collect();
    let (commands, lasting): (Vec<_>, Vec<_>) =
        entries.into_iter().partition(|entry| entry.stream.category() == StreamName::COMMAND);
    futures::try_join!(
        write_records(transaction, records),
        write_events(transaction, &lasting),
        write_command_events(transaction, &commands, records),
    )?;
    Ok(())
}

/// A stream's key as the database has it.
pub(crate) fn stored_key(key: &StreamKey) -> Uuid {
    Uuid::from_bytes(*key.bytes())
}

async fn execute(
    transaction: &Transaction<'_>,
    statement: fullmakt_projections::Statement,
    parameters: &[&(dyn ToSql + Sync)],
) -> Result<u64, DatabaseError> {
    let error = DatabaseError::from_statement(statement);
    let prepared = transaction.prepare_cached(statement.text).await.map_err(&error)?;
    transaction.execute(&prepared, parameters).await.map_err(&error)
}

async fn write_records(
    transaction: &Transaction<'_>,
    records: &[&Folded],
) -> Result<(), DatabaseError> {
    let entries: Vec<RecordEntry> = records.iter().map(|folded| record_entry(folded)).collect();
    let decided = |value: fn(&ledger::Decided) -> Option<String>| -> Vec<Option<String>> {
        entries.iter().map(|entry| entry.decided.as_ref().and_then(value)).collect()
    };
    let decided_uuids = |value: fn(&ledger::Decided) -> Option<Uuid>| -> Vec<Option<Uuid>> {
        entries.iter().map(|entry| entry.decided.as_ref().and_then(value)).collect()
    };
    let as_of: Vec<Option<i64>> = entries
        .iter()
        .map(|entry| entry.decided.as_ref().map(|decided| decided.as_of.to_pg()))
        .collect();
    execute(
        transaction,
        ledger::INSERT_RECORDS,
        &[
            &column(&entries, |entry| entry.position.to_pg()),
            &column(&entries, |entry| entry.append_time.to_pg()),
            &column(&entries, |entry| entry.ledger_time.to_pg()),
            &column(&entries, |entry| entry.kind.to_pg()),
            &column(&entries, |entry| entry.verdict.to_pg()),
            &column(&entries, |entry| entry.reason.as_deref()),
            &column(&entries, |entry| entry.commit.to_pg()),
            &as_of,
            &decided(|decided| Some(decided.actor_kind.to_pg())),
            &decided(|decided| decided.actor_org.to_pg()),
            &decided_uuids(|decided| decided.actor_party.to_pg()),
            &decided_uuids(|decided| decided.actor_system_user.to_pg()),
            &decided(|decided| decided.actor_client.as_ref().map(ClientId::folded)),
            &column(&entries, |entry| {
                array_literal(entry.decided.iter().flat_map(|decided| &decided.event_types))
            }),
            &column(&entries, |entry| {
                array_literal(entry.stream_keys().map(|key| stored_key(&key).to_string()))
            }),
            &column(&entries, |entry| &*entry.bytes),
        ],
    )
    .await?;
    Ok(())
}

async fn write_events(
    transaction: &Transaction<'_>,
    entries: &[EventEntry<'_>],
) -> Result<(), DatabaseError> {
    if entries.is_empty() {
        return Ok(());
    }
    let keys: Vec<Uuid> = column(entries, |entry| stored_key(&entry.stream.key()));
    let mut next_versions = advance_streams(transaction, &keys, entries).await?;
    let mut versions = Vec::with_capacity(entries.len());
    for key in &keys {
        let next = next_versions.entry(*key).or_insert(1);
        versions.push(*next);
        *next += 1;
    }
    execute(
        transaction,
        ledger::INSERT_EVENTS,
        &[
            &keys,
            &versions,
            &column(entries, |entry| entry.position.to_pg()),
            &column(entries, |entry| entry.index.to_pg()),
            &column(entries, |entry| entry.ledger_time.to_pg()),
            &column(entries, |entry| entry.kind),
            &column(entries, |entry| entry.schema.to_pg()),
            &column(entries, |entry| entry.data),
        ],
    )
    .await?;
    Ok(())
}

/// Counts the new events of every stream, and gives the version of each stream's first one.
async fn advance_streams(
    transaction: &Transaction<'_>,
    keys: &[Uuid],
    entries: &[EventEntry<'_>],
) -> Result<HashMap<Uuid, i64>, DatabaseError> {
    struct Written<'a> {
        stream: &'a str,
        events: i64,
        position: i64,
    }

    let mut written: HashMap<Uuid, Written<'_>> = HashMap::new();
    for (key, entry) in keys.iter().zip(entries) {
        let stream = written.entry(*key).or_insert_with(|| Written {
            stream: entry.stream.as_str(),
            events: 0,
            position: 0,
        });
        stream.events += 1;
        stream.position = entry.position.to_pg();
    }
    let error = DatabaseError::from_statement(ledger::ADVANCE_STREAMS);
    let statement =
        transaction.prepare_cached(ledger::ADVANCE_STREAMS.text).await.map_err(&error)?;
    let written: Vec<(Uuid, Written<'_>)> = written.into_iter().collect();
    let rows = transaction
        .query(
            &statement,
            &[
                &column(&written, |(key, _)| *key),
                &column(&written, |(_, written)| written.stream),
                &column(&written, |(_, written)| written.events),
                &column(&written, |(_, written)| written.position),
            ],
        )
        .await
        .map_err(&error)?;
    let events: HashMap<Uuid, i64> =
        written.into_iter().map(|(key, written)| (key, written.events)).collect();
    rows.iter()
        .map(|row| {
            let key: Uuid = get(row, "stream_key")?;
            let version: i64 = get(row, "version")?;
            Ok((key, version - events.get(&key).copied().unwrap_or(0) + 1))
        })
        .collect()
}

/// Adds events of command streams, and forgets those that no one remembers at the batch's end. So
/// the table is the same however the ledger is cut into batches.
async fn write_command_events(
    transaction: &Transaction<'_>,
    entries: &[EventEntry<'_>],
    records: &[&Folded],
) -> Result<(), DatabaseError> {
    if !entries.is_empty() {
        execute(
            transaction,
            ledger::INSERT_COMMAND_EVENTS,
            &[
                &column(entries, |entry| stored_key(&entry.stream.key())),
                &column(entries, |entry| entry.position.to_pg()),
                &column(entries, |entry| entry.index.to_pg()),
                &column(entries, |entry| entry.ledger_time.to_pg()),
                &column(entries, |entry| entry.kind),
                &column(entries, |entry| entry.schema.to_pg()),
                &column(entries, |entry| entry.data),
            ],
        )
        .await?;
    }
    if let Some(last) = records.last() {
        let before = last.ledger_time.plus_seconds(-COMMANDS_REMEMBERED_SECONDS);
        execute(transaction, ledger::FORGET_COMMAND_EVENTS, &[&before.to_pg()]).await?;
    }
    Ok(())
}

fn column<'e, E, P>(entries: &'e [E], value: impl Fn(&'e E) -> P) -> Vec<P> {
    entries.iter().map(value).collect()
}

/// An array as PostgreSQL writes it, every element in quotes.
fn array_literal(elements: impl Iterator<Item = impl AsRef<str>>) -> String {
    let mut literal = String::from("{");
    for (index, element) in elements.enumerate() {
        if index > 0 {
            literal.push(',');
        }
        literal.push('"');
        for character in element.as_ref().chars() {
            if matches!(character, '"' | '\\') {
                literal.push('\\');
            }
            literal.push(character);
        }
        literal.push('"');
    }
    literal.push('}');
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_of_arrays_are_quoted() {
        assert_eq!(array_literal(["a", r#"b"c\d,{}"#].iter()), r#"{"a","b\"c\\d,{}"}"#);
        assert_eq!(array_literal(std::iter::empty::<&str>()), "{}");
    }
}
