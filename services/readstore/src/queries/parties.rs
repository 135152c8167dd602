use fullmakt_events::{OrgNumber, PartyId, PartyNumber, Position};
use fullmakt_projections::{
    Parties, PartyRoleRow, PartyRoles, PartyRow, Version, parties, party_roles,
};
use uuid::Uuid;

use crate::{ReadError, Reader, column::Column};

impl Reader {
    /// A unit or person.
    pub async fn party(
        &self,
        party: PartyId,
        as_of: Option<Position>,
    ) -> Result<Option<Version<PartyRow>>, ReadError> {
        Ok(self.parties(&[party], as_of).await?.into_iter().next())
    }

    /// Some units or persons, in no order. Those that are unknown are left out.
    pub async fn parties(
        &self,
        ids: &[PartyId],
        as_of: Option<Position>,
    ) -> Result<Vec<Version<PartyRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        let entities: Vec<Uuid> = ids.iter().map(|party| party.uuid()).collect();
        self.versions::<Parties>(parties::BY_ENTITIES, &[&entities, &as_of]).await
    }

    /// The party with an integer id.
    pub async fn party_by_number(
        &self,
        number: PartyNumber,
        as_of: Option<Position>,
    ) -> Result<Option<Version<PartyRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.version::<Parties>(parties::BY_NUMBER, &[&number.to_pg(), &as_of]).await
    }

    /// The party with an organisation number, deleted or not.
    pub async fn party_by_org(
        &self,
        org_number: OrgNumber,
        as_of: Option<Position>,
    ) -> Result<Option<Version<PartyRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.version::<Parties>(parties::BY_ORG_NUMBER, &[&org_number.to_pg(), &as_of]).await
    }

    /// The sub-units of a unit that are not deleted, by organisation number.
    pub async fn sub_units(
        &self,
        unit: PartyId,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<PartyRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.versions::<Parties>(parties::BY_PARENT, &[&unit.uuid(), &as_of]).await
    }

    /// The roles that are held for a party, by role.
    pub async fn roles_of_party(
        &self,
        party: PartyId,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<PartyRoleRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.versions::<PartyRoles>(party_roles::BY_PARTY, &[&party.uuid(), &as_of]).await
    }

    /// The roles that somebody holds, by party.
    pub async fn roles_held_by(
        &self,
        holder: PartyId,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<PartyRoleRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.versions::<PartyRoles>(party_roles::BY_HOLDER, &[&holder.uuid(), &as_of]).await
    }
}
