//! What is the caller's on these pages: the employers whose HR it is, what waits for its answer, and how counts of people are
//! said to an employer.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::app::employers::{self, EmployerFilter};
use crate::app::error::AppError;
use crate::app::postings::{self, Posting, PostingFilter};
use crate::app::privacy::acquaintance::Viewer;
use crate::app::referrals::view::{self, Referral, ReferralFilter};
use crate::app::{Connection, Keyring, Page, settings};
use crate::domain::referral::ReferralState;
use crate::domain::small_cells::Shown;
use crate::pages::desk::Desk;
use crate::pages::words::Words;

/// Rows of one page of a list.
pub const ROWS: usize = 50;
/// As many rows as a list is sorted of; an employer with more sees the first ones.
const MOST: i64 = 1_000;

/// The employers whose HR the caller is.
pub fn employers_of(desk: &Desk) -> Vec<i64> {
    let mut own: Vec<i64> = desk.caller().grants.iter().filter_map(|grant| grant.employer).collect();
    own.sort_unstable();
    own.dedup();
    own
}

/// The caller as those employers see referrals and introductions: without the people behind them.
pub fn viewer(desk: &Desk) -> Viewer {
    Viewer::Employers(employers_of(desk))
}

/// Names of these employers, by id.
pub fn names(conn: &mut Connection, own: &[i64]) -> Result<HashMap<i64, String>, AppError> {
    let filter = EmployerFilter { among: Some(own.to_vec()), ..EmployerFilter::default() };
    let found = employers::page(conn, &filter, Page::first(MOST))?;
    Ok(found.into_iter().map(|employer| (employer.id, employer.fields.name)).collect())
}

/// Every posting of these employers.
pub fn all_postings(conn: &mut Connection, own: &[i64], today: NaiveDate) -> Result<Vec<Posting>, AppError> {
    let filter = PostingFilter { among: Some(own.to_vec()), ..PostingFilter::default() };
    postings::page(conn, &filter, Page::first(MOST), today)
}

/// A referral that the employer has to say something about.
pub struct Waiting {
    pub id: i64,
    pub card: String,
    pub posting_id: i64,
    pub title: String,
    pub state: ReferralState,
    /// Since the last word.
    pub days: i64,
    /// Longer than the days after which it is reminded.
    pub is_late: bool,
}

impl Waiting {
    pub fn is(&self, code: &str) -> bool {
        self.state.code() == code
    }

    pub fn waited(&self, words: &Words) -> String {
        match (words.is_english(), self.days) {
            (false, 0) => "今天收到".to_owned(),
            (true, 0) => "since today".to_owned(),
            (false, days) => format!("等了 {days} 天"),
            (true, 1) => "waiting for 1 day".to_owned(),
            (true, days) => format!("waiting for {days} days"),
        }
    }
}

/// Open referrals these employers know of, the longest waiting first.
pub fn waiting(
    conn: &mut Connection,
    keys: &Keyring,
    viewer: &Viewer,
    titles: &HashMap<i64, String>,
    today: NaiveDate,
) -> Result<Vec<Waiting>, AppError> {
    let filter = ReferralFilter { open: true, ..ReferralFilter::default() };
    let mut found = view::page(conn, keys, viewer, filter, (Page::first(MOST), today))?;
    found.sort_by_key(|referral| (referral.moved_on, referral.id));
    let remind = i64::from(settings::referral_reminder_days(conn, today)?);
    let late = |referral: &Referral, days: i64| referral.state.awaits_employer() && days > remind;
    let waiting = |referral: Referral| {
        let days = (today - referral.moved_on).num_days();
        Waiting {
            id: referral.id,
            is_late: late(&referral, days),
            card: card(&referral.card),
            posting_id: referral.posting_id,
            title: titles.get(&referral.posting_id).cloned().unwrap_or_default(),
            state: referral.state,
            days,
        }
    };
    Ok(found.into_iter().map(waiting).collect())
}

/// The short form of a card's code, for people: enough to tell a posting's candidates apart.
pub fn card(code: &str) -> String {
    code.chars().take(6).collect::<String>().to_uppercase()
}

/// How many people suit, as far as an employer may know.
pub fn people(words: &Words, count: &Shown) -> String {
    match count {
        Shown::Exact(count) => words.number(*count),
        Shown::Below(below) if words.is_english() => format!("under {below}"),
        Shown::Below(below) => format!("不到 {below}"),
        Shown::Withheld => "—".to_owned(),
    }
}

/// A count that was rounded down to a step.
pub fn rounded(words: &Words, count: u64, step: u64) -> String {
    match count {
        0 if words.is_english() => format!("under {step}"),
        0 => format!("不到 {step}"),
        count if words.is_english() => format!("{}+", words.number(count)),
        count => format!("{} 多", words.number(count)),
    }
}

/// What became of a posting's places, as a form's answer says it.
pub fn places(words: &Words, posting: &Posting) -> String {
    let (title, filled, all) = (&posting.fields.title, posting.filled, posting.fields.headcount);
    if words.is_english() {
        format!("{title}: {filled} of {all} filled")
    } else {
        format!("{title}：已招 {filled} / {all}")
    }
}

/// `done=CODE.ID`: what was done, and to which record.
pub fn done(desk: &Desk) -> Option<(String, Option<i64>)> {
    let said = desk.query("done")?;
    Some(match said.split_once('.') {
        Some((code, id)) => (code.to_owned(), id.parse().ok()),
        None => (said, None),
    })
}
