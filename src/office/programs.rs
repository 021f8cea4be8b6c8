//! Other programs that are given something and say something: one that speaks, one that writes MP3.
//!
//! They are started as they are, without a shell, and bounded in time and in what they say, because nobody here wrote them. What goes wrong
//! is said in words that staff understand, with the program's own first line. Begin with [`Program`].

use std::io::{ErrorKind, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use thiserror::Error;

/// So much is kept of what a program complains of, in bytes.
const MOST_COMPLAINTS: u64 = 64 * 1024;

/// The longest line of it that is passed on, in letters.
const LONGEST_COMPLAINT: usize = 300;

/// Where the program runs is asked so often.
const OFTEN: Duration = Duration::from_millis(10);

/// So long what it complained of is waited for after its end: something that it left behind may hold the other end.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// A program, and how much is borne of it.
#[derive(Debug, Clone)]
pub struct Program {
    /// Its name or path, then what it is started with. Not empty.
    pub command: Vec<String>,
    /// How long it may take.
    pub most_time: Duration,
    /// How much it may say, in bytes.
    pub most_bytes: u64,
}

/// Why a program gave nothing, in Vietnamese for whoever set it up.
#[derive(Debug, Error)]
pub enum ProgramError {
    /// No command is given.
    #[error("chưa đặt lệnh nào")]
    NoCommand,
    /// There is no such program.
    #[error("máy này không có chương trình \"{0}\"; hãy nhờ kỹ thuật viên cài, hoặc sửa lại lệnh")]
    NotThere(String),
    /// It is there and can't be started.
    #[error("không chạy được chương trình \"{0}\" ({1})")]
    NotStarted(String, std::io::Error),
    /// It took too long, and was ended.
    #[error("chương trình \"{0}\" chạy quá {1} giây mà chưa xong, nên máy đã dừng nó{2}")]
    TooSlow(String, u64, String),
    /// It said too much, and was ended.
    #[error("chương trình \"{0}\" đưa ra quá {1} MB, nên máy đã dừng nó")]
    TooMuch(String, u64),
    /// It said itself that it failed.
    #[error("chương trình \"{0}\" báo lỗi{1}")]
    Failed(String, String),
    /// It ended well and said nothing.
    #[error("chương trình \"{0}\" không đưa ra gì{1}")]
    Silent(String, String),
}

impl ProgramError {
    /// Whether the next text would fail as well: the program can't be started at all.
    #[must_use]
    pub fn is_for_good(&self) -> bool {
        matches!(self, Self::NoCommand | Self::NotThere(_) | Self::NotStarted(..))
    }
}

impl Program {
    /// Starts the program, gives it something and takes what it says.
    ///
    /// # Errors
    /// It can't be started, fails, says nothing, or goes beyond its bounds; then it is ended.
    pub fn run(&self, input: Vec<u8>) -> Result<Vec<u8>, ProgramError> {
        let Some((name, arguments)) = self.command.split_first() else {
            return Err(ProgramError::NoCommand);
        };
        let name = || name.clone();
        let deadline = Instant::now() + self.most_time;
        let started = Command::new(name())
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // A group of its own, so that it ends with all that it has started, and Ctrl-C is for the office alone.
            .process_group(0)
            .spawn();
        let child = started.map_err(|error| match error.kind() {
            ErrorKind::NotFound => ProgramError::NotThere(name()),
            _ => ProgramError::NotStarted(name(), error),
        })?;
        let mut running = Running(child);
        if let Some(mut stdin) = running.0.stdin.take() {
            // Who has read enough closes this end; what it says shows what became of it.
            thread::spawn(move || stdin.write_all(&input));
        }
        let said = reader(running.0.stdout.take(), self.most_bytes + 1);
        let complaints = reader(running.0.stderr.take(), MOST_COMPLAINTS);
        let left = || deadline.saturating_duration_since(Instant::now());
        let said = said.recv_timeout(left()).ok();
        if said.as_ref().is_some_and(|said| said.len() as u64 > self.most_bytes) {
            return Err(ProgramError::TooMuch(name(), self.most_bytes / 1024 / 1024));
        }
        let status = said.as_ref().and_then(|_| running.end(deadline));
        let complaint = || first_line(&complaints);
        match (said, status) {
            (Some(said), Some(status)) if status.success() && !said.is_empty() => Ok(said),
            (Some(_), Some(status)) if status.success() => Err(ProgramError::Silent(name(), complaint())),
            (Some(_), Some(_)) => Err(ProgramError::Failed(name(), complaint())),
            _ => {
                drop(running);
                Err(ProgramError::TooSlow(name(), self.most_time.as_secs(), complaint()))
            }
        }
    }
}

/// A program that runs; when nobody waits for it any more, it is ended.
struct Running(Child);

impl Running {
    /// How it ended; `None` if it still runs then.
    fn end(&mut self, deadline: Instant) -> Option<ExitStatus> {
        loop {
            match self.0.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if Instant::now() < deadline => thread::sleep(OFTEN),
                _ => return None,
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(None)) {
            let group = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw);
            if let Some(group) = group {
                // Ignored: it has just ended by itself.
                let _ = kill_process_group(group, Signal::KILL);
            }
            let _ = self.0.wait();
        }
    }
}

/// Reads on a thread up to so many bytes, and what follows into nothing.
fn reader(from: Option<impl Read + Send + 'static>, most: u64) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut said = Vec::new();
        if let Some(mut from) = from {
            // What can't be read is the end.
            let _ = from.by_ref().take(most).read_to_end(&mut said);
            // Whoever waits may have gone.
            let _ = sender.send(said);
            let _ = std::io::copy(&mut from, &mut std::io::sink());
        }
    });
    receiver
}

/// The first line of what it complains of, behind a colon; nothing if it is quiet.
fn first_line(complaints: &Receiver<Vec<u8>>) -> String {
    let said = complaints.recv_timeout(LAST_WORDS).unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    let line = said.lines().map(str::trim).find(|line| !line.is_empty());
    let Some(line) = line else {
        return String::new();
    };
    let line: String = line
        .chars()
        .filter(|letter| !letter.is_control())
        .take(LONGEST_COMPLAINT)
        .collect();
    format!(": {line}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(command: &[&str]) -> Program {
        Program {
            command: command.iter().map(|part| (*part).to_owned()).collect(),
            most_time: Duration::from_secs(20),
            most_bytes: 1024 * 1024,
        }
    }

    fn fails(program: &Program) -> String {
        let input = vec![b'a'; 300_000];
        program.run(input).expect_err("no program to be proud of").to_string()
    }

    #[test]
    fn what_a_program_says_of_what_it_is_given_comes_back_whole() {
        let input: Vec<u8> = (0..900_000_u32).map(|number| number.to_le_bytes()[0]).collect();
        assert_eq!(program(&["cat"]).run(input.clone()).expect("a copy"), input);
        // One that reads nothing is no trouble.
        assert_eq!(program(&["echo", "a  b"]).run(input).expect("words"), b"a  b\n");
    }

    #[test]
    fn whatever_goes_wrong_is_said_in_words() {
        assert_eq!(fails(&program(&[])), "chưa đặt lệnh nào");
        let missing = fails(&program(&["khong-co-chuong-trinh"]));
        assert!(
            missing.contains("không có chương trình \"khong-co-chuong-trinh\""),
            "{missing}"
        );
        assert_eq!(fails(&program(&["true"])), "chương trình \"true\" không đưa ra gì");
        let failed = fails(&program(&["ls", "/khong/co"]));
        assert!(
            failed.starts_with("chương trình \"ls\" báo lỗi: ") && failed.contains("/khong/co"),
            "{failed}"
        );
        let much = fails(&program(&["head", "-c", "3000000", "/dev/zero"]));
        assert_eq!(much, "chương trình \"head\" đưa ra quá 1 MB, nên máy đã dừng nó");
        assert!(fails(&program(&["/"])).starts_with("không chạy được chương trình \"/\""));
    }

    #[test]
    fn a_program_that_hangs_is_ended_with_all_that_it_started() {
        for script in [
            "sleep 600 & echo $! >&2; wait",
            "echo a; exec >&-; sleep 600 & echo $! >&2; wait",
        ] {
            let mut slow = program(&["sh", "-c", script]);
            slow.most_time = Duration::from_secs(1);
            let began = Instant::now();
            let said = fails(&slow);
            assert!(said.contains("chạy quá 1 giây"), "{said}");
            assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
            let left: i32 = said.rsplit(' ').next().expect("a number").parse().expect("a process");
            let left = std::path::Path::new("/proc").join(left.to_string());
            let state = std::fs::read_to_string(left.join("status")).unwrap_or_default();
            assert!(!state.contains("State:\tS"), "{state}");
        }
    }
}
