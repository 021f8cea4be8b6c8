//! Opening a bundle, in one pass and constant memory. Begin with [`Reader`].

use std::cell::Cell;
use std::io::{self, Cursor, Read, Write};
use std::ops::Range;
use std::sync::mpsc::{self, Receiver, Sender};

use zstd::stream::raw::{Decoder, InBuffer, Operation, OutBuffer};

use super::error::BundleError;
use super::keys::{self, PublicKey, Trust};
use super::kind::Kind;
use super::manifest::Manifest;
use super::member::{BLOCK, LEAST_END, MOST_END, Member, padding};

/// How much is read and written at a time.
const CHUNK: usize = 256 * 1024;

/// How many chunks are on their way between two threads.
const BUFFERS: usize = 4;

/// The largest window that a payload may ask for, as a power of two: 8 MiB, what zstd's own levels up to 19 need.
const LARGEST_WINDOW: u32 = 23;

/// A bundle whose signature holds. Its payload has not been looked at yet.
#[derive(Debug)]
pub struct Reader<R> {
    source: R,
    manifest: Manifest,
}

impl<R: Read> Reader<R> {
    /// Reads manifest and signature, and nothing more. The manifest is understood only after its signature holds.
    ///
    /// # Errors
    /// Every variant of [`BundleError`] but [`BundleError::Target`].
    pub fn open(mut source: R, kind: Kind, trust: &Trust) -> Result<Self, BundleError> {
        let manifest = read_member(&mut source, Member::Manifest)?;
        let signature = read_member(&mut source, Member::Signature)?;
        Self::verify(source, kind, trust, &manifest, &signature)
    }

    /// As [`Reader::open`], but checks with the key that the bundle itself names, and gives that key.
    ///
    /// This says that the bundle is whole and that the owner of the key made it, not that the owner may be trusted: it is
    /// for statistics of kiosks that nobody has approved yet.
    ///
    /// # Errors
    /// Every variant of [`BundleError`] but [`BundleError::Target`].
    pub fn introduced(mut source: R, kind: Kind) -> Result<(Self, PublicKey), BundleError> {
        let manifest = read_member(&mut source, Member::Manifest)?;
        let signature = read_member(&mut source, Member::Signature)?;
        let key = keys::introduced(&signature)?;
        let trust = Trust::of(key.clone());
        Ok((Self::verify(source, kind, &trust, &manifest, &signature)?, key))
    }

    fn verify(source: R, kind: Kind, trust: &Trust, manifest: &[u8], signature: &[u8]) -> Result<Self, BundleError> {
        let signer = trust.verify(kind, manifest, signature)?;
        let manifest = Manifest::read(manifest, &signer)?;
        if manifest.kind != kind {
            return Err(BundleError::WrongKind {
                found: manifest.kind,
                wanted: kind,
            });
        }
        Ok(Self { source, manifest })
    }

    /// What the bundle says about itself.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Unpacks the payload. `progress` is told now and then how many bytes have been written.
    ///
    /// Until this returns without an error, what was written is not to be used.
    ///
    /// # Errors
    /// [`BundleError::Target`] if it can't be written; the others if the bundle is not what was signed.
    pub fn unpack(mut self, into: &mut impl Write, progress: impl FnMut(u64)) -> Result<Manifest, BundleError>
    where
        R: Send,
    {
        let (packed, unpacked) = (&self.manifest.packed, &self.manifest.unpacked);
        if read_header(&mut self.source, Member::Payload)? != packed.bytes {
            return Err(BundleError::Damaged(
                "the payload has another size than the manifest says",
            ));
        }
        let (hash_packed, hash_unpacked) = pass_through(&mut self.source, &self.manifest, into, progress)?;
        if Some(hash_packed) != packed.hash() || Some(hash_unpacked) != unpacked.hash() {
            return Err(BundleError::Damaged(
                "the payload has another hash than the manifest says",
            ));
        }
        read_zeros(&mut self.source, padding(packed.bytes))?;
        read_end(&mut self.source)?;
        Ok(self.manifest)
    }
}

impl<T> Reader<Cursor<T>> {
    /// Where the payload lies, packed (zstd), in a bundle that is in memory. That it is what was signed is known when it was unpacked.
    #[must_use]
    pub fn packed(&self) -> Range<usize> {
        let place = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let begin = place(self.source.position()).saturating_add(BLOCK);
        begin..begin.saturating_add(place(self.manifest.packed.bytes))
    }
}

/// Takes the payload from its source to where it goes, and gives both hashes, of what was read and of what was written.
fn pass_through<R: Read + Send>(
    source: &mut R,
    manifest: &Manifest,
    into: &mut impl Write,
    progress: impl FnMut(u64),
) -> Result<(blake3::Hash, blake3::Hash), BundleError> {
    let large = manifest.packed.bytes.max(manifest.unpacked.bytes);
    match usize::try_from(large) {
        Ok(large) if large <= CHUNK => pass_small(source, manifest, into, progress),
        _ => pass_large(source, manifest, into, progress),
    }
}

/// A month of a kiosk, or a receipt: read in one piece.
fn pass_small<R: Read>(
    source: &mut R,
    manifest: &Manifest,
    into: &mut impl Write,
    mut progress: impl FnMut(u64),
) -> Result<(blake3::Hash, blake3::Hash), BundleError> {
    let mut frame = Frame::new()?;
    let [packed, whole] =
        [manifest.packed.bytes, manifest.unpacked.bytes].map(|bytes| usize::try_from(bytes).unwrap_or(CHUNK));
    let mut chunk = vec![0; packed];
    read_exactly(source, &mut chunk, Member::Payload.name())?;
    // Room for one byte more, so that a payload that is too long is seen.
    let spare = Cell::new(Some(Vec::with_capacity(whole + 1)));
    let (mut written, mut hasher) = (Written::of(manifest), blake3::Hasher::new());
    let take = |piece: Vec<u8>| {
        written.write(&piece, into)?;
        hasher.update(&piece);
        spare.set(Some(piece));
        Ok(())
    };
    frame.unpack(&chunk, || spare.take(), take)?;
    progress(written.bytes);
    written.expect_whole(&frame)?;
    Ok((blake3::hash(&chunk), hasher.finalize()))
}

/// How much of a payload has gone where it goes.
struct Written {
    bytes: u64,
    whole: u64,
}

impl Written {
    const fn of(manifest: &Manifest) -> Self {
        Self {
            bytes: 0,
            whole: manifest.unpacked.bytes,
        }
    }

    fn write(&mut self, piece: &[u8], into: &mut impl Write) -> Result<(), BundleError> {
        self.bytes += piece.len() as u64;
        if self.bytes > self.whole {
            return Err(BundleError::Damaged(
                "the payload unpacks to more than the manifest says",
            ));
        }
        into.write_all(piece).map_err(BundleError::Target)
    }

    fn expect_whole(&self, frame: &Frame) -> Result<(), BundleError> {
        if !frame.ended || self.bytes != self.whole {
            return Err(BundleError::Damaged(
                "the payload unpacks to less than the manifest says",
            ));
        }
        Ok(())
    }
}

/// A pack of any size, in constant memory. Three threads share the work, because one alone would read, hash, unpack, write and hash one
/// after the other: one reads and hashes what is packed, this one unpacks and writes, one hashes what is unpacked.
fn pass_large<R: Read + Send>(
    source: &mut R,
    manifest: &Manifest,
    into: &mut impl Write,
    mut progress: impl FnMut(u64),
) -> Result<(blake3::Hash, blake3::Hash), BundleError> {
    let mut frame = Frame::new()?;
    let mut written = Written::of(manifest);
    std::thread::scope(|scope| {
        let (to_unpack, packed) = belt();
        let (to_hash, unpacked) = belt();
        let left = manifest.packed.bytes;
        let reading = scope.spawn(move || read_and_hash(source, left, &to_unpack));
        let hashing = scope.spawn(move || hash_all(&unpacked));
        let mut unpack_all = || {
            for chunk in &packed.full {
                let take = |piece: Vec<u8>| {
                    written.write(&piece, into)?;
                    let _ = to_hash.full.send(piece);
                    Ok(())
                };
                frame.unpack(&chunk, || to_hash.empty.recv().ok(), take)?;
                // Nobody needs it any more if the reader is done.
                let _ = packed.empty.send(chunk);
                progress(written.bytes);
            }
            Ok(())
        };
        let unpacked = unpack_all();
        // So that both threads see that this one is done.
        drop((packed, to_hash));
        let read = reading
            .join()
            .unwrap_or(Err(BundleError::Damaged("nobody could read it")));
        let hashed = hashing.join();
        unpacked?;
        let hash_packed = read?;
        written.expect_whole(&frame)?;
        let hash_unpacked = hashed.map_err(|_| BundleError::Damaged("nobody could hash it"))?;
        Ok((hash_packed, hash_unpacked))
    })
}

/// The end of a belt of buffers where they are filled.
struct Filling {
    empty: Receiver<Vec<u8>>,
    full: Sender<Vec<u8>>,
}

/// The other end, where they are emptied.
struct Emptying {
    full: Receiver<Vec<u8>>,
    empty: Sender<Vec<u8>>,
}

/// A few buffers that go round between two threads: there are never more of them.
fn belt() -> (Filling, Emptying) {
    let ((full, to_empty), (empty, to_fill)) = (mpsc::channel(), mpsc::channel());
    for _ in 0..BUFFERS {
        // The other end is still here.
        let _ = empty.send(Vec::with_capacity(CHUNK));
    }
    (Filling { empty: to_fill, full }, Emptying { full: to_empty, empty })
}

fn read_and_hash(source: &mut impl Read, mut left: u64, belt: &Filling) -> Result<blake3::Hash, BundleError> {
    let mut hasher = blake3::Hasher::new();
    while left > 0 {
        // The end of the belt is gone if unpacking failed; that thread says why.
        let Ok(mut chunk) = belt.empty.recv() else {
            break;
        };
        chunk.resize(usize::try_from(left).unwrap_or(CHUNK).min(CHUNK), 0);
        read_exactly(source, &mut chunk, Member::Payload.name())?;
        left -= chunk.len() as u64;
        hasher.update(&chunk);
        if belt.full.send(chunk).is_err() {
            break;
        }
    }
    Ok(hasher.finalize())
}

fn hash_all(belt: &Emptying) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    for piece in &belt.full {
        hasher.update(&piece);
        let _ = belt.empty.send(piece);
    }
    hasher.finalize()
}

/// The one zstd frame of a payload.
struct Frame {
    decoder: Decoder<'static>,
    ended: bool,
}

impl Frame {
    fn new() -> Result<Self, BundleError> {
        let mut decoder = Decoder::new().map_err(BundleError::Target)?;
        let window = zstd::zstd_safe::DParameter::WindowLogMax(LARGEST_WINDOW);
        decoder.set_parameter(window).map_err(BundleError::Target)?;
        Ok(Self { decoder, ended: false })
    }

    /// Unpacks a part of the frame into one empty buffer after the other, each of which is taken when it is filled.
    fn unpack(
        &mut self,
        packed: &[u8],
        mut empty: impl FnMut() -> Option<Vec<u8>>,
        mut take: impl FnMut(Vec<u8>) -> Result<(), BundleError>,
    ) -> Result<(), BundleError> {
        let mut input = InBuffer::around(packed);
        loop {
            if self.ended && input.pos() < packed.len() {
                return Err(BundleError::Damaged("something follows the payload's end"));
            }
            if self.ended {
                return Ok(());
            }
            let Some(mut piece) = empty() else {
                return Err(BundleError::Damaged("nobody could hash it"));
            };
            piece.clear();
            let hint = self.decoder.run(&mut input, &mut OutBuffer::around(&mut piece));
            let wanted = hint.map_err(|_| BundleError::Damaged("the payload can't be unpacked"))?;
            // A full buffer may mean that more is waiting inside.
            let more = piece.len() == piece.capacity();
            take(piece)?;
            self.ended = wanted == 0;
            if input.pos() == packed.len() && !more {
                return Ok(());
            }
        }
    }
}

fn read_member(source: &mut impl Read, member: Member) -> Result<Vec<u8>, BundleError> {
    let length = read_header(source, member)?;
    let mut bytes = vec![0; usize::try_from(length).map_err(|_| BundleError::TooLarge(member.name()))?];
    read_exactly(source, &mut bytes, member.name())?;
    read_zeros(source, padding(length))?;
    Ok(bytes)
}

fn read_header(source: &mut impl Read, member: Member) -> Result<u64, BundleError> {
    let mut block = [0; BLOCK];
    read_exactly(source, &mut block, member.name())?;
    member.read_header(&block)
}

fn read_exactly(source: &mut impl Read, bytes: &mut [u8], what: &'static str) -> Result<(), BundleError> {
    source.read_exact(bytes).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => BundleError::CutOff(what),
        _ => BundleError::Source(error),
    })
}

fn read_zeros(source: &mut impl Read, number: usize) -> Result<(), BundleError> {
    let mut zeros = [0; BLOCK];
    read_exactly(source, &mut zeros[..number], "a member's end")?;
    if zeros.iter().any(|byte| *byte != 0) {
        return Err(BundleError::Damaged("something between the members"));
    }
    Ok(())
}

/// Nothing but zeros may follow, and not many of them.
fn read_end(source: &mut impl Read) -> Result<(), BundleError> {
    let mut end = Vec::new();
    source
        .take(MOST_END as u64 + 1)
        .read_to_end(&mut end)
        .map_err(BundleError::Source)?;
    if end.len() > MOST_END || end.iter().any(|byte| *byte != 0) {
        return Err(BundleError::Damaged("something after the last member"));
    }
    if end.len() < LEAST_END {
        return Err(BundleError::CutOff("its end"));
    }
    Ok(())
}
