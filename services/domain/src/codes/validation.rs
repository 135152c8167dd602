//! The codes of validation errors. All of them are answered with HTTP 400.

use std::fmt;

macro_rules! validation_codes {
    ($( $variant:ident = $code:literal, $title:literal; )+) => {
        /// What is wrong with one part of a request, in the order in which errors are reported.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ValidationCode {
            $(
                #[doc = concat!("`", $code, "`: ", $title)]
                $variant,
            )+
        }

        impl ValidationCode {
            /// All codes, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code as it is written on the wire.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }

            /// What the code means.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$variant => $title,)+
                }
            }
        }
    };
}

validation_codes! {
    VendorIdForm = "AUTH.VLD-00000",
        "The vendor id must be `0192:` and an organisation number.";
    SystemIdForm = "AUTH.VLD-00001",
        "The system id must begin with the vendor's organisation number and an underscore.";
    SystemIdTaken = "AUTH.VLD-00002",
        "The system id is in use, or has been.";
    ResourceUnknown = "AUTH.VLD-00003",
        "A resource is not in the resource registry.";
    ClientIdTaken = "AUTH.VLD-00004",
        "Another active system has the client id.";
    RedirectUrlForm = "AUTH.VLD-00005",
        "Redirect URLs must be absolute and begin with https.";
    DuplicateRights = "AUTH.VLD-00006",
        "A right is given twice.";
    DuplicatePackages = "AUTH.VLD-00007",
        "An access package is given twice.";
    PackageInvalid = "AUTH.VLD-00008",
        "An access package does not exist, or can be given to no system user.";
    ResourceAttribute = "AUTH.VLD-00009",
        "A right must name one resource, by `urn:altinn:resource`.";
    DuplicateClientIds = "AUTH.VLD-00011",
        "A client id is given twice.";
    SystemIdsDiffer = "AUTH.VLD-00012",
        "The system id in the body is not the one in the URL.";
    SystemIdHasSpace = "AUTH.VLD-00013",
        "The system id must have no spaces.";
    AgentUnknown = "AUTH.VLD-00014",
        "The system user is missing or unknown.";
    AgentExpected = "AUTH.VLD-00015",
        "The system user is not one that acts for clients.";
    ClientMissing = "AUTH.VLD-00016",
        "The client is missing.";
    ResourceType = "AUTH.VLD-00017",
        "Resources of this type cannot be used by systems.";
    PackageNotAssignable = "AUTH.VLD-00018",
        "A visible system may only have access packages that can be given directly.";
    Required = "STD.VLD-00000",
        "The field is required.";
    NationalNumber = "FULLMAKT.VLD-00001",
        "The text must not hold a national identity number.";
    ClientIdForm = "FULLMAKT.VLD-00002",
        "A client id must have 1 to 255 bytes without spaces.";
    TooMany = "FULLMAKT.VLD-00003",
        "The list has more elements than allowed.";
    TitleLength = "FULLMAKT.VLD-00004",
        "An integration title must have 1 to 255 characters.";
}

impl fmt::Display for ValidationCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_in_the_contracts_order_and_none_is_given_twice() {
        let codes: Vec<_> = ValidationCode::ALL.iter().map(|code| code.code()).collect();
        let ours: Vec<_> = codes.iter().filter(|code| code.starts_with("AUTH.")).collect();
        assert!(ours.is_sorted_by(|a, b| a < b), "{ours:?}");
        assert!(ValidationCode::ALL.is_sorted());
        assert_eq!(ours.len(), 18, "0 to 18 without 10");
    }

    #[test]
    fn a_code_is_written_as_the_contract_has_it() {
        assert_eq!(ValidationCode::ResourceUnknown.to_string(), "AUTH.VLD-00003");
    }
}
