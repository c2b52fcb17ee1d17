//! What speaks for a pair and what does not: one fact, one sentence.

use super::format::{clock, duration, minutes, pay_range, yuan};
use super::{Mark, Names};
use crate::domain::codes::Importance;
use crate::domain::text::{Text, counted};
use crate::engine::explain::{Explanation, SkillMatch};
use crate::engine::score::FULL;

/// The facts of a pair, what fits first, what is missing last.
pub fn facts(e: &Explanation, names: &dyn Names) -> Vec<(Mark, Text)> {
    let met = e.skills.iter().filter(|m| m.met);
    let mut all: Vec<(Mark, Text)> = met.map(|m| (Mark::Fits, skill_met(m, names))).collect();
    all.extend(experience(e, names));
    all.extend(way(e, names));
    all.extend(schedule(e));
    all.extend(pay(e));
    all.extend(preference(e, names));
    all.extend(unmet_skills(e, names));
    all
}

/// What is asked and not met. Nothing recorded is not the same as nothing there: the gate's caveat asks about the first must
/// skill, and here are the others.
fn unmet_skills(e: &Explanation, names: &dyn Names) -> Vec<(Mark, Text)> {
    let training_days = e.values.training_days;
    let missing = |m: &SkillMatch| {
        let mark = if m.importance == Importance::Must { Mark::Missing } else { Mark::But };
        (mark, skill_missing(m, training_days, names))
    };
    let unmet = e.skills.iter().filter(|m| !m.met);
    if e.values.skills_known {
        return unmet.map(missing).collect();
    }
    let (must, nice): (Vec<&SkillMatch>, Vec<&SkillMatch>) = unmet.partition(|m| m.importance == Importance::Must);
    let asks_first = training_days == 0;
    let ask = must.into_iter().skip(usize::from(asks_first)).map(|m| {
        let skill = names.skill(m.asked);
        let text = if asks_first {
            Text::new(format!("也请问是否会{}", skill.zh), format!("please ask about {} too", skill.en))
        } else {
            Text::new(
                format!("本人技能未登记；不会{}也可以（厂里 {training_days} 天可学会）", skill.zh),
                format!(
                    "no skill is recorded; {} is taught on the job in {}",
                    skill.en,
                    counted(training_days, "day", "days")
                ),
            )
        };
        (Mark::But, text)
    });
    ask.chain(nice.into_iter().map(missing)).collect()
}

fn skill_met(m: &SkillMatch, names: &dyn Names) -> Text {
    let asked = names.skill(m.asked);
    let Some(by) = m.by else { return asked };
    let held = names.skill(by.skill);
    let time = by.months.filter(|months| *months > 0).map(|months| duration(u32::from(months)));
    let (zh_time, en_time) = time.map_or_else(Default::default, |t| (format!(" {}", t.zh), format!(" for {}", t.en)));
    let (zh_for, en_for) = if by.skill == m.asked {
        (String::new(), String::new())
    } else {
        (format!("（可用于{}）", asked.zh), format!(" (serves for {})", asked.en))
    };
    Text::new(format!("会{}{zh_time}{zh_for}", held.zh), format!("knows {}{en_time}{en_for}", held.en))
}

pub fn skill_missing(m: &SkillMatch, training_days: u16, names: &dyn Names) -> Text {
    let asked = names.skill(m.asked);
    let training = (training_days > 0).then(|| {
        (
            format!("（厂里 {training_days} 天可学会）"),
            format!(" (taught on the job in {})", counted(training_days, "day", "days")),
        )
    });
    let (zh_training, en_training) = training.unwrap_or_default();
    let (zh, en) = match (m.by.filter(|by| by.skill == m.asked), m.importance) {
        (Some(by), _) => (
            format!("{}为 {} 级，要求 {} 级", asked.zh, by.level, m.level_asked),
            format!("{} at level {}, asked is level {}", asked.en, by.level, m.level_asked),
        ),
        (None, Importance::Must) => (format!("缺：{}", asked.zh), format!("missing: {}", asked.en)),
        (None, Importance::Nice) => (format!("会{}更好", asked.zh), format!("{} would be a plus", asked.en)),
    };
    Text::new(zh + &zh_training, en + &en_training)
}

fn experience(e: &Explanation, names: &dyn Names) -> Option<(Mark, Text)> {
    let (months, asked) = (e.values.experience_months?, u32::from(e.values.experience_asked?));
    let occupation = names.skill(e.values.occupation?);
    let (has, wants) = (duration(months), duration(asked));
    let mark = if months >= asked { Mark::Fits } else { Mark::But };
    let text = if asked == 0 {
        Text::new("不要求经验", "no experience is asked")
    } else if months == 0 {
        Text::new(
            format!("没有{}或相近经验的记录（要求 {}）", occupation.zh, wants.zh),
            format!("no experience on record in {} or near it (asked: {})", occupation.en, wants.en),
        )
    } else {
        Text::new(
            format!("{}或相近经验 {}（要求 {}）", occupation.zh, has.zh, wants.zh),
            format!("{} of experience in {} or near it (asked: {})", has.en, occupation.en, wants.en),
        )
    };
    Some((mark, text))
}

fn way(e: &Explanation, names: &dyn Names) -> Option<(Mark, Text)> {
    if e.values.works_at_home {
        return Some((Mark::Fits, Text::new("在家做，不用上班路程", "work at home, no way to work")));
    }
    if let Some(minutes) = e.values.way_minutes {
        let text = if e.values.on_foot {
            Text::new(format!("走路 {minutes} 分钟"), format!("{} on foot", counted(minutes, "minute", "minutes")))
        } else {
            Text::new(format!("单程 {minutes} 分钟"), format!("{} one way", counted(minutes, "minute", "minutes")))
        };
        return Some((Mark::Fits, text));
    }
    let province = names.name(e.values.province?);
    let mark = if e.values.province_wished == Some(false) { Mark::But } else { Mark::Fits };
    let text = match e.values.province_wished {
        Some(true) => {
            Text::new(format!("在{}，是想去的省份", province.zh), format!("in {}, a province wished for", province.en))
        }
        Some(false) => Text::new(
            format!("在{}，不是想去的省份", province.zh),
            format!("in {}, not a province wished for", province.en),
        ),
        None => Text::new(format!("在{}", province.zh), format!("in {}", province.en)),
    };
    Some((mark, text))
}

fn schedule(e: &Explanation) -> Vec<(Mark, Text)> {
    let mut all = Vec::new();
    let parts = e.values.schedule;
    if let Some(spare) = parts.spare_minutes.and_then(|spare| u32::try_from(spare).ok()).map(minutes) {
        let what = if e.values.has_care_hours { ("照护", "care") } else { ("本人事务", "other hours taken") };
        let text = match e.values.day_ends {
            Some(end) => Text::new(
                format!("{} 下班，不耽误{}，扣除路上时间还有 {}富余", clock(end), what.0, spare.zh),
                format!(
                    "work ends at {}, in time for {}, with {} to spare after the way",
                    clock(end),
                    what.1,
                    spare.en
                ),
            ),
            None => Text::new(
                format!("与{}时间错开，扣除路上时间还有 {}富余", what.0, spare.zh),
                format!("clear of {}, with {} to spare after the way", what.1, spare.en),
            ),
        };
        all.push((Mark::Fits, text));
    }
    if let Some((wished, shift)) = parts.shift_wished.zip(e.values.shift) {
        let label = shift.label();
        all.push(if wished {
            (Mark::Fits, Text::new(format!("{}，符合意向班次", label.zh), format!("{}, as wished", label.en)))
        } else {
            (
                Mark::But,
                Text::new(format!("{}，不是意向班次", label.zh), format!("{}, not the shift wished for", label.en)),
            )
        });
    }
    all.extend(parts.rest_days.map(|days| match days {
        0 => (Mark::But, Text::new("每周没有休息日", "no day of rest in the week")),

        days => (
            Mark::Fits,
            Text::new(format!("每周休息 {days} 天"), format!("{} of rest a week", counted(days, "day", "days"))),
        ),
    }));
    all
}

fn pay(e: &Explanation) -> Option<(Mark, Text)> {
    let offered = pay_range(e.values.pay_min, e.values.pay_max)?;
    let lower = e.values.pay_min.or(e.values.pay_max)?;
    let upper = e.values.pay_max.unwrap_or(lower);
    let mark = if e.values.expected_pay.is_some_and(|expected| expected > upper) { Mark::But } else { Mark::Fits };
    let (zh, en) = match e.values.expected_pay {
        None => (String::new(), String::new()),
        Some(expected) if expected < lower => ("，高于期望".to_owned(), ", above what is expected".to_owned()),
        Some(expected) if expected <= upper => ("，符合期望".to_owned(), ", as expected".to_owned()),
        Some(expected) => {
            let text = yuan(expected);
            (format!("，低于期望的 {}", text.zh), format!(", below the {} expected", text.en))
        }
    };
    Some((mark, Text::new(format!("工资 {}{zh}", offered.zh), format!("pay {}{en}", offered.en))))
}

fn preference(e: &Explanation, names: &dyn Names) -> Vec<(Mark, Text)> {
    let parts = e.values.preference;
    let mut all = Vec::new();
    if let Some((points, occupation)) = parts.occupation.zip(e.values.occupation) {
        let occupation = names.skill(occupation);
        let mark = if points == 0 { Mark::But } else { Mark::Fits };
        let text = match points {
            FULL => Text::new(
                format!("{}是意向岗位", occupation.zh),
                format!("{} is an occupation wished for", occupation.en),
            ),
            0 => Text::new(
                format!("{}不在意向岗位中", occupation.zh),
                format!("{} is not among the occupations wished for", occupation.en),
            ),
            _ => Text::new(
                format!("{}与意向岗位相近", occupation.zh),
                format!("{} is near an occupation wished for", occupation.en),
            ),
        };
        all.push((mark, text));
    }
    let fits = |hit: Option<bool>, zh, en| hit.filter(|hit| *hit).map(|_| (Mark::Fits, Text::new(zh, en)));
    all.extend(fits(parts.industry, "是意向行业", "an industry wished for"));
    all.extend(fits(parts.employer, "是意向企业", "an employer wished for"));
    all
}
