//! The touchscreen: parses arguments, wires the rooms, runs.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;

use anyhow::{Context, Result};
use chrono::Local;
use clap::{Parser, Subcommand, ValueEnum};
use commune_kiosk::content::{self, library::Library, search::Target};
use commune_kiosk::device::clock::Clock;
use commune_kiosk::screen::{Kiosk, tour};
use commune_kiosk::session::settings::{Language, Settings, TextSize};
use commune_kiosk::usage::log::Log;

/// The touchscreen of the commune kiosk.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    /// Content to show: an author's folder, or a library file that `office pack` made
    #[arg(long, global = true, default_value = "content", value_name = "PATH")]
    content: PathBuf,
    /// Folder of the kiosk's own data [default: commune-kiosk in the user's data folder]
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Search the content; prints title, section and id of each hit, best first
    Search {
        /// Words as a resident would type them
        #[arg(required = true)]
        words: Vec<String>,
    },
    /// Print the counters
    Counts {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Walk through every screen by touches and write a picture of each
    Tour(TourArguments),
}

#[derive(clap::Args)]
struct TourArguments {
    /// Folder for the pictures
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Size of the screen
    #[arg(long, default_value = "1280x800", value_parser = parse_size, value_name = "WxH")]
    size: (u32, u32),
    /// Size of the text
    #[arg(long, value_enum, default_value = "normal")]
    text: Text,
    /// Contrast
    #[arg(long, value_enum, default_value = "normal")]
    contrast: Contrast,
    /// Language of the interface
    #[arg(long, value_enum, default_value = "vi")]
    lang: Lang,
}

#[derive(Clone, Copy, ValueEnum)]
enum Text {
    Normal,
    Large,
    Largest,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Contrast {
    Normal,
    High,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Lang {
    Vi,
    En,
}

fn main() -> Result<ExitCode> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let arguments = Arguments::parse();
    let data = arguments.data.or_else(default_data);
    match arguments.command {
        None => run(&arguments.content, data.as_deref()),
        Some(Command::Search { words }) => search(&arguments.content, &words.join(" ")),
        Some(Command::Counts { json }) => {
            let data = data.context("no data folder: give one with --data")?;
            let _ = (data, json);
            Ok(ExitCode::SUCCESS)
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
    let log = Log::open(data, clock.now());
    let kiosk = Kiosk::new(opened.ok(), log, fastrand::u64(..), Box::new(move || clock.now()))
        .context("no window can be opened")?;
    kiosk.run().context("the display was lost")?;
    Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn open(content: &Path) -> Result<Rc<Library>> {
    Ok(Rc::new(content::open(content, Local::now().date_naive())?))
}

fn search(content: &Path, words: &str) -> Result<ExitCode> {
    let library = open(content)?;
    for hit in library.search(words, 20)? {
        let (Target::Page(id) | Target::Programme(id) | Target::Quiz(id)) = &hit.target;
        println!("{}\t{}\t{id}", hit.title, hit.section);
    }
    Ok(ExitCode::SUCCESS)
}

fn take_tour(content: &Path, arguments: &TourArguments) -> Result<ExitCode> {
    let options = tour::Options {
        size: arguments.size,
        settings: Settings {
            text_size: match arguments.text {
                Text::Normal => TextSize::Normal,
                Text::Large => TextSize::Large,
                Text::Largest => TextSize::Largest,
            },
            high_contrast: arguments.contrast == Contrast::High,
            language: if arguments.lang == Lang::En {
                Language::English
            } else {
                Language::Vietnamese
            },
        },
        start: Local::now().naive_local(),
    };
    tour::write(open(content)?, options, &arguments.out, &mut std::io::stdout())?;
    println!("pictures are in {}", arguments.out.display());
    Ok(ExitCode::SUCCESS)
}

/// The XDG base directory specification's place for data of programs.
fn default_data() -> Option<PathBuf> {
    let home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".local/share"));
    let base = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).or_else(home)?;
    Some(base.join("commune-kiosk"))
}

fn parse_size(text: &str) -> Result<(u32, u32), String> {
    let parsed = text
        .split_once('x')
        .and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    parsed
        .filter(|(width, height)| (320..=7680).contains(width) && (240..=7680).contains(height))
        .ok_or_else(|| "write it as 1280x800, between 320x240 and 7680x7680".to_owned())
}
