//! What a decision of a counselor would cost the plan, before it is made.
//!
//! Solved exactly under one decision more, from the records the plan was made from; nothing is stored. Cost: one snapshot, one proof and
//! one solve.

use super::view::Amount;
use super::what_if::load;
use crate::app::error::{AppError, FieldCode, FieldError, Refusal};
use crate::db::Db;
use crate::domain::codes::PinKind;
use crate::domain::text::Label;
use crate::engine::plan::certificate::check_plan;
use crate::engine::plan::{Outcome, never_stop, plan};

const CANNOT_BE: Label = Label {
    zh: "这样指定不了：条件不符、名额不够，或家里须留人照料。请选别的岗位。",
    en: "This cannot be: the conditions do not fit, no place is left, or somebody has to stay at home. Please choose another posting.",
};

/// The plan without the decision minus the plan with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Households newly covered.
    pub households: i64,
    pub amount: Amount,
}

/// What pinning or forbidding a pair would cost a stored plan.
///
/// # Errors
/// `NotFound`; `Invalid` for a pair that is not there or a pin that cannot be kept; refused if the records have changed since the plan
/// was made.
pub fn cost(db: &Db, id: i64, (resident, posting, kind): (i64, i64, PinKind)) -> Result<Cost, AppError> {
    let (basis, placements, _) = load(db, id)?;
    let no_such = || FieldError::new("/posting_id", FieldCode::NoSuchRecord);
    let pair = basis.pair(resident, posting).ok_or_else(no_such)?;
    let terms = basis.terms_with(kind, pair)?;
    let with = match plan(&terms, &basis.pairs(&terms), &never_stop) {
        Outcome::Optimal(with) => with,
        Outcome::Cancelled => return Err(AppError::Cancelled),
        Outcome::Refused(_) => {
            return Err(FieldError::with_text("/posting_id", FieldCode::Contradicts, CANNOT_BE.into()).into());
        }
        Outcome::Unproved(violation) => {
            tracing::error!(violation = violation.code(), "the cost of a decision was not proved");
            return Err(Refusal::PlanUnproved.into());
        }
    };
    let before = check_plan(&basis.terms, &basis.pairs(&basis.terms), &placements)
        .map_err(|violation| anyhow::anyhow!("a stored plan violates {}", violation.code()))?;
    let count = |placements: &[_]| i64::try_from(basis.newly_covered(placements).len()).unwrap_or(i64::MAX);
    Ok(Cost {
        households: count(&placements) - count(&with.placements),
        amount: Amount {
            covered: before.covered - with.objective.covered,
            kept: before.kept - with.objective.kept,
            suitability: before.suitability - with.objective.suitability,
        },
    })
}
