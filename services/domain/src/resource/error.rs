//! Why the resource registry refuses.

use std::fmt;

use fullmakt_events::OrgNumber;

use crate::{Authority, Seen};

/// Why the resource registry refuses a command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResourceError {
    /// The resource breaks rules: all of them, in the order of their fields.
    #[error("the resource breaks {} of the registry's rules", .0.len())]
    Invalid(Vec<ResourceViolation>),
    /// The caller may not change resources of this owner.
    #[error("`{caller}` may not change resources of `{owner}`")]
    NotOwner {
        /// The resource's owner.
        owner: OrgNumber,
        /// Who asked.
        caller: Authority,
    },
    /// The registry has the resource already.
    #[error("resource `{id}` exists")]
    Exists {
        /// The resource.
        id: Seen,
    },
    /// The registry does not have the resource.
    #[error("there is no such resource")]
    Unknown,
    /// The policy holds a valid national identity number, which the ledger must not.
    #[error("the policy holds a national identity number at byte {at_byte}")]
    NationalNumberInPolicy {
        /// Where it begins.
        at_byte: usize,
    },
}

/// A field of a resource, with the language where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResourceField {
    /// The identifier.
    Identifier,
    /// The title in one language.
    Title(&'static str),
    /// The description in one language.
    Description(&'static str),
    /// The description of the right, in one language.
    RightDescription(&'static str),
    /// The owner's organisation number.
    Owner,
    /// The type.
    ResourceType,
}

/// One rule that a resource breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResourceViolation {
    /// The identifier has another form.
    #[error("`{value}` is not an identifier: at least four of a to z, 0 to 9, `_` and `-`")]
    IdentifierForm {
        /// The identifier.
        value: Seen,
    },
    /// The identifier begins as those of other types do.
    #[error("`{value}` begins with `{prefix}`, as only resources of type {types} do")]
    IdentifierPrefix {
        /// The identifier.
        value: Seen,
        /// How it begins.
        prefix: &'static str,
        /// The types that begin so.
        types: &'static str,
    },
    /// A text is missing.
    #[error("{field} is required")]
    Missing {
        /// The field.
        field: ResourceField,
    },
    /// The owner is no organisation number.
    #[error("`{value}` is not an organisation number")]
    OwnerForm {
        /// The owner.
        value: Seen,
    },
    /// The type is none that a new resource can have.
    #[error("`{value}` is not a type that a resource can have")]
    TypeRefused {
        /// The type.
        value: Seen,
    },
    /// A text holds a valid national identity number, which the ledger must not.
    #[error("`{pointer}` holds a national identity number")]
    NationalNumber {
        /// Where, as a JSON pointer into the metadata.
        pointer: String,
    },
}

impl ResourceViolation {
    /// The field, as the wire contract names it.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::IdentifierForm { .. } | Self::IdentifierPrefix { .. } => {
                ResourceField::Identifier.to_string()
            }
            Self::Missing { field } => field.to_string(),
            Self::OwnerForm { .. } => ResourceField::Owner.to_string(),
            Self::TypeRefused { .. } => ResourceField::ResourceType.to_string(),
            Self::NationalNumber { pointer } => pointer.trim_start_matches('/').replace('/', "."),
        }
    }
}

impl fmt::Display for ResourceField {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Identifier => formatter.write_str("identifier"),
            Self::Title(language) => write!(formatter, "title.{language}"),
            Self::Description(language) => write!(formatter, "description.{language}"),
            Self::RightDescription(language) => write!(formatter, "rightDescription.{language}"),
            Self::Owner => formatter.write_str("hasCompetentAuthority.organization"),
            Self::ResourceType => formatter.write_str("resourceType"),
        }
    }
}
