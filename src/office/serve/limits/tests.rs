//! Who gets a place, and who shares one.

use axum::http::HeaderMap;

use super::*;

fn of(text: &str) -> Address {
    Address::of(text.parse().unwrap(), &HeaderMap::new(), false)
}

#[test]
fn one_address_takes_its_share_of_the_places() {
    let places = Places::new((4, 2));
    let (one, other) = (of("192.0.2.1"), of("192.0.2.2"));
    let first = places.take(one).unwrap();
    let second = places.take(one).unwrap();
    assert!(places.take(one).is_none());
    let third = places.take(other).unwrap();
    drop(first);
    let fourth = places.take(one).unwrap();
    drop((second, third, fourth));
    assert!(places.taken.lock().unwrap().is_empty());
}

#[test]
fn a_proxy_on_this_machine_takes_all_places() {
    let places = Places::new((3, 1));
    for here in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
        let all = [0; 3].map(|_| places.take(of(here)).unwrap());
        assert!(places.take(of("192.0.2.1")).is_none(), "all are taken");
        drop(all);
    }
}

#[test]
fn an_officer_has_a_share_and_a_place_of_their_own() {
    let limits = Limits::new((1, 1), (1, 1)).at_once(1, 1);
    let here = of("192.0.2.1");
    let first = limits.listen(here, None);
    assert!(first.is_ok());
    assert!(matches!(limits.listen(here, None), Err(Refused::Rate)));
    assert!(matches!(limits.listen(of("192.0.2.2"), None), Err(Refused::Busy)));
    let (_, burst) = PER_ADDRESS;
    for _ in 0..burst {
        assert!(limits.listen_to_officer("hoa").is_some());
    }
    assert!(limits.listen_to_officer("hoa").is_none(), "one program, not a person");
    assert!(limits.listen_to_officer("lan").is_some());
}
