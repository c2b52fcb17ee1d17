//! The job counselor's pages: whom to visit today, what is known of a household, which job suits whom.
//!
//! Map: [`today`], [`visits`] and [`week`] say what to do, [`search`] and [`households`] find somebody, [`household`] and [`resident`] are
//! the two cards, the rest are the forms on them.

mod advice;
mod agreed;
mod care;
mod changes;
mod compare;
mod concerns;
mod decision;
mod follow_up;
mod history;
mod household;
mod households;
mod members;
mod offers;
mod parts;
mod phone;
mod posting;
mod profile;
mod records;
mod referrals;
mod resident;
mod search;
mod slip;
mod today;
mod visit;
mod visits;
mod week;
mod work;

use actix_web::web;

use super::{action, form, read_only};

/// Registers the pages.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config.service(read_only("/today").route(web::get().to(today::show)));
    config.service(form("/search").route(web::get().to(search::show)).route(web::post().to(search::find)));
    config.service(read_only("/visits").route(web::get().to(visits::show)));
    config.service(read_only("/week").route(web::get().to(week::show)));
    config.service(read_only("/households").route(web::get().to(households::show)));
    config.service(read_only("/households/{id}").route(web::get().to(household::show)));
    config.service(action("/households/{id}/recognise").route(web::post().to(household::recognise)));
    config.service(action("/households/{id}/barriers").route(web::post().to(household::open_barrier)));
    config.service(form("/households/{id}/care").route(web::get().to(care::show)).route(web::post().to(care::save)));
    config.service(action("/households/{id}/care/end").route(web::post().to(care::end)));
    config.service(read_only("/changes").route(web::get().to(changes::list)));
    config.service(read_only("/records").route(web::get().to(records::list)));
    config.service(action("/households/{id}/confirm").route(web::post().to(records::confirm)));
    config.service(action("/households/{id}/change").route(web::post().to(changes::decide)));
    config.service(action("/barriers/{id}/close").route(web::post().to(household::close_barrier)));
    config.service(form("/households/{id}/visit").route(web::get().to(visit::show)).route(web::post().to(visit::save)));
    config.service(action("/visits/{id}/settle").route(web::post().to(agreed::settle)));
    config.service(read_only("/postings/{id}").route(web::get().to(posting::show)));
    config.service(action("/postings/{id}/extend").route(web::post().to(posting::extend)));
    config.service(action("/postings/{id}/end").route(web::post().to(posting::end)));
    config.service(read_only("/residents/{id}").route(web::get().to(resident::show)));
    config.service(action("/residents/{id}/phone").route(web::post().to(phone::show)));
    config.service(
        form("/residents/{id}/profile").route(web::get().to(profile::show)).route(web::post().to(profile::save)),
    );
    config.service(action("/residents/{id}/propose").route(web::post().to(referrals::propose)));
    config.service(action("/residents/{id}/refer").route(web::post().to(referrals::refer)));
    config.service(action("/residents/{id}/decline").route(web::post().to(referrals::decline)));
    config.service(action("/referrals/{id}/step").route(web::post().to(referrals::step)));
    config.service(form("/residents/{id}/work").route(web::get().to(work::show)).route(web::post().to(work::begin)));
    config.service(action("/spells/{id}/contract").route(web::post().to(work::renew)));
    config.service(action("/spells/{id}/leave").route(web::post().to(work::leave)));
    config.service(action("/spells/{id}/follow-up").route(web::post().to(follow_up::record)));
    config.service(read_only("/residents/{id}/compare").route(web::get().to(compare::show)));
    config.service(read_only("/residents/{id}/slip/{posting}").route(web::get().to(slip::show)));
    config.service(
        form("/residents/{id}/decision").route(web::get().to(decision::show)).route(web::post().to(decision::make)),
    );
    config.service(action("/pins/{id}/end").route(web::post().to(decision::end)));
    config.service(read_only("/concerns").route(web::get().to(concerns::list)));
    config.service(form("/concerns/new").route(web::get().to(concerns::blank)).route(web::post().to(concerns::open)));
    config.service(read_only("/concerns/{id}").route(web::get().to(concerns::show)));
    config.service(action("/concerns/{id}/close").route(web::post().to(concerns::close)));
}
