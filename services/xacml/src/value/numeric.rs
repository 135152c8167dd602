//! Booleans, integers and doubles (XML Schema part 2, §3.2.2, §3.2.5 and §3.3.13).

use num_bigint::BigInt;

use crate::limits::MAX_INTEGER_BITS;

/// Reads a boolean.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// Reads an integer of any size within the engine's limit.
pub(super) fn integer(text: &str) -> Option<BigInt> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let negative = text.starts_with('-');
    // A decimal digit carries more than three bits.
    let longest = usize::try_from(MAX_INTEGER_BITS / 4).ok()?;
    if digits.is_empty() || digits.len() > longest || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let magnitude: BigInt = digits.parse().ok()?;
    Some(if negative { -magnitude } else { magnitude })
}

/// Reads a double.
pub(super) fn double(text: &str) -> Option<f64> {
    match text {
        "INF" => return Some(f64::INFINITY),
        "-INF" => return Some(f64::NEG_INFINITY),
        "NaN" => return Some(f64::NAN),
        _ => {}
    }
    // Rust also reads `inf`, `nan` and `infinity`, which XML Schema does not.
    let plain =
        |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
    if !text.bytes().all(plain) {
        return None;
    }
    text.parse().ok()
}

/// Writes a double in the canonical form of XML Schema, such as `1.5E0`.
pub(super) fn double_text(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "INF" } else { "-INF" }.to_owned();
    }
    let text = format!("{number:E}");
    match text.split_once('E') {
        Some((mantissa, exponent)) if !mantissa.contains('.') => format!("{mantissa}.0E{exponent}"),
        Some(_) | None => text,
    }
}

/// Reads the digits after a decimal point into billionths.
///
/// Digits beyond the ninth must be zero: rounding would make different instants equal.
pub(super) fn fraction(digits: &str) -> Option<i128> {
    const KEPT: usize = 9;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let significant = digits.trim_end_matches('0');
    if significant.len() > KEPT {
        return None;
    }
    format!("{significant:0<KEPT$}").parse().ok()
}

/// Writes billionths as a decimal fraction with its point, or nothing for zero.
pub(super) fn fraction_text(billionths: i128) -> String {
    if billionths == 0 {
        return String::new();
    }
    let digits = format!("{billionths:09}");
    format!(".{}", digits.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_have_any_size_and_an_optional_sign() {
        assert_eq!(integer("+0007"), Some(BigInt::from(7)));
        assert_eq!(integer("-42"), Some(BigInt::from(-42)));
        let large = "123456789012345678901234567890";
        assert_eq!(integer(large).map(|number| number.to_string()).as_deref(), Some(large));
    }

    #[test]
    fn texts_that_are_no_integers_are_refused() {
        for text in ["", "+", "-", "1.0", "0x1", "--1", "1 2", "1_000", "١"] {
            assert_eq!(integer(text), None, "{text}");
        }
        assert_eq!(integer(&"9".repeat(100_000)), None);
    }

    #[test]
    fn doubles_are_read_and_written_as_xml_schema_says() {
        for (text, canonical) in [
            ("1", "1.0E0"),
            ("-1.5e3", "-1.5E3"),
            (".5", "5.0E-1"),
            ("1.", "1.0E0"),
            ("INF", "INF"),
            ("-INF", "-INF"),
            ("NaN", "NaN"),
            ("0", "0.0E0"),
        ] {
            assert_eq!(double(text).map(double_text).as_deref(), Some(canonical), "{text}");
        }
        for text in ["", "inf", "nan", "infinity", "+INF", "1e", "0x10", "1,5"] {
            assert_eq!(double(text), None, "{text}");
        }
    }

    #[test]
    fn booleans_have_four_forms() {
        assert_eq!(boolean("1"), Some(true));
        assert_eq!(boolean("0"), Some(false));
        assert_eq!(boolean("true"), Some(true));
        assert_eq!(boolean("false"), Some(false));
        assert_eq!(boolean("True"), None);
    }
}
