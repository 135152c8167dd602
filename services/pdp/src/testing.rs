//! A small world for tests, and what decisions are made and logged with.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use fullmakt_eventlog::{
    AppendError, OpenError, ReadLimits, Topic, TopicName, TopicPlace, TopicReadError, TopicRecord,
    Topics,
    memory::{MemoryLog, MemoryTopics, TimeSource},
};
use fullmakt_events::{
    ActorKind, Event, Folded, OrgNumber, PartyId, PartyNumber, Position, ResourceId, Right,
    RoleUrn, StreamName, SystemUserId, Timestamp, Verdict,
    event::{
        AgreementEvent, OrgNumberClaimed, OrgNumberEvent, PartyEvent, PartyFacts, PartyKind,
        PartyNumberClaimed, PartyNumberEvent, PartyRegistered, PolicyPublished, ResourceCreated,
        ResourceDefinition, ResourceEvent, RoleAssigned, SystemDefinition, SystemEvent,
        SystemRegistered, SystemUserCreated, SystemUserKind,
    },
};
use fullmakt_ledger::{Fold, LedgerSettings, MemoryIndex, open};
use fullmakt_pep::Caller;
use serde_json::Value;
use tokio::{sync::watch, time::timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{DecisionLog, DecisionLogMode, Decisions, GenerationFold, decisions_topic};

pub(crate) const VAT_RETURN: &str = "demo-vat-return";
pub(crate) const PAYROLL_REPORT: &str = "demo-payroll-report";
/// Who owns the VAT return.
pub(crate) const VAT_OWNER: &str = "991825827";
/// The company, which owns the payroll report as well.
pub(crate) const COMPANY_ORG: &str = "310010014";
pub(crate) const MAX_STALENESS: Duration = Duration::from_secs(30);

const VAT_POLICY: &str = include_str!("../../fullmakt/demo/policies/demo-vat-return.xml");
const PAYROLL_POLICY: &str = include_str!("../../fullmakt/demo/policies/demo-payroll-report.xml");

pub(crate) fn now() -> Timestamp {
    Timestamp::from_millis(1_795_000_000_000)
}

pub(crate) fn party(number: u32) -> PartyId {
    PartyId::new(Uuid::from_u128(number.into()))
}

/// A person, who is the general manager of the company.
pub(crate) fn kari() -> PartyId {
    party(50_001)
}

pub(crate) fn company() -> PartyId {
    party(50_002)
}

/// A system user of the company that may sign VAT returns.
pub(crate) fn system_user() -> SystemUserId {
    SystemUserId::new(Uuid::from_u128(100))
}

/// What happened before every test.
pub(crate) fn history() -> Vec<Event> {
    let mut events = Vec::new();
    events.extend(registered(50_001, PartyKind::Person, None));
    events.extend(registered(50_002, PartyKind::Organization, Some(COMPANY_ORG)));
    events.push(
        PartyEvent::RoleAssigned(RoleAssigned {
            party: company(),
            role: RoleUrn::new("urn:altinn:external-role:ccr:daglig-leder"),
            holder: kari(),
        })
        .into(),
    );
    for (id, owner, xml) in
        [(VAT_RETURN, VAT_OWNER, VAT_POLICY), (PAYROLL_REPORT, COMPANY_ORG, PAYROLL_POLICY)]
    {
        events.push(created(id, owner));
        events.push(published(id, xml));
    }
    let right = Right::to(VAT_RETURN, Some("sign"));
    let system = SystemDefinition {
        id: "991825827_smart".parse().unwrap(),
        vendor: VAT_OWNER.parse().unwrap(),
        name: fullmakt_events::LocalizedText::default(),
        description: fullmakt_events::LocalizedText::default(),
        rights: vec![right.clone()],
        access_packages: Vec::new(),
        client_ids: Vec::new(),
        is_visible: true,
        allowed_redirect_urls: Vec::new(),
    };
    let user = SystemUserCreated {
        id: system_user(),
        kind: SystemUserKind::Standard,
        system: system.id.clone(),
        vendor: system.vendor,
        owner: COMPANY_ORG.parse().unwrap(),
        owner_party: company(),
        external_ref: "1".to_owned(),
        integration_title: String::new(),
        rights: vec![right.clone()],
        delegated: vec![right],
        access_packages: Vec::new(),
    };
    let internal_id = Uuid::from_u128(7).into();
    events.push(
        SystemEvent::Registered(SystemRegistered { internal_id, system: Box::new(system) }).into(),
    );
    events.push(AgreementEvent::SystemUserCreated(user).into());
    events
}

pub(crate) fn registered(number: u32, kind: PartyKind, org: Option<&str>) -> Vec<Event> {
    let party = party(number);
    let number = PartyNumber::new(number);
    let org_number: Option<OrgNumber> = org.map(|org| org.parse().unwrap());
    let facts =
        PartyFacts { kind, org_number, variant: None, name: None, parent: None, is_deleted: false };
    let mut events = vec![
        PartyEvent::Registered(PartyRegistered { party, number, facts }).into(),
        PartyNumberEvent::Claimed(PartyNumberClaimed { number, party }).into(),
    ];
    if let Some(org_number) = org_number {
        events.push(OrgNumberEvent::Claimed(OrgNumberClaimed { org_number, party }).into());
    }
    events
}

pub(crate) fn created(id: &str, owner: &str) -> Event {
    let resource = ResourceDefinition {
        id: id.parse().unwrap(),
        owner: owner.parse().unwrap(),
        resource_type: "GenericAccessResource".to_owned(),
        is_delegable: true,
        metadata: serde_json::Map::new(),
    };
    ResourceEvent::Created(ResourceCreated { resource }).into()
}

pub(crate) fn published(id: &str, xml: &str) -> Event {
    let id: ResourceId = id.parse().unwrap();
    let hash = format!("hash of {} bytes", xml.len());
    ResourceEvent::PolicyPublished(PolicyPublished { id, hash, xml: xml.to_owned() }).into()
}

/// One record for each of these events, the first at this position.
pub(crate) fn records(first: u64, events: Vec<Event>) -> Vec<Folded> {
    let stream = StreamName::catalogue("any");
    (first..)
        .zip(events)
        .map(|(position, event)| Folded {
            position: Position::new(position),
            append_time: now(),
            ledger_time: now(),
            bytes: Arc::from([]),
            verdict: Verdict::Admitted,
            record: None,
            events: vec![(stream.clone(), event)],
        })
        .collect()
}

/// The fold after what happened before every test.
pub(crate) fn fold() -> GenerationFold {
    let mut fold = GenerationFold::default();
    fold.apply(&records(1, history()));
    fold
}

/// A log of decisions that can be made to fail.
#[derive(Clone)]
pub(crate) struct Tape {
    topics: MemoryTopics,
    manner: Arc<Mutex<Manner>>,
    begun: Arc<watch::Sender<usize>>,
    taken: Arc<watch::Sender<usize>>,
}

/// How a log takes records.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    Takes,
    Refuses,
    NeverAnswers,
}

pub(crate) fn topic() -> TopicName {
    decisions_topic("main").unwrap().name
}

impl Tape {
    pub(crate) async fn new(manner: Manner) -> Self {
        let topics = MemoryTopics::new(TimeSource::new(now));
        topics.ensure(&decisions_topic("main").unwrap()).await.unwrap();
        Self {
            topics,
            manner: Arc::new(Mutex::new(manner)),
            begun: Arc::new(watch::Sender::new(0)),
            taken: Arc::new(watch::Sender::new(0)),
        }
    }

    pub(crate) fn becomes(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    /// Waits until so many records were to be appended, at most a minute.
    pub(crate) async fn has_begun(&self, count: usize) {
        reaches(&self.begun, count).await;
    }

    /// Waits until so many records are there, at most a minute.
    pub(crate) async fn has_taken(&self, count: usize) {
        reaches(&self.taken, count).await;
    }

    /// The records that are there, in the order of their partitions.
    pub(crate) async fn records(&self) -> Vec<Value> {
        let limits = ReadLimits { records_max: usize::MAX, bytes_max: usize::MAX };
        let mut found = Vec::new();
        for partition in 0..crate::DECISIONS_TOPIC_PARTITIONS {
            let read = self.topics.read(&topic(), partition, 0, limits, Duration::ZERO).await;
            found.extend(read.unwrap());
        }
        found.iter().map(|record| serde_json::from_slice(&record.bytes).unwrap()).collect()
    }
}

async fn reaches(counter: &watch::Sender<usize>, count: usize) {
    let mut counter = counter.subscribe();
    let enough = counter.wait_for(|counted| *counted >= count);
    timeout(Duration::from_mins(1), enough).await.unwrap().unwrap();
}

#[async_trait]
impl Topics for Tape {
    async fn ensure(&self, topic: &Topic) -> Result<(), OpenError> {
        self.topics.ensure(topic).await
    }

    async fn append(
        &self,
        topic: &TopicName,
        key: Bytes,
        bytes: Bytes,
    ) -> Result<TopicPlace, AppendError> {
        let manner = *self.manner.lock().unwrap();
        self.begun.send_modify(|begun| *begun += 1);
        match manner {
            Manner::Takes => {
                let place = self.topics.append(topic, key, bytes).await?;
                self.taken.send_modify(|taken| *taken += 1);
                Ok(place)
            }
            Manner::Refuses => Err(AppendError::unavailable(std::io::Error::other("away"))),
            Manner::NeverAnswers => std::future::pending().await,
        }
    }

    async fn read(
        &self,
        topic: &TopicName,
        partition: u32,
        from: u64,
        limits: ReadLimits,
        wait: Duration,
    ) -> Result<Vec<TopicRecord>, TopicReadError> {
        self.topics.read(topic, partition, from, limits, wait).await
    }

    async fn end(&self, topic: &TopicName, partition: u32) -> Result<u64, TopicReadError> {
        self.topics.end(topic, partition).await
    }
}

/// Decisions on this fold's generations, logged on this tape before they are given.
pub(crate) async fn decisions(fold: &GenerationFold, tape: &Tape) -> Decisions {
    let log = Arc::new(MemoryLog::new(TimeSource::new(now)));
    let settings = LedgerSettings {
        name: "main".to_owned(),
        heartbeat: Duration::from_secs(10),
        is_hashing_state: false,
    };
    let index = Arc::new(MemoryIndex::default());
    let folder = open(log, index, settings, Vec::new(), CancellationToken::new()).await.unwrap();
    let log = DecisionLog::new(Arc::new(tape.clone()), topic(), DecisionLogMode::Required);
    Decisions::new(folder.ledger(), fold.generations(), log, Arc::new(now), MAX_STALENESS)
}

/// A service owner's system with these scopes.
pub(crate) fn caller(org: Option<&str>, scopes: &[&str]) -> Caller {
    Caller {
        kind: ActorKind::SystemProvider,
        issuer: "https://issuer.example/".to_owned(),
        org: org.map(|org| org.parse().unwrap()),
        supplier: None,
        org_code: None,
        client_id: None,
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        person: None,
        system_user: None,
        app: None,
        auth_level: None,
        authentication_method: None,
    }
}
