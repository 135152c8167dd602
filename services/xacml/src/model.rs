//! Policies as values: what the loader makes of XML and the evaluators read.

mod algorithm;
mod expression;
mod notice;
mod policy;
mod target;
mod version;

pub(crate) use self::algorithm::Combines;
pub use self::algorithm::CombiningAlgorithm;
pub use self::expression::{Apply, Designator, Expression, Selector};
pub use self::notice::{AssignmentExpression, Effect, NoticeExpression, NoticeKind};
pub use self::policy::{
    Child, Mode, Policy, PolicyReference, PolicySet, PolicyTree, ReferenceKind, Rule, Variable,
};
pub use self::target::{AllOf, AnyOf, Lookup, Match, Target};
pub use self::version::{Version, VersionPattern};
