//! `/today`: what waits for the counselor, the most urgent first, one card for each household or person.
//!
//! Invariant: the cards are the due list ([`due`]) put together by household, so nothing of it is missing and nothing else is here.

use std::collections::{HashMap, HashSet};

use actix_web::HttpResponse;
use askama::Template;
use chrono::{Days, NaiveDate};

use super::agreed;
use super::parts::{self, Tag};
use crate::app::clock::{self, Recognition, RecognitionFilter, StepStanding};
use crate::app::coverage::standing::{self, Standing};
use crate::app::due::{self, Due, DueFilter, DueKind};
use crate::app::error::AppError;
use crate::app::households::homes_of;
use crate::app::record_findings::{self, Counts, RecordFindingFilter};
use crate::app::visits::progress::{self, Progress, Weeks};
use crate::app::visits::{self, VisitFilter};
use crate::app::{Connection, Page, access};
use crate::domain::clock::{ClockStep, StepState};
use crate::domain::visit::sunday;
use crate::pages::desk::Desk;
use crate::pages::frame::Frame;
use crate::pages::words::Words;

/// As many days of a clock are drawn.
const MOST_DAYS: i64 = 12;

/// The clock of a recognised household, drawn and said.
pub(super) struct Clock {
    /// One entry a day: passed, past the limit, or still to come.
    pub days: Vec<&'static str>,
    pub said: String,
}

impl Clock {
    pub(super) fn of(words: &Words, recognition: &Recognition, today: NaiveDate) -> Self {
        let limit = recognition.steps.iter().map(|step| step.due_on).max().unwrap_or(today);
        let whole = (limit - recognition.recognised_on).num_days() + 1;
        let day = (today - recognition.recognised_on).num_days() + 1;
        let drawn = whole.max(day).clamp(1, MOST_DAYS);
        let kind = |n: i64| match (n <= day, n <= whole) {
            (true, true) => "on",
            (true, false) => "over",
            (false, _) => "",
        };
        let until = parts::when(words, limit, today);
        let said = match (words.is_english(), day > whole) {
            (false, false) => format!("认定第 {day} 天，{until}前要有人上岗"),
            (false, true) => format!("认定第 {day} 天，{until}已到期"),
            (true, false) => format!("Day {day} since recognised; somebody at work by {until}"),
            (true, true) => format!("Day {day} since recognised; the limit was {until}"),
        };
        Self { days: (1..=drawn).map(kind).collect(), said }
    }
}

/// What of the steps is still owed, in one sentence.
pub(super) fn owed(words: &Words, recognition: &Recognition, today: NaiveDate) -> Option<String> {
    let open = |step: &&StepStanding| {
        step.done_on.is_none() && step.step != ClockStep::Covered && step.state != StepState::NotNeeded
    };
    let say = |step: &StepStanding| {
        let (label, left) = (words.label(step.step.label()), step.needed.saturating_sub(step.done));
        let by = parts::when(words, step.due_on, today);
        if words.is_english() { format!("{left} {label} by {by}") } else { format!("{label} {left} 次（{by}前）") }
    };
    let said: Vec<String> = recognition.steps.iter().filter(open).map(say).collect();
    if said.is_empty() {
        return None;
    }
    let joined = parts::listed(words.lang(), &said);
    Some(if words.is_english() { format!("Still owed: {joined}") } else { format!("还差：{joined}") })
}

/// One thing that waits, and where it is done unless the card's button leads there.
struct Line {
    said: String,
    act: Option<(String, &'static str)>,
}

struct Card {
    class: &'static str,
    name: String,
    href: Option<String>,
    place: String,
    tag: Option<Tag>,
    lines: Vec<Line>,
    clock: Option<Clock>,
    due: String,
    act: Option<(String, &'static str)>,
}

struct Section {
    id: &'static str,
    title: &'static str,
    cards: Vec<Card>,
    /// Of the whole list, not of this page.
    total: usize,
}

#[derive(Template)]
#[template(path = "counselor/today.html")]
struct TodayPage {
    words: Words,
    frame: Frame,
    day: String,
    weekday: &'static str,
    sections: Vec<Section>,
    total: usize,
    more: Option<usize>,
    from: usize,
    concerns: u64,
    records: u64,
    week: Option<Progress>,
    days_left: i64,
    acts: bool,
}

impl TodayPage {
    /// The week's work in words: what is left, and how long.
    fn left(&self, week: &Progress) -> String {
        let left = week.to_go();
        match (self.words.is_english(), left) {
            (false, 0) => "本周目标已完成".to_owned(),
            (true, 0) => "this week's target is reached".to_owned(),
            (false, _) => format!("还差 {left} 户，剩 {} 天", self.days_left),
            (true, _) => format!("{left} to go, {} days left", self.days_left),
        }
    }
}

/// Everything the page is made of, read at one moment.
struct Found {
    groups: Vec<Group>,
    standings: HashMap<i64, Standing>,
    clocks: HashMap<i64, Recognition>,
    concerns: u64,
    /// Records to complete or to contradict.
    records: u64,
    week: Option<Progress>,
    acts: bool,
    /// Visits whose next step no further visit settles.
    promised: HashSet<i64>,
}

/// Entries about one household, or one thing that belongs to none; the most urgent first.
struct Group {
    household: Option<i64>,
    entries: Vec<(Due, Option<String>)>,
}

impl Group {
    fn due_on(&self) -> Option<NaiveDate> {
        self.entries.first().and_then(|(due, _)| due.due_on)
    }
}

/// `GET /today`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    let reader = desk.clone();
    match desk.read(move |conn| find(conn, &reader)).await {
        Ok(found) => page(&desk, found),
        Err(error) => desk.refuse(&error),
    }
}

fn find(conn: &mut Connection, desk: &Desk) -> Result<Found, AppError> {
    let (within, today) = (desk.within(), desk.today());
    let list = due::list(conn, within.as_deref(), DueFilter::default(), today)?;
    let concerns = list.counts.get(&DueKind::Concern).map_or(0, |count| count.total);
    let records = record_findings::list(conn, within.as_deref(), RecordFindingFilter::default(), today)?;
    let records = Counts::of(&records).total();
    let groups = grouped(conn, list.items, today)?;
    let shown: Vec<i64> = groups.iter().skip(parts::from(desk)).take(parts::ROWS).filter_map(|g| g.household).collect();
    let standings = standing::of(conn, &shown, today)?;
    let standings = standings.into_iter().map(|standing| (standing.place.household, standing)).collect();
    let promised = promised(conn, within.clone(), today)?;
    let open = RecognitionFilter { open: true, within, ..RecognitionFilter::default() };
    let clocks = clock::page(conn, (&open, None), (Page::first(i64::MAX), today))?;
    let clocks = clocks.into_iter().filter(|clock| clock.covered_on.is_none());
    // The target is that of whoever visits.
    let acts = parts::acts(conn, desk)?;
    let week = match acts {
        true => progress::own(conn, desk.account(), Weeks { until: today, count: 1 })?.into_iter().next(),
        false => None,
    };
    desk.shows(access::members_of(conn, &shown)?);
    let clocks = clocks.map(|clock| (clock.household_id, clock)).collect();
    Ok(Found { groups, standings, clocks, concerns, records, week, acts, promised })
}

fn promised(conn: &mut Connection, within: Option<Vec<i64>>, today: NaiveDate) -> Result<HashSet<i64>, AppError> {
    let next_until = today.checked_add_days(Days::new(due::VISIT_DAYS));
    let filter = VisitFilter { within, next_until, ..VisitFilter::default() };
    let open = visits::page(conn, &filter, Page::first(i64::MAX))?;
    Ok(open.iter().filter(|visit| agreed::promised(&visit.fields).is_some()).map(|visit| visit.id).collect())
}

/// Puts the list together by household, in the order of the most urgent entry of each.
fn grouped(conn: &mut Connection, items: Vec<Due>, today: NaiveDate) -> Result<Vec<Group>, AppError> {
    let people: Vec<i64> = items.iter().filter(|due| due.household.is_none()).filter_map(|due| due.resident).collect();
    let homes = homes_of(conn, &people, today)?;
    let names = due::names(conn, &items)?;
    let mut groups: Vec<Group> = Vec::new();
    let mut of: HashMap<i64, usize> = HashMap::new();
    for (due, name) in items.into_iter().zip(names) {
        let household = due.household.or_else(|| homes.get(&due.resident?).copied());
        match household.and_then(|household| of.get(&household).copied()) {
            Some(place) => groups[place].entries.push((due, name)),
            None => {
                of.extend(household.map(|household| (household, groups.len())));
                groups.push(Group { household, entries: vec![(due, name)] });
            }
        }
    }
    Ok(groups)
}

fn page(desk: &Desk, found: Found) -> HttpResponse {
    let (words, today, from) = (&desk.words, desk.today(), parts::from(desk));
    let is_late = |group: &Group| group.due_on().is_some_and(|day| day < today);
    let is_soon = |group: &Group| group.due_on().is_some_and(|day| (day - today).num_days() < 2);
    let kind = |group: &Group| match (is_late(group), is_soon(group)) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 2,
    };
    let total = found.groups.len();
    let mut sections = [
        ("late", words.say("超期", "Overdue")),
        ("soon", words.say("今天和明天到期", "Today and tomorrow")),
        ("later", words.say("有时间再办", "When there is time")),
    ]
    .map(|(id, title)| Section { id, title, cards: Vec::new(), total: 0 });
    for group in &found.groups {
        sections[kind(group)].total += 1;
    }
    let shown = total.saturating_sub(from).min(parts::ROWS);
    for group in found.groups.iter().skip(from).take(parts::ROWS) {
        sections[kind(group)].cards.push(card(words, group, &found, today));
    }
    let frame = desk.frame();
    desk.show(&TodayPage {
        day: parts::day(words, today, today),
        weekday: parts::weekday(words, today),
        sections: sections.into_iter().collect(),
        total,
        more: parts::more_after(shown, from, total),
        from,
        concerns: found.concerns,
        records: found.records,
        week: found.week,
        days_left: (sunday(crate::domain::visit::monday(today)) - today).num_days() + 1,
        acts: found.acts,
        words: words.clone(),
        frame,
    })
}

fn card(words: &Words, group: &Group, found: &Found, today: NaiveDate) -> Card {
    let standing = group.household.and_then(|household| found.standings.get(&household));
    let recognition = group.household.and_then(|household| found.clocks.get(&household));
    let named = group.entries.iter().find_map(|(_, name)| name.clone());
    let kind = group.entries.first().map(|(due, _)| words.label(due.kind.label())).unwrap_or_default();
    let place = |due: &Due| act(words, due, group.household, &found.promised);
    let button = group.entries.iter().find_map(|(due, _)| place(due));
    let owed = recognition.and_then(|clock| owed(words, clock, today));
    let beside = |act: Option<(String, &'static str)>| act.filter(|act| Some(act) != button.as_ref());
    let step = group.entries.iter().find(|(due, _)| due.kind == DueKind::ClockStep).and_then(|(due, _)| place(due));
    let mut lines: Vec<Line> = owed.map(|said| Line { said, act: beside(step) }).into_iter().collect();
    for (due, name) in &group.entries {
        let is_step = due.kind == DueKind::ClockStep && recognition.is_some();
        if !is_step {
            // Whose it is, where it is not the head's.
            let who = due.resident.and(name.as_deref()).map(|name| format!("{name}{}", words.say("：", ": ")));
            let said = format!("{}{}", who.unwrap_or_default(), due.text.get(words.lang()));
            lines.push(Line { said, act: beside(place(due)) });
        }
    }
    let due = group.due_on().map_or_else(String::new, |day| due_text(words, day, today));
    Card {
        class: match group.due_on() {
            Some(day) if day < today => "late",
            Some(day) if (day - today).num_days() < 2 => "soon",
            _ => "",
        },
        name: standing
            .map(|standing| parts::house_name(words, &standing.place))
            .or(named)
            .unwrap_or_else(|| kind.to_owned()),
        href: group.household.map(|household| words.to(&format!("/households/{household}"))),
        place: standing.map(|standing| parts::address(&standing.place)).unwrap_or_default(),
        tag: standing.and_then(|standing| parts::tags(words, standing).pop()),
        lines,
        clock: recognition.map(|recognition| Clock::of(words, recognition, today)),
        due,
        act: button,
    }
}

fn due_text(words: &Words, day: NaiveDate, today: NaiveDate) -> String {
    let late = (today - day).num_days();
    match (words.is_english(), late > 0) {
        (false, true) => format!("超 {late} 天"),
        (true, true) => format!("{late} days late"),
        (false, false) => format!("{}到期", parts::when(words, day, today)),
        (true, false) => format!("due {}", parts::when(words, day, today)),
    }
}

/// The one button of a card: what brings its most urgent entry on.
fn act(words: &Words, due: &Due, household: Option<i64>, promised: &HashSet<i64>) -> Option<(String, &'static str)> {
    let person = |place: &str| due.resident.map(|resident| format!("/residents/{resident}{place}"));
    let (path, label) = match due.kind {
        DueKind::Visit if promised.contains(&due.record) => {
            (household.map(|household| format!("/households/{household}#agreed")), words.say("办好了", "Mark as done"))
        }
        DueKind::ClockStep | DueKind::Visit | DueKind::NoStart => {
            (household.map(|household| format!("/households/{household}/visit")), words.say("记走访", "Record a visit"))
        }
        DueKind::FollowUp => (person("#work"), words.say("记回访", "Record the answer")),
        DueKind::Contract => (person("#work"), words.say("问续签", "Ask about it")),
        DueKind::Referral => (person("#referrals"), words.say("跟进", "Follow up")),
        DueKind::Concern => (Some(format!("/concerns/{}", due.record)), words.say("答复", "Answer")),
        DueKind::Data => (person("/profile"), words.say("补资料", "Complete it")),
        DueKind::HouseholdChange => (Some("/changes".to_owned()), words.say("核实变动", "Check it")),
        DueKind::Posting => (Some(format!("/postings/{}", due.record)), words.say("问企业", "Ask the employer")),
    };
    path.map(|path| (words.to(&path), label))
}
