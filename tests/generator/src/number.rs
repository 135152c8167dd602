//! Numbers of organisations and persons, with their check digits. None of them is anybody's.

use fullmakt_events::OrgNumber;

/// The days, months and years that made-up persons are born in.
const DAYS: u32 = 28;
const MONTHS: u32 = 12;
const FIRST_YEAR: u32 = 1930;
const YEARS: u32 = 75;
/// The month of a made-up person is so much higher.
const SYNTHETIC_MONTH: u32 = 80;
/// The numbers that persons born on one day have one of, before the check digits.
const NUMBERS_A_DAY: u32 = 100;

/// How many persons there are numbers for.
pub(crate) const PERSONS_MAX: u32 = DAYS * MONTHS * YEARS * NUMBERS_A_DAY;
/// How many units and sub-units there are numbers for.
pub(crate) const UNITS_MAX: u32 = 10_000_000;

/// The organisation number of a unit.
pub(crate) fn org_number(index: u32) -> Option<OrgNumber> {
    // One stem in eleven has no check digit; the same with another first digit has.
    let stems = [20_000_000 + index, 30_000_000 + index].into_iter();
    let mut numbers = stems.flat_map(|stem| (0..10).map(move |check| format!("{stem}{check}")));
    numbers.find_map(|number| number.parse().ok())
}

/// A person's date of birth and national identity number.
pub(crate) fn person(index: u32) -> Option<(String, String)> {
    let (day, rest) = (index % DAYS + 1, index / DAYS);
    let (month, rest) = (rest % MONTHS + 1, rest / MONTHS);
    let (year, number) = (FIRST_YEAR + rest % YEARS, rest / YEARS);
    if number >= NUMBERS_A_DAY {
        return None;
    }
    let date = format!("{day:02}{:02}{:02}", month + SYNTHETIC_MONTH, year % 100);
    // Of ten individual numbers one at least has check digits.
    let mut numbers = (0..10).map(|hundreds| format!("{date}{:03}", hundreds * 100 + number));
    let national = numbers.find_map(|stem| {
        let first = check_digit(&stem, &[3, 7, 6, 1, 8, 9, 4, 5, 2])?;
        let stem = format!("{stem}{first}");
        let second = check_digit(&stem, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2])?;
        Some(format!("{stem}{second}"))
    })?;
    Some((format!("{year}-{month:02}-{day:02}"), national))
}

fn check_digit(digits: &str, weights: &[u32]) -> Option<u32> {
    let digits = digits.bytes().map(|digit| u32::from(digit.saturating_sub(b'0')));
    let sum: u32 = digits.zip(weights).map(|(digit, weight)| digit * weight).sum();
    Some((11 - sum % 11) % 11).filter(|check| *check < 10)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fullmakt_vault::NationalNumber;

    use super::*;

    #[test]
    fn units_have_numbers_of_their_own_up_to_the_last() {
        let numbers: BTreeSet<_> = (0..2_000).map(|index| org_number(index).unwrap()).collect();
        assert_eq!(numbers.len(), 2_000);
        assert!(org_number(UNITS_MAX - 1).is_some());
    }

    #[test]
    fn persons_have_valid_numbers_of_their_own_up_to_the_last() {
        let step = 997;
        let mut known = BTreeSet::new();
        for index in (0..PERSONS_MAX).step_by(step) {
            let (_, number) = person(index).unwrap();
            assert!(number.parse::<NationalNumber>().is_ok(), "{index}");
            assert!(known.insert(number), "{index}");
        }
        assert!(person(PERSONS_MAX - 1).is_some());
        assert_eq!(person(PERSONS_MAX), None);
    }
}
