//! Computing a decision again, from the read models as of its position.
//!
//! What it consults is read, and nothing else: the ledger is not folded.

use std::collections::{BTreeMap, BTreeSet};

use fullmakt_access::{
    Fact, ResourcePolicy, check_package, check_right, decide,
    record::{DecisionRecord, DelegationRecord, RecordedSubject, RightChecked, fingerprint},
};
use fullmakt_events::{PartyId, Position, ResourceId, StreamName};
use fullmakt_readstore::{ReadError, Reader, StandingError};
use fullmakt_xacml::{Limits, Mode, PolicyTree};

use super::{
    reproduction::{Obstacle, Reproduction},
    sources::Sources,
};

/// Why a decision was not computed again.
#[derive(Debug, thiserror::Error)]
pub(super) enum RecomputeError {
    /// The read models cannot be read.
    #[error("the read models cannot be read")]
    Read(#[from] ReadError),
    /// A decision consults what no read model has: a defect of this program.
    #[error("the read models do not say all that a decision consults")]
    Standing(#[from] StandingError),
}

/// A decision that was computed again.
pub(super) struct Recomputed {
    pub(super) reproduction: Reproduction,
    /// The facts that were weighed, each in a line.
    pub(super) facts: Vec<String>,
}

impl From<Obstacle> for Recomputed {
    fn from(obstacle: Obstacle) -> Self {
        Self { reproduction: Reproduction::Unverifiable(obstacle), facts: Vec::new() }
    }
}

/// Computes a decision again.
pub(super) async fn decision(
    reader: &Reader,
    record: &DecisionRecord,
) -> Result<Recomputed, RecomputeError> {
    let Ok(Some(question)) = record.request.question(record.evaluated_at) else {
        return Ok(Obstacle::RecordNotReadable.into());
    };
    if let Some(hash) = &record.policy
        && reader.policy_by_hash(&question.resource, hash, None).await?.is_none()
    {
        return Ok(Obstacle::PolicyNotAvailable.into());
    }
    let Some(catalogues) = catalogues(reader, &record.catalogues, record.position).await? else {
        return Ok(Obstacle::CatalogueNotAvailable.into());
    };
    let policy = policy(reader, &question.resource, record.position).await?;
    let mut sources = Sources::new(reader, record.position, record.request.party);
    if let Some(RecordedSubject::SystemUser(user)) = record.request.subject
        && let Some(version) = reader.system_user(user, Some(record.position)).await?
    {
        // A system user is known by its id, and stands on the stream of its agreement.
        let agreement = StreamName::agreement(&version.row.system, version.row.owner);
        sources.load([agreement].into()).await?;
    }
    let access = sources
        .settled(|graph| {
            let access = decide(graph, policy.as_ref(), &question);
            let consulted = access.consulted.clone();
            (access, consulted)
        })
        .await?;
    let owner = sources.graph().resource(&question.resource).map(|node| node.definition.owner);
    let recomputed = DecisionRecord {
        owner,
        policy: policy.map(|policy| policy.hash),
        catalogues,
        ..record.clone().with_answer(&access)
    };
    let reproduction = Reproduction::comparing(record, recomputed);
    Ok(Recomputed { reproduction, facts: lines(&access.facts) })
}

/// Computes a delegation check again.
pub(super) async fn delegation(
    reader: &Reader,
    record: &DelegationRecord,
) -> Result<Recomputed, RecomputeError> {
    let Some(catalogues) = catalogues(reader, &record.catalogues, record.position).await? else {
        return Ok(Obstacle::CatalogueNotAvailable.into());
    };
    let (asked, at) = (&record.delegation, record.evaluated_at);
    let mut policies: BTreeMap<&ResourceId, ResourcePolicy> = BTreeMap::new();
    for (resource, checked) in &asked.rights {
        if let Some(hash) = &checked.policy
            && reader.policy_by_hash(resource, hash, None).await?.is_none()
        {
            return Ok(Obstacle::PolicyNotAvailable.into());
        }
        let policy = policy(reader, resource, record.position).await?;
        policies.extend(policy.map(|policy| (resource, policy)));
    }
    let mut sources = Sources::new(reader, record.position, Some(asked.party));
    let (facts, delegation) = sources
        .settled(|graph| {
            let (mut facts, mut consulted) = (Vec::new(), BTreeSet::new());
            let mut delegation = asked.clone();
            let between: (PartyId, PartyId) = (asked.giver, asked.party);
            for (resource, checked) in &mut delegation.rights {
                let Some(policy) = policies.get(resource) else {
                    *checked = RightChecked::default();
                    continue;
                };
                let check = check_right(graph, policy, resource, between.0, between.1, at);
                facts.extend(check.facts);
                consulted.extend(check.consulted);
                *checked = RightChecked {
                    policy: Some(policy.hash.clone()),
                    actions: check.actions.into_iter().collect(),
                };
            }
            for (package, is_delegable) in &mut delegation.packages {
                let check = check_package(graph, package, between.0, between.1, at);
                facts.extend(check.facts);
                consulted.extend(check.consulted);
                *is_delegable = check.is_delegable;
            }
            ((facts, delegation), consulted)
        })
        .await?;
    let recomputed =
        DelegationRecord { catalogues, facts: fingerprint(&facts), delegation, ..record.clone() };
    let reproduction = Reproduction::comparing(record, recomputed);
    Ok(Recomputed { reproduction, facts: lines(&facts) })
}

/// The policy that a resource had. One that cannot be read is none, as for the decision service.
async fn policy(
    reader: &Reader,
    resource: &ResourceId,
    as_of: Position,
) -> Result<Option<ResourcePolicy>, ReadError> {
    let Some(version) = reader.policy(resource, Some(as_of)).await? else { return Ok(None) };
    let parsed = PolicyTree::parse(&version.row.xml, Mode::Strict, &Limits::default());
    Ok(parsed.ok().map(|parsed| ResourcePolicy::new(parsed.policy, version.row.hash)))
}

/// The hash of each catalogue's version as of a position; nothing where a version that is named is
/// not there at all.
async fn catalogues(
    reader: &Reader,
    named: &BTreeMap<String, String>,
    as_of: Position,
) -> Result<Option<BTreeMap<String, String>>, ReadError> {
    let known = reader.catalogue_versions(None).await?;
    let is_known = |(name, hash): (&String, &String)| {
        known.iter().any(|version| version.name == *name && version.hash == *hash)
    };
    if !named.iter().all(is_known) {
        return Ok(None);
    }
    let then = reader.catalogue_versions(Some(as_of)).await?;
    let current = then.into_iter().filter(|version| version.is_current);
    Ok(Some(current.map(|version| (version.name, version.hash)).collect()))
}

fn lines(facts: &[Fact]) -> Vec<String> {
    facts.iter().map(ToString::to_string).collect()
}
