use fullmakt_events::{
    OrgNumber,
    event::{OrgNumberClaimed, OrgNumberEvent, PartyNumberClaimed, PartyNumberEvent},
};
use proptest::{collection::btree_set, collection::vec, prelude::*};
use uuid::Uuid;

use super::*;
use crate::scenario::{assert_laws, scenario, streams};

fn party(number: u128) -> PartyId {
    PartyId::new(Uuid::from_u128(number))
}

fn org() -> OrgNumber {
    "319900101".parse().unwrap()
}

fn role(code: &str, holder: u128) -> RoleHolder {
    let role = RoleUrn::new(format!("urn:altinn:external-role:ccr:{code}"));
    RoleHolder { role, holder: party(holder) }
}

fn facts(name: &str) -> PartyFacts {
    PartyFacts {
        kind: PartyKind::Organization,
        org_number: Some(org()),
        variant: Some("BRL".to_owned()),
        name: Some(name.to_owned()),
        parent: None,
        is_deleted: false,
    }
}

fn person() -> PartyFacts {
    PartyFacts {
        kind: PartyKind::Person,
        org_number: None,
        variant: None,
        name: None,
        parent: None,
        is_deleted: false,
    }
}

/// A housing cooperative with a leader and a business manager.
fn import_of(change: impl FnOnce(&mut ImportParty)) -> ImportParty {
    let mut command = ImportParty {
        party: party(1),
        number: PartyNumber::new(50_001),
        facts: facts("TESTBORETTSLAG"),
        roles: [role("styreleder", 2), role("forretningsforer", 3)].into(),
    };
    change(&mut command);
    command
}

fn registered() -> PartyEvent {
    PartyEvent::Registered(PartyRegistered {
        party: party(1),
        number: PartyNumber::new(50_001),
        facts: facts("TESTBORETTSLAG"),
    })
}

fn assigned(holder: RoleHolder) -> PartyEvent {
    let RoleHolder { role, holder } = holder;
    PartyEvent::RoleAssigned(RoleAssigned { party: party(1), role, holder })
}

fn ended(holder: RoleHolder) -> PartyEvent {
    let RoleHolder { role, holder } = holder;
    PartyEvent::RoleEnded(RoleEnded { party: party(1), role, holder })
}

fn known() -> [PartyEvent; 3] {
    [registered(), assigned(role("forretningsforer", 3)), assigned(role("styreleder", 2))]
}

#[test]
fn a_party_that_was_never_seen_is_registered_with_its_role_holders() {
    scenario::<Party>([]).when(&import_of(|_| ())).then(known());
}

#[test]
fn the_same_import_again_changes_nothing() {
    scenario::<Party>(known()).when(&import_of(|_| ())).then_nothing();
}

#[test]
fn only_what_differs_becomes_a_fact() {
    scenario::<Party>(known())
        .when(&import_of(|command| command.facts.name = Some("NYTT NAVN".to_owned())))
        .then([PartyEvent::Changed(PartyChanged { party: party(1), facts: facts("NYTT NAVN") })]);
    scenario::<Party>(known())
        .when(&import_of(|command| {
            command.roles = [role("styreleder", 4), role("forretningsforer", 3)].into();
        }))
        .then([ended(role("styreleder", 2)), assigned(role("styreleder", 4))]);
}

#[test]
fn who_is_not_mentioned_holds_no_role_any_more() {
    scenario::<Party>(known())
        .when(&import_of(|command| command.roles.clear()))
        .then([ended(role("forretningsforer", 3)), ended(role("styreleder", 2))]);
}

#[test]
fn a_deletion_in_the_register_is_a_change() {
    let deleted = PartyFacts { is_deleted: true, ..facts("TESTBORETTSLAG") };
    scenario::<Party>(known())
        .when(&import_of(|command| command.facts.is_deleted = true))
        .then([PartyEvent::Changed(PartyChanged { party: party(1), facts: deleted })]);
}

#[test]
fn an_import_claims_both_numbers_in_the_same_outcome() {
    let command = import_of(|command| command.roles.clear());
    let outcome =
        import(&Party::Unknown, &OrgNumberClaim::Free, &PartyNumberClaim::Free, &command).unwrap();
    assert_eq!(
        streams(&outcome),
        ["party-number/50001", "org/319900101", &format!("party/{}", party(1))]
    );
    let number = PartyNumberClaimed { number: PartyNumber::new(50_001), party: party(1) };
    let org_number = OrgNumberClaimed { org_number: org(), party: party(1) };
    assert_eq!(outcome[0].1, PartyNumberEvent::Claimed(number).into());
    assert_eq!(outcome[1].1, OrgNumberEvent::Claimed(org_number).into());
    let reads = command.reads();
    assert!(outcome.iter().all(|(stream, _)| reads.contains(stream)), "{reads:?}");
}

#[test]
fn an_import_that_changes_nothing_claims_nothing() {
    let known = Party::of_stream(
        known().map(PartyEvent::into).iter().map(|event| (event, crate::scenario::NOW)),
    );
    let outcome = import(
        &known,
        &OrgNumberClaim::HeldBy(party(1)),
        &PartyNumberClaim::HeldBy(party(1)),
        &import_of(|_| ()),
    );
    assert_eq!(outcome, Ok(vec![]));
}

#[test]
fn a_number_of_another_party_is_refused_by_name() {
    assert_eq!(
        import(
            &Party::Unknown,
            &OrgNumberClaim::HeldBy(party(9)),
            &PartyNumberClaim::Free,
            &import_of(|_| ())
        ),
        Err(ImportError::OrgNumberTaken {
            org_number: org(),
            holder: party(9),
            claimant: party(1)
        })
    );
    assert_eq!(
        import(
            &Party::Unknown,
            &OrgNumberClaim::Free,
            &PartyNumberClaim::HeldBy(party(9)),
            &import_of(|_| ())
        ),
        Err(ImportError::PartyNumberTaken {
            number: PartyNumber::new(50_001),
            holder: party(9),
            claimant: party(1)
        })
    );
}

#[test]
fn the_numbers_of_a_party_do_not_change() {
    let offered = PartyNumber::new(50_002);
    scenario::<Party>(known()).when(&import_of(|command| command.number = offered)).then_refused(
        ImportError::PartyNumberChanged {
            party: party(1),
            known: PartyNumber::new(50_001),
            offered,
        },
    );
    scenario::<Party>(known()).when(&import_of(|command| command.facts = person())).then_refused(
        ImportError::OrgNumberChanged { party: party(1), known: Some(org()), offered: None },
    );
}

#[test]
fn a_person_is_registered_with_nothing_but_being_one() {
    let command = import_of(|command| {
        command.facts = person();
        command.roles.clear();
    });
    scenario::<Party>([]).when(&command).then([PartyEvent::Registered(PartyRegistered {
        party: party(1),
        number: PartyNumber::new(50_001),
        facts: person(),
    })]);
    let outcome = import(
        &Party::Unknown,
        &OrgNumberClaim::HeldBy(party(9)),
        &PartyNumberClaim::Free,
        &command,
    );
    assert_eq!(outcome.unwrap().len(), 2, "the number and the party");
}

#[test]
fn a_persons_name_or_number_does_not_enter_the_ledger() {
    let changes: [fn(&mut PartyFacts); 4] = [
        |facts| facts.name = Some("KARI NORDMANN".to_owned()),
        |facts| facts.org_number = Some(org()),
        |facts| facts.variant = Some("ENK".to_owned()),
        |facts| facts.parent = Some(party(9)),
    ];
    for change in changes {
        scenario::<Party>([])
            .when(&import_of(|command| {
                command.facts = person();
                change(&mut command.facts);
            }))
            .then_refused(ImportError::PersonHasFacts { party: party(1) });
    }
}

#[test]
fn a_unit_has_an_organisation_number_and_no_national_identity_number() {
    scenario::<Party>([])
        .when(&import_of(|command| command.facts.org_number = None))
        .then_refused(ImportError::OrgNumberMissing { party: party(1) });
    scenario::<Party>([])
        .when(&import_of(|command| command.facts.name = Some("KARI 12838549045".to_owned())))
        .then_refused(ImportError::NationalNumber { party: party(1) });
}

#[test]
fn the_name_of_a_sole_proprietorship_does_not_enter_the_ledger() {
    let sole = |name: Option<&str>| {
        import_of(|command| {
            command.facts.variant = Some("ENK".to_owned());
            command.facts.name = name.map(str::to_owned);
            command.roles.clear();
        })
    };
    scenario::<Party>([])
        .when(&sole(Some("KARI NORDMANN")))
        .then_refused(ImportError::NameOfPerson { party: party(1) });
    assert_eq!(scenario::<Party>([]).when(&sole(None)).events().len(), 1);
}

fn any_import() -> impl Strategy<Value = ImportParty> {
    let roles = btree_set((0..3_usize, 2..5_u128), 0..4);
    let names = prop_oneof![Just("A"), Just("B")];
    let numbers = prop_oneof![5 => Just(50_001), 1 => Just(50_002)];
    (roles, names, numbers, any::<bool>()).prop_map(|(roles, name, number, is_deleted)| {
        ImportParty {
            party: party(1),
            number: PartyNumber::new(number),
            facts: PartyFacts { is_deleted, ..facts(name) },
            roles: roles
                .into_iter()
                .map(|(code, holder)| {
                    role(["daglig-leder", "revisor", "regnskapsforer"][code], holder)
                })
                .collect(),
        }
    })
}

proptest! {
    #[test]
    fn a_party_keeps_the_laws_and_is_what_the_register_said_last(
        commands in vec(any_import(), 0..12)
    ) {
        assert_laws::<Party>(&commands, |before, command, after| {
            let Party::Known(known) = after else { panic!("nothing is known after an import") };
            assert_eq!((&known.facts, &known.roles), (&command.facts, &command.roles));
            if let Party::Known(before) = before {
                assert_eq!(before.number, known.number);
            }
        });
    }

    #[test]
    fn a_number_stays_with_its_first_claimant(claimants in vec(1..4_u128, 1..8)) {
        let orgs: Vec<_> = claimants
            .iter()
            .map(|claimant| ClaimOrgNumber { org_number: org(), party: party(*claimant) })
            .collect();
        let first = party(claimants[0]);
        assert_laws::<OrgNumberClaim>(&orgs, |_, _, after| {
            assert_eq!(*after, OrgNumberClaim::HeldBy(first));
        });
        let number = PartyNumber::new(50_001);
        let numbers: Vec<_> = claimants
            .iter()
            .map(|claimant| ClaimPartyNumber { number, party: party(*claimant) })
            .collect();
        assert_laws::<PartyNumberClaim>(&numbers, |_, _, after| {
            assert_eq!(*after, PartyNumberClaim::HeldBy(first));
        });
    }
}
