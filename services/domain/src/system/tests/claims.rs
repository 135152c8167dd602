use super::*;

fn claim(system: &str) -> ClaimClientId {
    ClaimClientId { client_id: "c".parse().unwrap(), system: system.parse().unwrap() }
}

fn claimed(system: &str) -> ClientIdEvent {
    ClientIdEvent::Claimed(ClientIdClaimed {
        client_id: "c".parse().unwrap(),
        system: system.parse().unwrap(),
    })
}

fn released(system: &str) -> ClientIdEvent {
    ClientIdEvent::Released(ClientIdReleased {
        client_id: "c".parse().unwrap(),
        system: system.parse().unwrap(),
    })
}

#[test]
fn a_free_client_id_is_claimed() {
    scenario::<ClientIdClaim>([]).when(&claim("a")).then([claimed("a")]);
    scenario::<ClientIdClaim>([claimed("b"), released("b")]).when(&claim("a")).then([claimed("a")]);
}

#[test]
fn a_claim_of_its_holder_is_already_so() {
    scenario::<ClientIdClaim>([claimed("a")]).when(&claim("a")).then_nothing();
}

#[test]
fn a_held_client_id_is_refused_to_others() {
    scenario::<ClientIdClaim>([claimed("a")])
        .when(&claim("b"))
        .then_refused(ClientIdError::HeldByAnother { client_id: "c".parse().unwrap() });
}
