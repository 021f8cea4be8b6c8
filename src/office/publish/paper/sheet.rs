//! A page, notice or programme as templates read it: plain data, every text as it is written.
//!
//! Which words stand where is the templates' business; what there is to say is decided here, once for all forms. Begin with [`Sheet`].

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::Serialize;

use super::PaperError;
use super::letters::BLANK;
use crate::content::model::{Block, Body, Content, Guide, Notice, Page, Programme, Question, Section, SectionColor};
use crate::content::rich::Rich;
use crate::content::vietnamese::spoken::Pronunciations;
use crate::content::{aloud, review, take_home};
use crate::office::publish::site::notice_file;
use crate::office::radio::{Turn, clock, timed};
use crate::office::words::{date, month};

/// What is printed by its id.
#[derive(Clone, Copy)]
pub(super) enum Item<'a> {
    Page(&'a Page),
    Notice(&'a Notice),
    Programme(&'a Programme),
}

impl<'a> Item<'a> {
    /// Finds a page, a notice or a programme.
    pub(super) fn find(content: &'a Content, id: &str) -> Result<Self, PaperError> {
        let page = content.pages.iter().find(|it| it.id == id).map(Self::Page);
        let notice = || content.notices.iter().find(|it| it.id == id).map(Self::Notice);
        let programme = || content.programmes.iter().find(|it| it.id == id).map(Self::Programme);
        page.or_else(notice)
            .or_else(programme)
            .ok_or_else(|| PaperError::Unknown(id.to_owned()))
    }

    pub(super) fn title(self) -> &'a str {
        match self {
            Self::Page(page) => &page.title,
            Self::Notice(notice) => &notice.title,
            Self::Programme(programme) => &programme.title,
        }
    }

    /// Every sentence of it.
    pub(super) fn texts(self) -> Vec<String> {
        let texts: Vec<String> = match self {
            Self::Page(page) => review::texts(page),
            Self::Notice(notice) => aloud::notice(notice).into_iter().map(|line| line.text).collect(),
            Self::Programme(programme) => {
                let turns = aloud::turns(&programme.transcript).into_iter();
                turns.flat_map(|turn| [turn.heading, turn.line.text]).collect()
            }
        };
        texts.into_iter().filter(|text| !text.trim().is_empty()).collect()
    }

    /// The same for the officer who approves it. The telephone number stands among what is read already; where there is none, nothing is to be approved.
    fn statements(self) -> Vec<String> {
        let mut texts = self.texts();
        if let Self::Page(page) = self
            && let Body::Guide(guide) = &page.body
        {
            let again = format!("Số điện thoại hỏi: {}", guide.hotline);
            if let Some(at) = texts.iter().rposition(|text| *text == again) {
                texts.remove(at);
            }
        }
        texts
    }

    /// The headings that are read aloud; those of a programme aren't.
    fn headings(self) -> impl Iterator<Item = &'a str> {
        let blocks = match self {
            Self::Page(Page {
                body: Body::Article { blocks },
                ..
            }) => blocks.as_slice(),
            Self::Notice(notice) => &notice.blocks,
            Self::Page(_) | Self::Programme(_) => &[],
        };
        blocks.iter().filter_map(|block| match block {
            Block::Heading { text } => Some(text.as_str()),
            _ => None,
        })
    }
}

/// What templates know of one page.
#[derive(Serialize)]
pub(super) struct Sheet<'a> {
    pub(super) id: &'a str,
    pub(super) title: &'a str,
    pub(super) summary: &'a str,
    /// What kind of thing it is, or its section's title.
    pub(super) section: &'a str,
    pub(super) color: &'static str,
    /// The picture that stands for it, and whether it stands in the text as well.
    pub(super) picture: Option<Picture<'a>>,
    /// What to know before, by name.
    facts: Vec<(&'static str, &'a str)>,
    prepare: &'a [String],
    parts: Vec<Part<'a>>,
    related: Vec<(&'a str, &'a str)>,
    questions: Vec<Exercise<'a>>,
    pub(super) sources: &'a [String],
    pub(super) updated: String,
    /// The day by which it must be checked again, and whether that day has passed.
    review_by: Option<(String, bool)>,
    /// Where the code leads.
    pub(super) address: Option<Address>,
    script: Vec<Spoken>,
    length: String,
    /// Every sentence that an officer approves, and whether a figure stands in it.
    statements: Vec<(String, bool)>,
}

#[derive(Serialize)]
pub(super) struct Picture<'a> {
    pub(super) media: &'a str,
    alt: &'a str,
}

/// A step of a guide, or what stands under a heading of an article.
#[derive(Serialize)]
struct Part<'a> {
    /// Of a step.
    number: Option<usize>,
    title: &'a str,
    blocks: Vec<Cow<'a, Block>>,
    /// Whether this is about people who cheat: what somebody says here are their words.
    cheats: bool,
}

/// A question of the quizzes that this page answers.
#[derive(Serialize)]
struct Exercise<'a> {
    prompt: &'a str,
    choices: &'a [String],
    answer: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
pub(super) struct Address {
    /// Where the code leads, letter for letter.
    #[serde(skip)]
    pub(super) target: String,
    /// The same for people to read and type.
    pub(super) shown: String,
    /// Whether it is the page itself, on the commune's own site.
    page: bool,
}

#[derive(Serialize)]
struct Spoken {
    heading: String,
    voice: String,
    said: String,
    at: String,
    /// Whether it is a heading that is read.
    opens: bool,
}

impl<'a> Sheet<'a> {
    /// What is printed of something. `channel` is told to the commune's site, so that it can count what brings readers.
    pub(super) fn of(
        content: &'a Content,
        item: Item<'a>,
        pronunciations: &Pronunciations,
        channel: &str,
        today: NaiveDate,
    ) -> Self {
        let mut sheet = match item {
            Item::Page(page) => Self::of_page(content, page, channel, today),
            Item::Notice(notice) => Self::of_notice(content, notice, channel),
            Item::Programme(programme) => Self::of_programme(programme, channel),
        };
        let turns = match item {
            Item::Programme(programme) => aloud::turns(&programme.transcript),
            Item::Page(page) => page_turns(page),
            Item::Notice(notice) => plain(aloud::notice(notice)),
        };
        sheet.statements = item.statements().into_iter().map(with_figure).collect();
        let (turns, seconds) = timed(turns, pronunciations);
        sheet.length = clock(seconds);
        let headings = item.headings().map(|heading| pronunciations.spoken(heading));
        let headings: Vec<String> = headings.collect();
        let is_guide = matches!(item, Item::Page(page) if matches!(page.body, Body::Guide(_)));
        let spoken = turns.into_iter().map(|turn| {
            let opens = headings.contains(&turn.said) || (is_guide && !turn.heading.is_empty());
            Spoken::of(turn, opens)
        });
        sheet.script = spoken.collect();
        sheet
    }

    fn of_page(content: &'a Content, page: &'a Page, channel: &str, today: NaiveDate) -> Self {
        let section = content.sections.iter().find(|it| it.id == page.section);
        let (parts, facts, prepare) = match &page.body {
            Body::Article { blocks } => (parts_of(blocks), Vec::new(), &[][..]),
            Body::Guide(guide) => (steps_of(guide), facts_of(guide), guide.prepare.as_slice()),
        };
        let known = page
            .related
            .iter()
            .filter_map(|id| content.pages.iter().find(|it| it.id == *id));
        let questions = content.quizzes.iter().flat_map(|quiz| &quiz.questions);
        let asked = questions.filter(|it| it.read == page.id && it.is_asked_on(Some(today)));
        Self {
            section: section.map_or("", |it| it.title.as_str()),
            color: colour(section.map_or(SectionColor::Slate, |it| it.color)),
            facts,
            prepare,
            related: known.map(|it| (it.title.as_str(), it.summary.as_str())).collect(),
            questions: asked.map(Exercise::from).collect(),
            review_by: Some((date(page.review_by), page.review_by < today)),
            address: take_home::address(page, &content.commune, false).map(|it| Address::of(it, channel)),
            ..Self::new(&page.id, &page.title, &page.summary, parts, &page.sources, page.updated)
        }
        .with_picture_of(section)
    }

    fn of_notice(content: &'a Content, notice: &'a Notice, channel: &str) -> Self {
        let site = content.commune.get("site").filter(|site| !site.is_empty());
        let at = |site: &String| {
            take_home::Address::Page(format!("{}/{}", site.trim_end_matches('/'), notice_file(&notice.id)))
        };
        let of_it = (!notice.picture.is_empty()).then_some(Picture {
            media: &notice.picture,
            alt: &notice.title,
        });
        let parts = parts_of(&notice.blocks);
        let mut sheet = Self {
            section: "Thông báo",
            color: colour(SectionColor::Red),
            ..Self::new(
                &notice.id,
                &notice.title,
                &notice.summary,
                parts,
                &notice.sources,
                notice.updated,
            )
        };
        sheet.picture = of_it.or(sheet.picture);
        sheet.address = site.map(|site| Address::of(at(site), channel));
        sheet
    }

    /// Nobody reads a conversation on a wall: a poster and slides say what it is about, and when it is on the air.
    fn of_programme(programme: &'a Programme, channel: &str) -> Self {
        let parts = match channel {
            // Staff choose the day and the hour, and write them on the wall.
            "poster" => contents_of(programme, Some(format!("Ngày, giờ phát: {BLANK}"))),
            "deck" => contents_of(programme, None),
            _ => parts_of(&programme.transcript),
        };
        Self {
            section: "Bài phát thanh",
            color: colour(SectionColor::Purple),
            ..Self::new(
                &programme.id,
                &programme.title,
                &programme.summary,
                parts,
                &programme.sources,
                programme.updated,
            )
        }
    }

    fn new(
        id: &'a str,
        title: &'a str,
        summary: &'a str,
        mut parts: Vec<Part<'a>>,
        sources: &'a [String],
        updated: NaiveDate,
    ) -> Self {
        for part in &mut parts {
            part.cheats = title.starts_with("Lừa đảo");
        }
        let mut blocks = parts.iter().flat_map(|part| &part.blocks);
        let picture = blocks.find_map(|block| match *block {
            Cow::Borrowed(Block::Picture { media, alt, .. }) => Some(Picture { media, alt }),
            _ => None,
        });
        Self {
            id,
            title,
            summary,
            section: "",
            color: "",
            picture,
            facts: Vec::new(),
            prepare: &[],
            parts,
            related: Vec::new(),
            questions: Vec::new(),
            sources,
            updated: date(updated),
            review_by: None,
            address: None,
            script: Vec::new(),
            length: String::new(),
            statements: Vec::new(),
        }
    }

    /// A page without a picture has its section's.
    fn with_picture_of(mut self, section: Option<&'a Section>) -> Self {
        let of_section = section.filter(|it| !it.picture.is_empty()).map(|it| Picture {
            media: &it.picture,
            alt: &it.title,
        });
        self.picture = self.picture.or(of_section);
        self
    }

    /// The files in `media/` that it shows.
    pub(super) fn media(&self) -> impl Iterator<Item = &str> {
        let blocks = self.parts.iter().flat_map(|part| &part.blocks);
        let shown = blocks.filter_map(|block| match &**block {
            Block::Picture { media, .. } => Some(media.as_str()),
            _ => None,
        });
        self.picture.iter().map(|it| it.media).chain(shown)
    }
}

/// An article parted by its headings; what stands before the first has none.
fn parts_of(blocks: &[Block]) -> Vec<Part<'_>> {
    let part = |title| Part {
        number: None,
        title,
        blocks: Vec::new(),
        cheats: false,
    };
    let mut parts: Vec<Part<'_>> = vec![part("")];
    for block in blocks {
        match (block, parts.last_mut()) {
            (Block::Heading { text }, _) => parts.push(part(text)),
            (_, Some(last)) => last.blocks.push(Cow::Borrowed(block)),
            (_, None) => {}
        }
    }
    parts.retain(|part| !part.title.is_empty() || !part.blocks.is_empty());
    parts
}

fn steps_of(guide: &Guide) -> Vec<Part<'_>> {
    let steps = (1..).zip(&guide.steps);
    steps
        .map(|(number, step)| Part {
            number: Some(number),
            title: &step.title,
            blocks: step.blocks.iter().map(Cow::Borrowed).collect(),
            cheats: false,
        })
        .collect()
}

/// In which month a programme is on the air, how long it takes, what else is said of that, and its chapters but for the greeting and the good-bye.
fn contents_of(programme: &Programme, hour: Option<String>) -> Vec<Part<'_>> {
    let when = format!(
        "Phát trên loa tháng {}, nghe hết khoảng {} phút.",
        month(programme.month),
        programme.minutes
    );
    let chapters = parts_of(&programme.transcript).into_iter().map(|part| part.title);
    let chapters = chapters.filter(|title| !title.is_empty() && !title.starts_with("Lời"));
    let list = Block::List {
        ordered: false,
        items: chapters.map(Rich::plain).collect(),
    };
    let when = [when].into_iter().chain(hour).map(|said| Block::Paragraph {
        text: Rich::plain(&said),
    });
    vec![Part {
        number: None,
        title: "Bà con đón nghe",
        blocks: when.chain([list]).map(Cow::Owned).collect(),
        cheats: false,
    }]
}

fn facts_of(guide: &Guide) -> Vec<(&'static str, &str)> {
    let facts = [
        ("Ai làm được", &guide.who),
        ("Lệ phí", &guide.cost),
        ("Bao lâu", &guide.time),
        ("Làm ở đâu", &guide.place),
        ("Hỏi số", &guide.hotline),
    ];
    let known = facts.into_iter().filter(|(_, fact)| !fact.is_empty());
    known.map(|(name, fact)| (name, fact.as_str())).collect()
}

/// What is read of a page, with a heading before each step.
fn page_turns(page: &Page) -> Vec<aloud::Turn> {
    let lines = |parts: Vec<aloud::Part>| plain(parts.into_iter().flat_map(|part| part.lines).collect());
    let mut turns = lines(aloud::parts_of_page(page));
    if let Body::Guide(guide) = &page.body {
        for (number, step) in guide.steps.iter().enumerate() {
            let mut lines = lines(aloud::parts_of_step(number, step));
            if let Some(first) = lines.first_mut() {
                first.heading.clone_from(&step.title);
            }
            turns.extend(lines);
        }
    }
    turns
}

fn plain(lines: Vec<aloud::Line>) -> Vec<aloud::Turn> {
    let lines = lines.into_iter();
    lines
        .map(|line| aloud::Turn {
            heading: String::new(),
            line,
        })
        .collect()
}

fn with_figure(text: String) -> (String, bool) {
    let figure = has_figure(&text);
    (text, figure)
}

/// Whether a number is said, in figures or, as in what is read on the radio, in words.
fn has_figure(text: &str) -> bool {
    const LARGE: [&str; 7] = ["mười", "mươi", "trăm", "nghìn", "ngàn", "triệu", "tỷ"];
    const SMALL: [&str; 10] = ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "rưỡi"];
    const UNITS: [&str; 12] = [
        "ngày", "tuần", "tháng", "năm", "giờ", "phút", "tuổi", "lần", "đồng", "bản", "tờ", "ảnh",
    ];
    let text = text.to_lowercase();
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    text.contains(|c: char| c.is_ascii_digit())
        || words.iter().any(|word| LARGE.contains(word))
        || words
            .windows(2)
            .any(|pair| SMALL.contains(&pair[0]) && UNITS.contains(&pair[1]))
}

impl<'a> From<&'a Question> for Exercise<'a> {
    fn from(question: &'a Question) -> Self {
        Self {
            prompt: &question.prompt,
            choices: &question.choices,
            answer: question.choices.get(question.answer).map_or("", String::as_str),
            reason: &question.reason,
        }
    }
}

impl Spoken {
    fn of(turn: Turn, opens: bool) -> Self {
        Self {
            heading: turn.heading,
            voice: turn.voice,
            said: turn.said,
            at: clock(turn.at),
            opens,
        }
    }
}

impl Address {
    fn of(address: take_home::Address, channel: &str) -> Self {
        let (address, page) = match address {
            take_home::Address::Official(address) => (address, false),
            take_home::Address::Page(address) => (address, true),
        };
        let shown = address.trim_start_matches("https://").trim_end_matches('/').to_owned();
        let target = if page {
            format!("{address}?k={channel}")
        } else {
            address
        };
        Self { target, shown, page }
    }
}

/// The same colours as on the screen (`ui/theme.slint`): white letters on them are read by everybody, and so are they on white.
pub(super) fn colour(color: SectionColor) -> &'static str {
    match color {
        SectionColor::Teal => "#0b5d5e",
        SectionColor::Red => "#9b2d26",
        SectionColor::Blue => "#24599a",
        SectionColor::Green => "#265a2b",
        SectionColor::Amber => "#704800",
        SectionColor::Purple => "#6a3a78",
        SectionColor::Brown => "#70452a",
        SectionColor::Slate => "#41525f",
    }
}

#[cfg(test)]
mod tests {
    use super::has_figure;

    #[test]
    fn a_number_is_found_in_figures_and_in_words() {
        for said in [
            "Lệ phí 20.000 đồng.",
            "Trợ cấp năm trăm nghìn đồng mỗi tháng.",
            "Trong mười ngày làm việc.",
            "Nộp hai bản, kèm ba ảnh.",
            "Từ bảy mươi lăm tuổi.",
        ] {
            assert!(has_figure(said), "{said}");
        }
        for said in [
            "Năm nay bà con hỏi nhiều.",
            "Một người nhà đi cùng cũng được.",
            "Mời bà con nghe tiếp.",
        ] {
            assert!(!has_figure(said), "{said}");
        }
    }
}
