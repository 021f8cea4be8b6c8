//! Packs: which are there, and which one kiosks are told of.

use commune_kiosk::office::store::Pack;
use commune_kiosk::office::titles::{PageTitle, Titles};

use crate::store::place::{NOW, Place};

on_both! {
    the_newest_offered_pack_is_told_of,
    a_pack_that_is_there_stays_as_it_is,
    files_of_all_packs_are_known_at_once,
    titles_of_all_packs_are_known_and_the_newest_edition_counts,
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
        assert!(
            store
                .add_pack(&pack(id, sequence), &Titles::default())
                .await
                .expect("an answer")
        );
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
    assert!(
        store
            .add_pack(&pack("le-loi", 9), &Titles::default())
            .await
            .expect("an answer")
    );
    let other = Pack {
        title: "Nội dung khác".to_owned(),
        offered: true,
        ..pack("le-loi", 9)
    };
    assert!(!store.add_pack(&other, &Titles::default()).await.expect("an answer"));
    assert_eq!(store.packs().await.expect("an answer"), [pack("le-loi", 9)]);
}

async fn files_of_all_packs_are_known_at_once(place: &Place) {
    let store = place.open().await;
    let file = tempfile::NamedTempFile::new().expect("a file");
    // Of more than one piece.
    std::fs::write(file.path(), vec![7; 3 * 1024 * 1024]).expect("written");
    for (id, sequence) in [("le-loi", 9), ("le-loi", 10), ("le-loi", 11), ("an-phu", 10)] {
        let added = store.add_pack(&pack(id, sequence), &Titles::default()).await;
        assert!(added.expect("an answer"));
    }
    for which in [("le-loi", 9), ("le-loi", 11)] {
        store.keep_file(which, file.path()).await.expect("stored");
    }
    // Somebody removed it, which leaves a mark.
    store.remove_file(("le-loi", 11)).await.expect("removed");
    let all = [
        ("an-phu", 10, false),
        ("le-loi", 11, false),
        ("le-loi", 10, false),
        ("le-loi", 9, true),
    ];
    let all = all.map(|(id, sequence, is_stored)| (pack(id, sequence), is_stored));
    assert_eq!(store.packs_and_files().await.expect("an answer"), all);
}

async fn titles_of_all_packs_are_known_and_the_newest_edition_counts(place: &Place) {
    let store = place.open().await;
    assert_eq!(store.titles().await.expect("titles"), Titles::default());
    // An older edition may come after a newer one.
    for (came, (sequence, ids)) in (1..).zip([
        (1, ["khai-sinh", "thuong-tru"]),
        (3, ["khai-sinh", "bao-hiem"]),
        (2, ["khai-sinh", "bao-hiem"]),
    ]) {
        let mut titles = Titles::default();
        for id in ids {
            let title = PageTitle {
                title: format!("{id} {sequence}"),
                steps: Vec::new(),
            };
            titles.add_page(id, title);
        }
        let pack = Pack {
            uploaded_at: NOW + came,
            ..pack("le-loi", sequence)
        };
        assert!(store.add_pack(&pack, &titles).await.expect("an answer"));
        assert_eq!(store.titles_version().await.expect("a number"), came.unsigned_abs());
    }
    let titles = store.titles().await.expect("titles");
    let known = ["khai-sinh", "thuong-tru", "bao-hiem", "an-toan"].map(|id| titles.title(id));
    assert_eq!(known, ["khai-sinh 3", "thuong-tru 1", "bao-hiem 3", "an-toan"]);
}
