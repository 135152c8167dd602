//! `fullmakt serve`.

use std::{sync::Arc, time::Duration};

use axum::{Extension, Router};
use fullmakt_audit::{DecisionIndex, DecisionIndexer, DecisionTopic, IndexRetention};
use fullmakt_commands::CommandState;
use fullmakt_config::{Configuration, LogKind};
use fullmakt_http::{
    EdgeSettings, PublicAddress, RateLimits, ServerLimits, identify_unless, protect,
};
use fullmakt_pdp::{
    DecisionLog, DecisionLogMode, Decisions, GenerationFold, LocalPoint, PdpState, decisions_topic,
};
use fullmakt_pep::{Clock, Enforcement, TokenVerifier, system_clock};
use fullmakt_queries::QueryState;
use fullmakt_reading::ReadModels;
use fullmakt_readstore::migrate;
use fullmakt_wire::ApprovalPages;
use tokio::{net::TcpListener, sync::watch, time::Instant};
use tokio_util::sync::CancellationToken;
use tracing::{error, info};
use url::Url;

use crate::{
    StartError, demo,
    health::{self, Health},
    issuers, lag, logs,
    process::{self, Process, Start},
    shutdown,
};

/// How long requests and commits under way may take once the process was asked to stop.
const DRAIN: Duration = Duration::from_secs(10);

pub(crate) async fn run(configuration: Configuration) -> Result<(), StartError> {
    let address = configuration.http.address;
    if configuration.demo {
        if !address.ip().is_loopback() {
            return Err(StartError::DemoElsewhere(address));
        }
        // A demonstration needs no step of its own.
        migrate(&process::database(&configuration)?).await.map_err(StartError::Migrate)?;
    }
    let metrics = fullmakt_telemetry::install_metrics()?;
    tokio::spawn(metrics.clone().keep_up());
    let fold = GenerationFold::default();
    let generations = fold.generations();
    // From the genesis and not from the ledger index: what the decision point has in memory is made
    // of every record, and no snapshot holds it.
    let start = Start::Beginning(vec![Box::new(fold)]);
    let mut process = Process::open(&configuration, start).await?;
    let topic = decision_topic(&configuration).await?;
    let log = decision_log(&configuration, &topic);
    let index = DecisionIndex::new(process::database(&configuration)?.pool()?, topic);
    let decisions = decisions(&configuration, &process, generations, log.clone());
    process.start();
    process.tasks.spawn(follow(&configuration, index.clone(), process.stopping.clone()));
    tokio::spawn(lag::measure(process.ledger.clone(), process.watch.clone()));

    let listener = TcpListener::bind(address).await.map_err(StartError::Listen)?;
    let base = base(&configuration, &listener)?;
    let (prepared, is_prepared) = watch::channel(!configuration.demo);
    let clock = system_clock();
    let health = Health {
        ledger: process.ledger.clone(),
        watch: process.watch.clone(),
        clock: Arc::clone(&clock),
        end_at_start: process.end_at_start,
        max_staleness: Duration::from_secs(configuration.ledger.max_staleness_seconds),
        is_prepared,
    };
    let services = services(&configuration, &process, decisions, index, &base, clock)?;
    let routes = services.merge(metrics.routes()).merge(health::routes(health));
    let limits = &configuration.limits;
    let rate_limits = RateLimits::new(limits.requests_per_second, limits.clients.clone());
    tokio::spawn(rate_limits.clone().sweep());
    let edge = EdgeSettings {
        code_page: |code| {
            fullmakt_wire::code_page(code).or_else(|| fullmakt_tokens::refusal_page(code))
        },
        rate_limits,
        body_bytes_max: configuration.http.body_bytes_max,
        timeout: Duration::from_secs(configuration.http.timeout_seconds),
        public_address: configuration
            .http
            .public_address
            .as_ref()
            .map(|address| PublicAddress::new(address.as_str())),
    };
    // Ids are logged and recorded, so that none may be a national identity number.
    let routes = identify_unless(fullmakt_telemetry::observe(protect(routes, &edge)), |id| {
        fullmakt_domain::national_number::find(id).is_some()
    });
    let address = listener.local_addr().map_err(StartError::Listen)?;
    info!(http.address = %address, http.public_address = %base, "listening on {address}");
    if configuration.demo {
        info!("this is a demonstration: test tokens are issued to everybody on this machine");
        let (ledger, vault, watch) =
            (process.ledger.clone(), process.vault.clone(), process.watch.clone());
        let stopping = process.stopping.clone();
        process.tasks.spawn(async move {
            let position = demo::load_through_outages(&ledger, &vault).await?;
            let _ = watch.wait_for(position, Instant::now() + DRAIN).await;
            prepared.send_replace(true);
            // The parts of a process run until it stops.
            stopping.cancelled().await;
            Ok(())
        });
    }
    let limits = ServerLimits {
        connections_max: limits.connections_max,
        head_timeout: Duration::from_secs(limits.head_timeout_seconds),
    };
    serve(process, listener, routes, limits, log).await
}

/// Serves until the process is asked to stop, or one of its parts ends.
async fn serve(
    mut process: Process,
    listener: TcpListener,
    routes: Router,
    limits: ServerLimits,
    log: DecisionLog,
) -> Result<(), StartError> {
    let stop = CancellationToken::new();
    let server = fullmakt_http::serve(listener, routes, limits, stop.clone());
    let mut server = tokio::spawn(server);
    let ended = tokio::select! {
        () = shutdown::asked() => Ok(()),
        ended = process.tasks.join_next() => Err(ended),
        _ = &mut server => return Err(StartError::Ended("the HTTP server")),
    };
    stop.cancel();
    if tokio::time::timeout(DRAIN, server).await.is_err() {
        error!("requests were still under way after {DRAIN:?}; they are cut off");
    }
    if !log.flush(Instant::now() + DRAIN).await {
        error!("decisions were still not logged after {DRAIN:?}; the log misses them");
    }
    process.stop(DRAIN).await;
    match ended {
        Ok(()) => Ok(()),
        Err(Some(Ok(Err(error)))) => Err(error),
        Err(Some(Ok(Ok(())) | Err(_)) | None) => Err(StartError::Ended("the ledger")),
    }
}

/// The topic of decisions, which is made if it is not there.
async fn decision_topic(configuration: &Configuration) -> Result<DecisionTopic, StartError> {
    let topics = logs::topics(configuration).await?;
    let name = &configuration.ledger.name;
    let topic = decisions_topic(name).ok_or_else(|| StartError::LedgerName(name.clone()))?;
    topics.ensure(&topic).await?;
    let log = match configuration.log.kind {
        LogKind::Kafka => "kafka",
        LogKind::Postgres => "postgres",
    };
    Ok(DecisionTopic { log, topics, topic })
}

fn decision_log(configuration: &Configuration, topic: &DecisionTopic) -> DecisionLog {
    let mode = match configuration.decision_log.mode {
        fullmakt_config::DecisionLogMode::Required => DecisionLogMode::Required,
        fullmakt_config::DecisionLogMode::Async => {
            DecisionLogMode::Async { queue_max: configuration.decision_log.queue_max }
        }
    };
    DecisionLog::new(Arc::clone(&topic.topics), topic.topic.name.clone(), mode)
}

fn decisions(
    configuration: &Configuration,
    process: &Process,
    generations: fullmakt_pdp::Generations,
    log: DecisionLog,
) -> Decisions {
    let max_staleness = Duration::from_secs(configuration.ledger.max_staleness_seconds);
    Decisions::new(process.ledger.clone(), generations, log, system_clock(), max_staleness)
}

/// Fills the index of decisions until the process is asked to stop.
fn follow(
    configuration: &Configuration,
    index: DecisionIndex,
    stopping: CancellationToken,
) -> impl Future<Output = Result<(), StartError>> + use<> {
    let retention = IndexRetention { days: configuration.decision_log.index_retention_days };
    let indexer = DecisionIndexer::new(index, retention, system_clock());
    async {
        indexer.run(stopping).await;
        Ok(())
    }
}

/// The address of the installation as clients reach it.
fn base(configuration: &Configuration, listener: &TcpListener) -> Result<Url, StartError> {
    if let Some(address) = &configuration.http.public_address {
        return Ok(address.clone());
    }
    let address = listener.local_addr().map_err(StartError::Listen)?;
    Url::parse(&format!("http://{address}"))
        .map_err(|error| StartError::Listen(std::io::Error::other(error)))
}

/// All services, each with what it needs.
fn services(
    configuration: &Configuration,
    process: &Process,
    decisions: Decisions,
    index: DecisionIndex,
    base: &Url,
    clock: Clock,
) -> Result<Router, StartError> {
    let models = ReadModels {
        ledger: process.ledger.clone(),
        store: process.store.clone(),
        watch: process.watch.clone(),
    };
    let tokens = issuers::token_state(configuration, process, base, Arc::clone(&clock))?;
    let trusted = issuers::trusted(configuration, &tokens)?;
    let verifier = TokenVerifier::new(trusted, Arc::clone(&clock))?;
    let tokens = tokens.with_verifier(verifier.clone()).with_models(models.clone());
    let pages = ApprovalPages::new(base.clone());
    let point = Arc::new(LocalPoint::new(decisions.clone()));
    let commands = CommandState {
        ledger: process.ledger.clone(),
        store: process.store.clone(),
        watch: process.watch.clone(),
        verifier: verifier.clone(),
        decisions: point.clone(),
        representations: point.clone(),
        delegations: point.clone(),
        pages: pages.clone(),
    };
    let enforcement = Enforcement::new(verifier.clone(), point.clone());
    let queries = QueryState {
        models: models.clone(),
        verifier: verifier.clone(),
        decisions: point.clone(),
        representations: point,
        pages,
    };
    let pdp = PdpState {
        decisions,
        vault: process.vault.clone(),
        verifier: verifier.clone(),
        batch_max: configuration.pdp.batch_max,
    };
    let audit = fullmakt_audit::AuditState { models, verifier, decisions: index, clock };
    let mut routes = Router::new()
        .merge(Router::from(fullmakt_commands::routes().with_state(commands.clone())))
        .merge(fullmakt_commands::alias_routes().with_state(commands))
        .merge(Router::from(fullmakt_queries::routes().with_state(queries.clone())))
        .merge(fullmakt_queries::alias_routes().with_state(queries))
        .merge(Router::from(fullmakt_pdp::routes().with_state(pdp)))
        .merge(Router::from(fullmakt_audit::routes().with_state(audit)))
        .merge(Router::from(fullmakt_tokens::routes().with_state(tokens.clone())));
    if configuration.demo {
        routes = routes.merge(fullmakt_tokens::test_token_routes().with_state(tokens));
    }
    Ok(routes.layer(Extension(enforcement)))
}
