//! The demo's people: one account for each role, so that a stranger can look at the service through everybody's eyes.
//!
//! Their passwords are random and printed once. They need not be replaced, and nobody is asked for a second factor: the
//! community is invented, and whoever looks around should not have to set up five accounts first.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

use super::passwords::{self, Password};
use super::secrets::{self, Secret};
use super::{Initial, NewAccount, create, held};
use crate::app::access::Grant;
use crate::app::error::AppError;
use crate::app::settings::{self, SECOND_FACTOR_REQUIRED};
use crate::app::{Connection, Db};
use crate::db::areas::{self, AreaFilter};
use crate::db::{Page, employers, postings};
use crate::domain::access::{Login, Role};
use crate::domain::codes::{AreaKind, EmployerKind};

/// An account of the demo with its password.
#[derive(Debug)]
pub struct Person {
    pub login: String,
    pub role: Role,
    /// The area or employer.
    pub place: Option<String>,
    pub password: Secret,
}

/// Makes the accounts of a demo whose community was imported: the counselor of the first grid, the HR of the park employer with
/// the most places, the official of the community, an administrator and an auditor.
///
/// # Errors
/// If the database fails.
pub fn people(db: &Db, now: NaiveDateTime) -> Result<Vec<Person>, AppError> {
    settings::set(db, SECOND_FACTOR_REQUIRED, "none", settings::since_ever())?;
    let mut passwords = Vec::new();
    for _ in Role::ALL {
        let secret = secrets::temporary_password();
        let password = Password::new(secret.reveal()).ok_or_else(|| anyhow::anyhow!("a password that is none"))?;
        // Outside of the transaction: five hashes would hold up every other writer.
        passwords.push((passwords::hash(&password)?, secret));
    }
    db.write(|conn| {
        let mut people = Vec::new();
        for (grant, (hash, password)) in grants(conn)?.into_iter().zip(&passwords) {
            let place = held(conn, std::slice::from_ref(&grant))?.pop().and_then(|held| held.place);
            let name = grant.role.label().zh;
            let login = Login::parse(login_of(grant.role)).ok_or_else(|| anyhow::anyhow!("a login that is none"))?;
            let role = grant.role;
            let new = NewAccount { login, display_name: format!("演示{name}"), grants: vec![grant] };
            let account = create(conn, &new, Some(&Initial { hash: hash.clone(), is_temporary: false }), now)?;
            people.push(Person { login: account.login, role, place, password: password.clone() });
        }
        Ok(people)
    })
}

const fn login_of(role: Role) -> &'static str {
    match role {
        Role::Counselor => "counselor",
        Role::Hr => "factory-hr",
        Role::Official => "official",
        Role::Administrator => "admin",
        Role::Auditor => "auditor",
    }
}

/// The role of each account. A community too small for a grid or an employer goes without that account.
fn grants(conn: &mut Connection) -> Result<Vec<Grant>, AppError> {
    let first = |conn: &mut Connection, kind| {
        let filter = AreaFilter { kind: Some(kind), ..AreaFilter::default() };
        areas::page(conn, &filter, Page::first(1)).map(|found| found.into_iter().next())
    };
    let grid = first(conn, AreaKind::Grid)?.map(|area| area.id);
    let community = first(conn, AreaKind::Community)?.map(|area| area.id);
    let in_area = |role, area: Option<i64>| area.map(|area| Grant { role, area: Some(area), employer: None });
    let hr = largest_tenant(conn)?.map(|id| Grant { role: Role::Hr, area: None, employer: Some(id) });
    let anywhere = |role| Some(Grant { role, area: None, employer: None });
    let grants = [
        in_area(Role::Counselor, grid),
        hr,
        in_area(Role::Official, community),
        anywhere(Role::Administrator),
        anywhere(Role::Auditor),
    ];
    Ok(grants.into_iter().flatten().collect())
}

/// The park employer with the most places; of equal ones the first.
fn largest_tenant(conn: &mut Connection) -> Result<Option<i64>, AppError> {
    let mut places: BTreeMap<i64, i64> = employers::all(conn)?
        .into_iter()
        .filter(|employer| employer.data.kind == EmployerKind::Tenant)
        .map(|employer| (employer.id, 0))
        .collect();
    for posting in postings::all(conn)? {
        if let Some(count) = places.get_mut(&posting.data.employer_id) {
            *count += posting.data.headcount;
        }
    }
    Ok(places.into_iter().min_by_key(|(id, count)| (-count, *id)).map(|(id, _)| id))
}
