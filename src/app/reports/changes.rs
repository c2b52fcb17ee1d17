//! Why a household's state is another one than a month before.
//!
//! The state before is the one the last report froze, where there is one, so that a report never contradicts the one before it: what
//! was corrected since is a reason of its own. Otherwise it is counted from today's records.
//!
//! Invariant: every household whose two states differ has exactly one reason, so for each state before + entered − left = after.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use crate::app::coverage::facts::{Facts, exists_on};
use crate::app::coverage::flow::Ruled;
use crate::domain::codes::CoverageState;
use crate::domain::coverage::{ExemptReason, HouseholdFacts, MemberFacts, household_coverage};
use crate::domain::report::ReportReason;

/// The households that went one way for one reason, by id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub from: Option<CoverageState>,
    pub to: Option<CoverageState>,
    pub reason: ReportReason,
    pub households: Vec<i64>,
}

/// States by household; one that is not there has none.
pub type States = HashMap<i64, CoverageState>;

/// The states of a day as today's records tell them.
#[must_use]
pub fn states(facts: &Facts, (day, rules): Ruled<'_>) -> States {
    let found =
        facts.on(day).map(|(place, household)| (place.household, household_coverage(household, day, rules).state));
    found.collect()
}

/// What changed from the states `before` to those of the day `now`, by states and reason.
#[must_use]
pub fn changes(facts: &Facts, before: Ruled<'_>, was: &States, now: Ruled<'_>) -> Vec<Change> {
    let is = states(facts, now);
    let known: HashMap<i64, &HouseholdFacts> =
        facts.households.iter().map(|household| (household.id, household)).collect();
    let mut found: BTreeMap<(Option<CoverageState>, Option<CoverageState>, ReportReason), Vec<i64>> = BTreeMap::new();
    let mut ids: Vec<i64> = was.keys().chain(is.keys()).copied().collect();
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        let (from, to) = (was.get(&id).copied(), is.get(&id).copied());
        if from != to {
            let reason = reason(known.get(&id).copied(), (from, before), (to, now));
            found.entry((from, to, reason)).or_default().push(id);
        }
    }
    let change = |((from, to, reason), households)| Change { from, to, reason, households };
    found.into_iter().map(change).collect()
}

type Stood<'a> = (Option<CoverageState>, Ruled<'a>);

fn reason(household: Option<&HouseholdFacts>, (from, before): Stood<'_>, (to, now): Stood<'_>) -> ReportReason {
    use CoverageState::{Covered, Exempt, Uncovered};
    let Some(household) = household else { return ReportReason::Gone };
    let existed = exists_on(household, before.0);
    let (from, to) = match (from, to) {
        (_, None) => return ReportReason::Gone,
        (None, Some(_)) => return if existed { ReportReason::MovedIn } else { ReportReason::New },
        (Some(from), Some(to)) => (from, to),
    };
    let as_known = |(day, rules): Ruled<'_>| household_coverage(household, day, rules);
    if !existed || as_known(before).state != from {
        return ReportReason::Corrected;
    }
    if as_known((now.0, before.1)).state != to {
        return ReportReason::RulesChanged;
    }
    match (from, to) {
        (_, Covered) => {
            let begun = earners(household, now).any(|member| {
                let current = member.person.is_current_member(before.0);
                current && member.jobs(now.0, now.1).any(|job| job.counted_from > before.0)
            });
            if begun { ReportReason::FoundJob } else { joined_or_found(household, before.0, now) }
        }
        (Covered, _) => {
            let stayed = earners(household, before).any(|member| member.person.is_current_member(now.0));
            if stayed { ReportReason::JobEnded } else { ReportReason::EarnerLeft }
        }
        (_, Exempt) => match as_known(now).exempt_reason {
            Some(ExemptReason::Decision) => ReportReason::Exempted,
            _ => ReportReason::NobodyEmployable,
        },
        (_, Uncovered) => match as_known(before).exempt_reason {
            Some(ExemptReason::Decision) => ReportReason::ExemptionEnded,
            _ => ReportReason::EmployableAgain,
        },
    }
}

/// Nobody who was there found the work: it came with somebody, or began with them.
fn joined_or_found(household: &HouseholdFacts, before: NaiveDate, now: Ruled<'_>) -> ReportReason {
    let joined = earners(household, now).any(|member| !member.person.is_current_member(before));
    if joined { ReportReason::EarnerJoined } else { ReportReason::FoundJob }
}

/// The members at work on a day.
fn earners<'a>(household: &'a HouseholdFacts, (day, rules): Ruled<'a>) -> impl Iterator<Item = &'a MemberFacts> {
    let current = household.members.iter().filter(move |member| member.person.is_current_member(day));
    current.filter(move |member| member.jobs(day, rules).next().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::codes::Channel;
    use crate::domain::coverage::{CoverageRules, Exemption, SpellFacts};
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

    fn member(person: PersonFacts, spells: Vec<SpellFacts>) -> MemberFacts {
        let birth_date = person.birth_date.or(Some(day("1990-05-05")));
        MemberFacts { resident: 1, person: PersonFacts { birth_date, ..person }, spells, ..MemberFacts::default() }
    }

    fn home(members: Vec<MemberFacts>) -> HouseholdFacts {
        HouseholdFacts { id: 1, members, ..HouseholdFacts::default() }
    }

    #[track_caller]
    fn check(household: &HouseholdFacts, from: CoverageState, to: CoverageState, expected: ReportReason) {
        let rules = CoverageRules::default();
        let (before, now) = ((day("2026-09-30"), &rules), (day("2026-10-31"), &rules));
        assert_eq!(household_coverage(household, now.0, &rules).state, to);
        assert_eq!(reason(Some(household), (Some(from), before), (Some(to), now)), expected);
    }

    #[test]
    fn each_reason_is_told_from_the_others() {
        use CoverageState::{Covered, Exempt, Uncovered};
        let plain = PersonFacts::default();
        let found = home(vec![member(plain, vec![spell("2026-10-08", None)])]);
        check(&found, Uncovered, Covered, ReportReason::FoundJob);
        // The report said something else than what is known now of the same day.
        check(&found, Exempt, Covered, ReportReason::Corrected);
        let joined = PersonFacts { member_from: Some(day("2026-10-10")), ..plain };
        let wife = home(vec![member(plain, Vec::new()), member(joined, vec![spell("2026-01-01", None)])]);
        check(&wife, Uncovered, Covered, ReportReason::EarnerJoined);
        let lost = home(vec![member(plain, vec![spell("2026-01-01", Some("2026-10-20"))])]);
        check(&lost, Covered, Uncovered, ReportReason::JobEnded);
        let gone = PersonFacts { member_until: Some(day("2026-10-12")), ..plain };
        let left = home(vec![member(plain, Vec::new()), member(gone, vec![spell("2026-01-01", None)])]);
        check(&left, Covered, Uncovered, ReportReason::EarnerLeft);
        let idle = home(vec![member(plain, Vec::new())]);
        let decision = |from: &str, until: Option<&str>| Exemption {
            from: day(from),
            until: until.map(day),
            reason: String::new(),
        };
        let exempted = HouseholdFacts { exemptions: vec![decision("2026-10-05", None)], ..idle.clone() };
        check(&exempted, Uncovered, Exempt, ReportReason::Exempted);
        let over = HouseholdFacts { exemptions: vec![decision("2026-01-05", Some("2026-10-05"))], ..idle };
        check(&over, Exempt, Uncovered, ReportReason::ExemptionEnded);
        let sixty = PersonFacts { birth_date: Some(day("1966-10-09")), ..plain };
        check(&home(vec![member(sixty, Vec::new())]), Uncovered, Exempt, ReportReason::NobodyEmployable);
        let sixteen = PersonFacts { birth_date: Some(day("2010-10-09")), ..plain };
        check(&home(vec![member(sixteen, Vec::new())]), Exempt, Uncovered, ReportReason::EmployableAgain);
    }

    #[test]
    fn a_change_of_the_rules_is_no_change_of_the_household() {
        let farmer = SpellFacts { channel: Channel::Farming, ..spell("2026-01-01", None) };
        let household = home(vec![member(PersonFacts::default(), vec![farmer])]);
        let (old, new) = (CoverageRules::default(), CoverageRules { farming_counts: true, ..CoverageRules::default() });
        let (before, now) = ((day("2026-09-30"), &old), (day("2026-10-31"), &new));
        let stood = (Some(CoverageState::Uncovered), before);
        assert_eq!(reason(Some(&household), stood, (Some(CoverageState::Covered), now)), ReportReason::RulesChanged);
    }

    #[test]
    fn before_and_entered_and_left_make_after() {
        let rules = CoverageRules::default();
        let (before, now) = ((day("2026-09-30"), &rules), (day("2026-10-31"), &rules));
        let household = home(vec![member(PersonFacts::default(), vec![spell("2026-10-08", None)])]);
        let household = HouseholdFacts { id: 0, ..household };
        let facts = Facts { places: vec![crate::app::coverage::facts::Place::default()], households: vec![household] };
        // One that is in the last report and nowhere now, one that found work.
        let was = States::from([(0, CoverageState::Uncovered), (7, CoverageState::Covered)]);
        let found = changes(&facts, before, &was, now);
        let told: Vec<_> = found.iter().map(|change| (change.from, change.to, change.households.len())).collect();
        use CoverageState::{Covered, Uncovered};
        assert_eq!(told, [(Some(Covered), None, 1), (Some(Uncovered), Some(Covered), 1)]);
    }
}
