//! How paper looks, compared with pictures that somebody has looked at; and what is sent on.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use image::RgbImage;

use super::{folder, office, print, said};

/// The share of pixels that may differ: fonts are drawn a little differently from machine to machine.
const TOLERANCE: f64 = 0.02;

/// How far a colour may be off before a pixel counts as different.
const SHADES: u8 = 24;

fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/office/paper/pictures/{name}.png"))
}

fn difference(a: &RgbImage, b: &RgbImage) -> f64 {
    if a.dimensions() != b.dimensions() {
        return 1.0;
    }
    let pairs = a.pixels().zip(b.pixels());
    let off = pairs
        .filter(|(a, b)| a.0.iter().zip(b.0).any(|(a, b)| a.abs_diff(b) > SHADES))
        .count();
    f64::from(u32::try_from(off).expect("a number of pixels")) / f64::from(a.width() * a.height())
}

fn expect_looks(name: &str, now: &RgbImage) {
    let file = kept(name);
    if std::env::var_os("UPDATE_PICTURES").is_some() {
        // Fewer shades make a smaller file.
        let thin = RgbImage::from_fn(now.width(), now.height(), |x, y| {
            image::Rgb(now.get_pixel(x, y).0.map(|it| it / 8 * 8 + it / 32))
        });
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        thin.save(&file).expect("a picture");
    }
    let differs = image::open(&file).map_or(1.0, |kept| difference(&kept.into_rgb8(), now));
    if differs >= TOLERANCE {
        let seen = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("target/pictures/paper-{name}.png"));
        fs::create_dir_all(seen.parent().expect("a folder")).expect("a folder");
        now.save(&seen).expect("a picture");
        panic!(
            "{name}: {:.1} % differs; see {}\nIf it should: UPDATE_PICTURES=1",
            differs * 100.0,
            seen.display()
        );
    }
}

/// One side as a picture. The day of printing and the next day's must not differ: what is small is not compared letter for letter.
fn side(form: &str, id: &str, number: u32) -> RgbImage {
    let out = tempfile::tempdir().expect("a folder");
    let file = out.path().join("a.pdf");
    print(form, &folder(), &[id], &file);
    let number = number.to_string();
    let drawn = Command::new("pdftoppm")
        .args(["-png", "-r", "60", "-singlefile", "-f", &number])
        .arg(&file)
        .arg(out.path().join("a"))
        .status();
    assert!(drawn.expect("pdftoppm of poppler-utils").success());
    image::open(out.path().join("a.png")).expect("a picture").into_rgb8()
}

#[test]
fn a_leaflet_a_poster_a_slide_and_a_card_look_as_when_somebody_looked() {
    expect_looks("leaflet-outside", &side("leaflet", "khai-sinh", 1));
    expect_looks("leaflet-inside", &side("leaflet", "khai-sinh", 2));
    expect_looks("poster", &side("poster-a4", "chuyen-nham-tien", 1));
    expect_looks("slide", &side("deck", "khai-sinh", 3));
    let out = tempfile::tempdir().expect("a folder");
    cards(&["khai-sinh"], out.path());
    let card = image::open(out.path().join("khai-sinh-1200x630.png"))
        .expect("a picture")
        .into_rgb8();
    expect_looks("card", &card);
    let mut blank = card.clone();
    for (_, _, pixel) in blank
        .enumerate_pixels_mut()
        .filter(|(x, y, _)| (60..600).contains(x) && (100..300).contains(y))
    {
        pixel.0 = [255; 3];
    }
    assert!(difference(&card, &blank) >= TOLERANCE, "a missing title would be seen");
}

fn cards(ids: &[&str], out: &Path) -> String {
    let output = office(&["cards"]).arg(folder()).args(ids).arg("-o").arg(out).output();
    let (said, well) = said(&output.expect("the office program runs"));
    assert!(well, "{said}");
    said
}

#[test]
fn every_page_has_two_pictures_light_enough_to_send_and_words_to_paste() {
    let content = super::content(&folder());
    let out = tempfile::tempdir().expect("a folder");
    let mut ids: Vec<&str> = content.pages.iter().step_by(6).map(|page| page.id.as_str()).collect();
    ids.extend(content.notices.iter().map(|notice| notice.id.as_str()));
    ids.extend(
        content
            .events
            .iter()
            .filter(|event| !event.id.is_empty())
            .map(|event| event.id.as_str()),
    );
    cards(&ids, out.path());
    for id in &ids {
        for (shape, size) in [("1200x630", (1200, 630)), ("1080x1080", (1080, 1080))] {
            let file = out.path().join(format!("{id}-{shape}.png"));
            assert_eq!(image::image_dimensions(&file).expect("a picture"), size);
            let bytes = fs::metadata(&file).expect("a file").len();
            assert!(bytes < 500_000, "{id}: {bytes} bytes");
        }
        let text = fs::read_to_string(out.path().join(format!("{id}.txt"))).expect("a text");
        let parts: Vec<&str> = text.trim_end().split("\n\n").collect();
        assert!((2..=3).contains(&parts.len()), "{id}: {text}");
        assert!(
            parts[0].chars().count() < 60 && parts[1].chars().count() <= 300,
            "{id}: {text}"
        );
        assert!(
            parts.get(2).is_none_or(|link| link.starts_with("https://")),
            "{id}: {text}"
        );
    }
    cards(&["2026-12", "2026-10"], out.path());
    assert!(out.path().join("lich-2026-10.png").exists());
}

#[test]
fn a_heavy_photograph_becomes_a_light_card_and_an_event_says_when_and_where() {
    let folder = crate::content_checker::folder::Folder::new();
    let mut noise = fastrand::Rng::with_seed(7);
    let photograph = RgbImage::from_fn(900, 900, |_, _| image::Rgb([noise.u8(..), noise.u8(..), noise.u8(..)]));
    let mut bytes = Vec::new();
    photograph
        .write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Jpeg)
        .expect("a photograph");
    folder.write("media/anh.jpg", bytes);
    folder.append("pages/thu-tuc/gioi-thieu.md", "\n![Ảnh chụp](anh.jpg)\n");
    folder.append("calendar.toml", "\n[[event]]\nid = \"hop-xa\"\ntitle = \"Họp xã\"\ndate = 2099-12-05\ntime = \"8 giờ\"\nplace = \"Hội trường\"\n");
    let out = tempfile::tempdir().expect("a folder");
    let output = office(&["cards"])
        .arg(folder.0.path())
        .args(["gioi-thieu", "hop-xa", "2099-12", "-o"])
        .arg(out.path())
        .output();
    let (said, well) = said(&output.expect("the office program runs"));
    assert!(well, "{said}");
    for name in [
        "gioi-thieu-1200x630.png",
        "gioi-thieu-1080x1080.png",
        "lich-2099-12.png",
    ] {
        let bytes = fs::metadata(out.path().join(name)).expect("a file").len();
        assert!(bytes < 500_000, "{name}: {bytes} bytes");
    }
    let text = fs::read_to_string(out.path().join("hop-xa.txt")).expect("a text");
    assert_eq!(
        text.trim_end(),
        "Họp xã\n\nThứ Bảy, ngày 5/12/2099. Giờ: 8 giờ. Nơi: Hội trường."
    );
    let output = office(&["cards"])
        .arg(folder.0.path())
        .args(["khong-co", "-o"])
        .arg(out.path())
        .output();
    assert!(!output.expect("the office program runs").status.success());
}

#[test]
fn an_event_says_its_last_day_and_a_crowded_month_has_more_pictures() {
    let folder = crate::content_checker::folder::Folder::new();
    let mut calendar =
        String::from("\n[[event]]\nid = \"hoi-xuan\"\ntitle = \"Hội xuân\"\ndate = 2099-12-05\nuntil = 2099-12-07\n");
    for day in 1..=13 {
        let _ = write!(
            calendar,
            "\n[[event]]\ntitle = \"Họp thôn {day}\"\ndate = 2099-12-{day:02}\nplace = \"Nhà văn hoá\"\n"
        );
    }
    folder.append("calendar.toml", &calendar);
    let out = tempfile::tempdir().expect("a folder");
    let run = |ids: &[&str]| {
        let output = office(&["cards"])
            .arg(folder.0.path())
            .args(ids)
            .arg("-o")
            .arg(out.path())
            .output();
        said(&output.expect("the office program runs"))
    };
    let (said, well) = run(&["hoi-xuan", "2099-12", "2099-11"]);
    assert!(well, "{said}");
    let text = fs::read_to_string(out.path().join("hoi-xuan.txt")).expect("a text");
    assert!(
        text.contains("Từ thứ bảy, ngày 5/12/2099, đến hết ngày 7/12/2099."),
        "{text}"
    );
    let pictures = ["lich-2099-12.png", "lich-2099-12-2.png", "lich-2099-11.png"];
    assert!(pictures.iter().all(|name| out.path().join(name).exists()), "{said}");
    assert!(!out.path().join("lich-2099-11-2.png").exists());
    for kept in pictures {
        let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
        fs::create_dir_all(&pictures).expect("a folder");
        fs::copy(out.path().join(kept), pictures.join(kept)).expect("a picture");
    }
    // Months are written in one way, and no other is taken for one.
    for odd in ["+262142-12", "-0001-01", "2099-1", "2099-13"] {
        let (said, well) = run(&["--", odd]);
        assert!(!well && !said.contains("panicked"), "{odd}: {said}");
    }
}
