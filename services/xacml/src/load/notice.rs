//! Obligation and advice expressions.

use super::flaw::{PolicyError, PolicyFlaw};
use super::policy::effect;
use super::{Loader, Variables};
use crate::model::{AssignmentExpression, NoticeExpression, NoticeKind};
use crate::xml::{Element, XmlFlaw};

impl Loader<'_> {
    /// Reads `ObligationExpressions` or `AdviceExpressions`.
    pub(super) fn notices(
        &mut self,
        element: Element<'_, '_>,
        variables: &mut Variables<'_, '_>,
    ) -> Result<Vec<NoticeExpression>, PolicyError> {
        element.children()?.into_iter().map(|child| self.notice(child, variables)).collect()
    }

    fn notice(
        &mut self,
        element: Element<'_, '_>,
        variables: &mut Variables<'_, '_>,
    ) -> Result<NoticeExpression, PolicyError> {
        let (kind, id, applies_to) = match element.name() {
            "ObligationExpression" => (NoticeKind::Obligation, "ObligationId", "FulfillOn"),
            "AdviceExpression" => (NoticeKind::Advice, "AdviceId", "AppliesTo"),
            _ => return Err(element.unexpected().into()),
        };
        let assignments = element
            .children()?
            .into_iter()
            .map(|assignment| self.assignment(assignment, variables))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(NoticeExpression {
            id: element.required(id)?.to_owned(),
            kind,
            applies_to: effect(element, applies_to)?,
            assignments,
        })
    }

    fn assignment(
        &mut self,
        element: Element<'_, '_>,
        variables: &mut Variables<'_, '_>,
    ) -> Result<AssignmentExpression, PolicyError> {
        element.expect("AttributeAssignmentExpression")?;
        let children = element.children()?;
        let [child] = children.as_slice() else {
            return Err(element.at(XmlFlaw::MissingElement("Expression")).into());
        };
        let expression = variables.expression(self, *child, 0)?;
        if expression.returns().is_none() {
            return Err(child.at(PolicyFlaw::MisplacedFunction));
        }
        Ok(AssignmentExpression {
            attribute_id: element.required("AttributeId")?.to_owned(),
            category: element.attribute("Category").map(str::to_owned),
            issuer: element.attribute("Issuer").map(str::to_owned),
            expression,
        })
    }
}
