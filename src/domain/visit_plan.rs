//! Which households to visit in a week: so many, those a visit is worth most to, in the order of a walk.
//!
//! The value of a visit is the coverage it can be expected to bring. It is 0 on the day after a visit and grows with every week in
//! which something may have changed, faster where more is to be won:
//!
//! `value = gain × whole weeks since the last visit`, with a gain for each week of
//!
//! | household | gain |
//! | --- | ---: |
//! | uncovered, somebody willing or not asked yet | 12 |
//! | covered by a single earner about to lose the job | 8 |
//! | uncovered, everybody unwilling: a no may become a yes | 6 |
//! | otherwise, with a member who could work, does not, and was never asked | 4 |
//! | any other | 1 |
//!
//! A household never visited counts the weeks since it is on file on top of [`PlanRules::every_weeks`]. A household is *due* when its
//! value reaches `every_weeks`: with 24 weeks an uncovered one every 2 weeks, one at risk every 3, any other every 24.
//!
//! What was promised comes before any value: an arranged visit, a next step that falls due, a recognised household nobody has met.
//!
//! Invariants: at most as many as are asked for; none is left out for one of a lower value; so as long as no more are due than can be
//! visited, everybody is visited at least every `every_weeks` weeks, and nobody waits for ever even if more are. Among equals those in
//! a building that is walked to anyway come first, then the order of the walk. The result depends on the set of households alone.
//! Cost: n log n.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::codes::code_list;
use super::text::{Text, counted};

code_list! {
    /// How it stands with the work of a household, as far as a visit is concerned.
    Standing {
        Uncovered = "uncovered", "零就业，待帮扶", "nobody works";
        Unwilling = "unwilling", "零就业，均无就业意愿", "nobody works, nobody is willing";
        AtRisk = "at_risk", "唯一就业人员有风险", "the only earner may lose the job";
        Other = "other", "其他", "anything else";
    }
}

code_list! {
    /// What was promised for the week; the first is kept before the others.
    Promise {
        Appointment = "appointment", "已约定走访", "a visit is arranged";
        NextStep = "next_step", "后续事项到期", "a next step falls due";
        Clock = "clock", "已认定零就业，尚未见面", "recognised as without work, and nobody was met yet";
    }
}

code_list! {
    /// Why a household stands in the plan.
    VisitReason {
        Appointment = "appointment", "已约定走访", "a visit is arranged";
        NextStep = "next_step", "后续事项到期", "a next step falls due";
        Clock = "clock", "已认定零就业，尚未见面", "recognised as without work, and nobody was met yet";
        Uncovered = "uncovered", "零就业，待帮扶", "nobody works";
        Unwilling = "unwilling", "零就业，均无就业意愿", "nobody works, nobody is willing";
        AtRisk = "at_risk", "唯一就业人员有风险", "the only earner may lose the job";
        WillingnessUnknown = "willingness_unknown", "有人可就业但未问过意愿", "somebody who could work was never asked";
        NeverVisited = "never_visited", "尚未走访过", "never visited";
        LongAgo = "long_ago", "已到走访周期", "not visited for a long time";
        Regular = "regular", "常规走访", "a regular visit";
    }
}

/// Where a household is on a walk: numbers in names count as numbers (2号楼 before 10号楼).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    grid: i64,
    building_name: Vec<Part>,
    building: i64,
    unit: Vec<Part>,
}

impl Address {
    #[must_use]
    pub fn new(grid: i64, (building, building_name): (i64, &str), unit: &str) -> Self {
        Self { grid, building_name: parts(building_name), building, unit: parts(unit) }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// Digits without leading zeros: of more digits is greater, then as text.
    Number(usize, String),
    Text(String),
}

fn parts(name: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = name.trim();
    while let Some(first) = rest.chars().next() {
        let is_number = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != is_number).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        if is_number {
            let digits = part.trim_start_matches('0');
            parts.push(Part::Number(digits.len(), digits.to_owned()));
        } else {
            parts.push(Part::Text(part.to_owned()));
        }
        rest = after;
    }
    parts
}

/// A household that may be visited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub household: i64,
    pub address: Address,
    pub standing: Standing,
    /// A member who could work, does not, and was never asked.
    pub willingness_unknown: bool,
    /// Whole weeks from the week of the last visit to the week planned; of one never visited since it is on file.
    pub weeks: u32,
    pub visited: bool,
    /// With the day it is for.
    pub promise: Option<(Promise, NaiveDate)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanRules {
    /// Everybody is to be visited at least once in so many weeks.
    pub every_weeks: u32,
}

impl Candidate {
    const fn gain(&self) -> u64 {
        match (self.standing, self.willingness_unknown) {
            (Standing::Uncovered, _) => 12,
            (Standing::AtRisk, _) => 8,
            (Standing::Unwilling, _) => 6,
            (Standing::Other, true) => 4,
            (Standing::Other, false) => 1,
        }
    }

    /// The expected value of a visit in the week.
    #[must_use]
    pub fn value(&self, rules: &PlanRules) -> u64 {
        let weeks = if self.visited { self.weeks } else { self.weeks.saturating_add(rules.every_weeks) };
        self.gain() * u64::from(weeks)
    }

    /// Whether the household has waited as long as one like it may.
    #[must_use]
    pub fn is_due(&self, rules: &PlanRules) -> bool {
        self.value(rules) >= u64::from(rules.every_weeks)
    }

    /// Why it is visited, the strongest reason first; never none.
    #[must_use]
    pub fn reasons(&self, rules: &PlanRules) -> Vec<(VisitReason, Text)> {
        let mut found = Vec::new();
        let plain = |reason: VisitReason| (reason, Text::from(reason.label()));
        if let Some((promise, on)) = self.promise {
            let reason = match promise {
                Promise::Appointment => VisitReason::Appointment,
                Promise::NextStep => VisitReason::NextStep,
                Promise::Clock => VisitReason::Clock,
            };
            let label = reason.label();
            let (zh, en) = match promise {
                Promise::Clock => (format!("{}（{on} 认定）", label.zh), format!("{} (on {on})", label.en)),
                _ => (format!("{}（{on}）", label.zh), format!("{} ({on})", label.en)),
            };
            found.push((reason, Text { zh, en }));
        }
        match self.standing {
            Standing::Uncovered => found.push(plain(VisitReason::Uncovered)),
            Standing::Unwilling => found.push(plain(VisitReason::Unwilling)),
            Standing::AtRisk => found.push(plain(VisitReason::AtRisk)),
            Standing::Other => {}
        }
        if self.willingness_unknown {
            found.push(plain(VisitReason::WillingnessUnknown));
        }
        if !self.visited {
            found.push(plain(VisitReason::NeverVisited));
        } else if self.weeks >= rules.every_weeks {
            let zh = format!("已 {} 周未走访", self.weeks);
            let en = format!("not visited for {}", counted(self.weeks, "week", "weeks"));
            found.push((VisitReason::LongAgo, Text { zh, en }));
        }
        if found.is_empty() {
            found.push(plain(VisitReason::Regular));
        }
        found
    }
}

/// The households to visit, at most `most`, in the order of the walk: grid by grid, building by building, unit by unit.
#[must_use]
pub fn choose(candidates: &[Candidate], most: usize, rules: &PlanRules) -> Vec<Candidate> {
    // Promised ones first, those of the same kind by day; then by value.
    type Class = (bool, Option<(Promise, NaiveDate)>, Reverse<u64>);
    let class = |c: &Candidate| -> Class { (c.promise.is_none(), c.promise, Reverse(c.value(rules))) };
    let mut classes: BTreeMap<Class, Vec<&Candidate>> = BTreeMap::new();
    for candidate in candidates {
        classes.entry(class(candidate)).or_default().push(candidate);
    }
    let mut chosen: Vec<&Candidate> = Vec::new();
    let mut walked_to: BTreeMap<i64, usize> = BTreeMap::new();
    for mut equals in classes.into_values() {
        let room = most.saturating_sub(chosen.len());
        equals.sort_by_cached_key(|c| {
            let there = walked_to.get(&c.address.building).copied().unwrap_or_default();
            (Reverse(there), c.address.clone(), c.household)
        });
        equals.truncate(room);
        for candidate in &equals {
            *walked_to.entry(candidate.address.building).or_default() += 1;
        }
        chosen.extend(equals);
    }
    chosen.sort_by_cached_key(|c| (c.address.clone(), c.household));
    chosen.into_iter().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: PlanRules = PlanRules { every_weeks: 24 };

    fn address(building: i64, unit: &str) -> Address {
        Address::new(1, (building, &format!("{building}号楼")), unit)
    }

    fn candidate(household: i64, standing: Standing, weeks: u32) -> Candidate {
        Candidate {
            household,
            address: address(1, "101"),
            standing,
            willingness_unknown: false,
            weeks,
            visited: true,
            promise: None,
        }
    }

    fn ids(chosen: &[Candidate]) -> Vec<i64> {
        chosen.iter().map(|c| c.household).collect()
    }

    #[test]
    fn uncovered_and_at_risk_come_first_then_those_never_asked() {
        use Standing::{AtRisk, Other, Uncovered, Unwilling};
        let mut all: Vec<Candidate> =
            [Other, Unwilling, AtRisk, Uncovered].into_iter().zip(1..).map(|(s, id)| candidate(id, s, 3)).collect();
        all.push(Candidate { willingness_unknown: true, ..candidate(5, Other, 3) });
        let first = |n| {
            let mut chosen = ids(&choose(&all, n, &RULES));
            chosen.sort_unstable();
            chosen
        };
        assert_eq!((first(1), first(2), first(3)), (vec![4], vec![3, 4], vec![2, 3, 4]));
        assert_eq!((first(4), first(5), first(9)), (vec![2, 3, 4, 5], vec![1, 2, 3, 4, 5], vec![1, 2, 3, 4, 5]));
        assert_eq!(first(0), Vec::<i64>::new());
    }

    #[test]
    fn each_kind_is_due_after_its_weeks() {
        for (standing, unknown, weeks) in [
            (Standing::Uncovered, false, 2),
            (Standing::AtRisk, false, 3),
            (Standing::Unwilling, false, 4),
            (Standing::Other, true, 6),
            (Standing::Other, false, 24),
        ] {
            let due =
                |weeks| Candidate { willingness_unknown: unknown, ..candidate(1, standing, weeks) }.is_due(&RULES);
            assert!(due(weeks) && !due(weeks - 1), "{standing:?}");
        }
        // Never visited: due at once, and the more the longer it is on file.
        let never = |weeks| Candidate { visited: false, ..candidate(1, Standing::Other, weeks) };
        assert!(never(0).is_due(&RULES) && never(3).value(&RULES) > never(2).value(&RULES));
    }

    #[test]
    fn what_was_promised_is_kept() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let promised =
            |id, promise, on| Candidate { promise: Some((promise, day(on))), ..candidate(id, Standing::Other, 0) };
        let all = [
            candidate(1, Standing::Uncovered, 50),
            promised(2, Promise::Clock, "2026-11-20"),
            promised(3, Promise::NextStep, "2026-11-25"),
            promised(4, Promise::Appointment, "2026-11-26"),
            promised(5, Promise::Appointment, "2026-11-24"),
        ];
        for (n, expected) in [(1, vec![5]), (2, vec![4, 5]), (3, vec![3, 4, 5]), (4, vec![2, 3, 4, 5])] {
            assert_eq!(ids(&choose(&all, n, &RULES)), expected);
        }
        let reasons = all[1].reasons(&RULES);
        assert_eq!(reasons[0].1.zh, "已认定零就业，尚未见面（2026-11-20 认定）");
    }

    #[test]
    fn a_reason_is_always_told_in_both_languages() {
        let unknown = Candidate { willingness_unknown: true, ..candidate(1, Standing::Uncovered, 30) };
        let told: Vec<(VisitReason, Text)> = unknown.reasons(&RULES);
        let kinds: Vec<VisitReason> = told.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, [VisitReason::Uncovered, VisitReason::WillingnessUnknown, VisitReason::LongAgo]);
        assert_eq!((told[2].1.zh.as_str(), told[2].1.en.as_str()), ("已 30 周未走访", "not visited for 30 weeks"));
        let plain = candidate(1, Standing::Other, 1).reasons(&RULES);
        assert_eq!((plain.len(), plain[0].0), (1, VisitReason::Regular));
    }

    #[test]
    fn the_walk_goes_building_by_building_and_unit_by_unit() {
        let at = |household, building, unit: &str| Candidate {
            address: address(building, unit),
            ..candidate(household, Standing::Other, 5)
        };
        let all = [
            at(1, 10, "1单元201"),
            at(2, 2, "10单元101"),
            at(3, 2, "2单元1101"),
            at(4, 2, "2单元301"),
            at(5, 10, "1单元102"),
            at(6, 2, ""),
        ];
        assert_eq!(ids(&choose(&all, 9, &RULES)), [6, 4, 3, 2, 5, 1]);
        // Of equals those come first to whose building one goes anyway.
        let worth_more = Candidate { standing: Standing::Uncovered, ..at(7, 10, "3单元101") };
        let with: Vec<Candidate> = all.iter().cloned().chain([worth_more]).collect();
        assert_eq!(ids(&choose(&with, 3, &RULES)), [5, 1, 7]);
    }
}
