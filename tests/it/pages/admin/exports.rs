//! Lists to take along.

use wangjia::app::audit::{self, Filter};

use super::{ADMINISTRATOR, COUNSELOR, OFFICIAL, chinese, signed_in, site};
use crate::imports::import_with;
use crate::ledger::id;
use crate::row;
use crate::support::{TestDb, on_both};

on_both!(
    a_list_holds_what_its_page_shows_and_is_written_down,
    lists_are_given_as_the_policy_says,
    lists_have_the_columns_somebody_saved,
);

fn town(test: &TestDb) {
    let people = vec![
        row!["户编号", "姓名", "与户主关系", "身份证号", "楼栋", "原乡镇"],
        row!["A1", "=HYPERLINK(\"x\")", "户主", id(1980, 1, 1, 1), "1栋", "某某乡"],
        row!["A2", "王五", "户主", id(1981, 1, 1, 1), "1栋", "某某乡"],
    ];
    let postings = vec![
        row!["企业名称", "岗位名称", "招聘人数", "薪资下限", "有效期起"],
        row!["某某服饰有限公司", "+平缝工", "4", "2600", "2026-11-01"],
    ];
    let report = import_with(test, &[("户", people), ("岗位", postings)], &crate::imports::accepting());
    assert_eq!(report.rejected, 0, "{:?}", report.findings);
}

fn a_list_holds_what_its_page_shows_and_is_written_down(test: &TestDb) {
    let site = site(test);
    town(test);
    let token = signed_in(test, &site, "owner", &[COUNSELOR]);
    let households = site.get("/admin/exports/households.csv", Some(&token));
    assert_eq!(households.status, 200, "{}", households.html);
    let lines: Vec<&str> = households.html.trim_start_matches('\u{feff}').lines().collect();
    assert!(lines.len() == 3 && lines[0].starts_with("日期,户编号,户主,"), "{lines:?}");
    assert!(lines[1].starts_with("2026-11-23,A1,\"'=HYPERLINK(") && lines[1].contains("未覆盖"), "{lines:?}");
    let covered = site.get("/admin/exports/households.csv?state=covered&as_of=2026-11-20", Some(&token)).html;
    assert_eq!(covered.lines().count(), 1, "{covered}");
    assert_eq!(site.get("/admin/exports/households.csv?as_of=x", Some(&token)).status, 422);
    let postings = site.get("/admin/exports/postings.csv?lang=en", Some(&token)).html;
    assert!(postings.contains("某某服饰有限公司,'+平缝工") && postings.contains("2600.00"), "{postings}");
    let entries = test.db.read(|conn| audit::find(conn, &Filter::default(), 0, 100, None)).unwrap();
    let of = |operation: &str| entries.iter().filter(|entry| entry.operation == operation).collect::<Vec<_>>();
    assert_eq!(of("export_households")[0].subjects.len(), 2, "whose data left the house");
    assert_eq!(of("export_postings").len(), 1);
    let page = site.get("/admin/exports?lang=en", Some(&token)).html;
    assert_eq!(chinese(&page, &[]), "");
}

fn lists_are_given_as_the_policy_says(test: &TestDb) {
    let site = site(test);
    town(test);
    let administrator = signed_in(test, &site, "owner", &[ADMINISTRATOR]);
    assert_eq!(site.get("/admin/exports", Some(&administrator)).status, 403);
    assert_eq!(site.get("/admin/exports/households.csv", Some(&administrator)).status, 403);
    // An official says why before names are given out, and needs no reason for postings.
    let official = signed_in(test, &site, "official", &[OFFICIAL]);
    assert_eq!(site.get("/admin/exports", Some(&official)).status, 200);
    assert_eq!(site.get("/admin/exports/postings.csv", Some(&official)).status, 200);
    let asked = site.get("/admin/exports/households.csv", Some(&official));
    assert_eq!(asked.location.as_deref(), Some("/reason?then=%2Fadmin%2Fexports%2Fhouseholds%2Ecsv"));
    let given = site.submit("/reason", &official, "", &[("reason", "核对 11 月名单"), ("then", "/admin/exports")]);
    let (name, value) = given.cookies.into_iter().next().unwrap();
    let list = site.get_with("/admin/exports/households.csv", &official, (&name, &value));
    assert!(list.status == 200 && list.html.contains("A1"), "{}", list.html);
}

fn lists_have_the_columns_somebody_saved(test: &TestDb) {
    let site = site(test);
    town(test);
    let token = signed_in(test, &site, "owner", &[COUNSELOR]);
    let offered = site.get("/exports?list=postings", Some(&token)).html;
    assert!(
        offered.contains("name=\"c_vacancies\"") && !offered.contains("name=\"c_age\""),
        "its own columns: {offered}"
    );
    let save = |kind: &str, columns: &[(&str, &str)]| {
        let fields = [&[("kind", kind), ("name", "我的")], columns].concat();
        let saved = site.submit("/exports/views", &token, "", &fields);
        assert_eq!(
            saved.location.as_deref(),
            Some(format!("/exports?done=saved&list={kind}").as_str()),
            "{}",
            saved.html
        );
        let page = site.get("/admin/exports", Some(&token)).html;
        let (_, rest) = page.split_once(&format!("id=\"view-{kind}\"")).unwrap();
        let (_, rest) = rest.split_once("</option><option value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let view = save("households", &[("c_state", "1"), ("c_household_code", "2")]);
    let lines = |path: &str| {
        let list = site.get(path, Some(&token)).html;
        list.trim_start_matches('\u{feff}').lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let households = lines(&format!("/admin/exports/households.csv?view={view}"));
    assert_eq!(households, ["状态,户编号", "未覆盖,A1", "未覆盖,A2"]);
    let posts = save("postings", &[("c_vacancies", "2"), ("c_title", "1")]);
    assert_eq!(lines(&format!("/admin/exports/postings.csv?view={posts}")), ["岗位名称,空缺人数", "'+平缝工,4"]);
    assert_eq!(lines("/admin/exports/postings.csv?view=")[0].split(',').count(), 16, "all of them unless one is named");
    // A view of another list, and nobody's.
    for wrong in [view.as_str(), "999", "x"] {
        let path = format!("/admin/exports/postings.csv?view={wrong}");
        assert_eq!(site.get(&path, Some(&token)).status, 422, "{wrong}");
    }
    let other = signed_in(test, &site, "other", &[COUNSELOR]);
    assert_eq!(site.get(&format!("/admin/exports/postings.csv?view={posts}"), Some(&other)).status, 422);
}
