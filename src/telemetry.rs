//! Logs and metrics: what is the service doing, without saying to whom.
//!
//! Invariant: no personal data. A request is named by its route pattern (`/api/v1/residents/{id}`), never by its path or
//! query; a method outside the HTTP standard is `OTHER`; a log line is one line whatever text it quotes. Logs go to
//! standard error, so that standard output stays clean for `--json`.
//!
//! Cost: per request one span, one log line, one counter and one histogram sample. A background thread drains the
//! histograms every few seconds, or they would grow until somebody scrapes `/metrics`.
//!
//! Wiring: [`init`] once in `main`; in the application `.wrap(from_fn(telemetry::observe)).wrap(telemetry::root_span())`
//! (the last one is the outermost); [`Metrics::render`] behind `GET /metrics`.

mod logs;
mod requests;

use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

pub use logs::{LogFormat, init, subscriber};
pub use requests::{RouteSpan, observe, root_span};

/// Why logs or metrics could not be set up. All of them are faults of configuration at the start.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    #[error("the log filter {filter:?} cannot be read: {reason}")]
    Filter { filter: String, reason: String },
    #[error("a log subscriber is installed already")]
    Subscriber,
    #[error("metrics cannot be recorded: {0}")]
    Metrics(String),
}

/// Upper bounds of the request duration classes in seconds: 1 ms (a health check) to 30 s (where a proxy gives up).
const DURATION_BOUNDS: [f64; 12] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];

/// How often samples are moved into their classes. Scrapes usually come every 15 s; this keeps the memory in between small.
const UPKEEP: Duration = Duration::from_secs(5);

/// The metrics of this process, ready to be shown.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// The content type of [`Metrics::render`].
    pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

    /// All metrics in the Prometheus text format.
    #[must_use]
    pub fn render(&self) -> String {
        self.0.render()
    }
}

/// The metrics of this process; the first call installs the recorder and starts its upkeep thread.
///
/// # Errors
/// [`TelemetryError::Metrics`] if another recorder is installed or no thread can be started.
pub fn metrics_handle() -> Result<Metrics, TelemetryError> {
    static INSTALLED: OnceLock<Result<Metrics, String>> = OnceLock::new();
    INSTALLED.get_or_init(install).clone().map_err(TelemetryError::Metrics)
}

fn install() -> Result<Metrics, String> {
    let reason = |e: BuildError| e.to_string();
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(requests::DURATION.to_owned()), &DURATION_BOUNDS)
        .map_err(reason)?
        .install_recorder()
        .map_err(reason)?;
    requests::describe();
    metrics::describe_gauge!("wangjia_build_info", "Always 1; the label is the version that runs");
    metrics::gauge!("wangjia_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    let upkeep = handle.clone();
    thread::Builder::new()
        .name("metrics-upkeep".to_owned())
        .spawn(move || {
            loop {
                thread::sleep(UPKEEP);
                upkeep.run_upkeep();
            }
        })
        .map_err(|e| e.to_string())?;
    Ok(Metrics(handle))
}
