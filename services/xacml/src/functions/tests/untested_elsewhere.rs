//! What the public conformance set never asks: conversions, ranges of times, names and addresses.

use super::*;
use crate::value::Bag;

#[test]
fn every_type_the_standard_converts_becomes_a_string_and_back() {
    use DataType::{
        AnyUri, Boolean, Date, DateTime, DayTimeDuration, DnsName, Double, Integer, IpAddress,
        Rfc822Name, Time, X500Name, YearMonthDuration,
    };
    for (data_type, written, canonical) in [
        (Boolean, "0", "false"),
        (Integer, "-0012345678901234567890", "-12345678901234567890"),
        (Double, "0.001e3", "1.0E0"),
        (Double, "-INF", "-INF"),
        (Time, "10:00:00.500", "10:00:00.5"),
        (Time, "23:30:00-01:00", "00:30:00Z"),
        (Date, "2026-02-03+02:00", "2026-02-03+02:00"),
        (DateTime, "2024-02-29T23:00:00-02:00", "2024-03-01T01:00:00Z"),
        (DateTime, "2026-12-31T24:00:00", "2027-01-01T00:00:00"),
        (AnyUri, "http://example.com/%C3%B8", "http://example.com/%C3%B8"),
        (DayTimeDuration, "-PT36H", "-P1DT12H"),
        (YearMonthDuration, "P25M", "P2Y1M"),
        (X500Name, "cn=Bob,o=Medico", "cn=Bob,o=Medico"),
        (Rfc822Name, "bob@Example.com", "bob@Example.com"),
        (IpAddress, "10.0.0.1/255.0.0.0:80-90", "10.0.0.1/255.0.0.0:80-90"),
        (IpAddress, "[::1]:80", "[::1]:80"),
        (DnsName, "*.Example.com:8080", "*.Example.com:8080"),
    ] {
        let to = format!("string-from-{data_type}");
        let from = format!("{data_type}-from-string");
        assert_eq!(apply(&to, &[(data_type, written)]).as_deref(), Ok(canonical), "{to}");
        let read = apply(&from, &[(DataType::String, written)]).expect("a value");
        let again = apply(&from, &[(DataType::String, canonical)]).expect("a value");
        let equal = value(data_type, &read) == value(data_type, &again);
        // Times in two zones are the same instant, though not the same value.
        assert!(equal || matches!(data_type, Time | DateTime), "{read} and {again}");
    }
}

#[test]
fn a_text_that_is_no_value_is_not_converted() {
    for (name, text) in [
        ("boolean-from-string", "yes"),
        ("integer-from-string", "1.0"),
        ("double-from-string", "1,5"),
        ("time-from-string", "25:00:00"),
        ("date-from-string", "2026-02-30"),
        ("dateTime-from-string", "2026-01-01 10:00:00"),
        ("anyURI-from-string", "a b"),
        ("dayTimeDuration-from-string", "P1Y"),
        ("yearMonthDuration-from-string", "P1D"),
        ("x500Name-from-string", "nobody"),
        ("rfc822Name-from-string", "nobody"),
        ("ipAddress-from-string", "10.0.0"),
        ("dnsName-from-string", "a..b"),
    ] {
        let converted = apply(name, &[(DataType::String, text)]);
        assert!(matches!(converted, Err(FunctionError::Lexical(_))), "{name}: {converted:?}");
    }
}

#[test]
fn a_range_of_times_may_go_past_midnight_and_takes_the_zone_of_the_time() {
    for (time, from, to, expected) in [
        ("12:00:00", "09:00:00", "17:00:00", true),
        ("09:00:00", "09:00:00", "17:00:00", true),
        ("17:00:00", "09:00:00", "17:00:00", true),
        ("17:00:01", "09:00:00", "17:00:00", false),
        ("23:00:00", "22:00:00", "06:00:00", true),
        ("05:59:59", "22:00:00", "06:00:00", true),
        ("12:00:00", "22:00:00", "06:00:00", false),
        ("12:00:00", "12:00:00", "12:00:00", true),
        ("12:00:01", "12:00:00", "12:00:00", false),
        // Bounds without a zone are in that of the time.
        ("12:00:00+05:00", "11:00:00", "13:00:00", true),
        ("12:00:00+05:00", "06:30:00Z", "07:30:00Z", true),
        ("12:00:00+05:00", "11:00:00Z", "13:00:00Z", false),
        ("00:30:00+01:00", "23:00:00Z", "23:45:00Z", true),
    ] {
        let arguments = [time, from, to].map(|text| (DataType::Time, text));
        let found = apply("time-in-range", &arguments);
        assert_eq!(found, Ok(expected.to_string()), "{time} from {from} to {to}");
    }
}

#[test]
fn names_are_matched_by_a_part_of_them() {
    use DataType::{Rfc822Name, String, X500Name};
    for (name, left, right, expected) in [
        ("x500Name-match", (X500Name, "o=Medico,c=US"), (X500Name, "cn=J,O=medico,C=us"), "true"),
        ("x500Name-match", (X500Name, "cn=J,o=Medico"), (X500Name, "cn=J,o=Medico,c=US"), "false"),
        ("x500Name-match", (X500Name, ""), (X500Name, "cn=J"), "true"),
        ("rfc822Name-match", (String, "J@Sun.com"), (Rfc822Name, "J@sun.COM"), "true"),
        ("rfc822Name-match", (String, "j@sun.com"), (Rfc822Name, "J@sun.com"), "false"),
        ("rfc822Name-match", (String, "sun.com"), (Rfc822Name, "J@SUN.com"), "true"),
        ("rfc822Name-match", (String, "sun.com"), (Rfc822Name, "J@east.sun.com"), "false"),
        ("rfc822Name-match", (String, ".sun.com"), (Rfc822Name, "J@east.sun.com"), "true"),
        ("rfc822Name-match", (String, ".sun.com"), (Rfc822Name, "J@sun.com"), "false"),
    ] {
        assert_eq!(apply(name, &[left, right]).as_deref(), Ok(expected), "{left:?} {right:?}");
    }
}

#[test]
fn patterns_match_the_text_of_names_and_addresses() {
    use DataType::{DnsName, IpAddress, Rfc822Name, String, X500Name};
    for (data_type, pattern, text, expected) in [
        (IpAddress, r"^10\.", "10.1.2.3:80", "true"),
        (IpAddress, ":80$", "10.1.2.3:8080", "false"),
        (DnsName, r"\.no$", "www.altinn.no", "true"),
        (DnsName, "^no", "www.altinn.no", "false"),
        (Rfc822Name, "^[a-z]+@", "bob@example.com", "true"),
        (X500Name, "o=.*Corp", "cn=Bob,o=Medico Corp", "true"),
    ] {
        let found =
            apply(&format!("{data_type}-regexp-match"), &[(String, pattern), (data_type, text)]);
        assert_eq!(found.as_deref(), Ok(expected), "{pattern} on {text}");
    }
}

#[test]
fn addresses_and_host_names_are_counted_searched_and_opened() {
    for (data_type, one, other) in [
        (DataType::IpAddress, "10.0.0.1", "[::1]"),
        (DataType::DnsName, "a.example.com", "b.example.com"),
    ] {
        let (first, second) = (value(data_type, one), value(data_type, other));
        let both = Bag::of(data_type, [first.clone(), second.clone()]);
        let single = Bag::of(data_type, [first.clone()]);
        let call = |name: &str, operands: &[Operand<'_>]| {
            let function = Function::from_name(&format!("{data_type}-{name}")).expect("a function");
            function.apply(operands)
        };
        let (both_given, single_given) = (Operand::Bag(&both), Operand::Bag(&single));
        assert_eq!(call("bag-size", &[both_given]), Ok(Evaluated::Value(Value::integer(2))));
        assert_eq!(call("one-and-only", &[single_given]), Ok(Evaluated::Value(first.clone())));
        assert_eq!(call("one-and-only", &[both_given]), Err(FunctionError::NotOne { size: 2 }));
        let is_in = |value, bag| call("is-in", &[Operand::Value(value), bag]);
        assert_eq!(is_in(&second, both_given), Ok(Evaluated::truth(true)));
        assert_eq!(is_in(&second, single_given), Ok(Evaluated::truth(false)));
        let bag = call("bag", &[Operand::Value(&first), Operand::Value(&second)]);
        assert_eq!(bag, Ok(Evaluated::Bag(both)));
        // The standard compares neither with the other.
        assert_eq!(Function::from_name(&format!("{data_type}-equal")), None);
        assert_eq!(Function::from_name(&format!("{data_type}-union")), None);
    }
}

#[test]
fn case_is_ignored_as_lower_case_has_it() {
    for (left, right, expected) in [
        ("", "", "true"),
        ("Straße", "STRASSE", "false"),
        ("ΣΑΣ", "σασ", "false"),
        ("É", "é", "true"),
        ("a", "a ", "false"),
    ] {
        let arguments = [(DataType::String, left), (DataType::String, right)];
        let found = apply("string-equal-ignore-case", &arguments);
        assert_eq!(found.as_deref(), Ok(expected), "{left} and {right}");
    }
}

#[test]
fn integers_have_no_largest() {
    use DataType::Integer;
    let large = "123456789012345678901234567890";
    for (name, arguments, expected) in [
        ("integer-add", [large, large], "246913578024691357802469135780"),
        ("integer-subtract", ["0", large], "-123456789012345678901234567890"),
        ("integer-multiply", [large, "10"], "1234567890123456789012345678900"),
        ("integer-divide", [large, "1000000000000000000000"], "123456789"),
        ("integer-mod", [large, "100"], "90"),
        ("integer-greater-than", [large, "9223372036854775807"], "true"),
        ("integer-equal", [large, "123456789012345678901234567890"], "true"),
    ] {
        let arguments = arguments.map(|text| (Integer, text));
        assert_eq!(apply(name, &arguments).as_deref(), Ok(expected), "{name}");
    }
}

#[test]
fn a_duration_moves_a_time_past_midnight_and_keeps_its_zone() {
    for (name, time, duration, expected) in [
        ("time-add-dayTimeDuration", "11:12:00", "P3DT1H15M", "12:27:00"),
        ("time-add-dayTimeDuration", "23:12:00+03:00", "P1DT3H15M", "02:27:00+03:00"),
        ("time-add-dayTimeDuration", "01:00:00", "-PT2H", "23:00:00"),
        ("time-subtract-dayTimeDuration", "11:12:00", "P3DT1H15M", "09:57:00"),
        ("time-subtract-dayTimeDuration", "08:20:00-05:00", "P23DT10H10M", "22:10:00-05:00"),
    ] {
        let arguments = [(DataType::Time, time), (DataType::DayTimeDuration, duration)];
        assert_eq!(apply(name, &arguments).as_deref(), Ok(expected), "{name} {time} {duration}");
    }
}
