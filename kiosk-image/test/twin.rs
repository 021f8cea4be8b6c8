//! The kiosk's twin: the same program with the same content, on a screen in memory.
//!
//! It says where a button is, is touched in step with the machine, and gives the picture that the machine must show. A thread
//! has one screen, so each twin has a thread of its own and is asked from outside. Begin with [`Twin`].

use std::path::PathBuf;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use chrono::NaiveDateTime;
use commune_kiosk::content::library::Library;
use commune_kiosk::kiosk::screen::Staff;
use commune_kiosk::kiosk::screen::headless::Picture;
use commune_kiosk::kiosk::session::staff::{Facts, Pin};
use commune_kiosk::kiosk::session::view::{Button, Screen};
use commune_kiosk::kiosk::sync::stick::News;

use crate::common::{Hall, Setting};

/// What [`Hall::touch`] lets pass before and after a touch.
const TOUCH: Duration = Duration::from_millis(800);

type Work = Box<dyn FnOnce(&mut Desk) + Send>;

/// A place on the screen, in pixels.
pub type Place = (f32, f32);

/// Where to touch to come to what is looked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Way {
    /// It is here.
    Here(Place),
    /// It may be on the next page: touch here to turn.
    Turn(Place),
    /// It is nowhere; this is what can be touched.
    Nowhere(Vec<String>),
}

/// A kiosk beside the machine.
pub struct Twin {
    work: Option<Sender<Work>>,
    thread: Option<JoinHandle<()>>,
}

/// The hall of the twin, and how far its time is.
pub struct Desk {
    pub hall: Hall,
    began: Instant,
    passed: Duration,
}

impl Twin {
    /// Starts it with a library and a screen of this size, as if it had run for so long at a time of the wall clock.
    pub fn start(content: PathBuf, size: (u32, u32), clock: Option<NaiveDateTime>, age: Duration) -> Self {
        let (work, todo) = mpsc::channel::<Work>();
        let thread = thread::spawn(move || {
            let hall = Hall::with(Setting {
                size,
                content: Some(content),
                clock: clock.map(|clock| clock - age),
                ..Setting::default()
            });
            hall.nap(millis(age));
            let mut desk = Desk {
                hall,
                began: Instant::now(),
                passed: Duration::ZERO,
            };
            for work in todo {
                desk.catches_up();
                work(&mut desk);
            }
        });
        Self {
            work: Some(work),
            thread: Some(thread),
        }
    }

    /// Asks it something, or does something to it, when its clock has caught up.
    pub fn asks<T: Send + 'static>(&self, question: impl FnOnce(&mut Desk) -> T + Send + 'static) -> T {
        let (answer, answered) = mpsc::channel();
        let work: Work = Box::new(move |desk| {
            let _ = answer.send(question(desk));
        });
        self.work.as_ref().expect("it runs").send(work).expect("it runs");
        answered.recv().expect("the twin lives")
    }

    /// What the screen must show.
    pub fn picture(&self) -> Picture {
        self.asks(|desk| desk.hall.picture())
    }

    /// Where to touch for a button that says these words, or begins with them.
    pub fn way(&self, words: &str) -> Way {
        let words = words.to_owned();
        self.asks(move |desk| {
            let buttons = desk.hall.buttons();
            let exact = buttons.iter().find(|button| button.label == words);
            let begins = || buttons.iter().find(|button| button.label.starts_with(&words));
            if let Some(found) = exact.or_else(begins) {
                return Way::Here((found.middle.x, found.middle.y));
            }
            let down = buttons.iter().find(|button| button.label == "Xuống");
            match (desk.hall.view().next, down) {
                (Button::PageNext, Some(down)) => Way::Turn((down.middle.x, down.middle.y)),
                _ => Way::Nowhere(buttons.iter().map(|button| button.label.clone()).collect()),
            }
        })
    }

    /// Takes the pack with this library, as if a stick had brought it.
    pub fn takes_pack(&self, library: PathBuf) {
        self.asks(move |desk| {
            desk.hall.kiosk.serve_staff(Staff {
                open_current: Arc::new(move || Library::open(&library).map_err(|error| error.to_string())),
                ..staff()
            });
            desk.hall.kiosk.hear(News::NewPack);
        });
    }

    /// Has a staff page with this PIN, as a hash, that says these facts.
    pub fn serves_staff(&self, hash: &str, facts: Arc<Mutex<Facts>>) {
        let pin = Pin::of_hash(hash).expect("a hash");
        self.asks(move |desk| {
            desk.hall.kiosk.serve_staff(Staff {
                pin,
                facts: Arc::new(move |_, _| facts.lock().expect("facts").clone()),
                ..staff()
            });
        });
    }

    /// Whether nobody is there.
    pub fn invites(&self) -> bool {
        self.asks(|desk| matches!(desk.hall.view().screen, Screen::Attract(_)))
    }

    /// Touches a place.
    pub fn touches(&self, (x, y): Place) {
        self.asks(move |desk| {
            desk.hall.touch(x, y);
            desk.passed += TOUCH;
        });
    }
}

impl Desk {
    /// Lets as much time pass in the hall as has passed outside.
    fn catches_up(&mut self) {
        let left = millis(self.began.elapsed().saturating_sub(self.passed));
        self.hall.nap(left);
        self.passed += Duration::from_millis(left);
    }
}

impl Drop for Twin {
    fn drop(&mut self) {
        self.work.take();
        if let Some(thread) = self.thread.take() {
            // If it panicked, whoever asked it has heard.
            let _ = thread.join();
        }
    }
}

/// Who does nothing of what staff ask.
fn staff() -> Staff {
    Staff {
        set_date: Box::new(|_| {}),
        remember_tries: Arc::new(|_| {}),
        pin: Pin::default(),
        orders: mpsc::channel().0,
        open_current: Arc::new(|| Err("there is none".to_owned())),
        facts: Arc::new(|_, _| Facts::default()),
        brighten: Box::new(|_| {}),
        call_office: Box::new(|| {}),
        turn_off: Box::new(|_| {}),
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).expect("a short time")
}
