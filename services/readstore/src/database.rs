//! Where PostgreSQL is, and what kinds of sessions we have there.

use std::{fmt, time::Duration};

use deadpool_postgres::{
    ClientWrapper, Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime,
};
use fullmakt_migrations::SCHEMA;
use tokio_postgres::{Client, Config, Connection, Socket, tls::MakeTlsConnect};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{DatabaseError, ReadSchema, Tls, TlsSettings, tls::is_on_this_machine};

/// How long a server may be silent below the level of statements before a connection is given up.
const PEER_TIMEOUT: Duration = Duration::from_secs(15);

const PREFER_LZ4: &str = include_str!("sql/prefer_lz4.sql");

/// Where PostgreSQL is, and within which limits it is used.
#[derive(Clone)]
pub struct DatabaseSettings {
    /// A libpq URL or connection string, with the password where one is needed.
    pub url: String,
    /// The password, where the URL has none.
    pub password: Option<String>,
    /// How connections are encrypted.
    pub tls: TlsSettings,
    /// The most connections of one pool.
    pub connections_max: usize,
    /// How long a caller waits for a connection of the pool, and a connection for its server.
    pub connect_timeout: Duration,
    /// How long a statement may run.
    pub statement_timeout: Duration,
    /// How long a statement may wait for a lock.
    pub lock_timeout: Duration,
}

impl DatabaseSettings {
    /// The database at this URL, within the usual limits.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            password: None,
            tls: TlsSettings::default(),
            connections_max: 16,
            connect_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(10),
            lock_timeout: Duration::from_secs(5),
        }
    }
}

impl fmt::Debug for DatabaseSettings {
    /// Without the password, and the URL, which may hold one.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DatabaseSettings")
            .field("tls", &self.tls)
            .field("connections_max", &self.connections_max)
            .field("connect_timeout", &self.connect_timeout)
            .field("statement_timeout", &self.statement_timeout)
            .field("lock_timeout", &self.lock_timeout)
            .finish_non_exhaustive()
    }
}

/// A PostgreSQL database. Nothing is connected until something is asked.
#[derive(Debug, Clone)]
pub struct Database {
    config: Config,
    tls: Tls,
    settings: DatabaseSettings,
}

/// A stream that is encrypted.
type Encrypted = <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream;

/// What a session is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Session<'a> {
    /// Durable tables.
    Durable,
    /// Queries over a generation of read models.
    Reading(&'a ReadSchema),
    /// Queries that read all of a table, and take their time.
    Scanning(&'a ReadSchema),
    /// Following the ledger into a generation of read models.
    Projecting(&'a ReadSchema),
    /// Filling a generation of read models at once, and statements over all of it.
    Filling(&'a ReadSchema),
    /// Work on schemas, and statements over whole tables.
    Maintenance,
}

impl Database {
    /// The database of these settings.
    ///
    /// # Errors
    /// When the URL or the certificates cannot be read.
    pub fn new(settings: DatabaseSettings) -> Result<Self, DatabaseError> {
        let mut config: Config = settings.url.parse().map_err(DatabaseError::settings)?;
        if let Some(password) = &settings.password {
            config.password(password);
        }
        config.connect_timeout(settings.connect_timeout);
        // A server that is cut off is noticed also by sessions that only listen, and by those whose
        // statements may take any time.
        config.keepalives_idle(PEER_TIMEOUT);
        config.tcp_user_timeout(PEER_TIMEOUT);
        if config.get_application_name().is_none() {
            config.application_name("fullmakt");
        }
        let tls = Tls::new(&config, &settings.tls).map_err(DatabaseError::settings)?;
        tls.apply(&mut config);
        Ok(Self { config, tls, settings })
    }

    /// How connections to this database are encrypted.
    #[must_use]
    pub const fn tls(&self) -> &Tls {
        &self.tls
    }

    /// A pool of sessions for durable tables: `search_path` is their schema, and a commit is
    /// answered when it is on disk.
    ///
    /// # Errors
    /// When the settings cannot be used.
    pub fn pool(&self) -> Result<Pool, DatabaseError> {
        self.pool_of(Session::Durable, self.settings.connections_max)
    }

    /// Whether no connection to this database leaves this machine.
    #[must_use]
    pub fn is_on_this_machine(&self) -> bool {
        is_on_this_machine(&self.config)
    }

    pub(crate) const fn settings(&self) -> &DatabaseSettings {
        &self.settings
    }

    /// One session, which ends when the client is dropped.
    pub(crate) async fn connect(&self, session: Session<'_>) -> Result<Client, DatabaseError> {
        let (client, connection) = self.open(session).await?;
        // An error of the connection is an error of whatever is asked next.
        tokio::spawn(connection);
        Ok(client)
    }

    /// A session whose connection the caller has to poll.
    pub(crate) async fn open(
        &self,
        session: Session<'_>,
    ) -> Result<(Client, Connection<Socket, Encrypted>), DatabaseError> {
        let connecting = self.config_of(session);
        connecting.connect(self.tls.connector()).await.map_err(DatabaseError::unavailable)
    }

    pub(crate) fn pool_of(
        &self,
        session: Session<'_>,
        connections_max: usize,
    ) -> Result<Pool, DatabaseError> {
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager =
            Manager::from_config(self.config_of(session), self.tls.connector(), recycling);
        let mut builder = Pool::builder(manager);
        if let Session::Projecting(_) | Session::Filling(_) = session {
            builder = builder.post_create(Hook::async_fn(|client, _| Box::pin(prefer_lz4(client))));
        }
        builder
            .max_size(connections_max)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(self.settings.connect_timeout))
            .create_timeout(Some(self.settings.connect_timeout))
            .build()
            .map_err(DatabaseError::settings)
    }

    /// Not to wait for the disk is sound because everything there can be made again: after a crash
    /// the checkpoint is as old as the rows.
    fn filling(&self, schema: &ReadSchema) -> String {
        format!(
            "-c search_path={schema} -c synchronous_commit=off -c statement_timeout=0 \
             -c lock_timeout={}",
            self.settings.lock_timeout.as_millis(),
        )
    }

    fn config_of(&self, session: Session<'_>) -> Config {
        let limits = format!(
            "-c statement_timeout={} -c lock_timeout={} -c idle_in_transaction_session_timeout={}",
            self.settings.statement_timeout.as_millis(),
            self.settings.lock_timeout.as_millis(),
            self.settings.statement_timeout.as_millis(),
        );
        // Times are written and read in binary, except where rows are digested as text.
        let common = "-c timezone=UTC -c jit=off";
        let own = match session {
            Session::Durable => {
                format!("-c search_path={SCHEMA} -c synchronous_commit=on {limits}")
            }
            Session::Reading(schema) => {
                format!("-c search_path={schema} -c default_transaction_read_only=on {limits}")
            }
            Session::Scanning(schema) => format!(
                "-c search_path={schema} -c default_transaction_read_only=on \
                 -c statement_timeout=0 -c lock_timeout={}",
                self.settings.lock_timeout.as_millis(),
            ),
            // Its statements find rows by their keys. They are planned once, maybe while the tables
            // are empty, and it must not matter.
            Session::Projecting(schema) => {
                let filling = self.filling(schema);
                format!(
                    "{filling} -c plan_cache_mode=force_generic_plan -c enable_seqscan=off \
                     -c enable_hashjoin=off -c enable_mergejoin=off"
                )
            }
            Session::Filling(schema) => self.filling(schema),
            Session::Maintenance => "-c statement_timeout=0".to_owned(),
        };
        let mut config = self.config.clone();
        let given = config.get_options().unwrap_or_default();
        let options = format!("{given} {common} {own}");
        config.options(options.trim());
        config
    }
}

async fn prefer_lz4(client: &ClientWrapper) -> Result<(), HookError> {
    client.batch_execute(PREFER_LZ4).await.map_err(HookError::Backend)
}
