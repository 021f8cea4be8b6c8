//! The words of drawings (SVG) that usvg reads as browsers do, and those that change no picture.
//!
//! A list of what is read and not of what isn't: usvg leaves out in silence what it doesn't know, and browsers learn new words every year.
//! Written beside usvg 0.48 (`parser/svgtree/names.rs` and `parser/*.rs`); values are asked of the readers that usvg itself uses
//! (`svgtypes`). Which word may stand where is asked by [`super::proof`]. Begin with [`Form`].

use std::str::FromStr;

use svgtypes::{
    AspectRatio, Color, FontShorthand, FuncIRI, Length, LengthListParser, LengthUnit, Number, NumberListParser, Paint,
    Transform, ViewBox,
};

/// How usvg reads the value of an attribute or a property. Lists of words have a space between each two.
pub(super) enum Form {
    Paint,
    Colour,
    Share,
    Number,
    Numbers,
    Lengths,
    /// A length that isn't negative, or one of these words.
    Size(&'static str),
    /// One length, or one of these words.
    Length(&'static str),
    /// Some of these words.
    Words(&'static str),
    /// Nothing, or a part of the drawing that is one of these elements.
    Part(&'static str),
    Transform,
    ViewBox,
    AspectRatio,
    Font,
    Any,
}

/// What a value is to usvg.
pub(super) enum Read<'a> {
    /// Nothing: it takes something else instead.
    Not,
    /// What it says.
    Well,
    /// The part of the drawing of this id, if it is one of these elements.
    Part(&'a str, &'static str),
}

/// The elements that paints lead to, or take their colours from.
pub(super) const GRADIENTS: &str = "linearGradient radialGradient";

/// Whether a word is in a list.
pub(super) fn lists(words: &str, word: &str) -> bool {
    words.split(' ').any(|one| one == word)
}

impl Form {
    /// How usvg reads what stands only in attributes. Browsers read some of these in styles too, and usvg does not.
    pub(super) fn of_attribute(name: &str) -> Option<Self> {
        Some(match name {
            "cx" | "cy" | "x1" | "y1" | "x2" | "y2" | "fx" | "fy" | "startOffset" => Self::Length(""),
            "r" | "rx" | "ry" | "width" | "height" => Self::Size(""),
            "x" | "y" | "dx" | "dy" => Self::Lengths,
            "rotate" => Self::Numbers,
            "offset" => Self::Share,
            "transform" | "gradientTransform" => Self::Transform,
            "viewBox" => Self::ViewBox,
            "preserveAspectRatio" => Self::AspectRatio,
            "gradientUnits" | "clipPathUnits" | "maskUnits" | "maskContentUnits" => {
                Self::Words("userSpaceOnUse objectBoundingBox")
            }
            "spreadMethod" => Self::Words("pad reflect repeat"),
            "d" | "points" => Self::Any,
            _ => return None,
        })
    }

    /// How usvg reads a property, in an attribute or in a style.
    pub(super) fn of_property(name: &str) -> Option<Self> {
        Some(match name {
            "fill" | "stroke" => Self::Paint,
            "color" | "stop-color" | "background-color" => Self::Colour,
            "opacity" | "fill-opacity" | "stroke-opacity" | "stop-opacity" => Self::Share,
            "fill-rule" | "clip-rule" => Self::Words("nonzero evenodd"),
            "stroke-width" => Self::Size(""),
            "stroke-dashoffset" => Self::Length(""),
            "stroke-dasharray" => Self::Lengths,
            "stroke-miterlimit" => Self::Number,
            "stroke-linecap" => Self::Words("butt round square"),
            "stroke-linejoin" => Self::Words("miter round bevel"),
            "color-interpolation" => Self::Words("auto sRGB"),
            "paint-order" => Self::Words("normal fill stroke markers"),
            "clip-path" => Self::Part("clipPath"),
            "mask" => Self::Part("mask"),
            "mask-type" => Self::Words("luminance alpha"),
            "display" => Self::Words("inline block inline-block none"),
            "visibility" => Self::Words("visible hidden collapse"),
            "overflow" => Self::Words("visible hidden scroll auto"),
            "isolation" => Self::Words("auto isolate"),
            "mix-blend-mode" => Self::Words(
                "normal multiply screen overlay darken lighten color-dodge color-burn hard-light soft-light difference \
                 exclusion hue saturation color luminosity",
            ),
            "font" => Self::Font,
            // Of the others usvg makes other sizes than browsers.
            "font-size" => Self::Size("medium smaller larger"),
            "font-style" => Self::Words("normal italic oblique"),
            "font-weight" => Self::Words("normal bold 100 200 300 400 500 600 700 800 900"),
            "letter-spacing" | "word-spacing" => Self::Length("normal"),
            "text-anchor" => Self::Words("start middle end"),
            "text-decoration" => Self::Words("none underline overline line-through"),
            "dominant-baseline" | "alignment-baseline" => Self::Words(
                "auto baseline alphabetic middle central hanging ideographic mathematical before-edge after-edge \
                 text-before-edge text-after-edge",
            ),
            "baseline-shift" => Self::Length("baseline sub super"),
            // Other directions are read too, and letters stand otherwise than in browsers.
            "writing-mode" => Self::Words("lr-tb lr horizontal-tb"),
            "direction" => Self::Words("ltr"),
            _ => return None,
        })
    }

    /// Reads a value as usvg will.
    pub(super) fn read<'a>(&self, value: &'a str) -> Read<'a> {
        let is_read = match self {
            Self::Any => true,
            Self::Paint => match Paint::from_str(value) {
                Ok(Paint::FuncIRI(id, _)) => return Read::Part(id, GRADIENTS),
                Ok(Paint::Inherit | Paint::ContextFill | Paint::ContextStroke) | Err(_) => false,
                Ok(_) => true,
            },
            Self::Part(_) if value == "none" => true,
            Self::Part(elements) => match FuncIRI::from_str(value) {
                Ok(part) => return Read::Part(part.0, elements),
                Err(_) => false,
            },
            Self::Colour => value == "currentColor" || Color::from_str(value).is_ok(),
            Self::Share => {
                Length::from_str(value).is_ok_and(|share| matches!(share.unit, LengthUnit::None | LengthUnit::Percent))
            }
            Self::Number => Number::from_str(value).is_ok(),
            Self::Numbers => NumberListParser::from(value).all(|number| number.is_ok()),
            Self::Lengths => value == "none" || LengthListParser::from(value).all(|length| length.is_ok()),
            Self::Size(words) => {
                lists(words, value) || Length::from_str(value).is_ok_and(|length| length.number >= 0.0)
            }
            Self::Length(words) => lists(words, value) || Length::from_str(value).is_ok(),
            Self::Words(words) => value.split(' ').all(|word| lists(words, word)),
            // Browsers paint nothing with one that leaves no area.
            Self::Transform => Transform::from_str(value).is_ok_and(|to| (to.a * to.d - to.b * to.c).abs() > 0.0),
            Self::ViewBox => ViewBox::from_str(value).is_ok() && NumberListParser::from(value).count() == 4,
            Self::AspectRatio => AspectRatio::from_str(value).is_ok(),
            Self::Font => FontShorthand::from_str(value).is_ok(),
        };
        if is_read { Read::Well } else { Read::Not }
    }
}

/// Whether usvg can take this property from the element around.
pub(super) fn is_inherited(name: &str) -> bool {
    !lists(
        "background-color font isolation mask-type mix-blend-mode paint-order",
        name,
    )
}

/// Whether a property changes no picture, whatever it says: most editors write these out. All words are in our own font, on one line.
pub(super) fn is_harmless_property(name: &str) -> bool {
    name.starts_with("-inkscape-")
        || lists(
            "color-interpolation-filters color-rendering color-scheme cursor enable-background \
             flood-color flood-opacity font-family font-feature-settings font-kerning font-optical-sizing font-stretch \
             font-variant-alternates font-variant-east-asian font-variant-ligatures font-variant-numeric \
             font-variation-settings image-rendering lighting-color line-height margin max-height max-width \
             pointer-events shape-margin shape-padding shape-rendering solid-color solid-opacity text-align \
             text-indent text-rendering transition user-select vertical-align will-change",
            name,
        )
}

/// Whether a property that usvg doesn't read asks for nothing. Inkscape writes out all there are.
pub(super) fn asks_nothing(name: &str, value: &str) -> bool {
    lists("none normal auto inherit initial unset transparent", value.trim())
        || matches!(
            (name, value),
            ("block-progression", "tb")
                | ("fr" | "inline-size" | "padding", "0")
                | ("text-decoration-color", "#000000")
                | ("text-decoration-style", "solid")
                | ("text-orientation", "mixed")
                | ("white-space", "nowrap")
        )
}

/// Whether an attribute changes no picture, whatever it says.
pub(super) fn is_harmless_attribute(name: &str) -> bool {
    name.starts_with("data-")
        || name.starts_with("aria-")
        || lists(
            "alt baseProfile class content contentScriptType contentStyleType download externalResourcesRequired \
             focusable host id lang name p-id rel role t tabindex target version zoomAndPan",
            name,
        )
}
