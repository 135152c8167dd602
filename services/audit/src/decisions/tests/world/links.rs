//! What parties give each other and system users, and to whom resources are open.

use fullmakt_events::{
    AccessListId, AccessListName, OwnerCode, PackageUrn, RegistryRightId, Right, StreamName,
    Validity,
    event::{
        AccessListCreated, AccessListDeleted, AccessListEvent, AccessListMembersAdded,
        AccessListMembersRemoved, AccessListResourceConnected, AccessListResourceDisconnected,
        AccessListUpdated, ClientLinkAdded, ClientLinkChanged, ClientLinkEvent, ClientLinkRemoved,
        MandateChanged, MandateEvent, MandateGiven, MandateRevoked, RegistryRequired,
        RegistryRight, RegistryWaived, ResourceEvent, ResourceRightEvent, ResourceRightGranted,
        ResourceRightRevoked, ResourceRightUpdated,
    },
};
use uuid::Uuid;

use super::{ACTIONS, PARTIES, THINGS, World, packages, party, resource, rights, user};

impl World {
    /// Something is given, linked or opened, or is no more, if it can.
    pub(super) fn links(&mut self, what: u8, a: u8, b: u8, c: u8) {
        match what % 10 {
            0 | 1 => self.gives(a, b, c),
            2 => self.takes_back(a, b, c),
            3 => self.moves(a, b, c),
            4 | 5 => self.adds_client(a, b, c),
            6 => self.of_registry(a, b, c),
            7 => self.requires(a, b),
            8 => self.of_list(a, b, c),
            _ => self.connects(a, b, c),
        }
    }

    /// Now and then something counts from an hour ago or for an hour only.
    fn validity(&self, n: u8) -> Validity {
        let now = self.ledger.ledger_time();
        match n % 8 {
            0 => Validity { from: Some(now.plus_seconds(3_600)), to: None },
            1 => Validity { from: None, to: Some(now.plus_seconds(3_600)) },
            _ => Validity::ALWAYS,
        }
    }

    fn of_mandate(&mut self, from: u8, to: u8, event: MandateEvent) {
        self.commits(StreamName::mandate(party(from), party(to)), event);
    }

    fn gives(&mut self, from: u8, to: u8, what: u8) {
        let (access_packages, rights) = things(what);
        let given = MandateGiven {
            from_party: party(from),
            to_party: party(to),
            access_packages,
            rights,
            validity: self.validity(what),
            by: party(0),
            ask: None,
        };
        self.of_mandate(from, to, MandateEvent::Given(given));
    }

    fn takes_back(&mut self, from: u8, to: u8, what: u8) {
        let (access_packages, rights) = things(what);
        let revoked = MandateRevoked {
            from_party: party(from),
            to_party: party(to),
            access_packages,
            rights,
            by: party(0),
        };
        self.of_mandate(from, to, MandateEvent::Revoked(revoked));
    }

    fn moves(&mut self, from: u8, to: u8, what: u8) {
        let (access_packages, rights) = things(what);
        let changed = MandateChanged {
            from_party: party(from),
            to_party: party(to),
            access_packages,
            rights,
            validity: self.validity(what / 8),
            by: party(0),
        };
        self.of_mandate(from, to, MandateEvent::Changed(changed));
    }

    fn adds_client(&mut self, n: u8, client: u8, what: u8) {
        let (system_user, client, by) = (user(n), party(client), party(0));
        let (access_packages, rights) = things(what);
        let validity = self.validity(what);
        let is_linked = self.graph.client_link(system_user, client).is_some();
        let event = match (is_linked, what % 3) {
            (false, _) => ClientLinkEvent::Added(ClientLinkAdded {
                system_user,
                client,
                access_packages,
                rights,
                validity,
                by,
            }),
            (true, 0) => ClientLinkEvent::Removed(ClientLinkRemoved { system_user, client, by }),
            (true, _) => ClientLinkEvent::Changed(ClientLinkChanged {
                system_user,
                client,
                access_packages,
                rights,
                validity,
                by,
            }),
        };
        self.commits(StreamName::client_link(system_user, client), event);
    }

    fn of_registry(&mut self, n: u8, of: u8, how: u8) {
        let right = RegistryRight {
            id: RegistryRightId::new(Uuid::from_u128(
                0x3000 + u128::from(n % 4) * 16 + u128::from(of % PARTIES),
            )),
            resource: resource(n),
            party: party(of),
            performed_by: how.is_multiple_of(4).then(|| party(how / 4)),
            rights_type: "urn:resourceright:action".to_owned(),
            rights_value: ["urn:read", "write"][usize::from(how / 2 % 2)].to_owned(),
            validity: self.validity(how),
        };
        let stream = StreamName::resource_right(&right.resource, right.party);
        let by = party(0);
        let own = self.graph.registry_rights(right.party);
        let is_there = own.iter().any(|own| own.right.id == right.id);
        let event = match (is_there, how % 3) {
            (false, _) => ResourceRightEvent::Granted(ResourceRightGranted { right, by }),
            (true, 0) => ResourceRightEvent::Revoked(ResourceRightRevoked {
                id: right.id,
                resource: right.resource,
                party: right.party,
                by,
            }),
            (true, _) => ResourceRightEvent::Updated(ResourceRightUpdated { right, by }),
        };
        self.commits(stream, event);
    }

    fn requires(&mut self, n: u8, how: u8) {
        let id = resource(n);
        let event = if how.is_multiple_of(3) {
            ResourceEvent::RegistryRequired(RegistryRequired { id })
        } else {
            ResourceEvent::RegistryWaived(RegistryWaived { id })
        };
        self.of_resource(n, event);
    }

    fn of_access_list(&mut self, n: u8, event: AccessListEvent) {
        self.commits(StreamName::access_list(&owner_code(), &list_name(n)), event);
    }

    /// A list is created, gets another title or another member, loses one, or is deleted.
    fn of_list(&mut self, n: u8, member: u8, how: u8) {
        let by = party(0);
        let Some(id) = self.lists.get(&(n % THINGS)).copied() else {
            // Another one than any before it under the same name.
            let id = AccessListId::new(Uuid::from_u128(
                0x4000 + u128::from(self.graph.position().get()),
            ));
            self.lists.insert(n % THINGS, id);
            let created = AccessListCreated {
                id,
                owner: owner_code(),
                name: list_name(n),
                title: String::new(),
                description: String::new(),
                by,
            };
            self.of_access_list(n, AccessListEvent::Created(created));
            return;
        };
        let members = vec![party(member)];
        let event = match how % 12 {
            0 => {
                self.lists.remove(&(n % THINGS));
                AccessListEvent::Deleted(AccessListDeleted { id, by })
            }
            1..=3 => AccessListEvent::MembersRemoved(AccessListMembersRemoved { id, members, by }),
            4 => AccessListEvent::Updated(AccessListUpdated {
                id,
                title: how.to_string(),
                description: String::new(),
                by,
            }),
            _ => AccessListEvent::MembersAdded(AccessListMembersAdded { id, members, by }),
        };
        self.of_access_list(n, event);
    }

    fn connects(&mut self, n: u8, what: u8, how: u8) {
        let Some(id) = self.lists.get(&(n % THINGS)).copied() else { return };
        let (resource, by) = (resource(what), party(0));
        let actions = ACTIONS[..usize::from(how % 3)].iter().map(|name| (*name).to_owned());
        let actions: Vec<String> = actions.collect();
        let event = if how.is_multiple_of(5) {
            let disconnected = AccessListResourceDisconnected { id, resource, by };
            AccessListEvent::ResourceDisconnected(disconnected)
        } else {
            let connected = AccessListResourceConnected { id, resource, actions, by };
            AccessListEvent::ResourceConnected(connected)
        };
        self.of_access_list(n, event);
    }
}

fn things(what: u8) -> (Vec<PackageUrn>, Vec<Right>) {
    (packages(what / 8), rights(what / 24))
}

fn owner_code() -> OwnerCode {
    "skd".parse().unwrap()
}

fn list_name(n: u8) -> AccessListName {
    format!("list-{}", n % THINGS).parse().unwrap()
}
