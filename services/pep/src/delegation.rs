//! The port to the delegation check: what somebody may give on for a party.

use async_trait::async_trait;
use fullmakt_events::{DecisionId, PackageUrn, PartyId, Position, ResourceId, StreamName};

use crate::DecisionPointError;

/// The delegation check, in this process or another.
#[async_trait]
pub trait DelegationPoint: Send + Sync {
    /// Checks what the giver may give on.
    ///
    /// # Errors
    /// When there is no answer. Whoever asks then gives nothing.
    async fn check(
        &self,
        question: DelegationQuestion,
    ) -> Result<DelegationAnswer, DecisionPointError>;
}

/// What somebody wants to give on for a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelegationQuestion {
    /// Who gives.
    pub giver: PartyId,
    /// For which party.
    pub party: PartyId,
    /// Rights to these resources.
    pub resources: Vec<ResourceId>,
    /// These packages.
    pub packages: Vec<PackageUrn>,
    /// The id that the check gets in the decision log.
    pub ask_id: DecisionId,
}

/// What may be given on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelegationAnswer {
    /// The position it was computed at.
    pub position: Position,
    /// The streams of the facts it rests on: a command that gives power reads them too.
    pub streams: Vec<StreamName>,
    /// The answer for each resource.
    pub rights: Vec<(ResourceId, RightAnswer)>,
    /// For each package whether it may be given on.
    pub packages: Vec<(PackageUrn, bool)>,
}

/// What may be given on of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RightAnswer {
    /// It depends on the action.
    Actions {
        /// For each action that the policy has a rule for whether it may be given on.
        actions: Vec<(String, bool)>,
        /// Whether the policy names access packages, so that a missing one may be the reason.
        names_packages: bool,
    },
    /// Nothing: the resource has no policy.
    NoPolicy,
}
