//! What a posting offers and asks for, in words: the same on every workbench, and for the public.

use super::hours;
use super::words::Words;
use crate::app::postings::{AskedSkill, PostingFields};
use crate::domain::codes::{Hazard, PayKind};

/// Each thing that is said, with its name; what is not said is left out.
pub fn facts(words: &Words, fields: &PostingFields) -> Vec<(&'static str, String)> {
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
    say("上班时间", "Hours", Some(hours::said(words, &fields.hours)));
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

/// The pay with its unit; `None` where nothing is said of it.
pub fn pay(words: &Words, fields: &PostingFields) -> Option<String> {
    let kind = fields.pay_kind?;
    let label = words.label(kind.label());
    let range = match (fields.pay_min_fen, fields.pay_max_fen) {
        (Some(min), Some(max)) if min != max => format!("{}–{}", yuan(min), yuan(max)),
        (Some(one), _) | (None, Some(one)) => yuan(one),
        (None, None) => return Some(label.to_owned()),
    };
    Some(match (words.is_english(), kind) {
        // The employer's estimate for a month, see `monthly_yuan`.
        (false, PayKind::Piece) => format!("计件，每月约 {range} 元"),
        (true, PayKind::Piece) => format!("piece work, about {range} yuan a month"),
        (false, _) => format!("{label} {range} 元"),
        (true, _) => format!("{range} yuan {label}"),
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

/// Fen as yuan, without decimals where there are none.
pub fn yuan(fen: i64) -> String {
    if fen % 100 == 0 { (fen / 100).to_string() } else { format!("{}.{:02}", fen / 100, fen % 100) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_stand_only_where_there_are_some() {
        assert_eq!((yuan(280_000), yuan(1_805)), ("2800".to_owned(), "18.05".to_owned()));
    }
}
