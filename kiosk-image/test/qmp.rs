//! The emulator's own protocol (QMP): pictures of the screen, fingers, keys, devices that are plugged in and pulled out.
//!
//! A command is one line of JSON and so is its answer; events may stand between them. Begin with [`Qmp`].

use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use commune_kiosk::kiosk::screen::headless::Picture;
use serde_json::{Value, json};

/// How long the emulator may take to answer.
const PATIENCE: Duration = Duration::from_mins(1);

/// How long a finger stays on the glass, and a key down.
const PRESS: Duration = Duration::from_millis(100);

/// Coordinates of a touchscreen go from 0 to this.
const FARTHEST: f32 = 32767.0;

/// A connection to one emulator.
pub struct Qmp {
    reader: BufReader<UnixStream>,
    /// What happened and nobody has asked about yet.
    events: Vec<Value>,
    /// How many fingers have touched the glass.
    fingers: i32,
}

impl Qmp {
    /// Connects as soon as the emulator listens.
    pub fn connect(socket: &Path) -> Self {
        let begun = Instant::now();
        let stream = loop {
            match UnixStream::connect(socket) {
                Ok(stream) => break stream,
                Err(error) => assert!(begun.elapsed() < PATIENCE, "the emulator doesn't listen: {error}"),
            }
            sleep(Duration::from_millis(50));
        };
        stream.set_read_timeout(Some(PATIENCE)).expect("set");
        let mut qmp = Self {
            reader: BufReader::new(stream),
            events: Vec::new(),
            fingers: 0,
        };
        qmp.line().expect("a greeting");
        qmp.does("qmp_capabilities", &json!({}));
        qmp
    }

    /// Has the emulator do something; what it says to that.
    pub fn tries(&mut self, command: &str, arguments: &Value) -> Result<Value, String> {
        let line = format!("{}\n", json!({ "execute": command, "arguments": arguments }));
        let sent = self.reader.get_mut().write_all(line.as_bytes());
        sent.map_err(|error| error.to_string())?;
        loop {
            let mut said = self.line().ok_or("the emulator says nothing")?;
            if said.get("return").is_some() {
                return Ok(said["return"].take());
            }
            if let Some(error) = said.get("error") {
                return Err(error["desc"].as_str().unwrap_or("an error").to_owned());
            }
            self.events.push(said);
        }
    }

    /// The same, of what must go well.
    pub fn does(&mut self, command: &str, arguments: &Value) -> Value {
        let done = self.tries(command, arguments);
        done.unwrap_or_else(|error| panic!("{command} {arguments}: {error}"))
    }

    /// Waits for something to happen that was not asked about yet.
    pub fn waits_for(&mut self, event: &str, patience: Duration) -> Value {
        let begun = Instant::now();
        while begun.elapsed() < patience {
            if let Some(found) = self.events.iter().position(|happened| happened["event"] == event) {
                return self.events.remove(found);
            }
            self.listens();
        }
        let names: Vec<&Value> = self.events.iter().map(|happened| &happened["event"]).collect();
        panic!("no {event} within {patience:?}, only {names:?}");
    }

    /// Whether something has happened that was not asked about yet.
    pub fn has_seen(&mut self, event: &str) -> bool {
        self.listens();
        self.events.iter().any(|happened| happened["event"] == event)
    }

    /// Forgets what happened so far.
    pub fn forgets(&mut self) {
        self.listens();
        self.events.clear();
    }

    /// Takes what is said within a moment.
    fn listens(&mut self) {
        let timeout = |qmp: &Self, time| qmp.reader.get_ref().set_read_timeout(Some(time)).expect("set");
        timeout(self, Duration::from_millis(200));
        if let Some(said) = self.line() {
            self.events.push(said);
        }
        timeout(self, PATIENCE);
    }

    /// The next line; `None` if none comes in time, or never again.
    fn line(&mut self) -> Option<Value> {
        let mut line = Vec::new();
        loop {
            match self.reader.read_until(b'\n', &mut line) {
                // Half a line before the time was over: the rest is on its way.
                Err(error) if error.kind() == ErrorKind::WouldBlock && !line.is_empty() => {}
                Ok(0) | Err(_) => return None,
                Ok(_) => return Some(serde_json::from_slice(&line).expect("JSON")),
            }
        }
    }

    /// What the screen shows; `None` while there is no picture.
    pub fn picture(&mut self, file: &Path) -> Option<Picture> {
        let name = file.to_str().expect("UTF-8");
        self.tries("screendump", &json!({ "filename": name, "format": "png" }))
            .ok()?;
        let picture = Picture::read(file).ok();
        let _ = fs::remove_file(file);
        picture
    }

    /// A finger touches a place on the glass, each way from 0 to 1, and leaves.
    pub fn touches(&mut self, (x, y): (f32, f32)) {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a place on the glass is between 0 and 32767"
        )]
        let on_glass = |at: f32| (at * FARTHEST).round() as i64;
        // Each finger has a number of its own; that it leaves is said by the number -1.
        self.fingers += 1;
        let number = self.fingers;
        let finger = |kind: &str, axis: &str, value: i64| {
            let number = if kind == "end" { -1 } else { number };
            let data = json!({ "type": kind, "slot": 0, "tracking-id": number, "axis": axis, "value": value });
            json!({ "type": "mtt", "data": data })
        };
        let contact = |down: bool| json!({ "type": "btn", "data": { "button": "touch", "down": down } });
        let down = [
            finger("begin", "x", 0),
            finger("data", "x", on_glass(x)),
            finger("data", "y", on_glass(y)),
            contact(true),
        ];
        self.does("input-send-event", &json!({ "events": down }));
        sleep(PRESS);
        self.does(
            "input-send-event",
            &json!({ "events": [finger("end", "x", 0), contact(false)] }),
        );
    }

    /// Has the machine's own disk write no more than this in a second, of bytes and of requests; 0: as much as it can.
    pub fn slows_writing(&mut self, bytes: u64, requests: u64) {
        let limits = json!({
            "device": "disk", "bps": 0, "bps_rd": 0, "bps_wr": bytes, "iops": 0, "iops_rd": 0, "iops_wr": requests
        });
        self.does("block_set_io_throttle", &limits);
    }

    /// From now on the watchdog does this to a machine that forgets it: `reset`, or `none`.
    pub fn has_watchdog(&mut self, action: &str) {
        self.does("set-action", &json!({ "watchdog": action }));
    }

    /// Presses keys together, by their names in QEMU (`qcode`), on the keyboard that was plugged in last.
    pub fn presses(&mut self, keys: &[&str]) {
        let keys: Vec<Value> = keys.iter().map(|key| json!({ "type": "qcode", "data": key })).collect();
        self.does("send-key", &json!({ "keys": keys, "hold-time": 100 }));
        // It returns before the keys are up again.
        sleep(3 * PRESS);
    }
}
