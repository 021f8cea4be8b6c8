//! Accounts: wrong passwords close them for a while, sessions end.

use commune_kiosk::office::store::{SignIn, Store};

use crate::store::place::{NOW, Place};

on_both! {
    wrong_passwords_close_the_account_longer_and_longer,
    the_right_password_forgives_the_wrong_ones,
    wrong_passwords_at_the_same_moment_are_all_counted,
    a_clock_that_was_years_ahead_locks_nobody_out,
    a_session_is_good_until_it_expires_or_is_left,
    another_password_ends_the_sessions_of_that_account,
    a_removed_account_has_no_session_left_nor_gets_one,
    everything_at_once_about_one_account_comes_to_an_end,
}

async fn closed_for(store: &Store, account: &str) -> i64 {
    let account = store.account(account).await.expect("an answer").expect("an account");
    (account.closed_until - NOW).max(0)
}

async fn sign_in(store: &Store, account: &str, token: &str) {
    let session = SignIn {
        token: token.to_owned(),
        account: account.to_owned(),
        expires_at: NOW + 3_600,
    };
    store.sign_in(&session, NOW).await.expect("signed in");
}

async fn who(store: &Store, token: &str, now: i64) -> Option<String> {
    store.signed_in(token, now).await.expect("an answer")
}

async fn wrong_passwords_close_the_account_longer_and_longer(place: &Place) {
    let store = place.open().await;
    store.set_password("hoa", "hash").await.expect("an account");
    store.set_password("lan", "hash").await.expect("an account");
    for wait in [0, 0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900] {
        store.note_failure("hoa", NOW).await.expect("noted");
        assert_eq!(closed_for(&store, "hoa").await, wait);
    }
    for _ in 0..60 {
        store.note_failure("hoa", NOW).await.expect("noted");
    }
    assert_eq!(closed_for(&store, "hoa").await, 900);
    assert_eq!(closed_for(&store, "lan").await, 0);
    // Whoever guesses names learns nothing, and makes no account.
    store.note_failure("nobody", NOW).await.expect("noted");
    assert_eq!(store.account("nobody").await.expect("an answer"), None);
    assert_eq!(store.accounts().await.expect("an answer").len(), 2);
}

async fn the_right_password_forgives_the_wrong_ones(place: &Place) {
    let store = place.open().await;
    store.set_password("hoa", "hash").await.expect("an account");
    for _ in 0..6 {
        store.note_failure("hoa", NOW).await.expect("noted");
    }
    sign_in(&store, "hoa", "token").await;
    assert_eq!(closed_for(&store, "hoa").await, 0);
    for _ in 0..3 {
        store.note_failure("hoa", NOW).await.expect("noted");
    }
    assert_eq!(closed_for(&store, "hoa").await, 0);
}

async fn a_clock_that_was_years_ahead_locks_nobody_out(place: &Place) {
    let store = place.open().await;
    store.set_password("hoa", "hash").await.expect("an account");
    let ahead = NOW + 14 * 365 * 24 * 3600;
    for tries in 1..=9 {
        store.note_failure("hoa", ahead).await.expect("noted");
        let account = store.account("hoa").await.expect("an answer").expect("an account");
        assert_eq!(account.wait(ahead) > 0, tries > 3, "{tries} tries");
        assert_eq!(account.wait(NOW), 0, "{tries} tries");
    }
}

async fn wrong_passwords_at_the_same_moment_are_all_counted(place: &Place) {
    let store = place.open().await;
    store.set_password("hoa", "hash").await.expect("an account");
    let tries = (0..7).map(|_| store.note_failure("hoa", NOW));
    futures_util::future::try_join_all(tries).await.expect("noted");
    assert_eq!(closed_for(&store, "hoa").await, 40);
}

async fn a_session_is_good_until_it_expires_or_is_left(place: &Place) {
    let store = place.open().await;
    store.set_password("hoa", "hash").await.expect("an account");
    sign_in(&store, "hoa", "one").await;
    sign_in(&store, "hoa", "two").await;
    assert_eq!(who(&store, "one", NOW + 3_600).await.as_deref(), Some("hoa"));
    assert_eq!(who(&store, "one", NOW + 3_601).await, None);
    assert_eq!(who(&store, "three", NOW).await, None);
    store.sign_out("one").await.expect("signed out");
    assert_eq!(who(&store, "one", NOW).await, None);
    assert_eq!(who(&store, "two", NOW).await.as_deref(), Some("hoa"));
}

async fn another_password_ends_the_sessions_of_that_account(place: &Place) {
    let store = place.open().await;
    for account in ["hoa", "lan"] {
        store.set_password(account, "hash").await.expect("an account");
        sign_in(&store, account, account).await;
    }
    store.set_password("hoa", "another hash").await.expect("changed");
    assert_eq!(who(&store, "hoa", NOW).await, None);
    assert_eq!(who(&store, "lan", NOW).await.as_deref(), Some("lan"));
    let hoa = store.account("hoa").await.expect("an answer").expect("an account");
    assert_eq!(hoa.password, "another hash");
}

async fn a_removed_account_has_no_session_left_nor_gets_one(place: &Place) {
    let store = place.open().await;
    store.set_password("hoa", "hash").await.expect("an account");
    sign_in(&store, "hoa", "before").await;
    store.remove_account("hoa").await.expect("removed");
    // The password was found right a moment before.
    sign_in(&store, "hoa", "after").await;
    assert_eq!(who(&store, "before", NOW).await, None);
    assert_eq!(who(&store, "after", NOW).await, None);
    assert_eq!(store.accounts().await.expect("an answer"), []);
}

async fn everything_at_once_about_one_account_comes_to_an_end(place: &Place) {
    let store = place.open().await;
    store.set_password("hoa", "hash").await.expect("an account");
    let round = async |n: usize| {
        let late = NOW + 4_000 * i64::try_from(n).expect("a small number");
        let session = SignIn {
            token: format!("token {n}"),
            account: "hoa".to_owned(),
            expires_at: late + 10,
        };
        store.sign_in(&session, late).await.expect("signed in");
        store.note_failure("hoa", late).await.expect("noted");
        if n.is_multiple_of(3) {
            store.remove_account("hoa").await.expect("removed");
        }
        store.set_password("hoa", "hash").await.expect("changed");
    };
    futures_util::future::join_all((0..40).map(round)).await;
    assert_eq!(store.accounts().await.expect("an answer").len(), 1);
}
