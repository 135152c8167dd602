//! The partitions of the index: one a day, made ahead, and dropped when they are no longer kept.

use std::{collections::BTreeSet, ops::RangeInclusive};

use chrono::{Days, NaiveDate};
use deadpool_postgres::{GenericClient, Object};
use fullmakt_events::Timestamp;

use super::index::IndexError;

const LOCK: &str = include_str!("../../sql/decision_lock_partitions.sql");
const LIST: &str = include_str!("../../sql/decision_partitions.sql");
const CREATE: &str = include_str!("../../sql/decision_create_partition.sql");
const DROP: &str = include_str!("../../sql/decision_drop_partition.sql");

/// How many days ahead of today there are partitions.
const AHEAD: Days = Days::new(7);
/// What the name of a day's partition is: prefix and form of the day.
const PREFIX: &str = "decisions_";
const FORM: &str = "%Y%m%d";

/// How many days decisions can be found for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexRetention {
    /// How many days before today are kept.
    pub days: u32,
}

impl IndexRetention {
    /// The days that the index has, today and those to come included.
    pub(super) fn days(self, now: Timestamp) -> RangeInclusive<NaiveDate> {
        let today = day(now);
        let first = today.checked_sub_days(Days::new(self.days.into())).unwrap_or(NaiveDate::MIN);
        first..=today.checked_add_days(AHEAD).unwrap_or(NaiveDate::MAX)
    }
}

/// The day of a time, in UTC.
pub(super) fn day(time: Timestamp) -> NaiveDate {
    time.to_datetime().date_naive()
}

/// Makes the partitions of today and the days to come, and drops those of days that are no longer
/// kept. Days that have none get theirs when something is to be written there.
pub(super) async fn keep(
    client: &mut Object,
    kept: &RangeInclusive<NaiveDate>,
    today: NaiveDate,
) -> Result<(), IndexError> {
    let present = present(client).await?;
    let ahead = today.iter_days().take_while(|day| kept.contains(day));
    make(client, ahead.filter(|day| !present.contains(day)).collect()).await?;
    for old in present.iter().filter(|day| *day < kept.start()) {
        client.batch_execute(&DROP.replace("{name}", &name(*old))).await?;
        tracing::info!(decisions.day = %old, "the decisions of {old} are no longer kept");
    }
    Ok(())
}

/// Makes the partitions of these days, where they are missing.
pub(super) async fn make(client: &mut Object, days: BTreeSet<NaiveDate>) -> Result<(), IndexError> {
    if days.is_empty() {
        return Ok(());
    }
    let transaction = client.transaction().await?;
    transaction.batch_execute(LOCK).await?;
    // Another process may have made some meanwhile.
    let present = present(&transaction).await?;
    for day in days.into_iter().filter(|day| !present.contains(day)) {
        let next = day.succ_opt().unwrap_or(NaiveDate::MAX);
        let create = CREATE
            .replace("{name}", &name(day))
            .replace("{from}", &day.to_string())
            .replace("{to}", &next.to_string());
        transaction.batch_execute(&create).await?;
    }
    Ok(transaction.commit().await?)
}

/// The days that have a partition.
pub(super) async fn present(
    client: &impl GenericClient,
) -> Result<BTreeSet<NaiveDate>, IndexError> {
    let rows = client.query(LIST, &[]).await?;
    let mut days = BTreeSet::new();
    for row in rows {
        days.extend(day_of(row.try_get("name")?));
    }
    Ok(days)
}

fn name(day: NaiveDate) -> String {
    format!("{PREFIX}{}", day.format(FORM))
}

/// The day of a partition of ours.
fn day_of(name: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(name.strip_prefix(PREFIX)?, FORM).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partition_is_named_for_its_day_and_nothing_else_is_one() {
        let day = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
        assert_eq!(name(day), "decisions_20261201");
        assert_eq!(day_of("decisions_20261201"), Some(day));
        for other in ["decisions_2026120", "decisions_20261301", "decisions", "x_20261201"] {
            assert_eq!(day_of(other), None, "{other}");
        }
    }

    #[test]
    fn as_many_days_are_kept_as_are_said() {
        let now = Timestamp::from_millis(1_795_600_800_000);
        let kept = IndexRetention { days: 2 }.days(now);
        assert_eq!(kept.start().to_string(), "2026-11-23");
        assert_eq!(day(now).to_string(), "2026-11-25");
        assert_eq!(kept.end().to_string(), "2026-12-02");
    }
}
