//! Expressions: their elements, their types, their variables.

use std::collections::{HashMap, HashSet};

use super::Loader;
use super::flaw::{Identified, PolicyError, PolicyFlaw};
use crate::functions::{Function, Signature, Type, Unavailable};
use crate::limits::MAX_EXPRESSION;
use crate::model::{Apply, Designator, Expression, Mode, Selector, Variable};
use crate::value::{DataType, Value};
use crate::xml::{Element, XmlFlaw};
use crate::xpath::{XPath, XPathExpression};

/// The variables of a policy: what is written, and what has been read of it.
pub(super) struct Variables<'a, 'input> {
    written: HashMap<&'a str, Element<'a, 'input>>,
    known: HashMap<&'a str, Known>,
    open: HashSet<&'a str>,
    loaded: Vec<Variable>,
}

/// A variable that has been read.
#[derive(Clone, Copy)]
struct Known {
    index: usize,
    returns: Type,
    height: usize,
}

/// An expression and how deep it is once its variables are written out.
struct Measured {
    expression: Expression,
    height: usize,
}

impl<'a, 'input> Variables<'a, 'input> {
    /// The variables among the children of a policy; no name may occur twice.
    pub(super) fn new(children: &[Element<'a, 'input>]) -> Result<Self, PolicyError> {
        let mut variables = Self::none();
        for child in children.iter().filter(|child| child.name() == "VariableDefinition") {
            let id = child.required("VariableId")?;
            if variables.written.insert(id, *child).is_some() {
                let flaw = PolicyFlaw::Duplicate { what: Identified::Variable, id: id.to_owned() };
                return Err(child.at_attribute("VariableId", flaw));
            }
        }
        Ok(variables)
    }

    /// No variables, as in a policy set.
    pub(super) fn none() -> Self {
        Self {
            written: HashMap::new(),
            known: HashMap::new(),
            open: HashSet::new(),
            loaded: Vec::new(),
        }
    }

    /// The variables that have been read, each after those it depends on.
    pub(super) fn into_loaded(self) -> Vec<Variable> {
        self.loaded
    }

    /// Reads a definition, unless a reference has had it read already.
    pub(super) fn define(
        &mut self,
        loader: &Loader<'_>,
        element: Element<'a, 'input>,
    ) -> Result<(), PolicyError> {
        self.variable(loader, element.required("VariableId")?, element, 0).map(|_| ())
    }

    /// Reads an expression at a depth.
    pub(super) fn expression(
        &mut self,
        loader: &Loader<'_>,
        element: Element<'_, '_>,
        depth: usize,
    ) -> Result<Expression, PolicyError> {
        self.measured(loader, element, depth).map(|measured| measured.expression)
    }

    fn measured(
        &mut self,
        loader: &Loader<'_>,
        element: Element<'_, '_>,
        depth: usize,
    ) -> Result<Measured, PolicyError> {
        if depth >= MAX_EXPRESSION {
            return Err(element.at(PolicyFlaw::TooDeep(MAX_EXPRESSION)));
        }
        let leaf = |expression| Measured { expression, height: 1 };
        match element.name() {
            "AttributeValue" => Ok(leaf(Expression::Value(literal(element, loader)?))),
            "AttributeDesignator" => {
                Ok(leaf(Expression::Designator(designator(element, loader.mode)?)))
            }
            "Function" => Ok(leaf(Expression::Function(function(element, "FunctionId")?))),
            "Apply" => self.apply(loader, element, depth),
            "VariableReference" => {
                let id = element.required("VariableId")?;
                let known = self.referenced(loader, element, id, depth)?;
                if depth + known.height > MAX_EXPRESSION {
                    return Err(element.at(PolicyFlaw::TooDeep(MAX_EXPRESSION)));
                }
                let expression =
                    Expression::Variable { index: known.index, returns: known.returns };
                Ok(Measured { expression, height: known.height + 1 })
            }
            "AttributeSelector" => Ok(leaf(Expression::Selector(selector(element, loader)?))),
            _ => Err(element.unexpected().into()),
        }
    }

    fn referenced(
        &mut self,
        loader: &Loader<'_>,
        element: Element<'_, '_>,
        id: &str,
        depth: usize,
    ) -> Result<Known, PolicyError> {
        let Some((id, definition)) = self.written.get_key_value(id) else {
            let flaw = PolicyFlaw::UnknownVariable(id.to_owned());
            return Err(element.at_attribute("VariableId", flaw));
        };
        let (id, definition) = (*id, *definition);
        if self.open.contains(id) {
            let flaw = PolicyFlaw::CircularVariable(id.to_owned());
            return Err(element.at_attribute("VariableId", flaw));
        }
        self.variable(loader, id, definition, depth + 1)
    }

    fn variable(
        &mut self,
        loader: &Loader<'_>,
        id: &'a str,
        element: Element<'a, 'input>,
        depth: usize,
    ) -> Result<Known, PolicyError> {
        if let Some(known) = self.known.get(id) {
            return Ok(*known);
        }
        let children = element.children()?;
        let [child] = children.as_slice() else {
            return Err(element.at(XmlFlaw::MissingElement("Expression")).into());
        };
        self.open.insert(id);
        let measured = self.measured(loader, *child, depth)?;
        self.open.remove(id);
        let returns =
            measured.expression.returns().ok_or_else(|| child.at(PolicyFlaw::MisplacedFunction))?;
        let known = Known { index: self.loaded.len(), returns, height: measured.height };
        self.known.insert(id, known);
        self.loaded.push(Variable { id: id.to_owned(), expression: measured.expression, returns });
        Ok(known)
    }

    fn apply(
        &mut self,
        loader: &Loader<'_>,
        element: Element<'_, '_>,
        depth: usize,
    ) -> Result<Measured, PolicyError> {
        let function = function(element, "FunctionId")?;
        let mut arguments = Vec::new();
        let mut height = 0;
        for child in element.children()? {
            if child.name() == "Description" {
                continue;
            }
            let measured = self.measured(loader, child, depth + 1)?;
            height = height.max(measured.height);
            arguments.push((child, measured.expression));
        }
        let returns = returns(element, function, &arguments)?;
        let arguments = arguments.into_iter().map(|(_, argument)| argument).collect();
        let expression = Expression::Apply(Apply { function, arguments, returns });
        Ok(Measured { expression, height: height + 1 })
    }
}

/// The type a function gives for its arguments, or what is wrong with them.
fn returns(
    element: Element<'_, '_>,
    function: Function,
    arguments: &[(Element<'_, '_>, Expression)],
) -> Result<Type, PolicyError> {
    let (applied, arguments) = match (function, arguments.split_first()) {
        (Function::HigherOrder(by), Some(((at, Expression::Function(applied)), rest))) => {
            (Some((by, *at, *applied)), rest)
        }
        (Function::HigherOrder(_), _) => return Err(element.at(PolicyFlaw::MisplacedFunction)),
        _ => (None, arguments),
    };
    let types = arguments
        .iter()
        .map(|(at, argument)| match argument.returns() {
            Some(found) => Ok((*at, found)),
            None => Err(at.at(PolicyFlaw::MisplacedFunction)),
        })
        .collect::<Result<Vec<_>, _>>()?;
    if let Some((by, at, applied)) = applied {
        let types: Vec<_> = types.into_iter().map(|(_, found)| found).collect();
        return by.returns(applied, &types).ok_or_else(|| {
            at.at(PolicyFlaw::WrongApplication {
                function: applied.to_string(),
                by: function.to_string(),
            })
        });
    }
    let Some(signature) = function.signature() else {
        return Err(element.at(PolicyFlaw::MisplacedFunction));
    };
    if !signature.takes(types.len()) {
        return Err(element.at(PolicyFlaw::WrongNumberOfArguments {
            function: function.to_string(),
            count: types.len(),
        }));
    }
    check(function, &signature, &types)?;
    Ok(signature.returns)
}

/// Refuses arguments of other types than the function takes.
pub(super) fn check(
    function: Function,
    signature: &Signature,
    arguments: &[(Element<'_, '_>, Type)],
) -> Result<(), PolicyError> {
    for (at, (element, found)) in arguments.iter().enumerate() {
        if let Some(expected) = signature.argument(at)
            && expected != *found
        {
            return Err(element.at(PolicyFlaw::WrongArgument {
                function: function.to_string(),
                position: at + 1,
                expected,
                found: *found,
            }));
        }
    }
    Ok(())
}

/// The function an attribute names.
pub(super) fn function(
    element: Element<'_, '_>,
    attribute: &'static str,
) -> Result<Function, PolicyError> {
    let id = element.required(attribute)?;
    Function::from_id(id.trim()).map_err(|unavailable| {
        let flaw = match unavailable {
            Unavailable::Unsupported => PolicyFlaw::UnsupportedFunction(id.to_owned()),
            Unavailable::Unknown => PolicyFlaw::UnknownFunction(id.to_owned()),
        };
        element.at_attribute(attribute, flaw)
    })
}

/// A literal of the data type it names.
pub(super) fn literal(element: Element<'_, '_>, loader: &Loader<'_>) -> Result<Value, PolicyError> {
    let data_type = data_type(element)?;
    if data_type == DataType::XPathExpression {
        return Ok(Value::from(XPathExpression {
            category: element.required("XPathCategory")?.to_owned(),
            path: path(element, &element.text()?, loader)?,
        }));
    }
    Value::parse(data_type, &element.text()?)
        .map_err(|error| element.at(PolicyFlaw::Literal(error)))
}

/// A designator. The standard requires `MustBePresent`; Altinn's engine takes its absence for
/// false.
pub(super) fn designator(element: Element<'_, '_>, mode: Mode) -> Result<Designator, PolicyError> {
    let must_be_present = match (element.boolean("MustBePresent")?, mode) {
        (Some(must), _) => must,
        (None, Mode::Altinn) => false,
        (None, Mode::Strict) => {
            return Err(element.at(XmlFlaw::MissingAttribute("MustBePresent")).into());
        }
    };
    Ok(Designator {
        category: element.required("Category")?.to_owned(),
        id: element.required("AttributeId")?.to_owned(),
        data_type: data_type(element)?,
        issuer: element.attribute("Issuer").map(str::to_owned),
        must_be_present,
    })
}

/// A selector. What it selects are texts, which make no XPath expressions.
pub(super) fn selector(
    element: Element<'_, '_>,
    loader: &Loader<'_>,
) -> Result<Selector, PolicyError> {
    let data_type = data_type(element)?;
    if data_type == DataType::XPathExpression {
        return Err(element.bad_attribute("DataType").into());
    }
    let must_be_present = element
        .boolean("MustBePresent")?
        .ok_or_else(|| element.at(XmlFlaw::MissingAttribute("MustBePresent")))?;
    Ok(Selector {
        category: element.required("Category")?.to_owned(),
        path: path(element, element.required("Path")?, loader)?,
        data_type,
        context_selector_id: element.attribute("ContextSelectorId").map(str::to_owned),
        must_be_present,
    })
}

/// An XPath expression in the namespaces in scope.
fn path(element: Element<'_, '_>, text: &str, loader: &Loader<'_>) -> Result<XPath, PolicyError> {
    if let Some(version) = &loader.other_xpath {
        return Err(element.at(PolicyFlaw::XPathVersion(version.clone())));
    }
    XPath::new(text, element.prefixes()).map_err(|flaw| element.at(PolicyFlaw::Path(flaw)))
}

fn data_type(element: Element<'_, '_>) -> Result<DataType, PolicyError> {
    let id = element.required("DataType")?;
    DataType::from_id(id.trim())
        .ok_or_else(|| element.at_attribute("DataType", PolicyFlaw::UnknownDataType(id.to_owned())))
}
