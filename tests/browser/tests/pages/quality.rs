//! What holds for every page, whoever opens it: found by walking along the links as each role does.
//!
//! A page is looked at on a phone and at a desk, in both languages: nothing complains, nothing is wider than the window, a thumb
//! hits everything, a scan for accessibility finds nothing serious, nothing comes from another host.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde_json::{Value, json};

use crate::browser::{Browser, with_browser};
use crate::kinds::{is_page, kind_of};
use crate::site::{Database, Site};

/// The most that the first page of a role may weigh, with all it loads, compressed as it travels.
const HEAVIEST: u64 = 60 * 1024;
/// Pages of one kind that are looked at: the kind is the address without ids and values.
const OF_ONE_KIND: usize = 1;

#[tokio::test]
async fn every_page_of_the_counselor_is_sound() {
    walk("counselor", 10).await;
}

#[tokio::test]
async fn every_page_of_the_factory_is_sound() {
    walk("factory-hr", 6).await;
}

#[tokio::test]
async fn every_page_of_the_official_is_sound() {
    walk("official", 7).await;
}

#[tokio::test]
async fn every_page_of_the_administrator_is_sound() {
    walk("admin", 5).await;
}

#[tokio::test]
async fn every_page_of_the_auditor_is_sound() {
    walk("auditor", 2).await;
}

/// Opens every kind of page the links of a role lead to; there must be at least so many.
async fn walk(login: &'static str, at_least: usize) {
    let site = Arc::new(Site::demo(Database::Sqlite).await);
    let shown = Arc::clone(&site);
    with_browser(|browser| async move {
        browser.sign_in(&shown.url, login, &shown.password(login)).await;
        weighs_little(&browser, &shown.url).await;
        if login == "official" {
            browser.open(&format!("{}/reason?then=/", shown.url), 1280).await;
            browser.fill("reason", "核对名单").await;
            browser.press("main form.form button").await;
        }
        let found = kinds(&browser, &shown.url).await;
        assert!(found.len() >= at_least, "{login} finds {} kinds of pages: {found:?}", found.len());
        for (kind, address) in &found {
            is_sound(&browser, &shown.url, login, kind, address).await;
        }
        is_sound_in_the_dark(&browser, &shown.url, login).await;
    })
    .await;
    assert!(!site.log().contains("ERROR"), "{}", site.log());
}

/// One address of every kind of page that links lead to from the start, and from there on.
async fn kinds(browser: &Browser, url: &str) -> BTreeMap<String, String> {
    let mut waiting = VecDeque::from(["/".to_owned(), "/account".to_owned(), "/design".to_owned()]);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = BTreeMap::new();
    while let Some(address) = waiting.pop_front() {
        let count = seen.entry(kind_of(&address)).or_default();
        if *count >= OF_ONE_KIND {
            continue;
        }
        *count += 1;
        browser.open(&format!("{url}{address}"), 1280).await;
        let opened = browser.address().await;
        assert!(!opened.starts_with("/sign-in"), "{address} leads out");
        found.entry(kind_of(&opened)).or_insert(opened);
        let links = browser.script(
            "return [...document.querySelectorAll('a[href]')].filter(a => a.origin === location.origin && !a.hasAttribute('download'))\
             .map(a => a.pathname + a.search)",
        );
        for link in links.await.as_array().unwrap() {
            let link = link.as_str().unwrap();
            if is_page(link) {
                waiting.push_back(link.to_owned());
            }
        }
    }
    found
}

async fn is_sound(browser: &Browser, url: &str, login: &str, kind: &str, address: &str) {
    let sign = if address.contains('?') { '&' } else { '?' };
    let plain = address.trim_end_matches("lang=en").trim_end_matches(['?', '&']);
    for (lang, address) in [("zh", plain.to_owned()), ("en", format!("{plain}{sign}lang=en"))] {
        for width in [390, 1280] {
            browser.open(&format!("{url}{address}"), width).await;
            let place = format!("{login} {lang} {width} {address}");
            assert_eq!(browser.complaints().await, Vec::<String>::new(), "{place}");
            narrow(browser, width, &place).await;
            assert_eq!(browser.number("return document.querySelectorAll('h1').length").await, 1, "headings of {place}");
            if width == 390 {
                can_be_hit_with_a_thumb(browser, &place).await;
            }
            // One look at the English page is enough: its structure is the other's, its words are longer.
            if lang == "zh" || width == 390 {
                is_accessible(browser, &place).await;
            }
            stays_here(browser, &place).await;
            let name: String = kind.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
            browser.picture(&format!("{login}{}-{lang}-{width}", name.trim_end_matches('-'))).await;
        }
    }
}

/// The page the work begins with, as a reader who prefers the dark sees it.
async fn is_sound_in_the_dark(browser: &Browser, url: &str, login: &str) {
    browser.prefer("dark").await;
    for width in [390, 1280] {
        browser.open(&format!("{url}/"), width).await;
        is_accessible(browser, &format!("{login} in the dark, {width}")).await;
        browser.picture(&format!("{login}-start-zh-{width}-dark")).await;
    }
}

/// Nothing to complain about in the console, nothing wider than the window.
pub async fn quiet_and_narrow(browser: &Browser, width: u64) {
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    narrow(browser, width, "the page").await;
}

/// What scrolls sideways does so inside a frame of its own that the keyboard reaches.
async fn narrow(browser: &Browser, width: u64, place: &str) {
    let wide = "return [...document.querySelectorAll('body *')].filter(e => !e.closest('.skip, .scroll, .nav, .vh, svg') && e.getBoundingClientRect().width > 1 \
                && (e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1)).map(e => e.outerHTML.slice(0, 80))";
    assert_eq!(browser.script(wide).await, json!([]), "{place}");
    assert!(browser.number("return document.documentElement.scrollWidth").await <= width, "{place}");
}

/// What can be pressed is at least 44 px high and wide, as a screen rounds them, but for links in running text.
async fn can_be_hit_with_a_thumb(browser: &Browser, place: &str) {
    let small = "return [...document.querySelectorAll('a, button, summary, input:not([type=hidden]), select, textarea')]\
                 .filter(e => !e.matches('.skip, .vh') && !(e.matches('a') && e.closest('p, li, dd, small, .note, caption, .msg') && !e.matches('.btn')))\
                 .map(e => [e, (e.closest('label') ?? e).getBoundingClientRect()]).filter(([, box]) => box.width > 0 && (box.height < 43.5 || box.width < 43.5))\
                 .map(([e, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${e.outerHTML.slice(0, 120)}`)";
    assert_eq!(browser.script(small).await, json!([]), "{place}");
}

/// axe-core finds nothing serious or critical.
async fn is_accessible(browser: &Browser, place: &str) {
    let path = std::env::var("WANGJIA_AXE")
        .expect("WANGJIA_AXE names axe.min.js of the package axe-core; tests/run fetches it");
    browser.script(&std::fs::read_to_string(path).unwrap()).await;
    let run = "const done = arguments[0]; axe.run().then(found => done(found.violations.filter(v => ['serious', 'critical'].includes(v.impact))\
               .map(v => [v.id, v.nodes.map(n => n.html.slice(0, 160))])), error => done(String(error)))";
    let found = browser.driver.execute_async(run, vec![]).await.unwrap().json().clone();
    assert_eq!(found, json!([]), "{place}");
}

/// Nothing is asked of another host.
async fn stays_here(browser: &Browser, place: &str) {
    let foreign = browser.script(
        "return performance.getEntriesByType('resource').map(entry => entry.name).filter(name => new URL(name).origin !== location.origin)",
    );
    assert_eq!(foreign.await, json!([]), "{place}");
}

/// The first page with all it loads, into an empty cache.
async fn weighs_little(browser: &Browser, url: &str) {
    browser.forget_cache().await;
    browser.open(&format!("{url}/"), 390).await;
    let sizes = browser.script(
        "return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map(entry => [entry.name, entry.transferSize])",
    );
    let sizes = sizes.await;
    let weights: Vec<u64> = sizes.as_array().unwrap().iter().filter_map(|entry| entry[1].as_u64()).collect();
    assert!(weights.len() >= 2 && weights.iter().all(|weight| *weight > 0), "{sizes}");
    let weight: u64 = weights.iter().sum();
    assert!(weight <= HEAVIEST, "{weight} bytes: {}", Value::to_string(&sizes));
}
