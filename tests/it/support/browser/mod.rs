//! A real Chromium with a passkey device of its own, driven as a person drives it: by what can be read on the page.

mod commands;
mod keys;
mod look;
mod place;

use std::cell::Cell;
use std::future::Future;
use std::process::Command;
use std::rc::Rc;
use std::time::Duration;

use fantoccini::elements::{Element, ElementRef};
use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value as Json, json};

use super::ports::free_port;
use super::process::{Process, signal};
use super::{Folder, required};
use commands::Ask;
use place::Place;

/// How often a page is read, without any change to it, before something is taken not to come. Each reading is an answer of
/// the browser, so a machine that is busy with other things takes longer over them: this waits for progress, not for seconds.
const READINGS: u32 = 400;
const BETWEEN: Duration = Duration::from_millis(50);
/// A page that changes without end ends too.
const MOST_READINGS: u32 = 10 * READINGS;
/// For scripts of the tests and for pages to load: how much there is to do decides, so the driver's own limits only end what hangs.
const DRIVER_LIMIT: Duration = Duration::from_secs(300);

/// Where the page is and how much of it there is.
const PROGRESS: &str = "return [location.href, document.readyState, document.documentElement?.innerHTML.length,
    performance.getEntriesByType('resource').length].join(' ')";

/// A browser with a fresh profile.
pub struct Browser {
    client: Client,
    authenticator: String,
    interactions: Cell<u32>,
    /// Whether pages may run scripts.
    scripts: Cell<bool>,
    profile: Folder,
    _place: Rc<Place>,
    /// Ends last: it is what `client` talks to.
    _driver: Process,
}

/// One tab of a browser.
#[derive(Clone)]
pub struct Tab(fantoccini::wd::WindowHandle);

impl Browser {
    /// Starts one.
    pub async fn start() -> Self {
        Self::told(&[]).await
    }
    /// Starts one with more arguments.
    pub async fn told(more: &[String]) -> Self {
        let place = Place::take().await;
        let profile = Folder::new();
        let (driver, port) = driver();
        let mut options = json!({ "args": [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
            // Pages stand still: what fades has no contrast to measure, and takes no click.
            "--force-prefers-reduced-motion", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=en", "--window-size=1280,1000",
            format!("--user-data-dir={}", profile.path().display()),
        ] });
        options["args"].as_array_mut().unwrap().extend(more.iter().map(|argument| Json::from(argument.as_str())));
        if let Ok(browser) = std::env::var("TEST_CHROMIUM") {
            options["binary"] = browser.into();
        }
        let limit = DRIVER_LIMIT.as_millis();
        let Json::Object(capabilities) = json!({
            "goog:chromeOptions": options, "goog:loggingPrefs": { "browser": "ALL" },
            "timeouts": { "script": limit, "pageLoad": limit },
        }) else {
            unreachable!()
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap_or_else(|error| panic!("Chromium does not start: {error}"));
        let (interactions, scripts) = (Cell::new(0), Cell::new(true));
        let mut browser = Self { client, authenticator: String::new(), interactions, scripts, profile, _place: place, _driver: driver };
        browser.plug_in().await;
        browser.focus().await;
        browser
    }

    // ---- the passkey device ------------------------------------------------------------------------------------

    /// Builds a passkey device in: verifies its user, keeps keys, says yes to everything.
    async fn plug_in(&mut self) {
        let device = json!({
            "protocol": "ctap2_1", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
            "isUserVerified": true, "isUserConsenting": true, "defaultBackupEligibility": true, "defaultBackupState": true,
        });
        let id = self.ask(Ask::post("webauthn/authenticator", device)).await;
        self.authenticator = id.as_str().unwrap_or_else(|| panic!("no authenticator: {id}")).to_owned();
    }
    /// Takes the device away; what it kept comes back with `bring_passkeys`.
    pub async fn take_passkeys(&mut self) -> Vec<Json> {
        let device = format!("webauthn/authenticator/{}", self.authenticator);
        let kept = self.ask(Ask::get(&format!("{device}/credentials"))).await;
        self.ask(Ask::delete(&device)).await;
        self.plug_in().await;
        kept.as_array().cloned().unwrap_or_default()
    }
    /// Puts passkeys into the device, such as those of another one.
    pub async fn bring_passkeys(&self, passkeys: Vec<Json>) {
        for passkey in passkeys {
            self.ask(Ask::post(&format!("webauthn/authenticator/{}/credential", self.authenticator), passkey)).await;
        }
    }
    /// How many passkeys the device keeps.
    pub async fn passkeys(&self) -> usize {
        let kept = self.ask(Ask::get(&format!("webauthn/authenticator/{}/credentials", self.authenticator))).await;
        kept.as_array().map_or(0, Vec::len)
    }
    /// Whether the device recognises its user from now on.
    pub async fn recognise_user(&self, recognised: bool) {
        self.ask(Ask::post(&format!("webauthn/authenticator/{}/uv", self.authenticator), json!({ "isUserVerified": recognised }))).await;
    }

    /// Lets the page of this tab have the focus, whatever window of the machine has it: without, some Chromiums show no ring.
    async fn focus(&self) {
        self.ask(Ask::devtools("Emulation.setFocusEmulationEnabled", json!({ "enabled": true }))).await;
    }

    async fn ask(&self, ask: Ask) -> Json {
        let what = format!("{ask:?}");
        self.client.issue_cmd(ask).await.unwrap_or_else(|error| panic!("{what}: {error}"))
    }
    async fn script(&self, script: &str, arguments: Vec<Json>) -> Json {
        self.client.execute(script, arguments).await.unwrap_or_else(|error| panic!("a script of the tests failed: {error}"))
    }

    /// Runs a script in the page and waits for what it gives to its last argument.
    pub async fn run_async(&self, script: &str) -> Json {
        self.client.execute_async(script, vec![]).await.unwrap_or_else(|error| panic!("a script of the tests failed: {error}"))
    }

    // ---- going about -------------------------------------------------------------------------------------------

    /// Types an address.
    pub async fn goto(&self, address: &str) {
        self.count();
        self.client.goto(address).await.unwrap_or_else(|error| panic!("cannot open {address}: {error}"));
    }
    /// The back button.
    pub async fn back(&self) {
        self.client.back().await.unwrap();
    }
    /// The forward button.
    pub async fn forward(&self) {
        self.client.forward().await.unwrap();
    }
    /// The reload button; sends a form again if the page came from one.
    pub async fn refresh(&self) {
        self.client.refresh().await.unwrap();
    }
    /// This tab.
    pub async fn tab(&self) -> Tab {
        Tab(self.client.window().await.unwrap())
    }
    /// Opens a tab and goes to it.
    pub async fn new_tab(&self) -> Tab {
        let window = self.client.new_window(true).await.unwrap();
        self.client.switch_to_window(window.handle.clone()).await.unwrap();
        self.focus().await;
        Tab(window.handle)
    }
    /// Goes to a tab.
    pub async fn switch_to(&self, tab: &Tab) {
        self.client.switch_to_window(tab.0.clone()).await.unwrap();
    }
    /// The address it is at.
    pub async fn url(&self) -> url::Url {
        self.client.current_url().await.unwrap()
    }
    /// Forgets all cookies of the site it is on.
    pub async fn forget_cookies(&self) {
        self.client.delete_all_cookies().await.unwrap();
    }

    // ---- reading -----------------------------------------------------------------------------------------------

    /// All that can be read.
    pub async fn text(&self) -> String {
        self.script("return document.body ? document.body.innerText : ''", vec![]).await.as_str().unwrap_or_default().to_owned()
    }
    /// The main heading.
    pub async fn heading(&self) -> String {
        self.script("return document.querySelector('h1')?.innerText ?? ''", vec![]).await.as_str().unwrap_or_default().to_owned()
    }
    /// Waits until the page's heading is this one.
    pub async fn at(&self, heading: &str) {
        self.until(&format!("the heading “{heading}”"), async || (self.heading().await == heading).then_some(())).await;
    }
    /// Waits until the address begins so: a path, or a whole address of another site.
    pub async fn arrive(&self, address: &str) {
        let there = |url: url::Url| url.as_str().starts_with(address) || url[url::Position::BeforePath..].starts_with(address);
        self.until(&format!("the address {address}"), async || there(self.url().await).then_some(())).await;
    }
    /// Waits until this can be read somewhere.
    pub async fn wait_for(&self, text: &str) {
        self.until(&format!("the words “{text}”"), async || self.text().await.contains(text).then_some(())).await;
    }
    /// Waits until the page says what is wrong, at a field or above the form.
    pub async fn wait_for_problem(&self) {
        let find = "return document.querySelector('[aria-invalid], .summary') !== null";
        self.until("a problem", async || (self.script(find, vec![]).await == true).then_some(())).await;
    }
    /// The text of the first element of a selector that is there.
    pub async fn read(&self, selector: &str) -> String {
        self.until(selector, async || {
            let text = self.script("return document.querySelector(arguments[0])?.textContent?.trim() ?? null", vec![selector.into()]).await;
            text.as_str().map(str::to_owned)
        })
        .await
    }

    async fn until<T, F: Future<Output = Option<T>>>(&self, what: &str, find: impl Fn() -> F) -> T {
        let (mut page, mut unchanged) = (Json::Null, 0);
        for _ in 0..MOST_READINGS {
            if let Some(found) = find().await {
                return found;
            }
            let now = self.script(PROGRESS, vec![]).await;
            unchanged = if now == page { unchanged + 1 } else { 0 };
            if unchanged == READINGS {
                break;
            }
            page = now;
            tokio::time::sleep(BETWEEN).await;
        }
        self.fail(&format!("{what} did not come")).await
    }

    /// Fails with what the person would see.
    pub async fn fail(&self, why: &str) -> ! {
        let picture = self.picture("failure").await;
        panic!(
            "{why}.\nAt {}\nPicture: {picture}\nConsole: {}\n---- the page ----\n{}\n----",
            self.url().await,
            self.console().await.join("\n"),
            self.text().await
        )
    }

    /// How often a person would have typed an address, filled a field or pressed something.
    pub fn interactions(&self) -> u32 {
        self.interactions.get()
    }
    fn count(&self) {
        self.interactions.set(self.interactions.get() + 1);
    }

    // ---- doing -------------------------------------------------------------------------------------------------

    /// Presses the button, link or fold that reads so; one of the page itself rather than one of its navigation.
    pub async fn click(&self, text: &str) {
        let find = "const [text] = arguments; const plain = (s) => s.replace(/\\s+/g, ' ').trim();
            const all = [...document.querySelectorAll('button, a[href], summary, [role=button], input[type=submit]')]
                .filter((e) => e.checkVisibility())
                .sort((a, b) => Boolean(b.closest('main')) - Boolean(a.closest('main')));
            const words = (e) => plain(e.innerText || e.value || e.getAttribute('aria-label') || '');
            return all.find((e) => words(e) === text) ?? all.find((e) => words(e).includes(text)) ?? null";
        self.count();
        let what = format!("something to press that reads “{text}”");
        self.on(&what, find, text, async |element: Element| element.click().await).await;
    }
    /// Types into the field with this label, instead of what is in it.
    pub async fn fill(&self, label: &str, value: &str) {
        self.count();
        self.on_field(label, async |field: Element| {
            field.clear().await?;
            field.send_keys(value).await
        })
        .await;
    }
    /// Ticks, or unticks, the box with this label.
    pub async fn tick(&self, label: &str) {
        self.count();
        self.on_field(label, async |field: Element| field.click().await).await;
    }
    /// What is in the field with this label.
    pub async fn value(&self, label: &str) -> String {
        self.on_field(label, async |field: Element| field.prop("value").await).await.unwrap_or_default()
    }

    async fn on_field<T, F: Future<Output = Result<T, CmdError>>>(&self, label: &str, act: impl Fn(Element) -> F) -> T {
        let find = "const [text] = arguments; const plain = (s) => s.replace(/\\s+/g, ' ').trim();
            const all = [...document.querySelectorAll('label')].filter((e) => e.control && e.checkVisibility());
            const found = all.find((e) => plain(e.innerText) === text) ?? all.find((e) => plain(e.innerText).startsWith(text));
            return found ? found.control : null";
        self.on(&format!("a field labelled “{label}”"), find, label, act).await
    }
    /// Finds something and does something with it; once more if the page was replaced between the two.
    async fn on<T, F: Future<Output = Result<T, CmdError>>>(&self, what: &str, find: &str, text: &str, act: impl Fn(Element) -> F) -> T {
        for _ in 0..5 {
            match act(self.find(what, find, text).await).await {
                Ok(done) => return done,
                Err(error) if error.is_stale_element_reference() => {}
                Err(error) => self.fail(&format!("{what}: {error}")).await,
            }
        }
        self.fail(&format!("{what} is replaced again and again")).await
    }
    async fn find(&self, what: &str, script: &str, text: &str) -> Element {
        self.until(what, async || {
            let found = self.script(script, vec![text.into()]).await;
            let id = found.as_object()?.values().next()?.as_str()?.to_owned();
            Some(Element::from_element_id(self.client.clone(), ElementRef::from(id)))
        })
        .await
    }
}

/// Starts chromedriver. Left to itself it takes a port that is free for IPv6 and ends if something has the same one for IPv4.
fn driver() -> (Process, u16) {
    let port = free_port();
    let mut command = Command::new(required("TEST_CHROMEDRIVER"));
    let mut driver = Process::start("chromedriver", command.args([&format!("--port={port}"), "--log-level=WARNING"]));
    driver.wait_for("that it started", |line| line.contains("started successfully").then_some(()));
    (driver, port)
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver may leave its Chromium behind: everything that works in this profile is ours.
        let profile = self.profile.path().display().to_string();
        for process in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
            let command = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
            let number = process.file_name().to_string_lossy().parse();
            if let (true, Ok(number)) = (String::from_utf8_lossy(&command).contains(&profile), number) {
                signal("KILL", number);
            }
        }
    }
}
