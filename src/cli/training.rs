//! `wangjia training`: the courses, and who should take their seats.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::{Value, json};

use super::table::table;
use super::{Common, output};
use crate::app::access::{self, ObjectKind};
use crate::app::plans::training::{TrainingPlan, training_plan};
use crate::app::training::{Course, CourseFilter, page};
use crate::app::{Page, calendar_day, now};
use crate::domain::text::{Lang, counted};

/// List the courses, or plan whom their seats would help most.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The plan stores nothing and enrols nobody: a counselor does. Whoever is in a course already counts as trained.\n\n\
    Examples:\n  \
    wangjia training courses\n  \
    wangjia training plan                   for all courses that are open\n  \
    wangjia training plan --course 3 --json"
)]
pub struct TrainingArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// The courses that are not over.
    Courses {
        /// JSON for programs.
        #[arg(long)]
        json: bool,
    },
    /// Which residents into which seats, so that most uncovered households can be covered at today's vacancies.
    Plan {
        /// Id of an open course, once or more; all that are open if not given.
        #[arg(long = "course", value_name = "ID")]
        courses: Vec<i64>,
        /// JSON for programs.
        #[arg(long)]
        json: bool,
    },
}

pub fn run(args: &TrainingArgs, common: &Common) -> anyhow::Result<ExitCode> {
    match &args.action {
        Action::Courses { json } => courses(*json, common),
        Action::Plan { courses, json } => plan(courses, *json, common),
    }
}

fn courses(as_json: bool, common: &Common) -> anyhow::Result<ExitCode> {
    let entered = common.enter("training courses", (ObjectKind::Course, access::Action::List))?;
    let filter = CourseFilter { not_over_on: Some(calendar_day(now())), ..CourseFilter::default() };
    let (mut all, mut next) = (Vec::new(), Page::first(500));
    loop {
        let found = entered.db.read(|conn| page(conn, &filter, next)).map_err(|error| common.failed(&error))?;
        let Some(last) = found.last() else { break };
        next.after = last.id;
        all.extend(found);
    }
    if as_json {
        output::line(format_args!("{:#}", all.iter().map(course).collect::<Value>()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let head = [
        common.text("编号", "id"),
        common.text("课程", "course"),
        common.text("状态", "status"),
        common.text("起止", "days"),
        common.text("名额", "seats"),
        common.text("已报", "taken"),
        common.text("技能", "skills"),
    ];
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let row = |course: &Course| {
        vec![
            course.id.to_string(),
            course.fields.name.clone(),
            course.status.label().get(common.lang).to_owned(),
            format!("{} – {}", course.fields.first_on, course.fields.last_on),
            course.fields.seats.to_string(),
            course.taken.to_string(),
            skills(course, common.lang),
        ]
    };
    output::line(table(&head, &[0, 4, 5], all.iter().map(row).collect()))?;
    Ok(ExitCode::SUCCESS)
}

fn skills(course: &Course, lang: Lang) -> String {
    let skills = course.fields.skills.iter().zip(&course.skill_names);
    let name = |names: &(String, String)| if lang == Lang::Zh { names.0.clone() } else { names.1.clone() };
    skills.map(|(taught, names)| format!("{} {}", name(names), taught.level)).collect::<Vec<_>>().join(", ")
}

fn course(course: &Course) -> Value {
    let skills = course.fields.skills.iter().zip(&course.skill_names);
    let skill = |(taught, (zh, en)): (&crate::app::training::Taught, &(String, String))| json!({"skill": taught.skill_id.to_string(), "zh": zh, "en": en, "level": taught.level});
    json!({
        "id": course.id.to_string(), "name": course.fields.name, "status": course.status.code(),
        "first_on": course.fields.first_on, "last_on": course.fields.last_on, "seats": course.fields.seats,
        "taken": course.taken, "skills": skills.map(skill).collect::<Value>(),
    })
}

fn plan(courses: &[i64], as_json: bool, common: &Common) -> anyhow::Result<ExitCode> {
    let entered = common.enter("training plan", (ObjectKind::Course, access::Action::Compute))?;
    let failed = |error| common.failed(&error);
    let people = entered.reach_for(ObjectKind::Household, access::Action::List).map_err(failed)?;
    let mut plan = training_plan(&entered.db, courses, calendar_day(now())).map_err(failed)?;
    entered.db.read(|conn| plan.narrow(conn, &people)).map_err(failed)?;
    entered.shows(plan.seats.iter().map(|seat| seat.resident), now()).map_err(failed)?;
    if as_json {
        output::line(format_args!("{:#}", to_json(&plan)))?;
    } else {
        output::line(to_text(&plan, common))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn to_json(plan: &TrainingPlan) -> Value {
    let ids = |list: &[i64]| list.iter().map(i64::to_string).collect::<Value>();
    let courses = plan.courses.iter().map(|course| {
        json!({
            "course": course.course.to_string(), "name": course.name, "free": course.free, "filled": course.filled,
            "postings": ids(&course.postings), "vacancies": course.places, "residents": course.residents,
            "households": course.households, "alone": course.alone, "alone_at_most": course.alone_at_most,
        })
    });
    let seats = plan.seats.iter().map(|seat| {
        json!({
            "course": seat.course.to_string(), "resident": seat.resident.to_string(), "name": seat.resident_name,
            "household": seat.household.to_string(), "posting": seat.posting.to_string(),
            "text": {"zh": seat.text.zh, "en": seat.text.en},
        })
    });
    json!({
        "as_of": plan.as_of, "courses": courses.collect::<Value>(), "seats": seats.collect::<Value>(),
        "seats_filled": plan.n_seats, "uncovered": plan.uncovered, "covered_without": plan.covered_without,
        "covered_with": plan.covered_with, "weight_without": plan.weight_without, "weight_with": plan.weight_with,
        "weight_at_most": plan.weight_at_most, "proved_best": plan.is_proved(), "covers": ids(&plan.covers),
    })
}

fn to_text(plan: &TrainingPlan, common: &Common) -> String {
    let heads = |words: &[(&str, &str)]| words.iter().map(|(zh, en)| common.text(zh, en)).collect::<Vec<String>>();
    let head = heads(&[
        ("编号", "id"),
        ("课程", "course"),
        ("空余名额", "free seats"),
        ("安排", "filled"),
        ("可达岗位", "postings"),
        ("空缺", "vacancies"),
        ("涉及户", "households"),
        ("单独可多覆盖", "alone covers"),
    ]);
    let row = |course: &crate::app::plans::training::CoursePlan| {
        vec![
            course.course.to_string(),
            course.name.clone(),
            course.free.to_string(),
            course.filled.to_string(),
            course.postings.len().to_string(),
            course.places.to_string(),
            course.households.to_string(),
            course.alone.to_string(),
        ]
    };
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let mut text = table(&head, &[0, 2, 3, 4, 5, 6, 7], plan.courses.iter().map(row).collect()).to_string();
    let head = heads(&[("课程", "course"), ("居民", "resident"), ("户", "household"), ("理由", "why")]);
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let row = |seat: &crate::app::plans::training::Seat| {
        vec![
            format!("#{}", seat.course),
            format!("{}(#{})", seat.resident_name, seat.resident),
            format!("#{}", seat.household),
            seat.text.get(common.lang).to_owned(),
        ]
    };
    text += &format!("\n{}\n", table(&head, &[], plan.seats.iter().map(row).collect()));
    let (without, with, all) = (plan.covered_without, plan.covered_with, plan.uncovered);
    text += &common.text(
        &format!("未覆盖 {all} 户：不培训最多可覆盖 {without} 户，按此安排可覆盖 {with} 户。"),
        &format!(
            "{} uncovered: {without} can be covered without the seats, {with} with them.",
            counted(all, "household", "households")
        ),
    );
    text += "\n";
    text += &if plan.is_proved() {
        common.text("没有更好的安排（已证明）。", "No choice of seats is better: proved.")
    } else {
        let gap = plan.weight_at_most - plan.weight_with;
        common.text(
            &format!("任何安排的覆盖权重至多再多 {gap}。"),
            &format!("No choice of seats covers more than {gap} of weight beyond this one."),
        )
    };
    text
}
