//! Where a customer approves.

use fullmakt_events::{ChangeRequestId, SystemUserId, event::SystemUserKind};
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
    pub fn of_request(&self, kind: SystemUserKind, request: SystemUserId) -> String {
        let page = match kind {
            SystemUserKind::Standard => "request",
            SystemUserKind::Agent => "agentrequest",
        };
        self.page(page, &request.to_string())
    }

    /// The page of a change request.
    #[must_use]
    pub fn of_change_request(&self, request: ChangeRequestId) -> String {
        self.page("changerequest", &request.to_string())
    }

    fn page(&self, name: &str, id: &str) -> String {
        let mut page = self.0.clone();
        page.set_path(&format!("/accessmanagement/ui/systemuser/{name}"));
        page.set_query(Some(&format!("id={id}&DONTCHOOSEREPORTEE=true")));
        page.into()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn each_kind_of_question_has_a_page_of_its_own() {
        let pages = ApprovalPages::new("https://am.example/".parse().unwrap());
        let user = SystemUserId::new(Uuid::nil());
        let id = "id=00000000-0000-0000-0000-000000000000&DONTCHOOSEREPORTEE=true";
        let base = "https://am.example/accessmanagement/ui/systemuser";
        assert_eq!(
            pages.of_request(SystemUserKind::Standard, user),
            format!("{base}/request?{id}")
        );
        assert_eq!(
            pages.of_request(SystemUserKind::Agent, user),
            format!("{base}/agentrequest?{id}")
        );
        let change = ChangeRequestId::new(Uuid::nil());
        assert_eq!(pages.of_change_request(change), format!("{base}/changerequest?{id}"));
    }
}
