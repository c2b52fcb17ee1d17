//! Rows to start from: complete, valid, different for each number.

use chrono::{NaiveDate, NaiveDateTime};
use wangjia::db::areas::{self, AreaData};
use wangjia::db::employers::{self, EmployerData};
use wangjia::db::households::HouseholdData;
use wangjia::db::postings::{self, PostingData};
use wangjia::db::residents::{self, ResidentData};
use wangjia::db::seal::{IndexField, SealedColumn};
use wangjia::db::spells::SpellData;
use wangjia::db::{AnyConnection, DbResult};
use wangjia::domain::codes::*;

use crate::support::keys;

pub fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// A time with microseconds, the finest both databases keep.
pub fn time() -> NaiveDateTime {
    day(2026, 11, 23).and_hms_micro_opt(8, 30, 0, 123_456).unwrap()
}

/// An 18-digit number in the unassigned area 529900.
pub fn id_number(n: u32) -> String {
    format!("52990019900101{n:04}")
}

pub fn phone(n: u32) -> String {
    format!("1380000{n:04}")
}

/// Every column filled.
pub fn resident(n: u32) -> ResidentData {
    let keys = keys();
    ResidentData {
        name: format!("杨·阿{n}"),
        id_number_cipher: keys.seal_text(SealedColumn::ResidentIdNumber, &id_number(n)).unwrap(),
        id_number_index: keys.index(IndexField::ResidentIdNumber, id_number(n).as_bytes()),
        phone_cipher: Some(keys.seal_text(SealedColumn::ResidentPhone, &phone(n)).unwrap()),
        phone_index: Some(keys.index(IndexField::ResidentPhone, phone(n).as_bytes())),
        sex: Sex::Female,
        birth_date: day(1990, 1, 1),
        ethnicity: Some("苗族".into()),
        education: Some(Education::JuniorMiddle),
        health: Some(Health::Healthy),
        labour_class: Some(LabourClass::Ordinary),
        labour_class_on: Some(day(2026, 1, 1)),
        school_status: Some(SchoolStatus::NotInSchool),
        absence: Some(Absence::LongTermCare),
        died_on: Some(day(2026, 2, 28)),
        willing: Some(true),
        willing_to_train: Some(false),
        seeking_change: true,
        retirement_group: Some(RetirementGroup::Women50),
        max_physical_grade: Some(3),
        max_load_kg: Some(20),
        no_forced_posture: Some(false),
        max_minutes: Some(45),
        expected_pay: Some(2800),
        pay_floor: Some(2400),
        hazard_check_until: Some(day(2027, 6, 30)),
        public_welfare_months: Some(12),
        no_automated_recommendation: true,
        restricted: true,
        note_cipher: Some(keys.seal_text(SealedColumn::ResidentNote, "备注").unwrap()),
    }
}

/// Only what must be known.
pub fn unknown_resident(n: u32) -> ResidentData {
    ResidentData {
        phone_cipher: None,
        phone_index: None,
        ethnicity: None,
        education: None,
        health: None,
        labour_class: None,
        labour_class_on: None,
        school_status: None,
        absence: None,
        died_on: None,
        willing: None,
        willing_to_train: None,
        seeking_change: false,
        retirement_group: None,
        max_physical_grade: None,
        max_load_kg: None,
        no_forced_posture: None,
        max_minutes: None,
        expected_pay: None,
        pay_floor: None,
        hazard_check_until: None,
        public_welfare_months: None,
        no_automated_recommendation: false,
        restricted: false,
        note_cipher: None,
        ..resident(n)
    }
}

/// Community, grid and building; gives the building.
pub fn building(conn: &mut AnyConnection) -> DbResult<i64> {
    let area = |parent_id, kind, name: &str| AreaData { parent_id, kind, name: name.into(), minutes_to_park: None };
    let community = areas::insert(conn, &area(None, AreaKind::Community, "旺家社区"))?;
    let grid = areas::insert(conn, &area(Some(community), AreaKind::Grid, "一网格"))?;
    let building = AreaData { minutes_to_park: Some(8), ..area(Some(grid), AreaKind::Building, "1栋") };
    areas::insert(conn, &building)
}

pub fn household(building: i64, n: u32) -> HouseholdData {
    HouseholdData {
        code: Some(format!("H{n:04}")),
        building_id: building,
        unit: Some("1单元101".into()),
        township: Some("鲁容乡".into()),
        monitoring_class: MonitoringClass::Marginal,
        recognised_on: Some(day(2025, 5, 1)),
        helper_name: Some("王干部".into()),
        note_cipher: Some(keys().seal_text(SealedColumn::HouseholdNote, "备注").unwrap()),
    }
}

pub fn employer(n: u32) -> EmployerData {
    EmployerData {
        name: format!("旺家服装厂{n}"),
        credit_code: Some(format!("9152990000000{n:05}")),
        kind: EmployerKind::Tenant,
        industry: Some("服装".into()),
        address: Some("园区A栋".into()),
        tenant_until: Some(day(2028, 12, 31)),
    }
}

/// Every column filled.
pub fn posting(employer: i64, n: u32, headcount: i64) -> PostingData {
    PostingData {
        code: Some(format!("P{n:04}")),
        employer_id: employer,
        title: "平缝工".into(),
        skill_id: None,
        status: PostingStatus::Published,
        channel: Channel::MicroFactory,
        description: Some("缝制校服".into()),
        headcount,
        pay_kind: Some(PayKind::Piece),
        pay_min_fen: Some(260_000),
        pay_max_fen: Some(340_000),
        shift: Some(Shift::Day),
        night_work: Some(false),
        overtime: Some(true),
        physical_grade: Some(2),
        load_kg: Some(10),
        lifts_per_hour: Some(6),
        forced_posture: Some(false),
        underground_mine: Some(false),
        hazards_known: true,
        age_min: Some(18),
        age_max: Some(55),
        age_is_soft: true,
        experience_months: Some(6),
        training_days: Some(7),
        place: Some("园区".into()),
        province: Some("贵州".into()),
        region: Some(Region::Town),
        commute_minutes: Some(10),
        special_hours_approval: Some("批文1号".into()),
        start_on: Some(day(2026, 12, 1)),
        valid_from: day(2026, 11, 1),
        valid_until: Some(day(2027, 1, 31)),
        note_cipher: Some(keys().seal_text(SealedColumn::PostingNote, "备注").unwrap()),
    }
}

/// Every column filled but the links.
pub fn spell(resident: i64) -> SpellData {
    SpellData {
        resident_id: resident,
        employer_id: None,
        posting_id: None,
        channel: Channel::Outbound,
        employer_name: Some("东莞某厂".into()),
        job_title: Some("装配工".into()),
        skill_id: None,
        region: Some(Region::OtherProvince),
        place: Some("广东".into()),
        start_on: Some(day(2026, 3, 1)),
        counted_from: day(2026, 3, 1),
        end_on: Some(day(2027, 3, 1)),
        monthly_income: Some(4200),
        part_time: true,
        contract_until: Some(day(2027, 2, 28)),
        evidence: Some("合同".into()),
        verified_on: Some(day(2026, 10, 1)),
        note_cipher: Some(keys().seal_text(SealedColumn::SpellNote, "备注").unwrap()),
    }
}

/// A resident, stored.
pub fn stored_resident(conn: &mut AnyConnection, n: u32) -> DbResult<i64> {
    residents::insert(conn, &resident(n), time())
}

/// An employer with a posting of so many places, stored; gives the posting.
pub fn stored_posting(conn: &mut AnyConnection, headcount: i64) -> DbResult<i64> {
    let employer = employers::insert(conn, &employer(1), time())?;
    postings::insert(conn, &posting(employer, 1, headcount), time())
}
