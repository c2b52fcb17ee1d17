//! `/residents/{id}/slip/{posting}`: a slip about one job to take along: printed, or its text copied into a message.
//!
//! Invariant: it names the employer and the job, never the person, so that a slip that is lost tells of nobody.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::offers;
use crate::app::postings::{self, PostingFields};
use crate::app::recommendations::{Mark, Proposed, for_pairs};
use crate::app::referrals::at_once::recipient;
use crate::pages::desk::Desk;
use crate::pages::frame::Frame;
use crate::pages::hours;
use crate::pages::posting_words::pay;
use crate::pages::words::Words;

#[derive(Template)]
#[template(path = "counselor/slip.html")]
struct SlipPage {
    words: Words,
    frame: Frame,
    id: i64,
    title: String,
    employer: String,
    facts: Vec<(&'static str, String)>,
    reasons: Vec<(&'static str, String)>,
    /// The same as plain text.
    text: String,
}

/// `GET /residents/{id}/slip/{posting}`
pub(super) async fn show(desk: Desk, path: web::Path<(i64, i64)>) -> HttpResponse {
    let (id, posting) = path.into_inner();
    let (db, today, keys) = (desk.pages.db.clone(), desk.today(), desk.keys().clone());
    let found = desk.compute(move || {
        let (_, mut pairs) = for_pairs(&db, id, &[posting], today)?;
        let pair = pairs.pop().ok_or(crate::app::error::AppError::NotFound)?;
        let known = db.read(|conn| {
            let fields = postings::get(conn, &keys, posting, today)?.fields;
            Ok::<_, crate::app::error::AppError>((fields, recipient(conn, posting)?.1))
        })?;
        Ok((pair, known))
    });
    match found.await {
        Ok((pair, (fields, address))) => desk.show(&page(&desk, id, pair, &fields, address)),
        Err(error) => desk.refuse(&error),
    }
}

fn page(desk: &Desk, id: i64, pair: Proposed, fields: &PostingFields, address: Option<String>) -> SlipPage {
    let words = &desk.words;
    let hours = Some(hours::said(words, &fields.hours)).filter(|hours| !hours.is_empty());
    let start = fields.start_on.map(|day| words.date(day));
    let facts: Vec<(&'static str, Option<String>)> = vec![
        (words.say("单位", "Employer"), Some(pair.posting.employer.clone())),
        (words.say("地址", "Address"), address),
        (words.say("上班地点", "Place of work"), fields.place.clone()),
        (words.say("工资", "Pay"), pay(words, fields)),
        (words.say("班次", "Shift"), fields.shift.map(|shift| words.label(shift.label()).to_owned())),
        (words.say("上班时间", "Hours"), hours),
        (words.say("到岗", "From"), start),
    ];
    let facts: Vec<(&'static str, String)> =
        facts.into_iter().filter_map(|(label, value)| Some((label, value?))).collect();
    // What is missing or open is talked about, not written down.
    let fits: Vec<(Mark, crate::domain::text::Text)> =
        pair.reasons.into_iter().filter(|(mark, _)| *mark == Mark::Fits).collect();
    let reasons = offers::reasons(words, &fits);
    let mark = words.say("：", ": ");
    let mut lines = vec![format!("{}{mark}{}", words.say("岗位", "Job"), pair.posting.title)];
    lines.extend(facts.iter().map(|(label, value)| format!("{label}{mark}{value}")));
    lines.extend(reasons.iter().map(|(_, text)| format!("- {text}")));
    SlipPage {
        id,
        title: pair.posting.title,
        employer: pair.posting.employer,
        text: lines.join("\n"),
        facts,
        reasons,
        frame: desk.frame(),
        words: words.clone(),
    }
}
