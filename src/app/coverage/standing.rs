//! Where single households stand, for lists and cards: state, since when, who could work, who does.
//!
//! Invariant: the same function as every figure ([`household_coverage`]), so a card never contradicts the report. Cost: the rows of
//! the households asked for, the areas and the employers.

use chrono::{Days, NaiveDate};

use super::facts::{self, Place};
use crate::app::error::AppError;
use crate::app::{Connection, settings};
use crate::domain::coverage::{
    CoverageRules, HouseholdCoverage, HouseholdFacts, household_coverage, member_employability,
};
use crate::domain::employability::Employability;

/// A member as the household's state sees one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberStanding {
    pub resident: i64,
    pub employability: Employability,
    /// Somewhere at work on the day.
    pub works: bool,
}

/// A household on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub place: Place,
    pub coverage: HouseholdCoverage,
    /// First day of the present state; `None` = as long as anything is recorded.
    pub since: Option<NaiveDate>,
    /// Current members, in the order of the ledger.
    pub members: Vec<MemberStanding>,
}

/// These households on a day, by id; one that is not there is left out.
///
/// # Errors
/// If the database fails.
pub fn of(conn: &mut Connection, households: &[i64], on: NaiveDate) -> Result<Vec<Standing>, AppError> {
    let rules = settings::coverage_rules(conn, on)?;
    let facts = facts::load_households(conn, households)?;
    let all = facts.places.into_iter().zip(&facts.households);
    Ok(all.map(|(place, household)| standing(place, household, on, &rules)).collect())
}

fn standing(place: Place, household: &HouseholdFacts, on: NaiveDate, rules: &CoverageRules) -> Standing {
    let current = household.members.iter().zip(member_employability(household, on, &rules.labour_age));
    let member = |(member, (resident, employability)): (&_, _)| {
        let member: &crate::domain::coverage::MemberFacts = member;
        member.person.is_current_member(on).then(|| MemberStanding {
            resident,
            employability,
            works: member.spells.iter().any(|spell| spell.is_active(on)),
        })
    };
    Standing {
        place,
        coverage: household_coverage(household, on, rules),
        since: since(household, on, rules),
        members: current.filter_map(member).collect(),
    }
}

/// The first day of the state a household is in, by the rules of the day asked about. A state changes only on a day on which a job, a
/// membership, a life, a decision or labour age begins or ends, so only those days are looked at. How a household stood before anything
/// of it was recorded is not known: an age reached before that is no news.
fn since(household: &HouseholdFacts, on: NaiveDate, rules: &CoverageRules) -> Option<NaiveDate> {
    let (mut days, mut ages): (Vec<NaiveDate>, Vec<NaiveDate>) = (Vec::new(), Vec::new());
    for member in &household.members {
        let person = &member.person;
        days.extend([person.member_from, person.member_until, person.died_on].into_iter().flatten());
        days.extend(member.spells.iter().flat_map(|spell| [Some(spell.counted_from), spell.end_on]).flatten());
        if let Some(birth) = person.birth_date {
            ages.push(rules.labour_age.first_day(birth));
            ages.extend(rules.labour_age.last_day(birth).succ_opt());
        }
    }
    days.extend(household.exemptions.iter().flat_map(|exemption| [Some(exemption.from), exemption.until]).flatten());
    let first = days.iter().copied().min();
    ages.retain(|day| first.is_some_and(|first| first < *day));
    days.extend(ages);
    days.retain(|day| *day <= on);
    days.sort_unstable();
    days.dedup();
    let state = household_coverage(household, on, rules).state;
    let differs_before = |day: &NaiveDate| {
        let before = day.checked_sub_days(Days::new(1));
        before.is_some_and(|before| household_coverage(household, before, rules).state != state)
    };
    days.into_iter().rev().find(differs_before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::codes::Channel;
    use crate::domain::coverage::{MemberFacts, SpellFacts};
    use crate::domain::employability::PersonFacts;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn spell(from: &str, until: Option<&str>) -> SpellFacts {
        SpellFacts {
            id: 1,
            channel: Channel::Local,
            region: None,
            counted_from: day(from),
            start_known: true,
            end_on: until.map(day),
            monthly_income: None,
            evidence: false,
            verified_on: None,
            contract_until: None,
            tenant_until: None,
            part_time: false,
        }
    }

    #[test]
    fn a_state_began_on_the_day_it_changed() {
        let person = PersonFacts { birth_date: Some(day("1990-05-05")), ..PersonFacts::default() };
        let member = |spells| MemberFacts { resident: 1, person, spells, ..MemberFacts::default() };
        let home = |spells| HouseholdFacts { id: 1, members: vec![member(spells)], ..HouseholdFacts::default() };
        let rules = CoverageRules::default();
        let today = day("2026-11-23");
        // Two jobs one after the other: covered since the first one.
        let covered = home(vec![spell("2026-01-10", Some("2026-03-01")), spell("2026-03-01", None)]);
        assert_eq!(since(&covered, today, &rules), Some(day("2026-01-10")));
        let lost = home(vec![spell("2026-01-10", Some("2026-11-01"))]);
        assert_eq!(since(&lost, today, &rules), Some(day("2026-11-01")));
        // Nothing is recorded: since when is not known, though the age is.
        assert_eq!(since(&home(Vec::new()), today, &rules), None);
        // Sixty in May 2050: too old to count from then on.
        let old = day("2050-05-05");
        assert_eq!(since(&lost, old, &rules), Some(old));
        // What begins tomorrow changes nothing today.
        assert_eq!(since(&lost, day("2026-10-31"), &rules), Some(day("2026-01-10")));
    }
}
