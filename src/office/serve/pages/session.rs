//! Who is asking: a cookie that only the browser knows, and a token in every form that only our pages know.
//!
//! The store keeps a hash of the cookie; the token is made of it, so that another site can neither read nor guess it (OWASP,
//! "Cross-Site Request Forgery Prevention"). Behind the token, after a dot, stands the mark of whoever the page was made for
//! ([`Marks`](crate::office::serve::marks::Marks)): a form whose token is old does nothing, but if the mark is that of whoever has signed in
//! since, they are shown once more what they typed. Begin with [`Officer`] and [`Posted`].

use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Extension, Form, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{App, PageError};
use crate::office::serve::officers::hash;
use crate::office::store::{Role, Seconds, SignIn};

/// How long one stays signed in: a working day.
pub const LENGTH: Seconds = 10 * 60 * 60;

/// The most bytes of a form that is kept while somebody signs in again. Anybody may send them, and they come back, encoded once more, with a
/// name and a password.
const LARGEST_KEPT: usize = 3 * 1024;

/// The longest name of a host in DNS, as much of one as is written into the log.
const LONGEST_HOST: usize = 253;

/// What doesn't stand for itself where an address holds another, or a name.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/');

/// Words as an address has them.
pub fn percent_encoded(words: &str) -> PercentEncode<'_> {
    utf8_percent_encode(words, RESERVED)
}

/// The field of forms that holds the token.
pub const TOKEN: &str = "token";

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Officer {
    /// The name of the account.
    pub name: String,
    /// What it is for.
    pub role: Role,
    cookie: String,
    mark: blake3::Hash,
}

impl Officer {
    /// The hidden field that every form of ours has.
    pub fn token(&self) -> Markup {
        token_field(&self.cookie, self.mark)
    }

    /// Whether a form came from a page of this session.
    pub fn sent(&self, token: &str) -> Result<(), PageError> {
        let (token, _) = with_mark(token);
        // Hashes are compared in constant time.
        let sent = blake3::Hash::from_hex(token).is_ok_and(|token| token == token_of(&self.cookie));
        if sent { Ok(()) } else { Err(PageError::Stale) }
    }

    /// Whether a form came from a page that was made for this officer, in whatever session.
    fn typed(&self, token: &str) -> bool {
        let (_, mark) = with_mark(token);
        blake3::Hash::from_hex(mark).is_ok_and(|mark| mark == self.mark)
    }

    /// Whether buttons and forms are shown: whoever only reads would be refused.
    pub fn runs(&self) -> bool {
        self.role >= Role::Runs
    }

    /// Whether this is still so: a form or a file may have been long on its way.
    ///
    /// # Errors
    /// [`PageError::NotAllowed`] if the account is gone, or is for less by now; [`PageError::Database`].
    pub async fn still(&self, app: &App) -> Result<(), PageError> {
        let now = app.store.signed_in(&self.session(), app.seconds()).await?;
        if now.is_some_and(|(_, role)| role >= self.role) {
            Ok(())
        } else {
            Err(PageError::NotAllowed)
        }
    }

    /// Whether the account is for looking at this address.
    pub fn may_see(&self, address: &str) -> bool {
        self.role >= needed(&Method::GET, address)
    }

    /// What the store knows the session by.
    pub fn session(&self) -> String {
        hash(&self.cookie)
    }
}

fn token_field(cookie: &str, mark: blake3::Hash) -> Markup {
    let token = format!("{}.{mark}", token_of(cookie));
    html! { input type="hidden" name=(TOKEN) value=(token); }
}

/// A token, and the mark behind it.
fn with_mark(token: &str) -> (&str, &str) {
    token.split_once('.').unwrap_or((token, ""))
}

fn token_of(cookie: &str) -> blake3::Hash {
    blake3::Hash::from_bytes(blake3::derive_key("commune-kiosk office form token", cookie.as_bytes()))
}

/// A new session, the cookie for the browser that it belongs to, and the hidden field of its forms.
pub fn begin(app: &App, account: &str, now: Seconds) -> Result<(SignIn, String, Markup), PageError> {
    let mut random = [0; 32];
    getrandom::fill(&mut random).map_err(|error| PageError::Failed(error.to_string()))?;
    let cookie = blake3::Hash::from_bytes(random).to_hex().to_string();
    let session = SignIn {
        token: hash(&cookie),
        account: account.to_owned(),
        expires_at: now + LENGTH,
    };
    let set_cookie = app.officers.set_cookie(&cookie, LENGTH);
    Ok((session, set_cookie, token_field(&cookie, app.marks.of(account))))
}

/// What makes the browser forget.
pub fn forget(app: &App) -> String {
    app.officers.set_cookie("", 0)
}

/// Whether a browser says that another site made it send this.
///
/// A proxy that doesn't pass on what the browser asked for makes every form look so; that is said in the log.
pub fn is_foreign(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = text(header::ORIGIN) else {
        return false;
    };
    let page = origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"));
    let host = text(header::HOST);
    let is_foreign = page != host;
    if is_foreign {
        let short = |text: &str| text.chars().take(LONGEST_HOST).collect::<String>();
        let (origin, host) = (short(origin), host.map(short));
        tracing::warn!(
            origin,
            host,
            "a form of another page is refused; a proxy has to pass on the Host of the browser"
        );
    }
    is_foreign
}

/// Goes along with the answer to a form of somebody whose time is over, or from a page of before they signed in again.
#[derive(Debug, Clone)]
pub struct Unsent {
    /// The field of their new session, if they have signed in since.
    pub token: Option<Markup>,
    /// What was typed, encoded as forms are, and the mark of whoever typed it.
    pub typed: Option<(String, String)>,
    /// The page on which that was.
    pub before: Option<String>,
}

impl Unsent {
    async fn of(request: Request) -> Self {
        let before = page_before(request.headers()).map(str::to_owned);
        let path = request.uri().path().to_owned();
        let body = to_bytes(request.into_body(), LARGEST_KEPT).await.unwrap_or_default();
        let token = form_urlencoded::parse(&body).find(|(name, _)| name == TOKEN);
        let mark = token.map_or_else(String::new, |(_, token)| with_mark(&token).1.to_owned());
        // Without a mark it is of no page of ours, and would be shown to nobody.
        let typed = typed(&path, &body).filter(|_| !mark.is_empty());
        Self {
            token: None,
            typed: typed.map(|typed| (typed, mark)),
            before,
        }
    }
}

/// What was typed into a form; nothing if it is too large, or may have a password, which is never written back.
fn typed(path: &str, body: &[u8]) -> Option<String> {
    let first = path.split('/').nth(1);
    if matches!(first, Some("accounts" | "password")) || body.len() > LARGEST_KEPT {
        return None;
    }
    let fields = form_urlencoded::parse(body).filter(|(name, _)| name != TOKEN);
    let typed = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    (!typed.is_empty()).then_some(typed)
}

/// The page of ours from which a browser says that it comes.
fn page_before(headers: &HeaderMap) -> Option<&str> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let (_, rest) = text(header::REFERER)?.split_once("://")?;
    let path = rest.strip_prefix(text(header::HOST)?)?;
    path.starts_with('/').then_some(path)
}

/// What an account must be for to ask this: whoever reads sends nothing but to sign out and for a password of their own.
fn needed(method: &Method, path: &str) -> Role {
    let first = path.split('/').nth(1).unwrap_or_default();
    match first {
        "accounts" | "deeds" => Role::Administers,
        "deliveries" | "channels" => Role::Runs,
        "sign-out" | "password" => Role::Reads,
        _ if method == Method::GET || method == Method::HEAD => Role::Reads,
        _ => Role::Runs,
    }
}

/// Why somebody is not let in.
pub enum NotSignedIn {
    /// Nobody is signed in; the way to where one does.
    Nobody(String),
    /// The account is for less.
    NotAllowed,
    /// There is no telling.
    Error(PageError),
}

impl IntoResponse for NotSignedIn {
    fn into_response(self) -> Response {
        match self {
            Self::Nobody(way) => Redirect::to(&way).into_response(),
            Self::NotAllowed => PageError::NotAllowed.into_response(),
            Self::Error(error) => error.into_response(),
        }
    }
}

impl FromRequestParts<Arc<App>> for Officer {
    type Rejection = NotSignedIn;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, NotSignedIn> {
        let nobody = || {
            let wanted = parts.uri.path_and_query().map_or("/", |path| path.as_str());
            NotSignedIn::Nobody(match (&parts.method, wanted) {
                // Not from the root, so that whoever comes below a path reads there that it does not go on.
                (&Method::GET, "/") => "sign-in".to_owned(),
                (&Method::GET, _) => format!("/sign-in?next={}", percent_encoded(wanted)),
                _ => match page_before(&parts.headers) {
                    Some(page) => format!("/sign-in?next={}", percent_encoded(page)),
                    None => "/sign-in".to_owned(),
                },
            })
        };
        let cookie = app.officers.cookie(&parts.headers).ok_or_else(nobody)?;
        let session = hash(&cookie);
        let asked = app.store.signed_in(&session, app.seconds()).await;
        let Some((name, role)) = asked.map_err(|error| NotSignedIn::Error(error.into()))? else {
            app.officers.remove(&session);
            return Err(nobody());
        };
        if role < needed(&parts.method, parts.uri.path()) {
            return Err(NotSignedIn::NotAllowed);
        }
        let mark = app.marks.of(&name);
        Ok(Self {
            name,
            role,
            cookie,
            mark,
        })
    }
}

/// A form of ours, from somebody who is signed in.
pub struct Posted<T>(pub Officer, pub T);

/// A form without fields: a button.
#[derive(Deserialize)]
pub struct Empty {}

#[derive(Deserialize)]
struct WithToken<T> {
    token: String,
    #[serde(flatten)]
    fields: T,
}

impl<T: DeserializeOwned + Send> FromRequest<Arc<App>> for Posted<T> {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let officer = Officer::from_request_parts(&mut parts, app).await;
        if is_foreign(&parts.headers) {
            return Err(PageError::Stale.into_response());
        }
        let officer = match officer {
            Err(nobody @ NotSignedIn::Nobody(_)) => {
                let unsent = Unsent::of(Request::from_parts(parts, body)).await;
                return Err((Extension(unsent), nobody).into_response());
            }
            officer => officer.map_err(IntoResponse::into_response)?,
        };
        let path = parts.uri.path().to_owned();
        let bytes = Bytes::from_request(Request::from_parts(parts.clone(), body), app).await;
        let bytes = bytes.map_err(|error| unreadable(&error.body_text()))?;
        let request = Request::from_parts(parts, Body::from(bytes.clone()));
        let form = Form::<WithToken<T>>::from_request(request, app).await;
        let Form(form) = form.map_err(|error| unreadable(&error.body_text()))?;
        if let Err(stale) = officer.sent(&form.token) {
            let typed = typed(&path, &bytes).filter(|_| officer.typed(&form.token));
            return Err(match typed {
                Some(typed) => {
                    let unsent = Unsent {
                        token: Some(officer.token()),
                        typed: Some((typed, officer.mark.to_string())),
                        before: None,
                    };
                    (Extension(unsent), stale).into_response()
                }
                None => stale.into_response(),
            });
        }
        officer.still(app).await.map_err(IntoResponse::into_response)?;
        Ok(Self(officer, form.fields))
    }
}

/// A form that is none of ours, or was cut off on its way. What was wrong is for the log: it is English.
fn unreadable(error: &str) -> Response {
    tracing::warn!("a form can't be read: {error}");
    let words = "Mẫu gửi lên thiếu ô hoặc quá dài. Mời quay lại, tải lại trang rồi làm lại. Chưa có gì thay đổi.";
    PageError::Wrong(words.to_owned()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap()));
        pairs.collect()
    }

    #[test]
    fn forms_of_other_sites_are_foreign() {
        let from = |origin| headers(&[(header::HOST, "office.xa:8080"), (header::ORIGIN, origin)]);
        assert!(!is_foreign(&from("https://office.xa:8080")));
        assert!(is_foreign(&from("https://office.xa")));
        assert!(is_foreign(&from("https://elsewhere.example")));
        assert!(is_foreign(&from("null")));
        assert!(!is_foreign(&headers(&[(header::HOST, "office.xa")])), "no browser");
    }

    #[test]
    fn only_a_page_of_ours_is_one_to_go_back_to() {
        let from = |referer| headers(&[(header::HOST, "office.xa:8080"), (header::REFERER, referer)]);
        assert_eq!(
            page_before(&from("http://office.xa:8080/kiosks?page=2")),
            Some("/kiosks?page=2")
        );
        for other in [
            "http://office.xa:80801/",
            "https://elsewhere.example/",
            "http://office.xa:8080",
            "/kiosks",
        ] {
            assert_eq!(page_before(&from(other)), None, "{other}");
        }
    }

    #[test]
    fn whoever_only_reads_changes_nothing() {
        for (method, path, role) in [
            (Method::GET, "/", Role::Reads),
            (Method::GET, "/kiosks/a1b2", Role::Reads),
            (Method::GET, "/reports/pdf", Role::Reads),
            (Method::GET, "/activities", Role::Reads),
            (Method::POST, "/activities/2.2", Role::Runs),
            (Method::POST, "/sign-out", Role::Reads),
            (Method::POST, "/password", Role::Reads),
            (Method::POST, "/kiosks/a1b2/accept", Role::Runs),
            (Method::POST, "/reports/issuer", Role::Runs),
            (Method::GET, "/deliveries", Role::Runs),
            (Method::POST, "/packs/upload", Role::Runs),
            (Method::DELETE, "/", Role::Runs),
            (Method::GET, "/accounts", Role::Administers),
            (Method::POST, "/accounts/lan/remove", Role::Administers),
            (Method::GET, "/deeds", Role::Administers),
        ] {
            assert_eq!(needed(&method, path), role, "{method} {path}");
        }
    }

    #[test]
    fn a_token_fits_its_own_session_only() {
        let officer = |cookie: &str| Officer {
            name: "hoa".to_owned(),
            role: Role::Reads,
            cookie: cookie.to_owned(),
            mark: blake3::hash(b"hoa"),
        };
        let token = format!("{}.{}", token_of("one"), blake3::hash(b"hoa"));
        assert!(officer("one").sent(&token).is_ok());
        assert!(officer("two").sent(&token).is_err(), "the mark alone does nothing");
        assert!(officer("one").sent("").is_err());
        assert!(officer("two").typed(&token), "of an earlier session");
        let other = format!("{}.{}", token_of("one"), blake3::hash(b"mai"));
        assert!(!officer("two").typed(&other) && !officer("two").typed("") && !officer("two").typed("."));
    }
}
