//! The combining algorithms and their identifiers (annex C).

/// How the decisions of rules or policies are made into one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CombiningAlgorithm {
    /// `deny-overrides` and `ordered-deny-overrides` of version 3.0 (C.2, C.3).
    DenyOverrides,
    /// `permit-overrides` and `ordered-permit-overrides` of version 3.0 (C.4, C.5).
    PermitOverrides,
    /// `deny-unless-permit` (C.6).
    DenyUnlessPermit,
    /// `permit-unless-deny` (C.7).
    PermitUnlessDeny,
    /// `first-applicable` (C.8).
    FirstApplicable,
    /// `only-one-applicable` (C.9), for policies only.
    OnlyOneApplicable,
    /// `deny-overrides` for rules before version 3.0, ordered or not (C.10, C.12).
    LegacyRuleDenyOverrides,
    /// `permit-overrides` for rules before version 3.0, ordered or not (C.14, C.16).
    LegacyRulePermitOverrides,
    /// `deny-overrides` for policies before version 3.0, ordered or not (C.11, C.13).
    LegacyPolicyDenyOverrides,
    /// `permit-overrides` for policies before version 3.0, ordered or not (C.15, C.17).
    LegacyPolicyPermitOverrides,
    /// `on-permit-apply-second` (Additional Combining Algorithms profile), for policies only.
    OnPermitApplySecond,
}

/// What an algorithm's identifier says it combines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Combines {
    /// Rules.
    Rules,
    /// Policies and policy sets.
    Policies,
}

impl CombiningAlgorithm {
    /// The algorithm with an identifier, and what it is said to combine.
    pub(crate) fn from_id(id: &str) -> Option<(Self, Combines)> {
        let (version, name) = id.strip_prefix("urn:oasis:names:tc:xacml:")?.split_once(':')?;
        let (combines, name) = match name.strip_prefix("rule-combining-algorithm:") {
            Some(name) => (Combines::Rules, name),
            None => (Combines::Policies, name.strip_prefix("policy-combining-algorithm:")?),
        };
        let algorithm = match (version, name, combines) {
            ("3.0", "deny-overrides" | "ordered-deny-overrides", _) => Self::DenyOverrides,
            ("3.0", "permit-overrides" | "ordered-permit-overrides", _) => Self::PermitOverrides,
            ("3.0", "deny-unless-permit", _) => Self::DenyUnlessPermit,
            ("3.0", "permit-unless-deny", _) => Self::PermitUnlessDeny,
            ("1.0" | "3.0", "first-applicable", _) => Self::FirstApplicable,
            ("1.0" | "3.0", "only-one-applicable", Combines::Policies) => Self::OnlyOneApplicable,
            ("3.0", "on-permit-apply-second", Combines::Policies) => Self::OnPermitApplySecond,
            ("1.0", "deny-overrides", Combines::Rules)
            | ("1.1", "ordered-deny-overrides", Combines::Rules) => Self::LegacyRuleDenyOverrides,
            ("1.0", "permit-overrides", Combines::Rules)
            | ("1.1", "ordered-permit-overrides", Combines::Rules) => {
                Self::LegacyRulePermitOverrides
            }
            ("1.0", "deny-overrides", Combines::Policies)
            | ("1.1", "ordered-deny-overrides", Combines::Policies) => {
                Self::LegacyPolicyDenyOverrides
            }
            ("1.0", "permit-overrides", Combines::Policies)
            | ("1.1", "ordered-permit-overrides", Combines::Policies) => {
                Self::LegacyPolicyPermitOverrides
            }
            _ => return None,
        };
        Some((algorithm, combines))
    }

    /// The algorithm that does for rules what this one does for policies, if any does.
    pub(crate) const fn for_rules(self) -> Option<Self> {
        match self {
            Self::OnlyOneApplicable | Self::OnPermitApplySecond => None,
            Self::LegacyPolicyDenyOverrides => Some(Self::LegacyRuleDenyOverrides),
            Self::LegacyPolicyPermitOverrides => Some(Self::LegacyRulePermitOverrides),
            Self::DenyOverrides
            | Self::PermitOverrides
            | Self::DenyUnlessPermit
            | Self::PermitUnlessDeny
            | Self::FirstApplicable
            | Self::LegacyRuleDenyOverrides
            | Self::LegacyRulePermitOverrides => Some(self),
        }
    }
}
