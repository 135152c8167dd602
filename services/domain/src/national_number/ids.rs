//! Where a text has UUIDs and hashes.

use std::ops::Range;

/// The characters of a UUID's groups, between which there are dashes (RFC 9562, section 4).
const UUID_GROUPS: [usize; 5] = [8, 4, 4, 4, 12];
/// The fewest hexadecimal characters that are taken for a hash, or for a UUID without dashes.
const HASH_CHARS_MIN: usize = 32;

/// Where a text has whole UUIDs and whole hashes. What is only like a part of one is none: a number
/// with letters beside it has to be found.
pub(super) fn spans(text: &str) -> Vec<Range<usize>> {
    let words = runs(text, |byte| byte.is_ascii_alphanumeric());
    let hashes = words.iter().filter(|word| is_hash(text, word)).cloned();
    let uuids = words.windows(UUID_GROUPS.len()).filter_map(|groups| uuid(text, groups));
    hashes.chain(uuids).collect()
}

/// The longest runs of bytes of a kind.
pub(super) fn runs(text: &str, is_of_kind: impl Fn(u8) -> bool) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.bytes().enumerate().filter(|(_, byte)| is_of_kind(*byte)) {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end = at + 1,
            Some(_) | None => runs.push(at..at + 1),
        }
    }
    runs
}

fn is_hash(text: &str, word: &Range<usize>) -> bool {
    word.len() >= HASH_CHARS_MIN && text.get(word.clone()).is_some_and(is_hexadecimal)
}

/// Where a UUID is, if words that follow each other make one.
fn uuid(text: &str, words: &[Range<usize>]) -> Option<Range<usize>> {
    let span = words.first()?.start..words.last()?.end;
    let mut groups = text.get(span.clone())?.split('-');
    let is_uuid = groups.clone().map(str::len).eq(UUID_GROUPS) && groups.all(is_hexadecimal);
    is_uuid.then_some(span)
}

fn is_hexadecimal(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
