//! Narrow reads for computation: the columns that coverage and matching need, of all rows at once or of a few records, in id
//! order.
//!
//! Invariant: nothing sealed is read here, so a snapshot can hold no ID number, phone or note. Call inside [`super::Db::read`]: all
//! tables are then seen at one moment. Cost: one scan per table, or look-ups.
//!
//! `all_rows!` asks the concrete connection, which knows a statement by its type: for a few rows nothing is built but their values.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::among::among;
use super::connection::{AnyConnection, on_each};
use super::error::DbResult;
use super::schema::{
    areas, care_duties, care_duty_hours, declines, employers, employment_spells, household_exemptions, households,
    memberships, posting_certificates, posting_hazards, posting_hours, posting_skills, referrals,
    resident_certificates, resident_ruled_out, resident_skills, resident_unavailable_hours, resident_wishes, residents,
};
use crate::domain::codes::{
    Absence, AreaKind, Channel, EmployerKind, Hazard, Importance, LabourClass, Region, Relation, RetirementGroup,
    RuledOut, SchoolStatus, Sex, WishKind,
};

use crate::domain::referral::ReferralState;

/// A row type of a snapshot and the function that reads all of them.
macro_rules! all_rows {
    ($(#[$doc:meta])* $table:ident, $row:ident, $all:ident { $($field:ident: $type:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
        #[diesel(table_name = $table)]
        pub struct $row { $(pub $field: $type,)+ }

        /// All rows, in id order.
        pub fn $all(conn: &mut AnyConnection) -> DbResult<Vec<$row>> {
            Ok(on_each!(conn, |c| $table::table.order($table::id).select($row::as_select()).load(c))?)
        }
    };
    ($(#[$doc:meta])* $table:ident by $key:ident, $row:ident, $all:ident { $($field:ident: $type:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
        #[diesel(table_name = $table)]
        pub struct $row { $(pub $field: $type,)+ }

        #[doc = concat!("The rows with one of these `", stringify!($key), "`, all of them for `None`; in id order.")]
        pub fn $all(conn: &mut AnyConnection, only: Option<&[i64]>) -> DbResult<Vec<$row>> {
            let all = $table::table.order($table::id);
            Ok(match only {
                None => on_each!(conn, |c| all.select($row::as_select()).load(c)),
                Some(only) => {
                    on_each!(conn, |c| all.filter(among($table::$key, only)).select($row::as_select()).load(c))
                }
            }?)
        }
    };
}

all_rows!(areas, AreaFacts, all_areas {
    id: i64,
    parent_id: Option<i64>,
    kind: AreaKind,
    name: String,
    minutes_to_park: Option<i64>,
});

all_rows!(households by id, HouseholdFactsRow, all_households {
    id: i64,
    code: Option<String>,
    building_id: i64,
    unit: Option<String>,
    township: Option<String>,
});

all_rows!(household_exemptions by household_id, ExemptionFacts, all_exemptions {
    household_id: i64,
    reason: String,
    valid_from: NaiveDate,
    valid_until: Option<NaiveDate>,
});

all_rows!(memberships by household_id, MembershipFacts, all_memberships {
    household_id: i64,
    resident_id: i64,
    relation: Relation,
    valid_from: Option<NaiveDate>,
    valid_until: Option<NaiveDate>,
});

all_rows!(
    /// What decides employability and coverage of a resident.
    residents by id, ResidentFacts, all_residents {
    id: i64,
    name: String,
    sex: Sex,
    birth_date: NaiveDate,
    labour_class: Option<LabourClass>,
    school_status: Option<SchoolStatus>,
    absence: Option<Absence>,
    died_on: Option<NaiveDate>,
    willing: Option<bool>,
    retirement_group: Option<RetirementGroup>,
});

all_rows!(
    /// What matching reads of a resident besides [`ResidentFacts`].
    residents by id, ResidentTerms, all_resident_terms {
    id: i64,
    seeking_change: bool,
    max_physical_grade: Option<i64>,
    max_load_kg: Option<i64>,
    no_forced_posture: Option<bool>,
    max_minutes: Option<i64>,
    expected_pay: Option<i64>,
    pay_floor: Option<i64>,
    hazard_check_until: Option<NaiveDate>,
    public_welfare_months: Option<i64>,
    no_automated_recommendation: bool,
    restricted: bool,
});

all_rows!(employment_spells by resident_id, SpellRow, all_spells {
    id: i64,
    resident_id: i64,
    employer_id: Option<i64>,
    channel: Channel,
    region: Option<Region>,
    skill_id: Option<i64>,
    start_on: Option<NaiveDate>,
    counted_from: NaiveDate,
    end_on: Option<NaiveDate>,
    monthly_income: Option<i64>,
    part_time: bool,
    contract_until: Option<NaiveDate>,
    evidence: Option<String>,
    verified_on: Option<NaiveDate>,
});

all_rows!(employers by id, EmployerFacts, all_employers {
    id: i64,
    name: String,
    kind: EmployerKind,
    industry: Option<String>,
    tenant_until: Option<NaiveDate>,
});

all_rows!(care_duties by household_id, CareDutyFacts, all_care_duties {
    id: i64,
    household_id: i64,
    carer_id: Option<i64>,
    valid_from: Option<NaiveDate>,
    valid_until: Option<NaiveDate>,
});

all_rows!(
    care_duty_hours by care_duty_id,
    CareHours,
    all_care_hours { care_duty_id: i64, weekday: i64, from_minute: i64, to_minute: i64 }
);

all_rows!(
    resident_unavailable_hours by resident_id,
    UnavailableHours,
    all_unavailable_hours { resident_id: i64, weekday: i64, from_minute: i64, to_minute: i64 }
);

all_rows!(resident_skills by resident_id, ResidentSkillFacts, all_resident_skills {
    resident_id: i64,
    skill_id: Option<i64>,
    name: String,
    level: i64,
    months: Option<i64>,
});

all_rows!(resident_certificates by resident_id, ResidentCertificateFacts, all_resident_certificates {
    resident_id: i64,
    normalised: String,
    valid_until: Option<NaiveDate>,
});

all_rows!(resident_wishes by resident_id, WishFacts, all_wishes { resident_id: i64, kind: WishKind, value: String });

all_rows!(resident_ruled_out by resident_id, RuledOutFacts, all_ruled_out { resident_id: i64, kind: RuledOut });

all_rows!(declines by resident_id, DeclineFacts, all_declines { resident_id: i64, posting_id: i64, declined_on: NaiveDate });

/// A resident an employer turned down for a posting.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = referrals)]
pub struct TurnedDownFacts {
    pub resident_id: i64,
    pub posting_id: i64,
    pub moved_on: NaiveDate,
}

/// Those among these residents, or among all, whom employers turned down; in id order.
pub fn all_turned_down(conn: &mut AnyConnection, only: Option<&[i64]>) -> DbResult<Vec<TurnedDownFacts>> {
    let refused = referrals::table.filter(referrals::state.eq(ReferralState::RefusedByEmployer));
    let mut query = refused.into_boxed();
    if let Some(only) = only {
        query = query.filter(among(referrals::resident_id, only));
    }
    Ok(query.order(referrals::id).select(TurnedDownFacts::as_select()).load(conn)?)
}

all_rows!(
    posting_hours by posting_id,
    PostingHours,
    all_posting_hours { posting_id: i64, weekday: i64, from_minute: i64, to_minute: i64 }
);

all_rows!(posting_skills by posting_id, PostingSkillFacts, all_posting_skills {
    posting_id: i64,
    skill_id: Option<i64>,
    name: String,
    importance: Importance,
    level: i64,
});

all_rows!(
    posting_certificates by posting_id,
    PostingCertificateFacts,
    all_posting_certificates { posting_id: i64, normalised: String }
);

all_rows!(posting_hazards by posting_id, PostingHazardFacts, all_posting_hazards {
    posting_id: i64,
    kind: Hazard,
    grade: Option<i64>,
});
