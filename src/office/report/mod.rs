//! The administrative report of a period, beside the period before it: HTML, XLSX, CSV; and what PDF is made of (`publish::paper`).
//!
//! One constructor makes [`Section`]s of the counts and of what was done for the commune's plan; all forms are written from these, so that
//! they can't disagree. First comes what a leader reads, two pages; then the appendix with every table.
//! All counts are in fives ([`Rounded`]); it says what is missing in its own section. It invents nothing: number, day, signer and recipients are left to be filled in. Read [`Report`] first, then [`section`].

mod contents;
mod csv;
mod html;
mod period;
pub mod section;
mod xlsx;

use chrono::NaiveDate;
pub use contents::FOREIGN;
use maud::Markup;
pub use period::Period;
pub use rust_xlsxwriter::XlsxError;
use section::Section;
use serde::{Deserialize, Serialize};

use super::figures::Figures;
use super::plan::{Activity, Plans};
use super::rounding::Rounded;
use super::titles::Titles;
use super::words::date;

/// What a report is made of.
#[derive(Debug)]
pub struct Inputs<'a> {
    /// What it is about.
    pub period: Period,
    /// Whose counts these are, as a phrase: `các máy của xã Lê Lợi`.
    pub scope: String,
    /// The counts of the period, of the one before it, and those without a date, as far as they are to be mentioned.
    pub counts: &'a Rounded,
    /// The kiosks that the counts come from.
    pub kiosks: Vec<KioskFacts>,
    /// What was planned and done; `None` in a report on one kiosk, because the plan is the commune's.
    pub plan: Option<Noted>,
    /// What ids are called.
    pub titles: &'a Titles,
    /// Who issues it.
    pub issuer: Issuer,
    /// The day on which the counts were put together.
    pub made_on: NaiveDate,
}

/// What the commune means to do and what officers wrote down as done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Noted {
    /// How much is planned, year for year.
    pub plans: Plans,
    /// What was done in the period, in the one before, and since the year began; the newest first.
    pub activities: Vec<Activity>,
}

/// What is known of a kiosk, besides its counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KioskFacts {
    /// Its id.
    pub id: String,
    /// What officers call it, mostly by its place.
    pub name: String,
    /// Visits of the period that it counted.
    pub visits: u64,
    /// Visits of the period before.
    pub visits_before: u64,
    /// The day on which its newest bundle was made, or came if the kiosk had no date; `None` if none has come.
    pub newest_bundle: Option<NaiveDate>,
    /// The day on which it was retired, if it is.
    pub retired: Option<NaiveDate>,
    /// Numbers of bundles that should have come before the newest, and did not.
    pub missing: Vec<u64>,
    /// How many damaged databases of counts were set aside since it was set up.
    pub losses: u64,
    /// The edition of the content that it shows.
    pub edition: u64,
    /// The version of its program.
    pub version: String,
}

/// Who issues the report. What is empty is left as dots to be filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Issuer {
    /// The superior body; no line if there is none.
    pub superior: String,
    /// The issuing body.
    pub body: String,
    /// Its short name in the number: `UBND`.
    pub abbreviation: String,
    /// The place of issue.
    pub place: String,
}

impl Issuer {
    /// The same, names of two syllables at the end of a line or on the next, but not on both: `Ủy ban nhân dân xã Lê Lợi`.
    fn with_whole_names(self) -> Self {
        let whole = |words: String| match words.rsplit_once(' ') {
            Some((before, last)) => format!("{before}\u{a0}{last}"),
            None => words,
        };
        Self {
            superior: whole(self.superior),
            body: whole(self.body),
            ..self
        }
    }
}

/// A report.
#[derive(Debug)]
pub struct Report {
    /// What it is about.
    pub period: Period,
    /// Whose counts these are.
    pub scope: String,
    /// The figures of the period.
    pub figures: Figures,
    /// The figures of the period before.
    pub before: Figures,
    /// What a leader reads, in two pages.
    pub main: Vec<Section>,
    /// The figures in full, after the signature.
    pub appendix: Vec<Section>,
    /// What officers wrote down as done in the period, the newest first.
    activities: Vec<Activity>,
    /// Whether it is about the commune's plan, and not about one kiosk.
    has_plan: bool,
    /// Who issues it.
    pub issuer: Issuer,
    /// The day on which the counts were put together.
    pub made_on: NaiveDate,
}

impl Report {
    /// Makes a report.
    #[must_use]
    pub fn of(inputs: Inputs) -> Self {
        let (period, earlier) = (inputs.period, inputs.period.before());
        let figures = Figures::of(inputs.counts, period.from(), period.to());
        let before = Figures::of(inputs.counts, earlier.from(), earlier.to());
        let source = contents::Source {
            period,
            now: &figures,
            before: &before,
            kiosks: &inputs.kiosks,
            plan: inputs.plan.as_ref(),
            titles: inputs.titles,
            made_on: inputs.made_on,
        };
        let (main, appendix) = (source.main(), source.appendix());
        let has_plan = inputs.plan.is_some();
        let mut activities = inputs.plan.map_or_else(Vec::new, |noted| noted.activities);
        activities.retain(|activity| (period.from()..=period.to()).contains(&activity.day));
        Self {
            period,
            scope: inputs.scope,
            figures,
            before,
            main,
            appendix,
            activities,
            has_plan,
            issuer: inputs.issuer.with_whole_names(),
            made_on: inputs.made_on,
        }
    }

    /// What stands under the word "Báo cáo".
    #[must_use]
    pub fn title(&self) -> String {
        let about = if self.has_plan {
            "Kết quả truyền thông về chuyển đổi số"
        } else {
            "Kết quả sử dụng máy tra cứu"
        };
        format!("{about} {}", self.period.name())
    }

    /// Its sections in their order: the main part's, then the appendix's.
    pub fn sections(&self) -> impl Iterator<Item = &Section> {
        self.main.iter().chain(&self.appendix)
    }

    /// The paragraphs before its sections: about whom, which days, beside which.
    #[must_use]
    pub fn opening(&self) -> Vec<String> {
        let days = |name: &str, period: Period| {
            let (from, to) = (date(period.from()), date(period.to()));
            let called = period.name();
            // A period without a name of its own is called by its days.
            if called.contains(&to) {
                format!("{name}: {called}. ")
            } else {
                format!("{name}: {called} ({from} – {to}). ")
            }
        };
        let (now, before) = (days("Kỳ này", self.period), days("Kỳ trước", self.period.before()));
        let made = date(self.made_on);
        let whole = if self.has_plan {
            ""
        } else {
            " Kết quả theo kế hoạch là của cả xã, không của riêng máy nào: xem báo cáo của tất cả các máy."
        };
        let scope = (!self.scope.is_empty()).then(|| format!("Phạm vi: {}.{whole}", self.scope));
        let counted = format!("{now}{before}Số liệu sử dụng máy do máy tự đếm, tổng hợp đến ngày {made}.");
        scope.into_iter().chain([counted]).collect()
    }

    /// A whole HTML page, to be read or printed, in the layout of Nghị định 30/2020/NĐ-CP.
    #[must_use]
    pub fn html(&self) -> Markup {
        html::page(self)
    }

    /// A workbook with every row.
    ///
    /// # Errors
    /// [`XlsxError`] if a table is longer than a sheet can be (1,048,576 rows).
    pub fn xlsx(&self) -> Result<Vec<u8>, XlsxError> {
        xlsx::workbook(self)
    }

    /// Every row as one flat table: UTF-8 with a byte order mark, RFC 4180.
    #[must_use]
    pub fn csv(&self) -> String {
        csv::text(self.sections())
    }

    /// The file name without its ending: `bao-cao-2026-10-01-2026-10-31`.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("bao-cao-{}-{}", self.period.from(), self.period.to())
    }
}

#[cfg(test)]
mod tests;
