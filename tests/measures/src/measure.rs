//! One measure: a cost of ours beside a cost that it is held against.

use serde::Serialize;

/// A cost of ours beside another one, both in the same unit an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// What is measured. Where the name begins with `vs`, more is better.
    pub name: String,
    /// Our cost.
    pub ours: f64,
    /// The cost that it is held against.
    pub anchor: f64,
    /// What has that cost.
    pub anchor_name: String,
    /// The unit of both.
    pub unit: &'static str,
}

/// A line of the report.
#[derive(Debug, Serialize)]
pub struct Line<'a> {
    measure: &'a str,
    ours: f64,
    anchor: f64,
    anchor_name: &'a str,
    unit: &'a str,
    ratio: f64,
}

impl Measure {
    /// Ours to the anchor; the anchor to ours where the name begins with `vs`.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        if self.name.starts_with("vs") { self.anchor / self.ours } else { self.ours / self.anchor }
    }

    /// As a line of the report.
    #[must_use]
    pub fn line(&self) -> Line<'_> {
        Line {
            measure: &self.name,
            ours: rounded(self.ours),
            anchor: rounded(self.anchor),
            anchor_name: &self.anchor_name,
            unit: self.unit,
            ratio: rounded(self.ratio()),
        }
    }
}

/// Four digits that count: no clock here is better than that.
fn rounded(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

/// The middle of some costs; between the two in the middle where their number is even.
#[must_use]
pub fn median(costs: &[f64]) -> f64 {
    let mut sorted = costs.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let at = |index: usize| sorted.get(index).copied().unwrap_or(f64::NAN);
    if sorted.len().is_multiple_of(2) && middle > 0 {
        f64::midpoint(at(middle - 1), at(middle))
    } else {
        at(middle)
    }
}

/// The cost that this share of all stays below or reaches.
#[must_use]
pub fn percentile(costs: &[f64], percent: usize) -> f64 {
    let mut sorted = costs.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn measure(name: &str, ours: f64, anchor: f64) -> Measure {
        let anchor_name = "plain produce".to_owned();
        Measure { name: name.to_owned(), ours, anchor, anchor_name, unit: "µs" }
    }

    fn as_json(measure: &Measure) -> serde_json::Value {
        serde_json::to_value(measure.line()).unwrap()
    }

    #[test]
    fn a_line_has_both_costs_and_ours_as_a_share_of_the_anchor() {
        assert_eq!(
            as_json(&measure("append, 1", 12.0, 10.0)),
            json!({ "measure": "append, 1", "ours": 12.0, "anchor": 10.0,
                "anchor_name": "plain produce", "unit": "µs", "ratio": 1.2 })
        );
    }

    #[test]
    fn what_is_held_against_another_by_name_says_how_many_times_better_it_is() {
        assert_eq!(as_json(&measure("vs insert", 20.0, 50.0))["ratio"], json!(2.5));
    }

    #[test]
    fn costs_are_rounded_to_what_they_are_good_for() {
        let line = as_json(&measure("append, 1", 1_234.567_8, 0.000_123_456_78));
        assert_eq!((&line["ours"], &line["anchor"]), (&json!(1_235.0), &json!(0.000_123_5)));
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert!((median(&[3.0, 1.0, 100.0]) - 3.0).abs() < f64::EPSILON);
        assert!((median(&[4.0, 1.0, 2.0, 100.0]) - 3.0).abs() < f64::EPSILON);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn a_percentile_is_one_of_the_costs() {
        let costs: Vec<f64> = (1..=200_u32).rev().map(f64::from).collect();
        assert!((percentile(&costs, 99) - 198.0).abs() < f64::EPSILON);
        assert!((percentile(&costs, 50) - 100.0).abs() < f64::EPSILON);
        assert!((percentile(&[7.0], 99) - 7.0).abs() < f64::EPSILON);
    }
}
