//! Text as it is read aloud: numbers, dates, telephone numbers, decrees, addresses and abbreviations in words.
//!
//! The radio script, the length of a programme and any machine voice come from this one form. It speaks as the north does ("linh", "nghìn",
//! "mùng"). Each rule finds what it reads by its look alone; signs that no rule knows are left out, so that no figure is left over.
//! What an author wants said otherwise goes before them all ([`Pronunciations`]). Begin with [`spoken()`].

mod names;
mod numbers;
mod pronunciations;

use std::sync::LazyLock;

use regex_lite::{Captures, Regex};
use unicode_normalization::UnicodeNormalization;

pub use self::pronunciations::Pronunciations;
use names::{address, capitals, host, issuer, name, sign, spell, unit};
use numbers::{decimals, digit_groups, month, number, plain, quarter, roman};

/// Syllables that an announcer reads in a minute.
pub const SYLLABLES_A_MINUTE: usize = 150;

/// The text with everything in words. Said again it stays the same.
#[must_use]
pub fn spoken(text: &str) -> String {
    let mut text: String = text.nfkc().collect();
    // Two passes settle all texts that people write; the bound is for those that they don't.
    for _ in 0..8 {
        let next = pass(&text);
        if next == text {
            break;
        }
        text = next;
    }
    text.nfc().collect()
}

/// How many syllables somebody says who reads this aloud.
#[must_use]
pub fn syllables(text: &str) -> usize {
    count(&spoken(text))
}

/// The syllables of what is spoken already.
fn count(spoken: &str) -> usize {
    spoken
        .split(|letter: char| letter.is_whitespace() || letter == '-')
        .filter(|word| word.chars().any(char::is_alphabetic))
        .count()
}

fn pass(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let mut line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        for (pattern, say) in RULES.iter() {
            line = pattern
                .replace_all(&line, |found: &Captures<'_>| say(found))
                .into_owned();
        }
        // What is a number to nobody but Unicode.
        line.replace(char::is_numeric, " ")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// How what was found is said.
type Say = fn(&Captures<'_>) -> String;

/// In this order: what is found by an earlier rule is no longer there for a later one.
static RULES: LazyLock<Vec<(Regex, Say)>> = LazyLock::new(|| {
    let rules: [(&str, Say); 43] = [
        // Whole names, before their parts are taken for words.
        (r"\b[Tt][Pp]\.? ?(?:HCM|Hồ Chí Minh)\b", |_| {
            "thành phố Hồ Chí Minh".to_owned()
        }),
        (r"(^|[ “(])((?:\.[a-z]{2,3})+)\b", |found| {
            format!("{} chấm {}", &found[1], host(found[2].trim_start_matches('.')))
        }),
        (
            r"(?:(?i:https?)://)?\b([a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:vn|com|net|org))\b((?:/[A-Za-z0-9_?=&.-]*[A-Za-z0-9])*)",
            address,
        ),
        (
            r"App Store|CH Play|VNeID|VssID|Wi-Fi|TikTok|nTrust|VietQR|COVID|iOS|IoT|Zalo OA",
            |found| name(&found[0]).to_owned(),
        ),
        // Laws and decrees.
        (
            r"(?:số )?(\d+(?:\.\d+)?)/(\d{4})/([A-ZĐ]{2,}\d*(?:-[A-ZĐ][A-Za-zĐ]*)*)",
            |found| format!("số {} năm {} {}", plain(&found[1]), plain(&found[2]), issuer(&found[3])),
        ),
        (r"(?:số )?(\d+)/([A-ZĐ]{2,}\d*(?:-[A-ZĐ][A-Za-zĐ]*)*)", |found| {
            format!("số {} {}", plain(&found[1]), issuer(&found[2]))
        }),
        (r"(?:số )?(\d+)-([A-Z]{2,})/TW", |found| {
            format!("số {} của Trung ương", plain(&found[1]))
        }),
        (
            r"(Nghị định|Nghị quyết|Thông tư|Quyết định|Luật)(?: số)? (\d+)/(\d{4})\b",
            |found| format!("{} số {} năm {}", &found[1], plain(&found[2]), plain(&found[3])),
        ),
        // Telephone numbers, in the groups in which they are written.
        (r"\+84[ .-]?(\d)", |found| format!("0{}", &found[1])),
        (
            r"(^|[^\d.,])\(?((?:0\d{2,4}\)?|1[89]00)(?:[ .-]\d{3,7}){1,3}|0\d{7,11}|1[89]00\d{4,6})\b",
            |found| format!("{}{}", &found[1], digit_groups(&found[2].replace(')', ""))),
        ),
        // 111 and its like are called, but not where they number a paper.
        (
            r"(Kế hoạch|Quyết định|Nghị định|Nghị quyết|Thông tư|Công văn|Điều|Luật)( số)? (\d{1,4})($|[^\d.,/]|[.,]$|[.,]\s)",
            |found| {
                let number = found.get(2).map_or("", |number| number.as_str());
                format!("{}{number} {}{}", &found[1], plain(&found[3]), &found[4])
            },
        ),
        (CALLED, |found| format!("{} {}", &found[1], digit_groups(&found[2]))),
        (r"^(11[1345])\b", |found| digit_groups(&found[1])),
        // Between two numbers, before they are words.
        (r"([Nn]gày )(\d{1,2})-(\d{1,2})-(\d{4})\b", |found| {
            format!("{}{}/{}/{}", &found[1], &found[2], &found[3], &found[4])
        }),
        (r"(\d(?:[kK]|tr)|[\dh])\s?[-–]\s?(\d)", |found| {
            format!("{} đến {}", &found[1], &found[2])
        }),
        (
            r"\b([1-9])/([2-9]|10) (ngày|số|diện tích|dân|người|hộ|mức|giá|tiền|lượng|nhà|đất|thửa)([^A-Za-zÀ-ỹ]|$)",
            |found| {
                format!(
                    "{} phần {} {}{}",
                    plain(&found[1]),
                    plain(&found[2]),
                    &found[3],
                    &found[4]
                )
            },
        ),
        (r"([Qq]uý) ([1-4]|I{1,3}|IV)/(\d{4})\b", |found| {
            format!("{} {} năm {}", &found[1], quarter(&found[2]), plain(&found[3]))
        }),
        // The numbers of plans and forms keep their zero.
        (r"(Đề án|Mẫu|mẫu|Mẫu số|mẫu số) 0(\d)\b", |found| {
            format!("{} không {}", &found[1], plain(&found[2]))
        }),
        (
            r"\b0(\d) (tháng|ngày|giờ|năm|người|bản|bộ|lần)([^A-Za-zÀ-ỹ]|$)",
            |found| format!("{} {}{}", &found[1], &found[2], &found[3]),
        ),
        // Houses, before they are taken for days: "số 12/3", "ở 12/3 Trần Phú".
        (
            r"([Ss]ố|[Nn]hà|[Nn]gõ|[Nn]gách|[Hh]ẻm|[Kk]iệt) (\d{1,4})/(\d{1,3})($|[^\d/])",
            |found| {
                format!(
                    "{} {} trên {}{}",
                    &found[1],
                    plain(&found[2]),
                    plain(&found[3]),
                    &found[4]
                )
            },
        ),
        (
            r"([Ởở]|[Tt]ại|[Đđ]ịa chỉ:?) (\d{1,4})/(\d{1,3}) (đường|phố|[A-ZĐ][a-zà-ỹ]+ [A-ZĐ])",
            |found| {
                format!(
                    "{} {} trên {} {}",
                    &found[1],
                    plain(&found[2]),
                    plain(&found[3]),
                    &found[4]
                )
            },
        ),
        // Money as it is said and written in haste: "200k", "2tr5".
        // The number itself, which may be "1,5", is left to the rules for numbers.
        (r"(\d)k($|[^A-Za-zÀ-ỹ\d])", |found| {
            format!("{} nghìn{}", &found[1], &found[2])
        }),
        (r"(\d\d)K($|[^A-Za-zÀ-ỹ\d])", |found| {
            format!("{} nghìn{}", &found[1], &found[2])
        }),
        (r"(\d)tr(\d?)($|[^A-Za-zÀ-ỹ\d])", |found| {
            let space = if found[2].is_empty() { "" } else { " " };
            format!("{} triệu{space}{}{}", &found[1], &found[2], &found[3])
        }),
        // Days and times.
        (
            r"([Nn]gày |[Tt]ừ ngày |[Đđ]ến ngày )?\b(0?[1-9]|[12]\d|3[01])/(0?[1-9]|1[0-2])(?:/(\d{4}))?\b",
            date,
        ),
        (r"([Nn]gày) ([1-9]|10) tháng (\d|này|sau|trước)", |found| {
            format!("{} mùng {} tháng {}", &found[1], number(&found[2]), &found[3])
        }),
        (r"([Tt]háng )?\b(0?[1-9]|1[0-2])/(\d{4})\b", |found| {
            format!("tháng {} năm {}", month(&found[2]), plain(&found[3]))
        }),
        (r"\b(\d{1,2})h(\d{2})?\b|\b([01]?\d|2[0-3]):([0-5]\d)\b", time),
        (r"([Tt]háng|[Qq]uý|[Tt]hứ) 4\b", |found| format!("{} tư", &found[1])),
        (
            r"([Qq]uý|[Cc]hương|[Kk]h(?:oá|óa)|thế kỷ) ([IVX]+)\b",
            |found| match roman(&found[2]) {
                0 => found[0].to_owned(),
                4 => format!("{} tư", &found[1]),
                number => format!("{} {}", &found[1], plain(&number.to_string())),
            },
        ),
        // Behind a number.
        (r"(\d)\s?%", |found| format!("{} phần trăm", &found[1])),
        (
            r"(\d)\s?(m2|m3|km2|km/h|km|cm|mm|m|kg|ha|°C|GB|MB|kWh|đ)([^A-Za-zÀ-ỹ]|$)",
            |found| format!("{} {}{}", &found[1], unit(&found[2]), &found[3]),
        ),
        (
            r"/(tháng|năm|ngày|lần|người|lớp|trang|quý|lượt|hộ|bản|phút|giờ|xã)([^A-Za-zÀ-ỹ]|$)",
            |found| format!(" một {}{}", &found[1], &found[2]),
        ),
        (r"(\d)/(\d)", |found| format!("{} trên {}", &found[1], &found[2])),
        // Classes of licences, forms, networks: letters and figures in one.
        (r"\b([A-ZĐ]{1,3})(\d{1,3})\b|\b(\d)(G)\b", |found| spell(&found[0])),
        // Numbers; the first are those of chapters.
        (r"\b\d{1,2}(?:\.\d{1,2}){2,}\b", |found| {
            found[0].split('.').map(plain).collect::<Vec<_>>().join(" chấm ")
        }),
        (r"(\d+),(\d+)", |found| {
            format!(" {} phẩy {} ", plain(&found[1]), decimals(&found[2]))
        }),
        (r"\d{1,3}(?:\.\d{3})+", |found| {
            format!(" {} ", number(&found[0].replace('.', "")))
        }),
        (r"(\d+)\.(\d+)", |found| {
            format!(" {} chấm {} ", plain(&found[1]), plain(&found[2]))
        }),
        (r"\d+", |found| format!(" {} ", plain(&found[0]))),
        // Capitals.
        (r"[A-ZÀ-ỸĐ][A-ZÀ-ỸĐa-zà-ỹđ]*", |found| capitals(&found[0])),
        // What numbers brought along, and signs.
        (r" ([,.;:!?…)”])|([(“]) ", |found| found[0].trim().to_owned()),
        (r"[/&+=@<>→*_#|~^]", |found| sign(&found[0]).to_owned()),
    ];
    rules
        .into_iter()
        .map(|(pattern, say)| (Regex::new(pattern).expect("the patterns are fixed"), say))
        .collect()
});

/// A number that is called and not counted, by the word before it.
const CALLED: &str = r"([Gg]ọi|[Gg]ọi ngay|[Ss]ố|[Hh]oặc|[Tt]ới|[Đđ]ến|[Nn]hắn|[Đđ]ài|[Cc]ấp cứu|[Kk]hẩn cấp|trẻ em|Zalo|ứng dụng):? (11[1345]|156|5656)\b";

/// "ngày mùng một tháng sáu năm hai nghìn không trăm hai mươi lăm"; what looks like no day of a year is left to the other rules.
fn date(found: &Captures<'_>) -> String {
    let before = found.get(1).map(|before| before.as_str());
    // "24/7" is said of what never closes.
    if before.is_none() && &found[0] == "24/7" {
        return "hai mươi tư trên bảy".to_owned();
    }
    let day: u8 = found[2].parse().unwrap_or_default();
    let first = if day <= 10 { "mùng " } else { "" };
    let day = number(&day.to_string());
    let year = found.get(4).map(|year| format!(" năm {}", plain(year.as_str())));
    format!(
        "{}{first}{day} tháng {}{}",
        before.unwrap_or("ngày "),
        month(&found[3]),
        year.unwrap_or_default()
    )
}

fn time(found: &Captures<'_>) -> String {
    let part = |at: usize| found.get(at).map(|part| part.as_str());
    let hour = part(1).or(part(3)).unwrap_or("0");
    match part(2).or(part(4)).filter(|minutes| *minutes != "00") {
        Some(minutes) => format!("{} giờ {}", number(hour), number(minutes)),
        None => format!("{} giờ", number(hour)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn says(cases: &[(&str, &str)]) {
        for (written, said) in cases {
            assert_eq!(spoken(written), *said, "“{written}”");
        }
    }

    #[test]
    fn what_a_commune_writes_is_said_as_people_say_it() {
        says(&[
            (
                "Từ ngày 1/6/2025",
                "Từ ngày mùng một tháng sáu năm hai nghìn không trăm hai mươi lăm",
            ),
            (
                "31/12/2024",
                "ngày ba mươi mốt tháng mười hai năm hai nghìn không trăm hai mươi tư",
            ),
            ("ngày 10/10", "ngày mùng mười tháng mười"),
            (
                "ngày 1 tháng 7, mùng 2 tháng 9",
                "ngày mùng một tháng bảy, mùng hai tháng chín",
            ),
            ("mỗi ngày 1 tháng một lần", "mỗi ngày một tháng một lần"),
            (
                "Thông tư 5.000 đồng; Điều 1.5; Điều 7.",
                "Thông tư năm nghìn đồng; Điều một chấm năm; Điều bảy.",
            ),
            ("bản 2.2.4", "bản hai chấm hai chấm bốn"),
            (
                "Kế hoạch số 115, gọi số 115",
                "Kế hoạch số một trăm mười lăm, gọi số một một năm",
            ),
            (
                "Đề án 06 năm 2022; 06 năm",
                "Đề án không sáu năm hai nghìn không trăm hai mươi hai; sáu năm",
            ),
            (
                "tháng 11 năm 2026; tháng 4",
                "tháng mười một năm hai nghìn không trăm hai mươi sáu; tháng tư",
            ),
            ("11/2026", "tháng mười một năm hai nghìn không trăm hai mươi sáu"),
            ("15, 21, 24, 25", "mười lăm, hai mươi mốt, hai mươi tư, hai mươi lăm"),
            ("105 và 1.005", "một trăm linh năm và một nghìn không trăm linh năm"),
            (
                "14, 4, 10, 11, 111 người",
                "mười bốn, bốn, mười, mười một, một trăm mười một người",
            ),
            ("22.000 đồng", "hai mươi hai nghìn đồng"),
            (
                "200k, 50K; màn hình 4K",
                "hai trăm nghìn, năm mươi nghìn; màn hình bốn K",
            ),
            ("2tr, 2tr5", "hai triệu, hai triệu năm"),
            ("số 12/3 Trần Phú", "số mười hai trên ba Trần Phú"),
            ("ở 12/3 Trần Phú", "ở mười hai trên ba Trần Phú"),
            ("ngõ 12/3", "ngõ mười hai trên ba"),
            ("hạn nộp 12/3", "hạn nộp ngày mười hai tháng ba"),
            ("TP.HCM", "thành phố Hồ Chí Minh"),
            ("4.664.124", "bốn triệu sáu trăm sáu mươi tư nghìn một trăm hai mươi tư"),
            ("1.000.000.000", "một tỷ"),
            ("3,5 triệu; 4,5%", "ba phẩy năm triệu; bốn phẩy năm phần trăm"),
            ("75 m², 500 m2", "bảy mươi lăm mét vuông, năm trăm mét vuông"),
            ("gọi 18001096", "gọi một tám không không, một không chín sáu"),
            ("1900 9068", "một chín không không, chín không sáu tám"),
            ("0220.3716.888", "không hai hai không, ba bảy một sáu, tám tám tám"),
            ("gọi 113 hoặc 111", "gọi một một ba hoặc một một một"),
            (
                "Nghị định 118/2025/NĐ-CP",
                "Nghị định số một trăm mười tám năm hai nghìn không trăm hai mươi lăm của Chính phủ",
            ),
            (
                "Luật số 148/2025/QH15",
                "Luật số một trăm bốn mươi tám năm hai nghìn không trăm hai mươi lăm của Quốc hội khoá mười lăm",
            ),
            (
                "QĐ 749/QĐ-TTg",
                "quyết định số bảy trăm bốn mươi chín của Thủ tướng Chính phủ",
            ),
            ("Nghị quyết 57-NQ/TW", "Nghị quyết số năm mươi bảy của Trung ương"),
            (
                "UBND xã, thẻ BHYT, mã OTP",
                "uỷ ban nhân dân xã, thẻ bảo hiểm y tế, mã ô tê pê",
            ),
            ("KHÔNG bấm", "không bấm"),
            ("dichvucong.gov.vn", "dịch vụ công chấm gốp chấm vi en"),
            ("8h30, 7:30, 14h", "tám giờ ba mươi, bảy giờ ba mươi, mười bốn giờ"),
            ("10-15 phút", "mười đến mười lăm phút"),
            (
                "75 người/lớp; 700.000 đồng/tháng",
                "bảy mươi lăm người một lớp; bảy trăm nghìn đồng một tháng",
            ),
            ("ông/bà", "ông bà"),
            (
                "hạng A1, mẫu CT01, mạng 5G",
                "hạng a một, mẫu xê tê không một, mạng năm gờ",
            ),
            (
                "24/24 giờ, 24/7",
                "hai mươi tư trên hai mươi tư giờ, hai mươi tư trên bảy",
            ),
            ("quý IV và quý 1", "quý tư và quý một"),
        ]);
    }

    #[test]
    fn money_written_in_haste_is_the_number_that_it_is() {
        says(&[
            (
                "1,5tr/tháng; 1.500k",
                "một phẩy năm triệu một tháng; một nghìn năm trăm nghìn",
            ),
            (
                "20k-50k; 1tr–1,5tr",
                "hai mươi nghìn đến năm mươi nghìn; một triệu đến một phẩy năm triệu",
            ),
        ]);
    }

    #[test]
    fn quarters_numbers_that_are_called_fractions_and_units_too() {
        says(&[
            (
                "Hỏi đáp quý 1/2027",
                "Hỏi đáp quý một năm hai nghìn không trăm hai mươi bảy",
            ),
            ("quý IV/2026", "quý tư năm hai nghìn không trăm hai mươi sáu"),
            (
                "Gọi ngay 115. Khẩn cấp: 113",
                "Gọi ngay một một năm. Khẩn cấp một một ba",
            ),
            ("111 miễn phí", "một một một miễn phí"),
            (
                "Có 111 người ở 113 hộ",
                "Có một trăm mười một người ở một trăm mười ba hộ",
            ),
            ("0220-3716-888", "không hai hai không, ba bảy một sáu, tám tám tám"),
            ("(0225) 3838383", "không hai hai năm, ba tám ba tám ba tám ba"),
            ("+84 912 345 678", "không chín một hai, ba bốn năm, sáu bảy tám"),
            ("đuôi .gov.vn", "đuôi chấm gốp chấm vi en"),
            ("1/2 ngày, 2/3 số hộ", "một phần hai ngày, hai phần ba số hộ"),
            ("7h-11h30", "bảy giờ đến mười một giờ ba mươi"),
            (
                "ngày 1-6-2025",
                "ngày mùng một tháng sáu năm hai nghìn không trăm hai mươi lăm",
            ),
            (
                "2021–2025",
                "hai nghìn không trăm hai mươi mốt đến hai nghìn không trăm hai mươi lăm",
            ),
            ("06 tháng, 08 giờ", "sáu tháng, tám giờ"),
            ("thế kỷ XXI, Khóa XV", "thế kỷ hai mươi mốt, Khóa mười lăm"),
            (
                "Nghị định 356/2025",
                "Nghị định số ba trăm năm mươi sáu năm hai nghìn không trăm hai mươi lăm",
            ),
            ("(5 phút) “4 xin”", "(năm phút) “bốn xin”"),
            ("60 km/h, 3 m³", "sáu mươi ki lô mét một giờ, ba mét khối"),
            ("mã 05", "mã không năm"),
        ]);
    }

    #[test]
    fn syllables_are_those_of_the_spoken_form() {
        assert_eq!(syllables("Bà con gọi 18001096."), 3 + 8);
        assert_eq!(syllables("Nhớ: 700.000 đồng – từ 1/1/2026!"), 1 + 3 + 1 + 1 + 13);
    }

    proptest! {
        #[test]
        fn no_figure_is_left_and_saying_it_again_changes_nothing(text in "[a-zđáA-ZĐ0-9 ./:,;%()\u{b2}\u{663}-]{0,60}|\\PC{0,40}") {
            let once = spoken(&text);
            prop_assert!(!once.contains(char::is_numeric), "{once}");
            prop_assert_eq!(spoken(&once), once);
        }

        #[test]
        fn every_number_says_its_length_and_no_zero_thousands(number in 0_u64..1_000_000_000_000_000) {
            let said = spoken(&number.to_string());
            prop_assert!(!said.contains("không trăm nghìn") && !said.ends_with(' '), "{said}");
            prop_assert_eq!(said.clone(), spoken(&said));
        }
    }
}
