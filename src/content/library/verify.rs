//! Looking a library file over before a kiosk keeps it: is it whole, is it ours, can all of it be read?
//!
//! Its maker is trusted by now, its bytes are what was signed, and still it may be the work of a program that was wrong. A
//! kiosk finds that out here, and not when a resident opens a page. Begin with [`verify`].

use std::path::Path;

use rusqlite::Connection;

use super::{FORM, Library, LibraryError, schema_of, writing};
use crate::content::model::{Block, Body, Content, Page};
use crate::content::pixels;

/// The most rows of a table: no commune has more to say.
const MOST_ROWS: i64 = 20_000;

/// The longest text in a column that lists show, in bytes.
const LONGEST_LINE: i64 = 4096;

/// The longest picture or recording, in bytes: what the office's checker lets through.
const LONGEST_MEDIA: i64 = 64 * 1024 * 1024;

/// The columns that are read for all rows at once.
const LINES: [(&str, &str); 4] = [
    ("pages", "id || section || title || summary || title_en || summary_en"),
    ("quizzes", "id || title || summary"),
    ("programmes", "id || title || summary || audio"),
    ("media", "name"),
];

/// Checks a library file from end to end, and gives it opened.
///
/// # Errors
/// As [`Library::open`]; and [`LibraryError::Unsound`] if the file is damaged or holds something else than a library.
pub fn verify(path: &Path) -> Result<Library, LibraryError> {
    let db = super::open_read_only(path)?;
    super::check_form(&db)?;
    // Only then are queries what they seem: a view could stand for a table.
    let ours = Connection::open_in_memory()
        .map_err(LibraryError::from)
        .and_then(|mut empty| {
            writing::fill(&mut empty, &Content::default(), FORM)?;
            schema_of(&empty)
        })?;
    if schema_of(&db)? != ours {
        return unsound("its tables are not those of a library");
    }
    db.pragma_update(None, "cell_size_check", true)?;
    let check: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if check != "ok" {
        return unsound(&check);
    }
    check_sizes(&db)?;
    check_pictures(&db)?;
    let library = Library::new(db, None)?;
    read_everything(&library)?;
    check_names(&library)?;
    Ok(library)
}

pub(super) fn unsound<T>(what: &str) -> Result<T, LibraryError> {
    Err(LibraryError::Unsound { what: what.to_owned() })
}

fn check_sizes(db: &Connection) -> Result<(), LibraryError> {
    let is_any = |query: &str, limit: i64| db.query_row(query, [limit], |row| row.get::<_, bool>(0));
    for (table, line) in LINES {
        if is_any(&format!("SELECT count(*) > ?1 FROM {table}"), MOST_ROWS)? {
            return unsound(&format!("it has more than {MOST_ROWS} {table}"));
        }
        if is_any(
            &format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE octet_length({line}) > ?1)"),
            LONGEST_LINE,
        )? {
            return unsound(&format!("a line of its {table} is too long"));
        }
    }
    for table in ["sections", "events", "synonyms"] {
        if is_any(&format!("SELECT count(*) > ?1 FROM {table}"), MOST_ROWS)? {
            return unsound(&format!("it has more than {MOST_ROWS} {table}"));
        }
    }
    if is_any(
        "SELECT EXISTS (SELECT 1 FROM media WHERE octet_length(bytes) > ?1)",
        LONGEST_MEDIA,
    )? {
        return unsound("one of its media is too large");
    }
    Ok(())
}

/// Looks for pictures that would take more memory than a kiosk has. The check at the office looked too; a program older than that
/// did not.
fn check_pictures(db: &Connection) -> Result<(), LibraryError> {
    let mut media = db.prepare("SELECT name, bytes FROM media")?;
    let mut media = media.query([])?;
    while let Some(media) = media.next()? {
        let bytes = media.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        if let Err(why) = pixels::judge(bytes, pixels::MOST) {
            let name: String = media.get(0)?;
            return unsound(&format!("the picture {name}: {why}"));
        }
    }
    Ok(())
}

/// Reads every document as the kiosk would, and looks for every picture they name.
fn read_everything(library: &Library) -> Result<(), LibraryError> {
    let catalogue = library.catalogue();
    if catalogue.sections.is_empty() {
        return unsound("it has no sections");
    }
    let missing = |what: &str, id: &str| unsound(&format!("{what} {id} is listed and not there"));
    for card in &catalogue.pages {
        let Some(page) = library.page(&card.id)? else {
            return missing("page", &card.id);
        };
        for picture in pictures(&page) {
            if !library.has_media(picture)? {
                return missing("picture", picture);
            }
        }
    }
    for quiz in &catalogue.quizzes {
        if library.quiz(&quiz.id)?.is_none() {
            return missing("quiz", &quiz.id);
        }
    }
    for programme in &catalogue.programmes {
        if library.programme(&programme.id)?.is_none() {
            return missing("programme", &programme.id);
        }
    }
    library.search("thu", 1)?;
    Ok(())
}

/// Looks for what lists, programmes and notices name beside the pages, and whether each file begins as what it is taken for. Whether it can be
/// decoded to its end is the office's part: it has the time.
fn check_names(library: &Library) -> Result<(), LibraryError> {
    let catalogue = library.catalogue();
    let mut wanted: Vec<(String, bool)> = catalogue
        .sections
        .iter()
        .flat_map(|section| [&section.icon, &section.picture])
        .chain(catalogue.pages.iter().map(|card| &card.picture))
        .map(|name| (name.clone(), true))
        .collect();
    for card in &catalogue.pages {
        let page = library.page(&card.id)?;
        wanted.extend(page.iter().flat_map(pictures).map(|picture| (picture.to_owned(), true)));
    }
    for info in &catalogue.programmes {
        let programme = library.programme(&info.id)?;
        let blocks = programme.iter().flat_map(|programme| &programme.transcript);
        wanted.extend(blocks.filter_map(picture).map(|picture| (picture.to_owned(), true)));
        wanted.push((info.audio.clone(), false));
    }
    for quiz in &catalogue.quizzes {
        let questions = library.quiz(&quiz.id)?.map(|quiz| quiz.questions).unwrap_or_default();
        wanted.extend(questions.into_iter().map(|question| (question.picture, true)));
    }
    for notice in &catalogue.notices {
        let inside = notice.blocks.iter().filter_map(picture);
        let pictures = inside.chain([notice.picture.as_str()]);
        wanted.extend(pictures.map(|picture| (picture.to_owned(), true)));
    }
    wanted.extend(
        catalogue
            .recordings
            .iter()
            .map(|recording| (recording.media.clone(), false)),
    );
    // A section of an empty name has no icon, a programme none of its recordings, a card, a question or a notice no picture.
    for (name, is_picture) in wanted.into_iter().filter(|(name, _)| !name.is_empty()) {
        let Some(head) = library.head_of_media(&name)? else {
            return unsound(&format!("the file {name} is named and not there"));
        };
        let begins_as_picture = head.starts_with(b"\x89PNG\r\n\x1a\n")
            || head.starts_with(&[0xff, 0xd8, 0xff])
            || crate::content::media::is_drawing(&head);
        if begins_as_picture != is_picture {
            return unsound(&format!("the file {name} is not what it is taken for"));
        }
    }
    Ok(())
}

fn picture(block: &Block) -> Option<&str> {
    match block {
        Block::Picture { media, .. } => Some(media.as_str()),
        _ => None,
    }
}

fn pictures(page: &Page) -> impl Iterator<Item = &str> {
    let bodies = std::iter::once(&page.body).chain(&page.english);
    let blocks = bodies.flat_map(|body| match body {
        Body::Article { blocks } => blocks.iter().collect::<Vec<_>>(),
        Body::Guide(guide) => guide.steps.iter().flat_map(|step| &step.blocks).collect(),
    });
    blocks.filter_map(picture)
}
