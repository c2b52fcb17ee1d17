//! What somebody types to run in another's browser is text there: typed on the real pages, then read by everybody who sees it.
//!
//! A script that ran would open a dialog, which fails the next command, or leave its mark on the window; one the content policy
//! stopped would stand in the console. None of it may happen, and the text must be there to be read.

use std::sync::Arc;

use thirtyfour::prelude::*;

use crate::browser::{Browser, with_browser};
use crate::site::{Database, Site};

/// Out of an attribute, a script, an image that fails, a drawing that loads; short enough for every field.
pub const PAYLOAD: &str = "\"'><script>window.ran=1</script><img src=x onerror=alert(1)><svg onload=alert(2)>";
const PHONE: u64 = 390;
const DESK: u64 = 1280;

#[tokio::test]
async fn what_was_typed_never_runs_in_anothers_browser() {
    let site = Arc::new(Site::demo(Database::Sqlite).await);
    let shown = Arc::clone(&site);
    with_browser(|browser| async move {
        let household = counselor_types(&browser, &shown).await;
        clerk_types(&browser, &shown).await;
        enter(&browser, &shown, "counselor").await;
        for path in [household.as_str(), "/today", "/concerns", "/courses", "/visits"] {
            reads(&browser, &shown, path, PHONE, [household.as_str(), "/courses"].contains(&path)).await;
        }
        follows(&browser, &shown, "/concerns", "/concerns/").await;
        follows(&browser, &shown, "/courses", "/courses/").await;
        enter(&browser, &shown, "factory-hr").await;
        reads(&browser, &shown, "/hr/postings?show=draft", DESK, true).await;
        follows(&browser, &shown, "/hr/postings?show=draft", "/hr/postings/").await;
        enter(&browser, &shown, "official").await;
        reads(&browser, &shown, "/courses", DESK, true).await;
        enter(&browser, &shown, "admin").await;
        reads(&browser, &shown, "/courses", DESK, true).await;
    })
    .await;
    assert!(!site.log().contains("ERROR"), "{}", site.log());
}

async fn enter(browser: &Browser, site: &Site, login: &str) {
    browser.leave(&site.url).await;
    browser.sign_in(&site.url, login, &site.password(login)).await;
}

/// Opens a page that may show what was typed; where it must, the text is there as it was typed.
async fn reads(browser: &Browser, site: &Site, path: &str, width: u64, must: bool) {
    browser.open(&format!("{}{path}", site.url), width).await;
    is_harmless(browser, path).await;
    let shown = browser.script("return document.body.innerText").await;
    let is_there = shown.as_str().is_some_and(|text| text.contains(PAYLOAD));
    assert!(is_there || !must, "{path} does not show what was typed: {shown}");
}

pub async fn is_harmless(browser: &Browser, place: &str) {
    assert!(browser.driver.get_alert_text().await.is_err(), "a dialog on {place}");
    assert_eq!(browser.script("return window.ran === undefined").await, true, "a script ran on {place}");
    let made = "return document.querySelectorAll('img[src=x], svg[onload], [onerror]').length";
    assert_eq!(browser.number(made).await, 0, "an element was made on {place}");
    assert_eq!(browser.complaints().await, Vec::<String>::new(), "{place}");
}

/// The first page of a list that shows what was typed.
async fn follows(browser: &Browser, site: &Site, list: &str, kind: &str) {
    browser.open(&format!("{}{list}", site.url), DESK).await;
    let script = format!(
        "return [...document.querySelectorAll('main a[href^=\"{kind}\"]')].filter(a => /^\\/(hr\\/)?\\w+\\/\\d+$/.test(a.pathname))\
         .filter(a => a.closest('li, tr').innerText.includes('<script>') || a.pathname.startsWith('/concerns')).map(a => a.pathname)[0] ?? ''"
    );
    let found = browser.script(&script).await;
    let found = found.as_str().filter(|path| !path.is_empty()).unwrap_or_else(|| panic!("{list} leads to nothing"));
    reads(browser, site, found, DESK, true).await;
}

/// A concern, a barrier, the note of a visit and a course; gives the household.
async fn counselor_types(browser: &Browser, site: &Site) -> String {
    enter(browser, site, "counselor").await;
    browser.open(&format!("{}/households", site.url), PHONE).await;
    let household = browser.script("return document.querySelector('main a[href^=\"/households/\"]').pathname").await;
    let household = household.as_str().unwrap().to_owned();
    let id = household.rsplit('/').next().unwrap().to_owned();
    browser.open(&format!("{}/concerns/new?household={id}", site.url), PHONE).await;
    browser.press_at("(//input[@name='resident'])[1]").await;
    browser.press_at("(//input[@name='about'])[1]").await;
    browser.fill("text", PAYLOAD).await;
    browser.press("main form.form button").await;
    browser.driver.query(By::Id("said")).first().await.unwrap();
    browser.open(&format!("{}{household}/visit", site.url), PHONE).await;
    browser.press_at("(//input[@name='found'])[1]").await;
    browser.fill("note", PAYLOAD).await;
    browser.press_saying("存好").await;
    browser.driver.query(By::Id("said")).first().await.unwrap();
    browser.open(&format!("{}{household}", site.url), PHONE).await;
    browser.press_opening("//details[.//input[@id='bn']]").await;
    browser.fill("bn", PAYLOAD).await;
    browser.press_saying("记下困难").await;
    browser.driver.query(By::Id("said")).first().await.unwrap();
    browser.open(&format!("{}/courses/new", site.url), PHONE).await;
    for field in ["name", "place", "provider"] {
        browser.fill(field, PAYLOAD).await;
    }
    browser.fill("seats", "5").await;
    // A field for a day takes typed keys in the order of the browser's language: the value is set as a picker sets it.
    browser.script("for (const [id, day] of [['first_on', '2030-01-01'], ['last_on', '2030-02-01']]) document.getElementById(id).value = day").await;
    browser.press_at("//select[@id='skill_0']/option[2]").await;
    browser.press("main form.form button").await;
    browser.driver.query(By::Id("said")).first().await.unwrap();
    is_harmless(browser, "the new course").await;
    household
}

/// A draft of a posting.
async fn clerk_types(browser: &Browser, site: &Site) {
    enter(browser, site, "factory-hr").await;
    browser.open(&format!("{}/hr/postings/new", site.url), DESK).await;
    for field in ["title", "place", "description", "note"] {
        let shown = browser.driver.find(By::Id(field)).await.unwrap();
        if shown.is_displayed().await.unwrap() {
            browser.fill(field, PAYLOAD).await;
        }
    }
    browser.press("main button[value=draft]").await;
    browser.driver.query(By::Id("said")).first().await.unwrap();
    is_harmless(browser, "the draft").await;
}
