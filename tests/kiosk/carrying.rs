//! A clerk carries a pack to the kiosk on a stick: what the screen is told, what is on the stick afterwards, what is shown.

use std::cell::RefCell;
use std::fs::{self, File};
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{Duration, Instant};

use chrono::{Local, NaiveDate, TimeZone};
use commune_kiosk::bundle::{self, Head, Key, Kind, Trust};
use commune_kiosk::content::library::{self, Library};
use commune_kiosk::content::source;
use commune_kiosk::kiosk::device::clock::{Clock, Source};
use commune_kiosk::kiosk::device::sticks::Sticks;
use commune_kiosk::kiosk::slots::Slots;
use commune_kiosk::kiosk::sync::stick::{ANSWER, News, Order, Outcome, StickWatch};
use tempfile::TempDir;

/// The office, the kiosk and a place for sticks.
struct Desk {
    dir: TempDir,
    key: Key,
}

impl Desk {
    fn new() -> Self {
        let desk = Self {
            dir: tempfile::tempdir().expect("a folder"),
            key: Key::generate().expect("a key"),
        };
        fs::create_dir(desk.path("sticks")).expect("a folder");
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A pack of this edition, signed by this key.
    fn pack(&self, id: &str, edition: u64, key: &Key) -> Vec<u8> {
        let good = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/office/content_checker/good");
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
        let mut content = source::read(&good, today).content.expect("good content");
        id.clone_into(&mut content.pack.id);
        content.pack.edition = edition;
        let file = self.path("content.db");
        library::write(&content, &file).expect("written");
        let head = Head {
            kind: Kind::Pack,
            id: id.to_owned(),
            sequence: edition,
            created: String::new(),
        };
        let mut pack = Vec::new();
        let mut payload = File::open(file).expect("a file");
        bundle::write(head, &mut payload, &mut Cursor::new(Vec::new()), key, &mut pack).expect("a pack");
        pack
    }

    fn slots(&self) -> Slots {
        Slots::open(&self.path("data"), None)
    }

    /// Puts a stick in and gives all the news until it can be pulled out.
    fn plug_in(&self, files: &[(&str, &[u8])]) -> (Vec<News>, String) {
        let stick = self.path("sticks/usb");
        let _ = fs::remove_dir_all(&stick);
        let staged = self.path("usb");
        for (name, bytes) in files {
            let file = staged.join(name);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, bytes).expect("written");
        }
        fs::create_dir_all(&staged).expect("a folder");
        fs::rename(staged, &stick).expect("plugged in");
        let news = self.watch();
        (news, fs::read_to_string(stick.join(ANSWER)).unwrap_or_default())
    }

    /// Watches until a stick is finished, or nothing happens.
    fn watch(&self) -> Vec<News> {
        let news = Rc::new(RefCell::new(Vec::new()));
        let (orders, taken) = std::sync::mpsc::channel::<Order>();
        let (told, orders) = (news.clone(), RefCell::new(Some(orders)));
        let morning = NaiveDate::from_ymd_opt(2026, 11, 23).and_then(|day| day.and_hms_opt(8, 5, 0));
        let morning = Local.from_local_datetime(&morning.expect("a time")).single();
        let clock = Clock::of(Path::new("/nowhere"));
        clock.tell(morning.expect("one time").timestamp(), Source::Staff);
        let watch = StickWatch {
            sticks: Sticks::folders(&self.path("sticks")),
            slots: self.slots(),
            trust: Trust::new(vec![self.key.public().expect("a key")]).expect("one key"),
            outbox: None,
            tell: move |news: News| {
                if matches!(news, News::Finished(_)) {
                    // Nobody gives orders any more: the watch ends.
                    orders.take();
                }
                told.borrow_mut().push(news);
            },
            clock,
        };
        watch.run(&taken).expect("a folder of sticks");
        news.take()
    }

    fn shown(&self) -> Option<u64> {
        let none = |_: &Path| -> Result<Library, String> { Err("no factory".to_owned()) };
        self.slots()
            .start(none)
            .library
            .map(|library| library.catalogue().pack.edition)
    }
}

fn outcome(news: &[News]) -> &Outcome {
    match news.last() {
        Some(News::Finished(outcome)) => outcome,
        other => panic!("not finished: {other:?}"),
    }
}

#[test]
fn a_pack_is_found_installed_and_answered() {
    let desk = Desk::new();
    let (news, answer) = desk.plug_in(&[("le-loi.kpack", &desk.pack("le-loi", 3, &desk.key))]);
    assert_eq!(news[0], News::Looking);
    assert!(
        news.iter()
            .any(|news| matches!(news, News::Installing(progress) if progress.done <= progress.total))
    );
    assert!(news.contains(&News::NewPack));
    let outcome = outcome(&news);
    assert!(
        outcome.installed && outcome.went_well && outcome.can_be_pulled_out,
        "{outcome:?}"
    );
    assert_eq!(desk.shown(), Some(3));
    assert!(
        answer.contains("Ngày 23/11/2026, 8 giờ 05") && answer.contains("Đã nạp xong nội dung lần 3"),
        "{answer}"
    );
}

#[test]
fn the_newest_pack_for_this_kiosk_wins_wherever_it_lies() {
    let desk = Desk::new();
    desk.plug_in(&[("a.kpack", &desk.pack("le-loi", 1, &desk.key))]);
    let stranger = Key::generate().expect("a key");
    let (news, _) = desk.plug_in(&[
        ("a.kpack", &desk.pack("le-loi", 2, &desk.key)),
        ("Gói mới/b.KPACK", &desk.pack("le-loi", 5, &desk.key)),
        ("c.kpack", &desk.pack("le-loi", 9, &stranger)),
        ("d.kpack", &desk.pack("yet-kieu", 8, &desk.key)),
        ("e.kpack", b"holiday pictures"),
        ("._b.kpack", b"what macOS leaves behind"),
        ("too/deep/f.kpack", &desk.pack("le-loi", 7, &desk.key)),
    ]);
    assert!(outcome(&news).installed);
    assert_eq!(desk.shown(), Some(5));
}

#[test]
fn each_useless_stick_is_told_in_a_sentence_what_to_do() {
    let desk = Desk::new();
    desk.plug_in(&[("a.kpack", &desk.pack("le-loi", 4, &desk.key))]);
    let stranger = Key::generate().expect("a key");
    let good = desk.pack("le-loi", 5, &desk.key);
    let mut damaged = good.clone();
    let middle = damaged.len() - 4_000;
    damaged[middle] ^= 1;
    for (files, words) in [
        (
            vec![("a.kpack", desk.pack("le-loi", 4, &desk.key))],
            "đang có sẵn nội dung lần 4",
        ),
        (
            vec![("a.kpack", desk.pack("le-loi", 2, &desk.key))],
            "cũ hơn nội dung lần 4",
        ),
        (
            vec![("a.kpack", desk.pack("yet-kieu", 9, &desk.key))],
            "dành cho nơi khác",
        ),
        (
            vec![("a.kpack", desk.pack("le-loi", 9, &stranger))],
            "không do văn phòng của máy làm ra",
        ),
        (vec![("a.kpack", good[..good.len() / 2].to_vec())], "bị thiếu phần cuối"),
        (vec![("a.kpack", damaged)], "bị hỏng"),
        (vec![("a.kpack", Vec::new())], "bị thiếu phần cuối"),
    ] {
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
        let (news, answer) = desk.plug_in(&files);
        let outcome = outcome(&news);
        assert!(!outcome.installed && outcome.can_be_pulled_out, "{outcome:?}");
        assert!(
            outcome.words.contains(words) && answer.contains(words),
            "no “{words}” in {outcome:?}"
        );
        assert!(!news.contains(&News::NewPack));
        assert_eq!(desk.shown(), Some(4));
    }
}

/// By mistake, or to charge a telephone. Staff who forgot the pack bring such a stick too, and read on the screen what is missing.
#[test]
fn a_residents_own_stick_is_left_as_it_was() {
    let desk = Desk::new();
    let photographs: Vec<String> = (0..1_100).map(|number| format!("DCIM/IMG_{number:04}.JPG")).collect();
    let of_many: Vec<(&str, &[u8])> = photographs.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
    for (files, words) in [
        (vec![], "Không thấy gói nội dung trong USB"),
        (
            vec![("anh.jpg", b"a picture".as_slice())],
            "Không thấy gói nội dung trong USB",
        ),
        (of_many, "máy chưa xem hết"),
    ] {
        let (news, _) = desk.plug_in(&files);
        let outcome = outcome(&news);
        assert!(outcome.words.contains(words) && !outcome.went_well, "{outcome:?}");
        let mut expected: Vec<&str> = files.iter().filter_map(|(name, _)| name.split('/').next()).collect();
        expected.dedup();
        let there = fs::read_dir(desk.path("sticks/usb")).expect("the stick");
        let there: Vec<_> = there.map(|entry| entry.expect("an entry").file_name()).collect();
        assert_eq!(there, expected, "{words}");
    }
}

#[test]
fn a_stick_that_was_brought_for_the_kiosk_gets_an_answer_also_without_a_pack() {
    let desk = Desk::new();
    let before = "Đã nạp xong nội dung lần 3.";
    for (name, bytes) in [("Kiosk/readme.txt", b"".as_slice()), (ANSWER, before.as_bytes())] {
        let (_, answer) = desk.plug_in(&[(name, bytes)]);
        assert!(
            answer.contains("Không thấy gói nội dung") && !answer.contains(before),
            "{name}: {answer}"
        );
    }
}

#[test]
fn links_on_a_stick_lead_nowhere() {
    let desk = Desk::new();
    let secret = desk.path("secret.txt");
    fs::write(&secret, "nobody's business").expect("written");
    fs::write(desk.path("elsewhere.kpack"), desk.pack("le-loi", 3, &desk.key)).expect("written");
    let staged = desk.path("usb");
    fs::create_dir(&staged).expect("a folder");
    std::os::unix::fs::symlink(&secret, staged.join(ANSWER)).expect("a link");
    std::os::unix::fs::symlink(desk.path("elsewhere.kpack"), staged.join("a.kpack")).expect("a link");
    std::os::unix::fs::symlink(desk.dir.path(), staged.join("folder")).expect("a link");
    let (news, answer) = desk.plug_in(&[]);
    assert!(outcome(&news).words.contains("Không thấy gói nội dung"));
    assert_eq!(desk.shown(), None);
    assert!(answer.contains("Không thấy gói nội dung"));
    assert_eq!(fs::read_to_string(secret).expect("a text"), "nobody's business");
}

#[test]
fn odd_names_are_names_like_others() {
    let desk = Desk::new();
    let pack = desk.pack("le-loi", 3, &desk.key);
    let (longest, junk) = (format!("{}.kpack", "d".repeat(249)), b"junk".as_slice());
    let (news, answer) = desk.plug_in(&[
        ("xuống\ndòng.kpack", junk),
        ("\u{202e}kcapk.exe.kpack", junk),
        ("%n%s$(reboot);`reboot`.kpack", junk),
        ("..kpack", junk),
        (&longest, &pack),
    ]);
    assert!(outcome(&news).installed, "{news:?}");
    assert_eq!(desk.shown(), Some(3));
    // What staff read has no word from the stick in it.
    assert!(!answer.contains("reboot") && !answer.contains("ddd"), "{answer}");
}

#[test]
fn a_stick_with_very_many_files_is_looked_at_for_so_long_and_no_longer() {
    let desk = Desk::new();
    let staged = desk.path("usb");
    fs::create_dir(&staged).expect("a folder");
    for number in 0..20_000 {
        File::create(staged.join(format!("{number}.jpg"))).expect("a file");
    }
    let mut deep = staged.clone();
    for level in 0..200 {
        deep.push(level.to_string());
        fs::create_dir(&deep).expect("a folder");
    }
    let began = Instant::now();
    let (news, _) = desk.plug_in(&[]);
    assert!(!outcome(&news).installed);
    // Two seconds are allowed for looking; what is measured here also holds a slow machine.
    assert!(began.elapsed() < Duration::from_secs(20));
}
