//! One way to speak SQL to `SQLite` and to PostgreSQL.
//!
//! The statements of this room are written once. Both databases understand them: numbered places (`$1`, first used in the
//! order of their numbers), `ON CONFLICT`, `RETURNING`; no sequences, no locks by name, nothing else of one database alone.
//! Only integers, texts and bytes are stored. Begin with [`Database::open`].

mod sqlite;

use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod};
use rusqlite::Connection;
use rusqlite::types::{ToSqlOutput, ValueRef};
use thiserror::Error;
use tokio::sync::{Mutex, MutexGuard};
use tokio::task::block_in_place;
use tokio_postgres::config::Host;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use tokio_postgres::{NoTls, Statement};

/// How many connections to PostgreSQL are kept.
const CONNECTIONS: usize = 8;

/// How long a connection or a lock is waited for.
const WAIT: Duration = Duration::from_secs(10);

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
    #[error("no connection to PostgreSQL: {0}")]
    Pool(#[from] PoolError),
    /// The address is none. It is not repeated, because there may be a password in it.
    #[error("that is no address of a PostgreSQL database")]
    Address,
    /// PostgreSQL is on another machine, and what is sent there is not encrypted.
    #[error(
        "đường tới PostgreSQL ở {0} không được mã hoá nên không dùng: mời chạy PostgreSQL trên cùng máy, \
         hoặc mở một đường hầm mã hoá (ssh -L, stunnel) và nối tới 127.0.0.1"
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
}

fn is_postgres(address: &str) -> bool {
    address.starts_with("postgres://") || address.starts_with("postgresql://")
}

/// The library's own words leave out what the server said.
fn describe(error: &tokio_postgres::Error) -> String {
    error
        .as_db_error()
        .map_or_else(|| error.to_string(), ToString::to_string)
}

/// A server that is reached over a network, if one is named.
fn remote(config: &tokio_postgres::Config) -> Option<String> {
    let is_here = |host: &str| host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
    let named = config.get_hosts().iter().find_map(|host| match host {
        Host::Tcp(name) if !is_here(name) => Some(name.clone()),
        _ => None,
    });
    // An address that goes with a name is where the name leads.
    let address = config.get_hostaddrs().iter().find(|address| !address.is_loopback());
    named.or_else(|| address.map(ToString::to_string))
}

/// What stands in a place of a statement, or in a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A number.
    Int(i64),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

/// Numbers beyond what a database holds become the largest that it holds; none of ours comes near.
impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Int(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Int(truth.into())
    }
}

/// PostgreSQL has no zero bytes in texts, and none of ours needs one.
impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.replace('\0', "\u{fffd}"))
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_owned())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(number) => number.to_sql_checked(ty, out),
            Self::Text(text) => text.to_sql_checked(ty, out),
            Self::Bytes(bytes) => bytes.to_sql_checked(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// One row of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(Vec<Value>);

impl Row {
    /// Everything in it, by column.
    pub(super) fn into_values(self) -> Vec<Value> {
        self.0
    }

    /// The number in a column.
    ///
    /// # Errors
    /// There is none.
    pub fn int(&self, column: usize) -> Result<i64, DatabaseError> {
        self.optional_int(column)?.ok_or_else(|| self.unexpected(column))
    }

    /// The number in a column that may be empty.
    ///
    /// # Errors
    /// There is something else.
    pub fn optional_int(&self, column: usize) -> Result<Option<i64>, DatabaseError> {
        match self.0.get(column) {
            Some(Value::Int(number)) => Ok(Some(*number)),
            Some(Value::Null) => Ok(None),
            _ => Err(self.unexpected(column)),
        }
    }

    /// The number in a column that is never negative.
    ///
    /// # Errors
    /// There is none.
    pub fn count(&self, column: usize) -> Result<u64, DatabaseError> {
        u64::try_from(self.int(column)?).map_err(|_| self.unexpected(column))
    }

    /// The text in a column.
    ///
    /// # Errors
    /// There is none.
    pub fn text(&self, column: usize) -> Result<&str, DatabaseError> {
        match self.0.get(column) {
            Some(Value::Text(text)) => Ok(text),
            _ => Err(self.unexpected(column)),
        }
    }

    /// The bytes in a column.
    ///
    /// # Errors
    /// There are none.
    pub fn bytes(&self, column: usize) -> Result<&[u8], DatabaseError> {
        match self.0.get(column) {
            Some(Value::Bytes(bytes)) => Ok(bytes),
            _ => Err(self.unexpected(column)),
        }
    }

    fn unexpected(&self, column: usize) -> DatabaseError {
        DatabaseError::Unexpected(format!("column {column} of {} columns", self.0.len()))
    }

    fn of_sqlite(row: &rusqlite::Row<'_>, columns: usize) -> rusqlite::Result<Self> {
        use rusqlite::types::Value as Sqlite;
        let value = |column| {
            Ok(match row.get(column)? {
                Sqlite::Null => Value::Null,
                Sqlite::Integer(number) => Value::Int(number),
                Sqlite::Text(text) => Value::Text(text),
                Sqlite::Blob(bytes) => Value::Bytes(bytes),
                Sqlite::Real(_) => return Err(rusqlite::Error::InvalidQuery),
            })
        };
        (0..columns).map(value).collect::<rusqlite::Result<_>>().map(Self)
    }

    fn of_postgres(row: &tokio_postgres::Row) -> Result<Self, tokio_postgres::Error> {
        let value = |(column, ty): (usize, &tokio_postgres::Column)| {
            Ok(match *ty.type_() {
                Type::TEXT => row
                    .try_get::<_, Option<String>>(column)?
                    .map_or(Value::Null, Value::Text),
                Type::BYTEA => row
                    .try_get::<_, Option<Vec<u8>>>(column)?
                    .map_or(Value::Null, Value::Bytes),
                _ => row.try_get::<_, Option<i64>>(column)?.map_or(Value::Null, Value::Int),
            })
        };
        row.columns()
            .iter()
            .enumerate()
            .map(value)
            .collect::<Result<_, _>>()
            .map(Self)
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
    pub fn open(address: &str) -> Result<Self, DatabaseError> {
        if is_postgres(address) {
            let config: tokio_postgres::Config = address.parse().map_err(|_| DatabaseError::Address)?;
            if let Some(host) = remote(&config) {
                return Err(DatabaseError::Remote(host));
            }
            let recycling_method = RecyclingMethod::Fast;
            let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method });
            let pool = Pool::builder(manager)
                .max_size(CONNECTIONS)
                .runtime(deadpool_postgres::Runtime::Tokio1)
                .wait_timeout(Some(WAIT))
                .create_timeout(Some(WAIT))
                .build();
            return Ok(Self::Postgres(pool.map_err(|_| DatabaseError::Address)?));
        }
        Self::of_file(|| sqlite::make(address))
    }

    /// Opens a database that is there, without changing anything in it.
    ///
    /// # Errors
    /// [`DatabaseError`]; [`DatabaseError::NoOffice`] if there is no such file. PostgreSQL is asked with the first statement.
    pub fn open_existing(address: &str) -> Result<Self, DatabaseError> {
        if is_postgres(address) {
            return Self::open(address);
        }
        Self::of_file(|| sqlite::existing(address))
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
                let client = pool.get().await?;
                let statement = client.prepare_cached(sql).await?;
                query_postgres(&client, &statement, values).await
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
                transaction
                    .client()?
                    .batch_execute(&format!("BEGIN; SET LOCAL lock_timeout = {}", WAIT.as_millis()))
                    .await?;
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
        let mut transaction = self.begin().await?;
        let changed = transaction.execute(sql, values).await?;
        transaction.commit().await?;
        Ok(changed)
    }

    /// Has PostgreSQL spend less on bytes: bundles are packed already, and sums are packed with lz4 in an eighth of the time that its own
    /// way takes. Databases of its kind that know neither go on as they are.
    pub(super) async fn stores_bytes_quickly(&self) {
        let Self::Postgres(pool) = self else {
            return;
        };
        for sql in [
            "ALTER TABLE bundles ALTER COLUMN bundle SET STORAGE EXTERNAL",
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
        if self.open
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
                query_postgres(client, &statement, values).await
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
    /// [`DatabaseError`]; then nothing was changed, or PostgreSQL did not say whether it was: ask again.
    pub async fn commit(mut self) -> Result<(), DatabaseError> {
        match &mut self {
            Self::Sqlite(transaction) => {
                block_in_place(|| transaction.connection.execute_batch("COMMIT"))?;
                transaction.open = false;
            }
            Self::Postgres(transaction) => {
                transaction.client()?.batch_execute("COMMIT").await?;
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

async fn query_postgres(client: &Object, statement: &Statement, values: &[Value]) -> Result<Vec<Row>, DatabaseError> {
    let places: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
    let rows = client.query(statement, &places).await?;
    Ok(rows.iter().map(Row::of_postgres).collect::<Result<_, _>>()?)
}
