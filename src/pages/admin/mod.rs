//! Pages of the administrator and the auditor, and of whoever imports: accounts, rules, words, jobs, traces.

mod account;
mod accounts;
mod audit;
mod columns;
mod exports;
mod findings;
mod import;
mod imports;
mod jobs;
mod places;
mod setting_words;
mod settings;
mod skills;
mod stored_import;
mod trades;
mod typed;

use actix_web::web;

use super::{action, form, read_only};

/// Registers the pages.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .service(form("/admin/accounts").route(web::get().to(accounts::show)).route(web::post().to(accounts::create)));
    config.service(read_only("/admin/accounts/{id}").route(web::get().to(account::show)));
    config.service(action("/admin/accounts/{id}/name").route(web::post().to(account::rename)));
    config.service(action("/admin/accounts/{id}/roles").route(web::post().to(account::add_role)));
    config.service(action("/admin/accounts/{id}/roles/remove").route(web::post().to(account::remove_role)));
    config.service(action("/admin/accounts/{id}/disable").route(web::post().to(account::disable)));
    config.service(action("/admin/accounts/{id}/enable").route(web::post().to(account::enable)));
    config.service(action("/admin/accounts/{id}/reset").route(web::post().to(account::reset_password)));
    config.service(action("/admin/accounts/{id}/sessions/end").route(web::post().to(account::end_sessions)));
    config.service(read_only("/admin/settings").route(web::get().to(settings::show)));
    config.service(read_only("/admin/skills").route(web::get().to(skills::show)));
    config.service(read_only("/admin/skills/list").route(web::get().to(skills::list)));
    config.service(read_only("/admin/skills/names/{id}").route(web::get().to(skills::show_name)));
    config.service(action("/admin/skills/names/{id}/map").route(web::post().to(skills::map)));
    config.service(action("/admin/skills/names/{id}/make").route(web::post().to(skills::make)));
    config.service(action("/admin/skills/names/{id}/ignore").route(web::post().to(skills::ignore)));
    config.service(form("/admin/imports").route(web::get().to(imports::show)).route(web::post().to(imports::start)));
    config.service(
        read_only("/admin/imports/templates/labour-ledger.xlsx").route(web::get().to(imports::ledger_template)),
    );
    config
        .service(read_only("/admin/imports/templates/postings.xlsx").route(web::get().to(imports::postings_template)));
    config.service(read_only("/admin/imports/stored/{id}").route(web::get().to(stored_import::show)));
    config.service(read_only("/admin/imports/{id}").route(web::get().to(import::show)));
    config.service(
        form("/admin/imports/{id}/columns").route(web::get().to(columns::show)).route(web::post().to(columns::say)),
    );
    config.service(read_only("/admin/imports/{id}/findings.xlsx").route(web::get().to(import::download)));
    config.service(read_only("/admin/imports/{id}/findings.csv").route(web::get().to(import::download)));
    config.service(read_only("/admin/imports/{id}/rejected-rows").route(web::get().to(import::rejected_rows)));
    config.service(action("/admin/imports/{id}/correct").route(web::post().to(import::correct)));
    config.service(action("/admin/imports/{id}/write").route(web::post().to(import::write)));
    config.service(action("/admin/imports/{id}/discard").route(web::post().to(import::discard)));
    config.service(read_only("/admin/exports").route(web::get().to(exports::show)));
    config.service(read_only("/admin/exports/households.xlsx").route(web::get().to(exports::households)));
    config.service(read_only("/admin/exports/households.csv").route(web::get().to(exports::households)));
    config.service(read_only("/admin/exports/postings.xlsx").route(web::get().to(exports::postings)));
    config.service(read_only("/admin/exports/postings.csv").route(web::get().to(exports::postings)));
    config.service(read_only("/admin/audit").route(web::get().to(audit::show)));
    config.service(read_only("/admin/jobs").route(web::get().to(jobs::show)));
    config.service(action("/admin/jobs/{id}/cancel").route(web::post().to(jobs::cancel)));
}
