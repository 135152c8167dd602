//! Parties as the wire contract writes them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use fullmakt_events::{PartyId, event::PartyKind};
use fullmakt_http::{Problem, ProblemType};
use fullmakt_projections::graph::{AccessGraph, PartyNode};
use fullmakt_vault::{Name, Vault, VaultError};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A party.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PartyBody {
    #[schema(example = 50_010_022)]
    party_id: u32,
    party_uuid: Uuid,
    /// 1 for a person, 2 for a unit.
    #[schema(example = 2)]
    party_type_name: u8,
    /// Empty for a person.
    #[schema(example = "310010022")]
    org_number: String,
    ssn: Option<String>,
    #[schema(example = "AS")]
    unit_type: Option<String>,
    #[schema(example = "Fjordtorg AS")]
    name: Option<String>,
    is_deleted: bool,
    /// Whether it is shown for its sub-units only.
    only_hierarchy_element_with_no_access: bool,
    /// Always null.
    #[schema(value_type = Option<Object>)]
    person: Option<()>,
    /// Always null.
    #[schema(value_type = Option<Object>)]
    organization: Option<()>,
    /// The sub-units, if there are any.
    #[schema(no_recursion, example = json!([]))]
    child_parties: Option<Vec<PartyBody>>,
}

/// What the vault knows of those parties whose names and numbers are kept there.
pub(super) struct Named {
    names: HashMap<PartyId, Name>,
    numbers: HashMap<PartyId, String>,
}

impl Named {
    pub(super) async fn of(
        graph: &AccessGraph,
        vault: &Vault,
        parties: &[PartyId],
    ) -> Result<Self, Problem> {
        let nodes = parties.iter().filter_map(|party| graph.party(*party));
        let nameless = nodes.clone().filter(|node| node.facts.name.is_none());
        let nameless: Vec<PartyId> = nameless.map(|node| node.party).collect();
        let names = vault.names(&nameless).await.map_err(|error| closed(&error))?;
        let mut numbers = HashMap::new();
        for node in nodes.filter(|node| node.facts.kind == PartyKind::Person) {
            let number = vault.number(node.party).await.map_err(|error| closed(&error))?;
            numbers.extend(number.map(|number| (node.party, number.reveal())));
        }
        Ok(Self { names, numbers })
    }
}

/// The parties, with sub-units below their main units. A main unit that is not among them is shown
/// for its sub-units.
pub(super) fn arranged(graph: &AccessGraph, parties: &[PartyId], named: &Named) -> Vec<PartyBody> {
    let mut below: BTreeMap<PartyId, Vec<&PartyNode>> = BTreeMap::new();
    let mut top = BTreeSet::new();
    for node in parties.iter().filter_map(|party| graph.party(*party)) {
        let main_unit = match node.facts.kind {
            PartyKind::SubUnit => node.facts.parent.filter(|parent| graph.party(*parent).is_some()),
            PartyKind::Person | PartyKind::Organization => None,
        };
        if let Some(main_unit) = main_unit {
            below.entry(main_unit).or_default().push(node);
        }
        top.insert(main_unit.unwrap_or(node.party));
    }
    let top = top.iter().filter_map(|party| graph.party(*party));
    top.map(|node| {
        let sub_units = below.get(&node.party).map(|sub_units| {
            sub_units.iter().map(|unit| PartyBody::new(unit, named)).collect::<Vec<_>>()
        });
        PartyBody {
            only_hierarchy_element_with_no_access: parties.binary_search(&node.party).is_err(),
            child_parties: sub_units,
            ..PartyBody::new(node, named)
        }
    })
    .collect()
}

impl PartyBody {
    fn new(node: &PartyNode, named: &Named) -> Self {
        let facts = &node.facts;
        let in_vault = named.names.get(&node.party).map(|name| name.reveal().to_owned());
        Self {
            party_id: node.number.get(),
            party_uuid: node.party.uuid(),
            party_type_name: match facts.kind {
                PartyKind::Person => 1,
                PartyKind::Organization | PartyKind::SubUnit => 2,
            },
            org_number: facts.org_number.map(|org| org.to_string()).unwrap_or_default(),
            ssn: named.numbers.get(&node.party).cloned(),
            unit_type: facts.variant.clone(),
            name: facts.name.clone().or(in_vault),
            is_deleted: facts.is_deleted,
            only_hierarchy_element_with_no_access: false,
            person: None,
            organization: None,
            child_parties: None,
        }
    }
}

fn closed(error: &VaultError) -> Problem {
    let kind = if error.is_temporary() { ProblemType::Unavailable } else { ProblemType::Internal };
    Problem::opaque(kind, error)
}
