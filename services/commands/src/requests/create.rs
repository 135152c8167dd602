//! Asking a customer for a system user.

use async_trait::async_trait;
use axum::{extract::State, response::Response};
use fullmakt_domain::{
    AuthCode, Decider, Seen,
    agreement::{Agreement, AgreementCommand, CreateRequest, RequestFacts, RequestSubmission},
};
use fullmakt_events::{
    OrgNumber, StreamName, SystemId, SystemUserId, Timestamp,
    event::{AgreementEvent, CommandAnswer, RequestCreated, SystemUserKind},
};
use fullmakt_http::{AltinnError, ModelState, Problem, ProblemType, TrimmedJson};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use fullmakt_wire::{
    AccessPackageBody, ApprovalPages, RequestSystemResponse, RequestView, RightBody, auth_error,
    scopes::REQUEST_WRITE,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{CommandState, load, refusal, request::Request};

/// A request for a standard system user.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateRequestSystemUser {
    /// What the customer is to see it called; the system's name if left out.
    #[serde(default)]
    integration_title: Option<String>,
    /// The vendor's own reference; the customer's organisation number if left out.
    #[serde(default)]
    external_ref: Option<String>,
    /// The system's id.
    #[schema(example = "310010014_smartcloud")]
    #[serde(default)]
    system_id: Option<String>,
    /// The customer's organisation number.
    #[schema(example = "310010022")]
    #[serde(default)]
    party_org_no: Option<String>,
    /// The single rights asked for.
    #[serde(default)]
    rights: Option<Vec<RightBody>>,
    /// The access packages asked for.
    #[serde(default)]
    access_packages: Option<Vec<AccessPackageBody>>,
    /// Where the approver is to be sent afterwards.
    #[serde(default)]
    redirect_url: Option<String>,
}

/// Asks a customer for a standard system user.
///
/// The same request again answers with the one that is there, whatever its status.
#[utoipa::path(
    post,
    path = "/authentication/api/v1/systemuser/request/vendor",
    tag = "system user requests",
    operation_id = "create_request",
    request_body = CreateRequestSystemUser,
    params(("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command.")),
    responses(
        (status = 201, description = "The request.", body = RequestSystemResponse),
        (status = 200, description = "The same request is there already.", body = RequestSystemResponse),
        (status = 400, description = "A rule is broken (AUTH-00000, 1, 4, 6 to 9, 21, 26, 59, 63, 64)."),
        (status = 401, description = "No token, or one without an organisation (AUTH-00023)."),
        (status = 403, description = "The scope is missing."),
        (status = 404, description = "There is no such system of the caller (AUTH-00011)."),
        (status = 422, description = "The idempotency key came with another body before."),
        (status = 503, description = "Nothing was decided in time."),
    ),
    security(("bearer" = [REQUEST_WRITE]))
)]
#[tracing::instrument(name = "handler.requests.create", skip_all)]
pub(crate) async fn create_request(
    State(state): State<CommandState>,
    request: Request,
    TrimmedJson(body): TrimmedJson<CreateRequestSystemUser>,
) -> Result<Response, AltinnError> {
    request.caller.require_any_scope(&[REQUEST_WRITE])?;
    let command = Create {
        id: SystemUserId::new(Uuid::now_v7()),
        vendor: request
            .caller
            .org
            .ok_or_else(|| auth_error(AuthCode::VendorMissing, "the token has no `consumer`"))?,
        system: system(body.system_id.as_deref())?,
        customer: customer(body.party_org_no.as_deref())?,
        submitted: body.clone().into(),
        pages: state.pages.clone(),
        location: request.public_url.of("/authentication/api/v1/systemuser/request/"),
    };
    request.execute(&state, &body, command).await
}

struct Create {
    id: SystemUserId,
    vendor: OrgNumber,
    system: SystemId,
    customer: OrgNumber,
    submitted: RequestSubmission,
    pages: ApprovalPages,
    location: String,
}

#[async_trait]
impl Command for Create {
    type Answer = CommandAnswer;
    type Refusal = AltinnError;

    fn turn(&self) -> StreamName {
        StreamName::agreement(&self.system, self.customer)
    }

    async fn decide(
        &self,
        attempt: &mut Attempt,
    ) -> Result<Decided<CommandAnswer>, CommandError<AltinnError>> {
        let agreement: Agreement = load::state(attempt, self.turn()).await?;
        let mut facts = RequestFacts {
            system: load::state(attempt, StreamName::system(&self.system)).await?,
            customer_party: load::party_of_org(attempt, self.customer).await?,
            ..RequestFacts::default()
        };
        if self.submitted.access_packages.as_ref().is_some_and(|packages| !packages.is_empty()) {
            facts.packages = load::packages(attempt).await?;
        }
        let at = attempt.now();
        let command = CreateRequest {
            id: self.id,
            at,
            vendor: Some(self.vendor),
            system: self.system.clone(),
            customer: self.customer,
            submitted: self.submitted.clone(),
            facts,
        };
        let external_ref = command.external_ref().into_owned();
        let events = agreement
            .decide(&AgreementCommand::Create(Box::new(command)))
            .map_err(|error| CommandError::Refused(refusal::agreement(&error)))?;
        if let Some(AgreementEvent::RequestCreated(created)) = events.first() {
            let answer = self.answer(201, &view(created, "New", at), at)?;
            let stream = self.turn();
            let events =
                events.iter().map(|event| (stream.clone(), event.clone().into())).collect();
            return Ok(Decided::Write { events, answer });
        }
        let existing = agreement.live_request(SystemUserKind::Standard, &external_ref, at);
        let existing = existing.ok_or_else(|| {
            // INVARIANT: nothing happens only where the same request is there already.
            let problem = Problem::bare(ProblemType::Internal);
            CommandError::Refused(AltinnError::Ours(problem))
        })?;
        let status = match existing.status {
            fullmakt_domain::agreement::RequestStatus::New => "New",
            fullmakt_domain::agreement::RequestStatus::Accepted => "Accepted",
            fullmakt_domain::agreement::RequestStatus::Rejected => "Rejected",
        };
        let view = view(&existing.created, status, existing.created_at);
        Ok(Decided::Nothing(self.answer(200, &view, at)?))
    }
}

impl Create {
    fn answer(
        &self,
        status: u16,
        view: &RequestView,
        now: Timestamp,
    ) -> Result<CommandAnswer, CommandError<AltinnError>> {
        let body = serde_json::to_value(RequestSystemResponse::new(view, &self.pages, now));
        let body = body.map_err(|error| {
            let problem = Problem::opaque(ProblemType::Internal, &error);
            CommandError::Refused(AltinnError::Ours(problem))
        })?;
        let location = (status == 201).then(|| format!("{}{}", self.location, view.id));
        Ok(CommandAnswer { status, location, body: Some(body) })
    }
}

fn view(created: &RequestCreated, status: &'static str, at: Timestamp) -> RequestView {
    RequestView {
        id: created.id,
        system: created.system.clone(),
        customer: created.customer,
        external_ref: created.external_ref.clone(),
        integration_title: created.integration_title.clone(),
        rights: created.rights.clone(),
        access_packages: created.access_packages.clone(),
        redirect_url: created.redirect_url.clone(),
        status,
        created: at,
    }
}

fn system(text: Option<&str>) -> Result<SystemId, AltinnError> {
    let text = text.filter(|text| !text.is_empty()).ok_or_else(|| required("SystemId"))?;
    text.parse().map_err(|_| auth_error(AuthCode::SystemNotFound, "there is no such system"))
}

fn customer(text: Option<&str>) -> Result<OrgNumber, AltinnError> {
    let text = text.filter(|text| !text.is_empty()).ok_or_else(|| required("PartyOrgNo"))?;
    text.parse().map_err(|_| {
        let seen = Seen::new(text);
        auth_error(AuthCode::CustomerNotFound, format!("`{seen}` is not an organisation number"))
    })
}

fn required(field: &str) -> AltinnError {
    AltinnError::ModelState(ModelState::field(field, format!("The {field} field is required.")))
}

impl From<CreateRequestSystemUser> for RequestSubmission {
    fn from(body: CreateRequestSystemUser) -> Self {
        Self {
            external_ref: body.external_ref,
            integration_title: body.integration_title,
            rights: body.rights.map(|rights| rights.into_iter().map(Into::into).collect()),
            access_packages: body
                .access_packages
                .map(|packages| packages.into_iter().map(Into::into).collect()),
            redirect_url: body.redirect_url,
        }
    }
}
