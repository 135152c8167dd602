//! Where a customer approves.

use fullmakt_events::SystemUserId;
use url::Url;

/// The pages on which a customer approves or rejects what a vendor asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalPages(Url);

impl ApprovalPages {
    /// The pages below this address.
    #[must_use]
    pub const fn new(address: Url) -> Self {
        Self(address)
    }

    /// The page of a request (`confirmUrl`).
    #[must_use]
    pub fn of_request(&self, request: SystemUserId) -> String {
        let mut page = self.0.clone();
        page.set_path("/accessmanagement/ui/systemuser/request");
        page.set_query(Some(&format!("id={request}&DONTCHOOSEREPORTEE=true")));
        page.into()
    }
}
