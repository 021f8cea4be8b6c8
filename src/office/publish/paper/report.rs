//! The administrative report as a PDF, in the layout of Nghị định 30/2020/NĐ-CP, Phụ lục I. Begin with [`pdf`].

use std::collections::BTreeMap;

use serde::Serialize;

pub use super::docx::docx;
use super::letters::{changed_json, printable};
use super::{PaperError, set, written};
use crate::office::report::section::{Brief, Group, Section};
use crate::office::report::{Issuer, Report};

/// What the template is given.
#[derive(Serialize)]
struct Job<'a> {
    issuer: &'a Issuer,
    title: String,
    opening: Vec<String>,
    /// What stands above the appendix.
    period: String,
    main: Vec<Part<'a>>,
    appendix: Vec<Part<'a>>,
}

#[derive(Serialize)]
struct Part<'a> {
    heading: &'a str,
    sentences: &'a [String],
    brief: Option<&'a Brief>,
    charts: Vec<Drawn<'a>>,
    tables: Vec<Rows<'a>>,
}

#[derive(Serialize)]
struct Drawn<'a> {
    file: String,
    title: &'a str,
}

#[derive(Serialize)]
struct Rows<'a> {
    caption: &'a str,
    groups: Vec<Group<'a>>,
    left_out: usize,
}

/// The report as a tagged PDF (PDF/UA-1). Number, day, recipients and signer are dots to be filled in by hand.
///
/// # Errors
/// Something can't be set; the program is at fault.
pub fn pdf(report: &Report) -> Result<Vec<u8>, PaperError> {
    let mut files = BTreeMap::new();
    let mut parts = |name: &str, sections| -> Vec<Part<'_>> {
        let numbered = (1..).zip::<&[Section]>(sections);
        numbered
            .map(|(number, section)| part(section, &format!("{name}-{number}"), &mut files))
            .collect()
    };
    let (main, appendix) = (parts("main", &report.main), parts("appendix", &report.appendix));
    let job = Job {
        issuer: &report.issuer,
        title: report.title(),
        opening: report.opening(),
        period: report.period.name(),
        main,
        appendix,
    };
    files.insert("job.json".to_owned(), changed_json(&job, printable)?);
    let document = set("report.typ", files, report.made_on)?;
    written(&document, &report.file_name())
}

/// A section; its charts become files of this name.
fn part<'a>(section: &'a Section, name: &str, files: &mut BTreeMap<String, Vec<u8>>) -> Part<'a> {
    let charts = section.charts.iter().zip(1..).map(|(chart, place): (_, usize)| {
        let file = format!("chart-{name}-{place}.svg");
        files.insert(file.clone(), printable(&chart.svg.clone().into_string()).into_bytes());
        Drawn {
            file,
            title: &chart.title,
        }
    });
    let printed = section.listings.iter().filter(|listing| listing.printed > 0);
    Part {
        heading: section.heading,
        sentences: &section.sentences,
        brief: section.brief.as_ref(),
        charts: charts.collect(),
        tables: printed
            .map(|listing| Rows {
                caption: listing.caption,
                groups: listing.on_page(),
                left_out: listing.left_out(),
            })
            .collect(),
    }
}
