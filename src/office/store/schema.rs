//! The tables, and how older databases come to have them. Begin with [`MIGRATIONS`].
//!
//! Keys lead with `kiosk_id`, so that the large tables can be spread over servers by kiosk (docs/decisions/011).

use std::cmp::Ordering;

use super::database::{Database, DatabaseError};
use super::settings::ROUNDING;
use super::sums;
use crate::office::rounding;

/// What each version of the schema adds to the one before. Never change one that was released: add another.
const MIGRATIONS: [&[&str]; 12] = [
    FIRST,
    CARD_AND_POWER,
    PACK,
    PROGRAM,
    NEWCOMERS,
    PUT_RIGHT,
    CONTACT,
    DAYS,
    ROLES,
    PACK_PIECES,
    ACTIVITIES,
    CONTESTS,
];

/// Contests are told apart from the meetings of 2.8, under which they were written down until now. They have a calendar's title or the
/// row's own word; an older program, which would not know their row, leaves such a database alone.
const CONTESTS: &[&str] =
    &["UPDATE activities SET plan_row = '2.8-cuoc-thi' WHERE plan_row = '2.8' AND title LIKE '%uộc thi%'"];

/// What was done for the commune's plan, as officers wrote it down.
const ACTIVITIES: &[&str] = &[
    "CREATE TABLE activities (
        activity_id TEXT NOT NULL PRIMARY KEY, -- made with the form
        plan_row TEXT NOT NULL,      -- office::plan::Row::key
        day TEXT NOT NULL,           -- 2026-10-05
        subject TEXT NOT NULL,       -- its id in the content, or empty
        title TEXT NOT NULL,         -- as it was offered; nothing is typed
        times BIGINT NOT NULL,
        people BIGINT NOT NULL,
        by_whom TEXT NOT NULL,
        noted_at BIGINT NOT NULL
    )",
    "CREATE INDEX activities_by_day ON activities (day)",
];

/// Files of packs, where several hosts share the database.
const PACK_PIECES: &[&str] = &["CREATE TABLE pack_pieces (
        pack_id TEXT NOT NULL,
        sequence BIGINT NOT NULL,
        place BIGINT NOT NULL,       -- 0, 1, 2 of each file; -1 alone: somebody has removed it
        bytes BYTES NOT NULL,        -- store::pack_files::PIECE of them, but for the last
        PRIMARY KEY (pack_id, sequence, place)
    )"];

/// When each kiosk said itself that it was there.
const CONTACT: &[&str] = &["ALTER TABLE kiosks ADD COLUMN called_at BIGINT"];

/// Who may do what, and who did what. Accounts that are there go on as before: they might do everything.
const ROLES: &[&str] = &[
    "ALTER TABLE accounts ADD COLUMN role TEXT NOT NULL DEFAULT 'administers'", // store::accounts::Role
    // What people did in the pages; without what they wrote.
    "CREATE TABLE deeds (
        done_at BIGINT NOT NULL,     -- milliseconds since 1970
        by_whom TEXT NOT NULL,
        what TEXT NOT NULL,          -- in Vietnamese, as it is shown
        about TEXT NOT NULL,         -- the id of a kiosk, a pack, an account; or empty
        PRIMARY KEY (done_at, by_whom, what, about)
    )",
    "CREATE INDEX deeds_by_kind ON deeds (what, done_at)",
];

/// Visits by day beside the counts, so that a period that cuts a month need not read them all.
const DAYS: &[&str] = &[
    // store::sums::Beside; what was stored before is filled in when the rows are there (`step_up`).
    "ALTER TABLE figures ADD COLUMN visits_by_day TEXT NOT NULL DEFAULT ''",
    "DROP INDEX figures_by_month",
    "CREATE INDEX figures_by_month ON figures (month, kiosk_id, visits, visits_by_day)",
];

/// What was put right by hand, by whom and why; and what must be known to reckon the sums again.
const PUT_RIGHT: &[&str] = &[
    // The last day of a bundle that was counted as a day, 2026-12-03: a person has had what is ahead of it counted as undated. Empty if
    // nobody has. Of bundles that were stored before, nobody has said; then it goes by the day on which the bundle arrived.
    "ALTER TABLE bundles ADD COLUMN undated_after TEXT",
    "ALTER TABLE bundles ADD COLUMN voided BIGINT NOT NULL DEFAULT 0", // 0 or 1: its counts are in no sum
    "ALTER TABLE kiosks ADD COLUMN retired_at BIGINT",
    "UPDATE kiosks SET retired_at = COALESCE(last_contact, accepted_at) WHERE retired = 1",
    // Numbers that never came and that nobody waits for any more.
    "CREATE TABLE closed_gaps (
        kiosk_id TEXT NOT NULL,
        first_number BIGINT NOT NULL,
        last_number BIGINT NOT NULL,
        PRIMARY KEY (kiosk_id, first_number, last_number)
    )",
    // What was done, in the order in which it was.
    "CREATE TABLE corrections (
        kiosk_id TEXT NOT NULL,
        place BIGINT NOT NULL,       -- 1, 2, 3 of each kiosk
        what TEXT NOT NULL,          -- store::corrections::What
        first_number BIGINT NOT NULL,
        last_number BIGINT NOT NULL,
        why TEXT NOT NULL,
        by_whom TEXT NOT NULL,
        done_at BIGINT NOT NULL,
        PRIMARY KEY (kiosk_id, place)
    )",
];

/// Who was dismissed and who is expected, what waits is counted, and why. Wrong passwords are counted by the server, which knows where they
/// come from.
const NEWCOMERS: &[&str] = &[
    // A kiosk that nobody has accepted.
    "CREATE TABLE strangers (
        kiosk_id TEXT NOT NULL PRIMARY KEY,
        public_key TEXT NOT NULL,
        since BIGINT NOT NULL,       -- when the first of its bundles arrived
        bundles BIGINT NOT NULL,     -- how many of them wait
        bytes BIGINT NOT NULL,       -- how large these are together
        dismissed BIGINT NOT NULL    -- 0 or 1
    )",
    "INSERT INTO strangers (kiosk_id, public_key, since, bundles, bytes, dismissed)
        SELECT kiosk_id, MIN(public_key), MIN(received_at), COUNT(*), CAST(SUM(LENGTH(bundle)) AS BIGINT), 0 FROM waiting
        WHERE kiosk_id NOT IN (SELECT kiosk_id FROM kiosks) GROUP BY kiosk_id",
    // Why a bundle of an accepted kiosk waits, and whether that is days ahead, so that a person can decide.
    "ALTER TABLE waiting ADD COLUMN why TEXT",
    "ALTER TABLE waiting ADD COLUMN ahead BIGINT NOT NULL DEFAULT 0", // 0 or 1
    "CREATE INDEX waiting_ahead ON waiting (ahead, kiosk_id)",
    // A kiosk that is accepted as soon as it comes.
    "CREATE TABLE expected (
        who TEXT NOT NULL PRIMARY KEY, -- its id, or the six words of its key
        name TEXT NOT NULL,
        since BIGINT NOT NULL
    )",
    "ALTER TABLE accounts DROP COLUMN failures",
    "ALTER TABLE accounts DROP COLUMN closed_until",
];

/// How the program of each kiosk fares: which pack it left because it ended the program again and again, and faults of its threads.
const PROGRAM: &[&str] = &[
    "ALTER TABLE kiosks ADD COLUMN left_edition BIGINT",
    "ALTER TABLE kiosks ADD COLUMN faults BIGINT",
];

/// Which pack each kiosk shows, from statistics of format 3. And no bundle is refused any more because of a date: kiosks that have not
/// heard of it send theirs again.
const PACK: &[&str] = &[
    "ALTER TABLE kiosks ADD COLUMN pack_id TEXT",
    "DELETE FROM aside WHERE why LIKE 'Có số liệu của ngày chưa đến%'",
];

/// How card and power of each kiosk are, from statistics of format 2.
const CARD_AND_POWER: &[&str] = &[
    "ALTER TABLE kiosks ADD COLUMN card TEXT", // usage::statistics::Card
    "ALTER TABLE kiosks ADD COLUMN card_errors BIGINT",
    "ALTER TABLE kiosks ADD COLUMN under_voltage BIGINT", // 0 or 1
    "ALTER TABLE kiosks ADD COLUMN temperature BIGINT",   // °C
];

const FIRST: &[&str] = &[
    // A kiosk that somebody has accepted, and what its newest bundle says of it.
    "CREATE TABLE kiosks (
        kiosk_id TEXT NOT NULL PRIMARY KEY,
        public_key TEXT NOT NULL,
        name TEXT NOT NULL,
        retired BIGINT NOT NULL,     -- 0 or 1
        accepted_at BIGINT NOT NULL, -- seconds since 1970, as all times here
        last_contact BIGINT,
        newest BIGINT NOT NULL,      -- the highest sequence stored
        newest_made TEXT,            -- the day on which that bundle was made
        edition BIGINT,
        version TEXT,
        uptime_hours BIGINT,
        free_mb BIGINT,
        losses BIGINT
    )",
    // Bundles as they came, once each.
    "CREATE TABLE bundles (
        kiosk_id TEXT NOT NULL,
        sequence BIGINT NOT NULL,
        blake3 TEXT NOT NULL,        -- of the payload
        received_at BIGINT NOT NULL,
        bundle BYTES NOT NULL,
        PRIMARY KEY (kiosk_id, sequence)
    )",
    // Sums of what they say: a table (usage::statistics::Table) for each kiosk and month, and for all kiosks as '*'.
    "CREATE TABLE figures (
        kiosk_id TEXT NOT NULL,
        month TEXT NOT NULL,         -- 2026-10, or 2026 and undated for what has no month
        visits BIGINT NOT NULL,      -- those of the counts, so that lists of kiosks need not read them all
        counts BYTES NOT NULL,
        PRIMARY KEY (kiosk_id, month)
    )",
    "CREATE INDEX figures_by_month ON figures (month, kiosk_id, visits)",
    // Bundles of kiosks that nobody has accepted yet, and of others that can't be decided.
    "CREATE TABLE waiting (
        kiosk_id TEXT NOT NULL,
        sequence BIGINT NOT NULL,
        public_key TEXT NOT NULL,
        received_at BIGINT NOT NULL,
        bundle BYTES NOT NULL,
        PRIMARY KEY (kiosk_id, sequence)
    )",
    // Bundles that were refused, for a person to look at.
    "CREATE TABLE aside (
        kiosk_id TEXT NOT NULL,
        sequence BIGINT NOT NULL,
        blake3 TEXT NOT NULL,        -- of the payload
        why TEXT NOT NULL,
        received_at BIGINT NOT NULL,
        bundle BYTES NOT NULL,
        PRIMARY KEY (kiosk_id, sequence, blake3)
    )",
    "CREATE TABLE packs (
        pack_id TEXT NOT NULL,
        sequence BIGINT NOT NULL,
        title TEXT NOT NULL,
        bytes BIGINT NOT NULL,
        blake3 TEXT NOT NULL,        -- of the whole file
        uploaded_at BIGINT NOT NULL,
        offered BIGINT NOT NULL,     -- 0 or 1
        titles BYTES NOT NULL,       -- what its ids are called (office::titles::Titles)
        PRIMARY KEY (pack_id, sequence)
    )",
    "CREATE TABLE accounts (
        account TEXT NOT NULL PRIMARY KEY,
        password TEXT NOT NULL,      -- argon2, in the PHC string format
        failures BIGINT NOT NULL,
        closed_until BIGINT NOT NULL
    )",
    "CREATE TABLE sessions (
        token TEXT NOT NULL PRIMARY KEY, -- BLAKE3 of the cookie
        account TEXT NOT NULL,
        expires_at BIGINT NOT NULL
    )",
    // What the office has said of itself.
    "CREATE TABLE settings (
        name TEXT NOT NULL PRIMARY KEY,
        value TEXT NOT NULL
    )",
];

/// The version from which on [`DAYS`] are there, and the office's secret of rounding.
const DAYS_ARE_THERE: i64 = 8;

/// How often the first table is tried to be made.
const TRIES: u32 = 5;

/// The newest schema.
fn newest() -> i64 {
    MIGRATIONS.len().try_into().unwrap_or(i64::MAX)
}

/// Says whether a database has the newest schema, and changes nothing.
///
/// # Errors
/// [`DatabaseError::NoOffice`], [`DatabaseError::Older`], [`DatabaseError::Newer`] if it has not.
pub(super) async fn expect_newest(database: &Database) -> Result<(), DatabaseError> {
    if !database.has_table("schema_version").await? {
        return Err(DatabaseError::NoOffice);
    }
    let rows = database
        .query("SELECT version FROM schema_version WHERE one = 1", &[])
        .await?;
    let (found, known) = (rows.first().map_or(Ok(0), |row| row.int(0))?, newest());
    match found.cmp(&known) {
        Ordering::Less => Err(DatabaseError::Older { found, known }),
        Ordering::Equal => Ok(()),
        Ordering::Greater => Err(DatabaseError::Newer { found, known }),
    }
}

/// Brings a database to the newest schema.
///
/// Of programs that start at once on an empty PostgreSQL, only one can make the first table, in spite of `IF NOT EXISTS`; the
/// others fail when it is done, and then find it.
pub(super) async fn migrate(database: &Database) -> Result<(), DatabaseError> {
    match expect_newest(database).await {
        Err(DatabaseError::NoOffice | DatabaseError::Older { .. }) => {}
        done => return done,
    }
    for tried in 1.. {
        match step_up(database).await {
            Err(error) if error.is_race() && tried < TRIES => {}
            Err(error) => return Err(error),
            Ok(()) => break,
        }
    }
    database.stores_bytes_quickly().await;
    Ok(())
}

async fn step_up(database: &Database) -> Result<(), DatabaseError> {
    let known = newest();
    let mut change = database.begin().await?;
    change
        .execute(
            "CREATE TABLE IF NOT EXISTS schema_version (one BIGINT NOT NULL PRIMARY KEY, version BIGINT NOT NULL)",
            &[],
        )
        .await?;
    change
        .execute("INSERT INTO schema_version VALUES (1, 0) ON CONFLICT DO NOTHING", &[])
        .await?;
    // Two programs that start at once wait for each other here.
    let rows = change
        .query_locked("SELECT version FROM schema_version WHERE one = 1", &[])
        .await?;
    let found = rows.first().map_or(Ok(0), |row| row.int(0))?;
    if found > known {
        return Err(DatabaseError::Newer { found, known });
    }
    for step in &MIGRATIONS[usize::try_from(found).unwrap_or(0)..] {
        for statement in *step {
            change
                .execute(&statement.replace("BYTES", database.bytes()), &[])
                .await?;
        }
    }
    if found < DAYS_ARE_THERE {
        sums::fill_in_days(&mut change).await?;
        change
            .execute(
                "INSERT INTO settings (name, value) VALUES ($1, $2)",
                &[ROUNDING.into(), (&rounding::Secret::new()?.to_string()).into()],
            )
            .await?;
    }
    change
        .execute("UPDATE schema_version SET version = $1 WHERE one = 1", &[known.into()])
        .await?;
    change.commit().await
}
