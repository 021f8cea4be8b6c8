//! Staff at the screen: a stick while nobody is there and while somebody reads, the PIN, the staff page.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use commune_kiosk::content::{self, library::Library};
use commune_kiosk::kiosk::screen::Staff;
use commune_kiosk::kiosk::session::Action;
use commune_kiosk::kiosk::session::staff::{self, Facts, Pin};
use commune_kiosk::kiosk::session::view::{PinBox, Screen};
use commune_kiosk::kiosk::slots::Progress;
use commune_kiosk::kiosk::sync::stick::{News, Order, Outcome};
use commune_kiosk::usage::signals::Signal;

use crate::common::{Hall, Setting, content_copy, content_folder, each_in_its_hall, morning, replace};

/// Lets staff in with the PIN 271828; gives what they order, and counts how often the machine was asked about itself.
fn with_staff(hall: &Hall, next: &Path) -> (Receiver<Order>, Arc<AtomicU32>) {
    let desk = with_switch(hall, next, false);
    (desk.orders, desk.asked)
}

/// What the staff of a hall can see of what the screen asks for.
struct Desk {
    orders: Receiver<Order>,
    /// How often the machine was asked about itself.
    asked: Arc<AtomicU32>,
    /// What the machine was told: off, or off and on.
    turned_off: Receiver<bool>,
    /// Wrong tries that are remembered.
    tries: Arc<AtomicU32>,
}

/// The same on a machine that can, or can't, be turned off from the screen.
fn with_switch(hall: &Hall, next: &Path, can_turn_off: bool) -> Desk {
    let (turn_off, turned_off) = mpsc::channel();
    let (orders, taken) = mpsc::channel();
    let asked = Arc::new(AtomicU32::new(0));
    let tries = Arc::new(AtomicU32::new(0));
    let remembered = tries.clone();
    let (counted, next) = (asked.clone(), next.to_owned());
    let light = Arc::new(AtomicU32::new(50));
    let brightened = light.clone();
    let (call, called) = {
        let call = Arc::new(AtomicBool::new(false));
        (call.clone(), call)
    };
    hall.kiosk.serve_staff(Staff {
        pin: Pin::of_hash(&staff::hash("271828").expect("a PIN")).expect("a hash"),
        remember_tries: Arc::new(move |tries| remembered.store(tries, Relaxed)),
        orders,
        brighten: Box::new(move |up| {
            let before = brightened.load(Relaxed);
            brightened.store(if up { before + 10 } else { before - 10 }, Relaxed);
        }),
        call_office: Box::new(move || called.store(true, Relaxed)),
        set_date: Box::new(|_| {}),
        turn_off: Box::new(move |again| turn_off.send(again).expect("somebody listens")),
        open_current: Arc::new(move || open(&next)),
        facts: Arc::new(move |recorder, _| {
            counted.fetch_add(1, Relaxed);
            Facts {
                content: "Lần 1: Thử".to_owned(),
                origin: "Có sẵn trong máy".to_owned(),
                brightness: Some(light.load(Relaxed)),
                office: if call.load(Relaxed) {
                    "Đang gọi văn phòng."
                } else {
                    "1 gói đang chờ gửi."
                }
                .to_owned(),
                can_call_office: true,
                identity: String::new(),
                can_go_back: true,
                counts: format!(
                    "{} lượt dùng",
                    recorder
                        .ask(Duration::from_mins(1), |log| log
                            .counters()
                            .expect("counts")
                            .total(Signal::VisitStarted))
                        .expect("an answer")
                ),
                machine: String::new(),
                clock: String::new(),
                can_set_date: false,
                can_turn_off,
            }
        }),
    });
    Desk {
        orders: taken,
        asked,
        turned_off,
        tries,
    }
}

fn open(folder: &Path) -> Result<Library, String> {
    content::open(folder, morning().date()).map_err(|error| error.to_string())
}

fn finished(installed: bool, words: &str) -> News {
    News::Finished(Outcome {
        installed,
        went_well: installed,
        words: words.to_owned(),
        can_be_pulled_out: true,
    })
}

/// The content of the repository with another word on the first tile.
fn changed_content() -> tempfile::TempDir {
    let folder = content_copy();
    replace(&folder.path().join("sections.toml"), "Làm thủ tục", "Giấy tờ mới");
    folder
}

#[test]
fn a_stick_shows_its_progress_and_when_it_can_be_pulled_out() {
    let hall = Hall::open();
    hall.kiosk.hear(News::Looking);
    hall.sees("Đang xem USB");
    hall.kiosk.hear(News::Installing(Progress {
        done: 250_000_000,
        total: 500_000_000,
    }));
    hall.sees("50 %, 250 trong 500 MB. Xin đừng rút USB.");
    hall.kiosk.hear(News::Installing(Progress { done: 500, total: 500 }));
    hall.sees("Đang xem thử nội dung mới");
    hall.kiosk.hear(finished(true, "Đã nạp xong nội dung lần 2."));
    hall.sees("Có thể rút USB.");
    hall.sees("Đã nạp xong nội dung lần 2.");
    hall.tap("Đóng");
    hall.misses("Có thể rút USB.");
    assert_eq!(hall.counts(Signal::VisitStarted), 0, "staff are no visitors");
    hall.kiosk.hear(News::Looking);
    hall.kiosk.hear(News::Gone);
    hall.misses("USB");
}

#[test]
fn a_stick_that_stays_in_does_not_keep_residents_from_the_screen() {
    let hall = Hall::open();
    hall.kiosk.hear(finished(false, "Không thấy gói nội dung trong USB."));
    hall.sees("Chưa nạp nội dung mới");
    hall.wait(121);
    hall.misses("Chưa nạp nội dung mới");
    hall.tap("Chạm để bắt đầu");
    hall.sees("Làm thủ tục");
}

/// Looking a new pack over takes a while, and nobody should have to wait for it.
#[test]
fn a_resident_who_comes_meanwhile_comes_in() {
    let hall = Hall::open();
    hall.kiosk.hear(News::Installing(Progress { done: 500, total: 500 }));
    hall.tap("Vào dùng máy");
    hall.sees("Làm thủ tục");
    hall.misses("Đang xem thử");
    hall.sees("Đã cắm USB");
    hall.kiosk.hear(finished(true, "Đã nạp xong nội dung lần 2."));
    // Whoever brought it reads how it went, and comes no further by it.
    hall.tap("Đã cắm USB");
    hall.sees("Có thể rút USB.");
    hall.misses("Vào dùng máy");
    hall.tap("Đóng");
    hall.leave();
    assert_eq!(hall.counts(Signal::VisitStarted), 1);
}

/// A stick that is brought to fetch the month's counts has done all that it was brought for.
#[test]
fn a_month_that_was_fetched_is_no_failure() {
    let hall = Hall::open();
    let News::Finished(outcome) = finished(false, "Đã chép 2 gói số liệu.") else {
        unreachable!("it is over");
    };
    hall.kiosk.hear(News::Finished(Outcome {
        went_well: true,
        ..outcome
    }));
    hall.sees("Đã xem xong USB");
    hall.misses("Chưa nạp nội dung mới");
}

#[test]
fn a_resident_who_reads_is_not_thrown_out_by_a_stick() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ > Cần chuẩn bị");
    let before = hall.view();
    hall.kiosk.hear(News::Looking);
    hall.sees("Đã cắm USB");
    hall.misses("Đang xem USB");
    assert_eq!(hall.view().rows, before.rows);
    hall.taps("Xem các bước");
    hall.sees("Chuẩn bị giấy tờ");
    // Somebody of the staff wants to see it.
    hall.tap("Đã cắm USB");
    hall.sees("Đang xem USB");
    hall.kiosk.hear(finished(true, "Đã nạp xong nội dung lần 2."));
    hall.tap("Đóng");
    hall.sees("Chuẩn bị giấy tờ");
    hall.misses("Đã cắm USB");
}

#[test]
fn the_new_pack_waits_until_nobody_reads_the_old_one() {
    let next = changed_content();
    let hall = Hall::open();
    with_staff(&hall, next.path());
    hall.taps("Chạm để bắt đầu > Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ");
    hall.kiosk.hear(News::NewPack);
    hall.sees("Làm giấy khai sinh cho trẻ");
    hall.taps("Trang chủ");
    hall.sees("Làm thủ tục");
    hall.leave();
    hall.tap("Chạm để bắt đầu");
    hall.sees("Giấy tờ mới");
    hall.misses("Làm thủ tục");
    hall.taps("Giấy tờ mới > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ");
    hall.sees("trong vòng 60 ngày");
}

#[test]
fn a_new_pack_has_shown_itself_when_a_visit_to_it_is_over_or_after_ten_minutes() {
    let next = changed_content();
    replace(&next.path().join("pack.toml"), "edition = 1", "edition = 2");
    let hall = Hall::open();
    let (orders, _) = with_staff(&hall, next.path());
    hall.tap("Chạm để bắt đầu");
    hall.kiosk.hear(News::NewPack);
    hall.leave();
    let shown = || orders.try_iter().collect::<Vec<_>>();
    assert_eq!(shown(), [Order::HasShownItself(1)], "this visit was to the old one");
    hall.taps("Chạm để bắt đầu > Giấy tờ mới");
    hall.wait(30);
    assert_eq!(shown(), []);
    hall.leave();
    assert_eq!(shown(), [Order::HasShownItself(2)]);
    hall.kiosk.hear(News::NewPack);
    hall.wait(1);
    hall.wait(9 * 60);
    assert_eq!(shown(), [], "nobody came");
    hall.wait(60);
    assert_eq!(shown(), [Order::HasShownItself(2)]);
}

/// A hall whose kiosk has nothing to show.
fn without_content() -> Hall {
    Hall::with(Setting {
        content: None,
        ..Setting::default()
    })
}

#[test]
fn the_new_pack_is_shown_at_once_when_nobody_is_there_and_heals_an_empty_kiosk() {
    let next = changed_content();
    let hall = without_content();
    with_staff(&hall, next.path());
    hall.sees("Máy đang nghỉ");
    hall.kiosk.hear(News::NewPack);
    hall.misses("Máy đang nghỉ");
    hall.tap("Chạm để bắt đầu");
    hall.sees("Giấy tờ mới");
}

#[test]
fn a_pack_that_can_not_be_opened_changes_nothing() {
    let hall = Hall::open();
    with_staff(&hall, Path::new("/nowhere"));
    hall.kiosk.hear(News::NewPack);
    hall.tap("Chạm để bắt đầu");
    hall.sees("Làm thủ tục");
}

#[test]
fn without_a_pin_there_is_no_staff_page() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Hỏi cán bộ > Máy đếm gì, không đếm gì");
    assert!(!hall.reads_on().join("\n").contains("Dành cho cán bộ"));
}

#[test]
fn the_way_of_staff_is_no_card_among_the_residents_help() {
    let hall = Hall::open();
    with_staff(&hall, Path::new("/nowhere"));
    hall.taps("Chạm để bắt đầu > Hỏi cán bộ");
    assert!(!hall.reads_on().join("\n").contains("Dành cho cán bộ"));
    // It is the last row of a long list.
    hall.tap("Máy đếm gì, không đếm gì");
    hall.misses("Dành cho cán bộ");
    assert!(hall.reads_on().join("\n").contains("Dành cho cán bộ"));
}

#[test]
fn the_staff_page_opens_with_the_pin_and_closes_by_itself() {
    let hall = Hall::open();
    let (orders, asked) = with_staff(&hall, Path::new("/nowhere"));
    let keys = "Chạm để bắt đầu > Hỏi cán bộ > Máy đếm gì, không đếm gì > Dành cho cán bộ";
    hall.taps(keys);
    hall.taps("1 > 2 > 3 > 4 > 5 > 6 > xoá một số > 7 > Vào");
    hall.sees("Xin chờ 5 giây");
    hall.wait(6);
    hall.taps("1 > 2 > 3 > 4 > 5 > 6 > Vào");
    hall.sees("Xin chờ 15 giây");
    hall.taps("2 > 7 > 1 > 8 > 2 > 8 > Vào");
    assert_eq!(asked.load(Relaxed), 0, "the right PIN came too soon");
    hall.wait(16);
    hall.taps("2 > 7 > 1 > 8 > 2 > 8 > Vào");
    hall.sees("Lần 1: Thử");
    hall.turns_to("1 lượt dùng");
    assert_eq!(asked.load(Relaxed), 1);
    hall.turns_to("1 gói đang chờ gửi.");
    hall.tap("Gửi ngay");
    hall.sees("Đang gọi văn phòng.");
    hall.tap("Sáng hơn");
    hall.sees("60 %");
    hall.tap("Tối hơn");
    hall.sees("50 %");
    hall.tap("Quay về nội dung trước");
    let edition = hall.library.as_ref().expect("content").catalogue().pack.edition;
    assert_eq!(orders.try_recv(), Ok(Order::RollBack(Some(edition))));
    hall.tap("Thử chạm màn hình");
    hall.sees("Ô nào không đổi màu");
    hall.tap("Xong");
    hall.sees("Thử chạm màn hình");
    // The next resident is not staff.
    hall.leave();
    hall.taps(keys);
    hall.sees("Nhập mã rồi bấm Vào");
    hall.tap("Trang chủ");
    hall.sees("Làm thủ tục");
}

/// On a low panel with the largest letters the last row of keys was cut.
#[test]
fn every_key_of_the_pin_is_wholly_on_the_screen_of_any_size() {
    each_in_its_hall(
        [(1280, 800), (1920, 1080), (1024, 600), (720, 1280), (1080, 1920)],
        |size| {
            let hall = Hall::sized(size);
            with_staff(&hall, Path::new("/nowhere"));
            hall.taps("Chạm để bắt đầu > Cỡ chữ > Cỡ chữ rất lớn > Đóng > Hỏi cán bộ > Máy đếm gì, không đếm gì > Dành cho cán bộ");
            let (width, height) = hall.size();
            for label in ["1", "9", "xoá một số", "0", "Vào", "Trang chủ"] {
                let buttons = hall.buttons();
                let button = buttons.iter().find(|button| button.label == label).expect("a button");
                let (right, bottom) = (
                    button.middle.x + button.width / 2.0,
                    button.middle.y + button.height / 2.0,
                );
                assert!(right <= width && bottom <= height, "{size:?}: {button:?}");
                assert!(button.middle.x >= button.width / 2.0 && button.middle.y >= button.height / 2.0);
            }
        },
    );
}

#[test]
fn wrong_tries_at_the_pin_are_remembered_until_a_right_one() {
    let hall = Hall::open();
    let desk = with_switch(&hall, Path::new("/nowhere"), false);
    hall.taps("Chạm để bắt đầu > Hỏi cán bộ > Máy đếm gì, không đếm gì > Dành cho cán bộ");
    for wrong in [1, 2] {
        hall.taps("1 > 2 > 3 > 4 > 5 > 6 > Vào");
        assert_eq!(desk.tries.load(Relaxed), wrong);
        hall.wait(16);
    }
    hall.taps("2 > 7 > 1 > 8 > 2 > 8 > Vào");
    hall.sees("Lần 1: Thử");
    assert_eq!(desk.tries.load(Relaxed), 0);
}

#[test]
fn what_was_typed_of_a_pin_is_forgotten() {
    let hall = Hall::open();
    with_staff(&hall, Path::new("/nowhere"));
    let keys = "Chạm để bắt đầu > Hỏi cán bộ > Máy đếm gì, không đếm gì > Dành cho cán bộ";
    hall.taps(keys);
    hall.taps("2 > 7 > 1");
    hall.leave();
    hall.taps(keys);
    hall.taps("8 > 2 > 8 > Vào");
    hall.sees("Nhập mã rồi bấm Vào");
}

/// How the button "Vào" is coloured, above its word.
fn way_in(hall: &Hall) -> [u8; 3] {
    let buttons = hall.buttons();
    let button = buttons.iter().find(|button| button.label == "Vào").expect("a button");
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place on the screen"
    )]
    let place = |place: f32| place as u32;
    hall.color(
        place(button.middle.x),
        place(button.middle.y - button.height / 2.0 + 12.0),
    )
}

#[test]
fn no_way_back_leads_to_the_staff_page() {
    let hall = Hall::open();
    with_staff(&hall, Path::new("/nowhere"));
    hall.kiosk.act(Action::StaffKey(true));
    hall.taps("Trợ giúp > Hỏi cán bộ > Quay lại");
    assert_eq!(hall.view().screen, Screen::Home);
    hall.taps("Trợ giúp > Hỏi cán bộ");
    hall.kiosk.act(Action::StaffKey(false));
    hall.sees("Chạm để bắt đầu");
}

#[test]
fn a_child_that_plays_with_the_keys_does_not_lock_staff_out() {
    let hall = Hall::open();
    with_staff(&hall, Path::new("/nowhere"));
    let keys = "Chạm để bắt đầu > Hỏi cán bộ > Máy đếm gì, không đếm gì > Dành cho cán bộ";
    hall.taps(keys);
    let dull = way_in(&hall);
    for _ in 0..8 {
        hall.tap("Vào");
        hall.sees("Nhập mã rồi bấm Vào");
    }
    hall.taps("1 > 2 > 3 > 4 > 5 > Vào");
    hall.sees("Nhập mã rồi bấm Vào");
    assert_eq!(way_in(&hall), dull, "nothing to try yet");
    hall.tap("6");
    assert_ne!(way_in(&hall), dull, "now there is");
    hall.tap("Vào");
    hall.sees("Mã chưa đúng. Xin chờ 5 giây.");
    for (waited, wait) in [(5, 15), (15, 45), (45, 60), (50, 60)] {
        hall.wait(waited);
        // Somebody still is there.
        hall.tap("xoá một số");
        hall.wait(10);
        hall.sees("Mã chưa đúng. Mời nhập lại.");
        hall.taps("1 > 2 > 3 > 4 > 5 > 6 > Vào");
        hall.sees(&format!("Mã chưa đúng. Xin chờ {wait} giây."));
    }
    // The child is gone, and somebody of the staff comes.
    hall.taps("Trang chủ > Hỏi cán bộ > Máy đếm gì, không đếm gì > Dành cho cán bộ");
    hall.misses("Mã chưa đúng");
    hall.sees("giây rồi nhập mã.");
    hall.wait(50);
    hall.tap("xoá một số");
    hall.wait(10);
    hall.sees("Nhập mã rồi bấm Vào");
    hall.taps("2 > 7 > 1 > 8 > 2 > 8 > Vào");
    hall.sees("Lần 1: Thử");
}

#[test]
fn nobody_is_greeted_with_the_mistake_of_the_one_before() {
    let hall = Hall::open();
    with_staff(&hall, Path::new("/nowhere"));
    let keys = "Chạm để bắt đầu > Hỏi cán bộ > Máy đếm gì, không đếm gì > Dành cho cán bộ";
    hall.taps(keys);
    hall.taps("1 > 2 > 3 > 4 > 5 > 6 > Vào");
    hall.sees("Mã chưa đúng");
    hall.leave();
    hall.taps(keys);
    hall.sees("Nhập mã rồi bấm Vào");
    hall.misses("Mã chưa đúng");
}

/// The way to the staff page, past its PIN.
const TO_STAFF: &str =
    "Chạm để bắt đầu > Hỏi cán bộ > Máy đếm gì, không đếm gì > Dành cho cán bộ > 2 > 7 > 1 > 8 > 2 > 8 > Vào";

#[test]
fn staff_turn_the_machine_off_with_two_touches_and_never_with_one() {
    let hall = Hall::open();
    let desk = with_switch(&hall, Path::new("/nowhere"), true);
    let turned_off = &desk.turned_off;
    hall.taps(TO_STAFF);
    hall.turns_to("Tắt máy");
    hall.tap("Tắt máy");
    hall.turns_to("Chạm lần nữa để tắt máy");
    assert!(turned_off.try_recv().is_err(), "one touch turns nothing off");
    // Another card is no second touch.
    hall.tap("Khởi động lại máy");
    hall.turns_to("Chạm lần nữa để khởi động lại máy");
    assert!(turned_off.try_recv().is_err());
    hall.tap("Chạm lần nữa để khởi động lại máy");
    assert_eq!(turned_off.try_recv(), Ok(true));
    hall.turns_to("Tắt máy");
    hall.taps("Tắt máy > Chạm lần nữa để tắt máy");
    assert_eq!(turned_off.try_recv(), Ok(false));
    assert!(turned_off.try_recv().is_err(), "once each");
}

#[test]
fn a_touch_of_somebody_who_left_is_no_first_touch() {
    let hall = Hall::open();
    let desk = with_switch(&hall, Path::new("/nowhere"), true);
    let turned_off = &desk.turned_off;
    hall.taps(TO_STAFF);
    hall.turns_to("Tắt máy");
    hall.taps("Tắt máy > Thử chạm màn hình > Xong");
    hall.turns_to("Tắt máy");
    hall.misses("Chạm lần nữa");
    hall.tap("Tắt máy");
    hall.taps("Trang chủ > Hỏi cán bộ > Máy đếm gì, không đếm gì > Dành cho cán bộ > 2 > 7 > 1 > 8 > 2 > 8 > Vào");
    hall.turns_to("Tắt máy");
    hall.misses("Chạm lần nữa");
    hall.tap("Tắt máy");
    hall.leave();
    hall.taps(TO_STAFF);
    hall.turns_to("Tắt máy");
    hall.misses("Chạm lần nữa");
    assert!(turned_off.try_recv().is_err());
}

#[test]
fn where_the_machine_can_not_be_turned_off_nobody_is_offered_it() {
    let hall = Hall::open();
    with_staff(&hall, Path::new("/nowhere"));
    hall.taps(TO_STAFF);
    let page = hall.reads_on().join("\n");
    assert!(page.contains("Khởi động lại chương trình"), "{page}");
    assert!(
        !page.contains("Tắt máy") && !page.contains("Khởi động lại máy"),
        "{page}"
    );
}

/// What is found out takes as long as the card does; the page is there at once, and says so.
#[test]
fn the_staff_page_opens_while_the_card_is_busy() {
    let hall = Hall::open();
    let (_orders, _) = with_staff(&hall, &content_folder());
    let card = hall.holds_the_card();
    hall.kiosk.act(Action::StaffKey(true));
    hall.nap(200);
    hall.sees("Máy đang tự xem lại, mời đợi một chút.");
    hall.sees("Khởi động lại chương trình");
    hall.misses("Lần 1: Thử");
    assert!(card.let_go());
    hall.nap(200);
    hall.sees("Lần 1: Thử");
    hall.misses("Máy đang tự xem lại");
}

/// Where staff type their PIN, on a kiosk without content, and the PIN.
const TO_STAFF_WITHOUT_CONTENT: &str = "Dành cho cán bộ > 2 > 7 > 1 > 8 > 2 > 8 > Vào";

#[test]
fn without_content_staff_have_their_page_all_the_same() {
    let hall = without_content();
    hall.misses("Dành cho cán bộ");
    let desk = with_switch(&hall, Path::new("/nowhere"), true);
    hall.sees("Máy đang nghỉ");
    // A finger that trembles types no digit.
    hall.double_tap("Dành cho cán bộ");
    assert_eq!(hall.view().screen, Screen::Pin(PinBox::default()));
    hall.taps("2 > 7 > 1 > 8 > 2 > 8 > Vào");
    hall.sees("Lần 1: Thử");
    hall.taps("Thử chạm màn hình > Xong > Quay lại");
    hall.sees("Máy đang nghỉ");
    hall.taps(TO_STAFF_WITHOUT_CONTENT);
    hall.turns_to("Tắt máy");
    hall.tap("Tắt máy");
    assert!(desk.turned_off.try_recv().is_err(), "one touch turns nothing off");
    hall.tap("Chạm lần nữa để tắt máy");
    assert_eq!(desk.turned_off.try_recv(), Ok(false));
    hall.tap("Trang chủ");
    hall.sees("Máy đang nghỉ");
    // Whoever has the key needs no PIN.
    hall.kiosk.act(Action::StaffKey(true));
    hall.sees("Lần 1: Thử");
    hall.kiosk.act(Action::StaffKey(false));
    hall.sees("Máy đang nghỉ");
    assert!(hall.counted().is_empty(), "staff are no visitors");
}

#[test]
fn without_content_the_ways_of_staff_close_by_themselves() {
    let hall = without_content();
    with_staff(&hall, Path::new("/nowhere"));
    for way in ["Dành cho cán bộ > 2 > 7", TO_STAFF_WITHOUT_CONTENT] {
        hall.taps(way);
        hall.misses("Máy đang nghỉ");
        hall.wait(62);
        hall.sees("Ông/bà còn dùng không?");
        hall.wait(20);
        assert_eq!(hall.view().screen, Screen::Sorry, "{way}");
        hall.sees("Máy đang nghỉ");
        hall.wait(200);
        hall.misses("Ông/bà còn dùng không?");
    }
    hall.tap("Dành cho cán bộ");
    assert_eq!(hall.view().screen, Screen::Pin(PinBox::default()));
}

#[test]
fn a_pack_that_comes_while_staff_are_at_an_empty_kiosk_is_there_when_they_leave() {
    let next = changed_content();
    for (way, then) in [
        ("Dành cho cán bộ", "Chạm để bắt đầu"),
        (TO_STAFF_WITHOUT_CONTENT, "Giấy tờ mới"),
    ] {
        let folder = next.path().to_owned();
        each_in_its_hall([(way, then, folder)], |(way, then, folder)| {
            let hall = without_content();
            with_staff(&hall, &folder);
            hall.taps(way);
            hall.kiosk.hear(News::NewPack);
            hall.nap(200);
            hall.tap("Trang chủ");
            hall.sees(then);
            hall.misses("Máy đang nghỉ");
        });
    }
    // "Quay lại" does not lead to an apology that is out of date.
    let hall = without_content();
    with_staff(&hall, next.path());
    hall.taps(TO_STAFF_WITHOUT_CONTENT);
    hall.kiosk.hear(News::NewPack);
    hall.nap(200);
    hall.tap("Quay lại");
    hall.sees("Giấy tờ mới");
}

#[test]
fn what_became_of_a_stick_closes_by_itself_without_content_too() {
    let hall = without_content();
    hall.kiosk.hear(finished(false, "Không thấy gói nội dung trong USB."));
    hall.sees("Chưa nạp nội dung mới");
    hall.wait(121);
    hall.misses("Chưa nạp nội dung mới");
    hall.sees("Máy đang nghỉ");
}

#[test]
fn the_apology_and_the_way_of_staff_are_wholly_on_the_screen_of_any_size() {
    each_in_its_hall(
        [(1280, 800), (1920, 1080), (1024, 600), (720, 1280), (1080, 1920)],
        |size| {
            let hall = Hall::with(Setting {
                size,
                content: None,
                ..Setting::default()
            });
            with_staff(&hall, Path::new("/nowhere"));
            hall.nap(200);
            let (width, height) = hall.size();
            let elements = hall.kiosk.elements();
            let find = |words: &str| {
                let found = elements.iter().find(|element| element.label.starts_with(words));
                found.unwrap_or_else(|| panic!("no “{words}”"))
            };
            let mut above = 0.0;
            for words in ["Máy đang nghỉ", "Xin lỗi ông/bà", "Dành cho cán bộ"] {
                let element = find(words);
                let (half_width, half_height) = (element.width / 2.0, element.height / 2.0);
                assert!(element.middle.y - half_height >= above, "{size:?}: {element:?}");
                above = element.middle.y + half_height;
                assert!((element.middle.x - width / 2.0).abs() <= 1.0, "{size:?}: {element:?}");
                assert!(
                    element.middle.x >= half_width && above <= height,
                    "{size:?}: {element:?}"
                );
            }
        },
    );
}

/// Who knows the PIN types fast; on the keys no finger trembles from one screen to the next.
#[test]
fn a_quick_touch_on_the_way_in_right_after_the_last_digit_is_taken() {
    let hall = Hall::open();
    with_staff(&hall, Path::new("/nowhere"));
    hall.taps("Chạm để bắt đầu > Hỏi cán bộ > Máy đếm gì, không đếm gì > Dành cho cán bộ > 2 > 7 > 1 > 8 > 2");
    let buttons = hall.buttons();
    let place = |label: &str| {
        let button = buttons.iter().find(|button| button.label == label);
        button.expect("a key").middle
    };
    hall.touch_all([place("8")]);
    hall.nap(100);
    hall.touch_all([place("Vào")]);
    hall.nap(100);
    hall.sees("Lần 1: Thử");
}
