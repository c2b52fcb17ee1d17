//! Who sends a request: extractors for what the middleware found out before the handler.

use std::net::IpAddr;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use futures_util::future::{Ready, ready};

use super::error::{ApiError, ErrorCode};
use crate::app::access::{Act, Caller};
use crate::pages::session;

/// Somebody with an account.
pub struct Signed(pub Caller);

impl FromRequest for Signed {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let caller = req.extensions().get::<Act>().map(|act| act.caller.clone());
        ready(caller.filter(|caller| caller.account.is_some()).map(Self).ok_or(ErrorCode::NotSignedIn.into()))
    }
}

/// Where a request comes from: the address, the session the browser held before, the browser's name.
pub struct Origin {
    pub address: IpAddr,
    pub came_with: Option<String>,
    pub browser: String,
}

impl FromRequest for Origin {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self {
            address: session::address(req),
            came_with: session::sent_token(req),
            browser: session::browser(req),
        }))
    }
}
