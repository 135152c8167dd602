//! Asking a customer for a system user.

mod body;

use async_trait::async_trait;
use axum::{extract::State, response::Response};
use fullmakt_domain::{
    Decider,
    agreement::{
        self, Agreement, AgreementCommand, CreateRequest, RequestFacts, RequestStatus,
        RequestSubmission,
    },
};
use fullmakt_events::{
    OrgNumber, StreamName, SystemId, SystemUserId, Timestamp,
    event::{AgreementEvent, CommandAnswer, SystemUserKind},
};
use fullmakt_http::{AltinnError, Handling, Problem, ProblemType, TrimmedJson};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use fullmakt_wire::{ApprovalPages, RequestSystemResponse, RequestView, scopes::REQUEST_WRITE};
use uuid::Uuid;

use crate::{
    CommandState,
    answer::{Asked, Existing},
    authorize, load, refusal,
    request::Request,
};

pub(crate) use body::{CreateAgentRequestSystemUser, CreateRequestSystemUser};

/// Where vendors read their requests for standard system users.
const READABLE: &str = "/authentication/api/v1/systemuser/request/vendor/";
/// Where they read those for system users that act for clients.
const READABLE_AGENT: &str = "/authentication/api/v1/systemuser/request/vendor/agent/";

/// Asks a customer for a standard system user.
///
/// The same request again answers with the one that is there, whatever its status and whatever the
/// body; `Fullmakt-Existing` says whether it is the same, and with `Prefer: handling=strict` another
/// one is refused.
#[utoipa::path(
    post,
    path = "/authentication/api/v1/systemuser/request/vendor",
    tag = "system user requests",
    operation_id = "create_request",
    request_body = CreateRequestSystemUser,
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
        ("Prefer" = Option<String>, Header, description = "`handling=strict` refuses a request that is there already with another body.", example = "handling=strict"),
    ),
    responses(
        (status = 201, description = "The request.", body = RequestSystemResponse, headers(
            ("Location" = String, description = "Where the customer's pages read it."),
            ("Content-Location" = String, description = "Where the vendor reads it."),
        )),
        (status = 200, description = "A request with this reference is there already.", body = RequestSystemResponse, headers(
            ("Content-Location" = String, description = "Where the vendor reads it."),
            ("Fullmakt-Existing" = String, description = "`same`, or `different` where it asks for something else."),
        )),
        (status = 400, description = "A rule is broken (AUTH-00000, 1, 4, 6 to 9, 21, 26, 59, 63, 64)."),
        (status = 401, description = "No token, or one without an organisation (AUTH-00023)."),
        (status = 403, description = "The scope is missing."),
        (status = 404, description = "There is no such system of the caller (AUTH-00011)."),
        (status = 409, description = "A request with this reference asks for something else, and the caller prefers strict handling (`already-exists`)."),
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
    let names = (body.system_id.as_deref(), body.party_org_no.as_deref());
    let submitted = body.clone().into();
    let command = Create::new(&state, &request, SystemUserKind::Standard, names, submitted)?;
    request.ask(&state, &body, command, READABLE).await
}

/// Asks a customer for a system user that acts for the customer's clients.
///
/// The same request again answers with the one that is there, as for a standard system user.
#[utoipa::path(
    post,
    path = "/authentication/api/v1/systemuser/request/vendor/agent",
    tag = "system user requests",
    operation_id = "create_agent_request",
    request_body = CreateAgentRequestSystemUser,
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
        ("Prefer" = Option<String>, Header, description = "`handling=strict` refuses a request that is there already with another body.", example = "handling=strict"),
    ),
    responses(
        (status = 201, description = "The request.", body = RequestSystemResponse, headers(
            ("Location" = String, description = "Where the customer's pages read it."),
            ("Content-Location" = String, description = "Where the vendor reads it."),
        )),
        (status = 200, description = "A request with this reference is there already.", body = RequestSystemResponse, headers(
            ("Content-Location" = String, description = "Where the vendor reads it."),
            ("Fullmakt-Existing" = String, description = "`same`, or `different` where it asks for something else."),
        )),
        (status = 400, description = "A rule is broken (AUTH-00000, 4, 6 to 9, 21, 26, 58, 63, 65)."),
        (status = 401, description = "No token, or one without an organisation (AUTH-00023)."),
        (status = 403, description = "The scope is missing."),
        (status = 404, description = "There is no such system of the caller (AUTH-00011)."),
        (status = 409, description = "A request with this reference asks for something else, and the caller prefers strict handling (`already-exists`)."),
        (status = 422, description = "The idempotency key came with another body before."),
        (status = 503, description = "Nothing was decided in time."),
    ),
    security(("bearer" = [REQUEST_WRITE]))
)]
#[tracing::instrument(name = "handler.requests.create_agent", skip_all)]
pub(crate) async fn create_agent_request(
    State(state): State<CommandState>,
    request: Request,
    TrimmedJson(body): TrimmedJson<CreateAgentRequestSystemUser>,
) -> Result<Response, AltinnError> {
    let names = (body.system_id.as_deref(), body.party_org_no.as_deref());
    let submitted = body.clone().into();
    let command = Create::new(&state, &request, SystemUserKind::Agent, names, submitted)?;
    request.ask(&state, &body, command, READABLE_AGENT).await
}

struct Create {
    id: SystemUserId,
    kind: SystemUserKind,
    vendor: OrgNumber,
    system: SystemId,
    customer: OrgNumber,
    submitted: RequestSubmission,
    pages: ApprovalPages,
    location: String,
    handling: Handling,
}

impl Create {
    fn new(
        state: &CommandState,
        request: &Request,
        kind: SystemUserKind,
        (system, customer): (Option<&str>, Option<&str>),
        submitted: RequestSubmission,
    ) -> Result<Self, AltinnError> {
        request.caller.require_any_scope(&[REQUEST_WRITE])?;
        Ok(Self {
            id: SystemUserId::new(Uuid::now_v7()),
            kind,
            vendor: authorize::vendor(&request.caller)?,
            system: body::system(system)?,
            customer: body::customer(customer)?,
            submitted,
            pages: state.pages.clone(),
            location: request.public_url.of("/authentication/api/v1/systemuser/request/"),
            handling: request.handling,
        })
    }

    fn answer(
        &self,
        status: u16,
        request: &agreement::Request,
        now: Timestamp,
    ) -> Result<CommandAnswer, CommandError<AltinnError>> {
        let view = RequestView::from(request);
        let body = serde_json::to_value(RequestSystemResponse::new(&view, &self.pages, now));
        let body = body.map_err(|error| {
            let problem = Problem::opaque(ProblemType::Internal, &error);
            CommandError::Refused(AltinnError::Ours(problem))
        })?;
        let location = (status == 201).then(|| format!("{}{}", self.location, view.id));
        Ok(CommandAnswer { status, location, body: Some(body) })
    }
}

#[async_trait]
impl Command for Create {
    type Answer = Asked;
    type Refusal = AltinnError;

    fn turn(&self) -> StreamName {
        StreamName::agreement(&self.system, self.customer)
    }

    async fn decide(
        &self,
        attempt: &mut Attempt,
    ) -> Result<Decided<Asked>, CommandError<AltinnError>> {
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
            kind: self.kind,
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
            let request = agreement::Request {
                created: created.clone(),
                created_at: at,
                status: RequestStatus::New,
                is_escalated: false,
            };
            let answer = self.answer(201, &request, at)?.into();
            let stream = self.turn();
            let events = events.into_iter().map(|event| (stream.clone(), event.into())).collect();
            return Ok(Decided::Write { events, answer });
        }
        let existing = agreement.live_request(self.kind, &external_ref, at).ok_or_else(|| {
            // INVARIANT: nothing happens only where the same request is there already.
            let problem = Problem::bare(ProblemType::Internal);
            CommandError::Refused(AltinnError::Ours(problem))
        })?;
        let what = format!("request `{}` with this reference", existing.created.id);
        let is_same = Existing::of(&what, &existing.differences(&self.submitted), self.handling);
        let is_same = is_same.map_err(CommandError::Refused)?;
        let answer = self.answer(200, existing, at)?;
        Ok(Decided::Nothing(Asked { answer, existing: Some(is_same) }))
    }
}
