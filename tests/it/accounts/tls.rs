//! The way to the service: real TLS, and what is refused before a socket is opened.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion};
use wangjia::api::server::{self, Door, ServeError};
use wangjia::api::state::Service;
use wangjia::api::tls::{TlsError, TlsFiles};
use wangjia::app::jobs::Queue;
use wangjia::app::setup;

use crate::support::TestDb;

/// A self-made certificate of `jobs.example` in two files.
fn certificate(folder: &Path, name: &str) -> (TlsFiles, CertificateDer<'static>) {
    let made = rcgen::generate_simple_self_signed(vec!["jobs.example".to_owned()]).unwrap();
    let (cert, key) = (folder.join(format!("{name}.pem")), folder.join(format!("{name}.key")));
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    (TlsFiles { cert, key }, made.cert.der().clone())
}

fn door(address: &str) -> Door {
    Door {
        address: address.parse().unwrap(),
        hosts: vec!["jobs.example".to_owned()],
        proxies: vec![],
        tls: None,
        insecure_http: false,
    }
}

/// The answer to a GET over TLS of one version.
fn get(
    address: SocketAddr,
    trusted: &CertificateDer<'static>,
    version: &'static SupportedProtocolVersion,
    host: &str,
) -> Result<String, std::io::Error> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("jobs.example").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(connection, TcpStream::connect(address)?);
    write!(stream, "GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    // A server may close without saying goodbye once the answer is out.
    if answer.is_empty() {
        read?;
    }
    Ok(String::from_utf8(answer).unwrap())
}

#[test]
fn tls_1_2_and_1_3_are_spoken_with_the_certificate_of_the_files() {
    let db = TestDb::sqlite();
    setup::migrate(&db.db).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (files, trusted) = certificate(folder.path(), "ours");
    let limits = Door { tls: Some(files), ..door("127.0.0.1:0") }.check(false).unwrap();
    let service = Service::new(db.db.clone(), Queue::default(), Arc::new(chrono::Utc::now));
    let listener = server::listen(([127, 0, 0, 1], 0).into()).unwrap();
    let address = listener.local_addr().unwrap();
    let (send, receive) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async {
            let limits = server::Limits { workers: Some(1), ..limits };
            let server = server::server(&service, listener, limits).unwrap();
            send.send(server.handle()).unwrap();
            server.await.unwrap();
        });
    });
    let handle = receive.recv().unwrap();
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let answer = get(address, &trusted, version, "jobs.example").unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains("strict-transport-security: max-age=31536000"), "{answer}");
    }
    let foreign = get(address, &trusted, &rustls::version::TLS13, "evil.example").unwrap();
    assert!(foreign.starts_with("HTTP/1.1 403"), "{foreign}");
    let (_, other) = certificate(folder.path(), "other");
    assert!(get(address, &other, &rustls::version::TLS13, "jobs.example").is_err(), "another certificate");
    // Plain HTTP finds nobody.
    let mut plain = TcpStream::connect(address).unwrap();
    plain.write_all(b"GET /healthz HTTP/1.1\r\nHost: jobs.example\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _closed = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
    drop(handle.stop(false));
    thread.join().unwrap();
}

#[test]
fn files_that_are_no_pair_are_said_clearly() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, _) = certificate(folder.path(), "ours");
    let (other, _) = certificate(folder.path(), "other");
    let load = |cert: &PathBuf, key: &PathBuf| TlsFiles { cert: cert.clone(), key: key.clone() }.load();
    assert!(load(&ours.cert, &ours.key).is_ok());
    assert!(matches!(load(&ours.cert, &other.key), Err(TlsError::Mismatch)));
    assert!(matches!(load(&ours.key, &ours.key), Err(TlsError::NoCertificate(_))));
    assert!(matches!(load(&ours.cert, &ours.cert), Err(TlsError::NoKey(_))));
    let missing = load(&folder.path().join("none.pem"), &ours.key).unwrap_err();
    assert!(missing.text().zh.contains("文件或目录不存在"), "{}", missing.text());
}

#[test]
fn nobody_is_let_in_from_outside_without_accounts_or_encryption() {
    let folder = tempfile::tempdir().unwrap();
    let (files, _) = certificate(folder.path(), "ours");
    let outside = door("0.0.0.0:8080");
    assert!(matches!(outside.check(false), Err(ServeError::NoAccounts(_))));
    assert!(matches!(outside.check(true), Err(ServeError::Unencrypted(_))));
    assert!(door("127.0.0.1:8080").check(false).is_ok());
    let with_tls = Door { tls: Some(files), ..outside.clone() };
    assert!(matches!(with_tls.check(false), Err(ServeError::NoAccounts(_))));
    for allowed in [
        with_tls,
        Door { proxies: vec!["10.0.0.2".parse().unwrap()], ..outside.clone() },
        Door { insecure_http: true, ..outside },
    ] {
        assert!(allowed.check(true).is_ok(), "{allowed:?}");
    }
}
