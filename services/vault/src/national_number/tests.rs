use super::*;

#[test]
fn numbers_of_both_rules_and_all_kinds_are_read() {
    for text in [
        "12838549045", // synthetic; both rules
        "12838549053", // only the rule of 2032
        "52837049016", // synthetic D-number
    ] {
        assert_eq!(text.parse::<NationalNumber>().unwrap().reveal(), text);
    }
}

#[test]
fn every_single_wrong_last_digit_is_refused() {
    for digit in '0'..='9' {
        let text = format!("1283854904{digit}");
        assert_eq!(text.parse::<NationalNumber>().is_ok(), digit == '5', "{text}");
    }
}

#[test]
fn the_first_check_digit_may_be_right_in_four_ways_and_no_more() {
    let valid = (0..10).filter(|first| {
        (0..10).any(|second| format!("128385490{first}{second}").parse::<NationalNumber>().is_ok())
    });
    assert!((1..=4).contains(&valid.count()));
}

#[test]
fn what_is_not_eleven_ascii_digits_is_refused() {
    for text in ["", "1283854904", "128385490455", "128385 49045", "1283854904a", "١٢٨٣٨٥٤٩٠٤٥"]
    {
        assert_eq!(text.parse::<NationalNumber>(), Err(NationalNumberError), "{text}");
    }
}

#[test]
fn neither_a_number_nor_an_error_shows_the_digits() {
    let number: NationalNumber = "12838549045".parse().unwrap();
    assert_eq!(
        format!("{number:?} {:?}", Some(&number)),
        "NationalNumber(***) Some(NationalNumber(***))"
    );
    let error = "12838549046".parse::<NationalNumber>().unwrap_err();
    assert!(!format!("{error} {error:?}").contains("128385"));
}
