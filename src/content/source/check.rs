//! Rules between files: what is referred to exists, what exists is referred to, every tile leads somewhere.
//!
//! Rules about one file are in that file's reader. Begin with [`between_files`].

use std::collections::BTreeSet;

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
    faults.extend(pages_without_tile(content));
    faults.extend(notes.facts.empty_but_used());
    notes.faults.extend(faults);
}

fn broken(reference: &Reference, content: &Content, notes: &Notes) -> Option<Fault> {
    let Reference { wanted, target, place } = reference;
    if *wanted == Wanted::Page {
        let exists = notes.defined.contains_key(&(Kind::Page, target.clone()));
        return (!exists).then(|| {
            Fault::error(
                "broken-page-id",
                place.clone(),
                format!("Không có trang nào có mã \"{target}\""),
            )
            .help("Mã của trang là tên tệp trong thư mục pages, bỏ đuôi .md.")
        });
    }
    if !content.media.contains_key(target) {
        let fault = Fault::error("missing-media", place.clone(), format!("Không có tệp media/{target}"));
        let similar = content.media.keys().find(|name| name.eq_ignore_ascii_case(target));
        return Some(match similar {
            Some(similar) => fault.help(format!(
                "Có tệp tên là {similar}: chữ hoa và chữ thường phải giống hệt."
            )),
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

fn unused_media(content: &Content, notes: &Notes) -> Vec<Fault> {
    let used: BTreeSet<&str> = notes
        .references
        .iter()
        .map(|reference| reference.target.as_str())
        .collect();
    let unused = content.media.keys().filter(|name| !used.contains(name.as_str()));
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
    let (empty, message) = match section.shows {
        Shows::Pages => (
            content.pages.iter().all(|page| page.section != section.id),
            format!("Thư mục pages/{} chưa có trang nào", section.id),
        ),
        Shows::Quiz => (
            content.quizzes.is_empty(),
            "Thư mục quiz chưa có bộ câu hỏi nào".to_owned(),
        ),
        Shows::Radio => (
            content.programmes.is_empty() && content.events.is_empty(),
            "Chưa có chương trình phát thanh và lịch nào".to_owned(),
        ),
    };
    empty.then(|| {
        Fault::error("empty-section", section_place(section, notes), message)
            .help("Người dân chạm vào ô này sẽ thấy trang trống; hãy thêm nội dung hoặc bỏ ô.")
    })
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

fn section_place(section: &Section, notes: &Notes) -> Place {
    let place = notes.defined.get(&(Kind::Section, section.id.clone()));
    place.cloned().unwrap_or_else(|| Place::whole("sections.toml"))
}
