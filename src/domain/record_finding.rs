//! What of a record somebody should complete or contradict.

use chrono::NaiveDate;

use super::codes::CoverageState;
use super::codes::code_list;
use super::coverage::{CoverageRules, HouseholdFacts, household_coverage, member_employability};
use super::employability::Employability;
use super::text::Text;

code_list! {
    RecordFindingKind {
        Contradiction = "contradiction", "矛盾待核", "contradiction";
        Incomplete = "incomplete", "资料待补", "data to complete";
    }
}

/// What is not known of the members that decides on employability, by member; of a household without anybody at work also who is
/// willing. Empty texts are left out.
#[must_use]
pub fn gaps(household: &HouseholdFacts, on: NaiveDate, rules: &CoverageRules) -> Vec<(i64, Text)> {
    let uncovered = household_coverage(household, on, rules).state == CoverageState::Uncovered;
    let willing = |resident: i64| household.members.iter().find(|member| member.resident == resident)?.person.willing;
    let mut found = Vec::new();
    for (resident, employability) in member_employability(household, on, &rules.labour_age) {
        let Employability::Employable { unknown } = employability else { continue };
        let mut missing: Vec<(&str, &str)> = unknown.iter().map(|what| (what.label().zh, what.label().en)).collect();
        if uncovered && willing(resident).is_none() {
            missing.push(("就业意愿未登记", "willingness to work not recorded"));
        }
        if !missing.is_empty() {
            let (zh, en): (Vec<&str>, Vec<&str>) = missing.into_iter().unzip();
            found.push((resident, Text::new(zh.join("；"), en.join("; "))));
        }
    }
    found
}
