//! Courses as a counselor keeps them: added, opened, filled by whom they help most, attended, and passed.

use serde_json::json;
use wangjia::app::access::Grant;
use wangjia::domain::access::Role;

use super::town::{NAME, Town};
use crate::accounts::support::{PASSWORD, account};
use crate::api::app::id;
use crate::support::{TestDb, on_both};

on_both!(
    a_course_is_added_filled_attended_and_passed,
    a_course_form_says_where_it_is_wrong,
    who_would_become_coverable_is_told_and_enrolled,
    an_official_and_an_administrator_see_courses_and_nobody_in_them,
);

fn skill(town: &Town, name: &str) -> String {
    crate::training::skill(&town.app, name)
}

/// The fields of a course.
fn fields<'a>(skill: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all = vec![
        ("name", "缝纫初级班"),
        ("skill_0", skill),
        ("level_0", "3"),
        ("first_on", "2026-11-20"),
        ("last_on", "2026-12-20"),
        ("seats", "2"),
        ("place", "B1"),
        ("from_0", "18:00"),
        ("to_0", "20:00"),
        ("day_0", "1"),
        ("day_0", "3"),
    ];
    all.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    all.extend(more);
    all
}

fn a_course_is_added_filled_attended_and_passed(db: &TestDb) {
    let town = Town::new(db);
    assert!(town.see("/courses").contains("现在没有培训班"));
    let sewing = skill(&town, "缝纫");
    let added = town.done("/courses/new", &fields(&sewing, &[("last_on", "2026-11-23")]));
    assert!(added.contains("培训班已登记") && added.contains("缝纫（3 级）"), "{added}");
    assert!(added.contains("周一、周三 18:00–20:00") && added.contains("空 2 座，共 2 座"), "{added}");
    let course = id(&town.items("/courses")[0]);
    let path = format!("/courses/{course}");
    let enrol = town.person("/enrol");
    assert_eq!(town.send(&enrol, &[("course", &course)]).status, 409, "enrolment is not open");
    town.done(&format!("{path}/status"), &[("to", "open")]);
    let open = town.see(&town.person("/courses"));
    assert!(open.contains("缝纫初级班") && open.contains(&format!("value=\"{course}\"")), "{open}");
    let card = town.done(&enrol, &[("course", &course)]);
    assert!(card.contains("已报名培训"), "{card}");
    assert_eq!(town.send(&enrol, &[("course", &course), ("again", "1")]).status, 409, "once is enough");
    assert!(!town.see(&town.person("/courses")).contains("name=\"course\""), "the person is in it");
    let page = town.see(&path);
    assert!(page.contains(NAME) && page.contains("空 1 座") && page.contains("还没来过"), "{page}");
    let enrolment = id(&town.items("/enrolments")[0]);
    let attend = format!("{path}/attend");
    let came =
        |day: &'static str| [("enrolment", enrolment.clone()), ("day", day.to_owned()), ("minutes", "120".to_owned())];
    let send = |day: &'static str| {
        let form = came(day);
        town.send(&attend, &form.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>())
    };
    assert_eq!(send("2026-11-24").status, 422, "tomorrow");
    assert_eq!(send("2026-11-19").status, 422, "before the course");
    assert_eq!(town.send(&attend, &[("day", "2026-11-23"), ("minutes", "120")]).status, 422, "nobody is ticked");
    assert_eq!(send("2026-11-23").status, 303);
    let page = town.see(&path);
    assert!(page.contains("来了 1 天，共 2 小时") && page.contains("在培"), "{page}");
    let result = format!("/enrolments/{enrolment}/result");
    let failed = [("from", "attended"), ("to", "failed")];
    assert_eq!(town.send(&result, &failed).status, 422, "a reason is due");
    let passed = town.done(&result, &[("from", "attended"), ("to", "passed")]);
    assert!(passed.contains("学到的技能已写进本人资料"), "{passed}");
    assert!(town.see(&town.person("")).contains("缝纫"), "the skill is on the person's card");
    assert_eq!(town.send(&result, &[("from", "attended"), ("to", "passed"), ("x", "")]).status, 409, "it has ended");
    assert!(town.see(&path).contains("结果登记错了"));
    let back = [("from", "passed"), ("to", "attended"), ("reason", "entered_by_mistake")];
    assert!(town.done(&result, &back).contains("结果已撤回"));
    assert_eq!(town.items(&town.person("/skills")), [] as [serde_json::Value; 0], "what it showed is gone with it");
}

fn a_course_form_says_where_it_is_wrong(db: &TestDb) {
    let town = Town::new(db);
    let sewing = skill(&town, "缝纫");
    for (more, fault) in [
        (vec![("seats", "0")], "seats-fault"),
        (vec![("skill_0", "")], "skills-fault"),
        (vec![("skill_0", "99999")], "skills-fault"),
        (vec![("last_on", "2026-11-01")], "last_on-fault"),
        (vec![("first_on", "20.11.")], "first_on-fault"),
        (vec![("to_0", "")], "hours-fault"),
        (vec![("name", "")], "name-fault"),
    ] {
        let answer = town.send("/courses/new", &fields(&sewing, &more));
        assert_eq!(answer.status, 422, "{more:?}");
        assert!(answer.html.contains(&format!("id=\"{fault}\"")), "{more:?}: {}", answer.html);
        assert!(answer.html.contains("value=\"B1\""), "what was typed stays");
    }
    assert!(town.items("/courses").is_empty());
    town.done("/courses/new", &fields(&sewing, &[]));
    let course = id(&town.items("/courses")[0]);
    let edit = format!("/courses/{course}/edit");
    let form = town.see(&edit);
    let (_, rest) = form.split_once("name=\"version\" value=\"").unwrap();
    let version = rest.split('"').next().unwrap().to_owned();
    let changed =
        town.done(&edit, &fields(&sewing, &[("version", &version), ("seats", "5"), ("name", "<script>x</script>")]));
    assert!(changed.contains("共 5 座") && changed.contains("&#60;script&#62;"), "{changed}");
    let late = town.send(&edit, &fields(&sewing, &[("version", &version), ("seats", "6")]));
    assert_eq!(late.status, 409, "another was first");
}

fn who_would_become_coverable_is_told_and_enrolled(db: &TestDb) {
    let town = Town::new(db);
    // The one posting asks for a skill nobody has; what the two know is something else.
    for resident in &town.residents {
        let skills = format!("/residents/{resident}/skills");
        let hair = json!({"items": [{"name": "美发", "level": 3}]});
        town.app.request("PUT", &skills).header("if-match", &town.app.etag(&skills)).json(&hair).send().expect(200);
    }
    let asks = json!({"skills": [{"name": "缝纫", "importance": "must", "level": 3}]});
    town.app.patch(&format!("/postings/{}", town.posting), &asks).expect(200);
    let sewing = skill(&town, "缝纫");
    town.done("/courses/new", &fields(&sewing, &[]));
    let course = id(&town.items("/courses")[0]);
    let seats = format!("/courses/{course}/seats");
    let closed = town.site.get(&seats, Some(&town.counselors[0]));
    assert_eq!(closed.status, 422, "enrolment is not open");
    town.done(&format!("/courses/{course}/status"), &[("to", "open")]);
    let told = town.see(&seats);
    assert!(told.contains("现在 2 户未覆盖") && told.contains("其中 2 户要靠这个班"), "{told}");
    assert!(told.contains(NAME) && !told.contains("Yang Awu") && told.contains("别的网格另有 1 人"), "{told}");
    let enrol = format!("/courses/{course}/enrol");
    assert_eq!(town.send(&enrol, &[]).status, 422, "nobody is ticked");
    assert_eq!(town.send(&enrol, &[("resident", &town.residents[1])]).status, 422, "another's");
    assert!(town.items("/enrolments").is_empty());
    let done = town.done(&enrol, &[("resident", &town.residents[0])]);
    assert!(done.contains("已报名。") && done.contains(NAME) && done.contains("空 1 座"), "{done}");
    // The other grid's counselor sees the seat taken, and not by whom.
    let other = town.site.get(&format!("/courses/{course}"), Some(&town.counselors[1])).html;
    assert!(other.contains("空 1 座") && !other.contains(NAME), "{other}");
    let enrolment = id(&town.items("/enrolments")[0]);
    let out = [("from", "enrolled"), ("to", "dropped_out"), ("reason", "hours")];
    let foreign = town.site.submit(&format!("/enrolments/{enrolment}/result"), &town.counselors[1], "x", &out);
    assert_eq!(foreign.status, 404);
    let cancelled = town.done(&format!("/courses/{course}/status"), &[("to", "cancelled")]);
    assert!(cancelled.contains("培训班已取消") && !cancelled.contains("/status"), "{cancelled}");
}

fn an_official_and_an_administrator_see_courses_and_nobody_in_them(db: &TestDb) {
    let town = Town::new(db);
    wangjia::app::settings::set(&db.db, "second_factor_required", "none", "2026-11-23".parse().unwrap()).unwrap();
    let sewing = skill(&town, "缝纫");
    town.done("/courses/new", &fields(&sewing, &[]));
    let course = id(&town.items("/courses")[0]);
    town.done(&format!("/courses/{course}/status"), &[("to", "open")]);
    town.done(&town.person("/enrol"), &[("course", &course)]);
    for (role, login) in [(Role::Official, "official"), (Role::Administrator, "admin")] {
        account(db, login, &[Grant { role, area: None, employer: None }]);
        let token = town.site.sign_in(login, PASSWORD, "").token.unwrap();
        let list = town.site.get("/courses", Some(&token));
        assert_eq!(list.status, 200, "{login}: {}", list.html);
        assert!(list.html.contains("空 1 座") && !list.html.contains("/courses/new"), "{login}: {}", list.html);
        let page = town.site.get(&format!("/courses/{course}?lang=en"), Some(&token));
        assert_eq!(page.status, 200, "{login}: {}", page.html);
        assert!(!page.html.contains(NAME) && !page.html.contains("/attend"), "{login}: {}", page.html);
        assert!(page.html.contains("1 of 2 seats free"), "{login}: {}", page.html);
        let status = town.site.submit(&format!("/courses/{course}/status"), &token, "s", &[("to", "closed")]);
        assert_eq!(status.status, 403, "{login}");
    }
}
