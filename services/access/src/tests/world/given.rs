//! What parties give each other and system users, and to whom resources are open.

use fullmakt_events::{
    AccessListId, AccessListName, OwnerCode, PartyId, RegistryRightId, ResourceId, Right,
    StreamName, SystemUserId, Validity,
    event::{
        AccessListCreated, AccessListDeleted, AccessListEvent, AccessListMembersAdded,
        AccessListMembersRemoved, AccessListResourceConnected, AccessListResourceDisconnected,
        ClientLinkAdded, ClientLinkChanged, ClientLinkEvent, ClientLinkRemoved, MandateAskApproved,
        MandateAsked, MandateChanged, MandateEvent, MandateGiven, MandateRevoked, RegistryRequired,
        RegistryRight, RegistryWaived, ResourceCreated, ResourceDefinition, ResourceEvent,
        ResourceRightEvent, ResourceRightGranted, ResourceRightRevoked, ResourceRightUpdated,
    },
};
use uuid::Uuid;

use super::{OWNER, World, package_urn, party};

/// Single rights and the codes of packages.
pub(in super::super) type Things<'a> = (&'a [Right], &'a [&'a str]);

/// Who does all this for the parties.
const BY: u32 = 999;

impl World {
    /// A client is added to a system user.
    pub(in super::super) fn adds_client(
        &mut self,
        system_user: SystemUserId,
        client: PartyId,
        (rights, packages): Things<'_>,
        validity: Validity,
    ) {
        let event = ClientLinkEvent::Added(ClientLinkAdded {
            system_user,
            client,
            access_packages: packages.iter().map(|package| package_urn(package)).collect(),
            rights: rights.to_vec(),
            validity,
            by: party(BY),
        });
        self.happens(StreamName::client_link(system_user, client), event);
    }

    pub(in super::super) fn changes_client(
        &mut self,
        system_user: SystemUserId,
        client: PartyId,
        (rights, packages): Things<'_>,
    ) {
        let event = ClientLinkEvent::Changed(ClientLinkChanged {
            system_user,
            client,
            access_packages: packages.iter().map(|package| package_urn(package)).collect(),
            rights: rights.to_vec(),
            validity: Validity::ALWAYS,
            by: party(BY),
        });
        self.happens(StreamName::client_link(system_user, client), event);
    }

    pub(in super::super) fn removes_client(&mut self, system_user: SystemUserId, client: PartyId) {
        let by = party(BY);
        let event = ClientLinkEvent::Removed(ClientLinkRemoved { system_user, client, by });
        self.happens(StreamName::client_link(system_user, client), event);
    }

    pub(in super::super) fn gives(&mut self, from: PartyId, to: PartyId, things: Things<'_>) {
        self.gives_for(Validity::ALWAYS, from, to, things);
    }

    pub(in super::super) fn gives_for(
        &mut self,
        validity: Validity,
        from_party: PartyId,
        to_party: PartyId,
        (rights, packages): Things<'_>,
    ) {
        let event = MandateEvent::Given(MandateGiven {
            from_party,
            to_party,
            access_packages: packages.iter().map(|package| package_urn(package)).collect(),
            rights: rights.to_vec(),
            validity,
            by: party(BY),
            ask: None,
        });
        self.happens(StreamName::mandate(from_party, to_party), event);
    }

    pub(in super::super) fn moves_mandate(
        &mut self,
        validity: Validity,
        from_party: PartyId,
        to_party: PartyId,
        (rights, packages): Things<'_>,
    ) {
        let event = MandateEvent::Changed(MandateChanged {
            from_party,
            to_party,
            access_packages: packages.iter().map(|package| package_urn(package)).collect(),
            rights: rights.to_vec(),
            validity,
            by: party(BY),
        });
        self.happens(StreamName::mandate(from_party, to_party), event);
    }

    pub(in super::super) fn revokes(
        &mut self,
        from_party: PartyId,
        to_party: PartyId,
        (rights, packages): Things<'_>,
    ) {
        let event = MandateEvent::Revoked(MandateRevoked {
            from_party,
            to_party,
            access_packages: packages.iter().map(|package| package_urn(package)).collect(),
            rights: rights.to_vec(),
            by: party(BY),
        });
        self.happens(StreamName::mandate(from_party, to_party), event);
    }

    /// A party asks for packages and is told yes, without being given anything.
    pub(in super::super) fn asks(&mut self, to_party: PartyId, from_party: PartyId, code: &str) {
        let (id, by) = (Uuid::from_u128(70).into(), party(BY));
        let asked = MandateEvent::Asked(MandateAsked {
            id,
            from_party,
            to_party,
            access_packages: vec![package_urn(code)],
            rights: Vec::new(),
            validity: Validity::ALWAYS,
            by,
        });
        let approved = MandateEvent::AskApproved(MandateAskApproved { id, by });
        for event in [asked, approved] {
            self.happens(StreamName::mandate(from_party, to_party), event);
        }
    }

    /// A resource is in the registry.
    pub(in super::super) fn resource(&mut self, resource: &str) {
        let id: ResourceId = resource.parse().unwrap();
        let definition = ResourceDefinition {
            id: id.clone(),
            owner: OWNER.parse().unwrap(),
            resource_type: "GenericAccessResource".to_owned(),
            is_delegable: true,
            metadata: serde_json::Map::new(),
        };
        let event = ResourceEvent::Created(ResourceCreated { resource: definition });
        self.happens(StreamName::resource(&id), event);
    }

    /// Whether a resource requires a right in the rights registry from now on.
    pub(in super::super) fn requires_registry(&mut self, resource: &str, is_required: bool) {
        let id: ResourceId = resource.parse().unwrap();
        let stream = StreamName::resource(&id);
        let event = if is_required {
            ResourceEvent::RegistryRequired(RegistryRequired { id })
        } else {
            ResourceEvent::RegistryWaived(RegistryWaived { id })
        };
        self.happens(stream, event);
    }

    pub(in super::super) fn grants(&mut self, right: RegistryRight) {
        let stream = StreamName::resource_right(&right.resource, right.party);
        let granted = ResourceRightGranted { right, by: party(BY) };
        self.happens(stream, ResourceRightEvent::Granted(granted));
    }

    pub(in super::super) fn updates(&mut self, right: RegistryRight) {
        let stream = StreamName::resource_right(&right.resource, right.party);
        let updated = ResourceRightUpdated { right, by: party(BY) };
        self.happens(stream, ResourceRightEvent::Updated(updated));
    }

    pub(in super::super) fn revokes_right(&mut self, right: &RegistryRight) {
        let RegistryRight { id, resource, party: of, .. } = right.clone();
        let stream = StreamName::resource_right(&resource, of);
        let revoked = ResourceRightRevoked { id, resource, party: of, by: party(BY) };
        self.happens(stream, ResourceRightEvent::Revoked(revoked));
    }

    /// A list of a service owner, connected with no resource.
    pub(in super::super) fn list(&mut self, number: u8) -> AccessListId {
        let id = list_id(number);
        let event = AccessListEvent::Created(AccessListCreated {
            id,
            owner: owner_code(),
            name: list_name(number),
            title: String::new(),
            description: String::new(),
            by: party(BY),
        });
        self.happens(list_stream(number), event);
        id
    }

    pub(in super::super) fn adds_member(&mut self, number: u8, member: PartyId) {
        let (id, members, by) = (list_id(number), vec![member], party(BY));
        let event = AccessListEvent::MembersAdded(AccessListMembersAdded { id, members, by });
        self.happens(list_stream(number), event);
    }

    pub(in super::super) fn removes_member(&mut self, number: u8, member: PartyId) {
        let (id, members, by) = (list_id(number), vec![member], party(BY));
        let event = AccessListEvent::MembersRemoved(AccessListMembersRemoved { id, members, by });
        self.happens(list_stream(number), event);
    }

    pub(in super::super) fn connects(&mut self, number: u8, resource: &str, actions: &[&str]) {
        let event = AccessListEvent::ResourceConnected(AccessListResourceConnected {
            id: list_id(number),
            resource: resource.parse().unwrap(),
            actions: actions.iter().map(|&action| action.to_owned()).collect(),
            by: party(BY),
        });
        self.happens(list_stream(number), event);
    }

    pub(in super::super) fn disconnects(&mut self, number: u8, resource: &str) {
        let (id, resource, by) = (list_id(number), resource.parse().unwrap(), party(BY));
        let event = AccessListResourceDisconnected { id, resource, by };
        self.happens(list_stream(number), AccessListEvent::ResourceDisconnected(event));
    }

    pub(in super::super) fn deletes_list(&mut self, number: u8) {
        let event = AccessListDeleted { id: list_id(number), by: party(BY) };
        self.happens(list_stream(number), AccessListEvent::Deleted(event));
    }
}

/// A right of a party to an action on a resource, which anybody may use and which always counts.
pub(in super::super) fn registry_right(
    number: u128,
    resource: &str,
    party: PartyId,
) -> RegistryRight {
    RegistryRight {
        id: RegistryRightId::new(Uuid::from_u128(number)),
        resource: resource.parse().unwrap(),
        party,
        performed_by: None,
        rights_type: "urn:resourceright:action".to_owned(),
        rights_value: "urn:read".to_owned(),
        validity: Validity::ALWAYS,
    }
}

fn list_id(number: u8) -> AccessListId {
    Uuid::from_u128(u128::from(number)).into()
}

fn owner_code() -> OwnerCode {
    "skd".parse().unwrap()
}

fn list_name(number: u8) -> AccessListName {
    format!("list-{number}").parse().unwrap()
}

pub(in super::super) fn list_stream(number: u8) -> StreamName {
    StreamName::access_list(&owner_code(), &list_name(number))
}
