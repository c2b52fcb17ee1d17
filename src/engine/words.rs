//! An explanation in sentences, Chinese and English from the same data.
//!
//! Each sentence is one fact with its values, short, polite, without a closing mark, so that callers can list or join them
//! ([`joined`]). What bars the pair comes first, with the article where the law is the reason; then what fits, what is missing,
//! what is unknown, what to check, and what would help most.

mod barred;
mod changes;
mod format;
pub mod training;
pub mod uncovered;
pub mod what_ifs;

use self::format::{clock, date, duration, minutes, pay_range, years, yuan};
use super::explain::{Caveat, Explanation, GateResult, SkillMatch};
use super::input::{NameId, SkillId};
use super::score::{FULL, Part};
use crate::domain::codes::Importance;
use crate::domain::text::{Text, counted};

/// Names of what an explanation refers to by number.
pub trait Names {
    fn skill(&self, id: SkillId) -> Text;
    /// Certificate, province, industry or employer.
    fn name(&self, id: NameId) -> Text;
}

/// All sentences of an explanation, in the order of the module docs.
#[must_use]
pub fn sentences(e: &Explanation, names: &dyn Names) -> Vec<Text> {
    let mut all = vec![headline(e)];
    all.extend(e.barring().map(|result| barred::sentence(result, names)));
    all.extend(facts(e, names));
    all.extend(unknown(e));
    all.extend(e.caveats.iter().map(|caveat| caveat_sentence(caveat, names)));
    all.extend(e.best_change.as_ref().map(|improvement| changes::sentence(improvement, names)));
    all.extend(e.valid_until.map(|day| {
        Text::new(
            format!("资料不变时有效至 {}", date(day).zh),
            format!("valid until {} if the records do not change", date(day).en),
        )
    }));
    all
}

/// Why a gate does not let the pair pass.
#[must_use]
pub fn bars(result: &GateResult, names: &dyn Names) -> Text {
    barred::sentence(result, names)
}

/// The short form: the facts alone, joined; for one line of a list.
#[must_use]
pub fn summary(e: &Explanation, names: &dyn Names) -> Text {
    let barred = e.barring().map(|result| barred::sentence(result, names));
    joined(&barred.chain(facts(e, names)).collect::<Vec<_>>())
}

/// What the post gets from the person, for the employer: skills and experience asked for, met or not. It names only what the
/// posting itself names (a person's own word for a skill is free text), gives no exact months, and says nothing of hours, way, pay,
/// wishes, limits or what is unknown.
#[must_use]
pub fn for_employer(e: &Explanation, names: &dyn Names) -> Vec<Text> {
    let skill = |m: &SkillMatch| {
        let asked = names.skill(m.asked);
        match (m.met, m.by) {
            (true, Some(by)) if by.skill == m.asked => {
                Text::new(format!("会{}", asked.zh), format!("knows {}", asked.en))
            }
            (true, _) => {
                Text::new(format!("会与{}相近的技能", asked.zh), format!("has a skill that serves for {}", asked.en))
            }
            (false, _) => skill_missing(m, e.values.training_days, names),
        }
    };
    // Of somebody whose skills nobody recorded, nothing is missing.
    let known = e.skills.iter().filter(|_| e.values.skills_known);
    let mut all: Vec<Text> = known.map(skill).collect();
    let experience = e.values.experience_months.zip(e.values.experience_asked.filter(|asked| *asked > 0));
    all.extend(experience.map(|(months, asked)| {
        if months >= u32::from(asked) {
            Text::new("经验达到要求", "the experience asked for is there")
        } else {
            Text::new("经验少于要求", "less experience than asked for")
        }
    }));
    all
}

/// Sentences joined into one, with the closing mark of each language; empty for none.
#[must_use]
pub fn joined(sentences: &[Text]) -> Text {
    if sentences.is_empty() {
        return Text::new("", "");
    }
    let zh: Vec<&str> = sentences.iter().map(|s| s.zh.as_str()).collect();
    let en: Vec<&str> = sentences.iter().map(|s| s.en.as_str()).collect();
    Text::new(format!("{}。", zh.join("；")), format!("{}.", en.join("; ")))
}

fn headline(e: &Explanation) -> Text {
    if !e.eligible {
        let n = e.barring().count();
        return Text::new(
            format!("不能推荐：有 {n} 项条件不符"),
            format!("cannot be recommended: {n} {} not met", if n == 1 { "condition is" } else { "conditions are" }),
        );
    }
    let (post, person) = (e.post_gets, e.person_gets);
    let (zh_known, en_known) = match e.known_weight() {
        (known, all) if known < all => {
            (format!("，已知权重 {known}/{all}"), format!(", known: {known} of {all} weight"))
        }
        _ => Default::default(),
    };
    Text::new(
        format!(
            "适合度 {} 分（满分 {FULL}{zh_known}）：岗位所得 {}/{}，本人所得 {}/{}",
            e.points, post.points, post.most, person.points, person.most
        ),
        format!(
            "suitability {} of {FULL}{en_known}: the post gets {}/{}, the person gets {}/{}",
            e.points, post.points, post.most, person.points, person.most
        ),
    )
}

fn facts(e: &Explanation, names: &dyn Names) -> Vec<Text> {
    let mut all: Vec<Text> = e.skills.iter().filter(|m| m.met).map(|m| skill_met(m, names)).collect();
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
fn unmet_skills(e: &Explanation, names: &dyn Names) -> Vec<Text> {
    let training_days = e.values.training_days;
    let unmet = e.skills.iter().filter(|m| !m.met);
    if e.values.skills_known {
        return unmet.map(|m| skill_missing(m, training_days, names)).collect();
    }
    let asks_first = training_days == 0;
    let (must, nice): (Vec<&SkillMatch>, Vec<&SkillMatch>) = unmet.partition(|m| m.importance == Importance::Must);
    let ask = must.into_iter().skip(usize::from(asks_first)).map(|m| {
        let skill = names.skill(m.asked);
        if asks_first {
            Text::new(format!("也请问是否会{}", skill.zh), format!("please ask about {} too", skill.en))
        } else {
            let days = counted(training_days, "day", "days");
            Text::new(
                format!("本人技能未登记；不会{}也可以（厂里 {training_days} 天可学会）", skill.zh),
                format!("no skill is recorded; {} is taught on the job in {days}", skill.en),
            )
        }
    });
    ask.chain(nice.into_iter().map(|m| skill_missing(m, training_days, names))).collect()
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

fn skill_missing(m: &SkillMatch, training_days: u16, names: &dyn Names) -> Text {
    let asked = names.skill(m.asked);
    let training = (training_days > 0).then(|| {
        let days = counted(training_days, "day", "days");
        (format!("（厂里 {training_days} 天可学会）"), format!(" (taught on the job in {days})"))
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

fn experience(e: &Explanation, names: &dyn Names) -> Option<Text> {
    let (months, asked) = (e.values.experience_months?, u32::from(e.values.experience_asked?));
    let occupation = names.skill(e.values.occupation?);
    let (has, wants) = (duration(months), duration(asked));
    Some(if asked == 0 {
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
    })
}

fn way(e: &Explanation, names: &dyn Names) -> Option<Text> {
    if e.values.works_at_home {
        return Some(Text::new("在家做，不用上班路程", "work at home, no way to work"));
    }
    if let Some(minutes) = e.values.way_minutes {
        let long = counted(minutes, "minute", "minutes");
        return Some(if e.values.on_foot {
            Text::new(format!("走路 {minutes} 分钟"), format!("{long} on foot"))
        } else {
            Text::new(format!("单程 {minutes} 分钟"), format!("{long} one way"))
        });
    }
    let province = names.name(e.values.province?);
    Some(match e.values.province_wished {
        Some(true) => {
            Text::new(format!("在{}，是想去的省份", province.zh), format!("in {}, a province wished for", province.en))
        }
        Some(false) => Text::new(
            format!("在{}，不是想去的省份", province.zh),
            format!("in {}, not a province wished for", province.en),
        ),
        None => Text::new(format!("在{}", province.zh), format!("in {}", province.en)),
    })
}

fn schedule(e: &Explanation) -> Vec<Text> {
    let mut all = Vec::new();
    let parts = e.values.schedule;
    if let Some(spare) = parts.spare_minutes.and_then(|spare| u32::try_from(spare).ok()).map(minutes) {
        let what = if e.values.has_care_hours { ("照护", "care") } else { ("本人事务", "other hours taken") };
        all.push(match e.values.day_ends {
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
        });
    }
    if let Some((wished, shift)) = parts.shift_wished.zip(e.values.shift) {
        let label = shift.label();
        all.push(if wished {
            Text::new(format!("{}，符合意向班次", label.zh), format!("{}, as wished", label.en))
        } else {
            Text::new(format!("{}，不是意向班次", label.zh), format!("{}, not the shift wished for", label.en))
        });
    }
    all.extend(parts.rest_days.map(|days| match days {
        0 => Text::new("每周没有休息日", "no day of rest in the week"),
        days => Text::new(format!("每周休息 {days} 天"), format!("{} of rest a week", counted(days, "day", "days"))),
    }));
    all
}

fn pay(e: &Explanation) -> Option<Text> {
    let offered = pay_range(e.values.pay_min, e.values.pay_max)?;
    let lower = e.values.pay_min.or(e.values.pay_max)?;
    let upper = e.values.pay_max.unwrap_or(lower);
    let (zh, en) = match e.values.expected_pay {
        None => (String::new(), String::new()),
        Some(expected) if expected < lower => ("，高于期望".to_owned(), ", above what is expected".to_owned()),
        Some(expected) if expected <= upper => ("，符合期望".to_owned(), ", as expected".to_owned()),
        Some(expected) => {
            let text = yuan(expected);
            (format!("，低于期望的 {}", text.zh), format!(", below the {} expected", text.en))
        }
    };
    Some(Text::new(format!("工资 {}{zh}", offered.zh), format!("pay {}{en}", offered.en)))
}

fn preference(e: &Explanation, names: &dyn Names) -> Vec<Text> {
    let parts = e.values.preference;
    let mut all = Vec::new();
    if let Some((points, occupation)) = parts.occupation.zip(e.values.occupation) {
        let occupation = names.skill(occupation);
        all.push(match points {
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
        });
    }
    all.extend(parts.industry.filter(|hit| *hit).map(|_| Text::new("是意向行业", "an industry wished for")));
    all.extend(parts.employer.filter(|hit| *hit).map(|_| Text::new("是意向企业", "an employer wished for")));
    all
}

/// Factors without data, in one sentence.
fn unknown(e: &Explanation) -> Option<Text> {
    let missing: Vec<&Part> = e.parts.iter().filter(|part| part.value.is_none() && part.weight > 0).collect();
    if missing.is_empty() {
        return None;
    }
    let zh: Vec<&str> = missing.iter().map(|part| part.factor.label().zh).collect();
    let en: Vec<&str> = missing.iter().map(|part| part.factor.label().en).collect();
    Some(Text::new(
        format!("资料不全，未计入：{}（不扣分，权重分给其他项）", zh.join("、")),
        format!("unknown and left out: {} (no points lost, the weight is shared out)", en.join(", ")),
    ))
}

fn caveat_sentence(caveat: &Caveat, names: &dyn Names) -> Text {
    match caveat {
        Caveat::Unknown { gate, compared } => barred::unknown(*gate, compared, names),
        Caveat::PastRetirement { since, certain: true } => Text::new(
            format!("已过法定退休年龄（{}），须签劳务协议", date(*since).zh),
            format!("past retirement age ({}): labour-service contract", date(*since).en),
        ),
        Caveat::PastRetirement { since, certain: false } => Text::new(
            format!("可能已过法定退休年龄（最早 {}，看原岗位类别），如已过须签劳务协议", date(*since).zh),
            format!(
                "may be past retirement age ({} at the earliest, by kind of post): then a labour-service contract",
                date(*since).en
            ),
        ),
        Caveat::Minor { until } => Text::new(
            format!("未成年工（到 {} 满 18 周岁）：须上岗前体检并向劳动部门登记", date(*until).zh),
            format!(
                "a minor worker (18 on {}): health check before work and registration with the labour office",
                date(*until).en
            ),
        ),
        Caveat::WayTooLong { minutes_short } => Text::new(
            format!("下班或上班路上还差 {minutes_short} 分钟才赶得上，请核对时间"),
            format!(
                "the way takes {} longer than there is; please check the hours",
                counted(*minutes_short, "minute", "minutes")
            ),
        ),
    }
}

/// Age in words; used by gate sentences.
fn age_text(age: Option<i32>) -> Text {
    age.map_or_else(|| Text::new("年龄不详", "age unknown"), years)
}
