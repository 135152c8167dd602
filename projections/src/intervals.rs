//! Statements that are the same for every table with intervals but for the table's name, which
//! stands for `{table}`.

use crate::sql::statements;

/// What stands for the name of the table.
pub const TABLE: &str = "{table}";

statements! { "intervals":
    /// Ends rows.
    CLOSE = "close",
    /// Checksum of a table.
    CHECKSUM = "checksum",
}
