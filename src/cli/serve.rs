//! `wangjia serve`: the service on this machine.

use std::net::SocketAddr;
use std::process::ExitCode;

use super::{Common, output};
use crate::api::server;
use crate::app::Db;

/// Serve pages, API and documentation on this machine.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    wangjia serve                                     http://127.0.0.1:8080/, the API under /api/v1, its documentation under /docs/\n  \
    wangjia serve --bind 127.0.0.1:9000 --lang en")]
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
    let ready = |address: SocketAddr| {
        output::note(common.text(
            &format!("服务已启动：http://{address}/（接口文档：/docs/）"),
            &format!("Serving http://{address}/ (API documentation: /docs/)"),
        ));
    };
    match server::serve(db, bind.bind, ready) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(error) => {
            tracing::debug!(%error, "not served");
            Err(anyhow::anyhow!(error.text().get(common.lang).to_owned()))
        }
    }
}
