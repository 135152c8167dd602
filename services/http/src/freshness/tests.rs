use axum::response::IntoResponse;

use super::*;
use crate::testing::parts;

const LEDGER: &str = "0197a000-0000-7000-8000-000000000001";
const OTHER: &str = "0197a000-0000-7000-8000-000000000002";

fn ledger() -> LedgerId {
    LedgerId::new(LEDGER.parse().unwrap())
}

async fn min_position(values: &[&str]) -> Result<MinPosition, Problem> {
    let headers: Vec<_> = values.iter().map(|value| ("fullmakt-min-position", *value)).collect();
    MinPosition::from_request_parts(&mut parts("/", &headers), &()).await
}

#[tokio::test]
async fn a_position_given_out_is_read_back() {
    let token = ConsistencyToken::new(ledger(), Position::new(4711));
    let response = (token, "x").into_response();
    let value = response.headers()["fullmakt-position"].to_str().unwrap();
    assert_eq!(value, format!("{LEDGER}:4711"));
    let asked = min_position(&[value]).await.unwrap();
    assert_eq!(asked, MinPosition(Some(token)));
    let last = Position::new(4711);
    assert_eq!(asked.within(ledger(), last), Ok(Some(Position::new(4711))));
    assert_eq!(min_position(&[]).await.unwrap().within(ledger(), last), Ok(None));
}

#[tokio::test]
async fn another_ledger_and_a_position_beyond_the_end_are_told_apart() {
    let last = Position::new(10);
    let other = min_position(&[&format!("{OTHER}:1")]).await.unwrap();
    let error = other.within(ledger(), last).unwrap_err();
    assert_eq!(Problem::from(error).kind(), ProblemType::AnotherLedger);
    let beyond = min_position(&[&format!("{LEDGER}:11")]).await.unwrap();
    let error = beyond.within(ledger(), last).unwrap_err();
    let problem = Problem::from(error);
    assert_eq!(problem.kind(), ProblemType::PositionBeyondEnd);
    assert_eq!(problem.detail(), Some("position `11` does not exist; the last is `10`"));
    let late = Problem::from(FreshnessError::NotReached { asked: last });
    assert_eq!(late.kind(), ProblemType::NotFresh);
}

#[tokio::test]
async fn of_several_positions_the_highest_is_insisted_on() {
    let values = [format!("{LEDGER}:9"), format!("{LEDGER}:10"), format!("{LEDGER}:2")];
    let values: Vec<_> = values.iter().map(String::as_str).collect();
    let asked = min_position(&values).await.unwrap().0.unwrap();
    assert_eq!(asked.position, Position::new(10));
    let mixed = [format!("{LEDGER}:1"), format!("{OTHER}:2")];
    assert!(min_position(&[&mixed[0], &mixed[1]]).await.is_err());
}

#[tokio::test]
async fn what_is_no_position_is_refused() {
    for text in [
        "4711",
        "",
        ":1",
        &format!("{LEDGER}:"),
        &format!("{LEDGER}:-1"),
        &format!("{LEDGER}:+1"),
        &format!("{LEDGER}:1:2"),
        &format!("{LEDGER}:18446744073709551616"),
        &format!("{{{LEDGER}}}:1"),
        &LEDGER.replace('-', ""),
    ] {
        let problem = min_position(&[text]).await.unwrap_err();
        assert_eq!(problem.errors()[0].pointer, "Fullmakt-Min-Position", "{text}");
    }
}

#[test]
fn a_moment_is_a_position_a_token_or_a_time() {
    assert_eq!("4711".parse(), Ok(AsOf::Position(Position::new(4711))));
    let token = ConsistencyToken::new(ledger(), Position::new(3));
    assert_eq!(format!("{LEDGER}:3").parse(), Ok(AsOf::Token(token)));
    let time = Timestamp::from_millis(1_795_000_000_000);
    assert_eq!(time.to_string().parse(), Ok(AsOf::Time(time)));
    assert_eq!("2026-11-21T22:13:00+01:00".parse::<AsOf>(), "2026-11-21T21:13:00Z".parse::<AsOf>());
    for text in ["", "yesterday", "-1", "18446744073709551616", "2026-11-21"] {
        assert!(text.parse::<AsOf>().is_err(), "{text}");
    }
}
