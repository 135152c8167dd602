//! Who may do what, read off the list of events.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a question is about the events it names; what it overlooks breaks the law"
)]

mod registry;

use std::{collections::BTreeSet, sync::Arc};

use fullmakt_events::{
    Event, PackageUrn, PartyId, Right, RoleUrn, SystemUserId, Timestamp, Validity,
    event::{
        AccessPackage, AgreementEvent, Catalogue, CatalogueEvent, ClientLinkEvent, MandateEvent,
        PartyEvent, PartyFacts, PartyKind, Role, RolePackage, SystemDefinition, SystemEvent,
        SystemUserCreated, SystemUserKind,
    },
};
use fullmakt_xacml::Decision;

use super::super::{
    consulted::{PACKAGES, RESOURCE},
    world::package_urn,
};
use crate::{Question, Subject};

const TWO_YEARS: i64 = 2 * 365 * 24 * 60 * 60;
const CCR: &str = "urn:altinn:external-role:ccr:";

/// What somebody may do with the resource.
#[derive(Default, Clone)]
struct Share {
    packages: BTreeSet<PackageUrn>,
    rights: Vec<Right>,
}

impl Share {
    fn names(&self, action: &str) -> bool {
        let is_ours = |right: &&Right| right.resource_id() == Some(RESOURCE);
        self.rights.iter().filter(is_ours).any(|right| right.includes(action))
    }

    /// What the policy gives somebody with these packages.
    fn is_permitted(&self, action: &str) -> bool {
        let has = |n: usize| self.packages.contains(&package_urn(PACKAGES[n]));
        match action {
            "read" => has(0),
            "write" => has(1) || has(2),
            _ => false,
        }
    }
}

/// All that has happened.
pub(super) struct Oracle<'a> {
    history: &'a [(Timestamp, Arc<Event>)],
    roles: Vec<Role>,
    role_packages: Vec<RolePackage>,
    packages: Vec<AccessPackage>,
}

impl<'a> Oracle<'a> {
    pub(super) fn new(history: &'a [(Timestamp, Arc<Event>)]) -> Self {
        let (mut roles, mut role_packages, mut packages) = (Vec::new(), Vec::new(), Vec::new());
        for (_, event) in history {
            let Event::Catalogue(CatalogueEvent::Published(published)) = &**event else { continue };
            match &published.content {
                Catalogue::Roles(content) => roles.clone_from(content),
                Catalogue::RolePackages(content) => role_packages.clone_from(content),
                Catalogue::AccessPackages(content) => packages.clone_from(content),
                _ => {}
            }
        }
        Self { history, roles, role_packages, packages }
    }

    pub(super) fn decides(&self, question: &Question) -> Decision {
        let (party, at) = (question.party.unwrap(), question.at);
        let action = question.action.as_str();
        let (acting, share) = match question.subject.unwrap() {
            Subject::Party(subject) => (subject, self.share_of_party(subject, party, at)),
            Subject::SystemUser(user) => {
                let Some((user, is_paused)) = self.system_user(user) else {
                    return Decision::NotApplicable;
                };
                if is_paused {
                    return Decision::NotApplicable;
                }
                let share = match user.kind {
                    SystemUserKind::Standard => self.share_of_standard(&user, party),
                    SystemUserKind::Agent => self.share_of_agent(&user, party, action, at),
                };
                (user.owner_party, share)
            }
        };
        if self.is_deleted(acting) || self.is_deleted(party) {
            return Decision::NotApplicable;
        }
        let performer = match question.subject.unwrap() {
            Subject::Party(subject) => Some(subject),
            Subject::SystemUser(_) => None,
        };
        let values = self.registry(party, performer, action, at);
        let signs = action == "sign" && values.iter().any(|value| value == "read");
        if !(share.is_permitted(action) || share.names(action) || signs) {
            return Decision::NotApplicable;
        }
        let is_open = !self.is_gated() || self.opens_gate(party, performer, action, at);
        if is_open { Decision::Permit } else { Decision::Deny }
    }

    fn facts(&self, party: PartyId) -> Option<PartyFacts> {
        self.history.iter().rev().find_map(|(_, event)| match &**event {
            Event::Party(PartyEvent::Registered(event)) if event.party == party => {
                Some(event.facts.clone())
            }
            Event::Party(PartyEvent::Changed(event)) if event.party == party => {
                Some(event.facts.clone())
            }
            _ => None,
        })
    }

    fn is_deleted(&self, party: PartyId) -> bool {
        self.facts(party).is_some_and(|facts| facts.is_deleted)
    }

    fn deleted_at(&self, party: PartyId) -> Option<Timestamp> {
        let mut found = None;
        for (time, event) in self.history {
            if let Event::Party(PartyEvent::Changed(event)) = &**event
                && event.party == party
            {
                found = event.facts.is_deleted.then(|| found.unwrap_or(*time));
            }
        }
        found
    }

    fn roles(&self, party: PartyId) -> Vec<(RoleUrn, PartyId)> {
        let mut held = Vec::new();
        for (_, event) in self.history {
            match &**event {
                Event::Party(PartyEvent::RoleAssigned(event)) if event.party == party => {
                    held.push((event.role.clone(), event.holder));
                }
                Event::Party(PartyEvent::RoleEnded(event)) if event.party == party => {
                    held.retain(|own| *own != (event.role.clone(), event.holder));
                }
                _ => {}
            }
        }
        held
    }

    fn leads(&self, subject: PartyId, organisation: PartyId) -> bool {
        let Some(facts) = self.facts(organisation).filter(|facts| !facts.is_deleted) else {
            return false;
        };
        self.roles(organisation).iter().any(|(role, holder)| {
            let is_key = self.roles.iter().any(|known| known.urn == *role && known.is_key_role);
            let is_shared = role.as_str() == format!("{CCR}deltaker-delt-ansvar");
            *holder == subject && is_key && !(is_shared && facts.variant.as_deref() == Some("IKS"))
        })
    }

    fn main_unit(&self, party: PartyId) -> Option<PartyId> {
        self.facts(party).filter(|facts| facts.kind == PartyKind::SubUnit)?.parent
    }

    /// The party and its main unit.
    fn units(&self, party: PartyId) -> Vec<PartyId> {
        let main = self.main_unit(party);
        let main = main.filter(|main| self.facts(*main).is_some_and(|facts| !facts.is_deleted));
        std::iter::once(party).chain(main).filter(|unit| self.facts(*unit).is_some()).collect()
    }

    /// The businesses of a person whose accountants reach it.
    fn businesses(&self, person: PartyId, at: Timestamp) -> Vec<PartyId> {
        let is_person = |facts: &PartyFacts| facts.kind == PartyKind::Person && !facts.is_deleted;
        if !self.facts(person).as_ref().is_some_and(is_person) {
            return Vec::new();
        }
        let owns = |unit: &PartyId| {
            self.roles(*unit).contains(&(RoleUrn::new(format!("{CCR}innehaver")), person))
                && self.facts(*unit).is_some_and(|facts| facts.variant.as_deref() == Some("ENK"))
                && self.deleted_at(*unit).is_none_or(|time| at < time.plus_seconds(TWO_YEARS))
        };
        let all = self.history.iter().filter_map(|(_, event)| match &**event {
            Event::Party(PartyEvent::Registered(event)) => Some(event.party),
            _ => None,
        });
        all.filter(owns).collect()
    }

    /// The roles that are held for a party, with the party that each is held for.
    fn roles_towards(&self, party: PartyId, at: Timestamp) -> Vec<(RoleUrn, PartyId, PartyId)> {
        let mut found = Vec::new();
        for unit in self.units(party) {
            found.extend(self.roles(unit).into_iter().map(|(role, holder)| (role, holder, unit)));
        }
        for unit in self.businesses(party, at) {
            let reaching = [format!("{CCR}regnskapsforer"), format!("{CCR}revisor")];
            let roles = self.roles(unit).into_iter();
            let roles = roles.filter(|(role, _)| reaching.iter().any(|own| own == role.as_str()));
            found.extend(roles.map(|(role, holder)| (role, holder, unit)));
        }
        found
    }

    fn packages_of(&self, role: &RoleUrn, unit: PartyId) -> Vec<PackageUrn> {
        let variant = self.facts(unit).and_then(|facts| facts.variant);
        let own = self.role_packages.iter().filter(|package| {
            package.role == *role
                && package.has_access
                && (package.entity_variant.is_none() || package.entity_variant == variant)
        });
        own.map(|package| package.package.clone()).collect()
    }

    /// What one party gives another at a time.
    fn mandate(&self, from: PartyId, to: PartyId, at: Timestamp) -> Share {
        let (mut packages, mut rights) = (Vec::new(), Vec::new());
        for (_, event) in self.history {
            match &**event {
                Event::Mandate(MandateEvent::Given(event))
                    if (event.from_party, event.to_party) == (from, to) =>
                {
                    packages.retain(|(own, _)| !event.access_packages.contains(own));
                    rights.retain(|(own, _)| !event.rights.contains(own));
                    let of = |validity: Validity| move |own: &PackageUrn| (own.clone(), validity);
                    packages.extend(event.access_packages.iter().map(of(event.validity)));
                    let own = event.rights.iter().map(|own| (own.clone(), event.validity));
                    rights.extend(own);
                }
                Event::Mandate(MandateEvent::Revoked(event))
                    if (event.from_party, event.to_party) == (from, to) =>
                {
                    packages.retain(|(own, _)| !event.access_packages.contains(own));
                    rights.retain(|(own, _)| !event.rights.contains(own));
                }
                _ => {}
            }
        }
        let packages = packages.into_iter().filter(|(_, validity)| validity.holds_at(at));
        let rights = rights.into_iter().filter(|(_, validity)| validity.holds_at(at));
        Share {
            packages: packages.map(|(own, _)| own).collect(),
            rights: rights.map(|(own, _)| own).collect(),
        }
    }

    fn parties(&self) -> BTreeSet<PartyId> {
        let all = self.history.iter().filter_map(|(_, event)| match &**event {
            Event::Party(PartyEvent::Registered(event)) => Some(event.party),
            _ => None,
        });
        all.collect()
    }

    fn share_of_party(&self, subject: PartyId, party: PartyId, at: Timestamp) -> Share {
        let mut share = Share::default();
        let kind = self.facts(party).map(|facts| facts.kind);
        if subject == party && kind == Some(PartyKind::Person) {
            let role = RoleUrn::new("urn:altinn:role:privatperson");
            share.packages.extend(self.packages_of(&role, party));
        }
        for (role, holder, unit) in self.roles_towards(party, at) {
            if holder == subject || self.leads(subject, holder) {
                share.packages.extend(self.packages_of(&role, unit));
            }
        }
        for unit in self.units(party) {
            for to in self.parties() {
                let through_main_unit = || {
                    let main = self.main_unit(to).filter(|_| !self.is_deleted(to));
                    main.is_some_and(|main| self.leads(subject, main))
                };
                if to == subject || self.leads(subject, to) || through_main_unit() {
                    let given = self.mandate(unit, to, at);
                    share.packages.extend(given.packages);
                    share.rights.extend(given.rights);
                }
            }
        }
        share
    }

    fn system_user(&self, id: SystemUserId) -> Option<(SystemUserCreated, bool)> {
        let mut found: Option<(SystemUserCreated, bool)> = None;
        for (_, event) in self.history {
            let Event::Agreement(event) = &**event else { continue };
            match event {
                AgreementEvent::SystemUserCreated(event) if event.id == id => {
                    found = Some((event.clone(), false));
                }
                AgreementEvent::SystemUserPaused(event) if event.id == id => {
                    found = found.map(|(user, _)| (user, true));
                }
                AgreementEvent::SystemUserResumed(event) if event.id == id => {
                    found = found.map(|(user, _)| (user, false));
                }
                AgreementEvent::SystemUserDeleted(event) if event.id == id => found = None,
                _ => {}
            }
        }
        found
    }

    fn system(&self) -> Option<SystemDefinition> {
        let mut found = None;
        for (_, event) in self.history {
            match &**event {
                Event::System(SystemEvent::Registered(event)) => {
                    found = Some((*event.system).clone());
                }
                Event::System(SystemEvent::Deleted(_)) => found = None,
                _ => {}
            }
        }
        found
    }

    /// What the system still declares of this.
    fn declared(&self, packages: &[PackageUrn], rights: &[Right]) -> Share {
        let Some(system) = self.system() else { return Share::default() };
        let packages = packages.iter().filter(|own| system.access_packages.contains(own));
        let rights = rights.iter().filter(|own| {
            system.rights.iter().any(|declared| declared.resource_id() == own.resource_id())
        });
        Share { packages: packages.cloned().collect(), rights: rights.cloned().collect() }
    }

    fn share_of_standard(&self, user: &SystemUserCreated, party: PartyId) -> Share {
        let is_for = party == user.owner_party || self.main_unit(party) == Some(user.owner_party);
        if is_for && self.facts(party).is_some() {
            self.declared(&user.access_packages, &user.delegated)
        } else {
            Share::default()
        }
    }

    fn share_of_agent(
        &self,
        user: &SystemUserCreated,
        party: PartyId,
        action: &str,
        at: Timestamp,
    ) -> Share {
        let ceiling = self.declared(&user.access_packages, &user.rights);
        let mut all = Share::default();
        for client in self.units(party) {
            let Some(link) = self.link(user.id, client, at) else { continue };
            let given = self.given(client, user.owner_party, at);
            let shares = [&ceiling, &link, &given];
            let common = ceiling
                .packages
                .iter()
                .filter(|own| link.packages.contains(own) && given.packages.contains(own));
            all.packages.extend(common.cloned());
            let is_named = shares.iter().any(|share| share.names(action));
            if is_named
                && shares.iter().all(|share| share.names(action) || share.is_permitted(action))
            {
                all.rights.push(Right::to(RESOURCE, Some(action)));
            }
        }
        all
    }

    fn link(&self, user: SystemUserId, client: PartyId, at: Timestamp) -> Option<Share> {
        let last = self.history.iter().rev().find_map(|(_, event)| match &**event {
            Event::ClientLink(ClientLinkEvent::Added(event))
                if (event.system_user, event.client) == (user, client) =>
            {
                let packages = event.access_packages.iter().cloned().collect();
                let share = Share { packages, rights: event.rights.clone() };
                Some(Some((share, event.validity)))
            }
            Event::ClientLink(ClientLinkEvent::Removed(event))
                if (event.system_user, event.client) == (user, client) =>
            {
                Some(None)
            }
            _ => None,
        });
        last.flatten().filter(|(_, validity)| validity.holds_at(at)).map(|(share, _)| share)
    }

    /// What a client gives a provider that may be passed on.
    fn given(&self, client: PartyId, provider: PartyId, at: Timestamp) -> Share {
        let mut given = Share::default();
        for (role, holder, unit) in self.roles_towards(client, at) {
            let serves = [
                "regnskapsforer",
                "revisor",
                "forretningsforer",
                "deltaker-delt-ansvar",
                "deltaker-fullt-ansvar",
            ];
            if holder == provider && serves.iter().any(|own| format!("{CCR}{own}") == role.as_str())
            {
                given.packages.extend(self.packages_of(&role, unit));
            }
        }
        for unit in self.units(client) {
            let mandate = self.mandate(unit, provider, at);
            given.packages.extend(mandate.packages);
            given.rights.extend(mandate.rights);
        }
        given.packages.retain(|own| {
            self.packages.iter().any(|known| known.urn == *own && known.is_delegable)
        });
        given
    }
}
