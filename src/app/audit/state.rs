//! The rows of one object, before and after a change: what of them is hashed, and what is written down as changed.
//!
//! An object is the row that has its id and the rows that hang on it ([`parts`]). Sealed columns are opened, so that a new
//! seal key changes no hash and a correction keeps the value it replaced. Secrets (password, second factor, tokens) and what
//! is too long to keep twice are represented by a keyed hash: it shows that they changed, never what they were.
//!
//! Invariant: `Debug` shows how many rows there are and nothing in them. Cost: one statement a state.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Value, json};

use crate::app::access::ObjectKind;
use crate::app::error::AppError;
use crate::app::{Connection, Keyring};
use crate::db::DbError;
use crate::db::dump::{self, Catalogue, Column, Kind, Table};
use crate::db::seal::{IndexField, Sealed, SealedColumn};

/// The rows of one object as text, to be compared with what they are after a change.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct State {
    rows: Vec<Part>,
}

/// One row: its table, its id, its other columns.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    table: &'static str,
    id: i64,
    columns: BTreeMap<String, Cell>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    text: Option<String>,
    /// Stands for a value that is not to be kept.
    hashed: bool,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "State({} rows)", self.rows.len())
    }
}

/// Columns whose values never enter the audit, not even sealed: secrets, and files.
const HASHED: [&str; 7] = [
    "accounts.password_hash",
    "accounts.totp_cipher",
    "sessions.token_index",
    "jobs.input_cipher",
    "jobs.result_cipher",
    "idempotency_keys.answer_cipher",
    "import_rejected_rows.cells_cipher",
];

/// Columns that follow from the act or from another column: part of the hash, no change worth a line.
const SILENT: [&str; 2] = ["version", "updated_at"];

/// The tables of an object and how their rows are found by its id (`$1`); the first holds the object itself.
const fn parts(kind: ObjectKind) -> &'static [(&'static str, &'static str)] {
    match kind {
        ObjectKind::Area => &[("areas", "id = $1")],
        ObjectKind::Household => &[
            ("households", "id = $1"),
            ("memberships", "household_id = $1"),
            ("household_events", "household_id = $1"),
            ("household_exemptions", "household_id = $1"),
            ("household_proposals", "household_id = $1"),
            ("record_findings", "household_id = $1"),
            ("care_duties", "household_id = $1"),
            ("care_duty_hours", "care_duty_id IN (SELECT id FROM care_duties WHERE household_id = $1)"),
            ("barriers", "household_id = $1"),
        ],
        ObjectKind::Resident => &[
            ("residents", "id = $1"),
            ("resident_skills", "resident_id = $1"),
            ("resident_certificates", "resident_id = $1"),
            ("resident_unavailable_hours", "resident_id = $1"),
            ("resident_wishes", "resident_id = $1"),
            ("resident_ruled_out", "resident_id = $1"),
            ("training_records", "resident_id = $1"),
            ("barriers", "resident_id = $1"),
        ],
        ObjectKind::Spell | ObjectKind::Worker => &[("employment_spells", "id = $1"), ("follow_ups", "spell_id = $1")],
        ObjectKind::Barrier => &[("barriers", "id = $1")],
        ObjectKind::CareDuty => &[("care_duties", "id = $1"), ("care_duty_hours", "care_duty_id = $1")],
        ObjectKind::Exemption => &[("household_exemptions", "id = $1")],
        ObjectKind::Decline => &[("declines", "id = $1")],
        ObjectKind::Employer => &[("employers", "id = $1")],
        ObjectKind::Posting => &[
            ("postings", "id = $1"),
            ("posting_hours", "posting_id = $1"),
            ("posting_skills", "posting_id = $1"),
            ("posting_certificates", "posting_id = $1"),
            ("posting_hazards", "posting_id = $1"),
        ],
        ObjectKind::Skill => {
            &[("skills", "id = $1"), ("skill_aliases", "skill_id = $1"), ("skill_links", "from_skill_id = $1")]
        }
        ObjectKind::UnmappedName => &[("unmapped_names", "id = $1")],
        // What a run or a plan found is never changed, and a plan's rows are bound by its own hash.
        ObjectKind::Run => &[("recommendation_runs", "id = $1")],
        ObjectKind::Plan => &[("plans", "id = $1"), ("plan_adoptions", "plan_id = $1")],
        ObjectKind::Pin => &[("plan_pins", "id = $1")],
        // Figures and lists are bound by the report's own hash.
        ObjectKind::Report => &[("reports", "id = $1"), ("report_signatures", "report_id = $1")],
        ObjectKind::Import => &[("import_batches", "id = $1")],
        ObjectKind::Job => &[("jobs", "id = $1")],
        ObjectKind::Setting => &[("settings", "id = $1")],
        ObjectKind::Account => &[("accounts", "id = $1"), ("account_roles", "account_id = $1")],
        ObjectKind::Session | ObjectKind::Token => &[("sessions", "id = $1")],
        ObjectKind::Consent => &[("consents", "id = $1"), ("consent_kinds", "consent_id = $1")],
        ObjectKind::Introduction => &[("introductions", "id = $1")],
        ObjectKind::Approval => &[("approvals", "id = $1")],
        ObjectKind::Referral => &[
            ("referrals", "id = $1"),
            ("referral_moves", "referral_id = $1"),
            ("referral_overrides", "referral_id = $1"),
        ],
        ObjectKind::Recognition => &[("recognitions", "id = $1"), ("household_services", "recognition_id = $1")],
        ObjectKind::Course => {
            &[("courses", "id = $1"), ("course_skills", "course_id = $1"), ("course_hours", "course_id = $1")]
        }
        // What passing adds to the person's skills is part of it.
        ObjectKind::Enrolment => &[
            ("enrolments", "id = $1"),
            ("enrolment_moves", "enrolment_id = $1"),
            ("attendances", "enrolment_id = $1"),
            ("skill_evidence", "enrolment_id = $1"),
            ("resident_skills", "resident_id = (SELECT resident_id FROM enrolments WHERE id = $1)"),
        ],
        ObjectKind::Visit => &[("visits", "id = $1"), ("visit_findings", "visit_id = $1")],
        ObjectKind::Concern => &[("concerns", "id = $1")],
        ObjectKind::Notice => &[("notices", "id = $1")],
        // Readings of several objects, and things that are no rows.
        ObjectKind::Candidate
        | ObjectKind::Card
        | ObjectKind::Recommendation
        | ObjectKind::Placement
        | ObjectKind::Coverage
        | ObjectKind::Event
        | ObjectKind::CoverageList
        | ObjectKind::ReportList
        | ObjectKind::Contact
        | ObjectKind::VisitProgress
        | ObjectKind::PersonalData
        | ObjectKind::Published
        | ObjectKind::Metrics
        | ObjectKind::Document
        | ObjectKind::Audit
        | ObjectKind::Service => &[],
    }
}

/// The rows of an object; `None` if there is no such object.
///
/// # Errors
/// If the database fails, or a sealed value does not open.
pub fn state(conn: &mut Connection, keys: &Keyring, kind: ObjectKind, id: i64) -> Result<Option<State>, AppError> {
    let parts = parts(kind);
    if parts.is_empty() {
        return Ok(None);
    }
    let catalogue = Catalogue::of(conn)?;
    let mut tables: Vec<(&Table, &str)> = Vec::new();
    for (name, filter) in parts {
        tables.push((catalogue.table(name)?, filter));
    }
    let mut rows = Vec::new();
    let mut exists = false;
    for (place, row) in dump::sets(conn, &tables, id)? {
        exists |= place == 0;
        let mut part = Part { table: parts[place].0, id: 0, columns: BTreeMap::new() };
        for (column, text) in tables[place].0.columns.iter().zip(row) {
            if column.name == "id" {
                part.id = text.and_then(|text| text.parse().ok()).unwrap_or_default();
            } else {
                part.columns.insert(column.name.clone(), cell(keys, part.table, column, text)?);
            }
        }
        rows.push(part);
    }
    rows.sort_unstable();
    Ok(exists.then_some(State { rows }))
}

/// A value as the audit knows it.
fn cell(keys: &Keyring, table: &str, column: &Column, text: Option<String>) -> Result<Cell, AppError> {
    let name = format!("{table}.{}", column.name);
    let hashed = HASHED.contains(&name.as_str());
    let Some(mut text) = text else { return Ok(Cell { text: None, hashed }) };
    let sealed_in = SealedColumn::ALL.iter().copied().find(|sealed| sealed.name() == name);
    if let (Some(sealed_in), Kind::Binary) = (sealed_in, column.kind) {
        let bytes = dump::bytes_of(&text).ok_or_else(|| DbError::Damaged(table.to_owned()))?;
        let plain = keys.open(sealed_in, &Sealed::from_bytes(bytes)).map_err(DbError::from)?;
        if hashed {
            text = keys.index(IndexField::AuditState, &plain).to_hex();
        } else {
            text = String::from_utf8_lossy(&plain).into_owned();
        }
    } else if hashed {
        text = keys.index(IndexField::AuditState, text.as_bytes()).to_hex();
    }
    Ok(Cell { text: Some(text), hashed })
}

impl State {
    /// Keyed hash of all rows.
    #[must_use]
    pub fn hash(&self, keys: &Keyring) -> Vec<u8> {
        let mut hash = keys.hasher(IndexField::AuditState);
        let mut field = |value: Option<&str>| match value {
            None => hash.update(&[0]),
            Some(text) => {
                hash.update(&[1]);
                hash.update(&(text.len() as u64).to_be_bytes());
                hash.update(text.as_bytes());
            }
        };
        for row in &self.rows {
            field(Some(row.table));
            field(Some(&row.id.to_string()));
            field(Some(&row.columns.len().to_string()));
            for (column, cell) in &row.columns {
                field(Some(column));
                field(cell.text.as_deref());
            }
        }
        hash.finish().as_bytes().to_vec()
    }

    /// What differs in another state of the same object: `{table, id, column, old, new}`, without values where they are not
    /// to be kept.
    #[must_use]
    pub fn changes(&self, after: &Self) -> Vec<Value> {
        let (mut old, mut new): (Vec<&Part>, Vec<&Part>) = (self.rows.iter().collect(), after.rows.iter().collect());
        // Lists are replaced as a whole: a row that says the same under another id has not changed.
        old.retain(|row| match new.iter().position(|other| row.says_the_same(other)) {
            Some(place) => {
                new.remove(place);
                false
            }
            None => true,
        });
        let mut changes = Vec::new();
        for row in &old {
            let other = new.iter().position(|other| (other.table, other.id) == (row.table, row.id));
            let other = other.map(|place| new.remove(place));
            compare(row.table, row.id, Some(row), other, &mut changes);
        }
        for row in new {
            compare(row.table, row.id, None, Some(row), &mut changes);
        }
        changes
    }
}

impl Part {
    fn says_the_same(&self, other: &Self) -> bool {
        self.table == other.table && self.columns == other.columns
    }
}

fn compare(table: &str, id: i64, old: Option<&Part>, new: Option<&Part>, changes: &mut Vec<Value>) {
    let Some(either) = old.or(new) else { return };
    for column in either.columns.keys() {
        // An index follows from the sealed value beside it.
        if SILENT.contains(&column.as_str()) || column.ends_with("_index") && column != "token_index" {
            continue;
        }
        let cell = |part: Option<&Part>| part.and_then(|part| part.columns.get(column)).cloned();
        let (old, new) = (cell(old), cell(new));
        let text = |cell: &Option<Cell>| cell.as_ref().and_then(|cell| cell.text.clone());
        if text(&old) == text(&new) {
            continue;
        }
        let id = id.to_string();
        changes.push(if [&old, &new].into_iter().flatten().any(|cell| cell.hashed) {
            json!({ "table": table, "id": id, "column": column })
        } else {
            json!({ "table": table, "id": id, "column": column, "old": text(&old), "new": text(&new) })
        });
    }
}
