//! Comparing what a command printed with what the README says it prints.

/// Stands for anything within a line.
const ANYTHING: char = '…';

/// The first place where the two differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The line of the output, from 1.
    pub line: usize,
    /// The line that should be there, if any should.
    pub expected: Option<String>,
    /// The line that is there, if any is.
    pub actual: Option<String>,
}

/// Compares line by line. White space at the ends of lines, which a README cannot show, is
/// ignored, and so are empty lines at the very end.
pub fn compare(expected: &str, actual: &str) -> Result<(), Difference> {
    let mut expected_lines = expected.trim_end().lines().map(str::trim_end);
    let mut actual_lines = actual.trim_end().lines().map(str::trim_end);
    let mut line = 1;
    loop {
        match (expected_lines.next(), actual_lines.next()) {
            (None, None) => return Ok(()),
            (Some(expected), Some(actual)) if line_matches(expected, actual) => line += 1,
            (expected, actual) => {
                let (expected, actual) = (expected.map(str::to_owned), actual.map(str::to_owned));
                return Err(Difference { line, expected, actual });
            }
        }
    }
}

fn line_matches(expected: &str, actual: &str) -> bool {
    let mut parts = expected.split(ANYTHING);
    let Some(mut rest) = parts.next().and_then(|first| actual.strip_prefix(first)) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_must_be_as_shown() {
        assert_eq!(compare("a\nb\n", "a\nb\n"), Ok(()));
        assert_eq!(compare("", ""), Ok(()));
    }

    #[test]
    fn the_first_difference_is_found() {
        let difference = compare("a\nb\nc", "a\nx\ny").unwrap_err();

        assert_eq!(difference.line, 2);
        assert_eq!(difference.expected.as_deref(), Some("b"));
        assert_eq!(difference.actual.as_deref(), Some("x"));
    }

    #[test]
    fn missing_and_surplus_lines_are_differences() {
        assert_eq!(compare("a\nb", "a").unwrap_err().actual, None);
        assert_eq!(compare("a", "a\nb").unwrap_err().expected, None);
        assert_eq!(compare("", "a").unwrap_err().expected, None);
    }

    #[test]
    fn white_space_at_line_ends_is_ignored_but_not_elsewhere() {
        assert_eq!(compare("HTTP/1.1 200 OK\n\n", "HTTP/1.1 200 OK\r\n"), Ok(()));
        assert!(compare("a b", "a  b").is_err());
        assert!(compare("a\n\nb", "a\nb").is_err());
    }

    #[test]
    fn an_ellipsis_stands_for_anything_within_a_line() {
        assert_eq!(compare("{\"id\": \"…\"}", "{\"id\": \"0198\"}"), Ok(()));
        assert_eq!(compare("a\n…\nb", "a\n\nb"), Ok(()));
        assert_eq!(compare("a…b…c", "a1b2bc"), Ok(()));
        assert_eq!(compare("a…a", "aa"), Ok(()));
        assert!(compare("a…a", "a").is_err());
        assert!(compare("a…b…c", "a1c").is_err());
        assert!(compare("a…", "a\nb").is_err());
        assert!(compare("x…", "a").is_err());
    }
}
