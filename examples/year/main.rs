//! A year, simulated: residents come to kiosks in many communes, and what they do arrives in the office.
//!
//! Visits are made up, everything after them is real: counts, bundles, network, sticks, the office's server and database.
//! The simulation keeps books of its own ([`books`]) and compares ([`reckoning`]); if anything differs it ends with 1. The
//! database is then good for trying the office's pages and for measuring. It refuses one that holds something.
//!
//! `cargo run --release --example year -- --kiosks 100 --seed 1 --db office.db`. Read [`province`] first.

mod activities;
mod books;
mod calendar;
mod commune;
mod hall;
mod machine;
mod office;
mod plan;
mod province;
mod reckoning;
mod visit;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

use anyhow::{Context, Result, bail};
use chrono::{Datelike, Days, Local, Months, NaiveDate};
use clap::Parser;
use commune_kiosk::bundle::Key;

use province::{Progress, Province, Task};
use reckoning::Reckoning;

/// The password of `--key`, as for the office's own program.
const PASSWORD: &str = "OFFICE_KEY_PASSWORD";

/// Simulates months of visits on many kiosks, and fills an office's database with what they count.
#[derive(Parser)]
struct Arguments {
    /// How many kiosks
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=9999))]
    kiosks: u32,
    /// Decides what happens: the same seed and months make the same visits
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The office's database, to be made: an SQLite file, or postgres://… of an empty one
    #[arg(long, value_name = "FILE")]
    db: String,
    /// The first month; else so that the last one is the month before this
    #[arg(long, value_name = "YYYY-MM", value_parser = month)]
    from: Option<NaiveDate>,
    /// How many months
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=36))]
    months: u32,
    /// The office's .key, with its password in `OFFICE_KEY_PASSWORD`; else one is made and forgotten
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

fn main() -> Result<ExitCode> {
    // What the rooms say of kiosks that wait to be accepted, and of bad lines, would hide the progress; all of it is meant.
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(tracing::Level::ERROR)
        .init();
    let arguments = Arguments::parse();
    let task = Task {
        kiosks: arguments.kiosks,
        seed: arguments.seed,
        first: match arguments.from {
            Some(first) => first,
            None => first_of(Local::now().date_naive())? - Months::new(arguments.months),
        },
        months: arguments.months,
        db: arguments.db,
        key: key(arguments.key)?,
    };
    let (first, last) = (task.first, task.first + Months::new(task.months) - Days::new(1));
    let mut province = Province::set_up(task)?;
    province.live(|Progress { month, visits, bundles }| {
        println!(
            "{}: {visits} visits, {bundles} bundles in the office",
            month.format("%Y-%m")
        );
    })?;
    let reckoning = Reckoning::of(&province, first, last)?;
    province.office.close()?;
    Ok(tell(&reckoning))
}

/// The last lines: what differs, what was lost, and both totals.
fn tell(reckoning: &Reckoning) -> ExitCode {
    for difference in &reckoning.differences {
        println!("differs: {difference}");
    }
    let Reckoning {
        counted,
        lost,
        office,
        on_the_way,
        on_kiosks,
        visits: (visits, _),
        ..
    } = reckoning;
    println!("{visits} visits in the office's reports; {lost} counts lost in power cuts, and in no total");
    let (found, agrees) = (reckoning.found(), reckoning.agrees());
    let verdict = if agrees {
        "equal, in every cell of every kiosk"
    } else {
        "NOT equal"
    };
    println!(
        "counted {counted}; found {found} (office {office}, on the way {on_the_way}, still on kiosks {on_kiosks}): {verdict}"
    );
    ExitCode::from(u8::from(!agrees))
}

fn key(file: Option<PathBuf>) -> Result<Key> {
    let Some(file) = file else {
        return Ok(Key::generate()?);
    };
    let text = fs::read_to_string(&file).with_context(|| format!("can't read {}", file.display()))?;
    let password = std::env::var(PASSWORD).ok();
    Key::from_text(&text, password.as_deref()).with_context(|| format!("can't open {} with {PASSWORD}", file.display()))
}

fn month(text: &str) -> Result<NaiveDate> {
    match NaiveDate::from_str(&format!("{text}-01")) {
        Ok(first) if text.len() == 7 => Ok(first),
        _ => bail!("a month is written as 2025-11"),
    }
}

fn first_of(day: NaiveDate) -> Result<NaiveDate> {
    day.with_day(1).context("a month without a first day")
}

#[cfg(test)]
mod tests {
    use super::*;
    use plan::Road;

    #[test]
    fn a_year_of_three_kiosks_adds_up_until_a_bundle_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let task = Task {
            kiosks: 3,
            seed: 7,
            first: NaiveDate::from_ymd_opt(2025, 11, 1).unwrap(),
            months: 12,
            db: folder.path().join("office.db").display().to_string(),
            key: Key::generate().unwrap(),
        };
        let (first, last) = (task.first, task.first + Months::new(12) - Days::new(1));
        let mut province = Province::set_up(task.clone()).unwrap();
        let outage = Some((first + Months::new(3), first + Months::new(6)));
        let roads = [Road::Network { good_days: 90, outage }, Road::Stick(2), Road::Nothing];
        for (commune, road) in province.communes.iter_mut().zip(roads) {
            commune.plan.road = road;
            commune.plan.has_battery = false;
            commune.plan.cuts = 100;
        }
        province.communes[0].plan.stays_on = true;
        let mut months = 0;
        province.live(|_| months += 1).unwrap();
        assert_eq!(months, 12);

        let reckoning = Reckoning::of(&province, first, last).unwrap();
        assert!(reckoning.agrees(), "{reckoning:?}");
        assert!(
            reckoning.office > 0 && reckoning.on_the_way > 0 && reckoning.lost > 0,
            "{reckoning:?}"
        );

        // The third kiosk sends nothing; somebody loses one of its bundles.
        let waiting = province.communes[2].machine.waiting().unwrap();
        fs::remove_file(&waiting.last().unwrap().file).unwrap();
        let reckoning = Reckoning::of(&province, first, last).unwrap();
        assert!(!reckoning.agrees());
        assert!(
            reckoning.differences[0].starts_with("Xã mô phỏng 0003: visit-started"),
            "{reckoning:?}"
        );

        // Another simulation must not go into the same database.
        province.office.close().unwrap();
        let refused = Province::set_up(task).err().unwrap().to_string();
        assert!(refused.contains("is there already"), "{refused}");
    }

    #[test]
    fn a_month_is_a_year_and_a_month() {
        assert_eq!(month("2025-11").unwrap(), NaiveDate::from_ymd_opt(2025, 11, 1).unwrap());
        for text in ["2025-13", "2025-1", "25-11", "2025-11-01", "last"] {
            assert!(month(text).is_err(), "{text}");
        }
    }
}
