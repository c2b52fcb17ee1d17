//! Where the due list comes from: one function for each kind of thing that waits.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{Days, NaiveDate};

use super::{Due, DueKind};
use crate::app::coverage::facts;
use crate::app::error::AppError;
use crate::app::proposals::{self, ProposalFilter};
use crate::app::{Connection, Page, calendar_day, clock, concerns, follow_ups, settings};
use crate::db::concerns::ConcernFilter;
use crate::db::postings::{self, PostingFilter};
use crate::db::recognitions::RecognitionFilter;
use crate::db::referrals::{self, ReferralFilter, ReferralRow};
use crate::db::visits::{self, VisitFilter};
use crate::db::{employers, memberships, residents, spells};
use crate::domain::codes::{CoverageState, PostingStatus, ProposalState};
use crate::domain::coverage::household_coverage;
use crate::domain::record_finding::gaps;
use crate::domain::referral::{ReferralReason, ReferralState};
use crate::domain::text::{Text, counted};
use crate::domain::visit::VisitStatus;

type Source = fn(&mut Connection, Option<&[i64]>, NaiveDate) -> Result<Vec<Due>, AppError>;

/// All of them.
pub(super) const ALL: [Source; 10] = [
    clock_steps,
    after_hires,
    visits_to_make,
    concerns_to_answer,
    unanswered,
    starts_that_were_none,
    contracts,
    postings_that_end,
    changes_to_decide,
    data_to_complete,
];

/// Days before its end in which a contract or a posting is on the list.
const CONTRACT_DAYS: u64 = 30;
const POSTING_DAYS: u64 = 14;
/// Days in which to ask a person who was said to have started and had not, and for how long it stays on the list.
const ASK_DAYS: u64 = 3;
const ASKED_FOR_DAYS: u64 = 60;

/// Everything there is; the list is computed whole.
const WHOLE: Page = Page { after: 0, limit: i64::MAX };

fn later(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX)
}

/// The steps that a recognised household is still owed.
fn clock_steps(conn: &mut Connection, within: Option<&[i64]>, today: NaiveDate) -> Result<Vec<Due>, AppError> {
    let filter = RecognitionFilter { open: true, within: within.map(<[i64]>::to_vec), ..RecognitionFilter::default() };
    let mut found = Vec::new();
    for seen in clock::page(conn, (&filter, None), (WHOLE, today))? {
        if let Some(covered) = seen.covered_on {
            found.extend(seen.works_no_more.then(|| Due {
                kind: DueKind::ClockStep,
                due_on: Some(today),
                household: Some(seen.household_id),
                resident: None,
                record: seen.id,
                text: Text::new(
                    format!("{covered} 有人就业，现在又没有人了，请重新认定"),
                    format!("somebody worked from {covered}, and nobody does now: please recognise it anew"),
                ),
            }));
            continue;
        }
        for step in seen.steps.into_iter().filter(|step| step.done_on.is_none()) {
            let label = step.step.label();
            let (done, needed, since) = (step.done, step.needed, seen.recognised_on);
            found.push(Due {
                kind: DueKind::ClockStep,
                due_on: Some(step.due_on),
                household: Some(seen.household_id),
                resident: None,
                record: seen.id,
                text: Text::new(
                    format!("{}：已完成 {done}/{needed}；{since} 认定", label.zh),
                    format!("{}: {done} of {needed} done; recognised on {since}", label.en),
                ),
            });
        }
    }
    Ok(found)
}

/// Who of these people is dead or has moved away: nobody here is to be asked about their jobs.
fn gone(conn: &mut Connection, people: &[i64], today: NaiveDate) -> Result<HashSet<i64>, AppError> {
    let is_home = |row: &memberships::MembershipRow| row.data.valid_until.is_none_or(|until| today < until);
    let at_home = memberships::of_residents(conn, people)?.into_iter().filter(is_home);
    let at_home: HashSet<i64> = at_home.map(|row| row.data.resident_id).collect();
    let is_gone =
        |row: &residents::ResidentRow| !at_home.contains(&row.id) || row.data.died_on.is_some_and(|day| day <= today);
    Ok(residents::get_many(conn, people)?.iter().filter(|row| is_gone(row)).map(|row| row.id).collect())
}

/// Whom to ask whether they are still in the job.
fn after_hires(conn: &mut Connection, within: Option<&[i64]>, today: NaiveDate) -> Result<Vec<Due>, AppError> {
    let mut open = follow_ups::open(conn, within, None, today)?;
    let people: Vec<i64> = open.iter().map(|open| open.resident).collect();
    let gone = gone(conn, &people, today)?;
    open.retain(|open| !gone.contains(&open.resident));
    let found = open.into_iter().map(|open| {
        let (months, tried) = (open.question.months, open.attempts);
        Due {
            kind: DueKind::FollowUp,
            due_on: Some(open.question.until),
            household: None,
            resident: Some(open.resident),
            record: open.spell,
            text: still_there(months, tried),
        }
    });
    Ok(found.collect())
}

/// Visits that were planned, and what others promised, from a week before their day; one whose day has passed, until the
/// household is met.
fn visits_to_make(conn: &mut Connection, within: Option<&[i64]>, today: NaiveDate) -> Result<Vec<Due>, AppError> {
    let horizon = later(today, super::VISIT_DAYS);
    let within = within.map(<[i64]>::to_vec);
    let due = |row: &visits::VisitRow, day: NaiveDate, text: Text| Due {
        kind: DueKind::Visit,
        due_on: Some(day),
        household: Some(row.data.household_id),
        resident: None,
        record: row.id,
        text,
    };
    let planned = VisitFilter {
        status: Some(VisitStatus::Planned),
        until: Some(horizon),
        within: within.clone(),
        ..VisitFilter::default()
    };
    let met = visits::last_days(conn, within.as_deref())?;
    let mut found: Vec<Due> = Vec::new();
    for row in visits::list(conn, &planned)? {
        if row.data.visit_on < today && met.get(&row.data.household_id).is_some_and(|day| row.data.visit_on <= *day) {
            continue;
        }
        let (day, channel) = (row.data.visit_on, row.data.channel.label());
        let text =
            Text::new(format!("计划 {day} 走访（{}）", channel.zh), format!("planned for {day} ({})", channel.en));
        found.push(due(&row, day, text));
    }
    let promised = VisitFilter { next_until: Some(horizon), within, ..VisitFilter::default() };
    for row in visits::list(conn, &promised)? {
        let (Some(day), Some(step)) = (row.data.next_on, row.data.next_step) else { continue };
        let (step, since) = (step.label(), row.data.visit_on);
        let text = Text::new(format!("{since} 走访约定：{}", step.zh), format!("agreed on {since}: {}", step.en));
        found.push(due(&row, day, text));
    }
    Ok(found)
}

/// Concerns nobody has answered.
fn concerns_to_answer(conn: &mut Connection, within: Option<&[i64]>, today: NaiveDate) -> Result<Vec<Due>, AppError> {
    let filter = ConcernFilter { open: Some(true), within: within.map(<[i64]>::to_vec), ..ConcernFilter::default() };
    let open = concerns::levels(conn, &filter, today)?;
    let found = open.into_iter().map(|(row, level)| {
        let (about, since, level) = (row.data.about.label(), row.data.opened_on, level.label());
        Due {
            kind: DueKind::Concern,
            due_on: Some(row.data.due_on),
            household: None,
            resident: Some(row.data.resident_id),
            record: row.id,
            text: Text::new(
                format!("{since} 反映{}，待答复；现由{}负责", about.zh, level.zh),
                format!("{} raised on {since}, to be answered by the {}", about.en, level.en),
            ),
        }
    });
    Ok(found.collect())
}

/// Referrals on which nothing has moved for as long as an employer has before it is reminded.
fn unanswered(conn: &mut Connection, within: Option<&[i64]>, today: NaiveDate) -> Result<Vec<Due>, AppError> {
    let days = settings::referral_reminder_days(conn, today)?;
    let filter = ReferralFilter { open: true, within: within.map(<[i64]>::to_vec), ..ReferralFilter::default() };
    let mut found = Vec::new();
    for row in referrals::page(conn, &filter, WHOLE)? {
        let due_on = later(row.data.moved_on, days.into());
        if due_on > today {
            continue;
        }
        let (state, since) = (row.data.state.label(), row.data.moved_on);
        found.push(Due {
            kind: DueKind::Referral,
            due_on: Some(due_on),
            household: None,
            resident: Some(row.data.resident_id),
            record: row.id,
            text: if row.data.state.awaits_employer() {
                Text::new(
                    format!("{since} 起等待企业答复（{}），请联系企业", state.zh),
                    format!("waiting for the employer since {since} ({}): please call", state.en),
                )
            } else {
                Text::new(
                    format!("{since} 起未推进（{}），请与本人确认下一步", state.zh),
                    format!("nothing has moved since {since} ({}): please ask the person", state.en),
                )
            },
        });
    }
    Ok(found)
}

/// People whose reported start was none, until somebody has met them since, or they have work or an offer again.
fn starts_that_were_none(
    conn: &mut Connection,
    within: Option<&[i64]>,
    today: NaiveDate,
) -> Result<Vec<Due>, AppError> {
    let since = today.checked_sub_days(Days::new(ASKED_FOR_DAYS)).unwrap_or(NaiveDate::MIN);
    let within_areas = within.map(<[i64]>::to_vec);
    let filter = ReferralFilter { state: Some(ReferralState::Ended), moved_since: Some(since), ..Default::default() };
    let mut ended = referrals::page(conn, &ReferralFilter { within: within_areas, ..filter }, WHOLE)?;
    let ids: Vec<i64> = ended.iter().map(|row| row.id).collect();
    let mut why: HashMap<i64, ReferralReason> = HashMap::new();
    for step in referrals::moves::of(conn, &ids)? {
        why.extend(step.reason.filter(|reason| reason.says_never_began()).map(|reason| (step.referral_id, reason)));
    }
    ended.retain(|row| why.contains_key(&row.id));
    let people: Vec<i64> = ended.iter().map(|row| row.data.resident_id).collect();
    let homes = memberships::of_residents(conn, &people)?.into_iter().filter(|row| row.data.valid_until.is_none());
    let homes: HashMap<i64, i64> = homes.map(|row| (row.data.resident_id, row.data.household_id)).collect();
    let met = if ended.is_empty() { BTreeMap::new() } else { visits::last_days(conn, within)? };
    let has_offer = |row: &ReferralRow| row.data.state.is_open() || row.data.state == ReferralState::Hired;
    let mut settled: HashSet<i64> =
        referrals::of_residents(conn, &people)?.into_iter().filter(has_offer).map(|row| row.data.resident_id).collect();
    let runs = |row: &spells::SpellRow| row.data.end_on.is_none_or(|end| today < end);
    settled.extend(spells::of_residents(conn, &people)?.into_iter().filter(runs).map(|row| row.data.resident_id));
    let firms: Vec<i64> = ended.iter().map(|row| row.data.employer_id).collect();
    let firms: HashMap<i64, String> =
        employers::get_many(conn, &firms)?.into_iter().map(|row| (row.id, row.data.name)).collect();
    ended.retain(|row| {
        let seen = homes.get(&row.data.resident_id).and_then(|home| met.get(home));
        !settled.contains(&row.data.resident_id) && seen.is_none_or(|day| *day <= row.data.moved_on)
    });
    let found = ended.into_iter().map(|row| {
        let (on, reason) = (row.data.moved_on, why[&row.id].label());
        let firm = firms.get(&row.data.employer_id).map_or("", String::as_str);
        Due {
            kind: DueKind::NoStart,
            due_on: Some(later(on, ASK_DAYS)),
            household: None,
            resident: Some(row.data.resident_id),
            record: row.id,
            text: Text::new(
                format!("{firm} {on} 更正：报过上岗，其实没有（{}）。请问本人情况，再作推荐", reason.zh),
                format!(
                    "{firm} said on {on} that the reported start was none ({}): ask the person, and propose again",
                    reason.en
                ),
            ),
        }
    });
    Ok(found.collect())
}

/// Contracts that end soon, or have ended while the job runs; not those of jobs whose end is known and comes with them or before.
fn contracts(conn: &mut Connection, within: Option<&[i64]>, today: NaiveDate) -> Result<Vec<Due>, AppError> {
    let horizon = later(today, CONTRACT_DAYS);
    let running = spells::running(conn, (today, today), within)?.into_iter();
    let ending: Vec<(NaiveDate, spells::RecordedSpell)> =
        running.filter_map(|row| Some((row.data.contract_until.filter(|until| *until <= horizon)?, row))).collect();
    let people: Vec<i64> = ending.iter().map(|(_, row)| row.data.resident_id).collect();
    let gone = gone(conn, &people, today)?;
    let goes_on = |until: NaiveDate, row: &spells::RecordedSpell| {
        !gone.contains(&row.data.resident_id) && row.data.end_on.is_none_or(|end| until < end)
    };
    let mut found = Vec::new();
    for (until, row) in ending.into_iter().filter(|(until, row)| goes_on(*until, row)) {
        found.push(Due {
            kind: DueKind::Contract,
            due_on: Some(until),
            household: None,
            resident: Some(row.data.resident_id),
            record: row.id,
            text: Text::new(
                format!("劳动合同 {until} 到期，确认续签或另推荐岗位"),
                format!("the contract ends on {until}: will it be renewed, or is another job needed?"),
            ),
        });
    }
    Ok(found)
}

/// Published postings with places left whose last day is near or past; they belong to no area.
fn postings_that_end(conn: &mut Connection, _: Option<&[i64]>, today: NaiveDate) -> Result<Vec<Due>, AppError> {
    let horizon = later(today, POSTING_DAYS);
    let filter = PostingFilter { status: Some(PostingStatus::Published), ..PostingFilter::default() };
    let mut ending = postings::page(conn, &filter, WHOLE)?;
    ending.retain(|row| row.filled < row.data.headcount && row.data.valid_until.is_some_and(|until| until <= horizon));
    let ids: Vec<i64> = ending.iter().map(|row| row.data.employer_id).collect();
    let names: HashMap<i64, String> =
        employers::get_many(conn, &ids)?.into_iter().map(|row| (row.id, row.data.name)).collect();
    let found = ending.into_iter().map(|row| {
        let employer = names.get(&row.data.employer_id).map_or("", String::as_str);
        let (title, left) = (&row.data.title, row.data.headcount - row.filled);
        let until = row.data.valid_until.unwrap_or(today);
        Due {
            kind: DueKind::Posting,
            due_on: Some(until),
            household: None,
            resident: None,
            record: row.id,
            text: Text::new(
                format!("{employer}“{title}”{until} 到期，尚缺 {left} 人，请企业确认是否延长"),
                format!(
                    "{title} at {employer} ends on {until} with {} left: will it go on?",
                    counted(left, "place", "places")
                ),
            ),
        }
    });
    Ok(found.collect())
}

/// What ledgers say of households that is not on record: a person accepts or rejects it.
fn changes_to_decide(conn: &mut Connection, within: Option<&[i64]>, _: NaiveDate) -> Result<Vec<Due>, AppError> {
    let state = Some(ProposalState::Open);
    let filter = ProposalFilter { state, household: None, within: within.map(<[i64]>::to_vec) };
    let found = proposals::page(conn, &filter, WHOLE)?.into_iter().map(|proposal| {
        let (kind, since) = (proposal.kind.label(), calendar_day(proposal.created_at));
        Due {
            kind: DueKind::HouseholdChange,
            due_on: None,
            household: Some(proposal.household),
            resident: proposal.members.first().map(|(resident, _)| *resident),
            record: proposal.id,
            text: Text::new(
                format!("台账与登记不同（{}），{since} 导入时发现，请核实", kind.zh),
                format!("the ledger differs from the record ({}), found on {since}: please check", kind.en),
            ),
        }
    });
    Ok(found.collect())
}

/// What is not known of people who could lift a household out of having nobody at work.
fn data_to_complete(conn: &mut Connection, within: Option<&[i64]>, today: NaiveDate) -> Result<Vec<Due>, AppError> {
    let rules = settings::coverage_rules(conn, today)?;
    let mut facts = facts::load(conn)?;
    facts.keep_within(within);
    let uncovered = facts
        .on(today)
        .filter(|(_, household)| household_coverage(household, today, &rules).state == CoverageState::Uncovered);
    let found = uncovered.flat_map(|(_, household)| {
        gaps(household, today, &rules).into_iter().map(|(resident, text)| Due {
            kind: DueKind::Data,
            due_on: None,
            household: Some(household.id),
            resident: Some(resident),
            record: resident,
            text,
        })
    });
    Ok(found.collect())
}

/// The question of a follow-up, with the attempts that reached nobody.
fn still_there(months: u8, tried: u32) -> Text {
    let after = counted(months, "month", "months");
    match tried {
        0 => Text::new(
            format!("上岗满 {months} 个月，回访是否在岗"),
            format!("{after} after the first day: still in the job?"),
        ),
        tried => Text::new(
            format!("上岗满 {months} 个月，回访是否在岗；{tried} 次没联系上"),
            format!("{after} after the first day: still in the job? Not reached {}", counted(tried, "time", "times")),
        ),
    }
}
