#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| fullmakt_xacml_fuzz::subject::path(text));
