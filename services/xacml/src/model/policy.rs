//! Policies, policy sets and rules (sections 5.1 to 5.24).

use super::{CombiningAlgorithm, Effect, Expression, NoticeExpression, NoticeKind, Target};
use super::{Version, VersionPattern};
use crate::functions::Type;
use crate::response::Notice;

/// How the targets of a policy are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// As the standard says.
    #[default]
    Strict,
    /// As Altinn's engine does it: a policy's target is ignored, and in a rule's target every
    /// category is judged on its own and any of its alternatives is enough.
    Altinn,
}

/// A policy or a policy set, with everything below it.
#[derive(Debug, Clone, PartialEq)]
pub enum PolicyTree {
    /// A policy.
    Policy(Policy),
    /// A policy set.
    PolicySet(PolicySet),
}

/// Rules and how they combine.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// The identifier.
    pub id: String,
    /// The version.
    pub version: Version,
    /// What people are told about it.
    pub description: Option<String>,
    /// How targets are read.
    pub mode: Mode,
    /// When the policy applies.
    pub target: Target,
    /// How the rules combine.
    pub algorithm: CombiningAlgorithm,
    /// The variables, each defined by variables before it only.
    pub variables: Vec<Variable>,
    /// The rules.
    pub rules: Vec<Rule>,
    /// Obligations and advice of the whole policy.
    pub notices: Vec<NoticeExpression>,
}

/// An expression with a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// The name.
    pub id: String,
    /// The expression.
    pub expression: Expression,
    /// The type of the expression.
    pub returns: Type,
}

/// An effect and when it is due.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The identifier.
    pub id: String,
    /// What people are told about it.
    pub description: Option<String>,
    /// The effect.
    pub effect: Effect,
    /// When the rule applies; absent, always when its policy does.
    pub target: Option<Target>,
    /// What must be true besides.
    pub condition: Option<Expression>,
    /// Obligations and advice.
    pub notices: Vec<NoticeExpression>,
}

/// Policies and how they combine.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicySet {
    /// The identifier.
    pub id: String,
    /// The version.
    pub version: Version,
    /// What people are told about it.
    pub description: Option<String>,
    /// How targets are read.
    pub mode: Mode,
    /// When the policy set applies.
    pub target: Target,
    /// How the policies combine.
    pub algorithm: CombiningAlgorithm,
    /// The policies.
    pub children: Vec<Child>,
    /// Obligations and advice of the whole policy set.
    pub notices: Vec<NoticeExpression>,
}

/// A member of a policy set.
#[derive(Debug, Clone, PartialEq)]
pub enum Child {
    /// A policy or policy set written in place.
    Tree(PolicyTree),
    /// One that is kept elsewhere.
    Reference(PolicyReference),
}

/// What a reference points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReferenceKind {
    /// A policy.
    Policy,
    /// A policy set.
    PolicySet,
}

/// A policy kept elsewhere: the latest version that fits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PolicyReference {
    /// What is referred to.
    pub kind: ReferenceKind,
    /// Its identifier.
    pub id: String,
    /// The versions that fit; absent, any.
    pub version: Option<VersionPattern>,
    /// The earliest version that fits.
    pub earliest: Option<VersionPattern>,
    /// The latest version that fits.
    pub latest: Option<VersionPattern>,
}

impl PolicyTree {
    /// The identifier of the root.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Policy(policy) => &policy.id,
            Self::PolicySet(set) => &set.id,
        }
    }

    /// The version of the root.
    #[must_use]
    pub const fn version(&self) -> &Version {
        match self {
            Self::Policy(policy) => &policy.version,
            Self::PolicySet(set) => &set.version,
        }
    }

    /// What kind of reference finds the root.
    #[must_use]
    pub const fn kind(&self) -> ReferenceKind {
        match self {
            Self::Policy(_) => ReferenceKind::Policy,
            Self::PolicySet(_) => ReferenceKind::PolicySet,
        }
    }

    /// The obligations and advice of the root itself.
    #[must_use]
    pub fn notices(&self) -> &[NoticeExpression] {
        match self {
            Self::Policy(policy) => &policy.notices,
            Self::PolicySet(set) => &set.notices,
        }
    }

    /// The obligations of the root that go with an effect and whose values are all literals.
    ///
    /// Rights delegated from a resource carry the obligations of the resource's own policy.
    #[must_use]
    pub fn literal_obligations(&self, effect: Effect) -> Vec<Notice> {
        self.notices()
            .iter()
            .filter(|notice| notice.kind == NoticeKind::Obligation && notice.applies_to == effect)
            .filter_map(NoticeExpression::literal)
            .collect()
    }

    /// All references in the tree, in the order they are written; they are not followed.
    #[must_use]
    pub fn references(&self) -> Vec<&PolicyReference> {
        match self {
            Self::Policy(_) => Vec::new(),
            Self::PolicySet(set) => set
                .children
                .iter()
                .flat_map(|child| match child {
                    Child::Tree(tree) => tree.references(),
                    Child::Reference(reference) => vec![reference],
                })
                .collect(),
        }
    }

    /// All policies in the tree, in the order they are written; references are not followed.
    #[must_use]
    pub fn policies(&self) -> Vec<&Policy> {
        match self {
            Self::Policy(policy) => vec![policy],
            Self::PolicySet(set) => set
                .children
                .iter()
                .flat_map(|child| match child {
                    Child::Tree(tree) => tree.policies(),
                    Child::Reference(_) => Vec::new(),
                })
                .collect(),
        }
    }
}
