//! Spreadsheets we hand out: empty templates and the file of rejected rows.
//!
//! Invariant: columns that hold ID numbers and phones are text columns, so a spreadsheet program keeps all their digits; the
//! example row is recognised when the file comes back and is not imported.

use std::collections::HashMap;

use rust_xlsxwriter::{Color, DataValidation, DataValidationRule, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::Ledger;
use super::caption;
use super::field::Field as F;
use super::head::Head;
use super::workbook::Cell;
use crate::domain::codes::{
    Absence, Channel, Education, EmployerKind, Health, LabourClass, MonitoringClass, PayKind, Region, Relation,
    SchoolStatus, Sex, Shift,
};

/// Rows of a template that carry drop-downs and checks.
const PREPARED_ROWS: u32 = 20_000;

/// Columns of the labour ledger, with the example row's values. One row a person; household columns repeat or stand on the head's row.
pub const LABOUR_LEDGER: &[(F, &str)] = &[
    (F::Sequence, "示例"),
    (F::Grid, "第一网格"),
    (F::Building, "1号楼"),
    (F::Unit, "2单元301"),
    (F::HouseholdCode, "WJ00001"),
    (F::HeadName, "示例：王某"),
    (F::Name, "示例：王某"),
    (F::Relation, "户主"),
    (F::Sex, "男"),
    (F::IdNumber, "529900198001010012"),
    (F::BirthDate, "1980-01-01"),
    (F::Ethnicity, "苗族"),
    (F::Education, "初中"),
    (F::Health, "健康"),
    (F::LabourClass, "普通劳动力"),
    (F::School, "非在校生"),
    (F::Absence, ""),
    (F::Phone, "13900000000"),
    (F::Township, "某某乡"),
    (F::Monitoring, "非监测对象"),
    (F::Status, "已就业"),
    (F::Channel, "微工厂"),
    (F::Region, "乡(镇)内"),
    (F::Employer, "某某服饰有限公司"),
    (F::JobTitle, "缝纫工"),
    (F::StartOn, "2026-03-01"),
    (F::EndOn, ""),
    (F::Income, "2800"),
    (F::ContractUntil, "2027-02-28"),
    (F::Evidence, "劳动合同"),
    (F::VerifiedOn, "2026-10-15"),
    (F::Skills, "平缝3年、锁边1年、做饭"),
    (F::Certificates, "低压电工证(2027-05-01到期)、健康证"),
    (F::Willing, "愿意"),
    (F::WishOccupation, "缝纫工"),
    (F::WishRegion, "乡(镇)内"),
    (F::WishChannel, "微工厂"),
    (F::WishShift, "长白班"),
    (F::ExpectedPay, "3000"),
    (F::PayFloor, "2600"),
    (F::WillingToTrain, "是"),
    (F::SeekingChange, "否"),
    (F::Barrier, ""),
    (F::Care, "幼儿:周一至周五 07:00-08:30、16:30-18:30"),
    (F::UnavailableHours, "周六 08:00-12:00"),
    (F::RuledOut, "夜班、加班"),
    (F::MaxGrade, "2"),
    (F::MaxLoad, "15"),
    (F::NoForcedPosture, "否"),
    (F::MaxMinutes, "30"),
    (F::HazardCheckUntil, ""),
    (F::WelfareMonths, ""),
    (F::Helper, "李某"),
    (F::Note, "本行为示例，导入时自动跳过"),
];

/// Columns of the posting list, with the example row's values.
pub const POSTINGS: &[(F, &str)] = &[
    (F::PostingCode, "示例01"),
    (F::Employer, "示例：某某服饰有限公司"),
    (F::CreditCode, ""),
    (F::EmployerKind, "园区微工厂"),
    (F::Industry, "服装制造"),
    (F::PostingTitle, "示例：平缝工"),
    (F::Occupation, "缝纫工"),
    (F::Channel, "微工厂"),
    (F::Headcount, "20"),
    (F::PayKind, "月薪"),
    (F::PayMin, "2600"),
    (F::PayMax, "3800"),
    (F::Shift, "长白班"),
    (F::WorkHours, "周一至周六 08:00-12:00、13:30-17:30"),
    (F::Night, "否"),
    (F::Overtime, "否"),
    (F::Grade, "2"),
    (F::Load, "10"),
    (F::Lifts, "6"),
    (F::ForcedPosture, "否"),
    (F::Hazards, "噪声"),
    (F::AgeMin, "18"),
    (F::AgeMax, ""),
    (F::AgeSoft, "是"),
    (F::MustSkills, "平缝1年"),
    (F::NiceSkills, "锁边"),
    (F::NeedCertificates, ""),
    (F::ExperienceMonths, "6"),
    (F::PostingTrainingDays, "7"),
    (F::WorkPlace, "园区"),
    (F::Province, "贵州"),
    (F::Region, "乡(镇)内"),
    (F::CommuteMinutes, ""),
    (F::BeginOn, "2026-12-01"),
    (F::ValidFrom, "2026-11-01"),
    (F::ValidUntil, "2027-01-31"),
    (F::SpecialHours, ""),
    (F::Description, "缝制成衣，提供岗前培训"),
    (F::Note, "本行为示例，导入时自动跳过"),
];

/// The labour ledger template as XLSX.
///
/// # Errors
/// If the workbook cannot be written.
pub fn labour_ledger() -> Result<Vec<u8>, XlsxError> {
    template("劳动力台账", LABOUR_LEDGER)
}

/// The posting list template as XLSX.
///
/// # Errors
/// If the workbook cannot be written.
pub fn postings() -> Result<Vec<u8>, XlsxError> {
    template("岗位清单", POSTINGS)
}

fn template(name: &str, columns: &[(F, &str)]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name(name)?;
    let example = Format::new().set_num_format("@").set_font_color(Color::Gray).set_italic();
    for (index, (field, value)) in columns.iter().enumerate() {
        let column = u16::try_from(index).unwrap_or(u16::MAX);
        title(sheet, column, field.title())?;
        sheet.set_column_format(column, &text_format())?;
        sheet.write_string_with_format(1, column, *value, &example)?;
        if let Some(validation) = validation(*field) {
            sheet.add_data_validation(2, column, PREPARED_ROWS, column, &validation?)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    guide(workbook.add_worksheet().set_name("填写说明")?)?;
    workbook.save_to_buffer()
}

pub(super) fn title(sheet: &mut Worksheet, column: u16, text: &str) -> Result<(), XlsxError> {
    let bold = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_background_color(Color::RGB(0x00DD_EBF7));
    let width = text.chars().count() * 2 + 4;
    sheet.set_column_width(column, u32::try_from(width.clamp(10, 24)).unwrap_or(10))?;
    sheet.write_string_with_format(0, column, text, &bold)?;
    Ok(())
}

pub(super) fn text_format() -> Format {
    Format::new().set_num_format("@")
}

/// The words a column takes, where its list is closed.
#[must_use]
pub fn choices(field: F) -> Option<Vec<&'static str>> {
    macro_rules! labels {
        ($list:ty) => {
            <$list>::ALL.iter().map(|value| value.label().zh).collect::<Vec<_>>()
        };
    }
    Some(match field {
        F::Sex => labels!(Sex),
        F::Relation => labels!(Relation),
        F::Education => labels!(Education),
        F::Health => labels!(Health),
        F::LabourClass => labels!(LabourClass),
        F::School => labels!(SchoolStatus),
        F::Absence => labels!(Absence),
        F::Monitoring => labels!(MonitoringClass),
        F::Channel => labels!(Channel),
        F::Region => labels!(Region),
        F::EmployerKind => labels!(EmployerKind),
        F::PayKind => labels!(PayKind),
        F::Shift => labels!(Shift),
        F::Status => vec!["已就业", "未就业"],
        F::Willing => vec!["愿意", "不愿意"],
        F::WillingToTrain
        | F::SeekingChange
        | F::NoForcedPosture
        | F::Night
        | F::Overtime
        | F::ForcedPosture
        | F::AgeSoft => vec!["是", "否"],
        F::MaxGrade | F::Grade => vec!["1", "2", "3", "4"],
        _ => return None,
    })
}

fn validation(field: F) -> Option<Result<DataValidation, XlsxError>> {
    if matches!(field, F::IdNumber | F::HeadId | F::CreditCode) {
        let rule = DataValidation::new().allow_text_length(DataValidationRule::EqualTo(18));
        return Some(
            rule.set_error_title("长度不符").and_then(|rule| rule.set_error_message("应为18位，请以文本格式填写。")),
        );
    }
    choices(field).map(|list| DataValidation::new().allow_list_strings(&list))
}

/// A sheet in words; it has no table head, so the importer passes it over.
fn guide(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let lines = [
        "一、身份证号、电话列已设为文本格式，请勿改为数字，否则末几位会丢失。",
        "二、空格表示“不清楚”，不要填 0 或“无”来代替；确实没有技能、证书时可填“无”。",
        "三、日期写成 2026-03-05；只知道年月时写 2026年3月。",
        "四、时段写成：周一至周五 07:00-08:30、16:30-18:30；多个时段用“；”隔开；全天写“全天”。",
        "五、照护责任写成：幼儿:周一至周五 07:00-08:30；指定照护人写成：老人(照护人:张三):每天 08:00-18:00。",
        "六、技能写成：平缝3年、锁边(中级)1年、做饭；证书写成：低压电工证(2027-05-01到期)、健康证。",
        "七、招聘人数是全部名额，含已在岗人数。",
        "八、列的顺序可以调整，可以增加列；增加的列保留在备注。",
    ];
    sheet.set_column_width(0, 90)?;
    for (row, line) in lines.iter().enumerate() {
        sheet.write_string(u32::try_from(row).unwrap_or_default(), 0, *line)?;
    }
    Ok(())
}

/// Rows that were not stored, as they came, with a column that says why: to correct and import again. `None` if there are none.
///
/// # Errors
/// If the workbook cannot be written.
pub fn rejected_rows(ledger: &Ledger) -> Result<Option<Vec<u8>>, XlsxError> {
    if ledger.rejected.is_empty() {
        return Ok(None);
    }
    let mut workbook = Workbook::new();
    for (index, (source, head)) in ledger.sheets.iter().zip(&ledger.heads).enumerate() {
        let Some(head) = head else { continue };
        let rows: Vec<_> = source
            .rows
            .iter()
            .filter(|row| ledger.rejected.contains(&super::record::At { sheet: index, row: row.number }))
            .collect();
        if rows.is_empty() {
            continue;
        }
        let sheet = workbook.add_worksheet();
        // Names a spreadsheet cannot hold fall back to the default one.
        _ = sheet.set_name(&source.name);
        let problem = u16::try_from(head.titles().len()).unwrap_or(u16::MAX);
        for column in 0..problem {
            title(sheet, column, head.title(column.into()))?;
            sheet.set_column_format(column, &text_format())?;
        }
        title(sheet, problem, F::Problem.title())?;
        // What stood above the head goes into columns: the rows come back without it.
        let caption = caption::read(source, head);
        let channel = caption.channel.map(|channel| channel.label().zh.to_owned());
        let told = [(F::Employer, caption.employer), (F::Channel, channel)];
        let told: Vec<(u16, F, String)> = (problem.saturating_add(1)..)
            .zip(told.into_iter().filter_map(|(field, value)| Some((field, value?))))
            .map(|(column, (field, value))| (column, field, value))
            .collect();
        for (column, field, _) in &told {
            title(sheet, *column, field.title())?;
        }
        let problems = problems(ledger, &source.name);
        for (target, row) in (1u32..).zip(rows) {
            for column in 0..problem {
                let text = shown(head, column.into(), row.cell(column.into()));
                if !text.is_empty() {
                    sheet.write_string_with_format(target, column, text, &text_format())?;
                }
            }
            for (column, _, value) in &told {
                sheet.write_string(target, *column, value)?;
            }
            sheet.write_string(
                target,
                problem,
                short(problems.get(&row.number).map_or_else(|| "本表缺少必需的列。".to_owned(), |all| all.join(" "))),
            )?;
        }
        sheet.set_freeze_panes(1, 0)?;
    }
    workbook.save_to_buffer().map(Some)
}

/// The cell as text. An ID number typed as a number is left out: its digits are wrong, and a wrong number looks right.
fn shown(head: &Head, column: usize, cell: &Cell) -> String {
    let is_id = [F::IdNumber, F::HeadId].iter().any(|field| head.column(*field) == Some(column));
    match cell {
        Cell::Number(_) if is_id => String::new(),
        cell => short(cell.display()),
    }
}

/// A text a spreadsheet can hold in a cell; what is cut off is said where it was.
fn short(text: String) -> String {
    const LONGEST: usize = 32_767;
    const CUT: &str = "……（内容过长，已截断）";
    if text.encode_utf16().count() <= LONGEST {
        return text;
    }
    // A character takes one or two units.
    text.chars().take(LONGEST / 2 - CUT.chars().count()).chain(CUT.chars()).collect()
}

/// What is wrong with the rows of a sheet, by row.
fn problems(ledger: &Ledger, sheet: &str) -> HashMap<u32, Vec<String>> {
    let mut found: HashMap<u32, Vec<String>> = HashMap::new();
    for finding in ledger.findings.iter().filter(|finding| finding.is_error() && finding.sheet == sheet) {
        found.entry(finding.row).or_default().push(match &finding.column {
            Some(column) => format!("{column}：{}", finding.text.zh),
            None => finding.text.zh.clone(),
        });
    }
    found
}
