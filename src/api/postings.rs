//! `/postings`: what employers offer, and whether the law lets it be published.

use actix_web::{HttpResponse, get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, IfMatch, Json, NoBody, NoQuery, Path, Query, check_count, shown};
use super::json::merge_patch;
use super::once::{Once, Outcome};
use super::page::{Items, Page, page, window};
use super::posting_terms::{Posting, PostingWrite};
use super::scalars::{Channel, Cursor, Day, Id, Limit, Line, PostingStatus};
use super::state::State;
use crate::app::postings::{self as app, PostingFields, PostingFilter};
use crate::domain::codes;
use crate::domain::posting_law::LawFinding as Finding;
use crate::domain::text::Lang;

merge_patch!(PostingPatch, PostingWrite);

/// Which postings.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PostingQuery {
    pub employer_id: Option<Id>,
    pub status: Option<PostingStatus>,
    pub channel: Option<Channel>,
    /// Postings whose title means this skill.
    pub skill_id: Option<Id>,
    /// Published, within their dates on this day, with a vacancy.
    pub open_on: Option<Day>,
    /// Part of the title.
    pub title: Option<Line>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// List postings
#[utoipa::path(operation_id = "list_postings", tag = "postings", params(PostingQuery), responses((status = 200, description = "A page of postings.", body = Page<Posting>)))]
#[get("/postings")]
pub async fn list_postings(service: State, query: Query<PostingQuery>) -> Result<HttpResponse, ApiError> {
    let query = query.0;
    let filter = PostingFilter {
        employer: query.employer_id.map(|id| id.0),
        status: query.status.map(|status| status.0),
        channel: query.channel.map(|channel| channel.0),
        skill: query.skill_id.map(|id| id.0),
        open_on: query.open_on.map(|day| day.0),
        title: query.title.map(|title| title.0),
        among: service.reach().employers().map(<[i64]>::to_vec),
    };
    let list = format!("postings?{filter:?}");
    let rows = window(&service, &list, query.limit, query.cursor.as_ref())?;
    let today = service.today();
    let found = service.read(move |conn| app::page(conn, &filter, rows, today)).await?;
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |row| row.id, Posting::from)))
}

/// Read a posting
#[utoipa::path(operation_id = "get_posting", tag = "postings", params(ById), responses((status = 200, description = "The posting.", body = Posting)))]
#[get("/postings/{id}")]
pub async fn get_posting(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let (keys, today) = (service.db.keys().clone(), service.today());
    let posting = service.read(move |conn| app::get(conn, &keys, path.0.id.0, today)).await?;
    Ok(shown(posting.version, &Posting::from(posting)))
}

fn read(write: PostingWrite) -> Result<PostingFields, ApiError> {
    check_count(write.hours.len(), 0..=50, "/hours")?;
    check_count(write.skills.len(), 0..=50, "/skills")?;
    check_count(write.certificates.len(), 0..=50, "/certificates")?;
    check_count(write.hazards.as_ref().map_or(0, Vec::len), 0..=20, "/hazards")?;
    write.fields()
}

/// Add a posting as a draft
///
/// A draft may say anything; publishing checks it.
#[utoipa::path(operation_id = "create_posting", tag = "postings", request_body = PostingWrite, responses((status = 201, description = "The draft.", body = Posting)))]
#[post("/postings")]
pub async fn create_posting(
    service: State,
    once: Once,
    _: NoQuery,
    body: Json<PostingWrite>,
) -> Result<HttpResponse, ApiError> {
    let (keys, moment, fields) = (service.db.keys().clone(), service.moment(), read(body.value)?);
    once.run(&service, &body.raw, move |conn| {
        let posting = app::create(conn, &keys, fields.clone(), moment)?;
        let location = format!("/api/v1/postings/{}", posting.id);
        Outcome::created(location, Some(posting.version), &Posting::from(posting))
    })
    .await
}

/// Change a posting
///
/// A published posting must stay lawful: otherwise 422 `posting_unlawful` names the rules and nothing changes.
#[utoipa::path(operation_id = "update_posting", tag = "postings", params(ById), request_body = PostingPatch, responses((status = 200, description = "The posting.", body = Posting)))]
#[patch("/postings/{id}")]
pub async fn update_posting(
    service: State,
    path: Path<ById>,
    seen: IfMatch,
    _: NoQuery,
    body: Json<PostingPatch>,
) -> Result<HttpResponse, ApiError> {
    let (keys, moment) = (service.db.keys().clone(), service.moment());
    let posting = service
        .write(move |conn| {
            let old = app::get(conn, &keys, path.0.id.0, moment.1)?;
            seen.0.check(old.version)?;
            if body.value.0.is_empty() {
                return Ok(old);
            }
            let fields = read(body.value.0.apply(&old.fields.into())?).map_err(ApiError::into_app)?;
            app::update(conn, &keys, (old.id, old.version), fields, moment)
        })
        .await?;
    Ok(shown(posting.version, &Posting::from(posting)))
}

async fn set_status(
    service: &State,
    id: Id,
    once: Once,
    seen: IfMatch,
    status: codes::PostingStatus,
) -> Result<HttpResponse, ApiError> {
    let (keys, moment) = (service.db.keys().clone(), service.moment());
    once.run(service, b"", move |conn| {
        let version = app::get(conn, &keys, id.0, moment.1)?.version;
        seen.0.check(version)?;
        let posting = app::set_status(conn, &keys, (id.0, version), status, moment)?;
        Outcome::ok(Some(posting.version), &Posting::from(posting))
    })
    .await
}

/// Publish a posting
///
/// Only a posting without a blocking finding of the law check: otherwise 422 `posting_unlawful` lists them.
#[utoipa::path(operation_id = "publish_posting", tag = "postings", params(ById, ("If-Match" = String, Header)), responses((status = 200, description = "The posting.", body = Posting)))]
#[post("/postings/{id}/publish")]
pub async fn publish_posting(
    service: State,
    path: Path<ById>,
    once: Once,
    seen: IfMatch,
    _: NoQuery,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    set_status(&service, path.0.id, once, seen, codes::PostingStatus::Published).await
}

/// Confirm a posting
///
/// The employer says that it still stands. One that nobody confirms for `posting_confirmation_days` becomes a draft again.
#[utoipa::path(operation_id = "confirm_posting", tag = "postings", params(ById), responses((status = 200, description = "The posting.", body = Posting)))]
#[post("/postings/{id}/confirm")]
pub async fn confirm_posting(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    let (id, keys, today) = (path.0.id.0, service.db.keys().clone(), service.today());
    once.run(&service, b"", move |conn| {
        let posting = app::confirm(conn, &keys, id, today)?;
        Outcome::ok(Some(posting.version), &Posting::from(posting))
    })
    .await
}

/// Close a posting
///
/// It is matched no longer; jobs that hold its places go on.
#[utoipa::path(operation_id = "close_posting", tag = "postings", params(ById, ("If-Match" = String, Header)), responses((status = 200, description = "The posting.", body = Posting)))]
#[post("/postings/{id}/close")]
pub async fn close_posting(
    service: State,
    path: Path<ById>,
    once: Once,
    seen: IfMatch,
    _: NoQuery,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    set_status(&service, path.0.id, once, seen, codes::PostingStatus::Closed).await
}

/// One thing the law has to say about a posting.
#[derive(Debug, Serialize, ToSchema)]
pub struct LawFinding {
    /// `block`: may not be published; `warn`: a person must look; `allow`: lawful for a stated fact.
    #[schema(example = "block")]
    pub level: String,
    /// Stable code of the rule.
    #[schema(example = "sex")]
    pub rule: String,
    /// Where in the posting.
    #[schema(example = "description")]
    pub field: String,
    /// The law's article.
    #[schema(example = "《就业促进法》第27条")]
    pub article: String,
    /// The posting's own words; empty where something is missing.
    #[schema(example = "限男性")]
    pub excerpt: String,
    /// What was found and what to do.
    #[schema(example = "岗位描述中“限男性”：限定性别。请改正后再发布。")]
    pub message: String,
}

impl LawFinding {
    fn show(finding: &Finding, lang: Lang) -> Self {
        Self {
            level: finding.level.code().to_owned(),
            rule: finding.rule.code().to_owned(),
            field: finding.field.code().to_owned(),
            article: finding.article.get(lang).to_owned(),
            excerpt: finding.quoted(lang).to_owned(),
            message: finding.text().get(lang).to_owned(),
        }
    }
}

/// Check a posting against the law
///
/// The check supports; a person decides.
#[utoipa::path(operation_id = "check_posting_law", tag = "postings", params(ById), responses((status = 200, description = "Everything the law has to say.", body = Items<LawFinding>)))]
#[get("/postings/{id}/law-check")]
pub async fn check_posting_law(
    service: State,
    req: actix_web::HttpRequest,
    path: Path<ById>,
    _: NoQuery,
) -> Result<HttpResponse, ApiError> {
    let (keys, lang, today) = (service.db.keys().clone(), super::guard::lang(req.headers()), service.today());
    let found = service.read(move |conn| app::law_check(conn, &keys, path.0.id.0, today)).await?;
    Ok(HttpResponse::Ok().json(Items::of(found, |finding| LawFinding::show(&finding, lang))))
}
