//! Care duties of all households into carers' hours and household limits ([`crate::domain::care`]).

use std::collections::HashMap;

use chrono::NaiveDate;

use super::Scope;
use crate::app::coverage::facts::Facts;
use crate::app::error::AppError;
use crate::app::grouped::Grouped;
use crate::app::numbers::spans;
use crate::db::AnyConnection;
use crate::db::snapshot as rows;
use crate::domain::ages::completed_years;
use crate::domain::care::{CareDuty, CareMember, assign_care, can_care};
use crate::domain::coverage::{CoverageRules, MemberFacts};
use crate::domain::employability::not_employable;
use crate::domain::week::WeekHours;

/// What care asks of whom.
#[derive(Debug, Default)]
pub struct Care {
    /// Hours in which a resident is the carer, by resident id.
    pub hours: HashMap<i64, WeekHours>,
    /// Parallel to the facts' households.
    pub limits: Vec<Option<u32>>,
}

pub fn load(
    conn: &mut AnyConnection,
    facts: &Facts,
    scope: Scope<'_>,
    (as_of, rules): (NaiveDate, &CoverageRules),
) -> Result<Care, AppError> {
    let rows = rows::all_care_duties(conn, scope.household().as_ref().map(std::slice::from_ref))?;
    let ids: Option<Vec<i64>> = scope.household().map(|_| rows.iter().map(|row| row.id).collect());
    let hours = Grouped::by(|row: &rows::CareHours| row.care_duty_id, rows::all_care_hours(conn, ids.as_deref())?);
    let mut duties: HashMap<i64, Vec<CareDuty>> = HashMap::new();
    for row in rows {
        if row.valid_from.is_some_and(|from| as_of < from) || row.valid_until.is_some_and(|until| until <= as_of) {
            continue;
        }
        let hours = WeekHours::of(&spans(hours.of(row.id).iter().map(|h| (h.weekday, h.from_minute, h.to_minute))));
        duties.entry(row.household_id).or_default().push(CareDuty { hours, carer: row.carer_id });
    }
    let mut care = Care::default();
    for household in &facts.households {
        let Some(duties) = duties.get(&household.id) else {
            care.limits.push(None);
            continue;
        };
        let current = household.members.iter().filter(|member| member.person.is_current_member(as_of));
        let members: Vec<CareMember> = current.map(|member| care_member(member, as_of, rules)).collect();
        let assignment = assign_care(duties, &members);
        care.hours.extend(assignment.carers);
        care.limits.push(assignment.limit);
    }
    Ok(care)
}

fn care_member(member: &MemberFacts, as_of: NaiveDate, rules: &CoverageRules) -> CareMember {
    let person = &member.person;
    let age = person.birth_date.map_or(0, |birth| completed_years(birth, as_of));
    CareMember {
        id: member.resident,
        employable: not_employable(person, as_of, &rules.labour_age).is_none(),
        has_job: member.spells.iter().any(|spell| spell.is_active(as_of)),
        can_care: can_care(age, person.absence.is_none() && !person.is_in_school(), person.has_no_capacity()),
    }
}
