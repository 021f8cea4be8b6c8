//! Packs that somebody brings to the office, once and again: what is announced to kiosks is what lies there.

use std::fs;
use std::path::PathBuf;

use commune_kiosk::office::packs;

use crate::common::forger::Forger;
use crate::common::office::Office;
use crate::common::program::{self, write_key};
use crate::desk::Desk;
use crate::server::{get, words};

/// An office, and somebody who makes packs with its key.
fn office() -> (Office, Forger) {
    let office = Office::open();
    let forger = Forger::with(office.key.clone());
    (office, forger)
}

fn uploads(desk: &Desk, pack: &[u8]) -> (u16, String) {
    let answer = desk.uploads("/packs/upload", "pack", &[("le-loi.kpack", pack)]);
    (answer.status, answer.text())
}

/// Another pack of the same edition, as somebody makes who corrects a letter and forgets the number.
fn corrected(forger: &Forger, edition: u64) -> Vec<u8> {
    let library = forger.changed_library(edition, |db| {
        db.execute("UPDATE pages SET title = title || '.'", [])
            .expect("changed");
    });
    forger.signed(&library, edition)
}

fn file_of(office: &Office, edition: u64) -> PathBuf {
    packs::path(&office.dir.path().join("packs"), "le-loi", edition)
}

/// Kiosks are told of this file, and get it.
fn is_announced(office: &Office, edition: u64, pack: &[u8]) {
    let said: serde_json::Value =
        serde_json::from_slice(get(&office.url(), "/v1/packs/latest?id=le-loi").text().as_bytes()).expect("JSON");
    assert_eq!(said["sequence"], edition);
    assert_eq!(said["bytes"], pack.len());
    assert_eq!(said["blake3"], blake3::hash(pack).to_hex().as_str());
    assert!(fs::read(file_of(office, edition)).expect("a pack") == pack);
}

#[test]
fn an_edition_uploaded_again_is_said_to_be_there_and_another_file_of_it_is_refused() {
    let (office, forger) = office();
    let desk = Desk::at(&office);
    let (first, other) = (forger.signed(&forger.library(3), 3), corrected(&forger, 3));
    assert_eq!(uploads(&desk, &first).0, 303);
    let (status, said) = uploads(&desk, &first);
    assert_eq!(status, 400, "{said}");
    assert!(
        said.contains("Văn phòng đã có rồi") && said.contains("ấn bản 3"),
        "{said}"
    );
    let (status, said) = uploads(&desk, &other);
    assert_eq!(status, 400, "{said}");
    assert!(said.contains("nâng số ấn bản"), "{said}");
    assert_eq!(desk.sends("/packs/le-loi/3/offer", &[("offered", "1")]).status, 303);
    is_announced(&office, 3, &first);
    // The next edition is taken as ever.
    assert_eq!(uploads(&desk, &corrected(&forger, 4)).0, 303);
}

#[test]
fn a_file_that_nobody_announced_is_not_announced_for_another() {
    let (office, forger) = office();
    let desk = Desk::at(&office);
    let (there, brought) = (forger.signed(&forger.library(3), 3), corrected(&forger, 3));
    // Left behind by an office whose database was lost.
    fs::write(file_of(&office, 3), &there).expect("written");
    let (status, said) = uploads(&desk, &brought);
    assert_eq!(status, 400, "{said}");
    assert!(said.contains("nâng số ấn bản"), "{said}");
    assert!(fs::read(file_of(&office, 3)).expect("a pack") == there);
    assert!(!desk.sees("/packs").contains("le-loi"), "nothing was noted");
    // The very file is taken up.
    assert_eq!(uploads(&desk, &there).0, 303);
    desk.sends("/packs/le-loi/3/offer", &[("offered", "1")]);
    is_announced(&office, 3, &there);
}

#[test]
fn a_pack_that_was_damaged_or_lost_on_the_disk_is_mended_by_bringing_it_again() {
    let (office, forger) = office();
    let desk = Desk::at(&office);
    let pack = forger.signed(&forger.library(3), 3);
    assert_eq!(uploads(&desk, &pack).0, 303);
    desk.sends("/packs/le-loi/3/offer", &[("offered", "1")]);
    let lost: fn(&PathBuf) = |file| fs::remove_file(file).expect("removed");
    let damaged: fn(&PathBuf) = |file| fs::write(file, "hỏng").expect("written");
    for harm in [lost, damaged] {
        harm(&file_of(&office, 3));
        let (status, said) = uploads(&desk, &corrected(&forger, 3));
        assert_eq!(status, 400, "another file mends nothing: {said}");
        assert_eq!(uploads(&desk, &pack).0, 303);
        is_announced(&office, 3, &pack);
    }
}

#[test]
fn a_pack_that_says_something_else_than_its_library_is_refused() {
    let (office, forger) = office();
    let desk = Desk::at(&office);
    let other_id = forger.changed_library(3, |db| {
        let changed = db.execute(
            "UPDATE pack SET value = json_set(value, '$.id', 'xa-minh') WHERE key = 'pack'",
            [],
        );
        assert_eq!(changed.expect("changed"), 1);
    });
    for pack in [forger.signed(&forger.library(2), 3), forger.signed(&other_id, 3)] {
        let (status, said) = uploads(&desk, &pack);
        assert_eq!(status, 400, "{said}");
        assert!(said.contains("lỗi bên trong"), "{said}");
    }
    assert!(!desk.sees("/packs").contains("le-loi"));
}

#[test]
fn a_file_that_is_offered_no_longer_can_be_removed_and_brought_again() {
    let (office, forger) = office();
    let desk = Desk::at(&office);
    let pack = forger.signed(&forger.library(3), 3);
    assert_eq!(uploads(&desk, &pack).0, 303);
    let presses = |button: &str, offered: &str| {
        let answer = desk.sends(&format!("/packs/le-loi/3/{button}"), &[("offered", offered)]);
        (answer.status, answer.text())
    };
    presses("offer", "1");
    let (status, said) = presses("remove", "");
    assert!(status == 400 && said.contains("đang phát hành"), "{said}");
    is_announced(&office, 3, &pack);
    presses("offer", "0");
    assert!(desk.sees("/packs").contains("Xoá tệp"));
    assert_eq!(presses("remove", "").0, 303);
    assert!(!file_of(&office, 3).exists());
    let page = desk.sees("/packs");
    assert!(
        page.contains("Đã xoá tệp") && !page.contains("Phát hành</button>"),
        "{page}"
    );
    // Its titles are still known; kiosks are not told of what is not there.
    let title = office.asks(async |store| store.titles().await.expect("titles").title("gioi-thieu").to_owned());
    assert_ne!(title, "gioi-thieu");
    let (status, said) = presses("offer", "1");
    assert!(status == 400 && said.contains("đưa tệp lên lại"), "{said}");
    assert_eq!(uploads(&desk, &pack).0, 303);
    assert_eq!(presses("offer", "1").0, 303);
    is_announced(&office, 3, &pack);
    // On the command line as well.
    let removes = |edition: &str| {
        let remove = ["packs", "remove", "le-loi", edition, "--packs", "packs"];
        let output = program::office(office.dir.path(), &remove).output();
        let output = output.expect("the office program runs");
        (output.status.success(), words(&output))
    };
    assert!(removes("3").1.contains("đang phát hành"));
    presses("offer", "0");
    assert!(removes("3").0 && !file_of(&office, 3).exists());
    assert!(removes("4").1.contains("không có ấn bản 4"));
    assert_eq!(desk.sends("/packs/le-loi/4/remove", &[]).status, 404);
    assert_eq!(desk.sends("/packs/le-loi/4/offer", &[("offered", "1")]).status, 404);
}

#[test]
fn what_a_killed_program_left_of_an_upload_is_gone_at_the_next_start() {
    let (mut office, forger) = office();
    let folder = office.dir.path().join("packs");
    let left = [".upload-x", ".looking-x.db"].map(|name| folder.join(name));
    for file in &left {
        fs::write(file, "half").expect("written");
    }
    fs::write(folder.join("le-loi-3.kpack"), forger.signed(&forger.library(3), 3)).expect("written");
    office.crash();
    office.start();
    assert!(left.iter().all(|file| !file.exists()));
    assert!(file_of(&office, 3).exists());
}

#[test]
fn the_command_says_the_same_and_offers_what_was_not_offered() {
    let (office, forger) = office();
    let desk = Desk::at(&office);
    let folder = office.dir.path();
    write_key(folder, &office.key);
    fs::write(
        folder.join("office.pub"),
        office.key.public().and_then(|key| key.to_text()).expect("a key"),
    )
    .expect("written");
    let (first, other) = (forger.signed(&forger.library(3), 3), corrected(&forger, 3));
    fs::write(folder.join("a.kpack"), &first).expect("written");
    fs::write(folder.join("b.kpack"), &other).expect("written");
    let adds = |file: &str| {
        let add = ["packs", "add", file, "--packs", "packs", "--key", "office.pub"];
        let output = program::office(folder, &add).output().expect("the office program runs");
        (output.status.success(), words(&output))
    };
    assert_eq!(uploads(&desk, &first).0, 303);
    let (done, said) = adds("a.kpack");
    assert!(
        done && said.contains("đã có rồi") && said.contains("Đang phát hành"),
        "{said}"
    );
    is_announced(&office, 3, &first);
    let (done, said) = adds("a.kpack");
    assert!(
        !done && said.contains("đã có rồi") && said.contains("đang phát hành"),
        "{said}"
    );
    let (done, said) = adds("b.kpack");
    assert!(!done && said.contains("nâng số ấn bản"), "{said}");
    is_announced(&office, 3, &first);
    let files = fs::read_dir(folder.join("packs")).expect("a folder");
    let left = files.filter(|file| {
        file.as_ref()
            .expect("a file")
            .file_name()
            .to_string_lossy()
            .starts_with('.')
    });
    assert_eq!(left.count(), 0, "nothing is left of what was not taken");
}

/// Whoever sits before the office's page has no stick in their hand.
#[test]
fn a_file_that_is_no_pack_is_refused_in_words_for_the_office() {
    let (office, forger) = office();
    let desk = Desk::at(&office);
    let pack = forger.signed(&forger.library(3), 3);
    let mut damaged = pack.clone();
    damaged[pack.len() / 2] ^= 1;
    let elsewhere = Forger::with(commune_kiosk::bundle::Key::generate().expect("a key"));
    let elsewhere = elsewhere.signed(&elsewhere.library(3), 3);
    for (file, words) in [
        (&pack[..pack.len() / 2], "bị thiếu phần cuối"),
        (&[], "bị thiếu phần cuối"),
        (&damaged, "bị hỏng hoặc đã bị sửa"),
        (&vec![7; 20_000], "không phải là gói nội dung"),
        (&elsewhere, "không phải khoá của văn phòng này"),
    ] {
        let (status, said) = uploads(&desk, file);
        assert_eq!(status, 400, "{said}");
        assert!(said.contains(words) && !said.contains("USB"), "{words}: {said}");
    }
    assert_eq!(
        get(&office.url(), "/v1/packs/latest?id=le-loi").status,
        204,
        "there is none"
    );
}
