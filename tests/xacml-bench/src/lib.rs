//! One question put to three engines.
//!
//! A system user acts for a client of its owner's. The policy of a resource permits to read it to
//! whoever holds one of three access packages; the system user holds ten. There is one policy a
//! resource.

pub mod cedar;
pub mod ours;
pub mod rego;

/// Why an engine gives no decision.
pub type Failed = fullmakt_measures::Failed;

/// How many access packages the subject holds.
const HELD: usize = 10;
/// How many access packages a policy names.
const NAMED: usize = 3;

/// A question.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    /// The resource, by its number.
    pub resource: usize,
    /// What is to be done to it.
    pub action: &'static str,
    /// The first of the access packages held.
    pub held: usize,
}

/// An engine with policies and one question made ready, and nothing else to be done.
pub trait Engine {
    /// Whether it is permitted.
    fn is_permitted(&self) -> Result<bool, Failed>;
}

/// The question of the measures: permitted, by the last policy.
pub const fn permitted(policies: usize) -> Question {
    Question { resource: policies - 1, action: "read", held: policies - 1 }
}

/// Questions with different answers, among so many policies.
pub fn questions(policies: usize) -> [(Question, bool); 5] {
    let last = permitted(policies);
    [
        (last, true),
        (Question { resource: 0, held: 0, ..last }, true),
        (Question { action: "write", ..last }, false),
        (Question { held: last.held + NAMED, ..last }, false),
        (Question { resource: policies, ..last }, false),
    ]
}

fn resource(number: usize) -> String {
    format!("resource-{number}")
}

fn packages(from: usize, count: usize) -> impl Iterator<Item = String> {
    (from..from + count).map(|number| format!("package-{number}"))
}
