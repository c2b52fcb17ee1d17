//! Everything stored about one person, who read it included (PIPL 45), and the two numbers in full.
//!
//! Invariant: every table that refers to a resident has its part here (a test compares with the database's foreign keys). What names
//! others of the household stays out; a household is given by its id. Cost: about twenty small queries.

use chrono::{NaiveDate, NaiveDateTime};
use serde_json::{Value, json};

use super::{consents, deletion};
use crate::app::error::{AppError, Refusal};
use crate::app::{events, open_note, residents as people};
use crate::db::resident_lists::{certificates, hours, ruled_out, skills, wishes};
use crate::db::seal::{Sealed, SealedColumn};
use crate::db::{
    AnyConnection, Keyring, barriers, care, concerns, declines, follow_ups, introductions, memberships, person,
    proposals, record_findings, referrals, residents, spells, training, visits,
};
use crate::domain::week::Span;

/// The export, part by part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    pub resident: Value,
    pub skills: Vec<Value>,
    pub certificates: Vec<Value>,
    pub unavailable_hours: Vec<Value>,
    pub wishes: Vec<Value>,
    pub ruled_out: Vec<Value>,
    pub memberships: Vec<Value>,
    pub household_events: Vec<Value>,
    pub household_proposals: Vec<Value>,
    pub record_findings: Vec<Value>,
    pub employment: Vec<Value>,
    pub training: Vec<Value>,
    pub care_duties: Vec<Value>,
    pub barriers: Vec<Value>,
    pub declines: Vec<Value>,
    pub recommendations: Vec<Value>,
    pub plan_placements: Vec<Value>,
    pub plan_changes: Vec<Value>,
    pub plan_households: Vec<Value>,
    pub plan_decisions: Vec<Value>,
    pub consents: Vec<Value>,
    pub introductions: Vec<Value>,
    pub referrals: Vec<Value>,
    pub enrolments: Vec<Value>,
    pub visits: Vec<Value>,
    pub concerns: Vec<Value>,
    pub approvals: Vec<Value>,
    pub reports: Vec<Value>,
    pub events: Vec<Value>,
    pub reads: Vec<Value>,
}

/// One of the two numbers that are masked everywhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secret {
    IdNumber,
    Phone,
}

impl Secret {
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "id_number" => Some(Self::IdNumber),
            "phone" => Some(Self::Phone),
            _ => None,
        }
    }
}

/// A number of a resident in full; `None` = no phone is recorded.
///
/// # Errors
/// `NotFound`; refused where the data may only be stored.
pub fn reveal(
    conn: &mut AnyConnection,
    keys: &Keyring,
    resident: i64,
    what: Secret,
) -> Result<Option<String>, AppError> {
    let person = residents::get(conn, resident)?.data;
    if person.restricted {
        return Err(Refusal::DataRestricted.into());
    }
    match what {
        Secret::IdNumber => opened(keys, SealedColumn::ResidentIdNumber, Some(&person.id_number_cipher)),
        Secret::Phone => opened(keys, SealedColumn::ResidentPhone, person.phone_cipher.as_ref()),
    }
}

fn opened(keys: &Keyring, column: SealedColumn, sealed: Option<&Sealed>) -> Result<Option<String>, AppError> {
    open_note(keys, column, sealed)
}

fn id(id: i64) -> Value {
    id.to_string().into()
}

fn maybe_id(id: Option<i64>) -> Value {
    id.map_or(Value::Null, |id| id.to_string().into())
}

fn time(at: NaiveDateTime) -> String {
    at.and_utc().to_rfc3339()
}

fn span(span: Option<Span>) -> Value {
    let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    span.map_or(Value::Null, |span| json!({"weekday": span.weekday, "from": clock(span.from), "to": clock(span.to)}))
}

macro_rules! code {
    ($value:expr) => {
        $value.map(|value| value.code())
    };
}

mod enrolled;
mod reported;

/// Everything stored about a resident.
///
/// # Errors
/// `NotFound`.
pub fn export(conn: &mut AnyConnection, keys: &Keyring, resident: i64, today: NaiveDate) -> Result<Export, AppError> {
    let lived = memberships::of_residents(conn, &[resident])?;
    let households: Vec<i64> = lived.iter().map(|row| row.data.household_id).collect();
    let stays: Vec<memberships::MembershipData> = lived.iter().map(|row| row.data.clone()).collect();
    let membership = |row: memberships::MembershipRow| {
        let data = row.data;
        json!({
            "household_id": id(data.household_id), "relation": data.relation.code(), "valid_from": data.valid_from,
            "valid_until": data.valid_until,
        })
    };
    Ok(Export {
        resident: profile(conn, keys, resident, today)?,
        skills: skills::of(conn, &[resident])?
            .into_iter()
            .map(|row| {
                json!({
                    "name": row.name, "skill_id": maybe_id(row.skill_id), "level": row.level, "months": row.months,
                })
            })
            .collect(),
        certificates: certificates::of(conn, &[resident])?
            .into_iter()
            .map(|row| json!({"name": row.name, "valid_until": row.valid_until}))
            .collect(),
        unavailable_hours: hours::of(conn, &[resident])?.iter().map(|row| span(row.span())).collect(),
        wishes: wishes::of(conn, &[resident])?
            .into_iter()
            .map(|row| json!({"kind": row.kind.code(), "value": row.value}))
            .collect(),
        ruled_out: ruled_out::of(conn, &[resident])?.iter().map(|row| json!({ "kind": row.kind.code() })).collect(),
        memberships: lived.into_iter().map(membership).collect(),
        household_events: person::household_events(conn, resident)?
            .into_iter()
            .map(|row| {
                json!({"household_id": id(row.household_id), "kind": row.kind.code(), "happened_on": row.happened_on})
            })
            .collect(),
        household_proposals: proposals::about(conn, resident)?
            .into_iter()
            .map(|row| {
                let (kind, state) = (row.data.kind.code(), row.data.state.code());
                json!({"household_id": id(row.data.household_id), "kind": kind, "state": state,
                    "happened_on": row.data.happened_on, "new_unit": row.data.new_unit})
            })
            .collect(),
        record_findings: record_findings::about(conn, resident)?
            .into_iter()
            .map(|told| {
                let found = told.finding;
                json!({"code": found.code, "text": found.message_zh, "file": told.file_name, "sheet": found.sheet,
                    "row": found.row_number, "column": found.column_name, "value": found.masked_value,
                    "settled_at": told.data.settled_at.map(time)})
            })
            .collect(),
        employment: employment(conn, keys, resident)?,
        training: courses(conn, keys, resident)?,
        care_duties: duties(conn, resident)?,
        barriers: obstacles(conn, keys, resident)?,
        declines: refusals(conn, keys, resident)?,
        recommendations: recommendations(conn, resident)?,
        plan_placements: placements(conn, resident)?,
        plan_changes: changes(conn, resident)?,
        plan_households: person::planned_households(conn, &households)?
            .into_iter()
            .map(|row| {
                json!({
                    "plan_id": id(row.plan_id), "household_id": id(row.household_id), "state": row.state.code(),
                    "class": code!(row.class),
                })
            })
            .collect(),
        plan_decisions: decisions(conn, keys, resident)?,
        consents: words(conn, resident, today)?,
        introductions: requests(conn, resident)?,
        referrals: referred(conn, keys, resident)?,
        enrolments: enrolled::enrolments(conn, keys, resident)?,
        visits: visited(conn, &stays)?,
        concerns: complaints(conn, keys, resident)?,
        approvals: asked(conn, keys, resident)?,
        reports: reported::reports(conn, resident, &stays)?,
        events: events::of_resident(conn, resident)?.iter().map(events::Event::to_json).collect(),
        reads: reads(conn, resident)?,
    })
}

fn profile(conn: &mut AnyConnection, keys: &Keyring, resident: i64, today: NaiveDate) -> Result<Value, AppError> {
    let seen = people::get(conn, keys, resident, today)?;
    let row = residents::get(conn, resident)?.data;
    let (restricted_on, _) = residents::standing(conn, resident)?;
    let (created_at, updated_at, registered_by) = person::record_times(conn, resident)?;
    let p = seen.profile;
    Ok(json!({
        "id": id(resident), "name": seen.name,
        "id_number": opened(keys, SealedColumn::ResidentIdNumber, Some(&row.id_number_cipher))?,
        "phone": opened(keys, SealedColumn::ResidentPhone, row.phone_cipher.as_ref())?,
        "sex": seen.sex.code(), "birth_date": seen.birth_date, "ethnicity": p.ethnicity,
        "education": code!(p.education), "health": code!(p.health), "labour_class": code!(p.labour_class),
        "labour_class_on": p.labour_class_on, "school_status": code!(p.school_status), "absence": code!(p.absence),
        "died_on": p.died_on, "willing": p.willing, "willing_to_train": p.willing_to_train,
        "seeking_change": p.seeking_change, "retirement_group": code!(p.retirement_group),
        "max_physical_grade": p.max_physical_grade, "max_load_kg": p.max_load_kg,
        "no_forced_posture": p.no_forced_posture, "max_minutes": p.max_minutes, "expected_pay": p.expected_pay,
        "pay_floor": p.pay_floor, "hazard_check_until": p.hazard_check_until,
        "public_welfare_months": p.public_welfare_months,
        "no_automated_recommendation": p.no_automated_recommendation, "restricted": p.restricted,
        "restricted_on": restricted_on, "note": seen.note, "household_id": maybe_id(seen.household_id),
        "registered_by": maybe_id(registered_by), "created_at": time(created_at), "updated_at": time(updated_at),
    }))
}

fn employment(conn: &mut AnyConnection, keys: &Keyring, resident: i64) -> Result<Vec<Value>, AppError> {
    let mut all = Vec::new();
    for row in spells::of_residents(conn, &[resident])? {
        let mut asked = Vec::new();
        for one in follow_ups::of(conn, &[row.id])? {
            asked.push(json!({
                "months": one.months, "outcome": one.outcome.code(), "done_on": one.done_on,
                "done_by": maybe_id(one.done_by), "created_at": time(one.created_at),
                "note": opened(keys, SealedColumn::FollowUpNote, one.note_cipher.as_ref())?,
            }));
        }
        let d = row.data;
        all.push(json!({
            "id": id(row.id), "employer_id": maybe_id(d.employer_id), "employer_name": d.employer_name,
            "posting_id": maybe_id(d.posting_id), "channel": d.channel.code(), "job_title": d.job_title,
            "skill_id": maybe_id(d.skill_id), "region": code!(d.region), "place": d.place, "start_on": d.start_on,
            "counted_from": d.counted_from, "end_on": d.end_on, "monthly_income": d.monthly_income,
            "part_time": d.part_time, "contract_until": d.contract_until, "evidence": d.evidence,
            "verified_on": d.verified_on, "note": opened(keys, SealedColumn::SpellNote, d.note_cipher.as_ref())?,
            "follow_ups": asked,
        }));
    }
    Ok(all)
}

fn courses(conn: &mut AnyConnection, keys: &Keyring, resident: i64) -> Result<Vec<Value>, AppError> {
    let mut all = Vec::new();
    for row in training::of_resident(conn, resident)? {
        let d = row.data;
        all.push(json!({
            "kind": d.kind, "trade": d.trade, "provider": d.provider, "place": d.place,
            "skill_id": maybe_id(d.skill_id), "start_on": d.start_on, "end_on": d.end_on, "days": d.days,
            "subsidy_fen": d.subsidy_fen, "note": opened(keys, SealedColumn::TrainingNote, d.note_cipher.as_ref())?,
        }));
    }
    Ok(all)
}

/// The duties in which the person is the carer; whom they care for is the household's.
fn duties(conn: &mut AnyConnection, resident: i64) -> Result<Vec<Value>, AppError> {
    let mut all = Vec::new();
    for row in person::care_duties(conn, resident)? {
        let hours: Vec<Value> = care::hours::of(conn, &[row.id])?.iter().map(|hour| span(hour.span())).collect();
        all.push(json!({
            "household_id": id(row.data.household_id), "kind": row.data.kind.code(),
            "valid_from": row.data.valid_from, "valid_until": row.data.valid_until, "hours": hours,
        }));
    }
    Ok(all)
}

fn obstacles(conn: &mut AnyConnection, keys: &Keyring, resident: i64) -> Result<Vec<Value>, AppError> {
    let barrier = |row: barriers::BarrierRow| -> Result<Value, AppError> {
        let d = row.data;
        Ok(json!({
            "kind": d.kind.code(), "opened_on": d.opened_on, "closed_on": d.closed_on,
            "opened_by": maybe_id(d.opened_by), "closed_by": maybe_id(d.closed_by),
            "note": opened(keys, SealedColumn::BarrierNote, d.note_cipher.as_ref())?,
        }))
    };
    barriers::of_residents(conn, &[resident])?.into_iter().map(barrier).collect()
}

fn refusals(conn: &mut AnyConnection, keys: &Keyring, resident: i64) -> Result<Vec<Value>, AppError> {
    let mut all = Vec::new();
    for row in declines::of_resident(conn, resident)? {
        let d = row.data;
        all.push(json!({
            "posting_id": id(d.posting_id), "declined_on": d.declined_on, "reason": code!(d.reason),
            "was_suitable": d.was_suitable,
            "note": opened(keys, SealedColumn::DeclineNote, d.note_cipher.as_ref())?,
        }));
    }
    Ok(all)
}

fn recommendations(conn: &mut AnyConnection, resident: i64) -> Result<Vec<Value>, AppError> {
    let mut all = Vec::new();
    for row in person::recommendations(conn, resident)? {
        let d = row.data;
        let parts: Value = serde_json::from_str(&d.parts).map_err(anyhow::Error::from)?;
        all.push(json!({
            "run_id": id(d.run_id), "posting_id": id(d.posting_id), "rank": d.rank, "suitability": d.suitability,
            "explanation": parts,
        }));
    }
    Ok(all)
}

fn placements(conn: &mut AnyConnection, resident: i64) -> Result<Vec<Value>, AppError> {
    let placement = |row: person::Placement| {
        json!({
            "plan_id": id(row.plan_id), "posting_id": id(row.posting_id), "household_id": id(row.household_id),
            "suitability": row.suitability, "pinned": row.pinned, "kept": row.kept,
        })
    };
    Ok(person::placements(conn, resident)?.into_iter().map(placement).collect())
}

fn changes(conn: &mut AnyConnection, resident: i64) -> Result<Vec<Value>, AppError> {
    let change = |row: person::PlanChange| {
        json!({
            "plan_id": id(row.plan_id), "kind": row.kind.code(), "from_posting_id": maybe_id(row.from_posting_id),
            "to_posting_id": maybe_id(row.to_posting_id), "reason": code!(row.reason), "gate": row.gate,
        })
    };
    Ok(person::plan_changes(conn, resident)?.into_iter().map(change).collect())
}

fn decisions(conn: &mut AnyConnection, keys: &Keyring, resident: i64) -> Result<Vec<Value>, AppError> {
    let mut all = Vec::new();
    for row in person::pins(conn, resident)? {
        let d = row.data;
        all.push(json!({
            "posting_id": id(d.posting_id), "kind": d.kind.code(), "made_at": time(d.made_at),
            "ended_at": d.ended_at.map(time),
            "reason": opened(keys, SealedColumn::PlanPinReason, Some(&d.reason_cipher))?,
        }));
    }
    Ok(all)
}

fn words(conn: &mut AnyConnection, resident: i64, today: NaiveDate) -> Result<Vec<Value>, AppError> {
    let consent = |consent: consents::Consent| {
        let d = consent.data;
        let kinds: Vec<&str> = consent.kinds.iter().map(|kind| kind.code()).collect();
        json!({
            "id": id(consent.id), "purpose": d.purpose.code(), "decision": d.decision.code(), "kinds": kinds,
            "employer_id": maybe_id(d.employer_id), "recipient_name": d.recipient_name,
            "recipient_contact": d.recipient_contact, "form": d.form.code(), "evidence": d.evidence,
            "given_on": d.given_on, "valid_until": d.valid_until, "withdrawn_at": d.withdrawn_at.map(time),
            "recorded_by": maybe_id(d.recorded_by),
            "withdrawal_recorded_by": maybe_id(d.withdrawal_recorded_by), "created_at": time(d.created_at),
        })
    };
    Ok(consents::of(conn, resident, today)?.into_iter().map(consent).collect())
}

fn requests(conn: &mut AnyConnection, resident: i64) -> Result<Vec<Value>, AppError> {
    let request = |row: introductions::IntroductionRow| {
        let d = row.data;
        json!({
            "id": id(row.id), "employer_id": id(d.employer_id), "posting_id": id(d.posting_id),
            "status": d.status.code(), "consent_id": maybe_id(d.consent_id), "recipient_name": d.recipient_name,
            "recipient_contact": d.recipient_contact, "interview_on": d.interview_on, "requested_by": maybe_id(d.requested_by),
            "created_at": time(row.created_at), "updated_at": time(row.updated_at),
        })
    };
    Ok(introductions::of_resident(conn, resident)?.into_iter().map(request).collect())
}

fn referred(conn: &mut AnyConnection, keys: &Keyring, resident: i64) -> Result<Vec<Value>, AppError> {
    let mut found = Vec::new();
    for row in referrals::of_resident(conn, resident)? {
        let mut moves = Vec::new();
        for step in referrals::moves::of(conn, &[row.id])? {
            moves.push(json!({
                "step": step.step, "from": code!(step.from_state), "to": step.to_state.code(),
                "reason": code!(step.reason), "note": opened(keys, SealedColumn::ReferralNote, step.note_cipher.as_ref())?,
                "happened_on": step.happened_on, "actor": step.actor_kind.code(),
                "account_id": maybe_id(step.account_id), "role": code!(step.role), "at": time(step.created_at),
            }));
        }
        let mut overrides = Vec::new();
        for one in referrals::overrides::of(conn, &[row.id])? {
            let reason = opened(keys, SealedColumn::ReferralOverride, Some(&one.reason_cipher))?;
            overrides.push(json!({ "gate": one.gate, "step": one.step, "reason": reason }));
        }
        let d = row.data;
        found.push(json!({
            "id": id(row.id), "posting_id": id(d.posting_id), "employer_id": id(d.employer_id), "state": d.state.code(),
            "consent_id": maybe_id(d.consent_id), "spell_id": maybe_id(d.spell_id), "moved_on": d.moved_on,
            "referred_on": d.referred_on, "answered_on": d.answered_on, "reminded_on": d.reminded_on,
            "created_at": time(row.created_at), "updated_at": time(row.updated_at),
            "moves": moves, "overrides": overrides,
        }));
    }
    Ok(found)
}

/// Visits to the person's households while a member. What was written there may be about others, so it stays out.
fn visited(conn: &mut AnyConnection, stays: &[memberships::MembershipData]) -> Result<Vec<Value>, AppError> {
    let households: Vec<i64> = stays.iter().map(|stay| stay.household_id).collect();
    let mut all = visits::of_households(conn, &households)?;
    all.retain(|row| {
        let on = row.data.visit_on;
        let lived = |stay: &&memberships::MembershipData| {
            stay.valid_from.is_none_or(|from| from <= on) && stay.valid_until.is_none_or(|until| on < until)
        };
        stays.iter().filter(lived).any(|stay| stay.household_id == row.data.household_id)
    });
    let ids: Vec<i64> = all.iter().map(|row| row.id).collect();
    let findings = visits::findings::by_visit(conn, &ids)?;
    let visit = |row: visits::VisitRow| {
        let d = row.data;
        let found: Vec<&str> = findings.get(&row.id).into_iter().flatten().map(|finding| finding.code()).collect();
        json!({
            "id": id(row.id), "household_id": id(d.household_id), "status": d.status.code(), "visit_on": d.visit_on,
            "channel": d.channel.code(), "account_id": maybe_id(d.account_id), "findings": found,
            "next_step": code!(d.next_step), "next_on": d.next_on, "next_done_on": d.next_done_on,
        })
    };
    Ok(all.into_iter().map(visit).collect())
}

fn complaints(conn: &mut AnyConnection, keys: &Keyring, resident: i64) -> Result<Vec<Value>, AppError> {
    let concern = |row: concerns::ConcernRow| -> Result<Value, AppError> {
        let d = row.data;
        Ok(json!({
            "id": id(row.id), "about": d.about.code(), "employer_id": maybe_id(d.employer_id),
            "posting_id": maybe_id(d.posting_id), "text": opened(keys, SealedColumn::ConcernText, Some(&d.text_cipher))?,
            "refuses_automation": d.refuses_automation, "opened_on": d.opened_on, "opened_by": maybe_id(d.opened_by),
            "due_on": d.due_on, "closed_on": d.closed_on, "outcome": code!(d.outcome),
            "answer": opened(keys, SealedColumn::ConcernAnswer, d.answer_cipher.as_ref())?,
            "closed_by": maybe_id(d.closed_by),
        }))
    };
    concerns::of_resident(conn, resident)?.into_iter().map(concern).collect()
}

fn asked(conn: &mut AnyConnection, keys: &Keyring, resident: i64) -> Result<Vec<Value>, AppError> {
    let approval = |row: deletion::Approval| {
        json!({
            "id": id(row.id), "action": row.action.code(), "status": row.status.code(), "reason": row.reason,
            "decision": row.decision, "requested_by": maybe_id(row.requested_by),
            "decided_by": maybe_id(row.decided_by), "created_at": time(row.created_at),
            "decided_at": row.decided_at.map(time),
        })
    };
    Ok(deletion::of(conn, keys, resident)?.into_iter().map(approval).collect())
}

fn reads(conn: &mut AnyConnection, resident: i64) -> Result<Vec<Value>, AppError> {
    let read = |row: person::ReadBy| {
        json!({
            "at": time(row.at), "who": row.display_name, "actor": row.actor_kind.code(), "role": code!(row.role),
            "action": row.action, "operation": row.operation, "purpose": row.purpose, "outcome": row.outcome,
        })
    };
    Ok(person::reads(conn, resident)?.into_iter().map(read).collect())
}
