//! The office: its real server on a port of its own, in this process, with a database in a folder of its own.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::collections::BTreeSet;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum_server::Handle;
use chrono::{DateTime, Days, Local, NaiveDate, TimeZone};
use commune_kiosk::bundle::{Key, Trust};
use commune_kiosk::office::receive::{self, Accepted, Receiver};
use commune_kiosk::office::serve::{self, Limits, Options};
use commune_kiosk::office::store::{Address, Kiosk, Store, Unknown};
use commune_kiosk::usage::signals::Signal;
use commune_kiosk::usage::statistics::Table;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The office's calendar in all tests: a kiosk's can be ahead of it.
pub fn today() -> DateTime<Local> {
    let noon = NaiveDate::from_ymd_opt(2026, 12, 1).and_then(|day| day.and_hms_opt(12, 0, 0));
    Local
        .from_local_datetime(&noon.expect("a time"))
        .single()
        .expect("one time")
}

/// Limits that no test reaches.
pub fn generous() -> Limits {
    Limits::new((1_000_000, 100_000), (1_000_000, 100_000)).at_once(1_000, 1_000)
}

/// An office.
pub struct Office {
    /// Its folder: database, packs.
    pub dir: TempDir,
    /// The server's key.
    pub key: Key,
    /// The key that signs content, if the server's doesn't: the server has its public part alone.
    pub content: Option<Key>,
    /// Where its database is.
    pub db: String,
    /// The authority that its database must be known to.
    pub ca: Option<PathBuf>,
    /// Its clock.
    pub now: fn() -> DateTime<Local>,
    /// The day on which its program was built: long before its calendar, but in stories about that.
    pub built: NaiveDate,
    /// Whether a proxy stands in front of it.
    pub behind_proxy: bool,
    runtime: Runtime,
    running: Option<Running>,
}

struct Running {
    address: SocketAddr,
    handle: Handle<SocketAddr>,
    thread: JoinHandle<()>,
}

impl Office {
    /// An office with an `SQLite` file, open.
    pub fn open() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let db = dir.path().join("office.db").display().to_string();
        Self::on(dir, db, None, Key::generate().expect("a key"))
    }

    /// An office on a database of PostgreSQL, whose certificate, if it has one, must be of the authority of the file `ca`; open.
    pub fn on_postgres(db: String, ca: Option<PathBuf>) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        Self::on(dir, db, ca, Key::generate().expect("a key"))
    }

    /// Another host of the same office: its own folder, the same key and the same database.
    pub fn beside(&self) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        Self::on(dir, self.db.clone(), self.ca.clone(), self.key.clone())
    }

    fn on(dir: TempDir, db: String, ca: Option<PathBuf>, key: Key) -> Self {
        let mut office = Self {
            dir,
            key,
            content: None,
            db,
            ca,
            now: today,
            built: today().date_naive() - Days::new(365),
            behind_proxy: false,
            runtime: Runtime::new().expect("a runtime"),
            running: None,
        };
        office.start();
        office
    }

    /// Starts the server, on another port than before.
    pub fn start(&mut self) {
        self.start_with(None, generous());
    }

    /// Starts the server with a certificate, or with other limits.
    pub fn start_with(&mut self, tls: Option<(PathBuf, PathBuf)>, limits: Limits) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let handle = Handle::new();
        let options = Options {
            listener,
            tls,
            behind_proxy: self.behind_proxy,
            folder: self.dir.path().join("packs"),
            key: self.key.clone(),
            trust: Trust::of(self.content_key().public().expect("a key")),
            limits,
            now: self.now,
            built: self.built,
        };
        let (db, ca, closing) = (self.db.clone(), self.ca.clone(), handle.clone());
        let thread = std::thread::spawn(move || {
            let runtime = Runtime::new().expect("a runtime");
            runtime.block_on(async {
                let store = Store::open(Address {
                    database: &db,
                    ca: ca.as_deref(),
                });
                let store = Arc::new(store.await.expect("a database"));
                serve::serve(store, options, closing).await.expect("served");
            });
            // What still runs is cut off, as by a crash.
            runtime.shutdown_background();
        });
        self.runtime.block_on(handle.listening());
        self.running = Some(Running {
            address,
            handle,
            thread,
        });
    }

    /// Ends the server at once, whatever it is doing.
    pub fn crash(&mut self) {
        if let Some(running) = self.running.take() {
            running.handle.shutdown();
            running.thread.join().expect("ended");
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.running.as_ref().expect("running").address
    }

    fn database(&self) -> Address<'_> {
        Address {
            database: &self.db,
            ca: self.ca.as_deref(),
        }
    }

    /// Its address for kiosks.
    pub fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// What kiosks check receipts and packs with.
    pub fn trust(&self) -> Trust {
        let [content, server] = [self.content_key(), &self.key].map(|key| vec![key.public().expect("a key")]);
        Trust::apart(content, server).expect("a key each")
    }

    /// What packs are signed with.
    pub fn content_key(&self) -> &Key {
        self.content.as_ref().unwrap_or(&self.key)
    }

    /// Asks the store something.
    pub fn asks<T>(&self, question: impl AsyncFnOnce(&Store) -> T) -> T {
        self.runtime.block_on(async {
            let store = Store::open(self.database()).await.expect("a database");
            question(&store).await
        })
    }

    /// Somebody accepts a kiosk that has sent something.
    pub fn accepts(&self, kiosk: &str, name: &str) {
        // A worker thread, because SQLite blocks.
        let known = self.asks(async |store| receive::accept(store, kiosk, name, (self.now)(), self.built).await);
        assert_eq!(known.expect("accepted"), Accepted::Known(kiosk.to_owned()));
    }

    /// Kiosks that nobody has accepted.
    pub fn unknown(&self) -> Vec<Unknown> {
        self.asks(async |store| store.unknown().await.expect("kiosks"))
    }

    /// A kiosk that was accepted.
    pub fn kiosk(&self, id: &str) -> Kiosk {
        self.asks(async |store| store.kiosk(id).await.expect("kiosks").expect("this one"))
    }

    /// All that was counted, ever.
    pub fn counts(&self) -> Table {
        self.asks(async |store| store.counts(None, "0000-00", "9999-99").await.expect("counts"))
    }

    /// Asks for something to be done with bundles that come by hand.
    pub fn receives<T>(&self, work: impl AsyncFnOnce(&Receiver, &Store) -> T) -> T {
        self.runtime.block_on(async {
            let store = Arc::new(Store::open(self.database()).await.expect("a database"));
            let receiver = Receiver::start(Arc::clone(&store), Arc::new(self.key.clone()), self.built);
            work(&receiver, &store).await
        })
    }

    /// A clerk brings files from a stick; the receipts for them are written beside them.
    pub fn takes_files(&self, folder: &Path) {
        let now = (self.now)();
        self.receives(async |receiver, store| {
            let mut kiosks = BTreeSet::new();
            for file in fs::read_dir(folder).expect("a folder") {
                let file = file.expect("a file").path();
                if file.extension().is_some_and(|ending| ending == "kstat") {
                    let bundle = fs::read(&file).expect("a bundle");
                    receiver.receive(bundle, now).await.expect("received");
                    let name = file.file_stem().and_then(|name| name.to_str()).expect("a name");
                    kiosks.insert(name.rsplit_once('-').expect("a number").0.to_owned());
                }
            }
            for kiosk in kiosks {
                let receipt = receiver.receipt(store, &kiosk, now).await.expect("a receipt");
                fs::write(folder.join(format!("{kiosk}.kack")), receipt).expect("written");
            }
        });
    }

    /// The sum of a signal over everything.
    pub fn total(&self, signal: Signal) -> u64 {
        self.counts().total(signal)
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            running.handle.graceful_shutdown(Some(Duration::from_millis(200)));
            let _ = running.thread.join();
        }
    }
}
