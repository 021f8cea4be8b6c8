//! Reading a drawing (SVG) as a proofreader: would it be painted as its author saw it?
//!
//! Refuses every element, property, value, style and link that usvg leaves out without a word, paints black, or paints elsewhere than
//! browsers do; [`vocabulary`] knows them. Only the check asks, where an author can still mend it. Begin with [`look_over`].

use std::collections::BTreeMap;

use resvg::usvg::roxmltree::{Attribute, Document, Node};
use simplecss::DeclarationTokenizer;
use svgtypes::IRI;

use super::Unfit;
use super::vocabulary::{self, Form, GRADIENTS, Read, lists};
use crate::content::font;

const SVG: &str = "http://www.w3.org/2000/svg";
const XLINK: &str = "http://www.w3.org/1999/xlink";
const XML: &str = "http://www.w3.org/XML/1998/namespace";
const HTML: &str = "http://www.w3.org/1999/xhtml";
const FORMULAS: &str = "http://www.w3.org/1998/Math/MathML";

/// The most rules of a style sheet: each is held against every element.
const MOST_RULES: usize = 500;

/// What a drawing may ask for in vain.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the whole meaning")]
pub enum Need {
    PictureInside,
    Filter,
    ForeignObject,
    FlowingText,
    PatternOrMarker,
    Script,
    Movement,
    SoundOrFilm,
    OtherFile,
    /// An element, by its name.
    Element(String),
    /// An attribute or a property, and what it says.
    Value(String, String),
    /// A piece of a style.
    Style(String),
    /// What the drawing leads to, and doesn't have, or has twice, or has as something else.
    Nowhere(String),
}

impl Need {
    pub(super) fn element(name: &str) -> Self {
        Self::Element(start(name))
    }

    pub(super) fn value(name: &str, value: &str) -> Self {
        Self::Value(start(name), start(value))
    }

    pub(super) fn style(piece: &str) -> Self {
        Self::Style(start(piece))
    }

    pub(super) fn nowhere(id: &str) -> Self {
        Self::Nowhere(start(id))
    }
}

/// As much of it as a message has room for.
fn start(of: &str) -> String {
    of.trim().chars().take(40).collect()
}

/// Refuses a drawing that would be painted otherwise than its author saw it.
pub(super) fn look_over(xml: &Document<'_>) -> Result<(), Unfit> {
    let has_sheet_outside = |node: Node<'_, '_>| node.pi().is_some_and(|pi| pi.target == "xml-stylesheet");
    if xml.root().children().any(has_sheet_outside) {
        return Err(Unfit::Needs(Need::OtherFile));
    }
    // Browsers add what it says to the elements.
    if xml.input_text().contains("<!ATTLIST") {
        return Err(Unfit::Needs(Need::element("!ATTLIST")));
    }
    let parts = Parts::of(xml);
    for element in xml.descendants().filter(Node::is_element) {
        parts.element(&element).map_err(Unfit::Needs)?;
        if is_words(&element)
            && let Some(letter) = words_of(&element)
                .flat_map(str::chars)
                .find(|letter| !font::covers(*letter))
        {
            return Err(Unfit::NoGlyph(letter));
        }
    }
    Ok(())
}

/// Whether what stands in an element is painted as words. Links of the author's own stand in them too.
pub(super) fn is_words(element: &Node<'_, '_>) -> bool {
    element.ancestors().any(|one| one.tag_name().name() == "text") && !only_tells(element)
}

/// The words that stand in an element itself.
pub(super) fn words_of<'a>(element: &Node<'a, '_>) -> impl Iterator<Item = &'a str> {
    element
        .children()
        .filter(Node::is_text)
        .filter_map(|words| words.text())
}

/// Whether an element only tells about the drawing, to people or to the program that made it, and is never painted, nor is what stands
/// in it. Fonts inside a drawing, as `LibreOffice` writes them, are read by no browser either.
fn only_tells(element: &Node<'_, '_>) -> bool {
    element.ancestors().any(|one| match one.tag_name().namespace() {
        None | Some(SVG) => lists("title desc metadata font", one.tag_name().name()),
        Some(HTML | FORMULAS) => false,
        Some(_) => true,
    })
}

/// What leads from one part of a drawing to another.
struct Parts<'a> {
    /// The name of each element that has an id; none if two have it: browsers take the first of these, usvg the last.
    named: BTreeMap<&'a str, Option<&'a str>>,
    /// Whether words have gaps or lines that only a style keeps.
    has_gaps: bool,
    /// Whether some of it is painted again elsewhere: there browsers don't see what stands around it, and usvg does.
    has_copies: bool,
}

impl<'a> Parts<'a> {
    fn of(xml: &'a Document<'_>) -> Self {
        let mut parts = Self {
            named: BTreeMap::new(),
            has_gaps: false,
            has_copies: false,
        };
        for element in xml.descendants().filter(|node| node.is_element() && !only_tells(node)) {
            let is_id = |attribute: &Attribute<'_, '_>| attribute.namespace().is_none() && attribute.name() == "id";
            if let Some(id) = element.attributes().find(is_id) {
                parts
                    .named
                    .entry(id.value())
                    .and_modify(|name| *name = None)
                    .or_insert(Some(element.tag_name().name()));
            }
            parts.has_gaps |= is_words(&element) && has_gaps(&element);
            parts.has_copies |= element.tag_name().name() == "use";
        }
        parts
    }

    fn element(&self, element: &Node<'_, '_>) -> Result<(), Need> {
        let name = element.tag_name().name();
        if only_tells(element) {
            // usvg applies a style sheet wherever it stands.
            return if name == "style" {
                Err(Need::style(name))
            } else {
                Ok(())
            };
        }
        is_painted(element)?;
        element
            .attributes()
            .try_for_each(|attribute| self.attribute(element, &attribute))?;
        if name == "style" {
            self.style_sheet(element)?;
        }
        Ok(())
    }

    fn attribute(&self, element: &Node<'_, '_>, attribute: &Attribute<'_, '_>) -> Result<(), Need> {
        let (of, name, value) = (element.tag_name().name(), attribute.name(), attribute.value());
        let unread = || Err(Need::value(name, value));
        match attribute.namespace() {
            None => {}
            Some(XLINK) if name == "href" => {}
            // usvg looks for these under any prefix.
            Some(_) if lists("class id style", name) => return unread(),
            Some(SVG) => return unread(),
            // Gaps are kept in a whole text, or nowhere in it.
            Some(XML) if name == "space" && of != "text" && is_words(element) => {
                let around = element
                    .ancestors()
                    .skip(1)
                    .find_map(|one| one.attribute((XML, "space")));
                return if around.unwrap_or("default") == value {
                    Ok(())
                } else {
                    unread()
                };
            }
            Some(_) => return Ok(()),
        }
        not_painted_alike(element, name, value)?;
        let is_whole = element.parent_element().is_none();
        match name {
            "href" => self.href(of, value),
            "style" => declarations(value)?
                .into_iter()
                // Of a drawing with a box of its own only the proportions count.
                .filter(|(name, _)| !(is_whole && element.has_attribute("viewBox") && lists("width height", name)))
                .try_for_each(|(name, value)| {
                    not_painted_alike(element, name, value)?;
                    self.style(name, value)
                }),
            "type" if of == "style" && value == "text/css" => Ok(()),
            "media" if of == "style" && lists("all screen", value) => Ok(()),
            // Browsers don't know these as attributes.
            "background-color" | "font" => unread(),
            _ if name.starts_with("on") => Err(Need::Script),
            _ if vocabulary::is_harmless_attribute(name) => Ok(()),
            _ => match Form::of_attribute(name) {
                Some(form) => self.value(&form, name, value),
                None => self.property(name, value),
            },
        }
    }

    /// Where an element leads: links of the author's own (`a`) do nothing.
    fn href(&self, of: &str, value: &str) -> Result<(), Need> {
        let wanted = match of {
            "a" => return Ok(()),
            "linearGradient" | "radialGradient" => GRADIENTS,
            "textPath" => "path",
            "use" => "a circle ellipse g line path polygon polyline rect svg symbol text use",
            _ => return Err(Need::value("href", value)),
        };
        let id = IRI::from_str(value).map_err(|_| Need::OtherFile)?.0;
        self.leads_to(id, wanted)
    }

    fn leads_to(&self, id: &str, wanted: &str) -> Result<(), Need> {
        match self.named.get(id) {
            Some(Some(name)) if lists(wanted, name) => Ok(()),
            _ => Err(Need::nowhere(id)),
        }
    }

    fn style_sheet(&self, sheet: &Node<'_, '_>) -> Result<(), Need> {
        // usvg reads the first piece of it only.
        if sheet.children().count() > 1 {
            return Err(Need::style("style"));
        }
        for (number, rule) in without_comments(sheet.text().unwrap_or_default())?
            .split('}')
            .enumerate()
        {
            if number >= MOST_RULES {
                return Err(Need::style("style"));
            }
            let Some((selectors, style)) = rule.split_once('{') else {
                if rule.trim().is_empty() {
                    continue;
                }
                return Err(Need::style(rule));
            };
            let is_plain = |letter: char| letter.is_ascii_alphanumeric() || " \t\r\n.#*>_-".contains(letter);
            let is_selector = |selector: &str| {
                let selector = selector.trim();
                let looks_around = selector.contains(|letter: char| letter.is_whitespace() || letter == '>');
                !selector.is_empty() && selector.chars().all(is_plain) && !(looks_around && self.has_copies)
            };
            if !selectors.split(',').all(is_selector) {
                return Err(Need::style(selectors));
            }
            let meant: Vec<_> = sheet
                .document()
                .descendants()
                .filter(|node| node.is_element() && selectors.split(',').any(|one| may_mean(one.trim(), node)))
                .collect();
            for (name, value) in declarations(style)? {
                self.style(name, value)?;
                meant
                    .iter()
                    .try_for_each(|element| not_painted_alike(element, name, value))?;
            }
        }
        Ok(())
    }

    fn style(&self, name: &str, value: &str) -> Result<(), Need> {
        if Form::of_attribute(name).is_some() || name == "all" {
            return Err(Need::value(name, value));
        }
        self.property(name, value)
    }

    fn property(&self, name: &str, value: &str) -> Result<(), Need> {
        if vocabulary::is_harmless_property(name) {
            return Ok(());
        }
        match Form::of_property(name) {
            Some(_) if value == "inherit" && vocabulary::is_inherited(name) => Ok(()),
            Some(form) => self.value(&form, name, value),
            None if vocabulary::asks_nothing(name, value) => Ok(()),
            None => match name {
                "filter" => Err(Need::Filter),
                "marker" | "marker-start" | "marker-mid" | "marker-end" => Err(Need::PatternOrMarker),
                "inline-size" | "shape-inside" => Err(Need::FlowingText),
                "white-space" if !self.has_gaps => Ok(()),
                _ => Err(Need::value(name, value)),
            },
        }
    }

    fn value(&self, form: &Form, name: &str, value: &str) -> Result<(), Need> {
        match form.read(value) {
            Read::Well => Ok(()),
            Read::Part(id, elements) => self.leads_to(id, elements),
            Read::Not => match value.split_once("url(") {
                Some((_, to)) if !to.trim_start_matches(['"', '\'', ' ']).starts_with('#') => Err(Need::OtherFile),
                _ => Err(Need::value(name, value)),
            },
        }
    }
}

/// Whether words have two spaces side by side, or lines, and nothing in the XML says that these are kept.
fn has_gaps(element: &Node<'_, '_>) -> bool {
    let is_gap = |(one, next): (char, char)| one.is_whitespace() && next.is_whitespace() || one == '\n';
    element.ancestors().find_map(|one| one.attribute((XML, "space"))) != Some("preserve")
        && words_of(element)
            .map(str::trim)
            .any(|words| words.chars().zip(words.chars().skip(1)).any(is_gap))
}

/// Whether all words of an element stand in one of its children.
fn has_nothing_but(element: &Node<'_, '_>, child: &Node<'_, '_>) -> bool {
    let is_blank = |node: Node<'_, '_>| node.text().is_none_or(|words| words.trim().is_empty()) && !node.is_element();
    element.children().all(|node| node == *child || is_blank(node))
}

/// Refuses an element that usvg doesn't paint, or paints where browsers don't.
fn is_painted(element: &Node<'_, '_>) -> Result<(), Need> {
    const PAINTED: &str = "a circle clipPath defs ellipse g line linearGradient mask path polygon polyline radialGradient \
                           rect stop style symbol text tspan use";
    let name = element.tag_name().name();
    let parent = element.parent_element();
    let is_painted = match name {
        "image" | "feImage" => return Err(Need::PictureInside),
        "foreignObject" => return Err(Need::ForeignObject),
        "flowRoot" | "flowPara" | "flowRegion" => return Err(Need::FlowingText),
        "script" | "handler" => return Err(Need::Script),
        "animate" | "animateTransform" | "animateMotion" | "set" => return Err(Need::Movement),
        "video" | "audio" | "iframe" => return Err(Need::SoundOrFilm),
        _ if element.tag_name().namespace() == Some(HTML) => return Err(Need::ForeignObject),
        _ if element.tag_name().namespace() == Some(FORMULAS) => false,
        // What comes behind stands elsewhere in browsers.
        "textPath" => parent.is_some_and(|parent| parent.has_tag_name("text") && has_nothing_but(&parent, element)),
        // One without a size of its own is cut off nowhere.
        "svg" => parent.is_none() || element.has_attribute("width") && element.has_attribute("height"),
        _ => lists(PAINTED, name),
    };
    if is_painted { Ok(()) } else { Err(Need::element(name)) }
}

/// Refuses what usvg and browsers both know, and paint differently on this element. Each was found beside Chromium.
fn not_painted_alike(element: &Node<'_, '_>, name: &str, value: &str) -> Result<(), Need> {
    let of = element.tag_name().name();
    let asks_nothing = lists("none normal 1", value);
    let differs = match name {
        // Browsers reckon these from the page, and not from the box of the drawing.
        "transform" | "clip-path" | "mask" if element.parent_element().is_none() => !asks_nothing,
        // Of words, usvg does these only with a whole text.
        "opacity" | "clip-path" | "mask" | "mix-blend-mode" if of != "text" && is_words(element) => !asks_nothing,
        // Browsers have no masks of masks, and none that are out of sight.
        "mask" => of == "mask" && !asks_nothing,
        "display" => of == "mask" && value == "none",
        // To usvg the one who uses it says how large it is.
        "x" | "y" | "width" | "height" => of == "symbol",
        "letter-spacing" | "word-spacing" => value.ends_with('%'),
        // To usvg it is as large as around it.
        "font-size" => value == "medium" && is_words(element),
        // In the colour of the words to usvg, of what stands around them to browsers.
        "text-decoration" => !asks_nothing && !is_words(element),
        _ => false,
    };
    if differs { Err(Need::value(name, value)) } else { Ok(()) }
}

/// Whether a plain selector may mean this element, by its last part.
fn may_mean(selector: &str, element: &Node<'_, '_>) -> bool {
    let last = selector
        .rsplit(|letter: char| letter.is_whitespace() || letter == '>')
        .next();
    let parts = last.unwrap_or_default().replace('.', " .").replace('#', " #");
    parts.split_whitespace().all(|part| match part.split_at(1) {
        (".", class) => element.attribute("class").is_some_and(|classes| lists(classes, class)),
        ("#", id) => element.attribute("id") == Some(id),
        _ => part == "*" || part == element.tag_name().name(),
    })
}

/// The declarations of a style, if usvg's reader finds the same as are written: it stops in silence at what it doesn't understand.
fn declarations(style: &str) -> Result<Vec<(&str, &str)>, Need> {
    let mut read = DeclarationTokenizer::from(style);
    style
        .split(';')
        .filter(|written| !written.trim().is_empty())
        .map(|written| {
            let (name, value) = written.split_once(':').unwrap_or_default();
            let (name, value) = (name.trim(), value.trim());
            // Of two that are important usvg takes the first, browsers the last.
            match read.next() {
                Some(read) if (read.name, read.value, read.important) == (name, value, false) => Ok((name, value)),
                _ => Err(Need::style(written)),
            }
        })
        .collect()
}

/// A style sheet without its comments, if these stand between declarations: usvg takes others for part of a value.
fn without_comments(sheet: &str) -> Result<String, Need> {
    let mut pieces = sheet.split("/*");
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        if !plain.trim_end().is_empty() && !plain.trim_end().ends_with(['{', '}', ';']) {
            return Err(Need::style(piece));
        }
        plain.push_str(piece.split_once("*/").map_or("", |(_, rest)| rest));
    }
    Ok(plain)
}
