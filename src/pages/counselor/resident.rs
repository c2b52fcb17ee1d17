//! `/residents/{id}`: one person: what is known, which jobs suit and why, what would help, what is under way.
//!
//! Invariant: every number of the jobs' part comes from one answer of the engine, so what suits and what does not add up to all.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::follow_up;
use super::offers::{self, Offer};
use super::parts::{self, Tag};
use super::referrals::{self, Open};
use super::work::{self, Job};
use crate::app::Connection;
use crate::app::coverage::standing;
use crate::app::error::AppError;
use crate::app::recommendations::{Help, ResidentAnswer, for_card, for_pairs};
use crate::app::resident_lists;
use crate::app::residents::{self, Resident};
use crate::domain::ages;
use crate::domain::codes::DeclineReason;
use crate::domain::privacy::ConsentForm;
use crate::pages::desk::Desk;
use crate::pages::frame::Frame;
use crate::pages::words::Words;

/// Postings shown first, and at most.
const FIRST: usize = 3;
const MOST: usize = 30;

/// What the engine says of the person's jobs.
struct Jobs {
    n_postings: u64,
    n_eligible: u64,
    barred: Vec<(&'static str, u64)>,
    /// More suit than are shown.
    has_more: bool,
    help: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "counselor/resident.html")]
pub(super) struct ResidentPage {
    words: Words,
    frame: Frame,
    id: i64,
    name: String,
    about: String,
    household: Option<(i64, String)>,
    tags: Vec<Tag>,
    has_phone: bool,
    /// Of so many facts, these are missing.
    n_facts: usize,
    missing: Vec<&'static str>,
    skills: Vec<String>,
    refuses: bool,
    open: Vec<Open>,
    jobs_held: Vec<Job>,
    follow_up: Option<follow_up::Asked>,
    jobs: Option<Jobs>,
    offers: Vec<Offer>,
    forms: &'static [ConsentForm],
    declines: &'static [DeclineReason],
    today: chrono::NaiveDate,
    acts: bool,
}

impl ResidentPage {
    /// The posting a card is compared with: the best other one.
    fn other(&self, offer: &Offer) -> Option<i64> {
        self.offers.iter().find(|one| one.posting != offer.posting).map(|one| one.posting)
    }
}

fn said(code: &str, words: &Words) -> Option<String> {
    let said = match code {
        "referred" => (
            "已登记推荐，企业已收到通知。接着可以记走访。",
            "Referred; the employer has been told. You can record the visit now.",
        ),
        "proposed" => {
            ("已提出，还要征得本人同意才告诉企业。", "Proposed; the employer is told once the person agrees.")
        }
        "declined" => ("已记下本人不去这个岗位。", "It is on record that the person declined."),
        "moved" => ("推荐的进展已记下。", "The referral has moved on."),
        "profile" => ("资料已存好，岗位按新资料重新比过。", "Saved; the jobs were compared anew."),
        "work" => ("上岗已登记，本户按在岗计算。", "The job is on record and counts for the household."),
        "renewed" => ("续签已登记。", "The renewed contract is on record."),
        "left" => ("离岗已登记，空出的名额已放回。", "The end of the job is on record; the place is free again."),
        "followed" => ("回访已记下。", "The answer is on record."),
        "enrolled" => (
            "已报名培训；认定过的户，这次介绍培训已计入。",
            "Enrolled; for a recognised household it counts as a training offer.",
        ),
        "decision" => ("已记下，下次做方案时照此安排。", "On record; the next plan is made with it."),
        _ => return None,
    };
    Some(words.say(said.0, said.1).to_owned())
}

/// `GET /residents/{id}`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let id = path.into_inner();
    let shows_all = desk.query("all").is_some();
    let advised = desk.query("posting").and_then(|posting| posting.parse::<i64>().ok());
    let (db, today) = (desk.pages.db.clone(), desk.today());
    let answer = desk
        .compute(move || {
            let k = if shows_all { MOST } else { FIRST };
            let (mut answer, help) = match for_card(&db, id, k, today) {
                Ok(found) => found,
                // In no list of the day: the card says so.
                Err(AppError::NotFound) => return Ok(None),
                Err(error) => return Err(error),
            };
            if let Some(posting) = advised.filter(|one| answer.best.iter().all(|pair| pair.posting.id != *one)) {
                match for_pairs(&db, id, &[posting], today) {
                    Ok((_, pairs)) => answer.best.extend(pairs),
                    Err(AppError::NotFound) => {}
                    Err(error) => return Err(error),
                }
            }
            // The plan's own first.
            answer.best.sort_by_key(|pair| Some(pair.posting.id) != advised);
            Ok(Some((answer, help)))
        })
        .await;
    let reader = desk.clone();
    let page = match answer {
        Ok(answer) => desk.read(move |conn| page(conn, &reader, id, answer, advised)).await,
        Err(error) => Err(error),
    };
    desk.answer(page)
}

fn page(
    conn: &mut Connection,
    desk: &Desk,
    id: i64,
    answer: Option<(ResidentAnswer, Option<Help>)>,
    advised: Option<i64>,
) -> Result<ResidentPage, AppError> {
    let (words, today) = (&desk.words, desk.today());
    let person = residents::get(conn, desk.keys(), id, today)?;
    let home = person.household_id.map(|home| standing::of(conn, &[home], today)).transpose()?;
    let home = home.and_then(|mut found| found.pop());
    let skills = resident_lists::skills(conn, id)?.fields;
    let open = referrals::under_way(conn, desk, id)?;
    let jobs = answer.as_ref().map(|(answer, help)| jobs(words, answer, help.as_ref()));
    let pairs = answer.map(|(answer, _)| answer.best).unwrap_or_default();
    let begun = referrals::open_of(conn, desk, id)?;
    let offers = offers::of(conn, desk, pairs, (&begun, advised))?;
    let (n_facts, missing) = facts(words, &person, skills.is_empty());
    Ok(ResidentPage {
        id,
        about: about(words, &person, today),
        household: home.as_ref().map(|home| (home.place.household, parts::house_name(words, &home.place))),
        tags: home.iter().flat_map(|home| parts::tags(words, home)).collect(),
        has_phone: person.phone_masked.is_some(),
        n_facts,
        missing,
        skills: skills.into_iter().map(|skill| skill_text(words, &skill)).collect(),
        refuses: person.profile.no_automated_recommendation,
        offers,
        open,
        jobs_held: work::jobs_of(conn, desk, id)?,
        follow_up: follow_up::asked_of(conn, desk, id)?,
        jobs,
        forms: ConsentForm::ALL,
        declines: DeclineReason::ALL,
        today,
        acts: parts::acts(conn, desk)?,
        frame: desk.frame_saying(said),
        name: person.name,
        words: words.clone(),
    })
}

fn about(words: &Words, person: &Resident, today: chrono::NaiveDate) -> String {
    let age = ages::completed_years(person.birth_date, today);
    let mut said = vec![words.label(person.sex.label()).to_owned()];
    said.push(if words.is_english() { age.to_string() } else { format!("{age} 岁") });
    said.extend(person.profile.labour_class.map(|class| words.label(class.label()).to_owned()));
    said.extend(person.profile.willing.map(|willing| match willing {
        true => words.say("愿意上班", "willing to work").to_owned(),
        false => words.say("现在不想上班", "not willing at present").to_owned(),
    }));
    said.push(format!("{} {}", words.say("身份证", "ID"), person.id_number_masked));
    said.join(" · ")
}

fn skill_text(words: &Words, skill: &resident_lists::Skill) -> String {
    let years = skill.months.filter(|months| *months > 0).map(|months| (months / 12, months % 12));
    let time = years.map(|(years, months)| match (words.is_english(), years) {
        (false, 0) => format!(" {months} 个月"),
        (false, _) => format!(" {years} 年"),
        (true, 0) => format!(", {months} months"),
        (true, _) => format!(", {years} years"),
    });
    format!("{}{}", skill.name, time.unwrap_or_default())
}

/// How many facts the jobs are compared by, and which of them are missing.
fn facts(words: &Words, person: &Resident, no_skills: bool) -> (usize, Vec<&'static str>) {
    let profile = &person.profile;
    let all = [
        (profile.willing.is_none(), words.say("就业意愿", "willingness to work")),
        (profile.labour_class.is_none(), words.say("劳动能力", "labour class")),
        (profile.school_status.is_none(), words.say("在校状况", "school")),
        (no_skills, words.say("技能", "skills")),
        (profile.expected_pay.is_none(), words.say("期望工资", "expected pay")),
        (profile.max_minutes.is_none(), words.say("能接受的路程", "longest way")),
        (profile.max_physical_grade.is_none(), words.say("体力上限", "physical limit")),
        (person.phone_masked.is_none(), words.say("电话", "phone")),
    ];
    let missing = all.iter().filter(|(is_missing, _)| *is_missing).map(|(_, label)| *label).collect();
    (all.len(), missing)
}

fn jobs(words: &Words, answer: &ResidentAnswer, help: Option<&Help>) -> Jobs {
    let help = help.map(|help| {
        let change = help.change.get(words.lang()).to_owned();
        let (opens, raises, best) = (help.opens, help.raises, words.score(help.best));
        let does = match (words.is_english(), opens, raises) {
            (false, 0, _) => format!("{raises} 个合适岗位会更合适，适合度最高 {best} 分。"),
            (false, _, 0) => format!("多出 {opens} 个合适岗位，适合度最高 {best} 分。"),
            (false, ..) => format!("多出 {opens} 个合适岗位，另有 {raises} 个会更合适，适合度最高 {best} 分。"),
            (true, 0, _) => format!("{raises} suitable jobs would suit better, up to {best} of 100."),
            (true, _, 0) => format!("{opens} more jobs would suit, up to {best} of 100."),
            (true, ..) => format!("{opens} more jobs would suit and {raises} would suit better, up to {best} of 100."),
        };
        (change, does)
    });
    Jobs {
        n_postings: answer.n_postings,
        n_eligible: answer.n_eligible,
        has_more: (answer.best.iter().filter(|pair| pair.explanation.eligible).count() as u64)
            < answer.n_eligible.min(MOST as u64),
        barred: answer.barred_first.iter().map(|(gate, n)| (words.label(gate.label()), *n)).collect(),
        help,
    }
}
