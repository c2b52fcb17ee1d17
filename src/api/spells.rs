//! `/spells`: who worked where, from when to when.

use actix_web::{HttpResponse, get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, IfMatch, Json, NoQuery, Path, Query, shown};
use super::json::merge_patch;
use super::once::{Once, Outcome};
use super::page::{Page, page, window};
use super::scalars::{Channel, Cursor, Day, Id, Limit, Line, Paragraph, ReferralReason, Region, YuanAMonth};
use super::state::State;
use crate::app::Record;
use crate::app::spells::{self as app, SpellFields, SpellFilter};

macro_rules! spell {
    ($($(#[$doc:meta])* $field:ident: $kind:ident $type:ty,)+) => {
        /// What is said of a job.
        #[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct SpellWrite {
            pub channel: Channel,
            $($(#[$doc])* #[serde(default)] pub $field: $type,)+
        }

        /// A job of a resident.
        #[derive(Debug, Serialize, ToSchema)]
        pub struct Spell {
            pub id: Id,
            pub resident_id: Id,
            /// First day that counts: the start if it is known, else the day of recording.
            pub counted_from: Day,
            pub channel: Channel,
            $($(#[$doc])* pub $field: $type,)+
        }

        impl From<SpellFields> for SpellWrite {
            fn from(fields: SpellFields) -> Self {
                Self { channel: Channel(fields.channel), $($field: spell!(@show $kind fields.$field),)+ }
            }
        }

        impl From<SpellWrite> for SpellFields {
            fn from(write: SpellWrite) -> Self {
                Self { channel: write.channel.0, $($field: spell!(@read $kind write.$field),)+ }
            }
        }

        impl From<Record<app::Spell>> for Spell {
            fn from(record: Record<app::Spell>) -> Self {
                let write = SpellWrite::from(record.fields.fields);
                Self {
                    id: Id(record.id),
                    resident_id: Id(record.fields.resident_id),
                    counted_from: Day(record.fields.counted_from),
                    channel: write.channel,
                    $($field: write.$field,)+
                }
            }
        }
    };
    (@show plain $value:expr) => { $value };
    (@read plain $value:expr) => { $value };
    (@show wrapped $value:expr) => { $value.map(Into::into) };
    (@read wrapped $value:expr) => { $value.map(|value| value.0) };
}

spell! {
    employer_id: wrapped Option<Id>,
    /// A posting whose place this job holds.
    posting_id: wrapped Option<Id>,
    /// As written, where the employer is not in the list of employers.
    employer_name: wrapped Option<Line>,
    job_title: wrapped Option<Line>,
    region: wrapped Option<Region>,
    place: wrapped Option<Line>,
    /// First day; null = not known.
    start_on: wrapped Option<Day>,
    /// First day out of the job; null = still in it.
    end_on: wrapped Option<Day>,
    monthly_income: wrapped Option<YuanAMonth>,
    /// Two jobs at once are allowed only if both are part-time.
    #[schema(example = false)]
    part_time: plain bool,
    /// Last day of the contract.
    contract_until: wrapped Option<Day>,
    /// What proves the job.
    evidence: wrapped Option<Line>,
    /// Day on which somebody last checked it.
    verified_on: wrapped Option<Day>,
    /// Kept encrypted; null in lists.
    note: wrapped Option<Paragraph>,
}

merge_patch!(SpellPatch, SpellWrite);

/// Which jobs.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SpellQuery {
    pub resident_id: Option<Id>,
    pub employer_id: Option<Id>,
    pub posting_id: Option<Id>,
    pub channel: Option<Channel>,
    /// Jobs held on this day.
    pub active_on: Option<Day>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// List jobs
#[utoipa::path(operation_id = "list_spells", tag = "spells", params(SpellQuery), responses((status = 200, description = "A page of jobs.", body = Page<Spell>)))]
#[get("/spells")]
pub async fn list_spells(service: State, query: Query<SpellQuery>) -> Result<HttpResponse, ApiError> {
    let query = query.0;
    let filter = SpellFilter {
        resident: query.resident_id.map(|id| id.0),
        employer: query.employer_id.map(|id| id.0),
        posting: query.posting_id.map(|id| id.0),
        channel: query.channel.map(|channel| channel.0),
        active_on: query.active_on.map(|day| day.0),
        within: service.reach().areas().map(<[i64]>::to_vec),
    };
    let list = format!("spells?{filter:?}");
    let rows = window(&service, &list, query.limit, query.cursor.as_ref())?;
    let found = service.read(move |conn| app::page(conn, &filter, rows)).await?;
    service.shows(found.iter().map(|row| row.fields.resident_id));
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |row| row.id, Spell::from)))
}

/// Read a job
#[utoipa::path(operation_id = "get_spell", tag = "spells", params(ById), responses((status = 200, description = "The job.", body = Spell)))]
#[get("/spells/{id}")]
pub async fn get_spell(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let keys = service.db.keys().clone();
    let spell = service.read(move |conn| app::get(conn, &keys, path.0.id.0)).await?;
    Ok(shown(spell.version, &Spell::from(spell)))
}

/// Record a job of a resident
///
/// A job that names a posting takes one of its places, or is refused if none is left.
#[utoipa::path(operation_id = "create_spell", tag = "spells", params(ById), request_body = SpellWrite, responses((status = 201, description = "The job.", body = Spell)))]
#[post("/residents/{id}/spells")]
pub async fn create_spell(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<SpellWrite>,
) -> Result<HttpResponse, ApiError> {
    let (id, keys, moment, write) = (path.0.id.0, service.db.keys().clone(), service.moment(), body.value);
    once.run(&service, &body.raw, move |conn| {
        let spell = app::create(conn, &keys, id, write.clone().into(), moment)?;
        Outcome::created(format!("/api/v1/spells/{}", spell.id), Some(spell.version), &Spell::from(spell))
    })
    .await
}

/// Correct a job
#[utoipa::path(operation_id = "update_spell", tag = "spells", params(ById), request_body = SpellPatch, responses((status = 200, description = "The job.", body = Spell)))]
#[patch("/spells/{id}")]
pub async fn update_spell(
    service: State,
    path: Path<ById>,
    seen: IfMatch,
    _: NoQuery,
    body: Json<SpellPatch>,
) -> Result<HttpResponse, ApiError> {
    let (keys, when) = (service.db.keys().clone(), (service.moment(), service.by()));
    let spell = service
        .write(move |conn| {
            let old = app::get(conn, &keys, path.0.id.0)?;
            seen.0.check(old.version)?;
            if body.value.0.is_empty() {
                return Ok(old);
            }
            let write = body.value.0.apply(&old.fields.fields.into())?;
            app::update(conn, &keys, (old.id, old.version), write.into(), when)
        })
        .await?;
    Ok(shown(spell.version, &Spell::from(spell)))
}

/// How a job ends.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SpellEnd {
    /// First day out of it.
    pub on: Day,
    /// Needed where the job came of a referral, which ends with it by today: one of those a referral ends with.
    pub reason: Option<ReferralReason>,
}

/// End a job
///
/// Its place in a posting becomes free, and the referral it came of ends.
#[utoipa::path(operation_id = "end_spell", tag = "spells", params(ById), request_body = SpellEnd, responses((status = 200, description = "The job.", body = Spell)))]
#[post("/spells/{id}/end")]
pub async fn end_spell(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<SpellEnd>,
) -> Result<HttpResponse, ApiError> {
    let (id, keys, when, by) = (path.0.id.0, service.db.keys().clone(), service.moment(), service.by());
    let end = (body.value.on.0, body.value.reason.map(|reason| reason.0));
    once.run(&service, &body.raw, move |conn| {
        let spell = app::end(conn, &keys, id, end, (when, by))?;
        Outcome::ok(Some(spell.version), &Spell::from(spell))
    })
    .await
}
