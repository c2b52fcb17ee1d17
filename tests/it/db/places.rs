//! Postings, their places and the spells that hold them.

use std::sync::atomic::{AtomicU32, Ordering};

use wangjia::db::declines::{self, DeclineData};
use wangjia::db::employers::{self, EmployerFilter};
use wangjia::db::posting_lists::{certificates, hazards, hours, skills};
use wangjia::db::postings::{self, OpenPlaces, PostingFilter};
use wangjia::db::seal::SealedColumn;
use wangjia::db::spells::{self, SpellData, SpellFilter};
use wangjia::db::{DbError, Page};
use wangjia::domain::codes::*;
use wangjia::domain::week::Span;

use super::fixtures::*;
use crate::support::{TestDb, keys, on_both};

on_both!(
    postings_round_trip,
    posting_lists_round_trip,
    employers_are_found,
    open_postings,
    places_are_never_overbooked,
    filled_is_counted_again,
    spells_round_trip,
    declines_of_a_resident,
);

fn postings_round_trip(db: &TestDb) {
    let (full, bare) = db.write(|conn| {
        let employer = employers::insert(conn, &employer(1), time())?;
        let bare = postings::PostingData {
            code: None,
            description: None,
            pay_kind: None,
            pay_min_fen: None,
            pay_max_fen: None,
            shift: None,
            night_work: None,
            overtime: None,
            physical_grade: None,
            load_kg: None,
            lifts_per_hour: None,
            forced_posture: None,
            underground_mine: None,
            hazards_known: false,
            age_min: None,
            age_max: None,
            age_is_soft: false,
            experience_months: None,
            training_days: None,
            place: None,
            province: None,
            region: None,
            commute_minutes: None,
            special_hours_approval: None,
            start_on: None,
            valid_until: None,
            note_cipher: None,
            ..posting(employer, 2, 0)
        };
        Ok((posting(employer, 1, 5), bare))
    });
    let ids = db.write(|conn| postings::insert_all(conn, &[full.clone(), bare.clone()], time()));
    let rows = db.read(postings::all);
    assert_eq!(
        rows.iter().map(|row| (row.id, row.version, row.filled)).collect::<Vec<_>>(),
        [(ids[0], 1, 0), (ids[1], 1, 0)]
    );
    assert!(rows[0].data == full && rows[1].data == bare);
    let turned = postings::PostingData { code: full.code.clone(), ..bare };
    db.write(|conn| postings::update(conn, ids[0], 1, &turned, time()));
    let row = db.read(|conn| postings::by_code(conn, "P0001")).unwrap();
    assert!(row.data == turned && row.version == 2);
    assert_eq!(db.read(|conn| postings::get_many(conn, &ids)).len(), 2);
    db.write(|conn| postings::delete(conn, ids[0], 2));
    assert!(matches!(db.db.read(|conn| postings::get(conn, ids[0])), Err(DbError::NotFound(_))));
}

fn posting_lists_round_trip(db: &TestDb) {
    let posting_id = db.write(|conn| stored_posting(conn, 5));
    let spans = [Span::new(1, 480, 720).unwrap(), Span::new(7, 0, 1440).unwrap()];
    let skill = skills::PostingSkill {
        posting_id,
        skill_id: None,
        name: "平缝".into(),
        normalised: "平缝".into(),
        importance: Importance::Must,
        level: 2,
    };
    let certificate =
        certificates::PostingCertificate { posting_id, name: "健康证".into(), normalised: "健康证".into() };
    let hazard = hazards::PostingHazard { posting_id, kind: Hazard::Dust, grade: Some(2) };
    db.write(|conn| {
        hours::replace(conn, &[posting_id], &spans.map(|span| hours::PostingHour::new(posting_id, span)))?;
        skills::replace(conn, &[posting_id], std::slice::from_ref(&skill))?;
        certificates::replace(conn, &[posting_id], std::slice::from_ref(&certificate))?;
        hazards::replace(conn, &[posting_id], std::slice::from_ref(&hazard))
    });
    let stored = db.read(|conn| hours::of(conn, &[posting_id]));
    assert_eq!(stored.iter().filter_map(hours::PostingHour::span).collect::<Vec<_>>(), spans);
    assert_eq!(db.read(skills::all), [skill]);
    assert_eq!(db.read(certificates::all), [certificate]);
    assert_eq!(db.read(hazards::all), [hazard]);
    // The lists go with the posting.
    db.write(|conn| postings::delete(conn, posting_id, 1));
    assert_eq!(db.read(hours::all), []);
}

fn employers_are_found(db: &TestDb) {
    let ids = db.write(|conn| {
        let outbound = employers::EmployerData {
            credit_code: None,
            kind: EmployerKind::Outbound,
            industry: None,
            address: None,
            tenant_until: None,
            ..employer(2)
        };
        employers::insert_all(conn, &[employer(1), outbound], time())
    });
    assert_eq!(db.read(|conn| employers::get(conn, ids[0])).data, employer(1));
    assert_eq!(db.read(|conn| employers::by_name(conn, "旺家服装厂2")).map(|row| row.id), Some(ids[1]));
    assert_eq!(db.read(|conn| employers::by_credit_code(conn, "915299000000000001")).map(|row| row.id), Some(ids[0]));
    let outbound = EmployerFilter { kind: Some(EmployerKind::Outbound), name: Some("服装".into()), among: None };
    assert_eq!(db.read(|conn| employers::page(conn, &outbound, Page::first(9)))[0].id, ids[1]);
    let twice = db.db.write(|conn| employers::insert(conn, &employer(1), time()));
    assert!(matches!(twice, Err(DbError::Conflict(_))), "{twice:?}");
    db.write(|conn| employers::delete(conn, ids[1], 1));
    assert_eq!(db.read(employers::all).len(), 1);
}

fn open_postings(db: &TestDb) {
    let ids = db.write(|conn| {
        let employer = employers::insert(conn, &employer(1), time())?;
        let base = posting(employer, 1, 1);
        let draft = postings::PostingData { code: None, status: PostingStatus::Draft, ..base.clone() };
        let without_end = postings::PostingData { code: None, valid_until: None, ..base.clone() };
        postings::insert_all(conn, &[base, draft, without_end], time())
    });
    let open = |on| -> Vec<i64> {
        let filter = PostingFilter { open_on: Some(on), ..PostingFilter::default() };
        db.read(|conn| postings::page(conn, &filter, Page::first(9))).iter().map(|row| row.id).collect()
    };
    assert_eq!(open(day(2026, 10, 31)), [] as [i64; 0]);
    assert_eq!(open(day(2026, 11, 1)), [ids[0], ids[2]]);
    assert_eq!(open(day(2027, 1, 31)), [ids[0], ids[2]]);
    assert_eq!(open(day(2027, 2, 1)), [ids[2]]);
    // Held until 2027-03-01: full before, open again from that day, though nothing was written.
    db.write(|conn| {
        let resident = stored_resident(conn, 1)?;
        spells::insert(conn, &SpellData { posting_id: Some(ids[2]), ..spell(resident) }, time())?;
        postings::recount_filled(conn, &ids, day(2026, 11, 23), time())
    });
    assert_eq!(open(day(2026, 11, 1)), [ids[0]]);
    assert_eq!(open(day(2027, 2, 28)), [] as [i64; 0]);
    assert_eq!(open(day(2027, 3, 1)), [ids[2]]);
    let places = |on| db.read(|conn| postings::open_places(conn, on));
    assert_eq!(places(day(2027, 2, 28)), OpenPlaces { postings: 0, vacancies: 0 });
    assert_eq!(places(day(2027, 3, 1)), OpenPlaces { postings: 1, vacancies: 1 });
    assert_eq!(db.read(|conn| postings::held_on(conn, day(2027, 2, 28))), [(ids[2], 1)].into());
    assert_eq!(db.read(|conn| postings::held_of(conn, &ids, day(2027, 2, 28))), [(ids[2], 1)].into());
    assert!(db.read(|conn| postings::held_on(conn, day(2027, 3, 1))).is_empty());
    let drafts =
        PostingFilter { status: Some(PostingStatus::Draft), title: Some("平缝".into()), ..PostingFilter::default() };
    assert_eq!(db.read(|conn| postings::page(conn, &drafts, Page::first(9)))[0].id, ids[1]);
}

/// Eight threads want 5 places 160 times: five get one, the others are told it is full, and the spells agree.
fn places_are_never_overbooked(db: &TestDb) {
    let (posting_id, resident) = db.write(|conn| Ok((stored_posting(conn, 5)?, stored_resident(conn, 1)?)));
    let (got, full) = (AtomicU32::new(0), AtomicU32::new(0));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..20 {
                    let hired = db.db.write(|conn| {
                        spells::insert(conn, &SpellData { posting_id: Some(posting_id), ..spell(resident) }, time())?;
                        postings::recount_filled(conn, &[posting_id], day(2026, 11, 23), time())
                    });
                    match hired {
                        Ok(_) => got.fetch_add(1, Ordering::Relaxed),
                        Err(DbError::Full) => full.fetch_add(1, Ordering::Relaxed),
                        Err(other) => panic!("{other:?}"),
                    };
                }
            });
        }
    });
    assert_eq!((got.into_inner(), full.into_inner()), (5, 155));
    assert_eq!(db.read(|conn| postings::get(conn, posting_id)).filled, 5);
    assert_eq!(db.read(spells::all).len(), 5);
    // The constraint stands behind the guard: fewer places than are taken cannot be stored either.
    let mut data = db.read(|conn| postings::get(conn, posting_id)).data;
    data.headcount = 4;
    let shrunk = db.db.write(|conn| postings::update(conn, posting_id, 6, &data, time()));
    assert!(matches!(shrunk, Err(DbError::Query(_))), "{shrunk:?}");
}

fn filled_is_counted_again(db: &TestDb) {
    let (a, b, resident) = db.write(|conn| {
        let employer = employers::insert(conn, &employer(1), time())?;
        let ids = postings::insert_all(conn, &[posting(employer, 1, 3), posting(employer, 2, 3)], time())?;
        Ok((ids[0], ids[1], stored_resident(conn, 1)?))
    });
    let today = day(2026, 11, 23);
    let linked = |posting_id, end_on| SpellData { posting_id: Some(posting_id), end_on, ..spell(resident) };
    let later =
        SpellData { start_on: Some(day(2027, 1, 1)), counted_from: day(2027, 1, 1), end_on: None, ..linked(a, None) };
    db.write(|conn| {
        // Ends today: the place is free again. Starts later: the place is taken.
        let rows = [linked(a, None), linked(a, Some(today)), linked(a, Some(day(2026, 11, 24))), later.clone()];
        spells::insert_all(conn, &rows, time())?;
        postings::recount_filled(conn, &[a, b], today, time())
    });
    let row = |id| db.read(|conn| postings::get(conn, id));
    assert_eq!((row(a).filled, row(a).version), (3, 2));
    assert_eq!((row(b).filled, row(b).version), (0, 1));
    let too_many = db.db.write(|conn| {
        spells::insert(conn, &linked(a, None), time())?;
        postings::recount_filled(conn, &[a, b], today, time())
    });
    assert!(matches!(too_many, Err(DbError::Full)), "{too_many:?}");
    assert_eq!(db.read(spells::all).len(), 4);
    // The day of the last recount tells what the guard knows; a later one finds the places that became free.
    db.write(|conn| postings::recount_all(conn, day(2026, 11, 24), time()));
    assert_eq!((row(a).filled, row(a).version), (2, 3));
    assert_eq!((row(b).filled, row(b).version), (0, 1));
}

fn spells_round_trip(db: &TestDb) {
    let (resident, employer, posting) = db.write(|conn| {
        let posting = stored_posting(conn, 5)?;
        Ok((stored_resident(conn, 1)?, postings::get(conn, posting)?.data.employer_id, posting))
    });
    let full = SpellData { employer_id: Some(employer), posting_id: Some(posting), ..spell(resident) };
    let bare = SpellData {
        channel: Channel::Flexible,
        employer_name: None,
        job_title: None,
        region: None,
        place: None,
        start_on: None,
        end_on: None,
        monthly_income: None,
        part_time: false,
        contract_until: None,
        evidence: None,
        verified_on: None,
        note_cipher: None,
        ..spell(resident)
    };
    let ids = db.write(|conn| spells::insert_all(conn, &[full.clone(), bare.clone()], time()));
    let rows = db.read(|conn| spells::of_residents(conn, &[resident]));
    assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), ids);
    assert!(rows[0].data == full && rows[1].data == bare);
    let page = |filter: SpellFilter| db.read(|conn| spells::page(conn, &filter, Page::first(9))).len();
    let any = SpellFilter::default;
    assert_eq!(page(SpellFilter { active_on: Some(day(2026, 2, 28)), ..any() }), 0);
    assert_eq!(page(SpellFilter { active_on: Some(day(2026, 3, 1)), ..any() }), 2);
    assert_eq!(page(SpellFilter { active_on: Some(day(2027, 2, 28)), ..any() }), 2);
    // The end is the first day out.
    assert_eq!(page(SpellFilter { active_on: Some(day(2027, 3, 1)), ..any() }), 1);
    assert_eq!(page(SpellFilter { posting: Some(posting), employer: Some(employer), ..any() }), 1);
    assert_eq!(page(SpellFilter { resident: Some(resident), channel: Some(Channel::Flexible), ..any() }), 1);
    db.write(|conn| spells::update(conn, ids[0], 1, &bare, time()));
    assert!(db.read(|conn| spells::get(conn, ids[0])).data == bare);
    db.write(|conn| spells::delete(conn, ids[0], 2));
    assert_eq!(db.read(spells::all).len(), 1);
    // A start that is not the day it counts from is a contradiction the table refuses.
    let torn = SpellData { counted_from: day(2026, 3, 2), ..spell(resident) };
    assert!(db.db.write(|conn| spells::insert(conn, &torn, time())).is_err());
}

fn declines_of_a_resident(db: &TestDb) {
    let (resident, posting) = db.write(|conn| Ok((stored_resident(conn, 1)?, stored_posting(conn, 1)?)));
    let (early, late) = (decline_of(resident, posting, 2, false), decline_of(resident, posting, 20, true));
    db.write(|conn| declines::insert_all(conn, &[late.clone(), early.clone()]));
    let rows = db.read(|conn| declines::of_resident(conn, resident));
    assert!(rows.into_iter().map(|row| row.data).eq([early, late]));
    let kept = db.db.write(|conn| postings::delete(conn, posting, 1));
    assert!(matches!(kept, Err(DbError::Conflict(_))), "{kept:?}");
}

fn decline_of(resident: i64, posting: i64, d: u32, was_suitable: bool) -> DeclineData {
    DeclineData {
        resident_id: resident,
        posting_id: posting,
        declined_on: day(2026, 11, d),
        reason: Some(DeclineReason::Distance),
        note_cipher: Some(keys().seal_text(SealedColumn::DeclineNote, "路太远").unwrap()),
        was_suitable,
    }
}
