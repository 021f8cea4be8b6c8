//! The office's commands, as a technician types them: which of them may make an office, and what the others do where there is
//! none, where another program's is, and where nothing may be written.

use crate::common::postgres;
use crate::common::program;
use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use crate::common::program::{Program, write_key};
use commune_kiosk::bundle::Key;
use tempfile::TempDir;

/// Every command that needs an office, but for `serve` and `accounts set`; whether it changes something there.
const COMMANDS: [(&[&str], bool); 17] = [
    (
        &[
            "report",
            "--from",
            "2026-10-01",
            "--to",
            "2026-10-31",
            "--output",
            "report.html",
        ],
        false,
    ),
    (&["kiosks", "list"], false),
    (&["kiosks", "accept", "kiosk-0", "--name", "Sảnh"], true),
    (&["kiosks", "dismiss", "kiosk-0"], true),
    (&["kiosks", "retire", "kiosk-0"], true),
    (&["kiosks", "forget", "kiosk-0", "--why", "nhầm"], true),
    (&["bundles", "void", "kiosk-0", "1", "--why", "nhầm"], true),
    (&["bundles", "restore", "kiosk-0", "1"], true),
    (&["bundles", "close", "kiosk-0", "1", "--why", "mất"], true),
    (&["accounts", "list"], false),
    (&["accounts", "remove", "lan"], true),
    (&["packs", "list"], false),
    (&["packs", "remove", "le-loi", "3"], true),
    (
        &["packs", "add", "xa.kpack", "--key", "office.pub", "--packs", "packs"],
        true,
    ),
    (&["figures", "verify"], false),
    (&["backup", "backup.db"], false),
    // Where nobody has sent anything there is nothing to change.
    (&["figures", "rebuild"], false),
];

/// What is said where there is no office.
const NO_OFFICE: &str = "chưa có văn phòng nào";

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut office = program::office(folder, arguments);
    office.env("OFFICE_ACCOUNT_PASSWORD", "mùa lúa chín rộ");
    office
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().expect("the office program runs")
}

fn run_on(folder: &Path, database: &str, arguments: &[&str]) -> Output {
    run(folder, &[arguments, &["--db", database]].concat())
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

/// The command must fail and say this.
fn refuses(folder: &Path, database: &str, arguments: &[&str], why: &str) -> String {
    let refused = run_on(folder, database, arguments);
    let said = words(&refused);
    assert_eq!(refused.status.code(), Some(1), "{arguments:?}: {said}");
    assert!(
        said.contains(why) && !said.contains("panicked"),
        "{arguments:?}: {said}"
    );
    said
}

fn names(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> = files
        .map(|file| file.expect("a file").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// A folder in which somebody has begun an office.
fn office() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let made = run(folder.path(), &["accounts", "set", "lan"]);
    assert!(made.status.success(), "{}", words(&made));
    folder
}

#[test]
fn a_mistyped_name_is_no_office_and_none_is_made_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    for (arguments, _) in COMMANDS {
        for database in ["ofice.db", "nowhere/office.db"] {
            let said = refuses(folder.path(), database, arguments, NO_OFFICE);
            assert!(said.contains(database), "{arguments:?}: {said}");
        }
        let said = words(&run(folder.path(), arguments));
        assert!(
            said.contains("office.db") && said.contains(NO_OFFICE),
            "{arguments:?}: {said}"
        );
        assert_eq!(names(folder.path()), [""; 0], "{arguments:?}");
    }
}

#[test]
fn a_file_of_something_else_is_no_office_and_stays_what_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let library = folder.path().join("xa.db");
    let other = rusqlite::Connection::open(&library).expect("a file");
    other.execute_batch("CREATE TABLE pages (title TEXT)").expect("a table");
    other.close().expect("closed");
    fs::write(folder.path().join("empty.db"), "").expect("written");
    fs::write(folder.path().join("text.db"), "Không phải cơ sở dữ liệu. ".repeat(100)).expect("written");
    let before = fs::read(&library).expect("a file");
    for (arguments, _) in COMMANDS {
        refuses(folder.path(), "xa.db", arguments, NO_OFFICE);
        refuses(folder.path(), "empty.db", arguments, NO_OFFICE);
        refuses(folder.path(), "text.db", arguments, "not a database");
    }
    assert_eq!(names(folder.path()), ["empty.db", "text.db", "xa.db"]);
    assert!(before == fs::read(&library).expect("a file"));
    assert_eq!(fs::metadata(folder.path().join("empty.db")).expect("a file").len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgresql_without_our_tables_is_no_office() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = postgres::fresh_database().await;
    for (arguments, _) in COMMANDS {
        refuses(folder.path(), &database, arguments, NO_OFFICE);
        // A database that is not there either.
        refuses(folder.path(), &format!("{database}x"), arguments, NO_OFFICE);
    }
    assert_eq!(names(folder.path()), [""; 0]);
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    let there = postgres::connect(&database).await.query_one(tables, &[]).await;
    assert_eq!(there.expect("an answer").get::<_, i64>(0), 0);
    // Like a file, it becomes one with the first account.
    let made = run_on(folder.path(), &database, &["accounts", "set", "lan"]);
    assert!(made.status.success(), "{}", words(&made));
    assert_eq!(
        words(&run_on(folder.path(), &database, &["accounts", "list"])),
        "lan\tadministers\n"
    );
}

#[test]
fn the_first_account_makes_an_office_and_says_so_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let set = |name| words(&run(folder.path(), &["accounts", "set", name]));
    let said = set("lan");
    assert!(
        said.contains("Đã tạo văn phòng mới") && said.contains("office.db"),
        "{said}"
    );
    assert_eq!(set("mai"), "Đã đặt mật khẩu của mai\n");
    let role = |role| run(folder.path(), &["accounts", "set", "mai", "--role", role]);
    assert!(role("reads").status.success());
    let list = || words(&run(folder.path(), &["accounts", "list"]));
    assert_eq!(list(), "lan\tadministers\nmai\treads\n");
    set("mai");
    assert_eq!(
        list(),
        "lan\tadministers\nmai\treads\n",
        "another password, the same role"
    );
    let refused = role("king");
    assert!(
        !refused.status.success() && words(&refused).contains("administers"),
        "{}",
        words(&refused)
    );
    assert_eq!(words(&run(folder.path(), &["kiosks", "list"])), "");
    // Nobody reports there, and the report does not pretend that all have.
    let (report, _) = COMMANDS[0];
    let made = run(folder.path(), report);
    assert!(made.status.success(), "{}", words(&made));
    let report = fs::read_to_string(folder.path().join("report.html")).expect("a report");
    assert!(report.contains("Văn phòng chưa duyệt máy nào"));
    assert!(!report.contains("Không thấy số liệu nào bị thiếu"));
}

/// As one of several programs does that come to a new file at the same moment, only for longer.
#[test]
fn whoever_begins_the_same_office_at_the_same_moment_is_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut other = rusqlite::Connection::open(folder.path().join("office.db")).expect("a file");
    let beginning = other
        .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
        .expect("a transaction");
    let mut set = command(folder.path(), &["accounts", "set", "lan"]);
    let set = set.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    // Much longer than it takes the program to come to the file.
    std::thread::sleep(Duration::from_secs(2));
    beginning.rollback().expect("the end");
    let output = set.and_then(Child::wait_with_output).expect("an end");
    assert!(output.status.success(), "{}", words(&output));
    assert_eq!(words(&run(folder.path(), &["accounts", "list"])), "lan\tadministers\n");
}

/// Takes from the tables what the newest program has added to those of the first.
const OLDER: &str = "ALTER TABLE kiosks DROP COLUMN card; ALTER TABLE kiosks DROP COLUMN card_errors;
    ALTER TABLE kiosks DROP COLUMN under_voltage; ALTER TABLE kiosks DROP COLUMN temperature;
    ALTER TABLE kiosks DROP COLUMN pack_id; ALTER TABLE kiosks DROP COLUMN left_edition; ALTER TABLE kiosks DROP COLUMN faults;
    ALTER TABLE bundles DROP COLUMN undated_after; ALTER TABLE bundles DROP COLUMN voided;
    ALTER TABLE kiosks DROP COLUMN retired_at; ALTER TABLE kiosks DROP COLUMN called_at; DROP TABLE closed_gaps; DROP TABLE corrections;
    DROP TABLE strangers; DROP TABLE expected; DROP INDEX waiting_ahead;
    ALTER TABLE waiting DROP COLUMN why; ALTER TABLE waiting DROP COLUMN ahead;
    ALTER TABLE accounts ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
    ALTER TABLE accounts ADD COLUMN closed_until BIGINT NOT NULL DEFAULT 0;
    DROP INDEX figures_by_month; ALTER TABLE figures DROP COLUMN visits_by_day;
    CREATE INDEX figures_by_month ON figures (month, kiosk_id, visits); DELETE FROM settings;
    ALTER TABLE accounts DROP COLUMN role; DROP TABLE deeds; DROP TABLE pack_pieces; DROP TABLE activities;
    UPDATE schema_version SET version = 1";

/// An older server may be running: only the server of the new program may change the tables.
fn leaves_an_older_office_alone(folder: &Path, database: &str, version: impl Fn() -> i64) {
    for (arguments, _) in COMMANDS {
        refuses(folder, database, arguments, "khởi động office serve");
    }
    refuses(folder, database, &["accounts", "set", "mai"], "khởi động office serve");
    assert_eq!(version(), 1);
    write_key(folder, &Key::generate().expect("a key"));
    Program::start(folder, &["--db", database]).kill();
    assert_eq!(version(), 12);
    assert_eq!(
        words(&run_on(folder, database, &["accounts", "list"])),
        "lan\tadministers\n"
    );
}

#[test]
fn an_older_file_is_brought_up_to_date_by_the_server_alone() {
    let folder = office();
    let file = rusqlite::Connection::open(folder.path().join("office.db")).expect("a file");
    file.execute_batch(OLDER).expect("older");
    leaves_an_older_office_alone(folder.path(), "office.db", || {
        let version = file.query_row("SELECT version FROM schema_version", [], |row| row.get(0));
        version.expect("a number")
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_postgresql_is_brought_up_to_date_by_the_server_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = postgres::fresh_database().await;
    let made = run_on(folder.path(), &database, &["accounts", "set", "lan"]);
    assert!(made.status.success(), "{}", words(&made));
    postgres::execute(&database, OLDER).await;
    let client = postgres::connect(&database).await;
    let version = || {
        let asked = client.query_one("SELECT version FROM schema_version", &[]);
        let row = tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(asked));
        row.expect("an answer").get(0)
    };
    leaves_an_older_office_alone(folder.path(), &database, version);
}

#[test]
fn a_newer_office_is_left_alone_by_all() {
    let folder = office();
    let file = rusqlite::Connection::open(folder.path().join("office.db")).expect("a file");
    file.execute_batch("UPDATE schema_version SET version = 999")
        .expect("newer");
    write_key(folder.path(), &Key::generate().expect("a key"));
    let serve: (&[&str], bool) = (&["serve", "--key", "office.key", "--listen", "127.0.0.1:0"], true);
    for (arguments, _) in COMMANDS.into_iter().chain([serve, (&["accounts", "set", "mai"], true)]) {
        refuses(folder.path(), "office.db", arguments, "mời cập nhật chương trình");
    }
}

#[test]
fn whoever_only_reads_waits_for_nobody_who_writes() {
    let folder = office();
    let mut server = rusqlite::Connection::open(folder.path().join("office.db")).expect("a file");
    let writing = server
        .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
        .expect("a transaction");
    for (arguments, _) in COMMANDS.into_iter().filter(|(_, changes)| !changes) {
        let read = run(folder.path(), arguments);
        assert!(read.status.success(), "{arguments:?}: {}", words(&read));
    }
    writing.rollback().expect("the end");
}

/// Late in the evening of November in London it is December here.
#[test]
fn days_are_those_of_the_commune_wherever_the_machine_believes_to_be() {
    let folder = office();
    let file = rusqlite::Connection::open(folder.path().join("office.db")).expect("a file");
    let expected = "INSERT INTO expected (who, name, since) VALUES ('kiosk-0123456789abcdef', 'Sảnh', 1796065200)";
    file.execute_batch(expected).expect("a kiosk");
    let says = |zone: &[&str], machine: Option<&str>| {
        let mut list = command(folder.path(), &[&["kiosks", "list"], zone].concat());
        list.env_remove("TZ");
        if let Some(machine) = machine {
            list.env("TZ", machine);
        }
        words(&list.output().expect("the office program runs"))
    };
    let ours = ["--zone", "Asia/Ho_Chi_Minh"];
    for (zone, machine, day) in [
        (&[][..], None, "01/12/2026"),
        (&ours, None, "01/12/2026"),
        (&ours, Some("UTC"), "01/12/2026"),
        (&["--zone", "UTC"], None, "30/11/2026"),
        (&["--zone", "Etc/GMT+2"], Some("Asia/Tokyo"), "30/11/2026"),
        // Somebody has told the program, or its container.
        (&[], Some("UTC"), "30/11/2026"),
    ] {
        let said = says(zone, machine);
        assert!(said.contains(day), "{zone:?}, {machine:?}: {said}");
    }
    for unknown in ["Hanoi", "Asia/Hà_Nội", "../../etc/hostname", "/etc/hostname", ""] {
        let said = says(&["--zone", unknown], None);
        assert!(said.contains("không biết múi giờ"), "{unknown}: {said}");
    }
    write_key(folder.path(), &Key::generate().expect("a key"));
    let mut server = command(
        folder.path(),
        &["serve", "--key", "office.key", "--listen", "127.0.0.1:0"],
    );
    server.env_remove("TZ").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut server = server.spawn().expect("the office program runs");
    let said = server
        .stderr
        .take()
        .map(BufReader::new)
        .into_iter()
        .flat_map(BufRead::lines);
    let said = said
        .map(|line| line.expect("UTF-8"))
        .find(|line| line.contains("it is "));
    server.kill().expect("killed");
    server.wait().expect("ended");
    assert!(
        said.as_ref().is_some_and(|line| line.ends_with(", +07:00 here")),
        "{said:?}"
    );
}

/// The program without root's right to write everywhere. Who is not root does not have it.
fn without_privilege(command: &Command) -> Command {
    let program = command.get_program();
    if !rustix::process::geteuid().is_root() {
        let mut same = Command::new(program);
        same.args(command.get_args());
        return same;
    }
    let mut bound = Command::new("setpriv");
    bound
        .arg("--bounding-set=-dac_override")
        .arg(program)
        .args(command.get_args());
    bound
}

#[test]
fn a_copy_that_nobody_may_write_can_be_read() {
    let folder = office();
    let archive = tempfile::tempdir().expect("a folder");
    let copy = archive.path().join("bản sao 100%.db");
    fs::copy(folder.path().join("office.db"), &copy).expect("a copy");
    fs::set_permissions(&copy, Permissions::from_mode(0o444)).expect("locked");
    fs::set_permissions(archive.path(), Permissions::from_mode(0o555)).expect("locked");
    let read = |arguments: &[&str]| {
        let arguments = [arguments, &["--db", copy.to_str().expect("UTF-8")]].concat();
        let mut command = without_privilege(&command(folder.path(), &arguments));
        command
            .current_dir(folder.path())
            .output()
            .expect("the office program runs")
    };
    for (arguments, changes) in COMMANDS {
        let output = read(arguments);
        assert_eq!(output.status.success(), !changes, "{arguments:?}: {}", words(&output));
    }
    assert_eq!(words(&read(&["accounts", "list"])), "lan\tadministers\n");
    assert_eq!(names(archive.path()), ["bản sao 100%.db"]);
    fs::set_permissions(archive.path(), Permissions::from_mode(0o755)).expect("unlocked");
}
