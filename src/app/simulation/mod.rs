//! A year of a community, played through the use cases: what is a household-first plan worth, and does everything that must hold hold?
//!
//! An invented community ([`crate::town`]) is imported into a database of its own, copied once for each [`Policy`], and lived through
//! day by day: vacancies arrive and run out, people are proposed, agree or refuse, are interviewed, hired and leave, contracts end, some
//! find work alone, a tenant closes, households are recognised and served. Every change is made by a use case with the role of whoever
//! makes it, in a transaction that ends with its entry in the audit. At the end of each day [`invariants`] are checked.
//!
//! Map: [`chance`] and [`world`] are what happens to everybody, [`year`] the days, [`market`] employers, [`work`] jobs, [`flights`]
//! referrals on their way, [`service`] the clock, [`policies`] who is proposed for what, [`counting`] the coverage of each day.
//!
//! Invariants: the outcome is a function of the [`Options`]; all policies meet the same arrivals, and every person, employer and job has
//! the same answer for them; no database but the simulation's own is touched. Cost: see `benches/README.md`; the policies run side by side.

mod chance;
mod counting;
mod flights;
pub mod invariants;
mod market;
mod policies;
mod service;
mod work;
mod world;
mod year;

use std::path::Path;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use self::invariants::Found;
use self::world::World;
use self::year::Year;
use super::access::{Act, Action, Grant, ObjectKind};
use super::accounts::{self, NewAccount};
use super::demo::{DemoError, fresh};
use super::employers::{self, EmployerFields, EmployerFilter};
use super::error::AppError;
use super::imports::{ImportOptions, import_file};
use super::{DatabaseUrl, Db, DbError, Keyring, Page, audit, day_start};
use crate::domain::access::{Login, Role};
use crate::domain::codes::{Severity, code_list};
use crate::domain::text::Text;
use crate::town::{self, Town, TownError, TownPlan};

/// What is simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    pub days: u32,
    pub seed: u64,
    pub households: u32,
    /// Postings on the first day.
    pub postings: u32,
    pub first: NaiveDate,
}

code_list! {
    /// Who is proposed for a vacancy.
    Policy {
        /// The exact plan: most households covered first.
        HouseholdFirst = "household_first", "家庭优先计划", "household-first plan";
        /// The best-suited pairs first.
        ScoreGreedy = "score_greedy", "按匹配分高低", "best score first";
        /// People in the order of their registration, each for the first posting whose gates pass.
        FirstCome = "first_come", "先到先得", "first come, first served";
    }
}

/// A violation, and where it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub policy: Policy,
    pub day: NaiveDate,
    pub found: Found,
}

/// What a policy made of the year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// Covered households at the end of each day.
    pub covered_by_day: Vec<u64>,
    /// Uncovered households, added up over the days.
    pub uncovered_household_days: u64,
    /// Jobs that came of a referral.
    pub hires: u64,
    pub uncovered_at_start: u64,
    pub uncovered_at_end: u64,
    pub proposals: u64,
    pub refused_by_resident: u64,
    pub refused_by_employer: u64,
    /// Referrals that could not go on: a gate, a full or closed posting, an employer that closed.
    pub stopped: u64,
    /// Jobs that ended, and jobs found without the service.
    pub left: u64,
    pub found_alone: u64,
    pub recognitions: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub days: u32,
    pub seed: u64,
    pub households: u64,
    pub violations: Vec<Violation>,
    pub policies: Vec<(Policy, Course)>,
}

/// Why there is no outcome.
#[derive(Debug, thiserror::Error)]
pub enum SimulationError {
    #[error(transparent)]
    Town(#[from] TownError),
    #[error(transparent)]
    App(#[from] AppError),
    #[error("the working folder")]
    Io(#[from] std::io::Error),
    #[error("the invented community was not imported: {0}")]
    Import(String),
    #[error("a policy's thread panicked")]
    Panicked,
}

impl From<DbError> for SimulationError {
    fn from(error: DbError) -> Self {
        Self::App(error.into())
    }
}

impl From<DemoError> for SimulationError {
    fn from(error: DemoError) -> Self {
        match error {
            DemoError::App(error) => Self::App(error),
            DemoError::Db(error) => error.into(),
            other => Self::App(AppError::Internal(anyhow::Error::new(other))),
        }
    }
}

/// Told at the end of each day: the policy, and how many days it has done.
pub type Progress<'p> = &'p (dyn Fn(Policy, u32) + Sync);

/// Half past nine in the morning in China.
fn moment(day: NaiveDate) -> NaiveDateTime {
    day_start(day) + TimeDelta::minutes(9 * 60 + 30)
}

/// Lives through the days with each policy, in a folder that is gone afterwards.
///
/// # Errors
/// A plan the town cannot be made of; if the database fails.
pub fn run(options: &Options, progress: Progress<'_>) -> Result<Outcome, SimulationError> {
    let folder = tempfile::tempdir()?;
    let keys = Keyring::generate().map_err(|error| AppError::Internal(anyhow::Error::new(error)))?;
    let base = folder.path().join("base.db");
    let (world, households) = found_community(options, &base, &keys, folder.path())?;
    let world = Arc::new(world);
    let mut years = Vec::new();
    for policy in Policy::ALL {
        let copy = folder.path().join(format!("{}.db", policy.code()));
        std::fs::copy(&base, &copy)?;
        let db = Db::open_volatile(&DatabaseUrl::sqlite(copy), keys.clone())?;
        years.push(Year::begin(db, Arc::clone(&world), *policy)?);
    }
    let lived = std::thread::scope(|scope| {
        let started: Vec<_> = years.into_iter().map(|year| scope.spawn(move || year.live(progress))).collect();
        started.into_iter().map(|thread| thread.join().map_err(|_| SimulationError::Panicked)).collect::<Vec<_>>()
    });
    let mut outcome =
        Outcome { days: options.days, seed: options.seed, households, violations: Vec::new(), policies: Vec::new() };
    for (policy, lived) in Policy::ALL.iter().zip(lived) {
        let (course, violations) = lived??;
        outcome.violations.extend(violations);
        outcome.policies.push((*policy, course));
    }
    Ok(outcome)
}

/// Makes the community, imports it and gives everybody who acts an account; the database file is closed afterwards.
fn found_community(
    options: &Options,
    base: &Path,
    keys: &Keyring,
    folder: &Path,
) -> Result<(World, u64), SimulationError> {
    let &Options { days, seed, households, postings, first } = options;
    let plan = TownPlan { seed, households, postings, as_of: first };
    let mut files = town::write(&Town::generate(&plan)?, folder, false)?;
    files.sort();
    let db = fresh(&DatabaseUrl::sqlite(base), keys.clone())?;
    let now = moment(first);
    let acting = audit::acting_at(&db, Act::of_operator(Action::Create.code(), ObjectKind::Import, "simulate"), now);
    let import = ImportOptions { as_of: first, now, dry_run: false, accept_clean_rows: false };
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let report = import_file(&acting, &std::fs::read(&path)?, &name, &import, &mut |_, _: Text| Ok(()))?;
        if report.stopped {
            return Err(SimulationError::Import(format!("{name}: {} errors", report.count(Severity::Error))));
        }
    }
    acting.write(|conn| {
        let account = |login: String, role, employer| {
            let login = Login::parse(&login).ok_or_else(|| anyhow::anyhow!("{login} is no login"))?;
            let display_name = login.as_str().to_owned();
            Ok::<_, AppError>(NewAccount { login, display_name, grants: vec![Grant { role, area: None, employer }] })
        };
        accounts::create(conn, &account(COUNSELOR.to_owned(), Role::Counselor, None)?, None, now)?;
        for employer in employers::page(conn, &EmployerFilter::default(), Page::first(i64::MAX))? {
            // Whoever is introduced is told how the employer can be reached (PIPL 23); the invented ones say nothing of it.
            if employer.fields.address.is_none() {
                let fields = EmployerFields { address: Some(ADDRESS.to_owned()), ..employer.fields };
                employers::update(conn, employer.id, employer.version, fields, now)?;
            }
            let hr = account(hr_login(employer.id), Role::Hr, Some(employer.id))?;
            accounts::create(conn, &hr, None, now)?;
        }
        Ok::<_, AppError>(())
    })?;
    let world = db.read(|conn| World::load(conn, (seed, first, days), households))?;
    Ok((world, u64::from(households)))
}

const ADDRESS: &str = "模拟用地址，电话 0856-0000000";
const COUNSELOR: &str = "sim-counselor";

fn hr_login(employer: i64) -> String {
    format!("sim-hr-{employer}")
}
