//! Answers are right or wrong by the edition that asked, also where editions disagree under one id: packs that were made without a look
//! at the one before (docs/decisions/036).

use std::collections::BTreeSet;
use std::time::Duration;

use commune_kiosk::content::library::Library;
use commune_kiosk::kiosk::session::quiz::Round;
use commune_kiosk::usage::signals::Event;
use commune_kiosk::usage::stamp::Stamp;
use commune_kiosk::usage::statistics::{Health, Statistics, Table};

use crate::answers::{Maker, Said, Way, send};
use crate::common::forger::Forger;
use crate::common::office::Office;
use crate::desk::Desk;

const ID: &str = "ma-otp";
const PROMPT: &str = "Có nên đọc mã OTP cho người khác không?";
const CHOICES: [&str; 2] = ["Có", "Không"];

/// Residents are asked by a library, and choose; counted as the kiosk counts it.
fn asks(library: &[u8], chosen: [(&str, u64); 2]) -> Table {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), library).expect("written");
    let library = Library::open(file.path()).expect("a library");
    let quiz = library.quiz("an-toan").expect("read").expect("a set");
    let (day, now) = ("2026-11-05".parse().expect("a day"), Stamp::undated(Duration::ZERO));
    let mut table = Table::default();
    table.add(day, &Event::VisitStarted.cell(now), 50);
    for (words, n) in chosen {
        let mut round = Round::draw(quiz.clone(), Some(ID), 7, &mut BTreeSet::new());
        let asked = round.current().expect("a question");
        let is_these = |choice: &usize| asked.question.choices[*choice] == words;
        let place = asked.order.iter().position(is_these).expect("a choice");
        let (question, choice, is_right) = round.answer(place).expect("an answer");
        let event = Event::question_answered(question, choice, is_right);
        table.add(day, &event.cell(now), n);
    }
    table
}

fn brings(office: &Office, statistics: &[u8]) {
    let kiosk = Maker::accepted(office, Way::Network);
    assert_eq!(send(office, Way::Network, &kiosk.payload(2, statistics)), Said::Stored);
}

fn new(table: Table) -> Vec<u8> {
    let health = Health::default();
    Statistics { health, table }.to_json()
}

/// As a kiosk sent it before they said what was right: 30 chose the first, 70 the second.
const OLD: &[u8] = include_bytes!("../forms/statistics-3-answers.json");

/// The row of the question on the page "Nội dung": how often it was answered, the share of wrong ones, what is often taken for right.
fn row(desk: &Desk) -> Vec<String> {
    let page = desk.sees("/content?from=2026-11-01&to=2026-11-30");
    let (_, row) = page.split_once(PROMPT).expect("the question");
    let (row, _) = row.split_once("</tr>").expect("a row");
    let cells = row.split("<td>").skip(1);
    cells
        .map(|cell| cell.split('<').next().unwrap_or_default().to_owned())
        .collect()
}

fn reported(desk: &Desk) -> String {
    desk.sees("/reports/csv?from=2026-11-01&to=2026-11-30")
}

#[test]
fn where_editions_disagree_each_judges_what_it_asked() {
    let office = Office::open();
    let (forger, desk) = (Forger::with(office.key.clone()), Desk::at(&office));
    // The second edition says of the same id that the other choice is right.
    let first = forger.library(1);
    let second = forger.changed_library(2, |db| {
        let change = "UPDATE quizzes SET data = json_set(data, '$.questions[0].answer', 0)";
        db.execute(change, []).expect("changed");
    });
    let upload = |library: &[u8], edition| {
        let pack = forger.signed(library, edition);
        assert_eq!(
            desk.uploads("/packs/upload", "pack", &[("le-loi.kpack", &pack)]).status,
            303
        );
    };
    upload(&first, 1);
    // An old program, and the office knows one edition: the answers are judged by that.
    brings(&office, OLD);
    assert_eq!(row(&desk), ["100", "30,0%", "Có"]);
    assert!(reported(&desk).contains("Không (đáp án đúng)"), "{}", reported(&desk));

    // A kiosk with that edition says so itself, and the office adds both.
    brings(&office, &new(asks(&first, [(CHOICES[0], 10), (CHOICES[1], 40)])));
    assert_eq!(row(&desk), ["150", "26,7%", "Có"]);

    // A kiosk has the second edition from a stick, before the office has it: of what old programs counted nobody knows any more what was
    // right, and what is known stays right.
    brings(&office, &new(asks(&second, [(CHOICES[0], 20), (CHOICES[1], 30)])));
    let judged = ["100", "40,0%", "–"];
    assert_eq!(row(&desk), judged, "10 of 50 and 30 of 50 are wrong");
    assert!(!reported(&desk).contains("đáp án đúng"), "{}", reported(&desk));
    // And once the office has both.
    upload(&second, 2);
    assert_eq!(row(&desk), judged);
    let report = desk.sees("/reports/html?from=2026-11-01&to=2026-11-30");
    for sentence in [
        "Các câu hỏi trắc nghiệm được trả lời 200 lần",
        "Trong 100 câu trả lời biết được đáp án, 60,0% là đúng.",
    ] {
        assert!(report.contains(sentence), "no “{sentence}” in:\n{report}");
    }
}
