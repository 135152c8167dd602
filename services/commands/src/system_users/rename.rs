//! Renaming a system user, by the wire contract's route.

use async_trait::async_trait;
use axum::{extract::State, response::Response};
use fullmakt_domain::{
    Seen,
    agreement::{Agreement, AgreementCommand, AgreementError, ManageSystemUser, ManagementAction},
    system::System,
};
use fullmakt_events::{StreamName, SystemUserId, event::CommandAnswer};
use fullmakt_http::{AltinnError, CompatJson, ModelState, Problem, ProblemType};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use fullmakt_projections::SystemUserRow;
use fullmakt_wire::{InternalSystemUser, OwnerView, SystemUserView, scopes::PORTAL};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Located, located};
use crate::{
    CommandState, load, on_behalf::OnBehalf, refusal, request::Request, requests::decided,
};

/// A system user with another title.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UpdateSystemUser {
    /// The system user's id.
    #[schema(value_type = String, example = "0192f0c8-3f1c-7b52-a5a3-0c5f2b1d9e77")]
    #[serde(default)]
    id: Option<Uuid>,
    /// The owner's integer party id.
    #[schema(value_type = String, example = "50010022")]
    #[serde(default)]
    party_id: Option<u32>,
    /// The owner's organisation number; if given, it has to be right.
    #[schema(example = "310010022")]
    #[serde(default)]
    reportee_org_no: Option<String>,
    /// What it is to be called.
    #[schema(value_type = String, example = "Our shop")]
    #[serde(default)]
    integration_title: Option<String>,
    /// The system's id; if given, it has to be right.
    #[schema(example = "310010014_smartcloud")]
    #[serde(default)]
    system_id: Option<String>,
}

/// Renames a system user. Nothing else about it can be changed by its owner.
#[utoipa::path(
    put,
    path = "/authentication/api/v1/systemuser",
    tag = "system users",
    operation_id = "rename_system_user",
    request_body = UpdateSystemUser,
    params(("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command.")),
    responses(
        (status = 200, description = "The system user as it is now.", body = InternalSystemUser),
        (status = 400, description = "A field is missing, is not the system user's, or is no title (STD-00000)."),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The caller does not manage the party's access, or the system user is another's (AUTH-00024)."),
        (status = 404, description = "There is no such system user (AUTH-00015)."),
        (status = 422, description = "The idempotency key came with another body before."),
        (status = 503, description = "Nothing was decided in time."),
    ),
    security(("bearer" = [PORTAL]))
)]
#[tracing::instrument(name = "handler.system_users.rename", skip_all)]
pub(crate) async fn rename_system_user(
    State(state): State<CommandState>,
    request: Request,
    CompatJson(body): CompatJson<UpdateSystemUser>,
) -> Result<Response, AltinnError> {
    let id = body.id.map(SystemUserId::new).ok_or_else(|| required("Id"))?;
    let party = body.party_id.ok_or_else(|| required("PartyId"))?;
    let title = body.integration_title.clone().ok_or_else(|| required("IntegrationTitle"))?;
    let command = Rename {
        on_behalf: OnBehalf::new(&state, &request, party, id)?,
        title,
        system: body.system_id.clone(),
        owner: body.reportee_org_no.clone(),
    };
    request.execute(&state, &body, command).await
}

fn required(field: &str) -> ModelState {
    ModelState::field(field, format!("The {field} field is required."))
}

struct Rename {
    on_behalf: OnBehalf,
    title: String,
    system: Option<String>,
    owner: Option<String>,
}

#[async_trait]
impl Command for Rename {
    type Answer = CommandAnswer;
    type Refusal = AltinnError;

    fn turn(&self) -> StreamName {
        self.on_behalf.turn()
    }

    async fn decide(
        &self,
        attempt: &mut Attempt,
    ) -> Result<Decided<CommandAnswer>, CommandError<AltinnError>> {
        let OnBehalf { by, id, .. } = self.on_behalf;
        self.on_behalf.permit(attempt).await?;
        let Located { row, stream, party } =
            located(&self.on_behalf, attempt, refusal::agreement).await?;
        if row.owner_party != party {
            let not_owned = AgreementError::SystemUserNotOwned { id };
            return Err(CommandError::Refused(refusal::agreement(&not_owned)));
        }
        self.check(&row).map_err(|error| CommandError::Refused(error.into()))?;
        let agreement: Agreement = load::state(attempt, stream.clone()).await?;
        let system: System = load::state(attempt, StreamName::system(&row.system)).await?;
        let owner = OwnerView {
            system: system.registered().map(|registered| registered.internal_id),
            number: self.on_behalf.party,
            party,
        };
        let action = ManagementAction::Rename(self.title.clone());
        let command = AgreementCommand::Manage(ManageSystemUser { id, party, by, action });
        let answer = answer(&row, &agreement, self.title.trim(), owner)?;
        decided(&agreement, &command, &stream, answer)
    }
}

impl Rename {
    /// What the caller says of the system user beside its id has to be so.
    fn check(&self, row: &SystemUserRow) -> Result<(), ModelState> {
        let named = [
            ("SystemId", &self.system, row.system.to_string()),
            ("ReporteeOrgNo", &self.owner, row.owner.to_string()),
        ];
        for (field, said, is) in named {
            if let Some(said) = said.as_deref().filter(|said| !said.is_empty() && *said != is) {
                let seen = Seen::new(said);
                let text = format!("`{seen}` is not the system user's, which is `{is}`.");
                return Err(ModelState::field(field, text));
            }
        }
        Ok(())
    }
}

/// The system user with its new title; what else there is of it is as the agreement says.
fn answer(
    row: &SystemUserRow,
    agreement: &Agreement,
    title: &str,
    owner: OwnerView,
) -> Result<CommandAnswer, CommandError<AltinnError>> {
    let mut view = SystemUserView::from(row);
    title.clone_into(&mut view.integration_title);
    if let Some(user) = agreement.system_user(row.id) {
        view.rights.clone_from(&user.created.rights);
        view.access_packages.clone_from(&user.created.access_packages);
    }
    let body = serde_json::to_value(InternalSystemUser::new(&view, owner)).map_err(|error| {
        let problem = Problem::opaque(ProblemType::Internal, &error);
        CommandError::Refused(AltinnError::Ours(problem))
    })?;
    Ok(CommandAnswer { status: 200, location: None, body: Some(body) })
}
