//! `wangjia serve`: the service on this machine, or with accounts beyond it.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use super::{Common, output};
use crate::api::server::{self, Door};
use crate::api::tls::TlsFiles;
use crate::app::accounts::first;
use crate::app::{Db, now};

/// Serve pages, API and documentation, on this machine or beyond.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    wangjia serve                                     http://127.0.0.1:8080/, the API under /api/v1, its documentation under /docs/\n  \
    wangjia serve --bind 127.0.0.1:9000 --lang en\n  \
    wangjia serve --bind 0.0.0.0:443 --host jobs.example --tls-cert chain.pem --tls-key key.pem\n  \
    wangjia serve --host jobs.example --trusted-proxy 127.0.0.1    behind a proxy on this machine\n\
    \nWithout accounts a secret for the first administrator is printed, and only this machine is listened on.")]
pub struct ServeArgs {
    #[command(flatten)]
    pub bind: Bind,
}

/// Where to listen.
#[derive(Debug, clap::Args)]
pub struct Bind {
    /// Address and port; port 0 takes a free one. Loopback only until accounts exist.
    #[arg(long, env = "WANGJIA_BIND", default_value = "127.0.0.1:8080", value_name = "ADDR:PORT", value_parser = parse_address)]
    pub bind: SocketAddr,
    /// A name the service is reached by, beside localhost; may be given several times.
    #[arg(long, env = "WANGJIA_HOST", value_name = "NAME", value_delimiter = ',')]
    pub host: Vec<String>,
    /// Certificate in PEM form, then those that vouch for it.
    #[arg(long, env = "WANGJIA_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// The certificate's private key in PEM form.
    #[arg(long, env = "WANGJIA_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Address of a proxy in front, whose X-Forwarded-For and X-Forwarded-Proto are believed; may be given several times.
    #[arg(long, env = "WANGJIA_TRUSTED_PROXY", value_name = "ADDR", value_delimiter = ',')]
    pub trusted_proxy: Vec<IpAddr>,
    /// Let others reach the service without encryption: passwords can be read on the way, and browsers keep no sign-in.
    #[arg(long)]
    pub insecure_http: bool,
}

impl Bind {
    /// Where and how to serve.
    pub fn door(&self) -> Door {
        let tls = self.tls_cert.clone().zip(self.tls_key.clone()).map(|(cert, key)| TlsFiles { cert, key });
        Door {
            address: self.bind,
            hosts: self.host.clone(),
            proxies: self.trusted_proxy.clone(),
            tls,
            insecure_http: self.insecure_http,
        }
    }
}

/// An address and port; `localhost` is the loopback address of IPv4, whatever the system's tables say.
fn parse_address(text: &str) -> Result<SocketAddr, String> {
    let text = match text.rsplit_once(':') {
        Some((host, port)) if host.eq_ignore_ascii_case("localhost") => format!("127.0.0.1:{port}"),
        _ => text.to_owned(),
    };
    text.parse().map_err(|_| {
        "应为“地址:端口”，如 127.0.0.1:8080 或 localhost:8080 / an address and a port, such as 127.0.0.1:8080 or localhost:8080".to_owned()
    })
}

pub fn run(args: &ServeArgs, common: &Common) -> anyhow::Result<ExitCode> {
    serve(common.open()?, &args.bind, common)
}

/// Serves a database until the process is asked to stop; says where on standard error.
pub fn serve(db: Db, bind: &Bind, common: &Common) -> anyhow::Result<ExitCode> {
    let door = bind.door();
    let first = first::announce(&db, now()).map_err(|error| common.failed(&error))?;
    let ready = |address: SocketAddr| {
        let scheme = if door.tls.is_some() { "https" } else { "http" };
        output::note(common.text(
            &format!("服务已启动：{scheme}://{address}/（接口文档：/docs/）"),
            &format!("Serving {scheme}://{address}/ (API documentation: /docs/)"),
        ));
        if let Some(first) = &first {
            let secret = first.secret.reveal();
            output::note(common.text(
                &format!(
                    "还没有账号。首个管理员的一次性密钥（24 小时内有效，每次启动换新）：\n  {secret}\n请打开 {scheme}://{address}/sign-in \
                     用它建立管理员账号。"
                ),
                &format!(
                    "There are no accounts yet. One-time secret for the first administrator (24 hours, a new one at each \
                     start):\n  {secret}\nOpen {scheme}://{address}/sign-in and make the account with it."
                ),
            ));
        }
    };
    match server::serve(db, &door, ready) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(error) => {
            tracing::debug!(%error, "not served");
            Err(anyhow::anyhow!(error.text().get(common.lang).to_owned()))
        }
    }
}
