use super::*;
use crate::value::Value;

mod time_extensions;
mod untested_elsewhere;

fn value(data_type: DataType, text: &str) -> Value {
    Value::parse(data_type, text).expect("a value")
}

fn apply(name: &str, arguments: &[(DataType, &str)]) -> Result<String, FunctionError> {
    let function = Function::from_name(name).unwrap_or_else(|| panic!("no function {name}"));
    let values: Vec<Value> =
        arguments.iter().map(|(data_type, text)| value(*data_type, text)).collect();
    let operands: Vec<_> = values.iter().map(Operand::Value).collect();
    match function.apply(&operands)? {
        Evaluated::Value(value) => Ok(value.to_string()),
        Evaluated::Bag(bag) => Ok(format!("{} values", bag.len())),
    }
}

#[test]
fn equality_follows_the_data_type() {
    use DataType::{AnyUri, Base64Binary, Date, Double, HexBinary, Integer, String, Time};
    for (name, data_type, left, right, expected) in [
        ("string-equal", String, "a", "A", "false"),
        ("string-equal-ignore-case", String, "ÆØÅ", "æøå", "true"),
        ("string-equal-ignore-case", String, "DAGL", "dagl", "true"),
        ("string-equal-ignore-case", String, "DAGL", "dagi", "false"),
        // The Kelvin sign is a letter k in lower case.
        ("string-equal-ignore-case", String, "\u{212a}", "K", "true"),
        ("integer-equal", Integer, "007", "7", "true"),
        ("double-equal", Double, "1", "1.0E0", "true"),
        ("double-equal", Double, "NaN", "NaN", "true"),
        ("double-equal", Double, "NaN", "INF", "false"),
        ("double-equal", Double, "0", "-0", "true"),
        ("date-equal", Date, "2026-01-01Z", "2026-01-01+00:00", "true"),
        ("time-equal", Time, "10:00:00Z", "11:00:00+01:00", "true"),
        ("anyURI-equal", AnyUri, "HTTP://a", "http://a", "false"),
        ("hexBinary-equal", HexBinary, "0fb7", "0FB7", "true"),
        ("base64Binary-equal", Base64Binary, "AQID", "AQ ID", "true"),
    ] {
        let result = apply(name, &[(data_type, left), (data_type, right)]);
        assert_eq!(result.as_deref(), Ok(expected), "{name} of {left} and {right}");
    }
}

#[test]
fn arithmetic_is_exact_for_integers_and_ieee_for_doubles() {
    use DataType::{Double, Integer};
    for (name, data_type, arguments, expected) in [
        ("integer-add", Integer, vec!["9223372036854775807", "1", "1"], "9223372036854775809"),
        ("integer-subtract", Integer, vec!["3", "5"], "-2"),
        ("integer-multiply", Integer, vec!["3", "-5"], "-15"),
        ("integer-divide", Integer, vec!["-7", "2"], "-3"),
        ("integer-mod", Integer, vec!["-7", "2"], "-1"),
        ("integer-abs", Integer, vec!["-7"], "7"),
        ("double-add", Double, vec!["1.5", "2"], "3.5E0"),
        ("double-add", Double, vec!["INF", "-INF"], "NaN"),
        ("double-subtract", Double, vec!["1.5", "2"], "-5.0E-1"),
        ("double-multiply", Double, vec!["1.5", "2"], "3.0E0"),
        ("double-divide", Double, vec!["3", "2"], "1.5E0"),
        ("double-abs", Double, vec!["-3"], "3.0E0"),
        ("round", Double, vec!["2.5"], "2.0E0"),
        ("floor", Double, vec!["-2.5"], "-3.0E0"),
        ("double-to-integer", Double, vec!["-2.9"], "-2"),
        ("integer-to-double", Integer, vec!["12"], "1.2E1"),
    ] {
        let arguments: Vec<_> = arguments.into_iter().map(|text| (data_type, text)).collect();
        assert_eq!(apply(name, &arguments).as_deref(), Ok(expected), "{name} of {arguments:?}");
    }
}

#[test]
fn numbers_without_a_result_are_errors() {
    use DataType::{Double, Integer};
    let zero = Err(FunctionError::DivisionByZero);
    assert_eq!(apply("integer-divide", &[(Integer, "1"), (Integer, "0")]), zero);
    assert_eq!(apply("integer-mod", &[(Integer, "1"), (Integer, "0")]), zero);
    assert_eq!(apply("double-divide", &[(Double, "1"), (Double, "-0")]), zero);
    assert_eq!(apply("double-to-integer", &[(Double, "NaN")]), Err(FunctionError::OutOfRange));
    let huge = "9".repeat(400);
    assert_eq!(apply("integer-to-double", &[(Integer, &huge)]), Err(FunctionError::OutOfRange));
    let large = "9".repeat(16_000);
    assert_eq!(
        apply("integer-multiply", &[(Integer, &large), (Integer, &large)]),
        Err(FunctionError::TooLarge)
    );
}

#[test]
fn comparison_follows_the_data_type() {
    use DataType::{Date, DateTime, Double, Integer, String, Time};
    for (name, data_type, left, right, expected) in [
        ("integer-greater-than", Integer, "10", "9", "true"),
        ("string-greater-than", String, "10", "9", "false"),
        ("string-less-than", String, "Z", "a", "true"),
        ("double-less-than", Double, "NaN", "1", "false"),
        ("double-greater-than-or-equal", Double, "1", "1", "true"),
        ("date-less-than-or-equal", Date, "2026-01-01", "2026-01-01", "true"),
        ("date-less-or-equal", Date, "2026-01-02", "2026-01-01", "false"),
        (
            "dateTime-less-than",
            DateTime,
            "2026-01-01T00:00:00+01:00",
            "2026-01-01T00:00:00Z",
            "true",
        ),
        ("time-greater-than", Time, "10:00:00Z", "10:30:00+01:00", "true"),
    ] {
        let result = apply(name, &[(data_type, left), (data_type, right)]);
        assert_eq!(result.as_deref(), Ok(expected), "{name} of {left} and {right}");
    }
    assert_eq!(
        apply("time-less-than", &[(Time, "10:00:00Z"), (Time, "11:00:00")]),
        Err(FunctionError::Incomparable)
    );
}

#[test]
fn durations_move_dates_and_times() {
    use DataType::{Date, DateTime, DayTimeDuration, YearMonthDuration};
    for (name, left, right, expected) in [
        (
            "dateTime-add-dayTimeDuration",
            (DateTime, "2026-01-31T12:00:00Z"),
            (DayTimeDuration, "P1D"),
            "2026-02-01T12:00:00Z",
        ),
        (
            "dateTime-subtract-dayTimeDuration",
            (DateTime, "2026-01-01T00:00:00Z"),
            (DayTimeDuration, "PT1S"),
            "2025-12-31T23:59:59Z",
        ),
        (
            "dateTime-add-yearMonthDuration",
            (DateTime, "2026-01-31T12:00:00"),
            (YearMonthDuration, "P1M"),
            "2026-02-28T12:00:00",
        ),
        (
            "dateTime-subtract-yearMonthDuration",
            (DateTime, "2026-03-31T12:00:00"),
            (YearMonthDuration, "P1M"),
            "2026-02-28T12:00:00",
        ),
        (
            "date-add-yearMonthDuration",
            (Date, "2024-02-29"),
            (YearMonthDuration, "P1Y"),
            "2025-02-28",
        ),
        (
            "date-subtract-yearMonthDuration",
            (Date, "2024-02-29"),
            (YearMonthDuration, "-P1Y"),
            "2025-02-28",
        ),
    ] {
        assert_eq!(apply(name, &[left, right]).as_deref(), Ok(expected), "{name}");
    }
    assert_eq!(
        apply(
            "date-add-yearMonthDuration",
            &[(Date, "2024-02-29"), (YearMonthDuration, "P999999999Y")]
        ),
        Err(FunctionError::OutOfRange)
    );
}

#[test]
fn text_functions_look_for_their_first_argument_in_the_second() {
    use DataType::{AnyUri, Integer, String};
    for (name, arguments, expected) in [
        ("string-starts-with", vec![(String, "ab"), (String, "abc")], "true"),
        ("string-starts-with", vec![(String, "abc"), (String, "ab")], "false"),
        ("string-ends-with", vec![(String, "bc"), (String, "abc")], "true"),
        ("string-contains", vec![(String, "x"), (String, "abc")], "false"),
        ("anyURI-starts-with", vec![(String, "http:"), (AnyUri, "http://a")], "true"),
        ("anyURI-ends-with", vec![(String, "/b"), (AnyUri, "http://a")], "false"),
        ("anyURI-contains", vec![(String, "://"), (AnyUri, "http://a")], "true"),
        ("string-concatenate", vec![(String, "a"), (String, "b"), (String, "c")], "abc"),
        ("uri-string-concatenate", vec![(AnyUri, "http://a"), (String, "/b")], "http://a/b"),
        ("string-normalize-space", vec![(String, "  a b\n")], "a b"),
        ("string-normalize-to-lower-case", vec![(String, "ÅSE")], "åse"),
        ("string-substring", vec![(String, "blåbær"), (Integer, "2"), (Integer, "4")], "åb"),
        ("string-substring", vec![(String, "blåbær"), (Integer, "3"), (Integer, "-1")], "bær"),
        ("anyURI-substring", vec![(AnyUri, "http://a"), (Integer, "0"), (Integer, "4")], "http"),
        ("string-regexp-match", vec![(String, "^a"), (String, "abc")], "true"),
        ("anyURI-regexp-match", vec![(String, "^http"), (AnyUri, "http://a")], "true"),
    ] {
        assert_eq!(apply(name, &arguments).as_deref(), Ok(expected), "{name}");
    }
    for (from, to) in [("-2", "2"), ("3", "2"), ("0", "7"), ("0", "-2")] {
        let arguments = [(String, "blåbær"), (Integer, from), (Integer, to)];
        assert_eq!(apply("string-substring", &arguments), Err(FunctionError::OutOfRange));
    }
}

#[test]
fn conversions_use_canonical_forms() {
    use DataType::{Boolean, DateTime, Double, Integer, String, Time};
    for (name, argument, expected) in [
        ("string-from-boolean", (Boolean, "1"), "true"),
        ("string-from-integer", (Integer, "+07"), "7"),
        ("string-from-double", (Double, "12.50"), "1.25E1"),
        ("string-from-time", (Time, "00:30:00+01:00"), "23:30:00Z"),
        ("string-from-dateTime", (DateTime, "2026-01-01T00:30:00+01:00"), "2025-12-31T23:30:00Z"),
        ("integer-from-string", (String, " 42 "), "42"),
        ("boolean-from-string", (String, "false"), "false"),
        ("dnsName-from-string", (String, "example.com:80"), "example.com:80"),
        ("dayTimeDuration-from-string", (String, "PT25H"), "P1DT1H"),
    ] {
        assert_eq!(apply(name, &[argument]).as_deref(), Ok(expected), "{name}");
    }
    assert!(matches!(
        apply("integer-from-string", &[(String, "four")]),
        Err(FunctionError::Lexical(_))
    ));
}

#[test]
fn bags_are_counted_searched_and_opened() {
    let bag = |texts: &[&str]| {
        let values: Vec<_> = texts.iter().map(|text| value(DataType::Integer, text)).collect();
        crate::value::Bag::of(DataType::Integer, values)
    };
    let (three, one, empty) = (bag(&["1", "2", "2"]), bag(&["2"]), bag(&[]));
    let on_bags = |name: &str, bags: &[&crate::value::Bag]| {
        let operands: Vec<_> = bags.iter().map(|bag| Operand::Bag(bag)).collect();
        let function = Function::from_name(name).expect("a function");
        function.apply(&operands).map(|result| match result {
            Evaluated::Value(value) => value.to_string(),
            Evaluated::Bag(bag) => {
                bag.values().iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
            }
        })
    };
    for (name, bags, expected) in [
        ("integer-bag-size", vec![&three], "3"),
        ("integer-one-and-only", vec![&one], "2"),
        ("integer-intersection", vec![&three, &one], "2"),
        ("integer-union", vec![&three, &one, &empty], "1,2"),
        ("integer-at-least-one-member-of", vec![&three, &one], "true"),
        ("integer-at-least-one-member-of", vec![&empty, &one], "false"),
        ("integer-subset", vec![&one, &three], "true"),
        ("integer-subset", vec![&three, &one], "false"),
        ("integer-set-equals", vec![&three, &three], "true"),
        ("integer-set-equals", vec![&three, &one], "false"),
    ] {
        assert_eq!(on_bags(name, &bags).as_deref(), Ok(expected), "{name}");
    }
    assert_eq!(on_bags("integer-one-and-only", &[&three]), Err(FunctionError::NotOne { size: 3 }));
    assert_eq!(on_bags("integer-one-and-only", &[&empty]), Err(FunctionError::NotOne { size: 0 }));
}

#[test]
fn an_argument_of_another_type_is_an_error_not_a_crash() {
    for data_type in DataType::ALL {
        let name = format!("{data_type}-bag-size");
        let function = Function::from_name(&name).expect("a function");
        assert_eq!(function.apply(&[]), Err(FunctionError::Mismatch), "{name}");
        assert_eq!(
            function.apply(&[Operand::Value(&Value::Boolean(true))]),
            Err(FunctionError::Mismatch),
            "{name}"
        );
    }
}

#[test]
fn every_function_writes_the_name_it_is_read_from() {
    for name in [
        "string-equal",
        "string-equal-ignore-case",
        "integer-mod",
        "double-to-integer",
        "and",
        "n-of",
        "date-less-than-or-equal",
        "time-in-range",
        "dateTime-add-dayTimeDuration",
        "anyURI-contains",
        "dnsName-bag",
        "x500Name-union",
        "any-of-any",
        "ipAddress-regexp-match",
        "rfc822Name-match",
        "string-from-ipAddress",
        "date-from-string",
    ] {
        let function = Function::from_name(name).unwrap_or_else(|| panic!("no function {name}"));
        assert_eq!(function.to_string(), name);
    }
}

#[test]
fn unknown_and_unsupported_functions_are_told_apart() {
    let read = |id: &str| Function::from_id(id).map(|function| function.to_string());
    assert_eq!(
        read("urn:oasis:names:tc:xacml:3.0:function:access-permitted"),
        Err(Unavailable::Unsupported)
    );
    for id in [
        "string-equal",
        "urn:oasis:names:tc:xacml:4.0:function:string-equal",
        "urn:oasis:names:tc:xacml:1.0:function:string-equals",
        "urn:oasis:names:tc:xacml:1.0:function:ipAddress-equal",
        "urn:oasis:names:tc:xacml:1.0:function:boolean-greater-than",
        "urn:oasis:names:tc:xacml:1.0:function:",
        "",
    ] {
        assert_eq!(read(id), Err(Unavailable::Unknown), "{id}");
    }
}
