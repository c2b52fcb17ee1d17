//! Candidates: what a card shows, an introduction asked for, name and phone once the person agreed.

use serde_json::json;
use wangjia::app::audit::{self, Filter};

use super::clerk;
use crate::accounts::support::noon;
use crate::api::app::TestApp;
use crate::privacy::town::{FREE_TEXT, PHONE, Town};
use crate::support::site::Site;
use crate::support::{TestDb, on_both};

on_both!(an_introduction_is_asked_for_and_names_follow_the_consent);

fn an_introduction_is_asked_for_and_names_follow_the_consent(test: &TestDb) {
    let app = TestApp::new(test);
    let mut town = Town::new(&app, test);
    town.person("1988-05-01");
    let (employer, posting) = town.employer("第一制衣");
    let site = Site::new(test, noon());
    let token = clerk(test, &site, &employer, "clerk");
    let page = |path: &str| {
        let answer = site.get(path, Some(&token));
        assert_eq!(answer.status, 200, "{path}: {}", answer.html);
        answer.html
    };
    let path = format!("/hr/postings/{posting}/candidates");
    let html = page(&path);
    assert!(html.contains("会平缝") && html.contains("30-39 岁") && html.contains("请社区介绍"), "{html}");
    for secret in ["龙2妹", PHONE, FREE_TEXT, "1988-05", "腰不好", "苗族", "chronic", "慢性病", "残疾证"] {
        assert!(!html.contains(secret), "{secret}: {html}");
    }
    // Few are not counted.
    assert!(html.contains("合适 不到 10 人"), "{html}");
    let overview = page("/hr/candidates");
    assert!(overview.contains("不到 10") && overview.contains("还没有请过介绍"), "{overview}");

    let card = html.split("name=\"card\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let ask = format!("/hr/postings/{posting}/introductions");
    let asks =
        |once: &str, card: &str, day: &str| site.submit(&ask, &token, once, &[("card", card), ("interview_on", day)]);
    assert_eq!(asks("a", &card, "2026-11-22").status, 422, "yesterday");
    assert_eq!(asks("b", &"0".repeat(32), "").status, 422, "no candidate");
    let asked = asks("c", &card, "2026-11-30");
    assert_eq!(asked.location, Some(format!("{path}?done=asked")), "{}", asked.html);
    assert_eq!(asks("c", &card, "2026-11-30").location, asked.location, "sent twice");
    let all = app.get("/introductions");
    assert_eq!(all["items"].as_array().unwrap().len(), 1);
    let introduction = &all["items"][0];
    assert_eq!(introduction["interview_on"], "2026-11-30");
    let id = introduction["id"].as_str().unwrap();
    let html = page(&format!("{path}?done=asked"));
    assert!(html.contains("已请社区介绍") && html.contains("等本人答复") && !html.contains("请介绍 "), "{html}");

    let own = format!("/hr/introductions/{id}");
    let before = page(&own);
    assert!(before.contains("本人同意后") && !before.contains("龙2妹"), "{before}");
    let decision = json!({"decision": "given", "kinds": ["name", "phone"], "form": "written"});
    app.request("POST", &format!("/introductions/{id}/decision")).json(&decision).send().expect(200);
    let after = page(&own);
    assert!(after.contains("龙2妹") && after.contains(PHONE) && after.contains("2026 年 11 月 30 日"), "{after}");
    assert!(!page(&path).contains("龙2妹"), "the list still names nobody");
    let read = test.db.read(|conn| audit::find(conn, &Filter::default(), 0, 500, Some(test.db.keys()))).unwrap();
    let named = read.iter().filter(|entry| entry.operation == "page_hr_introduction").count();
    assert!(named >= 2, "every look at a name is written down");
}
