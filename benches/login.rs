//! What a flood of sign-ins costs others: memory, and the time of somebody else's request; what a request's recognition costs.
//!
//! `cargo bench --bench login`; figures in `benches/README.md`. A plain program: it starts the real server as a process of
//! its own, so that its memory is the server's alone, and knocks from 64 threads of this one.

#[path = "common/server.rs"]
mod server;

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use wangjia::app::access::Grant;
use wangjia::app::accounts::passwords::{self, Password};
use wangjia::app::accounts::rules::AccessRules;
use wangjia::app::accounts::sign_in::{self, Typed};
use wangjia::app::accounts::{self, Initial, NewAccount, sessions};
use wangjia::app::error::AppError;
use wangjia::app::{DatabaseUrl, Db, Keyring, now, settings, setup};
use wangjia::domain::access::{Login, Role};

use server::{Server, agent, percentile};

const PASSWORD: &str = "eleven blue herons at noon";
/// Sign-ins at once.
const PARALLEL: usize = 64;
const LASTS: Duration = Duration::from_secs(10);

/// Times of somebody's requests, one after the other, until told to stop.
/// Between two requests of the reader.
const PAUSE: Duration = Duration::from_millis(15);

fn reads(url: &str, bearer: &str, stop: &AtomicBool) -> Result<Vec<f64>, ureq::Error> {
    let agent = agent();
    let mut times = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let start = Instant::now();
        let answer = agent.get(format!("{url}/api/v1/accounts?limit=20")).header("authorization", bearer).call()?;
        assert_eq!(answer.status().as_u16(), 200);
        answer.into_body().read_to_vec()?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
        // Slower than the account's rate, so that none of them is turned away.
        std::thread::sleep(PAUSE);
    }
    Ok(times)
}

fn sign_in_over_http(agent: &ureq::Agent, url: &str, login: &str, password: &str) -> Result<u16, ureq::Error> {
    let body = serde_json::json!({"login": login, "password": password}).to_string();
    let answer =
        agent.post(format!("{url}/api/v1/auth/sign-in")).content_type("application/json").send(body.as_str())?;
    Ok(answer.status().as_u16())
}

fn login(name: &str) -> Result<Login, &'static str> {
    Login::parse(name).ok_or("a login that is none")
}

fn open(folder: &std::path::Path) -> Result<Db, Box<dyn std::error::Error>> {
    let keys = Keyring::create_file(&folder.join("wangjia.key"))?;
    let db = Db::open(&DatabaseUrl::sqlite(folder.join("wangjia.db")), keys)?;
    setup::migrate(&db)?;
    settings::set(&db, settings::SECOND_FACTOR_REQUIRED, "none", settings::since_ever())?;
    let hash = passwords::hash(&Password::new(PASSWORD).ok_or("a password that is none")?)?;
    let initial = Initial { hash, is_temporary: false };
    for n in 0..=PARALLEL {
        let role = if n == 0 { Role::Administrator } else { Role::Auditor };
        let grants = vec![Grant { role, area: None, employer: None }];
        let new = NewAccount { login: login(&format!("user{n}"))?, display_name: format!("用户{n}"), grants };
        db.write(|conn| accounts::create(conn, &new, Some(&initial), now()))?;
    }
    Ok(db)
}

fn flood(server: &Server, bearer: &str) -> Result<(), Box<dyn std::error::Error>> {
    let url = server.url.as_str();
    let stop = AtomicBool::new(false);
    let quiet = std::thread::scope(|scope| {
        let stop = &stop;
        let reader = scope.spawn(move || reads(url, bearer, stop));
        std::thread::sleep(LASTS);
        stop.store(true, Ordering::Relaxed);
        reader.join()
    });
    let mut quiet = quiet.map_err(|_| "the reader panicked")??;
    server.forget_peak()?;
    let before = server.peak()?;
    let (done, busy) = (AtomicUsize::new(0), AtomicUsize::new(0));
    stop.store(false, Ordering::Relaxed);
    let (mut loud, mut sign_ins) = std::thread::scope(|scope| {
        let (done, busy, stop) = (&done, &busy, &stop);
        let knock = move |n: usize| {
            let (agent, name) = (agent(), format!("user{n}"));
            let mut times = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                let start = Instant::now();
                match sign_in_over_http(&agent, url, &name, PASSWORD) {
                    Ok(200) => {
                        times.push(start.elapsed().as_secs_f64() * 1e3);
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                    _ => {
                        busy.fetch_add(1, Ordering::Relaxed);
                    }
                }
            }
            times
        };
        let knockers: Vec<_> = (1..=PARALLEL).map(|n| scope.spawn(move || knock(n))).collect();
        let reader = scope.spawn(move || reads(url, bearer, stop));
        std::thread::sleep(LASTS);
        stop.store(true, Ordering::Relaxed);
        let times: Vec<f64> = knockers.into_iter().filter_map(|knocker| knocker.join().ok()).flatten().collect();
        reader.join().map_err(|_| "the reader panicked").map(|loud| (loud, times))
    })?;
    let loud = loud.as_mut().map_err(|error| error.to_string())?;
    println!("{PARALLEL} parallel sign-ins for {} s", LASTS.as_secs());
    println!("  signed in {}, turned away {}", done.load(Ordering::Relaxed), busy.load(Ordering::Relaxed));
    println!("  a sign-in: p50 {:.0} ms, p99 {:.0} ms", percentile(&mut sign_ins, 50), percentile(&mut sign_ins, 99));
    println!("  memory of the server: {before:.1} MiB before, peak {:.1} MiB", server.peak()?);
    for (percent, name) in [(50, "p50"), (99, "p99")] {
        let (idle, busy) = (percentile(&mut quiet, percent), percentile(loud, percent));
        println!("  another user's GET {name}: idle {idle:.2} ms, during {busy:.2} ms, ratio {:.1}", busy / idle);
    }
    Ok(())
}

fn guesses(server: &Server) -> Result<(), Box<dyn std::error::Error>> {
    let agent = agent();
    let (start, mut looked_at) = (Instant::now(), 0);
    for _ in 0..1_000 {
        looked_at += u32::from(sign_in_over_http(&agent, &server.url, "user0", "a wrong password")? == 401);
    }
    println!("1000 wrong passwords in {:.1} s: {looked_at} looked at", start.elapsed().as_secs_f64());
    Ok(())
}

/// Whether the time of a refusal tells an existing login from one that is none; alternating, so that drift hits both.
fn alike(db: &Db) -> Result<(), Box<dyn std::error::Error>> {
    const N: usize = 500;
    let typed = |login: &str| Typed { login: login.into(), password: Password::new("not the password"), code: None };
    let (known, unknown) = (typed("user1"), typed("nobody"));
    let mut times = [Vec::with_capacity(N), Vec::with_capacity(N)];
    for _ in 0..N {
        for (typed, times) in [&known, &unknown].into_iter().zip(&mut times) {
            let start = Instant::now();
            let refused = sign_in::check(db, typed, now());
            times.push(start.elapsed().as_secs_f64() * 1e3);
            assert!(matches!(refused, Err(AppError::SignInRefused)));
        }
    }
    // Mann-Whitney: how often a known login takes longer than an unknown one; 0.5 = no telling.
    let wins: usize = times[0].iter().map(|a| times[1].iter().filter(|b| a > b).count()).sum();
    let [wrong, nobody] = times.each_mut().map(|times| percentile(times, 50));
    println!("a refusal, n = {N} each, real parameters");
    println!("  wrong password {wrong:.2} ms, unknown login {nobody:.2} ms, {:+.2} %", (wrong / nobody - 1.0) * 100.0);
    #[expect(clippy::cast_precision_loss, reason = "counts below 2^52")]
    let share = wins as f64 / (N * N) as f64;
    let deviation = (share - 0.5) / ((2.0 * 500.0 + 1.0) / (12.0 * 500.0 * 500.0_f64)).sqrt();
    println!("  a known login takes longer in {:.1} % of pairs (z = {deviation:.1})", share * 100.0);
    Ok(())
}

fn recognition(db: &Db, token: &str) -> Result<(), Box<dyn std::error::Error>> {
    const N: u32 = 20_000;
    let start = Instant::now();
    for _ in 0..N {
        black_box(db.read(|conn| sessions::authenticate(conn, db.keys(), token, now()))?);
    }
    println!("recognising a request: {:.1} us", start.elapsed().as_secs_f64() * 1e6 / f64::from(N));
    let rules = db.read(|conn| AccessRules::load(conn, now()))?;
    let hostile: String = "4@8({[<3691!|7$5+%2".chars().cycle().take(passwords::LONGEST).collect();
    let hostile = Password::new(&hostile).ok_or("a password that is none")?;
    for (what, password) in [("the most work", &hostile), ("an ordinary one", &Password::new(PASSWORD).ok_or("none")?)]
    {
        let start = Instant::now();
        for _ in 0..20 {
            black_box(passwords::check(&rules, password, &[], "")).ok();
        }
        println!("whether a password is guessable, {what}: {:.1} ms", start.elapsed().as_secs_f64() * 1e3 / 20.0);
    }
    let start = Instant::now();
    assert!(Password::new(&"e\u{301}".repeat(350_000)).is_none());
    println!("a password of 1 MB: {:.3} ms", start.elapsed().as_secs_f64() * 1e3);
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let db = open(folder.path())?;
    let account = db.read(|conn| accounts::by_login(conn, &login("user0").map_err(anyhow::Error::msg)?))?;
    let made = db.write(|conn| sessions::make_token_for(conn, db.keys(), account.id, "bench", 1, now()))?;
    recognition(&db, made.token.reveal())?;
    alike(&db)?;
    let server = Server::start(folder.path())?;
    flood(&server, &format!("Bearer {}", made.token.reveal()))?;
    guesses(&server)
}
