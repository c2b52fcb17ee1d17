//! Style sheet, icon and scripts, served from the binary under names that change with their content, so that a browser may keep them
//! for good and still gets the new one after an update.

use std::sync::LazyLock;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use sha2::{Digest as _, Sha256};

use super::read_only;

/// A file inside the binary.
pub struct Asset {
    /// Absolute path it is served at.
    pub path: String,
    content: &'static str,
    content_type: &'static str,
}

impl Asset {
    fn new(name: &str, content: &'static str, content_type: &'static str) -> Self {
        let hash = Sha256::digest(content.as_bytes());
        // Six bytes: two versions of one file meet by accident once in 2.8e14 changes.
        let mark: String = hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        Self { path: format!("/assets/{mark}/{name}"), content, content_type }
    }
}

pub static STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("app.css", include_str!("assets/app.css"), "text/css; charset=utf-8"));
pub static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("icon.svg", include_str!("assets/icon.svg"), "image/svg+xml"));

pub static SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("app.js", include_str!("assets/app.js"), "text/javascript; charset=utf-8"));
/// Keeps a visit that cannot be sent.
pub static VISIT: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("visit.js", include_str!("assets/visit.js"), "text/javascript; charset=utf-8"));

/// Follows a job.
pub static PROGRESS: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("progress.js", include_str!("assets/progress.js"), "text/javascript; charset=utf-8"));

/// Asks for the check of a posting while it is typed.
pub static POSTING: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("posting.js", include_str!("assets/posting.js"), "text/javascript; charset=utf-8"));

/// Registers every asset at its path.
pub fn configure(config: &mut web::ServiceConfig) {
    for asset in [&*STYLE, &*ICON, &*SCRIPT, &*VISIT, &*PROGRESS, &*POSTING] {
        let serve = move || async move {
            HttpResponse::Ok()
                .insert_header((CONTENT_TYPE, asset.content_type))
                .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
                .body(asset.content)
        };
        config.service(read_only(&asset.path).route(web::get().to(serve)));
    }
}
