//! What a report says: figures into sentences and listings. No layout here. Begin with [`Source::main`] and
//! [`Source::appendix`].

mod completeness;
mod main;
mod plan;
mod visits;

use chrono::NaiveDate;

use super::period::Period;
use super::section::{Change, Listing, Row, Section, Sheet, Shown};
use super::{Figures, KioskFacts, Noted, Titles};
use crate::office::chart::{self, Bar, Chart};
use crate::office::figures::{Answers, Asked, Count, Faces, Funnel};
use crate::office::words::{self, number};
use crate::usage::signals::Signal;

/// How many pages a chart shows, and a page of the report lists.
const TOP: usize = 10;

/// How many of what is level at the top a sentence names.
const MOST_LEVEL: usize = 3;

/// How many things with several rows each the page lists.
const TOP_GROUPS: usize = 5;

/// How many guides the page draws and lists.
const TOP_GUIDES: usize = 2;

/// Over what newer kiosks counted and this program has no words for.
pub const FOREIGN: &str = "Số đếm mới của máy, chương trình văn phòng này chưa biết tên";

/// What the sections are made of.
pub(super) struct Source<'a> {
    pub period: Period,
    pub now: &'a Figures,
    pub before: &'a Figures,
    pub kiosks: &'a [KioskFacts],
    pub plan: Option<&'a Noted>,
    pub titles: &'a Titles,
    pub made_on: NaiveDate,
}

impl Source<'_> {
    /// All sections of the appendix, in their order.
    pub(super) fn appendix(&self) -> Vec<Section> {
        let plan = self.plan.map(|noted| self.activities(noted));
        let counted = self.has_kiosks().then(|| {
            [
                self.visits(),
                self.pages(),
                self.guides(),
                self.questions(),
                self.ratings(),
            ]
        });
        let counted = counted.into_iter().flatten();
        plan.into_iter()
            .chain(counted)
            .chain([self.completeness(), privacy()])
            .collect()
    }

    fn pages(&self) -> Section {
        let (now, before) = (self.now, self.before);
        let opened = sum(&now.pages);
        let mut sentences = vec![format!(
            "Các trang được mở {} lần, {}.",
            words::count(opened),
            compared(opened, sum(&before.pages), "lần")
        )];
        if let Some(most) = self.most_opened() {
            sentences.push(format!("Trang được mở nhiều nhất là {most}."));
        }
        let searches = now.searches.found.saturating_add(now.searches.not_found);
        if let Some(share) = words::percent(now.searches.found, searches) {
            let searches = words::count(searches);
            sentences.push(format!(
                "Người dân tìm kiếm {searches} lần; {share} số lần tìm có kết quả."
            ));
        }
        let bars: Vec<Bar> = now.pages.iter().take(TOP).map(|page| self.bar(page)).collect();
        let title = |id: &str| self.titles.title(id).to_owned();
        let notice = |id: &str| self.titles.notice(id).to_owned();
        let own = str::to_owned;
        let searches = [("Có kết quả", now.searches.found, before.searches.found)]
            .into_iter()
            .chain([("Không có kết quả", now.searches.not_found, before.searches.not_found)]);
        let pages = |caption, printed, now: &[Count], before: &[Count], named: &dyn Fn(&str) -> String| {
            counts(caption, Sheet::Pages, printed, joined(now, before), named)
        };
        Section {
            heading: "Nội dung được xem",
            sentences,
            charts: drawn(!bars.is_empty(), || {
                chart::bars("Các trang được mở nhiều nhất (số lần)", &bars)
            }),
            listings: [
                pages("Số lần mở từng trang", TOP, &now.pages, &before.pages, &title),
                pages(
                    "Số lần hiện mã QR của từng trang",
                    TOP_GROUPS,
                    &now.qr,
                    &before.qr,
                    &title,
                ),
                pages(
                    "Số lần mở chương trình phát thanh",
                    TOP_GROUPS,
                    &now.listened,
                    &before.listened,
                    &title,
                ),
                pages(
                    "Số lần nghe bài thu",
                    TOP_GROUPS,
                    &now.heard,
                    &before.heard,
                    &|value| words::group(Signal::SoundPlayed, value).to_owned(),
                ),
                pages(
                    "Số lần mở thông báo của xã",
                    TOP_GROUPS,
                    &now.notices,
                    &before.notices,
                    &notice,
                ),
                counts("Số lần tìm kiếm", Sheet::Pages, TOP, searches, &own),
                pages(
                    "Số lần mở trang từ kết quả tìm kiếm",
                    TOP_GROUPS,
                    &now.searches.opened,
                    &before.searches.opened,
                    &title,
                ),
                self.settings(),
                pages(FOREIGN, TOP_GROUPS, &now.foreign, &before.foreign, &own),
            ]
            .into_iter()
            .flatten()
            .collect(),
            ..Section::default()
        }
    }

    /// What residents set for themselves.
    fn settings(&self) -> Option<Listing> {
        let (now, before) = (self.now, self.before);
        let settings = [
            (Signal::Language, "Ngôn ngữ", &now.languages, &before.languages),
            (Signal::TextSize, "Cỡ chữ", &now.text_sizes, &before.text_sizes),
            (Signal::Contrast, "Độ tương phản", &now.contrasts, &before.contrasts),
        ];
        let rows = settings.into_iter().flat_map(|(signal, title, now, before)| {
            let named =
                joined(now, before).map(|(value, now, before)| (words::group(signal, value).to_owned(), (now, before)));
            group(signal.code(), title, named.collect())
        });
        listing(
            "Số lần chọn ngôn ngữ, cỡ chữ, độ tương phản",
            Sheet::Pages,
            TOP,
            rows.collect(),
        )
    }

    fn guides(&self) -> Section {
        let sums = |figures: &Figures| {
            let guides = figures.guides.iter();
            guides.fold((0_u64, 0_u64), |(opened, finished), guide| {
                (
                    opened.saturating_add(guide.opened),
                    finished.saturating_add(guide.finished),
                )
            })
        };
        let ((opened, finished), (opened_before, _)) = (sums(self.now), sums(self.before));
        let mut sentences = vec![format!(
            "Các bài hướng dẫn từng bước được mở {} lần, {}.",
            words::count(opened),
            compared(opened, opened_before, "lần")
        )];
        if let Some(share) = words::percent(finished, opened) {
            sentences.push(format!(
                "Có {} lần xem đến hết bài, bằng {share} số lần mở.",
                words::count(finished)
            ));
        }
        let top = self.now.guides.iter().take(TOP_GUIDES);
        let rows = subjects(&self.now.guides, &self.before.guides, |guide| &guide.page);
        let rows = rows
            .into_iter()
            .flat_map(|(id, now, before)| self.guide_rows(id, now, before));
        Section {
            heading: "Bài hướng dẫn",
            sentences,
            charts: top.map(|guide| chart::funnel(guide, self.titles)).collect(),
            listings: listing("Số lần xem đến từng bước", Sheet::Guides, TOP_GUIDES, rows.collect())
                .into_iter()
                .collect(),
            ..Section::default()
        }
    }

    fn guide_rows(&self, id: &str, now: Option<&Funnel>, before: Option<&Funnel>) -> Vec<Row> {
        let titles = self.titles.steps(id);
        let of = |number: &dyn Fn(&Funnel) -> u64| (now.map_or(0, number), before.map_or(0, number));
        let reached = [now, before].into_iter().flatten().map(|guide| guide.steps.len()).max();
        let steps = reached.unwrap_or(0).max(titles.len());
        let mut stages = vec![("Mở hướng dẫn".to_owned(), of(&|guide| guide.opened))];
        stages.extend((0..steps).map(|place| {
            let step = of(&|guide| guide.steps.get(place).copied().unwrap_or(0));
            (chart::step_label(titles, place), step)
        }));
        stages.push(("Xem hết".to_owned(), of(&|guide| guide.finished)));
        stages.push(("Hiện mã QR".to_owned(), of(&|guide| guide.qr)));
        group(id, self.titles.title(id), stages)
    }

    fn questions(&self) -> Section {
        let (answered, answered_before) = (self.now.answered(), self.before.answered());
        let mut sentences = vec![format!(
            "Các câu hỏi trắc nghiệm được trả lời {} lần, {}.",
            words::count(answered),
            compared(answered, answered_before, "lần")
        )];
        let (right, known) = self.right_answers();
        if let Some(share) = words::percent(right, known) {
            sentences.push(format!(
                "Trong {} câu trả lời biết được đáp án, {share} là đúng.",
                words::count(known)
            ));
        }
        let mut asked = subjects(&self.now.questions, &self.before.questions, |answers| &answers.question);
        asked.sort_by_key(|(_, now, _)| std::cmp::Reverse(now.map_or(0, Answers::total)));
        let choices = asked
            .into_iter()
            .flat_map(|(id, now, before)| self.choices(id, now, before))
            .collect();
        let sets = subjects(&self.now.quizzes, &self.before.quizzes, |scores| &scores.set);
        let scores = sets.into_iter().flat_map(|(id, now, before)| {
            let of = |scores: Option<&crate::office::figures::Scores>| scores.map_or(Vec::new(), |s| s.scores.clone());
            let (now, before) = (of(now), of(before));
            let named = joined(&now, &before)
                .map(|(group, now, before)| (words::group(Signal::QuizFinished, group).to_owned(), (now, before)));
            group(id, self.titles.title(id), named.collect())
        });
        let listings = [
            listing(
                "Số lần làm xong bộ câu hỏi, theo điểm",
                Sheet::Questions,
                TOP_GROUPS,
                scores.collect(),
            ),
            listing("Số lần chọn từng đáp án", Sheet::Questions, TOP_GROUPS, choices),
        ];
        Section {
            heading: "Câu hỏi trắc nghiệm",
            sentences,
            listings: listings.into_iter().flatten().collect(),
            ..Section::default()
        }
    }

    /// How many answers were right, of those that are judged.
    fn right_answers(&self) -> (u64, u64) {
        self.now.questions.iter().fold((0, 0), |(right, all), answers| {
            let known = self.titles.question(&answers.question);
            let judged = answers.judged(known.map(|question| question.answer));
            (right + judged.right(), all + judged.right() + judged.wrong())
        })
    }

    fn choices(&self, id: &str, now: Option<&Answers>, before: Option<&Answers>) -> Vec<Row> {
        let both = || [now, before].into_iter().flatten();
        let known = self.titles.question(id);
        let known = known.filter(|question| both().all(|answers| answers.agree_with(question.answer)));
        let chosen = |answers: Option<&Answers>, place: usize| {
            let chosen = answers.and_then(|answers| answers.choices.get(place));
            chosen.map_or(0, |chosen| chosen.total())
        };
        let longest = both().map(|answers| answers.choices.len()).max();
        let choices = longest
            .unwrap_or(0)
            .max(known.map_or(0, |question| question.choices.len()));
        let stages = (0..choices).map(|place| {
            let right = known.is_some_and(|question| question.answer == place);
            let choice = known.and_then(|question| question.choices.get(place));
            let mut words = choice.cloned().unwrap_or_else(|| format!("Đáp án thứ {}", place + 1));
            if right {
                words.push_str(" (đáp án đúng)");
            }
            (words, (chosen(now, place), chosen(before, place)))
        });
        group(id, self.titles.prompt(id), stages.collect())
    }

    fn ratings(&self) -> Section {
        let (rated, before) = (self.now.rated, self.before.rated);
        let mut sentences = vec![format!(
            "Người dân nhận xét các trang {} lần, {}.",
            words::count(rated.total()),
            compared(rated.total(), before.total(), "lần")
        )];
        if let Some(share) = words::percent(rated.good, rated.total()) {
            sentences.push(format!(
                "{share} số lần nhận xét là “{}”.",
                words::group(Signal::Rated, "good")
            ));
        }
        let visits = (self.now.visits_rated, self.before.visits_rated);
        sentences.push(format!(
            "Lúc dùng xong, người dân nhận xét cả lượt dùng {} lần, {}.",
            words::count(visits.0.total()),
            compared(visits.0.total(), visits.1.total(), "lần")
        ));
        let faces = |faces: Faces| [("good", faces.good), ("fair", faces.fair), ("poor", faces.poor)];
        let sums = faces(rated).into_iter().zip(faces(before));
        let all = sums.map(|((face, now), (_, before))| {
            let title = words::group(Signal::Rated, face);
            row(face, title, "", Shown::Count(now), Shown::Count(before))
        });
        let sums = faces(visits.0).into_iter().zip(faces(visits.1));
        let whole = sums.map(|((face, now), (_, before))| {
            let title = words::group(Signal::VisitRated, face);
            row(face, title, "", Shown::Count(now), Shown::Count(before))
        });
        let pages = subjects(&self.now.ratings, &self.before.ratings, |(page, _)| page);
        let rows = pages.into_iter().flat_map(|(id, now, before)| {
            let of = |rated: Option<&(String, Faces)>| faces(rated.map_or_else(Faces::default, |(_, faces)| *faces));
            let both = of(now).into_iter().zip(of(before));
            let named =
                both.map(|((face, now), (_, before))| (words::group(Signal::Rated, face).to_owned(), (now, before)));
            group(id, self.titles.title(id), named.collect())
        });
        let missed = subjects(&self.now.searches.topics, &self.before.searches.topics, |asked| {
            &asked.topic
        });
        let missed = missed.into_iter().filter_map(|(id, now, before)| {
            let of = |asked: Option<&Asked>| asked.map_or(0, |asked| asked.missed);
            let (now, before) = (of(now), of(before));
            let title = self.titles.topic(id).map_or(id, |topic| &topic.title);
            (now + before > 0).then(|| row(id, title, "", Shown::Count(now), Shown::Count(before)))
        });
        let listings = [
            listing("Việc bà con nói là không thấy", Sheet::Ratings, TOP, missed.collect()),
            listing(
                "Nhận xét chung",
                Sheet::Ratings,
                TOP,
                if rated.total() > 0 { all.collect() } else { Vec::new() },
            ),
            listing(
                "Nhận xét cả lượt dùng máy",
                Sheet::Ratings,
                TOP,
                if visits.0.total() > 0 {
                    whole.collect()
                } else {
                    Vec::new()
                },
            ),
            listing("Nhận xét từng trang", Sheet::Ratings, TOP_GROUPS, rows.collect()),
        ];
        let top = self.now.ratings.iter().take(TOP);
        let top: Vec<(String, Faces)> = top
            .map(|(id, faces)| (self.titles.title(id).to_owned(), *faces))
            .collect();
        Section {
            heading: "Nhận xét của người dân",
            sentences,
            charts: drawn(!top.is_empty(), || {
                chart::ratings("Nhận xét về các trang (số lần)", &top)
            }),
            listings: listings.into_iter().flatten().collect(),
            ..Section::default()
        }
    }

    /// The pages that were opened most, and how often.
    fn most_opened(&self) -> Option<String> {
        let pages = self.now.pages.iter();
        let pages = pages.map(|page| (format!("“{}”", self.titles.title(&page.id)), page.n));
        most(pages, "trang", "lần")
    }

    fn bar(&self, page: &Count) -> Bar {
        Bar::new(self.titles.title(&page.id), page.n)
    }
}

/// What there is most of, and how many; all of it where it is level, the first three by name. Nothing if even that is too little to say.
fn most(counted: impl Iterator<Item = (String, u64)>, what: &str, unit: &str) -> Option<String> {
    let (mut named, mut most) = (Vec::new(), 1);
    for (name, n) in counted {
        if n > most {
            named.clear();
            most = n;
        }
        if n == most {
            named.push(name);
        }
    }
    let others = named.len().saturating_sub(MOST_LEVEL);
    named.truncate(MOST_LEVEL);
    if others > 0 {
        named.push(format!("{others} {what} khác"));
    }
    let last = named.pop()?;
    let n = words::count(most);
    Some(if named.is_empty() {
        format!("{last} ({n} {unit})")
    } else {
        format!("{} và {last} (cùng {n} {unit})", named.join(", "))
    })
}

fn privacy() -> Section {
    Section {
        heading: "Cách đếm và bảo vệ thông tin cá nhân",
        sentences: vec![
            "Máy chỉ đếm số lần từng việc được làm trên màn hình; không ghi họ tên, số giấy tờ, số điện thoại, hình ảnh, \
             giọng nói hay chữ đã gõ, và không theo dõi riêng một lượt sử dụng nào."
                .to_owned(),
            "Mọi số lượt, số lần trong báo cáo đều được làm tròn đến 5, lên hoặc xuống, để không ai tính ngược ra được những con số \
             nhỏ, kể cả khi lấy số này trừ số kia hoặc so nhiều báo cáo với nhau. “<5” là từ 0 đến 4; dấu “–” là không có hoặc không so \
             sánh được. Số tổng cộng từ các số đã làm tròn, nên có thể chênh với số thật một ít."
                .to_owned(),
        ],
        ..Section::default()
    }
}

fn drawn(wanted: bool, picture: impl FnOnce() -> Chart) -> Vec<Chart> {
    if wanted { vec![picture()] } else { Vec::new() }
}

fn sum(counts: &[Count]) -> u64 {
    counts.iter().fold(0, |sum, count| sum.saturating_add(count.n))
}

/// `tăng 12 lượt (10,5%) so với kỳ trước (114 lượt)`.
fn compared(now: u64, before: u64, unit: &str) -> String {
    // What was rounded to nothing may be up to four.
    if now == 0 || before == 0 {
        return format!("kỳ trước có {} {unit}", words::count(before));
    }
    let change = Change::of(now, before);
    let verb = match change.difference {
        0 => return format!("bằng kỳ trước ({} {unit})", words::count(before)),
        1.. => "tăng",
        _ => "giảm",
    };
    let by = number(change.difference.unsigned_abs());
    let share = words::tenths(change.permille.unwrap_or(0).unsigned_abs());
    format!(
        "{verb} {by} {unit} ({share}%) so với kỳ trước ({} {unit})",
        number(before)
    )
}

fn row(subject: &str, title: &str, value: &str, now: Shown, before: Shown) -> Row {
    Row {
        subject: subject.to_owned(),
        title: title.to_owned(),
        value: value.to_owned(),
        now,
        before,
    }
}

/// Several figures of one subject.
fn group(subject: &str, title: &str, values: Vec<(String, (u64, u64))>) -> Vec<Row> {
    let rows = values.into_iter();
    rows.map(|(value, (now, before))| row(subject, title, &value, Shown::Count(now), Shown::Count(before)))
        .collect()
}

fn listing(caption: &'static str, sheet: Sheet, printed: usize, rows: Vec<Row>) -> Option<Listing> {
    (!rows.is_empty()).then_some(Listing {
        caption,
        sheet,
        printed,
        rows,
    })
}

/// A figure a subject, or none if nothing was counted at all.
fn counts<'a>(
    caption: &'static str,
    sheet: Sheet,
    printed: usize,
    counts: impl Iterator<Item = (&'a str, u64, u64)>,
    named: &dyn Fn(&str) -> String,
) -> Option<Listing> {
    let counts: Vec<_> = counts.collect();
    if counts.iter().all(|(_, now, before)| (*now, *before) == (0, 0)) {
        return None;
    }
    let rows = counts.into_iter();
    let rows = rows.map(|(id, now, before)| row(id, &named(id), "", Shown::Count(now), Shown::Count(before)));
    listing(caption, sheet, printed, rows.collect())
}

/// Counts beside those of the period before; what was counted only then comes last.
fn joined<'a>(now: &'a [Count], before: &'a [Count]) -> impl Iterator<Item = (&'a str, u64, u64)> {
    let both = subjects(now, before, |count| &count.id);
    both.into_iter().map(|(id, now, before)| {
        let n = |count: Option<&Count>| count.map_or(0, |count| count.n);
        (id, n(now), n(before))
    })
}

/// Everything with the same id beside that of the period before; what was there only then comes last.
fn subjects<'a, T>(
    now: &'a [T],
    before: &'a [T],
    id: impl Fn(&'a T) -> &'a String,
) -> Vec<(&'a str, Option<&'a T>, Option<&'a T>)> {
    let find = |list: &'a [T], wanted: &String| list.iter().find(|other| id(other) == wanted);
    let here = now
        .iter()
        .map(|one| (id(one).as_str(), Some(one), find(before, id(one))));
    let gone = before.iter().filter(|one| find(now, id(one)).is_none());
    here.chain(gone.map(|one| (id(one).as_str(), None, Some(one))))
        .collect()
}
