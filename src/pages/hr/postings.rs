//! `/hr/postings`: the employer's postings, what is free, what is stale, and who waits for an answer.

use std::collections::HashMap;

use actix_web::HttpResponse;
use askama::Template;
use chrono::NaiveDate;

use super::own::{self, ROWS, Waiting};
use crate::app::error::AppError;
use crate::app::postings::Posting;
use crate::app::privacy::cards;
use crate::app::referrals::notices::{self, NoticeFilter};
use crate::app::settings;
use crate::domain::codes::PostingStatus;
use crate::domain::small_cells::Shown;
use crate::pages::desk::Desk;
use crate::pages::frame::{Frame, Note};
use crate::pages::words::Words;

/// Referrals beside the table.
const BESIDE: usize = 5;

/// How long the employer has not said that a posting still stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fresh {
    /// Not published: nothing ages.
    Still,
    Days(i64),
    /// More than half of the time after which it is taken down is over: so many days, and so many left.
    Stale(i64, i64),
}

impl Fresh {
    pub fn of(posting: &Posting, limit: u32, today: NaiveDate) -> Self {
        if posting.status != PostingStatus::Published {
            return Self::Still;
        }
        let said = posting.confirmed_on.unwrap_or(posting.fields.valid_from).min(today);
        let (days, limit) = ((today - said).num_days(), i64::from(limit));
        if days * 2 > limit { Self::Stale(days, (limit - days).max(0)) } else { Self::Days(days) }
    }

    const fn days(self) -> i64 {
        match self {
            Self::Still => -1,
            Self::Days(days) | Self::Stale(days, _) => days,
        }
    }

    pub fn said(self, words: &Words) -> String {
        match (self, words.is_english()) {
            (Self::Still, _) => String::new(),
            (Self::Days(0), false) => "今天确认".to_owned(),
            (Self::Days(0), true) => "confirmed today".to_owned(),
            (Self::Days(days), false) => format!("{days} 天前确认"),
            (Self::Days(1), true) => "confirmed a day ago".to_owned(),
            (Self::Days(days), true) => format!("confirmed {days} days ago"),
            (Self::Stale(days, left), false) => format!("{days} 天没确认，再过 {left} 天停止发布"),
            (Self::Stale(days, left), true) => format!("{days} days without a word, taken down in {left}"),
        }
    }

    pub const fn is_stale(self) -> bool {
        matches!(self, Self::Stale(..))
    }
}

/// A row of the table.
pub(super) struct Row {
    pub posting: Posting,
    pub waiting: usize,
    pub suitable: Option<Shown>,
    pub fresh: Fresh,
}

impl Row {
    fn is_published(&self) -> bool {
        self.posting.status == PostingStatus::Published
    }

    fn is_full(&self) -> bool {
        self.posting.vacancies <= 0
    }

    fn suits_nobody(&self) -> bool {
        self.suitable == Some(Shown::Exact(0)) && !self.is_full()
    }
}

/// A column one can sort by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Title,
    Filled,
    Vacancies,
    Waiting,
    Suitable,
    Fresh,
}

const COLUMNS: [(Column, &str, &str, &str); 6] = [
    (Column::Title, "title", "岗位", "Posting"),
    (Column::Filled, "filled", "已招 / 要招", "Filled / all"),
    (Column::Vacancies, "vacancies", "还空", "Free"),
    (Column::Waiting, "waiting", "等您答复", "Waiting"),
    (Column::Suitable, "suitable", "合适人数", "Suitable"),
    (Column::Fresh, "fresh", "更新", "Confirmed"),
];

impl Column {
    fn number(self, row: &Row) -> i64 {
        match self {
            Self::Title => 0,
            Self::Filled => row.posting.filled,
            Self::Vacancies => row.posting.vacancies,
            Self::Waiting => i64::try_from(row.waiting).unwrap_or(i64::MAX),
            // As far as it is said: one under the threshold comes before the threshold, and before all that is not asked.
            Self::Suitable => match row.suitable {
                Some(Shown::Exact(count)) => i64::try_from(count).unwrap_or(i64::MAX),
                Some(Shown::Below(_) | Shown::Withheld) => 1,
                None => -1,
            },
            Self::Fresh => row.fresh.days(),
        }
    }
}

struct Head {
    label: &'static str,
    href: String,
    /// `ascending`, `descending` or empty.
    sorted: &'static str,
}

struct Tab {
    label: &'static str,
    href: String,
    count: usize,
    is_current: bool,
}

#[derive(Template)]
#[template(path = "hr/postings.html")]
struct PostingsPage {
    words: Words,
    frame: Frame,
    /// Of which employer, where there are several.
    employers: HashMap<i64, String>,
    has_employer: bool,
    tabs: Vec<Tab>,
    heads: Vec<Head>,
    rows: Vec<Row>,
    /// Of the whole table, not of the rows shown.
    count: usize,
    filled: i64,
    headcount: i64,
    vacancies: i64,
    later: Option<String>,
    waiting: Vec<Waiting>,
    all_waiting: usize,
    remind_days: u32,
    unread: usize,
    is_busy: bool,
}

struct Read {
    postings: Vec<Posting>,
    waiting: Vec<Waiting>,
    employers: HashMap<i64, String>,
    remind_days: u32,
    confirm_days: u32,
    unread: usize,
}

/// `GET /hr/postings`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    desk.answer(page(&desk).await)
}

async fn page(desk: &Desk) -> Result<PostingsPage, AppError> {
    let (own, viewer, keys, today) = (own::employers_of(desk), own::viewer(desk), desk.keys().clone(), desk.today());
    let has_employer = !own.is_empty();
    let read = desk
        .read(move |conn| {
            let postings = own::all_postings(conn, &own, today)?;
            let titles = postings.iter().map(|posting| (posting.id, posting.fields.title.clone())).collect();
            let filter = NoticeFilter { employers: Some(own.clone()), unread: true };
            Ok(Read {
                waiting: own::waiting(conn, &keys, &viewer, &titles, today)?,
                employers: own::names(conn, &own)?,
                remind_days: settings::referral_reminder_days(conn, today)?,
                confirm_days: settings::posting_confirmation_days(conn, today)?,
                unread: notices::latest(conn, &filter, None, 100)?.len(),
                postings,
            })
        })
        .await?;
    let status = match desk.query("show").as_deref() {
        Some("draft") => PostingStatus::Draft,
        Some("closed") => PostingStatus::Closed,
        _ => PostingStatus::Published,
    };
    let said = said(desk, &read.postings);
    let tabs = tabs(&desk.words, &read.postings, status);
    let published = read.postings.iter().filter(|posting| posting.status == PostingStatus::Published);
    let published: Vec<i64> = published.map(|posting| posting.id).collect();
    let (suitable, is_busy) = match (status, published.is_empty()) {
        (PostingStatus::Published, false) => suitable(desk, published).await?,
        _ => (HashMap::new(), false),
    };
    let row = |posting: Posting| Row {
        waiting: read.waiting.iter().filter(|one| one.posting_id == posting.id && one.state.awaits_employer()).count(),
        suitable: suitable.get(&posting.id).copied(),
        fresh: Fresh::of(&posting, read.confirm_days, today),
        posting,
    };
    let shown = read.postings.into_iter().filter(|posting| posting.status == status);
    let mut rows: Vec<Row> = shown.map(row).collect();
    let heads = sort(desk, &mut rows);
    let sum = |of: fn(&Row) -> i64| rows.iter().map(of).sum::<i64>();
    let (filled, headcount, vacancies) =
        (sum(|row| row.posting.filled), sum(|row| row.posting.fields.headcount), sum(|row| row.posting.vacancies));
    let count = rows.len();
    let from = desk.query("after").and_then(|after| after.parse::<usize>().ok()).unwrap_or(0);
    let later = (from + ROWS < count)
        .then(|| desk.words.to(&address(status, desk.query("sort").as_deref(), is_descending(desk), from + ROWS)));
    let all_waiting = read.waiting.len();
    Ok(PostingsPage {
        words: desk.words.clone(),
        frame: Frame { note: Note { said, is_fault: false }, ..desk.frame() },
        employers: if read.employers.len() > 1 { read.employers } else { HashMap::new() },
        has_employer,
        tabs,
        heads,
        rows: rows.into_iter().skip(from).take(ROWS).collect(),
        count,
        filled,
        headcount,
        vacancies,
        later,
        waiting: read.waiting.into_iter().take(BESIDE).collect(),
        all_waiting,
        remind_days: read.remind_days,
        unread: read.unread,
        is_busy,
    })
}

/// How many residents suit each posting; none where every core is taken, and that said.
pub(super) async fn suitable(desk: &Desk, postings: Vec<i64>) -> Result<(HashMap<i64, Shown>, bool), AppError> {
    let (db, today) = (desk.pages.db.clone(), desk.today());
    match desk.compute(move || cards::totals(&db, &postings, today)).await {
        Ok(found) => Ok((found, false)),
        Err(AppError::Busy | AppError::Refused(..)) => Ok((HashMap::new(), true)),
        Err(error) => Err(error),
    }
}

fn tabs(words: &Words, postings: &[Posting], current: PostingStatus) -> Vec<Tab> {
    let all = [
        (PostingStatus::Published, "在招", "Published"),
        (PostingStatus::Draft, "草稿", "Drafts"),
        (PostingStatus::Closed, "已关闭", "Closed"),
    ];
    let tab = |(status, zh, en): (PostingStatus, &'static str, &'static str)| Tab {
        label: words.say(zh, en),
        href: words.to(&address(status, None, false, 0)),
        count: postings.iter().filter(|posting| posting.status == status).count(),
        is_current: status == current,
    };
    all.into_iter().map(tab).collect()
}

fn address(status: PostingStatus, sort: Option<&str>, descending: bool, after: usize) -> String {
    let mut query = Vec::new();
    if status != PostingStatus::Published {
        query.push(format!("show={}", status.code()));
    }
    let known = sort.and_then(|sort| COLUMNS.iter().find(|(_, name, ..)| *name == sort));
    if let Some((_, name, ..)) = known {
        query.push(format!("sort={name}"));
        query.push(format!("by={}", if descending { "desc" } else { "asc" }));
    }
    if after > 0 {
        query.push(format!("after={after}"));
    }
    if query.is_empty() { "/hr/postings".to_owned() } else { format!("/hr/postings?{}", query.join("&")) }
}

fn is_descending(desk: &Desk) -> bool {
    desk.query("by").as_deref() != Some("asc")
}

/// Sorts as asked, and gives the heads that ask for another order.
fn sort(desk: &Desk, rows: &mut [Row]) -> Vec<Head> {
    let asked = desk.query("sort");
    let (column, name, ..) =
        COLUMNS.iter().find(|(_, name, ..)| Some(*name) == asked.as_deref()).unwrap_or(&COLUMNS[2]);
    let descending = is_descending(desk);
    rows.sort_by(|a, b| {
        let order = match column {
            Column::Title => a.posting.fields.title.cmp(&b.posting.fields.title),
            column => column.number(a).cmp(&column.number(b)),
        };
        let order = if descending { order.reverse() } else { order };
        order.then(a.posting.id.cmp(&b.posting.id))
    });
    let status = rows.first().map_or(PostingStatus::Published, |row| row.posting.status);
    let head = |(_, this, zh, en): &(Column, &'static str, &'static str, &'static str)| {
        let is_sorted = this == name;
        Head {
            label: desk.words.say(zh, en),
            href: desk.words.to(&address(status, Some(this), !(is_sorted && descending), 0)),
            sorted: match (is_sorted, descending) {
                (false, _) => "",
                (true, true) => "descending",
                (true, false) => "ascending",
            },
        }
    };
    COLUMNS.iter().map(head).collect()
}

/// What the form before did.
fn said(desk: &Desk, postings: &[Posting]) -> Option<String> {
    let (code, id) = own::done(desk)?;
    let posting = postings.iter().find(|posting| Some(posting.id) == id)?;
    let (words, title, free) = (&desk.words, &posting.fields.title, posting.vacancies);
    let english = words.is_english();
    Some(match code.as_str() {
        "published" if english => format!("Published: {title}. {free} places are free."),
        "published" => format!("已发布：{title}，还空 {free} 人。"),
        "saved" if english => format!("Saved: {title}."),
        "saved" => format!("已保存：{title}。"),
        "confirmed" if english => format!("Noted today: {title} still stands."),
        "confirmed" => format!("已记下：{title}今天确认还在招。"),
        "closed" if english => format!("Closed: {title}. Nobody is recommended to it any more; those at work stay."),
        "closed" => format!("已关闭：{title}不再推荐人选，在岗的人不受影响。"),
        "places" if english => format!("Changed. {}.", own::places(words, posting)),
        "places" => format!("已改。{}。", own::places(words, posting)),
        _ => return None,
    })
}
