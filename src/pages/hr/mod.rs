//! The factory's pages: its postings, who could do the work, whom it was sent, whom it employs.
//!
//! Invariant: whatever roles an account holds besides, these pages show what the employers see whose HR it is: no household, no
//! name before consent, no need.

mod answers;
mod candidates;
mod introductions;
mod notices;
mod own;
mod posting;
mod posting_acts;
mod posting_advert;
mod posting_check;
mod posting_fields;
mod posting_fill;
mod posting_form;
mod postings;
mod referral;
mod referrals;
mod roster;
mod worker;

use actix_web::web;

use super::{action, form, read_only};

/// Registers the pages.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config.service(read_only("/hr/postings").route(web::get().to(postings::show)));
    config.service(
        form("/hr/postings/new").route(web::get().to(posting_form::show_new)).route(web::post().to(posting_form::add)),
    );
    config.service(action("/hr/postings/check").route(web::post().to(posting_form::check)));
    config.service(read_only("/hr/postings/{id}").route(web::get().to(posting::show)));
    config.service(
        form("/hr/postings/{id}/edit")
            .route(web::get().to(posting_form::show_edit))
            .route(web::post().to(posting_form::change)),
    );
    config.service(action("/hr/postings/{id}/confirm").route(web::post().to(posting_acts::confirm)));
    config.service(action("/hr/postings/{id}/close").route(web::post().to(posting_acts::close)));
    config.service(action("/hr/postings/{id}/copy").route(web::post().to(posting_acts::copy)));
    config.service(action("/hr/postings/{id}/places").route(web::post().to(posting_acts::places)));
    config.service(read_only("/hr/postings/{id}/candidates").route(web::get().to(candidates::show)));
    config.service(action("/hr/postings/{id}/introductions").route(web::post().to(introductions::ask)));
    config.service(read_only("/hr/candidates").route(web::get().to(candidates::overview)));
    config.service(read_only("/hr/introductions/{id}").route(web::get().to(introductions::show)));
    config.service(action("/hr/introductions/{id}/close").route(web::post().to(introductions::close)));
    config.service(read_only("/hr/referrals").route(web::get().to(referrals::show)));
    config.service(read_only("/hr/referrals/{id}").route(web::get().to(referral::show)));
    config.service(action("/hr/referrals/{id}/answer").route(web::post().to(answers::answer)));
    config.service(action("/hr/referrals/{id}/again").route(web::post().to(introductions::again)));
    config.service(read_only("/hr/roster").route(web::get().to(roster::show)));
    config.service(read_only("/hr/roster.xlsx").route(web::get().to(roster::download)));
    config.service(read_only("/hr/roster.csv").route(web::get().to(roster::download)));
    config.service(action("/hr/roster/views").route(web::post().to(roster::save_view)));
    config.service(action("/hr/roster/views/{id}/remove").route(web::post().to(roster::remove_view)));
    config.service(read_only("/hr/roster/{id}").route(web::get().to(worker::show)));
    config.service(action("/hr/roster/{id}/correct").route(web::post().to(worker::correct)));
    config.service(action("/hr/roster/{id}/goes-on").route(web::post().to(worker::goes_on)));
    config.service(action("/hr/roster/{id}/no-start").route(web::post().to(worker::no_start)));
    config.service(action("/hr/roster/{id}/leaver").route(web::post().to(roster::leaver)));
    config.service(read_only("/hr/notices").route(web::get().to(notices::show)));
    config.service(action("/hr/notices/read").route(web::post().to(notices::read)));
}
