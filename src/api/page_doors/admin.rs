//! Pages of the administrator and of the auditor, and of whoever imports.

use super::PageDoor;
use crate::api::operations::{Operation, of};
use crate::domain::access::{Action, ObjectKind};

const CHANGE_ACCOUNT: Operation =
    of("page_change_account", ObjectKind::Account, Action::Change).about(ObjectKind::Account);
const CHECK: Operation = of("page_import", ObjectKind::Job, Action::Read).about(ObjectKind::Job);
const CHANGE_CHECK: Operation = of("page_change_import", ObjectKind::Job, Action::Change).about(ObjectKind::Job);
const CHANGE_NAME: Operation =
    of("page_map_name", ObjectKind::UnmappedName, Action::Change).about(ObjectKind::UnmappedName);

const EXPORT_HOUSEHOLDS: Operation = of("export_households", ObjectKind::CoverageList, Action::List).reads_people();
/// No person is in it; what leaves the house is written down all the same.
const EXPORT_POSTINGS: Operation = of("export_postings", ObjectKind::Posting, Action::List).reads_people();

pub const DOORS: &[PageDoor] = &[
    ("GET", "/admin/accounts", of("page_accounts", ObjectKind::Account, Action::List)),
    ("POST", "/admin/accounts", of("page_create_account", ObjectKind::Account, Action::Create)),
    (
        "GET",
        "/admin/accounts/{id}",
        of("page_account_of", ObjectKind::Account, Action::Read).about(ObjectKind::Account),
    ),
    ("POST", "/admin/accounts/{id}/name", CHANGE_ACCOUNT),
    ("POST", "/admin/accounts/{id}/roles", CHANGE_ACCOUNT),
    ("POST", "/admin/accounts/{id}/roles/remove", CHANGE_ACCOUNT),
    ("POST", "/admin/accounts/{id}/disable", CHANGE_ACCOUNT),
    ("POST", "/admin/accounts/{id}/enable", CHANGE_ACCOUNT),
    ("POST", "/admin/accounts/{id}/reset", CHANGE_ACCOUNT),
    ("POST", "/admin/accounts/{id}/sessions/end", CHANGE_ACCOUNT),
    ("GET", "/admin/settings", of("page_settings", ObjectKind::Setting, Action::List)),
    ("GET", "/admin/skills", of("page_unmapped_names", ObjectKind::UnmappedName, Action::List)),
    ("GET", "/admin/skills/list", of("page_skills", ObjectKind::Skill, Action::List)),
    ("GET", "/admin/skills/names/{id}", CHANGE_NAME),
    ("POST", "/admin/skills/names/{id}/map", CHANGE_NAME),
    ("POST", "/admin/skills/names/{id}/ignore", CHANGE_NAME),
    (
        "POST",
        "/admin/skills/names/{id}/make",
        of("page_create_skill", ObjectKind::Skill, Action::Create).about(ObjectKind::UnmappedName),
    ),
    ("GET", "/admin/imports", of("page_imports", ObjectKind::Import, Action::List)),
    ("POST", "/admin/imports", of("page_start_import", ObjectKind::Import, Action::Create)),
    ("GET", "/admin/imports/templates/labour-ledger.xlsx", of("page_template", ObjectKind::Import, Action::List)),
    ("GET", "/admin/imports/templates/postings.xlsx", of("page_template", ObjectKind::Import, Action::List)),
    (
        "GET",
        "/admin/imports/stored/{id}",
        of("page_stored_import", ObjectKind::Import, Action::Read).about(ObjectKind::Import),
    ),
    ("GET", "/admin/imports/{id}", CHECK),
    ("GET", "/admin/imports/{id}/columns", CHECK),
    ("POST", "/admin/imports/{id}/columns", CHANGE_CHECK),
    ("GET", "/admin/imports/{id}/findings.xlsx", CHECK),
    ("GET", "/admin/imports/{id}/findings.csv", CHECK),
    (
        "GET",
        "/admin/imports/{id}/rejected-rows",
        of("page_rejected_rows", ObjectKind::Job, Action::Read).about(ObjectKind::Job).reads_people(),
    ),
    ("POST", "/admin/imports/{id}/correct", CHANGE_CHECK),
    ("POST", "/admin/imports/{id}/write", CHANGE_CHECK),
    ("POST", "/admin/imports/{id}/discard", CHANGE_CHECK),
    ("GET", "/admin/exports", of("page_exports", ObjectKind::Posting, Action::List)),
    ("GET", "/admin/exports/households.xlsx", EXPORT_HOUSEHOLDS),
    ("GET", "/admin/exports/households.csv", EXPORT_HOUSEHOLDS),
    ("GET", "/admin/exports/postings.xlsx", EXPORT_POSTINGS),
    ("GET", "/admin/exports/postings.csv", EXPORT_POSTINGS),
    ("GET", "/admin/audit", of("page_audit", ObjectKind::Audit, Action::List)),
    ("GET", "/admin/jobs", of("page_jobs", ObjectKind::Job, Action::List)),
    ("POST", "/admin/jobs/{id}/cancel", of("page_cancel_job", ObjectKind::Job, Action::Change).about(ObjectKind::Job)),
];
