//! What is asked in the world, answered and recorded as the decision service does it.

use std::collections::{BTreeMap, BTreeSet};

use fullmakt_access::{
    Fact, Question, Subject, check_package, check_right, decide,
    record::{
        DecisionRecord, Delegation, DelegationRecord, ENGINE, LogRecord, RecordedRequest,
        RightChecked, STRICT, catalogues, fingerprint,
    },
};
use fullmakt_events::{DecisionId, ResourceId, Timestamp};
use fullmakt_readstore::testing::TestLedger;
use fullmakt_xacml::{
    Request,
    ids::{ACTION, ACTION_ID, ENVIRONMENT},
};
use uuid::Uuid;

use super::{ACTIONS, World, packages, party, resource, user};

impl World {
    fn next_id(&self) -> DecisionId {
        DecisionId::new(Uuid::from_u128(0x9000 + self.records.len() as u128))
    }

    /// The ledger time goes on between records.
    fn now(&self) -> Timestamp {
        self.ledger.ledger_time().plus_micros(self.records.len().try_into().unwrap())
    }

    /// A question is decided, as the decision service does it.
    pub(in super::super) fn decides(&mut self, subject: u8, what: u8, party_of: u8) {
        let action = ACTIONS[usize::from(what / 2) % ACTIONS.len()].to_owned();
        let resource = if what == 255 { "none".parse().unwrap() } else { resource(what) };
        let request = Request::new().with(ACTION, ACTION_ID, action.as_str()).with(
            ENVIRONMENT,
            "urn:example:channel",
            i64::from(what),
        );
        let question = Question {
            subject: match subject % 8 {
                0..=4 => Some(Subject::Party(party(subject % 8))),
                5 | 6 => Some(Subject::SystemUser(user(subject % 8))),
                _ => None,
            },
            resource,
            action,
            party: (party_of > 8).then(|| party(party_of)),
            at: self.now(),
            request,
        };
        let policy = self.policies.get(&question.resource);
        let access = decide(&self.graph, policy, &question);
        let node = self.graph.resource(&question.resource);
        let record = DecisionRecord {
            id: self.next_id(),
            caller: None,
            correlation: None,
            ledger: TestLedger::ID,
            position: self.graph.position(),
            evaluated_at: question.at,
            engine: ENGINE.into(),
            matching: STRICT.into(),
            request: RecordedRequest::of(&question),
            owner: node.map(|node| node.definition.owner),
            policy: policy.map(|policy| policy.hash.clone()),
            catalogues: catalogues(&self.graph),
            facts: String::new(),
            decision: "".into(),
            status: "".into(),
            obligations: serde_json::Value::Null,
            reason: "".into(),
            withheld: 0,
        };
        self.facts.push(lines(&access.facts));
        self.records.push(LogRecord::Decision(record.with_answer(&access)));
    }

    /// It is checked what somebody may give on, as the decision service does it.
    pub(super) fn checks(&mut self, giver: u8, for_party: u8, what: u8) {
        let (giver, represented, at) = (party(giver), party(for_party), self.now());
        let resources: BTreeSet<ResourceId> = (0..=what % 2).map(resource).collect();
        let (mut facts, mut rights, mut checked_packages) =
            (Vec::new(), BTreeMap::new(), BTreeMap::new());
        for resource in resources {
            let checked = match self.policies.get(&resource) {
                None => RightChecked::default(),
                Some(policy) => {
                    let check = check_right(&self.graph, policy, &resource, giver, represented, at);
                    facts.extend(check.facts);
                    let actions = check.actions.into_iter().collect();
                    RightChecked { policy: Some(policy.hash.clone()), actions }
                }
            };
            rights.insert(resource, checked);
        }
        for package in packages(what) {
            let check = check_package(&self.graph, &package, giver, represented, at);
            facts.extend(check.facts);
            checked_packages.insert(package, check.is_delegable);
        }
        self.facts.push(lines(&facts));
        self.records.push(LogRecord::Delegation(DelegationRecord {
            id: self.next_id(),
            ledger: TestLedger::ID,
            position: self.graph.position(),
            evaluated_at: at,
            engine: ENGINE.into(),
            catalogues: catalogues(&self.graph),
            facts: fingerprint(&facts),
            delegation: Delegation {
                giver,
                party: represented,
                rights,
                packages: checked_packages,
            },
        }));
    }
}

fn lines(facts: &[Fact]) -> Vec<String> {
    facts.iter().map(ToString::to_string).collect()
}
