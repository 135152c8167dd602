//! What it takes to begin at the snapshot in PostgreSQL, beside folding the same streams afresh.

use std::{
    future::ready,
    time::{Duration, Instant},
};

use fullmakt_events::{Folded, Position, encode};
use fullmakt_readstore::{
    Projector, ProjectorError, ProjectorLimits, admission_snapshot,
    testing::{TestDatabase, TestLedger},
};

use crate::memory::{STREAMS_A_COMMIT, as_f64, begun, commit, resident_bytes, time};
use fullmakt_measures::{Failed, Measure, Report};

/// The rows as an import would have left them. Keys are spread as those of names are.
const FILL: &str = "
    SET synchronous_commit = off;
    SET search_path = fullmakt_read_3;
    ALTER TABLE ledger_streams DROP CONSTRAINT ledger_streams_pkey;
    INSERT INTO ledger_streams (stream_key, stream, version, position)
    SELECT md5(number::text)::uuid, 'client-id/client-' || number, 1, 1 + number / {commit}
    FROM generate_series(0, {streams} - 1) AS number;
    ALTER TABLE ledger_streams ADD PRIMARY KEY (stream_key);
    UPDATE checkpoint SET position = 1 + {streams} / {commit}";

pub(crate) async fn run(report: &mut Report, streams: u64) -> Result<(), Failed> {
    let database = TestDatabase::create();
    let ledger = TestLedger::new();
    let limits = ProjectorLimits::default();
    let end = ready(Ok::<_, ProjectorError>(Position::GENESIS.next()));
    Projector::open(database.database(), TestLedger::ID, end, limits)
        .await?
        .apply(ledger.records())
        .await?;
    let fill = FILL.replace("{streams}", &streams.to_string());
    let client = database.client().await;
    client.batch_execute(&fill.replace("{commit}", &STREAMS_A_COMMIT.to_string())).await?;
    // As autovacuum would have left it.
    client.batch_execute("VACUUM (ANALYZE) fullmakt_read_3.ledger_streams").await?;

    let before = resident_bytes()?;
    let began = Instant::now();
    let snapshot = admission_snapshot(database.database()).await?.ok_or("nothing was folded")?;
    let loaded = began.elapsed();
    let bytes = resident_bytes()?.saturating_sub(before);
    eprintln!("  resident afterwards: {:.1} bytes a stream", as_f64(bytes) / as_f64(streams));
    let held = snapshot.admission.last_writes().count();
    if u64::try_from(held)? != streams {
        return Err(format!("the snapshot holds {held} streams instead of {streams}").into());
    }
    drop(snapshot);

    let folded = fold_afresh(streams)?;
    eprintln!("  folding afresh: {:.0} events a second", as_f64(streams) / folded.as_secs_f64());
    report.add(&Measure {
        name: "folder snapshot".to_owned(),
        ours: loaded.as_secs_f64(),
        anchor: folded.as_secs_f64(),
        anchor_name: format!("folding {streams} streams afresh, an event each"),
        unit: "s",
    })?;
    Ok(())
}

/// How long it takes to judge and read as many events from bytes, without what the log takes to give
/// them and in commits as large as they come.
fn fold_afresh(streams: u64) -> Result<Duration, Failed> {
    let mut admission = begun()?;
    let mut folding = Duration::ZERO;
    for from in (0..streams).step_by(STREAMS_A_COMMIT) {
        let bytes = encode(&commit(&admission, from, streams)?)?;
        let began = Instant::now();
        let folded = Folded::fold(&mut admission, time(), &bytes)?;
        folding += began.elapsed();
        if folded.events.is_empty() {
            return Err(format!("a commit is {}", folded.verdict.name()).into());
        }
    }
    Ok(folding)
}
