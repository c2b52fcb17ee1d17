//! Sentences, in both languages, from the data of an explanation.

use wangjia::domain::codes::{Hazard, RuledOut};
use wangjia::domain::text::Text;
use wangjia::domain::week::{Span, WeekHours};
use wangjia::engine::explain::explain_pair;
use wangjia::engine::gates::GATES;
use wangjia::engine::input::{AgeRange, HeldSkill, NameId, Posting, Resident, SkillId};
use wangjia::engine::policy::{OnUnknown, Policy};
use wangjia::engine::words::{Names, sentences, summary};

use super::support::*;

struct Book;

impl Names for Book {
    fn skill(&self, id: SkillId) -> Text {
        let (zh, en) = [
            ("平缝", "lockstitch"),
            ("包缝", "overlock"),
            ("锁眼机", "buttonholing"),
            ("钉扣", "buttons"),
            ("电工", "electrics"),
        ]
        .get(id.0 as usize)
        .copied()
        .unwrap_or(("其他", "other"));
        Text::new(zh, en)
    }

    fn name(&self, id: NameId) -> Text {
        Text::new(format!("名称{}", id.0), format!("name {}", id.0))
    }
}

fn said(r: &Resident, p: &Posting) -> Vec<Text> {
    with_context(|ctx| sentences(&explain_pair(ctx, r, p), &Book))
}

fn seamstress() -> (Resident, Posting) {
    let r = Resident {
        skills: vec![HeldSkill { skill: SkillId(0), level: 3, months: Some(36) }],
        experience: vec![(SkillId(0), 36)],
        care_hours: weekdays(36, 40),
        minutes_to_park: Some(8),
        expected_pay: Some(2_600),
        ..resident()
    };
    let p = Posting {
        occupation: Some(SkillId(0)),
        skills: vec![must(0, 2), nice(2, 2)],
        experience_months: Some(24),
        hours: Some(weekdays(16, 35)),
        pay_min: Some(2_800),
        pay_max: Some(3_400),
        training_days: Some(7),
        ..posting()
    };
    (r, p)
}

#[test]
fn a_good_match_in_the_tone_of_the_house() {
    let (r, p) = seamstress();
    let line = with_context(|ctx| summary(&explain_pair(ctx, &r, &p), &Book));
    assert_eq!(
        line.zh,
        "会平缝 3 年；平缝或相近经验 3 年（要求 2 年）；走路 8 分钟；17:30 下班，不耽误照护，扣除路上时间还有 22 分钟富余；\
         每周休息 2 天；工资 2,800–3,400 元，高于期望；会锁眼机更好（厂里 7 天可学会）。"
    );
    assert_eq!(
        line.en,
        "knows lockstitch for 3 years; 3 years of experience in lockstitch or near it (asked: 2 years); 8 minutes on foot; \
         work ends at 17:30, in time for care, with 22 minutes to spare after the way; 2 days of rest a week; \
         pay 2,800–3,400 yuan a month, above what is expected; buttonholing would be a plus (taught on the job in 7 days)."
    );
}

#[test]
fn a_bar_of_law_prints_the_article() {
    let (mut r, mut p) = seamstress();
    (r.restricted_by_law, p.restricted_by_law) = (true, true);
    let said = said(&r, &p);
    assert_eq!(said[0].zh, "不能推荐：有 1 项条件不符");
    assert_eq!(said[1].zh, "岗位属女职工禁忌劳动范围（《女职工劳动保护特别规定》附录第一条）");
    assert!(said[1].en.contains("Female Workers"));
}

#[test]
fn unknown_factors_are_named_and_cost_nothing() {
    let said = said(&resident(), &posting());
    assert!(
        said.iter().any(|s| s.zh
            == "资料不全，未计入：技能、经验、时间、工资、距离、意向、体力与年龄余量（不扣分，权重分给其他项）"),
        "{said:?}"
    );
}

/// Every pair of wild towns is told in both languages, without gaps, and never in the other language.
#[test]
fn every_sentence_is_whole() {
    let strict = GATES.iter().fold(Policy::default(), |policy, spec| policy.with_unknown(spec.gate, OnUnknown::Refuse));
    for policy in [Policy::default(), strict] {
        let snapshot = Town::wild(9, 40, 60).snapshot(policy);
        for r in 0..snapshot.residents().len() {
            for p in 0..snapshot.postings().len() {
                let explanation = wangjia::engine::explain::explain(&snapshot, r, p);
                for sentence in sentences(&explanation, &Book) {
                    assert!(!sentence.zh.is_empty() && !sentence.en.is_empty());
                    assert!(sentence.zh.chars().any(|c| ('一'..='龥').contains(&c)), "{sentence}");
                    assert!(!sentence.en.chars().any(|c| ('一'..='龥').contains(&c)), "{sentence}");
                    for ending in ["：", "、", "，", "（", ": ", ", "] {
                        assert!(!sentence.zh.ends_with(ending) && !sentence.en.ends_with(ending), "{sentence}");
                    }
                    assert!(!sentence.zh.contains("：（") && !sentence.zh.contains('?'), "{sentence}");
                }
            }
        }
    }
}

#[test]
fn how_much_is_known_stands_in_the_headline() {
    let (r, p) = seamstress();
    let zh = |r: &Resident, p: &Posting| said(r, p)[0].zh.clone();
    let known = Resident { skills: vec![], experience: vec![], ..r.clone() };
    assert!(zh(&known, &p).contains("，已知权重 40/100）"), "{}", zh(&known, &p));
    assert!(said(&known, &p)[0].en.contains(", known: 40 of 100 weight: "), "{}", said(&known, &p)[0]);
}

#[test]
fn unknown_skills_are_asked_about_and_not_called_missing() {
    let p = Posting { skills: vec![must(0, 2), must(1, 2), nice(2, 1)], ..posting() };
    let all = said(&resident(), &p);
    let zh = |text: &str| all.iter().filter(|s| s.zh.contains(text)).count();
    assert_eq!((zh("缺：平缝"), zh("待核实：本人技能未登记，请问是否会平缝")), (0, 1), "{all:?}");
    assert_eq!((zh("缺：包缝"), zh("也请问是否会包缝"), zh("会锁眼机更好")), (0, 1, 1), "{all:?}");
    let trains = Posting { training_days: Some(7), ..p };
    let all = said(&resident(), &trains);
    assert!(all.iter().all(|s| !s.zh.contains("缺：")), "{all:?}");
    assert!(all.iter().any(|s| s.zh.contains("厂里 7 天可学会")), "{all:?}");
    // Somebody whose skills are recorded and who lacks one is told so.
    let (r, p) = (Resident { skills: vec![held(4, 3)], ..resident() }, trains);
    assert!(said(&r, &p).iter().any(|s| s.zh.starts_with("缺：平缝")));
}

#[test]
fn a_long_wait_is_told_in_hours() {
    let (mut r, p) = seamstress();
    (r.care_hours, r.minutes_to_park) = (WeekHours::of(&[Span { weekday: 6, from: 600, to: 660 }]), Some(7));
    let all = said(&r, &p);
    assert!(all.iter().any(|s| s.zh.contains("还有 16 小时 23 分钟富余") && s.en.contains("16 h 23 min")), "{all:?}");
}

#[test]
fn bars_tell_their_values() {
    let zh = |change: fn(&mut Resident, &mut Posting)| {
        let (mut r, mut p) = (resident(), posting());
        change(&mut r, &mut p);
        said(&r, &p)[1].zh.clone()
    };
    assert_eq!(
        zh(|_, p| p.age = Some(AgeRange { min: Some(18), max: Some(45), soft: false })),
        "46 周岁，岗位要求 18–45 周岁"
    );
    assert_eq!(zh(|r, p| (r.max_load_kg, p.load_kg) = (Some(10), Some(15))), "搬运 15 公斤，本人可承受 10 公斤");
    assert_eq!(
        zh(|r, p| (r.care_hours, p.hours) = (weekdays(33, 37), Some(weekdays(16, 35)))),
        "上班时间与本人照护时间冲突：周一至周五 16:30-17:30"
    );
    assert_eq!(
        zh(|r, p| {
            (r.care_hours, p.hours, r.minutes_to_park) = (weekdays(35, 37), Some(weekdays(16, 35)), Some(21));
        }),
        "算上单程 21 分钟的路，与本人照护时间冲突：周一至周五 17:30-18:00"
    );
    assert_eq!(
        zh(|r, p| (r.unavailable_hours, p.hours) = (weekdays(33, 37), Some(weekdays(16, 35)))),
        "上班时间与本人不能上班的时间冲突：周一至周五 16:30-17:30"
    );
    assert_eq!(
        zh(|r, p| (r.ruled_out, p.hazards) = (vec![RuledOut::Chemicals], Some(vec![(Hazard::Toxic, None)]))),
        "岗位有本人不接受的接触化学品"
    );
    assert_eq!(
        zh(|r, p| (r.pay_floor, p.pay_max) = (Some(3_000), Some(2_900))),
        "最高工资 2,900 元，低于本人最低要求 3,000 元"
    );
    assert_eq!(
        zh(|r, _| r.declined = vec![(1, day("2026-11-01"))]),
        "2026年11月1日 本人或企业已拒绝，2026年12月1日 起可再推荐"
    );
    assert_eq!(
        zh(|r, _| r.birth_date = Some(day("2010-12-01"))),
        "未满 16 周岁（2026年12月2日 起算满）（《禁止使用童工规定》第二条、第七条；《劳动法》第五十八条、第六十四条；《未成年工特殊保护规定》第三条）"
    );
}
