//! Who may sign in to the office's pages. Begin with [`Store::sign_in`].

use super::database::DatabaseError;
use super::{Seconds, Store};

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The name to sign in with.
    pub name: String,
    /// The password as an argon2 hash in the PHC string format.
    pub password: String,
}

/// The beginning of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// BLAKE3 of the cookie.
    pub token: String,
    /// Whose.
    pub account: String,
    /// Until when.
    pub expires_at: Seconds,
}

impl Store {
    /// All accounts, by name.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn accounts(&self) -> Result<Vec<Account>, DatabaseError> {
        let sql = "SELECT account, password FROM accounts ORDER BY account";
        let rows = self.database.query(sql, &[]).await?;
        let accounts = rows.iter().map(|row| {
            Ok(Account {
                name: row.text(0)?.to_owned(),
                password: row.text(1)?.to_owned(),
            })
        });
        accounts.collect()
    }

    /// One account.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn account(&self, name: &str) -> Result<Option<Account>, DatabaseError> {
        Ok(self.accounts().await?.into_iter().find(|account| account.name == name))
    }

    /// Makes an account, or gives it another password; its sessions end.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn set_password(&self, name: &str, hash: &str) -> Result<(), DatabaseError> {
        let mut change = self.database.begin().await?;
        let sql = "INSERT INTO accounts (account, password) VALUES ($1, $2)
            ON CONFLICT (account) DO UPDATE SET password = excluded.password";
        change.execute(sql, &[name.into(), hash.into()]).await?;
        change
            .execute("DELETE FROM sessions WHERE account = $1", &[name.into()])
            .await?;
        change.commit().await
    }

    /// Removes an account and its sessions.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn remove_account(&self, name: &str) -> Result<(), DatabaseError> {
        let mut change = self.database.begin().await?;
        // The account first, as everywhere here: so nobody waits for each other.
        for table in ["accounts", "sessions"] {
            change
                .execute(&format!("DELETE FROM {table} WHERE account = $1"), &[name.into()])
                .await?;
        }
        change.commit().await
    }

    /// Begins a session, after the right password. None begins if the account was removed meanwhile.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn sign_in(&self, session: &SignIn, now: Seconds) -> Result<(), DatabaseError> {
        let mut change = self.database.begin().await?;
        let sql = "SELECT account FROM accounts WHERE account = $1";
        if change.query_locked(sql, &[(&session.account).into()]).await?.is_empty() {
            return Ok(());
        }
        change
            .execute("DELETE FROM sessions WHERE expires_at < $1", &[now.into()])
            .await?;
        let sql = "INSERT INTO sessions (token, account, expires_at) VALUES ($1, $2, $3)";
        let values = [
            (&session.token).into(),
            (&session.account).into(),
            session.expires_at.into(),
        ];
        change.execute(sql, &values).await?;
        change.commit().await
    }

    /// All sessions that are not over.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn sessions(&self, now: Seconds) -> Result<Vec<SignIn>, DatabaseError> {
        let sql = "SELECT token, account, expires_at FROM sessions WHERE expires_at >= $1";
        let rows = self.database.query(sql, &[now.into()]).await?;
        let sessions = rows.iter().map(|row| {
            Ok(SignIn {
                token: row.text(0)?.to_owned(),
                account: row.text(1)?.to_owned(),
                expires_at: row.int(2)?,
            })
        });
        sessions.collect()
    }

    /// Whose session this is, if it is one and not over.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn signed_in(&self, token: &str, now: Seconds) -> Result<Option<String>, DatabaseError> {
        let sql = "SELECT account FROM sessions WHERE token = $1 AND expires_at >= $2";
        let rows = self.database.query(sql, &[token.into(), now.into()]).await?;
        rows.first().map(|row| Ok(row.text(0)?.to_owned())).transpose()
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn sign_out(&self, token: &str) -> Result<(), DatabaseError> {
        let sql = "DELETE FROM sessions WHERE token = $1";
        self.database.execute(sql, &[token.into()]).await.map(drop)
    }
}
