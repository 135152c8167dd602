//! What somebody may give on for a party, as part of what a command rests on.

use std::collections::BTreeMap;

use fullmakt_domain::{
    agreement::{ActionDelegation, DelegationCheck, DelegationRefusal, ResourceDelegation},
    facts::{ResourceFact, ResourceType},
    resource::Resource,
};
use fullmakt_events::{DecisionId, PackageUrn, PartyId, ResourceId, Right, StreamName};
use fullmakt_http::AltinnError;
use fullmakt_ledger::{Attempt, CommandError};
use fullmakt_pep::{AccessRefusal, DelegationQuestion, RightAnswer};
use uuid::Uuid;

use crate::{CommandState, load};

/// Checks what `giver` may give on for `party`, of these rights and packages. All that the check
/// rests on becomes part of what the command rests on.
pub(crate) async fn check(
    state: &CommandState,
    attempt: &mut Attempt,
    (giver, party): (PartyId, PartyId),
    (rights, packages): (&[Right], &[PackageUrn]),
) -> Result<DelegationCheck, CommandError<AltinnError>> {
    let ids = rights.iter().filter_map(|right| right.resource_id()?.parse().ok());
    let resources: Vec<ResourceId> = ids.collect();
    let question = DelegationQuestion {
        giver,
        party,
        resources,
        packages: packages.to_vec(),
        ask_id: DecisionId::new(Uuid::now_v7()),
    };
    let answer = state.delegations.check(question).await.map_err(|error| {
        CommandError::Refused(AltinnError::from(AccessRefusal::Undecided(error)))
    })?;
    attempt.consult(answer.position, answer.streams);
    let mut check = DelegationCheck::default();
    for (resource, right) in answer.rights {
        let state: Resource = load::state(attempt, StreamName::resource(&resource)).await?;
        let fact = state.definition().and_then(ResourceFact::of);
        check.resources.insert(resource.to_string(), delegation(fact, right));
    }
    let may = answer.packages.into_iter().filter(|(_, is_delegable)| *is_delegable);
    check.packages.extend(may.map(|(package, _)| package));
    Ok(check)
}

fn delegation(fact: Option<ResourceFact>, right: RightAnswer) -> ResourceDelegation {
    let refused = ResourceDelegation::Refused;
    match fact {
        None => return refused(DelegationRefusal::Unknown),
        Some(ResourceFact { resource_type: ResourceType::MaskinportenSchema, .. }) => {
            return refused(DelegationRefusal::ResourceIsMaskinportenSchema);
        }
        Some(ResourceFact { is_delegable: false, .. }) => {
            return refused(DelegationRefusal::ResourceNotDelegable);
        }
        Some(_) => {}
    }
    match right {
        RightAnswer::NoPolicy => refused(DelegationRefusal::Unknown),
        RightAnswer::Actions { actions, names_packages } => {
            let missing = if names_packages {
                DelegationRefusal::MissingPackageAccess
            } else {
                DelegationRefusal::MissingRoleAccess
            };
            let each = |(action, is_delegable)| {
                let delegation = if is_delegable {
                    ActionDelegation::Delegable
                } else {
                    ActionDelegation::Refused(missing)
                };
                (action, delegation)
            };
            ResourceDelegation::Actions(actions.into_iter().map(each).collect::<BTreeMap<_, _>>())
        }
    }
}
