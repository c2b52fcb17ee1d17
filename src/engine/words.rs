//! An explanation in sentences, Chinese and English from the same data.
//!
//! Each sentence is one fact with its values, short, polite, without a closing mark, so that callers can list or join them
//! ([`joined`]). What bars the pair comes first, with the article where the law is the reason; then what fits, what is missing,
//! what is unknown, what to check, and what would help most.

mod barred;
mod changes;
mod facts;
mod format;
pub mod training;
pub mod uncovered;
pub mod what_ifs;

use self::facts::{facts, skill_missing};
use self::format::{date, years};
use super::explain::{Caveat, Change, Explanation, GateResult, SkillMatch};
use super::input::{NameId, SkillId};
use super::score::{FULL, Part};
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
    all.extend(facts(e, names).into_iter().map(|(_, text)| text));
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

/// Whether a fact speaks for a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Fits,
    /// To be checked, or less than hoped for.
    But,
    /// Asked for and not there, or what bars the pair.
    Missing,
}

/// The reasons, each with what it says of the pair: what bars it, the facts, what is unknown, what to check. Without the points.
#[must_use]
pub fn reasons(e: &Explanation, names: &dyn Names) -> Vec<(Mark, Text)> {
    let barred = e.barring().map(|result| (Mark::Missing, barred::sentence(result, names)));
    let checks = e.caveats.iter().map(|caveat| caveat_sentence(caveat, names));
    let open = unknown(e).into_iter().chain(checks).map(|text| (Mark::But, text));
    barred.chain(facts(e, names)).chain(open).collect()
}

/// The one change that would help the pair most.
#[must_use]
pub fn best_change(e: &Explanation, names: &dyn Names) -> Option<Text> {
    e.best_change.as_ref().map(|improvement| changes::sentence(improvement, names))
}

/// A change in words, as the beginning of a sentence: "若学会……".
#[must_use]
pub fn change(change: &Change, names: &dyn Names) -> Text {
    changes::change(change, names)
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
    joined(&barred.chain(facts(e, names).into_iter().map(|(_, text)| text)).collect::<Vec<_>>())
}

/// What the post gets from the person, for the employer, each with whether it is what was asked: skills and experience asked for, met or not. It names only what the
/// posting itself names (a person's own word for a skill is free text), gives no exact months, and says nothing of hours, way, pay,
/// wishes, limits or what is unknown.
#[must_use]
pub fn for_employer(e: &Explanation, names: &dyn Names) -> Vec<(bool, Text)> {
    let skill = |m: &SkillMatch| {
        let asked = names.skill(m.asked);
        let text = match (m.met, m.by) {
            (true, Some(by)) if by.skill == m.asked => {
                Text::new(format!("会{}", asked.zh), format!("knows {}", asked.en))
            }
            (true, _) => {
                Text::new(format!("会与{}相近的技能", asked.zh), format!("has a skill that serves for {}", asked.en))
            }
            (false, _) => skill_missing(m, e.values.training_days, names),
        };
        (m.met, text)
    };
    // Of somebody whose skills nobody recorded, nothing is missing.
    let known = e.skills.iter().filter(|_| e.values.skills_known);
    let mut all: Vec<(bool, Text)> = known.map(skill).collect();
    let experience = e.values.experience_months.zip(e.values.experience_asked.filter(|asked| *asked > 0));
    all.extend(experience.map(|(months, asked)| {
        if months >= u32::from(asked) {
            (true, Text::new("经验达到要求", "the experience asked for is there"))
        } else {
            (false, Text::new("经验少于要求", "less experience than asked for"))
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
