//! The touchscreen: parses arguments, wires the rooms, runs.

mod address;
mod arguments;
mod behind;
mod config;
mod event_loop;
mod hall;
mod hardware;
mod machine;
mod packs;
mod pin_tries;
mod rehearse;
mod screen;
mod sending;
mod service;
mod settings_file;
mod setup;
mod sound;
mod staff;
mod status;
mod tables;
mod threads;
mod wifi;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::rc::Rc;

use anyhow::{Context, Result};
use arguments::{Arguments, Command, TourArguments, default_data};
use chrono::Local;
use clap::Parser;
use commune_kiosk::content::{self, library::Library};
use commune_kiosk::kiosk::device::clock::Clock;
use commune_kiosk::kiosk::screen::{Kiosk, Window, bare, tour};
use commune_kiosk::kiosk::session::staff::Pin;
use commune_kiosk::kiosk::slots::Slots;
use commune_kiosk::usage::recorder::Recorder;
use commune_kiosk::usage::store;
use config::Config;
use screen::Screen;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// The exit code of a program that somebody asked to start again: no failure.
const RESTART: u8 = 75;

fn main() -> Result<ExitCode> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let arguments = Arguments::parse();
    let data = arguments.data.clone().or_else(default_data);
    let needed = || data.as_deref().context("no data folder: give one with --data");
    match &arguments.command {
        None => run(&arguments, data.as_deref()),
        Some(Command::Search { words }) => search(&arguments.content, &words.join(" ")),
        Some(Command::Counts { json }) => counts(needed()?, *json),
        Some(Command::Install { file }) => {
            let config = Config::read(arguments.config.as_deref(), data.as_deref())?;
            let trust = config.trust(&arguments.trust)?;
            let trust = trust.context("whose packs? name the office's key with --trust")?;
            packs::install(&open_slots(needed()?, &arguments, &config), &trust, file)
        }
        Some(Command::Slots) => packs::list(&open_slots(needed()?, &arguments, &Config::default())),
        Some(Command::Identity) => sending::print_identity(made(needed()?)?),
        Some(Command::Status { json }) => {
            let config = Config::read(arguments.config.as_deref(), data.as_deref());
            status::print(needed()?, &arguments.content, config, *json)
        }
        Some(Command::Pin) => config::print_pin().map(|()| ExitCode::SUCCESS),
        Some(Command::SetUp { root }) => {
            let config = Config::read(arguments.config.as_deref(), data.as_deref())?;
            setup::apply(&config, root)
        }
        Some(Command::Rehearse { pack }) => rehearse::run(pack),
        Some(Command::Tour(options)) => take_tour(&arguments.content, options),
    }
}

/// The packs in a data folder; this same program looks new ones over.
fn open_slots(data: &Path, arguments: &Arguments, config: &Config) -> Slots {
    let slots = Slots::open(data, Some(arguments.content.clone())).begun_with(config.content.pack.clone());
    if let (Some(named), Some((installed, _))) = (&config.content.pack, slots.wanted())
        && *named != installed
    {
        tracing::warn!("the settings name packs of {named}, but {installed} was installed here and goes on");
    }
    match std::env::current_exe() {
        Ok(program) => slots.rehearsed_by(program),
        Err(error) => {
            tracing::warn!("new packs are not looked over: {error}");
            slots
        }
    }
}

/// The data folder, made if it is not there.
fn made(data: &Path) -> Result<&Path> {
    std::fs::create_dir_all(data).with_context(|| format!("{} can't be made", data.display()))?;
    Ok(data)
}

/// Runs until the window is closed. Content that can't be shown is reported here; residents see the Sorry screen.
fn run(arguments: &Arguments, data: Option<&Path>) -> Result<ExitCode> {
    let clock = Clock::default();
    // Settings that can't be read stop no resident.
    let mut config = Config::read(arguments.config.as_deref(), data).unwrap_or_else(|error| {
        tracing::error!("the settings are not used: {error:#}");
        Config::default()
    });
    let pin = config.pin().unwrap_or_else(|error| {
        tracing::error!("there is no staff page: {error:#}");
        Pin::default()
    });
    // What only the way to the office needs stops no resident: the staff page says it.
    let (trust, server) = config.way(&arguments.trust);
    threads::watch(event_loop::end);
    let recorder = Recorder::start(clock.now()).context("no thread for the counts")?;
    bare::select().context("no screen can be used")?;
    let mut screen = Screen::new(config.screen.clone());
    let window = service::until_there_is_a_screen(|| {
        screen.choose();
        Window::open()
    })
    .context("no window can be opened")?;
    stop_on_signals()?;
    let slots = data.map(|data| open_slots(data, arguments, &config));
    let library = match &slots {
        Some(slots) => {
            let start = slots.start(packs::open_factory);
            start.not_opened.iter().for_each(|trouble| eprintln!("{trouble}"));
            start.library
        }
        None => open(&arguments.content)
            .inspect_err(|error| eprintln!("{error:#}"))
            .ok(),
    };
    let healthy = library.is_some();
    let now = clock.clone();
    let kiosk = Kiosk::new(
        window,
        library,
        recorder.clone(),
        fastrand::u64(..),
        Box::new(move || now.now()),
    );
    if let Some(millimetres) = screen.diagonal() {
        kiosk.set_diagonal(millimetres);
    }
    event_loop::enter(&kiosk);
    screen.watch()?;
    hall::watch(&kiosk, &config.hardware);
    if let Err(error) = sound::start(&kiosk, std::mem::take(&mut config.sound)) {
        tracing::error!("nothing can be heard: {error:#}");
    }
    let (data, sticks, shown) = (data.map(Path::to_owned), arguments.sticks.clone(), slots.clone());
    let _pulse = service::report(move || {
        if let (Some(slots), Some(data)) = (slots, data) {
            behind::start(behind::Machinery {
                clock,
                recorder,
                slots,
                data,
                config,
                pin,
                trust,
                server,
                sticks,
            });
        }
    });
    let ran = kiosk.run();
    service::ends();
    // Before the counts: systemd waits 45 seconds for a slow card, and whatever is lost then is not the pack's fault.
    shown.iter().for_each(Slots::ends_well);
    kiosk.stop();
    // On a machine without a desktop the next start waits for a screen.
    ran.context("the screen was lost")?;
    Ok(if kiosk.restart_wanted() {
        ExitCode::from(RESTART)
    } else if healthy && !event_loop::was_ended() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Ends the event loop when the system asks the program to end, so that the visit is closed and its counts are written.
fn stop_on_signals() -> Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM]).context("no signals can be taken")?;
    std::thread::spawn(move || {
        if signals.forever().next().is_some() {
            event_loop::quit();
        }
    });
    Ok(())
}

fn open(content: &Path) -> Result<Rc<Library>> {
    Ok(Rc::new(content::open(content, Local::now().date_naive())?))
}

fn search(content: &Path, words: &str) -> Result<ExitCode> {
    let library = open(content)?;
    let lines = library.search(words, 20)?.into_iter().map(|hit| {
        // What only mentions the words stands in brackets.
        let title = if hit.answers {
            hit.title
        } else {
            format!("({})", hit.title)
        };
        format!("{title}\t{}\t{}\n", hit.section, hit.target.id())
    });
    say(&lines.collect::<String>())
}

fn take_tour(content: &Path, arguments: &TourArguments) -> Result<ExitCode> {
    let options = tour::Options {
        size: arguments.size,
        settings: arguments.settings(),
        start: Local::now().naive_local(),
        every_page: arguments.every_page,
    };
    tour::write(open(content)?, options, &arguments.out, &mut std::io::stdout())?;
    println!("pictures are in {}", arguments.out.display());
    Ok(ExitCode::SUCCESS)
}

fn counts(data: &Path, json: bool) -> Result<ExitCode> {
    let reading = store::read(data).with_context(|| format!("no counts can be read in {}", data.display()))?;
    let rows = reading.counters.rows();
    if json {
        let rows: Vec<_> = rows.collect();
        return say(&format!(
            "{}\n",
            serde_json::json!({ "losses": reading.losses, "counters": rows })
        ));
    }
    let lines = rows.map(|row| {
        format!(
            "{}\t{}\t{}\t{}\t{}\n",
            row.period, row.signal, row.subject, row.value, row.n
        )
    });
    say(&lines.collect::<String>())
}

/// Prints; a reader who has seen enough (`| head`) is no error.
fn say(text: &str) -> Result<ExitCode> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(ExitCode::SUCCESS),
    }
}
