//! Explanations in words, one thing a line, indented by how deep it is.

use std::fmt;

use super::{Explained, ExplainedLookup, ExplainedMatch, Explanation, Judgement, Sought};
use crate::response::ExtendedDecision;
use crate::value::Value;

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(root) = &self.root {
            explained(root, 0, f)?;
        }
        if self.is_cut {
            writeln!(f, "… and more than is told")?;
        }
        Ok(())
    }
}

fn explained(what: &Explained, depth: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (kind, id) = (what.kind.name(), &what.id);
    let version =
        what.version.as_ref().map_or(String::new(), |version| format!(" version {version}"));
    line(f, depth, format_args!("{}: {kind} `{id}`{version}", decision(what.decision)))?;
    let within = depth + 1;
    if let Some(judgement) = &what.target {
        line(f, within, format_args!("target {}", verdict(judgement)))?;
    }
    for compared in &what.matches {
        line(f, within + 1, format_args!("{}", Comparison(compared)))?;
    }
    if let Some(judgement) = &what.condition {
        line(f, within, format_args!("condition {}", verdict(judgement)))?;
    }
    for lookup in &what.lookups {
        line(f, within, format_args!("{}", Found(lookup)))?;
    }
    if let Some(error) = &what.error {
        line(f, within, format_args!("error: {error}"))?;
    }
    what.children.iter().try_for_each(|child| explained(child, within, f))
}

/// A line. What policies and requests say may have line breaks, which would look like lines of ours.
fn line(f: &mut fmt::Formatter<'_>, depth: usize, text: fmt::Arguments<'_>) -> fmt::Result {
    let text = text.to_string().replace(|character: char| character.is_control(), " ");
    writeln!(f, "{:indent$}{text}", "", indent = depth * 2)
}

/// A decision in the standard's notation.
pub(super) const fn decision(decision: ExtendedDecision) -> &'static str {
    match decision {
        ExtendedDecision::Permit => "Permit",
        ExtendedDecision::Deny => "Deny",
        ExtendedDecision::NotApplicable => "NotApplicable",
        ExtendedDecision::IndeterminateD => "Indeterminate{D}",
        ExtendedDecision::IndeterminateP => "Indeterminate{P}",
        ExtendedDecision::IndeterminateDP => "Indeterminate{DP}",
    }
}

fn verdict(judgement: &Judgement) -> String {
    match judgement {
        Judgement::Holds => "holds".to_owned(),
        Judgement::Fails => "does not hold".to_owned(),
        Judgement::Unknown(reason) => format!("cannot be told: {reason}"),
    }
}

struct Comparison<'a>(&'a ExplainedMatch);

impl fmt::Display for Comparison<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(compared) = self;
        let (function, literal) = (compared.function, &compared.literal);
        write!(
            f,
            "{function} of `{literal}` and {} {}",
            Name(&compared.sought),
            verdict(&compared.judgement)
        )?;
        match &compared.by {
            Some(value) => write!(f, " by `{value}`"),
            None => Ok(()),
        }
    }
}

struct Found<'a>(&'a ExplainedLookup);

impl fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(lookup) = self;
        let name = Name(&lookup.sought);
        if lookup.is_missing {
            return write!(f, "missing: {name}");
        }
        if lookup.values.is_empty() {
            return write!(f, "not there: {name}");
        }
        let values: Vec<_> =
            lookup.values.iter().map(|value: &Value| format!("`{value}`")).collect();
        write!(f, "{name} is {}, from the {}", values.join(", "), lookup.origin.name())
    }
}

struct Name<'a>(&'a Sought);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(sought) = self;
        let what = if sought.is_path { "content" } else { "attribute" };
        write!(f, "{what} `{}` of category `{}`", sought.name, sought.category)?;
        match &sought.issuer {
            Some(issuer) => write!(f, " by `{issuer}`"),
            None => Ok(()),
        }
    }
}
