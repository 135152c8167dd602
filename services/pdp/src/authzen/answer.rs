//! Decisions as the `AuthZEN` API answers them.

use std::collections::BTreeMap;

use fullmakt_access::AccessExplanation;
use fullmakt_events::DecisionId;
use fullmakt_http::{ConsistencyToken, InputError};
use fullmakt_xacml::Notice;
use serde::Serialize;
use utoipa::ToSchema;

use crate::explain::{DecisionReason, Detail, Explain, FullExplanation};

/// A decision.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuthzenDecision {
    /// Whether access is permitted. What cannot be decided is not.
    pub(super) decision: bool,
    pub(super) context: AuthzenContext,
}

/// What belongs to a decision besides.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuthzenContext {
    /// The decision's id in the decision log.
    #[schema(value_type = String)]
    pub(super) id: DecisionId,
    /// The position that it was made at, as in `Fullmakt-Position`.
    #[schema(value_type = String)]
    pub(super) position: ConsistencyToken,
    /// What the enforcement point has to do where access is permitted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    obligations: Vec<AuthzenObligation>,
    /// Why, for users: from the reason's code to its text. If an explanation was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason_user: Option<BTreeMap<&'static str, &'static str>>,
    /// Why, for administrators: from the reason's code to the full explanation. If it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason_admin: Option<BTreeMap<&'static str, FullExplanation>>,
    /// Why the question could not be decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<AuthzenError>,
}

/// Something that the enforcement point has to do.
#[derive(Debug, Serialize, ToSchema)]
struct AuthzenObligation {
    /// What.
    id: String,
    /// By which values.
    assignments: Vec<AuthzenAssignment>,
}

/// A value of an obligation.
#[derive(Debug, Serialize, ToSchema)]
struct AuthzenAssignment {
    /// The attribute.
    id: String,
    /// Its value.
    value: String,
    /// Its category.
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<String>,
}

/// Why one question of a batch could not be decided.
#[derive(Debug, Serialize, ToSchema)]
struct AuthzenError {
    /// The status that a request for it alone would have had.
    status: u16,
    /// What is wrong, and where.
    message: String,
}

impl AuthzenDecision {
    /// What was decided, or why it could not be.
    pub(super) fn new(
        is_permitted: bool,
        (id, position): (DecisionId, ConsistencyToken),
        explain: Explain,
        reason: DecisionReason,
        told: Option<AccessExplanation>,
    ) -> Self {
        let context = AuthzenContext {
            reason_user: explain
                .detail
                .map(|_| [(reason.code(), reason.text(explain.language))].into()),
            reason_admin: match explain.detail {
                Some(Detail::Full) => told.map(|told| [(reason.code(), told.into())].into()),
                None | Some(Detail::Short) => None,
            },
            ..AuthzenContext::new(id, position)
        };
        Self { decision: is_permitted, context }
    }

    /// The same, with what the enforcement point has to do.
    pub(super) fn with_obligations(mut self, obligations: &[Notice]) -> Self {
        self.context.obligations = obligations.iter().map(obligation).collect();
        self
    }

    /// The same, with what is wrong with the question.
    pub(super) fn with_error(mut self, error: &InputError) -> Self {
        self.context.error = Some(AuthzenError { status: 400, message: error.to_string() });
        self
    }
}

impl AuthzenContext {
    pub(super) const fn new(id: DecisionId, position: ConsistencyToken) -> Self {
        Self {
            id,
            position,
            obligations: Vec::new(),
            reason_user: None,
            reason_admin: None,
            error: None,
        }
    }
}

fn obligation(notice: &Notice) -> AuthzenObligation {
    let assignments = notice.assignments.iter().map(|assignment| AuthzenAssignment {
        id: assignment.attribute_id.clone(),
        value: assignment.value.to_string(),
        category: assignment.category.clone(),
    });
    AuthzenObligation { id: notice.id.clone(), assignments: assignments.collect() }
}
