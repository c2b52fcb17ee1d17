//! Cells of a posting list that are written as advertisements are: headcount, pay, ages, hours.
//!
//! Invariant: what such a cell says and the record cannot hold is kept in the note, where the posting law reads it too; what could not
//! be read has a finding.

use super::field::Field as F;
use super::finding::FindingCode as C;
use super::phrase;
use super::row::RowCells;
use super::words;
use crate::domain::advert::{age, headcount, shift, wage, weekdays};
use crate::domain::codes::{PayKind, Shift};
use crate::domain::text::Text;
use crate::domain::week::Span;

/// Reports words of a cell that were not understood.
fn report_unread(cells: &mut RowCells<'_>, field: F, unread: &[String]) {
    let words = unread.join("、");
    cells.report_about(C::WordsUnread, field, &Text::new(words.as_str(), words.as_str()));
}

/// The places that are certain. A cell without a number is an error: no posting is stored without one.
pub fn headcount(cells: &mut RowCells<'_>) -> Option<i64> {
    let Some(text) = cells.text(F::Headcount) else {
        if !cells.failed() {
            cells.report(C::HeadcountMissing, F::Headcount);
        }
        return None;
    };
    let Some(read) = headcount::read(&text) else {
        cells.report(C::NumberUnreadable, F::Headcount);
        return None;
    };
    let Some(least) = read.said.least() else {
        let text = Text::new(
            "招聘人数没有写数，请填写人数（含已在岗人数）。",
            "The headcount gives no number; please fill it in, filled places included.",
        );
        cells.report_saying(C::HeadcountMissing, F::Headcount, text);
        return None;
    };
    if headcount::certain(&read).is_none() {
        cells.report(C::NumberUnreadable, F::Headcount);
        return None;
    }
    if !read.unread.is_empty() {
        report_unread(cells, F::Headcount, &read.unread);
    }
    match read.said {
        said if !said.is_number() => cells.report(C::HeadcountIsRange, F::Headcount),
        said if said.by_sex => cells.report_saying(C::HeadcountIsRange, F::Headcount, of_both_sexes()),
        said if said.has_parts => cells.report_saying(C::HeadcountIsRange, F::Headcount, with_parts()),
        _ => {}
    }
    if !(read.said.is_exact() && read.unread.is_empty()) {
        cells.keep(F::Headcount, text);
    }
    Some(i64::from(least))
}

fn of_both_sexes() -> Text {
    Text::new(
        "招聘人数是按性别写的，按合计保存，原文保留在备注，请核对是否合法。",
        "The headcount is given by sex; the sum is stored and the words are kept in the note, please check that it is lawful.",
    )
}

fn with_parts() -> Text {
    Text::new(
        "招聘人数里另写了其中一部分人，按总数保存，原文保留在备注。",
        "The headcount tells some of its places apart; the whole is stored, and the words are kept in the note.",
    )
}

/// The wage of a cell in the terms of a posting; a sum without a unit is of `kind`, where a column of its own says it.
pub fn wage(cells: &mut RowCells<'_>, field: F, kind: Option<PayKind>) -> Option<wage::Posted> {
    let text = cells.text(field).filter(|text| text != "无")?;
    let mut read = match phrase::wage(&text) {
        Ok(read) => read,
        Err(wage::Unread::Reversed) => {
            cells.report(C::PayReversed, field);
            return None;
        }
        Err(wage::Unread::Words) => {
            report_unread(cells, field, std::slice::from_ref(&text));
            cells.keep(field, text);
            return None;
        }
    };
    if !read.unread.is_empty() {
        report_unread(cells, field, &read.unread);
    }
    read.said.per = read.said.per.or(kind.and_then(wage::Per::of));
    let posted = read.said.posted();
    if posted.is_none() {
        match read.said.per {
            None if read.said.lacks_unit() => cells.report_saying(C::PayNotMonthly, field, without_unit()),
            Some(wage::Per::Piece | wage::Per::Once) | None => cells.report(C::PayNotMonthly, field),
            Some(_) => cells.report_saying(C::PayNotMonthly, field, unlike_its_unit()),
        }
    }
    if !(read.unread.is_empty() && posted.is_some_and(|posted| posted.is_whole)) {
        cells.keep(field, text);
    }
    posted
}

fn without_unit() -> Text {
    Text::new(
        "薪资没有写明单位（每月、每天还是每小时），数额也不像月薪，未保存金额，原文保留在备注，请核对。",
        "The pay states no unit (a month, a day or an hour) and is unlike a monthly wage; no sum was stored, the text is kept in the note, please check.",
    )
}

fn unlike_its_unit() -> Text {
    Text::new(
        "薪资的数额与单位（每月、每天、每小时等）不相称，未保存金额，原文保留在备注，请核对。",
        "The pay is not what is paid for its unit (a month, a day, an hour); no sum was stored, the text is kept in the note, please check.",
    )
}

/// Age limits as a posting stores them.
#[derive(Default)]
pub struct Ages {
    pub min: Option<i64>,
    pub max: Option<i64>,
    pub is_soft: Option<bool>,
}

/// Age limits from columns of their own, or from one in words.
pub fn ages(cells: &mut RowCells<'_>) -> Ages {
    sex(cells);
    let min = cells.number(F::AgeMin, 0..=150);
    let max = cells.number(F::AgeMax, 0..=150);
    let is_soft = cells.word(F::AgeSoft, words::yes_no);
    let told = ages_told(cells);
    let ages = Ages { min: min.or(told.min), max: max.or(told.max), is_soft: is_soft.or(told.is_soft) };
    if matches!((ages.min, ages.max), (Some(min), Some(max)) if min > max) {
        cells.report(C::AgeReversed, if cells.has_column(F::AgeMin) { F::AgeMin } else { F::AgeWanted });
    }
    ages
}

fn ages_told(cells: &mut RowCells<'_>) -> Ages {
    let Some(text) = cells.text(F::AgeWanted) else { return ages_among_others(cells) };
    let Some(read) = age::read(&text) else {
        report_unread(cells, F::AgeWanted, std::slice::from_ref(&text));
        cells.keep(F::AgeWanted, text);
        return Ages::default();
    };
    if !read.unread.is_empty() {
        report_unread(cells, F::AgeWanted, &read.unread);
    }
    let posted = read.said.posted();
    let by_sex = read.said.ages.iter().any(|limit| limit.of.is_some());
    match posted.ages {
        age::Ages { min: None, max: None } if by_sex => {
            cells.report_saying(C::AgeOfOneSex, F::AgeWanted, no_common_limit());
        }
        _ if by_sex => cells.report(C::AgeOfOneSex, F::AgeWanted),
        _ => {}
    }
    if !(read.unread.is_empty() && posted.is_whole) {
        cells.keep(F::AgeWanted, text);
    }
    let age::Ages { min, max } = posted.ages;
    let is_soft = min.or(max).map(|_| posted.is_soft);
    Ages { min: min.map(i64::from), max: max.map(i64::from), is_soft }
}

/// A column of requirements whose title speaks of ages among others: the words are stored whole, the limits are read out of them.
fn ages_among_others(cells: &mut RowCells<'_>) -> Ages {
    let speaks_of_ages = cells.title(F::Description).is_some_and(|title| title.contains("年龄"));
    let text = if speaks_of_ages { cells.text(F::Description) } else { None };
    let Some(read) = text.as_deref().and_then(age::read) else { return Ages::default() };
    if read.said.ages.iter().any(|limit| limit.of.is_some()) {
        cells.report(C::AgeOfOneSex, F::Description);
    }
    let posted = read.said.posted();
    let age::Ages { min, max } = posted.ages;
    Ages { min: min.map(i64::from), max: max.map(i64::from), is_soft: min.or(max).map(|_| posted.is_soft) }
}

fn no_common_limit() -> Text {
    Text::new(
        "年龄限制是按性别写的，没有对所有人都成立的上下限，未保存年龄，原文保留在备注，请核对是否合法。",
        "The age limits are given by sex and none holds for everybody; no age was stored, the text is kept in the note, please check that it is lawful.",
    )
}

/// A sex asked for is kept in the note, where the law refuses it with its article; 男女不限 is nothing to keep.
fn sex(cells: &mut RowCells<'_>) {
    let Some(text) = cells.text(F::SexWanted) else { return };
    match age::read(&text) {
        Some(read) if read.unread.is_empty() && read.said == age::Wanted::default() => {}
        Some(read) if read.unread.is_empty() => cells.keep(F::SexWanted, text),
        other => {
            let unread = other.map_or_else(|| vec![text.clone()], |read| read.unread);
            report_unread(cells, F::SexWanted, &unread);
            cells.keep(F::SexWanted, text);
        }
    }
}

/// Working time as a posting stores it.
#[derive(Default)]
pub struct Time {
    pub shift: Option<Shift>,
    pub hours: Option<Vec<Span>>,
    pub night: Option<bool>,
    pub overtime: Option<bool>,
}

/// Working time from 工作时间 and 班次, which people use for each other.
pub fn time(cells: &mut RowCells<'_>) -> Time {
    let of_hours = hours(cells);
    let of_shift = shift_cell(cells);
    Time {
        shift: of_shift.shift.or(of_hours.shift),
        hours: of_hours.hours.or(of_shift.hours),
        night: of_hours.night.or(of_shift.night),
        overtime: of_hours.overtime.or(of_shift.overtime),
    }
}

/// An hour that cannot be read is an error, because a gate depends on it.
fn hours(cells: &mut RowCells<'_>) -> Time {
    let Some(text) = cells.text(F::WorkHours) else { return Time::default() };
    match shift::read(&text).filter(|read| read.unread.is_empty()) {
        Some(read) => taken(cells, F::WorkHours, text, &read.said),
        None => Time { hours: cells.phrase(F::WorkHours, C::HoursUnreadable, phrase::hours), ..Time::default() },
    }
}

fn shift_cell(cells: &mut RowCells<'_>) -> Time {
    let Some(text) = cells.text(F::Shift) else { return Time::default() };
    if let Some(shift) = words::shift(&text) {
        return Time { shift: Some(shift), ..Time::default() };
    }
    match shift::read(&text).filter(|read| read.unread.is_empty()) {
        Some(read) => taken(cells, F::Shift, text, &read.said),
        None => Time { shift: cells.word(F::Shift, words::shift), ..Time::default() },
    }
}

fn taken(cells: &mut RowCells<'_>, field: F, text: String, said: &shift::WorkTime) -> Time {
    let week = said.week();
    if week.as_ref().is_some_and(|week| week.is_assumed) {
        let days = said.most_days().to_string();
        cells.report_about(C::HoursDaysAssumed, field, &Text::new(days.as_str(), days.as_str()));
    }
    let hours = week.map(|week| week.spans);
    if hours.is_none() || weekdays::spans(&text) != hours {
        cells.keep(field, text);
    }
    Time { shift: said.shift, hours, night: said.night, overtime: said.overtime }
}
