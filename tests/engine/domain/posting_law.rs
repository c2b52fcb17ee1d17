use wangjia::domain::codes::{Hazard, PayKind};
use wangjia::domain::posting_law::*;
use wangjia::domain::work_limits::WorkFacts;

use super::corpus::{lawful, unlawful};

pub const NO_HAZARDS: &[(Hazard, Option<u8>)] = &[];

/// A posting with nothing to object to.
pub fn complete() -> PostingFacts<'static> {
    PostingFacts {
        title: "平车工",
        description: Some("缝制校服"),
        place: Some("园区3号楼"),
        employer: Some("旺家制衣厂"),
        headcount: Some(5),
        pay_kind: Some(PayKind::Monthly),
        pay_min_fen: Some(280_000),
        pay_max_fen: Some(340_000),
        work: WorkFacts { hazards: Some(NO_HAZARDS), ..WorkFacts::default() },
        minimum_wage: Some(MinimumWage { monthly_yuan: Some(1890), hourly_fen: Some(1960) }),
        ..PostingFacts::default()
    }
}

fn blocks(text: &str) -> Vec<&'static str> {
    let findings = check(&PostingFacts { description: Some(text), ..complete() });
    findings.iter().filter(|f| f.level == LawLevel::Block).map(|f| f.rule.code()).collect()
}

#[test]
fn a_complete_posting_has_no_findings() {
    assert_eq!(check(&complete()), []);
    assert!(!is_blocked(&check(&complete())));
}

#[test]
fn the_corpora_are_as_large_as_they_must_be() {
    assert!(lawful().len() >= 200, "{}", lawful().len());
    assert!(unlawful().len() >= 300, "{}", unlawful().len());
    for (rule, text) in unlawful() {
        assert!(LawRule::from_code(rule).is_some(), "{rule} {text}");
    }
}

#[test]
fn lawful_texts_are_not_blocked() {
    let texts = lawful();
    let wrong: Vec<_> = texts.iter().map(|text| (text, blocks(text))).filter(|(_, rules)| !rules.is_empty()).collect();
    assert!(wrong.is_empty(), "{} of {}: {wrong:#?}", wrong.len(), texts.len());
}

#[test]
fn every_unlawful_text_is_blocked_by_its_rule() {
    let missed: Vec<_> = unlawful().into_iter().filter(|(rule, text)| !blocks(text).contains(rule)).collect();
    assert!(missed.is_empty(), "{}: {missed:#?}", missed.len());
}

#[test]
fn a_breach_is_found_inside_any_posting() {
    let shells: [fn(&str) -> String; 4] = [
        |text| format!("平车工，包吃住。{text}。电话面谈"),
        |text| format!("急招熟手；要求：{text}；工资月结"),
        |text| format!("1、会平车\n2、{text}\n3、服从安排"),
        |text| format!("【待遇】月薪3000【要求】{text}【地点】园区"),
    ];
    let missed: Vec<_> = unlawful()
        .iter()
        .flat_map(|(rule, text)| shells.iter().map(move |shell| (*rule, shell(text))))
        .filter(|(rule, text)| !blocks(text).contains(rule))
        .collect();
    assert!(missed.is_empty(), "{}: {missed:#?}", missed.len());
}

#[test]
fn lawful_texts_joined_to_a_posting_stay_lawful() {
    let texts = lawful();
    let joined: Vec<String> = (1..4)
        .flat_map(|step| texts.iter().zip(texts.iter().cycle().skip(step * 7)).map(|(a, b)| format!("{a}。{b}")))
        .collect();
    let wrong: Vec<_> = joined.iter().map(|text| (text, blocks(text))).filter(|(_, rules)| !rules.is_empty()).collect();
    assert!(joined.len() >= 1000);
    assert!(wrong.len() * 100 <= joined.len(), "{} of {}: {wrong:#?}", wrong.len(), joined.len());
}
