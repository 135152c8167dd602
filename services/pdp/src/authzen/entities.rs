//! Who and what the entities of a request are.

use std::str::FromStr;

use fullmakt_access::Subject;
use fullmakt_events::{OrgNumber, PartyId, ResourceId, SystemUserId, event::PartyKind};
use fullmakt_projections::graph::Properties;
use fullmakt_vault::{NationalNumber, Vault};
use serde_json::Value;
use uuid::Uuid;

use super::{
    attributes::{KnownResource, KnownSubject},
    model::Entity,
};
use crate::{
    Generation,
    identify::{IdentifyError, Persons, Unidentified},
};

/// The type of system users.
pub(super) const SYSTEM_USER: &str = "system_user";
/// The type of persons.
pub(super) const PERSON: &str = "person";
/// The type of organisations.
pub(super) const ORGANIZATION: &str = "organization";
/// The type of persons and organisations.
pub(super) const PARTY: &str = "party";
/// The type of resources of the registry.
pub(super) const RESOURCE: &str = "resource";
/// The property of a resource, or member of the context, that names the party represented.
pub(super) const REPRESENTED: &str = "party";

/// Looks entities up in a generation.
#[derive(Clone, Copy)]
pub(super) struct Lookup<'a> {
    pub(super) generation: &'a Generation,
    pub(super) vault: &'a Vault,
    pub(super) persons: Persons,
}

impl Lookup<'_> {
    /// The subject. Of what a request and the installation say of an entity, the request counts.
    pub(super) async fn subject(self, entity: &Entity) -> Result<KnownSubject, IdentifyError> {
        let unknown = Unidentified::Subject;
        let subject = match entity.kind.as_str() {
            SYSTEM_USER => {
                let id = Uuid::from_str(&entity.id).map_err(|_| unknown)?;
                Some(Subject::SystemUser(SystemUserId::new(id)))
            }
            kind @ (PERSON | ORGANIZATION | PARTY) => {
                Some(Subject::Party(self.party(kind, &entity.id, unknown).await?))
            }
            _ => None,
        };
        let properties = self.known(entity);
        Ok(KnownSubject::new(self.generation, &entity.kind, &entity.id, subject, properties))
    }

    /// The resource, with the party that is represented.
    pub(super) async fn resource(
        self,
        entity: &Entity,
        context: &Properties,
    ) -> Result<KnownResource, IdentifyError> {
        let registered = registered(entity).ok_or(Unidentified::Resource)?;
        let mut properties = self.known(entity);
        let party = self.represented(entity, context).await?;
        if entity.kind == RESOURCE {
            properties.remove(REPRESENTED);
        }
        let Entity { kind, id, .. } = entity;
        Ok(KnownResource { kind: kind.clone(), id: id.clone(), registered, party, properties })
    }

    /// The party that is represented, if the resource is one of the registry: entities are
    /// nobody's.
    pub(super) async fn represented(
        self,
        entity: &Entity,
        context: &Properties,
    ) -> Result<Option<PartyId>, IdentifyError> {
        if entity.kind != RESOURCE {
            return Ok(None);
        }
        let named = entity.properties.get(REPRESENTED).or_else(|| context.get(REPRESENTED));
        let unknown = Unidentified::Party;
        match named {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(id)) => self.party_by_any_name(id).await.map(Some),
            Some(Value::Object(object)) => {
                let text = |name: &str| object.get(name).and_then(Value::as_str).ok_or(unknown);
                match text("type")? {
                    kind @ (PERSON | ORGANIZATION | PARTY) => {
                        self.party(kind, text("id")?, unknown).await.map(Some)
                    }
                    _ => Err(unknown.into()),
                }
            }
            Some(Value::Bool(_) | Value::Number(_) | Value::Array(_)) => Err(unknown.into()),
        }
    }

    async fn party_by_any_name(self, id: &str) -> Result<PartyId, IdentifyError> {
        let kind = match id.len() {
            9 => ORGANIZATION,
            11 => PERSON,
            _ => PARTY,
        };
        self.party(kind, id, Unidentified::Party).await
    }

    async fn party(
        self,
        kind: &str,
        id: &str,
        unknown: Unidentified,
    ) -> Result<PartyId, IdentifyError> {
        let graph = &self.generation.graph;
        let party = if let Ok(org) = id.parse::<OrgNumber>() {
            graph.party_of_org(org).filter(|_| kind == ORGANIZATION)
        } else if let Ok(number) = id.parse::<NationalNumber>() {
            match self.persons {
                Persons::ByParty => return Err(Unidentified::PersonNumber.into()),
                Persons::ByNumber if kind == PERSON => {
                    self.vault.resolve(&number).await.map_err(IdentifyError::Vault)?
                }
                Persons::ByNumber => None,
            }
        } else {
            id.parse::<Uuid>().ok().map(PartyId::new)
        };
        let found = party.and_then(|party| graph.party(party)).ok_or(unknown)?;
        if is_of(kind, found.facts.kind) { Ok(found.party) } else { Err(unknown.into()) }
    }

    /// What is known of an entity: what the request says before what the installation says.
    fn known(self, entity: &Entity) -> Properties {
        properties(self.generation, entity, &entity.id)
    }
}

/// What the request says of all entities of a type, and the installation of this one.
pub(super) fn properties(generation: &Generation, entity: &Entity, id: &str) -> Properties {
    let stored = generation.graph.catalogue().entity(&entity.kind, id);
    let mut known = stored.cloned().unwrap_or_default();
    known.extend(entity.properties.clone());
    known
}

impl KnownSubject {
    /// The subject, under the name by which policies and answers know it: national identity numbers
    /// give way to parties.
    pub(super) fn new(
        generation: &Generation,
        kind: &str,
        id: &str,
        subject: Option<Subject>,
        properties: Properties,
    ) -> Self {
        let id = match subject {
            Some(Subject::SystemUser(user)) => user.to_string(),
            Some(Subject::Party(party)) => {
                let org = generation.graph.party(party).and_then(|node| node.facts.org_number);
                org.filter(|_| kind == ORGANIZATION)
                    .map_or_else(|| party.to_string(), |org| org.to_string())
            }
            None => id.to_owned(),
        };
        Self { kind: kind.to_owned(), id, subject, properties }
    }
}

/// Whether a party is of a type of entities.
pub(super) fn is_of(kind: &str, party: PartyKind) -> bool {
    match party {
        PartyKind::Person => kind == PERSON || kind == PARTY,
        PartyKind::Organization | PartyKind::SubUnit => kind == ORGANIZATION || kind == PARTY,
    }
}

/// The resource of the registry whose policy decides, if there can be one: of entities the one that
/// is named as their type.
pub(super) fn registered(entity: &Entity) -> Option<ResourceId> {
    if entity.kind == RESOURCE {
        entity.id.to_lowercase().parse().ok()
    } else {
        entity.kind.parse().ok()
    }
}

/// The context as policies see it: without the party, which may be named by a number and is an
/// attribute of the resource.
pub(super) fn policy_context(resource: &Entity, context: &Properties) -> Properties {
    let mut seen = context.clone();
    if resource.kind == RESOURCE {
        seen.remove(REPRESENTED);
    }
    seen
}

#[cfg(test)]
mod tests;
