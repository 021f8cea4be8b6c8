//! Opening a bundle, in one pass and constant memory. Begin with [`Reader`].

use std::io::{self, Read, Write};

use zstd::stream::raw::{Decoder, InBuffer, Operation, OutBuffer};

use super::error::BundleError;
use super::keys::Trust;
use super::manifest::{Kind, Manifest};
use super::member::{BLOCK, LEAST_END, MOST_END, Member, padding};

/// How much is read and written at a time.
const CHUNK: usize = 256 * 1024;

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
        let signer = trust.verify(&manifest, &signature)?;
        let manifest = Manifest::read(&manifest, &signer)?;
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
    pub fn unpack(mut self, into: &mut impl Write, mut progress: impl FnMut(u64)) -> Result<Manifest, BundleError> {
        let (packed, unpacked) = (&self.manifest.packed, &self.manifest.unpacked);
        if read_header(&mut self.source, Member::Payload)? != packed.bytes {
            return Err(BundleError::Damaged(
                "the payload has another size than the manifest says",
            ));
        }
        let mut frame = Frame::new()?;
        let mut hash_packed = blake3::Hasher::new();
        let mut hash_unpacked = blake3::Hasher::new();
        let mut written = 0;
        let mut left = packed.bytes;
        let mut chunk = vec![0; CHUNK];
        while left > 0 {
            let wanted = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
            let chunk = &mut chunk[..wanted];
            read_exactly(&mut self.source, chunk, Member::Payload.name())?;
            left -= wanted as u64;
            hash_packed.update(chunk);
            frame.unpack(chunk, |bytes| {
                written += bytes.len() as u64;
                if written > unpacked.bytes {
                    return Err(BundleError::Damaged(
                        "the payload unpacks to more than the manifest says",
                    ));
                }
                hash_unpacked.update(bytes);
                into.write_all(bytes).map_err(BundleError::Target)
            })?;
            progress(written);
        }
        if !frame.ended || written != unpacked.bytes {
            return Err(BundleError::Damaged(
                "the payload unpacks to less than the manifest says",
            ));
        }
        if Some(hash_packed.finalize()) != packed.hash() || Some(hash_unpacked.finalize()) != unpacked.hash() {
            return Err(BundleError::Damaged(
                "the payload has another hash than the manifest says",
            ));
        }
        read_zeros(&mut self.source, padding(packed.bytes))?;
        read_end(&mut self.source)?;
        Ok(self.manifest)
    }
}

/// The one zstd frame of a payload.
struct Frame {
    decoder: Decoder<'static>,
    unpacked: Vec<u8>,
    ended: bool,
}

impl Frame {
    fn new() -> Result<Self, BundleError> {
        let mut decoder = Decoder::new().map_err(BundleError::Target)?;
        let window = zstd::zstd_safe::DParameter::WindowLogMax(LARGEST_WINDOW);
        decoder.set_parameter(window).map_err(BundleError::Target)?;
        Ok(Self {
            decoder,
            unpacked: vec![0; CHUNK],
            ended: false,
        })
    }

    fn unpack(
        &mut self,
        packed: &[u8],
        mut take: impl FnMut(&[u8]) -> Result<(), BundleError>,
    ) -> Result<(), BundleError> {
        let mut input = InBuffer::around(packed);
        loop {
            if self.ended && input.pos() < packed.len() {
                return Err(BundleError::Damaged("something follows the payload's end"));
            }
            if self.ended {
                return Ok(());
            }
            let mut output = OutBuffer::around(&mut self.unpacked[..]);
            let hint = self.decoder.run(&mut input, &mut output);
            let wanted = hint.map_err(|_| BundleError::Damaged("the payload can't be unpacked"))?;
            let bytes = output.as_slice();
            // A full buffer may mean that more is waiting inside.
            let more = bytes.len() == CHUNK;
            take(bytes)?;
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
