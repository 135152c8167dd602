//! Where SQL is written.

use crate::{Fault, House, Source, TokenKind};

/// How statements begin.
const STATEMENTS: [&str; 12] = [
    "SELECT ",
    "INSERT ",
    "UPDATE ",
    "DELETE ",
    "WITH ",
    "CREATE ",
    "ALTER ",
    "DROP ",
    "TRUNCATE ",
    "LISTEN ",
    "NOTIFY ",
    "LOCK ",
];

/// Files that have SQL in literals, each with the reason.
const EXCEPTIONS: [(&str, &str); 1] =
    [("services/xtask/src/postgres.rs", "makes databases with psql, whose names are not values")];

/// SQL lives in files of its own, beside the code that uses it.
#[must_use]
pub fn sql_lives_in_its_own_files(house: &House) -> Vec<Fault> {
    let mut faults = Vec::new();
    for source in &house.sources {
        if !EXCEPTIONS.iter().any(|(path, _)| *path == source.path) {
            for line in lines_with_sql(source) {
                faults.push(Fault::at(&source.path, line, "has SQL in a string literal"));
            }
        }
    }
    faults
}

fn lines_with_sql(source: &Source) -> Vec<usize> {
    let is_sql = |text: &str| {
        let text = text.replace("\\n", " ");
        let start = text.trim_start();
        STATEMENTS.iter().any(|statement| start.starts_with(statement))
    };
    let literals = source.in_product().iter().filter_map(|token| match &token.kind {
        TokenKind::Text(text) if is_sql(text) => Some(token.line),
        TokenKind::Text(_) | TokenKind::Word(_) | TokenKind::Sign(_) => None,
    });
    literals.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{house, places};

    #[test]
    fn statements_in_literals_are_found_outside_tests() {
        let code = "fn f() {\nx(\"\\n  SELECT 1\");\ny(r\"UPDATE t SET a\");\nz(\"select one\"); }
            #[cfg(test)] mod tests { fn g() { x(\"DELETE FROM t\"); } }";
        let faults = sql_lives_in_its_own_files(&house(&[("a/src/x.rs", code)]));
        assert_eq!(places(&faults), [("a/src/x.rs", Some(2)), ("a/src/x.rs", Some(3))]);
        assert!(sql_lives_in_its_own_files(&house(&[("a/tests/x.rs", code)])).is_empty());
    }
}
