//! A month is over: what residents did at the machine stands in an office's store, each count once.

use std::process::Command;
use std::sync::{Arc, Mutex};

use chrono::{Datelike, Days, Local, NaiveDate};
use commune_kiosk::kiosk::session::staff::{Facts, hash, identity};
use commune_kiosk::kiosk::sync::stick::News;
use commune_kiosk::office::store::Store;
use commune_kiosk::usage::statistics::Span;

use crate::editions::{self, Press};
use crate::machine::{Cable, Machine, Setting};
use crate::program::{self, Program};
use crate::resident::Resident;
use crate::staff;
use crate::twin::Way;

/// The fewest that leave a kiosk, and one more.
const VISITS: u64 = 6;

/// What the staff page says of what has not been sent, and why.
const WAITING: &str = "2 gói số liệu đang chờ gửi.";
const NOT_ACCEPTED: &str = " Văn phòng chưa duyệt máy này. Mời báo văn phòng.";

#[test]
fn a_month_of_visits_reaches_an_office() {
    if !crate::is_told() {
        return;
    }
    // The office, whose calendar is this computer's.
    let press = Press::new();
    let office = tempfile::tempdir().expect("a folder");
    program::write_key(office.path(), &press.key);
    let server = Program::start(office.path(), &[]);
    let port = server.url.rsplit_once(':').expect("a port").1;

    // A day of the month that is over.
    let today = Local::now().date_naive();
    let first_of_month = today.with_day(1).expect("a first day");
    let day = first_of_month - Days::new(10);
    let mut machine = Machine::new(Setting {
        clock: morning(day),
        ..Setting::of("7-month")
    });
    let hash = hash(staff::PIN).expect("a PIN");
    let settings = format!("staff_pin = \"{hash}\"\n");
    press.introduces_itself(&machine, &settings, &format!("url = \"http://10.0.2.2:{port}\"\n"));
    println!("7-month: runs after {:?}", machine.starts());
    let library = editions::built_in(&mut machine);
    let mut resident = Resident::before(machine, library.clone());
    for visit in 1..=VISITS {
        resident.taps("Chạm để bắt đầu > Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ");
        resident.machine.runs("systemctl restart kiosk");
        resident.machine.waits_until_it_runs();
        if visit < VISITS {
            resident.stands_before_it_again(library.clone());
        }
    }
    let counted = resident.machine.counts();
    assert_eq!(resident.machine.counted("visit-started", ""), VISITS);
    assert_eq!(resident.machine.counted("visit-ended", ""), VISITS);
    assert_eq!(resident.machine.counted("page-opened", "khai-sinh"), VISITS);

    // The next month; the cable is plugged in.
    resident.machine.cut();
    resident.machine.setting.clock = morning(first_of_month);
    resident.machine.setting.cable = Cable::ToThisComputer;
    resident.machine.starts();
    resident.machine.waits_until("ls /run/systemd/netif/leases | grep -q .");
    resident.stands_before_it_again(library);
    let said = resident.machine.runs("kiosk identity --data /data/kiosk");
    let [id, words, _] = said.lines().collect::<Vec<_>>()[..] else {
        panic!("{said}");
    };
    // They are put together for the office soon after the start, not at once.
    resident
        .machine
        .waits_until("! kiosk counts --json --data /data/kiosk | grep -q visit-started");
    assert_eq!(
        resident.machine.counted("visit-started", ""),
        0,
        "they wait for the office"
    );

    // Staff call the office, which knows nobody of this name yet.
    let facts = Arc::new(Mutex::new(facts(&mut resident.machine, id, words)));
    resident.twin.serves_staff(&hash, Arc::clone(&facts));
    resident.tap("Chạm để bắt đầu");
    resident.opens_staff_page();
    calls(
        &mut resident,
        &facts,
        &format!("{WAITING}{NOT_ACCEPTED}"),
        "journalctl --boot --unit kiosk --no-pager | grep -q 'has not accepted this kiosk'",
    );
    assert_eq!(stored(office.path()), [], "nobody has accepted it");

    // A person compares the six words and accepts it. The next call brings the receipts.
    let list = says(program::office(office.path(), &["kiosks", "list"]));
    assert!(list.starts_with(&format!("chờ duyệt\t{id}\t{words}\t")), "{list}");
    says(program::office(
        office.path(),
        &["kiosks", "accept", id, "--name", "Sảnh"],
    ));
    let sent = first_of_month.format("Không có số liệu nào chờ gửi. Gửi xong lần cuối ngày %-d/%-m/%Y.");
    let emptied = "! ls /data/kiosk/outbox | grep -q kstat";
    calls(&mut resident, &facts, &sent.to_string(), emptied);

    let mut expected: Vec<Stored> = counted
        .into_iter()
        .map(|(signal, subject, value, n)| (Span::Day(day), signal, subject, value, n))
        .collect();
    expected.sort_by_key(|row| format!("{row:?}"));
    assert_eq!(stored(office.path()), expected);
}

/// Touches "Gửi ngay" and sees these words about the office when the call is over, which this line of shell can tell.
fn calls(resident: &mut Resident, facts: &Arc<Mutex<Facts>>, words: &str, is_over: &str) {
    "Đang gọi văn phòng.".clone_into(&mut facts.lock().expect("facts").office);
    while let Way::Turn(down) = resident.twin.way("Gửi ngay") {
        resident.touches(down, "xuong");
    }
    let Way::Here(place) = resident.twin.way("Gửi ngay") else {
        panic!("the office can't be called");
    };
    resident.touches_blindly(place);
    resident.machine.waits_until(is_over);
    words.clone_into(&mut facts.lock().expect("facts").office);
    resident.twin.asks(|desk| desk.hall.kiosk.hear(News::OfficeCalled));
    // What came of it stands on the first page.
    while let Way::Here(up) = resident.twin.way("Lên") {
        resident.touches(up, "len");
    }
    resident.sees("called");
}

/// What the staff page says, as far as it can be known from outside.
fn facts(machine: &mut Machine, id: &str, words: &str) -> Facts {
    // Within two hours it calls by itself, and may have done so already.
    let called = machine.asks("journalctl --boot --unit kiosk --no-pager | grep -q 'call to the office'");
    let answer = if called.status == 0 { NOT_ACCEPTED } else { "" };
    Facts {
        counts: "1 lượt dùng, 0 lần mở bài, 0 lần xem hết hướng dẫn".to_owned(),
        office: format!("{WAITING}{answer}"),
        can_call_office: true,
        identity: identity(id, words),
        ..staff::facts(machine)
    }
}

/// A row of the store: when, signal, subject, value, number.
type Stored = (Span, String, String, String, u64);

/// All that is in the office's store.
fn stored(office: &std::path::Path) -> Vec<Stored> {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let table = runtime.block_on(async {
        let store = Store::open(&office.join("office.db").display().to_string())
            .await
            .expect("a database");
        store.counts(None, "0000-00", "9999-99").await.expect("counts")
    });
    let mut rows: Vec<Stored> = table
        .iter()
        .map(|(span, cell, n)| {
            let (subject, value) = (cell.subject.as_str().to_owned(), cell.value.as_str().to_owned());
            (span, cell.signal.code().to_owned(), subject, value, n)
        })
        .collect();
    rows.sort_by_key(|row| format!("{row:?}"));
    rows
}

/// What a program says that must end well.
fn says(mut program: Command) -> String {
    let done = program.output().expect("it runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("a text")
}

/// A quarter past eight in Vietnam, in universal time.
fn morning(day: NaiveDate) -> String {
    format!("{day}T01:15:00")
}
