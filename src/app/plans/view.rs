//! Plans as they are shown: from the stored rows alone, so that a plan looks the same whenever it is looked at.

use std::collections::HashMap;

use chrono::NaiveDateTime;

use super::pins::reason;
use crate::app::error::AppError;
use crate::app::{Connection, Page};
use crate::db::plan_adoptions::{self, AdoptionRow};
use crate::db::plan_lists;
pub use crate::db::plan_lists::HouseholdFilter;
pub use crate::db::plans::PlanData as Figures;
pub use crate::db::plans::baselines::BaselineRow as Baseline;
use crate::db::plans::changes::ChangeRow;
use crate::db::plans::households::HouseholdRow;
use crate::db::plans::placements::PlacementRow;
use crate::db::plans::prices::PriceRow;
use crate::db::plans::{self, PlanRow};
use crate::db::rows::Stored;
use crate::db::{Keyring, employers, households, plan_pins, postings, residents};
use crate::domain::codes::{PinKind, PlanChangeKind, PlanStanding, PlanState, UncoveredClass};
use crate::domain::text::Text;
use crate::engine::gates::GATES;
use crate::engine::plan::{Fold, Objective};

/// How many of the scarcest postings a plan shows at once; the list has all.
const SCARCEST: i64 = 10;

/// A plan in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    pub id: i64,
    pub standing: PlanStanding,
    pub figures: Figures,
    /// Its last adoption: run, time, by whom.
    pub adoption: Option<(i64, NaiveDateTime, String)>,
}

/// A folded amount in people's terms: weight of households, promises, points.
pub type Amount = Objective;

/// What one place of a posting is worth to the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    pub id: i64,
    pub posting: PostingName,
    pub vacancies: i64,
    pub price: i64,
    pub amount: Amount,
}

/// How a posting is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostingName {
    pub id: i64,
    pub title: String,
    pub employer: String,
}

/// A decision the plan was made under, and what it costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    pub pin: i64,
    pub kind: PinKind,
    pub resident_id: i64,
    pub posting_id: i64,
    pub reason: String,
    /// The plan without it minus the plan with it.
    pub households: i64,
    pub cost: Amount,
}

/// A plan with everything a person asks of it first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Full {
    pub summary: Summary,
    pub baselines: Vec<Baseline>,
    /// The postings whose places are worth most, highest first.
    pub scarcest: Vec<Price>,
    /// `None` = not classified.
    pub uncovered: Vec<(Option<UncoveredClass>, i64)>,
    pub changes: Vec<(PlanChangeKind, i64)>,
    pub overrides: Vec<Override>,
}

/// A placement with names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    pub id: i64,
    pub row: PlacementRow,
    pub resident_name: String,
    pub posting: PostingName,
}

/// What a plan makes of a household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Household {
    pub id: i64,
    pub household_id: i64,
    /// Its number in the ledger, where it has one.
    pub code: Option<String>,
    pub state: PlanState,
    pub weight: i64,
    pub place_limit: i64,
    pub class: Option<UncoveredClass>,
    pub evidence: Option<serde_json::Value>,
}

impl Household {
    /// Why it stays uncovered, in words.
    #[must_use]
    pub fn sentences(&self) -> Vec<Text> {
        let said = self.evidence.as_ref().and_then(|evidence| evidence["sentences"].as_array());
        let text = |said: &serde_json::Value| Some(Text::new(said["zh"].as_str()?, said["en"].as_str()?));
        said.into_iter().flatten().filter_map(text).collect()
    }
}

/// A change with names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub id: i64,
    pub row: ChangeRow,
    pub resident_name: String,
    pub from: Option<PostingName>,
    pub to: Option<PostingName>,
    /// What people call the gate that bars the pair.
    pub gate: Option<Text>,
}

/// The plan in force, if there is one.
///
/// # Errors
/// If the database fails.
pub fn current(conn: &mut Connection) -> Result<Option<i64>, AppError> {
    Ok(plan_adoptions::current(conn)?.map(|adoption| adoption.data.plan_id))
}

/// The figures of a plan.
///
/// # Errors
/// `NotFound`.
pub fn figures(conn: &mut Connection, plan: i64) -> Result<Figures, AppError> {
    Ok(plans::get(conn, plan)?.data)
}

/// The newest plans first, those made before one if it is named.
///
/// # Errors
/// If the database fails.
pub fn newest(conn: &mut Connection, before: Option<i64>, limit: i64) -> Result<Vec<Summary>, AppError> {
    let rows = plans::newest(conn, before, limit)?;
    summaries(conn, rows)
}

/// Plans by id.
///
/// # Errors
/// If the database fails.
pub fn page(conn: &mut Connection, page: Page) -> Result<Vec<Summary>, AppError> {
    let rows = plans::page(conn, page)?;
    summaries(conn, rows)
}

fn summaries(conn: &mut Connection, rows: Vec<PlanRow>) -> Result<Vec<Summary>, AppError> {
    let current = current(conn)?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let adoptions: HashMap<i64, AdoptionRow> =
        plan_adoptions::of_plans(conn, &ids)?.into_iter().map(|adoption| (adoption.data.plan_id, adoption)).collect();
    let summary = |row: PlanRow| {
        let adoption = adoptions.get(&row.id).map(|row| &row.data);
        Summary {
            standing: match adoption {
                _ if current == Some(row.id) => PlanStanding::Adopted,
                None if row.data.parent_id == current => PlanStanding::Proposed,
                _ => PlanStanding::Superseded,
            },
            adoption: adoption.map(|data| (data.run_id, data.adopted_at, data.adopted_by.clone())),
            id: row.id,
            figures: row.data,
        }
    };
    Ok(rows.into_iter().map(summary).collect())
}

/// One plan.
///
/// # Errors
/// `NotFound`.
pub fn get(conn: &mut Connection, keys: &Keyring, id: i64) -> Result<Full, AppError> {
    let row = plans::get(conn, id)?;
    let figures = row.data.clone();
    let Some(summary) = summaries(conn, vec![row])?.pop() else { return Err(AppError::NotFound) };
    let scarcest = plan_lists::highest_prices(conn, id, SCARCEST)?;
    let names = posting_names(conn, scarcest.iter().map(|(posting, ..)| *posting))?;
    let fold = fold(&figures);
    let scarcest = scarcest.into_iter().map(|(posting, price, vacancies)| Price {
        id: posting,
        posting: names.get(&posting).cloned().unwrap_or_default(),
        vacancies,
        price,
        amount: fold.unfold_price(price),
    });
    Ok(Full {
        scarcest: scarcest.collect(),
        baselines: plans::baselines::of_plan(conn, id)?,
        uncovered: plan_lists::uncovered_by_class(conn, id)?,
        changes: plan_lists::changes_by_kind(conn, id)?,
        overrides: overrides(conn, keys, id, &figures)?,
        summary,
    })
}

fn fold(figures: &Figures) -> Fold {
    Fold { covered: figures.fold_covered, kept: figures.fold_kept }
}

fn overrides(conn: &mut Connection, keys: &Keyring, plan: i64, figures: &Figures) -> Result<Vec<Override>, AppError> {
    let rows = plans::overrides::of_plan(conn, plan)?;
    let ids: Vec<i64> = rows.iter().map(|row| row.pin_id).collect();
    let pins: HashMap<i64, plan_pins::PinData> =
        plan_pins::get_many(conn, &ids)?.into_iter().map(|row| (row.id, row.data)).collect();
    let newly = figures.covered_after - figures.covered_before;
    let cost = |row: plans::overrides::OverrideRow| {
        let Some(pin) = pins.get(&row.pin_id) else { return Ok(None) };
        Ok(Some(Override {
            pin: row.pin_id,
            kind: pin.kind,
            resident_id: pin.resident_id,
            posting_id: pin.posting_id,
            reason: reason(keys, pin)?,
            households: row.households_without - newly,
            cost: Amount {
                covered: row.covered_without - figures.covered,
                kept: row.kept_without - figures.kept,
                suitability: row.suitability_without - figures.suitability,
            },
        }))
    };
    rows.into_iter().filter_map(|row| cost(row).transpose()).collect()
}

/// A plan's placements by id, which is the order of residents.
///
/// # Errors
/// `NotFound`.
pub fn placements(
    conn: &mut Connection,
    plan: i64,
    within: Option<&[i64]>,
    page: Page,
) -> Result<Vec<Placement>, AppError> {
    plans::get(conn, plan)?;
    let rows = plan_lists::placements_page(conn, plan, within, page)?;
    named_placements(conn, rows)
}

/// What a plan places of one household, by id.
///
/// # Errors
/// If the database fails.
pub fn placements_of(conn: &mut Connection, plan: i64, household: i64) -> Result<Vec<Placement>, AppError> {
    let rows = plan_lists::placements_of(conn, plan, &[household])?;
    named_placements(conn, rows)
}

fn named_placements(conn: &mut Connection, rows: Vec<Stored<PlacementRow>>) -> Result<Vec<Placement>, AppError> {
    let people = resident_names(conn, rows.iter().map(|row| row.data.resident_id))?;
    let names = posting_names(conn, rows.iter().map(|row| row.data.posting_id))?;
    let named = |row: Stored<PlacementRow>| Placement {
        id: row.id,
        resident_name: people.get(&row.data.resident_id).cloned().unwrap_or_default(),
        posting: names.get(&row.data.posting_id).cloned().unwrap_or_default(),
        row: row.data,
    };
    Ok(rows.into_iter().map(named).collect())
}

/// The plan a counselor works by: the newest one that may still be adopted, else the one in force; its standing tells which.
///
/// # Errors
/// If the database fails.
pub fn working(conn: &mut Connection) -> Result<Option<Summary>, AppError> {
    let current = current(conn)?;
    let newest = plans::newest_of_parent(conn, current)?;
    let rows = match newest.or(current) {
        Some(id) => vec![plans::get(conn, id)?],
        None => Vec::new(),
    };
    Ok(summaries(conn, rows)?.pop())
}

/// A plan's households by id.
///
/// # Errors
/// `NotFound`.
pub fn households(
    conn: &mut Connection,
    plan: i64,
    filter: &HouseholdFilter,
    page: Page,
) -> Result<Vec<Household>, AppError> {
    plans::get(conn, plan)?;
    let rows = plan_lists::households_page(conn, plan, filter, page)?;
    let found = households::get_many(conn, &unique(rows.iter().map(|row| row.data.household_id)))?;
    let mut codes: HashMap<i64, Option<String>> = found.into_iter().map(|row| (row.id, row.data.code)).collect();
    let mut named = |row: Stored<HouseholdRow>| {
        let evidence = row.data.evidence.as_deref().map(serde_json::from_str).transpose();
        Ok(Household {
            id: row.id,
            household_id: row.data.household_id,
            code: codes.remove(&row.data.household_id).flatten(),
            state: row.data.state,
            weight: row.data.weight,
            place_limit: row.data.place_limit,
            class: row.data.class,
            evidence: evidence.map_err(anyhow::Error::from)?,
        })
    };
    rows.into_iter().map(&mut named).collect()
}

/// A plan's prices by id, which is the order of postings.
///
/// # Errors
/// `NotFound`.
pub fn prices(conn: &mut Connection, plan: i64, page: Page) -> Result<Vec<Price>, AppError> {
    let fold = fold(&plans::get(conn, plan)?.data);
    let rows = plans::prices::page(conn, plan, page)?;
    let names = posting_names(conn, rows.iter().map(|row| row.data.posting_id))?;
    let price = |row: Stored<PriceRow>| Price {
        id: row.id,
        posting: names.get(&row.data.posting_id).cloned().unwrap_or_default(),
        vacancies: row.data.vacancies,
        price: row.data.price,
        amount: fold.unfold_price(row.data.price),
    };
    Ok(rows.into_iter().map(price).collect())
}

/// What a plan changes of its parent, by id, which is the order of residents.
///
/// # Errors
/// `NotFound`.
pub fn diff(
    conn: &mut Connection,
    plan: i64,
    kind: Option<PlanChangeKind>,
    within: Option<&[i64]>,
    page: Page,
) -> Result<Vec<Change>, AppError> {
    plans::get(conn, plan)?;
    let rows = plan_lists::changes_page(conn, plan, kind, within, page)?;
    let people = resident_names(conn, rows.iter().map(|row| row.data.resident_id))?;
    let both = rows.iter().flat_map(|row| [row.data.from_posting_id, row.data.to_posting_id]);
    let names = posting_names(conn, both.flatten())?;
    let name = |id: Option<i64>| id.map(|id| names.get(&id).cloned().unwrap_or_default());
    let named = |row: Stored<ChangeRow>| Change {
        id: row.id,
        resident_name: people.get(&row.data.resident_id).cloned().unwrap_or_default(),
        from: name(row.data.from_posting_id),
        to: name(row.data.to_posting_id),
        gate: row.data.gate.as_deref().map(gate_name),
        row: row.data,
    };
    Ok(rows.into_iter().map(named).collect())
}

/// The gate's name; its code where this version has no such gate any more.
fn gate_name(code: &str) -> Text {
    let gate = GATES.iter().find(|spec| spec.code == code);
    gate.map_or_else(|| Text::new(code, code), |spec| spec.label.into())
}

fn unique(ids: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut ids: Vec<i64> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// What these residents are called.
///
/// # Errors
/// If the database fails.
pub fn resident_names(conn: &mut Connection, ids: impl Iterator<Item = i64>) -> Result<HashMap<i64, String>, AppError> {
    let rows = residents::get_many(conn, &unique(ids))?;
    Ok(rows.into_iter().map(|row| (row.id, row.data.name)).collect())
}

/// How these postings are called.
///
/// # Errors
/// If the database fails.
pub fn posting_names(
    conn: &mut Connection,
    ids: impl Iterator<Item = i64>,
) -> Result<HashMap<i64, PostingName>, AppError> {
    let rows = postings::get_many(conn, &unique(ids))?;
    let employers = employers::get_many(conn, &unique(rows.iter().map(|row| row.data.employer_id)))?;
    let employers: HashMap<i64, String> = employers.into_iter().map(|row| (row.id, row.data.name)).collect();
    let name = |row: crate::db::postings::PostingRow| {
        let employer = employers.get(&row.data.employer_id).cloned().unwrap_or_default();
        (row.id, PostingName { id: row.id, title: row.data.title, employer })
    };
    Ok(rows.into_iter().map(name).collect())
}
