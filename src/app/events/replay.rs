//! The coverage of a day from events alone.

use chrono::{NaiveDate, NaiveDateTime};
use serde_json::Value;

use crate::app::Db;
use crate::app::coverage::facts::{self, Rows};
use crate::app::coverage::report::{CoverageReport, GroupBy, report};
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::settings;
use crate::db::events::{self as events, EventRow};
use crate::db::snapshot::{
    AreaFacts, EmployerFacts, ExemptionFacts, HouseholdFactsRow, MembershipFacts, ResidentFacts, SpellRow,
};
use crate::domain::codes::{
    Absence, AreaKind, Channel, EmployerKind, LabourClass, Region, Relation, RetirementGroup, SchoolStatus, Sex,
};
use crate::domain::events::EventKind;

/// Up to when events are listened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// All there are: what is known now.
    Now,
    /// Up to a moment: what was known then.
    At(NaiveDateTime),
    /// Up to a position, included.
    UpTo(i64),
}

/// The coverage of a day as events tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replayed {
    pub report: CoverageReport,
    /// Position of the last event listened to.
    pub position: i64,
    /// Rows of erased people, of which nothing is told any more: where there are some, a figure reported before the erasure may be
    /// higher.
    pub forgotten: u64,
}

/// What coverage is counted from.
const KINDS: [EventKind; 8] = [
    EventKind::Setting,
    EventKind::Area,
    EventKind::Employer,
    EventKind::Household,
    EventKind::Resident,
    EventKind::Membership,
    EventKind::Exemption,
    EventKind::Employment,
];

/// Replays the coverage of a day, of the households in these areas (`None` = of all). Cost: one pass over the events.
///
/// # Errors
/// `Invalid` at `/known_at` for a moment before the first event, or from which superseded events are kept no more.
pub fn replay(
    db: &Db,
    on: NaiveDate,
    known: Known,
    by: Option<GroupBy>,
    within: Option<&[i64]>,
) -> Result<Replayed, AppError> {
    db.read(|conn| {
        let last = events::last(conn)?;
        let position = match known {
            Known::Now => last,
            Known::At(moment) => events::known_at(conn, moment)?,
            Known::UpTo(position) => position,
        };
        if known != Known::Now && (position < 1 || position > last || position < events::compacted(conn)?) {
            return Err(FieldError::new("/known_at", FieldCode::OutOfRange).into());
        }
        let (told, forgotten) = events::folded(conn, &KINDS, position)?;
        let mut rows = Rows::default();
        let mut values: Vec<(String, NaiveDate, String)> = Vec::new();
        for row in &told {
            place(row, &mut rows, &mut values)?;
        }
        let rules = settings::coverage_rules_from(|key| Ok(value_on(&values, key, on)))?;
        let mut facts = facts::assemble(rows);
        facts.keep_within(within);
        Ok(Replayed { report: report(&facts, on, &rules, by), position, forgotten })
    })
}

/// The value of a setting on a day: the latest that starts on or before it.
fn value_on(values: &[(String, NaiveDate, String)], key: &str, on: NaiveDate) -> Option<String> {
    let held = values.iter().filter(|(name, from, _)| name == key && *from <= on);
    held.max_by_key(|(_, from, _)| *from).map(|(_, _, value)| value.clone())
}

/// A row as its latest event says it; what is not told is empty.
fn place(row: &EventRow, rows: &mut Rows, values: &mut Vec<(String, NaiveDate, String)>) -> Result<(), AppError> {
    let said = Said::of(row)?;
    let id = row.row_id;
    match row.kind {
        EventKind::Setting => {
            values.push((
                said.need(said.text("key"))?,
                said.need(said.day("valid_from"))?,
                said.need(said.text("value"))?,
            ));
        }
        EventKind::Area => rows.areas.push(AreaFacts {
            id,
            parent_id: said.number("parent_id"),
            kind: said.need(said.code("kind", AreaKind::from_code)?)?,
            name: said.need(said.text("name"))?,
            minutes_to_park: said.number("minutes_to_park"),
        }),
        EventKind::Employer => rows.employers.push(EmployerFacts {
            id,
            name: String::new(),
            kind: said.need(said.code("kind", EmployerKind::from_code)?)?,
            industry: None,
            tenant_until: said.day("tenant_until"),
        }),
        EventKind::Household => rows.households.push(HouseholdFactsRow {
            id,
            code: None,
            building_id: said.need(said.number("building_id"))?,
            unit: None,
            township: said.text("township"),
        }),
        EventKind::Exemption => rows.exemptions.push(ExemptionFacts {
            household_id: said.need(said.number("household_id"))?,
            reason: String::new(),
            valid_from: said.need(said.day("valid_from"))?,
            valid_until: said.day("valid_until"),
        }),
        EventKind::Membership => rows.memberships.push(MembershipFacts {
            household_id: said.need(said.number("household_id"))?,
            resident_id: said.need(said.number("resident_id"))?,
            relation: said.need(said.code("relation", Relation::from_code)?)?,
            valid_from: said.day("valid_from"),
            valid_until: said.day("valid_until"),
        }),
        EventKind::Resident => rows.residents.push(ResidentFacts {
            id,
            name: String::new(),
            sex: said.need(said.code("sex", Sex::from_code)?)?,
            birth_date: said.need(said.day("birth_date"))?,
            labour_class: said.code("labour_class", LabourClass::from_code)?,
            school_status: said.code("school_status", SchoolStatus::from_code)?,
            absence: said.code("absence", Absence::from_code)?,
            died_on: said.day("died_on"),
            willing: said.flag("willing"),
            retirement_group: said.code("retirement_group", RetirementGroup::from_code)?,
        }),
        EventKind::Employment => rows.spells.push(SpellRow {
            id,
            resident_id: said.need(said.number("resident_id"))?,
            employer_id: said.number("employer_id"),
            channel: said.need(said.code("channel", Channel::from_code)?)?,
            region: said.code("region", Region::from_code)?,
            skill_id: None,
            start_on: said.day("start_on"),
            counted_from: said.need(said.day("counted_from"))?,
            end_on: said.day("end_on"),
            monthly_income: said.number("monthly_income"),
            part_time: said.need(said.flag("part_time"))?,
            contract_until: said.day("contract_until"),
            evidence: said.need(said.flag("has_evidence"))?.then(String::new),
            verified_on: said.day("verified_on"),
        }),
        _ => {}
    }
    Ok(())
}

/// The data of an event.
struct Said<'e> {
    row: &'e EventRow,
    data: Value,
}

impl<'e> Said<'e> {
    fn of(row: &'e EventRow) -> Result<Self, AppError> {
        let data = row.data.as_deref().and_then(|text| serde_json::from_str(text).ok());
        Ok(Self { row, data: data.ok_or_else(|| unreadable(row))? })
    }

    fn need<T>(&self, value: Option<T>) -> Result<T, AppError> {
        value.ok_or_else(|| unreadable(self.row))
    }

    fn number(&self, name: &str) -> Option<i64> {
        self.data[name].as_i64()
    }

    fn flag(&self, name: &str) -> Option<bool> {
        self.data[name].as_bool()
    }

    fn text(&self, name: &str) -> Option<String> {
        self.data[name].as_str().map(str::to_owned)
    }

    fn day(&self, name: &str) -> Option<NaiveDate> {
        self.data[name].as_str().and_then(|text| text.parse().ok())
    }

    /// `None` where nothing is recorded; a code of no list is a fault, never nothing.
    fn code<T>(&self, name: &str, from_code: impl Fn(&str) -> Option<T>) -> Result<Option<T>, AppError> {
        match self.data[name].as_str() {
            None => Ok(None),
            Some(code) => from_code(code).map(Some).ok_or_else(|| unreadable(self.row)),
        }
    }
}

fn unreadable(row: &EventRow) -> AppError {
    anyhow::anyhow!("event {} cannot be read", row.position).into()
}
