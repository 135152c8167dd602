//! The entity register, as its import writes it.

use std::collections::BTreeMap;

use fullmakt_commands::import::catalogue::role_codes;
use fullmakt_events::{
    OrgNumber, PartyId, PartyNumber, RoleUrn, StreamName,
    event::{
        OrgNumberClaimed, OrgNumberEvent, PartyEvent, PartyFacts, PartyKind, PartyNumberClaimed,
        PartyNumberEvent, PartyRegistered, RoleAssigned,
    },
};
use uuid::Uuid;

use super::{Broken, Events, Kind};
use crate::{Country, Holder, Unit};

/// The first integer id of the wire contract.
const FIRST_NUMBER: u32 = 50_000_000;

/// The roles of the release, by the register's code in lower case.
pub(super) struct Roles(BTreeMap<String, RoleUrn>);

impl Roles {
    pub(super) fn read() -> Result<Self, Broken> {
        Ok(Self(role_codes()?))
    }
}

/// The party of a unit or sub-unit.
#[must_use]
pub fn unit(country: &Country, index: u32) -> PartyId {
    Uuid::from_u128(country.bits(Kind::PARTY, index)).into()
}

/// The party of a person.
#[must_use]
pub fn person(country: &Country, index: u32) -> PartyId {
    unit(country, first_person(country) + index)
}

pub(super) fn events(country: &Country, roles: Roles) -> impl Iterator<Item = Events> + use<'_> {
    let persons = (0..country.persons()).map(|index| registered_person(country, index));
    let units =
        country.units().map(|unit| registered_unit(country, &unit, PartyKind::Organization));
    let subs = country.sub_units().map(|unit| registered_unit(country, &unit, PartyKind::SubUnit));
    let held = (0..country.size().units).map(move |unit| assigned(country, &roles, unit));
    persons.chain(units).chain(subs).chain(held.filter(|events| !events.is_empty()))
}

fn registered_person(country: &Country, index: u32) -> Events {
    let facts = PartyFacts {
        kind: PartyKind::Person,
        org_number: None,
        variant: None,
        name: None,
        parent: None,
        is_deleted: false,
    };
    registered(person(country, index), first_person(country) + index, facts, None)
}

fn registered_unit(country: &Country, found: &Unit, kind: PartyKind) -> Events {
    // The name of a sole proprietorship is a person's.
    let name = (found.form != "ENK").then(|| found.name.to_uppercase());
    let facts = PartyFacts {
        kind,
        org_number: Some(found.number),
        variant: Some(found.form.to_owned()),
        name,
        parent: found.parent.map(|parent| unit(country, parent)),
        is_deleted: false,
    };
    registered(unit(country, found.index), found.index, facts, Some(found.number))
}

fn registered(party: PartyId, index: u32, facts: PartyFacts, org: Option<OrgNumber>) -> Events {
    let number = PartyNumber::new(FIRST_NUMBER + index);
    let registered = PartyRegistered { party, number, facts };
    let claimed = PartyNumberClaimed { number, party };
    let mut events: Events = vec![
        (StreamName::party(party), PartyEvent::Registered(registered).into()),
        (StreamName::party_number(number), PartyNumberEvent::Claimed(claimed).into()),
    ];
    if let Some(org_number) = org {
        let claimed = OrgNumberClaimed { org_number, party };
        events.push((StreamName::org(org_number), OrgNumberEvent::Claimed(claimed).into()));
    }
    events
}

fn assigned(country: &Country, roles: &Roles, index: u32) -> Events {
    let party = unit(country, index);
    let mut events: Vec<RoleAssigned> = Vec::new();
    for held in country.roles(index) {
        let holder = match held.holder {
            Holder::Person(index) => person(country, index),
            Holder::Unit(index) => unit(country, index),
        };
        let Some(role) = roles.0.get(&held.role.to_lowercase()).cloned() else { continue };
        let assigned = RoleAssigned { party, role, holder };
        // A person may have been drawn twice.
        if !events.contains(&assigned) {
            events.push(assigned);
        }
    }
    let on = |assigned| (StreamName::party(party), PartyEvent::RoleAssigned(assigned).into());
    events.into_iter().map(on).collect()
}

fn first_person(country: &Country) -> u32 {
    country.size().units + country.size().sub_units
}
