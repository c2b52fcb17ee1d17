//! One sentence per gate: why it bars a pair, or what could not be checked.

use chrono::NaiveDate;

use super::format::{date, hours, yuan};
use super::{Names, age_text};
use crate::domain::text::{Label, Text, counted};
use crate::domain::work_limits::MinorLimit;
use crate::engine::explain::GateResult;
use crate::engine::gates::{Compared, Gate, Outcome};
use crate::engine::input::Unavailable;

/// Why a gate bars the pair.
pub fn sentence(result: &GateResult, names: &dyn Names) -> Text {
    let reason = if result.check.outcome == Outcome::Unknown {
        missing(result.gate, &result.check.compared, names)
    } else {
        reason(result.gate, &result.check.compared, names)
    };
    with_article(reason, result.gate.article())
}

/// What has to be checked because data is missing.
pub fn unknown(gate: Gate, compared: &Compared, names: &dyn Names) -> Text {
    let missing = missing(gate, compared, names);
    let text = Text::new(format!("待核实：{}", missing.zh), format!("to be checked: {}", missing.en));
    with_article(text, gate.article())
}

fn with_article(text: Text, article: Option<Label>) -> Text {
    match article {
        Some(article) => Text::new(format!("{}（{}）", text.zh, article.zh), format!("{} ({})", text.en, article.en)),
        None => text,
    }
}

fn reason(gate: Gate, compared: &Compared, names: &dyn Names) -> Text {
    match compared {
        Compared::PostingOpen { n_vacancies: 0, .. } => Text::new("岗位已招满", "no place is left"),
        Compared::PostingOpen { today, from, .. } if today < from => {
            Text::new(format!("岗位 {} 起才招人", date(*from).zh), format!("the posting opens on {}", date(*from).en))
        }
        Compared::PostingOpen { until, .. } => until.map_or_else(
            || Text::new("岗位不在招聘期内", "the posting is not open"),
            |day| {
                Text::new(
                    format!("岗位招聘已于 {} 截止", date(day).zh),
                    format!("the posting closed on {}", date(day).en),
                )
            },
        ),
        Compared::Available(why) => available(*why),
        Compared::LegalAge { turns_16_on, today, minor_limit, .. } => legal_age(*turns_16_on, *today, *minor_limit),
        Compared::Age { years, min, max, .. } => {
            let (age, range) = (age_text(*years), age_range(*min, *max));
            Text::new(
                format!("{}，岗位要求 {}", age.zh, range.zh),
                format!("{}, the posting asks {}", age.en, range.en),
            )
        }
        Compared::Capacity { none_left: true, .. } => {
            Text::new("登记为丧失或无劳动能力", "recorded as without capacity for work")
        }
        Compared::Capacity { grade, load_kg, posture, .. } => capacity(*grade, *load_kg, *posture),
        Compared::Hours { overlap, way: Some(minutes), .. } => {
            let overlap = hours(overlap);
            Text::new(
                format!("算上单程 {minutes} 分钟的路，与本人照护时间冲突：{}", overlap.zh),
                format!(
                    "with {minutes} minutes of way each way, it falls into hours in which the person is the carer: {}",
                    overlap.en
                ),
            )
        }
        Compared::Hours { overlap, .. } => {
            let overlap = hours(overlap);
            let (zh, en) = if gate == Gate::CareDuty {
                ("本人照护时间", "hours in which the person is the carer")
            } else {
                ("本人不能上班的时间", "hours the person cannot work")
            };
            Text::new(format!("上班时间与{zh}冲突：{}", overlap.zh), format!("work falls into {en}: {}", overlap.en))
        }
        Compared::Willing(_) => Text::new("登记为暂无就业意愿", "recorded as not wanting work now"),
        Compared::RuledOut { night, overtime, chemicals } => {
            let conditions =
                [(night, "夜班", "night work"), (overtime, "加班", "overtime"), (chemicals, "接触化学品", "chemicals")];
            let hit: Vec<_> = conditions.iter().filter(|(has, _, _)| **has == Some(Some(true))).collect();
            let zh: Vec<&str> = hit.iter().map(|(_, zh, _)| *zh).collect();
            let en: Vec<&str> = hit.iter().map(|(_, _, en)| *en).collect();
            Text::new(
                format!("岗位有本人不接受的{}", zh.join("、")),
                format!("the post has {}, which the person ruled out", en.join(", ")),
            )
        }
        Compared::LawSex { .. } => {
            Text::new("岗位属女职工禁忌劳动范围", "the post is on the list of work forbidden to women")
        }
        Compared::HazardCheck { .. } => Text::new("缺有效的职业健康检查", "no valid occupational health check"),
        Compared::PublicWelfare { years, months_used, .. } => {
            let age = age_text(*years);
            let (zh, en) = months_used.map_or_else(Default::default, |m| {
                (format!("，已用 {m} 个月"), format!(", {} used", counted(m, "month", "months")))
            });
            Text::new(
                format!("不符合公益性岗位条件：{}{zh}", age.zh),
                format!("outside the public-welfare conditions: {}{en}", age.en),
            )
        }
        Compared::Accepts { channel, channel_ok: false, .. } => {
            let label = channel.label();
            Text::new(format!("本人不接受渠道：{}", label.zh), format!("the channel \"{}\" is not accepted", label.en))
        }
        Compared::Accepts { region, .. } => {
            let (zh, en) = region.map_or(("不详", "unknown"), |r| (r.label().zh, r.label().en));
            Text::new(format!("本人不接受地域：{zh}"), format!("work {en} is not accepted"))
        }
        Compared::Minutes { way, limit } => {
            let (way, limit) = (way.unwrap_or(0), limit.unwrap_or(0));
            Text::new(
                format!("单程 {way} 分钟，超过本人上限 {limit} 分钟"),
                format!("{} one way, above the person's limit of {limit}", counted(way, "minute", "minutes")),
            )
        }
        Compared::Skill { missing, .. } => missing.map_or_else(
            || Text::new("缺必备技能", "a required skill is missing"),
            |asked| {
                let skill = names.skill(asked.skill);
                Text::new(
                    format!("缺必备技能：{}（{} 级），企业不培训", skill.zh, asked.level),
                    format!("required skill missing: {} (level {}), no training given", skill.en, asked.level),
                )
            },
        ),
        Compared::Certificate { missing, expired_on, start } => {
            let name = missing.map_or_else(|| Text::new("证书", "certificate"), |name| names.name(name));
            match expired_on {
                Some(day) => Text::new(
                    format!("{} 于 {} 到期，上岗日 {} 无效", name.zh, date(*day).zh, date(*start).zh),
                    format!("{} runs out on {}, before work starts on {}", name.en, date(*day).en, date(*start).en),
                ),
                None => Text::new(format!("缺证书：{}", name.zh), format!("certificate missing: {}", name.en)),
            }
        }
        Compared::PayFloor { floor, upper } => {
            let (upper, floor) = (yuan(upper.unwrap_or(0)), yuan(floor.unwrap_or(0)));
            Text::new(
                format!("最高工资 {}，低于本人最低要求 {}", upper.zh, floor.zh),
                format!("pays {} at most, below the person's floor of {}", upper.en, floor.en),
            )
        }
        Compared::Declined { on, again_from } => {
            let on = on.map_or_else(|| Text::new("近期", "recently"), date);
            let again = again_from.map_or_else(|| Text::new("之后", "later"), date);
            Text::new(
                format!("{} 本人或企业已拒绝，{} 起可再推荐", on.zh, again.zh),
                format!("declined by the person or the employer on {}, may be proposed again from {}", on.en, again.en),
            )
        }
    }
}

fn available(why: Option<Unavailable>) -> Text {
    match why {
        Some(Unavailable::InSchool) => Text::new("在校生", "in school"),
        Some(Unavailable::Away(absence)) => {
            let label = absence.label();
            Text::new(format!("不在家：{}", label.zh), format!("away: {}", label.en))
        }
        Some(Unavailable::Deceased) => Text::new("已去世", "deceased"),
        Some(Unavailable::Restricted) => Text::new("个人信息限制处理", "personal data is restricted"),
        Some(Unavailable::Employed) => Text::new("已就业，未提出换岗", "in a job and not looking for another"),
        None => Text::new("可就业", "available"),
    }
}

fn legal_age(turns_16_on: Option<NaiveDate>, today: NaiveDate, minor_limit: Option<MinorLimit>) -> Text {
    match (turns_16_on, minor_limit) {
        (None, _) => Text::new("出生日期不详", "birth date unknown"),
        (Some(day), Some(limit)) if day <= today => {
            let limit = limit.label();
            Text::new(
                format!("未满 18 周岁，岗位不适合未成年工：{}", limit.zh),
                format!("under 18, and the post is closed to minors: {}", limit.en),
            )
        }
        (Some(day), _) => Text::new(
            format!("未满 16 周岁（{} 起算满）", date(day).zh),
            format!("under 16 (counted as 16 from {})", date(day).en),
        ),
    }
}

fn age_range(min: Option<u8>, max: Option<u8>) -> Text {
    match (min, max) {
        (Some(min), Some(max)) => Text::new(format!("{min}–{max} 周岁"), format!("{min} to {max}")),
        (Some(min), None) => Text::new(format!("满 {min} 周岁"), format!("{min} or older")),
        (None, Some(max)) => Text::new(format!("{max} 周岁以下（含）"), format!("{max} or younger")),
        (None, None) => Text::new("不限年龄", "any age"),
    }
}

type Pair<T> = (Option<T>, Option<T>);

fn capacity(grade: Pair<u8>, load_kg: Pair<u16>, posture: Pair<bool>) -> Text {
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    if let (Some(limit), Some(asked)) = grade
        && asked > limit
    {
        zh.push(format!("体力等级 {asked} 级，本人可承受 {limit} 级"));
        en.push(format!("physical grade {asked}, the person can take on {limit}"));
    }
    if let (Some(limit), Some(asked)) = load_kg
        && asked > limit
    {
        zh.push(format!("搬运 {asked} 公斤，本人可承受 {limit} 公斤"));
        en.push(format!("loads of {asked} kg, the person can take on {limit} kg"));
    }
    if posture == (Some(true), Some(true)) {
        zh.push("流水线强迫体位，本人不能承受".to_owned());
        en.push("line work with forced posture, which the person cannot do".to_owned());
    }
    Text::new(zh.join("，"), en.join(", "))
}

/// The demands and limits of which only one side is recorded.
fn capacity_missing(grade: Pair<u8>, load_kg: Pair<u16>, posture: Pair<bool>) -> Text {
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    match grade {
        (None, Some(asked)) => {
            zh.push(format!("岗位体力等级 {asked} 级，本人可承受等级未登记"));
            en.push(format!("the post is of physical grade {asked}, the person's capacity is not recorded"));
        }
        (Some(limit), None) => {
            zh.push(format!("岗位未写体力等级，本人可承受 {limit} 级"));
            en.push(format!("the post gives no physical grade, the person can take on {limit}"));
        }
        _ => {}
    }
    match load_kg {
        (None, Some(asked)) => {
            zh.push(format!("岗位搬运 {asked} 公斤，本人可承受重量未登记"));
            en.push(format!("the post has loads of {asked} kg, the person's limit is not recorded"));
        }
        (Some(limit), None) => {
            zh.push(format!("岗位未写搬运重量，本人可承受 {limit} 公斤"));
            en.push(format!("the post gives no loads, the person can take on {limit} kg"));
        }
        _ => {}
    }
    match posture {
        (None, Some(true)) => {
            zh.push("流水线强迫体位，本人能否承受未登记".to_owned());
            en.push("line work with forced posture, whether the person can is not recorded".to_owned());
        }
        (Some(true), None) => {
            zh.push("岗位未写有无强迫体位，本人不能承受".to_owned());
            en.push("the post does not say about forced posture, which the person cannot do".to_owned());
        }
        _ => {}
    }
    Text::new(zh.join("，"), en.join(", "))
}

/// What is not known.
fn missing(gate: Gate, compared: &Compared, names: &dyn Names) -> Text {
    match compared {
        Compared::Willing(_) => {
            Text::new("就业意愿未登记，请先问本人", "willingness is not recorded; please ask first")
        }
        Compared::LegalAge { .. } => {
            Text::new("出生日期不详，不能确认已满 16 周岁", "birth date unknown, 16 cannot be confirmed")
        }
        Compared::Age { min, max, .. } => {
            let range = age_range(*min, *max);
            Text::new(format!("年龄不详，岗位要求 {}", range.zh), format!("age unknown, the posting asks {}", range.en))
        }
        Compared::Capacity { grade, load_kg, posture, .. } => capacity_missing(*grade, *load_kg, *posture),
        Compared::Hours { .. } if gate == Gate::CareDuty => {
            Text::new("岗位未写上班时间，不能确认不影响照护", "the post gives no hours; it may fall into care hours")
        }
        Compared::Hours { .. } => Text::new(
            "岗位未写上班时间，不能确认不冲突",
            "the post gives no hours; they may fall into hours that are taken",
        ),
        Compared::RuledOut { night, overtime, chemicals } => {
            let conditions =
                [(night, "夜班", "night work"), (overtime, "加班", "overtime"), (chemicals, "化学品", "chemicals")];
            let open: Vec<_> = conditions.iter().filter(|(has, _, _)| **has == Some(None)).collect();
            let zh: Vec<&str> = open.iter().map(|(_, zh, _)| *zh).collect();
            let en: Vec<&str> = open.iter().map(|(_, _, en)| *en).collect();
            Text::new(
                format!("岗位未说明有无{}（本人不接受）", zh.join("、")),
                format!("the post does not say about {}, which the person ruled out", en.join(", ")),
            )
        }
        Compared::HazardCheck { has_hazard: Some(true), valid_until: Some(day), start } => Text::new(
            format!("有职业危害，健康检查 {} 到期，上岗日 {} 前须重做", date(*day).zh, date(*start).zh),
            format!(
                "the post has a hazard and the health check runs out on {}; renew it before {}",
                date(*day).en,
                date(*start).en
            ),
        ),
        Compared::HazardCheck { has_hazard: Some(true), .. } => Text::new(
            "有职业危害，录用前须做职业健康检查",
            "the post has a hazard: occupational health check before hire",
        ),
        Compared::HazardCheck { .. } => {
            Text::new("岗位未说明有无职业危害", "the post does not say whether there is a hazard")
        }
        Compared::PublicWelfare { .. } => Text::new(
            "公益性岗位已用月数或退休时间不详",
            "months used in public-welfare posts or the retirement day are not sure",
        ),
        Compared::Accepts { .. } => Text::new("岗位地域不详", "the region of the post is not known"),
        Compared::Minutes { limit, .. } => {
            let limit = limit.unwrap_or(0);
            Text::new(
                format!("路程不详（本人上限 {limit} 分钟）"),
                format!("the way is not known (the person's limit is {limit} minutes)"),
            )
        }
        Compared::Skill { missing, .. } => {
            let skill =
                missing.map_or_else(|| Text::new("必备技能", "a required skill"), |asked| names.skill(asked.skill));
            Text::new(
                format!("本人技能未登记，请问是否会{}", skill.zh),
                format!("no skill is recorded; please ask about {}", skill.en),
            )
        }
        Compared::PayFloor { floor, .. } => {
            let floor = yuan(floor.unwrap_or(0));
            Text::new(
                format!("岗位工资上限不详（本人最低要求 {}）", floor.zh),
                format!("the upper pay is not known (the person's floor is {})", floor.en),
            )
        }
        // These gates always have their data.
        Compared::PostingOpen { .. }
        | Compared::Available(_)
        | Compared::LawSex { .. }
        | Compared::Certificate { .. }
        | Compared::Declined { .. } => reason(gate, compared, names),
    }
}
