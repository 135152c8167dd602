//! `fullmakt-generate`: writes a made-up country's register files, or its ledger.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Args, Parser, Subcommand};
use fullmakt_eventlog::{
    Destination, Record,
    kafka::{KafkaDestination, KafkaSettings},
    postgres::{PostgresDestination, PostgresSettings},
};
use fullmakt_events::Position;
use fullmakt_generator::{
    Country, Size,
    ledger::{self, Broken},
    register::FILES,
};

/// How many records are written at once.
const RECORDS_A_BATCH: usize = 5_000;

/// Makes up a country: the same one for the same seed and size.
#[derive(Debug, Parser)]
struct Asked {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Writes units.json.gz, sub-units.json.gz and roles.json.gz in the entity register's format.
    Register {
        #[command(flatten)]
        country: Asking,
        /// The folder that the files are written to.
        #[arg(long, default_value = ".")]
        out: PathBuf,
    },
    /// Writes a ledger into a log that is empty.
    Ledger {
        #[command(flatten)]
        country: Asking,
        /// How many clients are added to their accountants' system users.
        #[arg(long, default_value_t = 10_000_000)]
        delegations: u32,
        /// The ledger's name.
        #[arg(long, default_value = "main")]
        name: String,
        #[command(flatten)]
        log: Log,
    },
}

/// Which country.
#[derive(Debug, Args)]
struct Asking {
    /// What everything follows from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many main units there are.
    #[arg(long, default_value_t = 1_200_000)]
    units: u32,
    /// How many sub-units there are.
    #[arg(long, default_value_t = 900_000)]
    sub_units: u32,
}

/// Where the ledger is written to.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Log {
    /// Kafka: `host:port`. The topic is made with one replica.
    #[arg(long)]
    kafka: Option<String>,
    /// PostgreSQL: a libpq URL.
    #[arg(long)]
    postgres: Option<String>,
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

fn run(asked: &Asked) -> Result<(), Broken> {
    match &asked.what {
        What::Register { country, out } => {
            let country = country.with(0)?;
            fs::create_dir_all(out)?;
            for (name, write) in FILES {
                let mut file = BufWriter::new(File::create(out.join(name))?);
                write(&country, &mut file)?;
                file.flush()?;
            }
            Ok(())
        }
        What::Ledger { country, delegations, name, log } => {
            let country = country.with(*delegations)?;
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
            runtime.block_on(async { fill(&country, name, log.open(name).await?.as_ref()).await })
        }
    }
}

async fn fill(country: &Country, name: &str, log: &dyn Destination) -> Result<(), Broken> {
    if log.log().end().await? > Position::GENESIS {
        return Err("the log is not empty, and would not be the ledger of this country".into());
    }
    log.begin().await?;
    let mut records = ledger::records(country, name)?.map(|generated| {
        let generated = generated?;
        let (position, append_time) = (generated.position, generated.append_time);
        Ok::<_, Broken>(Record { position, append_time, bytes: generated.bytes })
    });
    let mut written = 0;
    loop {
        let batch = records.by_ref().take(RECORDS_A_BATCH).collect::<Result<Vec<_>, _>>()?;
        if batch.is_empty() {
            break;
        }
        log.fill(&batch).await?;
        written += batch.len();
        eprintln!("{written} records");
    }
    log.finish().await?;
    Ok(())
}

impl Asking {
    fn with(&self, delegations: u32) -> Result<Country, Broken> {
        let size = Size { units: self.units, sub_units: self.sub_units, delegations };
        Country::new(self.seed, size).ok_or_else(|| {
            "there are not numbers enough for so many units, or there are none".into()
        })
    }
}

impl Log {
    async fn open(&self, name: &str) -> Result<Box<dyn Destination>, Broken> {
        if let Some(servers) = &self.kafka {
            let mut settings = KafkaSettings::new(servers);
            settings.replication_factor = 1;
            settings.min_insync_replicas = 1;
            return Ok(Box::new(KafkaDestination::open(&settings, name).await?));
        }
        let url = self.postgres.as_deref().ok_or("neither --kafka nor --postgres is given")?;
        Ok(Box::new(PostgresDestination::open(&PostgresSettings::new(url)?).await?))
    }
}
