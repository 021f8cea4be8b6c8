//! The first section: how many came, and when.

use super::{Figures, Listing, Section, Sheet, Shown, Source, TOP, compared, counts, joined, listing, most, row, sum};
use crate::office::chart;
use crate::office::words;
use crate::usage::signals::Signal;

impl Source<'_> {
    pub(super) fn visits(&self) -> Section {
        let (now, before) = (self.now, self.before);
        let group = |signal| move |id: &str| words::group(signal, id).to_owned();
        let listings = [
            self.summary(),
            self.months(),
            self.days(),
            self.hours(),
            counts(
                "Lượt sử dụng kết thúc như thế nào",
                Sheet::Summary,
                TOP,
                joined(&now.endings, &before.endings),
                &group(Signal::VisitEnded),
            ),
            counts(
                "Một lượt sử dụng dài bao lâu",
                Sheet::Summary,
                TOP,
                joined(&now.lengths, &before.lengths),
                &group(Signal::VisitLength),
            ),
            counts(
                "Một lượt sử dụng mở mấy trang",
                Sheet::Summary,
                TOP,
                joined(&now.visit_pages, &before.visit_pages),
                &group(Signal::VisitPages),
            ),
        ];
        Section {
            heading: "Lượt sử dụng máy",
            sentences: self.visit_sentences(),
            charts: super::drawn(now.visits.total > 0, || chart::visits(now))
                .into_iter()
                .chain(super::drawn(now.visits.by_hour.iter().any(|n| *n > 0), || {
                    chart::hours(now)
                }))
                .collect(),
            listings: listings.into_iter().flatten().collect(),
            ..Section::default()
        }
    }

    /// The period at the beginning of a sentence.
    pub(super) fn when(&self) -> String {
        let name = self.period.name();
        match name.strip_prefix("từ ") {
            Some(days) => format!("Từ {days}"),
            None => format!("Trong {name}"),
        }
    }

    /// Whether any kiosk was there, or something was counted by one that is no more: else “<5” would say that something may have been.
    pub(super) fn has_kiosks(&self) -> bool {
        let is_counted = |figures: &Figures| {
            let opened = [&figures.pages, &figures.listened, &figures.notices, &figures.qr];
            figures.visits.total > 0 || opened.iter().any(|counts| !counts.is_empty())
        };
        !self.kiosks.is_empty() || is_counted(self.now) || is_counted(self.before)
    }

    /// How many days of the period have come.
    pub(super) fn days_come(&self) -> u64 {
        let last = self.period.to().min(self.made_on);
        u64::try_from((last - self.period.from()).num_days()).unwrap_or(0) + 1
    }

    fn visit_sentences(&self) -> Vec<String> {
        let visits = &self.now.visits;
        let compared = compared(visits.total, self.before.visits.total, "lượt");
        let mut sentences = vec![format!(
            "{}, có {} lượt sử dụng máy, {compared}.",
            self.when(),
            words::count(visits.total)
        )];
        if visits.total == 0 {
            return sentences;
        }
        let average = words::average(visits.total, self.days_come());
        sentences.push(format!("Bình quân mỗi ngày có {average} lượt."));
        let days = visits.by_day.iter();
        let days = days.map(|(day, n)| (format!("ngày {}", words::date(*day)), *n));
        if let Some(most) = most(days, "ngày", "lượt") {
            sentences.push(format!("Ngày có nhiều lượt nhất là {most}."));
        }
        let hours = visits.by_hour.iter().enumerate();
        let hours = hours.map(|(hour, n)| (hour_name(hour).to_lowercase(), *n));
        if let Some(most) = most(hours, "giờ", "lượt") {
            sentences.push(format!("Giờ có nhiều lượt nhất là {most}."));
        }
        sentences
    }

    /// The sums of everything.
    fn summary(&self) -> Option<Listing> {
        let finished = |figures: &Figures| figures.guides.iter().map(|guide| guide.finished).sum();
        let quizzes = |figures: &Figures| figures.quizzes.iter().map(|set| sum(&set.scores)).sum();
        let sums = |figures: &Figures| {
            let searches = &figures.searches;
            [
                (Signal::VisitStarted, "Lượt sử dụng máy", figures.visits.total),
                (Signal::PageOpened, "Lần mở trang", sum(&figures.pages)),
                (Signal::GuideFinished, "Lần xem hết bài hướng dẫn", finished(figures)),
                (Signal::QrShown, "Lần hiện mã QR", sum(&figures.qr)),
                (
                    Signal::Listened,
                    "Lần mở chương trình phát thanh",
                    sum(&figures.listened),
                ),
                (
                    Signal::SoundPlayed,
                    "Lần bắt đầu nghe bài thu",
                    figures.heard.first().map_or(0, |started| started.n),
                ),
                (Signal::NoticeOpened, "Lần mở thông báo của xã", sum(&figures.notices)),
                (
                    Signal::SearchFound,
                    "Lần tìm kiếm",
                    searches.found.saturating_add(searches.not_found),
                ),
                (Signal::QuestionAnswered, "Lần trả lời câu hỏi", figures.answered()),
                (Signal::QuizFinished, "Lần làm xong bộ câu hỏi", quizzes(figures)),
                (Signal::Rated, "Lần nhận xét", figures.rated.total()),
                (
                    Signal::VisitRated,
                    "Lần nhận xét cả lượt dùng máy",
                    figures.visits_rated.total(),
                ),
            ]
        };
        let rows = sums(self.now).into_iter().zip(sums(self.before));
        let rows = rows.map(|((signal, title, now), (.., before))| {
            row(signal.code(), title, "", Shown::Count(now), Shown::Count(before))
        });
        listing("Số liệu chung", Sheet::Summary, TOP, rows.collect())
    }

    /// Months of a longer period. Those of the period before bear other names, so they are not set beside them.
    fn months(&self) -> Option<Listing> {
        let months = &self.now.visits.by_month;
        if months.len() < 2 {
            return None;
        }
        let rows = months.iter().map(|(month, n)| {
            let subject = month.format("%Y-%m").to_string();
            let title = format!("Tháng {}", words::month(*month));
            row(&subject, &title, "", Shown::Count(*n), Shown::Nothing)
        });
        listing("Lượt sử dụng theo tháng", Sheet::Days, 12, rows.collect())
    }

    /// Days of the period, and what is not known by day, so that the column adds up. The page shows them as a chart.
    fn days(&self) -> Option<Listing> {
        let visits = &self.now.visits;
        let days = visits.by_day.iter().map(|(day, n)| {
            let title = format!("Ngày {}", words::date(*day));
            row(&day.to_string(), &title, "", Shown::Count(*n), Shown::Nothing)
        });
        let rests = [
            ("month-rests", "Chỉ biết tháng, không rõ ngày", visits.month_rests),
            ("year-rests", "Chỉ biết năm, không rõ tháng", visits.year_rests),
        ];
        let rests = rests.map(|(id, title, n)| row(id, title, "", Shown::Count(n), Shown::Nothing));
        listing("Lượt sử dụng theo ngày", Sheet::Days, 0, days.chain(rests).collect())
    }

    fn hours(&self) -> Option<Listing> {
        let (now, before) = (&self.now.visits, &self.before.visits);
        let hours = now
            .by_hour
            .iter()
            .zip(&before.by_hour)
            .enumerate()
            .map(|(hour, (now, before))| {
                let subject = format!("{hour:02}");
                row(
                    &subject,
                    &hour_name(hour),
                    "",
                    Shown::Count(*now),
                    Shown::Count(*before),
                )
            });
        let (unknown, unknown_before) = (Shown::Count(now.unknown_hour), Shown::Count(before.unknown_hour));
        let unknown = row("", "Không rõ giờ", "", unknown, unknown_before);
        listing(
            "Lượt sử dụng theo giờ",
            Sheet::Hours,
            0,
            hours.chain([unknown]).collect(),
        )
    }
}

fn hour_name(hour: usize) -> String {
    format!("Từ {hour} giờ đến trước {} giờ", hour + 1)
}
