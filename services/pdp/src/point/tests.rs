use fullmakt_events::{
    DecisionId, LedgerId, PackageUrn, PartyNumber, Position, ResourceId,
    event::{
        AgreementEvent, PartyChanged, PartyEvent, PartyKind, SystemUserPaused, SystemUserResumed,
    },
};
use fullmakt_http::ConsistencyToken;
use fullmakt_ledger::Fold;
use serde_json::json;
use tokio::time::advance;
use uuid::Uuid;

use fullmakt_pep::RightAnswer;

use super::*;
use crate::testing::{
    COMPANY_ORG, MAX_STALENESS, Manner, PAYROLL_REPORT, Tape, VAT_RETURN, company, decisions, fold,
    kari, party as party_id, published, records, registered, system_user,
};

async fn point(tape: &Tape) -> LocalPoint {
    LocalPoint::new(decisions(&fold(), tape).await)
}

fn question(subject: fullmakt_pep::Subject, action: &str, party: PartyRef) -> AccessQuestion {
    AccessQuestion {
        subject,
        action: action.to_owned(),
        resource: VAT_RETURN.parse().unwrap(),
        party,
        auth_level: Some(3),
        min_position: None,
        ask_id: DecisionId::new(Uuid::from_u128(1)),
    }
}

fn person(party: PartyId) -> fullmakt_pep::Subject {
    fullmakt_pep::Subject::Person(party)
}

#[tokio::test(start_paused = true)]
async fn a_permit_has_its_position_its_level_and_its_streams() {
    let tape = Tape::new(Manner::Takes).await;
    let fold = fold();
    let point = LocalPoint::new(decisions(&fold, &tape).await);
    let party = PartyRef::Number(PartyNumber::new(50_002));
    let answer = point.decide(question(person(kari()), "sign", party)).await.unwrap();
    assert_eq!(answer.decision, Decision::Permit);
    assert_eq!(answer.position, fold.generations().current().graph.position());
    assert_eq!(answer.decision_id, DecisionId::new(Uuid::from_u128(1)));
    assert_eq!(answer.obligations, [Obligation::MinimumAuthLevel(3)]);
    assert_eq!(answer.reason, "policy-permits");
    for stream in [
        StreamName::party(company()),
        StreamName::resource(&VAT_RETURN.parse().unwrap()),
        StreamName::party_number(PartyNumber::new(50_002)),
    ] {
        assert!(answer.streams.contains(&stream), "{stream}");
    }
    let logged = tape.records().await;
    assert_eq!(logged.len(), 1);
    assert_eq!(logged[0]["decision"], "Permit");
    assert_eq!(logged[0]["position"], answer.position.get());
}

#[tokio::test(start_paused = true)]
async fn all_names_of_a_party_lead_to_the_same_decision() {
    let tape = Tape::new(Manner::Takes).await;
    let point = point(&tape).await;
    let org = COMPANY_ORG.parse().unwrap();
    for party in
        [PartyRef::Number(PartyNumber::new(50_002)), PartyRef::Uuid(company()), PartyRef::Org(org)]
    {
        let answer = point.decide(question(person(kari()), "sign", party)).await.unwrap();
        assert_eq!(answer.decision, Decision::Permit, "{party:?}");
        let stranger = question(person(party_id(9)), "sign", party);
        let answer = point.decide(stranger).await.unwrap();
        assert_eq!(answer.decision, Decision::NotApplicable, "{party:?}");
        let organisation = question(fullmakt_pep::Subject::Org(org), "sign", party);
        let answer = point.decide(organisation).await.unwrap();
        assert_eq!(answer.decision, Decision::NotApplicable, "{party:?}");
    }
    let user = fullmakt_pep::Subject::SystemUser(system_user());
    let party = PartyRef::Org(org);
    let answer = point.decide(question(user.clone(), "sign", party)).await.unwrap();
    assert_eq!(answer.decision, Decision::Permit);
    assert_eq!(answer.obligations, [Obligation::MinimumAuthLevel(3)]);
    assert_eq!(answer.reason, "right-permits");
    let answer = point.decide(question(user, "write", party)).await.unwrap();
    assert_eq!(answer.decision, Decision::NotApplicable);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_known_is_never_permitted_and_its_claim_was_consulted() {
    let tape = Tape::new(Manner::Takes).await;
    let point = point(&tape).await;
    let org = "991825827".parse().unwrap();
    for (party, claim) in [
        (PartyRef::Number(PartyNumber::new(9)), StreamName::party_number(PartyNumber::new(9))),
        (PartyRef::Org(org), StreamName::org(org)),
        (PartyRef::Uuid(party_id(9)), StreamName::party(party_id(9))),
    ] {
        let answer = point.decide(question(person(kari()), "sign", party)).await.unwrap();
        assert_eq!(answer.decision, Decision::NotApplicable);
        assert!(answer.streams.contains(&claim), "{claim}");
    }
    let stranger = fullmakt_pep::Subject::Org(org);
    let asked = question(stranger, "sign", PartyRef::Uuid(company()));
    let answer = point.decide(asked).await.unwrap();
    assert_eq!(answer.decision, Decision::NotApplicable);
    assert!(answer.streams.contains(&StreamName::org(org)));

    let mut asked = question(person(kari()), "sign", PartyRef::Uuid(company()));
    asked.resource = "no-such-resource".parse().unwrap();
    let answer = point.decide(asked).await.unwrap();
    assert_eq!((answer.decision, &*answer.reason), (Decision::Indeterminate, "no-policy"));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_permitted_to_a_paused_system_user_until_it_is_resumed() {
    let tape = Tape::new(Manner::Takes).await;
    let mut fold = fold();
    let point = LocalPoint::new(decisions(&fold, &tape).await);
    let user = fullmakt_pep::Subject::SystemUser(system_user());
    let company = PartyRef::Org(COMPANY_ORG.parse().unwrap());
    let agreement = {
        let graph = &fold.generations().current().graph;
        graph.system_user(system_user()).unwrap().provenance().stream
    };
    let ask = || point.decide(question(user.clone(), "sign", company));
    let before = ask().await.unwrap();
    assert_eq!(before.decision, Decision::Permit);
    assert!(before.streams.contains(&agreement));

    let (id, by) = (system_user(), kari());
    let paused = AgreementEvent::SystemUserPaused(SystemUserPaused { id, by });
    fold.apply(&records(100, vec![paused.into()]));
    let answer = ask().await.unwrap();
    assert_eq!((answer.decision, &*answer.reason), (Decision::NotApplicable, "subject-paused"));
    assert!(answer.streams.contains(&agreement));
    let resumed = AgreementEvent::SystemUserResumed(SystemUserResumed { id, by });
    fold.apply(&records(101, vec![resumed.into()]));
    assert_eq!(ask().await.unwrap().decision, Decision::Permit);
}

/// Issue 4: what was permitted for a company was so after the register had deleted it.
#[tokio::test(start_paused = true)]
async fn nothing_is_permitted_for_a_deleted_party_but_as_of_a_position_before() {
    let tape = Tape::new(Manner::Takes).await;
    let mut fold = fold();
    let decisions = decisions(&fold, &tape).await;
    let point = LocalPoint::new(decisions.clone());
    let before = fold.generations().current();
    let org = COMPANY_ORG.parse().unwrap();
    let subjects = [person(kari()), fullmakt_pep::Subject::SystemUser(system_user())];
    let ask = |subject: &fullmakt_pep::Subject| {
        point.decide(question(subject.clone(), "sign", PartyRef::Org(org)))
    };
    for subject in &subjects {
        assert_eq!(ask(subject).await.unwrap().decision, Decision::Permit, "{subject:?}");
    }
    let mut facts = before.graph.party(company()).unwrap().facts.clone();
    facts.is_deleted = true;
    let deleted = PartyEvent::Changed(PartyChanged { party: company(), facts });
    fold.apply(&records(100, vec![deleted.into()]));
    for subject in &subjects {
        let answer = ask(subject).await.unwrap();
        assert_eq!(answer.decision, Decision::NotApplicable, "{subject:?}");
        assert_eq!(answer.reason, "party-deleted", "{subject:?}");
        assert!(answer.streams.contains(&StreamName::party(company())), "{subject:?}");
    }
    let asked = Question {
        subject: Some(Subject::SystemUser(system_user())),
        resource: VAT_RETURN.parse().unwrap(),
        action: "sign".to_owned(),
        party: Some(company()),
        at: decisions.now(),
        request: Request::new().with(ACTION, ACTION_ID, "sign"),
    };
    let by = Asked { id: DecisionId::new(Uuid::from_u128(2)), caller: None, correlation: None };
    let decided = decisions.decide(&before, by, &asked).await.unwrap();
    assert_eq!(decided.access.decision, fullmakt_xacml::Decision::Permit);
}

#[tokio::test(start_paused = true)]
async fn a_deny_is_a_deny() {
    let tape = Tape::new(Manner::Takes).await;
    let mut fold = fold();
    let point = LocalPoint::new(decisions(&fold, &tape).await);
    let deny = "<Policy xmlns=\"urn:oasis:names:tc:xacml:3.0:core:schema:wd-17\" PolicyId=\"p\" \
        Version=\"1.0\" RuleCombiningAlgId=\
        \"urn:oasis:names:tc:xacml:3.0:rule-combining-algorithm:deny-overrides\"><Target/>\
        <Rule RuleId=\"r\" Effect=\"Deny\"/></Policy>";
    fold.apply(&records(100, vec![published(VAT_RETURN, deny)]));
    let asked = question(person(kari()), "sign", PartyRef::Uuid(company()));
    assert_eq!(point.decide(asked).await.unwrap().decision, Decision::Deny);
}

#[tokio::test(start_paused = true)]
async fn who_does_not_know_the_present_decides_nothing() {
    let tape = Tape::new(Manner::Takes).await;
    let point = point(&tape).await;
    let asked = question(person(kari()), "sign", PartyRef::Uuid(company()));
    let check = DelegationQuestion {
        giver: kari(),
        party: company(),
        resources: vec![VAT_RETURN.parse().unwrap()],
        packages: Vec::new(),
        ask_id: DecisionId::new(Uuid::from_u128(1)),
    };
    advance(MAX_STALENESS.checked_sub(std::time::Duration::from_secs(1)).unwrap()).await;
    assert!(point.decide(asked.clone()).await.is_ok());
    assert!(point.check(check.clone()).await.is_ok());
    advance(std::time::Duration::from_secs(1)).await;
    assert!(matches!(point.decide(asked).await, Err(DecisionPointError::NotFresh)));
    assert!(matches!(point.check(check).await, Err(DecisionPointError::NotFresh)));
    assert_eq!(tape.records().await.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_logged_is_not_answered() {
    let tape = Tape::new(Manner::Refuses).await;
    let point = point(&tape).await;
    let asked = question(person(kari()), "sign", PartyRef::Uuid(company()));
    let answer = point.decide(asked.clone()).await;
    assert!(matches!(answer, Err(DecisionPointError::Unavailable(_))));
    tape.becomes(Manner::NeverAnswers);
    let answer = point.decide(asked).await;
    assert!(matches!(answer, Err(DecisionPointError::Unavailable(_))));
}

#[tokio::test(start_paused = true)]
async fn the_delegation_check_answers_for_each_resource_and_package() {
    let tape = Tape::new(Manner::Takes).await;
    let mut fold = fold();
    fold.apply(&records(100, registered(9, PartyKind::Person, None)));
    let point = LocalPoint::new(decisions(&fold, &tape).await);
    let package = PackageUrn::new("urn:altinn:accesspackage:merverdiavgift");
    let none: ResourceId = "no-such-resource".parse().unwrap();
    let ask = |giver| DelegationQuestion {
        giver,
        party: company(),
        resources: vec![VAT_RETURN.parse().unwrap(), PAYROLL_REPORT.parse().unwrap(), none.clone()],
        packages: vec![package.clone()],
        ask_id: DecisionId::new(Uuid::from_u128(2)),
    };
    for (giver, may) in [(kari(), true), (party_id(9), false)] {
        let answer = point.check(ask(giver)).await.unwrap();
        let actions = |names: &[&str]| RightAnswer::Actions {
            actions: names.iter().map(|name| ((*name).to_owned(), may)).collect(),
            names_packages: true,
        };
        let rights: Vec<_> = answer.rights.into_iter().map(|(_, answer)| answer).collect();
        assert_eq!(
            rights,
            [
                actions(&["read", "sign", "write"]),
                actions(&["read", "write"]),
                RightAnswer::NoPolicy
            ]
        );
        // No catalogue says that the package follows from the role.
        assert_eq!(answer.packages, [(package.clone(), false)]);
        for stream in [
            StreamName::resource(&none),
            StreamName::party(company()),
            StreamName::catalogue("role-packages"),
        ] {
            assert!(answer.streams.contains(&stream), "{stream}");
        }
    }
}

/// Issue 4: a delegation check decides too, and was in no log.
#[tokio::test(start_paused = true)]
async fn a_delegation_check_is_logged_with_what_it_depended_on() {
    let tape = Tape::new(Manner::Takes).await;
    let fold = fold();
    let point = LocalPoint::new(decisions(&fold, &tape).await);
    let none = "no-such-resource";
    let package = "urn:altinn:accesspackage:merverdiavgift";
    let ask = |giver, number| DelegationQuestion {
        giver,
        party: company(),
        resources: vec![VAT_RETURN.parse().unwrap(), none.parse().unwrap()],
        packages: vec![PackageUrn::new(package)],
        ask_id: DecisionId::new(Uuid::from_u128(number)),
    };
    let position = point.check(ask(kari(), 1)).await.unwrap().position;
    point.check(ask(party_id(9), 2)).await.unwrap();
    let mut logged = tape.records().await;
    logged.sort_by_key(|record| record["id"].to_string());
    assert_eq!(logged.len(), 2);
    let policy =
        fold.generations().current().policy(&VAT_RETURN.parse().unwrap()).unwrap().hash.clone();
    for (record, giver, may) in [(&logged[0], kari(), true), (&logged[1], party_id(9), false)] {
        let expected = json!({
            "giver": giver,
            "party": company(),
            "rights": {
                VAT_RETURN: {
                    "policy": policy,
                    "actions": { "read": may, "sign": may, "write": may },
                },
                none: { "policy": null, "actions": {} },
            },
            "packages": { package: false },
        });
        assert_eq!(record["delegation"], expected);
        assert_eq!(record["position"], position.get());
        assert_eq!(record["engine"], fullmakt_access::record::ENGINE);
    }
    assert_ne!(logged[0]["facts"], logged[1]["facts"]);
}

#[tokio::test(start_paused = true)]
async fn a_delegation_check_that_cannot_be_logged_is_not_answered() {
    let tape = Tape::new(Manner::Refuses).await;
    let point = point(&tape).await;
    let asked = DelegationQuestion {
        giver: kari(),
        party: company(),
        resources: vec![VAT_RETURN.parse().unwrap()],
        packages: Vec::new(),
        ask_id: DecisionId::new(Uuid::from_u128(1)),
    };
    let answer = point.check(asked.clone()).await;
    assert!(matches!(answer, Err(DecisionPointError::Unavailable(_))));
    tape.becomes(Manner::Takes);
    assert!(point.check(asked).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn whoever_holds_a_role_represents_a_party_by_any_of_its_names() {
    let tape = Tape::new(Manner::Takes).await;
    let fold = fold();
    let point = LocalPoint::new(decisions(&fold, &tape).await);
    let org = COMPANY_ORG.parse().unwrap();
    for party in
        [PartyRef::Number(PartyNumber::new(50_002)), PartyRef::Uuid(company()), PartyRef::Org(org)]
    {
        let answer = point.represents(kari(), party).await.unwrap();
        assert!(answer.is_represented, "{party:?}");
        assert_eq!(answer.position, fold.generations().current().graph.position());
        assert!(answer.streams.contains(&StreamName::party(company())));
        assert!(!point.represents(party_id(9), party).await.unwrap().is_represented);
    }
    // A number that is nobody's may be somebody's later.
    let nobody = PartyRef::Number(PartyNumber::new(9));
    let answer = point.represents(kari(), nobody).await.unwrap();
    assert!(!answer.is_represented);
    assert_eq!(answer.streams, [StreamName::party_number(PartyNumber::new(9))]);
}

#[tokio::test(start_paused = true)]
async fn a_point_that_does_not_know_the_present_says_of_nobody_that_it_represents() {
    let tape = Tape::new(Manner::Takes).await;
    let point = point(&tape).await;
    advance(MAX_STALENESS + std::time::Duration::from_secs(1)).await;
    let answer = point.represents(kari(), PartyRef::Uuid(company())).await;
    assert!(matches!(answer, Err(DecisionPointError::NotFresh)), "{answer:?}");
}

#[tokio::test(start_paused = true)]
async fn a_point_decides_at_the_position_insisted_on_or_not_at_all() {
    let tape = Tape::new(Manner::Takes).await;
    let decisions = decisions(&fold(), &tape).await;
    let (ledger, last) = (decisions.ledger.id(), decisions.ledger.progress().position);
    let point = LocalPoint::new(decisions);
    let party = PartyRef::Number(PartyNumber::new(50_002));
    let insisting = async |ledger, position| {
        let min_position = Some(ConsistencyToken::new(ledger, position));
        let asked = question(person(kari()), "sign", party);
        point.decide(AccessQuestion { min_position, ..asked }).await
    };
    assert_eq!(insisting(ledger, last).await.unwrap().decision, Decision::Permit);
    for (ledger, position) in
        [(ledger, Position::new(last.get() + 1_000)), (LedgerId::new(Uuid::from_u128(9)), last)]
    {
        let error = insisting(ledger, position).await.unwrap_err();
        assert!(matches!(error, DecisionPointError::NoSuchPosition), "{error:?}");
    }
    assert_eq!(tape.records().await.len(), 1);
}
