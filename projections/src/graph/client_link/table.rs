//! Ids as small numbers.

use std::{
    cmp::Ordering,
    hash::{BuildHasher, Hash},
};

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// Ids in their order, each known by its place.
#[derive(Debug, Clone)]
pub(super) struct Table<I> {
    ids: Box<[I]>,
    places: HashTable<u32>,
}

impl<I> Default for Table<I> {
    fn default() -> Self {
        Self { ids: Box::default(), places: HashTable::new() }
    }
}

impl<I: Copy + Ord + Hash> Table<I> {
    /// A table of ids that are in order, each once.
    pub(super) fn new(ids: Vec<I>) -> Self {
        let hash = |id: &I| FixedState::default().hash_one(id);
        let mut places = HashTable::with_capacity(ids.len());
        for (id, place) in ids.iter().zip(0_u32..) {
            let rehash = |place: &u32| get(&ids, *place).map_or(0, hash);
            places.insert_unique(hash(id), place, rehash);
        }
        Self { ids: ids.into_boxed_slice(), places }
    }

    /// The place of an id.
    pub(super) fn place(&self, id: I) -> Option<u32> {
        let is_it = |place: &u32| get(&self.ids, *place) == Some(&id);
        self.places.find(FixedState::default().hash_one(id), is_it).copied()
    }

    /// The id at a place.
    pub(super) fn id(&self, place: u32) -> Option<I> {
        get(&self.ids, place).copied()
    }

    /// All ids, in their order.
    pub(super) const fn ids(&self) -> &[I] {
        &self.ids
    }

    /// The ids of the table and these, which are in order; and for each place of this table its place
    /// among all.
    pub(super) fn with(&self, more: &[I]) -> (Vec<I>, Vec<u32>) {
        let mut all: Vec<I> = Vec::with_capacity(self.ids.len() + more.len());
        let mut places = Vec::with_capacity(self.ids.len());
        let mut more = more.iter().copied().peekable();
        for own in self.ids.iter().copied() {
            while let Some(other) = more.next_if(|other| other.cmp(&own) == Ordering::Less) {
                all.push(other);
            }
            more.next_if_eq(&own);
            places.push(u32::try_from(all.len()).unwrap_or(u32::MAX));
            all.push(own);
        }
        all.extend(more);
        (all, places)
    }
}

/// What stands at a place.
pub(super) fn get<T>(slice: &[T], place: u32) -> Option<&T> {
    slice.get(usize::try_from(place).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_by_their_places_and_places_by_their_ids() {
        let table = Table::new(vec![2, 3, 5, 7]);
        assert_eq!([2, 3, 5, 7].map(|id| table.place(id)), [Some(0), Some(1), Some(2), Some(3)]);
        assert_eq!([1, 4, 8].map(|id| table.place(id)), [None; 3]);
        assert_eq!([0, 3, 4].map(|place| table.id(place)), [Some(2), Some(7), None]);
        assert_eq!(Table::<u8>::default().place(1), None);
    }

    #[test]
    fn more_ids_move_those_that_are_there() {
        let (all, places) = Table::new(vec![2, 5, 7]).with(&[1, 5, 6, 9]);
        assert_eq!(all, [1, 2, 5, 6, 7, 9]);
        assert_eq!(places, [1, 2, 4]);
    }
}
