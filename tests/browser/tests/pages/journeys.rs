//! The work of four people, one after the other, on one community: a counselor on a phone finds a household, refers a member and
//! records the visit; the factory answers and reports the start; the official sees one household more covered, asks why the
//! others are not, has the proof checked and prints the month; an administrator lets a new counselor in.
//!
//! On SQLite without any script, on PostgreSQL with them: every page has to do without.

use std::sync::Arc;
use std::time::Duration;

use thirtyfour::prelude::*;

use crate::browser::{Browser, with_browser};
use crate::site::{Database, Site};

/// A phone, a desk.
const PHONE: u64 = 390;
const DESK: u64 = 1280;

#[tokio::test]
async fn a_household_is_brought_to_work_without_a_script_on_sqlite() {
    journey(Database::Sqlite, false).await;
}

#[tokio::test]
async fn a_household_is_brought_to_work_with_scripts_on_postgres() {
    journey(Database::Postgres, true).await;
}

async fn journey(database: Database, scripts: bool) {
    let site = Arc::new(Site::demo(database).await);
    let shown = Arc::clone(&site);
    with_browser(|browser| async move {
        browser.scripts(scripts).await;
        let before = covered(&browser, &shown).await;
        let referred = counselor(&browser, &shown).await;
        factory(&browser, &shown, &referred).await;
        let after = covered(&browser, &shown).await;
        assert_eq!(after, before + 1, "somebody of an uncovered household started today");
        official(&browser, &shown).await;
        administrator(&browser, &shown).await;
        assert_eq!(browser.complaints().await, Vec::<String>::new());
    })
    .await;
    assert!(!site.log().contains("ERROR"), "{}", site.log());
}

async fn enter(browser: &Browser, site: &Site, login: &str, width: u64) {
    browser.leave(&site.url).await;
    browser.open(&format!("{}/sign-in", site.url), width).await;
    browser.sign_in(&site.url, login, &site.password(login)).await;
}

/// Households covered today, as the official reads it.
async fn covered(browser: &Browser, site: &Site) -> u64 {
    enter(browser, site, "official", DESK).await;
    browser.open(&format!("{}/coverage", site.url), DESK).await;
    browser.count("#covered").await
}

/// What the counselor did: the household's page, and the employer told.
struct Referred {
    household: String,
    employer: String,
}

/// From the list of today to a referral and a visit on record.
async fn counselor(browser: &Browser, site: &Site) -> Referred {
    enter(browser, site, "counselor", PHONE).await;
    assert_eq!(browser.address().await, "/today", "work begins with what is due");
    browser.sees("本周走访").await;
    // The plan says whom a place would bring to work; the households of this counselor are those shown.
    browser.open(&format!("{}/households?state=uncovered", site.url), PHONE).await;
    let households =
        browser.script("return [...document.querySelectorAll('main a[href^=\"/households/\"]')].map(a => a.pathname)");
    let households = households.await;
    for household in households.as_array().unwrap().iter().map(|link| link.as_str().unwrap()) {
        browser.open(&format!("{}{household}", site.url), PHONE).await;
        if !browser.has("//a[contains(., '看岗位和理由')]").await {
            continue;
        }
        browser.press_saying("看岗位和理由").await;
        browser.sees("合适岗位").await;
        // The employer needs an address before anybody may be told whom the data goes to.
        if !browser.has("//input[@name='consent']").await {
            continue;
        }
        let employer = browser.driver.query(By::XPath("//form[.//input[@name='consent']]//b")).first().await.unwrap();
        let employer = employer.inner_html().await.unwrap();
        browser.press_opening("//form[.//input[@name='consent']]/ancestor::details").await;
        browser.press_at("(//input[@name='consent'])[1]").await;
        browser.press_at("(//form[.//input[@name='consent']]//button)[1]").await;
        browser.sees(&employer).await;
        browser.picture("journey-counselor-referred").await;
        visit(browser, site, household).await;
        return Referred { household: household.to_owned(), employer };
    }
    panic!("no uncovered household of this counselor has a place in the plan: {households}");
}

/// The visit at the door, in a few taps.
async fn visit(browser: &Browser, site: &Site, household: &str) {
    browser.open(&format!("{}{household}", site.url), PHONE).await;
    browser.press_saying("记走访").await;
    browser.sees("说了什么").await;
    browser.press_at("(//input[@name='found'])[1]").await;
    browser.picture("journey-counselor-visit").await;
    browser.press_saying("存好").await;
    browser.open(&format!("{}{household}", site.url), PHONE).await;
    browser.sees("走访").await;
}

/// The employer's clerk answers the referral and reports the start.
async fn factory(browser: &Browser, site: &Site, referred: &Referred) {
    let login = "clerk";
    site.add_clerk(login, &referred.employer);
    browser.leave(&site.url).await;
    browser.open(&format!("{}/sign-in", site.url), DESK).await;
    browser.sign_in(&site.url, login, crate::site::PASSWORD).await;
    assert_eq!(browser.address().await, "/hr/postings");
    browser.picture("journey-factory-postings").await;
    browser.open(&format!("{}/hr/referrals", site.url), DESK).await;
    browser.press_at("(//main//a[starts-with(@href, '/hr/referrals/')])[1]").await;
    let referral = browser.address().await;
    for step in ["约面试", "录用", "登记到岗"] {
        browser.open(&format!("{}{referral}", site.url), DESK).await;
        browser.press_at(&format!("(//main//button[contains(normalize-space(.), '{step}')])[1]")).await;
        browser.driver.query(By::Id("said")).first().await.unwrap_or_else(|_| panic!("nothing is said of {step}"));
    }
    browser.open(&format!("{}/hr/roster", site.url), DESK).await;
    assert!(!browser.has("//main//*[@class='empty']").await, "somebody is at work:\n{}", browser.text("main").await);
    browser.picture("journey-factory-roster").await;
    assert!(!referred.household.is_empty());
}

/// How many, where, why not, what would help; the proof; the month on paper.
async fn official(browser: &Browser, site: &Site) {
    enter(browser, site, "official", DESK).await;
    browser.open(&format!("{}/coverage", site.url), DESK).await;
    browser.press("#uncovered").await;
    assert!(browser.address().await.starts_with("/reason"), "people are shown only with a reason");
    browser.fill("reason", "核对未覆盖户").await;
    browser.press("main form.form button").await;
    browser.sees("核对未覆盖户").await;
    let listed = browser.address().await;
    assert!(listed.contains("state=uncovered"), "{listed}");
    browser.open(&format!("{}/gap", site.url), DESK).await;
    browser.sees("未覆盖").await;
    browser.picture("journey-official-gap").await;
    browser.open(&format!("{}/plans", site.url), DESK).await;
    browser.press_at("(//main//a[starts-with(@href, '/plans/')])[1]").await;
    browser.press_saying("重算").await;
    browser.sees("一致").await;
    browser.picture("journey-official-plan").await;
    browser.open(&format!("{}/monthly", site.url), DESK).await;
    let sheets = browser.print("month").await;
    assert!((1..=2).contains(&sheets), "the month is printed on {sheets} sheets");
}

/// A new counselor of one grid is let in, with a secret that is used once.
async fn administrator(browser: &Browser, site: &Site) {
    enter(browser, site, "admin", DESK).await;
    assert_eq!(browser.address().await, "/admin/accounts");
    browser.fill("display_name", "新来的专干").await;
    browser.fill("login", "newcomer").await;
    browser.press("input[name=role][value=counselor]").await;
    browser.press("#area optgroup option").await;
    browser.press_saying("建账号").await;
    let secret = browser.text("#secret").await;
    browser.picture("journey-administrator-secret").await;
    browser.leave(&site.url).await;
    browser.open(&format!("{}/reset", site.url), PHONE).await;
    browser.fill("secret", &secret).await;
    browser.fill("password", "nine grey herons by the weir").await;
    browser.fill("again", "nine grey herons by the weir").await;
    browser.press("main button").await;
    browser.sees("请登录").await;
    browser.sign_in(&site.url, "newcomer", "nine grey herons by the weir").await;
    assert_eq!(browser.address().await, "/today");
}

/// The line drops at the door: the form is kept without a name, sent once when the line is back, and gone.
#[tokio::test]
async fn a_visit_is_kept_while_the_line_is_down_and_sent_once() {
    let site = Arc::new(Site::demo(Database::Sqlite).await);
    let shown = Arc::clone(&site);
    with_browser(|browser| async move {
        enter(&browser, &shown, "counselor", PHONE).await;
        browser.open(&format!("{}/households?state=uncovered", shown.url), PHONE).await;
        browser.press_at("(//main//a[starts-with(@href, '/households/')])[1]").await;
        let household = browser.address().await;
        let name = browser.text("h1").await;
        let visits = async || {
            browser.open(&format!("{}/visits", shown.url), PHONE).await;
            browser.number("return document.querySelector('main progress').value").await
        };
        let before = visits().await;
        browser.open(&format!("{}{household}/visit", shown.url), PHONE).await;
        browser.press_at("(//input[@name='found'])[1]").await;
        browser.offline(true).await;
        browser.press_saying("存好").await;
        browser.sees("没有网络").await;
        let kept = browser.script("return JSON.stringify(Object.values(localStorage))").await;
        let kept = kept.as_str().unwrap().to_owned();
        assert!(kept.len() > 4, "something is kept: {kept}");
        assert!(!kept.contains(name.trim_end_matches('户')), "no name is kept: {kept}");
        browser.picture("journey-visit-offline").await;
        browser.offline(false).await;
        browser.script("window.dispatchEvent(new Event('online'))").await;
        for _ in 0..100 {
            if browser.number("return localStorage.length").await == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(browser.number("return localStorage.length").await, 0, "cleared when sent");
        assert_eq!(visits().await, before + 1, "sent once");
        // What the browser says of the line that was cut is expected.
        browser.complaints().await;
    })
    .await;
}

/// Through the sign-in and to a household with the keyboard alone.
#[tokio::test]
async fn the_keyboard_alone_is_enough() {
    let site = Arc::new(Site::demo(Database::Sqlite).await);
    let shown = Arc::clone(&site);
    with_browser(|browser| async move {
        browser.open(&format!("{}/sign-in", shown.url), DESK).await;
        browser.tab_to("#login").await;
        browser.keys("counselor").await;
        browser.tab_to("#password").await;
        browser.keys(&shown.password("counselor")).await;
        browser.keys(Key::Enter).await;
        browser.sees("今日待办").await;
        browser.tab_to(".skip").await;
        browser.keys(Key::Enter).await;
        assert!(browser.address().await.starts_with("/today"));
        browser.tab_to("a[href='/households']").await;
        browser.keys(Key::Enter).await;
        browser.sees("住户").await;
        browser.tab_to("main a[href^='/households/']").await;
        let ring = "return getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).outlineWidth";
        assert_eq!(browser.script(ring).await, "solid3px", "one sees where the keyboard is");
        browser.keys(Key::Enter).await;
        browser.sees("家庭成员").await;
    })
    .await;
}
