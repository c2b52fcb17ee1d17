//! Headless Chromium by ChromeDriver: opens a page at a width, reads it, takes a picture, says what it complained about.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use serde_json::json;
use tempfile::TempDir;
use thirtyfour::LoggingPrefsLogLevel;
use thirtyfour::common::print::PrintParameters;
use thirtyfour::prelude::*;

/// A browser window. [`with_browser`] opens and closes it.
pub struct Browser {
    pub driver: WebDriver,
    service: Child,
    /// Holds the folder until Chromium has ended.
    _profile: TempDir,
}

/// Flags for a machine without a screen, a sandbox or a network.
const FLAGS: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];

impl Browser {
    async fn start() -> Self {
        let profile = tempfile::tempdir().unwrap();
        let (service, port) = chromedriver();
        let mut wanted = DesiredCapabilities::chrome();
        for flag in FLAGS {
            wanted.add_arg(flag).unwrap();
        }
        wanted.add_arg(&format!("--user-data-dir={}", profile.path().display())).unwrap();
        wanted.set_browser_log_level(LoggingPrefsLogLevel::All).unwrap();
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), wanted).await.unwrap();
        Self { driver, service, _profile: profile }
    }

    /// Opens an address in a window of this many CSS pixels; up to 480 it is a phone with a touch screen.
    pub async fn open(&self, url: &str, width: u64) {
        self.resize(width, if is_phone(width) { 844 } else { 900 }).await;
        self.driver.goto(url).await.unwrap();
        assert_eq!(self.number("return window.innerWidth").await, width, "the page has the width asked for");
    }

    async fn resize(&self, width: u64, height: u64) {
        let phone = is_phone(width);
        let scale = if phone { 2 } else { 1 };
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": scale, "mobile": phone});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
        self.devtools("Emulation.setTouchEmulationEnabled", json!({"enabled": phone})).await;
    }

    /// Only what fits into a window of this size, a pixel of the picture a pixel of the page.
    pub async fn window(&self, width: u64, height: u64) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": is_phone(width)});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Shows pages as a reader who prefers `dark` or `light` sees them.
    pub async fn prefer(&self, scheme: &str) {
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// As somebody who comes for the first time.
    pub async fn forget_cache(&self) {
        self.devtools("Network.clearBrowserCache", json!({})).await;
    }

    /// Runs the pages' scripts, or none.
    pub async fn scripts(&self, run: bool) {
        self.devtools("Emulation.setScriptExecutionDisabled", json!({"value": !run})).await;
    }

    /// Cuts the line, or mends it.
    pub async fn offline(&self, cut: bool) {
        let line = json!({"offline": cut, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
        self.devtools("Network.enable", json!({})).await;
        self.devtools("Network.emulateNetworkConditions", line).await;
    }

    /// The page as it is printed on A4, and on how many sheets; kept in `tests/.artefacts`.
    pub async fn print(&self, name: &str) -> usize {
        // Chromium takes the size from the page's own rule; these are the same in centimetres.
        let page = thirtyfour::common::print::PrintPage { width: 21.0, height: 29.7 };
        let options = PrintParameters { page, background: true, ..PrintParameters::default() };
        let pdf = self.driver.print_page(options).await.unwrap();
        std::fs::write(artefacts().join(name).with_extension("pdf"), &pdf).unwrap();
        // Every page of a PDF is an object of this type; the tree of pages has another.
        let text = String::from_utf8_lossy(&pdf);
        text.matches("/Type /Page").count() - text.matches("/Type /Pages").count()
    }

    /// Signs in on the page for it.
    pub async fn sign_in(&self, url: &str, login: &str, password: &str) {
        self.driver.goto(format!("{url}/sign-in")).await.unwrap();
        self.fill("login", login).await;
        self.fill("password", password).await;
        self.press("main button").await;
        self.driver.query(By::XPath("//body[not(.//input[@id='password'])]")).first().await.unwrap();
    }

    /// Types into the field with this id, over what stands there.
    pub async fn fill(&self, id: &str, text: &str) {
        let input = self.driver.find(By::Id(id)).await.unwrap_or_else(|_| panic!("no field {id}"));
        input.clear().await.unwrap();
        input.send_keys(text).await.unwrap();
    }

    /// Presses the first thing that matches.
    pub async fn press(&self, selector: &str) {
        let found = self.driver.find(By::Css(selector)).await;
        let found = found.unwrap_or_else(|_| panic!("nothing matches {selector}"));
        found.scroll_into_view().await.unwrap();
        found.click().await.unwrap();
    }

    /// Presses the button or link that says this.
    pub async fn press_saying(&self, words: &str) {
        let path =
            format!("//main//*[self::a or self::button or self::summary][contains(normalize-space(.), '{words}')]");
        let found = self.driver.query(By::XPath(&path)).first().await;
        let found = found.unwrap_or_else(|_| panic!("nothing says {words}"));
        found.scroll_into_view().await.unwrap();
        found.click().await.unwrap();
    }

    /// Presses what an XPath finds first.
    pub async fn press_at(&self, path: &str) {
        let found = self.driver.query(By::XPath(path)).first().await;
        let found = found.unwrap_or_else(|_| panic!("nothing at {path}"));
        found.scroll_into_view().await.unwrap();
        found.click().await.unwrap();
    }

    /// Opens a disclosure that is shut.
    pub async fn press_opening(&self, path: &str) {
        let found = self.driver.query(By::XPath(path)).first().await.unwrap();
        if found.attr("open").await.unwrap().is_none() {
            self.press_at(&format!("{path}/summary")).await;
        }
    }

    /// Whether an XPath finds anything on the page as it stands.
    pub async fn has(&self, path: &str) -> bool {
        !self.driver.find_all(By::XPath(path)).await.unwrap().is_empty()
    }

    /// Forgets who was signed in, as a browser that is closed does.
    pub async fn leave(&self, url: &str) {
        self.driver.goto(format!("{url}/sign-in")).await.unwrap();
        self.driver.delete_all_cookies().await.unwrap();
    }

    /// Types where the keyboard is.
    pub async fn keys(&self, keys: impl Into<TypingData>) {
        self.driver.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// Moves on with the tabulator until the keyboard is on the first thing that matches.
    pub async fn tab_to(&self, selector: &str) {
        for _ in 0..200 {
            self.keys(Key::Tab).await;
            let script = format!("return document.activeElement === document.querySelector(\"{selector}\")");
            if self.script(&script).await == true {
                return;
            }
        }
        panic!("the keyboard never comes to {selector}");
    }

    /// Waits until the page says this somewhere.
    pub async fn sees(&self, words: &str) {
        let path = format!("//body[contains(normalize-space(.), '{words}')]");
        let found = self.driver.query(By::XPath(&path)).first().await;
        if found.is_err() {
            panic!("{words} is not on {}:\n{}", self.driver.current_url().await.unwrap(), self.text("body").await);
        }
    }

    /// Path and query of the page.
    pub async fn address(&self) -> String {
        let url = self.driver.current_url().await.unwrap();
        url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
    }

    /// What a script returns.
    pub async fn script(&self, script: &str) -> serde_json::Value {
        self.driver.execute(script, vec![]).await.unwrap().json().clone()
    }

    pub async fn number(&self, script: &str) -> u64 {
        let value = self.script(script).await;
        value.as_f64().filter(|n| n.fract() == 0.0 && *n >= 0.0).unwrap_or_else(|| panic!("{script}: {value}")) as u64
    }

    /// The text of the first element that matches, once it is there.
    pub async fn text(&self, selector: &str) -> String {
        let found = self.driver.query(By::Css(selector)).first().await;
        found.unwrap_or_else(|_| panic!("nothing is {selector}")).text().await.unwrap()
    }

    /// A count as the page writes it, with commas.
    pub async fn count(&self, selector: &str) -> u64 {
        let text = self.text(selector).await;
        text.replace(',', "").parse().unwrap_or_else(|e| panic!("{selector} says {text}: {e}"))
    }

    /// What the browser wrote to its console since the last call, except remarks below a warning.
    pub async fn complaints(&self) -> Vec<String> {
        let entries = self.driver.browser_log().await.unwrap();
        entries.into_iter().filter(|e| matches!(e.level.as_str(), "SEVERE" | "WARNING")).map(|e| e.message).collect()
    }

    /// Keeps a picture of the whole page in `tests/.artefacts`.
    pub async fn picture(&self, name: &str) {
        let width = self.number("return window.innerWidth").await;
        let height = self.number("return document.documentElement.scrollHeight").await;
        self.resize(width, height).await;
        self.driver.screenshot(&artefacts().join(name).with_extension("png")).await.unwrap();
    }

    async fn devtools(&self, method: &str, parameters: serde_json::Value) -> serde_json::Value {
        self.driver.cdp().send_raw(method, parameters).await.unwrap_or_else(|e| panic!("{method}: {e}"))
    }
}

/// Where pictures and prints are kept.
fn artefacts() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.artefacts");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

const fn is_phone(width: u64) -> bool {
    width <= 480
}

/// Runs a test with a browser and closes it whatever the test does.
pub async fn with_browser<F, T>(test: F)
where
    F: FnOnce(Arc<Browser>) -> T,
    T: Future<Output = ()> + Send + 'static,
{
    let browser = Arc::new(Browser::start().await);
    let ended = tokio::spawn(test(Arc::clone(&browser))).await;
    browser.driver.clone().quit().await.unwrap();
    if let Err(panic) = ended {
        std::panic::resume_unwind(panic.into_panic());
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Either may fail only because ChromeDriver has ended already; the window was closed before.
        drop(self.service.kill());
        drop(self.service.wait());
    }
}

/// Starts ChromeDriver on a port that it chooses itself and says so.
fn chromedriver() -> (Child, u16) {
    let mut service = Command::new("chromedriver")
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("chromedriver is installed (package chromium-driver)");
    let mut output = BufReader::new(service.stdout.take().unwrap());
    let mut line = String::new();
    while output.read_line(&mut line).unwrap() > 0 {
        let port = line.strip_prefix("ChromeDriver was started successfully on port ");
        if let Some(port) = port.and_then(|p| p.trim_end().trim_end_matches('.').parse().ok()) {
            service.stdout = Some(output.into_inner()); // stays open: it writes again when it ends
            return (service, port);
        }
        line.clear();
    }
    // It has ended: waiting only collects it.
    let status = service.wait().unwrap();
    panic!("chromedriver ended without naming its port: {status}");
}
