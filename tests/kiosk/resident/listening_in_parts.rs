//! Residents who hear a recording that knows its parts: what is read is marked, the page turns, chapters are chosen.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use commune_kiosk::content::aloud;
use commune_kiosk::content::model::{Recording, Said};
use commune_kiosk::content::source;
use commune_kiosk::kiosk::session::Action;
use commune_kiosk::kiosk::session::sound::{Rules, Sound};
use commune_kiosk::kiosk::session::view::{Screen, SlideKind};

use super::listening::{ARTICLE, Heard, looked_at, written};
use crate::common::{USUAL, content_folder, each_in_its_hall};

/// The commune's content, with an article recorded in its parts, twenty seconds each, and the newest programme in its chapters, a minute
/// each.
fn recorded(folder: &Path) -> PathBuf {
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
    let mut content = source::read(&content_folder(), today)
        .content
        .expect("content without errors");
    let programme = content.programmes.iter().find(|it| it.month <= today);
    let programme = programme.expect("one on the air").id.clone();
    content.recordings = [(Said::Page(ARTICLE), 20), (Said::Programme(&programme), 60)]
        .map(|(said, each)| {
            let all = aloud::parts(&content, said).expect("something to read").len();
            let all = u32::try_from(all).expect("a few parts");
            Recording {
                of: said.to_string(),
                media: format!("{each}.opus"),
                seconds: all * each,
                machine: false,
                parts: (0..all).map(|part| part * each).collect(),
            }
        })
        .to_vec();
    written(content, folder)
}

#[test]
fn what_is_read_is_marked_and_the_page_turns_for_who_reads_along() {
    let heard = Heard::with(USUAL, Rules::default(), recorded);
    let hall = &heard.hall;
    hall.tap("Chạm để bắt đầu");
    hall.goes_to(ARTICLE);
    hall.tap("Nghe");
    heard.plays(1, 0..1);
    assert!(hall.view().marked.is_empty(), "the title stands in the bar");
    // From part to part, to the first that stands on the second page.
    let (mut at, mut last) = (1, None);
    while hall.view().column_page == 0 {
        heard.plays(1, at..at + 20);
        at += 20;
        let marked = hall.view().marked;
        let first = *marked.first().expect("what is read");
        assert!(Some(first) > last, "{first} after {last:?}");
        last = Some(first);
        assert!(at < 800, "the page never turned");
    }
    hall.picture()
        .write(&looked_at().join("listening-marked.png"))
        .expect("written");
    // A second after the page has turned: who missed something sees it again.
    hall.tap("15 giây trước");
    assert_eq!(hall.view().column_page, 0);
    heard.plays(1, at - 15..at);
    assert_eq!(hall.view().column_page, 1);
    // And on, past blocks that stand on two pages, to the last page that has something to be read.
    let mut pages = vec![1];
    while pages.len() < 3 && at < 800 {
        heard.plays(1, at..at + 20);
        at += 20;
        let page = hall.view().column_page;
        if page > pages[pages.len() - 1] {
            pages.push(page);
        }
    }
    assert!(
        pages.len() == 3 || pages.len() + 1 >= hall.view().column_pages,
        "{pages:?}"
    );
    // Who has turned back reads something else, and is left alone.
    while hall.view().column_page > 0 {
        hall.turn_up();
    }
    heard.plays(1, at..at + 20);
    assert_eq!(hall.view().column_page, 0);
    hall.tap("Trang chủ");
    assert!(hall.view().marked.is_empty());
}

#[test]
fn what_is_read_is_marked_at_every_size() {
    let texts = ["Cỡ chữ vừa", "Cỡ chữ rất lớn"];
    let all = [(1280, 800), (720, 1280)]
        .into_iter()
        .flat_map(|size| texts.map(|text| (size, text)));
    each_in_its_hall(all, |(size, text)| {
        let heard = Heard::with(size, Rules::default(), recorded);
        let hall = &heard.hall;
        hall.taps(&format!("Chạm để bắt đầu > Cỡ chữ > {text} > Đóng"));
        hall.goes_to(ARTICLE);
        hall.tap("Nghe");
        for (number, second) in [45, 65, 85].into_iter().enumerate() {
            heard.plays(1, second..second + 1);
            assert!(!hall.view().marked.is_empty(), "{second}");
            hall.draw();
            let name = format!("marked-{}x{}-{}-{number}.png", size.0, size.1, text.replace(' ', "-"));
            hall.picture().write(&looked_at().join(name)).expect("written");
        }
    });
}

#[test]
fn a_programme_is_heard_from_the_chapter_that_is_touched() {
    let heard = Heard::with(USUAL, Rules::default(), recorded);
    let hall = &heard.hall;
    hall.tap("Chạm để bắt đầu");
    hall.tap("Nghe đài, lịch họp");
    hall.tap("Giấy tờ trên điện thoại");
    hall.sees("Chạm vào phần muốn nghe:");
    hall.picture()
        .write(&looked_at().join("chapters.png"))
        .expect("written");
    hall.tap("Phần hai: giấy tờ nằm trong điện thoại");
    assert_eq!(heard.told(), ["play 1 at 2", "from 120"]);
    let card = hall.view().marked[0];
    hall.picture()
        .write(&looked_at().join("chapters-playing.png"))
        .expect("written");
    hall.tap("Tạm dừng");
    hall.tap("Phần một: định danh mức hai");
    assert_eq!(heard.told(), ["pause", "from 60", "go on"]);
    assert_eq!(hall.view().marked[0] + 1, card, "the card before is marked");
    hall.kiosk.act(Action::Sound(Sound::Ended { number: 1 }));
    hall.leave();
    assert_eq!(
        heard.counted().len(),
        1,
        "who passed over a chapter has not heard all of it"
    );
}

#[test]
fn the_invitation_offers_what_can_be_heard_and_a_touch_leads_there() {
    let heard = Heard::with(USUAL, Rules::default(), recorded);
    let hall = &heard.hall;
    let is_offered = || matches!(hall.view().screen, Screen::Attract(slide) if slide.kind == SlideKind::Radio);
    for _ in 0..8 {
        if is_offered() {
            break;
        }
        hall.wait(15);
    }
    assert!(is_offered());
    hall.sees("Chương trình tháng 11/2026");
    hall.picture()
        .write(&looked_at().join("invitation-radio.png"))
        .expect("written");
    hall.tap("Chạm để xem");
    hall.sees("Chạm vào phần muốn nghe:");
    assert_eq!(heard.told(), [""; 0], "nothing plays unasked");
    // Without a loudspeaker it is neither there nor on the home screen.
    hall.kiosk.act(Action::Sound(Sound::Card(false)));
    hall.tap("Trang chủ");
    hall.misses("Nghe đài, lịch họp");
}

/// For a person to look at: what is new on the home screen, the invitation and a programme.
#[test]
fn what_offers_the_radio_fits_at_every_size() {
    let looks = ["Cỡ chữ vừa", "Cỡ chữ rất lớn", "Nền đen, chữ trắng"];
    let sizes = [(1280, 800), (720, 1280)];
    let all = sizes.into_iter().flat_map(|size| looks.map(|look| (size, look)));
    each_in_its_hall(all, |(size, look)| {
        let heard = Heard::with(size, Rules::default(), recorded);
        let hall = &heard.hall;
        let picture = |what: &str| {
            let name = format!("radio-{what}-{}x{}-{}.png", size.0, size.1, look.replace(' ', "-"));
            hall.picture().write(&looked_at().join(name)).expect("written");
        };
        hall.taps(&format!("Chạm để bắt đầu > Cỡ chữ > {look} > Đóng"));
        picture("home");
        hall.tap("Nghe đài, lịch họp");
        hall.tap("Giấy tờ trên điện thoại");
        hall.tap("Phần một: định danh mức hai");
        picture("chapters");
        assert!(!hall.view().marked.is_empty());
        hall.tap("Trang chủ");
        hall.goes_to(ARTICLE);
        hall.tap("Nghe");
        assert_eq!(heard.told(), ["play 1 at 2", "from 60", "stop", "play 2 at 2"]);
        heard.plays(2, 45..46);
        assert!(!hall.view().marked.is_empty());
        hall.draw();
        picture("article");
    });
}
