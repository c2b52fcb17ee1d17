//! May this caller do this to that? The policy applied to the facts of one request.
//!
//! Invariant: an object that is not the caller's is answered like one that does not exist ([`Verdict::Hidden`]), after the same
//! queries. `Never` depends on the caller and the action alone, so it tells nothing about objects.

use super::{Caller, Grant};
use crate::app::Connection;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::db::access::{self as facts, Place};
use crate::domain::access::policy::{Who, permissions};
use crate::domain::access::{Action, ActorKind, ObjectKind, Reach, Relation, Role};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    pub object: ObjectKind,
    pub action: Action,
    /// The one object in question; none for lists and for what does not exist yet.
    pub target: Option<(ObjectKind, i64)>,
    /// Why an official wants to see it.
    pub reason: Option<&'a str>,
}

/// What was allowed.
#[derive(Clone, Debug, Default)]
pub struct Allowed {
    pub role: Option<Role>,
    /// `area:3 area:4`, `employer:2` or empty.
    pub scope: String,
    pub reach: Reach,
    pub place: Place,
}

#[derive(Clone, Debug)]
pub enum Verdict {
    Allowed(Box<Allowed>),
    /// Not the caller's, or absent.
    Hidden,
    /// No role of the caller may ever do this.
    Never,
    /// Nobody is signed in, and it is not for everybody.
    SignIn,
    /// An official must say why.
    ReasonMissing,
}

/// The permissions of a caller for an action: the roles' grants with the relation each needs.
fn held(caller: &Caller, object: ObjectKind, action: Action) -> Vec<(Option<&Grant>, Relation)> {
    let mut held = Vec::new();
    for (who, relation) in permissions(object, action) {
        match who {
            Who::Anybody => held.push((None, relation)),
            Who::SignedIn if caller.account.is_some() => held.push((None, relation)),
            Who::Operator if matches!(caller.kind, ActorKind::Operator | ActorKind::System) => {
                held.push((None, relation))
            }
            Who::Holder(role) => {
                held.extend(
                    caller.grants.iter().filter(|grant| grant.role == role).map(|grant| (Some(grant), relation)),
                );
            }
            Who::SignedIn | Who::Operator => {}
        }
    }
    held
}

/// Decides. Reads only what the relations in question need.
///
/// # Errors
/// If the database fails.
pub fn authorise(conn: &mut Connection, caller: &Caller, ask: &Ask<'_>) -> Result<Verdict, AppError> {
    let held = held(caller, ask.object, ask.action);
    if held.is_empty() {
        return Ok(if caller.kind == ActorKind::Anonymous { Verdict::SignIn } else { Verdict::Never });
    }
    let place = match ask.target {
        Some((kind, id)) => facts::place(conn, kind, id)?,
        None => Place::default(),
    };
    let around = match ask.target {
        Some(_) => facts::with_parents(conn, place.area)?,
        None => Vec::new(),
    };
    let mut holding: Vec<(Option<&Grant>, Relation)> = Vec::new();
    let mut reason_missing = false;
    for (grant, relation) in held {
        let holds = match (relation, ask.target) {
            (Relation::Any, _) => true,
            (Relation::WholeHouse, _) => is_whole_house(conn, caller, grant)?,
            // A list is narrowed instead, and a new object is checked by what it refers to.
            (Relation::InReach | Relation::OwnEmployer | Relation::Own, None) => true,
            (Relation::WithReason, None) => has_reason(ask, &mut reason_missing),
            // So is what stands behind a plan, a run or a posting: those lie in no area.
            (Relation::InReach, Some((kind, _))) if !facts::lies_in_areas(kind) => true,
            (Relation::WithReason, Some((kind, _))) if !facts::lies_in_areas(kind) => {
                has_reason(ask, &mut reason_missing)
            }
            (Relation::InReach, Some(target)) => is_in_reach(conn, caller, grant, target, &place, &around)?,
            (Relation::WithReason, Some(target)) => {
                is_in_reach(conn, caller, grant, target, &place, &around)? && has_reason(ask, &mut reason_missing)
            }
            (Relation::OwnEmployer, Some(_)) => {
                place.employer.is_some() && grant.and_then(|grant| grant.employer) == place.employer
            }
            (Relation::Own, Some(_)) => place.account.is_some() && place.account == caller.account,
        };
        if holds {
            holding.push((grant, relation));
        }
    }
    let Some((grant, _)) = holding.first() else {
        return Ok(match ask.target {
            _ if reason_missing => Verdict::ReasonMissing,
            // Whether the areas take in every community depends on the caller alone.
            _ if is_for_the_whole_house(ask) => Verdict::Never,
            Some(_) => Verdict::Hidden,
            None => Verdict::Never,
        });
    };
    let role = grant.map(|grant| grant.role);
    let mut reach = reach(conn, caller, &holding)?;
    if ask.object == ObjectKind::Area && !reach.everything {
        // One may know the names of the areas around one's own.
        for area in holding.iter().filter_map(|(grant, _)| grant.and_then(|grant| grant.area)) {
            reach.areas.extend(facts::with_parents(conn, Some(area))?);
        }
        reach.areas.sort_unstable();
        reach.areas.dedup();
    }
    Ok(Verdict::Allowed(Box::new(Allowed { role, scope: scope(&holding, role), reach, place })))
}

fn is_for_the_whole_house(ask: &Ask<'_>) -> bool {
    permissions(ask.object, ask.action).all(|(who, relation)| relation == Relation::WholeHouse || who == Who::Operator)
}

fn has_reason(ask: &Ask<'_>, missing: &mut bool) -> bool {
    *missing |= ask.reason.is_none();
    ask.reason.is_some()
}

/// Whether an object lies in the area of a grant. What a counselor entered and no household has yet is the counselor's, too.
fn is_in_reach(
    conn: &mut Connection,
    caller: &Caller,
    grant: Option<&Grant>,
    (kind, id): (ObjectKind, i64),
    place: &Place,
    around: &[i64],
) -> Result<bool, AppError> {
    if grant.is_some_and(Grant::is_everywhere) {
        return Ok(*place != Place::default());
    }
    let Some(area) = grant.and_then(|grant| grant.area) else { return Ok(false) };
    if around.contains(&area) || (place.account.is_some() && place.account == caller.account) {
        return Ok(true);
    }
    // Whoever is in charge of every community is in charge of what lies in none yet.
    if place.area.is_none() && *place != Place::default() {
        return is_whole_house(conn, caller, grant);
    }
    // One may know the names of the areas around one's own.
    Ok(kind == ObjectKind::Area && facts::with_parents(conn, Some(area))?.contains(&id))
}

fn is_whole_house(conn: &mut Connection, caller: &Caller, grant: Option<&Grant>) -> Result<bool, AppError> {
    let Some(grant) = grant else { return Ok(false) };
    if grant.is_everywhere() {
        return Ok(true);
    }
    let areas: Vec<i64> =
        caller.grants.iter().filter(|other| other.role == grant.role).filter_map(|other| other.area).collect();
    Ok(facts::communities_outside(conn, &areas)? == 0)
}

/// The rows of a list that the permissions reach together.
fn reach(conn: &mut Connection, caller: &Caller, holding: &[(Option<&Grant>, Relation)]) -> Result<Reach, AppError> {
    let everywhere = |(grant, relation): &(Option<&Grant>, Relation)| {
        matches!(relation, Relation::Any | Relation::WholeHouse) || grant.is_some_and(Grant::is_everywhere)
    };
    if holding.iter().any(everywhere) {
        return Ok(Reach::everything());
    }
    let mut areas: Vec<i64> = holding.iter().filter_map(|(grant, _)| grant.and_then(|grant| grant.area)).collect();
    areas.sort_unstable();
    areas.dedup();
    if !areas.is_empty() {
        if facts::communities_outside(conn, &areas)? == 0 {
            // Whoever is in charge of every community sees what lies in none yet, too.
            return Ok(Reach::everything());
        }
        areas = facts::with_children(conn, &areas)?;
    }
    let employers = holding.iter().filter_map(|(grant, _)| grant.and_then(|grant| grant.employer)).collect();
    Ok(Reach { everything: false, areas, employers, account: caller.account })
}

fn scope(holding: &[(Option<&Grant>, Relation)], role: Option<Role>) -> String {
    let mut parts: Vec<String> = holding
        .iter()
        .filter_map(|(grant, _)| *grant)
        .filter(|grant| Some(grant.role) == role)
        .filter_map(|grant| match (grant.area, grant.employer) {
            (Some(area), _) => Some(format!("area:{area}")),
            (None, Some(employer)) => Some(format!("employer:{employer}")),
            (None, None) => grant.is_everywhere().then(|| "everywhere".to_owned()),
        })
        .collect();
    parts.sort();
    parts.dedup();
    parts.join(" ")
}

/// How far a caller reaches in another list; nothing where the policy does not let the caller in at all.
///
/// # Errors
/// If the database fails.
pub fn reach_for(
    conn: &mut Connection,
    caller: &Caller,
    reason: Option<&str>,
    (object, action): (ObjectKind, Action),
) -> Result<Reach, AppError> {
    Ok(match authorise(conn, caller, &Ask { object, action, target: None, reason })? {
        Verdict::Allowed(allowed) => allowed.reach,
        _ => Reach::default(),
    })
}

/// Whether a caller may refer to an object in what is sent for an act: it must be one the caller may read, and an area must lie
/// within one of those in which the caller may do the act.
///
/// # Errors
/// `Invalid` at the pointer, the same for what is absent and for what is not the caller's.
pub fn may_refer(
    conn: &mut Connection,
    caller: &Caller,
    (object, action): (ObjectKind, Action),
    pointer: &str,
    (kind, id): (ObjectKind, i64),
) -> Result<(), AppError> {
    // What is typed for looking at one person is not a reason to refer to others, so officials need the right without one.
    let ask = Ask { object: kind, action: Action::Read, target: Some((kind, id)), reason: None };
    let place = facts::place(conn, kind, id)?;
    // What belongs nowhere is anybody's who may read its kind; whether it is there is the handler's to find out.
    let is_there = matches!(kind, ObjectKind::Skill | ObjectKind::Course) || place != Place::default();
    let inside = match kind {
        // The community around one's grid may be read, not moved into; and a role that may only read lends no area to another.
        ObjectKind::Area => {
            let around = facts::with_parents(conn, place.area)?;
            held(caller, object, action).into_iter().any(|(grant, relation)| match (relation, grant) {
                (Relation::Any, _) => true,
                (_, Some(grant)) => grant.is_everywhere() || grant.area.is_some_and(|area| around.contains(&area)),
                (_, None) => false,
            })
        }
        _ => true,
    };
    match authorise(conn, caller, &ask)? {
        Verdict::Allowed(_) if is_there && inside => Ok(()),
        _ => Err(FieldError::new(pointer, FieldCode::NoSuchRecord).into()),
    }
}
