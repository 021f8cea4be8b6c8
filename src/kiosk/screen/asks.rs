//! What the screen asks of other threads: each question is worked on by a thread of its own, and its answer is something to do
//! on the screen's thread.
//!
//! Answers are looked for while a question is open, so that a screen in memory, whose clock we turn, works as the real one.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use slint::{Timer, TimerMode};

use super::Kiosk;

/// How often answers are looked for: sooner than a finger leaves the glass.
const LOOK: Duration = Duration::from_millis(20);

/// What is to be done on the screen's thread.
pub(super) type Answer = Box<dyn FnOnce(&Kiosk) + Send>;

/// The open questions.
pub(super) struct Asks {
    answers: Receiver<Answer>,
    answer: Sender<Answer>,
    open: Cell<usize>,
    look: Timer,
}

impl Default for Asks {
    fn default() -> Self {
        let (answer, answers) = mpsc::channel();
        Self {
            answers,
            answer,
            open: Cell::new(0),
            look: Timer::default(),
        }
    }
}

impl Kiosk {
    /// Has a thread work on a question; says whether there is one. A thread that panics gives no answer.
    pub(super) fn ask(&self, question: impl FnOnce() -> Answer + Send + 'static) -> bool {
        let asks = &self.asks;
        let answer = asks.answer.clone();
        let work = move || {
            let found = panic::catch_unwind(AssertUnwindSafe(question));
            // The screen may be gone.
            let _ = answer.send(found.unwrap_or_else(|_| Box::new(|_| {})));
        };
        if let Err(error) = std::thread::Builder::new().name("question".to_owned()).spawn(work) {
            tracing::error!("no thread for a question: {error}");
            return false;
        }
        asks.open.set(asks.open.get() + 1);
        if !asks.look.running() {
            let acts = self.acts.clone();
            asks.look
                .start(TimerMode::Repeated, LOOK, move || acts.with(Self::take_answers));
        }
        true
    }

    fn take_answers(&self) {
        while let Ok(answer) = self.asks.answers.try_recv() {
            self.take_answer(answer);
        }
    }

    fn take_answer(&self, answer: Answer) {
        let open = self.asks.open.get().saturating_sub(1);
        self.asks.open.set(open);
        if open == 0 {
            self.asks.look.stop();
        }
        answer(self);
    }

    /// Waits until all that was counted is recorded and all that was asked is answered, for a tour and tests, whose clock stands
    /// still meanwhile; says whether anything was answered.
    pub fn settle(&self) -> bool {
        self.recorder.settle();
        self.draw_pictures();
        let asked = self.asks.open.get() > 0;
        while self.asks.open.get() > 0 {
            match self.asks.answers.recv() {
                Ok(answer) => self.take_answer(answer),
                Err(_) => break,
            }
        }
        // What was answered may have been counted.
        self.recorder.settle();
        asked
    }
}
