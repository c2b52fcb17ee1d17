//! The pages in the words of the policy: which operation each path and method is. One file for each workbench.
//!
//! Invariant: as for the API, a page that has no line here reaches no handler with an act; a test compares the lines with the
//! routes the pages register.

mod admin;
mod counselor;
mod courses;
mod hr;
mod official;

use super::operations::{Operation, of};
use crate::domain::access::{Action, ObjectKind};

/// Method, path pattern, operation.
pub type PageDoor = (&'static str, &'static str, Operation);

/// Those before any workbench: sign-in, one's own account, the reason an official gives.
const EVERYBODY: &[PageDoor] = &[
    ("GET", "/", of("page_home", ObjectKind::Session, Action::Read)),
    ("GET", "/sign-in", of("page_sign_in", ObjectKind::Session, Action::Create)),
    ("POST", "/sign-in", of("page_sign_in", ObjectKind::Session, Action::Create)),
    ("GET", "/reset", of("page_reset", ObjectKind::Session, Action::Create)),
    ("POST", "/reset", of("page_reset", ObjectKind::Session, Action::Create)),
    ("POST", "/first-administrator", of("page_first_administrator", ObjectKind::Session, Action::Create)),
    ("GET", "/account", of("page_account", ObjectKind::Session, Action::Read)),
    ("POST", "/account/password", of("page_change_password", ObjectKind::Session, Action::Change)),
    ("POST", "/account/second-factor", of("page_second_factor", ObjectKind::Session, Action::Change)),
    ("POST", "/account/second-factor/confirm", of("page_second_factor", ObjectKind::Session, Action::Change)),
    ("POST", "/account/second-factor/remove", of("page_second_factor", ObjectKind::Session, Action::Change)),
    ("POST", "/account/sessions/revoke", of("page_revoke_session", ObjectKind::Session, Action::Change)),
    ("POST", "/account/sign-out", of("page_sign_out", ObjectKind::Session, Action::Change)),
    ("GET", "/reason", of("page_reason", ObjectKind::Session, Action::Read)),
    ("POST", "/reason", of("page_give_reason", ObjectKind::Session, Action::Change)),
    ("POST", "/reason/end", of("page_end_reason", ObjectKind::Session, Action::Change)),
    ("GET", "/vacancies", of("page_vacancies", ObjectKind::Published, Action::Read)),
    ("GET", "/vacancies/{vacancy}", of("page_vacancy", ObjectKind::Published, Action::Read)),
    ("GET", "/design", of("page_design", ObjectKind::Document, Action::Read)),
    ("GET", "/docs", of("page_docs", ObjectKind::Document, Action::Read)),
    ("GET", "/docs/{_:.*}", of("page_docs", ObjectKind::Document, Action::Read)),
];

/// Every page.
pub fn all() -> impl Iterator<Item = &'static PageDoor> {
    [EVERYBODY, counselor::DOORS, courses::DOORS, hr::DOORS, official::DOORS, admin::DOORS].into_iter().flatten()
}
