//! Values that are right, nearly right, or meant to do harm.

use proptest::{prelude::RngExt as _, test_runner::TestRng};
use serde_json::{Map, Value, json};

/// How a value is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// As the document says, and of things that are there where it can be.
    Valid,
    /// With one thing wrong in it.
    NearlyValid,
    /// Made to do harm.
    Hostile,
}

/// Texts that have done harm elsewhere.
const HOSTILE: &[&str] = &[
    "",
    " ",
    "\u{0}",
    "a\u{0}b",
    "\u{202e}abc",
    "\u{fffd}",
    "\u{1f600}",
    "' OR '1'='1",
    "\"; DROP TABLE parties; --",
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "${jndi:ldap://localhost/a}",
    "<script>alert(1)</script>",
    "%00",
    "%ff%fe",
    "{{7*7}}",
    "-1",
    "0",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "1e999",
    "NaN",
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "0192:310010022",
    "310010014_",
    "_",
    "urn:altinn:resource:",
    "15837130260",
    "Fullmakt",
    "null",
    "[]",
];

/// One of these.
pub fn choice<'a, T>(random: &mut TestRng, all: &'a [T]) -> &'a T {
    &all[random.random_range(0..all.len())]
}

/// A text that may do harm.
pub fn hostile(random: &mut TestRng) -> String {
    match random.random_range(0..20) {
        0 => "a".repeat(300),
        1 => "\u{e5}".repeat(5_000),
        2 => (0..random.random_range(1..40)).map(|_| random.random::<char>()).collect(),
        _ => (*choice(random, HOSTILE)).to_owned(),
    }
}

/// A value of a schema, made of what is known by its name.
pub fn of_schema(random: &mut TestRng, schema: &Value, name: &str, known: &Known<'_>) -> Value {
    let text = known.text(random, name);
    if let Some(example) = schema.get("example").filter(|_| text.is_none()) {
        return example.clone();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.first().and_then(Value::as_str).unwrap_or_default(),
        Value::String(kind) => kind,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => "",
    };
    match kind {
        "object" => {
            let properties = schema["properties"].as_object().cloned().unwrap_or_default();
            let members = properties
                .iter()
                .map(|(name, schema)| (name.clone(), of_schema(random, schema, name, known)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        "array" => {
            let count = random.random_range(0..3);
            let items = (0..count).map(|_| of_schema(random, &schema["items"], name, known));
            Value::Array(items.collect())
        }
        "integer" | "number" => json!(random.random_range(0..100)),
        "boolean" => json!(random.random::<bool>()),
        _ => text.unwrap_or_else(|| format!("text{}", random.random_range(0..10))).into(),
    }
}

/// What is there in the system under test.
pub struct Facts(pub Vec<Fact>);

/// Values of fields and parameters with one of these names, in operations whose path has this in it.
pub type Fact = (&'static str, &'static [&'static str], Vec<String>);

/// What is known for one operation.
pub struct Known<'a> {
    /// What is there.
    pub facts: &'a Facts,
    /// The operation's path.
    pub path: &'a str,
}

impl Known<'_> {
    /// A text that is right for a name, if one is known.
    pub fn text(&self, random: &mut TestRng, name: &str) -> Option<String> {
        let name = name.to_lowercase().replace(['-', '_'], "");
        let fits =
            |(path, names, _): &&Fact| self.path.contains(path) && names.contains(&name.as_str());
        let (_, _, values) = self.facts.0.iter().find(fits)?;
        Some(choice(random, values).clone())
    }
}

/// Spoils one place of a value.
pub fn spoil(random: &mut TestRng, value: Value) -> Value {
    match value {
        Value::Object(mut members) if !members.is_empty() && random.random_range(0..8) > 0 => {
            let names: Vec<String> = members.keys().cloned().collect();
            let name = choice(random, &names);
            match random.random_range(0..6) {
                0 => _ = members.remove(name),
                1 => _ = members.insert(hostile(random), json!(1)),
                _ => {
                    let old = members.remove(name).unwrap_or_default();
                    members.insert(name.clone(), spoil(random, old));
                }
            }
            Value::Object(members)
        }
        Value::Array(mut items) if !items.is_empty() && random.random_range(0..8) > 0 => {
            let index = random.random_range(0..items.len());
            match random.random_range(0..5) {
                0 => items.push(items[index].clone()),
                1 => items = std::iter::repeat_n(items[index].clone(), 600).collect(),
                _ => items[index] = spoil(random, items[index].clone()),
            }
            Value::Array(items)
        }
        Value::Object(_)
        | Value::Array(_)
        | Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_) => match random.random_range(0..8) {
            0 => Value::Null,
            1 => json!(random.random::<i64>()),
            2 => json!({ hostile(random): hostile(random) }),
            3 => json!([[[[hostile(random)]]]]),
            4 => json!(random.random::<bool>()),
            5 => json!(1e300),
            _ => hostile(random).into(),
        },
    }
}

/// A body that is no valid one of any schema.
pub fn hostile_body(random: &mut TestRng, valid: &[u8]) -> Vec<u8> {
    match random.random_range(0..9) {
        0 => Vec::new(),
        1 => valid[..random.random_range(0..=valid.len())].to_vec(),
        2 => [b"[".repeat(50_000), b"]".repeat(50_000)].concat(),
        3 => [&b"{\"a\":1,\"a\":2,"[..], valid.get(1..).unwrap_or_default()].concat(),
        4 => (0..random.random_range(1..200)).map(|_| random.random::<u8>()).collect(),
        5 => b"{\"a\":1e999999}".to_vec(),
        6 => b"\xef\xbb\xbf{}".to_vec(),
        7 => vec![b' '; (1 << 20) + 1],
        _ => {
            let mut bytes = valid.to_vec();
            for _ in 0..3 {
                if !bytes.is_empty() {
                    let index = random.random_range(0..bytes.len());
                    bytes[index] = random.random();
                }
            }
            bytes
        }
    }
}
