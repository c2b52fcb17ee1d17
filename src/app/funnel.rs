//! From a recommendation to a job that lasts: how many of the referrals of a period came how far?
//!
//! Counted in person-times: a referral is one, whoever it is for. A stage is counted as of the period's last day; whether a job lasted is
//! asked only of jobs old enough, so that the young ones do not look like failures. The jobs are those coverage counts.
//!
//! Invariant: each stage is a part of the one before; a number and its list are the same pass. Cost: the referrals of the period.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::Connection;
use super::coverage::facts::Facts;
use super::error::AppError;
use super::plans::view::{PostingName, posting_names};
use crate::db::referrals::{self, ReferralRow};
use crate::domain::ages::months_later;
use crate::domain::codes::code_list;
use crate::domain::coverage::SpellFacts;
use crate::domain::referral::ReferralState;

code_list! {
    /// How far a referral came.
    FunnelStage {
        Proposed = "proposed", "推荐", "proposed";
        Referred = "referred", "转介企业", "referred";
        Hired = "hired", "上岗", "hired";
        Stayed3 = "stayed_3m", "干满 3 个月", "stayed 3 months";
        Stayed6 = "stayed_6m", "干满 6 个月", "stayed 6 months";
    }
}

/// How many referrals of a period came how far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Funnel {
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// In the order of [`FunnelStage::ALL`].
    reached: Vec<u64>,
    /// Jobs that began three (six) months before the period's last day, or earlier.
    pub old_enough: [u64; 2],
}

impl Funnel {
    #[must_use]
    pub fn of(&self, stage: FunnelStage) -> u64 {
        self.reached.get(stage as usize).copied().unwrap_or_default()
    }

    /// Of how many a stage is a share: of those before it, of a job's months only those old enough.
    #[must_use]
    pub fn out_of(&self, stage: FunnelStage) -> u64 {
        match stage {
            FunnelStage::Proposed => 0,
            FunnelStage::Referred => self.of(FunnelStage::Proposed),
            FunnelStage::Hired => self.of(FunnelStage::Referred),
            FunnelStage::Stayed3 => self.old_enough[0],
            FunnelStage::Stayed6 => self.old_enough[1],
        }
    }
}

/// A referral of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunnelLine {
    pub referral: i64,
    pub resident: i64,
    pub posting: PostingName,
    pub state: ReferralState,
    pub moved_on: NaiveDate,
    pub hired_on: Option<NaiveDate>,
}

struct Path<'a> {
    row: &'a ReferralRow,
    job: Option<&'a SpellFacts>,
    to: NaiveDate,
}

impl Path<'_> {
    fn is_hired(&self) -> bool {
        self.is_referred() && self.job.is_some_and(|job| job.counted_from <= self.to && !job.is_empty())
    }

    fn is_referred(&self) -> bool {
        self.row.data.referred_on.is_some_and(|on| on <= self.to)
    }

    /// Whether the job began so many months ago.
    fn is_old_enough(&self, months: u32) -> bool {
        self.is_hired() && self.job.is_some_and(|job| months_later(job.counted_from, months) <= self.to)
    }

    fn stayed(&self, months: u32) -> bool {
        let lasted = |job: &&SpellFacts| job.end_on.is_none_or(|end| end >= months_later(job.counted_from, months));
        self.is_old_enough(months) && self.job.is_some_and(|job| lasted(&job))
    }

    fn reached(&self, stage: FunnelStage) -> bool {
        match stage {
            FunnelStage::Proposed => true,
            FunnelStage::Referred => self.is_referred(),
            FunnelStage::Hired => self.is_hired(),
            FunnelStage::Stayed3 => self.stayed(3),
            FunnelStage::Stayed6 => self.stayed(6),
        }
    }
}

fn jobs(facts: &Facts) -> HashMap<i64, &SpellFacts> {
    let members = facts.households.iter().flat_map(|household| &household.members);
    members.flat_map(|member| &member.spells).map(|job| (job.id, job)).collect()
}

/// The funnel of the referrals proposed in a period to residents in these areas (`None` = to all); `facts` are those areas'.
///
/// # Errors
/// If the database fails.
pub fn funnel(
    conn: &mut Connection,
    facts: &Facts,
    (from, to): (NaiveDate, NaiveDate),
    within: Option<&[i64]>,
) -> Result<Funnel, AppError> {
    let rows = referrals::proposed_between(conn, (from, to), within)?;
    let jobs = jobs(facts);
    let mut funnel = Funnel { from, to, reached: vec![0; FunnelStage::ALL.len()], old_enough: [0; 2] };
    for row in &rows {
        let path = Path { row, job: row.data.spell_id.and_then(|id| jobs.get(&id)).copied(), to };
        for stage in FunnelStage::ALL {
            funnel.reached[*stage as usize] += u64::from(path.reached(*stage));
        }
        funnel.old_enough[0] += u64::from(path.is_old_enough(3));
        funnel.old_enough[1] += u64::from(path.is_old_enough(6));
    }
    Ok(funnel)
}

/// The referrals behind a stage, by id.
///
/// # Errors
/// If the database fails.
pub fn list(
    conn: &mut Connection,
    facts: &Facts,
    (from, to): (NaiveDate, NaiveDate),
    stage: FunnelStage,
    within: Option<&[i64]>,
) -> Result<Vec<FunnelLine>, AppError> {
    let rows = referrals::proposed_between(conn, (from, to), within)?;
    let jobs = jobs(facts);
    let mut names = posting_names(conn, rows.iter().map(|row| row.data.posting_id))?;
    let mut lines = Vec::new();
    for row in &rows {
        let path = Path { row, job: row.data.spell_id.and_then(|id| jobs.get(&id)).copied(), to };
        if !path.reached(stage) {
            continue;
        }
        lines.push(FunnelLine {
            referral: row.id,
            resident: row.data.resident_id,
            posting: names.entry(row.data.posting_id).or_default().clone(),
            state: row.data.state,
            moved_on: row.data.moved_on,
            hired_on: path.job.filter(|_| path.is_hired()).map(|job| job.counted_from),
        });
    }
    Ok(lines)
}
