//! System users.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod delete_agent;
mod of_system_user;
pub(crate) mod own_change;
pub(crate) mod own_delete;
pub(crate) mod own_pause;
pub(crate) mod own_resume;
pub(crate) mod rename;

use fullmakt_domain::agreement::AgreementError;
use fullmakt_events::{PartyId, StreamName, SystemUserId};
use fullmakt_http::AltinnError;
use fullmakt_ledger::{Attempt, CommandError};
use fullmakt_projections::SystemUserRow;
use uuid::Uuid;

use crate::{load, on_behalf::OnBehalf};

/// The id in a path. What is no id names no system user.
fn system_user_id(text: &str) -> Result<SystemUserId, AgreementError> {
    text.parse::<Uuid>().map(SystemUserId::new).map_err(|_| {
        let id = SystemUserId::new(Uuid::nil());
        AgreementError::SystemUserNotFound { id }
    })
}

/// A system user, and what a command about it is decided on.
struct Located {
    /// As the read models know it: what never changes can be taken from it.
    row: SystemUserRow,
    stream: StreamName,
    /// The party in whose name the command is given.
    party: PartyId,
}

/// Where the system user is that somebody acts on in the name of a party.
async fn located(
    on_behalf: &OnBehalf,
    attempt: &mut Attempt,
    refused: fn(&AgreementError) -> AltinnError,
) -> Result<Located, CommandError<AltinnError>> {
    let id = on_behalf.id;
    let refused = |error: AgreementError| CommandError::Refused(refused(&error));
    let row = load::locate_system_user(&on_behalf.state, attempt, id).await?;
    let row = row.ok_or_else(|| refused(AgreementError::SystemUserNotFound { id }))?;
    let party = load::party_of_number(attempt, on_behalf.party).await?;
    let party = party.ok_or_else(|| refused(AgreementError::SystemUserNotOwned { id }))?;
    let stream = StreamName::agreement(&row.system, row.owner);
    Ok(Located { row, stream, party })
}
