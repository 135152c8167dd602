//! From a delivery report to the outcome of an append.

use rdkafka::{error::KafkaError, producer::future_producer::Delivery};
use thiserror::Error;

use crate::error::AppendError;

/// A report on one message, or nothing if the producer was gone before it came.
pub(super) type Report = Option<Result<Delivery, KafkaError>>;

/// The partition and offset of a record that was acknowledged.
///
/// Whatever is not an acknowledgement with an offset is unknown. The library cannot tell here
/// whether an earlier attempt of its own had been written before the one that failed.
pub(super) fn outcome(report: Report) -> Result<(u32, u64), AppendError> {
    match report {
        Some(Ok(Delivery { partition, offset, .. })) => {
            match (u32::try_from(partition), u64::try_from(offset)) {
                (Ok(partition), Ok(offset)) => Ok((partition, offset)),
                // A retry that the broker recognises as a duplicate is acknowledged, but the
                // broker need not remember where the original is.
                (Err(_), _) | (_, Err(_)) => {
                    Err(AppendError::unknown(DeliveryFailure::NoOffset { partition, offset }))
                }
            }
        }
        Some(Err(error)) => Err(AppendError::unknown(error)),
        None => Err(AppendError::unknown(DeliveryFailure::ProducerGone)),
    }
}

/// What is wrong with a report that carries no error.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
enum DeliveryFailure {
    #[error("the broker acknowledged without an offset (partition {partition}, offset {offset})")]
    NoOffset { partition: i32, offset: i64 },
    #[error("the producer ended before the broker answered")]
    ProducerGone,
}

#[cfg(test)]
mod tests {
    use rdkafka::{Timestamp, types::RDKafkaErrorCode};

    use super::*;

    fn acknowledged(partition: i32, offset: i64) -> Delivery {
        Delivery { partition, offset, timestamp: Timestamp::NotAvailable }
    }

    #[test]
    fn an_acknowledgement_with_an_offset_is_a_position() {
        assert_eq!(outcome(Some(Ok(acknowledged(0, 0)))).unwrap(), (0, 0));
        assert_eq!(outcome(Some(Ok(acknowledged(3, 4711)))).unwrap(), (3, 4711));
    }

    #[test]
    fn an_acknowledgement_without_an_offset_is_unknown() {
        for offset in [-1, -1001, i64::MIN] {
            let outcome = outcome(Some(Ok(acknowledged(0, offset))));
            assert!(matches!(outcome, Err(AppendError::Unknown(_))), "{offset}: {outcome:?}");
        }
        assert!(matches!(outcome(Some(Ok(acknowledged(-1, 7)))), Err(AppendError::Unknown(_))));
    }

    #[test]
    fn a_producer_that_ended_leaves_the_outcome_unknown() {
        assert!(matches!(outcome(None), Err(AppendError::Unknown(_))));
    }

    #[test]
    fn a_message_that_timed_out_was_purged_or_lost_its_connection_is_unknown() {
        for code in [
            RDKafkaErrorCode::MessageTimedOut,
            RDKafkaErrorCode::PurgeQueue,
            RDKafkaErrorCode::PurgeInflight,
            RDKafkaErrorCode::BrokerTransportFailure,
            RDKafkaErrorCode::RequestTimedOut,
            RDKafkaErrorCode::NotEnoughReplicasAfterAppend,
            RDKafkaErrorCode::OutOfOrderSequenceNumber,
            RDKafkaErrorCode::Fatal,
        ] {
            let outcome = outcome(Some(Err(KafkaError::MessageProduction(code))));
            assert!(matches!(outcome, Err(AppendError::Unknown(_))), "{code}: {outcome:?}");
        }
    }
}
