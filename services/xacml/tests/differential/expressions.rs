//! Expressions and targets: valid ones, since others are refused when they are loaded.

use fullmakt_xacml::functions::{
    Arithmetic, BagFunction, Function, HigherOrder, Logical, Order, SetFunction, Type,
};
use fullmakt_xacml::model::{
    AllOf, AnyOf, Apply, Designator, Expression, Lookup, Match, Selector, Target,
};
use fullmakt_xacml::{DataType, Value, XPath};
use proptest::prelude::*;

use super::requests::{category, data_type, id, issuer, value};

const BOOLEAN: Type = Type::Single(DataType::Boolean);

pub fn designator(data_type: DataType) -> impl Strategy<Value = Designator> {
    (category(), id(), issuer(), prop::bool::weighted(0.3)).prop_map(
        move |(category, id, issuer, must_be_present)| Designator {
            category,
            id,
            data_type,
            issuer,
            must_be_present,
        },
    )
}

fn selector() -> impl Strategy<Value = Selector> {
    (category(), prop::sample::select(vec!["/r/a", "//b", "count(//a)"]), any::<bool>()).prop_map(
        |(category, path, must_be_present)| Selector {
            category,
            path: XPath::new(path, Vec::new()).expect("a path"),
            data_type: DataType::String,
            context_selector_id: None,
            must_be_present,
        },
    )
}

fn matched() -> impl Strategy<Value = Match> {
    let compared = data_type().prop_flat_map(|of| {
        (Just(of), value(of), designator(of), prop::sample::select(functions(of)))
    });
    let by_attribute = compared.prop_map(|(_, value, designator, function)| Match {
        function,
        value,
        lookup: Lookup::Designator(designator),
    });
    let pattern = (prop_oneof![Just("[vw]"), Just("x*"), Just("(")], designator(DataType::String))
        .prop_map(|(pattern, designator)| Match {
            function: Function::Pattern(DataType::String),
            value: Value::from(pattern),
            lookup: Lookup::Designator(designator),
        });
    let by_content = (value(DataType::String), selector()).prop_map(|(value, selector)| Match {
        function: Function::Equality(DataType::String),
        value,
        lookup: Lookup::Selector(selector),
    });
    prop_oneof![10 => by_attribute, 1 => pattern, 2 => by_content]
}

fn functions(data_type: DataType) -> Vec<Function> {
    let mut functions = vec![Function::Equality(data_type); 3];
    if data_type == DataType::String {
        functions.push(Function::EqualityIgnoringCase);
    }
    if [DataType::Integer, DataType::Time].contains(&data_type) {
        functions.push(Function::Comparison(Order::Less, data_type));
    }
    functions
}

pub fn target() -> impl Strategy<Value = Target> {
    let all_of = prop::collection::vec(matched(), 1..3).prop_map(|matches| AllOf { matches });
    let any_of = prop::collection::vec(all_of, 1..3).prop_map(|all_of| AnyOf { all_of });
    prop::collection::vec(any_of, 0..3).prop_map(|any_of| Target { any_of })
}

fn apply(function: Function, arguments: Vec<Expression>, returns: Type) -> Expression {
    Expression::Apply(Apply { function, arguments, returns })
}

/// Something that is true or false. Variables are those before the one that it defines, if it does.
pub fn truth(variables: usize) -> BoxedStrategy<Expression> {
    let bag = |of: DataType, values: Vec<Value>| {
        let values = values.into_iter().map(Expression::Value).collect();
        apply(Function::Bag(BagFunction::Bag, of), values, Type::Bag(of))
    };
    let text = || prop_oneof![Just(DataType::String), Just(DataType::AnyUri)];
    let is_in = text().prop_flat_map(|of| (Just(of), value(of), designator(of))).prop_map(
        |(of, value, designator)| {
            let arguments = vec![Expression::Value(value), Expression::Designator(designator)];
            apply(Function::Bag(BagFunction::IsIn, of), arguments, BOOLEAN)
        },
    );
    let overlaps = text()
        .prop_flat_map(|of| {
            (Just(of), prop::collection::vec(value(of), 0..7), designator(of), any::<bool>())
        })
        .prop_map(move |(of, values, designator, swapped)| {
            let mut arguments = vec![Expression::Designator(designator), bag(of, values)];
            if swapped {
                arguments.reverse();
            }
            apply(Function::Set(SetFunction::AtLeastOneMemberOf, of), arguments, BOOLEAN)
        });
    let only = data_type()
        .prop_flat_map(|of| (Just(of), value(of), designator(of), any::<bool>()))
        .prop_map(|(of, value, designator, swapped)| {
            let one_and_only = Function::Bag(BagFunction::OneAndOnly, of);
            let only =
                apply(one_and_only, vec![Expression::Designator(designator)], Type::Single(of));
            let mut arguments = vec![only, Expression::Value(value)];
            if swapped {
                arguments.reverse();
            }
            apply(Function::Equality(of), arguments, BOOLEAN)
        });
    let any_of = data_type()
        .prop_flat_map(|of| {
            let function = prop::sample::select(functions(of));
            let applies = prop_oneof![Just(HigherOrder::AnyOf), Just(HigherOrder::AllOf)];
            (applies, function, value(of), designator(of))
        })
        .prop_map(|(applies, function, value, designator)| {
            let arguments = vec![
                Expression::Function(function),
                Expression::Value(value),
                Expression::Designator(designator),
            ];
            apply(Function::HigherOrder(applies), arguments, BOOLEAN)
        });
    let fails = Just(()).prop_map(|()| {
        let integer = Type::Single(DataType::Integer);
        let zero = || Expression::Value(Value::integer(0));
        let divided = Function::Arithmetic(Arithmetic::IntegerDivide);
        let arguments = vec![apply(divided, vec![zero(), zero()], integer), zero()];
        apply(Function::Equality(DataType::Integer), arguments, BOOLEAN)
    });
    let literal = any::<bool>().prop_map(|truth| Expression::Value(Value::from(truth)));
    let mut leaves = vec![
        is_in.boxed(),
        overlaps.boxed(),
        only.boxed(),
        any_of.boxed(),
        fails.boxed(),
        literal.boxed(),
    ];
    if variables > 0 {
        let variable =
            (0..variables).prop_map(|index| Expression::Variable { index, returns: BOOLEAN });
        leaves.push(variable.boxed());
    }
    let leaf = prop::strategy::Union::new(leaves);
    leaf.prop_recursive(2, 8, 3, |inner| {
        let logical = prop_oneof![Just(Logical::And), Just(Logical::Or), Just(Logical::Not)];
        (logical, prop::collection::vec(inner, 0..3)).prop_map(|(function, mut arguments)| {
            if function == Logical::Not {
                arguments.truncate(1);
                if arguments.is_empty() {
                    arguments.push(Expression::Value(Value::from(true)));
                }
            }
            apply(Function::Logical(function), arguments, BOOLEAN)
        })
    })
    .boxed()
}
