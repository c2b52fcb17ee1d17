//! `/hr/roster`: whom the employer employs, which months count for the subsidy, and who has left; the same as a spreadsheet.

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{Datelike, NaiveDate};

use super::own::{self, ROWS};
use crate::app::Connection;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::exports::Form as FileForm;
use crate::app::ledgers::ListKind;
use crate::app::roster::{self, Roster, Worker};
use crate::domain::referral::{ReferralReason, ReferralState};
use crate::domain::subsidy::{SubsidyMonth, years};
use crate::pages::desk::{Desk, Sent};
use crate::pages::form::Form;
use crate::pages::frame::Frame;
use crate::pages::picker::{self, Picker};
use crate::pages::sign_in::see;
use crate::pages::words::Words;

const BASE: &str = "/hr/roster";

#[derive(Template)]
#[template(path = "hr/roster.html")]
struct RosterPage {
    words: Words,
    frame: Frame,
    roster: Roster,
    workers: Vec<Worker>,
    has_several: bool,
    years: Vec<i32>,
    today: NaiveDate,
    later: Option<String>,
    picker: Picker,
}

impl RosterPage {
    fn at_work(&self) -> usize {
        self.roster.workers.iter().filter(|worker| worker.is_at_work(self.today)).count()
    }

    fn counted(&self) -> usize {
        self.roster.workers.iter().map(Worker::counted).sum()
    }

    fn is_at_work(&self, worker: &Worker) -> bool {
        worker.is_at_work(self.today)
    }

    /// The months that count, and why others do not.
    fn months(&self, worker: &Worker) -> String {
        let english = self.words.is_english();
        let said = |(number, month): (usize, &Option<SubsidyMonth>)| {
            let why = match (month.as_ref()?, english) {
                (SubsidyMonth::Counts, _) => return None,
                (SubsidyMonth::TooFewDays(days), false) => format!("{days} 天"),
                (SubsidyMonth::TooFewDays(days), true) => format!("{days} days"),
                (SubsidyMonth::PayTooLow, false) => "收入不足".to_owned(),
                (SubsidyMonth::PayTooLow, true) => "pay too low".to_owned(),
                (SubsidyMonth::PayUnknown, false) => "收入没登记".to_owned(),
                (SubsidyMonth::PayUnknown, true) => "pay not on record".to_owned(),
            };
            Some((number + 1, why))
        };
        let mut groups: Vec<(Vec<String>, String)> = Vec::new();
        for (number, why) in worker.months.iter().enumerate().filter_map(said) {
            match groups.last_mut().filter(|(_, last)| *last == why) {
                Some((months, _)) => months.push(number.to_string()),
                None => groups.push((vec![number.to_string()], why)),
            }
        }
        let group = |(months, why): &(Vec<String>, String)| {
            let months = match (months.first(), months.last()) {
                (Some(first), Some(last)) if first != last => format!("{first}–{last}"),
                (first, _) => first.cloned().unwrap_or_default(),
            };
            if english { format!("month {months}: {why}") } else { format!("{months} 月：{why}") }
        };
        groups.iter().map(group).collect::<Vec<_>>().join(self.words.say("；", "; "))
    }

    fn reasons(&self) -> Vec<(&'static str, &'static str)> {
        let own = ReferralReason::of(ReferralState::Ended).filter(|reason| !reason.is_private());
        own.map(|reason| (reason.code(), self.words.label(reason.label()))).collect()
    }
}

/// The year asked for, among those that can be.
fn year(desk: &Desk) -> i32 {
    let asked = desk.query("year").and_then(|year| year.parse::<i32>().ok());
    asked.filter(|year| years(desk.today()).any(|known| known == *year)).unwrap_or_else(|| desk.today().year())
}

async fn read(desk: &Desk) -> Result<Roster, AppError> {
    let (own, year, today) = (own::employers_of(desk), year(desk), desk.today());
    let roster = desk.read(move |conn| roster::of_employers(conn, &own, year, today)).await?;
    desk.shows(roster::shown(&roster));
    Ok(roster)
}

/// `GET /hr/roster`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    let roster = match read(&desk).await {
        Ok(roster) => roster,
        Err(error) => return desk.refuse(&error),
    };
    let account = desk.account().unwrap_or_default();
    let load = move |conn: &mut Connection| {
        Picker::load(conn, account, (BASE, vec![ListKind::Roster]), (None, Form::default()))
    };
    let picker = match desk.read(load).await {
        Ok(picker) => picker,
        Err(error) => return desk.refuse(&error),
    };
    let frame = desk.frame_saying(|code, words| match code {
        "left" => Some(words.say("已登记离岗，名额空出来了。", "The leaving is noted; the place is free.").to_owned()),
        code => picker::said(code, words),
    });
    let from = desk.query("after").and_then(|after| after.parse::<usize>().ok()).unwrap_or(0);
    let later = (from + ROWS < roster.workers.len())
        .then(|| desk.words.to(&format!("/hr/roster?year={}&after={}", roster.year, from + ROWS)));
    desk.show(&RosterPage {
        words: desk.words.clone(),
        frame,
        workers: roster.workers.iter().skip(from).take(ROWS).cloned().collect(),
        has_several: own::employers_of(&desk).len() > 1,
        years: years(desk.today()).collect(),
        today: desk.today(),
        later,
        roster,
        picker,
    })
}

/// `GET /hr/roster.xlsx?year=…&view=…`, or `.csv`
pub(super) async fn download(desk: Desk, request: HttpRequest) -> HttpResponse {
    let written = async {
        let extension = request.path().rsplit_once('.').map(|(_, extension)| extension);
        let form = extension.and_then(FileForm::from_code).ok_or(AppError::NotFound)?;
        let reader = desk.clone();
        let codes = desk.read(move |conn| picker::chosen(conn, &reader, ListKind::Roster)).await?;
        let roster = read(&desk).await?;
        let year = roster.year;
        let write = move || {
            let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
            roster::table(&roster, &codes)?.write(form)
        };
        Ok::<_, AppError>((desk.compute(write).await?, form, year))
    };
    match written.await {
        Ok((bytes, form, year)) => {
            let name = format!("attachment; filename=\"roster-{year}.{}\"", form.code());
            HttpResponse::Ok()
                .insert_header((CONTENT_TYPE, form.content_type()))
                .insert_header((CONTENT_DISPOSITION, name))
                .body(bytes)
        }
        Err(error) => desk.refuse(&error),
    }
}

/// `POST /hr/roster/views`
pub(super) async fn save_view(sent: Sent) -> HttpResponse {
    match picker::save(&sent, BASE).await {
        Ok(to) => see(&sent.desk.words.to(&to)),
        Err(error) => sent.desk.refuse(&error),
    }
}

/// `POST /hr/roster/views/{id}/remove`
pub(super) async fn remove_view(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    picker::remove(sent, path, BASE).await
}

/// `POST /hr/roster/{id}/leaver`
pub(super) async fn leaver(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (id, keys, moment, by) = (path.into_inner(), sent.desk.keys().clone(), sent.desk.moment(), sent.desk.by());
    let said = || {
        let reason = sent.form.choice("reason", ReferralReason::from_code)?;
        let reason = reason.ok_or_else(|| FieldError::new("/reason", FieldCode::Missing))?;
        Ok::<_, FieldError>((reason, sent.form.need::<NaiveDate>("ended_on", FieldCode::BadDate)?))
    };
    let (reason, on) = match said() {
        Ok(said) => said,
        Err(fault) => return sent.desk.refuse(&fault.into()),
    };
    sent.act(move |conn| {
        roster::leaver(conn, &keys, (id, reason, on), moment, by)?;
        Ok((None, "/hr/roster?done=left".to_owned()))
    })
    .await
}
