//! `/postings/{id}`: a posting that is about to end: what its employer is asked, and what it answered.
//!
//! The firm's own clerk says it on the pages of the factory; here a counselor writes down what was said on the phone.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use super::parts;
use crate::app::access::{Action, ObjectKind};
use crate::app::employers;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::postings::{self, Posting, PostingFields};
use crate::domain::codes::PostingStatus;
use crate::pages::desk::{Desk, Sent};
use crate::pages::form::Form;
use crate::pages::frame::Frame;
use crate::pages::hours;
use crate::pages::posting_words::pay;
use crate::pages::shown::{Faults, Shown};
use crate::pages::words::Words;

#[derive(Template)]
#[template(path = "counselor/posting.html")]
struct PostingPage {
    words: Words,
    frame: Frame,
    posting: Posting,
    employer: String,
    address: Option<String>,
    typed: Form,
    faults: Faults,
    once: String,
    today: NaiveDate,
    acts: bool,
}

impl PostingPage {
    fn href(&self, rest: &str) -> String {
        self.words.to(&format!("/postings/{}{rest}", self.posting.id))
    }

    fn is_published(&self) -> bool {
        self.posting.status == PostingStatus::Published
    }

    fn ends(&self) -> String {
        let (words, today) = (&self.words, self.today);
        let Some(until) = self.posting.fields.valid_until else {
            return words.say("没有写到哪天为止。", "It names no last day.").to_owned();
        };
        let day = parts::when(words, until, today);
        match (words.is_english(), until < today) {
            (false, false) => format!("招到 {day}为止。"),
            (false, true) => format!("{day}已到期，现在不再推荐人。"),
            (true, false) => format!("Open until {day}."),
            (true, true) => format!("It ended on {day}; nobody is recommended to it now."),
        }
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let (words, fields) = (&self.words, &self.posting.fields);
        let (filled, all) = (self.posting.filled, fields.headcount);
        let facts = [
            (words.say("单位", "Employer"), Some(self.employer.clone())),
            (words.say("地址", "Address"), self.address.clone()),
            (
                words.say("人数", "Places"),
                Some(match words.is_english() {
                    false => format!("要 {all} 人，已招 {filled} 人，空 {} 个", self.posting.vacancies),
                    true => format!("{filled} of {all} filled, {} left", self.posting.vacancies),
                }),
            ),
            (words.say("工资", "Pay"), pay(words, fields)),
            (words.say("上班时间", "Hours"), Some(hours::said(words, &fields.hours)).filter(|hours| !hours.is_empty())),
            (words.say("上班地点", "Place of work"), fields.place.clone()),
            (words.say("最近确认", "Last confirmed"), self.posting.confirmed_on.map(|day| words.date(day))),
        ];
        facts.into_iter().filter_map(|(label, value)| Some((label, value?))).collect()
    }

    fn until(&self) -> &str {
        self.typed.text("valid_until")
    }
}

fn said(code: &str, words: &Words) -> Option<String> {
    let said = match code {
        "extended" => ("已延长，继续推荐人。", "Extended; people go on being recommended to it."),
        "closed" => (
            "已关闭，不再推荐人；在岗的人不受影响。",
            "Closed: nobody is recommended to it any more; those at work stay.",
        ),
        _ => return None,
    };
    Some(words.say(said.0, said.1).to_owned())
}

/// `GET /postings/{id}`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let shown = Shown::first(desk.frame_saying(said));
    desk.answer(page(&desk, path.into_inner(), shown).await)
}

async fn page(desk: &Desk, id: i64, shown: Shown) -> Result<PostingPage, AppError> {
    let Shown { frame, typed, faults, once } = shown;
    let (keys, today) = (desk.keys().clone(), desk.today());
    let (posting, employer) = desk
        .read(move |conn| {
            let posting = postings::get(conn, &keys, id, today)?;
            let employer = employers::get(conn, posting.fields.employer_id)?.fields;
            Ok((posting, employer))
        })
        .await?;
    Ok(PostingPage {
        employer: employer.name,
        address: employer.address,
        posting,
        typed,
        faults,
        once,
        today,
        acts: desk.may(ObjectKind::Posting, Action::Change),
        frame,
        words: desk.words.clone(),
    })
}

/// `POST /postings/{id}/extend`: the employer goes on looking, until a new last day.
pub(super) async fn extend(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, id) = (sent.desk.clone(), path.into_inner());
    let saved = match until(&sent.form, desk.today()) {
        Ok(until) => {
            let (keys, moment) = (desk.keys().clone(), desk.moment());
            sent.once(move |conn| {
                let posting = postings::get(conn, &keys, id, moment.1)?;
                let fields = PostingFields { valid_until: Some(until), ..posting.fields };
                postings::update(conn, &keys, (id, posting.version), fields, moment)?;
                Ok((None, format!("/postings/{id}?done=extended")))
            })
            .await
        }
        Err(error) => Err(error.into()),
    };
    sent.done_or_again(saved, async |desk, shown| page(desk, id, shown).await).await
}

fn until(form: &Form, today: NaiveDate) -> Result<NaiveDate, FieldError> {
    let until: NaiveDate = form.need("valid_until", FieldCode::BadDate)?;
    if until < today {
        let text = crate::domain::text::Text::new(
            "这一天已经过了，请选今天或以后的日期。",
            "This day has passed. Please choose today or a later day.",
        );
        return Err(FieldError::with_text("/valid_until", FieldCode::Contradicts, text));
    }
    Ok(until)
}

/// `POST /postings/{id}/end`: the employer looks for nobody any more.
pub(super) async fn end(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (id, keys, moment) = (path.into_inner(), sent.desk.keys().clone(), sent.desk.moment());
    sent.act(move |conn| {
        let version = postings::get(conn, &keys, id, moment.1)?.version;
        postings::set_status(conn, &keys, (id, version), PostingStatus::Closed, moment)?;
        Ok((None, format!("/postings/{id}?done=closed")))
    })
    .await
}
