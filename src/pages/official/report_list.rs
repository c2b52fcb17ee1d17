//! `/reports/{id}/lists`: whom a figure of a report counted (`figure`, `group`), or the households of a change (`reason`, `from`, `to`).

use actix_web::{HttpResponse, web};
use askama::Template;

use super::households::code;
use super::paging::{self, Part};
use crate::app::error::{AppError, FieldError};
use crate::app::reports::lists::{self, Entry, Which};
use crate::app::reports::view;
use crate::domain::codes::CoverageState;
use crate::domain::report::{ReportReason, ReportUnit, between};
use crate::pages::desk::Desk;
use crate::pages::frame::Frame;
use crate::pages::links;
use crate::pages::words::Words;

/// An entry as the list shows it.
struct Row {
    /// Its page; empty for what is kept no more.
    href: String,
    name: String,
    place: String,
}

#[derive(Template)]
#[template(path = "official/report_list.html")]
struct ListPage {
    words: Words,
    frame: Frame,
    title: String,
    definition: String,
    as_of: chrono::NaiveDate,
    unit: ReportUnit,
    rows: Vec<Row>,
    part: Part,
    back: String,
}

fn which(desk: &Desk) -> Result<Which, FieldError> {
    Ok(match code(desk, "reason", ReportReason::from_code)? {
        Some(reason) => Which::Change {
            from: code(desk, "from", CoverageState::from_code)?,
            to: code(desk, "to", CoverageState::from_code)?,
            reason,
        },
        None => Which::Figure {
            code: desk.query("figure").unwrap_or_default(),
            group: desk.query("group").unwrap_or_default(),
        },
    })
}

/// `GET /reports/{id}/lists`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let id = path.into_inner();
    let which = match which(&desk) {
        Ok(which) => which,
        Err(error) => return desk.refuse(&error.into()),
    };
    let (reader, asked) = (desk.clone(), paging::asked(&desk));
    let read = desk.read(move |conn| {
        let report = view::report(conn, id)?;
        let words = &reader.words;
        let (title, definition, n) = match &which {
            Which::Figure { code, group } => {
                let found = report.figures.iter().find(|row| row.code == *code && row.group_key == *group);
                let row = found.ok_or(AppError::NotFound)?;
                let definition = if words.is_english() { &row.definition_en } else { &row.definition_zh };
                (view::name(row).get(words.lang()).to_owned(), definition.clone(), row.value)
            }
            Which::Change { from, to, reason } => {
                let found = report
                    .changes
                    .iter()
                    .find(|row| (row.from_state, row.to_state, row.reason) == (*from, *to, *reason));
                let row = found.ok_or(AppError::NotFound)?;
                let moved = between(*from, *to);
                (
                    format!("{} · {}", moved.get(words.lang()), words.label(reason.label())),
                    String::new(),
                    row.households,
                )
            }
        };
        let part = Part::new(words, usize::try_from(n).unwrap_or_default(), paging::ROWS, asked);
        let found = lists::part(conn, id, &which, (part.skipped, part.shown))?;
        reader.shows(found.shown.iter().copied());
        let rows: Vec<Row> = found.entries.into_iter().map(|entry| row(words, entry)).collect();
        Ok((title, definition, report.summary.data.as_of, found.unit, rows, part))
    });
    match read.await {
        Ok((title, definition, as_of, unit, rows, part)) => {
            let words = desk.words.clone();
            let back = words.to(&links::report(id, ""));
            desk.show(&ListPage { words, frame: desk.frame(), title, definition, as_of, unit, rows, part, back })
        }
        Err(error) => desk.refuse(&error),
    }
}

fn row(words: &Words, entry: Entry) -> Row {
    if let Some((id, name)) = entry.resident {
        return Row { href: words.to(&format!("/residents/{id}")), name, place: format!("#{}", entry.id) };
    }
    let Some(place) = entry.household else {
        return Row {
            href: String::new(),
            name: words.say("已不再保存", "kept no more").to_owned(),
            place: format!("#{}", entry.id),
        };
    };
    let code = place.code.clone().unwrap_or_else(|| format!("#{}", place.household));
    let parts = [Some(place.grid_key.as_str()), Some(place.building.as_str()), place.unit.as_deref()];
    Row {
        href: words.to(&format!("/households/{}", place.household)),
        name: [code, place.head_name.unwrap_or_default()].join(" ").trim().to_owned(),
        place: parts.into_iter().flatten().collect::<Vec<_>>().join(" "),
    }
}
