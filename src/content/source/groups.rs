//! Groups of pages within a section: the section names them, each page names its own. Begin with [`fill`].

use std::collections::BTreeMap;

use super::notes::Notes;
use super::pages::Ordered;
use crate::content::faults::{Fault, Place};
use crate::content::model::{Section, Shows};

/// Puts each page into the group it names. In a section with groups every page has one, because the screen lists groups only; a group
/// without pages would open an empty screen.
pub(super) fn fill(sections: &mut [Section], pages: &[Ordered], notes: &mut Notes) {
    // Which groups there are isn't known.
    if notes.half_read.contains("sections.toml") {
        return;
    }
    for section in sections.iter() {
        let mut ids: Vec<&str> = section.groups.iter().map(|group| group.id.as_str()).collect();
        ids.sort_unstable();
        if let Some([twice, _]) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
            let message = format!("Mục \"{}\" có hai nhóm cùng mã \"{}\"", section.id, twice);
            notes.add(Fault::error("duplicate-id", Place::whole("sections.toml"), message));
            return;
        }
        if !ids.is_empty() && section.shows != Shows::Pages {
            let message = format!(
                "Mục \"{}\" không mở bài trong pages, nên không chia nhóm được",
                section.id
            );
            notes.add(Fault::error("unknown-group", Place::whole("sections.toml"), message));
            return;
        }
    }
    let mut members: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for Ordered { page, group, head, .. } in pages {
        let section = sections.iter().find(|section| section.id == page.section);
        let known = section.map(|section| &section.groups[..]).unwrap_or_default();
        let ids = || {
            known
                .iter()
                .map(|group| group.id.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        };
        match group {
            Some((name, _)) if known.iter().any(|group| group.id == *name) => {
                let group = members.entry((&page.section, name)).or_default();
                group.push(page.id.clone());
            }
            Some((name, place)) => {
                let message = format!("Mục này không có nhóm nào có mã \"{name}\"");
                let help = if known.is_empty() {
                    "Mục này không chia nhóm: hãy bỏ dòng group, hoặc thêm [[section.group]] vào sections.toml."
                        .to_owned()
                } else {
                    format!("Các nhóm của mục: {}.", ids())
                };
                notes.add(Fault::error("unknown-group", place.clone(), message).help(help));
            }
            None if !known.is_empty() && !notes.half_read.contains(&head.file) => {
                let message = "Bài này chưa thuộc nhóm nào, nên không ai mở được từ mục này";
                let help = format!("Hãy thêm dòng group = \"mã nhóm\". Các nhóm của mục: {}.", ids());
                notes.add(Fault::error("no-group", head.clone(), message).help(help));
            }
            None => {}
        }
    }
    let mut filled: BTreeMap<(String, String), Vec<String>> = members
        .into_iter()
        .map(|((section, group), pages)| ((section.to_owned(), group.to_owned()), pages))
        .collect();
    for section in sections {
        for group in &mut section.groups {
            group.pages = filled
                .remove(&(section.id.clone(), group.id.clone()))
                .unwrap_or_default();
            if group.pages.is_empty() && !notes.is_half_read(&format!("pages/{}/", section.id)) {
                let message = format!("Nhóm \"{}\" của mục \"{}\" chưa có bài nào", group.id, section.id);
                notes.add(Fault::error("empty-group", Place::whole("sections.toml"), message));
            }
        }
    }
}
