//! What each operation is in the words of the policy: which action on which object, where the object stands in the path, and
//! which objects the body names.
//!
//! Invariant: the router asks this table before any handler runs; an operation that is not in it is refused. Tests compare it
//! with the OpenAPI document: every operation has a line, and every id in a body a kind.

use crate::domain::access::{Action, ObjectKind};

/// An operation in the words of the policy.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    pub id: &'static str,
    pub object: ObjectKind,
    pub action: Action,
    /// Kind of the record that `{id}` in the path names.
    pub target: Option<ObjectKind>,
    /// Ids in the body, as pointers (`*` = every entry), with the kinds they are of.
    pub refers: &'static [(&'static str, ObjectKind)],
    /// A reading that shows people's data, and so is audited.
    pub reads_people: bool,
}

pub(super) const fn of(id: &'static str, object: ObjectKind, action: Action) -> Operation {
    Operation { id, object, action, target: None, refers: &[], reads_people: false }
}

impl Operation {
    pub(super) const fn about(self, target: ObjectKind) -> Self {
        Self { target: Some(target), ..self }
    }

    pub(super) const fn names(self, refers: &'static [(&'static str, ObjectKind)]) -> Self {
        Self { refers, ..self }
    }

    pub(super) const fn reads_people(self) -> Self {
        Self { reads_people: true, ..self }
    }

    /// The operation of this id.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        OPERATIONS.iter().find(|operation| operation.id == id)
    }
}

/// Every operation of the API, in the order of `routes`.
pub const OPERATIONS: &[Operation] = &[
    of("get_health", ObjectKind::Service, Action::Read),
    of("get_readiness", ObjectKind::Service, Action::Read),
    of("get_metrics", ObjectKind::Metrics, Action::Read),
    of("get_openapi", ObjectKind::Document, Action::Read),
    of("list_communities", ObjectKind::Area, Action::List),
    of("get_community", ObjectKind::Area, Action::Read).about(ObjectKind::Area),
    of("create_community", ObjectKind::Area, Action::Create),
    of("update_community", ObjectKind::Area, Action::Change).about(ObjectKind::Area),
    of("list_grids", ObjectKind::Area, Action::List),
    of("get_grid", ObjectKind::Area, Action::Read).about(ObjectKind::Area),
    of("create_grid", ObjectKind::Area, Action::Create).names(&[("/community_id", ObjectKind::Area)]),
    of("update_grid", ObjectKind::Area, Action::Change)
        .about(ObjectKind::Area)
        .names(&[("/community_id", ObjectKind::Area)]),
    of("list_buildings", ObjectKind::Area, Action::List),
    of("get_building", ObjectKind::Area, Action::Read).about(ObjectKind::Area),
    of("create_building", ObjectKind::Area, Action::Create).names(&[("/grid_id", ObjectKind::Area)]),
    of("update_building", ObjectKind::Area, Action::Change)
        .about(ObjectKind::Area)
        .names(&[("/grid_id", ObjectKind::Area)]),
    of("list_households", ObjectKind::Household, Action::List).reads_people(),
    of("get_household", ObjectKind::Household, Action::Read).about(ObjectKind::Household).reads_people(),
    of("create_household", ObjectKind::Household, Action::Create).names(&[("/building_id", ObjectKind::Area)]),
    of("update_household", ObjectKind::Household, Action::Change)
        .about(ObjectKind::Household)
        .names(&[("/building_id", ObjectKind::Area)]),
    of("list_household_members", ObjectKind::Household, Action::Read).about(ObjectKind::Household).reads_people(),
    of("list_household_events", ObjectKind::Household, Action::Read).about(ObjectKind::Household).reads_people(),
    of("add_household_member", ObjectKind::Household, Action::Change)
        .about(ObjectKind::Household)
        .names(&[("/resident_id", ObjectKind::Resident)]),
    of("move_household_member", ObjectKind::Household, Action::Change)
        .about(ObjectKind::Household)
        .names(&[("/resident_id", ObjectKind::Resident)]),
    of("remove_household_member", ObjectKind::Household, Action::Change)
        .about(ObjectKind::Household)
        .names(&[("/resident_id", ObjectKind::Resident)]),
    of("change_household_head", ObjectKind::Household, Action::Change)
        .about(ObjectKind::Household)
        .names(&[("/resident_id", ObjectKind::Resident)]),
    of("split_household", ObjectKind::Household, Action::Change)
        .about(ObjectKind::Household)
        .names(&[("/household/building_id", ObjectKind::Area), ("/members/*/resident_id", ObjectKind::Resident)]),
    of("merge_household", ObjectKind::Household, Action::Change)
        .about(ObjectKind::Household)
        .names(&[("/household_id", ObjectKind::Household)]),
    of("list_household_proposals", ObjectKind::Household, Action::List).reads_people(),
    of("decide_household_proposal", ObjectKind::Household, Action::Change)
        .about(ObjectKind::Household)
        .names(&[("/other_household_id", ObjectKind::Household)]),
    of("list_record_findings", ObjectKind::Household, Action::List).reads_people(),
    of("confirm_record", ObjectKind::Household, Action::Change).about(ObjectKind::Household),
    of("get_care_duties", ObjectKind::CareDuty, Action::Read).about(ObjectKind::Household).reads_people(),
    of("replace_care_duties", ObjectKind::CareDuty, Action::Change)
        .about(ObjectKind::Household)
        .names(&[("/items/*/carer_id", ObjectKind::Resident)]),
    of("list_exemptions", ObjectKind::Exemption, Action::List).about(ObjectKind::Household).reads_people(),
    of("create_exemption", ObjectKind::Exemption, Action::Create).about(ObjectKind::Household),
    of("end_exemption", ObjectKind::Exemption, Action::Change).about(ObjectKind::Exemption),
    of("list_residents", ObjectKind::Resident, Action::List).reads_people(),
    of("get_resident", ObjectKind::Resident, Action::Read).about(ObjectKind::Resident).reads_people(),
    of("create_resident", ObjectKind::Resident, Action::Create),
    of("update_resident", ObjectKind::Resident, Action::Change).about(ObjectKind::Resident),
    of("search_resident", ObjectKind::Resident, Action::Search).reads_people(),
    of("get_resident_skills", ObjectKind::Resident, Action::Read).about(ObjectKind::Resident).reads_people(),
    of("replace_resident_skills", ObjectKind::Resident, Action::Change).about(ObjectKind::Resident),
    of("get_resident_certificates", ObjectKind::Resident, Action::Read).about(ObjectKind::Resident).reads_people(),
    of("replace_resident_certificates", ObjectKind::Resident, Action::Change).about(ObjectKind::Resident),
    of("get_unavailable_hours", ObjectKind::Resident, Action::Read).about(ObjectKind::Resident).reads_people(),
    of("replace_unavailable_hours", ObjectKind::Resident, Action::Change).about(ObjectKind::Resident),
    of("get_wishes", ObjectKind::Resident, Action::Read).about(ObjectKind::Resident).reads_people(),
    of("replace_wishes", ObjectKind::Resident, Action::Change).about(ObjectKind::Resident),
    of("get_ruled_out_conditions", ObjectKind::Resident, Action::Read).about(ObjectKind::Resident).reads_people(),
    of("replace_ruled_out_conditions", ObjectKind::Resident, Action::Change).about(ObjectKind::Resident),
    of("list_spells", ObjectKind::Spell, Action::List).reads_people(),
    of("get_spell", ObjectKind::Spell, Action::Read).about(ObjectKind::Spell).reads_people(),
    of("create_spell", ObjectKind::Spell, Action::Create)
        .about(ObjectKind::Resident)
        .names(&[("/employer_id", ObjectKind::Employer), ("/posting_id", ObjectKind::Posting)]),
    of("update_spell", ObjectKind::Spell, Action::Change)
        .about(ObjectKind::Spell)
        .names(&[("/employer_id", ObjectKind::Employer), ("/posting_id", ObjectKind::Posting)]),
    of("end_spell", ObjectKind::Spell, Action::Change).about(ObjectKind::Spell),
    of("record_follow_up", ObjectKind::Spell, Action::Change).about(ObjectKind::Spell),
    of("list_spell_follow_ups", ObjectKind::Spell, Action::Read).about(ObjectKind::Spell).reads_people(),
    of("list_follow_ups", ObjectKind::Spell, Action::List).reads_people(),
    of("list_spell_findings", ObjectKind::Spell, Action::List).reads_people(),
    of("list_household_barriers", ObjectKind::Barrier, Action::List).about(ObjectKind::Household).reads_people(),
    of("create_household_barrier", ObjectKind::Barrier, Action::Create).about(ObjectKind::Household),
    of("list_resident_barriers", ObjectKind::Barrier, Action::List).about(ObjectKind::Resident).reads_people(),
    of("create_resident_barrier", ObjectKind::Barrier, Action::Create).about(ObjectKind::Resident),
    of("close_barrier", ObjectKind::Barrier, Action::Change).about(ObjectKind::Barrier),
    of("list_declines", ObjectKind::Decline, Action::List).about(ObjectKind::Resident).reads_people(),
    of("create_decline", ObjectKind::Decline, Action::Create)
        .about(ObjectKind::Resident)
        .names(&[("/posting_id", ObjectKind::Posting)]),
    of("list_employers", ObjectKind::Employer, Action::List),
    of("get_employer", ObjectKind::Employer, Action::Read).about(ObjectKind::Employer),
    of("create_employer", ObjectKind::Employer, Action::Create),
    of("update_employer", ObjectKind::Employer, Action::Change).about(ObjectKind::Employer),
    of("list_postings", ObjectKind::Posting, Action::List),
    of("get_posting", ObjectKind::Posting, Action::Read).about(ObjectKind::Posting),
    of("create_posting", ObjectKind::Posting, Action::Create).names(&[("/employer_id", ObjectKind::Employer)]),
    of("update_posting", ObjectKind::Posting, Action::Change)
        .about(ObjectKind::Posting)
        .names(&[("/employer_id", ObjectKind::Employer)]),
    of("publish_posting", ObjectKind::Posting, Action::Change).about(ObjectKind::Posting),
    of("confirm_posting", ObjectKind::Posting, Action::Change).about(ObjectKind::Posting),
    of("close_posting", ObjectKind::Posting, Action::Change).about(ObjectKind::Posting),
    of("check_posting_law", ObjectKind::Posting, Action::Read).about(ObjectKind::Posting),
    of("diagnose_posting", ObjectKind::Posting, Action::Compute).about(ObjectKind::Posting),
    of("list_skills", ObjectKind::Skill, Action::List),
    of("get_skill", ObjectKind::Skill, Action::Read).about(ObjectKind::Skill),
    of("create_skill", ObjectKind::Skill, Action::Create),
    of("update_skill", ObjectKind::Skill, Action::Change).about(ObjectKind::Skill),
    of("list_skill_aliases", ObjectKind::Skill, Action::Read).about(ObjectKind::Skill),
    of("add_skill_alias", ObjectKind::Skill, Action::Change).about(ObjectKind::Skill),
    of("list_unmapped_names", ObjectKind::UnmappedName, Action::List),
    of("map_unmapped_name", ObjectKind::UnmappedName, Action::Change)
        .about(ObjectKind::UnmappedName)
        .names(&[("/skill_id", ObjectKind::Skill)]),
    of("recommend_postings", ObjectKind::Recommendation, Action::Compute).about(ObjectKind::Resident).reads_people(),
    of("recommend_candidates", ObjectKind::Candidate, Action::List).about(ObjectKind::Posting).reads_people(),
    of("start_recommendation_run", ObjectKind::Run, Action::Create),
    of("list_recommendation_runs", ObjectKind::Run, Action::List),
    of("get_recommendation_run", ObjectKind::Run, Action::Read).about(ObjectKind::Run),
    of("list_run_recommendations", ObjectKind::Recommendation, Action::List).about(ObjectKind::Run).reads_people(),
    of("list_recommendations", ObjectKind::Recommendation, Action::List).reads_people(),
    of("propose_plan", ObjectKind::Plan, Action::Create),
    of("list_plans", ObjectKind::Plan, Action::List),
    of("get_plan", ObjectKind::Plan, Action::Read).about(ObjectKind::Plan).reads_people(),
    of("verify_plan", ObjectKind::Plan, Action::Compute).about(ObjectKind::Plan),
    of("adopt_plan", ObjectKind::Plan, Action::Decide).about(ObjectKind::Plan),
    of("list_plan_placements", ObjectKind::Placement, Action::List).about(ObjectKind::Plan).reads_people(),
    of("list_plan_households", ObjectKind::Placement, Action::List).about(ObjectKind::Plan).reads_people(),
    of("list_plan_prices", ObjectKind::Plan, Action::Read).about(ObjectKind::Plan),
    of("diff_plan", ObjectKind::Placement, Action::List).about(ObjectKind::Plan).reads_people(),
    of("get_plan_gap", ObjectKind::Plan, Action::Read).about(ObjectKind::Plan).reads_people(),
    of("what_if", ObjectKind::Plan, Action::Compute).about(ObjectKind::Plan).names(&[
        ("/employer_id", ObjectKind::Employer),
        ("/household_id", ObjectKind::Household),
        ("/posting_id", ObjectKind::Posting),
    ]),
    of("list_plan_pins", ObjectKind::Pin, Action::List).reads_people(),
    of("get_plan_pin", ObjectKind::Pin, Action::Read).about(ObjectKind::Pin).reads_people(),
    of("create_plan_pin", ObjectKind::Pin, Action::Create)
        .names(&[("/resident_id", ObjectKind::Resident), ("/posting_id", ObjectKind::Posting)]),
    of("end_plan_pin", ObjectKind::Pin, Action::Change).about(ObjectKind::Pin),
    of("get_coverage", ObjectKind::Coverage, Action::Read),
    of("get_coverage_series", ObjectKind::Coverage, Action::Read),
    of("list_coverage_households", ObjectKind::CoverageList, Action::List).reads_people(),
    of("list_ledger_columns", ObjectKind::Document, Action::Read),
    of("export_ledger", ObjectKind::CoverageList, Action::List).reads_people(),
    of("export_full_ledger", ObjectKind::PersonalData, Action::Read).reads_people(),
    of("list_columns", ObjectKind::Document, Action::Read),
    // What an account saved for itself.
    of("list_saved_views", ObjectKind::Session, Action::List),
    of("get_saved_view", ObjectKind::Session, Action::Read),
    of("save_view", ObjectKind::Session, Action::Change),
    of("remove_saved_view", ObjectKind::Session, Action::Change),
    of("get_run_transparency", ObjectKind::Run, Action::Read).about(ObjectKind::Run),
    of("freeze_monthly_report", ObjectKind::Report, Action::Create).names(&[("/community_id", ObjectKind::Area)]),
    of("list_reports", ObjectKind::Report, Action::List),
    of("get_report", ObjectKind::Report, Action::Read).about(ObjectKind::Report),
    of("list_report_entries", ObjectKind::ReportList, Action::List).about(ObjectKind::Report).reads_people(),
    of("sign_report", ObjectKind::Report, Action::Decide).about(ObjectKind::Report),
    of("correct_report", ObjectKind::Report, Action::Create).about(ObjectKind::Report),
    of("start_import", ObjectKind::Import, Action::Create),
    of("list_imports", ObjectKind::Import, Action::List),
    of("get_import", ObjectKind::Import, Action::Read).about(ObjectKind::Import),
    of("list_import_findings", ObjectKind::Import, Action::Read).about(ObjectKind::Import),
    of("list_jobs", ObjectKind::Job, Action::List),
    of("get_job", ObjectKind::Job, Action::Read).about(ObjectKind::Job),
    of("cancel_job", ObjectKind::Job, Action::Change).about(ObjectKind::Job),
    of("get_rejected_rows", ObjectKind::Job, Action::Read).about(ObjectKind::Job).reads_people(),
    of("create_first_administrator", ObjectKind::Session, Action::Create),
    of("sign_in", ObjectKind::Session, Action::Create),
    of("reset_password", ObjectKind::Session, Action::Create),
    of("sign_out", ObjectKind::Session, Action::Change),
    of("get_me", ObjectKind::Session, Action::Read),
    of("change_password", ObjectKind::Session, Action::Change),
    of("begin_second_factor", ObjectKind::Session, Action::Change),
    of("confirm_second_factor", ObjectKind::Session, Action::Change),
    of("remove_second_factor", ObjectKind::Session, Action::Change),
    of("list_own_sessions", ObjectKind::Session, Action::List),
    of("revoke_own_session", ObjectKind::Session, Action::Change).about(ObjectKind::Session),
    of("create_token", ObjectKind::Token, Action::Create),
    of("list_accounts", ObjectKind::Account, Action::List),
    of("get_account", ObjectKind::Account, Action::Read).about(ObjectKind::Account),
    of("create_account", ObjectKind::Account, Action::Create)
        .names(&[("/roles/*/area_id", ObjectKind::Area), ("/roles/*/employer_id", ObjectKind::Employer)]),
    of("update_account", ObjectKind::Account, Action::Change).about(ObjectKind::Account),
    of("disable_account", ObjectKind::Account, Action::Change).about(ObjectKind::Account),
    of("enable_account", ObjectKind::Account, Action::Change).about(ObjectKind::Account),
    of("replace_account_roles", ObjectKind::Account, Action::Change)
        .about(ObjectKind::Account)
        .names(&[("/roles/*/area_id", ObjectKind::Area), ("/roles/*/employer_id", ObjectKind::Employer)]),
    of("reset_account", ObjectKind::Account, Action::Change).about(ObjectKind::Account),
    of("list_account_sessions", ObjectKind::Account, Action::Read).about(ObjectKind::Account),
    of("revoke_account_sessions", ObjectKind::Account, Action::Change).about(ObjectKind::Account),
    of("list_audit_entries", ObjectKind::Audit, Action::List),
    of("list_consents", ObjectKind::Consent, Action::List).about(ObjectKind::Resident).reads_people(),
    of("create_consent", ObjectKind::Consent, Action::Create)
        .about(ObjectKind::Resident)
        .names(&[("/employer_id", ObjectKind::Employer)]),
    of("get_consent", ObjectKind::Consent, Action::Read).about(ObjectKind::Consent).reads_people(),
    of("withdraw_consent", ObjectKind::Consent, Action::Change).about(ObjectKind::Consent),
    of("list_candidate_cards", ObjectKind::Card, Action::List).about(ObjectKind::Posting),
    of("request_introduction", ObjectKind::Introduction, Action::Create).about(ObjectKind::Posting),
    of("list_introductions", ObjectKind::Introduction, Action::List).reads_people(),
    of("get_introduction", ObjectKind::Introduction, Action::Read).about(ObjectKind::Introduction).reads_people(),
    of("decide_introduction", ObjectKind::Introduction, Action::Decide).about(ObjectKind::Introduction),
    of("close_introduction", ObjectKind::Introduction, Action::Change).about(ObjectKind::Introduction),
    of("get_introduction_contact", ObjectKind::Contact, Action::Read).about(ObjectKind::Introduction).reads_people(),
    of("create_referral", ObjectKind::Referral, Action::Create)
        .names(&[("/resident_id", ObjectKind::Resident), ("/posting_id", ObjectKind::Posting)]),
    of("create_referrals", ObjectKind::Referral, Action::Create)
        .names(&[("/items/*/resident_id", ObjectKind::Resident), ("/items/*/posting_id", ObjectKind::Posting)]),
    of("list_referrals", ObjectKind::Referral, Action::List).reads_people(),
    of("get_referral", ObjectKind::Referral, Action::Read).about(ObjectKind::Referral).reads_people(),
    of("move_referral", ObjectKind::Referral, Action::Change).about(ObjectKind::Referral),
    of("move_referrals", ObjectKind::Referral, Action::Change).names(&[("/referral_ids/*", ObjectKind::Referral)]),
    of("get_referral_contact", ObjectKind::Contact, Action::Read).about(ObjectKind::Referral).reads_people(),
    of("recognise_household", ObjectKind::Recognition, Action::Create).about(ObjectKind::Household),
    of("list_recognitions", ObjectKind::Recognition, Action::List).reads_people(),
    of("get_recognition", ObjectKind::Recognition, Action::Read).about(ObjectKind::Recognition).reads_people(),
    of("record_service", ObjectKind::Recognition, Action::Change).about(ObjectKind::Recognition),
    of("exit_recognition", ObjectKind::Recognition, Action::Decide).about(ObjectKind::Recognition),
    of("get_clock", ObjectKind::Coverage, Action::Read),
    of("list_calendar_days", ObjectKind::Setting, Action::List),
    of("list_due", ObjectKind::CoverageList, Action::List).reads_people(),
    of("list_courses", ObjectKind::Course, Action::List),
    of("get_course", ObjectKind::Course, Action::Read).about(ObjectKind::Course),
    of("create_course", ObjectKind::Course, Action::Create).names(&[("/skills/*/skill_id", ObjectKind::Skill)]),
    of("update_course", ObjectKind::Course, Action::Change)
        .about(ObjectKind::Course)
        .names(&[("/skills/*/skill_id", ObjectKind::Skill)]),
    of("open_course", ObjectKind::Course, Action::Change).about(ObjectKind::Course),
    of("close_course", ObjectKind::Course, Action::Change).about(ObjectKind::Course),
    of("cancel_course", ObjectKind::Course, Action::Change).about(ObjectKind::Course),
    of("plan_training", ObjectKind::Course, Action::Compute).names(&[("/course_ids/*", ObjectKind::Course)]),
    of("create_enrolment", ObjectKind::Enrolment, Action::Create)
        .names(&[("/resident_id", ObjectKind::Resident), ("/course_id", ObjectKind::Course)]),
    of("create_enrolments", ObjectKind::Enrolment, Action::Create)
        .names(&[("/items/*/resident_id", ObjectKind::Resident), ("/items/*/course_id", ObjectKind::Course)]),
    of("list_enrolments", ObjectKind::Enrolment, Action::List).reads_people(),
    of("get_enrolment", ObjectKind::Enrolment, Action::Read).about(ObjectKind::Enrolment).reads_people(),
    of("move_enrolment", ObjectKind::Enrolment, Action::Change).about(ObjectKind::Enrolment),
    of("record_attendance", ObjectKind::Enrolment, Action::Change)
        .names(&[("/enrolment_ids/*", ObjectKind::Enrolment)]),
    of("create_visit", ObjectKind::Visit, Action::Create).about(ObjectKind::Household),
    of("list_visits", ObjectKind::Visit, Action::List).reads_people(),
    of("get_visit", ObjectKind::Visit, Action::Read).about(ObjectKind::Visit).reads_people(),
    of("update_visit", ObjectKind::Visit, Action::Change).about(ObjectKind::Visit),
    of("cancel_visit", ObjectKind::Visit, Action::Change).about(ObjectKind::Visit),
    of("get_visit_plan", ObjectKind::Visit, Action::List).reads_people(),
    of("get_visit_progress", ObjectKind::VisitProgress, Action::Read),
    of("list_visit_progress", ObjectKind::VisitProgress, Action::List),
    of("create_concern", ObjectKind::Concern, Action::Create)
        .about(ObjectKind::Resident)
        .names(&[("/employer_id", ObjectKind::Employer), ("/posting_id", ObjectKind::Posting)]),
    of("list_concerns", ObjectKind::Concern, Action::List).reads_people(),
    of("get_concern", ObjectKind::Concern, Action::Read).about(ObjectKind::Concern).reads_people(),
    of("update_concern", ObjectKind::Concern, Action::Change)
        .about(ObjectKind::Concern)
        .names(&[("/employer_id", ObjectKind::Employer), ("/posting_id", ObjectKind::Posting)]),
    of("close_concern", ObjectKind::Concern, Action::Decide).about(ObjectKind::Concern),
    of("count_concerns", ObjectKind::Coverage, Action::Read),
    of("list_events", ObjectKind::Event, Action::List).reads_people(),
    of("list_notices", ObjectKind::Notice, Action::List),
    of("read_notice", ObjectKind::Notice, Action::Change).about(ObjectKind::Notice),
    of("get_response_rate", ObjectKind::Employer, Action::Read).about(ObjectKind::Employer),
    of("request_deletion", ObjectKind::Approval, Action::Create).about(ObjectKind::Resident),
    of("list_approvals", ObjectKind::Approval, Action::List).reads_people(),
    of("get_approval", ObjectKind::Approval, Action::Read).about(ObjectKind::Approval).reads_people(),
    of("decide_approval", ObjectKind::Approval, Action::Decide).about(ObjectKind::Approval),
    of("export_resident", ObjectKind::PersonalData, Action::Read).about(ObjectKind::Resident).reads_people(),
    of("reveal_resident", ObjectKind::PersonalData, Action::Read).about(ObjectKind::Resident).reads_people(),
    of("get_published_coverage", ObjectKind::Published, Action::Read),
    of("list_published_vacancies", ObjectKind::Published, Action::Read),
    of("get_current_scoring_policy", ObjectKind::Setting, Action::Read),
    of("list_scoring_policies", ObjectKind::Setting, Action::List),
    of("list_settings", ObjectKind::Setting, Action::List),
];

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use serde_json::Value;

    use super::*;
    use crate::api::routes;

    fn document() -> Value {
        serde_json::to_value(routes::document()).unwrap()
    }

    /// Path and description of every operation, by id.
    fn documented() -> BTreeMap<String, (String, Value)> {
        let document = document();
        let mut found = BTreeMap::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let Some(id) = operation["operationId"].as_str() else { continue };
                found.insert(id.to_owned(), (format!("{} {path}", method.to_uppercase()), operation.clone()));
            }
        }
        found
    }

    #[test]
    fn every_operation_of_the_document_has_a_line_and_no_line_is_left_over() {
        let documented: BTreeSet<String> = documented().into_keys().collect();
        let table: BTreeSet<String> = OPERATIONS.iter().map(|operation| operation.id.to_owned()).collect();
        assert_eq!(OPERATIONS.len(), table.len(), "a line stands twice");
        assert_eq!(
            documented.difference(&table).collect::<Vec<_>>(),
            Vec::<&String>::new(),
            "without authorization case"
        );
        assert_eq!(table.difference(&documented).collect::<Vec<_>>(), Vec::<&String>::new(), "of no operation");
    }

    #[test]
    fn a_line_names_a_record_exactly_where_the_path_has_one() {
        // Looked for only among the account's own.
        const OWN: [&str; 2] = ["get_saved_view", "remove_saved_view"];
        for (id, (path, _)) in documented() {
            let operation = Operation::find(&id).unwrap();
            let names_one = path.contains("{id}") && !OWN.contains(&id.as_str());
            assert_eq!(operation.target.is_some(), names_one, "{id} {path}");
            assert!(crate::domain::access::policy::permissions(operation.object, operation.action).count() > 0, "{id}");
        }
    }

    /// Every property of a body that holds an id, as a pointer pattern.
    fn ids(document: &Value, schema: &Value, at: &str, found: &mut BTreeSet<String>, depth: usize) {
        if depth > 12 {
            return;
        }
        if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
            if name == "Id" {
                found.insert(at.to_owned());
                return;
            }
            return ids(document, &document["components"]["schemas"][name], at, found, depth + 1);
        }
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            ids(document, property, &format!("{at}/{name}"), found, depth + 1);
        }
        if schema.get("items").is_some() {
            ids(document, &schema["items"], &format!("{at}/*"), found, depth + 1);
        }
        for several in ["allOf", "oneOf", "anyOf"] {
            for part in schema[several].as_array().into_iter().flatten() {
                ids(document, part, at, found, depth + 1);
            }
        }
    }

    #[test]
    fn every_id_in_a_body_is_looked_at() {
        // What is no record somebody could be kept from: plans are everybody's who may adopt one, and a proposal or a finding is looked for only
        // among those of the household in the path.
        const OF_NOBODY: [(&str, &str); 3] = [
            ("adopt_plan", "/expected_current"),
            ("decide_household_proposal", "/proposal_id"),
            ("confirm_record", "/finding_id"),
        ];
        let document = document();
        for (id, (_, operation)) in documented() {
            let mut found = BTreeSet::new();
            for (_, content) in operation["requestBody"]["content"].as_object().into_iter().flatten() {
                ids(&document, &content["schema"], "", &mut found, 0);
            }
            let named: BTreeSet<String> =
                Operation::find(&id).unwrap().refers.iter().map(|(pointer, _)| (*pointer).to_owned()).collect();
            let known = |pointer: &&String| !OF_NOBODY.contains(&(id.as_str(), pointer.as_str()));
            assert_eq!(found.iter().filter(known).cloned().collect::<BTreeSet<_>>(), named, "{id}");
        }
    }

    /// A reading whose answer has a person's name, masked numbers or health in it is audited.
    #[test]
    fn what_shows_people_is_said_to() {
        const PERSONAL: [&str; 6] =
            ["resident_name", "id_number_masked", "phone_masked", "health", "head_name", "resident_id"];
        let document = document();
        for (id, (path, operation)) in documented() {
            let mut names = BTreeSet::new();
            for (status, response) in operation["responses"].as_object().into_iter().flatten() {
                if status.starts_with('2') {
                    for (_, content) in response["content"].as_object().into_iter().flatten() {
                        properties(&document, &content["schema"], &mut names, 0);
                    }
                }
            }
            let line = Operation::find(&id).unwrap();
            let shows = PERSONAL.iter().any(|name| names.contains(*name));
            assert!(!shows || line.reads_people || !path.starts_with("GET"), "{id} {path}: {names:?}");
        }
    }

    /// What an official sees only with a reason is about people: the reason without the reading would be for nothing.
    #[test]
    fn what_needs_a_reason_is_written_down() {
        for (id, (path, _)) in documented() {
            let line = Operation::find(&id).unwrap();
            let mut allowed = crate::domain::access::policy::permissions(line.object, line.action);
            let needs_reason = allowed.any(|(_, relation)| relation == crate::domain::access::Relation::WithReason);
            assert!(!needs_reason || line.reads_people || !path.starts_with("GET"), "{id} {path}");
        }
    }

    fn properties(document: &Value, schema: &Value, found: &mut BTreeSet<String>, depth: usize) {
        if depth > 12 {
            return;
        }
        if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
            return properties(document, &document["components"]["schemas"][name], found, depth + 1);
        }
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            found.insert(name.clone());
            properties(document, property, found, depth + 1);
        }
        properties_of_parts(document, schema, found, depth);
    }

    fn properties_of_parts(document: &Value, schema: &Value, found: &mut BTreeSet<String>, depth: usize) {
        if schema.get("items").is_some() {
            properties(document, &schema["items"], found, depth + 1);
        }
        for several in ["allOf", "oneOf", "anyOf"] {
            for part in schema[several].as_array().into_iter().flatten() {
                properties(document, part, found, depth + 1);
            }
        }
    }
}
