//! `/vacancies`: what the park's employers look for, for everybody, without signing in.
//!
//! Invariant: shows what [`crate::app::vacancies`] makes public, and so nobody's data. The page of a vacancy carries the same as
//! schema.org's `JobPosting` in a data block, which no browser runs.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::words::Words;
use super::{Language, Pages, answer, failure, fault, links, posting_words, read_only};
use crate::app::Page;
use crate::app::error::AppError;
use crate::app::vacancies::{self, Vacancy, job_posting};
use crate::domain::text::Lang;

/// Rows of a page.
const ROWS: i64 = 50;
/// Characters of a title that is looked for.
const LONGEST_TITLE: usize = 40;

#[derive(Template)]
#[template(path = "vacancies/list.html")]
struct ListPage {
    words: Words,
    title: String,
    rows: Vec<Vacancy>,
    next: Option<String>,
}

impl ListPage {
    fn pay(&self, vacancy: &Vacancy) -> String {
        posting_words::pay(&self.words, &vacancy.fields)
            .unwrap_or_else(|| self.words.say("面议", "on request").to_owned())
    }

    fn href(&self, vacancy: &Vacancy) -> String {
        self.words.to(&links::vacancy(vacancy.id))
    }
}

#[derive(Template)]
#[template(path = "vacancies/one.html")]
struct OnePage {
    words: Words,
    vacancy: Vacancy,
    facts: Vec<(&'static str, String)>,
    /// JSON that cannot end its element.
    data: String,
}

#[derive(Default, Deserialize)]
struct Query {
    #[serde(default)]
    title: String,
    after: Option<i64>,
}

/// Registers the pages.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config.service(read_only(links::VACANCIES).route(web::get().to(list)));
    config.service(read_only("/vacancies/{vacancy}").route(web::get().to(one)));
}

/// `GET /vacancies`
async fn list(request: HttpRequest, pages: web::Data<Pages>, language: Language) -> HttpResponse {
    // An address that was mistyped shows the first page of all.
    let asked = web::Query::<Query>::from_query(request.query_string()).map(web::Query::into_inner).unwrap_or_default();
    let title: String = asked.title.chars().take(LONGEST_TITLE).collect();
    let (looked_for, after, today) = (title.clone(), asked.after.unwrap_or(0), (pages.today)());
    let page = Page { after, limit: ROWS + 1 };
    let found = pages.read(move |conn| vacancies::page(conn, Some(&looked_for), page, today)).await;
    let words = Words::of(&request);
    show(language.0, found, |mut rows| {
        let more = rows.len() > usize::try_from(ROWS).unwrap_or_default();
        rows.truncate(usize::try_from(ROWS).unwrap_or_default());
        let next = rows.last().filter(|_| more).map(|last| words.varied("after", &last.id.to_string()));
        ListPage { words, title, rows, next }
    })
}

/// `GET /vacancies/{vacancy}`
async fn one(
    request: HttpRequest,
    pages: web::Data<Pages>,
    language: Language,
    path: web::Path<String>,
) -> HttpResponse {
    let today = (pages.today)();
    let id = path.parse().unwrap_or(0);
    let found = pages.read(move |conn| vacancies::get(conn, id, today)).await;
    let words = Words::of(&request);
    show(language.0, found, |vacancy| OnePage {
        facts: posting_words::facts(&words, &vacancy.fields),
        data: in_an_element(&job_posting(&vacancy).to_string()),
        words,
        vacancy,
    })
}

fn show<T, P: Template>(lang: Lang, found: Result<T, AppError>, page: impl FnOnce(T) -> P) -> HttpResponse {
    match found {
        Ok(found) => match page(found).render() {
            Ok(html) => answer(StatusCode::OK, lang, html),
            Err(error) => failure(lang, &error.to_string()),
        },
        Err(error) => match fault::sentence(&error) {
            Some(text) => super::refused(fault::status(&error), &text, lang),
            None => failure(lang, &error.for_log()),
        },
    }
}

/// JSON in which no text of an employer can end the element it stands in, or begin another.
fn in_an_element(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}
