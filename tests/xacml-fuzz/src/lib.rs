//! What is done with each input. The same is done with the kept corpora in the engine's own tests.

#[path = "../../../services/xacml/tests/corpus/subject.rs"]
pub mod subject;
