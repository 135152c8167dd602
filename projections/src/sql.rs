//! The statements, each in a file of its own beside the read model that owns the table.

/// One SQL statement (those that create tables are several).
///
/// Tables are named without a schema: the session's `search_path` says which generation is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    /// The file's path below `src`, without `.sql`.
    pub name: &'static str,
    /// The text.
    pub text: &'static str,
}

/// How a table is made. A table that is filled at once gets its keys and indexes when it is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Definition {
    /// Creates the table.
    pub create: Statement,
    /// Adds its keys and indexes.
    pub index: Statement,
}

/// Declares the statements in a folder, and the list of them.
macro_rules! statements {
    ($folder:literal: $( $(#[$doc:meta])* $name:ident = $file:literal, )+) => {
        $(
            $(#[$doc])*
            pub const $name: $crate::Statement = $crate::Statement {
                name: concat!($folder, "/", $file),
                text: include_str!(concat!($folder, "/", $file, ".sql")),
            };
        )+

        /// All statements of this table.
        pub const STATEMENTS: &[$crate::Statement] = &[$($name),+];
    };
}
pub(crate) use statements;
