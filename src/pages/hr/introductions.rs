//! `/hr/introductions/{id}`: how far a request to be introduced came; name and phone once the person agreed.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::candidates::status;
use super::own;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::postings;
use crate::app::privacy::acquaintance::Contact;
use crate::app::privacy::cards;
use crate::app::privacy::introductions::{self, Introduction};
use crate::domain::privacy::IntroductionStatus;
use crate::pages::desk::{Desk, Sent};
use crate::pages::frame::Frame;
use crate::pages::words::Words;

#[derive(Template)]
#[template(path = "hr/introduction.html")]
struct IntroductionPage {
    words: Words,
    frame: Frame,
    introduction: Introduction,
    title: String,
    contact: Option<Contact>,
}

impl IntroductionPage {
    fn status(&self) -> String {
        status(&self.words, &self.introduction)
    }

    fn card(&self) -> String {
        own::card(&self.introduction.card)
    }

    const fn is_open(&self) -> bool {
        matches!(self.introduction.status, IntroductionStatus::Requested | IntroductionStatus::Consented)
    }
}

/// `GET /hr/introductions/{id}`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let (id, viewer, keys, today) = (path.into_inner(), own::viewer(&desk), desk.keys().clone(), desk.today());
    let read = desk
        .read(move |conn| {
            let introduction = introductions::get(conn, &keys, &viewer, id, today)?;
            let title = postings::get(conn, &keys, introduction.posting_id, today)?.fields.title;
            let contact = match introduction.in_force {
                true => Some(introductions::contact(conn, &keys, &viewer, id, today)?.0),
                false => None,
            };
            Ok((introduction, title, contact))
        })
        .await;
    match read {
        Ok((introduction, title, contact)) => {
            let (words, frame) = (desk.words.clone(), desk.frame());
            desk.show(&IntroductionPage { words, frame, introduction, title, contact })
        }
        Err(error) => desk.refuse(&error),
    }
}

/// `POST /hr/postings/{id}/introductions`
pub(super) async fn ask(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (id, moment) = (path.into_inner(), sent.desk.moment());
    let interview_on = match sent.form.parse("interview_on", FieldCode::BadDate) {
        Ok(day) => day,
        Err(fault) => return sent.desk.refuse(&fault.into()),
    };
    let card = sent.form.text("card").to_owned();
    let db = sent.desk.pages.db.clone();
    let resident = sent.desk.compute(move || cards::resident_of(&db, id, &card, moment.1)).await;
    let resident = match resident {
        Ok(resident) => resident,
        // The posting is the caller's: it is the card that is no candidate's any more.
        Err(AppError::NotFound) => {
            return sent.desk.refuse(&FieldError::new("/card", FieldCode::NoSuchRecord).into());
        }
        Err(error) => return sent.desk.refuse(&error),
    };
    let (viewer, account, keys) = (own::viewer(&sent.desk), sent.desk.account(), sent.desk.keys().clone());
    sent.desk.shows([resident]);
    sent.act(move |conn| {
        let wanted = (id, resident, interview_on);
        let introduction = introductions::request(conn, &keys, wanted, moment, (&viewer, account))?;
        Ok((Some(introduction.id), format!("/hr/postings/{id}/candidates?done=asked")))
    })
    .await
}

/// `POST /hr/introductions/{id}/close`
pub(super) async fn close(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (id, viewer, moment) = (path.into_inner(), own::viewer(&sent.desk), sent.desk.moment());
    let keys = sent.desk.keys().clone();
    sent.act(move |conn| {
        introductions::close(conn, &keys, id, moment, &viewer)?;
        Ok((None, "/hr/candidates".to_owned()))
    })
    .await
}

/// `POST /hr/referrals/{id}/again`: the refusal was a mistake; the community is asked for the person once more.
pub(super) async fn again(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (id, viewer, moment) = (path.into_inner(), own::viewer(&sent.desk), sent.desk.moment());
    let (keys, account) = (sent.desk.keys().clone(), sent.desk.account());
    sent.act(move |conn| {
        let asked = introductions::again(conn, &keys, id, moment, (&viewer, account))?;
        Ok((Some(asked.id), format!("/hr/referrals/{id}?done=again")))
    })
    .await
}
