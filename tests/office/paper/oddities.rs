//! What an author may write: it prints as it is written, or is refused in words.

use std::fmt::Write as _;

use commune_kiosk::content::model::{Body, Step};
use commune_kiosk::content::vietnamese::spoken::Pronunciations;
use commune_kiosk::office::publish::paper::{self, Form};

use super::extracts::{Sides, Text};
use super::{FORMS, office, print, said};
use crate::content_checker::folder::{ARTICLE, Folder, GUIDE};

const HEAD: &str = "+++
kind = \"article\"
title = \"Giới thiệu\"
summary = \"Trang để thử.\"
updated = 2026-11-22
review_by = 2099-01-01
sources = [\"Sổ tay\"]
+++
";

/// Prints the article in every form and looks for these words in each.
fn expect_in_every_form(folder: &Folder, words: &[&str]) {
    let out = tempfile::tempdir().expect("a folder");
    for form in FORMS {
        let file = out.path().join(format!("{form}.pdf"));
        print(form, folder.0.path(), &["gioi-thieu"], &file);
        Sides::of(&file).expect_within(form);
        let text = Text::of(&file);
        // A script is in words, a poster leaves out what only explains.
        for word in words.iter().filter(|_| form != "script" && !form.starts_with("poster")) {
            assert!(text.says(word), "{form} lacks {word}");
        }
    }
}

#[test]
fn signs_that_mean_something_elsewhere_print_as_written() {
    let folder = Folder::new();
    let signs = [
        "a#b #let x = 1",
        "5$ và $x$",
        "C:\\thu\\muc",
        "ten@xa.vn @nhan",
        "2 * 3 _x_y",
        "<label> <b>",
        "== không phải tiêu đề",
        "[a] {b} `c` ~d~",
        "-- 'nháy' \"kép\" ...",
        "// không phải chú thích /* */",
    ];
    let mut text = HEAD.replace("Giới thiệu", "Giới thiệu #a $b$ @c");
    for sign in signs {
        // Markdown's own signs are written with a backslash.
        let written: String = sign
            .chars()
            .flat_map(|c| {
                if c.is_ascii_punctuation() {
                    vec!['\\', c]
                } else {
                    vec![c]
                }
            })
            .collect();
        let _ = write!(text, "{written}\n\n- {written}\n\n");
    }
    folder.write(ARTICLE, text);
    let words: Vec<&str> = signs.into_iter().chain(["Giới thiệu #a $b$ @c"]).collect();
    expect_in_every_form(&folder, &words);
}

#[test]
fn a_long_title_a_long_word_a_table_and_a_long_paragraph_are_not_cut() {
    let folder = Folder::new();
    let title = ["Hướng dẫn"; 10].join(" ");
    let word = "a".repeat(120);
    let long = ["Đoạn này dài quá một cột, vẫn in đủ từng chữ."; 60].join(" ");
    let mut text = HEAD.replace("Giới thiệu", &title);
    let _ = write!(
        text,
        "{long}\n\n{word}\n\n| Việc | Nơi làm | Phí |\n| --- | --- | --- |\n"
    );
    for row in 0..8 {
        let _ = writeln!(text, "| Đăng ký {row} | dichvucong.gov.vn | 15.000 đồng |");
    }
    let _ = write!(text, "\n> [!CANH-BAO]\n> {}\n", ["Đừng đưa mã cho ai."; 60].join(" "));
    folder.write(ARTICLE, text);
    let ends = [
        "Đăng ký 7",
        "dichvucong.gov.vn",
        "từng chữ.",
        "mã cho ai.",
        word.as_str(),
    ];
    expect_in_every_form(&folder, &ends);
}

/// The check lets neither through; whoever has an older pack may have them.
#[test]
fn a_title_of_two_hundred_letters_and_twelve_steps_print_as_written() {
    let mut content = super::content(&super::folder());
    let page = content
        .pages
        .iter_mut()
        .find(|page| page.id == "khai-sinh")
        .expect("a guide");
    page.title = ["Hướng dẫn"; 20].join(" ");
    let Body::Guide(guide) = &mut page.body else {
        panic!("khai-sinh is a guide");
    };
    let step = guide.steps[0].clone();
    guide.steps = (1..=12)
        .map(|number| Step {
            title: format!("Việc thứ {number}"),
            ..step.clone()
        })
        .collect();
    let out = tempfile::tempdir().expect("a folder");
    for form in Form::ALL {
        let ids = ["khai-sinh".to_owned()];
        let pdf = paper::pdf(&content, &Pronunciations::default(), form, &ids, super::today()).expect("a file");
        let file = out.path().join(form.name());
        std::fs::write(&file, pdf).expect("a file");
        Sides::of(&file).expect_within(form.name());
        let text = Text::of(&file);
        assert!(text.says(&["Hướng dẫn"; 20].join(" ")), "{}", form.name());
        let steps = (1..=12).all(|number| text.says(&format!("Việc thứ {number}")));
        assert!(steps || form == Form::Script, "{}", form.name());
    }
}

#[test]
fn pictures_of_any_shape_and_none_stay_within_the_margins() {
    let folder = Folder::new();
    for (name, width, height) in [("rong", 2000, 40), ("cao", 40, 2000)] {
        let drawing = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\"><rect width=\"{width}\" height=\"{height}\" fill=\"#24599a\"/></svg>"
        );
        folder.write(&format!("media/{name}.svg"), drawing);
    }
    folder.write(
        ARTICLE,
        format!("{HEAD}Trước.\n\n![Rộng](rong.svg)\n\nGiữa.\n\n![Cao](cao.svg)\n\nSau.\n"),
    );
    expect_in_every_form(&folder, &["Trước.", "Giữa.", "Sau."]);
    folder.write(ARTICLE, format!("{HEAD}Không có hình.\n"));
    expect_in_every_form(&folder, &["Không có hình."]);
    folder.write(ARTICLE, HEAD.to_owned() + "## Chỉ có tiêu đề\n\nMột câu.\n");
    expect_in_every_form(&folder, &["Chỉ có tiêu đề"]);
}

#[test]
fn what_the_font_lacks_and_too_many_steps_are_refused_in_words() {
    for (from, to, rule) in [
        ("Trang này", "😀 Trang này", "😀"),
        ("Trang để thử.", "Trang ☎ để thử.", "☎"),
    ] {
        let folder = Folder::new();
        folder.replace(ARTICLE, from, to);
        let output = office(&["print", "leaflet"])
            .arg(folder.0.path())
            .args(["gioi-thieu", "-o", "/nowhere/a.pdf"])
            .output();
        let (said, well) = said(&output.expect("the office program runs"));
        assert!(
            !well && said.contains(rule) && said.contains("nội dung còn lỗi"),
            "{said}"
        );
    }
    let folder = Folder::new();
    let steps: String = (1..=12).fold(String::new(), |all, step| {
        all + &format!("\n## Việc {step}\n\nLàm việc {step}.\n")
    });
    folder.append(GUIDE, &steps);
    let output = office(&["print", "leaflet"])
        .arg(folder.0.path())
        .args(["khai-sinh", "-o", "/nowhere/a.pdf"])
        .output();
    let (said, well) = said(&output.expect("the office program runs"));
    assert!(!well && said.contains("bước"), "{said}");
}

#[test]
fn a_guide_of_nine_long_steps_goes_on_to_more_sheets() {
    let folder = Folder::new();
    let guide = std::fs::read_to_string(folder.0.path().join(GUIDE)).expect("a guide");
    let (head, _) = guide.split_once("\n## ").expect("a step");
    let mut text = head.to_owned();
    for step in 1..=9 {
        let _ = write!(
            text,
            "\n## Việc thứ {step}\n\n{}\n",
            ["Làm cho cẩn thận, đọc từng chữ rồi mới ký tên."; 14].join(" ")
        );
    }
    folder.write(GUIDE, text);
    let file = folder.0.path().join("a.pdf");
    print("leaflet", folder.0.path(), &["khai-sinh"], &file);
    let (text, sides) = (Text::of(&file), Sides::of(&file));
    let sheets = sides.count() / 2;
    assert!(sheets > 1 && sides.count().is_multiple_of(2));
    assert!((1..=sheets).all(|sheet| text.says(&format!("Tờ {sheet} trong {sheets} tờ"))));
    assert!((1..=9).all(|step| text.says(&format!("Bước {step} Việc thứ {step}"))));
    sides.expect_within("leaflet");
}

#[test]
fn more_text_than_anybody_folds_is_refused_in_words() {
    let folder = Folder::new();
    folder.write(
        ARTICLE,
        HEAD.to_owned() + &"Một câu nữa, dài vừa phải.\n\n".repeat(1_200),
    );
    let output = office(&["print", "leaflet-a5"])
        .arg(folder.0.path())
        .args(["gioi-thieu", "-o", "/nowhere/a.pdf"])
        .output();
    let (said, well) = said(&output.expect("the office program runs"));
    assert!(!well && said.contains("mời tách thành nhiều bài"), "{said}");
}
