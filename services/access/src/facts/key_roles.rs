//! Acting for an organisation in all that it holds from others: who leads it.

use fullmakt_events::{PartyId, StreamName, event::PartyKind};
use fullmakt_projections::graph::{AccessGraph, PartyNode, Provenance, RoleHeld};

use super::Facts;

/// A participant with shared responsibility does not lead an inter-municipal company.
const SHARED_RESPONSIBILITY: &str = "urn:altinn:external-role:ccr:deltaker-delt-ansvar";
/// The organisation form of inter-municipal companies.
const INTER_MUNICIPAL_COMPANY: &str = "IKS";

/// Whether what `holder` holds is the subject's: because it is the subject, or an organisation that
/// the subject leads. If so, what in the ledger makes it so: nothing where they are the same.
///
/// A holder that the subject does not lead is consulted too: it may be led by the subject later.
pub(super) fn through(
    graph: &AccessGraph,
    subject: PartyId,
    holder: PartyId,
    facts: &mut Facts,
) -> Option<Vec<Provenance>> {
    if holder == subject {
        return Some(Vec::new());
    }
    facts.consulted.insert(StreamName::party(holder));
    let organisation = graph.party(holder)?;
    let since = leads(graph, subject, organisation)?;
    Some(vec![organisation.provenance(since.since)])
}

/// Whether what is given to `receiver` is the subject's: as [`through`], or because the receiver is a
/// sub-unit of an organisation that the subject leads.
pub(super) fn through_or_sub_unit(
    graph: &AccessGraph,
    subject: PartyId,
    receiver: PartyId,
    facts: &mut Facts,
) -> Option<Vec<Provenance>> {
    if let Some(path) = through(graph, subject, receiver, facts) {
        return Some(path);
    }
    let sub_unit = graph.party(receiver).filter(|unit| unit.facts.kind == PartyKind::SubUnit)?;
    let parent = sub_unit.facts.parent?;
    facts.consulted.insert(StreamName::party(parent));
    let organisation = graph.party(parent).filter(|_| !sub_unit.facts.is_deleted)?;
    let since = leads(graph, subject, organisation)?;
    Some(vec![sub_unit.provenance(sub_unit.since), organisation.provenance(since.since)])
}

/// The organisations that the subject leads, and their sub-units.
pub(super) fn led_by(graph: &AccessGraph, subject: PartyId) -> impl Iterator<Item = PartyId> {
    graph
        .parties_of_holder(subject)
        .iter()
        .filter_map(move |party| graph.party(*party))
        .filter(move |organisation| leads(graph, subject, organisation).is_some())
        .flat_map(move |organisation| {
            let own = std::iter::once(organisation.party);
            own.chain(graph.sub_units_of(organisation.party).iter().copied())
        })
}

fn leads<'a>(
    graph: &AccessGraph,
    subject: PartyId,
    organisation: &'a PartyNode,
) -> Option<&'a RoleHeld> {
    let leads = |role: &&RoleHeld| role.holder == subject && is_key_role(graph, organisation, role);
    organisation.roles.iter().find(leads)
}

fn is_key_role(graph: &AccessGraph, organisation: &PartyNode, held: &RoleHeld) -> bool {
    let is_key = graph
        .catalogue()
        .role(&held.role)
        .and_then(|node| node.role.as_ref())
        .is_some_and(|role| role.is_key_role);
    let is_excepted = held.role.as_str() == SHARED_RESPONSIBILITY
        && organisation.facts.variant.as_deref() == Some(INTER_MUNICIPAL_COMPANY);
    is_key && !is_excepted && !organisation.facts.is_deleted
}
