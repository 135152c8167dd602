//! The leader of the ledger's partition is cut off from the controllers and from those who follow
//! it, and not from its clients, whom it goes on to answer. Nobody is told an untruth, and whoever
//! hears nothing else stops deciding in time.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use fullmakt_faults::{
    Asker, Brokers, Chance, Installation, Network, Order, Orderer, Told, What, can_run_brokers,
    pause, skip, truth,
};
use fullmakt_scenarios::VENDOR;

const SERVERS: usize = 2;
const MAX_STALENESS: Duration = Duration::from_secs(6);
/// How long an answer may have been under way when it is looked at, on a busy machine.
const ANSWERED_WITHIN: Duration = Duration::from_secs(2);
/// How long the leader is cut off: until another leads, and much longer than decisions are made on
/// what it said last.
const CUT_OFF_FOR: Duration = Duration::from_secs(20);
const AGAIN_AFTER: Duration = Duration::from_millis(200);

/// A decision, and when it came.
struct Decided {
    after_cut: Duration,
    position: u64,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leader_that_is_cut_off_deceives_nobody() {
    if !can_run_brokers() {
        skip("there are no brokers to be cut off; `cargo xtask test faults` brings them");
        return;
    }
    let Some(network) = Network::make(3) else {
        skip("network namespaces cannot be made without `ip` and without being root");
        return;
    };
    let brokers = Brokers::start_in(network.places()).await;
    let mut installation = Installation::prepare(Some(brokers)).await;
    let staleness = MAX_STALENESS.as_secs().to_string();
    installation.system.set("FULLMAKT_LEDGER__MAX_STALENESS_SECONDS", staleness);
    installation.serve(SERVERS).await;
    let people = installation.people().await;
    let mut client =
        Orderer::new(Asker::of(&installation, &people), Chance::new(1), "client".to_owned());
    let system = format!("{VENDOR}_smartcloud");
    client.order(What::Register { system: system.clone() }).await;
    let users = [approved(&mut client, &system).await, approved(&mut client, &system).await];

    let topic =
        format!("fullmakt.{}.commits", installation.system.setting("FULLMAKT_LEDGER__NAME"));
    let leader = installation.brokers.as_ref().expect("there are brokers").leader(&topic);
    network.cut_off(leader);
    let cut = Instant::now();
    let mut known = 0;
    let mut decisions = Vec::new();
    let mut in_doubt: Vec<Order> = Vec::new();
    let mut deleted = None;
    while cut.elapsed() < CUT_OFF_FOR {
        for member in 0..SERVERS {
            let found = client.asker.decision(member, &users[0], None).await;
            if let Some(found) = found.filter(|found| found.status == 200) {
                let position = found.position.expect("a decision says its position");
                decisions.push(Decided { after_cut: cut.elapsed(), position });
                if cut.elapsed() < ANSWERED_WITHIN {
                    known = known.max(position);
                }
            }
            let reference = client.fresh_name();
            let what = What::Ask { system: system.clone(), reference };
            keep(&mut client, &mut in_doubt, member, what).await;
            if deleted.is_none() {
                let what = What::Delete { user: users[1].clone() };
                deleted = keep(&mut client, &mut in_doubt, member, what).await;
            }
            // A decision that insists on the deletion knows of it.
            if let Some(fresh) = &deleted {
                let found = client.asker.decision(member, &users[1], Some(fresh)).await;
                if let Some(found) = found.filter(|found| found.status == 200) {
                    found.is_as_fresh_as(fresh);
                    assert_ne!(found.body, "Permit", "{found:?} after {fresh}");
                }
            }
        }
        pause(AGAIN_AFTER).await;
    }
    assert!(!in_doubt.is_empty(), "nobody felt that the leader was cut off");
    // What was known when the leader was cut off is too old by now, whoever said so.
    for Decided { after_cut, position } in decisions {
        let is_late = after_cut > MAX_STALENESS + 2 * ANSWERED_WITHIN;
        assert!(!(is_late && position <= known), "decided as of {position} {after_cut:?} later");
    }

    network.mend(leader);
    installation.until_ready().await;
    for order in in_doubt {
        client.order_again(order).await;
    }
    for member in 0..SERVERS {
        let reference = client.fresh_name();
        let what = What::Ask { system: system.clone(), reference };
        assert!(client.order_from(member, what).await.done().is_some());
    }
    truth::hold_everywhere(&installation, &client).await;
}

async fn approved(client: &mut Orderer, system: &str) -> String {
    let reference = client.fresh_name();
    let asked = client.order(What::Ask { system: system.to_owned(), reference }).await;
    let asked = asked.done().expect("it is done");
    let request = asked.body["id"].as_str().expect("an id").to_owned();
    let approved = client.order(What::Approve { request: request.clone() }).await;
    assert!(approved.done().is_some(), "{approved:?}");
    request
}

/// Tries something once: its position where it was done. What was not answered is in doubt.
async fn keep(
    client: &mut Orderer,
    in_doubt: &mut Vec<Order>,
    member: usize,
    what: What,
) -> Option<String> {
    let order = client.try_once(member, what).await;
    let done = order.done().and_then(|told| told.token.clone());
    match order.reply() {
        Some(Told::Done(_) | Told::Refused(_)) => client.orders.push(order),
        Some(Told::Unavailable | Told::Nothing) | None => in_doubt.push(order),
    }
    done
}
