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

const fn of(id: &'static str, object: ObjectKind, action: Action) -> Operation {
    Operation { id, object, action, target: None, refers: &[], reads_people: false }
}

impl Operation {
    const fn about(self, target: ObjectKind) -> Self {
        Self { target: Some(target), ..self }
    }

    const fn names(self, refers: &'static [(&'static str, ObjectKind)]) -> Self {
        Self { refers, ..self }
    }

    const fn reads_people(self) -> Self {
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
    of("list_households", ObjectKind::Household, Action::List),
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
    of("get_care_duties", ObjectKind::CareDuty, Action::Read).about(ObjectKind::Household).reads_people(),
    of("replace_care_duties", ObjectKind::CareDuty, Action::Change)
        .about(ObjectKind::Household)
        .names(&[("/items/*/carer_id", ObjectKind::Resident)]),
    of("list_exemptions", ObjectKind::Exemption, Action::List).about(ObjectKind::Household),
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
    of("get_plan", ObjectKind::Plan, Action::Read).about(ObjectKind::Plan),
    of("verify_plan", ObjectKind::Plan, Action::Compute).about(ObjectKind::Plan),
    of("adopt_plan", ObjectKind::Plan, Action::Decide).about(ObjectKind::Plan),
    of("list_plan_placements", ObjectKind::Placement, Action::List).about(ObjectKind::Plan).reads_people(),
    of("list_plan_households", ObjectKind::Placement, Action::List).about(ObjectKind::Plan),
    of("list_plan_prices", ObjectKind::Plan, Action::Read).about(ObjectKind::Plan),
    of("diff_plan", ObjectKind::Placement, Action::List).about(ObjectKind::Plan).reads_people(),
    of("get_plan_gap", ObjectKind::Plan, Action::Read).about(ObjectKind::Plan),
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
    of("list_coverage_households", ObjectKind::CoverageList, Action::List),
    of("start_import", ObjectKind::Import, Action::Create),
    of("list_imports", ObjectKind::Import, Action::List),
    of("get_import", ObjectKind::Import, Action::Read).about(ObjectKind::Import),
    of("list_import_findings", ObjectKind::Import, Action::Read).about(ObjectKind::Import),
    of("list_jobs", ObjectKind::Job, Action::List),
    of("get_job", ObjectKind::Job, Action::Read).about(ObjectKind::Job),
    of("cancel_job", ObjectKind::Job, Action::Change).about(ObjectKind::Job),
    of("get_rejected_rows", ObjectKind::Job, Action::Read).about(ObjectKind::Job).reads_people(),
    of("get_current_scoring_policy", ObjectKind::Setting, Action::Read),
    of("list_scoring_policies", ObjectKind::Setting, Action::List),
    of("list_settings", ObjectKind::Setting, Action::List),
];

/// Pages behind the same policy: method, path pattern, what it is. A person without sign-in is led there instead.
pub const PAGES: &[(&str, &str, Operation)] = &[
    ("GET", "/", of("page_home", ObjectKind::Coverage, Action::Read)),
    ("GET", "/account", of("page_account", ObjectKind::Session, Action::Read)),
    ("POST", "/account", of("page_account_change", ObjectKind::Session, Action::Change)),
    ("GET", "/docs", of("page_docs", ObjectKind::Document, Action::Read)),
    ("GET", "/docs/{_:.*}", of("page_docs", ObjectKind::Document, Action::Read)),
];
