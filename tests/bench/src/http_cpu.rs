//! What a decision over HTTP costs the server, in time of its processor.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::Arc,
};

use fullmakt_measures::{Effort, Failed, Names, Report, in_turns};
use fullmakt_scenarios::{
    Client, FJORDTORG, Log, SERVICE_OWNER, Scenario4, System, VAT_RETURN, decision_request,
};
use serde_json::Value;

use crate::load::load;

/// How many callers ask at once.
const CALLERS: usize = 16;
const AUTHORIZE: &str = "/authorization/api/v1/authorize";
/// Clock ticks in a second, in which the system counts the time of processes.
const TICKS: f64 = 100.0;

pub(crate) async fn run(report: &mut Report, effort: Effort) -> Result<(), Failed> {
    let anchor = Anchor::start()?;
    for (mode, measure) in [("async", "http cpu"), ("required", "required http cpu")] {
        let mut system = System::prepare(Log::Postgres).await;
        system.set("FULLMAKT_LIMITS__REQUESTS_PER_SECOND", "0");
        system.set("FULLMAKT_DECISION_LOG__MODE", mode);
        system.set("FULLMAKT_DECISION_LOG__QUEUE_MAX", "1000000");
        system.serve().await;
        let story = Scenario4::on(system).await;
        let user = story.approved().await;
        let owner = story.system.organisation(SERVICE_OWNER, &["altinn:authorization/authorize"]);
        let ours = Asking::of(owner.await, AUTHORIZE, &user);
        let anchored = Asking::of(Client::new(&anchor.base, None), "/", &user);
        let names = Names {
            measure: measure.to_owned(),
            anchor: "axum, the same body and a constant".to_owned(),
            unit: "µs of the server's processor",
        };
        let process = story.system.process();
        let one = async || cost(&ours, process, effort).await;
        let other = async || cost(&anchored, anchor.child.id(), effort).await;
        report.add(&in_turns(names, effort, one, other).await?)?;
    }
    Ok(())
}

/// A question that is asked again and again.
struct Asking {
    client: Client,
    path: &'static str,
    body: Value,
}

impl Asking {
    fn of(client: Client, path: &'static str, user: &str) -> Arc<Self> {
        let body = decision_request(user, "read", VAT_RETURN, FJORDTORG.org);
        Arc::new(Self { client, path, body })
    }

    async fn ask(self: Arc<Self>, _: u64) -> Result<(), Failed> {
        let answer = self.client.post(self.path, &self.body).await;
        let decision = answer.text().contains("\"Permit\"");
        if answer.status == 200 && decision { Ok(()) } else { Err(format!("{answer:?}").into()) }
    }
}

/// The time that a server's processor takes for one answer, in microseconds.
async fn cost(asking: &Arc<Asking>, process: u32, effort: Effort) -> Result<f64, Failed> {
    let before = ticks(process)?;
    let callers = vec![Arc::clone(asking); CALLERS];
    let load = load(&callers, effort.time(), &Arc::default(), Asking::ask).await?;
    let answers = u32::try_from(load.all().len())?;
    Ok((ticks(process)? - before) / TICKS * 1e6 / f64::from(answers))
}

/// How long a process has had a processor, in clock ticks.
fn ticks(process: u32) -> Result<f64, Failed> {
    let status = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name of the program, which may have spaces in it, is in parentheses.
    let (_, fields) = status.rsplit_once(')').ok_or("the system does not tell of the process")?;
    let times = fields.split_whitespace().skip(11).take(2);
    times.map(str::parse::<f64>).sum::<Result<f64, _>>().map_err(Failed::from)
}

/// The server that ours is held against.
struct Anchor {
    child: Child,
    base: String,
}

impl Anchor {
    /// Starts it; it is in the folder of this program.
    fn start() -> Result<Self, Failed> {
        let program = std::env::current_exe()?.with_file_name("fullmakt-bench-anchor");
        let mut child = Command::new(program).stdout(Stdio::piped()).spawn()?;
        let out = child.stdout.take().ok_or("the anchor says nothing")?;
        let mut base = String::new();
        BufReader::new(out).read_line(&mut base)?;
        Ok(Self { child, base: base.trim().to_owned() })
    }
}

impl Drop for Anchor {
    fn drop(&mut self) {
        // Whether it has ended by itself makes no difference.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
