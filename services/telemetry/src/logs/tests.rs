use std::{
    io,
    sync::{Arc, Mutex},
};

use serde_json::Value;

use super::*;

/// A place that lines are kept in.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

fn written(form: LogForm, filter: &str) -> String {
    let lines = Lines::default();
    let subscriber = subscriber(form, filter, lines.clone()).unwrap();
    tracing::subscriber::with_default(subscriber, || {
        tracing::info!(ledger.position = 7, "folded\nforged line");
        tracing::debug!("details");
    });
    lines.text()
}

#[test]
fn a_json_line_is_one_flat_object() {
    let text = written(LogForm::Json, "info");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 1, "{text}");
    assert_eq!(lines[0]["message"], "folded\nforged line");
    assert_eq!(lines[0]["ledger.position"], 7);
    assert_eq!(lines[0]["level"], "INFO");
}

#[test]
fn a_text_line_has_the_fields_and_no_colours() {
    let text = written(LogForm::Text, "info");
    assert!(text.contains("ledger.position=7") && !text.contains('\u{1b}'), "{text}");
}

#[test]
fn the_filter_decides_what_is_written() {
    assert!(written(LogForm::Text, "debug").contains("details"));
    assert!(!written(LogForm::Text, "info").contains("details"));
    assert_eq!(written(LogForm::Text, "off"), "");
    assert!(written(LogForm::Text, "off,fullmakt_telemetry=debug").contains("details"));
}

#[test]
fn what_is_no_filter_is_refused() {
    let refused = subscriber(LogForm::Text, "info,=,x", Lines::default()).err().unwrap();
    assert!(matches!(refused, TelemetryError::Filter(filter) if filter == "info,=,x"));
}
