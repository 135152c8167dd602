//! Who finds what, and what is said of it.

use fullmakt_scenarios::{
    FJORDTORG, KARI, Log, NORDVIK, SERVICE_OWNER, Scenario4, System, VAT_RETURN, VENDOR,
    on_both_logs,
};
use serde_json::json;

use crate::story::{DECISIONS, assert_not_found, id, of, reproduce, reproduce_all, search};

on_both_logs! {
    a_decision_is_found_and_computed_again_whatever_happens_afterwards;
    only_auditors_and_the_owner_of_a_resource_read_decisions;
    what_was_tampered_with_in_the_index_is_found_out;
    decisions_that_are_logged_later_are_all_there_after_a_stop;
}

const AUTHORIZE: &str = "altinn:authorization/authorize";

async fn a_decision_is_found_and_computed_again_whatever_happens_afterwards(log: Log) -> System {
    let mut story = Scenario4::begin(log).await;
    let user = story.approved().await;
    assert_eq!(story.decision(&user, "read", VAT_RETURN).await, "Permit");
    assert_eq!(story.decision(&user, "write", VAT_RETURN).await, "NotApplicable");
    assert_eq!(story.decision_for(&user, "read", VAT_RETURN, NORDVIK).await, "NotApplicable");

    let auditor = story.system.auditor().await;
    let permits = search(&auditor, &format!("subject={user}&outcome=Permit")).await;
    let [permit] = permits.as_slice() else { panic!("{permits:?}") };
    let record = &permit["record"];
    assert_eq!(record["kind"], "decision");
    assert_eq!(record["request"]["subject"], json!({ "system_user": user }));
    assert_eq!(record["request"]["resource"], VAT_RETURN);
    assert_eq!(record["request"]["action"], "read");
    assert_eq!(record["caller"]["org"], SERVICE_OWNER);
    assert_eq!(record["owner"], SERVICE_OWNER);
    assert_eq!(record["reason"], "right-permits");
    assert_eq!(&auditor.get(&of(id(permit))).await.expect(200).json(), permit);

    let party = record["request"]["party"].as_str().unwrap();
    assert_eq!(search(&auditor, &format!("subject={user}&party={party}")).await.len(), 2);
    let of_resource = search(&auditor, &format!("subject={user}&resource={VAT_RETURN}")).await;
    assert_eq!(of_resource.len(), 3);
    let time = record["evaluated_at"].as_str().unwrap();
    let then = search(&auditor, &format!("subject={user}&since={time}&until={time}")).await;
    assert_eq!(then, permits);
    assert!(search(&auditor, "resource=no-such-resource").await.is_empty());

    // The manager's own steps were decided about too, and what may be given on was checked.
    let approvals = search(&auditor, "resource=altinn_access_management&outcome=Permit").await;
    assert!(!approvals.is_empty());
    assert!(!search(&auditor, "kind=delegation").await.is_empty());

    // It stays so when the system user is gone, and after a restart.
    story.delete(&user).await.expect(202);
    assert_eq!(story.decision(&user, "read", VAT_RETURN).await, "NotApplicable");
    let reproduced = auditor.get(&reproduce(id(permit))).await.expect(200).json();
    assert_eq!(reproduced["outcome"], "match", "{reproduced}");
    assert_eq!(reproduced["differences"], json!([]));
    let facts = reproduced["facts"].to_string();
    assert!(facts.contains(VAT_RETURN) && facts.contains("agreement/"), "{facts}");
    let again = auditor.post_nothing(&reproduce(id(permit))).await.expect(200).json();
    assert_eq!(again, reproduced);
    story.system.stop();
    story.system.serve().await;
    let reasons = reproduce_all(&story.system).await;
    for reason in ["right-permits", "nothing-permits", "subject-unknown", "delegation"] {
        assert!(reasons.contains_key(reason), "{reason}: {reasons:?}");
    }
    story.system
}

async fn only_auditors_and_the_owner_of_a_resource_read_decisions(log: Log) -> System {
    let story = Scenario4::begin(log).await;
    let user = story.approved().await;
    assert_eq!(story.decision(&user, "read", VAT_RETURN).await, "Permit");
    let auditor = story.system.auditor().await;
    let found = search(&auditor, &format!("subject={user}")).await;
    let id = id(&found[0]).to_owned();

    // The service owner reads what was decided about its resources.
    let owner = story.system.organisation(SERVICE_OWNER, &[AUTHORIZE]).await;
    assert_eq!(search(&owner, &format!("subject={user}")).await, found);
    owner.get(&of(&id)).await.expect(200);
    assert_eq!(owner.get(&reproduce(&id)).await.expect(200).json()["outcome"], "match");
    // Checks of what may be given on belong to no resource alone, and are the auditor's.
    assert!(search(&owner, "kind=delegation").await.is_empty());
    let check = &search(&auditor, "kind=delegation").await[0];
    assert_not_found(owner.get(&of(crate::story::id(check))).await);

    // Another organisation finds nothing, and is not told that there is something.
    let other = story.system.organisation(VENDOR, &[AUTHORIZE]).await;
    assert!(search(&other, "").await.is_empty());
    for path in [of(&id), reproduce(&id)] {
        assert_not_found(other.get(&path).await);
    }
    assert_not_found(other.post_nothing(&reproduce(&id)).await);

    // Who has none of the scopes is refused, a person as well.
    let vendor = story.system.vendor(VENDOR).await;
    let kari = story.system.person(KARI).await;
    for path in [DECISIONS.to_owned(), of(&id), reproduce(&id)] {
        vendor.get(&path).await.expect(403);
        kari.get(&path).await.expect(403);
        story.system.anonymous().get(&path).await.expect(401);
    }
    vendor.post_nothing(&reproduce(&id)).await.expect(403);
    story.system.anonymous().post_nothing(&reproduce(&id)).await.expect(401);

    let unknown = "0197a000-0000-7000-8000-000000000007";
    for path in [of(unknown), reproduce(unknown)] {
        assert_not_found(auditor.get(&path).await);
    }
    auditor.get(&of("what")).await.expect(400);
    for query in ["outcome=permit", "party=50010022", "limit=0", "since=yesterday", "token=x"] {
        auditor.get(&format!("{DECISIONS}?{query}")).await.expect(400);
    }
    story.system
}

async fn what_was_tampered_with_in_the_index_is_found_out(log: Log) -> System {
    let story = Scenario4::begin(log).await;
    let user = story.approved().await;
    assert_eq!(story.decision(&user, "read", VAT_RETURN).await, "Permit");
    let auditor = story.system.auditor().await;
    let found = search(&auditor, &format!("subject={user}")).await;
    let id = id(&found[0]).to_owned();

    let url = story.system.database_url();
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let replaces = async |from: &str, to: &str| {
        let update = "UPDATE fullmakt.decisions SET record = replace(record, $1, $2)
            WHERE id::text = $3";
        client.execute(update, &[&from, &to, &id]).await.unwrap();
        auditor.get(&reproduce(&id)).await.expect(200).json()
    };
    let answer = replaces(r#""decision":"Permit""#, r#""decision":"Deny""#).await;
    assert_eq!(answer["outcome"], "mismatch", "{answer}");
    assert_eq!(
        answer["differences"],
        json!([{ "field": "decision", "recorded": "Deny", "recomputed": "Permit" }])
    );
    replaces(r#""decision":"Deny""#, r#""decision":"Permit""#).await;
    let answer = replaces("fullmakt-xacml/", "fullmakt-xacml/9").await;
    assert_eq!(
        (&answer["outcome"], &answer["reason"]),
        (&json!("unverifiable"), &json!("engine-version"))
    );
    let answer = replaces("fullmakt-xacml/9", "fullmakt-xacml/").await;
    assert_eq!(answer["outcome"], "match", "{answer}");
    story.system
}

async fn decisions_that_are_logged_later_are_all_there_after_a_stop(log: Log) -> System {
    let mut system = System::prepare(log).await;
    system.set("FULLMAKT_DECISION_LOG__MODE", "async");
    system.serve().await;
    let mut story = Scenario4::on(system).await;
    let user = story.approved().await;
    for _ in 0..20 {
        assert_eq!(story.decision(&user, "read", VAT_RETURN).await, "Permit");
    }
    story.system.stop();
    story.system.serve().await;
    let auditor = story.system.auditor().await;
    let found = search(&auditor, &format!("subject={user}&outcome=Permit")).await;
    assert_eq!(found.len(), 20);
    let page = auditor.get(DECISIONS).await.expect(200).json();
    assert_eq!(page["gaps"], json!([]));
    assert_eq!(story.decision_for(&user, "read", VAT_RETURN, FJORDTORG).await, "Permit");
    story.system
}
