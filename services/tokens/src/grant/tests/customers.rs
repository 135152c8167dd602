//! Whose system user a client may be.

use axum::http::StatusCode;

use super::*;

#[tokio::test]
async fn one_vendors_key_never_gets_a_token_of_anothers_client() {
    let (setting, key, other) = world().await;
    // Even though both keys are registered, each with a client of its own.
    let claims = assertion_claims(CLIENT, &json!({}));
    assert_eq!(setting.grant(&other.sign(&claims)).await.code(), "unknown-key");
    let mut header = other.header();
    header.kid = Some(key.kid.to_owned());
    assert_eq!(setting.grant(&other.sign_with(&header, &claims)).await.code(), "wrong-signature");
}

#[tokio::test]
async fn one_vendors_client_never_is_anothers_system_user() {
    let (mut setting, key, other) = world().await;
    setting.commit(&[system_user(2, OTHER_SYSTEM, OTHER_CUSTOMER, OTHER_CUSTOMER)]).await;

    let own = setting.grant(&key.sign(&claims_for(CLIENT, OTHER_CUSTOMER, None))).await;
    assert_eq!(own.code(), "wrong-organisation");
    let theirs = setting.grant(&other.sign(&claims_for(OTHER_CLIENT, OTHER_CUSTOMER, None))).await;
    let claims = setting.claims(&theirs.token()).await;
    assert_eq!(claims["authorization_details"][0]["systemuser_id"], json!([user_id(2)]));
}

#[tokio::test]
async fn whether_other_vendors_have_system_users_shows_in_no_refusal() {
    let (mut setting, key, _) = world().await;
    let refusal = async |setting: &Setting| {
        setting.grant(&key.sign(&claims_for(CLIENT, OTHER_CUSTOMER, None))).await
    };
    let before = refusal(&setting).await;
    setting.commit(&[system_user(2, OTHER_SYSTEM, OTHER_CUSTOMER, OTHER_CUSTOMER)]).await;
    let after = refusal(&setting).await;
    assert_eq!((before.status, before.text), (after.status, after.text));
}

#[tokio::test]
async fn a_client_id_that_another_vendors_system_holds_gives_no_system_user() {
    // A client of ours with the id that the other vendor's system says acts for it.
    let key = ClientKey::new("own");
    let facts = [
        token_client("shared", VENDOR, &[key.registered()]),
        system(OTHER_SYSTEM, OTHER_VENDOR, "Shared"),
        vec![unit_registered(CUSTOMER), system_user(1, OTHER_SYSTEM, CUSTOMER, CUSTOMER)],
    ];
    let mut setting = Setting::with(&facts.concat()).await;
    let grant = async |setting: &Setting| {
        setting.grant(&key.sign(&claims_for("shared", CUSTOMER, None))).await
    };
    assert_eq!(grant(&setting).await.code(), "client-without-system");
    setting.commit(&system_deleted(OTHER_SYSTEM, "Shared")).await;
    assert_eq!(grant(&setting).await.code(), "client-without-system");
}

#[tokio::test]
async fn each_reason_to_have_no_system_user_has_a_code_and_says_what_to_do() {
    let (mut setting, key, _) = world().await;
    let outsider = "310010022";
    setting
        .commit(&[
            request(7, SYSTEM, OTHER_CUSTOMER, OTHER_CUSTOMER),
            unit_registered(outsider),
            system_user(3, SYSTEM, outsider, "payroll"),
        ])
        .await;
    for (customer, external_ref, code, says) in [
        (OTHER_CUSTOMER, None, "not-approved", "has not been approved by organisation"),
        (OTHER_CUSTOMER, Some("other"), "wrong-organisation", "ask the customer for one"),
        (VENDOR, None, "wrong-organisation", "correct `systemuser_org`"),
        (outsider, None, "external-ref-missing", "say in `externalRef` which one"),
        (outsider, Some("vat"), "no-system-user", "correct `externalRef`"),
        (outsider, Some("Payroll"), "no-system-user", "external reference `Payroll`"),
    ] {
        let answer = setting.grant(&key.sign(&claims_for(CLIENT, customer, external_ref))).await;
        assert_eq!(answer.code(), code, "{customer} {external_ref:?}");
        assert_eq!(answer.json()["error"], "invalid_altinn_customer_configuration");
        let description = answer.json()["error_description"].as_str().unwrap().to_owned();
        assert!(description.contains(says), "{description}");
        assert!(description.contains(SYSTEM) && description.contains(customer), "{description}");
    }
    let given = setting.grant(&key.sign(&claims_for(CLIENT, outsider, Some("payroll")))).await;
    assert_eq!(given.status, StatusCode::OK);
}

#[tokio::test]
async fn a_deleted_system_user_gets_no_token_from_the_moment_that_its_deletion_is_folded() {
    let (mut setting, key, _) = world().await;
    let assertion = || key.sign(&claims_for(CLIENT, CUSTOMER, None));
    setting.grant(&assertion()).await.token();
    setting.commit(&[system_user_deleted(1, SYSTEM, CUSTOMER)]).await;
    assert_eq!(setting.grant(&assertion()).await.code(), "wrong-organisation");
    setting.commit(&[system_user(5, SYSTEM, CUSTOMER, CUSTOMER)]).await;
    let claims = setting.claims(&setting.grant(&assertion()).await.token()).await;
    assert_eq!(claims["authorization_details"][0]["systemuser_id"], json!([user_id(5)]));
}

#[tokio::test]
async fn a_customer_that_the_register_deletes_gets_no_token_through_its_system_users() {
    let (mut setting, key, _) = world().await;
    let assertion = || key.sign(&claims_for(CLIENT, CUSTOMER, None));
    setting.grant(&assertion()).await.token();
    setting.commit(&[unit_deleted(CUSTOMER)]).await;
    let refused = setting.grant(&assertion()).await;
    assert_eq!(refused.code(), "owner-deleted");
    assert_eq!(refused.json()["error"], "invalid_altinn_customer_configuration");
    // Another customer of the same client is not touched by it.
    setting.commit(&[system_user(2, SYSTEM, OTHER_CUSTOMER, OTHER_CUSTOMER)]).await;
    setting.grant(&key.sign(&claims_for(CLIENT, OTHER_CUSTOMER, None))).await.token();
}

#[tokio::test]
async fn a_client_of_an_organisation_that_the_register_deletes_gets_no_token_at_all() {
    let (mut setting, key, other) = world().await;
    setting.commit(&[unit_registered(VENDOR)]).await;
    setting.grant(&key.sign(&assertion_claims(CLIENT, &json!({})))).await.token();
    setting.commit(&[unit_deleted(VENDOR)]).await;
    for claims in [assertion_claims(CLIENT, &json!({})), claims_for(CLIENT, CUSTOMER, None)] {
        let refused = setting.grant(&key.sign(&claims)).await;
        assert_eq!(refused.code(), "client-owner-deleted");
        assert_eq!(refused.json()["error"], "invalid_client");
    }
    setting.grant(&other.sign(&assertion_claims(OTHER_CLIENT, &json!({})))).await.token();
}

#[tokio::test]
async fn a_paused_system_user_gets_no_token_until_its_owner_resumes_it() {
    let (mut setting, key, _) = world().await;
    setting.commit(&[system_user(5, SYSTEM, CUSTOMER, "other")]).await;
    let grant = async |setting: &Setting, external_ref: Option<&str>| {
        setting.grant(&key.sign(&claims_for(CLIENT, CUSTOMER, external_ref))).await
    };
    setting.commit(&[system_user_paused(1, SYSTEM, CUSTOMER)]).await;
    let answer = grant(&setting, None).await;
    assert_eq!(answer.code(), "system-user-paused");
    assert_eq!(answer.json()["error"], "invalid_altinn_customer_configuration");
    let description = answer.json()["error_description"].as_str().unwrap().to_owned();
    for says in ["is paused by its owner", "ask organisation", CUSTOMER, SYSTEM] {
        assert!(description.contains(says), "{description}");
    }
    // The customer's other system user goes on.
    grant(&setting, Some("other")).await.token();
    setting.commit(&[system_user_resumed(1, SYSTEM, CUSTOMER)]).await;
    grant(&setting, None).await.token();
}

#[tokio::test]
async fn whether_a_customer_paused_anothers_system_user_shows_in_no_refusal() {
    let (mut setting, key, _) = world().await;
    setting.commit(&[system_user(2, OTHER_SYSTEM, OTHER_CUSTOMER, OTHER_CUSTOMER)]).await;
    let refusal = async |setting: &Setting| {
        setting.grant(&key.sign(&claims_for(CLIENT, OTHER_CUSTOMER, None))).await
    };
    let before = refusal(&setting).await;
    setting.commit(&[system_user_paused(2, OTHER_SYSTEM, OTHER_CUSTOMER)]).await;
    let after = refusal(&setting).await;
    assert_eq!((before.status, before.text), (after.status, after.text));
}

#[tokio::test]
async fn deleting_a_system_cuts_all_of_its_tokens_and_says_so() {
    let (mut setting, key, _) = world().await;
    setting.commit(&system_deleted(SYSTEM, CLIENT)).await;
    let answer = setting.grant(&key.sign(&claims_for(CLIENT, CUSTOMER, None))).await;
    assert_eq!(answer.code(), "system-deleted");
    // As its own organisation, the client goes on.
    setting.grant(&key.sign(&assertion_claims(CLIENT, &json!({})))).await.token();
}

#[tokio::test]
async fn a_client_that_is_in_no_system_is_told_so() {
    let key = ClientKey::new("own");
    let setting = Setting::with(&token_client(CLIENT, VENDOR, &[key.registered()])).await;
    let answer = setting.grant(&key.sign(&claims_for(CLIENT, CUSTOMER, None))).await;
    assert_eq!(answer.code(), "client-without-system");
}
