//! Two costs measured in turns, so that what slows the machine down slows both.

use std::{ops::AsyncFnMut, time::Duration};

use crate::{Failed, Measure, median};

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// How many rounds each side has, after one that does not count.
    pub rounds: u32,
    /// How long about one side of a round takes, in milliseconds.
    pub millis: u32,
}

impl Effort {
    /// How long about one side of a round takes.
    #[must_use]
    pub fn time(self) -> Duration {
        Duration::from_millis(self.millis.into())
    }
}

/// What is measured, and beside what.
#[derive(Debug, Clone)]
pub struct Names {
    /// What is measured.
    pub measure: String,
    /// What it is held against.
    pub anchor: String,
    /// The unit of both costs.
    pub unit: &'static str,
}

/// Measures both in turns; each answers with its cost an operation.
///
/// # Errors
///
/// Whatever either side fails with.
pub async fn in_turns(
    names: Names,
    effort: Effort,
    mut ours: impl AsyncFnMut() -> Result<f64, Failed>,
    mut anchor: impl AsyncFnMut() -> Result<f64, Failed>,
) -> Result<Measure, Failed> {
    ours().await?;
    anchor().await?;
    let (mut of_ours, mut of_anchor) = (Vec::new(), Vec::new());
    for round in 0..effort.rounds {
        // Whoever comes second finds other caches than whoever comes first.
        if round % 2 == 0 {
            of_ours.push(ours().await?);
            of_anchor.push(anchor().await?);
        } else {
            of_anchor.push(anchor().await?);
            of_ours.push(ours().await?);
        }
    }
    eprintln!(
        "{}: ours {}, {} {} ({})",
        names.measure,
        spread(&of_ours),
        names.anchor,
        spread(&of_anchor),
        names.unit
    );
    Ok(Measure {
        name: names.measure,
        ours: median(&of_ours),
        anchor: median(&of_anchor),
        anchor_name: names.anchor,
        unit: names.unit,
    })
}

/// The lowest, the middle and the highest cost.
#[must_use]
pub fn spread(costs: &[f64]) -> String {
    let lowest = costs.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = costs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    format!("{lowest:.1} … {:.1} … {highest:.1}", median(costs))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[tokio::test]
    async fn sides_take_turns_and_the_first_time_does_not_count() {
        let order = RefCell::new(String::new());
        let (mut one, mut other) = ([90.0, 1.0, 5.0, 3.0].iter(), [1.0, 2.0, 4.0, 6.0].iter());
        let names = Names { measure: "a".to_owned(), anchor: "b".to_owned(), unit: "µs" };
        let measure = in_turns(
            names,
            Effort { rounds: 3, millis: 1 },
            async || {
                order.borrow_mut().push('a');
                Ok(*one.next().unwrap())
            },
            async || {
                order.borrow_mut().push('b');
                Ok(*other.next().unwrap())
            },
        )
        .await
        .unwrap();
        assert_eq!(order.into_inner(), "ababbaab");
        assert!((measure.ours - 3.0).abs() < f64::EPSILON, "{measure:?}");
        assert!((measure.anchor - 4.0).abs() < f64::EPSILON, "{measure:?}");
    }
}
