//! Refusals of the deciders as the wire contract answers them.

use axum::http::StatusCode;
use fullmakt_domain::{
    Seen, ValidationCode,
    agreement::AgreementError,
    resource::{ResourceError, ResourceViolation},
    system::{SystemError, Violation},
    token_client::{KeyError, TokenClientError},
};
use fullmakt_http::{
    AltinnError, AltinnValidation, AltinnValidationError, InputError, ModelState, PlainProblem,
    Problem, ProblemType,
};
use fullmakt_wire::auth_problem;

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
    let names = |seen: &[Seen]| seen.iter().map(ToString::to_string).collect::<Vec<_>>();
    match error {
        AgreementError::NationalNumber { field } => {
            let paths = vec![format!("/{field}")];
            let error = validation(ValidationCode::NationalNumber, paths, error.to_string());
            AltinnError::Validation(AltinnValidation { errors: vec![error] })
        }
        AgreementError::PackagesNotInSystem { packages } => {
            coded(error, Some(("NotFoundPackages", names(packages))))
        }
        AgreementError::PackagesNotAssignable { packages }
        | AgreementError::PackagesNotForAgent { packages } => {
            coded(error, Some(("NotDelegablePackages", names(packages))))
        }
        // What the contract answers without a code.
        AgreementError::SystemUserOfAnotherVendor { .. } => {
            AltinnError::PlainProblem(PlainProblem {
                status: StatusCode::UNAUTHORIZED,
                title: "The system user is not the vendor's.".into(),
                detail: Some(error.to_string()),
            })
        }
        AgreementError::CorrelationIsSystemUser { .. } => {
            AltinnError::PlainText(StatusCode::BAD_REQUEST, error.to_string().into())
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
        | AgreementError::PackageMissing
        | AgreementError::RightsNotInSystem { .. }
        | AgreementError::IdSpent { .. }
        | AgreementError::RequestNotFound { .. }
        | AgreementError::RequestOfAnotherParty { .. }
        | AgreementError::AgentRequestNotFound { .. }
        | AgreementError::AgentRequestOfAnotherParty { .. }
        | AgreementError::AgentRequestExpected { .. }
        | AgreementError::RequestNotNew { .. }
        | AgreementError::RightNotDelegable { .. }
        | AgreementError::PackagesNotDelegable { .. }
        | AgreementError::SystemUserNotFound { .. }
        | AgreementError::SystemUserNotOwned { .. }
        | AgreementError::StandardExpected { .. }
        | AgreementError::ChangePending { .. }
        | AgreementError::CorrelationSpent { .. }
        | AgreementError::ChangeNotFound { .. }
        | AgreementError::ChangeOfAnotherParty { .. }
        | AgreementError::ChangeNotNew { .. } => coded(error, None),
    }
}

/// The same at the deletion of a standard system user: the contract's answer where it is not there
/// is how many were deleted.
pub(crate) fn deletion(error: &AgreementError) -> AltinnError {
    if let AgreementError::SystemUserNotFound { .. } = error {
        return AltinnError::PlainText(StatusCode::NOT_FOUND, "0".into());
    }
    agreement(error)
}

fn coded(error: &AgreementError, more: Option<(&str, Vec<String>)>) -> AltinnError {
    let Some(code) = error.code() else {
        // INVARIANT: those without a code have a shape of their own.
        return AltinnError::Ours(Problem::opaque(ProblemType::Internal, error));
    };
    let problem = auth_problem(code).with_detail(error.to_string());
    AltinnError::Problem(match more {
        Some((member, names)) => problem.with(member, names),
        None => problem,
    })
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
        TokenClientError::KeyUnknown { .. } => {
            Problem::of(ProblemType::NotFound, error.to_string())
        }
        TokenClientError::KeyRefused { reason, .. } => match reason {
            KeyError::KidForm => invalid("/kid"),
            KeyError::NeverValid => invalid("/validTo"),
            KeyError::KidTaken => Problem::of(ProblemType::AlreadyExists, error.to_string()),
            KeyError::TooMany => Problem::of(ProblemType::RuleViolated, error.to_string()),
            KeyError::KidDiffers { .. }
            | KeyError::Private { .. }
            | KeyError::TypeUnsupported { .. }
            | KeyError::CurveUnsupported { .. }
            | KeyError::Member { .. }
            | KeyError::TooShort { .. }
            | KeyError::Use { .. } => invalid("/jwk"),
        },
    }
}

#[cfg(test)]
mod tests {
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
