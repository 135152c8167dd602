//! The statements, one a file.

pub(crate) const FIND_BY_NUMBER: &str = include_str!("../sql/find_by_number.sql");
pub(crate) const FIND_BY_PARTY: &str = include_str!("../sql/find_by_party.sql");
pub(crate) const FIND_KEPT: &str = include_str!("../sql/find_kept.sql");
pub(crate) const FIND_NAMES: &str = include_str!("../sql/find_names.sql");
pub(crate) const INSERT_PERSON: &str = include_str!("../sql/insert_person.sql");
pub(crate) const ADD_NUMBER: &str = include_str!("../sql/add_number.sql");
pub(crate) const SET_NAME: &str = include_str!("../sql/set_name.sql");
pub(crate) const FORGET: &str = include_str!("../sql/forget.sql");
pub(crate) const FIND_FINGERPRINT: &str = include_str!("../sql/find_fingerprint.sql");
pub(crate) const INSERT_FINGERPRINT: &str = include_str!("../sql/insert_fingerprint.sql");
