//! From one document to its individual requests (Multiple Decision profile).

use super::{AttributeCategory, Request, RequestDocument, RequestError};
use crate::limits::Limits;
use crate::response::{Status, StatusCode};

pub(super) fn individual_requests(
    document: &RequestDocument,
    limits: &Limits,
) -> Result<Vec<Result<Request, Status>>, RequestError> {
    if document.references.is_empty() {
        let all: Vec<_> = document.categories.iter().collect();
        let requests = combinations(document, &all, limits.decisions, limits)?;
        return Ok(requests.into_iter().map(Ok).collect());
    }
    let mut requests = Vec::new();
    for reference in &document.references {
        let room = limits.decisions.saturating_sub(requests.len());
        match referenced(document, reference) {
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

/// The categories a reference names; a name that nothing has is an error of that reference only.
fn referenced<'a>(
    document: &'a RequestDocument,
    reference: &[String],
) -> Result<Vec<&'a AttributeCategory>, Status> {
    reference
        .iter()
        .map(|id| {
            let named = |category: &&AttributeCategory| category.id.as_deref() == Some(id);
            document.categories.iter().find(named).ok_or_else(|| {
                Status::error(StatusCode::SyntaxError, format!("nothing has the id `{id}`"))
            })
        })
        .collect()
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
    let mut groups: Vec<Vec<&AttributeCategory>> = Vec::new();
    for category in categories {
        let same = |group: &&mut Vec<&AttributeCategory>| {
            group.first().is_some_and(|first| first.category == category.category)
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(category),
            None => groups.push(vec![category]),
        }
    }
    let count = groups.iter().try_fold(1_usize, |count, group| count.checked_mul(group.len()));
    if count.is_none_or(|count| count > room) {
        return Err(too_many(limits));
    }
    // Chosen first and copied last: a category is copied once for each request that it is in.
    let chosen = groups.into_iter().fold(vec![Vec::new()], |chosen, group| {
        let extended = |chosen: &Vec<_>| {
            let chosen = chosen.clone();
            group.iter().map(move |category| [chosen.as_slice(), &[*category]].concat())
        };
        chosen.iter().flat_map(extended).collect()
    });
    let request = |chosen: Vec<&AttributeCategory>| Request {
        categories: chosen.into_iter().cloned().collect(),
        return_policies: document.return_policies,
    };
    Ok(chosen.into_iter().map(request).collect())
}
