//! Who may sign in to the office's pages. Begin with [`Store::sign_in`].

use super::database::DatabaseError;
use super::{Seconds, Store};

/// How many wrong passwords are borne before each further try has to wait.
const FREE_TRIES: i64 = 3;

/// The wait after the first try too many; it doubles with each.
const FIRST_WAIT: Seconds = 5;

/// The longest wait.
const LONGEST_WAIT: Seconds = 15 * 60;

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The name to sign in with.
    pub name: String,
    /// The password as an argon2 hash in the PHC string format.
    pub password: String,
    /// Until when nobody is let in, after wrong passwords.
    pub closed_until: Seconds,
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

impl Account {
    /// For how many seconds nobody is listened to; 0 if one may try.
    ///
    /// Whatever is longer than the longest wait was noted by a clock that was wrong, and is not believed: it would lock an officer
    /// out for years.
    #[must_use]
    pub fn wait(&self, now: Seconds) -> Seconds {
        let wait = self.closed_until.saturating_sub(now);
        if (1..=LONGEST_WAIT).contains(&wait) { wait } else { 0 }
    }
}

impl Store {
    /// All accounts, by name.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn accounts(&self) -> Result<Vec<Account>, DatabaseError> {
        let sql = "SELECT account, password, closed_until FROM accounts ORDER BY account";
        let rows = self.database.query(sql, &[]).await?;
        let accounts = rows.iter().map(|row| {
            Ok(Account {
                name: row.text(0)?.to_owned(),
                password: row.text(1)?.to_owned(),
                closed_until: row.int(2)?,
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
        let sql = "INSERT INTO accounts (account, password, failures, closed_until) VALUES ($1, $2, 0, 0)
            ON CONFLICT (account) DO UPDATE SET password = excluded.password, failures = 0, closed_until = 0";
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

    /// Notes a wrong password: later and later the next one is looked at.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn note_failure(&self, account: &str, now: Seconds) -> Result<(), DatabaseError> {
        let mut change = self.database.begin().await?;
        let sql = "SELECT failures FROM accounts WHERE account = $1";
        let rows = change.query_locked(sql, &[account.into()]).await?;
        let failures = rows.first().map_or(Ok(0), |row| row.int(0))? + 1;
        let too_many = u32::try_from(failures - FREE_TRIES).ok().filter(|many| *many > 0);
        let wait = too_many.map_or(0, |many| {
            FIRST_WAIT
                .saturating_mul(2_i64.saturating_pow(many - 1))
                .min(LONGEST_WAIT)
        });
        let sql = "UPDATE accounts SET failures = $1, closed_until = $2 WHERE account = $3";
        change
            .execute(sql, &[failures.into(), (now + wait).into(), account.into()])
            .await?;
        change.commit().await
    }

    /// Begins a session, after the right password. None begins if the account was removed meanwhile.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn sign_in(&self, session: &SignIn, now: Seconds) -> Result<(), DatabaseError> {
        let mut change = self.database.begin().await?;
        let sql = "UPDATE accounts SET failures = 0, closed_until = 0 WHERE account = $1";
        if change.execute(sql, &[(&session.account).into()]).await? == 0 {
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
