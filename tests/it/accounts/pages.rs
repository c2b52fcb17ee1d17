//! Signing in on a page, without JavaScript.

use chrono::TimeDelta;
use diesel::RunQueryDsl as _;
use wangjia::app::accounts::{first, reset};
use wangjia::app::audit::{self, Filter};

use super::support::*;
use crate::support::site::Site;
use crate::support::{TestDb, on_both};

on_both!(
    a_first_start_leads_to_an_administrator_with_a_second_factor,
    refusals_are_said_in_words_and_forms_are_bound_to_their_session,
    a_lost_password_is_replaced_on_a_page,
    what_a_page_changes_is_written_down_with_it,
);

fn a_first_start_leads_to_an_administrator_with_a_second_factor(test: &TestDb) {
    let site = Site::new(test, noon());
    let secret = first::announce(&test.db, noon()).unwrap().unwrap();
    let page = site.get("/sign-in", None);
    assert!(page.html.contains("这里还没有账号") && page.html.contains("name=\"secret\""), "{}", page.html);
    assert!(site.get("/sign-in?lang=en", None).html.contains("There are no accounts here yet"));
    let form = |secret: &str, again: &str| {
        let fields = [
            ("secret", secret),
            ("login", "boss"),
            ("display_name", "吴主任<b>"),
            ("password", PASSWORD),
            ("again", again),
        ];
        site.post("/first-administrator", None, &fields)
    };
    let wrong = form("0000", PASSWORD);
    assert_eq!(wrong.status, 422);
    assert!(wrong.html.contains("一次性密钥无效") && wrong.html.contains("value=\"boss\""), "{}", wrong.html);
    assert!(!wrong.html.contains(PASSWORD) && !wrong.html.contains("<b>"), "{}", wrong.html);
    assert!(form(secret.secret.reveal(), "another").html.contains("两次输入的新密码不一样"));
    let made = form(secret.secret.reveal(), PASSWORD);
    assert_eq!((made.status, made.location.as_deref()), (303, Some("/sign-in?done=first")));
    let page = site.get("/sign-in?done=first", None);
    assert!(page.html.contains("管理员账号已建立") && page.html.contains("autocomplete=\"current-password\""));

    // The role needs a second factor: the account page comes first.
    let signed = site.sign_in("boss", PASSWORD, "");
    assert_eq!((signed.status, signed.location.as_deref()), (303, Some("/account")));
    let token = signed.token.unwrap();
    let account = site.get("/account", Some(&token));
    assert!(account.html.contains("您的角色须设两步验证") && account.html.contains("系统管理员"), "{}", account.html);
    let csrf = site.csrf(&token);
    let begun = site.post("/account/second-factor", Some(&token), &[("csrf", &csrf)]).html;
    let (_, rest) = begun.split_once("id=\"otp-secret\">").unwrap();
    let shown = rest.split('<').next().unwrap();
    assert!(shown.split(' ').all(|group| group.len() == 4) && shown.len() == 39, "{shown}");
    assert!(begun.contains("otpauth://totp/"));
    let totp = |at: chrono::NaiveDateTime| {
        let secret = totp_rs::Secret::try_from_base32(shown.replace(' ', "")).unwrap();
        let totp = totp_rs::Builder::new().with_secret(secret).with_account_name("x").build().unwrap();
        totp.generate(at.and_utc().timestamp().try_into().unwrap()).to_string()
    };
    let code = totp(noon());
    let confirmed = site.post("/account/second-factor/confirm", Some(&token), &[("csrf", &csrf), ("code", &code)]);
    assert_eq!(confirmed.location.as_deref(), Some("/account?done=second_factor"), "{}", confirmed.html);
    let shown = site.get("/account?done=second_factor", Some(&token)).html;
    assert!(shown.contains("两步验证已启用") && !shown.contains("须设两步验证"), "{shown}");
    assert_eq!(site.sign_in("boss", PASSWORD, "").status, 401);
    let signed = site.sign_in("boss", PASSWORD, &totp(noon() + TimeDelta::seconds(30)));
    assert_eq!((signed.status, signed.location.as_deref()), (303, Some("/")));

    let out = site.post("/account/sign-out", Some(&token), &[("csrf", &csrf)]);
    assert_eq!(
        (out.location.as_deref(), out.token.as_deref(), out.clears),
        (Some("/sign-in?done=out"), Some(""), true)
    );
    let gone = site.get("/account", Some(&token));
    assert_eq!((gone.status, gone.location.as_deref()), (303, Some("/sign-in")));
}

/// What the audit says of each act since an entry.
fn acts(test: &TestDb, since: i64) -> Vec<(String, Option<i64>, String)> {
    let found = test.db.read(|conn| audit::find(conn, &Filter::default(), since, 1_000, None)).unwrap();
    found.into_iter().map(|entry| (entry.operation, entry.account, entry.outcome)).collect()
}

/// A change and its entry are one; a form that changed nothing leaves none.
fn what_a_page_changes_is_written_down_with_it(test: &TestDb) {
    let site = Site::new(test, noon());
    let owner = account(test, "owner", &[AUDITOR]);
    let token = site.sign_in("owner", PASSWORD, "").token.unwrap();
    let csrf = site.csrf(&token);
    let post = |path: &str, form: &[(&str, &str)]| site.post(path, Some(&token), form);
    post("/account/sign-out", &[("csrf", "another's")]);
    let change = |current: &str| {
        let (new, again) = (("new_password", OTHER_PASSWORD), ("again", OTHER_PASSWORD));
        post("/account/password", &[("csrf", &csrf), ("current_password", current), new, again])
    };
    assert_eq!(change("wrong").status, 422);
    assert_eq!(site.sign_in("owner", "wrong", "").status, 401);
    let changed = change(PASSWORD).token.unwrap();
    let csrf = site.csrf(&changed);
    site.post("/account/sign-out", Some(&changed), &[("csrf", &csrf)]);
    let entry =
        |operation: &str, account: Option<i64>, outcome: &str| (operation.to_owned(), account, outcome.to_owned());
    let expected = [
        entry("page_sign_in", Some(owner.id), "done"),
        entry("page_sign_in", None, "sign_in_refused"),
        entry("page_change_password", Some(owner.id), "done"),
        entry("page_sign_out", Some(owner.id), "done"),
    ];
    assert_eq!(acts(test, 0).iter().filter(|act| act.0.starts_with("page_")).cloned().collect::<Vec<_>>(), expected);
    // Where no entry can be written, nothing is changed.
    let token = site.sign_in("owner", OTHER_PASSWORD, "").token.unwrap();
    let csrf = site.csrf(&token);
    write(test, |conn| {
        diesel::sql_query("UPDATE audit_chain SET last_seq = last_seq + 1")
            .execute(conn)
            .map_err(wangjia::db::DbError::from)?;
        Ok(())
    });
    let out = site.post("/account/sign-out", Some(&token), &[("csrf", &csrf)]);
    assert_eq!(out.status, 500, "{}", out.html);
    assert_eq!(site.get("/account", Some(&token)).status, 200, "still signed in");
}

fn refusals_are_said_in_words_and_forms_are_bound_to_their_session(test: &TestDb) {
    let site = Site::new(test, noon());
    account(test, "owner", &[AUDITOR]);
    account(test, "thief", &[AUDITOR]);
    let alike = [("owner", "wrong"), ("nobody", PASSWORD)].map(|(login, password)| {
        let refused = site.sign_in(login, password, "");
        assert_eq!(refused.status, 401);
        refused.html.replace(login, "LOGIN")
    });
    assert_eq!(alike[0], alike[1]);
    assert!(alike[0].contains("登录名、密码或验证码不对"), "{}", alike[0]);
    let english = [("login", "owner"), ("password", "wrong")];
    assert!(site.post("/sign-in?lang=en", None, &english).html.contains("Login, password or code is not right"));
    for _ in 2..10 {
        site.sign_in("owner", "wrong", "");
    }
    let slowed = site.sign_in("owner", PASSWORD, "");
    assert!(slowed.status == 429 && slowed.html.contains("试的次数太多了"), "{}", slowed.html);

    let thief = site.sign_in("thief", PASSWORD, "").token.unwrap();
    let owner = signed_in(test, "owner", noon());
    let owner = owner.token.reveal();
    // A form of another session, or of none, changes nothing.
    let foreign = site.csrf(&thief);
    for csrf in ["", foreign.as_str(), owner] {
        let sent = site.post("/account/sign-out", Some(owner), &[("csrf", csrf)]);
        assert_eq!((sent.status, sent.location), (403, None), "{csrf}");
        assert_eq!(site.get("/account", Some(owner)).status, 200);
    }
    let csrf = site.csrf(owner);
    let change = |current: &str, again: &str| {
        let fields = [
            ("csrf", csrf.as_str()),
            ("current_password", current),
            ("new_password", OTHER_PASSWORD),
            ("again", again),
        ];
        site.post("/account/password", Some(owner), &fields)
    };
    assert!(change(PASSWORD, "x").html.contains("两次输入的新密码不一样"));
    // Failures count here too, from the same address.
    assert_eq!(change(PASSWORD, OTHER_PASSWORD).status, 429);
    let other = signed_in(test, "thief", noon());
    let revoke =
        |session: &str| site.post("/account/sessions/revoke", Some(owner), &[("csrf", &csrf), ("session", session)]);
    assert_eq!(revoke(&other.id.to_string()).status, 422);
    assert!(caller(test, &other, noon()).is_some());
    let own = signed_in(test, "owner", noon());
    let revoked = revoke(&own.id.to_string()).location.unwrap();
    assert!(site.get(&revoked, Some(owner)).html.contains("已退出该处的登录"));
    assert!(caller(test, &own, noon()).is_none());
}

fn a_lost_password_is_replaced_on_a_page(test: &TestDb) {
    let site = Site::new(test, noon());
    let owner = account(test, "owner", &[AUDITOR]);
    let secret = write(test, |conn| reset::begin(conn, test.db.keys(), owner.id, false, noon()));
    let form = |password: &str| {
        let fields = [("secret", secret.secret.reveal()), ("password", password), ("again", password)];
        site.post("/reset", None, &fields)
    };
    assert!(site.get("/reset", None).html.contains("一次性密钥由管理员提供"));
    assert!(form("owner owner owner").html.contains("密码不能含登录名"));
    assert_eq!(form(OTHER_PASSWORD).location.as_deref(), Some("/sign-in?done=reset"));
    let signed = site.sign_in("owner", OTHER_PASSWORD, "");
    assert_eq!((signed.status, signed.location.as_deref()), (303, Some("/")));
    let token = signed.token.unwrap();
    let csrf = site.csrf(&token);
    let fields = [
        ("csrf", csrf.as_str()),
        ("current_password", OTHER_PASSWORD),
        ("new_password", PASSWORD),
        ("again", PASSWORD),
    ];
    let changed = site.post("/account/password", Some(&token), &fields);
    assert_eq!(changed.location.as_deref(), Some("/account?done=password"));
    assert_eq!(site.get("/account", Some(&token)).status, 303);
    assert!(site.get("/account?done=password", changed.token.as_deref()).html.contains("密码已更换"));
}
