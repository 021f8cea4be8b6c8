//! The kiosk's commands, as a technician types them.

use std::fs;
use std::io::{Cursor, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use crate::common::{self, content_copy, content_folder, replace};
use commune_kiosk::bundle::{self, Head, Key, Kind, PublicKey};
use commune_kiosk::content::{self, model::Content};
use commune_kiosk::files::Files;
use commune_kiosk::kiosk::sync::identity::Identity;
use commune_kiosk::kiosk::sync::outbox::Outbox;
use commune_kiosk::usage::batch::Share;
use commune_kiosk::usage::log::Log;
use commune_kiosk::usage::signals::Event;
use commune_kiosk::usage::stamp::Stamp;
use commune_kiosk::usage::statistics::Health;
use commune_kiosk::usage::store;

fn kiosk(content: &Path, arguments: &[&str]) -> Output {
    let mut kiosk = Command::new(env!("CARGO_BIN_EXE_kiosk"));
    kiosk.arg("--content").arg(content).args(arguments);
    kiosk.output().expect("the kiosk program runs")
}

/// The ids that `kiosk search` prints, best first.
fn found(words: &str) -> Vec<String> {
    let output = kiosk(&content_folder(), &["search", words]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    let ids = said
        .lines()
        .map(|line| line.rsplit('\t').next().unwrap_or_default().to_owned());
    ids.collect()
}

#[test]
fn what_residents_type_finds_what_they_want() {
    for (typed, wanted) in [
        ("bang lai", "bang-lai-xe"),
        ("ho khau", "thuong-tru-tam-tru"),
        ("lam giay khai sinh", "khai-sinh"),
        ("dinh danh muc 2", "dinh-danh-muc-2"),
        ("tra cuu ho so", "tra-cuu-ho-so"),
        ("ddawng kys thuowngf trus", "thuong-tru-tam-tru"),
        ("VNeID", "dinh-danh-muc-2"),
    ] {
        let ids = found(typed);
        assert_eq!(ids.first().map(String::as_str), Some(wanted), "{typed}: {ids:?}");
    }
}

#[test]
fn who_fears_a_swindler_finds_the_pages_on_safety() {
    let ids = found("lua dao");
    let first = ids.first().expect("something found");
    let page = content_folder().join(format!("pages/an-toan/{first}.md"));
    assert!(page.exists(), "{ids:?}");
}

#[test]
fn words_may_come_one_by_one() {
    let output = kiosk(&content_folder(), &["search", "bang", "lai"]);
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(
        said.lines().next().is_some_and(|line| line.ends_with("bang-lai-xe")),
        "{said}"
    );
}

#[test]
fn content_with_errors_is_not_shown_and_the_line_is_named() {
    let content = content_copy();
    replace(
        &content.path().join("quiz/an-toan.toml"),
        "answer = \"B\"",
        "answer = \"Z\"",
    );
    let output = kiosk(content.path(), &["search", "bang lai"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(
        said.contains("[answer-out-of-range]") && said.contains("quiz/an-toan.toml:10:"),
        "{said}"
    );
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn content_that_is_not_there_is_said_in_a_line() {
    let nowhere = tempfile::tempdir().expect("a folder");
    let output = kiosk(&nowhere.path().join("content.db"), &["search", "bang lai"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(!said.is_empty() && !said.contains("panicked"), "{said}");
}

#[test]
fn a_technician_installs_a_pack_and_sees_where_it_is() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = |name: &str| dir.path().join(name).to_string_lossy().into_owned();
    let library = path("content.db");
    let mut content = content::source::read(&content_folder(), common::morning().date())
        .content
        .expect("good content");
    let (key, stranger) = (Key::generate().expect("a key"), Key::generate().expect("a key"));
    for (key, name) in [(&key, "office.pub"), (&stranger, "stranger.pub")] {
        fs::write(path(name), key.public().expect("a key").to_text().expect("a text")).expect("written");
    }
    let make = |name: &str, content: &Content| {
        content::library::write(content, Path::new(&library)).expect("written");
        let head = Head {
            kind: Kind::Pack,
            id: content.pack.id.clone(),
            sequence: content.pack.edition,
            created: String::new(),
        };
        let mut pack = fs::File::create(path(name)).expect("a file");
        let mut payload = fs::File::open(&library).expect("a file");
        bundle::write(head, &mut payload, &mut Cursor::new(Vec::new()), &key, &mut pack).expect("a pack");
    };
    make("a.kpack", &content);
    let run = |arguments: &[&str]| {
        let output = kiosk(
            Path::new("no-factory"),
            &[&["--data", &path("data")], arguments].concat(),
        );
        let said = String::from_utf8([output.stdout, output.stderr].concat()).expect("UTF-8");
        (output.status.code(), said)
    };
    assert_eq!(run(&["slots"]), (Some(0), "current\tfactory\n".to_owned()));
    let (code, said) = run(&["install", &path("a.kpack")]);
    assert!(code == Some(1) && said.contains("--trust"), "{said}");
    let (code, said) = run(&["--trust", &path("stranger.pub"), "install", &path("a.kpack")]);
    assert!(
        code == Some(1) && said.contains("không do văn phòng của máy làm ra"),
        "{said}"
    );
    let (code, said) = run(&[
        "--trust",
        &path("stranger.pub"),
        "--trust",
        &path("office.pub"),
        "install",
        &path("a.kpack"),
    ]);
    assert!(code == Some(0) && said.contains("is in its place"), "{said}");
    let (code, said) = run(&["--trust", &path("office.pub"), "install", &path("a.kpack")]);
    assert!(code == Some(1) && said.contains("đang có sẵn"), "{said}");
    let in_its_place = (Some(0), "current\tle-loi\t1\t1.db\nbefore\tfactory\n".to_owned());
    assert_eq!(run(&["slots"]), in_its_place);

    // The card loses the beginning of the pack. Without a screen nothing is opened and nothing is written; and the same file is
    // taken again.
    let damaged = fs::File::options().write(true).open(dir.path().join("data/packs/1.db"));
    damaged
        .and_then(|mut file| file.write_all(&[0; 2048]))
        .expect("written");
    let mut start = Command::new(env!("CARGO_BIN_EXE_kiosk"));
    start.args(["--content", "no-factory", "--data", &path("data")]);
    start.env("DISPLAY", ":60123").env_remove("WAYLAND_DISPLAY");
    let said = start.output().expect("the kiosk program runs").stderr;
    let said = String::from_utf8(said).expect("UTF-8");
    assert!(
        said.contains("no window can be opened") && !said.contains("1.db"),
        "{said}"
    );
    // Without a factory's pack nothing else says which packs are for this kiosk.
    assert_eq!(run(&["slots"]), in_its_place);
    let (code, said) = run(&["--trust", &path("office.pub"), "install", &path("a.kpack")]);
    assert!(code == Some(0) && said.contains("is in its place"), "{said}");
    assert_eq!(run(&["slots"]), in_its_place);

    // An office whose program is older let a picture through that would end this one: 12,000 by 9,000 pixels.
    let head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x2e\xe0\0\0\x23\x28\x08\x02\0\0\0".as_slice();
    content.pack.edition += 1;
    content.media.insert("mot-mau.png".to_owned(), head.to_owned());
    make("b.kpack", &content);
    let (code, said) = run(&["--trust", &path("office.pub"), "install", &path("b.kpack")]);
    assert!(code == Some(1) && said.contains("Mời văn phòng đóng gói lại"), "{said}");
    assert_eq!(run(&["slots"]), in_its_place);
}

/// A card as it is flashed, with another commune's content on it, and the settings of this one.
#[test]
fn one_image_is_for_every_commune() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = |name: &str| dir.path().join(name).display().to_string();
    let key = Key::generate().expect("a key");
    let public = key.public().and_then(|public| public.to_text()).expect("a key");
    fs::write(path("office.pub"), public).expect("written");
    let make = |id: &str, edition: u64| {
        let good = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/office/content_checker/good");
        let day = common::morning().date();
        let mut content = content::source::read(&good, day).content.expect("good content");
        (content.pack.id, content.pack.edition) = (id.to_owned(), edition);
        let library = path(&format!("{id}.db"));
        content::library::write(&content, Path::new(&library)).expect("written");
        let head = Head {
            kind: Kind::Pack,
            id: id.to_owned(),
            sequence: edition,
            created: String::new(),
        };
        let mut pack = fs::File::create(path(&format!("{id}.kpack"))).expect("a file");
        let mut payload = fs::File::open(&library).expect("a file");
        bundle::write(head, &mut payload, &mut Cursor::new(Vec::new()), &key, &mut pack).expect("a pack");
    };
    make("le-loi", 30);
    make("xa-minh", 2);
    let installs = |settings: &str| {
        fs::write(
            path("kiosk.toml"),
            format!("[office]\nkeys = [\"office.pub\"]\n{settings}"),
        )
        .expect("written");
        let (data, config, pack) = (path("data"), path("kiosk.toml"), path("xa-minh.kpack"));
        let arguments = ["--data", &data, "--config", &config, "install", &pack];
        let output = kiosk(Path::new(&path("le-loi.db")), &arguments);
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(said).expect("UTF-8"))
    };
    let (is_taken, said) = installs("");
    assert!(!is_taken && said.contains("dành cho nơi khác"), "{said}");
    let (is_taken, said) = installs("[content]\npack = \"xa-minh\"\n");
    assert!(is_taken && said.contains("is in its place"), "{said}");
    // Once it is there, it says itself what goes on.
    let (_, said) = installs("[content]\npack = \"le-loi\"\n");
    assert!(
        said.contains("đang có sẵn") && said.contains("xa-minh was installed here"),
        "{said}"
    );
}

#[test]
fn a_kiosk_says_who_it_is_and_stays_who_it_is() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("new");
    let identity = || {
        let output = kiosk(&content_folder(), &["--data", &data.to_string_lossy(), "identity"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let said = identity();
    let [id, words, key] = said.lines().collect::<Vec<_>>()[..] else {
        panic!("{said}");
    };
    let key = PublicKey::from_base64(key).expect("a key");
    assert_eq!((id, words), (key.kiosk_id().as_str(), key.words().as_str()));
    assert_eq!(words.split(' ').count(), 6, "{words}");
    let file = fs::metadata(data.join("identity.key")).expect("a key file");
    assert_eq!(file.permissions().mode() & 0o777, 0o600, "its owner's only");
    assert_eq!(identity(), said);
    fs::write(data.join("identity.key"), "half a k").expect("written");
    let output = kiosk(&content_folder(), &["--data", &data.to_string_lossy(), "identity"]);
    let complaint = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(
        output.status.code() == Some(1) && complaint.contains("key can't be used"),
        "{complaint}"
    );
}

#[test]
fn the_keys_of_the_settings_are_those_that_packs_are_checked_with() {
    let dir = tempfile::tempdir().expect("a folder");
    let key = Key::generate().and_then(|key| key.public()?.to_text()).expect("a key");
    fs::write(dir.path().join("office.pub"), key).expect("written");
    let settings = dir.path().join("kiosk.toml");
    for (text, said) in [
        ("", "--trust"),
        (
            "[office]\nkeys = [\"office.pub\"]\n[sync]\nperiod = \"day\"",
            "bị thiếu phần cuối",
        ),
        ("[office]\nkeys = [\"nowhere.pub\"]", "nowhere.pub can't be read"),
        (
            "[office]\nkeys = [\"office.pub\"]\nserver_keys = [\"office.pub\"]",
            "bị thiếu phần cuối",
        ),
        (
            "[office]\nkeys = [\"office.pub\"]\nserver_keys = [\"nowhere.pub\"]",
            "nowhere.pub can't be read",
        ),
        ("[office]\nkey = \"office.pub\"", "line 2 of "),
        ("[office]\nkeys = office.pub", "[office] of the settings is not used"),
        ("\n[sync]\nperiod = \"hour\"", "line 3 of "),
        (
            "[office]\nkeys = [\"office.pub\"]\n[sync]\nperiod = \"hour\"",
            "bị thiếu phần cuối",
        ),
    ] {
        fs::write(&settings, text).expect("written");
        let data = dir.path().join("data").to_string_lossy().into_owned();
        let (settings, no_pack) = (settings.to_string_lossy(), settings.to_string_lossy());
        let arguments = ["--data", &data, "--config", &settings, "install", &no_pack];
        let output = kiosk(Path::new("no-factory"), &arguments);
        let complaint = String::from_utf8(output.stderr).expect("UTF-8");
        assert!(
            output.status.code() == Some(1) && complaint.contains(said),
            "{text}: {complaint}"
        );
        assert!(!complaint.contains("panicked"), "{complaint}");
    }
}

#[test]
fn counts_are_printed_as_json() {
    let data = tempfile::tempdir().expect("a folder");
    let now = Stamp::dated(Duration::ZERO, common::morning());
    let mut log = Log::open(Some(data.path()), now);
    log.count(&Event::page_opened("khai-sinh"), now);
    log.count(&Event::page_opened("khai-sinh"), now);
    log.flush(now);
    let data = data.path().to_string_lossy().into_owned();
    let output = kiosk(&content_folder(), &["--data", &data, "counts", "--json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).expect("valid JSON");
    let row = &said["counters"][0];
    assert_eq!(said["losses"], 0, "{said}");
    assert_eq!(
        (&row["period"], &row["signal"], &row["subject"], &row["n"]),
        (
            &"2026-11-23".into(),
            &"page-opened".into(),
            &"khai-sinh".into(),
            &2.into()
        ),
        "{said}"
    );
}

#[test]
fn counts_of_an_empty_folder_are_refused_in_words() {
    let data = tempfile::tempdir().expect("a folder");
    let output = kiosk(
        &content_folder(),
        &["--data", &data.path().to_string_lossy(), "counts", "--json"],
    );
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(
        said.contains("no counts can be read") && !said.contains("panicked"),
        "{said}"
    );
}

/// What `kiosk status` prints of a data folder, as lines and as JSON, by name.
fn status(data: &Path) -> (Vec<(String, String)>, serde_json::Value) {
    let run = |more: &[&str]| {
        let data = data.to_string_lossy();
        let output = kiosk(&content_folder(), &[&["--data", &data, "status"], more].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let part = |line: &str| {
        let (name, value) = line.split_once('\t').expect("a name, a tab, a value");
        (name.to_owned(), value.to_owned())
    };
    let lines = run(&[]).lines().map(part).collect();
    (lines, serde_json::from_str(&run(&["--json"])).expect("valid JSON"))
}

#[test]
fn a_kiosk_tells_how_it_is_and_what_it_does_not_have_is_absent() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("data");
    let (lines, json) = status(&data);
    assert!(!data.exists(), "asking makes nothing");
    let names: Vec<&str> = lines.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "version",
        "settings",
        "kiosk",
        "words",
        "edition",
        "slot",
        "slot_before",
        "clock",
        "uptime_seconds",
        "free_bytes",
        "total_bytes",
        "card",
        "card_errors",
        "read_only",
        "card_life_tenths",
        "card_spare",
        "canary",
        "under_voltage",
        "temperature",
        "backlight",
        "dim_after_seconds",
        "rotation",
        "graphics",
        "wifi",
        "firmware_missing",
        "presence",
        "staff_key",
        "sticks",
        "turn_off",
        "outbox_waiting",
        "outbox_acknowledged",
        "outbox_sent",
        "counts",
        "losses",
        "watchdog",
        "watchdog_state",
        "watchdog_timeout",
    ];
    assert_eq!(names, expected);
    let value = |name: &str| {
        lines
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    };
    for absent in [
        "kiosk",
        "words",
        "card",
        "canary",
        "free_bytes",
        "presence",
        "staff_key",
        "outbox_waiting",
        "counts",
        "losses",
    ] {
        assert_eq!(
            (value(absent), &json[absent]),
            (Some("absent"), &serde_json::Value::Null),
            "{absent}"
        );
    }
    assert_eq!((value("slot"), value("edition")), (Some("factory"), Some("1")));
    assert_eq!(
        (value("rotation"), json["dim_after_seconds"].as_u64()),
        (Some("0"), Some(600))
    );
    assert_eq!(value("version"), Some(env!("CARGO_PKG_VERSION")));
    let in_json: std::collections::BTreeSet<&str> = json
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(in_json, expected.into_iter().collect());
}

#[test]
fn a_kiosk_that_has_run_tells_who_it_is_and_what_waits_and_nobodys_password() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path();
    let identity = Identity::open(data, &Files::default()).expect("a key");
    let outbox = Outbox::open(data, identity.clone(), Files::default()).expect("an outbox");
    let now = Stamp::dated(Duration::ZERO, common::morning());
    let mut log = Log::open(Some(data), now);
    assert!(
        outbox
            .collect(&mut log, Share::Month, now, Health::default)
            .expect("a bundle")
    );
    fs::write(data.join("outbox/acknowledged"), "7\n").expect("written");
    let settings =
        "[hardware]\npresence = \"no line is called this\"\nrotation = 90\n[network]\npassword = \"mật khẩu của xã\"";
    fs::write(data.join("kiosk.toml"), settings).expect("written");
    let before = fs::read_dir(data).expect("a folder").count();
    let (lines, json) = status(data);
    assert_eq!(
        fs::read_dir(data).expect("a folder").count(),
        before,
        "nothing is left behind"
    );
    assert_eq!(
        (&json["kiosk"], &json["words"]),
        (&identity.id.into(), &identity.public.words().into())
    );
    assert_eq!(
        (&json["outbox_waiting"], &json["outbox_acknowledged"]),
        (&1.into(), &7.into())
    );
    assert_eq!((&json["losses"], &json["rotation"]), (&0.into(), &90.into()));
    assert_eq!((&json["canary"], &json["settings"]), (&"fine".into(), &"fine".into()));
    assert_eq!(json["counts"], "fine");
    assert!(
        json["free_bytes"].as_u64() <= json["total_bytes"].as_u64() && json["total_bytes"].is_u64(),
        "{json}"
    );
    assert!(
        json["presence"]
            .as_str()
            .is_some_and(|why| why.contains("no line is called this")),
        "{json}"
    );
    assert!(!format!("{lines:?}").contains("mật khẩu"));

    for (more, state) in [
        ("pasword = \"mật khẩu\"", "unknown"),
        ("country = \"VNM\"", "wrong"),
        ("[office]\nurl = mật khẩu", "wrong"),
    ] {
        fs::write(data.join("kiosk.toml"), format!("{settings}\n{more}")).expect("written");
        let (lines, json) = status(data);
        assert_eq!(
            (&json["settings"], &json["rotation"]),
            (&state.into(), &90.into()),
            "{more}"
        );
        assert!(!format!("{lines:?}").contains("mật khẩu"));
    }
}

#[test]
fn a_slip_about_the_office_turns_no_picture_and_takes_no_network_away() {
    let dir = tempfile::tempdir().expect("a folder");
    let settings = dir.path().join("kiosk.toml");
    let text =
        "[office]\nurl = https://kiosk.example\n[hardware]\nrotation = 90\nvolume = 3\n[network]\nwifi = \"UBND\"\n";
    fs::write(&settings, text).expect("written");
    let root = dir.path().join("root");
    let arguments = [
        "--config",
        &settings.to_string_lossy(),
        "set-up",
        "--root",
        &root.to_string_lossy(),
    ];
    let output = kiosk(Path::new("no-factory"), &arguments);
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(output.status.success(), "{said}");
    let written = |name: &str| fs::read_to_string(root.join("run").join(name)).expect("written");
    assert_eq!(written("commune-kiosk/environment"), "SLINT_KMS_ROTATION=90\n");
    assert!(written("udev/rules.d/71-kiosk-touch.rules").contains("LIBINPUT_CALIBRATION_MATRIX"));
    assert!(written("commune-kiosk/wpa_supplicant.conf").contains("ssid="));
    let settings = settings.display();
    for line in [
        format!("line 2 of {settings}: can't be understood; nothing of [office] is used"),
        format!("line 5 of {settings} is no setting that this program knows, and is passed over"),
    ] {
        assert!(said.contains(&line), "{said}");
    }
}

#[test]
fn the_counts_of_a_newer_program_are_said_to_be_that_and_nothing_is_lost() {
    let dir = tempfile::tempdir().expect("a folder");
    let now = Stamp::dated(Duration::ZERO, common::morning());
    drop(Log::open(Some(dir.path()), now));
    let newer = rusqlite::Connection::open(dir.path().join(store::FILE)).expect("a database");
    newer.pragma_update(None, "user_version", 2).expect("a newer format");
    drop(newer);
    let output = kiosk(&content_folder(), &["--data", &dir.path().to_string_lossy(), "counts"]);
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said.contains("of a newer program (format 2, this one knows 1) and are left as they are"),
        "{said}"
    );
    let (_, json) = status(dir.path());
    assert_eq!(
        (&json["counts"], &json["losses"]),
        (&"newer".into(), &serde_json::Value::Null)
    );
}

#[test]
fn the_tour_writes_a_picture_of_every_screen() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("tour");
    let output = kiosk(
        &content_folder(),
        &[
            "tour",
            "--out",
            &out.to_string_lossy(),
            "--size",
            "1024x600",
            "--text",
            "largest",
        ],
    );
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let names: Vec<String> = std::fs::read_dir(&out)
        .expect("pictures")
        .map(|entry| entry.expect("a picture").file_name().to_string_lossy().into_owned())
        .collect();
    for screen in [
        "attract",
        "home",
        "section",
        "guide",
        "take-home",
        "prepare",
        "step-1",
        "finished",
        "article",
        "question",
        "answer",
        "quiz-result",
        "search-found",
        "search-nothing",
        "topics",
        "topic",
        "calendar",
        "programme",
        "staff-help",
        "privacy",
        "letters",
        "help",
        "goodbye",
        "idle-warning",
    ] {
        assert!(
            names.iter().any(|name| name.ends_with(&format!("-{screen}.png"))),
            "no picture of {screen} in {names:?}"
        );
    }
}

/// The letters are the program's own: where another font is all that is installed, a screen looks the same to the last pixel.
#[test]
fn the_font_comes_with_the_program() {
    let folder = tempfile::tempdir().expect("a folder");
    let other = folder.path().join("fonts");
    fs::create_dir(&other).expect("a folder");
    fs::copy(
        "/usr/share/fonts/truetype/noto/NotoSansMath-Regular.ttf",
        other.join("a.ttf"),
    )
    .expect("another font");
    let settings = folder.path().join("fonts.conf");
    let (dir, cache) = (other.display(), folder.path().join("cache"));
    let cache = cache.display();
    fs::write(
        &settings,
        format!("<fontconfig><dir>{dir}</dir><cachedir>{cache}</cachedir></fontconfig>"),
    )
    .expect("written");
    let section = |fonts: Option<&Path>| {
        let out = folder.path().join(if fonts.is_some() { "without" } else { "with" });
        let mut tour = std::process::Command::new(env!("CARGO_BIN_EXE_kiosk"));
        tour.args([
            "--content",
            &content_folder().to_string_lossy(),
            "tour",
            "--out",
            &out.to_string_lossy(),
        ]);
        tour.envs(fonts.map(|fonts| ("FONTCONFIG_FILE", fonts)));
        let output = tour.output().expect("run");
        assert!(output.status.success(), "{output:?}");
        fs::read(out.join("05-section.png")).expect("a picture")
    };
    assert!(
        section(None) == section(Some(&settings)),
        "the letters of 03-section.png differ"
    );
}

/// `kiosk identity | head -0`: nobody reads what is said. On ae84bbd it panicked with "Broken pipe".
#[test]
fn a_command_that_nobody_reads_ends_quietly() {
    let data = tempfile::tempdir().expect("a folder");
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_kiosk"));
    let output = child
        .args(["--data", &data.path().to_string_lossy(), "identity"])
        .stdout(writer)
        .stderr(std::process::Stdio::piped())
        .output()
        .expect("run");
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
