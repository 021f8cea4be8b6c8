//! The administrative report as a Word file (`.docx`, ISO/IEC 29500), in the layout of Nghị định 30/2020/NĐ-CP, Phụ lục I: officers change a
//! sentence before somebody signs. Begin with [`docx`].
//!
//! It says what the PDF says. The writer's library has no head of a table that is repeated on each page and no words for pictures in place of
//! them; the sentences say what charts show.

use std::io::Cursor;

use chrono::NaiveDate;
use docx_rs::{
    AlignmentType, Docx, Header, LineSpacing, LineSpacingType, PageMargin, PageNum, Paragraph, Pic, Run, RunFonts,
    SpecialIndentType, Style, StyleType, Table, TableBorders, TableCell, TableCellMargins, TableLayoutType, TableRow,
    WidthType,
};

use super::letters::writable;
use super::{PaperError, picture};
use crate::office::report::section::{Brief, Group, Listing, Section};
use crate::office::report::{Issuer, Report};

/// A millimetre in twentieths of a point, in which Word measures.
const MM: f64 = 1440.0 / 25.4;

/// The room between the margins of A4, in millimetres.
const WIDTH: f64 = 160.0;

/// A chart's width, in millimetres: wider, its letters would be larger than those of the sentences.
const CHART: f64 = 110.0;

/// The same of each of two.
const PAIRED: f64 = 70.0;

/// English metric units, in which pictures are measured, of a twentieth of a point.
const EMU_OF_A_TWENTIETH: u32 = 635;

/// The columns of tables: what stands at their heads, and how wide they are in millimetres.
const COLUMNS: [(&str, f64); 5] = [
    ("Nội dung", 72.0),
    ("Kỳ này", 22.0),
    ("Kỳ trước", 22.0),
    ("Tăng, giảm", 22.0),
    ("Tỷ lệ", 22.0),
];

/// What officers fill in by hand.
const DOTS: &str = "..........";

const NUMERALS: [&str; 3] = ["I", "II", "III"];

#[expect(clippy::cast_possible_truncation, reason = "sizes of a page")]
fn mm(millimetres: f64) -> i32 {
    (millimetres * MM).round() as i32
}

fn size(millimetres: f64) -> usize {
    usize::try_from(mm(millimetres)).unwrap_or_default()
}

/// The report as a Word file.
///
/// # Errors
/// A chart can't be drawn or the file not be written; the program is at fault.
pub fn docx(report: &Report) -> Result<Vec<u8>, PaperError> {
    let title = report.title();
    let mut file = letter()
        .add_table(head(&report.issuer))
        .add_paragraph(plain("", 28))
        .add_paragraph(centred(run("BÁO CÁO", 28).bold()))
        .add_paragraph(centred(run(&title, 28).bold()))
        .add_paragraph(centred(run("__________", 20)).line_spacing(LineSpacing::new().after(160)));
    for words in report.opening() {
        file = file.add_paragraph(sentence(&words));
    }
    for (place, (section, numeral)) in (1..).zip(report.main.iter().zip(NUMERALS)) {
        let heading = format!("{numeral}. {}", section.heading.to_uppercase());
        file = add(file, section, &heading, (report.made_on, place == report.main.len()))?;
    }
    file = appendix(
        file.add_paragraph(plain("", 28).keep_next(true)).add_table(foot()),
        report,
    );
    for (number, section) in (1..).zip(&report.appendix) {
        let heading = format!("{number}. {}", section.heading);
        file = add(file, section, &heading, (report.made_on, false))?;
    }
    let mut out = Cursor::new(Vec::new());
    let written = file.pack(&mut out);
    written.map_err(|error| PaperError::Typeset(error.to_string()))?;
    Ok(out.into_inner())
}

/// An empty letter: A4, its margins, letters of 14 points, the page's number at the top but for the first page.
fn letter() -> Docx {
    let name = "Times New Roman";
    let fonts = RunFonts::new().ascii(name).hi_ansi(name).cs(name).east_asia(name);
    let margin = PageMargin::new()
        .top(mm(20.0))
        .bottom(mm(20.0))
        .left(mm(30.0))
        .right(mm(20.0))
        .header(mm(10.0))
        .footer(mm(10.0));
    let number = Paragraph::new()
        .align(AlignmentType::Center)
        .add_page_num(PageNum::new());
    Docx::new()
        .page_size(mm(210.0).unsigned_abs(), mm(297.0).unsigned_abs())
        .page_margin(margin)
        .default_fonts(fonts)
        .default_size(28)
        .add_style(Style::new("Heading1", StyleType::Paragraph).name("heading 1"))
        .header(Header::new().add_paragraph(number))
        .first_header(Header::new().add_paragraph(Paragraph::new()))
}

/// Words, of letters so many half points high.
fn run(words: &str, half_points: usize) -> Run {
    Run::new().add_text(writable(words)).size(half_points)
}

fn plain(words: &str, half_points: usize) -> Paragraph {
    Paragraph::new().add_run(run(words, half_points))
}

fn centred(run: Run) -> Paragraph {
    Paragraph::new().align(AlignmentType::Center).add_run(run)
}

/// A sentence of the letter, its first line indented.
fn sentence(words: &str) -> Paragraph {
    plain(words, 28)
        .align(AlignmentType::Both)
        .indent(None, Some(SpecialIndentType::FirstLine(mm(10.0))), None, None)
        .line_spacing(lines(28).after(120))
}

/// Lines as high as letters of so many half points need: what programs take for themselves depends on the font that they have.
fn lines(half_points: u32) -> LineSpacing {
    let twentieths = half_points * 10;
    let high = i32::try_from(twentieths + twentieths * 3 / 20).unwrap_or_default();
    LineSpacing::new().line(high).line_rule(LineSpacingType::Exact)
}

/// Columns without lines.
fn columns(cells: Vec<(f64, Vec<Paragraph>)>) -> Table {
    let grid = cells.iter().map(|(width, _)| size(*width)).collect();
    let cell = |(width, paragraphs): (f64, Vec<Paragraph>)| {
        let cell = TableCell::new().width(size(width), WidthType::Dxa).clear_all_border();
        paragraphs.into_iter().fold(cell, TableCell::add_paragraph)
    };
    Table::without_borders(vec![TableRow::new(cells.into_iter().map(cell).collect()).cant_split()])
        .set_grid(grid)
        .width(size(WIDTH), WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
}

fn or_dots(words: &str) -> &str {
    if words.is_empty() { DOTS } else { words }
}

fn head(issuer: &Issuer) -> Table {
    let mut body = Vec::new();
    if !issuer.superior.is_empty() {
        body.push(centred(run(&issuer.superior.to_uppercase(), 26)));
    }
    body.push(centred(run(&or_dots(&issuer.body).to_uppercase(), 26).bold()));
    body.push(centred(run("_______", 26)));
    let number = format!("Số: ......./BC-{}", or_dots(&issuer.abbreviation));
    body.push(centred(run(&number, 26)));
    let place = format!("{}, ngày ..... tháng ..... năm .......", or_dots(&issuer.place));
    let nation = vec![
        centred(run("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 24).bold()),
        centred(run("Độc lập - Tự do - Hạnh phúc", 26).bold()),
        centred(run("____________________", 26)),
        centred(run(&place, 26).italic()),
    ];
    columns(vec![(62.0, body), (98.0, nation)])
}

/// Recipients and signer, to be filled in.
fn foot() -> Table {
    let kept = format!("- Lưu: VT, {DOTS}.");
    let to = format!("- {DOTS}{DOTS};");
    let recipients = vec![
        Paragraph::new().add_run(run("Nơi nhận:", 24).bold().italic()),
        plain(&to, 22),
        plain(&to, 22),
        plain(&kept, 22),
    ];
    let signer = format!("{DOTS}{DOTS}");
    let mut signature = vec![centred(run(&signer, 28).bold())];
    signature.extend((0..4).map(|_| centred(run("", 28))));
    signature.push(centred(run(&signer, 28)));
    columns(vec![(80.0, recipients), (80.0, signature)])
}

/// Begins the appendix, on a page of its own.
fn appendix(file: Docx, report: &Report) -> Docx {
    let attached = format!(
        "(Kèm theo Báo cáo số ......./BC-{} ngày ..... tháng ..... năm ....... của {})",
        or_dots(&report.issuer.abbreviation),
        or_dots(&report.issuer.body)
    );
    let title = format!("Số liệu đầy đủ {}", report.period.name());
    file.add_paragraph(centred(run("PHỤ LỤC", 28).bold()).page_break_before(true))
        .add_paragraph(centred(run(&title, 28).bold()))
        .add_paragraph(centred(run(&attached, 26).italic()))
}

/// Adds a section: its heading, sentences, charts and tables.
fn add(
    mut file: Docx,
    section: &Section,
    heading: &str,
    (made_on, signed): (NaiveDate, bool),
) -> Result<Docx, PaperError> {
    file = file.add_paragraph(
        Paragraph::new()
            .style("Heading1")
            .keep_next(true)
            .add_run(run(heading, 28).bold())
            .line_spacing(LineSpacing::new().before(240).after(120)),
    );
    let last = section.sentences.len();
    for (place, words) in (1..).zip(&section.sentences) {
        // Whoever signs signs under words.
        let stays = signed && place == last;
        file = file.add_paragraph(sentence(words).keep_next(stays).keep_lines(stays));
    }
    if let Some(brief) = &section.brief {
        file = file.add_paragraph(caption(brief.caption)).add_table(in_brief(brief));
        if !brief.note.is_empty() {
            file = file.add_paragraph(Paragraph::new().add_run(run(&brief.note, 22).italic()));
        }
    }
    let charts: Vec<String> = section
        .charts
        .iter()
        .map(|chart| chart.svg.clone().into_string())
        .collect();
    for charts in charts.chunks(2) {
        // Two stand side by side, as wide as the letter together.
        file = match charts {
            [one, other] => {
                let pair = [one, other].map(|chart| drawn(chart, PAIRED, made_on));
                let [one, other] = pair.map(|chart| chart.map(|run| (WIDTH / 2.0, vec![centred(run)])));
                file.add_table(columns(vec![one?, other?]))
            }
            _ => charts.iter().try_fold(file, |file, chart| {
                Ok::<_, PaperError>(file.add_paragraph(centred(drawn(chart, CHART, made_on)?)))
            })?,
        };
    }
    for listing in section.listings.iter().filter(|listing| listing.printed > 0) {
        file = file.add_paragraph(caption(listing.caption)).add_table(table(listing));
        let left_out = listing.left_out();
        if left_out > 0 {
            let words = format!("Còn {left_out} mục khác, xem tệp bảng tính kèm theo.");
            file = file.add_paragraph(Paragraph::new().add_run(run(&words, 24).italic()));
        }
    }
    Ok(file)
}

/// A chart so many millimetres wide.
fn drawn(svg: &str, wide: f64, made_on: NaiveDate) -> Result<Run, PaperError> {
    let drawn = picture::of_chart(svg, made_on)?;
    let emu = |millimetres: f64| mm(millimetres).unsigned_abs() * EMU_OF_A_TWENTIETH;
    let high = wide * f64::from(drawn.height) / f64::from(drawn.width);
    let picture = Pic::new_with_dimensions(drawn.png(0xff)?, drawn.width, drawn.height).size(emu(wide), emu(high));
    Ok(Run::new().add_image(picture))
}

fn caption(words: &str) -> Paragraph {
    let caption = Paragraph::new().keep_next(true).add_run(run(words, 24).bold());
    caption.line_spacing(LineSpacing::new().before(200).after(80))
}

/// A small table of words: its first column is wider than the others.
fn in_brief(brief: &Brief) -> Table {
    const FIRST: f64 = 1.5;
    /// In half points: a number and its unit stay on one line, and eleven rows with the rest of the main part on two pages.
    const LETTERS: u32 = 20;
    let size_of_letters = usize::try_from(LETTERS).unwrap_or_default();
    let others = u32::try_from(brief.head.len().saturating_sub(1)).unwrap_or_default();
    let share = WIDTH / (FIRST + f64::from(others));
    let width = |place: usize| size(if place == 0 { FIRST * share } else { share });
    let row = |cells: Vec<Run>| {
        let cells = cells.into_iter().enumerate().map(|(place, words)| {
            let words = Paragraph::new().add_run(words).line_spacing(lines(LETTERS));
            TableCell::new()
                .width(width(place), WidthType::Dxa)
                .add_paragraph(words)
        });
        TableRow::new(cells.collect()).cant_split()
    };
    let mut rows = vec![row(brief
        .head
        .iter()
        .map(|words| run(words, size_of_letters).bold())
        .collect())];
    let words = brief.rows.iter();
    rows.extend(words.map(|cells| row(cells.iter().map(|words| run(words, size_of_letters)).collect())));
    lined(rows, (0..brief.head.len()).map(width).collect())
}

/// A table with lines, of columns so wide.
fn lined(rows: Vec<TableRow>, grid: Vec<usize>) -> Table {
    Table::new(rows)
        .set_grid(grid)
        .width(size(WIDTH), WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .set_borders(TableBorders::new())
        .margins(TableCellMargins::new().margin(size(0.3), size(1.0), size(0.3), size(1.0)))
}

fn table(listing: &Listing) -> Table {
    let cell = |words: Run, align: AlignmentType, indent: f64, (_, width): (&str, f64)| {
        let words = Paragraph::new()
            .align(align)
            .indent(Some(mm(indent)), None, None, None)
            .line_spacing(lines(24))
            .add_run(words);
        TableCell::new().width(size(width), WidthType::Dxa).add_paragraph(words)
    };
    let heads = COLUMNS.map(|column| cell(run(column.0, 24).bold(), AlignmentType::Center, 0.0, column));
    let mut rows = vec![TableRow::new(heads.into()).cant_split()];
    for Group { subject, rows: figures } in listing.on_page() {
        if let Some(subject) = subject {
            let words = Paragraph::new().keep_next(true).add_run(run(subject, 24).bold());
            rows.push(TableRow::new(vec![TableCell::new().grid_span(COLUMNS.len()).add_paragraph(words)]).cant_split());
        }
        let indent = if subject.is_some() { 4.0 } else { 0.0 };
        for (label, numbers) in figures {
            let first = cell(run(label, 24), AlignmentType::Left, indent, COLUMNS[0]);
            let others = numbers.iter().zip(&COLUMNS[1..]);
            let others = others.map(|(number, column)| cell(run(number, 24), AlignmentType::Right, 0.0, *column));
            rows.push(TableRow::new(std::iter::once(first).chain(others).collect()).cant_split());
        }
    }
    lined(rows, COLUMNS.iter().map(|(_, width)| size(*width)).collect())
}
