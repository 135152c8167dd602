//! Reading the tour out of the README.

use crate::failure::{Explain, Failure, Outcome};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// The heading of the section that is the tour.
const HEADING: &str = "## Tour";

/// One command block of the tour, and what it is said to answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The line of the README on which the block's commands begin, from 1.
    pub line: usize,
    /// The commands, for bash.
    pub script: String,
    /// What they print, if the README says.
    pub expected: Option<Expected>,
}

/// A block of the README that shows output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The line of the README on which the output begins, from 1.
    pub line: usize,
    /// The output, in which `…` stands for anything within a line.
    pub text: String,
}

/// The tour of the README in this folder; nothing where there is no README or no tour in it.
pub fn read_tour(root: &Path) -> Outcome<Option<Vec<Step>>> {
    let path = root.join("README.md");
    match fs::read_to_string(&path) {
        Ok(text) => tour_in(&text),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).explain(|| format!("cannot read {}", path.display())),
    }
}

fn tour_in(readme: &str) -> Outcome<Option<Vec<Step>>> {
    let mut steps: Vec<Step> = Vec::new();
    let mut is_tour = false;
    let mut has_tour = false;
    let mut lines = readme.lines().zip(1..);
    while let Some((line, number)) = lines.next() {
        if let Some(language) = opening_fence(line) {
            let text = block(&mut lines, number)?;
            if is_tour {
                take_block(&mut steps, language, number + 1, text)?;
            }
        } else if line.starts_with("# ") || line.starts_with("## ") {
            is_tour = line.trim_end() == HEADING;
            has_tour |= is_tour;
        }
    }
    match (has_tour, steps.is_empty()) {
        (false, _) => Ok(None),
        (true, true) => Err(Failure::because("README.md has a tour without a command")),
        (true, false) => Ok(Some(steps)),
    }
}

fn opening_fence(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix("```").map(str::trim)
}

fn block<'a>(
    lines: &mut impl Iterator<Item = (&'a str, usize)>,
    opened_at: usize,
) -> Outcome<String> {
    let mut text = String::new();
    for (line, _) in lines {
        if line.trim() == "```" {
            return Ok(text);
        }
        text.push_str(line);
        text.push('\n');
    }
    Err(Failure::because(format!("README.md:{opened_at}: the block is never closed")))
}

fn take_block(steps: &mut Vec<Step>, language: &str, line: usize, text: String) -> Outcome {
    match language {
        "sh" => steps.push(Step { line, script: text, expected: None }),
        "text" | "json" => match steps.last_mut() {
            Some(step) if step.expected.is_none() => step.expected = Some(Expected { line, text }),
            Some(_) | None => {
                return Err(Failure::because(format!(
                    "README.md:{line}: output is shown that no command precedes"
                )));
            }
        },
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const README: &str = "\
# Name

```sh
cargo xtask up
```

## Tour

First:

```sh
one
two
```

and it says

```text
## Tour
…
```

### Further

```json
```

```sh
three
```

## Map

```sh
four
```
";

    #[test]
    fn the_tour_is_the_command_blocks_of_its_section_with_their_output() {
        let readme = README.replace("```json\n```\n", "");
        let steps = tour_in(&readme).unwrap().unwrap();

        let scripts: Vec<_> = steps.iter().map(|step| (step.line, step.script.as_str())).collect();
        assert_eq!(scripts, [(12, "one\ntwo\n"), (27, "three\n")]);
        let outputs: Vec<_> = steps.iter().map(|step| step.expected.clone()).collect();
        let first = Expected { line: 19, text: "## Tour\n…\n".to_owned() };
        assert_eq!(outputs, [Some(first), None]);
    }

    #[test]
    fn output_that_no_command_precedes_is_refused() {
        let refusal = tour_in(README).unwrap_err();

        assert!(refusal.to_string().starts_with("README.md:26:"), "{refusal}");
    }

    #[test]
    fn a_block_that_is_never_closed_is_refused() {
        let refusal = tour_in("## Tour\n```sh\nls\n").unwrap_err();

        assert_eq!(refusal.to_string(), "README.md:2: the block is never closed");
    }

    #[test]
    fn a_tour_without_commands_is_refused() {
        assert!(tour_in("## Tour\n\n## Map\n```sh\nls\n```\n").is_err());
    }

    #[test]
    fn a_readme_may_have_no_tour() {
        assert_eq!(tour_in("# Name\n```sh\nls\n```\n"), Ok(None));
    }
}
