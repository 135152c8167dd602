//! Where the browser of an approver may be sent.

use url::Url;

/// Whether the text is an absolute URL with scheme https.
///
/// Stricter than browsers, which forgive missing slashes, backslashes and line breaks: what is
/// compared here must be what they will open. User names are refused because they look like hosts.
#[must_use]
pub fn is_absolute_https(text: &str) -> bool {
    parse(text).is_some()
}

/// Whether a URL has the scheme, host, port and path of one that is allowed. What follows a
/// question mark does not matter.
#[must_use]
pub fn is_allowed(text: &str, allowed: &[String]) -> bool {
    let Some(url) = parse(text) else { return false };
    allowed.iter().filter_map(|allowed| parse(allowed)).any(|allowed| {
        url.host() == allowed.host()
            && url.port_or_known_default() == allowed.port_or_known_default()
            && url.path() == allowed.path()
    })
}

fn parse(text: &str) -> Option<Url> {
    let begins_well = text.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://"));
    let is_forgiven = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
    if !begins_well || text.contains(is_forgiven) {
        return None;
    }
    let url = Url::parse(text).ok()?;
    let names_user = !url.username().is_empty() || url.password().is_some();
    (url.scheme() == "https" && url.has_host() && !names_user).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_https_urls_are_accepted() {
        for url in ["https://a.example", "https://a.example:8443/b?c=d#e", "HTTPS://A.example/"] {
            assert!(is_absolute_https(url), "{url}");
        }
    }

    #[test]
    fn others_are_not() {
        for url in [
            "",
            "a.example",
            "/path",
            "//a.example",
            "http://a.example",
            "ftp://a.example",
            "https:a.example",
            "https:/a.example",
            "https://",
            "https:\\\\a.example",
            "https://a.example\\@b.example",
            " https://a.example",
            "https://a.exa\nmple",
            "https://user@a.example",
            "https://user:secret@a.example",
            "javascript:alert(1)//https://a.example",
        ] {
            assert!(!is_absolute_https(url), "{url}");
        }
    }

    #[test]
    fn the_query_is_not_compared() {
        let allowed = ["https://a.example/done".to_owned()];
        for url in ["https://a.example/done", "https://A.example:443/done?id=1&x=https://b.example"]
        {
            assert!(is_allowed(url, &allowed), "{url}");
        }
    }

    #[test]
    fn host_port_scheme_and_path_are() {
        let allowed = ["https://a.example/done".to_owned()];
        for url in [
            "https://b.example/done",
            "https://a.example.b.example/done",
            "https://a.example@b.example/done",
            "https://a.example:8443/done",
            "http://a.example/done",
            "https://a.example/",
            "https://a.example/done/",
            "https://a.example/Done",
            "https://a.example/done/../other",
        ] {
            assert!(!is_allowed(url, &allowed), "{url}");
        }
        assert!(!is_allowed("https://a.example/done", &[]));
    }
}
