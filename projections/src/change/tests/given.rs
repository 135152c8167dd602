//! What is given between parties, and to whom resources are open.

use fullmakt_events::{
    AccessListId, MandateAskId, PackageUrn, Validity,
    event::{
        AccessListCreated, AccessListDeleted, AccessListEvent, AccessListMembersAdded,
        AccessListMembersRemoved, AccessListResourceConnected, ClientLinkAdded, ClientLinkChanged,
        ClientLinkEvent, ClientLinkRemoved, MandateAskApproved, MandateAsked, MandateChanged,
        MandateEvent, MandateGiven, MandateRevoked, RegistryRequired, RegistryRight,
        RegistryWaived, ResourceRightEvent, ResourceRightGranted, ResourceRightRevoked,
        ResourceRightUpdated,
    },
};

use super::*;
use crate::{
    AccessListMembers, AccessListResources, AccessLists, AskStatus, ClientLinks, MandateAsks,
    Mandated, Mandates, ResourceRights,
};

fn until(seconds: i64) -> Validity {
    Validity { from: None, to: Some(Timestamp::default().plus_seconds(seconds)) }
}

fn package(code: &str) -> PackageUrn {
    PackageUrn::new(format!("{}{code}", PackageUrn::PREFIX))
}

#[test]
fn a_client_link_has_a_row_for_each_thing_that_it_said_and_none_once_it_is_removed() {
    let (system_user, client, by) = (user(), party(1), party(PERSON));
    let added = || {
        ClientLinkEvent::Added(ClientLinkAdded {
            system_user,
            client,
            access_packages: vec![package("a")],
            rights: Vec::new(),
            validity: Validity::ALWAYS,
            by,
        })
    };
    let changed = || {
        ClientLinkEvent::Changed(ClientLinkChanged {
            system_user,
            client,
            access_packages: Vec::new(),
            rights: vec![Right::to("vat", Some("read"))],
            validity: until(1),
            by,
        })
    };
    let removed = ClientLinkEvent::Removed(ClientLinkRemoved { system_user, client, by });
    let history = vec![
        // Nothing to change yet.
        vec![changed().into()],
        vec![added().into()],
        // The same again.
        vec![added().into()],
        vec![changed().into()],
        vec![removed.into()],
        vec![changed().into()],
    ];
    let rows = table::<ClientLinks>(history, |c| c.client_links);
    assert_eq!(rows.iter().map(interval).collect::<Vec<_>>(), [(2, Some(4)), (4, Some(5))]);
    assert_eq!((&*rows[0].access_packages, &*rows[0].rights), (&[package("a")][..], &[][..]));
    assert_eq!((rows[1].rights.len(), rows[1].validity), (1, until(1)));
}

#[test]
fn each_thing_that_is_given_has_an_interval_of_its_own() {
    let (from_party, to_party, by) = (party(1), party(2), party(PERSON));
    let right = |action| Right::to("vat", action);
    let given = |packages: &[&str], rights: &[Right], validity| -> Event {
        MandateEvent::Given(MandateGiven {
            from_party,
            to_party,
            access_packages: packages.iter().map(|code| package(code)).collect(),
            rights: rights.to_vec(),
            validity,
            by,
            ask: None,
        })
        .into()
    };
    let changed = MandateEvent::Changed(MandateChanged {
        from_party,
        to_party,
        access_packages: vec![package("a"), package("never-given")],
        rights: Vec::new(),
        validity: until(1),
        by,
    });
    let revoked = MandateEvent::Revoked(MandateRevoked {
        from_party,
        to_party,
        access_packages: Vec::new(),
        rights: vec![right(Some("read"))],
        by,
    });
    let history = vec![
        vec![given(&["a"], &[right(Some("read")), right(None)], Validity::ALWAYS)],
        vec![given(&["a"], &[], Validity::ALWAYS)],
        vec![changed.into()],
        vec![revoked.into()],
    ];
    let rows = table::<Mandates>(history, |c| c.mandates);
    let mut seen: Vec<_> =
        rows.iter().map(|row| (interval(row), row.what.clone(), row.validity)).collect();
    seen.sort_by_key(|(interval, what, _)| (*interval, format!("{what:?}")));
    let package = Mandated::Package(package("a"));
    assert_eq!(
        seen,
        [
            ((1, None), Mandated::Right(right(None)), Validity::ALWAYS),
            ((1, Some(3)), package.clone(), Validity::ALWAYS),
            ((1, Some(4)), Mandated::Right(right(Some("read"))), Validity::ALWAYS),
            ((3, None), package, until(1)),
        ]
    );
}

#[test]
fn an_ask_waits_until_it_is_answered_and_gives_nothing() {
    let (from_party, to_party) = (party(1), party(2));
    let id = MandateAskId::new(Uuid::from_u128(7));
    let asked = MandateEvent::Asked(MandateAsked {
        id,
        from_party,
        to_party,
        access_packages: vec![package("a")],
        rights: Vec::new(),
        validity: until(1),
        by: party(PERSON),
    });
    let by = party(OWNER);
    let approved = || MandateEvent::AskApproved(MandateAskApproved { id, by });
    let history =
        || vec![vec![approved().into()], vec![asked.clone().into()], vec![approved().into()]];
    let rows = table::<MandateAsks>(history(), |c| c.mandate_asks);
    assert_eq!(rows.iter().map(interval).collect::<Vec<_>>(), [(2, Some(3)), (3, None)]);
    let status = |n: usize| (rows[n].status, rows[n].answered_by);
    assert_eq!((status(0), status(1)), {
        ((AskStatus::Pending, None), (AskStatus::Approved, Some(by)))
    });
    assert!(rows[0].asked == rows[1].asked && rows[1].answered > Some(rows[1].asked));
    assert!(table::<Mandates>(history(), |c| c.mandates).is_empty());
}

#[test]
fn a_right_of_the_registry_is_what_it_was_last_updated_to_until_it_is_revoked() {
    let (party, by) = (party(1), party(PERSON));
    let right = |value: &str| RegistryRight {
        id: Uuid::from_u128(7).into(),
        resource: "vat".parse().unwrap(),
        party,
        performed_by: Some(party),
        rights_type: "urn:resourceright:action".to_owned(),
        rights_value: value.to_owned(),
        validity: until(1),
    };
    let updated =
        || ResourceRightEvent::Updated(ResourceRightUpdated { right: right("urn:write"), by });
    let granted =
        ResourceRightEvent::Granted(ResourceRightGranted { right: right("urn:read"), by });
    let RegistryRight { id, resource, party, .. } = right("");
    let revoked = ResourceRightEvent::Revoked(ResourceRightRevoked { id, resource, party, by });
    let history = vec![
        vec![updated().into()],
        vec![granted.into()],
        vec![updated().into()],
        vec![revoked.into()],
        vec![updated().into()],
    ];
    let rows = table::<ResourceRights>(history, |c| c.resource_rights);
    let seen: Vec<_> =
        rows.iter().map(|row| (interval(row), row.right.rights_value.as_str())).collect();
    assert_eq!(seen, [((2, Some(3)), "urn:read"), ((3, Some(4)), "urn:write")]);
}

#[test]
fn members_and_connections_of_a_list_are_since_they_were_first_added() {
    let (id, by) = (AccessListId::new(Uuid::from_u128(7)), party(PERSON));
    let created = AccessListEvent::Created(AccessListCreated {
        id,
        owner: "skd".parse().unwrap(),
        name: "partners".parse().unwrap(),
        title: "Partners".to_owned(),
        description: String::new(),
        by,
    });
    let added = |members: &[u128]| -> Event {
        let members = members.iter().map(|n| party(*n)).collect();
        AccessListEvent::MembersAdded(AccessListMembersAdded { id, members, by }).into()
    };
    let removed = AccessListEvent::MembersRemoved(AccessListMembersRemoved {
        id,
        members: vec![party(1)],
        by,
    });
    let connected = |actions: &[&str]| -> Event {
        AccessListEvent::ResourceConnected(AccessListResourceConnected {
            id,
            resource: "vat".parse().unwrap(),
            actions: actions.iter().map(|&action| action.to_owned()).collect(),
            by,
        })
        .into()
    };
    let deleted = AccessListEvent::Deleted(AccessListDeleted { id, by });
    let history = || {
        vec![
            vec![created.clone().into(), added(&[1]), connected(&["read"])],
            vec![added(&[1, 2]), connected(&["read"])],
            vec![removed.clone().into(), connected(&[])],
            vec![deleted.clone().into()],
        ]
    };
    let lists = table::<AccessLists>(history(), |c| c.access_lists);
    assert_eq!(lists.iter().map(interval).collect::<Vec<_>>(), [(1, Some(4))]);
    let members = table::<AccessListMembers>(history(), |c| c.access_list_members);
    let mut seen: Vec<_> = members.iter().map(|row| (row.member, interval(row))).collect();
    seen.sort_unstable();
    assert_eq!(seen, [(party(1), (1, Some(3))), (party(2), (2, None))]);
    let resources = table::<AccessListResources>(history(), |c| c.access_list_resources);
    assert_eq!(resources.iter().map(interval).collect::<Vec<_>>(), [(1, Some(3)), (3, None)]);
    assert!(resources[1].created < resources[1].changed);
    assert_eq!(resources[0].created, resources[1].created);
}

#[test]
fn the_registry_is_required_since_it_was_first_said_until_it_is_waived() {
    let id = || "vat".parse().unwrap();
    let required = || ResourceEvent::RegistryRequired(RegistryRequired { id: id() });
    let waived = ResourceEvent::RegistryWaived(RegistryWaived { id: id() });
    let created = ResourceEvent::Created(ResourceCreated {
        resource: ResourceDefinition {
            id: id(),
            owner: org(),
            resource_type: "GenericAccessResource".to_owned(),
            is_delegable: true,
            metadata: serde_json::Map::new(),
        },
    });
    let history = vec![
        vec![required().into()],
        vec![created.into()],
        vec![required().into()],
        vec![required().into()],
        vec![waived.into()],
    ];
    let rows = table::<Resources>(history, |c| c.resources);
    let since = |row: &Version<_>| -> Option<u64> {
        let row: &crate::ResourceRow = row;
        row.registry_required_since.map(Position::get)
    };
    let seen: Vec<_> = rows.iter().map(|row| (interval(row), since(row))).collect();
    assert_eq!(seen, [((2, Some(3)), None), ((3, Some(5)), Some(3)), ((5, None), None),]);
}
