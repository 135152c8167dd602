//! The rules of the system register.

use std::collections::BTreeSet;

use fullmakt_events::{ClientId, LocalizedText, OrgNumber, PackageUrn, Right, SystemId};

use super::{CLIENT_ID, RegistrationFacts, SystemSubmission};
use crate::{
    Decider, Seen, ValidationCode, national_number, redirect,
    system::{ClaimClientId, System, Violation},
};

const SYSTEM_ID: &str = "/registersystemrequest/systemid";
const RIGHTS: &str = "/registersystemrequest/rights/resource";
const PACKAGES: &str = "/registersystemrequest/accesspackages";
const REDIRECT_URLS: &str = "/registersystemrequest/allowedredirecturls";
const NAME: &str = "/registersystemrequest/name";
const DESCRIPTION: &str = "/registersystemrequest/description";

/// The most rights, packages, client ids or URLs of a system. Each client id and resource is one
/// more stream that the registration reads, and all of it must fit into one commit.
pub(super) const ELEMENTS_MAX: usize = 1_000;

/// The parts of a package's URN, as in `urn:altinn:accesspackage:name`.
const PACKAGE_URN_PARTS_MIN: usize = 4;

/// The rules that a submitted system breaks, in the order of their codes.
pub(super) fn violations(
    system: &System,
    vendor: OrgNumber,
    submitted: &SystemSubmission,
    facts: &RegistrationFacts,
) -> Vec<Violation> {
    let mut found = Found::default();
    found.in_id(system, vendor, &submitted.id);
    found.in_rights(&submitted.rights, facts);
    found.in_packages(submitted, facts);
    found.in_client_ids(submitted, facts);
    found.in_redirect_urls(&submitted.allowed_redirect_urls);
    found.in_texts(submitted);
    found.in_sizes(submitted);

    let mut violations = found.0;
    violations.sort_by_key(|violation| violation.code);
    violations
}

#[derive(Default)]
struct Found(Vec<Violation>);

impl Found {
    /// Adds one violation for all values that break one rule, if there are any.
    fn add<'a>(
        &mut self,
        code: ValidationCode,
        path: &str,
        values: impl IntoIterator<Item = &'a str>,
    ) {
        let values: BTreeSet<_> = values.into_iter().map(Seen::new).collect();
        if !values.is_empty() {
            let values = values.into_iter().collect();
            self.0.push(Violation { code, paths: vec![path.to_owned()], values });
        }
    }

    /// Adds one violation for all fields whose value is missing, or may not be repeated.
    fn add_fields(&mut self, code: ValidationCode, paths: Vec<String>) {
        if !paths.is_empty() {
            self.0.push(Violation { code, paths, values: Vec::new() });
        }
    }

    fn in_id(&mut self, system: &System, vendor: OrgNumber, id: &str) {
        let has_space = id.contains(char::is_whitespace);
        let has_name = id
            .split_once('_')
            .is_some_and(|(prefix, name)| prefix == vendor.to_string() && !name.is_empty());
        let is_id = has_space || id.parse::<SystemId>().is_ok();
        let is_taken = match system {
            System::Unregistered => false,
            System::Active(_) | System::Deleted(_) => true,
        };
        self.add(ValidationCode::SystemIdForm, SYSTEM_ID, (!has_name || !is_id).then_some(id));
        self.add(ValidationCode::SystemIdTaken, SYSTEM_ID, is_taken.then_some(id));
        self.add(ValidationCode::SystemIdHasSpace, SYSTEM_ID, has_space.then_some(id));
    }

    fn in_rights(&mut self, rights: &[Right], facts: &RegistrationFacts) {
        let named = || rights.iter().filter_map(Right::resource_id);
        let is_for_systems = |id: &&str| {
            facts.resources.get(*id).is_none_or(|resource| resource.resource_type.is_for_systems())
        };
        let unnamed = rights.iter().filter(|right| right.resource_id().is_none());
        let unnamed: Vec<_> = unnamed.map(attributes).collect();
        let twice: Vec<_> = duplicates(rights).map(describe).collect();

        let unknown = named().filter(|id| !facts.resources.contains_key(*id));
        self.add(ValidationCode::ResourceUnknown, RIGHTS, unknown);
        self.add(ValidationCode::DuplicateRights, RIGHTS, twice.iter().map(String::as_str));
        self.add(ValidationCode::ResourceAttribute, RIGHTS, unnamed.iter().map(String::as_str));
        self.add(ValidationCode::ResourceType, RIGHTS, named().filter(|id| !is_for_systems(id)));
    }

    fn in_packages(&mut self, submitted: &SystemSubmission, facts: &RegistrationFacts) {
        let packages = &submitted.access_packages;
        let invalid = packages.iter().filter(|package| {
            let has_parts = package.as_str().split(':').count() >= PACKAGE_URN_PARTS_MIN;
            let fact = facts.packages.get(package);
            !has_parts || !fact.is_some_and(|fact| fact.is_assignable || fact.is_delegable)
        });
        let hidden_only = packages.iter().filter(|package| {
            let fact = facts.packages.get(package);
            submitted.is_visible && fact.is_some_and(|fact| !fact.is_assignable)
        });
        let twice = duplicates(packages).map(PackageUrn::as_str);

        self.add(ValidationCode::DuplicatePackages, PACKAGES, twice);
        self.add(ValidationCode::PackageInvalid, PACKAGES, invalid.map(PackageUrn::as_str));
        self.add(
            ValidationCode::PackageNotAssignable,
            PACKAGES,
            hidden_only.map(PackageUrn::as_str),
        );
    }

    fn in_client_ids(&mut self, submitted: &SystemSubmission, facts: &RegistrationFacts) {
        let ids = &submitted.client_ids;
        let folded: Vec<_> = ids.iter().map(|id| id.to_lowercase()).collect();
        let is_taken = |client_id: &ClientId| {
            let system = submitted.id.parse().ok()?;
            let claim = ClaimClientId { client_id: client_id.clone(), system };
            facts.claim(client_id).decide(&claim).err()
        };
        let parsed = ids.iter().filter_map(|id| Some((id.as_str(), id.parse().ok()?)));
        let taken = parsed.filter(|(_, id)| is_taken(id).is_some()).map(|(text, _)| text);
        let malformed = ids.iter().filter(|id| id.parse::<ClientId>().is_err());

        self.add(ValidationCode::ClientIdTaken, CLIENT_ID, taken);
        self.add(
            ValidationCode::DuplicateClientIds,
            CLIENT_ID,
            duplicates(&folded).map(String::as_str),
        );
        self.add(ValidationCode::ClientIdForm, CLIENT_ID, malformed.map(String::as_str));
    }

    fn in_redirect_urls(&mut self, urls: &[String]) {
        let wrong = urls.iter().filter(|url| !redirect::is_absolute_https(url));
        self.add(ValidationCode::RedirectUrlForm, REDIRECT_URLS, wrong.map(String::as_str));
    }

    fn in_texts(&mut self, submitted: &SystemSubmission) {
        let texts = texts_in_languages(submitted);
        let missing = texts.iter().filter(|(_, text)| text.trim().is_empty());
        self.add_fields(ValidationCode::Required, missing.map(|(path, _)| path.clone()).collect());

        let texts = texts.into_iter().chain(other_texts(submitted));
        let personal = texts.filter(|(_, text)| national_number::find(text).is_some());
        let mut paths: Vec<_> = personal.map(|(path, _)| path).collect();
        paths.dedup();
        self.add_fields(ValidationCode::NationalNumber, paths);
    }

    fn in_sizes(&mut self, submitted: &SystemSubmission) {
        let sizes = [
            (RIGHTS, submitted.rights.len()),
            (PACKAGES, submitted.access_packages.len()),
            (CLIENT_ID, submitted.client_ids.len()),
            (REDIRECT_URLS, submitted.allowed_redirect_urls.len()),
        ];
        let too_many = sizes.into_iter().filter(|(_, size)| *size > ELEMENTS_MAX);
        self.add_fields(
            ValidationCode::TooMany,
            too_many.map(|(path, _)| path.to_owned()).collect(),
        );
    }
}

/// The elements that stand in the list before.
fn duplicates<T: Ord>(elements: &[T]) -> impl Iterator<Item = &T> {
    let mut earlier = BTreeSet::new();
    elements.iter().filter(move |element| !earlier.insert(*element))
}

/// A right in words: the resource, and the action if there is one.
fn describe(right: &Right) -> String {
    let resources: Vec<_> = right.resource.iter().map(|part| part.value.as_str()).collect();
    match &right.action {
        Some(action) => format!("{} {action}", resources.join(" ")),
        None => resources.join(" "),
    }
}

/// The attribute ids by which a right names its resource; `none` where it names nothing.
fn attributes(right: &Right) -> String {
    let ids: Vec<_> = right.resource.iter().map(|part| part.id.as_str()).collect();
    if ids.is_empty() { "none".to_owned() } else { ids.join(" ") }
}

/// The texts that must be there in every language, with their paths.
fn texts_in_languages(submitted: &SystemSubmission) -> Vec<(String, String)> {
    let of = |path: &str, text: &LocalizedText| {
        [("nb", &text.nb), ("nn", &text.nn), ("en", &text.en)]
            .map(|(language, text)| (format!("{path}/{language}"), text.clone()))
    };
    [of(NAME, &submitted.name), of(DESCRIPTION, &submitted.description)].concat()
}

/// All other texts that a caller can write into the ledger, with their paths.
fn other_texts(submitted: &SystemSubmission) -> Vec<(String, String)> {
    let rights = submitted.rights.iter().flat_map(|right| {
        let parts = right.resource.iter().flat_map(|part| [&part.id, &part.value]);
        right.action.iter().chain(parts)
    });
    let in_field = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let mut texts = vec![in_field(SYSTEM_ID, &submitted.id)];
    texts.extend(rights.map(|text| in_field(RIGHTS, text)));
    texts.extend(submitted.access_packages.iter().map(|urn| in_field(PACKAGES, urn.as_str())));
    texts.extend(submitted.client_ids.iter().map(|id| in_field(CLIENT_ID, id)));
    texts.extend(submitted.allowed_redirect_urls.iter().map(|url| in_field(REDIRECT_URLS, url)));
    texts
}
