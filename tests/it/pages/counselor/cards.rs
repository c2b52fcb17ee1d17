//! The two cards and the forms on them: what is shown, what a form changes once, what typed text looks like.

use serde_json::json;
use wangjia::app::audit::{self, Filter};

use super::town::{NAME, PHONE, Town};
use crate::support::{TestDb, on_both};

on_both!(
    the_household_card_tells_its_state_and_since_when,
    the_jobs_of_a_card_add_up_and_say_why,
    a_phone_number_is_shown_on_demand_and_written_down,
    a_question_at_the_door_completes_the_profile,
    a_job_begins_and_ends_on_the_card,
    a_referral_is_brought_on_from_the_card,
    a_posting_that_is_declined_is_no_offer_any_more,
    a_concern_is_opened_and_answered,
    what_was_typed_is_shown_and_never_run,
    english_pages_speak_english,
);

fn the_household_card_tells_its_state_and_since_when(db: &TestDb) {
    let town = Town::new(db);
    let home = town.see(&town.home(""));
    assert!(home.contains("st uncovered") && home.contains("1 月 1 日起未覆盖"), "{home}");
    assert!(home.contains("WJ-0-0712") && home.contains("愿意上班") && home.contains("还没认定"), "{home}");
    let job =
        json!({"channel": "local", "employer_name": "Shop", "start_on": "2026-11-02", "contract_until": "2026-12-10"});
    town.app.create(&format!("/residents/{}/spells", town.residents[0]), &job);
    let covered = town.see(&town.home(""));
    assert!(covered.contains("11 月 2 日起已覆盖，第 22 天"), "{covered}");
    assert!(covered.contains("st risk") && covered.contains(&format!("全家只有{NAME}上班")), "{covered}");
    assert!(covered.contains("12 月 10 日，还有 17 天") && !covered.contains("还没认定"), "{covered}");
    let listed = |filter: &str| town.see(&format!("/households{filter}")).contains(NAME);
    assert!(listed("?state=covered") && listed("?figure=single_earner_risk") && !listed("?state=uncovered"));
}

fn the_jobs_of_a_card_add_up_and_say_why(db: &TestDb) {
    let town = Town::new(db);
    let far = town.app.posting(&town.employer, 2);
    let welding = json!({"skills": [{"name": "焊工", "importance": "must", "level": 3}]});
    town.app.patch(&format!("/postings/{far}"), &welding).expect(200);
    let skills = format!("/residents/{}/skills", town.residents[0]);
    let sews = json!({"items": [{"name": "平缝", "level": 3, "months": 36}]});
    town.app.request("PUT", &skills).header("if-match", &town.app.etag(&skills)).json(&sews).send().expect(200);
    let card = town.see(&town.person(""));
    assert!(card.contains("在招 2 个岗位都比过了") && card.contains("合适岗位 1 个"), "{card}");
    let (_, table) = card.split_once("先卡在哪里").unwrap();
    let (_, sum) = table.split_once("合计</th><td>").unwrap();
    assert!(sum.starts_with('1'), "what does not fit adds up: {table}");
    assert!(card.contains("改一处，帮助最大") && card.contains("走路 8 分钟"), "{card}");
    assert!(card.contains("平缝 3 年") && card.contains("分怎么来的"), "{card}");
    let both = town.see(&town.person(&format!("/compare?a={}&b={far}", town.posting)));
    assert!(both.contains("条件不符") && both.contains("class=\"no\"") && both.contains("走路 8 分钟"), "{both}");
    let slip = town.see(&town.person(&format!("/slip/{}", town.posting)));
    assert!(slip.contains("月薪 2600–3400 元") && slip.contains("Park 3") && !slip.contains(NAME), "{slip}");
}

fn a_phone_number_is_shown_on_demand_and_written_down(db: &TestDb) {
    let town = Town::new(db);
    assert!(!town.see(&town.person("")).contains(PHONE) && !town.see(&town.home("")).contains(PHONE));
    let shown = town.send(&town.person("/phone"), &[]);
    assert_eq!(shown.status, 200, "{}", shown.html);
    assert!(shown.html.contains(&format!("href=\"tel:{PHONE}\"")), "{}", shown.html);
    let entries = db.db.read(|conn| audit::find(conn, &Filter::default(), 0, 1_000, Some(db.db.keys()))).unwrap();
    let looks: Vec<_> = entries.iter().filter(|entry| entry.operation == "page_phone").collect();
    assert_eq!(looks.len(), 1);
    assert_eq!(looks[0].detail.as_ref().unwrap()["reason"], "联系本人");
    assert_eq!(town.site.get(&town.person("/phone"), Some(&town.counselors[0])).status, 405, "never by its address");
}

fn a_question_at_the_door_completes_the_profile(db: &TestDb) {
    let town = Town::new(db);
    let card = town.see(&town.person(""));
    assert!(card.contains("资料 8 项齐 6 项，缺：<b>技能、期望工资</b>"), "{card}");
    let fields = |pay: &'static str| {
        [
            ("willing", "no"),
            ("labour_class", "ordinary"),
            ("school", "not_in_school"),
            ("expected_pay", pay),
            ("max_minutes", "45"),
            ("grade", "3"),
        ]
    };
    let wrong = town.send(&town.person("/profile"), &fields("many"));
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.html.contains("id=\"expected_pay-fault\"") && wrong.html.contains("value=\"many\""),
        "{}",
        wrong.html
    );
    let saved = town.done(&town.person("/profile"), &fields("2600"));
    assert!(saved.contains("资料已存好") && saved.contains("现在不想上班"), "{saved}");
    let profile = &town.app.get(&format!("/residents/{}", town.residents[0]))["profile"];
    assert_eq!((profile["expected_pay"].as_i64(), profile["willing"].as_bool()), (Some(2600), Some(false)));
    assert_eq!(profile["max_load_kg"].as_i64(), Some(30), "what the form does not ask stays");
}

fn a_job_begins_and_ends_on_the_card(db: &TestDb) {
    let town = Town::new(db);
    let path = town.person("/work");
    let late = town.send(&path, &[("channel", "local"), ("start_on", "23.11.2026")]);
    assert!(late.status == 422 && late.html.contains("id=\"start_on-fault\""), "{}", late.html);
    let form = [("channel", "local"), ("employer", "Shop"), ("start_on", "2026-11-20"), ("monthly_income", "2800")];
    let (one, again) = (town.send(&path, &form), town.send(&path, &form));
    assert_eq!((one.status, again.status), (303, 303));
    let spells = town.items("/spells");
    assert_eq!(spells.len(), 1, "{spells:?}");
    assert!(town.see(&town.person("")).contains("Shop"));
    let leave = format!("/spells/{}/leave", spells[0]["id"].as_str().unwrap());
    assert_eq!(town.send(&leave, &[("on", "2026-11-01")]).status, 422, "before it began");
    let left = town.done(&leave, &[("on", "2026-11-23")]);
    assert!(left.contains("离岗已登记") && left.contains("现在没有在岗记录"), "{left}");
}

fn a_referral_is_brought_on_from_the_card(db: &TestDb) {
    let town = Town::new(db);
    let agreed = [("posting", town.posting.as_str()), ("consent", "yes")];
    town.done(&town.person("/refer"), &agreed);
    let referral = town.items("/referrals")[0]["id"].as_str().unwrap().to_owned();
    let step = format!("/referrals/{referral}/step");
    assert_eq!(town.agreed(), ["experience", "name", "skills"], "the phone was not named");
    assert_eq!(town.send(&step, &[("from", "referred"), ("to", "hired"), ("start_on", "2026-11-23")]).status, 409);
    town.done(&step, &[("from", "referred"), ("to", "interview")]);
    let offered = town.done(&step, &[("from", "interview"), ("to", "offered")]);
    assert!(offered.contains("value=\"hired\""), "{offered}");
    let hired = town.done(&step, &[("from", "offered"), ("to", "hired"), ("start_on", "2026-11-23")]);
    assert!(hired.contains("上岗已登记") && hired.contains("Jincheng"), "{hired}");
    assert_eq!(town.app.get("/coverage")["covered"].as_i64(), Some(1));
}

fn a_posting_that_is_declined_is_no_offer_any_more(db: &TestDb) {
    let town = Town::new(db);
    let declined = town.done(&town.person("/decline"), &[("posting", &town.posting), ("reason", "pay")]);
    assert!(declined.contains("已记下本人不去这个岗位") && declined.contains("合适岗位 0 个"), "{declined}");
    let declines = town.items(&format!("/residents/{}/declines", town.residents[0]));
    assert_eq!((declines.len(), declines[0]["was_suitable"].as_bool()), (1, Some(true)), "{declines:?}");
}

fn a_concern_is_opened_and_answered(db: &TestDb) {
    let town = Town::new(db);
    let household = town.households[0].as_str();
    let blank = town.see(&format!("/concerns/new?household={household}"));
    assert!(blank.contains(NAME) && blank.contains("name=\"about\""), "{blank}");
    let fields = [("household", household), ("resident", town.residents[0].as_str()), ("about", "pay")];
    let wrong = town.send("/concerns/new", &fields);
    assert!(wrong.status == 422 && wrong.html.contains("id=\"text-fault\""), "{}", wrong.html);
    let another = [("household", household), ("resident", town.residents[1].as_str()), ("about", "pay"), ("text", "x")];
    assert_eq!(town.send("/concerns/new", &another).status, 422, "not the counselor's to name");
    let listed = town.done("/concerns/new", &[&fields[..], &[("text", "工资晚发")]].concat());
    assert!(listed.contains("意见已登记") && listed.contains("工资待遇"), "{listed}");
    assert!(town.see("/today").contains("意见待答复 1"));
    let concern = town.items("/concerns")[0]["id"].as_str().unwrap().to_owned();
    assert!(town.see(&format!("/concerns/{concern}")).contains("工资晚发"));
    let close = format!("/concerns/{concern}/close");
    assert_eq!(town.send(&close, &[("outcome", "settled")]).status, 422, "an answer is said in words");
    town.done(&close, &[("outcome", "settled"), ("answer", "企业已补发")]);
    assert!(town.see("/concerns?closed=yes").contains("已解决") && !town.see("/concerns").contains(NAME));
}

const EVIL: &str = "\"><script>alert(1)</script>";

/// Every text a counselor can type; the site refuses a page with a script of its own in any answer.
fn what_was_typed_is_shown_and_never_run(db: &TestDb) {
    let town = Town::new(db);
    let shown = |html: &str| html.contains("&#60;script&#62;alert(1)");
    town.done(&town.home("/visit"), &[("found", "other"), ("note", EVIL)]);
    town.done(&town.home("/barriers"), &[("kind", "care"), ("note", EVIL)]);
    let home = town.see(&town.home(""));
    assert_eq!(home.matches("&#60;script&#62;alert(1)").count(), 2, "{home}");
    let job = [("channel", "local"), ("employer", EVIL), ("title", EVIL), ("start_on", "2026-11-23")];
    assert!(shown(&town.done(&town.person("/work"), &job)));
    let concern = [
        ("household", town.households[0].as_str()),
        ("resident", &town.residents[0]),
        ("about", "pay"),
        ("text", EVIL),
    ];
    town.done("/concerns/new", &concern);
    let concern = format!("/concerns/{}", town.items("/concerns")[0]["id"].as_str().unwrap());
    assert!(shown(&town.see(&concern)));
    town.done(&format!("{concern}/close"), &[("outcome", "settled"), ("answer", EVIL)]);
    assert!(shown(&town.see(&concern)));
    for (path, field) in
        [(town.home("/visit"), "note"), (town.person("/profile"), "expected_pay"), (town.person("/work"), "employer")]
    {
        let again = town.send(&path, &[(field, EVIL)]);
        assert!(again.status == 422 && shown(&again.html), "{path}: {}", again.html);
    }
    assert_eq!(town.send("/search", &[("q", EVIL)]).status, 200);
}

fn english_pages_speak_english(db: &TestDb) {
    let town = Town::new(db);
    town.done(&town.home("/recognise"), &[]);
    town.done(&town.home("/visit"), &[("found", "willing"), ("next", "call"), ("when", "2")]);
    town.done(&town.home("/barriers"), &[("kind", "care")]);
    town.done(&town.person("/refer"), &[("posting", &town.posting), ("consent", "yes")]);
    let household = &town.households[0];
    for path in [
        "/today".to_owned(),
        "/visits".to_owned(),
        "/week".to_owned(),
        "/search".to_owned(),
        "/concerns".to_owned(),
        "/households".to_owned(),
        town.home(""),
        town.home("/visit"),
        town.person(""),
        town.person("/profile"),
        town.person("/work"),
        town.person(&format!("/slip/{}", town.posting)),
        format!("/concerns/new?household={household}"),
    ] {
        let sign = if path.contains('?') { '&' } else { '?' };
        let html = town.see(&format!("{path}{sign}lang=en"));
        // What stays Chinese is data: the posting's title and place, the counselor's name, and the way back.
        let own = html.replace("缝纫工", "").replace("园区", "").replace("杨秀英", "").replace("中文", "");
        let chinese: String = own.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).collect();
        assert!(chinese.is_empty(), "{path}: {chinese}");
        assert!(html.contains("lang=\"en\"") && html.contains("lang=en"), "links stay in English");
    }
}
