//! An address as a QR code to print (ISO/IEC 18004), a drawing of black squares. Begin with [`svg`].

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

use super::PaperError;

/// White around the code, in modules (6.3.8).
const QUIET: usize = 4;

/// Level M: paper is folded and gets dirty, a seventh of the code may be lost.
pub(super) fn svg(address: &str) -> Result<Vec<u8>, PaperError> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M)
        .map_err(|_| PaperError::LongAddress(address.to_owned()))?;
    let wide = code.width();
    let mut squares = String::new();
    for y in 0..wide {
        for x in 0..wide {
            if code[(x, y)] == Color::Dark {
                // Writing to a string can't fail.
                let _ = write!(squares, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
            }
        }
    }
    let side = wide + 2 * QUIET;
    let drawing = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{side}\" height=\"{side}\" viewBox=\"0 0 {side} {side}\" \
         shape-rendering=\"crispEdges\"><path d=\"M0 0h{side}v{side}h-{side}z\" fill=\"#fff\"/><path d=\"{squares}\"/></svg>"
    );
    Ok(drawing.into_bytes())
}
