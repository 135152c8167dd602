//! From one document to its individual requests (Multiple Decision profile).

use super::{AttributeCategory, Request, RequestDocument, RequestError};
use crate::limits::Limits;

pub(super) fn individual_requests(
    document: &RequestDocument,
    limits: &Limits,
) -> Result<Vec<Request>, RequestError> {
    if document.references.is_empty() {
        let all: Vec<_> = document.categories.iter().collect();
        return combinations(document, &all, limits.decisions, limits);
    }
    let mut requests = Vec::new();
    for reference in &document.references {
        let chosen = reference
            .iter()
            .map(|id| {
                document
                    .categories
                    .iter()
                    .find(|category| category.id.as_deref() == Some(id))
                    .ok_or_else(|| RequestError::UnknownReference(id.clone()))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let room = limits.decisions.saturating_sub(requests.len());
        requests.extend(combinations(document, &chosen, room, limits)?);
    }
    Ok(requests)
}

/// One request for every way to choose one of the repeated categories; the first category varies slowest.
fn combinations(
    document: &RequestDocument,
    categories: &[&AttributeCategory],
    room: usize,
    limits: &Limits,
) -> Result<Vec<Request>, RequestError> {
    let too_many = RequestError::TooManyDecisions { limit: limits.decisions };
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
        return Err(too_many);
    }
    let empty = Request { categories: Vec::new(), return_policies: document.return_policies };
    let requests = groups.into_iter().fold(vec![empty], |requests, group| {
        let extended = |request: &Request| {
            let request = request.clone();
            let choices: Vec<_> = group.iter().map(|category| (*category).clone()).collect();
            choices.into_iter().map(move |category| {
                let mut request = request.clone();
                request.categories.push(category);
                request
            })
        };
        requests.iter().flat_map(extended).collect()
    });
    Ok(requests)
}
