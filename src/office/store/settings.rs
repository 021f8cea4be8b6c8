//! What the office has said of itself. Begin with [`Store::setting`].

use super::Store;
use super::database::DatabaseError;

impl Store {
    /// What was said of something; `None` if nothing was.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn setting(&self, name: &str) -> Result<Option<String>, DatabaseError> {
        let sql = "SELECT value FROM settings WHERE name = $1";
        let rows = self.database.query(sql, &[name.into()]).await?;
        rows.first().map(|row| Ok(row.text(0)?.to_owned())).transpose()
    }

    /// Says it, in place of what was said before.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn set(&self, name: &str, value: &str) -> Result<(), DatabaseError> {
        let sql = "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.database.execute(sql, &[name.into(), value.into()]).await.map(drop)
    }
}
