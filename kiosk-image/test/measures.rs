//! What the image costs: `make image-bench`, two hours and some minutes. Prints figures and judges none of them.
//!
//! An hour at which nobody comes, and one at which somebody touches the screen all the time. Times and processor shares are those
//! of an emulated machine; sizes, counts and bytes are what a real one has too.

use std::thread;
use std::time::{Duration, Instant};

use crate::editions;
use crate::machine::{Machine, Setting};
use crate::resident::Resident;

const QUIET: Duration = Duration::from_mins(5);
const HOUR: Duration = Duration::from_hours(1);

/// What somebody does again and again, from the home screen and back to it.
const ROUND: [&str; 4] = [
    "Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ > Cần chuẩn bị > Xem các bước > Bước tiếp > Bước tiếp > Bước tiếp > Bước tiếp > \
     Bước tiếp > Hoàn tất > Trang chủ",
    "Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ > Trang chủ",
    "Hỏi cán bộ > Trang chủ",
    "Cỡ chữ > Cỡ chữ lớn > Cỡ chữ rất lớn > Cỡ chữ vừa > Đóng",
];

/// Memory of every process, in KiB and by its name, the largest first. The test's own shell is not among them.
const MEMORY: &str = "for p in /proc/[0-9]*; do n=$(cat $p/comm); c=$(cat $p/cgroup); \
                      case $c in */probe.service) ;; *) \
                      s=$(sed -n 's/^Pss: *\\([0-9]*\\) kB/\\1/p' $p/smaps_rollup 2>/dev/null); test -z \"$s\" || echo $s $n ;; esac; \
                      done | sort -rn";

/// Switches to the threads of the kiosk; its time on a processor and the machine's, in ticks; the machine's switches.
const EFFORT: &str = "p=$(systemctl show kiosk -p MainPID --value); \
                      cat /proc/$p/task/*/status | sed -n 's/.*ctxt_switches:.//p' | paste -sd+ | sed 's/.*/echo $((&))/' | sh; \
                      cut -d' ' -f14-15 /proc/$p/stat | sed 's/\\(.*\\) \\(.*\\)/echo $((\\1+\\2))/' | sh; \
                      sed -n 's/^cpu  \\([0-9]*\\) \\([0-9]*\\) \\([0-9]*\\) [0-9]* [0-9]* \\([0-9]*\\) \\([0-9]*\\).*/echo $((\\1+\\2+\\3+\\4+\\5))/p' /proc/stat | sh; \
                      sed -n 's/^ctxt //p' /proc/stat";

/// Sectors of 512 bytes written to the disk since the start.
const WRITTEN: &str = "awk '{print $7}' /sys/block/vda/stat";

#[test]
#[ignore = "more than an hour long, and prints instead of judging: make image-bench"]
fn an_idle_hour() {
    let mut machine = Machine::new(Setting::of("0-idle"));
    println!(
        "power on to first frame, by this computer's clock: {:?}",
        machine.starts()
    );
    println!(
        "first frame, in microseconds after the kernel: {}",
        machine.shows("ActiveEnterTimestampMonotonic")
    );
    println!(
        "root, in bytes: {}",
        machine.runs("blockdev --getsize64 $(findmnt -no SOURCE /)")
    );

    // The start has its own work, also after the first frame.
    thread::sleep(Duration::from_mins(1));
    println!("{}", machine.runs("systemd-analyze time"));
    let memory = machine.runs(MEMORY);
    let sizes = memory
        .lines()
        .filter_map(|line| line.split(' ').next()?.parse::<u64>().ok());
    println!(
        "memory of all processes, in KiB (PSS): {}\n{memory}",
        sizes.sum::<u64>()
    );
    println!(
        "kernel's view, in KiB: {}",
        machine.runs("grep -E '^(MemTotal|MemAvailable|Slab|KernelStack)' /proc/meminfo | paste -sd' '")
    );

    let effort = |machine: &mut Machine| -> Vec<u64> {
        let said = machine.runs(EFFORT);
        said.lines().map(|line| line.parse().expect("a number")).collect()
    };
    let before = effort(&mut machine);
    thread::sleep(QUIET);
    let after = effort(&mut machine);
    let names = [
        "switches to the kiosk",
        "processor time of the kiosk, in hundredths of a second",
        "processor time of the machine, in hundredths of a second",
        "switches of the machine",
    ];
    for (name, (before, after)) in names.iter().zip(before.iter().zip(&after)) {
        println!("idle for {QUIET:?}: {name}: {}", after - before);
    }

    let before = sectors(&mut machine);
    thread::sleep(HOUR);
    let written = (sectors(&mut machine) - before) / 2;
    println!("idle for {HOUR:?}: {written} KiB written");
    println!("{}", machine.runs("grep -H . /sys/block/vda/vda?/stat"));
}

#[test]
#[ignore = "more than an hour long, and prints instead of judging: make image-bench"]
fn a_busy_hour() {
    let mut machine = Machine::new(Setting::of("0-busy"));
    machine.starts();
    let library = editions::built_in(&mut machine);
    let mut resident = Resident::before(machine, library);
    thread::sleep(Duration::from_mins(1));
    resident.tap("Chạm để bắt đầu");
    let (begun, mut touches) = (Instant::now(), 0);
    let before = sectors(&mut resident.machine);
    while begun.elapsed() < HOUR {
        for script in ROUND {
            resident.taps(script);
            touches += script.split(" > ").count();
        }
    }
    let written = (sectors(&mut resident.machine) - before) / 2;
    println!(
        "busy for {:?}, with {touches} touches: {written} KiB written",
        begun.elapsed()
    );
    println!("{}", resident.machine.runs("grep -H . /sys/block/vda/vda?/stat"));
}

fn sectors(machine: &mut Machine) -> u64 {
    machine.runs(WRITTEN).parse().expect("a number")
}
