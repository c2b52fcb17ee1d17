//! `/changes`: what ledgers say of households that is not on record, for a person to accept or to reject.
//!
//! Invariant: nothing is done before somebody says so; who may not see the other household of a change cannot accept it.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use super::parts;
use crate::app::access::ObjectKind;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::proposals::{self as app, Names, Proposal, ProposalFilter};
use crate::app::{Connection, Page, calendar_day};
use crate::domain::codes::{ProposalKind, ProposalState};
use crate::pages::desk::{Desk, Sent};
use crate::pages::frame::Frame;
use crate::pages::words::Words;

struct Row {
    id: i64,
    kind: &'static str,
    state: ProposalState,
    household: i64,
    household_name: String,
    other: Option<(i64, String)>,
    /// Building and unit.
    address: Option<String>,
    /// Names, with what each would be.
    people: String,
    said: String,
    note: String,
    on: NaiveDate,
}

#[derive(Template)]
#[template(path = "counselor/changes.html")]
struct ChangesPage {
    words: Words,
    frame: Frame,
    rows: Vec<Row>,
    after: Option<i64>,
    shows_decided: bool,
    acts: bool,
    today: NaiveDate,
}

fn said(code: &str, words: &Words) -> Option<String> {
    let said = match code {
        "accepted" => ("已按台账办理，户和成员的历史保留。", "Done as the ledger says; the history is kept."),
        "rejected" => (
            "已记为不采纳，登记不变，以后同样的内容不再提出。",
            "Not accepted: nothing changed, and the same is not proposed again.",
        ),
        _ => return None,
    };
    Some(words.say(said.0, said.1).to_owned())
}

/// `GET /changes`: open ones; those decided by `?decided=yes`.
pub(super) async fn list(desk: Desk) -> HttpResponse {
    let reader = desk.clone();
    desk.answer(desk.read(move |conn| rows(conn, &reader)).await)
}

fn rows(conn: &mut Connection, desk: &Desk) -> Result<ChangesPage, AppError> {
    let words = desk.words.clone();
    let shows_decided = desk.query("decided").is_some();
    let state = (!shows_decided).then_some(ProposalState::Open);
    let filter = ProposalFilter { state, household: None, within: desk.within() };
    let after = desk.query("after").and_then(|after| after.parse().ok()).unwrap_or_default();
    let mut found = app::page(conn, &filter, Page { after, limit: 1 + parts::ROWS as i64 })?;
    let is_more = found.len() > parts::ROWS;
    found.truncate(parts::ROWS);
    let next = found.last().map(|row| row.id).filter(|_| is_more);
    if shows_decided {
        found.retain(|row| row.state != ProposalState::Open);
    }
    desk.shows(found.iter().flat_map(|row| row.members.iter().map(|(resident, _)| *resident)));
    let names = app::names(conn, &found)?;
    let rows = found.iter().map(|proposal| row(&words, proposal, &names, desk.today())).collect();
    let acts = parts::acts(conn, desk)?;
    let today = desk.today();
    Ok(ChangesPage { rows, after: next, shows_decided, acts, today, frame: desk.frame_saying(said), words })
}

fn home(words: &Words, names: &Names, id: i64) -> String {
    let code = names.households.get(&id).cloned();
    code.unwrap_or_else(|| words.say("没有户编号的户", "household without a code").to_owned())
}

fn address(names: &Names, building: i64, unit: Option<&str>) -> String {
    let building = names.buildings.get(&building).map(String::as_str);
    building.into_iter().chain(unit).collect::<Vec<_>>().join(" ")
}

fn row(words: &Words, proposal: &Proposal, names: &Names, today: NaiveDate) -> Row {
    let name = |id: i64| names.people.get(&id).cloned().unwrap_or_default();
    let member = |(resident, relation): &(i64, crate::domain::codes::Relation)| {
        let (name, relation) = (name(*resident), words.label(relation.label()));
        if words.is_english() { format!("{name} ({relation})") } else { format!("{name}（{relation}）") }
    };
    let people: Vec<String> = proposal.members.iter().map(member).collect();
    let said = match proposal.kind {
        ProposalKind::Moved => ("台账把此人写在另一户。", "The ledger has the person in another household."),
        ProposalKind::Split => (
            "台账把这些人写成单独一户，原户还在。",
            "The ledger has these people as a household of their own; the old one goes on.",
        ),
        ProposalKind::Merged => {
            ("台账把这一户的人全写在另一户。", "The ledger has everybody of this household in another one.")
        }
        ProposalKind::HeadChange => ("台账上的户主换了人。", "The ledger names another head."),
        ProposalKind::Died => ("台账写明此人去世。", "The ledger says that the person died."),
        ProposalKind::Left => (
            "台账上有这一户，没有此人：可能迁出、去世，或是漏填。",
            "The ledger has the household without this person: gone, dead, or left out.",
        ),
        ProposalKind::Rehoused => {
            ("台账把全户写在另一栋楼。", "The ledger has the whole household in another building.")
        }
    };
    let found = words.date(calendar_day(proposal.created_at));
    let decided = proposal.decided_at.map(|at| words.moment(at));
    let note = match (decided, words.is_english()) {
        (None, false) => format!("{found}导入台账时发现"),
        (None, true) => format!("found by the import of {found}"),
        (Some(at), false) => format!("{at} {}", words.label(proposal.state.label())),
        (Some(at), true) => format!("{} {at}", words.label(proposal.state.label())),
    };
    Row {
        id: proposal.id,
        kind: words.label(proposal.kind.label()),
        state: proposal.state,
        household: proposal.household,
        household_name: home(words, names, proposal.household),
        other: proposal.other_household.map(|id| (id, home(words, names, id))),
        address: proposal.new_building.map(|id| address(names, id, proposal.new_unit.as_deref())),
        people: people.join(words.say("、", ", ")),
        said: words.say(said.0, said.1).to_owned(),
        note,
        on: proposal.happened_on.min(today),
    }
}

/// `POST /households/{id}/change`
pub(super) async fn decide(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, form, household) = (sent.desk.clone(), sent.form.clone(), path.into_inner());
    sent.act(move |conn| {
        let id = form.parse::<i64>("proposal", FieldCode::NoSuchRecord)?;
        let id = id.ok_or_else(|| FieldError::new("/proposal", FieldCode::Missing))?;
        if form.has("decision", "reject") {
            app::reject(conn, (household, id), desk.moment().0, desk.by())?;
            return Ok((None, "/changes?done=rejected".to_owned()));
        }
        if let Some(other) = app::get(conn, household, id)?.other_household {
            desk.refer(conn, "/proposal", (ObjectKind::Household, other))?;
        }
        let on = form.parse::<NaiveDate>("on", FieldCode::BadDate)?;
        app::accept(conn, desk.keys(), (household, id), on, desk.moment(), desk.by())?;
        Ok((None, "/changes?done=accepted".to_owned()))
    })
    .await
}
