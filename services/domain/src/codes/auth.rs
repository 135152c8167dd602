//! The codes of problems, with their HTTP status.

use std::fmt;

macro_rules! auth_codes {
    ($( $variant:ident = $number:literal, $status:literal, $title:literal; )+) => {
        /// Why a request about system users is refused.
        ///
        /// The numbers 29 and 72 to 78 are not ours to give.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum AuthCode {
            $(
                #[doc = concat!("`AUTH-", stringify!($number), "`: ", $title)]
                $variant,
            )+
        }

        impl AuthCode {
            /// All codes, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The number in the code.
            #[must_use]
            pub const fn number(self) -> u16 {
                match self {
                    $(Self::$variant => $number,)+
                }
            }

            /// The HTTP status.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self {
                    $(Self::$variant => $status,)+
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

auth_codes! {
    CustomerNotFound = 0, 400, "The customer organisation was not found.";
    RightNotInSystem = 1, 400, "A right was not found, or is not among the system's.";
    DelegationFailed = 2, 400, "The delegation failed.";
    SystemUserNotCreated = 3, 400, "The system user was not created.";
    SystemUserExists = 4, 400, "The system user already exists.";
    EndState = 5, 400, "The request has ended.";
    RequestAccepted = 6, 400, "The same request was already accepted.";
    RequestPending = 7, 400, "The same request is pending.";
    RequestDenied = 8, 400, "The same request was denied.";
    RequestRejected = 9, 400, "The same request was rejected.";
    RequestNotFound = 10, 404, "The request was not found.";
    SystemNotFound = 11, 404, "The system was not found.";
    RequestNotStored = 12, 404, "The request was not stored.";
    RequestNotNew = 13, 409, "The request has been answered, or has timed out.";
    DelegationUnknown = 14, 403, "Why the right cannot be delegated is not known.";
    SystemUserNotFound = 15, 404, "The system user was not found.";
    MissingRole = 16, 403, "A role is missing that gives the right.";
    SystemNameNotFound = 17, 404, "The system's name was not found.";
    MissingDelegationAccess = 18, 403, "The right was not received in a way that lets it be delegated.";
    MissingResourceRight = 19, 403, "A right in the resource rights registry is missing.";
    AuthenticationLevelTooLow = 20, 403, "The level of authentication is too low.";
    RedirectUrlNotAllowed = 21, 400, "The redirect URL is not among the system's.";
    RightsNotRevoked = 22, 400, "The rights were not revoked.";
    VendorMissing = 23, 401, "The token names no organisation.";
    SystemUserNotOwned = 24, 403, "The system user belongs to another party.";
    AgentRequestExpected = 25, 400, "The request is not for a system user that acts for clients.";
    NoRedirectUrls = 26, 400, "The system has no redirect URLs.";
    PackageWithoutRole = 27, 400, "The access package follows from no role.";
    CustomerId = 28, 400, "The customer's id is not valid.";
    AgentRequestNotFound = 30, 404, "The request for a system user that acts for clients was not found.";
    PartyNotFacilitator = 31, 400, "The party is not the one that acts for the client.";
    AssignmentNotFound = 32, 400, "The assignment was not found.";
    AgentNotDeleted = 33, 400, "The system user that acts for clients was not deleted.";
    AgentExpected = 34, 400, "The system user is not one that acts for clients.";
    AgentHasDelegations = 35, 400, "The system user still acts for clients.";
    StandardExpected = 36, 400, "The system user is not one that acts for its owner.";
    TooManyAssignments = 37, 400, "There are too many assignments.";
    DelegationNotFound = 38, 400, "The delegation was not found.";
    FacilitatorDiffers = 39, 400, "Another party acts for the client.";
    AssignmentPartyDiffers = 40, 400, "The assignment is another party's.";
    RequestOfAnotherParty = 41, 403, "The request was sent to another party.";
    AgentRequestOfAnotherParty = 42, 403, "The request for a system user that acts for clients was sent to another party.";
    ClientsUnauthorized = 43, 401, "The clients cannot be read without being logged in.";
    ClientsForbidden = 44, 403, "The clients may not be read.";
    ClientsFailed = 45, 400, "The clients could not be read.";
    PackagesFailed = 46, 400, "The access packages could not be read.";
    RightHolderNotAdded = 47, 400, "The system user was not added as a holder of rights.";
    PartyNotRegistered = 48, 400, "The system user was not registered as a party.";
    PartyUuidMissing = 49, 400, "The party has no UUID.";
    PackageCheckFailed = 50, 400, "Whether the access packages can be delegated could not be checked.";
    PackageDelegationFailed = 51, 400, "The access packages were not delegated.";
    PackageInvalid = 52, 400, "An access package is not valid.";
    PackageNotDelegable = 53, 400, "The user may not delegate an access package.";
    RightHolderNotRemoved = 54, 400, "The system user was not removed as a holder of rights.";
    DelegatedPackagesFailed = 55, 500, "The delegated access packages could not be read.";
    SystemUserNotDeleted = 56, 400, "The system user was not deleted.";
    PackageNotDeleted = 57, 400, "The access package was not taken back.";
    AgentNeedsPackage = 58, 400, "A system user that acts for clients needs at least one access package.";
    NothingRequested = 59, 400, "At least one right or access package is needed.";
    RequestNotUpdated = 60, 404, "The request was not updated.";
    ChangeRequestNotNew = 61, 409, "The change request has been answered. Use a new correlation id.";
    DelegatedRightsFailed = 62, 500, "The delegated rights could not be read.";
    PackageNotInSystem = 63, 400, "An access package is not among the system's.";
    PackageNotForStandard = 64, 400, "An access package cannot be given directly.";
    PackageNotForAgent = 65, 400, "An access package cannot be passed on for clients.";
    NotAccessManager = 66, 403, "The user is not an access manager.";
    AgentNotAdded = 67, 400, "The system user was not added as one that acts for clients.";
    MissingPackage = 68, 403, "An access package is missing that gives the right.";
    AccessListRefused = 69, 403, "The resource's access list does not have the party.";
    ResourceNotDelegable = 70, 403, "The resource cannot be delegated.";
    ResourceIsMaskinportenSchema = 71, 403, "The resource is delegated in another way: it is a scope of the token issuer.";
    ClientNotFound = 79, 400, "The client was not found.";
    ClientLacksPackages = 80, 400, "The client does not give all access packages of the system user.";
}

impl fmt::Display for AuthCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AUTH-{:05}", self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_the_contract_is_there_once_and_in_order() {
        let numbers: Vec<_> = AuthCode::ALL.iter().map(|code| code.number()).collect();
        let expected: Vec<_> = (0..=28).chain(30..=71).chain(79..=80).collect();
        assert_eq!(numbers, expected);
    }

    #[test]
    fn the_statuses_are_the_contracts() {
        let with_status = |status| {
            let codes = AuthCode::ALL.iter().filter(move |code| code.status() == status);
            codes.map(|code| code.number()).collect::<Vec<_>>()
        };
        assert_eq!(with_status(401), [23, 43]);
        assert_eq!(with_status(403), [14, 16, 18, 19, 20, 24, 41, 42, 44, 66, 68, 69, 70, 71]);
        assert_eq!(with_status(404), [10, 11, 12, 15, 17, 30, 60]);
        assert_eq!(with_status(409), [13, 61]);
        assert_eq!(with_status(500), [55, 62]);
        assert_eq!(with_status(400).len(), AuthCode::ALL.len() - 2 - 14 - 7 - 2 - 2);
    }

    #[test]
    fn a_code_is_written_with_five_digits() {
        assert_eq!(AuthCode::CustomerNotFound.to_string(), "AUTH-00000");
        assert_eq!(AuthCode::ResourceIsMaskinportenSchema.to_string(), "AUTH-00071");
    }
}
