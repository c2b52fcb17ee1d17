//! The week's plan on the counselor's pages: taken up, decided otherwise at a price that is told first.

use serde_json::json;

use super::town::{NAME, Town};
use crate::api::app::id;
use crate::support::{TestDb, on_both};

on_both!(what_the_plan_proposes_becomes_a_referral_that_needs_consent, a_decision_is_priced_before_it_is_made,);

fn propose_plan(town: &Town) {
    let job = town.app.request("POST", "/plans").json(&json!({})).send().expect(202).body;
    assert_eq!(town.app.wait(&id(&job))["state"], "succeeded");
}

fn what_the_plan_proposes_becomes_a_referral_that_needs_consent(db: &TestDb) {
    let town = Town::new(db);
    assert!(town.see("/week").contains("还没有方案"));
    propose_plan(&town);
    let week = town.see("/week");
    assert!(week.contains(NAME) && week.contains("照此提出") && week.contains("待采用"), "{week}");
    assert!(week.contains("最多新覆盖 <b>2</b> 户") && !week.contains("Yang Awu"), "{week}");
    let home = town.see(&town.home(""));
    assert!(home.contains("方案建议") && home.contains("Jincheng 缝纫工"), "{home}");
    let proposed = town.done(&town.person("/propose"), &[("posting", &town.posting)]);
    assert!(proposed.contains("还要征得本人同意") && proposed.contains("已提出"), "{proposed}");
    assert_eq!(town.items("/referrals")[0]["state"], "proposed");
    assert!(!town.see("/week").contains("照此提出"), "it is under way");
    // The consent takes it on from where it stands.
    town.done(&town.person("/refer"), &[("posting", &town.posting), ("consent", "yes")]);
    let referrals = town.items("/referrals");
    assert_eq!((referrals.len(), referrals[0]["state"].as_str()), (1, Some("referred")));
}

fn a_decision_is_priced_before_it_is_made(db: &TestDb) {
    let town = Town::new(db);
    propose_plan(&town);
    let (from, path) = (town.posting.clone(), town.person("/decision"));
    let choices = town.see(&format!("{path}?from={from}"));
    assert!(choices.contains("choice=no"), "{choices}");
    let priced = town.see(&format!("{path}?from={from}&choice=no"));
    assert!(priced.contains("全社区少覆盖 1 户"), "only this posting covers the household: {priced}");
    let kept = town.see(&format!("{path}?from={from}&choice={from}"));
    assert!(kept.contains("能覆盖的户数不变"), "{kept}");
    let form = [("kind", "forbid"), ("posting", from.as_str()), ("from", from.as_str()), ("reason", "只愿在家做")];
    let short = town.send(&path, &[("kind", "forbid"), ("posting", &from), ("from", &from), ("reason", "不")]);
    assert!(short.status == 422 && short.html.contains("id=\"reason-fault\""), "{}", short.html);
    let week = town.done(&path, &form);
    assert!(
        week.contains("已作的决定") && week.contains("只愿在家做") && week.contains("下次做方案时算出代价"),
        "{week}"
    );
    assert_eq!(town.send(&path, &form).status, 303, "sent again, it is the same decision");
    assert_eq!(town.items("/plan-pins").len(), 1);
    propose_plan(&town);
    let week = town.see("/week");
    assert!(week.contains("全社区少覆盖 1 户"), "the plan made with it tells the same price: {week}");
    let pin = town.items("/plan-pins")[0]["id"].as_str().unwrap().to_owned();
    let ended = town.done(&format!("/pins/{pin}/end"), &[]);
    assert!(ended.contains("决定已取消") && !ended.contains("已作的决定"), "{ended}");
}
