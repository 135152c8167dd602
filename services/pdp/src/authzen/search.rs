//! Searches: the candidates that are permitted what was asked, page by page.

use std::sync::Arc;

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use fullmakt_access::{
    decide,
    record::{ENGINE, LogRecord, SearchMade, SearchRecord, catalogues},
};
use fullmakt_events::{PartyId, ResourceId, Timestamp};
use fullmakt_http::{InputError, Problem, ProblemType};
use fullmakt_projections::graph::Properties;
use fullmakt_xacml::Decision;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    answer::AuthzenContext,
    attributes::{KnownResource, KnownSubject, question},
    candidates::{self, CANDIDATES_MAX, Candidate, needs_party},
    entities::{REPRESENTED, RESOURCE, policy_context, registered},
    evaluate::Asking,
    model::{Action, Entity, Identified, Place},
    options::Options,
    page::{self, PageToken, PageWanted},
    record,
};
use crate::{
    Generation,
    identify::IdentifyError,
    routes::{Reach, unlogged},
};

/// How many candidates are looked at before others get a turn.
const TURN: usize = 50;

/// What is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Searched {
    Subject,
    Resource,
    Action,
}

/// A page of results.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuthzenResults {
    page: AuthzenPage,
    context: AuthzenContext,
    /// The results that are permitted.
    results: Vec<AuthzenResult>,
}

/// Where a page stands.
#[derive(Debug, Serialize, ToSchema)]
struct AuthzenPage {
    /// The `token` of the next page; empty on the last.
    next_token: String,
    /// How many results the page has.
    count: usize,
}

/// A result: `type` and `id` of a subject or resource, or the `name` of an action.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct AuthzenResult {
    /// The type of the subject or resource.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    /// The subject's or resource's identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// The action's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

/// What is searched for, with the action where it is given.
enum Wanted {
    Subject(Action),
    Resource(Action),
    Action,
}

/// A search, as it was sent.
struct Query {
    wanted: Wanted,
    subject: Entity,
    resource: Entity,
    context: Properties,
    options: Options,
    /// What was asked, without what does not count.
    hash: String,
}

/// What the candidates are put into.
enum Frame {
    Subject(KnownResource, Action),
    Resource(KnownSubject, Action, Option<PartyId>),
    Action(KnownSubject, KnownResource),
}

/// Some of the results.
struct Found {
    results: Vec<AuthzenResult>,
    considered: usize,
    last: Option<String>,
    is_more: bool,
}

/// Answers a search, and logs it.
pub(super) async fn search(
    asking: &Asking,
    searched: Searched,
    body: &Properties,
) -> Result<Response, Problem> {
    let refused = |error: InputError| Problem::invalid(vec![error]);
    let query = Query::read(searched, body).map_err(refused)?;
    let page = PageWanted::read(body, &query.hash).map_err(refused)?;
    let (generation, at) = begin(asking, &query, page.token.as_ref()).await?;
    asking.reach.check(&generation, query.registered())?;
    let after = page.token.and_then(|token| token.after);
    let found = match query.frame(asking, &generation).await {
        Ok(frame) => {
            frame.check_party(&query.subject).map_err(refused)?;
            let place = (at, page.limit, after.as_deref());
            query.found(&frame, &generation, asking.reach, place).await
        }
        // What is not known is permitted nothing, and to nobody.
        Err(IdentifyError::Unidentified(_)) => Found::nothing(),
        Err(IdentifyError::Vault(error)) => {
            return Err(Problem::opaque(ProblemType::Unavailable, &error));
        }
    };
    let asked = asking.asked();
    let id = asked.id;
    let decisions = &asking.state.decisions;
    let made = SearchRecord {
        id,
        caller: asked.caller,
        correlation: asked.correlation,
        ledger: decisions.ledger.id(),
        position: generation.graph.position(),
        evaluated_at: at,
        engine: ENGINE.into(),
        catalogues: catalogues(&generation.graph),
        search: query.made(after, &found),
    };
    decisions.log.write(&LogRecord::Search(made)).await.map_err(|error| unlogged(&error))?;
    let next_token = if found.is_more {
        decisions.generations.pinned.keep(&generation);
        let token = PageToken {
            ledger: decisions.ledger.id(),
            position: generation.graph.position(),
            at,
            query: query.hash,
            limit: page.limit,
            after: found.last,
        };
        token.encode()
    } else {
        String::new()
    };
    let token = asking.token(&generation);
    let results = AuthzenResults {
        page: AuthzenPage { next_token, count: found.results.len() },
        context: AuthzenContext::new(id, token),
        results: found.results,
    };
    Ok((token, Json(results)).into_response())
}

/// The generation and time of the search: of the first page the present, and of a later one those
/// of the first.
async fn begin(
    asking: &Asking,
    query: &Query,
    token: Option<&PageToken>,
) -> Result<(Arc<Generation>, Timestamp), Problem> {
    let newest = asking.generation(query.options.min_position).await?;
    let decisions = &asking.state.decisions;
    let Some(token) = token else { return Ok((newest, decisions.now())) };
    let position = token.position(decisions.ledger.id())?;
    let insisted = asking.min_position.0.into_iter().chain(query.options.min_position);
    let is_too_old = insisted.map(|token| token.position).max().is_some_and(|min| min > position);
    let kept = if newest.graph.position() == position {
        Some(newest)
    } else {
        decisions.generations.pinned.at(position)
    };
    let generation = kept.filter(|_| !is_too_old).ok_or_else(|| page::gone(position))?;
    Ok((generation, token.at))
}

impl Query {
    fn read(searched: Searched, body: &Properties) -> Result<Self, InputError> {
        let place = Place::body(body);
        let by = |own| if own == searched { Identified::ByTypeOnly } else { Identified::ById };
        let subject = place.entity("subject", by(Searched::Subject))?;
        let resource = place.entity("resource", by(Searched::Resource))?;
        let wanted = match searched {
            Searched::Subject => Wanted::Subject(place.action()?),
            Searched::Resource => Wanted::Resource(place.action()?),
            Searched::Action => Wanted::Action,
        };
        let mut context = place.context()?;
        let options = Options::take(&mut context)?;
        let hash = page::hash(&record::request(
            searched.name(),
            (&subject, &resource),
            wanted.action(),
            &context,
        ));
        Ok(Self { wanted, subject, resource, context, options, hash })
    }

    /// The resource whose policy decides; none where all resources of the registry are searched.
    fn registered(&self) -> Option<ResourceId> {
        match self.wanted {
            Wanted::Resource(_) if self.resource.kind == RESOURCE => None,
            Wanted::Subject(_) | Wanted::Resource(_) | Wanted::Action => registered(&self.resource),
        }
    }

    /// Looks up all that is not searched for.
    async fn frame(
        &self,
        asking: &Asking,
        generation: &Generation,
    ) -> Result<Frame, IdentifyError> {
        let lookup = asking.lookup(generation);
        Ok(match &self.wanted {
            Wanted::Subject(action) => {
                let resource = lookup.resource(&self.resource, &self.context).await?;
                Frame::Subject(resource, action.clone())
            }
            Wanted::Resource(action) => {
                let subject = lookup.subject(&self.subject).await?;
                let party = lookup.represented(&self.resource, &self.context).await?;
                Frame::Resource(subject, action.clone(), party)
            }
            Wanted::Action => {
                let subject = lookup.subject(&self.subject).await?;
                Frame::Action(subject, lookup.resource(&self.resource, &self.context).await?)
            }
        })
    }

    /// Looks at the candidates until the page is full.
    async fn found(
        &self,
        frame: &Frame,
        generation: &Generation,
        reach: Reach,
        (at, limit, after): (Timestamp, usize, Option<&str>),
    ) -> Found {
        let context = policy_context(&self.resource, &self.context);
        let permits = |subject: &KnownSubject, resource: &KnownResource, action: &Action| {
            let question = question(subject, resource, action, &context, at);
            let policy = generation.policy(&question.resource);
            decide(&generation.graph, policy, &question).decision == Decision::Permit
        };
        let page = Page { limit, after };
        match frame {
            Frame::Subject(resource, action) => {
                let party = resource.party;
                let all = candidates::subjects(generation, &self.subject, party, after);
                page.of(all, |subject| {
                    permits(subject, resource, action)
                        .then(|| AuthzenResult::entity(&subject.kind, &subject.id))
                })
                .await
            }
            Frame::Resource(subject, action, party) => {
                let all = candidates::resources(generation, &self.resource, *party, reach, after);
                page.of(all, |resource| {
                    permits(subject, resource, action)
                        .then(|| AuthzenResult::entity(&resource.kind, &resource.id))
                })
                .await
            }
            Frame::Action(subject, resource) => {
                let all = candidates::actions(generation, resource, after);
                page.of(all, |action| {
                    permits(subject, resource, action).then(|| AuthzenResult::action(&action.name))
                })
                .await
            }
        }
    }

    /// What the log holds of it.
    fn made(&self, after: Option<String>, found: &Found) -> SearchMade {
        let searched = match self.wanted {
            Wanted::Subject(_) => Searched::Subject,
            Wanted::Resource(_) => Searched::Resource,
            Wanted::Action => Searched::Action,
        };
        let entities = (&self.subject, &self.resource);
        SearchMade {
            request: record::request(
                searched.name(),
                entities,
                self.wanted.action(),
                &self.context,
            ),
            after,
            considered: found.considered,
            found: found.results.iter().map(AuthzenResult::name).collect(),
        }
    }
}

impl Wanted {
    const fn action(&self) -> Option<&Action> {
        match self {
            Self::Subject(action) | Self::Resource(action) => Some(action),
            Self::Action => None,
        }
    }
}

impl Searched {
    const fn name(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Resource => "resource",
            Self::Action => "action",
        }
    }
}

impl Frame {
    /// Subjects of the registers are searched among those of a party.
    fn check_party(&self, wanted: &Entity) -> Result<(), InputError> {
        match self {
            Self::Subject(resource, _) if needs_party(&wanted.kind) && resource.party.is_none() => {
                let pointer = format!("/resource/properties/{REPRESENTED}");
                let detail = format!(
                    "is missing: subjects of type `{}` are searched among those that act for a party, \
                     to a resource of type `{RESOURCE}`",
                    wanted.kind
                );
                Err(InputError::at(pointer, detail))
            }
            Self::Subject(..) | Self::Resource(..) | Self::Action(..) => Ok(()),
        }
    }
}

/// A page about to be filled.
struct Page<'a> {
    limit: usize,
    after: Option<&'a str>,
}

impl Page<'_> {
    /// Takes what is permitted of the candidates, until the page is full or has cost enough.
    async fn of<T>(
        self,
        candidates: Vec<Candidate<T>>,
        result: impl Fn(&T) -> Option<AuthzenResult>,
    ) -> Found {
        let last = self.after.map(str::to_owned);
        let mut found = Found { last, ..Found::nothing() };
        for candidate in candidates {
            if found.results.len() >= self.limit || found.considered >= CANDIDATES_MAX {
                found.is_more = true;
                break;
            }
            found.considered += 1;
            found.results.extend(result(&candidate.found));
            found.last = Some(candidate.key);
            if found.considered.is_multiple_of(TURN) {
                tokio::task::yield_now().await;
            }
        }
        found
    }
}

impl Found {
    const fn nothing() -> Self {
        Self { results: Vec::new(), considered: 0, last: None, is_more: false }
    }
}

impl AuthzenResult {
    fn entity(kind: &str, id: &str) -> Self {
        Self { kind: Some(kind.to_owned()), id: Some(id.to_owned()), name: None }
    }

    fn action(name: &str) -> Self {
        Self { kind: None, id: None, name: Some(name.to_owned()) }
    }

    /// What the result is told from others of its search by.
    fn name(&self) -> String {
        self.id.clone().or_else(|| self.name.clone()).unwrap_or_default()
    }
}
