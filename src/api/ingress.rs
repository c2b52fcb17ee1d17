//! How the service is reached: the names it answers to, the proxies it believes, whether the way is encrypted.
//!
//! Invariant: what a request says of its own origin (`Host`, `X-Forwarded-For`, `X-Forwarded-Proto`) is believed only as far as
//! the operator named it. A name nobody gave is refused, so no foreign page reaches the service by pointing its own name here;
//! forwarded addresses count only from a proxy that was named, and then the right-most one that is no such proxy, because
//! everything left of it was written by whoever sent the request.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::http::header::{HeaderMap, HeaderName};

/// What the operator said about the way here. The default is a server on this machine only.
#[derive(Clone, Debug, Default)]
pub struct Ingress {
    /// Names it is reached by, beside loopback.
    pub hosts: Vec<String>,
    /// The address listened on, if others reach it by that.
    pub address: Option<IpAddr>,
    pub proxies: Vec<IpAddr>,
    /// The server itself speaks TLS.
    pub tls: bool,
}

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

impl Ingress {
    /// Whether a `Host` (name or address, perhaps with a port) is one of ours.
    #[must_use]
    pub fn knows(&self, host: &str) -> bool {
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
            _ => host,
        };
        let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        // An address is no name anybody could point elsewhere, but only ours is of use.
        let ours = address.is_ok_and(|ip| ip.is_loopback() || self.address == Some(ip.to_canonical()));
        ours || name.eq_ignore_ascii_case("localhost")
            || self.hosts.iter().any(|known| known.eq_ignore_ascii_case(name))
    }

    fn is_proxy(&self, address: IpAddr) -> bool {
        self.proxies.contains(&address.to_canonical())
    }

    /// Who sent a request that came from `peer`.
    #[must_use]
    pub fn client(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)).to_canonical();
        let forwarded: Vec<&str> =
            headers.get_all(FORWARDED_FOR).filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(',')).collect();
        for hop in forwarded.into_iter().rev() {
            if !self.is_proxy(client) {
                break;
            }
            // What is no address was not written by a proxy of ours: the last one known stays.
            let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
            client = address.to_canonical();
        }
        client
    }

    /// Whether the way from the client's browser is encrypted.
    #[must_use]
    pub fn is_encrypted(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> bool {
        let said = || headers.get(FORWARDED_PROTO).and_then(|value| value.to_str().ok());
        self.tls
            || (peer.is_some_and(|peer| self.is_proxy(peer)) && said().is_some_and(|proto| proto.trim() == "https"))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn behind(proxies: &[&str]) -> Ingress {
        Ingress { proxies: proxies.iter().map(|proxy| ip(proxy)).collect(), ..Ingress::default() }
    }

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name.clone(), HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    #[track_caller]
    fn check(reach: &Ingress, peer: &str, forwarded: &[&str], client: &str) {
        let pairs: Vec<_> = forwarded.iter().map(|value| (FORWARDED_FOR, *value)).collect();
        assert_eq!(reach.client(Some(ip(peer)), &headers(&pairs)), ip(client), "{peer} {forwarded:?}");
    }

    #[test]
    fn forwarded_addresses_count_only_from_proxies_that_were_named() {
        let nobody = Ingress::default();
        check(&nobody, "203.0.113.9", &["198.51.100.1"], "203.0.113.9");
        check(&nobody, "127.0.0.1", &["198.51.100.1"], "127.0.0.1");
        let one = behind(&["127.0.0.1"]);
        check(&one, "203.0.113.9", &["198.51.100.1"], "203.0.113.9");
        check(&one, "127.0.0.1", &[], "127.0.0.1");
        check(&one, "127.0.0.1", &["198.51.100.1"], "198.51.100.1");
        check(&one, "::ffff:127.0.0.1", &["198.51.100.1"], "198.51.100.1");
        // The left part was written by the client.
        check(&one, "127.0.0.1", &["10.9.8.7, 198.51.100.1"], "198.51.100.1");
        check(&one, "127.0.0.1", &["10.9.8.7", "198.51.100.1"], "198.51.100.1");
        check(&one, "127.0.0.1", &["198.51.100.1, nonsense"], "127.0.0.1");
        let two = behind(&["127.0.0.1", "10.0.0.2"]);
        check(&two, "127.0.0.1", &["10.9.8.7, 198.51.100.1, 10.0.0.2"], "198.51.100.1");
        check(&two, "127.0.0.1", &["10.0.0.2"], "10.0.0.2");
    }

    #[test]
    fn a_proxy_says_whether_the_way_is_encrypted() {
        let one = behind(&["127.0.0.1"]);
        let https = headers(&[(FORWARDED_PROTO, "https")]);
        assert!(one.is_encrypted(Some(ip("127.0.0.1")), &https));
        assert!(!one.is_encrypted(Some(ip("127.0.0.1")), &headers(&[(FORWARDED_PROTO, "http")])));
        assert!(!one.is_encrypted(Some(ip("203.0.113.9")), &https));
        assert!(!Ingress::default().is_encrypted(Some(ip("127.0.0.1")), &https));
        assert!(Ingress { tls: true, ..Ingress::default() }.is_encrypted(None, &headers(&[])));
    }

    #[test]
    fn only_given_names_are_ours() {
        let reach =
            Ingress { hosts: vec!["jobs.example".into()], address: Some(ip("192.0.2.7")), ..Ingress::default() };
        for host in ["localhost", "127.0.0.1:8080", "[::1]:80", "jobs.example", "JOBS.example:443", "192.0.2.7:8443"] {
            assert!(reach.knows(host), "{host}");
        }
        for host in ["evil.example", "jobs.example.evil.example", "192.0.2.8", "", "127.0.0.1.evil.example"] {
            assert!(!reach.knows(host), "{host}");
        }
    }
}
