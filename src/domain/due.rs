//! What is to be done next: one list of everything that waits for a counselor.
//!
//! Invariant of the order: what is late first, the longest late before the others; then by day; then what has no day. Equal ones by kind
//! and record, so that the list is the same however it was collected.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::codes::code_list;
use super::text::Text;

code_list! {
    DueKind {
        ClockStep = "clock_step", "零就业户服务时限", "step owed to a recognised household";
        FollowUp = "follow_up", "就业回访", "follow-up after a hire";
        Visit = "visit", "走访与后续", "visit or its next step";
        Concern = "concern", "意见待答复", "concern to answer";
        Referral = "referral", "推荐待答复", "referral without answer";
        NoStart = "no_start", "报了上岗又更正", "start that was none";
        Contract = "contract", "合同到期", "contract that ends";
        Posting = "posting", "岗位到期", "posting that ends";
        HouseholdChange = "household_change", "住户变动待核实", "change of a household to check";
        Data = "data", "信息待补", "data to complete";
    }
}

/// Something that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub kind: DueKind,
    /// Last day in time; `None` = no day.
    pub due_on: Option<NaiveDate>,
    pub household: Option<i64>,
    pub resident: Option<i64>,
    /// The record it is about: a recognition, spell, referral, posting, visit, concern or proposal; of data, the resident.
    pub record: i64,
    /// What is to be done and why.
    pub text: Text,
}

impl Due {
    #[must_use]
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.due_on.is_some_and(|day| day < today)
    }
}

/// How many wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DueCount {
    pub total: u64,
    pub overdue: u64,
}

/// Puts the list in order and counts it by kind.
#[must_use]
pub fn arrange(mut all: Vec<Due>, today: NaiveDate) -> (Vec<Due>, BTreeMap<DueKind, DueCount>) {
    let by_day = |a: &Due, b: &Due| match (a.due_on, b.due_on) {
        (Some(a), Some(b)) => a.cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    };
    all.sort_by(|a, b| by_day(a, b).then_with(|| (a.kind, a.record, &a.text).cmp(&(b.kind, b.record, &b.text))));
    let mut counts: BTreeMap<DueKind, DueCount> = BTreeMap::new();
    for due in &all {
        let count = counts.entry(due.kind).or_default();
        count.total += 1;
        count.overdue += u64::from(due.is_overdue(today));
    }
    (all, counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_things_come_first_and_undated_ones_last() {
        let day = |text: &str| Some(text.parse::<NaiveDate>().unwrap());
        let due = |kind, due_on, record| Due {
            kind,
            due_on,
            household: None,
            resident: None,
            record,
            text: Text::new("甲", "a"),
        };
        let all = vec![
            due(DueKind::Data, None, 1),
            due(DueKind::Contract, day("2026-12-01"), 2),
            due(DueKind::Referral, day("2026-11-22"), 4),
            due(DueKind::Referral, day("2026-11-22"), 3),
            due(DueKind::ClockStep, day("2026-11-01"), 5),
            due(DueKind::FollowUp, day("2026-11-23"), 6),
        ];
        let today = day("2026-11-23").unwrap();
        let (sorted, counts) = arrange(all.clone(), today);
        assert_eq!(sorted.iter().map(|due| due.record).collect::<Vec<_>>(), [5, 3, 4, 6, 2, 1]);
        assert_eq!(counts[&DueKind::Referral], DueCount { total: 2, overdue: 2 });
        // The day itself is in time.
        assert_eq!(counts[&DueKind::FollowUp], DueCount { total: 1, overdue: 0 });
        let mut turned = all;
        turned.reverse();
        assert_eq!(arrange(turned, today).0, sorted);
    }
}
