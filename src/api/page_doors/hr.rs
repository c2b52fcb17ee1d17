//! Pages of the factory's HR clerk.

use super::PageDoor;
use crate::api::operations::{Operation, of};
use crate::domain::access::{Action, ObjectKind};

const ROSTER_FILE: Operation = of("page_hr_roster_file", ObjectKind::Worker, Action::List).reads_people();
/// What an account saved for itself.
const VIEW: Operation = of("page_hr_save_view", ObjectKind::Session, Action::Change);

pub const DOORS: &[PageDoor] = &[
    ("GET", "/hr/postings", of("page_hr_postings", ObjectKind::Posting, Action::List)),
    ("GET", "/hr/postings/new", of("page_hr_new_posting", ObjectKind::Posting, Action::Create)),
    ("POST", "/hr/postings/new", of("page_hr_add_posting", ObjectKind::Posting, Action::Create)),
    ("POST", "/hr/postings/check", of("page_hr_check_posting", ObjectKind::Posting, Action::Compute)),
    ("GET", "/hr/postings/{id}", of("page_hr_posting", ObjectKind::Posting, Action::Read).about(ObjectKind::Posting)),
    (
        "GET",
        "/hr/postings/{id}/edit",
        of("page_hr_edit_posting", ObjectKind::Posting, Action::Change).about(ObjectKind::Posting),
    ),
    (
        "POST",
        "/hr/postings/{id}/edit",
        of("page_hr_change_posting", ObjectKind::Posting, Action::Change).about(ObjectKind::Posting),
    ),
    (
        "POST",
        "/hr/postings/{id}/confirm",
        of("page_hr_confirm_posting", ObjectKind::Posting, Action::Change).about(ObjectKind::Posting),
    ),
    (
        "POST",
        "/hr/postings/{id}/close",
        of("page_hr_close_posting", ObjectKind::Posting, Action::Change).about(ObjectKind::Posting),
    ),
    (
        "POST",
        "/hr/postings/{id}/copy",
        of("page_hr_copy_posting", ObjectKind::Posting, Action::Create).about(ObjectKind::Posting),
    ),
    (
        "POST",
        "/hr/postings/{id}/places",
        of("page_hr_posting_places", ObjectKind::Posting, Action::Change).about(ObjectKind::Posting),
    ),
    (
        "GET",
        "/hr/postings/{id}/candidates",
        of("page_hr_posting_candidates", ObjectKind::Card, Action::List).about(ObjectKind::Posting),
    ),
    (
        "POST",
        "/hr/postings/{id}/introductions",
        of("page_hr_request_introduction", ObjectKind::Introduction, Action::Create).about(ObjectKind::Posting),
    ),
    ("GET", "/hr/candidates", of("page_hr_candidates", ObjectKind::Card, Action::List)),
    (
        "GET",
        "/hr/introductions/{id}",
        of("page_hr_introduction", ObjectKind::Contact, Action::Read).about(ObjectKind::Introduction).reads_people(),
    ),
    (
        "POST",
        "/hr/introductions/{id}/close",
        of("page_hr_close_introduction", ObjectKind::Introduction, Action::Change).about(ObjectKind::Introduction),
    ),
    ("GET", "/hr/referrals", of("page_hr_referrals", ObjectKind::Referral, Action::List)),
    (
        "GET",
        "/hr/referrals/{id}",
        of("page_hr_referral", ObjectKind::Contact, Action::Read).about(ObjectKind::Referral).reads_people(),
    ),
    (
        "POST",
        "/hr/referrals/{id}/answer",
        of("page_hr_answer_referral", ObjectKind::Referral, Action::Change).about(ObjectKind::Referral),
    ),
    (
        "POST",
        "/hr/referrals/{id}/again",
        of("page_hr_ask_again", ObjectKind::Introduction, Action::Create).about(ObjectKind::Referral),
    ),
    ("GET", "/hr/roster", of("page_hr_roster", ObjectKind::Worker, Action::List).reads_people()),
    ("GET", "/hr/roster.xlsx", ROSTER_FILE),
    ("GET", "/hr/roster.csv", ROSTER_FILE),
    ("POST", "/hr/roster/views", VIEW),
    ("POST", "/hr/roster/views/{id}/remove", VIEW),
    (
        "GET",
        "/hr/roster/{id}",
        of("page_hr_worker", ObjectKind::Worker, Action::Change).about(ObjectKind::Worker).reads_people(),
    ),
    (
        "POST",
        "/hr/roster/{id}/correct",
        of("page_hr_correct_work", ObjectKind::Worker, Action::Change).about(ObjectKind::Worker),
    ),
    (
        "POST",
        "/hr/roster/{id}/goes-on",
        of("page_hr_goes_on", ObjectKind::Worker, Action::Change).about(ObjectKind::Worker),
    ),
    (
        "POST",
        "/hr/roster/{id}/no-start",
        of("page_hr_no_start", ObjectKind::Worker, Action::Change).about(ObjectKind::Worker),
    ),
    (
        "POST",
        "/hr/roster/{id}/leaver",
        of("page_hr_leaver", ObjectKind::Worker, Action::Change).about(ObjectKind::Worker),
    ),
    ("GET", "/hr/notices", of("page_hr_notices", ObjectKind::Notice, Action::List)),
    ("POST", "/hr/notices/read", of("page_hr_read_notices", ObjectKind::Notice, Action::Change)),
];
