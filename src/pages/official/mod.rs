//! The official's pages: how many, where, why not, what would help.

mod by_group;
mod clock;
pub mod coverage;
mod fairness;
mod gap;
mod households;
mod ledgers;
mod monthly;
mod paging;
mod people;
mod placements;
mod plan;
mod plans;
mod postings;
mod report;
mod report_list;
mod state;
mod transparency;
mod what_ifs;

use actix_web::web;

pub use by_group::{Column, Order};

use super::{action, form, links, read_only};

/// Registers the pages.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config.service(read_only(links::COVERAGE).route(web::get().to(coverage::show)));
    config.service(read_only(links::COVERAGE_HOUSEHOLDS).route(web::get().to(households::show)));
    config.service(read_only(links::COVERAGE_PEOPLE).route(web::get().to(people::show)));
    config.service(read_only(links::COVERAGE_POSTINGS).route(web::get().to(postings::show)));
    config.service(read_only(links::GAP).route(web::get().to(gap::show)));
    config.service(form(links::PLANS).route(web::get().to(plans::show)).route(web::post().to(plans::propose)));
    config.service(read_only("/plans/jobs/{id}").route(web::get().to(plans::progress)));
    config.service(read_only("/plans/{id}").route(web::get().to(plan::show)));
    config.service(action("/plans/{id}/adopt").route(web::post().to(plan::adopt)));
    config.service(read_only("/plans/{id}/verification").route(web::get().to(plan::verification)));
    config.service(read_only("/plans/{id}/placements").route(web::get().to(placements::show)));
    config.service(read_only("/plans/{id}/changes").route(web::get().to(placements::changes)));
    config.service(read_only(links::FAIRNESS).route(web::get().to(fairness::show)));
    config.service(read_only("/fairness/runs/{id}").route(web::get().to(transparency::show)));
    config.service(read_only(links::EXPORTS).route(web::get().to(ledgers::show)));
    config.service(read_only("/exports/ledger.xlsx").route(web::get().to(ledgers::download)));
    config.service(read_only("/exports/ledger.csv").route(web::get().to(ledgers::download)));
    config.service(action("/exports/full.xlsx").route(web::post().to(ledgers::full)));
    config.service(action("/exports/full.csv").route(web::post().to(ledgers::full)));
    config.service(action("/exports/views").route(web::post().to(ledgers::save)));
    config.service(action("/exports/views/{id}/remove").route(web::post().to(ledgers::remove)));
    config.service(read_only(links::MONTHLY).route(web::get().to(monthly::show)));
    config.service(action("/monthly/freeze").route(web::post().to(report::freeze)));
    config.service(read_only(links::REPORTS).route(web::get().to(monthly::reports)));
    config.service(read_only("/reports/{id}").route(web::get().to(report::show)));
    config.service(read_only("/reports/{id}/report.xlsx").route(web::get().to(report::xlsx)));
    config.service(read_only("/reports/{id}/report.json").route(web::get().to(report::json)));
    config.service(action("/reports/{id}/sign").route(web::post().to(report::sign)));
    config.service(action("/reports/{id}/correct").route(web::post().to(report::correct)));
    config.service(read_only("/reports/{id}/lists").route(web::get().to(report_list::show)));
}
