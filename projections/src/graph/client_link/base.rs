//! Links in little memory: about fourteen bytes each, and what their system users and clients take.

use std::{collections::HashMap, ops::Range, sync::Arc};

use fullmakt_events::{PartyId, Position, SystemUserId};

use super::{
    ClientLinkTerms,
    layers::Change,
    table::{Table, get},
};

/// Stands for terms that only few links have, which are kept apart.
const RARE: u16 = u16::MAX;

/// Links in the order of their system users, and of their clients for each; and the other way round.
#[derive(Debug, Default)]
pub(in crate::graph) struct Base {
    users: Table<SystemUserId>,
    clients: Table<PartyId>,
    /// Where the links of each system user begin, and where the last ones end.
    of_user: Box<[u32]>,
    /// For each link the place of its client.
    client: Box<[u32]>,
    /// For each link the place of its terms in `terms`, or [`RARE`].
    terms_of: Box<[u16]>,
    /// For each link the position that made it so: the lower half.
    since: Box<[u32]>,
    /// The upper half; empty while it is 0 for all of them.
    since_upper: Box<[u32]>,
    terms: Box<[Arc<ClientLinkTerms>]>,
    /// The places in `terms`.
    places: HashMap<Arc<ClientLinkTerms>, u16, foldhash::fast::FixedState>,
    /// The terms of the links that are [`RARE`], by link.
    rare: Box<[(u32, Arc<ClientLinkTerms>)]>,
    /// Where the system users of each client begin, and where the last ones end.
    of_client: Box<[u32]>,
    /// The places of the system users of each client.
    user: Box<[u32]>,
}

/// A link on the way into the compact form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    user: u32,
    client: u32,
    terms: u32,
    since: Position,
}

impl Base {
    /// How many links there are.
    pub(super) const fn len(&self) -> usize {
        self.client.len()
    }

    pub(super) fn get(
        &self,
        user: SystemUserId,
        client: PartyId,
    ) -> Option<(&ClientLinkTerms, Position)> {
        let (user, client) = (self.users.place(user)?, self.clients.place(client)?);
        let links = range(&self.of_user, user)?;
        let place = self.client.get(links.clone())?.binary_search(&client).ok()?;
        let link = links.start.checked_add(place)?;
        Some((self.terms_at(link)?.as_ref(), self.since_at(link)?))
    }

    pub(super) fn clients(&self, user: SystemUserId) -> impl Iterator<Item = PartyId> {
        let links = self.users.place(user).and_then(|user| range(&self.of_user, user));
        let places = links.and_then(|links| self.client.get(links)).unwrap_or_default();
        places.iter().filter_map(|place| self.clients.id(*place))
    }

    pub(super) fn users(&self, client: PartyId) -> impl Iterator<Item = SystemUserId> {
        let links = self.clients.place(client).and_then(|client| range(&self.of_client, client));
        let places = links.and_then(|links| self.user.get(links)).unwrap_or_default();
        places.iter().filter_map(|place| self.users.id(*place))
    }

    /// The terms here that say the same.
    pub(super) fn same_as(&self, terms: &Arc<ClientLinkTerms>) -> Option<&Arc<ClientLinkTerms>> {
        get(&self.terms, u32::from(*self.places.get(terms)?))
    }

    /// These links with changes, which are in order.
    pub(super) fn with(&self, changes: &[(&(SystemUserId, PartyId), &Change)]) -> Self {
        let is_link =
            |change: &&(&(SystemUserId, PartyId), &Change)| matches!(change.1, Change::Link(..));
        let linked = || changes.iter().filter(is_link).map(|(key, _)| **key);
        let mut more_users: Vec<_> = linked().map(|(user, _)| user).collect();
        more_users.dedup();
        let mut more_clients: Vec<_> = linked().map(|(_, client)| client).collect();
        more_clients.sort_unstable();
        more_clients.dedup();
        let (users, user_places) = self.users.with(&more_users);
        let (clients, client_places) = self.clients.with(&more_clients);
        let mut terms = Interned::default();
        let mut rows = self.unchanged(changes, (&user_places, &client_places), &mut terms);
        // Both lists are in order, so that what is looked for lies near what was found last.
        for (key, change) in changes {
            let Change::Link(of, since) = change else { continue };
            let found = (users.binary_search(&key.0), clients.binary_search(&key.1));
            let (Ok(user), Ok(client)) = found else { continue };
            let terms = terms.place(of);
            rows.push(Row { user: number(user), client: number(client), terms, since: *since });
        }
        rows.sort_unstable();
        let users = only_used(users, &mut rows, |row| &mut row.user);
        let clients = only_used(clients, &mut rows, |row| &mut row.client);
        Self::of(users, clients, &rows, &terms)
    }

    /// The links of which nothing has changed, with the new places of what they consist of.
    fn unchanged(
        &self,
        changes: &[(&(SystemUserId, PartyId), &Change)],
        (users, clients): (&[u32], &[u32]),
        terms: &mut Interned,
    ) -> Vec<Row> {
        let mut rows = Vec::with_capacity(self.len() + changes.len());
        let mut changes = changes.iter().map(|(key, _)| **key).peekable();
        for (user, id) in (0_u32..).zip(self.users.ids()) {
            for link in range(&self.of_user, user).unwrap_or_default() {
                let Some(client) = self.client.get(link) else { continue };
                let Some(key) = self.clients.id(*client).map(|client| (*id, client)) else {
                    continue;
                };
                while changes.next_if(|changed| *changed < key).is_some() {}
                if changes.next_if_eq(&key).is_some() {
                    continue;
                }
                let places = (get(users, user), get(clients, *client));
                let said = (self.terms_at(link), self.since_at(link));
                if let ((Some(user), Some(client)), (Some(of), Some(since))) = (places, said) {
                    let (user, client, terms) = (*user, *client, terms.place(of));
                    rows.push(Row { user, client, terms, since });
                }
            }
        }
        rows
    }

    fn of(
        users: Vec<SystemUserId>,
        clients: Vec<PartyId>,
        rows: &[Row],
        interned: &Interned,
    ) -> Self {
        let (places, terms) = interned.most_used();
        let in_order = terms.iter().zip(0..).map(|(terms, place)| (Arc::clone(terms), place));
        let known = in_order.collect();
        let terms_of = |row: &Row| get(&places, row.terms).copied().unwrap_or(RARE);
        let rare = rows.iter().zip(0..).filter(|(row, _)| terms_of(row) == RARE);
        let rare = rare.filter_map(|(row, link)| Some((link, interned.at(row.terms)?)));
        let halves = |row: &Row| (upper(row.since), lower(row.since));
        let is_long = rows.iter().any(|row| halves(row).0 > 0);
        let of_user = starts(users.len(), rows.iter().map(|row| row.user));
        let of_client = starts(clients.len(), rows.iter().map(|row| row.client));
        // In this order the system users of each client are in theirs.
        let mut by_client: Vec<(u32, u32)> =
            rows.iter().map(|row| (row.client, row.user)).collect();
        by_client.sort_unstable();
        Self {
            users: Table::new(users),
            clients: Table::new(clients),
            of_user,
            client: rows.iter().map(|row| row.client).collect(),
            terms_of: rows.iter().map(terms_of).collect(),
            since: rows.iter().map(|row| halves(row).1).collect(),
            since_upper: rows.iter().filter(|_| is_long).map(|row| halves(row).0).collect(),
            rare: rare.collect(),
            terms,
            places: known,
            of_client,
            user: by_client.into_iter().map(|(_, user)| user).collect(),
        }
    }

    fn terms_at(&self, link: usize) -> Option<&Arc<ClientLinkTerms>> {
        match *self.terms_of.get(link)? {
            RARE => {
                let link = number(link);
                let place = self.rare.binary_search_by_key(&link, |(link, _)| *link).ok()?;
                self.rare.get(place).map(|(_, terms)| terms)
            }
            place => get(&self.terms, place.into()),
        }
    }

    fn since_at(&self, link: usize) -> Option<Position> {
        let lower = u64::from(*self.since.get(link)?);
        let upper = self.since_upper.get(link).copied().map_or(0, u64::from);
        Some(Position::new((upper << 32) | lower))
    }
}

/// Terms, each once, with how many links have them.
#[derive(Default)]
struct Interned {
    places: HashMap<Arc<ClientLinkTerms>, u32, foldhash::fast::FixedState>,
    terms: Vec<(Arc<ClientLinkTerms>, u32)>,
}

impl Interned {
    fn place(&mut self, terms: &Arc<ClientLinkTerms>) -> u32 {
        let next = number(self.terms.len());
        let place = *self.places.entry(Arc::clone(terms)).or_insert(next);
        if place == next {
            self.terms.push((Arc::clone(terms), 1));
        } else if let Some((_, links)) =
            usize::try_from(place).ok().and_then(|place| self.terms.get_mut(place))
        {
            *links = links.saturating_add(1);
        }
        place
    }

    fn at(&self, place: u32) -> Option<Arc<ClientLinkTerms>> {
        get(&self.terms, place).map(|(terms, _)| Arc::clone(terms))
    }

    /// The terms that most links have, as many as there are small numbers for; and for each place the
    /// small number.
    fn most_used(&self) -> (Vec<u16>, Box<[Arc<ClientLinkTerms>]>) {
        let mut order: Vec<usize> = (0..self.terms.len()).collect();
        let links = |place: usize| self.terms.get(place).map_or(0, |(_, links)| *links);
        order.sort_by_key(|place| std::cmp::Reverse(links(*place)));
        order.truncate(RARE.into());
        let mut places = vec![RARE; self.terms.len()];
        for (place, small) in order.iter().zip(0_u16..) {
            if let Some(of) = places.get_mut(*place) {
                *of = small;
            }
        }
        let terms = order.iter().filter_map(|place| self.terms.get(*place));
        (places, terms.map(|(terms, _)| Arc::clone(terms)).collect())
    }
}

/// Leaves out the ids that no row has, and gives the rows the places of what is left.
fn only_used<I>(ids: Vec<I>, rows: &mut [Row], of: impl Fn(&mut Row) -> &mut u32) -> Vec<I> {
    let mut is_used = vec![false; ids.len()];
    let at = |place: u32| usize::try_from(place).unwrap_or(usize::MAX);
    for row in rows.iter_mut() {
        if let Some(used) = is_used.get_mut(at(*of(row))) {
            *used = true;
        }
    }
    let mut next = 0;
    let places: Vec<u32> = is_used
        .iter()
        .map(|used| {
            let place = next;
            next += u32::from(*used);
            place
        })
        .collect();
    for row in rows {
        let place = of(row);
        *place = get(&places, *place).copied().unwrap_or(*place);
    }
    ids.into_iter().zip(is_used).filter_map(|(id, used)| used.then_some(id)).collect()
}

/// Where each of so many begins among keys, and where the last one ends.
fn starts(count: usize, keys: impl Iterator<Item = u32>) -> Box<[u32]> {
    let mut starts = vec![0_u32; count + 1];
    for key in keys {
        let after = usize::try_from(key).ok().and_then(|key| starts.get_mut(key + 1));
        if let Some(after) = after {
            *after += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    starts.into()
}

fn range(starts: &[u32], place: u32) -> Option<Range<usize>> {
    let from = *get(starts, place)?;
    let to = *get(starts, place.checked_add(1)?)?;
    Some(usize::try_from(from).ok()?..usize::try_from(to).ok()?)
}

/// A place as a small number. There are fewer than 2^32 of anything in a graph.
fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn lower(position: Position) -> u32 {
    u32::try_from(position.get() & u64::from(u32::MAX)).unwrap_or(u32::MAX)
}

fn upper(position: Position) -> u32 {
    u32::try_from(position.get() >> 32).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
