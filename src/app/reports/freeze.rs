//! Freezing a month, correcting it, signing it.
//!
//! What users may expect:
//! - A month is frozen once it is over, and once: whatever changes afterwards is told by a correction, which is another version with a
//!   reason and leaves the first as it is. A correction that would say the same is refused.
//! - The newest version is signed, once, by somebody's own account; what is signed is the hash of all it says.

use chrono::NaiveDate;
use sha2::{Digest as _, Sha256};

use super::changes::{Change, States, changes, states};
use super::count::{Counted, Known, count, data_hash};
use super::{is_community, last_day, read, written};
use crate::app::error::{AppError, FieldCode, FieldError, Refusal};
use crate::app::overview::{before_month, first_of_month};
use crate::app::stored_runs::policy_on;
use crate::app::{Connection, Keyring, Moment, accounts, settings};
use crate::db::events;
use crate::db::reports::figures::FigureRow;
use crate::db::reports::{self as rows, ReportData, ReportRow, changes as change_rows, figures, signatures};
use crate::domain::codes::CoverageState;
use crate::domain::report::ReportFigure;
use crate::domain::text::Text;
use crate::engine::ENGINE_VERSION;

/// A month before it is frozen: what it would say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub as_of: NaiveDate,
    pub figures: Vec<Figure>,
    pub changes: Vec<Change>,
    /// The frozen report of the month before that it is compared with.
    pub compared: Option<i64>,
}

/// A figure beside that of the month before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    pub counted: Counted,
    pub before: Option<u64>,
}

/// Counts a month of a community, or any day of it as its last.
///
/// # Errors
/// If the database fails.
pub fn draft(conn: &mut Connection, community: i64, as_of: NaiveDate) -> Result<Draft, AppError> {
    let known = Known::load(conn, community)?;
    drafted(conn, &known, community, as_of)
}

fn drafted(conn: &mut Connection, known: &Known, community: i64, as_of: NaiveDate) -> Result<Draft, AppError> {
    let before = before_month(as_of);
    let compared = rows::versions(conn, community, first_of_month(before))?.pop();
    let counted = count(conn, known, as_of)?;
    let (rules_before, rules) = (settings::coverage_rules(conn, before)?, settings::coverage_rules(conn, as_of)?);
    let (was, values) = match &compared {
        Some(report) => frozen(&figures::of(conn, &[report.id])?),
        None => (states(&known.facts, (before, &rules_before)), live(conn, known, before)?),
    };
    let changes = changes(&known.facts, (before, &rules_before), &was, (as_of, &rules));
    let figure = |counted: Counted| {
        let (code, group) = counted.key();
        // A group that was not there was empty.
        let is_known = values.iter().any(|(of, _, _)| of == code);
        let before = values.iter().find(|(of, key, _)| of == code && key == group).map(|(_, _, value)| *value);
        Figure { before: before.or(is_known.then_some(0)), counted }
    };
    let compared = compared.map(|report| report.id);
    Ok(Draft { as_of, figures: counted.into_iter().map(figure).collect(), changes, compared })
}

/// Code, group and value of each figure.
type Values = Vec<(String, String, u64)>;

fn live(conn: &mut Connection, known: &Known, day: NaiveDate) -> Result<Values, AppError> {
    let value = |one: Counted| {
        let (code, group) = one.key();
        (code.to_owned(), group.to_owned(), one.value())
    };
    Ok(count(conn, known, day)?.into_iter().map(value).collect())
}

/// What a frozen report said: the state of each household, and its values.
fn frozen(figures: &[FigureRow]) -> (States, Values) {
    let mut states = States::new();
    for state in CoverageState::ALL {
        let code = ReportFigure::of_state(*state).code();
        let listed = figures.iter().filter(|row| row.code == code).flat_map(|row| read(&row.subjects));
        states.extend(listed.map(|household| (household, *state)));
    }
    let value =
        |row: &FigureRow| (row.code.clone(), row.group_key.clone(), u64::try_from(row.value).unwrap_or_default());
    (states, figures.iter().map(value).collect())
}

/// Freezes a month that is over. Gives the report's id.
///
/// # Errors
/// At `/community_id` or `/month`; refused if it is frozen already.
pub fn freeze(
    conn: &mut Connection,
    keys: &Keyring,
    (community, month): (i64, NaiveDate),
    moment: Moment,
    account: Option<i64>,
) -> Result<i64, AppError> {
    is_community(conn, community, "/community_id")?;
    if last_day(month) >= moment.1 {
        let text = Text::new(
            format!("这个月到 {} 才结束，之后才能出月报。", last_day(month)),
            format!("The month ends on {}; it can be frozen after that.", last_day(month)),
        );
        return Err(FieldError::with_text("/month", FieldCode::OutOfRange, text).into());
    }
    if month < settings::since_ever() {
        return Err(FieldError::new("/month", FieldCode::OutOfRange).into());
    }
    if !rows::versions(conn, community, month)?.is_empty() {
        return Err(Refusal::ReportFrozen.into());
    }
    store(conn, keys, (community, month), None, moment, account)
}

/// Freezes a month anew because its newest version is wrong. Gives the new version's id.
///
/// # Errors
/// `NotFound`; refused if it is not the newest, or nothing would change.
pub fn correct(
    conn: &mut Connection,
    keys: &Keyring,
    id: i64,
    reason: &str,
    moment: Moment,
    account: Option<i64>,
) -> Result<i64, AppError> {
    let report = newest(conn, id)?;
    let of = (report.data.community_id, report.data.month);
    store(conn, keys, of, Some((&report, reason)), moment, account)
}

/// A report that no later version corrects.
fn newest(conn: &mut Connection, id: i64) -> Result<ReportRow, AppError> {
    let report = rows::get(conn, id)?;
    let last = rows::versions(conn, report.data.community_id, report.data.month)?.pop();
    if last.is_some_and(|last| last.id != id) {
        return Err(Refusal::ReportCorrected.into());
    }
    Ok(report)
}

fn store(
    conn: &mut Connection,
    keys: &Keyring,
    (community, month): (i64, NaiveDate),
    corrects: Option<(&ReportRow, &str)>,
    (now, today): Moment,
    account: Option<i64>,
) -> Result<i64, AppError> {
    let as_of = last_day(month);
    let known = Known::load(conn, community)?;
    let draft = drafted(conn, &known, community, as_of)?;
    let mut figures = figure_rows(&draft);
    let mut changes = change_rows(&draft);
    let content_hash = content_hash(&figures, &changes);
    if corrects.is_some_and(|(report, _)| report.data.content_hash == content_hash) {
        return Err(Refusal::ReportUnchanged.into());
    }
    let data = ReportData {
        community_id: community,
        month,
        version: corrects.map_or(0, |(report, _)| report.data.version) + 1,
        corrects_id: corrects.map(|(report, _)| report.id),
        reason: corrects.map(|(_, reason)| reason.to_owned()),
        compared_id: draft.compared,
        as_of,
        frozen_on: today,
        frozen_at: now,
        frozen_by: account,
        policy_version: policy_on(conn, as_of)?.version,
        engine_version: ENGINE_VERSION.to_owned(),
        known_to: events::last(conn)?,
        data_hash: data_hash(conn, keys, &known, as_of)?,
        content_hash,
    };
    let id = rows::insert(conn, &data)?;
    figures.iter_mut().for_each(|row| row.report_id = id);
    changes.iter_mut().for_each(|row| row.report_id = id);
    figures::insert_all(conn, &figures)?;
    change_rows::insert_all(conn, &changes)?;
    Ok(id)
}

fn figure_rows(draft: &Draft) -> Vec<FigureRow> {
    let row = |(place, one): (i64, &Figure)| {
        let figure = one.counted.figure;
        let (name, definition) = (figure.label(), figure.definition());
        let (key, group) = one.counted.group.clone().unwrap_or_default();
        FigureRow {
            report_id: 0,
            place,
            part: figure.part().code().to_owned(),
            code: figure.code().to_owned(),
            group_key: key,
            group_zh: group.zh,
            group_en: group.en,
            unit: figure.unit(),
            name_zh: name.zh.to_owned(),
            name_en: name.en.to_owned(),
            definition_zh: definition.zh.to_owned(),
            definition_en: definition.en.to_owned(),
            value: i64::try_from(one.counted.value()).unwrap_or(i64::MAX),
            value_before: one.before.map(|value| i64::try_from(value).unwrap_or(i64::MAX)),
            subjects: written(&one.counted.subjects),
        }
    };
    (1..).zip(&draft.figures).map(row).collect()
}

fn change_rows(draft: &Draft) -> Vec<change_rows::ChangeRow> {
    let row = |change: &Change| change_rows::ChangeRow {
        report_id: 0,
        from_state: change.from,
        to_state: change.to,
        reason: change.reason,
        households: i64::try_from(change.households.len()).unwrap_or(i64::MAX),
        subjects: written(&change.households),
    };
    draft.changes.iter().map(row).collect()
}

/// SHA-256, in hexadecimal, of one line for each figure and change in order, its fields between tabs: what anybody can compute from
/// the report's JSON.
#[must_use]
pub fn content_hash(figures: &[FigureRow], changes: &[change_rows::ChangeRow]) -> String {
    let mut hash = Sha256::new();
    for row in figures {
        let before = row.value_before.map(|value| value.to_string()).unwrap_or_default();
        let fields =
            [row.code.as_str(), &row.group_key, row.unit.code(), &row.value.to_string(), &before, &row.subjects];
        let words = [&row.name_zh, &row.name_en, &row.definition_zh, &row.definition_en, &row.group_zh, &row.group_en];
        hash.update(fields.join("\t"));
        hash.update("\t");
        hash.update(words.map(String::as_str).join("\t"));
        hash.update("\n");
    }
    for row in changes {
        let [from, to] = [row.from_state, row.to_state].map(|state| state.map_or("", CoverageState::code));
        let fields = [from, to, row.reason.code(), &row.households.to_string(), &row.subjects];
        hash.update(fields.join("\t"));
        hash.update("\n");
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Signs the newest version of a month, with everything it says.
///
/// # Errors
/// `NotFound`; refused if it is not the newest, is signed already, or is not what was frozen.
pub fn sign(conn: &mut Connection, id: i64, account: i64, (now, today): Moment) -> Result<(), AppError> {
    let report = newest(conn, id)?;
    if !signatures::of(conn, &[id])?.is_empty() {
        return Err(Refusal::ReportSigned.into());
    }
    if !is_genuine(conn, &report)? {
        return Err(Refusal::ReportAltered.into());
    }
    let name = accounts::get(conn, account)?.display_name;
    let content_hash = report.data.content_hash;
    let row = signatures::SignatureRow {
        report_id: id,
        account_id: account,
        name,
        signed_on: today,
        signed_at: now,
        content_hash,
    };
    Ok(signatures::insert_all(conn, &[row])?)
}

/// Whether a report still says what its hash binds.
///
/// # Errors
/// If the database fails.
pub fn is_genuine(conn: &mut Connection, report: &ReportRow) -> Result<bool, AppError> {
    let found = content_hash(&figures::of(conn, &[report.id])?, &change_rows::of(conn, &[report.id])?);
    Ok(found == report.data.content_hash)
}
