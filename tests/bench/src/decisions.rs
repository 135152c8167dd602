//! What decisions cost on a country's facts, and what these take in memory.

use std::{hint::black_box, time::Instant};

use allocation_counter::measure;
use fullmakt_access::{Question, Relation, ResourcePolicy, Subject, collect, decide};
use fullmakt_events::{Folded, Position, ResourceId, Timestamp, Verdict};
use fullmakt_generator::{
    Country,
    ledger::{self, Events},
};
use fullmakt_measures::{Effort, Failed, Measure, Names, Pace, Report, in_turns};
use fullmakt_projections::graph::AccessGraph;
use fullmakt_xacml::{
    CompiledPolicy, Decision, Evaluator, Limits, Mode, PolicyStore, PolicyTree, Request,
    ids::{ACTION, ACTION_ID},
};

use crate::memory::as_f64;

/// The ledger's name.
const LEDGER: &str = "bench";
/// The streams that delegations are on.
const LINKS: &str = "client-link";
/// What a delegation may take in memory, all in.
const BYTES_A_DELEGATION: f64 = 16.0;
/// What the whole graph may take in memory.
const BYTES: f64 = 600e6;
/// How long folding the whole ledger may take, in seconds.
const FOLD_SECONDS: f64 = 60.0;
/// What a decision may take more than the evaluation of its policy, in microseconds.
const FACTS_MICROS: f64 = 0.5;
/// What is to be done.
const READ: &str = "read";

/// Measures decisions on the facts of this country.
pub(crate) async fn run(
    report: &mut Report,
    effort: Effort,
    country: &Country,
) -> Result<(), Failed> {
    timed(report, country)?;
    let graph = weighed(report, country)?;
    let policy = policy(&graph)?;
    let questions = questions(country, graph.ledger_time())?;
    for question in &questions {
        let decided = decide(&graph, Some(&policy.resource), question).decision;
        if decided != Decision::Permit {
            return Err(format!("{:?} is {decided:?}", question.subject).into());
        }
    }
    let requests: Vec<Request> =
        questions.iter().map(|question| with_facts(&graph, &policy.resource, question)).collect();
    let evaluator = Evaluator::new(graph.ledger_time().to_datetime().fixed_offset());
    let (mut one, mut other) = (Pace::new(effort), Pace::new(effort));
    let (mut asked, mut evaluated) = (questions.iter().cycle(), requests.iter().cycle());
    let names = Names {
        measure: "decision, in process".to_owned(),
        anchor: "its policy alone".to_owned(),
        unit: "µs",
    };
    let measure = in_turns(
        names,
        effort,
        async || {
            one.mean(|| {
                let question = asked.next().ok_or("no questions")?;
                Ok(decide(&graph, Some(&policy.resource), black_box(question)).decision)
            })
        },
        async || {
            other.mean(|| {
                let request = evaluated.next().ok_or("no questions")?;
                Ok(policy.alone.evaluate(&evaluator, black_box(request)).decision)
            })
        },
    )
    .await?;
    let more = (measure.ours - measure.anchor).max(0.0);
    report.add(&measure)?;
    add(report, "facts of a decision", more, FACTS_MICROS, "µs")
}

/// The graph after the whole ledger, which is weighed before the delegations and with them.
fn weighed(report: &mut Report, country: &Country) -> Result<AccessGraph, Failed> {
    let mut graph = AccessGraph::default();
    let mut commits = ledger::events(country)?.zip(1..).peekable();
    let is_link = |events: &Events| events.iter().any(|(stream, _)| stream.category() == LINKS);
    let mut fold = |until: &dyn Fn(&Events) -> bool| {
        let weighed = measure(|| {
            while let Some((events, position)) = commits.next_if(|(events, _)| !until(events)) {
                graph.apply(&record(events, position));
                merge(&mut graph);
            }
            graph.adopt(graph.merged());
        });
        weighed.bytes_current
    };
    let others = fold(&is_link);
    let links = fold(&|_| false);
    let delegations = f64::from(country.size().delegations);
    add(report, "memory per delegation", bytes(links) / delegations, BYTES_A_DELEGATION, "bytes")?;
    add(report, "graph memory", bytes(others + links), BYTES, "bytes")?;
    Ok(graph)
}

/// A record that says this and nothing else.
fn record(events: Events, position: u64) -> Folded {
    let time = Timestamp::from_millis(0);
    Folded {
        position: Position::new(position),
        append_time: time,
        ledger_time: time,
        bytes: Vec::new().into(),
        verdict: Verdict::Admitted,
        record: None,
        events,
    }
}

/// How long a process takes to fold the whole ledger, from its bytes and with the admission rule.
fn timed(report: &mut Report, country: &Country) -> Result<(), Failed> {
    let began = Instant::now();
    for record in ledger::records(country, LEDGER)? {
        black_box(record?);
    }
    // Making the ledger up is no part of folding it.
    let made = began.elapsed();
    let began = Instant::now();
    let mut graph = AccessGraph::default();
    let mut events = 0;
    for record in ledger::folded(country, LEDGER)? {
        let record = record?;
        events += record.events.len();
        graph.apply(&record);
        merge(&mut graph);
    }
    let took = began.elapsed().saturating_sub(made).as_secs_f64();
    eprintln!("  {events} events");
    add(report, "cold start from events", took, FOLD_SECONDS, "s")
}

/// Makes a new compact part where it is worth it. The decision service does this beside the fold.
fn merge(graph: &mut AccessGraph) {
    if graph.is_worth_merging() {
        graph.adopt(graph.merged());
    }
}

fn bytes(count: i64) -> f64 {
    as_f64(u64::try_from(count).unwrap_or(0))
}

/// The policy of the country's resource, as decisions use it and by itself.
struct Policies {
    resource: ResourcePolicy,
    alone: CompiledPolicy,
}

fn policy(graph: &AccessGraph) -> Result<Policies, Failed> {
    let id: ResourceId = ledger::RESOURCE.parse()?;
    let node = graph.resource(&id).ok_or("there is no resource")?;
    let policy = node.policy.as_ref().ok_or("the resource has no policy")?;
    let tree = PolicyTree::parse(&policy.xml, Mode::Strict, &Limits::default())?.policy;
    Ok(Policies {
        resource: ResourcePolicy::new(tree.clone(), policy.hash.to_string()),
        alone: CompiledPolicy::new(tree, PolicyStore::new()),
    })
}

/// Accountants' system users that ask for clients of theirs, many enough for no cache to hold them.
fn questions(country: &Country, at: Timestamp) -> Result<Vec<Question>, Failed> {
    const ABOUT: usize = 10_000;
    let step = (usize::try_from(country.size().units)? / ABOUT).max(1);
    let resource: ResourceId = ledger::RESOURCE.parse()?;
    let mut questions = Vec::new();
    // Those added with less than the policy asks for are left out.
    for client in (0..country.size().units).step_by(step).filter(|client| client % 10 > 1) {
        let Some(accountant) = country.accountant_of(client) else { continue };
        questions.push(Question {
            subject: Some(Subject::SystemUser(ledger::agent(country, accountant, 0))),
            resource: resource.clone(),
            action: READ.to_owned(),
            party: Some(ledger::unit(country, client)),
            at,
            request: Request::new().with(ACTION, ACTION_ID, READ),
        });
    }
    Ok(questions)
}

/// The request that a question becomes, with all facts in hand.
fn with_facts(graph: &AccessGraph, policy: &ResourcePolicy, question: &Question) -> Request {
    let mut request = question.request.clone().with(
        fullmakt_xacml::ids::RESOURCE,
        fullmakt_access::RESOURCE,
        question.resource.as_str(),
    );
    if let Some(party) = question.party {
        let resource = Some(&question.resource);
        let relation = Relation { subject: question.subject, party, resource, at: question.at };
        collect(graph, &relation, policy.wanted()).add_to(&mut request, READ);
    }
    request
}

fn add(
    report: &mut Report,
    name: &str,
    ours: f64,
    goal: f64,
    unit: &'static str,
) -> Result<(), Failed> {
    let (name, anchor_name) = (name.to_owned(), "goal".to_owned());
    report.add(&Measure { name, ours, anchor: goal, anchor_name, unit })?;
    Ok(())
}
