//! Who waits for whose wrong passwords.

use axum::http::HeaderMap;

use super::*;

fn at(address: &str) -> Address {
    Address::of(address.parse().unwrap(), &HeaderMap::new(), false)
}

fn seconds(wait: Result<(), Duration>) -> u64 {
    wait.map_or_else(|wait| wait.as_secs(), |()| 0)
}

#[test]
fn wrong_passwords_close_an_account_longer_and_longer() {
    let (tries, here) = (Tries::default(), at("192.0.2.1"));
    let mut now = Instant::now();
    for _ in 0..4 {
        assert_eq!(tries.count("hoa", here, now), Ok(()));
    }
    for wait in [5, 10, 20, 40, 80, 160, 320, 640, 900, 900] {
        // What comes too early is not looked at, and makes it no longer.
        for _ in 0..2 {
            assert_eq!(seconds(tries.count("hoa", here, now)), wait);
        }
        now += Duration::from_secs(wait);
        assert_eq!(tries.count("hoa", here, now), Ok(()));
    }
}

#[test]
fn whoever_knows_a_name_keeps_its_owner_out_from_nowhere_else() {
    let (tries, now) = (Tries::default(), Instant::now());
    for _ in 0..4 {
        assert_eq!(tries.count("lan", at("198.51.100.7"), now), Ok(()));
    }
    assert_eq!(seconds(tries.count("lan", at("198.51.100.7"), now)), 5);
    assert_eq!(tries.count("lan", at("192.0.2.1"), now), Ok(()));
    assert_eq!(tries.count("hoa", at("198.51.100.7"), now), Ok(()));
}

#[test]
fn whoever_tries_many_names_waits_too() {
    let (tries, now) = (Tries::default(), Instant::now());
    let (guesser, proxy) = (at("198.51.100.7"), at("127.0.0.1"));
    for name in 0..21 {
        assert_eq!(tries.count(&format!("name{name}"), guesser, now), Ok(()), "{name}");
    }
    assert_eq!(seconds(tries.count("name21", guesser, now)), 5);
    // Behind a proxy that tells nobody apart it would be everybody.
    for name in 0..100 {
        assert_eq!(tries.count(&format!("name{name}"), proxy, now), Ok(()), "{name}");
    }
}

#[test]
fn the_right_password_forgives_the_wrong_ones_and_an_hour_does() {
    let (tries, here) = (Tries::default(), at("192.0.2.1"));
    let mut now = Instant::now();
    for _ in 0..30 {
        for _ in 0..3 {
            assert_eq!(tries.count("hoa", here, now), Ok(()));
        }
        now += FORGET;
    }
    assert_eq!(tries.count("hoa", here, now), Ok(()));
    tries.forgive("hoa", here, now);
    // Nor do many who share an address close it by signing in.
    for _ in 0..100 {
        assert_eq!(tries.count("hoa", here, now), Ok(()));
        tries.forgive("hoa", here, now);
    }
}

#[test]
fn nobody_waits_for_what_others_have_tried_however_many_they_are() {
    let (tries, now) = (Tries::default(), Instant::now());
    for network in 0..2_000_u32 {
        let address = at(&format!("2001:db8:{:x}:{:x}::1", network >> 8, network & 0xff));
        for name in 0..21 {
            // The last of them has to wait; whether it does is not what is asked here.
            let _ = tries.count(&format!("name{name}"), address, now);
        }
    }
    for officer in 0..2_000_u32 {
        let address = at(&format!("192.0.{}.{}", officer >> 8, officer & 0xff));
        assert_eq!(tries.count("lan", address, now), Ok(()), "{officer}");
    }
}
