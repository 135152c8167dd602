use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::testing::now;

fn token() -> PageToken {
    PageToken {
        ledger: Uuid::from_u128(1).into(),
        position: Position::new(7),
        at: now(),
        query: "this".to_owned(),
        limit: 2,
        after: Some("a \"name\"".to_owned()),
    }
}

fn read(page: &serde_json::Value) -> Result<PageWanted, InputError> {
    let body = json!({ "page": page });
    PageWanted::read(body.as_object().unwrap(), "this")
}

#[test]
fn a_page_without_a_token_is_the_first() {
    assert_eq!(PageWanted::read(&Properties::new(), "this").unwrap().limit, LIMIT);
    for page in [json!(null), json!({}), json!({ "token": "", "limit": null })] {
        assert_eq!(read(&page).unwrap(), PageWanted { token: None, limit: LIMIT });
    }
    assert_eq!(read(&json!({ "limit": 0 })).unwrap().limit, 0);
    assert_eq!(read(&json!({ "limit": 7 })).unwrap().limit, 7);
    assert_eq!(read(&json!({ "limit": u64::MAX })).unwrap().limit, LIMIT_MAX);
}

#[test]
fn a_token_leads_on_with_or_without_the_same_limit() {
    let text = token().encode();
    for page in [json!({ "token": text }), json!({ "token": text, "limit": 2 })] {
        assert_eq!(read(&page).unwrap(), PageWanted { token: Some(token()), limit: 2 });
    }
}

#[test]
fn what_is_no_page_of_this_search_is_refused_with_its_place() {
    let text = token().encode();
    let other = PageToken { query: "other".to_owned(), ..token() }.encode();
    for (pointer, page) in [
        ("/page", json!(7)),
        ("/page/limit", json!({ "limit": -1 })),
        ("/page/limit", json!({ "limit": 1.5 })),
        ("/page/limit", json!({ "limit": "1" })),
        ("/page/limit", json!({ "limit": 3, "token": text })),
        ("/page/token", json!({ "token": 7 })),
        ("/page/token", json!({ "token": "nonsense" })),
        ("/page/token", json!({ "token": other })),
    ] {
        assert_eq!(read(&page).unwrap_err().pointer, pointer, "{page}");
    }
}

#[test]
fn a_position_is_one_of_its_own_ledger() {
    let token = token();
    assert_eq!(token.position(token.ledger).unwrap(), token.position);
    let problem = token.position(Uuid::from_u128(2).into()).unwrap_err();
    assert_eq!(problem.kind(), ProblemType::AnotherLedger);
}

#[test]
fn the_order_in_which_a_search_is_written_does_not_matter() {
    let one: serde_json::Value =
        serde_json::from_str(r#"{"a": 1, "b": {"c": 2, "d": 3}}"#).unwrap();
    let same: serde_json::Value =
        serde_json::from_str(r#"{"b": {"d": 3, "c": 2}, "a": 1}"#).unwrap();
    assert_eq!(hash(&one), hash(&same));
    assert_ne!(hash(&one), hash(&json!({ "a": 1, "b": { "c": 2, "d": 4 } })));
}
