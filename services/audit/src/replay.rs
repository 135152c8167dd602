//! The history of the ledger as lines: what an auditor reads without any other tool.

use std::io::{self, Write};

use fullmakt_events::{Actor, Folded, LedgerRecord, StreamName, Verdict};

/// Which records are printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReplayFilter {
    /// Only commits with an event on this stream.
    pub stream: Option<StreamName>,
}

/// Prints a record, if it is wanted, and says whether it is: a line for what it is and what the rule
/// says of it, a line for each event.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_record(
    out: &mut impl Write,
    record: &Folded,
    filter: &ReplayFilter,
) -> io::Result<bool> {
    if !is_wanted(record, filter) {
        return Ok(false);
    }
    let Folded { position, ledger_time, verdict, .. } = record;
    write!(out, "{position} {ledger_time} {}", verdict.name())?;
    match verdict {
        Verdict::Admitted | Verdict::Stale => {}
        Verdict::Superseded { stream } => write!(out, " by {stream}")?,
        Verdict::Void(reason) => write!(out, " ({reason})")?,
    }
    match &record.record {
        None => writeln!(out, " unreadable")?,
        Some(LedgerRecord::Genesis(genesis)) => {
            writeln!(
                out,
                " genesis {} {} format {}",
                genesis.ledger, genesis.name, genesis.format
            )?;
        }
        Some(LedgerRecord::Tick(tick)) => writeln!(out, " tick {}", tick.id)?,
        Some(LedgerRecord::Commit(commit)) => {
            write!(out, " commit {} by {}", commit.id, actor(&commit.actor))?;
            if let Some(authorization) = &commit.authorization {
                let (decision, at) = (authorization.decision, authorization.position);
                write!(out, " allowed by decision {decision} at {at}")?;
            }
            if let Some(reason) = &commit.reason {
                write!(out, " because {reason:?}")?;
            }
            writeln!(out, " as of {}", commit.as_of)?;
            for event in &commit.events {
                writeln!(out, "    {} {} {}", event.stream, event.kind, event.data)?;
            }
        }
    }
    Ok(true)
}

fn is_wanted(record: &Folded, filter: &ReplayFilter) -> bool {
    let Some(stream) = &filter.stream else { return true };
    match &record.record {
        Some(LedgerRecord::Commit(commit)) => {
            commit.events.iter().any(|event| event.stream == *stream)
        }
        Some(LedgerRecord::Genesis(_) | LedgerRecord::Tick(_)) | None => false,
    }
}

/// The actor in few words.
fn actor(actor: &Actor) -> String {
    let parts = [
        actor.org.map(|org| format!("organisation {org}")),
        actor.party.map(|party| format!("person {party}")),
        actor.system_user.map(|user| format!("system user {user}")),
        actor.client_id.as_ref().map(|client| format!("client {client}")),
    ];
    let named: Vec<String> = parts.into_iter().flatten().collect();
    if named.is_empty() { format!("{:?}", actor.kind).to_lowercase() } else { named.join(", ") }
}

#[cfg(test)]
mod tests {
    use fullmakt_events::{
        Admission, Commit, Genesis, OrgNumber, Position, RecordedEvent, Timestamp, encode,
        event::{OrgNumberClaimed, OrgNumberEvent},
    };
    use uuid::Uuid;

    use super::*;

    fn history() -> Vec<Folded> {
        let ledger = Uuid::from_u128(1).into();
        let genesis = LedgerRecord::Genesis(Genesis { ledger, name: "main".into(), format: 0 });
        let bytes = encode(&genesis).unwrap();
        let time = Timestamp::from_millis(1_800_000_000_000);
        let mut admission = Admission::begin(Position::GENESIS, time, &bytes, "main").unwrap();
        let first = Folded::genesis(&admission, time, &bytes);

        let org: OrgNumber = "310010014".parse().unwrap();
        let stream = StreamName::org(org);
        let party = Uuid::from_u128(2).into();
        let event = OrgNumberEvent::Claimed(OrgNumberClaimed { org_number: org, party });
        let mut commit = Commit::new(Uuid::from_u128(3), ledger, time, Actor::operator());
        commit.reads = vec![stream.clone()];
        commit.events = vec![RecordedEvent::new(stream, &event.into()).unwrap()];
        let bytes = encode(&LedgerRecord::Commit(Box::new(commit))).unwrap();
        let second = Folded::fold(&mut admission, time, &bytes).unwrap();
        let third = Folded::fold(&mut admission, time, &bytes).unwrap();
        let fourth = Folded::fold(&mut admission, time, b"{}").unwrap();
        vec![first, second, third, fourth]
    }

    fn printed(filter: &ReplayFilter) -> Vec<String> {
        let mut out = Vec::new();
        for record in history() {
            let before = out.len();
            let is_printed = write_record(&mut out, &record, filter).unwrap();
            assert_eq!(is_printed, out.len() > before);
        }
        String::from_utf8(out).unwrap().lines().map(str::to_owned).collect()
    }

    #[test]
    fn every_record_is_printed_with_its_verdict() {
        let lines = printed(&ReplayFilter::default());
        assert!(
            lines[0].starts_with("0 2027-01-15T08:00:00.000000Z admitted genesis"),
            "{lines:?}"
        );
        assert!(lines[1].contains("admitted commit"), "{lines:?}");
        assert!(lines[1].ends_with("by operator as of 0"), "{lines:?}");
        assert!(lines[2].starts_with("    org/310010014 org_number.claimed {"), "{lines:?}");
        assert!(lines[3].contains("superseded by org/310010014 commit"), "{lines:?}");
        assert!(lines[5].contains(" void ("), "{lines:?}");
        assert!(lines[5].ends_with("unreadable"), "{lines:?}");
    }

    #[test]
    fn a_filter_leaves_out_what_is_not_about_the_stream() {
        let filter = |name: &str| ReplayFilter { stream: Some(name.parse().unwrap()) };
        assert_eq!(printed(&filter("org/310010014")).len(), 4);
        assert!(printed(&filter("org/310010022")).is_empty());
    }
}
