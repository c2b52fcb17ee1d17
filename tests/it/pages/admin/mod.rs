//! The administration bench as its users meet it.

mod accounts;
mod changes;
mod columns;
mod exports;
mod imports;
mod rules;

use wangjia::app::access::Grant;
use wangjia::app::settings;
use wangjia::domain::access::Role;

use crate::accounts::support::{PASSWORD, account, noon};
use crate::support::TestDb;
use crate::support::site::Site;

const ADMINISTRATOR: Grant = Grant { role: Role::Administrator, area: None, employer: None };
const AUDITOR: Grant = Grant { role: Role::Auditor, area: None, employer: None };
/// In charge of every community: may import.
const COUNSELOR: Grant = Grant { role: Role::Counselor, area: None, employer: None };
const OFFICIAL: Grant = Grant { role: Role::Official, area: None, employer: None };

/// What somebody with bad intentions types into every field.
const TYPED: &str = "<script>alert(1)</script>";

/// A site without a second factor, which every role but these tests' needs.
fn site(test: &TestDb) -> Site {
    let site = Site::new(test, noon());
    settings::set(&test.db, "second_factor_required", "none", settings::since_ever()).unwrap();
    site
}

/// Somebody signed in; gives the token.
#[track_caller]
fn signed_in(test: &TestDb, site: &Site, login: &str, grants: &[Grant]) -> String {
    account(test, login, grants);
    site.sign_in(login, PASSWORD, "").token.unwrap()
}

/// What of an English page is Chinese and no name out of the data.
fn chinese(html: &str, names: &[&str]) -> String {
    let own = names.iter().chain(&["中文", "杨秀英"]).fold(html.to_owned(), |html, name| html.replace(name, ""));
    own.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).collect()
}
