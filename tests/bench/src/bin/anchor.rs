//! The least that a decision over HTTP can cost: a server that parses the same body, and answers a
//! constant. Prints where it listens.

use std::io::{self, Write};

use axum::{Json, Router, routing::post};
use fullmakt_measures::Failed;
use serde_json::Value;
use tokio::net::TcpListener;

/// An answer as long as that of a decision.
const ANSWER: &str = r#"{"response":[{"decision":"Permit","status":{"statusMessage":null,"statusDetails":null,"statusCode":{"value":"urn:oasis:names:tc:xacml:1.0:status:ok","statusCode":null}},"obligations":[{"id":"urn:altinn:obligation:authenticationLevel1","attributeAssignment":[{"attributeId":"urn:altinn:obligation1-assignment1","value":"3","category":"urn:altinn:minimum-authenticationlevel","dataType":"http://www.w3.org/2001/XMLSchema#integer","issuer":null}]}],"associateAdvice":null,"category":null,"policyIdentifierList":null}]}"#;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    writeln!(io::stdout(), "http://{}", listener.local_addr()?)?;
    let answer = async |Json(body): Json<Value>| {
        std::hint::black_box(body);
        ([("content-type", "application/json")], ANSWER)
    };
    Ok(axum::serve(listener, Router::new().route("/", post(answer))).await?)
}
