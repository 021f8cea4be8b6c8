//! Who may sign in to the office's pages. Begin with [`Store::sign_in`].

use super::database::{DatabaseError, Row};
use super::{Seconds, Store};

/// What an account is for; each also for what those before it are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Reads pages and reports.
    Reads,
    /// Runs kiosks and content.
    Runs,
    /// Says who has an account.
    Administers,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 3] = [Self::Reads, Self::Runs, Self::Administers];

    /// In a word, as it is stored and as forms and commands say it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reads => "reads",
            Self::Runs => "runs",
            Self::Administers => "administers",
        }
    }

    /// What it is called on pages.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Reads => "Chỉ xem",
            Self::Runs => "Quản lý máy và nội dung",
            Self::Administers => "Quản lý cả tài khoản",
        }
    }

    /// The role of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// The role in a column. One that this program doesn't know may do the least.
fn role(row: &Row, column: usize) -> Result<Role, DatabaseError> {
    Ok(Role::from_name(row.text(column)?).unwrap_or(Role::Reads))
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The name to sign in with.
    pub name: String,
    /// The password as an argon2 hash in the PHC string format.
    pub password: String,
    /// What it is for.
    pub role: Role,
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
        let sql = "SELECT account, password, role FROM accounts ORDER BY account";
        let rows = self.database.query(sql, &[]).await?;
        let accounts = rows.iter().map(|row| {
            Ok(Account {
                name: row.text(0)?.to_owned(),
                password: row.text(1)?.to_owned(),
                role: role(row, 2)?,
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

    /// Makes an account, or gives it another password and, if that is said, another role; its sessions end. A new one of which no role is
    /// said may do everything.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn set_password(&self, name: &str, hash: &str, role: Option<Role>) -> Result<(), DatabaseError> {
        let change = || async move {
            let mut change = self.database.begin().await?;
            let sql = "INSERT INTO accounts (account, password) VALUES ($1, $2)
                ON CONFLICT (account) DO UPDATE SET password = excluded.password";
            change.execute(sql, &[name.into(), hash.into()]).await?;
            if let Some(role) = role {
                let sql = "UPDATE accounts SET role = $1 WHERE account = $2";
                change.execute(sql, &[role.name().into(), name.into()]).await?;
            }
            change
                .execute("DELETE FROM sessions WHERE account = $1", &[name.into()])
                .await?;
            change.commit().await
        };
        self.database.repeated(change).await
    }

    /// Gives an account another password; its sessions end. Says whether there is such an account: it is not made.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn change_password(&self, name: &str, hash: &str) -> Result<bool, DatabaseError> {
        let change = || async move {
            let mut change = self.database.begin().await?;
            let sql = "UPDATE accounts SET password = $1 WHERE account = $2";
            let changed = change.execute(sql, &[hash.into(), name.into()]).await?;
            let sql = "DELETE FROM sessions WHERE account = $1";
            change.execute(sql, &[name.into()]).await?;
            change.commit().await?;
            Ok(changed > 0)
        };
        self.database.repeated(change).await
    }

    /// Removes an account and its sessions.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn remove_account(&self, name: &str) -> Result<(), DatabaseError> {
        let change = || async move {
            let mut change = self.database.begin().await?;
            // The account first, as everywhere here: so nobody waits for each other.
            for table in ["accounts", "sessions"] {
                change
                    .execute(&format!("DELETE FROM {table} WHERE account = $1"), &[name.into()])
                    .await?;
            }
            change.commit().await
        };
        self.database.repeated(change).await
    }

    /// Begins a session, after the right password. None begins if the account was removed meanwhile.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn sign_in(&self, session: &SignIn, now: Seconds) -> Result<(), DatabaseError> {
        let change = || async move {
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
        };
        self.database.repeated(change).await
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

    /// Whose session this is, and what that account is for, if it is one and not over.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn signed_in(&self, token: &str, now: Seconds) -> Result<Option<(String, Role)>, DatabaseError> {
        let sql =
            "SELECT sessions.account, accounts.role FROM sessions JOIN accounts ON accounts.account = sessions.account
            WHERE token = $1 AND expires_at >= $2";
        let rows = self.database.query(sql, &[token.into(), now.into()]).await?;
        rows.first()
            .map(|row| Ok((row.text(0)?.to_owned(), role(row, 1)?)))
            .transpose()
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
