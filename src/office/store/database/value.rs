//! What stands in places of statements and in columns of answers: integers, texts, bytes, in the forms of both databases.

use rusqlite::types::{ToSqlOutput, ValueRef};
use tokio_postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};

use super::DatabaseError;

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
    pub(in super::super) fn into_values(self) -> Vec<Value> {
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

    pub(super) fn of_sqlite(row: &rusqlite::Row<'_>, columns: usize) -> rusqlite::Result<Self> {
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

    pub(super) fn of_postgres(row: &tokio_postgres::Row) -> Result<Self, tokio_postgres::Error> {
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
