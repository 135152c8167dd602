//! The closed catalogue of problems.

use axum::http::StatusCode;

/// Makes the catalogue from one table, so that every problem has all its facts and its page.
macro_rules! catalogue {
    ($($(#[$doc:meta])* $name:ident $slug:literal $status:ident $title:literal)*) => {
        /// The problems of our own routes. A slug is a public promise: never renamed, never reused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ProblemType {
            $($(#[$doc])* $name,)*
        }

        impl ProblemType {
            /// All problems.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The last part of the problem's `type`.
            #[must_use]
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug,)* }
            }

            /// What happened, in general.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// The status of the answer.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }

            /// The page that explains the problem, in Markdown.
            #[must_use]
            pub const fn page(self) -> &'static str {
                match self {
                    $(Self::$name => include_str!(concat!("../../problems/", $slug, ".md")),)*
                }
            }
        }
    };
}

catalogue! {
    /// The body is not JSON, or a header or the query cannot be read.
    MalformedRequest "malformed-request" BAD_REQUEST "The request cannot be read"
    /// The input was read, but has values that cannot be taken.
    InvalidInput "invalid-input" BAD_REQUEST "The input is not valid"
    /// `Fullmakt-Min-Position` or a cursor names another ledger.
    AnotherLedger "another-ledger" BAD_REQUEST "The position is of another ledger"
    /// The position asked for does not exist yet.
    PositionBeyondEnd "position-beyond-end" BAD_REQUEST "The position is beyond the ledger's end"
    /// No token, or none that can be accepted.
    Unauthenticated "unauthenticated" UNAUTHORIZED "A valid access token is needed"
    /// The token lacks the scopes that the route asks for.
    MissingScope "missing-scope" FORBIDDEN "The access token lacks a scope"
    /// The caller is known and may see the resource, but may not do this.
    Forbidden "forbidden" FORBIDDEN "The caller may not do this"
    /// Absent, or the caller may not know.
    NotFound "not-found" NOT_FOUND "There is nothing here"
    /// The path exists, but not for this method.
    MethodNotAllowed "method-not-allowed" METHOD_NOT_ALLOWED "The method is not allowed here"
    /// None of the media types that the caller accepts can be given.
    NotAcceptable "not-acceptable" NOT_ACCEPTABLE "No acceptable representation"
    /// The request did not arrive in time.
    RequestTimeout "request-timeout" REQUEST_TIMEOUT "The request did not arrive in time"
    /// What the caller would make exists, or did once.
    AlreadyExists "already-exists" CONFLICT "It exists already"
    /// Others changed the same thing at the same time, again and again.
    VersionConflict "version-conflict" CONFLICT "Others changed this at the same time"
    /// It was there and is no more.
    Gone "gone" GONE "It is no longer here"
    /// `If-Match` names another version than the current one.
    PreconditionFailed "precondition-failed" PRECONDITION_FAILED "It has changed since it was read"
    /// The body, or the commit it would become, is larger than the limit.
    TooLarge "too-large" PAYLOAD_TOO_LARGE "The request is too large"
    /// The route does not take bodies of this media type.
    UnsupportedMediaType "unsupported-media-type" UNSUPPORTED_MEDIA_TYPE "The media type is not taken here"
    /// A rule of the domain forbids it.
    RuleViolated "rule-violated" UNPROCESSABLE_ENTITY "A rule forbids this"
    /// The idempotency key came with another body before.
    IdempotencyKeyReused "idempotency-key-reused" UNPROCESSABLE_ENTITY "The idempotency key was used for another request"
    /// The caller sent more requests than it may.
    TooManyRequests "too-many-requests" TOO_MANY_REQUESTS "Too many requests"
    /// Our own fault.
    Internal "internal" INTERNAL_SERVER_ERROR "Something went wrong here"
    /// Something that the answer needs is down, or took too long.
    Unavailable "unavailable" SERVICE_UNAVAILABLE "The service cannot answer now"
    /// The answer would be older than what is allowed, or than what the caller insists on.
    NotFresh "not-fresh" SERVICE_UNAVAILABLE "The answer would not be fresh enough"
}

impl ProblemType {
    /// Whether the same request may succeed a little later.
    #[must_use]
    pub const fn is_temporary(self) -> bool {
        match self {
            Self::RequestTimeout | Self::TooManyRequests | Self::Unavailable | Self::NotFresh => {
                true
            }
            Self::MalformedRequest
            | Self::InvalidInput
            | Self::AnotherLedger
            | Self::PositionBeyondEnd
            | Self::Unauthenticated
            | Self::MissingScope
            | Self::Forbidden
            | Self::NotFound
            | Self::MethodNotAllowed
            | Self::NotAcceptable
            | Self::AlreadyExists
            | Self::VersionConflict
            | Self::Gone
            | Self::PreconditionFailed
            | Self::TooLarge
            | Self::UnsupportedMediaType
            | Self::RuleViolated
            | Self::IdempotencyKeyReused
            | Self::Internal => false,
        }
    }
}
