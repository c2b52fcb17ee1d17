//! Who may call what, in the OpenAPI document: said from the policy itself, so that the document cannot promise otherwise.

use utoipa::openapi::OpenApi;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{RefOr, Required};

use super::admission::REASON_NAME;
use super::operations;
use crate::domain::access::Relation;
use crate::domain::access::policy::{Who, permissions};
use crate::pages::session::COOKIE;

const BEARER: &str = "api_token";
const SIGN_IN: &str = "sign_in";

/// Adds the two ways to show who one is. Run once.
pub fn describe(api: &mut OpenApi) {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("An API token, as `wangjia token add` or `POST /auth/tokens` gives it."))
        .build();
    let cookie = ApiKey::Cookie(ApiKeyValue::with_description(
        COOKIE,
        "The cookie of a sign-in; changes also need its `X-CSRF-Token` (`GET /auth/me`).",
    ));
    let components = api.components.get_or_insert_default();
    components.security_schemes.insert(BEARER.to_owned(), RefOr::T(SecurityScheme::Http(bearer)));
    components.security_schemes.insert(SIGN_IN.to_owned(), RefOr::T(SecurityScheme::ApiKey(cookie)));
}

/// Says who may call an operation, and asks for what that needs.
pub fn secure(operation: &mut Operation) {
    let line = operation.operation_id.as_deref().and_then(operations::Operation::find);
    let Some(line) = line else { return };
    let allowed: Vec<(Who, Relation)> = permissions(line.object, line.action).collect();
    let who: Vec<String> = allowed.iter().filter_map(|(who, relation)| said(*who, *relation)).collect();
    if who.is_empty() {
        return;
    }
    let about = operation.description.get_or_insert_default();
    if !about.is_empty() {
        about.push_str("\n\n");
    }
    about.push_str(&format!("**Who:** {}.", who.join("; ")));
    if allowed.iter().any(|(who, _)| *who == Who::Anybody) {
        return;
    }
    let none: [&str; 0] = [];
    operation.security = Some(vec![SecurityRequirement::new(BEARER, none), SecurityRequirement::new(SIGN_IN, none)]);
    if allowed.iter().any(|(_, relation)| *relation == Relation::WithReason) {
        operation.parameters.get_or_insert_default().push(RefOr::T(reason()));
    }
}

fn said(who: Who, relation: Relation) -> Option<String> {
    let name = match who {
        Who::Holder(role) => role.label().en,
        Who::SignedIn => "everybody signed in",
        Who::Anybody => "everybody",
        // The command line asks the same policy but not this interface.
        Who::Operator => return None,
    };
    Some(match relation {
        Relation::Any => name.to_owned(),
        relation => format!("{name} ({})", relation.label().en),
    })
}

fn reason() -> Parameter {
    let text = ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .max_length(Some(1_800))
        .pattern(Some("^[!-~][ -~]{2,}[!-~]$"))
        .build();
    ParameterBuilder::new()
        .name(REASON_NAME)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "Why an official looks at people's data: 4 to 200 characters, percent-encoded UTF-8. It is kept in the audit.",
        ))
        .schema(Some(text))
        .build()
}
