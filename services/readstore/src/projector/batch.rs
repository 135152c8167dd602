//! What goes into one transaction.

use std::sync::Arc;

use fullmakt_events::Folded;
use tokio::{
    sync::mpsc::{self, error::TryRecvError},
    time::{Instant, timeout_at},
};

use super::ProjectorLimits;

/// Waits for records, and takes what else is there within the limits; nothing when the sender is
/// gone and all has been taken.
pub(super) async fn gather(
    batches: &mut mpsc::Receiver<Arc<[Folded]>>,
    limits: &ProjectorLimits,
) -> Option<Vec<Arc<[Folded]>>> {
    let first = batches.recv().await?;
    let deadline = Instant::now() + limits.linger;
    let mut size = Size::of(&first);
    let mut gathered = vec![first];
    while size.records < limits.records_max && size.bytes < limits.bytes_max {
        let next = match batches.try_recv() {
            Ok(batch) => Some(batch),
            Err(TryRecvError::Disconnected) => None,
            Err(TryRecvError::Empty) if limits.linger.is_zero() => None,
            Err(TryRecvError::Empty) => timeout_at(deadline, batches.recv()).await.ok().flatten(),
        };
        let Some(batch) = next else { break };
        size.add(&batch);
        gathered.push(batch);
    }
    Some(gathered)
}

/// Parts records so that each part is within the limits, or is one record.
pub(super) fn chunks<'a, 'r>(
    records: &'a [&'r Folded],
    limits: &ProjectorLimits,
) -> Vec<&'a [&'r Folded]> {
    let mut chunks = Vec::new();
    let mut rest = records;
    while !rest.is_empty() {
        let fitting = limits.fitting(rest.iter().map(|record| record.bytes.len()));
        let (chunk, after) = rest.split_at(fitting);
        chunks.push(chunk);
        rest = after;
    }
    chunks
}

struct Size {
    records: usize,
    bytes: usize,
}

impl Size {
    fn of(batch: &[Folded]) -> Self {
        let mut size = Self { records: 0, bytes: 0 };
        size.add(batch);
        size
    }

    fn add(&mut self, batch: &[Folded]) {
        self.records += batch.len();
        self.bytes += batch.iter().map(|record| record.bytes.len()).sum::<usize>();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use fullmakt_events::{Position, Timestamp, Verdict, VoidReason};

    use super::*;

    fn record(position: u64, bytes: usize) -> Folded {
        Folded {
            position: Position::new(position),
            append_time: Timestamp::default(),
            ledger_time: Timestamp::default(),
            bytes: vec![0; bytes].into(),
            verdict: Verdict::Void(VoidReason::GenesisElsewhere),
            record: None,
            events: Vec::new(),
        }
    }

    fn limits(records_max: usize, bytes_max: usize) -> ProjectorLimits {
        ProjectorLimits { records_max, bytes_max, linger: Duration::ZERO }
    }

    #[test]
    fn parts_are_within_both_limits_and_lose_nothing() {
        let records: Vec<Folded> =
            [10, 10, 10, 95, 10, 200, 10].into_iter().zip(0..).map(|(b, p)| record(p, b)).collect();
        let records: Vec<&Folded> = records.iter().collect();
        let sizes = |limits| chunks(&records, &limits).iter().map(|c| c.len()).collect::<Vec<_>>();
        assert_eq!(sizes(limits(2, 1000)), [2, 2, 2, 1]);
        assert_eq!(sizes(limits(10, 100)), [3, 1, 1, 1, 1]);
        assert_eq!(sizes(limits(0, 0)), [1; 7]);
        assert!(chunks(&[], &limits(2, 2)).is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_there_is_taken_together_up_to_the_limit() {
        let (sender, mut receiver) = mpsc::channel(10);
        for position in 0..5 {
            sender.try_send(Arc::from([record(position, 1)])).unwrap();
        }
        let gathered = gather(&mut receiver, &limits(3, 100)).await.unwrap();
        assert_eq!(gathered.len(), 3);
        let gathered = gather(&mut receiver, &limits(3, 100)).await.unwrap();
        assert_eq!(gathered.len(), 2);
        drop(sender);
        assert!(gather(&mut receiver, &limits(3, 100)).await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn a_batch_waits_for_more_no_longer_than_it_may() {
        let (sender, mut receiver) = mpsc::channel(10);
        let linger = Duration::from_millis(20);
        let begun = Instant::now();
        let feed = async {
            for position in 0..5 {
                sender.send(Arc::from([record(position, 1)])).await.unwrap();
                tokio::time::sleep(Duration::from_millis(8)).await;
            }
        };
        let limits = ProjectorLimits { records_max: 100, bytes_max: 100, linger };
        let (gathered, ()) = tokio::join!(
            async { (gather(&mut receiver, &limits).await.unwrap().len(), begun.elapsed()) },
            feed
        );
        assert_eq!(gathered, (3, linger));
    }
}
