use std::collections::BTreeMap;

use fullmakt_events::{Event, Right, StreamName};
use proptest::{collection::vec, prelude::*};

use super::{tests::*, *};
use crate::{
    Outcome,
    decider::on,
    scenario::{NOW, assert_laws},
};

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

/// An update of one of the same systems by what a registration could have submitted.
fn any_update() -> impl Strategy<Value = UpdateSystem> {
    any_registration().prop_map(|RegisterSystem { authority, submitted, facts, .. }| UpdateSystem {
        authority,
        submitted,
        facts,
    })
}

fn any_replacement() -> impl Strategy<Value = SystemCommand> {
    let rights = vec(prop_oneof![Just("tax-report"), Just("a-scope")], 0..3);
    let rights = (any_authority(), rights).prop_map(|(authority, rights)| {
        let rights = rights.into_iter().map(|id| Right::to(id, None)).collect();
        SystemCommand::ReplaceRights(ReplaceRights {
            authority,
            rights,
            resources: facts().resources,
        })
    });
    let packages = any_authority().prop_map(|authority| {
        SystemCommand::ReplaceAccessPackages(ReplaceAccessPackages {
            authority,
            access_packages: Vec::new(),
            packages: facts().packages,
        })
    });
    prop_oneof![rights, packages]
}

/// A command that makes nothing happen when it is asked again.
fn any_command() -> impl Strategy<Value = SystemCommand> {
    prop_oneof![
        any_registration().prop_map(|command| SystemCommand::Register(Box::new(command))),
        any_authority().prop_map(|authority| SystemCommand::Delete(DeleteSystem { authority })),
    ]
}

/// Any command, also one that is recorded as often as it is asked.
fn any_call() -> impl Strategy<Value = SystemCommand> {
    prop_oneof![
        2 => any_command(),
        2 => any_update().prop_map(|command| SystemCommand::Update(Box::new(command))),
        1 => any_replacement(),
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

    /// What comes of a command about the system with this id, or with that in its body.
    fn outcome(&self, command: SystemCommand, id: &str) -> Result<Outcome, SystemError> {
        let system = |id: &str| {
            self.systems.get(&StreamName::of("system", &[id])).cloned().unwrap_or_default()
        };
        match command {
            SystemCommand::Register(mut command) => {
                command.facts.claims = self.holders();
                super::register(&system(&command.submitted.id), &command)
            }
            SystemCommand::Update(mut command) => {
                command.facts.claims = self.holders();
                super::update(&system(&command.submitted.id), &command)
            }
            SystemCommand::Delete(command) => super::delete(&system(id), command),
            SystemCommand::ReplaceRights(_) | SystemCommand::ReplaceAccessPackages(_) => {
                let events = system(id).decide(&command)?;
                Ok(on(&StreamName::of("system", &[id]), events).collect())
            }
        }
    }

    fn holders(&self) -> BTreeMap<String, ClientIdClaim> {
        let key = |stream: &StreamName| stream.keys().next().unwrap();
        self.claims.iter().map(|(stream, claim)| (key(stream), claim.clone())).collect()
    }
}

fn fold(system: System, events: &[SystemEvent]) -> System {
    events.iter().fold(system, |system, event| system.evolve(Recorded { event, at: NOW }))
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

    /// What is recorded as often as it is asked leaves the same state behind, and nothing of a
    /// deleted system is changed by it.
    #[test]
    fn a_change_that_is_asked_again_is_recorded_again_and_changes_nothing(
        commands in vec(any_call(), 0..12)
    ) {
        let mut system = System::default();
        let mut log = Vec::new();
        for command in &commands {
            let Ok(events) = system.decide(command) else { continue };
            let was_deleted = matches!(system, System::Deleted(_));
            assert!(!was_deleted || events.is_empty(), "{command:?} changed a deleted system");
            system = fold(system, &events);
            log.extend(events);
            if let SystemCommand::Update(_)
            | SystemCommand::ReplaceRights(_)
            | SystemCommand::ReplaceAccessPackages(_) = command
            {
                let again = system.decide(command).unwrap();
                assert_eq!(again.len(), 1);
                assert_eq!(fold(system.clone(), &again), system);
            }
        }
        assert_eq!(fold(System::default(), &log), system);
    }

    /// A client id acts for exactly the one active system that names it.
    #[test]
    fn claims_are_what_the_active_systems_hold(
        commands in vec((any_call(), prop_oneof![Just("991825827_a"), Just("991825827_b")]), 0..16)
    ) {
        let mut register = Register::default();
        for (command, id) in commands {
            let outcome = register.outcome(command, id);
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
