//! The wireless network: the table `[network]`, and what `wpa_supplicant` is told of it (`wpa_supplicant.conf(5)`).
//!
//! Whatever the settings say is written in hexadecimal, so that no letter of a name or a password means anything there. Begin with
//! [`Wifi`].

use std::fmt::Write;
use std::num::NonZeroU32;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use ring::pbkdf2;
use serde::Deserialize;

use super::address::{Address, is_host};
use super::settings_file;
use super::tables::{Table, Wrong};

/// Bytes of a network's name (IEEE 802.11, 9.4.2.2).
const NAME: RangeInclusive<usize> = 1..=32;

/// Bytes of a password that all share (IEEE 802.11, J.4.1).
const SHARED: RangeInclusive<usize> = 8..=63;

/// Bytes of what one account has of its own.
const OWN: RangeInclusive<usize> = 1..=253;

/// Hexadecimal digits of 256 bits: a key instead of a password, or a hash.
const HEX: usize = 64;

/// How a key is made of such a password and the network's name: PBKDF2 with so many rounds (IEEE 802.11, J.4.1).
const ROUNDS: NonZeroU32 = NonZeroU32::new(4096).expect("more than none");

/// The wireless network that the system's set-up connects to. No `Debug`: a password belongs in no log.
pub struct Wifi {
    /// Its name; without one there is no wireless network.
    name: Option<String>,
    lock: Lock,
    /// The country whose rules of radio are kept (ISO 3166-1).
    country: String,
    /// How it gets its address.
    pub address: Address,
}

/// What keeps others out.
enum Lock {
    /// Nothing.
    Open,
    /// A password that all share.
    Password { text: String, only: Option<Security> },
    /// What a password that all share is made into (WPA2 alone takes it).
    Key(String),
    /// An account of this kiosk's own: WPA-Enterprise, PEAP with `MSCHAPv2`.
    Account(Account),
}

/// What is demanded of a network where all share a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Security {
    Wpa2,
    Wpa3,
}

struct Account {
    identity: String,
    password: String,
    server: Server,
}

/// How the server that asks for the password proves that it is the right one.
enum Server {
    /// By a certificate of this authority (PEM), for this name if one is set.
    Of { authority: String, name: Option<String> },
    /// By this certificate: the SHA-256 of its DER, in hexadecimal.
    Having(String),
}

impl Wifi {
    /// Reads the table; the certificate that it names lies in `folder`.
    pub fn read(table: &mut Table, folder: &Path) -> Result<Self, Wrong> {
        let name: Option<String> = table.take("wifi")?;
        if name.as_ref().is_some_and(|name| !NAME.contains(&name.len())) {
            return Err("the name of a network has 1 to 32 bytes".into());
        }
        let country: Option<String> = table.take("country")?;
        let country = country.map_or_else(|| "VN".to_owned(), |country| country.to_ascii_uppercase());
        if country.len() != 2 || !country.bytes().all(|letter| letter.is_ascii_uppercase()) {
            return Err("a country is two letters, as \"VN\"".into());
        }
        Ok(Self {
            name,
            lock: Lock::read(table, folder)?,
            country,
            address: Address::read(table)?,
        })
    }

    /// What `wpa_supplicant` is told; `None` if no network is named. `authority` is where the certificate will lie.
    pub fn wpa_supplicant(&self, authority: &Path) -> Option<String> {
        let name = self.name.as_ref()?;
        // `sae_pwe`: chips and routers differ in how they make a point of a curve out of a password; both ways are taken.
        let mut text = format!("country={}\nsae_pwe=2\n", self.country);
        for lock in self.lock.ways(name, authority) {
            let ssid = hex(name.as_bytes());
            let _ = write!(text, "network={{\n    ssid={ssid}\n    scan_ssid=1\n{lock}}}\n");
        }
        Some(text)
    }

    /// The authority whose certificates are believed, for a file of its own.
    pub fn authority(&self) -> Option<&str> {
        match &self.lock {
            Lock::Account(Account {
                server: Server::Of { authority, .. },
                ..
            }) => Some(authority),
            _ => None,
        }
    }
}

impl Lock {
    fn read(table: &mut Table, folder: &Path) -> Result<Self, Wrong> {
        let password: Option<String> = table.take("password")?;
        let only: Option<Security> = table.take("security")?;
        let identity: Option<String> = table.take("identity")?;
        let server = Server::read(table, folder)?;
        // Nobody types them: a slip.
        let has_control = |text: &Option<String>| text.iter().any(|text| text.chars().any(char::is_control));
        if has_control(&password) || has_control(&identity) {
            return Err("a network's password and identity have no control characters".into());
        }
        if password.as_deref() == Some("") {
            return Err("the password is empty; for a network without a password leave its line out".into());
        }
        match (identity, password, server) {
            (Some(identity), Some(password), Some(server)) => {
                if only.is_some() {
                    return Err(
                        "security is for a network where all share a password, not for one with an identity".into(),
                    );
                }
                if !OWN.contains(&identity.len()) || !OWN.contains(&password.len()) {
                    return Err("an identity and its password have 1 to 253 bytes each".into());
                }
                Ok(Self::Account(Account {
                    identity,
                    password,
                    server,
                }))
            }
            (Some(_), None, _) => Err("an identity needs its password".into()),
            (Some(_), _, None) => Err(
                "an identity needs ca or certificate_sha256: else any access point could ask for its password".into(),
            ),
            (None, _, Some(_)) => Err("ca, server and certificate_sha256 belong to an identity".into()),
            (None, None, None) if only.is_some() => Err("security needs a password".into()),
            (None, None, None) => Ok(Self::Open),
            (None, Some(password), None) => Ok(Self::shared(password, only)?),
        }
    }

    fn shared(password: String, only: Option<Security>) -> Result<Self, &'static str> {
        if password.len() == HEX && password.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return match only {
                Some(Security::Wpa3) => Err("WPA3 takes no key of 64 digits, only a password"),
                _ => Ok(Self::Key(password.to_ascii_lowercase())),
            };
        }
        if !SHARED.contains(&password.len()) {
            return Err("a network's password has 8 to 63 bytes, or is a key of 64 hexadecimal digits");
        }
        Ok(Self::Password { text: password, only })
    }

    /// The lines of each network that is tried, the likelier to work first.
    ///
    /// WPA3's handshake (SAE) is a way of its own, and the last: several chips, those of Raspberry Pis among them, fail where a router
    /// offers WPA2 and WPA3 and SAE is tried.
    fn ways(&self, name: &str, authority: &Path) -> Vec<String> {
        match self {
            Self::Open => vec!["    key_mgmt=NONE\n".to_owned()],
            Self::Key(key) => vec![psk(key)],
            Self::Password { text, only } => {
                let wpa2 = format!("    priority=1\n{}", psk(&key_of(text, name)));
                let sae = hex(text.as_bytes());
                let wpa3 = format!("    key_mgmt=SAE\n    ieee80211w=2\n    sae_password={sae}\n");
                match only {
                    None => vec![wpa2, wpa3],
                    Some(Security::Wpa2) => vec![wpa2],
                    Some(Security::Wpa3) => vec![wpa3],
                }
            }
            Self::Account(account) => vec![account.lines(authority)],
        }
    }
}

impl Account {
    fn lines(&self, authority: &Path) -> String {
        let [identity, password] = [&self.identity, &self.password].map(|text| hex(text.as_bytes()));
        // Without the network a machine may not know the date, and without the date it could not enter the network.
        let mut lines = format!(
            "    key_mgmt=WPA-EAP WPA-EAP-SHA256\n    ieee80211w=1\n    eap=PEAP\n    phase1=\"tls_disable_time_checks=1\"\n    \
             phase2=\"auth=MSCHAPV2\"\n    identity={identity}\n    password={password}\n"
        );
        let _ = match &self.server {
            Server::Having(hash) => writeln!(lines, "    ca_cert=\"hash://server/sha256/{hash}\""),
            Server::Of { name, .. } => {
                if let Some(name) = name {
                    let _ = writeln!(lines, "    domain_suffix_match={}", hex(name.as_bytes()));
                }
                writeln!(lines, "    ca_cert=\"{}\"", authority.display())
            }
        };
        lines
    }
}

impl Server {
    fn read(table: &mut Table, folder: &Path) -> Result<Option<Self>, Wrong> {
        let authority: Option<PathBuf> = table.take("ca")?;
        let name: Option<String> = table.take("server")?;
        let hash: Option<String> = table.take("certificate_sha256")?;
        if name.as_ref().is_some_and(|name| !is_host(name)) {
            return Err("server is the name in the certificate, as \"wifi.example.vn\"".into());
        }
        match (authority, name, hash) {
            (None, None, None) => Ok(None),
            (Some(file), name, None) => Ok(Some(Self::Of {
                authority: certificates(&folder.join(file))?,
                name,
            })),
            (None, None, Some(hash)) => {
                let hash: String = hash.chars().filter(|letter| !":- ".contains(*letter)).collect();
                if hash.len() != HEX || !hash.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                    return Err("certificate_sha256 has 64 hexadecimal digits".into());
                }
                Ok(Some(Self::Having(hash.to_ascii_lowercase())))
            }
            (None, Some(_), _) => Err("server needs ca".into()),
            (Some(_), _, Some(_)) => Err("either ca or certificate_sha256".into()),
        }
    }
}

/// The text of a file of certificates.
fn certificates(file: &Path) -> Result<String, &'static str> {
    let text = settings_file::read(file).map_err(|_| "the file that ca names can't be read")?;
    if text.contains("-----BEGIN CERTIFICATE-----") {
        Ok(text)
    } else {
        Err("the file that ca names has no certificate in PEM")
    }
}

fn psk(key: &str) -> String {
    format!("    key_mgmt=WPA-PSK WPA-PSK-SHA256\n    ieee80211w=1\n    psk={key}\n")
}

/// The key of a network of this name where all share this password.
fn key_of(password: &str, name: &str) -> String {
    let mut key = [0; HEX / 2];
    pbkdf2::derive(
        pbkdf2::PBKDF2_HMAC_SHA1,
        ROUNDS,
        name.as_bytes(),
        password.as_bytes(),
        &mut key,
    );
    hex(&key)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::super::tables::quoted;
    use std::fs;
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    const PLACE: &str = "/run/commune-kiosk/wifi-ca.pem";

    /// A certificate's form is enough here: `wpa_supplicant` looks into it when it connects.
    fn read(text: &str) -> Result<Wifi, Wrong> {
        let folder = tempfile::tempdir().expect("a folder");
        let pem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
        fs::write(folder.path().join("wifi.pem"), pem).expect("written");
        fs::write(folder.path().join("empty.pem"), "").expect("written");
        Wifi::read(&mut Table::parse(text).expect("TOML"), folder.path())
    }

    fn told(text: &str) -> String {
        let wifi = read(text).unwrap_or_else(|wrong| panic!("{text}: {wrong:?}"));
        wifi.wpa_supplicant(Path::new(PLACE)).expect("a network")
    }

    fn refused(text: &str) -> String {
        match read(text) {
            Ok(_) => panic!("{text} is taken"),
            Err(wrong) => format!("{wrong:?}"),
        }
    }

    #[test]
    fn a_router_of_wpa2_and_wpa3_is_joined_by_wpa2_and_one_of_wpa3_alone_all_the_same() {
        let told = told("wifi = \"Xã Lê Lợi\"\npassword = 'a\"b#c}d\\e'\ncountry = \"vn\"");
        let key = key_of("a\"b#c}d\\e", "Xã Lê Lợi");
        let expected = format!(
            "country=VN\nsae_pwe=2\nnetwork={{\n    ssid=58c3a3204cc3aa204ce1bba369\n    scan_ssid=1\n    \
                        priority=1\n    key_mgmt=WPA-PSK WPA-PSK-SHA256\n    ieee80211w=1\n    psk={key}\n}}\n\
                        network={{\n    ssid=58c3a3204cc3aa204ce1bba369\n    scan_ssid=1\n    key_mgmt=SAE\n    ieee80211w=2\n    \
                        sae_password=61226223637d645c65\n}}\n"
        );
        assert_eq!(told, expected);
    }

    #[test]
    fn what_is_demanded_of_a_network_is_all_that_is_tried() {
        let wpa3 = told("wifi = \"x\"\npassword = \"12345678\"\nsecurity = \"wpa3\"");
        assert!(wpa3.contains("key_mgmt=SAE") && !wpa3.contains("PSK"), "{wpa3}");
        let wpa2 = told("wifi = \"x\"\npassword = \"12345678\"\nsecurity = \"wpa2\"");
        assert!(!wpa2.contains("SAE") && wpa2.contains("PSK"), "{wpa2}");
        let open = told("wifi = \"x\"\ncountry = \"la\"");
        assert!(
            open.contains("country=LA\n") && open.contains("key_mgmt=NONE\n"),
            "{open}"
        );
        assert!(
            read("").expect("settings").wpa_supplicant(Path::new(PLACE)).is_none(),
            "no name, no network"
        );
    }

    /// The first test vector of IEEE 802.11, J.4.2.
    #[test]
    fn a_password_and_a_name_make_the_key_that_a_router_makes_of_them() {
        let key = "f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e";
        assert_eq!(key_of("password", "IEEE"), key);
    }

    #[test]
    fn a_key_of_64_digits_is_a_key_and_no_password() {
        let key = told(&format!("wifi = \"x\"\npassword = \"{}\"", "0A".repeat(32)));
        assert!(
            key.contains(&format!("psk={}\n", "0a".repeat(32))) && !key.contains("SAE"),
            "{key}"
        );
    }

    #[test]
    fn an_account_is_told_to_the_right_server_only() {
        let of = "wifi = \"x\"\nidentity = \"máy-1\"\npassword = \"a\\\"b\"\n";
        let lines = "    key_mgmt=WPA-EAP WPA-EAP-SHA256\n    ieee80211w=1\n    eap=PEAP\n    \
                     phase1=\"tls_disable_time_checks=1\"\n    phase2=\"auth=MSCHAPV2\"\n    identity=6dc3a1792d31\n    \
                     password=612262\n";
        let by_name = told(&format!("{of}ca = \"wifi.pem\"\nserver = \"r.vn\""));
        let expected = format!("{lines}    domain_suffix_match=722e766e\n    ca_cert=\"{PLACE}\"\n");
        assert!(by_name.contains(&expected), "{by_name}");
        let hash = format!("certificate_sha256 = \"{}\"", ["AB"; 32].join(":"));
        let by_hash = told(&format!("{of}{hash}"));
        let expected = format!("{lines}    ca_cert=\"hash://server/sha256/{}\"\n", "ab".repeat(32));
        assert!(by_hash.contains(&expected), "{by_hash}");
        for (more, words) in [
            ("", "any access point"),
            ("ca = \"nowhere.pem\"", "can't be read"),
            ("ca = \"empty.pem\"", "no certificate"),
            ("certificate_sha256 = \"ab\"", "64 hexadecimal"),
            ("server = \"r.vn\"", "needs ca"),
            ("ca = \"wifi.pem\"\nserver = \"r vn\"", "name in the certificate"),
            ("ca = \"wifi.pem\"\nsecurity = \"wpa3\"", "all share"),
        ] {
            let said = refused(&format!("{of}{more}"));
            assert!(said.contains(words) && !said.contains("a\"b"), "{said}");
        }
        assert!(refused("wifi = \"x\"\nidentity = \"a\"\nca = \"wifi.pem\"").contains("its password"));
        assert!(refused("wifi = \"x\"\npassword = \"12345678\"\nca = \"wifi.pem\"").contains("belong to an identity"));
    }

    #[test]
    fn a_network_that_can_not_be_is_refused_without_its_password() {
        let network = |wifi: &str, password: &str| format!("wifi = \"{wifi}\"\npassword = \"{password}\"");
        for (wifi, password) in [
            ("a", "12345678"),
            ("Ủy ban xã Lê Lợi", "mật khẩu"),
            (&"x".repeat(32), &"y".repeat(63)),
        ] {
            read(&network(wifi, password)).map(drop).expect("a network");
        }
        for (wifi, password) in [
            ("", "12345678"),
            (&"x".repeat(33), "12345678"),
            ("Ủ".repeat(11).as_str(), "12345678"),
        ] {
            assert!(refused(&network(wifi, password)).contains("1 to 32"), "{wifi}");
        }
        for password in ["1234567", &"secret".repeat(11), &"Ủ".repeat(22)] {
            let said = refused(&network("a", password));
            assert!(said.contains("8 to 63") && !said.contains(password), "{said}");
        }
        assert!(refused(&network("a", "12345678\\n}")).contains("no control characters"));
        assert!(refused(&network("a", "")).contains("leave its line out"));
        assert!(refused("wifi = \"a\"\nsecurity = \"wpa3\"").contains("needs a password"));
        for wrong in ["country = \"V1\"", "country = \"VNM\"", "security = \"wep\""] {
            refused(wrong);
        }
    }

    /// What the real reader of such files says of one.
    fn wpa_supplicant_reads(text: &str) -> String {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("wpa_supplicant.conf");
        fs::write(&file, text).expect("written");
        // A link that is not there: the file is read before it is looked for.
        let output = Command::new("/usr/sbin/wpa_supplicant")
            .args(["-dd", "-Dwired", "-ino-such-link", "-c"])
            .arg(&file)
            .output()
            .expect("Debian's package wpasupplicant (scripts/setup.sh)");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    #[test]
    fn wpa_supplicant_itself_finds_nothing_wrong() {
        for (text, networks) in [
            ("wifi = \"Xã Lê Lợi\"\npassword = 'a\"b#c}d\\e'".to_owned(), 2),
            (format!("wifi = \"x\"\npassword = \"{}\"", "0a".repeat(32)), 1),
            ("wifi = \"x\"".to_owned(), 1),
            (
                "wifi = \"x\"\nidentity = \"máy\"\npassword = \"#\"\nca = \"wifi.pem\"\nserver = \"r.vn\"".to_owned(),
                1,
            ),
            (
                format!(
                    "wifi = \"x\"\nidentity = \"a\"\npassword = \"b\"\ncertificate_sha256 = \"{}\"",
                    "ab".repeat(32)
                ),
                1,
            ),
        ] {
            let said = wpa_supplicant_reads(&told(&text));
            assert!(!said.contains("Line ") && !said.contains("Failed to read"), "{said}");
            let read = said.lines().filter(|line| line.starts_with("   id=")).count();
            assert_eq!(read, networks, "{said}");
        }
        let said = wpa_supplicant_reads("network={\n    ssid=zz\n}\n");
        assert!(said.contains("Line 2"), "it says what is wrong: {said}");
    }

    proptest! {
        /// Whatever is set, the file has the lines of this module and no others.
        #[test]
        fn no_value_brings_a_line_of_its_own(
            values in prop::collection::vec("(?s).{0,40}|\\PC{8,40}|[a-z.]{1,12}|12345678\n\\}\nnetwork=\\{|[0-9a-f]{64}|\"\n", 4),
            keys in prop::collection::vec("password|identity|server|certificate_sha256|country|security", 4),
        ) {
            let mut text = "wifi = \"x\"\nca = \"wifi.pem\"\n".to_owned();
            for (key, value) in keys.iter().zip(&values) {
                if !text.contains(&format!("\n{key} =")) {
                    let _ = writeln!(text, "{key} = {}", quoted(value));
                }
            }
            for text in [text.clone(), text.replace("ca = \"wifi.pem\"\n", "")] {
                let Ok(wifi) = read(&text) else { continue };
                for line in wifi.wpa_supplicant(Path::new(PLACE)).expect("a network").lines() {
                    let fixed = ["network={", "}", "sae_pwe=2", "    scan_ssid=1", "    priority=1", "    eap=PEAP"].contains(&line)
                        || ["    key_mgmt=", "    ieee80211w=", "    phase1=\"", "    phase2=\"", "    ca_cert=\""]
                            .iter().any(|start| line.starts_with(start));
                    let hex = ["country=", "    ssid=", "    sae_password=", "    identity=", "    password=", "    psk=",
                        "    domain_suffix_match="].iter().find_map(|key| line.strip_prefix(key))
                        .is_some_and(|value| value.bytes().all(|byte| byte.is_ascii_alphanumeric()));
                    prop_assert!(fixed || hex, "{line:?}");
                }
            }
        }
    }
}
