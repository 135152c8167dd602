//! Disks that are full: nobody is told an untruth, and once there is room everything goes on
//! without anybody's doing. Whoever ends for want of room is started anew, as a supervisor does.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use fullmakt_faults::{
    Asker, Brokers, Chance, Installation, Order, Orderer, SmallDisk, Told, What, can_run_brokers,
    skip, truth,
};
use fullmakt_operations::Postgres;
use fullmakt_scenarios::VENDOR;

const SERVERS: usize = 2;
/// How long it may take until a full disk is felt.
const FELT_WITHIN: Duration = Duration::from_mins(1);
/// How many commands in a row have to get no answer for the disk to count as felt.
const IN_A_ROW: usize = 4;

/// An installation on a small disk, with somebody who orders.
struct Story {
    installation: Installation,
    client: Orderer,
    system: String,
}

impl Story {
    async fn begin(mut installation: Installation) -> Self {
        installation.serve(SERVERS).await;
        let people = installation.people().await;
        let asker = Asker::of(&installation, &people);
        let mut client = Orderer::new(asker, Chance::new(1), "client".to_owned());
        let system = format!("{VENDOR}_smartcloud");
        client.order(What::Register { system: system.clone() }).await;
        Self { installation, client, system }
    }

    fn ask(&mut self) -> What {
        let reference = self.client.fresh_name();
        What::Ask { system: self.system.clone(), reference }
    }

    /// Orders until nothing gets through any more: what was done, and what is in doubt.
    async fn order_until_full(&mut self) -> Vec<Order> {
        let began = Instant::now();
        let mut orders: Vec<Order> = Vec::new();
        loop {
            assert!(began.elapsed() < FELT_WITHIN, "the full disk is not felt");
            let what = self.ask();
            let order = self.client.try_once(orders.len() % SERVERS, what).await;
            let told = order.reply().expect("it was tried");
            assert!(!matches!(told, Told::Refused(_)), "{order:?}");
            orders.push(order);
            let last = orders.iter().rev().take(IN_A_ROW);
            let unavailable = last.filter(|order| matches!(order.reply(), Some(Told::Unavailable)));
            if unavailable.count() == IN_A_ROW {
                return orders;
            }
        }
    }

    /// All is well again, and nothing is lost.
    async fn recovers(mut self, orders: Vec<Order>) {
        self.installation.until_ready().await;
        let (done, in_doubt): (Vec<_>, Vec<_>) =
            orders.into_iter().partition(|order| order.done().is_some());
        self.client.orders.extend(done);
        for order in in_doubt {
            let order = self.client.order_again(order).await;
            assert!(order.done().is_some(), "{order:?}");
        }
        for _ in 0..SERVERS {
            let what = self.ask();
            let order = self.client.order(what).await;
            assert!(order.done().is_some(), "{order:?}");
        }
        truth::hold_everywhere(&self.installation, &self.client).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_of_postgresql_is_lived_through() {
    let Some(disk) = SmallDisk::mount(192) else {
        skip("a small disk cannot be mounted without being root");
        return;
    };
    let mut postgres = Postgres::prepare_in(disk.path(), &["--wal-segsize=1"]);
    let settings = [("min_wal_size", "2MB"), ("max_wal_size", "4MB")];
    postgres.run(&settings).await;
    let mut story = Story::begin(Installation::prepare_on(postgres, None).await).await;
    disk.fill();
    let orders = story.order_until_full().await;
    disk.make_room();
    if !story.installation.postgres.runs() {
        story.installation.postgres.run(&settings).await;
    }
    story.recovers(orders).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_of_the_broker_is_lived_through() {
    if !can_run_brokers() {
        skip("there is no broker with a disk of its own; `cargo xtask test faults` brings one");
        return;
    }
    let Some(disk) = SmallDisk::mount(128) else {
        skip("a small disk cannot be mounted without being root");
        return;
    };
    let brokers = Brokers::start_one_in(disk.path()).await;
    let mut story = Story::begin(Installation::prepare(Some(brokers)).await).await;
    disk.fill();
    let orders = story.order_until_full().await;
    disk.make_room();
    let brokers = story.installation.brokers.as_mut().expect("there are brokers");
    brokers.start_the_dead();
    brokers.until_all_serve().await;
    story.recovers(orders).await;
}
