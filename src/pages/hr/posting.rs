//! `/hr/postings/{id}`: what a posting says, what the law says of it, and why it suits as many as it does.

use std::borrow::Borrow;

use actix_web::{HttpResponse, web};
use askama::Template;

use super::own;
use super::posting_check::{capital, count_said};
use super::postings::Fresh;
use crate::app::diagnosis::{self, Found};
use crate::app::error::AppError;
use crate::app::postings::{self, Posting};
use crate::app::settings;
use crate::domain::codes::PostingStatus;
use crate::domain::posting_law::{LawFinding, LawLevel};
use crate::pages::desk::Desk;
use crate::pages::frame::Frame;
use crate::pages::posting_words;
use crate::pages::words::Words;

#[derive(Template)]
#[template(path = "hr/posting.html")]
struct PostingPage {
    words: Words,
    frame: Frame,
    employer: String,
    posting: Posting,
    fresh: Fresh,
    findings: Vec<LawFinding>,
    counted: Option<(Found, u64)>,
}

impl PostingPage {
    fn href(&self, rest: &str) -> String {
        self.words.to(&format!("/hr/postings/{}{rest}", self.posting.id))
    }

    fn said(&self, count: impl Borrow<u64>, step: impl Borrow<u64>) -> String {
        count_said(&self.words, *count.borrow(), *step.borrow())
    }

    const fn is(&self, status: PostingStatus) -> bool {
        self.posting.status as u8 == status as u8
    }

    /// What is said of the posting, with its name; what is not said is left out.
    fn facts(&self) -> Vec<(&'static str, String)> {
        let (words, fields) = (&self.words, &self.posting.fields);
        let (filled, all_places) = (self.posting.filled, fields.headcount);
        let places = if words.is_english() {
            format!("{filled} of {all_places} filled")
        } else {
            format!("已招 {filled} / {all_places}")
        };
        let mut all =
            vec![(words.say("企业", "Employer"), self.employer.clone()), (words.say("人数", "Places"), places)];
        all.extend(posting_words::facts(words, fields));
        all.extend(fields.note.clone().map(|note| (words.say("备注", "Note"), note)));
        all
    }

    /// The law's findings: what kind of message, and the sentence.
    fn law(&self) -> Vec<(&'static str, String)> {
        let kind = |level| match level {
            LawLevel::Block => "block",
            LawLevel::Warn => "warn",
            LawLevel::Allow => "ok",
        };
        let said = |finding: &LawFinding| (kind(finding.level), capital(finding.text().get(self.words.lang())));
        self.findings.iter().map(said).collect()
    }
}

/// `GET /hr/postings/{id}`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    desk.answer(page(&desk, path.into_inner()).await)
}

async fn page(desk: &Desk, id: i64) -> Result<PostingPage, AppError> {
    let (own, keys, today) = (own::employers_of(desk), desk.keys().clone(), desk.today());
    let (posting, findings, employer, confirm_days, step) = desk
        .read(move |conn| {
            let posting = postings::get(conn, &keys, id, today)?;
            let employer = own::names(conn, &own)?.remove(&posting.fields.employer_id).ok_or(AppError::NotFound)?;
            let findings = postings::law_check(conn, &keys, id, today)?;
            let days = settings::posting_confirmation_days(conn, today)?;
            Ok((posting, findings, employer, days, settings::small_cell_threshold(conn, today)?))
        })
        .await?;
    let (db, fields) = (desk.pages.db.clone(), posting.fields.clone());
    let counted = match desk.compute(move || diagnosis::of_draft(&db, &fields, today)).await {
        Ok(found) => Some((found.for_outsiders(step), step)),
        Err(AppError::Busy | AppError::Refused(..)) => None,
        Err(error) => return Err(error),
    };
    let frame = desk.frame_saying(|code, words| {
        (code == "draft").then(|| {
            words
                .say("草稿已存，还没有发布，别人看不到。", "Kept as a draft: not published, nobody else sees it.")
                .to_owned()
        })
    });
    Ok(PostingPage {
        fresh: Fresh::of(&posting, confirm_days, today),
        words: desk.words.clone(),
        frame,
        employer,
        posting,
        findings,
        counted,
    })
}
