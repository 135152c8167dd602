use fullmakt_events::{ActorKind, ClientId, OrgNumber, Position, Timestamp};
use fullmakt_projections::{
    RequestStatus, Sequence,
    ledger::{RecordKind, VerdictKind},
};
use fullmakt_readstore::{
    ExternalId, Order, ReadStore, Reader, RecordFilter, Reference,
    testing::{TestDatabase, TestLedger},
};

use crate::{
    history::{
        Fact, answered, change, change_approved, change_rejected, change_requested,
        change_withdrawn, claimed, client, command_stream, escalated, org, party, party_changed,
        party_registered, reference, registered, released, requested, resource, resource_created,
        role_assigned, system, system_deleted, user, user_created, user_deleted,
    },
    support::folded,
};

async fn reader(database: &TestDatabase) -> Reader {
    ReadStore::open(database.database()).unwrap().reader().await.unwrap()
}

#[tokio::test]
async fn pages_follow_each_other_without_gaps_or_repetitions() {
    let mut ledger = TestLedger::new();
    let of_system_0 = |n: usize| -> Fact {
        let (stream, _) = requested(0);
        let mut request = crate::history::request(0);
        request.id = user(n);
        request.external_ref = n.to_string();
        (stream, fullmakt_events::event::AgreementEvent::RequestCreated(request).into())
    };
    ledger.commit(&[of_system_0(0), of_system_0(1), of_system_0(2)]);
    ledger.commit(&[of_system_0(3), requested(4)]);
    ledger.commit(&[of_system_0(5)]);
    ledger.commit(&(0..5).map(resource_created).collect::<Vec<_>>());
    let database = folded(&ledger).await;
    let reader = reader(&database).await;
    let kind = crate::history::kind(0);
    let (mut after, mut ids): (Option<Sequence>, Vec<_>) = (None, Vec::new());
    loop {
        let page = reader.requests_of_system(&system(0), kind, after, 2, None).await.unwrap();
        assert!(page.len() <= 2);
        let Some(last) = page.last() else { break };
        after = Some(last.created_at);
        ids.extend(page.iter().map(|row| row.id));
    }
    assert_eq!(ids, [0, 1, 2, 3, 5].map(user));
    let (mut after, mut ids) = (None, Vec::new());
    loop {
        let page = reader.resources(after.as_ref(), 2, None).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.definition.id.clone());
        ids.extend(page.iter().map(|row| row.definition.id.clone()));
    }
    assert_eq!(ids, [0, 1, 2, 3, 4].map(resource));
}

#[tokio::test]
async fn change_requests_are_found_by_id_by_reference_by_system_and_while_they_wait() {
    let mut ledger = TestLedger::new();
    ledger.commit(&[change_requested(0, 0), change_requested(1, 0), change_requested(2, 1)]);
    let asked = ledger.position();
    ledger.commit(&[change_rejected(0, 0)]);
    ledger.commit(&[change_requested(3, 0), change_approved(1, 0)]);
    ledger.commit(&[change_withdrawn(3, 0)]);
    let database = folded(&ledger).await;
    let reader = reader(&database).await;

    assert!(reader.change_request(change(3), None).await.unwrap().is_none());
    let first = reader.change_request(change(0), None).await.unwrap().unwrap();
    assert_eq!((first.status, first.system_user), (RequestStatus::Rejected, user(0)));
    let first = reader.change_request(change(0), Some(asked)).await.unwrap().unwrap();
    assert_eq!(first.status, RequestStatus::New);

    let of = |n: usize| Reference {
        system: system(n),
        customer: org(n + 1),
        external_ref: reference(n),
    };
    let newest = async |n: usize| {
        let found = reader.change_request_by_reference(&of(n), None).await.unwrap();
        found.map(|found| found.id)
    };
    assert_eq!((newest(0).await, newest(1).await), (Some(change(1)), Some(change(2))));
    assert_eq!(newest(2).await, None);

    let page = async |after| {
        let page = reader.change_requests_of_system(&system(0), after, 1, None).await.unwrap();
        page.first().map(|row| (row.id, row.created_at))
    };
    let (first, place) = page(None).await.unwrap();
    let (second, place) = page(Some(place)).await.map(|row| (row.0, row.1)).unwrap();
    assert_eq!((first, second, page(Some(place)).await), (change(0), change(1), None));

    let waiting = async |customer, as_of| -> Vec<_> {
        let rows = reader.pending_change_requests(customer, as_of).await.unwrap();
        rows.iter().map(|row| row.id).collect()
    };
    assert_eq!(waiting(org(1), Some(asked)).await, [change(0), change(1)]);
    assert!(waiting(org(1), None).await.is_empty());
    assert_eq!(waiting(org(2), None).await, [change(2)]);
}

#[tokio::test]
async fn an_escalated_request_waits_as_before() {
    let mut ledger = TestLedger::new();
    ledger.commit(&[requested(0), requested(3)]);
    ledger.commit(&[escalated(0)]);
    let database = folded(&ledger).await;
    let reader = reader(&database).await;
    let waiting = reader.pending_requests(org(1), crate::history::kind(0), None).await.unwrap();
    assert_eq!(waiting.iter().map(|row| row.is_escalated).collect::<Vec<_>>(), [true]);
}

/// One system with a client id, and one system user of it.
fn chained() -> TestLedger {
    let mut ledger = TestLedger::new();
    ledger.commit(&[registered(0, &[3]), claimed(3, 0), registered(1, &[])]);
    ledger.commit(&[user_created(0)]);
    ledger
}

fn external_id() -> ExternalId {
    ExternalId {
        client_id: "CLIENT-3".parse().unwrap(),
        vendor: org(0),
        owner: org(1),
        external_ref: reference(0),
    }
}

#[tokio::test]
async fn a_token_issuer_finds_the_system_user_of_exactly_these_four() {
    let database = folded(&chained()).await;
    let reader = reader(&database).await;
    let ask = async |external_id: ExternalId| {
        let found = reader.system_user_by_external_id(&external_id, None).await.unwrap();
        found.map(|found| found.id)
    };
    assert_eq!(ask(external_id()).await, Some(user(0)));
    let other_client = ExternalId { client_id: client(4), ..external_id() };
    assert_eq!(ask(other_client).await, None);
    assert_eq!(ask(ExternalId { vendor: org(1), ..external_id() }).await, None);
    assert_eq!(ask(ExternalId { owner: org(2), ..external_id() }).await, None);
    assert_eq!(ask(ExternalId { external_ref: String::new(), ..external_id() }).await, None);
}

#[tokio::test]
async fn a_token_issuer_finds_a_system_user_only_while_every_link_holds() {
    for broken in [
        vec![released(3, 0)],
        vec![released(3, 0), claimed(3, 1)],
        vec![system_deleted(0)],
        vec![user_deleted(0)],
    ] {
        let mut ledger = chained();
        let before = ledger.position();
        ledger.commit(&broken);
        let database = folded(&ledger).await;
        let reader = reader(&database).await;
        let ask = async |as_of| {
            reader.system_user_by_external_id(&external_id(), as_of).await.unwrap().is_some()
        };
        assert!(!ask(None).await, "{broken:?}");
        assert!(ask(Some(before)).await, "{broken:?}");
    }
}

/// Genesis, two commits by the operator, a superseded one, one by an organisation's client, a tick,
/// and bytes that are no record.
fn searched() -> TestLedger {
    let mut ledger = TestLedger::new();
    ledger.commit(&[party_registered(0), role_assigned(0, 0, 1)]);
    let late = ledger.decided(&[party_changed(0, 1)]);
    ledger.commit(&[party_changed(0, 2)]);
    ledger.append_commit(late);
    let mut commit = ledger.decided(&[registered(0, &[])]);
    commit.actor.kind = ActorKind::SystemProvider;
    commit.actor.org = Some(org(0));
    commit.actor.client_id = Some("Client".parse().unwrap());
    commit.actor.party = Some(party(7));
    commit.actor.system_user = Some(user(7));
    ledger.append_commit(commit);
    ledger.advance_seconds(10);
    ledger.tick();
    ledger.append(b"no record");
    ledger
}

async fn found(reader: &Reader, filter: RecordFilter) -> Vec<u64> {
    let rows = reader.records(&filter, Order::OldestFirst, None, 100).await.unwrap();
    let mut newest = reader.records(&filter, Order::NewestFirst, None, 100).await.unwrap();
    newest.reverse();
    assert_eq!(rows, newest);
    rows.iter().map(|row| row.position.get()).collect()
}

#[tokio::test]
async fn records_are_found_by_what_they_are() {
    let database = folded(&searched()).await;
    let reader = reader(&database).await;
    let all = RecordFilter::default;
    assert_eq!(found(&reader, all()).await, [0, 1, 2, 3, 4, 5, 6]);
    let kind = |kind| RecordFilter { kind: Some(kind), ..all() };
    assert_eq!(found(&reader, kind(RecordKind::Genesis)).await, [0]);
    assert_eq!(found(&reader, kind(RecordKind::Commit)).await, [1, 2, 3, 4]);
    assert_eq!(found(&reader, kind(RecordKind::Tick)).await, [5]);
    assert_eq!(found(&reader, kind(RecordKind::Unreadable)).await, [6]);
    let verdict = |verdict| RecordFilter { verdict: Some(verdict), ..all() };
    assert_eq!(found(&reader, verdict(VerdictKind::Superseded)).await, [3]);
    assert_eq!(found(&reader, verdict(VerdictKind::Void)).await, [6]);
    assert_eq!(found(&reader, verdict(VerdictKind::Stale)).await, [0; 0]);
    let stream = |fact: Fact| RecordFilter { stream: Some(fact.0), ..all() };
    assert_eq!(found(&reader, stream(party_registered(0))).await, [1, 2, 3]);
    assert_eq!(found(&reader, stream(party_registered(1))).await, [0; 0]);
    let event = |kind: &str| RecordFilter { event_type: Some(kind.to_owned()), ..all() };
    assert_eq!(found(&reader, event("party.role_assigned")).await, [1]);
    assert_eq!(found(&reader, event("party.changed")).await, [2, 3]);
    assert_eq!(found(&reader, event("\0")).await, [0; 0]);
}

/// Also when the events of that stream are forgotten.
#[tokio::test]
async fn the_record_of_a_command_is_found_by_its_stream() {
    let mut ledger = TestLedger::new();
    ledger.commit(&[party_registered(0), answered(0)]);
    ledger.advance_seconds(48 * 3600);
    ledger.tick();
    let database = folded(&ledger).await;
    let reader = reader(&database).await;
    for stream in [command_stream(0), party_registered(0).0] {
        let filter = RecordFilter { stream: Some(stream), ..RecordFilter::default() };
        assert_eq!(found(&reader, filter).await, [1]);
    }
}

#[tokio::test]
async fn records_are_found_by_who_wrote_them() {
    let database = folded(&searched()).await;
    let reader = reader(&database).await;
    let all = RecordFilter::default;
    let kind = |kind| RecordFilter { actor_kind: Some(kind), ..all() };
    assert_eq!(found(&reader, kind(ActorKind::Operator)).await, [1, 2, 3]);
    assert_eq!(found(&reader, kind(ActorKind::SystemProvider)).await, [4]);
    let of = |org: OrgNumber| RecordFilter { actor_org: Some(org), ..all() };
    assert_eq!(found(&reader, of(org(0))).await, [4]);
    assert_eq!(found(&reader, of(org(1))).await, [0; 0]);
    let client = |client: &str| {
        let client: ClientId = client.parse().unwrap();
        RecordFilter { actor_client: Some(client), ..all() }
    };
    assert_eq!(found(&reader, client("CLIENT")).await, [4]);
    assert_eq!(found(&reader, client("other")).await, [0; 0]);
    let person = |n| RecordFilter { actor_party: Some(party(n)), ..all() };
    assert_eq!(found(&reader, person(7)).await, [4]);
    assert_eq!(found(&reader, person(8)).await, [0; 0]);
    let system_user = |n| RecordFilter { actor_system_user: Some(user(n)), ..all() };
    assert_eq!(found(&reader, system_user(7)).await, [4]);
    assert_eq!(found(&reader, system_user(8)).await, [0; 0]);
}

#[tokio::test]
async fn records_are_found_by_place_and_time_page_by_page() {
    let ledger = searched();
    let database = folded(&ledger).await;
    let reader = reader(&database).await;
    let all = RecordFilter::default;
    let at = |position| Some(Position::new(position));
    assert_eq!(found(&reader, RecordFilter { from: at(2), to: at(4), ..all() }).await, [2, 3, 4]);
    assert_eq!(found(&reader, RecordFilter { to: at(1000), ..all() }).await.len(), 7);
    let time = |n: usize| Some(ledger.records()[n].ledger_time);
    let between = RecordFilter { since: time(2), until: time(4), ..all() };
    assert_eq!(found(&reader, between).await, [2, 3, 4]);
    for (order, expected) in
        [(Order::OldestFirst, [0, 1, 2, 3, 4, 5, 6]), (Order::NewestFirst, [6, 5, 4, 3, 2, 1, 0])]
    {
        let (mut after, mut seen) = (None, Vec::new());
        loop {
            let page = reader.records(&all(), order, after, 3).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.position);
            seen.extend(page.iter().map(|row| row.position.get()));
        }
        assert_eq!(seen, expected);
    }
}

#[tokio::test]
async fn what_is_asked_together_is_what_answers_each_question() {
    let ledger = searched();
    let database = folded(&ledger).await;
    let reader = reader(&database).await;
    let time = |n: usize| Some(ledger.records()[n].ledger_time);
    let questions: [fn(&mut RecordFilter); 8] = [
        |filter| filter.stream = Some(party_registered(0).0),
        |filter| filter.event_type = Some("party.changed".to_owned()),
        |filter| filter.verdict = Some(VerdictKind::Admitted),
        |filter| filter.actor_kind = Some(ActorKind::Operator),
        |filter| filter.actor_system_user = Some(user(7)),
        |filter| filter.from = Some(Position::new(2)),
        |filter| filter.to = Some(Position::new(4)),
        |filter| filter.kind = Some(RecordKind::Commit),
    ];
    let mut alone = Vec::new();
    for question in questions {
        let mut filter = RecordFilter::default();
        question(&mut filter);
        alone.push(found(&reader, filter).await);
    }
    for together in 0_usize..1 << questions.len() {
        let mut filter = RecordFilter { since: time(1), until: time(5), ..RecordFilter::default() };
        let mut expected: Vec<u64> = (1..=5).collect();
        for (n, question) in questions.iter().enumerate() {
            if together & (1 << n) != 0 {
                question(&mut filter);
                expected.retain(|position| alone[n].contains(position));
            }
        }
        assert_eq!(found(&reader, filter.clone()).await, expected, "{filter:?}");
    }
}

#[tokio::test]
async fn pages_have_every_record_once_while_the_ledger_grows() {
    for order in [Order::OldestFirst, Order::NewestFirst] {
        let mut ledger = searched();
        let database = folded(&ledger).await;
        let began = ledger.position();
        let filter =
            RecordFilter { verdict: Some(VerdictKind::Admitted), ..RecordFilter::default() };
        let (mut after, mut seen) = (None, Vec::new());
        loop {
            let page = reader(&database).await.records(&filter, order, after, 2).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.position);
            seen.extend(page.iter().map(|row| row.position));
            // Between two pages there are more records, for the oldest-first only so many that the
            // end can be reached.
            if seen.len() < 8 {
                ledger.commit(&[party_changed(0, seen.len())]);
                ledger.append(b"no record");
                let mut projector = crate::support::open(database.database(), &ledger).await;
                projector.apply(ledger.records()).await.unwrap();
            }
        }
        let admitted = ledger
            .records()
            .iter()
            .filter(|record| VerdictKind::from(&record.verdict) == VerdictKind::Admitted);
        let mut expected: Vec<_> = admitted.map(|record| record.position).collect();
        if order == Order::NewestFirst {
            expected.retain(|position| *position <= began);
            expected.reverse();
        }
        assert_eq!(seen, expected, "{order:?}");
    }
}

#[tokio::test]
async fn a_record_is_read_back_as_it_was_written() {
    let ledger = searched();
    let database = folded(&ledger).await;
    let reader = reader(&database).await;
    for folded in ledger.records() {
        let row = reader.record(folded.position).await.unwrap().unwrap();
        assert_eq!(row.bytes, &*folded.bytes);
        assert_eq!(row.append_time, folded.append_time);
        assert_eq!(row.ledger_time, folded.ledger_time);
        assert_eq!(row.verdict, (&folded.verdict).into());
        assert_eq!(row.reason.is_some(), row.verdict != VerdictKind::Admitted);
        assert_eq!(row.record().is_ok(), row.kind != RecordKind::Unreadable);
    }
    assert!(reader.record(Position::new(7)).await.unwrap().is_none());
}

#[tokio::test]
async fn a_time_means_the_last_position_up_to_it() {
    let ledger = searched();
    let database = folded(&ledger).await;
    let reader = reader(&database).await;
    let begun = ledger.records()[0].ledger_time;
    let position =
        async |time: Timestamp| reader.position_at(time).await.unwrap().map(Position::get);
    assert_eq!(position(begun.plus_micros(-1)).await, None);
    assert_eq!(position(begun).await, Some(0));
    // The records are a millisecond apart, but the tick comes ten seconds later.
    assert_eq!(position(begun.plus_micros(2_500)).await, Some(2));
    assert_eq!(position(begun.plus_seconds(9)).await, Some(4));
    assert_eq!(position(begun.plus_seconds(1000)).await, Some(6));
}
