//! What a decision costs, beside other engines and beside the parsers that any engine needs.
//!
//! Every measure is one line of JSON on standard output; what may help to understand it goes to
//! standard error. Where the name of a measure begins with `vs`, more is better.

use std::hint::black_box;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use fullmakt_measures::{Effort, Failed, Measure, Names, Pace, Report, in_turns, median, spread};
use fullmakt_xacml_bench::cedar::Cedar;
use fullmakt_xacml_bench::ours::{Ours, request, xml};
use fullmakt_xacml_bench::rego::Rego;
use fullmakt_xacml_bench::{Engine, permitted, questions};
use futures::executor::block_on;

/// How many policies there are.
const POLICIES: [usize; 4] = [1, 100, 1_000, 10_000];
/// What one decision may cost, in microseconds.
const GOAL: f64 = 0.2;

/// Measures what a decision of the policy engine costs.
#[derive(Debug, Parser)]
struct Asked {
    /// Writes the measures to this file as well.
    #[arg(long)]
    json: Option<PathBuf>,
    /// How many rounds each side of a measure has.
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// How long about one side of a round takes, in milliseconds.
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..))]
    millis: u32,
}

fn main() -> ExitCode {
    match run(&Asked::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(asked: &Asked) -> Result<(), Failed> {
    let mut report = Report::to(asked.json.as_deref())?;
    let effort = Effort { rounds: asked.rounds, millis: asked.millis };
    for policies in POLICIES {
        beside_peers(&mut report, effort, policies)?;
    }
    alone(&mut report, effort)?;
    documents(&mut report, effort)
}

/// The same question to all engines, after they have agreed on several.
fn beside_peers(report: &mut Report, effort: Effort, policies: usize) -> Result<(), Failed> {
    let (ours, cedar, rego) = (Ours::new(policies)?, Cedar::new(policies)?, Rego::new(policies)?);
    for (question, expected) in questions(policies) {
        let answers = [
            ours.ask(&request(question)).is_permitted()?,
            cedar.ask(question)?.is_permitted()?,
            rego.ask(question)?.is_permitted()?,
        ];
        if answers != [expected; 3] {
            return Err(format!("{question:?} should be {expected}: {answers:?}").into());
        }
    }
    let question = permitted(policies);
    let own = request(question);
    let (ours, cedar, rego) = (ours.ask(&own), cedar.ask(question)?, rego.ask(question)?);
    let noun = if policies == 1 { "policy" } else { "policies" };
    for (peer, engine) in [("cedar", &cedar as &dyn Engine), ("regorus", &rego)] {
        let names = Names {
            measure: format!("vs {peer}, {policies} {noun}"),
            anchor: peer.to_owned(),
            unit: "µs",
        };
        let (mut one, mut other) = (Pace::new(effort), Pace::new(effort));
        let measure = block_on(in_turns(
            names,
            effort,
            async || one.mean(|| ours.is_permitted()),
            async || other.mean(|| engine.is_permitted()),
        ))?;
        report.add(&measure)?;
    }
    Ok(())
}

/// One policy, and how much more many of them cost.
fn alone(report: &mut Report, effort: Effort) -> Result<(), Failed> {
    let (one, many) = (Ours::new(1)?, Ours::new(10_000)?);
    let (first, last) = (request(permitted(1)), request(permitted(10_000)));
    let (one, many) = (one.ask(&first), many.ask(&last));
    let names = Names {
        measure: "slow-down 1 to 10,000 policies".to_owned(),
        anchor: "1 policy".to_owned(),
        unit: "µs",
    };
    let (mut pace, mut other) = (Pace::new(effort), Pace::new(effort));
    let slow_down = block_on(in_turns(
        names,
        effort,
        async || pace.mean(|| many.is_permitted()),
        async || other.mean(|| one.is_permitted()),
    ))?;
    report.add(&slow_down)?;
    let costs = (0..effort.rounds).map(|_| other.mean(|| one.is_permitted()));
    let costs = costs.collect::<Result<Vec<_>, _>>()?;
    eprintln!("policy only, 1 policy: {} (µs)", spread(&costs));
    report.add(&Measure {
        name: "policy only, 1 policy".to_owned(),
        ours: median(&costs),
        anchor: GOAL,
        anchor_name: "goal".to_owned(),
        unit: "µs",
    })?;
    Ok(())
}

/// From the bytes of a request to those of a response.
fn documents(report: &mut Report, effort: Effort) -> Result<(), Failed> {
    let ours = Ours::new(1)?;
    let json = request(permitted(1)).to_json().to_string();
    let xml = xml(permitted(1));
    let (mut one, mut other) = (Pace::new(effort), Pace::new(effort));
    let measure = block_on(in_turns(
        names("xml to xml", "quick-xml's tokens of the request"),
        effort,
        async || one.mean(|| ours.xml_to_xml(black_box(&xml))),
        async || other.mean(|| tokens(black_box(&xml))),
    ))?;
    report.add(&measure)?;
    let (mut one, mut other) = (Pace::new(effort), Pace::new(effort));
    let measure = block_on(in_turns(
        names("json to json", "serde_json's value of the request"),
        effort,
        async || one.mean(|| ours.json_to_json(black_box(&json))),
        async || other.mean(|| Ok(serde_json::from_str::<serde_json::Value>(black_box(&json))?)),
    ))?;
    report.add(&measure)?;
    Ok(())
}

fn names(measure: &str, anchor: &str) -> Names {
    Names { measure: measure.to_owned(), anchor: anchor.to_owned(), unit: "µs" }
}

/// How many tokens a document has.
fn tokens(xml: &str) -> Result<usize, Failed> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut count = 0;
    loop {
        match reader.read_event()? {
            quick_xml::events::Event::Eof => return Ok(count),
            token => count += usize::from(!black_box(token).is_empty()),
        }
    }
}
