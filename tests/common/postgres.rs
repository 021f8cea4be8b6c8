//! A PostgreSQL of the test program's own, for tests that need a real one. Begin with [`fresh_database`].
//!
//! It lives in a temporary folder, listens on a socket in that folder and nowhere else, and ends with the test program,
//! however that ends: a shell waits for the end of a pipe of which the test program holds the other end. Root makes that folder
//! for the user that the server runs as, who needs no right of its own to write anywhere.

#[allow(dead_code, reason = "one test program uses it")]
pub mod elsewhere;

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;
use tokio_postgres::NoTls;

use super::short;

/// Makes a server in a folder, says when it is there, and takes everything away again when nobody holds the other end of its
/// standard input. After the folder of PostgreSQL's programs, the other folder and the server's options come the words that
/// make a command one of the server's user.
const SCRIPT: &str = r#"
    set -eu
    programs=$1 folder=$2 options=$3
    shift 3
    clear() {
        "$@" "$programs/pg_ctl" --pgdata "$folder/data" --silent --mode immediate stop </dev/null >/dev/null 2>&1 || true
        rm -rf "$folder"
    }
    trap 'clear "$@"' EXIT
    "$@" "$programs/initdb" --pgdata "$folder/data" --username postgres --auth trust --no-sync --locale C.UTF-8 \
        --encoding UTF8 </dev/null >"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; exit 1; }
    "$@" "$programs/pg_ctl" --pgdata "$folder/data" --silent --wait --log "$folder/log" start </dev/null >/dev/null \
        --options "-k $folder -c max_connections=500 -c deadlock_timeout=100ms $options" \
        || { cat "$folder/log" >&2; exit 1; }
    echo ready
    cat >/dev/null
"#;

/// The longest folder in which there can be a socket `.s.PGSQL.5432`, in bytes.
pub const LONGEST: usize = 107 - 14;

/// What to do when there is none.
pub const INSTALL: &str =
    "PostgreSQL is needed for this test: install Debian's package postgresql (scripts/setup.sh test)";

/// The one server of this test program.
struct Server {
    /// The folder of its socket.
    folder: String,
    /// Holds the pipe that keeps the server running.
    _keeper: Child,
}

/// The address of a new, empty database. Nothing in it has to survive a power cut.
pub async fn fresh_database() -> String {
    fresh_database_with("off").await
}

/// The same, with the setting `fsync` (`on` or `off`) of the one server: the first call decides.
pub async fn fresh_database_with(fsync: &str) -> String {
    static SERVER: OnceLock<Server> = OnceLock::new();
    let start = || {
        let programs = programs().expect(INSTALL);
        let options = format!("-c listen_addresses='' -p 5432 -c fsync={fsync}");
        Server::start(&programs, short::folder(LONGEST, suits), &options).expect("PostgreSQL starts")
    };
    let server = tokio::task::block_in_place(|| SERVER.get_or_init(start));
    let name = format!("test_{:016x}", fastrand::u64(..));
    execute(&server.address("postgres"), &format!("CREATE DATABASE {name}")).await;
    server.address(&name)
}

/// The address of a copy of a database, as it is now. Whoever has it open is cut off.
pub async fn copy_of(address: &str) -> String {
    let (server, name) = address.rsplit_once('/').expect("a database's address");
    let admin = format!("{server}/postgres");
    let copy = format!("copy_{:016x}", fastrand::u64(..));
    // Until they are gone, for ten seconds at most.
    let cut_off = format!("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'");
    execute(&admin, &cut_off).await;
    execute(&admin, &format!("CREATE DATABASE {copy} TEMPLATE {name}")).await;
    format!("{server}/{copy}")
}

/// Executes statements past the office's program.
pub async fn execute(address: &str, sql: &str) {
    connect(address).await.batch_execute(sql).await.expect("a statement");
}

/// A connection that the office's program knows nothing of.
pub async fn connect(address: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(address, NoTls).await.expect("a connection");
    tokio::spawn(connection);
    client
}

impl Server {
    /// Starts one in a folder that suits; `None` if it does not start, of which the log says why.
    fn start(programs: &Path, folder: TempDir, options: &str) -> Option<Self> {
        let folder = folder.keep();
        let mut keeper = Command::new("sh");
        keeper
            .args(["-c", SCRIPT, "postgres-for-tests"])
            .args([programs, &folder])
            .arg(options)
            .args(as_the_server());
        // Away from the keys of the terminal, which would stop it before the tests, and from a folder that the server's user
        // may not see.
        keeper.process_group(0).current_dir("/");
        let mut keeper = keeper
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let mut ready = String::new();
        let said = keeper.stdout.take().expect("a pipe");
        BufReader::new(said).read_line(&mut ready).expect("UTF-8");
        (ready == "ready\n").then(|| Self {
            folder: folder.into_os_string().into_string().expect("UTF-8"),
            _keeper: keeper,
        })
    }

    fn address(&self, database: &str) -> String {
        format!("postgres://postgres@{}/{database}", self.folder.replace('/', "%2F"))
    }
}

/// PostgreSQL refuses to run as root, and Debian's package makes a user for it: the words before a command that make it one of
/// that user; none if that is who runs the tests.
pub fn as_the_server() -> &'static [&'static str] {
    if rustix::process::geteuid().is_root() {
        &["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    } else {
        &[]
    }
}

/// Gives a folder to the server's user, and says whether the server can be there: whether that user gets there, and whether the
/// shell in between leaves the name as it is.
pub fn suits(folder: &Path) -> bool {
    let is_plain = |letter: &u8| letter.is_ascii_alphanumeric() || b"/._-".contains(letter);
    let succeeds = |words: &[&str]| {
        let done = Command::new(words[0]).args(&words[1..]).arg(folder).status();
        done.is_ok_and(|status| status.success())
    };
    let user = as_the_server();
    let gets_there = || succeeds(&["chown", "postgres"]) && succeeds(&[user, &["test", "-w"]].concat());
    folder.as_os_str().as_encoded_bytes().iter().all(is_plain) && (user.is_empty() || gets_there())
}

/// The folder of PostgreSQL's programs: on the PATH, or the newest that Debian has installed.
pub fn programs() -> Option<PathBuf> {
    let complete = |folder: &Path| {
        ["initdb", "pg_ctl", "postgres"]
            .iter()
            .all(|name| folder.join(name).is_file())
    };
    let path = std::env::var_os("PATH").unwrap_or_default();
    if let Some(found) = std::env::split_paths(&path).find(|folder| complete(folder)) {
        return Some(found);
    }
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let number = |folder: &Path| folder.file_name()?.to_str()?.parse::<u32>().ok();
    let installed = versions.map(|version| version.path());
    let newest = installed
        .filter(|folder| complete(&folder.join("bin")))
        .max_by_key(|folder| number(folder));
    Some(newest?.join("bin"))
}
