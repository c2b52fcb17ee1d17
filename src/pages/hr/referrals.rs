//! `/hr/referrals`: whom the employer was sent, by where it stands.

use std::collections::HashMap;

use actix_web::HttpResponse;
use askama::Template;

use super::own::{self, ROWS, Waiting};
use crate::app::error::AppError;
use crate::app::postings::Posting;
use crate::app::referrals::rates::{self, ResponseRate};
use crate::app::referrals::view::{self, Referral, ReferralFilter};
use crate::app::{Page, settings};
use crate::domain::referral::ReferralState;
use crate::pages::desk::Desk;
use crate::pages::frame::{Frame, Note};
use crate::pages::words::Words;

/// States an employer may ask for besides those that wait for it.
const CLOSED: [ReferralState; 6] = [
    ReferralState::Hired,
    ReferralState::Ended,
    ReferralState::RefusedByEmployer,
    ReferralState::RefusedByResident,
    ReferralState::Expired,
    ReferralState::Obsolete,
];

struct Tab {
    label: &'static str,
    href: String,
    is_current: bool,
}

#[derive(Template)]
#[template(path = "hr/referrals.html")]
struct ReferralsPage {
    words: Words,
    frame: Frame,
    tabs: Vec<Tab>,
    /// Those that wait for the employer.
    waiting: Vec<Waiting>,
    /// Those of another state, the last moved first.
    rows: Vec<(Referral, String)>,
    state: Option<ReferralState>,
    rates: Vec<ResponseRate>,
    remind_days: u32,
    later: Option<String>,
}

impl ReferralsPage {
    fn card(&self, referral: &Referral) -> String {
        own::card(&referral.card)
    }

    fn rate(&self, rate: &ResponseRate) -> String {
        let (n, m) = (rate.answered, rate.referred);
        let median = rate.median_days.map_or_else(|| "—".to_owned(), |days| days.to_string());
        if self.words.is_english() {
            format!("{n} of {m} answered, {} in time; half of them within {median} days", rate.answered_in_time)
        } else {
            format!("收到 {m} 人，已答复 {n} 人，其中按时 {} 人；一半在 {median} 天内答复", rate.answered_in_time)
        }
    }
}

/// `GET /hr/referrals`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    desk.answer(page(&desk).await)
}

async fn page(desk: &Desk) -> Result<ReferralsPage, AppError> {
    let (own, viewer, keys, today) = (own::employers_of(desk), own::viewer(desk), desk.keys().clone(), desk.today());
    let asked = desk.query("state").and_then(|code| ReferralState::from_code(&code));
    let state = asked.filter(|state| CLOSED.contains(state));
    let posting: Option<i64> = desk.query("posting").and_then(|id| id.parse().ok());
    let after: i64 = desk.query("after").and_then(|after| after.parse().ok()).unwrap_or(0);
    let (postings, mut waiting, rows, rates, remind_days) = desk
        .read(move |conn| {
            let postings = own::all_postings(conn, &own, today)?;
            let titles: HashMap<i64, String> =
                postings.iter().map(|posting| (posting.id, posting.fields.title.clone())).collect();
            let waiting = match state {
                None => own::waiting(conn, &keys, &viewer, &titles, today)?,
                Some(_) => Vec::new(),
            };
            let rows = match state {
                None => Vec::new(),
                Some(state) => {
                    let filter = ReferralFilter { state: Some(state), posting, ..ReferralFilter::default() };
                    let page = Page { after, limit: i64::try_from(ROWS).unwrap_or_default() + 1 };
                    view::page(conn, &keys, &viewer, filter, (page, today))?
                }
            };
            let mut rates = Vec::new();
            for employer in &own {
                rates.push(rates::of_employer(conn, *employer, today)?);
            }
            Ok((postings, waiting, rows, rates, settings::referral_reminder_days(conn, today)?))
        })
        .await?;
    if let Some(posting) = posting {
        waiting.retain(|one| one.posting_id == posting);
    }
    let titles: HashMap<i64, &str> =
        postings.iter().map(|posting| (posting.id, posting.fields.title.as_str())).collect();
    let later = state
        .zip(rows.get(ROWS.saturating_sub(1)).filter(|_| rows.len() > ROWS))
        .map(|(state, last)| desk.words.to(&format!("/hr/referrals?state={}&after={}", state.code(), last.id)));
    let title = |id: i64| titles.get(&id).copied().unwrap_or_default().to_owned();
    let shown = rows.into_iter().take(ROWS).map(|referral| {
        let title = title(referral.posting_id);
        (referral, title)
    });
    Ok(ReferralsPage {
        rows: shown.collect(),
        tabs: tabs(&desk.words, state),
        words: desk.words.clone(),
        frame: Frame { note: Note { said: said(desk, &postings), is_fault: false }, ..desk.frame() },
        waiting,
        state,
        rates: rates.into_iter().filter(|rate| rate.referred > 0).collect(),
        remind_days,
        later,
    })
}

fn tabs(words: &Words, current: Option<ReferralState>) -> Vec<Tab> {
    let open = Tab {
        label: words.say("等您答复", "Waiting for you"),
        href: words.to("/hr/referrals"),
        is_current: current.is_none(),
    };
    let closed = CLOSED.iter().map(|state| Tab {
        label: words.label(state.label()),
        href: words.to(&format!("/hr/referrals?state={}", state.code())),
        is_current: current == Some(*state),
    });
    std::iter::once(open).chain(closed).collect()
}

/// What the answer before did.
fn said(desk: &Desk, postings: &[Posting]) -> Option<String> {
    let (code, id) = own::done(desk)?;
    let posting = postings.iter().find(|posting| Some(posting.id) == id)?;
    let (words, title) = (&desk.words, &posting.fields.title);
    let english = words.is_english();
    let places = own::places(words, posting);
    Some(match code.as_str() {
        "interview" if english => format!(
            "Noted: an interview for {title}. The community tells the person; please agree on the time by phone."
        ),
        "interview" => format!("已登记约面试：{title}。社区会转告本人，时间请打电话商量。"),
        "offered" if english => {
            format!("Noted: you offer the job {title}. Please report the first day once the person has started.")
        }
        "offered" => format!("已登记录用：{title}。人到岗后请再登记到岗日期，才算上岗。"),
        "hired" if english => format!("Noted: one person has started. {places}."),
        "hired" => format!("已登记到岗 1 人。{places}。"),
        "refused_by_employer" if english => {
            format!("Noted: not suitable for {title}. The community looks for somebody else.")
        }
        "refused_by_employer" => format!("已登记不合适：{title}。社区会另找人选。"),
        "ended" if english => format!("Noted: one person has left. {places}."),
        "ended" => format!("已登记离岗 1 人。{places}。"),
        _ => return None,
    })
}
