//! `/residents`: identity and profile. ID and phone numbers go in whole and are answered masked.

use actix_web::{HttpResponse, get, patch, post};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, IfMatch, Json, NoQuery, Path, Query, shown};
use super::once::{Once, Outcome};
use super::page::{Page, page, window};
use super::profile::{Profile, ProfilePatch};
use super::scalars::{Cursor, Day, Id, IdNumber, LabourClass, Limit, Line, Name, Paragraph, Phone, Sex, YesNo};
use super::state::State;
use crate::app::access::ObjectKind;
use crate::app::residents::{self as app, Change, NewResident, ResidentFilter};

/// A new resident. Sex and birth date follow from the ID number.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResidentCreate {
    pub id_number: IdNumber,
    pub name: Name,
    pub phone: Option<Phone>,
    /// Checked against the ID number.
    pub sex: Option<Sex>,
    /// Checked against the ID number.
    pub birth_date: Option<Day>,
    #[serde(default)]
    pub profile: Profile,
    /// Kept encrypted.
    pub note: Option<Paragraph>,
}

/// What of a resident changes (a JSON merge patch): an absent field stays, `null` clears it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResidentPatch {
    /// A correction; sex and birth date follow.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub id_number: Option<IdNumber>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub name: Option<Name>,
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<Phone>)]
    pub phone: Option<Option<Phone>>,
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<Paragraph>)]
    pub note: Option<Option<Paragraph>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub profile: Option<ProfilePatch>,
}

impl ResidentPatch {
    fn is_empty(&self) -> bool {
        let Self { id_number, name, phone, note, profile } = self;
        let profile = profile.as_ref().is_none_or(|profile| profile.0.is_empty());
        id_number.is_none() && name.is_none() && phone.is_none() && note.is_none() && profile
    }
}

/// A field that may be absent but not null.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A field that may be absent, or null to clear it.
fn clearable<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// A resident.
#[derive(Debug, Serialize, ToSchema)]
pub struct Resident {
    pub id: Id,
    pub name: Name,
    /// ID number, at most the last two characters visible.
    #[schema(example = "****************42")]
    pub id_number_masked: String,
    /// Phone number, at most the last two digits visible.
    #[schema(example = "*********00")]
    pub phone_masked: Option<String>,
    pub sex: Sex,
    pub birth_date: Day,
    pub profile: Profile,
    /// Left out of lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Paragraph>,
    /// Household today; left out of lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub household_id: Option<Id>,
}

impl From<app::Resident> for Resident {
    fn from(resident: app::Resident) -> Self {
        Self {
            id: Id(resident.id),
            name: Name(resident.name),
            id_number_masked: resident.id_number_masked,
            phone_masked: resident.phone_masked,
            sex: Sex(resident.sex),
            birth_date: Day(resident.birth_date),
            profile: resident.profile.into(),
            note: resident.note.map(Paragraph),
            household_id: resident.household_id.map(Id),
        }
    }
}

/// Which residents. To find somebody by ID number, see `/resident-searches`: such numbers do not belong into addresses.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ResidentQuery {
    /// Part of the name.
    pub name: Option<Line>,
    /// Members of this household today.
    pub household_id: Option<Id>,
    pub labour_class: Option<LabourClass>,
    /// Whether they want work.
    pub willing: Option<YesNo>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// List residents
#[utoipa::path(operation_id = "list_residents", tag = "residents", params(ResidentQuery), responses((status = 200, description = "A page of residents.", body = Page<Resident>)))]
#[get("/residents")]
pub async fn list_residents(service: State, query: Query<ResidentQuery>) -> Result<HttpResponse, ApiError> {
    let query = query.0;
    let filter = ResidentFilter {
        id_number_index: None,
        phone_index: None,
        name: query.name.map(|name| name.0),
        usable_only: true,
        household: query.household_id.map(|id| id.0),
        labour_class: query.labour_class.map(|class| class.0),
        willing: query.willing.map(|willing| willing.0),
        within: service.reach().areas().map(|areas| (areas.to_vec(), service.account())),
        on: service.today(),
    };
    let list = format!("residents?{filter:?}");
    let rows = window(&service, &list, query.limit, query.cursor.as_ref())?;
    let keys = service.db.keys().clone();
    let found = service.read(move |conn| app::page(conn, &keys, &filter, rows)).await?;
    service.shows(found.iter().map(|row| row.id));
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |row| row.id, Resident::from)))
}

/// Read a resident
#[utoipa::path(operation_id = "get_resident", tag = "residents", params(ById), responses((status = 200, description = "The resident.", body = Resident)))]
#[get("/residents/{id}")]
pub async fn get_resident(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let (keys, today) = (service.db.keys().clone(), service.today());
    let resident = service.read(move |conn| app::get(conn, &keys, path.0.id.0, today)).await?;
    Ok(shown(resident.version, &Resident::from(resident)))
}

/// Add a resident
#[utoipa::path(operation_id = "create_resident", tag = "residents", request_body = ResidentCreate, responses((status = 201, description = "The new resident.", body = Resident)))]
#[post("/residents")]
pub async fn create_resident(
    service: State,
    once: Once,
    _: NoQuery,
    body: Json<ResidentCreate>,
) -> Result<HttpResponse, ApiError> {
    let (keys, moment, create) = (service.db.keys().clone(), service.moment(), body.value);
    let account = service.account();
    once.run(&service, &body.raw, move |conn| {
        let create = create.clone();
        let new = NewResident {
            id_number: create.id_number.0,
            name: create.name.0,
            phone: create.phone.map(|phone| phone.0),
            sex: create.sex.map(|sex| sex.0),
            birth_date: create.birth_date.map(|day| day.0),
            profile: create.profile.into(),
            note: create.note.map(|note| note.0),
        };
        let resident = app::create(conn, &keys, new, moment)?;
        app::entered_by(conn, resident.id, account)?;
        let location = format!("/api/v1/residents/{}", resident.id);
        Outcome::created(location, Some(resident.version), &Resident::from(resident))
    })
    .await
}

/// Change a resident
#[utoipa::path(operation_id = "update_resident", tag = "residents", params(ById), request_body = ResidentPatch, responses((status = 200, description = "The resident.", body = Resident)))]
#[patch("/residents/{id}")]
pub async fn update_resident(
    service: State,
    path: Path<ById>,
    seen: IfMatch,
    _: NoQuery,
    body: Json<ResidentPatch>,
) -> Result<HttpResponse, ApiError> {
    let (keys, moment, patch) = (service.db.keys().clone(), service.moment(), body.value);
    let resident = service
        .write(move |conn| {
            let old = app::get(conn, &keys, path.0.id.0, moment.1)?;
            seen.0.check(old.version)?;
            if patch.is_empty() {
                return Ok(old);
            }
            let profile = match &patch.profile {
                None => old.profile,
                Some(patch) => patch.0.apply(&old.profile.into())?.into(),
            };
            let change = Change {
                id_number: patch.id_number.as_ref().map(|number| number.0.clone()),
                name: patch.name.as_ref().map(|name| name.0.clone()),
                phone: patch.phone.as_ref().map(|phone| phone.as_ref().map(|phone| phone.0.clone())),
                note: patch.note.as_ref().map(|note| note.as_ref().map(|note| note.0.clone())),
                profile,
            };
            app::update(conn, &keys, (old.id, old.version), change, moment)
        })
        .await?;
    Ok(shown(resident.version, &Resident::from(resident)))
}

/// Whom to look for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResidentSearch {
    pub id_number: IdNumber,
}

/// Find a resident by ID number
///
/// The number travels in the body, so that it stands in no address, history or log. 404 if nobody has it.
#[utoipa::path(operation_id = "search_resident", tag = "residents", request_body = ResidentSearch, responses((status = 200, description = "The resident.", body = Resident), (status = 404, description = "Code `not_found`.", body = super::error::Problem, content_type = "application/problem+json")))]
#[post("/resident-searches")]
pub async fn search_resident(
    service: State,
    once: Once,
    _: NoQuery,
    body: Json<ResidentSearch>,
) -> Result<HttpResponse, ApiError> {
    let (keys, today, number) = (service.db.keys().clone(), service.today(), body.value.id_number.0);
    let access = service.clone();
    once.run(&service, &body.raw, move |conn| {
        let resident = app::by_id_number(conn, &keys, &number, today)?;
        access.require(conn, (ObjectKind::Resident, resident.id))?;
        access.shows([resident.id]);
        Outcome::ok(Some(resident.version), &Resident::from(resident))
    })
    .await
}
