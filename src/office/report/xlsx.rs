//! A report as a workbook: a sheet a subject, every row. Begin with [`workbook`].

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::Report;
use super::section::{Row, Sheet, Shown};
use crate::office::plan::Activity;

/// What stands above the columns, and how wide these are.
const COLUMNS: [(&str, f64); 8] = [
    ("Bảng", 34.0),
    ("Mã", 26.0),
    ("Tên", 48.0),
    ("Giá trị", 34.0),
    ("Kỳ này", 14.0),
    ("Kỳ trước", 14.0),
    ("Tăng, giảm", 14.0),
    ("Tăng, giảm (%)", 16.0),
];

/// The same of single activities, so that they can be sorted and added up.
const ACTIVITIES: [(&str, f64); 6] = [
    ("Nội dung", 48.0),
    ("Ngày", 14.0),
    ("Việc", 56.0),
    ("Số đã ghi", 14.0),
    ("Đơn vị", 16.0),
    ("Số người dự", 14.0),
];

/// The paper of the report, by its number in the file format.
const A4: u8 = 9;

/// Where figures begin.
const FIRST_FIGURE: u16 = 4;

pub(super) fn workbook(report: &Report) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(report)?);
    let looks = Looks::new();
    for sheet in Sheet::ALL {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(sheet.name())?;
        if sheet == Sheet::Activities {
            lay_out(worksheet, &looks, &ACTIVITIES)?;
            write_activities(worksheet, &report.activities, &looks)?;
        } else {
            lay_out(worksheet, &looks, &COLUMNS)?;
            fill(worksheet, sheet, report, &looks)?;
        }
    }
    workbook.save_to_buffer()
}

/// Given, because the library would ask the clock.
fn properties(report: &Report) -> Result<DocProperties, XlsxError> {
    let made_on = on(report.made_on)?;
    Ok(DocProperties::new()
        .set_title(report.title())
        .set_subject(&report.scope)
        .set_creation_datetime(&made_on))
}

fn on(day: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(day.year()).unwrap_or(1900);
    let month = u8::try_from(day.month()).unwrap_or(1);
    ExcelDateTime::from_ymd(year, month, u8::try_from(day.day()).unwrap_or(1))
}

/// How cells look. Programs write the dots and commas of these formats as their reader's country does.
struct Looks {
    header: Format,
    words: Format,
    number: Format,
    day: Format,
    difference: Format,
    percent: Format,
}

impl Looks {
    fn new() -> Self {
        let cell = Format::new().set_align(FormatAlign::Top).set_border(FormatBorder::Hair);
        let right = cell.clone().set_align(FormatAlign::Right);
        Self {
            header: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_background_color("#DCE6F1")
                .set_border(FormatBorder::Thin)
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter),
            words: cell.set_text_wrap(),
            number: right.clone().set_num_format("#,##0"),
            day: right.clone().set_num_format("dd/mm/yyyy"),
            difference: right.clone().set_num_format("+#,##0;-#,##0;0"),
            percent: right.set_num_format("+0.0%;-0.0%;0.0%"),
        }
    }
}

fn lay_out(sheet: &mut Worksheet, looks: &Looks, columns: &[(&str, f64)]) -> Result<(), XlsxError> {
    for (column, (name, width)) in (0..).zip(columns) {
        sheet.write_string_with_format(0, column, *name, &looks.header)?;
        sheet.set_column_width(column, *width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
    Ok(())
}

fn fill(sheet: &mut Worksheet, which: Sheet, report: &Report, looks: &Looks) -> Result<(), XlsxError> {
    let listings = report.sections().flat_map(|section| &section.listings);
    let rows = listings
        .filter(|listing| listing.sheet == which)
        .flat_map(|listing| listing.rows.iter().map(|row| (listing.caption, row)));
    let mut last = 0;
    for (place, (caption, row)) in (1..).zip(rows) {
        write_row(sheet, place, caption, row, looks)?;
        last = place;
    }
    let columns = u16::try_from(COLUMNS.len()).unwrap_or(FIRST_FIGURE);
    sheet.autofilter(0, 0, last, columns - 1)?;
    Ok(())
}

/// Each activity with its day as a day and its numbers as numbers.
fn write_activities(sheet: &mut Worksheet, activities: &[Activity], looks: &Looks) -> Result<(), XlsxError> {
    let mut last = 0;
    for (place, activity) in (1..).zip(activities) {
        let words = [
            (0, activity.row.named()),
            (2, activity.title.clone()),
            (4, activity.row.times_of().to_owned()),
        ];
        for (column, words) in words {
            sheet.write_string_with_format(place, column, words, &looks.words)?;
        }
        sheet.write_datetime_with_format(place, 1, on(activity.day)?, &looks.day)?;
        sheet.write_number_with_format(place, 3, float(activity.times), &looks.number)?;
        if activity.row.has_people() {
            sheet.write_number_with_format(place, 5, float(activity.people), &looks.number)?;
        } else {
            sheet.write_blank(place, 5, &looks.number)?;
        }
        last = place;
    }
    let columns = u16::try_from(ACTIVITIES.len()).unwrap_or(1);
    sheet.autofilter(0, 0, last, columns - 1)?;
    Ok(())
}

/// Text is written as strings, whatever it begins with; nothing here can become a formula.
fn write_row(sheet: &mut Worksheet, place: u32, caption: &str, row: &Row, looks: &Looks) -> Result<(), XlsxError> {
    for (column, words) in (0..).zip([caption, &row.subject, &row.title, &row.value]) {
        sheet.write_string_with_format(place, column, words, &looks.words)?;
    }
    for (column, shown) in (FIRST_FIGURE..).zip([&row.now, &row.before]) {
        match shown {
            Shown::Number(n) | Shown::Count(n @ 1..) => {
                sheet.write_number_with_format(place, column, float(*n), &looks.number)?
            }
            other => sheet.write_string_with_format(place, column, other.text(), &looks.number)?,
        };
    }
    let change = row.change();
    let sign = |difference: i64| if difference < 0 { -1.0 } else { 1.0 };
    let number = |n: i64| sign(n) * float(n.unsigned_abs());
    let figures = [
        (change.map(|change| number(change.difference)), &looks.difference),
        (
            change.and_then(|change| change.permille).map(|n| number(n) / 1000.0),
            &looks.percent,
        ),
    ];
    for (column, (figure, look)) in (FIRST_FIGURE + 2..).zip(figures) {
        match figure {
            Some(figure) => sheet.write_number_with_format(place, column, figure, look)?,
            None => sheet.write_string_with_format(place, column, Shown::Nothing.text(), look)?,
        };
    }
    Ok(())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "spreadsheets know no other numbers; exact up to 9,007,199,254,740,992"
)]
fn float(n: u64) -> f64 {
    n as f64
}
