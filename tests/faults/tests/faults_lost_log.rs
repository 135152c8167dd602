//! A log that is not what was folded: whoever finds out stops with the reason, and leaves what is
//! there as it is. Brokers that lose what they acknowledged are made by hand, in their files.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use fullmakt_faults::{
    Asker, Brokers, Chance, Installation, Member, Orderer, What, can_run_brokers, skip, within,
};
use fullmakt_scenarios::VENDOR;

/// How long it may take until a server finds out.
const FOUND_OUT_WITHIN: Duration = Duration::from_mins(1);
/// The database of another installation on the same server.
const OTHER: &str = "other";

/// An installation with a ledger of some length in one broker, and one server.
struct Story {
    installation: Installation,
    ledger: String,
}

impl Story {
    async fn begin() -> Self {
        let mut installation = Installation::prepare(Some(Brokers::start(1).await)).await;
        installation.serve(1).await;
        let people = installation.people().await;
        let asker = Asker::of(&installation, &people);
        let mut client = Orderer::new(asker, Chance::new(1), "client".to_owned());
        for _ in 0..10 {
            let system = format!("{VENDOR}_{}", client.fresh_name());
            client.order(What::Register { system }).await;
        }
        let ledger = installation.system.setting("FULLMAKT_LEDGER__NAME").to_owned();
        Self { installation, ledger }
    }

    fn server(&self) -> &Member {
        &self.installation.members[0]
    }

    /// The broker's folder of a ledger's topic.
    fn topic(&self, ledger: &str) -> PathBuf {
        let brokers = self.installation.brokers.as_ref().expect("there is a broker");
        brokers.files(0, &format!("fullmakt.{ledger}.commits"))
    }

    /// The records of a ledger, byte by byte.
    fn records(&self, ledger: &str) -> Vec<u8> {
        fs::read(self.topic(ledger).join("00000000000000000000.log")).expect("the broker keeps it")
    }

    /// Changes the broker's files while it does not run.
    async fn with_broker_down(&mut self, change: impl FnOnce(&Self)) {
        self.installation.brokers.as_mut().expect("there is a broker").kill(0);
        change(self);
        let brokers = self.installation.brokers.as_mut().expect("there is a broker");
        brokers.start_the_dead();
        brokers.until_all_serve().await;
    }

    /// Loses the newest records: about half of all.
    fn lose_the_newest(&self) {
        let path = self.topic(&self.ledger).join("00000000000000000000.log");
        let file = fs::File::options().write(true).open(path).expect("the broker keeps it");
        let length = file.metadata().expect("a file").len();
        file.set_len(length / 2).expect("the file is ours");
        // What the broker remembers of them beside.
        for entry in fs::read_dir(self.topic(&self.ledger)).expect("a folder").flatten() {
            let name = entry.file_name();
            if name.to_string_lossy().ends_with(".snapshot") {
                fs::remove_file(entry.path()).expect("the file is ours");
            }
        }
    }

    /// Waits until the server, which is started again whenever it ends, has ended once more, and
    /// answers with its last words.
    async fn refusal(&self, since: usize) -> String {
        within(FOUND_OUT_WITHIN, "the server stops", async || self.server().ends().len() > since)
            .await;
        let end = self.server().ends().pop().expect("it ended");
        assert!(!end.status.success(), "{end:?}");
        end.last_words
    }

    /// What a server that is started now says as it stops.
    async fn refusal_at_start(&self) -> String {
        self.server().keep_down();
        let ends = settled(self.server()).await;
        self.server().start();
        let said = self.refusal(ends).await;
        self.server().keep_down();
        settled(self.server()).await;
        said
    }
}

/// Waits until a server that is kept down runs no more, and says how often it has ended.
async fn settled(server: &Member) -> usize {
    within(FOUND_OUT_WITHIN, "the server is down", async || !server.runs()).await;
    server.ends().len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_is_not_what_was_folded_is_refused_and_left_alone() {
    if !can_run_brokers() {
        skip("there is no broker to be tampered with; `cargo xtask test faults` brings one");
        return;
    }
    let mut story = Story::begin().await;
    story.of_another_ledger().await;
    story.shorter_than_what_was_folded().await;
    story.gone().await;
}

impl Story {
    /// The topic of another ledger, by a slip in the settings perhaps.
    async fn of_another_ledger(&mut self) {
        let (own_name, own_url) = ("FULLMAKT_LEDGER__NAME", "FULLMAKT_POSTGRES__URL");
        let url = self.installation.system.setting(own_url).to_owned();
        self.installation.postgres.create_database(OTHER).await;
        let other_url = self.installation.postgres.url(OTHER);
        self.installation.system.set(own_url, other_url);
        self.installation.system.set(own_name, OTHER);
        self.installation.serve(2).await;
        // Nobody appends to it any more.
        let other = self.installation.members.remove(1);
        other.keep_down();
        settled(&other).await;
        let before = self.records(OTHER);

        self.installation.system.set(own_url, url);
        let refused = self.installation.system.command(&["serve"]).output();
        let refused = refused.expect("the binary runs");
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && said.contains("the tables hold ledger"), "{said}");
        assert!(self.records(OTHER) == before, "the other ledger was written to");
        self.installation.system.set(own_name, self.ledger.clone());
    }

    /// The log ends before what was folded.
    async fn shorter_than_what_was_folded(&mut self) {
        let began = Instant::now();
        let ends = self.server().ends().len();
        self.with_broker_down(Self::lose_the_newest).await;
        // Whoever runs finds out in one of these ways, by what was appended before it looked.
        let said = self.refusal(ends).await;
        let is_said = ["not the one that was read before", "not the one that was folded there"];
        assert!(is_said.iter().any(|reason| said.contains(reason)), "{said}");
        assert!(began.elapsed() < FOUND_OUT_WITHIN);
        // Whoever starts finds out before it writes.
        self.server().keep_down();
        settled(self.server()).await;
        let before = self.records(&self.ledger);
        let said = self.refusal_at_start().await;
        assert!(said.contains("the log ends before"), "{said}");
        assert!(self.records(&self.ledger) == before, "the log was written to");
    }

    /// There is no log any more.
    async fn gone(&mut self) {
        self.with_broker_down(|story| {
            let topic = story.topic(&story.ledger);
            let data = topic.parent().expect("a folder");
            for entry in fs::read_dir(data).expect("a folder").flatten() {
                let is_ledger = entry.file_name().to_string_lossy().starts_with("fullmakt.");
                if is_ledger {
                    fs::remove_dir_all(entry.path()).expect("the folder is ours");
                }
            }
        })
        .await;
        let said = self.refusal_at_start().await;
        assert!(said.contains("the log ends before"), "{said}");
        assert!(self.records(&self.ledger).is_empty(), "a ledger was begun anew");
    }
}
