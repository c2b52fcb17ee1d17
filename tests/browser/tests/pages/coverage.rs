//! The page of the big number: both languages, sums that add up, every width, paper.

use std::sync::Arc;

use thirtyfour::prelude::*;

use crate::browser::{Browser, with_browser};
use crate::quality::quiet_and_narrow;
use crate::site::{Database, Site};

/// From the narrowest phone that must work to a desk.
const WIDTHS: [u64; 4] = [320, 390, 768, 1280];

#[tokio::test]
async fn the_demo_community_is_shown_honestly() {
    let site = Arc::new(Site::demo(Database::Sqlite).await);
    let shown = Arc::clone(&site);
    with_browser(|browser| async move {
        browser.sign_in(&shown.url, "official", &shown.password("official")).await;
        let page = format!("{}/coverage", shown.url);
        speaks_both_languages(&browser, &page).await;
        adds_up(&browser, &page).await;
        fits_every_width(&browser, &page).await;
        browser.prefer("dark").await;
        browser.open(&page, 1280).await;
        browser.picture("coverage-zh-1280-dark").await;
    })
    .await;
    assert!(!site.log().contains("ERROR"), "{}", site.log());
}

async fn speaks_both_languages(browser: &Browser, page: &str) {
    browser.open(page, 1280).await;
    assert_eq!(browser.script("return document.documentElement.lang").await, "zh-CN");
    assert!(browser.text("h1").await.contains("一户一人以上就业"));
    browser.driver.find(By::LinkText("English")).await.unwrap().click().await.unwrap();
    let heading = browser.driver.query(By::XPath("//h1[contains(., 'At least one job in every household')]"));
    heading.first().await.unwrap();
    assert_eq!(browser.script("return document.documentElement.lang").await, "en");
    browser.driver.find(By::LinkText("中文")).await.unwrap().click().await.unwrap();
    browser.driver.query(By::XPath("//h1[contains(., '一户一人以上就业')]")).first().await.unwrap();
}

/// The three states make up all households, on the page as a whole and in every column of the table by grid.
async fn adds_up(browser: &Browser, page: &str) {
    browser.open(page, 1280).await;
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
            "return [...document.querySelectorAll('table[aria-labelledby=by-group] tbody tr')].map(tr => tr.querySelectorAll('td')[{column}].textContent)\
             .map(text => Number(text.replaceAll(',', ''))).reduce((a, b) => a + b, 0)"
        );
        assert_eq!(browser.number(&script).await, total, "column {column}");
    }
}

async fn fits_every_width(browser: &Browser, page: &str) {
    for width in WIDTHS {
        for (lang, address) in [("zh", page.to_owned()), ("en", format!("{page}?lang=en"))] {
            browser.open(&address, width).await;
            quiet_and_narrow(browser, width).await;
            browser.picture(&format!("coverage-{lang}-{width}")).await;
        }
    }
}
