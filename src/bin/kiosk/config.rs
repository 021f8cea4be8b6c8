//! `kiosk.toml`: what a technician sets on one kiosk.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use commune_kiosk::bundle::{self, PublicKey, Trust};
use commune_kiosk::kiosk::device::displays::Wish;
use commune_kiosk::kiosk::session::staff::{self, Pin};
use commune_kiosk::kiosk::sync::network::{self, CallError};
use commune_kiosk::usage::batch::Share;

use super::address::{Address, Time};
use super::hardware::Hardware;
use super::screen;
use super::settings_file;
use super::sound;
use super::tables::{Fault, Table, Tables, Wrong, leave_out_broken};
use super::wifi::Wifi;

/// The settings. All of them may be absent. No `Debug`: there are secrets in them.
#[derive(Default)]
pub struct Config {
    /// The PIN of the staff page as `kiosk pin` prints it; no PIN, no page.
    pub staff_pin: Option<String>,
    /// Where the office is; without it, counts leave by stick only.
    pub office: Option<Office>,
    /// Which packs are taken first.
    pub content: Content,
    /// How often counts are sent.
    pub sync: Sync,
    /// What is connected to the machine.
    pub hardware: Hardware,
    /// Which screen is used, and in which size.
    pub screen: Wish,
    /// What is heard, and when.
    pub sound: sound::Settings,
    /// The wireless network, for the system's set-up.
    pub wifi: Option<Wifi>,
    /// How a cable's address is found, for the same.
    pub cable: Address,
    /// Who is asked for the time, for the same.
    pub time: Time,
    /// What in them does not count.
    pub faults: Vec<Fault>,
    /// Where the settings stand, for the paths in them.
    folder: PathBuf,
}

/// The office. No `Debug`: there may be a password for the proxy in it.
pub struct Office {
    /// `https://…`; without it, counts leave by stick only.
    pub url: Option<String>,
    /// Its public keys, one or two while they are changed, beside the settings: what packs and receipts are checked with.
    pub keys: Vec<PathBuf>,
    /// Those of its server, if that has one of its own: then receipts and the time are checked with these alone, packs with `keys` alone.
    pub server_keys: Vec<PathBuf>,
    /// The certificates that its server is checked with, in PEM; without it, those that browsers believe.
    pub ca: Option<PathBuf>,
    /// The proxy through which it is called, `http://…`, where a network has one.
    pub proxy: Option<String>,
}

impl Office {
    fn read(table: &mut Table) -> Result<Self, Wrong> {
        Ok(Self {
            url: table.take("url")?,
            keys: table.take("keys")?.unwrap_or_default(),
            server_keys: table.take("server_keys")?.unwrap_or_default(),
            ca: table.take("ca")?,
            proxy: table.take("proxy")?,
        })
    }
}

/// What is shown.
#[derive(Debug, Default)]
pub struct Content {
    /// The id of the first pack that is taken; without it, that of the factory's.
    pub pack: Option<String>,
}

impl Content {
    fn read(table: &mut Table) -> Result<Self, Wrong> {
        let pack: Option<String> = table.take("pack")?;
        if pack.as_ref().is_some_and(|pack| !bundle::is_id(pack)) {
            return Err("a pack's id has a-z, 0-9 and - only, 64 of them at most".into());
        }
        Ok(Self { pack })
    }
}

/// The sending of counts.
#[derive(Debug, Default)]
pub struct Sync {
    /// `month` or `day`.
    pub period: Share,
}

impl Sync {
    fn read(table: &mut Table) -> Result<Self, Wrong> {
        Ok(Self {
            period: table.take("period")?.unwrap_or_default(),
        })
    }
}

impl Config {
    /// Reads the settings: from a file that must be there, or from one that may be in the data folder. What is wrong in them
    /// costs the table in which it stands, and is said in the log.
    pub fn read(file: Option<&Path>, data: Option<&Path>) -> Result<Self> {
        let in_data = data.map(|data| data.join("kiosk.toml"));
        let Some(path) = file.or(in_data.as_deref()) else {
            return Ok(Self::default());
        };
        let text = match settings_file::read(path) {
            Err(error) if error.kind() == ErrorKind::NotFound && file.is_none() => return Ok(Self::default()),
            read => read.with_context(|| format!("{} can't be read", path.display()))?,
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        let config = Self::of(&text, folder);
        for fault in &config.faults {
            if fault.table.is_some() {
                tracing::error!("{}", fault.say(path));
            } else {
                tracing::warn!("{}", fault.say(path));
            }
        }
        Ok(config)
    }

    fn of(text: &str, folder: &Path) -> Self {
        let (text, faults) = leave_out_broken(text);
        let mut tables = Tables::of(&text, faults);
        Self {
            staff_pin: tables.read_top(|top| top.take("staff_pin")),
            office: tables.read("office", Office::read),
            content: tables.read("content", Content::read).unwrap_or_default(),
            sync: tables.read("sync", Sync::read).unwrap_or_default(),
            hardware: tables.read("hardware", Hardware::read).unwrap_or_default(),
            screen: tables.read("screen", screen::read).unwrap_or_default(),
            sound: tables.read("sound", sound::Settings::read).unwrap_or_default(),
            wifi: tables.read("network", |table| Wifi::read(table, folder)),
            cable: tables.read("cable", Address::read).unwrap_or_default(),
            time: tables.read("time", Time::read).unwrap_or_default(),
            faults: tables.finish(),
            folder: folder.to_owned(),
        }
    }

    /// Where the settings have something that doesn't count, for staff to tell a technician.
    pub fn for_staff(&self) -> Option<String> {
        let mut places: Vec<String> = self.faults.iter().map(Fault::for_staff).collect();
        places.dedup();
        let words = format!(
            "Tệp cài đặt kiosk.toml có chỗ máy không hiểu: {}. Mời gọi kỹ thuật viên.",
            places.join("; ")
        );
        (!places.is_empty()).then_some(words)
    }

    /// Whether there is an `[office]`, and it can't be used.
    fn office_is_refused(&self) -> bool {
        self.faults.iter().any(|fault| fault.table == Some("office"))
    }

    /// The keys of the office: those named on the command line, for everything, else those of the settings; `None` if there are none.
    pub fn trust(&self, named: &[PathBuf]) -> Result<Option<Trust>> {
        let of_settings = self.office.iter().flat_map(|office| &office.keys);
        let files: Vec<PathBuf> = match named {
            [] => of_settings.map(|key| self.folder.join(key)).collect(),
            named => named.to_vec(),
        };
        if files.is_empty() && self.office_is_refused() {
            bail!("[office] of the settings is not used");
        }
        if files.is_empty() {
            return Ok(None);
        }
        let key = |file: &PathBuf| {
            let text = settings_file::read(file).with_context(|| format!("{} can't be read", file.display()))?;
            PublicKey::from_text(&text).with_context(|| format!("{} is no public key", file.display()))
        };
        let content = files.iter().map(key).collect::<Result<Vec<_>>>()?;
        let of_server = self.office.iter().flat_map(|office| &office.server_keys);
        let of_server = of_server.map(|file| key(&self.folder.join(file)));
        let server = of_server.collect::<Result<Vec<_>>>()?;
        Ok(Some(if server.is_empty() || !named.is_empty() {
            Trust::new(content)?
        } else {
            Trust::apart(content, server)?
        }))
    }

    /// The way to the office: whose packs and receipts count, and where its server is, if there is one; or why nobody can be
    /// called, for staff.
    pub fn way(&self, named: &[PathBuf]) -> (Option<Trust>, Result<Option<network::Office>, &'static str>) {
        let trust = match self.trust(named) {
            trust if self.office_is_refused() => {
                return (
                    trust.ok().flatten(),
                    Err("Phần [office] trong tệp kiosk.toml viết chưa đúng. Mời gọi kỹ thuật viên."),
                );
            }
            Ok(trust) => trust,
            Err(error) => {
                tracing::error!("the office's keys can't be used: {error:#}");
                return (None, Err("Khoá của văn phòng không dùng được. Mời gọi kỹ thuật viên."));
            }
        };
        let server = match self.server() {
            Ok(Some(_)) if trust.is_none() => {
                tracing::error!("office.url is set, office.keys is not");
                Err("Chưa có khoá của văn phòng. Mời gọi kỹ thuật viên.")
            }
            Ok(server) => Ok(server),
            Err(error) => {
                tracing::error!("the office can't be called: {error:#}");
                let of_the_call = error.downcast_ref().map(CallError::for_staff);
                Err(of_the_call.unwrap_or("Tệp chứng chỉ của văn phòng không đọc được. Mời gọi kỹ thuật viên."))
            }
        };
        (trust, server)
    }

    /// The office's server, if there is one.
    fn server(&self) -> Result<Option<network::Office>> {
        let Some((url, office)) = self
            .office
            .as_ref()
            .and_then(|office| Some((office.url.as_ref()?, office)))
        else {
            return Ok(None);
        };
        let read = |file: &PathBuf| {
            let file = self.folder.join(file);
            settings_file::read(&file).with_context(|| format!("{} can't be read", file.display()))
        };
        let ca = office.ca.as_ref().map(read).transpose()?;
        let server = network::Office::new(url, ca.as_deref().map(str::as_bytes))?;
        Ok(Some(match &office.proxy {
            Some(proxy) => server.through(proxy)?,
            None => server,
        }))
    }

    /// The PIN, ready to be tried.
    pub fn pin(&self) -> Result<Pin> {
        match &self.staff_pin {
            None => Ok(Pin::default()),
            Some(hash) => {
                Pin::of_hash(hash).map_err(|error| anyhow::anyhow!("staff_pin is not what `kiosk pin` prints: {error}"))
            }
        }
    }
}

/// Asks for a PIN twice and prints the line that sets it.
pub fn print_pin() -> Result<()> {
    let pin = rpassword::prompt_password("PIN (6 to 12 digits, better 8): ")
        .context("a PIN is typed at a terminal: `ssh -t`")?;
    if rpassword::prompt_password("The same again: ")? != pin {
        anyhow::bail!("these are two different PINs");
    }
    let hash = staff::hash(&pin).map_err(anyhow::Error::msg)?;
    println!("staff_pin = \"{hash}\"");
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use commune_kiosk::bundle::Key;
    use commune_kiosk::kiosk::device::gpio::Input;

    use super::*;

    /// A folder with a key of an office, and the settings in it.
    fn settings(text: &str) -> (tempfile::TempDir, Config) {
        let dir = tempfile::tempdir().expect("a folder");
        let key = Key::generate().and_then(|key| key.public()?.to_text()).expect("a key");
        fs::write(dir.path().join("office.pub"), key).expect("written");
        fs::write(dir.path().join("kiosk.toml"), text).expect("written");
        let config = Config::read(None, Some(dir.path())).expect("settings");
        (dir, config)
    }

    /// What the staff page says of the way to the office; whether there is one, and whether anybody's packs count.
    fn way(office: &str) -> (Option<&'static str>, bool, bool) {
        let (_dir, config) = settings(&format!("[office]\n{office}"));
        let (trust, server) = config.way(&[]);
        let trouble = server.as_ref().err().copied();
        (trouble, server.is_ok_and(|server| server.is_some()), trust.is_some())
    }

    #[test]
    fn keys_and_an_address_are_the_way_to_the_office() {
        assert_eq!(
            way("url = \"https://kiosk.example\"\nkeys = [\"office.pub\"]"),
            (None, true, true)
        );
        assert_eq!(way("keys = [\"office.pub\"]"), (None, false, true), "by stick only");
        assert_eq!(way(""), (None, false, false));
    }

    #[test]
    fn what_is_wrong_with_the_way_to_the_office_is_said_and_stops_nothing() {
        for (office, words, trust) in [
            ("url = \"https://kiosk.example\"", "Chưa có khoá của văn phòng", false),
            (
                "url = \"kiosk.example\"\nkeys = [\"office.pub\"]",
                "Địa chỉ máy chủ",
                true,
            ),
            (
                "url = \"https://kiosk.example\"\nkeys = [\"office.pub\"]\nca = \"nowhere.pem\"",
                "Tệp chứng chỉ của văn phòng không đọc được",
                true,
            ),
            (
                "url = \"https://kiosk.example\"\nkeys = [\"office.pub\"]\nca = \"office.pub\"",
                "Chứng chỉ của máy chủ",
                true,
            ),
            (
                "url = \"https://kiosk.example\"\nkeys = [\"nowhere.pub\"]",
                "Khoá của văn phòng",
                false,
            ),
            ("keys = [\"kiosk.toml\"]", "Khoá của văn phòng không dùng được", false),
            (
                "url = \"https://kiosk.example\"\nkeys = [\"office.pub\"]\nproxy = \"ftp://10.0.0.8\"",
                "máy chủ trung gian (proxy)",
                true,
            ),
            (
                "url = 1\nkeys = [\"office.pub\"]",
                "Phần [office] trong tệp kiosk.toml",
                false,
            ),
        ] {
            let (trouble, calls, trusts) = way(office);
            assert!(
                trouble.is_some_and(|trouble| trouble.contains(words)),
                "{office}: {trouble:?}"
            );
            assert_eq!((calls, trusts), (false, trust), "{office}");
        }
    }

    /// Everything that can be set, but for the tables named.
    fn without(tables: &[&str]) -> String {
        [
            ("", "staff_pin = \"hash\"\n"),
            (
                "office",
                "[office]\nurl = \"https://kiosk.example\"\nkeys = [\n    \"office.pub\",\n]\nca = \"ca.pem\"\n\
                 proxy = \"http://10.0.0.8:3128\"\n",
            ),
            ("content", "[content]\npack = \"xa-minh\"\n"),
            ("sync", "[sync]\nperiod = \"day\"\n"),
            (
                "hardware",
                "[hardware]\npresence = { name = \"GPIO17\", active_low = true }\nrotation = 90\n\
                 [hardware.staff_key]\nchip = \"gpiochip0\"\nline = 27\n",
            ),
            (
                "network",
                "[network]\nwifi = \"UBND\"\npassword = \"mật khẩu\"\ncountry = \"VN\"\nsecurity = \"wpa2\"\n\
                 address = \"10.0.0.5/24\"\ngateway = \"10.0.0.1\"\ndns = \"10.0.0.1\"\n",
            ),
            (
                "cable",
                "[cable]\naddress = \"10.1.0.5/24\"\ngateway = \"10.1.0.1\"\ndns = [\n    \"10.1.0.1\",\n]\n",
            ),
            ("time", "[time]\nntp = [\"ntp.example.vn\"]\n"),
            ("screen", "[screen]\noutput = \"HDMI-A-1\"\nsize = \"1920x1080\"\n"),
        ]
        .into_iter()
        .filter(|(name, _)| !tables.contains(name))
        .map(|(_, text)| text)
        .collect()
    }

    /// Which tables hold.
    fn hold(config: &Config) -> Vec<&'static str> {
        let lines = [Input::Presence, Input::StaffKey].map(|input| config.hardware.line(input).is_some());
        let tables = [
            ("", config.staff_pin.is_some()),
            (
                "office",
                config.office.as_ref().is_some_and(|office| office.url.is_some()),
            ),
            ("content", config.content.pack.is_some()),
            ("sync", config.sync.period == Share::Day),
            ("hardware", lines == [true; 2] && config.hardware.rotation.0 == 90),
            ("network", config.wifi.is_some()),
            ("cable", config.cable != Address::default()),
            ("time", config.time != Time::default()),
            ("screen", config.screen != Wish::default()),
        ];
        tables
            .into_iter()
            .filter(|(_, holds)| *holds)
            .map(|(name, _)| name)
            .collect()
    }

    const ALL: [&str; 9] = [
        "", "office", "content", "sync", "hardware", "network", "cable", "time", "screen",
    ];

    #[test]
    fn all_settings_are_taken_and_none_is_unknown() {
        let (_dir, config) = settings(&without(&[]));
        assert_eq!((hold(&config), &config.faults), (ALL.to_vec(), &Vec::new()));
        assert_eq!(config.for_staff(), None);
        assert!(settings("").1.faults.is_empty());
    }

    #[test]
    fn a_slip_costs_its_own_table_only() {
        for (table, wrong) in [
            ("", "staff_pin = 271828\n"),
            ("", "staff_pin = $argon2id$v=19\n"),
            ("office", "[office]\nurl = https://kiosk.example\n"),
            ("office", "[office]\nurl = “https://kiosk.example”\n"),
            ("office", "[office]\nurl \"https://kiosk.example\"\n"),
            ("office", "[office\nurl = \"https://kiosk.example\"\n"),
            ("office", "[office]\nkeys = [\"office.pub\"\n"),
            ("office", "[office]\nurl = \"https://kiosk.example\n"),
            ("office", "[office]\nurl = \"a\"\nurl = \"b\"\n"),
            ("office", "[office]\nurl = \"a\"\n[office]\nkeys = []\n"),
            ("office", "[[office]]\nurl = \"a\"\n"),
            ("sync", "[sync]\nperiod = \"hour\"\n"),
            ("content", "[content]\npack = \"Xã Minh\"\n"),
            ("content", "[content]\npack = xa-minh\n"),
            ("hardware", "[hardware]\nrotation = 45\n"),
            (
                "hardware",
                "[hardware]\nrotation = 90\n[hardware.presence]\nname = GPIO17\n",
            ),
            (
                "hardware",
                "[hardware]\nrotation = 90\npresence = { name = \"GPIO17\", line = 17 }\n",
            ),
            ("office", "[office]\nproxy = 3128\n"),
            ("network", "[network]\ncountry = \"V1\"\n"),
            ("network", "[network]\nwifi = \"x\"\npassword = \"\"\n"),
            ("network", "[network]\nwifi = \"x\"\ngateway = \"10.0.0.1\"\n"),
            (
                "network",
                "[network]\nwifi = \"x\"\npassword = \"y\"\nidentity = \"z\"\nca = \"nowhere.pem\"\n",
            ),
            ("cable", "[cable]\naddress = \"10.0.0.5\"\n"),
            ("cable", "[cable]\naddress = 10.0.0.5/24\n"),
            ("cable", "[cable]\naddress = \"10.0.0.5/24\"\ngateway = \"10.0.1.1\"\n"),
            ("cable", "[cable]\ndns = [\"8.8.8.8\"\n"),
            ("time", "[time]\nntp = \"giờ chuẩn\"\n"),
            ("screen", "[screen]\nsize = \"1920\"\n"),
            ("screen", "[screen]\noutput = HDMI-A-1\n"),
            ("time", "[time]\nntp = ntp.example.vn\n"),
            ("network", "[network]\npassword = [\"mật khẩu\"]\n"),
        ] {
            let others: Vec<_> = ALL.into_iter().filter(|name| *name != table).collect();
            let rest = without(&["", table]);
            // What stands above the first table can only come first.
            let texts = if table.is_empty() {
                vec![format!("{wrong}{rest}")]
            } else {
                let top = without(&ALL[1..]);
                vec![format!("{top}{wrong}{rest}"), format!("{top}{rest}{wrong}")]
            };
            for text in texts {
                let (_dir, config) = settings(&text);
                assert_eq!(hold(&config), others, "{text}");
                let refused: Vec<_> = config.faults.iter().filter_map(|fault| fault.table).collect();
                assert_eq!(refused, [table], "{text}");
            }
        }
    }

    #[test]
    fn what_this_program_does_not_know_is_passed_over() {
        for unknown in [
            "[hardware]\nvolume = 3\npresence = { name = \"GPIO17\", debounce_ms = 50 }\nrotation = 90\n\
             staff_key = \"GPIO27\"\n",
            "[future]\nx = 1\nlist = [\n  [1],\n]\n[future.more]\ny = 2\n",
        ] {
            let text = without(&["hardware"]) + unknown;
            let (_dir, config) = settings(&text);
            assert!(hold(&config).contains(&"network"), "{text}");
            assert_eq!(
                hold(&config).contains(&"hardware"),
                unknown.contains("rotation"),
                "{text}"
            );
            assert!(!config.faults.is_empty());
            assert!(
                config.faults.iter().all(|fault| fault.table.is_none()),
                "{:?}",
                config.faults
            );
            // The first of them is in the second line after what is known.
            let known = without(&["hardware"]).lines().count();
            assert!(
                (known + 1..=known + 2).contains(&config.faults[0].line),
                "{:?}",
                config.faults
            );
        }
    }

    #[test]
    fn a_line_that_does_not_count_is_named_and_not_repeated() {
        for (text, line, said) in [
            (
                "[network]\npasword = \"mật khẩu\"",
                2,
                "no setting that this program knows",
            ),
            ("[network]\n\"mật khẩu\" = 1", 2, "no setting that this program knows"),
            (
                "[network]\npassword = [\"mật khẩu\"]",
                2,
                "can't be understood; nothing of [network]",
            ),
            (
                "\n[network]\npassword = mật khẩu",
                3,
                "can't be understood; nothing of [network]",
            ),
            (
                "[network]\npassword = \"mật\"",
                1,
                "hexadecimal digits; nothing of [network]",
            ),
            (
                "password = mật khẩu",
                1,
                "can't be understood; nothing above the first table",
            ),
        ] {
            let (_dir, config) = settings(text);
            let [fault] = &config.faults[..] else {
                panic!("{text}: {:?}", config.faults);
            };
            let words = fault.say(Path::new("kiosk.toml"));
            assert!(words.starts_with(&format!("line {line} of kiosk.toml")), "{words}");
            assert!(words.contains(said) && !words.contains("mật"), "{words}");
            let staff = config.for_staff().expect("words");
            assert!(
                staff.contains(&format!("dòng {line}")) && !staff.contains("mật"),
                "{staff}"
            );
        }
    }

    #[test]
    fn staff_read_which_part_of_the_settings_is_not_used() {
        let (_dir, config) = settings("[cable]\naddress = \"10.0.0.5\"\n[network]\nwiffi = \"x\"\n[time]\nntp = 7\n");
        let words = "Tệp cài đặt kiosk.toml có chỗ máy không hiểu: dòng 1, phần [cable] (mạng dây) không được dùng; dòng 4; \
                     dòng 6, phần [time] (giờ) không được dùng. Mời gọi kỹ thuật viên.";
        assert_eq!(config.for_staff().as_deref(), Some(words));
    }

    #[test]
    fn a_letter_in_an_older_way_of_writing_costs_the_table_in_which_it_stands() {
        let text = b"staff_pin = \"hash\" # S\xe3nh\n[network]\nwifi = \"x\"\npassword = \"m\xe3t # kh\xe2u 12\"\n[sync]\nperiod = \"day\"\n";
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join("kiosk.toml"), text).expect("written");
        let config = Config::read(None, Some(dir.path())).expect("settings");
        assert_eq!(config.staff_pin.as_deref(), Some("hash"));
        assert_eq!(config.sync.period, Share::Day);
        assert!(config.wifi.is_none(), "nobody knows the password");
        assert!(config.for_staff().is_some(), "and staff read it");
    }

    #[test]
    fn settings_from_notepad_are_settings() {
        let (_dir, config) = settings(&format!("\u{feff}{}", without(&[]).replace('\n', "\r\n")));
        assert_eq!((hold(&config), config.faults), (ALL.to_vec(), Vec::new()));
        let (_dir, config) =
            settings("\u{feff}staff_pin = \"hash\"\r\n[office]\r\nurl = x\r\n[sync]\r\nperiod = \"day\"");
        assert_eq!(hold(&config), ["", "sync"]);
    }
}
