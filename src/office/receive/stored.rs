//! A bundle that is stored is read once more. Begin with [`counts`].

use super::Introduced;
use crate::usage::statistics::{Statistics, Table};

/// What a stored bundle counts, before anything was decided of its days. It was judged when it came, so nothing is judged here.
///
/// # Errors
/// It is not whole any more, or this program can't read it; why, for a technician.
pub fn counts(bundle: &[u8]) -> Result<Table, String> {
    let introduced = Introduced::of(bundle.into()).map_err(|error| error.to_string())?;
    let mut payload = Vec::new();
    introduced
        .reader
        .unpack(&mut payload, |_| {})
        .map_err(|error| error.to_string())?;
    let statistics = Statistics::from_json(&payload).map_err(|error| error.to_string())?;
    Ok(statistics.table)
}
