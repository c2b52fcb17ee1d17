//! Rules and whose hand changed them, names and skills, the audit, jobs.

use wangjia::app::access::{Act, Caller, ObjectKind};
use wangjia::app::jobs::{JobKind, Queue};
use wangjia::app::skills;
use wangjia::app::{accounts, setting_changes};
use wangjia::db::skills::unmapped;
use wangjia::domain::access::Login;

use super::{ADMINISTRATOR, AUDITOR, COUNSELOR, TYPED, chinese, signed_in, site};
use crate::accounts::support::{noon, write};
use crate::support::{TestDb, on_both};

on_both!(
    a_rule_says_since_when_it_holds_what_comes_and_who_changed_it,
    a_name_is_mapped_made_or_ignored,
    the_audit_is_searched_by_its_auditors,
    a_job_is_followed_and_stopped_by_whose_it_is,
);

fn a_rule_says_since_when_it_holds_what_comes_and_who_changed_it(test: &TestDb) {
    let site = site(test);
    let token = signed_in(test, &site, "owner", &[ADMINISTRATOR]);
    let page = || site.get("/admin/settings", Some(&token)).html;
    assert!(page().contains("建库时的值") && !page().contains("命令行操作员"), "{}", page());
    let owner = test.db.read(|conn| accounts::by_login(conn, &Login::parse("owner").unwrap())).unwrap();
    let operator = Act::of_operator("change", ObjectKind::Setting, "settings set");
    let by_owner = Act { caller: Caller { account: Some(owner.id), ..Caller::operator() }, ..operator.clone() };
    let set = |act: &Act, value: &str, from: &str| {
        setting_changes::set(&test.db, act, ("decent_pay", value), from.parse().unwrap(), noon()).unwrap();
    };
    set(&operator, "2800", "2026-11-01");
    set(&by_owner, "3000", "2027-01-01");
    let page = page();
    let row = page.split("体面收入线").nth(1).unwrap().split("</tr>").next().unwrap();
    let now = row.find("<b>2800 元/月</b>").unwrap_or_else(|| panic!("{row}"));
    let next = row.find("2027-01-01").unwrap_or_else(|| panic!("{row}"));
    assert!(now < next && row.contains("<b>3000 元/月</b>"), "{row}");
    assert!(row.contains("命令行操作员<br><small>2026-11-23 12:00"), "{row}");
    assert!(row[next..].contains("杨秀英 2026-11-23 12:00"), "{row}");
    // What held before, and the command that changes it.
    assert!(row.contains("2600 元/月 · 一直"), "{row}");
    assert!(row.contains("<code>wangjia settings set decent_pay 新值 --from 2026-11-23</code>"), "{row}");
    // What the law leaves to the place is said to be missing.
    assert!(page.split("本地月最低工资").nth(1).unwrap().split("</tr>").next().unwrap().contains("还没填"));
    assert_eq!(chinese(&site.get("/admin/settings?lang=en", Some(&token)).html, &[]), "");
}

fn a_name_is_mapped_made_or_ignored(test: &TestDb) {
    let site = site(test);
    let token = signed_in(test, &site, "owner", &[ADMINISTRATOR]);
    let names = [("绝世武功", 7), ("听从安排", 3), (TYPED, 9), ("平车缝纫", 1)];
    write(test, |conn| {
        for (name, times) in names {
            unmapped::note(conn, name, name, times, noon())?;
        }
        Ok(())
    });
    let queue = || test.db.read(skills::queue).unwrap();
    let id = |name: &str| queue().into_iter().find(|one| one.name == name).unwrap().id;
    let page = site.get("/admin/skills", Some(&token)).html;
    assert!(!page.contains(TYPED) && page.contains("&#60;script&#62;"), "{page}");
    let places = ["&#60;script", "绝世武功", "听从安排", "平车缝纫"].map(|name| page.find(name).unwrap());
    assert!(places.is_sorted(), "most frequent first: {places:?}");
    assert!(page.contains("第 1 到 4 个，共 4 个"));
    let (mapped, ignored, made) = (id("平车缝纫"), id("听从安排"), id("绝世武功"));
    let guess = page.split(&format!("/admin/skills/names/{mapped}/map")).nth(1).unwrap();
    let skill = guess.split("name=\"skill_id\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let one = site.get(&format!("/admin/skills/names/{mapped}"), Some(&token)).html;
    assert!(one.contains("最相近的") && one.contains("忽略这个名称") && one.contains("建一个新技能"), "{one}");

    let send = |id: i64, what: &str, once: &str, fields: &[(&str, &str)]| {
        site.submit(&format!("/admin/skills/names/{id}/{what}"), &token, once, fields)
    };
    for none in ["", "999999", "x"] {
        let refused = send(mapped, "map", "", &[("skill_id", none)]);
        assert!(refused.status == 422 && refused.html.contains("id=\"skill-fault\""), "{none}: {}", refused.html);
    }
    for _ in 0..2 {
        let done = send(mapped, "map", "m", &[("skill_id", skill)]);
        assert_eq!(done.location.as_deref(), Some("/admin/skills?done=mapped"), "{}", done.html);
    }
    let aliases = test.db.read(|conn| skills::aliases(conn, skill.parse().unwrap())).unwrap();
    assert_eq!(aliases.iter().filter(|alias| alias.alias == "平车缝纫").count(), 1);
    assert_eq!(send(ignored, "ignore", "", &[]).status, 303);
    // It is not asked about again however often it comes.
    write(test, |conn| Ok(unmapped::note(conn, "听从安排", "听从安排", 5, noon())?));
    assert_eq!(queue().len(), 2);
    let page = site.get("/admin/skills", Some(&token)).html;
    assert!(page.contains("已忽略 1 个"), "{page}");
    let bad = [("name_zh", ""), ("name_en", TYPED), ("code", "kung_fu"), ("category", "electronics")];
    let bad = send(made, "make", "", &bad);
    assert!(bad.status == 422 && bad.html.contains("id=\"zh-fault\"") && !bad.html.contains(TYPED), "{}", bad.html);
    let none = [("name_zh", "武术"), ("name_en", "Kung fu"), ("code", "kung_fu"), ("category", "none")];
    assert!(send(made, "make", "", &none).html.contains("id=\"category-fault\""));
    let good = [("name_zh", "武术"), ("name_en", "Kung fu"), ("code", "kung_fu"), ("category", "electronics")];
    assert_eq!(send(made, "make", "", &good).location.as_deref(), Some("/admin/skills?done=made"));
    let known = test.db.read(skills::all).unwrap().into_iter().find(|skill| skill.fields.code == "kung_fu").unwrap();
    let aliases = test.db.read(|conn| skills::aliases(conn, known.id)).unwrap();
    assert!(aliases.iter().any(|alias| alias.alias == "绝世武功"), "{aliases:?}");
    assert_eq!(send(ignored, "ignore", "", &[("back", "yes")]).status, 303);
    assert_eq!(queue().len(), 2);
    let list = site.get("/admin/skills/list?trade=electronics", Some(&token)).html;
    assert!(
        list.contains("kung_fu") && list.contains("武术") && list.contains("<option value=\"electronics\" selected>")
    );
    assert_eq!(site.get("/admin/skills/names/999999", Some(&token)).status, 404);
    let skill_names: Vec<String> =
        test.db.read(skills::all).unwrap().into_iter().map(|skill| skill.fields.name_zh).collect();
    let mut names: Vec<&str> = skill_names.iter().map(String::as_str).collect();
    names.extend(["听从安排", "绝世武功"]);
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    for path in ["/admin/skills", &format!("/admin/skills/names/{ignored}"), "/admin/skills/list"] {
        let english = site.get(&format!("{path}?lang=en"), Some(&token)).html;
        assert_eq!(chinese(&english, &names), "", "{path}");
    }
}

fn the_audit_is_searched_by_its_auditors(test: &TestDb) {
    let site = site(test);
    let owner = signed_in(test, &site, "owner", &[ADMINISTRATOR]);
    let auditor = signed_in(test, &site, "auditor", &[AUDITOR]);
    let new = [("login", "shi.xiulan"), ("display_name", TYPED), ("role", "auditor")];
    assert_eq!(site.submit("/admin/accounts", &owner, "", &new).status, 200);
    assert_eq!(site.get("/admin/audit", Some(&owner)).status, 403, "not even the administrator");
    let find = |query: &str| site.get(&format!("/admin/audit{query}"), Some(&auditor));
    let all = find("").html;
    let newest = all.find("page_create_account").unwrap_or_else(|| panic!("{all}"));
    assert!(newest < all.rfind("page_sign_in").unwrap(), "newest first: {all}");
    assert!(all.contains("杨秀英（owner）") && all.contains("新增 账号"), "{all}");
    assert!(!find("?account=auditor").html.contains("<code>page_create_account"));
    assert!(find("?account=owner&action=create&object=account").html.contains("<code>page_create_account"));
    assert!(find("?object=account&from=2026-11-23&to=2026-11-23").html.contains("<code>page_create_account"));
    for nothing in ["?to=2026-11-22", "?from=2026-11-24", "?resident=1", "?object=spell", "?object_id=999999"] {
        let found = find(nothing);
        assert!(found.status == 200 && found.html.contains("没有符合的记录"), "{nothing}: {}", found.html);
    }
    for (unclear, at) in [
        ("?account=nobody", "account-fault"),
        ("?account=%3Cscript%3Ealert(1)%3C%2Fscript%3E", "account-fault"),
        ("?object_id=x", "object_id-fault"),
        ("?resident=%3Cscript%3E", "resident-fault"),
        ("?from=yesterday", "from-fault"),
        ("?to=2026-13-01", "to-fault"),
    ] {
        let found = find(unclear);
        assert!(found.status == 422 && found.html.contains(&format!("id=\"{at}\"")), "{unclear}: {}", found.html);
    }
    assert_eq!(chinese(&find("?lang=en").html, &[]), "");
    // Page after page until there is no more: every entry once.
    let counselor = signed_in(test, &site, "counselor", &[COUNSELOR]);
    for _ in 0..60 {
        assert_eq!(site.get("/admin/exports/postings.csv", Some(&counselor)).status, 200);
    }
    let first = find("").html;
    let next = first.split("href=\"/admin/audit?before=").nth(1).unwrap().split('"').next().unwrap();
    let second = find(&format!("?before={next}")).html;
    let numbers = |html: &str| -> Vec<i64> {
        html.split("</span><br><small>").skip(1).map(|rest| rest.split('<').next().unwrap().parse().unwrap()).collect()
    };
    let both = [numbers(&first), numbers(&second)].concat();
    assert!(numbers(&first).len() == 50 && both.is_sorted_by(|a, b| a == &(b + 1)), "{both:?}");
    assert_eq!(both.last(), Some(&1));
}

fn a_job_is_followed_and_stopped_by_whose_it_is(test: &TestDb) {
    let site = site(test);
    let owner = signed_in(test, &site, "owner", &[COUNSELOR]);
    let other = signed_in(test, &site, "other", &[COUNSELOR]);
    assert!(site.get("/admin/jobs", Some(&owner)).html.contains("没有任务"));
    let account = test.db.read(|conn| accounts::by_login(conn, &Login::parse("owner").unwrap())).unwrap().id;
    let job = write(test, |conn| Queue::enqueue(conn, &test.db, JobKind::Plan, b"", Some(account), noon()));
    let page = site.get("/admin/jobs", Some(&owner)).html;
    assert!(page.contains("安排方案") && page.contains("已排队") && page.contains("<progress"), "{page}");
    assert!(page.contains("<noscript><meta http-equiv=\"refresh\""), "{page}");
    assert!(site.get("/admin/jobs", Some(&other)).html.contains("没有任务"), "another's");
    let cancel = format!("/admin/jobs/{job}/cancel");
    assert_eq!(site.submit(&cancel, &other, "", &[]).status, 404);
    for _ in 0..2 {
        let done = site.submit(&cancel, &owner, "c", &[]);
        assert_eq!(done.location.as_deref(), Some("/admin/jobs?done=cancelled"), "{}", done.html);
    }
    let page = site.get("/admin/jobs?done=cancelled", Some(&owner)).html;
    assert!(page.contains("已取消") && !page.contains("<noscript>") && page.contains("已请求取消"), "{page}");
    assert_eq!(site.submit(&cancel, &owner, "", &[]).status, 409, "it has ended");
    assert_eq!(chinese(&site.get("/admin/jobs?lang=en", Some(&owner)).html, &[]), "");
}
