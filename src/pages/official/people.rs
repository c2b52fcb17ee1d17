//! `/coverage/people`: the people behind a number: those at work (`figure`), or the referrals of a stage since a day (`stage`).

use actix_web::HttpResponse;
use askama::Template;
use chrono::NaiveDate;

use super::coverage::day;
use super::households::code;
use super::paging::{self, Part};
use crate::app::coverage::facts;
use crate::app::coverage::workers::{self, Worker, WorkerFigure};
use crate::app::error::{AppError, FieldError};
use crate::app::funnel::{self, FunnelLine, FunnelStage};
use crate::app::overview::new_year;
use crate::app::plans::view::resident_names;
use crate::app::{Connection, settings};
use crate::domain::referral::ReferralState;
use crate::pages::desk::Desk;
use crate::pages::frame::Frame;
use crate::pages::links;
use crate::pages::words::Words;

/// A person as the list shows it.
struct Row {
    resident: i64,
    name: String,
    /// Home, or posting and employer.
    place: String,
    what: String,
    since: Option<NaiveDate>,
    note: String,
}

#[derive(Template)]
#[template(path = "official/people.html")]
struct PeoplePage {
    words: Words,
    frame: Frame,
    title: String,
    as_of: NaiveDate,
    heads: [&'static str; 4],
    rows: Vec<Row>,
    part: Part,
    /// What is counted.
    unit: &'static str,
    back: String,
}

/// Which number.
#[derive(Clone, Copy)]
enum Behind {
    Work(WorkerFigure),
    Stage(FunnelStage, NaiveDate),
}

fn behind(desk: &Desk, as_of: NaiveDate) -> Result<Behind, FieldError> {
    Ok(match code(desk, "stage", FunnelStage::from_code)? {
        Some(stage) => {
            let since = code(desk, "since", |text| text.parse().ok())?;
            Behind::Stage(stage, since.unwrap_or_else(|| new_year(as_of)))
        }
        None => Behind::Work(code(desk, "figure", WorkerFigure::from_code)?.unwrap_or(WorkerFigure::AtWork)),
    })
}

/// `GET /coverage/people`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    let as_of = day(&desk);
    let behind = match behind(&desk, as_of) {
        Ok(behind) => behind,
        Err(error) => return desk.refuse(&error.into()),
    };
    let (reader, page) = (desk.clone(), paging::asked(&desk));
    let read = desk.read(move |conn| {
        let (rows, part) = rows(conn, &reader, behind, (as_of, page))?;
        reader.shows(rows.iter().map(|row| row.resident));
        Ok((rows, part))
    });
    match read.await {
        Ok((rows, part)) => {
            let words = desk.words.clone();
            let (title, heads) = (title(&words, behind), heads(&words, behind));
            let back = words.to(&links::of_day(links::COVERAGE, as_of, &[]));
            let unit = match behind {
                Behind::Work(_) => words.say("人", "people"),
                Behind::Stage(..) => words.say("人次", "referrals"),
            };
            desk.show(&PeoplePage { words, frame: desk.frame(), title, as_of, heads, rows, part, unit, back })
        }
        Err(error) => desk.refuse(&error),
    }
}

fn rows(
    conn: &mut Connection,
    desk: &Desk,
    behind: Behind,
    (as_of, page): (NaiveDate, usize),
) -> Result<(Vec<Row>, Part), AppError> {
    let (words, within) = (&desk.words, desk.within());
    let facts = facts::load_within(conn, within.as_deref())?;
    match behind {
        Behind::Work(figure) => {
            let rules = settings::coverage_rules(conn, as_of)?;
            let found = workers::list(&facts, as_of, &rules, figure);
            let part = Part::new(words, found.len(), paging::ROWS, page);
            let found = part.cut(found);
            let names = resident_names(conn, found.iter().map(|worker| worker.resident))?;
            let name = |id: i64| names.get(&id).cloned().unwrap_or_default();
            Ok((found.into_iter().map(|worker| at_work(words, name(worker.resident), worker)).collect(), part))
        }
        Behind::Stage(stage, since) => {
            let found = funnel::list(conn, &facts, (since, as_of), stage, within.as_deref())?;
            let part = Part::new(words, found.len(), paging::ROWS, page);
            let found = part.cut(found);
            let names = resident_names(conn, found.iter().map(|line| line.resident))?;
            let name = |id: i64| names.get(&id).cloned().unwrap_or_default();
            Ok((found.into_iter().map(|line| referred(words, name(line.resident), line)).collect(), part))
        }
    }
}

fn at_work(words: &Words, name: String, worker: Worker) -> Row {
    let pay = match worker.pay {
        Some(pay) if words.is_english() => format!("{} yuan a month", words.number(u64::from(pay))),
        Some(pay) => format!("每月 {} 元", words.number(u64::from(pay))),
        None => words.say("月收入没有记录", "pay not recorded").to_owned(),
    };
    let age = worker.age.map(|age| if words.is_english() { format!("aged {age}") } else { format!("{age} 周岁") });
    let class = worker.class.map(|class| words.label(class.label()).to_owned());
    let note = [age, class, Some(pay)].into_iter().flatten().collect::<Vec<_>>().join(words.say("，", ", "));
    Row {
        resident: worker.resident,
        name,
        place: [worker.place.grid_key.as_str(), &worker.place.building].join(" "),
        what: words.label(worker.channel.label()).to_owned(),
        since: Some(worker.since),
        note,
    }
}

fn referred(words: &Words, name: String, line: FunnelLine) -> Row {
    let note = match line.hired_on {
        Some(on) if words.is_english() => format!("at work since {on}"),
        Some(on) => format!("{on} 上岗"),
        // A start that was none, or a leaving on the first day.
        None if line.state == ReferralState::Ended => words.say("没有在岗过一天", "at work on no day").to_owned(),
        None => String::new(),
    };
    Row {
        resident: line.resident,
        name,
        place: format!("{} · {}", line.posting.employer, line.posting.title),
        what: words.label(line.state.label()).to_owned(),
        since: Some(line.moved_on),
        note,
    }
}

fn title(words: &Words, behind: Behind) -> String {
    match behind {
        Behind::Work(figure) => words.label(figure.label()).to_owned(),
        Behind::Stage(stage, since) => {
            let label = words.label(stage.label());
            if words.is_english() {
                format!("Referrals since {since}: {label}")
            } else {
                format!("{since} 以来的推荐：{label}")
            }
        }
    }
}

fn heads(words: &Words, behind: Behind) -> [&'static str; 4] {
    match behind {
        Behind::Work(_) => [
            words.say("住处", "Home"),
            words.say("就业渠道", "Channel"),
            words.say("从哪天起", "Since"),
            words.say("说明", "Note"),
        ],
        Behind::Stage(..) => [
            words.say("岗位", "Posting"),
            words.say("现在到哪一步", "Stands at"),
            words.say("最近一步", "Last step"),
            words.say("说明", "Note"),
        ],
    }
}
