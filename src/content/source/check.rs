//! Rules between files: what is referred to exists, what exists is referred to, every tile leads somewhere.
//!
//! Rules about one file are in that file's reader. Begin with [`between_files`].

use std::collections::{BTreeMap, BTreeSet};

use super::media;
use super::notes::{Kind, Notes, Reference, Wanted};
use crate::content::faults::{Fault, Place};
use crate::content::model::{Content, Section, Shows};

/// How many tiles the home screen has room for.
const MOST_SECTIONS: usize = 8;

/// Checks everything that one file alone can't tell.
pub(super) fn between_files(content: &Content, notes: &mut Notes) {
    let mut faults: Vec<Fault> = notes
        .references
        .iter()
        .filter_map(|reference| broken(reference, content, notes))
        .collect();
    faults.extend(unused_media(content, notes));
    faults.extend(crowded_home(content, notes));
    faults.extend(
        content
            .sections
            .iter()
            .filter_map(|section| empty_section(section, content, notes)),
    );
    if !notes.is_half_read("sections.toml") {
        faults.extend(pages_without_tile(content));
    }
    faults.extend(same_titles(content, notes));
    if !notes.is_half_read("commune.toml") {
        faults.extend(notes.facts.empty_but_used());
    }
    notes.faults.extend(faults);
}

fn broken(reference: &Reference, content: &Content, notes: &Notes) -> Option<Fault> {
    let Reference { wanted, target, place } = reference;
    if let Wanted::Thing(kind) = wanted {
        let exists = notes.defined.contains_key(&(*kind, target.clone()));
        return (!exists && !may_be_unread(*kind, target, notes)).then(|| {
            let (code, what, help) = names_of(*kind);
            Fault::error(code, place.clone(), format!("Không có {what} nào có mã \"{target}\"")).help(help)
        });
    }
    if !content.media.contains_key(target) {
        // That it is of a wrong kind has been said.
        let is_refused = notes
            .faults
            .iter()
            .any(|fault| fault.place.file == format!("media/{target}"));
        if is_refused || notes.half_read.contains(&place.file) || notes.is_half_read(&format!("media/{target}")) {
            return None;
        }
        let fault = Fault::error("missing-media", place.clone(), format!("Không có tệp media/{target}"));
        return Some(match meant(target, content) {
            Some(advice) => fault.help(advice),
            None => fault,
        });
    }
    let is_picture = media::Kind::of(target).is_some_and(media::Kind::is_picture);
    (is_picture != (*wanted == Wanted::Picture)).then(|| {
        let message = if is_picture {
            "Đây là ảnh, ở đây cần âm thanh"
        } else {
            "Đây là âm thanh, ở đây cần ảnh"
        };
        Fault::error("wrong-media", place.clone(), message)
    })
}

/// Whether a thing may be there, in a file that couldn't be read.
fn may_be_unread(kind: Kind, id: &str, notes: &Notes) -> bool {
    let (folder, file) = match kind {
        Kind::Page => ("pages/", format!("/{id}.md")),
        Kind::Programme => ("programmes/", format!("/{id}.md")),
        Kind::Quiz => ("quiz/", format!("/{id}.toml")),
        Kind::Section => ("", "sections.toml".to_owned()),
        Kind::Event => ("", "calendar.toml".to_owned()),
        // Nothing leads to them.
        Kind::Topic | Kind::Question | Kind::Notice => return false,
    };
    // A folder that couldn't be read may hold it.
    let in_folder = |name: &str| name.ends_with('/') && (name.starts_with(folder) || folder.starts_with(name));
    let mut names = notes.half_read.iter();
    names.any(|name| name.starts_with(folder) && name.ends_with(&file) || in_folder(name) && !folder.is_empty())
}

/// What the author may have meant by a file that isn't there.
fn meant(target: &str, content: &Content) -> Option<String> {
    let names = || content.media.keys();
    if let Some(similar) = names().find(|name| name.eq_ignore_ascii_case(target)) {
        return Some(format!(
            "Có tệp tên là {similar}: chữ hoa và chữ thường phải giống hệt."
        ));
    }
    let bare = target.rsplit(['/', '\\']).next().unwrap_or(target);
    if bare != target {
        return Some(format!("Chỉ viết tên tệp, không viết thư mục: {bare}."));
    }
    let spaced = target.replace("%20", " ");
    (spaced != target).then(|| {
        format!(
            "%20 là dấu cách. Hãy đổi tên tệp trong media thành tên không có dấu cách, ví dụ {}.",
            spaced.replace(' ', "-")
        )
    })
}

/// How a thing that isn't there is called, and where its id comes from.
fn names_of(kind: Kind) -> (&'static str, &'static str, &'static str) {
    match kind {
        Kind::Page => (
            "broken-page-id",
            "trang",
            "Mã của trang là tên tệp trong thư mục pages, bỏ đuôi .md.",
        ),
        Kind::Quiz | Kind::Question | Kind::Topic | Kind::Notice => (
            "broken-link",
            "bộ câu hỏi",
            "Mã của bộ câu hỏi là tên tệp trong thư mục quiz, bỏ đuôi .toml.",
        ),
        Kind::Programme => (
            "broken-link",
            "chương trình phát thanh",
            "Mã của chương trình là tên tệp trong thư mục programmes, bỏ đuôi .md.",
        ),
        Kind::Event => (
            "broken-link",
            "buổi trong lịch",
            "Hãy thêm dòng id = \"mã\" vào [[event]] ấy trong calendar.toml.",
        ),
        Kind::Section => ("broken-link", "mục lớn", "Mã của mục là id trong sections.toml."),
    }
}

fn unused_media(content: &Content, notes: &Notes) -> Vec<Fault> {
    // A text that couldn't be read may name any.
    if !notes.half_read.is_empty() {
        return Vec::new();
    }
    let unused = content.media.keys().filter(|name| !notes.is_named(name));
    unused
        .map(|name| {
            let place = Place::whole(format!("media/{name}"));
            Fault::warning("unused-media", place, "Không có trang nào dùng tệp này")
        })
        .collect()
}

fn crowded_home(content: &Content, notes: &Notes) -> Option<Fault> {
    let first_too_many = content.sections.get(MOST_SECTIONS)?;
    let message = format!(
        "Có {} mục lớn, màn hình chính chỉ có chỗ cho {MOST_SECTIONS}",
        content.sections.len()
    );
    Some(Fault::error(
        "too-many-sections",
        section_place(first_too_many, notes),
        message,
    ))
}

fn empty_section(section: &Section, content: &Content, notes: &Notes) -> Option<Fault> {
    let holds = |beginning: &str| notes.is_half_read(beginning);
    let (empty, message) = match section.shows {
        Shows::Pages => (
            !has_files(section, notes),
            format!("Thư mục pages/{} chưa có trang nào", section.id),
        ),
        Shows::Quiz => (
            content.quizzes.is_empty() && !holds("quiz/"),
            "Thư mục quiz chưa có bộ câu hỏi nào".to_owned(),
        ),
        Shows::Radio => (
            content.programmes.is_empty()
                && content.events.is_empty()
                && !holds("programmes/")
                && !holds("calendar.toml"),
            "Chưa có chương trình phát thanh và lịch nào".to_owned(),
        ),
    };
    empty.then(|| {
        Fault::error("empty-section", section_place(section, notes), message)
            .help("Người dân chạm vào ô này sẽ thấy trang trống; hãy thêm nội dung hoặc bỏ ô.")
    })
}

/// Whether the folder of a section holds a page, be it one that can't be read.
fn has_files(section: &Section, notes: &Notes) -> bool {
    let folder = format!("pages/{}/", section.id);
    let pages = notes.defined.iter().filter(|((kind, _), _)| *kind == Kind::Page);
    let faulty = notes.faults.iter().map(|fault| &fault.place);
    pages
        .map(|(_, place)| place)
        .chain(faulty)
        .any(|place| place.file.starts_with(&folder))
        || notes.is_half_read(&folder)
}

fn pages_without_tile(content: &Content) -> Vec<Fault> {
    let listed = |folder: &str| {
        content
            .sections
            .iter()
            .any(|section| section.id == folder && section.shows == Shows::Pages)
    };
    let folders: BTreeSet<&str> = content.pages.iter().map(|page| page.section.as_str()).collect();
    folders
        .into_iter()
        .filter(|folder| !listed(folder))
        .map(|folder| {
            let place = Place::whole(format!("pages/{folder}"));
            Fault::error(
                "folder-without-section",
                place,
                "Không có ô nào trên màn hình chính mở thư mục này",
            )
            .help(format!(
                "Thêm [[section]] có id = \"{folder}\" vào sections.toml, hoặc đổi tên thư mục."
            ))
        })
        .collect()
}

/// Two cards with the same words leave a resident to guess.
fn same_titles(content: &Content, notes: &Notes) -> Vec<Fault> {
    let mut first: BTreeMap<String, &str> = BTreeMap::new();
    let mut faults = Vec::new();
    for page in content.pages.iter().filter(|page| !page.title.is_empty()) {
        let title = page.title.to_lowercase();
        if let Some(other) = first.get(&title) {
            let place = notes.defined.get(&(Kind::Page, page.id.clone())).cloned();
            let place = place.unwrap_or_else(|| Place::whole(format!("pages/{}", page.section)));
            let help = format!("Trang \"{other}\" cũng tên như vậy. Hãy đặt tên khác, để bà con biết chọn trang nào.");
            faults.push(Fault::warning("same-title", place, "Hai trang có cùng tên").help(help));
        } else {
            first.insert(title, &page.id);
        }
    }
    faults
}

fn section_place(section: &Section, notes: &Notes) -> Place {
    let place = notes.defined.get(&(Kind::Section, section.id.clone()));
    place.cloned().unwrap_or_else(|| Place::whole("sections.toml"))
}
