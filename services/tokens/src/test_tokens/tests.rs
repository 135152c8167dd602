use axum::{Router, body::Body, http::Request, http::StatusCode};
use fullmakt_events::ActorKind;
use fullmakt_vault::Person;
use tower::ServiceExt;

use super::*;
use crate::testing::*;

const ENTERPRISE: &str = "/test-tokens/api/GetEnterpriseToken";
const PERSONAL: &str = "/test-tokens/api/GetPersonalToken";
const COMPONENT: &str = "/test-tokens/api/GetPlatformAccessToken";
/// A synthetic number, of a person in the vault.
const PID: &str = "15837130260";
/// A valid one of nobody.
const NOBODY: &str = "03836230123";
const NUMBER: u32 = 50_000_017;

/// An installation with a person and a unit.
async fn world() -> (Setting, PartyId) {
    let mut setting = Setting::with(&[unit_registered(CUSTOMER)]).await;
    let pid = Person { number: PID.parse().unwrap(), name: None, party: None };
    let party = setting.vault.resolve_or_create(&pid).await.unwrap();
    setting.commit(&[person_registered(party, NUMBER)]).await;
    (setting, party)
}

/// The token that is answered with.
async fn token(setting: &Setting, uri: &str) -> String {
    let answer = setting.get(uri, &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{uri}: {answer:?}");
    answer.text
}

#[tokio::test]
async fn who_calls_this_machine_by_another_name_gets_no_token() {
    let (setting, _) = world().await;
    let uri = format!("{ENTERPRISE}?orgNo={VENDOR}");
    for host in ["localhost", "LOCALHOST:8080", "127.0.0.1:8080", "127.8.9.1", "[::1]:8080"] {
        let answer = setting.get(&uri, &[("host", host)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{host}: {answer:?}");
    }
    for host in
        ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8080", "10.0.0.1"]
    {
        let answer = setting.get(&uri, &[("host", host)]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{host}: {answer:?}");
    }
}

/// Issue 4: only the first `Host` header was looked at.
#[tokio::test]
async fn who_names_more_than_one_host_gets_no_token() {
    let (setting, _) = world().await;
    let uri = format!("{ENTERPRISE}?orgNo={VENDOR}");
    for hosts in
        [["localhost", "evil.example"], ["evil.example", "localhost"], ["localhost", "localhost"]]
    {
        let answer = setting.get(&uri, &hosts.map(|host| ("host", host))).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{hosts:?}: {answer:?}");
    }
    let answer = setting.get(&uri, &[("host", "localhost")]).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
}

/// Issue 4: a request target in absolute form was not looked at, though it replaces the header.
#[tokio::test]
async fn who_names_another_host_in_the_request_target_gets_no_token() {
    let (setting, _) = world().await;
    for (target, host, status) in [
        ("http://evil.example", "localhost", StatusCode::FORBIDDEN),
        ("http://localhost@evil.example:8080", "localhost", StatusCode::FORBIDDEN),
        ("http://localhost", "evil.example", StatusCode::FORBIDDEN),
        ("http://localhost:8080", "localhost:8080", StatusCode::OK),
        ("http://[::1]:8080", "127.0.0.1:8080", StatusCode::OK),
    ] {
        let uri = format!("{target}{ENTERPRISE}?orgNo={VENDOR}");
        let answer = setting.get(&uri, &[("host", host)]).await;
        assert_eq!(answer.status, status, "{target}, {host}: {answer:?}");
    }
}

#[tokio::test]
async fn an_organisation_gets_a_token_with_the_scopes_asked_for() {
    let (setting, _) = world().await;
    for query in [
        format!("orgNo={VENDOR}&org=ttd&scopes=a:b%20c:d"),
        format!("orgNo={VENDOR}&org=ttd&scopes=a:b,c:d&env=tt02&ttl=1800"),
        format!("ORGNO={VENDOR}&Org=ttd&Scopes=a:b+c:d"),
    ] {
        let token = token(&setting, &format!("{ENTERPRISE}?{query}")).await;
        let caller = setting.verifier(Vec::new()).verify(&token).await.unwrap();
        assert_eq!(caller.org, Some(VENDOR.parse().unwrap()), "{query}");
        assert_eq!(caller.org_code.as_deref(), Some("ttd"), "{query}");
        assert_eq!(caller.scopes, ["a:b", "c:d"], "{query}");
        assert_eq!(caller.person, None, "{query}");
    }
}

#[tokio::test]
async fn a_person_gets_a_token_by_number_party_or_party_id() {
    let (setting, party) = world().await;
    for query in
        [format!("pid={PID}"), format!("partyuuid={party}"), format!("partyId={NUMBER}&authLvl=3")]
    {
        let token = token(&setting, &format!("{PERSONAL}?{query}")).await;
        let claims = setting.claims(&token).await;
        assert!(!Value::Object(claims).to_string().contains(PID), "{query}");
        let caller = setting.verifier(Vec::new()).verify(&token).await.unwrap();
        assert_eq!(caller.kind, ActorKind::Person, "{query}");
        let person = caller.person.unwrap();
        assert_eq!((person.user_id, person.party), (NUMBER, party), "{query}");
        assert_eq!(person.party_number, PartyNumber::new(NUMBER), "{query}");
        assert_eq!(caller.scopes, ["altinn:portal/enduser"], "{query}");
        assert_eq!(caller.auth_level, Some(3), "{query}");
        assert_eq!(caller.authentication_method.as_deref(), Some("BankID"), "{query}");
    }
}

#[tokio::test]
async fn a_component_gets_a_token_that_is_none_for_anything_else() {
    let (setting, _) = world().await;
    let token = token(&setting, &format!("{COMPONENT}?app=authorization")).await;
    let verifier = setting.verifier(Vec::new());
    let caller = verifier.verify_platform(&token).await.unwrap();
    assert_eq!((caller.kind, caller.app.as_deref()), (ActorKind::Platform, Some("authorization")));
    assert!(verifier.verify(&token).await.is_err());
}

#[tokio::test]
async fn a_token_is_valid_as_long_as_asked_for_and_no_longer() {
    let (setting, _) = world().await;
    let token = token(&setting, &format!("{COMPONENT}?app=a&ttl=60")).await;
    setting.advance(69);
    assert!(setting.verifier(Vec::new()).verify_platform(&token).await.is_ok());
    setting.advance(1);
    assert!(setting.verifier(Vec::new()).verify_platform(&token).await.is_err());
}

#[tokio::test]
async fn what_cannot_be_issued_is_refused_by_the_name_of_its_parameter() {
    let (setting, _) = world().await;
    let unit = party_of(CUSTOMER);
    let nobody = Uuid::from_u128(3);
    for (uri, parameter) in [
        (ENTERPRISE.to_owned(), "?orgNo"),
        (format!("{ENTERPRISE}?orgNo=123456789"), "?orgNo"),
        (format!("{ENTERPRISE}?orgNo={VENDOR}&ttl=0"), "?ttl"),
        (format!("{ENTERPRISE}?orgNo={VENDOR}&ttl=86401"), "?ttl"),
        (format!("{ENTERPRISE}?orgNo={VENDOR}&ttl=soon"), "?ttl"),
        (PERSONAL.to_owned(), "?pid"),
        (format!("{PERSONAL}?pid={PID}&partyId={NUMBER}"), "?pid"),
        (format!("{PERSONAL}?pid=15837130261"), "?pid"),
        (format!("{PERSONAL}?pid={NOBODY}"), "?pid"),
        (format!("{PERSONAL}?partyUuid={nobody}"), "?partyUuid"),
        (format!("{PERSONAL}?partyUuid={unit}"), "?partyUuid"),
        (format!("{PERSONAL}?partyUuid=7"), "?partyUuid"),
        (format!("{PERSONAL}?partyId=1"), "?partyId"),
        (format!("{PERSONAL}?partyId={CUSTOMER}"), "?partyId"),
        (format!("{PERSONAL}?pid={PID}&authLvl=5"), "?authLvl"),
        (COMPONENT.to_owned(), "?app"),
    ] {
        let answer = setting.get(&uri, &[]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{uri}: {answer:?}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{uri}");
        assert_eq!(answer.json()["errors"][0]["pointer"], parameter, "{uri}: {answer:?}");
        let repeats = ["15837130261", NOBODY].iter().any(|number| answer.text.contains(number));
        assert!(!repeats, "{uri}: {answer:?}");
    }
}

#[tokio::test]
async fn the_generator_is_not_among_the_routes_of_every_installation() {
    let (setting, _) = world().await;
    let routes = Router::from(crate::routes()).with_state(setting.state.clone());
    for uri in [ENTERPRISE, PERSONAL, COMPONENT] {
        let request = Request::get(uri).body(Body::empty()).unwrap();
        let response = routes.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{uri}");
    }
}
