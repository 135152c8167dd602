//! Making a system user oneself, without a request of the vendor.

use async_trait::async_trait;
use axum::{extract::State, response::Response};
use fullmakt_domain::{
    AuthCode, Decider,
    agreement::{Agreement, AgreementCommand, ApprovalFacts, CreateSystemUser},
    facts::PartyFact,
    party::Party,
    system::System,
};
use fullmakt_events::{
    OrgNumber, PartyId, StreamName, SystemId, SystemUserId,
    event::{AgreementEvent, CommandAnswer},
};
use fullmakt_http::{AltinnError, CompatJson, CompatPath, ModelState, Problem, ProblemType};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use fullmakt_wire::{InternalSystemUser, OwnerView, SystemUserView, auth_error, scopes::PORTAL};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{CommandState, delegation, load, on_behalf::OnBehalf, refusal, request::Request};

/// A system user to be made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateSystemUserBody {
    /// What it is to be called; the system's name if left out.
    #[schema(example = "Our shop")]
    #[serde(default)]
    integration_title: Option<String>,
    /// The system's id.
    #[schema(value_type = String, example = "310010014_smartcloud")]
    #[serde(default)]
    system_id: Option<String>,
}

/// Makes a standard system user that has all rights and access packages of a system.
///
/// Its external reference is the owner's organisation number.
#[utoipa::path(
    post,
    path = "/authentication/api/v1/systemuser/{party}/create",
    tag = "system users",
    operation_id = "create_system_user",
    request_body = CreateSystemUserBody,
    params(
        ("party" = u32, Path, description = "The owner's integer party id.", example = 50_010_022),
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
    ),
    responses(
        (status = 200, description = "The system user.", body = InternalSystemUser),
        (status = 400, description = "There is one already (AUTH-00004), the system has nothing or what cannot be given directly (AUTH-00053, 59, 64), the party is no organisation (AUTH-00000), or a field is missing or no title (STD-00000)."),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The caller does not manage the party's access, or may not give a right on (AUTH-00014, 16, 68, 70, 71)."),
        (status = 404, description = "There is no such system (AUTH-00011)."),
        (status = 422, description = "The idempotency key came with another body before."),
        (status = 503, description = "Nothing was decided in time."),
    ),
    security(("bearer" = [PORTAL]))
)]
#[tracing::instrument(name = "handler.system_users.create", skip_all)]
pub(crate) async fn create_system_user(
    State(state): State<CommandState>,
    request: Request,
    CompatPath(party): CompatPath<u32>,
    CompatJson(body): CompatJson<CreateSystemUserBody>,
) -> Result<Response, AltinnError> {
    let system = body.system_id.as_deref().filter(|text| !text.is_empty());
    let system = system
        .ok_or_else(|| ModelState::field("SystemId", "The SystemId field is required."))?
        .parse()
        .map_err(|_| auth_error(AuthCode::SystemNotFound, "there is no such system"))?;
    let id = SystemUserId::new(Uuid::now_v7());
    let command = Create {
        on_behalf: OnBehalf::new(&state, &request, party, id)?,
        system,
        title: body.integration_title.clone(),
    };
    request.execute(&state, &body, command).await
}

struct Create {
    on_behalf: OnBehalf,
    system: SystemId,
    title: Option<String>,
}

#[async_trait]
impl Command for Create {
    type Answer = CommandAnswer;
    type Refusal = AltinnError;

    fn turn(&self) -> StreamName {
        // Which organisation the party is is found while deciding, so that its number stands for it.
        let party = self.on_behalf.party.to_string();
        StreamName::of("agreement", &[self.system.as_str(), &party])
    }

    async fn decide(
        &self,
        attempt: &mut Attempt,
    ) -> Result<Decided<CommandAnswer>, CommandError<AltinnError>> {
        self.on_behalf.permit(attempt).await?;
        let (owner, owner_party) = self.owner(attempt).await?;
        let stream = StreamName::agreement(&self.system, owner);
        let agreement: Agreement = load::state(attempt, stream.clone()).await?;
        let facts = self.facts(attempt, owner_party.party).await?;
        let view = OwnerView {
            system: facts.system.registered().map(|registered| registered.internal_id),
            number: self.on_behalf.party,
            party: owner_party.party,
        };
        let command = AgreementCommand::CreateSystemUser(Box::new(CreateSystemUser {
            id: self.on_behalf.id,
            system: self.system.clone(),
            owner,
            owner_party,
            integration_title: self.title.clone(),
            facts,
        }));
        let events = agreement
            .decide(&command)
            .map_err(|error| CommandError::Refused(refusal::agreement(&error)))?;
        let created = events.iter().find_map(|event| {
            if let AgreementEvent::SystemUserCreated(created) = event {
                Some(created)
            } else {
                None
            }
        });
        let body = created
            .map(|created| SystemUserView::created(created, attempt.now()))
            .map(|user| serde_json::to_value(InternalSystemUser::new(&user, view)))
            .transpose()
            .map_err(|error| {
                let problem = Problem::opaque(ProblemType::Internal, &error);
                CommandError::Refused(AltinnError::Ours(problem))
            })?;
        let answer = CommandAnswer { status: 200, location: None, body };
        let events = events.into_iter().map(|event| (stream.clone(), event.into())).collect();
        Ok(Decided::Write { events, answer })
    }
}

impl Create {
    /// The organisation that the party is.
    async fn owner(
        &self,
        attempt: &mut Attempt,
    ) -> Result<(OrgNumber, PartyFact), CommandError<AltinnError>> {
        let unknown = || {
            let detail = "the party has no organisation number, so that it cannot own one";
            CommandError::Refused(auth_error(AuthCode::CustomerNotFound, detail))
        };
        let party = load::party_of_number(attempt, self.on_behalf.party).await?;
        let party = party.ok_or_else(unknown)?;
        match load::state(attempt, StreamName::party(party)).await? {
            Party::Unknown => Err(unknown()),
            Party::Known(known) => {
                let owner = known.facts.org_number.ok_or_else(unknown)?;
                Ok((owner, PartyFact { party, is_deleted: known.facts.is_deleted }))
            }
        }
    }

    /// What is known of all that the system has.
    async fn facts(
        &self,
        attempt: &mut Attempt,
        party: PartyId,
    ) -> Result<ApprovalFacts, CommandError<AltinnError>> {
        let system: System = load::state(attempt, StreamName::system(&self.system)).await?;
        let mut facts = ApprovalFacts::default();
        if let Some(definition) = system.active() {
            facts.packages = load::packages(attempt).await?;
            let OnBehalf { by, state, .. } = &self.on_behalf;
            let all = (&*definition.rights, &*definition.access_packages);
            facts.delegation = delegation::check(state, attempt, (*by, party), all).await?;
        }
        facts.system = system;
        Ok(facts)
    }
}
