//! The VAT returns of a company.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use fullmakt_pep::Permitted;
use serde::{Deserialize, Serialize};
use tracing::info;

/// The returns that were filed, by the organisation number of the company.
#[derive(Clone, Default)]
pub(crate) struct Filed(Arc<Mutex<BTreeMap<String, Vec<FiledReturn>>>>);

/// A return as it is filed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VatReturn {
    /// Such as `2026-06`.
    term: String,
    /// In whole kroner.
    payable: i64,
}

/// A return that was filed.
#[derive(Clone, Serialize)]
pub(crate) struct FiledReturn {
    term: String,
    payable: i64,
    /// The decision that permitted it: what the tax authority shows when somebody asks, years
    /// later, by what right it was filed.
    decision: String,
}

/// Lists the returns of a company. Reached only by callers that may read them.
pub(crate) async fn list(
    State(filed): State<Filed>,
    permitted: Permitted,
    Path(organisation): Path<String>,
) -> Json<Vec<FiledReturn>> {
    info!(decision = %permitted.decision(), organisation, "VAT returns were read");
    let filed = filed.0.lock().unwrap_or_else(PoisonError::into_inner);
    Json(filed.get(&organisation).cloned().unwrap_or_default())
}

/// Files a return for a company. Reached only by callers that may write them.
pub(crate) async fn file(
    State(filed): State<Filed>,
    permitted: Permitted,
    Path(organisation): Path<String>,
    Json(VatReturn { term, payable }): Json<VatReturn>,
) -> (StatusCode, Json<FiledReturn>) {
    let decision = permitted.decision().to_string();
    info!(decision, organisation, term, "a VAT return was filed");
    let new = FiledReturn { term, payable, decision };
    let mut filed = filed.0.lock().unwrap_or_else(PoisonError::into_inner);
    filed.entry(organisation).or_default().push(new.clone());
    (StatusCode::CREATED, Json(new))
}
