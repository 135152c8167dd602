//! A small world in which things happen by the rules, and in which decisions are made.

mod answers;
mod links;

use std::collections::BTreeMap;

use fullmakt_access::{ResourcePolicy, record::LogRecord};
use fullmakt_events::{
    AccessListId, Event, LocalizedText, OrgNumber, PackageUrn, PartyId, PartyNumber, ResourceId,
    Right, RoleUrn, StreamName, SystemId, SystemUserId,
    event::{
        AccessPackage, AgreementEvent, Catalogue, CatalogueEvent, CataloguePublished, PartyChanged,
        PartyEvent, PartyFacts, PartyKind, PartyRegistered, PolicyPublished, ResourceCreated,
        ResourceDefinition, ResourceEvent, Role, RoleAssigned, RoleEnded, RoleMapping, RolePackage,
        SystemAccessPackagesReplaced, SystemDefinition, SystemDeleted, SystemEvent,
        SystemRegistered, SystemRightsReplaced, SystemUserChanged, SystemUserCreated,
        SystemUserDeleted, SystemUserKind, SystemUserPaused, SystemUserRenamed, SystemUserResumed,
    },
};
use fullmakt_projections::graph::AccessGraph;
use fullmakt_readstore::testing::TestLedger;
use fullmakt_xacml::{Limits, Mode, PolicyTree};
use proptest::{collection::vec, prelude::*};
use uuid::Uuid;

const DEMO: &str = include_str!("../../../../fullmakt/demo/policies/demo-vat-return.xml");
const DEMO_RESOURCE: &str = "demo-vat-return";
const PACKAGES: [&str; 2] =
    ["urn:altinn:accesspackage:merverdiavgift", "urn:altinn:accesspackage:a-ordning"];
const ROLES: [&str; 5] = [
    "urn:altinn:external-role:ccr:daglig-leder",
    "urn:altinn:external-role:ccr:regnskapsforer-med-signeringsrettighet",
    "urn:altinn:external-role:ccr:styreleder",
    "urn:altinn:external-role:ccr:regnskapsforer",
    "urn:altinn:external-role:ccr:innehaver",
];
const ACTIONS: [&str; 3] = ["read", "write", "sign"];
const VENDOR: &str = "991825827";
pub(super) const OWNERS: [&str; 2] = ["310090018", "310010014"];
/// Two persons, two organisations, and a sub-unit of one of them.
const PARTIES: u8 = 5;
const THINGS: u8 = 2;

/// What happens next: the kind of thing, and what is chosen for it.
pub(super) type Dice = (u8, u8, u8, u8);

/// A history of so many things.
pub(super) fn any_history(length: usize) -> impl Strategy<Value = Vec<Dice>> {
    vec((0_u8..40, any::<u8>(), any::<u8>(), any::<u8>()), length)
}

/// A ledger, what the decision service has in memory of it, and what was decided.
pub(super) struct World {
    pub(super) ledger: TestLedger,
    graph: AccessGraph,
    policies: BTreeMap<ResourceId, ResourcePolicy>,
    systems: BTreeMap<u8, bool>,
    /// Whether each system user is there: what is deleted never comes back.
    users: BTreeMap<u8, bool>,
    lists: BTreeMap<u8, AccessListId>,
    pub(super) records: Vec<LogRecord>,
    /// The facts that were weighed for each record.
    pub(super) facts: Vec<Vec<String>>,
}

pub(super) fn party(n: u8) -> PartyId {
    PartyId::new(Uuid::from_u128(0x1000 + u128::from(n % PARTIES)))
}

fn org(n: u8) -> OrgNumber {
    OWNERS[usize::from(n % 2)].parse().unwrap()
}

fn system(n: u8) -> SystemId {
    format!("{VENDOR}_system-{}", n % THINGS).parse().unwrap()
}

pub(super) fn user(n: u8) -> SystemUserId {
    SystemUserId::new(Uuid::from_u128(0x2000 + u128::from(n % THINGS)))
}

pub(super) fn resource(n: u8) -> ResourceId {
    if n.is_multiple_of(2) { DEMO_RESOURCE.parse().unwrap() } else { "other".parse().unwrap() }
}

fn facts(n: u8, variant: u8) -> PartyFacts {
    let kind = match n % PARTIES {
        0 | 1 => PartyKind::Person,
        2 | 3 => PartyKind::Organization,
        _ => PartyKind::SubUnit,
    };
    PartyFacts {
        kind,
        org_number: None,
        variant: (kind == PartyKind::Organization)
            .then(|| ["AS", "IKS", "ENK"][usize::from(variant % 3)].to_owned()),
        name: None,
        parent: (kind == PartyKind::SubUnit).then(|| party(2 + variant % 2)),
        is_deleted: variant.is_multiple_of(7),
    }
}

fn rights(n: u8) -> Vec<Right> {
    let of = |n: u8| Right::to(resource(n).to_string(), Some(ACTIONS[usize::from(n % 3)]));
    (0..n % 4).map(|step| of(n.wrapping_add(step))).collect()
}

fn packages(n: u8) -> Vec<PackageUrn> {
    PACKAGES.iter().take(usize::from(n % 3)).map(|urn| PackageUrn::new(*urn)).collect()
}

/// The demonstration's policy for a resource in one of several versions, of which one permits writing
/// for a time only.
fn policy(n: u8, version: u8) -> String {
    let xml = DEMO.replace(DEMO_RESOURCE, resource(n).as_str());
    match version % 4 {
        0 => xml,
        1 => xml.replace("daglig-leder", "styreleder"),
        2 => xml.replace(">read<", ">look<"),
        _ => xml.replacen("Effect=\"Permit\"", "Effect=\"Deny\"", 1),
    }
}

fn catalogue(n: u8, version: u8) -> Catalogue {
    let role = |n: usize, urn: &str| Role {
        id: Uuid::from_u128(n as u128),
        urn: RoleUrn::new(urn),
        legacy_urn: (n == 0).then(|| RoleUrn::new("urn:altinn:rolecode:dagl")),
        code: urn.rsplit(':').next().unwrap().to_owned(),
        legacy_code: None,
        name_nb: String::new(),
        name_en: String::new(),
        is_key_role: !matches!(n, 1 | 3) && !version.is_multiple_of(3),
        is_assignable: false,
        provider: "ccr".to_owned(),
        entity_type: "Organisasjon".to_owned(),
    };
    match n % 4 {
        0 => Catalogue::Roles(ROLES.iter().enumerate().map(|(n, urn)| role(n, urn)).collect()),
        1 => {
            let (has, gets) =
                (RoleUrn::new(ROLES[2]), RoleUrn::new(ROLES[usize::from(version % 2)]));
            Catalogue::RoleMap(vec![RoleMapping { has, gets }])
        }
        2 => {
            let package = |(n, package): (usize, &&str)| RolePackage {
                role: RoleUrn::new(ROLES[(n + usize::from(version)) % ROLES.len()]),
                package: PackageUrn::new(*package),
                entity_variant: version.is_multiple_of(2).then(|| "AS".to_owned()),
                can_delegate: true,
                has_access: version.is_multiple_of(3),
            };
            Catalogue::RolePackages(PACKAGES.iter().enumerate().map(package).collect())
        }
        _ => {
            let package = |urn: &&str| AccessPackage {
                id: Uuid::from_u128(0x500),
                urn: PackageUrn::new(*urn),
                name_nb: String::new(),
                name_en: String::new(),
                area: String::new(),
                is_delegable: !version.is_multiple_of(5),
                is_assignable: true,
                is_available_for_service_owners: true,
                entity_type: "Organization".to_owned(),
            };
            Catalogue::AccessPackages(PACKAGES.iter().map(package).collect())
        }
    }
}

impl World {
    /// Parties, resources with a policy, and catalogues.
    pub(super) fn new() -> Self {
        let mut world = Self {
            ledger: TestLedger::new(),
            graph: AccessGraph::default(),
            policies: BTreeMap::new(),
            systems: BTreeMap::new(),
            users: BTreeMap::new(),
            lists: BTreeMap::new(),
            records: Vec::new(),
            facts: Vec::new(),
        };
        for n in 0..PARTIES {
            let number = PartyNumber::new(50_000_000 + u32::from(n));
            let registered = PartyRegistered { party: party(n), number, facts: facts(n, 2) };
            world.of_party(n, PartyEvent::Registered(registered));
        }
        for n in 0..2 {
            let definition = ResourceDefinition {
                id: resource(n),
                owner: org(n),
                resource_type: "GenericAccessResource".to_owned(),
                is_delegable: true,
                metadata: serde_json::Map::new(),
            };
            world.of_resource(n, ResourceEvent::Created(ResourceCreated { resource: definition }));
        }
        world.publishes_policy(0, 0);
        for n in 0..4 {
            world.publishes(n, 1);
        }
        world.assigns(0, 2, 0);
        world
    }

    /// All of these things happen.
    pub(super) fn after(history: &[Dice]) -> Self {
        let mut world = Self::new();
        for dice in history {
            world.happens(*dice);
        }
        world
    }

    /// One thing happens, if it can.
    fn happens(&mut self, (what, a, b, c): Dice) {
        match what {
            0 | 1 => self.assigns(a, b, c),
            2 => self.ends(a, b, c),
            3 => {
                let changed = PartyChanged { party: party(a), facts: facts(a, b) };
                self.of_party(a, PartyEvent::Changed(changed));
            }
            4 => self.publishes_policy(a, b),
            5 => self.registers_system(a, b),
            6 => self.changes_system(a, b, c),
            7 => self.creates_user(a, b, c),
            8 | 9 => self.manages_user(a, b, c),
            10 => self.publishes(a, b),
            11 => self.ledger.advance_seconds(i64::from(a) * 600),
            12 => self.checks(a, b, c),
            20..=29 => self.links(what, a, b, c),
            _ => self.decides(a, b, c),
        }
    }

    fn commits(&mut self, stream: StreamName, event: impl Into<Event>) {
        self.ledger.commit(&[(stream, event.into())]);
        let folded = self.ledger.records().last().unwrap();
        self.graph.apply(folded);
    }

    fn of_party(&mut self, n: u8, event: PartyEvent) {
        self.commits(StreamName::party(party(n)), event);
    }

    fn of_resource(&mut self, n: u8, event: ResourceEvent) {
        self.commits(StreamName::resource(&resource(n)), event);
    }

    fn of_system(&mut self, n: u8, event: SystemEvent) {
        self.commits(StreamName::system(&system(n)), event);
    }

    fn of_user(&mut self, n: u8, event: AgreementEvent) {
        self.commits(StreamName::agreement(&system(n), org(n)), event);
    }

    fn holds(&self, role: &RoleUrn, of: u8, holder: u8) -> bool {
        let node = self.graph.party(party(of)).unwrap();
        node.roles.iter().any(|held| held.role == *role && held.holder == party(holder))
    }

    fn assigns(&mut self, n: u8, of: u8, holder: u8) {
        let role = RoleUrn::new(ROLES[usize::from(n) % ROLES.len()]);
        if !self.holds(&role, of, holder) {
            let assigned = RoleAssigned { party: party(of), role, holder: party(holder) };
            self.of_party(of, PartyEvent::RoleAssigned(assigned));
        }
    }

    fn ends(&mut self, n: u8, of: u8, holder: u8) {
        let role = RoleUrn::new(ROLES[usize::from(n) % ROLES.len()]);
        if self.holds(&role, of, holder) {
            let ended = RoleEnded { party: party(of), role, holder: party(holder) };
            self.of_party(of, PartyEvent::RoleEnded(ended));
        }
    }

    fn publishes_policy(&mut self, n: u8, version: u8) {
        let xml = policy(n, version);
        let hash = format!("{:064x}", u32::from(n % 2) * 16 + u32::from(version % 4));
        let parsed = PolicyTree::parse(&xml, Mode::Strict, &Limits::default()).unwrap();
        self.policies.insert(resource(n), ResourcePolicy::new(parsed.policy, hash.clone()));
        let published = PolicyPublished { id: resource(n), hash, xml };
        self.of_resource(n, ResourceEvent::PolicyPublished(published));
    }

    fn publishes(&mut self, n: u8, version: u8) {
        let content = catalogue(n, version);
        let hash = format!("{:064x}", u32::from(n % 4) * 256 + u32::from(version % 30));
        let stream = StreamName::catalogue(content.name());
        self.commits(stream, CatalogueEvent::Published(CataloguePublished { hash, content }));
    }

    fn registers_system(&mut self, n: u8, given: u8) {
        if self.systems.contains_key(&(n % THINGS)) {
            return;
        }
        self.systems.insert(n % THINGS, true);
        let definition = SystemDefinition {
            id: system(n),
            vendor: VENDOR.parse().unwrap(),
            name: LocalizedText::default(),
            description: LocalizedText::default(),
            rights: rights(given | 3),
            access_packages: packages(given | 2),
            client_ids: Vec::new(),
            is_visible: true,
            allowed_redirect_urls: Vec::new(),
        };
        let internal_id = Uuid::from_u128(u128::from(n)).into();
        let system = Box::new(definition);
        self.of_system(n, SystemEvent::Registered(SystemRegistered { internal_id, system }));
    }

    fn changes_system(&mut self, n: u8, how: u8, given: u8) {
        if self.systems.get(&(n % THINGS)) != Some(&true) {
            return;
        }
        let id = system(n);
        let event = match how % 8 {
            0 => {
                self.systems.insert(n % THINGS, false);
                SystemEvent::Deleted(SystemDeleted { id })
            }
            1..=4 => {
                let rights = rights(given);
                SystemEvent::RightsReplaced(SystemRightsReplaced { id, rights })
            }
            _ => {
                let access_packages = packages(given);
                let replaced = SystemAccessPackagesReplaced { id, access_packages };
                SystemEvent::AccessPackagesReplaced(replaced)
            }
        };
        self.of_system(n, event);
    }

    fn creates_user(&mut self, n: u8, owner: u8, given: u8) {
        let is_there = self.systems.get(&(n % THINGS)) == Some(&true);
        if !is_there || self.users.contains_key(&(n % THINGS)) {
            return;
        }
        self.users.insert(n % THINGS, true);
        let created = SystemUserCreated {
            id: user(n),
            kind: if given.is_multiple_of(9) {
                SystemUserKind::Agent
            } else {
                SystemUserKind::Standard
            },
            system: system(n),
            vendor: VENDOR.parse().unwrap(),
            owner: org(n),
            owner_party: party(2 + owner % 2),
            external_ref: String::new(),
            integration_title: String::new(),
            rights: rights(given),
            delegated: rights(given),
            access_packages: packages(given),
        };
        self.of_user(n, AgreementEvent::SystemUserCreated(created));
    }

    fn manages_user(&mut self, n: u8, how: u8, given: u8) {
        if self.users.get(&(n % THINGS)) != Some(&true) {
            return;
        }
        let (id, by) = (user(n), party(0));
        let is_paused = self.graph.system_user(id).unwrap().is_paused;
        let event = match how % 12 {
            0 => {
                self.users.insert(n % THINGS, false);
                AgreementEvent::SystemUserDeleted(SystemUserDeleted { id, by: Some(by) })
            }
            1..=4 => AgreementEvent::SystemUserChanged(SystemUserChanged {
                id,
                rights: rights(given),
                delegated: rights(given),
                access_packages: packages(given),
            }),
            5..=7 => AgreementEvent::SystemUserRenamed(SystemUserRenamed {
                id,
                integration_title: format!("title {given}"),
                by,
            }),
            _ if is_paused => AgreementEvent::SystemUserResumed(SystemUserResumed { id, by }),
            _ => AgreementEvent::SystemUserPaused(SystemUserPaused { id, by }),
        };
        self.of_user(n, event);
    }
}
