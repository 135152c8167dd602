//! Connections.

use std::{
    collections::HashMap,
    fmt,
    future::poll_fn,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::sync::{Mutex, watch};
use tokio_postgres::{
    AsyncMessage, Client, Connection, NoTls, Row, Socket, Statement,
    error::Severity,
    tls::{MakeTlsConnect, TlsConnect},
    types::ToSql,
};

use super::{
    failure::{Failure, within},
    settings::PostgresSettings,
};

/// How much longer than the server this end waits: the server's own "timed out" says that nothing
/// was appended, silence does not.
const GRACE: Duration = Duration::from_secs(1);

const SESSION: &str = include_str!("sql/session.sql");

/// An implementation of TLS that sessions can be opened with, also from several tasks.
pub trait Encryption:
    MakeTlsConnect<
        Socket,
        Stream: Send + Sync + 'static,
        TlsConnect: TlsConnect<Socket, Future: Send> + Send,
    > + Clone
    + Send
    + Sync
    + 'static
{
}

impl<T> Encryption for T where
    T: MakeTlsConnect<
            Socket,
            Stream: Send + Sync + 'static,
            TlsConnect: TlsConnect<Socket, Future: Send> + Send,
        > + Clone
        + Send
        + Sync
        + 'static
{
}

type Connected = Pin<Box<dyn Future<Output = Result<Session, Failure>> + Send>>;

/// Opens connections, encrypted or not.
#[derive(Clone)]
pub(super) struct Connector {
    connect: Arc<dyn Fn() -> Connected + Send + Sync>,
}

impl Connector {
    /// A connector without encryption.
    pub(super) fn plain(settings: &PostgresSettings) -> Self {
        Self::with_tls(settings, NoTls)
    }

    /// A connector that encrypts as the connection settings ask for.
    pub(super) fn with_tls(settings: &PostgresSettings, tls: impl Encryption) -> Self {
        let settings = Arc::new(settings.clone());
        Self {
            connect: Arc::new(move || {
                let (settings, tls) = (Arc::clone(&settings), tls.clone());
                Box::pin(async move {
                    let connecting = settings.connection.connect(tls);
                    let (client, connection) = within(settings.timeout, connecting).await?;
                    Session::start(client, connection, settings.timeout).await
                })
            }),
        }
    }

    /// Opens a connection.
    pub(super) async fn connect(&self) -> Result<Session, Failure> {
        (self.connect)().await
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Connector")
    }
}

/// One connection. Statements of several tasks share it, each prepared once.
pub(super) struct Session {
    client: Client,
    /// The longest an answer may take, in which the server's own timeout fits.
    answer_timeout: Duration,
    statements: Mutex<HashMap<&'static str, Statement>>,
    notifications: watch::Receiver<u64>,
    warnings: Arc<AtomicU64>,
}

impl Session {
    async fn start<S, T>(
        client: Client,
        mut connection: Connection<S, T>,
        timeout: Duration,
    ) -> Result<Self, Failure>
    where
        Connection<S, T>: Send + 'static,
        S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
        T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    {
        let (notified, notifications) = watch::channel(0_u64);
        let warnings = Arc::new(AtomicU64::new(0));
        let warned = Arc::clone(&warnings);
        // Ends with the connection; then the channel closes, which is how waiters learn of it.
        tokio::spawn(async move {
            while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await
            {
                if let AsyncMessage::Notification(_) = message {
                    notified.send_modify(|count| *count = count.wrapping_add(1));
                } else if let AsyncMessage::Notice(notice) = message
                    && notice.parsed_severity() == Some(Severity::Warning)
                {
                    warned.fetch_add(1, Ordering::SeqCst);
                }
            }
        });
        let session = Self {
            client,
            answer_timeout: timeout.saturating_add(GRACE),
            statements: Mutex::default(),
            notifications,
            warnings,
        };
        session.query(SESSION, &[&timeout.as_millis().max(1).to_string()]).await?;
        Ok(session)
    }

    /// Runs a statement.
    pub(super) async fn query(
        &self,
        sql: &'static str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Failure> {
        let statement = self.statement(sql).await?;
        within(self.answer_timeout, self.client.query(&statement, parameters)).await
    }

    /// Runs statements without parameters, as one transaction.
    pub(super) async fn execute_all(&self, sql: &'static str) -> Result<(), Failure> {
        within(self.answer_timeout, self.client.batch_execute(sql)).await
    }

    /// Prepares a statement unless that was done before.
    pub(super) async fn statement(&self, sql: &'static str) -> Result<Statement, Failure> {
        let mut statements = self.statements.lock().await;
        if let Some(statement) = statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = within(self.answer_timeout, self.client.prepare(sql)).await?;
        statements.insert(sql, statement.clone());
        Ok(statement)
    }

    /// Counts the notifications that came; closes with the connection.
    pub(super) fn notifications(&self) -> watch::Receiver<u64> {
        self.notifications.clone()
    }

    /// How many warnings came.
    pub(super) fn warnings(&self) -> u64 {
        self.warnings.load(Ordering::SeqCst)
    }

    /// Whether the connection is gone.
    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }
}

/// A connection that is opened when it is needed, and again when it was lost.
pub(super) struct SharedSession {
    connector: Connector,
    /// Run on every new connection.
    listen: Option<&'static str>,
    current: Mutex<Option<Arc<Session>>>,
}

impl SharedSession {
    pub(super) fn new(connector: Connector, listen: Option<&'static str>) -> Self {
        Self { connector, listen, current: Mutex::default() }
    }

    pub(super) async fn get(&self) -> Result<Arc<Session>, Failure> {
        let mut current = self.current.lock().await;
        match current.as_ref() {
            Some(session) if !session.is_closed() => Ok(Arc::clone(session)),
            Some(_) | None => {
                let session = self.connector.connect().await?;
                if let Some(listen) = self.listen {
                    session.execute_all(listen).await?;
                }
                let session = Arc::new(session);
                *current = Some(Arc::clone(&session));
                Ok(session)
            }
        }
    }

    /// Runs a statement. A connection that does not answer is given up.
    pub(super) async fn query(
        &self,
        sql: &'static str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Failure> {
        let session = self.get().await?;
        let answer = session.query(sql, parameters).await;
        if matches!(answer, Err(Failure::TimedOut(_))) {
            self.give_up(&session).await;
        }
        answer
    }

    async fn give_up(&self, lost: &Arc<Session>) {
        let mut current = self.current.lock().await;
        if current.as_ref().is_some_and(|session| Arc::ptr_eq(session, lost)) {
            *current = None;
        }
    }
}
