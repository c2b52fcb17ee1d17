//! `/coverage/postings`: the postings behind the vacancies of a day.

use actix_web::HttpResponse;
use askama::Template;
use chrono::NaiveDate;

use super::coverage::day;
use super::paging::{self, Part};
use crate::app::error::AppError;
use crate::app::plans::view::posting_names;
use crate::app::postings::{self, Posting, PostingFilter};
use crate::app::{Connection, Page};
use crate::pages::desk::Desk;
use crate::pages::frame::Frame;
use crate::pages::links;
use crate::pages::words::Words;

struct Row {
    title: String,
    employer: String,
    channel: &'static str,
    headcount: u64,
    open: u64,
    valid_until: Option<NaiveDate>,
}

#[derive(Template)]
#[template(path = "official/postings.html")]
struct PostingsPage {
    words: Words,
    frame: Frame,
    as_of: NaiveDate,
    rows: Vec<Row>,
    vacancies: u64,
    part: Part,
    back: String,
}

/// `GET /coverage/postings`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    let as_of = day(&desk);
    // An employer's clerk sees its own.
    let filter = PostingFilter {
        open_on: Some(as_of),
        among: desk.reach().employers().map(<[i64]>::to_vec),
        ..PostingFilter::default()
    };
    let (words, page) = (desk.words.clone(), paging::asked(&desk));
    match desk.read(move |conn| open(conn, &words, &filter, (as_of, page))).await {
        Ok((rows, vacancies, part)) => {
            let words = desk.words.clone();
            let back = words.to(&links::of_day(links::COVERAGE, as_of, &[]));
            desk.show(&PostingsPage { words, frame: desk.frame(), as_of, rows, vacancies, part, back })
        }
        Err(error) => desk.refuse(&error),
    }
}

/// The postings with a vacancy, those with most first; their vacancies together; which part it is.
fn open(
    conn: &mut Connection,
    words: &Words,
    filter: &PostingFilter,
    (as_of, page): (NaiveDate, usize),
) -> Result<(Vec<Row>, u64, Part), AppError> {
    let mut found = postings::page(conn, filter, Page::first(i64::MAX), as_of)?;
    let vacancies = found.iter().map(|posting| posting.vacancies.unsigned_abs()).sum();
    found.sort_by_key(|posting| (std::cmp::Reverse(posting.vacancies), posting.id));
    let part = Part::new(words, found.len(), paging::ROWS, page);
    let found = part.cut(found);
    let names = posting_names(conn, found.iter().map(|posting| posting.id))?;
    let row = |posting: Posting| Row {
        employer: names.get(&posting.id).map(|name| name.employer.clone()).unwrap_or_default(),
        title: posting.fields.title,
        channel: words.label(posting.fields.channel.label()),
        headcount: posting.fields.headcount.unsigned_abs(),
        open: posting.vacancies.unsigned_abs(),
        valid_until: posting.fields.valid_until,
    };
    Ok((found.into_iter().map(row).collect(), vacancies, part))
}
