//! "Một trang": the clean HTML of a page, for staff to copy into the city's portal, which has its own head, title and looks.
//!
//! No head, no class, no picture: portals take pictures one by one. Links need whole addresses; where nobody knows them their words stand
//! alone. Begin with [`page`].

use maud::{Markup, PreEscaped, html};

use super::blocks::marked;
use super::edition::{self, Edition, Here, Way, escaped};
use super::frame::{self, Head};
use super::words::{Language, Words};
use crate::content::model::{Block, Body, Guide, Notice, Page, Programme};
use crate::content::rich::{Link, Rich};
use crate::content::take_home;
use crate::office::words::date;

/// A page without a head doesn't say in what letters it is written; this does (HTML, 13.2.3.2).
const LETTERS: PreEscaped<&str> = PreEscaped("\u{feff}");

/// An article or a guide.
pub(super) fn page(edition: &Edition<'_>, page: &Page, language: Language) -> String {
    let body = match &page.english {
        Some(english) if language.is_english() => english,
        _ => &page.body,
    };
    let clean = Clean { edition, language };
    let main = match body {
        Body::Article { blocks } => clean.blocks(blocks),
        Body::Guide(guide) => clean.guide(guide),
    };
    clean.whole(
        language.of(&page.summary, &page.summary_en),
        &main,
        &page.sources,
        page.updated,
    )
}

/// What is said in a programme.
pub(super) fn programme(edition: &Edition<'_>, programme: &Programme) -> String {
    let clean = Clean::vietnamese(edition);
    let main = clean.blocks(&programme.transcript);
    clean.whole(&programme.summary, &main, &programme.sources, programme.updated)
}

/// A notice with its days.
pub(super) fn notice(edition: &Edition<'_>, notice: &Notice) -> String {
    let clean = Clean::vietnamese(edition);
    let main = html! {
        p { "Từ ngày " (date(notice.from)) " đến hết ngày " (date(notice.until)) "." }
        (clean.blocks(&notice.blocks))
    };
    clean.whole(&notice.summary, &main, &notice.sources, notice.updated)
}

/// For staff: all of them, with their titles to copy.
pub(super) fn list(here: &Here<'_>) -> String {
    let head = Head::of(
        "Dán bài vào cổng thông tin",
        "Mỗi dòng là một bài không có khung, không có kiểu chữ, để chép sang trang khác.",
    );
    let content = here.edition.content;
    let mut entries: Vec<(&str, String, Vec<&str>)> = Vec::new();
    for page in &content.pages {
        entries.push((&page.title, take_home::file(page, false), pictures(page)));
        if page.english.is_some() {
            entries.push((
                Language::English.of(&page.title, &page.title_en),
                take_home::file(page, true),
                Vec::new(),
            ));
        }
    }
    entries.extend(
        content
            .notices
            .iter()
            .map(|it| (it.title.as_str(), edition::notice_file(&it.id), Vec::new())),
    );
    entries.extend(
        content
            .programmes
            .iter()
            .map(|it| (it.title.as_str(), edition::programme_file(&it.id), Vec::new())),
    );
    let main = html! {
        h1 { (head.title) }
        p.summary { (head.summary) }
        p { "Chép tên bài vào ô tên bài của cổng. Nếu ô nội dung có nút “Mã nguồn” (HTML): mở bài, bấm Ctrl U, chọn tất cả (Ctrl A), chép (Ctrl C), rồi dán vào ô mã nguồn; chữ sẽ theo kiểu của cổng." }
        p { "Không có nút ấy thì mở bài, chọn tất cả (Ctrl A), chép (Ctrl C), rồi dán bằng Ctrl Shift V để không kéo theo kiểu chữ. Ảnh thì đưa lên từng tệp trong thư mục media, tên ghi bên dưới mỗi bài." }
        ul.plain {
            @for (title, file, pictures) in &entries {
                li {
                    a href=(here.to(&format!("dan/{file}"))) { (title) }
                    @if !pictures.is_empty() { span.line { "Ảnh: " (pictures.join(", ")) } }
                }
            }
        }
    };
    frame::page(here, &head, &main)
}

/// The pictures of a page, in the order in which it shows them.
fn pictures(page: &Page) -> Vec<&str> {
    let blocks: Vec<&Block> = match &page.body {
        Body::Article { blocks } => blocks.iter().collect(),
        Body::Guide(guide) => guide.steps.iter().flat_map(|step| &step.blocks).collect(),
    };
    let shown = blocks.into_iter().filter_map(|block| match block {
        Block::Picture { media, .. } => Some(media.as_str()),
        _ => None,
    });
    shown.collect()
}

/// Writes without looks.
struct Clean<'a> {
    edition: &'a Edition<'a>,
    language: Language,
}

impl<'a> Clean<'a> {
    fn vietnamese(edition: &'a Edition<'a>) -> Self {
        Self {
            edition,
            language: Language::Vietnamese,
        }
    }

    fn words(&self) -> &'static Words {
        self.language.words()
    }

    fn whole(&self, summary: &str, main: &Markup, sources: &[String], updated: chrono::NaiveDate) -> String {
        let whole = html! {
            (LETTERS)
            p { strong { (summary) } }
            (main)
            @if !sources.is_empty() { p { em { (self.words().sources) ": " (sources.join("; ")) "." } } }
            p { em { (self.words().updated) " " (date(updated)) "." } }
        };
        whole.into_string()
    }

    fn guide(&self, guide: &Guide) -> Markup {
        let words = self.words();
        let facts = [
            (words.who, &guide.who),
            (words.cost, &guide.cost),
            (words.time, &guide.time),
            (words.place, &guide.place),
            (words.hotline, &guide.hotline),
        ];
        html! {
            ul {
                @for (name, value) in facts { @if !value.is_empty() { li { strong { (name) ": " } (value) } } }
                @if !guide.link.is_empty() { li { strong { (words.official) ": " } a href=(guide.link) { (guide.link) } } }
            }
            @if !guide.prepare.is_empty() {
                h2 { (words.prepare) }
                ul { @for thing in &guide.prepare { li { (thing) } } }
            }
            h2 { (words.steps) }
            @for (number, step) in (1..).zip(&guide.steps) {
                h3 { (number) ". " (step.title) }
                (self.blocks(&step.blocks))
            }
        }
    }

    fn blocks(&self, blocks: &[Block]) -> Markup {
        html! { @for block in blocks { (self.block(block)) } }
    }

    fn block(&self, block: &Block) -> Markup {
        let words = self.words();
        let box_of = |label: &str, paragraphs: &[Rich]| {
            html! {
                blockquote {
                    p { strong { (label) } }
                    @for paragraph in paragraphs { p { (self.rich(paragraph)) } }
                }
            }
        };
        match block {
            Block::Heading { text } => html! { h2 { (text) } },
            Block::Paragraph { text } => html! { p { (self.rich(text)) } },
            Block::List { ordered: true, items } => html! { ol { @for item in items { li { (self.rich(item)) } } } },
            Block::List { ordered: false, items } => html! { ul { @for item in items { li { (self.rich(item)) } } } },
            // What stands under it may say more than the words around it.
            Block::Picture { caption, .. } => html! { @if !caption.is_empty() { p { em { (caption) } } } },
            Block::Table { header, rows } => html! {
                table {
                    thead { tr { @for cell in header { th scope="col" { (cell) } } } }
                    tbody { @for cells in rows { tr { @for cell in cells { td { (self.rich(cell)) } } } } }
                }
            },
            Block::Note { paragraphs } => box_of(words.note, paragraphs),
            Block::Warning { paragraphs } => box_of(words.warning, paragraphs),
            Block::Contact { paragraphs } => box_of(words.contact, paragraphs),
            Block::Link { to, text } => html! {
                p { @match self.follow(to) { Some(address) => a href=(address) { (text) }, None => (text) } }
            },
        }
    }

    fn rich(&self, text: &Rich) -> Markup {
        let lead = |link: &Link| {
            let href = self.follow(link)?;
            let is_vietnamese = false;
            Some(Way { href, is_vietnamese })
        };
        marked(text, &lead)
    }

    fn follow(&self, link: &Link) -> Option<String> {
        let base = self.edition.base?;
        let file = match link {
            Link::Page(id) => take_home::file(self.edition.page(id)?, self.language.is_english()),
            Link::Quiz(id) => edition::quiz_file(id),
            Link::Programme(id) => edition::programme_file(id),
            Link::Event(_) => edition::CALENDAR.to_owned(),
            Link::Section(id) => edition::section_file(id),
        };
        Some(base.of(&escaped(&file)))
    }
}
