//! The laws of the codec, for arbitrary records and arbitrary bytes.

use proptest::{collection::vec, option, prelude::*, sample::Index};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::*;
use crate::{Actor, ActorKind, Authorization, Position, RecordedEvent, StreamName, Timestamp};

/// From year 0 to 9999, which is what the ledger's form of a time can express.
fn times() -> impl Strategy<Value = Timestamp> {
    (-62_167_219_200_000_000..253_402_300_800_000_000_i64).prop_map(Timestamp::from_micros)
}

fn uuids() -> impl Strategy<Value = Uuid> {
    any::<u128>().prop_map(Uuid::from_u128)
}

fn streams() -> impl Strategy<Value = StreamName> {
    ("[a-z-]{1,8}", vec("\\PC{1,12}", 1..3)).prop_map(|(category, keys)| {
        StreamName::of(&category, &keys.iter().map(String::as_str).collect::<Vec<_>>())
    })
}

fn actors() -> impl Strategy<Value = Actor> {
    let kinds = prop::sample::select(vec![
        ActorKind::SystemProvider,
        ActorKind::Person,
        ActorKind::SystemUser,
        ActorKind::Platform,
        ActorKind::Operator,
    ]);
    let orgs = prop::sample::select(vec!["991825827", "319900101"]);
    (
        kinds,
        option::of(orgs.prop_map(|org| org.parse().unwrap())),
        option::of(uuids().prop_map(Into::into)),
        option::of(uuids().prop_map(Into::into)),
        option::of("[!-~æøå]{1,20}".prop_map(|client| client.parse().unwrap())),
        vec(any::<String>(), 0..3),
    )
        .prop_map(|(kind, org, party, system_user, client_id, scopes)| Actor {
            kind,
            org,
            party,
            system_user,
            client_id,
            scopes,
        })
}

fn commits() -> impl Strategy<Value = Commit> {
    let data = prop_oneof![
        Just("{}".to_owned()),
        any::<String>().prop_map(|text| serde_json::json!({ "text": text }).to_string()),
        any::<f64>().prop_map(|number| serde_json::json!([number, null]).to_string()),
    ];
    let events = vec((streams(), any::<String>(), any::<u16>(), data), 1..4);
    let authorizations = (uuids(), any::<u64>()).prop_map(|(decision, position)| Authorization {
        decision: decision.into(),
        position: Position::new(position),
    });
    (
        (uuids(), uuids(), times(), actors(), option::of(authorizations)),
        (option::of(any::<String>()), option::of(any::<String>())),
        (option::of(any::<u64>()), any::<u64>(), vec(streams(), 0..3), events),
        option::of("[0-9a-f]{64}"),
    )
        .prop_map(
            |(head, (reason, correlation), (causation, as_of, mut reads, events), hash)| {
                let (id, ledger, decided_at, actor, authorization) = head;
                reads.extend(events.iter().map(|(stream, ..)| stream.clone()));
                let mut commit = Commit::new(id, ledger.into(), decided_at, actor);
                commit.authorization = authorization;
                commit.reason = reason;
                commit.correlation = correlation;
                commit.causation = causation.map(Position::new);
                commit.as_of = Position::new(as_of);
                commit.reads = reads;
                commit.state_hash = hash;
                let recorded = |(stream, kind, schema, data)| RecordedEvent {
                    stream,
                    kind,
                    schema,
                    data: RawValue::from_string(data).unwrap(),
                };
                commit.events = events.into_iter().map(recorded).collect();
                commit
            },
        )
}

fn records() -> impl Strategy<Value = LedgerRecord> {
    prop_oneof![
        6 => commits().prop_map(|commit| LedgerRecord::Commit(Box::new(commit))),
        1 => (uuids(), uuids()).prop_map(|(id, ledger)| LedgerRecord::Tick(Tick {
            id: id.into(),
            ledger: ledger.into(),
        })),
        1 => (uuids(), any::<String>(), any::<u32>()).prop_map(|(ledger, name, format)| {
            LedgerRecord::Genesis(Genesis { ledger: ledger.into(), name, format })
        }),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(record in records()) {
        let bytes = encode(&record).unwrap();
        let read = decode(&bytes).unwrap();
        prop_assert_eq!(format!("{read:?}"), format!("{record:?}"));
        prop_assert_eq!(encode(&read).unwrap(), bytes);
    }

    #[test]
    fn arbitrary_bytes_are_read_or_refused_without_a_panic(bytes in vec(any::<u8>(), 0..200)) {
        let _ = decode(&bytes);
    }

    /// What is read of a damaged record is never read in two ways: written again, it is the same.
    #[test]
    fn damaged_records_are_read_or_refused_without_a_panic(
        record in records(), damages in vec((any::<Index>(), any::<u8>(), 0..3_u8), 1..4),
    ) {
        let mut bytes = encode(&record).unwrap();
        for (place, byte, kind) in damages {
            let place = place.index(bytes.len());
            match kind {
                0 => bytes[place] = byte,
                1 => bytes.insert(place, byte),
                _ => bytes.truncate(place.max(1)),
            }
        }
        if let Ok(read) = decode(&bytes) {
            let again = decode(&encode(&read).unwrap()).unwrap();
            prop_assert_eq!(format!("{again:?}"), format!("{read:?}"));
        }
    }

    #[test]
    fn json_of_any_shape_is_read_or_refused_without_a_panic(text in "[\\[\\]{}\",:0-9a-z -]{0,60}") {
        let _ = decode(text.as_bytes());
    }
}

#[test]
fn json_nested_a_hundred_thousand_deep_is_no_danger() {
    for open in ["[", "{\"a\":"] {
        assert!(decode(open.repeat(100_000).as_bytes()).is_err());
        let commit = format!("{{\"id\":{}", open.repeat(100_000));
        assert!(decode(commit.as_bytes()).is_err());
    }
}
