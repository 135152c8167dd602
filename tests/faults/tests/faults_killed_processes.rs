//! Processes are killed, or stopped and continued, at random moments under load: servers, each of
//! which takes commands and projects, PostgreSQL with all that serves for it, and the broker.
//! Afterwards everything that anybody was told has to be true.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::{
    collections::BTreeSet,
    os::unix::process::ExitStatusExt as _,
    time::{Duration, Instant},
};

use fullmakt_faults::{
    Account, Asker, Brokers, Chance, Entry, History, Installation, Load, Member, Order, Plan,
    can_run_brokers, seeds, skip, truth,
};
use fullmakt_scenarios::Log;

const SERVERS: usize = 3;
const CLIENTS: u64 = 6;
/// How long it may take, once all is well again, until every client got all its commands through.
const THROUGH_WITHIN: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_doubled_or_untrue_on_postgres() {
    for seed in seeds(4) {
        under_fire(Log::Postgres, seed).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_doubled_or_untrue_on_kafka() {
    if !can_run_brokers() {
        skip("there are no brokers to be killed; `cargo xtask test faults` brings them");
        return;
    }
    for seed in seeds(4) {
        under_fire(Log::Kafka, seed).await;
    }
}

async fn under_fire(log: Log, seed: u64) {
    let chance = Chance::new(seed);
    let plan = Plan::draw(&chance, SERVERS, log);
    eprintln!("to have this run again: FULLMAKT_TEST_SEED={seed}; {plan:?}");
    let brokers = match log {
        Log::Kafka => Some(Brokers::start(1).await),
        Log::Postgres => None,
    };
    let mut installation = Installation::prepare(brokers).await;
    installation.serve(SERVERS).await;
    let people = installation.people().await;
    let asker = Asker::of(&installation, &people);

    let began = Instant::now();
    let (load, founding) = Load::begin(&asker, &chance, CLIENTS).await;
    plan.carry_out(&mut installation).await;
    eprintln!("under fire for {:?}", began.elapsed());
    let (accounts, read) = tokio::time::timeout(THROUGH_WITHIN, load.end())
        .await
        .expect("every client gets its commands through when all is well again");

    let during = accounts.iter().flat_map(|account| &account.during);
    let after = accounts.iter().flat_map(|account| &account.after);
    let orders: Vec<&Order> = founding.iter().chain(during).chain(after).collect();
    let newest = truth::newest(&orders);
    let history = told_alike(&asker, &read, &newest).await;
    describe(&history, &orders);
    history.judge();
    truth::hold(&history, &orders);
    truth::compare_with_fold(&asker, &history, &newest).await;
    nobody_starved(&history, &accounts);
    installation.members.iter().for_each(ended_only_when_killed);
    installation.verify();
}

/// The ledger, which every server tells alike, and told alike all along.
async fn told_alike(asker: &Asker, read: &[Vec<Entry>], newest: &str) -> History {
    let mut histories = Vec::new();
    for member in 0..SERVERS {
        histories.push(History::told_by(asker, member, newest).await);
    }
    for entries in read {
        let known = histories.iter().find(|history| history.entries().len() >= entries.len());
        let known = known.expect("what was read is there");
        assert_eq!(known.entries()[..entries.len()], entries[..], "told otherwise before");
    }
    // Ticks are appended all the while.
    let common = histories.iter().map(|history| history.entries().len()).min().unwrap_or_default();
    for history in &mut histories {
        history.cut(common);
    }
    assert!(histories.iter().all(|history| *history == histories[0]), "the servers differ");
    histories.swap_remove(0)
}

/// Each client got commands through while things broke, and each server had commits of its own
/// admitted afterwards.
fn nobody_starved(history: &History, accounts: &[Account]) {
    for account in accounts {
        assert!(account.during.iter().any(|order| order.done().is_some()));
    }
    let admitted: BTreeSet<&str> = history.admitted().filter_map(Entry::correlation).collect();
    let attempts = accounts.iter().flat_map(|account| &account.after).flat_map(|o| &o.attempts);
    let counted = attempts.filter(|attempt| admitted.contains(attempt.id.as_str()));
    let members: BTreeSet<usize> = counted.map(|attempt| attempt.member).collect();
    assert_eq!(members, (0..SERVERS).collect());
}

/// Outages are lived through: a server that had begun to answer ends only when it is killed.
fn ended_only_when_killed(member: &Member) {
    for end in member.ends() {
        let is_killed = end.status.signal() == Some(9);
        assert!(is_killed || !end.had_served, "a server gave up: {}", end.last_words);
    }
}

fn describe(history: &History, orders: &[&Order]) {
    let attempts: usize = orders.iter().map(|order| order.attempts.len()).sum();
    let done = orders.iter().filter(|order| order.done().is_some()).count();
    let verdicts = ["admitted", "superseded", "stale", "void"];
    let verdicts = verdicts.map(|verdict| (verdict, history.count(verdict)));
    eprintln!("{} commands, {attempts} attempts, {done} done; {verdicts:?}", orders.len());
}
