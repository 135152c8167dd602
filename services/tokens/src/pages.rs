//! The pages that explain why there is no token.

use fullmakt_http::code_page;

/// The page of a cause, such as `unknown-key`, in Markdown; nothing where there is no such cause.
#[must_use]
pub fn refusal_page(code: &str) -> Option<String> {
    let (_, what, why, what_to_do) = PAGES.iter().find(|(own, ..)| *own == code)?;
    let what_happened = format!("The token endpoint gave no token: {what}.");
    Some(code_page(code, &what_happened, why, what_to_do))
}

/// Code, what happened, why, and what to do.
type Page = (&'static str, &'static str, &'static str, &'static str);

const ASSERTION: &str =
    "An assertion is all that a client shows of itself, so that nothing in it is guessed.";
const KEYS: &str = "A token is given to whoever has the client's key, and only while the key is registered and in its time.";
const TIMES: &str =
    "An assertion that could be kept and used later would be as good as a password.";
const SCOPES: &str = "A scope opens an API. Whoever owns the scope decides who may have it, and every link is looked at whenever a token is asked for.";
const CUSTOMER: &str = "A token for a customer rests on a system of the client's own organisation and on a system user that the customer has approved, both as they are now.";

const PAGES: &[Page] = &[
    (
        "grant-type",
        "the grant type is another",
        "Only assertions that clients sign are exchanged for tokens.",
        "Send `grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer`.",
    ),
    (
        "malformed-form",
        "the body is no form",
        "RFC 6749 has the parameters in a form, each once.",
        "Send `grant_type` and `assertion` as `application/x-www-form-urlencoded`.",
    ),
    (
        "no-assertion",
        "the form has no assertion",
        ASSERTION,
        "Send the signed assertion as `assertion`.",
    ),
    (
        "malformed-assertion",
        "the assertion is no signed JWT with the claims that are needed",
        ASSERTION,
        "Make it with a library for JWTs; the description names what is wrong.",
    ),
    (
        "no-key-id",
        "the assertion does not say with which key it is signed",
        KEYS,
        "Put the key's id into the header as `kid`.",
    ),
    (
        "unknown-client",
        "there is no client with the id in `iss`",
        KEYS,
        "Register the client at `/fullmakt/v1/token-clients`, or correct `iss`.",
    ),
    (
        "client-owner-deleted",
        "the organisation that owns the client is deleted in the entity register",
        KEYS,
        "Register a client of the organisation that carries on.",
    ),
    (
        "unknown-key",
        "the client has no key with the id in `kid`",
        KEYS,
        "Register the key, or correct `kid`.",
    ),
    ("expired-key", "the key is no longer valid", KEYS, "Register a new key, and sign with that."),
    (
        "key-not-yet-valid",
        "the key is not valid yet",
        KEYS,
        "Sign with another key, or wait until this one counts.",
    ),
    (
        "critical-extension",
        "the header names extensions that must be understood, and are not",
        "What must be understood and is not may change what the assertion means.",
        "Leave `crit` out.",
    ),
    (
        "wrong-algorithm",
        "the key cannot be used with the algorithm in the header",
        KEYS,
        "Sign with an algorithm of the key's own type, such as RS256 for an RSA key.",
    ),
    (
        "wrong-signature",
        "the signature does not fit the key",
        KEYS,
        "Sign with the private key whose public key is registered under this `kid`.",
    ),
    (
        "wrong-audience",
        "the assertion is for somebody else",
        "An assertion for another token issuer must not be of use here.",
        "Set `aud` to the issuer that `/.well-known/oauth-authorization-server` names.",
    ),
    (
        "expired",
        "the assertion has expired",
        TIMES,
        "Make a new one for each request, and look at the clock of the client's machine.",
    ),
    (
        "not-yet-valid",
        "the assertion is from the future",
        TIMES,
        "Set the clock of the client's machine.",
    ),
    (
        "lifetime-too-long",
        "the assertion is valid for too long",
        TIMES,
        "Let `exp` be at most 120 seconds after `iat`.",
    ),
    (
        "missing-claim",
        "the assertion lacks a claim",
        ASSERTION,
        "Add the claim that the description names.",
    ),
    ("replayed", "the assertion was used before", TIMES, "Give each assertion a `jti` of its own."),
    (
        "no-scope",
        "the assertion asks for no scope",
        SCOPES,
        "Name at least one of the client's scopes in `scope`.",
    ),
    (
        "scope-not-granted",
        "the client is not registered for a scope",
        SCOPES,
        "Ask for scopes of the client only, or register a client for this one.",
    ),
    (
        "scope-not-granted-to-organisation",
        "the organisation that owns the client may not have a scope",
        SCOPES,
        "Ask the scope's owner to grant it.",
    ),
    (
        "scope-not-delegated",
        "the organisation in `consumer_org` has not delegated a scope, or may not have it itself",
        SCOPES,
        "Ask that organisation for the delegation, or leave `consumer_org` out.",
    ),
    (
        "scope-without-owner",
        "a scope cannot be delegated, since nobody owns it",
        SCOPES,
        "Leave `consumer_org` out, or have the scope registered.",
    ),
    (
        "malformed-consumer-org",
        "`consumer_org` is no organisation number",
        ASSERTION,
        "Give the nine digits of the organisation that the client acts for.",
    ),
    (
        "consumer-deleted",
        "the organisation in `consumer_org` is deleted in the entity register",
        SCOPES,
        "Ask the organisation that carries on for a delegation.",
    ),
    (
        "malformed-authorization-details",
        "`authorization_details` is not what it should be",
        ASSERTION,
        "Write one object with `type` `urn:altinn:systemuser`, `systemuser_org`, and `externalRef` if the system user has one.",
    ),
    (
        "client-without-system",
        "the client acts for no system of the organisation",
        CUSTOMER,
        "Put the client's id into `clientId` of the system in the system register.",
    ),
    (
        "system-deleted",
        "the system that the client acted for was deleted",
        CUSTOMER,
        "Register another system with the client, and ask customers for system users of that.",
    ),
    (
        "wrong-organisation",
        "the organisation has no system user of the system",
        CUSTOMER,
        "Ask the customer for one, or correct `systemuser_org`.",
    ),
    (
        "owner-deleted",
        "the organisation that owns the system user is deleted in the entity register",
        CUSTOMER,
        "Ask the organisation that carries on for a system user.",
    ),
    (
        "not-approved",
        "the customer has not answered the request yet",
        CUSTOMER,
        "Wait for the customer; the request says where it is approved.",
    ),
    (
        "system-user-paused",
        "the owner has paused the system user",
        CUSTOMER,
        "Ask the owner to resume it.",
    ),
    (
        "external-ref-missing",
        "the organisation has system users with references of their own only",
        CUSTOMER,
        "Say in `externalRef` which one is meant.",
    ),
    (
        "no-system-user",
        "the organisation has no system user with this reference",
        CUSTOMER,
        "Correct `externalRef`, or ask the customer for one.",
    ),
];
