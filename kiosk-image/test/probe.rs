//! Asks the running system: a line for its shell goes in, what that printed and its status come out.
//!
//! The image has nothing like this in it. A service that reads lines from a port of the emulator is handed to systemd from
//! outside, as a credential (systemd.system-credentials(7), `systemd.extra-unit.*`). Begin with [`Probe`].

use std::io::{ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_mins(2);

/// The name of the port in the guest.
pub const PORT: &str = "kiosk.probe";

/// What systemd is told, by the names of the credentials.
pub const CREDENTIALS: [(&str, &str); 2] = [
    (
        "systemd.extra-unit.probe.service",
        r#"[Unit]
Description=Answers the test that watches this machine
After=dev-virtio\x2dports-kiosk.probe.device
Wants=dev-virtio\x2dports-kiosk.probe.device
DefaultDependencies=no
StartLimitIntervalSec=0
[Service]
ExecStart=/bin/sh -c 'exec 3<>/dev/virtio-ports/kiosk.probe; while read -r number line <&3; do sh -c "$line" >&3 2>&1 </dev/null; printf "\\001%%s %%d\\n" $number $? >&3; done'
Restart=always
RestartSec=1
"#,
    ),
    ("systemd.unit-dropin.multi-user.target", "[Unit]\nWants=probe.service\n"),
];

/// The end of an answer: this byte, the number of the question, the status.
const END: u8 = 1;

/// What came of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What it printed, errors included, without the last line end.
    pub text: String,
    /// 0 if all went well.
    pub status: i32,
}

/// A way into one machine.
pub struct Probe {
    stream: UnixStream,
    /// Questions are numbered, so that a late answer is taken for nobody else's.
    number: u32,
    heard: Vec<u8>,
}

impl Probe {
    /// Connects to the emulator's end, which is there before the machine is.
    pub fn connect(socket: &Path) -> Self {
        let stream = UnixStream::connect(socket).expect("the emulator listens");
        stream.set_read_timeout(Some(Duration::from_millis(100))).expect("set");
        Self {
            stream,
            number: 0,
            heard: Vec::new(),
        }
    }

    /// Asks, and waits so long; `None` if no answer comes.
    pub fn tries(&mut self, line: &str, patience: Duration) -> Option<Answer> {
        assert!(!line.contains('\n'), "one line: {line}");
        self.number += 1;
        let number = self.number.to_string();
        self.stream.write_all(format!("{number} {line}\n").as_bytes()).ok()?;
        let begun = Instant::now();
        while begun.elapsed() < patience {
            while let Some(answer) = self.next_answer() {
                if answer.0 == number {
                    return Some(answer.1);
                }
            }
            let mut bytes = [0; 4096];
            match self.stream.read(&mut bytes) {
                Ok(0) => return None,
                Ok(read) => self.heard.extend(&bytes[..read]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => return None,
            }
        }
        None
    }

    /// Asks what must be answered.
    pub fn asks(&mut self, line: &str) -> Answer {
        let answer = self.tries(line, PATIENCE);
        answer.unwrap_or_else(|| panic!("no answer within {PATIENCE:?} to: {line}"))
    }

    /// Runs what must go well; gives what it printed.
    pub fn runs(&mut self, line: &str) -> String {
        let answer = self.asks(line);
        assert_eq!(answer.status, 0, "{line}\n{}", answer.text);
        answer.text
    }

    /// Takes one whole answer of what was heard, with the number of its question.
    fn next_answer(&mut self) -> Option<(String, Answer)> {
        let end = self.heard.iter().position(|byte| *byte == END)?;
        let line = end + self.heard[end..].iter().position(|byte| *byte == b'\n')?;
        let told: Vec<u8> = self.heard.drain(..=line).collect();
        let text = String::from_utf8_lossy(&told[..end]).trim_end_matches('\n').to_owned();
        let tail = String::from_utf8_lossy(&told[end + 1..line]).into_owned();
        let (number, status) = tail.split_once(' ')?;
        let status = status.parse().ok()?;
        Some((number.to_owned(), Answer { text, status }))
    }
}
