//! A library as the content it was made of, for whoever makes something else of it: the office's channels. A kiosk never reads it all.

use super::catalogue::documents;
use super::{Library, LibraryError, unsound};
use crate::content::model::Content;

impl Library {
    /// Everything in it, in its order, with those of its media that are wanted by their names.
    ///
    /// # Errors
    /// As [`Library::page`]; [`LibraryError::Unsound`] if a document that is listed is not there.
    pub fn content(&self, wanted: impl Fn(&str) -> bool) -> Result<Content, LibraryError> {
        let known = self.catalogue();
        let mut content = Content {
            pack: known.pack.clone(),
            commune: known.commune.clone(),
            sections: known.sections.clone(),
            events: known.events.clone(),
            notices: known.notices.clone(),
            recordings: known.recordings.clone(),
            topics: known.topics.clone(),
            synonyms: documents(&self.db, "synonyms")?,
            ..Content::default()
        };
        for card in &known.pages {
            content.pages.push(there(&card.id, self.page(&card.id)?)?);
        }
        for quiz in &known.quizzes {
            content.quizzes.push(there(&quiz.id, self.quiz(&quiz.id)?)?);
        }
        for programme in &known.programmes {
            content
                .programmes
                .push(there(&programme.id, self.programme(&programme.id)?)?);
        }
        let mut names = self.db.prepare("SELECT name FROM media")?;
        let names: Vec<String> = names.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        for name in names.into_iter().filter(|name| wanted(name)) {
            if let Some(bytes) = self.media(&name)? {
                content.media.insert(name, bytes);
            }
        }
        Ok(content)
    }
}

fn there<T>(id: &str, read: Option<T>) -> Result<T, LibraryError> {
    read.map_or_else(|| unsound(&format!("{id} is listed and not there")), Ok)
}
