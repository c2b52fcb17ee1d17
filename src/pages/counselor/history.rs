//! What has happened to a household, the latest first: visits with their notes, referrals, recognitions, changes.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::members::Member;
use super::parts;
use crate::app::accounts;
use crate::app::clock::{self, RecognitionFilter};
use crate::app::coverage::standing::Standing;
use crate::app::error::AppError;
use crate::app::households;
use crate::app::referrals::view::{self, Referral, ReferralFilter};
use crate::app::visits::{self, Visit, VisitFilter};
use crate::app::{Connection, Page};
use crate::domain::referral::{ReferralState, step_label};
use crate::domain::visit::VisitStatus;
use crate::pages::desk::Desk;
use crate::pages::words::Words;

/// Visits whose notes are opened.
const OPENED: usize = 20;

/// One entry.
pub(super) struct Happened {
    pub on: NaiveDate,
    pub day: String,
    pub what: String,
    pub note: String,
}

/// Everything, the latest first.
pub(super) fn of(
    conn: &mut Connection,
    desk: &Desk,
    standing: &Standing,
    members: &[Member],
) -> Result<Vec<Happened>, AppError> {
    let (words, today, id) = (&desk.words, desk.today(), standing.place.household);
    let mut names = Names::default();
    let mut all = Vec::new();
    let mut add = |on: NaiveDate, what: String, note: String| {
        all.push(Happened { on, day: parts::day(words, on, today), what, note });
    };
    let filter = VisitFilter { household: Some(id), ..VisitFilter::default() };
    let visits = visits::page(conn, &filter, Page::first(i64::MAX))?;
    for visit in visits.iter().rev().take(OPENED) {
        let visit = visits::get(conn, desk.keys(), visit.id)?;
        let who = names.of(conn, visit.account)?;
        let (what, note) = told(words, &visit, who, today);
        add(visit.fields.visit_on, what, note);
    }
    for member in members {
        let filter = ReferralFilter { resident: Some(member.id), ..ReferralFilter::default() };
        for referral in view::page(conn, desk.keys(), &desk.viewer(), filter, (Page::first(i64::MAX), today))? {
            let posting = parts::posting(conn, desk, referral.posting_id)?;
            let what = format!("{} → {} {}", member.name, posting.employer, posting.title);
            add(referral.moved_on, what, last_step(conn, desk, &referral)?);
        }
    }
    let filter = RecognitionFilter { household: Some(id), ..RecognitionFilter::default() };
    for clock in clock::page(conn, (&filter, None), (Page::first(i64::MAX), today))? {
        let who = names.of(conn, clock.recognised_by)?;
        add(clock.recognised_on, words.say("认定没人就业", "Recognised: nobody works").to_owned(), who);
        if let Some(on) = clock.ended_on {
            let reason = clock.end_reason.map(|reason| words.label(reason.label())).unwrap_or_default();
            add(on, words.say("退出认定", "Recognition ended").to_owned(), reason.to_owned());
        }
    }
    for event in households::events(conn, id)? {
        add(event.happened_on, words.label(event.kind.label()).to_owned(), String::new());
    }
    all.sort_by_key(|happened| std::cmp::Reverse(happened.on));
    Ok(all)
}

/// Where a referral stands; of a start that was none also why, and what the employer said.
fn last_step(conn: &mut Connection, desk: &Desk, referral: &Referral) -> Result<String, AppError> {
    let words = &desk.words;
    let state = words.label(referral.state.label()).to_owned();
    if referral.state != ReferralState::Ended {
        return Ok(state);
    }
    let history = view::get(conn, desk.keys(), &desk.viewer(), referral.id, (desk.today(), desk.by()))?;
    let Some(last) = history.moves.last() else { return Ok(state) };
    let Some(reason) = last.reason.filter(|reason| reason.says_never_began()) else { return Ok(state) };
    let said = [Some(words.label(reason.label())), last.note.as_deref()].into_iter().flatten();
    let parts: Vec<&str> = std::iter::once(words.label(step_label(last.to, last.reason))).chain(said).collect();
    Ok(parts.join(" · "))
}

fn told(words: &Words, visit: &Visit, who: String, today: NaiveDate) -> (String, String) {
    let fields = &visit.fields;
    let how = words.label(fields.channel.label());
    let what = match fields.status {
        VisitStatus::Planned => format!("{} {how}", words.say("计划走访", "visit planned:")),
        VisitStatus::Cancelled => format!("{} {how}", words.say("取消走访", "visit cancelled:")),
        VisitStatus::Done => {
            let found: Vec<String> =
                fields.findings.iter().map(|finding| words.label(finding.label()).to_owned()).collect();
            format!("{how}{}{}", words.say("：", ": "), parts::listed(words.lang(), &found))
        }
    };
    let next = fields.next_step.map(|step| {
        let step = words.label(step.label());
        let by = fields.next_on.map(|on| parts::day(words, on, today)).unwrap_or_default();
        let done = if fields.next_done_on.is_some() { words.say("（已办）", " (done)") } else { "" };
        if words.is_english() {
            format!("next: {step} by {by}{done}")
        } else {
            format!("下一步：{by}前{step}{done}")
        }
    });
    let parts = [fields.found_note.clone(), next, Some(who).filter(|who| !who.is_empty())];
    (what, parts.into_iter().flatten().collect::<Vec<_>>().join(" · "))
}

/// Display names of accounts, each read once.
#[derive(Default)]
struct Names(HashMap<i64, String>);

impl Names {
    fn of(&mut self, conn: &mut Connection, account: Option<i64>) -> Result<String, AppError> {
        let Some(id) = account else { return Ok(String::new()) };
        if let Some(name) = self.0.get(&id) {
            return Ok(name.clone());
        }
        let name = accounts::get(conn, id)?.display_name;
        self.0.insert(id, name.clone());
        Ok(name)
    }
}
