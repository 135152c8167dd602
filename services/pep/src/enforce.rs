//! Asking the decision point, and denying on anything but a Permit whose obligations are fulfilled.

use fullmakt_events::{Authorization, DecisionId, Position, ResourceId, StreamName};
use fullmakt_http::{AltinnError, MinPosition, Problem, ProblemType};

use crate::{
    AccessAnswer, AccessQuestion, Caller, Decision, DecisionPoint, DecisionPointError, Obligation,
    PartyRef, Subject,
};

/// A caller was let through. Only [`enforce`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    decision: DecisionId,
    position: Position,
    streams: Vec<StreamName>,
}

impl Allowed {
    /// The decision's id, by which its explanation can be had.
    #[must_use]
    pub const fn decision(&self) -> DecisionId {
        self.decision
    }

    /// The decision as a commit names it.
    #[must_use]
    pub const fn authorization(&self) -> Authorization {
        Authorization { decision: self.decision, position: self.position }
    }

    /// The streams of the facts it rests on, for the commit's `reads`.
    #[must_use]
    pub fn streams(&self) -> &[StreamName] {
        &self.streams
    }
}

/// Why a caller was not let through.
#[derive(Debug, thiserror::Error)]
pub enum AccessRefusal {
    /// The caller is nobody that access can be decided for.
    #[error("the token names neither a person nor a system user nor an organisation")]
    NoSubject,
    /// The decision was not Permit.
    #[error("access is not permitted (decision `{decision}`)")]
    NotPermitted {
        /// The decision's id, by which its explanation can be had.
        decision: DecisionId,
    },
    /// Permitted, but only for a surer authentication.
    #[error("authentication level {required} is needed (decision `{decision}`)")]
    AuthLevelTooLow {
        /// The level needed.
        required: u8,
        /// The decision's id.
        decision: DecisionId,
    },
    /// Permitted, but with an obligation that is not understood here.
    #[error("the obligation `{obligation}` cannot be fulfilled here (decision `{decision}`)")]
    UnknownObligation {
        /// The obligation's id.
        obligation: String,
        /// The decision's id.
        decision: DecisionId,
    },
    /// There is no answer.
    #[error("access could not be decided")]
    Undecided(#[source] DecisionPointError),
}

impl AccessRefusal {
    /// The decision that it follows from, if there was one.
    #[must_use]
    pub const fn decision(&self) -> Option<DecisionId> {
        match self {
            Self::NotPermitted { decision }
            | Self::AuthLevelTooLow { decision, .. }
            | Self::UnknownObligation { decision, .. } => Some(*decision),
            Self::NoSubject | Self::Undecided(_) => None,
        }
    }
}

/// Asks whether the caller may do this, and lets it through only on a Permit whose obligations are
/// fulfilled.
///
/// # Errors
/// On every other answer, and on none.
pub async fn enforce(
    point: &dyn DecisionPoint,
    caller: &Caller,
    action: &str,
    resource: ResourceId,
    party: PartyRef,
    (min_position, ask_id): (MinPosition, DecisionId),
) -> Result<Allowed, AccessRefusal> {
    let subject = Subject::of(caller).ok_or(AccessRefusal::NoSubject)?;
    let question = AccessQuestion {
        subject,
        action: action.to_owned(),
        resource,
        party,
        auth_level: caller.auth_level,
        min_position: min_position.0,
        ask_id,
    };
    let answer = point.decide(question).await.map_err(AccessRefusal::Undecided)?;
    judge(caller, answer)
}

/// Lets the caller through only on a Permit whose obligations are fulfilled.
///
/// # Errors
/// On every other answer.
pub fn judge(caller: &Caller, answer: AccessAnswer) -> Result<Allowed, AccessRefusal> {
    let decision = answer.decision_id;
    match answer.decision {
        Decision::Permit => {}
        Decision::Deny | Decision::NotApplicable | Decision::Indeterminate => {
            return Err(AccessRefusal::NotPermitted { decision });
        }
    }
    let (mut level, mut level_org) = (None, None);
    for obligation in answer.obligations {
        match obligation {
            Obligation::MinimumAuthLevel(required) => level = level.max(Some(required)),
            Obligation::MinimumAuthLevelOrg(required) => level_org = level_org.max(Some(required)),
            Obligation::Unknown(obligation) => {
                return Err(AccessRefusal::UnknownObligation { obligation, decision });
            }
        }
    }
    // Of a service owner's token the level for organisations is asked, where there is one.
    let for_org = level_org.filter(|_| caller.org_code.is_some());
    if let Some(required) = for_org.or(level) {
        // A token that does not say how surely its holder was authenticated is at level 0.
        if caller.auth_level.unwrap_or(0) < required {
            return Err(AccessRefusal::AuthLevelTooLow { required, decision });
        }
    }
    Ok(Allowed { decision, position: answer.position, streams: answer.streams })
}

impl From<AccessRefusal> for Problem {
    fn from(refusal: AccessRefusal) -> Self {
        match &refusal {
            AccessRefusal::NoSubject
            | AccessRefusal::NotPermitted { .. }
            | AccessRefusal::AuthLevelTooLow { .. }
            | AccessRefusal::UnknownObligation { .. } => {
                Self::of(ProblemType::Forbidden, refusal.to_string())
            }
            AccessRefusal::Undecided(DecisionPointError::NotFresh) => {
                Self::opaque(ProblemType::NotFresh, &refusal)
            }
            AccessRefusal::Undecided(DecisionPointError::NoSuchPosition) => Self::of(
                ProblemType::PositionBeyondEnd,
                DecisionPointError::NoSuchPosition.to_string(),
            ),
            AccessRefusal::Undecided(DecisionPointError::Unavailable(_)) => {
                Self::opaque(ProblemType::Unavailable, &refusal)
            }
        }
    }
}

impl From<AccessRefusal> for AltinnError {
    fn from(refusal: AccessRefusal) -> Self {
        Problem::from(refusal).into()
    }
}

#[cfg(test)]
mod tests;
