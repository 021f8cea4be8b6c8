//! Packs: which are there, and which one kiosks are told of.

use commune_kiosk::office::store::Pack;

use crate::place::{NOW, Place};

on_both! {
    the_newest_offered_pack_is_told_of,
    a_pack_that_is_there_stays_as_it_is,
}

fn pack(id: &str, sequence: u64) -> Pack {
    Pack {
        id: id.to_owned(),
        sequence,
        title: format!("Nội dung số {sequence}"),
        bytes: 40_000_000_000,
        blake3: format!("{sequence:064x}"),
        uploaded_at: NOW,
        offered: false,
    }
}

async fn the_newest_offered_pack_is_told_of(place: &Place) {
    let store = place.open().await;
    assert_eq!(store.offered("le-loi").await.expect("an answer"), None);
    for (id, sequence) in [("le-loi", 9), ("le-loi", 10), ("le-loi", 11), ("an-phu", 12)] {
        assert!(store.add_pack(&pack(id, sequence)).await.expect("an answer"));
    }
    assert_eq!(store.offered("le-loi").await.expect("an answer"), None);
    store.offer("le-loi", 10, true).await.expect("offered");
    store.offer("le-loi", 9, true).await.expect("offered");
    let offered = Pack {
        offered: true,
        ..pack("le-loi", 10)
    };
    assert_eq!(store.offered("le-loi").await.expect("an answer"), Some(offered));
    assert_eq!(store.offered("an-phu").await.expect("an answer"), None);
    store.offer("le-loi", 10, false).await.expect("no longer offered");
    let before = Pack {
        offered: true,
        ..pack("le-loi", 9)
    };
    assert_eq!(store.offered("le-loi").await.expect("an answer"), Some(before.clone()));
    let all = [pack("an-phu", 12), pack("le-loi", 11), pack("le-loi", 10), before];
    assert_eq!(store.packs().await.expect("an answer"), all);
}

async fn a_pack_that_is_there_stays_as_it_is(place: &Place) {
    let store = place.open().await;
    assert!(store.add_pack(&pack("le-loi", 9)).await.expect("an answer"));
    let other = Pack {
        title: "Nội dung khác".to_owned(),
        offered: true,
        ..pack("le-loi", 9)
    };
    assert!(!store.add_pack(&other).await.expect("an answer"));
    assert_eq!(store.packs().await.expect("an answer"), [pack("le-loi", 9)]);
}
