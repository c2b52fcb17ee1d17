//! The audit: entries bound to one another, found again, and any tampering with them seen.

mod chain;
mod command;
mod states;
mod tampering;

use chrono::NaiveDateTime;
use serde_json::json;
use wangjia::app::access::{Act, Caller, Object, ObjectKind};
use wangjia::app::audit::{self, Happened};
use wangjia::app::error::AppError;
use wangjia::db::AnyConnection;
use wangjia::domain::access::{ActorKind, Role};

use crate::db::fixtures;
use crate::support::keys;

/// An act of a counselor on a resident.
pub fn act(account: i64, action: &'static str, resident: i64) -> Act {
    Act {
        caller: Caller {
            kind: ActorKind::Account,
            account: Some(account),
            name: format!("counselor{account}"),
            ..Caller::anonymous()
        },
        role: Some(Role::Counselor),
        scope: "area:3".to_owned(),
        action,
        object: Object { kind: ObjectKind::Resident, id: Some(resident) },
        operation: "get_resident".to_owned(),
        purpose: "employment_service",
        reason: None,
        request_id: format!("request-{account}-{resident}"),
    }
}

pub fn at(seconds: i64) -> NaiveDateTime {
    fixtures::time() + chrono::TimeDelta::seconds(seconds)
}

/// A chain of `count` entries of every shape: with and without role, object, detail, subjects and hashes.
pub fn fill(conn: &mut AnyConnection, count: i64) -> Result<(), AppError> {
    for n in 1..=count {
        let mut act = act(n % 5 + 1, if n % 2 == 0 { "read" } else { "change" }, n);
        if n % 4 == 0 {
            act.caller = Caller::operator();
            act.role = None;
            act.object.id = None;
            act.scope = String::new();
        }
        if n % 3 == 0 {
            act.reason = Some(format!("核实情况 {n}"));
        }
        let happened = Happened {
            outcome: if n % 7 == 0 { "not_found".to_owned() } else { String::new() },
            before: (n % 5 == 0).then(audit::State::default),
            after: (n % 5 < 2).then(audit::State::default),
            subjects: (0..n % 4).rev().map(|k| n * 10 + k).collect(),
            detail: (n % 6 == 0).then(|| json!({ "count": n })),
        };
        assert_eq!(audit::append(conn, &keys(), &act, &happened, at(n))?, n);
    }
    Ok(())
}
