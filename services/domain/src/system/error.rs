//! Why the system register refuses.

use std::fmt;

use fullmakt_events::{OrgNumber, SystemId};

use super::{ClientIdError, rules};
use crate::{Authority, Seen, ValidationCode, seen};

/// Why the system register refuses a command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SystemError {
    /// The submitted system breaks rules: all of them, in the order of their codes.
    #[error("the system breaks {} of the register's rules", .0.len())]
    Invalid(Vec<Violation>),
    /// The caller may not change systems of this vendor.
    #[error("`{caller}` may not change systems of vendor `{vendor}`")]
    NotOwner {
        /// The system's vendor.
        vendor: OrgNumber,
        /// Who asked.
        caller: Authority,
    },
    /// The body names another vendor than the system's, which it keeps.
    #[error(
        "the vendor in the body is `{seen}`; the system stays with its vendor, `{}`",
        .vendor.to_iso6523()
    )]
    VendorDiffers {
        /// The system's vendor.
        vendor: OrgNumber,
        /// The vendor in the body.
        seen: Seen,
    },
    /// The system has left the register.
    #[error("system `{id}` was deleted and cannot be changed; register a system with a new id")]
    Deleted {
        /// The system.
        id: SystemId,
    },
    /// No system has ever had the id.
    #[error("there is no such system")]
    Unknown,
}

/// One rule that a submitted system breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The rule.
    pub code: ValidationCode,
    /// The fields that break it, as the wire contract names them.
    pub paths: Vec<String>,
    /// The values that break it. None where the value may not be repeated, or is missing.
    pub values: Vec<Seen>,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code.title())?;
        if !self.values.is_empty() {
            write!(formatter, " Found: {}.", seen::list(&self.values))?;
        }
        Ok(())
    }
}

impl From<ClientIdError> for SystemError {
    fn from(error: ClientIdError) -> Self {
        match error {
            ClientIdError::HeldByAnother { client_id } => Self::Invalid(vec![Violation {
                code: ValidationCode::ClientIdTaken,
                paths: vec![rules::CLIENT_ID.to_owned()],
                values: vec![Seen::new(client_id.as_str())],
            }]),
        }
    }
}
