//! Residents, their lists and their households: what goes in comes out.

use wangjia::db::care::{self, CareDutyData};
use wangjia::db::households::{self, HouseholdEvent, HouseholdFilter, exemptions};
use wangjia::db::memberships::{self, MembershipData};
use wangjia::db::resident_lists::{certificates, hours, ruled_out, skills, wishes};
use wangjia::db::residents::{self, ResidentFilter};
use wangjia::db::seal::{IndexField, SealedColumn};
use wangjia::db::training::{self, TrainingData};
use wangjia::db::{DbError, Page};
use wangjia::domain::codes::*;
use wangjia::domain::week::Span;

use super::fixtures::*;
use crate::support::{TestDb, keys, on_both};

on_both!(
    residents_round_trip,
    residents_are_found,
    versions_guard_updates,
    many_residents_keep_their_order,
    resident_lists_are_replaced,
    households_and_history,
    memberships_by_day,
    care_duties_are_replaced,
    a_person_with_history_stays,
);

fn residents_round_trip(db: &TestDb) {
    for (n, data) in [(1, resident(1)), (2, unknown_resident(2))] {
        let id = db.write(|conn| residents::insert(conn, &data, time()));
        let row = db.read(|conn| residents::get(conn, id));
        assert_eq!((row.id, row.version), (id, 1));
        assert_eq!(row.data, data);
        let opened = keys().open_text(SealedColumn::ResidentIdNumber, &row.data.id_number_cipher).unwrap();
        assert_eq!(*opened, id_number(n));
    }
    // Known becomes unknown and the other way round.
    let all = db.read(residents::all);
    for (row, data) in all.iter().zip([unknown_resident(1), resident(2)]) {
        assert_eq!(db.write(|conn| residents::update(conn, row.id, 1, &data, time())), 2);
        assert_eq!(db.read(|conn| residents::get(conn, row.id)).data, data);
    }
}

fn residents_are_found(db: &TestDb) {
    db.write(|conn| {
        residents::insert(conn, &resident(1), time())?;
        residents::insert(conn, &unknown_resident(2), time())?;
        residents::insert(conn, &resident(3), time())
    });
    let index = |n| keys().index(IndexField::ResidentIdNumber, id_number(n).as_bytes());
    let name = |conn: &mut _, n| residents::by_id_number(conn, &index(n)).map(|row| row.map(|row| row.data.name));
    assert_eq!(db.read(|conn| name(conn, 3)).as_deref(), Some("杨·阿3"));
    assert_eq!(db.read(|conn| name(conn, 9)), None);
    let found = db.read(|conn| residents::by_id_numbers(conn, &[index(3), index(9), index(1)]));
    assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), [1, 3]);

    let ids = |filter: &ResidentFilter| -> Vec<i64> {
        db.read(|conn| residents::page(conn, filter, Page::first(10))).iter().map(|row| row.id).collect()
    };
    let any = ResidentFilter::default;
    assert_eq!(ids(&any()), [1, 2, 3]);
    let phone_index = keys().index(IndexField::ResidentPhone, phone(3).as_bytes());
    assert_eq!(ids(&ResidentFilter { phone_index: Some(phone_index), ..any() }), [3]);
    assert_eq!(ids(&ResidentFilter { name: Some("阿2".into()), ..any() }), [2]);
    // `%` and `_` are letters to look for, not wildcards.
    assert_eq!(ids(&ResidentFilter { name: Some("%".into()), ..any() }), [] as [i64; 0]);
    assert_eq!(ids(&ResidentFilter { name: Some("阿_".into()), ..any() }), [] as [i64; 0]);
    assert_eq!(ids(&ResidentFilter { willing: Some(true), ..any() }), [1, 3]);
    assert_eq!(ids(&ResidentFilter { labour_class: Some(LabourClass::Lost), ..any() }), [] as [i64; 0]);
    let second = db.read(|conn| residents::page(conn, &any(), Page { after: 1, limit: 1 }));
    assert_eq!(second.iter().map(|row| row.id).collect::<Vec<_>>(), [2]);

    let twice = db.db.write(|conn| residents::insert(conn, &resident(1), time()));
    assert!(matches!(twice, Err(DbError::Conflict(_))), "{twice:?}");
}

fn versions_guard_updates(db: &TestDb) {
    let id = db.write(|conn| residents::insert(conn, &resident(1), time()));
    assert_eq!(db.write(|conn| residents::touch(conn, id, 1, time())), 2);
    let stale = db.db.write(|conn| residents::update(conn, id, 1, &unknown_resident(1), time()));
    assert!(matches!(stale, Err(DbError::Changed(_))), "{stale:?}");
    assert_eq!(db.read(|conn| residents::get(conn, id)).data, resident_as_stored(db, id));
    let nobody = db.db.write(|conn| residents::update(conn, id + 1, 1, &resident(2), time()));
    assert!(matches!(nobody, Err(DbError::NotFound(_))), "{nobody:?}");
    let gone = db.db.write(|conn| residents::delete(conn, id, 1));
    assert!(matches!(gone, Err(DbError::Changed(_))), "{gone:?}");
    db.write(|conn| residents::delete(conn, id, 2));
    assert!(matches!(db.db.read(|conn| residents::get(conn, id)), Err(DbError::NotFound(_))));
}

/// The fixture with the sealed values of the row, which differ at every sealing.
fn resident_as_stored(db: &TestDb, id: i64) -> residents::ResidentData {
    let stored = db.read(|conn| residents::get(conn, id)).data;
    residents::ResidentData {
        id_number_cipher: stored.id_number_cipher,
        phone_cipher: stored.phone_cipher,
        note_cipher: stored.note_cipher,
        ..resident(1)
    }
}

/// Several statements' worth of rows: the ids come back in the order of the rows.
fn many_residents_keep_their_order(db: &TestDb) {
    let many: Vec<_> = (0..1_234).map(|n| if n % 2 == 0 { resident(n) } else { unknown_resident(n) }).collect();
    let ids = db.write(|conn| residents::insert_all(conn, &many, time()));
    assert_eq!(ids.len(), many.len());
    let rows = db.read(|conn| residents::get_many(conn, &ids));
    assert_eq!(rows.len(), many.len());
    for ((row, id), data) in rows.iter().zip(&ids).zip(&many) {
        assert_eq!(row.id, *id);
        assert!(row.data == *data, "{}", data.name);
    }
}

fn resident_lists_are_replaced(db: &TestDb) {
    let (a, b) = db.write(|conn| Ok((stored_resident(conn, 1)?, stored_resident(conn, 2)?)));
    let skill = |resident_id, name: &str| skills::ResidentSkill {
        resident_id,
        skill_id: None,
        name: name.into(),
        normalised: name.into(),
        level: 3,
        months: Some(36),
    };
    let certificate = certificates::ResidentCertificate {
        resident_id: a,
        name: "低压电工证".into(),
        normalised: "低压电工证".into(),
        valid_until: Some(day(2027, 5, 1)),
    };
    let span = Span::new(5, 990, 1440).unwrap();
    let wish = wishes::Wish { resident_id: a, kind: WishKind::Province, value: "广东".into() };
    let ruled = ruled_out::RuledOutCondition { resident_id: a, kind: RuledOut::Night };
    db.write(|conn| {
        skills::insert_all(conn, &[skill(b, "锁边"), skill(a, "平缝"), skill(a, "做饭")])?;
        certificates::insert_all(conn, std::slice::from_ref(&certificate))?;
        hours::insert_all(conn, &[hours::UnavailableHour::new(a, span)])?;
        wishes::insert_all(conn, std::slice::from_ref(&wish))?;
        ruled_out::insert_all(conn, std::slice::from_ref(&ruled))
    });
    let names = |parents: &[i64]| -> Vec<String> {
        db.read(|conn| skills::of(conn, parents)).into_iter().map(|skill| skill.name).collect()
    };
    assert_eq!(names(&[a]), ["平缝", "做饭"]);
    assert_eq!(names(&[b, a]), ["平缝", "做饭", "锁边"]);
    assert_eq!(db.read(skills::all).len(), 3);
    assert_eq!(db.read(|conn| certificates::of(conn, &[a])), [certificate]);
    assert_eq!(db.read(|conn| hours::of(conn, &[a]))[0].span(), Some(span));
    assert_eq!(db.read(|conn| wishes::of(conn, &[a])), [wish]);
    assert_eq!(db.read(|conn| ruled_out::of(conn, &[a])), [ruled]);

    db.write(|conn| skills::replace(conn, &[a], &[skill(a, "刺绣")]));
    assert_eq!(names(&[a, b]), ["刺绣", "锁边"]);
    let twice = db.db.write(|conn| skills::insert_all(conn, &[skill(a, "刺绣")]));
    assert!(matches!(twice, Err(DbError::Conflict(_))), "{twice:?}");
}

fn households_and_history(db: &TestDb) {
    let (id, other, resident) = db.write(|conn| {
        let building = building(conn)?;
        let other = households::HouseholdData { code: None, note_cipher: None, ..household(building, 2) };
        Ok((
            households::insert(conn, &household(building, 1), time())?,
            households::insert(conn, &other, time())?,
            stored_resident(conn, 1)?,
        ))
    });
    let found = db.read(|conn| households::by_code(conn, "H0001")).unwrap();
    assert_eq!((found.id, found.data.monitoring_class), (id, MonitoringClass::Marginal));
    let of_grid = HouseholdFilter { grid: Some(2), ..HouseholdFilter::default() };
    assert_eq!(db.read(|conn| households::page(conn, &of_grid, Page::first(10))).len(), 2);
    let coded =
        HouseholdFilter {
            code: Some("H0001".into()), township: Some("鲁容乡".into()), ..HouseholdFilter::default()
        };
    assert_eq!(db.read(|conn| households::page(conn, &coded, Page::first(10))).len(), 1);

    let split = HouseholdEvent {
        household_id: id,
        kind: HouseholdEventKind::Split,
        other_household_id: Some(other),
        resident_id: Some(resident),
        happened_on: day(2026, 5, 1),
        created_at: time(),
    };
    let created = HouseholdEvent {
        kind: HouseholdEventKind::Created,
        other_household_id: None,
        resident_id: None,
        happened_on: day(2018, 9, 1),
        ..split.clone()
    };
    db.write(|conn| households::record_events(conn, &[split.clone(), created.clone()]));
    assert_eq!(db.read(|conn| households::events_of(conn, id)), [created, split]);
    let kept = db.db.write(|conn| households::delete(conn, other, 1));
    assert!(matches!(kept, Err(DbError::Conflict(_))), "{kept:?}");

    let exempt = exemptions::ExemptionData {
        household_id: id,
        decided_by: "街道办".into(),
        reason: "整户外迁".into(),
        valid_from: day(2026, 1, 1),
        valid_until: None,
    };
    let exemption = db.write(|conn| exemptions::insert(conn, &exempt));
    db.write(|conn| exemptions::end(conn, exemption, day(2026, 7, 1)));
    let again = db.db.write(|conn| exemptions::end(conn, exemption, day(2026, 8, 1)));
    assert!(matches!(again, Err(DbError::NotFound(_))), "{again:?}");
    let of_household = db.read(|conn| exemptions::of_household(conn, id));
    assert_eq!(of_household[0].data.valid_until, Some(day(2026, 7, 1)));
}

fn memberships_by_day(db: &TestDb) {
    let (old, new, person) = db.write(|conn| {
        let building = building(conn)?;
        Ok((
            households::insert(conn, &household(building, 1), time())?,
            households::insert(conn, &household(building, 2), time())?,
            stored_resident(conn, 1)?,
        ))
    });
    let member = |household_id, valid_from| MembershipData {
        household_id,
        resident_id: person,
        relation: Relation::Head,
        valid_from,
        valid_until: None,
    };
    let first = db.write(|conn| memberships::insert(conn, &member(old, None)));
    let second_home = db.db.write(|conn| memberships::insert(conn, &member(new, Some(day(2026, 5, 1)))));
    assert!(matches!(second_home, Err(DbError::Conflict(_))), "{second_home:?}");
    db.write(|conn| {
        memberships::end(conn, first, day(2026, 5, 1))?;
        memberships::insert(conn, &member(new, Some(day(2026, 5, 1))))
    });
    let members = |household, on| db.read(|conn| memberships::members_on(conn, household, on)).len();
    for (on, in_old, in_new) in [(day(2010, 1, 1), 1, 0), (day(2026, 4, 30), 1, 0), (day(2026, 5, 1), 0, 1)] {
        assert_eq!((members(old, on), members(new, on)), (in_old, in_new), "{on}");
        let filter = ResidentFilter { household: Some(new), on, ..ResidentFilter::default() };
        assert_eq!(db.read(|conn| residents::page(conn, &filter, Page::first(9))).len(), in_new, "{on}");
    }
    assert_eq!(db.read(|conn| memberships::of_residents(conn, &[person])).len(), 2);
    assert_eq!(db.read(|conn| memberships::of_households(conn, &[old])).len(), 1);
    let second_head = db.db.write(|conn| {
        let other = stored_resident(conn, 2)?;
        memberships::insert(conn, &MembershipData { resident_id: other, ..member(new, None) })
    });
    assert!(matches!(second_head, Err(DbError::Conflict(_))), "{second_head:?}");
    db.write(|conn| memberships::correct(conn, first, Relation::Spouse, Some(day(2019, 1, 1))));
    let corrected = db.read(|conn| memberships::get(conn, first)).data;
    assert_eq!((corrected.relation, corrected.valid_from), (Relation::Spouse, Some(day(2019, 1, 1))));
}

fn care_duties_are_replaced(db: &TestDb) {
    let (household, carer) = db.write(|conn| {
        let building = building(conn)?;
        Ok((households::insert(conn, &household(building, 1), time())?, stored_resident(conn, 1)?))
    });
    let duty = |kind| CareDutyData {
        household_id: household,
        kind,
        carer_id: Some(carer),
        valid_from: Some(day(2026, 1, 1)),
        valid_until: None,
    };
    let spans = [Span::new(1, 420, 510).unwrap(), Span::new(1, 990, 1110).unwrap()];
    db.write(|conn| {
        care::replace(conn, &[household], &[(duty(CareKind::Elder), vec![])])?;
        care::replace(conn, &[household], &[(duty(CareKind::Child), spans.to_vec()), (duty(CareKind::Patient), vec![])])
    });
    let duties = db.read(|conn| care::of_households(conn, &[household]));
    assert_eq!(duties.iter().map(|row| row.data.kind).collect::<Vec<_>>(), [CareKind::Child, CareKind::Patient]);
    let hours = db.read(|conn| care::hours::of(conn, &[duties[0].id, duties[1].id]));
    assert_eq!(hours.iter().filter_map(care::hours::CareHour::span).collect::<Vec<_>>(), spans);
    assert!(hours.iter().all(|hour| hour.care_duty_id == duties[0].id));
}

fn a_person_with_history_stays(db: &TestDb) {
    let id = db.write(|conn| stored_resident(conn, 1));
    let course = TrainingData {
        resident_id: id,
        kind: "技能培训".into(),
        trade: Some("缝纫".into()),
        provider: Some("县职校".into()),
        place: Some("园区".into()),
        skill_id: None,
        start_on: day(2026, 4, 1),
        end_on: Some(day(2026, 4, 15)),
        days: Some(15),
        subsidy_fen: Some(120_000),
        note_cipher: Some(keys().seal_text(SealedColumn::TrainingNote, "备注").unwrap()),
    };
    db.write(|conn| training::insert(conn, &course));
    assert_eq!(db.read(|conn| training::of_resident(conn, id))[0].data, course);
    let removed = db.db.write(|conn| residents::delete(conn, id, 1));
    assert!(matches!(removed, Err(DbError::Conflict(_))), "{removed:?}");
    assert_eq!(db.read(|conn| residents::get(conn, id)).version, 1);
}
