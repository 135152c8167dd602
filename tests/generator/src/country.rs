//! Who is in the entity register.

use fullmakt_events::OrgNumber;

use crate::{
    draw::{Draw, Purpose},
    number,
};

/// How large a country is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// How many main units it has.
    pub units: u32,
    /// How many sub-units.
    pub sub_units: u32,
    /// How many links there are between a client and a system user of its accountant.
    pub delegations: u32,
}

/// A made-up country. Everything in it has an index; sub-units come after main units.
#[derive(Debug, Clone, Copy)]
pub struct Country {
    seed: u64,
    size: Size,
}

/// A main unit or sub-unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its index.
    pub index: u32,
    /// Its organisation number.
    pub number: OrgNumber,
    /// Its organisation form.
    pub form: &'static str,
    /// Its name.
    pub name: String,
    /// The index of the main unit that a sub-unit belongs to.
    pub parent: Option<u32>,
}

/// A role and who holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The register's code of the group that the role belongs to.
    pub group: &'static str,
    /// The register's code of the role.
    pub role: &'static str,
    /// Who holds it.
    pub holder: Holder,
}

/// Who holds a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// The person with this index.
    Person(u32),
    /// The main unit with this index.
    Unit(u32),
}

/// How many main units in a thousand have each organisation form.
const FORMS: [(&str, u32); 10] = [
    ("AS", 350),
    ("ENK", 390),
    ("FLI", 130),
    ("NUF", 35),
    ("ESEK", 40),
    ("BRL", 10),
    ("ANS", 20),
    ("SA", 10),
    ("STI", 10),
    ("ORGL", 5),
];
/// One main unit in so many is an accountant, another in so many an auditor.
const UNITS_AN_ACCOUNTANT: u32 = 100;

impl Country {
    /// A country of this size. None if there are not numbers enough for so many units.
    #[must_use]
    pub fn new(seed: u64, size: Size) -> Option<Self> {
        let units = size.units.checked_add(size.sub_units)?;
        let country = Self { seed, size };
        let fits = units <= number::UNITS_MAX && country.persons() <= number::PERSONS_MAX;
        (fits && size.units > 0).then_some(country)
    }

    /// How large it is.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// The main units.
    pub fn units(&self) -> impl Iterator<Item = Unit> + use<'_> {
        (0..self.size.units).filter_map(|index| self.unit(index))
    }

    /// The sub-units.
    pub fn sub_units(&self) -> impl Iterator<Item = Unit> + use<'_> {
        let first = self.size.units;
        (first..first + self.size.sub_units).filter_map(|index| self.unit(index))
    }

    /// The unit with this index.
    #[must_use]
    pub fn unit(&self, index: u32) -> Option<Unit> {
        let number = number::org_number(index)?;
        if index >= self.size.units {
            let parent = self.draw(Purpose::Parent, index).low_below(self.size.units);
            let name = format!("Avdeling {index}");
            return Some(Unit { index, number, form: "BEDR", name, parent: Some(parent) });
        }
        let form = self.form(index);
        Some(Unit {
            index,
            number,
            form,
            name: format!("Fjelltoppen {index} {form}"),
            parent: None,
        })
    }

    /// The roles that are held for a main unit.
    #[must_use]
    pub fn roles(&self, unit: u32) -> Vec<Held> {
        let mut draw = self.draw(Purpose::Roles, unit);
        let mut roles = Vec::new();
        let is_led = match self.form(unit) {
            "ENK" => {
                roles.push(self.person("INNH", "INNH", &mut draw));
                false
            }
            "NUF" | "ORGL" => {
                roles.push(self.person("KONT", "KONT", &mut draw));
                draw.happens(50)
            }
            "ANS" => {
                for _ in 0..2 {
                    roles.push(self.person("DELT", "DTSO", &mut draw));
                }
                draw.happens(30)
            }
            _ => true,
        };
        if is_led {
            roles.push(self.person("STYR", "LEDE", &mut draw));
            for _ in 0..2 + draw.below(4) {
                roles.push(self.person("STYR", "MEDL", &mut draw));
            }
            if draw.happens(75) {
                roles.push(self.person("DAGL", "DAGL", &mut draw));
            }
        }
        if draw.happens(55) {
            roles.push(Held { group: "REGN", role: "REGN", holder: self.accountant(&mut draw) });
        }
        if draw.happens(25) {
            // Auditors are the units right after the accountants.
            let auditor = self.accountants() + draw.low_below(self.accountants());
            let holder = Holder::Unit(auditor.min(self.size.units.saturating_sub(1)));
            roles.push(Held { group: "REVI", role: "REVI", holder });
        }
        if matches!(self.form(unit), "ESEK" | "BRL") && draw.happens(70) {
            roles.push(Held { group: "FFØR", role: "FFØR", holder: self.accountant(&mut draw) });
        }
        roles
    }

    /// The main unit that keeps the books of another, if one does.
    #[must_use]
    pub fn accountant_of(&self, unit: u32) -> Option<u32> {
        self.roles(unit).into_iter().find_map(|held| match held.holder {
            Holder::Unit(accountant) if held.role == "REGN" => Some(accountant),
            Holder::Unit(_) | Holder::Person(_) => None,
        })
    }

    /// A person's date of birth and national identity number.
    #[must_use]
    pub fn person_number(&self, person: u32) -> Option<(String, String)> {
        number::person(person)
    }

    /// How many main units keep the books of others: those with the lowest indices.
    #[must_use]
    pub fn accountants(&self) -> u32 {
        (self.size.units / UNITS_AN_ACCOUNTANT).max(1)
    }

    /// Bits for ids that are not in the order of the indices, as random ones are.
    pub(crate) fn bits(&self, kind: u32, index: u32) -> u128 {
        let index = (u64::from(kind) << 32) | u64::from(index);
        Draw::of(self.seed, Purpose::Ids, index).bits()
    }

    fn form(&self, unit: u32) -> &'static str {
        if unit < self.accountants().saturating_mul(2) {
            return "AS";
        }
        let mut rest = self.draw(Purpose::Form, unit).below(FORMS.iter().map(|(_, of)| of).sum());
        let mut forms = FORMS.iter();
        let found = forms.find(|(_, of)| match rest.checked_sub(*of) {
            Some(less) => {
                rest = less;
                false
            }
            None => true,
        });
        found.map_or("AS", |(form, _)| form)
    }

    pub(crate) fn persons(&self) -> u32 {
        self.size.units.saturating_mul(2)
    }

    fn person(&self, group: &'static str, role: &'static str, draw: &mut Draw) -> Held {
        Held { group, role, holder: Holder::Person(draw.below(self.persons())) }
    }

    fn accountant(&self, draw: &mut Draw) -> Holder {
        Holder::Unit(draw.low_below(self.accountants()))
    }

    fn draw(&self, purpose: Purpose, index: u32) -> Draw {
        Draw::of(self.seed, purpose, index.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { units: 10_000, sub_units: 7_000, delegations: 0 };

    fn country(seed: u64) -> Country {
        Country::new(seed, SIZE).unwrap()
    }

    #[test]
    fn the_same_seed_makes_the_same_country_and_another_one_another() {
        let roles = |seed| (0..100).map(|unit| country(seed).roles(unit)).collect::<Vec<_>>();
        assert_eq!(roles(7), roles(7));
        assert_ne!(roles(7), roles(8));
        assert!(country(7).sub_units().eq(country(7).sub_units()));
    }

    #[test]
    fn units_have_about_as_many_roles_as_in_the_register() {
        let country = country(7);
        let roles: usize = (0..SIZE.units).map(|unit| country.roles(unit).len()).sum();
        let a_hundred_units = roles / 100;
        assert!((380..480).contains(&a_hundred_units), "{a_hundred_units}");
    }

    #[test]
    fn sub_units_belong_to_main_units_and_are_spread_unevenly() {
        let country = country(7);
        let mut counts = std::collections::BTreeMap::<u32, u32>::new();
        for unit in country.sub_units() {
            let parent = unit.parent.unwrap();
            assert!(parent < SIZE.units);
            *counts.entry(parent).or_default() += 1;
        }
        assert!(counts.values().max() > Some(&3));
    }

    #[test]
    fn there_is_no_country_without_units_or_with_more_than_there_are_numbers_for() {
        let none = Size { units: 0, ..SIZE };
        let many = Size { units: u32::MAX, ..SIZE };
        let more = Size { units: number::UNITS_MAX, sub_units: 1, delegations: 0 };
        for size in [none, many, more] {
            assert!(Country::new(7, size).is_none(), "{size:?}");
        }
    }
}
