use fullmakt_projections::{TABLES, intervals, read_model_statements, statements};
use fullmakt_readstore::testing::TestDatabase;

/// Statements that PostgreSQL cannot prepare: they define tables, or speak to the session.
fn is_prepared(name: &str) -> bool {
    !name.ends_with("/create") && !name.contains("/index") && name != "checkpoint/listen"
}

#[tokio::test]
async fn every_statement_can_be_prepared() {
    let database = TestDatabase::create();
    let client = database.client().await;
    client.batch_execute("SET search_path = fullmakt_read_3").await.unwrap();
    let mut prepared = 0;
    for statement in statements().filter(|statement| is_prepared(statement.name)) {
        for (table, _) in TABLES {
            let text = statement.text.replace(intervals::TABLE, table);
            let outcome = client.prepare(&text).await;
            assert!(outcome.is_ok(), "{} for {table}: {:?}", statement.name, outcome.err());
            prepared += 1;
            if !statement.text.contains(intervals::TABLE) {
                break;
            }
        }
    }
    assert!(prepared > 60, "{prepared}");
}

#[tokio::test]
async fn rows_are_added_to_every_column_of_every_table() {
    let database = TestDatabase::create();
    let client = database.client().await;
    client.batch_execute("SET search_path = fullmakt_read_3").await.unwrap();
    for (table, _) in TABLES {
        let statement = "SELECT column_name::text AS name FROM information_schema.columns \
                         WHERE table_schema = 'fullmakt_read_3' AND table_name = $1";
        let rows = client.query(statement, &[table]).await.unwrap();
        let insert = read_model_statements()
            .find(|statement| statement.name == format!("{table}/insert"))
            .unwrap();
        let prepared = client.prepare(insert.text).await.unwrap();
        assert_eq!(prepared.params().len(), rows.len(), "{table}");
    }
}
