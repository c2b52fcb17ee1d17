//! Accounts made and taken away on pages.

use wangjia::app::accounts::{self, Account};
use wangjia::app::areas::{self, AreaFields};
use wangjia::app::audit::{self, Filter};
use wangjia::domain::access::{Login, Role};
use wangjia::domain::codes::AreaKind;

use super::{ADMINISTRATOR, AUDITOR, TYPED, chinese, signed_in, site};
use crate::accounts::support::{OTHER_PASSWORD, write};
use crate::support::{TestDb, on_both};

on_both!(
    a_counselor_of_one_grid_gets_an_account_and_a_secret_once,
    a_form_that_says_too_little_says_where,
    what_is_taken_away_is_gone_at_once,
    accounts_are_the_administrators,
);

/// A community with one grid; gives the grid.
fn grid(test: &TestDb) -> i64 {
    write(test, |conn| {
        let area =
            |kind, parent_id, name: &str| AreaFields { parent_id, kind, name: name.into(), minutes_to_park: None };
        let community = areas::create(conn, &area(AreaKind::Community, None, "旺家社区"))?;
        Ok(areas::create(conn, &area(AreaKind::Grid, Some(community.id), "第一网格"))?.id)
    })
}

#[track_caller]
fn by_login(test: &TestDb, login: &str) -> Account {
    let login = Login::parse(login).unwrap();
    test.db.read(|conn| accounts::by_login(conn, &login)).unwrap()
}

fn a_counselor_of_one_grid_gets_an_account_and_a_secret_once(test: &TestDb) {
    let site = site(test);
    let grid = grid(test);
    let token = signed_in(test, &site, "owner", &[ADMINISTRATOR]);
    let page = site.get("/admin/accounts", Some(&token));
    assert!(page.html.contains("第一网格") && page.html.contains("旺家社区（整个社区）"), "{}", page.html);
    let area = grid.to_string();
    let fields = [
        ("login", "wu.meili"),
        ("display_name", TYPED),
        ("role", "counselor"),
        ("area", area.as_str()),
        ("employer", ""),
    ];
    let made = site.submit("/admin/accounts", &token, "one", &fields);
    assert_eq!(made.status, 200, "{}", made.html);
    let secret = made.html.split("id=\"secret\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap().to_owned();
    assert!(made.html.contains("就业专干 · 旺家社区/第一网格") && made.html.contains("等本人设密码"), "{}", made.html);
    assert!(!made.html.contains(TYPED) && made.html.contains("&#60;script&#62;"));
    let account = by_login(test, "wu.meili");
    assert_eq!((account.grants[0].role, account.grants[0].area), (Role::Counselor, Some(grid)));
    // Sent again it is the same account, and the secret is not told twice.
    let again = site.submit("/admin/accounts", &token, "one", &fields);
    let to = again.location.unwrap();
    assert_eq!(to, format!("/admin/accounts/{}?done=made", account.id));
    let shown = site.get(&to, Some(&token));
    assert!(shown.html.contains("这个账号已经建好") && !shown.html.contains(&secret), "{}", shown.html);
    assert!(!site.get("/admin/accounts", Some(&token)).html.contains(TYPED));
    // The secret lets its owner in, and nobody else has to know a password.
    let set = [("secret", secret.as_str()), ("password", OTHER_PASSWORD), ("again", OTHER_PASSWORD)];
    assert_eq!(site.post("/reset", None, &set).location.as_deref(), Some("/sign-in?done=reset"));
    assert_eq!(site.sign_in("wu.meili", OTHER_PASSWORD, "").status, 303);
    let entries = test.db.read(|conn| audit::find(conn, &Filter::default(), 0, 100, None)).unwrap();
    let made = entries.iter().filter(|entry| entry.operation == "page_create_account").collect::<Vec<_>>();
    assert_eq!(made.len(), 1);
    assert_eq!((made[0].object, made[0].changed), (Some(account.id), true));
}

fn a_form_that_says_too_little_says_where(test: &TestDb) {
    let site = site(test);
    grid(test);
    let token = signed_in(test, &site, "owner", &[ADMINISTRATOR]);
    let send = |login: &str, name: &str, role: &str, area: &str| {
        let fields = [("login", login), ("display_name", name), ("role", role), ("area", area), ("employer", "")];
        site.submit("/admin/accounts", &token, "", &fields)
    };
    for (answer, at) in [
        (send("Wu Meili", "吴美丽", "auditor", ""), "login-fault"),
        (send("wu.meili", "", "auditor", ""), "display_name-fault"),
        (send("wu.meili", "吴美丽", "counselor", ""), "area-fault"),
        (send("wu.meili", "吴美丽", "counselor", "999999"), "area-fault"),
        (send("wu.meili", "吴美丽", "hr", ""), "employer-fault"),
        (send("owner", "吴美丽", "auditor", ""), "login-fault"),
    ] {
        assert_eq!(answer.status, 422, "{at}");
        assert!(answer.html.contains(&format!("id=\"{at}\"")), "{at}: {}", answer.html);
        assert!(answer.html.contains("role=\"alert\""), "{at}");
    }
    let typed = send("x", TYPED, "auditor", "");
    assert!(typed.html.contains("value=\"&#60;script") && !typed.html.contains(TYPED), "{}", typed.html);
    let none = Login::parse("wu.meili").unwrap();
    assert!(test.db.read(|conn| accounts::by_login(conn, &none)).is_err());
}

fn what_is_taken_away_is_gone_at_once(test: &TestDb) {
    let site = site(test);
    let token = signed_in(test, &site, "owner", &[ADMINISTRATOR]);
    let other = signed_in(test, &site, "other", &[AUDITOR, ADMINISTRATOR]);
    let id = by_login(test, "other").id;
    let act = |what: &str, fields: &[(&str, &str)]| {
        let version = by_login(test, "other").version.to_string();
        let fields = [&[("version", version.as_str())], fields].concat();
        site.submit(&format!("/admin/accounts/{id}/{what}"), &token, "", &fields)
    };
    assert_eq!(site.get("/admin/audit", Some(&other)).status, 200);
    let done = act("roles/remove", &[("grant", "auditor::")]);
    assert_eq!(done.location.as_deref(), Some(format!("/admin/accounts/{id}?done=roles").as_str()), "{}", done.html);
    assert_eq!(site.get("/admin/accounts", Some(&other)).status, 303, "its sign-in has ended");
    assert_eq!(act("roles", &[("role", "auditor")]).status, 303);
    let twice = act("roles", &[("role", "auditor")]);
    assert!(twice.status == 422 && twice.html.contains("重复出现"), "{}", twice.html);
    assert_eq!(act("name", &[("display_name", "石秀兰")]).status, 303);
    assert_eq!(by_login(test, "other").display_name, "石秀兰");
    assert!(act("name", &[("display_name", "")]).html.contains("id=\"name-fault\""));
    assert_eq!(act("disable", &[]).status, 303);
    let page = site.get(&format!("/admin/accounts/{id}"), Some(&token)).html;
    assert!(page.contains("已停用") && page.contains("启用</button>"), "{page}");
    assert!(act("reset", &[]).status == 409, "a disabled account is not reset");
    assert_eq!(act("enable", &[]).status, 303);
    let reset = act("reset", &[]);
    assert!(reset.status == 200 && reset.html.contains("id=\"secret\""), "{}", reset.html);
    assert!(!by_login(test, "other").has_password);
    // Somebody else changed it since the page was opened.
    let stale = site.submit(&format!("/admin/accounts/{id}/disable"), &token, "", &[("version", "1")]);
    assert!(stale.status == 409 && stale.html.contains("刚刚有人改过"), "{}", stale.html);
    // The last administrator who can sign in stays one.
    let owner = by_login(test, "owner");
    act("disable", &[]);
    let last = [("version", owner.version.to_string())];
    let last = [("version", last[0].1.as_str())];
    let refused = site.submit(&format!("/admin/accounts/{}/disable", owner.id), &token, "", &last);
    assert!(refused.status == 409 && refused.html.contains("最后一个可用的管理员"), "{}", refused.html);
}

fn accounts_are_the_administrators(test: &TestDb) {
    let site = site(test);
    let owner = signed_in(test, &site, "owner", &[ADMINISTRATOR]);
    let auditor = signed_in(test, &site, "auditor", &[AUDITOR]);
    assert_eq!(site.get("/admin/accounts", Some(&auditor)).status, 403);
    assert_eq!(site.submit("/admin/accounts", &auditor, "", &[]).status, 403);
    assert_eq!(site.get("/admin/accounts/999999", Some(&owner)).status, 404);
    for path in ["/admin/accounts", &format!("/admin/accounts/{}", by_login(test, "auditor").id)] {
        let english = site.get(&format!("{path}?lang=en"), Some(&owner)).html;
        assert_eq!(chinese(&english, &[]), "", "{path}");
    }
}
