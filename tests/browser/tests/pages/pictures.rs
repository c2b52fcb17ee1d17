//! The pictures of the README, made from the demo by `tests/pictures`.

use std::path::Path;
use std::sync::Arc;

use crate::browser::with_browser;
use crate::site::{Database, Site};

/// Heaviest picture, bytes.
const HEAVIEST: usize = 200 * 1024;

/// Who opens what, how wide and high, and what the picture is called. `{first}` is the first link of the page before.
const SHOWN: [(&str, &str, u64, u64, &str); 4] = [
    ("counselor", "/today", 390, 844, "today"),
    ("factory-hr", "/hr/postings", 1280, 800, "postings"),
    ("official", "/coverage", 1280, 900, "coverage"),
    ("official", "/gap", 1280, 900, "gap"),
];

#[tokio::test]
#[ignore = "writes the pictures of the README; run tests/pictures"]
async fn the_readme_shows_the_pages() {
    let site = Arc::new(Site::demo(Database::Sqlite).await);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pictures");
    std::fs::create_dir_all(&folder).unwrap();
    for (login, path, width, height, name) in SHOWN {
        let (shown, file) = (Arc::clone(&site), folder.join(name).with_extension("png"));
        with_browser(|browser| async move {
            browser.sign_in(&shown.url, login, &shown.password(login)).await;
            browser.open(&format!("{}{path}", shown.url), width).await;
            browser.window(width, height).await;
            browser.driver.screenshot(&file).await.unwrap();
            let bytes = std::fs::metadata(&file).unwrap().len();
            assert!(bytes <= HEAVIEST as u64, "{}: {bytes} bytes", file.display());
        })
        .await;
    }
}
