//! What would close the gap a plan leaves, stored with the plan: the best changes of each kind, each solved exactly.
//!
//! Made from the instance the plan was made from, so the answer is always about the plan that is shown, whatever happens to the
//! records later. Cost: one more proof, and one plan for each change that the plan's prices do not prove worthless, up to
//! [`MOST_EVALUATED`] of each kind.

use std::ops::ControlFlow;
use std::sync::Mutex;

use super::propose::Progress;
use super::terms::Basis;
use super::what_if;
use super::worth::{self, Worth};
use crate::app::Connection;
use crate::app::access::Reach;
use crate::app::error::AppError;
use crate::db::plans::gaps::GapRow;
use crate::db::plans::{self, gaps};
use crate::domain::codes::ChangeKind;
use crate::domain::text::Label;
use crate::engine::plan::Plan;
use crate::engine::plan::gap::{Options, gap};
use crate::engine::plan::uncovered::Report;

/// Changes kept of each kind, looked at and evaluated at most: a proposal should not take many times as long as its plan.
const WANTED: usize = 5;
const MOST_RELAXED: usize = 200;
const MOST_COURSES: usize = 24;
const MOST_EVALUATED: usize = 12;

const LOOKING: Label = Label { zh: "正在计算怎样补上缺口", en: "looking for what would close the gap" };

/// The best changes of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranking {
    pub kind: ChangeKind,
    pub best: Vec<Worth>,
    pub candidates: i64,
    pub worthless: i64,
    pub evaluated: i64,
    pub complete: bool,
}

/// What would close the gap of a plan, by kind of change; names only those whom somebody with this reach may see.
///
/// # Errors
/// `NotFound`.
pub fn of_plan(conn: &mut Connection, plan: i64, people: &Reach) -> Result<Vec<Ranking>, AppError> {
    plans::get(conn, plan)?;
    let ranking = |row: GapRow| {
        Ok(Ranking {
            kind: row.kind,
            best: worth::load(row.kind, &row.best)?,
            candidates: row.candidates,
            worthless: row.worthless,
            evaluated: row.evaluated,
            complete: row.complete,
        })
    };
    let mut rankings: Vec<Ranking> =
        gaps::of_plan(conn, plan)?.into_iter().map(ranking).collect::<Result<_, AppError>>()?;
    Worth::narrow(conn, people, rankings.iter_mut().flat_map(|ranking| &mut ranking.best))?;
    Ok(rankings)
}

/// Ranks what would close the gap that a plan leaves, from one percentage to another; `report` says who is uncovered.
pub(super) fn rank(
    basis: &Basis,
    plan: &Plan,
    report: &Report,
    progress: Progress<'_>,
    (from, to): (u8, u8),
) -> Result<Vec<GapRow>, AppError> {
    let pairs = basis.pairs(&basis.terms);
    let far = Mutex::new(from);
    let watch = |kind: usize, kinds: usize| {
        // The engine says which kind it is at, and between two changes only asks whether to go on.
        let percent = from + u8::try_from(usize::from(to - from) * kind / kinds.max(1)).unwrap_or(0);
        let Ok(mut far) = far.lock() else { return ControlFlow::Break(()) };
        *far = percent.max(*far);
        match progress(*far, LOOKING.into()) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    };
    let base = what_if::base(basis, &pairs, &plan.placements, &plan.prices)?;
    let options = Options {
        wanted: WANTED,
        most_relaxed: MOST_RELAXED,
        most_courses: MOST_COURSES,
        most_evaluated: MOST_EVALUATED,
        ..Options::default()
    };
    let rankings = gap(&base, &basis.loaded.snapshot, report, &options, &watch).map_err(what_if::failed)?;
    let row = |ranking: crate::engine::plan::gap::Ranking| {
        Ok(GapRow {
            plan_id: 0,
            kind: ranking.kind,
            best: worth::save(ranking.best.iter().map(|ranked| Worth::of(basis, ranked)).collect())?,
            candidates: super::store::count(ranking.n_candidates)?,
            worthless: super::store::count(ranking.n_worthless)?,
            evaluated: super::store::count(ranking.n_evaluated)?,
            complete: ranking.is_complete,
        })
    };
    rankings.into_iter().map(row).collect()
}
