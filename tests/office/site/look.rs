//! Looks at the files of a site as a browser and as a reader do. Begin with [`look_at`].

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use scraper::{Html, Selector};

/// Whether a file is of a kind.
pub fn is(name: &str, ending: &str) -> bool {
    Path::new(name).extension().is_some_and(|other| other == ending)
}

/// Every file below a folder, by its name there.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inside) = folders.pop() {
        for entry in fs::read_dir(inside).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below it").to_str().expect("UTF-8");
                found.insert(name.to_owned(), fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

pub fn text<'a>(files: &'a BTreeMap<String, Vec<u8>>, name: &str) -> &'a str {
    let bytes = files.get(name).unwrap_or_else(|| panic!("no {name}"));
    std::str::from_utf8(bytes).expect("UTF-8")
}

pub fn select(css: &str) -> Selector {
    Selector::parse(css).expect("a selector")
}

/// The file and the place in it to which a link leads from a file.
fn target(from: &str, href: &str) -> (String, String) {
    let here = url::Url::parse(&format!("https://site.test/{from}")).expect("an address");
    let url = here.join(href).expect("a link");
    let bytes: Vec<u8> = decoded(url.path().trim_start_matches('/'));
    let place = decoded(url.fragment().unwrap_or_default());
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (text(bytes), text(place))
}

fn decoded(path: &str) -> Vec<u8> {
    let mut parts = path.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).expect("two digits"));
        bytes.extend(part[2..].bytes());
    }
    bytes
}

/// Looks at every page of a site as a browser and as a reader do.
pub fn look_at(files: &BTreeMap<String, Vec<u8>>) {
    let pages: BTreeMap<&str, Html> = files
        .keys()
        .filter(|name| is(name, "html") && (!name.starts_with("dan/") || *name == "dan/index.html"))
        .map(|name| (name.as_str(), Html::parse_document(text(files, name))))
        .collect();
    let ids: BTreeMap<&str, BTreeSet<String>> = pages.iter().map(|(name, page)| (*name, ids_of(name, page))).collect();
    for (name, page) in &pages {
        assert_eq!(page.errors, [""; 0], "{name}: a browser would have to mend it");
        assert!(
            files[*name].len() < 50 * 1024,
            "{name} has {} bytes",
            files[*name].len()
        );
        let source = text(files, name).to_ascii_lowercase();
        for never in ["<script", "<iframe", "<style", " style=", " onclick", "javascript:"] {
            assert!(!source.contains(never), "{name}: {never}");
        }
        for link in page.select(&select("a[href]")) {
            let href = link.attr("href").expect("a link");
            if href.starts_with("https://") || href.starts_with("tel:") {
                continue;
            }
            let (file, place) = target(name, href);
            assert!(files.contains_key(&file), "{name}: {href} leads nowhere");
            assert!(
                place.is_empty() || ids[file.as_str()].contains(&place),
                "{name}: {href}: no such place"
            );
            assert!(
                !link.text().collect::<String>().trim().is_empty(),
                "{name}: {href} has no words"
            );
        }
        for (css, attribute) in [("[src]", "src"), ("link[rel=stylesheet], link[type]", "href")] {
            for loaded in page.select(&select(css)) {
                let href = loaded.attr(attribute).expect("a file");
                assert!(!href.contains(':') && !href.starts_with('/'), "{name} loads {href}");
                assert!(files.contains_key(&target(name, href).0), "{name}: {href} is not there");
            }
        }
        let lang = page.root_element().attr("lang");
        assert_eq!(lang, Some(if name.starts_with("en/") { "en" } else { "vi" }), "{name}");
        assert!(page.select(&select("img:not([alt])")).next().is_none(), "{name}");
        let mut above = 0;
        for heading in page.select(&select("h1, h2, h3, h4")) {
            let level: u8 = heading.value().name()[1..].parse().expect("a level");
            assert!(level <= above + 1, "{name}: h{level} below h{above}");
            assert!(level > 1 || above == 0, "{name}: two titles");
            above = level;
        }
        assert!(above > 0, "{name} has no title");
        for table in page.select(&select("table")) {
            assert!(
                table.select(&select("caption")).count() == 1 && table.select(&select("th[scope]")).count() > 0,
                "{name}"
            );
        }
    }
}

fn ids_of(name: &str, page: &Html) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for element in page.select(&select("[id]")) {
        let id = element.attr("id").expect("an id");
        assert!(ids.insert(id.to_owned()), "{name} has “{id}” twice");
    }
    ids
}

/// Whether tags of an XML file open and close in order.
pub fn is_well_formed(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    for tag in xml.split('<').skip(1).filter(|tag| !tag.starts_with('?')) {
        let inside = tag.split('>').next().expect("a tag");
        match inside.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None => open.push(inside.split(' ').next().expect("a name")),
        }
    }
    assert!(open.is_empty());
}
