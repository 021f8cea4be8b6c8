//! One way to speak SQL to `SQLite` and to PostgreSQL.
//!
//! The statements of this room are written once. Both databases understand them: numbered places (`$1`, first used in the
//! order of their numbers), `ON CONFLICT`, `RETURNING`; no sequences, no locks by name, nothing else of one database alone.
//! Only integers, texts and bytes are stored. Begin with [`Database::open`].

mod postgres;
mod sqlite;
mod value;

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use deadpool_postgres::{HookError, Object, Pool, PoolError};
use rusqlite::{Connection, ErrorCode};
use thiserror::Error;
use tokio::sync::{Mutex, MutexGuard};
use tokio::task::block_in_place;
use tokio::time::{sleep, timeout};
use tokio_postgres::error::SqlState;

pub use value::{Row, Value};

/// How long a connection or a lock is waited for.
const WAIT: Duration = Duration::from_secs(10);

/// How long PostgreSQL may take to make something last: it may wait for a standby.
const LONGEST_COMMIT: Duration = Duration::from_secs(25);

/// How often something whole is tried that PostgreSQL undid or that the end of a connection cut off, and how long at most. Whoever
/// waits is a person or a kiosk that comes again.
const TRIES: u32 = 5;
const PATIENCE: Duration = Duration::from_secs(5);

/// The pause before the second try. It doubles.
const PAUSE: Duration = Duration::from_millis(20);

/// Where an office keeps what it receives.
#[derive(Debug, Clone, Copy)]
pub struct Address<'a> {
    /// `postgres://…`, or the name of an `SQLite` file.
    pub database: &'a str,
    /// A file of certificates (PEM), if PostgreSQL has to prove with one that they have signed that it is who it should be. Then
    /// everything is encrypted.
    pub ca: Option<&'a Path>,
}

impl<'a> From<&'a str> for Address<'a> {
    fn from(database: &'a str) -> Self {
        Self { database, ca: None }
    }
}

impl<'a> From<&'a String> for Address<'a> {
    fn from(database: &'a String) -> Self {
        database.as_str().into()
    }
}

/// Why the database did not answer. Nothing was changed; try again later.
#[derive(Debug, Error)]
pub enum DatabaseError {
    /// `SQLite` refuses: disk full, no such folder, damaged.
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// PostgreSQL refuses, or the connection broke.
    #[error("PostgreSQL: {}", describe(.0))]
    Postgres(#[from] tokio_postgres::Error),
    /// No connection to PostgreSQL can be had.
    #[error("no connection to PostgreSQL: {}", describe_pool(.0))]
    Pool(#[from] PoolError),
    /// The connection to PostgreSQL broke before it said whether everything lasts. Perhaps it does: look, or do again what may be done twice.
    #[error("PostgreSQL did not say whether it is stored: {0}")]
    Unsure(String),
    /// The database is there and says nothing.
    #[error("the database does not answer")]
    Silent,
    /// A file that is to be stored can't be read, or one that is stored not be written out.
    #[error("a file: {0}")]
    File(#[from] io::Error),
    /// The file of authorities can't be read, or there is none in it.
    #[error("{} không phải là tệp chứng chỉ (PEM) đọc được", .0.display())]
    Authority(PathBuf),
    /// The address is none. It is not repeated, because there may be a password in it.
    #[error("that is no address of a PostgreSQL database")]
    Address,
    /// PostgreSQL is on another machine, and nobody said by what it is to be known there.
    #[error(
        "PostgreSQL ở máy khác ({0}) chỉ được dùng qua đường mã hoá có kiểm chứng: mời thêm --db-ca và tệp chứng chỉ gốc (PEM) mà máy \
         chủ PostgreSQL dùng"
    )]
    Remote(String),
    /// There is no such database, or it has none of our tables.
    #[error(
        "ở đó chưa có văn phòng nào: mời xem lại --db; văn phòng mới chỉ được tạo bằng office serve hoặc office accounts set"
    )]
    NoOffice,
    /// Made by an older program, which may be running on it.
    #[error(
        "các bảng trong đó là của bản chương trình cũ (số {found}, bản này cần số {known}): mời khởi động office serve của bản \
         này trước, các bảng sẽ được nâng lên khi đó"
    )]
    Older {
        /// The schema that is there.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// Made by a newer program.
    #[error(
        "các bảng trong đó là của bản chương trình mới hơn (số {found}, bản này chỉ biết đến số {known}): mời cập nhật chương trình"
    )]
    Newer {
        /// The schema that is there.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// There is something where everything is to be copied to.
    #[error("ở đó đã có dữ liệu: mời chọn một tệp mới hay một cơ sở dữ liệu trống")]
    NotEmpty,
    /// What is to be taken out of the sums is not all in them, or they can't be read. Nothing was taken.
    #[error("số tổng của {0} không khớp với các gói đã nhận: mời chạy office figures rebuild rồi làm lại")]
    Sums(String),
    /// A row is not what was stored.
    #[error("the database holds something unexpected: {0}")]
    Unexpected(String),
    /// The system has no random numbers, which a new office needs once.
    #[error("no random numbers: {0}")]
    Random(#[from] getrandom::Error),
}

impl DatabaseError {
    /// The same, or that there is no office if PostgreSQL has no database of this name.
    fn or_no_office(self) -> Self {
        match self {
            Self::Pool(PoolError::Backend(error)) if error.code() == Some(&SqlState::INVALID_CATALOG_NAME) => {
                Self::NoOffice
            }
            other => other,
        }
    }

    /// Whether another program made the same table, or the same row, at the same moment.
    pub(super) fn is_race(&self) -> bool {
        let races = [
            SqlState::UNIQUE_VIOLATION,
            SqlState::DUPLICATE_TABLE,
            SqlState::T_R_SERIALIZATION_FAILURE,
            SqlState::T_R_DEADLOCK_DETECTED,
            SqlState::LOCK_NOT_AVAILABLE,
        ];
        matches!(self, Self::Postgres(error) if error.code().is_some_and(|code| races.contains(code)))
    }

    /// Whether there is no room left: no other try will do, until somebody has made some.
    #[must_use]
    pub fn is_full(&self) -> bool {
        match self {
            Self::Sqlite(error) => error.sqlite_error_code() == Some(ErrorCode::DiskFull),
            Self::Postgres(error) => error.code() == Some(&SqlState::DISK_FULL),
            Self::File(error) => error.kind() == io::ErrorKind::StorageFull,
            _ => false,
        }
    }

    /// Whether nothing was changed and another try may do: PostgreSQL undid what was begun, or it is gone, and perhaps another takes its place.
    pub(crate) fn is_fleeting(&self) -> bool {
        match self {
            Self::Postgres(error)
            | Self::Pool(PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error))) => {
                postgres::is_fleeting(error)
            }
            Self::Pool(PoolError::Timeout(_)) | Self::Silent => true,
            _ => false,
        }
    }
}

fn is_postgres(address: &str) -> bool {
    address.starts_with("postgres://") || address.starts_with("postgresql://")
}

/// The library's own words leave out what the server said, and why a connection failed.
fn describe(error: &tokio_postgres::Error) -> String {
    let server = error.as_db_error().map(ToString::to_string);
    server.unwrap_or_else(|| match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    })
}

fn describe_pool(error: &PoolError) -> String {
    match error {
        PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => describe(error),
        other => other.to_string(),
    }
}

/// A database.
#[derive(Debug)]
pub enum Database {
    /// A file. One connection writes, one reads, so that a page never waits for a write.
    Sqlite {
        /// Writes.
        writer: Box<Mutex<Connection>>,
        /// Reads.
        reader: Box<Mutex<Connection>>,
    },
    /// A server.
    Postgres(Pool),
}

impl Database {
    /// Opens `postgres://…`, or a file, which is made if it is not there.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub fn open(address: Address<'_>) -> Result<Self, DatabaseError> {
        if is_postgres(address.database) {
            return Ok(Self::Postgres(postgres::pool(address.database, address.ca)?));
        }
        Self::of_file(|| sqlite::make(address.database))
    }

    /// Opens a database that is there, without changing anything in it.
    ///
    /// # Errors
    /// [`DatabaseError`]; [`DatabaseError::NoOffice`] if there is no such file. PostgreSQL is asked with the first statement.
    pub fn open_existing(address: Address<'_>) -> Result<Self, DatabaseError> {
        if is_postgres(address.database) {
            return Self::open(address);
        }
        Self::of_file(|| sqlite::existing(address.database))
    }

    fn of_file(connect: impl Fn() -> Result<Connection, DatabaseError>) -> Result<Self, DatabaseError> {
        let [writer, reader] = [connect()?, connect()?].map(|connection| Box::new(Mutex::new(connection)));
        Ok(Self::Sqlite { writer, reader })
    }

    /// Whether a table is there.
    ///
    /// # Errors
    /// [`DatabaseError`]; [`DatabaseError::NoOffice`] if there is not even a database.
    pub(super) async fn has_table(&self, name: &str) -> Result<bool, DatabaseError> {
        let sql = match self {
            Self::Sqlite { .. } => "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = $1",
            Self::Postgres(_) => "SELECT count(*) FROM pg_catalog.pg_class WHERE oid = to_regclass($1)",
        };
        let rows = self
            .query(sql, &[name.into()])
            .await
            .map_err(DatabaseError::or_no_office)?;
        Ok(rows.first().map_or(Ok(0), |row| row.int(0))? > 0)
    }

    /// Does something whole, in a transaction or without; once more if PostgreSQL undid it, or if it was cut off by the end of a connection
    /// before it was to last. Where it is not known whether it lasts, it is not done again.
    ///
    /// # Errors
    /// Those of the last try.
    pub(super) async fn repeated<T, F>(&self, work: impl Fn() -> F) -> Result<T, DatabaseError>
    where
        F: Future<Output = Result<T, DatabaseError>>,
    {
        let since = Instant::now();
        let mut pause = PAUSE;
        for _ in 1..TRIES {
            match work().await {
                Err(error) if error.is_fleeting() && since.elapsed() < PATIENCE => {
                    tracing::warn!("once more, because of: {error}");
                    self.leave_broken_connections(&error);
                }
                done => return done,
            }
            sleep(pause).await;
            pause *= 2;
        }
        work().await
    }

    /// What one connection has met, the others that nobody uses just now would meet too: their server is gone, or no primary any more.
    fn leave_broken_connections(&self, error: &DatabaseError) {
        match (self, error) {
            (Self::Postgres(pool), DatabaseError::Postgres(error)) if !postgres::is_conflict(error) => {
                pool.retain(|_, _| false);
            }
            _ => {}
        }
    }

    /// Asks for rows.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn query(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        match self {
            Self::Sqlite { reader, .. } => {
                let reader = reader.lock().await;
                block_in_place(|| query_sqlite(&reader, sql, values))
            }
            Self::Postgres(pool) => {
                let ask = || async move {
                    let client = pool.get().await?;
                    let statement = client.prepare_cached(sql).await?;
                    postgres::query(&client, &statement, values).await
                };
                self.repeated(ask).await
            }
        }
    }

    /// Begins a transaction that writes. Dropped without [`Transaction::commit`], it changes nothing.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn begin(&self) -> Result<Transaction<'_>, DatabaseError> {
        let mut begun = match self {
            Self::Sqlite { writer, .. } => Transaction::Sqlite(SqliteTransaction {
                connection: writer.lock().await,
                open: false,
            }),
            Self::Postgres(pool) => Transaction::Postgres(Box::new(PostgresTransaction {
                client: Some(pool.get().await?),
                open: false,
            })),
        };
        match &mut begun {
            Transaction::Sqlite(transaction) => {
                block_in_place(|| transaction.connection.execute_batch("BEGIN IMMEDIATE"))?;
                transaction.open = true;
            }
            Transaction::Postgres(transaction) => {
                // Before the answer: dropped in between, the connection must not go back to the pool.
                transaction.open = true;
                transaction.client()?.batch_execute("BEGIN").await?;
            }
        }
        Ok(begun)
    }

    /// Begins to read everything as it is at one moment, whatever others write meanwhile. Nobody waits for it, and nothing can be changed in it.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn begin_reading(&self) -> Result<Transaction<'_>, DatabaseError> {
        match self {
            Self::Sqlite { reader, .. } => {
                let connection = reader.lock().await;
                block_in_place(|| connection.execute_batch("BEGIN DEFERRED"))?;
                Ok(Transaction::Sqlite(SqliteTransaction { connection, open: true }))
            }
            Self::Postgres(pool) => {
                let client = Some(pool.get().await?);
                let begun = PostgresTransaction { client, open: true };
                let sql = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                begun.client()?.batch_execute(sql).await?;
                Ok(Transaction::Postgres(Box::new(begun)))
            }
        }
    }

    /// Writes a file as it is at one moment into another that is empty or not there.
    ///
    /// # Errors
    /// [`DatabaseError`]; always with PostgreSQL, which has a program of its own for this.
    pub async fn backup(&self, file: &Path) -> Result<(), DatabaseError> {
        match self {
            Self::Sqlite { reader, .. } => {
                let reader = reader.lock().await;
                block_in_place(|| sqlite::copy(&reader, file))
            }
            Self::Postgres(_) => Err(DatabaseError::Unexpected("PostgreSQL has pg_dump".to_owned())),
        }
    }

    /// Changes something in a transaction of its own; gives the number of rows that changed.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn execute(&self, sql: &str, values: &[Value]) -> Result<u64, DatabaseError> {
        let change = || async move {
            let mut transaction = self.begin().await?;
            let changed = transaction.execute(sql, values).await?;
            transaction.commit().await?;
            Ok(changed)
        };
        self.repeated(change).await
    }

    /// Has PostgreSQL spend less on bytes: bundles and packs are packed already, and sums are packed with lz4 in an eighth of the time that its own
    /// way takes. Databases of its kind that know neither go on as they are.
    pub(super) async fn stores_bytes_quickly(&self) {
        let Self::Postgres(pool) = self else {
            return;
        };
        for sql in [
            "ALTER TABLE bundles ALTER COLUMN bundle SET STORAGE EXTERNAL",
            "ALTER TABLE pack_pieces ALTER COLUMN bytes SET STORAGE EXTERNAL",
            "ALTER TABLE figures ALTER COLUMN counts SET COMPRESSION lz4",
        ] {
            let done = match pool.get().await {
                Ok(client) => client.batch_execute(sql).await.map_err(DatabaseError::from),
                Err(error) => Err(error.into()),
            };
            if let Err(error) = done {
                tracing::warn!("{sql}: {error}");
            }
        }
    }

    /// The word for bytes in this database's schemas.
    pub(super) const fn bytes(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "BLOB",
            Self::Postgres(_) => "BYTEA",
        }
    }
}

/// A transaction that writes.
#[derive(Debug)]
pub enum Transaction<'a> {
    /// In a file.
    Sqlite(SqliteTransaction<'a>),
    /// In a server.
    Postgres(Box<PostgresTransaction>),
}

/// A transaction in a file.
#[derive(Debug)]
pub struct SqliteTransaction<'a> {
    connection: MutexGuard<'a, Connection>,
    open: bool,
}

impl Drop for SqliteTransaction<'_> {
    fn drop(&mut self) {
        // What found the disk full `SQLite` has undone already.
        if self.open
            && !self.connection.is_autocommit()
            && let Err(error) = self.connection.execute_batch("ROLLBACK")
        {
            tracing::error!("a transaction can't be undone: {error}");
        }
    }
}

/// A transaction in a server.
#[derive(Debug)]
pub struct PostgresTransaction {
    client: Option<Object>,
    open: bool,
}

impl PostgresTransaction {
    fn client(&self) -> Result<&Object, DatabaseError> {
        let closed = || DatabaseError::Unexpected("the transaction is over".to_owned());
        self.client.as_ref().ok_or_else(closed)
    }
}

impl Drop for PostgresTransaction {
    fn drop(&mut self) {
        if self.open
            && let Some(client) = self.client.take()
        {
            // Closed rather than reused: the server undoes what was begun.
            drop(Object::take(client));
        }
    }
}

impl Transaction<'_> {
    /// Asks for rows.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        match self {
            Self::Sqlite(transaction) => block_in_place(|| query_sqlite(&transaction.connection, sql, values)),
            Self::Postgres(transaction) => {
                let client = transaction.client()?;
                let statement = client.prepare_cached(sql).await?;
                postgres::query(client, &statement, values).await
            }
        }
    }

    /// Asks for rows that nobody else may change before this transaction is over.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn query_locked(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        match self {
            // The only one who writes.
            Self::Sqlite(_) => self.query(sql, values).await,
            Self::Postgres(_) => self.query(&format!("{sql} FOR UPDATE"), values).await,
        }
    }

    /// Changes something; gives the number of rows that changed.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, DatabaseError> {
        match self {
            Self::Sqlite(transaction) => block_in_place(|| {
                let mut statement = transaction.connection.prepare_cached(sql)?;
                Ok(statement.execute(rusqlite::params_from_iter(values))? as u64)
            }),
            Self::Postgres(transaction) => {
                let client = transaction.client()?;
                let statement = client.prepare_cached(sql).await?;
                Ok(client.execute_raw(&statement, values).await?)
            }
        }
    }

    /// Executes a statement with each of many values, without waiting for one answer before the next question.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn execute_each(&mut self, sql: &str, each: &[Vec<Value>]) -> Result<Vec<u64>, DatabaseError> {
        match self {
            Self::Sqlite(transaction) => block_in_place(|| {
                let mut statement = transaction.connection.prepare_cached(sql)?;
                let execute = |values: &Vec<Value>| Ok(statement.execute(rusqlite::params_from_iter(values))? as u64);
                each.iter().map(execute).collect()
            }),
            Self::Postgres(transaction) => {
                let client = transaction.client()?;
                let statement = client.prepare_cached(sql).await?;
                let all = each.iter().map(|values| client.execute_raw(&statement, values));
                Ok(futures_util::future::try_join_all(all).await?)
            }
        }
    }

    /// Makes all of it last.
    ///
    /// # Errors
    /// [`DatabaseError`]; then nothing was changed, but for [`DatabaseError::Unsure`].
    pub async fn commit(mut self) -> Result<(), DatabaseError> {
        match &mut self {
            Self::Sqlite(transaction) => {
                block_in_place(|| transaction.connection.execute_batch("COMMIT"))?;
                transaction.open = false;
            }
            Self::Postgres(transaction) => {
                // A primary that waits for a standby has no limit of its own. Given up, the connection is closed.
                let done = timeout(LONGEST_COMMIT, transaction.client()?.batch_execute("COMMIT")).await;
                let done = done.map_err(|_| DatabaseError::Unsure("no answer".to_owned()))?;
                done.map_err(|error| match error.as_db_error() {
                    // What the server undid in the end it says in so many words.
                    Some(_) if postgres::is_conflict(&error) => error.into(),
                    _ => DatabaseError::Unsure(describe(&error)),
                })?;
                transaction.open = false;
            }
        }
        Ok(())
    }
}

fn query_sqlite(connection: &Connection, sql: &str, values: &[Value]) -> Result<Vec<Row>, DatabaseError> {
    let mut statement = connection.prepare_cached(sql)?;
    let columns = statement.column_count();
    let rows = statement.query_map(rusqlite::params_from_iter(values), |row| Row::of_sqlite(row, columns))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_a_database_that_is_busy() {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch("CREATE TABLE t (b BLOB); PRAGMA max_page_count = 4")
            .unwrap();
        let full = connection.execute("INSERT INTO t VALUES (zeroblob(100000))", []);
        assert!(DatabaseError::from(full.unwrap_err()).is_full());
        let wrong = connection.execute("INSERT INTO nowhere VALUES (1)", []);
        assert!(!DatabaseError::from(wrong.unwrap_err()).is_full());
        assert!(DatabaseError::from(io::Error::from(io::ErrorKind::StorageFull)).is_full());
        assert!(!DatabaseError::Silent.is_full());
    }
}
