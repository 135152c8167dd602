//! The `Accept-Language` header (RFC 9110 §12.5.4), as far as there are texts to choose from.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};

/// A language that texts for people are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Bokmål, for all who do not ask for another.
    #[default]
    Bokmal,
    /// Nynorsk.
    Nynorsk,
    /// English.
    English,
}

impl Language {
    /// The language's tag (RFC 5646).
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Bokmal => "nb",
            Self::Nynorsk => "nn",
            Self::English => "en",
        }
    }

    /// The language of a range such as `nb-NO`, if it is one of these.
    fn of(range: &str) -> Option<Self> {
        match range.split('-').next()?.to_ascii_lowercase().as_str() {
            "nb" | "no" => Some(Self::Bokmal),
            "nn" => Some(Self::Nynorsk),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// The language that is wanted most: of equally wanted ones the first.
    fn preferred(header: &str) -> Option<Self> {
        let mut best: Option<(Self, u16)> = None;
        for item in header.split(',') {
            let mut parts = item.split(';');
            let range = parts.next().unwrap_or_default().trim();
            let quality =
                parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(1000, thousandths);
            let is_better = best.is_none_or(|(_, known)| quality > known);
            if let Some(language) = Self::of(range)
                && quality > 0
                && is_better
            {
                best = Some((language, quality));
            }
        }
        best.map(|(language, _)| language)
    }
}

/// A quality between 0 and 1 in thousandths; what is none counts as 0.
fn thousandths(quality: &str) -> u16 {
    let (whole, decimals) = quality.split_once('.').unwrap_or((quality, ""));
    let padded = format!("{decimals:0<3}");
    match (whole, padded.parse::<u16>()) {
        ("0", Ok(thousandths)) if thousandths < 1000 => thousandths,
        ("1", Ok(0)) => 1000,
        _ => 0,
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let values = parts.headers.get_all(header::ACCEPT_LANGUAGE).iter();
        let texts: Vec<_> = values.filter_map(|value| value.to_str().ok()).collect();
        Ok(Self::preferred(&texts.join(",")).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_that_is_wanted_most_is_taken() {
        for (header, tag) in [
            ("nn", "nn"),
            ("en-GB", "en"),
            ("no", "nb"),
            ("EN;q=0.5, nn;q=0.7", "nn"),
            ("en;q=0.5, nn;q=0.500, nb;q=0.4", "en"),
            ("de, en;q=0.1", "en"),
            ("nn;q=0, en;q=0.001", "en"),
        ] {
            assert_eq!(Language::preferred(header).unwrap().tag(), tag, "{header}");
        }
    }

    #[test]
    fn what_asks_for_none_of_them_gets_none() {
        for header in ["", "de", "*", "nn;q=0", "nn;q=2", "nn;q=x", ",;", "nynorsk"] {
            assert_eq!(Language::preferred(header), None, "{header}");
        }
    }
}
