//! The touchscreen: parses arguments, wires the rooms, runs.

mod arguments;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::rc::Rc;

use anyhow::{Context, Result};
use arguments::{Arguments, Command, TourArguments, default_data};
use chrono::Local;
use clap::Parser;
use commune_kiosk::content::{self, library::Library, search::Target};
use commune_kiosk::device::clock::Clock;
use commune_kiosk::screen::{Kiosk, tour};
use commune_kiosk::usage::{log::Log, store};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

fn main() -> Result<ExitCode> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let arguments = Arguments::parse();
    let data = arguments.data.or_else(default_data);
    match arguments.command {
        None => run(&arguments.content, data.as_deref()),
        Some(Command::Search { words }) => search(&arguments.content, &words.join(" ")),
        Some(Command::Counts { json }) => {
            let data = data.context("no data folder: give one with --data")?;
            counts(&data, json)
        }
        Some(Command::Tour(options)) => take_tour(&arguments.content, &options),
    }
}

/// Runs until the window is closed. Content that can't be shown is reported here; residents see the Sorry screen.
fn run(content: &Path, data: Option<&Path>) -> Result<ExitCode> {
    let clock = Clock::default();
    let opened = open(content);
    if let Err(error) = &opened {
        eprintln!("{error:#}");
    }
    let healthy = opened.is_ok();
    if let Some(Err(error)) = data.map(std::fs::create_dir_all) {
        tracing::warn!("the data folder can't be made: {error}");
    }
    let log = Log::open(data, clock.now());
    let kiosk = Kiosk::new(opened.ok(), log, fastrand::u64(..), Box::new(move || clock.now()))
        .context("no window can be opened")?;
    stop_on_signals()?;
    kiosk.run().context("the display was lost")?;
    Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Ends the event loop when the system asks the program to end, so that the visit is closed and its counts are written.
fn stop_on_signals() -> Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM]).context("no signals can be taken")?;
    std::thread::spawn(move || {
        if signals.forever().next().is_some() {
            // An event loop that has ended already needs no telling.
            let _ = slint::invoke_from_event_loop(|| drop(slint::quit_event_loop()));
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
        let (Target::Page(id) | Target::Programme(id) | Target::Quiz(id)) = &hit.target;
        format!("{}\t{}\t{id}\n", hit.title, hit.section)
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
