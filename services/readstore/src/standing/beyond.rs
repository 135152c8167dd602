//! The other side of a fact: decisions find some streams from what they rest on, and not by a name
//! that could be told before.

use fullmakt_events::{Position, StreamName};
use fullmakt_projections::AccessListRow;

use super::party_id;
use crate::{ReadError, Reader};

impl Reader {
    /// The streams that a decision finds from the other side of this one: from a party those of the
    /// parties that it holds roles for, from a mandate those of all that the giver gives, and from a
    /// right to a resource those of the lists that the resource is connected with.
    pub async fn beyond(
        &self,
        stream: &StreamName,
        as_of: Position,
    ) -> Result<Vec<StreamName>, ReadError> {
        let keys: Vec<String> = stream.keys().collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let as_of = Some(as_of);
        let mut beyond = Vec::new();
        match (stream.category(), keys.as_slice()) {
            ("party", [holder]) => {
                let Some(holder) = party_id(holder) else { return Ok(beyond) };
                let held = self.roles_held_by(holder, as_of).await?;
                beyond.extend(held.iter().map(|version| StreamName::party(version.row.party)));
            }
            ("mandate", [from, _]) => {
                let Some(from) = party_id(from) else { return Ok(beyond) };
                let given = self.mandates_from(from, as_of).await?;
                let stream = |to| StreamName::mandate(from, to);
                beyond.extend(given.iter().map(|version| stream(version.row.to_party)));
            }
            ("resource-right", [resource, _]) => {
                let Ok(resource) = resource.parse() else { return Ok(beyond) };
                for connected in self.lists_of_resource(&resource, as_of).await? {
                    // A list that is deleted opens nothing.
                    let list = self.access_list(connected.row.list, as_of).await?;
                    let stream =
                        |row: &AccessListRow| StreamName::access_list(&row.owner, &row.name);
                    beyond.extend(list.map(|version| stream(&version.row)));
                }
            }
            _ => {}
        }
        Ok(beyond)
    }
}
