//! The ledger that a country's organisations write: the release's catalogues, one resource and one
//! system, the entity register, and the links between the accountants' system users and their
//! clients.

mod links;
mod parties;
mod start;

use std::{error::Error, iter};

use bytes::Bytes;
use fullmakt_events::{
    Actor, Admission, Commit, Event, FORMAT, Folded, Genesis, LedgerId, LedgerRecord, Position,
    RecordedEvent, StreamName, Timestamp, encode,
};
use uuid::Uuid;

use crate::Country;

pub use links::agent;
pub use parties::{person, unit};
pub use start::RESOURCE;

/// Why there is no ledger: the release's own data are broken.
pub type Broken = Box<dyn Error + Send + Sync>;

/// What one commit says.
pub type Events = Vec<(StreamName, Event)>;

/// A record with its place and time, the same for the same country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// Where it stands.
    pub position: Position,
    /// When it was appended.
    pub append_time: Timestamp,
    /// What was appended.
    pub bytes: Bytes,
}

/// What happens, commit by commit.
///
/// # Errors
/// When the release's own data are broken.
pub fn events(country: &Country) -> Result<impl Iterator<Item = Events> + use<'_>, Broken> {
    let roles = parties::Roles::read()?;
    Ok(start::events(country)?
        .into_iter()
        .chain(parties::events(country, roles))
        .chain(links::events(country)))
}

/// The records of a ledger with this name, the genesis first.
///
/// # Errors
/// When the release's own data are broken.
pub fn records<'c>(
    country: &'c Country,
    name: &str,
) -> Result<impl Iterator<Item = Result<Generated, Broken>> + use<'c>, Broken> {
    let ledger = LedgerId::new(Uuid::from_u128(country.bits(Kind::LEDGER, 0)));
    let genesis = Genesis { ledger, name: name.to_owned(), format: FORMAT };
    let commits = events(country)?.zip(1_u32..).map(move |(events, number)| {
        let time = time(number);
        let id = Uuid::from_u128(country.bits(Kind::COMMIT, number));
        let mut commit = Commit::new(id, ledger, time, Actor::operator());
        commit.as_of = Position::new(u64::from(number) - 1);
        for (stream, event) in events {
            if !commit.reads.contains(&stream) {
                commit.reads.push(stream.clone());
            }
            commit.events.push(RecordedEvent::new(stream, &event)?);
        }
        Ok::<_, Broken>((number, LedgerRecord::Commit(Box::new(commit))))
    });
    Ok(iter::once(Ok((0, LedgerRecord::Genesis(genesis)))).chain(commits).map(|record| {
        let (number, record) = record?;
        Ok(Generated {
            position: Position::new(number.into()),
            append_time: time(number),
            bytes: encode(&record)?.into(),
        })
    }))
}

/// The same records with their verdicts, as everybody who folds the ledger has them.
///
/// # Errors
/// When the release's own data are broken.
pub fn folded<'c>(
    country: &'c Country,
    name: &str,
) -> Result<impl Iterator<Item = Result<Folded, Broken>> + use<'c>, Broken> {
    let mut records = records(country, name)?;
    let genesis = records.next().ok_or("a ledger has a genesis")??;
    let time = genesis.append_time;
    let mut admission = Admission::begin(genesis.position, time, &genesis.bytes, name)?;
    let first = Folded::genesis(&admission, time, &genesis.bytes);
    let others = records.map(move |record| {
        let record = record?;
        Ok(Folded::fold(&mut admission, record.append_time, &record.bytes)?)
    });
    Ok(iter::once(Ok(first)).chain(others))
}

/// When the record at a position is appended: there is one in a millisecond.
fn time(number: u32) -> Timestamp {
    Timestamp::from_millis(1_767_225_600_000 + i64::from(number))
}

/// Kinds of ids, so that a unit and a system user with the same index have different ones.
struct Kind;

impl Kind {
    const LEDGER: u32 = 0;
    const COMMIT: u32 = 1;
    const PARTY: u32 = 2;
    const SYSTEM_USER: u32 = 3;
    const SYSTEM: u32 = 4;
}

#[cfg(test)]
mod tests {
    use fullmakt_events::Verdict;

    use super::*;
    use crate::Size;

    const SIZE: Size = Size { units: 400, sub_units: 150, delegations: 900 };

    fn ledger(seed: u64) -> Vec<Generated> {
        let country = Country::new(seed, SIZE).unwrap();
        records(&country, "made-up").unwrap().collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn every_commit_of_the_ledger_is_admitted() {
        let country = Country::new(7, SIZE).unwrap();
        let mut links = 0;
        for (folded, record) in folded(&country, "made-up").unwrap().zip(ledger(7)) {
            let folded = folded.unwrap();
            assert_eq!((folded.position, folded.verdict), (record.position, Verdict::Admitted));
            links += folded
                .events
                .iter()
                .filter(|(_, event)| matches!(event, Event::ClientLink(_)))
                .count();
        }
        assert_eq!(links, 900);
    }

    #[test]
    fn the_same_seed_writes_the_same_bytes_and_another_seed_others() {
        assert_eq!(ledger(7), ledger(7));
        assert!(ledger(7) != ledger(8));
    }
}
