//! Pages of the official.

use super::PageDoor;
use crate::api::operations::{Operation, of};
use crate::domain::access::{Action, ObjectKind};

const LEDGER: Operation = of("page_export_ledger", ObjectKind::CoverageList, Action::List).reads_people();
const FULL_LEDGER: Operation = of("page_export_full_ledger", ObjectKind::PersonalData, Action::Read).reads_people();
/// What an account saved for itself.
const VIEW: Operation = of("page_save_view", ObjectKind::Session, Action::Change);
const REPORT: Operation = of("page_report", ObjectKind::Report, Action::Read).about(ObjectKind::Report);

pub const DOORS: &[PageDoor] = &[
    ("GET", "/coverage", of("page_coverage", ObjectKind::Coverage, Action::Read)),
    (
        "GET",
        "/coverage/households",
        of("page_coverage_households", ObjectKind::CoverageList, Action::List).reads_people(),
    ),
    ("GET", "/coverage/people", of("page_coverage_people", ObjectKind::CoverageList, Action::List).reads_people()),
    ("GET", "/coverage/postings", of("page_coverage_postings", ObjectKind::Posting, Action::List)),
    ("GET", "/gap", of("page_gap", ObjectKind::Plan, Action::Compute)),
    ("GET", "/plans", of("page_plans", ObjectKind::Plan, Action::List)),
    ("POST", "/plans", of("page_propose_plan", ObjectKind::Plan, Action::Create)),
    ("GET", "/plans/jobs/{id}", of("page_plan_job", ObjectKind::Job, Action::Read).about(ObjectKind::Job)),
    ("GET", "/plans/{id}", of("page_plan", ObjectKind::Plan, Action::Read).about(ObjectKind::Plan).reads_people()),
    ("POST", "/plans/{id}/adopt", of("page_adopt_plan", ObjectKind::Plan, Action::Decide).about(ObjectKind::Plan)),
    (
        "GET",
        "/plans/{id}/verification",
        of("page_verify_plan", ObjectKind::Plan, Action::Compute).about(ObjectKind::Plan),
    ),
    (
        "GET",
        "/plans/{id}/placements",
        of("page_plan_placements", ObjectKind::Placement, Action::List).about(ObjectKind::Plan).reads_people(),
    ),
    (
        "GET",
        "/plans/{id}/changes",
        of("page_plan_changes", ObjectKind::Placement, Action::List).about(ObjectKind::Plan).reads_people(),
    ),
    ("GET", "/fairness", of("page_fairness", ObjectKind::Run, Action::List)),
    ("GET", "/monthly", of("page_monthly", ObjectKind::Coverage, Action::Read)),
    ("GET", "/fairness/runs/{id}", of("page_run_transparency", ObjectKind::Run, Action::Read).about(ObjectKind::Run)),
    ("GET", "/exports", of("page_ledgers", ObjectKind::Coverage, Action::Read)),
    ("GET", "/exports/ledger.xlsx", LEDGER),
    ("GET", "/exports/ledger.csv", LEDGER),
    ("POST", "/exports/full.xlsx", FULL_LEDGER),
    ("POST", "/exports/full.csv", FULL_LEDGER),
    ("POST", "/exports/views", VIEW),
    ("POST", "/exports/views/{id}/remove", VIEW),
    ("POST", "/monthly/freeze", of("page_freeze_report", ObjectKind::Report, Action::Create)),
    ("GET", "/reports", of("page_reports", ObjectKind::Coverage, Action::Read)),
    ("GET", "/reports/{id}", REPORT),
    ("GET", "/reports/{id}/report.xlsx", REPORT),
    ("GET", "/reports/{id}/report.json", REPORT),
    (
        "POST",
        "/reports/{id}/sign",
        of("page_sign_report", ObjectKind::Report, Action::Decide).about(ObjectKind::Report),
    ),
    (
        "POST",
        "/reports/{id}/correct",
        of("page_correct_report", ObjectKind::Report, Action::Create).about(ObjectKind::Report),
    ),
    (
        "GET",
        "/reports/{id}/lists",
        of("page_report_list", ObjectKind::ReportList, Action::List).about(ObjectKind::Report).reads_people(),
    ),
];
