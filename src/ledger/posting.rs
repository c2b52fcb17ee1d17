//! Rows of posting and building lists → records.

use super::field::Field as F;
use super::finding::FindingCode as C;
use super::person::province;
use super::phrase;
use super::posting_words;
use super::record::{BuildingRow, PostingRow};
use super::row::RowCells;
use super::words;
use crate::domain::codes::{Hazard, PayKind};
use crate::domain::credit_code::CreditCode;
use crate::domain::posting_law;
use crate::domain::text::Text;

/// A row of a posting list. `None` if it cannot be stored; what the law says about it is checked where it is stored.
pub fn posting(cells: &mut RowCells<'_>) -> Option<PostingRow> {
    let required = |cells: &mut RowCells<'_>, field, code| {
        let text = cells.name(field);
        if text.is_none() && !cells.failed() {
            cells.report(code, field);
        }
        text
    };
    let employer = required(cells, F::Employer, C::EmployerMissing);
    let title = required(cells, F::PostingTitle, C::TitleMissing);
    let headcount = posting_words::headcount(cells);
    let (pay_kind, pay_min_fen, pay_max_fen) = pay(cells);
    let ages = posting_words::ages(cells);
    let valid_from = cells.date(F::ValidFrom);
    let valid_until = cells.date(F::ValidUntil);
    if matches!((valid_from, valid_until), (Some(from), Some(until)) if until < from) {
        cells.report(C::ValidityReversed, F::ValidUntil);
    }
    let time = posting_words::time(cells);
    let place = cells.name(F::WorkPlace);
    let row = PostingRow {
        at: cells.at,
        code: cells.name(F::PostingCode),
        employer: employer.unwrap_or_default(),
        credit_code: credit_code(cells),
        employer_kind: cells.word(F::EmployerKind, words::employer_kind),
        industry: cells.name(F::Industry),
        address: cells.text(F::Address),
        title: title.unwrap_or_default(),
        occupation: cells.name(F::Occupation),
        channel: cells.word(F::Channel, words::channel),
        headcount: headcount.unwrap_or_default(),
        pay_kind,
        pay_min_fen,
        pay_max_fen,
        shift: time.shift,
        hours: time.hours,
        night_work: cells.word(F::Night, words::yes_no).or(time.night),
        overtime: cells.word(F::Overtime, words::yes_no).or(time.overtime),
        physical_grade: cells.word(F::Grade, words::grade).map(i64::from),
        load_kg: cells.number(F::Load, 0..=500),
        lifts_per_hour: cells.number(F::Lifts, 0..=3600),
        forced_posture: cells.word(F::ForcedPosture, words::yes_no),
        underground_mine: cells.word(F::Underground, words::yes_no),
        hazards: hazards(cells),
        age_min: ages.min,
        age_max: ages.max,
        age_is_soft: ages.is_soft,
        must_skills: cells.text(F::MustSkills).map(|text| phrase::skills(&text)),
        nice_skills: cells.text(F::NiceSkills).map(|text| phrase::skills(&text)),
        certificates: cells.phrase(F::NeedCertificates, C::DateUnreadable, phrase::certificates),
        experience_months: cells.number(F::ExperienceMonths, 0..=1200),
        training_days: cells.number(F::PostingTrainingDays, 0..=1000),
        place,
        province: cells.name(F::Province).map(|text| province(&text).unwrap_or(text)),
        region: cells.word(F::Region, words::region),
        commute_minutes: cells.number(F::CommuteMinutes, 0..=1440),
        start_on: cells.date(F::BeginOn),
        valid_from,
        valid_until,
        special_hours_approval: approval(cells),
        confirmed_on: cells.has_column(F::ConfirmedOn).then(|| cells.date(F::ConfirmedOn)),
        description: cells.text(F::Description),
        note: cells.note(),
    };
    if cells.failed() {
        return None;
    }
    report_gaps(cells, &row);
    Some(row)
}

/// Pay from 薪资下限/上限, or from one cell such as `3000-4500元/月`. Without a unit it is by the month.
fn pay(cells: &mut RowCells<'_>) -> (Option<PayKind>, Option<i64>, Option<i64>) {
    let kind = cells.word(F::PayKind, words::pay_kind);
    let one = posting_words::wage(cells, F::Pay, kind);
    let low = posting_words::wage(cells, F::PayMin, kind);
    let high = posting_words::wage(cells, F::PayMax, kind);
    let min = low.or(one).and_then(|wage| wage.min_fen);
    let max = high.and_then(|wage| wage.max_fen.or(wage.min_fen)).or_else(|| one.and_then(|wage| wage.max_fen));
    if matches!((min, max), (Some(min), Some(max)) if min > max) {
        cells.report(C::PayReversed, if cells.has_column(F::PayMin) { F::PayMin } else { F::Pay });
    }
    let said = [low, one, high].into_iter().flatten().find_map(|wage| wage.kind);
    // The unit beside the sum is the sum's; a month of piece work is no contradiction.
    let contradicts = matches!((kind, said), (Some(kind), Some(said)) if kind != said && PayKind::Piece != kind && PayKind::Piece != said);
    if contradicts {
        cells.report_saying(C::WordsUnread, F::PayKind, other_unit());
    }
    (kind.filter(|_| !contradicts).or(said).or((min.is_some() || max.is_some()).then_some(PayKind::Monthly)), min, max)
}

fn other_unit() -> Text {
    Text::new(
        "计薪方式与薪资里写的单位不一致，按薪资里的单位保存，请核对。",
        "The kind of pay is not the unit that the pay states; the unit beside the sum is stored, please check.",
    )
}

/// The number of an approval; `Some(None)` where the cell says that there is none.
fn approval(cells: &mut RowCells<'_>) -> Option<Option<String>> {
    let text = cells.text(F::SpecialHours)?;
    let number = posting_law::approval(Some(&text)).map(str::to_owned);
    let denied =
        words::yes_no(&text) == Some(false) || matches!(text.as_str(), "不适用" | "未批准" | "未申请" | "不需要");
    if number.is_none() && !denied {
        cells.report(C::ApprovalUnreadable, F::SpecialHours);
    }
    Some(number)
}

/// Hazards with grades. A word that is not in the list is some hazard, so the rules that ask whether there is one stay on the
/// safe side; the word is reported and kept in the note.
fn hazards(cells: &mut RowCells<'_>) -> Option<Vec<(Hazard, Option<u8>)>> {
    let (hazards, unknown) = phrase::hazards(&cells.text(F::Hazards)?);
    if !unknown.is_empty() {
        cells.report_saying(
            C::CodeUnknown,
            F::Hazards,
            Text::new(
                "有危害名称不在可选值中，按“其他危害”处理，原文保留在备注。",
                "A hazard is not in the list; treated as another hazard, and kept in the note.",
            ),
        );
        cells.keep(F::Hazards, unknown.join("、"));
    }
    Some(hazards)
}

fn credit_code(cells: &mut RowCells<'_>) -> Option<String> {
    let text = cells.name(F::CreditCode)?;
    match CreditCode::parse(&text) {
        Ok(code) => Some(code.as_str().to_owned()),
        Err(_) => {
            cells.report(C::CreditCodeInvalid, F::CreditCode);
            None
        }
    }
}

/// One finding names everything matching would like to know.
fn report_gaps(cells: &mut RowCells<'_>, row: &PostingRow) {
    let gaps: Vec<(&str, &str)> = [
        (row.pay_min_fen.is_none() && row.pay_max_fen.is_none(), ("薪资", "pay")),
        (row.hours.is_none(), ("工作时间", "working hours")),
        (row.hazards.is_none(), ("职业危害", "hazards")),
        (row.place.is_none() && row.region.is_none(), ("工作地点", "place of work")),
    ]
    .into_iter()
    .filter_map(|(missing, name)| missing.then_some(name))
    .collect();
    if !gaps.is_empty() {
        let zh: Vec<&str> = gaps.iter().map(|(zh, _)| *zh).collect();
        let en: Vec<&str> = gaps.iter().map(|(_, en)| *en).collect();
        cells.report_about(C::PostingIncomplete, F::PostingTitle, &Text::new(zh.join("、"), en.join(", ")));
    }
}

/// A row of a building list.
pub fn building(cells: &mut RowCells<'_>) -> Option<BuildingRow> {
    let row = BuildingRow {
        at: cells.at,
        community: cells.name(F::Community),
        grid: cells.name(F::Grid),
        building: cells.name(F::Building).unwrap_or_default(),
        minutes_to_park: cells.number(F::WalkMinutes, 0..=1440),
    };
    if row.building.is_empty() && !cells.failed() {
        cells.report(C::TextNotAllowed, F::Building);
    }
    if cells.failed() { None } else { Some(row) }
}
