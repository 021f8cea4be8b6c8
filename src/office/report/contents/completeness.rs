//! The section that says what is missing: what nobody can know, and what has not come.

use super::{KioskFacts, Listing, Row, Section, Sheet, Shown, Source, listing, row};
use crate::office::words::{self, number};

/// More kiosks than any commune has; the page lists no more, workbook and CSV all.
const MOST_KIOSKS: usize = 20;

/// The most sentences about single kiosks.
const MOST_SENTENCES: usize = 12;

/// How many missing numbers are named.
const MOST_NAMED: usize = 10;

impl Source<'_> {
    pub(super) fn completeness(&self) -> Section {
        let kiosks = self.kiosks.iter().flat_map(kiosk_rows).collect();
        let listings = [self.unplaced(), listing("Từng máy", Sheet::Kiosks, MOST_KIOSKS, kiosks)];
        Section {
            heading: "Mức độ đầy đủ của số liệu",
            sentences: self.gaps(),
            listings: listings.into_iter().flatten().collect(),
            ..Section::default()
        }
    }

    fn gaps(&self) -> Vec<String> {
        let visits = &self.now.visits;
        let mut sentences = Vec::new();
        if self.kiosks.is_empty() {
            sentences.push("Văn phòng chưa duyệt máy nào, nên chưa có số liệu nào.".to_owned());
        }
        if self.made_on <= self.period.to() {
            sentences.push("Số liệu được tổng hợp khi kỳ báo cáo chưa kết thúc.".to_owned());
        }
        let mut say = |n: u64, words: &dyn Fn(String) -> String| {
            if n > 0 {
                sentences.push(words(number(n)));
            }
        };
        say(visits.month_rests, &|n| {
            format!(
                "{n} lượt sử dụng chỉ biết tháng: số của những ngày ít lượt được máy cộng chung vào tháng trước khi gửi. Các lượt này có trong số tổng, không có trong số theo ngày."
            )
        });
        say(visits.year_rests, &|n| {
            format!(
                "{n} lượt sử dụng chỉ biết năm: số của những tháng ít lượt được máy cộng chung vào năm. Các lượt này có trong số tổng, không có trong số theo ngày, theo tháng."
            )
        });
        say(visits.partly, &|n| {
            format!(
                "{n} lượt sử dụng được cộng chung cho một tháng hoặc một năm mà kỳ báo cáo chỉ là một phần. Các lượt này không có trong số liệu nào của báo cáo."
            )
        });
        say(visits.undated, &|n| {
            format!(
                "{n} lượt sử dụng không rõ ngày: máy đếm khi đồng hồ chưa đúng. Các lượt này không có trong số liệu nào của báo cáo."
            )
        });
        let of_kiosks = self.gaps_of_kiosks();
        let left_out = of_kiosks.len().saturating_sub(MOST_SENTENCES);
        sentences.extend(of_kiosks.into_iter().take(MOST_SENTENCES));
        if left_out > 0 {
            sentences.push(format!(
                "Còn {left_out} điều như vậy về các máy khác, xem trang “Máy” của tệp bảng tính kèm theo."
            ));
        }
        if sentences.is_empty() {
            sentences.push("Không thấy số liệu nào bị thiếu.".to_owned());
        }
        sentences
    }

    /// What is missing of single kiosks.
    fn gaps_of_kiosks(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        let to = self.period.to();
        for kiosk in self.kiosks {
            let name = kiosk.title();
            match kiosk.newest_bundle {
                // Nothing more was to come.
                _ if kiosk.retired.is_some_and(|day| day <= to) => {
                    let day = kiosk.retired.map(words::date).unwrap_or_default();
                    sentences.push(format!("{name} đã ngừng sử dụng từ ngày {day}."));
                }
                None => sentences.push(format!("{name} chưa gửi số liệu lần nào.")),
                Some(day) if day <= to => sentences.push(format!(
                    "{name} gửi số liệu lần cuối vào ngày {}, trước khi hết kỳ báo cáo; số liệu của máy này có thể chưa đủ.",
                    words::date(day)
                )),
                Some(_) => {}
            }
            if !kiosk.missing.is_empty() {
                let (n, which) = (kiosk.missing.len(), numbers(&kiosk.missing));
                sentences.push(format!("{name} còn thiếu {n} gói số liệu chưa nhận được (số {which})."));
            }
            if kiosk.losses > 0 {
                let n = number(kiosk.losses);
                sentences.push(format!(
                    "{name} đã {n} lần bị hỏng tệp số đếm từ khi lắp đặt; các lượt chưa gửi trong tệp hỏng không còn."
                ));
            }
        }
        sentences
    }

    /// Visits that are not known by day.
    fn unplaced(&self) -> Option<Listing> {
        let (now, before) = (&self.now.visits, &self.before.visits);
        let figure = |id, title, now, before| row(id, title, "", Shown::Count(now), Shown::Count(before));
        let rows = vec![
            figure("month-rests", "Chỉ biết tháng", now.month_rests, before.month_rests),
            figure("year-rests", "Chỉ biết năm", now.year_rests, before.year_rests),
            figure(
                "partly",
                "Thuộc tháng hoặc năm chỉ có một phần trong kỳ",
                now.partly,
                before.partly,
            ),
            // The same number for every period, so there is nothing to compare.
            row(
                "undated",
                "Không rõ ngày",
                "",
                Shown::Count(now.undated),
                Shown::Nothing,
            ),
        ];
        let any = rows.iter().any(|row| {
            [&row.now, &row.before]
                .into_iter()
                .any(|shown| matches!(shown, Shown::Count(1..)))
        });
        listing(
            "Lượt sử dụng không rõ ngày",
            Sheet::Kiosks,
            MOST_KIOSKS,
            if any { rows } else { Vec::new() },
        )
    }
}

impl KioskFacts {
    fn title(&self) -> String {
        let name = if self.name.is_empty() { &self.id } else { &self.name };
        format!("Máy {name}")
    }
}

fn kiosk_rows(kiosk: &KioskFacts) -> Vec<Row> {
    let day = kiosk.newest_bundle.map_or_else(|| "chưa có".to_owned(), words::date);
    let missing = u64::try_from(kiosk.missing.len()).unwrap_or(u64::MAX);
    let known = |words| match kiosk.newest_bundle {
        Some(_) => Shown::Words(words),
        None => Shown::Nothing,
    };
    let facts = [
        (
            "Lượt sử dụng",
            Shown::Count(kiosk.visits),
            Shown::Count(kiosk.visits_before),
        ),
        ("Ngày lập gói số liệu mới nhất", Shown::Words(day), Shown::Nothing),
        ("Số gói số liệu còn thiếu", Shown::Number(missing), Shown::Nothing),
        (
            "Số lần hỏng tệp số đếm từ khi lắp đặt",
            Shown::Number(kiosk.losses),
            Shown::Nothing,
        ),
        ("Ấn bản nội dung", known(kiosk.edition.to_string()), Shown::Nothing),
        ("Phiên bản chương trình", known(kiosk.version.clone()), Shown::Nothing),
    ];
    let rows = facts.into_iter();
    rows.map(|(value, now, before)| row(&kiosk.id, &kiosk.title(), value, now, before))
        .collect()
}

fn numbers(missing: &[u64]) -> String {
    let named: Vec<String> = missing.iter().take(MOST_NAMED).map(u64::to_string).collect();
    let more = if missing.len() > MOST_NAMED { ", …" } else { "" };
    format!("{}{more}", named.join(", "))
}
