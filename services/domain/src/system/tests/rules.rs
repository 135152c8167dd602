//! The rules of registration, one by one.

use fullmakt_events::ResourceReference;

use super::*;

const NUMBER: &str = "12838549045";

#[track_caller]
fn violates(change: impl FnOnce(&mut SystemSubmission), code: Code, path: &str, values: &[&str]) {
    let mut submitted = smartcloud();
    change(&mut submitted);
    let expected = Violation {
        code,
        paths: vec![format!("/registersystemrequest/{path}")],
        values: values.iter().map(|value| Seen::new(value)).collect(),
    };
    assert_eq!(violations_of(registration(submitted), &[]), [expected]);
}

#[test]
fn vld_0_a_vendor_id_of_another_form_is_refused_alone() {
    for id in ["991825827", "0192:991825828", "0192:", "", "9908:991825827"] {
        let submitted = SystemSubmission { vendor: id.to_owned(), ..SystemSubmission::default() };
        let found = violations_of(registration(submitted), &[]);
        assert_eq!(
            found,
            [Violation {
                code: Code::VendorIdForm,
                paths: vec!["/registersystemrequest/vendor/id".to_owned()],
                values: vec![Seen::new(id)],
            }]
        );
    }
}

#[test]
fn vld_1_a_system_id_begins_with_its_vendor() {
    for id in ["319900101_smartcloud", "991825827", "991825827_", "smartcloud", "991825827-a_b"] {
        violates(|system| system.id = id.to_owned(), Code::SystemIdForm, "systemid", &[id]);
    }
    let long = format!("991825827_{}", "a".repeat(250));
    violates(|system| system.id = long.clone(), Code::SystemIdForm, "systemid", &[&long]);
}

#[test]
fn vld_2_a_system_id_is_used_once_even_after_deletion() {
    let again = RegisterSystem { internal_id: internal_id(2), ..registration(smartcloud()) };
    for history in [vec![registered()], vec![registered(), deleted()]] {
        let found = violations_of(again.clone(), &history);
        assert_eq!(found.iter().map(|v| v.code).collect::<Vec<_>>(), [Code::SystemIdTaken]);
    }
    let other = SystemSubmission { description: texts("other"), ..smartcloud() };
    let found = violations_of(registration(other), &[registered()]);
    assert_eq!(found[0].code, Code::SystemIdTaken);
}

#[test]
fn vld_3_every_resource_is_in_the_registry() {
    violates(
        |system| system.rights.push(Right::to("no-such-resource", None)),
        Code::ResourceUnknown,
        "rights/resource",
        &["no-such-resource"],
    );
}

#[test]
fn vld_4_a_client_id_of_another_active_system_is_taken_whatever_its_case() {
    let mut command = registration(smartcloud());
    command
        .facts
        .claims
        .insert("client-1".to_owned(), ClientIdClaim::HeldBy("319900101_other".parse().unwrap()));
    let expected = Violation {
        code: Code::ClientIdTaken,
        paths: vec!["/registersystemrequest/clientid".to_owned()],
        values: vec![Seen::new("Client-1")],
    };
    let mut without_id = command.clone();
    without_id.submitted.id = String::new();
    assert!(violations_of(without_id, &[]).contains(&expected), "told whatever the id is");
    assert_eq!(violations_of(command.clone(), &[]), [expected]);

    command.facts.claims.insert("client-1".to_owned(), ClientIdClaim::Free);
    scenario::<System>([]).when(&SystemCommand::Register(Box::new(command))).then([registered()]);
}

#[test]
fn vld_5_redirect_urls_are_absolute_and_https() {
    for url in ["http://a.example", "/done", "a.example", ""] {
        violates(
            |system| system.allowed_redirect_urls.push(url.to_owned()),
            Code::RedirectUrlForm,
            "allowedredirecturls",
            &[url],
        );
    }
}

#[test]
fn vld_6_a_right_is_given_once() {
    violates(
        |system| system.rights.push(Right::to("tax-report", Some("read"))),
        Code::DuplicateRights,
        "rights/resource",
        &["tax-report read"],
    );
}

#[test]
fn rights_that_differ_in_their_action_are_no_duplicates() {
    let mut submitted = smartcloud();
    submitted.rights.push(Right::to("tax-report", Some("write")));
    submitted.rights.push(Right::to("tax-report", None));
    scenario::<System>([]).when(&register(submitted)).events();
}

#[test]
fn vld_7_a_package_is_given_once() {
    violates(
        |system| system.access_packages.push(package("skatt-naering")),
        Code::DuplicatePackages,
        "accesspackages",
        &["urn:altinn:accesspackage:skatt-naering"],
    );
}

#[test]
fn vld_8_a_package_exists_and_can_be_given_to_somebody() {
    for urn in ["urn:altinn:accesspackage:no-such", "skatt-naering"] {
        violates(
            |system| system.access_packages = vec![PackageUrn::new(urn)],
            Code::PackageInvalid,
            "accesspackages",
            &[urn],
        );
    }
    violates(
        |system| {
            system.access_packages = vec![package("for-nobody")];
            system.is_visible = false;
        },
        Code::PackageInvalid,
        "accesspackages",
        &["urn:altinn:accesspackage:for-nobody"],
    );
}

#[test]
fn vld_9_a_right_names_one_resource_by_its_attribute() {
    let named = |id: &str| ResourceReference { id: id.to_owned(), value: "tax-report".to_owned() };
    let attribute = Right::RESOURCE_ATTRIBUTE;
    for (resource, seen) in [
        (vec![named("urn:altinn:app")], "urn:altinn:app"),
        (vec![named("URN:ALTINN:RESOURCE")], "URN:ALTINN:RESOURCE"),
        (vec![], "none"),
        (vec![named(attribute), named(attribute)], "urn:altinn:resource urn:altinn:resource"),
    ] {
        violates(
            |system| system.rights.push(Right { action: None, resource }),
            Code::ResourceAttribute,
            "rights/resource",
            &[seen],
        );
    }
}

#[test]
fn vld_11_a_client_id_is_given_once_whatever_its_case() {
    violates(
        |system| system.client_ids.push("CLIENT-2".to_owned()),
        Code::DuplicateClientIds,
        "clientid",
        &["client-2"],
    );
}

#[test]
fn vld_13_a_system_id_has_no_spaces() {
    violates(
        |system| system.id = "991825827_smart cloud".to_owned(),
        Code::SystemIdHasSpace,
        "systemid",
        &["991825827_smart cloud"],
    );
}

#[test]
fn vld_17_three_types_of_resources_are_not_for_systems() {
    for id in ["a-scope", "a-consent"] {
        violates(
            |system| system.rights.push(Right::to(id, None)),
            Code::ResourceType,
            "rights/resource",
            &[id],
        );
    }
}

#[test]
fn vld_18_a_visible_system_has_assignable_packages_only() {
    let urn = "urn:altinn:accesspackage:regnskapsforer-lonn";
    violates(
        |system| system.access_packages.push(PackageUrn::new(urn)),
        Code::PackageNotAssignable,
        "accesspackages",
        &[urn],
    );
    let mut hidden = SystemSubmission { is_visible: false, ..smartcloud() };
    hidden.access_packages.push(PackageUrn::new(urn));
    scenario::<System>([]).when(&register(hidden)).events();
}

#[test]
fn a_missing_language_is_refused_by_name() {
    let mut submitted = smartcloud();
    submitted.name.nn = String::new();
    submitted.description.en = "  ".to_owned();
    assert_eq!(
        violations_of(registration(submitted), &[]),
        [Violation {
            code: Code::Required,
            paths: vec![
                "/registersystemrequest/name/nn".to_owned(),
                "/registersystemrequest/description/en".to_owned()
            ],
            values: vec![],
        }]
    );
}

#[test]
fn a_client_id_has_a_grammar() {
    for id in ["", "a b", "a\u{7}"] {
        violates(
            |system| system.client_ids.push(id.to_owned()),
            Code::ClientIdForm,
            "clientid",
            &[id],
        );
    }
}

#[test]
fn there_is_a_limit_to_every_list() {
    let mut submitted = smartcloud();
    submitted.client_ids = (0..1_000).map(|number| format!("client-{number}")).collect();
    scenario::<System>([]).when(&register(submitted.clone())).events();
    submitted.client_ids.push("one-more".to_owned());
    let found = violations_of(registration(submitted), &[]);
    assert_eq!(found.iter().map(|v| v.code).collect::<Vec<_>>(), [Code::TooMany]);
}

#[test]
fn a_national_identity_number_is_refused_wherever_it_stands_and_never_repeated() {
    type Change<'a> = &'a dyn Fn(&mut SystemSubmission);
    let cases: [(&str, Change<'_>); 8] = [
        ("systemid", &|system| system.id = format!("991825827_{NUMBER}")),
        ("name/nb", &|system| system.name.nb = format!("System of {NUMBER}")),
        ("description/en", &|system| system.description.en = "for 128385 49045".to_owned()),
        ("rights/resource", &|system| {
            system.rights = vec![Right::to("tax-report", Some(NUMBER))];
        }),
        ("accesspackages", &|system| {
            system.access_packages =
                vec![PackageUrn::new(format!("urn:altinn:accesspackage:{NUMBER}"))];
        }),
        ("clientid", &|system| system.client_ids = vec![NUMBER.to_owned()]),
        ("allowedredirecturls", &|system| {
            system.allowed_redirect_urls = vec![format!("https://a.example/{NUMBER}")];
        }),
        ("rights/resource", &|system| system.rights.push(Right::to(NUMBER, None))),
    ];
    for (path, change) in cases {
        let mut submitted = smartcloud();
        change(&mut submitted);
        let found = violations_of(registration(submitted), &[]);
        let personal = found.iter().find(|v| v.code == Code::NationalNumber).unwrap();
        assert_eq!(personal.paths, [format!("/registersystemrequest/{path}")]);
        let shown = format!("{found:?} {}", SystemError::Invalid(found.clone()));
        assert!(!shown.contains(NUMBER) && !shown.contains("128385 49045"), "{shown}");
    }
}

#[test]
fn a_similar_number_is_not_taken_for_a_national_identity_number() {
    let mut submitted = smartcloud();
    submitted.name.nb = "Phone 12838549044, organisation 991825827".to_owned();
    scenario::<System>([]).when(&register(submitted)).events();
}

#[test]
fn all_broken_rules_are_reported_in_the_order_of_their_codes() {
    let mut submitted = smartcloud();
    submitted.id = "319900101_smart cloud".to_owned();
    submitted.rights = vec![Right::to("nothing", None), Right::to("nothing", None)];
    submitted.rights.push(Right::to("a-scope", None));
    submitted.access_packages = vec![package("nothing"), package("nothing")];
    submitted.access_packages.push(package("regnskapsforer-lonn"));
    submitted.client_ids = vec!["a".to_owned(), "A".to_owned(), String::new()];
    submitted.allowed_redirect_urls = vec!["http://a.example".to_owned()];
    submitted.name = LocalizedText::default();
    submitted.description.nn = NUMBER.to_owned();
    let found = violations_of(registration(submitted), &[]);
    assert_eq!(
        found.iter().map(|violation| violation.code).collect::<Vec<_>>(),
        [
            Code::SystemIdForm,
            Code::ResourceUnknown,
            Code::RedirectUrlForm,
            Code::DuplicateRights,
            Code::DuplicatePackages,
            Code::PackageInvalid,
            Code::DuplicateClientIds,
            Code::SystemIdHasSpace,
            Code::ResourceType,
            Code::PackageNotAssignable,
            Code::Required,
            Code::NationalNumber,
            Code::ClientIdForm,
        ]
    );
}
