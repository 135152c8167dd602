use fullmakt_events::{LocalizedText, OrgNumber, event::ResourceCreated};
use proptest::{collection::vec, prelude::*};
use serde_json::json;

use super::*;
use crate::{
    Seen,
    facts::{ResourceFact, ResourceType},
    scenario::{assert_laws, scenario},
};

const NUMBER: &str = "12838549045";

fn owner() -> OrgNumber {
    "319900101".parse().unwrap()
}

fn stranger() -> Authority {
    Authority::Organization("319900128".parse().unwrap())
}

fn texts(text: &str) -> LocalizedText {
    LocalizedText { nb: text.to_owned(), nn: text.to_owned(), en: text.to_owned() }
}

fn creation() -> CreateResource {
    CreateResource {
        authority: Authority::Organization(owner()),
        identifier: "tax-report".to_owned(),
        title: texts("Tax report"),
        description: texts("Reports tax"),
        right_description: texts("May report tax"),
        is_delegable: true,
        owner: "319900101".to_owned(),
        resource_type: "GenericAccessResource".to_owned(),
        metadata: json!({ "identifier": "tax-report", "keywords": [{ "word": "tax" }] })
            .as_object()
            .unwrap()
            .clone(),
    }
}

fn create(change: impl FnOnce(&mut CreateResource)) -> ResourceCommand {
    let mut command = creation();
    change(&mut command);
    ResourceCommand::Create(Box::new(command))
}

fn created() -> ResourceEvent {
    ResourceEvent::Created(ResourceCreated {
        resource: ResourceDefinition {
            id: "tax-report".parse().unwrap(),
            owner: owner(),
            resource_type: "GenericAccessResource".to_owned(),
            is_delegable: true,
            metadata: creation().metadata,
        },
    })
}

fn policy(authority: Authority, xml: &str) -> ResourceCommand {
    let hash = format!("hash of {}", xml.len());
    ResourceCommand::PublishPolicy(PublishPolicy { authority, hash, xml: xml.to_owned() })
}

fn published(xml: &str) -> ResourceEvent {
    ResourceEvent::PolicyPublished(PolicyPublished {
        id: "tax-report".parse().unwrap(),
        hash: format!("hash of {}", xml.len()),
        xml: xml.to_owned(),
    })
}

#[track_caller]
fn violates(change: impl FnOnce(&mut CreateResource), expected: &ResourceViolation, path: &str) {
    assert_eq!(expected.path(), path);
    scenario::<Resource>([])
        .when(&create(change))
        .then_refused(ResourceError::Invalid(vec![expected.clone()]));
}

#[test]
fn a_resource_that_keeps_all_rules_is_created_with_all_its_metadata() {
    scenario::<Resource>([]).when(&create(|_| ())).then([created()]);
}

#[test]
fn a_created_resource_is_a_fact_for_others() {
    let resource = Resource::replay([Recorded { event: &created(), at: crate::scenario::NOW }]);
    let expected =
        ResourceFact { resource_type: ResourceType::GenericAccessResource, is_delegable: true };
    assert_eq!(resource.definition().and_then(ResourceFact::of), Some(expected));
    assert_eq!(Resource::Unregistered.definition(), None);
}

#[test]
fn an_identifier_is_created_once() {
    scenario::<Resource>([created()])
        .when(&create(|_| ()))
        .then_refused(ResourceError::Exists { id: Seen::new("tax-report") });
}

#[test]
fn an_identifier_has_a_form() {
    for identifier in ["", "abc", "Tax-report", "tax report", "skatt-æ", "tax/report"] {
        violates(
            |command| command.identifier = identifier.to_owned(),
            &ResourceViolation::IdentifierForm { value: Seen::new(identifier) },
            "identifier",
        );
    }
    scenario::<Resource>([])
        .when(&create(|command| command.identifier = "a_-1".to_owned()))
        .events();
}

#[test]
fn two_prefixes_are_reserved() {
    for (identifier, prefix, types, right_type) in [
        ("se_1234_1", "se_", "Altinn2Service", "Altinn2Service"),
        ("app_skd_tax", "app_", "AltinnApp or MigratedApp", "AltinnApp"),
        ("app_skd_tax", "app_", "AltinnApp or MigratedApp", "MigratedApp"),
    ] {
        violates(
            |command| command.identifier = identifier.to_owned(),
            &ResourceViolation::IdentifierPrefix { value: Seen::new(identifier), prefix, types },
            "identifier",
        );
        scenario::<Resource>([])
            .when(&create(|command| {
                command.identifier = identifier.to_owned();
                command.resource_type = right_type.to_owned();
            }))
            .events();
    }
}

#[test]
fn every_language_is_needed() {
    type Change = fn(&mut CreateResource);
    let cases: [(Change, ResourceField, &str); 3] = [
        (|command| command.title.nn.clear(), ResourceField::Title("nn"), "title.nn"),
        (
            |command| command.description.en = " ".to_owned(),
            ResourceField::Description("en"),
            "description.en",
        ),
        (
            |command| command.right_description.nb.clear(),
            ResourceField::RightDescription("nb"),
            "rightDescription.nb",
        ),
    ];
    for (change, field, path) in cases {
        violates(change, &ResourceViolation::Missing { field }, path);
    }
}

#[test]
fn what_cannot_be_delegated_needs_no_description_of_its_right() {
    scenario::<Resource>([])
        .when(&create(|command| {
            command.is_delegable = false;
            command.right_description = LocalizedText::default();
        }))
        .events();
}

#[test]
fn an_owner_is_needed() {
    let path = "hasCompetentAuthority.organization";
    violates(
        |command| command.owner.clear(),
        &ResourceViolation::Missing { field: ResourceField::Owner },
        path,
    );
    violates(
        |command| command.owner = "319900102".to_owned(),
        &ResourceViolation::OwnerForm { value: Seen::new("319900102") },
        path,
    );
}

#[test]
fn a_type_is_needed_and_default_is_none() {
    for name in ["", "Default", "Service"] {
        violates(
            |command| command.resource_type = name.to_owned(),
            &ResourceViolation::TypeRefused { value: Seen::new(name) },
            "resourceType",
        );
    }
}

#[test]
fn all_broken_rules_are_reported_at_once() {
    let refusal = scenario::<Resource>([])
        .when(&create(|command| {
            command.identifier = "x".to_owned();
            command.title = LocalizedText::default();
            command.owner.clear();
            command.resource_type.clear();
        }))
        .refusal();
    let ResourceError::Invalid(violations) = refusal else { panic!("{refusal}") };
    let paths: Vec<_> = violations.iter().map(ResourceViolation::path).collect();
    assert_eq!(
        paths,
        [
            "identifier",
            "title.en",
            "title.nb",
            "title.nn",
            "hasCompetentAuthority.organization",
            "resourceType"
        ]
    );
}

#[test]
fn a_national_identity_number_is_refused_anywhere_in_the_metadata() {
    violates(
        |command| {
            command.metadata.insert("contactPoints".to_owned(), json!([{ "email": NUMBER }]));
        },
        &ResourceViolation::NationalNumber { pointer: "/contactPoints/0/email".to_owned() },
        "contactPoints.0.email",
    );
    violates(
        |command| command.identifier = format!("tax-{NUMBER}"),
        &ResourceViolation::NationalNumber { pointer: "/identifier".to_owned() },
        "identifier",
    );
}

#[test]
fn a_stranger_creates_nothing_and_an_administrator_everything() {
    let refusal = ResourceError::NotOwner { owner: owner(), caller: stranger() };
    scenario::<Resource>([])
        .when(&create(|command| command.authority = stranger()))
        .then_refused(refusal);
    scenario::<Resource>([])
        .when(&create(|command| command.authority = Authority::Administrator))
        .then([created()]);
}

#[test]
fn the_owner_publishes_a_policy_and_a_new_one_after_it() {
    let by_owner = Authority::Organization(owner());
    scenario::<Resource>([created()])
        .when(&policy(by_owner, "<Policy/>"))
        .then([published("<Policy/>")]);
    scenario::<Resource>([created(), published("<Policy/>")])
        .when(&policy(by_owner, "<Policy />"))
        .then([published("<Policy />")]);
}

#[test]
fn the_same_policy_is_already_there_unless_another_came_between() {
    let again = policy(Authority::Organization(owner()), "<Policy/>");
    scenario::<Resource>([created(), published("<Policy/>")]).when(&again).then_nothing();
    scenario::<Resource>([created(), published("<Policy/>"), published("<Policy />")])
        .when(&again)
        .then([published("<Policy/>")]);
}

#[test]
fn a_stranger_publishes_no_policy_and_an_unknown_resource_has_none() {
    scenario::<Resource>([created()])
        .when(&policy(stranger(), "<Policy/>"))
        .then_refused(ResourceError::NotOwner { owner: owner(), caller: stranger() });
    scenario::<Resource>([])
        .when(&policy(stranger(), "<Policy/>"))
        .then_refused(ResourceError::Unknown);
}

#[test]
fn a_policy_with_a_national_identity_number_is_refused() {
    scenario::<Resource>([created()])
        .when(&policy(Authority::Administrator, &format!("<!-- {NUMBER} -->")))
        .then_refused(ResourceError::NationalNumberInPolicy { at_byte: 5 });
}

fn any_command() -> impl Strategy<Value = ResourceCommand> {
    let callers = prop_oneof![
        Just(Authority::Organization(owner())),
        Just(stranger()),
        Just(Authority::Administrator)
    ];
    (callers, 0..4_u8).prop_map(|(caller, choice)| match choice {
        0 => create(|command| command.authority = caller),
        1 => create(|command| {
            command.authority = caller;
            command.is_delegable = false;
        }),
        2 => policy(caller, "<Policy/>"),
        _ => policy(caller, "<Policy />"),
    })
}

proptest! {
    #[test]
    fn a_resource_keeps_the_laws_and_once_created_keeps_its_definition(
        commands in vec(any_command(), 0..12)
    ) {
        assert_laws::<Resource>(&commands, |before, _, after| {
            if before.definition().is_some() {
                assert_eq!(before.definition(), after.definition());
            }
        });
    }
}
