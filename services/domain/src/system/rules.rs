//! The rules of the system register.

use std::collections::BTreeSet;

use fullmakt_events::{ClientId, LocalizedText, OrgNumber, PackageUrn, Right, SystemId};

use super::{ClientIdClaim, System, SystemFacts, SystemSubmission, Violation};
use crate::{
    Seen, ValidationCode,
    facts::{PackageFacts, ResourceFacts},
    national_number, redirect,
};

/// The path by which the wire contract names the system's id.
pub(super) const SYSTEM_ID: &str = "/registersystemrequest/systemid";
/// The path by which the wire contract names the client ids.
pub(super) const CLIENT_ID: &str = "/registersystemrequest/clientid";
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

/// The rules that a system breaks that is to be registered, in the order of their codes.
pub(super) fn of_registration(
    system: &System,
    vendor: OrgNumber,
    submitted: &SystemSubmission,
    facts: &SystemFacts,
) -> Vec<Violation> {
    let mut found = Found::default();
    found.in_id(system, vendor, &submitted.id);
    found.in_content(submitted, facts);
    found.in_order()
}

/// The rules that a system breaks that is to replace the one with its id, in the order of their
/// codes.
pub(super) fn of_update(submitted: &SystemSubmission, facts: &SystemFacts) -> Vec<Violation> {
    let mut found = Found::default();
    found.in_content(submitted, facts);
    found.in_order()
}

/// The rules that the rights of a system break, in the order of their codes.
pub(super) fn of_rights(rights: &[Right], resources: &ResourceFacts) -> Vec<Violation> {
    let mut found = Found::default();
    found.in_rights(rights, resources);
    found.in_sizes([(RIGHTS, rights.len())]);
    found.personal(texts_of_rights(rights));
    found.in_order()
}

/// The rules that the packages of a system break, in the order of their codes.
pub(super) fn of_access_packages(
    packages: &[PackageUrn],
    is_visible: bool,
    facts: &PackageFacts,
) -> Vec<Violation> {
    let mut found = Found::default();
    found.in_packages(packages, is_visible, facts);
    found.in_sizes([(PACKAGES, packages.len())]);
    found.personal(texts_of_packages(packages));
    found.in_order()
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

    fn in_order(self) -> Vec<Violation> {
        let mut violations = self.0;
        violations.sort_by_key(|violation| violation.code);
        violations
    }

    /// All that is the same whether a system is registered or updated.
    fn in_content(&mut self, submitted: &SystemSubmission, facts: &SystemFacts) {
        let SystemSubmission { rights, access_packages, client_ids, allowed_redirect_urls, .. } =
            submitted;
        self.in_rights(rights, &facts.resources);
        self.in_packages(access_packages, submitted.is_visible, &facts.packages);
        self.in_client_ids(submitted, facts);
        self.in_redirect_urls(allowed_redirect_urls);
        self.in_texts(submitted);
        self.in_sizes([
            (RIGHTS, rights.len()),
            (PACKAGES, access_packages.len()),
            (CLIENT_ID, client_ids.len()),
            (REDIRECT_URLS, allowed_redirect_urls.len()),
        ]);
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

    fn in_rights(&mut self, rights: &[Right], resources: &ResourceFacts) {
        let named = || rights.iter().filter_map(Right::resource_id);
        let is_for_systems = |id: &&str| {
            resources.get(*id).is_none_or(|resource| resource.resource_type.is_for_systems())
        };
        let unnamed = rights.iter().filter(|right| right.resource_id().is_none());
        let unnamed: Vec<_> = unnamed.map(attributes).collect();
        let twice: Vec<_> = duplicates(rights).map(describe).collect();

        let unknown = named().filter(|id| !resources.contains_key(*id));
        self.add(ValidationCode::ResourceUnknown, RIGHTS, unknown);
        self.add(ValidationCode::DuplicateRights, RIGHTS, twice.iter().map(String::as_str));
        self.add(ValidationCode::ResourceAttribute, RIGHTS, unnamed.iter().map(String::as_str));
        self.add(ValidationCode::ResourceType, RIGHTS, named().filter(|id| !is_for_systems(id)));
    }

    fn in_packages(&mut self, packages: &[PackageUrn], is_visible: bool, facts: &PackageFacts) {
        let invalid = packages.iter().filter(|package| {
            let has_parts = package.as_str().split(':').count() >= PACKAGE_URN_PARTS_MIN;
            let fact = facts.get(package);
            !has_parts || !fact.is_some_and(|fact| fact.is_assignable || fact.is_delegable)
        });
        let hidden_only = packages.iter().filter(|package| {
            let fact = facts.get(package);
            is_visible && fact.is_some_and(|fact| !fact.is_assignable)
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

    fn in_client_ids(&mut self, submitted: &SystemSubmission, facts: &SystemFacts) {
        let ids = &submitted.client_ids;
        let folded: Vec<_> = ids.iter().map(|id| id.to_lowercase()).collect();
        // Told also where the system's own id is none.
        let is_taken = |client_id: &ClientId| match facts.claim(client_id) {
            ClientIdClaim::Free => false,
            ClientIdClaim::HeldBy(holder) => holder.as_str() != submitted.id,
        };
        let parsed = ids.iter().filter_map(|id| Some((id.as_str(), id.parse().ok()?)));
        let taken = parsed.filter(|(_, id)| is_taken(id)).map(|(text, _)| text);
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

        self.personal(texts.into_iter().chain(other_texts(submitted)));
    }

    /// Adds one violation for all fields with a text that holds a national identity number.
    fn personal(&mut self, texts: impl IntoIterator<Item = (String, String)>) {
        let texts = texts.into_iter();
        let personal = texts.filter(|(_, text)| national_number::find(text).is_some());
        let mut paths: Vec<_> = personal.map(|(path, _)| path).collect();
        paths.dedup();
        self.add_fields(ValidationCode::NationalNumber, paths);
    }

    fn in_sizes(&mut self, sizes: impl IntoIterator<Item = (&'static str, usize)>) {
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
fn other_texts(submitted: &SystemSubmission) -> impl Iterator<Item = (String, String)> {
    let in_field = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let client_ids = submitted.client_ids.iter().map(move |id| in_field(CLIENT_ID, id));
    let urls = submitted.allowed_redirect_urls.iter().map(move |url| in_field(REDIRECT_URLS, url));
    std::iter::once(in_field(SYSTEM_ID, &submitted.id))
        .chain(texts_of_rights(&submitted.rights))
        .chain(texts_of_packages(&submitted.access_packages))
        .chain(client_ids)
        .chain(urls)
}

fn texts_of_rights(rights: &[Right]) -> impl Iterator<Item = (String, String)> {
    let texts = rights.iter().flat_map(|right| {
        let parts = right.resource.iter().flat_map(|part| [&part.id, &part.value]);
        right.action.iter().chain(parts)
    });
    texts.map(|text| (RIGHTS.to_owned(), text.clone()))
}

fn texts_of_packages(packages: &[PackageUrn]) -> impl Iterator<Item = (String, String)> {
    packages.iter().map(|package| (PACKAGES.to_owned(), package.as_str().to_owned()))
}
