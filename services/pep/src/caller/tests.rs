use serde_json::json;

use super::*;
use crate::testing::claims;

const USER: &str = "0197a000-0000-7000-8000-000000000003";
const PARTY: &str = "0197a000-0000-7000-8000-000000000004";

fn read(profile: IssuerProfile, changes: &Value) -> Result<Caller, TokenError> {
    let Value::Object(claims) = claims(changes) else { panic!("claims are an object") };
    Caller::from_token(&VerifiedToken { issuer: "i".to_owned(), profile, claims })
}

fn maskinporten(changes: &Value) -> Result<Caller, TokenError> {
    read(IssuerProfile::Maskinporten, changes)
}

fn platform(changes: &Value) -> Result<Caller, TokenError> {
    read(IssuerProfile::Platform, changes)
}

fn system_user_detail() -> Value {
    json!({
        "type": "urn:altinn:systemuser",
        "systemuser_org": {"authority": "iso6523-actorid-upis", "ID": "0192:319900128"},
        "systemuser_id": [USER],
        "system_id": "319900101_smartcloud",
    })
}

fn person_claims() -> Value {
    json!({"urn:altinn:userid": "20000001", "urn:altinn:partyid": 50_000_001,
        "urn:altinn:party:uuid": PARTY, "urn:altinn:authlevel": "4",
        "urn:altinn:authenticatemethod": "BankID", "urn:altinn:scope": "altinn:portal/enduser",
        "consumer": null, "client_id": null})
}

#[test]
fn an_organisations_token_is_a_system_provider() {
    let caller = maskinporten(&json!({})).unwrap();
    assert_eq!(caller.kind, ActorKind::SystemProvider);
    assert_eq!(caller.auth_level, Some(3));
    assert_eq!(
        serde_json::to_value(caller.actor()).unwrap(),
        json!({"kind": "system_provider", "org": "319900101", "client_id": "client-1",
            "scopes": ["altinn:a", "altinn:b"]})
    );
}

#[test]
fn a_system_users_token_names_it_its_owner_and_its_system() {
    let details = json!([system_user_detail()]);
    for details in [details.clone(), json!(details.to_string()), system_user_detail()] {
        let caller = maskinporten(&json!({"authorization_details": details})).unwrap();
        let user = caller.system_user.as_ref().unwrap();
        assert_eq!(caller.kind, ActorKind::SystemUser);
        assert_eq!(user.id.to_string(), USER);
        assert_eq!(user.owner.to_string(), "319900128");
        assert_eq!(user.system_id.as_str(), "319900101_smartcloud");
        assert_eq!(caller.actor().system_user, Some(user.id));
    }
}

#[test]
fn a_system_user_that_cannot_be_read_does_not_become_its_vendor() {
    let with = |member: &str, value: Value| {
        let mut detail = system_user_detail();
        detail[member] = value;
        json!([detail])
    };
    for details in [
        with("systemuser_id", json!([])),
        with("systemuser_id", json!([USER, PARTY])),
        with("systemuser_id", json!(["x"])),
        with("systemuser_id", json!(null)),
        with("systemuser_org", json!(null)),
        with("systemuser_org", json!({"ID": "0192:319900102"})),
        with("systemuser_org", json!({"authority": "other", "ID": "0192:319900128"})),
        with("system_id", json!(null)),
        json!([system_user_detail(), system_user_detail()]),
        json!("not json"),
        json!([{}]),
    ] {
        let error = maskinporten(&json!({"authorization_details": details})).unwrap_err();
        assert!(matches!(error, TokenError::Claim { .. }), "{details}: {error:?}");
    }
    let other = json!({"authorization_details": [{"type": "urn:other"}]});
    assert_eq!(maskinporten(&other).unwrap().kind, ActorKind::SystemProvider);
}

#[test]
fn a_persons_token_names_the_person() {
    let caller = platform(&person_claims()).unwrap();
    assert_eq!(caller.kind, ActorKind::Person);
    let person = caller.person.as_ref().unwrap();
    assert_eq!((person.user_id, person.party_number.get()), (20_000_001, 50_000_001));
    assert_eq!(person.party.to_string(), PARTY);
    assert_eq!((caller.auth_level, caller.org), (Some(4), None));
    assert!(caller.has_scope("altinn:portal/enduser"));
    assert!(!caller.has_scope("altinn:a"), "the platform's claim stands before the standard one");
    assert_eq!(caller.actor().party, Some(person.party));
}

#[test]
fn maskinporten_is_not_believed_about_persons_and_service_owners() {
    let mut changes = person_claims();
    changes["urn:altinn:org"] = json!("skd");
    let caller = maskinporten(&changes).unwrap();
    assert_eq!((&caller.person, caller.kind), (&None, ActorKind::SystemProvider));
    assert_eq!((caller.org_code.as_deref(), caller.auth_level), (None, Some(3)));
    assert!(!caller.has_scope("altinn:portal/enduser"));
    assert_eq!(platform(&changes).unwrap().org_code.as_deref(), Some("skd"));
}

#[test]
fn claims_that_are_there_but_cannot_be_read_refuse_the_token() {
    for changes in [
        json!({"consumer": "x"}),
        json!({"consumer": {"ID": "319900101"}}),
        json!({"consumer": {"authority": "iso6523-actorid-upis"}}),
        json!({"supplier": {"ID": "0192:1"}}),
        json!({"scope": ["a"]}),
        json!({"client_id": "a b"}),
        json!({"urn:altinn:userid": 1, "urn:altinn:partyid": 2}),
        json!({"urn:altinn:userid": 1, "urn:altinn:party:uuid": PARTY}),
        json!({"urn:altinn:userid": -1}),
        json!({"urn:altinn:authlevel": 256}),
    ] {
        let error = platform(&changes).unwrap_err();
        assert!(matches!(error, TokenError::Claim { .. }), "{changes}: {error:?}");
    }
    let mut both = person_claims();
    both["authorization_details"] = json!([system_user_detail()]);
    assert!(platform(&both).is_err(), "a person and a system user at once");
}

#[test]
fn an_organisation_may_be_json_in_a_text_and_in_either_spelling() {
    for consumer in [
        json!({"authority": "iso6523-actorid-upis", "id": "0192:319900101"}),
        json!(r#"{"authority":"iso6523-actorid-upis","ID":"0192:319900101"}"#),
    ] {
        let caller = platform(&json!({"consumer": consumer})).unwrap();
        assert_eq!(caller.org.unwrap().to_string(), "319900101");
    }
}

#[test]
fn one_of_the_scopes_is_enough_and_a_part_of_one_is_not() {
    let caller = maskinporten(&json!({"scope": "altinn:a.read  altinn:b"})).unwrap();
    assert_eq!(caller.require_any_scope(&["altinn:x", "altinn:b"]), Ok(()));
    for scopes in [&["altinn:a"][..], &["altinn:a.reader"], &["altinn:B"], &[]] {
        assert!(caller.require_any_scope(scopes).is_err(), "{scopes:?}");
    }
    let problem = Problem::from(caller.require_any_scope(&["altinn:x", "altinn:y"]).unwrap_err());
    assert_eq!(problem.kind(), ProblemType::MissingScope);
    assert_eq!(problem.detail(), Some("the token has none of the scopes `altinn:x`, `altinn:y`"));
}

#[test]
fn the_platform_needs_no_scope_where_the_route_says_so() {
    let component = read(IssuerProfile::PlatformAccess, &json!({"scope": null})).unwrap();
    assert_eq!(component.require_platform_or_scope(&["altinn:x"]), Ok(()));
    assert!(component.require_any_scope(&["altinn:x"]).is_err());
    let provider = maskinporten(&json!({})).unwrap();
    assert!(provider.require_platform_or_scope(&["altinn:x"]).is_err());
    assert_eq!(provider.require_platform_or_scope(&["altinn:a"]), Ok(()));
}

#[test]
fn a_login_is_no_token_before_it_was_exchanged() {
    let login = read(IssuerProfile::IdPorten, &json!({ "pid": "15837130260" }));
    assert!(matches!(login, Err(TokenError::NotExchanged)));
}
