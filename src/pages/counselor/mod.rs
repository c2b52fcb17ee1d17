//! The job counselor's pages: whom to visit today, what is known of a household, which job suits whom.

use actix_web::web;

/// Registers the pages.
pub(super) fn configure(_config: &mut web::ServiceConfig) {}
