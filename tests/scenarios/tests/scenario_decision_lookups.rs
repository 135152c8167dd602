//! What the decision service tells besides decisions: which roles open an app, which roles and
//! parties a person has, and what access lists say.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "who tells a story fails by panicking"
)]

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use fullmakt_scenarios::{
    Answer, Client, EVA, FJORDTORG, KARI, Log, NORDVIK, OLA, SERVICE_OWNER, System, VAT_RETURN,
    on_both_logs,
};
use reqwest::{Method, multipart};
use serde_json::{Value, json};

const PARTIES: &str = "/authorization/api/v1/parties";
const ROLES: &str = "/authorization/api/v1/roles";
const POLICIES: &str = "/authorization/api/v1/policies";
const LISTS: &str = "/authorization/api/v1/accesslist/accessmanagement/authorization";
const RESOURCES: &str = "/resourceregistry/api/v1/resource";
const ACTION_ID: &str = "urn:oasis:names:tc:xacml:1.0:action:action-id";

on_both_logs! {
    a_person_sees_the_parties_that_it_represents_and_nobody_elses;
    a_person_sees_its_roles_for_a_party_and_nobody_elses;
    everybody_sees_which_roles_an_app_is_open_to;
    components_ask_what_access_lists_say;
}

/// The user id in the token of a person.
fn user_id(person: &Client) -> u64 {
    let claims = person.token().split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    claims["urn:altinn:userid"].as_u64().unwrap()
}

fn assert_empty(answer: &Answer) {
    assert_eq!(answer.text(), "", "{answer:?}");
}

/// Contract: P8
async fn a_person_sees_the_parties_that_it_represents_and_nobody_elses(log: Log) -> System {
    let system = System::start(log).await;
    let (kari, ola, eva) =
        (system.person(KARI).await, system.person(OLA).await, system.person(EVA).await);
    let own = user_id(&kari);

    let listed = kari.get(&format!("{PARTIES}?userId={own}")).await.expect(200);
    assert!(!listed.position().is_empty());
    let parties = listed.json();
    let of = |number: u64| {
        let all = parties.as_array().unwrap();
        all.iter().find(|party| party["partyId"] == number).cloned()
    };
    let company = of(FJORDTORG.party.into()).unwrap();
    assert_eq!(
        (&company["partyTypeName"], &company["orgNumber"]),
        (&json!(2), &json!(FJORDTORG.org))
    );
    assert_eq!((&company["unitType"], &company["ssn"]), (&json!("AS"), &Value::Null));
    assert_eq!(company["onlyHierarchyElementWithNoAccess"], false);
    assert_eq!(company["isDeleted"], false);
    let herself = of(own).unwrap();
    assert_eq!((&herself["partyTypeName"], &herself["orgNumber"]), (&json!(1), &json!("")));
    assert_eq!(herself["ssn"], KARI.number);
    assert!(herself["name"].is_string(), "{herself}");
    assert!(of(NORDVIK.party.into()).is_none());
    // Who leads the accountant represents its client.
    let clients = eva.get(&format!("{PARTIES}?userId={}", user_id(&eva))).await.expect(200).json();
    let is_client = |party: &Value| party["partyId"] == u64::from(FJORDTORG.party);
    assert!(clients.as_array().unwrap().iter().any(is_client), "{clients}");

    for (person, party, represents) in [
        (&kari, FJORDTORG.party, true),
        (&kari, NORDVIK.party, false),
        (&ola, NORDVIK.party, true),
        (&eva, FJORDTORG.party, true),
        (&kari, 1, false),
    ] {
        let path = format!("{PARTIES}/{party}/validate?userId={}", user_id(person));
        assert_eq!(person.get(&path).await.expect(200).json(), json!(represents), "{path}");
    }

    // Nobody is told about another, also not whether it exists.
    let validate = |user: u64| format!("{PARTIES}/{}/validate?userId={user}", FJORDTORG.party);
    for user in [own, 1] {
        ola.get(&format!("{PARTIES}?userId={user}")).await.expect(403);
        ola.get(&validate(user)).await.expect(403);
    }
    let organisation = system.public_api().await;
    organisation.get(&format!("{PARTIES}?userId={own}")).await.expect(403);
    organisation.get(&validate(own)).await.expect(403);
    system.anonymous().get(&format!("{PARTIES}?userId={own}")).await.expect(401);
    system.anonymous().get(&validate(own)).await.expect(401);
    assert_empty(&kari.get(PARTIES).await.expect(404));
    assert_empty(&kari.get(&validate(0)).await.expect(404));
    assert_empty(&kari.get(&format!("{PARTIES}/0/validate?userId={own}")).await.expect(404));
    kari.get(&format!("{PARTIES}/x/validate?userId={own}")).await.expect(400);
    system
}

/// Contract: P7
async fn a_person_sees_its_roles_for_a_party_and_nobody_elses(log: Log) -> System {
    let system = System::start(log).await;
    let (kari, ola) = (system.person(KARI).await, system.person(OLA).await);
    let asked =
        |user: u64, party: u32| format!("{ROLES}?coveredByUserId={user}&offeredByPartyId={party}");
    let own = user_id(&kari);
    let roles = kari.get(&asked(own, FJORDTORG.party)).await.expect(200);
    assert!(!roles.position().is_empty());
    let roles = roles.json();
    assert!(roles.as_array().unwrap().contains(&json!({ "type": "altinn", "value": "DAGL" })));

    assert_empty(&kari.get(&asked(own, NORDVIK.party)).await.expect(404));
    assert_empty(&kari.get(&asked(own, 1)).await.expect(404));
    assert_empty(&kari.get(&asked(own, 0)).await.expect(400));
    ola.get(&asked(own, FJORDTORG.party)).await.expect(403);
    ola.get(&asked(own, NORDVIK.party)).await.expect(403);
    kari.get(&asked(0, FJORDTORG.party)).await.expect(403);
    let organisation = system.public_api().await;
    organisation.get(&asked(own, FJORDTORG.party)).await.expect(403);
    system.anonymous().get(&asked(own, FJORDTORG.party)).await.expect(401);
    system
}

/// Contract: P5, P6
/// Differs: P5, P6: errors are worded otherwise.
async fn everybody_sees_which_roles_an_app_is_open_to(log: Log) -> System {
    let system = System::start(log).await;
    an_app_is_published(&system).await;
    let anybody = system.anonymous();
    let roles = async |org: &str, app: &str| {
        anybody.get(&format!("{POLICIES}/roleswithaccess/{org}/{app}")).await
    };
    for (org, app) in [("skd", "vat-app"), ("SKD", "Vat-App")] {
        let answer = roles(org, app).await.expect(200);
        assert_eq!(answer.json(), json!(["REGNA", "DAGL"]));
        assert!(!answer.position().is_empty());
    }
    roles("skd", "other").await.expect(404);
    roles("skd", VAT_RETURN).await.expect(404);
    roles("%20", "vat-app").await.expect(400);
    roles("skd", "%20").await.expect(400);

    let app = |org: &str, app: &str| json!([{ "id": "urn:altinn:org", "value": org }, { "id": "urn:altinn:app", "value": app }]);
    let asked = json!([app("skd", "vat-app"), app("skd", "other"), app("skd", ""), []]);
    let path = format!("{POLICIES}/GetPolicies?language=nb");
    let shown = anybody.post(&path, &asked).await.expect(200).json();
    assert_eq!(shown.as_array().unwrap().len(), 4);
    let grants = |roles: &[&str]| {
        let grant = |role: &&str| json!({ "roleTypeCode": role, "isDelegable": true });
        roles.iter().map(grant).collect::<Value>()
    };
    let action = |name: &str, roles: &[&str]| {
        json!({ "match": { "id": ACTION_ID, "value": name }, "title": name, "description": null,
            "roleGrants": grants(roles) })
    };
    let expected = json!({
        "appId": app("skd", "vat-app"),
        "minimumAuthenticationLevel": 3,
        "resourcePolicies": [{
            "description": "An app.",
            "title": "skd/vat-app",
            "resource": app("skd", "vat-app"),
            "actions": [action("read", &["REGNA", "DAGL"]), action("write", &["REGNA", "DAGL"])],
        }],
        "errorResponse": null,
    });
    assert_eq!(shown[0], expected);
    for (number, word) in [(1, "no policy"), (2, "urn:altinn:app"), (3, "urn:altinn:org")] {
        assert_eq!(shown[number]["resourcePolicies"], Value::Null);
        assert!(shown[number]["errorResponse"].as_str().unwrap().contains(word), "{shown}");
    }
    anybody.post(&path, &json!({})).await.expect(400);
    let many: Value = (0..2_000).map(|_| json!([])).collect();
    anybody.post(&path, &many).await.expect(400);
    system
}

/// Contract: P3
/// Differs: P3: a party or resource that is not known is `NotDetermined`, where the original says
/// `NotAuthorized`.
async fn components_ask_what_access_lists_say(log: Log) -> System {
    let system = System::start(log).await;
    let nobody = system.anonymous();
    let token = nobody.get("/test-tokens/api/GetPlatformAccessToken?app=accessmanagement").await;
    let token = token.expect(200).text();
    let asks = async |body: &Value| {
        let request = nobody.request(Method::POST, LISTS).json(body);
        nobody.send(request.header("PlatformAccessToken", &token)).await
    };
    let question = |subject: &str, resource: &str, action: &str| json!({ "subject": subject, "resource": resource, "action": action });
    let company = format!("urn:altinn:organization:identifier-no:{}", FJORDTORG.org);
    let resource = format!("urn:altinn:resource:{VAT_RETURN}");
    let action = format!("{ACTION_ID}:read");
    let by_number = format!("urn:altinn:party:id:{}", FJORDTORG.party);
    for subject in [&company, &by_number] {
        let asked = question(subject, &resource, &action);
        let answer = asks(&asked).await.expect(200);
        assert!(!answer.position().is_empty());
        let mut expected = asked;
        expected["result"] = json!("NotAuthorized");
        assert_eq!(answer.json(), expected);
    }
    let nobodys = "urn:altinn:party:uuid:00000000-0000-0000-0000-000000000000";
    for (subject, resource) in [
        (nobodys, resource.as_str()),
        ("urn:altinn:party:id:1", &resource),
        (&company, "urn:altinn:resource:no-such-resource"),
    ] {
        let answer = asks(&question(subject, resource, &action)).await.expect(200);
        assert_eq!(answer.json()["result"], "NotDetermined", "{answer:?}");
    }

    for bad in [
        question("urn:altinn:person:identifier-no:15837130260", &resource, &action),
        question("x", &resource, &action),
        question(&company, VAT_RETURN, &action),
        question(&company, &resource, "read"),
        question(&company, &resource, &format!("{ACTION_ID}:")),
        json!({ "subject": company }),
    ] {
        asks(&bad).await.expect(400);
    }
    let asked = question(&company, &resource, &action);
    let admin = "altinn:authorization/authorize.admin";
    system.organisation(SERVICE_OWNER, &[admin]).await.post(LISTS, &asked).await.expect(403);
    system.person(KARI).await.post(LISTS, &asked).await.expect(403);
    nobody.post(LISTS, &asked).await.expect(401);
    system
}

/// The service owner registers an app, and publishes its policy.
async fn an_app_is_published(system: &System) {
    let scope = "altinn:resourceregistry/resource.write";
    let owner = system.organisation(SERVICE_OWNER, &[scope]).await;
    let texts = json!({ "nb": "App", "nn": "App", "en": "App" });
    let resource = json!({
        "identifier": "app_skd_vat-app", "title": texts, "description": texts,
        "rightDescription": texts, "delegable": true, "resourceType": "AltinnApp",
        "hasCompetentAuthority": { "organization": SERVICE_OWNER, "orgcode": "skd", "name": texts },
    });
    owner.post(RESOURCES, &resource).await.expect(201);
    let file = multipart::Part::text(policy()).file_name("policy.xml");
    let form = multipart::Form::new().part("policyFile", file);
    let path = format!("{RESOURCES}/app_skd_vat-app/policy");
    owner.send(owner.request(Method::POST, &path).multipart(form)).await.expect(201);
}

/// The policy of the app: two roles and a package may read and write.
fn policy() -> String {
    const STRING: &str = "http://www.w3.org/2001/XMLSchema#string";
    const SUBJECT: &str = "urn:oasis:names:tc:xacml:1.0:subject-category:access-subject";
    const RESOURCE: &str = "urn:oasis:names:tc:xacml:3.0:attribute-category:resource";
    const ACTION: &str = "urn:oasis:names:tc:xacml:3.0:attribute-category:action";
    let matching = |category: &str, id: &str, value: &str| {
        format!(
            "<Match MatchId=\"urn:oasis:names:tc:xacml:1.0:function:string-equal\">\
             <AttributeValue DataType=\"{STRING}\">{value}</AttributeValue>\
             <AttributeDesignator AttributeId=\"{id}\" Category=\"{category}\" \
             DataType=\"{STRING}\" MustBePresent=\"false\"/></Match>"
        )
    };
    let any_of = |alternatives: &[String]| {
        let all_of = |matches: &String| format!("<AllOf>{matches}</AllOf>");
        format!("<AnyOf>{}</AnyOf>", alternatives.iter().map(all_of).collect::<String>())
    };
    let role = |code: &str| matching(SUBJECT, "urn:altinn:rolecode", code);
    let package = matching(SUBJECT, "urn:altinn:accesspackage", "merverdiavgift");
    let app = matching(RESOURCE, "urn:altinn:org", "skd")
        + &matching(RESOURCE, "urn:altinn:app", "vat-app");
    let action = |name: &str| matching(ACTION, ACTION_ID, name);
    let target = [
        any_of(&[role("REGNA"), role("DAGL"), package]),
        any_of(&[app]),
        any_of(&[action("read"), action("write")]),
    ]
    .concat();
    format!(
        "<Policy xmlns=\"urn:oasis:names:tc:xacml:3.0:core:schema:wd-17\" PolicyId=\"app\" \
         Version=\"1.0\" RuleCombiningAlgId=\"urn:oasis:names:tc:xacml:3.0:rule-combining-algorithm:deny-overrides\">\
         <Description>An app.</Description><Target/>\
         <Rule RuleId=\"1\" Effect=\"Permit\"><Target>{target}</Target></Rule>\
         <ObligationExpressions><ObligationExpression ObligationId=\"level\" FulfillOn=\"Permit\">\
         <AttributeAssignmentExpression AttributeId=\"level\" \
         Category=\"urn:altinn:minimum-authenticationlevel\">\
         <AttributeValue DataType=\"http://www.w3.org/2001/XMLSchema#integer\">3</AttributeValue>\
         </AttributeAssignmentExpression></ObligationExpression></ObligationExpressions></Policy>"
    )
}
