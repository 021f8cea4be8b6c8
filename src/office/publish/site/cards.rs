//! Pages as cards: picture, title, a line. Begin with [`cards`].

use maud::{Markup, html};

use super::edition::{self, Here};
use crate::content::model::Page;

/// Pages with their first pictures.
pub(super) fn cards(here: &Here<'_>, pages: &[&Page]) -> Markup {
    html! {
        ul.cards {
            @for page in pages {
                @let way = here.page(page);
                li {
                    a href=(way.href) hreflang=[way.language()] {
                        @if let Some(picture) = edition::picture(page) { img src=(here.media(picture)) alt="" loading="lazy"; }
                        span {
                            strong { (here.title(page)) @if way.is_vietnamese { (here.words().in_vietnamese) } }
                            span.line { (here.summary(page)) }
                        }
                    }
                }
            }
        }
    }
}
