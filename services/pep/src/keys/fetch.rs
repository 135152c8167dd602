//! Getting the bytes of a key set, within limits.

use std::{path::Path, sync::Arc, time::Duration};

use tokio::io::AsyncReadExt;
use url::Url;

use super::KeyError;

/// The most bytes of a key set; real ones have a few thousand.
const KEY_SET_BYTES_MAX: usize = 256 * 1024;
/// How long fetching may take in all.
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);

pub(super) async fn file(path: &Path) -> Result<Vec<u8>, KeyError> {
    let failed = |error| KeyError::File(Arc::new(error));
    let file = tokio::fs::File::open(path).await.map_err(failed)?;
    let mut bytes = Vec::new();
    let limit = u64::try_from(KEY_SET_BYTES_MAX).unwrap_or(u64::MAX);
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).await.map_err(failed)?;
    within_limit(bytes)
}

pub(super) async fn url(url: &Url) -> Result<Vec<u8>, KeyError> {
    let failed = |error: reqwest::Error| KeyError::Fetch(Arc::new(error.without_url()));
    // A redirect could lead to where the configuration does not.
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(FETCH_TIMEOUT)
        .build()
        .map_err(failed)?;
    let mut response = client.get(url.clone()).send().await.map_err(failed)?;
    if !response.status().is_success() {
        return Err(KeyError::Status(response.status().as_u16()));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        bytes.extend_from_slice(&chunk);
        bytes = within_limit(bytes)?;
    }
    Ok(bytes)
}

fn within_limit(bytes: Vec<u8>) -> Result<Vec<u8>, KeyError> {
    if bytes.len() > KEY_SET_BYTES_MAX {
        return Err(KeyError::TooLarge(KEY_SET_BYTES_MAX));
    }
    Ok(bytes)
}
