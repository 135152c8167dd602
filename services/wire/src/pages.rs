//! The pages that explain the codes of the wire contract.

mod auth;
mod validation;

use fullmakt_domain::{AuthCode, ValidationCode};

/// What a page says beside the code's own title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Advice {
    why: &'static str,
    what_to_do: &'static str,
}

/// The page of a code, such as `AUTH-00011`, in Markdown; nothing where there is no such code.
#[must_use]
pub fn code_page(code: &str) -> Option<String> {
    if code == "STD-00000" {
        return Some(page(code, "Some of the input cannot be taken.", VALIDATION));
    }
    let own = AuthCode::ALL.iter().find(|own| own.to_string() == code);
    let own = own.map(|own| page(code, own.title(), auth::advice(*own)));
    own.or_else(|| {
        let own = ValidationCode::ALL.iter().find(|own| own.code() == code)?;
        Some(page(code, own.title(), validation::advice(*own)))
    })
}

/// `STD-00000`, which the codes of the places come with.
const VALIDATION: Advice = Advice {
    why: "`validationErrors` of the answer names each place, with a code and a page of its own.",
    what_to_do: "Correct all of them, and send the request again.",
};

fn page(code: &str, title: &str, advice: Advice) -> String {
    fullmakt_http::code_page(code, title, advice.why, advice.what_to_do)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_page_that_says_what_happened_why_and_what_to_do() {
        let auth = AuthCode::ALL.iter().map(ToString::to_string);
        let validation = ValidationCode::ALL.iter().map(ToString::to_string);
        for code in auth.chain(validation).chain(["STD-00000".to_owned()]) {
            let page = code_page(&code).unwrap();
            for part in [&*code, "**What happened.**", "**Why.**", "**What to do.**"] {
                assert!(page.contains(part), "{page}");
            }
            assert!(!page.contains("  "), "{page}");
        }
    }

    #[test]
    fn what_is_no_code_has_no_page() {
        for code in ["AUTH-00029", "AUTH-99999", "AUTH-11", "", "../x"] {
            assert_eq!(code_page(code), None, "{code}");
        }
    }
}
