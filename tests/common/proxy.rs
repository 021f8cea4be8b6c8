//! A bad network between a kiosk and the office: everything that can happen to a request on its way, at random and
//! repeatably, or as a test plans it.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The most that the proxy keeps to replay.
const MOST_KEPT: usize = 50;

/// How long a test waits for a request.
const PATIENCE: Duration = Duration::from_mins(1);

/// How often is looked whether an answer is held.
const LOOK: Duration = Duration::from_millis(5);

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing bad.
    None,
    /// The connection is closed before anything is read.
    Drop,
    /// Everything takes its time.
    Delay,
    /// The office gets the beginning of the request.
    TruncateRequest,
    /// The kiosk gets the beginning of the answer.
    TruncateAnswer,
    /// The office gets the request twice.
    Duplicate,
    /// The office also gets a request of earlier.
    Replay,
    /// The kiosk gets no answer; the office gets the request after others that came later.
    Reorder,
    /// The kiosk gets the answer to an earlier request.
    WrongAnswer,
    /// The answer waits for [`Proxy::lets_go`].
    Hold,
    /// A byte of the answer is changed.
    Change,
    /// Something on the way answers this, and the office gets nothing.
    Answer(&'static str),
}

/// Every other request has one of these, each as often as the others; with three of the nine it gets through all the same.
const FAULTS: [Fault; 9] = [
    Fault::Drop,
    Fault::Delay,
    Fault::TruncateRequest,
    Fault::TruncateAnswer,
    Fault::Duplicate,
    Fault::Replay,
    Fault::Reorder,
    Fault::WrongAnswer,
    Fault::Change,
];

/// The bad network.
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    office: Mutex<SocketAddr>,
    random: Mutex<fastrand::Rng>,
    /// What happens to the next requests, if that is not left to chance.
    plan: Option<Mutex<VecDeque<Fault>>>,
    requests: Mutex<Vec<Vec<u8>>>,
    answers: Mutex<Vec<Vec<u8>>>,
    late: Mutex<Vec<Vec<u8>>>,
    faults: AtomicU64,
    /// Whether an answer is held.
    held: AtomicBool,
    closing: AtomicBool,
}

impl Proxy {
    /// A network to this office that is bad in the same way for the same seed.
    pub fn before(office: SocketAddr, seed: u64) -> Self {
        Self::start(office, fastrand::Rng::with_seed(seed), None)
    }

    /// A network to this office where these things happen to the first requests, and nothing to later ones.
    pub fn planned(office: SocketAddr, faults: &[Fault]) -> Self {
        let plan = Mutex::new(faults.iter().copied().collect());
        Self::start(office, fastrand::Rng::with_seed(0), Some(plan))
    }

    fn start(office: SocketAddr, random: fastrand::Rng, plan: Option<Mutex<VecDeque<Fault>>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            office: Mutex::new(office),
            random: Mutex::new(random),
            plan,
            requests: Mutex::default(),
            answers: Mutex::default(),
            late: Mutex::default(),
            faults: AtomicU64::new(0),
            held: AtomicBool::new(false),
            closing: AtomicBool::new(false),
        });
        let serving = shared.clone();
        let thread = std::thread::spawn(move || {
            for client in listener.incoming() {
                if serving.closing.load(Ordering::SeqCst) {
                    break;
                }
                // One after the other, so that the same seed gives the same faults. Broken connections are its trade.
                let _ = client.and_then(|client| serving.handle(client));
            }
        });
        Self {
            address,
            shared,
            thread: Some(thread),
        }
    }

    /// The office has another address now.
    pub fn leads_to(&self, office: SocketAddr) {
        *lock(&self.shared.office) = office;
    }

    /// The address for kiosks.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The first lines and headers of the last requests that reached the office, in order.
    pub fn heads(&self) -> Vec<String> {
        let requests = lock(&self.shared.requests);
        let head = |request: &Vec<u8>| {
            let text = String::from_utf8_lossy(request);
            text.split("\r\n\r\n").next().unwrap_or_default().to_owned()
        };
        requests.iter().map(head).collect()
    }

    /// Waits until an answer is held.
    pub fn holds_one(&self) {
        let begun = Instant::now();
        while !self.shared.held.load(Ordering::SeqCst) {
            assert!(begun.elapsed() < PATIENCE, "nobody asked");
            std::thread::sleep(LOOK);
        }
    }

    /// Lets it go.
    pub fn lets_go(&self) {
        self.shared.held.store(false, Ordering::SeqCst);
    }

    /// How many requests had something happen to them.
    pub fn faults(&self) -> u64 {
        self.shared.faults.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.closing.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    fn handle(&self, mut client: TcpStream) -> io::Result<()> {
        client.set_read_timeout(Some(Duration::from_secs(5)))?;
        let (fault, cut, pause) = {
            let mut random = lock(&self.random);
            let fault = match &self.plan {
                Some(plan) => lock(plan).pop_front(),
                None if random.bool() => random.choice(FAULTS),
                None => None,
            };
            (fault.unwrap_or(Fault::None), random.f64(), random.u64(1..20))
        };
        self.faults.fetch_add(u64::from(fault != Fault::None), Ordering::SeqCst);
        if fault == Fault::Drop {
            return client.shutdown(Shutdown::Both);
        }
        let request = read_message(&mut client)?;
        if fault == Fault::Delay {
            std::thread::sleep(Duration::from_millis(pause));
        }
        let part = |bytes: &[u8]| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss
            )]
            let length = (bytes.len() as f64 * cut) as usize;
            length
        };
        if fault == Fault::TruncateRequest {
            let mut office = TcpStream::connect(*lock(&self.office))?;
            office.write_all(&request[..part(&request)])?;
            return office.shutdown(Shutdown::Both);
        }
        if let Fault::Answer(answer) = fault {
            client.write_all(answer.as_bytes())?;
            return client.shutdown(Shutdown::Both);
        }
        if fault == Fault::Reorder {
            keep(&self.late, request);
            return client.shutdown(Shutdown::Both);
        }
        let mut answer = self.forward(&request)?;
        match fault {
            Fault::Duplicate => answer = self.forward(&request)?,
            Fault::Replay => {
                let earlier = lock(&self.random).choice(lock(&self.requests).iter().cloned().collect::<Vec<_>>());
                if let Some(earlier) = earlier {
                    self.forward(&earlier)?;
                }
            }
            _ => {}
        }
        // What came late comes now, after this one.
        let late = std::mem::take(&mut *lock(&self.late));
        for request in late {
            self.forward(&request)?;
        }
        keep(&self.requests, request);
        let earlier = lock(&self.answers).last().cloned();
        keep(&self.answers, answer.clone());
        match fault {
            Fault::TruncateAnswer => answer.truncate(part(&answer)),
            Fault::Change if !answer.is_empty() => {
                let at = part(&answer).min(answer.len() - 1);
                answer[at] ^= 0x40;
            }
            Fault::Hold => self.hold(),
            Fault::WrongAnswer => answer = earlier.unwrap_or(answer),
            _ => {}
        }
        client.write_all(&answer)?;
        client.shutdown(Shutdown::Both)
    }

    fn hold(&self) {
        self.held.store(true, Ordering::SeqCst);
        // A test that failed lets nothing go.
        while self.held.load(Ordering::SeqCst) && !self.closing.load(Ordering::SeqCst) {
            std::thread::sleep(LOOK);
        }
    }

    /// Sends a request to the office and gives its answer.
    fn forward(&self, request: &[u8]) -> io::Result<Vec<u8>> {
        let mut office = TcpStream::connect(*lock(&self.office))?;
        office.set_read_timeout(Some(Duration::from_secs(10)))?;
        office.write_all(request)?;
        read_message(&mut office)
    }
}

fn keep(list: &Mutex<Vec<Vec<u8>>>, message: Vec<u8>) {
    let mut list = lock(list);
    if list.len() >= MOST_KEPT {
        list.remove(0);
    }
    list.push(message);
}

/// Reads a request or an answer whole: its head, and as many bytes as that says.
fn read_message(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let (mut message, mut chunk) = (Vec::new(), vec![0; 64 * 1024]);
    loop {
        let read = stream.read(&mut chunk)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        message.extend_from_slice(&chunk[..read]);
        let Some(head) = message.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let text = String::from_utf8_lossy(&message[..head]).to_ascii_lowercase();
        let length = text
            .lines()
            .find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
        if message.len() >= head + 4 + length.unwrap_or(0) {
            return Ok(message);
        }
    }
}
