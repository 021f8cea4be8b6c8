//! A small folder of content with one page that is written anew each time, for the targets that write it.

use std::sync::LazyLock;

use chrono::NaiveDate;
use commune_kiosk::content::library::Library;
use commune_kiosk::content::source;
use tempfile::TempDir;

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir_in("/dev/shm").expect("a folder");
    let write = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        std::fs::write(file, text).expect("written");
    };
    write("pack.toml", "id = \"a\"\ntitle = \"A\"\nedition = 1\nlanguages = [\"vi\"]\npublisher = \"A\"\n");
    write("commune.toml", "name = \"Xã\"\n");
    write("media/i.svg", "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><path d='M0 0h5v5z'/></svg>");
    write(
        "sections.toml",
        "[[section]]\nid = \"a\"\ntitle = \"A\"\nsummary = \"A.\"\nicon = \"i.svg\"\ncolor = \"teal\"\n",
    );
    folder
});

/// Faults that can be shown, or content that a library takes and gives back.
pub fn check(page: &str) {
    let file = FOLDER.path().join("pages/a/b.md");
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
    std::fs::write(&file, page).expect("written");
    let checked = source::read(FOLDER.path(), NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day"));
    let _ = checked.report(false);
    if let Some(content) = &checked.content {
        let library = Library::in_memory(content).expect("a library");
        for page in &content.pages {
            assert_eq!(library.page(&page.id).expect("read").as_ref(), Some(page));
        }
    }
}
