//! Figures of made-up tables.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::office::rounding::{STEP, Secret};
use crate::usage::signals::{Ending, Event, Face, Heard};
use crate::usage::stamp::Stamp;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn add(table: &mut Table, span: &str, event: &Event, n: u64) {
    let cell = event.cell(Stamp::undated(Duration::ZERO));
    table.add(span.parse().unwrap(), &cell, n);
}

fn figures(table: &Table, from: &str, to: &str) -> Figures {
    Figures::of(&rounded(table), day(from), day(to))
}

/// What is counted in fives is shown as it is, whatever the secret.
fn rounded(table: &Table) -> Rounded {
    Rounded::of(table, "*", &Secret::new().unwrap())
}

fn ids(counts: &[Count]) -> Vec<(&str, u64)> {
    counts.iter().map(|count| (count.id.as_str(), count.n)).collect()
}

#[test]
fn visits_are_told_by_day_and_rests_apart() {
    let mut table = Table::default();
    for (span, n) in [
        ("2026-10-05", 60),
        ("2026-10", 15),
        ("2026", 35),
        ("undated", 45),
        ("2026-11-01", 25),
    ] {
        add(&mut table, span, &Event::VisitStarted, n);
    }
    let october = figures(&table, "2026-10-01", "2026-10-31").visits;
    assert_eq!((october.total, october.month_rests, october.year_rests), (75, 15, 0));
    assert_eq!(
        (october.partly, october.undated),
        (35, 45),
        "the year's rest may be of any month"
    );
    assert_eq!(october.by_day.len(), 31);
    assert_eq!(october.by_day[4], (day("2026-10-05"), 60));
    assert_eq!(october.by_month, [(day("2026-10-01"), 75)]);
    let half_october = figures(&table, "2026-10-05", "2026-11-30").visits;
    assert_eq!((half_october.total, half_october.partly), (85, 50));
    let year = figures(&table, "2026-01-01", "2026-12-31").visits;
    assert_eq!((year.total, year.year_rests, year.partly), (135, 35, 0));
    assert_eq!(year.by_month.len(), 12);
}

#[test]
fn hours_are_told_and_unknown_ones_too() {
    let mut table = Table::default();
    let eight = day("2026-10-05").and_hms_opt(8, 30, 0).unwrap();
    let stamp = Stamp {
        wall: Some(eight),
        ..Stamp::undated(Duration::ZERO)
    };
    table.add("2026-10-05".parse().unwrap(), &Event::VisitStarted.cell(stamp), 30);
    add(&mut table, "2026-10-05", &Event::VisitStarted, 10);
    let visits = figures(&table, "2026-10-01", "2026-10-31").visits;
    assert_eq!((visits.by_hour[8], visits.unknown_hour), (30, 10));
}

#[test]
fn pages_stand_by_how_often_they_were_opened() {
    let mut table = Table::default();
    for (page, n) in [("nop-phi", 15), ("khai-sinh", 45), ("a-page", 15)] {
        add(&mut table, "2026-10-05", &Event::page_opened(page), n);
    }
    let figures = figures(&table, "2026-10-01", "2026-10-31");
    assert_eq!(
        ids(&figures.pages),
        [("khai-sinh", 45), ("a-page", 15), ("nop-phi", 15)]
    );
}

#[test]
fn a_funnel_has_every_step_up_to_the_last_one_reached() {
    let mut table = Table::default();
    for (event, n) in [
        (Event::page_opened("khai-sinh"), 20),
        (Event::step_reached("khai-sinh", 1), 15),
        (Event::step_reached("khai-sinh", 3), 10),
        (Event::guide_finished("khai-sinh"), 5),
        (Event::qr_shown("khai-sinh"), 5),
        (Event::page_opened("nop-phi"), 50),
    ] {
        add(&mut table, "2026-10-05", &event, n);
    }
    let figures = figures(&table, "2026-10-01", "2026-10-31");
    let expected = Funnel {
        page: "khai-sinh".to_owned(),
        opened: 20,
        steps: vec![15, 0, 10],
        finished: 5,
        qr: 5,
    };
    assert_eq!(figures.guides, [expected]);
}

#[test]
fn groups_keep_their_order_and_show_what_nobody_chose() {
    let mut table = Table::default();
    add(&mut table, "2026-10-05", &Event::VisitEnded(Ending::Left), 20);
    add(&mut table, "2026-10-05", &Event::quiz_finished("an-toan", 9, 10), 10);
    add(&mut table, "2026-10-05", &Event::rated("nop-phi", Face::Fair), 15);
    add(
        &mut table,
        "2026-10-05",
        &Event::question_answered("at-otp", 3, false),
        5,
    );
    add(
        &mut table,
        "2026-10-06",
        &Event::question_answered("at-otp", 3, true),
        10,
    );
    add(
        &mut table,
        "2026-10-05",
        &Event::question_answered("at-otp", 0, true),
        5,
    );
    let figures = figures(&table, "2026-10-01", "2026-10-31");
    assert_eq!(ids(&figures.endings), [("finished", 0), ("left", 20), ("stopped", 0)]);
    assert_eq!(
        ids(&figures.quizzes[0].scores),
        [("0-3", 0), ("4-6", 0), ("7-8", 0), ("9-10", 10)]
    );
    assert_eq!((figures.rated.fair, figures.rated.total()), (15, 15));
    let told = figures.questions[0].choices.iter();
    let told: Vec<_> = told.map(|chosen| (chosen.right, chosen.wrong)).collect();
    assert_eq!(
        told,
        [(5, 0), (0, 0), (0, 0), (10, 5)],
        "two editions disagree, and both are told"
    );
}

fn event() -> impl Strategy<Value = Event> {
    let page = || prop::sample::select(vec!["a", "b", "c"]);
    prop_oneof![
        Just(Event::VisitStarted),
        Just(Event::VisitEnded(Ending::Left)),
        (0_u64..900).prop_map(|seconds| Event::visit_length(Duration::from_secs(seconds))),
        (0_usize..12).prop_map(Event::visit_pages),
        page().prop_map(Event::page_opened),
        (page(), 1_usize..12).prop_map(|(page, step)| Event::step_reached(page, step)),
        page().prop_map(Event::guide_finished),
        page().prop_map(Event::qr_shown),
        page().prop_map(Event::listened),
        (page(), any::<bool>()).prop_map(|(page, ends)| {
            Event::sound_played(page, if ends { Heard::ToTheEnd } else { Heard::Started })
        }),
        page().prop_map(Event::notice_opened),
        (page(), prop::sample::select(vec![Face::Good, Face::Fair, Face::Poor]))
            .prop_map(|(page, face)| Event::rated(page, face)),
        prop::sample::select(vec![Face::Good, Face::Fair, Face::Poor]).prop_map(Event::VisitRated),
        (page(), 0_usize..5, any::<bool>())
            .prop_map(|(question, choice, is_right)| Event::question_answered(question, choice, is_right)),
        (page(), 0_usize..11).prop_map(|(set, right)| Event::quiz_finished(set, right, 10)),
        Just(Event::SearchFound),
        Just(Event::SearchNotFound),
        page().prop_map(Event::opened_from_search),
        Just(Event::language("en")),
        Just(Event::text_size("large")),
        Just(Event::contrast("high")),
    ]
}

fn sum(counts: &[Count]) -> u64 {
    counts.iter().map(|count| count.n).sum()
}

proptest! {
    #[test]
    fn every_count_of_the_period_is_in_one_figure(
        counts in prop::collection::vec(
            (prop::sample::select(vec!["2025-12-31", "2026-01-01", "2026-02-14", "2026-02", "2026", "2025", "undated"]), event(), 1_u64..50),
            0..80,
        )
    ) {
        let mut table = Table::default();
        for (span, event, n) in &counts {
            add(&mut table, span, event, *n * STEP);
        }
        let (from, to) = (day("2026-01-01"), day("2026-12-31"));
        let inside = table.part(|span| span.days().is_some_and(|(first, last)| from <= first && last <= to));
        let figures = Figures::of(&rounded(&table), from, to);
        let visits = &figures.visits;
        prop_assert_eq!(visits.total, inside.total(Signal::VisitStarted));
        let days: u64 = visits.by_day.iter().map(|(_, n)| n).sum();
        let months: u64 = visits.by_month.iter().map(|(_, n)| n).sum();
        prop_assert_eq!(visits.total, days + visits.month_rests + visits.year_rests);
        prop_assert_eq!(visits.total, months + visits.year_rests);
        prop_assert_eq!(visits.total, visits.by_hour.iter().sum::<u64>() + visits.unknown_hour);
        prop_assert_eq!(visits.undated, table.part(|span| span == Span::Undated).total(Signal::VisitStarted));
        let guides = &figures.guides;
        let told = [
            (Signal::VisitEnded, sum(&figures.endings)),
            (Signal::VisitLength, sum(&figures.lengths)),
            (Signal::VisitPages, sum(&figures.visit_pages)),
            (Signal::PageOpened, sum(&figures.pages)),
            (Signal::StepReached, guides.iter().flat_map(|guide| &guide.steps).sum()),
            (Signal::GuideFinished, guides.iter().map(|guide| guide.finished).sum()),
            (Signal::QrShown, sum(&figures.qr)),
            (Signal::Listened, sum(&figures.listened)),
            (Signal::SoundPlayed, sum(&figures.heard)),
            (Signal::NoticeOpened, sum(&figures.notices)),
            (Signal::Rated, figures.rated.total()),
            (Signal::VisitRated, figures.visits_rated.total()),
            (Signal::AnswerJudged, figures.answered()),
            (Signal::QuizFinished, figures.quizzes.iter().map(|set| sum(&set.scores)).sum()),
            (Signal::SearchFound, figures.searches.found),
            (Signal::SearchNotFound, figures.searches.not_found),
            (Signal::OpenedFromSearch, sum(&figures.searches.opened)),
            (Signal::Language, sum(&figures.languages)),
            (Signal::TextSize, sum(&figures.text_sizes)),
            (Signal::Contrast, sum(&figures.contrasts)),
        ];
        for (signal, n) in told {
            prop_assert_eq!(n, inside.total(signal), "{}", signal.code());
        }
    }
}
