//! Where an object belongs: the facts the policy's relations are decided by.
//!
//! Invariant: an absent object and a present one cost the same queries, so that the time of a refusal tells nothing.

use diesel::dsl::auto_type;
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::error::DbResult;
use super::schema::{
    approvals, areas, barriers, concerns, consents, employment_spells, enrolments, household_exemptions, households,
    introductions, jobs, memberships, notices, plan_pins, postings, recognitions, referrals, reports, residents,
    sessions, visits,
};
use crate::domain::access::ObjectKind;
use crate::domain::codes::AreaKind;

/// Where an object belongs. All empty for one that does not exist.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The building, or the area itself.
    pub area: Option<i64>,
    pub employer: Option<i64>,
    /// The account it belongs to, or that entered it where it belongs nowhere yet.
    pub account: Option<i64>,
    /// The resident it is about.
    pub resident: Option<i64>,
    pub household: Option<i64>,
}

/// Whether objects of a kind lie in an area, so that one may be out of reach.
#[must_use]
pub const fn lies_in_areas(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Area
            | ObjectKind::Household
            | ObjectKind::Resident
            | ObjectKind::Spell
            | ObjectKind::Pin
            | ObjectKind::Approval
            | ObjectKind::Consent
            | ObjectKind::Exemption
            | ObjectKind::Barrier
            | ObjectKind::Introduction
            | ObjectKind::Referral
            | ObjectKind::Recognition
            | ObjectKind::Enrolment
            | ObjectKind::Visit
            | ObjectKind::Concern
            | ObjectKind::Report
    )
}

/// The place of an object. Objects of other kinds belong nowhere.
pub fn place(conn: &mut AnyConnection, kind: ObjectKind, id: i64) -> DbResult<Place> {
    Ok(match kind {
        ObjectKind::Area => {
            Place { area: areas::table.find(id).select(areas::id).first(conn).optional()?, ..Place::default() }
        }
        ObjectKind::Household => of_household(conn, Some(id))?,
        ObjectKind::Report => {
            let community = reports::table.find(id).select(reports::community_id).first(conn).optional()?;
            Place { area: community, ..Place::default() }
        }
        ObjectKind::Resident => of_resident(conn, Some(id))?,
        ObjectKind::Spell => {
            let resident = employment_spells::table.find(id).select(employment_spells::resident_id);
            let resident = resident.first(conn).optional()?;
            of_resident(conn, resident)?
        }
        ObjectKind::Worker => {
            let about: Option<(Option<i64>, i64)> = employment_spells::table
                .find(id)
                .select((employment_spells::employer_id, employment_spells::resident_id))
                .first(conn)
                .optional()?;
            let (employer, resident) = about.unzip();
            Place { employer: employer.flatten(), ..of_resident(conn, resident)? }
        }
        ObjectKind::Pin => {
            let resident = plan_pins::table.find(id).select(plan_pins::resident_id).first(conn).optional()?;
            of_resident(conn, resident)?
        }
        ObjectKind::Approval => {
            let resident = approvals::table.find(id).select(approvals::resident_id).first(conn).optional()?;
            of_resident(conn, resident)?
        }
        ObjectKind::Consent => {
            let resident = consents::table.find(id).select(consents::resident_id).first(conn).optional()?;
            of_resident(conn, resident)?
        }
        ObjectKind::Exemption => {
            let household = household_exemptions::table.find(id).select(household_exemptions::household_id);
            let household = household.first(conn).optional()?;
            of_household(conn, household)?
        }
        ObjectKind::Barrier => {
            let about: Option<(Option<i64>, Option<i64>)> = barriers::table
                .find(id)
                .select((barriers::household_id, barriers::resident_id))
                .first(conn)
                .optional()?;
            let (household, resident) = about.unwrap_or_default();
            let of_household = of_household(conn, household)?;
            let of_resident = of_resident(conn, resident)?;
            if resident.is_some() { of_resident } else { of_household }
        }
        ObjectKind::Introduction => {
            let about: Option<(i64, i64)> = introductions::table
                .find(id)
                .select((introductions::employer_id, introductions::resident_id))
                .first(conn)
                .optional()?;
            let (employer, resident) = about.unzip();
            Place { employer, ..of_resident(conn, resident)? }
        }
        ObjectKind::Referral => {
            let about: Option<(i64, i64)> = referrals::table
                .find(id)
                .select((referrals::employer_id, referrals::resident_id))
                .first(conn)
                .optional()?;
            let (employer, resident) = about.unzip();
            Place { employer, ..of_resident(conn, resident)? }
        }
        ObjectKind::Recognition => {
            let household = recognitions::table.find(id).select(recognitions::household_id).first(conn).optional()?;
            of_household(conn, household)?
        }
        ObjectKind::Enrolment => {
            let resident = enrolments::table.find(id).select(enrolments::resident_id).first(conn).optional()?;
            of_resident(conn, resident)?
        }
        ObjectKind::Visit => {
            let household = visits::table.find(id).select(visits::household_id).first(conn).optional()?;
            of_household(conn, household)?
        }
        ObjectKind::Concern => {
            let resident = concerns::table.find(id).select(concerns::resident_id).first(conn).optional()?;
            of_resident(conn, resident)?
        }
        ObjectKind::Notice => {
            let employer = notices::table.find(id).select(notices::employer_id).first(conn).optional()?;
            Place { employer, ..Place::default() }
        }
        ObjectKind::Employer => {
            use super::schema::employers;
            let employer = employers::table.find(id).select(employers::id).first(conn).optional()?;
            Place { employer, ..Place::default() }
        }
        ObjectKind::Posting => {
            let employer = postings::table.find(id).select(postings::employer_id).first(conn).optional()?;
            Place { employer, ..Place::default() }
        }
        ObjectKind::Job => {
            let account: Option<Option<i64>> = jobs::table.find(id).select(jobs::account_id).first(conn).optional()?;
            Place { account: account.flatten(), ..Place::default() }
        }
        ObjectKind::Session => {
            let account = sessions::table.find(id).select(sessions::account_id).first(conn).optional()?;
            Place { account, ..Place::default() }
        }
        _ => Place::default(),
    })
}

/// No row has this id: an absent object is looked up with it, at the same cost.
const NOBODY: i64 = 0;

fn of_household(conn: &mut AnyConnection, household: Option<i64>) -> DbResult<Place> {
    let found: Option<(i64, i64)> = households::table
        .find(household.unwrap_or(NOBODY))
        .select((households::id, households::building_id))
        .first(conn)
        .optional()?;
    let (household, area) = found.unzip();
    Ok(Place { area, household, ..Place::default() })
}

/// A resident belongs where the household is that the person is a member of, or was last.
fn of_resident(conn: &mut AnyConnection, resident: Option<i64>) -> DbResult<Place> {
    let id = resident.unwrap_or(NOBODY);
    let registered: Option<Option<i64>> =
        residents::table.find(id).select(residents::registered_by).first(conn).optional()?;
    let last: Option<(i64, i64)> = memberships::table
        .inner_join(households::table)
        .filter(memberships::resident_id.eq(id))
        .order((memberships::valid_until.is_null().desc(), memberships::valid_until.desc(), memberships::id.desc()))
        .select((households::id, households::building_id))
        .first(conn)
        .optional()?;
    let (household, area) = last.unzip();
    let account = if household.is_none() { registered.flatten() } else { None };
    Ok(Place { area, household, account, resident: registered.map(|_| id), employer: None })
}

/// An area and those it lies in, from the inside out; empty if there is no such area.
pub fn with_parents(conn: &mut AnyConnection, area: Option<i64>) -> DbResult<Vec<i64>> {
    let mut found = Vec::new();
    let mut next = area;
    // Community, grid, building: three levels. Absent areas are looked up as often.
    for _ in 0..3 {
        let parent: Option<Option<i64>> =
            areas::table.find(next.unwrap_or(NOBODY)).select(areas::parent_id).first(conn).optional()?;
        found.extend(next.filter(|_| parent.is_some()));
        next = parent.flatten();
    }
    Ok(found)
}

/// These areas and everything that lies in them.
pub fn with_children(conn: &mut AnyConnection, of: &[i64]) -> DbResult<Vec<i64>> {
    let mut found = of.to_vec();
    let mut level = of.to_vec();
    for _ in 0..2 {
        let parents: Vec<Option<i64>> = level.into_iter().map(Some).collect();
        level = areas::table.filter(areas::parent_id.eq_any(parents)).select(areas::id).load(conn)?;
        found.extend(&level);
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// The communities outside these areas.
pub fn communities_outside(conn: &mut AnyConnection, of: &[i64]) -> DbResult<i64> {
    let all: Vec<i64> = areas::table.filter(areas::kind.eq(AreaKind::Community)).select(areas::id).load(conn)?;
    Ok(i64::try_from(all.iter().filter(|id| !of.contains(id)).count()).unwrap_or(i64::MAX))
}

/// Residents whose household lies in these areas.
#[auto_type]
pub fn residents_within<'a>(areas: &'a [i64]) -> _ {
    memberships::table
        .inner_join(households::table)
        .filter(memberships::valid_until.is_null())
        .filter(households::building_id.eq_any(areas))
        .select(memberships::resident_id)
}

/// Households that lie in these areas.
#[auto_type]
pub fn households_within<'a>(areas: &'a [i64]) -> _ {
    households::table.filter(households::building_id.eq_any(areas)).select(households::id)
}

/// Those among these residents whose household lies in these areas.
pub fn residents_among(conn: &mut AnyConnection, residents: &[i64], areas: &[i64]) -> DbResult<Vec<i64>> {
    Ok(memberships::table
        .inner_join(households::table)
        .filter(memberships::valid_until.is_null())
        .filter(memberships::resident_id.eq_any(residents))
        .filter(households::building_id.eq_any(areas))
        .select(memberships::resident_id)
        .load(conn)?)
}

/// Those among these households that lie in these areas.
pub fn households_among(conn: &mut AnyConnection, ids: &[i64], areas: &[i64]) -> DbResult<Vec<i64>> {
    Ok(households::table
        .filter(households::id.eq_any(ids))
        .filter(households::building_id.eq_any(areas))
        .select(households::id)
        .load(conn)?)
}

/// The current members of households: whose data a household's page shows.
pub fn members_of(conn: &mut AnyConnection, households: &[i64]) -> DbResult<Vec<i64>> {
    Ok(memberships::table
        .filter(memberships::household_id.eq_any(households))
        .filter(memberships::valid_until.is_null())
        .select(memberships::resident_id)
        .load(conn)?)
}
