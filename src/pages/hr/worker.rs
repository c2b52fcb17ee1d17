//! `/hr/roster/{id}`: one job with the employer: put right, with what was said before; a leaving that was none, and a start that was none.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use crate::app::access;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::work_changes::{self, Change, Correction, NoStart, UNDO_DAYS, Work};
use crate::domain::referral::ReferralReason;
use crate::domain::work_fact::WorkFact;
use crate::pages::desk::{Desk, Sent};
use crate::pages::form::Form;
use crate::pages::frame::Frame;
use crate::pages::shown::{Faults, Shown};
use crate::pages::words::Words;

/// Largest pay a month, yuan.
const MOST_YUAN: i64 = 1_000_000;

#[derive(Template)]
#[template(path = "hr/worker.html")]
struct WorkerPage {
    words: Words,
    frame: Frame,
    id: i64,
    work: Work,
    today: NaiveDate,
    typed: Form,
    faults: Faults,
    once: String,
}

impl WorkerPage {
    fn href(&self, rest: &str) -> String {
        self.words.to(&format!("/hr/roster/{}{rest}", self.id))
    }

    fn runs(&self) -> bool {
        self.work.job.fields.fields.end_on.is_none()
    }

    fn title(&self) -> String {
        let job = &self.work.job.fields.fields;
        job.job_title.clone().unwrap_or_else(|| self.words.label(job.channel.label()).to_owned())
    }

    fn since(&self) -> String {
        let (from, end) = (self.work.job.fields.counted_from, self.work.job.fields.fields.end_on);
        match (self.words.is_english(), end) {
            (false, Some(_)) if !self.work.has_a_day() => format!("报过 {from} 上岗，后来更正：没有上岗"),
            (true, Some(_)) if !self.work.has_a_day() => format!("reported from {from}, then put right: never started"),
            (false, None) => format!("{from} 上岗"),
            (true, None) => format!("at work since {from}"),
            (false, Some(end)) => format!("{from} 上岗，{end} 起不在岗"),
            (true, Some(end)) => format!("at work from {from}, no longer from {end}"),
        }
    }

    /// 11 月 20 日：月收入 2,600 元 → 2,800 元
    fn said(&self, change: &Change) -> String {
        let words = &self.words;
        let value = |said: &Option<String>| match (said, change.fact) {
            (None, _) => words.say("没登记", "not on record").to_owned(),
            (Some(said), WorkFact::Pay) if words.is_english() => format!("{said} yuan"),
            (Some(said), WorkFact::Pay) => format!("{said} 元"),
            (Some(said), WorkFact::PartTime) if said == "1" => words.say("是", "yes").to_owned(),
            (Some(_), WorkFact::PartTime) => words.say("不是", "no").to_owned(),
            (Some(said), _) => said.clone(),
        };
        let label = words.label(change.fact.label());
        format!("{label}{}{} → {}", words.say("：", ": "), value(&change.before), value(&change.after))
    }

    /// Why a start was none, in the words of who reports it.
    fn no_start_reasons(&self) -> Vec<(&'static str, &'static str)> {
        let said = |reason: ReferralReason| match reason {
            ReferralReason::DidNotAppear => self.words.say("说好了没来", "did not come after all"),
            ReferralReason::EnteredByMistake => self.words.say("报错了人", "reported for the wrong person"),
            other => self.words.label(other.label()),
        };
        ReferralReason::of_no_start().map(|reason| (reason.code(), said(reason))).collect()
    }

    const fn undo_days() -> u64 {
        UNDO_DAYS
    }
}

fn said(code: &str, words: &Words) -> Option<String> {
    let said = match code {
        "corrected" => ("已更正，以前登记的留在下面。", "Put right; what was said before stands below."),
        "no-start" => (
            "已更正：没有上岗。名额空出来了，社区会联系本人。",
            "Put right: never started. The place is free, and the community asks the person.",
        ),
        "back" => ("已记下还在岗。", "It is on record that the person is still at work."),
        _ => return None,
    };
    Some(words.say(said.0, said.1).to_owned())
}

/// `GET /hr/roster/{id}`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    desk.answer(page(&desk, path.into_inner(), Shown::first(desk.frame_saying(said))).await)
}

async fn page(desk: &Desk, id: i64, shown: Shown) -> Result<WorkerPage, AppError> {
    let Shown { frame, typed, faults, once } = shown;
    let reader = desk.clone();
    let work = desk.read(move |conn| work_changes::work(conn, reader.keys(), id)).await?;
    desk.shows([work.job.fields.resident_id]);
    // Where the other form of the page was sent, this one is as on record.
    let typed = if typed.given("version").is_some() { typed } else { typed.or(fill(&work)) };
    Ok(WorkerPage { words: desk.words.clone(), frame, id, work, today: desk.today(), typed, faults, once })
}

fn fill(work: &Work) -> Form {
    let job = &work.job.fields.fields;
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    Form::from_pairs(vec![
        ("version", work.job.version.to_string()),
        ("start_on", work.job.fields.counted_from.to_string()),
        ("monthly_income", job.monthly_income.map(|yuan| yuan.to_string()).unwrap_or_default()),
        ("contract_until", day(job.contract_until)),
        ("part_time", if job.part_time { "yes" } else { "" }.to_owned()),
    ])
}

fn typed(form: &Form) -> Result<(i64, Correction, String), AppError> {
    let income: Option<i64> = form.parse("monthly_income", FieldCode::WrongType)?;
    if income.is_some_and(|yuan| !(0..=MOST_YUAN).contains(&yuan)) {
        return Err(FieldError::new("/monthly_income", FieldCode::OutOfRange).into());
    }
    let correction = Correction {
        start_on: form.need("start_on", FieldCode::BadDate)?,
        monthly_income: income,
        contract_until: form.parse("contract_until", FieldCode::BadDate)?,
        part_time: form.has("part_time", "yes"),
    };
    Ok((form.need("version", FieldCode::WrongType)?, correction, work_changes::reason(form.text("why"))?))
}

/// `POST /hr/roster/{id}/correct`
pub(super) async fn correct(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, id) = (sent.desk.clone(), path.into_inner());
    let saved = match typed(&sent.form) {
        Ok((version, correction, why)) => {
            desk.says(&why);
            let writer = desk.clone();
            sent.once(move |conn| {
                let moment = writer.moment();
                work_changes::correct(conn, writer.keys(), (id, version), &correction, moment, writer.by())?;
                Ok((None, format!("/hr/roster/{id}?done=corrected")))
            })
            .await
        }
        Err(error) => Err(error),
    };
    sent.done_or_again(saved, async |desk, shown| page(desk, id, shown).await).await
}

/// `POST /hr/roster/{id}/goes-on`
pub(super) async fn goes_on(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, id) = (sent.desk.clone(), path.into_inner());
    sent.act(move |conn| {
        work_changes::goes_on(conn, desk.keys(), id, desk.moment(), desk.by())?;
        Ok((None, format!("/hr/roster/{id}?done=back")))
    })
    .await
}

fn never_came(form: &Form) -> Result<NoStart, AppError> {
    let reason = form.choice("reason", ReferralReason::from_code)?;
    let reason = reason.ok_or_else(|| FieldError::new("/reason", FieldCode::Missing))?;
    let note = access::reason(form.text("said")).map_err(|code| FieldError::new("/said", code))?;
    Ok(NoStart { reason, note })
}

/// `POST /hr/roster/{id}/no-start`
pub(super) async fn no_start(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, id) = (sent.desk.clone(), path.into_inner());
    let saved = match never_came(&sent.form) {
        Ok(said) => {
            desk.says(&said.note);
            let writer = desk.clone();
            sent.once(move |conn| {
                work_changes::never_began(conn, writer.keys(), id, &said, writer.moment(), writer.by())?;
                Ok((None, format!("/hr/roster/{id}?done=no-start")))
            })
            .await
        }
        Err(error) => Err(error),
    };
    sent.done_or_again(saved, async |desk, shown| page(desk, id, shown).await).await
}
