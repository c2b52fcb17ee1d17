//! The factory's pages: its postings, who could do the work, whom it was sent.

use actix_web::web;

/// Registers the pages.
pub(super) fn configure(_config: &mut web::ServiceConfig) {}
