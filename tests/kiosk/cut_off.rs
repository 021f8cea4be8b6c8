//! The power goes, for real: `kiosk install` is killed at random moments, and the next start shows the old pack or the new.

use std::fs::{self, File};
use std::io::{Cursor, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use chrono::NaiveDate;
use commune_kiosk::bundle::{self, Head, Key, Kind};
use commune_kiosk::content::library::{self, Library};
use commune_kiosk::content::source;
use commune_kiosk::kiosk::slots::Slots;

/// How often the program is killed.
const TIMES: u64 = 200;

/// A pack with a picture of this many random bytes, so that installing takes a while.
const BALLAST: usize = 4 * 1024 * 1024;

fn pack(dir: &Path, edition: u64, key: &Key) -> Vec<u8> {
    let good = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/office/content_checker/good");
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
    let mut content = source::read(&good, today).content.expect("good content");
    content.pack.edition = edition;
    let mut random = fastrand::Rng::with_seed(edition);
    let ballast = std::iter::repeat_with(|| random.u8(..)).take(BALLAST).collect();
    content.media.insert("ballast.png".to_owned(), ballast);
    let file = dir.join("content.db");
    library::write(&content, &file).expect("written");
    let head = Head {
        kind: Kind::Pack,
        id: content.pack.id,
        sequence: edition,
        created: String::new(),
    };
    let mut pack = Vec::new();
    let mut payload = File::open(file).expect("a file");
    bundle::write(head, &mut payload, &mut Cursor::new(Vec::new()), key, &mut pack).expect("a pack");
    pack
}

/// What a kiosk shows that starts now.
fn shown(data: &Path) -> Option<u64> {
    let none = |_: &Path| -> Result<Library, String> { Err(String::new()) };
    let library = Slots::open(data, None).start(none).library?;
    // Not only that it opens: all of it can be read.
    let file = library.catalogue().pack.edition;
    library::verify(&data.join(format!("packs/{file}.db"))).expect("a whole pack");
    Some(file)
}

#[test]
fn killed_two_hundred_times_there_is_always_a_pack() {
    let dir = tempfile::tempdir().expect("a folder");
    let key = Key::generate().expect("a key");
    fs::write(
        dir.path().join("office.pub"),
        key.public().expect("a key").to_text().expect("a text"),
    )
    .expect("written");
    let (old, new) = (pack(dir.path(), 1, &key), pack(dir.path(), 2, &key));
    fs::write(dir.path().join("old.kpack"), old).expect("written");
    fs::write(dir.path().join("new.kpack"), new).expect("written");
    let install = |data: &Path, file: &str| {
        let mut kiosk = Command::new(env!("CARGO_BIN_EXE_kiosk"));
        kiosk
            .current_dir(dir.path())
            .args(["--content", "no-factory", "--trust", "office.pub", "--data"]);
        kiosk
            .arg(data)
            .args(["install", file])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        kiosk
    };
    let base = dir.path().join("base");
    assert!(install(&base, "old.kpack").status().expect("it runs").success());
    // How long an installation takes here, so that the knife falls all over it.
    let whole = {
        let data = dir.path().join("measured");
        copy(&base, &data);
        let began = std::time::Instant::now();
        assert!(install(&data, "new.kpack").status().expect("it runs").success());
        began.elapsed()
    };
    let mut random = fastrand::Rng::with_seed(7);
    let (mut olds, mut news) = (0, 0);
    for _ in 0..TIMES {
        let data = dir.path().join("data");
        copy(&base, &data);
        let mut child = install(&data, "new.kpack").spawn().expect("it runs");
        std::thread::sleep(Duration::from_secs_f64(whole.as_secs_f64() * 1.1 * random.f64()));
        child.kill().expect("killed");
        child.wait().expect("an end");
        match shown(&data) {
            Some(1) => olds += 1,
            Some(2) => news += 1,
            other => panic!("neither the old nor the new pack, but {other:?}"),
        }
        // What was left over is gone after a start, and the stick works the second time.
        let again = install(&data, "new.kpack").status().expect("it runs");
        assert!(again.success() || shown(&data) == Some(2));
        let mut names: Vec<_> = fs::read_dir(data.join("packs"))
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        names.sort();
        assert_eq!(names, ["1.db", "2.db", "current", "trial"]);
        fs::remove_dir_all(&data).expect("removed");
    }
    // Both must have happened, or the knife fell beside it.
    assert!(olds > 0 && news > 0, "{olds} old, {news} new");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.join("packs")).expect("a folder");
    for entry in fs::read_dir(from.join("packs")).expect("a folder to read") {
        let entry = entry.expect("an entry");
        let mut bytes = Vec::new();
        File::open(entry.path())
            .expect("a file")
            .read_to_end(&mut bytes)
            .expect("read");
        fs::write(to.join("packs").join(entry.file_name()), bytes).expect("written");
    }
}
