//! A person logs in at ID-porten and acts with the token that the login is exchanged for.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "who tells a story fails by panicking"
)]

use fullmakt_scenarios::{
    Answer, ClientKey, FJORDTORG, KARI, Log, OLA, Person, Provider, System, VAT_RETURN,
};
use serde_json::{Value, json};

const ISSUER: &str = "https://idporten.example";
const EXCHANGE: &str = "/authentication/api/v1/exchange/id-porten";

/// A system that trusts an issuer of persons' tokens, which has this key.
struct Story {
    system: System,
    issuer: ClientKey,
}

impl Story {
    async fn begin() -> Self {
        let issuer = ClientKey::generate("login-1");
        let mut system = System::prepare(Log::Postgres).await;
        let keys = system.folder().join("id-porten.json");
        let set = json!({ "keys": [issuer.jwk()] });
        std::fs::write(&keys, set.to_string()).expect("the keys are written");
        let settings = format!(
            "[tokens]\npartner_scopes = [\"partner:read\"]\n[[tokens.trusted_issuers]]\n\
             issuer = \"{ISSUER}\"\nprofile = \"id_porten\"\nkeys_file = \"{}\"\n",
            keys.display()
        );
        let file = system.folder().join("fullmakt.toml");
        std::fs::write(file, settings).expect("the settings are written");
        system.serve().await;
        Self { system, issuer }
    }

    /// A login of a person with these scopes.
    fn login(&self, person: Person, scope: &str) -> String {
        let mut claims = ClientKey::claims("portal", "https://portal.example", scope, None);
        claims["iss"] = json!(ISSUER);
        claims["pid"] = json!(person.number);
        claims["acr"] = json!("idporten-loa-substantial");
        claims["amr"] = json!(["BankID"]);
        self.issuer.sign(&claims)
    }

    async fn exchange(&self, token: &str) -> Answer {
        self.system.with_token(token).get(EXCHANGE).await
    }
}

/// What the register says of the general manager of an organisation.
fn manager(org: &str, person: Person, is_dead: bool) -> Value {
    json!([{
        "organisasjonsnummer": org,
        "rollegrupper": [{
            "type": { "kode": "DAGL" },
            "roller": [{
                "type": { "kode": "DAGL" },
                "person": {
                    "erDoed": is_dead,
                    "fodselsdato": "1971-03-15",
                    "fodselsnummer": person.number,
                    "navn": { "fornavn": "KARI", "etternavn": "FJORD" },
                },
            }],
        }],
    }])
}

/// Contract: T3, Q12
#[tokio::test]
async fn a_manager_who_logged_in_approves_with_the_exchanged_token() {
    let story = Story::begin().await;
    let own = Provider::register(&story.system, FJORDTORG.org, "own").await;
    let request = own.asked(FJORDTORG).await;
    let path =
        format!("/authentication/api/v1/systemuser/request/{}/{request}/approve", FJORDTORG.party);
    let login = story.login(KARI, "openid altinn:portal/enduser");
    // The login itself is for the exchange only.
    let refused = story.system.with_token(&login).post_nothing(&path).await.expect(401);
    assert!(refused.text().contains(EXCHANGE), "{refused:?}");

    let other = story.exchange(&story.login(OLA, "altinn:portal/enduser")).await.expect(200);
    story.system.with_token(&other.text()).post_nothing(&path).await.expect(403);
    let kari = story.exchange(&login).await.expect(200).text();
    story.system.with_token(&kari).post_nothing(&path).await.expect(200);
    assert_eq!(story.system.decision(&request, "read", VAT_RETURN, FJORDTORG).await, "Permit");
    story.system.end();
}

/// Contract: T3
#[tokio::test]
async fn a_scope_that_is_not_exchanged_gives_no_token_and_a_partners_does() {
    let story = Story::begin().await;
    let refused = story.exchange(&story.login(KARI, "openid profile")).await.expect(403);
    assert!(refused.text().contains("altinn:"), "{refused:?}");
    story.exchange(&story.login(KARI, "openid partner:read")).await.expect(200);
}

/// Contract: T3
/// Differs: T3: a person who is unknown, forgotten or dead gets 403.
#[tokio::test]
async fn who_is_not_known_or_is_dead_gets_no_token() {
    let story = Story::begin().await;
    // A valid number that the demonstration has nobody for.
    let nobody = Person { number: "12838549045" };
    let refused = story.exchange(&story.login(nobody, "altinn:x")).await.expect(403);
    assert!(!refused.text().contains(nobody.number), "{refused:?}");

    let login = || story.login(KARI, "altinn:portal/enduser");
    story.exchange(&login()).await.expect(200);
    let roles = story.system.folder().join("roles.json");
    let import = |is_dead: bool| {
        let said = manager(FJORDTORG.org, KARI, is_dead).to_string();
        std::fs::write(&roles, said).expect("the file is written");
        story.system.run(&["import", "register", "--roles", &roles.display().to_string()]);
    };
    import(true);
    // What comes after the import is asked for, so that the answer has seen it.
    let vendor = story.system.vendor(FJORDTORG.org).await;
    let client = json!({ "clientId": "after", "scopes": ["demo:vat.write"] });
    let after = vendor.post("/fullmakt/v1/token-clients", &client).await.expect(201);
    let kari = story.system.with_token(&login());
    let ask = kari.request(reqwest::Method::GET, EXCHANGE);
    let refused = kari.send(ask.header("Fullmakt-Min-Position", after.position())).await;
    let refused = refused.expect(403);
    assert!(
        refused.text().contains("dead") && !refused.text().contains(KARI.number),
        "{refused:?}"
    );
    story.system.end();
}
