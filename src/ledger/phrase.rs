//! Cells that hold a small language of their own: hours of the week, care duties, skills, certificates, hazards, pay.
//!
//! Invariant: an hour that cannot be read is an error and never a missing hour, because a gate depends on it. Names of skills are
//! passed on as written; what they mean is decided elsewhere.

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use super::date::{Unreadable, read_date};
use super::words;
use super::workbook::Cell;
pub use crate::domain::advert::plain;
use crate::domain::advert::wage::{self, Posted, Unread, Wage};
use crate::domain::advert::{Parsed, weekdays};
use crate::domain::codes::{CareKind, Hazard};
use crate::domain::week::Span;

/// Parts of a list separated by 、 , ; / or line breaks, brackets kept whole.
#[must_use]
pub fn list(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0u32;
    for c in text.nfkc() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && matches!(c, '、' | ',' | ';' | '/' | '\n' | '\r') {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// The first phone number of a cell in its digits, and the others: several may stand on lines of their own or behind the names of
/// those they belong to. Without a number, nothing.
#[must_use]
pub fn phones(text: &str) -> (String, Vec<String>) {
    let text = plain(text);
    let parts = text.split(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | ' ' | '+')));
    let digits = |part: &str| part.chars().filter(char::is_ascii_digit).collect::<String>();
    let mut numbers: Vec<String> = Vec::new();
    for number in parts.map(digits).filter(|digits| digits.len() >= SHORTEST_PHONE) {
        match number.split_at_checked(MOBILE) {
            // Two with a blank between them.
            Some((one, other)) if other.len() == MOBILE && one.starts_with('1') && other.starts_with('1') => {
                numbers.extend([one.to_owned(), other.to_owned()]);
            }
            _ => {
                let national = number.strip_prefix("86").filter(|rest| rest.len() == MOBILE);
                numbers.push(national.unwrap_or(&number).to_owned());
            }
        }
    }
    if numbers.is_empty() {
        return (digits(&text), Vec::new());
    }
    let first = numbers.remove(0);
    (first, numbers)
}

/// Digits of a mobile number, and the fewest of any.
const MOBILE: usize = 11;
const SHORTEST_PHONE: usize = 7;

/// The first date that stands in a remark.
#[must_use]
pub fn day_within(remark: &str) -> Option<NaiveDate> {
    let text = plain(remark);
    let parts = text.split(|c: char| !(c.is_ascii_digit() || "年月日号.-/".contains(c)));
    let read = |part: &str| read_date(&Cell::Text(part.trim_matches(['.', '-', '/']).into())).ok().flatten();
    parts.filter(|part| part.chars().filter(char::is_ascii_digit).count() >= 5).find_map(read).map(|read| read.date)
}

/// Hours of the week; see [`weekdays::spans`].
///
/// # Errors
/// If any part cannot be read.
pub fn hours(text: &str) -> Result<Vec<Span>, Unreadable> {
    weekdays::spans(text).ok_or(Unreadable)
}

/// One care duty as written; the carer is a name within the household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Care {
    pub kind: CareKind,
    pub carer_name: Option<String>,
    pub hours: Vec<Span>,
}

/// `幼儿:周一至周五 07:00-08:30；老人(照护人:张三):每天 全天`. A part without its own kind goes on with the duty before.
///
/// # Errors
/// If any part cannot be read.
pub fn care(text: &str) -> Result<Vec<Care>, Unreadable> {
    // The carer's name must not pass through `plain`, which would change 至 and 到 in it.
    let text: String = text.nfkc().collect();
    let mut duties: Vec<Care> = Vec::new();
    for part in text.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
        let kind_ends = part.find(['(', ':']).unwrap_or(part.len());
        let Some(kind) = words::care_kind(&part[..kind_ends]) else {
            duties.last_mut().ok_or(Unreadable)?.hours.extend(hours(part)?);
            continue;
        };
        let mut rest = &part[kind_ends..];
        let mut carer_name = None;
        if let Some(inside) = rest.strip_prefix('(') {
            let (named, after) = inside.split_once(')').ok_or(Unreadable)?;
            let name =
                named.trim().trim_start_matches("照护人").trim_start_matches("照料人").trim_start_matches(':').trim();
            carer_name = (!name.is_empty()).then(|| name.to_owned());
            rest = after;
        }
        duties.push(Care { kind, carer_name, hours: hours(rest.trim_start_matches(':'))? });
    }
    for duty in &mut duties {
        duty.hours.sort_unstable();
    }
    if duties.is_empty() { Err(Unreadable) } else { Ok(duties) }
}

/// A skill as written, with what was said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedSkill {
    pub name: String,
    /// 1 to 5; 2 where nothing is said.
    pub level: u8,
    pub months: Option<u16>,
}

/// Level words, longest first so that 高级技师 is not read as 技师.
const LEVELS: &[(&str, u8)] = &[
    ("高级技师", 5),
    ("高级工", 3),
    ("中级工", 2),
    ("初级工", 1),
    ("会一点", 1),
    ("技师", 4),
    ("师傅", 4),
    ("精通", 4),
    ("高级", 3),
    ("熟练", 3),
    ("中级", 2),
    ("初级", 1),
    ("学徒", 1),
];
const UNSPECIFIED: u8 = 2;

/// `平缝3年、锁边(中级)1年6个月、做饭`. The word 无 alone is an empty list.
#[must_use]
pub fn skills(text: &str) -> Vec<NamedSkill> {
    let mut skills: Vec<NamedSkill> = Vec::new();
    for part in list(text) {
        if let Some(skill) = skill(&part)
            && !skills.iter().any(|known| known.name == skill.name)
        {
            skills.push(skill);
        }
    }
    skills
}

fn skill(part: &str) -> Option<NamedSkill> {
    let mut rest: String = part.chars().filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')' | ':')).collect();
    let months = take_duration(&mut rest);
    let mut level = UNSPECIFIED;
    for &(word, value) in LEVELS {
        let without = rest.strip_suffix(word).or_else(|| rest.strip_prefix(word));
        if let Some(without) = without.filter(|name| name.chars().count() >= 2) {
            level = value;
            rest = without.to_owned();
            break;
        }
    }
    let named = !rest.is_empty() && !matches!(rest.as_str(), "无" | "没有" | "-" | "暂无");
    named.then_some(NamedSkill { name: rest, level, months })
}

/// Cuts `3年`, `18个月`, `1年6个月`, `3年以上` out of a phrase and returns the months.
fn take_duration(rest: &mut String) -> Option<u16> {
    let mut months: Option<u16> = None;
    for (unit, factor) in [("个月", 1u16), ("年", 12)] {
        let Some(at) = rest.find(unit) else { continue };
        let digits = rest[..at].chars().rev().take_while(char::is_ascii_digit).count();
        let Ok(number) = rest[at - digits..at].parse::<u16>() else { continue };
        months = Some(months.unwrap_or(0).saturating_add(number.saturating_mul(factor)).min(1200));
        rest.replace_range(at - digits..at + unit.len(), "");
    }
    if months.is_some() {
        for word in ["以上", "经验", "工龄"] {
            *rest = rest.replace(word, "");
        }
    }
    months
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedCertificate {
    pub name: String,
    pub valid_until: Option<NaiveDate>,
}

/// `低压电工证(2027-05-01到期)、健康证`. A bracket that is not a date belongs to the name.
///
/// # Errors
/// If a bracket speaks of an expiry that cannot be read.
pub fn certificates(text: &str) -> Result<Vec<NamedCertificate>, Unreadable> {
    let mut certificates: Vec<NamedCertificate> = Vec::new();
    for part in list(text) {
        let mut name = part.clone();
        let mut valid_until = None;
        if let Some((before, inside)) = part.strip_suffix(')').and_then(|part| part.split_once('(')) {
            let inside = inside.trim();
            let words = ["到期", "有效期至", "有效期", "截止", "前有效"];
            let date = words.iter().fold(inside.to_owned(), |text, word| text.replace(word, ""));
            match read_date(&Cell::Text(date.trim().trim_matches(':').into())) {
                Ok(Some(read)) => {
                    valid_until = Some(read.date);
                    name = before.trim().to_owned();
                }
                _ if date != inside && inside.contains(|c: char| c.is_ascii_digit()) => return Err(Unreadable),
                _ => {}
            }
        }
        if !matches!(name.as_str(), "" | "无" | "没有") && !certificates.iter().any(|known| known.name == name) {
            certificates.push(NamedCertificate { name, valid_until });
        }
    }
    Ok(certificates)
}

/// `无` → an empty, complete list; `粉尘Ⅱ级、噪声` → kinds with grades. Words that are not known become `Other`, and are the
/// second list.
#[must_use]
pub fn hazards(text: &str) -> (Vec<(Hazard, Option<u8>)>, Vec<String>) {
    let mut hazards: Vec<(Hazard, Option<u8>)> = Vec::new();
    let mut unknown = Vec::new();
    for part in list(text) {
        let part = part.replace(['(', ')'], "");
        if matches!(part.as_str(), "无" | "没有" | "否") {
            continue;
        }
        let (name, grade) = split_grade(&part);
        let kind = words::hazard(name).unwrap_or_else(|| {
            unknown.push(name.to_owned());
            Hazard::Other
        });
        match hazards.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, known)) => *known = (*known).max(grade),
            None => hazards.push((kind, grade)),
        }
    }
    (hazards, unknown)
}

fn split_grade(part: &str) -> (&str, Option<u8>) {
    let body = part.trim_end_matches('级');
    let name = body.trim_end_matches(|c: char| "IViv1234一二三四".contains(c));
    match words::grade(&body[name.len()..]) {
        Some(grade) if !name.is_empty() => (name, Some(grade)),
        _ => (part, None),
    }
}

/// A wage text as it is read. The result of a formula, `2833.3333333333335`, is rounded to fen first.
///
/// # Errors
/// As [`wage::read`].
pub fn wage(text: &str) -> Result<Parsed<Wage>, Unread> {
    let is_figure = text.chars().all(|c| c.is_ascii_digit() || c == '.');
    match text.parse::<f64>() {
        Ok(yuan) if is_figure => wage::read(&format!("{yuan:.2}")),
        _ => wage::read(text),
    }
}

/// A sum of money or a range of it in the terms of a posting; `None` where the text says anything else beside it.
/// The unit a column's title gives the sums below it, as one would write it behind them: `（千元）`, `（元/天）`, 年收入.
#[must_use]
pub fn unit_of_title(title: &str) -> Option<&'static str> {
    let title = plain(title);
    let has = |words: &[&str]| words.iter().any(|word| title.contains(word));
    let by_time = [
        (&["/天", "/日", "日工资", "日薪", "每天"][..], ["元/天", "千元/天", "万元/天"]),
        (&["/小时", "/时", "时薪", "每小时"], ["元/小时", "千元/小时", "万元/小时"]),
        (&["/年", "年收入", "年薪", "年工资", "每年"], ["元/年", "千元/年", "万元/年"]),
    ];
    let scale = if has(&["万元"]) { 2 } else { usize::from(has(&["千元"])) };
    let per_time = by_time.iter().find(|(words, _)| has(words)).map(|(_, units)| units[scale]);
    per_time.or_else(|| [None, Some("千元/月"), Some("万元/月")][scale])
}

#[must_use]
pub fn money(text: &str) -> Option<Posted> {
    let wage = wage(text).ok().filter(|wage| wage.unread.is_empty())?;
    wage.said.income().filter(|income| income.min_fen.is_some())
}
