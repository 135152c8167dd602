//! What is given between parties, and to whom resources are open.

use fullmakt_events::{
    AccessListId, AccessListName, MandateAskId, OwnerCode, PackageUrn, RegistryRightId, Right,
    StreamName, Timestamp, Validity,
    event::{
        AccessListCreated, AccessListDeleted, AccessListEvent, AccessListMembersAdded,
        AccessListMembersRemoved, AccessListResourceConnected, AccessListResourceDisconnected,
        AccessListUpdated, ClientLinkAdded, ClientLinkChanged, ClientLinkEvent, ClientLinkRemoved,
        MandateAskApproved, MandateAskRejected, MandateAskWithdrawn, MandateAsked, MandateChanged,
        MandateEvent, MandateGiven, MandateRevoked, RegistryRight, ResourceRightEvent,
        ResourceRightGranted, ResourceRightRevoked, ResourceRightUpdated,
    },
};
use uuid::Uuid;

use super::{Fact, WORLD, party, resource, user};

fn validity(n: usize) -> Validity {
    let start = Timestamp::from_millis(1_700_000_000_000);
    let time = |n: usize| start.plus_seconds(i64::try_from(n).unwrap());
    Validity {
        from: (!n.is_multiple_of(3)).then(|| time(n)),
        to: n.is_multiple_of(2).then(|| time(n + 2)),
    }
}

fn package(n: usize) -> PackageUrn {
    PackageUrn::new(format!("{}package-{n}", PackageUrn::PREFIX))
}

/// The `what`th thing that can happen between a system user and a client.
pub fn client_link(n: usize, what: usize, client: usize) -> Fact {
    let (system_user, client, by) = (user(n), party(client), party(9));
    let access_packages = vec![package(what)];
    let (rights, validity) = (vec![Right::to("vat", Some("read"))], validity(what));
    let event = match what % 3 {
        0 => ClientLinkEvent::Added(ClientLinkAdded {
            system_user,
            client,
            access_packages,
            rights,
            validity,
            by,
        }),
        1 => ClientLinkEvent::Changed(ClientLinkChanged {
            system_user,
            client,
            access_packages,
            rights,
            validity,
            by,
        }),
        _ => ClientLinkEvent::Removed(ClientLinkRemoved { system_user, client, by }),
    };
    (StreamName::client_link(system_user, client), event.into())
}

pub fn ask(n: usize) -> MandateAskId {
    Uuid::from_u128(0x5000 + n as u128).into()
}

/// The `what`th thing that can happen between two parties. Ask `n` is one of party `n`.
pub fn mandate(n: usize, what: usize, to: usize) -> Fact {
    let (from_party, to_party, by) = (party(n), party(to), party(9));
    let access_packages: Vec<PackageUrn> = (0..to % 3).map(package).collect();
    let rights = vec![Right::to("vat", to.is_multiple_of(2).then_some("read"))];
    let (validity, id) = (validity(what + to), ask(n));
    let event = match what % 7 {
        0 => MandateEvent::Given(MandateGiven {
            from_party,
            to_party,
            access_packages,
            rights,
            validity,
            by,
            ask: None,
        }),
        1 => MandateEvent::Changed(MandateChanged {
            from_party,
            to_party,
            access_packages,
            rights,
            validity,
            by,
        }),
        2 => MandateEvent::Revoked(MandateRevoked {
            from_party,
            to_party,
            access_packages,
            rights,
            by,
        }),
        3 => MandateEvent::Asked(MandateAsked {
            id,
            from_party,
            to_party,
            access_packages,
            rights,
            validity,
            by,
        }),
        4 => MandateEvent::AskApproved(MandateAskApproved { id, by }),
        5 => MandateEvent::AskRejected(MandateAskRejected { id, by }),
        _ => MandateEvent::AskWithdrawn(MandateAskWithdrawn { id, by }),
    };
    (StreamName::mandate(from_party, to_party), event.into())
}

pub fn right(n: usize, of: usize) -> RegistryRightId {
    Uuid::from_u128(0x6000 + (n * WORLD + of) as u128).into()
}

/// The `what`th thing that can happen to the right of a party to a resource.
pub fn resource_right(n: usize, what: usize, of: usize) -> Fact {
    let (id, resource, party, by) = (right(n, of), resource(n), party(of), self::party(9));
    let right = RegistryRight {
        id,
        resource: resource.clone(),
        party,
        performed_by: what.is_multiple_of(2).then(|| self::party(what)),
        rights_type: "urn:resourceright:action".into(),
        rights_value: format!("urn:value-{what}"),
        validity: validity(what),
    };
    let stream = StreamName::resource_right(&resource, party);
    let event = match what % 4 {
        0 | 1 => ResourceRightEvent::Granted(ResourceRightGranted { right, by }),
        2 => ResourceRightEvent::Updated(ResourceRightUpdated { right, by }),
        _ => ResourceRightEvent::Revoked(ResourceRightRevoked { id, resource, party, by }),
    };
    (stream, event.into())
}

pub fn list(n: usize) -> AccessListId {
    Uuid::from_u128(0x7000 + n as u128).into()
}

pub fn owner_code() -> OwnerCode {
    "skd".parse().unwrap()
}

pub fn list_name(n: usize) -> AccessListName {
    format!("list-{n}").parse().unwrap()
}

/// The `what`th thing that can happen to an access list.
pub fn access_list(n: usize, what: usize, of: usize) -> Fact {
    let (id, by) = (list(n), party(9));
    let (title, description) = (format!("title-{of}"), String::new());
    let members = vec![party(of), party(of + 1)];
    let event = match what % 7 {
        0 => AccessListEvent::Created(AccessListCreated {
            id,
            owner: owner_code(),
            name: list_name(n),
            title,
            description,
            by,
        }),
        1 => AccessListEvent::Updated(AccessListUpdated { id, title, description, by }),
        2 => AccessListEvent::MembersAdded(AccessListMembersAdded { id, members, by }),
        3 => AccessListEvent::MembersRemoved(AccessListMembersRemoved { id, members, by }),
        4 => AccessListEvent::ResourceConnected(AccessListResourceConnected {
            id,
            resource: resource(of),
            actions: (0..of % 2).map(|n| format!("action-{n}")).collect(),
            by,
        }),
        5 => {
            let resource = resource(of);
            let event = AccessListResourceDisconnected { id, resource, by };
            AccessListEvent::ResourceDisconnected(event)
        }
        _ => AccessListEvent::Deleted(AccessListDeleted { id, by }),
    };
    (StreamName::access_list(&owner_code(), &list_name(n)), event.into())
}
