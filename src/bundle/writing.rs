//! Making a bundle. Begin with [`write()`].

use std::io::{self, Read, Seek, SeekFrom, Write};

use super::error::BundleError;
use super::keys::{self, Key};
use super::manifest::{FORMAT, Head, Manifest, Payload, is_id};
use super::member::{BLOCK, LEAST_END, Member, padding};

/// How hard zstd tries: packs are made once and opened by thousands.
const LEVEL: i32 = 12;

/// How much is packed at a time, in bytes. What is shorter is announced to zstd, which else gets tables ready for the longest
/// of payloads: 40 ms for each receipt, where the whole bundle takes less than one.
const CHUNK: u64 = 1024 * 1024;

/// Packs and signs a payload.
///
/// `scratch` holds the packed payload in between, because the manifest, which comes first, says its size and hash. It is
/// an empty file or buffer.
///
/// # Errors
/// [`BundleError::Source`] if the payload can't be read, [`BundleError::Target`] if `out` or `scratch` can't be written,
/// [`BundleError::BadManifest`] if `head` says what no reader would accept.
pub fn write(
    head: Head,
    payload: &mut impl Read,
    scratch: &mut (impl Read + Write + Seek),
    key: &Key,
    out: &mut impl Write,
) -> Result<Manifest, BundleError> {
    let no_key = |error: super::KeyError| BundleError::BadManifest(error.to_string());
    let signer = key.public().map_err(no_key)?;
    if !is_id(&head.id) {
        return Err(BundleError::BadManifest(format!("“{}” can't be an id", head.id)));
    }
    let (packed, unpacked) = pack(payload, scratch)?;
    let Head {
        kind,
        id,
        sequence,
        created,
    } = head;
    let manifest = Manifest {
        format: FORMAT,
        kind,
        id,
        sequence,
        created,
        issuer: signer.id(),
        packed,
        unpacked,
    };
    let mut text = serde_json::to_vec_pretty(&manifest).map_err(|error| BundleError::BadManifest(error.to_string()))?;
    text.push(b'\n');
    // No reader would take what this refuses.
    Manifest::read(&text, &manifest.issuer)?;
    let what = format!("{} {} {}", manifest.kind, manifest.id, manifest.sequence);
    let signature = key.sign(&text, &keys::comment(&what, &signer)).map_err(no_key)?;
    scratch.seek(SeekFrom::Start(0)).map_err(BundleError::Target)?;
    let mut tar = || -> io::Result<()> {
        member(out, Member::Manifest, text.len() as u64, &mut text.as_slice())?;
        member(
            out,
            Member::Signature,
            signature.len() as u64,
            &mut signature.as_bytes(),
        )?;
        member(out, Member::Payload, manifest.packed.bytes, scratch)?;
        out.write_all(&[0; LEAST_END])
    };
    tar().map_err(BundleError::Target)?;
    Ok(manifest)
}

fn pack(payload: &mut impl Read, scratch: &mut impl Write) -> Result<(Payload, Payload), BundleError> {
    let mut packed = Measured::new(scratch);
    let mut unpacked = Measured::new(io::sink());
    let mut encoder = zstd::Encoder::new(&mut packed, LEVEL).map_err(BundleError::Target)?;
    let mut chunk = Vec::new();
    let mut is_first = true;
    loop {
        chunk.clear();
        let read = payload.by_ref().take(CHUNK).read_to_end(&mut chunk);
        let read = read.map_err(BundleError::Source)?;
        if read == 0 {
            break;
        }
        if is_first && (read as u64) < CHUNK {
            let all = Some(read as u64);
            encoder.set_pledged_src_size(all).map_err(BundleError::Target)?;
        }
        is_first = false;
        unpacked.write_all(&chunk).map_err(BundleError::Target)?;
        encoder.write_all(&chunk).map_err(BundleError::Target)?;
    }
    encoder.finish().map_err(BundleError::Target)?;
    Ok((packed.payload(), unpacked.payload()))
}

fn member(out: &mut impl Write, member: Member, bytes: u64, content: &mut impl Read) -> io::Result<()> {
    out.write_all(member.header(bytes)?.as_bytes())?;
    let copied = io::copy(&mut content.take(bytes), out)?;
    if copied != bytes {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    out.write_all(&[0; BLOCK][..padding(bytes)])
}

/// Passes bytes on and knows their number and hash.
struct Measured<W> {
    inner: W,
    bytes: u64,
    hasher: blake3::Hasher,
}

impl<W> Measured<W> {
    fn new(inner: W) -> Self {
        Self {
            inner,
            bytes: 0,
            hasher: blake3::Hasher::new(),
        }
    }

    fn payload(&self) -> Payload {
        Payload {
            bytes: self.bytes,
            blake3: self.hasher.finalize().to_hex().to_string(),
        }
    }
}

impl<W: Write> Write for Measured<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
