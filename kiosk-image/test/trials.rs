//! Packs that a kiosk should not have: one that ends whoever looks it over, one that ends the program when it is shown.
//!
//! No pack is known that makes this program panic or hang, and none can be made from data that its own writer lets through. So a stand-in
//! for the program ends in these ways when it is to look a pack over, and a signal ends the real one while it shows another. The pack
//! that eats memory is a real one: `packs.rs`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use commune_kiosk::kiosk::sync::stick::{ANSWER, Outcome};

use crate::editions::{self, Press, lies_in};
use crate::machine::{Machine, Setting};
use crate::packs::{Sibling, is_answered};
use crate::resident::Resident;
use crate::sticks;

/// What a program that looks a pack over does that panics, and one that hangs: the same limit ends it that `kiosk rehearse` sets itself,
/// after less time.
const PANICS: &str = "exit 101";
const HANGS: &str = "ulimit -S -t 5; while :; do :; done";

/// Where the kiosk notes how a new pack fares.
const TRIAL: &str = "/data/kiosk/packs/trial";

#[test]
fn a_pack_that_ends_the_program_three_times_is_given_up_and_not_taken_again() {
    if !crate::is_told() {
        return;
    }
    let mut machine = Machine::new(Setting::of("20-trials"));
    let press = Press::new();
    press.introduces_itself(&machine, "", "");
    println!("20-trials: runs after {:?}", machine.starts());
    let library = editions::built_in(&mut machine);
    let mut story = Story {
        resident: Resident::before(machine, library),
        sibling: Sibling::new(),
        press,
    };

    // A good edition. Somebody reads in it and leaves: that was its trial.
    story.brings(2, "good");
    story.resident.tap("Chạm để bắt đầu");
    story.resident.leaves();
    story.sibling.kiosk.slots().has_shown_itself(2);
    story.machine().waits_until(&format!("test ! -e {TRIAL}"));

    // The next one ends whoever looks it over: it never comes to be shown.
    let program = story.machine().shows("MainPID");
    for (name, end) in [("panics", PANICS), ("hangs", HANGS)] {
        story.is_looked_over_by(end);
        let outcome = story.brings(3, name);
        assert!(!outcome.installed, "{name}: {outcome:?}");
        assert!(outcome.words.contains("Mời văn phòng đóng gói lại"), "{outcome:?}");
        story.is_looked_over_by_itself();
        assert_eq!(story.machine().edition(), Some(2), "{name}");
    }
    assert_eq!(story.machine().shows("MainPID"), program);

    // Looked over by the real program it is found good. From now on it is on trial; restarts that somebody asks for don't count.
    assert!(story.brings(3, "on-trial").installed);
    let machine = story.machine();
    for _ in 0..4 {
        machine.runs("systemctl restart kiosk");
        machine.waits_until_it_runs();
    }
    assert_eq!((machine.edition(), failures(machine)), (Some(3), 0));

    // The program ends with it, twice. Then somebody pulls the plug, which does not count either.
    for time in 1..=2 {
        ends_badly(machine);
        assert_eq!((machine.edition(), failures(machine)), (Some(3), time));
    }
    machine.runs("systemctl restart kiosk");
    machine.waits_until_it_runs();
    machine.cut();
    machine.starts();
    assert_eq!((machine.edition(), failures(machine)), (Some(3), 2));

    // The third time it is given up, and the one before is shown again. What was found good stays, however the program ends.
    ends_badly(machine);
    for _ in 0..2 {
        assert_eq!(machine.edition(), Some(2));
        let slots = "kiosk slots --content /usr/share/commune-kiosk/content.db --data /data/kiosk";
        let slots = machine.runs(slots);
        assert!(!slots.contains("3.db"), "{slots}");
        assert_eq!(machine.runs("ls /data/kiosk/packs"), "2.db\ncurrent");
        ends_badly(machine);
    }
    let second = story.press.library(2);
    story.resident.stands_before_it_again(second);

    // The same file is refused, in words; the next edition is welcome.
    for _ in 0..3 {
        // The sibling's program starts, and nobody has heard how it ended.
        story.sibling.kiosk.slots().start(|_| Err("nothing was built in"));
    }
    let outcome = story.brings(3, "given-up");
    assert!(!outcome.installed, "{outcome:?}");
    let words = "Nội dung lần 3 đã làm máy dừng nhiều lần nên máy không nhận nữa.";
    assert!(outcome.words.contains(words), "{outcome:?}");
    assert_eq!(story.machine().edition(), Some(2));
    assert!(story.brings(4, "mended").installed);
    assert_eq!(story.machine().edition(), Some(4));
    story.resident.tap("Chạm để bắt đầu");
}

/// A machine with somebody before it, its sibling, and the office.
struct Story {
    resident: Resident,
    sibling: Sibling,
    press: Press,
}

impl Story {
    fn machine(&mut self) -> &mut Machine {
        &mut self.resident.machine
    }

    /// Nobody is there. A stick comes with an edition, and is pulled out when the screen says what the sibling says too.
    fn brings(&mut self, edition: u64, name: &str) -> Outcome {
        let folder = self.machine().file(&format!("{name}-sticks")).join("usb");
        lies_in(&folder, "le-loi.kpack", &self.press.pack(edition));
        let stick = sticks::fat(self.machine().file(name), &folder);
        let outcome = self.sibling.takes(&folder, &self.press);
        self.machine().plugs_stick(&stick, name);
        if outcome.installed {
            self.resident.twin.takes_pack(self.press.library(edition));
        }
        self.resident.sees_outcome(&outcome, name);
        self.resident.pulls(name);
        assert!(folder.join(ANSWER).exists());
        is_answered(&stick, &folder, &outcome);
        outcome
    }

    /// From now on a script looks new packs over, here and at the sibling. For all else the program stays what it is.
    fn is_looked_over_by(&mut self, script: &str) {
        let own = self.machine().file("looks-over");
        fs::write(&own, format!("#!/bin/sh\n{script}\n")).expect("written");
        fs::set_permissions(&own, fs::Permissions::from_mode(0o755)).expect("set");
        self.sibling.kiosk.rehearsed_by = Some(own);
        self.machine().runs(&format!(
            "mkdir -p /run/other; mountpoint -q /run/other || mount -t tmpfs other /run/other; \
             touch /run/other/real; mount --bind /usr/bin/kiosk /run/other/real; \
             printf '#!/bin/sh\\ntest \"$1\" = rehearse || exec /run/other/real \"$@\"\\n{script}\\n' > /run/other/kiosk; \
             chmod 755 /run/other/kiosk; mount --bind /run/other/kiosk /usr/bin/kiosk"
        ));
    }

    fn is_looked_over_by_itself(&mut self) {
        self.sibling.kiosk.rehearsed_by = None;
        self.machine().runs("umount /usr/bin/kiosk /run/other/real");
    }
}

/// The program ends without being asked, and runs again.
fn ends_badly(machine: &mut Machine) {
    let ended = machine.shows("MainPID");
    machine.runs(&format!("kill -ABRT {ended}"));
    machine.waits_until(&format!(
        "p=$(systemctl show kiosk -p MainPID --value); test $p != 0 -a $p != {ended}"
    ));
    machine.waits_until_it_runs();
}

/// How often the program ended badly with the pack on trial.
fn failures(machine: &mut Machine) -> u64 {
    let trial: serde_json::Value = serde_json::from_str(&machine.runs(&format!("cat {TRIAL}"))).expect("JSON");
    trial["failures"].as_u64().expect("a number")
}
