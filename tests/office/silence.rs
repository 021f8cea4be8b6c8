//! A kiosk falls silent: the office notices in three days, and nothing old that somebody sends again makes it look alive.

use chrono::{DateTime, Days, Local};
use commune_kiosk::bundle::{Contact, Key};
use commune_kiosk::kiosk::sync::network::CallError;
use tempfile::TempDir;

use crate::answers::{Maker, Said, Way, send};
use crate::common::machine::Machine;
use crate::common::office::{Office, today};
use crate::common::proxy::{Fault, Proxy};
use crate::desk::Desk;
use crate::server::agent;

/// The office's clock, so many days on.
fn in_two_days() -> DateTime<Local> {
    today() + Days::new(2)
}

fn in_four_days() -> DateTime<Local> {
    today() + Days::new(4)
}

fn in_forty_days() -> DateTime<Local> {
    today() + Days::new(40)
}

/// The office goes on at another time.
fn later(office: &mut Office, now: fn() -> DateTime<Local>) -> Desk {
    office.crash();
    office.now = now;
    office.start();
    Desk::at(office)
}

/// A kiosk that calls the office, and was accepted.
fn kiosk(dir: &TempDir, office: &Office) -> Machine {
    let mut machine = Machine::start(&dir.path().join("kiosk"), "2026-11-30T07:00:00");
    machine.closes("2026-12-01T07:00:00");
    assert!(machine.calls(&office.url(), &office.trust()).0.is_err());
    office.accepts(machine.outbox.kiosk(), "Sảnh UBND xã");
    calls(&machine, office);
    machine
}

fn calls(machine: &Machine, office: &Office) {
    let (called, _) = machine.calls(&office.url(), &office.trust());
    called.expect("a good call");
}

/// What the pages say of the only kiosk: on the first page, in the list, on its own.
fn pages(desk: &Desk, machine: &str) -> [String; 3] {
    [
        "/".to_owned(),
        "/kiosks?only=silent".to_owned(),
        format!("/kiosks/{machine}"),
    ]
    .map(|path| desk.sees(&path))
}

fn is_missed(desk: &Desk, kiosk: &str, days: u32) {
    for page in pages(desk, kiosk) {
        let words = format!("hông liên lạc {days} ngày");
        assert!(page.contains(&words), "no “{words}” in {page}");
    }
}

fn is_not_missed(desk: &Desk, kiosk: &str) {
    let [first, list, own] = pages(desk, kiosk);
    assert!(!first.contains("không liên lạc"), "{first}");
    assert!(!list.contains(&format!("/kiosks/{kiosk}")), "{list}");
    assert!(!own.contains("Máy không liên lạc"), "{own}");
}

/// Says to the office what a kiosk signed; the status of the answer.
fn says(office: &Office, contact: &Contact, signature: &str) -> u16 {
    let url = format!("{}/v1/contacts/{}/{}", office.url(), contact.kiosk, contact.time);
    agent().post(url).send(signature).expect("an answer").status().as_u16()
}

#[test]
fn a_kiosk_that_stops_calling_is_missed_after_three_days() {
    let (dir, mut office) = (tempfile::tempdir().expect("a folder"), Office::open());
    let machine = kiosk(&dir, &office);
    let id = machine.outbox.kiosk().to_owned();
    let desk = later(&mut office, in_two_days);
    is_not_missed(&desk, &id);
    let desk = later(&mut office, in_four_days);
    is_missed(&desk, &id, 4);
    // Nothing waits; it only asks, as every day.
    calls(&machine, &office);
    assert_eq!(office.kiosk(&id).called_at, Some(in_four_days().timestamp()));
    is_not_missed(&desk, &id);
}

#[test]
fn what_was_said_before_says_nothing_new_and_nobody_says_it_for_another() {
    let mut office = Office::open();
    let key = Key::generate().expect("a key");
    let kiosk = key.public().expect("a key").kiosk_id();
    let at = |time: DateTime<Local>| Contact {
        kiosk: kiosk.clone(),
        time: time.timestamp(),
    };
    let old = at(today());
    let signature = old.sign(&key).expect("signed");
    // Whom nobody has accepted is answered as others are, and not remembered.
    assert_eq!(says(&office, &old, &signature), 204);
    assert!(
        office
            .asks(async |store| store.kiosk(&kiosk).await.expect("an answer"))
            .is_none()
    );
    office.asks(async |store| {
        let key = key.public().expect("a key").to_base64();
        store
            .accept(&kiosk, &key, "Sảnh", today().timestamp())
            .await
            .expect("accepted");
    });
    assert_eq!(says(&office, &old, &signature), 204);
    assert_eq!(office.kiosk(&kiosk).called_at, Some(old.time));
    let desk = later(&mut office, in_four_days);
    let other = Key::generate().expect("a key");
    let forged = at(in_four_days()).sign(&other).expect("signed");
    for (contact, signature, status) in [
        (&old, signature.as_str(), 204),
        (&at(in_four_days()), &signature, 400),
        (&at(in_four_days()), &forged, 400),
        (&at(in_four_days()), "", 400),
        (&at(in_four_days()), &"x".repeat(1025), 413),
        // The office's clock was ahead, and is right again.
        (
            &at(in_forty_days()),
            &at(in_forty_days()).sign(&key).expect("signed"),
            204,
        ),
    ] {
        assert_eq!(says(&office, contact, signature), status);
        assert_eq!(office.kiosk(&kiosk).called_at, Some(old.time));
    }
    is_missed(&desk, &kiosk, 4);
}

#[test]
fn an_old_bundle_sent_again_and_an_old_stick_make_nobody_look_alive() {
    for way in [Way::Network, Way::Hand] {
        let mut office = Office::open();
        // Made on the first of December, as all of this maker's.
        let maker = Maker::accepted(&office, way);
        let bundle = maker.counts(1, &[]);
        assert_eq!(send(&office, way, &bundle), Said::Stored);
        let desk = later(&mut office, in_four_days);
        is_not_missed(&desk, &maker.id());
        let desk = later(&mut office, in_forty_days);
        is_missed(&desk, &maker.id(), 40);
        assert_eq!(send(&office, way, &bundle), Said::Stored);
        is_missed(&desk, &maker.id(), 40);
        // It lay in a drawer, and nobody here had it: it was made then all the same.
        assert_eq!(send(&office, way, &maker.counts(2, &[])), Said::Stored);
        is_missed(&desk, &maker.id(), 39);
    }
}

/// Up to version 0.1.0 nobody listened there.
#[test]
fn an_older_office_that_does_not_listen_fails_no_call() {
    let (dir, office) = (tempfile::tempdir().expect("a folder"), Office::open());
    let machine = kiosk(&dir, &office);
    let older = "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\nno!\n";
    let proxy = Proxy::planned(office.address(), &[Fault::None, Fault::Answer(older)]);
    let (called, _) = machine.calls(&proxy.url(), &office.trust());
    called.expect("a good call");
    assert_eq!(proxy.heads().len(), 1, "it was asked, and told last");
    // One that is busy is asked again soon.
    let busy = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
    let proxy = Proxy::planned(office.address(), &[Fault::None, Fault::Answer(busy)]);
    let (called, _) = machine.calls(&proxy.url(), &office.trust());
    assert!(matches!(called, Err(CallError::Busy(_))), "{called:?}");
    let (called, _) = machine.calls(&proxy.url(), &office.trust());
    called.expect("a good call");
    let heads = proxy.heads();
    assert!(heads[2].starts_with("POST /v1/contacts/"), "{heads:?}");
}
