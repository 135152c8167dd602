use std::{collections::BTreeMap, ops::Deref};

use fullmakt_events::{AccessListId, Folded, Position};
use fullmakt_projections::{
    AccessListMembers, AccessListResources, AccessLists, CatalogueRow, Catalogues, Changes,
    ClientLinkRow, ClientLinks, EntityKey, Keyed, MandateAsks, Mandates, Parties, PartyRoles,
    ReadModel, RequestStatus, ResourcePolicies, ResourceRights, ResourceRow, Resources,
    SystemChangeRow, SystemClientIdRow, SystemClientIds, SystemRow, SystemUserRequests,
    SystemUsers, Systems, TokenClientRow, TokenClients, TokenScopeRow, TokenScopes, Version,
    project,
};
use fullmakt_readstore::{
    Database, DatabaseSettings, ExternalId, ReadError, ReadStore, Reader, Reference,
    testing::{TestDatabase, TestLedger},
};
use proptest::prelude::*;

use crate::{
    history::{
        WORLD, any_ledger, ask, client, kind, list, list_name, org, owner_code, party, reference,
        resource, right, scope, system, user,
    },
    projector::runtime,
    support::{folded, open},
};

/// One table as it is at one position, folded in the simplest way.
struct Table<M: ReadModel>(BTreeMap<EntityKey, M::Row>);

impl<M: ReadModel> Table<M> {
    fn fold(changes: &[Keyed<M::Change>]) -> Self {
        let mut rows: BTreeMap<EntityKey, M::Row> = BTreeMap::new();
        for Keyed { entity, change, .. } in changes {
            match M::apply(rows.remove(entity).as_ref(), change) {
                Some(row) => rows.insert(*entity, row),
                None => None,
            };
        }
        Self(rows)
    }

    fn find(&self, select: impl Fn(&M::Row) -> bool) -> Vec<&M::Row> {
        self.0.values().filter(|row| select(row)).collect()
    }
}

/// What is found has to hold at the position, and to be these rows in this order.
#[track_caller]
fn assert_rows<R: PartialEq + std::fmt::Debug>(
    found: impl IntoIterator<Item = Version<R>>,
    expected: impl IntoIterator<Item = impl Deref<Target = R>>,
    at: Position,
) {
    let found: Vec<Version<R>> = found.into_iter().collect();
    assert!(found.iter().all(|version| version.holds_at(at)), "{found:?} at {at}");
    let expected: Vec<_> = expected.into_iter().collect();
    assert_eq!(found.iter().map(|v| &v.row).collect::<Vec<_>>(), {
        expected.iter().map(|row| &**row).collect::<Vec<_>>()
    });
}

async fn compare(reader: &Reader, records: &[Folded], at: Position) {
    let mut changes = Changes::default();
    let before = records.iter().filter(|folded| folded.position <= at);
    before.flat_map(project).for_each(|change| changes.push(change));
    compare_systems(reader, &changes, at).await;
    compare_system_users(reader, &changes, at).await;
    compare_parties(reader, &changes, at).await;
    compare_links(reader, &changes, at).await;
    compare_mandates(reader, &changes, at).await;
    compare_resource_rights(reader, &changes, at).await;
    compare_access_lists(reader, &changes, at).await;
    compare_scopes(reader, &changes, at).await;
    compare_others(reader, &changes, at).await;
}

async fn compare_systems(reader: &Reader, changes: &Changes, at: Position) {
    let systems = Table::<Systems>::fold(&changes.systems);
    let clients = Table::<SystemClientIds>::fold(&changes.system_client_ids);
    let as_of = Some(at);
    for n in 0..WORLD {
        let found = reader.system(&system(n), as_of).await.unwrap();
        assert_rows(found, systems.0.get(&SystemRow::key(&system(n))), at);
        let holder = clients.0.get(&SystemClientIdRow::key(&client(n)));
        let holder = holder.and_then(|row| systems.0.get(&SystemRow::key(&row.system)));
        let found = reader.system_of_client(&client(n), as_of).await.unwrap();
        assert_rows(found, holder.filter(|row| !row.is_deleted), at);
        let log = reader.changes_of_system(&system(n), as_of).await.unwrap();
        let log: Vec<_> = log.into_iter().map(|change| change.row).collect();
        assert_eq!(log, change_log(changes, n), "{at}");
        let mut own = systems.find(|row| row.definition.vendor == org(n) && !row.is_deleted);
        own.sort_by_key(|row| row.system.clone());
        assert_rows(reader.systems_of_vendor(org(n), as_of).await.unwrap(), own, at);
    }
    let mut visible = systems.find(|row| row.definition.is_visible && !row.is_deleted);
    visible.sort_by_key(|row| row.system.clone());
    assert_rows(reader.visible_systems(as_of).await.unwrap(), visible, at);
}

/// The changes of a system, the newest first. What several events of one commit change is the
/// outcome of one call, and has one entry.
fn change_log(changes: &Changes, n: usize) -> Vec<SystemChangeRow> {
    let of_system = changes.system_changes.iter().filter(|keyed| keyed.change.system == system(n));
    let by_commit: BTreeMap<Position, &SystemChangeRow> =
        of_system.map(|keyed| (keyed.position, &*keyed.change)).collect();
    by_commit.into_values().rev().cloned().collect()
}

async fn compare_system_users(reader: &Reader, changes: &Changes, at: Position) {
    let requests = Table::<SystemUserRequests>::fold(&changes.system_user_requests);
    let users = Table::<SystemUsers>::fold(&changes.system_users);
    let systems = Table::<Systems>::fold(&changes.systems);
    let clients = Table::<SystemClientIds>::fold(&changes.system_client_ids);
    let as_of = Some(at);
    for n in 0..WORLD {
        let key = EntityKey::new(user(n).uuid());
        let (request, created) = (requests.0.get(&key), users.0.get(&key));
        assert_rows(reader.request(user(n), as_of).await.unwrap(), request, at);
        assert_rows(reader.system_user(user(n), as_of).await.unwrap(), created, at);
        let named =
            Reference { system: system(n), customer: org(n + 1), external_ref: reference(n) };
        for wanted in [None, Some(kind(n)), Some(kind(n + 1))] {
            let found = reader.request_by_reference(&named, wanted, as_of).await.unwrap();
            assert_rows(found, request.filter(|r| wanted.is_none_or(|k| k == r.kind)), at);
        }
        let active = created.filter(|row| !row.is_deleted);
        assert_rows(reader.system_user_by_reference(&named, as_of).await.unwrap(), active, at);
        for by in 0..WORLD {
            let external_id = ExternalId {
                client_id: client(by),
                vendor: org(n),
                owner: org(n + 1),
                external_ref: reference(n),
            };
            let chain = active.filter(|row| !row.is_paused).filter(|row| {
                let held = clients.0.get(&SystemClientIdRow::key(&client(by)));
                let own = systems.0.get(&SystemRow::key(&row.system));
                held.is_some_and(|held| held.system == row.system)
                    && own.is_some_and(|own| !own.is_deleted && own.definition.vendor == org(n))
            });
            let found = reader.system_user_by_external_id(&external_id, as_of).await.unwrap();
            assert_rows(found, chain, at);
        }
        let mut waiting = requests.find(|row| {
            row.customer == org(n) && row.kind == kind(n) && row.status == RequestStatus::New
        });
        waiting.sort_by_key(|row| row.created_at);
        assert_rows(reader.pending_requests(org(n), kind(n), as_of).await.unwrap(), waiting, at);
        let mut owned =
            users.find(|row| row.owner_party == party(n) && row.kind == kind(n) && !row.is_deleted);
        owned.sort_by_key(|row| row.created_at);
        let found = reader.system_users_of_owner(party(n), kind(n), as_of).await.unwrap();
        assert_rows(found, owned, at);
        let mut of_system = users.find(|row| row.system == system(n) && !row.is_deleted);
        of_system.sort_by_key(|row| row.created_at);
        let found = reader.system_users_of_system(&system(n), None, 100, as_of).await.unwrap();
        assert_rows(found, of_system, at);
    }
    let mut feed = users.find(|_| true);
    feed.sort_by_key(|row| row.sequence);
    let latest = reader.latest_system_user(as_of).await.unwrap();
    assert_rows(latest, feed.last().copied(), at);
    assert_rows(reader.system_user_changes(None, 100, as_of).await.unwrap(), feed, at);
}

async fn compare_parties(reader: &Reader, changes: &Changes, at: Position) {
    let parties = Table::<Parties>::fold(&changes.parties);
    let roles = Table::<PartyRoles>::fold(&changes.party_roles);
    let as_of = Some(at);
    for n in 0..WORLD {
        let known = parties.0.get(&EntityKey::new(party(n).uuid()));
        assert_rows(reader.party(party(n), as_of).await.unwrap(), known, at);
        if let Some(known) = known {
            let found = reader.party_by_number(known.number, as_of).await.unwrap();
            assert_rows(found, Some(known), at);
            let found = reader.party_by_org(org(n), as_of).await.unwrap().unwrap();
            assert_eq!(found.facts.org_number, Some(org(n)));
            assert!(!found.facts.is_deleted || known.facts.is_deleted);
        }
        let mut of_party = roles.find(|row| row.party == party(n));
        of_party.sort_by_key(|row| (row.role.clone(), row.holder));
        assert_rows(reader.roles_of_party(party(n), as_of).await.unwrap(), of_party, at);
        let mut held = roles.find(|row| row.holder == party(n));
        held.sort_by_key(|row| (row.party, row.role.clone()));
        assert_rows(reader.roles_held_by(party(n), as_of).await.unwrap(), held, at);
    }
    let mut units = parties.find(|row| row.facts.parent.is_some() && !row.facts.is_deleted);
    units.sort_by_key(|row| (row.facts.org_number, row.party));
    assert_rows(reader.sub_units(party(0), as_of).await.unwrap(), units, at);
}

async fn compare_links(reader: &Reader, changes: &Changes, at: Position) {
    let links = Table::<ClientLinks>::fold(&changes.client_links);
    let as_of = Some(at);
    for n in 0..WORLD {
        for client in (0..WORLD).map(party) {
            let key = ClientLinkRow::key(user(n), client);
            let found = reader.client_link(user(n), client, as_of).await.unwrap();
            assert_rows(found, links.0.get(&key), at);
        }
        let mut own = links.find(|row| row.system_user == user(n));
        own.sort_by_key(|row| row.client);
        assert_rows(reader.clients_of_system_user(user(n), as_of).await.unwrap(), own, at);
        let mut own = links.find(|row| row.client == party(n));
        own.sort_by_key(|row| row.system_user);
        assert_rows(reader.system_users_of_client(party(n), as_of).await.unwrap(), own, at);
    }
}

async fn compare_mandates(reader: &Reader, changes: &Changes, at: Position) {
    let mandates = Table::<Mandates>::fold(&changes.mandates);
    let asks = Table::<MandateAsks>::fold(&changes.mandate_asks);
    let as_of = Some(at);
    for n in 0..WORLD {
        for to in (0..WORLD).map(party) {
            let between = mandates.find(|row| (row.from_party, row.to_party) == (party(n), to));
            assert_rows(reader.mandate(party(n), to, as_of).await.unwrap(), between, at);
        }
        let mut own = mandates.find(|row| row.from_party == party(n));
        own.sort_by_key(|row| row.to_party);
        assert_rows(reader.mandates_from(party(n), as_of).await.unwrap(), own, at);
        let mut own = mandates.find(|row| row.to_party == party(n));
        own.sort_by_key(|row| row.from_party);
        assert_rows(reader.mandates_to(party(n), as_of).await.unwrap(), own, at);
        let found = reader.mandate_ask(ask(n), as_of).await.unwrap();
        assert_rows(found, asks.0.get(&EntityKey::new(ask(n).uuid())), at);
        let mut own = asks.find(|row| row.from_party == party(n));
        own.sort_by_key(|row| row.asked);
        assert_rows(reader.mandate_asks_from(party(n), as_of).await.unwrap(), own, at);
        let mut own = asks.find(|row| row.to_party == party(n));
        own.sort_by_key(|row| row.asked);
        assert_rows(reader.mandate_asks_to(party(n), as_of).await.unwrap(), own, at);
    }
}

async fn compare_resource_rights(reader: &Reader, changes: &Changes, at: Position) {
    let rights = Table::<ResourceRights>::fold(&changes.resource_rights);
    let as_of = Some(at);
    for n in 0..WORLD {
        for of in 0..WORLD {
            let found = reader.resource_right(right(n, of), as_of).await.unwrap();
            assert_rows(found, rights.0.get(&EntityKey::new(right(n, of).uuid())), at);
        }
        let mut own = rights.find(|row| row.right.resource == resource(n));
        own.sort_by_key(|row| row.right.party);
        assert_rows(reader.resource_rights_to(&resource(n), as_of).await.unwrap(), own, at);
        let mut own = rights.find(|row| row.right.party == party(n));
        own.sort_by_key(|row| row.right.resource.clone());
        assert_rows(reader.resource_rights_of(party(n), as_of).await.unwrap(), own, at);
    }
}

async fn compare_access_lists(reader: &Reader, changes: &Changes, at: Position) {
    let lists = Table::<AccessLists>::fold(&changes.access_lists);
    let members = Table::<AccessListMembers>::fold(&changes.access_list_members);
    let resources = Table::<AccessListResources>::fold(&changes.access_list_resources);
    let is_there = |list: AccessListId| lists.0.contains_key(&EntityKey::new(list.uuid()));
    let (as_of, owner) = (Some(at), owner_code());
    for n in 0..WORLD {
        let own = lists.0.get(&EntityKey::new(list(n).uuid()));
        assert_rows(reader.access_list(list(n), as_of).await.unwrap(), own, at);
        let found = reader.access_list_by_name(&owner, &list_name(n), as_of).await.unwrap();
        assert_rows(found, own, at);
        // Nothing is left of a list that is deleted.
        let mut own = members.find(|row| row.list == list(n) && is_there(row.list));
        own.sort_by_key(|row| row.member);
        assert_rows(reader.members_of_list(list(n), as_of).await.unwrap(), own, at);
        let mut own = members.find(|row| row.member == party(n) && is_there(row.list));
        own.sort_by_key(|row| row.list);
        assert_rows(reader.memberships_of(party(n), as_of).await.unwrap(), own, at);
        let mut own = resources.find(|row| row.list == list(n) && is_there(row.list));
        own.sort_by_key(|row| row.resource.clone());
        assert_rows(reader.resources_of_list(list(n), as_of).await.unwrap(), own, at);
        let mut own = resources.find(|row| row.resource == resource(n) && is_there(row.list));
        own.sort_by_key(|row| row.list);
        assert_rows(reader.lists_of_resource(&resource(n), as_of).await.unwrap(), own, at);
    }
    let mut all = lists.find(|_| true);
    all.sort_by_key(|row| row.name.clone());
    assert_rows(reader.access_lists_of(&owner, as_of).await.unwrap(), all, at);
}

async fn compare_scopes(reader: &Reader, changes: &Changes, at: Position) {
    let scopes = Table::<TokenScopes>::fold(&changes.token_scopes);
    let as_of = Some(at);
    for n in 0..WORLD {
        let mut all = scopes.find(|row| row.scope == scope(n));
        all.sort_by_key(|row| (row.standing, row.holder.to_string(), row.supplier));
        assert_rows(reader.token_scope(&scope(n), as_of).await.unwrap(), all, at);
        for holder in 0..WORLD {
            let (holder, supplier) = (org(holder), org(holder + 1));
            let asked = [scope(n), scope(n + 1)];
            let keys = asked.iter().flat_map(|scope| {
                let mut keys = vec![
                    (scope, TokenScopeRow::owner_key(scope)),
                    (scope, TokenScopeRow::holder_key(scope, holder)),
                ];
                keys.push((scope, TokenScopeRow::delegation_key(scope, holder, supplier)));
                keys
            });
            let mut own: Vec<_> = keys.filter_map(|(_, key)| scopes.0.get(&key)).collect();
            own.sort_by_key(|row| (row.scope.clone(), row.standing));
            let found = reader.token_scopes_of(&asked, holder, Some(supplier), as_of).await;
            assert_rows(found.unwrap(), own, at);
        }
    }
}

async fn compare_others(reader: &Reader, changes: &Changes, at: Position) {
    let resources = Table::<Resources>::fold(&changes.resources);
    let policies = Table::<ResourcePolicies>::fold(&changes.resource_policies);
    let clients = Table::<TokenClients>::fold(&changes.token_clients);
    let catalogues = Table::<Catalogues>::fold(&changes.catalogues);
    let as_of = Some(at);
    for n in 0..WORLD {
        let key = ResourceRow::key(&resource(n));
        let found = reader.resource(&resource(n), as_of).await.unwrap();
        assert_rows(found, resources.0.get(&key), at);
        let policy = policies.0.get(&key);
        assert_rows(reader.policy(&resource(n), as_of).await.unwrap(), policy, at);
        // By its hash a policy is found as long as it ever counted.
        for hash in (0..WORLD).map(|version| format!("{version:064x}")) {
            let published = changes.resource_policies.iter().any(|keyed| {
                let row = ResourcePolicies::apply(None, &keyed.change).unwrap();
                // Of several at one position only the last one counted.
                let last = changes
                    .resource_policies
                    .iter()
                    .rfind(|k| k.entity == key && k.position == keyed.position);
                keyed.entity == key && row.hash == hash && last == Some(keyed)
            });
            let found = reader.policy_by_hash(&resource(n), &hash, as_of).await.unwrap();
            assert_eq!(found.is_some(), published, "{hash}");
            assert!(found.is_none_or(|found| found.hash == hash));
        }
        let found = reader.token_client(&client(n), as_of).await.unwrap();
        assert_rows(found, clients.0.get(&TokenClientRow::key(&client(n))), at);
    }
    let mut all = resources.find(|_| true);
    all.sort_by_key(|row| row.definition.id.clone());
    assert_rows(reader.resources(None, 100, as_of).await.unwrap(), all, at);
    for name in ["roles", "areas", "unknown"] {
        let found = reader.catalogue(name, as_of).await.unwrap();
        assert_rows(found, catalogues.0.get(&CatalogueRow::key(name)), at);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_is_read_as_of_a_position_is_what_a_fold_up_to_it_gives(ledger in any_ledger()) {
        runtime().block_on(async {
            let database = folded(&ledger).await;
            let reader = ReadStore::open(database.database()).unwrap().reader().await.unwrap();
            for folded in ledger.records().iter().step_by(3) {
                compare(&reader, ledger.records(), folded.position).await;
            }
            compare(&reader, ledger.records(), ledger.position()).await;
        });
    }
}

#[tokio::test]
async fn a_reader_stays_at_the_position_where_it_began() {
    let mut ledger = TestLedger::new();
    ledger.commit(&[crate::history::party_registered(0)]);
    let database = folded(&ledger).await;
    let store = ReadStore::open(database.database()).unwrap();
    let reader = store.reader().await.unwrap();
    ledger.commit(&[crate::history::party_changed(0, 1)]);
    open(database.database(), &ledger).await.apply(ledger.records()).await.unwrap();
    let name = |found: Option<Version<fullmakt_projections::PartyRow>>| {
        found.unwrap().row.facts.name.unwrap()
    };
    assert_eq!(reader.position(), Position::new(1));
    assert_eq!(name(reader.party(party(0), None).await.unwrap()), "Name 0");
    let later = store.reader().await.unwrap();
    assert_eq!(later.position(), Position::new(2));
    assert_eq!(name(later.party(party(0), None).await.unwrap()), "Name 1");
    assert_eq!(name(later.party(party(0), Some(Position::new(1))).await.unwrap()), "Name 0");
}

#[tokio::test]
async fn what_is_not_folded_yet_is_not_answered() {
    let database = TestDatabase::create();
    let store = ReadStore::open(database.database()).unwrap();
    assert!(matches!(store.reader().await, Err(ReadError::NothingFolded)));
    let ledger = TestLedger::new();
    open(database.database(), &ledger).await.apply(ledger.records()).await.unwrap();
    let reader = store.reader().await.unwrap();
    let asked = Position::new(1);
    let refused = reader.party(party(0), Some(asked)).await.unwrap_err();
    assert!(matches!(
        refused,
        ReadError::NotYet { asked: Position { .. }, reached: Position::GENESIS }
    ));
}

#[tokio::test]
async fn a_connection_is_clean_when_its_reader_is_gone() {
    let mut ledger = TestLedger::new();
    let database = folded(&ledger).await;
    let settings = DatabaseSettings { connections_max: 1, ..DatabaseSettings::new(database.url()) };
    let store = ReadStore::open(&Database::new(settings).unwrap()).unwrap();
    for _ in 0..5 {
        let reader = store.reader().await.unwrap();
        assert_eq!(reader.position(), ledger.position());
        drop(reader);
        ledger.tick();
        open(database.database(), &ledger).await.apply(ledger.records()).await.unwrap();
        let checkpoint = store.checkpoint().await.unwrap().unwrap();
        assert_eq!(checkpoint.position, ledger.position());
    }
}

#[tokio::test]
async fn questions_can_be_asked_from_any_task() {
    let mut ledger = TestLedger::new();
    ledger.commit(&[crate::history::party_registered(0)]);
    let database = folded(&ledger).await;
    let store = ReadStore::open(database.database()).unwrap();
    let asked = tokio::spawn(async move {
        let loaded = store.load_streams(&[crate::history::party_registered(0).0]).await.unwrap();
        let reader = store.reader().await.unwrap();
        (loaded.events.len(), reader.parties(&[party(0), party(1)], None).await.unwrap().len())
    });
    assert_eq!(asked.await.unwrap(), (1, 1));
}
