//! The words of a site that are not content, in both languages. Begin with [`Words`].

/// The language of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Vietnamese,
    English,
}

impl Language {
    pub(super) fn is_english(self) -> bool {
        self == Self::English
    }

    /// As HTML writes it.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Vietnamese => "vi",
            Self::English => "en",
        }
    }

    pub(super) const fn words(self) -> &'static Words {
        match self {
            Self::Vietnamese => &VIETNAMESE,
            Self::English => &ENGLISH,
        }
    }

    /// The one of two texts that is in this language; English may be missing.
    pub(super) fn of<'a>(self, vietnamese: &'a str, english: &'a str) -> &'a str {
        if self.is_english() && !english.is_empty() {
            english
        } else {
            vietnamese
        }
    }
}

/// What stands between the words of the content.
pub(super) struct Words {
    pub site: &'static str,
    /// Before the commune's name.
    pub site_of: &'static str,
    /// As Open Graph writes it.
    pub locale: &'static str,
    pub skip: &'static str,
    pub menu: &'static str,
    pub home: &'static str,
    pub a_to_z: &'static str,
    pub topics: &'static str,
    pub calendar: &'static str,
    pub staff: &'static str,
    pub you_are_here: &'static str,
    pub what_do_you_need: &'static str,
    pub who: &'static str,
    pub cost: &'static str,
    pub time: &'static str,
    pub place: &'static str,
    pub hotline: &'static str,
    pub official: &'static str,
    pub before: &'static str,
    pub prepare: &'static str,
    pub steps: &'static str,
    pub note: &'static str,
    pub warning: &'static str,
    pub contact: &'static str,
    pub table: &'static str,
    pub sources: &'static str,
    pub updated: &'static str,
    pub related: &'static str,
    pub lesson: &'static str,
    pub meeting: &'static str,
    pub in_vietnamese: &'static str,
    pub edition: &'static str,
    pub checked: &'static str,
    pub publisher: &'static str,
    pub accessibility: &'static str,
    pub nothing_counted: &'static str,
    pub printed_from: &'static str,
}

const VIETNAMESE: Words = Words {
    site: "Chuyển đổi số cho bà con",
    site_of: "Chuyển đổi số cho bà con ",
    locale: "vi_VN",
    skip: "Đến thẳng nội dung",
    menu: "Các trang chính",
    home: "Trang đầu",
    a_to_z: "Tìm theo A–Z",
    topics: "Việc hay hỏi",
    calendar: "Lịch",
    staff: "Hỏi cán bộ",
    you_are_here: "Mục đang xem",
    what_do_you_need: "Ông/bà cần việc gì?",
    who: "Ai làm được",
    cost: "Lệ phí",
    time: "Bao lâu",
    place: "Làm ở đâu",
    hotline: "Số điện thoại hỏi",
    official: "Địa chỉ chính thức",
    before: "Cần biết trước",
    prepare: "Cần chuẩn bị",
    steps: "Các bước",
    note: "Ghi chú",
    warning: "Cảnh báo",
    contact: "Liên hệ",
    table: "Bảng",
    sources: "Nguồn",
    updated: "Cập nhật ngày",
    related: "Nên đọc thêm",
    lesson: "Bài dùng cho lớp học của xã",
    meeting: "Dùng cho hội nghị hỏi đáp của xã",
    in_vietnamese: "",
    edition: "Bản số",
    checked: "kiểm tra lần cuối ngày",
    publisher: "Chịu trách nhiệm nội dung:",
    accessibility: "Trợ năng của trang này",
    nothing_counted: "Trang này không đếm ai, không theo dõi ai.",
    printed_from: "In từ",
};

const ENGLISH: Words = Words {
    site: "Digital services for residents",
    site_of: "Digital services for residents of ",
    locale: "en_GB",
    skip: "Skip to the content",
    menu: "Main pages",
    home: "Home",
    a_to_z: "A–Z",
    topics: "Common needs",
    calendar: "Calendar",
    staff: "Ask staff",
    you_are_here: "You are here",
    what_do_you_need: "What do you need?",
    who: "Who can do it",
    cost: "Fee",
    time: "How long",
    place: "Where",
    hotline: "Number to ask",
    official: "Official address",
    before: "Good to know first",
    prepare: "What to bring",
    steps: "The steps",
    note: "Note",
    warning: "Warning",
    contact: "Contact",
    table: "Table",
    sources: "Sources",
    updated: "Updated",
    related: "Read next",
    lesson: "A lesson of the commune's classes",
    meeting: "For the commune's meetings",
    in_vietnamese: " (in Vietnamese)",
    edition: "Edition",
    checked: "last checked on",
    publisher: "Responsible for the content:",
    accessibility: "Accessibility (in Vietnamese)",
    nothing_counted: "This site counts nobody and follows nobody.",
    printed_from: "Printed from",
};
