//! `/records`: what of the records is to be completed or contradicted, by building and household, each with the way to put it right.

use std::borrow::Borrow;

use actix_web::{HttpResponse, web};
use askama::Template;

use super::parts;
use crate::app::Connection;
use crate::app::access::members_of;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::record_findings::{self as app, Counts, Origin, RecordFinding, RecordFindingFilter, RecordFindingKind};
use crate::pages::desk::{Desk, Sent};
use crate::pages::frame::Frame;
use crate::pages::words::Words;

struct Row {
    id: Option<i64>,
    kind: &'static str,
    /// Contradicted, rather than not known.
    is_doubt: bool,
    who: String,
    place: String,
    household: i64,
    said: String,
    origin: Option<String>,
    /// Where it is put right.
    mend: (String, &'static str),
}

#[derive(Template)]
#[template(path = "counselor/records.html")]
struct RecordsPage {
    words: Words,
    frame: Frame,
    rows: Vec<Row>,
    counts: Counts,
    kind: Option<RecordFindingKind>,
    total: usize,
    more: Option<usize>,
    acts: bool,
}

impl RecordsPage {
    fn address(&self, kind: impl Borrow<Option<RecordFindingKind>>, from: impl Borrow<usize>) -> String {
        let from = from.borrow();
        let kind = kind.borrow().map(|kind| format!("&kind={}", kind.code())).unwrap_or_default();
        self.words.to(&format!("/records?from={from}{kind}"))
    }

    fn is_shown(&self, kind: impl Borrow<Option<RecordFindingKind>>) -> bool {
        self.kind == *kind.borrow()
    }

    /// Each kind with how many there are.
    fn kinds(&self) -> [(Option<RecordFindingKind>, &'static str, u64); 3] {
        let (contradiction, incomplete) = (RecordFindingKind::Contradiction, RecordFindingKind::Incomplete);
        [
            (None, self.words.say("全部", "All"), self.counts.total()),
            (Some(contradiction), self.words.label(contradiction.label()), self.counts.contradictions),
            (Some(incomplete), self.words.label(incomplete.label()), self.counts.incomplete),
        ]
    }
}

fn said(code: &str, words: &Words) -> Option<String> {
    (code == "confirmed").then(|| {
        words
            .say(
                "已记下：看过，没有错。以后导入同样的内容不再提出。",
                "Written down: looked at, and right. The same is not asked again.",
            )
            .to_owned()
    })
}

/// `GET /records?kind=…&from=…`
pub(super) async fn list(desk: Desk) -> HttpResponse {
    let reader = desk.clone();
    match desk.read(move |conn| page(conn, &reader)).await {
        Ok(page) => desk.show(&page),
        Err(error) => desk.refuse(&error),
    }
}

fn page(conn: &mut Connection, desk: &Desk) -> Result<RecordsPage, AppError> {
    let words = desk.words.clone();
    let kind = desk.query("kind").as_deref().and_then(RecordFindingKind::from_code);
    let mut found = app::list(conn, desk.within().as_deref(), RecordFindingFilter::default(), desk.today())?;
    let counts = Counts::of(&found);
    found.retain(|one| kind.is_none_or(|kind| one.kind == kind));
    let (from, total) = (parts::from(desk), found.len());
    let shown: Vec<RecordFinding> = found.into_iter().skip(from).take(parts::ROWS).collect();
    desk.shows(members_of(conn, &shown.iter().map(|one| one.place.household).collect::<Vec<_>>())?);
    let names = app::names(conn, &shown)?;
    let more = parts::more_after(shown.len(), from, total);
    let rows = shown.into_iter().zip(names).map(|(one, name)| row(&words, one, name)).collect();
    let acts = parts::acts(conn, desk)?;
    Ok(RecordsPage { rows, counts, kind, total, more, acts, frame: desk.frame_saying(said), words })
}

fn row(words: &Words, one: RecordFinding, name: Option<String>) -> Row {
    let house = parts::house_name(words, &one.place);
    Row {
        id: one.id,
        kind: words.label(one.kind.label()),
        is_doubt: one.kind == RecordFindingKind::Contradiction,
        who: name.unwrap_or(house),
        place: parts::address(&one.place),
        household: one.place.household,
        said: one.text.get(words.lang()).to_owned(),
        mend: mend(words, &one),
        origin: one.origin.as_ref().map(|origin| came_from(words, origin)),
    }
}

/// Where in which file it was found.
fn came_from(words: &Words, origin: &Origin) -> String {
    let (file, sheet, row) = (&origin.file, &origin.sheet, origin.row);
    let column = origin.column.as_deref().unwrap_or_default();
    let value = origin.masked_value.as_deref().unwrap_or_default();
    let cell = match (column, value, words.is_english()) {
        ("", _, _) => String::new(),
        (_, "", false) => format!("“{column}”"),
        (_, "", true) => format!(", {column}"),
        (_, _, false) => format!("“{column}”写着 {value}"),
        (_, _, true) => format!(", {column} says {value}"),
    };
    if words.is_english() {
        format!("{file}, sheet {sheet}, row {row}{cell}")
    } else {
        format!("{file} · {sheet} 第 {row} 行{cell}")
    }
}

/// A job is put right where jobs are, what is known of a person in the profile, the rest on the household's card.
fn mend(words: &Words, one: &RecordFinding) -> (String, &'static str) {
    let is_profile = one.kind == RecordFindingKind::Incomplete && one.spell.is_none();
    let (path, label) = match (one.resident, one.spell) {
        (Some(resident), Some(_)) => {
            (format!("/residents/{resident}#work"), words.say("看就业记录", "Look at the job"))
        }
        (Some(resident), None) if is_profile => {
            (format!("/residents/{resident}/profile"), words.say("补资料", "Complete it"))
        }
        (Some(resident), None) => (format!("/residents/{resident}"), words.say("看本人资料", "Look at the person")),
        (None, _) => (format!("/households/{}", one.place.household), words.say("看这一户", "Look at the household")),
    };
    (words.to(&path), label)
}

/// `POST /households/{id}/confirm`
pub(super) async fn confirm(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, form, household) = (sent.desk.clone(), sent.form.clone(), path.into_inner());
    sent.act(move |conn| {
        let id = form.parse::<i64>("finding", FieldCode::NoSuchRecord)?;
        let id = id.ok_or_else(|| FieldError::new("/finding", FieldCode::Missing))?;
        app::settle(conn, (household, id), desk.now(), desk.by())?;
        Ok((None, "/records?done=confirmed".to_owned()))
    })
    .await
}
