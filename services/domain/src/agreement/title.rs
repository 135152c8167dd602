//! What an owner calls its system user.

use super::AgreementError;
use crate::national_number;

/// The most characters of a title that an owner gives: one line of a list.
pub const INTEGRATION_TITLE_CHARS_MAX: usize = 255;

/// The title that a text makes: without spaces around it, neither empty nor too long, and without a
/// national identity number.
pub(super) fn checked(text: &str) -> Result<&str, AgreementError> {
    let title = text.trim();
    let chars = title.chars().count();
    if !(1..=INTEGRATION_TITLE_CHARS_MAX).contains(&chars) {
        return Err(AgreementError::TitleLength { chars });
    }
    if national_number::find(title).is_some() {
        return Err(AgreementError::NationalNumber { field: "integrationTitle" });
    }
    Ok(title)
}
