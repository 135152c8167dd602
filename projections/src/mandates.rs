//! What parties give each other, package by package and right by right.

use fullmakt_events::{PackageUrn, PartyId, Right, Validity, event::MandateEvent};

use crate::{EntityKey, Keyed, Place, ReadModel, sql::statements};

statements! { "mandates":
    /// Creates the table.
    CREATE = "create",
    /// Adds its keys and indexes.
    INDEX = "index",
    /// The rows of entities that still hold.
    LOAD = "load",
    /// Adds rows.
    INSERT = "insert",
    /// What one party gives another.
    BY_PARTIES = "by_parties",
    /// What a party gives others.
    BY_FROM = "by_from",
    /// What a party is given by others.
    BY_TO = "by_to",
}

/// One thing that one party gives another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MandateRow {
    /// Who gives.
    pub from_party: PartyId,
    /// Who is given it.
    pub to_party: PartyId,
    /// What is given.
    pub what: Mandated,
    /// When it counts.
    pub validity: Validity,
}

/// What a mandate gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mandated {
    /// An access package.
    Package(PackageUrn),
    /// A single right.
    Right(Right),
}

impl MandateRow {
    /// The key of one thing that one party gives another.
    #[must_use]
    pub fn key(from: PartyId, to: PartyId, what: &Mandated) -> EntityKey {
        let (from, to) = (from.to_string(), to.to_string());
        match what {
            Mandated::Package(package) => EntityKey::of(&[&from, &to, "package", package.as_str()]),
            Mandated::Right(right) => {
                let mut parts = vec![from.as_str(), to.as_str(), "right"];
                parts.extend(
                    right.action.as_deref().map(|action| ["action", action]).iter().flatten(),
                );
                let resource = right.resource.iter();
                parts.extend(resource.flat_map(|part| [part.id.as_str(), part.value.as_str()]));
                EntityKey::of(&parts)
            }
        }
    }
}

/// What happens to something that may be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MandateChange {
    /// It is given.
    Given(Box<MandateRow>),
    /// It counts in another time, if it is given.
    Moved(Validity),
    /// It is no longer given.
    Revoked,
}

/// The table `mandates`.
#[derive(Debug)]
pub struct Mandates;

impl ReadModel for Mandates {
    type Row = MandateRow;
    type Change = MandateChange;

    const NAME: &'static str = "mandates";
    const CREATE: crate::Statement = CREATE;
    const INDEX: crate::Statement = INDEX;
    const LOAD: crate::Statement = LOAD;
    const INSERT: crate::Statement = INSERT;

    fn apply(row: Option<&MandateRow>, change: &MandateChange) -> Option<MandateRow> {
        match change {
            MandateChange::Given(given) => Some((**given).clone()),
            MandateChange::Moved(validity) => {
                row.map(|row| MandateRow { validity: *validity, ..row.clone() })
            }
            MandateChange::Revoked => None,
        }
    }
}

pub(crate) fn project(event: &MandateEvent, place: &Place) -> Vec<Keyed<MandateChange>> {
    let (from, to, packages, rights) = match event {
        MandateEvent::Given(given) => {
            (given.from_party, given.to_party, &given.access_packages, &given.rights)
        }
        MandateEvent::Changed(changed) => {
            (changed.from_party, changed.to_party, &changed.access_packages, &changed.rights)
        }
        MandateEvent::Revoked(revoked) => {
            (revoked.from_party, revoked.to_party, &revoked.access_packages, &revoked.rights)
        }
        MandateEvent::Asked(_)
        | MandateEvent::AskApproved(_)
        | MandateEvent::AskRejected(_)
        | MandateEvent::AskWithdrawn(_) => return Vec::new(),
    };
    let packages = packages.iter().cloned().map(Mandated::Package);
    let all = packages.chain(rights.iter().cloned().map(Mandated::Right));
    all.filter_map(|what| {
        let entity = MandateRow::key(from, to, &what);
        let change = change(event, what)?;
        Some(Keyed { entity, position: place.sequence.position, change })
    })
    .collect()
}

/// What an event does to one of the things that it names.
fn change(event: &MandateEvent, what: Mandated) -> Option<MandateChange> {
    match event {
        MandateEvent::Given(given) => {
            let (from_party, to_party, validity) =
                (given.from_party, given.to_party, given.validity);
            let row = MandateRow { from_party, to_party, what, validity };
            Some(MandateChange::Given(Box::new(row)))
        }
        MandateEvent::Changed(changed) => Some(MandateChange::Moved(changed.validity)),
        MandateEvent::Revoked(_) => Some(MandateChange::Revoked),
        MandateEvent::Asked(_)
        | MandateEvent::AskApproved(_)
        | MandateEvent::AskRejected(_)
        | MandateEvent::AskWithdrawn(_) => None,
    }
}
