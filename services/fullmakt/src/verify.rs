//! `fullmakt verify`: folds the ledger from its beginning, compares, and names what differs.

use std::io::{self, Write};

use fullmakt_config::Configuration;
use fullmakt_readstore::{
    Checksum, ProjectorLimits, RowDifference, TableComparison, VerifyOptions, VerifyReport, verify,
};
use serde_json::{Value, json};

use crate::{StartError, cli, history};

pub(crate) async fn run(
    configuration: &Configuration,
    what: cli::Verify,
) -> Result<(), StartError> {
    let (database, mut source) = history::open(configuration).await?;
    let options = VerifyOptions { limits: ProjectorLimits::default(), rows_max: what.rows };
    let report = verify(&database, &mut source, options, &mut history::progress()).await?;
    let mut out = io::stdout().lock();
    if what.json { write_json(&report, &mut out) } else { write_text(&report, &mut out) }
        .map_err(StartError::Io)?;
    if report.is_equal() { Ok(()) } else { Err(StartError::NotTheLedger) }
}

fn write_text(report: &VerifyReport, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{:<8} checkpoint", word(report.is_checkpoint_equal))?;
    for table in &report.tables {
        let live = rows(table.live.as_ref());
        write!(out, "{:<8} {:<22} {live} rows", word(table.is_equal()), table.table)?;
        if table.is_equal() {
            writeln!(out)?;
            continue;
        }
        writeln!(out, ", {} by the ledger", rows(table.folded.as_ref()))?;
        for row in &table.rows {
            write!(out, "{:<8} {:<9} {}", "", row.state.name(), row.key)?;
            if row.columns.is_empty() {
                writeln!(out)?;
            } else {
                writeln!(out, ": {}", row.columns.join(", "))?;
            }
        }
    }
    if let Some(admission) = &report.admission {
        let is_equal = admission.differing.is_empty();
        let streams = admission.streams;
        writeln!(out, "{:<8} {:<22} {streams} streams", word(is_equal), "admission rule")?;
        for stream in &admission.differing {
            writeln!(out, "{:<8} {:<9} {stream}", "", "different")?;
        }
    }
    let position = report.position;
    if report.is_equal() {
        writeln!(out, "equal: everything is as the ledger gives it at position {position}")?;
    } else {
        writeln!(out, "differs from what the ledger gives at position {position}")?;
    }
    out.flush()
}

const fn word(is_equal: bool) -> &'static str {
    if is_equal { "equal" } else { "differs" }
}

fn rows(checksum: Option<&Checksum>) -> u64 {
    checksum.map_or(0, |checksum| checksum.rows)
}

fn write_json(report: &VerifyReport, out: &mut impl Write) -> io::Result<()> {
    let admission = report.admission.as_ref().map(|admission| {
        json!({
            "equal": admission.differing.is_empty(),
            "streams": admission.streams,
            "differing": admission.differing,
        })
    });
    let json = json!({
        "equal": report.is_equal(),
        "position": report.position,
        "checkpoint": { "equal": report.is_checkpoint_equal },
        "tables": report.tables.iter().map(table).collect::<Vec<_>>(),
        "admission": admission,
    });
    writeln!(out, "{}", serde_json::to_string_pretty(&json)?)?;
    out.flush()
}

fn table(table: &TableComparison) -> Value {
    json!({
        "table": table.table,
        "equal": table.is_equal(),
        "rows": rows(table.live.as_ref()),
        "rowsByTheLedger": rows(table.folded.as_ref()),
        "differing": table.rows.iter().map(row).collect::<Vec<_>>(),
    })
}

fn row(row: &RowDifference) -> Value {
    json!({ "key": row.key, "state": row.state.name(), "columns": row.columns })
}
