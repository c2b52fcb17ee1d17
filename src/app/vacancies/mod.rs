//! Which vacancies does everybody see, and how are they told to programs?
//!
//! Invariant: only published postings within their dates that have a place left today, and of them only what an employer publishes: no
//! note, no contact, nobody who works there or is on the way. Cost: one query for the postings and one for each of their lists.

mod job_posting;

pub use job_posting::job_posting;

use std::collections::HashMap;

use chrono::NaiveDate;

use super::error::AppError;
use super::postings::{self, Posting, PostingFields, PostingFilter};
use super::{Connection, Page, employers};

/// A posting as the public sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vacancy {
    pub id: i64,
    pub employer: String,
    /// Where the employer is.
    pub address: Option<String>,
    /// Places left.
    pub places: u64,
    /// When its employer last said that it stands.
    pub confirmed_on: Option<NaiveDate>,
    /// Without its note.
    pub fields: PostingFields,
}

/// The vacancies of a day by id, those whose title has these words.
///
/// # Errors
/// If the database fails.
pub fn page(
    conn: &mut Connection,
    title: Option<&str>,
    page: Page,
    today: NaiveDate,
) -> Result<Vec<Vacancy>, AppError> {
    let title = title.map(str::trim).filter(|title| !title.is_empty()).map(str::to_owned);
    let filter = PostingFilter { open_on: Some(today), title, ..PostingFilter::default() };
    let found = postings::page(conn, &filter, page, today)?;
    shown(conn, found)
}

/// One vacancy.
///
/// # Errors
/// `NotFound` for a posting that is not open today, as for one that does not exist.
pub fn get(conn: &mut Connection, id: i64, today: NaiveDate) -> Result<Vacancy, AppError> {
    let filter = PostingFilter { open_on: Some(today), ..PostingFilter::default() };
    let just = Page { after: id.saturating_sub(1), limit: 1 };
    let found = postings::page(conn, &filter, just, today)?.pop().filter(|posting| posting.id == id);
    shown(conn, found.into_iter().collect())?.pop().ok_or(AppError::NotFound)
}

fn shown(conn: &mut Connection, found: Vec<Posting>) -> Result<Vec<Vacancy>, AppError> {
    let mut known = HashMap::new();
    let mut vacancies = Vec::with_capacity(found.len());
    for Posting { id, vacancies: places, confirmed_on, fields, .. } in found {
        let employer = match known.get(&fields.employer_id) {
            Some(employer) => employer,
            None => known.entry(fields.employer_id).or_insert(employers::get(conn, fields.employer_id)?.fields),
        };
        vacancies.push(Vacancy {
            id,
            employer: employer.name.clone(),
            address: employer.address.clone(),
            places: places.unsigned_abs(),
            confirmed_on,
            fields: PostingFields { note: None, ..fields },
        });
    }
    Ok(vacancies)
}
