//! What a made-up commune did for its plan in the simulated year, so that the page "Hoạt động" and the report show something.
//!
//! Called by the words of the plan's rows, and noted by an account that says what it is. Begin with [`of`].

use chrono::{Datelike, NaiveDate};
use commune_kiosk::office::plan::{Activity, Row};
use fastrand::Rng;

/// Who is said to have noted it.
const BY: &str = "mô phỏng";

/// What was done in a month: the programme of the plan mostly in full, some posts, and a class, a meeting or leaflets in some months.
pub fn of(month: NaiveDate, rng: &mut Rng) -> Vec<Activity> {
    let is = |months: &[u32]| months.contains(&month.month());
    let mut done = vec![
        (Row::Briefings, 1, rng.u64(18..30)),
        (Row::Portal, rng.u64(1..4), 0),
        (Row::Social, rng.u64(2..8), 0),
    ];
    // Of ten months one has no programme, and some broadcast it twice only.
    if rng.u32(..10) > 0 {
        done.push((Row::Radio, rng.u64(2..4), 0));
    }
    if is(&[3, 6, 9, 12]) {
        done.push((Row::Questions, 1, rng.u64(40..90)));
    }
    if is(&[6]) {
        done.push((Row::Residents, 1, 75));
    }
    if is(&[4]) {
        done.push((Row::Officers, 1, rng.u64(25..40)));
    }
    if is(&[2, 8, 10]) {
        done.push((Row::Leaflets, rng.u64(1..6) * 100, 0));
    }
    let activities = done
        .into_iter()
        .enumerate()
        .map(|(place, (row, times, people))| Activity {
            id: format!("{}-{place}", month.format("%Y-%m")),
            row,
            day: month.with_day(rng.u32(2..28)).unwrap_or(month),
            subject: String::new(),
            title: row.own_words()[0].to_owned(),
            times,
            people,
            by: BY.to_owned(),
            at: 0,
        });
    activities.collect()
}
