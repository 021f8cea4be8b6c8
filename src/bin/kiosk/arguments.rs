//! The command line of the touchscreen.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use commune_kiosk::kiosk::session::settings::{Language, Settings, TextSize};

/// The touchscreen of the commune kiosk.
#[derive(Parser)]
#[command(version, about)]
pub struct Arguments {
    /// Content to show: an author's folder, or a library file that `office pack` made
    #[arg(long, global = true, default_value = "content", value_name = "PATH")]
    pub content: PathBuf,
    /// Folder of the kiosk's own data [default: commune-kiosk in the user's data folder]
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Public key of the office whose packs are installed; twice while keys are changed
    #[arg(long, global = true, value_name = "FILE")]
    pub trust: Vec<PathBuf>,
    /// Folder of which each subfolder is a USB stick, instead of real sticks
    #[arg(long, value_name = "DIR")]
    pub sticks: Option<PathBuf>,
    /// Settings of this kiosk [default: kiosk.toml in the data folder, if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Subcommand)]
pub enum Command {
    /// Search the content; prints title, section and id of each hit, best first; what only mentions the words in brackets
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
    /// Install a pack from a file; succeeds only when it is in its place
    Install {
        /// A .kpack file
        file: PathBuf,
    },
    /// Print which pack is shown and which one was before
    Slots,
    /// Print who this kiosk is: its id, the six words of its key, and the key
    Identity,
    /// Print how this machine is, a part a line; leaves nothing behind
    Status {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Ask for the PIN of the staff page and print the line for kiosk.toml
    Pin,
    /// Bring the machine in line with kiosk.toml: rotation, touches, screen, network; for the image, as root, at each start
    SetUp {
        /// Folder that stands for the root of the system
        #[arg(long, default_value = "/", value_name = "DIR")]
        root: PathBuf,
    },
    /// Walk through a library file under limits; the kiosk itself does so before it installs one
    #[command(hide = true)]
    Rehearse {
        /// A library file
        pack: PathBuf,
    },
    /// Walk through every screen by touches and write a picture of each
    Tour(TourArguments),
}

#[derive(clap::Args)]
pub struct TourArguments {
    /// Folder for the pictures
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Size of the screen
    #[arg(long, default_value = "1280x800", value_parser = parse_size, value_name = "WxH")]
    pub size: (u32, u32),
    /// Size of the text
    #[arg(long, default_value = "normal", value_parser = ["normal", "large", "largest"])]
    pub text: String,
    /// Show every page and step of the content instead of each kind of screen once
    #[arg(long)]
    pub every_page: bool,
    /// Contrast
    #[arg(long, default_value = "normal", value_parser = ["normal", "high"])]
    pub contrast: String,
    /// Language of the interface
    #[arg(long, default_value = "vi", value_parser = ["vi", "en"])]
    pub lang: String,
}

impl TourArguments {
    /// What the resident of the tour sets.
    pub fn settings(&self) -> Settings {
        Settings {
            text_size: TextSize::ALL
                .into_iter()
                .find(|size| size.name() == self.text)
                .unwrap_or_default(),
            high_contrast: self.contrast == "high",
            language: if self.lang == "en" {
                Language::English
            } else {
                Language::Vietnamese
            },
        }
    }
}

/// The XDG base directory specification's place for data of programs.
pub fn default_data() -> Option<PathBuf> {
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
