//! A real browser, headless: Debian's Chromium, driven over WebDriver by its own chromedriver. Begin with [`Browser::open`].
//!
//! It is given a new profile in a folder of its own, reaches nothing but loopback, and ends with the test.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use fantoccini::elements::Element;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tempfile::TempDir;

/// What to do when there is none.
const INSTALL: &str =
    "Chromium is needed for this test: install Debian's packages chromium and chromium-driver (scripts/setup.sh test)";

/// How wide a page is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// 1280 pixels.
    Desktop,
    /// 390 pixels, as telephones are.
    Phone,
}

/// A browser with one window.
pub struct Browser {
    /// The window.
    pub client: Client,
    screen: Screen,
    driver: Child,
    _profile: TempDir,
}

impl Browser {
    /// Starts a browser that knows nobody.
    pub async fn open(screen: Screen) -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect(INSTALL);
        let mut said = BufReader::new(driver.stdout.take().expect("its output")).lines();
        let port = said
            .find_map(|line| line.ok()?.rsplit_once("successfully on port ")?.1.trim_end_matches('.').parse::<u16>().ok())
            .expect("a port");
        // Whatever else it says is nobody's concern, but it must be able to say it.
        std::thread::spawn(move || said.for_each(drop));
        let profile = tempfile::tempdir().expect("a folder");
        let mut options = json!({ "args": [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
            "--window-size=1280,1000", format!("--user-data-dir={}", profile.path().display()),
        ]});
        if screen == Screen::Phone {
            options["mobileEmulation"] = json!({ "deviceMetrics": { "width": 390, "height": 844, "pixelRatio": 1.0, "touch": true } });
        }
        let mut wishes = Capabilities::new();
        wishes.insert("goog:chromeOptions".to_owned(), options);
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wishes)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("a browser");
        Self {
            client,
            screen,
            driver,
            _profile: profile,
        }
    }

    /// Opens an address.
    pub async fn goes_to(&self, address: &str) {
        self.client.goto(address).await.expect("a page");
    }

    /// The first element that a CSS selector finds.
    pub async fn sees(&self, css: &str) -> Element {
        let found = self.client.find(Locator::Css(css)).await;
        match found {
            Ok(element) => element,
            Err(error) => panic!("{css}: {error}\n{}", self.text().await),
        }
    }

    /// Types into a field in place of what is there.
    pub async fn types(&self, css: &str, text: &str) {
        let field = self.sees(css).await;
        field.clear().await.expect("cleared");
        field.send_keys(text).await.expect("typed");
    }

    /// Chooses a file for a field.
    pub async fn chooses(&self, css: &str, file: &Path) {
        let field = self.sees(css).await;
        field.send_keys(file.to_str().expect("UTF-8")).await.expect("chosen");
    }

    /// Presses the button or follows the link with these words, and waits for the page that comes of it.
    pub async fn presses(&self, words: &str) {
        let path = format!("//button[normalize-space()='{words}'] | //a[normalize-space()='{words}']");
        match self.client.find(Locator::XPath(&path)).await {
            Ok(element) => element.click().await.expect("clicked"),
            Err(error) => panic!("“{words}”: {error}\n{}", self.text().await),
        }
    }

    /// What can be read on the page.
    pub async fn text(&self) -> String {
        self.sees("body").await.text().await.expect("text")
    }

    /// The rows of the table with this caption, cell by cell.
    pub async fn table(&self, caption: &str) -> Vec<Vec<String>> {
        let script = "const table = [...document.querySelectorAll('table')].find(t => t.caption && t.caption.innerText == arguments[0]);
            return table ? [...table.tBodies[0].rows].map(row => [...row.cells].map(cell => cell.innerText.trim())) : null";
        let rows = self.client.execute(script, vec![json!(caption)]).await.expect("a script");
        serde_json::from_value(rows).unwrap_or_else(|_| panic!("no table “{caption}”"))
    }

    /// Whether something is wider than the window, so that one would have to scroll sideways.
    pub async fn is_too_wide(&self) -> bool {
        let script = "return document.documentElement.scrollWidth > window.innerWidth";
        self.client.execute(script, vec![]).await.expect("a script") == json!(true)
    }

    /// Takes a picture of the whole page, for people to look at: `target/office-pages/<name>-<screen>.png`.
    pub async fn takes_picture(&self, name: &str) {
        let height = self.client.execute("return document.documentElement.scrollHeight", vec![]).await.expect("a script");
        let height = height.as_f64().expect("a height");
        let width = match self.screen {
            Screen::Desktop => 1280,
            Screen::Phone => 390,
        };
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": self.screen == Screen::Phone });
        self.commands("Emulation.setDeviceMetricsOverride", metrics).await;
        let picture = self.client.screenshot().await.expect("a picture");
        self.commands("Emulation.clearDeviceMetricsOverride", json!({})).await;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/office-pages");
        std::fs::create_dir_all(&folder).expect("a folder");
        let screen = if self.screen == Screen::Phone { "phone" } else { "desktop" };
        std::fs::write(folder.join(format!("{name}-{screen}.png")), picture).expect("written");
    }

    /// A command of the browser's own protocol, which WebDriver has no word for.
    async fn commands(&self, command: &'static str, parameters: serde_json::Value) {
        let done = self.client.issue_cmd(Devtools { command, parameters }).await;
        done.unwrap_or_else(|error| panic!("{command}: {error}"));
    }
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

impl Drop for Browser {
    fn drop(&mut self) {
        // It ends its browser with itself when it is asked to.
        let pid = rustix::process::Pid::from_child(&self.driver);
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        let _ = self.driver.wait();
    }
}
