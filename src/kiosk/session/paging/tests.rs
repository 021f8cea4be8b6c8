use proptest::prelude::*;

use super::*;

const LINE: f32 = 40.0;

/// Text of so many lines with a space above it.
fn text(lines: usize) -> Measure {
    #[expect(clippy::cast_precision_loss, reason = "a few lines")]
    let height = 20.0 + lines as f32 * LINE;
    Measure {
        height,
        space: 20.0,
        pad: 20.0,
        line: LINE,
        cut: Cut::Freely,
        ..Measure::default()
    }
}

/// What can't be cut.
fn block(height: f32) -> Measure {
    Measure {
        height: 20.0 + height,
        space: 20.0,
        pad: 20.0,
        ..Measure::default()
    }
}

fn heading() -> Measure {
    Measure {
        leads: true,
        ..block(50.0)
    }
}

fn picture(height: f32, beside: usize) -> Measure {
    Measure {
        beside,
        gives: height / 2.0,
        leads: beside == 0,
        ..block(height)
    }
}

fn heights(layout: &Layout) -> Vec<f32> {
    layout.windows.iter().map(|window| window.height).collect()
}

#[test]
fn rows_that_fit_share_a_page_and_the_next_begins_whole_without_its_space() {
    let layout = lay_out(&[block(100.0), block(100.0), block(100.0)], 240.0);
    assert_eq!(layout.tops, [0.0, 120.0, 240.0]);
    let windows = [(20.0, 220.0), (260.0, 100.0)].map(|(top, height)| Window { top, height });
    assert_eq!(layout.windows, windows);
}

/// What a list begins with is what is asked for most.
#[test]
fn where_a_page_must_stay_half_empty_it_is_not_the_first() {
    let rows = [70.0, 70.0, 130.0, 130.0, 70.0, 70.0].map(block);
    assert_eq!(heights(&lay_out(&rows, 170.0))[..1], [160.0]);
}

#[test]
fn words_that_lead_to_a_list_end_a_page_only_where_it_would_else_be_half_empty() {
    let lead = Measure { leads: true, ..text(1) };
    let rows = [block(160.0), lead, block(50.0), block(50.0)];
    assert_eq!(heights(&lay_out(&rows, 220.0)), [160.0, 180.0]);
    let rows = [block(100.0), lead, block(100.0), block(100.0)];
    assert_eq!(heights(&lay_out(&rows, 220.0)), [160.0, 220.0]);
}

/// On a screen that has no room for it.
#[test]
fn a_picture_of_less_than_no_height_does_no_harm() {
    let words = [picture(-45.0, 1), text(3), picture(-45.0, 0), text(2)];
    assert!(!lay_out(&words, 60.0).windows.is_empty());
}

#[test]
fn what_is_longer_than_the_screen_is_cut_between_lines_and_leaves_no_line_alone() {
    let pages = heights(&lay_out(&[text(9)], 170.0));
    let mut sorted = pages.clone();
    sorted.sort_by(f32::total_cmp);
    assert_eq!(
        (sorted, pages[2]),
        (vec![2.0 * LINE, 3.0 * LINE, 4.0 * LINE], 2.0 * LINE)
    );
}

#[test]
fn two_lines_stay_together_also_if_that_takes_a_page_more_where_a_page_has_few() {
    let rows = [text(5), text(3), text(4)];
    assert_eq!(heights(&lay_out(&rows, 260.0)), [200.0, 220.0, 80.0]);
    // Where a page has many, a line is a small part of it.
    let rows = [text(11), text(3), text(10)];
    assert_eq!(heights(&lay_out(&rows, 520.0)), [500.0, 500.0]);
}

#[test]
fn a_small_thing_left_over_is_not_alone_on_the_last_page() {
    let tick = block(70.0);
    let rows = [heading(), tick, tick, tick, tick];
    assert_eq!(heights(&lay_out(&rows, 330.0)), [230.0, 160.0]);
}

#[test]
fn a_link_stands_on_the_page_of_the_words_that_lead_to_it() {
    let words = Measure {
        linked: true,
        ..text(2)
    };
    let rows = [block(220.0), words, block(60.0), block(100.0)];
    assert_eq!(heights(&lay_out(&rows, 325.0)), [220.0, 280.0]);
}

#[test]
fn a_heading_is_not_left_alone_at_the_foot_of_a_page() {
    let layout = lay_out(&[block(150.0), heading(), block(80.0)], 230.0);
    assert_eq!(heights(&layout), [150.0, 150.0]);
}

#[test]
fn text_is_cut_where_that_spares_a_page_and_is_whole_where_it_does_not() {
    assert_eq!(heights(&lay_out(&[text(5), text(4), text(4)], 300.0)), [300.0, 260.0]);
    assert_eq!(heights(&lay_out(&[text(5), text(5)], 300.0)), [200.0, 200.0]);
    assert_eq!(heights(&lay_out(&[text(6), text(4)], 320.0)), [240.0, 160.0]);
}

#[test]
fn a_box_is_cut_where_more_than_a_third_of_the_page_would_stay_empty() {
    let framed = |lines| Measure {
        pad: 70.0,
        foot: 16.0,
        height: 86.0 + text(lines).height - 20.0,
        cut: Cut::Unwillingly,
        ..text(lines)
    };
    // Less than a third: whole.
    assert_eq!(
        heights(&lay_out(&[text(8), framed(5), block(380.0)], 480.0))[..1],
        [320.0]
    );
    // More: its label and some lines begin there.
    let layout = lay_out(&[text(6), framed(8)], 480.0);
    assert!(layout.windows[0].height > 320.0, "{layout:?}");
}

#[test]
fn words_stand_beside_a_picture_and_go_on_below_it() {
    let layout = lay_out(&[text(1), picture(300.0, 2), text(3), text(2), text(2)], 1000.0);
    // The picture begins level with the words, and what is below begins under the longer of both.
    assert_eq!(layout.tops, [0.0, 60.0, 60.0, 200.0, 380.0]);
    assert_eq!(heights(&layout), [460.0]);
}

#[test]
fn a_picture_gives_way_sooner_than_it_goes_overleaf() {
    let layout = lay_out(&[text(4), picture(200.0, 1), text(2), text(8)], 320.0);
    assert_eq!(
        (layout.given[1..2].to_vec(), heights(&layout)[..1].to_vec()),
        (vec![60.0], vec![320.0])
    );
    // Over its words it gives so much that some of them stand under it.
    let layout = lay_out(&[text(3), picture(200.0, 0), text(3), text(7)], 360.0);
    assert!(layout.given[1] > 0.0, "{layout:?}");
    assert!(layout.windows[0].top + layout.windows[0].height > layout.tops[2] + 20.0);
    assert!((layout.tops[1] + 220.0 - layout.given[1] - layout.tops[2]).abs() < 0.1);
}

#[test]
fn nothing_at_all_is_one_empty_page() {
    assert_eq!(lay_out(&[], 300.0).windows.len(), 1);
}

/// Rows as content has them: what can't be cut is no higher than a third of the least page, and headings and pictures have words.
fn any_rows() -> impl Strategy<Value = Vec<Measure>> {
    prop_oneof![
        (1_usize..20).prop_map(|lines| vec![text(lines)]),
        (2_usize..9).prop_map(|lines| vec![Measure {
            cut: Cut::Unwillingly,
            ..text(lines)
        }]),
        (10.0_f32..140.0).prop_map(|height| vec![block(height)]),
        (2_usize..9).prop_map(|lines| vec![heading(), text(lines)]),
        (100.0_f32..150.0, 2_usize..9).prop_map(|(height, lines)| vec![picture(height, 0), text(lines)]),
        (150.0_f32..250.0, prop::collection::vec(1_usize..9, 1..4)).prop_map(|(height, beside)| {
            let words = beside.iter().map(|&lines| text(lines));
            std::iter::once(picture(height, beside.len())).chain(words).collect()
        }),
    ]
}

/// The parts of a row that are shown, on all pages.
fn shown(layout: &Layout, row: usize, measure: &Measure) -> Vec<(f32, f32)> {
    let top = layout.tops[row] + measure.space;
    let bottom = layout.tops[row] + measure.height - layout.given[row];
    let part = |window: &Window| (window.top.max(top), (window.top + window.height).min(bottom));
    let parts = layout.windows.iter().map(part);
    parts.filter(|(from, to)| to - from > 1.0).collect()
}

proptest! {
    #[test]
    fn every_row_is_shown_once_and_no_page_is_too_high_whatever_the_rows(
        heights in prop::collection::vec((1.0_f32..900.0, prop::sample::select(vec![0.0_f32, 24.0, 40.0, 87.0])), 0..18),
        page in 100.0_f32..1000.0,
    ) {
        let rows: Vec<_> = heights.iter().map(|&(height, line)| Measure { line, ..block(height) }).collect();
        let layout = lay_out(&rows, page);
        prop_assert!(layout.windows.iter().all(|part| part.height <= page + 0.5));
        for (row, measure) in rows.iter().enumerate() {
            let sum: f32 = shown(&layout, row, measure).iter().map(|(from, to)| to - from).sum();
            prop_assert!((sum - (measure.height - measure.space)).abs() < 1.5, "row {row}: {sum} of {}", measure.height);
        }
    }

    #[test]
    fn what_content_is_made_of_fills_its_pages_and_no_line_is_cut(
        rows in prop::collection::vec(any_rows(), 1..20),
        page in 480.0_f32..1000.0,
    ) {
        let rows = rows.concat();
        let layout = lay_out(&rows, page);
        let (last, others) = layout.windows.split_last().expect("a page");
        prop_assert!(last.height <= page + 0.5);
        for window in others {
            prop_assert!(window.height <= page + 0.5);
            prop_assert!(window.height >= page * (1.0 - MOST_EMPTY) - 1.0, "{} of {page}: {layout:?}", window.height);
        }
        for (row, measure) in rows.iter().enumerate() {
            let parts = shown(&layout, row, measure);
            let sum: f32 = parts.iter().map(|(from, to)| to - from).sum();
            let whole = measure.height - measure.space - layout.given[row];
            prop_assert!((sum - whole).abs() < 1.5, "row {row}: {sum} of {whole}: {layout:?}");
            prop_assert!(measure.cut != Cut::Never || parts.len() == 1, "row {row} is cut: {layout:?}");
            for (from, to) in &parts {
                let lines = (to - from) / LINE;
                prop_assert!(measure.line == 0.0 || (lines - lines.round()).abs() < 0.05, "row {row}: {lines} lines");
            }
            prop_assert!(layout.given[row] <= measure.gives + LINE + 1.0);
        }
    }
}
