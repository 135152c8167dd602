//! Asking a customer for a change of what a system user has, and asking what it would come to.

mod body;

use async_trait::async_trait;
use axum::{extract::State, response::Response};
use fullmakt_domain::agreement::{
    Agreement, AgreementError, Change, ChangeFacts, ChangeRequest, ChangeSubmission, RequestChange,
    RequestStatus, SystemUser, request_change as decide_change,
};
use fullmakt_events::{
    ChangeRequestId, Event, OrgNumber, StreamName, SystemUserId, Timestamp,
    event::{AgreementEvent, ChangeRequested, CommandAnswer},
};
use fullmakt_http::{AltinnError, CompatQuery, Handling, Problem, ProblemType, TrimmedJson};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use fullmakt_wire::{
    ApprovalPages, ChangeRequestResponse, ChangeRequestView, scopes::REQUEST_WRITE,
};

use crate::{
    CommandState,
    answer::{Asked, Existing},
    authorize, load,
    on_behalf::agreement_of,
    refusal,
    request::Request,
};

pub(crate) use body::{ChangeQuery, ChangeRequestSystemUser};

/// Where vendors read their change requests.
const READABLE: &str = "/authentication/api/v1/systemuser/changerequest/vendor/";

/// Asks a customer for a change of what a standard system user has.
///
/// The same correlation id again answers with the change request that is there, whatever its status
/// and whatever the body; `Fullmakt-Existing` says whether it is the same, and with
/// `Prefer: handling=strict` another one is refused. What is required and unwanted at once is not
/// there afterwards.
#[utoipa::path(
    post,
    path = "/authentication/api/v1/systemuser/changerequest/vendor",
    tag = "system user change requests",
    operation_id = "request_change",
    request_body = ChangeRequestSystemUser,
    params(
        ChangeQuery,
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
        ("Prefer" = Option<String>, Header, description = "`handling=strict` refuses a change request that is there already with another body.", example = "handling=strict"),
    ),
    responses(
        (status = 201, description = "The change request.", body = ChangeRequestResponse, headers(
            ("Location" = String, description = "Where the customer's pages read it."),
            ("Content-Location" = String, description = "Where the vendor reads it."),
        )),
        (status = 200, description = "The change request is there already; or nothing is asked for (`NoChangeNeeded`), and nothing was made.", body = ChangeRequestResponse, headers(
            ("Content-Location" = String, description = "Where the vendor reads it."),
            ("Fullmakt-Existing" = String, description = "`same`, or `different` where it asks for something else."),
        )),
        (status = 400, description = "The correlation id is missing or is the system user's id (text), or a rule is broken (AUTH-00000, 1, 7, 21, 26, 63, 64)."),
        (status = 401, description = "No token, one without an organisation (AUTH-00023), or the system user's system is another vendor's."),
        (status = 403, description = "The scope is missing."),
        (status = 404, description = "There is no such standard system user (AUTH-00015), or no such system any more (AUTH-00011)."),
        (status = 409, description = "The correlation id was used before (AUTH-00061), or for a change request that asks for something else, and the caller prefers strict handling (`already-exists`)."),
        (status = 422, description = "The idempotency key came with another body before."),
        (status = 503, description = "Nothing was decided in time."),
    ),
    security(("bearer" = [REQUEST_WRITE]))
)]
#[tracing::instrument(name = "handler.change_requests.request", skip_all)]
pub(crate) async fn request_change(
    State(state): State<CommandState>,
    request: Request,
    CompatQuery(query): CompatQuery<ChangeQuery>,
    TrimmedJson(body): TrimmedJson<ChangeRequestSystemUser>,
) -> Result<Response, AltinnError> {
    let command = Ask::new(&state, &request, &query, body.clone().into(), Manner::Ask)?;
    request.ask(&state, &body, command, READABLE).await
}

/// Says what a change of a standard system user would come to, and asks nobody for it.
///
/// All checks of a change request are made. The answer has the rights and packages that the system
/// user lacks and those that it would lose; where there are none, no change is needed.
#[utoipa::path(
    post,
    path = "/authentication/api/v1/systemuser/changerequest/vendor/verify",
    tag = "system user change requests",
    operation_id = "verify_change",
    request_body = ChangeRequestSystemUser,
    params(ChangeQuery),
    responses(
        (status = 200, description = "What the change would come to (`New` or `NoChangeNeeded`); or the change request with this id that is there already.", body = ChangeRequestResponse),
        (status = 400, description = "The correlation id is missing or is the system user's id (text), or a rule is broken (AUTH-00000, 1, 7, 21, 26, 63, 64)."),
        (status = 401, description = "No token, one without an organisation (AUTH-00023), or the system user's system is another vendor's."),
        (status = 403, description = "The scope is missing."),
        (status = 404, description = "There is no such standard system user (AUTH-00015), or no such system any more (AUTH-00011)."),
        (status = 409, description = "The correlation id was used before (AUTH-00061)."),
        (status = 503, description = "Nothing was decided in time."),
    ),
    security(("bearer" = [REQUEST_WRITE]))
)]
#[tracing::instrument(name = "handler.change_requests.verify", skip_all)]
pub(crate) async fn verify_change(
    State(state): State<CommandState>,
    request: Request,
    CompatQuery(query): CompatQuery<ChangeQuery>,
    TrimmedJson(body): TrimmedJson<ChangeRequestSystemUser>,
) -> Result<Response, AltinnError> {
    let command = Ask::new(&state, &request, &query, body.clone().into(), Manner::Verify)?;
    request.ask(&state, &body, command, READABLE).await
}

/// Whether the customer is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    Ask,
    Verify,
}

struct Ask {
    id: ChangeRequestId,
    vendor: OrgNumber,
    system_user: SystemUserId,
    submitted: ChangeSubmission,
    manner: Manner,
    handling: Handling,
    location: String,
    state: CommandState,
}

impl Ask {
    fn new(
        state: &CommandState,
        request: &Request,
        query: &ChangeQuery,
        submitted: ChangeSubmission,
        manner: Manner,
    ) -> Result<Self, AltinnError> {
        request.caller.require_any_scope(&[REQUEST_WRITE])?;
        Ok(Self {
            id: query.correlation()?,
            vendor: authorize::vendor(&request.caller)?,
            system_user: query.system_user()?,
            submitted,
            manner,
            handling: request.handling,
            location: request.public_url.of("/authentication/api/v1/systemuser/changerequest/"),
            state: state.clone(),
        })
    }

    async fn facts(
        &self,
        attempt: &mut Attempt,
        user: &SystemUser,
    ) -> Result<ChangeFacts, CommandError<AltinnError>> {
        let mut facts = ChangeFacts {
            system: load::state(attempt, StreamName::system(&user.created.system)).await?,
            customer_party: load::party_of_org(attempt, user.created.owner).await?,
            claim: load::state(attempt, StreamName::change_request(self.id)).await?,
            ..ChangeFacts::default()
        };
        if !self.submitted.required_access_packages.is_empty() {
            facts.packages = load::packages(attempt).await?;
        }
        Ok(facts)
    }

    /// What is answered where nothing is asked of the customer.
    fn answer_without_asking(
        &self,
        agreement: &Agreement,
        user: &SystemUser,
        at: Timestamp,
    ) -> Result<Asked, AltinnError> {
        let existing = agreement.change_request(self.id).filter(|_| !self.submitted.is_empty());
        let Some(existing) = existing else {
            let view = view_of_nothing(self.id, user, at);
            return Ok(answer(200, &ChangeRequestResponse::unasked(&view, at))?.into());
        };
        let what = format!("change request `{}`", self.id);
        let is_same = Existing::of(&what, &existing.differences(&self.submitted), self.handling)?;
        let response = ChangeRequestResponse::new(&existing.into(), self.pages(), at);
        Ok(Asked { answer: answer(200, &response)?, existing: Some(is_same) })
    }

    fn answer_to_asking(
        &self,
        user: &SystemUser,
        requested: &ChangeRequested,
        at: Timestamp,
    ) -> Result<CommandAnswer, AltinnError> {
        let request = ChangeRequest {
            requested: requested.clone(),
            requested_at: at,
            status: RequestStatus::New,
        };
        let view = ChangeRequestView::from(&request);
        match self.manner {
            Manner::Ask => {
                let response = ChangeRequestResponse::new(&view, self.pages(), at);
                let location = Some(format!("{}{}", self.location, self.id));
                Ok(CommandAnswer { location, ..answer(201, &response)? })
            }
            Manner::Verify => {
                let view = view_of_difference(view, Change::of(requested, user));
                answer(200, &ChangeRequestResponse::unasked(&view, at))
            }
        }
    }

    const fn pages(&self) -> &ApprovalPages {
        &self.state.pages
    }
}

#[async_trait]
impl Command for Ask {
    type Answer = Asked;
    type Refusal = AltinnError;

    fn turn(&self) -> StreamName {
        agreement_of(self.system_user)
    }

    async fn decide(
        &self,
        attempt: &mut Attempt,
    ) -> Result<Decided<Asked>, CommandError<AltinnError>> {
        let refused = |error: AgreementError| CommandError::Refused(refusal::agreement(&error));
        let unknown = || refused(AgreementError::SystemUserNotFound { id: self.system_user });
        let row = load::locate_system_user(&self.state, attempt, self.system_user).await?;
        let row = row.ok_or_else(unknown)?;
        let stream = StreamName::agreement(&row.system, row.owner);
        let agreement: Agreement = load::state(attempt, stream).await?;
        let user = agreement.system_user(self.system_user).ok_or_else(unknown)?;
        let at = attempt.now();
        let command = RequestChange {
            id: self.id,
            at,
            vendor: Some(self.vendor),
            system_user: self.system_user,
            submitted: self.submitted.clone(),
            facts: self.facts(attempt, user).await?,
        };
        let events = decide_change(&agreement, &command).map_err(refused)?;
        let requested = events.iter().find_map(|(_, event)| {
            if let Event::Agreement(AgreementEvent::ChangeRequested(requested)) = event {
                Some(requested)
            } else {
                None
            }
        });
        let Some(requested) = requested else {
            let answer = self.answer_without_asking(&agreement, user, at);
            return Ok(Decided::Nothing(answer.map_err(CommandError::Refused)?));
        };
        let answer = self.answer_to_asking(user, requested, at).map_err(CommandError::Refused)?;
        Ok(match self.manner {
            Manner::Ask => Decided::Write { events, answer: answer.into() },
            Manner::Verify => Decided::Nothing(answer.into()),
        })
    }
}

fn answer(status: u16, response: &ChangeRequestResponse) -> Result<CommandAnswer, AltinnError> {
    let body = serde_json::to_value(response)
        .map_err(|error| AltinnError::Ours(Problem::opaque(ProblemType::Internal, &error)))?;
    Ok(CommandAnswer { status, location: None, body: Some(body) })
}

/// A change request that asks for nothing.
fn view_of_nothing(id: ChangeRequestId, user: &SystemUser, at: Timestamp) -> ChangeRequestView {
    let user = &user.created;
    ChangeRequestView {
        id,
        system_user: user.id,
        system: user.system.clone(),
        customer: user.owner,
        external_ref: user.external_ref.clone(),
        required_rights: Vec::new(),
        unwanted_rights: Vec::new(),
        required_access_packages: Vec::new(),
        unwanted_access_packages: Vec::new(),
        redirect_url: None,
        status: ChangeRequestView::NO_CHANGE_NEEDED,
        created: at,
    }
}

/// A change request with what it would come to in place of what it asks for.
fn view_of_difference(view: ChangeRequestView, change: Change<'_>) -> ChangeRequestView {
    let status =
        if change.is_nothing() { ChangeRequestView::NO_CHANGE_NEEDED } else { view.status };
    ChangeRequestView {
        required_rights: change.missing_rights,
        unwanted_rights: change.surplus_rights,
        required_access_packages: change.missing_packages,
        unwanted_access_packages: change.surplus_packages,
        status,
        ..view
    }
}
