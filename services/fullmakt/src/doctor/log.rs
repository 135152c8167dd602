//! The log that the ledger is kept in: whether it is there, and as the ledger needs it.

use std::sync::Arc;

use fullmakt_config::{Configuration, LogKind};
use fullmakt_eventlog::{
    EventLog, OpenError,
    kafka::{KafkaInspection, TopicInspection, TopicSetting, inspect, inspect_topic},
};

use fullmakt_pdp::decisions_topic;

use super::report::Report;
use crate::logs;

/// Answers with the log if it can be read.
pub(super) async fn examine(
    configuration: &Configuration,
    has_database: bool,
    report: &mut Report,
) -> Option<Arc<dyn EventLog>> {
    let is_there = match configuration.log.kind {
        LogKind::Kafka => kafka(configuration, report).await,
        LogKind::Postgres if has_database => postgres(configuration, report).await,
        LogKind::Postgres => {
            let advice = "see `database`";
            report.failed("log", "it is in the database, which cannot be read", advice);
            false
        }
    };
    if !is_there {
        return None;
    }
    match logs::existing_log(configuration).await {
        Ok(log) => Some(log),
        Err(error) => {
            report.failed("log", crate::chain(&error), "see the lines above");
            None
        }
    }
}

async fn postgres(configuration: &Configuration, report: &mut Report) -> bool {
    let seen = "it is not there yet";
    match logs::is_in_postgres(configuration).await {
        Ok(true) => {
            report.ok("log", "its tables are there");
            true
        }
        Ok(false) => {
            report.warning("log", seen, "the first start makes it and begins a ledger");
            false
        }
        Err(error) => {
            report.failed("log", crate::chain(&error), "see `database`");
            false
        }
    }
}

async fn kafka(configuration: &Configuration, report: &mut Report) -> bool {
    let inspected = inspect(&logs::kafka(configuration), &configuration.ledger.name).await;
    let inspection = match inspected {
        Ok(inspection) => inspection,
        Err(error @ OpenError::Setting { .. }) => {
            let advice = "correct section `log.kafka`";
            report.failed("log", crate::chain(&error), advice);
            return false;
        }
        Err(error) => {
            report.failed(
                "log",
                crate::chain(&error),
                "start the brokers, or correct `log.kafka.bootstrap_servers` and \
                 `log.kafka.properties` (TLS, SASL)",
            );
            return false;
        }
    };
    brokers(configuration, &inspection, report);
    auto_creation(&inspection, report);
    decisions(configuration, report).await;
    let Some(found) = &inspection.found else {
        report.warning(
            "log.topic",
            format!("there is no topic `{}`", inspection.topic),
            "the first start makes it and begins a ledger",
        );
        return false;
    };
    in_sync(configuration, found, report);
    topic(&inspection, found, report)
}

fn brokers(configuration: &Configuration, inspection: &KafkaInspection, report: &mut Report) {
    let needed = usize::from(configuration.log.kafka.replication);
    let seen =
        format!("{} brokers are there, {needed} are to hold each record", inspection.brokers);
    if inspection.brokers >= needed {
        report.ok("log", seen);
    } else {
        let advice = "start the brokers that are missing, or lower `log.kafka.replication`";
        report.warning("log", seen, advice);
    }
    let replication = configuration.log.kafka.replication;
    let min_insync = configuration.log.kafka.min_insync;
    let seen = format!("replication {replication}, of which {min_insync} acknowledge");
    if replication >= 3 && min_insync >= 2 {
        report.ok("log.settings", seen);
    } else {
        report.warning(
            "log.settings",
            format!("{seen}: one machine's disk can take the ledger with it"),
            "set `log.kafka.replication` to 3 and `log.kafka.min_insync` to 2 in production",
        );
    }
}

fn auto_creation(inspection: &KafkaInspection, report: &mut Report) {
    let name = "log.auto_creation";
    match inspection.is_creating_topics {
        Some(false) => report.ok(name, "brokers make no topics by themselves"),
        Some(true) => report.warning(
            name,
            "brokers make topics that somebody names by mistake",
            "set `auto.create.topics.enable=false` on the brokers",
        ),
        None => report.warning(
            name,
            "the broker does not say whether it makes topics by itself",
            "let the server's account describe the cluster's settings",
        ),
    }
}

async fn decisions(configuration: &Configuration, report: &mut Report) {
    let name = "log.decisions";
    let Some(topic) = decisions_topic(&configuration.ledger.name) else { return };
    match inspect_topic(&logs::kafka(configuration), &topic).await {
        Ok(None) => report.ok(name, format!("the first start makes `{}`", topic.name)),
        Ok(Some(found)) => match found.settings.iter().find(|setting| !setting.is_met) {
            None => report.ok(name, format!("`{}` is as it was made", topic.name)),
            Some(TopicSetting { name: setting, found, required, .. }) => report.failed(
                name,
                format!("`{}` has {setting} {found} and needs {required}", topic.name),
                "keep a copy of the topic and delete it; the next start makes it anew",
            ),
        },
        Err(error) => report.failed(name, crate::chain(&error), "see `log`"),
    }
}

fn in_sync(configuration: &Configuration, found: &TopicInspection, report: &mut Report) {
    let name = "log.in_sync";
    let (replication, min) =
        (configuration.log.kafka.replication, configuration.log.kafka.min_insync);
    let seen = format!("{} of {replication} brokers have all records", found.in_sync);
    if found.in_sync < usize::from(min) {
        let advice = "bring the brokers back: nothing is acknowledged until then";
        report.failed(name, seen, advice);
    } else if found.in_sync < usize::from(replication) {
        report.warning(name, seen, "bring the other brokers back, or wait until they caught up");
    } else {
        report.ok(name, seen);
    }
}

fn topic(inspection: &KafkaInspection, found: &TopicInspection, report: &mut Report) -> bool {
    let topic = &inspection.topic;
    let mut is_fit = true;
    for TopicSetting { name, found, required, is_met } in &found.settings {
        let seen = format!("`{topic}` has {name} {found}");
        if *is_met {
            report.ok("log.topic", seen);
            continue;
        }
        is_fit = false;
        let advice = match name.as_str() {
            "partitions" => {
                "a log with several partitions has no order: move the topic away and restore the \
                 ledger into one of the right form"
                    .to_owned()
            }
            "replication.factor" => format!(
                "reassign the topic to {required} brokers (`kafka-reassign-partitions`), or lower \
                 `log.kafka.replication`"
            ),
            _ => format!("`kafka-configs --alter --topic {topic} --add-config {name}={}`", {
                required.split(' ').next().unwrap_or_default()
            }),
        };
        report.failed("log.topic", format!("{seen} and needs {required}"), advice);
    }
    is_fit
}
