//! The same questions, answered from the list of events alone: no map is kept, every answer walks
//! through all that has happened.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a question is about the events it names; what it overlooks breaks the law"
)]

mod open;

use std::collections::BTreeSet;

use fullmakt_events::{
    Event, OrgNumber, PackageUrn, PartyId, PartyNumber, Position, ResourceId, Right, RoleUrn,
    SystemId, SystemUserId, Timestamp, Validity,
    event::{
        AccessPackage, AgreementEvent, Catalogue, CatalogueEvent, CataloguePublished,
        ClientLinkEvent, MandateEvent, OrgNumberEvent, PartyEvent, PartyKind, PartyNumberEvent,
        ResourceEvent, ResourceRightEvent, Role, RolePackage, SystemEvent,
    },
};

use super::{
    super::{
        ClientLinkTerms, Given, MandateNode, PartyNode, PolicyNode, Properties, ResourceNode,
        RoleHeld, SystemNode, SystemUserNode,
    },
    history::Happened,
};

/// All that has happened, in order.
pub(super) struct Naive<'a>(pub(super) &'a [Happened]);

impl Naive<'_> {
    pub(super) fn reached(&self) -> (Position, Timestamp) {
        self.0.last().map_or_else(Default::default, |last| (last.position, last.time))
    }

    pub(super) fn party(&self, party: PartyId) -> Option<PartyNode> {
        let mut found = None;
        for Happened { position, time, event } in self.0 {
            let Event::Party(event) = event else { continue };
            match event {
                PartyEvent::Registered(registered) if registered.party == party => {
                    found = Some(PartyNode {
                        party,
                        number: registered.number,
                        facts: registered.facts.clone(),
                        since: *position,
                        deleted_at: registered.facts.is_deleted.then_some(*time),
                        roles: Vec::new(),
                    });
                }
                PartyEvent::Changed(changed) if changed.party == party => {
                    let Some(node) = found.as_mut() else { continue };
                    node.deleted_at = match (changed.facts.is_deleted, node.facts.is_deleted) {
                        (false, _) => None,
                        (true, false) => Some(*time),
                        (true, true) => node.deleted_at,
                    };
                    // What changes nothing makes nothing so.
                    if node.facts != changed.facts {
                        node.facts = changed.facts.clone();
                        node.since = *position;
                    }
                }
                _ => {}
            }
        }
        found.map(|node| PartyNode { roles: self.roles(party), ..node })
    }

    /// The roles that are held, each since it was first assigned without having ended.
    fn roles(&self, party: PartyId) -> Vec<RoleHeld> {
        let mut held: Vec<RoleHeld> = Vec::new();
        for Happened { position, event, .. } in self.0 {
            match event {
                Event::Party(PartyEvent::RoleAssigned(assigned)) if assigned.party == party => {
                    let (role, holder) = (assigned.role.clone(), assigned.holder);
                    if !held.iter().any(|own| (&own.role, own.holder) == (&role, holder)) {
                        held.push(RoleHeld { role, holder, since: *position });
                    }
                }
                Event::Party(PartyEvent::RoleEnded(ended)) if ended.party == party => {
                    held.retain(|own| (&own.role, own.holder) != (&ended.role, ended.holder));
                }
                _ => {}
            }
        }
        held.sort();
        held
    }

    /// All parties that any event names.
    fn parties(&self) -> BTreeSet<PartyId> {
        let mut all = BTreeSet::new();
        for happened in self.0 {
            match &happened.event {
                Event::Party(PartyEvent::Registered(registered)) => {
                    all.insert(registered.party);
                }
                Event::ClientLink(ClientLinkEvent::Added(added)) => {
                    all.insert(added.client);
                }
                Event::Mandate(MandateEvent::Given(given)) => {
                    all.extend([given.from_party, given.to_party]);
                }
                Event::ResourceRight(ResourceRightEvent::Granted(granted)) => {
                    all.insert(granted.right.party);
                }
                _ => {}
            }
        }
        all
    }

    fn parties_where(&self, holds: impl Fn(PartyId) -> bool) -> Vec<PartyId> {
        self.parties().into_iter().filter(|party| holds(*party)).collect()
    }

    pub(super) fn parties_of_holder(&self, holder: PartyId) -> Vec<PartyId> {
        self.parties_where(|party| self.roles(party).iter().any(|held| held.holder == holder))
    }

    pub(super) fn sub_units_of(&self, unit: PartyId) -> Vec<PartyId> {
        self.parties_where(|party| {
            self.party(party).is_some_and(|node| {
                node.facts.kind == PartyKind::SubUnit && node.facts.parent == Some(unit)
            })
        })
    }

    pub(super) fn party_of_number(&self, number: PartyNumber) -> Option<PartyId> {
        self.0.iter().rev().find_map(|happened| match &happened.event {
            Event::PartyNumber(PartyNumberEvent::Claimed(claimed)) if claimed.number == number => {
                Some(claimed.party)
            }
            _ => None,
        })
    }

    pub(super) fn party_of_org(&self, org: OrgNumber) -> Option<PartyId> {
        self.0.iter().rev().find_map(|happened| match &happened.event {
            Event::OrgNumber(OrgNumberEvent::Claimed(claimed)) if claimed.org_number == org => {
                Some(claimed.party)
            }
            _ => None,
        })
    }

    pub(super) fn system(&self, id: &SystemId) -> Option<SystemNode> {
        let mut found: Option<SystemNode> = None;
        for Happened { position, event, .. } in self.0 {
            let Event::System(event) = event else { continue };
            if let SystemEvent::Registered(registered) = event
                && registered.system.id == *id
            {
                let definition = (*registered.system).clone();
                found = Some(SystemNode { definition, is_deleted: false, since: *position });
            }
            let Some(node) = found.as_mut() else { continue };
            match event {
                SystemEvent::Updated(updated) if updated.system.id == *id => {
                    node.definition = (*updated.system).clone();
                }
                SystemEvent::RightsReplaced(replaced) if replaced.id == *id => {
                    node.definition.rights = replaced.rights.clone();
                }
                SystemEvent::AccessPackagesReplaced(replaced) if replaced.id == *id => {
                    node.definition.access_packages = replaced.access_packages.clone();
                }
                SystemEvent::Deleted(deleted) if deleted.id == *id => node.is_deleted = true,
                _ => continue,
            }
            node.since = *position;
        }
        found
    }

    pub(super) fn system_user(&self, id: SystemUserId) -> Option<SystemUserNode> {
        let mut found: Option<SystemUserNode> = None;
        for Happened { position, event, .. } in self.0 {
            let Event::Agreement(event) = event else { continue };
            let (before, since) = (found.clone(), *position);
            found = match (found, event) {
                (_, AgreementEvent::SystemUserCreated(created)) if created.id == id => {
                    Some(SystemUserNode { created: created.clone(), is_paused: false, since })
                }
                (_, AgreementEvent::SystemUserDeleted(deleted)) if deleted.id == id => None,
                (Some(node), AgreementEvent::SystemUserPaused(paused)) if paused.id == id => {
                    Some(SystemUserNode { is_paused: true, since, ..node })
                }
                (Some(node), AgreementEvent::SystemUserResumed(resumed)) if resumed.id == id => {
                    Some(SystemUserNode { is_paused: false, since, ..node })
                }
                (Some(mut node), AgreementEvent::SystemUserChanged(changed))
                    if changed.id == id =>
                {
                    node.created.rights = changed.rights.clone();
                    node.created.delegated = changed.delegated.clone();
                    node.created.access_packages = changed.access_packages.clone();
                    Some(SystemUserNode { since, ..node })
                }
                (found, _) => found,
            };
            // What changes nothing makes nothing so.
            let is_same = |(before, found): (&SystemUserNode, &SystemUserNode)| {
                *before == SystemUserNode { since: before.since, ..found.clone() }
            };
            if before.as_ref().zip(found.as_ref()).is_some_and(is_same) {
                found = before;
            }
        }
        found
    }

    pub(super) fn client_link(
        &self,
        user: SystemUserId,
        of: PartyId,
    ) -> Option<(ClientLinkTerms, Position)> {
        let mut found: Option<(ClientLinkTerms, Position)> = None;
        for Happened { position, event, .. } in self.0 {
            let Event::ClientLink(event) = event else { continue };
            let (access_packages, rights, validity) = match event {
                ClientLinkEvent::Added(added)
                    if (added.system_user, added.client) == (user, of) =>
                {
                    (&added.access_packages, &added.rights, added.validity)
                }
                ClientLinkEvent::Changed(changed)
                    if (changed.system_user, changed.client) == (user, of) && found.is_some() =>
                {
                    (&changed.access_packages, &changed.rights, changed.validity)
                }
                ClientLinkEvent::Removed(removed)
                    if (removed.system_user, removed.client) == (user, of) =>
                {
                    found = None;
                    continue;
                }
                _ => continue,
            };
            let (access_packages, rights) = (access_packages.clone(), rights.clone());
            let terms = ClientLinkTerms { access_packages, rights, validity };
            if found.as_ref().is_none_or(|(known, _)| *known != terms) {
                found = Some((terms, *position));
            }
        }
        found
    }

    pub(super) fn clients_of_system_user(&self, user: SystemUserId) -> Vec<PartyId> {
        self.parties_where(|client| self.client_link(user, client).is_some())
    }

    pub(super) fn system_users_of_client(&self, client: PartyId) -> Vec<SystemUserId> {
        let mut users: BTreeSet<SystemUserId> = BTreeSet::new();
        for happened in self.0 {
            if let Event::ClientLink(ClientLinkEvent::Added(added)) = &happened.event {
                users.insert(added.system_user);
            }
        }
        users.into_iter().filter(|user| self.client_link(*user, client).is_some()).collect()
    }

    pub(super) fn mandate(&self, from: PartyId, to: PartyId) -> Option<MandateNode> {
        let mut packages: Vec<Given<PackageUrn>> = Vec::new();
        let mut rights: Vec<Given<Right>> = Vec::new();
        for Happened { position, event, .. } in self.0 {
            match event {
                Event::Mandate(MandateEvent::Given(given))
                    if (given.from_party, given.to_party) == (from, to) =>
                {
                    let when = (given.validity, *position);
                    given.access_packages.iter().for_each(|what| put(&mut packages, what, when));
                    given.rights.iter().for_each(|what| put(&mut rights, what, when));
                }
                Event::Mandate(MandateEvent::Changed(changed))
                    if (changed.from_party, changed.to_party) == (from, to) =>
                {
                    let when = (changed.validity, *position);
                    for what in &changed.access_packages {
                        if packages.iter().any(|own| own.what == *what) {
                            put(&mut packages, what, when);
                        }
                    }
                    for what in &changed.rights {
                        if rights.iter().any(|own| own.what == *what) {
                            put(&mut rights, what, when);
                        }
                    }
                }
                Event::Mandate(MandateEvent::Revoked(revoked))
                    if (revoked.from_party, revoked.to_party) == (from, to) =>
                {
                    packages.retain(|own| !revoked.access_packages.contains(&own.what));
                    rights.retain(|own| !revoked.rights.contains(&own.what));
                }
                _ => {}
            }
        }
        packages.sort_by(|one, other| one.what.cmp(&other.what));
        rights.sort_by(|one, other| one.what.cmp(&other.what));
        let node =
            MandateNode { from_party: from, to_party: to, access_packages: packages, rights };
        (!node.access_packages.is_empty() || !node.rights.is_empty()).then_some(node)
    }

    pub(super) fn receivers_of_mandates(&self, from: PartyId) -> Vec<PartyId> {
        self.parties_where(|to| self.mandate(from, to).is_some())
    }

    pub(super) fn givers_of_mandates(&self, to: PartyId) -> Vec<PartyId> {
        self.parties_where(|from| self.mandate(from, to).is_some())
    }

    pub(super) fn resource(&self, id: &ResourceId) -> Option<ResourceNode> {
        let mut found: Option<ResourceNode> = None;
        for Happened { position, event, .. } in self.0 {
            let Event::Resource(event) = event else { continue };
            if let ResourceEvent::Created(created) = event
                && created.resource.id == *id
            {
                found = Some(ResourceNode {
                    definition: created.resource.clone(),
                    since: *position,
                    policy: None,
                    registry_required_since: None,
                });
            }
            let Some(node) = found.as_mut() else { continue };
            match event {
                ResourceEvent::PolicyPublished(published) if published.id == *id => {
                    node.policy = Some(PolicyNode {
                        hash: published.hash.as_str().into(),
                        xml: published.xml.as_str().into(),
                        since: *position,
                    });
                }
                ResourceEvent::RegistryRequired(required)
                    if required.id == *id && node.registry_required_since.is_none() =>
                {
                    node.registry_required_since = Some(*position);
                }
                ResourceEvent::RegistryWaived(waived) if waived.id == *id => {
                    node.registry_required_since = None;
                }
                _ => {}
            }
        }
        found
    }

    fn catalogues(&self) -> impl Iterator<Item = (Position, &CataloguePublished)> {
        self.0.iter().rev().filter_map(|happened| match &happened.event {
            Event::Catalogue(CatalogueEvent::Published(published)) => {
                Some((happened.position, published))
            }
            _ => None,
        })
    }

    pub(super) fn catalogue_since(&self, name: &str) -> Option<Position> {
        let versions = self.catalogues().filter(|(_, published)| published.content.name() == name);
        let mut versions = versions.peekable();
        let hash = &versions.peek()?.1.hash;
        versions.take_while(|(_, published)| published.hash == *hash).last().map(|(at, _)| at)
    }

    /// A role as the newest catalogues have it, the roles that follow and the packages.
    pub(super) fn role(&self, urn: &RoleUrn) -> (Option<Role>, Vec<RoleUrn>, Vec<RolePackage>) {
        let (mut role, mut gets, mut packages) = (None, None, None);
        for (_, published) in self.catalogues() {
            match &published.content {
                Catalogue::Roles(roles) => {
                    role.get_or_insert(roles.iter().rfind(|role| role.urn == *urn).cloned());
                }
                Catalogue::RoleMap(map) => {
                    let own = map.iter().filter(|mapping| mapping.has == *urn);
                    gets.get_or_insert(own.map(|mapping| mapping.gets.clone()).collect());
                }
                Catalogue::RolePackages(all) => {
                    let own = all.iter().filter(|package| package.role == *urn);
                    packages.get_or_insert(own.cloned().collect());
                }
                Catalogue::AccessPackages(_)
                | Catalogue::Areas(_)
                | Catalogue::EntityVariants(_)
                | Catalogue::Entities(_) => {}
            }
        }
        (role.flatten(), gets.unwrap_or_default(), packages.unwrap_or_default())
    }

    pub(super) fn entity(&self, kind: &str, id: &str) -> Option<Properties> {
        self.catalogues()
            .find_map(|(_, published)| match &published.content {
                Catalogue::Entities(entities) => Some(entities),
                _ => None,
            })?
            .iter()
            .rfind(|entity| entity.kind == kind && entity.id == id)
            .map(|entity| entity.properties.clone())
    }

    pub(super) fn package(&self, urn: &PackageUrn) -> Option<AccessPackage> {
        self.catalogues()
            .find_map(|(_, published)| match &published.content {
                Catalogue::AccessPackages(packages) => Some(packages),
                _ => None,
            })?
            .iter()
            .rfind(|package| package.urn == *urn)
            .cloned()
    }
}

/// Something is given, or given anew; without news it is what it was.
fn put<T: Clone + PartialEq>(
    all: &mut Vec<Given<T>>,
    what: &T,
    (validity, since): (Validity, Position),
) {
    match all.iter().position(|own| own.what == *what) {
        None => all.push(Given { what: what.clone(), validity, since }),
        Some(place) if all[place].validity == validity => {}
        Some(place) => all[place] = Given { what: what.clone(), validity, since },
    }
}
