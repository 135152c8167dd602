use axum::http::Request;

use super::*;
use crate::testing::caller;

async fn read(headers: &[(&str, &str)]) -> Result<Explain, Problem> {
    let request = headers
        .iter()
        .fold(Request::builder(), |request, (name, value)| request.header(*name, *value));
    let (mut parts, ()) = request.body(()).unwrap().into_parts();
    Explain::from_request_parts(&mut parts, &()).await
}

#[tokio::test]
async fn an_explanation_is_asked_for_by_header_in_a_language() {
    let none = read(&[("accept-language", "nn")]).await.unwrap();
    assert_eq!(none, Explain { detail: None, language: Language::Nynorsk });
    let full = read(&[("fullmakt-explain", "full"), ("accept-language", "en")]).await.unwrap();
    assert_eq!(full, Explain { detail: Some(Detail::Full), language: Language::English });
    let short = read(&[("fullmakt-explain", " short ")]).await.unwrap();
    assert_eq!(short, Explain { detail: Some(Detail::Short), language: Language::Bokmal });
}

#[tokio::test]
async fn what_is_neither_short_nor_full_is_refused() {
    for value in ["", "Full", "long", "short, full"] {
        let problem = read(&[("fullmakt-explain", value)]).await.unwrap_err();
        assert_eq!(problem.errors()[0].pointer, "Fullmakt-Explain", "{value}");
    }
    let twice = [("fullmakt-explain", "short"), ("fullmakt-explain", "full")];
    assert!(read(&twice).await.is_err());
}

#[test]
fn the_full_form_is_for_those_who_may_ask_about_everybody() {
    let explain = |detail| Explain { detail, language: Language::English };
    let (plain, admin) = (
        caller(Some("310010014"), &["altinn:authorization/authorize"]),
        caller(None, &[AUTHORIZE_ADMIN]),
    );
    for detail in [None, Some(Detail::Short)] {
        assert!(explain(detail).check(&plain).is_ok(), "{detail:?}");
    }
    assert!(explain(Some(Detail::Full)).check(&admin).is_ok());
    assert!(explain(Some(Detail::Full)).check(&plain).is_err());
}
