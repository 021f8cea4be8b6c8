//! Text as it is read aloud: numbers, dates, telephone numbers, decrees, addresses and abbreviations in words.
//!
//! The radio script, the length of a programme and any machine voice come from this one form. It speaks as the north does ("linh", "nghìn",
//! "mồng"). Each rule finds what it reads by its look alone; signs that no rule knows are left out, so that no figure is left over.
//! Begin with [`spoken()`].

use std::sync::LazyLock;

use regex_lite::{Captures, Regex};
use unicode_normalization::UnicodeNormalization;

use super::syllable::Spelling;

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
    let spoken = spoken(text);
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
    let rules: [(&str, Say); 33] = [
        // Whole names, before their parts are taken for words.
        (r"(^|[ “(])((?:\.[a-z]{2,3})+)\b", |found| {
            format!("{} chấm {}", &found[1], host(found[2].trim_start_matches('.')))
        }),
        (
            r"(?:(?i:https?)://)?\b([a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:vn|com|net|org))\b((?:/[A-Za-z0-9_?=&.-]*[A-Za-z0-9])*)",
            address,
        ),
        (
            r"App Store|CH Play|VNeID|VssID|Wi-Fi|TikTok|nTrust|VietQR|COVID|iOS|Zalo OA",
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
        (CALLED, |found| format!("{} {}", &found[1], digit_groups(&found[2]))),
        (r"^(11[1345])\b", |found| digit_groups(&found[1])),
        // Between two numbers, before they are words.
        (r"([Nn]gày )(\d{1,2})-(\d{1,2})-(\d{4})\b", |found| {
            format!("{}{}/{}/{}", &found[1], &found[2], &found[3], &found[4])
        }),
        (r"([\dh])\s?[-–]\s?(\d)", |found| {
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
        (
            r"\b0(\d) (tháng|ngày|giờ|năm|người|bản|bộ|lần)([^A-Za-zÀ-ỹ]|$)",
            |found| format!("{} {}{}", &found[1], &found[2], &found[3]),
        ),
        // Days and times.
        (
            r"([Nn]gày |[Tt]ừ ngày |[Đđ]ến ngày )?\b(0?[1-9]|[12]\d|3[01])/(0?[1-9]|1[0-2])(?:/(\d{4}))?\b",
            date,
        ),
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
        // Numbers.
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

const FIGURES: [&str; 10] = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];

/// What is said behind each three figures, from the last ones on.
const THOUSANDS: [&str; 5] = ["", "nghìn", "triệu", "tỷ", "nghìn tỷ"];

fn figure(digit: u8) -> &'static str {
    FIGURES[usize::from(digit - b'0')]
}

/// A number as written without dots: one with a leading zero, or too long to be counted, is read figure by figure.
fn plain(digits: &str) -> String {
    if let Some((whole, rest)) = digits.split_once('.') {
        return format!("{} chấm {}", plain(whole), plain(rest));
    }
    if digits.len() > 15 || (digits.len() > 1 && digits.starts_with('0')) {
        return digits.bytes().map(figure).collect::<Vec<_>>().join(" ");
    }
    number(digits)
}

/// What stands behind the comma: read as a number as long as it is short.
fn decimals(digits: &str) -> String {
    if digits.len() > 2 || digits.starts_with('0') {
        digits.bytes().map(figure).collect::<Vec<_>>().join(" ")
    } else {
        number(digits)
    }
}

/// Thousands by thousands: "một nghìn không trăm linh năm".
fn number(digits: &str) -> String {
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return "không".to_owned();
    }
    if digits.len() > 15 {
        return digits.bytes().map(figure).collect::<Vec<_>>().join(" ");
    }
    let mut words: Vec<&str> = Vec::new();
    let padded = format!("{digits:0>width$}", width = digits.len().div_ceil(3) * 3);
    let groups: Vec<&[u8]> = padded.as_bytes().chunks(3).collect();
    for (at, group) in groups.iter().enumerate() {
        if **group == *b"000" {
            continue;
        }
        hundreds(group, at == 0, &mut words);
        words.push(THOUSANDS[groups.len() - 1 - at]);
    }
    words.retain(|word| !word.is_empty());
    words.join(" ")
}

/// Three figures; those at the head of a number say no "không trăm".
fn hundreds(group: &[u8], at_head: bool, words: &mut Vec<&'static str>) {
    let [hundred, ten, one] = [group[0], group[1], group[2]];
    if hundred != b'0' || !at_head {
        words.extend([figure(hundred), "trăm"]);
    }
    let tens_before = ten > b'1';
    match (ten, one) {
        (b'0', b'0') => {}
        (b'0', _) if hundred == b'0' && at_head => words.push(figure(one)),
        (b'0', _) => words.extend(["linh", figure(one)]),
        (b'1', _) => words.push("mười"),
        _ => words.extend([figure(ten), "mươi"]),
    }
    match one {
        _ if ten == b'0' || one == b'0' => {}
        b'5' => words.push("lăm"),
        b'1' if tens_before => words.push("mốt"),
        b'4' if tens_before => words.push("tư"),
        _ => words.push(figure(one)),
    }
}

fn month(digits: &str) -> String {
    match digits.trim_start_matches('0') {
        "4" => "tư".to_owned(),
        digits => number(digits),
    }
}

/// "ngày mồng một tháng sáu năm hai nghìn không trăm hai mươi lăm"; what looks like no day of a year is left to the other rules.
fn date(found: &Captures<'_>) -> String {
    let before = found.get(1).map(|before| before.as_str());
    // "24/7" is said of what never closes.
    if before.is_none() && &found[0] == "24/7" {
        return "hai mươi tư trên bảy".to_owned();
    }
    let day: u8 = found[2].parse().unwrap_or_default();
    let first = if day <= 10 { "mồng " } else { "" };
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

/// Figure by figure, with a pause between groups: those that are written, or those in which people say the usual lengths.
fn digit_groups(written: &str) -> String {
    let parts: Vec<&str> = written.split([' ', '.', '-']).collect();
    let groups: Vec<&str> = match (parts.as_slice(), written.len()) {
        ([one], 8) => vec![&one[..4], &one[4..]],
        ([one], 10 | 11) => vec![&one[..4], &one[4..7], &one[7..]],
        _ => parts,
    };
    let spoken = groups
        .iter()
        .map(|group| group.bytes().map(figure).collect::<Vec<_>>().join(" "));
    spoken.collect::<Vec<_>>().join(", ")
}

fn roman(numeral: &str) -> u32 {
    const ONES: [&str; 10] = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
    let tens = numeral.len() - numeral.trim_start_matches('X').len();
    let one = ONES.iter().position(|known| *known == &numeral[tens..]);
    match (u32::try_from(tens), one.map(u32::try_from)) {
        (Ok(tens @ 0..=3), Some(Ok(one))) => 10 * tens + one,
        _ => 0,
    }
}

/// "quý tư", however the quarter is written.
fn quarter(written: &str) -> String {
    match roman(written) {
        0 => month(written),
        number => month(&number.to_string()),
    }
}

/// "dịch vụ công chấm gov chấm vi en": part by part, as people dictate it.
fn address(found: &Captures<'_>) -> String {
    let host = found[1].strip_prefix("www.").unwrap_or(&found[1]);
    let path = found[2]
        .replace('/', " gạch chéo ")
        .replace('.', " chấm ")
        .replace('?', " hỏi ")
        .replace('=', " bằng ")
        .replace(['-', '_', '&'], " gạch nối ");
    format!("{}{path}", self::host(host))
}

fn host(written: &str) -> String {
    let parts = written.split('.').map(|part| match part {
        "dichvucong" => "dịch vụ công".to_owned(),
        "vneid" => name("VNeID").to_owned(),
        "vn" => "vi en".to_owned(),
        "gov" => "gốp".to_owned(),
        "binhdanhocvuso" => "bình dân học vụ số".to_owned(),
        "tongdai111" => "tổng đài một một một".to_owned(),
        "chongluadao" => "chống lừa đảo".to_owned(),
        "nongsan" => "nông sản".to_owned(),
        "buudien" => "bưu điện".to_owned(),
        "tinnhiemmang" => "tín nhiệm mạng".to_owned(),
        "canhbao" => "cảnh báo".to_owned(),
        "khonggianmang" => "không gian mạng".to_owned(),
        "pakn" => "pê a ca nờ".to_owned(),
        other => other.replace('-', " gạch nối "),
    });
    parts.collect::<Vec<_>>().join(" chấm ")
}

/// Names that are no Vietnamese, as the radio says them.
fn name(written: &str) -> &'static str {
    match written {
        "App Store" => "áp xờ to",
        "CH Play" => "xê hát pờ lây",
        "VNeID" => "vi en i đi",
        "VssID" => "vi ét ét ai đi",
        "Wi-Fi" => "oai phai",
        "TikTok" => "tích tốc",
        "nTrust" => "en trớt",
        "COVID" => "cô vít",
        "iOS" => "ai ô ét",
        "Zalo OA" => "Da lô ô ây",
        _ => "việt quy a",
    }
}

/// Who made a law or a decree, by the ending of its number.
fn issuer(ending: &str) -> String {
    let known = match ending {
        "NĐ-CP" | "NQ-CP" => "của Chính phủ",
        "QĐ-TTg" | "CT-TTg" | "TTg-KSTT" => "của Thủ tướng Chính phủ",
        "TT-BTC" => "của Bộ Tài chính",
        "TT-BCA" => "của Bộ Công an",
        "TT-BTP" | "BTP-HTQTCT" => "của Bộ Tư pháp",
        "TT-BKHCN" | "QĐ-BKHCN" => "của Bộ Khoa học và Công nghệ",
        "TT-BTTTT" | "QĐ-BTTTT" => "của Bộ Thông tin và Truyền thông",
        "QĐ-BYT" => "của Bộ Y tế",
        "TT-NHNN" => "của Ngân hàng Nhà nước",
        "QĐ-VPCP" => "của Văn phòng Chính phủ",
        "BHXH-QLT" => "của Bảo hiểm xã hội Việt Nam",
        "KH-UBND" | "QĐ-UBND" => "của uỷ ban nhân dân",
        "NQ-HĐND" => "của hội đồng nhân dân",
        "NQ-TW" => "của Trung ương",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    let letters = ending.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let term = plain(&ending[letters.len()..]);
    match letters {
        "QH" => format!("của Quốc hội khoá {term}"),
        "NQ-UBTVQH" | "UBTVQH" => format!("của Uỷ ban Thường vụ Quốc hội khoá {term}"),
        _ => spell(ending),
    }
}

fn unit(written: &str) -> &'static str {
    match written {
        "m2" => "mét vuông",
        "m3" => "mét khối",
        "km2" => "ki lô mét vuông",
        "km/h" => "ki lô mét một giờ",
        "km" => "ki lô mét",
        "cm" => "xăng ti mét",
        "mm" => "mi li mét",
        "m" => "mét",
        "kg" => "ki lô gam",
        "ha" => "héc ta",
        "°C" => "độ xê",
        "GB" => "ghi ga bai",
        "MB" => "mê ga bai",
        "kWh" => "ki lô oát giờ",
        _ => "đồng",
    }
}

/// Words in capitals and abbreviations; all others stay as they are.
fn capitals(word: &str) -> String {
    let known = match word {
        "AI" => "ây ai",
        "BHXH" => "bảo hiểm xã hội",
        "BHYT" => "bảo hiểm y tế",
        "CCCD" => "căn cước công dân",
        "CSDL" => "cơ sở dữ liệu",
        "CSGT" => "cảnh sát giao thông",
        "DVC" => "dịch vụ công",
        "GPLX" => "giấy phép lái xe",
        "GTGT" => "giá trị gia tăng",
        "HTX" => "hợp tác xã",
        "HĐND" => "hội đồng nhân dân",
        "MTTQ" => "mặt trận tổ quốc",
        "NĐ" => "nghị định",
        "NQ" => "nghị quyết",
        "NFC" => "en ép xi",
        "OCOP" => "ô cốp",
        "OTP" => "ô tê pê",
        "PIN" => "pin",
        "PVHCC" => "phục vụ hành chính công",
        "QR" => "quy a",
        "QĐ" => "quyết định",
        "SIM" => "sim",
        "SMS" => "ét em ét",
        "THPT" => "trung học phổ thông",
        "TNCN" => "thu nhập cá nhân",
        "TP" => "thành phố",
        "TTHC" => "thủ tục hành chính",
        "TT" => "thông tư",
        "UBND" => "uỷ ban nhân dân",
        "USB" => "u ét bê",
        "VNPT" => "vê nờ pê tê",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    let mut letters = word.chars();
    let shouted = word.chars().count() > 1 && letters.all(char::is_uppercase);
    if !shouted {
        return word.to_owned();
    }
    // KHÔNG is a word that somebody shouts, EVN is not.
    let lower = word.to_lowercase();
    if Spelling::of(&lower).is_some_and(|spelling| spelling.is_syllable()) {
        lower
    } else {
        spell(word)
    }
}

/// Letter by letter and figure by figure.
fn spell(letters: &str) -> String {
    let names = letters.chars().map(|letter| match letter {
        '0'..='9' => FIGURES[letter.to_digit(10).unwrap_or_default() as usize],
        'A' => "a",
        'B' => "bê",
        'C' => "xê",
        'D' => "dê",
        'Đ' => "đê",
        'E' => "e",
        'F' => "ép",
        'G' => "gờ",
        'H' => "hát",
        'I' => "i",
        'J' => "gi",
        'K' => "ca",
        'L' => "lờ",
        'M' => "mờ",
        'N' => "nờ",
        'O' => "o",
        'P' => "pê",
        'Q' => "quy",
        'R' => "rờ",
        'S' => "sờ",
        'T' => "tê",
        'U' => "u",
        'V' => "vê",
        'W' => "vê kép",
        'X' => "ích",
        'Y' => "i dài",
        'Z' => "dét",
        _ => "",
    });
    names.filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Signs that are said, and those that part words.
fn sign(written: &str) -> &'static str {
    match written {
        "&" => " và ",
        "+" => " cộng ",
        "=" => " bằng ",
        "@" => " a còng ",
        "<" => " nhỏ hơn ",
        ">" => " lớn hơn ",
        "→" => " đến ",
        _ => " ",
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
                "Từ ngày mồng một tháng sáu năm hai nghìn không trăm hai mươi lăm",
            ),
            (
                "31/12/2024",
                "ngày ba mươi mốt tháng mười hai năm hai nghìn không trăm hai mươi tư",
            ),
            ("ngày 10/10", "ngày mồng mười tháng mười"),
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
                "ngày mồng một tháng sáu năm hai nghìn không trăm hai mươi lăm",
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
