//! The posting form: the law while typing and on sending, what is typed is kept, whom each requirement shuts out.

use super::{Bench, done_id};
use crate::support::{TestDb, on_both};

on_both!(
    a_lawful_posting_is_published_once,
    what_the_law_forbids_is_not_published_and_nothing_typed_is_lost,
    the_check_says_what_sending_would_say_and_stores_nothing,
    a_draft_may_say_anything_and_is_published_when_it_is_right,
    a_form_from_before_somebody_elses_change_is_not_stored,
    requirements_say_how_many_they_shut_out,
    the_words_of_an_advertisement_fill_in_the_form,
);

fn a_lawful_posting_is_published_once(test: &TestDb) {
    let bench = Bench::new(test);
    let blank = bench.get("/hr/postings/new");
    assert!(blank.contains("value=\"园区\"") && !blank.contains("class=\"msg block\""), "nothing is blamed yet");
    let fields = bench.terms(&[("do", "publish"), ("skill_0", "平缝"), ("importance_0", "must"), ("level_0", "2")]);
    let first = bench.post("/hr/postings/new", "same", &fields);
    assert_eq!(first.status, 303, "{}", first.html);
    let location = first.location.unwrap();
    assert!(location.starts_with("/hr/postings?done=published."), "{location}");
    let again = bench.post("/hr/postings/new", "same", &fields);
    assert_eq!(again.location.as_deref(), Some(location.as_str()), "the same page, no second posting");
    let postings = bench.postings();
    assert_eq!(postings.len(), 1);
    assert_eq!(
        (postings[0]["status"].as_str(), postings[0]["pay_min_fen"].as_i64()),
        (Some("published"), Some(280_000))
    );
    assert_eq!(postings[0]["hours"].as_array().unwrap().len(), 3);
    assert_eq!(postings[0]["skills"][0]["name"], "平缝");
    assert!(bench.get(&location).contains("已发布：平车缝纫工，还空 2 人"));
    let page = bench.get(&format!("/hr/postings/{}", done_id(&location)));
    assert!(page.contains("月薪 2800–3400 元") && page.contains("周一、周二 08:00–12:00"), "{page}");
}

fn what_the_law_forbids_is_not_published_and_nothing_typed_is_lost(test: &TestDb) {
    let bench = Bench::new(test);
    let text = "缝制童装，女工优先，工服押金 200 元。";
    let fields = bench.terms(&[("description", text), ("do", "publish"), ("age_max", "45"), ("note", "三楼")]);
    let answer = bench.post("/hr/postings/new", "a", &fields);
    assert_eq!(answer.status, 422);
    let html = answer.html;
    for said in ["还没有保存", "不能发布：「女工优先」", "《妇女权益保障法》第四十三条", "押金", "《劳动合同法》第九条"]
    {
        assert!(html.contains(said), "{said}: {html}");
    }
    // An age limit is only to be looked at.
    assert!(html.contains("请核对：「45」"), "{html}");
    for kept in [text, "value=\"45\"", "value=\"2800\"", "三楼", "value=\"08:00\""] {
        assert!(html.contains(kept), "{kept}: {html}");
    }
    assert!(bench.postings().is_empty());
    let missing =
        bench.terms(&[("title", ""), ("pay_min", "2,800"), ("do", "draft"), ("from_0", "8"), ("valid_until", "soon")]);
    let answer = bench.post("/hr/postings/new", "b", &missing);
    assert_eq!(answer.status, 422);
    for (at, said) in [("title", "必填"), ("pay", "超出范围"), ("hours", "HH:MM"), ("dates", "YYYY-MM-DD")] {
        let place = answer.html.split(&format!("id=\"law-{at}\"")).nth(1).unwrap();
        assert!(
            place.split("data-check").nth(1).unwrap().split("</div></div>").next().unwrap().contains(said),
            "{at}: {}",
            answer.html
        );
    }
    assert!(answer.html.contains("value=\"2,800\"") && bench.postings().is_empty());
}

fn the_check_says_what_sending_would_say_and_stores_nothing(test: &TestDb) {
    let bench = Bench::new(test);
    let text = "缝制童装，女工优先，工服押金 200 元。";
    let fields = bench.terms(&[("description", text), ("hazards_known", "")]);
    let answer = bench.post("/hr/postings/check", "a", &fields);
    assert_eq!(answer.status, 200, "{}", answer.html);
    assert!(answer.html.contains("不能发布：「女工优先」") && answer.html.contains("删掉这几个字"), "{}", answer.html);
    // What is only not filled in yet is told, not blamed.
    assert!(answer.html.contains("发布前要填") && !answer.html.contains("还没有保存"));
    let repair = bench.terms(&[("description", text), ("repair", "cut|description|女工优先")]);
    let answer = bench.post("/hr/postings/check", "b", &repair);
    assert!(
        answer.html.contains("缝制童装，工服押金 200 元。") && !answer.html.contains("女工优先"),
        "{}",
        answer.html
    );
    // Too many hours.
    let long = bench.terms(&[("to_1", "23:00"), ("day_1", "2"), ("day_1", "3")]);
    let answer = bench.post("/hr/postings/check", "c", &long);
    let hours = answer.html.split("id=\"law-hours\"").nth(1).unwrap().split("<details").next().unwrap();
    assert!(hours.contains("msg block") && hours.contains("《劳动法》第四十一条"), "{hours}");
    // A skill nobody knows.
    let odd = bench.terms(&[("skill_0", "祖传绝活")]);
    assert!(bench.post("/hr/postings/check", "d", &odd).html.contains("词表里还没有「祖传绝活」"));
    assert!(bench.postings().is_empty());
    // Nothing is left in the queue of names either: nobody has said it, it was only typed.
    let queue = bench.park.app.get("/unmapped-names");
    assert!(!queue.to_string().contains("祖传绝活"), "{queue}");
}

fn a_draft_may_say_anything_and_is_published_when_it_is_right(test: &TestDb) {
    let bench = Bench::new(test);
    let fields = bench.terms(&[("description", "女工优先"), ("do", "draft")]);
    let location = bench.post("/hr/postings/new", "a", &fields).location.unwrap();
    let page = bench.get(&location);
    assert!(page.contains("草稿已存") && page.contains("不得发布") || page.contains("请改正后再发布"), "{page}");
    let postings = bench.postings();
    let id = postings[0]["id"].as_str().unwrap().to_owned();
    let edit = format!("/hr/postings/{id}/edit");
    let version =
        |html: &str| html.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let seen = version(&bench.get(&edit));
    let bad = bench.terms(&[("description", "女工优先"), ("do", "publish"), ("version", &seen)]);
    assert_eq!(bench.post(&edit, "b", &bad).status, 422);
    assert_eq!(bench.postings()[0]["status"], "draft");
    let good = bench.terms(&[("description", "缝制童装"), ("do", "publish"), ("version", &seen)]);
    let answer = bench.post(&edit, "c", &good);
    assert_eq!(answer.location, Some(format!("/hr/postings?done=published.{id}")), "{}", answer.html);
    assert_eq!(bench.postings()[0]["status"], "published");
    // A published one must stay lawful.
    let seen = version(&bench.get(&edit));
    let bad = bench.terms(&[("description", "女工优先"), ("do", "save"), ("version", &seen)]);
    assert_eq!(bench.post(&edit, "d", &bad).status, 422);
    assert_eq!(bench.postings()[0]["description"], "缝制童装");
}

fn a_form_from_before_somebody_elses_change_is_not_stored(test: &TestDb) {
    let bench = Bench::new(test);
    let id = bench.park.app.posting(&bench.park.employers[0], 3);
    let edit = format!("/hr/postings/{id}/edit");
    let html = bench.get(&edit);
    let seen = html.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    bench.post(&format!("/hr/postings/{id}/places"), "a", &[("headcount", "9")]);
    let fields = bench.terms(&[("title", "裁床工"), ("version", &seen)]);
    let answer = bench.post(&edit, "b", &fields);
    assert_eq!(answer.status, 409);
    assert!(answer.html.contains("刚刚有人改过") && answer.html.contains("value=\"裁床工\""), "{}", answer.html);
    assert_eq!(bench.park.app.get(&format!("/postings/{id}"))["title"], "缝纫工");
}

fn requirements_say_how_many_they_shut_out(test: &TestDb) {
    let bench = Bench::new(test);
    let posting = bench.park.app.posting(&bench.park.employers[0], 3);
    // Twelve seekers born in 1990: 36 years old.
    for order in 0..12 {
        let person = bench.park.person("石", order * 2 + 1);
        bench.park.fit(&person, &posting);
    }
    let check = |changes: &[(&str, &str)]| {
        let html = bench.post("/hr/postings/check", "", &bench.terms(changes)).html;
        html.split("id=\"law-who\"").nth(1).unwrap().split("</aside>").next().unwrap().to_owned()
    };
    let all = check(&[]);
    assert!(all.contains("10 多 <small>人"), "rounded down to ten: {all}");
    let young = check(&[("age_min", "18"), ("age_max", "30")]);
    assert!(young.contains("不到 10 <small>人") && young.contains("岗位年龄"), "{young}");
    assert!(young.contains("<b>10 多</b>"), "only the age shuts them out: {young}");
    // A button widens the age until they are in.
    assert!(young.contains("value=\"ages|18|40\"") || young.contains("value=\"ages|18|\""), "{young}");
    assert!(!young.contains("12"), "no exact count: {young}");
}

/// Words out of real advertisements: read into the fields, what cannot be held or read is kept and shown, the law is named.
fn the_words_of_an_advertisement_fill_in_the_form(test: &TestDb) {
    let bench = Bench::new(test);
    let read = |words: &[(&str, &str)]| {
        let mut fields = bench.terms(&[("repair", "advert|read|all")]);
        fields.extend(words.iter().map(|(name, text)| (*name, *text)));
        let answer = bench.post("/hr/postings/check", "a", &fields);
        assert_eq!(answer.status, 200, "{}", answer.html);
        answer.html
    };
    let value = |html: &str, name: &str| {
        let (_, rest) = html.split_once(&format!(" name=\"{name}\"")).unwrap();
        let (_, rest) = rest.split_once("value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let ages = "女18-45岁、男18-50岁,能力突出者可放宽";
    let html = read(&[("advert_pay", "4千及以下"), ("advert_age", ages), ("advert_places", "10-15人")]);
    assert_eq!((value(&html, "pay_min"), value(&html, "pay_max")), (String::new(), "4000".to_owned()));
    assert_eq!((value(&html, "age_min"), value(&html, "age_max")), ("18".to_owned(), "50".to_owned()));
    assert!(html.contains("name=\"age_is_soft\" value=\"yes\" checked"), "a limit that may be relaxed is a soft one");
    assert_eq!(value(&html, "headcount"), "10");
    assert!(html.contains(&format!("年龄：{ages}")) && html.contains("人数：10-15人"), "kept in the note: {html}");
    // The note is read by the law: other ages for each sex are to be looked at, a sex asked for is refused, both with the article.
    let note =
        |html: &str| html.split("id=\"law-note\"").nth(1).unwrap().split("</div></div>").next().unwrap().to_owned();
    let said = note(&html);
    assert!(said.contains("请核对：「女18-45岁、男18-50岁」") && said.contains("《就业促进法》第二十七条"), "{said}");
    let said = note(&read(&[("advert_age", "女18-45岁")]));
    assert!(said.contains("不能发布") && said.contains("《就业促进法》第二十七条"), "{said}");
    let html = read(&[("advert_pay", "150元/天"), ("advert_time", "8:00-12:00，13:30-17:30，周六日休息，不上夜班")]);
    assert_eq!(value(&html, "pay_min"), "150");
    assert!(html.contains("<option value=\"daily\" selected>"), "{html}");
    assert_eq!((value(&html, "from_0"), value(&html, "to_1")), ("08:00".to_owned(), "17:30".to_owned()));
    // What could not be read fills in nothing, is shown, and stays in the note.
    let html = read(&[("advert_pay", "看情况"), ("advert_age", "18-45岁，身体健康")]);
    assert!(html.contains("没读懂：「看情况」") && html.contains("没读懂：「身体健康」"), "{html}");
    assert_eq!((value(&html, "pay_min"), value(&html, "age_max")), ("2800".to_owned(), "45".to_owned()));
    assert!(html.contains("工资：看情况"), "{html}");
    assert!(bench.postings().is_empty(), "reading stores nothing");
}
