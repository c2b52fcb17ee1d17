//! Who sent a request, as far as a use case writes it down or shows more or less for it.

use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use futures_util::future::{Ready, ready};

use super::access::Doing;
use super::error::{ApiError, ErrorCode};
use crate::app::privacy::introductions::Viewer;
use crate::domain::access::Role;

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
        let acting = req
            .extensions()
            .get::<Arc<Doing>>()
            .map(|doing| Self { account: doing.act.caller.account, viewer: viewer(doing) });
        ready(acting.ok_or(ErrorCode::Internal.into()))
    }
}

/// The role that let the caller in decides what is shown, so that a counselor of one grid who is also somebody's HR sees no
/// person behind the HR side.
fn viewer(doing: &Doing) -> Viewer {
    let reach = &doing.allowed.reach;
    match doing.act.role {
        Some(Role::Hr) => Viewer::Employers(reach.employers.clone()),
        _ if reach.everything => Viewer::Everything,
        _ => Viewer::Areas(reach.areas.clone()),
    }
}
