//! Connections to the database are encrypted as the settings say, and never less.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{path::Path, process::Command};

use fullmakt_operations::Postgres;
use fullmakt_scenarios::{Log, System};
use tempfile::TempDir;

/// A server that takes encrypted connections only, and the file of who vouches for it.
struct Encrypted {
    server: Postgres,
    folder: TempDir,
}

fn openssl(folder: &Path, arguments: &str) {
    let output =
        Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

impl Encrypted {
    async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let new = "req -x509 -newkey rsa:2048 -nodes -days 2";
        openssl(folder.path(), &format!("{new} -keyout ca.key -out ca.pem -subj /CN=ca"));
        openssl(
            folder.path(),
            &format!(
                "{new} -CA ca.pem -CAkey ca.key -keyout server.key -out server.pem -subj /CN=db \
                 -addext subjectAltName=IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE"
            ),
        );
        let mut server = Postgres::prepare();
        for name in ["server.key", "server.pem"] {
            server.write(name, &std::fs::read(folder.path().join(name)).unwrap());
        }
        // Without encryption only the test's own session gets in.
        let rules = "hostssl all all 127.0.0.1/32 trust\nhost postgres all 127.0.0.1/32 trust\n";
        server.write("pg_hba.conf", rules.as_bytes());
        let settings =
            [("ssl", "on"), ("ssl_cert_file", "server.pem"), ("ssl_key_file", "server.key")];
        server.run(&settings).await;
        server.create_database("fullmakt").await;
        Self { server, folder }
    }

    fn ca(&self) -> String {
        self.folder.path().join("ca.pem").display().to_string()
    }

    /// A system that keeps everything there.
    async fn system(&self, tls: &str) -> System {
        let mut system = System::prepare(Log::Postgres).await;
        system.set("FULLMAKT_POSTGRES__URL", self.server.url("fullmakt"));
        system.set("FULLMAKT_POSTGRES__TLS", tls);
        system
    }
}

/// Why the database cannot be migrated, or nothing if it was.
fn refusal(system: &System) -> Option<String> {
    let output = system.command(&["migrate"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (!output.status.success()).then_some(said)
}

#[tokio::test]
async fn a_verified_server_is_used_and_every_connection_to_it_is_encrypted() {
    let encrypted = Encrypted::start().await;
    let mut system = encrypted.system("verify").await;
    system.set("FULLMAKT_POSTGRES__TLS_CA_FILE", encrypted.ca());
    system.serve().await;
    system.anonymous().get("/health/ready").await.expect(200);
    let client = encrypted.server.connect("postgres").await;
    let sessions = "SELECT count(*), count(*) FILTER (WHERE ssl) \
                    FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE datname = 'fullmakt'";
    let row = client.query_one(sessions, &[]).await.unwrap();
    let (all, with_tls): (i64, i64) = (row.get(0), row.get(1));
    // Log, topics, projector, watch, pools.
    assert!(all >= 5 && all == with_tls, "{with_tls} of {all}");
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_is_not_used_unless_that_is_said() {
    let encrypted = Encrypted::start().await;
    let mut system = encrypted.system("verify").await;
    let said = refusal(&system).unwrap();
    assert!(said.contains("certificate"), "{said}");
    // Somebody vouches, for another name.
    system.set("FULLMAKT_POSTGRES__TLS_CA_FILE", encrypted.ca());
    let url = encrypted.server.url("fullmakt").replace("127.0.0.1", "localhost");
    system.set("FULLMAKT_POSTGRES__URL", url);
    let said = refusal(&system).unwrap();
    assert!(said.contains("certificate"), "{said}");

    let system = encrypted.system("require").await;
    assert_eq!(refusal(&system), None);
}

#[tokio::test]
async fn encryption_is_neither_left_out_nor_added_behind_the_settings() {
    let encrypted = Encrypted::start().await;
    let system = encrypted.system("off").await;
    let said = refusal(&system).unwrap();
    assert!(said.contains("no encryption"), "{said}");

    // A server that cannot encrypt is not used without.
    let plain = Postgres::start(&[]).await;
    plain.create_database("fullmakt").await;
    for mode in ["require", "verify"] {
        let mut system = System::prepare(Log::Postgres).await;
        system.set("FULLMAKT_POSTGRES__URL", plain.url("fullmakt") + "?sslmode=disable");
        system.set("FULLMAKT_POSTGRES__TLS", mode);
        let said = refusal(&system).unwrap();
        assert!(said.contains("TLS"), "{said}");
    }
}
