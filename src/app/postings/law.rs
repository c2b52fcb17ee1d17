//! What the law says about a posting: one on record, one about to be published, one that is being typed.

use chrono::NaiveDate;

use super::{PostingFields, data_of, get};
use crate::app::error::{AppError, FieldError};
use crate::app::posting_check::{self, Subject};
use crate::app::settings::MinimumWages;
use crate::app::{Connection, skills};
use crate::db::postings::{self as rows, PostingData};
use crate::db::{Keyring, employers};
use crate::domain::codes::PostingStatus;
use crate::domain::posting_law::{LawFinding, LawLevel};

/// Everything the law has to say about a posting on a day: minimum wages change.
///
/// # Errors
/// `NotFound`.
pub fn law_check(
    conn: &mut Connection,
    keys: &Keyring,
    id: i64,
    today: NaiveDate,
) -> Result<Vec<LawFinding>, AppError> {
    let data = rows::get(conn, id)?.data;
    let posting = get(conn, keys, id, today)?;
    findings(conn, &data, &posting.fields, today)
}

/// Everything the law has to say about a posting nobody has stored: what somebody is typing.
///
/// # Errors
/// `NotFound` for the employer.
pub fn law_of(conn: &mut Connection, fields: &PostingFields, today: NaiveDate) -> Result<Vec<LawFinding>, AppError> {
    let data = data_of(fields.clone(), PostingStatus::Draft, None, None);
    findings(conn, &data, fields, today)
}

/// The skills asked for that mean nothing to the vocabulary yet: nobody can be compared with them until somebody maps them.
///
/// # Errors
/// If the database fails.
pub fn unknown_skills(conn: &mut Connection, fields: &PostingFields) -> Result<Vec<String>, AppError> {
    let names = skills::Names::load(conn)?;
    let asked = fields.skills.iter().map(|skill| &skill.name);
    Ok(asked.filter(|name| names.meaning(name).is_none()).cloned().collect())
}

/// Whether a posting may be published, or stay so.
pub(super) fn check_lawful(
    conn: &mut Connection,
    data: &PostingData,
    fields: &PostingFields,
    today: NaiveDate,
) -> Result<(), AppError> {
    let blocking: Vec<FieldError> = findings(conn, data, fields, today)?
        .into_iter()
        .filter(|finding| finding.level == LawLevel::Block)
        .map(|finding| FieldError {
            pointer: format!("/{}", finding.field.code()),
            code: finding.rule.code().into(),
            text: finding.text(),
        })
        .collect();
    if blocking.is_empty() { Ok(()) } else { Err(AppError::Unlawful(blocking)) }
}

/// `data` and `fields` are the same posting: as it is stored, and with its lists and its open note.
fn findings(
    conn: &mut Connection,
    data: &PostingData,
    fields: &PostingFields,
    today: NaiveDate,
) -> Result<Vec<LawFinding>, AppError> {
    let employer = employers::get(conn, data.employer_id)?.data;
    let wages = MinimumWages::load(conn, today)?;
    let subject = Subject {
        data,
        note: fields.note.as_deref(),
        hours: &fields.hours,
        skills: &Vec::from_iter(fields.skills.iter().map(|skill| skill.name.as_str())),
        certificates: &Vec::from_iter(fields.certificates.iter().map(String::as_str)),
        hazards: fields.hazards.as_deref().unwrap_or_default(),
        employer: &employer,
        asked_credit_code: true,
        said: &[],
    };
    Ok(posting_check::findings(&subject, &wages))
}
