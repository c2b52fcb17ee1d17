//! `/households/{id}`: one household: who lives there, its state and clock, what the plan says of it, what has happened.
//!
//! Invariant: read at one moment and audited as a reading of its members; notes are opened here and in no list.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use super::advice::{self, Advice};
use super::agreed::{self, Agreed};
use super::care::{self, Duty};
use super::history::{self, Happened};
use super::members::{self, Member};
use super::parts::{self, Tag};
use super::today::{Clock, owed};
use crate::app::access::ObjectKind;
use crate::app::barriers::{self, Subject};
use crate::app::clock::{self, Recognition, RecognitionFilter};
use crate::app::coverage::standing::{self, Standing};
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::households::{self, HouseholdFields};
use crate::app::{Connection, Page};
use crate::domain::clock::{ClockStep, StepState};
use crate::domain::codes::{BarrierKind, CoverageState, MonitoringClass};
use crate::domain::coverage::ExemptReason;
use crate::pages::desk::{Desk, Sent};
use crate::pages::frame::Frame;
use crate::pages::words::Words;

struct Step {
    class: &'static str,
    label: String,
    note: String,
}

struct BarrierLine {
    id: i64,
    label: String,
    note: String,
}

#[derive(Template)]
#[template(path = "counselor/household.html")]
struct HouseholdPage {
    words: Words,
    frame: Frame,
    id: i64,
    name: String,
    place: String,
    tags: Vec<Tag>,
    monitored: Option<&'static str>,
    since: String,
    reasons: Vec<String>,
    members: Vec<Member>,
    n_could_work: usize,
    n_work: usize,
    clock: Option<Clock>,
    owed: Option<String>,
    steps: Vec<Step>,
    may_recognise: bool,
    agreed: Vec<Agreed>,
    advice: Option<Advice>,
    care: Vec<Duty>,
    barriers: Vec<BarrierLine>,
    kinds: &'static [BarrierKind],
    note: Option<String>,
    history: Vec<Happened>,
    acts: bool,
}

/// Entries of the history shown before the disclosure.
const RECENT: usize = 5;

impl HouseholdPage {
    fn recent(&self) -> &[Happened] {
        &self.history[..self.history.len().min(RECENT)]
    }

    fn older(&self) -> &[Happened] {
        &self.history[self.history.len().min(RECENT)..]
    }
}

/// What just happened, by the word in the address.
fn said(code: &str, words: &Words) -> Option<String> {
    let said = match code {
        "recognised" => ("已认定，时限从今天算。", "Recognised; the clock runs from today."),
        "care" => ("照护已存好，岗位会照此比对。", "The care duty is on record; jobs are compared by it."),
        "care_ended" => ("已记下不用照护了。", "It is on record that the care is over."),
        "barrier" => ("困难已记下。", "The barrier is on record."),
        "solved" => ("困难已解决，记下了。", "The barrier is closed."),
        "settled" => ("已记下办好了。", "It is on record as done."),
        "visit" => ("走访已存好。", "The visit is saved."),
        "concern" => {
            ("意见已登记，到期前会在今日待办里提醒。", "The concern is on record; Today reminds you before it is due.")
        }
        _ => return None,
    };
    Some(words.say(said.0, said.1).to_owned())
}

/// `GET /households/{id}`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let (reader, id) = (desk.clone(), path.into_inner());
    desk.answer(desk.read(move |conn| page(conn, &reader, id)).await)
}

fn page(conn: &mut Connection, desk: &Desk, id: i64) -> Result<HouseholdPage, AppError> {
    let (words, today) = (&desk.words, desk.today());
    let household = households::get(conn, desk.keys(), id)?;
    let standing = standing::of(conn, &[id], today)?.pop().ok_or(AppError::NotFound)?;
    let members = members::of(conn, desk, &standing)?;
    let names: Vec<(i64, String)> = members.iter().map(|member| (member.id, member.name.clone())).collect();
    let clock = running(conn, id, today)?;
    let is_uncovered = standing.coverage.state == CoverageState::Uncovered;
    Ok(HouseholdPage {
        id,
        name: parts::house_name(words, &standing.place),
        place: place(&standing, &household.fields),
        tags: parts::tags(words, &standing),
        monitored: Some(household.fields.monitoring_class)
            .filter(|class| *class != MonitoringClass::None)
            .map(|class| words.label(class.label())),
        since: since(words, &standing, today),
        reasons: reasons(words, &standing, &members, today),
        clock: clock.as_ref().map(|clock| Clock::of(words, clock, today)),
        owed: clock.as_ref().and_then(|clock| owed(words, clock, today)),
        steps: clock.iter().flat_map(|clock| steps(words, clock, today)).collect(),
        may_recognise: is_uncovered && clock.is_none(),
        agreed: agreed::of(conn, desk, id)?,
        advice: advice::of(conn, words, &standing)?,
        care: care::of(conn, words, id, &names, today)?,
        barriers: barrier_lines(conn, desk, id, &members)?,
        kinds: BarrierKind::ALL,
        note: household.fields.note,
        history: history::of(conn, desk, &standing, &members)?,
        acts: parts::acts(conn, desk)?,
        n_could_work: members.iter().filter(|member| member.could_work).count(),
        n_work: members.iter().filter(|member| member.works).count(),
        frame: desk.frame_saying(said),
        members,
        words: words.clone(),
    })
}

fn place(standing: &Standing, fields: &HouseholdFields) -> String {
    let place = &standing.place;
    let parts = [place.code.clone(), Some(place.grid.clone()), Some(parts::address(place)), fields.township.clone()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn since(words: &Words, standing: &Standing, today: NaiveDate) -> String {
    let label = words.label(standing.coverage.state.label());
    match (standing.since, words.is_english()) {
        (Some(day), false) => {
            format!("{}起{label}，第 {} 天", parts::day(words, day, today), (today - day).num_days() + 1)
        }
        (Some(day), true) => {
            format!("{label} since {} (day {})", parts::day(words, day, today), (today - day).num_days() + 1)
        }
        (None, false) => format!("建档以来一直{label}"),
        (None, true) => format!("{label} as long as is known"),
    }
}

/// What stands behind the state: why not counted, who may lose the job, what is in conflict.
fn reasons(words: &Words, standing: &Standing, members: &[Member], today: NaiveDate) -> Vec<String> {
    let coverage = &standing.coverage;
    let mut said: Vec<String> = Vec::new();
    said.extend(coverage.exempt_reason.map(|reason| match reason {
        ExemptReason::NobodyEmployable => words.say("家里没有可就业的人", "nobody in it could work").to_owned(),
        ExemptReason::Decision => words.label(reason.label()).to_owned(),
    }));
    said.extend(coverage.need.map(|need| words.label(need.label()).to_owned()));
    if let Some(risk) = &coverage.single_earner_risk {
        let name = members.iter().find(|member| member.id == risk.resident).map_or("", |member| member.name.as_str());
        let (reason, day) = (words.label(risk.reason.label()), parts::day(words, risk.ends_on, today));
        let left = (risk.ends_on - today).num_days();
        said.push(match words.is_english() {
            false => format!("全家只有{name}上班，{reason}：{day}，还有 {left} 天"),
            true => format!("only {name} works; {reason} on {day}, in {left} days"),
        });
    }
    let contested = coverage.contested.iter();
    said.extend(
        contested.map(|one| format!("{}{}", words.say("请核实：", "please check: "), words.label(one.label()))),
    );
    said
}

/// The running clock, if there is one.
pub(super) fn running(conn: &mut Connection, id: i64, today: NaiveDate) -> Result<Option<Recognition>, AppError> {
    let filter = RecognitionFilter { household: Some(id), open: true, ..RecognitionFilter::default() };
    let open = clock::page(conn, (&filter, None), (Page::first(i64::MAX), today))?;
    Ok(open.into_iter().rfind(|clock| clock.covered_on.is_none()))
}

fn steps(words: &Words, clock: &Recognition, today: NaiveDate) -> Vec<Step> {
    let begun = Step {
        class: "done",
        label: words.say("认定没人就业", "Recognised: nobody works").to_owned(),
        note: parts::day(words, clock.recognised_on, today),
    };
    let mut is_first = true;
    let step = |step: &clock::StepStanding| {
        let counts = if step.needed > 1 { format!(" {}/{}", step.done, step.needed) } else { String::new() };
        let is_now = step.done_on.is_none() && std::mem::take(&mut is_first);
        let by = parts::when(words, step.due_on, today);
        let note = match (step.done_on, words.is_english()) {
            (Some(day), _) => parts::day(words, day, today),
            (None, false) => format!("{by}前"),
            (None, true) => format!("by {by}"),
        };
        let class = match (step.state, step.done_on, is_now) {
            (_, Some(_), _) => "done",
            (StepState::Late, None, _) => "late",
            (_, None, true) => "now",
            (_, None, false) => "",
        };
        let label = match step.step {
            ClockStep::Covered => words.say("有人上岗", "somebody at work").to_owned(),
            other => words.label(other.label()).to_owned(),
        };
        Step { class, label: format!("{label}{counts}"), note }
    };
    std::iter::once(begun).chain(clock.steps.iter().map(step)).collect()
}

fn barrier_lines(
    conn: &mut Connection,
    desk: &Desk,
    id: i64,
    members: &[Member],
) -> Result<Vec<BarrierLine>, AppError> {
    let (words, today) = (&desk.words, desk.today());
    let mut lines = Vec::new();
    let subjects = members.iter().map(|member| (Subject::Resident(member.id), Some(member.name.as_str())));
    for (subject, whose) in std::iter::once((Subject::Household(id), None)).chain(subjects) {
        for barrier in barriers::of(conn, desk.keys(), subject)? {
            if barrier.closed_on.is_some() {
                continue;
            }
            let whose = whose.map_or_else(String::new, |name| {
                if words.is_english() { format!(" ({name})") } else { format!("（{name}）") }
            });
            let since = parts::day(words, barrier.opened_on, today);
            let since = if words.is_english() { format!("since {since}") } else { format!("{since}起") };
            lines.push(BarrierLine {
                id: barrier.id,
                label: format!("{}{whose}", words.label(barrier.kind.label())),
                note: barrier.note.map_or(since.clone(), |note| format!("{since} · {note}")),
            });
        }
    }
    Ok(lines)
}

/// `POST /households/{id}/recognise`: from today on.
pub(super) async fn recognise(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (id, moment, by) = (path.into_inner(), sent.desk.moment(), sent.desk.by());
    sent.act(move |conn| {
        let made = clock::recognise(conn, id, moment.1, moment, by)?;
        Ok((Some(made), format!("/households/{id}?done=recognised")))
    })
    .await
}

/// `POST /households/{id}/barriers`: of the whole household, or of one member.
pub(super) async fn open_barrier(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (id, keys, today, account) =
        (path.into_inner(), sent.desk.keys().clone(), sent.desk.today(), sent.desk.account());
    let typed = (|| {
        let kind = sent.form.choice("kind", BarrierKind::from_code)?;
        let kind = kind.ok_or_else(|| FieldError::new("/kind", FieldCode::Missing))?;
        let whose = sent.form.parse::<i64>("whose", FieldCode::BadId)?;
        Ok::<_, AppError>((kind, whose, sent.form.paragraph("note", NOTE)?))
    })();
    let (kind, whose, note) = match typed {
        Ok(typed) => typed,
        Err(error) => return sent.desk.refuse(&error),
    };
    let desk = sent.desk.clone();
    sent.act(move |conn| {
        let said = (kind, today, note.as_deref());
        let subject = match whose {
            Some(resident) => {
                desk.refer(conn, "/whose", (ObjectKind::Resident, resident))?;
                Subject::Resident(resident)
            }
            None => Subject::Household(id),
        };
        let made = barriers::open(conn, &keys, subject, said, (today, account))?;
        Ok((Some(made.id), format!("/households/{id}?done=barrier")))
    })
    .await
}

/// Longest note of a barrier, characters.
const NOTE: usize = 200;

/// `POST /barriers/{id}/close`: from today on it keeps nobody from work.
pub(super) async fn close_barrier(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (id, keys, today, account) =
        (path.into_inner(), sent.desk.keys().clone(), sent.desk.today(), sent.desk.account());
    let desk = sent.desk.clone();
    // Whose page it was pressed on; an address of ours or the start.
    let household = sent.form.parse::<i64>("household", FieldCode::BadId).ok().flatten();
    sent.act(move |conn| {
        let to = match household {
            Some(home) => {
                desk.refer(conn, "/household", (ObjectKind::Household, home))?;
                format!("/households/{home}?done=solved")
            }
            None => "/today".to_owned(),
        };
        barriers::close(conn, &keys, (id, today), (today, account))?;
        Ok((None, to))
    })
    .await
}
