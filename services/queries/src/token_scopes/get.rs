//! One scope of tokens.

use axum::{Json, response::IntoResponse};
use fullmakt_events::OrgNumber;
use fullmakt_http::{Path, Problem, ProblemType};
use fullmakt_pep::{Authenticated, Caller};
use fullmakt_projections::{ScopeStanding, TokenScopeRow};
use fullmakt_reading::{Reading, failed};
use fullmakt_wire::scopes::{TOKEN_SCOPE_ADMIN, TOKEN_SCOPE_WRITE};
use serde::Serialize;
use utoipa::ToSchema;

/// A scope of tokens.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({
    "scope": "demo:vat.write", "owner": "310090018", "grants": ["310010022"],
    "delegations": [{ "consumer": "310010022", "supplier": "310010014" }],
}))]
pub(crate) struct TokenScopeBody {
    /// The scope.
    scope: String,
    /// The number of the organisation that owns it.
    #[schema(value_type = String)]
    owner: OrgNumber,
    /// The organisations that may have it, beside the owner: all of them for the owner, else the
    /// caller's own.
    #[schema(value_type = Vec<String>)]
    grants: Vec<OrgNumber>,
    /// The delegations: all of them for the owner, else those of the caller's organisation.
    delegations: Vec<DelegationBody>,
}

/// A delegation of a scope. It counts while its consumer may have the scope.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct DelegationBody {
    /// The organisation that may have the scope.
    #[schema(value_type = String)]
    consumer: OrgNumber,
    /// The organisation that acts for it.
    #[schema(value_type = String)]
    supplier: OrgNumber,
}

/// Shows who owns a scope, who may have it, and who may use it for others.
#[utoipa::path(
    get,
    path = "/fullmakt/v1/token-scopes/{scope}",
    tag = "token scopes",
    operation_id = "get_token_scope",
    params(("scope" = String, Path, description = "The scope, percent-encoded.", example = "demo:vat.write")),
    responses(
        (status = 200, description = "The scope.", body = TokenScopeBody),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "The scope of the token is missing.", content_type = "application/problem+json"),
        (status = 404, description = "Nobody owns the scope.", content_type = "application/problem+json"),
        (status = 503, description = "The read models are not as fresh as asked, or away.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [TOKEN_SCOPE_WRITE]))
)]
#[tracing::instrument(name = "handler.token_scopes.get", skip_all)]
pub(crate) async fn get_token_scope(
    Authenticated(caller): Authenticated,
    Path(scope): Path<String>,
    reading: Reading,
) -> Result<impl IntoResponse, Problem> {
    caller.require_any_scope(&[TOKEN_SCOPE_WRITE, TOKEN_SCOPE_ADMIN])?;
    let rows = reading.reader.token_scope(&scope, None).await.map_err(failed)?;
    let body = shown(&caller, scope, rows.into_iter().map(|row| row.row).collect());
    let body = body.ok_or_else(|| Problem::of(ProblemType::NotFound, "nobody owns the scope"))?;
    Ok((reading.token, Json(body)))
}

/// The scope as the caller may see it; nothing if nobody owns it.
fn shown(caller: &Caller, scope: String, rows: Vec<TokenScopeRow>) -> Option<TokenScopeBody> {
    let owner = rows.iter().find(|row| row.standing == ScopeStanding::Owns)?.holder;
    let sees_all = caller.has_scope(TOKEN_SCOPE_ADMIN) || caller.org == Some(owner);
    let is_own = |row: &TokenScopeRow| {
        caller.org == Some(row.holder) || (row.supplier.is_some() && caller.org == row.supplier)
    };
    let mut body = TokenScopeBody { scope, owner, grants: Vec::new(), delegations: Vec::new() };
    for row in rows.into_iter().filter(|row| sees_all || is_own(row)) {
        match (row.standing, row.supplier) {
            (ScopeStanding::Has, _) => body.grants.push(row.holder),
            (ScopeStanding::Delegates, Some(supplier)) => {
                body.delegations.push(DelegationBody { consumer: row.holder, supplier });
            }
            (ScopeStanding::Owns, _) | (ScopeStanding::Delegates, None) => {}
        }
    }
    Some(body)
}

#[cfg(test)]
mod tests {
    use fullmakt_events::ActorKind;

    use super::*;

    const OWNER: &str = "310090018";
    const CONSUMER: &str = "310010022";
    const SUPPLIER: &str = "310010014";

    fn org(text: &str) -> OrgNumber {
        text.parse().unwrap()
    }

    fn caller(org: Option<&str>, scope: &str) -> Caller {
        Caller {
            kind: ActorKind::SystemProvider,
            issuer: "https://issuer.example.no/".to_owned(),
            org: org.map(self::org),
            supplier: None,
            org_code: None,
            client_id: None,
            scopes: vec![scope.to_owned()],
            person: None,
            system_user: None,
            app: None,
            auth_level: None,
            authentication_method: None,
        }
    }

    fn rows() -> Vec<TokenScopeRow> {
        [
            (ScopeStanding::Delegates, CONSUMER, Some(org(SUPPLIER))),
            (ScopeStanding::Has, CONSUMER, None),
            (ScopeStanding::Has, "310010030", None),
            (ScopeStanding::Owns, OWNER, None),
        ]
        .map(|(standing, holder, supplier)| TokenScopeRow {
            scope: "a:b".to_owned(),
            standing,
            holder: org(holder),
            supplier,
        })
        .into()
    }

    #[test]
    fn owners_and_administrators_see_all_and_others_what_is_theirs() {
        let counts = |caller: &Caller| {
            let body = shown(caller, "a:b".to_owned(), rows()).unwrap();
            assert_eq!(body.owner, org(OWNER));
            (body.grants.len(), body.delegations.len())
        };
        assert_eq!(counts(&caller(Some(OWNER), TOKEN_SCOPE_WRITE)), (2, 1));
        assert_eq!(counts(&caller(None, TOKEN_SCOPE_ADMIN)), (2, 1));
        assert_eq!(counts(&caller(Some(CONSUMER), TOKEN_SCOPE_WRITE)), (1, 1));
        assert_eq!(counts(&caller(Some(SUPPLIER), TOKEN_SCOPE_WRITE)), (0, 1));
        assert_eq!(counts(&caller(Some("991825827"), TOKEN_SCOPE_WRITE)), (0, 0));
        assert_eq!(counts(&caller(None, TOKEN_SCOPE_WRITE)), (0, 0));
    }

    #[test]
    fn a_scope_that_nobody_owns_is_not_shown() {
        let owner = caller(Some(OWNER), TOKEN_SCOPE_WRITE);
        assert_eq!(shown(&owner, "a:b".to_owned(), Vec::new()), None);
    }
}
