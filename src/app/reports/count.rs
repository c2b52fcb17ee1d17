//! What a report counts: every figure with the ids of what it counts.
//!
//! Invariant: households come from the same pass as every other figure of coverage ([`household_coverage`]), people from the same as
//! the page of people at work, so a report agrees with what the pages show of the same day and records.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::app::coverage::facts::{self, Facts};
use crate::app::coverage::report::{Figure, GroupBy, ListFilter, list};
use crate::app::coverage::workers::{self, WorkerFigure};
use crate::app::error::AppError;
use crate::app::overview::first_of_month;
use crate::app::snapshot::hash::keyed;
use crate::app::{Connection, Keyring, settings};
use crate::db::access::with_children;
use crate::db::reports::Work;
use crate::db::seal::IndexField;
use crate::domain::codes::{Channel, CoverageState};
use crate::domain::coverage::{CoverageRules, ExemptReason, HouseholdFacts, SpellFacts, household_coverage};
use crate::domain::employability::not_employable;
use crate::domain::referral::ReferralState;
use crate::domain::report::ReportFigure;
use crate::domain::text::Text;
use crate::domain::training::EnrolmentState;

/// A figure, of a channel or grid where it is broken down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub figure: ReportFigure,
    pub group: Option<(String, Text)>,
    /// Ascending, without repetition.
    pub subjects: Vec<i64>,
}

impl Counted {
    fn new(figure: ReportFigure, mut subjects: Vec<i64>) -> Self {
        subjects.sort_unstable();
        subjects.dedup();
        Self { figure, group: None, subjects }
    }

    fn of(self, key: impl Into<String>, name: Text) -> Self {
        Self { group: Some((key.into(), name)), ..self }
    }

    #[must_use]
    pub fn value(&self) -> u64 {
        self.subjects.len() as u64
    }

    /// What tells it from the other figures.
    #[must_use]
    pub fn key(&self) -> (&'static str, &str) {
        (self.figure.code(), self.group.as_ref().map_or("", |(key, _)| key))
    }
}

/// The records of a community as they are known at one moment.
pub struct Known {
    pub facts: Facts,
    /// The community and what lies in it.
    pub areas: Vec<i64>,
}

impl Known {
    /// # Errors
    /// If the database fails.
    pub fn load(conn: &mut Connection, community: i64) -> Result<Self, AppError> {
        let areas = with_children(conn, &[community])?;
        Ok(Self { facts: facts::load_within(conn, Some(&areas))?, areas })
    }
}

/// Every figure on a day; work is counted from the first of its month. In the order they are printed.
///
/// # Errors
/// If the database fails.
pub fn count(conn: &mut Connection, known: &Known, as_of: NaiveDate) -> Result<Vec<Counted>, AppError> {
    let rules = settings::coverage_rules(conn, as_of)?;
    let mut counted = households(&known.facts, as_of, &rules);
    counted.extend(grouped(&known.facts, as_of, &rules));
    counted.extend(people(&known.facts, as_of, &rules));
    let work = Work { from: first_of_month(as_of), to: as_of, areas: &known.areas };
    counted.extend(jobs(&known.facts, &work, &rules));
    counted.extend(month(conn, &work, &counted)?);
    // Grids and channels keep their own order within a figure.
    counted.sort_by_key(|one| one.figure);
    Ok(counted)
}

/// The households of a state, reason or quality, as their list has them.
fn households(facts: &Facts, as_of: NaiveDate, rules: &CoverageRules) -> Vec<Counted> {
    use ReportFigure as F;
    let all = |filter: ListFilter| -> Vec<i64> {
        list(facts, as_of, rules, &filter).into_iter().map(|line| line.place.household).collect()
    };
    let state = |figure, state| Counted::new(figure, all(ListFilter { state: Some(state), ..ListFilter::default() }));
    let exempt =
        |figure, reason| Counted::new(figure, all(ListFilter { exempt_reason: Some(reason), ..ListFilter::default() }));
    let of = |figure, of| Counted::new(figure, all(ListFilter { figure: Some(of), ..ListFilter::default() }));
    let certain = facts.on(as_of).filter_map(|(place, household)| {
        let coverage = household_coverage(household, as_of, rules);
        (coverage.state == CoverageState::Covered && coverage.certain).then_some(place.household)
    });
    vec![
        Counted::new(F::Households, all(ListFilter::default())),
        state(F::Covered, CoverageState::Covered),
        state(F::Uncovered, CoverageState::Uncovered),
        of(F::ToHelp, Figure::ToHelp),
        of(F::Unwilling, Figure::Unwilling),
        state(F::Exempt, CoverageState::Exempt),
        exempt(F::ExemptNobody, ExemptReason::NobodyEmployable),
        exempt(F::ExemptDecision, ExemptReason::Decision),
        Counted::new(F::Certain, certain.collect()),
        of(F::Contested, Figure::Contested),
        of(F::Stable3m, Figure::Stable3m),
        of(F::Stable6m, Figure::Stable6m),
        of(F::Decent, Figure::Decent),
        of(F::Verified, Figure::Verified),
        of(F::SingleEarnerRisk, Figure::SingleEarnerRisk),
    ]
}

/// Covered by channel; each state by grid.
fn grouped(facts: &Facts, as_of: NaiveDate, rules: &CoverageRules) -> Vec<Counted> {
    use ReportFigure as F;
    let within = |state, group: (GroupBy, String)| -> Vec<i64> {
        let filter = ListFilter { state: Some(state), group: Some(group), ..ListFilter::default() };
        list(facts, as_of, rules, &filter).into_iter().map(|line| line.place.household).collect()
    };
    let channels = Channel::ALL.iter().map(|channel| {
        let code = channel.code();
        let subjects = within(CoverageState::Covered, (GroupBy::Channel, code.to_owned()));
        Counted::new(F::ByChannel, subjects).of(code, channel.label().into())
    });
    let mut counted: Vec<Counted> = channels.filter(|one| !one.subjects.is_empty()).collect();
    let grids: BTreeMap<i64, &str> =
        facts.on(as_of).map(|(place, _)| (place.grid_id, place.grid_key.as_str())).collect();
    for (id, name) in grids {
        for (figure, state) in [
            (F::GridCovered, CoverageState::Covered),
            (F::GridUncovered, CoverageState::Uncovered),
            (F::GridExempt, CoverageState::Exempt),
        ] {
            let subjects = within(state, (GroupBy::Grid, name.to_owned()));
            counted.push(Counted::new(figure, subjects).of(id.to_string(), Text::new(name, name)));
        }
    }
    counted
}

fn people(facts: &Facts, as_of: NaiveDate, rules: &CoverageRules) -> Vec<Counted> {
    use ReportFigure as F;
    let (mut able, mut able_at_work) = (Vec::new(), Vec::new());
    for member in facts.on(as_of).flat_map(|(_, household)| &household.members) {
        if not_employable(&member.person, as_of, &rules.labour_age).is_none() {
            able.push(member.resident);
            able_at_work.extend(member.jobs(as_of, rules).next().map(|_| member.resident));
        }
    }
    let workers = |figure, which| {
        let found = workers::list(facts, as_of, rules, which);
        Counted::new(figure, found.into_iter().map(|worker| worker.resident).collect())
    };
    vec![
        Counted::new(F::Able, able),
        Counted::new(F::AbleAtWork, able_at_work),
        workers(F::AtWork, WorkerFigure::AtWork),
        workers(F::Older, WorkerFigure::Older),
        workers(F::WeakOrHalf, WorkerFigure::WeakOrHalf),
        workers(F::PayDecent, WorkerFigure::Decent),
        workers(F::PayBelow, WorkerFigure::Below),
        workers(F::PayUnknown, WorkerFigure::PayUnknown),
    ]
}

/// Jobs of the last day's members that began or ended in the month.
fn jobs(facts: &Facts, work: &Work<'_>, rules: &CoverageRules) -> [Counted; 2] {
    let members = facts.on(work.to).flat_map(|(_, household)| &household.members);
    let here = members.filter(|member| member.person.is_current_member(work.to));
    let counts = |job: &&SpellFacts| !job.is_empty() && (rules.farming_counts || job.channel != Channel::Farming);
    let jobs: Vec<&SpellFacts> = here.flat_map(|member| &member.spells).filter(counts).collect();
    let in_month = |day: NaiveDate| (work.from..=work.to).contains(&day);
    let begun = jobs.iter().filter(|job| job.start_known && in_month(job.counted_from));
    let ended = jobs.iter().filter(|job| job.end_on.is_some_and(in_month));
    [
        Counted::new(ReportFigure::JobsBegun, begun.map(|job| job.id).collect()),
        Counted::new(ReportFigure::JobsEnded, ended.map(|job| job.id).collect()),
    ]
}

/// What was done in the month.
fn month(conn: &mut Connection, work: &Work<'_>, so_far: &[Counted]) -> Result<Vec<Counted>, AppError> {
    use ReportFigure as F;
    let recognised = work.recognised(conn)?;
    let covered = so_far.iter().find(|one| one.figure == F::Covered);
    let covered: BTreeSet<i64> = covered.into_iter().flat_map(|one| one.subjects.iter().copied()).collect();
    let this_month = recognised.iter().filter(|(_, on)| *on >= work.from);
    let helped = recognised.iter().filter(|(household, _)| covered.contains(household));
    let visits = work.visits(conn)?;
    Ok(vec![
        Counted::new(F::Recognised, this_month.map(|(household, _)| *household).collect()),
        Counted::new(F::Helped, helped.map(|(household, _)| *household).collect()),
        Counted::new(F::Visits, visits.iter().map(|(visit, _)| *visit).collect()),
        Counted::new(F::Visited, visits.iter().map(|(_, household)| *household).collect()),
        Counted::new(F::Proposed, work.referrals(conn, ReferralState::Proposed)?),
        Counted::new(F::Referred, work.referrals(conn, ReferralState::Referred)?),
        Counted::new(F::Hired, work.referrals(conn, ReferralState::Hired)?),
        Counted::new(F::Enrolled, work.enrolments(conn, EnrolmentState::Enrolled)?),
        Counted::new(F::Trained, work.enrolments(conn, EnrolmentState::Passed)?),
    ])
}

/// Keyed hash of the facts and rules the figures of a day are counted from. No names are among them.
///
/// # Errors
/// If the database fails.
pub fn data_hash(conn: &mut Connection, keys: &Keyring, known: &Known, as_of: NaiveDate) -> Result<String, AppError> {
    let rules = settings::coverage_rules(conn, as_of)?;
    let work = Work { from: first_of_month(as_of), to: as_of, areas: &known.areas };
    let places: Vec<(i64, i64, i64)> =
        known.facts.places.iter().map(|place| (place.household, place.building_id, place.grid_id)).collect();
    // Why somebody decided is free text and counts nothing.
    let households: Vec<HouseholdFacts> = known.facts.households.iter().map(without_words).collect();
    let recognised = work.recognised(conn)?;
    let visits = work.visits(conn)?;
    let mut moved = Vec::new();
    for state in [ReferralState::Proposed, ReferralState::Referred, ReferralState::Hired] {
        moved.push(work.referrals(conn, state)?);
    }
    for state in [EnrolmentState::Enrolled, EnrolmentState::Passed] {
        moved.push(work.enrolments(conn, state)?);
    }
    let parts: [&dyn std::fmt::Debug; 7] = [&as_of, &rules, &places, &households, &recognised, &visits, &moved];
    Ok(keyed(keys, IndexField::ReportData, &parts))
}

fn without_words(household: &HouseholdFacts) -> HouseholdFacts {
    let mut household = household.clone();
    for exemption in &mut household.exemptions {
        exemption.reason.clear();
    }
    household
}
