//! Functions that apply other functions (annex A.3.12), with the examples of the standard.

use super::*;

fn integers(numbers: &[i64]) -> String {
    let values: Vec<_> = numbers.iter().map(|n| value("integer", &n.to_string())).collect();
    apply("integer-bag", &values.concat())
}

fn integer(number: i64) -> String {
    value("integer", &number.to_string())
}

/// What `by` gives when it applies `function` to the arguments; none for an error.
fn applied(by: &str, function: &str, arguments: &[String]) -> Option<bool> {
    let function =
        format!("<Function FunctionId=\"urn:oasis:names:tc:xacml:1.0:function:{function}\"/>");
    let expression = apply(by, &(function + &arguments.concat()));
    let rule = rule("Permit", &format!("<Condition>{expression}</Condition>"));
    match evaluate(&policy("deny-overrides", &format!("<Target/>{rule}")), &read()).decision {
        Decision::Permit => Some(true),
        Decision::NotApplicable => Some(false),
        Decision::Indeterminate | Decision::Deny => None,
    }
}

#[test]
fn a_value_is_compared_with_any_or_all_of_a_bag() {
    let greater = "integer-greater-than";
    for (by, single, bag, expected) in [
        ("any-of", 10, vec![11, 9], true),
        ("any-of", 10, vec![11, 12], false),
        ("any-of", 10, vec![], false),
        ("all-of", 10, vec![9, 3, 4, 2], true),
        ("all-of", 10, vec![9, 11], false),
        ("all-of", 10, vec![], true),
    ] {
        let found = applied(by, greater, &[integer(single), integers(&bag)]);
        assert_eq!(found, Some(expected), "{by} {single} {bag:?}");
    }
    // The bag may come first, and then is the first argument.
    assert_eq!(applied("any-of", greater, &[integers(&[11, 9]), integer(10)]), Some(true));
    assert_eq!(applied("all-of", greater, &[integers(&[11, 9]), integer(10)]), Some(false));
}

/// Which bag is quantified how decides; `any-of-all` asks for all of the second bag.
#[test]
fn two_bags_are_compared_as_the_standard_says() {
    let (equal, greater) = ("integer-equal", "integer-greater-than");
    for (by, function, first, second, expected) in [
        ("any-of-any", equal, vec![1, 2], vec![2, 3], true),
        ("any-of-any", equal, vec![1, 2], vec![3, 4], false),
        ("any-of-any", equal, vec![], vec![3, 4], false),
        ("all-of-any", greater, vec![10, 20], vec![1, 3, 5, 19], true),
        ("all-of-any", greater, vec![10, 1], vec![1, 3, 5, 19], false),
        ("all-of-any", equal, vec![1, 2], vec![2, 1], true),
        ("all-of-any", equal, vec![1, 2], vec![1], false),
        ("all-of-any", equal, vec![], vec![1], true),
        ("all-of-any", equal, vec![1], vec![], false),
        ("any-of-all", greater, vec![3, 5], vec![1, 2, 3, 4], true),
        ("any-of-all", greater, vec![3, 4], vec![1, 2, 3, 4], false),
        ("any-of-all", equal, vec![1, 2], vec![2, 1], true),
        ("any-of-all", equal, vec![1, 2], vec![1, 3], false),
        ("any-of-all", equal, vec![1], vec![], true),
        ("any-of-all", equal, vec![], vec![], true),
        ("any-of-all", equal, vec![], vec![1], false),
        ("all-of-all", greater, vec![6, 5], vec![1, 2, 3, 4], true),
        ("all-of-all", greater, vec![6, 4], vec![1, 2, 3, 4], false),
        ("all-of-all", greater, vec![], vec![1], true),
    ] {
        let found = applied(by, function, &[integers(&first), integers(&second)]);
        assert_eq!(found, Some(expected), "{by} {function} {first:?} {second:?}");
    }
}

#[test]
fn any_of_any_takes_any_number_of_bags_and_values() {
    let sums = |arguments: &[String]| applied("any-of-any", "integer-equal", arguments);
    assert_eq!(sums(&[integer(1), integer(1)]), Some(true));
    assert_eq!(sums(&[integer(1), integers(&[2, 1])]), Some(true));
    let truths = apply("boolean-bag", &(value("boolean", "false") + &value("boolean", "true")));
    let three = [truths.clone(), truths.clone(), truths];
    assert_eq!(applied("any-of-any", "and", &three), Some(true));
}

#[test]
fn a_bag_is_mapped_value_by_value() {
    let mapped = |function: &str, bag: &str| {
        let function =
            format!("<Function FunctionId=\"urn:oasis:names:tc:xacml:1.0:function:{function}\"/>");
        apply("map", &(function + bag))
    };
    let strings = |texts: &[&str]| {
        let values: Vec<_> = texts.iter().map(|text| value("string", text)).collect();
        apply("string-bag", &values.concat())
    };
    let holds = |expression: &str| {
        let rule = rule("Permit", &format!("<Condition>{expression}</Condition>"));
        evaluate(&policy("deny-overrides", &format!("<Target/>{rule}")), &read()).decision
    };
    let lower = mapped("string-normalize-to-lower-case", &strings(&["Hello", "World"]));
    let same = apply("string-set-equals", &(lower + &strings(&["hello", "world"])));
    assert_eq!(holds(&same), Decision::Permit);
    let numbers = mapped("integer-from-string", &strings(&["1", "2", "2"]));
    let size = apply("integer-bag-size", &numbers);
    assert_eq!(holds(&apply("integer-equal", &(size + &integer(3)))), Decision::Permit);
    let broken = mapped("integer-from-string", &strings(&["1", "two"]));
    let size = apply("integer-bag-size", &broken);
    assert_eq!(holds(&apply("integer-equal", &(size + &integer(2)))), Decision::Indeterminate);
}

#[test]
fn an_error_matters_only_if_nothing_else_decides() {
    // One over nothing is an error; one over one is greater than nothing.
    let over = |numbers: &[i64]| {
        let function =
            "<Function FunctionId=\"urn:oasis:names:tc:xacml:1.0:function:integer-divide\"/>";
        apply("map", &format!("{function}{}{}", integer(1), integers(numbers)))
    };
    let found = applied("any-of", "integer-less-than", &[integer(0), over(&[1])]);
    assert_eq!(found, Some(true));
    let found = applied("any-of", "integer-less-than", &[integer(0), over(&[1, 0])]);
    assert_eq!(found, None);
}
