use proptest::prelude::*;
use serde_json::json;

use super::*;

/// By the present rule and by that of 2032.
const PERSON: &str = "12838549045";
/// Only by the rule of 2032.
const PERSON_OF_2032: &str = "12838549053";
/// A synthetic D-number.
const D_NUMBER: &str = "52837049016";

#[test]
fn numbers_of_both_rules_and_all_kinds_are_valid() {
    for number in [PERSON, PERSON_OF_2032, D_NUMBER] {
        assert!(is_valid(number), "{number}");
    }
}

#[test]
fn an_ordinary_and_an_h_number_are_valid_too() {
    for (day_and_month, kind) in [("0101", "ordinary"), ("0141", "H-number"), ("4101", "D-number")]
    {
        let valid = (0..100_000_u32)
            .map(|rest| format!("{day_and_month}85{rest:05}"))
            .find(|number| is_valid(number));
        assert!(valid.is_some(), "{kind}");
    }
}

#[test]
fn wrong_check_digits_are_not() {
    for number in ["12838549044", "12838549046", "12838549145", "22838549045"] {
        assert!(!is_valid(number), "{number}");
    }
}

#[test]
fn dates_that_do_not_exist_are_not() {
    for date in ["000185", "320185", "011385", "310485", "290285", "019385", "015385", "800185"] {
        assert!(
            (0..100_000_u32).all(|rest| !is_valid(&format!("{date}{rest:05}"))),
            "{date} is a date"
        );
    }
    let leap_day = |year: &str| (0..100_000).any(|rest| is_valid(&format!("2902{year}{rest:05}")));
    assert!(leap_day("84") && leap_day("00") && !leap_day("85"));
}

#[test]
fn anything_but_eleven_digits_is_not() {
    for text in ["", "1283854904", "128385490450", "128385 49045", "1283854904a", "١٢٨٣٨٥٤٩٠٤٥"]
    {
        assert!(!is_valid(text), "{text}");
    }
}

#[test]
fn a_number_in_a_text_is_found_where_it_stands() {
    assert_eq!(find(PERSON), Some(0..11));
    assert_eq!(find("for Kari, f. 12838549045."), Some(13..24));
    assert_eq!(find("æ12838549045å"), Some(2..13));
    assert_eq!(find("fnr=12838549053"), Some(4..15));
    assert_eq!(find("128385 49045"), Some(0..12));
    assert_eq!(find("nr 128385\u{a0}49045"), Some(3..16));
    assert_eq!(find("128385 128385 49045"), Some(7..19));
}

#[test]
fn organisation_numbers_and_longer_or_other_numbers_are_not_found() {
    for text in [
        "",
        "319900101",
        "0192:319900101",
        "112838549045",
        "128385490451",
        "12838549044",
        "128385  49045",
        "128385-49045 x",
        "12 838549045",
        "1128385 49045",
        "128385 490451",
        "2026-11-21T21:13:00.123456Z",
    ] {
        assert_eq!(find(text), None, "{text}");
    }
}

/// Issue 4: a valid number is in every thousandth UUID or so.
#[test]
fn the_digits_of_ids_are_not_a_number() {
    let hash = "5e884898da28047151d0e56f8dc62927f12838549045abbdd62a11ef721d1542";
    for id in [
        "0190d5a2-7c3e-7b1f-8a2d-a12838549045".to_owned(),
        "0190D5A2-7C3E-7B1F-8A2D-12838549045F".to_owned(),
        "0190d5a27c3e7b1f8a2da12838549045".to_owned(),
        hash.to_owned(),
        hash.to_uppercase(),
    ] {
        for text in [
            id.clone(),
            format!("party/{id}"),
            format!("urn:uuid:{id}."),
            format!("{id}-{id}"),
            format!("{id} 49045"),
        ] {
            assert_eq!(find(&text), None, "{text}");
            assert_eq!(mask(&text), text);
        }
    }
}

/// Issue 4: what is like an id, and is none, hides no number.
#[test]
fn a_number_in_what_is_not_a_whole_id_is_found() {
    for text in [
        "fnr12838549045abc",
        "12838549045.",
        "12838549045abcdef",
        "a12838549045",
        // Of UUIDs: too few groups, groups too long or too short, another separator, no hexadecimal.
        "7c3e-7b1f-8a2d-a12838549045",
        "00190d5a2-7c3e-7b1f-8a2d-a12838549045",
        "190d5a2-7c3e-7b1f-8a2d-a12838549045",
        "0190d5a2-7c3e-7b1f-8a2d-ab12838549045",
        "0190d5a2_7c3e_7b1f_8a2d_a12838549045",
        "0190d5a2-7c3e--7b1f-8a2d-a12838549045",
        "0190d5a2-7c3e-7b1f-8a2g-a12838549045",
        // Of hashes: one character too few, and one that is not hexadecimal.
        "190d5a27c3e7b1f8a2da12838549045",
        "g190d5a27c3e7b1f8a2da12838549045",
        // Beside an id.
        "0190d5a2-7c3e-7b1f-8a2d-a12838549046-12838549045",
        "12838549045-0190d5a2-7c3e-7b1f-8a2d-a12838549046",
    ] {
        let span = find(text).and_then(|span| text.get(span));
        assert_eq!(span, Some(PERSON), "{text}");
    }
}

#[test]
fn masking_hides_the_digits_and_nothing_else() {
    assert_eq!(
        mask("a 12838549045 b 128385 49045 c 319900101"),
        "a *********** b ****** ***** c 319900101"
    );
    assert_eq!(mask("nothing here"), "nothing here");
}

#[test]
fn json_is_searched_at_any_depth() {
    let find = |value: Value| find_in_json(value.as_object().unwrap());
    assert_eq!(find(json!({ "a": [{ "b/c": PERSON }] })), Some("/a/0/b~1c".to_owned()));
    assert_eq!(find(json!({ "a": 12_838_549_045_u64 })), Some("/a".to_owned()));
    assert_eq!(find(json!({ "a": { PERSON: 1 } })), Some("/a/***********".to_owned()));
    assert_eq!(find(json!({ "a": [null, true, 1.5, "x", { "b": [] }] })), None);
}

proptest! {
    #[test]
    fn a_masked_text_holds_no_number(before in ".{0,12}", after in ".{0,12}", split in any::<bool>())
    {
        let number = if split { "128385 49045" } else { PERSON };
        let masked = mask(&format!("{before}{number}{after}"));
        prop_assert_eq!(find(&masked), None);
        prop_assert_eq!(mask(&masked), masked.clone());
    }

    #[test]
    fn what_is_found_is_valid(text in "[0-9 ]{0,40}") {
        if let Some(span) = find(&text) {
            let digits: String = text.get(span).unwrap().chars().filter(char::is_ascii_digit).collect();
            prop_assert!(is_valid(&digits));
        }
    }

    /// Issue 4: a log of ids alone names nobody.
    #[test]
    fn no_id_holds_a_number_and_none_hides_one_beside_it(
        uuid in any::<u128>(),
        // Digits alone are likelier to make a number than what is drawn at random.
        tail in "[0-9]{11}",
        hash in "[0-9a-f]{20}[a-f][0-9]{11}[a-f][0-9a-f]{31}",
    ) {
        let uuid = uuid::Uuid::from_u128(uuid);
        let text = format!("0190d5a2-7c3e-7b1f-8a2d-a{tail} {uuid} {}-{hash}", uuid.simple());
        prop_assert_eq!(find(&text), None, "{}", text);
        for text in [format!("{text} {PERSON}"), format!("{PERSON}-{text}")] {
            let span = find(&text).and_then(|span| text.get(span));
            prop_assert_eq!(span, Some(PERSON), "{}", text);
        }
    }
}
