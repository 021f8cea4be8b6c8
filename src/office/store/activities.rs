//! What was done for the commune's plan. Begin with [`Store::note_activity`].

use chrono::NaiveDate;

use super::Store;
use super::database::{DatabaseError, Row as Found};
use crate::office::plan::{Activity, Row};

/// How many activities of one year are written down: five a day, so that a report can read them all.
pub const MOST_A_YEAR: u64 = 2_000;

/// What became of an activity that was to be written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// It is written down now.
    New,
    /// It was before: the same form came twice.
    Known,
    /// Something else was written down from that form.
    Other,
    /// There are too many of that year.
    TooMany,
}

const COLUMNS: &str =
    "SELECT activity_id, plan_row, day, subject, title, times, people, by_whom, noted_at FROM activities";

impl Store {
    /// Writes down what was done, once under its id.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn note_activity(&self, activity: &Activity) -> Result<Note, DatabaseError> {
        let year = activity.day.format("%Y");
        let days = [format!("{year}-01-01"), format!("{year}-12-31")];
        let note = || async {
            let mut change = self.database.begin().await?;
            let sql = "SELECT COUNT(*) FROM activities WHERE day >= $1 AND day <= $2";
            let rows = change.query(sql, &[(&days[0]).into(), (&days[1]).into()]).await?;
            if rows.first().map_or(Ok(0), |row| row.count(0))? >= MOST_A_YEAR {
                return Ok(None);
            }
            let sql =
                "INSERT INTO activities (activity_id, plan_row, day, subject, title, times, people, by_whom, noted_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (activity_id) DO NOTHING";
            let values = [
                (&activity.id).into(),
                activity.row.key().into(),
                (&activity.day.to_string()).into(),
                (&activity.subject).into(),
                (&activity.title).into(),
                activity.times.into(),
                activity.people.into(),
                (&activity.by).into(),
                activity.at.into(),
            ];
            let is_new = change.execute(sql, &values).await? > 0;
            change.commit().await?;
            Ok(Some(is_new))
        };
        let Some(is_new) = self.database.repeated(note).await? else {
            return Ok(Note::TooMany);
        };
        if is_new {
            return Ok(Note::New);
        }
        let known = self.activity(&activity.id).await?;
        let is_same = known.is_some_and(|known| {
            Activity {
                at: activity.at,
                ..known
            } == *activity
        });
        Ok(if is_same { Note::Known } else { Note::Other })
    }

    /// One activity.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn activity(&self, id: &str) -> Result<Option<Activity>, DatabaseError> {
        let sql = format!("{COLUMNS} WHERE activity_id = $1");
        let rows = self.database.query(&sql, &[id.into()]).await?;
        rows.first().map(activity).transpose()
    }

    /// What was done from one day to another, both included; the newest first.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn activities(&self, from: NaiveDate, to: NaiveDate) -> Result<Vec<Activity>, DatabaseError> {
        let sql = format!("{COLUMNS} WHERE day >= $1 AND day <= $2 ORDER BY day DESC, noted_at DESC, activity_id");
        let days = [from.to_string(), to.to_string()];
        let rows = self
            .database
            .query(&sql, &[(&days[0]).into(), (&days[1]).into()])
            .await?;
        rows.iter().map(activity).collect()
    }

    /// What was done, the newest day first: so many after the first so many.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn newest_activities(&self, after: u64, most: u64) -> Result<Vec<Activity>, DatabaseError> {
        let sql = format!("{COLUMNS} ORDER BY day DESC, noted_at DESC, activity_id LIMIT $1 OFFSET $2");
        let rows = self.database.query(&sql, &[most.into(), after.into()]).await?;
        rows.iter().map(activity).collect()
    }

    /// Removes what was written down by mistake, and says what it was; `None` if there is no such activity.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn remove_activity(&self, id: &str) -> Result<Option<Activity>, DatabaseError> {
        let known = self.activity(id).await?;
        let sql = "DELETE FROM activities WHERE activity_id = $1";
        let removed = self.database.execute(sql, &[id.into()]).await?;
        Ok(known.filter(|_| removed > 0))
    }
}

fn activity(row: &Found) -> Result<Activity, DatabaseError> {
    let unexpected = |what: &str| DatabaseError::Unexpected(format!("an activity of “{what}”"));
    let (number, day) = (row.text(1)?, row.text(2)?);
    Ok(Activity {
        id: row.text(0)?.to_owned(),
        row: Row::from_key(number).ok_or_else(|| unexpected(number))?,
        day: day.parse().map_err(|_| unexpected(day))?,
        subject: row.text(3)?.to_owned(),
        title: row.text(4)?.to_owned(),
        times: row.count(5)?,
        people: row.count(6)?,
        by: row.text(7)?.to_owned(),
        at: row.int(8)?,
    })
}
