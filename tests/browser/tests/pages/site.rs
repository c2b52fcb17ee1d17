//! The real binary, serving a database of its own in a folder of its own, for as long as a test needs it.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long the program may take to build its database and answer. A debug build on a busy machine needs most of a minute.
const START_LIMIT: Duration = Duration::from_secs(300);

/// A running server; it ends, and its data goes, when this is dropped.
pub struct Site {
    server: Child,
    pub url: String,
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
    command.current_dir(folder).args(arguments).env_remove("DATABASE_URL").stdin(Stdio::null());
    command
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Site {
    /// The demo community as a newcomer gets it, only smaller.
    pub async fn demo() -> Self {
        let bind = format!("127.0.0.1:{}", free_port());
        Self::start(&bind, &["demo", "--households", "240", "--bind", &bind], tempfile::tempdir().unwrap()).await
    }

    /// A new database without anybody in it.
    pub async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = "sqlite://empty.db";
        let made = command(folder.path(), &["migrate", "--database-url", url]).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let bind = format!("127.0.0.1:{}", free_port());
        Self::start(&bind, &["serve", "--database-url", url, "--bind", &bind], folder).await
    }

    async fn start(bind: &str, arguments: &[&str], folder: TempDir) -> Self {
        let log = std::fs::File::create(folder.path().join("server.log")).unwrap();
        let out = log.try_clone().unwrap();
        let server = command(folder.path(), arguments).stdout(out).stderr(log).spawn().unwrap();
        let mut site = Self { server, url: format!("http://{bind}"), folder };
        site.wait_until_ready().await;
        site
    }

    async fn wait_until_ready(&mut self) {
        let began = Instant::now();
        let ready = format!("{}/readyz", self.url);
        while !reqwest::get(&ready).await.is_ok_and(|answer| answer.status().is_success()) {
            let ended = self.server.try_wait().unwrap();
            assert!(ended.is_none() && began.elapsed() < START_LIMIT, "not ready ({ended:?}):\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What the server wrote so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("server.log")).unwrap()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // Either may fail only because the server has ended already.
        drop(self.server.kill());
        drop(self.server.wait());
    }
}
