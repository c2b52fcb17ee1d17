//! HTML pages, server-rendered: what does a person see? Chinese first, English by `?lang=en`.
//!
//! Invariant: a page works without JavaScript, fetches nothing from outside and holds no inline style or script, so the
//! strictest content policy holds for it. Pages know HTML and `app`, nothing below; whoever serves them sets the headers
//! that hold for every answer.

mod account;
mod admin;
mod assets;
mod charts;
mod counselor;
mod courses;
mod design;
mod desk;
mod fault;
mod form;
mod frame;
pub mod given_reason;
mod hours;
mod hr;
mod links;
pub mod multipart;
pub mod official;
mod picker;
mod posting_words;
pub mod session;
mod shown;
mod sign_in;
mod upload;
mod vacancies;
mod words;

pub use fault::refused;

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE};
use actix_web::{FromRequest, HttpRequest, HttpResponse, Resource, web};
use askama::Template;
use chrono::{NaiveDate, NaiveDateTime};

use crate::app::access::Act;
use crate::app::accounts::sign_in::SignIn;
use crate::app::audit::{self, Happened};
use crate::app::error::AppError;
use crate::app::jobs::Queue;
use crate::app::permits::Permits;
use crate::app::{Connection, Db};
use crate::domain::text::Lang;
use words::Words;

/// What the pages are made from: the database, what day and time it is, and who counts sign-ins.
#[derive(Clone)]
pub struct Pages {
    pub db: Db,
    /// Today in Asia/Shanghai.
    pub today: Arc<dyn Fn() -> NaiveDate + Send + Sync>,
    /// UTC.
    pub now: Arc<dyn Fn() -> NaiveDateTime + Send + Sync>,
    /// The same as the API's: who is slowed down there is slowed down here.
    pub sign_in: SignIn,
    /// The same as the API's: what keeps a core busy waits for none.
    pub permits: Permits,
    /// Imports and plans run there.
    pub jobs: Queue,
}

impl Pages {
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        web::block(work).await.unwrap_or_else(|_| Err(anyhow::anyhow!("panic in blocking work").into()))
    }

    /// Reads at one moment of the database.
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let db = self.db.clone();
        self.run(move || db.read(work)).await
    }

    /// One write transaction, which ends with the act's entry in the audit; `work` may run more than once, and may find out
    /// whose act it is.
    async fn write<T: Send + 'static>(
        &self,
        act: Act,
        mut work: impl FnMut(&mut Connection, &mut Act) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let (db, now) = (self.db.clone(), (self.now)());
        self.run(move || {
            db.write_in_turn(|conn| {
                let mut act = act.clone();
                let done = work(conn, &mut act)?;
                audit::append(conn, db.keys(), &act, &Happened::default(), now)?;
                Ok(done)
            })
        })
        .await
    }

    /// Hashes passwords, in turn.
    async fn hash<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let turn = self.sign_in.turn().await?;
        self.run(move || {
            let _turn = turn;
            work()
        })
        .await
    }
}

/// Registers the pages and their assets. The application also needs a [`Pages`] as application data.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(read_only(links::HOME).route(web::get().to(start)));
    config.service(
        form(links::REASON).route(web::get().to(given_reason::show)).route(web::post().to(given_reason::give)),
    );
    config.service(action("/reason/end").route(web::post().to(given_reason::end)));
    config.service(read_only(links::DESIGN).route(web::get().to(design::show)));
    config.service(form(links::SIGN_IN).route(web::get().to(sign_in::show)).route(web::post().to(sign_in::sign_in)));
    config.service(form(links::RESET).route(web::get().to(sign_in::show_reset)).route(web::post().to(sign_in::reset)));
    config.service(action(links::FIRST_ADMINISTRATOR).route(web::post().to(sign_in::make_first)));
    config.service(read_only(links::ACCOUNT).route(web::get().to(account::show)));
    config.service(action("/account/password").route(web::post().to(account::change_password)));
    config.service(action("/account/second-factor").route(web::post().to(account::begin_second_factor)));
    config.service(action("/account/second-factor/confirm").route(web::post().to(account::confirm_second_factor)));
    config.service(action("/account/second-factor/remove").route(web::post().to(account::remove_second_factor)));
    config.service(action("/account/sessions/revoke").route(web::post().to(account::revoke_session)));
    config.service(action("/account/sign-out").route(web::post().to(account::sign_out)));
    vacancies::configure(config);
    counselor::configure(config);
    courses::configure(config);
    hr::configure(config);
    official::configure(config);
    admin::configure(config);
    assets::configure(config);
}

/// `GET /`: on to where the caller's work begins.
async fn start(desk: desk::Desk) -> HttpResponse {
    sign_in::see(&desk.words.to(frame::start(desk.caller()).unwrap_or(links::ACCOUNT)))
}

/// A resource that is only read. Another method is told so.
fn read_only(path: &str) -> Resource {
    resource(path, "GET, HEAD")
}

/// A form at its own address.
fn form(path: &str) -> Resource {
    resource(path, "GET, HEAD, POST")
}

/// What a form of another page is sent to.
fn action(path: &str) -> Resource {
    resource(path, "POST")
}

fn resource(path: &str, methods: &'static str) -> Resource {
    let refuse = move || async move { HttpResponse::MethodNotAllowed().insert_header((ALLOW, methods)).finish() };
    web::resource(path).default_service(web::to(refuse))
}

/// The reader's language, for pages without a [`desk::Desk`].
struct Language(Lang);

impl FromRequest for Language {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(words::asked(request))))
    }
}

/// A page as an answer. It shows figures of the moment: a browser asks again every time.
fn answer(status: StatusCode, lang: Lang, html: String) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CONTENT_LANGUAGE, lang.tag()))
        .insert_header((CACHE_CONTROL, "private, no-cache"))
        .body(html)
}

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage {
    words: Words,
}

/// The page for a fault on our side. The reason goes to the log, the reader learns what to do.
fn failure(lang: Lang, reason: &str) -> HttpResponse {
    tracing::error!(reason, "page failed");
    // A template can fail only for want of memory; an empty page is then what is left.
    let html = FailurePage { words: Words::new(lang, links::HOME) }.render().unwrap_or_default();
    answer(StatusCode::INTERNAL_SERVER_ERROR, lang, html)
}
