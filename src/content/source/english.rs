//! English texts of pages: `pages/<section>/<id>.en.md`, beside the Vietnamese page that they belong to.
//!
//! Title, summary, sources, dates, link and telephone number stay in the Vietnamese file, so that nothing has to be
//! corrected twice. Both texts must have the same steps and things to bring: what a resident ticked stays ticked in the
//! other language. Begin with [`read`].

use super::facts::Instead;
use super::file::SourceFile;
use super::notes::Notes;
use super::{front_matter, markdown, pages};
use crate::content::faults::{Fault, Place};
use crate::content::model::{Body, Page};

/// How the names of these files end.
const ENDING: &str = ".en.md";

/// Whether a file under `pages/` is the English text of a page.
pub(super) fn is_english(file: &SourceFile) -> bool {
    file.name.ends_with(ENDING)
}

/// Reads an English text into its page.
pub(super) fn read(file: &SourceFile, pages: &mut [Page], notes: &mut Notes) {
    let vietnamese = without_ending(file);
    let page = pages
        .iter_mut()
        .find(|page| vietnamese == format!("pages/{}/{}", page.section, page.id));
    let Some(page) = page else {
        if notes.half_read.contains(&format!("{vietnamese}.md")) {
            return;
        }
        notes.add(
            Fault::error(
                "english-without-page",
                Place::whole(&file.name),
                "Bản tiếng Anh này không thuộc trang nào",
            )
            .help(format!("Bản tiếng Việt phải ở cùng thư mục, tên là {vietnamese}.md.")),
        );
        return;
    };
    let Some((mut fields, body)) = front_matter::read(file, notes) else {
        return;
    };
    notes.facts.instead = Instead::InEnglish;
    let english = match &page.body {
        Body::Article { .. } => pages::article(file, body, notes),
        Body::Guide(vietnamese) => {
            let mut guide = pages::guide_without_steps(file, true, &mut fields, notes);
            guide.link.clone_from(&vietnamese.link);
            guide.hotline.clone_from(&vietnamese.hotline);
            guide.steps = pages::steps(file, markdown::read(file, body, notes), notes);
            same_number(file, "bước", guide.steps.len(), vietnamese.steps.len(), notes);
            same_number(
                file,
                "mục cần chuẩn bị",
                guide.prepare.len(),
                vietnamese.prepare.len(),
                notes,
            );
            Body::Guide(guide)
        }
    };
    notes.facts.instead = Instead::OnScreen;
    fields.finish(notes);
    page.english = Some(english);
}

/// The path that an English text shares with its page.
fn without_ending(file: &SourceFile) -> &str {
    file.name.strip_suffix(ENDING).unwrap_or(&file.name)
}

fn same_number(file: &SourceFile, what: &str, english: usize, vietnamese: usize, notes: &mut Notes) {
    // An item that couldn't be read may be the one that is missing.
    let half_read = |ending: &str| notes.half_read.contains(&format!("{}{ending}", without_ending(file)));
    if english != vietnamese && !half_read(ENDING) && !half_read(".md") {
        let message = format!("Bản tiếng Anh có {english} {what}, bản tiếng Việt có {vietnamese}");
        notes.add(
            Fault::error("english-differs", file.place(0..0), message)
                .help("Hai bản phải giống nhau từng mục, để không ai thiếu bước nào."),
        );
    }
}
