//! What was answered to commands that came with an idempotency key.

use serde::{Deserialize, Serialize};

use super::event_family;

event_family! {
    /// What happens on `command/{uuid}`. Such a stream is forgotten after 24 hours.
    CommandEvent {
        Answered(CommandAnswered) = "command.answered" @ 1,
    }
}

/// A command was carried out and answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommandAnswered {
    /// The SHA-256 of the request's body, hexadecimal.
    pub body_hash: String,
    /// The answer, which a repetition gets again.
    pub answer: CommandAnswer,
}

/// The answer to a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommandAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The `Location` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The body; nothing where it was empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<serde_json::Value>,
}
