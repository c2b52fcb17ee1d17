//! TLS from a certificate and a key in PEM files: versions 1.2 and 1.3, no others.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::{Error as PemError, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::app::os;
use crate::domain::text::Text;

/// The files of `--tls-cert` and `--tls-key`.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The certificate, then those that vouch for it.
    pub cert: PathBuf,
    pub key: PathBuf,
}

/// Why the files cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("{path}")]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("{0} holds no certificate")]
    NoCertificate(PathBuf),
    #[error("{0} holds no private key")]
    NoKey(PathBuf),
    #[error("the key is not the certificate's")]
    Mismatch,
    #[error("certificate or key cannot be used")]
    Unusable(#[source] rustls::Error),
}

impl TlsError {
    /// What to tell a person.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Unreadable { path, source } => Text::new(
                format!("无法读取“{}”：{}。请检查路径和权限。", path.display(), os::reason(source).zh),
                format!(
                    "Cannot read {}: {}. Please check its path and permissions.",
                    path.display(),
                    os::reason(source).en
                ),
            ),
            Self::NoCertificate(path) => Text::new(
                format!("“{}”中没有 PEM 格式的证书。请检查 --tls-cert。", path.display()),
                format!("{} holds no certificate in PEM form. Please check --tls-cert.", path.display()),
            ),
            Self::NoKey(path) => Text::new(
                format!("“{}”中没有 PEM 格式的私钥。请检查 --tls-key。", path.display()),
                format!("{} holds no private key in PEM form. Please check --tls-key.", path.display()),
            ),
            Self::Mismatch => Text::new(
                "私钥与证书不是一对。请核对 --tls-cert 和 --tls-key。",
                "The key does not belong to the certificate. Please check --tls-cert and --tls-key.",
            ),
            Self::Unusable(_) => Text::new(
                "证书或私钥不能使用。请换用 ECDSA、Ed25519 或 2048 位以上 RSA 的证书。",
                "Certificate or key cannot be used. Please take one of ECDSA, Ed25519 or RSA of 2048 bits or more.",
            ),
        }
    }
}

impl TlsFiles {
    /// The configuration of a server with this certificate.
    ///
    /// # Errors
    /// If a file cannot be read, holds something else, or the two do not belong together.
    pub fn load(&self) -> Result<ServerConfig, TlsError> {
        let chain: Result<Vec<CertificateDer<'static>>, PemError> =
            CertificateDer::pem_file_iter(&self.cert).and_then(Iterator::collect);
        let chain = match chain {
            Ok(chain) if !chain.is_empty() => chain,
            Err(PemError::Io(source)) => return Err(unreadable(&self.cert, source)),
            _ => return Err(TlsError::NoCertificate(self.cert.clone())),
        };
        let key = PrivateKeyDer::from_pem_file(&self.key).map_err(|error| match error {
            PemError::Io(source) => unreadable(&self.key, source),
            _ => TlsError::NoKey(self.key.clone()),
        })?;
        // The provider is named here: the process may hold others, and a default would be whichever came first.
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(|error| match error {
                rustls::Error::InconsistentKeys(_) => TlsError::Mismatch,
                error => TlsError::Unusable(error),
            })
    }
}

fn unreadable(path: &Path, source: std::io::Error) -> TlsError {
    TlsError::Unreadable { path: path.to_owned(), source }
}
