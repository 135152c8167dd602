//! Each stream whose change could turn a decision is among those that the decision consulted: a
//! command that rests on it is superseded by the change.

use std::{cell::Cell, sync::LazyLock};

use fullmakt_events::{
    PartyId, Right, RoleUrn, StreamName, SystemUserId,
    event::{Catalogue, PartyKind, SystemUserKind},
};
use proptest::{
    collection::vec,
    prelude::any,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use uuid::Uuid;

use super::world::{
    TestRule, World, agreement, facts, party, policy, question, role_map, role_packages, roles,
    system_id,
};
use crate::{AccessDecision, Question, Subject};

const RESOURCE: &str = "test-resource";
const PACKAGE: &str = "urn:altinn:accesspackage";
const PARTIES: u32 = 7;
const ROLES: [&str; 6] = [
    "daglig-leder",
    "deltaker-delt-ansvar",
    "regnskapsforer",
    "forretningsforer",
    "styremedlem",
    "urn:altinn:role:hovedadministrator",
];
const PACKAGES: [&str; 3] =
    ["regnskapsforer-med-signeringsrettighet", "merverdiavgift", "forretningsforer-eiendom"];

/// Numbers that stand for something that happens.
type Seed = (u8, u8, u8, u8);

fn choice<T: Copy>(of: &[T], by: u8) -> T {
    of[usize::from(by) % of.len()]
}

fn any_party(by: u8) -> PartyId {
    party(u32::from(by) % PARTIES)
}

fn user(by: u8) -> SystemUserId {
    SystemUserId::new(Uuid::from_u128(100 + u128::from(by % 2)))
}

/// The roles of these tests and what follows from them: small, since many worlds are made.
static CATALOGUES: LazyLock<[Catalogue; 3]> = LazyLock::new(|| {
    let is_ours = |role: &RoleUrn| ROLES.iter().any(|own| role.as_str().ends_with(own));
    [roles(), role_map(), role_packages()].map(|mut catalogue| {
        match &mut catalogue {
            Catalogue::Roles(roles) => roles.retain(|role| is_ours(&role.urn)),
            Catalogue::RoleMap(map) => map.retain(|mapping| is_ours(&mapping.has)),
            Catalogue::RolePackages(packages) => {
                packages.retain(|package| {
                    is_ours(&package.role) && PACKAGES.contains(&package.package.code())
                });
            }
            Catalogue::Areas(_) | Catalogue::AccessPackages(_) | Catalogue::EntityVariants(_) => {}
        }
        catalogue
    })
});

static START: LazyLock<World> = LazyLock::new(start);

/// Two persons, three organisations and two sub-units; a system, and a system user of the first
/// organisation and of the third.
fn start() -> World {
    let mut world = World::new();
    CATALOGUES.iter().cloned().for_each(|catalogue| world.publishes(catalogue));
    world.has_policy(RESOURCE, &policy(RESOURCE, &rules()));
    world.person(0);
    world.person(1);
    world.organisation(2, "AS");
    world.organisation(3, "IKS");
    world.organisation(4, "BRL");
    world.sub_unit(5, party(2));
    world.sub_unit(6, party(4));
    let right = Right::to(RESOURCE, Some("sign"));
    world.system(std::slice::from_ref(&right), &PACKAGES);
    for (number, owner) in [(100, party(2)), (101, party(4))] {
        let given: (&[Right], &[&str]) = (std::slice::from_ref(&right), &PACKAGES[1..2]);
        world.system_user(number, SystemUserKind::Standard, owner, given);
    }
    world
}

fn rules() -> [TestRule; 6] {
    let role = "urn:altinn:external-role:ccr";
    [
        TestRule::permit("read", Some((PACKAGE, PACKAGES[0]))),
        TestRule::permit("read", Some((PACKAGE, PACKAGES[1]))),
        TestRule::permit("read", Some((PACKAGE, PACKAGES[2]))),
        TestRule::permit("write", Some(("urn:altinn:rolecode", "a0212"))),
        TestRule::permit("sign", Some((role, "daglig-leder"))),
        TestRule {
            effect: "Deny",
            action: "sign",
            subject: Some((role, "styremedlem")),
            obligations: None,
        },
    ]
}

/// Lets something happen, and says on which stream.
fn happen(world: &mut World, (kind, a, b, c): Seed) -> StreamName {
    let (of, holder) = (any_party(a), any_party(b));
    match kind % 14 {
        0..=3 => world.holds(holder, choice(&ROLES, c), of),
        4 => world.no_longer_holds(holder, choice(&ROLES, c), of),
        5 => {
            let kinds = [PartyKind::Organization, PartyKind::SubUnit, PartyKind::Person];
            let variants = [Some("AS"), Some("IKS"), Some("BRL"), None];
            let mut facts = facts(choice(&kinds, b), choice(&variants, c), Some(any_party(c)));
            facts.is_deleted = c > 200;
            world.changes(of, facts);
        }
        6 => {
            let content = match c % 6 {
                0 => Catalogue::Roles(Vec::new()),
                1 => Catalogue::RoleMap(Vec::new()),
                2 => Catalogue::RolePackages(Vec::new()),
                other => CATALOGUES[usize::from(other - 3)].clone(),
            };
            let stream = StreamName::catalogue(content.name());
            world.publishes(content);
            return stream;
        }
        7 => {
            world.system(&[Right::to(RESOURCE, None)], if c > 60 { &PACKAGES } else { &[] });
            return StreamName::system(&system_id());
        }
        8 => {
            world.system_is_deleted();
            return StreamName::system(&system_id());
        }
        9 => {
            let kind = choice(&[SystemUserKind::Standard, SystemUserKind::Agent], c / 64);
            let right = Right::to(RESOURCE, Some(choice(&["read", "sign"], b)));
            let number = user(c).uuid().as_u128();
            world.system_user(number, kind, of, (&[right], &[choice(&PACKAGES, b)]));
            return agreement();
        }
        10 => {
            world.system_user_is_deleted(user(c), holder);
            return agreement();
        }
        11 => {
            world.system_user_is_paused(user(c), holder);
            return agreement();
        }
        12 => {
            world.system_user_is_resumed(user(c), holder);
            return agreement();
        }
        _ => {
            if c > 200 {
                world.has_no_policy(RESOURCE);
            } else {
                let rules: Vec<_> = rules().into_iter().skip(usize::from(c % 6)).collect();
                world.has_policy(RESOURCE, &policy(RESOURCE, &rules));
            }
            return StreamName::resource(&RESOURCE.parse().unwrap());
        }
    }
    StreamName::party(of)
}

fn ask((kind, a, b, c): Seed) -> Question {
    let subject =
        if kind < 80 { Subject::SystemUser(user(a)) } else { Subject::Party(any_party(a)) };
    question(subject, choice(&["read", "write", "sign"], c), RESOURCE, any_party(b))
}

/// All of a decision that somebody could rest on.
fn essence(decided: &AccessDecision) -> impl PartialEq + std::fmt::Debug + use<> {
    (decided.decision, decided.reason, decided.obligations.clone())
}

#[test]
fn what_turns_a_decision_was_consulted_by_it() {
    let turned = Cell::new(0);
    let config = Config { cases: 1_500, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let strategy = (vec(any::<Seed>(), 0..40), any::<Seed>(), vec(any::<Seed>(), 12));
    TestRunner::new_with_rng(config, rng)
        .run(&strategy, |(history, next, asked)| {
            let mut world = START.clone();
            for seed in history {
                happen(&mut world, seed);
            }
            let mut changed = world.clone();
            let stream = happen(&mut changed, next);
            for question in asked.into_iter().map(ask) {
                // Nobody knows on which stream a system user will be that is not there yet.
                let is_there = match question.subject {
                    Some(Subject::SystemUser(user)) => world.knows(user),
                    Some(Subject::Party(_)) | None => true,
                };
                let (before, after) = (world.asked(&question), changed.asked(&question));
                if is_there && essence(&before) != essence(&after) {
                    turned.set(turned.get() + 1);
                    proptest::prop_assert!(
                        before.consulted.contains(&stream),
                        "{:?} became {:?} by `{}`, which was not consulted",
                        before.decision,
                        after.decision,
                        stream
                    );
                }
            }
            Ok(())
        })
        .unwrap();
    assert!(turned.get() > 200, "only {} decisions were turned", turned.get());
}

#[test]
fn a_leader_that_comes_later_comes_on_a_stream_that_was_consulted() {
    let mut world = World::new();
    let (kari, firm, client) =
        (world.person(1), world.organisation(2, "AS"), world.organisation(3, "AS"));
    world.holds(firm, "regnskapsforer", client);
    let before = world.decides(kari, "read", super::world::VAT_RETURN, client);
    world.holds(kari, "daglig-leder", firm);
    assert!(world.permits(kari, "read", super::world::VAT_RETURN, client));
    assert!(before.consulted.contains(&StreamName::party(firm)));
}
