//! A real server on a real database, and a client for it.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use actix_web::dev::ServerHandle;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use ureq::http::{HeaderMap, Method, Request};
use wangjia::api::extract::BodyDeadline;
use wangjia::api::rates::{RateLimits, rate};
use wangjia::api::server::{self, Limits};
use wangjia::api::state::Service;
use wangjia::app::access::Grant;
use wangjia::app::accounts::{self, NewAccount, sessions};
use wangjia::app::error::AppError;
use wangjia::app::jobs::{Clock, Queue, Workers};
use wangjia::app::{Db, settings, setup, work};
use wangjia::domain::access::{Login, Role};

use crate::support::TestDb;

/// The server of one test, on a free port of this machine. Its clock stands still at noon of 23 November 2026 in China,
/// unless the test moves it.
pub struct TestApp {
    pub address: SocketAddr,
    agent: ureq::Agent,
    /// Of an account that holds every role everywhere.
    pub token: String,
    clock: Arc<AtomicI64>,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
    workers: Option<Workers>,
}

/// The body deadline of test servers: long enough for a slow machine, short enough to wait for.
pub const DEADLINE: Duration = Duration::from_secs(2);

impl TestApp {
    pub fn new(db: &TestDb) -> Self {
        let mut app = Self::without_workers(db);
        app.start_workers(db);
        app
    }

    /// Nobody takes up jobs until [`TestApp::start_workers`].
    pub fn without_workers(db: &TestDb) -> Self {
        let clock = Arc::new(AtomicI64::new("2026-11-23T04:00:00Z".parse::<DateTime<Utc>>().unwrap().timestamp()));
        let played = played(db, &clock);
        setup::migrate(&played).unwrap();
        let token = everybody(db, &played);
        let service = Service::new(played, Queue::default(), tell(&clock));
        let listener = server::listen(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let address = listener.local_addr().unwrap();
        let (send, receive) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async {
                // Tests ask faster than people.
                let rates = RateLimits { account: rate(100_000, 100_000), address: rate(100_000, 100_000) };
                let limits =
                    Limits { body_deadline: BodyDeadline(DEADLINE), workers: Some(2), rates, ..Limits::default() };
                let server = server::server(&service, listener, limits).unwrap();
                send.send((server.handle(), service)).unwrap();
                server.await.unwrap();
            });
        });
        let (handle, _service) = receive.recv().unwrap();
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(60)));
        let agent = config.build().new_agent();
        Self { address, agent, token, clock, handle, thread: Some(thread), workers: None }
    }

    /// One worker with a queue of its own, as another process would have.
    pub fn start_workers(&mut self, db: &TestDb) {
        let queue = Queue::default();
        self.workers =
            Some(Workers::start(&played(db, &self.clock), &queue, &tell(&self.clock), work::perform, 1).unwrap());
    }

    /// The database by this server's clock.
    pub fn played(&self, db: &TestDb) -> Db {
        played(db, &self.clock)
    }

    pub fn advance(&self, by: TimeDelta) {
        self.clock.fetch_add(by.num_seconds(), Ordering::SeqCst);
    }

    /// A request under `/api/v1`.
    pub fn request(&self, method: &str, path: &str) -> Call<'_> {
        self.raw(method, &format!("/api/v1{path}"))
    }

    /// A request at any path, with the token of the account that holds every role.
    pub fn raw(&self, method: &str, path: &str) -> Call<'_> {
        self.anonymous(method, path).header("authorization", &format!("Bearer {}", self.token))
    }

    /// A request of an account under `/api/v1`.
    pub fn by(&self, token: &str, method: &str, path: &str) -> Call<'_> {
        self.anonymous(method, &format!("/api/v1{path}")).header("authorization", &format!("Bearer {token}"))
    }

    /// A request of nobody.
    pub fn anonymous(&self, method: &str, path: &str) -> Call<'_> {
        Call {
            agent: &self.agent,
            method: method.parse().unwrap(),
            uri: format!("http://{}{path}", self.address),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Value {
        self.request("GET", path).send().expect(200).body
    }

    /// Creates something; gives its body.
    #[track_caller]
    pub fn create(&self, path: &str, body: &Value) -> Value {
        self.request("POST", path).json(body).send().expect(201).body
    }

    #[track_caller]
    pub fn etag(&self, path: &str) -> String {
        self.request("GET", path).send().expect(200).header("etag")
    }

    /// A PATCH of what is there now.
    #[track_caller]
    pub fn patch(&self, path: &str, body: &Value) -> Answer {
        self.request("PATCH", path).header("if-match", &self.etag(path)).json(body).send()
    }

    /// Waits until a job has ended.
    #[track_caller]
    pub fn wait(&self, job: &str) -> Value {
        let started = Instant::now();
        loop {
            let job = self.get(&format!("/jobs/{job}"));
            if !matches!(job["state"].as_str(), Some("queued" | "running")) {
                return job;
            }
            assert!(started.elapsed() < Duration::from_secs(120), "the job did not end: {job}");
            std::thread::yield_now();
        }
    }

    /// A community with a grid and a building; gives the building's id.
    pub fn building(&self) -> String {
        let community = self.create("/communities", &json!({"name": "旺家社区"}));
        let grid = self.create("/grids", &json!({"community_id": community["id"], "name": "第一网格"}));
        let building = json!({"grid_id": grid["id"], "name": "1号楼", "minutes_to_park": 8});
        id(&self.create("/buildings", &building))
    }

    pub fn household(&self, building: &str) -> String {
        id(&self.create("/households", &json!({"building_id": building})))
    }

    /// A resident born on a day; `order` makes the ID number another one and, if odd, the person a man.
    pub fn resident(&self, name: &str, birth: &str, order: u16) -> String {
        id(&self.create("/residents", &json!({"name": name, "id_number": id_number(birth, order)})))
    }

    pub fn employer(&self, name: &str) -> String {
        id(&self.create("/employers", &json!({"name": name, "kind": "tenant"})))
    }

    /// A published posting.
    pub fn posting(&self, employer: &str, headcount: u32) -> String {
        let body = json!({
            "employer_id": employer, "title": "缝纫工", "channel": "micro_factory", "headcount": headcount,
            "valid_from": "2026-01-01", "pay_kind": "monthly", "pay_min_fen": 260_000, "pay_max_fen": 340_000,
            "night_work": false, "overtime": false, "hazards": [], "shift": "day", "place": "园区",
            "physical_grade": 1, "load_kg": 0, "forced_posture": false,
        });
        let id = id(&self.create("/postings", &body));
        let path = format!("/postings/{id}");
        let publish = self.request("POST", &format!("{path}/publish")).header("if-match", &self.etag(&path));
        publish.send().expect(200);
        id
    }
}

/// The moment test clocks stand at.
pub fn noon() -> chrono::NaiveDateTime {
    "2026-11-23T04:00:00Z".parse::<DateTime<Utc>>().unwrap().naive_utc()
}

/// An account with these roles and an API token of it.
pub fn account(db: &TestDb, login: &str, grants: &[Grant]) -> String {
    let new =
        NewAccount { login: Login::parse(login).unwrap(), display_name: login.to_owned(), grants: grants.to_vec() };
    let made = db.db.write(|conn| {
        // Two servers on one database share the account.
        let account = match accounts::by_login(conn, &new.login) {
            Err(AppError::NotFound) => accounts::create(conn, &new, None, noon())?,
            found => found?,
        };
        sessions::make_token_for(conn, db.db.keys(), account.id, "test", 365, noon())
    });
    made.unwrap().token.reveal().to_owned()
}

/// An account that holds every role everywhere, HR but for one employer apart.
fn everybody(db: &TestDb, played: &Db) -> String {
    // What a test is about is not how often its user typed a code.
    let since = "2020-01-01".parse().unwrap();
    settings::set(played, settings::SECOND_FACTOR_REQUIRED, "none", since).unwrap();
    let everywhere = |role| Grant { role, area: None, employer: None };
    let roles = [Role::Counselor, Role::Official, Role::Administrator, Role::Auditor];
    account(db, "everybody", &roles.map(everywhere))
}

fn tell(clock: &Arc<AtomicI64>) -> Clock {
    let clock = Arc::clone(clock);
    Arc::new(move || DateTime::from_timestamp(clock.load(Ordering::SeqCst), 0).unwrap())
}

fn played(db: &TestDb, clock: &Arc<AtomicI64>) -> Db {
    let clock = tell(clock);
    db.db.by_clock(move || clock().naive_utc())
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // The server's own thread drives the stop; waiting for it here needs no runtime.
        drop(self.handle.stop(false));
        self.workers = None;
        let ended = self.thread.take().is_none_or(|thread| thread.join().is_ok());
        assert!(ended || std::thread::panicking(), "the server panicked");
    }
}

/// An ID number of the unassigned area 529900.
pub fn id_number(birth: &str, order: u16) -> String {
    let id = wangjia::domain::resident_id::ResidentId::compose("529900", birth.parse().unwrap(), order).unwrap();
    id.as_str().to_owned()
}

pub fn id(body: &Value) -> String {
    body["id"].as_str().expect("an id").to_owned()
}

/// A request in the making.
pub struct Call<'a> {
    agent: &'a ureq::Agent,
    method: Method,
    uri: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Call<'_> {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string().as_bytes())
    }

    pub fn body(mut self, content_type: &str, body: &[u8]) -> Self {
        self.body = body.to_vec();
        self.header("content-type", content_type)
    }

    #[track_caller]
    pub fn send(self) -> Answer {
        let mut request = Request::builder().method(&self.method).uri(&self.uri);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let response = if self.body.is_empty() {
            self.agent.run(request.body(()).unwrap())
        } else {
            self.agent.run(request.body(self.body).unwrap())
        };
        let mut response = response.unwrap_or_else(|error| panic!("{} {}: {error}", self.method, self.uri));
        let bytes = response.body_mut().read_to_vec().unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        let status = response.status().as_u16();
        Answer {
            status,
            headers: response.headers().clone(),
            body,
            bytes,
            what: format!("{} {}", self.method, self.uri),
        }
    }
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
    pub bytes: Vec<u8>,
    what: String,
}

impl Answer {
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.what, String::from_utf8_lossy(&self.bytes));
        self
    }

    /// A problem document with this status and code, in its proper form.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Self {
        let this = self.expect(status);
        assert_eq!(this.header("content-type"), "application/problem+json", "{}", this.what);
        assert_eq!(this.body["code"], code, "{}: {}", this.what, this.body);
        assert_eq!(this.body["status"], status);
        assert_eq!(this.body["request_id"], this.header("x-request-id"));
        assert!(this.body["title"].as_str().is_some_and(|title| !title.is_empty()));
        this
    }

    /// A problem of one field.
    #[track_caller]
    pub fn field(self, pointer: &str, code: &str) -> Self {
        let this = self.problem(422, "validation_failed");
        let found: Vec<(&str, &str)> = this.body["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap()))
            .collect();
        assert!(found.contains(&(pointer, code)), "{}: {found:?} lacks {pointer} {code}", this.what);
        this
    }

    #[track_caller]
    pub fn header(&self, name: &str) -> String {
        let value = self.headers.get(name).unwrap_or_else(|| panic!("{}: no header {name}", self.what));
        value.to_str().unwrap().to_owned()
    }
}
