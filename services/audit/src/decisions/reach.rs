//! Who may read which decisions.

use fullmakt_events::OrgNumber;
use fullmakt_http::{Problem, ProblemType};
use fullmakt_pep::Caller;
use fullmakt_wire::scopes::{AUDIT_READ, AUTHORIZE};

/// The decisions that a caller may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// All: an auditor.
    All,
    /// Those about resources that this organisation owned: whoever may ask about a resource may read
    /// what was answered.
    OwnedBy(OrgNumber),
}

impl Reach {
    /// How far a caller may read.
    pub(super) fn of(caller: &Caller) -> Result<Self, Problem> {
        caller.require_any_scope(&[AUDIT_READ, AUTHORIZE])?;
        if caller.has_scope(AUDIT_READ) {
            return Ok(Self::All);
        }
        caller.org.map(Self::OwnedBy).ok_or_else(|| {
            Problem::of(
                ProblemType::Forbidden,
                "the token names no organisation, so that it owns no resource to read decisions about",
            )
        })
    }

    /// Whether a decision about a resource of this owner may be read.
    pub(super) fn includes(self, owner: Option<OrgNumber>) -> bool {
        match self {
            Self::All => true,
            Self::OwnedBy(org) => owner == Some(org),
        }
    }
}
