//! The primary of a PostgreSQL with a synchronous standby is killed while kiosks send: `pg_auto_failover` of Debian's packages, TLS between
//! all of them. Nothing is lost, nothing counts twice, the pages come back. Takes two minutes: a part of `make test-all`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate};
use commune_kiosk::office::receive::counts;
use commune_kiosk::office::store::By;
use commune_kiosk::usage::batch::Share;
use commune_kiosk::usage::signals::Signal;
use rustix::process::{Pid, Signal as Kill, kill_process, kill_process_group};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::common::machine::Machine;
use crate::common::office::Office;
use crate::common::postgres::elsewhere::{PASSWORD, certified, free_port, put};
use crate::common::postgres::{INSTALL, LONGEST, as_the_server, execute, programs, suits};
use crate::common::short;
use crate::desk::Desk;

/// Makes a monitor and two servers, says when the second follows the first, and ends and removes them when nobody holds the other end of its
/// standard input. Of each the process group is written into a file.
const SCRIPT: &str = r#"
    set -eu
    programs=$1 folder=$2 monitor=$3
    shift 3
    export HOME="$folder" XDG_RUNTIME_DIR="$folder/run" PATH="$programs:$PATH"
    mkdir "$folder/run"
    cd "$folder"
    end() {
        for group in b a monitor; do kill -9 "-$(cat $group.group)" "$(head -n 1 $group/postmaster.pid)" || true; done
        rm -rf "$folder"
    }
    trap 'end 2>/dev/null' EXIT
    # Waits two minutes at most until something is so.
    soon() { for _ in $(seq 600); do if "$@"; then return; fi; sleep 0.2; done; echo "never: $*" >&2; exit 1; }
    run() {
        setsid pg_autoctl run --pgdata $1 </dev/null >$1.log 2>&1 &
        echo $! >$1.group
    }
    tls="--ssl-ca-file $folder/ca.pem --server-cert $folder/certificate.pem --server-key $folder/key.pem --ssl-mode verify-ca"
    create() { timeout 60 pg_autoctl create "$@" --hostname 127.0.0.1 --auth trust $tls </dev/null >create.log 2>&1 || { cat create.log >&2; exit 1; }; }
    create monitor --pgdata monitor --pgport $monitor
    run monitor
    soon pg_autoctl show uri --pgdata monitor --formation monitor >/dev/null 2>&1
    address=$(pg_autoctl show uri --pgdata monitor --formation monitor)
    state() { pg_autoctl show state --pgdata monitor | grep -Eq "$1"; }
    for name in a b; do
        create postgres --pgdata $name --pgport $1 --name $name --monitor "$address"
        if [ $name = a ]; then echo "hostssl all office 127.0.0.1/32 scram-sha-256" >>a/pg_hba.conf; fi
        run $name
        shift
        soon state "^ +$name .*(single|secondary) \| +(single|secondary) *$"
    done
    soon state "^ +a .*primary \| +primary *$"
    echo ready
    cat >/dev/null
"#;

/// What to do when there is none.
const INSTALL_FAILOVER: &str = "pg_auto_failover is needed for this test: scripts/setup.sh test-all";

/// How long a change of servers may take. With what `pg_auto_failover` waits for by itself it is less than a minute.
const PATIENCE: Duration = Duration::from_mins(3);

/// How many kiosks send, and how long after one day each sends the next.
const KIOSKS: usize = 8;
const PAUSE: Duration = Duration::from_millis(400);

/// A primary, and a standby that everything must have reached.
struct Cluster {
    folder: PathBuf,
    ports: [u16; 2],
    ca: PathBuf,
    _keeper: Child,
}

impl Cluster {
    fn start() -> Self {
        // All of them lie together, wherever names on the PATH lead.
        let server = fs::canonicalize(programs().expect(INSTALL).join("postgres")).expect("a program");
        let programs = server.parent().expect("a folder");
        let folder: TempDir = short::folder(LONGEST, suits);
        let [ca, certificate, key] = certified();
        for (name, text) in [("ca.pem", ca), ("certificate.pem", certificate), ("key.pem", key)] {
            put(folder.path(), name, &text);
        }
        let folder = folder.keep();
        let [monitor, first, second] = [(); 3].map(|()| free_port());
        let ports = [monitor, first, second].map(|port| port.to_string());
        let user = as_the_server();
        let command = [user, &["sh", "-c", SCRIPT, "failover-for-tests"]].concat();
        let mut keeper = Command::new(command[0]);
        keeper.args(&command[1..]).arg(programs).arg(&folder).args(ports);
        let mut keeper = keeper
            .process_group(0)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let mut ready = String::new();
        BufReader::new(keeper.stdout.take().expect("a pipe"))
            .read_line(&mut ready)
            .expect("UTF-8");
        assert_eq!(ready, "ready\n", "{INSTALL_FAILOVER}");
        Self {
            ca: folder.join("ca.pem"),
            folder,
            ports: [first, second],
            _keeper: keeper,
        }
    }

    /// The address of a new database, for whoever must be let in by the primary.
    async fn database(&self) -> String {
        let admin = format!("postgres://postgres@127.0.0.1:{}/postgres", self.ports[0]);
        execute(&admin, &format!("CREATE ROLE office LOGIN PASSWORD '{PASSWORD}'")).await;
        execute(&admin, "CREATE DATABASE office OWNER office").await;
        let hosts = self.ports.map(|port| format!("localhost:{port}")).join(",");
        format!("postgres://office:{PASSWORD}@{hosts}/office")
    }

    /// The primary is gone, with all that would start it again, as by a power cut.
    fn kills_the_primary(&self) {
        let id = |file: &str| {
            let text = fs::read_to_string(self.folder.join(file)).expect("a file");
            let id = text.lines().next().and_then(|line| line.trim().parse().ok());
            Pid::from_raw(id.expect("a number")).expect("an id")
        };
        kill_process_group(id("a.group"), Kill::KILL).expect("killed");
        kill_process(id("a/postmaster.pid"), Kill::KILL).expect("killed");
    }
}

#[test]
#[ignore = "takes two minutes: make test-all"]
fn the_primary_is_killed_while_kiosks_send_and_the_books_agree() {
    let runtime = Runtime::new().expect("a runtime");
    let cluster = Cluster::start();
    let office = Office::on_postgres(runtime.block_on(cluster.database()), Some(cluster.ca.clone()));
    let desk = Desk::at(&office);
    let dir = tempfile::tempdir().expect("a folder");
    let mut machines: Vec<Machine> = (0..KIOSKS)
        .map(|kiosk| Machine::start(&dir.path().join(format!("kiosk-{kiosk}")), "2026-01-01T07:00:00"))
        .collect();
    for machine in &machines {
        let expected = office.asks(async |store| store.expect(machine.outbox.kiosk(), "Máy thử", 0).await);
        expected.expect("noted");
    }
    let (over, visits, failed) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    let (url, trust) = (office.url(), office.trust());
    std::thread::scope(|scope| {
        for machine in &mut machines {
            let (over, visits, failed, url, trust) = (&over, &visits, &failed, &url, &trust);
            scope.spawn(move || {
                let mut day = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
                let last = NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day");
                while !over.load(Ordering::Relaxed) {
                    if day < last {
                        machine.is_visited(6, &format!("{day}T09:00:00"));
                        visits.fetch_add(6, Ordering::Relaxed);
                        day = day + Days::new(1);
                        machine.closes_every(Share::Day, &format!("{day}T07:00:00"));
                    }
                    failed.fetch_add(u64::from(machine.calls(url, trust).0.is_err()), Ordering::Relaxed);
                    sleep(PAUSE);
                }
                // What waited meanwhile.
                while machine.waiting() > 0 {
                    machine.calls(url, trust).0.expect("the office answers again");
                }
            });
        }
        sleep(Duration::from_secs(5));
        let kiosk = office.asks(async |store| store.kiosks().await).expect("kiosks")[0]
            .id
            .clone();
        let by = By {
            whom: "lan",
            why: "thử",
            at: 0,
        };
        let voided = office.asks(async |store| store.void(&kiosk, 1, by, counts).await);
        assert!(voided.expect("an answer"), "a bundle is taken out of the sums");
        let killed = Instant::now();
        cluster.kills_the_primary();
        let mut without = 0;
        loop {
            let status = desk.gets("/kiosks").status;
            if status == 200 && without > 0 {
                break;
            }
            assert!(status == 200 || status == 503, "{status}");
            without += u32::from(status == 503);
            assert!(killed.elapsed() < PATIENCE, "the pages don't come back");
            sleep(Duration::from_millis(200));
        }
        println!(
            "the pages are back {:.1} s after the primary was killed; {} calls failed meanwhile",
            killed.elapsed().as_secs_f64(),
            failed.load(Ordering::Relaxed)
        );
        let restored = office.asks(async |store| store.restore(&kiosk, 1, by, counts).await);
        assert!(restored.expect("an answer"), "and put back, at the other server");
        sleep(Duration::from_secs(5));
        over.store(true, Ordering::Relaxed);
    });
    let (visits, failed) = (visits.into_inner(), failed.into_inner());
    println!("{visits} visits of {KIOSKS} kiosks");
    assert!(failed > 0, "nobody noticed anything");
    assert_eq!(office.total(Signal::VisitStarted), visits);
    let faults = office.asks(async |store| store.verify(counts).await);
    assert_eq!(faults.expect("an answer"), []);
}
