//! Erasing a person: every row about them goes, or loses what is about them.
//!
//! Invariant: afterwards no row but the resident's own, an approval and those of plans and reports names the person, and these say
//! nothing but a number: a plan is immutable and proves itself by its rows, as a frozen report does by its lists; an approval proves
//! that the erasure was decided. Events say that something happened in the household, not what nor to whom. Runs in the caller's
//! transaction. Cost: one statement a table.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::courses;
use super::enrolments as enrolment_rows;
use super::error::{DbError, DbResult};
use super::events;
use super::resident_lists::{certificates, hours, ruled_out, skills, wishes};
use super::schema::{
    approvals, attendances, barriers, care_duties, concerns, consent_kinds, consents, declines, employment_spells,
    enrolment_moves, enrolments, follow_ups, household_events, household_services, introductions, memberships, notices,
    plan_pins, recognitions, recommendations, referral_moves, referral_overrides, referrals, residents, skill_evidence,
    training_records,
};
use super::seal::{BlindIndex, Sealed};
use crate::domain::codes::{Absence, Education, Health, LabourClass, RetirementGroup, SchoolStatus, Sex};
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "居民", en: "resident" };

/// What stands in the columns that may not be empty.
#[derive(Clone, Debug)]
pub struct Blank {
    pub id_number_cipher: Sealed,
    /// Of no ID number.
    pub id_number_index: BlindIndex,
    pub pin_reason: Sealed,
    pub approval_reason: Sealed,
    pub approval_decision: Sealed,
    pub birth_date: NaiveDate,
}

/// Erases a resident.
pub fn erase(
    conn: &mut AnyConnection,
    id: i64,
    blank: &Blank,
    (now, today): (NaiveDateTime, NaiveDate),
) -> DbResult<()> {
    diesel::delete(introductions::table.filter(introductions::resident_id.eq(id))).execute(conn)?;
    let own = || referrals::table.filter(referrals::resident_id.eq(id)).select(referrals::id);
    diesel::delete(referral_moves::table.filter(referral_moves::referral_id.eq_any(own()))).execute(conn)?;
    diesel::delete(referral_overrides::table.filter(referral_overrides::referral_id.eq_any(own()))).execute(conn)?;
    diesel::delete(notices::table.filter(notices::referral_id.eq_any(own().select(referrals::id.nullable()))))
        .execute(conn)?;
    diesel::delete(referrals::table.filter(referrals::resident_id.eq(id))).execute(conn)?;
    forget_courses(conn, id)?;
    let own = consents::table.filter(consents::resident_id.eq(id)).select(consents::id);
    diesel::delete(consent_kinds::table.filter(consent_kinds::consent_id.eq_any(own))).execute(conn)?;
    diesel::delete(consents::table.filter(consents::resident_id.eq(id))).execute(conn)?;
    skills::replace(conn, &[id], &[])?;
    certificates::replace(conn, &[id], &[])?;
    hours::replace(conn, &[id], &[])?;
    wishes::replace(conn, &[id], &[])?;
    ruled_out::replace(conn, &[id], &[])?;
    diesel::delete(declines::table.filter(declines::resident_id.eq(id))).execute(conn)?;
    diesel::delete(training_records::table.filter(training_records::resident_id.eq(id))).execute(conn)?;
    diesel::delete(barriers::table.filter(barriers::resident_id.eq(id))).execute(conn)?;
    diesel::delete(concerns::table.filter(concerns::resident_id.eq(id))).execute(conn)?;
    diesel::delete(recommendations::table.filter(recommendations::resident_id.eq(id))).execute(conn)?;
    let jobs = employment_spells::table.filter(employment_spells::resident_id.eq(id)).select(employment_spells::id);
    diesel::delete(follow_ups::table.filter(follow_ups::spell_id.eq_any(jobs))).execute(conn)?;
    diesel::delete(employment_spells::table.filter(employment_spells::resident_id.eq(id))).execute(conn)?;
    let homes = memberships::table.filter(memberships::resident_id.eq(id)).select(memberships::household_id);
    let homes: Vec<i64> = homes.load(conn)?;
    diesel::delete(memberships::table.filter(memberships::resident_id.eq(id))).execute(conn)?;
    blank_households(conn, &homes)?;
    diesel::update(care_duties::table.filter(care_duties::carer_id.eq(id)))
        .set(care_duties::carer_id.eq(None::<i64>))
        .execute(conn)?;
    super::proposals::forget(conn, id)?;
    super::record_findings::forget(conn, id)?;
    diesel::update(household_events::table.filter(household_events::resident_id.eq(id)))
        .set(household_events::resident_id.eq(None::<i64>))
        .execute(conn)?;
    diesel::update(plan_pins::table.filter(plan_pins::resident_id.eq(id)).filter(plan_pins::ended_at.is_null()))
        .set(plan_pins::ended_at.eq(now))
        .execute(conn)?;
    diesel::update(plan_pins::table.filter(plan_pins::resident_id.eq(id)))
        .set(plan_pins::reason_cipher.eq(&blank.pin_reason))
        .execute(conn)?;
    diesel::update(approvals::table.filter(approvals::resident_id.eq(id)))
        .set(approvals::reason_cipher.eq(&blank.approval_reason))
        .execute(conn)?;
    diesel::update(approvals::table.filter(approvals::resident_id.eq(id)).filter(approvals::decided_at.is_not_null()))
        .set(approvals::decision_cipher.eq(&blank.approval_decision))
        .execute(conn)?;
    strip(conn, id, blank, (now, today))?;
    events::forget(conn, id, now)
}

/// What was noted about households that nobody is known to have lived in any more.
fn blank_households(conn: &mut AnyConnection, homes: &[i64]) -> DbResult<()> {
    let others = memberships::table.filter(memberships::household_id.eq_any(homes));
    let lived_in: Vec<i64> = others.select(memberships::household_id).distinct().load(conn)?;
    let left: Vec<i64> = homes.iter().copied().filter(|home| !lived_in.contains(home)).collect();
    let clocks = || recognitions::table.filter(recognitions::household_id.eq_any(&left));
    diesel::update(clocks()).set(recognitions::end_note_cipher.eq(None::<Sealed>)).execute(conn)?;
    let clocks: Vec<i64> = clocks().select(recognitions::id).load(conn)?;
    diesel::update(household_services::table.filter(household_services::recognition_id.eq_any(clocks)))
        .set(household_services::note_cipher.eq(None::<Sealed>))
        .execute(conn)?;
    super::visits::forget_notes(conn, &left)?;
    Ok(())
}

/// The enrolments, and the seats they hold.
fn forget_courses(conn: &mut AnyConnection, id: i64) -> DbResult<()> {
    for row in enrolment_rows::of_resident(conn, id)? {
        if row.data.state.holds_seat() {
            courses::give_back(conn, row.data.course_id)?;
        }
    }
    let own = || enrolments::table.filter(enrolments::resident_id.eq(id)).select(enrolments::id);
    diesel::delete(skill_evidence::table.filter(skill_evidence::enrolment_id.eq_any(own()))).execute(conn)?;
    diesel::delete(attendances::table.filter(attendances::enrolment_id.eq_any(own()))).execute(conn)?;
    diesel::delete(enrolment_moves::table.filter(enrolment_moves::enrolment_id.eq_any(own()))).execute(conn)?;
    diesel::delete(enrolments::table.filter(enrolments::resident_id.eq(id))).execute(conn)?;
    Ok(())
}

/// Leaves the number.
fn strip(conn: &mut AnyConnection, id: i64, blank: &Blank, (now, today): (NaiveDateTime, NaiveDate)) -> DbResult<()> {
    let identity = (
        residents::name.eq(""),
        residents::id_number_cipher.eq(&blank.id_number_cipher),
        residents::id_number_index.eq(&blank.id_number_index),
        residents::phone_cipher.eq(None::<Sealed>),
        residents::phone_index.eq(None::<BlindIndex>),
        residents::sex.eq(Sex::Male),
        residents::birth_date.eq(blank.birth_date),
        residents::ethnicity.eq(None::<String>),
        residents::note_cipher.eq(None::<Sealed>),
        residents::registered_by.eq(None::<i64>),
    );
    let health = (
        residents::education.eq(None::<Education>),
        residents::health.eq(None::<Health>),
        residents::labour_class.eq(None::<LabourClass>),
        residents::labour_class_on.eq(None::<NaiveDate>),
        residents::school_status.eq(None::<SchoolStatus>),
        residents::absence.eq(None::<Absence>),
        residents::died_on.eq(None::<NaiveDate>),
        residents::retirement_group.eq(None::<RetirementGroup>),
        residents::max_physical_grade.eq(None::<i64>),
        residents::max_load_kg.eq(None::<i64>),
        residents::no_forced_posture.eq(None::<bool>),
        residents::hazard_check_until.eq(None::<NaiveDate>),
    );
    let wishes = (
        residents::willing.eq(None::<bool>),
        residents::willing_to_train.eq(None::<bool>),
        residents::seeking_change.eq(false),
        residents::max_minutes.eq(None::<i64>),
        residents::expected_pay.eq(None::<i64>),
        residents::pay_floor.eq(None::<i64>),
        residents::public_welfare_months.eq(None::<i64>),
        residents::no_automated_recommendation.eq(true),
        residents::restricted.eq(true),
    );
    let times = (residents::erased_on.eq(today), residents::created_at.eq(now), residents::updated_at.eq(now));
    let row = residents::table.find(id);
    let stripped = diesel::update(row).set((identity, health, wishes, times)).execute(conn)?;
    if stripped == 1 { Ok(()) } else { Err(DbError::NotFound(WHAT)) }
}
