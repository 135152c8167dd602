//! What our own commands about one system user have in common: they name it by its id alone.

use async_trait::async_trait;
use fullmakt_domain::agreement::{
    Agreement, AgreementCommand, AgreementError, DeleteSystemUser, Deleter, ManageSystemUser,
    ManagementAction, TakenFor,
};
use fullmakt_events::{Event, OrgNumber, PartyId, StreamName, SystemUserId, event::CommandAnswer};
use fullmakt_http::{EntityVersion, IfMatch, Problem, ProblemType};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided, StreamEvent};
use fullmakt_pep::{Caller, PartyRef};
use fullmakt_projections::SystemUserRow;

use crate::{
    CommandState,
    authorize::{self, ACCESS_MANAGEMENT},
    load,
    on_behalf::agreement_of,
    refusal,
    request::Request,
    requests::decided_or,
};

/// Something asked of one system user. It is answered with 204.
pub(super) struct OfSystemUser {
    id: SystemUserId,
    asked: Asked,
    /// The version that the caller insists on.
    if_match: Option<IfMatch>,
    caller: Caller,
    state: CommandState,
}

/// What is asked.
pub(super) enum Asked {
    /// The owner renames, pauses or resumes it.
    Manage {
        /// The person who does.
        by: PartyId,
        /// What is done.
        action: ManagementAction,
    },
    /// The owner deletes it.
    DeleteAsOwner {
        /// The person who does.
        by: PartyId,
    },
    /// The vendor of its system deletes it.
    DeleteAsVendor(OrgNumber),
}

/// The id in a path. What is no id names no system user.
pub(super) fn system_user_id(text: &str) -> Result<SystemUserId, Problem> {
    super::system_user_id(text).map_err(|error| refusal::system_user(&error))
}

#[async_trait]
impl Command for OfSystemUser {
    type Answer = CommandAnswer;
    type Refusal = Problem;

    fn turn(&self) -> StreamName {
        agreement_of(self.id)
    }

    async fn decide(
        &self,
        attempt: &mut Attempt,
    ) -> Result<Decided<CommandAnswer>, CommandError<Problem>> {
        let id = self.id;
        let row = load::locate_system_user(&self.state, attempt, id).await?;
        let row = row.ok_or_else(|| not_found(id))?;
        self.authorize(attempt, &row).await?;
        let stream = StreamName::agreement(&row.system, row.owner);
        let history = attempt.load(stream.clone()).await?;
        let agreement: Agreement = load::of(&history);
        let answer = CommandAnswer { status: 204, location: None, body: None };
        if agreement.system_user(id).is_none() {
            return match self.asked {
                Asked::Manage { .. } => Err(CommandError::Refused(Problem::of(
                    ProblemType::Gone,
                    format!("system user `{id}` was deleted"),
                ))),
                Asked::DeleteAsOwner { .. } | Asked::DeleteAsVendor(_) => {
                    Ok(Decided::Nothing(answer))
                }
            };
        }
        if let Some(condition) = &self.if_match {
            condition.check(version(&history, id)).map_err(CommandError::Refused)?;
        }
        decided_or(&agreement, &self.command(&row), &stream, answer, refusal::system_user)
    }
}

impl OfSystemUser {
    /// What the caller asks of a system user.
    pub(super) fn new(
        state: &CommandState,
        request: &Request,
        id: SystemUserId,
        if_match: Option<IfMatch>,
        asked: Asked,
    ) -> Self {
        let (caller, state) = (request.caller.clone(), state.clone());
        Self { id, asked, if_match, caller, state }
    }

    /// Lets the owner's managers and the vendor through, and nobody else.
    async fn authorize(
        &self,
        attempt: &mut Attempt,
        row: &SystemUserRow,
    ) -> Result<(), CommandError<Problem>> {
        match self.asked {
            Asked::Manage { .. } | Asked::DeleteAsOwner { .. } => {
                let may = (ACCESS_MANAGEMENT, "write");
                let party = PartyRef::Uuid(row.owner_party);
                authorize::permit(&self.state, attempt, &self.caller, may, party).await
            }
            Asked::DeleteAsVendor(vendor) if vendor == row.vendor => Ok(()),
            // Whose system user it is does not concern another vendor.
            Asked::DeleteAsVendor(_) => Err(not_found(self.id)),
        }
    }

    fn command(&self, row: &SystemUserRow) -> AgreementCommand {
        let (id, party) = (self.id, row.owner_party);
        let by = match &self.asked {
            Asked::Manage { by, action } => {
                let (by, action) = (*by, action.clone());
                return AgreementCommand::Manage(ManageSystemUser { id, party, by, action });
            }
            Asked::DeleteAsOwner { by } => {
                Deleter::Owner { party, by: *by, taken_for: TakenFor::AnyKind }
            }
            Asked::DeleteAsVendor(vendor) => Deleter::Vendor(*vendor),
        };
        AgreementCommand::DeleteSystemUser(DeleteSystemUser { id, by })
    }
}

fn not_found(id: SystemUserId) -> CommandError<Problem> {
    CommandError::Refused(refusal::system_user(&AgreementError::SystemUserNotFound { id }))
}

/// The version of a system user: the position of the commit that changed it last.
fn version(history: &[StreamEvent], id: SystemUserId) -> Option<EntityVersion> {
    let changed = |event: &Event| match event {
        Event::Agreement(event) => event.changed_system_user(),
        Event::System(_)
        | Event::ClientId(_)
        | Event::TokenClient(_)
        | Event::TokenScope(_)
        | Event::ChangeRequest(_)
        | Event::ClientLink(_)
        | Event::Mandate(_)
        | Event::Party(_)
        | Event::OrgNumber(_)
        | Event::PartyNumber(_)
        | Event::Resource(_)
        | Event::ResourceRight(_)
        | Event::AccessList(_)
        | Event::Catalogue(_)
        | Event::Command(_) => None,
    };
    let last = history.iter().rev().find(|event| changed(&event.event) == Some(id));
    last.map(|event| EntityVersion(event.position.get()))
}
