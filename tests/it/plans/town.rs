//! A small town in which one can see who must go where.
//!
//! `Young` people may take any posting, `Old` ones not the postings that end at forty.

use chrono::NaiveDate;
use serde_json::Value;
use wangjia::app::plans::{Proposal, propose};
use wangjia::app::setup;
use wangjia::db::memberships::{self, MembershipData};
use wangjia::db::postings::{self, PostingData};
use wangjia::db::residents::{self, ResidentData};
use wangjia::db::{areas, employers, households};
use wangjia::domain::codes::*;

use crate::api::app::{Answer, TestApp, id};
use crate::db::fixtures::{building, day, employer, household, posting, time, unknown_resident};
use crate::support::TestDb;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Age {
    Young,
    Old,
}
pub use Age::{Old, Young};

/// The day of test servers.
pub fn today() -> NaiveDate {
    day(2026, 11, 23)
}

/// A proposal of today that no job makes.
pub fn proposal() -> Proposal {
    Proposal { as_of: today(), now: time(), job: None }
}

pub struct Town<'a> {
    db: &'a TestDb,
    employer: i64,
    building: i64,
    n_people: u32,
    n_postings: u32,
}

/// A household and its members.
pub struct Home {
    pub id: i64,
    pub members: Vec<i64>,
}

impl<'a> Town<'a> {
    pub fn new(db: &'a TestDb) -> Self {
        setup::migrate(&db.db).unwrap();
        let (employer, building) = db.write(|conn| {
            assert!(areas::all(conn)?.is_empty());
            Ok((employers::insert(conn, &employer(1), time())?, building(conn)?))
        });
        Self { db, employer, building, n_people: 0, n_postings: 0 }
    }

    pub fn home(&mut self, ages: &[Age]) -> Home {
        self.home_with(ages, MonitoringClass::None, |data| data)
    }

    pub fn home_with(
        &mut self,
        ages: &[Age],
        monitoring_class: MonitoringClass,
        change: impl Fn(ResidentData) -> ResidentData,
    ) -> Home {
        let first = self.n_people + 1;
        self.n_people += ages.len() as u32;
        self.db.write(|conn| {
            let data = wangjia::db::households::HouseholdData { monitoring_class, ..household(self.building, first) };
            let home = households::insert(conn, &data, time())?;
            let mut members = Vec::new();
            for (age, n) in ages.iter().zip(first..) {
                let birth_date = if *age == Young { day(1995, 1, 1) } else { day(1982, 1, 1) };
                let data = change(ResidentData {
                    birth_date,
                    labour_class: Some(LabourClass::Ordinary),
                    school_status: Some(SchoolStatus::NotInSchool),
                    willing: Some(true),
                    ..unknown_resident(n)
                });
                let resident_id = residents::insert(conn, &data, time())?;
                let relation = if members.is_empty() { Relation::Head } else { Relation::Spouse };
                let row =
                    MembershipData { household_id: home, resident_id, relation, valid_from: None, valid_until: None };
                memberships::insert(conn, &row)?;
                members.push(resident_id);
            }
            Ok(Home { id: home, members })
        })
    }

    /// A published posting; one that ends at forty if it is for the young.
    pub fn posting(&mut self, for_the_young: bool, places: i64) -> i64 {
        self.n_postings += 1;
        let data = PostingData {
            age_max: Some(if for_the_young { 40 } else { 55 }),
            age_is_soft: false,
            ..posting(self.employer, self.n_postings, places)
        };
        self.db.write(|conn| postings::insert(conn, &data, time()))
    }

    /// Proposes in this thread; gives the plan.
    pub fn propose(&self) -> i64 {
        propose(&self.db.db, proposal(), &|_, _| Ok(())).unwrap()
    }
}

/// Proposes over HTTP and waits; gives the job.
#[track_caller]
pub fn propose_job(app: &TestApp) -> Value {
    let started = app.request("POST", "/plans").json(&serde_json::json!({})).send().expect(202);
    assert_eq!(started.header("location"), format!("/api/v1/jobs/{}", id(&started.body)));
    app.wait(&id(&started.body))
}

/// Proposes over HTTP; gives the plan as it reads.
#[track_caller]
pub fn proposed(app: &TestApp) -> Value {
    let job = propose_job(app);
    assert_eq!((job["state"].as_str(), job["progress"].as_i64()), (Some("succeeded"), Some(100)), "{job}");
    app.raw("GET", job["result"].as_str().unwrap()).send().expect(200).body
}

pub fn adopt(app: &TestApp, plan: &str, expected: Option<&str>, accept: bool) -> Answer {
    let body = serde_json::json!({
        "expected_current": expected, "adopted_by": "王主任", "accept_changed_records": accept,
    });
    app.request("POST", &format!("/plans/{plan}/adopt")).json(&body).send()
}

/// (resident, posting) of a plan's placements.
pub fn placements(app: &TestApp, plan: &str) -> Vec<(i64, i64)> {
    let list = app.get(&format!("/plans/{plan}/placements?limit=100"));
    let number = |value: &Value| value.as_str().unwrap().parse::<i64>().unwrap();
    list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (number(&row["resident_id"]), number(&row["posting"]["id"])))
        .collect()
}
