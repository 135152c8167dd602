//! A system of the register.

use fullmakt_events::{
    Position, SystemId,
    event::{SystemDeleted, SystemEvent, SystemRegistered},
};

use super::Standing;
use crate::{ReadError, Reader};

pub(super) async fn standing(
    reader: &Reader,
    system: Option<SystemId>,
    as_of: Position,
) -> Result<Option<Vec<Standing>>, ReadError> {
    let Some(id) = system else { return Ok(None) };
    let Some(version) = reader.system(&id, Some(as_of)).await? else { return Ok(Some(Vec::new())) };
    let row = version.row;
    let registered =
        SystemRegistered { internal_id: row.internal_id, system: Box::new(row.definition) };
    let mut facts = vec![SystemEvent::Registered(registered)];
    if row.is_deleted {
        facts.push(SystemEvent::Deleted(SystemDeleted { id }));
    }
    let since = version.from;
    Ok(Some(facts.into_iter().map(|fact| Standing::new(fact, since)).collect()))
}
