//! A newer pack over the network, piece by piece, so that a line that breaks every minute still brings it.

use std::fs::{self, File};
use std::io::{self, BufReader, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Deserialize;
use ureq::http::{StatusCode, header};

use super::{Call, CallError, Courier, body, refusal};
use crate::bundle::{BundleError, Kind, Reader};
use crate::files;
use crate::kiosk::slots::InstallError;
use crate::kiosk::sync::{incoming, stick};

/// How much is asked for at a time: some twenty seconds on a slow line.
const PIECE: u64 = 1024 * 1024;

/// How long a call fetches pieces: on a slow line a large pack takes hours, for which nobody who wants to send should wait.
const LONGEST: Duration = Duration::from_mins(10);

/// The largest answer to "which is the newest?".
const LARGEST_ANSWER: u64 = 4096;

/// The largest pack: its payload, and what is around it.
const LARGEST_PACK: u64 = Kind::Pack.largest() + 1024 * 1024;

/// What the office says of its newest pack.
#[derive(Debug, Deserialize)]
struct Latest {
    sequence: u64,
    bytes: u64,
    blake3: String,
}

impl Courier {
    /// Asks for a pack that is newer than all this kiosk has, and hands it on once it is whole. What was fetched in earlier
    /// calls is not fetched again; one call fetches for ten minutes at most, and only until somebody wants the next one.
    ///
    /// The hash only says that the pieces belong together; whether the pack may be installed is for its signature to say.
    pub(super) fn fetch_pack(&self) -> Result<(), CallError> {
        let Some((id, newest)) = self.slots.wanted() else {
            return Ok(());
        };
        let Some(latest) = self.latest(&id)?.filter(|latest| latest.sequence > newest) else {
            return Ok(());
        };
        let file = incoming::place(&self.folder, latest.sequence, &latest.blake3[..16])?;
        if incoming::is_refused(&file) {
            return Err(CallError::Pack("it was refused before".to_owned()));
        }
        let begun = Instant::now();
        let mut have = fs::metadata(&file).map_or(0, |file| file.len());
        let mut unpacked = None;
        while have < latest.bytes {
            if gives_way(self.status().call, begun.elapsed()) {
                return Err(CallError::MoreToFetch);
            }
            if have > 0 && unpacked.is_none() {
                unpacked = Some(self.look_at(&file)?);
            }
            let rest = latest.bytes.saturating_sub(have);
            self.check_space(&file, rest.saturating_add(unpacked.unwrap_or(0)))?;
            have += self.fetch_piece(&id, &latest, &file, have)?;
        }
        if files::hash(&file)? != latest.blake3 {
            fs::remove_file(&file)?;
            return Err(CallError::NoReceipt("the pack is not what the office said".to_owned()));
        }
        // Nobody takes it if the program is ending; then it is whole for the next time.
        let _ = self.packs.send(stick::Order::Install(file));
        Ok(())
    }

    fn latest(&self, id: &str) -> Result<Option<Latest>, CallError> {
        let url = self.office.at("/v1/packs/latest");
        let answer = self.agent().get(url).query("id", id).call()?;
        let answer = self.office.own(answer)?;
        match answer.status() {
            StatusCode::OK => {
                let text = body(answer, LARGEST_ANSWER)?;
                let latest: Latest =
                    serde_json::from_slice(&text).map_err(|error| CallError::NoReceipt(error.to_string()))?;
                let plain = |byte: u8| byte.is_ascii_hexdigit();
                if latest.bytes > LARGEST_PACK || latest.blake3.len() != 64 || !latest.blake3.bytes().all(plain) {
                    return Err(CallError::NoReceipt("a pack that can't be".to_owned()));
                }
                Ok(Some(latest))
            }
            // None is offered.
            StatusCode::NO_CONTENT => Ok(None),
            _ => Err(refusal(&answer)),
        }
    }

    /// Looks at the manifest, which comes with the first piece, so that a pack that can't be installed is not fetched for
    /// hours. Gives how large it is unpacked.
    fn look_at(&self, file: &Path) -> Result<u64, CallError> {
        let begun = BufReader::new(File::open(file)?);
        let looked = Reader::open(begun, Kind::Pack, &self.trust)
            .map_err(InstallError::Bundle)
            .and_then(|reader| {
                self.slots.check(reader.manifest())?;
                Ok(reader.manifest().unpacked.bytes)
            });
        match looked {
            Err(InstallError::Bundle(BundleError::Source(error))) => Err(error.into()),
            // It may also be what a power cut left of it. A new beginning costs one piece.
            Err(error) => {
                fs::remove_file(file)?;
                Err(CallError::Pack(error.to_string()))
            }
            Ok(unpacked) => Ok(unpacked),
        }
    }

    /// Whether there is room for so much. If not, what was fetched makes some: counts need it more.
    fn check_space(&self, file: &Path, bytes: u64) -> Result<(), CallError> {
        let Err(error) = self.slots.check_space(bytes) else {
            return Ok(());
        };
        match fs::remove_file(file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        Err(CallError::NoSpace(error.to_string()))
    }

    /// Fetches the piece that begins at `from`; gives its length.
    fn fetch_piece(&self, id: &str, latest: &Latest, file: &Path, from: u64) -> Result<u64, CallError> {
        let last = (from + PIECE).min(latest.bytes) - 1;
        let url = self.office.at(&format!("/v1/packs/{id}/{}", latest.sequence));
        let range = format!("bytes={from}-{last}");
        let answer = self.agent().get(url).header(header::RANGE, range).call()?;
        let answer = self.office.own(answer)?;
        if answer.status() != StatusCode::PARTIAL_CONTENT {
            return Err(refusal(&answer));
        }
        let expected = format!("bytes {from}-{last}/{}", latest.bytes);
        if answer
            .headers()
            .get(header::CONTENT_RANGE)
            .is_none_or(|range| *range != *expected)
        {
            return Err(CallError::NoReceipt("another part of the pack".to_owned()));
        }
        let piece = body(answer, PIECE)?;
        if piece.len() as u64 != last - from + 1 {
            return Err(CallError::Unreachable("the answer is cut off".to_owned()));
        }
        // Not synced: the hash is looked at when it is whole, and a power cut costs a new beginning.
        File::options()
            .create(true)
            .append(true)
            .open(file)?
            .write_all(&piece)?;
        Ok(piece.len() as u64)
    }
}

/// Whether a download that has gone on for so long is left for the next call.
fn gives_way(next: Call, so_long: Duration) -> bool {
    next == Call::Wanted || so_long >= LONGEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_download_is_left_after_ten_minutes_or_when_somebody_wants_to_call() {
        let (first, last) = (Duration::ZERO, Duration::from_secs(599));
        for (next, so_long, expected) in [
            (Call::NotWanted, last, false),
            (Call::NotWanted, LONGEST, true),
            // Who asked for this very call is not waiting for another.
            (Call::UnderWay, last, false),
            (Call::UnderWay, LONGEST, true),
            (Call::Wanted, first, true),
        ] {
            assert_eq!(gives_way(next, so_long), expected, "{next:?}, {so_long:?}");
        }
    }
}
