//! What officers read at an address that is none, or of a form that is none.

use crate::common::office::Office;
use crate::desk::Desk;

/// As somebody comes to see who presses Enter in the line with the address, or mistypes in it.
#[test]
fn an_address_that_is_none_is_answered_in_words_and_with_a_way_back() {
    let office = Office::open();
    let desk = Desk::at(&office);
    for (address, status) in [
        ("/kiosks?page=x", 400),
        ("/activities?page=-1", 400),
        ("/deeds?page=99999999999999999999", 400),
        ("/kiosks/%ff", 400),
        ("/kiosks/accept?x", 405),
        ("/kiosks/dismiss", 405),
        ("/activities/plan", 405),
        ("/deliveries/receipts", 405),
        ("/packs/upload", 405),
        ("/packs/le-loi/1/offer", 405),
        ("/sign-in?next=a&next=b", 400),
    ] {
        let answer = desk.gets(address);
        let page = answer.text();
        assert_eq!(answer.status, status, "{address}: {page}");
        assert!(page.contains("Về trang tổng quan"), "{address}: {page}");
        for english in ["Failed", "Invalid", "deserialize"] {
            assert!(!page.contains(english), "{address}: {page}");
        }
    }
    for (address, fields) in [
        ("/packs/le-loi/abc/offer", vec![("offered", "1")]),
        ("/reports", vec![]),
        ("/reports/issuer", vec![("body", "x"), ("body", "y")]),
        ("/reports/issuer", vec![("body", &*"x".repeat(200_000))]),
        ("/sign-in", vec![("name", "lan")]),
        ("/sign-in", vec![("name", &*"x".repeat(20_000)), ("password", "x")]),
        ("/packs/upload", vec![]),
    ] {
        let answer = desk.sends(address, &fields);
        let page = answer.text();
        assert!((400..500).contains(&answer.status), "{address}: {}", answer.status);
        assert!(page.contains("Về trang tổng quan"), "{address}: {page}");
        for english in ["Failed", "Invalid", "deserialize"] {
            assert!(!page.contains(english), "{address}: {page}");
        }
    }
}
