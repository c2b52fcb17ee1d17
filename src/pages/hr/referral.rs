//! `/hr/referrals/{id}`: one person the employer was sent: name and phone while the consent holds, what was done, and every answer
//! it can give.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use super::own;
use crate::app::error::{AppError, FieldError};
use crate::app::postings::{self, Posting};
use crate::app::privacy::acquaintance::Contact;
use crate::app::privacy::introductions;
use crate::app::referrals::view::{self, History, Taken};
use crate::domain::referral::{ReferralReason, ReferralState, step_label};
use crate::pages::desk::Desk;
use crate::pages::form::Form;
use crate::pages::frame::Frame;
use crate::pages::words::Words;

#[derive(Template)]
#[template(path = "hr/referral.html")]
struct ReferralPage {
    words: Words,
    frame: Frame,
    history: History,
    posting: Posting,
    contact: Option<Contact>,
    today: NaiveDate,
    typed: Form,
    faults: Vec<FieldError>,
}

impl ReferralPage {
    fn card(&self) -> String {
        own::card(&self.history.referral.card)
    }

    fn href(&self) -> String {
        self.words.to(&format!("/hr/referrals/{}/answer", self.history.referral.id))
    }

    const fn state(&self) -> ReferralState {
        self.history.referral.state
    }

    fn is(&self, code: &str) -> bool {
        self.state().code() == code
    }

    fn is_open(&self) -> bool {
        matches!(self.state(), ReferralState::Referred | ReferralState::Interview | ReferralState::Offered)
    }

    /// Whether the employer may still say that it refused by mistake.
    fn may_ask_again(&self) -> bool {
        introductions::may_ask_again(self.state(), self.history.referral.moved_on, self.today)
    }

    fn again(&self) -> String {
        self.words.to(&format!("/hr/referrals/{}/again", self.history.referral.id))
    }

    fn places(&self) -> String {
        own::places(&self.words, &self.posting)
    }

    fn v(&self, name: &str) -> &str {
        self.typed.text(name)
    }

    fn day_or_today(&self, name: &str) -> String {
        self.typed.given(name).map_or_else(|| self.today.to_string(), str::to_owned)
    }

    fn is_typed(&self, name: &str, value: &str) -> bool {
        self.typed.has(name, value)
    }

    /// What is wrong at one of the fields.
    fn fault(&self, name: &str) -> Option<&str> {
        let at = |fault: &&FieldError| fault.pointer.rsplit('/').next() == Some(name);
        self.faults.iter().find(at).map(|fault| fault.text.get(self.words.lang()))
    }

    /// Where it stands.
    fn standing(&self) -> &'static str {
        let reason = self.history.moves.last().and_then(|step| step.reason);
        self.words.label(step_label(self.state(), reason))
    }

    /// Reasons of the code list that are an employer's to give.
    fn reasons(&self, to: &str) -> Vec<(&'static str, &'static str)> {
        let Some(to) = ReferralState::from_code(to) else { return Vec::new() };
        let own = ReferralReason::of(to).filter(|reason| !reason.is_private());
        own.map(|reason| (reason.code(), self.words.label(reason.label()))).collect()
    }

    fn step(&self, step: &Taken) -> String {
        let state = self.words.label(step_label(step.to, step.reason));
        let reason = step.reason.map(|reason| self.words.label(reason.label()));
        reason.map_or_else(|| state.to_owned(), |reason| format!("{state}{}{reason}", self.words.say("：", ": ")))
    }
}

/// `GET /hr/referrals/{id}`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let frame = desk.frame_saying(|code, words| {
        (code == "again").then(|| {
            words
                .say(
                    "已请社区再介绍一次；本人同意后，会重新出现在等您答复的人里。",
                    "The community is asked once more; with the person's consent the referral comes anew.",
                )
                .to_owned()
        })
    });
    page(&desk, path.into_inner(), (frame, Form::default(), Vec::new()), StatusCode::OK).await
}

/// The page, with what was typed and why it had no effect.
pub(super) async fn page(
    desk: &Desk,
    id: i64,
    (frame, typed, faults): (Frame, Form, Vec<FieldError>),
    status: StatusCode,
) -> HttpResponse {
    let (viewer, keys, today, by) = (own::viewer(desk), desk.keys().clone(), desk.today(), desk.by());
    let read = desk
        .read(move |conn| {
            let history = view::get(conn, &keys, &viewer, id, (today, by))?;
            let posting = postings::get(conn, &keys, history.referral.posting_id, today)?;
            let contact = match history.referral.in_force {
                true => Some(view::contact(conn, &keys, &viewer, id, today)?.0),
                false => None,
            };
            Ok::<_, AppError>((history, posting, contact))
        })
        .await;
    match read {
        Ok((history, posting, contact)) => {
            let words = desk.words.clone();
            let page = ReferralPage { words, frame, history, posting, contact, today, typed, faults };
            desk.show_as(status, &page)
        }
        Err(error) => desk.refuse(&error),
    }
}
