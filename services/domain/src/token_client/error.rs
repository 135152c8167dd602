//! Why a command about a token client is refused.

use fullmakt_events::{ClientId, OrgNumber};

use super::{ACTIVE_KEYS_MAX, RSA_BITS_MIN, SCOPES_MAX, TOKEN_CHARS_MAX};
use crate::{Authority, Seen};

/// Why a command about a token client is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenClientError {
    /// There is no such client.
    #[error("there is no such token client")]
    Unknown,
    /// The id is in use, or has been.
    #[error("token client `{client_id}` exists, or has existed")]
    Exists {
        /// The id.
        client_id: ClientId,
    },
    /// The caller may not change clients of this owner. Whose it is is not the caller's to know.
    #[error("`{caller}` does not own the token client")]
    NotOwner {
        /// Who asked.
        caller: Authority,
    },
    /// The client id holds a valid national identity number, which the ledger must not.
    #[error("the client id holds a national identity number")]
    NationalNumber,
    /// No scopes, or too many.
    #[error("{count} scopes are given, and 1 to {SCOPES_MAX} are allowed")]
    ScopeCount {
        /// How many there are.
        count: usize,
    },
    /// A scope of another form.
    #[error("`{scope}` is not a scope: 1 to {TOKEN_CHARS_MAX} visible ASCII characters")]
    ScopeForm {
        /// The scope.
        scope: Seen,
    },
    /// Somebody owns the scope, and has not let the client's owner have it.
    #[error(
        "organisation `{owner}` may not have scope `{scope}`; ask the scope's owner to grant it, or \
         who has it to delegate it"
    )]
    ScopeNotGranted {
        /// The scope.
        scope: Seen,
        /// The client's owner.
        owner: OrgNumber,
    },
    /// The scope opens routes of ours, and nobody owns it.
    #[error(
        "scope `{scope}` opens this installation's own routes; ask an administrator for a client \
         with it, or for a grant of it"
    )]
    ScopeReserved {
        /// The scope.
        scope: Seen,
    },
    /// The client has no key with this id.
    #[error("there is no key `{kid}`")]
    KeyUnknown {
        /// The key's id.
        kid: Seen,
    },
    /// The key cannot be added.
    #[error("key `{kid}` is refused: {reason}")]
    KeyRefused {
        /// The key's id.
        kid: Seen,
        /// Why.
        reason: KeyError,
    },
}

/// Why a key cannot be added.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The key's id has another form.
    #[error("a key id has 1 to {TOKEN_CHARS_MAX} visible ASCII characters, and no personal data")]
    KidForm,
    /// The JWK names another key id.
    #[error("the JWK has key id `{kid}`")]
    KidDiffers {
        /// The id in the JWK.
        kid: Seen,
    },
    /// Another key with the id counts, or will.
    #[error("another key that is not over has the key id")]
    KidTaken,
    /// The validity ends before it begins.
    #[error("its validity ends before it begins")]
    NeverValid,
    /// The client has as many keys as it may have.
    #[error("the client has {ACTIVE_KEYS_MAX} keys that are not over, and may have no more")]
    TooMany,
    /// The JWK has a member of a private or symmetric key. Whoever has seen it can sign.
    #[error("the JWK has private member `{member}`, so the key is no secret any more")]
    Private {
        /// The member.
        member: &'static str,
    },
    /// The type of key is none that is supported.
    #[error("`{kty}` is not a key type: RSA, EC or OKP")]
    TypeUnsupported {
        /// The type.
        kty: Seen,
    },
    /// The curve is none that is supported with this type of key.
    #[error("`{crv}` is not a curve for this type of key")]
    CurveUnsupported {
        /// The curve.
        crv: Seen,
    },
    /// A member that a public key of this type has is missing, or not base64url.
    #[error("member `{member}` is missing, or is not base64url")]
    Member {
        /// The member.
        member: &'static str,
    },
    /// An RSA key that is too short to be safe.
    #[error("the modulus has {bits} bits, and at least {RSA_BITS_MIN} are needed")]
    TooShort {
        /// How many bits it has, rounded up to whole bytes.
        bits: usize,
    },
    /// The key is meant for something else than signatures.
    #[error("the JWK has use `{found}`, and `sig` is needed")]
    Use {
        /// The use.
        found: Seen,
    },
}
