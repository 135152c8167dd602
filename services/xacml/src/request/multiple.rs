//! From one document to its individual requests (Multiple Decision profile).

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{AttributeCategory, Request, RequestDocument, RequestError};
use crate::limits::Limits;
use crate::response::{Status, StatusCode};

pub(super) fn individual_requests(
    document: Cow<'_, RequestDocument>,
    limits: &Limits,
) -> Result<Vec<Result<Request, Status>>, RequestError> {
    if limits.decisions > 0 && asks_once(&document) {
        // What is given away is not copied.
        let (categories, return_policies) = match document {
            Cow::Owned(document) => (document.categories, document.return_policies),
            Cow::Borrowed(document) => (document.categories.clone(), document.return_policies),
        };
        return Ok(vec![Ok(Request { categories, return_policies })]);
    }
    let document = document.as_ref();
    if document.references.is_empty() {
        let all: Vec<_> = document.categories.iter().collect();
        let requests = combinations(document, &all, limits.decisions, limits)?;
        return Ok(requests.into_iter().map(Ok).collect());
    }
    let mut named = BTreeMap::new();
    for category in &document.categories {
        if let Some(id) = &category.id {
            named.entry(id.as_str()).or_insert(category);
        }
    }
    let mut requests = Vec::new();
    for reference in &document.references {
        let room = limits.decisions.saturating_sub(requests.len());
        match referenced(&named, reference) {
            Ok(chosen) => {
                let chosen = combinations(document, &chosen, room, limits)?;
                requests.extend(chosen.into_iter().map(Ok));
            }
            Err(_) if room == 0 => return Err(too_many(limits)),
            Err(status) => requests.push(Err(status)),
        }
    }
    Ok(requests)
}

/// Whether there is nothing to choose from, which is seen at once in documents that are written as
/// usual: those with few categories.
fn asks_once(document: &RequestDocument) -> bool {
    const FEW: usize = 8;
    let categories = &document.categories;
    let is_new = |(at, category): (usize, &AttributeCategory)| {
        categories.iter().take(at).all(|known| known.category != category.category)
    };
    document.references.is_empty()
        && categories.len() <= FEW
        && categories.iter().enumerate().all(is_new)
}

/// The categories a reference names; a name that nothing has is an error of that reference only.
fn referenced<'a>(
    named: &BTreeMap<&str, &'a AttributeCategory>,
    reference: &[String],
) -> Result<Vec<&'a AttributeCategory>, Status> {
    let category = |id: &String| {
        named.get(id.as_str()).copied().ok_or_else(|| {
            Status::error(StatusCode::SyntaxError, format!("nothing has the id `{id}`"))
        })
    };
    reference.iter().map(category).collect()
}

const fn too_many(limits: &Limits) -> RequestError {
    RequestError::TooManyDecisions { limit: limits.decisions }
}

/// One request for every way to choose one of the repeated categories; the first category varies
/// slowest.
fn combinations(
    document: &RequestDocument,
    categories: &[&AttributeCategory],
    room: usize,
    limits: &Limits,
) -> Result<Vec<Request>, RequestError> {
    let groups = groups(categories);
    let count = groups.iter().try_fold(1_usize, |count, group| count.checked_mul(group.len()));
    let count = count.filter(|count| *count <= room).ok_or_else(|| too_many(limits))?;
    let request = |number: usize| {
        let mut rest = number;
        let mut categories = Vec::with_capacity(groups.len());
        for group in groups.iter().rev() {
            let choice = rest.checked_rem(group.len()).and_then(|choice| group.get(choice));
            categories.extend(choice.map(|category| (*category).clone()));
            rest = rest.checked_div(group.len()).unwrap_or_default();
        }
        categories.reverse();
        Request { categories, return_policies: document.return_policies }
    };
    Ok((0..count).map(request).collect())
}

/// The attributes of each category together, in the order of the document.
fn groups<'a>(categories: &[&'a AttributeCategory]) -> Vec<Vec<&'a AttributeCategory>> {
    let mut groups: Vec<Vec<&AttributeCategory>> = Vec::with_capacity(categories.len());
    let mut places = BTreeMap::new();
    for category in categories {
        let place = *places.entry(category.category.as_str()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(category),
            None => groups.push(vec![category]),
        }
    }
    groups
}
