//! Steady load: clients who want one thing after the other, and check that what they were told is
//! true.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use fullmakt_scenarios::VENDOR;
use serde_json::Value;
use tokio::task::JoinHandle;

use crate::{
    Chance,
    client::{Asker, Orderer},
    history::{Entry, entries},
    order::{Order, Reply, What},
    pause,
};

/// How many systems the clients share, so that they are in each other's way.
const SYSTEMS_SHARED: u64 = 3;
/// How many names of systems the clients compete for.
const NAMES_CONTESTED: u64 = 30;
/// How many turns each client takes when all is well again, for each server.
const CALM_TURNS: usize = 2;
/// How long a reader waits before it asks whether there is more.
const READ_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// Clients at work.
pub struct Load {
    is_calm: Arc<AtomicBool>,
    clients: Vec<JoinHandle<Account>>,
    readers: Vec<JoinHandle<Vec<Entry>>>,
}

/// What one client wanted and was told.
pub struct Account {
    /// While things were broken.
    pub during: Vec<Order>,
    /// When all was well again: each turn began with the next server.
    pub after: Vec<Order>,
}

impl Load {
    /// Begins: this many clients, and one reader of each server.
    pub async fn begin(asker: &Asker, chance: &Chance, clients: u64) -> (Self, Vec<Order>) {
        let mut founder = Orderer::new(asker.clone(), chance.fork(0), "founder".to_owned());
        for number in 0..SYSTEMS_SHARED {
            founder.order(What::Register { system: shared(number) }).await;
        }
        let is_calm = Arc::new(AtomicBool::new(false));
        let clients = (0..clients).map(|number| {
            let name = format!("client-{number}");
            let orderer = Orderer::new(asker.clone(), chance.fork(number + 1), name);
            tokio::spawn(work(orderer, number, Arc::clone(&is_calm)))
        });
        let clients = clients.collect();
        let readers = (0..asker.servers()).map(|member| {
            let member = usize::try_from(member).expect("it is a place");
            tokio::spawn(read(asker.clone(), member, Arc::clone(&is_calm)))
        });
        let readers = readers.collect();
        (Self { is_calm, clients, readers }, founder.orders)
    }

    /// Says that all is well again, and waits until every client got its last commands through.
    pub async fn end(self) -> (Vec<Account>, Vec<Vec<Entry>>) {
        self.is_calm.store(true, Ordering::SeqCst);
        let mut accounts = Vec::new();
        for client in self.clients {
            accounts.push(client.await.expect("no client was lied to"));
        }
        let mut read = Vec::new();
        for reader in self.readers {
            read.push(reader.await.expect("no reader was lied to"));
        }
        (accounts, read)
    }
}

fn shared(number: u64) -> String {
    format!("{VENDOR}_shared-{number}")
}

async fn work(mut client: Orderer, number: u64, is_calm: Arc<AtomicBool>) -> Account {
    let system = shared(number % SYSTEMS_SHARED);
    while !is_calm.load(Ordering::SeqCst) {
        turn(&mut client, &system).await;
    }
    let during = std::mem::take(&mut client.orders);
    let servers = usize::try_from(client.asker.servers()).expect("they can be counted");
    for turn in 0..CALM_TURNS * servers {
        let reference = format!("calm-{number}-{turn}");
        let what = What::Ask { system: system.clone(), reference };
        client.order_from(turn % servers, what).await;
    }
    Account { during, after: client.orders }
}

/// One turn: a request and what becomes of it, or a registration.
async fn turn(client: &mut Orderer, system: &str) {
    let turn = client.chance.below(12);
    if turn == 0 {
        let name = client.chance.below(NAMES_CONTESTED);
        client.order(What::Register { system: format!("{VENDOR}_contested-{name}") }).await;
        return;
    }
    let reference = client.fresh_name();
    let asked = client.order(What::Ask { system: system.to_owned(), reference }).await;
    let asked = asked.done().unwrap_or_else(|| panic!("{asked:?}"));
    let request = asked.body["id"].as_str().expect("an id").to_owned();
    let what = |verb: fn(String) -> What| verb(request.clone());
    let (approve, reject, withdraw) = (
        what(|request| What::Approve { request }),
        what(|request| What::Reject { request }),
        what(|request| What::Withdraw { request }),
    );
    match turn {
        1..=4 => {
            let approved = client.order(approve).await;
            let told = approved.done().unwrap_or_else(|| panic!("{approved:?}"));
            decided(client, &request, told, |decision| decision == "Permit").await;
        }
        5 => {
            client.order(approve).await;
            let deleted = client.order(What::Delete { user: request.clone() }).await;
            let told = deleted.done().unwrap_or_else(|| panic!("{deleted:?}"));
            decided(client, &request, told, |decision| decision != "Permit").await;
        }
        6 | 7 => {
            let rejected = client.order(reject).await;
            let told = rejected.done().unwrap_or_else(|| panic!("{rejected:?}"));
            has_status(client, &request, told, Some("Rejected")).await;
            let late = client.order(approve).await;
            assert!(late.done().is_none(), "a rejected request was approved: {late:?}");
        }
        8 | 9 => {
            let withdrawn = client.order(withdraw).await;
            let told = withdrawn.done().unwrap_or_else(|| panic!("{withdrawn:?}"));
            has_status(client, &request, told, None).await;
            let late = client.order(approve).await;
            assert!(late.done().is_none(), "a withdrawn request was approved: {late:?}");
        }
        10 => {
            let stranger = What::ApproveAsStranger { request };
            let refused = client.order(stranger).await;
            assert!(refused.done().is_none(), "a stranger approved: {refused:?}");
        }
        _ => {
            let [approved, rejected] = client.order_both(approve, reject).await;
            let both = approved.done().is_some() && rejected.done().is_some();
            assert!(!both, "{approved:?} and {rejected:?}");
        }
    }
}

/// Asks any server for a decision on what a command came to, until there is one.
async fn decided(client: &mut Orderer, user: &str, told: &Reply, is_true: impl Fn(&Value) -> bool) {
    let fresh = told.token.as_deref().expect("a command says its position");
    loop {
        let member = client.any_member();
        if let Some(found) = client.asker.decision(member, user, Some(fresh)).await
            && found.status == 200
        {
            found.is_as_fresh_as(fresh);
            assert!(is_true(&found.body), "told {told:?}, and then {found:?} of {user}");
            return;
        }
        pause(READ_AGAIN_AFTER).await;
    }
}

/// Asks any server for a request's status, until there is an answer.
async fn has_status(client: &mut Orderer, request: &str, told: &Reply, expected: Option<&str>) {
    let fresh = told.token.as_deref().expect("a command says its position");
    loop {
        let member = client.any_member();
        if let Some(status) = client.asker.status(member, request, fresh).await {
            assert_eq!(status.as_deref(), expected, "{request} after {told:?}");
            return;
        }
        pause(READ_AGAIN_AFTER).await;
    }
}

/// Reads the ledger at one server as it grows, each position once and in order.
async fn read(asker: Asker, member: usize, is_calm: Arc<AtomicBool>) -> Vec<Entry> {
    let mut read = Vec::new();
    loop {
        // What is there when all is well again is read, and then no more.
        let is_last = is_calm.load(Ordering::SeqCst);
        let from = u64::try_from(read.len()).expect("they can be counted");
        let found = asker.page(member, from, None).await;
        let found = found.filter(|found| found.status == 200);
        if let Some(found) = &found {
            let page = entries(&found.body, from);
            let end = page.last().map(|entry| entry.position);
            assert!(end <= found.position, "a page shows more than it says: {:?}", found.position);
            read.extend(page);
        }
        if is_last && found.is_some() {
            return read;
        }
        pause(READ_AGAIN_AFTER).await;
    }
}
