//! Who is connected with whom, looked up from one side.

use std::{hash::Hash, sync::Arc};

use imbl::HashMap;

/// For each key the values that are connected with it, in their own order.
#[derive(Debug, Clone)]
pub(super) struct Adjacency<K, V>(HashMap<K, Arc<Vec<V>>>);

impl<K, V> Default for Adjacency<K, V> {
    fn default() -> Self {
        Self(HashMap::default())
    }
}

impl<K: Clone + Eq + Hash, V: Clone + Ord> Adjacency<K, V> {
    /// The values that are connected with a key.
    pub(super) fn of(&self, key: &K) -> &[V] {
        self.0.get(key).map_or(&[], |values| values.as_slice())
    }

    /// Connects a value with a key.
    pub(super) fn add(&mut self, key: &K, value: V) {
        let values = self.0.entry(key.clone()).or_default();
        if let Err(place) = values.binary_search(&value) {
            Arc::make_mut(values).insert(place, value);
        }
    }

    /// Takes a value from a key.
    pub(super) fn remove(&mut self, key: &K, value: &V) {
        let Some(values) = self.0.get_mut(key) else { return };
        if let Ok(place) = values.binary_search(value) {
            Arc::make_mut(values).remove(place);
        }
        if values.is_empty() {
            self.0.remove(key);
        }
    }
}
