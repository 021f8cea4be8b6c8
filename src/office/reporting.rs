//! What pages and reports are made of, read from the store: counts of a period, kiosks, titles, who reports.
//!
//! Nothing is added up here. Begin with [`report`].

use chrono::NaiveDate;

use super::figures::Figures;
use super::report::{Inputs, Issuer, KioskFacts, Period, Report};
use super::store::{DatabaseError, Kiosk, Store};
use super::titles::Titles;
use crate::usage::statistics::Table;

/// Under this name the store keeps who issues reports.
const ISSUER: &str = "issuer";

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
    let table = counts(store, kiosk, period.before().from(), period.to()).await?;
    Ok(Some(Report::of(Inputs {
        period,
        scope: scope(kiosk, &kiosks),
        table: &table,
        kiosks: facts(store, &kiosks, period).await?,
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
    let table = counts(store, kiosk, period.from(), period.to()).await?;
    Ok(Figures::of(&table, period.from(), period.to()))
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

async fn counts(store: &Store, kiosk: Option<&str>, from: NaiveDate, to: NaiveDate) -> Result<Table, DatabaseError> {
    let month = |day: NaiveDate| day.format("%Y-%m").to_string();
    store.counts(kiosk, &month(from), &month(to)).await
}

fn scope(kiosk: Option<&str>, kiosks: &[Kiosk]) -> String {
    match (kiosk, kiosks) {
        (Some(_), [one]) => format!("máy {}", one.name),
        _ => format!("{} máy đã được văn phòng duyệt", kiosks.len()),
    }
}

async fn facts(store: &Store, kiosks: &[Kiosk], period: Period) -> Result<Vec<KioskFacts>, DatabaseError> {
    let before = period.before();
    let visits = store.visits(period.from(), period.to()).await?;
    let visits_before = store.visits(before.from(), before.to()).await?;
    let mut facts = Vec::with_capacity(kiosks.len());
    for kiosk in kiosks {
        let of = |visits: &std::collections::BTreeMap<String, u64>| visits.get(&kiosk.id).copied().unwrap_or(0);
        let number = |number: Option<i64>| number.and_then(|number| u64::try_from(number).ok()).unwrap_or(0);
        facts.push(KioskFacts {
            id: kiosk.id.clone(),
            name: kiosk.name.clone(),
            visits: of(&visits),
            visits_before: of(&visits_before),
            newest_bundle: kiosk.newest_made,
            missing: if kiosk.stored < kiosk.newest {
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
