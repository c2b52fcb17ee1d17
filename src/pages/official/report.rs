//! `/reports/{id}`: a month as it was reported, with what became of it. Printed it is the sheet that is handed in.

use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::app::access::ObjectKind;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::reports::view::{self, ChangeRow, Correction, FigureRow, Report};
use crate::app::reports::{file, freeze, month};
use crate::domain::access::Action;
use crate::domain::codes::CoverageState;
use crate::domain::report::{ReportPart, between};
use crate::pages::desk::{Desk, Sent};
use crate::pages::frame::Frame;
use crate::pages::words::Words;
use crate::pages::{fault, links};

#[derive(Template)]
#[template(path = "official/report.html")]
struct ReportPage {
    words: Words,
    frame: Frame,
    report: Report,
    may_sign: bool,
    may_correct: bool,
    /// What was typed in the form of the correction, where it is to be typed again.
    typed: String,
}

impl ReportPage {
    fn part(&self, part: &str) -> String {
        self.words.to(&links::report(self.report.summary.id, part))
    }

    fn other(&self, id: &i64) -> String {
        self.words.to(&links::report(*id, ""))
    }

    fn month_value(&self) -> String {
        self.report.summary.data.month.format("%Y-%m").to_string()
    }

    fn back(&self) -> String {
        self.words.to(&links::with(links::MONTHLY, &[("month", &self.month_value())]))
    }

    /// The figures of each part, in order.
    fn parts(&self) -> Vec<(&'static str, &'static str, Vec<&FigureRow>)> {
        let of = |part: &ReportPart| {
            let rows: Vec<&FigureRow> = self.report.figures.iter().filter(|row| row.part == part.code()).collect();
            (part.code(), self.words.label(part.label()), rows)
        };
        ReportPart::ALL.iter().map(of).filter(|(_, _, rows)| !rows.is_empty()).collect()
    }

    fn name(&self, row: &FigureRow) -> String {
        view::name(row).get(self.words.lang()).to_owned()
    }

    /// Whether it is the first row of its figure: the definition stands there once.
    fn is_first(&self, row: &FigureRow) -> bool {
        self.report.figures.iter().find(|other| other.code == row.code).is_some_and(|first| first.place == row.place)
    }

    fn definition<'a>(&self, row: &'a FigureRow) -> &'a str {
        if self.words.is_english() { &row.definition_en } else { &row.definition_zh }
    }

    fn href(&self, row: &FigureRow) -> String {
        let mut pairs = vec![("figure", row.code.as_str())];
        if !row.group_key.is_empty() {
            pairs.push(("group", &row.group_key));
        }
        self.words.to(&links::with(&links::report(self.report.summary.id, "/lists"), &pairs))
    }

    fn change_href(&self, row: &ChangeRow) -> String {
        let mut pairs = vec![("reason", row.reason.code())];
        pairs.extend(row.from_state.map(|state| ("from", state.code())));
        pairs.extend(row.to_state.map(|state| ("to", state.code())));
        self.words.to(&links::with(&links::report(self.report.summary.id, "/lists"), &pairs))
    }

    fn count(&self, value: &i64) -> String {
        self.words.number(value.unsigned_abs())
    }

    /// "+3", "−2", "0", or a dash where the month before is not known.
    fn change(&self, row: &FigureRow) -> String {
        let Some(before) = row.value_before else { return "—".to_owned() };
        signed(&self.words, row.value - before)
    }

    fn moved(&self, row: &ChangeRow) -> String {
        between(row.from_state, row.to_state).get(self.words.lang()).to_owned()
    }

    /// How a correction moved its figure.
    fn by(&self, row: &Correction) -> String {
        signed(&self.words, row.is - row.was)
    }

    fn corrected_name<'a>(&self, row: &'a Correction) -> &'a str {
        row.name.get(self.words.lang())
    }

    /// Entries and leavings of the uncovered in one sentence.
    fn flow(&self) -> String {
        let sum = |is_counted: &dyn Fn(&ChangeRow) -> bool| -> u64 {
            let rows = self.report.changes.iter().filter(|row| is_counted(row));
            rows.map(|row| row.households.unsigned_abs()).sum()
        };
        let uncovered = Some(CoverageState::Uncovered);
        let entered = self.words.number(sum(&|row| row.to_state == uncovered));
        let left = self.words.number(sum(&|row| row.from_state == uncovered));
        if self.words.is_english() {
            format!("{entered} households came to be uncovered, {left} are no longer.")
        } else {
            format!("新增未覆盖 {entered} 户，不再未覆盖 {left} 户。")
        }
    }

    fn mark(&self) -> &'static str {
        match (&self.report.summary.signature, self.report.summary.corrected_by) {
            _ if !self.report.genuine => "bad",
            (_, Some(_)) => "warn",
            (Some(_), None) => "good",
            (None, None) => "info",
        }
    }

    fn standing(&self) -> &'static str {
        match (&self.report.summary.signature, self.report.summary.corrected_by) {
            _ if !self.report.genuine => self.words.say("与冻结时不符", "Not what was frozen"),
            (_, Some(_)) => self.words.say("已被更正取代", "Corrected by a later version"),
            (Some(_), None) => self.words.say("已签发", "Signed"),
            (None, None) => self.words.say("已冻结，待签发", "Frozen, not signed"),
        }
    }
}

fn signed(words: &Words, by: i64) -> String {
    let n = words.number(by.unsigned_abs());
    match by.signum() {
        1 => format!("+{n}"),
        -1 => format!("−{n}"),
        _ => n,
    }
}

/// `GET /reports/{id}`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let frame = desk.frame_saying(|code, words| {
        Some(match code {
            "frozen" => words
                .say(
                    "已冻结。数字和名单不会再变；有更正时会另存一版。",
                    "Frozen. Figures and lists stay as they are; a correction is another version.",
                )
                .to_owned(),
            "signed" => {
                words.say("已签发，签的是这一版的全部内容。", "Signed, with everything this version says.").to_owned()
            }
            "corrected" => words
                .say(
                    "更正已另存为新的一版，原来那一版没有动。",
                    "The correction is a new version; the one before is as it was.",
                )
                .to_owned(),
            _ => return None,
        })
    });
    page(&desk, path.into_inner(), (frame, String::new()), None).await
}

async fn page(desk: &Desk, id: i64, (frame, typed): (Frame, String), error: Option<&AppError>) -> HttpResponse {
    match desk.read(move |conn| view::report(conn, id)).await {
        Ok(report) => {
            let is_newest = report.summary.corrected_by.is_none();
            let page = ReportPage {
                may_sign: is_newest
                    && report.summary.signature.is_none()
                    && desk.may(ObjectKind::Report, Action::Decide),
                may_correct: is_newest && desk.may(ObjectKind::Report, Action::Create),
                words: desk.words.clone(),
                frame,
                report,
                typed,
            };
            desk.show_as(error.map_or(actix_web::http::StatusCode::OK, fault::status), &page)
        }
        Err(error) => desk.refuse(&error),
    }
}

/// `POST /monthly/freeze`
pub(super) async fn freeze(sent: Sent) -> HttpResponse {
    let community = sent.form.need::<i64>("community", FieldCode::BadId);
    let asked = month(sent.form.text("month")).ok_or_else(|| FieldError::new("/month", FieldCode::BadDate));
    let (community, month) = match (community, asked) {
        (Ok(community), Ok(month)) => (community, month),
        (Err(error), _) | (_, Err(error)) => return sent.desk.refuse(&error.into()),
    };
    let (desk, keys) = (sent.desk.clone(), sent.desk.keys().clone());
    sent.act(move |conn| {
        desk.refer(conn, "/community", (ObjectKind::Area, community))?;
        let id = freeze::freeze(conn, &keys, (community, month), desk.moment(), desk.account())?;
        Ok((Some(id), format!("{}?done=frozen", links::report(id, ""))))
    })
    .await
}

/// `POST /reports/{id}/sign`
pub(super) async fn sign(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (id, desk) = (path.into_inner(), sent.desk.clone());
    sent.act(move |conn| {
        freeze::sign(conn, id, desk.account().ok_or(AppError::NotAllowed)?, desk.moment())?;
        Ok((None, format!("{}?done=signed", links::report(id, ""))))
    })
    .await
}

/// `POST /reports/{id}/correct`
pub(super) async fn correct(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let id = path.into_inner();
    let reason = crate::app::access::reason(sent.form.text("reason"))
        .map_err(|code| AppError::from(FieldError::new("/reason", code)));
    let done = match reason {
        Ok(reason) => {
            let (desk, keys) = (sent.desk.clone(), sent.desk.keys().clone());
            sent.once(move |conn| {
                let new = freeze::correct(conn, &keys, id, &reason, desk.moment(), desk.account())?;
                Ok((Some(new), format!("{}?done=corrected", links::report(new, ""))))
            })
            .await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(to) => crate::pages::sign_in::see(&sent.desk.words.to(&to)),
        Err(error) => {
            let frame = sent.desk.frame_with_fault(&error);
            page(&sent.desk, id, (frame, sent.form.text("reason").to_owned()), Some(&error)).await
        }
    }
}

fn file_answer(report: &Report, extension: &str, content_type: &'static str, bytes: Vec<u8>) -> HttpResponse {
    let data = &report.summary.data;
    let name = format!("report-{}-v{}.{extension}", data.month.format("%Y-%m"), data.version);
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(bytes)
}

/// `GET /reports/{id}/report.xlsx`
pub(super) async fn xlsx(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let (id, lang) = (path.into_inner(), desk.lang());
    let made = desk.read(move |conn| {
        let report = view::report(conn, id)?;
        let bytes = file::xlsx(&report, lang)?;
        Ok((report, bytes))
    });
    match made.await {
        Ok((report, bytes)) => {
            file_answer(&report, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", bytes)
        }
        Err(error) => desk.refuse(&error),
    }
}

/// `GET /reports/{id}/report.json`
pub(super) async fn json(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let id = path.into_inner();
    match desk.read(move |conn| view::report(conn, id)).await {
        Ok(report) => {
            let bytes = format!("{:#}\n", file::json(&report)).into_bytes();
            file_answer(&report, "json", "application/json", bytes)
        }
        Err(error) => desk.refuse(&error),
    }
}
