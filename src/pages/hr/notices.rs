//! `/hr/notices`: what the employer was told: referrals received, waiting, closed; postings taken down.

use std::collections::HashMap;

use actix_web::HttpResponse;
use askama::Template;

use super::own::{self, ROWS};
use crate::app::error::{AppError, FieldCode};
use crate::app::postings::PostingFields;
use crate::app::referrals::notices::{self, NoticeFilter, NoticeRow};
use crate::domain::referral::NoticeKind;
use crate::pages::desk::{Desk, Sent};
use crate::pages::frame::Frame;
use crate::pages::words::Words;

#[derive(Template)]
#[template(path = "hr/notices.html")]
struct NoticesPage {
    words: Words,
    frame: Frame,
    rows: Vec<NoticeRow>,
    titles: HashMap<i64, String>,
    /// Those still to be seen by somebody of the employer.
    unread: usize,
    later: Option<String>,
}

impl NoticesPage {
    fn title(&self, row: &NoticeRow) -> &str {
        row.data.posting_id.and_then(|id| self.titles.get(&id)).map_or("", String::as_str)
    }

    /// What was told and what to do about it.
    fn text(&self, row: &NoticeRow) -> String {
        let title = self.title(row);
        let kind = self.words.label(row.data.kind.label());
        let zh = match row.data.kind {
            NoticeKind::ReferralReceived => "请约面试或答复。",
            NoticeKind::ReferralReminder => "已经等了很久，请尽快答复，社区好安排下一位。",
            NoticeKind::ReferralExpired => "长期没有答复，推荐已关闭。还想要人，请重新请社区介绍。",
            NoticeKind::ReferralObsolete => "不用再联系。需要的话请看其他人选。",
            NoticeKind::ReferralWithdrawn => "请不要再联系本人，也不要保留姓名和电话。",
            NoticeKind::ReferralRefused => "不用再联系。需要的话请看其他人选。",
            NoticeKind::PostingUnpublished => "岗位已成草稿，核对后可以再发布。",
        };
        let en = match row.data.kind {
            NoticeKind::ReferralReceived => "Please invite the person or answer.",
            NoticeKind::ReferralReminder => "The person has waited long; please answer soon.",
            NoticeKind::ReferralExpired => "Ask for another introduction if you still need somebody.",
            NoticeKind::ReferralObsolete | NoticeKind::ReferralRefused => {
                "Nothing is left to do; see other candidates if you need somebody."
            }
            NoticeKind::ReferralWithdrawn => "Please do not call the person, and keep neither name nor phone.",
            NoticeKind::PostingUnpublished => "It is a draft now; check it and publish it again.",
        };
        if self.words.is_english() {
            format!("{}: {title}. {en}", super::posting_check::capital(kind))
        } else {
            format!("{kind}：{title}。{zh}")
        }
    }

    fn href(&self, row: &NoticeRow) -> Option<String> {
        let still_there = matches!(
            row.data.kind,
            NoticeKind::ReferralReceived | NoticeKind::ReferralReminder | NoticeKind::ReferralExpired
        );
        match (row.data.referral_id.filter(|_| still_there), row.data.posting_id) {
            (Some(id), _) => Some(self.words.to(&format!("/hr/referrals/{id}"))),
            (None, Some(id)) => Some(self.words.to(&format!("/hr/postings/{id}"))),
            (None, None) => None,
        }
    }

    fn last(&self) -> i64 {
        self.rows.first().map_or(0, |row| row.id)
    }
}

/// `GET /hr/notices`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    desk.answer(page(&desk).await)
}

async fn page(desk: &Desk) -> Result<NoticesPage, AppError> {
    let (own, today) = (own::employers_of(desk), desk.today());
    let before = desk.query("before").and_then(|before| before.parse::<i64>().ok());
    let (mut rows, titles) = desk
        .read(move |conn| {
            let filter = NoticeFilter { employers: Some(own.clone()), unread: false };
            let limit = i64::try_from(ROWS).unwrap_or_default() + 1;
            let rows = notices::latest(conn, &filter, before, limit)?;
            let postings = own::all_postings(conn, &own, today)?;
            // Two postings may have one title.
            let name = |fields: PostingFields| match fields.code {
                Some(code) => format!("{}（{code}）", fields.title),
                None => fields.title,
            };
            let titles = postings.into_iter().map(|posting| (posting.id, name(posting.fields))).collect();
            Ok((rows, titles))
        })
        .await?;
    let has_more = rows.len() > ROWS;
    rows.truncate(ROWS);
    let later = rows.last().filter(|_| has_more).map(|last| desk.words.to(&format!("/hr/notices?before={}", last.id)));
    let frame = desk.frame_saying(|code, words| {
        (code == "read").then(|| words.say("已记下：都看过了。", "Noted: all of them were read.").to_owned())
    });
    let unread = rows.iter().filter(|row| row.data.read_at.is_none()).count();
    Ok(NoticesPage { words: desk.words.clone(), frame, rows, titles, unread, later })
}

/// `POST /hr/notices/read`
pub(super) async fn read(sent: Sent) -> HttpResponse {
    let last = match sent.form.need::<i64>("last", FieldCode::BadId) {
        Ok(last) => last,
        Err(fault) => return sent.desk.refuse(&fault.into()),
    };
    let (own, who) = (own::employers_of(&sent.desk), (sent.desk.account(), sent.desk.now()));
    sent.act(move |conn| {
        notices::read_all(conn, &own, last, who)?;
        Ok((None, "/hr/notices?done=read".to_owned()))
    })
    .await
}
