//! What is written short, and how it is said: addresses, foreign names, who made a law, units, abbreviations, signs. Tables, each with its
//! way for what the table lacks. Begin with [`capitals`].

use regex_lite::Captures;

use super::numbers::{FIGURES, plain};
use crate::content::vietnamese::syllable::Spelling;

/// "dịch vụ công chấm gov chấm vi en": part by part, as people dictate it.
pub(super) fn address(found: &Captures<'_>) -> String {
    let host = found[1].strip_prefix("www.").unwrap_or(&found[1]);
    let path = found[2]
        .replace('/', " gạch chéo ")
        .replace('.', " chấm ")
        .replace('?', " hỏi ")
        .replace('=', " bằng ")
        .replace(['-', '_', '&'], " gạch nối ");
    format!("{}{path}", self::host(host))
}

pub(super) fn host(written: &str) -> String {
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
pub(super) fn name(written: &str) -> &'static str {
    match written {
        "App Store" => "áp xờ to",
        "CH Play" => "xê hát pờ lây",
        "VNeID" => "vi en i ai đi",
        "VssID" => "vi ét ét ai đi",
        "Wi-Fi" => "oai phai",
        "TikTok" => "tích tốc",
        "nTrust" => "en trớt",
        "COVID" => "cô vít",
        "iOS" => "ai ô ét",
        "IoT" => "ai ô ti",
        "Zalo OA" => "Da lô ô ây",
        _ => "việt quy a",
    }
}

/// Who made a law or a decree, by the ending of its number.
pub(super) fn issuer(ending: &str) -> String {
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

pub(super) fn unit(written: &str) -> &'static str {
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
pub(super) fn capitals(word: &str) -> String {
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
pub(super) fn spell(letters: &str) -> String {
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
pub(super) fn sign(written: &str) -> &'static str {
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
