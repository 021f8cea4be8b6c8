//! A PostgreSQL of the test program's own, for tests that need a real one. Begin with [`fresh_database`].
//!
//! It lives in a temporary folder, listens on a socket in that folder and nowhere else, and ends with the test program,
//! however that ends: a shell waits for the end of a pipe of which the test program holds the other end.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use tokio_postgres::NoTls;

/// Makes a server, says where, and takes everything away again when nobody holds the other end of its standard input.
/// `/tmp` because the name of a socket may have 107 bytes. The second argument is the setting `fsync`.
const SCRIPT: &str = r#"
    set -eu
    folder=$(mktemp -d /tmp/commune-postgres-XXXXXX)
    clear() {
        "$1/pg_ctl" --pgdata "$folder/data" --silent --mode immediate stop </dev/null >/dev/null 2>&1 || true
        rm -rf "$folder"
    }
    trap 'clear "$1"' EXIT
    "$1/initdb" --pgdata "$folder/data" --username postgres --auth trust --no-sync --locale C.UTF-8 --encoding UTF8 \
        </dev/null >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
    "$1/pg_ctl" --pgdata "$folder/data" --silent --wait --log "$folder/log" start </dev/null >/dev/null \
        --options "-c listen_addresses='' -k $folder -p 5432 -c fsync=$2 -c max_connections=500 -c deadlock_timeout=100ms" \
        || { cat "$folder/log" >&2; exit 1; }
    echo "$folder"
    cat >/dev/null
"#;

/// What to do when there is none.
const INSTALL: &str = "PostgreSQL is needed for this test: install Debian's package postgresql (scripts/setup.sh test)";

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
    let server = tokio::task::block_in_place(|| SERVER.get_or_init(|| Server::start(fsync)));
    let name = format!("test_{:016x}", fastrand::u64(..));
    execute(&server.address("postgres"), &format!("CREATE DATABASE {name}")).await;
    server.address(&name)
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
    fn start(fsync: &str) -> Self {
        let programs = programs().expect(INSTALL);
        let mut keeper = shell();
        keeper
            .args(["-c", SCRIPT, "postgres-for-tests"])
            .arg(programs)
            .arg(fsync);
        // Away from the keys of the terminal, which would stop it before the tests, and from a folder that the server's user
        // may not see.
        keeper.process_group(0).current_dir("/");
        let mut keeper = keeper
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let mut folder = String::new();
        let said = keeper.stdout.take().expect("a pipe");
        BufReader::new(said).read_line(&mut folder).expect("UTF-8");
        assert!(folder.ends_with('\n'), "PostgreSQL does not start");
        Self {
            folder: folder.trim_end().to_owned(),
            _keeper: keeper,
        }
    }

    fn address(&self, database: &str) -> String {
        format!("postgres://postgres@{}/{database}", self.folder.replace('/', "%2F"))
    }
}

/// A shell of a user as whom PostgreSQL is willing to run: not root.
fn shell() -> Command {
    let root = fs::metadata("/proc/self").expect("Linux").uid() == 0;
    if !root {
        return Command::new("sh");
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "sh"]);
    command
}

/// The folder of PostgreSQL's programs: on the PATH, or the newest that Debian has installed.
fn programs() -> Option<PathBuf> {
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
