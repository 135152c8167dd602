//! How often a decision takes memory. It stands apart, because counting takes time.

use std::process::ExitCode;

use fullmakt_xacml_bench::cedar::Cedar;
use fullmakt_xacml_bench::ours::{Ours, request};
use fullmakt_xacml_bench::rego::Rego;
use fullmakt_xacml_bench::{Engine, Failed, permitted};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failed> {
    let question = permitted(1);
    let (ours, cedar, rego) = (Ours::new(1)?, Cedar::new(1)?, Rego::new(1)?);
    let own = request(question);
    let (ours, cedar, rego) = (ours.ask(&own), cedar.ask(question)?, rego.ask(question)?);
    for (name, engine) in [("ours", &ours as &dyn Engine), ("cedar", &cedar), ("regorus", &rego)] {
        let mut answer = Ok(false);
        let counted = allocation_counter::measure(|| answer = engine.is_permitted());
        if !answer? {
            return Err(format!("{name} does not permit").into());
        }
        eprintln!("allocations of a decision by {name}: {}", counted.count_total);
    }
    Ok(())
}
