//! What is done to an installation, and when: all of it follows from a seed.

use std::{collections::VecDeque, fmt, time::Duration};

use fullmakt_scenarios::Log;
use rustix::process::Signal;
use tokio::time::Instant;

use crate::{Chance, Installation, pause};

/// Longer than every time-out: a commit is stale after 30 s.
const BEYOND_EVERY_TIMEOUT: Duration = Duration::from_secs(33);

/// One fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A server is killed, and another is started in its place.
    KillServer(usize),
    /// A server is stopped for so long, and goes on.
    FreezeServer(usize, Duration),
    /// PostgreSQL is killed, and started after so long.
    KillDatabase(Duration),
    /// PostgreSQL is stopped for so long, and goes on.
    FreezeDatabase(Duration),
    /// The broker is killed, and started after so long.
    KillBroker(Duration),
    /// The broker is stopped for so long, and goes on.
    FreezeBroker(Duration),
}

/// Faults, each with the time that passes before it.
#[derive(Clone, PartialEq, Eq)]
pub struct Plan(Vec<(Duration, Fault)>);

impl Plan {
    /// The plan that follows from this chance, for so many servers on this log.
    pub fn draw(chance: &Chance, servers: usize, log: Log) -> Self {
        let mut chance = chance.fork(u64::MAX);
        let servers: Vec<usize> = (0..servers).collect();
        let mut faults = Vec::new();
        for _ in 0..4 {
            faults.push(Fault::KillServer(chance.pick(&servers)));
        }
        for _ in 0..2 {
            let time = millis(&mut chance, 3_000, 8_000);
            faults.push(Fault::FreezeServer(chance.pick(&servers), time));
            faults.push(Fault::KillDatabase(millis(&mut chance, 100, 1_500)));
        }
        faults.push(Fault::FreezeDatabase(millis(&mut chance, 3_000, 6_000)));
        match log {
            Log::Kafka => {
                faults.push(Fault::KillBroker(millis(&mut chance, 100, 1_500)));
                faults.push(Fault::FreezeBroker(millis(&mut chance, 3_000, 7_000)));
            }
            Log::Postgres => faults.push(Fault::KillDatabase(millis(&mut chance, 100, 1_500))),
        }
        shuffle(&mut faults, &mut chance);
        // Early, so that much happens meanwhile.
        let frozen = chance.pick(&servers);
        let place = usize::try_from(chance.below(3)).expect("it is a place");
        faults.insert(place, Fault::FreezeServer(frozen, BEYOND_EVERY_TIMEOUT));
        Self(faults.into_iter().map(|fault| (millis(&mut chance, 300, 2_500), fault)).collect())
    }

    /// Does all of it, and then mends everything.
    pub async fn carry_out(&self, installation: &mut Installation) {
        let mut frozen: VecDeque<(Instant, usize)> = VecDeque::new();
        for (wait, fault) in &self.0 {
            pause(*wait).await;
            let now = Instant::now();
            frozen.retain(|(until, server)| {
                let is_over = *until <= now;
                if is_over {
                    installation.members[*server].thaw();
                }
                !is_over
            });
            match *fault {
                Fault::KillServer(server) => {
                    installation.members[server].kill();
                    frozen.retain(|(_, other)| *other != server);
                }
                Fault::FreezeServer(server, time) => {
                    installation.members[server].freeze();
                    frozen.push_back((now + time, server));
                }
                Fault::KillDatabase(time) => {
                    installation.postgres.kill();
                    pause(time).await;
                    installation.postgres.run(&[]).await;
                }
                Fault::FreezeDatabase(time) => {
                    installation.postgres.signal(Signal::STOP);
                    pause(time).await;
                    installation.postgres.signal(Signal::CONT);
                }
                Fault::KillBroker(time) => {
                    let brokers = installation.brokers.as_mut().expect("there are brokers");
                    brokers.kill(0);
                    pause(time).await;
                    brokers.start_the_dead();
                    brokers.until_all_serve().await;
                }
                Fault::FreezeBroker(time) => {
                    let brokers = installation.brokers.as_ref().expect("there are brokers");
                    brokers.freeze(0);
                    pause(time).await;
                    brokers.thaw(0);
                }
            }
        }
        for (until, server) in frozen {
            pause(until.saturating_duration_since(Instant::now())).await;
            installation.members[server].thaw();
        }
        installation.until_ready().await;
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(&self.0).finish()
    }
}

fn millis(chance: &mut Chance, from: u64, to: u64) -> Duration {
    Duration::from_millis(from + chance.below(to - from))
}

fn shuffle(faults: &mut [Fault], chance: &mut Chance) {
    for last in (1..faults.len()).rev() {
        let bound = u64::try_from(last + 1).expect("they can be counted");
        let place = usize::try_from(chance.below(bound)).expect("it is a place");
        faults.swap(last, place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_follows_from_the_seed() {
        let plan = |seed| Plan::draw(&Chance::new(seed), 3, Log::Kafka);
        assert_eq!(plan(1), plan(1));
        assert_ne!(plan(1), plan(2));
    }

    #[test]
    fn every_plan_holds_every_fault() {
        for seed in 0..50 {
            let Plan(faults) = Plan::draw(&Chance::new(seed), 3, Log::Kafka);
            let count = |is: fn(&Fault) -> bool| faults.iter().filter(|(_, f)| is(f)).count();
            assert_eq!(count(|fault| matches!(fault, Fault::KillServer(_))), 4);
            assert_eq!(count(|fault| matches!(fault, Fault::FreezeServer(..))), 3);
            assert_eq!(count(|fault| matches!(fault, Fault::KillDatabase(_))), 2);
            assert_eq!(count(|fault| matches!(fault, Fault::FreezeDatabase(_))), 1);
            assert_eq!(count(|fault| matches!(fault, Fault::KillBroker(_))), 1);
            assert_eq!(count(|fault| matches!(fault, Fault::FreezeBroker(_))), 1);
        }
    }
}
