//! Folds of the ledger: read models with their SQL. Pure: a record goes in, changes come out.
//!
//! `README.md` beside this file's folder says how to add a read model.

pub mod access_list_members;
pub mod access_list_resources;
pub mod access_lists;
pub mod catalogues;
mod change;
pub mod checkpoint;
pub mod client_links;
pub mod graph;
pub mod intervals;
pub mod ledger;
pub mod mandate_asks;
pub mod mandates;
mod model;
pub mod parties;
pub mod party_roles;
pub mod resource_policies;
pub mod resource_rights;
pub mod resources;
mod sql;
mod storable;
pub mod system_changes;
pub mod system_client_ids;
pub mod system_user_changes;
pub mod system_user_requests;
pub mod system_users;
pub mod systems;
pub mod token_clients;
pub mod token_scopes;
mod version;

pub use access_list_members::{AccessListMemberRow, AccessListMembers};
pub use access_list_resources::{AccessListResourceRow, AccessListResources};
pub use access_lists::{AccessListRow, AccessLists};
pub use catalogues::{CatalogueRow, Catalogues};
pub use change::{Change, Changes, TABLES, project, read_model_statements};
pub use checkpoint::Checkpoint;
pub use client_links::{ClientLinkRow, ClientLinks};
pub use mandate_asks::{AskStatus, MandateAskRow, MandateAsks};
pub use mandates::{MandateRow, Mandated, Mandates};
pub use model::{Advance, Keyed, ReadModel, advance};
pub use parties::{Parties, PartyRow};
pub use party_roles::{PartyRoleRow, PartyRoles};
pub use resource_policies::{PolicyRow, ResourcePolicies};
pub use resource_rights::{ResourceRightRow, ResourceRights};
pub use resources::{ResourceRow, Resources};
pub use sql::{Definition, Statement};
pub use storable::storable_text;
pub use system_changes::{Submitted, SystemChangeRow, SystemChangeType, SystemChanges};
pub use system_client_ids::{SystemClientIdRow, SystemClientIds};
pub use system_user_changes::{ChangeRequestRow, SystemUserChanges};
pub use system_user_requests::{RequestRow, RequestStatus, SystemUserRequests};
pub use system_users::{SystemUserRow, SystemUsers};
pub use systems::{SystemRow, Systems};
pub use token_clients::{TokenClientRow, TokenClients};
pub use token_scopes::{ScopeStanding, TokenScopeRow, TokenScopes};
pub use version::{EntityKey, Place, Sequence, Version};

/// The generation of the read models. It is raised whenever the same ledger would give other rows
/// or other tables; a release with another generation fills a schema of its own.
pub const GENERATION: u32 = 3;

/// All statements, those with `{table}` in place of a table's name as they stand.
pub fn statements() -> impl Iterator<Item = Statement> {
    [checkpoint::STATEMENTS, intervals::STATEMENTS, ledger::STATEMENTS]
        .into_iter()
        .flatten()
        .copied()
        .chain(read_model_statements())
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, path::Path};

    use super::*;

    #[test]
    fn every_sql_file_is_a_statement_in_the_list() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut files = BTreeSet::new();
        for folder in std::fs::read_dir(&source).unwrap().map(|entry| entry.unwrap().path()) {
            if folder.is_dir() {
                for file in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                    if file.extension().is_some_and(|extension| extension == "sql") {
                        let name = file.strip_prefix(&source).unwrap().with_extension("");
                        files.insert(name.to_str().unwrap().to_owned());
                    }
                }
            }
        }
        let listed: BTreeSet<_> = statements().map(|statement| statement.name.to_owned()).collect();
        assert_eq!(files, listed);
    }

    #[test]
    fn no_statement_takes_the_clock_or_a_sequence() {
        for statement in statements() {
            let text = statement.text.to_lowercase();
            for word in
                ["now()", "current_timestamp", "clock_timestamp", "nextval", "serial", "random()"]
            {
                assert!(!text.contains(word), "{}: {word}", statement.name);
            }
        }
    }
}
