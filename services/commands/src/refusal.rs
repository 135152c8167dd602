//! Refusals of the deciders as the wire contract answers them.

use axum::http::StatusCode;
use fullmakt_domain::{
    ValidationCode,
    agreement::AgreementError,
    resource::{ResourceError, ResourceViolation},
    system::{SystemError, Violation},
    token_client::{KeyError, TokenClientError},
    token_scope::TokenScopeError,
};
use fullmakt_http::{
    AltinnError, AltinnValidation, AltinnValidationError, InputError, ModelState, Problem,
    ProblemType,
};
use fullmakt_wire::{auth_error, auth_problem};

pub(crate) fn system(error: &SystemError) -> AltinnError {
    match error {
        SystemError::Invalid(violations) => AltinnError::Validation(AltinnValidation {
            errors: violations.iter().map(violation).collect(),
        }),
        SystemError::NotOwner { .. } => {
            AltinnError::Ours(Problem::of(ProblemType::Forbidden, error.to_string()))
        }
        // The contract's shape: a text beside the field.
        SystemError::Unknown => AltinnError::ModelState(ModelState::field(
            "systemId",
            "There is no system with this id. Use the id that it was registered with.",
        )),
    }
}

fn violation(violation: &Violation) -> AltinnValidationError {
    validation(violation.code, violation.paths.clone(), violation.to_string())
}

fn validation(code: ValidationCode, paths: Vec<String>, detail: String) -> AltinnValidationError {
    let mut error = AltinnValidationError::new(code.code(), code.title(), &[]);
    error.paths = paths.into_iter().map(Into::into).collect();
    error.detail = Some(detail);
    error
}

pub(crate) fn agreement(error: &AgreementError) -> AltinnError {
    let Some(code) = error.code() else {
        let paths = match error {
            AgreementError::NationalNumber { field } => vec![format!("/{field}")],
            AgreementError::VendorMissing
            | AgreementError::SystemUserExists { .. }
            | AgreementError::SystemNotFound { .. }
            | AgreementError::ReferenceInUse { .. }
            | AgreementError::CustomerNotFound { .. }
            | AgreementError::NoRedirectUrls { .. }
            | AgreementError::RedirectUrlNotAllowed { .. }
            | AgreementError::RightsMissing
            | AgreementError::NothingRequested
            | AgreementError::RightsNotInSystem { .. }
            | AgreementError::PackagesNotInSystem { .. }
            | AgreementError::PackagesNotAssignable { .. }
            | AgreementError::IdSpent { .. }
            | AgreementError::RequestNotFound { .. }
            | AgreementError::RequestOfAnotherParty { .. }
            | AgreementError::RequestNotNew { .. }
            | AgreementError::RightNotDelegable { .. }
            | AgreementError::PackagesNotDelegable { .. }
            | AgreementError::SystemUserNotFound { .. }
            | AgreementError::SystemUserNotOwned { .. }
            | AgreementError::StandardExpected { .. } => Vec::new(),
        };
        let error = validation(ValidationCode::NationalNumber, paths, error.to_string());
        return AltinnError::Validation(AltinnValidation { errors: vec![error] });
    };
    let names = |seen: &[fullmakt_domain::Seen]| -> Vec<String> {
        seen.iter().map(ToString::to_string).collect()
    };
    match error {
        AgreementError::PackagesNotInSystem { packages } => AltinnError::Problem(
            auth_problem(code)
                .with_detail(error.to_string())
                .with("NotFoundPackages", names(packages)),
        ),
        AgreementError::PackagesNotAssignable { packages } => AltinnError::Problem(
            auth_problem(code)
                .with_detail(error.to_string())
                .with("NotDelegablePackages", names(packages)),
        ),
        // The contract's answer to the deletion of what is not there: none was deleted.
        AgreementError::SystemUserNotFound { .. } => {
            AltinnError::PlainText(StatusCode::NOT_FOUND, "0".into())
        }
        AgreementError::VendorMissing
        | AgreementError::SystemUserExists { .. }
        | AgreementError::SystemNotFound { .. }
        | AgreementError::ReferenceInUse { .. }
        | AgreementError::CustomerNotFound { .. }
        | AgreementError::NoRedirectUrls { .. }
        | AgreementError::RedirectUrlNotAllowed { .. }
        | AgreementError::RightsMissing
        | AgreementError::NothingRequested
        | AgreementError::RightsNotInSystem { .. }
        | AgreementError::NationalNumber { .. }
        | AgreementError::IdSpent { .. }
        | AgreementError::RequestNotFound { .. }
        | AgreementError::RequestOfAnotherParty { .. }
        | AgreementError::RequestNotNew { .. }
        | AgreementError::RightNotDelegable { .. }
        | AgreementError::PackagesNotDelegable { .. }
        | AgreementError::SystemUserNotOwned { .. }
        | AgreementError::StandardExpected { .. } => auth_error(code, error.to_string()),
    }
}

pub(crate) fn resource(error: &ResourceError) -> AltinnError {
    match error {
        ResourceError::Invalid(violations) => {
            let mut state = ModelState::default();
            for violation in violations {
                let texts = state.errors.entry(ResourceViolation::path(violation)).or_default();
                texts.push(violation.to_string());
            }
            AltinnError::ModelState(state)
        }
        ResourceError::NotOwner { .. } => {
            AltinnError::Ours(Problem::of(ProblemType::Forbidden, error.to_string()))
        }
        ResourceError::Exists { .. } => {
            AltinnError::Ours(Problem::of(ProblemType::AlreadyExists, error.to_string()))
        }
        ResourceError::Unknown => {
            AltinnError::Ours(Problem::of(ProblemType::NotFound, error.to_string()))
        }
        ResourceError::NationalNumberInPolicy { .. } => {
            AltinnError::Ours(Problem::invalid(vec![InputError::at(
                "/policyFile",
                error.to_string(),
            )]))
        }
    }
}

pub(crate) fn token_client(error: &TokenClientError) -> Problem {
    let invalid =
        |pointer: &str| Problem::invalid(vec![InputError::at(pointer, error.to_string())]);
    match error {
        TokenClientError::Unknown => Problem::of(ProblemType::NotFound, error.to_string()),
        TokenClientError::Exists { .. } => {
            Problem::of(ProblemType::AlreadyExists, error.to_string())
        }
        TokenClientError::NotOwner { .. } => Problem::of(ProblemType::Forbidden, error.to_string()),
        TokenClientError::NationalNumber => invalid("/clientId"),
        TokenClientError::ScopeCount { .. } | TokenClientError::ScopeForm { .. } => {
            invalid("/scopes")
        }
        TokenClientError::ScopeNotGranted { .. } | TokenClientError::ScopeReserved { .. } => {
            Problem::of(ProblemType::Forbidden, error.to_string())
        }
        TokenClientError::KeyUnknown { .. } => {
            Problem::of(ProblemType::NotFound, error.to_string())
        }
        TokenClientError::KeyRefused { .. } => token_keys(error, ["/kid", "/jwk"]),
    }
}

pub(crate) fn token_scope(error: &TokenScopeError) -> Problem {
    let of = |kind| Problem::of(kind, error.to_string());
    match error {
        TokenScopeError::Unknown { .. } => of(ProblemType::NotFound),
        TokenScopeError::Exists { .. } => of(ProblemType::AlreadyExists),
        TokenScopeError::ScopeForm { .. } => {
            Problem::invalid(vec![InputError::at("/scope", error.to_string())])
        }
        TokenScopeError::NotAdministrator { .. }
        | TokenScopeError::NotOwner { .. }
        | TokenScopeError::NotConsumer { .. } => of(ProblemType::Forbidden),
        TokenScopeError::NotGranted { .. }
        | TokenScopeError::ToItself { .. }
        | TokenScopeError::TooMany { .. } => of(ProblemType::RuleViolated),
    }
}

/// The same, where a key's id and the key itself are at other places of the body.
pub(crate) fn token_keys(error: &TokenClientError, [kid, jwk]: [&'static str; 2]) -> Problem {
    let TokenClientError::KeyRefused { reason, .. } = error else { return token_client(error) };
    let invalid =
        |pointer: &str| Problem::invalid(vec![InputError::at(pointer, error.to_string())]);
    match reason {
        KeyError::KidForm => invalid(kid),
        KeyError::NeverValid => invalid("/validTo"),
        KeyError::KidTaken => Problem::of(ProblemType::AlreadyExists, error.to_string()),
        KeyError::TooMany => Problem::of(ProblemType::RuleViolated, error.to_string()),
        KeyError::KidDiffers { .. }
        | KeyError::Private { .. }
        | KeyError::TypeUnsupported { .. }
        | KeyError::CurveUnsupported { .. }
        | KeyError::Member { .. }
        | KeyError::TooShort { .. }
        | KeyError::Use { .. } => invalid(jwk),
    }
}

#[cfg(test)]
mod tests {
    use fullmakt_domain::Seen;

    use super::*;

    #[test]
    fn what_exists_already_is_told_apart_from_what_a_rule_forbids() {
        let key = |reason| {
            let error = TokenClientError::KeyRefused { kid: Seen::new("k"), reason };
            token_client(&error).kind()
        };
        assert_eq!(key(KeyError::KidTaken), ProblemType::AlreadyExists);
        assert_eq!(key(KeyError::TooMany), ProblemType::RuleViolated);
        let exists = TokenClientError::Exists { client_id: "c".parse().unwrap() };
        assert_eq!(token_client(&exists).kind(), ProblemType::AlreadyExists);
        let AltinnError::Ours(problem) = resource(&ResourceError::Exists { id: Seen::new("r") })
        else {
            panic!("another shape");
        };
        assert_eq!(problem.kind(), ProblemType::AlreadyExists);
        assert_eq!(problem.kind().status(), StatusCode::CONFLICT);
    }
}
