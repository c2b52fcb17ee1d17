//! What do the columns of a posting say: missing data, pay, ages?

use super::matcher::Reading;
use super::{LawFinding, LawLevel, LawRule, MinimumWage, PostingFacts, PostingField};
use crate::domain::advert::numeral;
use crate::domain::ages::MINIMUM_WORKING_AGE;
use crate::domain::codes::PayKind;
use crate::domain::money::monthly_yuan;

pub fn check(posting: &PostingFacts<'_>, findings: &mut Vec<LawFinding>) {
    missing(posting, findings);
    pay(posting, findings);
    ages(posting, findings);
}

fn missing(posting: &PostingFacts<'_>, findings: &mut Vec<LawFinding>) {
    let blank = |text: Option<&str>| text.is_none_or(|text| text.trim().is_empty());
    let required = [
        (blank(posting.employer), LawRule::MissingEmployer, PostingField::Employer),
        (posting.headcount.is_none_or(|places| places == 0), LawRule::MissingHeadcount, PostingField::Headcount),
        (blank(Some(posting.title)), LawRule::MissingWork, PostingField::Title),
        (without_conditions(posting), LawRule::MissingConditions, PostingField::Description),
        (blank(posting.place), LawRule::MissingPlace, PostingField::Place),
        (posting.pay_kind.is_none() || base_pay(posting).is_none(), LawRule::MissingPay, PostingField::Pay),
        (posting.work.hazards.is_none(), LawRule::MissingHazards, PostingField::Hazards),
    ];
    for (_, rule, field) in required.into_iter().filter(|(missing, ..)| *missing) {
        findings.push(LawFinding::new(LawLevel::Block, rule, field, ""));
    }
    if posting.has_credit_code == Some(false) {
        findings.push(LawFinding::new(LawLevel::Warn, LawRule::NoCreditCode, PostingField::Employer, ""));
    }
}

/// Nothing says under which conditions, or with which abilities, the work is done.
fn without_conditions(posting: &PostingFacts<'_>) -> bool {
    let nothing = |texts: &[&str]| texts.iter().all(|text| text.trim().is_empty());
    posting.hours.is_empty()
        && posting.shift.is_none()
        && nothing(posting.skills)
        && nothing(posting.certificates)
        && posting.experience_months.is_none()
        && posting.description.is_none_or(|text| text.trim().is_empty())
}

/// The lowest pay promised: what everybody gets.
fn base_pay(posting: &PostingFacts<'_>) -> Option<i64> {
    posting.pay_min_fen.or(posting.pay_max_fen)
}

fn pay(posting: &PostingFacts<'_>, findings: &mut Vec<LawFinding>) {
    let unchecked = || LawFinding::new(LawLevel::Warn, LawRule::NoMinimumWage, PostingField::Pay, "");
    let minimum = posting.minimum_wage.unwrap_or_default();
    let (Some(kind), Some(fen)) = (posting.pay_kind, base_pay(posting)) else {
        if minimum == MinimumWage::default() {
            findings.push(unchecked());
        }
        return;
    };
    let below = match kind {
        PayKind::Hourly => minimum.hourly_fen.map(|least| fen < least),
        PayKind::Monthly | PayKind::Daily | PayKind::Piece => {
            minimum.monthly_yuan.map(|least| monthly_yuan(kind, fen).is_ok_and(|yuan| yuan < least))
        }
    };
    match below {
        None => findings.push(unchecked()),
        Some(true) => {
            let excerpt = format!("{}.{:02}", fen / 100, fen % 100);
            findings.push(LawFinding::new(LawLevel::Block, LawRule::BelowMinimumWage, PostingField::Pay, excerpt));
        }
        Some(false) => {}
    }
}

fn ages(posting: &PostingFacts<'_>, findings: &mut Vec<LawFinding>) {
    let (min, max) = (posting.age_min, posting.age_max);
    let range = || match (min, max) {
        (Some(min), Some(max)) => format!("{min}-{max}"),
        (Some(age), None) | (None, Some(age)) => age.to_string(),
        (None, None) => String::new(),
    };
    if [min, max].into_iter().flatten().any(|age| age < MINIMUM_WORKING_AGE) {
        findings.push(LawFinding::new(LawLevel::Block, LawRule::UnderSixteen, PostingField::Age, range()));
    }
    if max.is_some() {
        findings.push(LawFinding::new(LawLevel::Warn, LawRule::AgeLimit, PostingField::Age, range()));
    }
}

/// Words that say the age is somebody else's: of a child to look after, of a school class.
const OTHERS: [&str; 13] =
    ["儿童", "幼儿", "孩", "宝宝", "婴", "学生", "学员", "老人", "子女", "年级", "看护", "照看", "照顾"];

/// Ages of workers told in words: `18-45岁`, `十五周岁以上`, `35岁以下`.
pub fn ages_in_text(reading: &Reading<'_>, field: PostingField, findings: &mut Vec<LawFinding>) {
    let chars = reading.chars();
    for at in (0..chars.len()).filter(|at| chars[*at] == '岁') {
        let end = if at > 0 && chars[at - 1] == '周' { at - 1 } else { at };
        let Some((upper, upper_from)) = number_before(chars, end) else { continue };
        let joined = |from: usize| matches!(chars.get(from.wrapping_sub(1)), Some('-' | '至' | '到'));
        let mut lower_end = upper_from.wrapping_sub(1);
        if joined(upper_from) && lower_end > 0 && chars[lower_end - 1] == '岁' {
            lower_end -= 1;
        }
        let range = joined(upper_from).then(|| number_before(chars, lower_end)).flatten();
        let from = range.map_or(upper_from, |(_, from)| from);
        let near: String = chars[from.saturating_sub(8)..(at + 9).min(chars.len())].iter().collect();
        if OTHERS.iter().any(|word| near.contains(word)) {
            continue;
        }
        let after: String = chars[at + 1..(at + 3).min(chars.len())].iter().collect();
        let before: String = chars[from.saturating_sub(6)..from].iter().collect();
        let is_upper = ["以下", "以内", "之内", "封顶", "止", "内"].iter().any(|word| after.starts_with(word))
            || ["不超", "超过", "不大", "小于", "低于"]
                .iter()
                .any(|word| before.ends_with(word) || before.contains("不超过"));
        let is_floor = after.starts_with("以上")
            || ["满", "招", "招收", "年龄", "要求", "限"].iter().any(|word| before.ends_with(word));
        let excerpt = || reading.excerpt((from, (at + 3).min(chars.len())));
        let minimum = u32::from(MINIMUM_WORKING_AGE);
        let too_young = match range {
            Some((lower, _)) => lower < minimum && upper >= 12,
            None if is_upper => upper <= minimum,
            None => is_floor && (10..minimum).contains(&upper),
        };
        if too_young {
            findings.push(LawFinding::new(LawLevel::Block, LawRule::UnderSixteen, field, excerpt()));
        } else if range.is_some() || is_upper {
            findings.push(LawFinding::new(LawLevel::Warn, LawRule::AgeLimit, field, excerpt()));
        }
    }
}

/// The number that ends before `end`, at most 99, with where it begins. Chinese numerals of two digits are read too.
pub fn number_before(chars: &[char], end: usize) -> Option<(u32, usize)> {
    let digits = chars[..end].iter().rev().take_while(|c| c.is_ascii_digit()).count();
    if (1..=2).contains(&digits) {
        let text: String = chars[end - digits..end].iter().collect();
        return Some((text.parse().ok()?, end - digits));
    }
    let numerals = chars[..end].iter().rev().take_while(|c| numeral(**c).is_some()).count();
    if digits > 0 || numerals == 0 {
        return None;
    }
    let mut value = 0;
    for c in &chars[end - numerals..end] {
        value = match numeral(*c)? {
            10 => value.max(1) * 10,
            one => value + one,
        };
        if value > 99 {
            return None;
        }
    }
    Some((value, end - numerals))
}
