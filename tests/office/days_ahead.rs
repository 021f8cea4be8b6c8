//! Days that have not come yet, because somebody's clock is wrong: nothing is decided by a date, and a person decides.

use chrono::Days;
use commune_kiosk::office::password;
use commune_kiosk::office::receive::{self, Decision};
use commune_kiosk::office::store::Fault;
use commune_kiosk::usage::signals::Signal;
use commune_kiosk::usage::statistics::Span;

use crate::answers::{Maker, Said, Way, aside, on_both_ways, pages, send, waiting};
use crate::common::browser::{Browser, Screen};
use crate::common::office::{Office, today};

#[test]
fn a_clock_a_year_ahead_is_not_decided_either() {
    on_both_ways(|office, way| {
        let maker = Maker::accepted(office, way);
        let bundle = maker.counts(2, &[("2026-10-05", 7), ("2027-12-01", 7)]);
        let words =
            "Có số liệu của ngày chưa đến (1/12/2027). Mời xem lại đồng hồ của máy chủ và của máy; máy sẽ tự gửi lại.";
        for _ in 0..2 {
            assert_eq!(send(office, way, &bundle), Said::Undecided(words.to_owned()));
        }
        assert_eq!(aside(office, &maker.id()), []);
        assert_eq!((pages(office), waiting(office, &maker.id())), (0, vec![2]));
    });
}

#[test]
fn an_office_whose_clock_went_back_knows_that_it_did_and_takes_the_month() {
    on_both_ways(|office, way| {
        let maker = Maker::accepted(office, way);
        // The battery of the server's clock is flat: after a power cut it is August again.
        office.now = || today() - Days::new(120);
        office.crash();
        office.start();
        assert_eq!(send(office, way, &maker.counts(2, &[("2026-11-30", 7)])), Said::Stored);
        let said = send(office, way, &maker.counts(3, &[("2026-12-31", 2)]));
        let Said::Undecided(why) = said else { panic!("{said:?}") };
        assert!(
            why.contains("Máy chủ đang là ngày 3/8/2026, trước đây đã là ngày 1/12/2026"),
            "{why}"
        );
        assert_eq!((pages(office), aside(office, &maker.id())), (7, vec![]));
    });
}

#[test]
fn an_office_that_has_stored_nothing_yet_believes_no_clock_behind_its_own_build() {
    on_both_ways(|office, way| {
        office.now = || today() - Days::new(365 * 20);
        office.built = today().date_naive();
        office.crash();
        office.start();
        let maker = Maker::accepted(office, way);
        assert_eq!(send(office, way, &maker.counts(2, &[("2026-11-30", 7)])), Said::Stored);
        assert_eq!(pages(office), 7);
    });
}

#[test]
fn a_clock_some_days_ahead_may_be_the_offices_and_is_not_decided() {
    on_both_ways(|office, way| {
        let maker = Maker::accepted(office, way);
        // The office's calendar says the first of December: the third may be a difference in time, the fourth is doubtful.
        assert_eq!(send(office, way, &maker.counts(2, &[("2026-12-03", 1)])), Said::Stored);
        let doubtful =
            [("2026-12-04", 3), ("2027-01-01", 4)].map(|(day, sequence)| maker.counts(sequence, &[(day, 5)]));
        for bundle in doubtful.iter().chain(&doubtful) {
            let said = send(office, way, bundle);
            assert!(
                matches!(&said, Said::Undecided(why) if why.contains("ngày chưa đến")),
                "{said:?}"
            );
        }
        assert_eq!((pages(office), waiting(office, &maker.id())), (1, vec![3, 4]));

        // Somebody sets the office's clock right, and the kiosk sends again.
        office.now = || today() + Days::new(40);
        office.crash();
        office.start();
        for bundle in &doubtful {
            assert_eq!(send(office, way, bundle), Said::Stored);
        }
        assert_eq!((pages(office), waiting(office, &maker.id())), (11, vec![]));
    });
}

/// What was opened, by span.
fn spans(office: &Office) -> Vec<(String, u64)> {
    let counts = office.counts();
    let opened = counts.iter().filter(|(_, cell, _)| cell.signal == Signal::PageOpened);
    let mut spans: Vec<_> = opened.map(|(span, _, n)| (Span::to_string(&span), n)).collect();
    spans.sort();
    spans
}

/// What differs between the sums and the bundles.
fn verified(office: &Office) -> Vec<Fault> {
    office
        .asks(async |store| store.verify(receive::counts).await)
        .expect("an answer")
}

fn decides(office: &Office, kiosk: &str, sequence: u64, decision: Decision) -> bool {
    let (now, built) = ((office.now)(), office.built);
    office
        .asks(async |store| receive::decide(store, (kiosk, sequence), decision, now, built).await)
        .expect("an answer")
}

#[test]
fn a_person_takes_days_ahead_as_undated_or_not_at_all() {
    on_both_ways(|office, way| {
        let maker = Maker::accepted(office, way);
        let id = maker.id();
        // December the third may be a difference in time; a year ahead is none.
        let true_counts = maker.counts(
            2,
            &[("2026-11-05", 7), ("2026-12-03", 1), ("2027-12", 5), ("2027-12-01", 6)],
        );
        let nonsense = maker.counts(3, &[("2199-01-01", 9_000)]);
        for bundle in [&true_counts, &nonsense] {
            assert!(matches!(send(office, way, bundle), Said::Undecided(_)));
        }
        assert!(decides(office, &id, 2, Decision::Undated));
        assert!(decides(office, &id, 3, Decision::Refuse));
        let undated = [("2026-11-05", 7), ("2026-12-03", 1), ("undated", 11)];
        let undated = undated.map(|(span, n)| (span.to_owned(), n));
        assert_eq!(spans(office), undated);
        // The kiosk sends again until it has a receipt, and gets it.
        for _ in 0..2 {
            assert_eq!(send(office, way, &true_counts), Said::Stored);
            let said = send(office, way, &nonsense);
            assert!(
                matches!(&said, Said::Refused(why) if why.contains("cán bộ văn phòng đã xem")),
                "{said:?}"
            );
        }
        assert_eq!(spans(office), undated);
        assert_eq!((waiting(office, &id), aside(office, &id).len()), (vec![], 1));
        // There is nothing left to decide, and never was of a bundle that waits for something else.
        let future = maker.payload(4, br#"{"format":4,"people":[7]}"#);
        assert!(matches!(send(office, way, &future), Said::Undecided(_)));
        for (sequence, decision) in [
            (2, Decision::Refuse),
            (3, Decision::Undated),
            (4, Decision::Refuse),
            (5, Decision::Undated),
        ] {
            assert!(!decides(office, &id, sequence, decision), "{sequence}");
        }
        assert_eq!(waiting(office, &id), [4]);
        assert_eq!(verified(office), [], "also from the signed bundles");
    });
}

/// An office whose own clock is behind takes no day for one that has not come which it has seen itself.
#[test]
fn a_person_at_an_office_whose_clock_went_back_loses_no_date() {
    let mut office = Office::open();
    let maker = Maker::accepted(&office, Way::Hand);
    office.now = || today() - Days::new(120);
    office.crash();
    office.start();
    let said = send(
        &office,
        Way::Hand,
        &maker.counts(2, &[("2026-11-30", 7), ("2027-01-01", 2)]),
    );
    assert!(matches!(said, Said::Undecided(_)), "{said:?}");
    assert!(decides(&office, &maker.id(), 2, Decision::Undated));
    assert_eq!(
        spans(&office),
        [("2026-11-30".to_owned(), 7), ("undated".to_owned(), 2)]
    );
    assert_eq!(verified(&office), []);
}

#[test]
fn an_officer_sees_days_ahead_and_decides() {
    const PASSWORD: &str = "mùa lúa chín rộ";
    let office = Office::open();
    let hash = password::hash(PASSWORD).expect("a password");
    office.asks(async |store| store.set_password("lan", &hash, None).await.expect("an account"));
    let maker = Maker::accepted(&office, Way::Hand);
    for sequence in [2, 3] {
        send(&office, Way::Hand, &maker.counts(sequence, &[("2027-12-01", sequence)]));
    }
    let browser = Browser::open(Screen::Desktop);
    browser.goes_to(&office.url());
    browser.types("#name", "lan");
    browser.types("#password", PASSWORD);
    browser.presses("Đăng nhập");
    let text = browser.text();
    assert!(text.contains("1 máy có gói chờ cán bộ quyết định"), "{text}");
    browser.presses("1 máy có gói chờ cán bộ quyết định");
    browser.presses("Sảnh UBND xã Lê Lợi");
    let text = browser.text();
    assert!(
        text.contains("Gói số 2, đến") && text.contains("ngày chưa đến (1/12/2027)"),
        "{text}"
    );
    browser.takes_picture("days-ahead");
    browser.presses("Đồng hồ của máy sai: tính vào phần không rõ ngày");
    assert!(!browser.text().contains("Gói số 2, đến"), "{}", browser.text());
    browser.opens("Không nhận gói này");
    browser.presses("Không nhận");
    let text = browser.text();
    assert!(
        !text.contains("Gói chưa quyết định") && text.contains("cán bộ văn phòng đã xem"),
        "{text}"
    );
    assert_eq!(spans(&office), [("undated".to_owned(), 2)]);
    assert_eq!(verified(&office), []);
}
