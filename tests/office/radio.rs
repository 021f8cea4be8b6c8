//! The office speaks: a programme becomes a script and a broadcast, a machine reads what nobody has recorded, an author says how words are
//! said. The machine is Debian's `espeak-ng`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use commune_kiosk::content::model::Said;
use commune_kiosk::office::audio::{self, TARGET};

use crate::content_checker::folder::{ARTICLE, Folder, expect};
use crate::recordings::{add_as, library, stored};

pub const ESPEAK: &str = "espeak-ng -v vi --stdin --stdout";

pub const VOICE: &str = "[voice]\ncommand = [\"espeak-ng\", \"-v\", \"vi\", \"--stdin\", \"--stdout\"]\n";

const PROGRAMME: &str = "+++
title = \"Giấy tờ trên điện thoại\"
summary = \"Nghe và làm theo.\"
month = \"2026-12\"
updated = 2026-11-22
sources = [\"Sổ tay\"]
+++
## Lời chào

**Giọng nữ:** Kính chào bà con.

**Giọng nam:** Trước ngày 1/6/2027, mời bà con gọi 1900 9068.

## Phần 2

**Giọng nữ:** Xin cảm ơn.
";

pub fn run(arguments: &[&str], folder: &Path) -> (String, bool) {
    let mut office = Command::new(env!("CARGO_BIN_EXE_office"));
    let output = office
        .args(arguments)
        .arg(folder)
        .output()
        .expect("the office program runs");
    said(&output)
}

fn said(output: &Output) -> (String, bool) {
    let said = [output.stdout.as_slice(), &output.stderr].concat();
    (String::from_utf8(said).expect("UTF-8"), output.status.success())
}

/// `office radio` of the programme of December, into a folder of its own.
pub fn radio(folder: &Folder, out: &Path, more: &[&str]) -> (String, bool) {
    let mut office = Command::new(env!("CARGO_BIN_EXE_office"));
    office
        .args(["radio", "2026-12"])
        .arg(folder.0.path())
        .arg("-o")
        .arg(out);
    said(&office.args(more).output().expect("the office program runs"))
}

pub fn expect_no_fault(folder: &Folder) {
    let (said, well) = run(&["check"], folder.0.path());
    assert!(well && said.ends_with("0 lỗi, 0 cảnh báo\n"), "{said}");
}

pub fn with_programme() -> Folder {
    let folder = Folder::new();
    folder.write("programmes/thang-12.md", PROGRAMME);
    folder
}

/// What stands in each element of a class.
fn texts<'a>(html: &'a str, element: &str) -> Vec<&'a str> {
    let parts = html.split(element).skip(1);
    parts.map(|rest| rest.split('<').next().unwrap_or_default()).collect()
}

#[test]
fn every_programme_of_the_commune_becomes_a_script_without_a_figure_whose_times_rise() {
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    let out = tempfile::tempdir().expect("a folder");
    let mut programmes: Vec<PathBuf> = fs::read_dir(content.join("programmes"))
        .expect("programmes")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    programmes.sort();
    assert_eq!(programmes.len(), 12);
    for path in programmes {
        let id = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let folder = out.path().join(&id);
        let out = folder.to_string_lossy().into_owned();
        let (said, well) = run(&["radio", &id[..7], "-o", &out], &content);
        assert!(well && said.contains("Chưa có tiếng"), "{said}");
        let read = |ending: &str| fs::read_to_string(folder.join(format!("{id}.{ending}"))).expect("a file");
        let text = read("txt");
        assert!(!text.contains(char::is_numeric), "{id}: {text}");
        let turns = text.lines().count();
        assert!(turns > 60, "{id}: {turns} turns");
        assert!(text.lines().all(|line| line.starts_with("Giọng n")), "{id}: {text}");
        let html = read("html");
        let times = texts(&html, "<p class=\"time\">");
        assert_eq!(times.len(), turns, "{id}");
        assert!(times[0] == "00:00" && times.is_sorted(), "{id}: {times:?}");
        assert!(*times.last().expect("a turn") > "10:00", "{id}: {times:?}");
        for spoken in html.split("<div class=\"said\">").skip(1) {
            let spoken = texts(spoken, "<p>")[0];
            assert!(
                !spoken.is_empty() && !spoken.contains(char::is_numeric),
                "{id}: {spoken}"
            );
        }
        assert!(
            !html.contains("<script") && !html.contains("src=") && !html.contains("<link"),
            "{id}"
        );
    }
}

#[test]
fn a_machine_reads_what_nobody_has_and_leaves_people_alone() {
    let folder = Folder::new();
    folder.write("voice.toml", VOICE);
    assert!(
        add_as(&folder, "page:gioi-thieu", &stored("voice.m4a"), &[])
            .status
            .success()
    );
    let by_a_person = fs::read(folder.0.path().join("recordings/page-gioi-thieu.opus")).expect("a recording");
    let (said, well) = run(&["audio", "voice"], folder.0.path());
    assert!(well, "{said}");
    let all = fs::read_dir(folder.0.path().join("recordings"))
        .expect("recordings")
        .count()
        / 2;
    let made = all - 1;
    println!("{said}");
    assert!(
        said.contains(&format!("\n{made}/{made} ")) || said.starts_with(&format!("1/{made} ")),
        "{said}"
    );
    assert!(said.contains(&format!("1/{made} khai-sinh\n")), "{said}");
    assert!(said.contains(&format!("Giọng máy đã đọc {made} bài.\n")), "{said}");
    let listed = run(&["audio", "list"], folder.0.path()).0;
    assert!(
        listed.contains(&format!("Đã thu: {all} bài")) && listed.contains("Chưa thu: 0 bài"),
        "{listed}"
    );
    assert_eq!(listed.matches("máy đọc").count(), made, "{listed}");
    let checked = run(&["check"], folder.0.path()).0;
    assert!(checked.ends_with("0 lỗi, 0 cảnh báo\n"), "{checked}");
    let recording = |said| library(&folder).catalogue().recording(said).cloned();
    assert!(recording(Said::Page("khai-sinh")).is_some_and(|it| it.machine && it.seconds > 3));
    assert!(recording(Said::Page("gioi-thieu")).is_some_and(|it| !it.machine));
    let spoken = fs::read(folder.0.path().join("recordings/page-khai-sinh.opus")).expect("a recording");
    let heard = audio::heard(&spoken).expect("a voice");
    assert!((heard.loudness - TARGET).abs() < 0.5, "{heard:?}");

    // Once more there is nothing to do; what has changed since is read anew, but not what a person read.
    let (said, well) = run(&["audio", "voice"], folder.0.path());
    assert!(well && said.contains("đã đọc 0 bài."), "{said}");
    folder.append(ARTICLE, "\nMở cửa 5 buổi một tuần.\n");
    folder.replace(
        "programmes/thang-11.md",
        "Kính chào bà con.",
        "Kính chào toàn thể bà con.",
    );
    let (said, well) = run(&["audio", "voice"], folder.0.path());
    assert!(
        well && said.starts_with("Giọng máy đã đọc 1 bài.") && said.contains("1/1 programme:thang-11"),
        "{said}"
    );
    let after = fs::read(folder.0.path().join("recordings/page-gioi-thieu.opus")).expect("a recording");
    assert_eq!(by_a_person, after);
}

#[test]
fn a_program_that_does_not_speak_is_told_in_words_and_bounded() {
    let folder = with_programme();
    let (said, well) = run(&["audio", "voice"], folder.0.path());
    assert!(
        !well && said.contains("chưa đặt giọng máy: hãy ghi tệp voice.toml"),
        "{said}"
    );
    let cases: [(&[&str], &str, usize); 7] = [
        (
            &["sh", "-c", "sleep 60"],
            "chương trình \"sh\" chạy quá 1 giây mà chưa xong, nên máy đã dừng nó",
            3,
        ),
        (
            &["sh", "-c", "echo 'không thấy giọng' >&2; echo; exit 3"],
            "chương trình \"sh\" báo lỗi: không thấy giọng",
            3,
        ),
        (&["true"], "chương trình \"true\" không đưa ra gì", 3),
        (
            &["head", "-c", "314572800", "/dev/zero"],
            "chương trình \"head\" đưa ra quá 200 MB, nên máy đã dừng nó",
            3,
        ),
        (
            &["khong-co-giong"],
            "máy này không có chương trình \"khong-co-giong\"",
            1,
        ),
        (
            &["echo", "xin chào"],
            "tiếng do chương trình đưa ra không dùng được: tệp này không phải là tệp âm thanh",
            3,
        ),
        (&["cat", "/dev/null", "-"], "không phải là tệp âm thanh", 3),
    ];
    for (command, why, times) in cases {
        let parts: Vec<String> = command.iter().map(|part| format!("{part:?}")).collect();
        folder.write("voice.toml", format!("[voice]\ncommand = [{}]\n", parts.join(", ")));
        let began = Instant::now();
        let (said, well) = run(&["audio", "voice", "--wait", "1"], folder.0.path());
        assert!(
            !well && said.contains(why) && !said.contains("panicked"),
            "{command:?}: {said}"
        );
        assert_eq!(said.matches(why).count(), times, "{command:?}: {said}");
        assert!(
            began.elapsed() < Duration::from_secs(40),
            "{command:?}: {:?}",
            began.elapsed()
        );
        let out = tempfile::tempdir().expect("a folder");
        let (said, well) = radio(&folder, out.path(), &["--voice", "--wait", "1"]);
        assert!(
            !well && said.contains(why) && said.contains("lượt 01"),
            "{command:?}: {said}"
        );
        assert!(out.path().join("thang-12.html").exists() && !out.path().join("thang-12.wav").exists());
    }
    assert!(!folder.0.path().join("recordings").exists(), "nothing was left");
    expect_no_fault(&folder);
}

#[test]
fn ctrl_c_ends_between_two_texts_and_keeps_what_is_done() {
    let folder = Folder::new();
    let slow = "exec 3<&0; sleep 1; espeak-ng -v vi --stdin --stdout <&3";
    folder.write(
        "voice.toml",
        format!("[voice]\ncommand = [\"sh\", \"-c\", \"{slow}\"]\n"),
    );
    let mut office = Command::new(env!("CARGO_BIN_EXE_office"))
        .args(["audio", "voice"])
        .arg(folder.0.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the office program runs");
    let mut lines = BufReader::new(office.stderr.take().expect("piped")).lines();
    let second = lines
        .by_ref()
        .map(|line| line.expect("UTF-8"))
        .find(|line| line.starts_with("2/"));
    assert!(second.is_some());
    let pid = rustix::process::Pid::from_child(&office);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("a signal");
    let rest: Vec<String> = lines.map(|line| line.expect("UTF-8")).collect();
    let output = office.wait_with_output().expect("it ends");
    let (said, well) = said(&output);
    assert!(
        !well && said.starts_with("Giọng máy đã đọc 2 bài, còn "),
        "{said} {rest:?}"
    );
    assert!(rest.iter().all(|line| !line.starts_with("3/")), "{rest:?}");
    assert_eq!(
        fs::read_dir(folder.0.path().join("recordings"))
            .expect("recordings")
            .count(),
        4
    );
    expect_no_fault(&folder);
}

#[test]
fn a_machine_reads_a_programme_and_staff_choose_whether_the_kiosk_has_it() {
    let folder = with_programme();
    let out = tempfile::tempdir().expect("a folder");
    let (said, well) = radio(&folder, out.path(), &["--voice", "--command", ESPEAK]);
    assert!(
        well && said.contains("Giọng máy đọc, 0:") && said.contains("3/3\n"),
        "{said}"
    );
    let file = |ending: &str| out.path().join(format!("thang-12.{ending}"));
    for ending in ["wav", "opus", "mp3"] {
        let heard = audio::convert(&file(ending)).expect("a sound");
        println!("{ending}: {} s, {:?}", heard.seconds, heard.before);
        assert!(
            (heard.before.loudness - TARGET).abs() < 0.7,
            "{ending}: {:?}",
            heard.before
        );
        // Two jingles, three turns, and the silence between them.
        assert!((12.0..30.0).contains(&heard.seconds), "{ending}: {} s", heard.seconds);
    }
    let text = fs::read_to_string(file("txt")).expect("words");
    assert_eq!(
        text,
        "Giọng nữ: Kính chào bà con.\nGiọng nam: Trước ngày mùng một tháng sáu năm hai nghìn không trăm hai mươi bảy, mời bà con \
         gọi một chín không không, chín không sáu tám.\nGiọng nữ: Xin cảm ơn.\n"
    );
    assert!(!folder.0.path().join("recordings").exists(), "nobody chose so");

    // Chosen, it is on the kiosk, and called a machine's.
    folder.write("voice.toml", VOICE);
    let (said, well) = radio(&folder, out.path(), &["--voice", "--on-kiosk"]);
    assert!(well && said.contains("programme-thang-12.opus"), "{said}");
    expect_no_fault(&folder);
    let made = library(&folder);
    assert!(
        made.catalogue()
            .recording(Said::Programme("thang-12"))
            .is_some_and(|it| it.machine)
    );

    // A person's recording is not replaced, and a folder of another programme is left alone.
    assert!(add_as(&folder, "thang-12", &stored("voice.m4a"), &[]).status.success());
    let (said, well) = radio(&folder, out.path(), &["--voice", "--on-kiosk"]);
    assert!(!well && said.contains("đã có người đọc"), "{said}");
    let path = out.path().to_string_lossy().into_owned();
    let (said, well) = run(&["radio", "2026-11", "-o", &path], folder.0.path());
    assert!(!well && said.contains("đã có chương trình thang-12"), "{said}");
    for (month, why) in [
        ("2026-10", "không có chương trình nào của tháng 2026-10"),
        ("x", "mang mã \"x\""),
    ] {
        let (said, well) = run(&["radio", month], folder.0.path());
        assert!(!well && said.contains(why), "{said}");
    }

    // Without lame there is no MP3, and a line that says so.
    let programs = tempfile::tempdir().expect("a folder");
    symlink("/usr/bin/espeak-ng", programs.path().join("espeak-ng")).expect("a link");
    fs::remove_file(file("mp3")).expect("removed");
    let mut office = Command::new(env!("CARGO_BIN_EXE_office"));
    office
        .args(["radio", "thang-12", "--voice", "-o", &path])
        .arg(folder.0.path());
    let (said, well) = self::said(
        &office
            .env("PATH", programs.path())
            .output()
            .expect("the office program runs"),
    );
    assert!(
        well && said.contains("Không có tệp mp3: máy này không có chương trình \"lame\""),
        "{said}"
    );
    assert!(!file("mp3").exists());
}

#[test]
fn turns_that_people_recorded_become_the_programme_once_all_are_there() {
    let folder = with_programme();
    let out = tempfile::tempdir().expect("a folder");
    let turns = out.path().join("turns");
    fs::create_dir(&turns).expect("a folder");
    let record = |name: &str| fs::copy(stored("voice.m4a"), turns.join(name)).expect("copied");
    record("02.m4a");
    let (said, well) = radio(&folder, out.path(), &[]);
    assert!(!well && said.contains("còn thiếu bài thu số 01, 03"), "{said}");
    fs::copy(stored("voice.mp3"), turns.join("01.mp3")).expect("copied");
    record("03.m4a");
    let (said, well) = radio(&folder, out.path(), &[]);
    assert!(well && said.contains("Người đọc, 0:2"), "{said}");
    let heard = audio::convert(&out.path().join("thang-12.wav")).expect("a sound");
    assert!((heard.before.loudness - TARGET).abs() < 0.7, "{:?}", heard.before);
    let (said, well) = radio(&folder, out.path(), &["--voice", "--command", ESPEAK, "--on-kiosk"]);
    assert!(
        !well && said.contains("do người đọc; hãy ghi thêm tên người đọc và giấy đồng ý"),
        "{said}"
    );
    record("04.m4a");
    let (said, well) = radio(&folder, out.path(), &[]);
    assert!(
        !well && said.contains("có bài thu số 04, nhưng chỉ cần 3 bài thu"),
        "{said}"
    );
    fs::remove_file(turns.join("04.m4a")).expect("removed");
    record("1.m4a");
    let (said, well) = radio(&folder, out.path(), &[]);
    assert!(!well && said.contains("có hai bài thu số 01"), "{said}");
    fs::remove_file(turns.join("1.m4a")).expect("removed");
    fs::write(turns.join("01.mp3"), "chữ").expect("written");
    let (said, well) = radio(&folder, out.path(), &[]);
    assert!(
        !well && said.contains("01.mp3: tệp này không phải là tệp âm thanh"),
        "{said}"
    );
    // Somebody who asks for the machine has it all the same once a turn is missing, and is told.
    fs::remove_file(turns.join("01.mp3")).expect("removed");
    let (said, well) = radio(&folder, out.path(), &["--voice", "--command", ESPEAK]);
    assert!(
        well && said.contains("số 01; giọng máy đọc thay cả chương trình"),
        "{said}"
    );
}

#[test]
fn what_an_author_has_said_otherwise_is_spoken_so_and_makes_recordings_old() {
    let folder = with_programme();
    assert!(
        add_as(&folder, "gioi-thieu", &stored("voice.m4a"), &[])
            .status
            .success()
    );
    folder.write("spoken.toml", "\"bà con\" = \"đồng bào\"\n");
    expect_no_fault(&folder);
    let out = tempfile::tempdir().expect("a folder");
    assert!(radio(&folder, out.path(), &[]).1);
    let text = fs::read_to_string(out.path().join("thang-12.txt")).expect("words");
    assert!(text.starts_with("Giọng nữ: Kính chào đồng bào.\n"), "{text}");
    let (said, _) = run(&["speak", "thang-12", "--content"], folder.0.path());
    assert!(said.contains("mời đồng bào gọi"), "{said}");
    // What a page says otherwise has to be recorded anew.
    folder.write("spoken.toml", "\"Giới thiệu\" = \"Dới thiệu\"\n");
    let checked = run(&["check"], folder.0.path()).0;
    assert!(
        checked.contains("[stale-recording]") && checked.ends_with("0 lỗi, 1 cảnh báo\n"),
        "{checked}"
    );
    assert_eq!(library(&folder).catalogue().recording(Said::Page("gioi-thieu")), None);
}

#[test]
fn faults_of_the_tables_that_speak_are_told_with_their_lines() {
    expect(
        "wrong-value",
        "lỗi: Cách đọc của \"OTP\" phải viết bằng chữ",
        "spoken.toml:2",
        |folder| {
            folder.write("spoken.toml", "# cách đọc\nOTP = \"mã 6 số\"\n");
        },
    );
    expect(
        "missing-key",
        "lỗi: Thiếu mục \"command\"",
        "voice.toml:1",
        |folder| {
            folder.write("voice.toml", "[voice]\n");
        },
    );
}
