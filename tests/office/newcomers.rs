//! Kiosks that nobody has accepted: made up by hundreds, dismissed for good, or expected before they ever came.

use std::path::Path;

use commune_kiosk::bundle::Key;
use commune_kiosk::office::password;
use commune_kiosk::office::receive::{self, Accepted, Answer};

use crate::common::browser::{Browser, Screen};
use crate::common::office::{Office, today};
use crate::common::program::{Program, write_key};
use crate::desk::Desk;
use crate::server::{introduction, post, run, words};

const PASSWORD: &str = "mùa lúa chín rộ";

fn key() -> Key {
    Key::generate().expect("a key")
}

fn id(key: &Key) -> String {
    key.public().expect("a key").kiosk_id()
}

fn six_words(key: &Key) -> String {
    key.public().expect("a key").words()
}

fn accept(office: &Office, typed: &str) -> Accepted {
    let accepted = office.asks(async |store| receive::accept(store, typed, "Sảnh", today(), office.built).await);
    accepted.expect("an answer")
}

#[test]
fn a_kiosk_is_accepted_before_it_ever_came() {
    let office = Office::open();
    let [by_id, by_words, stranger] = [0; 3].map(|_| key());
    assert_eq!(accept(&office, &id(&by_id)), Accepted::Expected(id(&by_id)));
    let typed = six_words(&by_words).to_uppercase();
    assert_eq!(accept(&office, &typed), Accepted::Expected(six_words(&by_words)));
    assert_eq!(accept(&office, "kiosk-0"), Accepted::Nobody);
    // Over the network and by hand, the first bundle is taken.
    assert_eq!(post(&office.url(), &introduction(&by_id)).status, 200);
    let brought = office.receives(async |receiver, _| receiver.receive(introduction(&by_words), today()).await);
    assert!(matches!(brought, Ok(Answer::Stored(_))), "{brought:?}");
    assert_eq!(post(&office.url(), &introduction(&stranger)).status, 202);
    for key in [&by_id, &by_words] {
        let kiosk = office.kiosk(&id(key));
        assert_eq!((kiosk.name.as_str(), kiosk.stored), ("Sảnh", 1));
    }
    let expected = office.asks(async |store| store.expected().await.expect("an answer"));
    assert_eq!(expected, [], "they are here");
    // One that waits is found by its words, and what waits is taken.
    assert_eq!(accept(&office, &six_words(&stranger)), Accepted::Known(id(&stranger)));
    assert_eq!(office.kiosk(&id(&stranger)).stored, 1);
}

#[test]
fn a_kiosk_has_a_name_of_one_line_with_something_in_it_whoever_gives_it() {
    let office = Office::open();
    let [stranger, expected] = [0; 2].map(|_| key());
    assert_eq!(post(&office.url(), &introduction(&stranger)).status, 202);
    let desk = Desk::at(&office);
    let typed = |typed: &str, name: &str| {
        let accept = ["kiosks", "accept", typed, "--name", name];
        let output = run(office.dir.path(), &accept);
        (output.status.code(), words(&output))
    };
    let long = "x".repeat(81);
    for name in [
        "",
        "  ",
        "Sảnh\nUBND",
        "Sảnh\u{2028}UBND",
        "\u{200b}\u{2060}",
        "…",
        "\u{202e}Sảnh",
        &long,
    ] {
        for who in [id(&stranger), id(&expected), six_words(&expected)] {
            let (code, said) = typed(&who, name);
            assert_eq!(code, Some(1), "{name:?}: {said}");
            assert!(said.contains("Tên máy viết trên một dòng"), "{name:?}: {said}");
        }
        for (path, who) in [
            (format!("/kiosks/{}/accept", id(&stranger)), ""),
            ("/kiosks/accept".into(), &six_words(&expected)),
        ] {
            let answer = desk.sends(&path, &[("who", who), ("name", name)]);
            assert!(
                answer.status == 400 && answer.text().contains("Tên máy viết trên một dòng"),
                "{name:?}"
            );
        }
    }
    assert_eq!(office.unknown().len(), 1, "nobody was accepted");
    assert_eq!(
        office.asks(async |store| store.expected().await.expect("an answer")),
        []
    );
    // What stands around it is none of it, and a name given later is looked at as the first.
    let (code, said) = typed(&id(&stranger), " Sảnh UBND xã ");
    assert_eq!((code, said.contains("Đã duyệt")), (Some(0), true), "{said}");
    assert_eq!(office.kiosk(&id(&stranger)).name, "Sảnh UBND xã");
    assert_eq!(typed(&id(&stranger), "\n").0, Some(1));
    assert_eq!(office.kiosk(&id(&stranger)).name, "Sảnh UBND xã");
}

#[test]
fn whoever_was_dismissed_stays_dismissed_until_a_person_takes_them_back() {
    let office = Office::open();
    let key = key();
    let send = || post(&office.url(), &introduction(&key)).status;
    assert_eq!(send(), 202);
    assert!(office.asks(async |store| store.dismiss(&id(&key)).await.expect("an answer")));
    for _ in 0..3 {
        assert_eq!(send(), 507);
    }
    assert_eq!(office.unknown(), []);
    assert_eq!(accept(&office, &six_words(&key)), Accepted::Known(id(&key)));
    assert_eq!(send(), 200);
}

/// Somebody makes up as many kiosks as there may be. The commune's own is accepted by its words all the same, and the others are
/// dismissed together, after a question.
#[test]
fn five_hundred_made_up_kiosks_keep_no_real_one_out() {
    let office = Office::open();
    let hash = password::hash(PASSWORD).expect("a password");
    office.asks(async |store| store.set_password("lan", &hash, None).await.expect("an account"));
    let url = office.url();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..125).for_each(|_| assert_eq!(post(&url, &introduction(&key())).status, 202)));
        }
    });
    let real = key();
    assert_eq!(post(&url, &introduction(&real)).status, 507);

    let browser = Browser::open(Screen::Desktop);
    browser.goes_to(&format!("{url}/kiosks"));
    browser.types("#name", "lan");
    browser.types("#password", PASSWORD);
    browser.presses("Đăng nhập");
    let text = browser.text();
    assert!(text.contains("Còn 480 máy nữa"), "{text}");
    browser.takes_picture("flooded");
    browser.types("#who", &six_words(&real));
    browser.types("#expected-name", "Sảnh UBND xã");
    browser.presses("Duyệt");
    let text = browser.text();
    assert!(text.contains("Sảnh UBND xã: đã duyệt"), "{text}");
    assert_eq!(post(&url, &introduction(&real)).status, 200);
    browser.opens("Không máy nào là máy của xã, bỏ cả 500 máy");
    assert_eq!(office.unknown().len(), 500, "only a question");
    assert!(
        browser.text().contains("Bỏ cả 500 máy? Máy đã bỏ thì"),
        "{}",
        browser.text()
    );
    assert_eq!(browser.asks_axe(), [""; 0]);
    browser.takes_picture("flooded-dismiss");
    browser.presses("Bỏ cả 500 máy");
    let text = browser.text();
    assert!(
        !text.contains("Máy chờ duyệt") && text.contains("Sảnh UBND xã"),
        "{text}"
    );
    assert_eq!(office.unknown(), []);
    // A mistyped word is said at once.
    browser.types("#who", "ba ba ba ba ba bla");
    browser.types("#expected-name", "Sảnh");
    browser.presses("Duyệt");
    assert!(browser.text().contains("không phải mã số"), "{}", browser.text());
}

#[test]
fn the_command_line_expects_and_dismisses_as_well() {
    let folder = tempfile::tempdir().expect("a folder");
    write_key(folder.path(), &key());
    let program = Program::start(folder.path(), &[]);
    let kiosks = |arguments: &[&str]| {
        let output = run(folder.path() as &Path, &[&["kiosks"], arguments].concat());
        (output.status.code(), words(&output))
    };
    let [expected, one, other] = [0; 3].map(|_| key());
    let (code, said) = kiosks(&["accept", &six_words(&expected), "--name", "Sảnh"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("sẽ được nhận ngay khi gửi lần đầu"), "{said}");
    let (_, list) = kiosks(&["list"]);
    assert!(
        list.starts_with(&format!("duyệt trước\t{}\tSảnh\t", six_words(&expected))),
        "{list}"
    );
    assert_eq!(post(&program.url, &introduction(&expected)).status, 200);
    for key in [&one, &other] {
        assert_eq!(post(&program.url, &introduction(key)).status, 202);
    }
    assert_eq!(
        kiosks(&["dismiss", &id(&one)]),
        (Some(0), format!("Đã bỏ {}\n", id(&one)))
    );
    assert_eq!(kiosks(&["dismiss", &id(&one)]).0, Some(1), "it is gone");
    assert_eq!(kiosks(&["dismiss", "--all"]), (Some(0), "Đã bỏ 1 máy\n".to_owned()));
    assert_eq!(kiosks(&["dismiss"]).0, Some(2), "whom?");
    for key in [&one, &other] {
        assert_eq!(post(&program.url, &introduction(key)).status, 507);
    }
}
