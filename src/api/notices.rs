//! `/notices`: what an employer is told; and how soon it answers.

use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, NoBody, NoQuery, Path, Query};
use super::guard;
use super::once::{Once, Outcome};
use super::page::{Page, page, window};
use super::scalars::{Cursor, Day, Id, Limit, NoticeKind, YesNo};
use super::state::State;
use crate::app::referrals::notices::{self as app, NoticeFilter};
use crate::app::referrals::rates;
use crate::domain::text::Lang;

/// Something an employer is told. It names no person.
#[derive(Debug, Serialize, ToSchema)]
pub struct Notice {
    pub id: Id,
    pub employer_id: Id,
    pub kind: NoticeKind,
    /// The kind in words.
    #[schema(example = "收到推荐人选")]
    pub text: String,
    pub referral_id: Option<Id>,
    pub posting_id: Option<Id>,
    pub created_on: Day,
    /// When somebody of the employer read it first.
    pub read_at: Option<DateTime<Utc>>,
}

impl Notice {
    fn show(row: app::NoticeRow, lang: Lang) -> Self {
        let data = row.data;
        Self {
            id: Id(row.id),
            employer_id: Id(data.employer_id),
            kind: NoticeKind(data.kind),
            text: data.kind.label().get(lang).to_owned(),
            referral_id: data.referral_id.map(Id),
            posting_id: data.posting_id.map(Id),
            created_on: Day(data.created_on),
            read_at: data.read_at.map(|at| at.and_utc()),
        }
    }
}

/// Which notices.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NoticeQuery {
    /// Only those nobody has read.
    pub unread: Option<YesNo>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// List notices
#[utoipa::path(operation_id = "list_notices", tag = "referrals", params(NoticeQuery), responses((status = 200, description = "A page of notices.", body = Page<Notice>)))]
#[get("/notices")]
pub async fn list_notices(
    service: State,
    req: actix_web::HttpRequest,
    query: Query<NoticeQuery>,
) -> Result<HttpResponse, ApiError> {
    let lang = guard::lang(req.headers());
    let filter = NoticeFilter {
        employers: service.reach().employers().map(<[i64]>::to_vec),
        unread: query.0.unread.is_some_and(|unread| unread.0),
    };
    let list = format!("notices?{filter:?}");
    let rows = window(&service, &list, query.0.limit, query.0.cursor.as_ref())?;
    let found = service.read(move |conn| app::page(conn, &filter, rows)).await?;
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |row| row.id, |row| Notice::show(row, lang))))
}

/// Note that a notice was read
#[utoipa::path(operation_id = "read_notice", tag = "referrals", params(ById), responses((status = 200, description = "The notice.", body = Notice)))]
#[post("/notices/{id}/read")]
pub async fn read_notice(
    service: State,
    req: actix_web::HttpRequest,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    let (id, account, now, lang) = (path.0.id.0, service.account(), service.now(), guard::lang(req.headers()));
    once.run(&service, b"", move |conn| Outcome::ok(None, &Notice::show(app::read(conn, id, account, now)?, lang)))
        .await
}

/// How soon an employer answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResponseRate {
    pub employer_id: Id,
    /// Referrals it was told of.
    #[schema(example = 40)]
    pub referred: u64,
    #[schema(example = 30)]
    pub answered: u64,
    /// Of these, within `referral_reminder_days`.
    #[schema(example = 28)]
    pub answered_in_time: u64,
    /// Waiting for a first answer.
    #[schema(example = 6)]
    pub waiting: u64,
    /// Of these, longer than `referral_reminder_days`.
    #[schema(example = 2)]
    pub overdue: u64,
    /// Closed without any answer.
    #[schema(example = 1)]
    pub expired: u64,
    /// Middle number of days to the first answer.
    #[schema(example = 3)]
    pub median_days: Option<u32>,
    /// Basis points: answered in time, of those whose time to answer has come; null where there are none.
    #[schema(example = 8484)]
    pub rate: Option<u32>,
}

/// Read how soon an employer answers
#[utoipa::path(operation_id = "get_response_rate", tag = "referrals", params(ById), responses((status = 200, description = "The figures.", body = ResponseRate)))]
#[get("/employers/{id}/response-rate")]
pub async fn get_response_rate(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let (id, today) = (path.0.id.0, service.today());
    let found = service.read(move |conn| rates::of_employer(conn, id, today)).await?;
    Ok(HttpResponse::Ok().json(ResponseRate {
        employer_id: Id(id),
        referred: found.referred,
        answered: found.answered,
        answered_in_time: found.answered_in_time,
        waiting: found.waiting,
        overdue: found.overdue,
        expired: found.expired,
        median_days: found.median_days,
        rate: found.rate,
    }))
}
