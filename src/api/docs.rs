//! The OpenAPI document: what the route list says, plus what holds for every operation, said once.
//!
//! Each operation documents its own success. Here every operation gets the errors its shape allows (a path id can be
//! absent, a body can be malformed, an update can be stale), so no handler can forget one.

use std::collections::{BTreeMap, BTreeSet};

use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{Content, Info, License, OpenApi, Ref, RefOr, Required};

use super::coverage::{By, CoverageExemption, CoverageFigure};
use super::docs_access;
use super::error::{ErrorCode, PROBLEM_JSON, Problem};
use super::events::EventLimit;
use super::ledgers::LedgerForm;
use super::recommendations::OrderCode;
use super::saved_views::ListCode;
use super::scalars::{Cursor, GroupKey, Limit, SeriesMonths, SeriesWeeks, YesNo};

const ABOUT: &str = "Employment matching, household-first plans and household coverage for relocation communities.\n\n\
**Conventions.** Ids are opaque strings. Dates are `YYYY-MM-DD`; times are RFC 3339 in UTC; \"today\" is the day in \
Asia/Shanghai. Money is stated with each field. Lists take `limit` (at most 100) and an opaque `cursor`. Unknown query \
parameters and unknown body fields are refused. A POST takes an `Idempotency-Key`, unless it signs in or out or answers \
with a secret; its first answer is replayed for at least 24 hours. Updates need `If-Match` with the `ETag` last read. Updates by PATCH are JSON merge patches (RFC 7396): \
an absent field stays, `null` clears it.\n\n\
**Who may what.** A browser signs in with `POST /auth/sign-in` and sends the cookie, with `X-CSRF-Token` on changes; a program \
sends an API token as `Authorization: Bearer`. Each operation names the roles that may call it. What is not yours is \
answered exactly like what does not exist. Roles and scopes are looked up for every request.\n\n\
**Personal data.** ID and phone numbers are answered masked, the last two characters visible; in full only by the operations \
that say so. Every reading of people's data is audited, and an official says why in `X-Access-Reason`.\n\n\
Every answer bears an `X-Request-Id`.\n\n**Errors** are `application/problem+json` (RFC 9457) in the language of `Accept-Language` (Chinese unless English is \
preferred):\n\n";

/// The head of the document with the error table.
#[must_use]
pub fn head() -> OpenApi {
    let mut about = format!("{ABOUT}| status | code | |\n| --- | --- | --- |\n");
    for code in ErrorCode::all() {
        about.push_str(&format!("| {} | `{}` | {} |\n", code.status().as_u16(), code.code(), code.text().en));
    }
    let mut info = Info::new("Wangjia 旺家", env!("CARGO_PKG_VERSION"));
    info.description = Some(about);
    let mut license = License::new("Apache-2.0");
    license.identifier = Some("Apache-2.0".to_owned());
    info.license = Some(license);
    OpenApi::new(info, utoipa::openapi::Paths::new())
}

/// Adds what every operation shares. Run once, after all routes are in.
pub fn complete(api: &mut OpenApi) {
    let components = api.components.get_or_insert_default();
    components.responses.extend(problems());
    // Schemas that stand only in parameters are not collected with the operations.
    let shared = [
        shared_schemas::<Problem>(),
        shared_schemas::<Cursor>(),
        shared_schemas::<GroupKey>(),
        shared_schemas::<Limit>(),
        shared_schemas::<SeriesMonths>(),
        shared_schemas::<EventLimit>(),
        shared_schemas::<SeriesWeeks>(),
        shared_schemas::<YesNo>(),
        shared_schemas::<By>(),
        shared_schemas::<CoverageExemption>(),
        shared_schemas::<CoverageFigure>(),
        shared_schemas::<OrderCode>(),
        shared_schemas::<LedgerForm>(),
        shared_schemas::<ListCode>(),
    ];
    components.schemas.extend(shared.into_iter().flatten());
    docs_access::describe(api);
    for item in api.paths.paths.values_mut() {
        for (method, operation) in operations_mut(item) {
            complete_operation(method, operation);
            docs_access::secure(operation);
        }
    }
}

/// Path patterns with their methods, in the order of `Allow`.
#[must_use]
pub fn methods(api: &OpenApi) -> BTreeMap<String, Vec<&'static str>> {
    let mut table = BTreeMap::new();
    for (path, item) in &api.paths.paths {
        let mut item = item.clone();
        let mut methods: Vec<&'static str> = operations_mut(&mut item).into_iter().map(|(method, _)| method).collect();
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        table.insert(path.clone(), methods);
    }
    table
}

/// Path pattern, method and id of every operation.
#[must_use]
pub fn operation_ids(api: &OpenApi) -> Vec<(String, &'static str, String)> {
    let mut found = Vec::new();
    for (path, item) in &api.paths.paths {
        let mut item = item.clone();
        for (method, operation) in operations_mut(&mut item) {
            found.extend(operation.operation_id.clone().map(|id| (path.clone(), method, id)));
        }
    }
    found
}

fn operations_mut(item: &mut PathItem) -> Vec<(&'static str, &mut Operation)> {
    [
        ("GET", &mut item.get),
        ("POST", &mut item.post),
        ("PUT", &mut item.put),
        ("PATCH", &mut item.patch),
        ("DELETE", &mut item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| operation.as_mut().map(|operation| (method, operation)))
    .collect()
}

fn complete_operation(method: &str, operation: &mut Operation) {
    let has = |operation: &Operation, place: ParameterIn| {
        parameters(operation).any(|parameter| parameter.parameter_in == place)
    };
    let writes = method != "GET";
    let mut codes = vec![ErrorCode::ForeignSite, ErrorCode::Invalid, ErrorCode::Internal, ErrorCode::Unavailable];
    codes.extend([ErrorCode::Malformed, ErrorCode::Busy]);
    if has(operation, ParameterIn::Path) {
        codes.push(ErrorCode::NotFound);
    }
    if writes {
        codes.extend([ErrorCode::BodyTimeout, ErrorCode::TooLarge, ErrorCode::KeyRunning]);
    }
    if operation.request_body.is_some() {
        codes.extend([ErrorCode::MalformedJson, ErrorCode::UnsupportedMedia]);
    }
    codes.extend([ErrorCode::NotSignedIn, ErrorCode::NotAllowed, ErrorCode::TooManyRequests]);
    if writes {
        codes.push(ErrorCode::TooManyAttempts);
    }
    if method == "POST" && !answers_secrets(operation) {
        codes.push(ErrorCode::KeyReused);
        add_header(
            operation,
            "Idempotency-Key",
            Required::False,
            "Any text of yours; a retry with the same key has no second effect and gets the first answer.",
            200,
            "^[!-~]+$",
        );
    }
    let updates = matches!(method, "PUT" | "PATCH" | "DELETE") || has_parameter(operation, "If-Match");
    if updates {
        codes.extend([ErrorCode::IfMatchMissing, ErrorCode::Stale]);
        operation
            .parameters
            .get_or_insert_default()
            .retain(|parameter| !matches!(parameter, RefOr::T(parameter) if parameter.name == "If-Match"));
        add_header(
            operation,
            "If-Match",
            Required::True,
            "The `ETag` last read; `*` for whatever it is now.",
            200,
            "^(\\*|\"v[1-9][0-9]{0,17}\")$",
        );
    }
    if writes {
        codes.extend(ErrorCode::all().filter(|code| matches!(code, ErrorCode::Refused(_))));
    }
    for status in codes.into_iter().map(|code| code.status().as_u16()).collect::<BTreeSet<_>>() {
        let shared = || RefOr::Ref(Ref::from_response_name(problem_name(status)));
        operation.responses.responses.entry(status.to_string()).or_insert_with(shared);
    }
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            for (content_type, content) in &mut response.content {
                // Files have no schema in OpenAPI 3.1; the media type says everything.
                if content_type.starts_with("application/vnd.") || content_type == "text/csv" {
                    *content = RefOr::T(Content::new(None::<RefOr<utoipa::openapi::Schema>>));
                }
            }
        }
    }
    let mut headers = Vec::new();
    if method == "POST" {
        headers.push(("201", "Location", "Where the new thing is."));
        headers.push(("202", "Location", "Where to follow the job."));
    }
    if updates {
        headers.push(("200", "ETag", "The new version, for the next `If-Match`."));
    }
    for (status, name, about) in headers {
        if let Some(RefOr::T(response)) = operation.responses.responses.get_mut(status) {
            let header = HeaderBuilder::new().schema(Some(string())).description(Some(about)).build();
            response.headers.insert(name.to_owned(), RefOr::T(header));
        }
    }
}

/// Whether an operation answers with a secret or handles one: no answer of it is kept, so a key would promise too much.
fn answers_secrets(operation: &Operation) -> bool {
    const ANSWER_SECRETS: [&str; 10] = [
        "create_first_administrator",
        "sign_in",
        "sign_out",
        "change_password",
        "reset_password",
        "begin_second_factor",
        "confirm_second_factor",
        "remove_second_factor",
        "create_token",
        "reset_account",
    ];
    operation.operation_id.as_deref().is_some_and(|id| ANSWER_SECRETS.contains(&id))
}

fn problem_name(status: u16) -> String {
    format!("Problem{status}")
}

fn has_parameter(operation: &Operation, name: &str) -> bool {
    parameters(operation).any(|parameter| parameter.name == name)
}

fn parameters(operation: &Operation) -> impl Iterator<Item = &Parameter> {
    operation.parameters.iter().flatten().filter_map(|parameter| match parameter {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    })
}

fn add_header(operation: &mut Operation, name: &str, required: Required, about: &str, max: usize, pattern: &str) {
    let schema = ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .min_length(Some(1))
        .max_length(Some(max))
        .pattern(Some(pattern))
        .build();
    let parameter = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(required)
        .description(Some(about))
        .schema(Some(schema))
        .build();
    operation.parameters.get_or_insert_default().push(RefOr::T(parameter));
}

fn string() -> utoipa::openapi::schema::Object {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).build()
}

/// One response for each error status, with the codes it can have.
fn problems() -> BTreeMap<String, RefOr<Response>> {
    let mut by_status: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for code in ErrorCode::all() {
        by_status.entry(code.status().as_u16()).or_default().push(format!("`{}`", code.code()));
    }
    let problem = |(status, codes): (u16, Vec<String>)| {
        let content = Content::new(Some(RefOr::<utoipa::openapi::Schema>::Ref(Ref::from_schema_name("Problem"))));
        let response = ResponseBuilder::new().description(format!("Code {}.", codes.join(", ")));
        let mut response = response.content(PROBLEM_JSON, content);
        if status == 503 {
            let after = HeaderBuilder::new().schema(Some(string())).description(Some("Seconds to wait."));
            response = response.header("Retry-After", after.build());
        }
        (problem_name(status), RefOr::T(response.build()))
    };
    by_status.into_iter().map(problem).collect()
}

/// A schema that no operation names itself, with those it refers to.
#[must_use]
fn shared_schemas<T: utoipa::ToSchema>() -> Vec<(String, RefOr<utoipa::openapi::Schema>)> {
    let mut schemas = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut schemas);
    schemas
}
