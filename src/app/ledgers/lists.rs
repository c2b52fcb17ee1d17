//! Which lines a ledger holds.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::{Ask, LedgerKind, events};
use crate::app::coverage::facts::{self, Facts, Place};
use crate::app::error::AppError;
use crate::app::{Connection, Keyring, open_note, settings};
use crate::db::areas::{self, AreaData};
use crate::db::employers;
use crate::db::households::{self, HouseholdData};
use crate::db::memberships;
use crate::db::reports::Work;
use crate::db::residents::{self, ResidentData};
use crate::db::seal::{Sealed, SealedColumn};
use crate::db::spells::{self, SpellData};
use crate::domain::codes::{CoverageState, EmployerKind, Relation};
use crate::domain::coverage::{
    CoverageRules, ExemptReason, HouseholdCoverage, HouseholdFacts, MemberFacts, Need, household_coverage,
};
use crate::domain::employability::not_employable;
use crate::domain::referral::ReferralState;
use crate::domain::subsidy::SubsidyMonth;
use crate::domain::training::EnrolmentState;
use crate::domain::visit::{NextStep, VisitChannel, VisitFinding};

/// A line: what is known of whom or what it is about.
#[derive(Clone, Debug, Default)]
pub struct Line {
    pub home: Option<Home>,
    pub person: Option<Person>,
    pub job: Option<Job>,
    pub course: Option<Course>,
    pub visit: Option<Visit>,
    pub referral: Option<Referral>,
    /// Of the park's roster: the months that count, and how many.
    pub months: Option<Vec<Option<SubsidyMonth>>>,
    /// Completed years are counted on it.
    pub as_of: NaiveDate,
}

/// A household on the day.
#[derive(Clone, Debug)]
pub struct Home {
    pub place: Place,
    pub community: String,
    pub data: HouseholdData,
    pub coverage: HouseholdCoverage,
    /// Employable members, and those of them without work who are willing or were not asked: with those at work never more than the first.
    pub labour: usize,
    pub willing: usize,
    /// Names of the members at work.
    pub workers: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Person {
    pub id: i64,
    pub data: ResidentData,
    pub relation: Option<Relation>,
    pub is_employable: bool,
    pub is_at_work: bool,
    /// Only where they were asked for by who may read them.
    pub id_number: Option<String>,
    pub phone: Option<String>,
    /// Latest training on record.
    pub trained: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Job {
    pub data: SpellData,
    pub employer: Option<String>,
    pub employer_kind: Option<EmployerKind>,
}

/// Somebody in a course.
#[derive(Clone, Debug)]
pub struct Course {
    /// Of training that was recorded without a course.
    pub kind: Option<String>,
    pub name: String,
    pub provider: Option<String>,
    pub place: Option<String>,
    pub first_on: Option<NaiveDate>,
    pub last_on: Option<NaiveDate>,
    pub state: Option<EnrolmentState>,
}

#[derive(Clone, Debug)]
pub struct Visit {
    pub on: NaiveDate,
    pub channel: VisitChannel,
    pub findings: Vec<VisitFinding>,
    pub next_step: Option<NextStep>,
    pub next_on: Option<NaiveDate>,
}

/// A recommendation, in person-times.
#[derive(Clone, Debug)]
pub struct Referral {
    pub posting: String,
    pub employer: String,
    pub state: ReferralState,
    pub moved_on: NaiveDate,
    pub referred_on: Option<NaiveDate>,
}

/// Who a line is about, before it is looked up.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct About {
    pub household: Option<i64>,
    pub resident: Option<i64>,
    pub job: Option<i64>,
}

/// Everything lines are made of, read once.
pub(super) struct Known {
    facts: Facts,
    at: HashMap<i64, usize>,
    rules: CoverageRules,
    data: HashMap<i64, HouseholdData>,
    /// By grid.
    communities: HashMap<i64, String>,
    relations: HashMap<(i64, i64), Relation>,
    as_of: NaiveDate,
}

impl Known {
    fn load(conn: &mut Connection, ask: &Ask) -> Result<Self, AppError> {
        let facts = facts::load_within(conn, ask.within.as_deref())?;
        let ids: Vec<i64> = facts.places.iter().map(|place| place.household).collect();
        let areas: HashMap<i64, AreaData> = areas::all(conn)?.into_iter().map(|area| (area.id, area.data)).collect();
        let community = |place: &Place| {
            let grid = areas.get(&place.grid_id)?;
            Some((place.grid_id, areas.get(&grid.parent_id?)?.name.clone()))
        };
        let relation =
            |row: memberships::MembershipRow| ((row.data.household_id, row.data.resident_id), row.data.relation);
        Ok(Self {
            at: ids.iter().enumerate().map(|(at, id)| (*id, at)).collect(),
            communities: facts.places.iter().filter_map(community).collect(),
            data: households::get_many(conn, &ids)?.into_iter().map(|row| (row.id, row.data)).collect(),
            relations: memberships::of_households(conn, &ids)?.into_iter().map(relation).collect(),
            rules: settings::coverage_rules(conn, ask.as_of)?,
            as_of: ask.as_of,
            facts,
        })
    }

    fn facts_of(&self, household: i64) -> Option<&HouseholdFacts> {
        self.facts.households.get(*self.at.get(&household)?)
    }

    fn is_employable(&self, member: &MemberFacts) -> bool {
        not_employable(&member.person, self.as_of, &self.rules.labour_age).is_none()
    }

    fn is_at_work(&self, member: &MemberFacts) -> bool {
        member.person.is_current_member(self.as_of) && member.jobs(self.as_of, &self.rules).next().is_some()
    }

    fn home(&self, household: i64, names: &HashMap<i64, String>) -> Option<Home> {
        let facts = self.facts_of(household)?;
        let place = self.facts.places.get(*self.at.get(&household)?)?;
        let employable: Vec<&MemberFacts> = facts.members.iter().filter(|member| self.is_employable(member)).collect();
        let may_want = |member: &&&MemberFacts| member.person.willing != Some(false) && !self.is_at_work(member);
        let willing = employable.iter().filter(may_want).count();
        let workers = facts.members.iter().filter(|member| self.is_at_work(member));
        Some(Home {
            place: place.clone(),
            community: self.communities.get(&place.grid_id).cloned().unwrap_or_default(),
            data: self.data.get(&household)?.clone(),
            coverage: household_coverage(facts, self.as_of, &self.rules),
            labour: employable.len(),
            willing,
            workers: workers.filter_map(|member| names.get(&member.resident).cloned()).collect(),
        })
    }

    /// The households that exist on the day with their living members.
    fn homes(&self) -> impl Iterator<Item = (i64, Vec<&MemberFacts>)> {
        self.facts.on(self.as_of).map(|(place, household)| {
            let here = household.members.iter().filter(|member| member.person.is_current_member(self.as_of));
            (place.household, here.collect())
        })
    }

    /// The member of a household; of several memberships the one of the day.
    fn member(&self, about: About) -> Option<&MemberFacts> {
        let (household, resident) = about.household.zip(about.resident)?;
        let all = self.facts_of(household)?.members.iter().filter(|member| member.resident == resident);
        all.max_by_key(|member| member.person.is_current_member(self.as_of))
    }

    /// A household by its head, or by whoever is there.
    fn by_head(&self, household: i64) -> About {
        let here = self.facts_of(household).map(|facts| facts.members.as_slice()).unwrap_or_default();
        let here: Vec<i64> =
            here.iter().filter(|m| m.person.is_current_member(self.as_of)).map(|m| m.resident).collect();
        let is_head = |resident: &&i64| self.relations.get(&(household, **resident)) == Some(&Relation::Head);
        let resident = here.iter().find(is_head).or(here.first()).copied();
        About { household: Some(household), resident, job: None }
    }

    /// Where residents live on the day.
    fn living(&self) -> HashMap<i64, i64> {
        let all = self.homes().flat_map(|(household, here)| here.into_iter().map(move |m| (m.resident, household)));
        all.collect()
    }

    /// Whom a ledger counted from the facts holds.
    fn listed(&self, kind: LedgerKind, recognised: &HashSet<i64>) -> Vec<About> {
        let people = |wanted: &dyn Fn(&MemberFacts) -> bool| -> Vec<About> {
            let mut found = Vec::new();
            for (household, here) in self.homes() {
                found.extend(here.into_iter().filter(|member| wanted(member)).map(|member| {
                    let longest = member.jobs(self.as_of, &self.rules).min_by_key(|job| (job.counted_from, job.id));
                    let job = longest.map(|job| job.id);
                    About { household: Some(household), resident: Some(member.resident), job }
                }));
            }
            found
        };
        let homes = |wanted: &dyn Fn(&HouseholdCoverage) -> bool| -> Vec<About> {
            let all = self.facts.on(self.as_of);
            let found = all.filter(|(_, household)| wanted(&household_coverage(household, self.as_of, &self.rules)));
            found.map(|(place, _)| self.by_head(place.household)).collect()
        };
        match kind {
            LedgerKind::People => people(&|_| true),
            LedgerKind::Employed => people(&|member| self.is_at_work(member)),
            LedgerKind::NotEmployed => people(&|member| self.is_employable(member) && !self.is_at_work(member)),
            LedgerKind::ToHelp => homes(&|coverage| coverage.need == Some(Need::ToHelp)),
            LedgerKind::Unwilling => homes(&|coverage| coverage.need == Some(Need::Unwilling)),
            LedgerKind::NoLabour => homes(&|coverage| coverage.exempt_reason == Some(ExemptReason::NobodyEmployable)),
            LedgerKind::Helped => {
                homes(&|coverage| coverage.state == CoverageState::Covered && recognised.contains(&coverage.household))
            }
            LedgerKind::ParkRoster | LedgerKind::Training | LedgerKind::Visits | LedgerKind::Recommendations => {
                Vec::new()
            }
        }
    }
}

/// The lines of a ledger; ID numbers and phones only with `keys`.
///
/// # Errors
/// If the database fails, or a sealed value does not open.
pub(super) fn lines(conn: &mut Connection, ask: &Ask, keys: Option<&Keyring>) -> Result<Vec<Line>, AppError> {
    let known = Known::load(conn, ask)?;
    let living = known.living();
    let of_resident = |(resident, line): (i64, Line)| {
        (About { household: living.get(&resident).copied(), resident: Some(resident), job: None }, line)
    };
    let mut lines: Vec<(About, Line)> = match ask.kind {
        LedgerKind::Training => events::training(conn, ask)?.into_iter().map(of_resident).collect(),
        LedgerKind::Recommendations => events::referrals(conn, ask)?.into_iter().map(of_resident).collect(),
        LedgerKind::Visits => {
            events::visits(conn, ask)?.into_iter().map(|(household, line)| (known.by_head(household), line)).collect()
        }
        LedgerKind::ParkRoster => {
            let workers = events::park(conn, ask)?.into_iter();
            workers
                .map(|(resident, job, line)| {
                    (About { job: Some(job), ..of_resident((resident, Line::default())).0 }, line)
                })
                .collect()
        }
        kind => {
            let areas: Vec<i64> = known.facts.places.iter().map(|place| place.building_id).collect();
            let work = Work { from: ask.as_of, to: ask.as_of, areas: &areas };
            let recognised = if kind == LedgerKind::Helped { work.recognised(conn)? } else { Vec::new() };
            let recognised = recognised.into_iter().map(|(household, _)| household).collect();
            known.listed(kind, &recognised).into_iter().map(|about| (about, Line::default())).collect()
        }
    };
    // Whoever's data may only be stored is in no ledger; nor is who lies outside.
    let everybody: Vec<i64> = living.keys().copied().collect();
    let rows: HashMap<i64, ResidentData> =
        residents::get_many(conn, &everybody)?.into_iter().map(|row| (row.id, row.data)).collect();
    lines.retain(|(about, _)| about.household.is_some());
    lines.retain(|(about, _)| about.resident.is_none_or(|id| rows.get(&id).is_some_and(|data| !data.restricted)));
    let names: HashMap<i64, String> = rows.iter().map(|(id, data)| (*id, data.name.clone())).collect();
    let jobs = jobs(conn, &lines)?;
    let trained =
        events::last_trained(conn, &lines.iter().filter_map(|(about, _)| about.resident).collect::<Vec<_>>())?;
    for (about, line) in &mut lines {
        line.as_of = ask.as_of;
        line.home = about.household.and_then(|household| known.home(household, &names));
        line.job = about.job.and_then(|job| jobs.get(&job).cloned());
        let Some((id, data)) = about.resident.and_then(|id| Some((id, rows.get(&id)?))) else { continue };
        let member = known.member(*about);
        let open = |column, sealed: Option<&Sealed>| match keys {
            Some(keys) => open_note(keys, column, sealed),
            None => Ok(None),
        };
        line.person = Some(Person {
            id,
            relation: about.household.and_then(|household| known.relations.get(&(household, id)).copied()),
            is_employable: member.is_some_and(|member| known.is_employable(member)),
            is_at_work: member.is_some_and(|member| known.is_at_work(member)),
            id_number: open(SealedColumn::ResidentIdNumber, Some(&data.id_number_cipher))?,
            phone: open(SealedColumn::ResidentPhone, data.phone_cipher.as_ref())?,
            trained: trained.get(&id).cloned(),
            data: data.clone(),
        });
    }
    Ok(lines.into_iter().map(|(_, line)| line).collect())
}

fn jobs(conn: &mut Connection, lines: &[(About, Line)]) -> Result<HashMap<i64, Job>, AppError> {
    let people: Vec<i64> =
        lines.iter().filter(|(about, _)| about.job.is_some()).filter_map(|(about, _)| about.resident).collect();
    let rows = spells::of_residents(conn, &people)?;
    let firms: Vec<i64> = rows.iter().filter_map(|row| row.data.employer_id).collect();
    let firms: HashMap<i64, (String, EmployerKind)> =
        employers::get_many(conn, &firms)?.into_iter().map(|row| (row.id, (row.data.name, row.data.kind))).collect();
    let job = |row: spells::SpellRow| {
        let firm = row.data.employer_id.and_then(|id| firms.get(&id));
        let employer = firm.map(|(name, _)| name.clone()).or_else(|| row.data.employer_name.clone());
        (row.id, Job { employer, employer_kind: firm.map(|(_, kind)| *kind), data: row.data })
    };
    Ok(rows.into_iter().map(job).collect())
}
