//! The proposal as a job: cancelled it leaves nothing, interrupted it is done again.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;
use serde_json::json;
use wangjia::app::error::AppError;
use wangjia::app::jobs::{JobKind, Queue};
use wangjia::app::plans::{Proposal, propose, propose_without_gaps};
use wangjia::app::work;
use wangjia::db::plans;

use super::town::{Old, Town, proposal};
use crate::api::app::{TestApp, id};
use crate::support::{TestDb, on_both};

on_both!(
    a_cancelled_proposal_stores_nothing,
    a_proposal_outlives_its_worker,
    a_job_done_twice_stores_one_plan,
    a_plan_without_gaps_is_the_same_plan,
    a_retry_proposes_once,
);

fn stored(db: &TestDb) -> usize {
    db.read(|conn| Ok(plans::all(conn)?.len()))
}

fn small_town(db: &TestDb) -> Town<'_> {
    let mut town = Town::new(db);
    town.home(&[Old]);
    town.posting(false, 1);
    town
}

fn a_cancelled_proposal_stores_nothing(db: &TestDb) {
    small_town(db);
    // Cancelled at whatever step it asks, be it inside the solver.
    let steps = AtomicUsize::new(0);
    propose(&db.db, proposal(), &|_, _| {
        steps.fetch_add(1, Ordering::SeqCst);
        Ok(())
    })
    .unwrap();
    assert_eq!(stored(db), 1);
    for stop_at in 0..steps.load(Ordering::SeqCst) {
        let step = AtomicUsize::new(0);
        let stopped = propose(&db.db, proposal(), &|_, _| {
            if step.fetch_add(1, Ordering::SeqCst) == stop_at { Err(AppError::Cancelled) } else { Ok(()) }
        });
        assert!(matches!(stopped, Err(AppError::Cancelled)), "step {stop_at}: {stopped:?}");
    }
    assert_eq!(stored(db), 1);

    let mut app = TestApp::without_workers(db);
    let start = || id(&app.request("POST", "/plans").json(&json!({})).send().expect(202).body);
    let (first, second) = (start(), start());
    app.request("POST", &format!("/jobs/{first}/cancel")).send().expect(200);
    app.start_workers(db);
    assert_eq!(app.wait(&second)["state"], "succeeded");
    assert_eq!(app.get(&format!("/jobs/{first}"))["state"], "cancelled");
    assert_eq!(stored(db), 2);
}

fn a_proposal_outlives_its_worker(db: &TestDb) {
    small_town(db);
    let mut app = TestApp::without_workers(db);
    let now = "2026-11-23T04:00:00".parse::<chrono::NaiveDateTime>().unwrap();
    let input = work::frame(&json!({"as_of": "2026-11-23"}), &[]).unwrap();
    let left = db.db.write(|c| Queue::enqueue(c, &db.db, JobKind::Plan, &input, Some(1), now)).unwrap();
    // A worker that died took the job and left its lease.
    db.write(|c| {
        use wangjia::db::jobs;
        let job = jobs::ClaimedJob { id: left, kind: String::new(), input_cipher: None, attempts: 0, account_id: None };
        assert!(jobs::take(c, &job, now + TimeDelta::seconds(120), now)?);
        Ok(())
    });
    app.start_workers(db);
    assert_eq!(app.get(&format!("/jobs/{left}"))["state"], "running");
    assert_eq!(stored(db), 0);
    app.advance(TimeDelta::seconds(121));
    let job = app.wait(&left.to_string());
    assert_eq!((job["state"].as_str(), job["kind"].as_str()), (Some("succeeded"), Some("plan")), "{job}");
    assert_eq!(stored(db), 1);
}

/// The worker died after it had stored the plan and before it could say so.
fn a_job_done_twice_stores_one_plan(db: &TestDb) {
    let mut town = small_town(db);
    let of_job = |job| propose(&db.db, Proposal { job: Some(job), ..proposal() }, &|_, _| Ok(())).unwrap();
    let first = of_job(7);
    town.home(&[Old]);
    assert_eq!(of_job(7), first, "also where the records have changed since");
    assert_eq!(stored(db), 1);
    assert_ne!(of_job(8), first);
    // Another worker stored it while this one was computing.
    let other = std::sync::OnceLock::new();
    let late = propose(&db.db, Proposal { job: Some(9), ..proposal() }, &|percent, _| {
        if percent == 95 {
            other.get_or_init(|| of_job(9));
        }
        Ok(())
    });
    assert_eq!(Some(&late.unwrap()), other.get());
    assert_eq!(stored(db), 3);
}

/// What would close the gap is another question than who gets which place.
fn a_plan_without_gaps_is_the_same_plan(db: &TestDb) {
    // One of two households stays uncovered.
    small_town(db).home(&[Old]);
    let [with, without] = [propose, propose_without_gaps].map(|make| {
        let plan = make(&db.db, proposal(), &|_, _| Ok(())).unwrap();
        db.read(|conn| {
            let figures = plans::get(conn, plan)?.data;
            let places = plans::placements::of_plan(conn, plan)?;
            let placed: Vec<(i64, i64)> = places.iter().map(|row| (row.resident_id, row.posting_id)).collect();
            Ok(((figures.covered, figures.suitability, figures.input_hash, placed), plans::gaps::of_plan(conn, plan)?))
        })
    });
    assert_eq!(with.0, without.0);
    assert!(without.1.is_empty() && !with.1.is_empty());
}

fn a_retry_proposes_once(db: &TestDb) {
    small_town(db);
    let app = TestApp::new(db);
    let start = || {
        let call = app.request("POST", "/plans").header("idempotency-key", "plan");
        id(&call.json(&json!({"as_of": "2026-11-23"})).send().expect(202).body)
    };
    let job = start();
    assert_eq!(start(), job);
    assert_eq!(app.wait(&job)["state"], "succeeded");
    assert_eq!(stored(db), 1);
}
