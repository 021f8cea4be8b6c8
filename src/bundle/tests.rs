//! Bundles as they should be, and as they should not.

use std::io::{self, Cursor, Read};

use proptest::prelude::*;

use super::*;

fn head(sequence: u64) -> Head {
    Head {
        kind: Kind::Pack,
        id: "le-loi".to_owned(),
        sequence,
        created: "2026-11-23".to_owned(),
    }
}

fn made(payload: &[u8], key: &Key) -> Vec<u8> {
    let mut bundle = Vec::new();
    write(head(7), &mut &*payload, &mut Cursor::new(Vec::new()), key, &mut bundle).unwrap();
    bundle
}

fn trusting(keys: &[&Key]) -> Trust {
    Trust::new(keys.iter().map(|key| key.public().unwrap()).collect()).unwrap()
}

fn read(bundle: impl Read + Send, trust: &Trust) -> Result<Vec<u8>, BundleError> {
    let mut payload = Vec::new();
    Reader::open(bundle, Kind::Pack, trust)?.unpack(&mut payload, |_| {})?;
    Ok(payload)
}

/// A bundle of these members, each with a name and a type, signed or not: whatever somebody might put on a stick.
fn tar(members: &[(&str, tar::EntryType, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, kind, bytes) in members {
        let mut header = tar::Header::new_ustar();
        // As it is: `set_path` would tidy it up.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(*kind);
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        tar.append(&header, *bytes).unwrap();
    }
    tar.into_inner().unwrap()
}

/// The three contents of a bundle.
fn members(bundle: &[u8]) -> [Vec<u8>; 3] {
    let mut found = Vec::new();
    for entry in tar::Archive::new(bundle).entries().unwrap() {
        let mut bytes = Vec::new();
        entry.unwrap().read_to_end(&mut bytes).unwrap();
        found.push(bytes);
    }
    found.try_into().unwrap()
}

const FILE: tar::EntryType = tar::EntryType::Regular;

/// A bundle with another manifest, rightly signed.
fn with_manifest(change: impl FnOnce(String) -> String) -> (Vec<u8>, Trust) {
    let key = Key::generate().unwrap();
    let [manifest, _, payload] = members(&made(b"words", &key));
    let manifest = change(String::from_utf8(manifest).unwrap());
    let signature = key.sign(manifest.as_bytes(), "anything").unwrap();
    let bundle = tar(&[
        ("manifest.json", FILE, manifest.as_bytes()),
        ("manifest.json.minisig", FILE, signature.as_bytes()),
        ("payload.zst", FILE, &payload),
    ]);
    (bundle, trusting(&[&key]))
}

#[test]
fn what_was_packed_is_unpacked() {
    let key = Key::generate().unwrap();
    let bundle = made(b"words", &key);
    let reader = Reader::open(bundle.as_slice(), Kind::Pack, &trusting(&[&key])).unwrap();
    let manifest = reader.manifest().clone();
    assert_eq!(
        (manifest.id.as_str(), manifest.sequence, manifest.unpacked.bytes),
        ("le-loi", 7, 5)
    );
    let mut payload = Vec::new();
    let mut last = 0;
    assert_eq!(reader.unpack(&mut payload, |bytes| last = bytes).unwrap(), manifest);
    assert_eq!((payload.as_slice(), last), (b"words".as_slice(), 5));
}

#[test]
fn either_of_two_trusted_keys_will_do_and_no_other() {
    let (old, new, stranger) = (
        Key::generate().unwrap(),
        Key::generate().unwrap(),
        Key::generate().unwrap(),
    );
    let trust = trusting(&[&old, &new]);
    assert!(read(made(b"words", &old).as_slice(), &trust).is_ok());
    assert!(read(made(b"words", &new).as_slice(), &trust).is_ok());
    let refused = read(made(b"words", &stranger).as_slice(), &trust);
    assert!(matches!(refused, Err(BundleError::UnknownSigner(id)) if id == stranger.public().unwrap().id()));
    // A key that has been retired is a stranger.
    assert!(matches!(
        read(made(b"words", &old).as_slice(), &trusting(&[&new])),
        Err(BundleError::UnknownSigner(_))
    ));
    assert!(Trust::new(Vec::new()).is_err());
}

#[test]
fn cut_anywhere_it_is_refused() {
    let key = Key::generate().unwrap();
    let trust = trusting(&[&key]);
    let bundle = made(&[b'x'; 3000], &key);
    for length in 0..bundle.len() {
        let refused = read(&bundle[..length], &trust);
        assert!(matches!(refused, Err(BundleError::CutOff(_))), "{length}: {refused:?}");
    }
}

#[test]
fn one_wrong_bit_anywhere_and_it_is_refused() {
    let key = Key::generate().unwrap();
    let trust = trusting(&[&key]);
    let bundle = made(b"some words that are packed", &key);
    // The comment of a signature that minisign itself calls untrusted.
    let text = b"commune kiosk\n";
    let comment = bundle.windows(text.len()).position(|words| words == text).unwrap();
    for byte in (0..bundle.len()).filter(|byte| !(comment..comment + text.len() - 1).contains(byte)) {
        for bit in [0, 3, 7] {
            let mut wrong = bundle.clone();
            wrong[byte] ^= 1 << bit;
            assert!(read(wrong.as_slice(), &trust).is_err(), "byte {byte}, bit {bit}");
        }
    }
}

#[test]
fn other_members_and_other_orders_are_refused() {
    let key = Key::generate().unwrap();
    let trust = trusting(&[&key]);
    let [manifest, signature, payload] = members(&made(b"words", &key));
    let (m, s, p) = (
        ("manifest.json", FILE, manifest.as_slice()),
        ("manifest.json.minisig", FILE, signature.as_slice()),
        ("payload.zst", FILE, payload.as_slice()),
    );
    assert!(read(tar(&[m, s, p]).as_slice(), &trust).is_ok());
    let more = ("more.txt", FILE, b"more".as_slice());
    for wrong in [
        vec![s, m, p],
        vec![m, p, s],
        vec![p, m, s],
        vec![more, m, s, p],
        vec![m, m, s, p],
    ] {
        assert!(matches!(
            read(tar(&wrong).as_slice(), &trust),
            Err(BundleError::NotABundle(_))
        ));
    }
    assert!(matches!(
        read(tar(&[m, s, p, more]).as_slice(), &trust),
        Err(BundleError::Damaged(_))
    ));
    for wrong in [vec![], vec![m, s]] {
        assert!(read(tar(&wrong).as_slice(), &trust).is_err());
    }
    for name in ["./manifest.json", "a/manifest.json", "MANIFEST.JSON", "manifest.json "] {
        let wrong = (name, FILE, manifest.as_slice());
        assert!(
            matches!(
                read(tar(&[wrong, s, p]).as_slice(), &trust),
                Err(BundleError::NotABundle(_))
            ),
            "{name}"
        );
    }
    for kind in [
        tar::EntryType::Symlink,
        tar::EntryType::Link,
        tar::EntryType::Char,
        tar::EntryType::Block,
        tar::EntryType::Directory,
        tar::EntryType::Fifo,
        tar::EntryType::GNUSparse,
        tar::EntryType::XHeader,
        tar::EntryType::XGlobalHeader,
        tar::EntryType::GNULongName,
    ] {
        let wrong = ("manifest.json", kind, manifest.as_slice());
        assert!(
            matches!(
                read(tar(&[wrong, s, p]).as_slice(), &trust),
                Err(BundleError::NotABundle(_))
            ),
            "{kind:?}"
        );
    }
}

#[test]
fn a_signature_counts_for_its_own_manifest_only() {
    let key = Key::generate().unwrap();
    let trust = trusting(&[&key]);
    let [manifest, _, payload] = members(&made(b"words", &key));
    let [_, signature, _] = members(&made(b"other words", &key));
    let swapped = tar(&[
        ("manifest.json", FILE, &manifest),
        ("manifest.json.minisig", FILE, &signature),
        ("payload.zst", FILE, &payload),
    ]);
    assert!(matches!(
        read(swapped.as_slice(), &trust),
        Err(BundleError::BadSignature)
    ));
}

#[test]
fn a_payload_that_is_not_what_was_signed_is_refused() {
    let key = Key::generate().unwrap();
    let trust = trusting(&[&key]);
    let [manifest, signature, payload] = members(&made(b"words", &key));
    let with = |payload: &[u8]| {
        tar(&[
            ("manifest.json", FILE, &manifest),
            ("manifest.json.minisig", FILE, &signature),
            ("payload.zst", FILE, payload),
        ])
    };
    let others = zstd::encode_all(b"wards".as_slice(), 12).unwrap();
    let twice = [payload.clone(), payload.clone()].concat();
    for wrong in [others.as_slice(), &twice, b"", b"not packed at all"] {
        assert!(matches!(
            read(with(wrong).as_slice(), &trust),
            Err(BundleError::Damaged(_))
        ));
    }
}

#[test]
fn a_bomb_stops_at_the_size_that_was_signed() {
    // 1 GB of zeros in 100 KB, and a manifest that promises 5 bytes of them.
    let bomb = zstd::encode_all(io::repeat(0).take(1 << 30), 12).unwrap();
    let key = Key::generate().unwrap();
    let [manifest, _, _] = members(&made(b"words", &key));
    let mut manifest: Manifest = serde_json::from_slice(&manifest).unwrap();
    manifest.packed = Payload {
        bytes: bomb.len() as u64,
        blake3: blake3::hash(&bomb).to_hex().to_string(),
    };
    let text = serde_json::to_vec(&manifest).unwrap();
    let signature = key.sign(&text, "").unwrap();
    let bundle = tar(&[
        ("manifest.json", FILE, &text),
        ("manifest.json.minisig", FILE, signature.as_bytes()),
        ("payload.zst", FILE, &bomb),
    ]);
    let mut written = Vec::new();
    let reader = Reader::open(bundle.as_slice(), Kind::Pack, &trusting(&[&key])).unwrap();
    assert!(matches!(
        reader.unpack(&mut written, |_| {}),
        Err(BundleError::Damaged(_))
    ));
    assert!(written.len() <= 5, "{}", written.len());
}

#[test]
fn a_window_that_would_eat_the_memory_is_refused() {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    encoder
        .set_parameter(zstd::zstd_safe::CParameter::WindowLog(27))
        .unwrap();
    io::copy(&mut io::repeat(b'a').take(200 << 20), &mut encoder).unwrap();
    let greedy = encoder.finish().unwrap();
    let mut frame = Vec::new();
    let key = Key::generate().unwrap();
    let [manifest, _, _] = members(&made(b"words", &key));
    let mut manifest: Manifest = serde_json::from_slice(&manifest).unwrap();
    manifest.packed = Payload {
        bytes: greedy.len() as u64,
        blake3: blake3::hash(&greedy).to_hex().to_string(),
    };
    manifest.unpacked.bytes = 200 << 20;
    let text = serde_json::to_vec(&manifest).unwrap();
    let bundle = tar(&[
        ("manifest.json", FILE, &text),
        ("manifest.json.minisig", FILE, key.sign(&text, "").unwrap().as_bytes()),
        ("payload.zst", FILE, &greedy),
    ]);
    let reader = Reader::open(bundle.as_slice(), Kind::Pack, &trusting(&[&key])).unwrap();
    assert!(matches!(
        reader.unpack(&mut frame, |_| {}),
        Err(BundleError::Damaged(_))
    ));
    assert!(frame.is_empty());
}

#[test]
fn sizes_that_nobody_needs_are_refused_before_a_byte_is_read() {
    for (name, bytes) in [("manifest.json", 1_u64 << 30), ("manifest.json", 65 * 1024)] {
        let mut header = tar::Header::new_ustar();
        header.set_path(name).unwrap();
        header.set_size(bytes);
        header.set_cksum();
        let mut source = Cursor::new([header.as_bytes().as_slice(), &vec![b' '; 100_000]].concat());
        let key = Key::generate().unwrap();
        assert!(matches!(
            Reader::open(&mut source, Kind::Pack, &trusting(&[&key])),
            Err(BundleError::TooLarge(_))
        ));
        assert_eq!(source.position(), 512);
    }
}

#[test]
fn manifests_that_make_no_sense_are_refused_even_if_signed() {
    for (from, to) in [
        ("\"sequence\": 7", "\"sequence\": 0"),
        ("\"sequence\": 7", "\"sequence\": 18446744073709551615"),
        ("\"sequence\": 7", "\"sequence\": -1"),
        ("\"le-loi\"", "\"../le-loi\""),
        ("\"le-loi\"", "\"\""),
        ("\"2026-11-23\"", "\"2026\\u000011\""),
        ("\"kind\": \"pack\"", "\"kind\": \"program\""),
        ("\"kind\": \"pack\",", ""),
        ("{", "{ \"more\": 1,"),
        ("}", ""),
    ] {
        let (bundle, trust) = with_manifest(|manifest| {
            assert!(manifest.contains(from), "{from}");
            manifest.replacen(from, to, 1)
        });
        let refused = read(bundle.as_slice(), &trust);
        assert!(matches!(refused, Err(BundleError::BadManifest(_))), "{to}: {refused:?}");
    }
    let (bundle, trust) = with_manifest(|manifest| manifest.replace("\"format\": 1", "\"format\": 2, \"new\": true"));
    assert!(matches!(
        read(bundle.as_slice(), &trust),
        Err(BundleError::OtherFormat { found: 2, known: 1 })
    ));
    let (bundle, trust) = with_manifest(|manifest| manifest.replace("\"pack\"", "\"receipt\""));
    assert!(matches!(
        read(bundle.as_slice(), &trust),
        Err(BundleError::WrongKind { .. })
    ));
    let (bundle, trust) = with_manifest(|manifest| manifest.replace("\"bytes\": 5", "\"bytes\": 5000000000"));
    assert!(matches!(read(bundle.as_slice(), &trust), Err(BundleError::TooLarge(_))));
}

#[test]
fn a_stick_that_fails_is_told_from_a_disk_that_is_full() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("pulled out"))
        }
    }
    impl io::Write for Failing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let key = Key::generate().unwrap();
    let trust = trusting(&[&key]);
    let bundle = made(b"words", &key);
    for length in [0, 512, 1500, bundle.len() - 1] {
        let pulled_out = (&bundle[..length]).chain(Failing);
        assert!(
            matches!(read(pulled_out, &trust), Err(BundleError::Source(_))),
            "{length}"
        );
    }
    let reader = Reader::open(bundle.as_slice(), Kind::Pack, &trust).unwrap();
    let full = reader.unpack(&mut Failing, |_| {}).unwrap_err();
    assert!(matches!(full, BundleError::Target(_)));
    assert!(full.for_staff().contains("đã đầy"));
}

#[test]
fn a_key_file_opens_with_its_password_only() {
    let key = Key::generate().unwrap();
    let file = key.to_text(Some("một mật khẩu")).unwrap();
    let opened = Key::from_text(&file, Some("một mật khẩu")).unwrap();
    assert_eq!(opened.public().unwrap(), key.public().unwrap());
    assert!(matches!(
        Key::from_text(&file, Some("mật khẩu khác")),
        Err(KeyError::WrongPassword)
    ));
    assert!(Key::from_text(&file, None).is_err());
    // Another password for the same key.
    let changed = opened.to_text(Some("mới")).unwrap();
    assert!(Key::from_text(&changed, Some("mới")).is_ok());
    let bare = opened.to_text(None).unwrap();
    let bundle = made(b"words", &Key::from_text(&bare, None).unwrap());
    assert!(read(bundle.as_slice(), &trusting(&[&key])).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_payload_survives(payload in prop::collection::vec(any::<u8>(), 0..700_000)) {
        let key = Key::generate().unwrap();
        let unpacked = read(made(&payload, &key).as_slice(), &trusting(&[&key])).unwrap();
        prop_assert!(unpacked == payload);
    }

    #[test]
    fn any_bytes_are_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..5000)) {
        let key = Key::generate().unwrap();
        prop_assert!(read(bytes.as_slice(), &trusting(&[&key])).is_err());
    }

    #[test]
    fn any_signature_is_refused_without_a_panic(signature in "(untrusted comment: )?[a-zA-Z0-9+/=]{0,110}\n?([A-Za-z0-9+/=]{90,110})?\n?(trusted comment: )?[a-z]{0,9}\n?[a-zA-Z0-9+/=]{80,90}\n?") {
        let key = Key::generate().unwrap();
        prop_assert!(trusting(&[&key]).verify(Kind::Pack, b"words", signature.as_bytes()).is_err());
        prop_assert!(PublicKey::from_text(&signature).is_err());
        prop_assert!(Key::from_text(&signature, None).is_err());
    }
}
