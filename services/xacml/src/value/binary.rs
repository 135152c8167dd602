//! Octet sequences (XML Schema part 2, §3.2.15 and §3.2.16).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Reads octets written in hexadecimal.
pub(super) fn hex(text: &str) -> Option<Vec<u8>> {
    hex::decode(text).ok()
}

/// Reads octets written in base 64; white space may stand anywhere.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    let dense: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    STANDARD.decode(dense).ok()
}

/// Writes octets in base 64.
pub(super) fn base64_text(octets: &[u8]) -> String {
    STANDARD.encode(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_takes_both_cases_and_whole_octets_only() {
        assert_eq!(hex("0fB7"), Some(vec![0x0f, 0xb7]));
        assert_eq!(hex(""), Some(vec![]));
        assert_eq!(hex("0fb"), None);
        assert_eq!(hex("0g"), None);
    }

    #[test]
    fn base_64_ignores_white_space_and_wants_padding() {
        assert_eq!(base64("AQ ID\n"), Some(vec![1, 2, 3]));
        assert_eq!(base64("AQ=="), Some(vec![1]));
        assert_eq!(base64("AQ"), None);
        assert_eq!(base64_text(&[1]), "AQ==");
    }
}
