//! The resource rights registry: rights and lists as attributes, and the gate.

use fullmakt_events::{
    PartyId, Right, StreamName, Validity,
    event::{RegistryRight, SystemUserKind},
};
use fullmakt_xacml::{Decision, ids::ACCESS_SUBJECT};

use super::world::{TestRule, World, list_stream, now, party, policy, question, registry_right};
use crate::{FactKind, NearestMiss, Reason};

const RESOURCE: &str = "test-resource";
const ACTION: &str = "urn:resourceright:action";

/// The registry's own documented example: whoever owns the party may use it, if the party has the
/// right to read.
const DOCUMENTED: &str = r#"<Policy xmlns="urn:oasis:names:tc:xacml:3.0:core:schema:wd-17"
    PolicyId="test-resource" Version="1.0"
    RuleCombiningAlgId="urn:oasis:names:tc:xacml:3.0:rule-combining-algorithm:deny-overrides">
  <Target/>
  <Rule RuleId="r" Effect="Permit"><Target><AnyOf><AllOf>
    <Match MatchId="urn:oasis:names:tc:xacml:3.0:function:string-equal-ignore-case">
      <AttributeValue DataType="http://www.w3.org/2001/XMLSchema#string">INNEHAVER</AttributeValue>
      <AttributeDesignator AttributeId="urn:altinn:external-role:ccr"
        Category="urn:oasis:names:tc:xacml:1.0:subject-category:access-subject"
        DataType="http://www.w3.org/2001/XMLSchema#string" MustBePresent="false"/>
    </Match>
    <Match MatchId="urn:oasis:names:tc:xacml:3.0:function:string-equal-ignore-case">
      <AttributeValue DataType="http://www.w3.org/2001/XMLSchema#string">Read</AttributeValue>
      <AttributeDesignator AttributeId="urn:resourceright:action"
        Category="urn:oasis:names:tc:xacml:1.0:subject-category:access-subject"
        DataType="http://www.w3.org/2001/XMLSchema#string" MustBePresent="false"/>
    </Match>
  </AllOf></AnyOf></Target></Rule>
</Policy>"#;

/// A business, and the person who owns it; the policy is the documented example.
fn documented() -> (World, PartyId, PartyId) {
    let mut world = World::new();
    let (kari, business) = (world.person(1), world.organisation(2, "ENK"));
    world.holds(kari, "innehaver", business);
    world.has_policy(RESOURCE, DOCUMENTED);
    (world, kari, business)
}

/// A resource that everybody may read and write by its policy, and that requires a right.
fn gated() -> (World, PartyId, PartyId) {
    let mut world = World::new();
    let (kari, company) = (world.person(1), world.organisation(2, "AS"));
    let open = |action| TestRule::permit(action, None);
    world.has_policy(RESOURCE, &policy(RESOURCE, &[open("read"), open("write")]));
    world.resource(RESOURCE);
    world.requires_registry(RESOURCE, true);
    (world, kari, company)
}

#[test]
fn a_role_and_a_right_of_the_registry_are_combined_in_one_rule() {
    let (mut world, kari, business) = documented();
    assert!(!world.permits(kari, "read", RESOURCE, business));
    let right = registry_right(1, RESOURCE, business);
    world.grants(right.clone());
    let decided = world.decides(kari, "read", RESOURCE, business);
    assert_eq!(decided.decision, Decision::Permit);
    let is_right = |fact: &&crate::Fact| matches!(fact.kind, FactKind::RegistryRight { .. });
    let fact = decided.facts.iter().find(is_right).unwrap();
    let stream = StreamName::resource_right(&RESOURCE.parse().unwrap(), business);
    assert_eq!(fact.path[0].stream, stream);
    // The right alone is not enough.
    assert!(!world.permits(party(9), "read", RESOURCE, business));
    assert!(!world.permits(business, "read", RESOURCE, business));
    world.updates(RegistryRight { rights_value: "urn:write".to_owned(), ..right.clone() });
    assert!(!world.permits(kari, "read", RESOURCE, business));
    world.updates(RegistryRight { rights_value: "read".to_owned(), ..right.clone() });
    assert!(world.permits(kari, "read", RESOURCE, business));
    world.revokes_right(&right);
    assert!(!world.permits(kari, "read", RESOURCE, business));
}

#[test]
fn a_right_is_one_of_its_party_to_its_resource() {
    let (mut world, kari, business) = documented();
    world.grants(registry_right(1, "another-resource", business));
    world.grants(registry_right(2, RESOURCE, kari));
    assert!(!world.permits(kari, "read", RESOURCE, business));
    // Not even of a sub-unit of the party: each is granted by itself.
    world.grants(registry_right(3, RESOURCE, business));
    let sub = world.sub_unit(3, business);
    assert!(world.permits(kari, "read", RESOURCE, business));
    assert!(!world.permits(kari, "read", RESOURCE, sub));
}

#[test]
fn a_right_counts_in_its_time_only() {
    let (mut world, kari, business) = documented();
    let at = |seconds| now().plus_seconds(seconds);
    let validity = Validity { from: Some(at(10)), to: Some(at(20)) };
    world.grants(RegistryRight { validity, ..registry_right(1, RESOURCE, business) });
    let permits = |seconds| world.permits_at(at(seconds), (kari, "read", RESOURCE), business);
    assert_eq!([9, 10, 19, 20].map(permits), [false, true, true, false]);
}

#[test]
fn a_right_that_is_for_one_person_is_used_by_that_person_only() {
    let (mut world, kari, business) = documented();
    let ola = world.person(3);
    world.holds(ola, "innehaver", business);
    let right = registry_right(1, RESOURCE, business);
    world.grants(RegistryRight { performed_by: Some(ola), ..right });
    assert!(world.permits(ola, "read", RESOURCE, business));
    assert!(!world.permits(kari, "read", RESOURCE, business));
}

#[test]
fn without_a_right_what_the_policy_permits_is_denied_where_one_is_required() {
    let (mut world, kari, company) = gated();
    let decided = world.decides(kari, "read", RESOURCE, company);
    assert_eq!((decided.decision, decided.reason), (Decision::Deny, Reason::RegistryRightMissing));
    assert_eq!(decided.reason.code(), "registry-right-missing");
    assert!(decided.obligations.is_empty());
    let right = registry_right(1, RESOURCE, company);
    world.grants(right.clone());
    let decided = world.decides(kari, "read", RESOURCE, company);
    assert_eq!((decided.decision, decided.reason), (Decision::Permit, Reason::PolicyPermits));
    assert_eq!(decided.obligations.len(), 1);
    world.revokes_right(&right);
    assert!(!world.permits(kari, "read", RESOURCE, company));
    world.requires_registry(RESOURCE, false);
    assert!(world.permits(kari, "read", RESOURCE, company));
}

#[test]
fn the_gate_opens_nothing_that_the_policy_does_not_permit() {
    let (mut world, kari, company) = gated();
    world.grants(registry_right(1, RESOURCE, company));
    let decided = world.decides(kari, "burn", RESOURCE, company);
    assert_eq!((decided.decision, decided.reason), {
        (Decision::NotApplicable, Reason::NothingPermits)
    });
}

#[test]
fn the_gate_is_shut_for_who_may_not_use_the_right_and_for_no_party() {
    let (mut world, kari, company) = gated();
    let ola = world.person(3);
    let right = registry_right(1, RESOURCE, company);
    world.grants(RegistryRight { performed_by: Some(ola), ..right });
    assert!(world.permits(ola, "read", RESOURCE, company));
    for subject in [Some(kari.into()), None] {
        let mut asked = question(kari, "read", RESOURCE, company);
        asked.subject = subject;
        assert_eq!(world.asked(&asked).reason, Reason::RegistryRightMissing);
    }
    let mut asked = question(ola, "read", RESOURCE, company);
    asked.party = None;
    assert_eq!(world.asked(&asked).reason, Reason::RegistryRightMissing);
}

#[test]
fn the_gate_is_before_single_rights_as_well() {
    let (mut world, _, company) = gated();
    let right = Right::to(RESOURCE, Some("read"));
    let rule = TestRule::permit("read", Some(("urn:altinn:org", "skd")));
    world.has_policy(RESOURCE, &policy(RESOURCE, &[rule]));
    world.system(std::slice::from_ref(&right), &[]);
    let standard = SystemUserKind::Standard;
    let user = world.system_user(100, standard, company, (&[right], &[]));
    let decided = world.decides(user, "read", RESOURCE, company);
    assert_eq!((decided.decision, decided.reason), (Decision::Deny, Reason::RegistryRightMissing));
    world.grants(registry_right(1, RESOURCE, company));
    assert!(world.permits(user, "read", RESOURCE, company));
}

#[test]
fn nothing_is_given_on_through_a_gate_that_is_shut() {
    let (mut world, kari, company) = gated();
    let may_give = |world: &World| world.may_give_right(kari, RESOURCE, company).actions;
    assert!(may_give(&world).iter().all(|(_, may)| !may));
    world.grants(registry_right(1, RESOURCE, company));
    assert!(may_give(&world).iter().all(|(_, may)| *may));
}

#[test]
fn a_right_of_another_type_opens_the_gate_and_is_no_attribute() {
    let (mut world, kari, company) = gated();
    let rights_type = "urn:altinn:org".to_owned();
    let right = registry_right(1, RESOURCE, company);
    world.grants(RegistryRight { rights_type, rights_value: "skd".to_owned(), ..right });
    assert!(world.permits(kari, "read", RESOURCE, company));
    let rule = TestRule::permit("read", Some(("urn:altinn:org", "skd")));
    world.has_policy(RESOURCE, &policy(RESOURCE, &[rule]));
    assert!(!world.permits(kari, "read", RESOURCE, company));
}

#[test]
fn members_of_a_connected_list_have_its_actions() {
    let (mut world, kari, company) = gated();
    let other = world.organisation(3, "AS");
    world.list(1);
    world.adds_member(1, company);
    assert!(!world.permits(kari, "read", RESOURCE, company));
    world.connects(1, RESOURCE, &["read"]);
    let decided = world.decides(kari, "read", RESOURCE, company);
    assert_eq!(decided.decision, Decision::Permit);
    assert_eq!(decided.facts[0].path.len(), 2);
    assert_eq!(decided.facts[0].path[0].stream, list_stream(1));
    assert!(!world.permits(kari, "write", RESOURCE, company));
    assert!(!world.permits(kari, "read", RESOURCE, other));
    world.connects(1, RESOURCE, &[]);
    assert!(world.permits(kari, "write", RESOURCE, company));
    let without = |change: fn(&mut World)| {
        let mut world = world.clone();
        change(&mut world);
        world.permits(kari, "read", RESOURCE, company)
    };
    assert!(!without(|world| world.removes_member(1, party(2))));
    assert!(!without(|world| world.disconnects(1, RESOURCE)));
    assert!(!without(|world| world.deletes_list(1)));
    assert!(without(|world| world.removes_member(1, party(3))));
}

#[test]
fn a_rule_tests_lists_and_what_follows_from_them() {
    let (mut world, kari, company) = gated();
    world.requires_registry(RESOURCE, false);
    world.list(1);
    world.adds_member(1, company);
    for (attribute, value, actions, is_permitted) in [
        ("urn:altinn:access-list", "skd:list-1", &["write"][..], true),
        ("urn:altinn:access-list", "skd:list-2", &[][..], false),
        (ACTION, "read", &["read"][..], true),
        (ACTION, "read", &["write"][..], false),
        (ACTION, "read", &[][..], true),
        (ACTION, "write", &[][..], false),
    ] {
        let rule = TestRule::permit("read", Some((attribute, value)));
        world.has_policy(RESOURCE, &policy(RESOURCE, &[rule]));
        world.connects(1, RESOURCE, actions);
        let permitted = world.permits(kari, "read", RESOURCE, company);
        assert_eq!(permitted, is_permitted, "{attribute} {value} {actions:?}");
    }
}

#[test]
fn what_callers_say_of_rights_and_lists_is_not_believed() {
    let (mut world, kari, business) = documented();
    let mut asked = question(kari, "read", RESOURCE, business);
    asked.request.add(ACCESS_SUBJECT, ACTION, "read");
    asked.request.add(ACCESS_SUBJECT, "urn:altinn:access-list", "skd:list-1");
    assert_eq!(world.asked(&asked).decision, Decision::NotApplicable);
    let rule = TestRule::permit("read", Some(("urn:altinn:access-list", "skd:list-1")));
    world.has_policy(RESOURCE, &policy(RESOURCE, &[rule]));
    assert_eq!(world.asked(&asked).decision, Decision::NotApplicable);
}

#[test]
fn the_registry_is_not_asked_where_neither_policy_nor_resource_want_it() {
    let (mut world, kari, company) = gated();
    let right = registry_right(1, RESOURCE, company);
    let stream = StreamName::resource_right(&right.resource, company);
    world.grants(right);
    assert!(world.decides(kari, "read", RESOURCE, company).consulted.contains(&stream));
    world.requires_registry(RESOURCE, false);
    let decided = world.decides(kari, "read", RESOURCE, company);
    assert!(!decided.consulted.contains(&stream));
    assert!(decided.facts.is_empty());
}

#[test]
fn an_explanation_tells_what_opened_the_gate_or_what_would_have() {
    let (mut world, kari, company) = gated();
    let asked = question(kari, "read", RESOURCE, company);
    let told = world.explains(&asked);
    assert_eq!((told.reason, told.rule), (Reason::RegistryRightMissing, None));
    assert_eq!(told.barred_by[0].stream, StreamName::resource(&RESOURCE.parse().unwrap()));
    let [NearestMiss::RegistryRight { resource }] = told.misses.as_slice() else {
        panic!("{:?}", told.misses)
    };
    assert_eq!(resource.as_str(), RESOURCE);

    world.grants(registry_right(1, RESOURCE, company));
    let told = world.explains(&asked);
    assert_eq!(told.reason, Reason::PolicyPermits);
    let [fact] = told.facts.as_slice() else { panic!("{:?}", told.facts) };
    assert!(matches!(fact.kind, FactKind::RegistryRight { .. }));
    assert!(told.misses.is_empty() && told.barred_by.is_empty());

    // A denial rests on no right, though the gate is open.
    let told = world.explains(&question(kari, "burn", RESOURCE, company));
    assert_eq!((told.reason, told.facts.len()), (Reason::NothingPermits, 0));

    // Without a gate a right that the policy does not look at gives nobody anything.
    world.requires_registry(RESOURCE, false);
    assert!(world.explains(&asked).facts.is_empty());
}

#[test]
fn an_explanation_tells_of_the_right_that_a_rule_fired_on() {
    let (mut world, kari, business) = documented();
    world.grants(registry_right(1, RESOURCE, business));
    let told = world.explains(&question(kari, "read", RESOURCE, business));
    let is_right = |fact: &crate::Fact| matches!(fact.kind, FactKind::RegistryRight { .. });
    let is_role = |fact: &crate::Fact| matches!(fact.kind, FactKind::Role(_));
    assert!(told.facts.iter().any(is_right) && told.facts.iter().any(is_role));
}
