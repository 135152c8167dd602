//! What a client wanted, and what it was told.

use std::time::Instant;

use fullmakt_scenarios::{FJORDTORG, VAT_RETURN, VENDOR};
use reqwest::Method;
use serde_json::{Value, json};

/// Where systems are registered.
pub const SYSTEMS: &str = "/authentication/api/v1/systemregister/vendor";
/// Where requests are made.
pub const REQUESTS: &str = "/authentication/api/v1/systemuser/request/vendor";

/// A command of a client's, with all its attempts.
#[derive(Debug, Clone)]
pub struct Order {
    /// What was wanted.
    pub what: What,
    /// The idempotency key, the same in every attempt.
    pub key: String,
    /// The attempts, of which the last one got an answer.
    pub attempts: Vec<Attempt>,
}

/// What a client wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A system in the register.
    Register {
        /// The system's id.
        system: String,
    },
    /// A request to the customer.
    Ask {
        /// The vendor's system.
        system: String,
        /// The vendor's own reference.
        reference: String,
    },
    /// The manager approves a request.
    Approve {
        /// The request.
        request: String,
    },
    /// Somebody who may not approve a request tries to.
    ApproveAsStranger {
        /// The request.
        request: String,
    },
    /// The manager rejects a request.
    Reject {
        /// The request.
        request: String,
    },
    /// The vendor takes a request back.
    Withdraw {
        /// The request.
        request: String,
    },
    /// The manager deletes a system user.
    Delete {
        /// The system user, which has the id of its request.
        user: String,
    },
}

/// One attempt.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The request's id, which a commit that comes of it has as its correlation.
    pub id: String,
    /// The server that was asked.
    pub member: usize,
    /// When it was over.
    pub ended: Instant,
    /// What came of it.
    pub told: Told,
}

/// What a client was told.
#[derive(Debug, Clone)]
pub enum Told {
    /// Nothing: no connection, or no answer in time.
    Nothing,
    /// That there is no answer now.
    Unavailable,
    /// That it is done.
    Done(Reply),
    /// That it is refused.
    Refused(Reply),
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The body; null where there is none.
    pub body: Value,
    /// The position, where the answer says one.
    pub position: Option<u64>,
    /// The same as the answer says it.
    pub token: Option<String>,
}

/// Whose token a command is sent with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The vendor.
    Vendor,
    /// The customer's manager.
    Manager,
    /// Somebody who may not act for the customer.
    Stranger,
}

impl Order {
    /// What the client was told at last; nothing where it gave up.
    pub fn reply(&self) -> Option<&Told> {
        self.attempts.last().map(|attempt| &attempt.told)
    }

    /// The answer, if it was done.
    pub fn done(&self) -> Option<&Reply> {
        match self.reply() {
            Some(Told::Done(reply)) => Some(reply),
            Some(Told::Refused(_) | Told::Unavailable | Told::Nothing) | None => None,
        }
    }
}

impl What {
    /// Who does it.
    pub const fn by(&self) -> By {
        match self {
            Self::Register { .. } | Self::Ask { .. } | Self::Withdraw { .. } => By::Vendor,
            Self::Approve { .. } | Self::Reject { .. } | Self::Delete { .. } => By::Manager,
            Self::ApproveAsStranger { .. } => By::Stranger,
        }
    }

    /// The request.
    pub fn request(&self) -> (Method, String, Option<Value>) {
        let answers = |request: &str, verb: &str| {
            let party = FJORDTORG.party;
            format!("/authentication/api/v1/systemuser/request/{party}/{request}/{verb}")
        };
        match self {
            Self::Register { system } => (Method::POST, SYSTEMS.to_owned(), Some(entry(system))),
            Self::Ask { system, reference } => {
                (Method::POST, REQUESTS.to_owned(), Some(request(system, reference)))
            }
            Self::Approve { request } | Self::ApproveAsStranger { request } => {
                (Method::POST, answers(request, "approve"), None)
            }
            Self::Reject { request } => (Method::POST, answers(request, "reject"), None),
            Self::Withdraw { request } => (Method::DELETE, format!("{REQUESTS}/{request}"), None),
            Self::Delete { user } => {
                let party = FJORDTORG.party;
                let path = format!("/authentication/api/v1/systemuser/{party}/{user}");
                (Method::DELETE, path, None)
            }
        }
    }

    /// The event that comes of it.
    pub const fn event(&self) -> &'static str {
        match self {
            Self::Register { .. } => "system.registered",
            Self::Ask { .. } => "system_user_request.created",
            Self::Approve { .. } | Self::ApproveAsStranger { .. } => "system_user_request.approved",
            Self::Reject { .. } => "system_user_request.rejected",
            Self::Withdraw { .. } => "system_user_request.withdrawn",
            Self::Delete { .. } => "system_user.deleted",
        }
    }
}

/// A system as the vendor registers it.
fn entry(id: &str) -> Value {
    let texts = json!({ "nb": "Smartsky", "nn": "Smartsky", "en": "Smartcloud" });
    json!({
        "id": id,
        "vendor": { "ID": format!("0192:{VENDOR}") },
        "name": texts,
        "description": texts,
        "rights": rights(),
    })
}

fn request(system: &str, reference: &str) -> Value {
    json!({
        "systemId": system,
        "partyOrgNo": FJORDTORG.org,
        "externalRef": reference,
        "rights": rights(),
    })
}

fn rights() -> Value {
    json!([{ "action": "read", "resource": [{ "id": "urn:altinn:resource", "value": VAT_RETURN }] }])
}
