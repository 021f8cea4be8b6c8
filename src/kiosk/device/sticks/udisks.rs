//! Sticks through `UDisks2`, the service that desktops and our image mount sticks with.
//!
//! Its D-Bus interface is described at <https://storaged.org/doc/udisks2-api/latest/>. On the image the kiosk's user needs
//! polkit's leave for `org.freedesktop.udisks2.filesystem-mount` and `filesystem-mount-other-seat`. The system's own disk
//! and card are never touched. Begin with [`Udisks`].

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use zbus::blocking::fdo::ObjectManagerProxy;
use zbus::blocking::{Connection, MessageIterator, Proxy, connection};
use zbus::message::Type;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};
use zbus::{MatchRule, fdo};

use super::{Change, MOST, StickError, StickId};

const SERVICE: &str = "org.freedesktop.UDisks2";
const ROOT: &str = "/org/freedesktop/UDisks2";
const BLOCK: &str = "org.freedesktop.UDisks2.Block";
const DRIVE: &str = "org.freedesktop.UDisks2.Drive";
const FILESYSTEM: &str = "org.freedesktop.UDisks2.Filesystem";

/// File systems that sticks are sold with. The kernel is not asked to understand any other: it can be made to crash by one.
const FILESYSTEMS: [&str; 2] = ["vfat", "exfat"];

/// Where `UDisks2` mounts sticks.
const PLACES: [&str; 2] = ["/media", "/run/media"];

/// How long a call may take: mounting a stick that was pulled out of another machine may mean checking it.
const PATIENCE: Duration = Duration::from_secs(30);

/// What may be done with a mounted stick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

impl Access {
    /// Never devices, never other people's rights, never programs.
    fn options(self) -> &'static str {
        match self {
            Self::Read => "ro,nodev,nosuid,noexec",
            Self::Write => "rw,nodev,nosuid,noexec",
        }
    }
}

/// The interfaces of an object and their properties.
type Object = HashMap<String, HashMap<String, OwnedValue>>;

/// A connection to `UDisks2`.
#[derive(Debug)]
pub struct Udisks {
    bus: Connection,
    /// Where sticks may be mounted.
    places: Vec<PathBuf>,
    known: BTreeSet<StickId>,
    /// Told whenever anything changed.
    changes: Receiver<()>,
    asked_before: bool,
}

impl Udisks {
    pub(super) fn on_system_bus() -> Result<Self, StickError> {
        let places = PLACES.into_iter().map(PathBuf::from).collect();
        Self::connect(connection::Builder::system(), PATIENCE, places)
    }

    pub(super) fn on_bus(address: &str, patience: Duration, place: &Path) -> Result<Self, StickError> {
        Self::connect(connection::Builder::address(address), patience, vec![place.to_owned()])
    }

    fn connect(
        builder: zbus::Result<connection::Builder<'static>>,
        patience: Duration,
        places: Vec<PathBuf>,
    ) -> Result<Self, StickError> {
        let no_service = |error: zbus::Error| StickError::NoService(error.to_string());
        let bus = builder
            .and_then(|builder| builder.method_timeout(patience).build())
            .map_err(no_service)?;
        // Listeners keep their threads and the bus until they hear something: there are none for a service that does not answer.
        objects(&bus)?;
        let changes = listen(&bus).map_err(no_service)?;
        Ok(Self {
            bus,
            places,
            known: BTreeSet::new(),
            changes,
            asked_before: false,
        })
    }

    pub(super) fn wait(&mut self, timeout: Duration) -> Result<Vec<Change>, StickError> {
        if self.asked_before {
            match self.changes.recv_timeout(timeout) {
                Ok(()) => while self.changes.try_recv().is_ok() {},
                Err(RecvTimeoutError::Timeout) => return Ok(Vec::new()),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(StickError::NoService("nobody hears the bus any more".to_owned()));
                }
            }
        }
        // A service that went away takes its sticks along, and brings them back when it returns.
        let there = match objects(&self.bus) {
            Ok(objects) => sticks(&objects),
            Err(StickError::NoService(_)) => BTreeSet::new(),
            Err(error) => return Err(error),
        };
        self.asked_before = true;
        let removed = self.known.difference(&there).cloned().map(Change::Removed);
        let inserted = there.difference(&self.known).cloned().map(Change::Inserted);
        let changes = removed.chain(inserted).collect();
        self.known = there;
        Ok(changes)
    }

    pub(super) fn mount(&self, stick: &StickId, access: Access) -> Result<PathBuf, StickError> {
        let filesystem = self.filesystem(stick)?;
        // Somebody else may have mounted it with other rights than ours.
        if self.is_mounted(stick)? {
            self.unmount(stick)?;
        }
        let options = HashMap::from([
            ("options", Value::from(access.options())),
            ("auth.no_user_interaction", Value::from(true)),
        ]);
        let place: String = filesystem
            .call("Mount", &(options,))
            .map_err(|error| refused("mounted", &error))?;
        let path = PathBuf::from(&place);
        let plain = path
            .components()
            .all(|part| !matches!(part, std::path::Component::ParentDir));
        if !plain
            || !self
                .places
                .iter()
                .any(|allowed| path.starts_with(allowed) && path != *allowed)
        {
            // It is mounted where nothing of ours should read; the service is told to take it away again.
            self.unmount(stick)?;
            return Err(StickError::OddPlace(place));
        }
        Ok(path)
    }

    pub(super) fn unmount(&self, stick: &StickId) -> Result<(), StickError> {
        let options = HashMap::from([("auth.no_user_interaction", Value::from(true))]);
        let done: zbus::Result<()> = self.filesystem(stick)?.call("Unmount", &(options,));
        match done {
            Err(zbus::Error::MethodError(name, ..)) if name.as_str().ends_with(".Error.NotMounted") => Ok(()),
            other => other.map_err(|error| refused("unmounted", &error)),
        }
    }

    fn filesystem(&self, stick: &StickId) -> Result<Proxy<'_>, StickError> {
        let proxy = Proxy::new(&self.bus, SERVICE, stick.0.clone(), FILESYSTEM);
        proxy.map_err(|error| refused("found", &error))
    }

    fn is_mounted(&self, stick: &StickId) -> Result<bool, StickError> {
        let objects = objects(&self.bus)?;
        let object = objects.get(&stick.0).ok_or(StickError::Gone)?;
        let places = object
            .get(FILESYSTEM)
            .and_then(|properties| properties.get("MountPoints"));
        let places: Option<Vec<Vec<u8>>> = places.and_then(|places| places.try_clone().ok()?.try_into().ok());
        Ok(places.is_some_and(|places| !places.is_empty()))
    }
}

/// Everything that `UDisks2` knows.
fn objects(bus: &Connection) -> Result<BTreeMap<String, Object>, StickError> {
    let no_service = |error: &dyn std::fmt::Display| StickError::NoService(error.to_string());
    let manager = ObjectManagerProxy::new(bus, SERVICE, ROOT).map_err(|error| no_service(&error))?;
    let objects = manager.get_managed_objects().map_err(|error| no_service(&error))?;
    let named = |(path, interfaces): (OwnedObjectPath, HashMap<_, _>)| {
        let interfaces = interfaces
            .into_iter()
            .map(|(name, properties): (zbus::names::OwnedInterfaceName, _)| (name.to_string(), properties));
        (path.to_string(), interfaces.collect())
    };
    Ok(objects.into_iter().map(named).collect())
}

/// Tells a channel of every signal from `UDisks2`, and of its coming and going. The channel closes when either is no longer heard.
fn listen(bus: &Connection) -> zbus::Result<Receiver<()>> {
    let (tell, changes) = mpsc::channel();
    let of_service = MatchRule::builder()
        .msg_type(Type::Signal)
        .sender(SERVICE)?
        .path_namespace(ROOT)?
        .build();
    let of_bus = MatchRule::builder()
        .msg_type(Type::Signal)
        .sender("org.freedesktop.DBus")?
        .member("NameOwnerChanged")?
        .arg(0, SERVICE)?
        .build();
    for rule in [of_service, of_bus] {
        let messages = MessageIterator::for_match_rule(rule, bus, None)?;
        let (tell, bus) = (tell.clone(), bus.clone());
        std::thread::Builder::new().name("sticks".to_owned()).spawn(move || {
            hear(messages, &tell);
            // Without one of the two, sticks would be missed in silence. So the other one ends as well; a bus that is gone already
            // needs no closing.
            let _ = bus.close();
        })?;
    }
    Ok(changes)
}

/// Tells of each message. Comes back when there are no more, nobody wants to know, or something panics.
fn hear<Message>(mut messages: impl Iterator<Item = Message>, tell: &Sender<()>) {
    let heard = panic::catch_unwind(AssertUnwindSafe(|| messages.all(|_| tell.send(()).is_ok())));
    if heard.is_err() {
        tracing::error!("sticks are no longer heard of");
    }
}

/// The file systems among these objects that are on sticks.
fn sticks(objects: &BTreeMap<String, Object>) -> BTreeSet<StickId> {
    let on_sticks = objects.iter().filter(|(_, object)| is_stick(object, objects));
    on_sticks.map(|(path, _)| StickId(path.clone())).take(MOST).collect()
}

fn is_stick(object: &Object, objects: &BTreeMap<String, Object>) -> bool {
    let Some(block) = object.get(BLOCK).filter(|_| object.contains_key(FILESYSTEM)) else {
        return false;
    };
    let ours = text(block, "IdUsage") == "filesystem" && FILESYSTEMS.contains(&text(block, "IdType").as_str());
    // Unless the service says that it isn't the system's, it is.
    let system = flag(block, "HintSystem").unwrap_or(true) || flag(block, "HintIgnore").unwrap_or(false);
    let encrypted = !["", "/"].contains(&text(block, "CryptoBackingDevice").as_str());
    let drive = objects.get(&text(block, "Drive")).and_then(|drive| drive.get(DRIVE));
    let comes_and_goes = drive.is_some_and(|drive| {
        ["Removable", "MediaRemovable"]
            .into_iter()
            .any(|name| flag(drive, name) == Some(true))
            || text(drive, "ConnectionBus") == "usb"
    });
    ours && !system && !encrypted && comes_and_goes
}

fn text(properties: &HashMap<String, OwnedValue>, name: &str) -> String {
    match properties.get(name).map(|value| &**value) {
        Some(Value::Str(text)) => text.to_string(),
        Some(Value::ObjectPath(path)) => path.to_string(),
        _ => String::new(),
    }
}

fn flag(properties: &HashMap<String, OwnedValue>, name: &str) -> Option<bool> {
    match properties.get(name).map(|value| &**value) {
        Some(Value::Bool(flag)) => Some(*flag),
        _ => None,
    }
}

fn refused(what: &'static str, error: &zbus::Error) -> StickError {
    if let zbus::Error::MethodError(name, ..) = error
        && ["UnknownObject", "UnknownMethod", "UnknownInterface"]
            .iter()
            .any(|gone| name.as_str().ends_with(gone))
    {
        return StickError::Gone;
    }
    if let zbus::Error::FDO(error) = error
        && matches!(**error, fdo::Error::UnknownObject(_) | fdo::Error::UnknownMethod(_))
    {
        return StickError::Gone;
    }
    StickError::Refused {
        what,
        why: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_hears_comes_back_from_a_panic_and_from_the_end() {
        let (tell, changes) = mpsc::channel();
        hear([1, 2].into_iter(), &tell);
        let ends = [true, false]
            .into_iter()
            .inspect(|goes_on| assert!(goes_on, "as a test wants it"));
        hear(ends, &tell);
        assert_eq!(changes.try_iter().count(), 3);
        drop(changes);
        hear(std::iter::repeat(()), &tell);
    }
}
