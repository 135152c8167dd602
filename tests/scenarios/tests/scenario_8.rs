//! Scenario 8: software installed at its customers. Each customer, and not the maker of the software,
//! registers the system of its installation, with its own client and its own key; nothing is shared
//! between customers, and a token for another customer cannot be had, however it is tried.

#![expect(clippy::indexing_slicing, reason = "who tells a story fails by panicking")]

use fullmakt_scenarios::{
    ClientKey, Customer, FJORDTORG, KARI, Log, NORDVIK, OLA, Provider, System, VAT_RETURN, VENDOR,
    on_both_logs, system_definition, system_user_of,
};
use serde_json::{Value, json};

on_both_logs! {
    scenario_8_each_customer_reports_with_its_own_installation_and_key;
    scenario_8_a_key_gets_no_token_for_another_customer_whatever_its_details_say;
    scenario_8_a_key_gets_no_token_of_another_customers_client;
    scenario_8_what_a_customer_signed_cannot_be_used_or_changed_by_others;
    scenario_8_the_maker_of_the_software_gets_no_token_for_its_customers_with_its_own_key;
    scenario_8_a_customer_cannot_put_itself_into_anothers_place_in_the_registers;
    scenario_8_ending_one_installation_leaves_the_others;
}

/// The same software, installed at two customers, which have approved their own system users; its
/// maker also sells it as a service, with a system and key of its own.
struct Installations {
    system: System,
    fjordtorg: Provider,
    nordvik: Provider,
    maker: Provider,
    /// The system user of [`FJORDTORG`], and that of [`NORDVIK`].
    users: [String; 2],
}

impl Installations {
    async fn begin(log: Log) -> Self {
        let system = System::start(log).await;
        let fjordtorg = Provider::register(&system, FJORDTORG.org, "erp").await;
        let nordvik = Provider::register(&system, NORDVIK.org, "erp").await;
        let maker = Provider::register(&system, VENDOR, "erp").await;
        let users = [fjordtorg.asked(FJORDTORG).await, nordvik.asked(NORDVIK).await];
        for (manager, customer, user) in [(KARI, FJORDTORG, &users[0]), (OLA, NORDVIK, &users[1])] {
            system.answer(manager, customer, user, "approve").await.expect(200);
        }
        Self { system, fjordtorg, nordvik, maker, users }
    }

    /// What the token endpoint says to these claims, signed with this key, which says that it is
    /// another.
    async fn refusal(&self, key: &ClientKey, kid: &str, claims: &Value) -> String {
        self.system.grant(&key.sign_as(kid, claims)).await.refusal()
    }
}

async fn scenario_8_each_customer_reports_with_its_own_installation_and_key(log: Log) -> System {
    let story = Installations::begin(log).await;
    for (installation, customer, other, user) in [
        (&story.fjordtorg, FJORDTORG, NORDVIK, &story.users[0]),
        (&story.nordvik, NORDVIK, FJORDTORG, &story.users[1]),
    ] {
        installation.token(&story.system, customer).await.expect(200);
        let decision = async |action, customer| {
            story.system.decision(user, action, VAT_RETURN, customer).await
        };
        assert_eq!(decision("read", customer).await, "Permit");
        assert_ne!(decision("write", customer).await, "Permit");
        assert_ne!(decision("read", other).await, "Permit");
    }
    story.system
}

/// Contract: T1
async fn scenario_8_a_key_gets_no_token_for_another_customer_whatever_its_details_say(
    log: Log,
) -> System {
    let story = Installations::begin(log).await;
    let key = &story.fjordtorg.key;
    let mut tried = Vec::new();
    for external_ref in
        [None, Some(FJORDTORG.org), Some(NORDVIK.org), Some(&*story.users[1]), Some("erp")]
    {
        let mut details = system_user_of(NORDVIK);
        if let Some(external_ref) = external_ref {
            details["externalRef"] = json!(external_ref);
        }
        tried.push((json!([details]), "wrong-organisation"));
    }
    // What the details may not have is passed over, and gives nothing.
    let mut details = system_user_of(NORDVIK);
    details["systemuser_id"] = json!([story.users[1]]);
    details["system_id"] = json!(story.nordvik.system_id);
    tried.push((json!([details]), "wrong-organisation"));
    // Own and foreign at once.
    let both = json!([system_user_of(FJORDTORG), system_user_of(NORDVIK)]);
    tried.push((both, "malformed-authorization-details"));
    // The own system user has no external reference but its owner's number.
    let mut details = system_user_of(FJORDTORG);
    details["externalRef"] = json!(NORDVIK.org);
    tried.push((json!([details]), "no-system-user"));
    for (details, refusal) in tried {
        let mut claims = story.fjordtorg.claims(&story.system, NORDVIK);
        claims["authorization_details"] = details.clone();
        assert_eq!(story.refusal(key, key.kid(), &claims).await, refusal, "{details}");
    }

    // As the organisation itself the client is nobody's system user.
    let mut claims = story.fjordtorg.claims(&story.system, FJORDTORG);
    claims["authorization_details"] = json!(null);
    claims["systemuser_id"] = json!([story.users[1]]);
    claims["consumer"] = system_user_of(NORDVIK)["systemuser_org"].clone();
    let token = story.system.grant(&key.sign(&claims)).await.expect(200).json();
    let claims = claims_of(&token);
    assert_eq!(claims["consumer"]["ID"], json!(format!("0192:{}", FJORDTORG.org)));
    assert_eq!(claims.get("authorization_details"), None);
    assert_eq!(claims.get("systemuser_id"), None);
    story.system
}

async fn scenario_8_a_key_gets_no_token_of_another_customers_client(log: Log) -> System {
    let story = Installations::begin(log).await;
    let nordviks = |customer| story.nordvik.claims(&story.system, customer);
    let fjordtorgs = &story.fjordtorg.key;
    // Both customers name their keys alike: that is no way into the other's client.
    assert_eq!(fjordtorgs.kid(), story.nordvik.key.kid());
    for customer in [NORDVIK, FJORDTORG] {
        let claims = nordviks(customer);
        assert_eq!(story.refusal(fjordtorgs, "key-1", &claims).await, "wrong-signature");
        assert_eq!(story.refusal(fjordtorgs, "key-2", &claims).await, "unknown-key");
    }
    // A key of its own that one customer names as the other's is its own client's, and no more.
    let stranger = ClientKey::generate("key-9");
    assert_eq!(story.refusal(&stranger, "key-1", &nordviks(NORDVIK)).await, "wrong-signature");
    assert_eq!(story.refusal(&stranger, "key-9", &nordviks(NORDVIK)).await, "unknown-key");
    // None of this was held against the one who has the key.
    story.nordvik.token(&story.system, NORDVIK).await.expect(200);
    story.system
}

async fn scenario_8_what_a_customer_signed_cannot_be_used_or_changed_by_others(log: Log) -> System {
    let story = Installations::begin(log).await;
    let claims = story.nordvik.claims(&story.system, NORDVIK);
    let assertion = story.nordvik.key.sign(&claims);
    story.system.grant(&assertion).await.expect(200);
    // Whoever saw it on its way cannot use it again.
    assert_eq!(story.system.grant(&assertion).await.refusal(), "replayed");

    // A signature over other claims is none.
    let own = story.fjordtorg.key.sign(&story.fjordtorg.claims(&story.system, FJORDTORG));
    let (fresh, _) = splits(&story.nordvik.key.sign(&story.nordvik.claims(&story.system, NORDVIK)));
    let (_, signature) = splits(&own);
    let spliced = format!("{fresh}.{signature}");
    assert_eq!(story.system.grant(&spliced).await.refusal(), "wrong-signature");
    let unsigned = format!("{fresh}.");
    assert_eq!(story.system.grant(&unsigned).await.refusal(), "wrong-signature");

    // An assertion that was made for another issuer is not one for this.
    let mut elsewhere = story.nordvik.claims(&story.system, NORDVIK);
    elsewhere["aud"] = json!("https://maskinporten.example/");
    let refusal = story.refusal(&story.nordvik.key, "key-1", &elsewhere).await;
    assert_eq!(refusal, "wrong-audience");
    story.system
}

async fn scenario_8_the_maker_of_the_software_gets_no_token_for_its_customers_with_its_own_key(
    log: Log,
) -> System {
    let story = Installations::begin(log).await;
    for (installation, customer) in [(&story.fjordtorg, FJORDTORG), (&story.nordvik, NORDVIK)] {
        assert_eq!(
            story.maker.token(&story.system, customer).await.refusal(),
            "wrong-organisation"
        );
        // Nor in the name of the customer's client, whose key it does not have.
        let claims = installation.claims(&story.system, customer);
        let refusal = story.refusal(&story.maker.key, "key-1", &claims).await;
        assert_eq!(refusal, "wrong-signature");
    }
    // What it asks for as everybody does is decided by the customer.
    let request = story.maker.asked(FJORDTORG).await;
    assert_eq!(story.maker.token(&story.system, FJORDTORG).await.refusal(), "not-approved");
    story.system.answer(OLA, FJORDTORG, &request, "approve").await.expect(403);
    story.system.answer(KARI, FJORDTORG, &request, "reject").await.expect(200);
    assert_eq!(story.maker.token(&story.system, FJORDTORG).await.refusal(), "wrong-organisation");
    story.fjordtorg.token(&story.system, FJORDTORG).await.expect(200);
    story.system
}

async fn scenario_8_a_customer_cannot_put_itself_into_anothers_place_in_the_registers(
    log: Log,
) -> System {
    let story = Installations::begin(log).await;
    let (fjordtorg, nordvik) = (&story.fjordtorg, &story.nordvik);
    let own = &fjordtorg.organisation;

    // Not by a key of its own at the other's client, nor by taking the other's key away.
    let keys = format!("/fullmakt/v1/token-clients/{}/keys", nordvik.client_id);
    let stranger = ClientKey::generate("key-2");
    let key = json!({ "kid": "key-2", "jwk": stranger.jwk() });
    own.post(&keys, &key).await.expect(403);
    own.delete(&format!("{keys}/key-1")).await.expect(403);
    let claims = nordvik.claims(&story.system, NORDVIK);
    assert_eq!(story.refusal(&stranger, "key-2", &claims).await, "unknown-key");

    // Not by a client in the other's name, nor by one with the other's id.
    let client = json!({ "clientId": "c", "owner": NORDVIK.org, "scopes": ["demo:vat.write"] });
    own.post("/fullmakt/v1/token-clients", &client).await.expect(403);
    let client = json!({ "clientId": nordvik.client_id, "scopes": ["demo:vat.write"] });
    own.post("/fullmakt/v1/token-clients", &client).await.expect(403);

    // Not by a system in the other's name, nor by one for the other's client, however spelled.
    let theirs = format!("{}_other", NORDVIK.org);
    let definition = system_definition(NORDVIK.org, &theirs, &fjordtorg.client_id);
    fjordtorg.register_system(&definition).await.expect(403);
    for client in [nordvik.client_id.clone(), nordvik.client_id.to_uppercase()] {
        let system_id = format!("{}_other", FJORDTORG.org);
        let definition = system_definition(FJORDTORG.org, &system_id, &client);
        let refused = fjordtorg.register_system(&definition).await.expect(400);
        assert!(refused.text().contains("AUTH.VLD-00004"), "{refused:?}");
    }

    // Not by a request of the other's system, nor by approving one.
    let request = json!({
        "systemId": nordvik.system_id,
        "partyOrgNo": FJORDTORG.org,
        "rights": system_definition(NORDVIK.org, "", "")["rights"],
    });
    own.post("/authentication/api/v1/systemuser/request/vendor", &request).await.expect(404);
    let asked = fjordtorg.asked(NORDVIK).await;
    story.system.answer(KARI, NORDVIK, &asked, "approve").await.expect(403);
    assert_eq!(fjordtorg.token(&story.system, NORDVIK).await.refusal(), "not-approved");
    nordvik.token(&story.system, NORDVIK).await.expect(200);
    story.system
}

async fn scenario_8_ending_one_installation_leaves_the_others(log: Log) -> System {
    let story = Installations::begin(log).await;
    let (fjordtorg, nordvik) = (&story.fjordtorg, &story.nordvik);
    let keys = format!("/fullmakt/v1/token-clients/{}/keys", fjordtorg.client_id);
    fjordtorg.organisation.delete(&format!("{keys}/key-1")).await.expect(204);
    assert_eq!(fjordtorg.token(&story.system, FJORDTORG).await.refusal(), "unknown-key");
    nordvik.token(&story.system, NORDVIK).await.expect(200);

    let path = format!("/authentication/api/v1/systemregister/vendor/{}", fjordtorg.system_id);
    fjordtorg.organisation.delete(&path).await.expect(200);
    let decision = async |user: &str, customer: Customer| {
        story.system.decision(user, "read", VAT_RETURN, customer).await
    };
    assert_ne!(decision(&story.users[0], FJORDTORG).await, "Permit");
    assert_eq!(decision(&story.users[1], NORDVIK).await, "Permit");
    nordvik.token(&story.system, NORDVIK).await.expect(200);

    // The client that the deleted system let go does not act for another organisation's system.
    let system_id = format!("{}_second", NORDVIK.org);
    let definition = system_definition(NORDVIK.org, &system_id, &fjordtorg.client_id);
    nordvik.register_system(&definition).await.expect(200);
    let second = ClientKey::generate("key-2");
    let key = json!({ "kid": "key-2", "jwk": second.jwk() });
    fjordtorg.organisation.post(&keys, &key).await.expect(201);
    let claims = fjordtorg.claims(&story.system, NORDVIK);
    let refusal = story.refusal(&second, "key-2", &claims).await;
    assert_eq!(refusal, "client-without-system");
    story.system
}

/// What is signed, and the signature.
fn splits(assertion: &str) -> (String, String) {
    let (signed, signature) = assertion.rsplit_once('.').unwrap_or_default();
    (signed.to_owned(), signature.to_owned())
}

/// What the token in an answer of the token endpoint says.
fn claims_of(answer: &Value) -> Value {
    let token = answer["access_token"].as_str().unwrap_or_default();
    jsonwebtoken::dangerous::insecure_decode(token).map(|token| token.claims).unwrap_or_default()
}
