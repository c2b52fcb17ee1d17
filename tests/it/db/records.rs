//! Areas, imports, jobs, idempotency keys, policies, recommendations, barriers.

use chrono::TimeDelta;
use wangjia::db::areas::{self, AreaData, AreaFilter};
use wangjia::db::barriers::{self, BarrierData};
use wangjia::db::idempotency::{self, NewIdempotencyKey};
use wangjia::db::imports::{self, BatchCounts, BatchData, findings, rejected_rows};
use wangjia::db::policies::{self, PolicyData};
use wangjia::db::recommendations::{self, Recommendation, RecommendationFilter, RunData};
use wangjia::db::seal::{IndexField, SealedColumn};
use wangjia::db::{DbError, Page, jobs, now, residents, rows};
use wangjia::domain::codes::*;
use wangjia::domain::text::Text;

use super::fixtures::*;
use crate::support::{TestDb, keys, on_both};

on_both!(
    areas_form_a_tree,
    imports_round_trip,
    jobs_are_held_by_one_attempt,
    keys_are_unique,
    policies_by_day,
    recommendations_round_trip,
    barriers_of_people_and_households,
);

fn areas_form_a_tree(db: &TestDb) {
    let building = db.write(building);
    let row = db.read(|conn| areas::get(conn, building));
    assert_eq!((row.data.kind, row.data.minutes_to_park), (AreaKind::Building, Some(8)));
    let grid = row.data.parent_id;
    assert_eq!(db.read(|conn| areas::by_name(conn, grid, "1栋")), Some(row.clone()));
    let community = db.read(|conn| areas::by_name(conn, None, "旺家社区")).unwrap();
    assert_eq!(db.read(|conn| areas::by_name(conn, None, "1栋")), None);
    let grids = AreaFilter { kind: Some(AreaKind::Grid), parent: Some(community.id), within: None };
    assert_eq!(db.read(|conn| areas::page(conn, &grids, Page::first(9))).len(), 1);
    let again =
        AreaData { parent_id: None, kind: AreaKind::Community, name: "旺家社区".into(), minutes_to_park: None };
    let twice = db.db.write(|conn| areas::insert(conn, &again));
    assert!(matches!(twice, Err(DbError::Conflict(_))), "{twice:?}");
    let farther = AreaData { minutes_to_park: Some(15), ..row.data };
    assert_eq!(db.write(|conn| areas::update(conn, building, 1, &farther)), 2);
    let kept = db.db.write(|conn| areas::delete(conn, community.id, 1));
    assert!(matches!(kept, Err(DbError::Conflict(_))), "{kept:?}");
    db.write(|conn| areas::delete(conn, building, 2));
    assert_eq!(db.read(areas::all).len(), 2);
}

fn imports_round_trip(db: &TestDb) {
    let batch = BatchData {
        file_name: "劳动力台账.xlsx".into(),
        file_index: keys().index(IndexField::ImportFile, b"bytes"),
        as_of: day(2026, 11, 23),
        accept_clean_rows: true,
        created: 0,
        updated: 0,
        unchanged: 0,
        rejected: 0,
        created_at: time(),
    };
    let id = db.write(|conn| imports::insert(conn, &batch));
    let finding = |severity, row_number, code: &str| findings::FindingData {
        batch_id: id,
        code: code.into(),
        severity,
        sheet: "劳动力台账".into(),
        row_number,
        column_name: Some("身份证号".into()),
        masked_value: Some("****************34".into()),
        message_zh: "校验位不符".into(),
        message_en: "check character".into(),
    };
    let rejected = rejected_rows::RejectedRowData {
        batch_id: id,
        sheet: "劳动力台账".into(),
        row_number: 7,
        cells_cipher: keys().seal_text(SealedColumn::RejectedRow, "[]").unwrap(),
    };
    db.write(|conn| {
        let rows = [
            finding(Severity::Error, 7, "id_check"),
            finding(Severity::Warning, 8, "age"),
            finding(Severity::Error, 9, "id_check"),
        ];
        findings::insert_all(conn, &rows)?;
        rejected_rows::insert_all(conn, std::slice::from_ref(&rejected))?;
        imports::set_counts(conn, id, BatchCounts { created: 5, updated: 4, unchanged: 3, rejected: 1 })
    });
    let stored = db.read(|conn| imports::get(conn, id)).data;
    assert_eq!(stored, BatchData { created: 5, updated: 4, unchanged: 3, rejected: 1, ..batch });
    let errors = db.read(|conn| findings::page(conn, id, Some(Severity::Error), Page::first(9)));
    assert_eq!(errors.iter().map(|row| row.data.row_number).collect::<Vec<_>>(), [7, 9]);
    assert_eq!(
        db.read(|conn| findings::page(conn, id, None, Page::first(9)))[1].data,
        finding(Severity::Warning, 8, "age")
    );
    let counts = db.read(|conn| findings::counts(conn, id));
    assert_eq!(counts, [("id_check".to_owned(), Severity::Error, 2), ("age".to_owned(), Severity::Warning, 1)]);
    assert_eq!(db.read(|conn| rejected_rows::of_batch(conn, id)), [rejected]);
    assert_eq!(db.read(|conn| imports::by_file(conn, &keys().index(IndexField::ImportFile, b"bytes"))).len(), 1);
    assert_eq!(db.read(|conn| imports::by_file(conn, &keys().index(IndexField::ImportFile, b"other"))).len(), 0);
    assert_eq!(db.read(|conn| imports::page(conn, Page::first(9))).len(), 1);
}

/// A worker that comes back after its lease ran out changes nothing any more.
fn jobs_are_held_by_one_attempt(db: &TestDb) {
    let step = Text::new("等待", "waiting");
    let input = keys().seal_text(SealedColumn::JobInput, "{}").unwrap();
    let result = keys().seal_text(SealedColumn::JobResult, "{}").unwrap();
    let (minute, start) = (TimeDelta::minutes(1), time());
    let id = db.write(|conn| jobs::insert(conn, "import", &input, &step, None, start));
    let first = db.read(|conn| jobs::next_free(conn, start)).unwrap();
    assert_eq!((first.id, first.kind.as_str(), first.input_cipher.as_ref()), (id, "import", Some(&input)));
    assert!(db.write(|conn| jobs::take(conn, &first, start + minute, start)));
    // Nobody else can take what was taken.
    assert!(!db.write(|conn| jobs::take(conn, &first, start + minute, start)));
    assert!(db.read(|conn| jobs::next_free(conn, start + minute)).is_none());
    let late = start + minute + TimeDelta::microseconds(1);
    let second = db.read(|conn| jobs::next_free(conn, late)).unwrap();
    assert!(db.write(|conn| jobs::take(conn, &second, late + minute, late)));
    let (lost, held) = ((id, first.attempts + 1), (id, second.attempts + 1));
    assert_eq!(db.write(|conn| jobs::renew(conn, lost, 50, &step, late + minute, late)), None);
    assert!(!db.write(|conn| jobs::finish(conn, lost, JobState::Failed, (None, jobs::Input::Forgotten), &step, late)));
    // A long transaction ends: the holder keeps the job beyond the lease that ran out meanwhile, the other has lost it.
    let later = late + minute + minute;
    assert!(db.read(|conn| jobs::next_free(conn, later)).is_some());
    assert!(!db.write(|conn| jobs::hold(conn, lost, later + minute, later)));
    assert!(db.write(|conn| jobs::hold(conn, held, later + minute, later)));
    assert!(db.read(|conn| jobs::next_free(conn, later)).is_none());
    assert!(db.read(|conn| jobs::is_held(conn, held)) && !db.read(|conn| jobs::is_held(conn, lost)));
    assert_eq!(db.write(|conn| jobs::renew(conn, held, 50, &step, late + minute, late)), Some(false));
    assert_eq!(db.write(|conn| jobs::cancel(conn, id, &step, late)), JobState::Running);
    assert_eq!(db.write(|conn| jobs::renew(conn, held, 60, &step, late + minute, late)), Some(true));
    assert!(db.write(|conn| jobs::finish(
        conn,
        held,
        JobState::Succeeded,
        (Some(&result), jobs::Input::Forgotten),
        &step,
        late
    )));
    let job = db.read(|conn| jobs::get(conn, id));
    assert_eq!((job.state, job.progress, job.result_cipher), (JobState::Succeeded, 100, Some(result)));
    assert_eq!((job.created_at, job.updated_at), (start, late));
}

fn keys_are_unique(db: &TestDb) {
    let row = NewIdempotencyKey {
        key_index: keys().index(IndexField::IdempotencyKey, b"key"),
        request_index: keys().index(IndexField::IdempotencyRequest, b"POST /x {}"),
        status: Some(201),
        headers: Some("{}".into()),
        answer_cipher: Some(keys().seal_text(SealedColumn::IdempotentAnswer, "{}").unwrap()),
        created_at: time(),
    };
    db.write(|conn| idempotency::insert(conn, &row));
    let twice = db.db.write(|conn| idempotency::insert(conn, &row));
    assert!(matches!(twice, Err(DbError::Conflict(_))), "{twice:?}");
    let found = db.read(|conn| idempotency::find(conn, &row.key_index)).unwrap();
    assert_eq!(
        (found.request_index, found.status, found.answer_cipher),
        (row.request_index, row.status, row.answer_cipher)
    );
    assert_eq!(db.write(|conn| idempotency::purge(conn, time())), 0);
    assert_eq!(db.write(|conn| idempotency::purge(conn, time() + TimeDelta::microseconds(1))), 1);
}

fn policy(version: i64, valid_from: chrono::NaiveDate) -> PolicyData {
    PolicyData {
        version,
        valid_from,
        weight_skill: 40,
        weight_experience: 10,
        weight_schedule: 15,
        weight_pay: 15,
        weight_distance: 10,
        weight_preference: 5,
        weight_comfort: 5,
        decline_days: 90,
        created_at: time(),
    }
}

fn policies_by_day(db: &TestDb) {
    db.write(|conn| {
        policies::insert(conn, &policy(1, day(2026, 1, 1)))?;
        policies::insert(conn, &policy(2, day(2026, 6, 1)))
    });
    let on = |day| db.read(|conn| policies::on(conn, day)).map(|policy| policy.version);
    assert_eq!(on(day(2025, 12, 31)), None);
    assert_eq!(on(day(2026, 5, 31)), Some(1));
    assert_eq!(on(day(2026, 6, 1)), Some(2));
    assert_eq!(db.read(|conn| policies::by_version(conn, 1)), policy(1, day(2026, 1, 1)));
    assert_eq!(db.read(policies::all).len(), 2);
    let twice = db.db.write(|conn| policies::insert(conn, &policy(2, day(2026, 7, 1))));
    assert!(matches!(twice, Err(DbError::Conflict(_))), "{twice:?}");
}

fn recommendations_round_trip(db: &TestDb) {
    let run = RunData {
        as_of: day(2026, 11, 23),
        policy_version: 1,
        engine_version: "1".into(),
        input_hash: keys().index(IndexField::RunInput, b"all").to_hex(),
        per_resident: 10,
        created_at: now(),
    };
    let (id, posting, people) = db.write(|conn| {
        policies::insert(conn, &policy(1, day(2026, 1, 1)))?;
        let posting = stored_posting(conn, 5)?;
        let people: Vec<_> = (0..1_100).map(unknown_resident).collect();
        Ok((recommendations::insert_run(conn, &run)?, posting, residents::insert_all(conn, &people, time())?))
    });
    let row = |resident_id, suitability| Recommendation {
        run_id: id,
        resident_id,
        posting_id: posting,
        rank: 1,
        suitability,
        parts: "[]".into(),
    };
    let rows: Vec<_> = people.iter().zip(0..).map(|(person, n)| row(*person, n % 100)).collect();
    db.write(|conn| recommendations::insert_all(conn, &rows));
    assert_eq!(db.read(|conn| recommendations::count(conn, id)), 1_100);
    assert_eq!(db.read(|conn| recommendations::run(conn, id)).data, run);
    assert_eq!(db.read(recommendations::latest_run).map(|run| run.id), Some(id));
    assert_eq!(db.read(|conn| recommendations::runs(conn, Page::first(9))).len(), 1);
    let page =
        |filter: RecommendationFilter, n| db.read(|conn| recommendations::page(conn, id, &filter, Page::first(n)));
    let any = RecommendationFilter::default;
    let of_resident = page(RecommendationFilter { resident: Some(people[42]), ..any() }, 9);
    assert_eq!(of_resident.into_iter().map(|stored| stored.data).collect::<Vec<_>>(), [row(people[42], 42)]);
    assert_eq!(page(RecommendationFilter { posting: Some(posting), ..any() }, 2_000).len(), 1_100);
    assert_eq!(
        page(RecommendationFilter { resident: Some(people[42]), posting: Some(posting + 1), within: None }, 9),
        []
    );
    assert_eq!(page(any(), 7).len(), 7);
}

fn barriers_of_people_and_households(db: &TestDb) {
    let person = db.write(|conn| stored_resident(conn, 1));
    let barrier = BarrierData {
        household_id: None,
        resident_id: Some(person),
        kind: BarrierKind::Care,
        opened_on: day(2026, 9, 1),
        closed_on: None,
        note_cipher: Some(keys().seal_text(SealedColumn::BarrierNote, "备注").unwrap()),
        opened_by: Some(2),
        closed_by: None,
    };
    let id = db.write(|conn| barriers::insert(conn, &barrier));
    assert_eq!(db.read(|conn| barriers::of_residents(conn, &[person]))[0].data, barrier);
    assert_eq!(db.read(|conn| barriers::of_households(conn, &[person])), []);
    db.write(|conn| barriers::close(conn, id, (day(2026, 11, 1), Some(3))));
    let closed = db.read(|conn| barriers::get(conn, id)).data;
    assert_eq!((closed.closed_on, closed.opened_by, closed.closed_by), (Some(day(2026, 11, 1)), Some(2), Some(3)));
    let nobody = BarrierData { resident_id: None, ..barrier };
    assert!(db.db.write(|conn| barriers::insert(conn, &nobody)).is_err());
}

#[test]
fn times_are_cut_to_microseconds() {
    let fine = day(2026, 11, 23).and_hms_nano_opt(1, 2, 3, 123_456_789).unwrap();
    assert_eq!(rows::cut(fine), day(2026, 11, 23).and_hms_micro_opt(1, 2, 3, 123_456).unwrap());
    assert_eq!(rows::cut(rows::cut(fine)), rows::cut(fine));
}
