//! Explanations as answers show them.

use fullmakt_access::{AccessExplanation, Fact, FactKind, Miss, NearestMiss};
use fullmakt_events::{DecisionId, Right};
use fullmakt_projections::graph::Provenance;
use serde::Serialize;
use utoipa::ToSchema;

use super::{DecisionReason, Explain};

/// Why a decision is what it is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DecisionExplanation {
    /// The decision's id in the decision log.
    #[schema(value_type = String)]
    id: DecisionId,
    /// The reason. Codes keep their meaning.
    code: &'static str,
    /// The reason in words, in the language that the caller prefers of Norwegian and English.
    text: &'static str,
    /// The language of the text.
    language: &'static str,
    #[serde(flatten)]
    full: Option<FullExplanation>,
}

/// What the full explanation has besides.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FullExplanation {
    /// The rule that decided; absent where no rule did.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<ExplainedRule>,
    /// The facts that the decision rests on.
    facts: Vec<ExplainedFact>,
    /// What stood in the way, whatever the rules say.
    barred: Vec<ExplainedStep>,
    /// For a denial by silence what would have had to be true, the nearest first.
    misses: Vec<ExplainedMiss>,
}

/// A rule.
#[derive(Debug, Serialize, ToSchema)]
struct ExplainedRule {
    /// The policy that it is in.
    policy: String,
    /// The rule.
    id: String,
}

/// A fact.
#[derive(Debug, Serialize, ToSchema)]
struct ExplainedFact {
    /// `role`, `package`, `right`, `registry-right` or `access-list`.
    kind: &'static str,
    /// The role or package by its URN, the resource and action of the right, the type and value of
    /// the right in the rights registry, or the owner and name of the list.
    name: String,
    /// What it follows from.
    path: Vec<ExplainedStep>,
}

/// A fact of the ledger.
#[derive(Debug, Serialize, ToSchema)]
struct ExplainedStep {
    /// The stream that it is on.
    stream: String,
    /// The position that made it true.
    since: u64,
}

/// Something that would have given access.
#[derive(Debug, Serialize, ToSchema)]
struct ExplainedMiss {
    /// The rule that would have permitted it; absent where a right would have.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    /// The single right that would have permitted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    right: Option<String>,
    /// The resource that a right in the rights registry would have been to.
    #[serde(rename = "registryRight", skip_serializing_if = "Option::is_none")]
    registry_right: Option<String>,
    /// The attributes that the rule asks for and that were not so.
    missing: Vec<ExplainedAttribute>,
    /// Whether the rule has a condition besides.
    conditional: bool,
}

/// An attribute with a value.
#[derive(Debug, Serialize, ToSchema)]
struct ExplainedAttribute {
    /// The attribute's category.
    category: String,
    /// The attribute.
    id: String,
    /// The value.
    value: String,
}

impl DecisionExplanation {
    /// The explanation, if one is wanted.
    pub(crate) fn of(
        wanted: Explain,
        id: DecisionId,
        reason: DecisionReason,
        full: Option<AccessExplanation>,
    ) -> Option<Self> {
        wanted.detail?;
        let language = wanted.language;
        Some(Self {
            id,
            code: reason.code(),
            text: reason.text(language),
            language: language.tag(),
            full: full.map(FullExplanation::from),
        })
    }
}

impl From<AccessExplanation> for FullExplanation {
    fn from(told: AccessExplanation) -> Self {
        Self {
            rule: told.rule.map(|fired| ExplainedRule { policy: fired.policy, id: fired.rule }),
            facts: told.facts.iter().map(fact).collect(),
            barred: told.barred_by.iter().map(step).collect(),
            misses: told.misses.into_iter().map(miss).collect(),
        }
    }
}

fn fact(fact: &Fact) -> ExplainedFact {
    let (kind, name) = match &fact.kind {
        FactKind::Role(role) => ("role", role.to_string()),
        FactKind::Package { package, .. } => ("package", package.to_string()),
        FactKind::Right(right) | FactKind::RightWithin { right, .. } => {
            ("right", right_name(right))
        }
        FactKind::RegistryRight { rights_type, rights_value } => {
            ("registry-right", format!("{rights_type} {rights_value}"))
        }
        FactKind::ListMember { owner, name, .. } => ("access-list", format!("{owner}:{name}")),
    };
    ExplainedFact { kind, name, path: fact.path.iter().map(step).collect() }
}

fn right_name(right: &Right) -> String {
    let resource = right.resource_id().unwrap_or_default();
    let action = right.action.as_deref().unwrap_or("*");
    format!("{resource} {action}")
}

fn step(step: &Provenance) -> ExplainedStep {
    ExplainedStep { stream: step.stream.to_string(), since: step.since.get() }
}

fn miss(miss: NearestMiss) -> ExplainedMiss {
    match miss {
        NearestMiss::Rule { rule, missing, is_conditional } => ExplainedMiss {
            rule: Some(rule),
            right: None,
            registry_right: None,
            missing: missing.into_iter().map(attribute).collect(),
            conditional: is_conditional,
        },
        NearestMiss::RegistryRight { resource } => ExplainedMiss {
            rule: None,
            right: None,
            registry_right: Some(resource.to_string()),
            missing: Vec::new(),
            conditional: false,
        },
        NearestMiss::SingleRight { resource, action } => ExplainedMiss {
            rule: None,
            right: Some(format!("{resource} {action}")),
            registry_right: None,
            missing: Vec::new(),
            conditional: false,
        },
    }
}

fn attribute(miss: Miss) -> ExplainedAttribute {
    ExplainedAttribute { category: miss.category, id: miss.attribute, value: miss.value }
}
