//! What ids are called. Counts carry ids only; the words come from the content that the office has.
//!
//! An id that is not in that content (an older edition, another pack) is shown as it is. Read [`Titles`] first.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::content::library::{Library, LibraryError};
use crate::content::model::{Body, Question};

/// Titles by id. The default knows none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Titles {
    pages: BTreeMap<String, PageTitle>,
    programmes: BTreeMap<String, String>,
    quizzes: BTreeMap<String, String>,
    questions: BTreeMap<String, QuestionTitle>,
    /// What is stored from before knows none.
    #[serde(default)]
    topics: BTreeMap<String, TopicTitle>,
    /// Likewise.
    #[serde(default)]
    notices: BTreeMap<String, String>,
    /// Questions of which contents say different things under one id: what was answered can't be judged by any of them.
    #[serde(skip)]
    disputed: BTreeSet<String>,
}

/// What a topic is called.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicTitle {
    /// As residents see it.
    pub title: String,
    /// Whether a page answers it.
    pub has_page: bool,
}

/// What a page is called.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageTitle {
    /// As residents see it.
    pub title: String,
    /// The titles of its steps if it is a guide; empty if not.
    pub steps: Vec<String>,
}

/// What a question says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionTitle {
    /// The question.
    pub prompt: String,
    /// Its choices, in the author's order, by which they are counted.
    pub choices: Vec<String>,
    /// The right one, from 0.
    pub answer: usize,
}

impl QuestionTitle {
    /// Whether answers to both can be counted and judged together: the same choices in the same order, but for signs and spaces, and the same
    /// right one.
    #[must_use]
    pub fn is_answered_alike(&self, other: &Self) -> bool {
        let letters = |choice: &String| -> String {
            let letters = choice.chars().filter(|letter| letter.is_alphanumeric());
            letters.flat_map(char::to_lowercase).collect()
        };
        self.answer == other.answer && self.choices.iter().map(letters).eq(other.choices.iter().map(letters))
    }
}

impl From<Question> for QuestionTitle {
    fn from(question: Question) -> Self {
        Self {
            prompt: question.prompt,
            choices: question.choices,
            answer: question.answer,
        }
    }
}

impl Titles {
    /// Reads every title of a library.
    ///
    /// # Errors
    /// [`LibraryError`] if the file is damaged.
    pub fn of(library: &Library) -> Result<Self, LibraryError> {
        let catalogue = library.catalogue();
        let mut titles = Self::default();
        for card in &catalogue.pages {
            let steps = match library.page(&card.id)?.map(|page| page.body) {
                Some(Body::Guide(guide)) => guide.steps.into_iter().map(|step| step.title).collect(),
                _ => Vec::new(),
            };
            let title = card.title.clone();
            titles.add_page(&card.id, PageTitle { title, steps });
        }
        for programme in &catalogue.programmes {
            titles.programmes.insert(programme.id.clone(), programme.title.clone());
        }
        for quiz in &catalogue.quizzes {
            titles.quizzes.insert(quiz.id.clone(), quiz.title.clone());
            let questions = library.quiz(&quiz.id)?.map(|quiz| quiz.questions);
            for question in questions.unwrap_or_default() {
                let id = question.id.clone();
                titles.add_question(&id, question.into());
            }
        }
        for topic in &catalogue.topics {
            let title = TopicTitle {
                title: topic.title.clone(),
                has_page: !topic.page.is_empty(),
            };
            titles.topics.insert(topic.id.clone(), title);
        }
        for notice in &catalogue.notices {
            titles.notices.insert(notice.id.clone(), notice.title.clone());
        }
        Ok(titles)
    }

    /// As the store keeps them.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads what [`Titles::to_json`] wrote.
    ///
    /// # Errors
    /// It is something else.
    pub fn from_json(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }

    /// Takes over all titles of other content; where both know an id, the other's title counts. A question that both ask with different
    /// choices is none of theirs any more.
    pub fn extend(&mut self, other: Self) {
        self.pages.extend(other.pages);
        self.programmes.extend(other.programmes);
        self.quizzes.extend(other.quizzes);
        for (id, question) in other.questions {
            let known = self.questions.get(&id);
            if known.is_some_and(|known| !known.is_answered_alike(&question)) {
                self.disputed.insert(id.clone());
            }
            self.questions.insert(id, question);
        }
        self.disputed.extend(other.disputed);
        self.topics.extend(other.topics);
        self.notices.extend(other.notices);
    }

    /// Adds a page.
    pub fn add_page(&mut self, id: &str, title: PageTitle) {
        self.pages.insert(id.to_owned(), title);
    }

    /// Adds a question.
    pub fn add_question(&mut self, id: &str, title: QuestionTitle) {
        self.questions.insert(id.to_owned(), title);
    }

    /// The title of whatever residents can open: a page, a programme or a question set.
    #[must_use]
    pub fn title<'a>(&'a self, id: &'a str) -> &'a str {
        let page = self.pages.get(id).map(|page| &page.title);
        let other = || self.programmes.get(id).or_else(|| self.quizzes.get(id));
        page.or_else(other).map_or(id, String::as_str)
    }

    /// The titles of a guide's steps; empty if there is no such guide.
    #[must_use]
    pub fn steps(&self, page: &str) -> &[String] {
        self.pages.get(page).map_or(&[], |page| &page.steps)
    }

    /// The title of a notice. Its id may be a page's too, so it is looked for among notices alone.
    #[must_use]
    pub fn notice<'a>(&'a self, id: &'a str) -> &'a str {
        self.notices.get(id).map_or(id, String::as_str)
    }

    /// What a topic is called, if it is known.
    #[must_use]
    pub fn topic(&self, id: &str) -> Option<&TopicTitle> {
        self.topics.get(id)
    }

    /// What a question asks, as the content that came last says it.
    #[must_use]
    pub fn prompt<'a>(&'a self, id: &'a str) -> &'a str {
        self.questions.get(id).map_or(id, |question| &question.prompt)
    }

    /// What a question says, if all contents say the same of it.
    #[must_use]
    pub fn question(&self, id: &str) -> Option<&QuestionTitle> {
        self.questions.get(id).filter(|_| !self.disputed.contains(id))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::content;

    #[test]
    fn what_is_unknown_is_called_by_its_id() {
        let titles = Titles::default();
        assert_eq!(titles.title("khai-sinh"), "khai-sinh");
        assert!(titles.steps("khai-sinh").is_empty());
        assert_eq!(titles.notice("chi-tra"), "chi-tra");
        assert_eq!(titles.question("at-otp"), None);
    }

    #[test]
    fn answers_are_judged_by_no_content_if_contents_disagree_of_them() {
        let question = |choices: [&str; 2], answer| QuestionTitle {
            prompt: "Mã OTP đưa cho ai?".to_owned(),
            choices: choices.map(str::to_owned).to_vec(),
            answer,
        };
        let edition = |question: QuestionTitle| {
            let mut titles = Titles::default();
            titles.add_question("at-otp", question);
            titles
        };
        let first = question(["Không ai cả", "Ngân hàng"], 0);
        for (next, is_known) in [
            (question(["Không ai cả.", "ngân hàng"], 0), true),
            (question(["Ngân hàng", "Không ai cả"], 1), false),
            (question(["Không ai cả", "Ngân hàng"], 1), false),
            (question(["Không ai cả", "Công an"], 0), false),
        ] {
            let mut titles = edition(first.clone());
            titles.extend(edition(next.clone()));
            assert_eq!(titles.question("at-otp"), is_known.then_some(&next));
            // Whatever comes after.
            titles.extend(edition(next.clone()));
            assert_eq!(titles.question("at-otp"), is_known.then_some(&next));
        }
    }

    #[test]
    fn the_communes_content_knows_its_titles() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
        let day = chrono::NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
        let checked = content::source::read(&folder, day);
        let library = Library::in_memory(&checked.content.unwrap()).unwrap();
        let titles = Titles::of(&library).unwrap();
        assert_eq!(titles.title("khai-sinh"), "Làm giấy khai sinh cho trẻ");
        assert!(titles.steps("khai-sinh").len() > 2);
        let question = titles.question("at-tai-vneid").unwrap();
        assert_eq!(question.choices[question.answer], "App Store hoặc CH Play");
        assert_eq!(titles.title("an-toan"), "An toàn trên mạng");
        assert_eq!(titles.notice("luat-ho-tich-moi"), "Từ ngày 1/3/2027: Luật Hộ tịch mới");
    }
}
