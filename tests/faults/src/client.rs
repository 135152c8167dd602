//! Somebody who wants something, and asks until there is an answer.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use fullmakt_scenarios::{FJORDTORG, VAT_RETURN, decision_request};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;

use crate::{
    Chance, Installation, People,
    order::{Attempt, By, Order, REQUESTS, Reply, Told, What},
    pause,
};

/// How long a client waits for an answer.
const PATIENCE: Duration = Duration::from_secs(4);
/// How long a client waits before it asks another server.
const AGAIN_AFTER: Duration = Duration::from_millis(150);

/// A client of several servers, any of which it may ask.
#[derive(Clone)]
pub struct Asker {
    http: reqwest::Client,
    bases: Arc<[String]>,
    people: Arc<People>,
}

/// A client that keeps account of its commands.
pub struct Orderer {
    /// Whom it asks.
    pub asker: Asker,
    /// What it draws from.
    pub chance: Chance,
    /// What it has wanted so far.
    pub orders: Vec<Order>,
    name: String,
    named: usize,
}

/// An answer to a question.
pub struct Found {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Value,
    /// The position that the answer says.
    pub position: Option<u64>,
}

impl Asker {
    /// A client of all servers of an installation.
    pub fn of(installation: &Installation, people: &People) -> Self {
        let http = reqwest::Client::builder().timeout(PATIENCE).build().expect("a client");
        let bases = installation.members.iter().map(|member| member.base().to_owned()).collect();
        Self { http, bases, people: Arc::new(people.clone()) }
    }

    /// How many servers there are.
    pub fn servers(&self) -> u64 {
        u64::try_from(self.bases.len()).expect("they can be counted")
    }

    /// Asks one server for something, once.
    async fn attempt(&self, member: usize, what: &What, key: &str, id: &str) -> Told {
        let (method, path, body) = what.request();
        let token = match what.by() {
            By::Vendor => &self.people.vendor,
            By::Manager => &self.people.manager,
            By::Stranger => &self.people.stranger,
        };
        let request = self.request(member, method, &path, token);
        let request = request.header("Idempotency-Key", key).header("X-Request-ID", id);
        let request = match &body {
            Some(body) => request.json(body),
            None => request,
        };
        let Ok(response) = request.send().await else { return Told::Nothing };
        let Some(reply) = reply(response).await else { return Told::Nothing };
        match reply.status {
            200..=299 => Told::Done(reply),
            400..=499 => Told::Refused(reply),
            503 => Told::Unavailable,
            other => panic!("{what:?} was answered {other}: {}", reply.body),
        }
    }

    /// What a server answers to a question that is at least as fresh as this, if it answers.
    pub async fn found(&self, member: usize, path: &str, fresh: &str) -> Option<Found> {
        let request = self.request(member, Method::GET, path, &self.people.vendor);
        found(request.header("Fullmakt-Min-Position", fresh)).await
    }

    /// What a server decides on whether a system user may read, if it answers.
    pub async fn decision(&self, member: usize, user: &str, fresh: Option<&str>) -> Option<Found> {
        let path = "/authorization/api/v1/authorize";
        let question = decision_request(user, "read", VAT_RETURN, FJORDTORG.org);
        let request = self.request(member, Method::POST, path, &self.people.api).json(&question);
        let request = match fresh {
            Some(fresh) => request.header("Fullmakt-Min-Position", fresh),
            None => request,
        };
        let mut found = found(request).await?;
        if found.status == 200 {
            found.body = found.body["response"][0]["decision"].clone();
        }
        Some(found)
    }

    /// A page of the ledger from a position on, if the server answers.
    pub async fn page(&self, member: usize, from: u64, fresh: Option<&str>) -> Option<Found> {
        let path = format!("/fullmakt/v1/commits?order=oldest&limit=1000&from={from}");
        let request = self.request(member, Method::GET, &path, &self.people.auditor);
        let request = match fresh {
            Some(fresh) => request.header("Fullmakt-Min-Position", fresh),
            None => request,
        };
        found(request).await
    }

    /// A request's status at one server, if it answers: nothing inside where there is no request.
    pub async fn status(
        &self,
        member: usize,
        request: &str,
        fresh: &str,
    ) -> Option<Option<String>> {
        let found = self.found(member, &format!("{REQUESTS}/{request}"), fresh).await?;
        found.is_as_fresh_as(fresh);
        match found.status {
            200 => Some(found.body["status"].as_str().map(str::to_owned)),
            404 => Some(None),
            _ => None,
        }
    }

    fn request(&self, member: usize, method: Method, path: &str, token: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.bases[member])).bearer_auth(token)
    }
}

impl Orderer {
    /// A client with a name of its own, from which its keys and references follow.
    pub const fn new(asker: Asker, chance: Chance, name: String) -> Self {
        Self { asker, chance, orders: Vec::new(), name, named: 0 }
    }

    /// A name that nobody else and no earlier call has.
    pub fn fresh_name(&mut self) -> String {
        self.named += 1;
        format!("{}-{}", self.name, self.named)
    }

    /// Any of the servers.
    pub fn any_member(&mut self) -> usize {
        let member = self.chance.below(self.asker.servers());
        usize::try_from(member).expect("it is a place")
    }

    /// Asks for something until it is done or refused, one server after the other, and says which.
    pub async fn order(&mut self, what: What) -> Order {
        let member = self.any_member();
        self.order_from(member, what).await
    }

    /// The same, beginning with this server.
    pub async fn order_from(&mut self, member: usize, what: What) -> Order {
        let key = self.fresh_name();
        let order = Order { what, key, attempts: Vec::new() };
        let order = pursue(&self.asker, member, order).await;
        self.orders.push(order.clone());
        order
    }

    /// Asks once, and leaves it at that.
    pub async fn try_once(&mut self, member: usize, what: What) -> Order {
        let key = self.fresh_name();
        let mut order = Order { what, key, attempts: Vec::new() };
        attempt(&self.asker, member, &mut order).await;
        order
    }

    /// Asks again for what was asked for before, with the same key.
    pub async fn order_again(&mut self, order: Order) -> Order {
        let member = self.any_member();
        let order = pursue(&self.asker, member, order).await;
        self.orders.push(order.clone());
        order
    }

    /// Asks for two things at once, each of another server to begin with.
    pub async fn order_both(&mut self, one: What, other: What) -> [Order; 2] {
        let member = self.any_member();
        let next = (member + 1) % self.asker.bases.len();
        let mut begin = |what| Order { what, key: self.fresh_name(), attempts: Vec::new() };
        let (one, other) = (begin(one), begin(other));
        let (one, other) =
            tokio::join!(pursue(&self.asker, member, one), pursue(&self.asker, next, other));
        self.orders.extend([one.clone(), other.clone()]);
        [one, other]
    }
}

impl Found {
    /// Holds the answer's position against the one that the reader insisted on.
    ///
    /// # Panics
    /// When an answer is older.
    pub fn is_as_fresh_as(&self, fresh: &str) {
        if self.status == 200 {
            let asked = number(fresh);
            assert!(self.position >= asked, "asked as of {asked:?}, told as of {self:?}");
        }
    }
}

impl fmt::Debug for Found {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} at {:?}: {}", self.status, self.position, self.body)
    }
}

/// The position in a consistency token.
pub fn number(token: &str) -> Option<u64> {
    token.rsplit_once(':')?.1.parse().ok()
}

/// Asks for something until it is done or refused, one server after the other.
async fn pursue(asker: &Asker, first: usize, mut order: Order) -> Order {
    loop {
        let member = (first + order.attempts.len()) % asker.bases.len();
        attempt(asker, member, &mut order).await;
        if matches!(order.reply(), Some(Told::Done(_) | Told::Refused(_))) {
            return order;
        }
        pause(AGAIN_AFTER).await;
    }
}

async fn attempt(asker: &Asker, member: usize, order: &mut Order) {
    let id = format!("{}.{}", order.key, order.attempts.len());
    let told = asker.attempt(member, &order.what, &order.key, &id).await;
    order.attempts.push(Attempt { id, member, ended: Instant::now(), told });
}

async fn found(request: RequestBuilder) -> Option<Found> {
    let reply = reply(request.send().await.ok()?).await?;
    assert_ne!(reply.status, 500, "{}", reply.body);
    Some(Found { status: reply.status, body: reply.body, position: reply.position })
}

async fn reply(response: Response) -> Option<Reply> {
    let status = response.status().as_u16();
    let header = |name: &str| {
        let value = response.headers().get(name)?;
        Some(value.to_str().expect("the header is text").to_owned())
    };
    if status == 503 {
        assert!(header("retry-after").is_some(), "503 without `Retry-After`: {response:?}");
    }
    let token = header("fullmakt-position");
    let position = token.as_deref().map(|token| number(token).expect("a position"));
    let bytes = response.bytes().await.ok()?;
    let body = serde_json::from_slice(&bytes).unwrap_or_default();
    Some(Reply { status, body, position, token })
}
