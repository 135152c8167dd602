//! Reasons: stable codes, and what they mean in words.

use fullmakt_access::Reason;
use fullmakt_http::Language;

use crate::identify::Unidentified;

/// Why a question was answered as it was, whether or not it could be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DecisionReason {
    /// It was decided.
    Decided(Reason),
    /// It names what cannot be told or is not there.
    Unidentified(Unidentified),
    /// It refers to what the document does not have.
    Reference,
    /// It cannot be read.
    Unreadable,
}

impl DecisionReason {
    /// The code in records and answers.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Decided(reason) => reason.code(),
            Self::Unidentified(unidentified) => unidentified.code(),
            Self::Reference => "reference-not-known",
            Self::Unreadable => "request-not-readable",
        }
    }

    /// What it means, for whoever wanted access.
    pub(crate) const fn text(self, language: Language) -> &'static str {
        let [bokmal, nynorsk, english] = self.texts();
        match language {
            Language::Bokmal => bokmal,
            Language::Nynorsk => nynorsk,
            Language::English => english,
        }
    }

    const fn texts(self) -> [&'static str; 3] {
        match self {
            Self::Decided(reason) => decided(reason),
            Self::Unidentified(unidentified) => not_identified(unidentified),
            Self::Reference => [
                "Forespørselen viser til noe den ikke inneholder.",
                "Førespurnaden viser til noko han ikkje inneheld.",
                "The request refers to something that it does not contain.",
            ],
            Self::Unreadable => [
                "Forespørselen kan ikke leses.",
                "Førespurnaden kan ikkje lesast.",
                "The request cannot be read.",
            ],
        }
    }
}

const fn decided(reason: Reason) -> [&'static str; 3] {
    match reason {
        Reason::PolicyPermits => [
            "Reglene for tjenesten gir tilgang.",
            "Reglane for tenesta gjev tilgang.",
            "The rules of the service give access.",
        ],
        Reason::RightPermits => [
            "En rettighet som er gitt, gir tilgang.",
            "Ein rett som er gjeven, gjev tilgang.",
            "A right that was given gives access.",
        ],
        Reason::PolicyDenies => [
            "Reglene for tjenesten nekter tilgang.",
            "Reglane for tenesta nektar tilgang.",
            "The rules of the service deny access.",
        ],
        Reason::RegistryRightMissing => [
            "Tjenesten krever en rettighet i rettighetsregisteret, og den mangler.",
            "Tenesta krev ein rett i rettsregisteret, og han manglar.",
            "The service requires a right in the rights registry, which is missing.",
        ],
        Reason::NothingPermits => [
            "Ingen rolle, tilgangspakke eller rettighet gir tilgang.",
            "Ingen rolle, tilgangspakke eller rett gjev tilgang.",
            "No role, access package or right gives access.",
        ],
        Reason::PartyDeleted => [
            "Virksomheten eller personen er slettet.",
            "Verksemda eller personen er sletta.",
            "The organisation or person has been deleted.",
        ],
        Reason::SubjectPaused => [
            "Systembrukeren er satt på pause av eieren.",
            "Systembrukaren er sett på pause av eigaren.",
            "The system user has been paused by its owner.",
        ],
        Reason::SubjectUnknown => [
            "Systembrukeren finnes ikke.",
            "Systembrukaren finst ikkje.",
            "There is no such system user.",
        ],
        Reason::PolicyFailed => [
            "Reglene for tjenesten kunne ikke vurderes.",
            "Reglane for tenesta kunne ikkje vurderast.",
            "The rules of the service could not be evaluated.",
        ],
        Reason::NoPolicy => [
            "Tjenesten finnes ikke, eller har ingen regler.",
            "Tenesta finst ikkje, eller har ingen reglar.",
            "There is no such service, or it has no rules.",
        ],
    }
}

const fn not_identified(unidentified: Unidentified) -> [&'static str; 3] {
    match unidentified {
        Unidentified::Subject => [
            "Den som ber om tilgang, kan ikke identifiseres.",
            "Den som ber om tilgang, kan ikkje identifiserast.",
            "Whoever asks for access cannot be identified.",
        ],
        Unidentified::Party => [
            "Den det handles på vegne av, er ukjent.",
            "Den det blir handla på vegner av, er ukjend.",
            "The party represented is not known.",
        ],
        Unidentified::Resource => [
            "Tjenesten kan ikke identifiseres.",
            "Tenesta kan ikkje identifiserast.",
            "The service cannot be identified.",
        ],
        Unidentified::Action => [
            "Handlingen kan ikke identifiseres.",
            "Handlinga kan ikkje identifiserast.",
            "The action cannot be identified.",
        ],
        Unidentified::PersonNumber => [
            "Personer kan ikke oppgis med fødselsnummer her.",
            "Personar kan ikkje oppgjevast med fødselsnummer her.",
            "Persons cannot be named by national identity number here.",
        ],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const ALL: [DecisionReason; 17] = [
        DecisionReason::Decided(Reason::PolicyPermits),
        DecisionReason::Decided(Reason::RightPermits),
        DecisionReason::Decided(Reason::PolicyDenies),
        DecisionReason::Decided(Reason::RegistryRightMissing),
        DecisionReason::Decided(Reason::NothingPermits),
        DecisionReason::Decided(Reason::PartyDeleted),
        DecisionReason::Decided(Reason::SubjectPaused),
        DecisionReason::Decided(Reason::SubjectUnknown),
        DecisionReason::Decided(Reason::PolicyFailed),
        DecisionReason::Decided(Reason::NoPolicy),
        DecisionReason::Unidentified(Unidentified::Subject),
        DecisionReason::Unidentified(Unidentified::Party),
        DecisionReason::Unidentified(Unidentified::Resource),
        DecisionReason::Unidentified(Unidentified::Action),
        DecisionReason::Unidentified(Unidentified::PersonNumber),
        DecisionReason::Reference,
        DecisionReason::Unreadable,
    ];

    #[test]
    fn no_two_reasons_have_one_code_or_one_text() {
        let codes: BTreeSet<_> = ALL.iter().map(|reason| reason.code()).collect();
        assert_eq!(codes.len(), ALL.len());
        for language in [Language::Bokmal, Language::Nynorsk, Language::English] {
            let texts: BTreeSet<_> = ALL.iter().map(|reason| reason.text(language)).collect();
            assert_eq!(texts.len(), ALL.len(), "{language:?}");
        }
    }
}
