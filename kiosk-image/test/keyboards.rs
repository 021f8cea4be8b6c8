//! A keyboard that somebody plugs in says nothing to anybody, and nobody can knock at the machine by its cable.

use crate::editions;
use crate::machine::{Cable, Machine, Setting};
use crate::resident::Resident;

/// The keyboard as the kernel calls it.
const KEYBOARD: &str = "QEMU QEMU USB Keyboard";

/// The network card that is on USB.
const USB_LINK: &str = "$(cd /sys/class/net && for link in *; do \
                        udevadm info -q property /sys/class/net/$link | grep -qx ID_BUS=usb && echo $link; done)";

/// What a curious person presses.
const TRIED: [&[&str]; 16] = [
    &["ctrl", "alt", "delete"],
    &["alt", "f2"],
    &["ctrl", "alt", "f2"],
    &["alt", "sysrq", "b"],
    &["alt", "sysrq", "c"],
    &["alt", "f4"],
    &["meta_l"],
    &["esc"],
    &["ret"],
    &["tab"],
    &["spc"],
    &["h"],
    &["i"],
    &["power"],
    &["sleep"],
    &["ctrl", "c"],
];

#[test]
fn keyboards_and_the_network_find_no_way_in() {
    if !crate::is_told() {
        return;
    }
    let mut machine = Machine::new(Setting {
        cable: Cable::ToNobody,
        ..Setting::of("3-keyboards")
    });
    println!("3-keyboards: runs after {:?}", machine.starts());
    let library = editions::built_in(&mut machine);
    let mut resident = Resident::before(machine, library);

    let machine = &mut resident.machine;
    machine.plugs("usb-kbd", "keyboard");
    let folder = format!("$(dirname $(grep -lx '{KEYBOARD}' /sys/class/input/input*/name))");
    machine.waits_until(&format!("grep -qx 1 {folder}/inhibited"));
    let inputs = machine.runs("cd /sys/class/input; for i in input*; do echo $(cat $i/inhibited) $(cat $i/name); done");
    let says = |line: &str| inputs.lines().any(|input| input == line);
    assert!(says(&format!("1 {KEYBOARD}")), "{inputs}");
    assert!(says("1 AT Translated Set 2 keyboard"), "{inputs}");
    assert!(says("0 QEMU Virtio MultiTouch"), "{inputs}");

    // Were it not for that, its keys would arrive: the test can tell.
    let heard = format!("head -c 24 /dev/input/$(basename {folder}/event*) | wc -c > /run/heard");
    machine.runs(&format!(
        "echo 0 > {folder}/inhibited; (timeout 60 {heard}) > /dev/null 2>&1 & sleep 2"
    ));
    machine.qmp().presses(&["a"]);
    machine.waits_until("grep -qx 24 /run/heard");
    machine.runs(&format!("echo 1 > {folder}/inhibited"));

    let state = "cat /proc/sys/kernel/random/boot_id /sys/class/tty/tty0/active /proc/sys/kernel/sysrq; \
                 systemctl show kiosk -p MainPID -p NRestarts; systemctl is-system-running";
    let before = machine.asks(state);
    assert!(
        before.text.contains("\n0\n"),
        "no key reaches the kernel: {}",
        before.text
    );
    machine.qmp().forgets();
    for keys in TRIED {
        machine.qmp().presses(keys);
    }
    // Seven times within two seconds is what systemd would take for an emergency.
    for _ in 0..10 {
        machine.qmp().presses(TRIED[0]);
    }
    assert!(!machine.qmp().has_seen("RESET") && !machine.qmp().has_seen("SHUTDOWN"));
    assert_eq!(machine.asks(state), before);
    resident.sees("after-many-keys");
    resident.machine.pulls("keyboard");
    resident.taps("Chạm để bắt đầu > Làm thủ tục");

    // Nothing listens, although the network is there.
    let machine = &mut resident.machine;
    machine.waits_until("ls /run/systemd/netif/leases | grep -q .");
    let tcp = sockets(machine, "tcp");
    assert!(!tcp.iter().any(|socket| socket.state == "0A"), "{tcp:?}");
    // What is connected hears its own other end only. The rest is the client that asks for an address.
    let udp = sockets(machine, "udp");
    let open: Vec<u16> = udp
        .iter()
        .filter(|socket| socket.state == "07")
        .map(|socket| socket.port)
        .collect();
    assert!(
        open.contains(&68) && open.iter().all(|port| [68, 546].contains(port)),
        "{udp:?}"
    );

    // A stick that is a network card stays switched off, whatever its driver is.
    machine.plugs_network("usb-net");
    machine.waits_until(&format!(
        "test -n \"{USB_LINK}\" && networkctl status --no-pager {USB_LINK} | grep -q unmanaged"
    ));
    assert_eq!(
        machine.runs(&format!("cat /sys/class/net/{USB_LINK}/operstate")),
        "down"
    );
    assert_eq!(machine.runs("ls /run/systemd/netif/leases | wc -l"), "1", "the cable's");
}

/// A socket of the machine.
#[derive(Debug)]
struct Socket {
    /// Its port.
    port: u16,
    /// `0A` listens, `07` is bound to nobody (the kernel's `include/net/tcp_states.h`).
    state: String,
}

fn sockets(machine: &mut Machine, protocol: &str) -> Vec<Socket> {
    let said = machine.runs(&format!("cat /proc/net/{protocol} /proc/net/{protocol}6"));
    let lines = said
        .lines()
        .filter(|line| line.contains(": ") && !line.contains("local_address"));
    lines
        .map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let (_, port) = fields[1].rsplit_once(':').expect("a port");
            Socket {
                port: u16::from_str_radix(port, 16).expect("a number"),
                state: fields[3].to_owned(),
            }
        })
        .collect()
}
