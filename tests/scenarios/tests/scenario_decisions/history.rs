//! A long random history, of which every decision is computed again.

use fullmakt_scenarios::{
    Answer, Client, Customer, FJORDTORG, KARI, Log, NORDVIK, OLA, Person, SERVICE_OWNER, System,
    on_both_logs,
    requests::{AGENT_REQUESTS, REQUESTS, Requests, VAT, packages, right},
};
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use crate::story::reproduce_all;

on_both_logs! {
    every_decision_of_a_random_history_is_computed_again;
}

/// How many things happen.
const STEPS: u64 = 160;
/// After how many the server is restarted.
const RESTART_EVERY: u64 = 55;
/// The resources of the demonstration, with the policy of one of them.
const RESOURCES: [&str; 3] = ["demo-vat-return", "demo-payroll-report", "no-such-resource"];
const POLICY: &str =
    include_str!("../../../../services/fullmakt/demo/policies/demo-vat-return.xml");

/// Numbers that are the same for the same seed (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let sides = u64::try_from(all.len()).unwrap();
        if sides == 0 { None } else { all.get(usize::try_from(self.roll(sides)).unwrap()) }
    }
}

struct History {
    story: Requests,
    dice: Dice,
    users: Vec<String>,
    references: u64,
    /// Who manages the customer.
    manager: Person,
}

/// The seed, which `FULLMAKT_TEST_SEED` may say.
fn seed() -> u64 {
    std::env::var("FULLMAKT_TEST_SEED").map_or(7, |seed| seed.parse().unwrap())
}

async fn every_decision_of_a_random_history_is_computed_again(log: Log) -> System {
    let seed = seed();
    let mut history = History {
        story: Requests::begin(log).await,
        dice: Dice(seed),
        users: Vec::new(),
        references: 0,
        manager: KARI,
    };
    history.asks_and_answers().await;
    for step in 1..=STEPS {
        if step.is_multiple_of(RESTART_EVERY) {
            history.restarts().await;
        }
        history.goes_on().await;
        history.asks_for_decisions().await;
    }
    let reasons = reproduce_all(&history.story.system).await;
    for reason in ["policy-permits", "right-permits", "nothing-permits", "no-policy", "delegation"]
    {
        assert!(reasons.contains_key(reason), "seed {seed}: {reason}: {reasons:?}");
    }
    history.story.system
}

impl History {
    async fn restarts(&mut self) {
        self.story.system.stop();
        self.story.system.serve().await;
        self.story.vendor = self.story.system.vendor(fullmakt_scenarios::VENDOR).await;
    }

    /// One thing happens. What the product refuses did not happen.
    async fn goes_on(&mut self) {
        match self.dice.roll(12) {
            0 | 1 => self.asks_and_answers().await,
            2..=4 => self.manages().await,
            5 | 6 => self.changes().await,
            7 => self.publishes_policy().await,
            8 => self.replaces_rights().await,
            9 => self.changes_manager(),
            10 => self.deletes().await,
            _ => self.deletes_customer(),
        }
    }

    async fn asks_and_answers(&mut self) {
        self.references += 1;
        let reference = format!("shop-{}", self.references);
        let is_agent = self.dice.roll(5) == 0;
        let (path, what, body) = if is_agent {
            (AGENT_REQUESTS, "request/agent", self.story.agent(FJORDTORG, &reference))
        } else {
            let mut body = self.story.standard(FJORDTORG, &reference);
            if self.dice.roll(2) == 0 {
                body["accessPackages"] = packages(&[VAT]);
            }
            (REQUESTS, "request", body)
        };
        let asked = self.story.vendor.post(path, &body).await;
        if asked.status != 201 {
            return;
        }
        let id = fullmakt_scenarios::requests::id(&asked);
        let verb = if self.dice.roll(6) == 0 { "reject" } else { "approve" };
        let answer = self.story.answer(self.manager, FJORDTORG, what, &id, verb).await;
        if answer.status == 200 && verb == "approve" {
            self.users.push(id);
        }
    }

    async fn manages(&mut self) {
        let Some(user) = self.dice.one_of(&self.users).cloned() else { return };
        let manager = self.story.system.person(self.manager).await;
        let path = format!("/fullmakt/v1/system-users/{user}");
        match self.dice.roll(3) {
            0 => manager.post_nothing(&format!("{path}/pause")).await,
            1 => manager.post_nothing(&format!("{path}/resume")).await,
            _ => {
                let title = json!({ "integrationTitle": format!("Till {}", self.dice.roll(9)) });
                manager.send(manager.request(Method::PATCH, &path).json(&title)).await
            }
        };
    }

    async fn changes(&mut self) {
        let Some(user) = self.dice.one_of(&self.users).cloned() else { return };
        let mut one = || right(RESOURCES[usize::try_from(self.dice.roll(2)).unwrap()], None);
        let change = json!({ "requiredRights": [one()], "unwantedRights": [one()] });
        let asked = self.story.change(&user, &change).await;
        if asked.status == 201 {
            let id = fullmakt_scenarios::requests::id(&asked);
            self.story.answer(self.manager, FJORDTORG, "changerequest", &id, "approve").await;
        }
    }

    async fn publishes_policy(&mut self) {
        let scopes = ["altinn:resourceregistry/resource.write"];
        let owner = self.story.system.organisation(SERVICE_OWNER, &scopes).await;
        let xml = match self.dice.roll(3) {
            0 => POLICY.to_owned(),
            1 => POLICY.replace("daglig-leder", "styreleder"),
            _ => POLICY.replace(
                "<AttributeValue DataType=\"http://www.w3.org/2001/XMLSchema#integer\">3",
                "<AttributeValue DataType=\"http://www.w3.org/2001/XMLSchema#integer\">4",
            ),
        };
        let form = Form::new().part("policyFile", Part::text(xml).file_name("policy.xml"));
        let path = format!("/resourceregistry/api/v1/resource/{}/policy", RESOURCES[0]);
        let request = owner.request(Method::POST, &path).multipart(form);
        owner.send(request).await.expect(201);
    }

    async fn replaces_rights(&mut self) {
        let path =
            format!("/authentication/api/v1/systemregister/vendor/{}/rights", self.story.system_id);
        let mut rights = vec![right(RESOURCES[0], None)];
        if self.dice.roll(3) > 0 {
            rights.push(right(RESOURCES[1], Some("read")));
        }
        self.story.vendor.put(&path, &json!(rights)).await;
    }

    /// The entity register names another manager.
    fn changes_manager(&mut self) {
        self.manager = if self.manager.number == KARI.number { OLA } else { KARI };
        let of = |person: Person| {
            json!([{
                "organisasjonsnummer": FJORDTORG.org,
                "rollegrupper": [{
                    "type": { "kode": "DAGL" },
                    "roller": [{
                        "type": { "kode": "DAGL" },
                        "person": {
                            "erDoed": false,
                            "fodselsdato": "1971-03-15",
                            "fodselsnummer": person.number,
                            "navn": { "fornavn": "KARI", "etternavn": "FJORD" },
                        },
                    }],
                }],
            }])
        };
        self.imports("--roles", &of(self.manager));
    }

    async fn deletes(&mut self) {
        let Some(user) = self.dice.one_of(&self.users).cloned() else { return };
        let path = format!("/authentication/api/v1/systemuser/{}/{user}", FJORDTORG.party);
        let manager = self.story.system.person(self.manager).await;
        if self.dice.roll(2) == 0 {
            manager.delete(&path).await;
        }
    }

    /// The entity register deletes another customer, or takes that back.
    fn deletes_customer(&mut self) {
        let mut unit = json!({
            "organisasjonsnummer": NORDVIK.org,
            "navn": "NORDVIK AS",
            "organisasjonsform": { "kode": "AS" },
        });
        if self.dice.roll(2) == 0 {
            unit["slettedato"] = json!("2026-08-01");
            unit["respons_klasse"] = json!("SlettetEnhet");
        }
        self.imports("--units", &json!([unit]));
    }

    fn imports(&self, what: &str, content: &Value) {
        let file = self.story.system.folder().join("import.json");
        std::fs::write(&file, content.to_string()).expect("the file is written");
        self.story.system.run(&["import", "register", what, &file.display().to_string()]);
    }

    /// A public API asks several things at once, about persons and system users.
    async fn asks_for_decisions(&mut self) {
        let api = self.story.system.public_api().await;
        for _ in 0..2 {
            let question = self.question();
            let answer = ask(&api, &question).await.expect(200);
            assert_eq!(answer.json()["response"].as_array().unwrap().len(), 1);
        }
    }

    fn question(&mut self) -> Value {
        let user = self.dice.one_of(&self.users).cloned();
        let person = *self.dice.one_of(&[KARI, OLA]).unwrap();
        let subject = match (self.dice.roll(3), user) {
            (0 | 1, Some(user)) => ("urn:altinn:systemuser:uuid", user),
            _ => ("urn:altinn:person:identifier-no", person.number.to_owned()),
        };
        let customer: Customer = *self.dice.one_of(&[FJORDTORG, FJORDTORG, NORDVIK]).unwrap();
        let action = *self.dice.one_of(&["read", "write", "sign"]).unwrap();
        let resource = *self.dice.one_of(&RESOURCES[..2]).unwrap();
        // What is not there is asked about now and then.
        let resource = if self.dice.roll(12) == 0 { RESOURCES[2] } else { resource };
        let attribute = |id: &str, value: &str| json!({ "AttributeId": id, "Value": value });
        json!({ "Request": {
            "AccessSubject": [{ "Attribute": [attribute(subject.0, &subject.1)] }],
            "Action": [{ "Attribute": [
                attribute("urn:oasis:names:tc:xacml:1.0:action:action-id", action)
            ]}],
            "Environment": [{ "Attribute": [attribute("urn:example:channel", "batch")] }],
            "Resource": [{ "Attribute": [
                attribute("urn:altinn:resource", resource),
                attribute("urn:altinn:organization:identifier-no", customer.org),
            ]}],
        }})
    }
}

async fn ask(api: &Client, question: &Value) -> Answer {
    api.post("/authorization/api/v1/authorize", question).await
}
