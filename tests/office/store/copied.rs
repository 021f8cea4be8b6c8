//! An office is copied into another database, and into the other kind, with everything that is in it.

use commune_kiosk::office::store::DatabaseError;

use crate::store::place::{Place, bundle, flat, store_all, sums, table, verify};

on_both! {
    an_office_is_copied_into_an_empty_one_only,
}

async fn an_office_is_copied_into_an_empty_one_only(place: &Place) {
    let store = place.open_for(&["a", "b"]).await;
    let many = (1..=120).map(|n| bundle("a", n, &[("2026-10-05", n)]));
    store_all(&store, &many.collect::<Vec<_>>()).await;
    let other = Place::in_a_file();
    let copy = other.open().await;
    let copied = store.copy_to(&copy).await.expect("copied");
    assert!(
        copied.contains(&("bundles", 120)) && copied.contains(&("kiosks", 2)),
        "{copied:?}"
    );
    assert_eq!(sums(&copy, None).await, flat(&table(&[("2026-10-05", 7_260)])));
    verify(&copy).await;
    // Not into what is there already, nor a part of it.
    place.open_for(&["c"]).await;
    let again = store.copy_to(&copy).await;
    assert!(matches!(again, Err(DatabaseError::NotEmpty)), "{again:?}");
    assert_eq!(copy.kiosks().await.expect("an answer").len(), 2);
}

/// Every table that there is, and each of its columns.
fn dump(file: &str) -> Vec<(String, Vec<Vec<rusqlite::types::Value>>)> {
    let file = rusqlite::Connection::open(file).expect("the file");
    let tables = tables(&file);
    let rows = |table: &String| {
        let mut asked = file
            .prepare(&format!("SELECT * FROM {table} ORDER BY 1"))
            .expect("a table");
        let columns = asked.column_count();
        let rows = asked.query_map([], |row| (0..columns).map(|column| row.get(column)).collect());
        rows.expect("rows").collect::<Result<Vec<_>, _>>().expect("rows")
    };
    tables.iter().map(|table| (table.clone(), rows(table))).collect()
}

fn tables(file: &rusqlite::Connection) -> Vec<String> {
    let names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let mut asked = file.prepare(names).expect("the tables");
    let names = asked.query_map([], |row| row.get(0)).expect("names");
    names.collect::<Result<_, _>>().expect("names")
}

/// Puts a row without any empty column into each table.
fn fill(file: &str) {
    let file = rusqlite::Connection::open(file).expect("the file");
    for table in tables(&file).iter().filter(|table| *table != "schema_version") {
        let mut asked = file.prepare(&format!("PRAGMA table_info({table})")).expect("a table");
        let types = asked.query_map([], |row| row.get::<_, String>(2)).expect("columns");
        let values = types
            .enumerate()
            .map(|(column, ty)| match ty.expect("a type").as_str() {
                "BIGINT" => column.to_string(),
                "TEXT" => format!("'chữ {column}'"),
                _ => format!("x'0{column}'"),
            });
        let values = values.collect::<Vec<_>>().join(", ");
        file.execute(&format!("INSERT INTO {table} VALUES ({values})"), [])
            .expect("a row");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_table_and_no_column_is_forgotten_on_the_way_to_postgresql_and_back() {
    let (first, between, last) = (Place::in_a_file(), Place::in_postgres().await, Place::in_a_file());
    let store = first.open().await;
    fill(&first.address);
    let postgres = between.open().await;
    store.copy_to(&postgres).await.expect("copied");
    postgres.copy_to(&last.open().await).await.expect("copied");
    assert_eq!(dump(&first.address), dump(&last.address));
    // Beside the row that was put in, the settings have the secret with which the first office rounds.
    let rows = |table: &str| if table == "settings" { 2 } else { 1 };
    assert!(
        dump(&last.address)
            .iter()
            .all(|(table, there)| there.len() == rows(table))
    );
}
