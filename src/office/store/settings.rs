//! What the office has said of itself. Begin with [`Store::setting`].

use super::Store;
use super::database::DatabaseError;
use crate::office::rounding::Secret;

/// Under this name stands the office's secret of rounding, made with the database.
pub(super) const ROUNDING: &str = "rounding";

impl Store {
    /// With what counts are rounded before they are shown.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn rounding(&self) -> Result<Secret, DatabaseError> {
        let secret = self.setting(ROUNDING).await?.and_then(|text| text.parse().ok());
        secret.ok_or_else(|| DatabaseError::Unexpected("the office has no secret of rounding".to_owned()))
    }

    /// What was said of something; `None` if nothing was.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn setting(&self, name: &str) -> Result<Option<String>, DatabaseError> {
        let sql = "SELECT value FROM settings WHERE name = $1";
        let rows = self.database.query(sql, &[name.into()]).await?;
        rows.first().map(|row| Ok(row.text(0)?.to_owned())).transpose()
    }

    /// Everything that was said under names that begin so, in the order of these names.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn settings(&self, beginning: &str) -> Result<Vec<(String, String)>, DatabaseError> {
        let sql = "SELECT name, value FROM settings WHERE name LIKE $1 ORDER BY name";
        let rows = self.database.query(sql, &[(&format!("{beginning}%")).into()]).await?;
        let said = rows
            .iter()
            .map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned())));
        said.collect()
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
