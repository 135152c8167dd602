//! A world in which things happen, and about which questions are asked.

mod given;

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use fullmakt_events::{
    Event, Folded, OrgNumber, PackageUrn, PartyId, PartyNumber, Position, ResourceId, Right,
    RoleUrn, StreamName, SystemId, SystemUserId, Timestamp, Verdict,
    event::{
        AccessPackage, AgreementEvent, Catalogue, CatalogueEvent, CataloguePublished, PartyChanged,
        PartyEvent, PartyFacts, PartyKind, PartyRegistered, Role, RoleAssigned, RoleEnded,
        RoleMapping, RolePackage, SystemDefinition, SystemDeleted, SystemEvent, SystemRegistered,
        SystemUserCreated, SystemUserDeleted, SystemUserKind, SystemUserPaused, SystemUserResumed,
    },
};
use fullmakt_projections::graph::AccessGraph;
use fullmakt_xacml::{
    Decision, Limits, Mode, PolicyTree, Request,
    ids::{ACTION, ACTION_ID},
};
use uuid::Uuid;

pub(super) use given::{list_stream, registry_right};

use crate::{
    AccessDecision, AccessExplanation, PackageCheck, Question, RepresentationCheck, ResourcePolicy,
    RightCheck, Subject, check_package, check_representation, check_right, decide, explain,
    represented_parties, roles_for,
};

macro_rules! demo {
    ($name:literal) => {
        ($name, include_str!(concat!("../../../fullmakt/demo/policies/", $name, ".xml")))
    };
}

pub(super) const VAT_RETURN: &str = "demo-vat-return";
pub(super) const PAYROLL_REPORT: &str = "demo-payroll-report";
pub(super) const ACCESS_MANAGEMENT: &str = "altinn_access_management";

const DEMO_POLICIES: [(&str, &str); 3] =
    [demo!("demo-vat-return"), demo!("demo-payroll-report"), demo!("altinn_access_management")];

pub(super) const OWNER: &str = "310010014";
const VENDOR: &str = "991825827";
const SYSTEM: &str = "991825827_smart";

/// The catalogues of the release and the policies of its demonstration.
static START: LazyLock<World> = LazyLock::new(|| {
    let (graph, policies) = (AccessGraph::default(), BTreeMap::new());
    let mut world = World { graph, next: 1, time: now(), history: Vec::new(), policies };
    for content in [roles(), role_map(), role_packages(), access_packages()] {
        world.publishes(content);
    }
    for (resource, xml) in DEMO_POLICIES {
        world.has_policy(resource, xml);
    }
    world
});

#[derive(Clone)]
pub(super) struct World {
    graph: AccessGraph,
    next: u64,
    time: Timestamp,
    /// All that has happened, in order, each with its time.
    pub(super) history: Vec<(Timestamp, Arc<Event>)>,
    policies: BTreeMap<ResourceId, ResourcePolicy>,
}

impl World {
    pub(super) fn new() -> Self {
        START.clone()
    }

    pub(super) fn happens(&mut self, stream: StreamName, event: impl Into<Event>) {
        let (time, event) = (self.time, event.into());
        self.history.push((time, Arc::new(event.clone())));
        self.graph.apply(&Folded {
            position: Position::new(self.next),
            append_time: time,
            ledger_time: time,
            bytes: Arc::from([]),
            verdict: Verdict::Admitted,
            record: None,
            events: vec![(stream, event)],
        });
        self.next += 1;
    }

    /// Lets time pass before what happens next.
    pub(super) fn passes(&mut self, seconds: i64) {
        self.time = self.time.plus_seconds(seconds);
    }

    pub(super) fn publishes(&mut self, content: Catalogue) {
        let stream = StreamName::catalogue(content.name());
        let hash = format!("{}-{}", content.name(), self.next);
        self.happens(stream, CatalogueEvent::Published(CataloguePublished { hash, content }));
    }

    pub(super) fn has_policy(&mut self, resource: &str, xml: &str) {
        let parsed = PolicyTree::parse(xml, Mode::Strict, &Limits::default()).unwrap();
        let policy = ResourcePolicy::new(parsed.policy, resource.to_owned());
        self.policies.insert(resource.parse().unwrap(), policy);
    }

    pub(super) fn has_no_policy(&mut self, resource: &str) {
        self.policies.remove(&resource.parse::<ResourceId>().unwrap());
    }

    fn party(&mut self, number: u32, facts: PartyFacts) -> PartyId {
        let party = party(number);
        let number = PartyNumber::new(number);
        let event = PartyEvent::Registered(PartyRegistered { party, number, facts });
        self.happens(StreamName::party(party), event);
        party
    }

    pub(super) fn person(&mut self, number: u32) -> PartyId {
        self.party(number, facts(PartyKind::Person, None, None))
    }

    pub(super) fn organisation(&mut self, number: u32, variant: &str) -> PartyId {
        self.party(number, facts(PartyKind::Organization, Some(variant), None))
    }

    pub(super) fn sub_unit(&mut self, number: u32, of: PartyId) -> PartyId {
        self.party(number, facts(PartyKind::SubUnit, Some("BEDR"), Some(of)))
    }

    pub(super) fn changes(&mut self, party: PartyId, facts: PartyFacts) {
        let event = PartyEvent::Changed(PartyChanged { party, facts });
        self.happens(StreamName::party(party), event);
    }

    /// `holder` holds a role of the entity register, or another by its URN, for `party`.
    pub(super) fn holds(&mut self, holder: PartyId, role: &str, party: PartyId) {
        let role = role_urn(role);
        let event = PartyEvent::RoleAssigned(RoleAssigned { party, role, holder });
        self.happens(StreamName::party(party), event);
    }

    pub(super) fn no_longer_holds(&mut self, holder: PartyId, role: &str, party: PartyId) {
        let role = role_urn(role);
        let event = PartyEvent::RoleEnded(RoleEnded { party, role, holder });
        self.happens(StreamName::party(party), event);
    }

    pub(super) fn system(&mut self, rights: &[Right], packages: &[&str]) {
        let system = SystemDefinition {
            id: system(),
            vendor: VENDOR.parse().unwrap(),
            name: fullmakt_events::LocalizedText::default(),
            description: fullmakt_events::LocalizedText::default(),
            rights: rights.to_vec(),
            access_packages: packages.iter().map(|package| package_urn(package)).collect(),
            client_ids: Vec::new(),
            is_visible: true,
            allowed_redirect_urls: Vec::new(),
        };
        let internal_id = Uuid::from_u128(7).into();
        let event =
            SystemEvent::Registered(SystemRegistered { internal_id, system: Box::new(system) });
        self.happens(StreamName::system(&system_id()), event);
    }

    pub(super) fn system_is_deleted(&mut self) {
        let event = SystemEvent::Deleted(SystemDeleted { id: system_id() });
        self.happens(StreamName::system(&system_id()), event);
    }

    /// A system user of this organisation, with these rights and packages.
    pub(super) fn system_user(
        &mut self,
        number: u128,
        kind: SystemUserKind,
        owner: PartyId,
        (delegated, packages): (&[Right], &[&str]),
    ) -> SystemUserId {
        let id = SystemUserId::new(Uuid::from_u128(number));
        let event = AgreementEvent::SystemUserCreated(SystemUserCreated {
            id,
            kind,
            system: system_id(),
            vendor: VENDOR.parse().unwrap(),
            owner: OWNER.parse().unwrap(),
            owner_party: owner,
            external_ref: number.to_string(),
            integration_title: String::new(),
            rights: delegated.to_vec(),
            delegated: delegated.to_vec(),
            access_packages: packages.iter().map(|package| package_urn(package)).collect(),
        });
        self.happens(agreement(), event);
        id
    }

    pub(super) fn system_user_is_deleted(&mut self, id: SystemUserId, by: PartyId) {
        let event = AgreementEvent::SystemUserDeleted(SystemUserDeleted { id, by: Some(by) });
        self.happens(agreement(), event);
    }

    pub(super) fn system_user_is_paused(&mut self, id: SystemUserId, by: PartyId) {
        let event = AgreementEvent::SystemUserPaused(SystemUserPaused { id, by });
        self.happens(agreement(), event);
    }

    pub(super) fn system_user_is_resumed(&mut self, id: SystemUserId, by: PartyId) {
        let event = AgreementEvent::SystemUserResumed(SystemUserResumed { id, by });
        self.happens(agreement(), event);
    }

    pub(super) fn knows(&self, user: SystemUserId) -> bool {
        self.graph.system_user(user).is_some()
    }

    pub(super) fn asked(&self, question: &Question) -> AccessDecision {
        decide(&self.graph, self.policies.get(&question.resource), question)
    }

    /// Why the answer to a question is what it is.
    pub(super) fn explains(&self, question: &Question) -> AccessExplanation {
        let policy = self.policies.get(&question.resource);
        explain(&self.graph, policy, question, &self.asked(question))
    }

    pub(super) fn decides(
        &self,
        subject: impl Into<Subject>,
        action: &str,
        resource: &str,
        party: PartyId,
    ) -> AccessDecision {
        self.asked(&question(subject, action, resource, party))
    }

    pub(super) fn permits(
        &self,
        subject: impl Into<Subject>,
        action: &str,
        resource: &str,
        party: PartyId,
    ) -> bool {
        self.decides(subject, action, resource, party).decision == Decision::Permit
    }

    /// Whether it is permitted at another time than [`now`].
    pub(super) fn permits_at(
        &self,
        at: Timestamp,
        (subject, action, resource): (impl Into<Subject>, &str, &str),
        party: PartyId,
    ) -> bool {
        let asked = Question { at, ..question(subject, action, resource, party) };
        self.asked(&asked).decision == Decision::Permit
    }

    pub(super) fn may_give_right(
        &self,
        giver: PartyId,
        resource: &str,
        party: PartyId,
    ) -> RightCheck {
        let resource = resource.parse().unwrap();
        let policy = &self.policies[&resource];
        check_right(&self.graph, policy, &resource, giver, party, now())
    }

    pub(super) fn represents(&self, person: PartyId, party: PartyId) -> RepresentationCheck {
        check_representation(&self.graph, person, party, now())
    }

    pub(super) fn represented_by(&self, person: PartyId) -> Vec<PartyId> {
        represented_parties(&self.graph, person, now())
    }

    pub(super) fn roles_for(&self, person: PartyId, party: PartyId) -> Vec<RoleUrn> {
        roles_for(&self.graph, person, party, now())
    }

    pub(super) fn may_give_package(
        &self,
        giver: PartyId,
        package: &str,
        party: PartyId,
    ) -> PackageCheck {
        check_package(&self.graph, &package_urn(package), giver, party, now())
    }
}

impl From<PartyId> for Subject {
    fn from(party: PartyId) -> Self {
        Self::Party(party)
    }
}

impl From<SystemUserId> for Subject {
    fn from(user: SystemUserId) -> Self {
        Self::SystemUser(user)
    }
}

pub(super) fn question(
    subject: impl Into<Subject>,
    action: &str,
    resource: &str,
    party: PartyId,
) -> Question {
    Question {
        subject: Some(subject.into()),
        resource: resource.parse().unwrap(),
        action: action.to_owned(),
        party: Some(party),
        at: now(),
        request: Request::new().with(ACTION, ACTION_ID, action),
    }
}

pub(super) fn now() -> Timestamp {
    Timestamp::from_millis(1_795_000_000_000)
}

pub(super) fn party(number: u32) -> PartyId {
    PartyId::new(Uuid::from_u128(number.into()))
}

pub(super) fn facts(kind: PartyKind, variant: Option<&str>, parent: Option<PartyId>) -> PartyFacts {
    PartyFacts {
        kind,
        org_number: None,
        variant: variant.map(str::to_owned),
        name: None,
        parent,
        is_deleted: false,
    }
}

fn system() -> SystemId {
    SYSTEM.parse().unwrap()
}

pub(super) fn system_id() -> SystemId {
    system()
}

pub(super) fn agreement() -> StreamName {
    StreamName::agreement(&system_id(), OWNER.parse::<OrgNumber>().unwrap())
}

fn role_urn(role: &str) -> RoleUrn {
    if role.starts_with("urn:") {
        RoleUrn::new(role)
    } else {
        RoleUrn::new(format!("urn:altinn:external-role:ccr:{role}"))
    }
}

pub(super) fn package_urn(code: &str) -> PackageUrn {
    PackageUrn::new(format!("{}{code}", PackageUrn::PREFIX))
}

fn lines(text: &str) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(text.as_bytes()).records().map(Result::unwrap).collect()
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

pub(super) fn roles() -> Catalogue {
    let role = |line: csv::StringRecord| Role {
        urn: RoleUrn::new(&line[0]),
        legacy_urn: some(&line[1]).map(RoleUrn::new),
        code: line[2].to_owned(),
        legacy_code: some(&line[3]).map(str::to_owned),
        name_nb: line[4].to_owned(),
        name_en: line[5].to_owned(),
        is_key_role: &line[6] == "true",
        is_assignable: &line[7] == "true",
        provider: line[8].to_owned(),
        entity_type: line[9].to_owned(),
        id: line[10].parse().unwrap(),
    };
    let text = include_str!("../../../commands/catalogue/roles.csv");
    Catalogue::Roles(lines(text).into_iter().map(role).collect())
}

pub(super) fn role_map() -> Catalogue {
    let mapping = |line: csv::StringRecord| RoleMapping {
        has: RoleUrn::new(&line[1]),
        gets: RoleUrn::new(&line[3]),
    };
    let text = include_str!("../../../commands/catalogue/role_map.csv");
    Catalogue::RoleMap(lines(text).into_iter().map(mapping).collect())
}

pub(super) fn role_packages() -> Catalogue {
    let package = |line: csv::StringRecord| RolePackage {
        role: RoleUrn::new(&line[1]),
        package: PackageUrn::new(&line[2]),
        entity_variant: some(&line[3]).map(str::to_owned),
        can_delegate: &line[4] == "true",
        has_access: &line[5] == "true",
    };
    let text = include_str!("../../../commands/catalogue/role_packages.csv");
    Catalogue::RolePackages(lines(text).into_iter().map(package).collect())
}

pub(super) fn access_packages() -> Catalogue {
    let package = |line: csv::StringRecord| AccessPackage {
        urn: PackageUrn::new(&line[0]),
        name_nb: line[1].to_owned(),
        name_en: line[2].to_owned(),
        area: line[3].to_owned(),
        is_delegable: &line[6] == "true",
        is_assignable: &line[7] == "true",
        is_available_for_service_owners: &line[8] == "true",
        entity_type: line[9].to_owned(),
        id: line[10].parse().unwrap(),
    };
    let text = include_str!("../../../commands/catalogue/packages.csv");
    Catalogue::AccessPackages(lines(text).into_iter().map(package).collect())
}

/// A policy for a resource with these rules: effect, action, and what the subject has to have, if
/// anything; with obligations.
pub(super) fn policy(resource: &str, rules: &[TestRule]) -> String {
    let rule = |(number, rule): (usize, &TestRule)| {
        let TestRule { effect, action, subject, obligations } = rule;
        let subject = subject.map_or(String::new(), |(id, value)| any_of("subject", id, value));
        let action = any_of("action", ACTION_ID, action);
        let obligations = obligations.map_or(String::new(), |level| obligation("rule", level));
        format!(
            "<Rule RuleId=\"r{number}\" Effect=\"{effect}\"><Target>{subject}{action}</Target>\
             {obligations}</Rule>"
        )
    };
    let rules: String = rules.iter().enumerate().map(rule).collect();
    let obligations = obligation(
        "policy",
        "<AttributeValue DataType=\"http://www.w3.org/2001/XMLSchema#integer\">3</AttributeValue>",
    );
    format!(
        "<Policy xmlns=\"urn:oasis:names:tc:xacml:3.0:core:schema:wd-17\" PolicyId=\"{resource}\" \
         Version=\"1.0\" RuleCombiningAlgId=\"urn:oasis:names:tc:xacml:3.0:rule-combining-algorithm:deny-overrides\">\
         <Target/>{rules}{obligations}</Policy>"
    )
}

/// A rule of a [`policy`].
#[derive(Clone, Copy)]
pub(super) struct TestRule {
    pub(super) effect: &'static str,
    pub(super) action: &'static str,
    pub(super) subject: Option<(&'static str, &'static str)>,
    /// An obligation of the rule: the expression of its value.
    pub(super) obligations: Option<&'static str>,
}

impl TestRule {
    pub(super) const fn permit(
        action: &'static str,
        subject: Option<(&'static str, &'static str)>,
    ) -> Self {
        Self { effect: "Permit", action, subject, obligations: None }
    }
}

fn any_of(category: &str, id: &str, value: &str) -> String {
    let category = match category {
        "subject" => fullmakt_xacml::ids::ACCESS_SUBJECT,
        _ => ACTION,
    };
    format!(
        "<AnyOf><AllOf><Match MatchId=\"urn:oasis:names:tc:xacml:1.0:function:string-equal\">\
         <AttributeValue DataType=\"http://www.w3.org/2001/XMLSchema#string\">{value}</AttributeValue>\
         <AttributeDesignator AttributeId=\"{id}\" Category=\"{category}\" \
         DataType=\"http://www.w3.org/2001/XMLSchema#string\" MustBePresent=\"false\"/>\
         </Match></AllOf></AnyOf>"
    )
}

fn obligation(name: &str, expression: &str) -> String {
    format!(
        "<ObligationExpressions><ObligationExpression ObligationId=\"{name}\" FulfillOn=\"Permit\">\
         <AttributeAssignmentExpression AttributeId=\"level\" \
         Category=\"urn:altinn:minimum-authenticationlevel\">{expression}\
         </AttributeAssignmentExpression></ObligationExpression></ObligationExpressions>"
    )
}
