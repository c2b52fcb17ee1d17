//! What a page holds of its request: who asks, in which language, and the database as that person may use it.
//!
//! Invariant: there is a [`Desk`] only where the policy allowed the page, a [`Sent`] only where a form came from a page of the
//! same session; every change is audited in its own transaction, and a form that is sent twice takes effect once.

use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::error::{ErrorInternalServerError, InternalError};
use actix_web::http::StatusCode;
use actix_web::{Error, FromRequest, HttpMessage as _, HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{NaiveDate, NaiveDateTime};
use futures_util::future::LocalBoxFuture;
use rand::RngExt as _;

use super::form::{Form, Visitor};
use super::frame::{self, Frame, Note};
use super::sign_in::see;
use super::words::Words;
use super::{Pages, answer, failure, fault, links};
use crate::app::access::authorise::may_refer;
use crate::app::access::{Caller, ObjectKind, Reach, reach_for};
use crate::app::accounts;
use crate::app::audit::{Acting, DONE};
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::idempotency::{self, Answer, Found, Request};
use crate::app::privacy::acquaintance::Viewer;
use crate::app::steps::By;
use crate::app::{Connection, Keyring, Moment};
use crate::domain::access::{Action, Role};
use crate::domain::text::{Lang, Text};

/// One allowed request of somebody who is signed in with a browser.
#[derive(Clone)]
pub(super) struct Desk {
    pub pages: web::Data<Pages>,
    pub words: Words,
    acting: Arc<Acting>,
    visitor: Visitor,
    /// Display name of the account.
    who: String,
    path: String,
    query: String,
}

impl FromRequest for Desk {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let pages = request.app_data::<web::Data<Pages>>().cloned();
        let acting = request.extensions().get::<Arc<Acting>>().cloned();
        let visitor = Visitor::of(request);
        let words = Words::of(request);
        let (path, query) = (request.path().to_owned(), request.query_string().to_owned());
        Box::pin(async move {
            // Without the middleware nobody was let in: that is a fault of ours, never an open door.
            let (pages, acting) = pages.zip(acting).ok_or_else(|| ErrorInternalServerError("no act"))?;
            // An API token opens the API; pages are for the sign-in of a browser.
            let visitor = visitor.ok_or_else(|| led(&words.to(links::SIGN_IN)))?;
            let account = visitor.act.caller.account.unwrap_or_default();
            let who = pages.read(move |conn| Ok(accounts::get(conn, account)?.display_name)).await;
            let who = who.map_err(|error| as_answer(failure(words.lang(), &error.for_log())))?;
            Ok(Self { pages, words, acting, visitor, who, path, query })
        })
    }
}

/// A finished answer on the way of an error.
pub(super) fn as_answer(response: HttpResponse) -> Error {
    InternalError::from_response("answered by a page", response).into()
}

fn led(to: &str) -> Error {
    as_answer(see(to))
}

impl Desk {
    pub const fn lang(&self) -> Lang {
        self.words.lang()
    }

    /// Today in Asia/Shanghai.
    pub fn today(&self) -> NaiveDate {
        (self.pages.today)()
    }

    /// UTC.
    pub fn now(&self) -> NaiveDateTime {
        (self.pages.now)()
    }

    pub fn moment(&self) -> Moment {
        (self.now(), self.today())
    }

    pub fn keys(&self) -> &Keyring {
        self.pages.db.keys()
    }

    /// The session's token, as the browser sent it.
    pub fn token(&self) -> &str {
        &self.visitor.token
    }

    /// The rows of a list that are the caller's.
    pub fn reach(&self) -> &Reach {
        &self.acting.allowed.reach
    }

    /// The areas lists are narrowed to; `None` = not narrowed.
    pub fn within(&self) -> Option<Vec<i64>> {
        self.reach().areas().map(<[i64]>::to_vec)
    }

    /// The account that asks.
    pub fn account(&self) -> Option<i64> {
        self.acting.act.caller.account
    }

    pub fn caller(&self) -> &Caller {
        &self.acting.act.caller
    }

    /// The role that let the caller in.
    pub fn role(&self) -> Option<Role> {
        self.acting.act.role
    }

    /// Who acts, as histories keep it.
    pub fn by(&self) -> By {
        By::of(&self.acting.act)
    }

    /// Whose introductions and referrals the caller sees.
    pub fn viewer(&self) -> Viewer {
        let reach = self.reach();
        match self.role() {
            Some(Role::Hr) => Viewer::Employers(reach.employers.clone()),
            _ if reach.everything => Viewer::Everything,
            _ => Viewer::Areas(reach.areas.clone()),
        }
    }

    /// How far the caller could reach in another list; nothing where the policy does not let the caller in at all.
    ///
    /// # Errors
    /// If the database fails.
    pub fn reach_for(&self, conn: &mut Connection, object: ObjectKind, action: Action) -> Result<Reach, AppError> {
        let act = &self.acting.act;
        reach_for(conn, &act.caller, act.reason.as_deref(), (object, action))
    }

    /// Whether the policy names a role of the caller for an act at all; how far it reaches is asked when it is done.
    pub fn may(&self, object: ObjectKind, action: Action) -> bool {
        frame::may(&self.acting.act.caller, (object, action), |_| true)
    }

    /// A record a form names must be one the caller may refer to.
    ///
    /// # Errors
    /// `Invalid` at `pointer`.
    pub fn refer(&self, conn: &mut Connection, pointer: &str, record: (ObjectKind, i64)) -> Result<(), AppError> {
        let act = &self.acting.act;
        may_refer(conn, &act.caller, (act.object.kind, self.acting.action()), pointer, record)
    }

    /// Says whose data the page shows, for the audit.
    pub fn shows(&self, residents: impl IntoIterator<Item = i64>) {
        self.acting.shows(residents);
    }

    /// Why it is done, as typed in the form: kept with the entry.
    pub fn says(&self, reason: &str) {
        self.acting.says(reason);
    }

    /// The value of a query parameter, decoded; `None` where it is absent or empty.
    pub fn query(&self, name: &str) -> Option<String> {
        self.all(name).into_iter().next()
    }

    /// Every value of a query parameter that may come several times, decoded, without empty ones.
    pub fn all(&self, name: &str) -> Vec<String> {
        let pairs = web::Query::<Vec<(String, String)>>::from_query(&self.query);
        let pairs = pairs.map(web::Query::into_inner).unwrap_or_default();
        pairs.into_iter().filter(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value).collect()
    }

    /// What stands around a page; with `?done=CODE` it says what the form before did, if `said` knows the code.
    pub fn frame(&self) -> Frame {
        let act = &self.acting.act;
        let mut frame = Frame::new(&self.words, &act.caller, act.role, &self.path, self.who.clone());
        frame.csrf = self.visitor.csrf(self.keys());
        frame.reason.clone_from(&act.reason);
        frame
    }

    /// [`Desk::frame`] with what `?done=CODE` stands for.
    pub fn frame_saying(&self, said: impl FnOnce(&str, &Words) -> Option<String>) -> Frame {
        let said = self.query("done").and_then(|code| said(&code, &self.words));
        Frame { note: Note { said, is_fault: false }, ..self.frame() }
    }

    /// [`Desk::frame`] with why a form had no effect.
    pub fn frame_with_fault(&self, error: &AppError) -> Frame {
        let said = fault::sentence(error).map(|text| text.get(self.lang()).to_owned());
        Frame { note: Note { said, is_fault: true }, ..self.frame() }
    }

    /// The page as an answer.
    pub fn show(&self, page: &impl Template) -> HttpResponse {
        self.show_as(StatusCode::OK, page)
    }

    /// The page with another status than 200: a form that is to be corrected.
    pub fn show_as(&self, status: StatusCode, page: &impl Template) -> HttpResponse {
        match page.render() {
            Ok(html) => answer(status, self.lang(), html),
            Err(error) => failure(self.lang(), &error.to_string()),
        }
    }

    /// The page, or why there is none.
    pub fn answer(&self, page: Result<impl Template, AppError>) -> HttpResponse {
        match page {
            Ok(page) => self.show(&page),
            Err(error) => self.refuse(&error),
        }
    }

    /// A refusal as a page of its own.
    pub fn refuse(&self, error: &AppError) -> HttpResponse {
        fault::page(error, self.lang())
    }

    /// Reads at one moment of the database.
    ///
    /// # Errors
    /// Those of `work`.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        self.pages.read(work).await
    }

    /// Work that keeps a core busy: scoring, a what-if.
    ///
    /// # Errors
    /// `Busy` when every core is taken, else those of `work`.
    pub async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let permit = self.pages.permits.take().ok_or(AppError::Busy)?;
        self.pages
            .run(move || {
                let _permit = permit;
                work()
            })
            .await
    }
}

/// A form that a page of the same session sent.
#[derive(Clone)]
pub(super) struct Sent {
    pub desk: Desk,
    pub form: Form,
}

impl FromRequest for Sent {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (desk, form) = (Desk::from_request(request, payload), Form::from_request(request, payload));
        Box::pin(async move { Self::new(desk.await?, form.await?) })
    }
}

impl Sent {
    /// A form as it was sent, whichever way its fields were read.
    ///
    /// # Errors
    /// A page that says so where the form is of no page of this session.
    pub fn new(desk: Desk, form: Form) -> Result<Self, Error> {
        if desk.visitor.sent(desk.keys(), form.text("csrf")) {
            return Ok(Self { desk, form });
        }
        // A page left open over a new sign-in: the person sees the page anew and tries again.
        Err(as_answer(fault::stale_page(desk.lang())))
    }

    /// Does `work` in one audited write transaction and gives the address of the page that shows what it did. A form that was
    /// sent before (a second click, a telephone that tries again) has no second effect and leads to the same page. `work` may
    /// run more than once; it gives the id of what is new, and the address.
    ///
    /// # Errors
    /// `Invalid` for a form that was sent before with other contents, else those of `work`; then nothing was written.
    pub async fn once<F>(&self, mut work: F) -> Result<String, AppError>
    where
        F: FnMut(&mut Connection) -> Result<(Option<i64>, String), AppError> + Send + 'static,
    {
        let (db, now, acting) = (self.desk.pages.db.clone(), self.desk.now(), Arc::clone(&self.desk.acting));
        let request = self.request();
        let act = move || {
            let done = db.write_in_turn(|conn| {
                if let Some(to) = sent_before(conn, db.keys(), request.as_ref())? {
                    return Ok(to);
                }
                let (_, to) = acting.change(conn, &db, now, &mut work, |(created, _)| *created)?;
                if let Some(request) = &request {
                    let status = StatusCode::SEE_OTHER.as_u16();
                    let answer = Answer { status, location: Some(to.clone()), version: None, body: Vec::new() };
                    idempotency::keep(conn, db.keys(), request, &answer, now)?;
                }
                Ok(to)
            });
            match done {
                // Another process was first.
                Err(AppError::KeyTaken) => db
                    .read(|conn| sent_before(conn, db.keys(), request.as_ref()))
                    .and_then(|sent| sent.ok_or(AppError::KeyTaken)),
                done => done,
            }
        };
        self.desk.pages.run(act).await
    }

    /// What the form is recognised by when it comes twice; `None` for a form that does not say.
    fn request(&self) -> Option<Request> {
        let once = self.form.given("once")?;
        // A key is its account's: another's answer is never replayed.
        let key = format!("page:{}:{once}", self.desk.account().unwrap_or_default());
        Some(Request::new(self.desk.keys(), &key, &self.desk.path, &self.form.contents()))
    }

    /// Looks something up that a form asks for and no address may hold. Nothing changes; whose data the answer shows is written down in
    /// the same transaction. `work` may run more than once.
    ///
    /// # Errors
    /// Those of `work`; then nothing may be shown.
    pub async fn look<T, F>(&self, mut work: F) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: FnMut(&mut Connection) -> Result<T, AppError> + Send + 'static,
    {
        let (db, now, acting) = (self.desk.pages.db.clone(), self.desk.now(), Arc::clone(&self.desk.acting));
        self.desk
            .pages
            .run(move || {
                db.write_in_turn(|conn| {
                    let found = work(conn)?;
                    acting.record(conn, &db, DONE, now)?;
                    Ok(found)
                })
            })
            .await
    }

    /// Does `work` in one audited write transaction, each time the form is sent; for what cannot be done twice anyway, and for what
    /// is shown once. `work` may run more than once.
    ///
    /// # Errors
    /// Those of `work`; then nothing was written.
    pub async fn change<T, F>(&self, mut work: F) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: FnMut(&mut Connection) -> Result<T, AppError> + Send + 'static,
    {
        let (db, now, acting) = (self.desk.pages.db.clone(), self.desk.now(), Arc::clone(&self.desk.acting));
        self.desk.pages.run(move || db.write_in_turn(|conn| acting.change(conn, &db, now, &mut work, |_| None))).await
    }

    /// [`Sent::once`], then on to the page; a refusal is a page of its own. For forms of one button.
    pub async fn act<F>(&self, work: F) -> HttpResponse
    where
        F: FnMut(&mut Connection) -> Result<(Option<i64>, String), AppError> + Send + 'static,
    {
        match self.once(work).await {
            Ok(to) => see(&self.desk.words.to(&to)),
            Err(error) => self.desk.refuse(&error),
        }
    }
}

/// Where a form led when it was sent before.
fn sent_before(conn: &mut Connection, keys: &Keyring, request: Option<&Request>) -> Result<Option<String>, AppError> {
    let Some(request) = request else { return Ok(None) };
    match idempotency::find(conn, keys, request)? {
        Found::Nothing => Ok(None),
        Found::Answer(answer) => Ok(Some(answer.location.unwrap_or_else(|| links::HOME.to_owned()))),
        Found::OtherRequest => {
            let said = Text::new(
                "这张表已经存过一次，这次内容不同，没有再存。请重新打开一张再填。",
                "This form was saved once already and now says something else, so it was not saved again. Please open a new one.",
            );
            Err(FieldError::with_text("/once", FieldCode::BadKey, said).into())
        }
    }
}

/// What a form is recognised by when it comes twice: 128 bits by chance, new with every page.
pub(super) fn once() -> String {
    format!("{:032x}", rand::rng().random::<u128>())
}
