use fullmakt_events::{PackageUrn, Timestamp, Validity};
use uuid::Uuid;

use super::*;

fn user(number: u32) -> SystemUserId {
    Uuid::from_u128(number.into()).into()
}

fn client(number: u32) -> PartyId {
    Uuid::from_u128(u128::from(number) << 64).into()
}

/// Terms that differ in their last moment.
fn until(second: u32) -> Arc<ClientLinkTerms> {
    Arc::new(ClientLinkTerms {
        access_packages: vec![PackageUrn::new("urn:altinn:accesspackage:a")],
        rights: Vec::new(),
        validity: Validity { from: None, to: Some(Timestamp::from_millis(second.into())) },
    })
}

/// A base after changes.
fn with(base: &Base, changes: &[((SystemUserId, PartyId), Change)]) -> Base {
    base.with(&changes.iter().map(|(key, change)| (key, change)).collect::<Vec<_>>())
}

fn link(terms: u32, since: u64) -> Change {
    Change::Link(until(terms), Position::new(since))
}

#[test]
fn terms_that_few_links_have_are_kept_when_there_are_more_than_small_numbers() {
    let links = u32::from(RARE) + 10;
    let mut changes: Vec<_> =
        (0..links).map(|number| ((user(1), client(number)), link(number, 7))).collect();
    // The last ones are those of many links, so that they are not among the rare.
    changes.extend((0..20).map(|number| ((user(2), client(number)), link(links - 1, 8))));
    let base = with(&Base::default(), &changes);
    assert_eq!(base.len(), changes.len());
    assert_eq!(base.rare.len(), 10);
    for ((user, client), change) in &changes {
        let Change::Link(terms, since) = change else { panic!("a link") };
        assert_eq!(base.get(*user, *client), Some((terms.as_ref(), *since)));
    }
    assert!(base.same_as(&until(links - 1)).is_some());
    assert!(base.same_as(&until(links)).is_none());
}

#[test]
fn positions_beyond_four_thousand_million_are_kept() {
    let far = (1 << 40) + 5;
    let changes = [((user(1), client(1)), link(0, 3)), ((user(1), client(2)), link(0, far))];
    let base = with(&Base::default(), &changes);
    let since = |number| base.get(user(1), client(number)).map(|(_, since)| since.get());
    assert_eq!([since(1), since(2), since(3)], [Some(3), Some(far), None]);
    // Nothing is taken for the upper halves where there are none.
    let near = with(&Base::default(), &changes[..1]);
    assert!(near.since_upper.is_empty() && !base.since_upper.is_empty());
}

#[test]
fn who_has_no_link_left_takes_no_memory() {
    let first = [((user(1), client(1)), link(0, 3)), ((user(2), client(2)), link(1, 4))];
    let second = [
        ((user(1), client(1)), Change::Removed(Position::new(5))),
        // What is not there is removed all the same.
        ((user(3), client(3)), Change::Removed(Position::new(6))),
    ];
    let base = with(&with(&Base::default(), &first), &second);
    assert_eq!((base.users.ids(), base.clients.ids()), (&[user(2)][..], &[client(2)][..]));
    assert_eq!(base.users(client(2)).collect::<Vec<_>>(), [user(2)]);
    assert_eq!(base.clients(user(1)).count() + base.clients(user(3)).count(), 0);
    assert_eq!(base.terms.len(), 1);
}
