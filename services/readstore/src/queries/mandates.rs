use fullmakt_events::{MandateAskId, PartyId, Position};
use fullmakt_projections::{
    MandateAskRow, MandateAsks, MandateRow, Mandates, Version, mandate_asks, mandates,
};

use crate::{ReadError, Reader, column::Column};

impl Reader {
    /// What one party gives another.
    pub async fn mandate(
        &self,
        from: PartyId,
        to: PartyId,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<MandateRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        let (from, to) = (from.to_pg(), to.to_pg());
        self.versions::<Mandates>(mandates::BY_PARTIES, &[&from, &as_of, &to]).await
    }

    /// What a party gives others, by receiver.
    pub async fn mandates_from(
        &self,
        from: PartyId,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<MandateRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.versions::<Mandates>(mandates::BY_FROM, &[&from.uuid(), &as_of]).await
    }

    /// What a party is given by others, by giver.
    pub async fn mandates_to(
        &self,
        to: PartyId,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<MandateRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.versions::<Mandates>(mandates::BY_TO, &[&to.uuid(), &as_of]).await
    }

    /// What was asked for.
    pub async fn mandate_ask(
        &self,
        ask: MandateAskId,
        as_of: Option<Position>,
    ) -> Result<Option<Version<MandateAskRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.version::<MandateAsks>(mandate_asks::BY_ENTITY, &[&ask.to_pg(), &as_of]).await
    }

    /// What a party is asked for, the oldest first.
    pub async fn mandate_asks_from(
        &self,
        from: PartyId,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<MandateAskRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.versions::<MandateAsks>(mandate_asks::BY_FROM, &[&from.uuid(), &as_of]).await
    }

    /// What a party asks for, the oldest first.
    pub async fn mandate_asks_to(
        &self,
        to: PartyId,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<MandateAskRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.versions::<MandateAsks>(mandate_asks::BY_TO, &[&to.uuid(), &as_of]).await
    }
}
