//! How a command that failed says so: one line in the user's language, and an exit code.

use std::fmt;
use std::process::ExitCode;

use crate::app::os;
use crate::domain::text::Lang;

/// Wrong usage that only the command itself can see. Exit code 2, as for what the argument parser refuses.
#[derive(Debug)]
pub struct Usage(pub String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// The error and its causes in one line; what the system says is introduced in the user's language.
#[must_use]
pub fn sentence(error: &anyhow::Error, lang: Lang) -> String {
    let causes = error.chain().map(|cause| match cause.downcast_ref::<std::io::Error>() {
        Some(system) => os::reason(system).get(lang).to_owned(),
        None => cause.to_string(),
    });
    let (mark, between) = if lang == Lang::Zh { ("出错：", "：") } else { ("error: ", ": ") };
    format!("{mark}{}", causes.collect::<Vec<_>>().join(between))
}

#[must_use]
pub fn exit_code(error: &anyhow::Error) -> ExitCode {
    if error.is::<Usage>() { ExitCode::from(2) } else { ExitCode::FAILURE }
}
