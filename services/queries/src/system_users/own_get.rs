//! One system user with its state, for its owner and for the vendor of its system.

use axum::{Json, extract::State, response::IntoResponse};
use fullmakt_events::{ActorKind, SystemUserId};
use fullmakt_http::{EntityVersion, Path, Problem, ProblemType};
use fullmakt_pep::{Authenticated, Caller, PartyRef};
use fullmakt_projections::SystemUserRow;
use fullmakt_reading::{Reading, failed};
use fullmakt_wire::{
    AccessPackageBody, RightBody,
    scopes::{PORTAL, REQUEST_READ},
    user_type,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    QueryState,
    access::{self, SYSTEM_USER_OVERVIEW},
};

/// A system user.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SystemUserBody {
    #[schema(example = "0192f0c8-3f1c-7b52-a5a3-0c5f2b1d9e77")]
    id: Uuid,
    /// `active` or `paused`.
    #[schema(example = "active")]
    state: &'static str,
    /// What the owner sees it called.
    #[schema(example = "Our shop")]
    integration_title: String,
    #[schema(example = "310010014_smartcloud")]
    system_id: String,
    /// The organisation number of the system's vendor.
    #[schema(example = "310010014")]
    vendor: String,
    /// The owner's organisation number.
    #[schema(example = "310010022")]
    owner: String,
    /// The vendor's reference.
    #[schema(example = "310010022")]
    external_ref: String,
    /// `standard` or `agent`.
    #[schema(example = "standard")]
    user_type: &'static str,
    /// The single rights it was asked for, in the vendor's words.
    rights: Vec<RightBody>,
    /// What was delegated for those rights: one resource and one action each.
    delegated: Vec<RightBody>,
    /// The access packages it was given.
    access_packages: Vec<AccessPackageBody>,
    #[schema(example = "2026-11-21T21:13:00.123456Z")]
    created: String,
    #[schema(example = "2026-11-21T21:13:00.123456Z")]
    last_changed: String,
}

impl From<&SystemUserRow> for SystemUserBody {
    fn from(row: &SystemUserRow) -> Self {
        Self {
            id: row.id.uuid(),
            state: if row.is_paused { "paused" } else { "active" },
            integration_title: row.integration_title.clone(),
            system_id: row.system.to_string(),
            vendor: row.vendor.to_string(),
            owner: row.owner.to_string(),
            external_ref: row.external_ref.clone(),
            user_type: user_type(row.kind),
            rights: row.rights.iter().map(Into::into).collect(),
            delegated: row.delegated.iter().map(Into::into).collect(),
            access_packages: row.access_packages.iter().map(Into::into).collect(),
            created: row.created.to_string(),
            last_changed: row.changed.to_string(),
        }
    }
}

/// Shows a system user with its state.
///
/// Those who see its owner's system users do, and the vendor of its system. The `ETag` names the
/// version that a change can insist on.
#[utoipa::path(
    get,
    path = "/fullmakt/v1/system-users/{id}",
    tag = "system users",
    operation_id = "show_system_user",
    params(("id" = String, Path, description = "The system user's id.", example = "0192f0c8-3f1c-7b52-a5a3-0c5f2b1d9e77")),
    responses(
        (status = 200, description = "The system user.", body = SystemUserBody),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "The caller may not see the owner's system users, or the scope is missing.", content_type = "application/problem+json"),
        (status = 404, description = "There is no such system user, or it is of another vendor's system.", content_type = "application/problem+json"),
        (status = 410, description = "The system user was deleted.", content_type = "application/problem+json"),
        (status = 503, description = "The read models are not as fresh as asked, or away.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [PORTAL]), ("bearer" = [REQUEST_READ]))
)]
#[tracing::instrument(name = "handler.system_users.own_get", skip_all)]
pub(crate) async fn show_system_user(
    State(state): State<QueryState>,
    Authenticated(caller): Authenticated,
    Path(id): Path<String>,
    reading: Reading,
) -> Result<impl IntoResponse, Problem> {
    let unknown = || Problem::of(ProblemType::NotFound, "there is no such system user");
    let id = SystemUserId::new(id.parse::<Uuid>().map_err(|_| unknown())?);
    let user = reading.reader.system_user(id, None).await.map_err(failed)?;
    let user = user.ok_or_else(unknown)?.row;
    if is_organisation(&caller) {
        caller.require_any_scope(&[REQUEST_READ])?;
        if caller.org != Some(user.vendor) {
            return Err(unknown());
        }
    } else {
        let party = PartyRef::Uuid(user.owner_party);
        access::require(&state, &caller, (SYSTEM_USER_OVERVIEW, "read"), party).await?;
    }
    if user.is_deleted {
        let detail = format!("system user `{id}` was deleted at {}", user.changed);
        return Err(Problem::of(ProblemType::Gone, detail));
    }
    let version = EntityVersion(user.sequence.position.get());
    Ok((reading.token, version, Json(SystemUserBody::from(&user))))
}

/// Whether an organisation calls in its own name. Whoever else may see a party's system users is
/// the decision point's to say.
const fn is_organisation(caller: &Caller) -> bool {
    match caller.kind {
        ActorKind::SystemProvider => true,
        ActorKind::Person | ActorKind::SystemUser | ActorKind::Platform | ActorKind::Operator => {
            false
        }
    }
}
