//! Numbers in words, as the north says them: counted, or called figure by figure. Begin with [`number`].

pub(super) const FIGURES: [&str; 10] = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];

/// What is said behind each three figures, from the last ones on.
pub(super) const THOUSANDS: [&str; 5] = ["", "nghìn", "triệu", "tỷ", "nghìn tỷ"];

pub(super) fn figure(digit: u8) -> &'static str {
    FIGURES[usize::from(digit - b'0')]
}

/// A number as written without dots: one with a leading zero, or too long to be counted, is read figure by figure.
pub(super) fn plain(digits: &str) -> String {
    if let Some((whole, rest)) = digits.split_once('.') {
        return format!("{} chấm {}", plain(whole), plain(rest));
    }
    if digits.len() > 15 || (digits.len() > 1 && digits.starts_with('0')) {
        return digits.bytes().map(figure).collect::<Vec<_>>().join(" ");
    }
    number(digits)
}

/// What stands behind the comma: read as a number as long as it is short.
pub(super) fn decimals(digits: &str) -> String {
    if digits.len() > 2 || digits.starts_with('0') {
        digits.bytes().map(figure).collect::<Vec<_>>().join(" ")
    } else {
        number(digits)
    }
}

/// Thousands by thousands: "một nghìn không trăm linh năm".
pub(super) fn number(digits: &str) -> String {
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
pub(super) fn hundreds(group: &[u8], at_head: bool, words: &mut Vec<&'static str>) {
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

pub(super) fn month(digits: &str) -> String {
    match digits.trim_start_matches('0') {
        "4" => "tư".to_owned(),
        digits => number(digits),
    }
}

/// Figure by figure, with a pause between groups: those that are written, or those in which people say the usual lengths.
pub(super) fn digit_groups(written: &str) -> String {
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

pub(super) fn roman(numeral: &str) -> u32 {
    const ONES: [&str; 10] = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
    let tens = numeral.len() - numeral.trim_start_matches('X').len();
    let one = ONES.iter().position(|known| *known == &numeral[tens..]);
    match (u32::try_from(tens), one.map(u32::try_from)) {
        (Ok(tens @ 0..=3), Some(Ok(one))) => 10 * tens + one,
        _ => 0,
    }
}

/// "quý tư", however the quarter is written.
pub(super) fn quarter(written: &str) -> String {
    match roman(written) {
        0 => month(written),
        number => month(&number.to_string()),
    }
}
