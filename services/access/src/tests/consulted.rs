//! Each stream whose change could turn a decision is among those that the decision consulted: a
//! command that rests on it is superseded by the change.

use std::{cell::Cell, sync::LazyLock};

use fullmakt_events::{
    PartyId, Right, RoleUrn, StreamName, SystemUserId, Validity,
    event::{Catalogue, PartyKind, RegistryRight, SystemUserKind},
};
use proptest::{
    collection::vec,
    prelude::any,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use uuid::Uuid;

use super::world::{
    TestRule, World, access_packages, agreement, facts, list_stream, now, party, policy, question,
    registry_right, role_map, role_packages, roles, system_id,
};
use crate::{AccessDecision, Question, Subject};

pub(super) const RESOURCE: &str = "test-resource";
const PACKAGE: &str = "urn:altinn:accesspackage";
const PARTIES: u32 = 7;
const ROLES: [&str; 7] = [
    "daglig-leder",
    "deltaker-delt-ansvar",
    "regnskapsforer",
    "forretningsforer",
    "styremedlem",
    "urn:altinn:role:hovedadministrator",
    OWNER,
];
/// Whoever holds it owns a sole proprietorship.
const OWNER: &str = "innehaver";
pub(super) const PACKAGES: [&str; 3] =
    ["regnskapsforer-med-signeringsrettighet", "merverdiavgift", "forretningsforer-eiendom"];

/// Numbers that stand for something that happens.
pub(super) type Seed = (u8, u8, u8, u8);

fn choice<T: Copy>(of: &[T], by: u8) -> T {
    of[usize::from(by) % of.len()]
}

fn any_party(by: u8) -> PartyId {
    party(u32::from(by) % PARTIES)
}

fn user(by: u8) -> SystemUserId {
    SystemUserId::new(Uuid::from_u128(100 + u128::from(by % 3)))
}

/// The roles of these tests and what follows from them: small, since many worlds are made.
static CATALOGUES: LazyLock<[Catalogue; 4]> = LazyLock::new(|| {
    let is_ours = |role: &RoleUrn| ROLES.iter().any(|own| role.as_str().ends_with(own));
    [roles(), role_map(), role_packages(), access_packages()].map(|mut catalogue| {
        match &mut catalogue {
            Catalogue::Roles(roles) => roles.retain(|role| is_ours(&role.urn)),
            Catalogue::RoleMap(map) => map.retain(|mapping| is_ours(&mapping.has)),
            Catalogue::RolePackages(packages) => {
                packages.retain(|package| {
                    is_ours(&package.role) && PACKAGES.contains(&package.package.code())
                });
            }
            Catalogue::AccessPackages(packages) => {
                packages.retain(|package| PACKAGES.contains(&package.urn.code()));
            }
            Catalogue::Areas(_) | Catalogue::EntityVariants(_) | Catalogue::Entities(_) => {}
        }
        catalogue
    })
});

pub(super) static START: LazyLock<World> = LazyLock::new(start);

/// Two persons, three organisations and two sub-units; a system, a system user of the first
/// organisation and of the third, and an agent of the first; two access lists.
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
    let agent: (&[Right], &[&str]) = (std::slice::from_ref(&right), &PACKAGES);
    world.system_user(102, SystemUserKind::Agent, party(2), agent);
    world.resource(RESOURCE);
    world.list(0);
    world.list(1);
    world
}

/// The same, where much was given: the first person leads the first organisation, which keeps the
/// books of the third and has a mandate of the second; both are clients of its agent.
pub(super) static LINKED: LazyLock<World> = LazyLock::new(|| {
    let mut world = START.clone();
    world.holds(party(0), "daglig-leder", party(2));
    world.holds(party(2), "regnskapsforer", party(4));
    world.gives(party(3), party(2), (&[], &PACKAGES[1..2]));
    let right = Right::to(RESOURCE, None);
    let soon = Validity { from: None, to: Some(now().plus_seconds(5)) };
    world.adds_client(user(2), party(3), (std::slice::from_ref(&right), &PACKAGES), soon);
    world.adds_client(user(2), party(4), (&[right], &PACKAGES), Validity::ALWAYS);
    world
});

fn rules() -> [TestRule; 7] {
    let role = "urn:altinn:external-role:ccr";
    [
        TestRule::permit("read", Some((PACKAGE, PACKAGES[0]))),
        TestRule::permit("read", Some((PACKAGE, PACKAGES[1]))),
        TestRule::permit("read", Some((PACKAGE, PACKAGES[2]))),
        TestRule::permit("write", Some(("urn:altinn:rolecode", "a0212"))),
        TestRule::permit("sign", Some((role, "daglig-leder"))),
        TestRule::permit("write", Some(("urn:resourceright:action", "read"))),
        TestRule {
            effect: "Deny",
            action: "sign",
            subject: Some((role, "styremedlem")),
            obligations: None,
        },
    ]
}

/// Lets something happen, and says on which stream.
pub(super) fn happen(world: &mut World, (kind, a, b, c): Seed) -> StreamName {
    let (of, holder) = (any_party(a), any_party(b));
    match kind % 24 {
        0..=3 => world.holds(holder, choice(&ROLES, c), of),
        4 => world.no_longer_holds(holder, choice(&ROLES, c), of),
        5 => {
            let kinds = [PartyKind::Organization, PartyKind::SubUnit, PartyKind::Person];
            let variants = [Some("AS"), Some("IKS"), Some("ENK"), Some("BRL"), None];
            let mut facts = facts(choice(&kinds, b), choice(&variants, c), Some(any_party(c)));
            facts.is_deleted = c > 200;
            world.changes(of, facts);
        }
        6 => {
            let content = match c % 8 {
                0 => Catalogue::Roles(Vec::new()),
                1 => Catalogue::RoleMap(Vec::new()),
                2 => Catalogue::RolePackages(Vec::new()),
                3 => Catalogue::AccessPackages(Vec::new()),
                other => CATALOGUES[usize::from(other - 4)].clone(),
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
        13..=17 => return between_parties(world, (kind, a, b, c)),
        18..=22 => return in_registry(world, (kind, a, b, c)),
        _ => {
            if c > 200 {
                world.has_no_policy(RESOURCE);
            } else {
                let rules: Vec<_> = rules().into_iter().skip(usize::from(c % 7)).collect();
                world.has_policy(RESOURCE, &policy(RESOURCE, &rules));
            }
            return StreamName::resource(&RESOURCE.parse().unwrap());
        }
    }
    StreamName::party(of)
}

/// Something is given between parties or linked, or is no more.
fn between_parties(world: &mut World, (kind, a, b, c): Seed) -> StreamName {
    let (from, to) = (any_party(a), any_party(b));
    let rights = [Right::to(RESOURCE, [None, Some("read"), Some("sign")][usize::from(c % 3)])];
    let packages = [choice(&PACKAGES, c / 4)];
    let things: (&[Right], &[&str]) = match c / 16 % 3 {
        0 => (&rights, &[]),
        1 => (&[], &packages),
        _ => (&rights, &packages),
    };
    // Some of it is over, or counts from now on.
    let validity = Validity { from: (c > 235).then(now), to: (c > 220 && c < 236).then(now) };
    match kind % 24 {
        13 | 14 => world.gives_for(validity, from, to, things),
        15 => world.revokes(from, to, things),
        16 => {
            world.adds_client(user(b), from, things, validity);
            return StreamName::client_link(user(b), from);
        }
        _ => {
            world.removes_client(user(b), from);
            return StreamName::client_link(user(b), from);
        }
    }
    StreamName::mandate(from, to)
}

/// Something changes in the rights registry.
fn in_registry(world: &mut World, (kind, a, b, c): Seed) -> StreamName {
    let (of, list) = (any_party(a), b % 2);
    let right = RegistryRight {
        performed_by: (c > 128).then(|| any_party(b)),
        rights_value: choice(&["urn:read", "write"], c).to_owned(),
        ..registry_right(u128::from(a % 8), RESOURCE, of)
    };
    let stream = StreamName::resource_right(&right.resource, of);
    match kind % 24 {
        18 => world.grants(right),
        19 => world.revokes_right(&right),
        20 => {
            world.requires_registry(RESOURCE, c > 128);
            return StreamName::resource(&right.resource);
        }
        21 => {
            if c > 128 {
                world.adds_member(list, of);
            } else {
                world.removes_member(list, of);
            }
            return list_stream(list);
        }
        _ => {
            if c > 128 {
                world.connects(list, RESOURCE, &["read", "write"][..usize::from(c % 3)]);
            } else {
                world.disconnects(list, RESOURCE);
            }
            return list_stream(list);
        }
    }
    stream
}

/// Whether this is on a stream that nobody can name before: what was no relation of the party or the
/// resource becomes one. It can only add to what is permitted.
fn comes_from_nowhere((kind, _, _, c): Seed) -> bool {
    match kind % 24 {
        // A person owns another business.
        0..=3 => choice(&ROLES, c) == OWNER,
        // The resource is connected with another list.
        22 => c > 128,
        _ => false,
    }
}

pub(super) fn ask((kind, a, b, c): Seed) -> Question {
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
    let config = Config { cases: 3_000, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let strategy =
        (any::<bool>(), vec(any::<Seed>(), 0..40), any::<Seed>(), vec(any::<Seed>(), 20));
    TestRunner::new_with_rng(config, rng)
        .run(&strategy, |(is_linked, history, next, asked)| {
            let mut world = if is_linked { LINKED.clone() } else { START.clone() };
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
                if is_there && !comes_from_nowhere(next) && essence(&before) != essence(&after) {
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

/// The streams that a decision on the resource consulted.
fn consulted(world: &World, subject: impl Into<Subject>, of: PartyId) -> Vec<StreamName> {
    world.decides(subject, "read", RESOURCE, of).consulted.into_iter().collect()
}

#[test]
fn a_mandate_that_comes_later_comes_on_a_stream_that_was_consulted() {
    let (kari, firm, client) = (party(0), party(2), party(3));
    let mut world = START.clone();
    world.holds(kari, "daglig-leder", firm);
    let found = consulted(&world, kari, client);
    // To the subject, to what it leads, and to the sub-units of that.
    for receiver in [kari, firm, party(5)] {
        assert!(found.contains(&StreamName::mandate(client, receiver)), "{receiver}");
    }
    assert!(!found.contains(&StreamName::mandate(client, party(4))));
    // From the main unit as well.
    let found = consulted(&world, kari, party(6));
    for giver in [party(6), party(4)] {
        assert!(found.contains(&StreamName::mandate(giver, kari)), "{giver}");
    }
}

#[test]
fn who_leads_a_receiver_or_its_main_unit_later_does_so_on_a_stream_that_was_consulted() {
    let (kari, firm, sub, client) = (party(0), party(2), party(5), party(3));
    let mut world = START.clone();
    world.gives(client, sub, (&[], &PACKAGES));
    let found = consulted(&world, kari, client);
    for unit in [sub, firm] {
        assert!(found.contains(&StreamName::party(unit)), "{unit}");
    }
    world.holds(kari, "daglig-leder", firm);
    assert!(world.permits(kari, "read", RESOURCE, client));
}

#[test]
fn what_a_chain_rests_on_was_consulted_also_where_it_gives_nothing() {
    let (agent, firm, client) = (user(2), party(2), party(3));
    let mut world = START.clone();
    let link = StreamName::client_link(agent, client);
    assert!(consulted(&world, agent, client).contains(&link));
    world.adds_client(agent, client, (&[], &PACKAGES), Validity::ALWAYS);
    let found = consulted(&world, agent, client);
    for stream in [
        link,
        agreement(),
        StreamName::system(&system_id()),
        StreamName::party(client),
        StreamName::mandate(client, firm),
        StreamName::catalogue("role-packages"),
        StreamName::catalogue("access-packages"),
    ] {
        assert!(found.contains(&stream), "{stream}");
    }
    world.gives(client, firm, (&[], &PACKAGES));
    assert!(world.permits(agent, "read", RESOURCE, client));
}
