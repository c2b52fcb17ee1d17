//! `/hr/candidates` and `/hr/postings/{id}/candidates`: who could do the work, without saying who it is.
//!
//! Invariant: only what a card holds is shown ([`cards`]); an introduction shows how far it came, and a name only on its own page,
//! once the person agreed.

use std::borrow::Borrow;
use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use askama::Template;

use super::own;
use super::posting_check::{capital, count_said};
use super::postings::suitable;
use crate::app::diagnosis::{self, Found};
use crate::app::error::AppError;
use crate::app::postings::{self, Posting};
use crate::app::privacy::cards::{self, Card, Cards, MAX_CARDS};
use crate::app::privacy::introductions::{self, Introduction, ListFilter};
use crate::app::{Page, settings};
use crate::domain::codes::PostingStatus;
use crate::domain::privacy::IntroductionStatus;
use crate::domain::small_cells::Shown;
use crate::pages::desk::Desk;
use crate::pages::frame::{Frame, Note};
use crate::pages::words::Words;

/// As many introductions as a page lists.
const MOST: i64 = 200;

#[derive(Template)]
#[template(path = "hr/candidates.html")]
struct CandidatesPage {
    words: Words,
    frame: Frame,
    posting: Posting,
    cards: Cards,
    introductions: HashMap<String, Introduction>,
    counted: Option<(Found, u64)>,
    /// Whether the person can be told whom to ask about the employer.
    has_contact: bool,
    today: String,
}

impl CandidatesPage {
    fn total(&self) -> String {
        own::people(&self.words, &self.cards.total)
    }

    fn code(&self, card: &Card) -> String {
        own::card(&card.code)
    }

    fn fit(&self, card: &Card) -> u16 {
        card.suitability / 100
    }

    fn reasons(&self, card: &Card) -> Vec<(bool, String)> {
        card.reasons.iter().map(|(fits, text)| (*fits, capital(text.get(self.words.lang())))).collect()
    }

    fn facts(&self, card: &Card) -> String {
        let words = &self.words;
        let age = match (words.is_english(), card.age_band.strip_suffix('+')) {
            (true, _) => format!("age {}", card.age_band),
            (false, Some(from)) => format!("{from} 岁以上"),
            (false, None) => format!("{} 岁", card.age_band),
        };
        let experience = |years: &str| match (years, words.is_english()) {
            ("<1", _) => words.say("做过不到 1 年", "less than a year of experience").to_owned(),
            (">10", _) => words.say("做过 10 年以上", "more than 10 years of experience").to_owned(),
            (_, true) => format!("experience {years} years"),
            (_, false) => format!("做过 {years} 年"),
        };
        let mut facts = vec![age];
        facts.extend(card.experience_years.map(experience));
        facts.extend(card.certificates.iter().map(|certificate| {
            let until = if certificate.valid { "" } else { words.say("（已过期）", " (no longer valid)") };
            format!("{}{until}", certificate.name)
        }));
        facts.join(words.say("，", ", "))
    }

    fn introduction(&self, card: &Card) -> Option<&Introduction> {
        self.introductions.get(&card.code)
    }

    fn status(&self, introduction: &Introduction) -> String {
        status(&self.words, introduction)
    }

    fn said(&self, count: impl Borrow<u64>, step: impl Borrow<u64>) -> String {
        count_said(&self.words, *count.borrow(), *step.borrow())
    }

    fn shown(&self) -> usize {
        self.cards.cards.len().min(MAX_CARDS)
    }
}

/// Where an introduction stands, in words.
pub(super) fn status(words: &Words, introduction: &Introduction) -> String {
    let day = crate::app::calendar_day(introduction.created_at).format("%m-%d").to_string();
    let english = words.is_english();
    match introduction.status {
        IntroductionStatus::Requested if english => format!("asked for on {day}, the person has not answered yet"),
        IntroductionStatus::Requested => format!("{day} 已请介绍，等本人答复"),
        IntroductionStatus::Consented => words.say("本人已同意", "the person agreed").to_owned(),
        IntroductionStatus::Refused => words.say("本人不同意", "the person said no").to_owned(),
        IntroductionStatus::Closed => words.say("已结束", "ended").to_owned(),
    }
}

/// `GET /hr/postings/{id}/candidates`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    desk.answer(page(&desk, path.into_inner()).await)
}

async fn page(desk: &Desk, id: i64) -> Result<CandidatesPage, AppError> {
    let (viewer, keys, today) = (own::viewer(desk), desk.keys().clone(), desk.today());
    let (posting, asked, has_contact, step) = desk
        .read(move |conn| {
            let posting = postings::get(conn, &keys, id, today)?;
            let filter = ListFilter { posting: Some(id), status: None };
            let asked = introductions::page(conn, &keys, &viewer, filter, (Page::first(MOST), today))?;
            let employer = crate::app::employers::get(conn, posting.fields.employer_id)?.fields;
            let has_contact = employer.address.is_some_and(|address| !address.trim().is_empty());
            Ok((posting, asked, has_contact, settings::small_cell_threshold(conn, today)?))
        })
        .await?;
    let db = desk.pages.db.clone();
    let (cards, counted) = desk
        .compute(move || {
            let cards = cards::of_posting(&db, id, MAX_CARDS, today)?;
            Ok((cards, diagnosis::diagnosis(&db, id, today)?.for_outsiders(step)))
        })
        .await?;
    // The latest word about a card counts.
    let introductions = asked.into_iter().map(|one| (one.card.clone(), one)).collect();
    let said = own::done(desk).filter(|(code, _)| code == "asked").map(|_| {
        desk.words
            .say(
                "已请社区介绍，网格员会去问本人，一般要 1–3 天。同意后您在这里看到姓名和电话。",
                "The community was asked; a counselor will talk to the person, which takes one to three days. Name and phone stand here once the person agrees.",
            )
            .to_owned()
    });
    Ok(CandidatesPage {
        words: desk.words.clone(),
        frame: Frame { note: Note { said, is_fault: false }, ..desk.frame() },
        posting,
        cards,
        introductions,
        counted: Some((counted, step)),
        has_contact,
        today: today.to_string(),
    })
}

#[derive(Template)]
#[template(path = "hr/all_candidates.html")]
struct OverviewPage {
    words: Words,
    frame: Frame,
    postings: Vec<(Posting, Option<Shown>)>,
    introductions: Vec<(Introduction, String)>,
}

impl OverviewPage {
    fn status(&self, introduction: &Introduction) -> String {
        status(&self.words, introduction)
    }

    fn card(&self, introduction: &Introduction) -> String {
        own::card(&introduction.card)
    }

    fn people(&self, count: &Shown) -> String {
        own::people(&self.words, count)
    }
}

/// `GET /hr/candidates`
pub(super) async fn overview(desk: Desk) -> HttpResponse {
    desk.answer(all(&desk).await)
}

async fn all(desk: &Desk) -> Result<OverviewPage, AppError> {
    let (own, viewer, keys, today) = (own::employers_of(desk), own::viewer(desk), desk.keys().clone(), desk.today());
    let (found, asked) = desk
        .read(move |conn| {
            let found = own::all_postings(conn, &own, today)?;
            let page = (Page::first(MOST), today);
            Ok((found, introductions::page(conn, &keys, &viewer, ListFilter::default(), page)?))
        })
        .await?;
    let titles: HashMap<i64, String> = found.iter().map(|posting| (posting.id, posting.fields.title.clone())).collect();
    let open = found.into_iter().filter(|posting| posting.status == PostingStatus::Published && posting.vacancies > 0);
    let open: Vec<Posting> = open.take(own::ROWS).collect();
    let (counts, _) = match open.is_empty() {
        true => (HashMap::new(), false),
        false => suitable(desk, open.iter().map(|posting| posting.id).collect()).await?,
    };
    let title = |id: i64| titles.get(&id).cloned().unwrap_or_default();
    let latest = asked.into_iter().rev().take(own::ROWS).map(|one| {
        let title = title(one.posting_id);
        (one, title)
    });
    Ok(OverviewPage {
        words: desk.words.clone(),
        frame: desk.frame(),
        introductions: latest.collect(),
        postings: open
            .into_iter()
            .map(|posting| (counts.get(&posting.id).copied(), posting))
            .map(|(n, p)| (p, n))
            .collect(),
    })
}
