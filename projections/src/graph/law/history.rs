//! Random histories in which every kind of fact comes, changes and goes.

use std::collections::BTreeSet;

use fullmakt_events::{
    AccessListId, Event, LocalizedText, MandateAskId, OrgNumber, PackageUrn, PartyId, PartyNumber,
    Position, RegistryRightId, ResourceId, Right, RoleUrn, SystemId, SystemUserId, Timestamp,
    Validity,
    event::{
        AccessListCreated, AccessListDeleted, AccessListEvent, AccessListMembersAdded,
        AccessListMembersRemoved, AccessListResourceConnected, AccessListResourceDisconnected,
        AccessListUpdated, AccessPackage, AgreementEvent, Catalogue, CatalogueEvent,
        CataloguePublished, ClientLinkAdded, ClientLinkChanged, ClientLinkEvent, ClientLinkRemoved,
        Entity, MandateAskApproved, MandateAsked, MandateChanged, MandateEvent, MandateGiven,
        MandateRevoked, OrgNumberClaimed, OrgNumberEvent, PartyChanged, PartyEvent, PartyFacts,
        PartyKind, PartyNumberClaimed, PartyNumberEvent, PartyRegistered, PolicyPublished,
        RegistryRequired, RegistryRight, RegistryWaived, ResourceCreated, ResourceDefinition,
        ResourceEvent, ResourceRightEvent, ResourceRightGranted, ResourceRightRevoked,
        ResourceRightUpdated, Role, RoleAssigned, RoleEnded, RoleMapping, RolePackage,
        SystemAccessPackagesReplaced, SystemDefinition, SystemDeleted, SystemEvent,
        SystemRegistered, SystemRightsReplaced, SystemUpdated, SystemUserChanged,
        SystemUserCreated, SystemUserDeleted, SystemUserKind, SystemUserPaused, SystemUserResumed,
    },
};
use proptest::{collection::vec, prelude::*};
use uuid::Uuid;

use super::WORLD;

/// The type of all entities.
pub(super) const ENTITY_KIND: &str = "record";

/// An event of an admitted commit.
#[derive(Debug, Clone)]
pub(super) struct Happened {
    pub(super) position: Position,
    pub(super) time: Timestamp,
    pub(super) event: Event,
}

/// Numbers that stand for something that happens.
type Seed = (u8, u8, u8, u8);

pub(super) fn any_history() -> impl Strategy<Value = Vec<Happened>> {
    vec((any::<Seed>(), 0..3_u64, 0..100_i64), 0..60).prop_map(|seeds| {
        let mut history = beginning();
        let (mut position, mut millis) = (1, 1_000);
        let mut lists = BTreeSet::new();
        for (seed, positions, time) in seeds {
            // Several events may stand at one position.
            position += positions;
            millis += time;
            let event = event(seed);
            // A list begins with its creation and does not come back.
            if let Event::AccessList(event) = &event {
                let is_created = matches!(event, AccessListEvent::Created(_));
                if is_created == lists.contains(&list_of(event)) {
                    continue;
                }
                lists.insert(list_of(event));
            }
            history.push(happened(position, millis, event));
        }
        history
    })
}

/// What is registered before anything else happens.
fn beginning() -> Vec<Happened> {
    let registered = (0..WORLD).flat_map(|n| {
        let (party, number) = (party(n), party_number(n));
        let registered = PartyRegistered { party, number, facts: facts(n, n, false) };
        let numbered = PartyNumberClaimed { number, party };
        let organised = OrgNumberClaimed { org_number: organisation(n), party };
        [
            Event::from(PartyEvent::Registered(registered)),
            PartyNumberEvent::Claimed(numbered).into(),
            OrgNumberEvent::Claimed(organised).into(),
        ]
    });
    registered.map(|event| happened(1, 0, event)).collect()
}

fn list_of(event: &AccessListEvent) -> AccessListId {
    match event {
        AccessListEvent::Created(event) => event.id,
        AccessListEvent::Updated(event) => event.id,
        AccessListEvent::MembersAdded(event) => event.id,
        AccessListEvent::MembersRemoved(event) => event.id,
        AccessListEvent::ResourceConnected(event) => event.id,
        AccessListEvent::ResourceDisconnected(event) => event.id,
        AccessListEvent::Deleted(event) => event.id,
    }
}

fn happened(position: u64, millis: i64, event: Event) -> Happened {
    let time = Timestamp::from_millis(1_795_000_000_000 + millis);
    Happened { position: Position::new(position), time, event }
}

fn uuid(kind: u128, n: u8) -> Uuid {
    Uuid::from_u128((kind << 64) + u128::from(n % WORLD))
}

pub(super) fn party(n: u8) -> PartyId {
    uuid(1, n).into()
}

pub(super) fn party_number(n: u8) -> PartyNumber {
    PartyNumber::new(50_000_000 + u32::from(n % WORLD))
}

pub(super) fn organisation(n: u8) -> OrgNumber {
    let numbers = ["991825827", "319900128", "319900101", "310010014"];
    numbers[usize::from(n % WORLD)].parse().unwrap()
}

pub(super) fn user(n: u8) -> SystemUserId {
    uuid(2, n).into()
}

pub(super) fn list(n: u8) -> AccessListId {
    uuid(3, n).into()
}

pub(super) fn resource(n: u8) -> ResourceId {
    format!("resource-{}", n % WORLD).parse().unwrap()
}

pub(super) fn system(n: u8) -> SystemId {
    format!("991825827_system-{}", n % WORLD).parse().unwrap()
}

pub(super) fn role(n: u8) -> RoleUrn {
    RoleUrn::new(format!("urn:altinn:external-role:ccr:role-{}", n % WORLD))
}

pub(super) fn package(n: u8) -> PackageUrn {
    PackageUrn::new(format!("{}package-{}", PackageUrn::PREFIX, n % WORLD))
}

/// The ids of all rights of the registry: two of each resource and party.
pub(super) fn right_ids() -> Vec<RegistryRightId> {
    let each = |n: u128| RegistryRightId::new(Uuid::from_u128((4 << 64) + n));
    (0..2 * u128::from(WORLD) * u128::from(WORLD)).map(each).collect()
}

fn registry_right(a: u8, b: u8, c: u8) -> RegistryRight {
    let place = (u128::from(a % WORLD) * u128::from(WORLD) + u128::from(b % WORLD)) * 2;
    RegistryRight {
        id: Uuid::from_u128((4 << 64) + place + u128::from(c % 2)).into(),
        resource: resource(a),
        party: party(b),
        performed_by: (c > 128).then(|| party(c)),
        rights_type: "urn:resourceright:action".to_owned(),
        rights_value: format!("urn:{}", c % 8),
        validity: validity(c),
    }
}

fn right(n: u8) -> Right {
    Right::to(resource(n).to_string(), ["read", "write"].get(usize::from(n % 3)).copied())
}

fn validity(n: u8) -> Validity {
    let time = |n: u8| Timestamp::from_millis(1_795_000_000_000 + i64::from(n) * 20);
    Validity {
        from: (n.is_multiple_of(3)).then(|| time(n / 2)),
        to: (n.is_multiple_of(2)).then(|| time(n)),
    }
}

fn facts(n: u8, parent: u8, is_deleted: bool) -> PartyFacts {
    let kinds = [PartyKind::Organization, PartyKind::SubUnit, PartyKind::Person];
    PartyFacts {
        kind: kinds[usize::from(n % 3)],
        org_number: None,
        variant: None,
        name: None,
        parent: (!parent.is_multiple_of(5)).then(|| party(parent)),
        is_deleted,
    }
}

fn event(seed: Seed) -> Event {
    match seed.0 % 9 {
        0 => party_event(seed),
        1 => system_event(seed),
        2 => user_event(seed),
        3 => link_event(seed),
        4 => mandate_event(seed),
        5 => resource_event(seed),
        6 => registry_event(seed),
        7 => list_event(seed),
        _ => catalogue_event(seed),
    }
}

fn party_event((kind, a, b, c): Seed) -> Event {
    let (party, role, holder) = (party(a), role(c), self::party(b));
    match kind / 9 % 4 {
        0 | 1 => PartyEvent::RoleAssigned(RoleAssigned { party, role, holder }),
        2 => PartyEvent::RoleEnded(RoleEnded { party, role, holder }),
        _ => PartyEvent::Changed(PartyChanged { party, facts: facts(b, c, c.is_multiple_of(3)) }),
    }
    .into()
}

fn system_event((kind, a, b, c): Seed) -> Event {
    let id = system(a);
    let system = || {
        Box::new(SystemDefinition {
            id: system(a),
            vendor: organisation(b),
            name: LocalizedText::default(),
            description: LocalizedText::default(),
            rights: vec![right(b)],
            access_packages: vec![package(c)],
            client_ids: Vec::new(),
            is_visible: true,
            allowed_redirect_urls: Vec::new(),
        })
    };
    match kind / 9 % 6 {
        0 | 1 => SystemEvent::Registered(SystemRegistered {
            internal_id: uuid(6, a).into(),
            system: system(),
        }),
        4 => SystemEvent::Updated(SystemUpdated { system: system() }),
        2 => SystemEvent::RightsReplaced(SystemRightsReplaced { id, rights: vec![right(c)] }),
        3 => {
            let access_packages = vec![package(b), package(c)];
            let replaced = SystemAccessPackagesReplaced { id, access_packages };
            SystemEvent::AccessPackagesReplaced(replaced)
        }
        _ => SystemEvent::Deleted(SystemDeleted { id }),
    }
    .into()
}

fn user_event((kind, a, b, c): Seed) -> Event {
    let (id, by) = (user(a), party(c));
    match kind / 9 % 6 {
        0 | 1 => AgreementEvent::SystemUserCreated(SystemUserCreated {
            id,
            kind: [SystemUserKind::Standard, SystemUserKind::Agent][usize::from(b % 2)],
            system: system(b),
            vendor: organisation(b),
            owner: organisation(c),
            owner_party: party(c),
            external_ref: String::new(),
            integration_title: String::new(),
            rights: vec![right(b)],
            delegated: vec![right(c)],
            access_packages: vec![package(c)],
        }),
        2 => AgreementEvent::SystemUserPaused(SystemUserPaused { id, by }),
        3 => AgreementEvent::SystemUserResumed(SystemUserResumed { id, by }),
        4 => AgreementEvent::SystemUserChanged(SystemUserChanged {
            id,
            rights: vec![right(b)],
            delegated: vec![right(c)],
            access_packages: vec![package(b)],
        }),
        _ => AgreementEvent::SystemUserDeleted(SystemUserDeleted { id, by: Some(by) }),
    }
    .into()
}

fn link_event((kind, a, b, c): Seed) -> Event {
    let (system_user, client, by) = (user(a), party(b), party(c));
    let access_packages = vec![package(c)];
    let (rights, validity) = (vec![right(c / 4)], validity(c / 8));
    match kind / 9 % 4 {
        0 | 1 => ClientLinkEvent::Added(ClientLinkAdded {
            system_user,
            client,
            access_packages,
            rights,
            validity,
            by,
        }),
        2 => ClientLinkEvent::Changed(ClientLinkChanged {
            system_user,
            client,
            access_packages,
            rights,
            validity,
            by,
        }),
        _ => ClientLinkEvent::Removed(ClientLinkRemoved { system_user, client, by }),
    }
    .into()
}

fn mandate_event((kind, a, b, c): Seed) -> Event {
    let (from_party, to_party, by) = (party(a), party(b), party(c));
    let access_packages: Vec<PackageUrn> = (0..c % 3).map(package).collect();
    let (rights, validity): (Vec<Right>, _) = ((0..c / 3 % 3).map(right).collect(), validity(c));
    let id = MandateAskId::new(uuid(5, c));
    match kind / 9 % 7 {
        0..=2 => MandateEvent::Given(MandateGiven {
            from_party,
            to_party,
            access_packages,
            rights,
            validity,
            by,
            ask: (c > 128).then_some(id),
        }),
        3 => MandateEvent::Changed(MandateChanged {
            from_party,
            to_party,
            access_packages,
            rights,
            validity,
            by,
        }),
        4 => MandateEvent::Asked(MandateAsked {
            id,
            from_party,
            to_party,
            access_packages,
            rights,
            validity,
            by,
        }),
        5 => MandateEvent::AskApproved(MandateAskApproved { id, by }),
        _ => MandateEvent::Revoked(MandateRevoked {
            from_party,
            to_party,
            access_packages,
            rights,
            by,
        }),
    }
    .into()
}

fn resource_event((kind, a, b, c): Seed) -> Event {
    let id = resource(a);
    match kind / 9 % 4 {
        0 => {
            let resource = ResourceDefinition {
                id,
                owner: organisation(b),
                resource_type: "GenericAccessResource".to_owned(),
                is_delegable: c.is_multiple_of(2),
                metadata: serde_json::Map::new(),
            };
            ResourceEvent::Created(ResourceCreated { resource })
        }
        1 => {
            let (hash, xml) = (c.to_string(), format!("<Policy v='{c}'/>"));
            ResourceEvent::PolicyPublished(PolicyPublished { id, hash, xml })
        }
        2 => ResourceEvent::RegistryRequired(RegistryRequired { id }),
        _ => ResourceEvent::RegistryWaived(RegistryWaived { id }),
    }
    .into()
}

fn registry_event((kind, a, b, c): Seed) -> Event {
    let (right, by) = (registry_right(a, b, c), party(c));
    match kind / 9 % 4 {
        0 | 1 => ResourceRightEvent::Granted(ResourceRightGranted { right, by }),
        2 => ResourceRightEvent::Updated(ResourceRightUpdated { right, by }),
        _ => {
            let RegistryRight { id, resource, party, .. } = right;
            ResourceRightEvent::Revoked(ResourceRightRevoked { id, resource, party, by })
        }
    }
    .into()
}

fn list_event((kind, a, b, c): Seed) -> Event {
    let (id, by) = (list(a), party(c));
    let members = vec![party(b), party(c)];
    let title = || c.to_string();
    match kind / 9 % 10 {
        0..=2 => AccessListEvent::Created(AccessListCreated {
            id,
            owner: "skd".parse().unwrap(),
            name: format!("list-{}", b % WORLD).parse().unwrap(),
            title: title(),
            description: String::new(),
            by,
        }),
        3 => {
            let description = String::new();
            AccessListEvent::Updated(AccessListUpdated { id, title: title(), description, by })
        }
        4 | 5 => AccessListEvent::MembersAdded(AccessListMembersAdded { id, members, by }),
        6 => AccessListEvent::MembersRemoved(AccessListMembersRemoved { id, members, by }),
        7 => AccessListEvent::ResourceConnected(AccessListResourceConnected {
            id,
            resource: resource(b),
            actions: (0..c % 3).map(|n| format!("action-{n}")).collect(),
            by,
        }),
        8 => {
            let resource = resource(b);
            let event = AccessListResourceDisconnected { id, resource, by };
            AccessListEvent::ResourceDisconnected(event)
        }
        _ => AccessListEvent::Deleted(AccessListDeleted { id, by }),
    }
    .into()
}

fn catalogue_event((kind, a, b, c): Seed) -> Event {
    let content = match kind / 9 % 6 {
        0 => Catalogue::Roles((0..a % 3).map(|n| catalogue_role(n, c)).collect()),
        1 => {
            let mapping = |n| RoleMapping { has: role(n), gets: role(n.wrapping_add(b)) };
            Catalogue::RoleMap((0..a % 4).map(mapping).collect())
        }
        2 => {
            let gives = |n| RolePackage {
                role: role(n),
                package: package(n.wrapping_add(b)),
                entity_variant: None,
                can_delegate: c.is_multiple_of(2),
                has_access: true,
            };
            Catalogue::RolePackages((0..a % 4).map(gives).collect())
        }
        3 => Catalogue::AccessPackages((0..a % 4).map(|n| catalogue_package(n, c)).collect()),
        4 => Catalogue::Entities((0..a % 4).map(|n| entity(n.wrapping_add(b), c)).collect()),
        _ => Catalogue::Areas(Vec::new()),
    };
    let hash = format!("{a}-{b}-{c}");
    CatalogueEvent::Published(CataloguePublished { hash, content }).into()
}

fn entity(n: u8, c: u8) -> Entity {
    let properties = [("level".to_owned(), c.into())].into_iter().collect();
    Entity { kind: ENTITY_KIND.to_owned(), id: (n % 4).to_string(), properties }
}

fn catalogue_role(n: u8, c: u8) -> Role {
    Role {
        id: uuid(7, n),
        urn: role(n),
        legacy_urn: None,
        code: n.to_string(),
        legacy_code: None,
        name_nb: String::new(),
        name_en: String::new(),
        is_key_role: c.is_multiple_of(2),
        is_assignable: false,
        provider: String::new(),
        entity_type: String::new(),
    }
}

fn catalogue_package(n: u8, c: u8) -> AccessPackage {
    AccessPackage {
        id: uuid(8, n),
        urn: package(n),
        name_nb: String::new(),
        name_en: String::new(),
        area: String::new(),
        is_delegable: c.is_multiple_of(2),
        is_assignable: c.is_multiple_of(3),
        is_available_for_service_owners: true,
        entity_type: String::new(),
    }
}
