//! Statistics as they should be, and as they should not.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::bundle::{Kind, Manifest, Payload};
use crate::usage::signals::Event;
use crate::usage::stamp::Stamp;

fn cell(event: &Event) -> Cell {
    event.cell(Stamp::undated(Duration::ZERO))
}

fn small() -> Statistics {
    let mut table = Table::default();
    table.add(
        "2026-10-05".parse().unwrap(),
        &cell(&Event::page_opened("khai-sinh")),
        12,
    );
    table.add("2026-10".parse().unwrap(), &cell(&Event::page_opened("khai-sinh")), 3);
    table.add("undated".parse().unwrap(), &cell(&Event::SearchFound), 7);
    Statistics {
        health: Health {
            pack: "le-loi".to_owned(),
            edition: 4,
            version: "0.1.0".to_owned(),
            uptime_hours: 70,
            free_mb: Some(12_000),
            losses: 0,
            card: Some(Card::ReadOnly),
            card_errors: Some(0),
            under_voltage: Some(false),
            temperature: None,
            left: None,
            faults: 0,
        },
        table,
    }
}

#[test]
fn statistics_are_plain_json() {
    let text = String::from_utf8(small().to_json()).unwrap();
    assert_eq!(
        text,
        concat!(
            r#"{"format":3,"health":{"pack":"le-loi","edition":4,"version":"0.1.0","uptime_hours":70,"free_mb":12000,"losses":0,"#,
            r#""card":"read-only","card_errors":0,"under_voltage":false,"temperature":null},"#,
            r#""spans":["2026-10-05","2026-10","undated"],"#,
            r#""counts":{"page-opened":{"khai-sinh":{"":[12,3]}},"search-found":{"":{"":[0,0,7]}}}}"#
        )
    );
    assert_eq!(Statistics::from_json(text.as_bytes()), Ok(small()));
}

#[test]
fn what_makes_no_sense_is_refused() {
    let good = String::from_utf8(small().to_json()).unwrap();
    let refused = |from: &str, to: &str| {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good);
        assert!(Statistics::from_json(bad.as_bytes()).is_err(), "{bad}");
    };
    refused("2026-10-05", "2026-10-32");
    refused("2026-10-05", "2026-10");
    refused("2026-10-05", "5/10/2026");
    refused("\"2026-10\"", "\"+026-10\"");
    refused("[12,3]", "[12,3,4,5]");
    refused("[12,3]", "[12,-3]");
    refused("[12,3]", "[12,3000000000]");
    refused("page-opened", "person seen");
    refused("page-opened", "");
    refused("khai-sinh", "Tôi là Lê Thị B");
    refused("khai-sinh", "khai\\u002dsinh");
    refused("\"search-found\":{\"\":", "\"page-opened\":{\"khai-sinh\":");
    refused("0.1.0", "\\u0007");
    refused("le-loi", "Lê Lợi");
    refused("\"losses\":0", "\"losses\":\"none\"");
    refused("\"spans\":", "\"stretches\":");
    refused("\"counts\":", "\"spans\":[],\"counts\":");
    refused("\"health\":", "\"wealth\":");
    let of_format = |format: &str| Statistics::from_json(good.replacen("\"format\":3", format, 1).as_bytes());
    for newer in ["\"format\":4", "\"format\":4,\"spans\":3"] {
        assert_eq!(of_format(newer), Err(StatisticsError::OtherFormat(4)));
    }
    assert_eq!(of_format("\"format\":0"), Err(StatisticsError::OtherFormat(0)));
}

#[test]
fn the_first_format_is_still_read_and_says_nothing_of_the_card() {
    let old = concat!(
        r#"{"format":1,"health":{"edition":4,"version":"0.1.0","uptime_hours":70,"free_mb":12000,"losses":0},"#,
        r#""spans":["2026-10-05","2026-10","undated"],"#,
        r#""counts":{"page-opened":{"khai-sinh":{"":[12,3]}},"search-found":{"":{"":[0,0,7]}}}}"#
    );
    let mut expected = small();
    expected.health.pack.clear();
    expected.health.card = None;
    expected.health.card_errors = None;
    expected.health.under_voltage = None;
    assert_eq!(Statistics::from_json(old.as_bytes()), Ok(expected));
}

#[test]
fn the_second_format_is_still_read_and_says_nothing_of_the_pack() {
    let old = String::from_utf8(small().to_json()).unwrap();
    let old = old.replacen("\"format\":3", "\"format\":2", 1);
    let old = old.replacen("\"pack\":\"le-loi\",", "", 1);
    let mut expected = small();
    expected.health.pack.clear();
    assert_eq!(Statistics::from_json(old.as_bytes()), Ok(expected));
}

/// A newer kiosk counts a signal more, has a field more, and its card is in a state that has no name yet.
#[test]
fn what_a_newer_kiosk_adds_is_carried_along_and_added_up() {
    let newer = String::from_utf8(small().to_json()).unwrap();
    let newer = newer.replacen("\"read-only\"", "\"melting\",\"humidity\":[1,{\"x\":2}]", 1);
    let newer = newer.replacen(
        "\"counts\":{",
        "\"more\":{},\"counts\":{\"poster-seen\":{\"ho-khau\":{\"list\":[1,0,4],\"search\":[2]}},",
        1,
    );
    let read = Statistics::from_json(newer.as_bytes()).unwrap();
    assert_eq!(read.health.card, None);
    assert_eq!(read.table.foreign(), BTreeMap::from([("poster-seen", 7)]));
    let mut known = read.table.clone();
    known.foreign = Rows::default();
    assert_eq!(known, small().table);

    // It is stored, added up and cut to a period as the others are.
    let mut sum = Table::from_json(&read.table.to_json()).unwrap();
    assert_eq!(sum, read.table);
    sum.merge(&read.table);
    assert_eq!(sum.foreign(), BTreeMap::from([("poster-seen", 14)]));
    let undated = sum.part(|span| span == Span::Undated);
    assert_eq!(undated.foreign(), BTreeMap::from([("poster-seen", 8)]));
    assert!(!undated.part(|span| span == Span::Undated).is_empty());
    assert!(sum.part(|_| false).is_empty());
}

#[test]
fn a_table_of_too_many_cells_or_spans_is_given_up_while_it_is_read() {
    let of = |spans: &str, counts: &str| {
        let json = format!(
            r#"{{"format":3,"health":{{"edition":1,"version":"1","uptime_hours":1,"free_mb":null,"losses":0}},"spans":[{spans}],"counts":{{"rated":{{"a":{{{counts}}}}}}}}}"#
        );
        Statistics::from_json(json.as_bytes())
    };
    let cells = |n: usize| (0..n).map(|n| format!("\"c{n}\":[]")).collect::<Vec<_>>().join(",");
    assert!(of("\"2026\"", &cells(MOST.cells)).is_ok());
    assert_eq!(of("\"2026\"", &cells(MOST.cells + 1)), Err(StatisticsError::TooMuch));
    let years = |n: usize| (1..=n).map(|n| format!("\"{n:04}\"")).collect::<Vec<_>>().join(",");
    assert!(of(&years(MOST.spans), "").is_ok());
    assert_eq!(of(&years(MOST.spans + 1), ""), Err(StatisticsError::TooMuch));
    // Cells that would be added up in many months, and numbers for no span at all.
    let half = MOST.sums / 2;
    assert!(of("\"2026-01\",\"2026-02\"", &cells(half)).is_ok());
    assert_eq!(
        of("\"2026-01\",\"2026-02\",\"2026\"", &cells(half)),
        Err(StatisticsError::TooMuch)
    );
    assert!(of("\"2026-02-01\",\"2026-02-02\",\"2026-02\"", &cells(half)).is_ok());
    let numbers = |n: usize| format!("\"c\":[{}0]", "0,".repeat(n - 1));
    assert_eq!(of("", &numbers(MOST.numbers + 1)), Err(StatisticsError::TooMuch));
    assert!(matches!(
        of("", &numbers(MOST.numbers)),
        Err(StatisticsError::Nonsense(_))
    ));
    // Also if nothing after it makes sense.
    assert_eq!(
        of(&format!("{},5", years(MOST.spans + 1)), ""),
        Err(StatisticsError::TooMuch)
    );
}

#[test]
fn a_card_is_called_the_same_everywhere() {
    for card in Card::ALL {
        assert_eq!(serde_json::to_value(card).unwrap(), card.name());
        assert_eq!(Card::from_name(card.name()), Some(card));
    }
    assert_eq!(Card::from_name("lost"), None);
}

#[test]
fn tables_with_other_spans_add_up() {
    let (mut sum, mut other) = (small().table, Table::default());
    other.add("undated".parse().unwrap(), &cell(&Event::SearchFound), 1);
    other.add(
        "2026-11-01".parse().unwrap(),
        &cell(&Event::page_opened("khai-sinh")),
        5,
    );
    sum.merge(&other);
    assert_eq!(sum.total(Signal::SearchFound), 8);
    assert_eq!(sum.total(Signal::PageOpened), 20);
    let november = sum.part(|span| span.month() == NaiveDate::from_ymd_opt(2026, 11, 1));
    assert_eq!(november.iter().map(|(_, _, n)| n).collect::<Vec<_>>(), [5]);
}

#[test]
fn a_span_knows_its_days() {
    let days = |text: &str| {
        let (first, last) = text.parse::<Span>().unwrap().days().unwrap();
        format!("{first} {last}")
    };
    assert_eq!(days("2028-02"), "2028-02-01 2028-02-29");
    assert_eq!(days("2026"), "2026-01-01 2026-12-31");
    assert_eq!(Span::Undated.days(), None);
}

/// A day of October 2026, the month itself or no date; a page; how often it was opened.
type Count = (u32, u8, u64);

fn counts() -> impl Strategy<Value = Vec<Count>> {
    prop::collection::vec((0..6_u32, 0..8_u8, 1..5_u64), 0..30)
}

fn span(number: u32) -> Span {
    match number {
        0 => Span::Undated,
        1 => "2026-10".parse().unwrap(),
        day => format!("2026-10-0{day}").parse().unwrap(),
    }
}

fn page_cell(page: u8) -> Cell {
    cell(&Event::page_opened(&format!("trang-{page}")))
}

fn table(counts: &[Count]) -> Table {
    let mut table = Table::default();
    for (number, page, n) in counts {
        table.add(span(*number), &page_cell(*page), *n);
    }
    table
}

fn map(counts: &[Count]) -> BTreeMap<(Span, Cell), u64> {
    let mut map = BTreeMap::new();
    for (number, page, n) in counts {
        *map.entry((span(*number), page_cell(*page))).or_default() += n;
    }
    map
}

fn said(table: &Table) -> BTreeMap<(Span, Cell), u64> {
    table.iter().map(|(span, cell, n)| ((span, cell.clone()), n)).collect()
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>) {
        let _ = Statistics::from_json(&bytes);
    }

    /// Against a plain map of counts: in any order of cells and spans, added, merged, cut, taken away, written and read.
    #[test]
    fn a_table_counts_as_a_map_does(mine in counts(), others in counts(), cut in 0..6_u32) {
        let (one, other) = (table(&mine), table(&others));
        prop_assert_eq!(said(&one), map(&mine));
        let mut both = one.clone();
        both.merge(&other);
        let all = [&mine[..], &others[..]].concat();
        prop_assert_eq!(said(&both), map(&all));
        prop_assert_eq!(said(&both.without(&other).unwrap()), map(&mine));
        prop_assert_eq!(one.differences(&other).is_empty(), map(&mine) == map(&others));
        let wanted = |span: Span| !matches!(span, Span::Day(day) if day.day() == cut);
        let mut part = map(&all);
        part.retain(|(span, _), _| wanted(*span));
        prop_assert_eq!(said(&both.part(wanted)), part);
        let read = Table::from_json(&both.to_json()).unwrap();
        prop_assert_eq!(said(&read), map(&all));
        prop_assert_eq!(read.to_json(), both.to_json());
        for (cell, n) in both.cells() {
            let of_cell = all.iter().filter(|(_, page, _)| cell == &page_cell(*page));
            prop_assert_eq!(n, of_cell.map(|(_, _, n)| n).sum::<u64>());
        }
    }

    #[test]
    fn any_span_is_read_or_refused_and_never_written_otherwise(text in "[0-9-]{0,11}|undated|\\PC{0,12}") {
        if let Ok(span) = text.parse::<Span>() {
            prop_assert_eq!(span.to_string(), text);
        }
    }
}

/// `docs/privacy.md` has a row for each field that leaves the kiosk, and for each signal; and no other rows.
#[test]
fn the_privacy_page_lists_every_field_that_leaves() {
    fn fields(prefix: &str, value: &serde_json::Value, into: &mut Vec<String>) {
        for (name, value) in value.as_object().unwrap() {
            let name = format!("{prefix}{name}");
            match value {
                // Of the counts, the signals have a table of their own.
                serde_json::Value::Object(_) if name != "counts" => fields(&format!("{name}."), value, into),
                _ => into.push(name),
            }
        }
    }
    let mut expected = Vec::new();
    let mut all = small();
    // What is said only where there is something to say.
    (all.health.left, all.health.faults) = (Some(5), 1);
    fields("", &serde_json::from_slice(&all.to_json()).unwrap(), &mut expected);
    let payload = Payload {
        bytes: 0,
        blake3: String::new(),
    };
    let manifest = Manifest {
        format: 1,
        kind: Kind::Statistics,
        id: String::new(),
        sequence: 1,
        created: String::new(),
        issuer: String::new(),
        packed: payload.clone(),
        unpacked: payload,
    };
    fields("manifest.", &serde_json::to_value(manifest).unwrap(), &mut expected);
    for signal in Signal::ALL {
        expected.push(format!("{} | {}", signal.code(), signal.vietnamese()));
    }
    let page = include_str!("../../../docs/privacy.md");
    let listed: Vec<String> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .map(|row| {
            let (name, rest) = row.split_once("` | ").unwrap();
            match Signal::from_code(name) {
                Some(_) => format!("{name} | {}", rest.trim_end_matches(" |")),
                None => name.to_owned(),
            }
        })
        .collect();
    expected.sort();
    let mut sorted = listed.clone();
    sorted.sort();
    assert_eq!(sorted, expected);
}

/// On the day it was found 4.6 KB made a complaint of eleven million letters, which the office kept.
#[test]
fn a_complaint_quotes_little_of_what_was_written() {
    let long = "\u{200b}".repeat(4 << 20);
    for text in [
        format!(r#"{{"format":3,"spans":["{long}"],"counts":{{}}}}"#),
        format!(r#"{{"format":3,"spans":[],"counts":{{"page-opened":"{long}"}}}}"#),
        format!(r#"{{"format":"{long}"}}"#),
        format!(r#"{{"format":3,"health":"{long}"}}"#),
    ] {
        let complaint = Statistics::from_json(text.as_bytes())
            .expect_err("nonsense")
            .to_string();
        assert!(complaint.len() < 4096, "{} bytes", complaint.len());
    }
}

#[test]
fn what_is_ahead_loses_its_date_and_nothing_else() {
    let day = |text: &str| text.parse::<Span>().unwrap();
    let [opened, rated] = ["a", "b"].map(|page| cell(&Event::page_opened(page)));
    let mut table = Table::default();
    for (span, cell, n) in [
        ("2026-12-03", &opened, 1),
        ("2026-12-04", &opened, 2),
        ("2027-01", &opened, 4),
        ("2027", &rated, 8),
        ("undated", &rated, 16),
        ("2026-12", &rated, 32),
    ] {
        table.add(day(span), cell, n);
    }
    let undated = table.undated_after(NaiveDate::from_ymd_opt(2026, 12, 3).unwrap());
    let mut expected = Table::default();
    for (span, cell, n) in [
        ("2026-12-03", &opened, 1),
        ("undated", &opened, 6),
        ("undated", &rated, 24),
        ("2026-12", &rated, 32),
    ] {
        expected.add(day(span), cell, n);
    }
    let sorted = |table: &Table| {
        let mut all: Vec<_> = table.iter().map(|(span, cell, n)| (span, cell.clone(), n)).collect();
        all.sort();
        all
    };
    assert_eq!(sorted(&undated), sorted(&expected));
    let all_ahead = table.undated_after(NaiveDate::MIN);
    assert!(all_ahead.spans().iter().all(|span| *span == Span::Undated));
    assert_eq!(all_ahead.total(Signal::PageOpened), table.total(Signal::PageOpened));
}
