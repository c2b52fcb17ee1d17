//! Who sent a request, as far as a use case writes it down or shows more or less for it.
//!
//! Reads the act the request was let through with; without one (nobody signs in) there is no account and nothing is narrowed.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::future::{Ready, ready};

use super::error::ApiError;
use crate::app::access::Act;
use crate::app::privacy::introductions::Viewer;
use crate::domain::access::{ActorKind, Role};

/// The one who acts.
#[derive(Clone, Debug)]
pub struct Acting {
    /// For `recorded_by` and its like.
    pub account: Option<i64>,
    /// Whose introductions the role may see.
    pub viewer: Viewer,
}

impl FromRequest for Acting {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let act = req.extensions().get::<Act>().cloned();
        ready(Ok(act.map_or(Self { account: None, viewer: Viewer::Everything }, |act| Self {
            account: act.caller.account,
            viewer: viewer(&act),
        })))
    }
}

fn viewer(act: &Act) -> Viewer {
    let held = |role| act.caller.grants.iter().filter(move |grant| grant.role == role);
    match act.role {
        Some(role @ Role::Hr) => Viewer::Employers(held(role).filter_map(|grant| grant.employer).collect()),
        Some(role) => Viewer::Areas(held(role).filter_map(|grant| grant.area).collect()),
        None if act.caller.kind == ActorKind::Account => Viewer::Areas(Vec::new()),
        None => Viewer::Everything,
    }
}
