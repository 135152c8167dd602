//! On whose behalf a caller may change what organisations own.

use std::fmt;

use fullmakt_events::OrgNumber;

/// In what right a caller changes something that an organisation owns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    /// For the organisation that its token was issued to.
    Organization(OrgNumber),
    /// For every organisation: an administrator's scope, or the installation's own command line.
    Administrator,
}

impl Authority {
    /// Whether the caller may change what `owner` owns.
    #[must_use]
    pub fn covers(self, owner: OrgNumber) -> bool {
        match self {
            Self::Organization(organization) => organization == owner,
            Self::Administrator => true,
        }
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organization(organization) => organization.fmt(formatter),
            Self::Administrator => formatter.write_str("administrator"),
        }
    }
}
