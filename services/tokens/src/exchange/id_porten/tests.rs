use axum::http::StatusCode;
use fullmakt_events::{ActorKind, PartyId, PartyNumber};
use fullmakt_pep::{KeySource, SignatureAlgorithm, TrustedIssuer};
use fullmakt_vault::Person;

use super::*;
use crate::testing::*;

const PATH: &str = "/authentication/api/v1/exchange/id-porten";
const ISSUER: &str = "https://idporten.example";
/// A synthetic number, of a person in the vault.
const PID: &str = "15837130260";
/// A valid one of nobody.
const NOBODY: &str = "03836230123";
const NUMBER: u32 = 50_000_017;

struct World {
    setting: Setting,
    key: ClientKey,
    party: PartyId,
}

impl World {
    /// An installation that trusts an issuer of persons, and knows one person.
    async fn begin() -> Self {
        let key = ClientKey::new("login");
        let mut setting = Setting::with(&[]).await;
        let pid = Person { number: PID.parse().unwrap(), name: None, party: None };
        let party = setting.vault.resolve_or_create(&pid).await.unwrap();
        setting.commit(&[person_registered(party, NUMBER)]).await;
        let trusted = TrustedIssuer {
            issuer: ISSUER.to_owned(),
            profile: IssuerProfile::IdPorten,
            audiences: vec!["https://tokens.example/".to_owned()],
            keys: KeySource::Inline(json!({ "keys": [key.jwk] }).to_string()),
            algorithms: [SignatureAlgorithm::Es256].into(),
        };
        let verifier = setting.verifier(vec![trusted]);
        let partners = ["partner:read".to_owned()];
        setting.state = setting.state.with_verifier(verifier).with_partner_scopes(&partners);
        Self { setting, key, party }
    }

    async fn exchange(&self, token: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        self.setting.get(PATH, &[("authorization", &bearer)]).await
    }

    /// The answer to a login with these claims laid over it; a `null` takes a claim away.
    async fn login(&self, changes: &Value) -> Answer {
        self.exchange(&self.key.sign(&claims(changes))).await
    }
}

fn claims(changes: &Value) -> Value {
    let mut claims = json!({
        "iss": ISSUER,
        "aud": "https://tokens.example/",
        "sub": "their-own-id",
        "pid": PID,
        "acr": "idporten-loa-high",
        "amr": ["BankID"],
        "scope": "openid altinn:clientdelegations.read altinn:portal/enduser",
        "client_id": "portal",
        "client_orgno": VENDOR,
        "consumer": { "authority": "iso6523-actorid-upis", "ID": format!("0192:{VENDOR}") },
        "token_type": "Bearer",
        "iat": NOW,
        "exp": NOW + 60,
        "jti": "1",
        "sid": "theirs",
    });
    let all = claims.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            all.remove(name);
        } else {
            all.insert(name.clone(), value.clone());
        }
    }
    claims
}

#[tokio::test]
async fn a_login_is_exchanged_for_a_token_of_the_person() {
    let world = World::begin().await;
    let answer = world.login(&json!({})).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(!answer.header("fullmakt-position").is_empty());

    let mut exchanged = world.setting.claims(&answer.text).await;
    assert!(exchanged.remove("sid").is_some_and(|sid| sid != "theirs"));
    let expected = json!({
        "iss": "https://tokens.example/authentication/api/v1/openid/",
        "sub": "their-own-id",
        "acr": "idporten-loa-high",
        "amr": ["BankID"],
        "scope": "openid altinn:clientdelegations.read altinn:portal/enduser",
        "client_id": "portal",
        "token_type": "Bearer",
        "iat": NOW,
        "exp": NOW + 60,
        "jti": "1",
        "urn:altinn:userid": NUMBER,
        "urn:altinn:partyid": NUMBER,
        "urn:altinn:party:uuid": world.party,
        "urn:altinn:authlevel": 4,
        "urn:altinn:authenticatemethod": "BankID",
    });
    assert_eq!(Value::Object(exchanged), expected);

    let caller = world.setting.verifier(Vec::new()).verify(&answer.text).await.unwrap();
    assert_eq!((caller.kind, caller.org), (ActorKind::Person, None));
    let person = caller.person.unwrap();
    assert_eq!((person.user_id, person.party), (NUMBER, world.party));
    assert_eq!(person.party_number, PartyNumber::new(NUMBER));
}

#[tokio::test]
async fn a_login_itself_is_no_token_of_ours() {
    let world = World::begin().await;
    let token = world.key.sign(&claims(&json!({})));
    let verifier = world.setting.state.verifier().unwrap();
    let refused = verifier.verify(&token).await.unwrap_err();
    assert!(matches!(refused, TokenError::NotExchanged));
    assert!(refused.to_string().contains(PATH));
}

#[tokio::test]
async fn how_surely_the_person_was_authenticated_follows_from_the_login() {
    let world = World::begin().await;
    for (acr, amr, level, method) in [
        ("idporten-loa-high", json!(["BankID"]), 4, "BankID"),
        ("Level4", json!("BankID Mobil"), 4, "BankID Mobil"),
        ("idporten-loa-substantial", json!(["Minid-OTC", "x"]), 3, "Minid-OTC"),
        ("Level3", json!([]), 3, "idporten"),
        ("idporten-loa-low", json!(null), 0, "idporten"),
        ("idporten-loa-higher", json!(7), 0, "idporten"),
    ] {
        let answer = world.login(&json!({ "acr": acr, "amr": amr })).await;
        let caller = world.setting.verifier(Vec::new()).verify(&answer.text).await.unwrap();
        assert_eq!(caller.auth_level, Some(level), "{acr}");
        assert_eq!(caller.authentication_method.as_deref(), Some(method), "{acr}");
    }
}

#[tokio::test]
async fn one_scope_of_ours_or_of_a_partner_is_needed() {
    let world = World::begin().await;
    for scope in ["altinn:x", "openid altinn:x", "partner:read", "openid partner:read"] {
        let answer = world.login(&json!({ "scope": scope })).await;
        assert_eq!(answer.status, StatusCode::OK, "{scope}: {answer:?}");
    }
    for scope in ["", "openid profile", "xaltinn:x", "altinn", "partner:read.all", "partner:"] {
        let answer = world.login(&json!({ "scope": scope })).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{scope}: {answer:?}");
        assert_eq!(answer.json()["type"], "/problems/missing-scope", "{scope}");
        assert!(answer.header("www-authenticate").contains("insufficient_scope"), "{answer:?}");
    }
    let none = world.login(&json!({ "scope": null })).await;
    assert_eq!(none.status, StatusCode::FORBIDDEN, "{none:?}");
}

#[tokio::test]
async fn a_person_who_is_not_known_or_is_dead_gets_no_token_and_no_number_is_repeated() {
    let mut world = World::begin().await;
    let unknown = world.login(&json!({ "pid": NOBODY })).await;
    assert_eq!(unknown.status, StatusCode::FORBIDDEN, "{unknown:?}");
    assert!(unknown.text.contains("is known here"), "{unknown:?}");
    assert!(!unknown.text.contains(NOBODY), "{unknown:?}");

    assert_eq!(world.login(&json!({})).await.status, StatusCode::OK);
    world.setting.commit(&[person_died(world.party)]).await;
    let dead = world.login(&json!({})).await;
    assert_eq!(dead.status, StatusCode::FORBIDDEN, "{dead:?}");
    assert!(dead.text.contains("dead") && !dead.text.contains(PID), "{dead:?}");
}

#[tokio::test]
async fn a_person_who_was_forgotten_is_not_known() {
    let world = World::begin().await;
    world.setting.vault.forget(world.party).await.unwrap();
    let answer = world.login(&json!({})).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{answer:?}");
}

#[tokio::test]
async fn what_is_not_a_login_of_a_trusted_issuer_is_refused() {
    let world = World::begin().await;
    let generated =
        async |uri: &str| world.setting.get(&format!("/test-tokens/api/{uri}"), &[]).await.text;
    let organisation = generated(&format!("GetEnterpriseToken?orgNo={VENDOR}")).await;
    let person = generated(&format!("GetPersonalToken?pid={PID}")).await;
    let signed = |changes: Value| world.key.sign(&claims(&changes));
    for (why, token) in [
        ("another issuer", signed(json!({ "iss": "https://evil.example" }))),
        ("another key", ClientKey::new("login").sign(&claims(&json!({})))),
        ("another audience", signed(json!({ "aud": "https://somebody" }))),
        ("expired", signed(json!({ "exp": NOW - 10 }))),
        ("no number", signed(json!({ "pid": null }))),
        ("a number that is none", signed(json!({ "pid": "15837130261" }))),
        ("a number of another type", signed(json!({ "pid": 15_837_130_260_u64 }))),
        ("no level", signed(json!({ "acr": null }))),
        ("a level of another type", signed(json!({ "acr": 4 }))),
        ("scopes of another type", signed(json!({ "scope": ["altinn:x"] }))),
        ("one of an organisation", organisation),
        ("one that is exchanged", person),
        ("nothing", String::new()),
    ] {
        let answer = world.exchange(&token).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{why}: {answer:?}");
        assert!(answer.header("www-authenticate").starts_with("Bearer"), "{why}: {answer:?}");
        assert!(!answer.text.contains("1583713026"), "{why}: {answer:?}");
    }
    // Nor is a login exchanged as an organisation's token.
    let bearer = format!("Bearer {}", signed(json!({})));
    let path = "/authentication/api/v1/exchange/maskinporten";
    let answer = world.setting.get(path, &[("authorization", &bearer)]).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{answer:?}");
}

#[tokio::test]
async fn a_login_says_nothing_that_the_platform_alone_may_say() {
    let world = World::begin().await;
    let details = json!([{ "type": "urn:altinn:systemuser" }]);
    let answer = world
        .login(&json!({
            "urn:altinn:userid": 7,
            "urn:altinn:party:uuid": party_of(CUSTOMER),
            "urn:altinn:org": "skd",
            "urn:altinn:scope": "altinn:authentication/systemuser.admin",
            "urn:altinn:app": "web",
            "supplier": { "ID": format!("0192:{VENDOR}") },
            "authorization_details": details,
        }))
        .await;
    let caller = world.setting.verifier(Vec::new()).verify(&answer.text).await.unwrap();
    assert_eq!((caller.org, caller.supplier, caller.org_code), (None, None, None));
    assert_eq!((caller.app, caller.system_user), (None, None));
    assert_eq!(caller.person.unwrap().party, world.party);
    assert!(!caller.scopes.contains(&"altinn:authentication/systemuser.admin".to_owned()));
}

#[tokio::test]
async fn without_the_vault_no_token_is_issued() {
    let world = World::begin().await;
    let database = world.setting.database.client().await;
    database.batch_execute("ALTER SCHEMA fullmakt RENAME TO lost").await.unwrap();
    let answer = world.login(&json!({})).await;
    assert!(answer.status.is_server_error(), "{answer:?}");
    assert!(!answer.text.contains("lost") && !answer.text.contains(PID), "{answer:?}");
}
