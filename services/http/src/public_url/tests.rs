use super::*;
use crate::testing::parts;

fn base(headers: &[(&str, &str)], configured: Option<&str>) -> String {
    let mut parts = parts("/a?x=1", headers);
    if let Some(address) = configured {
        parts.extensions.insert(PublicAddress::new(address));
    }
    PublicUrl::from_parts(&parts).base().to_owned()
}

#[test]
fn the_last_forwarded_host_wins_then_the_configured_address_then_the_host() {
    let forwarded = [
        ("host", "inner:8080"),
        ("x-forwarded-host", "outer.example, last.example"),
        ("x-forwarded-proto", "http, https"),
    ];
    assert_eq!(base(&forwarded, Some("https://configured.example")), "https://last.example");
    assert_eq!(base(&[("host", "inner:8080")], Some("https://a.example/")), "https://a.example");
    assert_eq!(base(&[("host", "inner:8080")], None), "http://inner:8080");
    assert_eq!(base(&[], None), "http://localhost");
}

#[test]
fn of_headers_given_twice_the_last_counts() {
    let headers = [("x-forwarded-host", "one.example"), ("x-forwarded-host", "two.example")];
    assert_eq!(base(&headers, None), "https://two.example");
}

#[test]
fn what_is_no_host_or_scheme_is_not_taken() {
    for host in ["a b", "a/b", "user@a.example", "", "a?b"] {
        let headers = [("host", "h"), ("x-forwarded-host", host)];
        assert_eq!(base(&headers, None), "http://h", "{host}");
    }
    let headers = [("x-forwarded-host", "a.example"), ("x-forwarded-proto", "javascript")];
    assert_eq!(base(&headers, None), "https://a.example");
}

#[test]
fn a_parameter_is_set_and_the_others_kept() {
    let parts = parts("/v1/list?q=%C3%A6%26b&token=old&q=2", &[("host", "h")]);
    let url = PublicUrl::from_parts(&parts);
    assert_eq!(url.with_parameter("token", "n=1"), "http://h/v1/list?q=%C3%A6%26b&q=2&token=n%3D1");
    assert_eq!(url.of("/x"), "http://h/x");
}
