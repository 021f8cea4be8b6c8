//! Somebody floods the office: who is listened to all the same, and who can't be kept out by others.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use commune_kiosk::bundle::Key;
use commune_kiosk::office::password;
use commune_kiosk::office::serve::{Limits, Patience};
use ureq::Agent;

use crate::common::office::{Office, generous};
use crate::common::program::{Program, write_key};
use crate::server::{Answer, begin, connect, get, introduction, numbered, post, status_for_large};

const PASSWORD: &str = "mùa lúa chín rộ";

/// An office where "lan" may sign in.
fn office() -> Office {
    let office = Office::open();
    let hash = password::hash(PASSWORD).expect("a password");
    office.asks(async |store| store.set_password("lan", &hash, None).await.expect("an account"));
    office
}

/// A browser, or what says it is one: it follows nowhere.
fn agent() -> Agent {
    let config = Agent::config_builder().http_status_as_error(false).max_redirects(0);
    config.max_idle_connections(0).build().into()
}

/// Tries to sign in; through a proxy that speaks for this address, if there is one.
fn signs_in(url: &str, from: Option<&str>, name: &str, password: &str) -> Answer {
    let mut request = agent().post(format!("{url}/sign-in"));
    if let Some(from) = from {
        request = request.header("x-forwarded-for", from);
    }
    Answer::of(request.send_form([("name", name), ("password", password)]))
}

/// The cookie that an answer gives, as a browser sends it.
fn cookie(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let cookie = answer.header("set-cookie").expect("a cookie");
    cookie.split(';').next().expect("a pair").to_owned()
}

fn get_with(url: &str, path: &str, header: (&str, &str)) -> Answer {
    Answer::of(agent().get(format!("{url}{path}")).header(header.0, header.1).call())
}

fn accepted(office: &Office) -> Key {
    let key = Key::generate().expect("a key");
    assert_eq!(post(&office.url(), &introduction(&key)).status, 202);
    office.accepts(&key.public().expect("a key").kiosk_id(), "Sảnh");
    key
}

/// The office is at its limit, and says so to strangers: an officer, a kiosk that was accepted and whoever watches the server notice
/// nothing of it.
fn only_strangers_are_turned_away(office: &Office, lan: &str, kiosk: &Key, status: u16) {
    let url = office.url();
    assert_eq!(get(&url, "/sign-in").status, status);
    assert_eq!(get_with(&url, "/", ("cookie", "office=0123")).status, status);
    assert_eq!(
        post(&url, &introduction(&Key::generate().expect("a key"))).status,
        status
    );
    for sequence in 2..6 {
        assert_eq!(get_with(&url, "/", ("cookie", lan)).status, 200);
        assert_eq!(post(&url, &numbered(kiosk, sequence)).status, 200);
        assert_eq!(get(&url, "/healthz").text(), "ok\n");
    }
    // A large bundle is nothing that a kiosk must get rid of today.
    let large = status_for_large(&url, &vec![b'x'; 300 * 1024]);
    assert!(large.is_none_or(|large| large == status), "{large:?}");
}

#[test]
fn whoever_takes_all_places_takes_none_of_officers_and_accepted_kiosks() {
    let mut office = office();
    let lan = cookie(&signs_in(&office.url(), None, "lan", PASSWORD));
    let kiosk = accepted(&office);
    // It starts anew, and still knows who is signed in.
    office.crash();
    office.start_with(None, generous().at_once(1, 1));
    let mut first = connect(&office);
    begin(&mut first, 100);
    only_strangers_are_turned_away(&office, &lan, &kiosk, 503);
}

#[test]
fn whoever_asks_too_often_uses_up_no_share_of_officers_and_accepted_kiosks() {
    let mut office = office();
    let lan = cookie(&signs_in(&office.url(), None, "lan", PASSWORD));
    let kiosk = accepted(&office);
    office.crash();
    office.start_with(None, Limits::new((1, 2), (1_000, 1_000)));
    for _ in 0..2 {
        assert_eq!(get(&office.url(), "/sign-in").status, 200);
    }
    only_strangers_are_turned_away(&office, &lan, &kiosk, 429);
}

#[test]
fn whoever_fills_the_memory_takes_none_of_accepted_kiosks() {
    let office = office();
    let kiosk = accepted(&office);
    let waiting: Vec<TcpStream> = (0..24)
        .map(|_| {
            let mut connection = connect(&office);
            begin(&mut connection, 4 * 1024 * 1024);
            connection
        })
        .collect();
    let url = office.url();
    assert_eq!(post(&url, &introduction(&Key::generate().expect("a key"))).status, 503);
    for sequence in 2..6 {
        assert_eq!(post(&url, &numbered(&kiosk, sequence)).status, 200);
    }
    drop(waiting);
}

/// Those who come with nothing hold the places that are kept for kiosks no longer than it takes to send a bundle.
#[test]
fn a_place_for_kiosks_is_not_held_by_being_slow() {
    let mut office = office();
    let kiosk = accepted(&office);
    office.crash();
    let patience = Patience {
        head: Duration::from_millis(300),
        ..Patience::default()
    };
    office.start_with(None, Limits::new((1, 1), (1_000, 1_000)).patient(patience));
    assert_eq!(get(&office.url(), "/sign-in").status, 200);
    let slow: Vec<TcpStream> = (0..40)
        .map(|_| {
            let mut connection = connect(&office);
            begin(&mut connection, 100);
            connection
        })
        .collect();
    // All the places are taken, and then free again.
    let begun = std::time::Instant::now();
    let mut sequence = 2;
    while post(&office.url(), &numbered(&kiosk, sequence)).status != 200 {
        assert!(begun.elapsed() < Duration::from_mins(1), "they stay taken");
        sequence += 1;
    }
    drop(slow);
}

#[test]
fn behind_a_proxy_the_clients_are_told_apart() {
    let mut office = office();
    office.crash();
    office.behind_proxy = true;
    office.start_with(None, Limits::new((1, 2), (1_000, 1_000)));
    let from = |address: &str| get_with(&office.url(), "/sign-in", ("x-forwarded-for", address)).status;
    assert_eq!([0; 3].map(|_| from("198.51.100.7")), [200, 200, 429]);
    // What they write themselves stands before what the proxy writes.
    assert_eq!(from("192.0.2.1, 198.51.100.7"), 429);
    assert_eq!(from("198.51.100.7, 192.0.2.1"), 200);
    // Without the option nobody believes a word of it.
    office.crash();
    office.behind_proxy = false;
    office.start_with(None, Limits::new((1, 2), (1_000, 1_000)));
    let from = |address: &str| get_with(&office.url(), "/sign-in", ("x-forwarded-for", address)).status;
    assert_eq!(["192.0.2.1", "192.0.2.2", "192.0.2.3"].map(from), [200, 200, 429]);
}

#[test]
fn behind_a_proxy_the_cookie_goes_over_tls_only() {
    let mut office = office();
    office.crash();
    office.behind_proxy = true;
    office.start();
    let answer = signs_in(&office.url(), None, "lan", PASSWORD);
    let given = answer.header("set-cookie").expect("a cookie");
    assert!(
        given.starts_with("__Host-office=") && given.contains("; Secure;"),
        "{given}"
    );
    let page = |cookie: &str| get_with(&office.url(), "/kiosks", ("cookie", cookie)).status;
    assert_eq!(page(&cookie(&answer)), 200);
    // Nor is one taken that anybody on the way could have set.
    assert_eq!(page(cookie(&answer).trim_start_matches("__Host-")), 303);
}

#[test]
fn a_proxy_that_hides_the_host_is_named_in_the_log() {
    let folder = tempfile::tempdir().expect("a folder");
    write_key(folder.path(), &Key::generate().expect("a key"));
    let program = Program::start(folder.path(), &["--behind-proxy"]);
    let refused = agent()
        .post(format!("{}/sign-in", program.url))
        .header("origin", "https://office.example.vn")
        .send_form([("name", "lan"), ("password", PASSWORD)]);
    assert_eq!(Answer::of(refused).status, 403);
    let log = fs::read_to_string(folder.path().join("log")).expect("a log");
    let host = program.url.strip_prefix("http://").expect("an address");
    assert!(log.contains("https://office.example.vn") && log.contains(host), "{log}");
}

#[test]
fn whoever_knows_the_name_of_an_officer_keeps_them_out_from_nowhere_else() {
    let mut office = office();
    office.crash();
    office.behind_proxy = true;
    office.start();
    let from = |address: &str, password: &str| signs_in(&office.url(), Some(address), "lan", password).status;
    for _ in 0..4 {
        assert_eq!(from("198.51.100.7", "mùa lúa chín vàng"), 403);
    }
    assert_eq!(from("198.51.100.7", PASSWORD), 429);
    assert_eq!(from("192.0.2.1", PASSWORD), 303);
}

#[test]
fn a_name_that_does_not_exist_is_answered_as_one_that_does() {
    let mut office = office();
    office.crash();
    office.behind_proxy = true;
    office.start();
    // The form repeats the name; how many seconds are left may differ.
    let said = |name: &str, address: &str| {
        let answer = signs_in(&office.url(), Some(address), name, "mùa lúa chín vàng");
        let words = answer
            .text()
            .replace(&format!("value=\"{name}\""), "")
            .replace(|letter: char| letter.is_ascii_digit(), "");
        (answer.status, words)
    };
    for _ in 0..6 {
        assert_eq!(said("lan", "198.51.100.7"), said("khong-co", "198.51.100.8"));
    }
    assert_eq!(said("khong-co", "198.51.100.8").0, 429, "they wait too");
    // Somebody who tries one name after the other waits in the end, whatever these are.
    let tried = (0..22).map(|name| said(&format!("ten-{name}"), "198.51.100.9").0);
    assert_eq!(tried.filter(|status| *status == 429).count(), 1);
}

/// Anybody may send them, before anybody knows who it is: neither a long form nor a long head is read to its end.
#[test]
fn long_forms_and_heads_of_strangers_are_not_listened_to() {
    let office = office();
    let long = "a".repeat(20_000);
    assert_eq!(signs_in(&office.url(), None, &long, PASSWORD).status, 413);
    // What is too long for a name is not written back either.
    let longish = "b".repeat(1_000);
    let answer = signs_in(&office.url(), None, &longish, PASSWORD);
    assert!(
        answer.status == 403 && !answer.text().contains("bbbb"),
        "{}",
        answer.text()
    );
    let mut stream = TcpStream::connect(office.address()).expect("connected");
    let head = format!(
        "GET /sign-in HTTP/1.1\r\nHost: a\r\nX-Long: {}\r\n\r\n",
        "c".repeat(60_000)
    );
    // The office may hang up before all of it was sent.
    let _ = stream.write_all(head.as_bytes());
    let mut said = String::new();
    let _ = stream.read_to_string(&mut said);
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 431"), "{said}");
}
