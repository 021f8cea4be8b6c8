//! PostgreSQL on another machine: nothing is sent to whoever can't prove who they are, and what a broken connection or a server that gives
//! way leaves open is found out.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use commune_kiosk::office::store::{Address, DatabaseError, Store};

use crate::common::postgres::elsewhere::{Elsewhere, PASSWORD, certified, free_port};
use crate::common::postgres::{connect, execute, fresh_database};
use crate::store::place::{NOW, bundle, flat, key_of, store_all, sums, table, verify};

/// How long is waited for what happens soon.
const PATIENCE: Duration = Duration::from_secs(30);

async fn open(database: &str, ca: Option<&Path>) -> Result<Store, DatabaseError> {
    Store::open(Address { database, ca }).await
}

async fn accepts(store: &Store, kiosk: &str) {
    let accepted = store.accept(kiosk, &key_of(kiosk), kiosk, NOW).await;
    accepted.expect("a kiosk is accepted");
}

/// A number that PostgreSQL answers.
async fn number(address: &str, sql: &str) -> i64 {
    connect(address).await.query_one(sql, &[]).await.expect("a row").get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_to_another_machine_is_encrypted_for_whom_the_authority_knows() {
    let far = Elsewhere::start("");
    let name = far.database().await;
    // Whatever the address says of it; and the password is bound to the certificate, so that nobody in between can use it.
    for more in ["", "?sslmode=disable", "?channel_binding=require"] {
        let address = format!("{}{more}", far.address(&name));
        let store = open(&address, Some(&far.ca)).await.expect("a store");
        store.ping().await.expect("an answer");
        let open =
            "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'office' AND ssl";
        assert!(number(&far.admin(&name), open).await > 0, "{more}");
    }
    let store = open(&far.address(&name), Some(&far.ca)).await.expect("a store");
    accepts(&store, "a").await;
    store_all(&store, &[bundle("a", 1, &[("2026-10-05", 7)])]).await;
    assert_eq!(sums(&store, None).await, flat(&table(&[("2026-10-05", 7)])));

    // Another authority; a name that the certificate is not for; a file that is no certificate; none at all.
    let dir = tempfile::tempdir().expect("a folder");
    let [other, ..] = certified();
    let file = dir.path().join("other.pem");
    fs::write(&file, other).expect("written");
    let refused = open(&far.address(&name), Some(&file))
        .await
        .expect_err("another authority");
    assert!(refused.to_string().contains("certificate"), "{refused}");
    let by_number = far.address(&name).replace("localhost", "127.0.0.1");
    let refused = open(&by_number, Some(&far.ca)).await.expect_err("another name");
    assert!(refused.to_string().contains("certificate"), "{refused}");
    for (name, text) in [
        ("empty.pem", ""),
        ("key.pem", &*certified()[2]),
        ("words.pem", "chứng chỉ"),
    ] {
        let file = dir.path().join(name);
        fs::write(&file, text).expect("written");
        let refused = open(&far.address("any"), Some(&file)).await;
        assert!(
            matches!(refused, Err(DatabaseError::Authority(_))),
            "{name}: {refused:?}"
        );
    }
    let refused = open(&far.address("any"), Some(&dir.path().join("none.pem"))).await;
    assert!(matches!(refused, Err(DatabaseError::Authority(_))), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_authority_nothing_leaves_this_machine() {
    for elsewhere in [
        "postgres://office:secret@192.0.2.7/office",
        "postgres://office:secret@localhost,db.example/office",
        "postgres://office:secret@localhost/office?hostaddr=192.0.2.7",
        "postgres://office:secret@db.example/office?sslmode=require",
    ] {
        let refused = open(elsewhere, None).await.expect_err("another machine");
        assert!(matches!(refused, DatabaseError::Remote(_)), "{refused}");
        assert!(refused.to_string().contains("--db-ca") && !refused.to_string().contains("secret"));
    }
    for nonsense in [
        "postgres:///office",
        "postgres://localhost/office?hostaddr=127.0.0.1,127.0.0.2",
    ] {
        let refused = open(nonsense, None).await.expect_err("no address");
        assert!(matches!(refused, DatabaseError::Address), "{refused}");
    }
    // A server on this machine that speaks no TLS is no way around it either.
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("ca.pem");
    fs::write(&file, &certified()[0]).expect("written");
    open(&fresh_database().await, Some(&file)).await.expect_err("no TLS");
}

/// Of a server that is gone, one that only follows, and the one that leads, in this order, the last is worked with.
#[tokio::test(flavor = "multi_thread")]
async fn of_several_hosts_the_one_that_takes_writes_is_asked() {
    let (follows, leads) = (
        Elsewhere::start("-c default_transaction_read_only=on"),
        Elsewhere::start(""),
    );
    let name = leads.database().await;
    let client = connect(&follows.admin("postgres")).await;
    for same in [
        "SET default_transaction_read_only = off",
        &format!("CREATE ROLE office LOGIN PASSWORD '{PASSWORD}'"),
        &format!("CREATE DATABASE {name}"),
    ] {
        client.batch_execute(same).await.expect("done");
    }
    let both = tempfile::NamedTempFile::new().expect("a file");
    let authorities = [&follows.ca, &leads.ca].map(|file| fs::read_to_string(file).expect("a certificate"));
    fs::write(both.path(), authorities.concat()).expect("written");
    let (gone, follower, leader) = (free_port(), follows.port, leads.port);
    let hosts = [gone, follower, leader]
        .map(|port| format!("localhost:{port}"))
        .join(",");
    let address = format!("postgres://office:{PASSWORD}@{hosts}/{name}");
    let store = open(&address, Some(both.path())).await.expect("a store");
    accepts(&store, "a").await;
    assert_eq!(number(&leads.admin(&name), "SELECT count(*) FROM kiosks").await, 1);
}

/// Whoever runs the server ends all connections while nobody uses them: neither a page nor a bundle notices.
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_were_cut_are_made_anew() {
    let address = fresh_database().await;
    let store = Store::open(&address).await.expect("a store");
    accepts(&store, "a").await;
    for sequence in 1..=5 {
        let cut = "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        number(&address, cut).await;
        if sequence % 2 == 0 {
            store.ping().await.expect("an answer");
        }
        store_all(&store, &[bundle("a", sequence, &[("2026-10-05", 1)])]).await;
    }
    assert_eq!(sums(&store, None).await, flat(&table(&[("2026-10-05", 5)])));
    verify(&store).await;
}

/// Has PostgreSQL do this once, in the middle of storing a bundle or at its end.
async fn once_while_storing(address: &str, when: &str, what: &str) {
    execute(
        address,
        &format!(
            "CREATE SEQUENCE turns;
             CREATE FUNCTION once() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN IF nextval('turns') = 1 THEN {what}; END IF; RETURN NULL; END $$;
             CREATE CONSTRAINT TRIGGER once AFTER INSERT ON bundles {when} FOR EACH ROW EXECUTE FUNCTION once()"
        ),
    )
    .await;
}

/// What PostgreSQL undoes because of others, or because it is told to end, is done once more from the beginning, in the middle and in the end.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_undone_is_done_again() {
    let cut = "PERFORM pg_terminate_backend(pg_backend_pid())";
    let conflict = |code: &str| format!("RAISE EXCEPTION 'thử' USING ERRCODE = '{code}'");
    for what in [&conflict("40001"), &conflict("40P01"), &conflict("25006"), cut] {
        for when in ["", "DEFERRABLE INITIALLY DEFERRED"] {
            let address = fresh_database().await;
            let store = Store::open(&address).await.expect("a store");
            accepts(&store, "a").await;
            once_while_storing(&address, when, what).await;
            store_all(&store, &[bundle("a", 1, &[("2026-10-05", 7)])]).await;
            assert_eq!(
                number(&address, "SELECT last_value FROM turns").await,
                2,
                "{what} {when}"
            );
            assert_eq!(sums(&store, None).await, flat(&table(&[("2026-10-05", 7)])));
            verify(&store).await;
        }
    }
}

/// Another fault is none of these: it is told at once.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_for_good_is_not_tried_again() {
    let address = fresh_database().await;
    let store = Store::open(&address).await.expect("a store");
    accepts(&store, "a").await;
    once_while_storing(&address, "", "RAISE EXCEPTION 'đầy' USING ERRCODE = '53100'").await;
    let full = store.keep(&[bundle("a", 1, &[("2026-10-05", 7)])]).await;
    full.expect_err("the disk is full");
    assert_eq!(number(&address, "SELECT last_value FROM turns").await, 1);
}

/// The connection breaks when the bundle is on the server's disk and before the answer: a primary that waits for its standby gives up.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_of_which_nobody_heard_counts_once() {
    let far = Elsewhere::start("");
    let name = far.database().await;
    let admin = far.admin(&name);
    let store = Arc::new(open(&far.address(&name), Some(&far.ca)).await.expect("a store"));
    accepts(&store, "a").await;
    commits_wait(&far).await;
    let storing = tokio::spawn({
        let store = store.clone();
        async move { store.keep(&[bundle("a", 1, &[("2026-10-05", 7)])]).await }
    });
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND usename = 'office'";
    until(|| number(&admin, waits), 1).await;
    let cut = "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    assert_eq!(number(&admin, cut).await, 1);
    // It is there, and who stored it does not know.
    assert_eq!(number(&admin, "SELECT count(*) FROM bundles").await, 1);
    assert!(!storing.is_finished());
    waits_for(&far, "").await;
    storing.await.expect("no fault").expect("stored");
    assert_eq!(sums(&store, None).await, flat(&table(&[("2026-10-05", 7)])));
    verify(&store).await;

    // Whoever puts something right by hand is told that nobody knows.
    commits_wait(&far).await;
    let forgetting = tokio::spawn({
        let store = store.clone();
        async move { store.stop_expecting("ai").await.map(drop) }
    });
    let renaming = tokio::spawn({
        let store = store.clone();
        async move { store.expect("ai", "Máy", NOW).await }
    });
    until(|| number(&admin, waits), 1).await;
    number(&admin, cut).await;
    let unsure = renaming.await.expect("no fault").expect_err("nobody knows");
    assert!(matches!(unsure, DatabaseError::Unsure(_)), "{unsure}");
    waits_for(&far, "").await;
    forgetting.await.expect("no fault").expect("nothing was to be written");
}

/// Has the server wait at each COMMIT for a standby of this name; for none, if it has no name.
async fn waits_for(far: &Elsewhere, standby: &str) {
    let client = connect(&far.admin("postgres")).await;
    let set = format!("ALTER SYSTEM SET synchronous_standby_names = '{standby}'");
    client.batch_execute(&set).await.expect("set");
    client.batch_execute("SELECT pg_reload_conf()").await.expect("reloaded");
}

/// Has the server wait at each COMMIT for a standby that is not there. It takes a moment until it does: something is stored until that has
/// to wait.
async fn commits_wait(far: &Elsewhere) {
    waits_for(far, "nobody").await;
    let admin = far.admin("postgres");
    let is_waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND usename = 'postgres'";
    let cut = "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    loop {
        let client = connect(&admin).await;
        let probe = format!("CREATE TABLE probe_{:016x} ()", fastrand::u64(..));
        let probing = tokio::spawn(async move { client.batch_execute(&probe).await });
        while !probing.is_finished() {
            if number(&admin, is_waiting).await == 1 {
                number(&admin, cut).await;
                return;
            }
        }
    }
}

/// The standby is gone, and so is whoever would say so: a COMMIT is waited for half a minute at most, and its connection is not kept.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_is_never_answered_is_given_up() {
    let far = Elsewhere::start("");
    let name = far.database().await;
    let store = open(&far.address(&name), Some(&far.ca)).await.expect("a store");
    commits_wait(&far).await;
    let begun = Instant::now();
    let expecting = (0..10).map(|kiosk| {
        let store = &store;
        async move { store.expect(&format!("ai {kiosk}"), "Máy", NOW).await }
    });
    for done in futures_util::future::join_all(expecting).await {
        // Eight have a connection; the others wait for one in vain.
        let error = done.expect_err("nobody answers");
        assert!(
            matches!(error, DatabaseError::Unsure(_) | DatabaseError::Pool(_)),
            "{error}"
        );
    }
    assert!(begun.elapsed() < Duration::from_secs(50), "{:?}", begun.elapsed());
    // Who only reads finds a connection again.
    store.ping().await.expect("an answer");
}

async fn until<F: Future<Output = i64>>(asked: impl Fn() -> F, number: i64) {
    let begun = Instant::now();
    while asked().await != number {
        assert!(begun.elapsed() < PATIENCE, "it never comes to {number}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A server that takes connections and says nothing, as one whose disk hangs, holds up nobody for long if there is another.
#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_says_nothing_is_passed_over() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let ended = Arc::new(AtomicBool::new(false));
    let held = std::thread::spawn({
        let ended = ended.clone();
        move || {
            let mut held = Vec::new();
            silent.set_nonblocking(true).expect("a socket");
            while !ended.load(Ordering::Relaxed) {
                held.extend(silent.accept().ok().map(|(stream, _): (TcpStream, _)| stream));
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    });
    let leads = Elsewhere::start("");
    let name = leads.database().await;
    let address = leads
        .address(&name)
        .replace("@localhost:", &format!("@localhost:{port},localhost:"));
    let opened = open(&address, Some(&leads.ca)).await;
    ended.store(true, Ordering::Relaxed);
    held.join().expect("ended");
    accepts(&opened.expect("a store"), "a").await;
}
