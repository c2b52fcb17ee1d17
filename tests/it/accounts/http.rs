//! Signing in and accounts over HTTP, behind a door that recognises who knocks.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use actix_web::body::{BoxBody, to_bytes};
use actix_web::cookie::Cookie;
use actix_web::dev::Service as _;
use actix_web::http::Method;
use actix_web::http::header::HeaderMap;
use actix_web::middleware::from_fn;
use actix_web::{App, test as actix_test, web};
use chrono::DateTime;
use serde_json::{Value, json};
use utoipa_actix_web::AppExt;
use wangjia::api::admission::admit;
use wangjia::api::guard::guard;
use wangjia::api::routes;
use wangjia::api::state::Service;
use wangjia::app::accounts::{self, Initial, NewAccount, first, passwords, sessions};
use wangjia::app::jobs::{Clock, Queue};
use wangjia::app::{settings, setup};
use wangjia::domain::access::Login;
use wangjia::pages::session::{COOKIE, CSRF_HEADER};
use wangjia::telemetry;

use super::support::*;
use crate::support::{TestDb, on_both};

on_both!(
    the_first_administrator_signs_in_and_out,
    refused_sign_ins_are_alike_and_slowed_down,
    accounts_are_kept_by_their_version,
    what_ends_a_session_holds_from_the_next_request,
    no_token_before_the_password_is_ones_own,
    tokens_and_passwords_are_their_owners_business,
);

/// The API with a clock that the test moves.
pub struct Site {
    service: Service,
    clock: Arc<AtomicI64>,
}

/// One answer.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
    /// The session's token in the cookie that was set.
    pub token: Option<String>,
}

impl Answer {
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name}")).to_str().unwrap()
    }

    #[track_caller]
    fn token(&self) -> String {
        self.token.clone().expect("a cookie")
    }
}

/// A request in the making.
pub struct Call<'a> {
    site: &'a Site,
    method: &'a str,
    path: String,
    headers: Vec<(&'static str, String)>,
    cookie: Option<String>,
    from: &'static str,
    body: Option<Value>,
}

impl Site {
    pub fn new(test: &TestDb) -> Self {
        setup::migrate(&test.db).unwrap();
        let clock = Arc::new(AtomicI64::new(noon().and_utc().timestamp()));
        let tell = Arc::clone(&clock);
        let clock_of: Clock = Arc::new(move || DateTime::from_timestamp(tell.load(Ordering::SeqCst), 0).unwrap());
        Self { service: Service::new(test.db.clone(), Queue::default(), clock_of), clock }
    }

    fn advance(&self, minutes: i64) {
        self.clock.fetch_add(minutes * 60, Ordering::SeqCst);
    }

    pub fn call<'a>(&'a self, method: &'a str, path: &str) -> Call<'a> {
        let path = format!("/api/v1{path}");
        Call { site: self, method, path, headers: vec![], cookie: None, from: "192.0.2.1:1234", body: None }
    }

    /// A request of an administrator who works through a program.
    fn keeper<'a>(&'a self, test: &TestDb, method: &'a str, path: &str) -> Call<'a> {
        settings::set(&test.db, settings::SECOND_FACTOR_REQUIRED, "none", settings::since_ever()).unwrap();
        let token = crate::api::app::account(test, "keeper", &[ADMINISTRATOR]);
        self.call(method, path).header("authorization", &format!("Bearer {token}"))
    }

    fn sign_in(&self, login: &str, password: &str) -> Answer {
        self.call("POST", "/auth/sign-in").json(json!({"login": login, "password": password})).send()
    }

    fn me(&self, token: &str) -> u16 {
        self.call("GET", "/auth/me").cookie(token).send().status
    }
}

impl Call<'_> {
    fn json(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    fn cookie(mut self, token: &str) -> Self {
        self.cookie = Some(token.to_owned());
        self
    }

    fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    fn from(mut self, peer: &'static str) -> Self {
        self.from = peer;
        self
    }

    #[track_caller]
    pub fn send(self) -> Answer {
        actix_web::rt::System::new().block_on(async {
            let published = routes::Published::new().unwrap();
            let (app, _) = App::new()
                .app_data(web::Data::new(self.site.service.clone()))
                .app_data(published.methods)
                .app_data(published.document)
                .app_data(published.doors)
                .into_utoipa_app()
                .configure(routes::list)
                .split_for_parts();
            let app = app
                .default_service(web::to(routes::fallback))
                .wrap(from_fn(admit))
                .wrap(from_fn(guard))
                .wrap(telemetry::root_span());
            let app = actix_test::init_service(app).await;
            let mut request = actix_test::TestRequest::with_uri(&self.path)
                .method(self.method.parse::<Method>().unwrap())
                .peer_addr(self.from.parse::<SocketAddr>().unwrap());
            for (name, value) in &self.headers {
                request = request.insert_header((*name, value.as_str()));
            }
            if let Some(token) = self.cookie {
                // What a page's own script shows.
                let shown = sessions::csrf_token(self.site.service.db.keys(), &token).unwrap_or_default();
                request = request.cookie(Cookie::new(COOKIE, token)).insert_header((CSRF_HEADER, shown));
            }
            if let Some(body) = self.body {
                request = request.set_json(body);
            }
            let response = match app.call(request.to_request()).await {
                Ok(response) => response.into_parts().1.map_into_boxed_body(),
                Err(error) => error.error_response(),
            };
            read(response).await
        })
    }
}

async fn read(response: actix_web::HttpResponse<BoxBody>) -> Answer {
    let token = response.cookies().find(|cookie| cookie.name() == COOKIE).map(|cookie| cookie.value().to_owned());
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let bytes = to_bytes(response.into_body()).await.unwrap_or_default();
    Answer { status, headers, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null), token }
}

fn the_first_administrator_signs_in_and_out(test: &TestDb) {
    let site = Site::new(test);
    let secret = first::announce(&test.db, noon()).unwrap().unwrap();
    let body =
        |secret: &str| json!({"secret": secret, "login": "Boss", "display_name": "吴主任", "password": PASSWORD});
    let make = |secret: &str| site.call("POST", "/auth/first-administrator").json(body(secret)).send();
    assert_eq!(make("0000-0000").expect(422).body["errors"][0]["code"], "bad_secret");
    let made = make(secret.secret.reveal()).expect(201);
    assert_eq!(made.body["login"], "boss");
    assert!(made.token.is_none(), "nobody is signed in by it");
    make(secret.secret.reveal()).expect(422);

    let signed = site.sign_in("boss", PASSWORD).expect(200);
    let cookie = signed.header("set-cookie");
    assert!(cookie.starts_with("__Host-wangjia-session=wjs_"), "{cookie}");
    for part in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    assert!(!signed.body.to_string().contains("wjs_"), "the token is in no body");
    assert_eq!(signed.header("cache-control"), "no-store");
    let token = signed.token();
    let me = site.call("GET", "/auth/me").cookie(&token).send().expect(200).body;
    assert_eq!(me["roles"][0]["role"], "administrator");
    assert_eq!(me["must_set_up_second_factor"], true);
    assert_eq!(me["csrf_token"], signed.body["csrf_token"]);

    let out = site.call("POST", "/auth/sign-out").cookie(&token).send().expect(204);
    assert_eq!(out.header("clear-site-data"), "\"cookies\", \"storage\"");
    assert_eq!(out.token(), "");
    let after = site.call("GET", "/auth/me").cookie(&token).send().expect(401);
    assert_eq!(after.body["code"], "not_signed_in");
}

fn refused_sign_ins_are_alike_and_slowed_down(test: &TestDb) {
    let site = Site::new(test);
    account(test, "owner", &[ADMINISTRATOR]);
    let gone = account(test, "gone", &[AUDITOR]);
    write(test, |conn| wangjia::app::accounts::disable(conn, gone.id, gone.version, noon()));
    let answers = [("owner", "not the password"), ("gone", PASSWORD), ("nobody", PASSWORD)].map(|(login, password)| {
        let answer = site.sign_in(login, password).expect(401);
        let mut headers: Vec<_> =
            answer.headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
        headers.retain(|header| !header.starts_with("x-request-id"));
        headers.sort();
        let mut body = answer.body;
        body["request_id"] = Value::Null;
        (headers, body.to_string())
    });
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    for _ in 1..10 {
        site.sign_in("owner", "not the password").expect(401);
    }
    let refused = site.sign_in("owner", PASSWORD).expect(429);
    assert_eq!((refused.body["code"].as_str(), refused.header("retry-after")), (Some("too_many_attempts"), "60"));
    let body = json!({"login": "owner", "password": PASSWORD});
    // Nobody gets a fresh start by writing down another address.
    let lying = site.call("POST", "/auth/sign-in").json(body.clone()).header("x-forwarded-for", "198.51.100.9").send();
    lying.expect(429);
    site.call("POST", "/auth/sign-in").json(body).from("198.51.100.9:999").send().expect(200);
    site.advance(1);
    site.sign_in("owner", PASSWORD).expect(200);
    for (body, pointer) in [
        (json!({"login": "owner", "password": PASSWORD, "role": "administrator"}), "/role"),
        (json!({"login": "owner"}), "/password"),
        (json!({"login": "owner", "password": ""}), "/password"),
        (json!({"login": "owner", "password": "x".repeat(100_000)}), "/password"),
    ] {
        let refused = site.call("POST", "/auth/sign-in").json(body).send().expect(422);
        assert_eq!(refused.body["errors"][0]["pointer"], pointer);
    }
}

fn accounts_are_kept_by_their_version(test: &TestDb) {
    let site = Site::new(test);
    let new = json!({"login": "Yang.Xiuying", "display_name": "杨秀英", "roles": [{"role": "auditor"}]});
    let made = site.keeper(test, "POST", "/accounts").json(new.clone()).send().expect(201);
    let path = made.header("location").strip_prefix("/api/v1").unwrap().to_owned();
    assert_eq!((made.body["login"].as_str(), made.body["has_password"].as_bool()), (Some("yang.xiuying"), Some(false)));
    site.keeper(test, "POST", "/accounts").json(new).send().expect(409);
    let etag = site.keeper(test, "GET", &path).send().expect(200).header("etag").to_owned();
    let rename = json!({"display_name": "杨秀"});
    site.keeper(test, "PATCH", &path).json(rename.clone()).send().expect(428);
    let renamed = site.keeper(test, "PATCH", &path).json(rename.clone()).header("if-match", &etag).send().expect(200);
    site.keeper(test, "PATCH", &path).json(rename).header("if-match", &etag).send().expect(412);
    let roles = json!({"roles": [{"role": "hr"}]});
    let put = |body: Value, tag: &str| {
        site.keeper(test, "PUT", &format!("{path}/roles")).json(body).header("if-match", tag).send()
    };
    let wrong = put(roles, renamed.header("etag")).expect(422);
    assert_eq!(wrong.body["errors"][0]["pointer"], "/roles/0/employer_id");
    let many = json!({"roles": vec![json!({"role": "auditor"}); 51]});
    assert_eq!(put(many, "*").expect(422).body["errors"][0]["code"], "too_many");
    put(json!({"roles": []}), renamed.header("etag")).expect(200);
    let listed = site.keeper(test, "GET", "/accounts?limit=2").send().expect(200).body;
    assert_eq!(listed["items"][1]["roles"], json!([]));
    site.keeper(test, "GET", "/accounts/999999").send().expect(404);
}

fn what_ends_a_session_holds_from_the_next_request(test: &TestDb) {
    let site = Site::new(test);
    account(test, "boss", &[ADMINISTRATOR]);
    let owner = account(test, "owner", &[AUDITOR]);
    let path = format!("/accounts/{}", owner.id);
    let token = || site.sign_in("owner", PASSWORD).expect(200).token();
    let acts: [(&str, &str, Option<Value>); 3] = [
        ("PUT", "/roles", Some(json!({"roles": [{"role": "auditor"}]}))),
        ("POST", "/sessions/revoke", None),
        ("POST", "/disable", None),
    ];
    for (method, act, body) in acts {
        let open = [token(), token()];
        assert_eq!(open.each_ref().map(|token| site.me(token)), [200; 2]);
        let mut call = site.keeper(test, method, &format!("{path}{act}")).header("if-match", "*");
        if let Some(body) = body {
            call = call.json(body);
        }
        call.send().expect(200);
        assert_eq!(open.each_ref().map(|token| site.me(token)), [401; 2], "{act}");
    }
    site.sign_in("owner", PASSWORD).expect(401);
    site.keeper(test, "POST", &format!("{path}/enable")).header("if-match", "*").send().expect(200);
    // Unused for half an hour.
    let token = token();
    site.advance(29);
    assert_eq!(site.me(&token), 200);
    // That was a use.
    site.advance(29);
    assert_eq!(site.me(&token), 200);
    site.advance(30);
    assert_eq!(site.me(&token), 401);
    // A reset, and the secret in place of the password.
    let reset = site.keeper(test, "POST", &format!("{path}/reset")).json(json!({})).send().expect(200).body;
    site.sign_in("owner", PASSWORD).expect(401);
    let finish = |password: &str| {
        site.call("POST", "/auth/reset").json(json!({"secret": reset["secret"], "password": password})).send()
    };
    assert_eq!(finish("owner owner owner").expect(422).body["errors"][0]["code"], "password_own_words");
    finish(OTHER_PASSWORD).expect(204);
    finish(OTHER_PASSWORD).expect(422);
    site.sign_in("owner", OTHER_PASSWORD).expect(200);
}

/// A token made under a password somebody else knows would outlast its change.
fn no_token_before_the_password_is_ones_own(test: &TestDb) {
    let site = Site::new(test);
    let initial = Initial { hash: passwords::hash(&password(PASSWORD)).unwrap(), is_temporary: true };
    let new =
        NewAccount { login: Login::parse("fresh").unwrap(), display_name: "杨秀英".into(), grants: vec![AUDITOR] };
    write(test, |conn| accounts::create(conn, &new, Some(&initial), noon()));
    let token = site.sign_in("fresh", PASSWORD).expect(200).token();
    let post = |path: &str, token: &str, body: Value| site.call("POST", path).cookie(token).json(body).send();
    let make = |token: &str| post("/auth/tokens", token, json!({"label": "每晚导出", "days": 1}));
    assert_eq!(make(&token).expect(403).body["code"], "password_change_required");
    let change = json!({"current_password": PASSWORD, "new_password": OTHER_PASSWORD});
    let token = post("/auth/password", &token, change).expect(200).token();
    make(&token).expect(200);
}

fn tokens_and_passwords_are_their_owners_business(test: &TestDb) {
    let site = Site::new(test);
    account(test, "owner", &[AUDITOR]);
    account(test, "other", &[AUDITOR]);
    let token = site.sign_in("owner", PASSWORD).expect(200).token();
    let other = site.sign_in("other", PASSWORD).expect(200).token();
    let post = |path: &str, token: &str, body: Value| site.call("POST", path).cookie(token).json(body).send();
    let make = |days: i64| post("/auth/tokens", &token, json!({"label": "每晚导出", "days": days}));
    make(366).expect(422);
    let made = make(365).expect(200).body;
    let bearer = format!("Bearer {}", made["token"].as_str().unwrap());
    let program = |method: &'static str, path: &str| site.call(method, path).header("authorization", &bearer);
    program("GET", "/auth/me").send().expect(200);
    let mint = program("POST", "/auth/tokens").json(json!({"label": "x", "days": 1})).send();
    assert_eq!(mint.expect(409).body["code"], "sign_in_needed");
    let entries = site.call("GET", "/auth/sessions").cookie(&token).send().expect(200).body;
    assert_eq!(entries["items"].as_array().unwrap().len(), 2);
    assert!(!entries.to_string().contains("wjt_"), "shown once");
    let end = format!("/auth/sessions/{}/revoke", made["id"].as_str().unwrap());
    site.call("POST", &end).cookie(&other).send().expect(404);
    program("GET", "/auth/me").send().expect(200);
    site.call("POST", &end).cookie(&token).send().expect(200);
    program("GET", "/auth/me").send().expect(401);

    let change = json!({"current_password": PASSWORD, "new_password": OTHER_PASSWORD});
    let wrong = json!({"current_password": OTHER_PASSWORD, "new_password": OTHER_PASSWORD});
    assert_eq!(post("/auth/password", &token, wrong).expect(422).body["errors"][0]["code"], "wrong_password");
    let new = post("/auth/password", &token, change).expect(200).token();
    assert_eq!((site.me(&token), site.me(&new), site.me(&other)), (401, 200, 200));

    let begun = site.call("POST", "/auth/second-factor").cookie(&new).send().expect(200).body;
    assert!(begun["url"].as_str().unwrap().contains(begun["secret"].as_str().unwrap()));
    let confirm = post("/auth/second-factor/confirm", &new, json!({"code": "12345"})).expect(422);
    assert_eq!(confirm.body["errors"][0]["code"], "wrong_code");
    let remove = json!({"password": OTHER_PASSWORD, "code": "123456"});
    assert_eq!(post("/auth/second-factor/remove", &new, remove).expect(409).body["code"], "second_factor_not_set_up");
    for (method, path) in [("GET", "/auth/me"), ("GET", "/auth/sessions"), ("POST", "/auth/sign-out")] {
        site.call(method, path).send().expect(401);
    }
}
