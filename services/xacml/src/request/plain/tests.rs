use proptest::prelude::*;

use super::super::xml;
use super::*;

const COMPACT: &str = concat!(
    r#"<Request xmlns="urn:oasis:names:tc:xacml:3.0:core:schema:wd-17" CombinedDecision="false" ReturnPolicyIdList="true">"#,
    r#"<Attributes Category="c" xml:id="a"><Attribute AttributeId="i" Issuer="j" IncludeInResult="true">"#,
    r#"<AttributeValue DataType="http://www.w3.org/2001/XMLSchema#string">x æ</AttributeValue>"#,
    r#"<AttributeValue DataType="http://www.w3.org/2001/XMLSchema#string"/>"#,
    r#"<AttributeValue DataType="http://www.w3.org/2001/XMLSchema#integer"> 7 </AttributeValue>"#,
    r#"</Attribute></Attributes><Attributes Category="d"/></Request>"#,
);
const INDENTED: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<x:Request xmlns:x='urn:oasis:names:tc:xacml:3.0:core:schema:wd-17' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:schemaLocation="somewhere" CombinedDecision="0" ReturnPolicyIdList='1'>
  <x:Attributes Category="c" xml:id="a">
    <x:Attribute AttributeId='i' IncludeInResult="false">
      <x:AttributeValue DataType="http://www.w3.org/2001/XMLSchema#boolean">
        true
      </x:AttributeValue>
      <x:AttributeValue DataType="http://www.w3.org/2001/XMLSchema#anyURI">urn:x</x:AttributeValue>
    </x:Attribute>
  </x:Attributes>
  <x:MultiRequests>
    <x:RequestReference><x:AttributesReference ReferenceId="a"/><x:AttributesReference ReferenceId="a"></x:AttributesReference></x:RequestReference>
    <x:RequestReference/>
  </x:MultiRequests>
</x:Request>
"#;
/// What makes a document something else than plain, or wrong.
const FRAGMENTS: [&str; 41] = [
    "",
    "&amp;",
    "&#9;",
    "&",
    "<!-- -->",
    "<![CDATA[x]]>",
    "]]>",
    "<?p?>",
    "<",
    ">",
    "/>",
    "</",
    "/",
    "'",
    "\"",
    "=",
    " ",
    "\t",
    "\n",
    "\r\n",
    "\u{0}",
    "\u{c}",
    "\u{a0}",
    "\u{feff}",
    "\u{fffe}",
    "æ",
    "x:",
    ":",
    "xml",
    "xmlns",
    " xmlns:y=\"u\"",
    " xmlns=\"\"",
    " Issuer=\"i\"",
    " xml:id=\"a\"",
    " Category=\"c\"",
    "<Content/>",
    "</Attribute>",
    "<x:Attributes/>",
    "<Attribute/>",
    "a",
    "Z",
];

fn both(text: &str) -> (Option<RequestDocument>, Option<RequestDocument>) {
    let limits = Limits::default();
    (read(text, &limits), xml::read(text, &limits).ok())
}

/// A document in which something has been put in, left out or replaced, several times.
fn changed() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), 0_usize..6, prop::sample::select(&FRAGMENTS[..]));
    (prop_oneof![Just(COMPACT), Just(INDENTED)], prop::collection::vec(change, 0..4)).prop_map(
        |(original, changes)| {
            let mut text: Vec<char> = original.chars().collect();
            for (place, length, fragment) in changes {
                let from = place.index(text.len() + 1);
                let to = (from + length).min(text.len());
                text.splice(from..to, fragment.chars());
            }
            text.into_iter().collect()
        },
    )
}

#[test]
fn documents_as_they_are_sent_are_plain() {
    for text in [COMPACT, INDENTED] {
        let (plain, tree) = both(text);
        assert!(plain.is_some(), "{text}");
        assert_eq!(plain, tree);
    }
}

#[test]
fn what_means_something_else_than_it_says_is_not_plain() {
    for (what, instead) in [
        ("x æ", "x&amp;æ"),
        ("x æ", "x\r\næ"),
        ("x æ", "<!-- x -->æ"),
        ("x æ", "<![CDATA[x]]>"),
        ("Issuer=\"j\"", "Issuer=\"&#106;\""),
        ("Issuer=\"j\"", "Issuer=\"j\nk\""),
        ("\"j\"", "\"j\" Other=\"k\""),
        ("<Attribute A", "<Content><x/></Content><Attribute A"),
        ("<Attributes Category=\"d\"/>", "<RequestDefaults/>"),
    ] {
        assert!(COMPACT.contains(what));
        let (plain, tree) = both(&COMPACT.replacen(what, instead, 1));
        assert_eq!(plain, None, "{instead}");
        assert!(tree.is_some(), "{instead}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_read_as_plain_is_what_the_tree_says(text in changed()) {
        let (plain, tree) = both(&text);
        if plain.is_some() {
            prop_assert_eq!(plain, tree);
        }
    }
}
