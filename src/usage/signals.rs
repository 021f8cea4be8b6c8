//! The closed list of what is counted, and the events that add to it.
//!
//! The privacy page prints [`Signal::ALL`]; nothing outside that list can be counted, because [`Event::cell`] is the only
//! way to a counter. This room holds no counters and knows no time. Read [`Signal`] first, then [`Event`].

mod event;
mod groups;

pub use event::{Cell, Event};
pub use groups::{Digit, Ending, Face, Heard, Judged, Label, Length, Origin, PageCount, Score};

/// Which of the two families of counters a signal belongs to. They are never joined finer than a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// How many came, at which hour, for how long.
    When,
    /// What was opened, heard, rated or answered, for each day.
    What,
}

/// One thing that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Signal {
    /// A visit began.
    VisitStarted,
    /// A visit ended, by how it ended.
    VisitEnded,
    /// How long a visit lasted, coarsely.
    VisitLength,
    /// How many pages a visit opened, coarsely.
    VisitPages,
    /// A page was opened.
    PageOpened,
    /// A step of a guide was reached.
    StepReached,
    /// A guide was read to its last step.
    GuideFinished,
    /// The QR code of a page was shown.
    QrShown,
    /// A radio programme was opened, to listen or to read.
    Listened,
    /// A recording was played: begun, or heard to its end.
    SoundPlayed,
    /// A notice of the commune was opened.
    NoticeOpened,
    /// A page was rated with one of three faces.
    Rated,
    /// A whole visit was, at its end.
    VisitRated,
    /// A question of a quiz was answered, by choice. No longer counted: earlier programs said no more of an answer.
    QuestionAnswered,
    /// A question of a quiz was answered, by choice and by whether that was right in the edition that asked.
    AnswerJudged,
    /// A quiz was finished, by coarse score.
    QuizFinished,
    /// A search found something. The words are not kept.
    SearchFound,
    /// A search found nothing. The words are not kept.
    SearchNotFound,
    /// Of the searches that found something: a title, keywords or a summary answered.
    SearchAnswered,
    /// Of the searches that found something: the words only stand somewhere in a text.
    SearchMentioned,
    /// A topic was opened, by whether it was searched for, chosen from the list, or chosen by somebody who had not found what they came for.
    TopicAsked,
    /// A page was opened from search results.
    OpenedFromSearch,
    /// A language was chosen.
    Language,
    /// A text size was chosen.
    TextSize,
    /// A contrast was chosen.
    Contrast,
}

impl Signal {
    /// Every signal, in the order the privacy page shows them; see also [`Signal::is_counted`].
    pub const ALL: [Self; 25] = [
        Self::VisitStarted,
        Self::VisitEnded,
        Self::VisitLength,
        Self::VisitPages,
        Self::PageOpened,
        Self::StepReached,
        Self::GuideFinished,
        Self::QrShown,
        Self::Listened,
        Self::SoundPlayed,
        Self::NoticeOpened,
        Self::Rated,
        Self::VisitRated,
        Self::QuestionAnswered,
        Self::AnswerJudged,
        Self::QuizFinished,
        Self::SearchFound,
        Self::SearchNotFound,
        Self::SearchAnswered,
        Self::SearchMentioned,
        Self::TopicAsked,
        Self::OpenedFromSearch,
        Self::Language,
        Self::TextSize,
        Self::Contrast,
    ];

    /// The name it has in `usage.db` and in reports. Never change one: old months are written with it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::VisitStarted => "visit-started",
            Self::VisitEnded => "visit-ended",
            Self::VisitLength => "visit-length",
            Self::VisitPages => "visit-pages",
            Self::PageOpened => "page-opened",
            Self::StepReached => "step-reached",
            Self::GuideFinished => "guide-finished",
            Self::QrShown => "qr-shown",
            Self::Listened => "listened",
            Self::SoundPlayed => "sound-played",
            Self::NoticeOpened => "notice-opened",
            Self::Rated => "rated",
            Self::VisitRated => "visit-rated",
            Self::QuestionAnswered => "question-answered",
            Self::AnswerJudged => "answer-judged",
            Self::QuizFinished => "quiz-finished",
            Self::SearchFound => "search-found",
            Self::SearchNotFound => "search-not-found",
            Self::SearchAnswered => "search-answered",
            Self::SearchMentioned => "search-mentioned",
            Self::TopicAsked => "topic-asked",
            Self::OpenedFromSearch => "opened-from-search",
            Self::Language => "language",
            Self::TextSize => "text-size",
            Self::Contrast => "contrast",
        }
    }

    /// The signal with this code, or `None` for a code this program doesn't know.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|signal| signal.code() == code)
    }

    /// Whether this program counts it; what only earlier ones did is still read.
    #[must_use]
    pub const fn is_counted(self) -> bool {
        !matches!(self, Self::QuestionAnswered)
    }

    /// The family it belongs to.
    #[must_use]
    pub const fn family(self) -> Family {
        match self {
            Self::VisitStarted | Self::VisitEnded | Self::VisitLength | Self::VisitPages => Family::When,
            _ => Family::What,
        }
    }

    /// One line for the privacy page, in Vietnamese.
    #[must_use]
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Self::VisitStarted => "Số lượt sử dụng máy, theo từng giờ",
            Self::VisitEnded => "Lượt sử dụng kết thúc như thế nào: dùng xong, bỏ dở hay do máy dừng",
            Self::VisitLength => "Lượt sử dụng dài khoảng bao lâu",
            Self::VisitPages => "Một lượt xem khoảng mấy trang",
            Self::PageOpened => "Số lần mở từng trang",
            Self::StepReached => "Số lần xem đến từng bước của bài hướng dẫn",
            Self::GuideFinished => "Số lần xem hết bài hướng dẫn",
            Self::QrShown => "Số lần hiện mã QR của từng trang",
            Self::Listened => "Số lần mở từng chương trình phát thanh để nghe hay đọc",
            Self::SoundPlayed => "Số lần nghe từng bài, và số lần nghe đến hết",
            Self::NoticeOpened => "Số lần mở từng thông báo của xã",
            Self::Rated => "Số lần chọn mặt vui, bình thường hay buồn khi nhận xét một trang",
            Self::VisitRated => "Số lần chọn từng mặt khi nhận xét cả lượt dùng máy",
            Self::QuestionAnswered => "Số lần chọn từng đáp án của câu hỏi",
            Self::AnswerJudged => "Số lần chọn từng đáp án của câu hỏi, đúng hay sai",
            Self::QuizFinished => "Số lần làm xong bộ câu hỏi và được khoảng mấy điểm",
            Self::SearchFound => "Số lần tìm kiếm có kết quả, không lưu từ đã gõ",
            Self::SearchNotFound => "Số lần tìm kiếm không có kết quả, không lưu từ đã gõ",
            Self::SearchAnswered => "Số lần tìm kiếm mà máy có bài trả lời, không lưu từ đã gõ",
            Self::SearchMentioned => "Số lần tìm kiếm mà máy chỉ có bài nhắc đến, không lưu từ đã gõ",
            Self::TopicAsked => "Số lần hỏi từng việc trong danh sách những việc hay hỏi",
            Self::OpenedFromSearch => "Số lần mở từng trang từ kết quả tìm kiếm",
            Self::Language => "Số lần chọn từng ngôn ngữ",
            Self::TextSize => "Số lần chọn từng cỡ chữ",
            Self::Contrast => "Số lần chọn từng độ tương phản",
        }
    }

    /// One line for the privacy page, in English.
    #[must_use]
    pub const fn english(self) -> &'static str {
        match self {
            Self::VisitStarted => "How many visits began, for each hour",
            Self::VisitEnded => "How visits ended: finished, walked away, or the machine stopped",
            Self::VisitLength => "Roughly how long visits lasted",
            Self::VisitPages => "Roughly how many pages a visit opened",
            Self::PageOpened => "How often each page was opened",
            Self::StepReached => "How often each step of a guide was reached",
            Self::GuideFinished => "How often each guide was read to the end",
            Self::QrShown => "How often the QR code of each page was shown",
            Self::Listened => "How often each radio programme was opened to listen or read",
            Self::SoundPlayed => "How often each recording was begun, and heard to its end",
            Self::NoticeOpened => "How often each notice of the commune was opened",
            Self::Rated => "How often each face was chosen to rate a page",
            Self::VisitRated => "How often each face was chosen to rate a whole visit",
            Self::QuestionAnswered => "How often each answer to a question was chosen",
            Self::AnswerJudged => "How often each answer to a question was chosen, rightly or wrongly",
            Self::QuizFinished => "How often each quiz was finished, by group of scores",
            Self::SearchFound => "How often a search found something; the words are not kept",
            Self::SearchNotFound => "How often a search found nothing; the words are not kept",
            Self::SearchAnswered => "How often a search was answered; the words are not kept",
            Self::SearchMentioned => "How often a search found a mention only; the words are not kept",
            Self::TopicAsked => "How often each topic of the list of common needs was asked for",
            Self::OpenedFromSearch => "How often each page was opened from search results",
            Self::Language => "How often each language was chosen",
            Self::TextSize => "How often each text size was chosen",
            Self::Contrast => "How often each contrast was chosen",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_list_is_complete_and_no_code_is_used_twice() {
        let codes: BTreeSet<_> = Signal::ALL.iter().map(|signal| signal.code()).collect();
        assert_eq!(Signal::ALL.len(), codes.len());
        for (place, signal) in Signal::ALL.into_iter().enumerate() {
            // The declared order is the order of ALL, so a variant left out of it would leave a hole here.
            assert_eq!(place, signal as usize);
            assert_eq!(Some(signal), Signal::from_code(signal.code()));
            assert_eq!(Label::new(signal.code()).as_str(), signal.code());
        }
    }

    #[test]
    fn the_privacy_page_gets_one_line_for_each_signal() {
        for signal in Signal::ALL {
            for line in [signal.vietnamese(), signal.english()] {
                assert!(
                    !line.contains('\n') && (10..=90).contains(&line.chars().count()),
                    "{line}"
                );
            }
        }
    }

    #[test]
    fn only_visits_are_counted_by_when() {
        let when: Vec<_> = Signal::ALL
            .into_iter()
            .filter(|signal| signal.family() == Family::When)
            .collect();
        assert_eq!(
            [
                Signal::VisitStarted,
                Signal::VisitEnded,
                Signal::VisitLength,
                Signal::VisitPages
            ],
            when[..]
        );
    }
}
