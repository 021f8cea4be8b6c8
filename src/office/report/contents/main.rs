//! What a leader reads and signs, two pages: the plan, how the kiosks were used, what is missing. Everything in full stands in the appendix.

use super::{Bar, Section, Signal, Source, chart, compared, drawn, sum};
use crate::office::report::KioskFacts;
use crate::office::words::{self, count};

/// How many pages the chart shows.
const TOP: usize = 4;

/// How many kiosks are named.
const MOST_NAMED: usize = 5;

/// The heading over what kiosks counted.
const USE: &str = "Sử dụng máy tra cứu";

impl Source<'_> {
    /// The sections before the signature.
    pub(in crate::office::report) fn main(&self) -> Vec<Section> {
        let plan = self.plan.map(|noted| self.plan(noted));
        plan.into_iter().chain([self.use_of_kiosks(), self.lacking()]).collect()
    }

    fn use_of_kiosks(&self) -> Section {
        let (now, before) = (self.now, self.before);
        if !self.has_kiosks() {
            return Section {
                heading: USE,
                sentences: vec![format!(
                    "{}, xã chưa có máy tra cứu nào được duyệt, nên không có số liệu sử dụng máy.",
                    self.when()
                )],
                ..Section::default()
            };
        }
        let visits = now.visits.total;
        let average = if visits > 0 {
            let average = words::average(visits, self.days_come());
            format!(" Bình quân mỗi ngày có {average} lượt.")
        } else {
            String::new()
        };
        let came = format!(
            "{}, có {} lượt sử dụng máy, {}.{average}",
            self.when(),
            count(visits),
            compared(visits, before.visits.total, "lượt")
        );
        let sentences = vec![came, self.what_was_read(), self.what_was_said()];
        let bars: Vec<Bar> = now.pages.iter().take(TOP).map(|page| self.bar(page)).collect();
        let charts = [
            drawn(visits > 0, || chart::visits(now)),
            drawn(!bars.is_empty(), || {
                chart::bars("Trang được mở nhiều nhất (số lần)", &bars)
            }),
        ];
        Section {
            heading: USE,
            sentences,
            charts: charts.into_iter().flatten().collect(),
            ..Section::default()
        }
    }

    /// Pages, guides and searches.
    fn what_was_read(&self) -> String {
        let now = self.now;
        let most = self.most_opened().map(|most| format!(", nhiều nhất là {most}"));
        let opened = count(sum(&now.pages));
        let mut said = vec![format!("Các trang được mở {opened} lần{}", most.unwrap_or_default())];
        let guides = now.guides.iter().fold((0_u64, 0_u64), |(opened, finished), guide| {
            (
                opened.saturating_add(guide.opened),
                finished.saturating_add(guide.finished),
            )
        });
        if let Some(share) = words::percent(guides.1, guides.0) {
            said.push(format!("bài hướng dẫn được xem đến hết {share} số lần mở"));
        }
        let searches = now.searches.found.saturating_add(now.searches.not_found);
        if let Some(share) = words::percent(now.searches.found, searches) {
            said.push(format!("tìm kiếm {} lần, {share} có kết quả", count(searches)));
        }
        said.join("; ") + "."
    }

    /// Questions and ratings.
    fn what_was_said(&self) -> String {
        let now = self.now;
        let (right, known) = self.right_answers();
        let rightly = words::percent(right, known).map(|share| format!(", {share} là đúng"));
        let rated = now.rated;
        let well = words::percent(rated.good, rated.total());
        let well = well.map(|share| format!(", {share} là “{}”", words::group(Signal::Rated, "good")));
        format!(
            "Câu hỏi trắc nghiệm được trả lời {} lần{}; các trang được nhận xét {} lần{}.",
            count(now.answered()),
            rightly.unwrap_or_default(),
            count(rated.total()),
            well.unwrap_or_default()
        )
    }

    fn lacking(&self) -> Section {
        let mut sentences = self.gaps_in_short();
        sentences.push(
            "Số lượt, số lần do máy đếm được làm tròn đến 5; “<5” là từ 0 đến 4, “–” là không có hoặc không so sánh được. Máy không ghi \
             ai đã dùng. Số liệu đầy đủ và cách đếm có ở Phụ lục."
                .to_owned(),
        );
        Section {
            heading: "Mức độ đầy đủ của số liệu",
            sentences,
            ..Section::default()
        }
    }

    /// What is missing, with numbers and the first names; the appendix says it of each kiosk.
    fn gaps_in_short(&self) -> Vec<String> {
        let mut said = Vec::new();
        if self.kiosks.is_empty() {
            said.push("Văn phòng chưa duyệt máy nào, nên chưa có số liệu nào của máy.".to_owned());
        }
        if self.made_on <= self.period.to() {
            said.push("Số liệu được tổng hợp khi kỳ báo cáo chưa kết thúc.".to_owned());
        }
        let visits = &self.now.visits;
        let rests = visits.month_rests.saturating_add(visits.year_rests);
        if rests > 0 {
            said.push(format!(
                "{} lượt sử dụng chỉ biết tháng hoặc năm: có trong số tổng, không có trong số theo ngày.",
                count(rests)
            ));
        }
        let outside = visits.partly.saturating_add(visits.undated);
        if outside > 0 {
            said.push(format!(
                "{} lượt sử dụng không rõ ngày, hoặc cộng chung cho một tháng, một năm chỉ có một phần trong kỳ: không có trong số liệu nào.",
                count(outside)
            ));
        }
        let lacking: Vec<&KioskFacts> = self.kiosks.iter().filter(|kiosk| self.may_lack(kiosk)).collect();
        if !lacking.is_empty() {
            let named: Vec<&str> = lacking.iter().take(MOST_NAMED).map(|kiosk| name(kiosk)).collect();
            let more = lacking.len().saturating_sub(MOST_NAMED);
            let more = if more > 0 {
                format!(" và {more} máy khác")
            } else {
                String::new()
            };
            said.push(format!(
                "{} trong {} máy có số liệu có thể chưa đủ: {}{more}. Từng máy thiếu gì có ở Phụ lục.",
                lacking.len(),
                self.kiosks.len(),
                named.join(", ")
            ));
        }
        if said.is_empty() {
            said.push("Không thấy số liệu nào bị thiếu.".to_owned());
        }
        said
    }

    /// Whether the appendix says that something of a kiosk may be missing.
    fn may_lack(&self, kiosk: &KioskFacts) -> bool {
        let to = self.period.to();
        let is_over = kiosk.retired.is_some_and(|day| day <= to);
        let is_late = !is_over && kiosk.newest_bundle.is_none_or(|day| day <= to);
        is_late || !kiosk.missing.is_empty() || kiosk.losses > 0
    }
}

fn name(kiosk: &KioskFacts) -> &str {
    if kiosk.name.is_empty() { &kiosk.id } else { &kiosk.name }
}
