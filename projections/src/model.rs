//! What every read model is: a table of rows with intervals, and the fold that fills it.

use std::{collections::HashMap, fmt::Debug};

use fullmakt_events::Position;

use crate::{EntityKey, Statement, Version};

/// A table whose rows follow from the ledger.
///
/// The rows of one entity follow each other: what an event changes is decided by [`Self::apply`]
/// from the row before. [`advance`] makes the intervals.
pub trait ReadModel {
    /// What is known of one entity.
    type Row: Clone + PartialEq + Debug + Send + Sync + 'static;
    /// What can happen to one entity.
    type Change: Clone + PartialEq + Debug + Send + Sync + 'static;

    /// The table's name.
    const NAME: &'static str;
    /// Creates the table.
    const CREATE: Statement;
    /// Adds the table's keys and indexes.
    const INDEX: Statement;
    /// Finds the rows of entities that still hold.
    const LOAD: Statement;
    /// Adds rows.
    const INSERT: Statement;

    /// The row after `change`; nothing where the entity is no more. Total and free of rules: a fact
    /// is never argued with.
    fn apply(row: Option<&Self::Row>, change: &Self::Change) -> Option<Self::Row>;
}

/// A change to one entity of a read model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyed<C> {
    /// Which entity.
    pub entity: EntityKey,
    /// The position of the commit that changes it.
    pub position: Position,
    /// What happens to it.
    pub change: C,
}

/// What a batch of changes does to a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advance<R> {
    /// Entities whose stored row ends, and where.
    pub ended: Vec<(EntityKey, Position)>,
    /// New rows, of which some may have ended within the batch.
    pub begun: Vec<(EntityKey, Version<R>)>,
}

/// Where the history of one entity has come to.
enum Latest<R> {
    Absent,
    Stored(R),
    New { from: Position, row: R },
}

impl<R> Latest<R> {
    fn row(&self) -> Option<&R> {
        match self {
            Self::Absent => None,
            Self::Stored(row) | Self::New { row, .. } => Some(row),
        }
    }
}

/// Folds a batch of changes, in order, given the rows that held before it.
///
/// The batch has all changes of each of its positions, so that however the ledger is cut into
/// batches, the rows are the same. Several changes to an entity at one position make one row, and
/// a change that changes nothing makes none.
#[must_use]
pub fn advance<M: ReadModel>(
    current: impl IntoIterator<Item = (EntityKey, M::Row)>,
    changes: &[Keyed<M::Change>],
) -> Advance<M::Row> {
    let mut order = Vec::new();
    let mut latest: HashMap<EntityKey, Latest<M::Row>> =
        current.into_iter().map(|(entity, row)| (entity, Latest::Stored(row))).collect();
    let mut advance = Advance { ended: Vec::new(), begun: Vec::new() };
    for Keyed { entity, position, change } in changes {
        let known = latest.entry(*entity).or_insert(Latest::Absent);
        let next = M::apply(known.row(), change);
        if known.row() == next.as_ref() {
            continue;
        }
        let next = match next {
            Some(row) => Latest::New { from: *position, row },
            None => Latest::Absent,
        };
        match std::mem::replace(known, next) {
            Latest::Absent => order.push(*entity),
            Latest::Stored(_) => {
                advance.ended.push((*entity, *position));
                order.push(*entity);
            }
            Latest::New { from, .. } if from == *position => {}
            Latest::New { from, row } => {
                advance.begun.push((*entity, Version { from, to: Some(*position), row }));
            }
        }
    }
    for entity in order {
        if let Some(Latest::New { from, row }) = latest.remove(&entity) {
            advance.begun.push((entity, Version { from, to: None, row }));
        }
    }
    advance
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::Statement;

    /// Holds the last number it was given.
    struct Numbers;

    const NONE: Statement = Statement { name: "none", text: "" };

    impl ReadModel for Numbers {
        type Row = u8;
        type Change = Option<u8>;

        const NAME: &'static str = "numbers";
        const CREATE: Statement = NONE;
        const INDEX: Statement = NONE;
        const LOAD: Statement = NONE;
        const INSERT: Statement = NONE;

        fn apply(_row: Option<&u8>, change: &Option<u8>) -> Option<u8> {
            *change
        }
    }

    /// First position, position that ended it, row.
    type Begun = (u64, Option<u64>, u8);

    fn key() -> EntityKey {
        EntityKey::of(&["a"])
    }

    fn changes(list: &[(u64, Option<u8>)]) -> Vec<Keyed<Option<u8>>> {
        list.iter()
            .map(|(position, change)| Keyed {
                entity: key(),
                position: Position::new(*position),
                change: *change,
            })
            .collect()
    }

    fn advanced(stored: Option<u8>, list: &[(u64, Option<u8>)]) -> (Vec<u64>, Vec<Begun>) {
        let current = stored.map(|row| (key(), row));
        let advance = advance::<Numbers>(current, &changes(list));
        (
            advance.ended.iter().map(|(_, at)| at.get()).collect(),
            advance
                .begun
                .iter()
                .map(|(_, v)| (v.from.get(), v.to.map(Position::get), v.row))
                .collect(),
        )
    }

    #[test]
    fn each_change_ends_the_row_before_it() {
        assert_eq!(
            advanced(Some(1), &[(5, Some(2)), (7, Some(3)), (9, None)]),
            (vec![5], vec![(5, Some(7), 2), (7, Some(9), 3)])
        );
        assert_eq!(advanced(None, &[(5, Some(2))]), (vec![], vec![(5, None, 2)]));
    }

    #[test]
    fn several_changes_at_one_position_make_one_row() {
        assert_eq!(advanced(Some(1), &[(5, Some(2)), (5, Some(3))]), (vec![5], vec![(5, None, 3)]));
        assert_eq!(advanced(None, &[(5, Some(2)), (5, None)]), (vec![], vec![]));
        assert_eq!(advanced(None, &[(5, Some(2)), (5, None), (5, Some(4))]), {
            (vec![], vec![(5, None, 4)])
        });
    }

    #[test]
    fn a_change_that_changes_nothing_makes_no_row() {
        assert_eq!(advanced(Some(1), &[(5, Some(1))]), (vec![], vec![]));
        assert_eq!(advanced(None, &[(5, None)]), (vec![], vec![]));
    }

    #[test]
    fn an_entity_that_comes_back_has_a_gap_between_its_rows() {
        assert_eq!(advanced(Some(1), &[(5, None), (8, Some(1))]), (vec![5], vec![(8, None, 1)]));
    }
}
