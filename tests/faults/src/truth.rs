//! What clients were told, held against the ledger.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use serde_json::Value;

use crate::{
    client::{Asker, Orderer, number},
    history::{Entry, Fate, History},
    installation::Installation,
    order::{Order, Reply, Told, What},
    within,
};

/// For how long a refusal is not final after an attempt with the same key that got no answer.
const IN_DOUBT_FOR: Duration = Duration::from_secs(35);
/// How long a server may take until it answers when all is well.
const ANSWERED_WITHIN: Duration = Duration::from_secs(30);

/// Holds all that a client was told against the ledger as every server tells it, once all is well
/// again: no server has given up, and what was folded is what the ledger gives.
///
/// # Panics
/// When somebody was told an untruth.
pub async fn hold_everywhere(installation: &Installation, client: &Orderer) {
    let orders: Vec<&Order> = client.orders.iter().collect();
    let newest = newest(&orders);
    for member in 0..installation.members.len() {
        let history = History::told_by(&client.asker, member, &newest).await;
        history.judge();
        hold(&history, &orders);
    }
    for member in &installation.members {
        assert!(member.ends().is_empty(), "a server gave up: {:?}", member.ends());
    }
    installation.verify();
}

/// Holds all that clients were told against the ledger.
///
/// # Panics
/// When somebody was told an untruth.
pub fn hold(history: &History, orders: &[&Order]) {
    let mut commits: HashMap<&str, Vec<&Entry>> = HashMap::new();
    for entry in history.admitted() {
        if let Some(correlation) = entry.correlation() {
            commits.entry(correlation).or_default().push(entry);
        }
    }
    let known: HashSet<&str> = orders.iter().flat_map(|order| &order.attempts).map(id).collect();
    let unknown: Vec<_> = commits.keys().filter(|id| !known.contains(*id)).collect();
    assert!(unknown.is_empty(), "nobody asked for {unknown:?}");
    for order in orders {
        let of_attempt = |id: &str| commits.get(id).map(Vec::as_slice).unwrap_or_default();
        let own: Vec<&Entry> =
            order.attempts.iter().flat_map(|attempt| of_attempt(&attempt.id)).copied().collect();
        assert!(own.len() <= 1, "carried out {} times: {order:?}", own.len());
        for attempt in &order.attempts {
            let is_refused = matches!(attempt.told, Told::Refused(_));
            let counts = !of_attempt(&attempt.id).is_empty();
            assert!(!(is_refused && counts), "refused and carried out: {order:?}");
        }
        match (order.reply(), own.first()) {
            (Some(Told::Done(reply)), Some(commit)) => was_done(order, reply, commit),
            (Some(Told::Refused(_)), Some(_)) => may_be_in_doubt(order),
            (Some(Told::Refused(_)), None) => {}
            (reply, commit) => panic!("{order:?} was told {reply:?}, and there is {commit:?}"),
        }
    }
}

/// Asks one server about every request, and compares with a naive fold.
///
/// # Panics
/// When an answer differs.
pub async fn compare_with_fold(asker: &Asker, history: &History, fresh: &str) {
    for (place, (request, fate)) in history.fates().into_iter().enumerate() {
        let member = place % usize::try_from(asker.servers()).expect("they can be counted");
        let mut status = None;
        within(ANSWERED_WITHIN, "the server answers", async || {
            status = asker.status(member, request, fresh).await;
            status.is_some()
        })
        .await;
        let expected = match fate {
            Fate::New => Some("New"),
            Fate::Approved => Some("Accepted"),
            Fate::Rejected => Some("Rejected"),
            Fate::Withdrawn | Fate::Deleted => None,
        };
        let status = status.flatten();
        assert_eq!(status.as_deref(), expected, "{request}, which was {fate:?}");
        let mut decision = Value::Null;
        within(ANSWERED_WITHIN, "the server decides", async || {
            let found = asker.decision(member, request, Some(fresh)).await;
            let found = found.filter(|found| found.status == 200);
            found.is_some_and(|found| {
                decision = found.body;
                true
            })
        })
        .await;
        let may = decision == "Permit";
        assert_eq!(may, fate == Fate::Approved, "{decision} on {request}, which was {fate:?}");
    }
}

/// The newest position that any of these was told, as a token.
pub fn newest(orders: &[&Order]) -> String {
    let tokens = orders.iter().filter_map(|order| order.done()?.token.as_deref());
    tokens.max_by_key(|token| number(token)).expect("somebody was told a position").to_owned()
}

fn id(attempt: &crate::order::Attempt) -> &str {
    &attempt.id
}

fn was_done(order: &Order, reply: &Reply, commit: &Entry) {
    let event = commit.event(order.what.event());
    let data = &event.unwrap_or_else(|| panic!("{order:?} came to {commit:?}"))["data"];
    assert!(reply.position >= Some(commit.position), "{order:?} came to {commit:?}");
    let remembered = commit.event("command.answered").expect("the key is remembered");
    let answer = &remembered["data"]["answer"];
    assert_eq!(answer["status"], reply.status, "{order:?} came to {commit:?}");
    assert_eq!(answer["body"], reply.body, "{order:?} came to {commit:?}");
    let (told, written) = match &order.what {
        What::Register { .. } => (&reply.body, &data["internal_id"]),
        What::Ask { reference, .. } => {
            assert_eq!(data["external_ref"], **reference, "{order:?} came to {commit:?}");
            (&reply.body["id"], &data["id"])
        }
        What::Approve { request }
        | What::ApproveAsStranger { request }
        | What::Reject { request }
        | What::Withdraw { request }
        | What::Delete { user: request } => {
            assert_eq!(data["id"], **request, "{order:?} came to {commit:?}");
            return;
        }
    };
    assert_eq!(told, written, "{order:?} came to {commit:?}");
}

/// A refused command has no effect, unless an earlier attempt got no answer shortly before.
fn may_be_in_doubt(order: &Order) {
    let (last, earlier) = order.attempts.split_last().expect("there was an attempt");
    let is_in_doubt = earlier.iter().any(|attempt| {
        let got_none = matches!(attempt.told, Told::Nothing | Told::Unavailable);
        got_none && last.ended.duration_since(attempt.ended) < IN_DOUBT_FOR
    });
    assert!(is_in_doubt, "refused and carried out: {order:?}");
}
