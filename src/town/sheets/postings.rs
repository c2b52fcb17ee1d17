//! The posting list (岗位清单).

use rust_xlsxwriter::{Workbook, XlsxError};

use super::super::Town;
use super::super::model::{Employer, Posting};
use super::super::trades::TRADES;
use super::{Cell, Column, list, workbook as sheet};
use crate::domain::codes::{EmployerKind, Hazard, Importance};

const COLUMNS: [Column; 40] = [
    ("岗位编号", 11.0),
    ("企业名称", 22.0),
    ("统一社会信用代码", 21.0),
    ("企业类型", 14.0),
    ("企业地址", 26.0),
    ("行业", 12.0),
    ("岗位名称", 18.0),
    ("工种", 14.0),
    ("就业渠道", 12.0),
    ("招聘人数", 10.0),
    ("计薪方式", 10.0),
    ("薪资下限", 10.0),
    ("薪资上限", 10.0),
    ("班次", 10.0),
    ("工作时间", 46.0),
    ("夜班", 8.0),
    ("加班", 8.0),
    ("体力等级", 10.0),
    ("搬运重量公斤", 13.0),
    ("每小时搬运次数", 15.0),
    ("强迫体位流水线", 15.0),
    ("职业危害", 18.0),
    ("最低年龄", 10.0),
    ("最高年龄", 10.0),
    ("年龄可放宽", 11.0),
    ("必备技能", 18.0),
    ("加分技能", 22.0),
    ("需要证书", 14.0),
    ("经验月数", 10.0),
    ("培训天数", 10.0),
    ("工作地点", 12.0),
    ("省份", 10.0),
    ("就业地域", 14.0),
    ("通勤分钟", 10.0),
    ("上岗日期", 12.0),
    ("有效期起", 12.0),
    ("有效期止", 12.0),
    ("特殊工时批准文号", 17.0),
    ("岗位描述", 40.0),
    ("备注", 10.0),
];

pub(super) fn workbook(town: &Town) -> Result<Workbook, XlsxError> {
    sheet(town, "岗位清单", &COLUMNS, |rows| {
        town.postings.iter().try_for_each(|posting| rows.push(row(town, posting)))
    })
}

fn row(town: &Town, posting: &Posting) -> Vec<Cell> {
    let employer = &town.employers[posting.employer];
    let skills =
        |wanted| list(posting.skills.iter().filter(|(_, importance)| *importance == wanted).map(|(skill, _)| skill));
    vec![
        posting.code.as_str().into(),
        employer.name.as_str().into(),
        employer.credit_code.as_str().into(),
        employer.kind.label().zh.into(),
        address(posting.employer, employer).into(),
        employer.industry.into(),
        posting.title.as_str().into(),
        TRADES[posting.trade].title.into(),
        posting.channel.label().zh.into(),
        posting.headcount.into(),
        posting.pay_kind.label().zh.into(),
        yuan(posting.pay_fen.0).into(),
        yuan(posting.pay_fen.1).into(),
        posting.shift.label().zh.into(),
        posting.hours.to_string().into(),
        posting.night.into(),
        posting.overtime.into(),
        posting.grade.into(),
        posting.load_kg.into(),
        posting.lifts_per_hour.into(),
        posting.forced_posture.into(),
        posting.hazards.as_deref().map(hazards).into(),
        posting.age.0.into(),
        posting.age.1.into(),
        posting.age_is_soft.then_some(true).into(),
        skills(Importance::Must).into(),
        skills(Importance::Nice).into(),
        list(&posting.certificates).into(),
        posting.experience_months.into(),
        posting.training_days.into(),
        posting.place.into(),
        employer.province.into(),
        employer.region.label().zh.into(),
        posting.commute_minutes.into(),
        posting.start.into(),
        posting.valid_from.into(),
        posting.valid_until.into(),
        Cell::Empty,
        posting.description.as_str().into(),
    ]
}

/// Where the employer is found: whom a resident agrees to meet has to be named with a way to reach them (PIPL 23).
fn address(number: usize, employer: &Employer) -> String {
    match employer.kind {
        EmployerKind::Tenant => format!("微工厂园区{}号厂房", number + 1),
        _ => format!("{}{}工业路{}号", employer.province, employer.place, number + 1),
    }
}

/// `2500` or `18.50`.
fn yuan(fen: i64) -> String {
    if fen % 100 == 0 { (fen / 100).to_string() } else { format!("{}.{:02}", fen / 100, fen % 100) }
}

/// `粉尘Ⅱ级、噪声`; `无` where there are none.
fn hazards(hazards: &[(Hazard, Option<u8>)]) -> String {
    const GRADES: [&str; 4] = ["Ⅰ级", "Ⅱ级", "Ⅲ级", "Ⅳ级"];
    if hazards.is_empty() {
        return "无".to_owned();
    }
    list(hazards.iter().map(|&(kind, grade)| {
        let grade = grade.and_then(|grade| GRADES.get(usize::from(grade).checked_sub(1)?)).unwrap_or(&"");
        format!("{}{grade}", kind.label().zh)
    }))
}
