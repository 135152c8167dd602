//! Brokers that are away: commands are answered 503 and when to ask again, reads go on and say how
//! old they are, and the decision point stops deciding once it does not know the present any more.
//! All is well again when they are back, without anybody's doing.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::time::{Duration, Instant};

use fullmakt_faults::{
    Asker, Brokers, Chance, Installation, Order, Orderer, Probe, Told, What, can_run_brokers,
    pause, skip, truth, within,
};
use fullmakt_scenarios::VENDOR;

const MAX_STALENESS: Duration = Duration::from_secs(4);
/// How much later than it must the decision point may be seen to have stopped, on a busy machine.
const SEEN_WITHIN: Duration = Duration::from_secs(3);
/// How long commands may be interrupted while another broker takes over.
const TAKEN_OVER_WITHIN: Duration = Duration::from_secs(40);
/// How long an outage lasts.
const OUTAGE: Duration = Duration::from_secs(6);

/// An installation with somebody who orders and has a system user.
struct Story {
    installation: Installation,
    client: Orderer,
    system: String,
    user: String,
    fresh: String,
}

impl Story {
    async fn begin(brokers: usize) -> Self {
        let brokers = Brokers::start(brokers).await;
        let mut installation = Installation::prepare(Some(brokers)).await;
        let staleness = MAX_STALENESS.as_secs().to_string();
        installation.system.set("FULLMAKT_LEDGER__MAX_STALENESS_SECONDS", staleness);
        installation.serve(2).await;
        let people = installation.people().await;
        let asker = Asker::of(&installation, &people);
        let mut client = Orderer::new(asker, Chance::new(1), "client".to_owned());
        let system = format!("{VENDOR}_smartcloud");
        client.order(What::Register { system: system.clone() }).await;
        let reference = client.fresh_name();
        let request = client.order(What::Ask { system: system.clone(), reference }).await;
        let user = request.done().expect("it is done").body["id"].as_str();
        let user = user.expect("an id").to_owned();
        let approved = client.order(What::Approve { request: user.clone() }).await;
        let fresh = approved.done().and_then(|told| told.token.clone()).expect("a position");
        let story = Self { installation, client, system, user, fresh };
        story.both_decide(200).await;
        story
    }

    /// Commands get through, after an interruption perhaps.
    async fn commands_go_on(&mut self) {
        for _ in 0..4 {
            let reference = self.client.fresh_name();
            let what = What::Ask { system: self.system.clone(), reference };
            let order = tokio::time::timeout(TAKEN_OVER_WITHIN, self.client.order(what)).await;
            let order = order.expect("commands go on");
            assert!(order.done().is_some(), "{order:?}");
        }
    }

    /// Nothing can be written from now on. What is tried meanwhile is in doubt.
    async fn without_a_log(&mut self) -> Vec<Order> {
        let began = Instant::now();
        let mut in_doubt = Vec::new();
        for member in [0, 1, 0, 1] {
            let reference = self.client.fresh_name();
            let what = What::Ask { system: self.system.clone(), reference };
            in_doubt.push(self.client.try_once(member, what).await);
        }
        // Also what writes nothing: a refusal holds only as of the log's end.
        let what = What::ApproveAsStranger { request: self.user.clone() };
        in_doubt.push(self.client.try_once(0, what).await);
        for order in &in_doubt {
            // With `Retry-After`, which the client insists on.
            assert!(matches!(order.reply(), Some(Told::Unavailable)), "{order:?}");
        }
        for member in 0..2 {
            let probe = Probe::new(self.installation.members[member].base());
            let left = (MAX_STALENESS + SEEN_WITHIN).saturating_sub(began.elapsed());
            within(left, "the decision point is not ready", async || {
                let (status, said) = probe.readiness().await.expect("the server answers");
                status == 503 && said["reason"].as_str().is_some_and(|why| why.contains("newest"))
            })
            .await;
        }
        self.both_decide(503).await;
        self.both_tell_what_they_know().await;
        pause(OUTAGE.saturating_sub(began.elapsed())).await;
        in_doubt
    }

    async fn both_decide(&self, expected: u16) {
        for member in 0..2 {
            let found = self.client.asker.decision(member, &self.user, None).await;
            let found = found.expect("the server answers");
            assert_eq!(found.status, expected, "{found:?}");
        }
    }

    /// Reads go on, and say their position.
    async fn both_tell_what_they_know(&self) {
        for member in 0..2 {
            let status = self.client.asker.status(member, &self.user, &self.fresh).await;
            assert_eq!(status.flatten().as_deref(), Some("Accepted"));
            let page = self.client.asker.page(member, 0, None).await.expect("the server answers");
            assert_eq!(page.status, 200, "{page:?}");
            assert!(page.position.is_some());
        }
    }

    /// All is well again, and nothing is lost: also not what was in doubt.
    async fn recovers(mut self, in_doubt: Vec<Order>) {
        self.installation.until_ready().await;
        self.both_decide(200).await;
        for order in in_doubt {
            let is_allowed = !matches!(order.what, What::ApproveAsStranger { .. });
            let order = self.client.order_again(order).await;
            assert_eq!(order.done().is_some(), is_allowed, "{order:?}");
        }
        self.commands_go_on().await;
        truth::hold_everywhere(&self.installation, &self.client).await;
    }

    /// The broker that leads the ledger's partition.
    fn leader(&mut self) -> usize {
        let ledger = self.installation.system.setting("FULLMAKT_LEDGER__NAME").to_owned();
        self.brokers().leader(&format!("fullmakt.{ledger}.commits"))
    }

    fn brokers(&mut self) -> &mut Brokers {
        self.installation.brokers.as_mut().unwrap_or_else(|| panic!("there are brokers"))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_three_brokers_is_not_missed_and_two_are_waited_for() {
    if !can_run_brokers() {
        skip("there are no brokers to be killed; `cargo xtask test faults` brings them");
        return;
    }
    let mut story = Story::begin(3).await;
    let leader = story.leader();
    story.brokers().kill(leader);
    story.commands_go_on().await;
    story.brokers().start_the_dead();
    story.brokers().until_all_serve().await;
    story.commands_go_on().await;
    let leader = story.leader();
    story.brokers().kill(leader);
    story.brokers().kill((leader + 1) % 3);
    let in_doubt = story.without_a_log().await;
    story.brokers().start_the_dead();
    story.recovers(in_doubt).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_is_away_is_waited_for() {
    if !can_run_brokers() {
        skip("there are no brokers to be killed; `cargo xtask test faults` brings them");
        return;
    }
    let mut story = Story::begin(1).await;
    story.brokers().kill(0);
    let in_doubt = story.without_a_log().await;
    story.brokers().start_the_dead();
    story.recovers(in_doubt).await;
}
