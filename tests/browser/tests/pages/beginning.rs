//! Before any work: the first start, signing in, an empty town.

use crate::browser::with_browser;
use crate::quality::quiet_and_narrow;
use crate::site::{LOGIN, PASSWORD, Site};

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

/// Led to the sign-in, told in words what is wrong, let in, told what to do next.
#[tokio::test]
async fn an_empty_database_says_what_to_do_next() {
    let site = Site::empty().await;
    let url = site.url.clone();
    with_browser(|browser| async move {
        browser.open(&format!("{url}/"), 390).await;
        assert_eq!(browser.address().await, "/sign-in");
        browser.picture("sign-in-390").await;
        browser.fill("login", LOGIN).await;
        browser.fill("password", "not the right one").await;
        browser.press("main button").await;
        browser.sees("密码或验证码不对").await;
        browser.picture("sign-in-refused-390").await;
        // The browser notes the refusal, and nothing else.
        assert!(browser.complaints().await.iter().all(|line| line.contains("401")));
        browser.sign_in(&url, LOGIN, PASSWORD).await;
        browser.open(&format!("{url}/account"), 390).await;
        assert!(browser.text("body").await.contains("观察员"));
        quiet_and_narrow(&browser, 390).await;
        browser.picture("account-390").await;
        browser.open(&format!("{url}/coverage"), 390).await;
        assert!(browser.text("main").await.contains("库里还没有户"));
        browser.picture("coverage-empty-390").await;
        quiet_and_narrow(&browser, 390).await;
    })
    .await;
}
