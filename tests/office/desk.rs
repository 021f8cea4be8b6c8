//! An officer at the desk without a browser: signed in, they look at pages and send forms and files. Begin with [`Desk`].

use std::io::{self, Read};

use commune_kiosk::office::password;
use ureq::{Agent, SendBody};

use crate::common::office::Office;
use crate::server::Answer;

const PASSWORD: &str = "mùa lúa chín rộ";

/// Stands between the parts of a form with files; nothing that is sent has it.
const BOUNDARY: &str = "----------het-mot-phan";

/// Somebody who is signed in.
pub struct Desk {
    url: String,
    cookie: String,
    token: String,
}

impl Desk {
    /// Makes an account at an office, and signs in.
    pub fn at(office: &Office) -> Self {
        let hash = password::hash(PASSWORD).expect("a password");
        office.asks(async |store| store.set_password("lan", &hash, None).await.expect("an account"));
        let url = office.url();
        let form = [("name", "lan"), ("password", PASSWORD)];
        let answer = Answer::of(agent().post(format!("{url}/sign-in")).send_form(form));
        let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next());
        let mut desk = Self {
            cookie: cookie.expect("a cookie").to_owned(),
            url,
            token: String::new(),
        };
        let page = desk.sees("/packs");
        desk.takes_the_token_of(&page);
        desk
    }

    /// What is sent from now on comes from this page.
    pub fn takes_the_token_of(&mut self, page: &str) {
        let (_, token) = page.split_once("name=\"token\" value=\"").expect("a form");
        token.split('"').next().expect("a token").clone_into(&mut self.token);
    }

    /// Signs in once more, as `name`; what lies on the desk are pages of before.
    pub fn signs_in_again_as(&mut self, name: &str) {
        let form = [("name", name), ("password", PASSWORD)];
        let answer = Answer::of(agent().post(format!("{}/sign-in", self.url)).send_form(form));
        let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next());
        cookie.expect("a cookie").clone_into(&mut self.cookie);
    }

    /// Goes on at another host of the same office.
    pub fn goes_to(&mut self, office: &Office) {
        self.url = office.url();
    }

    /// Asks for a page or a file.
    pub fn gets(&self, path: &str) -> Answer {
        let request = agent().get(format!("{}{path}", self.url));
        Answer::of(request.header("cookie", &self.cookie).call())
    }

    /// What a page says.
    pub fn sees(&self, path: &str) -> String {
        let answer = self.gets(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.text()
    }

    /// Presses a button below these fields.
    pub fn sends(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let fields = [&[("token", self.token.as_str())], fields].concat();
        let request = agent().post(format!("{}{path}", self.url));
        Answer::of(request.header("cookie", &self.cookie).send_form(fields))
    }

    /// As [`Desk::sends`], from a page of another site.
    pub fn sends_from(&self, origin: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = agent().post(format!("{}{path}", self.url)).header("origin", origin);
        Answer::of(request.header("cookie", &self.cookie).send_form(fields.iter().copied()))
    }

    /// Sends files under the name of their field.
    pub fn uploads(&self, path: &str, field: &str, files: &[(&str, &[u8])]) -> Answer {
        self.uploads_while(path, field, files, || {})
    }

    /// As [`Desk::uploads`]; something happens while the end of the last file is still to be sent.
    pub fn uploads_while(&self, path: &str, field: &str, files: &[(&str, &[u8])], happens: impl FnMut()) -> Answer {
        let mut body = part("name=\"token\"", self.token.as_bytes());
        for (name, bytes) in files {
            body.extend(part(&format!("name=\"{field}\"; filename=\"{name}\""), bytes));
        }
        let end = format!("--{BOUNDARY}--\r\n");
        // With the line's end before it, which the file's last byte stands before.
        let last = body.split_off(body.len() - 3);
        let mut body = body.chain(Happens(happens)).chain(&last[..]).chain(end.as_bytes());
        let request = agent().post(format!("{}{path}", self.url));
        let request = request
            .header("cookie", &self.cookie)
            .content_type(format!("multipart/form-data; boundary={BOUNDARY}"));
        Answer::of(request.send(SendBody::from_reader(&mut body)))
    }
}

/// Nothing to be read, and something happens.
struct Happens<F>(F);

impl<F: FnMut()> Read for Happens<F> {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        (self.0)();
        Ok(0)
    }
}

fn part(of: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {of}\r\n\r\n");
    [head.as_bytes(), bytes, b"\r\n"].concat()
}

/// It follows nowhere.
fn agent() -> Agent {
    let config = Agent::config_builder().http_status_as_error(false).max_redirects(0);
    config.max_idle_connections(0).build().into()
}
