//! Registering a system.

use async_trait::async_trait;
use axum::{extract::State, response::Response};
use fullmakt_domain::{
    Authority,
    facts::ResourceFact,
    resource::Resource,
    system::{
        ClientIdClaim, RegisterSystem, RegistrationFacts, System, SystemSubmission, register,
    },
};
use fullmakt_events::{
    ClientId, LocalizedText, ResourceId, StreamName, SystemId, SystemInternalId,
    event::CommandAnswer,
};
use fullmakt_http::{AltinnError, TrimmedJson};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use fullmakt_wire::{
    AccessPackageBody, RightBody,
    scopes::{SYSTEM_REGISTER_ADMIN, SYSTEM_REGISTER_WRITE},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{CommandState, authorize, load, refusal, request::Request};

/// A system to be registered.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RegisterSystemRequest {
    /// The vendor's organisation number, `_` and a name.
    #[schema(example = "310010014_smartcloud")]
    #[serde(default)]
    id: String,
    #[serde(default)]
    vendor: VendorRequest,
    #[serde(default)]
    name: TextRequest,
    #[serde(default)]
    description: TextRequest,
    /// The single rights that it may ask customers for.
    #[serde(default)]
    rights: Option<Vec<RightBody>>,
    /// The access packages that it may ask customers for.
    #[serde(default)]
    access_packages: Option<Vec<AccessPackageBody>>,
    /// The token issuer's client ids that act for it.
    #[serde(default)]
    client_id: Option<Vec<String>>,
    /// Whether customers can find it by themselves; true if left out.
    #[serde(default)]
    is_visible: Option<bool>,
    /// Where customers may be sent after a request was answered; absolute, https.
    #[serde(default)]
    allowed_redirect_urls: Option<Vec<String>>,
}

/// The organisation that makes a system.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub(crate) struct VendorRequest {
    /// `0192:` and the organisation number.
    #[serde(rename = "ID", default)]
    #[schema(example = "0192:310010014")]
    id: String,
}

/// A text in three languages.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub(crate) struct TextRequest {
    #[serde(default)]
    nb: Option<String>,
    #[serde(default)]
    nn: Option<String>,
    #[serde(default)]
    en: Option<String>,
}

/// Registers a system.
///
/// Answers with the register's internal id of it, a bare JSON string.
#[utoipa::path(
    post,
    path = "/authentication/api/v1/systemregister/vendor",
    tag = "system register",
    operation_id = "register_system",
    request_body = RegisterSystemRequest,
    params(("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command.")),
    responses(
        (status = 200, description = "The internal id.", body = String),
        (status = 400, description = "Rules are broken (`validationErrors`)."),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The scope is missing, or the vendor is another."),
        (status = 422, description = "The idempotency key came with another body before."),
        (status = 503, description = "Nothing was decided in time."),
    ),
    security(("bearer" = [SYSTEM_REGISTER_WRITE]))
)]
#[tracing::instrument(name = "handler.systems.register", skip_all)]
pub(crate) async fn register_system(
    State(state): State<CommandState>,
    request: Request,
    TrimmedJson(body): TrimmedJson<RegisterSystemRequest>,
) -> Result<Response, AltinnError> {
    let authority =
        authorize::authority(&request.caller, SYSTEM_REGISTER_WRITE, SYSTEM_REGISTER_ADMIN)?;
    let command = Register {
        authority,
        internal_id: SystemInternalId::new(Uuid::now_v7()),
        submitted: body.clone().into(),
    };
    request.execute(&state, &body, command).await
}

struct Register {
    authority: Authority,
    internal_id: SystemInternalId,
    submitted: SystemSubmission,
}

#[async_trait]
impl Command for Register {
    type Answer = CommandAnswer;
    type Refusal = AltinnError;

    fn turn(&self) -> StreamName {
        StreamName::of("system", &[&self.submitted.id])
    }

    async fn decide(
        &self,
        attempt: &mut Attempt,
    ) -> Result<Decided<CommandAnswer>, CommandError<AltinnError>> {
        let command = RegisterSystem {
            authority: self.authority,
            internal_id: self.internal_id,
            submitted: self.submitted.clone(),
            facts: facts(attempt, &self.submitted).await?,
        };
        let system: System = match self.submitted.id.parse::<SystemId>() {
            Ok(id) => load::state(attempt, StreamName::system(&id)).await?,
            Err(_) => System::default(),
        };
        let events = register(&system, &command)
            .map_err(|error| CommandError::Refused(refusal::system(&error)))?;
        let body = serde_json::Value::String(self.internal_id.to_string());
        let answer = CommandAnswer { status: 200, location: None, body: Some(body) };
        Ok(if events.is_empty() {
            Decided::Nothing(answer)
        } else {
            Decided::Write { events, answer }
        })
    }
}

/// What is known of all that a submitted system names.
async fn facts(
    attempt: &mut Attempt,
    submitted: &SystemSubmission,
) -> Result<RegistrationFacts, fullmakt_ledger::Unavailable> {
    let mut facts = RegistrationFacts::default();
    let resources = submitted.rights.iter().filter_map(|right| right.resource_id());
    for resource in resources.filter_map(|id| id.parse::<ResourceId>().ok()) {
        let state: Resource = load::state(attempt, StreamName::resource(&resource)).await?;
        if let Some(fact) = state.definition().and_then(ResourceFact::of) {
            facts.resources.insert(resource.to_string(), fact);
        }
    }
    for client_id in submitted.client_ids.iter().filter_map(|id| id.parse::<ClientId>().ok()) {
        let claim: ClientIdClaim = load::state(attempt, StreamName::client_id(&client_id)).await?;
        facts.claims.insert(client_id.folded(), claim);
    }
    if !submitted.access_packages.is_empty() {
        facts.packages = load::packages(attempt).await?;
    }
    Ok(facts)
}

impl From<RegisterSystemRequest> for SystemSubmission {
    fn from(body: RegisterSystemRequest) -> Self {
        let rights = body.rights.unwrap_or_default();
        let access_packages = body.access_packages.unwrap_or_default();
        Self {
            id: body.id,
            vendor: body.vendor.id,
            name: body.name.into(),
            description: body.description.into(),
            rights: rights.into_iter().map(Into::into).collect(),
            access_packages: access_packages.into_iter().map(Into::into).collect(),
            client_ids: body.client_id.unwrap_or_default(),
            is_visible: body.is_visible.unwrap_or(true),
            allowed_redirect_urls: body.allowed_redirect_urls.unwrap_or_default(),
        }
    }
}

impl From<TextRequest> for LocalizedText {
    fn from(body: TextRequest) -> Self {
        Self {
            nb: body.nb.unwrap_or_default(),
            nn: body.nn.unwrap_or_default(),
            en: body.en.unwrap_or_default(),
        }
    }
}
