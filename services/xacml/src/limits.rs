//! How much the engine is willing to read and to do.

/// Largest policy or request, in bytes: a hundred times the largest policy in production.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;
/// Deepest nesting of elements or JSON values: keeps every recursive step within a thread's stack.
pub const MAX_DEPTH: usize = 64;
/// Most XML nodes in a document (elements, texts, comments): bounds memory before anything is read.
pub const MAX_NODES: u32 = 400_000;
/// Most attributes and namespaces on one XML element: more than any element of the standard has.
pub const MAX_ATTRIBUTES: usize = 64;
/// Most rules and policies below one root.
pub const MAX_CHILDREN: usize = 20_000;
/// Most attribute values in one request.
pub const MAX_VALUES: usize = 50_000;
/// Most individual decisions one request may ask for.
pub const MAX_DECISIONS: usize = 1_000;
/// Most function applications, rules and matches in one evaluation: bounds its time.
pub const MAX_STEPS: u64 = 2_000_000;
/// Longest string an evaluation may build, in bytes.
pub const MAX_TEXT: usize = 1024 * 1024;
/// Largest integer an evaluation may build, in bits.
pub const MAX_INTEGER_BITS: u64 = 64 * 1024;
/// Deepest expression once its variables are written out.
pub const MAX_EXPRESSION: usize = 128;
/// Most combinations a rule's target may unfold to when its rights are listed.
pub const MAX_COMBINATIONS: usize = 10_000;
/// Most policies, rules, comparisons and attributes that an explanation tells of.
pub const MAX_EXPLAINED: usize = 20_000;
/// Longest XPath expression, in bytes.
pub const MAX_PATH: usize = 8 * 1024;
/// Deepest nesting of an XPath expression.
pub const MAX_PATH_DEPTH: usize = 16;
/// Most operators, steps, predicates and calls in an XPath expression.
pub const MAX_PATH_OPERATORS: usize = 256;
/// Most nodes an XPath expression outside of policies may visit, if that can be told before.
pub const MAX_PATH_WORK: u64 = 400_000;
/// Work any other XPath expression outside of policies may be, as its crate counts it.
pub const MAX_PATH_BUDGET: usize = 1024 * 1024;
/// Most arguments of one call in an XPath expression.
pub const MAX_PATH_ARGUMENTS: usize = 64;
/// Largest compiled regular expression, in bytes.
pub const MAX_PATTERN: usize = 1024 * 1024;

/// The limits one caller wants kept; [`Limits::default`] gives the constants of this module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest document, in bytes.
    pub bytes: usize,
    /// Deepest nesting.
    pub depth: usize,
    /// Most XML nodes.
    pub nodes: u32,
    /// Most rules and policies below one root.
    pub children: usize,
    /// Most attribute values in a request.
    pub values: usize,
    /// Most individual decisions in a request.
    pub decisions: usize,
    /// Most steps of one evaluation.
    pub steps: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: MAX_BYTES,
            depth: MAX_DEPTH,
            nodes: MAX_NODES,
            children: MAX_CHILDREN,
            values: MAX_VALUES,
            decisions: MAX_DECISIONS,
            steps: MAX_STEPS,
        }
    }
}
