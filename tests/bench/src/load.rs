//! Load: so many at once, each one after another, for some time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use fullmakt_measures::Failed;

/// What a load came to.
#[derive(Debug, Default)]
pub(crate) struct Load {
    /// How long each operation took, in microseconds, by worker.
    pub(crate) times: Vec<Vec<f64>>,
    /// How long it took in all, in microseconds.
    pub(crate) elapsed: f64,
}

impl Load {
    /// The time that passed for each operation, in microseconds. With several at once that is less
    /// than one of them takes.
    pub(crate) fn time_an_operation(&self) -> f64 {
        let operations = self.times.iter().map(Vec::len).sum::<usize>();
        self.elapsed / f64::from(u32::try_from(operations.max(1)).unwrap_or(u32::MAX))
    }

    /// All times.
    pub(crate) fn all(&self) -> Vec<f64> {
        self.times.concat()
    }
}

/// Lets every worker do one operation after another until the time is over. Operations are numbered
/// across all workers.
pub(crate) async fn load<W, F>(
    workers: &[W],
    time: Duration,
    numbers: &Arc<AtomicU64>,
    operate: impl Fn(W, u64) -> F + Clone + Send + Sync + 'static,
) -> Result<Load, Failed>
where
    W: Clone + Send + Sync + 'static,
    F: Future<Output = Result<(), Failed>> + Send + 'static,
{
    let began = Instant::now();
    let tasks: Vec<_> = workers
        .iter()
        .map(|worker| {
            let (worker, numbers, operate) = (worker.clone(), Arc::clone(numbers), operate.clone());
            tokio::spawn(async move {
                let mut times = Vec::new();
                while began.elapsed() < time {
                    let start = Instant::now();
                    let number = numbers.fetch_add(1, Ordering::Relaxed);
                    operate(worker.clone(), number).await?;
                    times.push(micros(start.elapsed()));
                }
                Ok::<_, Failed>(times)
            })
        })
        .collect();
    let mut load = Load::default();
    for task in tasks {
        load.times.push(task.await??);
    }
    load.elapsed = micros(began.elapsed());
    Ok(load)
}

/// Microseconds.
pub(crate) fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_worker_works_and_every_operation_counts_once() {
        let numbers = Arc::new(AtomicU64::new(0));
        let load = load(&['a', 'b', 'c'], Duration::from_millis(20), &numbers, |_, _| async {
            tokio::task::yield_now().await;
            Ok(())
        })
        .await
        .unwrap();
        assert_eq!(load.times.len(), 3);
        assert!(load.times.iter().all(|times| !times.is_empty()));
        let operations = u64::try_from(load.all().len()).unwrap();
        assert_eq!(operations, numbers.load(Ordering::Relaxed));
        let expected = load.elapsed / f64::from(u32::try_from(operations).unwrap());
        assert!((load.time_an_operation() - expected).abs() < f64::EPSILON);
    }

    #[tokio::test]
    async fn a_failure_ends_the_measurement() {
        let numbers = Arc::new(AtomicU64::new(0));
        let failed = load(&[()], Duration::from_millis(5), &numbers, |(), number| async move {
            if number == 3 { Err("no".into()) } else { Ok(()) }
        });
        assert_eq!(failed.await.unwrap_err().to_string(), "no");
    }
}
