//! Rules about the words themselves: long sentences, abbreviations, outdated terms, capitals and telephone numbers.
//!
//! One file each for the larger rules. All of them warn only: a program can't know what an author means. What they look for comes from `style.toml`.
//! Begin with [`check_prose`].

mod abbreviations;
mod capitals;
mod outdated;

use std::ops::Range;

pub(super) use abbreviations::is_capitals;

use super::file::SourceFile;
use super::notes::Notes;
use super::{phones, sentences};
use crate::content::faults::Fault;

/// Something to warn of, at a range of the text that was looked at.
#[derive(Debug)]
struct Warning {
    at: Range<usize>,
    code: &'static str,
    message: String,
    help: String,
}

/// Warns of long sentences and unfit words in `plain`; `span` says where a range of `plain` stands in the file.
pub(super) fn check_prose(
    file: &SourceFile,
    plain: &str,
    span: impl Fn(Range<usize>) -> Range<usize>,
    notes: &mut Notes,
) {
    for sentence in sentences::split(plain) {
        let words = sentences::words(&plain[sentence.clone()]);
        if words > sentences::LONGEST {
            let message = format!("Câu này dài {words} chữ, nên không quá {}", sentences::LONGEST);
            notes.add(
                Fault::warning("long-sentence", file.place(span(sentence)), message)
                    .help("Hãy tách thành hai câu, để người nghe và người đọc kém dễ hiểu."),
            );
        }
    }
    check(file, plain, span, notes);
}

/// Checks a text without marks; `span` says where a range of it stands in the file.
pub(super) fn check(file: &SourceFile, text: &str, span: impl Fn(Range<usize>) -> Range<usize>, notes: &mut Notes) {
    let style = &notes.style;
    let mut warnings = capitals::warnings(text, style);
    warnings.extend(outdated::warnings(text, style));
    warnings.extend(unknown_phones(text, phones::find(text), notes));
    if let Some(met) = &mut notes.abbreviations_met {
        warnings.extend(abbreviations::warnings(text, style, met));
    }
    report(file, warnings, span, notes);
}

/// Checks a field that holds a telephone number.
pub(super) fn check_phone(
    file: &SourceFile,
    text: &str,
    span: impl Fn(Range<usize>) -> Range<usize>,
    notes: &mut Notes,
) {
    let warnings = unknown_phones(text, phones::find_in_field(text), notes);
    report(file, warnings, span, notes);
}

/// Notes the abbreviations that a heading explains. Those that it only names wait for the text below it.
pub(super) fn note_explained(heading: &str, notes: &mut Notes) {
    if let Some(met) = &mut notes.abbreviations_met {
        met.extend(abbreviations::explained(heading, &notes.style));
    }
}

fn report(file: &SourceFile, warnings: Vec<Warning>, span: impl Fn(Range<usize>) -> Range<usize>, notes: &mut Notes) {
    for Warning {
        at,
        code,
        message,
        help,
    } in warnings
    {
        notes.add(Fault::warning(code, file.place(span(at)), message).help(help));
    }
}

fn unknown_phones(text: &str, found: Vec<Range<usize>>, notes: &Notes) -> Vec<Warning> {
    let known = &notes.style.phones;
    if known.is_empty() {
        return Vec::new();
    }
    let of_the_commune = |digits: &str| {
        let facts = notes.facts.values.values();
        facts
            .flat_map(|fact| phones::find_in_field(fact).into_iter().map(|at| &fact[at]))
            .any(|number| phones::digits(number) == digits)
    };
    let unknown = found.into_iter().filter(|at| {
        let digits = phones::digits(&text[at.clone()]);
        !known.contains(&digits) && !of_the_commune(&digits)
    });
    unknown
        .map(|at| Warning {
            code: "unknown-phone",
            message: format!(
                "Số điện thoại {} không có trong danh sách đã kiểm tra",
                &text[at.clone()]
            ),
            help: "Hãy gọi thử; đúng thì thêm vào phones của style.toml. Số của xã thì ghi vào commune.toml."
                .to_owned(),
            at,
        })
        .collect()
}
