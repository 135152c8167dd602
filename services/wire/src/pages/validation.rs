//! Why each validation code is given, and what to do then.

use fullmakt_domain::ValidationCode;

use super::Advice;

pub(super) const fn advice(code: ValidationCode) -> Advice {
    let (why, what_to_do) = match code {
        ValidationCode::VendorIdForm => (
            "Organisations are named by the scheme 0192 of ISO 6523.",
            "Write `0192:` and the nine digits of the vendor's organisation number.",
        ),
        ValidationCode::SystemIdForm => (
            "Ids of systems begin with the vendor's number, so that no vendor takes another's.",
            "Write the vendor's organisation number, `_` and a name, such as `310010014_smartcloud`.",
        ),
        ValidationCode::SystemIdTaken => {
            ("An id names one system for ever, also after it was deleted.", "Choose another id.")
        }
        ValidationCode::ResourceUnknown => (
            "A right gives something on a resource, which has to be in the resource registry.",
            "Look the resource's id up in the resource registry.",
        ),
        ValidationCode::ClientIdTaken => (
            "A client of the token issuer acts for one system at a time.",
            "Use another client, or take it from the other system first; a deleted system holds none.",
        ),
        ValidationCode::RedirectUrlForm => (
            "People are sent there from a page where they are logged in.",
            "Write whole URLs that begin with `https://`.",
        ),
        ValidationCode::DuplicateRights => {
            ("Two rights have the same action and the same resource.", "Leave one of them out.")
        }
        ValidationCode::DuplicatePackages => {
            ("The same access package is in the list twice.", "Leave one of them out.")
        }
        ValidationCode::PackageInvalid => (
            "The catalogue has no such access package, or it can neither be given directly nor be \
             passed on for clients.",
            "Look the package's urn up in the catalogue of access packages.",
        ),
        ValidationCode::ResourceAttribute => (
            "A right is for one resource, and the contract has one way to name it.",
            "Write one pair with the id `urn:altinn:resource` and the resource's id as its value.",
        ),
        ValidationCode::DuplicateClientIds => (
            "The same client id is in the list twice; upper and lower case do not count.",
            "Leave one of them out.",
        ),
        ValidationCode::SystemIdsDiffer => (
            "The path names one system and the body another.",
            "Write the same id in both, or leave the one in the body out.",
        ),
        ValidationCode::SystemIdHasSpace => {
            ("The id becomes part of addresses.", "Write it without spaces.")
        }
        ValidationCode::AgentUnknown => (
            "The query does not say which system user is meant, or there is none with that id.",
            "Write `?agent=` and the id of a system user that acts for clients.",
        ),
        ValidationCode::AgentExpected => (
            "The system user acts for its owner, and has no clients.",
            "Name a system user that acts for clients.",
        ),
        ValidationCode::ClientMissing => (
            "The query does not say which client is meant.",
            "Write `&client=` and the client's UUID.",
        ),
        ValidationCode::ResourceType => (
            "Resources of this type are not used by systems: consents, scopes of the token issuer, \
             and services of an older platform.",
            "Leave the right out.",
        ),
        ValidationCode::PackageNotAssignable => (
            "Customers find a visible system by themselves and give it all that it has, which has to \
             be possible.",
            "Leave the package out, or register the system as not visible.",
        ),
        ValidationCode::Required => {
            ("The field is needed, and it is missing or empty.", "Give it a value.")
        }
        ValidationCode::NationalNumber => (
            "What is registered stays for ever and can be read by many, so that no national identity \
             number may be in it.",
            "Write the text without the number.",
        ),
        ValidationCode::ClientIdForm => (
            "No client of a token issuer has such an id.",
            "Write the id as the token issuer shows it.",
        ),
        ValidationCode::TitleLength => (
            "People see the title in lists, and have to tell one system user from another by it.",
            "Give it a title of 1 to 255 characters.",
        ),
        ValidationCode::TooMany => (
            "A list has more elements than a system may have.",
            "Register fewer; the detail says how many there may be.",
        ),
    };
    Advice { why, what_to_do }
}
