//! The real binary, serving a database of its own in a folder of its own, for as long as a test needs it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long the program may take to build its database and answer. A debug build on a busy machine needs most of a minute.
const START_LIMIT: Duration = Duration::from_secs(300);

const LOG: &str = "server.log";

/// Address of a PostgreSQL server for tests (`tests/run` starts one).
const POSTGRES_VARIABLE: &str = "WANGJIA_TEST_POSTGRES";

/// Where a site keeps its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// The account of an empty town.
pub const LOGIN: &str = "viewer";
pub const PASSWORD: &str = "eleven blue herons at noon";

/// A running server; it ends, and its data goes, when this is dropped.
pub struct Site {
    server: Child,
    pub url: String,
    /// Address of the database, where it is not the file of the demo.
    database: Option<String>,
    folder: TempDir,
}

/// The program under test: `WANGJIA_BIN`, or the one beside this test's own executable.
fn program() -> PathBuf {
    let path = std::env::var_os("WANGJIA_BIN").map_or_else(
        || {
            let test = std::env::current_exe().unwrap();
            test.ancestors().nth(2).unwrap().join("wangjia")
        },
        PathBuf::from,
    );
    assert!(path.exists(), "{} is not built; run `cargo build` first", path.display());
    path
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.current_dir(folder).args(arguments).stdin(Stdio::null());
    for setting in ["DATABASE_URL", "WANGJIA_KEYS", "WANGJIA_KEY_FILE", "WANGJIA_LANG", "WANGJIA_LOG"] {
        command.env_remove(setting);
    }
    command
}

/// A new database on the server for tests.
fn new_database() -> String {
    let server = std::env::var(POSTGRES_VARIABLE)
        .unwrap_or_else(|_| panic!("{POSTGRES_VARIABLE} is not set; run this through tests/with-postgres"));
    let name = format!("browser_{}_{}", std::process::id(), std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos());
    let made =
        Command::new("psql").args([&server, "--quiet", "--command", &format!("create database {name}")]).output();
    let made = made.expect("psql is installed (package postgresql-client)");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}

/// The address a server says it serves, once it is written as far as the slash after the port.
fn address_in(log: &str) -> Option<String> {
    const SCHEME: &str = "http://";
    let rest = &log[log.find("http://127.0.0.1:")?..];
    let slash = rest[SCHEME.len()..].find('/')?;
    Some(rest[..SCHEME.len() + slash].to_owned())
}

impl Site {
    /// The demo community as a newcomer gets it, only smaller.
    pub async fn demo(database: Database) -> Self {
        let url = match database {
            Database::Sqlite => None,
            Database::Postgres => Some(new_database()),
        };
        let mut arguments = vec!["demo", "--households", "240"];
        if let Some(url) = &url {
            arguments.extend(["--database-url", url]);
        }
        let mut site = Self::start(&arguments, tempfile::tempdir().unwrap()).await;
        site.database = url;
        site
    }

    /// The password of a demo account, as the demo printed it.
    pub fn password(&self, login: &str) -> String {
        let log = self.log();
        let mut rows = log.lines().map(|line| line.trim_matches('│').split('┆').map(str::trim).collect::<Vec<_>>());
        let row = rows.find(|cells| cells.len() == 4 && cells[2] == login);
        row.unwrap_or_else(|| panic!("no account {login} in\n{log}"))[3].to_owned()
    }

    /// A new database without anybody in it.
    pub async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = command(folder.path(), &["migrate"]).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let site = Self::start(&["serve"], folder).await;
        site.add_official();
        site
    }

    /// A new database nobody has an account in.
    pub async fn untouched() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = command(folder.path(), &["migrate"]).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        Self::start(&["serve"], folder).await
    }

    /// Adds the account an empty town is looked at with.
    fn add_official(&self) {
        let run = |arguments: &[&str], typed: &str| {
            let mut child =
                command(self.folder.path(), arguments).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
            child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
            assert!(child.wait().unwrap().success(), "{arguments:?}");
        };
        run(&["settings", "set", "second_factor_required", "none", "--from", "2020-01-01"], "");
        run(&["user", "add", LOGIN, "--name", "观察员", "--role", "official", "--password-stdin"], PASSWORD);
    }

    /// Adds the clerk of an employer, with [`PASSWORD`].
    pub fn add_clerk(&self, login: &str, employer: &str) {
        let database = self.database.as_deref().unwrap_or("sqlite://wangjia-demo.db");
        let mut child = command(self.folder.path(), &["user", "add", login, "--name", "人事", "--role"])
            .arg(format!("hr:employer={employer}"))
            .args(["--password-stdin", "--database-url", database, "--key-file", "wangjia-demo.key"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success(), "{login} of {employer}");
    }

    /// Starts a serving command on a free port, which the program chooses and names.
    async fn start(arguments: &[&str], folder: TempDir) -> Self {
        let log = std::fs::File::create(folder.path().join(LOG)).unwrap();
        let out = log.try_clone().unwrap();
        let mut command = command(folder.path(), arguments);
        let server = command.args(["--bind", "127.0.0.1:0"]).stdout(out).stderr(log).spawn().unwrap();
        let mut site = Self { server, url: String::new(), database: None, folder };
        site.wait_until_ready().await;
        site
    }

    async fn wait_until_ready(&mut self) {
        let began = Instant::now();
        loop {
            if let Some(url) = address_in(&self.log())
                && reqwest::get(format!("{url}/readyz")).await.is_ok_and(|answer| answer.status().is_success())
            {
                self.url = url;
                return;
            }
            let ended = self.server.try_wait().unwrap();
            assert!(ended.is_none() && began.elapsed() < START_LIMIT, "not ready ({ended:?}):\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What the server wrote so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join(LOG)).unwrap()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // Either may fail only because the server has ended already.
        drop(self.server.kill());
        drop(self.server.wait());
    }
}
