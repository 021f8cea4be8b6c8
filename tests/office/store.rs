//! What the office's store promises, kept on both kinds of databases: an `SQLite` file and a real PostgreSQL.
//!
//! Each promise is told once, as a function of a [`Place`]; `on_both!` makes two tests of it. Nothing is skipped: without
//! PostgreSQL these tests fail.

/// Makes two tests of each promise: `sqlite::…` and `postgres::…`.
macro_rules! on_both {
    ($($promise:ident),+ $(,)?) => {
        mod sqlite {
            use crate::store::place::Place;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $promise() {
                super::$promise(&Place::in_a_file()).await;
            })+
        }
        mod postgres {
            use crate::store::place::Place;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $promise() {
                super::$promise(&Place::in_postgres().await).await;
            })+
        }
    };
}

mod accounts;
mod activities;
mod at_once;
mod bundles;
mod copied;
mod corrections;
mod cut_short;
mod elsewhere;
mod kiosks;
mod model;
mod newcomers;
mod packs;
mod place;
mod reckoned;
mod reported;
mod schema;
mod visits;
