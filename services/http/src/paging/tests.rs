use axum::{Router, http::Request, routing};
use serde_json::json;

use super::*;
use crate::{
    CompatQuery,
    testing::{Answer, get, send},
};

#[derive(Deserialize)]
struct Asked {
    token: Option<Cursor<u64>>,
}

/// Lists the numbers below 5, two on a page.
async fn list(url: PublicUrl, CompatQuery(asked): CompatQuery<Asked>) -> Page<u64> {
    let from = asked.token.map_or(0, |Cursor(from)| from);
    let data: Vec<_> = (from..5).take(2).collect();
    let next = data.last().map(|last| Cursor(last + 1)).filter(|next| next.0 < 5);
    Page::new(data, &url, next.as_ref())
}

async fn at(uri: &str) -> Answer {
    let mut request = get(uri);
    request.headers_mut().insert("x-forwarded-host", "api.example".parse().unwrap());
    send(Router::new().route("/authentication/list", routing::get(list)), request).await
}

#[tokio::test]
async fn following_the_links_gives_every_item_once() {
    let mut uri = "/authentication/list?a=b".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = at(&uri).await.json();
        seen.extend(page["data"].as_array().unwrap().iter().map(|item| item.as_u64().unwrap()));
        let Some(next) = page["links"].get("next") else { break };
        let next = next.as_str().unwrap();
        assert!(next.starts_with("https://api.example/authentication/list?a=b&token="), "{next}");
        uri = next.strip_prefix("https://api.example").unwrap().to_owned();
    }
    assert_eq!(seen, [0, 1, 2, 3, 4]);
}

#[tokio::test]
async fn a_foreign_cursor_is_refused() {
    for token in ["x", "!!", "IngI", &"A".repeat(4_000)] {
        let answer = at(&format!("/authentication/list?token={token}")).await;
        assert_eq!(answer.status, 400, "{token}");
        assert!(answer.json()["errors"]["token"][0].as_str().unwrap().contains("links.next"));
    }
}

#[test]
fn a_cursor_is_the_base64url_form_of_json() {
    assert_eq!(Cursor(7_u64).encode(), "Nw");
    assert_eq!(Cursor::decode("Nw=="), Ok(Cursor(7_u64)));
    let id: uuid::Uuid = "0197a000-0000-7000-8000-000000000001".parse().unwrap();
    assert_eq!(Cursor::decode(&Cursor(id).encode()), Ok(Cursor(id)));
    assert!(Cursor::<uuid::Uuid>::decode("Nw").is_err());
}

#[tokio::test]
async fn an_empty_last_page_has_no_next() {
    let request = Request::get("/?token=NQ").body(axum::body::Body::empty()).unwrap();
    let answer = send(Router::new().route("/", routing::get(list)), request).await;
    assert_eq!(answer.json(), json!({"links": {}, "data": []}));
}
