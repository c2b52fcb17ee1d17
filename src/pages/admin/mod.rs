//! Pages of the administrator and the auditor, and of whoever imports: accounts, rules, words, jobs, traces.

use actix_web::web;

/// Registers the pages.
pub(super) fn configure(_config: &mut web::ServiceConfig) {}
