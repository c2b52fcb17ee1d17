//! Pages of the courses: seen by counselors, officials and administrators, kept by counselors.

use super::PageDoor;
use crate::api::operations::of;
use crate::domain::access::{Action, ObjectKind};

pub const DOORS: &[PageDoor] = &[
    ("GET", "/courses", of("page_courses", ObjectKind::Course, Action::List)),
    ("GET", "/courses/new", of("page_new_course", ObjectKind::Course, Action::Create)),
    ("POST", "/courses/new", of("page_add_course", ObjectKind::Course, Action::Create)),
    (
        "GET",
        "/courses/{id}",
        of("page_course", ObjectKind::Course, Action::Read).about(ObjectKind::Course).reads_people(),
    ),
    ("GET", "/courses/{id}/edit", of("page_edit_course", ObjectKind::Course, Action::Change).about(ObjectKind::Course)),
    (
        "POST",
        "/courses/{id}/edit",
        of("page_change_course", ObjectKind::Course, Action::Change).about(ObjectKind::Course),
    ),
    (
        "POST",
        "/courses/{id}/status",
        of("page_course_status", ObjectKind::Course, Action::Change).about(ObjectKind::Course),
    ),
    (
        "GET",
        "/courses/{id}/seats",
        of("page_course_seats", ObjectKind::Course, Action::Compute).about(ObjectKind::Course).reads_people(),
    ),
    ("POST", "/courses/{id}/enrol", of("page_enrol_all", ObjectKind::Enrolment, Action::Create)),
    ("POST", "/courses/{id}/attend", of("page_attendance", ObjectKind::Enrolment, Action::Change)),
    (
        "POST",
        "/enrolments/{id}/result",
        of("page_enrolment_result", ObjectKind::Enrolment, Action::Change).about(ObjectKind::Enrolment),
    ),
    (
        "GET",
        "/residents/{id}/courses",
        of("page_resident_courses", ObjectKind::Enrolment, Action::Create).about(ObjectKind::Resident).reads_people(),
    ),
    (
        "POST",
        "/residents/{id}/enrol",
        of("page_enrol", ObjectKind::Enrolment, Action::Create).about(ObjectKind::Resident),
    ),
];
