//! A technician sets a machine up by files on its boot partition: a wireless network, a key for SSH, and a mistake.

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use crate::editions;
use crate::machine::{Cable, INSTALL, Machine, Setting};
use crate::resident::Resident;

const SETTINGS: &str = "[network]\nwifi = \"UBND xã\"\npassword = \"xin chao 2026\"\n";

/// Its third line says `pasword`.
const WRONG: &str = "[network]\nwifi = \"UBND xã\"\npasword = \"xin chao 2026\"\n";

/// What the access point's machine is set up with: addresses for whoever joins, the network, and that its questions get in.
const ACCESS_POINT: [&str; 5] = [
    "systemctl stop kiosk-wifi@wlan1",
    "mkdir -p /run/systemd/network; printf '[Match]\\nName=wlan1\\n[Network]\\nAddress=10.77.0.1/24\\nDHCPServer=yes\\n' \
     > /run/systemd/network/10-access-point.network; networkctl reload",
    "nft add rule inet kiosk technician udp dport 67 accept",
    "printf 'network={\\n ssid=\"UBND xã\"\\n mode=2\\n frequency=2412\\n key_mgmt=WPA-PSK\\n proto=RSN\\n pairwise=CCMP\\n \
     psk=\"xin chao 2026\"\\n}\\n' > /run/access-point.conf",
    "systemd-run --quiet --unit access-point wpa_supplicant -i wlan1 -c /run/access-point.conf",
];

#[test]
fn files_on_the_boot_partition_set_the_machine_up_and_a_mistake_stops_nobody() {
    if !crate::is_told() {
        return;
    }
    let port = free_port();
    let mut machine = Machine::new(Setting {
        cable: Cable::FromTechnician(port),
        ..Setting::of("10-technician")
    });
    let (known, stranger) = (key(&machine, "key"), key(&machine, "another"));
    let public = std::fs::read(known.with_extension("pub")).expect("a key");
    machine.leaves("authorized_keys", &public);
    machine.leaves("kiosk.toml", SETTINGS.as_bytes());
    println!("10-technician: runs after {:?}", machine.starts());
    machine.waits_until("systemctl is-active --quiet kiosk-ssh");

    let said = ssh(&machine, &known, port, "kiosk-status");
    let text = String::from_utf8_lossy(&said.stdout);
    assert!(text.contains("settings\tfine\n"), "{said:?}");
    assert!(text.contains("watchdog_state\tactive\n"), "{said:?}");
    assert!(text.contains("graphics\tvirtio"), "{said:?}");
    assert!(text.contains("wifi\tabsent\n"), "{said:?}");
    let refused = ssh(&machine, &stranger, port, "true");
    assert!(
        String::from_utf8_lossy(&refused.stderr).contains("Permission denied"),
        "{refused:?}"
    );

    // Two radios in one machine: one is the kiosk's, the other an access point.
    machine.runs("modprobe mac80211_hwsim radios=2");
    machine.waits_until("systemctl is-active --quiet kiosk-wifi@wlan0 kiosk-wifi@wlan1");
    for line in ACCESS_POINT {
        machine.runs(line);
    }
    machine.waits_until("networkctl status wlan0 --no-pager | grep -q 'Address: 10.77.0.'");
    machine.runs("kiosk-status | grep -qx 'wifi.connected'");

    // Another day: the key is taken away, and there is a slip in the settings.
    machine.cut();
    machine.takes_away("authorized_keys");
    machine.leaves("kiosk.toml", WRONG.as_bytes());
    machine.starts();
    assert_eq!(machine.asks("systemctl is-active kiosk-ssh").text, "inactive");
    assert!(is_silent(port), "somebody answers on port 22");
    let status = machine.runs("kiosk-status");
    assert!(status.contains("settings\tunknown\n"), "{status}");
    let journal = machine.runs("journalctl --boot --no-pager");
    assert!(
        journal.contains("line 3 of /boot/firmware/kiosk/kiosk.toml is no setting that this program knows"),
        "the line is not named"
    );
    assert!(!journal.contains("xin chao"), "the password stands in the journal");
    let library = editions::built_in(&mut machine);
    let mut resident = Resident::before(machine, library);
    resident.taps("Chạm để bắt đầu > Làm thủ tục");
}

/// A port of this computer that nobody listens on.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}

/// A new key; the file with its private half.
fn key(machine: &Machine, name: &str) -> PathBuf {
    let file = machine.file(name);
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(&file)
        .status();
    assert!(made.is_ok_and(|status| status.success()), "no key. {INSTALL}");
    file
}

/// Runs something as root over SSH.
fn ssh(machine: &Machine, key: &Path, port: u16, line: &str) -> Output {
    let known = format!("UserKnownHostsFile={}", machine.file("known_hosts").display());
    let mut ssh = Command::new("ssh");
    ssh.args([
        "-F",
        "none",
        "-o",
        "BatchMode=yes",
        "-o",
        "IdentitiesOnly=yes",
        "-o",
        "ConnectTimeout=60",
    ]);
    ssh.args(["-o", "StrictHostKeyChecking=accept-new", "-o", &known]);
    ssh.arg("-i").arg(key);
    ssh.args(["-p", &port.to_string(), "root@127.0.0.1", line]);
    ssh.output().unwrap_or_else(|error| panic!("ssh: {error}. {INSTALL}"))
}

/// Whether nobody greets there within some seconds, as a server of SSH does at once. The emulator itself takes the connection.
fn is_silent(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else {
        return true;
    };
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("set");
    !matches!(stream.read(&mut [0; 16]), Ok(1..))
}
