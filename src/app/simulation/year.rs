//! One policy's days.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{Days, NaiveDate};

use super::counting::Following;
use super::flights::Flight;
use super::invariants::{Checker, Counted, Found};
use super::market::Post;
use super::service::Due;
use super::work::Job;
use super::world::World;
use super::{COUNSELOR, Course, Policy, Progress, Violation, hr_login, moment};
use crate::app::access::{Act, Action, Caller, Object, ObjectKind};
use crate::app::accounts;
use crate::app::audit::{self, Happened};
use crate::app::coverage::facts;
use crate::app::employers::{self, EmployerFilter};
use crate::app::error::AppError;
use crate::app::referrals::ageing;
use crate::app::steps::By;
use crate::app::{Connection, Db, Moment, Page};
use crate::domain::access::{ActorKind, Login, Role};
use crate::domain::codes::CoverageState;
use crate::domain::employability::PersonFacts;

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Counselor,
    /// Of this employer.
    Hr(i64),
}

/// One database and what its people have in mind. Everything that is true is in the database; here is only what comes next.
pub(super) struct Year {
    pub db: Db,
    pub world: Arc<World>,
    pub policy: Policy,
    counselor: i64,
    hr: HashMap<i64, i64>,
    /// Everybody with their household, by resident.
    pub homes: BTreeMap<i64, i64>,
    pub people: BTreeMap<i64, PersonFacts>,
    /// Jobs that last, by id.
    pub jobs: BTreeMap<i64, Job>,
    /// Open referrals, by id.
    pub flights: BTreeMap<i64, Flight>,
    /// Published postings, by id.
    pub posts: BTreeMap<i64, Post>,
    /// Recognised households with their recognition, and whether somebody works since.
    pub recognised: BTreeMap<i64, (i64, bool)>,
    pub due: BTreeMap<NaiveDate, Vec<Due>>,
    /// Who has agreed to the use of health data.
    pub health_known: BTreeSet<i64>,
    /// The plan in force.
    pub plan: Option<i64>,
    pub course: Course,
    pub found: Vec<Found>,
}

impl Year {
    /// Reads what there is on the first day.
    pub fn begin(db: Db, world: Arc<World>, policy: Policy) -> Result<Self, AppError> {
        let first = world.first;
        let login = |login: &str| Login::parse(login).ok_or_else(|| anyhow::anyhow!("{login} is no login"));
        let (counselor, hr, facts) = db.read(|conn| -> Result<_, AppError> {
            let counselor = accounts::by_login(conn, &login(COUNSELOR)?)?.id;
            let mut hr = HashMap::new();
            for employer in employers::page(conn, &EmployerFilter::default(), Page::first(i64::MAX))? {
                hr.insert(employer.id, accounts::by_login(conn, &login(&hr_login(employer.id))?)?.id);
            }
            Ok((counselor, hr, facts::load(conn)?))
        })?;
        let (mut homes, mut people) = (BTreeMap::new(), BTreeMap::new());
        for household in &facts.households {
            for member in household.members.iter().filter(|member| member.person.is_current_member(first)) {
                homes.insert(member.resident, household.id);
                people.insert(member.resident, member.person);
            }
        }
        let mut year = Self {
            db,
            world,
            policy,
            counselor,
            hr,
            homes,
            people,
            jobs: BTreeMap::new(),
            flights: BTreeMap::new(),
            posts: BTreeMap::new(),
            recognised: BTreeMap::new(),
            due: BTreeMap::new(),
            health_known: BTreeSet::new(),
            plan: None,
            course: Course::default(),
            found: Vec::new(),
        };
        year.jobs = year.standing_jobs()?;
        year.posts = year.standing_posts()?;
        Ok(year)
    }

    /// All days, one after the other.
    pub fn live(mut self, progress: Progress<'_>) -> Result<(Course, Vec<Violation>), AppError> {
        let (first, days, policy) = (self.world.first, self.world.days, self.policy);
        let mut checker = Checker::begin(&self.db, first)?;
        let mut following = Following::begin(&self.db)?;
        let (mut violations, mut last) = (Vec::new(), None);
        for number in 0..days {
            let day = first + Days::new(number.into());
            let counted = self.day(day, &mut following)?;
            let mut found = std::mem::take(&mut self.found);
            found.extend(checker.check(&self.db, day, &counted)?);
            found.extend(self.unknown_referrals()?);
            violations.extend(found.into_iter().map(|found| Violation { policy, day, found }));
            progress(policy, number + 1);
            last = Some((day, counted));
        }
        if let Some((day, counted)) = last {
            let found = checker.finish(&self.db, day, &counted)?;
            violations.extend(found.into_iter().map(|found| Violation { policy, day, found }));
        }
        Ok((self.course, violations))
    }

    fn day(&mut self, day: NaiveDate, following: &mut Following) -> Result<Counted, AppError> {
        let act = Act::without_role(
            Caller::system(),
            Action::Change.code(),
            Object { kind: ObjectKind::Referral, id: None },
            "job ageing",
        );
        ageing::apply(&self.db, &act, (moment(day), day), false)?;
        self.forget_expired(day)?;
        self.employers_act(day)?;
        self.jobs_end(day)?;
        self.some_find_work(day)?;
        self.advance(day)?;
        if self.world.is_round(day) {
            self.propose(day)?;
        }
        self.serve(day)?;
        let counted = following.count(&self.db, day)?;
        self.recognise(day, &counted)?;
        let total = &counted.report.total;
        if day == self.world.first {
            self.course.uncovered_at_start = total.uncovered;
        }
        self.course.covered_by_day.push(total.covered);
        self.course.uncovered_household_days += total.uncovered;
        self.course.uncovered_at_end = total.uncovered;
        for household in counted.of(CoverageState::Covered) {
            if let Some((_, covered)) = self.recognised.get_mut(&household) {
                *covered = true;
            }
        }
        Ok(counted)
    }

    pub fn by(&self, who: Who) -> By {
        let (account, role) = match who {
            Who::Counselor => (Some(self.counselor), Role::Counselor),
            Who::Hr(employer) => (self.hr.get(&employer).copied(), Role::Hr),
        };
        By { kind: ActorKind::Account, account, role: Some(role) }
    }

    /// Somebody does something: one transaction, which ends with its entry in the audit.
    pub fn act<T>(
        &self,
        who: Who,
        (action, kind, operation): (Action, ObjectKind, &str),
        subject: Option<i64>,
        day: NaiveDate,
        mut work: impl FnMut(&mut Connection, Moment, By) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let by = self.by(who);
        let caller = Caller { kind: by.kind, account: by.account, ..Caller::system() };
        let scope = match who {
            Who::Counselor => String::new(),
            Who::Hr(employer) => format!("employer:{employer}"),
        };
        let act = Act::without_role(caller, action.code(), Object { kind, id: None }, operation);
        let act = Act { role: by.role, scope, ..act };
        let happened = Happened { subjects: subject.into_iter().collect(), ..Happened::default() };
        let moment = (moment(day), day);
        self.db.write_in_turn(|conn| {
            let done = work(conn, moment, by)?;
            audit::append(conn, self.db.keys(), &act, &happened, moment.0)?;
            Ok(done)
        })
    }
}
