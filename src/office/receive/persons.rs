//! What a person decides: which kiosks are listened to, and what becomes of days that have not come yet. Begin with [`accept`].

use std::sync::Arc;

use chrono::{DateTime, Local, NaiveDate};

use super::judging::last_credible;
use super::{Introduced, Kept, Objection, ReceiveError, Received, Store, judge, newest_day};
use crate::bundle::{self, PublicKey};
use crate::office::store::REFUSED_BY_A_PERSON;
use crate::usage::statistics::Statistics;

/// Whom somebody has accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Accepted {
    /// A kiosk that was heard of, by its id.
    Known(String),
    /// A kiosk that was not: it is accepted as soon as it comes; its id or words in their one way of writing.
    Expected(String),
    /// What was typed is neither an id nor six words.
    Nobody,
    /// The name is none.
    NoName,
}

/// The longest name of a kiosk, in letters.
pub const LONGEST_NAME: usize = 80;

/// A kiosk's name as it is kept: one line with something to read in it. `None` if it is none.
fn name_of(typed: &str) -> Option<&str> {
    let name = typed.trim();
    // What turns the direction of letters would turn the line around it in every list.
    let turns =
        |letter: char| matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let breaks = |letter: char| letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') || turns(letter);
    let is_one = name.chars().count() <= LONGEST_NAME && !name.contains(breaks) && name.contains(char::is_alphanumeric);
    is_one.then_some(name)
}

/// Accepts a kiosk by its id or its six words, or takes a retired or dismissed one back, and keeps what waited for that and can be decided
/// by a program that was `built` on that day. A kiosk that nobody has heard of is expected.
///
/// Receipts are given when the kiosk sends again.
///
/// # Errors
/// [`ReceiveError`]; what was not kept still waits.
pub async fn accept(
    store: &Store,
    typed: &str,
    name: &str,
    now: DateTime<Local>,
    built: NaiveDate,
) -> Result<Accepted, ReceiveError> {
    let Some(name) = name_of(name) else {
        return Ok(Accepted::NoName);
    };
    let Some(who) = bundle::kiosk_named(typed) else {
        return Ok(Accepted::Nobody);
    };
    let keys = store.keys().await.map_err(Arc::new)?;
    let words = |key: &str| PublicKey::from_base64(key).ok().map(|key| key.words());
    let is_meant = |(id, key): &(String, String)| *id == who || words(key).as_ref() == Some(&who);
    let Some((id, key)) = keys.into_iter().find(is_meant) else {
        store.expect(&who, name, now.timestamp()).await.map_err(Arc::new)?;
        return Ok(Accepted::Expected(who));
    };
    take_in(store, (&id, &key), name, now, built).await?;
    Ok(Accepted::Known(id))
}

/// Accepts a kiosk of which id and key are known, and keeps what waited for that.
pub(super) async fn take_in(
    store: &Store,
    (id, key): (&str, &str),
    name: &str,
    now: DateTime<Local>,
    built: NaiveDate,
) -> Result<(), ReceiveError> {
    store.accept(id, key, name, now.timestamp()).await.map_err(Arc::new)?;
    // It is here, and nobody expects it any more.
    store.stop_expecting(id).await.map_err(Arc::new)?;
    if let Ok(key) = PublicKey::from_base64(key) {
        store.stop_expecting(&key.words()).await.map_err(Arc::new)?;
    }
    for (sequence, bundle) in store.waiting(id).await.map_err(Arc::new)? {
        let received = tokio::task::block_in_place(|| Introduced::of(bundle.into())?.open(true, now.timestamp()))?;
        let received = judge(store, received, now, built).await?;
        let kept = store.keep(&[received]).await.map_err(Arc::new)?;
        if !matches!(kept[..], [Kept::Undecided(_)]) {
            store.stop_waiting(id, sequence).await.map_err(Arc::new)?;
        }
    }
    Ok(())
}

/// What a person decides of a bundle with days ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The counts are true and the kiosk's clock was not: those of days ahead are counted, and nobody knows of when.
    Undated,
    /// None of it is taken.
    Refuse,
}

/// Decides of a bundle that waits because of days ahead of the office, which was `built` on that day and doesn't believe a clock that is
/// behind what it must have seen. Says whether such a bundle waits. The receipt is given when the kiosk sends it again.
///
/// # Errors
/// [`ReceiveError`]; it still waits.
pub async fn decide(
    store: &Store,
    (kiosk, sequence): (&str, u64),
    decision: Decision,
    now: DateTime<Local>,
    built: NaiveDate,
) -> Result<bool, ReceiveError> {
    let undecided = store.undecided(kiosk).await.map_err(Arc::new)?;
    if !undecided.iter().any(|one| one.sequence == sequence && one.ahead) {
        return Ok(false);
    }
    let waiting = store.waiting(kiosk).await.map_err(Arc::new)?;
    let Some((_, bundle)) = waiting.into_iter().find(|(number, _)| *number == sequence) else {
        return Ok(false);
    };
    let received = tokio::task::block_in_place(|| Introduced::of(bundle.into())?.open(true, now.timestamp()))?;
    let last = last_credible(now.date_naive().max(newest_day(store, built).await?));
    let content = match (decision, received.content) {
        (Decision::Undated, Ok(statistics)) => Ok(Statistics {
            table: statistics.table.undated_after(last),
            ..statistics
        }),
        (Decision::Undated, objection) => objection,
        (Decision::Refuse, _) => Err(Objection::ForGood(REFUSED_BY_A_PERSON.to_owned())),
    };
    let decided = Received {
        content,
        undated_after: Some(last),
        ..received
    };
    store.keep(&[decided]).await.map_err(Arc::new)?;
    Ok(true)
}
