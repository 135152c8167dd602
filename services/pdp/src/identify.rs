//! From the attributes of a request to the subject, the party and the resource that they name.

use std::str::FromStr;

use fullmakt_access::{Question, RESOURCE as RESOURCE_ID, SYSTEM_USER, Subject};
use fullmakt_events::{OrgNumber, PartyId, PartyNumber, ResourceId, SystemUserId, Timestamp};
use fullmakt_vault::{NationalNumber, Vault, VaultError};
use fullmakt_xacml::{
    Attribute, Request, Value,
    ids::{ACCESS_SUBJECT, ACTION, ACTION_ID, RESOURCE},
};
use uuid::Uuid;

use crate::Generation;

pub(crate) const ORG: &str = "urn:altinn:org";
pub(crate) const APP: &str = "urn:altinn:app";
const USER_ID: &str = "urn:altinn:userid";
const PARTY_ID: &str = "urn:altinn:partyid";
pub(crate) const PARTY_UUID: &str = "urn:altinn:party:uuid";
const PERSON_NUMBER: &str = "urn:altinn:person:identifier-no";
const ORG_NUMBER: &str = "urn:altinn:organization:identifier-no";
const OLD_ORG_NUMBER: &str = "urn:altinn:organizationnumber";

/// The attributes that name a party.
pub(crate) const PARTY_ATTRIBUTES: [&str; 6] =
    [USER_ID, PARTY_ID, PARTY_UUID, PERSON_NUMBER, ORG_NUMBER, OLD_ORG_NUMBER];

/// Whether persons may be named by their national identity numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Persons {
    /// By number too: calls from outside.
    ByNumber,
    /// By party only: calls between components.
    ByParty,
}

/// Why a request names nothing that can be decided about. The answer is Indeterminate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unidentified {
    /// The subject has no usable attribute combination.
    Subject,
    /// The party represented is not known.
    Party,
    /// The resource has no identifier.
    Resource,
    /// The action has no identifier.
    Action,
    /// Persons may not be named by number here.
    PersonNumber,
}

impl Unidentified {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Subject => "subject-not-identified",
            Self::Party => "party-not-known",
            Self::Resource => "resource-not-identified",
            Self::Action => "action-not-identified",
            Self::PersonNumber => "person-number-not-allowed",
        }
    }
}

/// Why there is no question.
#[derive(Debug)]
pub(crate) enum IdentifyError {
    Unidentified(Unidentified),
    Vault(VaultError),
}

impl From<Unidentified> for IdentifyError {
    fn from(unidentified: Unidentified) -> Self {
        Self::Unidentified(unidentified)
    }
}

/// The resource that a request names, without looking anything up; none where it names several.
pub(crate) fn resource(request: &Request) -> Option<ResourceId> {
    let id = if request.values(RESOURCE, RESOURCE_ID).next().is_some() {
        only(request, RESOURCE, RESOURCE_ID)?
    } else {
        format!("app_{}_{}", only(request, RESOURCE, ORG)?, only(request, RESOURCE, APP)?)
    };
    id.to_lowercase().parse().ok()
}

/// The value of an attribute, if it has one only: of several, a policy could take one and a single
/// right another.
fn only(request: &Request, category: &str, id: &str) -> Option<String> {
    let mut values = request.values(category, id).map(Value::to_string);
    let first = values.next()?;
    values.all(|other| other == first).then_some(first)
}

/// Makes the question of a request. National identity numbers give way to parties, in the request
/// itself, so that it can be logged whether or not it is a question.
pub(crate) async fn question(
    generation: &Generation,
    vault: &Vault,
    persons: Persons,
    request: &mut Request,
    at: Timestamp,
) -> Result<Question, IdentifyError> {
    replace_numbers(vault, persons, request).await?;
    Ok(identified(generation, request.clone(), at)?)
}

/// The question of a request that names persons by their parties.
fn identified(
    generation: &Generation,
    request: Request,
    at: Timestamp,
) -> Result<Question, Unidentified> {
    Ok(Question {
        resource: resource(&request).ok_or(Unidentified::Resource)?,
        party: party(generation, &request, RESOURCE).map_err(|()| Unidentified::Party)?,
        subject: subject(generation, &request)?,
        action: only(&request, ACTION, ACTION_ID).ok_or(Unidentified::Action)?,
        at,
        request,
    })
}

/// A system user stands alone; a person or an organisation is named by any of its names, and by
/// several only if they agree.
fn subject(generation: &Generation, request: &Request) -> Result<Option<Subject>, Unidentified> {
    let mut system_users = request.values(ACCESS_SUBJECT, SYSTEM_USER);
    if let Some(id) = system_users.next() {
        let is_alone = system_users.next().is_none()
            && request.attributes(ACCESS_SUBJECT).all(|attribute| attribute.id == SYSTEM_USER);
        let id = Uuid::from_str(&id.to_string()).ok().filter(|_| is_alone);
        return id
            .map(|id| Some(Subject::SystemUser(SystemUserId::new(id))))
            .ok_or(Unidentified::Subject);
    }
    party(generation, request, ACCESS_SUBJECT)
        .map(|party| party.map(Subject::Party))
        .map_err(|()| Unidentified::Subject)
}

/// The party that the attributes of a category name, if any does; an error where one is unknown or
/// two disagree.
fn party(
    generation: &Generation,
    request: &Request,
    category: &str,
) -> Result<Option<PartyId>, ()> {
    let mut found: Option<PartyId> = None;
    for attribute in request.attributes(category) {
        if !PARTY_ATTRIBUTES.contains(&attribute.id.as_str()) {
            continue;
        }
        for value in &attribute.values {
            let party = named(generation, &attribute.id, &value.to_string()).ok_or(())?;
            if found.is_some_and(|other| other != party) {
                return Err(());
            }
            found = Some(party);
        }
    }
    Ok(found)
}

fn named(generation: &Generation, attribute: &str, value: &str) -> Option<PartyId> {
    let graph = &generation.graph;
    match attribute {
        USER_ID | PARTY_ID => graph.party_of_number(PartyNumber::new(value.parse().ok()?)),
        PARTY_UUID => {
            let party = PartyId::new(value.parse().ok()?);
            graph.party(party).map(|_| party)
        }
        ORG_NUMBER | OLD_ORG_NUMBER => graph.party_of_org(value.parse::<OrgNumber>().ok()?),
        _ => None,
    }
}

/// Replaces persons' numbers by their parties, so that nothing after this sees one.
async fn replace_numbers(
    vault: &Vault,
    persons: Persons,
    request: &mut Request,
) -> Result<(), IdentifyError> {
    for category in &mut request.categories {
        for attribute in &mut category.attributes {
            if attribute.id == PERSON_NUMBER {
                if persons == Persons::ByParty {
                    return Err(Unidentified::PersonNumber.into());
                }
                let of = if category.category == RESOURCE {
                    Unidentified::Party
                } else {
                    Unidentified::Subject
                };
                let parties = parties(vault, attribute, of).await?;
                *attribute = Attribute::new(PARTY_UUID, parties);
            }
        }
    }
    Ok(())
}

async fn parties(
    vault: &Vault,
    attribute: &Attribute,
    unknown: Unidentified,
) -> Result<Vec<Value>, IdentifyError> {
    let mut parties = Vec::new();
    for value in &attribute.values {
        let number = NationalNumber::from_str(&value.to_string()).map_err(|_| unknown)?;
        let party = vault.resolve(&number).await.map_err(IdentifyError::Vault)?;
        parties.push(Value::string(party.ok_or(unknown)?.to_string()));
    }
    Ok(parties)
}

#[cfg(test)]
mod tests;
