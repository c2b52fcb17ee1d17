//! Jobs of one person: the ones held, a job that began without a referral, and one that ended.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use super::parts;
use crate::app::error::{AppError, FieldCode, FieldError, Refusal};
use crate::app::spells::{self, SpellFields, SpellFilter};
use crate::app::{Connection, Page};
use crate::domain::codes::{Channel, Region};
use crate::domain::referral::ReferralReason;
use crate::domain::text::Text;
use crate::pages::desk::{Desk, Sent};
use crate::pages::form::Form;
use crate::pages::frame::Frame;
use crate::pages::shown::{Faults, Shown};
use crate::pages::words::Words;

/// Longest name of an employer, a job or a place, characters.
const NAME: usize = 60;

/// A job somebody holds today.
pub(super) struct Job {
    pub id: i64,
    pub name: String,
    pub note: String,
    pub contract_until: Option<NaiveDate>,
    /// One of them is needed when it ends; code and words.
    pub reasons: Vec<(&'static str, &'static str)>,
}

pub(super) fn jobs_of(conn: &mut Connection, desk: &Desk, resident: i64) -> Result<Vec<Job>, AppError> {
    let (words, today) = (&desk.words, desk.today());
    let filter = SpellFilter { resident: Some(resident), active_on: Some(today), ..SpellFilter::default() };
    let job = |record: crate::app::Record<spells::Spell>| {
        let fields = record.fields.fields;
        let names = [fields.employer_name, fields.job_title].into_iter().flatten().collect::<Vec<_>>();
        let channel = words.label(fields.channel.label());
        let since = fields.start_on.map(|day| {
            let day = parts::day(words, day, today);
            if words.is_english() { format!("since {day}") } else { format!("{day}起") }
        });
        let until = fields.contract_until.map(|day| {
            let day = parts::day(words, day, today);
            if words.is_english() { format!("contract until {day}") } else { format!("合同到 {day}") }
        });
        let pay = fields.monthly_income.map(|pay| match words.is_english() {
            false => format!("月收入 {pay} 元"),
            true => format!("{pay} yuan a month"),
        });
        let notes = [Some(channel.to_owned()), since, until, pay];
        Job {
            id: record.id,
            name: if names.is_empty() { channel.to_owned() } else { names.join(" ") },
            note: notes.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            contract_until: fields.contract_until,
            reasons: Vec::new(),
        }
    };
    let mut jobs: Vec<Job> = spells::page(conn, &filter, Page::first(i64::MAX))?.into_iter().map(job).collect();
    for job in &mut jobs {
        let reasons = spells::reasons_to_end(conn, job.id)?.into_iter();
        job.reasons = reasons.map(|reason| (reason.code(), words.label(reason.label()))).collect();
    }
    Ok(jobs)
}

#[derive(Template)]
#[template(path = "counselor/job.html")]
struct WorkPage {
    words: Words,
    frame: Frame,
    id: i64,
    typed: Form,
    faults: Faults,
    once: String,
    today: NaiveDate,
}

impl WorkPage {
    fn channels(&self) -> &'static [Channel] {
        Channel::ALL
    }

    fn regions(&self) -> &'static [Region] {
        Region::ALL
    }

    fn start_on(&self) -> String {
        self.typed.given("start_on").map_or_else(|| self.today.to_string(), str::to_owned)
    }
}

fn page(desk: &Desk, id: i64, shown: Shown) -> WorkPage {
    let Shown { frame, typed, faults, once } = shown;
    WorkPage { words: desk.words.clone(), frame, id, typed, faults, once, today: desk.today() }
}

/// `GET /residents/{id}/work`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    desk.show(&page(&desk, path.into_inner(), Shown::first(desk.frame())))
}

/// `POST /residents/{id}/work`
pub(super) async fn begin(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, id) = (sent.desk.clone(), path.into_inner());
    let saved = match typed(&sent.form) {
        Ok(fields) => {
            let writer = desk.clone();
            sent.once(move |conn| {
                let made = spells::create(conn, writer.keys(), id, fields.clone(), writer.moment())?;
                Ok((Some(made.id), format!("/residents/{id}?done=work")))
            })
            .await
        }
        Err(error) => Err(error),
    };
    sent.done_or_again(saved, async |desk, shown| Ok(page(desk, id, shown))).await
}

fn typed(form: &Form) -> Result<SpellFields, AppError> {
    let channel = form.choice("channel", Channel::from_code)?;
    let income: Option<i64> = form.parse("monthly_income", FieldCode::WrongType)?;
    if income.is_some_and(|yuan| !(0..=1_000_000).contains(&yuan)) {
        return Err(FieldError::new("/monthly_income", FieldCode::OutOfRange).into());
    }
    Ok(SpellFields {
        employer_id: None,
        posting_id: None,
        channel: channel.ok_or_else(|| FieldError::new("/channel", FieldCode::Missing))?,
        employer_name: form.paragraph("employer", NAME)?,
        job_title: form.paragraph("title", NAME)?,
        region: form.choice("region", Region::from_code)?,
        place: form.paragraph("place", NAME)?,
        start_on: Some(form.need("start_on", FieldCode::BadDate)?),
        end_on: None,
        monthly_income: income,
        part_time: form.has("part_time", "yes"),
        contract_until: form.parse("contract_until", FieldCode::BadDate)?,
        evidence: None,
        verified_on: None,
        note: None,
    })
}

/// `POST /spells/{id}/contract`: the contract was renewed, or has a last day at last.
pub(super) async fn renew(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, id) = (sent.desk.clone(), path.into_inner());
    let until = match sent.form.need::<NaiveDate>("until", FieldCode::BadDate) {
        Ok(until) => until,
        Err(error) => return desk.refuse(&error.into()),
    };
    sent.act(move |conn| {
        let old = spells::get(conn, desk.keys(), id)?;
        let job = old.fields.fields;
        if job.end_on.is_some_and(|end| end <= desk.today()) {
            return Err(Refusal::SpellEnded.into());
        }
        if job.contract_until.is_some_and(|known| until <= known) {
            return Err(FieldError::with_text("/until", FieldCode::Contradicts, not_later()).into());
        }
        let fields = SpellFields { contract_until: Some(until), ..job };
        spells::update(conn, desk.keys(), (id, old.version), fields, (desk.moment(), desk.by()))?;
        Ok((None, format!("/residents/{}?done=renewed", old.fields.resident_id)))
    })
    .await
}

fn not_later() -> Text {
    Text::new(
        "续签后的到期日应晚于现在的到期日。请核对。",
        "A renewed contract ends later than the present one. Please check the day.",
    )
}

/// `POST /spells/{id}/leave`: the first day out of the job.
pub(super) async fn leave(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, id) = (sent.desk.clone(), path.into_inner());
    let said = || {
        let on = sent.form.need::<NaiveDate>("on", FieldCode::BadDate)?;
        Ok::<_, FieldError>((on, sent.form.choice("reason", ReferralReason::from_code)?))
    };
    let end = match said() {
        Ok(end) => end,
        Err(error) => return desk.refuse(&error.into()),
    };
    sent.act(move |conn| {
        let ended = spells::end(conn, desk.keys(), id, end, (desk.moment(), desk.by()))?;
        Ok((None, format!("/residents/{}?done=left", ended.fields.resident_id)))
    })
    .await
}
