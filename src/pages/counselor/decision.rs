//! `/residents/{id}/decision`: another job than the plan's, with what that would cost everybody before it is decided.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::parts;
use super::week::cost_text;
use crate::app::access::{ObjectKind, reason};
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::plans::decision::{Cost, cost};
use crate::app::plans::{pins, view};
use crate::app::recommendations::for_resident;
use crate::domain::codes::PinKind;
use crate::pages::desk::{Desk, Sent};
use crate::pages::frame::Frame;
use crate::pages::shown::Shown;
use crate::pages::words::Words;

/// Postings to choose from.
const CHOICES: usize = 5;

struct Choice {
    href: String,
    label: String,
}

/// What was chosen, and its cost.
struct Chosen {
    posting: i64,
    kind: &'static str,
    label: String,
    cost: String,
    is_dear: bool,
}

#[derive(Template)]
#[template(path = "counselor/decision.html")]
struct DecisionPage {
    words: Words,
    frame: Frame,
    id: i64,
    from: i64,
    choices: Vec<Choice>,
    chosen: Option<Chosen>,
    typed: String,
    fault: Option<String>,
    once: String,
}

/// `GET /residents/{id}/decision?from=…&choice=…`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let from = desk.query("from").and_then(|from| from.parse::<i64>().ok());
    let Some(from) = from else { return desk.refuse(&FieldError::new("?from", FieldCode::Missing).into()) };
    let chosen = desk.query("choice").and_then(|choice| parsed(&choice, from));
    desk.answer(page(&desk, path.into_inner(), (from, chosen), Shown::first(desk.frame())).await)
}

/// `no` = not this one; an id = that one.
fn parsed(choice: &str, from: i64) -> Option<(PinKind, i64)> {
    match choice {
        "no" => Some((PinKind::Forbid, from)),
        id => id.parse().ok().map(|id| (PinKind::Pin, id)),
    }
}

async fn page(
    desk: &Desk,
    id: i64,
    (from, chosen): (i64, Option<(PinKind, i64)>),
    shown: Shown,
) -> Result<DecisionPage, AppError> {
    let (db, today, words) = (desk.pages.db.clone(), desk.today(), desk.words.clone());
    let (best, priced) = desk
        .compute(move || {
            let best = for_resident(&db, id, CHOICES + 1, today)?.best;
            let Some((kind, posting)) = chosen else { return Ok((best, None)) };
            let Some(plan) = db.read(view::working)? else { return Ok((best, None)) };
            Ok((best, Some(cost(&db, plan.id, (id, posting, kind)))))
        })
        .await?;
    let mut choices = vec![Choice {
        href: words.to(&format!("/residents/{id}/decision?from={from}&choice=no")),
        label: words.say("不去方案安排的岗位，别的都可以", "Not the plan's job; any other will do").to_owned(),
    }];
    let others = best.into_iter().filter(|pair| pair.posting.id != from).take(CHOICES);
    choices.extend(others.map(|pair| {
        let (posting, score) = (&pair.posting, words.score(pair.explanation.points));
        Choice {
            href: words.to(&format!("/residents/{id}/decision?from={from}&choice={}", posting.id)),
            label: match words.is_english() {
                false => format!("去 {} {}，适合度 {score} 分（满分 100）", posting.employer, posting.title),
                true => format!("To {} {}, suitability {score} of 100", posting.employer, posting.title),
            },
        }
    }));
    let chosen = match chosen {
        Some((kind, posting)) => Some(chosen_of(desk, (kind, posting), priced).await?),
        None => None,
    };
    let Shown { frame, typed, faults, once } = shown;
    let (typed, fault) = (typed.text("reason").to_owned(), faults.at("reason").map(str::to_owned));
    Ok(DecisionPage { words, frame, id, from, choices, chosen, typed, fault, once })
}

async fn chosen_of(
    desk: &Desk,
    (kind, posting): (PinKind, i64),
    priced: Option<Result<Cost, AppError>>,
) -> Result<Chosen, AppError> {
    let words = &desk.words;
    let reader = desk.clone();
    let line = desk.read(move |conn| parts::posting(conn, &reader, posting)).await?;
    let job = format!("{} {}", line.employer, line.title);
    let (cost, is_dear) = match priced {
        Some(Ok(cost)) => (cost_text(words, cost.households), cost.households > 0),
        // The records have moved on, or there is no plan: the next one tells.
        Some(Err(AppError::Refused(..))) | None => (
            words
                .say(
                    "记录已变动，代价在下次做方案时算出",
                    "the records have changed; the cost is found with the next plan",
                )
                .to_owned(),
            false,
        ),
        Some(Err(error)) => return Err(error),
    };
    Ok(Chosen {
        posting,
        kind: kind.code(),
        label: match (words.is_english(), kind) {
            (false, PinKind::Pin) => format!("指定去 {job}"),
            (false, PinKind::Forbid) => format!("不去 {job}"),
            (true, PinKind::Pin) => format!("To {job}"),
            (true, PinKind::Forbid) => format!("Not to {job}"),
        },
        cost,
        is_dear,
    })
}

/// `POST /residents/{id}/decision`
pub(super) async fn make(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, id) = (sent.desk.clone(), path.into_inner());
    let form = &sent.form;
    let typed = (|| {
        let kind = form.choice("kind", PinKind::from_code)?;
        let kind = kind.ok_or_else(|| FieldError::new("/kind", FieldCode::Missing))?;
        Ok::<_, FieldError>((
            kind,
            form.need::<i64>("posting", FieldCode::BadId)?,
            form.need("from", FieldCode::BadId)?,
        ))
    })();
    let (kind, posting, from): (PinKind, i64, i64) = match typed {
        Ok(typed) => typed,
        Err(error) => return desk.refuse(&error.into()),
    };
    let made = match reason(form.text("reason")) {
        Ok(why) => {
            let writer = desk.clone();
            sent.once(move |conn| {
                writer.refer(conn, "/posting", (ObjectKind::Posting, posting))?;
                let pin = pins::make(conn, writer.keys(), (id, posting, kind), &why, writer.now())?;
                Ok((Some(pin.id), "/week?done=decision".to_owned()))
            })
            .await
        }
        Err(code) => Err(FieldError::new("/reason", code).into()),
    };
    let asked = (from, Some((kind, posting)));
    sent.done_or_again(made, async |desk, shown| page(desk, id, asked, shown).await).await
}

/// `POST /pins/{id}/end`
pub(super) async fn end(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, id) = (sent.desk.clone(), path.into_inner());
    sent.act(move |conn| {
        pins::end(conn, desk.keys(), id, desk.now())?;
        Ok((None, "/week?done=ended".to_owned()))
    })
    .await
}
