//! The fingerprint of the facts that were weighed.

use fullmakt_events::{PackageUrn, Right};
use sha2::{Digest, Sha256};

use crate::{Fact, FactKind};

/// The hash of the facts that were weighed: what each is, and the positions that made it so.
#[must_use]
pub fn fingerprint<'a>(facts: impl IntoIterator<Item = &'a Fact>) -> String {
    let mut hash = Sha256::new();
    for fact in facts {
        hash.update(fact.to_string());
        hash.update("\n");
    }
    hex::encode(hash.finalize())
}

/// A fact in one line, as it is hashed.
impl std::fmt::Display for Fact {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.kind {
            FactKind::Role(role) => write!(formatter, "role {role}")?,
            FactKind::Package { package, has_access, can_delegate } => {
                write!(formatter, "package {package} {has_access} {can_delegate}")?;
            }
            FactKind::Right(right) => write!(formatter, "right {}", named(right))?,
            FactKind::RightWithin { right, packages } => {
                write!(formatter, "right {} within", named(right))?;
                for group in packages {
                    let group: Vec<_> = group.iter().map(PackageUrn::as_str).collect();
                    write!(formatter, " [{}]", group.join(" "))?;
                }
            }
            FactKind::RegistryRight { rights_type, rights_value } => {
                write!(formatter, "registry right {rights_type} {rights_value}")?;
            }
            FactKind::ListMember { owner, name, actions } => {
                write!(formatter, "list {owner} {name} [{}]", actions.join(" "))?;
            }
        }
        for step in &self.path {
            write!(formatter, " {}@{}", step.stream, step.since)?;
        }
        Ok(())
    }
}

/// The resource of a right, and the action.
fn named(right: &Right) -> String {
    let action = right.action.as_deref().unwrap_or("*");
    format!("{} {action}", right.resource_id().unwrap_or_default())
}
