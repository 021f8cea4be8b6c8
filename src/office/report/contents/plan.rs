//! What was planned and done, row for row of the commune's plan, beside what the kiosks counted for it.

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
    /// The plan's table. None if the commune plans nothing and nothing was done.
    pub(super) fn plan(&self, noted: &Noted) -> Option<Section> {
        let lines = self.lines(noted);
        if lines.is_empty() {
            return None;
        }
        Some(Section {
            heading: "Kết quả thực hiện kế hoạch",
            sentences: self.plan_sentences(&lines),
            brief: Some(self.brief(&lines)),
            ..Section::default()
        })
    }

    /// The same in numbers, and each single activity.
    pub(super) fn activities(&self, noted: &Noted) -> Section {
        let lines = self.lines(noted);
        let done: Vec<&Activity> = noted.activities.iter().filter(|done| self.is_now(done)).collect();
        let sentence = if done.is_empty() {
            format!("{}, chưa có việc nào được ghi ở trang Hoạt động.", self.when())
        } else {
            "Các việc dưới đây do cán bộ ghi ở trang Hoạt động. Số người dự, số lần, số tờ là số đã ghi, không làm tròn."
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
                planned: noted.goals.planned(row, period.in_months()),
                now: of(period.from(), period.to()),
                before: of(earlier.from(), earlier.to()),
                so_far: of(first, last),
                counted: counted(row, self.now)
                    .zip(counted(row, self.before))
                    .map(|((name, now), (_, before))| (name, now, before)),
            }
        };
        let is_something = |line: &Line| {
            line.planned != Planned::Nothing || [line.now, line.before, line.so_far].iter().any(|sum| sum.done > 0)
        };
        PlanRow::ALL.into_iter().map(line).filter(is_something).collect()
    }

    fn is_now(&self, activity: &Activity) -> bool {
        (self.period.from()..=self.period.to()).contains(&activity.day)
    }

    fn plan_sentences(&self, lines: &[Line]) -> Vec<String> {
        let numbers = |wanted: &dyn Fn(&Line) -> bool| -> Vec<&str> {
            let wanted = lines.iter().filter(|line| wanted(line));
            wanted.map(|line| line.row.number()).collect()
        };
        let lacking = numbers(&|line| line.now.done == 0);
        let few = numbers(&|line| line.now.done > 0 && line.now.is_enough(line.row, line.planned) == Some(false));
        let (done, all) = (lines.len() - lacking.len(), lines.len());
        let sentence = match (done, lacking.as_slice()) {
            (0, _) => format!("{}, chưa có việc nào theo kế hoạch được ghi lại.", self.when()),
            (_, []) => format!("{}, cả {all} nội dung của kế hoạch đều có việc đã làm.", self.when()),
            (_, lacking) => format!(
                "{}, {done} trong {all} nội dung của kế hoạch có việc đã làm; chưa có ở nội dung {}.",
                self.when(),
                lacking.join(", ")
            ),
        };
        let few = (!few.is_empty()).then(|| {
            format!(
                "Có làm nhưng chưa đủ số đã định cho kỳ này: nội dung {}.",
                few.join(", ")
            )
        });
        [sentence].into_iter().chain(few).collect()
    }

    fn brief(&self, lines: &[Line]) -> Brief {
        // A period that begins with the year says the same twice.
        let has_so_far = self.period.from() > self.period.year_so_far().0;
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
                .map(|(name, now, _)| format!("{} {name}", words::count(now)));
            [
                line.row.named(),
                line.planned.text(line.row),
                line.now.text(line.row),
                line.before.text(line.row),
                line.so_far.text(line.row),
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
        PlanRow::Questions => {
            let finished = figures.quizzes.iter().map(|set| sum(&set.scores));
            ("lần làm xong bộ câu hỏi", finished.fold(0, u64::saturating_add))
        }
        PlanRow::Leaflets => ("lần hiện mã QR mang về", sum(&figures.qr)),
        PlanRow::Briefings | PlanRow::Officers | PlanRow::Groups => return None,
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
        vec![activity.title.clone(), number.to_owned(), day, numbers(activity)]
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

fn numbers(activity: &Activity) -> String {
    let one = std::slice::from_ref(activity);
    Done::of(activity.row, one, activity.day, activity.day).text(activity.row)
}

/// The same for workbook and CSV.
fn activities_of(done: &[&Activity]) -> Option<Listing> {
    let rows = done.iter().map(|activity| {
        let (number, said) = (activity.row.number(), Shown::Words(numbers(activity)));
        row(
            number,
            &activity.title,
            &words::date(activity.day),
            said,
            Shown::Nothing,
        )
    });
    listing("Từng việc đã ghi", Sheet::Plan, 0, rows.collect())
}
