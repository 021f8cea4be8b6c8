//! An office makes a key and a pack; the stock programs open what it made, and make what the kiosk opens.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::common::folders::copy;
use commune_kiosk::bundle::{Kind, PublicKey, Reader, Trust};
use rusqlite::Connection;
use tempfile::TempDir;

const PASSWORD: &str = "mật khẩu để thử";

/// An office with the good content folder of the checker's tests and a key.
struct Office(TempDir);

impl Office {
    fn new() -> Self {
        let office = Self(tempfile::tempdir().expect("a folder"));
        let good = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/office/content_checker/good");
        copy(&good, &office.path("content"));
        let made = office.run(&["keys", "new", "--out", "office"]);
        assert!(made.status.success(), "{}", words(&made));
        office
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs the office's program in its folder.
    fn run(&self, arguments: &[&str]) -> Output {
        self.run_with(PASSWORD, arguments)
    }

    fn run_with(&self, password: &str, arguments: &[&str]) -> Output {
        let mut office = Command::new(env!("CARGO_BIN_EXE_office"));
        office.current_dir(self.0.path()).args(arguments).stdin(Stdio::null());
        office
            .env("OFFICE_KEY_PASSWORD", password)
            .env("OFFICE_KEY_NEW_PASSWORD", "mới");
        office.output().expect("the office program runs")
    }

    fn pack(&self, output: &str, more: &[&str]) -> Output {
        self.run(&[&["pack", "content", "-o", output, "--key", "office.key"], more].concat())
    }

    fn set_edition(&self, edition: u64) {
        let file = self.path("content/pack.toml");
        let text = fs::read_to_string(&file).expect("a text");
        let line = |line: &str| {
            if line.starts_with("edition") {
                format!("edition = {edition}")
            } else {
                line.to_owned()
            }
        };
        let changed: Vec<String> = text.lines().map(line).collect();
        fs::write(file, changed.join("\n")).expect("written");
    }

    fn trust(&self) -> Trust {
        let text = fs::read_to_string(self.path("office.pub")).expect("a key");
        Trust::new(vec![PublicKey::from_text(&text).expect("a key")]).expect("one key")
    }
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

/// Runs a stock program in a folder; it must be there and succeed.
fn stock(dir: &Path, program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .current_dir(dir)
        .args(arguments)
        .stdin(Stdio::null())
        .output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error} (scripts/setup.sh test installs it)"));
    assert!(output.status.success(), "{program} {arguments:?}: {}", words(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What an older kiosk takes is in `tests/forms/`, made of the same folder by a program of that time. Since then texts have backslashes before
/// signs, which Markdown doesn't show.
#[test]
fn a_pack_for_older_kiosks_says_what_one_of_that_time_said() {
    let office = Office::new();
    let packed = office.pack("a.kpack", &["--form", "2"]);
    assert!(packed.status.success(), "{}", words(&packed));
    let pack = fs::File::open(office.path("a.kpack")).expect("a pack");
    let reader = Reader::open(pack, Kind::Pack, &office.trust()).expect("signed");
    let library = office.path("content.db");
    let mut file = fs::File::create(&library).expect("a file");
    reader.unpack(&mut file, |_| {}).expect("a payload");
    let read = |path: &Path| {
        let db = Connection::open(path).expect("a library");
        let column = |sql: &str| -> Vec<String> {
            let mut rows = db.prepare(sql).expect("a table");
            let rows = rows.query_map([], |row| row.get(0)).expect("rows");
            rows.map(|row| row.expect("a row")).collect()
        };
        let form: i64 = db
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .expect("a form");
        let tables = column("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name");
        let pages: Vec<serde_json::Value> = column("SELECT data FROM pages ORDER BY position")
            .iter()
            .map(|page| serde_json::from_str(&page.replace("\\\\", "")).expect("JSON"))
            .collect();
        (form, tables, pages)
    };
    let stored = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forms/library-2.db");
    assert_eq!(read(&library), read(&stored));
    assert_eq!(read(&library).0, 2);
}

#[test]
fn stock_programs_open_what_the_office_packs() {
    let office = Office::new();
    let packed = office.pack("a.kpack", &[]);
    assert!(packed.status.success(), "{}", words(&packed));
    assert!(words(&packed).contains("2 trang, 2 câu hỏi"), "{}", words(&packed));

    let dir = office.path("opened");
    fs::create_dir(&dir).expect("a folder");
    let pack = office.path("a.kpack");
    let pack = pack.to_str().expect("UTF-8");
    assert_eq!(
        stock(&dir, "tar", &["tf", pack]),
        "manifest.json\nmanifest.json.minisig\npayload.zst\n"
    );
    stock(&dir, "tar", &["xf", pack]);
    let public = office.path("office.pub");
    let verified = stock(
        &dir,
        "minisign",
        &["-V", "-p", public.to_str().expect("UTF-8"), "-m", "manifest.json"],
    );
    assert!(verified.contains("verified"), "{verified}");
    stock(&dir, "zstd", &["-q", "-d", "payload.zst", "-o", "content.db"]);
    assert_eq!(
        stock(&dir, "sqlite3", &["content.db", "PRAGMA integrity_check"]),
        "ok\n"
    );
    let titles = stock(
        &dir,
        "sqlite3",
        &["content.db", "SELECT title FROM pages ORDER BY position"],
    );
    assert!(titles.contains("Làm giấy khai sinh"), "{titles}");
    // The manifest tells the truth about both forms of the payload.
    let manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(dir.join("manifest.json")).expect("a manifest")).expect("JSON");
    for (part, file) in [("packed", "payload.zst"), ("unpacked", "content.db")] {
        let bytes = fs::read(dir.join(file)).expect("a file");
        assert_eq!(manifest[part]["bytes"], bytes.len(), "{part}");
        assert_eq!(
            manifest[part]["blake3"],
            blake3::hash(&bytes).to_hex().as_str(),
            "{part}"
        );
    }
}

#[test]
fn a_pack_made_by_stock_programs_is_accepted() {
    let office = Office::new();
    assert!(office.pack("a.kpack", &[]).status.success());
    let dir = office.path("theirs");
    fs::create_dir(&dir).expect("a folder");
    stock(&dir, "tar", &["xf", office.path("a.kpack").to_str().expect("UTF-8")]);
    // Their key, without a password; their signature; their tar, in both of its usual formats.
    stock(&dir, "minisign", &["-G", "-W", "-p", "their.pub", "-s", "their.key"]);
    let public = fs::read_to_string(dir.join("their.pub")).expect("a key");
    let key = PublicKey::from_text(&public).expect("minisign's own format");
    let manifest = fs::read_to_string(dir.join("manifest.json")).expect("a manifest");
    let issuer = manifest
        .lines()
        .find(|line| line.contains("issuer"))
        .expect("an issuer");
    fs::write(
        dir.join("manifest.json"),
        manifest.replace(issuer, &format!("  \"issuer\": \"{}\",", key.id())),
    )
    .expect("written");
    fs::remove_file(dir.join("manifest.json.minisig")).expect("removed");
    stock(
        &dir,
        "minisign",
        &["-S", "-W", "-s", "their.key", "-m", "manifest.json"],
    );
    let trust = Trust::new(vec![key]).expect("one key");
    for format in ["ustar", "gnu"] {
        let format = format!("--format={format}");
        stock(
            &dir,
            "tar",
            &[
                "cf",
                "b.kpack",
                &format,
                "manifest.json",
                "manifest.json.minisig",
                "payload.zst",
            ],
        );
        let pack = fs::File::open(dir.join("b.kpack")).expect("a pack");
        let reader = Reader::open(pack, Kind::Pack, &trust).expect("a signature by minisign");
        reader.unpack(&mut std::io::sink(), |_| {}).expect("a payload");
    }
}

#[test]
fn a_key_is_made_once_shown_and_its_password_changed() {
    let office = Office::new();
    let again = office.run(&["keys", "new", "--out", "office"]);
    assert!(
        !again.status.success() && words(&again).contains("không ghi đè"),
        "{}",
        words(&again)
    );
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&fs::metadata(office.path("office.key")).expect("a key").permissions());
    assert_eq!(mode & 0o777, 0o600, "nobody else may read it");
    let public = words(&office.run(&["keys", "show", "office.pub"]));
    assert_eq!(words(&office.run(&["keys", "show", "office.key"])), public);
    let wrong = office.run_with("sai", &["pack", "content", "-o", "a.kpack", "--key", "office.key"]);
    assert!(
        !wrong.status.success() && !office.path("a.kpack").exists(),
        "{}",
        words(&wrong)
    );
    let none = office.run_with("", &["keys", "show", "office.key"]);
    assert!(words(&none).contains("không được để trống"), "{}", words(&none));

    assert!(office.run(&["keys", "change-password", "office.key"]).status.success());
    assert!(
        !office.run(&["keys", "show", "office.key"]).status.success(),
        "the old password is of no use"
    );
    assert_eq!(words(&office.run_with("mới", &["keys", "show", "office.key"])), public);
    // Stock minisign takes the key and its password as well.
    fs::write(office.path("m.txt"), "m").expect("a file");
    let mut minisign = Command::new("minisign");
    minisign
        .current_dir(office.0.path())
        .args(["-S", "-s", "office.key", "-m", "m.txt"]);
    let mut minisign = minisign
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("minisign");
    minisign
        .stdin
        .take()
        .expect("a pipe")
        .write_all("mới\n".as_bytes())
        .expect("written");
    assert!(minisign.wait().expect("an end").success());
    stock(office.0.path(), "minisign", &["-V", "-p", "office.pub", "-m", "m.txt"]);
}

#[test]
fn the_edition_must_grow_and_changes_are_told() {
    let office = Office::new();
    office.set_edition(3);
    assert!(office.pack("a.kpack", &[]).status.success());
    let before = fs::read(office.path("a.kpack")).expect("a pack");
    let same = office.pack("a.kpack", &[]);
    assert!(
        !same.status.success() && words(&same).contains("hãy tăng lên 4"),
        "{}",
        words(&same)
    );
    assert_eq!(
        fs::read(office.path("a.kpack")).expect("a pack"),
        before,
        "the old pack is still there"
    );

    office.set_edition(4);
    let guide = office.path("content/pages/thu-tuc/khai-sinh.md");
    let text = fs::read_to_string(&guide).expect("a text");
    fs::write(
        &guide,
        text.replace("Ông bà kiểm tra tên trẻ rồi ký.", "Ông bà đọc kỹ tên trẻ rồi ký."),
    )
    .expect("written");
    fs::write(
        office.path("content/pages/thu-tuc/moi.md"),
        text.replace("Làm giấy khai sinh", "Trang mới"),
    )
    .expect("written");
    let packed = office.pack("b.kpack", &["--previous", "a.kpack"]);
    let said = words(&packed);
    assert!(packed.status.success(), "{said}");
    for line in [
        "So với phiên bản 3",
        "thêm trang: Trang mới",
        "sửa trang: Làm giấy khai sinh",
        "1 trang không đổi",
    ] {
        assert!(said.contains(line), "no “{line}” in:\n{said}");
    }
    let reader = Reader::open(
        fs::File::open(office.path("b.kpack")).expect("a pack"),
        Kind::Pack,
        &office.trust(),
    );
    assert_eq!(reader.expect("a pack").manifest().sequence, 4);
}

#[test]
fn choices_that_changed_under_an_old_id_are_not_packed() {
    let office = Office::new();
    office.set_edition(3);
    assert!(office.pack("a.kpack", &[]).status.success());
    office.set_edition(4);
    let quiz = office.path("content/quiz/an-toan.toml");
    let good = fs::read_to_string(&quiz).expect("a text");
    let otp = ("choices = [\"Có\", \"Không\"]\nanswer = \"B\"", "id = \"ma-otp\"");
    for (changed, is_packed) in [
        // Another order, another right answer, other words, one more.
        ("choices = [\"Không\", \"Có\"]\nanswer = \"A\"", false),
        ("choices = [\"Có\", \"Không\"]\nanswer = \"A\"", false),
        ("choices = [\"Có\", \"Đọc cho người nhà\"]\nanswer = \"B\"", false),
        ("choices = [\"Có\", \"Không\", \"Không biết\"]\nanswer = \"B\"", false),
        // A sign or a capital letter more is the same choice.
        ("choices = [\"có\", \"Không!\"]\nanswer = \"B\"", true),
    ] {
        assert!(good.contains(otp.0));
        fs::write(&quiz, good.replace(otp.0, changed)).expect("written");
        let packed = office.pack("b.kpack", &["--previous", "a.kpack"]);
        let said = words(&packed);
        assert_eq!(packed.status.success(), is_packed, "{changed}: {said}");
        assert_eq!(office.path("b.kpack").exists(), is_packed);
        if !is_packed {
            assert!(said.contains("ma-otp") && said.contains("đặt mã mới"), "{said}");
            assert!(!said.contains("duong-dan"), "{said}");
            // Under an id of its own it is another question.
            let renamed = good.replace(otp.0, changed).replace(otp.1, "id = \"ma-otp-2\"");
            fs::write(&quiz, renamed).expect("written");
            let packed = office.pack("c.kpack", &["--previous", "a.kpack"]);
            assert!(packed.status.success(), "{}", words(&packed));
            fs::remove_file(office.path("c.kpack")).expect("removed");
        }
    }
}

#[test]
fn content_with_errors_is_not_packed() {
    let office = Office::new();
    fs::remove_file(office.path("content/media/pic.svg")).expect("removed");
    let refused = office.pack("a.kpack", &[]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(words(&refused).contains("chưa đóng gói"), "{}", words(&refused));
    assert!(!office.path("a.kpack").exists());
}
