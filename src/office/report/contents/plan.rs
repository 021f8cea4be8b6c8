//! What was planned and done, row for row of the commune's plan, beside what the kiosks counted for it.

use chrono::{Datelike, NaiveDate};

use super::{Figures, Listing, Noted, Row, Section, Sheet, Shown, Source, listing, row, sum};
use crate::office::plan::{Activity, Done, Planned, Row as PlanRow};
use crate::office::report::section::Brief;
use crate::office::words;

/// How many single activities the page lists; workbook and CSV have all.
const MOST_ACTIVITIES: usize = 40;

/// What can be said of a row of the plan.
struct Line {
    row: PlanRow,
    planned: Planned,
    now: Done,
    before: Done,
    so_far: Done,
    /// What it is called that kiosks counted, and how often in the period and in the one before.
    counted: Option<(&'static str, u64, u64)>,
}

impl Source<'_> {
    /// The plan's table: all of its rows, those that ask for two things as two, because whoever reads it has the plan beside it.
    pub(super) fn plan(&self, noted: &Noted) -> Section {
        let lines = self.lines(noted);
        Section {
            heading: "Kết quả thực hiện kế hoạch",
            sentences: self.plan_sentences(&lines),
            brief: Some(self.brief(&lines, noted)),
            ..Section::default()
        }
    }

    /// The same in numbers, and each single activity.
    pub(super) fn activities(&self, noted: &Noted) -> Section {
        let lines = self.lines(noted);
        let done: Vec<&Activity> = noted.activities.iter().filter(|done| self.is_now(done)).collect();
        let sentence = if done.is_empty() {
            format!("{}, chưa ghi việc nào.", self.when())
        } else {
            "Các việc dưới đây do cán bộ phụ trách ghi. Số người dự, số lần, số tờ là số đã ghi, không làm tròn."
                .to_owned()
        };
        let numbers = listing(
            "Kế hoạch và kết quả",
            Sheet::Plan,
            0,
            lines.iter().flat_map(figures).collect(),
        );
        Section {
            heading: "Các việc đã làm theo kế hoạch",
            sentences: vec![sentence],
            brief: (!done.is_empty()).then(|| each_in_brief(&done)),
            listings: numbers.into_iter().chain(activities_of(&done)).collect(),
            ..Section::default()
        }
    }

    fn lines(&self, noted: &Noted) -> Vec<Line> {
        let (period, earlier) = (self.period, self.period.before());
        let (first, last) = period.year_so_far();
        let line = |row| {
            let of = |from, to| Done::of(row, &noted.activities, from, to);
            Line {
                row,
                planned: noted.plans.planned(row, period.years_of_months(), last.year()),
                now: of(period.from(), period.to()),
                before: of(earlier.from(), earlier.to()),
                so_far: of(first, last),
                counted: counted(row, self.now)
                    .filter(|_| self.has_kiosks())
                    .zip(counted(row, self.before))
                    .map(|((name, now), (_, before))| (name, now, before)),
            }
        };
        PlanRow::ALL.into_iter().map(line).collect()
    }

    fn is_now(&self, activity: &Activity) -> bool {
        (self.period.from()..=self.period.to()).contains(&activity.day)
    }

    fn plan_sentences(&self, lines: &[Line]) -> Vec<String> {
        let numbers = |wanted: &dyn Fn(&Line) -> bool| -> Vec<&str> {
            let wanted = lines.iter().filter(|line| wanted(line));
            wanted.map(|line| line.row.called()).collect()
        };
        let done = numbers(&|line| line.now.done > 0).len();
        // What was planned for the year and done before this period is not lacking in it.
        let met = numbers(&|line| line.is_planned() && line.now.done == 0 && line.is_met());
        let lacking = numbers(&|line| line.is_planned() && line.now.done == 0 && !line.is_met());
        let few = numbers(&|line| line.now.done > 0 && line.now.is_enough(line.row, line.planned) == Some(false));
        let (when, all) = (self.when(), done + met.len() + lacking.len());
        let mut sentence = match done {
            0 if lines.iter().all(|line| line.planned == Planned::NotYet) => format!("{when}, kế hoạch chưa bắt đầu."),
            0 => format!("{when}, chưa có việc nào theo kế hoạch được ghi lại"),
            _ if done == all => format!("{when}, cả {all} mục của kế hoạch đều có việc đã làm"),
            _ => format!("{when}, {done} trong {all} mục của kế hoạch có việc đã làm"),
        };
        if done > 0 && !lacking.is_empty() {
            sentence = format!("{sentence}; chưa có ở mục {}", lacking.join(", "));
        }
        if !met.is_empty() {
            sentence = format!("{sentence}; đã đạt kế hoạch năm từ trước: mục {}", met.join(", "));
        }
        let few = (!few.is_empty()).then(|| {
            let few = few.join(", ");
            // Until it is over more may be done.
            if self.made_on <= self.period.to() {
                let day = words::date(self.made_on);
                format!("Tính đến ngày {day}, đã triển khai nhưng chưa đạt kế hoạch: mục {few}.")
            } else {
                format!("Đã triển khai nhưng chưa đạt kế hoạch: mục {few}.")
            }
        });
        let sentence = format!("{}.", sentence.trim_end_matches('.'));
        [sentence].into_iter().chain(few).collect()
    }

    fn brief(&self, lines: &[Line], noted: &Noted) -> Brief {
        // A period that begins with the year says the same twice; one over New Year doesn't.
        let so_far = self.period.year_so_far();
        let has_so_far = self.period.from() != so_far.0;
        let earlier = self.period.before();
        // Where nothing at all was noted, nobody knows whether nothing was done.
        let is_noted = |from: NaiveDate, to: NaiveDate| {
            let mut days = noted.activities.iter().map(|activity| activity.day);
            days.any(|day| (from..=to).contains(&day))
        };
        let now = is_noted(self.period.from(), self.period.to());
        let before = is_noted(earlier.from(), earlier.to());
        let this_year = is_noted(so_far.0, so_far.1);
        let columns = [
            "Nội dung",
            "Kế hoạch",
            "Kỳ này",
            "Kỳ trước",
            "Từ đầu năm",
            "Máy tra cứu đếm",
        ];
        let cells = |line: &Line| {
            let counted = line
                .counted
                .map(|(name, now, _)| format!("{}\u{a0}{name}", words::count(now)));
            [
                line.row.named(),
                line.planned.text(line.row),
                line.now.text_where(line.row, now),
                line.before.text_where(line.row, before),
                line.so_far.text_where(line.row, this_year),
                counted.unwrap_or_else(|| Shown::Nothing.text()),
            ]
        };
        let is_shown = |place: &usize| has_so_far || *place != 4;
        let shown = |cells: [String; 6]| {
            let cells = cells.into_iter().enumerate().filter(|(place, _)| is_shown(place));
            cells.map(|(_, words)| words).collect()
        };
        Brief {
            caption: "Kế hoạch và kết quả theo từng nội dung",
            head: (0..columns.len())
                .filter(is_shown)
                .map(|place| columns[place])
                .collect(),
            rows: lines.iter().map(|line| shown(cells(line))).collect(),
            note: "Cột cuối là số máy tự đếm, làm tròn đến 5; các cột khác là số cán bộ ghi.".to_owned(),
        }
    }
}

impl Line {
    fn is_planned(&self) -> bool {
        matches!(self.planned, Planned::InPeriod(_) | Planned::InYear(_))
    }

    /// Whether as much as is planned for the year was done in it.
    fn is_met(&self) -> bool {
        let Planned::InYear(in_year) = self.planned else {
            return false;
        };
        self.so_far.is_enough(self.row, Planned::InPeriod(in_year)) == Some(true)
    }
}

/// What kiosks counted that comes nearest to a row of the plan; each signal stands in one row only.
fn counted(row: PlanRow, figures: &Figures) -> Option<(&'static str, u64)> {
    Some(match row {
        PlanRow::Radio => ("lần mở bài phát thanh", sum(&figures.listened)),
        PlanRow::Portal => ("lần mở trang", sum(&figures.pages)),
        PlanRow::Social => ("lần mở thông báo", sum(&figures.notices)),
        PlanRow::Residents => {
            let finished = figures.guides.iter().map(|guide| guide.finished);
            ("lần xem hết hướng dẫn", finished.fold(0, u64::saturating_add))
        }
        PlanRow::Contest => {
            let finished = figures.quizzes.iter().map(|set| sum(&set.scores));
            ("lần làm xong bộ câu hỏi", finished.fold(0, u64::saturating_add))
        }
        PlanRow::Leaflets => ("lần hiện mã QR mang về", sum(&figures.qr)),
        PlanRow::Issued | PlanRow::Briefings | PlanRow::Officers | PlanRow::Groups | PlanRow::Questions => return None,
    })
}

/// The figures of a row, one a line.
fn figures(line: &Line) -> Vec<Row> {
    let planned = || Shown::Words(line.planned.text(line.row));
    let number = Shown::Number;
    let mut figures = vec![
        ("Kế hoạch".to_owned(), planned(), planned()),
        (
            format!("Đã làm ({})", line.row.unit()),
            number(line.now.done),
            number(line.before.done),
        ),
    ];
    if let Some(beside) = line.row.beside() {
        let name = format!("Số {}", beside.unit());
        figures.push((name, number(line.now.beside), number(line.before.beside)));
    }
    let name = format!("Đã làm từ đầu năm ({})", line.row.unit());
    figures.push((name, number(line.so_far.done), Shown::Nothing));
    if let Some((name, now, before)) = line.counted {
        figures.push((
            format!("Máy tra cứu: số {name}"),
            Shown::Count(now),
            Shown::Count(before),
        ));
    }
    let rows = figures.into_iter();
    rows.map(|(value, now, before)| row(line.row.number(), &line.row.named(), &value, now, before))
        .collect()
}

/// Each activity in words, as the page has it.
fn each_in_brief(done: &[&Activity]) -> Brief {
    let cells = |activity: &&Activity| {
        let (day, number) = (words::date(activity.day), activity.row.number());
        vec![called(activity), number.to_owned(), day, activity.numbers()]
    };
    let left_out = done.len().saturating_sub(MOST_ACTIVITIES);
    Brief {
        caption: "Từng việc đã ghi",
        head: vec!["Việc", "Nội dung", "Ngày", "Số đã ghi"],
        rows: done.iter().take(MOST_ACTIVITIES).map(cells).collect(),
        note: if left_out > 0 {
            format!("Còn {left_out} việc khác, xem tệp bảng tính kèm theo.")
        } else {
            String::new()
        },
    }
}

/// What it was, so that a post that is called as a service is not read as the service.
fn called(activity: &Activity) -> String {
    let title = &activity.title;
    let kind = match activity.row {
        PlanRow::Portal => "Tin, bài",
        PlanRow::Social => "Bài đăng",
        PlanRow::Leaflets => "Tờ rơi",
        _ => return title.clone(),
    };
    // The row's own words say it already.
    if title.starts_with(kind) {
        title.clone()
    } else {
        format!("{kind}: {title}")
    }
}

/// The same for workbook and CSV.
fn activities_of(done: &[&Activity]) -> Option<Listing> {
    let rows = done.iter().map(|activity| {
        let (number, said) = (activity.row.number(), Shown::Words(activity.numbers()));
        row(
            number,
            &called(activity),
            &words::date(activity.day),
            said,
            Shown::Nothing,
        )
    });
    listing("Từng việc đã ghi", Sheet::Activities, 0, rows.collect())
}
