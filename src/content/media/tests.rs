//! A drawing is painted as its author saw it, or refused by name.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;

/// Each SVG in a folder of the project.
fn drawings_in(folder: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut drawings: Vec<_> = fs::read_dir(&folder)
        .expect("a folder of the project")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "svg"))
        .map(|path| (path.clone(), fs::read(path).expect("a drawing")))
        .collect();
    drawings.sort();
    assert!(!drawings.is_empty(), "{}", folder.display());
    drawings
}

fn drawing(inside: &str) -> String {
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 100">{inside}</svg>"#
    )
}

fn made_ready(inside: &str) -> Result<Vec<u8>, Unfit> {
    prepare(drawing(inside).as_bytes(), Use::Picture)
}

/// The colour at a point of a square drawing, as RRGGBB.
fn colour_at(ready: &[u8], x: u32, y: u32) -> String {
    let [red, green, blue] = draw(ready, 100, 100).expect("drawn").get_pixel(x, y).0;
    format!("{red:02x}{green:02x}{blue:02x}")
}

/// Each drawing says in a comment what is to be seen where: "Seen: 20,30 #e30613; …" on a screen of 100 x 100.
#[test]
fn drawings_of_the_usual_editors_are_painted_as_they_were_there() {
    for (path, bytes) in drawings_in("tests/drawings") {
        let name = path.display();
        let ready = prepare(&bytes, Use::Picture).unwrap_or_else(|why| panic!("{name}: {why:?}"));
        let text = String::from_utf8(bytes).expect("text");
        let (_, seen) = text.split_once("Seen: ").expect("what is seen");
        let (seen, _) = seen.split_once(" -->").expect("the end of the comment");
        for point in seen.split("; ") {
            let (at, colour) = point.split_once(" #").expect("a colour");
            let (x, y) = at.split_once(',').expect("a point");
            let found = colour_at(&ready, x.parse().expect("x"), y.parse().expect("y"));
            assert_eq!(found, colour, "{name} at {at}");
        }
    }
}

#[test]
fn what_is_ready_stays_ready() {
    let folders = ["ui/icons", "tests/office/content_checker/good/media", "tests/drawings"];
    for (path, bytes) in folders.into_iter().flat_map(drawings_in) {
        // Some are white: signs that take another colour.
        let once = prepare(&bytes, Use::Icon).unwrap_or_else(|why| panic!("{}: {why:?}", path.display()));
        let twice = prepare(&once, Use::Icon).unwrap_or_else(|why| panic!("{}, ready: {why:?}", path.display()));
        assert_eq!(draw(&once, 200, 200), draw(&twice, 200, 200), "{}", path.display());
    }
}

/// usvg leaves each of these out without a word, or paints it black, or elsewhere.
#[track_caller]
fn assert_refused<const CASES: usize>(cases: [(&str, Need); CASES]) {
    for (inside, needs) in cases {
        let all = format!("<path d='M0 0h50v50H0z'/><rect id='a'/><linearGradient id='c'/>{inside}");
        assert_eq!(made_ready(&all), Err(Unfit::Needs(needs)), "{inside}");
    }
}

#[test]
fn elements_that_nobody_paints() {
    assert_refused([
        ("<meshgradient id='a'/>", Need::element("meshgradient")),
        ("<hatch id='a'/>", Need::element("hatch")),
        ("<textArea>Chữ</textArea>", Need::element("textArea")),
        ("<text><altGlyph>Chữ</altGlyph></text>", Need::element("altGlyph")),
        ("<text><tref href='#a'/></text>", Need::element("tref")),
        ("<FILTER/>", Need::element("FILTER")),
        ("<Rect width='9' height='9'/>", Need::element("Rect")),
        ("<switch><g systemLanguage='vi'/></switch>", Need::element("switch")),
        ("<svg viewBox='0 0 9 9'/>", Need::element("svg")),
        (
            "<text><tspan><textPath href='#a'>Chữ</textPath></tspan></text>",
            Need::element("textPath"),
        ),
        (
            "<div xmlns='http://www.w3.org/1999/xhtml'>Chữ</div>",
            Need::ForeignObject,
        ),
        (
            "<h:p xmlns:h='http://www.w3.org/1999/xhtml'>Chữ</h:p>",
            Need::ForeignObject,
        ),
        (
            "<math xmlns='http://www.w3.org/1998/Math/MathML'/>",
            Need::element("math"),
        ),
    ]);
}

#[test]
fn what_leads_nowhere_or_out_of_the_drawing() {
    assert_refused([
        ("<rect fill='url(#b)'/>", Need::nowhere("b")),
        ("<rect fill='url(#b) red'/>", Need::nowhere("b")),
        ("<g clip-path='url(#b)'/>", Need::nowhere("b")),
        ("<g mask='url(#a)'/>", Need::nowhere("a")),
        ("<g style='mask:url(&quot;#b&quot;)'/>", Need::nowhere("b")),
        ("<use href='#b'/>", Need::nowhere("b")),
        ("<linearGradient xlink:href='#b'/>", Need::nowhere("b")),
        ("<linearGradient xlink:href='#a'/>", Need::nowhere("a")),
        ("<g id='a'/><use href='#a'/>", Need::nowhere("a")),
        ("<rect fill='url(b.svg#a)'/>", Need::OtherFile),
        ("<g mask='url(file:a.svg#a)'/>", Need::OtherFile),
        (
            "<g mask='url(#a) luminance'/>",
            Need::value("mask", "url(#a) luminance"),
        ),
        ("<rect fill='context-stroke'/>", Need::value("fill", "context-stroke")),
    ]);
}

#[test]
fn styles_that_are_read_in_part() {
    assert_refused([
        (
            "<style>@media print{path{fill:none}}</style>",
            Need::style("@media print"),
        ),
        (
            "<style>@supports (fill:red){path{fill:red}}</style>",
            Need::style("@supports (fill:red)"),
        ),
        (
            "<style>path:nth-child(1){fill:red}</style>",
            Need::style("path:nth-child(1)"),
        ),
        // Each rule is held against each element: thousands of them took minutes.
        (
            &format!("<style>{}</style>", "a{fill:red}".repeat(600)),
            Need::style("style"),
        ),
        ("<style>path:not(.a){fill:red}</style>", Need::style("path:not(.a)")),
        ("<style>:root{--a:red}</style>", Need::style(":root")),
        ("<style>g ~ path{fill:red}</style>", Need::style("g ~ path")),
        (
            "<style>path{fill:red!important}</style>",
            Need::style("fill:red!important"),
        ),
        ("<style>g{path{fill:red}}</style>", Need::style("path{fill:red")),
        (
            "<style>path{fill:red}<!-- --> g{fill:blue}</style>",
            Need::style("style"),
        ),
        (
            "<style type='text/less'>path{fill:red}</style>",
            Need::value("type", "text/less"),
        ),
        (
            "<style media='print'>path{fill:red}</style>",
            Need::value("media", "print"),
        ),
        (
            "<metadata><style>path{fill:none}</style></metadata>",
            Need::style("style"),
        ),
        ("<g style=';fill:red'/>", Need::style("fill:red")),
        ("<g style='--a:red;fill:blue'/>", Need::style("--a:red")),
        ("<g style='fill:;stroke:red'/>", Need::style("fill:")),
    ]);
}

#[test]
fn properties_that_only_browsers_read() {
    assert_refused([
        ("<g style='rotate:9deg'/>", Need::value("rotate", "9deg")),
        ("<g style='scale:2'/>", Need::value("scale", "2")),
        ("<g style='translate:9px'/>", Need::value("translate", "9px")),
        ("<g style='transform:scale(2)'/>", Need::value("transform", "scale(2)")),
        (
            "<g style='offset-path:path(\"M0 0\")'/>",
            Need::value("offset-path", "path(\"M0 0\")"),
        ),
        (
            "<g style='clip-path:circle(9px)'/>",
            Need::value("clip-path", "circle(9px)"),
        ),
        (
            "<g clip-path='polygon(0 0, 9px 9px)'/>",
            Need::value("clip-path", "polygon(0 0, 9px 9px)"),
        ),
        (
            "<g style='mask-image:linear-gradient(red, blue)'/>",
            Need::value("mask-image", "linear-gradient(red, blue)"),
        ),
        (
            "<g style='backdrop-filter:blur(9px)'/>",
            Need::value("backdrop-filter", "blur(9px)"),
        ),
        (
            "<path style='d:path(\"M0 0h9v9\")'/>",
            Need::value("d", "path(\"M0 0h9v9\")"),
        ),
        ("<circle style='r:9px'/>", Need::value("r", "9px")),
        ("<style>circle{cx:9px}</style>", Need::value("cx", "9px")),
        ("<g style='FILL:red'/>", Need::value("FILL", "red")),
        ("<g style='all:unset'/>", Need::value("all", "unset")),
        (
            "<path vector-effect='non-scaling-stroke'/>",
            Need::value("vector-effect", "non-scaling-stroke"),
        ),
        ("<path pathLength='1'/>", Need::value("pathLength", "1")),
        (
            "<g transform-origin='50% 50%'/>",
            Need::value("transform-origin", "50% 50%"),
        ),
        ("<g requiredFeatures='a'/>", Need::value("requiredFeatures", "a")),
        ("<g onclick='a()'/>", Need::Script),
    ]);
}

#[test]
fn colours_that_would_turn_black() {
    assert_refused([
        ("<g fill='lab(50% 40 59)'/>", Need::value("fill", "lab(50% 40 59)")),
        ("<g fill='lch(52% 72 50)'/>", Need::value("fill", "lch(52% 72 50)")),
        (
            "<g stroke='color(display-p3 1 0 0)'/>",
            Need::value("stroke", "color(display-p3 1 0 0)"),
        ),
        ("<g fill='rgb(1 2 3 / 50%)'/>", Need::value("fill", "rgb(1 2 3 / 50%)")),
        ("<g fill='CanvasText'/>", Need::value("fill", "CanvasText")),
        ("<g fill='organe'/>", Need::value("fill", "organe")),
        ("<g color='lab(50% 40 59)'/>", Need::value("color", "lab(50% 40 59)")),
        (
            "<linearGradient><stop stop-color='oklch(0.5 0.2 9)'/></linearGradient>",
            Need::value("stop-color", "oklch(0.5 0.2 9)"),
        ),
        ("<g fill='url(#c) organe'/>", Need::value("fill", "url(#c) organe")),
        ("<g fill=''/>", Need::value("fill", "")),
    ]);
}

#[test]
fn lengths_that_would_be_forgotten() {
    assert_refused([
        ("<rect width='50vw'/>", Need::value("width", "50vw")),
        ("<rect width='min(9px, 50%)'/>", Need::value("width", "min(9px, 50%)")),
        (
            "<rect height='calc(9px + 1%)'/>",
            Need::value("height", "calc(9px + 1%)"),
        ),
        (
            "<g stroke-width='clamp(1px, 2vw, 9px)'/>",
            Need::value("stroke-width", "clamp(1px, 2vw, 9px)"),
        ),
        ("<g style='font-size:3cqw'/>", Need::value("font-size", "3cqw")),
        ("<g style='font-size:2rem'/>", Need::value("font-size", "2rem")),
        ("<g letter-spacing='1ch'/>", Need::value("letter-spacing", "1ch")),
        ("<circle r='9PX'/>", Need::value("r", "9PX")),
        (
            "<g stroke-dasharray='1vw 2'/>",
            Need::value("stroke-dasharray", "1vw 2"),
        ),
        ("<g opacity='half'/>", Need::value("opacity", "half")),
        (
            "<g transform='rotate(9deg)'/>",
            Need::value("transform", "rotate(9deg)"),
        ),
        ("<g fill-rule=' evenodd'/>", Need::value("fill-rule", "evenodd")),
        ("<g stroke-linejoin='arcs'/>", Need::value("stroke-linejoin", "arcs")),
        (
            "<g style='mix-blend-mode:plus-lighter'/>",
            Need::value("mix-blend-mode", "plus-lighter"),
        ),
        (
            "<g style='paint-order:inherit'/>",
            Need::value("paint-order", "inherit"),
        ),
    ]);
}

#[test]
fn what_browsers_paint_otherwise() {
    assert_refused([
        ("<radialGradient fr='20%'/>", Need::value("fr", "20%")),
        (
            "<linearGradient gradientTransform='scale(0)'/>",
            Need::value("gradientTransform", "scale(0)"),
        ),
        (
            "<mask id='m' color-interpolation='linearRGB'/>",
            Need::value("color-interpolation", "linearRGB"),
        ),
        ("<path stroke-width='-5'/>", Need::value("stroke-width", "-5")),
        ("<symbol width='50'/>", Need::value("width", "50")),
        ("<g style='padding:9px'/>", Need::value("padding", "9px")),
        (
            "<text font-size='x-large'>Chữ</text>",
            Need::value("font-size", "x-large"),
        ),
        (
            "<text>Chữ <tspan style='opacity:.5'>này</tspan></text>",
            Need::value("opacity", ".5"),
        ),
        (
            "<style>g .b{fill:red}</style><use href='#d'/><g id='d'/>",
            Need::style("g .b"),
        ),
        ("<style>path{stroke-dasharray:9/**/3}</style>", Need::style("*/3}")),
        ("<mask id='m'/><mask mask='url(#m)'/>", Need::value("mask", "url(#m)")),
        ("<mask style='display:none'/>", Need::value("display", "none")),
        ("<text font-size='-9'>Chữ</text>", Need::value("font-size", "-9")),
        (
            "<text><tspan font-weight='lighter'>Chữ</tspan></text>",
            Need::value("font-weight", "lighter"),
        ),
        (
            "<text letter-spacing='10%'>Chữ</text>",
            Need::value("letter-spacing", "10%"),
        ),
        (
            "<text style='font-size:medium'>Chữ</text>",
            Need::value("font-size", "medium"),
        ),
        (
            "<g text-decoration='underline'><text>Chữ</text></g>",
            Need::value("text-decoration", "underline"),
        ),
        (
            "<clipPath id='m'/><text><tspan clip-path='url(#m)'>Chữ</tspan></text>",
            Need::value("clip-path", "url(#m)"),
        ),
        (
            "<text><a style='mix-blend-mode:multiply'>Chữ</a></text>",
            Need::value("mix-blend-mode", "multiply"),
        ),
        (
            "<style>.b{opacity:.5}</style><text><tspan class='a b'>Chữ</tspan></text>",
            Need::value("opacity", ".5"),
        ),
        (
            "<style>g #e{opacity:.5}</style><text><tspan id='e'>Chữ</tspan></text>",
            Need::value("opacity", ".5"),
        ),
        (
            "<clipPath id='m'/><style>*{clip-path:url(#m)}</style>",
            Need::value("clip-path", "url(#m)"),
        ),
        (
            "<path id='e'/><text><textPath href='#e'>Chữ</textPath> sau</text>",
            Need::element("textPath"),
        ),
        (
            "<text><tspan xml:space='preserve'>Hai  chữ</tspan></text>",
            Need::value("space", "preserve"),
        ),
    ]);
}

#[test]
fn words_that_would_stand_otherwise() {
    assert_refused([
        (
            "<text writing-mode='vertical-rl'>Chữ</text>",
            Need::value("writing-mode", "vertical-rl"),
        ),
        ("<text direction='rtl'>Chữ</text>", Need::value("direction", "rtl")),
        (
            "<text textLength='90'>Chữ <tspan>này</tspan></text>",
            Need::value("textLength", "90"),
        ),
        (
            "<text style='text-transform:uppercase'>Chữ</text>",
            Need::value("text-transform", "uppercase"),
        ),
        (
            "<text font-variant='small-caps'>Chữ</text>",
            Need::value("font-variant", "small-caps"),
        ),
        (
            "<text style='white-space:pre'>Hai\nhàng</text>",
            Need::value("white-space", "pre"),
        ),
        ("<text style='shape-inside:url(#a)'>Chữ</text>", Need::FlowingText),
        (
            "<g xmlns:a='urn:a' a:style='fill:red'/>",
            Need::value("style", "fill:red"),
        ),
    ]);
}

#[test]
fn what_stands_outside_or_counts_for_all_of_it() {
    let square = "<path d='M0 0h50v50H0z'/>";
    let sheet_outside = format!("<?xml-stylesheet href='a.css'?>{}", drawing(square));
    let turned = drawing(square).replacen("viewBox", "transform='rotate(9)' viewBox", 1);
    let cut = drawing("<clipPath id='a'/>").replacen("viewBox", "style='clip-path:url(#a)' viewBox", 1);
    let added = format!("<!DOCTYPE svg [<!ATTLIST path fill CDATA 'lime'>]>{}", drawing(square));
    for (all, needs) in [
        (sheet_outside, Need::OtherFile),
        (turned, Need::value("transform", "rotate(9)")),
        (cut, Need::value("clip-path", "url(#a)")),
        (added, Need::element("!ATTLIST")),
    ] {
        assert_eq!(prepare(all.as_bytes(), Use::Picture), Err(Unfit::Needs(needs)), "{all}");
    }
}

#[test]
fn what_changes_no_picture_is_let_through() {
    for inside in [
        "<path style='' class='' fill='#000' d='M0 0h50v50H0z'/>",
        "<title>Hình</title><desc>Một hình</desc><metadata><a xmlns='urn:a' id='x'/></metadata>",
        "<g style='animation:none;filter:none;text-shadow:none;zoom:normal'/>",
        "<g clip-path='none' mask='none' filter='none' marker-end='none' vector-effect='none'/>",
        "<g style='pointer-events:bounding-box;cursor:pointer;font-family:\"Vận Đồ\", sans-serif'/>",
        "<g fill='inherit' stroke='inherit' opacity='inherit'/>",
        "<a href='https://example.org' target='_blank'><rect width='9' height='9'/></a>",
        "<text style='white-space:pre'>Một hàng</text>",
        "<text style='white-space:pre' xml:space='preserve'>Hai  chữ</text>",
        "<style/><style>/* không */</style>",
        "<style>svg g > path.a, svg * .b { fill : red } /* hết */</style>",
        "<path style='font-size:medium' d='M0 0'/>",
        "<text style='opacity:0.5'>Chữ <tspan style='opacity:1;mask:none;mix-blend-mode:normal'>này</tspan></text>",
        "<style>.b{opacity:.5}</style><g class='b'/><text><tspan class='bb'>Chữ</tspan></text>",
        "<linearGradient/>",
    ] {
        let all = format!("<path d='M0 0h50v50H0z'/>{inside}");
        assert!(made_ready(&all).is_ok(), "{inside}: {:?}", made_ready(&all));
    }
}

#[test]
fn a_drawing_of_which_nothing_is_seen_is_refused() {
    for inside in [
        "<path fill='none' d='M0 0h50v50H0z'/>",
        "<path opacity='0' d='M0 0h50v50H0z'/>",
        "<path transform='translate(200)' d='M0 0h50v50H0z'/>",
        "<path fill='white' d='M0 0h50v50H0z'/>",
        "<path visibility='hidden' d='M0 0h50v50H0z'/><path d='M0 0'/>",
        "<defs><path d='M0 0h50v50H0z'/></defs><g/>",
        "<clipPath id='a'/><path clip-path='url(#a)' d='M0 0h50v50H0z'/><g/>",
    ] {
        assert_eq!(made_ready(inside), Err(Unfit::Blank), "{inside}");
    }
    let white_sign = drawing("<path fill='white' d='M0 0h50v50H0z'/>");
    assert!(
        prepare(white_sign.as_bytes(), Use::Icon).is_ok(),
        "a sign is coloured anew"
    );
    let thin = "<path stroke='#777' stroke-width='0.1' d='M0 50h100'/>";
    assert!(made_ready(thin).is_ok(), "{:?}", made_ready(thin));
}

#[test]
fn a_drawing_says_how_large_it_is() {
    let square = "<path d='M0 0h50v50H0z'/>";
    let sized = |size: &str| {
        let all = drawing(square).replacen(r#"viewBox="0 0 100 100""#, size, 1);
        prepare(all.as_bytes(), Use::Picture).map(|_| ())
    };
    for size in [
        "",
        "width='100'",
        "width='100%' height='100%'",
        "width='9cm' height='50%'",
    ] {
        assert_eq!(sized(size), Err(Unfit::NoSize), "{size}");
    }
    for size in [
        "width='60' height='60'",
        "width='100%' viewBox='0 0 60 60'",
        "width='9cm' height='9cm'",
    ] {
        assert_eq!(sized(size), Ok(()), "{size}");
    }
}

/// What the kiosk would fill with the colour of the section is no sign.
#[test]
fn a_block_is_no_sign() {
    let is_sign = |inside: &str| can_be_tinted(drawing(inside).as_bytes()).expect("drawn");
    for block in [
        "<rect width='100' height='100'/>",
        "<rect x='10' y='10' width='80' height='80'/>",
        "<rect width='100' height='100' rx='20'/>",
        "<rect width='100' height='100' opacity='0.7'/>",
        "<rect width='100' height='100' opacity='0.3'/><path d='M30 30h40v40H30z'/>",
        "<rect width='100' height='100' fill='navy'/><path fill='navy' d='M30 30h40v40H30z'/>",
    ] {
        assert!(!is_sign(block), "{block}");
    }
    for sign in [
        "<path d='M0 0h40v40z'/>",
        "<circle cx='50' cy='50' r='50'/>",
        "<path fill-rule='evenodd' d='M0 0h100v100H0z M35 35h30v30H35z'/>",
        "<path d='M0 0h100v20H0zM0 40h100v20H0zM0 80h100v20H0z'/>",
    ] {
        assert!(is_sign(sign), "{sign}");
    }
    let mut png = Vec::new();
    RgbaImage::from_fn(60, 60, |x, _| image::Rgba([0, 0, 0, if x == 0 { 0 } else { 255 }]))
        .write_to(&mut Cursor::new(&mut png), ImageFormat::Png)
        .expect("a PNG");
    assert_eq!(can_be_tinted(&png), Ok(false), "one empty column");
}

#[test]
fn letters_of_a_link_are_looked_at_as_others_are() {
    for inside in [
        "<text>Bước 1 → 2</text>",
        "<text>Bước <a href='#'>1 → 2</a></text>",
        "<text><tspan><a href='#'><tspan>→</tspan></a></tspan></text>",
    ] {
        assert_eq!(made_ready(inside), Err(Unfit::NoGlyph('→')), "{inside}");
    }
    let long = format!("<text><a href='#'>{}</a></text>", "chữ ".repeat(800));
    assert_eq!(made_ready(&long), Err(Unfit::TooMuchWork));
}

/// A pack that was made before the program learnt to refuse something keeps its pictures.
#[test]
fn a_kiosk_draws_what_it_has_without_asking_what_it_says() {
    let old = drawing("<path fill='organe' style='rotate:9deg' d='M0 0h50v50H0z'/><hatch/>");
    assert!(prepare(old.as_bytes(), Use::Picture).is_err());
    assert!(draw(old.as_bytes(), 100, 100).is_ok());
    // What takes who knows how long is not drawn there either.
    for long in [
        "<path filter='blur(20)' d='M0 0h50v50H0z'/>",
        "<filter id='a'/><path d='M0 0h50v50H0z'/>",
        "<pattern id='a' width='1' height='1'/><path d='M0 0h50v50H0z'/>",
    ] {
        assert!(draw(drawing(long).as_bytes(), 100, 100).is_err(), "{long}");
    }
}

/// A photograph as telephones make them, with the tables of the standard.
fn photograph() -> Vec<u8> {
    let picture = RgbImage::from_fn(400, 300, |x, y| {
        let noise = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)) >> 7;
        image::Rgb(
            [x / 3 + noise % 30, y / 3 + noise % 23, (x + y) / 9 + noise % 17]
                .map(|part| u8::try_from(part).expect("a byte")),
        )
    });
    let mut bytes = Vec::new();
    picture
        .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 85))
        .expect("a JPEG");
    bytes
}

#[test]
fn a_photograph_with_a_hole_is_damaged() {
    let whole = photograph();
    assert!(prepare(&whole, Use::Picture).is_ok());
    let end = whole.len();
    for lost in [
        end / 2..end,
        end / 2..end - 2,
        end / 2..end / 2 + 512,
        end - 600..end - 88,
    ] {
        let mut bytes = whole.clone();
        bytes[lost.clone()].fill(0);
        assert_eq!(prepare(&bytes, Use::Picture), Err(Unfit::Damaged), "{lost:?}");
        let is_shown = draw(&bytes, 100, 100).is_ok();
        assert_eq!(
            is_shown,
            lost.end != end,
            "what an earlier pack has is shown as before: {lost:?}"
        );
    }
    let mut foreign = whole;
    foreign[end / 2..end / 2 + 4].copy_from_slice(&[0xff, 0x3c, 0, 2]);
    assert_eq!(
        prepare(&foreign, Use::Picture),
        Err(Unfit::Damaged),
        "a segment that there isn't"
    );
}

#[test]
fn a_picture_of_one_colour_shows_nothing() {
    let mut png = Vec::new();
    let white_sign = |x: u32, y: u32| image::Rgba([255, 255, 255, if (x + y).is_multiple_of(2) { 255 } else { 0 }]);
    for picture in [
        image::RgbaImage::from_pixel(40, 30, image::Rgba([10, 20, 30, 0])),
        image::RgbaImage::from_pixel(40, 30, image::Rgba([200, 0, 0, 255])),
        image::RgbaImage::from_fn(40, 30, white_sign),
    ] {
        png.clear();
        picture
            .write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png)
            .expect("a PNG");
        assert_eq!(prepare(&png, Use::Picture), Err(Unfit::Blank));
    }
}

#[test]
fn an_even_photograph_has_no_holes() {
    let mut even = Vec::new();
    // Of one colour but for a corner: all of one it would be blank.
    RgbImage::from_fn(1200, 900, |x, y| image::Rgb([if x < 8 && y < 8 { 0 } else { 255 }; 3]))
        .write_with_encoder(JpegEncoder::new_with_quality(&mut even, 85))
        .expect("a JPEG");
    assert!(prepare(&even, Use::Picture).is_ok());
    // As a program writes it that counts first what the picture needs: "nothing more" is the shortest word of the shapes.
    let counted = [
        &[0x10][..],
        &[1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        &[0x00, 0x01],
    ]
    .concat();
    assert!(!do_zeros_draw(&counted));
    assert!(do_zeros_draw(
        &[counted, [&[0x11][..], &[1; 1], &[0; 15], &[0x01]].concat()].concat()
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    /// Pieces of good drawings in the wrong places: each is refused or can be painted, and what is ready is ready.
    #[test]
    fn a_drawing_with_a_few_wrong_bytes_is_painted_or_refused(
        number in 0_usize..1000,
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..40, any::<prop::sample::Index>(), 0_usize..40), 1..4),
    ) {
        let drawings = drawings_in("tests/drawings");
        let mut bytes = drawings[number % drawings.len()].1.clone();
        for (from, taken, to, lost) in cuts {
            let from = from.index(bytes.len());
            let piece = bytes[from..(from + taken).min(bytes.len())].to_vec();
            let to = to.index(bytes.len());
            let end = (to + lost).min(bytes.len());
            bytes.splice(to..end, piece);
        }
        if let Ok(ready) = prepare(&bytes, Use::Picture) {
            prop_assert!(draw(&ready, 100, 100).is_ok());
            prop_assert!(prepare(&ready, Use::Picture).is_ok());
        }
    }
}
