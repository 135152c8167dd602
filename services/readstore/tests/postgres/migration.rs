use fullmakt_readstore::{MigrateError, ReadSchema, check_schema, migrate, testing::TestDatabase};

#[tokio::test]
async fn to_migrate_again_changes_nothing() {
    let database = TestDatabase::create();
    check_schema(database.database()).await.unwrap();
    let again = migrate(database.database()).await.unwrap();
    assert!(again.applied.is_empty() && !again.is_read_schema_created);
    check_schema(database.database()).await.unwrap();
}

#[tokio::test]
async fn several_who_migrate_at_once_take_turns() {
    let database = TestDatabase::create();
    let drop = "DROP SCHEMA fullmakt_read_3 CASCADE; DROP SCHEMA fullmakt CASCADE";
    database.client().await.batch_execute(drop).await.unwrap();
    let database = database.database();
    let outcomes = tokio::join!(migrate(database), migrate(database), migrate(database));
    let outcomes = [outcomes.0.unwrap(), outcomes.1.unwrap(), outcomes.2.unwrap()];
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_read_schema_created).count(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| !outcome.applied.is_empty()).count(), 1);
    check_schema(database).await.unwrap();
}

#[tokio::test]
async fn a_database_that_was_never_migrated_is_refused() {
    let database = TestDatabase::create();
    let client = database.client().await;
    client.batch_execute("DROP SCHEMA fullmakt CASCADE").await.unwrap();
    check_schema(database.database()).await.unwrap_err();
}

#[tokio::test]
async fn a_migration_of_a_newer_release_is_refused() {
    let database = TestDatabase::create();
    let insert = "INSERT INTO fullmakt.migrations VALUES (9999, 'newer', '', '1')";
    database.client().await.batch_execute(insert).await.unwrap();
    let refused = check_schema(database.database()).await.unwrap_err();
    assert!(matches!(refused, MigrateError::UnknownMigration { version: 9999, .. }), "{refused}");
}

#[tokio::test]
async fn read_models_of_another_shape_or_none_are_refused() {
    let database = TestDatabase::create();
    let client = database.client().await;
    let refused = async || match check_schema(database.database()).await {
        Err(MigrateError::UnknownReadSchema(schema)) => schema,
        other => panic!("{other:?}"),
    };
    let other = "UPDATE fullmakt_read_3.checkpoint SET shape = '\\x00'";
    client.batch_execute(other).await.unwrap();
    assert_eq!(refused().await, ReadSchema::live());
    client.batch_execute("DROP TABLE fullmakt_read_3.checkpoint").await.unwrap();
    assert_eq!(refused().await, ReadSchema::live());
    client.batch_execute("DROP SCHEMA fullmakt_read_3 CASCADE").await.unwrap();
    assert_eq!(refused().await, ReadSchema::live());
}
