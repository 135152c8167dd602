//! One request for every resource that is asked for at once: those of a hierarchy, and the nodes of
//! content (Multiple Decision profile, sections 2.1 and 2.2).

use super::{AttributeCategory, Request, RequestError};
use crate::ids;
use crate::limits::Limits;
use crate::response::{Status, StatusCode};
use crate::source::{Hierarchy, Scope};
use crate::value::Value;
use crate::xpath::{Content, XPath, XPathExpression};

/// The ways to replace one category, each a request of its own.
type Choices = Result<Vec<AttributeCategory>, Status>;

/// The requests a request asks for; several categories that ask for several things ask for all
/// combinations.
pub(super) fn expanded(
    request: Request,
    hierarchy: &dyn Hierarchy,
    limits: &Limits,
) -> Result<Vec<Result<Request, Status>>, RequestError> {
    let mut requests = vec![request];
    let several = requests.first().map_or(0, |request| request.categories.len());
    for at in 0..several {
        let Some(category) = requests.first().and_then(|request| request.categories.get(at)) else {
            continue;
        };
        let choices = match choices(category, hierarchy) {
            None => continue,
            Some(Ok(choices)) => choices,
            Some(Err(status)) => return Ok(vec![Err(status)]),
        };
        if requests.len().saturating_mul(choices.len()) > limits.decisions {
            return Err(RequestError::TooManyDecisions { limit: limits.decisions });
        }
        let with = |request: &Request, choice: &AttributeCategory| {
            let mut request = request.clone();
            if let Some(category) = request.categories.get_mut(at) {
                category.clone_from(choice);
            }
            request
        };
        requests = requests
            .iter()
            .flat_map(|request| choices.iter().map(|choice| with(request, choice)))
            .collect();
    }
    Ok(requests.into_iter().map(Ok).collect())
}

/// What a category asks for, unless it is one thing.
fn choices(category: &AttributeCategory, hierarchy: &dyn Hierarchy) -> Option<Choices> {
    let value = |id: &str| {
        let mut attributes = category.attributes.iter().filter(|attribute| attribute.id == id);
        attributes.find_map(|attribute| attribute.values.first())
    };
    if let Some(Value::XPathExpression(expression)) = value(ids::MULTIPLE_CONTENT_SELECTOR) {
        return Some(nodes(category, expression));
    }
    match value(ids::SCOPE)?.text()? {
        "Children" => Some(below(category, Scope::Children, hierarchy)),
        "Descendants" => Some(below(category, Scope::Descendants, hierarchy)),
        // The resource alone is what everything else asks for, too.
        _ => None,
    }
}

/// The resource, and each that is below it.
fn below(category: &AttributeCategory, scope: Scope, hierarchy: &dyn Hierarchy) -> Choices {
    let failed = |message: String| Status::error(StatusCode::ProcessingError, message);
    let is_id = |id: &str| id == ids::RESOURCE_ID;
    let mut named = category.attributes.iter().filter(|attribute| is_id(&attribute.id));
    let resource = named
        .find_map(|attribute| attribute.values.first())
        .ok_or_else(|| failed("a scope needs a resource to begin at".to_owned()))?;
    let below = hierarchy.below(resource, scope).map_err(|error| failed(error.reason))?;
    let with = |resource: &Value| {
        let mut category = category.clone();
        category.attributes.retain(|attribute| attribute.id != ids::SCOPE);
        for attribute in category.attributes.iter_mut().filter(|attribute| is_id(&attribute.id)) {
            attribute.values = vec![resource.clone()];
        }
        category
    };
    Ok(std::iter::once(resource).chain(&below).map(with).collect())
}

/// Each node an expression selects.
fn nodes(category: &AttributeCategory, expression: &XPathExpression) -> Choices {
    let failed = |message: String| Status::error(StatusCode::SyntaxError, message);
    let text = category.content.as_deref().unwrap_or_default();
    let content = Content::parse(text).map_err(failed)?;
    let nodes = expression.path.nodes(&content).map_err(failed)?;
    if nodes.is_empty() {
        return Err(failed(format!("`{}` selects nothing", expression.path)));
    }
    let path = |node| {
        let path = content.path(node).ok_or_else(|| {
            failed(format!("`{}` selects what no expression can name", expression.path))
        })?;
        XPath::new(&path, Vec::new()).map_err(|flaw| failed(flaw.to_string()))
    };
    let with = |path: XPath| {
        let mut category = category.clone();
        let selector = |id: &str| id == ids::MULTIPLE_CONTENT_SELECTOR;
        for attribute in category.attributes.iter_mut().filter(|known| selector(&known.id)) {
            let expression =
                XPathExpression { category: expression.category.clone(), path: path.clone() };
            ids::CONTENT_SELECTOR.clone_into(&mut attribute.id);
            attribute.values = vec![expression.into()];
        }
        category
    };
    nodes.into_iter().map(|node| path(node).map(with)).collect()
}
