//! `fullmakt xacml` works on files alone: no configuration, no log, no database.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use fullmakt_scenarios::binary;
use serde_json::{Value, json};
use tempfile::TempDir;

const NAMESPACE: &str = "urn:oasis:names:tc:xacml:3.0:core:schema:wd-17";
const ACTION: &str = "urn:oasis:names:tc:xacml:3.0:attribute-category:action";
const SUBJECT: &str = "urn:oasis:names:tc:xacml:1.0:subject-category:access-subject";
const STRING: &str = "http://www.w3.org/2001/XMLSchema#string";

/// A policy that permits reading to members; who is a member is asked for.
fn policy(id: &str) -> String {
    let matched = |category: &str, attribute: &str, value: &str| {
        format!(
            "<AnyOf><AllOf><Match MatchId=\"urn:oasis:names:tc:xacml:1.0:function:string-equal\"><AttributeValue DataType=\"{STRING}\">{value}</AttributeValue><AttributeDesignator Category=\"{category}\" AttributeId=\"{attribute}\" DataType=\"{STRING}\" MustBePresent=\"true\"/></Match></AllOf></AnyOf>"
        )
    };
    format!(
        "<Policy xmlns=\"{NAMESPACE}\" PolicyId=\"{id}\" Version=\"1.0\" RuleCombiningAlgId=\"urn:oasis:names:tc:xacml:3.0:rule-combining-algorithm:deny-overrides\">\n<Target>{}{}</Target>\n<Rule RuleId=\"members-read\" Effect=\"Permit\"/></Policy>",
        matched(ACTION, "act", "read"),
        matched(SUBJECT, "role", "member"),
    )
}

/// A policy set that refers to a policy.
fn policy_set(to: &str) -> String {
    format!(
        "<PolicySet xmlns=\"{NAMESPACE}\" PolicySetId=\"set\" Version=\"1\" PolicyCombiningAlgId=\"urn:oasis:names:tc:xacml:3.0:policy-combining-algorithm:deny-overrides\"><Target/><PolicyIdReference>{to}</PolicyIdReference></PolicySet>"
    )
}

fn xml_request(action: &str) -> String {
    format!(
        "<Request xmlns=\"{NAMESPACE}\" ReturnPolicyIdList=\"false\" CombinedDecision=\"false\"><Attributes Category=\"{ACTION}\"><Attribute AttributeId=\"act\" IncludeInResult=\"false\"><AttributeValue DataType=\"{STRING}\">{action}</AttributeValue></Attribute></Attributes></Request>"
    )
}

fn json_request(role: &str) -> String {
    json!({"Request": {
        "Action": {"Attribute": {"AttributeId": "act", "Value": "read"}},
        "AccessSubject": {"Attribute": {"AttributeId": "role", "Value": role}},
    }})
    .to_string()
}

/// A folder with a policy, a policy set that refers to it, and what else a test writes.
struct Files(TempDir);

impl Files {
    fn new() -> Self {
        let files = Self(TempDir::new().unwrap());
        files.write("policies/policy.xml", &policy("members"));
        files.write("policies/set.xml", &policy_set("members"));
        files
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(binary())
            .arg("xacml")
            .args(arguments)
            .current_dir(self.0.path())
            .env_clear()
            .output()
            .unwrap()
    }

    /// Evaluates a request that was written to a file.
    fn evaluate(&self, request: &str, more: &[&str]) -> Output {
        let arguments =
            ["evaluate", "--policies", "policies", "--root", "set.xml", "--request", request];
        self.run(&[&arguments, more].concat())
    }
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn complaint(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The command ends with this code, prints nothing and says why.
fn assert_refused(output: &Output, code: i32, reason: &str) {
    assert_eq!(output.status.code(), Some(code), "{}", complaint(output));
    assert_eq!(out(output), "");
    assert!(complaint(output).contains(reason), "{}", complaint(output));
}

#[test]
fn a_response_has_the_form_of_its_request() {
    let files = Files::new();
    files.write("member.json", &json_request("member"));
    files.write("guest.json", &json_request("guest"));
    files.write("write.xml", &xml_request("write"));
    let decided = |request: &str| {
        let output = files.evaluate(request, &[]);
        assert!(output.status.success(), "{}", complaint(&output));
        let response: Value = serde_json::from_str(&out(&output)).unwrap();
        response["Response"][0]["Decision"].as_str().unwrap().to_owned()
    };
    assert_eq!(decided("member.json"), "Permit");
    assert_eq!(decided("guest.json"), "NotApplicable");
    let output = files.evaluate("write.xml", &[]);
    assert!(output.status.success());
    assert!(out(&output).starts_with("<?xml"), "{}", out(&output));
    assert!(out(&output).contains("<Decision>NotApplicable</Decision>"));
}

#[test]
fn what_the_request_does_not_have_is_asked_of_the_attributes() {
    let files = Files::new();
    files.write("read.xml", &xml_request("read"));
    let attribute = |role: &str| json!([{"Category": SUBJECT, "AttributeId": "role", "DataType": STRING, "Value": [role]}]);
    files.write("members.json", &attribute("member").to_string());
    files.write("guests.json", &attribute("guest").to_string());
    let alone = out(&files.evaluate("read.xml", &[]));
    assert!(alone.contains("<Decision>Indeterminate</Decision>"), "{alone}");
    assert!(alone.contains("AttributeId=\"role\""), "{alone}");
    let supplied = |name| out(&files.evaluate("read.xml", &["--attributes", name]));
    assert!(supplied("members.json").contains("<Decision>Permit</Decision>"));
    assert!(supplied("guests.json").contains("<Decision>NotApplicable</Decision>"));
    files.write("wrong.json", "[{}]");
    let output = files.evaluate("read.xml", &["--attributes", "wrong.json"]);
    assert_refused(&output, 3, "wrong.json: `Category` is missing");
}

#[test]
fn an_explanation_follows_the_response_if_it_is_asked_for() {
    let files = Files::new();
    files.write("member.json", &json_request("member"));
    let plain = out(&files.evaluate("member.json", &[]));
    let explained = out(&files.evaluate("member.json", &["--explain"]));
    let explanation = explained.strip_prefix(&plain).unwrap();
    assert!(explanation.starts_with("\nPermit: policy set `set` version 1\n"), "{explanation}");
    assert!(explanation.contains("Permit: rule `members-read`"), "{explanation}");
    assert!(explanation.contains("holds by `member`"), "{explanation}");
    assert_eq!(out(&files.evaluate("member.json", &["--explain"])), explained);
}

#[test]
fn a_policy_that_is_rejected_ends_the_command_with_two_and_the_place() {
    let files = Files::new();
    files.write("member.json", &json_request("member"));
    files.write("policies/broken.xml", &policy("broken").replace("<Rule ", "<Rules "));
    let place = Path::new("policies").join("broken.xml");
    let reason = format!("{}: line 3, column", place.display());
    assert_refused(&files.evaluate("member.json", &[]), 2, &reason);
    assert_refused(&files.run(&["check", "policies"]), 2, &reason);

    files.write("policies/broken.xml", &policy("members"));
    let twice = "`members` version 1.0 is in another file, too";
    assert_refused(&files.evaluate("member.json", &[]), 2, twice);
    let elsewhere = ["evaluate", "--policies", "nowhere", "--root", "set.xml"];
    let output = files.run(&[&elsewhere[..], &["--request", "member.json"]].concat());
    assert_refused(&output, 2, "nowhere");
}

#[test]
fn a_request_that_is_rejected_ends_the_command_with_three() {
    let files = Files::new();
    for (text, reason) in [
        ("<Request>", "line 1"),
        ("<Nonsense/>", "unexpected element `Nonsense`"),
        ("{", "not well-formed JSON"),
        ("{}", "`Request` is missing"),
    ] {
        files.write("request", text);
        assert_refused(&files.evaluate("request", &[]), 3, reason);
    }
    assert_refused(&files.evaluate("no-such-file", &[]), 3, "no-such-file");
}

#[test]
fn a_value_that_is_wrong_is_answered_with_a_syntax_error() {
    let files = Files::new();
    let wrong = json!({"Request": {"Action": {"Attribute": {
        "AttributeId": "act", "Value": "x", "DataType": "integer"}}}});
    files.write("request.json", &wrong.to_string());
    let output = files.evaluate("request.json", &[]);
    assert!(output.status.success(), "{}", complaint(&output));
    assert!(out(&output).contains("urn:oasis:names:tc:xacml:1.0:status:syntax-error"));
}

#[test]
fn check_reads_all_policies_and_follows_their_references() {
    let files = Files::new();
    let output = files.run(&["check", "policies"]);
    assert!(output.status.success(), "{}", complaint(&output));
    assert_eq!(out(&output), "2 policies are valid\n");
    files.write("policies/set.xml", &policy_set("nobody"));
    let reason = "`set` refers to `nobody`, and no policy fits the reference";
    assert_refused(&files.run(&["check", "policies"]), 2, reason);
    files.write("empty/readme.txt", "nothing");
    assert_refused(&files.run(&["check", "empty"]), 2, "there are no policies");
}

#[test]
fn test_runs_the_cases_of_an_index() {
    let files = Files::new();
    let case = |decision: &str| {
        let name = format!("cases/{decision}");
        files.write(&format!("{name}/policies/Policy.xml"), &policy("members"));
        files.write(&format!("{name}/Request.xml"), &xml_request("write"));
        let response = format!(
            "<Response xmlns=\"{NAMESPACE}\"><Result><Decision>{decision}</Decision><Status><StatusCode Value=\"urn:oasis:names:tc:xacml:1.0:status:ok\"/></Status></Result></Response>"
        );
        files.write(&format!("{name}/Response.xml"), &response);
        json!({"id": decision, "root_policy": "Policy.xml", "request": "Request.xml",
            "response": "Response.xml", "accept": ["response"]})
    };
    let (right, wrong) = (case("NotApplicable"), case("Permit"));
    files.write("cases/index.json", &json!([right]).to_string());
    let output = files.run(&["test", "cases"]);
    assert!(output.status.success(), "{}", complaint(&output));
    assert_eq!(out(&output), "passed NotApplicable\n1 case passed\n");
    files.write("cases/index.json", &json!([right, wrong]).to_string());
    let output = files.run(&["test", "cases"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).contains("failed Permit: in XML, the response is"), "{}", out(&output));
    assert!(complaint(&output).contains("1 of 2 cases failed"));
    let output = files.run(&["test", "nowhere"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(complaint(&output).contains("index.json"));
}
