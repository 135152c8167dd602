//! What a Permit obliges the one who enforces it to.

/// The category of an assignment that names the least authentication level of persons.
const MINIMUM_AUTH_LEVEL: &str = "urn:altinn:minimum-authenticationlevel";
/// The same for tokens of service owners.
const MINIMUM_AUTH_LEVEL_ORG: &str = "urn:altinn:minimum-authenticationlevel-org";

/// An obligation of a Permit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obligation {
    /// The lowest authentication level that the Permit is for.
    MinimumAuthLevel(u8),
    /// The lowest authentication level for service owners' tokens, where it is another.
    MinimumAuthLevelOrg(u8),
    /// One that is not understood here, by its id. Nobody can say that it is fulfilled.
    Unknown(String),
}

impl Obligation {
    /// What an obligation with this id comes to, by the category and the value of each of its
    /// assignments. One without assignments, or with one of another category, is not understood.
    pub fn read<'a>(
        id: &str,
        assignments: impl IntoIterator<Item = (Option<&'a str>, String)>,
    ) -> Vec<Self> {
        let read: Vec<Self> = assignments
            .into_iter()
            .map(|(category, value)| {
                // A level that is no small number cannot be reached: the highest stands for it.
                let level = value.trim().parse().unwrap_or(u8::MAX);
                match category {
                    Some(MINIMUM_AUTH_LEVEL) => Self::MinimumAuthLevel(level),
                    Some(MINIMUM_AUTH_LEVEL_ORG) => Self::MinimumAuthLevelOrg(level),
                    Some(_) | None => Self::Unknown(id.to_owned()),
                }
            })
            .collect();
        if read.is_empty() { vec![Self::Unknown(id.to_owned())] } else { read }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(assignments: &[(Option<&'static str>, &str)]) -> Vec<Obligation> {
        let assignments = assignments.iter().map(|(category, value)| (*category, (*value).into()));
        Obligation::read("an-id", assignments)
    }

    #[test]
    fn levels_are_read_by_their_categories() {
        let both = [(Some(MINIMUM_AUTH_LEVEL), "3"), (Some(MINIMUM_AUTH_LEVEL_ORG), "2")];
        let expected = [Obligation::MinimumAuthLevel(3), Obligation::MinimumAuthLevelOrg(2)];
        assert_eq!(read(&both), expected);
    }

    #[test]
    fn a_level_that_is_no_small_number_is_beyond_all() {
        for value in ["", "-1", "999", "three"] {
            let level = read(&[(Some(MINIMUM_AUTH_LEVEL), value)]);
            assert_eq!(level, [Obligation::MinimumAuthLevel(u8::MAX)], "{value}");
        }
    }

    #[test]
    fn what_is_not_understood_is_not_passed_over() {
        let unknown = || Obligation::Unknown("an-id".to_owned());
        assert_eq!(read(&[]), [unknown()]);
        assert_eq!(read(&[(None, "3")]), [unknown()]);
        assert_eq!(read(&[(Some("urn:other"), "3")]), [unknown()]);
        let mixed = read(&[(Some(MINIMUM_AUTH_LEVEL), "3"), (Some("urn:other"), "x")]);
        assert_eq!(mixed, [Obligation::MinimumAuthLevel(3), unknown()]);
    }
}
