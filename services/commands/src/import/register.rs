//! The import of the entity register's bulk files.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs::File,
    path::{Path, PathBuf},
};

use fullmakt_domain::party::{ImportError, RoleHolder};
use fullmakt_events::{
    OrgNumber, PartyId, Position, RoleUrn,
    event::{PartyFacts, PartyKind},
};
use fullmakt_ledger::{CommandError, Ledger};
use fullmakt_vault::{Name, NationalNumber, Person, Vault, VaultError};
use uuid::Uuid;

use super::{
    PartyIds,
    catalogue::{CatalogueError, role_codes},
    entity_register::{RegisterFileError, RegisterRole, RolePerson, Unit, UnitRoles, read_array},
    issuer,
    party::{Identity, ImportOne},
};

/// The organisation form of sole proprietorships, whose name is a person's.
const SOLE_PROPRIETORSHIP: &str = "ENK";

/// The files of one import. Each may be left out.
#[derive(Debug, Clone, Default)]
pub struct RegisterFiles {
    /// Main units.
    pub units: Option<PathBuf>,
    /// Sub-units.
    pub sub_units: Option<PathBuf>,
    /// Role holders.
    pub roles: Option<PathBuf>,
    /// The ids that parties had where they come from.
    pub party_ids: Option<PathBuf>,
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Parties about which something was new.
    pub changed: usize,
    /// Parties about which nothing was new.
    pub unchanged: usize,
    /// Role holders that were left out because the file has no national number of them.
    pub without_number: usize,
    /// What was refused, and why.
    pub refused: Vec<String>,
    /// The position from which all of it counts.
    pub position: Position,
}

/// Why an import ended. What was imported before stays, and a second import goes on.
#[derive(Debug, thiserror::Error)]
pub enum ImportFailure {
    /// A file cannot be opened.
    #[error("`{path}` cannot be opened")]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file is not what the register writes.
    #[error("`{path}` cannot be read")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: RegisterFileError,
    },
    /// The file of fixed ids is something else.
    #[error("`{path}` is not a list of party ids")]
    PartyIds {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// The release's own data are broken.
    #[error("the roles of this release cannot be read")]
    Roles(#[source] CatalogueError),
    /// The identity vault does not answer.
    #[error("the identity vault failed")]
    Vault(#[source] VaultError),
    /// The ledger does not take a command.
    #[error("the ledger did not take a party")]
    Ledger(#[source] CommandError<ImportError>),
}

/// What the register says: the content of its files.
#[derive(Default)]
pub struct RegisterContent {
    /// Main units.
    pub units: Vec<Unit>,
    /// Sub-units.
    pub sub_units: Vec<Unit>,
    /// Role holders.
    pub roles: Vec<UnitRoles>,
    /// The ids that parties had where they come from.
    pub party_ids: PartyIds,
}

impl RegisterFiles {
    /// Reads the files.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn read(&self) -> Result<RegisterContent, ImportFailure> {
        let party_ids = match &self.party_ids {
            Some(path) => PartyIds::read(open(path)?)
                .map_err(|source| ImportFailure::PartyIds { path: path.clone(), source })?,
            None => PartyIds::default(),
        };
        Ok(RegisterContent {
            units: read(self.units.as_deref())?,
            sub_units: read(self.sub_units.as_deref())?,
            roles: read(self.roles.as_deref())?,
            party_ids,
        })
    }
}

/// Imports what the entity register says. A second import of the same writes nothing.
///
/// # Errors
/// When ledger or vault fail. What was imported before stays, and a second import goes on.
pub async fn import_register(
    ledger: &Ledger,
    vault: &Vault,
    content: RegisterContent,
) -> Result<ImportReport, ImportFailure> {
    let mut import = Import {
        ledger,
        vault,
        ids: content.party_ids,
        roles: role_codes().map_err(ImportFailure::Roles)?,
        parties: HashMap::new(),
        forms: HashMap::new(),
        report: ImportReport::default(),
    };
    import.units(content.units, PartyKind::Organization).await?;
    import.units(content.sub_units, PartyKind::SubUnit).await?;
    for roles in &content.roles {
        import.roles(roles).await?;
    }
    Ok(import.report)
}

struct Import<'a> {
    ledger: &'a Ledger,
    vault: &'a Vault,
    ids: PartyIds,
    /// The roles, by the register's code.
    roles: BTreeMap<String, RoleUrn>,
    /// The units of this import.
    parties: HashMap<OrgNumber, PartyId>,
    /// Their organisation forms.
    forms: HashMap<OrgNumber, String>,
    report: ImportReport,
}

impl Import<'_> {
    /// Imports units, each after its parent, which may stand anywhere in the file.
    async fn units(&mut self, units: Vec<Unit>, kind: PartyKind) -> Result<(), ImportFailure> {
        let mut waiting = units;
        loop {
            let count = waiting.len();
            let mut without_parent = Vec::new();
            for unit in waiting {
                let Ok(org) = unit.org_number.parse::<OrgNumber>() else {
                    let number = fullmakt_domain::Seen::new(&unit.org_number);
                    self.refuse(format!("`{number}` is not an organisation number"));
                    continue;
                };
                let parent = match unit.parent.as_deref().map(str::parse::<OrgNumber>) {
                    None => None,
                    Some(parent) => {
                        let known = match &parent {
                            Ok(parent) => self.known(*parent).await?,
                            Err(_) => None,
                        };
                        let (Ok(parent), Some(party)) = (parent, known) else {
                            without_parent.push(unit);
                            continue;
                        };
                        Some((parent, party))
                    }
                };
                self.unit(&unit, org, kind, parent).await?;
            }
            if without_parent.len() == count || without_parent.is_empty() {
                for unit in without_parent {
                    let number = fullmakt_domain::Seen::new(&unit.org_number);
                    self.refuse(format!("the parent of unit `{number}` is not known"));
                }
                return Ok(());
            }
            waiting = without_parent;
        }
    }

    async fn unit(
        &mut self,
        unit: &Unit,
        org: OrgNumber,
        kind: PartyKind,
        parent: Option<(OrgNumber, PartyId)>,
    ) -> Result<(), ImportFailure> {
        let variant = unit.form.as_ref().map(|form| form.code.clone());
        let parent_form = parent.and_then(|(parent, _)| self.forms.get(&parent)).cloned();
        // The name of a sole proprietorship is a person's, and so is that of its sub-units.
        let is_person =
            [variant.as_deref(), parent_form.as_deref()].contains(&Some(SOLE_PROPRIETORSHIP));
        let facts = PartyFacts {
            kind,
            org_number: Some(org),
            variant: variant.clone(),
            name: unit.name.clone().filter(|_| !is_person),
            parent: parent.map(|(_, party)| party),
            is_deleted: unit.deleted.is_some() || unit.closed.is_some(),
        };
        let new = self.ids.party(&unit.org_number).unwrap_or_else(|| Uuid::now_v7().into());
        let one = ImportOne {
            identity: Identity::Unit(org, new),
            number: self.ids.number(&unit.org_number),
            facts: Some(facts),
            roles: None,
        };
        let Some(party) = self.import(&one).await? else { return Ok(()) };
        self.parties.insert(org, party);
        self.forms.extend(variant.map(|variant| (org, variant)));
        if is_person && let Some(name) = unit.name.as_deref().and_then(|name| Name::new(name).ok())
        {
            self.vault.set_name(party, &name).await.map_err(ImportFailure::Vault)?;
        }
        Ok(())
    }

    async fn roles(&mut self, unit: &UnitRoles) -> Result<(), ImportFailure> {
        let Ok(org) = unit.org_number.parse::<OrgNumber>() else {
            let number = fullmakt_domain::Seen::new(&unit.org_number);
            self.refuse(format!("`{number}` is not an organisation number"));
            return Ok(());
        };
        let Some(party) = self.known(org).await? else {
            self.refuse(format!("roles of unit `{org}`, which is not known"));
            return Ok(());
        };
        let mut holders = BTreeSet::new();
        for held in unit.groups.iter().flat_map(|group| &group.roles) {
            if held.is_removed || held.is_left {
                continue;
            }
            let Some(role) = self.roles.get(&held.kind.code.to_lowercase()).cloned() else {
                let code = fullmakt_domain::Seen::new(&held.kind.code);
                self.refuse(format!("role code `{code}` of unit `{org}` is not known"));
                continue;
            };
            if let Some(holder) = self.holder(org, held).await? {
                holders.insert(RoleHolder { role, holder });
            }
        }
        let one = ImportOne {
            identity: Identity::Unit(org, party),
            number: None,
            facts: None,
            roles: Some(holders),
        };
        self.import(&one).await.map(|_| ())
    }

    /// Who holds a role. Whether it is a unit or a person does not follow from the code.
    async fn holder(
        &mut self,
        of: OrgNumber,
        held: &RegisterRole,
    ) -> Result<Option<PartyId>, ImportFailure> {
        if let Some(unit) = &held.unit {
            if unit.is_deleted {
                return Ok(None);
            }
            let org = unit.org_number.parse::<OrgNumber>().ok();
            let known = match org {
                Some(org) => self.known(org).await?,
                None => None,
            };
            if known.is_none() {
                self.refuse(format!("a unit that holds a role for `{of}` is not known"));
            }
            return Ok(known);
        }
        match &held.person {
            Some(person) if person.is_dead => self.dead(person).await.map(|()| None),
            Some(person) => self.person(of, person).await,
            None => Ok(None),
        }
    }

    /// A person who is dead holds no role, and is not made known by having held one.
    async fn dead(&mut self, person: &RolePerson) -> Result<(), ImportFailure> {
        let number = person.national_number.as_deref().and_then(|text| text.parse().ok());
        let Some(number): Option<NationalNumber> = number else { return Ok(()) };
        let party = self.vault.resolve(&number).await.map_err(ImportFailure::Vault)?;
        let Some(party) = party else { return Ok(()) };
        let one = ImportOne {
            identity: Identity::Person(party),
            number: None,
            facts: Some(PartyFacts { is_deleted: true, ..facts_of_a_person() }),
            roles: None,
        };
        self.import(&one).await.map(|_| ())
    }

    async fn person(
        &mut self,
        of: OrgNumber,
        person: &RolePerson,
    ) -> Result<Option<PartyId>, ImportFailure> {
        let Some(text) = person.national_number.as_deref() else {
            self.report.without_number += 1;
            return Ok(None);
        };
        let Ok(number) = text.parse::<NationalNumber>() else {
            self.refuse(format!("a person who holds a role for `{of}` has no valid number"));
            return Ok(None);
        };
        let name = person.name.as_ref().and_then(|name| Name::new(&name.full()).ok());
        let person = Person { number, name, party: self.ids.party(text) };
        let party = self.vault.resolve_or_create(&person).await.map_err(ImportFailure::Vault)?;
        let one = ImportOne {
            identity: Identity::Person(party),
            number: self.ids.number(text),
            facts: Some(facts_of_a_person()),
            roles: None,
        };
        self.import(&one).await
    }

    /// The party of a unit, of this import or an earlier one.
    async fn known(&mut self, org: OrgNumber) -> Result<Option<PartyId>, ImportFailure> {
        if let Some(party) = self.parties.get(&org) {
            return Ok(Some(*party));
        }
        let nobody = PartyId::new(Uuid::nil());
        let one = ImportOne {
            identity: Identity::Unit(org, nobody),
            number: None,
            facts: None,
            roles: None,
        };
        let found =
            self.ledger.execute(&issuer(), &one).await.map_err(ImportFailure::Ledger)?.answer;
        if found == nobody {
            return Ok(None);
        }
        self.parties.insert(org, found);
        Ok(Some(found))
    }

    /// Imports one party; nothing where it is refused.
    async fn import(&mut self, one: &ImportOne) -> Result<Option<PartyId>, ImportFailure> {
        match self.ledger.execute(&issuer(), one).await {
            Ok(executed) => {
                let count = if executed.is_written {
                    &mut self.report.changed
                } else {
                    &mut self.report.unchanged
                };
                *count += 1;
                self.report.position = self.report.position.max(executed.position);
                Ok(Some(executed.answer))
            }
            Err(CommandError::Refused(refusal)) => {
                self.refuse(refusal.to_string());
                Ok(None)
            }
            Err(error) => Err(ImportFailure::Ledger(error)),
        }
    }

    fn refuse(&mut self, reason: String) {
        self.report.refused.push(reason);
    }
}

fn open(path: &Path) -> Result<File, ImportFailure> {
    File::open(path).map_err(|source| ImportFailure::Open { path: path.to_owned(), source })
}

fn read<T: serde::de::DeserializeOwned>(path: Option<&Path>) -> Result<Vec<T>, ImportFailure> {
    let Some(path) = path else { return Ok(Vec::new()) };
    let mut elements = Vec::new();
    read_array(open(path)?, |element| elements.push(element))
        .map_err(|source| ImportFailure::File { path: path.to_owned(), source })?;
    Ok(elements)
}

/// All that the ledger says of a person.
const fn facts_of_a_person() -> PartyFacts {
    PartyFacts {
        kind: PartyKind::Person,
        org_number: None,
        variant: None,
        name: None,
        parent: None,
        is_deleted: false,
    }
}
