//! `/events`: what became of each fact, in order, for another system to follow.

use actix_web::{HttpResponse, get};
use chrono::{DateTime, Utc};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use super::error::ApiError;
use super::extract::Query;
use super::json::coded;
use super::scalars::{EventKind, EventOperation, Id};
use super::state::State;
use crate::app::error::FieldCode;
use crate::app::events::{self as app, EventFilter};

/// A place in the order of events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position(pub i64);

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let is_plain = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
        let position = text.parse().ok().filter(|position: &i64| is_plain && *position >= 0);
        position.map(Self).ok_or_else(|| D::Error::custom(coded(FieldCode::BadId)))
    }
}

impl Serialize for Position {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl PartialSchema for Position {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .description(Some("Place in the order of all events; \"0\" is before the first."))
            .pattern(Some("^(0|[1-9][0-9]{0,18})$"))
            .min_length(Some(1))
            .max_length(Some(19))
            .examples([serde_json::Value::from("4711")])
            .into()
    }
}

impl ToSchema for Position {}

/// How many events at most.
#[derive(Clone, Copy, Debug)]
pub struct EventLimit(pub u16);

impl<'de> Deserialize<'de> for EventLimit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.parse() {
            Ok(limit @ 1..=1000) if !text.starts_with('+') => Ok(Self(limit)),
            _ => Err(D::Error::custom(coded(FieldCode::OutOfRange))),
        }
    }
}

impl PartialSchema for EventLimit {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::Integer))
            .description(Some("How many events at most; 100 unless given."))
            .minimum(Some(1))
            .maximum(Some(1000))
            .into()
    }
}

impl ToSchema for EventLimit {}

/// From where to go on.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EventQuery {
    /// `next` of the page before; the beginning unless given.
    pub after: Option<Position>,
    pub limit: Option<EventLimit>,
    /// Only these facts.
    pub kind: Option<EventKind>,
}

/// Something that became of a fact.
#[derive(Debug, Serialize, ToSchema)]
pub struct Event {
    pub position: Position,
    /// Community it belongs to; null for what is the whole house's, such as settings and employers.
    pub community_id: Option<Id>,
    /// Place among the events of the community, without holes.
    #[schema(example = 812)]
    pub seq: Option<i64>,
    /// Building of the household, or the area itself.
    pub area_id: Option<Id>,
    pub household_id: Option<Id>,
    /// null, too, once the person is erased.
    pub resident_id: Option<Id>,
    pub recorded_at: DateTime<Utc>,
    pub kind: EventKind,
    pub operation: EventOperation,
    /// The record, by the kind's own numbers.
    pub record_id: Id,
    /// What the record says afterwards, as far as it is told: no names, numbers of people, or notes. null once it is removed, or the
    /// person erased.
    #[schema(value_type = Option<Object>, example = json!({"resident_id": "17", "channel": "micro_factory", "start_on": "2026-11-02", "end_on": null}))]
    pub data: Option<serde_json::Value>,
}

/// Events in order.
#[derive(Debug, Serialize, ToSchema)]
pub struct Events {
    pub items: Vec<Event>,
    /// Send it as `after` next time: of the last event here, or what was sent if there are none yet.
    pub next: Position,
}

impl From<app::Event> for Event {
    fn from(event: app::Event) -> Self {
        Self {
            position: Position(event.position),
            community_id: event.community_id.map(Id),
            seq: event.seq,
            area_id: event.area_id.map(Id),
            household_id: event.household_id.map(Id),
            resident_id: event.resident_id.map(Id),
            recorded_at: event.recorded_at.and_utc(),
            kind: EventKind(event.kind),
            operation: EventOperation(event.operation),
            record_id: Id(event.row_id),
            data: event.data,
        }
    }
}

/// Follow what happens
///
/// In the order in which the changes were committed: after `next` nothing ever appears before it. Of the caller's areas, and of what
/// lies in none. Keep the last `data` of each kind and record, and drop it when removed: that is what the records say.
#[utoipa::path(operation_id = "list_events", tag = "events", params(EventQuery), responses((status = 200, description = "Events after a position.", body = Events)))]
#[get("/events")]
pub async fn list_events(service: State, query: Query<EventQuery>) -> Result<HttpResponse, ApiError> {
    let after = query.0.after.unwrap_or_default();
    let limit = i64::from(query.0.limit.map_or(100, |limit| limit.0));
    let within = service.reach().areas().map(<[i64]>::to_vec);
    let filter = EventFilter { kind: query.0.kind.map(|kind| kind.0), within };
    let found = service.read(move |conn| app::after(conn, &filter, after.0, limit)).await?;
    if found.is_empty() {
        // Whoever waits for news has read nobody's data.
        service.shows_nothing();
    }
    service.shows(found.iter().filter_map(|event| event.resident_id));
    let next = found.last().map_or(after, |event| Position(event.position));
    Ok(HttpResponse::Ok().json(Events { items: found.into_iter().map(Event::from).collect(), next }))
}
