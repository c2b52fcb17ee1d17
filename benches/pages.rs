//! Server time of every page on the demo town: each kind of page that the links of a role lead to, asked for again and again.
//!
//! `cargo bench --bench pages`; `WANGJIA_PAGES_HOUSEHOLDS` chooses another size. Figures in `benches/README.md`. A plain program
//! against the real server as a process of its own; what is measured is from the first byte of the request to the last of the
//! answer, on loopback, with everything a page does on the way: sign-in, policy, queries, audit, template, compression.

#[path = "common/kinds.rs"]
mod kinds;

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use kinds::{is_page, kind_of};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const ROLES: [&str; 5] = ["counselor", "factory-hr", "official", "admin", "auditor"];
/// Times each page is asked for.
const N: usize = 15;
/// Keeps the requests below the limit of an account.
const REST: Duration = Duration::from_millis(25);

/// The demo, serving; ends with the benchmark.
struct Demo {
    process: Child,
    url: String,
    said: Vec<String>,
    _folder: tempfile::TempDir,
}

impl Drop for Demo {
    fn drop(&mut self) {
        if self.process.kill().is_ok() {
            self.process.wait().ok();
        }
    }
}

impl Demo {
    fn start(households: &str) -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let mut process = Command::new(env!("CARGO_BIN_EXE_wangjia"))
            .args(["demo", "--households", households, "--bind", "127.0.0.1:0"])
            .current_dir(folder.path())
            .env("WANGJIA_LOG", "error")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        // Whichever of the two says the address.
        let (sender, receiver) = std::sync::mpsc::channel();
        let out = process.stdout.take().ok_or("no output")?;
        let err = process.stderr.take().ok_or("no output")?;
        let errors = sender.clone();
        std::thread::spawn(move || {
            BufReader::new(err).lines().map_while(Result::ok).for_each(|line| drop(errors.send(line)))
        });
        std::thread::spawn(move || {
            BufReader::new(out).lines().map_while(Result::ok).for_each(|line| drop(sender.send(line)))
        });
        let mut said = Vec::new();
        loop {
            let line = receiver.recv_timeout(Duration::from_secs(600))?;
            let address = line.find("http://127.0.0.1:").map(|at| &line[at..]);
            let url = address.map(|rest| rest.chars().take_while(|c| c.is_ascii_graphic()).collect::<String>());
            said.push(line);
            if let Some(url) = url {
                let url = url.trim_end_matches('/').to_owned();
                return Ok(Self { process, url, said, _folder: folder });
            }
        }
    }

    fn password(&self, login: &str) -> Outcome<String> {
        let mut rows =
            self.said.iter().map(|line| line.trim_matches('│').split('┆').map(str::trim).collect::<Vec<_>>());
        let row = rows.find(|cells| cells.len() == 4 && cells[2] == login).ok_or("no such account")?;
        Ok(row[3].to_owned())
    }
}

/// A browser without scripts: its cookies, and the way it asks.
struct Reader {
    agent: ureq::Agent,
    url: String,
    cookies: BTreeMap<String, String>,
}

struct Page {
    status: u16,
    to: Option<String>,
    html: String,
}

impl Reader {
    fn new(url: &str) -> Self {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().new_agent();
        Self { agent, url: url.to_owned(), cookies: BTreeMap::new() }
    }

    fn cookie(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn take(&mut self, answer: ureq::http::Response<ureq::Body>) -> Outcome<Page> {
        for set in answer.headers().get_all("set-cookie") {
            if let Some((name, value)) = set.to_str()?.split(';').next().and_then(|pair| pair.split_once('=')) {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let status = answer.status().as_u16();
        let to = answer.headers().get("location").map(|to| to.to_str().map(str::to_owned)).transpose()?;
        Ok(Page { status, to, html: answer.into_body().read_to_string()? })
    }

    fn get(&mut self, path: &str) -> Outcome<Page> {
        std::thread::sleep(REST);
        let answer = self.agent.get(format!("{}{path}", self.url)).header("cookie", self.cookie()).call()?;
        self.take(answer)
    }

    fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Outcome<Page> {
        let call = self.agent.post(format!("{}{path}", self.url)).header("cookie", self.cookie());
        let answer = call.send_form(form.iter().copied())?;
        self.take(answer)
    }

    /// On until a page stands there; gives its address with it.
    fn open(&mut self, path: &str) -> Outcome<(String, Page)> {
        let mut at = path.to_owned();
        for _ in 0..5 {
            let page = self.get(&at)?;
            match page.to.clone() {
                Some(to) => at = to,
                None => return Ok((at, page)),
            }
        }
        Err(format!("{path} leads in a circle").into())
    }

    fn sign_in(&mut self, login: &str, password: &str) -> Outcome<()> {
        self.post("/sign-in", &[("login", login), ("password", password), ("code", "")])?;
        let (_, page) = self.open("/reason?then=/")?;
        let (_, rest) = page.html.split_once("name=\"csrf\" value=\"").ok_or("no form")?;
        let csrf = rest.split('"').next().unwrap_or_default().to_owned();
        self.post("/reason", &[("csrf", &csrf), ("reason", "测量页面用时"), ("then", "/")])?;
        Ok(())
    }
}

/// The addresses of a page's links, as a browser resolves them.
fn links(html: &str) -> Vec<String> {
    let hrefs =
        html.split("<a ").skip(1).filter_map(|tag| tag.split('>').next()?.split("href=\"").nth(1)?.split('"').next());
    hrefs.map(|href| href.replace("&amp;", "&").replace("&#38;", "&")).filter(|href| is_page(href)).collect()
}

/// One address of every kind of page.
fn walk(reader: &mut Reader) -> Outcome<BTreeMap<String, String>> {
    let mut waiting = VecDeque::from(["/".to_owned(), "/account".to_owned()]);
    let (mut seen, mut found) = (std::collections::BTreeSet::new(), BTreeMap::new());
    while let Some(address) = waiting.pop_front() {
        if address.contains("lang=en") || !seen.insert(kind_of(&address)) {
            continue;
        }
        let (opened, page) = reader.open(&address)?;
        if page.status == 200 {
            waiting.extend(links(&page.html));
            found.entry(kind_of(&opened)).or_insert(opened);
        } else {
            println!("  {address} answers {}", page.status);
        }
    }
    Ok(found)
}

fn main() -> Outcome<()> {
    let households = std::env::var("WANGJIA_PAGES_HOUSEHOLDS").unwrap_or_else(|_| "4232".to_owned());
    let began = Instant::now();
    let demo = Demo::start(&households)?;
    println!("demo of {households} households, ready after {:.1} s", began.elapsed().as_secs_f64());
    for login in ROLES {
        let mut reader = Reader::new(&demo.url);
        reader.sign_in(login, &demo.password(login)?)?;
        let kinds = walk(&mut reader)?;
        println!("{login}: {} kinds of pages; median and worst of {N}, ms; characters", kinds.len());
        for (kind, address) in kinds {
            let mut times = Vec::with_capacity(N);
            let mut size = 0;
            for _ in 0..N {
                std::thread::sleep(REST);
                let start = Instant::now();
                let call =
                    reader.agent.get(format!("{}{address}", reader.url)).header("cookie", reader.cookie()).call()?;
                size = call.into_body().read_to_vec()?.len();
                times.push(start.elapsed().as_secs_f64() * 1e3);
            }
            times.sort_by(f64::total_cmp);
            println!("  {kind:<44} {:>8.1} {:>8.1} {size:>9}", times[N / 2], times[N - 1]);
        }
    }
    Ok(())
}
