//! Whose resources a caller may ask about.

use fullmakt_events::{ActorKind, OrgNumber, ResourceId};
use fullmakt_http::{Problem, ProblemType};
use fullmakt_pep::Caller;

use super::AUTHORIZE_ADMIN;
use crate::Generation;

/// Whose resources a caller may ask about. The decision service is no oracle about everyone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// All.
    All,
    /// Those of this organisation.
    OwnedBy(OrgNumber),
}

impl Reach {
    /// The reach of a caller that may ask at all.
    ///
    /// # Errors
    /// 403 where its token names no organisation, and it may not ask about all.
    pub(crate) fn of(caller: &Caller) -> Result<Self, Problem> {
        if caller.kind == ActorKind::Platform || caller.has_scope(AUTHORIZE_ADMIN) {
            return Ok(Self::All);
        }
        caller.org.map(Self::OwnedBy).ok_or_else(|| {
            Problem::of(
                ProblemType::Forbidden,
                "the token names no organisation, so that it owns no resource to ask about",
            )
        })
    }

    /// Whether the resource may be asked about. One that is not there is nobody's.
    pub(crate) fn includes(self, generation: &Generation, resource: &ResourceId) -> bool {
        let Self::OwnedBy(org) = self else { return true };
        let owner = generation.graph.resource(resource).map(|node| node.definition.owner);
        owner.is_none_or(|owner| owner == org)
    }

    /// Checks that all of these are within reach.
    ///
    /// # Errors
    /// 403, naming the first that is another's.
    pub(crate) fn check(
        self,
        generation: &Generation,
        resources: impl IntoIterator<Item = ResourceId>,
    ) -> Result<(), Problem> {
        let Self::OwnedBy(org) = self else { return Ok(()) };
        let mut resources = resources.into_iter();
        match resources.find(|resource| !self.includes(generation, resource)) {
            None => Ok(()),
            Some(resource) => Err(Problem::of(
                ProblemType::Forbidden,
                format!(
                    "resource `{resource}` belongs to another organisation than `{org}`; ask about \
                     your own resources, or with the scope `{AUTHORIZE_ADMIN}`"
                ),
            )),
        }
    }
}
