use super::*;
use crate::ids;
use crate::value::DataType;
use crate::xpath::{XPath, XPathExpression};

fn read(json: &str) -> Result<RequestDocument, RequestError> {
    RequestDocument::from_json(json, &Limits::default())
}

fn only(document: &RequestDocument) -> Request {
    let mut requests = document.individual_requests(&Limits::default()).expect("requests");
    assert_eq!(requests.len(), 1);
    requests.remove(0).expect("a request")
}

/// The type and text of the values of one attribute of the access subject.
fn values(attribute: &str) -> Result<Vec<(DataType, String)>, RequestError> {
    let json = format!(r#"{{"Request":{{"AccessSubject":{{"Attribute":[{attribute}]}}}}}}"#);
    let request = only(&read(&json)?);
    let values = request.values(ids::ACCESS_SUBJECT, "a");
    Ok(values.map(|value| (value.data_type(), value.to_string())).collect())
}

#[test]
fn shorthand_members_stand_for_their_categories() {
    for (name, category) in [
        ("AccessSubject", ids::ACCESS_SUBJECT),
        ("RecipientSubject", ids::RECIPIENT_SUBJECT),
        ("IntermediarySubject", ids::INTERMEDIARY_SUBJECT),
        ("Codebase", ids::CODEBASE),
        ("RequestingMachine", ids::REQUESTING_MACHINE),
        ("Resource", ids::RESOURCE),
        ("Action", ids::ACTION),
        ("Environment", ids::ENVIRONMENT),
    ] {
        for json in [
            format!(
                r#"{{"Request":{{"{name}":{{"Attribute":{{"AttributeId":"a","Value":"v"}}}}}}}}"#
            ),
            format!(
                r#"{{"Request":{{"{name}":[{{"Attribute":[{{"AttributeId":"a","Value":["v"]}}]}}]}}}}"#
            ),
            format!(
                r#"{{"Request":{{"Category":[{{"CategoryId":"{category}","Attribute":[{{"AttributeId":"a","Value":"v"}}]}}]}}}}"#
            ),
        ] {
            let request = only(&read(&json).expect("a document"));
            let expected = Request::new().with(category, "a", "v");
            assert_eq!(request, expected, "{json}");
        }
    }
}

#[test]
fn member_names_are_accepted_in_any_case() {
    let json = r#"{"request":{"accessSubject":[{"attribute":[{"attributeId":"a","value":"v",
        "includeInResult":true,"issuer":"i","dataType":"string"}]}],"returnPolicyIdList":true}}"#;
    let request = only(&read(json).expect("a document"));
    assert!(request.return_policies);
    let attribute = request.attributes(ids::ACCESS_SUBJECT).next().expect("an attribute");
    assert!(attribute.include_in_result);
    assert_eq!(attribute.issuer.as_deref(), Some("i"));
}

#[test]
fn data_types_are_given_in_full_in_short_or_not_at_all() {
    let single = |data_type, text: &str| Ok(vec![(data_type, text.to_owned())]);
    for (attribute, data_type, text) in [
        (r#"{"AttributeId":"a","Value":"v"}"#, DataType::String, "v"),
        (r#"{"AttributeId":"a","Value":"v","DataType":""}"#, DataType::String, "v"),
        (r#"{"AttributeId":"a","Value":true}"#, DataType::Boolean, "true"),
        (r#"{"AttributeId":"a","Value":7}"#, DataType::Integer, "7"),
        (r#"{"AttributeId":"a","Value":7.5}"#, DataType::Double, "7.5E0"),
        (r#"{"AttributeId":"a","Value":7,"DataType":"double"}"#, DataType::Double, "7.0E0"),
        (r#"{"AttributeId":"a","Value":"7","DataType":"integer"}"#, DataType::Integer, "7"),
        (
            r#"{"AttributeId":"a","Value":"x","DataType":"http://www.w3.org/2001/XMLSchema#anyURI"}"#,
            DataType::AnyUri,
            "x",
        ),
        (
            r#"{"AttributeId":"a","Value":"10.0.0.1","DataType":"ipAddress"}"#,
            DataType::IpAddress,
            "10.0.0.1",
        ),
    ] {
        assert_eq!(values(attribute), single(data_type, text), "{attribute}");
    }
}

#[test]
fn lists_are_bags_of_one_data_type() {
    assert_eq!(
        values(r#"{"AttributeId":"a","Value":[1,2.5]}"#),
        Ok(vec![(DataType::Double, "1.0E0".to_owned()), (DataType::Double, "2.5E0".to_owned())])
    );
    assert_eq!(values(r#"{"AttributeId":"a","Value":[]}"#), Ok(vec![]));
    assert_eq!(values(r#"{"AttributeId":"a","Value":["x",1]}"#), Err(RequestError::Form("Value")));
}

#[test]
fn values_that_do_not_fit_are_refused() {
    for attribute in [
        r#"{"AttributeId":"a","Value":{"x":1}}"#,
        r#"{"AttributeId":"a","Value":[["x"]]}"#,
        r#"{"AttributeId":"a","Value":7,"DataType":"string"}"#,
        r#"{"AttributeId":"a","Value":7.5,"DataType":"integer"}"#,
        r#"{"AttributeId":"a","Value":true,"DataType":"integer"}"#,
    ] {
        assert_eq!(values(attribute), Err(RequestError::Form("Value")), "{attribute}");
    }
    assert_eq!(values(r#"{"AttributeId":"a"}"#), Err(RequestError::Missing("Value")));
    assert_eq!(values(r#"{"AttributeId":"a","Value":null}"#), Err(RequestError::Missing("Value")));
    assert_eq!(values(r#"{"Value":"v"}"#), Err(RequestError::Missing("AttributeId")));
    let unknown = values(r#"{"AttributeId":"a","Value":"v","DataType":"text"}"#);
    assert_eq!(unknown, Err(RequestError::UnknownDataType("text".to_owned())));
    let value = values(r#"{"AttributeId":"a","Value":"seven","DataType":"integer"}"#);
    assert!(matches!(value, Err(RequestError::Value(_))));
}

#[test]
fn documents_that_are_no_requests_are_refused() {
    for (json, expected) in [
        ("[]", RequestError::Form("Request")),
        ("{}", RequestError::Missing("Request")),
        (r#"{"Request":[]}"#, RequestError::Form("Request")),
        (r#"{"Request":{"Resource":"x"}}"#, RequestError::Form("Resource")),
        (r#"{"Request":{"Category":{}}}"#, RequestError::Missing("CategoryId")),
        (r#"{"Request":{"CombinedDecision":"yes"}}"#, RequestError::Form("CombinedDecision")),
    ] {
        assert_eq!(read(json), Err(expected), "{json}");
    }
    assert_eq!(read("{\n  \"Request\": }"), Err(RequestError::Json { line: 2, column: 14 }));
}

#[test]
fn a_document_within_the_limits_is_read_and_one_beyond_is_not() {
    let json = r#"{"Request":{"Action":{"Attribute":{"AttributeId":"a","Value":["x","y"]}}}}"#;
    let limits = Limits { values: 1, ..Limits::default() };
    assert_eq!(
        RequestDocument::from_json(json, &limits),
        Err(RequestError::TooManyValues { limit: 1 })
    );
    let limits = Limits { bytes: 10, ..Limits::default() };
    assert_eq!(
        RequestDocument::from_json(json, &limits),
        Err(RequestError::TooLarge { limit: 10 })
    );
    assert!(read(&"[".repeat(100_000)).is_err());
}

const MANY: &str = r#"{"Request":{
    "AccessSubject":[{"Id":"s1","Attribute":{"AttributeId":"a","Value":"ada"}},
                     {"Id":"s2","Attribute":{"AttributeId":"a","Value":"bo"}}],
    "Action":[{"Id":"a1","Attribute":{"AttributeId":"a","Value":"read"}},
              {"Id":"a2","Attribute":{"AttributeId":"a","Value":"write"}}]REFERENCES}}"#;

/// Subject and action of every individual request, or the status in its place.
fn individual(references: &str) -> Vec<Result<String, Status>> {
    let document = read(&MANY.replace("REFERENCES", references)).expect("a document");
    let requests = document.individual_requests(&Limits::default()).expect("requests");
    let text = |request: &Request, category| {
        request.values(category, "a").map(ToString::to_string).collect::<Vec<_>>().join("+")
    };
    requests
        .into_iter()
        .map(|request| {
            request.map(|request| {
                format!("{} {}", text(&request, ids::ACCESS_SUBJECT), text(&request, ids::ACTION))
            })
        })
        .collect()
}

#[test]
fn repeated_categories_ask_for_every_combination() {
    let expected = ["ada read", "ada write", "bo read", "bo write"];
    assert_eq!(individual(""), expected.map(|pair| Ok(pair.to_owned())));
}

#[test]
fn references_ask_for_exactly_what_they_name() {
    let found = individual(
        r#","MultiRequests":{"RequestReference":[{"ReferenceId":["s2","a1"]},{"ReferenceId":["a2"]}]}"#,
    );
    assert_eq!(found, [Ok("bo read".to_owned()), Ok(" write".to_owned())]);
}

#[test]
fn a_reference_to_nothing_spoils_its_own_request_only() {
    let found = individual(
        r#","MultiRequests":{"RequestReference":[{"ReferenceId":["s9","a1"]},{"ReferenceId":["s1","a1"]}]}"#,
    );
    assert_eq!(found.len(), 2);
    assert_eq!(
        found[0].as_ref().map_err(|status| status.code),
        Err(crate::StatusCode::SyntaxError)
    );
    assert_eq!(found[1], Ok("ada read".to_owned()));
}

#[test]
fn more_decisions_than_the_limit_are_refused() {
    let limits = Limits { decisions: 3, ..Limits::default() };
    let refused = Err(RequestError::TooManyDecisions { limit: 3 });
    let document = read(&MANY.replace("REFERENCES", "")).expect("a document");
    assert_eq!(document.individual_requests(&limits), refused);
    let references = r#"{"ReferenceId":["s1","a1"]},"#.repeat(4);
    let references = format!(
        r#","MultiRequests":{{"RequestReference":[{}]}}"#,
        references.trim_end_matches(',')
    );
    let document = read(&MANY.replace("REFERENCES", &references)).expect("a document");
    assert_eq!(document.individual_requests(&limits), refused);
}

#[test]
fn xml_and_json_give_the_same_request() {
    let xml = r#"<Request xmlns="urn:oasis:names:tc:xacml:3.0:core:schema:wd-17" ReturnPolicyIdList="true"
        CombinedDecision="false"><Attributes Category="urn:oasis:names:tc:xacml:3.0:attribute-category:action">
        <Attribute AttributeId="a" IncludeInResult="false">
        <AttributeValue DataType="http://www.w3.org/2001/XMLSchema#integer"> 7 </AttributeValue></Attribute>
        </Attributes></Request>"#;
    let json = r#"{"Request":{"ReturnPolicyIdList":true,
        "Action":{"Attribute":{"AttributeId":"a","Value":7}}}}"#;
    assert_eq!(RequestDocument::from_xml(xml, &Limits::default()), read(json));
}

#[test]
fn a_request_written_as_json_is_read_as_the_same_request() {
    let mut request = Request::new()
        .with(ids::ACCESS_SUBJECT, "role", "DAGL")
        .with(ids::ACCESS_SUBJECT, "age", 44)
        .with(ids::RESOURCE, "open", true);
    for (data_type, text) in
        [(DataType::Double, "NaN"), (DataType::Double, "0.5"), (DataType::Time, "10:00:00Z")]
    {
        request.add(ids::RESOURCE, text, Value::parse(data_type, text).expect("a value"));
    }
    request.return_policies = true;
    let again = only(&read(&request.to_json().to_string()).expect("a document"));
    // NaN is not equal to itself here, so the texts are compared.
    assert_eq!(format!("{again:?}"), format!("{request:?}"));
}

#[test]
fn what_is_wrong_in_xml_is_told_with_its_place() {
    let xml = "<Request xmlns=\"urn:oasis:names:tc:xacml:3.0:core:schema:wd-17\">\n  <Attributes/>\n</Request>";
    let error = RequestDocument::from_xml(xml, &Limits::default()).expect_err("no category");
    assert_eq!(error.to_string(), "line 2, column 3: attribute `Category` is missing");
}

#[test]
fn attributes_are_easily_added_and_found() {
    let mut request = Request::new().with(ids::ACCESS_SUBJECT, "role", "DAGL");
    request.add(ids::ACCESS_SUBJECT, "role", "REGNA");
    request.add(ids::RESOURCE, "level", Value::integer(3));
    let roles: Vec<_> =
        request.values(ids::ACCESS_SUBJECT, "role").map(ToString::to_string).collect();
    assert_eq!(roles, ["DAGL", "REGNA"]);
    assert_eq!(request.values(ids::RESOURCE, "role").count(), 0);
    assert_eq!(request.categories.len(), 2);
}

#[test]
fn content_in_json_is_xml_as_it_is_or_in_base_64() {
    for content in ["<a b='c'/>", "PGEgYj0nYycvPg=="] {
        let json = format!(r#"{{"Request":{{"Resource":{{"Content":"{content}"}}}}}}"#);
        let request = only(&read(&json).expect("a document"));
        assert_eq!(request.categories[0].content.as_deref(), Some("<a b='c'/>"), "{content}");
        let again = only(&read(&request.to_json().to_string()).expect("a document"));
        assert_eq!(again, request);
    }
}

#[test]
fn an_xpath_expression_in_json_is_an_object() {
    let of = |value: &str| {
        let json = format!(
            r#"{{"Request":{{"Resource":{{"Attribute":{{"AttributeId":"a","Value":{value},
            "DataType":"xpathExpression"}}}}}}}}"#
        );
        read(&json).map(|document| only(&document))
    };
    let written = r#"{"XPathCategory":"Resource","XPath":"//m:a",
        "Namespaces":[{"Prefix":"m","Namespace":"urn:m"},{"Namespace":"urn:default"}]}"#;
    let request = of(written).expect("a request");
    let path = XPath::new("//m:a", vec![("m".to_owned(), "urn:m".to_owned())]).expect("a path");
    let expression = XPathExpression { category: ids::RESOURCE.to_owned(), path };
    let expected = Value::from(expression);
    assert_eq!(request.values(ids::RESOURCE, "a").collect::<Vec<_>>(), [&expected]);
    let again = only(&read(&request.to_json().to_string()).expect("a document"));
    assert_eq!(again, request);
    for (value, message) in [
        (r#""//a""#, "`Value` has the wrong form"),
        (r#"{"XPath":"//a"}"#, "`XPathCategory` is missing"),
        (r#"{"XPathCategory":"c"}"#, "`XPath` is missing"),
        (r#"{"XPathCategory":"c","XPath":"//m:a"}"#, "`//m:a` is not an XPath expression"),
    ] {
        let error = of(value).expect_err(value).to_string();
        assert!(error.starts_with(message), "{error}");
    }
}

#[test]
fn xpath_of_another_version_is_refused() {
    let of = |version: &str| {
        let json = format!(r#"{{"Request":{{"XPathVersion":"{version}"}}}}"#);
        let xml = format!(
            "<Request xmlns=\"urn:oasis:names:tc:xacml:3.0:core:schema:wd-17\"><RequestDefaults><XPathVersion>{version}</XPathVersion></RequestDefaults></Request>"
        );
        [read(&json), RequestDocument::from_xml(&xml, &Limits::default())]
    };
    assert!(of("http://www.w3.org/TR/1999/REC-xpath-19991116").iter().all(Result::is_ok));
    for refused in of("http://www.w3.org/TR/2007/REC-xpath20-20070123") {
        assert!(matches!(refused, Err(RequestError::XPathVersion(_))), "{refused:?}");
    }
}
