//! What a posting offers and asks for, in words: the same for a clerk, a counselor's slip and the public.

use crate::app::postings::{AskedSkill, PostingFields};
use crate::domain::codes::{Hazard, PayKind};
use crate::domain::week::{Span, WEEKDAYS};

use super::words::Words;

/// Each thing that is said, with its name; what is not said is left out.
pub(super) fn facts(words: &Words, fields: &PostingFields) -> Vec<(&'static str, String)> {
    let english = words.is_english();
    let mut all: Vec<(&'static str, String)> = Vec::new();
    let mut say = |zh, en, text: Option<String>| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            all.push((words.say(zh, en), text));
        }
    };
    let told = |told: Option<bool>, yes: (&'static str, &'static str), no: (&'static str, &'static str)| {
        told.map(|told| if told { words.say(yes.0, yes.1) } else { words.say(no.0, no.1) }.to_owned())
    };
    say("工资", "Pay", pay(words, fields));
    say("班次", "Shift", fields.shift.map(|shift| words.label(shift.label()).to_owned()));
    say("上班时间", "Hours", Some(hours(words, &fields.hours)));
    say("夜班", "Night work", told(fields.night_work, ("有", "yes"), ("没有", "none")));
    say("加班", "Overtime", told(fields.overtime, ("有", "yes"), ("没有", "none")));
    say("年龄", "Age", ages(words, fields));
    let skill = |skill: &AskedSkill| {
        let how = words.label(skill.importance.label());
        if english {
            format!("{} (level {}, {how})", skill.name, skill.level)
        } else {
            format!("{}（{} 级，{how}）", skill.name, skill.level)
        }
    };
    let join = words.say("、", ", ");
    say("技能", "Skills", Some(fields.skills.iter().map(skill).collect::<Vec<_>>().join(join)));
    say("证书", "Certificates", Some(fields.certificates.join(join)));
    let days = |days: i64| if english { format!("{days} days") } else { format!("{days} 天") };
    say("厂里教", "Training", fields.training_days.filter(|days| *days > 0).map(days));
    let months = |months: i64| if english { format!("{months} months") } else { format!("{months} 个月") };
    say("经验", "Experience", fields.experience_months.filter(|months| *months > 0).map(months));
    say("劳动强度", "Physical grade", fields.physical_grade.map(|grade| grade.to_string()));
    let load = |kg: i64| if english { format!("{kg} kg") } else { format!("{kg} 公斤") };
    say("最重", "Heaviest load", fields.load_kg.map(load));
    let hazard = |(kind, grade): &(Hazard, Option<i64>)| {
        let kind = words.label(kind.label());
        grade.map_or_else(|| kind.to_owned(), |grade| format!("{kind} {grade}"))
    };
    let hazards = fields.hazards.as_ref().map(|all| match all.is_empty() {
        true => words.say("没有", "none").to_owned(),
        false => all.iter().map(hazard).collect::<Vec<_>>().join(join),
    });
    say("职业危害", "Hazards", hazards);
    say("地点", "Place", fields.place.clone());
    say("上岗", "First day", fields.start_on.map(|day| words.date(day)));
    let until = fields.valid_until.map_or_else(String::new, |day| words.date(day));
    say("招聘期", "Open", Some(format!("{} – {until}", words.date(fields.valid_from))));
    all
}

/// The wage with its unit.
pub(super) fn pay(words: &Words, fields: &PostingFields) -> Option<String> {
    let kind = fields.pay_kind?;
    let range = match (fields.pay_min_fen, fields.pay_max_fen) {
        (Some(min), Some(max)) if min != max => format!("{}–{}", yuan(min), yuan(max)),
        (Some(one), _) | (None, Some(one)) => yuan(one),
        (None, None) => return Some(words.label(kind.label()).to_owned()),
    };
    Some(match (words.is_english(), kind) {
        (false, PayKind::Piece) => format!("计件，每件 {range} 元"),
        (true, PayKind::Piece) => format!("{range} yuan a piece"),
        (false, _) => format!("{} {range} 元", words.label(kind.label())),
        (true, _) => format!("{range} yuan {}", words.label(kind.label())),
    })
}

fn ages(words: &Words, fields: &PostingFields) -> Option<String> {
    let english = words.is_english();
    let ages = match (fields.age_min, fields.age_max) {
        (Some(min), Some(max)) => format!("{min}–{max}"),
        (Some(min), None) if english => format!("{min} or older"),
        (Some(min), None) => format!("满 {min} 岁"),
        (None, Some(max)) if english => format!("up to {max}"),
        (None, Some(max)) => format!("{max} 岁以下"),
        (None, None) => return None,
    };
    let soft = if fields.age_is_soft { words.say("，可以放宽", ", may be relaxed") } else { "" };
    Some(format!("{ages}{soft}"))
}

fn hours(words: &Words, spans: &[Span]) -> String {
    let row =
        |(from, to, weekdays): (u16, u16, Vec<u8>)| format!("{} {}–{}", days(words, &weekdays), clock(from), clock(to));
    let rows: Vec<String> = by_time(spans).into_iter().map(row).collect();
    rows.join(words.say("；", "; "))
}

/// Days of the week; three and more in a row by the first and the last.
fn days(words: &Words, days: &[u8]) -> String {
    let name = |day: &u8| WEEKDAYS.get(usize::from(day.saturating_sub(1))).map_or("", |label| words.label(*label));
    let in_a_row = days.windows(2).all(|pair| matches!(pair, [a, b] if a + 1 == *b));
    match days {
        [first, _, .., last] if days.len() > 2 && in_a_row => {
            format!("{}{}{}", name(first), words.say("至", "–"), name(last))
        }
        days => days.iter().map(name).collect::<Vec<_>>().join(words.say("、", ", ")),
    }
}

/// Spans of the same hours together, with their days.
pub(super) fn by_time(spans: &[Span]) -> Vec<(u16, u16, Vec<u8>)> {
    let mut rows: Vec<(u16, u16, Vec<u8>)> = Vec::new();
    for span in spans {
        match rows.iter_mut().find(|(from, to, _)| (*from, *to) == (span.from, span.to)) {
            Some((.., days)) => days.push(span.weekday),
            None => rows.push((span.from, span.to, vec![span.weekday])),
        }
    }
    rows
}

/// As a browser's field for a time takes it: the end of the day is its beginning.
pub(super) fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

/// Fen as yuan, without decimals where there are none.
pub(super) fn yuan(fen: i64) -> String {
    if fen % 100 == 0 { (fen / 100).to_string() } else { format!("{}.{:02}", fen / 100, fen % 100) }
}
