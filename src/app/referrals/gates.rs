//! Do these two fit on this day? The gates of the engine, asked about one pair, and what a counselor answers for.

use chrono::NaiveDate;

use super::Override;
use crate::app::Connection;
use crate::app::error::{AppError, FieldCode, FieldError, Refusal};
use crate::app::snapshot::{self, FullPostings, Scope};
use crate::db::memberships;
use crate::domain::text::Text;
use crate::engine::explain::{GateResult, explain};
use crate::engine::gates::{Compared, Gate, Outcome};
use crate::engine::words;

/// A gate that does not let the pair pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failed {
    pub gate: Gate,
    /// Why, with the values compared.
    pub text: Text,
}

/// What the gates say of a pair today.
pub(super) struct Asked {
    pub failed: Vec<Failed>,
    /// See [`Explanation::is_suitable`](crate::engine::explain::Explanation::is_suitable).
    pub suitable: bool,
}

/// What is asked: nobody begins to work at a hazard without the health check that is enough for a proposal to wait for
/// (职业病防治法 35).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum For {
    Proposal,
    Work,
}

/// Asks all gates. A posting that is not published lets nobody pass.
pub(super) fn ask(
    conn: &mut Connection,
    (resident, posting): (i64, i64),
    (what, today): (For, NaiveDate),
) -> Result<Asked, AppError> {
    let home = home(conn, resident)?.ok_or(Refusal::HouseholdMissing)?;
    let scope = Scope::Pair { household: home, posting };
    let loaded = snapshot::load_with(conn, None, today, FullPostings::Closed, scope)?;
    let r = loaded.resident_index(resident).ok_or(Refusal::HouseholdMissing)?;
    let p = loaded.posting_index(posting).ok_or(Refusal::PostingNotOpen)?;
    let explained = explain(&loaded.snapshot, r, p);
    let bars = |result: &&GateResult| !result.lets_pass || what == For::Work && lacks_check(result);
    let failed = |result: &GateResult| Failed { gate: result.gate, text: words::bars(result, &loaded.names) };
    let failed = explained.gates.iter().filter(bars).map(failed).collect();
    Ok(Asked { failed, suitable: explained.is_suitable() })
}

/// Whether the law lets a person work in a posting as from today. Of somebody without a household nothing is asked.
///
/// # Errors
/// `Invalid`: each gate of the law that fails, under `/posting_id`.
pub(in crate::app) fn lawful(conn: &mut Connection, pair: (i64, i64), today: NaiveDate) -> Result<(), AppError> {
    let mut failed = match ask(conn, pair, (For::Work, today)) {
        Ok(asked) => asked.failed,
        Err(AppError::Refused(Refusal::HouseholdMissing | Refusal::PostingNotOpen, _)) => return Ok(()),
        Err(error) => return Err(error),
    };
    failed.retain(|failed| failed.gate.article().is_some());
    answered(&failed, &[])
}

/// The household somebody belongs to.
pub(super) fn home(conn: &mut Connection, resident: i64) -> Result<Option<i64>, AppError> {
    let homes = memberships::of_residents(conn, &[resident])?;
    Ok(homes.iter().find(|row| row.data.valid_until.is_none()).map(|row| row.data.household_id))
}

fn lacks_check(result: &GateResult) -> bool {
    matches!(result.check.compared, Compared::HazardCheck { has_hazard: Some(true), .. })
        && result.check.outcome != Outcome::Pass
}

/// Whether somebody answers for every gate that does not pass, and for none that nobody can answer for.
///
/// # Errors
/// `Invalid`: each failed gate under `/posting_id`, each override that may not be under its place.
pub(super) fn answered(failed: &[Failed], overrides: &[Override]) -> Result<(), AppError> {
    let mut faults = Vec::new();
    for (index, one) in overrides.iter().enumerate() {
        let at = format!("/overrides/{index}/gate");
        if !one.gate.spec().overridable {
            faults.push(FieldError::new(at, FieldCode::NotOverridable));
        } else if overrides[..index].iter().any(|other| other.gate == one.gate) {
            faults.push(FieldError::new(at, FieldCode::Repeated));
        } else if !failed.iter().any(|failed| failed.gate == one.gate) {
            // What passes today needs nobody's word: a word in advance would let tomorrow's failure through.
            faults.push(FieldError::new(at, FieldCode::NotNeeded));
        }
    }
    let is_answered = |gate: Gate| gate.spec().overridable && overrides.iter().any(|one| one.gate == gate);
    for Failed { gate, text } in failed.iter().filter(|failed| !is_answered(failed.gate)) {
        let label = gate.label();
        let text = Text::new(format!("{}：{}", label.zh, text.zh), format!("{}: {}", label.en, text.en));
        faults.push(FieldError::with_text("/posting_id", FieldCode::GateFailed, text));
    }
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}
