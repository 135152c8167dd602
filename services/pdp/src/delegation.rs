//! The delegation check: what somebody may give on for a party, logged like a decision.

use std::collections::BTreeMap;

use fullmakt_access::{
    Fact, check_package, check_right,
    record::{
        Delegation, DelegationRecord, ENGINE, LogRecord, RightChecked, catalogues, fingerprint,
    },
};
use fullmakt_events::{PackageUrn, ResourceId, StreamName, Timestamp};
use fullmakt_pep::{DelegationAnswer, DelegationQuestion, RightAnswer};

use crate::{Decisions, Generation, LogError};

impl Decisions {
    /// Checks and logs.
    ///
    /// # Errors
    /// When the log has to take the record first and does not.
    pub(crate) async fn check_delegation(
        &self,
        generation: &Generation,
        asked: DelegationQuestion,
    ) -> Result<DelegationAnswer, LogError> {
        let at = self.now();
        let mut check = Check::of(&asked);
        for resource in asked.resources {
            check.right(generation, resource, at);
        }
        for package in asked.packages {
            let DelegationQuestion { giver, party, .. } = asked;
            let checked = check_package(&generation.graph, &package, giver, party, at);
            check.streams.extend(checked.consulted);
            check.package_facts.insert(package.clone(), checked.facts);
            check.record.packages.insert(package.clone(), checked.is_delegable);
            check.packages.push((package, checked.is_delegable));
        }
        let record = DelegationRecord {
            id: asked.ask_id,
            ledger: self.ledger.id(),
            position: generation.graph.position(),
            evaluated_at: at,
            engine: ENGINE.into(),
            catalogues: catalogues(&generation.graph),
            facts: fingerprint(check.facts()),
            delegation: check.record,
        };
        let position = record.position;
        self.log.write(&LogRecord::Delegation(record)).await?;
        check.streams.sort();
        check.streams.dedup();
        Ok(DelegationAnswer {
            position,
            streams: check.streams,
            rights: check.rights,
            packages: check.packages,
        })
    }
}

/// A check under way: the answer, what it rests on, and what the log is to hold of it.
struct Check {
    streams: Vec<StreamName>,
    right_facts: BTreeMap<ResourceId, Vec<Fact>>,
    package_facts: BTreeMap<PackageUrn, Vec<Fact>>,
    rights: Vec<(ResourceId, RightAnswer)>,
    packages: Vec<(PackageUrn, bool)>,
    record: Delegation,
}

impl Check {
    fn of(asked: &DelegationQuestion) -> Self {
        Self {
            streams: Vec::new(),
            right_facts: BTreeMap::new(),
            package_facts: BTreeMap::new(),
            rights: Vec::new(),
            packages: Vec::new(),
            record: Delegation {
                giver: asked.giver,
                party: asked.party,
                rights: BTreeMap::new(),
                packages: BTreeMap::new(),
            },
        }
    }

    /// The facts that were weighed, in the order of the record.
    fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.right_facts.values().chain(self.package_facts.values()).flatten()
    }

    fn right(&mut self, generation: &Generation, resource: ResourceId, at: Timestamp) {
        self.streams.push(StreamName::resource(&resource));
        let (answer, checked) = match generation.policy(&resource) {
            None => (RightAnswer::NoPolicy, RightChecked::default()),
            Some(policy) => {
                let Delegation { giver, party, .. } = self.record;
                let check = check_right(&generation.graph, policy, &resource, giver, party, at);
                self.streams.extend(check.consulted);
                self.right_facts.insert(resource.clone(), check.facts);
                let checked = RightChecked {
                    policy: Some(policy.hash.clone()),
                    actions: check.actions.iter().cloned().collect(),
                };
                let names_packages = check.names_packages;
                (RightAnswer::Actions { actions: check.actions, names_packages }, checked)
            }
        };
        self.record.rights.insert(resource.clone(), checked);
        self.rights.push((resource, answer));
    }
}
