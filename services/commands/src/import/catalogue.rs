//! The access packages, roles and what follows from roles that this release knows.
//!
//! The files in `catalogue/` are the data. Publishing them is a command: a release with other data
//! publishes a new version, and decisions of the past keep the version they were made with.

use std::collections::BTreeMap;

use fullmakt_events::{
    PackageUrn, RoleUrn,
    event::{
        AccessPackage, Area, Catalogue, CataloguePublished, EntityVariant, Role, RoleMapping,
        RolePackage,
    },
};
use serde::{Deserialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use uuid::Uuid;

const AREAS: &str = include_str!("../../catalogue/areas.csv");
const PACKAGES: &str = include_str!("../../catalogue/packages.csv");
const ROLES: &str = include_str!("../../catalogue/roles.csv");
const ROLE_MAP: &str = include_str!("../../catalogue/role_map.csv");
const ROLE_PACKAGES: &str = include_str!("../../catalogue/role_packages.csv");
const ENTITY_VARIANTS: &str = include_str!("../../catalogue/entity_variants.csv");

/// A catalogue of this release cannot be read: a defect of the release.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// A file is not what it should be.
    #[error("the catalogue `{name}` cannot be read")]
    File {
        /// The file's name.
        name: &'static str,
        /// What is wrong.
        #[source]
        source: csv::Error,
    },
    /// The content has no canonical form.
    #[error("the catalogue `{name}` has no canonical form")]
    Canonical {
        /// The catalogue's name.
        name: &'static str,
        /// What is wrong.
        #[source]
        source: serde_json::Error,
    },
}

/// The catalogues of this release, each with the hash that names its version.
///
/// # Errors
/// When a file of the release is broken.
pub fn catalogues() -> Result<Vec<CataloguePublished>, CatalogueError> {
    [
        Catalogue::Areas(read("areas", AREAS, AreaLine::into_area)?),
        Catalogue::AccessPackages(read("packages", PACKAGES, PackageLine::into_package)?),
        Catalogue::Roles(read("roles", ROLES, RoleLine::into_role)?),
        Catalogue::RoleMap(read("role_map", ROLE_MAP, MappingLine::into_mapping)?),
        Catalogue::RolePackages(read(
            "role_packages",
            ROLE_PACKAGES,
            RolePackageLine::into_role_package,
        )?),
        Catalogue::EntityVariants(read(
            "entity_variants",
            ENTITY_VARIANTS,
            VariantLine::into_variant,
        )?),
    ]
    .into_iter()
    .map(published)
    .collect()
}

/// The roles of the entity register, by its codes in lower case.
///
/// # Errors
/// When a file of the release is broken.
pub fn role_codes() -> Result<BTreeMap<String, RoleUrn>, CatalogueError> {
    let mut codes = BTreeMap::new();
    for catalogue in catalogues()? {
        if let Catalogue::Roles(roles) = catalogue.content {
            let register = "CentralCoordinatingRegister";
            for role in roles.into_iter().filter(|role| role.provider == register) {
                codes.extend(role.legacy_code.map(|code| (code, role.urn)));
            }
        }
    }
    Ok(codes)
}

/// A catalogue with the hash that names its version.
pub(super) fn published(content: Catalogue) -> Result<CataloguePublished, CatalogueError> {
    let canonical = serde_json_canonicalizer::to_vec(&content)
        .map_err(|source| CatalogueError::Canonical { name: content.name(), source })?;
    Ok(CataloguePublished { hash: hex::encode(Sha256::digest(&canonical)), content })
}

fn read<L: DeserializeOwned, T>(
    name: &'static str,
    text: &str,
    into: fn(L) -> T,
) -> Result<Vec<T>, CatalogueError> {
    csv::Reader::from_reader(text.as_bytes())
        .into_deserialize()
        .map(|line| line.map(into).map_err(|source| CatalogueError::File { name, source }))
        .collect()
}

#[derive(Deserialize)]
struct AreaLine {
    area_urn: String,
    name_nb: String,
    name_en: String,
    group: String,
    id: Uuid,
}

impl AreaLine {
    fn into_area(self) -> Area {
        Area {
            id: self.id,
            urn: self.area_urn,
            name_nb: self.name_nb,
            name_en: self.name_en,
            group: self.group,
        }
    }
}

#[derive(Deserialize)]
struct PackageLine {
    urn: String,
    name_nb: String,
    name_en: String,
    area_urn: String,
    is_delegable: bool,
    is_assignable: bool,
    is_available_for_serviceowners: bool,
    entity_type: String,
    package_id: Uuid,
}

impl PackageLine {
    fn into_package(self) -> AccessPackage {
        AccessPackage {
            id: self.package_id,
            urn: PackageUrn::new(self.urn),
            name_nb: self.name_nb,
            name_en: self.name_en,
            area: self.area_urn,
            is_delegable: self.is_delegable,
            is_assignable: self.is_assignable,
            is_available_for_service_owners: self.is_available_for_serviceowners,
            entity_type: self.entity_type,
        }
    }
}

#[derive(Deserialize)]
struct RoleLine {
    urn: String,
    legacy_urn: Option<String>,
    code: String,
    legacy_code: Option<String>,
    name_nb: String,
    name_en: String,
    is_key_role: bool,
    is_assignable: Option<bool>,
    provider: String,
    entity_type: String,
    id: Uuid,
}

impl RoleLine {
    fn into_role(self) -> Role {
        Role {
            id: self.id,
            urn: RoleUrn::new(self.urn),
            legacy_urn: self.legacy_urn.map(RoleUrn::new),
            code: self.code,
            legacy_code: self.legacy_code,
            name_nb: self.name_nb,
            name_en: self.name_en,
            is_key_role: self.is_key_role,
            // Where the source does not say, a party cannot give it.
            is_assignable: self.is_assignable.unwrap_or(false),
            provider: self.provider,
            entity_type: self.entity_type,
        }
    }
}

#[derive(Deserialize)]
struct MappingLine {
    has_role_urn: String,
    gets_role_urn: String,
}

impl MappingLine {
    fn into_mapping(self) -> RoleMapping {
        RoleMapping { has: RoleUrn::new(self.has_role_urn), gets: RoleUrn::new(self.gets_role_urn) }
    }
}

#[derive(Deserialize)]
struct RolePackageLine {
    role_urn: String,
    package_urn: String,
    entity_variant: Option<String>,
    can_delegate: bool,
    has_access: bool,
}

impl RolePackageLine {
    fn into_role_package(self) -> RolePackage {
        RolePackage {
            role: RoleUrn::new(self.role_urn),
            package: PackageUrn::new(self.package_urn),
            entity_variant: self.entity_variant,
            can_delegate: self.can_delegate,
            has_access: self.has_access,
        }
    }
}

#[derive(Deserialize)]
struct VariantLine {
    variant: String,
    #[serde(rename = "type")]
    entity_type: String,
    description_nb: String,
    id: Uuid,
}

impl VariantLine {
    fn into_variant(self) -> EntityVariant {
        EntityVariant {
            id: self.id,
            code: self.variant,
            entity_type: self.entity_type,
            description_nb: self.description_nb,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_catalogues_are_whole_and_refer_to_each_other() {
        let (mut packages, mut roles, mut used) = (HashSet::new(), HashSet::new(), 0);
        let catalogues = catalogues().unwrap();
        for catalogue in &catalogues {
            match &catalogue.content {
                Catalogue::Areas(areas) => assert_eq!(areas.len(), 49),
                Catalogue::EntityVariants(variants) => assert_eq!(variants.len(), 57),
                Catalogue::AccessPackages(content) => {
                    packages.extend(content.iter().map(|package| package.urn.clone()));
                }
                Catalogue::Roles(content) => {
                    for role in content {
                        roles.insert(role.urn.clone());
                        roles.extend(role.legacy_urn.clone());
                    }
                }
                Catalogue::RoleMap(_) | Catalogue::RolePackages(_) | Catalogue::Entities(_) => {}
            }
        }
        assert_eq!(packages.len(), 223);
        for catalogue in &catalogues {
            match &catalogue.content {
                Catalogue::RoleMap(mappings) => {
                    assert_eq!(mappings.len(), 304);
                    for mapping in mappings {
                        assert!(roles.contains(&mapping.has), "{}", mapping.has);
                        assert!(roles.contains(&mapping.gets), "{}", mapping.gets);
                    }
                }
                Catalogue::RolePackages(content) => {
                    used = content.len();
                    for package in content {
                        assert!(packages.contains(&package.package), "{}", package.package);
                        assert!(roles.contains(&package.role), "{}", package.role);
                    }
                }
                Catalogue::Areas(_)
                | Catalogue::EntityVariants(_)
                | Catalogue::AccessPackages(_)
                | Catalogue::Roles(_)
                | Catalogue::Entities(_) => {}
            }
        }
        assert_eq!(used, 1285);
    }

    #[test]
    fn the_same_data_have_the_same_version() {
        let hashes = || -> Vec<String> {
            catalogues().unwrap().into_iter().map(|catalogue| catalogue.hash).collect()
        };
        assert_eq!(hashes(), hashes());
        assert_eq!(hashes().into_iter().collect::<HashSet<_>>().len(), 6);
    }
}
