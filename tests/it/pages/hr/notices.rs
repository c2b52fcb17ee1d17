//! Notices: what the employer is told, in words, and read once for all.

use chrono::NaiveDate;
use serde_json::json;
use wangjia::app::access::{Act, ObjectKind};
use wangjia::app::referrals::ageing;

use super::Bench;
use crate::accounts::support::noon;
use crate::support::{TestDb, on_both};

on_both!(an_employer_is_told_what_ended_and_what_to_do);

fn an_employer_is_told_what_ended_and_what_to_do(test: &TestDb) {
    let bench = Bench::new(test);
    assert!(bench.get("/hr/notices").contains("还没有通知"));
    let posting = bench.park.app.posting(&bench.park.employers[0], 3);
    bench.park.app.patch(&format!("/postings/{posting}"), &json!({"code": "GW-7"})).expect(200);
    let person = bench.park.person("龙阿妹", 3);
    bench.park.fit(&person, &posting);
    bench.park.referral(&person, &posting, "referred");
    // Half a year later nobody has answered and nobody has confirmed the posting.
    let later: NaiveDate = "2027-05-23".parse().unwrap();
    let act = Act::of_operator("age", ObjectKind::Referral, "referrals age");
    ageing::apply(&test.db, &act, (noon(), later), false).unwrap();
    let html = bench.get("/hr/notices");
    for told in ["收到推荐人选", "推荐逾期关闭", "已停止发布", "核对后可以再发布", "都看过了"]
    {
        assert!(html.contains(told), "{told}: {html}");
    }
    assert!(html.contains("缝纫工（GW-7）"), "two postings may have one title: {html}");
    assert!(!html.contains("龙阿妹"));
    assert!(bench.get("/hr/postings").contains("通知 3"));
    let last = html.split("name=\"last\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    // The other employer's clerk reads nothing of these.
    bench.site.submit("/hr/notices/read", &bench.tokens[1], "a", &[("last", &last)]);
    assert!(bench.get("/hr/notices").contains("都看过了"));
    let read = bench.post("/hr/notices/read", "b", &[("last", &last)]);
    assert_eq!(read.location.as_deref(), Some("/hr/notices?done=read"));
    let html = bench.get("/hr/notices");
    assert!(!html.contains("都看过了</button>") && html.contains("推荐逾期关闭"), "{html}");
}
