//! The accountants' system users, and the clients that were added to them.

use fullmakt_events::{
    OrgNumber, PackageUrn, PartyId, StreamName, SystemId, SystemUserId, Validity,
    event::{AgreementEvent, ClientLinkAdded, ClientLinkEvent, SystemUserCreated, SystemUserKind},
};
use uuid::Uuid;

use super::{
    Events, Kind,
    parties::unit,
    start::{PACKAGES, system},
};
use crate::Country;

/// How many links one commit writes.
const LINKS_A_COMMIT: usize = 250;

/// The system user of an accountant, of which there are several.
#[must_use]
pub fn agent(country: &Country, accountant: u32, round: u32) -> SystemUserId {
    let index = round.wrapping_mul(country.accountants()).wrapping_add(accountant);
    Uuid::from_u128(country.bits(Kind::SYSTEM_USER, index)).into()
}

/// As many links as the country has, in rounds: in each every accountant has one system user, to which
/// all of its clients are added.
pub(super) fn events(country: &Country) -> impl Iterator<Item = Events> + use<'_> {
    let Ok((system, vendor)) = system(country) else {
        return Box::new(std::iter::empty()) as Box<dyn Iterator<Item = Events>>;
    };
    let accounts = (0..country.size().units).filter_map(|client| country.accountant_of(client));
    let clients = u32::try_from(accounts.count()).unwrap_or(u32::MAX);
    let rounds = country.size().delegations.div_ceil(clients.max(1));
    let wanted = usize::try_from(country.size().delegations).unwrap_or(usize::MAX);
    let wanted = if clients == 0 { 0 } else { wanted };
    let users = (0..rounds).map(move |round| created(country, &system, vendor, round));
    let links = (0..rounds)
        .flat_map(move |round| (0..country.size().units).map(move |client| (round, client)))
        .filter_map(move |(round, client)| {
            let accountant = country.accountant_of(client)?;
            Some(added(country, accountant, client, round))
        })
        .take(wanted);
    Box::new(users.flatten().chain(Chunks(links)))
}

/// The system users of all accountants in one round.
fn created<'c>(
    country: &'c Country,
    system: &SystemId,
    vendor: OrgNumber,
    round: u32,
) -> impl Iterator<Item = Events> + use<'c> {
    let system = system.clone();
    (0..country.accountants()).filter_map(move |accountant| {
        let owner = country.unit(accountant)?.number;
        let created = SystemUserCreated {
            id: agent(country, accountant, round),
            kind: SystemUserKind::Agent,
            system: system.clone(),
            vendor,
            owner,
            owner_party: unit(country, accountant),
            external_ref: format!("{owner}-{round}"),
            integration_title: "Accounting cloud".to_owned(),
            rights: Vec::new(),
            delegated: Vec::new(),
            access_packages: PACKAGES.map(PackageUrn::new).to_vec(),
        };
        let stream = StreamName::agreement(&system, owner);
        Some(vec![(stream, AgreementEvent::SystemUserCreated(created).into())])
    })
}

fn added(country: &Country, accountant: u32, client: u32, round: u32) -> ClientLinkAdded {
    let party: PartyId = unit(country, client);
    // Most clients are added with all that the accountant has, some with less.
    let packages = match client % 10 {
        0 => PACKAGES.get(2..),
        1 => PACKAGES.get(1..),
        _ => PACKAGES.get(..),
    };
    ClientLinkAdded {
        system_user: agent(country, accountant, round),
        client: party,
        access_packages: packages
            .unwrap_or_default()
            .iter()
            .copied()
            .map(PackageUrn::new)
            .collect(),
        rights: Vec::new(),
        validity: Validity::ALWAYS,
        by: unit(country, accountant),
    }
}

/// Links, so many a commit.
struct Chunks<I>(I);

impl<I: Iterator<Item = ClientLinkAdded>> Iterator for Chunks<I> {
    type Item = Events;

    fn next(&mut self) -> Option<Events> {
        let links = self.0.by_ref().take(LINKS_A_COMMIT).map(|link| {
            let stream = StreamName::client_link(link.system_user, link.client);
            (stream, ClientLinkEvent::Added(link).into())
        });
        let links: Events = links.collect();
        (!links.is_empty()).then_some(links)
    }
}
