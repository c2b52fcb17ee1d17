//! What must hold on every simulated day, asked of the database anew and by another path than the program's own.
//!
//! Counted again in SQL ([`recount`]): the state of each household, people at a posting against its places, jobs of a person, what
//! was done for a household and when, open referrals. The audit's chain is followed from where it was good, and as a whole at the
//! end. Cost: one look at every household and a few scans.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::app::audit::{self, Noted};
use crate::app::clock::{self, RecognitionFilter};
use crate::app::coverage::facts::{self, Facts};
use crate::app::coverage::report::{self, CoverageReport};
use crate::app::error::AppError;
use crate::app::{Connection, Db, Page, settings};
use crate::db::recount;
use crate::domain::codes::{CoverageState, code_list};
use crate::domain::coverage::{CoverageRules, household_coverage};
use crate::domain::text::Text;

code_list! {
    /// What is checked.
    Check {
        Reconciliation = "reconciliation", "覆盖数字与重新计算不符", "coverage does not reconcile";
        OverFilled = "over_filled", "岗位超员", "a posting is over-filled";
        DoubleJob = "double_job", "一人两份工作", "somebody has two jobs";
        Clock = "clock", "时限记录有误", "the clock is wrong";
        Referrals = "referrals", "推荐登记有误", "referrals are wrong";
        Gates = "gates", "名单与条件不符", "a list and the gates disagree";
        AuditChain = "audit_chain", "审计链不完整", "the audit chain is broken";
    }
}

/// Something that must never be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub check: Check,
    pub detail: Text,
}

impl Found {
    pub(super) fn new(check: Check, zh: String, en: String) -> Self {
        Self { check, detail: Text::new(zh, en) }
    }
}

/// Coverage of a day, as the program counts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub report: CoverageReport,
    /// Of each household that exists on the day, by id.
    pub states: BTreeMap<i64, CoverageState>,
}

impl Counted {
    /// The report of [`crate::app::coverage`] and the states behind it, from one reading.
    ///
    /// # Errors
    /// If the database fails.
    pub fn read(db: &Db, day: NaiveDate) -> Result<Self, AppError> {
        db.read(|conn| {
            let rules = settings::coverage_rules(conn, day)?;
            Ok(Self::of_facts(&facts::load(conn)?, day, &rules))
        })
    }

    /// The same of facts that are read already. Pure.
    #[must_use]
    pub fn of_facts(facts: &Facts, day: NaiveDate, rules: &CoverageRules) -> Self {
        let states =
            facts.on(day).map(|(place, household)| (place.household, household_coverage(household, day, rules).state));
        Self { states: states.collect(), report: report::report(facts, day, rules, None) }
    }

    /// Households of a state, by id.
    pub fn of(&self, state: CoverageState) -> impl Iterator<Item = i64> {
        self.states.iter().filter(move |(_, of)| **of == state).map(|(household, _)| *household)
    }
}

/// Checks day after day.
#[derive(Debug)]
pub struct Checker {
    /// Who had two jobs before the first day: the ledger said so.
    doubles_before: BTreeSet<i64>,
    /// The last entry of the audit that was good.
    good: Noted,
    last_covered: BTreeMap<i64, NaiveDate>,
}

impl Checker {
    /// Begins before the first day: the audit is followed whole, and what the ledger brought is not held against anybody.
    ///
    /// # Errors
    /// If the database fails.
    pub fn begin(db: &Db, day: NaiveDate) -> Result<Self, AppError> {
        let audited = audit::verify(db, None)?;
        let doubles = db.read(|conn| recount::double_jobs(conn, day))?;
        Ok(Self {
            doubles_before: doubles.into_iter().collect(),
            good: Noted { seq: audited.last_seq, hash: audited.last_hash },
            last_covered: BTreeMap::new(),
        })
    }

    /// Everything that does not hold at the end of a day on which all uncovered households have been recognised.
    ///
    /// # Errors
    /// If the database fails.
    pub fn check(&mut self, db: &Db, day: NaiveDate, counted: &Counted) -> Result<Vec<Found>, AppError> {
        let mut found = Vec::new();
        db.read(|conn| -> Result<(), AppError> {
            reconcile(conn, day, counted, &mut found)?;
            self.jobs(conn, day, &mut found)?;
            self.clock(conn, day, counted, &mut found)?;
            referrals(conn, day, &mut found)?;
            let audited = audit::verify_after(conn, db.keys(), &self.good)?;
            match audited.fault {
                Some(fault) => found.push(Found { check: Check::AuditChain, detail: fault.text() }),
                None => self.good = Noted { seq: audited.last_seq, hash: audited.last_hash },
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// The whole chain of the audit, and whether the last day was counted as it is counted from all rows.
    ///
    /// # Errors
    /// If the database fails.
    pub fn finish(&self, db: &Db, day: NaiveDate, counted: &Counted) -> Result<Vec<Found>, AppError> {
        let fault = audit::verify(db, Some(&self.good))?.fault;
        let mut found: Vec<Found> =
            fault.into_iter().map(|fault| Found { check: Check::AuditChain, detail: fault.text() }).collect();
        if *counted != Counted::read(db, day)? {
            found.push(Found::new(
                Check::Reconciliation,
                "跟随事件得到的覆盖数字与全部重读的不同".to_owned(),
                "the coverage that follows the events is not that of all rows".to_owned(),
            ));
        }
        Ok(found)
    }

    fn jobs(&self, conn: &mut Connection, day: NaiveDate, found: &mut Vec<Found>) -> Result<(), AppError> {
        for posting in recount::over_filled(conn, day)? {
            found.push(Found::new(
                Check::OverFilled,
                format!("岗位 #{posting} 在岗人数超过招用人数"),
                format!("more people work at posting #{posting} than it has places"),
            ));
        }
        for resident in recount::double_jobs(conn, day)? {
            if !self.doubles_before.contains(&resident) {
                found.push(Found::new(
                    Check::DoubleJob,
                    format!("居民 #{resident} 同时有两份工作，至少一份为全职"),
                    format!("resident #{resident} has two jobs, one of them full-time"),
                ));
            }
        }
        Ok(())
    }

    fn clock(
        &mut self,
        conn: &mut Connection,
        day: NaiveDate,
        counted: &Counted,
        found: &mut Vec<Found>,
    ) -> Result<(), AppError> {
        for recognition in recount::served_out_of_time(conn, day)? {
            found.push(Found::new(
                Check::Clock,
                format!("认定 #{recognition} 有早于认定或晚于当日的记录"),
                format!("recognition #{recognition} has something done before it, or after today"),
            ));
        }
        for household in counted.of(CoverageState::Covered) {
            self.last_covered.insert(household, day);
        }
        let recognised: BTreeMap<i64, String> = recount::recognised(conn)?.into_iter().collect();
        for household in counted.of(CoverageState::Uncovered) {
            // A recognition from before somebody worked is over.
            let stands =
                |since: &String| self.last_covered.get(&household).is_none_or(|covered| *since > covered.to_string());
            if !recognised.get(&household).is_some_and(stands) {
                found.push(Found::new(
                    Check::Clock,
                    format!("户 #{household} 无人就业而未认定"),
                    format!("household #{household} is uncovered and not recognised"),
                ));
            }
        }
        for (household, since) in &recognised {
            if *since == day.to_string() && counted.states.get(household) != Some(&CoverageState::Uncovered) {
                found.push(Found::new(
                    Check::Clock,
                    format!("户 #{household} 今日认定，但并非无人就业"),
                    format!("household #{household} was recognised today and is not uncovered"),
                ));
            }
        }
        self.one_clock(conn, day, counted, found)
    }

    /// Every day the clock of another household, as its counselor reads it.
    fn one_clock(
        &self,
        conn: &mut Connection,
        day: NaiveDate,
        counted: &Counted,
        found: &mut Vec<Found>,
    ) -> Result<(), AppError> {
        let uncovered: Vec<i64> = counted.of(CoverageState::Uncovered).collect();
        let turn = usize::try_from(day.signed_duration_since(NaiveDate::MIN).num_days()).unwrap_or(0);
        let Some(household) = uncovered.get(turn % uncovered.len().max(1)) else { return Ok(()) };
        let filter = RecognitionFilter { household: Some(*household), open: true, ..RecognitionFilter::default() };
        for recognition in clock::page(conn, (&filter, None), (Page::first(1), day))? {
            let in_time = |on: NaiveDate| (recognition.recognised_on..=day).contains(&on);
            let wrong = recognition.covered_on.is_some()
                || recognition.steps.iter().filter_map(|step| step.done_on).any(|on| !in_time(on));
            if wrong {
                found.push(Found::new(
                    Check::Clock,
                    format!("户 #{household} 的时限步骤不在认定之后，或显示已就业"),
                    format!("household #{household}: a step from before its recognition, or said to be covered"),
                ));
            }
        }
        Ok(())
    }
}

/// The report adds up, and each household is what SQL says.
fn reconcile(conn: &mut Connection, day: NaiveDate, counted: &Counted, found: &mut Vec<Found>) -> Result<(), AppError> {
    let again: BTreeMap<i64, Option<CoverageState>> = recount::households(conn, day)?
        .into_iter()
        .map(|household| (household.id, CoverageState::from_code(&household.state)))
        .collect();
    let n = |state| again.values().filter(|of| **of == Some(state)).count() as u64;
    let recounted = [n(CoverageState::Covered), n(CoverageState::Uncovered), n(CoverageState::Exempt)];
    let total = &counted.report.total;
    let reported = [total.covered, total.uncovered, total.exempt];
    if reported != recounted || reported.iter().sum::<u64>() != total.households {
        let households = total.households;
        found.push(Found::new(
            Check::Reconciliation,
            format!("已覆盖、未覆盖、不计入共 {households} 户：报表 {reported:?}，重新计算 {recounted:?}"),
            format!("covered, uncovered, exempt of {households}: reported {reported:?}, counted again {recounted:?}"),
        ));
    }
    for (household, state) in &again {
        let listed = counted.states.get(household);
        if listed.is_none() || listed != state.as_ref() {
            let [listed, state] = [listed, state.as_ref()].map(|state| state.map_or("absent", |state| state.code()));
            found.push(Found::new(
                Check::Reconciliation,
                format!("户 #{household}：名单为 {listed}，重新计算为 {state}"),
                format!("household #{household} is {listed} in the list and {state} counted again"),
            ));
        }
    }
    Ok(())
}

fn referrals(conn: &mut Connection, day: NaiveDate, found: &mut Vec<Found>) -> Result<(), AppError> {
    for resident in recount::referred_twice(conn)? {
        found.push(Found::new(
            Check::Referrals,
            format!("居民 #{resident} 对同一企业有两条未结推荐"),
            format!("resident #{resident} has two open referrals to one employer"),
        ));
    }
    for referral in recount::hired_without_job(conn, day)? {
        found.push(Found::new(
            Check::Referrals,
            format!("推荐 #{referral} 为已上岗，但没有相应的在岗记录"),
            format!("referral #{referral} says hired without a job that lasts"),
        ));
    }
    Ok(())
}
