//! What must not be torn apart: words and the list they announce, a box and its step, a signature and what is signed.

use commune_kiosk::content::model::{Block, Body, Page};

use super::extracts::{Sides, Text, letters};
use super::{content, folder, print, words_are_there};

/// Whether a block ends in a colon: what it announces comes next.
pub fn announces(block: &Block) -> bool {
    matches!(block, Block::Paragraph { text } if text.text().trim().ends_with(':'))
}

/// The parts of a page as paper has them, by what stands in "(tiếp …)" above a box that goes on elsewhere.
fn parts_of(body: &Body) -> Vec<(String, Vec<&Block>)> {
    match body {
        Body::Article { blocks } => {
            let mut parts = vec![(String::new(), Vec::new())];
            for block in blocks {
                match block {
                    Block::Heading { text } => parts.push((format!("“{text}”"), Vec::new())),
                    Block::Picture { caption, .. } if caption.is_empty() => {}
                    _ => parts.last_mut().expect("a part").1.push(block),
                }
            }
            parts
        }
        Body::Guide(guide) => {
            let said = |block: &&Block| !matches!(block, Block::Picture { caption, .. } if caption.is_empty());
            let steps = (1..).zip(&guide.steps);
            steps
                .map(|(number, step)| (format!("Bước {number}"), step.blocks.iter().filter(said).collect()))
                .collect()
        }
    }
}

/// The first words of a block on paper.
fn first_of(block: &Block) -> String {
    match block {
        Block::Heading { text } | Block::Link { text, .. } => text.clone(),
        Block::Table { header, .. } => header[0].clone(),
        Block::Picture { caption, .. } => caption.clone(),
        _ => block.texts()[0].text(),
    }
}

fn last_of(block: &Block) -> String {
    match block {
        Block::Heading { text } | Block::Link { text, .. } => text.clone(),
        Block::Picture { caption, .. } => caption.clone(),
        _ => block.texts().last().expect("words").text(),
    }
}

/// The name that a box has on paper.
fn name_of(block: &Block) -> Option<&'static str> {
    match block {
        Block::Note { .. } => Some("Nên biết"),
        Block::Warning { .. } => Some("Chú ý"),
        Block::Contact { .. } => Some("Hỏi ai"),
        _ => None,
    }
}

/// What ends in a colon, or stands before a list, goes on with what it announces; a box stands after its words, or says of which part it is.
pub fn expect_kept(form: &str, body: &Body, text: &Text) {
    let poster = form.starts_with("poster");
    if matches!(form, "script" | "review") {
        return;
    }
    // A poster of a guide has all of its steps, or their titles only.
    let is_said = |block: &Block| block.texts().iter().all(|it| text.says(&it.text()));
    let in_short = || {
        !parts_of(body)
            .iter()
            .all(|(_, blocks)| blocks.iter().all(|block| is_said(block)))
    };
    if poster && matches!(body, Body::Guide(_)) && in_short() {
        return;
    }
    for (part, blocks) in parts_of(body) {
        for two in blocks.windows(2) {
            let (before, after) = (last_of(two[0]), first_of(two[1]));
            let introduces = matches!((two[0], two[1]), (Block::Paragraph { .. }, Block::List { .. }));
            if announces(two[0]) || introduces {
                assert!(text.goes_on(&before, &after), "{form}: nothing follows {before:?}");
            }
            if let Some(name) = name_of(two[1])
                && form.starts_with("leaflet")
                && !part.is_empty()
            {
                let kept = text.keeps(&before, name, &after, &part);
                assert!(kept, "{form}: a box is torn from {before:?}: {after:?}");
            }
        }
    }
}

/// Whoever finds one sheet of several knows of what it is and how many there are; nothing that ends a sheet stands alone.
pub fn expect_whole_sheets(form: &str, pages: &[Page], sides: &Sides) {
    match form {
        "review" | "lesson" | "script" => expect_feet(form, pages, sides),
        "leaflet" | "leaflet-a5" | "leaflet-a5x2" => expect_sheets(form, pages, sides),
        _ => {}
    }
    if form == "review" {
        let signed = sides.signed();
        assert_eq!(signed.len(), pages.len());
        for (text, numbers) in signed {
            assert!(numbers.len() >= 2, "a signature below no sentences: {text}");
        }
    }
}

fn expect_feet(form: &str, pages: &[Page], sides: &Sides) {
    let mut texts = sides.texts();
    for page in pages {
        let foot = match form {
            "review" => format!("Phiếu duyệt: {}, lần phát hành", page.id),
            "lesson" => format!("Tài liệu lớp học: {}", page.id),
            _ => format!("Lời đọc: {}", page.id),
        };
        let title: String = page.title.chars().take(60).collect();
        let of = texts.iter().take_while(|text| text.contains(&letters(&foot))).count();
        assert!(of > 0, "{form} of {}", page.id);
        for (number, text) in (1..=of).zip(texts) {
            let counted = letters(&format!("{title} {number}/{of} {foot}"));
            assert!(
                text.contains(&counted),
                "{form} of {}: page {number} lacks its foot",
                page.id
            );
        }
        if form != "review" && of > 1 {
            expect_words_above(form, &texts[of - 1]);
        }
        texts = &texts[of..];
    }
    assert!(texts.is_empty(), "{form}");
}

/// The last side says more than where it comes from, and than the answers to what is asked before.
fn expect_words_above(form: &str, side: &str) {
    let (above, _) = side.split_once("Nguồn:").unwrap_or((side, ""));
    let above = above.split("Quétmãđể").next().unwrap_or_default();
    let above = match above.rsplit_once("Trảlời") {
        Some((asked, _)) if form == "lesson" => asked,
        _ => above,
    };
    let words = above.replace("Ghichú", "").replace("Hết.", "");
    assert!(words.chars().count() > 20, "{form}: only the source stands on: {side}");
}

fn expect_sheets(form: &str, pages: &[Page], sides: &Sides) {
    let texts = sides.texts();
    let mut sheets = texts.chunks(2).map(<[String]>::concat).peekable();
    for page in pages {
        let first = sheets.peek().expect("a sheet");
        let of = (2..40)
            .find(|of| first.contains(&format!("Tờ1trong{of}tờ")))
            .unwrap_or(1);
        for number in 1..=of {
            let sheet = sheets.next().expect("a sheet");
            let sources = letters(&format!("Nguồn: {}.", page.sources.join("; ")));
            for words in [
                sources.as_str(),
                "Cậpnhậtngày",
                "Lầnpháthành",
                "Intại",
                &letters(&page.title),
            ] {
                assert!(
                    sheet.contains(words),
                    "{form} of {}: sheet {number} lacks {words}",
                    page.id
                );
            }
            let next = sheet.contains(&letters(&format!("Đọc tiếp ở tờ {}.", number + 1)));
            assert_eq!(next, number < of, "{form} of {}: sheet {number}", page.id);
        }
    }
    assert!(sheets.next().is_none(), "{form}");
    if form == "leaflet-a5" {
        for side in texts.iter().skip(1).step_by(2) {
            expect_words_above(form, side);
        }
    }
}

/// The same of the forms that the other tests don't print whole, with pages that once ended badly.
#[test]
fn the_last_page_has_words_and_each_says_of_what_it_is() {
    let mut pages = content(&folder()).pages;
    let few = [
        "bao-hiem-y-te",
        "ho-ngheo",
        "khoa-sim",
        "luat-hien-hanh",
        "mai-tang",
        "quet-ma-qr",
        "sang-ten-dat",
    ];
    pages.retain(|page| few.contains(&page.id.as_str()));
    assert_eq!(pages.len(), few.len());
    for form in ["lesson", "script", "leaflet-a5"] {
        words_are_there(form, &pages);
    }
}

#[test]
fn an_announcement_on_a_poster_keeps_its_links() {
    let out = tempfile::tempdir().expect("a folder");
    let file = out.path().join("a.pdf");
    print("poster", &folder(), &["luat-ho-tich-moi"], &file);
    let text = Text::of(&file);
    assert!(text.goes_on("Trước ngày ấy vẫn làm như cũ:", "Làm giấy khai sinh cho trẻ"));
    assert!(text.says("Khai tử khi nhà có người mất"));
}

#[test]
fn what_fits_on_one_side_leaves_the_other_to_write_on() {
    let out = tempfile::tempdir().expect("a folder");
    let file = out.path().join("a.pdf");
    print("leaflet-a5", &folder(), &["luat-ho-tich-moi"], &file);
    let sides = Sides::of(&file);
    let sides = sides.texts();
    assert_eq!(sides.len(), 2);
    assert!(sides[0].contains("Khaitửkhinhàcóngườimất") && sides[0].contains("Lầnpháthành"));
    assert!(sides[1].contains("Ông/bàghiởđây"));
}

#[test]
fn what_nobody_has_filled_in_is_written_by_hand() {
    let known = content(&folder());
    let empty = known.commune.get("police_phone").is_none_or(String::is_empty);
    assert!(empty, "the repository's content belongs to no commune");
    let page = known
        .pages
        .iter()
        .find(|page| serde_json::to_string(page).is_ok_and(|it| it.contains("Công an xã: hỏi cán bộ tại quầy")));
    let page = page.expect("a page that names a number of the commune");
    let out = tempfile::tempdir().expect("a folder");
    for (form, blank) in [
        ("leaflet", true),
        ("leaflet-a5", true),
        ("lesson", true),
        ("deck", false),
    ] {
        let file = out.path().join(format!("{form}.pdf"));
        print(form, &folder(), &[&page.id], &file);
        let text = Text::of(&file);
        assert_eq!(text.has("Công an xã: ……"), blank, "{form} of {}", page.id);
        assert_eq!(
            text.has("Công an xã: hỏi cán bộ tại quầy"),
            !blank,
            "{form} of {}",
            page.id
        );
    }
}

#[test]
fn a_number_to_call_is_approved_once_and_only_if_there_is_one() {
    let content = content(&folder());
    let mut of_guides = content.pages.iter().filter_map(|page| match &page.body {
        Body::Guide(guide) => Some((page.id.as_str(), guide.hotline.as_str())),
        Body::Article { .. } => None,
    });
    let (silent, _) = of_guides
        .clone()
        .find(|(_, hotline)| hotline.is_empty())
        .expect("a guide without a number");
    let (known, hotline) = of_guides
        .find(|(_, hotline)| !hotline.is_empty())
        .expect("a guide with a number");
    let out = tempfile::tempdir().expect("a folder");
    for (id, number, times) in [(silent, "", 0), (known, hotline, 1)] {
        let file = out.path().join(format!("{id}.pdf"));
        print("review", &folder(), &[id], &file);
        let text = Sides::of(&file).texts().concat();
        let said = text.matches(&letters(&format!("Số điện thoại hỏi: {number}"))).count();
        assert_eq!(said, times, "{id}");
    }
}
