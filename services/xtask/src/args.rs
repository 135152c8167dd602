//! The command line.

use crate::failure::{Failure, Outcome};
use crate::fuzz::{Search, TARGETS};
use crate::ledger::Ledger;
use crate::simulate::Seeds;
use crate::suites::{self, SUITES, Suite};
use crate::up::{DataThere, Up};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// Where the server listens unless told otherwise.
const ADDRESS: (Ipv4Addr, u16) = (Ipv4Addr::LOCALHOST, 8080);
/// How many seeds are simulated unless told otherwise.
const SEEDS: u64 = 1_000;
/// How long a target is searched unless told otherwise.
const FUZZ_SECONDS: u64 = 60;

/// What the person asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Asked {
    /// The help text.
    Help,
    /// The system, in the foreground.
    Up(Up),
    /// These suites.
    Test(Vec<Suite>),
    /// Measures; what is measured, and how, as the bench understands it.
    Bench(Vec<String>),
    /// Searches for inputs that the policy engine cannot bear.
    Fuzz(Search),
    /// Makes a country up; what is written, as the generator understands it.
    Generate(Vec<String>),
    /// Simulates the ledger under faults.
    Simulate(Seeds),
    /// The README's tour, on the system with this base URL or one of its own.
    Tour(Option<String>),
}

/// Understands the arguments, or says which one it does not.
pub fn parse(arguments: impl IntoIterator<Item = String>) -> Outcome<Asked> {
    let mut words = Words::new(arguments);
    let Some(command) = words.next() else { return Ok(Asked::Help) };
    if words.ask_for_help() {
        return Ok(Asked::Help);
    }
    match command.as_str() {
        "help" | "--help" | "-h" => Ok(Asked::Help),
        "up" => parse_up(words).map(Asked::Up),
        "test" => parse_test(words).map(Asked::Test),
        "bench" => Ok(Asked::Bench(words.collect())),
        "fuzz" => parse_fuzz(words),
        "generate" => Ok(Asked::Generate(words.collect())),
        "simulate" => parse_simulate(words).map(Asked::Simulate),
        "tour" => parse_tour(words).map(Asked::Tour),
        _ => Err(Failure::because(format!("there is no command `{command}`"))),
    }
}

/// The help text.
pub fn help() -> String {
    let suites = SUITES.iter().fold(String::new(), |text, suite| {
        text + &format!("    {:<16}{}\n", suite.name, suite.about)
    });
    let targets = TARGETS.join(", ");
    format!(
        "\
cargo xtask up [--log kafka|postgres] [--address 127.0.0.1:8080] [--data DIR] [--wipe]

    Installs what is missing, starts PostgreSQL, Kafka and the server with demo data, and prints
    the address when the server is ready. Ctrl-C stops everything; the data stays.

    --log       where the ledger is: in Kafka (the default where Java 17 and Maven are at hand) or
                in PostgreSQL. The choice stays with the data folder.
    --address   where the server listens; a loopback address
    --data      the data folder (default: .fullmakt/data in the workspace)
    --wipe      removes the data first

cargo xtask test [SUITE…]

    Runs the suites named, or all that CI runs, on a PostgreSQL and a Kafka of its own. Installs
    what is missing. The last line is `N passed, M failed, K skipped`.

{suites}
cargo xtask bench [folder|ledger|commands|projection|decisions…] [--json FILE] [--rounds N] [--millis N]

    Measures costs beside what they are held against, both in the same run, on a PostgreSQL and a
    Kafka of its own: one JSON object a line.

cargo xtask bench xacml [--json FILE] [--rounds N] [--millis N]

    Measures the policy engine beside other engines, which are built for it in a workspace of their
    own.

cargo xtask fuzz [TARGET…] [--seconds N] [--keep]

    Searches for inputs that make the policy engine panic or its evaluators disagree, guided by
    coverage, from the kept corpora on: {targets}. What was found is in target/fuzz-xacml.

    --seconds   how long each is searched (default: {FUZZ_SECONDS})
    --keep      keeps the fewest inputs that reach all that was reached

cargo xtask generate register [--seed S] [--units N] [--sub-units N] [--out DIR]
cargo xtask generate ledger --kafka HOST:PORT | --postgres URL [--name NAME] [--seed S] [--units N]
                            [--sub-units N] [--delegations N]

    Makes a country up, the same for the same seed: the bulk files of its entity register, or the
    ledger that its organisations write, into a log that is empty.

cargo xtask simulate [--seeds N | --seed S]

    Lets several processes write to and fold one ledger in memory while logs, indexes, clocks and
    processes fail by chance, and holds all that clients were told against the ledger. Needs no
    services.

    --seeds     how many seeds (default: {SEEDS})
    --seed      this one alone: what it does is always the same

cargo xtask tour [BASE_URL]

    Runs the commands of the README's tour and compares what they print with what the README says,
    on a system of its own unless a base URL is named.

All of them start a Kafka broker of their own, unless XTASK_KAFKA names one that runs already:
XTASK_KAFKA=localhost:9092 cargo xtask up
"
    )
}

fn parse_up(mut words: Words) -> Outcome<Up> {
    let mut up = Up {
        ledger: None,
        address: SocketAddr::from(ADDRESS),
        data: None,
        data_there: DataThere::Kept,
    };
    while let Some(option) = words.next() {
        match option.as_str() {
            "--log" => {
                let value = words.value_of(&option)?;
                up.ledger = Some(Ledger::parse(&value).ok_or_else(|| {
                    Failure::because(format!("--log is `kafka` or `postgres`, not `{value}`"))
                })?);
            }
            "--address" => up.address = parse_address(&words.value_of(&option)?)?,
            "--data" => up.data = Some(PathBuf::from(words.value_of(&option)?)),
            "--wipe" => up.data_there = DataThere::Wiped,
            _ => return Err(unknown(&option)),
        }
    }
    Ok(up)
}

fn parse_address(value: &str) -> Outcome<SocketAddr> {
    let address: SocketAddr = value.parse().map_err(|_| {
        Failure::because(format!("--address is like `127.0.0.1:8080`, not `{value}`"))
    })?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err(Failure::because(format!(
            "--address is a loopback address, not `{value}`: `up` turns on the test-token \
             generator, with which anybody can be anyone"
        )))
    }
}

fn parse_test(words: Words) -> Outcome<Vec<Suite>> {
    let named: Vec<Suite> = words
        .map(|name| {
            suites::find(&name).ok_or_else(|| {
                let names: Vec<_> = SUITES.iter().map(|suite| suite.name).collect();
                Failure::because(format!("no suite `{name}`; there are {}", names.join(", ")))
            })
        })
        .collect::<Outcome<_>>()?;
    Ok(if named.is_empty() { suites::ALL.to_vec() } else { named })
}

fn parse_fuzz(mut words: Words) -> Outcome<Asked> {
    let mut search = Search { targets: Vec::new(), seconds: FUZZ_SECONDS, keeps: false };
    while let Some(word) = words.next() {
        match word.as_str() {
            "--seconds" => search.seconds = words.number_of(&word)?,
            "--keep" => search.keeps = true,
            name => match TARGETS.iter().find(|known| **known == name) {
                Some(known) => search.targets.push(known),
                None => return Err(unknown(name)),
            },
        }
    }
    if search.targets.is_empty() {
        search.targets = TARGETS.to_vec();
    }
    Ok(Asked::Fuzz(search))
}

fn parse_simulate(mut words: Words) -> Outcome<Seeds> {
    let Some(option) = words.next() else { return Ok(Seeds::First(SEEDS)) };
    let seeds = match option.as_str() {
        "--seeds" => Seeds::First(words.number_of(&option)?),
        "--seed" => Seeds::One(words.number_of(&option)?),
        _ => return Err(unknown(&option)),
    };
    words.next().map_or(Ok(seeds), |more| Err(unknown(&more)))
}

fn parse_tour(mut words: Words) -> Outcome<Option<String>> {
    let base = words.next();
    if let Some(base) = &base
        && !base.starts_with("http://")
        && !base.starts_with("https://")
    {
        return Err(Failure::because(format!("the base URL begins with http, unlike `{base}`")));
    }
    match words.next() {
        Some(more) => Err(unknown(&more)),
        None => Ok(base.map(|base| base.trim_end_matches('/').to_owned())),
    }
}

fn unknown(option: &str) -> Failure {
    Failure::because(format!("unknown argument `{option}`"))
}

/// The arguments one by one, `--name=value` as two.
struct Words(std::vec::IntoIter<String>);

impl Words {
    fn new(arguments: impl IntoIterator<Item = String>) -> Self {
        let words: Vec<String> = arguments
            .into_iter()
            .flat_map(|argument| match argument.split_once('=') {
                Some((name, value)) if name.starts_with("--") => {
                    vec![name.to_owned(), value.to_owned()]
                }
                Some(_) | None => vec![argument],
            })
            .collect();
        Self(words.into_iter())
    }

    fn ask_for_help(&self) -> bool {
        self.0.as_slice().iter().any(|word| word == "--help" || word == "-h")
    }

    fn value_of(&mut self, option: &str) -> Outcome<String> {
        self.0.next().ok_or_else(|| Failure::because(format!("{option} needs a value")))
    }

    fn number_of(&mut self, option: &str) -> Outcome<u64> {
        let value = self.value_of(option)?;
        value.parse().map_err(|_| Failure::because(format!("{option} is a number, not `{value}`")))
    }
}

impl Iterator for Words {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        self.0.next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str) -> Outcome<Asked> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    fn refusal(line: &str) -> String {
        asked(line).unwrap_err().to_string()
    }

    #[test]
    fn up_alone_keeps_the_data_and_listens_on_port_8080() {
        let expected = Up {
            ledger: None,
            address: "127.0.0.1:8080".parse().unwrap(),
            data: None,
            data_there: DataThere::Kept,
        };
        assert_eq!(asked("up"), Ok(Asked::Up(expected)));
    }

    #[test]
    fn up_takes_its_options_in_both_spellings() {
        let expected = Up {
            ledger: Some(Ledger::Postgres),
            address: "127.0.0.1:9000".parse().unwrap(),
            data: Some("d".into()),
            data_there: DataThere::Wiped,
        };
        let line = "up --log=postgres --address 127.0.0.1:9000 --data=d --wipe";
        assert_eq!(asked(line), Ok(Asked::Up(expected)));
    }

    #[test]
    fn what_is_not_understood_is_refused_by_name() {
        assert_eq!(refusal("down"), "there is no command `down`");
        assert_eq!(refusal("up --fast"), "unknown argument `--fast`");
        assert_eq!(refusal("up --data"), "--data needs a value");
        assert!(refusal("up --log redis").contains("`redis`"));
        assert!(refusal("up --address 8080").contains("`8080`"));
        assert!(refusal("test unit nit").starts_with("no suite `nit`; there are fmt, "));
        assert_eq!(refusal("tour http://a b"), "unknown argument `b`");
        assert!(refusal("tour localhost").contains("`localhost`"));
    }

    #[test]
    fn up_never_listens_beyond_this_machine() {
        assert!(refusal("up --address 0.0.0.0:8080").contains("loopback"));
    }

    #[test]
    fn test_alone_is_everything() {
        assert_eq!(asked("test"), Ok(Asked::Test(suites::ALL.to_vec())));
    }

    #[test]
    fn what_is_to_be_measured_is_handed_on_as_it_is() {
        let words = ["ledger", "--json", "f.json"].map(str::to_owned).to_vec();
        assert_eq!(asked("bench ledger --json=f.json"), Ok(Asked::Bench(words)));
        assert_eq!(asked("bench"), Ok(Asked::Bench(Vec::new())));
        let words = ["register", "--seed", "7"].map(str::to_owned).to_vec();
        assert_eq!(asked("generate register --seed=7"), Ok(Asked::Generate(words)));
    }

    #[test]
    fn fuzz_takes_targets_or_all_of_them() {
        let search = Search { targets: vec!["path"], seconds: 7, keeps: true };
        assert_eq!(asked("fuzz path --seconds=7 --keep"), Ok(Asked::Fuzz(search)));
        let all = Search { targets: TARGETS.to_vec(), seconds: FUZZ_SECONDS, keeps: false };
        assert_eq!(asked("fuzz"), Ok(Asked::Fuzz(all)));
        assert_eq!(refusal("fuzz paths"), "unknown argument `paths`");
        assert_eq!(refusal("fuzz --seconds soon"), "--seconds is a number, not `soon`");
    }

    #[test]
    fn simulate_takes_a_number_of_seeds_or_one_of_them() {
        assert_eq!(asked("simulate"), Ok(Asked::Simulate(Seeds::First(SEEDS))));
        assert_eq!(asked("simulate --seeds 10000"), Ok(Asked::Simulate(Seeds::First(10_000))));
        assert_eq!(asked("simulate --seed=7"), Ok(Asked::Simulate(Seeds::One(7))));
        assert_eq!(refusal("simulate --seed 7 --seeds 8"), "unknown argument `--seeds`");
        assert_eq!(refusal("simulate --seeds many"), "--seeds is a number, not `many`");
    }

    #[test]
    fn help_names_every_suite_and_is_given_wherever_it_is_asked_for() {
        let help = help();
        assert!(SUITES.iter().all(|suite| help.contains(suite.name)));
        for line in ["", "--help", "up --help", "test unit -h"] {
            assert_eq!(asked(line), Ok(Asked::Help));
        }
    }
}
