//! Proposing: read, solve, compare, price the decisions, store.
//!
//! Invariant: only an [`Outcome::Optimal`], which the certificate accepted, is stored; whatever else happens, nothing is. The rows
//! are a function of the records, so a proposal that was interrupted may simply be made again.

use std::ops::ControlFlow;

use chrono::{NaiveDate, NaiveDateTime};

use super::diff;
use super::gap;
use super::reasons;
use super::store::{self, Draft, Made};
use super::terms::{Basis, Under, fault};
use crate::app::Connection;
use crate::app::error::{AppError, Refusal};
use crate::db::plans::baselines::BaselineRow;
use crate::db::plans::overrides::OverrideRow;
use crate::db::{Db, plan_adoptions, plans};
use crate::domain::codes::{BaselineRule, PinKind};
use crate::domain::text::{Label, Text};
use crate::engine::plan::baseline::{self, Baseline};
use crate::engine::plan::certificate::check_plan;
use crate::engine::plan::{Outcome, Pair, PinFault, Plan, Refusal as Refused, Terms, plan};

/// Says percent and words; an error means stop.
pub type Progress<'p> = &'p (dyn Fn(u8, Text) -> Result<(), AppError> + Sync);

/// What is proposed.
#[derive(Clone, Copy, Debug)]
pub struct Proposal {
    pub as_of: NaiveDate,
    pub now: NaiveDateTime,
    /// The job that does it. A job that is taken up again gives the plan it has stored and makes no second one.
    pub job: Option<i64>,
}

/// Makes the plan of a day and stores it; gives its id. Its parent is the plan in force.
///
/// # Errors
/// `Invalid` names pins that cannot be kept; refused if the plan is not proved or the numbers are too large; `Cancelled`.
pub fn propose(db: &Db, proposal: Proposal, progress: Progress<'_>) -> Result<i64, AppError> {
    make(db, proposal, true, progress)
}

/// As [`propose`], without looking for what would close the gap, which takes far longer than the plan: for plans made one after
/// another.
///
/// # Errors
/// As [`propose`].
pub fn propose_without_gaps(db: &Db, proposal: Proposal, progress: Progress<'_>) -> Result<i64, AppError> {
    make(db, proposal, false, progress)
}

fn make(db: &Db, proposal: Proposal, with_gaps: bool, progress: Progress<'_>) -> Result<i64, AppError> {
    progress(2, Text::new("正在读取数据", "reading the records"))?;
    if let Some(stored) = db.read(|conn| stored(conn, proposal.job))? {
        return Ok(stored);
    }
    let basis = db.read(|conn| {
        let parent = plan_adoptions::current(conn)?.map(|adoption| adoption.data.plan_id);
        Basis::load(conn, db.keys(), proposal.as_of, parent, &Under::Standing)
    })?;
    if !basis.faults.is_empty() {
        return Err(AppError::Invalid(basis.faults));
    }
    let solved = solve(&basis, &basis.terms, progress, (15, 45))?;
    progress(45, Text::new("正在与常规做法比较", "comparing with rules of thumb"))?;
    let baselines = baselines(&basis, progress)?;
    let overrides = overrides(&basis, progress)?;
    progress(68, Text::new("正在与现行计划对照", "comparing with the plan in force"))?;
    let changes = diff::changes(&basis, &solved.placements);
    progress(70, Text::new("正在查明未覆盖的原因", "finding out why households stay uncovered"))?;
    let report = reasons::report(&basis, &solved.placements)?;
    let gaps = if with_gaps { gap::rank(&basis, &solved, &report, progress, (72, 95))? } else { Vec::new() };
    progress(95, Text::new("正在保存", "storing"))?;
    let mut draft = Draft::new(&basis, &Made::from(&solved), &proposal)?;
    reasons::explain(&basis, &report, &mut draft.households);
    (draft.baselines, draft.overrides, draft.changes, draft.gaps) = (baselines, overrides, changes, gaps);
    draft.sign(db.keys());
    let plan = db.write(|conn| match stored(conn, proposal.job)? {
        Some(stored) => Ok(stored),
        None => store::insert(conn, &mut draft),
    })?;
    tracing::info!(plan, placed = solved.placements.len(), searches = solved.effort.searches, "plan stored");
    Ok(plan)
}

fn stored(conn: &mut Connection, job: Option<i64>) -> Result<Option<i64>, AppError> {
    Ok(job.map(|job| plans::of_job(conn, job)).transpose()?.flatten())
}

/// Solves exactly, from one percentage to another.
fn solve(basis: &Basis, terms: &Terms, progress: Progress<'_>, (from, to): (u8, u8)) -> Result<Plan, AppError> {
    let step = || Text::new("正在求解最优安排", "solving exactly");
    progress(from, step())?;
    let watch = |done: usize, all: usize| {
        let part = usize::from(to - from) * done / all.max(1);
        match progress(from + u8::try_from(part).unwrap_or(0), step()) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    };
    match plan(terms, &basis.pairs(terms), &watch) {
        Outcome::Optimal(plan) => Ok(plan),
        Outcome::Cancelled => Err(AppError::Cancelled),
        Outcome::Refused(refused) => Err(refusal(basis, refused)),
        Outcome::Unproved(violation) => {
            tracing::error!(violation = violation.code(), detail = ?violation, "a plan was not proved");
            Err(Refusal::PlanUnproved.into())
        }
    }
}

/// The engine's refusal in the words of the records.
pub(super) fn refusal(basis: &Basis, refused: Refused) -> AppError {
    let (pair, why) = match refused {
        Refused::TooLarge(_) => return Refusal::PlanTooLarge.into(),
        Refused::Pin { pair, fault } => (pair, fault),
    };
    let (zh, en) = match why {
        PinFault::NotEligible => ("不符合岗位条件", "the pair is not eligible"),
        PinFault::Forbidden => ("同时被排除", "the pair is forbidden, too"),
        PinFault::SecondPin => ("同时指定了另一岗位", "the resident is pinned to another posting, too"),
        PinFault::NoVacancy => {
            ("岗位空缺不足以容纳指定和已发录用", "the posting has fewer vacancies than pins and offers")
        }
        PinFault::OverLimit => {
            ("家中须留人照料，超出可安排人数", "somebody at home has to care, so fewer may be placed")
        }
    };
    // Where an offer takes what a pin needs, it is the pin that has to give way.
    let shares = |other: Pair| match why {
        PinFault::NoVacancy => other.posting == pair.posting,
        PinFault::OverLimit => basis.home(other.resident) == basis.home(pair.resident),
        PinFault::NotEligible | PinFault::Forbidden | PinFault::SecondPin => false,
    };
    let pins = || basis.decisions.iter().filter(|decision| decision.kind == PinKind::Pin);
    let found = pins().find(|pin| pin.pair == pair).or_else(|| pins().rfind(|pin| shares(pin.pair)));
    let (pin, pair) = found.map_or((0, pair), |found| (found.pin, found.pair));
    let name = basis.name(pair);
    let text = Text::new(
        format!("指定 #{pin}（居民 {name}）无法执行：{zh}。请先结束这项指定。"),
        format!("Pin #{pin} (resident {name}) cannot be kept: {en}. Please end it first."),
    );
    fault(pin, text).into()
}

/// What rules of thumb reach.
pub(super) fn baselines(basis: &Basis, progress: Progress<'_>) -> Result<Vec<BaselineRow>, AppError> {
    let pairs = basis.pairs(&basis.terms);
    let mut rows = Vec::new();
    for (rule, placements) in baseline::baselines(&basis.terms, &pairs).map_err(|refused| refusal(basis, refused))? {
        progress(47, Text::new("正在与常规做法比较", "comparing with rules of thumb"))?;
        let reached = check_plan(&basis.terms, &pairs, &placements)
            .map_err(|violation| anyhow::anyhow!("the baseline {} violates {}", rule.code(), violation.code()))?;
        rows.push(BaselineRow {
            plan_id: 0,
            rule: match rule {
                Baseline::ScoreGreedy => BaselineRule::ScoreGreedy,
                Baseline::HouseholdGreedy => BaselineRule::HouseholdGreedy,
                Baseline::FirstCome => BaselineRule::FirstCome,
            },
            covered: reached.covered,
            kept: reached.kept,
            suitability: reached.suitability,
            placed: store::count(placements.len())?,
            households: store::count(basis.newly_covered(&placements).len())?,
        });
    }
    Ok(rows)
}

const PRICING: Label =
    Label { zh: "正在计算各项指定和排除的代价", en: "pricing the decisions of counselors" };

/// The exact plan without each decision in turn.
fn overrides(basis: &Basis, progress: Progress<'_>) -> Result<Vec<OverrideRow>, AppError> {
    let mut rows = Vec::new();
    for (done, decision) in basis.decisions.iter().enumerate() {
        let percent = 50 + u8::try_from(18 * done / basis.decisions.len()).unwrap_or(0);
        let step = |_: u8, _: Text| progress(percent, PRICING.into());
        let without = solve(basis, &basis.terms_without(decision.pin)?, &step, (percent, percent))?;
        rows.push(OverrideRow {
            plan_id: 0,
            pin_id: decision.pin,
            covered_without: without.objective.covered,
            kept_without: without.objective.kept,
            suitability_without: without.objective.suitability,
            households_without: store::count(basis.newly_covered(&without.placements).len())?,
        });
    }
    Ok(rows)
}
