//! Pages: both languages, figures that add up, nothing a strict browser refuses.

mod admin;
mod counselor;
mod frame;
mod hr;
pub mod official;
mod vacancies;

use std::sync::Arc;

use actix_web::{App, test as actix_test, web};
use diesel::connection::SimpleConnection as _;
use wangjia::app::accounts::sign_in::SignIn;
use wangjia::app::jobs::Queue;
use wangjia::app::permits::Permits;
use wangjia::db::Db;
use wangjia::pages::{Pages, configure};

use crate::support::TestDb;

fn today() -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

/// What a browser gets for a request to the pages of this database.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }
}

fn ask(db: &Db, method: &str, uri: &str) -> Answer {
    actix_web::rt::System::new().block_on(async {
        let now = || today().and_hms_opt(4, 0, 0).unwrap();
        let pages = Pages {
            db: db.clone(),
            today: Arc::new(today),
            now: Arc::new(now),
            sign_in: SignIn::default(),
            permits: Permits::new(1),
            jobs: Queue::default(),
        };
        let app = actix_test::init_service(App::new().app_data(web::Data::new(pages)).configure(configure)).await;
        let request = actix_test::TestRequest::with_uri(uri).method(method.parse().unwrap()).to_request();
        let response = actix_test::call_service(&app, request).await;
        let status = response.status().as_u16();
        let headers = response.headers().iter();
        let headers = headers.map(|(n, v)| (n.to_string(), v.to_str().unwrap().to_owned())).collect();
        let body = String::from_utf8(actix_test::read_body(response).await.to_vec()).unwrap();
        Answer { status, headers, body }
    })
}

#[test]
fn assets_are_kept_for_good_under_names_that_change_with_them() {
    let db = TestDb::sqlite();
    let html = ask(&db.db, "GET", "/sign-in").body;
    for (mark, kind) in
        [("rel=\"stylesheet\" href=\"", "text/css; charset=utf-8"), ("svg+xml\" href=\"", "image/svg+xml")]
    {
        let path = html.split(mark).nth(1).unwrap().split('"').next().unwrap();
        let answer = ask(&db.db, "GET", path);
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), kind);
        assert!(answer.header("cache-control").contains("immutable"));
        assert!(!answer.body.is_empty());
    }
}

#[test]
fn a_fault_is_a_page_that_tells_no_cause() {
    let db = TestDb::sqlite();
    let desk = official::support::Desk::new(&db);
    db.write(|conn| Ok(conn.batch_execute("ALTER TABLE employment_spells RENAME TO gone")?));
    let answer = desk.get("/coverage?lang=en");
    assert_eq!(answer.status, 500);
    assert!(answer.html.contains("The data could not be read"), "{}", answer.html);
    assert!(!answer.html.contains("no such table") && !answer.html.contains("employment_spells"), "{}", answer.html);
}

#[test]
fn a_page_is_only_read() {
    let db = TestDb::sqlite();
    let answer = ask(&db.db, "DELETE", "/coverage");
    assert_eq!((answer.status, answer.header("allow")), (405, "GET, HEAD"));
}
