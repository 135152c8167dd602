//! What one party gives another.

use fullmakt_events::{
    PartyId, Position,
    event::{MandateEvent, MandateGiven},
};
use fullmakt_projections::Mandated;

use super::Standing;
use crate::{ReadError, Reader};

pub(super) async fn standing(
    reader: &Reader,
    parties: Option<(PartyId, PartyId)>,
    as_of: Position,
) -> Result<Option<Vec<Standing>>, ReadError> {
    let Some((from, to)) = parties else { return Ok(None) };
    let versions = reader.mandate(from, to, Some(as_of)).await?;
    let standing = versions.into_iter().map(|version| {
        let (mut access_packages, mut rights) = (Vec::new(), Vec::new());
        match version.row.what {
            Mandated::Package(package) => access_packages.push(package),
            Mandated::Right(right) => rights.push(right),
        }
        let given = MandateGiven {
            from_party: from,
            to_party: to,
            access_packages,
            rights,
            validity: version.row.validity,
            // Who gave it and for which ask is not in the read model: no decision rests on it.
            by: from,
            ask: None,
        };
        Standing::new(MandateEvent::Given(given), version.from)
    });
    Ok(Some(standing.collect()))
}
