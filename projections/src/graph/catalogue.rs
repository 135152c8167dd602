//! Roles, packages and what follows from roles.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Bound,
    sync::Arc,
};

use fullmakt_events::{
    PackageUrn, Position, RoleUrn, StreamName,
    event::{AccessPackage, Catalogue, CatalogueEvent, Role, RolePackage},
};

use super::{AccessGraph, Provenance};

/// The catalogues, each in its newest version.
#[derive(Debug, Clone, Default)]
pub struct CatalogueNode {
    roles: HashMap<RoleUrn, RoleNode>,
    packages: HashMap<PackageUrn, AccessPackage>,
    /// The entities by type and identifier. Shared, since they may be many.
    entities: Arc<BTreeMap<String, BTreeMap<String, Properties>>>,
    /// The version of each catalogue and the position that made it so, by name.
    versions: BTreeMap<&'static str, (String, Position)>,
}

/// What is known of an entity.
pub type Properties = serde_json::Map<String, serde_json::Value>;

/// A role, and what follows from it.
#[derive(Debug, Clone, Default)]
pub struct RoleNode {
    /// The role itself; none where only other catalogues name it.
    pub role: Option<Role>,
    /// The roles that a holder has as well.
    pub gets: Vec<RoleUrn>,
    /// The packages that a holder has or may give on.
    pub packages: Vec<RolePackage>,
}

impl CatalogueNode {
    /// A role and what follows from it.
    #[must_use]
    pub fn role(&self, role: &RoleUrn) -> Option<&RoleNode> {
        self.roles.get(role)
    }

    /// An access package.
    #[must_use]
    pub fn package(&self, package: &PackageUrn) -> Option<&AccessPackage> {
        self.packages.get(package)
    }

    /// What is known of an entity; nothing where the installation has none of this type and
    /// identifier.
    #[must_use]
    pub fn entity(&self, kind: &str, id: &str) -> Option<&Properties> {
        self.entities.get(kind)?.get(id)
    }

    /// The identifiers of the entities of a type after this one, in their order.
    pub fn entities_after<'a>(
        &'a self,
        kind: &str,
        after: Option<&str>,
    ) -> impl Iterator<Item = &'a str> + use<'a> {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let of_kind = self.entities.get(kind);
        let range = of_kind.map(|entities| entities.range::<str, _>((start, Bound::Unbounded)));
        range.into_iter().flatten().map(|(id, _)| id.as_str())
    }

    /// The hash of each catalogue's version, by name.
    pub fn versions(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.versions.iter().map(|(name, (hash, _))| (*name, hash.as_str()))
    }

    /// Where a catalogue stands in the ledger, if it was published.
    #[must_use]
    pub fn provenance(&self, name: &'static str) -> Option<Provenance> {
        let (_, since) = self.versions.get(name)?;
        Some(Provenance { stream: StreamName::catalogue(name), since: *since })
    }
}

pub(super) fn fold(graph: &mut AccessGraph, event: &CatalogueEvent, at: Position) {
    let CatalogueEvent::Published(published) = event;
    let node = Arc::make_mut(&mut graph.catalogue);
    let name = published.content.name();
    if node.versions.get(name).is_some_and(|(hash, _)| *hash == published.hash) {
        // The same version again.
        return;
    }
    node.versions.insert(name, (published.hash.clone(), at));
    match &published.content {
        Catalogue::Roles(roles) => {
            node.roles.values_mut().for_each(|known| known.role = None);
            for role in roles {
                node.roles.entry(role.urn.clone()).or_default().role = Some(role.clone());
            }
        }
        Catalogue::RoleMap(mappings) => {
            node.roles.values_mut().for_each(|known| known.gets.clear());
            for mapping in mappings {
                let gets = &mut node.roles.entry(mapping.has.clone()).or_default().gets;
                gets.push(mapping.gets.clone());
            }
        }
        Catalogue::RolePackages(packages) => {
            node.roles.values_mut().for_each(|known| known.packages.clear());
            for package in packages {
                let known = node.roles.entry(package.role.clone()).or_default();
                known.packages.push(package.clone());
            }
        }
        Catalogue::AccessPackages(packages) => {
            node.packages =
                packages.iter().map(|package| (package.urn.clone(), package.clone())).collect();
        }
        Catalogue::Entities(entities) => {
            let mut known: BTreeMap<String, BTreeMap<String, Properties>> = BTreeMap::new();
            for entity in entities {
                let of_kind = known.entry(entity.kind.clone()).or_default();
                of_kind.insert(entity.id.clone(), entity.properties.clone());
            }
            node.entities = Arc::new(known);
        }
        // For readers of the metadata; no decision rests on them.
        Catalogue::Areas(_) | Catalogue::EntityVariants(_) => {}
    }
}
