//! What charts must not do: draw apart what is not told apart, let names meet, fail on nothing or on huge numbers.

use super::*;

fn few(n: u64) -> String {
    let data = [Bar::new("A", n), Bar::new("B", 40)];
    bars("Trang", &data).svg.into_string() + &columns("Trang", &data).svg.into_string()
}

#[test]
fn one_to_four_look_alike() {
    assert_eq!(few(1), few(4));
    assert_ne!(few(4), few(5));
    let faces = |poor| {
        let faces = Faces { good: 9, fair: 0, poor };
        ratings("Nhận xét", &[("A".to_owned(), faces)]).svg.into_string()
    };
    assert_eq!(faces(1), faces(4));
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
