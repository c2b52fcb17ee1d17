//! The rights of the person: everything stored about one in one call, and the two masked numbers in full, with a reason.

use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::error::ApiError;
use super::extract::{ById, Json, NoQuery, Path};
use super::once::{Once, Outcome};
use super::scalars::{Line, code_of};
use super::state::State;
use crate::app::privacy::export::{self as app, Secret};

macro_rules! parts {
    ($($(#[$doc:meta])* $part:ident,)+) => {
        /// Everything stored about a resident. Ids of others are left as numbers.
        #[derive(Debug, Serialize, ToSchema)]
        pub struct ResidentExport {
            /// Identity and profile, ID number and phone in full.
            #[schema(value_type = Object)]
            pub resident: Value,
            $($(#[$doc])* #[schema(value_type = Vec<Object>)] pub $part: Vec<Value>,)+
        }

        impl From<app::Export> for ResidentExport {
            fn from(export: app::Export) -> Self {
                Self { resident: export.resident, $($part: export.$part,)+ }
            }
        }
    };
}

parts! {
    skills,
    certificates,
    unavailable_hours,
    wishes,
    /// Conditions the person ruled out.
    ruled_out,
    memberships,
    /// Changes of households that name the person.
    household_events,
    /// Changes of households that ledgers proposed about the person.
    household_proposals,
    /// What imports found wrong with the records about the person, values masked, and whether somebody looked at it.
    record_findings,
    employment,
    training,
    /// Duties in which the person is the carer.
    care_duties,
    barriers,
    declines,
    /// Of every run, with the explanation as it was stored.
    recommendations,
    plan_placements,
    /// What plans changed for the person, and why.
    plan_changes,
    /// What plans made of the person's households, and why one stays uncovered.
    plan_households,
    /// Counselors' decisions about the person and a posting.
    plan_decisions,
    consents,
    introductions,
    /// With every step, and for which gates somebody answered.
    referrals,
    /// Courses, with every step, the days the person came, and what passing showed.
    enrolments,
    /// Visits to the person's households; their notes may be about others and stay out.
    visits,
    /// What the person complained of or objected to, and the answers.
    concerns,
    approvals,
    /// Frozen monthly reports that count the person, the person's work or household, with the figures that do. They are never changed or
    /// removed, after a deletion neither, and hold numbers of records, no names.
    reports,
    /// What became of the records about the person, in order.
    events,
    /// Who read or changed the record.
    reads,
}

code_of! {
    SecretCode(Secret) = "`id_number` or `phone`.", ["id_number", "phone"];
}

/// What to show, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealWrite {
    pub what: SecretCode,
    /// Stands in the audit.
    pub reason: Line,
}

/// A number in full.
#[derive(Debug, Serialize, ToSchema)]
pub struct Revealed {
    /// Null = no phone is recorded.
    #[schema(example = "13900000000")]
    pub value: Option<String>,
}

/// Export everything stored about a resident
///
/// With ID number and phone in full and with who read or changed the record: the copy a person may ask for.
#[utoipa::path(operation_id = "export_resident", tag = "privacy", params(ById), responses((status = 200, description = "Everything.", body = ResidentExport)))]
#[get("/residents/{id}/export")]
pub async fn export_resident(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let (keys, today) = (service.db.keys().clone(), service.today());
    let export = service.read(move |conn| app::export(conn, &keys, path.0.id.0, today)).await?;
    Ok(HttpResponse::Ok().json(ResidentExport::from(export)))
}

/// Show a number of a resident in full
///
/// By POST, because the reason is typed and stands in no address.
#[utoipa::path(operation_id = "reveal_resident", tag = "privacy", params(ById), request_body = RevealWrite, responses((status = 200, description = "The number.", body = Revealed)))]
#[post("/residents/{id}/reveal")]
pub async fn reveal_resident(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<RevealWrite>,
) -> Result<HttpResponse, ApiError> {
    let (id, keys, what) = (path.0.id.0, service.db.keys().clone(), body.value.what.0);
    service.says(&body.value.reason.0);
    once.run(&service, &body.raw, move |conn| {
        Outcome::ok(None, &Revealed { value: app::reveal(conn, &keys, id, what)? })
    })
    .await
}
