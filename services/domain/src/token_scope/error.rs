//! Why a command about a scope is refused.

use fullmakt_events::OrgNumber;

use super::HOLDERS_MAX;
use crate::{Authority, Seen, token_client::TOKEN_CHARS_MAX};

/// Why a command about a scope is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenScopeError {
    /// Nobody owns the scope.
    #[error("scope `{scope}` is not registered; an administrator registers it for its owner")]
    Unknown {
        /// The scope.
        scope: Seen,
    },
    /// Another organisation owns it.
    #[error("scope `{scope}` is registered for organisation `{owner}`")]
    Exists {
        /// The scope.
        scope: Seen,
        /// Whose it is.
        owner: OrgNumber,
    },
    /// A scope of another form.
    #[error(
        "`{scope}` is not a scope: 1 to {TOKEN_CHARS_MAX} visible ASCII characters, and no \
         personal data"
    )]
    ScopeForm {
        /// The scope.
        scope: Seen,
    },
    /// Who owns a scope is for administrators to say, or whoever asks first would own all.
    #[error("only an administrator registers scopes, not `{caller}`")]
    NotAdministrator {
        /// Who asked.
        caller: Authority,
    },
    /// The caller does not own the scope.
    #[error("`{caller}` does not own scope `{scope}`, and so does not decide who may have it")]
    NotOwner {
        /// The scope.
        scope: Seen,
        /// Who asked.
        caller: Authority,
    },
    /// The caller is not the organisation whose delegation it is.
    #[error("`{caller}` cannot speak for organisation `{consumer}`, whose delegation it is")]
    NotConsumer {
        /// Whose delegation it is.
        consumer: OrgNumber,
        /// Who asked.
        caller: Authority,
    },
    /// The consumer may not have the scope itself.
    #[error("organisation `{consumer}` may not have scope `{scope}`; ask its owner to grant it")]
    NotGranted {
        /// The scope.
        scope: Seen,
        /// Who would delegate.
        consumer: OrgNumber,
    },
    /// Nobody acts for itself.
    #[error("organisation `{consumer}` needs no delegation to itself")]
    ToItself {
        /// Who would delegate.
        consumer: OrgNumber,
    },
    /// The scope has as many grants and delegations as it may have.
    #[error("scope `{scope}` has {HOLDERS_MAX} grants and delegations, and may have no more")]
    TooMany {
        /// The scope.
        scope: Seen,
    },
}
