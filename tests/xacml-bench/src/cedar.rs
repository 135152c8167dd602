//! Cedar: one policy a resource, the subject's packages as an attribute of its entity.

use std::collections::{HashMap, HashSet};
use std::str::FromStr;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, Request,
    RestrictedExpression,
};

use crate::{Engine, Failed, HELD, NAMED, Question, packages, resource};

/// Policies, parsed.
pub struct Cedar {
    policies: PolicySet,
}

/// A question with its entities.
pub struct Asked<'a> {
    authorizer: Authorizer,
    policies: &'a PolicySet,
    request: Request,
    entities: Entities,
}

impl Cedar {
    /// So many policies.
    pub fn new(policies: usize) -> Result<Self, Failed> {
        let text: String = (0..policies).map(policy).collect();
        Ok(Self { policies: PolicySet::from_str(&text)? })
    }

    /// Makes a question ready.
    pub fn ask(&self, question: Question) -> Result<Asked<'_>, Failed> {
        let principal = EntityUid::from_str("SystemUser::\"one\"")?;
        let action = EntityUid::from_str(&format!("Action::\"{}\"", question.action))?;
        let on = EntityUid::from_str(&format!("Resource::\"{}\"", resource(question.resource)))?;
        let held = packages(question.held, HELD).map(RestrictedExpression::new_string);
        let held = RestrictedExpression::new_set(held.collect::<Vec<_>>());
        let attributes = HashMap::from([("packages".to_owned(), held)]);
        let user = Entity::new(principal.clone(), attributes, HashSet::new())?;
        Ok(Asked {
            authorizer: Authorizer::new(),
            policies: &self.policies,
            request: Request::new(principal, action, on, Context::empty(), None)?,
            entities: Entities::from_entities([user], None)?,
        })
    }
}

impl Engine for Asked<'_> {
    fn is_permitted(&self) -> Result<bool, Failed> {
        let answer = self.authorizer.is_authorized(&self.request, self.policies, &self.entities);
        Ok(answer.decision() == Decision::Allow)
    }
}

fn policy(number: usize) -> String {
    let named: Vec<_> = packages(number, NAMED).map(|package| format!("\"{package}\"")).collect();
    format!(
        "permit(principal, action == Action::\"read\", resource == Resource::\"{}\")\n\
         when {{ principal.packages.containsAny([{}]) }};\n",
        resource(number),
        named.join(", ")
    )
}
