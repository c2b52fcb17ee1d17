//! Months as they were reported: header, figures, changes, signature; and the month's work that a report counts.
//!
//! Invariant (triggers): a row of these tables is never changed or removed.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::access::{households_within, residents_within};
use super::connection::AnyConnection;
use super::error::{DbResult, Meaning};
use super::referrals::mistaken;
use super::rows::{self, Page, Stored};
use super::schema::{
    employment_spells, enrolment_moves, enrolments, recognitions, referral_moves, referrals, report_changes,
    report_figures, report_signatures, reports, visits,
};
use crate::domain::codes::CoverageState;
use crate::domain::referral::ReferralState;
use crate::domain::report::{ReportReason, ReportUnit};
use crate::domain::text::Label;
use crate::domain::training::{EnrolmentReason, EnrolmentState};
use crate::domain::visit::VisitStatus;

const WHAT: Label = Label { zh: "月报", en: "report" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = reports, treat_none_as_default_value = false)]
pub struct ReportData {
    pub community_id: i64,
    /// First day of the month.
    pub month: NaiveDate,
    pub version: i64,
    pub corrects_id: Option<i64>,
    pub reason: Option<String>,
    pub compared_id: Option<i64>,
    pub as_of: NaiveDate,
    pub frozen_on: NaiveDate,
    pub frozen_at: NaiveDateTime,
    pub frozen_by: Option<i64>,
    pub policy_version: i64,
    pub engine_version: String,
    pub known_to: i64,
    pub data_hash: String,
    pub content_hash: String,
}

pub type ReportRow = Stored<ReportData>;

rows::stored!(reports, ReportData, WHAT);

/// The reports of these communities (`None` = of all), of one month if one is named; a page by id.
pub fn page(
    conn: &mut AnyConnection,
    (within, month): (Option<&[i64]>, Option<NaiveDate>),
    page: Page,
) -> DbResult<Vec<ReportRow>> {
    let mut query = reports::table.into_boxed();
    if let Some(areas) = within {
        query = query.filter(reports::community_id.eq_any(areas));
    }
    if let Some(month) = month {
        query = query.filter(reports::month.eq(month));
    }
    Ok(query
        .filter(reports::id.gt(page.after))
        .order(reports::id)
        .limit(page.limit)
        .select((reports::id, ReportData::as_select()))
        .load(conn)?)
}

/// Every version of a community's month, oldest first.
pub fn versions(conn: &mut AnyConnection, community: i64, month: NaiveDate) -> DbResult<Vec<ReportRow>> {
    Ok(reports::table
        .filter(reports::community_id.eq(community))
        .filter(reports::month.eq(month))
        .order(reports::version)
        .select((reports::id, ReportData::as_select()))
        .load(conn)?)
}

/// What a report says.
pub mod figures {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = report_figures, treat_none_as_default_value = false)]
    pub struct FigureRow {
        pub report_id: i64,
        pub place: i64,
        pub part: String,
        pub code: String,
        pub group_key: String,
        pub group_zh: String,
        pub group_en: String,
        pub unit: ReportUnit,
        pub name_zh: String,
        pub name_en: String,
        pub definition_zh: String,
        pub definition_en: String,
        pub value: i64,
        pub value_before: Option<i64>,
        /// Ids, ascending, with a space between.
        pub subjects: String,
    }

    rows::child_list!(report_figures, report_id, FigureRow, WHAT);
}

/// Households whose state changed.
pub mod changes {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = report_changes, treat_none_as_default_value = false)]
    pub struct ChangeRow {
        pub report_id: i64,
        pub from_state: Option<CoverageState>,
        pub to_state: Option<CoverageState>,
        pub reason: ReportReason,
        pub households: i64,
        pub subjects: String,
    }

    rows::child_list!(report_changes, report_id, ChangeRow, WHAT);
}

/// Who answers for a report.
pub mod signatures {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = report_signatures, treat_none_as_default_value = false)]
    pub struct SignatureRow {
        pub report_id: i64,
        pub account_id: i64,
        pub name: String,
        pub signed_on: NaiveDate,
        pub signed_at: NaiveDateTime,
        pub content_hash: String,
    }

    rows::child_list!(report_signatures, report_id, SignatureRow, WHAT);
}

/// Days of a month, both included, and the areas of a community.
#[derive(Clone, Copy, Debug)]
pub struct Work<'a> {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub areas: &'a [i64],
}

impl Work<'_> {
    /// Referrals of residents there that came to a state in these days, once each; without those entered by mistake, and those of
    /// which the job had no day.
    pub fn referrals(&self, conn: &mut AnyConnection, to: ReferralState) -> DbResult<Vec<i64>> {
        let moved = referral_moves::to_state.eq(to).and(referral_moves::happened_on.between(self.from, self.to));
        let moved = referral_moves::table.filter(moved).select(referral_moves::referral_id);
        let mut query = referrals::table
            .filter(referrals::id.eq_any(moved))
            .filter(referrals::id.ne_all(mistaken()))
            .filter(referrals::resident_id.eq_any(residents_within(self.areas)))
            .into_boxed();
        if to == ReferralState::Hired {
            let empty = employment_spells::end_on.eq(employment_spells::counted_from.nullable());
            let empty = employment_spells::table.filter(empty).select(employment_spells::id.nullable());
            query = query.filter(referrals::spell_id.is_null().or(referrals::spell_id.ne_all(empty)));
        }
        Ok(query.select(referrals::id).order(referrals::id).load(conn)?)
    }

    /// Enrolments of residents there that came to a state in these days, once each; without what was entered by mistake.
    pub fn enrolments(&self, conn: &mut AnyConnection, to: EnrolmentState) -> DbResult<Vec<i64>> {
        let moved = enrolment_moves::to_state.eq(to).and(enrolment_moves::happened_on.between(self.from, self.to));
        let moved = enrolment_moves::table.filter(moved).select(enrolment_moves::enrolment_id);
        let mistaken = enrolment_moves::reason.eq(EnrolmentReason::EnteredByMistake);
        let mistaken = mistaken.and(enrolment_moves::to_state.eq(EnrolmentState::DroppedOut));
        let mistaken = enrolment_moves::table.filter(mistaken).select(enrolment_moves::enrolment_id);
        let mut query = enrolments::table
            .filter(enrolments::id.eq_any(moved))
            .filter(enrolments::id.ne_all(mistaken))
            .filter(enrolments::resident_id.eq_any(residents_within(self.areas)))
            .into_boxed();
        if to == EnrolmentState::Passed {
            // A result that was taken back is none.
            let stands = enrolments::state.eq(to).and(enrolments::moved_on.between(self.from, self.to));
            query = query.filter(stands);
        }
        Ok(query.select(enrolments::id).order(enrolments::id).load(conn)?)
    }

    /// Visits done there in these days, each with its household.
    pub fn visits(&self, conn: &mut AnyConnection) -> DbResult<Vec<(i64, i64)>> {
        Ok(visits::table
            .filter(visits::status.eq(VisitStatus::Done))
            .filter(visits::visit_on.between(self.from, self.to))
            .filter(visits::household_id.eq_any(households_within(self.areas)))
            .select((visits::id, visits::household_id))
            .order(visits::id)
            .load(conn)?)
    }

    /// Households there that were recognised up to the last of these days, each with that day.
    pub fn recognised(&self, conn: &mut AnyConnection) -> DbResult<Vec<(i64, NaiveDate)>> {
        Ok(recognitions::table
            .filter(recognitions::recognised_on.le(self.to))
            .filter(recognitions::household_id.eq_any(households_within(self.areas)))
            .select((recognitions::household_id, recognitions::recognised_on))
            .order(recognitions::id)
            .load(conn)?)
    }
}

/// The residents referrals, enrolments or jobs are of, by their ids; what is gone is left out.
pub mod residents_of {
    use super::*;
    use crate::db::rows::CHUNK;
    use crate::db::schema::employment_spells;

    macro_rules! of {
        ($name:ident, $table:ident) => {
            pub fn $name(conn: &mut AnyConnection, ids: &[i64]) -> DbResult<Vec<(i64, i64)>> {
                let mut found = Vec::new();
                for ids in ids.chunks(CHUNK) {
                    let rows = $table::table.filter($table::id.eq_any(ids)).select(($table::id, $table::resident_id));
                    found.extend(rows.load::<(i64, i64)>(conn)?);
                }
                Ok(found)
            }
        };
    }

    of!(referrals, referrals);
    of!(enrolments, enrolments);
    of!(jobs, employment_spells);
}
