//! What a resident can set for the length of a visit.

/// Size of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextSize {
    /// As designed.
    #[default]
    Normal,
    /// Body text 140 %.
    Large,
    /// Body text 200 %.
    Largest,
}

impl TextSize {
    /// All sizes, the smallest first.
    pub const ALL: [Self; 3] = [Self::Normal, Self::Large, Self::Largest];

    /// Its name in commands and counters.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Large => "large",
            Self::Largest => "largest",
        }
    }
}

/// Language of the interface; the pages themselves are Vietnamese, with English titles where authors gave them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Vietnamese.
    #[default]
    Vietnamese,
    /// English.
    English,
}

impl Language {
    /// Its code (ISO 639-1).
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Vietnamese => "vi",
            Self::English => "en",
        }
    }
}

/// What a resident has set; forgotten at the end of the visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settings {
    /// Size of the text.
    pub text_size: TextSize,
    /// White on black.
    pub high_contrast: bool,
    /// Language of the interface.
    pub language: Language,
}
