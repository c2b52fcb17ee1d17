//! `wangjia openapi`: the OpenAPI document, as committed in `openapi/openapi.json`.

use std::process::ExitCode;

use super::output;
use crate::api::routes;

/// Write the OpenAPI document to standard output.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  wangjia openapi > openapi/openapi.json")]
pub struct OpenapiArgs {}

pub fn run(_args: &OpenapiArgs) -> anyhow::Result<ExitCode> {
    output::text(routes::document_json()?)?;
    Ok(ExitCode::SUCCESS)
}
