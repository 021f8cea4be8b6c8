//! What the kiosk asks the office once in each call: what do you lack, and what time is it? And what it says to that: it is there.

use std::fs::File;
use std::io::{self, Read};

use ureq::http::{Response, StatusCode};
use ureq::{Agent, Body};

use super::{AGAIN, CallError, Courier, Waiting, body, refusal};
use crate::kiosk::device::clock::Source;
use crate::kiosk::sync::outbox::LARGEST_RECEIPT;
use crate::usage::stamp::Stamp;

impl Courier {
    /// Asks, and tells the clock what time it is. Of what the office has lost nothing is told if it said so a short while ago.
    ///
    /// Without a date, or with a clock that may be wrong, no certificate can be checked. The question says nothing that is secret, and the
    /// answer is believed for the office's signature and our nonce, whatever the road.
    pub(super) fn ask(&mut self, now: Stamp) -> Result<Answer, CallError> {
        let nonce = nonce()?;
        let url = self.office.at(&format!("/v1/receipts/{}", self.outbox.kiosk()));
        let given = self.outbox.highest()?.to_string();
        let ask = |agent: &Agent| -> Result<Response<Body>, CallError> {
            let question = agent.get(&url).query("given", &given).query("nonce", &nonce);
            self.office.own(question.call()?)
        };
        let answer = match now.wall {
            Some(_) => ask(self.agent()),
            None => ask(&self.office.dateless),
        };
        let answer = match answer {
            Err(CallError::NotSafe(_)) if self.may_be_wrong() => ask(&self.office.dateless)?,
            answer => answer?,
        };
        match answer.status() {
            StatusCode::OK => {}
            // An office up to version 0.1.0.
            StatusCode::NOT_FOUND => return Ok(Answer::default()),
            _ => return Err(refusal(&answer)),
        }
        let mut receipt = self
            .outbox
            .open_receipt(body(answer, LARGEST_RECEIPT)?.as_slice(), &self.trust)?;
        if receipt.nonce != nonce {
            return Err(CallError::NoReceipt("it answers another question".to_owned()));
        }
        if let Some(time) = receipt.time {
            self.clock.tell(time, Source::Office);
        }
        if let Some(highest) = receipt.highest {
            self.outbox.was_given(highest)?;
        }
        if now.monotonic < self.again_from {
            receipt.lacking.clear();
        }
        let time = receipt.time;
        if self.outbox.take(&receipt)?.again == 0 {
            return Ok(Answer { time, lost: Vec::new() });
        }
        self.again_from = now.monotonic + AGAIN;
        let mut lost = self.outbox.waiting()?;
        lost.retain(|waiting| receipt.lacks(waiting.sequence));
        Ok(Answer { time, lost })
    }

    /// Says that this kiosk is there at the time that the office has told it, so that its silence is noticed in days. Older offices don't
    /// listen.
    pub(super) fn says_that_it_is_there(&self, time: i64) -> Result<(), CallError> {
        let url = self.office.at(&format!("/v1/contacts/{}/{time}", self.outbox.kiosk()));
        let said = self.agent().post(url).send(self.outbox.contact(time)?)?;
        let answer = self.office.own(said)?;
        match answer.status() {
            StatusCode::NO_CONTENT | StatusCode::NOT_FOUND => Ok(()),
            _ => Err(refusal(&answer)),
        }
    }
}

/// What the office answered.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// Its time, in seconds; none if it doesn't believe its own clock.
    pub(super) time: Option<i64>,
    /// Bundles that wait again because it has lost them.
    pub(super) lost: Vec<Waiting>,
}

/// What nobody can guess, so that nobody can have asked it before.
fn nonce() -> io::Result<String> {
    let mut random = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut random)?;
    Ok(u128::from_le_bytes(random).to_string())
}
