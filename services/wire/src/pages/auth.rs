//! Why each `AUTH-` code is given, and what to do then.

use fullmakt_domain::AuthCode;

use super::Advice;

/// What is said of codes that the contract has and this service never gives.
const NOT_GIVEN: Advice = Advice {
    why: "The contract has the code for a step that fails by itself elsewhere. Here a command \
          happens as a whole or not at all, so that no answer of this service has it.",
    what_to_do: "Ask whoever gave the answer.",
};

#[expect(clippy::too_many_lines, reason = "one entry a code")]
pub(super) const fn advice(code: AuthCode) -> Advice {
    let (why, what_to_do) = match code {
        AuthCode::EndState
        | AuthCode::DelegationFailed
        | AuthCode::SystemUserNotCreated
        | AuthCode::RequestDenied
        | AuthCode::SystemNameNotFound
        | AuthCode::RightsNotRevoked
        | AuthCode::PackageWithoutRole
        | AuthCode::CustomerId
        | AuthCode::AgentNotDeleted
        | AuthCode::AgentHasDelegations
        | AuthCode::TooManyAssignments
        | AuthCode::PackagesFailed
        | AuthCode::RightHolderNotAdded
        | AuthCode::PartyNotRegistered
        | AuthCode::PartyUuidMissing
        | AuthCode::PackageCheckFailed
        | AuthCode::PackageDelegationFailed
        | AuthCode::RightHolderNotRemoved
        | AuthCode::DelegatedPackagesFailed
        | AuthCode::SystemUserNotDeleted
        | AuthCode::PackageNotDeleted
        | AuthCode::RequestNotUpdated
        | AuthCode::DelegatedRightsFailed
        | AuthCode::AgentNotAdded => return NOT_GIVEN,
        AuthCode::CustomerNotFound => (
            "The entity register has no unit with the customer's organisation number, or has \
             deleted it.",
            "Look the number up in the entity register, and name the unit that is there now.",
        ),
        AuthCode::RightNotInSystem => (
            "A right that is asked for names a resource that the system does not have in the \
             register, or there are more of them than the system has, or neither rights nor access \
             packages were given.",
            "Ask for rights of the system only, or register them for the system first.",
        ),
        AuthCode::SystemUserExists => (
            "A system, a customer and an external reference name one system user, and there is one.",
            "Use the system user that is there, or another external reference.",
        ),
        AuthCode::RequestAccepted => (
            "A request of the other kind with this external reference was accepted.",
            "Use the system user that is there, or another external reference.",
        ),
        AuthCode::RequestPending => (
            "A request with this external reference, or a change request for this system user, \
             waits for the customer.",
            "Wait for the answer, or delete the one that waits.",
        ),
        AuthCode::RequestRejected => (
            "A request of the other kind with this external reference was rejected.",
            "Delete that one, or use another external reference.",
        ),
        AuthCode::RequestNotFound => (
            "There is no request with this id or reference, it was deleted, or its system user was.",
            "Check the id. A request that was deleted can be made anew.",
        ),
        AuthCode::SystemNotFound => (
            "The register has no such system, or it was deleted, or it is another vendor's: the \
             answer does not tell which.",
            "Check the system's id, and that the token is of the organisation that registered it.",
        ),
        AuthCode::RequestNotStored => (
            "The id that the request was to have had been used before.",
            "Send the request again; it gets another id.",
        ),
        AuthCode::RequestNotNew => (
            "The request was accepted or rejected before, or nobody answered it within 180 days.",
            "Read the request to see where it stands. One that has timed out can be made anew.",
        ),
        AuthCode::DelegationUnknown => (
            "Whether the right can be given on could not be found: the resource or its policy is \
             not there, or the policy does not know the action.",
            "Ask the resource's owner whether it is published with a policy.",
        ),
        AuthCode::SystemUserNotFound => (
            "There is no system user with this id, it was deleted, or it is of another kind than \
             the route is for.",
            "Check the id, and whether the system user acts for its owner or for clients.",
        ),
        AuthCode::MissingRole => (
            "Whoever approves holds no role for the party that gives this right.",
            "Let somebody approve who does, such as the general manager.",
        ),
        AuthCode::MissingDelegationAccess => (
            "Whoever approves has the right in a way that does not let it be given on.",
            "Let somebody approve who has the right directly.",
        ),
        AuthCode::MissingResourceRight => (
            "The resource asks for an entry in the resource rights registry, and the party has none.",
            "Ask the resource's owner for the entry.",
        ),
        AuthCode::AuthenticationLevelTooLow => (
            "The resource asks for a higher level of authentication than the approver's.",
            "Log in at a higher level, and approve again.",
        ),
        AuthCode::RedirectUrlNotAllowed => (
            "The redirect URL's scheme, host and path are those of none of the system's. Its query \
             does not count.",
            "Use one of the system's redirect URLs, or register this one for the system.",
        ),
        AuthCode::VendorMissing => (
            "The token has no `consumer` with an organisation number, so that nobody can be told to \
             own anything.",
            "Use a token of the token issuer for organisations.",
        ),
        AuthCode::SystemUserNotOwned => (
            "The system user belongs to another party than the one in the path.",
            "Use the path with the owner's party id.",
        ),
        AuthCode::AgentRequestExpected => (
            "The request is for a system user that acts for its owner.",
            "Use the route without `agent`.",
        ),
        AuthCode::NoRedirectUrls => (
            "A redirect URL was given, and the system has none in the register.",
            "Leave it out, or register redirect URLs for the system.",
        ),
        AuthCode::AgentRequestNotFound => (
            "There is no request for a system user that acts for clients with this id.",
            "Check the id, and use the route without `agent` for other requests.",
        ),
        AuthCode::PartyNotFacilitator
        | AuthCode::FacilitatorDiffers
        | AuthCode::AssignmentPartyDiffers => (
            "The party that is named as acting for the client is not the owner of the system user.",
            "Name the owner of the system user, and use the path with its party id.",
        ),
        AuthCode::AssignmentNotFound | AuthCode::DelegationNotFound => (
            "The system user does not act for this client.",
            "Read for whom it acts. If it does not act for the client, there is nothing to do.",
        ),
        AuthCode::AgentExpected => (
            "The system user acts for its owner, and the route is for those that act for clients.",
            "Use the route without `agent`.",
        ),
        AuthCode::StandardExpected => (
            "The system user acts for clients, and the route is for those that act for their owner.",
            "Use the route with `agent`. What such a system user may have cannot be changed: delete \
             it and make another.",
        ),
        AuthCode::RequestOfAnotherParty | AuthCode::AgentRequestOfAnotherParty => (
            "The request was sent to another organisation than the party in the path.",
            "Use the path with the party id of the organisation that the request names.",
        ),
        AuthCode::ClientsUnauthorized => {
            ("Clients are shown to a person who is logged in.", "Log in, and send that token.")
        }
        AuthCode::ClientsForbidden => (
            "The person who is logged in is no client administrator of the party.",
            "Let a client administrator do it.",
        ),
        AuthCode::ClientsFailed => (
            "The clients could not be read.",
            "Try again. If it goes on, report the `traceId` of the answer.",
        ),
        AuthCode::PackageInvalid => {
            ("There is no such access package.", "Look the package up in the catalogue.")
        }
        AuthCode::PackageNotDelegable => (
            "Whoever approves does not have an access package in a way that lets it be given on.",
            "Let somebody approve who does, such as the general manager.",
        ),
        AuthCode::AgentNeedsPackage => (
            "A system user that acts for clients can be given access packages only, and the request \
             names none.",
            "Name at least one of the system's access packages.",
        ),
        AuthCode::NothingRequested => (
            "The lists of rights and access packages are empty.",
            "Ask for at least one right or access package.",
        ),
        AuthCode::ChangeRequestNotNew => (
            "The change request was answered before, or nobody answered it within 180 days; or its \
             correlation id is taken.",
            "Read the change request to see where it stands, and use a new correlation id for \
             another.",
        ),
        AuthCode::PackageNotInSystem => (
            "An access package that is asked for is not among the system's in the register.",
            "Ask for packages of the system only, or register them for the system first.",
        ),
        AuthCode::PackageNotForStandard => (
            "An access package cannot be given directly, and so not to a system user that acts for \
             its owner.",
            "Leave it out, or ask for a system user that acts for clients.",
        ),
        AuthCode::PackageNotForAgent => (
            "An access package cannot be passed on for clients.",
            "Leave it out, or ask for a system user that acts for its owner.",
        ),
        AuthCode::NotAccessManager => (
            "The person who is logged in may not approve for the party, and has nothing to do with \
             it that would let them see the request.",
            "Let an access manager of the party answer the request.",
        ),
        AuthCode::MissingPackage => (
            "Whoever approves has no access package that gives this right.",
            "Let somebody approve who does, such as the general manager.",
        ),
        AuthCode::AccessListRefused => (
            "The resource is for the parties on its access lists only, and the party is on none.",
            "Ask the resource's owner to be added.",
        ),
        AuthCode::ResourceNotDelegable => (
            "The resource's owner does not let it be given on.",
            "Leave the right out, or ask the resource's owner.",
        ),
        AuthCode::ResourceIsMaskinportenSchema => (
            "The resource is a scope of the token issuer, which is delegated from organisation to \
             organisation and not to system users.",
            "Leave the right out, and delegate the scope at the token issuer.",
        ),
        AuthCode::ClientNotFound => (
            "The organisation is no client of the system user's owner: the entity register knows of \
             no such relation, and the client has given the owner nothing.",
            "Let the client give the owner a mandate, or correct the relation in the entity register.",
        ),
        AuthCode::ClientLacksPackages => (
            "The client has not given the owner all access packages that the system user is for.",
            "Let the client give what is missing, or use a system user for fewer packages.",
        ),
    };
    Advice { why, what_to_do }
}
