//! The labour ledger (劳动力台账): one row per person; the household's facts stand on every row, its care duties on the head's.

use chrono::NaiveDate;
use rust_xlsxwriter::{Workbook, XlsxError};

use super::super::Town;
use super::super::model::{HeldSkill, Household, Job, Person};
use super::{Cell, Column, list, workbook as sheet};
use crate::domain::codes::{MonitoringClass, Relation};

const COLUMNS: [Column; 54] = [
    ("序号", 7.0),
    ("网格", 10.0),
    ("楼栋", 8.0),
    ("单元房号", 10.0),
    ("户编号", 11.0),
    ("户主姓名", 10.0),
    ("姓名", 10.0),
    ("与户主关系", 12.0),
    ("性别", 6.0),
    ("身份证号", 21.0),
    ("出生日期", 12.0),
    ("民族", 9.0),
    ("文化程度", 12.0),
    ("健康状况", 12.0),
    ("劳动技能", 18.0),
    ("在校生状况", 14.0),
    ("离家状态", 14.0),
    ("联系电话", 14.0),
    ("迁出地", 12.0),
    ("监测对象类别", 16.0),
    ("就业状态", 10.0),
    ("就业渠道", 12.0),
    ("就业地域", 14.0),
    ("就业单位", 22.0),
    ("就业岗位", 16.0),
    ("起始时间", 12.0),
    ("结束时间", 12.0),
    ("月收入", 9.0),
    ("合同到期日", 12.0),
    ("佐证材料", 15.0),
    ("核实日期", 12.0),
    ("技能特长", 30.0),
    ("技能证书", 30.0),
    ("就业意愿", 10.0),
    ("意向岗位", 18.0),
    ("意向地域", 22.0),
    ("意向渠道", 22.0),
    ("意向班次", 16.0),
    ("期望月薪", 10.0),
    ("最低月薪", 10.0),
    ("培训意愿", 10.0),
    ("求职中", 8.0),
    ("未就业原因", 12.0),
    ("照护责任", 50.0),
    ("不能上班时段", 30.0),
    ("不接受条件", 20.0),
    ("可承受体力等级", 15.0),
    ("最大负重公斤", 13.0),
    ("不能强迫体位", 13.0),
    ("最远上班分钟", 13.0),
    ("职业健康检查有效期", 18.0),
    ("公益岗已用月数", 15.0),
    ("帮扶责任人", 12.0),
    ("备注", 20.0),
];

pub(super) fn workbook(town: &Town) -> Result<Workbook, XlsxError> {
    sheet(town, "劳动力台账", &COLUMNS, |rows| {
        let mut number = 0;
        for household in &town.households {
            for &member in &household.members {
                number += 1;
                rows.push(row(town, number, household, &town.people[member]))?;
            }
        }
        Ok(())
    })
}

fn row(town: &Town, number: u32, household: &Household, person: &Person) -> Vec<Cell> {
    let building = &town.buildings[household.building];
    let head = household.members.first().map(|&head| town.people[head].name.as_str());
    let job = person.job.as_ref();
    let wishes = &person.wishes;
    let working = job.is_some_and(|job| job.is_active(town.plan.as_of));
    // Nobody writes a status for a child, a pupil or a grandmother.
    let status = if working {
        "已就业"
    } else if job.is_some() || is_asked(person) {
        "未就业"
    } else {
        ""
    };
    let monitored = household.monitoring != MonitoringClass::None;
    vec![
        number.into(),
        building.grid.as_str().into(),
        building.name.as_str().into(),
        household.unit.as_str().into(),
        household.code.as_str().into(),
        head.into(),
        person.name.as_str().into(),
        person.relation.label().zh.into(),
        person.sex.label().zh.into(),
        person.id_number.as_str().into(),
        person.birth_date.into(),
        person.ethnicity.into(),
        person.education.map(|value| value.label().zh).into(),
        person.health.map(|value| value.label().zh).into(),
        person.labour_class.map(|value| value.label().zh).into(),
        person.school.map(|value| value.label().zh).into(),
        person.absence.map(|value| value.label().zh).into(),
        person.phone.as_deref().into(),
        household.township.into(),
        monitored.then(|| household.monitoring.label().zh).into(),
        status.into(),
        job.map(|job| job.channel.label().zh).into(),
        job.map(|job| job.region.label().zh).into(),
        job.and_then(|job| job.employer.as_deref()).into(),
        job.map(|job| job.title.as_str()).into(),
        of_job(job, |job| job.start),
        of_job(job, |job| job.end),
        job.and_then(|job| job.income).into(),
        of_job(job, |job| job.contract_until),
        job.and_then(|job| job.evidence).into(),
        of_job(job, |job| job.verified),
        list(person.skills.iter().map(skill)).into(),
        list(person.certificates.iter().map(|&(name, until)| certificate(name, until))).into(),
        wishes.willing.map(|yes| if yes { "愿意" } else { "不愿意" }).into(),
        list(&wishes.occupations).into(),
        list(wishes.regions.iter().map(|value| value.label().zh)).into(),
        list(wishes.channels.iter().map(|value| value.label().zh)).into(),
        list(wishes.shifts.iter().map(|value| value.label().zh)).into(),
        wishes.expected_pay.into(),
        wishes.pay_floor.into(),
        wishes.training.map(|yes| if yes { "愿意" } else { "不愿意" }).into(),
        wishes.seeking_change.then_some(true).into(),
        person.barrier.map(|value| value.label().zh).into(),
        if person.relation == Relation::Head { care(town, household).into() } else { Cell::Empty },
        person.unavailable.to_string().into(),
        list(wishes.ruled_out.iter().map(|value| value.label().zh)).into(),
        person.capacity.max_grade.into(),
        person.capacity.max_load_kg.into(),
        person.capacity.no_forced_posture.into(),
        wishes.max_minutes.into(),
        person.hazard_check_until.into(),
        person.public_welfare_months.into(),
        town.helpers[building.helper].as_str().into(),
        person.note.into(),
    ]
}

fn is_asked(person: &Person) -> bool {
    (16..60).contains(&person.age) && (person.wishes.willing.is_some() || person.barrier.is_some())
}

fn of_job(job: Option<&Job>, date: impl Fn(&Job) -> Option<NaiveDate>) -> Cell {
    job.and_then(date).into()
}

/// `平缝3年`, `锁边熟练`, `做饭`.
fn skill(held: &HeldSkill) -> String {
    let level = held.level.unwrap_or("");
    match held.months {
        Some(months) if months % 12 == 0 => format!("{}{level}{}年", held.name, months / 12),
        Some(months) if months > 24 => format!("{}{level}{}年", held.name, months / 12),
        Some(months) => format!("{}{level}{months}个月", held.name),
        None => format!("{}{level}", held.name),
    }
}

/// `低压电工证(2027-05-01到期)`.
fn certificate(name: &str, until: Option<NaiveDate>) -> String {
    until.map_or_else(|| name.to_owned(), |until| format!("{name}({until}到期)"))
}

/// `幼儿(照护人:张三):周一至周五 07:00-08:30、16:30-18:30`.
fn care(town: &Town, household: &Household) -> String {
    let mut written = String::new();
    for duty in &household.care {
        if !written.is_empty() {
            written.push('；');
        }
        written.push_str(duty.kind.label().zh);
        if let Some(carer) = duty.carer {
            written.push_str(&format!("(照护人:{})", town.people[carer].name));
        }
        written.push_str(&format!(":{}", duty.hours));
    }
    written
}
