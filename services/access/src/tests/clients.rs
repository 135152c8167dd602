//! What agents may do for clients: as far as client, provider and system user's ceiling agree.

use fullmakt_events::{PartyId, Right, StreamName, SystemUserId, Validity, event::SystemUserKind};
use fullmakt_xacml::Decision;

use super::{
    deleted::deleted,
    world::{
        PAYROLL_REPORT, TestRule, VAT_RETURN, World, agreement, now, party, policy, system_id,
    },
};
use crate::{FactKind, Reason};

const AGENT: SystemUserKind = SystemUserKind::Agent;
const ACCOUNTANT: &str = "regnskapsforer-med-signeringsrettighet";
const RESOURCE: &str = "test-resource";
const PACKAGE: &str = "urn:altinn:accesspackage";

fn right(resource: &str, action: &str) -> Right {
    Right::to(resource, Some(action))
}

/// A firm with an agent whose system declares what it was approved with, and a client.
struct Cast {
    world: World,
    firm: PartyId,
    client: PartyId,
    agent: SystemUserId,
}

/// Nobody has given or linked anything yet.
fn cast(approved: (&[Right], &[&str])) -> Cast {
    let mut world = World::new();
    let (firm, client) = (world.organisation(1, "AS"), world.organisation(2, "AS"));
    let (rights, packages) = approved;
    world.system(rights, packages);
    let agent = world.system_user(100, AGENT, firm, approved);
    let reads = |action, package| TestRule::permit(action, Some((PACKAGE, package)));
    let rules = [reads("read", "a-ordning"), reads("write", "a-ordning"), reads("sign", "lonn")];
    world.has_policy(RESOURCE, &policy(RESOURCE, &rules));
    Cast { world, firm, client, agent }
}

/// The register says that the firm is the client's accountant, and the client is added.
fn accountant() -> Cast {
    let mut cast = cast((&[], &[ACCOUNTANT]));
    cast.world.holds(cast.firm, "regnskapsforer", cast.client);
    cast.world.adds_client(cast.agent, cast.client, (&[], &[ACCOUNTANT]), Validity::ALWAYS);
    cast
}

/// The client gives these, the link has those, and the agent was approved with the last.
fn chain(
    given: (&[Right], &[&str]),
    linked: (&[Right], &[&str]),
    approved: (&[Right], &[&str]),
) -> Cast {
    let mut cast = cast(approved);
    cast.world.gives(cast.client, cast.firm, given);
    cast.world.adds_client(cast.agent, cast.client, linked, Validity::ALWAYS);
    cast
}

/// Which of these actions on the test resource the agent may do for the client.
fn may(cast: &Cast) -> [bool; 3] {
    ["read", "write", "sign"]
        .map(|action| cast.world.permits(cast.agent, action, RESOURCE, cast.client))
}

#[test]
fn an_agent_of_the_accountant_files_for_an_added_client_until_the_register_ends_the_relation() {
    let Cast { mut world, firm, client, agent } = accountant();
    let decided = world.decides(agent, "write", VAT_RETURN, client);
    assert_eq!((decided.decision, decided.reason), (Decision::Permit, Reason::PolicyPermits));
    assert!(!world.permits(agent, "sign", VAT_RETURN, client));
    assert!(!world.permits(agent, "write", PAYROLL_REPORT, client));
    // Not for itself, and not for a client that was not added.
    let other = world.organisation(3, "AS");
    world.holds(firm, "regnskapsforer", other);
    assert!(!world.permits(agent, "write", VAT_RETURN, firm));
    assert!(!world.permits(agent, "write", VAT_RETURN, other));
    assert!(world.permits(firm, "write", VAT_RETURN, other));
    world.no_longer_holds(firm, "regnskapsforer", client);
    let decided = world.decides(agent, "write", VAT_RETURN, client);
    assert_eq!(decided.decision, Decision::NotApplicable);
    assert!(decided.facts.is_empty());
}

#[test]
fn each_link_of_the_chain_ends_the_access_when_it_ends() {
    let permits =
        |world: &World, cast: &Cast| world.permits(cast.agent, "write", VAT_RETURN, cast.client);
    let cast = accountant();
    assert!(permits(&cast.world, &cast));
    let mut unlinked = cast.world.clone();
    unlinked.removes_client(cast.agent, cast.client);
    assert!(!permits(&unlinked, &cast));
    unlinked.adds_client(cast.agent, cast.client, (&[], &[ACCOUNTANT]), Validity::ALWAYS);
    assert!(permits(&unlinked, &cast));
    let mut narrowed = cast.world.clone();
    narrowed.changes_client(cast.agent, cast.client, (&[], &["regnskapsforer-lonn"]));
    assert!(!permits(&narrowed, &cast));
    let mut paused = cast.world.clone();
    paused.system_user_is_paused(cast.agent, party(9));
    assert!(!permits(&paused, &cast));
    let mut gone = cast.world.clone();
    gone.system_user_is_deleted(cast.agent, party(9));
    assert!(!permits(&gone, &cast));
    let mut without_system = cast.world.clone();
    without_system.system_is_deleted();
    assert!(!permits(&without_system, &cast));
    let mut undeclared = cast.world.clone();
    undeclared.system(&[], &["regnskapsforer-lonn"]);
    assert!(!permits(&undeclared, &cast));
    let kind = fullmakt_events::event::PartyKind::Organization;
    assert!(!permits(&deleted(&cast.world, cast.client, kind), &cast));
    assert!(!permits(&deleted(&cast.world, cast.firm, kind), &cast));
}

#[test]
fn what_one_of_three_does_not_have_none_has() {
    let (all, none): (&[&str], &[&str]) = (&["a-ordning"], &[]);
    for (given, linked, approved) in
        [(all, all, none), (all, none, all), (none, all, all), (none, none, all)]
    {
        let cast = chain((&[], given), (&[], linked), (&[], approved));
        assert_eq!(may(&cast), [false; 3], "{given:?} {linked:?} {approved:?}");
    }
    assert_eq!(may(&chain((&[], all), (&[], all), (&[], all))), [true, true, false]);
    // Each has one, and it is another one.
    let cast = chain((&[], &["lonn"]), (&[], all), (&[], all));
    assert_eq!(may(&cast), [false; 3]);
}

#[test]
fn a_business_manager_serves_housing_cooperatives_only() {
    for (variant, is_permitted) in [("ESEK", true), ("BRL", true), ("AS", false), ("NUF", false)] {
        let package = "forretningsforer-eiendom";
        let Cast { mut world, firm, agent, .. } = cast((&[], &[package]));
        let rule = TestRule::permit("read", Some((PACKAGE, package)));
        world.has_policy(RESOURCE, &policy(RESOURCE, &[rule]));
        let client = world.organisation(3, variant);
        world.holds(firm, "forretningsforer", client);
        world.adds_client(agent, client, (&[], &[package]), Validity::ALWAYS);
        assert_eq!(world.permits(agent, "read", RESOURCE, client), is_permitted, "{variant}");
    }
}

#[test]
fn only_roles_by_which_an_organisation_serves_another_bring_clients() {
    let mut cast = cast((&[], &["a-ordning"]));
    cast.world.adds_client(cast.agent, cast.client, (&[], &["a-ordning"]), Validity::ALWAYS);
    // A general manager has the package, and is nobody's provider.
    cast.world.holds(cast.firm, "daglig-leder", cast.client);
    assert!(cast.world.permits(cast.firm, "read", RESOURCE, cast.client));
    assert_eq!(may(&cast), [false; 3]);
    cast.world.holds(cast.firm, "deltaker-fullt-ansvar", cast.client);
    assert_eq!(may(&cast), [true, true, false]);
}

#[test]
fn what_the_provider_has_through_another_organisation_is_not_its_own_to_pass_on() {
    let mut cast = accountant();
    let other = cast.world.organisation(3, "KS");
    cast.world.no_longer_holds(cast.firm, "regnskapsforer", cast.client);
    cast.world.holds(other, "regnskapsforer", cast.client);
    cast.world.holds(cast.firm, "komplementar", other);
    assert!(cast.world.permits(cast.firm, "write", VAT_RETURN, cast.client));
    assert!(!cast.world.permits(cast.agent, "write", VAT_RETURN, cast.client));
}

#[test]
fn roles_of_the_provider_do_not_reach_its_agent() {
    let mut cast = accountant();
    let accountant = ("urn:altinn:external-role:ccr", "regnskapsforer");
    let rule = TestRule::permit("read", Some(accountant));
    cast.world.has_policy(RESOURCE, &policy(RESOURCE, &[rule]));
    assert!(cast.world.permits(cast.firm, "read", RESOURCE, cast.client));
    assert!(!cast.world.permits(cast.agent, "read", RESOURCE, cast.client));
}

#[test]
fn a_mandate_of_the_client_counts_as_long_as_it_is_given() {
    let all: (&[Right], &[&str]) = (&[], &["a-ordning"]);
    let mut cast = chain(all, all, all);
    assert_eq!(may(&cast), [true, true, false]);
    cast.world.revokes(cast.client, cast.firm, all);
    assert_eq!(may(&cast), [false; 3]);
    // Given to somebody else.
    let other = cast.world.organisation(3, "AS");
    cast.world.gives(cast.client, other, all);
    assert_eq!(may(&cast), [false; 3]);
}

#[test]
fn a_package_that_may_not_be_passed_on_does_not_reach_an_agent() {
    let package = "tilgangsstyrer";
    let all: (&[Right], &[&str]) = (&[], &[package]);
    let mut cast = chain(all, all, all);
    let rule = TestRule::permit("read", Some((PACKAGE, package)));
    cast.world.has_policy(RESOURCE, &policy(RESOURCE, &[rule]));
    assert!(cast.world.permits(cast.firm, "read", RESOURCE, cast.client));
    assert_eq!(may(&cast), [false; 3]);
}

#[test]
fn mandate_and_link_count_in_their_time_only() {
    let all: (&[Right], &[&str]) = (&[], &["a-ordning"]);
    let Cast { mut world, firm, client, agent } = cast(all);
    let at = |seconds| now().plus_seconds(seconds);
    let mandate = Validity { from: None, to: Some(at(20)) };
    world.gives_for(mandate, client, firm, all);
    world.adds_client(agent, client, all, Validity { from: Some(at(10)), to: None });
    let permits = |seconds| world.permits_at(at(seconds), (agent, "read", RESOURCE), client);
    assert_eq!([9, 10, 19, 20].map(permits), [false, true, true, false]);
}

/// Scenario A: two single rights of a package, and nothing else of it.
#[test]
fn a_link_that_is_limited_to_single_rights_gives_those_of_the_package_and_no_others() {
    let rights = [right(RESOURCE, "read")];
    let package: (&[Right], &[&str]) = (&[], &["a-ordning"]);
    let mut cast = chain(package, (&rights, &[]), package);
    let decided = cast.world.decides(cast.agent, "read", RESOURCE, cast.client);
    assert_eq!((decided.decision, decided.reason), (Decision::Permit, Reason::RightPermits));
    assert_eq!(decided.obligations.len(), 1);
    assert_eq!(may(&cast), [true, false, false]);
    // A right that the package does not have is not made by naming it.
    cast.world.changes_client(cast.agent, cast.client, (&[right(RESOURCE, "sign")], &[]));
    assert_eq!(may(&cast), [false; 3]);
    // All of the resource, as far as the package goes.
    cast.world.changes_client(cast.agent, cast.client, (&[Right::to(RESOURCE, None)], &[]));
    assert_eq!(may(&cast), [true, true, false]);
    cast.world.changes_client(cast.agent, cast.client, (&[right(VAT_RETURN, "read")], &[]));
    assert_eq!(may(&cast), [false; 3]);
}

/// Scenario B: the client gives one single right, whatever packages the system lists.
#[test]
fn a_client_that_gives_one_single_right_gives_nothing_beyond_it() {
    let package: (&[Right], &[&str]) = (&[], &["a-ordning"]);
    let given = [right(RESOURCE, "read")];
    assert_eq!(may(&chain((&given, &[]), package, package)), [true, false, false]);
    assert_eq!(may(&chain((&given, &[]), (&given, &[]), package)), [true, false, false]);
    // What was given is not in the agent's packages.
    let given = [right(RESOURCE, "sign")];
    assert_eq!(may(&chain((&given, &[]), package, package)), [false; 3]);
}

/// Scenario C: several single rights, each revocable alone.
#[test]
fn each_of_several_single_rights_is_revoked_alone() {
    let rights = [right(RESOURCE, "read"), right(RESOURCE, "sign")];
    let all: (&[Right], &[&str]) = (&rights, &[]);
    let mut cast = chain(all, all, all);
    assert_eq!(may(&cast), [true, false, true]);
    cast.world.revokes(cast.client, cast.firm, (&rights[..1], &[]));
    assert_eq!(may(&cast), [false, false, true]);
    cast.world.changes_client(cast.agent, cast.client, (&rights[..1], &[]));
    assert_eq!(may(&cast), [false; 3]);
}

#[test]
fn an_agent_that_was_approved_with_single_rights_has_those_of_the_clients_package() {
    let approved = [right(RESOURCE, "read"), right(RESOURCE, "sign")];
    let package: (&[Right], &[&str]) = (&[], &["a-ordning"]);
    assert_eq!(may(&chain(package, package, (&approved, &[]))), [true, false, false]);
    assert_eq!(may(&chain(package, (&approved, &[]), (&approved, &[]))), [true, false, false]);
}

#[test]
fn a_deny_of_the_policy_is_stronger_than_a_single_right() {
    let rights = [right(RESOURCE, "read")];
    let all: (&[Right], &[&str]) = (&rights, &[]);
    let mut cast = chain(all, all, all);
    assert_eq!(may(&cast), [true, false, false]);
    let permit = TestRule::permit("read", Some((PACKAGE, "a-ordning")));
    let deny = TestRule { effect: "Deny", action: "read", subject: None, obligations: None };
    cast.world.has_policy(RESOURCE, &policy(RESOURCE, &[permit, deny]));
    assert_eq!(may(&cast), [false; 3]);
}

#[test]
fn a_link_with_a_main_unit_serves_its_sub_units_and_not_the_other_way() {
    let Cast { mut world, firm, client, agent } = accountant();
    let sub = world.sub_unit(3, client);
    assert!(world.permits(agent, "write", VAT_RETURN, sub));
    world.removes_client(agent, client);
    assert!(!world.permits(agent, "write", VAT_RETURN, sub));
    // What is held for the main unit counts for a sub-unit that is a client itself.
    world.adds_client(agent, sub, (&[], &[ACCOUNTANT]), Validity::ALWAYS);
    assert!(world.permits(agent, "write", VAT_RETURN, sub));
    assert!(!world.permits(agent, "write", VAT_RETURN, client));
    world.no_longer_holds(firm, "regnskapsforer", client);
    assert!(!world.permits(agent, "write", VAT_RETURN, sub));
}

#[test]
fn a_client_of_one_agent_is_not_one_of_another() {
    let Cast { mut world, firm, client, .. } = accountant();
    let other = world.system_user(101, AGENT, firm, (&[], &[ACCOUNTANT]));
    let standard = world.system_user(102, SystemUserKind::Standard, firm, (&[], &[ACCOUNTANT]));
    // A link of a system user that acts for its owner gives nothing.
    world.adds_client(standard, client, (&[], &[ACCOUNTANT]), Validity::ALWAYS);
    assert!(!world.permits(other, "write", VAT_RETURN, client));
    assert!(!world.permits(standard, "write", VAT_RETURN, client));
}

#[test]
fn the_whole_chain_is_in_the_explanation_each_step_with_its_position() {
    let Cast { world, client, agent, .. } = accountant();
    let decided = world.decides(agent, "write", VAT_RETURN, client);
    let steps: Vec<_> =
        decided.facts[0].path.iter().map(|step| (step.stream.clone(), step.since.get())).collect();
    let start = 5;
    assert_eq!(
        steps,
        [
            (agreement(), start + 3),
            (StreamName::system(&system_id()), start + 2),
            (StreamName::client_link(agent, client), start + 5),
            (StreamName::party(client), start + 4),
            (StreamName::catalogue("role-packages"), 3),
        ]
    );
    for (stream, _) in steps {
        assert!(decided.consulted.contains(&stream), "{stream}");
    }
}

#[test]
fn a_right_within_packages_names_what_all_three_say() {
    let rights = [right(RESOURCE, "read")];
    let package: (&[Right], &[&str]) = (&[], &["a-ordning"]);
    let cast = chain(package, (&rights, &[]), package);
    let decided = cast.world.decides(cast.agent, "read", RESOURCE, cast.client);
    let [fact] = decided.facts.as_slice() else { panic!("{:?}", decided.facts) };
    assert!(matches!(&fact.kind, FactKind::RightWithin { packages, .. } if packages.len() == 2));
    let streams: Vec<_> = fact.path.iter().map(|step| step.stream.category()).collect();
    assert_eq!(streams, ["agreement", "system", "client-link", "mandate"]);
}
