//! What the door costs and what it gives away: time of a request with and without the policy, of what is another's and what
//! does not exist, and of everybody's requests while a thousand clients stall.
//!
//! `cargo bench --bench access`; figures in `benches/README.md`. A plain program against the real server as a process of its
//! own; the limits of requests a second are the server's own, so it asks slower than they allow.

#[path = "common/server.rs"]
mod server;

use std::hint::black_box;
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use server::{Server, agent, percentile};
use wangjia::app::access::{Action, Ask, Grant, ObjectKind, authorise};
use wangjia::app::accounts::{self, NewAccount, sessions};
use wangjia::app::{DatabaseUrl, Db, Keyring, now, settings, setup};
use wangjia::domain::access::{Login, Role};
use wangjia::domain::resident_id::ResidentId;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Samples of a kind of answer.
const N: usize = 2_000;
const STALLED: usize = 1_000;

fn open(folder: &Path) -> Outcome<Db> {
    let keys = Keyring::create_file(&folder.join("wangjia.key"))?;
    let db = Db::open(&DatabaseUrl::sqlite(folder.join("wangjia.db")), keys)?;
    setup::migrate(&db)?;
    settings::set(&db, settings::SECOND_FACTOR_REQUIRED, "none", settings::since_ever())?;
    Ok(db)
}

fn token(db: &Db, login: &str, grants: Vec<Grant>) -> Outcome<String> {
    let new = NewAccount {
        login: Login::parse(login).ok_or("a login that is none")?,
        display_name: login.to_owned(),
        grants,
    };
    let made = db.write(|conn| {
        let account = accounts::create(conn, &new, None, now())?;
        sessions::make_token_for(conn, db.keys(), account.id, "bench", 1, now())
    })?;
    Ok(made.token.reveal().to_owned())
}

fn create(url: &str, token: &str, path: &str, body: &Value) -> Outcome<String> {
    let answer = agent()
        .post(format!("{url}/api/v1{path}"))
        .header("authorization", format!("Bearer {token}"))
        .content_type("application/json")
        .send(body.to_string().as_str())?;
    let status = answer.status();
    let text = answer.into_body().read_to_string()?;
    let body: Value = serde_json::from_str(&text)?;
    body["id"].as_str().map(str::to_owned).ok_or_else(|| format!("{path}: {status} {text}").into())
}

fn grant(role: Role, area: Option<&str>) -> Outcome<Grant> {
    Ok(Grant { role, area: area.map(str::parse).transpose()?, employer: None })
}

/// A few milliseconds of rest keep the requests below the limit of an account.
fn timed(agent: &ureq::Agent, url: &str, token: Option<&str>) -> Outcome<(u16, f64)> {
    std::thread::sleep(Duration::from_millis(8));
    let mut call = agent.get(url);
    if let Some(token) = token {
        call = call.header("authorization", format!("Bearer {token}"));
    }
    let start = Instant::now();
    let answer = call.call()?;
    let status = answer.status().as_u16();
    answer.into_body().read_to_vec()?;
    Ok((status, start.elapsed().as_secs_f64() * 1e3))
}

/// What is another's against what does not exist, alternating, so that drift hits both.
fn alike(url: &str, token: &str, foreign: &str) -> Outcome<()> {
    let agent = agent();
    let mut times = [Vec::with_capacity(N), Vec::with_capacity(N)];
    for _ in 0..N {
        for (id, times) in [foreign, "999999999"].into_iter().zip(&mut times) {
            let (status, time) = timed(&agent, &format!("{url}/api/v1/residents/{id}"), Some(token))?;
            assert_eq!(status, 404);
            times.push(time);
        }
    }
    // Mann-Whitney: how often a foreign record takes longer than an absent one; 0.5 = no telling.
    let wins: usize = times[0].iter().map(|a| times[1].iter().filter(|b| a > b).count()).sum();
    #[expect(clippy::cast_precision_loss, reason = "counts below 2^52")]
    let (share, n) = (wins as f64 / (N * N) as f64, N as f64);
    let z = (share - 0.5) / ((2.0 * n + 1.0) / (12.0 * n * n)).sqrt();
    let [foreign, absent] = times.each_mut().map(|times| percentile(times, 50));
    println!("a record of another's against none, n = {N} each");
    println!("  median {foreign:.3} ms and {absent:.3} ms, {:+.2} %, z = {z:.2}", (foreign / absent - 1.0) * 100.0);
    Ok(())
}

fn cost(db: &Db, url: &str, token: &str, grid: &str, resident: &str) -> Outcome<()> {
    const LOOPS: u32 = 5_000;
    let caller = db.read(|conn| sessions::authenticate(conn, db.keys(), token, now()))?.ok_or("nobody")?;
    let target = Some((ObjectKind::Resident, resident.parse()?));
    let ask = Ask { object: ObjectKind::Resident, action: Action::Read, target, reason: None };
    let start = Instant::now();
    for _ in 0..LOOPS {
        black_box(db.read(|conn| sessions::authenticate(conn, db.keys(), token, now()))?);
    }
    let recognised = start.elapsed().as_secs_f64() * 1e6 / f64::from(LOOPS);
    let start = Instant::now();
    for _ in 0..LOOPS {
        black_box(db.read(|conn| authorise(conn, &caller, &ask))?);
    }
    let authorised = start.elapsed().as_secs_f64() * 1e6 / f64::from(LOOPS);
    println!("the check of one request: {recognised:.0} us to recognise, {authorised:.0} us to authorise a resident");
    let agent = agent();
    let mut open = Vec::new();
    let mut checked = Vec::new();
    for _ in 0..N / 2 {
        open.push(timed(&agent, &format!("{url}/healthz"), None)?.1);
        checked.push(timed(&agent, &format!("{url}/api/v1/grids/{grid}"), Some(token))?.1);
    }
    let (open, checked) = (percentile(&mut open, 50), percentile(&mut checked, 50));
    println!("over HTTP: without a check {open:.2} ms, a checked record {checked:.2} ms (its own query included)");
    Ok(())
}

fn p99(url: &str, token: &str) -> Outcome<(f64, usize)> {
    let (agent, mut times, mut failed) = (agent(), Vec::new(), 0);
    for _ in 0..N / 4 {
        match timed(&agent, url, Some(token)) {
            Ok((200, time)) => times.push(time),
            _ => failed += 1,
        }
    }
    Ok((percentile(&mut times, 99), failed))
}

/// A thousand bodies that never come and a thousand heads that never end.
fn stalled(server: &Server, token: &str, grid: &str) -> Outcome<()> {
    let url = server.url.as_str();
    let page = format!("{url}/api/v1/grids/{grid}");
    let (idle, _) = p99(&page, token)?;
    let address = url.trim_start_matches("http://");
    let mut sockets = Vec::new();
    for n in 0..2 * STALLED {
        let mut socket = TcpStream::connect(address)?;
        let head =
            format!("POST /api/v1/auth/sign-in HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n");
        socket.write_all(head.as_bytes())?;
        if n % 2 == 0 {
            socket.write_all(b"Content-Length: 100\r\n\r\n{")?;
        }
        sockets.push(socket);
    }
    server.forget_peak()?;
    let before = server.peak()?;
    let (busy, failed) = p99(&page, token)?;
    println!("{STALLED} stalled bodies and {STALLED} stalled heads");
    println!("  p99 of others: {idle:.2} ms before, {busy:.2} ms during, ratio {:.2}, failed {failed}", busy / idle);
    println!("  memory of the server: {before:.1} MiB with all of them open, peak {:.1} MiB", server.peak()?);
    Ok(())
}

fn main() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let db = open(folder.path())?;
    let everybody = token(&db, "everybody", vec![grant(Role::Counselor, None)?, grant(Role::Administrator, None)?])?;
    let server = Server::start(folder.path())?;
    let url = server.url.as_str();
    let community = create(url, &everybody, "/communities", &json!({"name": "旺家社区"}))?;
    let mut grids = Vec::new();
    let mut residents = Vec::new();
    for (name, order) in [("第一网格", 11), ("第二网格", 12)] {
        let grid = create(url, &everybody, "/grids", &json!({"community_id": community, "name": name}))?;
        let building = create(url, &everybody, "/buildings", &json!({"grid_id": grid, "name": "1号楼"}))?;
        let household = create(url, &everybody, "/households", &json!({"building_id": building}))?;
        let id = ResidentId::compose("529900", "1990-03-07".parse()?, order).ok_or("no such day")?;
        let resident = create(url, &everybody, "/residents", &json!({"name": "某人", "id_number": id.as_str()}))?;
        let member = json!({"resident_id": resident, "relation": "head"});
        let path = format!("{url}/api/v1/households/{household}/members");
        let bearer = format!("Bearer {everybody}");
        let added = agent().post(path).header("authorization", bearer).content_type("application/json");
        assert_eq!(added.send(member.to_string().as_str())?.status().as_u16(), 200);
        grids.push(grid);
        residents.push(resident);
    }
    let counselor = token(&db, "counselor", vec![grant(Role::Counselor, Some(&grids[0]))?])?;
    cost(&db, url, &counselor, &grids[0], &residents[0])?;
    alike(url, &counselor, &residents[1])?;
    stalled(&server, &counselor, &grids[0])
}
