//! `wangjia serve`: the service on this machine.

use std::net::SocketAddr;
use std::process::ExitCode;

use super::Common;
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
    #[arg(long, env = "WANGJIA_BIND", default_value = "127.0.0.1:8080", value_name = "ADDR:PORT")]
    pub bind: SocketAddr,
}

pub fn run(args: &ServeArgs, common: &Common) -> anyhow::Result<ExitCode> {
    serve(common.open()?, &args.bind, common)
}

/// Serves a database until the process is asked to stop; says where on standard error.
pub fn serve(db: Db, bind: &Bind, common: &Common) -> anyhow::Result<ExitCode> {
    let ready = |address: SocketAddr| {
        eprintln!(
            "{}",
            common.text(
                &format!("服务已启动：http://{address}/（接口文档：/docs/）"),
                &format!("Serving http://{address}/ (API documentation: /docs/)")
            )
        );
    };
    match server::serve(db, bind.bind, ready) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(error) => {
            tracing::debug!(%error, "not served");
            Err(anyhow::anyhow!(error.text().get(common.lang).to_owned()))
        }
    }
}
