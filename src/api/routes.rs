//! The one list of operations. The server's routes and the OpenAPI document are both made from it.
//!
//! `utoipa` sees only handlers registered with `.service(..)`: `.route(..)` would answer without being documented. A test
//! calls every documented path and looks for the others.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::http::header::ACCEPT;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use utoipa::openapi::OpenApi;
use utoipa_actix_web::AppExt;
use utoipa_actix_web::service_config::ServiceConfig;

use super::admission::{Doors, page_lang};
use super::error::{ApiError, ErrorCode};
use super::health::{self, Document};
use super::{
    accounts, approvals, areas, audit, auth, barriers, cards, care, clock, concerns, consents, courses, coverage,
    declines, diagnosis, docs, due, employers, enrolments, events, follow_ups, household_changes, household_proposals,
    households, imports, introductions, jobs, ledgers, notices, personal_data, plan_gap, plan_lists, plan_pins, plans,
    policies, postings, published, recommendations, record_findings, referrals, reports, resident_lists, residents,
    saved_views, skills, spells, training_plan, transparency, vacancies, visit_plan, visits,
};
use crate::pages;

/// Registers every operation.
pub fn list(config: &mut ServiceConfig<'_>) {
    config.service(health::healthz).service(health::readyz).service(health::metrics).service(health::openapi);
    config.service(utoipa_actix_web::scope("/api/v1").configure(resources));
}

fn resources(config: &mut ServiceConfig<'_>) {
    config
        .service(auth::create_first_administrator)
        .service(auth::sign_in)
        .service(auth::sign_out)
        .service(auth::get_me)
        .service(auth::change_password)
        .service(auth::reset_password)
        .service(auth::begin_second_factor)
        .service(auth::confirm_second_factor)
        .service(auth::remove_second_factor)
        .service(auth::list_own_sessions)
        .service(auth::revoke_own_session)
        .service(auth::create_token);
    config
        .service(accounts::list_accounts)
        .service(accounts::get_account)
        .service(accounts::create_account)
        .service(accounts::update_account)
        .service(accounts::disable_account)
        .service(accounts::enable_account)
        .service(accounts::replace_account_roles)
        .service(accounts::reset_account)
        .service(accounts::list_account_sessions)
        .service(accounts::revoke_account_sessions)
        .service(audit::list_audit_entries);
    config
        .service(areas::list_communities)
        .service(areas::get_community)
        .service(areas::create_community)
        .service(areas::update_community)
        .service(areas::list_grids)
        .service(areas::get_grid)
        .service(areas::create_grid)
        .service(areas::update_grid)
        .service(areas::list_buildings)
        .service(areas::get_building)
        .service(areas::create_building)
        .service(areas::update_building);
    config
        .service(households::list_households)
        .service(households::get_household)
        .service(households::create_household)
        .service(households::update_household);
    config
        .service(household_changes::list_household_members)
        .service(household_changes::list_household_events)
        .service(household_changes::add_household_member)
        .service(household_changes::move_household_member)
        .service(household_changes::remove_household_member)
        .service(household_changes::change_household_head)
        .service(household_changes::split_household)
        .service(household_changes::merge_household)
        .service(household_proposals::list_household_proposals)
        .service(household_proposals::decide_household_proposal)
        .service(record_findings::list_record_findings)
        .service(record_findings::confirm_record);
    config
        .service(care::get_care_duties)
        .service(care::replace_care_duties)
        .service(care::list_exemptions)
        .service(care::create_exemption)
        .service(care::end_exemption);
    config
        .service(residents::list_residents)
        .service(residents::get_resident)
        .service(residents::create_resident)
        .service(residents::update_resident)
        .service(residents::search_resident);
    config
        .service(resident_lists::get_resident_skills)
        .service(resident_lists::replace_resident_skills)
        .service(resident_lists::get_resident_certificates)
        .service(resident_lists::replace_resident_certificates)
        .service(resident_lists::get_unavailable_hours)
        .service(resident_lists::replace_unavailable_hours)
        .service(resident_lists::get_wishes)
        .service(resident_lists::replace_wishes)
        .service(resident_lists::get_ruled_out_conditions)
        .service(resident_lists::replace_ruled_out_conditions);
    config
        .service(spells::list_spells)
        .service(spells::get_spell)
        .service(spells::create_spell)
        .service(spells::update_spell)
        .service(spells::end_spell)
        .service(follow_ups::record_follow_up)
        .service(follow_ups::list_spell_follow_ups)
        .service(follow_ups::list_follow_ups)
        .service(follow_ups::list_spell_findings);
    config
        .service(barriers::list_household_barriers)
        .service(barriers::create_household_barrier)
        .service(barriers::list_resident_barriers)
        .service(barriers::create_resident_barrier)
        .service(barriers::close_barrier);
    config
        .service(consents::list_consents)
        .service(consents::create_consent)
        .service(consents::get_consent)
        .service(consents::withdraw_consent);
    config
        .service(personal_data::export_resident)
        .service(personal_data::reveal_resident)
        .service(approvals::request_deletion)
        .service(approvals::list_approvals)
        .service(approvals::get_approval)
        .service(approvals::decide_approval);
    config
        .service(cards::list_candidate_cards)
        .service(introductions::request_introduction)
        .service(introductions::list_introductions)
        .service(introductions::get_introduction)
        .service(introductions::decide_introduction)
        .service(introductions::close_introduction)
        .service(introductions::get_introduction_contact);
    config
        .service(referrals::create_referral)
        .service(referrals::create_referrals)
        .service(referrals::list_referrals)
        .service(referrals::get_referral)
        .service(referrals::move_referral)
        .service(referrals::move_referrals)
        .service(referrals::get_referral_contact)
        .service(notices::list_notices)
        .service(notices::read_notice)
        .service(notices::get_response_rate);
    config
        .service(clock::recognise_household)
        .service(clock::list_recognitions)
        .service(clock::get_recognition)
        .service(clock::record_service)
        .service(clock::exit_recognition)
        .service(clock::get_clock)
        .service(clock::list_calendar_days)
        .service(due::list_due);
    config
        .service(courses::list_courses)
        .service(courses::get_course)
        .service(courses::create_course)
        .service(courses::update_course)
        .service(courses::open_course)
        .service(courses::close_course)
        .service(courses::cancel_course)
        .service(training_plan::plan_training)
        .service(enrolments::create_enrolment)
        .service(enrolments::create_enrolments)
        .service(enrolments::list_enrolments)
        .service(enrolments::get_enrolment)
        .service(enrolments::move_enrolment)
        .service(enrolments::record_attendance);
    config
        .service(visits::create_visit)
        .service(visits::list_visits)
        .service(visits::get_visit)
        .service(visits::update_visit)
        .service(visits::cancel_visit)
        .service(visit_plan::get_visit_plan)
        .service(visit_plan::get_visit_progress)
        .service(visit_plan::list_visit_progress);
    config
        .service(concerns::create_concern)
        .service(concerns::list_concerns)
        .service(concerns::get_concern)
        .service(concerns::update_concern)
        .service(concerns::close_concern)
        .service(concerns::count_concerns);
    config.service(events::list_events);
    config.service(declines::list_declines).service(declines::create_decline);
    config
        .service(employers::list_employers)
        .service(employers::get_employer)
        .service(employers::create_employer)
        .service(employers::update_employer);
    config
        .service(postings::list_postings)
        .service(postings::get_posting)
        .service(postings::create_posting)
        .service(postings::update_posting)
        .service(postings::publish_posting)
        .service(postings::confirm_posting)
        .service(postings::close_posting)
        .service(postings::check_posting_law);
    config
        .service(skills::list_skills)
        .service(skills::get_skill)
        .service(skills::create_skill)
        .service(skills::update_skill)
        .service(skills::list_skill_aliases)
        .service(skills::add_skill_alias)
        .service(skills::list_unmapped_names)
        .service(skills::map_unmapped_name);
    config
        .service(recommendations::recommend_postings)
        .service(recommendations::recommend_candidates)
        .service(recommendations::start_recommendation_run)
        .service(recommendations::list_recommendation_runs)
        .service(recommendations::get_recommendation_run)
        .service(recommendations::list_run_recommendations)
        .service(recommendations::list_recommendations);
    config
        .service(plans::propose_plan)
        .service(plans::list_plans)
        .service(plans::get_plan)
        .service(plans::verify_plan)
        .service(plans::adopt_plan)
        .service(plan_lists::list_plan_placements)
        .service(plan_lists::list_plan_households)
        .service(plan_lists::list_plan_prices)
        .service(plan_lists::diff_plan)
        .service(plan_gap::get_plan_gap)
        .service(plan_gap::what_if)
        .service(diagnosis::diagnose_posting)
        .service(plan_pins::list_plan_pins)
        .service(plan_pins::get_plan_pin)
        .service(plan_pins::create_plan_pin)
        .service(plan_pins::end_plan_pin);
    config
        .service(reports::freeze_monthly_report)
        .service(reports::list_reports)
        .service(reports::get_report)
        .service(reports::list_report_entries)
        .service(reports::sign_report)
        .service(reports::correct_report)
        .service(ledgers::list_ledger_columns)
        .service(ledgers::export_ledger)
        .service(ledgers::export_full_ledger)
        .service(saved_views::list_columns)
        .service(saved_views::list_saved_views)
        .service(saved_views::get_saved_view)
        .service(saved_views::save_view)
        .service(saved_views::remove_saved_view)
        .service(transparency::get_run_transparency)
        .service(coverage::get_coverage)
        .service(coverage::get_coverage_series)
        .service(coverage::list_coverage_households)
        .service(published::get_published_coverage)
        .service(vacancies::list_published_vacancies);
    config
        .service(imports::start_import)
        .service(imports::list_imports)
        .service(imports::get_import)
        .service(imports::list_import_findings);
    config.service(jobs::list_jobs).service(jobs::get_job).service(jobs::cancel_job).service(jobs::get_rejected_rows);
    config
        .service(policies::get_current_scoring_policy)
        .service(policies::list_scoring_policies)
        .service(policies::list_settings);
}

/// The OpenAPI document.
#[must_use]
pub fn document() -> OpenApi {
    let (_, mut api) = actix_web::App::new().into_utoipa_app().openapi(docs::head()).configure(list).split_for_parts();
    docs::complete(&mut api);
    api
}

/// The document as it is served and committed: indented, in a fixed order, with a line feed at the end.
///
/// # Errors
/// If it cannot be written as JSON.
pub fn document_json() -> serde_json::Result<String> {
    // Through `Value`, whose keys are sorted: the order of registration does not show.
    let value = serde_json::to_value(document())?;
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

/// What all workers of a server share about the list.
#[derive(Clone)]
pub struct Published {
    pub methods: web::Data<Methods>,
    pub document: web::Data<Document>,
    pub doors: web::Data<Doors>,
}

/// Methods of each path pattern.
pub struct Methods(BTreeMap<String, Vec<&'static str>>);

impl Published {
    /// # Errors
    /// If the document cannot be written as JSON.
    pub fn new() -> serde_json::Result<Self> {
        let api = document();
        let methods = web::Data::new(Methods(docs::methods(&api)));
        let doors = web::Data::new(Doors::new(&api));
        let document = web::Data::new(Document(Bytes::from(document_json()?)));
        Ok(Self { methods, document, doors })
    }
}

/// Answers whatever no handler took: 405 with `Allow` where the path has other methods, else 404.
///
/// # Errors
/// Always.
pub async fn fallback(req: HttpRequest, methods: web::Data<Methods>) -> Result<HttpResponse, ApiError> {
    let known = req.match_pattern().and_then(|pattern| methods.0.get(&pattern).cloned());
    match known {
        Some(methods) => {
            let allow = Some(methods.join(", "));
            Err(ApiError { allow, ..ApiError::new(ErrorCode::MethodNotAllowed) })
        }
        None if wants_a_page(&req) => {
            let said = ErrorCode::of_status(StatusCode::NOT_FOUND).text().into();
            Ok(pages::refused(StatusCode::NOT_FOUND, &said, page_lang(req.query_string())))
        }
        None => Err(ApiError::new(ErrorCode::of_status(StatusCode::NOT_FOUND))),
    }
}

/// Whether a person mistyped the address of a page.
fn wants_a_page(req: &HttpRequest) -> bool {
    let accepts = req.headers().get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    !req.path().starts_with("/api/") && accepts.contains("text/html")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_reference_in_the_document_resolves() {
        let document = serde_json::to_value(document()).unwrap();
        let text = document.to_string();
        let named: BTreeSet<&str> =
            text.split("\"#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let known: BTreeSet<&str> =
            document["components"]["schemas"].as_object().unwrap().keys().map(String::as_str).collect();
        assert!(named.len() > 50, "{named:?}");
        assert_eq!(named.difference(&known).collect::<Vec<_>>(), Vec::<&&str>::new());
    }
}
