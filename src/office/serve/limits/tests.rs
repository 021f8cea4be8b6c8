//! Who gets a place, and who shares one.

use super::*;

fn of(text: &str) -> IpAddr {
    network_of(text.parse().unwrap())
}

#[test]
fn one_address_takes_its_share_of_the_places() {
    let limits = Limits::default().at_once(4, 2);
    let (one, other) = (of("192.0.2.1"), of("192.0.2.2"));
    let first = limits.take_place(one).unwrap();
    let second = limits.take_place(one).unwrap();
    assert!(limits.take_place(one).is_none());
    let third = limits.take_place(other).unwrap();
    drop(first);
    let fourth = limits.take_place(one).unwrap();
    drop((second, third, fourth));
    assert!(limits.taken.lock().unwrap().is_empty());
}

#[test]
fn a_proxy_on_this_machine_takes_all_places() {
    let limits = Limits::default().at_once(3, 1);
    for here in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
        let places = [0; 3].map(|_| limits.take_place(of(here)).unwrap());
        assert!(limits.take_place(of("192.0.2.1")).is_none(), "all are taken");
        drop(places);
    }
}

#[test]
fn an_ipv6_network_is_one_address() {
    assert_eq!(of("2001:db8:1:2:aaaa::1"), of("2001:db8:1:2:bbbb::2"));
    assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
    assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
}
