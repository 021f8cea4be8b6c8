//! What pages and reports are made of, read from the store: counts of a period, kiosks, titles, who reports.
//!
//! Nothing is added up here. Begin with [`report`].

use std::collections::BTreeMap;

use chrono::{DateTime, Local, NaiveDate};

use super::figures::Figures;
use super::plan::{Goals, Plans};
use super::report::{Inputs, Issuer, KioskFacts, Noted, Period, Report};
use super::rounding::Rounded;
use super::store::{DatabaseError, Kiosk, Seconds, Store};
use super::titles::Titles;

/// Under this name the store keeps who issues reports.
const ISSUER: &str = "issuer";

/// Under this name and a year (`plan-2026`) the store keeps what the commune plans for it; under the name alone, what it once planned for every year.
const PLAN: &str = "plan";

/// Whose counts those of all kiosks are.
const ALL: &str = "*";

/// The most missing numbers of a kiosk that are looked at.
const MOST_MISSING: usize = 1_000;

/// A report on all kiosks, or on one; `None` if there is no such kiosk.
///
/// # Errors
/// [`DatabaseError`].
pub async fn report(
    store: &Store,
    titles: &Titles,
    period: Period,
    kiosk: Option<&str>,
    made_on: NaiveDate,
) -> Result<Option<Report>, DatabaseError> {
    let mut kiosks = store.kiosks().await?;
    if let Some(id) = kiosk {
        kiosks.retain(|known| known.id == id);
        if kiosks.is_empty() {
            return Ok(None);
        }
    }
    let counts = counts(store, kiosk, period.before().from(), period.to()).await?;
    let mut facts = facts(store, &kiosks, period).await?;
    if kiosk.is_none() {
        // One that was not yet there, or no more, is not spoken of, unless something was counted by it.
        let mut lived = kiosks.iter().map(|kiosk| lived(kiosk, period));
        facts.retain(|kiosk| lived.next() == Some(true) || kiosk.visits > 0 || kiosk.visits_before > 0);
    }
    let plan = match kiosk {
        // What officers did in the commune is no kiosk's.
        Some(_) => None,
        None => Some(noted(store, period).await?),
    };
    Ok(Some(Report::of(Inputs {
        period,
        scope: scope(kiosk, period, &facts),
        counts: &counts,
        kiosks: facts,
        plan,
        titles,
        issuer: issuer(store).await?,
        made_on,
    })))
}

/// The figures of a period, of all kiosks or of one.
///
/// # Errors
/// [`DatabaseError`].
pub async fn figures(store: &Store, period: Period, kiosk: Option<&str>) -> Result<Figures, DatabaseError> {
    let counts = counts(store, kiosk, period.from(), period.to()).await?;
    Ok(Figures::of(&counts, period.from(), period.to()))
}

/// Who issues reports; empty as long as nobody has said it.
///
/// # Errors
/// [`DatabaseError`].
pub async fn issuer(store: &Store) -> Result<Issuer, DatabaseError> {
    let Some(issuer) = store.setting(ISSUER).await? else {
        return Ok(Issuer::default());
    };
    serde_json::from_str(&issuer).map_err(|error| DatabaseError::Unexpected(error.to_string()))
}

/// Says who issues reports.
///
/// # Errors
/// [`DatabaseError`].
pub async fn set_issuer(store: &Store, issuer: &Issuer) -> Result<(), DatabaseError> {
    let json = serde_json::to_string(issuer).map_err(|error| DatabaseError::Unexpected(error.to_string()))?;
    store.set(ISSUER, &json).await
}

/// How much of each row of the plan the commune means to do, year for year.
///
/// # Errors
/// [`DatabaseError`].
pub async fn plans(store: &Store) -> Result<Plans, DatabaseError> {
    let (mut own, mut otherwise) = (BTreeMap::new(), Goals::default());
    for (name, goals) in store.settings(PLAN).await? {
        let year = name.strip_prefix(PLAN).and_then(|rest| rest.strip_prefix('-'));
        let read = || serde_json::from_str(&goals).map_err(|error| DatabaseError::Unexpected(error.to_string()));
        match year.map(str::parse) {
            Some(Ok(year)) => drop(own.insert(year, read()?)),
            None if name == PLAN => otherwise = read()?,
            _ => {}
        }
    }
    Ok(Plans::new(own, otherwise))
}

/// Says how much in a year, and in those after it that have no plan of their own.
///
/// # Errors
/// [`DatabaseError`].
pub async fn set_goals(store: &Store, year: i32, goals: &Goals) -> Result<(), DatabaseError> {
    let json = serde_json::to_string(goals).map_err(|error| DatabaseError::Unexpected(error.to_string()))?;
    store.set(&format!("{PLAN}-{year}"), &json).await
}

/// What was planned and done, as far back as a report looks.
async fn noted(store: &Store, period: Period) -> Result<Noted, DatabaseError> {
    let first = period.before().from().min(period.year_so_far().0);
    Ok(Noted {
        plans: plans(store).await?,
        activities: store.activities(first, period.to()).await?,
    })
}

async fn counts(store: &Store, kiosk: Option<&str>, from: NaiveDate, to: NaiveDate) -> Result<Rounded, DatabaseError> {
    let month = |day: NaiveDate| day.format("%Y-%m").to_string();
    let table = store.counts(kiosk, &month(from), &month(to)).await?;
    let whose = match kiosk {
        Some(id) => id.to_owned(),
        // An office's first kiosk is all of them for long, often for ever: then its page and the first page are the same figures, rounded once.
        None => store.only_kiosk().await?.unwrap_or_else(|| ALL.to_owned()),
    };
    Ok(Rounded::of(&table, &whose, &store.rounding().await?))
}

fn scope(kiosk: Option<&str>, period: Period, kiosks: &[KioskFacts]) -> String {
    if let (Some(_), [one]) = (kiosk, kiosks) {
        return format!("máy {}", one.name);
    }
    // One of which only the period before has something is no part of this one.
    let is_there = |kiosk: &&KioskFacts| kiosk.visits > 0 || kiosk.retired.is_none_or(|day| day >= period.from());
    let there = kiosks.iter().filter(is_there).count();
    format!("{there} máy đã được văn phòng duyệt")
}

fn day(at: Seconds) -> NaiveDate {
    let moment = DateTime::from_timestamp(at, 0).unwrap_or_default();
    moment.with_timezone(&Local).date_naive()
}

/// Whether a kiosk was accepted and not yet retired on any day of a period.
fn lived(kiosk: &Kiosk, period: Period) -> bool {
    day(kiosk.accepted_at) <= period.to() && kiosk.retired_at.is_none_or(|at| day(at) >= period.from())
}

async fn facts(store: &Store, kiosks: &[Kiosk], period: Period) -> Result<Vec<KioskFacts>, DatabaseError> {
    let before = period.before();
    let visits = store.visits(period.from(), period.to()).await?;
    let visits_before = store.visits(before.from(), before.to()).await?;
    let mut facts = Vec::with_capacity(kiosks.len());
    for kiosk in kiosks {
        let of = |visits: &BTreeMap<String, u64>| visits.get(&kiosk.id).copied().unwrap_or(0);
        let number = |number: Option<i64>| number.and_then(|number| u64::try_from(number).ok()).unwrap_or(0);
        facts.push(KioskFacts {
            id: kiosk.id.clone(),
            name: kiosk.name.clone(),
            visits: of(&visits),
            visits_before: of(&visits_before),
            newest_bundle: kiosk.newest_made.or(kiosk.last_contact.map(day)),
            retired: kiosk.retired_at.map(day),
            missing: if kiosk.missing > 0 {
                missing(store, &kiosk.id).await?
            } else {
                Vec::new()
            },
            losses: number(kiosk.losses),
            edition: number(kiosk.edition),
            version: kiosk.version.clone().unwrap_or_default(),
        });
    }
    Ok(facts)
}

async fn missing(store: &Store, kiosk: &str) -> Result<Vec<u64>, DatabaseError> {
    let gaps = store.gaps(kiosk).await?.into_iter();
    Ok(gaps.flat_map(|(first, last)| first..=last).take(MOST_MISSING).collect())
}
