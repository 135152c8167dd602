//! A ledger in the shape of a national one: many units with their role holders, some of which have
//! a system user.

use fullmakt_events::{
    Event, Folded, OrgNumber, PartyId, PartyNumber, Right, RoleUrn, StreamName, SystemId,
    SystemUserId,
    event::{
        AgreementEvent, OrgNumberClaimed, OrgNumberEvent, PartyEvent, PartyFacts, PartyKind,
        PartyNumberClaimed, PartyNumberEvent, PartyRegistered, RequestApproved, RequestCreated,
        RoleAssigned, SystemUserCreated, SystemUserKind,
    },
};
use fullmakt_readstore::testing::TestLedger;
use uuid::Uuid;

use fullmakt_measures::Failed;

/// One unit in so many has a system user.
const UNITS_A_SYSTEM_USER: u32 = 3;
/// The roles that somebody holds for a unit.
const ROLES: [&str; 3] = ["daglig-leder", "regnskapsforer", "revisor"];

/// At least so many events.
pub(super) fn records(events: u64) -> Result<Vec<Folded>, Failed> {
    let mut ledger = TestLedger::new();
    let mut written = 0;
    let mut unit = 0;
    while written < events {
        let org = org_number(unit)?;
        written += commit(&mut ledger, &registration(unit, org))?;
        if unit.is_multiple_of(UNITS_A_SYSTEM_USER) {
            let story = Story::of(unit, org)?;
            written += commit(&mut ledger, &[story.request()])?;
            written += commit(&mut ledger, &story.approval())?;
        }
        unit += 1;
    }
    Ok(ledger.into_records())
}

fn commit(ledger: &mut TestLedger, events: &[(StreamName, Event)]) -> Result<u64, Failed> {
    ledger.commit(events);
    Ok(u64::try_from(events.len())?)
}

/// The unit as the entity register's import writes it.
fn registration(unit: u32, org_number: OrgNumber) -> Vec<(StreamName, Event)> {
    let (party, number) = (party(unit), PartyNumber::new(50_000_000 + unit));
    let facts = PartyFacts {
        kind: PartyKind::Organization,
        org_number: Some(org_number),
        variant: Some("AS".to_owned()),
        name: Some(format!("Fjelltoppen Eiendom {unit} AS")),
        parent: None,
        is_deleted: false,
    };
    let stream = StreamName::party(party);
    let registered = PartyRegistered { party, number, facts };
    let mut events = vec![
        (stream.clone(), PartyEvent::Registered(registered).into()),
        (
            StreamName::org(org_number),
            OrgNumberEvent::Claimed(OrgNumberClaimed { org_number, party }).into(),
        ),
        (
            StreamName::party_number(number),
            PartyNumberEvent::Claimed(PartyNumberClaimed { number, party }).into(),
        ),
    ];
    for (holder, role) in (1_u32..).zip(ROLES) {
        let role = RoleUrn::new(format!("urn:altinn:external-role:ccr:{role}"));
        // Accountants and auditors hold roles for many.
        let holder = self::party(unit / (holder * holder));
        let assigned = RoleAssigned { party, role, holder };
        events.push((stream.clone(), PartyEvent::RoleAssigned(assigned).into()));
    }
    events
}

/// A vendor asks a unit for a system user, and gets it.
struct Story {
    id: SystemUserId,
    system: SystemId,
    vendor: OrgNumber,
    customer: OrgNumber,
    customer_party: PartyId,
}

impl Story {
    fn of(unit: u32, customer: OrgNumber) -> Result<Self, Failed> {
        let vendor = org_number(unit % 100)?;
        Ok(Self {
            id: Uuid::from_u128(0x2000_0000_0000 + u128::from(unit)).into(),
            system: format!("{vendor}_accounting-cloud").parse()?,
            vendor,
            customer,
            customer_party: party(unit),
        })
    }

    fn stream(&self) -> StreamName {
        StreamName::agreement(&self.system, self.customer)
    }

    fn request(&self) -> (StreamName, Event) {
        let created = RequestCreated {
            id: self.id,
            kind: SystemUserKind::Standard,
            system: self.system.clone(),
            vendor: self.vendor,
            customer: self.customer,
            customer_party: self.customer_party,
            external_ref: self.customer.to_string(),
            integration_title: "Accounting cloud".to_owned(),
            rights: vec![Right::to("vat-return", Some("read"))],
            access_packages: Vec::new(),
            redirect_url: Some("https://cloud.example.no/receipt".to_owned()),
        };
        (self.stream(), AgreementEvent::RequestCreated(created).into())
    }

    fn approval(&self) -> Vec<(StreamName, Event)> {
        let approved = RequestApproved { id: self.id, by: party(7) };
        let created = SystemUserCreated {
            id: self.id,
            kind: SystemUserKind::Standard,
            system: self.system.clone(),
            vendor: self.vendor,
            owner: self.customer,
            owner_party: self.customer_party,
            external_ref: self.customer.to_string(),
            integration_title: "Accounting cloud".to_owned(),
            rights: vec![Right::to("vat-return", Some("read"))],
            delegated: vec![Right::to("vat-return", Some("read"))],
            access_packages: Vec::new(),
        };
        vec![
            (self.stream(), AgreementEvent::RequestApproved(approved).into()),
            (self.stream(), AgreementEvent::SystemUserCreated(created).into()),
        ]
    }
}

/// Ids as random ones are: not in the order in which they were made.
fn party(unit: u32) -> PartyId {
    let spread = u128::from(unit).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    Uuid::from_u128(spread).into()
}

/// The unit's organisation number.
fn org_number(unit: u32) -> Result<OrgNumber, Failed> {
    // One stem in eleven has no check digit; the same with another first digit has.
    let stems = [30_000_000 + unit, 60_000_000 + unit];
    let mut numbers = stems.into_iter().flat_map(|stem| (0..10).map(move |check| (stem, check)));
    let found = numbers.find_map(|(stem, check)| format!("{stem}{check}").parse().ok());
    found.ok_or_else(|| format!("unit {unit} has no organisation number").into())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fullmakt_events::Verdict;

    use super::*;

    #[test]
    fn every_unit_has_a_number_of_its_own() {
        let numbers: BTreeSet<_> = (0..1_000).map(|unit| org_number(unit).unwrap()).collect();
        assert_eq!(numbers.len(), 1_000);
    }

    #[test]
    fn there_are_as_many_events_as_asked_for_and_all_count() {
        let records = records(1_000).unwrap();
        let events: usize = records.iter().map(|record| record.events.len()).sum();
        assert!((1_000..1_020).contains(&events), "{events}");
        assert!(records.iter().all(|record| record.verdict == Verdict::Admitted));
    }
}
