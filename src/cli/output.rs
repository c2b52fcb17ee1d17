//! What a command prints: the only place that writes, so that a closed pipe ends the output and not the command.
//!
//! `wangjia coverage | head` closes the pipe after ten lines. Whoever reads no further wants no more: the rest is dropped
//! without a word and the command ends with its own exit code. Any other fault, such as a full disk, is an error.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

/// Writes a line to standard output.
///
/// # Errors
/// What the system says, unless nobody reads.
pub fn line(text: impl Display) -> io::Result<()> {
    all(&mut io::stdout().lock(), format_args!("{text}\n"))
}

/// Writes text to standard output as it is.
///
/// # Errors
/// As [`line()`].
pub fn text(text: impl Display) -> io::Result<()> {
    all(&mut io::stdout().lock(), format_args!("{text}"))
}

/// Writes a line to standard error. If that fails, nobody can be told.
pub fn note(text: impl Display) {
    all(&mut io::stderr().lock(), format_args!("{text}\n")).ok();
}

fn all(to: &mut impl Write, text: std::fmt::Arguments<'_>) -> io::Result<()> {
    match to.write_fmt(text).and_then(|()| to.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails every write in one way.
    struct Failing(ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn only_a_closed_pipe_is_quiet() {
        assert!(all(&mut Failing(ErrorKind::BrokenPipe), format_args!("x")).is_ok());
        assert!(all(&mut Failing(ErrorKind::StorageFull), format_args!("x")).is_err());
    }
}
