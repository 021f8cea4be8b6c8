//! Random batches against a plain model: a set of bundles, and a sum over it. In between a person takes bundles out of the sums and puts
//! them back, forgets a kiosk, has the sums made anew.

use std::collections::{BTreeMap, BTreeSet};

use commune_kiosk::office::store::{By, Kept, Received, Store};
use commune_kiosk::usage::statistics::{Span, Table};

use crate::store::place::{NOW, Place, bundle_of, flat, key_of, page, read, store_all, sums, sums_of, verify};

on_both! {
    random_batches_add_up_as_in_the_model,
}

const SEEDS: u64 = 6;
const KIOSKS: [&str; 4] = ["a", "b", "c", "d"];
const RANGES: [(&str, &str); 4] = [
    ("2025-11", "2026-02"),
    ("2026-01", "2026-01"),
    ("2025-01", "2025-12"),
    ("2024-12", "2026-12"),
];

async fn random_batches_add_up_as_in_the_model(place: &Place) {
    // Sums only grow, so each seed counts with kiosks of its own.
    for seed in 0..SEEDS {
        let kiosks = KIOSKS.map(|kiosk| format!("{kiosk}{seed}"));
        let store = place.open_for(&kiosks.each_ref().map(String::as_str)).await;
        let before = store.counts(None, "0001-01", "9999-12").await.expect("counts");
        let mut random = fastrand::Rng::with_seed(seed);
        let mut model = Model::default();
        for _ in 0..12 {
            let batch: Vec<Received> = (0..random.usize(1..20))
                .map(|_| any_bundle(&mut random, &kiosks))
                .collect();
            let kept = store.keep(&batch).await.expect("an answer");
            for (bundle, kept) in batch.into_iter().zip(kept) {
                let first = model
                    .bundles
                    .entry((bundle.kiosk.clone(), bundle.sequence))
                    .or_insert_with(|| bundle.clone());
                assert_eq!(first.blake3 == bundle.blake3, kept == Kept::Stored, "seed {seed}");
            }
            for _ in 0..random.usize(0..4) {
                put_right(&store, &mut random, &kiosks, &mut model).await;
            }
        }
        verify(&store).await;
        // Once more in another order, as from a stick that lay in a drawer.
        let mut all: Vec<Received> = model.bundles.values().cloned().collect();
        random.shuffle(&mut all);
        store_all(&store, &all).await;
        let counted: Vec<Received> = all.iter().filter(|bundle| !model.is_voided(bundle)).cloned().collect();

        let mut total = before;
        total.merge(&sum(&counted, |_| true));
        assert_eq!(sums(&store, None).await, flat(&total), "seed {seed}");
        for kiosk in &kiosks {
            let of_one: Vec<Received> = all.iter().filter(|bundle| bundle.kiosk == *kiosk).cloned().collect();
            let of_one_counted: Vec<Received> = counted.iter().filter(|it| it.kiosk == *kiosk).cloned().collect();
            for range in RANGES {
                let expected = flat(&sum(&of_one_counted, |span| in_range(span, range)));
                assert_eq!(
                    sums_of(&store, Some(kiosk), range).await,
                    expected,
                    "seed {seed}, {kiosk}, {range:?}"
                );
            }
            let known = store.kiosk(kiosk).await.expect("an answer").expect("a kiosk");
            assert_eq!(known.stored, of_one.len() as u64, "seed {seed}");
            let newest = of_one.iter().map(|bundle| bundle.sequence).max();
            assert_eq!(known.newest, newest.unwrap_or(0), "seed {seed}");
        }
    }
}

/// What the office must have.
#[derive(Default)]
struct Model {
    bundles: BTreeMap<(String, u64), Received>,
    voided: BTreeSet<(String, u64)>,
}

impl Model {
    fn is_voided(&self, bundle: &Received) -> bool {
        self.voided.contains(&(bundle.kiosk.clone(), bundle.sequence))
    }
}

/// A person does something, in the office and in the model.
async fn put_right(store: &Store, random: &mut fastrand::Rng, kiosks: &[String], model: &mut Model) {
    let kiosk = &kiosks[random.usize(..kiosks.len())];
    let one = (kiosk.clone(), random.u64(1..=15));
    let by = By {
        whom: "lan",
        why: "đếm thử",
        at: NOW,
    };
    let is_voided = model.voided.contains(&one);
    match random.u8(..12) {
        0..5 => {
            let done = store.void(kiosk, one.1, by, read).await.expect("an answer");
            assert_eq!(done, model.bundles.contains_key(&one) && !is_voided);
            if done {
                model.voided.insert(one);
            }
        }
        5..9 => {
            assert_eq!(
                store.restore(kiosk, one.1, by, read).await.expect("an answer"),
                is_voided
            );
            model.voided.remove(&one);
        }
        9 => {
            assert!(store.forget(kiosk, by).await.expect("an answer"));
            model.bundles.retain(|(of, _), _| of != kiosk);
            model.voided.retain(|(of, _)| of != kiosk);
            store
                .accept(kiosk, &key_of(kiosk), kiosk, NOW)
                .await
                .expect("taken back");
        }
        10 => {
            let rebuilt = store.rebuild(read).await.expect("an answer");
            assert_eq!((rebuilt.rows, rebuilt.faults), (0, vec![]), "nothing was wrong");
        }
        _ => verify(store).await,
    }
}

/// One of few kiosks and numbers, so that many arrive twice, and some with another content.
fn any_bundle(random: &mut fastrand::Rng, kiosks: &[String]) -> Received {
    let kiosk = &kiosks[random.usize(..kiosks.len())];
    let sequence = random.u64(1..=15);
    let version = u64::from(random.u8(..10) == 0);
    // The same number and version have the same content.
    let mut content = fastrand::Rng::with_seed(blake3_seed(kiosk, sequence, version));
    let mut table = Table::default();
    for _ in 0..content.usize(1..8) {
        let (year, month, day) = (content.u32(2024..=2026), content.u32(1..=12), content.u32(1..=28));
        let span = match content.u8(..6) {
            0 => "undated".to_owned(),
            1 => format!("{year}"),
            2 => format!("{year}-{month:02}"),
            _ => format!("{year}-{month:02}-{day:02}"),
        };
        let page = page(["khai-sinh", "ket-hon", "tre-em"][content.usize(..3)]);
        table.add(span.parse().expect("a span"), &page, content.u64(1..1_000));
    }
    bundle_of(kiosk, sequence, table)
}

fn blake3_seed(kiosk: &str, sequence: u64, version: u64) -> u64 {
    let hash = blake3::hash(format!("{kiosk} {sequence} {version}").as_bytes());
    u64::from_le_bytes(hash.as_bytes()[..8].try_into().expect("eight bytes"))
}

fn sum(bundles: &[Received], wanted: impl Fn(Span) -> bool) -> Table {
    let mut sum = Table::default();
    for bundle in bundles {
        sum.merge(&bundle.content.as_ref().expect("statistics").table.part(&wanted));
    }
    sum
}

/// Whether a span counts in a range of months: a month or day in it, a year that it touches, or nobody knows when.
fn in_range(span: Span, (from, to): (&str, &str)) -> bool {
    let written = span.to_string();
    match span {
        Span::Undated => true,
        Span::Year(_) => (&from[..4]..=&to[..4]).contains(&written.as_str()),
        Span::Month(_) | Span::Day(_) => (from..=to).contains(&&written[..7]),
    }
}
