//! How are events written? One line each: text for people, JSON for programs.
//!
//! Invariant: a value that came from outside cannot start a line of its own, colour the terminal or turn the text around:
//! control characters, line separators and direction overrides are written as escapes, in both forms.

use std::fmt;
use std::io;

use tracing::{Event, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, MakeWriter, SubscriberBuilder};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

use super::TelemetryError;

/// The environment variable with the filter, in the syntax of `tracing_subscriber::EnvFilter`: `info,wangjia=debug`.
pub const FILTER_VARIABLE: &str = "WANGJIA_LOG";

/// What is logged when nobody says otherwise.
const DEFAULT_FILTER: &str = "info,actix_server=warn";

/// Crates whose debug events quote request heads or bodies. They stay at `info` whatever the general level is.
const QUOTING: [&str; 3] = ["actix_http=info", "actix_multipart=info", "actix_web=info"];

/// The form of a log line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

/// Starts logging to standard error for the whole process, filtered by `WANGJIA_LOG`.
///
/// # Errors
/// A filter that cannot be read, or a second call.
pub fn init(format: LogFormat) -> Result<(), TelemetryError> {
    let filter = std::env::var(FILTER_VARIABLE).unwrap_or_else(|_| DEFAULT_FILTER.to_owned());
    subscriber(format, &filter, io::stderr)?.try_init().map_err(|_| TelemetryError::Subscriber)
}

/// The subscriber that [`init`] installs, writing to `to`.
///
/// # Errors
/// [`TelemetryError::Filter`].
pub fn subscriber<W>(
    format: LogFormat,
    filter: &str,
    to: W,
) -> Result<Box<dyn Subscriber + Send + Sync>, TelemetryError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let unreadable = |reason: String| TelemetryError::Filter { filter: filter.to_owned(), reason };
    let mut directives = EnvFilter::try_new(filter).map_err(|e| unreadable(e.to_string()))?;
    for quiet in QUOTING {
        directives = directives.add_directive(quiet.parse().map_err(|e| unreadable(format!("{quiet}: {e}")))?);
    }
    let builder = SubscriberBuilder::default().with_env_filter(directives).with_writer(to).with_ansi(false);
    Ok(match format {
        LogFormat::Text => Box::new(builder.map_event_format(OneLine).finish()),
        LogFormat::Json => {
            Box::new(builder.json().flatten_event(true).with_span_list(false).map_event_format(OneLine).finish())
        }
    })
}

/// A format whose lines are safe for terminals and line-based tools.
struct OneLine<F>(F);

impl<S, N, F> FormatEvent<S, N> for OneLine<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut line = String::new();
        self.0.format_event(context, Writer::new(&mut line), event)?;
        for c in line.trim_end_matches('\n').chars() {
            match c {
                '\n' => writer.write_str("\\n")?,
                '\r' => writer.write_str("\\r")?,
                // All of them fit four digits, so the form is the one JSON knows and a JSON line stays valid.
                c if is_unsafe(c) => write!(writer, "\\u{:04x}", u32::from(c))?,
                c => writer.write_char(c)?,
            }
        }
        writer.write_char('\n')
    }
}

/// Control characters (escape sequences, C1), line and paragraph separators, direction marks and overrides.
fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
