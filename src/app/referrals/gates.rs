//! Do these two fit on this day? The gates of the engine, asked about one pair, and what a counselor answers for.

use chrono::NaiveDate;

use super::Override;
use crate::app::error::{AppError, FieldCode, FieldError, Refusal};
use crate::app::snapshot::{self, FullPostings, Scope};
use crate::app::{Connection, Keyring};
use crate::db::memberships;
use crate::domain::text::Text;
use crate::engine::explain::{GateResult, explain};
use crate::engine::gates::{Gate, Outcome};
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
    /// Every gate passed, none was unknown: only then does a refusal count against anybody.
    pub suitable: bool,
}

/// Asks all gates. A posting that is not published lets nobody pass.
pub(super) fn ask(
    conn: &mut Connection,
    keys: &Keyring,
    (resident, posting): (i64, i64),
    today: NaiveDate,
) -> Result<Asked, AppError> {
    let homes = memberships::of_residents(conn, &[resident])?;
    let home = homes.iter().find(|row| row.data.valid_until.is_none()).map(|row| row.data.household_id);
    let home = home.ok_or(Refusal::HouseholdMissing)?;
    let scope = Scope::Pair { household: home, posting };
    let loaded = snapshot::load_with(conn, keys, today, FullPostings::Closed, scope)?;
    let r = loaded.resident_index(resident).ok_or(Refusal::HouseholdMissing)?;
    let p = loaded.posting_index(posting).ok_or(Refusal::PostingNotOpen)?;
    let explained = explain(&loaded.snapshot, r, p);
    let failed = |result: &GateResult| Failed { gate: result.gate, text: words::bars(result, &loaded.names) };
    let failed = explained.barring().map(failed).collect();
    let suitable = explained.gates.iter().all(|result| result.check.outcome == Outcome::Pass);
    Ok(Asked { failed, suitable })
}

/// The gates that do not let a pair pass.
pub(super) fn failed(
    conn: &mut Connection,
    keys: &Keyring,
    pair: (i64, i64),
    today: NaiveDate,
) -> Result<Vec<Failed>, AppError> {
    Ok(ask(conn, keys, pair, today)?.failed)
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
    faults.extend(refused(failed, |gate| overrides.iter().any(|one| one.gate == gate)));
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

/// The failed gates nobody answers for, or nobody can.
pub(super) fn refused(failed: &[Failed], is_answered: impl Fn(Gate) -> bool) -> Vec<FieldError> {
    let open = failed.iter().filter(|failed| !(failed.gate.spec().overridable && is_answered(failed.gate)));
    let fault = |failed: &Failed| {
        let label = failed.gate.label();
        let text = Text::new(format!("{}：{}", label.zh, failed.text.zh), format!("{}: {}", label.en, failed.text.en));
        FieldError::with_text("/posting_id", FieldCode::GateFailed, text)
    };
    open.map(fault).collect()
}
