//! What the Markdown parser says, cut into elements: one from its start to its end. Begin with [`element`].

use std::ops::Range;

use pulldown_cmark::Event;

/// A parser's event and where it stands in the file.
pub(super) type Piece<'a> = (Event<'a>, Range<usize>);

/// The first element of a row of pieces, from its start to its end.
pub(super) fn element<'p, 'a>(pieces: &'p [Piece<'a>]) -> &'p [Piece<'a>] {
    let mut depth = 0_usize;
    for (at, (event, _)) in pieces.iter().enumerate() {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return &pieces[..=at];
        }
    }
    pieces
}

/// All elements of a row of pieces.
pub(super) fn elements<'p, 'a>(mut pieces: &'p [Piece<'a>]) -> impl Iterator<Item = &'p [Piece<'a>]> {
    std::iter::from_fn(move || {
        let first = element(pieces);
        pieces = &pieces[first.len()..];
        (!first.is_empty()).then_some(first)
    })
}

/// An element without its own start and end.
pub(super) fn inside<'p, 'a>(element: &'p [Piece<'a>]) -> &'p [Piece<'a>] {
    element.get(1..element.len().saturating_sub(1)).unwrap_or_default()
}
