//! Escalation of requests of both kinds.

use super::*;
use crate::{
    AuthCode,
    scenario::{scenario, scenario_at},
};

const KINDS: [SystemUserKind; 2] = [SystemUserKind::Standard, SystemUserKind::Agent];

fn asked(kind: SystemUserKind) -> AgreementEvent {
    match kind {
        SystemUserKind::Standard => created(),
        SystemUserKind::Agent => agent_created(),
    }
}

fn escalation(kind: SystemUserKind) -> EscalateRequest {
    EscalateRequest { id: id(1), kind, at: NOW, party: customer_party(), by: manager() }
}

fn escalate(command: EscalateRequest) -> AgreementCommand {
    AgreementCommand::Escalate(command)
}

#[test]
fn a_new_request_is_escalated_and_waits_as_before() {
    for kind in KINDS {
        let command = escalate(escalation(kind));
        scenario::<Agreement>([asked(kind)]).when(&command).then([escalated()]);
        scenario::<Agreement>([asked(kind), escalated()]).when_all(|agreement| {
            let request = agreement.request(id(1)).unwrap();
            assert!(request.is_escalated);
            assert_eq!(request.standing(NOW), Standing::New);
        });
    }
    scenario::<Agreement>([created(), escalated()])
        .when(&approve(|_| ()))
        .then([approved(), user(SystemUserKind::Standard)]);
}

#[test]
fn an_escalated_request_is_not_escalated_again() {
    for kind in KINDS {
        scenario::<Agreement>([asked(kind), escalated()])
            .when(&escalate(escalation(kind)))
            .then_nothing();
    }
}

/// Defect 3 of the wire contract's §9: a request was escalated in the name of any party.
#[test]
fn a_request_of_another_party_is_not_escalated() {
    for (kind, code) in [
        (SystemUserKind::Standard, AuthCode::RequestOfAnotherParty),
        (SystemUserKind::Agent, AuthCode::AgentRequestOfAnotherParty),
    ] {
        let refusal = AgreementError::request_of_another_party(kind, id(1));
        assert_eq!(refusal.code(), Some(code));
        let command = EscalateRequest { party: other_party(), ..escalation(kind) };
        scenario::<Agreement>([asked(kind)]).when(&escalate(command)).then_refused(refusal);
    }
}

#[test]
fn what_is_answered_timed_out_or_not_there_is_not_escalated() {
    for kind in KINDS {
        let command = escalate(escalation(kind));
        scenario::<Agreement>([])
            .when(&command)
            .then_refused(AgreementError::request_not_found(kind, id(1)));
        scenario::<Agreement>([asked(kind), rejected()]).when(&command).then_refused(
            AgreementError::RequestNotNew { id: id(1), standing: Standing::Rejected },
        );
        let at = NOW.plus_seconds(180 * DAY).plus_micros(1);
        scenario_at::<Agreement>([(NOW, asked(kind))])
            .when(&escalate(EscalateRequest { at, ..escalation(kind) }))
            .then_refused(AgreementError::RequestNotNew {
                id: id(1),
                standing: Standing::TimedOut,
            });
    }
}
