//! Scopes that somebody owns, and clients that act for others with them.

use axum::http::StatusCode;

use super::*;

const SCOPE: &str = "demo:vat.write";

fn organisation(number: &str) -> Value {
    json!({ "authority": "iso6523-actorid-upis", "ID": format!("0192:{number}") })
}

fn for_consumer(consumer: &str) -> Value {
    assertion_claims(CLIENT, &json!({ "consumer_org": consumer }))
}

#[tokio::test]
async fn a_supplier_gets_a_token_for_the_consumer_that_delegated_the_scope() {
    let (mut setting, key, _) = world().await;
    let delegated = [(CUSTOMER, VENDOR)];
    setting.commit(&token_scope(SCOPE, OTHER_VENDOR, &[CUSTOMER], &delegated)).await;
    let token = setting.grant(&key.sign(&for_consumer(CUSTOMER))).await.token();
    let claims = setting.claims(&token).await;
    assert_eq!(claims["consumer"], organisation(CUSTOMER));
    assert_eq!(claims["supplier"], organisation(VENDOR));
    assert_eq!(claims["client_id"], CLIENT);

    // The exchange keeps both; who it is is the consumer.
    let verifier = setting.verifier(Vec::new());
    setting.state = setting.state.with_verifier(verifier.clone());
    let bearer = format!("Bearer {token}");
    let path = "/authentication/api/v1/exchange/maskinporten";
    let exchanged = setting.get(path, &[("authorization", &bearer)]).await.text;
    let claims = setting.claims(&exchanged).await;
    assert_eq!(claims["urn:altinn:orgNumber"], CUSTOMER);
    for token in [token, exchanged] {
        let caller = verifier.verify(&token).await.unwrap();
        assert_eq!(caller.org, Some(CUSTOMER.parse().unwrap()));
        assert_eq!(caller.supplier, Some(VENDOR.parse().unwrap()));
    }
}

#[tokio::test]
async fn a_client_of_the_consumer_itself_has_no_supplier() {
    let (mut setting, key, _) = world().await;
    setting.commit(&token_scope(SCOPE, OTHER_VENDOR, &[VENDOR], &[])).await;
    for changes in [json!({}), json!({ "consumer_org": VENDOR })] {
        let token = setting.grant(&key.sign(&assertion_claims(CLIENT, &changes))).await.token();
        let claims = setting.claims(&token).await;
        assert_eq!(claims["consumer"], organisation(VENDOR));
        assert_eq!(claims.get("supplier"), None);
    }
}

#[tokio::test]
async fn each_link_of_the_chain_that_is_revoked_counts_at_once() {
    let (mut setting, key, _) = world().await;
    let code = async |setting: &Setting, claims: Value| {
        let answer = setting.grant(&key.sign(&claims)).await;
        (answer.status != StatusCode::OK).then(|| answer.code())
    };
    let own = || assertion_claims(CLIENT, &json!({}));
    assert_eq!(code(&setting, own()).await, None, "nobody owns it");
    assert_eq!(code(&setting, for_consumer(CUSTOMER)).await.unwrap(), "scope-without-owner");

    // A client that had the scope before it was registered has it no more.
    setting.commit(&token_scope(SCOPE, OTHER_VENDOR, &[], &[])).await;
    assert_eq!(code(&setting, own()).await.unwrap(), "scope-not-granted-to-organisation");
    assert_eq!(code(&setting, for_consumer(CUSTOMER)).await.unwrap(), "scope-not-delegated");

    let delegated = [(CUSTOMER, VENDOR)];
    setting.commit(&token_scope(SCOPE, OTHER_VENDOR, &[CUSTOMER], &delegated)).await;
    assert_eq!(code(&setting, for_consumer(CUSTOMER)).await, None);
    let others = for_consumer(OTHER_CUSTOMER);
    assert_eq!(code(&setting, others).await.unwrap(), "scope-not-delegated");
    // What was delegated to it is not its own.
    assert_eq!(code(&setting, own()).await.unwrap(), "scope-not-granted-to-organisation");

    setting.commit(&[scope_delegation_revoked(SCOPE, CUSTOMER, VENDOR)]).await;
    assert_eq!(code(&setting, for_consumer(CUSTOMER)).await.unwrap(), "scope-not-delegated");
    setting.commit(&token_scope(SCOPE, OTHER_VENDOR, &[], &delegated)).await;
    assert_eq!(code(&setting, for_consumer(CUSTOMER)).await, None);
    setting.commit(&[scope_grant_revoked(SCOPE, CUSTOMER)]).await;
    assert_eq!(code(&setting, for_consumer(CUSTOMER)).await.unwrap(), "scope-not-delegated");
}

#[tokio::test]
async fn all_scopes_that_are_asked_for_have_to_be_delegated() {
    let (mut setting, key, _) = world().await;
    let delegated = [(CUSTOMER, VENDOR)];
    setting.commit(&token_scope(SCOPE, OTHER_VENDOR, &[CUSTOMER], &delegated)).await;
    setting.commit(&token_scope("demo:vat.read", OTHER_VENDOR, &[CUSTOMER], &[])).await;
    let both = json!({ "scope": "demo:vat.write demo:vat.read", "consumer_org": CUSTOMER });
    let answer = setting.grant(&key.sign(&assertion_claims(CLIENT, &both))).await;
    assert_eq!(answer.code(), "scope-not-delegated");
    assert!(answer.text.contains("demo:vat.read"), "{answer:?}");
}

#[tokio::test]
async fn a_supplier_is_a_system_user_of_the_consumers_system_and_not_of_its_own() {
    let key = ClientKey::new("own");
    let delegated = [(OTHER_VENDOR, VENDOR)];
    let facts = [
        token_client(CLIENT, VENDOR, &[key.registered()]),
        // The consumer has put its supplier's client into its own system.
        system(OTHER_SYSTEM, OTHER_VENDOR, CLIENT),
        vec![unit_registered(CUSTOMER), system_user(1, OTHER_SYSTEM, CUSTOMER, CUSTOMER)],
        token_scope(SCOPE, OTHER_VENDOR, &[VENDOR], &delegated),
    ];
    let setting = Setting::with(&facts.concat()).await;
    let mut claims = claims_for(CLIENT, CUSTOMER, None);
    assert_eq!(setting.grant(&key.sign(&claims)).await.code(), "client-without-system");
    claims["consumer_org"] = json!(OTHER_VENDOR);
    let claims = setting.claims(&setting.grant(&key.sign(&claims)).await.token()).await;
    assert_eq!(claims["consumer"], organisation(OTHER_VENDOR));
    assert_eq!(claims["supplier"], organisation(VENDOR));
    assert_eq!(claims["authorization_details"][0]["systemuser_id"], json!([user_id(1)]));
}

#[tokio::test]
async fn a_consumer_is_named_by_its_number() {
    let (setting, key, _) = world().await;
    for (consumer, code) in [
        (json!("310010015"), "malformed-consumer-org"),
        (json!("0192:319900101"), "malformed-consumer-org"),
        (json!(""), "malformed-consumer-org"),
        (json!(319_900_101), "malformed-assertion"),
        (json!({ "ID": "0192:319900101" }), "malformed-assertion"),
    ] {
        let claims = assertion_claims(CLIENT, &json!({ "consumer_org": consumer }));
        assert_eq!(setting.grant(&key.sign(&claims)).await.code(), code, "{consumer}");
    }
}
