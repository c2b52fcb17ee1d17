//! The official's pages: how many, where, why not, what would help.

use actix_web::web;

/// Registers the pages.
pub(super) fn configure(_config: &mut web::ServiceConfig) {}
