//! What a bundle is: whose, whether it is whole, what it says, and whether its days can have come. Nothing is asked but the bundle, and
//! nothing is kept. Begin with [`Introduced`], then [`judge`].

use std::io::{self, Cursor};
use std::sync::Arc;

use chrono::{DateTime, Days, Local, NaiveDate};

use super::{DAYS_AHEAD, LARGEST_BUNDLE, Objection, Received};
use crate::bundle::{BundleError, Kind, PublicKey, Reader};
use crate::office::store::Seconds;
use crate::office::words;
use crate::usage::statistics::{Statistics, StatisticsError};

/// A bundle whose signature holds, before anybody has unpacked it.
#[derive(Debug)]
pub struct Introduced {
    pub(super) reader: Reader<Cursor<Arc<[u8]>>>,
    pub(super) key: PublicKey,
    bytes: Arc<[u8]>,
}

impl Introduced {
    /// Looks at the head of a bundle. It must be signed by the key that its kiosk's id is made of.
    pub(super) fn of(bytes: Arc<[u8]>) -> Result<Self, BundleError> {
        if bytes.len() > LARGEST_BUNDLE {
            return Err(BundleError::TooLarge("the bundle"));
        }
        let (reader, key) = Reader::introduced(Cursor::new(bytes.clone()), Kind::Statistics)?;
        let manifest = reader.manifest();
        if manifest.id != key.kiosk_id() {
            return Err(BundleError::UnknownSigner(manifest.issuer.clone()));
        }
        Ok(Self { reader, key, bytes })
    }

    /// The id of the kiosk that made it.
    #[must_use]
    pub fn kiosk(&self) -> &str {
        &self.reader.manifest().id
    }

    /// Its number.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.reader.manifest().sequence
    }

    /// How many bytes it says it unpacks to. It can't unpack to more.
    pub(super) fn unpacked(&self) -> u64 {
        self.reader.manifest().unpacked.bytes
    }

    /// How many bytes it takes, unpacked or as it is, whichever is more: megabytes may unpack to nothing.
    pub(super) fn size(&self) -> u64 {
        self.unpacked().max(self.bytes.len() as u64)
    }

    /// Unpacks it, and reads what it says if its kiosk is `known`.
    pub(super) fn open(self, known: bool, at: Seconds) -> Result<Received, BundleError> {
        let Self { reader, key, bytes } = self;
        let packed = reader.packed();
        // What packing made longer is not worth being kept packed.
        let packed = (packed.len() as u64 <= reader.manifest().unpacked.bytes).then_some(packed);
        let (manifest, content) = if known {
            let mut payload = Vec::new();
            (reader.unpack(&mut payload, |_| {})?, read(&payload))
        } else {
            (reader.unpack(&mut io::sink(), |_| {})?, Err(Objection::Unread))
        };
        Ok(Received {
            kiosk: manifest.id,
            public_key: key.to_base64(),
            sequence: manifest.sequence,
            blake3: manifest.unpacked.blake3,
            made: manifest.created,
            at,
            content,
            undated_after: None,
            bundle: bytes,
            packed,
        })
    }
}

/// What a payload says. What a newer program may understand is not decided.
fn read(payload: &[u8]) -> Result<Statistics, Objection> {
    let newer = "Số liệu này cần chương trình văn phòng mới hơn. Mời cập nhật máy chủ; máy sẽ tự gửi lại.";
    Statistics::from_json(payload).map_err(|error| match error {
        StatisticsError::OtherFormat(_) | StatisticsError::TooMuch => Objection::ForNow(newer.to_owned()),
        StatisticsError::Nonsense(what) => Objection::ForGood(format!("Số liệu này bị lỗi ({what}).")),
    })
}

/// The last day that kiosks can have seen where it is this day in the office.
pub(super) fn last_credible(today: NaiveDate) -> NaiveDate {
    today + Days::new(DAYS_AHEAD)
}

/// The last day that a bundle speaks of, if kiosks can't have seen it yet.
pub(super) fn day_ahead(received: &Received, today: NaiveDate) -> Option<NaiveDate> {
    let spans = received.content.as_ref().ok()?.table.spans().iter();
    let last = spans.filter_map(|span| Some(span.days()?.0)).max()?;
    (last > last_credible(today)).then_some(last)
}

/// Objects to days that have not come yet, neither by the office's clock, which says `today`, nor by what the office has `seen`
/// ([`newest_day`]).
///
/// Somebody's clock is wrong, and nobody can tell whose. So nothing is decided, and a person looks at both clocks ([`super::decide`]).
pub(super) fn judge(received: Received, today: NaiveDate, seen: NaiveDate) -> Received {
    let Some(last) = day_ahead(&received, today.max(seen)) else {
        return received;
    };
    let advice = if today < seen {
        let (today, seen) = (words::date(today), words::date(seen));
        format!("Máy chủ đang là ngày {today}, trước đây đã là ngày {seen}: mời xem lại đồng hồ của máy chủ;")
    } else {
        "Mời xem lại đồng hồ của máy chủ và của máy;".to_owned()
    };
    let why = format!(
        "Có số liệu của ngày chưa đến ({}). {advice} máy sẽ tự gửi lại.",
        words::date(last)
    );
    let content = Err(Objection::Ahead(why));
    Received { content, ..received }
}

/// The newest day that the office must have seen: that on which the program was `built`, and that on which the newest bundle was `stored`.
pub(super) fn newest_day(built: NaiveDate, stored: Option<Seconds>) -> NaiveDate {
    let stored = stored.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    stored.map_or(built, |stored| built.max(stored.with_timezone(&Local).date_naive()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::{self, Head, Key};
    use crate::usage::signals::{Cell, Label, Signal};
    use crate::usage::statistics::{Health, Table};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn statistics(spans: &[&str]) -> Statistics {
        let cell = Cell {
            signal: Signal::PageOpened,
            subject: Label::new("khai-sinh"),
            value: Label::NONE,
        };
        let mut table = Table::default();
        for span in spans {
            table.add(span.parse().unwrap(), &cell, 5);
        }
        let health = Health {
            version: "0.1.0".to_owned(),
            ..Health::default()
        };
        Statistics { health, table }
    }

    fn bundle(key: &Key, id: &str, mut payload: &[u8]) -> Arc<[u8]> {
        let head = Head {
            kind: Kind::Statistics,
            id: id.to_owned(),
            sequence: 7,
            created: "2026-12-01".to_owned(),
        };
        let (mut scratch, mut bytes) = (Cursor::new(Vec::new()), Vec::new());
        bundle::write(head, &mut payload, &mut scratch, key, &mut bytes).unwrap();
        bytes.into()
    }

    /// What is received of an accepted kiosk that sends this.
    fn sent(payload: &[u8]) -> Received {
        let key = Key::generate().unwrap();
        let id = key.public().unwrap().kiosk_id();
        Introduced::of(bundle(&key, &id, payload))
            .unwrap()
            .open(true, 0)
            .unwrap()
    }

    #[test]
    fn a_bundle_is_its_kiosks_and_nobody_elses() {
        let (key, other) = (Key::generate().unwrap(), Key::generate().unwrap());
        let id = key.public().unwrap().kiosk_id();
        let payload = statistics(&["2026-11-30"]).to_json();
        let introduced = Introduced::of(bundle(&key, &id, &payload)).unwrap();
        assert_eq!((introduced.kiosk(), introduced.sequence()), (id.as_str(), 7));
        assert_eq!(introduced.unpacked(), payload.len() as u64);
        let foreign = Introduced::of(bundle(&other, &id, &payload));
        assert!(matches!(foreign, Err(BundleError::UnknownSigner(_))), "{foreign:?}");
        let large = Introduced::of(vec![0; LARGEST_BUNDLE + 1].into());
        assert!(matches!(large, Err(BundleError::TooLarge(_))), "{large:?}");
    }

    #[test]
    fn a_stranger_is_not_read_but_must_be_whole() {
        let key = Key::generate().unwrap();
        let id = key.public().unwrap().kiosk_id();
        let mut bytes = bundle(&key, &id, b"nonsense").to_vec();
        let open = |bytes: &[u8]| Introduced::of(bytes.into())?.open(false, 0);
        assert_eq!(open(&bytes).unwrap().content, Err(Objection::Unread));
        // The last block before the two that end it is the payload's.
        let payload = bytes.len() - 3 * 512;
        bytes[payload] ^= 1;
        assert!(open(&bytes).is_err());
    }

    #[test]
    fn what_a_newer_office_may_understand_is_not_decided_and_nonsense_is() {
        let whole = statistics(&["2026-11-30"]);
        assert_eq!(sent(&whole.to_json()).content, Ok(whole));
        let newer = sent(br#"{"format":99,"other":"form"}"#).content;
        assert!(
            matches!(&newer, Err(Objection::ForNow(why)) if why.contains("mới hơn")),
            "{newer:?}"
        );
        let nonsense = sent(b"nonsense").content;
        assert!(
            matches!(&nonsense, Err(Objection::ForGood(why)) if why.contains("bị lỗi")),
            "{nonsense:?}"
        );
    }

    /// As a bundle whose megabytes unpack to nothing would: what is packed is not kept then, and takes as much room as it has bytes.
    #[test]
    fn what_is_longer_packed_takes_the_room_that_it_has() {
        let key = Key::generate().unwrap();
        let id = key.public().unwrap().kiosk_id();
        let mut noise = vec![0; 10_000];
        getrandom::fill(&mut noise).unwrap();
        let bytes = bundle(&key, &id, &noise);
        let introduced = Introduced::of(bytes.clone()).unwrap();
        assert_eq!((introduced.unpacked(), introduced.size()), (10_000, bytes.len() as u64));
        assert_eq!(introduced.open(true, 0).unwrap().packed, None);
        let usual = statistics(&["2026-12-01"; 1]).to_json().repeat(20);
        let introduced = Introduced::of(bundle(&key, &id, &usual)).unwrap();
        assert_eq!(introduced.size(), introduced.unpacked());
        assert!(introduced.open(true, 0).unwrap().packed.is_some());
    }

    /// What is objected to in a bundle of the first week of December.
    fn objection(spans: &[&str], today: &str, seen: &str) -> Option<String> {
        let received = sent(&statistics(spans).to_json());
        match judge(received, day(today), day(seen)).content {
            Ok(_) => None,
            Err(Objection::Ahead(why)) => Some(why),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn two_days_may_be_a_difference_in_time_and_three_are_somebodys_clock() {
        let (today, built) = ("2026-12-01", "2026-06-01");
        for spans in [
            &["2026-11-30", "2026-12-03"][..],
            &["2026-12"],
            &["2026"],
            &["undated"],
            &[],
        ] {
            assert_eq!(objection(spans, today, built), None, "{spans:?}");
        }
        let why =
            "Có số liệu của ngày chưa đến (4/12/2026). Mời xem lại đồng hồ của máy chủ và của máy; máy sẽ tự gửi lại.";
        assert_eq!(
            objection(&["2026-12-04", "2026-11-30"], today, built).as_deref(),
            Some(why)
        );
        assert!(objection(&["2027"], today, built).is_some());
    }

    #[test]
    fn a_clock_that_went_back_objects_to_nothing_that_was_seen_and_is_named() {
        let (today, seen) = ("2026-08-03", "2026-12-01");
        assert_eq!(objection(&["2026-12-03"], today, seen), None);
        let why = objection(&["2026-12-04"], today, seen).unwrap();
        assert!(
            why.contains("đang là ngày 3/8/2026, trước đây đã là ngày 1/12/2026"),
            "{why}"
        );
    }

    #[test]
    fn the_office_has_seen_the_day_it_was_built_on_and_that_of_its_newest_bundle() {
        let noon = |text: &str| {
            day(text)
                .and_hms_opt(12, 0, 0)
                .unwrap()
                .and_local_timezone(Local)
                .unwrap()
                .timestamp()
        };
        let built = day("2026-06-01");
        assert_eq!(newest_day(built, None), built);
        assert_eq!(newest_day(built, Some(noon("2025-01-01"))), built);
        assert_eq!(newest_day(built, Some(noon("2026-12-01"))), day("2026-12-01"));
    }
}
