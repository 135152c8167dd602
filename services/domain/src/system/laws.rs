use std::collections::BTreeMap;

use fullmakt_events::{Event, StreamName};
use proptest::{collection::vec, prelude::*};

use super::{tests::*, *};
use crate::scenario::{NOW, assert_laws};

fn any_authority() -> impl Strategy<Value = Authority> {
    prop_oneof![
        3 => Just(Authority::Organization(vendor())),
        1 => Just(Authority::Organization("319900101".parse().unwrap())),
        1 => Just(Authority::Administrator),
    ]
}

/// A registration of one of a few systems that share client ids, sometimes with a broken rule.
fn any_registration() -> impl Strategy<Value = RegisterSystem> {
    let ids = prop_oneof![Just("991825827_a"), Just("991825827_b"), Just("991825827_c d")];
    let client_ids = vec(prop_oneof![Just("x"), Just("X"), Just("y"), Just("z")], 0..3);
    (any_authority(), 1..3_u128, ids, client_ids).prop_map(|(authority, number, id, client_ids)| {
        RegisterSystem {
            authority,
            internal_id: internal_id(number),
            submitted: SystemSubmission {
                id: id.to_owned(),
                client_ids: client_ids.into_iter().map(str::to_owned).collect(),
                ..smartcloud()
            },
            facts: facts(),
        }
    })
}

fn any_command() -> impl Strategy<Value = SystemCommand> {
    prop_oneof![
        any_registration().prop_map(|command| SystemCommand::Register(Box::new(command))),
        any_authority().prop_map(|authority| SystemCommand::Delete(DeleteSystem { authority })),
    ]
}

/// All streams of the register, folded from outcomes.
#[derive(Default)]
struct Register {
    systems: BTreeMap<StreamName, System>,
    claims: BTreeMap<StreamName, ClientIdClaim>,
}

impl Register {
    fn fold(&mut self, outcome: Outcome) {
        for (stream, event) in outcome {
            if let Event::System(event) = &event {
                let system = self.systems.remove(&stream).unwrap_or_default();
                self.systems.insert(stream, system.evolve(Recorded { event, at: NOW }));
            } else if let Event::ClientId(event) = &event {
                let claim = self.claims.remove(&stream).unwrap_or_default();
                self.claims.insert(stream, claim.evolve(Recorded { event, at: NOW }));
            } else {
                panic!("{event:?} is no event of the register");
            }
        }
    }

    fn holders(&self) -> BTreeMap<String, ClientIdClaim> {
        let key = |stream: &StreamName| stream.keys().next().unwrap();
        self.claims.iter().map(|(stream, claim)| (key(stream), claim.clone())).collect()
    }
}

proptest! {
    #[test]
    fn a_system_keeps_the_laws_and_once_deleted_stays_deleted(
        commands in vec(any_command(), 0..12)
    ) {
        assert_laws::<System>(&commands, |before, _, after| {
            if let System::Deleted(_) = before {
                assert_eq!(before, after);
            }
        });
    }

    /// A client id acts for exactly the one active system that names it.
    #[test]
    fn claims_are_what_the_active_systems_hold(
        commands in vec((any_command(), prop_oneof![Just("991825827_a"), Just("991825827_b")]), 0..16)
    ) {
        let mut register = Register::default();
        for (command, deleted_id) in commands {
            let outcome = match command {
                SystemCommand::Register(mut command) => {
                    command.facts.claims = register.holders();
                    let stream = StreamName::of("system", &[&command.submitted.id]);
                    let system = register.systems.get(&stream).cloned().unwrap_or_default();
                    super::register(&system, &command)
                }
                SystemCommand::Delete(command) => {
                    let stream = StreamName::of("system", &[deleted_id]);
                    let system = register.systems.get(&stream).cloned().unwrap_or_default();
                    super::delete(&system, command)
                }
            };
            register.fold(outcome.unwrap_or_default());

            let mut held = BTreeMap::new();
            for definition in register.systems.values().filter_map(System::active) {
                for client_id in &definition.client_ids {
                    let earlier = held.insert(client_id.folded(), definition.id.clone());
                    prop_assert_eq!(earlier, None, "two systems hold one client id");
                }
            }
            let claimed: BTreeMap<_, _> = register
                .holders()
                .into_iter()
                .filter_map(|(id, claim)| match claim {
                    ClientIdClaim::Free => None,
                    ClientIdClaim::HeldBy(system) => Some((id, system)),
                })
                .collect();
            prop_assert_eq!(claimed, held);
        }
    }
}
