//! Sessions of officers, kept in memory beside the store: whoever makes up cookies asks the database nothing. Begin with [`Officers`].
//!
//! It decides who is listened to where others are turned away, and nothing else: who is let in, the store says.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderMap, header};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};

use crate::office::store::{Seconds, SignIn};

/// The cookie over TLS. Browsers take one of this name over nothing else, and from no other host (RFC 6265bis, 4.1.3.2).
const SECURE: &str = "__Host-office";

/// The cookie where there is no TLS.
const PLAIN: &str = "office";

/// Who is signed in, as far as anybody knows.
pub struct Officers {
    cookie: &'static str,
    /// Whose, and until when.
    sessions: Mutex<HashMap<String, (String, Seconds)>>,
}

impl Officers {
    /// These are signed in. Browsers come over TLS, or not.
    pub fn new(sessions: Vec<SignIn>, is_secure: bool) -> Self {
        let sessions = sessions
            .into_iter()
            .map(|one| (one.token, (one.account, one.expires_at)));
        Self {
            cookie: if is_secure { SECURE } else { PLAIN },
            sessions: Mutex::new(sessions.collect()),
        }
    }

    /// Somebody has signed in.
    pub fn add(&self, session: &SignIn, now: Seconds) {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|_, (_, expires_at)| *expires_at >= now);
        sessions.insert(session.token.clone(), (session.account.clone(), session.expires_at));
    }

    /// A session is over.
    pub fn remove(&self, session: &str) {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.remove(session);
    }

    /// An account is gone, or has another password: so have all who were signed in with it.
    pub fn remove_all_of(&self, account: &str) {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|_, (other, _)| other != account);
    }

    /// The session of whoever asks, if it is one of these and not over yet.
    pub fn session(&self, headers: &HeaderMap, now: Seconds) -> Option<String> {
        let session = hash(&self.cookie(headers)?);
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let is_over = sessions.get(&session)?.1 < now;
        (!is_over).then_some(session)
    }

    /// What the browser knows its session by.
    pub fn cookie(&self, headers: &HeaderMap) -> Option<String> {
        let lines = headers.get_all(header::COOKIE).into_iter();
        let cookies = lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(Cookie::split_parse);
        let ours = cookies.flatten().find(|cookie| cookie.name() == self.cookie);
        ours.map(|cookie| cookie.value().to_owned())
    }

    /// Tells the browser what it knows its session by, for so many seconds.
    pub fn set_cookie(&self, value: &str, seconds: Seconds) -> String {
        let cookie = Cookie::build((self.cookie, value))
            .path("/")
            .max_age(Duration::seconds(seconds));
        let cookie = cookie.http_only(true).same_site(SameSite::Strict);
        cookie.secure(self.cookie == SECURE).to_string()
    }
}

/// What the store knows a session by.
pub fn hash(cookie: &str) -> String {
    blake3::hash(cookie.as_bytes()).to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookies: &str) -> HeaderMap {
        [(header::COOKIE, cookies.parse().unwrap())].into_iter().collect()
    }

    #[test]
    fn our_cookie_is_found_among_others() {
        let officers = Officers::new(Vec::new(), false);
        let ours = officers.cookie(&headers("a=1; b; office=abc; c=2"));
        assert_eq!(ours.as_deref(), Some("abc"));
        assert_eq!(
            officers.cookie(&headers("offices=abc; xoffice=1; __Host-office=2")),
            None
        );
        assert_eq!(
            officers.set_cookie("1", 5),
            "office=1; HttpOnly; SameSite=Strict; Path=/; Max-Age=5"
        );
        let officers = Officers::new(Vec::new(), true);
        let ours = officers.cookie(&headers("office=abc; __Host-office=1"));
        assert_eq!(ours.as_deref(), Some("1"));
        assert_eq!(
            officers.set_cookie("1", 5),
            "__Host-office=1; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=5"
        );
    }

    #[test]
    fn sessions_that_are_over_are_forgotten() {
        let session = |cookie: &str, expires_at| SignIn {
            token: hash(cookie),
            account: "hoa".to_owned(),
            expires_at,
        };
        let officers = Officers::new(vec![session("one", 10), session("two", 20)], false);
        assert_eq!(officers.session(&headers("office=one"), 10), Some(hash("one")));
        assert_eq!(officers.session(&headers("office=one"), 11), None);
        assert_eq!(officers.session(&headers("office=four"), 10), None);
        officers.add(&session("three", 30), 15);
        officers.remove(&hash("two"));
        for (cookie, is_one) in [("one", false), ("two", false), ("three", true)] {
            assert_eq!(
                officers.session(&headers(&format!("office={cookie}")), 15).is_some(),
                is_one
            );
        }
    }

    #[test]
    fn an_account_that_is_gone_takes_its_sessions_along() {
        let session = |cookie: &str, account: &str| SignIn {
            token: hash(cookie),
            account: account.to_owned(),
            expires_at: 10,
        };
        let officers = Officers::new(vec![session("one", "hoa"), session("two", "lan")], false);
        officers.remove_all_of("hoa");
        assert_eq!(officers.session(&headers("office=one"), 5), None);
        assert!(officers.session(&headers("office=two"), 5).is_some());
    }
}
