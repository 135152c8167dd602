//! The JSON of the wire contract that several services speak: the same names, spellings and
//! omissions wherever they occur.

mod approval;
mod change_request;
mod pages;
mod problem;
mod request;
mod right;
pub mod scopes;
mod system;
mod system_change;
mod system_user;

pub use approval::ApprovalPages;
pub use change_request::{ChangeRequestResponse, ChangeRequestView, InternalChangeRequestResponse};
pub use pages::code_page;
pub use problem::{auth_error, auth_problem};
pub use request::{InternalRequestResponse, RequestSystemResponse, RequestView, is_timed_out};
pub use right::{AccessPackageBody, ResourcePairBody, RightBody};
pub use system::{RegisteredSystemDto, RegisteredSystemResponse, VendorBody};
pub use system_change::{ChangedData, SubmittedSystem, SystemChangeLogEntry};
pub use system_user::{
    ExternalSystemUser, InternalSystemUser, OwnerView, SystemUserView, user_type,
};
