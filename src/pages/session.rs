//! What of HTTP a sign-in touches: the cookie, the address it comes from, what the browser calls itself.
//!
//! Invariant: the session's token travels in one cookie that scripts cannot read (`HttpOnly`), that goes over TLS only
//! (`Secure`; browsers count loopback as such), to this host only (`__Host-`), and not with requests other sites begin
//! (`SameSite=Lax`). It is never in an address or a body.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpMessage as _, HttpRequest};

/// Name of the session's cookie.
pub const COOKIE: &str = "__Host-wangjia-session";
/// Where a script shows the CSRF token of its session.
pub const CSRF_HEADER: &str = "x-csrf-token";

/// The address a request comes from, as the outermost middleware found it: behind a trusted proxy that is not the peer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// The address a request comes from.
#[must_use]
pub fn address(request: &HttpRequest) -> IpAddr {
    let known = request.extensions().get::<ClientAddress>().map(|address| address.0);
    // Without the middleware (a handler under test) the peer is the client.
    known.or_else(|| request.peer_addr().map(|peer| peer.ip())).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}

/// The token the browser sent, whether it still opens anything or not.
#[must_use]
pub fn sent_token(request: &HttpRequest) -> Option<String> {
    request.cookie(COOKIE).map(|cookie| cookie.value().to_owned())
}

/// Longest name of a browser that is kept, characters.
const LONGEST_LABEL: usize = 200;

/// What the browser calls itself, so that people recognise their sign-ins. Nothing is decided by it.
#[must_use]
pub fn browser(request: &HttpRequest) -> String {
    let sent = request.headers().get(actix_web::http::header::USER_AGENT).and_then(|value| value.to_str().ok());
    let label: String = sent.unwrap_or_default().chars().filter(|c| !c.is_control()).take(LONGEST_LABEL).collect();
    if label.trim().is_empty() { "?".to_owned() } else { label.trim().to_owned() }
}

/// The cookie that carries a token until the browser is closed; the server ends the session on its own time.
#[must_use]
pub fn cookie(token: &str) -> Cookie<'static> {
    Cookie::build(COOKIE, token.to_owned()).path("/").secure(true).http_only(true).same_site(SameSite::Lax).finish()
}

/// The cookie that takes the other away.
#[must_use]
pub fn no_cookie() -> Cookie<'static> {
    let mut gone = cookie("");
    gone.make_removal();
    gone
}
