//! The identifiers the engine itself knows: categories, attributes, status codes and profiles.

/// The category of whoever asks for access.
pub const ACCESS_SUBJECT: &str = "urn:oasis:names:tc:xacml:1.0:subject-category:access-subject";
/// The category of whoever receives the result.
pub const RECIPIENT_SUBJECT: &str =
    "urn:oasis:names:tc:xacml:1.0:subject-category:recipient-subject";
/// The category of a party the request passed through.
pub const INTERMEDIARY_SUBJECT: &str =
    "urn:oasis:names:tc:xacml:1.0:subject-category:intermediary-subject";
/// The category of the code that asks.
pub const CODEBASE: &str = "urn:oasis:names:tc:xacml:1.0:subject-category:codebase";
/// The category of the machine the request came from.
pub const REQUESTING_MACHINE: &str =
    "urn:oasis:names:tc:xacml:1.0:subject-category:requesting-machine";
/// The category of what access is wanted to.
pub const RESOURCE: &str = "urn:oasis:names:tc:xacml:3.0:attribute-category:resource";
/// The category of what is to be done.
pub const ACTION: &str = "urn:oasis:names:tc:xacml:3.0:attribute-category:action";
/// The category of the circumstances.
pub const ENVIRONMENT: &str = "urn:oasis:names:tc:xacml:3.0:attribute-category:environment";

/// The identity of a subject.
pub const SUBJECT_ID: &str = "urn:oasis:names:tc:xacml:1.0:subject:subject-id";
/// The identity of a resource.
pub const RESOURCE_ID: &str = "urn:oasis:names:tc:xacml:1.0:resource:resource-id";
/// The identity of an action.
pub const ACTION_ID: &str = "urn:oasis:names:tc:xacml:1.0:action:action-id";
/// The time of the decision.
pub const CURRENT_TIME: &str = "urn:oasis:names:tc:xacml:1.0:environment:current-time";
/// The date of the decision.
pub const CURRENT_DATE: &str = "urn:oasis:names:tc:xacml:1.0:environment:current-date";
/// The date and time of the decision.
pub const CURRENT_DATE_TIME: &str = "urn:oasis:names:tc:xacml:1.0:environment:current-dateTime";

/// The nodes a resource is asked for by, of which every one is a request of its own.
pub const MULTIPLE_CONTENT_SELECTOR: &str =
    "urn:oasis:names:tc:xacml:3.0:profile:multiple:content-selector";
/// The one node a resource is asked for by.
pub const CONTENT_SELECTOR: &str = "urn:oasis:names:tc:xacml:3.0:content-selector";
/// How much of a hierarchy is asked for besides the resource.
pub const SCOPE: &str = "urn:oasis:names:tc:xacml:2.0:resource:scope";

/// The namespace of policies, requests and responses in XML.
pub const NAMESPACE: &str = "urn:oasis:names:tc:xacml:3.0:core:schema:wd-17";
/// What every standard function identifier begins with, before the version.
pub const PREFIX: &str = "urn:oasis:names:tc:xacml:";
