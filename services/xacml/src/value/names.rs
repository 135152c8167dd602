//! URIs, distinguished names and mail addresses (annex A.2 and A.3.1).

use std::fmt;

/// Reads a URI reference: any text without white space, control characters or the delimiters RFC
/// 3986 excludes.
pub(super) fn uri(text: &str) -> Option<String> {
    let excluded = |c: char| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c);
    let mut rest = text.split('%');
    let hexadecimal = |c: char| c.is_ascii_hexdigit();
    let first = rest.next();
    let escaped = rest.all(|part| part.chars().take(2).filter(|c| hexadecimal(*c)).count() == 2);
    (first.is_some() && escaped && !text.contains(excluded)).then(|| text.to_owned())
}

/// An electronic mail address (RFC 2821, `Mailbox`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rfc822Name {
    local: String,
    domain: String,
}

impl Rfc822Name {
    pub(super) fn parse(text: &str) -> Option<Self> {
        // The local part may be quoted and then hold an `@`; the domain never does.
        let (local, domain) = text.rsplit_once('@')?;
        let quoted = local.len() > 1 && local.starts_with('"') && local.ends_with('"');
        let plain = !local.contains(|c: char| c == '@' || c == '"' || c.is_whitespace());
        let valid = !local.is_empty()
            && (quoted || plain)
            && !domain.is_empty()
            && !domain.contains(|c: char| c.is_whitespace() || c.is_control());
        valid.then(|| Self { local: local.to_owned(), domain: domain.to_owned() })
    }

    /// Whether both denote the same mailbox: the local part in case, the domain regardless of it.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        self.local == other.local && self.domain.to_lowercase() == other.domain.to_lowercase()
    }

    /// Whether the pattern selects this address (annex A.3.14, `rfc822Name-match`): a whole
    /// address, a domain, or with a leading dot everything below a domain.
    #[must_use]
    pub fn is_matched_by(&self, pattern: &str) -> bool {
        let domain = self.domain.to_lowercase();
        if let Some((local, pattern)) = pattern.rsplit_once('@') {
            return self.local == local && domain == pattern.to_lowercase();
        }
        let pattern = pattern.to_lowercase();
        if pattern.starts_with('.') { domain.ends_with(&pattern) } else { domain == pattern }
    }
}

impl fmt::Display for Rfc822Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.local, self.domain)
    }
}

/// A distinguished name (RFC 2253), kept as written and compared by its parts.
#[derive(Debug, Clone)]
pub struct X500Name {
    text: String,
    /// Per relative name, its normalised `type=value` pairs in order.
    parts: Vec<Vec<(String, String)>>,
}

impl X500Name {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let parts = if text.is_empty() {
            Vec::new()
        } else {
            split_unescaped(text, &[',', ';'])?
                .into_iter()
                .map(relative_name)
                .collect::<Option<Vec<_>>>()?
        };
        Some(Self { text: text.to_owned(), parts })
    }

    /// Whether this name is an end of the other, counted in relative names (annex A.3.14).
    #[must_use]
    pub fn is_end_of(&self, other: &Self) -> bool {
        other.parts.ends_with(&self.parts)
    }
}

impl PartialEq for X500Name {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}

impl Eq for X500Name {}

impl fmt::Display for X500Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The attributes of one relative name, normalised and in ascending order.
fn relative_name(text: &str) -> Option<Vec<(String, String)>> {
    let mut pairs = split_unescaped(text, &['+'])?
        .into_iter()
        .map(|pair| {
            let (kind, value) = pair.split_once('=')?;
            let kind = kind.trim().to_lowercase();
            let named = kind.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
            (named && !kind.is_empty()).then(|| (kind, normalised(value)))
        })
        .collect::<Option<Vec<_>>>()?;
    pairs.sort();
    Some(pairs)
}

/// A value as RFC 3280 compares it: case and repeated white space are insignificant.
fn normalised(value: &str) -> String {
    let mut octets = Vec::new();
    let mut rest = value.trim();
    while let Some(character) = rest.chars().next() {
        rest = rest.get(character.len_utf8()..).unwrap_or_default();
        if character == '"' {
            continue;
        }
        if character != '\\' {
            octets.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            continue;
        }
        // `\2C` is an octet, `\,` the character itself.
        if let Some(octet) = rest.get(..2).and_then(|pair| hex::decode(pair).ok()) {
            octets.extend(octet);
            rest = rest.get(2..).unwrap_or_default();
        } else {
            let escaped = rest.chars().next().map_or(0, char::len_utf8);
            octets.extend_from_slice(rest.get(..escaped).unwrap_or_default().as_bytes());
            rest = rest.get(escaped..).unwrap_or_default();
        }
    }
    let plain = String::from_utf8_lossy(&octets);
    plain.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Splits at separators that are neither escaped nor quoted; nothing when a quote stays open.
fn split_unescaped<'a>(text: &'a str, separators: &[char]) -> Option<Vec<&'a str>> {
    let mut parts = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (at, character) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if character == '\\' {
            escaped = true;
        } else if character == '"' {
            quoted = !quoted;
        } else if !quoted && separators.contains(&character) {
            parts.push(text.get(start..at)?);
            start = at + character.len_utf8();
        }
    }
    parts.push(text.get(start..)?);
    (!quoted && !escaped).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_addresses_ignore_case_in_the_domain_only() {
        let address = Rfc822Name::parse("Anderson@sun.com").expect("an address");
        assert!(address.same(&Rfc822Name::parse("Anderson@SUN.COM").expect("an address")));
        assert!(!address.same(&Rfc822Name::parse("anderson@sun.com").expect("an address")));
        for text in ["", "@sun.com", "anderson", "anderson@", "a b@sun.com"] {
            assert_eq!(Rfc822Name::parse(text), None, "{text}");
        }
    }

    #[test]
    fn mail_addresses_match_by_address_domain_or_subdomain() {
        let address = Rfc822Name::parse("anne.anderson@ISRG.EAST.SUN.COM").expect("an address");
        assert!(address.is_matched_by(".east.sun.com"));
        assert!(address.is_matched_by("isrg.east.sun.com"));
        assert!(address.is_matched_by("anne.anderson@isrg.east.sun.com"));
        assert!(!address.is_matched_by("sun.com"));
        assert!(!address.is_matched_by("Anne.Anderson@isrg.east.sun.com"));
        let short = Rfc822Name::parse("Anderson@sun.com").expect("an address");
        assert!(!short.is_matched_by(".east.sun.com"));
    }

    #[test]
    fn distinguished_names_are_compared_by_their_parts() {
        let name = |text| X500Name::parse(text).expect("a name");
        assert_eq!(
            name("cn=John Smith, o=Medico  Corp, c=US"),
            name("CN=john smith,O=medico corp,C=us")
        );
        assert_eq!(name("cn=A+uid=1,c=US"), name("uid=1+cn=a,c=us"));
        assert_eq!(name(r"cn=Smith\, John,c=US"), name(r#"cn="Smith, John",c=US"#));
        assert_eq!(name(r"cn=Smith\2C J\C3\B8n,c=US"), name(r"cn=smith\, jøn,c=US"));
        assert_ne!(name("cn=A,c=US"), name("c=US,cn=A"));
        assert!(name("O=Medico Corp,C=US").is_end_of(&name("cn=John Smith,o=Medico Corp,c=US")));
        assert!(!name("cn=John Smith,c=US").is_end_of(&name("cn=John Smith,o=Medico Corp,c=US")));
        for text in ["cn", "=x", "cn=a,,c=b", r#"cn="a"#, "cn=a\\"] {
            assert!(X500Name::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn uris_are_kept_as_written_and_hold_no_white_space() {
        assert_eq!(uri("http://example.com/a%20b").as_deref(), Some("http://example.com/a%20b"));
        assert_eq!(uri("").as_deref(), Some(""));
        for text in ["a b", "a<b", "100%", "%zz", "a\"b"] {
            assert_eq!(uri(text), None, "{text}");
        }
    }
}
