//! What charts must not do: call nothing what was rounded to nothing, let names meet, fail on nothing or on huge numbers.

use super::*;

#[test]
fn what_was_rounded_to_nothing_is_drawn_as_nothing_and_not_called_nothing() {
    let data = [Bar::new("A", 0), Bar::new("B", 40)];
    for svg in [bars("Trang", &data), columns("Trang", &data)] {
        let svg = svg.svg.into_string();
        assert!(svg.contains(">&lt;5</text>") && svg.contains(">40</text>"), "{svg}");
    }
}

#[test]
fn a_chart_says_what_it_is_and_escapes_what_it_says() {
    let svg = bars("<b>", &[Bar::new("a & b", 1_234)]).svg.into_string();
    assert!(svg.starts_with("<svg "), "{svg}");
    for part in ["role=\"img\"", "<title>&lt;b&gt;</title>", "a &amp; b", ">1.234</text>"] {
        assert!(svg.contains(part), "{part} in {svg}");
    }
}

#[test]
fn names_do_not_meet() {
    let year: Vec<Bar> = (0..365).map(|day| Bar::new(format!("{day}/12"), 5)).collect();
    let named = columns("Ngày", &year).svg.into_string().matches("/12</text>").count();
    assert!((5..=9).contains(&named), "{named}");
}

#[test]
fn nothing_and_too_much_are_drawn() {
    for n in [0, 1, u64::MAX] {
        let svg = columns("", &[Bar::new("", n)]).svg.into_string();
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }
    let empty =
        columns("", &[]).svg.into_string() + &bars("", &[]).svg.into_string() + &ratings("", &[]).svg.into_string();
    assert!(!empty.contains("NaN") && !empty.contains("inf"), "{empty}");
    assert_eq!(
        [0, 3, 4, 5, 31, 1_000].map(scale),
        [(1, 1), (1, 3), (1, 4), (2, 6), (10, 40), (500, 1_000)]
    );
}
