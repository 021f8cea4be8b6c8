//! A real browser, headless: Debian's Chromium, driven over WebDriver by its own chromedriver. Begin with [`Browser::open`].
//!
//! It is given a new profile in a folder of its own, reaches nothing but loopback, and ends with the test.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::io::{BufRead, BufReader, Lines};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::wd::{Capabilities, PrintConfigurationBuilder, PrintSize};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::short;

/// What to do when there is none.
const INSTALL: &str =
    "Chromium is needed for this test: install Debian's packages chromium and chromium-driver (scripts/setup.sh test)";

/// Where `scripts/setup.sh test` puts axe-core.
const AXE: &str = "target/axe-core/axe.min.js";

const FETCH: &str = "axe-core is needed for this test: scripts/setup.sh test fetches it";

/// The longest temporary folder in which Chromium can make its socket, `org.chromium.Chromium.XXXXXX/SingletonSocket`, in bytes.
const LONGEST: usize = 107 - 45;

/// How long another page may take to come.
const PATIENCE: Duration = Duration::from_secs(30);

/// In centimetres.
const A4: PrintSize = PrintSize {
    width: 21.0,
    height: 29.7,
};

/// How wide a page is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// 1280 pixels.
    Desktop,
    /// 390 pixels, as telephones are.
    Phone,
}

/// A browser with one window. Everything it does is over when it returns.
pub struct Browser {
    client: Client,
    runtime: Runtime,
    screen: Screen,
    driver: Child,
    _folder: TempDir,
}

impl Browser {
    /// Starts a browser that knows nobody.
    pub fn open(screen: Screen) -> Self {
        let folder = short::folder(LONGEST, |_| true);
        // It looks for a free port for each kind of address, and ends if somebody else takes it in between.
        let started = (0..5).find_map(|_| drive(folder.path()));
        let (driver, port, said) = started.expect("a port");
        // Whatever else it says is nobody's concern, but it must be able to say it.
        std::thread::spawn(move || said.for_each(drop));
        let mut options = json!({ "args": [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
            "--lang=vi", "--window-size=1280,1000", format!("--user-data-dir={}", folder.path().join("profile").display()),
        ]});
        if screen == Screen::Phone {
            let metrics = json!({ "width": 390, "height": 844, "pixelRatio": 1.0, "touch": true });
            options["mobileEmulation"] = json!({ "deviceMetrics": metrics });
        }
        let mut wishes = Capabilities::new();
        wishes.insert("goog:chromeOptions".to_owned(), options);
        // Tests make their certificates themselves.
        wishes.insert("acceptInsecureCerts".to_owned(), json!(true));
        let runtime = Runtime::new().expect("a runtime");
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let address = format!("http://127.0.0.1:{port}");
        let client = runtime.block_on(builder.capabilities(wishes).connect(&address));
        Self {
            client: client.expect("a browser"),
            runtime,
            screen,
            driver,
            _folder: folder,
        }
    }

    /// Opens an address.
    pub fn goes_to(&self, address: &str) {
        self.runtime.block_on(self.client.goto(address)).expect("a page");
    }

    /// Types into a field in place of what is there.
    pub fn types(&self, css: &str, text: &str) {
        let field = self.finds(Locator::Css(css));
        self.runtime.block_on(field.clear()).expect("cleared");
        self.runtime.block_on(field.send_keys(text)).expect("typed");
    }

    /// Chooses a file for a field, beside those that are chosen.
    pub fn chooses(&self, css: &str, file: &Path) {
        let field = self.finds(Locator::Css(css));
        let file = file.to_str().expect("UTF-8");
        self.runtime.block_on(field.send_keys(file)).expect("chosen");
    }

    /// Presses the button or follows the link with these words, and waits for the page that comes of it.
    pub fn presses(&self, words: &str) {
        let path = format!("//button[normalize-space()='{words}'] | //a[normalize-space()='{words}']");
        let element = self.finds(Locator::XPath(&path));
        self.runs("window.isOld = true", vec![]);
        self.runtime.block_on(element.click()).expect("pressed");
        let began = Instant::now();
        while self.runs(
            "return window.isOld === true || document.readyState != 'complete'",
            vec![],
        ) == json!(true)
        {
            assert!(
                began.elapsed() < PATIENCE,
                "no other page after “{words}”\n{}",
                self.text()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Whether the browser sends a form with what is typed into a field.
    pub fn accepts(&self, css: &str) -> bool {
        let script = format!("return document.querySelector('{css}').checkValidity()");
        self.runs(&script, vec![]) == json!(true)
    }

    /// Opens or closes what has this heading.
    pub fn opens(&self, words: &str) {
        let path = format!("//summary[normalize-space()='{words}']");
        self.runtime
            .block_on(self.finds(Locator::XPath(&path)).click())
            .expect("opened");
    }

    /// Ticks the box beside these words, or takes the tick away.
    pub fn ticks(&self, words: &str) {
        let path = format!("//label[contains(normalize-space(), '{words}')]//input");
        self.runtime
            .block_on(self.finds(Locator::XPath(&path)).click())
            .expect("ticked");
    }

    fn finds(&self, what: Locator<'_>) -> Element {
        let found = self.runtime.block_on(self.client.find(what));
        found.unwrap_or_else(|error| panic!("{what:?}: {error}\n{}", self.text()))
    }

    /// What can be read on the page.
    pub fn text(&self) -> String {
        let text = self.runs("return document.body.innerText", vec![]);
        text.as_str().expect("a text").to_owned()
    }

    /// The rows of the table with this caption, cell by cell.
    pub fn table(&self, caption: &str) -> Vec<Vec<String>> {
        let script = "const table = [...document.querySelectorAll('table')]
                .find(table => table.caption && table.caption.innerText == arguments[0]);
            return table ? [...table.tBodies[0].rows].map(row => [...row.cells].map(cell => cell.innerText.trim())) : null";
        let rows = self.runs(script, vec![json!(caption)]);
        serde_json::from_value(rows).unwrap_or_else(|_| panic!("no table “{caption}”\n{}", self.text()))
    }

    /// What stands in a field, seen or not.
    pub fn value(&self, css: &str) -> String {
        let value = self.runs("return document.querySelector(arguments[0]).value", vec![json!(css)]);
        value.as_str().expect("a text").to_owned()
    }

    /// Does something in another tab, which is then closed.
    pub fn in_another_tab(&self, does: impl FnOnce(&Self)) {
        let here = self.runtime.block_on(self.client.window()).expect("a tab");
        let other = self
            .runtime
            .block_on(self.client.new_window(true))
            .expect("another tab");
        let to = |window| {
            let switched = self.runtime.block_on(self.client.switch_to_window(window));
            switched.expect("a tab");
        };
        to(other.handle);
        does(self);
        self.runtime.block_on(self.client.close_window()).expect("closed");
        to(here);
    }

    /// The value of a cookie, which scripts of the page can't see.
    pub fn cookie(&self, name: &str) -> String {
        let cookie = self
            .runtime
            .block_on(self.client.get_named_cookie(name))
            .expect("a cookie");
        cookie.value().to_owned()
    }

    /// Whether something reaches over the right edge of what it stands in.
    pub fn sticks_out(&self, css: &str) -> bool {
        let script =
            "const it = document.querySelector(arguments[0]), right = (box) => box.getBoundingClientRect().right;
            return right(it) > right(it.parentElement) + 0.5";
        self.runs(script, vec![json!(css)]) == json!(true)
    }

    /// Whether something is wider than the window, so that one would have to scroll sideways.
    pub fn is_too_wide(&self) -> bool {
        self.runs(
            "return document.documentElement.scrollWidth > window.innerWidth",
            vec![],
        ) == json!(true)
    }

    /// From now on pages are so many pixels wide.
    pub fn is_as_wide_as(&self, width: u32) {
        let window = json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false });
        self.commands("Emulation.setDeviceMetricsOverride", window);
    }

    /// The page with letters twice as large, as telephones show it to those who ask for that.
    pub fn has_letters_twice_as_large(&self) {
        self.runs("document.documentElement.style.fontSize = '200%'", vec![]);
    }

    /// What axe-core finds wrong with the page for people who see, hear or move in other ways: its rule, and where.
    pub fn asks_axe(&self) -> Vec<String> {
        let axe = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(AXE)).expect(FETCH);
        self.runs(&axe, vec![]);
        let script = "const done = arguments[arguments.length - 1];
            axe.run({ resultTypes: ['violations'] }).then(
                found => done(found.violations.flatMap(rule => rule.nodes.map(node => rule.id + ': ' + node.html))),
                error => done(['' + error]))";
        let found = self.runtime.block_on(self.client.execute_async(script, vec![]));
        serde_json::from_value(found.expect("a script")).expect("a list")
    }

    /// The page on paper, as a PDF.
    pub fn prints(&self) -> Vec<u8> {
        let paper = PrintConfigurationBuilder::default().size(A4).build().expect("paper");
        self.runtime.block_on(self.client.print(paper)).expect("a PDF")
    }

    /// Takes a picture of the whole page, for people to look at: `target/office-pages/<name>-<screen>.png`.
    pub fn takes_picture(&self, name: &str) {
        let height = self.runs("return document.documentElement.scrollHeight", vec![]);
        let (width, screen) = match self.screen {
            Screen::Desktop => (1280, "desktop"),
            Screen::Phone => (390, "phone"),
        };
        let mobile = self.screen == Screen::Phone;
        let whole = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile });
        self.commands("Emulation.setDeviceMetricsOverride", whole);
        let picture = self.runtime.block_on(self.client.screenshot()).expect("a picture");
        self.commands("Emulation.clearDeviceMetricsOverride", json!({}));
        std::fs::create_dir_all(pictures()).expect("a folder");
        std::fs::write(pictures().join(format!("{name}-{screen}.png")), picture).expect("written");
    }

    fn runs(&self, script: &str, arguments: Vec<serde_json::Value>) -> serde_json::Value {
        self.runtime
            .block_on(self.client.execute(script, arguments))
            .expect("a script")
    }

    /// A command of the browser's own protocol, which WebDriver has no word for.
    fn commands(&self, command: &'static str, parameters: serde_json::Value) {
        let done = self
            .runtime
            .block_on(self.client.issue_cmd(Devtools { command, parameters }));
        done.unwrap_or_else(|error| panic!("{command}: {error}"));
    }
}

/// Where pictures lie.
pub fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/office-pages")
}

/// <https://chromium.googlesource.com/chromium/src/+/HEAD/chrome/test/chromedriver/>: `goog/cdp/execute`.
#[derive(Debug)]
struct Devtools {
    command: &'static str,
    parameters: serde_json::Value,
}

impl fantoccini::wd::WebDriverCompatibleCommand for Devtools {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        let body = json!({ "cmd": self.command, "params": self.parameters });
        (http::Method::POST, Some(body.to_string()))
    }
}

/// Starts a driver; gives its port and the rest of what it says. `None` if it ends before it has a port.
fn drive(folder: &Path) -> Option<(Child, u16, Lines<BufReader<ChildStdout>>)> {
    let mut driver = Command::new("chromedriver")
        .arg("--port=0")
        .env("TMPDIR", folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect(INSTALL);
    let mut said = BufReader::new(driver.stdout.take().expect("its output")).lines();
    let port = |line: String| {
        let (_, port) = line.rsplit_once("successfully on port ")?;
        port.trim_end_matches('.').parse::<u16>().ok()
    };
    let port = said.find_map(|line| port(line.ok()?));
    if port.is_none() {
        driver.wait().expect("ended");
    }
    Some((driver, port?, said))
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The browser first: it would go on for a moment after its driver, and put files into a folder that is being removed.
        let _ = self.runtime.block_on(self.client.clone().close());
        let pid = rustix::process::Pid::from_child(&self.driver);
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        let _ = self.driver.wait();
    }
}
