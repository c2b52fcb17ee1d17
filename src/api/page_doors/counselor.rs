//! Pages of the job counselor.

use super::PageDoor;
use crate::api::operations::of;
use crate::domain::access::{Action, ObjectKind};

pub const DOORS: &[PageDoor] = &[
    ("GET", "/today", of("page_today", ObjectKind::Recognition, Action::List).reads_people()),
    ("GET", "/search", of("page_search", ObjectKind::Resident, Action::Search)),
    ("POST", "/search", of("page_search", ObjectKind::Resident, Action::Search).reads_people()),
    ("GET", "/visits", of("page_visits", ObjectKind::VisitProgress, Action::Read).reads_people()),
    ("GET", "/week", of("page_week", ObjectKind::Placement, Action::List).reads_people()),
    ("GET", "/households", of("page_households", ObjectKind::CoverageList, Action::List).reads_people()),
    ("GET", "/changes", of("page_household_changes", ObjectKind::Household, Action::List).reads_people()),
    ("GET", "/records", of("page_records", ObjectKind::Household, Action::List).reads_people()),
    (
        "POST",
        "/households/{id}/confirm",
        of("page_confirm_record", ObjectKind::Household, Action::Change).about(ObjectKind::Household),
    ),
    (
        "POST",
        "/households/{id}/change",
        of("page_decide_household_change", ObjectKind::Household, Action::Change).about(ObjectKind::Household),
    ),
    (
        "GET",
        "/households/{id}",
        of("page_household", ObjectKind::Household, Action::Read).about(ObjectKind::Household).reads_people(),
    ),
    (
        "POST",
        "/households/{id}/recognise",
        of("page_recognise", ObjectKind::Recognition, Action::Create).about(ObjectKind::Household),
    ),
    (
        "POST",
        "/households/{id}/barriers",
        of("page_open_barrier", ObjectKind::Barrier, Action::Create).about(ObjectKind::Household),
    ),
    (
        "GET",
        "/households/{id}/care",
        of("page_care", ObjectKind::CareDuty, Action::Change).about(ObjectKind::Household).reads_people(),
    ),
    (
        "POST",
        "/households/{id}/care",
        of("page_change_care", ObjectKind::CareDuty, Action::Change).about(ObjectKind::Household),
    ),
    (
        "POST",
        "/households/{id}/care/end",
        of("page_end_care", ObjectKind::CareDuty, Action::Change).about(ObjectKind::Household),
    ),
    (
        "POST",
        "/barriers/{id}/close",
        of("page_close_barrier", ObjectKind::Barrier, Action::Change).about(ObjectKind::Barrier),
    ),
    (
        "GET",
        "/households/{id}/visit",
        of("page_visit", ObjectKind::Visit, Action::Create).about(ObjectKind::Household).reads_people(),
    ),
    (
        "POST",
        "/households/{id}/visit",
        of("page_record_visit", ObjectKind::Visit, Action::Create).about(ObjectKind::Household),
    ),
    (
        "POST",
        "/visits/{id}/settle",
        of("page_settle_visit", ObjectKind::Visit, Action::Change).about(ObjectKind::Visit),
    ),
    ("GET", "/postings/{id}", of("page_posting", ObjectKind::Posting, Action::Read).about(ObjectKind::Posting)),
    (
        "POST",
        "/postings/{id}/extend",
        of("page_extend_posting", ObjectKind::Posting, Action::Change).about(ObjectKind::Posting),
    ),
    (
        "POST",
        "/postings/{id}/end",
        of("page_end_posting", ObjectKind::Posting, Action::Change).about(ObjectKind::Posting),
    ),
    (
        "GET",
        "/residents/{id}",
        of("page_resident", ObjectKind::Resident, Action::Read).about(ObjectKind::Resident).reads_people(),
    ),
    (
        "POST",
        "/residents/{id}/phone",
        of("page_phone", ObjectKind::PersonalData, Action::Read).about(ObjectKind::Resident).reads_people(),
    ),
    (
        "GET",
        "/residents/{id}/profile",
        of("page_profile", ObjectKind::Resident, Action::Change).about(ObjectKind::Resident).reads_people(),
    ),
    (
        "POST",
        "/residents/{id}/profile",
        of("page_change_profile", ObjectKind::Resident, Action::Change).about(ObjectKind::Resident),
    ),
    (
        "POST",
        "/residents/{id}/propose",
        of("page_propose", ObjectKind::Referral, Action::Create).about(ObjectKind::Resident),
    ),
    (
        "POST",
        "/residents/{id}/refer",
        of("page_refer", ObjectKind::Referral, Action::Create).about(ObjectKind::Resident),
    ),
    (
        "POST",
        "/residents/{id}/decline",
        of("page_decline", ObjectKind::Decline, Action::Create).about(ObjectKind::Resident),
    ),
    (
        "POST",
        "/referrals/{id}/step",
        of("page_move_referral", ObjectKind::Referral, Action::Change).about(ObjectKind::Referral),
    ),
    (
        "GET",
        "/residents/{id}/work",
        of("page_work", ObjectKind::Spell, Action::Create).about(ObjectKind::Resident).reads_people(),
    ),
    (
        "POST",
        "/residents/{id}/work",
        of("page_begin_work", ObjectKind::Spell, Action::Create).about(ObjectKind::Resident),
    ),
    (
        "POST",
        "/spells/{id}/contract",
        of("page_renew_contract", ObjectKind::Spell, Action::Change).about(ObjectKind::Spell),
    ),
    ("POST", "/spells/{id}/leave", of("page_end_work", ObjectKind::Spell, Action::Change).about(ObjectKind::Spell)),
    (
        "POST",
        "/spells/{id}/follow-up",
        of("page_follow_up", ObjectKind::Spell, Action::Change).about(ObjectKind::Spell),
    ),
    (
        "GET",
        "/residents/{id}/compare",
        of("page_compare", ObjectKind::Recommendation, Action::Compute).about(ObjectKind::Resident).reads_people(),
    ),
    (
        "GET",
        "/residents/{id}/slip/{posting}",
        of("page_slip", ObjectKind::Recommendation, Action::Compute).about(ObjectKind::Resident).reads_people(),
    ),
    (
        "GET",
        "/residents/{id}/decision",
        of("page_decision", ObjectKind::Pin, Action::Create).about(ObjectKind::Resident).reads_people(),
    ),
    (
        "POST",
        "/residents/{id}/decision",
        of("page_decide", ObjectKind::Pin, Action::Create).about(ObjectKind::Resident),
    ),
    ("POST", "/pins/{id}/end", of("page_end_decision", ObjectKind::Pin, Action::Change).about(ObjectKind::Pin)),
    ("GET", "/concerns", of("page_concerns", ObjectKind::Concern, Action::List).reads_people()),
    ("GET", "/concerns/new", of("page_new_concern", ObjectKind::Concern, Action::Create).reads_people()),
    ("POST", "/concerns/new", of("page_open_concern", ObjectKind::Concern, Action::Create)),
    (
        "GET",
        "/concerns/{id}",
        of("page_concern", ObjectKind::Concern, Action::Read).about(ObjectKind::Concern).reads_people(),
    ),
    (
        "POST",
        "/concerns/{id}/close",
        of("page_close_concern", ObjectKind::Concern, Action::Decide).about(ObjectKind::Concern),
    ),
];
