//! Targets.

use super::expression::{designator, function, literal, selector};
use super::flaw::{PolicyError, PolicyFlaw};
use super::{Loader, expression};
use crate::functions::{BagFunction, Function, Type};
use crate::model::{AllOf, AnyOf, Lookup, Match, Mode, Target};
use crate::value::DataType;
use crate::xml::{Element, XmlFlaw};

impl Loader<'_> {
    /// Reads a target.
    pub(super) fn target(&self, element: Element<'_, '_>) -> Result<Target, PolicyError> {
        let any_of = element
            .children()?
            .into_iter()
            .map(|any_of| {
                any_of.expect("AnyOf")?;
                let all_of = any_of.children()?.into_iter().map(|all_of| self.all_of(all_of));
                let all_of = all_of.collect::<Result<Vec<_>, _>>()?;
                if all_of.is_empty() {
                    return Err(any_of.at(XmlFlaw::MissingElement("AllOf")).into());
                }
                Ok(AnyOf { all_of })
            })
            .collect::<Result<Vec<_>, PolicyError>>()?;
        Ok(Target { any_of })
    }

    fn all_of(&self, element: Element<'_, '_>) -> Result<AllOf, PolicyError> {
        element.expect("AllOf")?;
        let matches = element.children()?.into_iter().map(|matched| self.matched(matched));
        let matches = matches.collect::<Result<Vec<_>, _>>()?;
        if matches.is_empty() {
            return Err(element.at(XmlFlaw::MissingElement("Match")).into());
        }
        Ok(AllOf { matches })
    }

    fn matched(&self, element: Element<'_, '_>) -> Result<Match, PolicyError> {
        element.expect("Match")?;
        let function = comparison(function(element, "MatchId")?, self.mode);
        let (mut value, mut found) = (None, None);
        for child in element.children()? {
            match child.name() {
                "AttributeValue" => value = Some((child, literal(child, self)?)),
                "AttributeDesignator" => {
                    let designator = designator(child, self.mode)?;
                    found = Some((child, Lookup::Designator(designator)));
                }
                "AttributeSelector" => {
                    found = Some((child, Lookup::Selector(selector(child, self)?)));
                }
                _ => return Err(child.unexpected().into()),
            }
        }
        let (value_at, value) =
            value.ok_or_else(|| element.at(XmlFlaw::MissingElement("AttributeValue")))?;
        let (found_at, lookup) =
            found.ok_or_else(|| element.at(XmlFlaw::MissingElement("AttributeDesignator")))?;
        let not_comparing =
            || element.at_attribute("MatchId", PolicyFlaw::NotAComparison(function.to_string()));
        let signature = function.signature().ok_or_else(not_comparing)?;
        if !signature.takes(2) || signature.returns != Type::Single(DataType::Boolean) {
            return Err(not_comparing());
        }
        // A match compares the literal with every single value of the bag.
        let types = [
            (value_at, Type::Single(value.data_type())),
            (found_at, Type::Single(lookup.data_type())),
        ];
        expression::check(function, &signature, &types)?;
        Ok(Match { function, value, lookup })
    }
}

/// Altinn's engine reads these functions on bags as equality when they stand in a match.
fn comparison(function: Function, mode: Mode) -> Function {
    match (function, mode) {
        (Function::Bag(BagFunction::IsIn | BagFunction::OneAndOnly, data_type), Mode::Altinn) => {
            Function::Equality(data_type)
        }
        _ => function,
    }
}
