//! Which slide stands when.

use chrono::NaiveDateTime;
use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn notice(id: &str, from: &str, until: &str, urgent: bool) -> Notice {
    Notice {
        id: id.to_owned(),
        title: id.to_owned(),
        summary: String::new(),
        title_en: String::new(),
        summary_en: String::new(),
        picture: String::new(),
        from: day(from),
        until: day(until),
        urgent,
        updated: NaiveDate::default(),
        sources: Vec::new(),
        blocks: Vec::new(),
    }
}

fn event(title: &str, date: &str, until: Option<&str>) -> Event {
    Event {
        id: String::new(),
        title: title.to_owned(),
        date: Some(day(date)),
        until: until.map(day),
        repeats: None,
        time: "8 giờ".to_owned(),
        place: "Hội trường xã".to_owned(),
        summary: String::new(),
    }
}

fn slides(notices: Vec<Notice>, events: Vec<Event>) -> Slides {
    let question = |id: &str| Question {
        set: "an-toan".to_owned(),
        id: id.to_owned(),
        prompt: String::new(),
        picture: String::new(),
    };
    Slides {
        notices,
        events,
        heard: Vec::new(),
        tips: ["khai-sinh", "sim"].map(str::to_owned).to_vec(),
        questions: ["otp", "qr", "sim"].map(question).into(),
    }
}

/// The moment of a turn on this day.
fn turn(number: u64, today: &str) -> Stamp {
    let wall: NaiveDateTime = day(today).and_hms_opt(8, 15, 0).expect("a time");
    Stamp::dated(Duration::from_secs(number * 15 + 7), wall)
}

/// The slides of some turns, in a word each.
fn shown(slides: &Slides, turns: std::ops::Range<u64>, at: impl Fn(u64) -> Stamp) -> Vec<String> {
    turns
        .map(|number| match slides.at(at(number)) {
            Shown::Nothing => "-".to_owned(),
            Shown::Notice(id) => id,
            Shown::Event(at, _, kind) => format!("{} {kind:?}", slides.events[at].title),
            Shown::Programme(id) => format!("radio {id}"),
            Shown::Tip(id) => format!("tip {id}"),
            Shown::Question(at) => format!("? {}", slides.questions[at].id),
        })
        .collect()
}

#[test]
fn what_is_announced_a_page_and_a_question_follow_each_other() {
    let slides = slides(
        vec![
            notice("chi-tra", "2026-11-20", "2026-12-03", false),
            notice("da-qua", "2026-11-01", "2026-11-22", false),
            notice("sap-toi", "2026-11-24", "2026-12-24", false),
        ],
        vec![
            event("lớp", "2026-12-01", None),
            event("họp", "2026-11-25", None),
            event("xa", "2027-03-01", None),
        ],
    );
    let on = |today: &'static str| move |number| turn(number, today);
    assert_eq!(
        shown(&slides, 0..8, on("2026-11-23")),
        [
            "chi-tra",
            "tip khai-sinh",
            "? otp",
            "họp Coming",
            "tip sim",
            "? qr",
            "chi-tra",
            "tip khai-sinh"
        ]
    );
    assert_eq!(
        shown(&slides, 0..4, on("2026-11-24"))[3],
        "sap-toi",
        "two notices by then"
    );
    assert_eq!(shown(&slides, 6..7, on("2026-11-24")), ["họp Tomorrow"]);
    assert_eq!(shown(&slides, 6..7, on("2026-11-25")), ["họp Today"]);
    assert_eq!(shown(&slides, 6..7, on("2026-11-26")), ["lớp Coming"]);
}

#[test]
fn an_urgent_notice_stands_every_other_turn() {
    let slides = slides(
        vec![
            notice("mat-nuoc", "2026-11-20", "2026-11-30", true),
            notice("bao", "2026-11-20", "2026-11-30", true),
            notice("chi-tra", "2026-11-20", "2026-12-03", false),
        ],
        Vec::new(),
    );
    assert_eq!(
        shown(&slides, 0..8, |number| turn(number, "2026-11-23")),
        [
            "mat-nuoc",
            "chi-tra",
            "bao",
            "tip khai-sinh",
            "mat-nuoc",
            "? otp",
            "bao",
            "chi-tra"
        ]
    );
}

#[test]
fn an_event_of_several_days_is_announced_until_its_last() {
    let slides = slides(
        Vec::new(),
        vec![
            event("hội", "2026-11-20", Some("2026-11-24")),
            event("lớp", "2026-11-26", None),
        ],
    );
    for (today, first, second) in [
        ("2026-11-19", "hội Tomorrow", "hội Tomorrow"),
        ("2026-11-20", "hội Today", "hội Today"),
        ("2026-11-21", "hội Running", "lớp Coming"),
        ("2026-11-24", "hội Running", "lớp Coming"),
        ("2026-11-25", "lớp Tomorrow", "lớp Tomorrow"),
    ] {
        let seen = shown(&slides, 0..4, |number| turn(number, today));
        assert_eq!((seen[0].as_str(), seen[3].as_str()), (first, second), "{today}");
    }
    assert_eq!(
        event_words(&slides.events[0], day("2026-11-20")),
        "Từ ngày 20/11 đến ngày 24/11/2026 · 8 giờ\nHội trường xã"
    );
    assert_eq!(
        event_words(&slides.events[1], day("2026-11-26")),
        "Thứ năm, ngày 26/11/2026 · 8 giờ\nHội trường xã"
    );
}

#[test]
fn without_a_date_nothing_is_said_of_today_and_what_has_certainly_ended_is_not_shown() {
    let slides = slides(
        vec![
            notice("da-qua", "2026-11-01", "2026-11-22", false),
            notice("chi-tra", "2026-11-20", "2026-12-03", false),
            notice("mai-moi", "2027-01-01", "2027-01-03", false),
        ],
        vec![event("lớp", "2026-11-23", None), event("cũ", "2026-11-22", None)],
    );
    let undated = |number: u64| Stamp::undated(Duration::from_secs(number * 15));
    let bounded = |number| Stamp {
        earliest: Some(day("2026-11-23")),
        ..undated(number)
    };
    let announced = |at: &dyn Fn(u64) -> Stamp| {
        let seen = shown(&slides, 0..12, at);
        [0, 3, 6, 9].map(|turn| seen[turn].clone())
    };
    assert_eq!(announced(&bounded), ["chi-tra", "mai-moi", "lớp Calendar", "chi-tra"]);
    assert_eq!(
        announced(&undated),
        ["da-qua", "chi-tra", "mai-moi", "da-qua"],
        "nothing is known to have ended"
    );
}

#[test]
fn what_there_is_none_of_leaves_no_gap() {
    let mut few = slides(Vec::new(), Vec::new());
    few.questions.clear();
    let today = |number| turn(number, "2026-11-23");
    assert_eq!(shown(&few, 0..3, today), ["tip khai-sinh", "tip sim", "tip khai-sinh"]);
    assert_eq!(shown(&Slides::default(), 0..2, today), ["-", "-"]);
}

#[test]
fn a_hall_sees_one_of_each_section_before_a_second_of_the_first() {
    assert_eq!(
        in_turn(vec![vec![1, 2, 3], Vec::new(), vec![4], vec![5, 6]]),
        [1, 4, 5, 2, 6, 3]
    );
    assert_eq!(in_turn(Vec::<Vec<i32>>::new()), [0; 0]);
}

/// Also when a day begins in the middle of a turn, or somebody sets the clock.
#[test]
fn a_slide_stands_for_eight_seconds_at_least() {
    let library = Library::in_memory(&crate::content::model::Content {
        notices: vec![
            notice("cu", "2026-11-01", "2026-11-23", false),
            notice("moi", "2026-11-24", "2026-12-03", false),
        ],
        ..Default::default()
    })
    .expect("a library");
    let midnight = day("2026-11-24").and_hms_opt(0, 0, 0).expect("a time");
    let began = midnight - chrono::TimeDelta::seconds(3);
    let at = |second: u64| {
        Stamp::dated(
            Duration::from_secs(second),
            began + chrono::TimeDelta::seconds(second.try_into().expect("a second")),
        )
    };
    let mut invitation = Invitation::of(Some(&library));
    invitation.turn(Some(&library), at(0));
    let mut turns = Vec::new();
    for second in 1..40 {
        let before = invitation.slide.clone();
        invitation.turn(Some(&library), at(second));
        if invitation.slide != before {
            turns.push((second, invitation.slide.title.clone()));
        }
    }
    assert_eq!(turns, [(8, "moi".to_owned())]);
}

proptest! {
    #[test]
    fn any_moment_has_its_slide(
        seconds: u64,
        days in prop::option::of(-400_000_000_i64..400_000_000),
        least in prop::option::of(-400_000_000_i64..400_000_000),
        lasts in 0_i64..4000,
        notices in 0_usize..3,
        repeats in prop::option::of(prop::sample::select(vec![
            crate::content::model::Repeats::Monthly, crate::content::model::Repeats::Yearly,
        ])),
    ) {
        // The calendar ends before the numbers do.
        let near = |days: i64| NaiveDate::default().checked_add_signed(chrono::TimeDelta::days(days)).unwrap_or(NaiveDate::MAX);
        let mut first = event("lớp", "2026-11-23", None);
        first.until = Some(near(20_000 + lasts));
        first.repeats = repeats;
        let mut last = event("cuối", "+262142-12-31", None);
        last.repeats = repeats;
        let all = vec![notice("a", "2026-11-01", "2027-01-01", true), notice("b", "2026-11-01", "2026-11-01", false)];
        let slides = slides(all.into_iter().take(notices).collect(), vec![first, last]);
        let now = Stamp {
            monotonic: Duration::from_secs(seconds),
            wall: days.and_then(|days| near(days).and_hms_opt(23, 59, 59)),
            earliest: least.map(near),
        };
        let shown = slides.at(now);
        prop_assert_ne!(&shown, &Shown::Nothing);
        // The words of a day too.
        if let Shown::Event(at, day, _) = shown {
            prop_assert!(!event_words(&slides.events[at], day).is_empty());
        }
        after_turn(now);
    }
}
