//! The pages as a person meets them: the real binary, a real database, a real browser.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking, in its helpers too")]

mod browser;
mod site;

use std::sync::Arc;

use browser::{Browser, with_browser};
use site::{LOGIN, PASSWORD, Site};
use thirtyfour::prelude::*;

/// From the narrowest phone that must work to a desk.
const WIDTHS: [u64; 4] = [320, 390, 768, 1280];

#[tokio::test]
async fn the_demo_community_is_shown_honestly() {
    let site = Arc::new(Site::demo().await);
    let shown = Arc::clone(&site);
    with_browser(|browser| async move {
        let home = format!("{}/", shown.url);
        signs_in(&browser, &shown.url).await;
        speaks_both_languages(&browser, &home).await;
        adds_up(&browser, &home).await;
        fits_every_width(&browser, &home).await;
        can_be_hit_with_a_thumb(&browser, &home).await;
        every_number_leads_to_its_list(&browser, &home, &shown.token).await;
        browser.prefer("dark").await;
        browser.open(&home, 1280).await;
        browser.picture("home-zh-1280-dark").await;
    })
    .await;
    assert!(!site.log().contains("ERROR"), "{}", site.log());
}

#[tokio::test]
async fn an_empty_database_says_what_to_do_next() {
    let site = Site::empty().await;
    let (home, url) = (format!("{}/", site.url), site.url.clone());
    with_browser(|browser| async move {
        signs_in(&browser, &url).await;
        browser.open(&home, 390).await;
        assert!(browser.text("main").await.contains("库里还没有户"));
        browser.picture("home-empty-390").await;
        quiet_and_narrow(&browser, 390).await;
    })
    .await;
}

/// From the home page, as anybody: led to the sign-in, told in words what is wrong, let in.
async fn signs_in(browser: &Browser, url: &str) {
    browser.open(&format!("{url}/"), 390).await;
    assert!(browser.driver.current_url().await.unwrap().path() == "/sign-in");
    browser.picture("sign-in-390").await;
    fill_in(browser, LOGIN, "not the right one").await;
    browser.driver.query(By::XPath("//main[contains(., '密码或验证码不对')]")).first().await.unwrap();
    browser.picture("sign-in-refused-390").await;
    // The browser notes the refusal, and nothing else.
    assert!(browser.complaints().await.iter().all(|line| line.contains("401")));
    fill_in(browser, LOGIN, PASSWORD).await;
    browser.driver.query(By::XPath("//body[not(.//input[@id='password'])]")).first().await.unwrap();
    browser.open(&format!("{url}/account"), 390).await;
    assert!(browser.text("main").await.contains("观察员"));
    quiet_and_narrow(browser, 390).await;
    browser.picture("account-390").await;
}

async fn fill_in(browser: &Browser, login: &str, password: &str) {
    for (field, text) in [("login", login), ("password", password)] {
        let input = browser.driver.find(By::Id(field)).await.unwrap();
        input.clear().await.unwrap();
        input.send_keys(text).await.unwrap();
    }
    browser.driver.find(By::Css("button[type=submit]")).await.unwrap().click().await.unwrap();
}

#[tokio::test]
async fn the_first_start_says_how_to_begin() {
    let site = Site::untouched().await;
    let url = site.url.clone();
    with_browser(|browser| async move {
        browser.open(&format!("{url}/"), 390).await;
        assert!(browser.text("main").await.contains("一次性密钥"));
        browser.picture("first-start-390").await;
        quiet_and_narrow(&browser, 390).await;
    })
    .await;
}

async fn speaks_both_languages(browser: &Browser, home: &str) {
    browser.open(home, 1280).await;
    assert_eq!(browser.script("return document.documentElement.lang").await, "zh-CN");
    assert!(browser.text("h1").await.contains("一户一人以上就业"));
    browser.driver.find(By::LinkText("English")).await.unwrap().click().await.unwrap();
    let heading = browser.driver.query(By::XPath("//h1[contains(., 'At least one job in every household')]"));
    heading.first().await.unwrap();
    assert_eq!(browser.script("return document.documentElement.lang").await, "en");
    browser.picture("home-en-1280").await;
    browser.driver.find(By::LinkText("中文")).await.unwrap().click().await.unwrap();
    browser.driver.query(By::XPath("//h1[contains(., '一户一人以上就业')]")).first().await.unwrap();
}

/// The three states make up all households, on the page as a whole and in every column of the table.
async fn adds_up(browser: &Browser, home: &str) {
    browser.open(home, 1280).await;
    let (covered, uncovered, exempt) =
        (browser.count("#covered").await, browser.count("#uncovered").await, browser.count("#exempt").await);
    let households = browser.count("#households").await;
    assert_eq!(covered + uncovered + exempt, households);
    assert!(households > 100 && covered > 0 && uncovered > 0, "{covered} {uncovered} {exempt}");
    let shown: f64 = browser.text("#rate").await.trim_end_matches('%').parse().unwrap();
    let rate = covered as f64 * 100.0 / (covered + uncovered) as f64;
    assert!(shown <= rate && rate - shown < 0.1, "{shown} shown for {rate}");
    for (column, total) in [covered, uncovered, exempt, households].into_iter().enumerate() {
        let script = format!(
            "return [...document.querySelectorAll('tbody tr')].map(tr => tr.querySelectorAll('td')[{column}].textContent)\
             .map(text => Number(text.replaceAll(',', ''))).reduce((a, b) => a + b, 0)"
        );
        assert_eq!(browser.number(&script).await, total, "column {column}");
    }
}

async fn fits_every_width(browser: &Browser, home: &str) {
    for width in WIDTHS {
        for (lang, address) in [("zh", home.to_owned()), ("en", format!("{home}?lang=en"))] {
            browser.open(&address, width).await;
            quiet_and_narrow(browser, width).await;
            browser.picture(&format!("home-{lang}-{width}")).await;
        }
    }
}

/// Nothing to complain about in the console, no script, nothing wider than the window.
async fn quiet_and_narrow(browser: &Browser, width: u64) {
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    assert_eq!(browser.number("return document.scripts.length").await, 0);
    let wide = "return [...document.querySelectorAll('body *')].filter(e => !e.matches('.skip') && e.getBoundingClientRect().width > 1 \
                && (e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1)).map(e => e.outerHTML.slice(0, 80))";
    assert_eq!(browser.script(wide).await, serde_json::json!([]), "at {width}");
    assert!(browser.number("return document.documentElement.scrollWidth").await <= width);
}

/// Links are at least 44 px high and wide, but for those in running text.
async fn can_be_hit_with_a_thumb(browser: &Browser, home: &str) {
    browser.open(home, 390).await;
    let small = "return [...document.querySelectorAll('a, button, summary, input, select')].filter(e => !e.matches('.skip, p.note a, p.sub a'))\
                 .filter(e => e.getBoundingClientRect().height < 44 || e.getBoundingClientRect().width < 44).map(e => e.outerHTML)";
    assert_eq!(browser.script(small).await, serde_json::json!([]));
}

async fn every_number_leads_to_its_list(browser: &Browser, home: &str, token: &str) {
    browser.open(home, 1280).await;
    let links = browser.script("return [...new Set([...document.querySelectorAll('main a')].map(a => a.href))]").await;
    let links: Vec<&str> = links.as_array().unwrap().iter().map(|link| link.as_str().unwrap()).collect();
    assert!(links.len() > 10, "{links:?}");
    for link in links {
        let answer = reqwest::Client::new().get(link).bearer_auth(token).send().await.unwrap();
        assert!(answer.status().is_success(), "{} for {link}", answer.status());
    }
}
