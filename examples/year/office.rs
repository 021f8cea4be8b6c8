//! The office of the simulation: the real server on a port of its own, with a clock that we turn.
//!
//! It refuses a database that holds something. Begin with [`Office::open`].

use std::collections::BTreeMap;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use axum_server::Handle;
use chrono::{DateTime, Local, NaiveDateTime, TimeZone};
use commune_kiosk::bundle::{Key, Kind, Trust};
use commune_kiosk::office::plan::Activity;
use commune_kiosk::office::receive::{self, Accepted, Answer, Receiver};
use commune_kiosk::office::rounding::Secret;
use commune_kiosk::office::serve::{self, Limits, Options, ServeError};
use commune_kiosk::office::store::Store;
use commune_kiosk::usage::statistics::Table;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

/// Nobody is turned away: all kiosks share one address, and live a day in a moment.
const NO_LIMIT: (u32, u32) = (1_000_000, 100_000);

/// How long running requests may take to end.
const LAST_REQUESTS: Duration = Duration::from_secs(5);

/// The most bundles of a kiosk that are asked for.
const MOST_BUNDLES: u64 = 100_000;

/// The time in the office, in seconds since 1970. One for the process, because the server asks a plain function.
static NOW: AtomicI64 = AtomicI64::new(0);

fn now() -> DateTime<Local> {
    let now = DateTime::from_timestamp(NOW.load(Ordering::Relaxed), 0);
    now.unwrap_or_default().with_timezone(&Local)
}

/// Turns the office's clock.
pub fn turn_clock(moment: NaiveDateTime) {
    if let Some(moment) = Local.from_local_datetime(&moment).earliest() {
        NOW.store(moment.timestamp(), Ordering::Relaxed);
    }
}

/// The office.
pub struct Office {
    runtime: Runtime,
    store: Arc<Store>,
    trust: Trust,
    receiver: Receiver,
    url: String,
    closing: Handle<SocketAddr>,
    server: JoinHandle<Result<(), ServeError>>,
}

impl Office {
    /// Opens an office with a new database and this key; packs would lie in `packs`.
    pub fn open(db: &str, key: Key, packs: PathBuf) -> Result<Self> {
        let is_server = db.contains("://");
        if !is_server && Path::new(db).try_exists()? {
            bail!("{db} is there already: name a file that is not, or remove it");
        }
        let runtime = Runtime::new()?;
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        let trust = Trust::of(key.public()?);
        let closing = Handle::new();
        let options = Options {
            listener,
            tls: None,
            behind_proxy: false,
            folder: packs,
            key: key.clone(),
            trust: trust.clone(),
            limits: Limits::new(NO_LIMIT, NO_LIMIT),
            now,
            built: now().date_naive(),
        };
        let (store, receiver, server) = runtime.block_on(async {
            let store = Store::open(db).await.with_context(|| format!("can't open {db}"))?;
            let is_empty = store.kiosks().await?.is_empty() && store.unknown().await?.is_empty();
            ensure!(is_empty, "{db} has kiosks already: name an empty database");
            let store = Arc::new(store);
            let receiver = Receiver::start(store.clone(), Arc::new(key), now().date_naive());
            let mut server = tokio::spawn(serve::serve(store.clone(), options, closing.clone()));
            tokio::select! {
                _ = closing.listening() => {}
                ended = &mut server => {
                    ended??;
                    bail!("the server ended before it began");
                }
            }
            anyhow::Ok((store, receiver, server))
        })?;
        Ok(Self {
            runtime,
            store,
            trust,
            receiver,
            url,
            closing,
            server,
        })
    }

    /// Its address for kiosks.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What kiosks check its receipts with.
    pub fn trust(&self) -> &Trust {
        &self.trust
    }

    /// Somebody accepts the kiosks that have sent something, under the names that are expected.
    pub fn accept(&self, names: &BTreeMap<String, String>) -> Result<()> {
        self.runtime.block_on(async {
            for unknown in self.store.unknown().await? {
                let name = names.get(&unknown.id).context("a kiosk that nobody has set up")?;
                let known = receive::accept(&self.store, &unknown.id, name, now(), now().date_naive()).await?;
                ensure!(matches!(known, Accepted::Known(_)), "{name} can't be accepted");
            }
            Ok(())
        })
    }

    /// Somebody notes what was done for the commune's plan.
    pub fn note(&self, activities: &[Activity]) -> Result<()> {
        self.runtime.block_on(async {
            for activity in activities {
                self.store.note_activity(activity).await?;
            }
            Ok(())
        })
    }

    /// A clerk brings a kiosk's files on a stick; the receipt is written beside them.
    pub fn take_files(&self, folder: &Path, kiosk: &str) -> Result<()> {
        self.runtime.block_on(async {
            for entry in fs::read_dir(folder)? {
                let file = entry?.path();
                if file
                    .extension()
                    .is_none_or(|ending| ending != Kind::Statistics.ending())
                {
                    continue;
                }
                if let Answer::Refused(why, _) = self.receiver.receive(fs::read(&file)?, now()).await? {
                    bail!("the office refuses {}: {why}", file.display());
                }
            }
            let receipt = self.receiver.receipt(&self.store, kiosk, now()).await?;
            fs::write(folder.join(format!("{kiosk}.{}", Kind::Receipt.ending())), receipt)?;
            Ok(())
        })
    }

    /// All that was counted, ever, by all kiosks or by one.
    pub fn counts(&self, kiosk: Option<&str>) -> Result<Table> {
        Ok(self.runtime.block_on(self.store.counts(kiosk, "0000-00", "9999-99"))?)
    }

    /// With what its figures are rounded.
    pub fn rounding(&self) -> Result<Secret> {
        Ok(self.runtime.block_on(self.store.rounding())?)
    }

    /// Number and hash of each bundle that it has of a kiosk.
    pub fn stored(&self, kiosk: &str) -> Result<BTreeMap<u64, String>> {
        let stored = self.runtime.block_on(self.store.stored(kiosk, MOST_BUNDLES))?;
        Ok(stored.into_iter().collect())
    }

    /// How many bundles it has.
    pub fn bundles(&self) -> Result<u64> {
        let kiosks = self.runtime.block_on(self.store.kiosks())?;
        Ok(kiosks.iter().map(|kiosk| kiosk.stored).sum())
    }

    /// Closes the server.
    pub fn close(self) -> Result<()> {
        self.closing.graceful_shutdown(Some(LAST_REQUESTS));
        Ok(self.runtime.block_on(self.server)??)
    }
}
