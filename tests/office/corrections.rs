//! What went wrong is put right, as officers do it on a kiosk's page and technicians by command, with signed bundles.

use std::fs;
use std::process::Output;

use commune_kiosk::office::password;

use crate::answers::{Maker, Said, Way, pages, send};
use crate::common::browser::{Browser, Screen};
use crate::common::office::Office;
use crate::common::{postgres, program};

fn run(office: &Office, arguments: &[&str]) -> (bool, String) {
    let arguments = [arguments, &["--db", &office.db]].concat();
    let Output { status, stdout, stderr } = program::office(office.dir.path(), &arguments).output().expect("runs");
    (
        status.success(),
        String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned(),
    )
}

#[test]
fn a_technician_takes_a_bundle_out_and_puts_it_back_while_the_server_runs() {
    let office = Office::open();
    let maker = Maker::accepted(&office, Way::Network);
    let id = maker.id();
    for (sequence, n) in [(2, 7), (5, 100)] {
        assert_eq!(
            send(&office, Way::Network, &maker.counts(sequence, &[("2026-10-05", n)])),
            Said::Stored
        );
    }
    let says = |arguments: &[&str], succeeds: bool, words: &str| {
        let (success, said) = run(&office, arguments);
        assert!(success == succeeds && said.contains(words), "{arguments:?}: {said}");
    };
    says(
        &["bundles", "void", &id, "5", "--why", "đếm thử"],
        true,
        "Đã bỏ gói số 5",
    );
    assert_eq!(pages(&office), 7);
    says(
        &["bundles", "void", &id, "5", "--why", "đếm thử"],
        false,
        "không có gói số 5",
    );
    says(&["bundles", "void", &id, "2"], false, "--why");
    says(&["figures", "verify"], true, "Mọi số tổng khớp");
    says(&["bundles", "restore", &id, "5"], true, "trở lại số tổng");
    assert_eq!(pages(&office), 107);
    says(
        &["bundles", "close", &id, "3", "4", "--why", "máy bị thay thẻ"],
        true,
        "3 đến 4",
    );
    assert_eq!(office.kiosk(&id).missing, 0);
    says(
        &["bundles", "close", &id, "3", "--why", "máy bị thay thẻ"],
        false,
        "không thiếu",
    );

    let file = rusqlite::Connection::open(&office.db).expect("the file");
    file.execute("DELETE FROM figures WHERE kiosk_id = ?1", [&id])
        .expect("deleted");
    says(&["figures", "verify"], false, "số tổng 0, các gói 107");
    says(
        &["figures", "rebuild"],
        true,
        "Đã ghi lại 1 dòng số tổng, 0 chỗ chưa sửa được",
    );
    says(&["figures", "verify"], true, "Mọi số tổng khớp");

    says(&["kiosks", "forget", &id], false, "--why");
    says(&["kiosks", "forget", &id, "--why", ""], false, "--why");
    says(&["kiosks", "forget", &id, "--why", "máy trưng bày"], true, "khỏi sổ");
    assert_eq!(pages(&office), 0);
    says(&["kiosks", "list"], true, "máy trưng bày");
    says(&["figures", "verify"], true, "Mọi số tổng khớp");
}

#[test]
fn an_officer_sees_who_took_a_bundle_out_and_why() {
    const PASSWORD: &str = "mùa lúa chín rộ";
    let office = Office::open();
    let hash = password::hash(PASSWORD).expect("a password");
    office.asks(async |store| store.set_password("lan", &hash, None).await.expect("an account"));
    let maker = Maker::accepted(&office, Way::Hand);
    for (sequence, n) in [(2, 7), (5, 100)] {
        send(&office, Way::Hand, &maker.counts(sequence, &[("2026-10-05", n)]));
    }
    let browser = Browser::open(Screen::Desktop);
    browser.goes_to(&format!("{}/kiosks/{}", office.url(), maker.id()));
    browser.types("#name", "lan");
    browser.types("#password", PASSWORD);
    browser.presses("Đăng nhập");
    browser.opens("Bỏ một gói ra khỏi số tổng");
    browser.types("#void-number", "5");
    browser.types("#void-why", "Kỹ thuật viên thử máy");
    browser.presses("Bỏ gói này");
    assert_eq!(pages(&office), 7);
    let text = browser.text();
    assert!(
        text.contains("Bỏ gói số 5") && text.contains("Kỹ thuật viên thử máy") && text.contains("lan"),
        "{text}"
    );
    assert_eq!(browser.asks_axe(), [""; 0]);
    browser.presses("Đưa gói số 5 trở lại");
    assert_eq!(pages(&office), 107);

    browser.opens("Gói không còn ở máy nữa?");
    browser.types("#why-3", "Máy bị thay thẻ");
    browser.presses("Không chờ nữa");
    let text = browser.text();
    assert!(
        !text.contains("Còn thiếu gói số") && text.contains("Không chờ gói số 3 đến 4"),
        "{text}"
    );
    browser.takes_picture("corrections");

    browser.opens("Xoá máy duyệt nhầm khỏi sổ");
    browser.types("#forget-why", "Máy của xã bên");
    browser.presses("Xoá hẳn máy này");
    assert_eq!(pages(&office), 0);
    assert!(office.asks(async |store| store.kiosk(&maker.id()).await.expect("a database").is_none()));
    // What was typed on the server stands beside what was done in the pages.
    let other = Maker::accepted(&office, Way::Hand);
    send(&office, Way::Hand, &other.counts(2, &[("2026-10-05", 9)]));
    let (done, said) = run(&office, &["bundles", "void", &other.id(), "2", "--why", "đếm thử"]);
    assert!(done, "{said}");
    browser.goes_to(&format!("{}/deeds", office.url()));
    let text = browser.text();
    for words in [
        "Xoá máy khỏi sổ",
        &maker.id(),
        "dòng lệnh",
        "Bỏ gói số liệu khỏi số tổng",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_moves_to_postgresql_and_back_with_every_count() {
    let (folder, database) = (tempfile::tempdir().expect("a folder"), postgres::fresh_database().await);
    let office = tokio::task::block_in_place(|| {
        let office = Office::open();
        let maker = Maker::accepted(&office, Way::Hand);
        for sequence in 2..=70 {
            send(&office, Way::Hand, &maker.counts(sequence, &[("2026-10-05", sequence)]));
        }
        office
    });
    let run = |arguments: &[&str]| {
        let Output { status, stdout, stderr } = program::office(folder.path(), arguments).output().expect("runs");
        (
            status.success(),
            String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned(),
        )
    };
    for (from, to) in [(office.db.as_str(), database.as_str()), (&database, "back.db")] {
        let (success, said) = run(&["db", "copy", from, to]);
        assert!(
            success && said.contains("bundles\t70 dòng") && said.contains("Mọi số tổng khớp"),
            "{said}"
        );
        let (success, said) = run(&["db", "copy", from, to]);
        assert!(!success && said.contains("ở đó đã có dữ liệu"), "{said}");
    }
    let (success, said) = run(&["backup", "night.dump", "--db", &database]);
    let command = format!("pg_dump --format custom --file 'night.dump' '{database}'");
    assert!(!success && said.contains(&command), "{said}");
    let (success, said) = run(&["backup", "x", "--db", "postgres://office:secret@127.0.0.1:1/office"]);
    assert!(!success && !said.contains("secret"), "{said}");
    let (success, said) = run(&["backup", "back.db", "--db", "back.db"]);
    assert!(!success && said.contains("đang dùng"), "{said}");
    tokio::task::block_in_place(|| drop(office));
}

#[test]
fn a_backup_stands_beside_no_log_of_another_file_and_a_reason_is_one_line() {
    let office = Office::open();
    let file = office.dir.path().join("sao-luu.db");
    let name = file.to_str().expect("UTF-8");
    fs::write(format!("{name}-wal"), "what an earlier copy left").expect("written");
    let (well, said) = run(&office, &["backup", name]);
    assert!(
        !well && said.contains("còn tệp -wal bên cạnh") && !file.exists(),
        "{said}"
    );
    fs::remove_file(format!("{name}-wal")).expect("removed");
    let (well, said) = run(&office, &["backup", name]);
    assert!(well && file.exists(), "{said}");
    // Nor in the place of the database's own log, nor of what is no file.
    let log = format!("{}-wal", office.db);
    let (well, said) = run(&office, &["backup", &log]);
    assert!(!well && said.contains("một phần của cơ sở dữ liệu"), "{said}");
    let (well, said) = run(&office, &["backup", office.dir.path().to_str().expect("UTF-8")]);
    assert!(!well && said.contains("không phải là tệp"), "{said}");
    for why in ["", "  ", "dòng\nhai", &"a".repeat(301)] {
        let (well, said) = run(
            &office,
            &["bundles", "void", "kiosk-0000000000000000", "1", "--why", why],
        );
        assert!(!well && said.contains("trên một dòng"), "{why}: {said}");
    }
}
