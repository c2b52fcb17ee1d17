//! The queue of records to complete or to contradict: what imports found wrong, what contradicts itself on record, and what is not
//! known, by building and household.
//!
//! Invariants: an entry goes when the record is put right, when a later file says otherwise, or when somebody says that the record is
//! right; whatever follows from the records is computed on each look. Cost: the facts of the areas' households and the findings told
//! of them.

use std::collections::{HashMap, HashSet};

use chrono::{NaiveDate, NaiveDateTime};

use super::coverage::facts::{self, Place};
use super::error::AppError;
use super::spell_findings::hours_that_meet;
use super::steps::By;
use super::{Connection, settings};
use crate::db::record_findings::{self as rows, Told};
use crate::db::residents;
use crate::domain::codes::{Channel, LabourClass};
use crate::domain::coverage::{HouseholdFacts, MemberFacts};
pub use crate::domain::record_finding::RecordFindingKind;
use crate::domain::record_finding::gaps;
use crate::domain::spell_findings::{SpellFinding, findings};
use crate::domain::text::Text;
use crate::ledger::finding::FindingCode as C;

/// Where a finding came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    pub import: i64,
    pub file: String,
    pub sheet: String,
    pub row: i64,
    pub column: Option<String>,
    pub masked_value: Option<String>,
}

/// Something to complete or to contradict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordFinding {
    /// Of one that an import told: it can be said to be right. What follows from the records goes with its cause.
    pub id: Option<i64>,
    pub kind: RecordFindingKind,
    pub code: String,
    pub place: Place,
    /// `None` = the household as a whole.
    pub resident: Option<i64>,
    /// The job it is about.
    pub spell: Option<i64>,
    pub text: Text,
    pub origin: Option<Origin>,
}

/// Which entries; `None` = any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordFindingFilter {
    pub kind: Option<RecordFindingKind>,
    pub household: Option<i64>,
}

/// How many there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub contradictions: u64,
    pub incomplete: u64,
}

impl Counts {
    #[must_use]
    pub fn of(found: &[RecordFinding]) -> Self {
        let of = |kind| found.iter().filter(|one| one.kind == kind).count() as u64;
        Self { contradictions: of(RecordFindingKind::Contradiction), incomplete: of(RecordFindingKind::Incomplete) }
    }

    #[must_use]
    pub const fn total(self) -> u64 {
        self.contradictions + self.incomplete
    }
}

/// The queue of these areas (`None` = of all), by building, flat and household.
///
/// # Errors
/// If the database fails.
pub fn list(
    conn: &mut Connection,
    within: Option<&[i64]>,
    filter: RecordFindingFilter,
    today: NaiveDate,
) -> Result<Vec<RecordFinding>, AppError> {
    let rules = settings::coverage_rules(conn, today)?;
    let (mut facts, told) = match filter.household {
        Some(household) => (facts::load_household(conn, household)?, rows::of_households(conn, &[household])?),
        None => (facts::load(conn)?, rows::within(conn, within)?),
    };
    facts.keep_within(within);
    let meeting = hours_that_meet(conn, &facts, today)?;
    let mut told_of: HashMap<i64, Vec<Told>> = HashMap::new();
    for told in told {
        told_of.entry(told.data.household_id).or_default().push(told);
    }
    let mut found = Vec::new();
    for (place, household) in facts.on(today) {
        let told = told_of.remove(&household.id).unwrap_or_default();
        let mut of_jobs = contradictions(household, today);
        of_jobs.extend(
            meeting.iter().filter(|line| line.household == household.id).map(|line| (line.resident, line.found)),
        );
        let known: HashSet<(i64, &str)> =
            told.iter().filter_map(|told| Some((told.data.resident_id?, told.finding.code.as_str()))).collect();
        let untold = of_jobs.iter().filter(|(resident, found)| {
            !told_codes(found.finding).iter().any(|code| known.contains(&(*resident, code.code())))
        });
        found.extend(untold.map(|(resident, found)| of_record(place, *resident, *found)));
        let open = told.into_iter().filter(|told| told.data.settled_at.is_none());
        found.extend(open.filter_map(|told| of_import(place, household, told, &of_jobs, today)));
        found.extend(gaps(household, today, &rules).into_iter().map(|(resident, text)| RecordFinding {
            id: None,
            kind: RecordFindingKind::Incomplete,
            code: "profile_incomplete".to_owned(),
            place: place.clone(),
            resident: Some(resident),
            spell: None,
            text,
            origin: None,
        }));
    }
    found.retain(|one| filter.kind.is_none_or(|kind| one.kind == kind));
    found.sort_by(|a, b| order(a).cmp(&order(b)));
    Ok(found)
}

type Order<'a> = (&'a str, Option<&'a str>, i64, RecordFindingKind, Option<i64>, &'a str, Option<i64>);

fn order(one: &RecordFinding) -> Order<'_> {
    let place = &one.place;
    (&place.building_key, place.unit.as_deref(), place.household, one.kind, one.resident, &one.code, one.id)
}

/// The names of those the entries are about, in the same order; `None` for a household as a whole.
///
/// # Errors
/// If the database fails.
pub fn names(conn: &mut Connection, found: &[RecordFinding]) -> Result<Vec<Option<String>>, AppError> {
    let people: Vec<i64> = found.iter().filter_map(|one| one.resident).collect();
    let names: HashMap<i64, String> =
        residents::get_many(conn, &people)?.into_iter().map(|row| (row.id, row.data.name)).collect();
    Ok(found.iter().map(|one| names.get(&one.resident?).cloned()).collect())
}

/// Says of a finding about this household that the record is right; it is not asked again while files say the same.
///
/// # Errors
/// `NotFound`; `Stale` if somebody did before.
pub fn settle(conn: &mut Connection, (household, id): (i64, i64), now: NaiveDateTime, by: By) -> Result<(), AppError> {
    if rows::settle(conn, (household, id), by.account, now)? { Ok(()) } else { Err(AppError::Stale) }
}

type OfJob = (i64, crate::domain::spell_findings::Found);

fn contradictions(household: &HouseholdFacts, today: NaiveDate) -> Vec<OfJob> {
    let members = household.members.iter().filter(|member| member.person.is_member(today));
    members.flat_map(|member| findings(member, today).into_iter().map(|found| (member.resident, found))).collect()
}

fn of_record(place: &Place, resident: i64, found: crate::domain::spell_findings::Found) -> RecordFinding {
    let label = found.finding.label();
    let is_gap = found.finding == SpellFinding::StartUnknown;
    RecordFinding {
        id: None,
        kind: if is_gap { RecordFindingKind::Incomplete } else { RecordFindingKind::Contradiction },
        code: found.finding.code().to_owned(),
        place: place.clone(),
        resident: Some(resident),
        spell: Some(found.spell),
        text: Text::new(label.zh, label.en),
        origin: None,
    }
}

fn of_import(
    place: &Place,
    household: &HouseholdFacts,
    told: Told,
    of_jobs: &[OfJob],
    today: NaiveDate,
) -> Option<RecordFinding> {
    let code = C::of_code(&told.finding.code)?;
    let resident = told.data.resident_id;
    if !still_holds(code, place, household, resident, of_jobs, today) {
        return None;
    }
    let finding = told.finding;
    let spell = of_jobs
        .iter()
        .find(|(who, found)| Some(*who) == resident && told_codes(found.finding).contains(&code))
        .map(|(_, found)| found.spell);
    Some(RecordFinding {
        id: Some(told.id),
        kind: if code.is_gap() { RecordFindingKind::Incomplete } else { RecordFindingKind::Contradiction },
        code: finding.code,
        place: place.clone(),
        resident,
        spell,
        text: Text::new(finding.message_zh, finding.message_en),
        origin: Some(Origin {
            import: finding.batch_id,
            file: told.file_name,
            sheet: finding.sheet,
            row: finding.row_number,
            column: finding.column_name,
            masked_value: finding.masked_value,
        }),
    })
}

/// What an import says of the same contradiction.
const fn told_codes(finding: SpellFinding) -> &'static [C] {
    match finding {
        SpellFinding::Overlaps => &[C::OverlappingSpells, C::InTwoWorkshops],
        SpellFinding::UnderSixteen => &[C::UnderageEmployed],
        SpellFinding::InSchool => &[C::InSchoolEmployed],
        SpellFinding::NoCapacity => &[C::NoCapacityEmployed],
        SpellFinding::StartUnknown => &[C::StartMissing, C::StatusWithoutJob],
        SpellFinding::PublicWelfareAge => &[C::PublicWelfareAge],
        SpellFinding::PublicWelfareTerm => &[C::PublicWelfareTerm],
        SpellFinding::ParkOutside => &[C::ParkJobOutOfCounty],
        SpellFinding::PublicWelfareOutside => &[C::PublicWelfareOutside],
        SpellFinding::HoursMeet
        | SpellFinding::AfterDeath
        | SpellFinding::Away
        | SpellFinding::ContractOver
        | SpellFinding::TenantGone
        | SpellFinding::ContractBeforeStart
        | SpellFinding::VerifiedBeforeStart => &[],
    }
}

/// Whether a record is still as the import found it, as far as the records tell; what they cannot tell holds until somebody looked.
fn still_holds(
    code: C,
    place: &Place,
    household: &HouseholdFacts,
    resident: Option<i64>,
    of_jobs: &[OfJob],
    today: NaiveDate,
) -> bool {
    let Some(resident) = resident else { return code != C::NoHead || place.head_name.is_none() };
    let member = household.members.iter().find(|member| member.resident == resident);
    let Some(member) = member.filter(|member| member.person.is_current_member(today)) else { return false };
    let job = |wanted: SpellFinding| of_jobs.iter().any(|(who, found)| *who == resident && found.finding == wanted);
    let class = member.person.labour_class;
    let runs = |member: &MemberFacts| member.spells.iter().filter(|spell| spell.is_active(today)).count();
    let in_park = |member: &MemberFacts| {
        member.spells.iter().filter(|spell| spell.is_active(today) && spell.channel == Channel::MicroFactory).count()
    };
    match code {
        C::OverlappingSpells => job(SpellFinding::Overlaps),
        C::UnderageEmployed => job(SpellFinding::UnderSixteen),
        C::InSchoolEmployed => job(SpellFinding::InSchool),
        C::NoCapacityEmployed => job(SpellFinding::NoCapacity),
        C::StartMissing | C::StatusWithoutJob => job(SpellFinding::StartUnknown),
        C::PublicWelfareAge => job(SpellFinding::PublicWelfareAge),
        C::PublicWelfareTerm => job(SpellFinding::PublicWelfareTerm),
        C::ParkJobOutOfCounty => job(SpellFinding::ParkOutside),
        C::PublicWelfareOutside => job(SpellFinding::PublicWelfareOutside),
        C::InTwoWorkshops => in_park(member) > 1,
        C::UnemployedOnRecord | C::UnemployedWithJob => runs(member) > 0,
        C::HealthyButWeak => class == Some(LabourClass::WeakOrHalf),
        C::OldButOrdinary => matches!(class, Some(LabourClass::Ordinary | LabourClass::Skilled)),
        C::StartInFuture => member.spells.iter().any(|spell| spell.counted_from > today),
        C::EndInFuture => member.spells.iter().any(|spell| spell.end_on.is_some_and(|end| end > today)),
        _ => true,
    }
}
