//! Is this household covered on this day (一户一人以上就业), how well, and what is in doubt?
//!
//! Invariant: for every day a household is in **exactly one** state, so covered + uncovered + exempt = all households in every
//! grouping; every other figure is a subset of one state. Linear in the household's spells (quadratic only in the spells
//! of one person).

use chrono::{Days, NaiveDate};

use super::ages::{LabourAge, birthday, months_later, retirement_range, turns_16_on};
use super::codes::{Channel, CoverageState, Region, RetirementGroup, Sex, code_list};
use super::employability::{Employability, PersonFacts, employability, not_employable};

/// One employment spell as coverage sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpellFacts {
    pub id: i64,
    pub channel: Channel,
    pub region: Option<Region>,
    /// First day it counts: its start, or the as-of date of the import where the start is unknown.
    pub counted_from: NaiveDate,
    pub start_known: bool,
    /// First day out of the job: coverage drops on this day.
    pub end_on: Option<NaiveDate>,
    /// Yuan a month.
    pub monthly_income: Option<u32>,
    /// Whether evidence is on record.
    pub evidence: bool,
    pub verified_on: Option<NaiveDate>,
    /// Last day of the contract.
    pub contract_until: Option<NaiveDate>,
    /// Last day of the employer's lease in the park.
    pub tenant_until: Option<NaiveDate>,
    pub part_time: bool,
}

impl SpellFacts {
    /// Ended on its first day: nobody ever worked in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.end_on == Some(self.counted_from)
    }

    #[must_use]
    pub fn is_active(&self, on: NaiveDate) -> bool {
        self.counted_from <= on && self.end_on.is_none_or(|end| on < end)
    }

    /// Whether some day lies in both.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        let is_empty = |spell: &Self| spell.end_on == Some(spell.counted_from);
        !is_empty(self)
            && !is_empty(other)
            && self.end_on.is_none_or(|end| other.counted_from < end)
            && other.end_on.is_none_or(|end| self.counted_from < end)
    }

    fn counts(&self, rules: &CoverageRules) -> bool {
        rules.farming_counts || self.channel != Channel::Farming
    }
}

/// A member, past members included; membership is in [`PersonFacts`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberFacts {
    pub resident: i64,
    pub sex: Option<Sex>,
    pub retirement_group: Option<RetirementGroup>,
    pub person: PersonFacts,
    pub spells: Vec<SpellFacts>,
}

impl MemberFacts {
    /// The jobs that count on a day: farming does only where the rules say so.
    pub fn jobs<'a>(
        &'a self,
        on: NaiveDate,
        rules: &'a CoverageRules,
    ) -> impl Iterator<Item = &'a SpellFacts> + Clone + use<'a> {
        self.spells.iter().filter(move |spell| spell.is_active(on) && spell.counts(rules))
    }
}

/// A recorded, dated decision of a person that a household is not counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exemption {
    pub from: NaiveDate,
    /// First day it no longer holds.
    pub until: Option<NaiveDate>,
    pub reason: String,
}

impl Exemption {
    #[must_use]
    pub fn holds(&self, on: NaiveDate) -> bool {
        self.from <= on && self.until.is_none_or(|until| on < until)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HouseholdFacts {
    pub id: i64,
    pub members: Vec<MemberFacts>,
    pub exemptions: Vec<Exemption>,
}

/// The settings coverage depends on, as they hold on the day asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoverageRules {
    pub labour_age: LabourAge,
    /// Whether farming counts as employment.
    pub farming_counts: bool,
    /// Yuan a month from which pay is decent.
    pub decent_pay: u32,
    /// Evidence is fresh while younger than this many days.
    pub verified_days: u16,
    /// A single earner is at risk when something ends within this many days.
    pub at_risk_days: u16,
}

impl Default for CoverageRules {
    /// domain.md §4. The evidence age follows from its figures: 9 cadres × 20 visits a week reach 4,232 households in 24 weeks,
    /// so 180 days is the youngest age everybody's evidence can have.
    fn default() -> Self {
        Self {
            labour_age: LabourAge::default(),
            farming_counts: false,
            decent_pay: 2600,
            verified_days: 180,
            at_risk_days: 90,
        }
    }
}

code_list! {
    /// Why a household is left out of the rate. There is no third reason.
    ExemptReason {
        NobodyEmployable = "nobody_employable", "无人可就业", "nobody employable";
        Decision = "decision", "经认定不计入", "recorded decision";
    }
}

code_list! {
    /// How an uncovered household is met.
    Need {
        ToHelp = "to_help", "待帮扶", "to help";
        Unwilling = "unwilling", "均无就业意愿", "unwilling";
    }
}

code_list! {
    /// Records that contradict the employment they stand beside.
    Contested {
        InSchool = "employed_in_school", "在校期间登记就业", "employed while in school";
        UnderSixteen = "employed_under_16", "未满16周岁登记就业", "employed under 16";
        Away = "employed_while_away", "服役、服刑、住院或失踪期间登记就业", "employed while in service, in prison, in care or missing";
        NoCapacity = "employed_without_capacity", "丧失或无劳动力登记就业", "employed with no capacity to work";
        TwoCurrentJobs = "two_current_jobs", "同时有两份全职工作", "two current jobs";
        OverlappingSpells = "overlapping_spells", "就业时间重叠", "overlapping spells";
    }
}

code_list! {
    /// What ends soon for the only earner of a household.
    RiskReason {
        ContractEnd = "contract_end", "合同即将到期", "the contract ends";
        TenantEnd = "tenant_end", "企业租期即将届满", "the tenant's lease ends";
        AgeLimit = "age_limit", "即将达到年龄上限", "an age limit is reached";
    }
}

/// Who is about to lose the only job of a household, and by what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EarnerRisk {
    pub resident: i64,
    pub spell: i64,
    pub reason: RiskReason,
    /// The day that ends it; past if it has gone by.
    pub ends_on: NaiveDate,
}

/// What holds for one household on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseholdCoverage {
    pub household: i64,
    pub state: CoverageState,
    /// Set exactly when exempt.
    pub exempt_reason: Option<ExemptReason>,
    /// Set exactly when uncovered.
    pub need: Option<Need>,
    /// Channel of the longest-running counted spell; set exactly when covered.
    pub channel: Option<Channel>,
    /// Only on covered households; in order, without repetition.
    pub contested: Vec<Contested>,
    /// The state stands without the contested records.
    pub certain: bool,
    pub stable_3m: bool,
    pub stable_6m: bool,
    pub decent: bool,
    pub verified: bool,
    pub single_earner_risk: Option<EarnerRisk>,
}

impl HouseholdCoverage {
    #[must_use]
    pub fn is_contested(&self) -> bool {
        !self.contested.is_empty()
    }
}

/// The state of a household on a day and the quality of its coverage (domain.md §4).
///
/// A counted spell of a living, current member covers at any age. Without one the household is exempt if nobody is
/// employable or a decision holds, and uncovered otherwise.
#[must_use]
pub fn household_coverage(household: &HouseholdFacts, on: NaiveDate, rules: &CoverageRules) -> HouseholdCoverage {
    let mut coverage = HouseholdCoverage {
        household: household.id,
        state: CoverageState::Covered,
        exempt_reason: None,
        need: None,
        channel: None,
        contested: Vec::new(),
        certain: true,
        stable_3m: false,
        stable_6m: false,
        decent: false,
        verified: false,
        single_earner_risk: None,
    };
    let mut longest: Option<&SpellFacts> = None;
    let mut certain = false;
    let mut n_earners = 0;
    let mut risk = None;
    for member in household.members.iter().filter(|member| member.person.is_current_member(on)) {
        let mut active = member.jobs(on, rules).peekable();
        if active.peek().is_none() {
            continue;
        }
        n_earners += 1;
        let doubts = contested(member, on);
        certain |= doubts.is_empty();
        coverage.contested.extend(doubts);
        // Two jobs are at risk only together; what is told is the one that ends last.
        let later = |a: Option<EarnerRisk>, b: Option<EarnerRisk>| {
            a.zip(b).map(|(a, b)| if b.ends_on > a.ends_on { b } else { a })
        };
        risk = active.clone().map(|spell| spell_risk(member, spell, on, rules)).reduce(later).flatten();
        for spell in active {
            coverage.stable_3m |= months_later(spell.counted_from, 3) <= on;
            coverage.stable_6m |= months_later(spell.counted_from, 6) <= on;
            coverage.decent |= spell.monthly_income.is_some_and(|pay| pay >= rules.decent_pay);
            coverage.verified |= is_verified(spell, on, rules);
            if longest.is_none_or(|best| runs_longer(spell, best)) {
                longest = Some(spell);
            }
        }
    }
    if let Some(spell) = longest {
        coverage.channel = Some(spell.channel);
        coverage.contested.sort_unstable();
        coverage.contested.dedup();
        coverage.certain = certain;
        coverage.single_earner_risk = if n_earners == 1 { risk } else { None };
        return coverage;
    }
    let mut employable = household
        .members
        .iter()
        .filter(|member| not_employable(&member.person, on, &rules.labour_age).is_none())
        .peekable();
    if employable.peek().is_none() {
        coverage.state = CoverageState::Exempt;
        coverage.exempt_reason = Some(ExemptReason::NobodyEmployable);
    } else if household.exemptions.iter().any(|exemption| exemption.holds(on)) {
        coverage.state = CoverageState::Exempt;
        coverage.exempt_reason = Some(ExemptReason::Decision);
    } else {
        coverage.state = CoverageState::Uncovered;
        let unwilling = employable.all(|member| member.person.willing == Some(false));
        coverage.need = Some(if unwilling { Need::Unwilling } else { Need::ToHelp });
    }
    coverage
}

/// Each member with the answer of [`employability`]: the reasons printed beside exempt households and the facts still to
/// be recorded.
#[must_use]
pub fn member_employability(household: &HouseholdFacts, on: NaiveDate, ages: &LabourAge) -> Vec<(i64, Employability)> {
    household.members.iter().map(|member| (member.resident, employability(&member.person, on, ages))).collect()
}

/// Earlier first day; then higher pay, then lower id.
fn runs_longer(a: &SpellFacts, b: &SpellFacts) -> bool {
    (a.counted_from, std::cmp::Reverse(a.monthly_income), a.id)
        < (b.counted_from, std::cmp::Reverse(b.monthly_income), b.id)
}

fn is_verified(spell: &SpellFacts, on: NaiveDate, rules: &CoverageRules) -> bool {
    spell.evidence
        && spell.verified_on.is_some_and(|verified| {
            let age = (on - verified).num_days();
            (0..i64::from(rules.verified_days)).contains(&age)
        })
}

/// What contradicts the member's employment on the day. Farming beside a job is usual and contradicts nothing, and so
/// are several part-time jobs.
fn contested(member: &MemberFacts, on: NaiveDate) -> Vec<Contested> {
    let person = &member.person;
    let mut reasons = Vec::new();
    if person.is_in_school() {
        reasons.push(Contested::InSchool);
    }
    if person.birth_date.is_some_and(|birth| on < turns_16_on(birth)) {
        reasons.push(Contested::UnderSixteen);
    }
    if person.absence.is_some() {
        reasons.push(Contested::Away);
    }
    if person.has_no_capacity() {
        reasons.push(Contested::NoCapacity);
    }
    for (i, a) in member.spells.iter().enumerate() {
        for b in &member.spells[i + 1..] {
            let both = [a, b];
            // What begins later than the day asked about is not known on that day.
            if both.iter().any(|spell| spell.channel == Channel::Farming || spell.counted_from > on)
                || both.iter().all(|spell| spell.part_time)
            {
                continue;
            }
            match (a.is_active(on), b.is_active(on)) {
                (true, true) => reasons.push(Contested::TwoCurrentJobs),
                (true, false) | (false, true) if a.overlaps(b) => reasons.push(Contested::OverlappingSpells),
                _ => {}
            }
        }
    }
    reasons
}

/// What ends for this spell within the days of the rules; something already past its end is at risk too. Retirement ends
/// a contract (law.md §6) only where there is an employer, and only once: who works past it is no longer at risk from it.
fn spell_risk(member: &MemberFacts, spell: &SpellFacts, on: NaiveDate, rules: &CoverageRules) -> Option<EarnerRisk> {
    let horizon = on.checked_add_days(Days::new(u64::from(rules.at_risk_days))).unwrap_or(NaiveDate::MAX);
    let soon = |day: &NaiveDate| *day <= horizon;
    let risk = |reason, ends_on| EarnerRisk { resident: member.resident, spell: spell.id, reason, ends_on };
    if let Some(day) = spell.contract_until.into_iter().chain(spell.end_on).filter(soon).min() {
        return Some(risk(RiskReason::ContractEnd, day));
    }
    if let Some(day) = spell.tenant_until.filter(soon) {
        return Some(risk(RiskReason::TenantEnd, day));
    }
    let birth = member.person.birth_date?;
    let limits = match spell.channel {
        Channel::MicroFactory | Channel::Outbound | Channel::Local => {
            let (first, last) = retirement_range(member.sex, member.retirement_group, birth);
            vec![first, last]
        }
        Channel::PublicWelfare => vec![birthday(birth, 70)],
        Channel::SelfEmployed | Channel::Flexible | Channel::Farming => Vec::new(),
    };
    let limit = limits.into_iter().filter(|limit| on < *limit && soon(limit)).min()?;
    Some(risk(RiskReason::AgeLimit, limit))
}

/// Sums over households: the same counting for the whole community and for every grouping of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub households: u64,
    pub covered: u64,
    pub uncovered: u64,
    pub exempt: u64,
    pub exempt_nobody_employable: u64,
    pub exempt_decision: u64,
    pub to_help: u64,
    pub unwilling: u64,
    /// Covered, with contradicting records.
    pub contested: u64,
    /// Covered even without the contested records; `certain ..= covered` is the range the report shows.
    pub certain: u64,
    pub stable_3m: u64,
    pub stable_6m: u64,
    pub decent: u64,
    pub verified: u64,
    pub single_earner_risk: u64,
}

impl Tally {
    /// Counts one household.
    pub fn add(&mut self, coverage: &HouseholdCoverage) {
        let covered = coverage.state == CoverageState::Covered;
        self.households += 1;
        self.covered += u64::from(covered);
        self.uncovered += u64::from(coverage.state == CoverageState::Uncovered);
        self.exempt += u64::from(coverage.state == CoverageState::Exempt);
        self.exempt_nobody_employable += u64::from(coverage.exempt_reason == Some(ExemptReason::NobodyEmployable));
        self.exempt_decision += u64::from(coverage.exempt_reason == Some(ExemptReason::Decision));
        self.to_help += u64::from(coverage.need == Some(Need::ToHelp));
        self.unwilling += u64::from(coverage.need == Some(Need::Unwilling));
        self.contested += u64::from(coverage.is_contested());
        self.certain += u64::from(covered && coverage.certain);
        self.stable_3m += u64::from(coverage.stable_3m);
        self.stable_6m += u64::from(coverage.stable_6m);
        self.decent += u64::from(coverage.decent);
        self.verified += u64::from(coverage.verified);
        self.single_earner_risk += u64::from(coverage.single_earner_risk.is_some());
    }

    /// Adds another tally of other households.
    pub fn merge(&mut self, other: &Self) {
        let Self {
            households,
            covered,
            uncovered,
            exempt,
            exempt_nobody_employable,
            exempt_decision,
            to_help,
            unwilling,
            contested,
            certain,
            stable_3m,
            stable_6m,
            decent,
            verified,
            single_earner_risk,
        } = *other;
        self.households += households;
        self.covered += covered;
        self.uncovered += uncovered;
        self.exempt += exempt;
        self.exempt_nobody_employable += exempt_nobody_employable;
        self.exempt_decision += exempt_decision;
        self.to_help += to_help;
        self.unwilling += unwilling;
        self.contested += contested;
        self.certain += certain;
        self.stable_3m += stable_3m;
        self.stable_6m += stable_6m;
        self.decent += decent;
        self.verified += verified;
        self.single_earner_risk += single_earner_risk;
    }

    /// Households the rate is about: covered + uncovered.
    #[must_use]
    pub const fn counted(&self) -> u64 {
        self.covered + self.uncovered
    }

    /// covered / (covered + uncovered) in basis points, rounded **down**: 10000 is printed only when nobody is left.
    /// `None` when there is nobody to count.
    #[must_use]
    pub fn rate(&self) -> Option<u32> {
        basis_points(self.covered, self.counted())
    }

    /// Like [`Tally::rate`], counting only the certain households as covered: the low end of the range.
    #[must_use]
    pub fn certain_rate(&self) -> Option<u32> {
        basis_points(self.certain, self.counted())
    }
}

/// `part / whole` in basis points, rounded down; `None` for an empty whole.
#[must_use]
pub fn basis_points(part: u64, whole: u64) -> Option<u32> {
    let points = (u128::from(part) * 10_000).checked_div(u128::from(whole))?;
    u32::try_from(points).ok()
}
