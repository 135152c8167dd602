//! What the admission rule's map takes in memory.

use std::fs;

use fullmakt_events::{
    Actor, Admission, Commit, Event, FORMAT, Genesis, LedgerId, LedgerRecord, Position,
    RecordedEvent, StreamName, Timestamp, Verdict, encode,
    event::{ClientIdEvent, ClientIdReleased},
};
use uuid::Uuid;

use fullmakt_measures::{Failed, Measure, Report};

/// What the design allows a stream, in bytes.
const BYTES_A_STREAM: f64 = 40.0;
/// How many streams one commit writes to.
pub(crate) const STREAMS_A_COMMIT: usize = 500;

pub(crate) fn run(report: &mut Report, streams: u64) -> Result<(), Failed> {
    let before = resident_bytes()?;
    let admission = filled(streams)?;
    let bytes = resident_bytes()?.saturating_sub(before);
    // Without this the map could be gone before it is weighed.
    let held = admission.last_writes().count();
    if u64::try_from(held)? != streams {
        return Err(format!("the map holds {held} streams instead of {streams}").into());
    }
    let bytes_a_stream = as_f64(bytes) / as_f64(streams);
    report.add(&Measure {
        name: "folder memory".to_owned(),
        ours: bytes_a_stream,
        anchor: BYTES_A_STREAM,
        anchor_name: format!("goal, at {streams} streams"),
        unit: "bytes a stream",
    })?;
    Ok(())
}

/// The state of the admission rule after so many streams were written.
fn filled(streams: u64) -> Result<Admission, Failed> {
    let mut admission = begun()?;
    for from in (0..streams).step_by(STREAMS_A_COMMIT) {
        let record = commit(&admission, from, streams)?;
        let verdict = admission.judge(time(), &Ok(record));
        if verdict != Verdict::Admitted {
            return Err(format!("a commit is {}", verdict.name()).into());
        }
    }
    Ok(admission)
}

/// The state of the admission rule after a genesis.
pub(crate) fn begun() -> Result<Admission, Failed> {
    const NAME: &str = "bench";
    let ledger = LedgerId::new(Uuid::from_u128(7));
    let genesis = Genesis { ledger, name: NAME.to_owned(), format: FORMAT };
    let bytes = encode(&LedgerRecord::Genesis(genesis))?;
    Ok(Admission::begin(Position::GENESIS, time(), &bytes, NAME)?)
}

/// The next commit, which writes to the streams from this one on, of so many in all.
pub(crate) fn commit(
    admission: &Admission,
    from: u64,
    streams: u64,
) -> Result<LedgerRecord, Failed> {
    let id = Uuid::from_u128(from.into());
    let mut commit = Commit::new(id, admission.ledger(), time(), Actor::operator());
    commit.as_of = admission.position();
    for number in (from..streams).take(STREAMS_A_COMMIT) {
        let client_id = format!("client-{number}").parse()?;
        let stream = StreamName::client_id(&client_id);
        let event = Event::ClientId(ClientIdEvent::Released(ClientIdReleased {
            client_id,
            system: "310010014_bench".parse()?,
        }));
        commit.reads.push(stream.clone());
        commit.events.push(RecordedEvent::new(stream, &event)?);
    }
    Ok(LedgerRecord::Commit(Box::new(commit)))
}

/// When everything happens.
pub(crate) const fn time() -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000)
}

/// What this process has in memory.
pub(crate) fn resident_bytes() -> Result<u64, Failed> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next());
    let kibibytes: u64 = kibibytes.ok_or("the system does not say what is resident")?.parse()?;
    Ok(kibibytes * 1024)
}

/// Counts here are far below 2^53, up to which this is exact.
pub(crate) fn as_f64(count: u64) -> f64 {
    let [high, low] =
        [count >> 32, count & 0xffff_ffff].map(|half| u32::try_from(half).unwrap_or(0));
    f64::from(high) * 4_294_967_296.0 + f64::from(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_is_filled_with_as_many_streams_as_asked_for() {
        let admission = filled(1_003).unwrap();
        assert_eq!(admission.last_writes().count(), 1_003);
        assert_eq!(admission.position(), Position::new(3));
    }

    #[test]
    fn counts_are_numbers() {
        assert!((as_f64(10_000_000_000) - 1e10).abs() < f64::EPSILON);
    }
}
