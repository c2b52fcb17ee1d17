//! The name somebody signs in with.
//!
//! Invariant: one person's login has one form. What is typed is folded (NFKC, lower case), so full-width letters reach the
//! same account; what remains must be plain ASCII, so no look-alike of another alphabet makes a second one.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// 3 to 64 of `a-z 0-9 . - _`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Login(String);

impl Login {
    /// The login somebody typed; `None` if it cannot be one.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        // Folding shortens a full-width letter of three bytes to one; anything longer is not worth folding.
        if typed.len() > 3 * 64 {
            return None;
        }
        let folded: String = typed.trim().nfkc().collect::<String>().to_lowercase();
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_".contains(&b);
        ((3..=64).contains(&folded.len()) && folded.bytes().all(allowed)).then_some(Self(folded))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_has_one_login() {
        for typed in ["zhang.wei", "Zhang.Wei", "ＺＨＡＮＧ．ＷＥＩ", " zhang.wei "] {
            assert_eq!(Login::parse(typed).unwrap().as_str(), "zhang.wei", "{typed}");
        }
        // Cyrillic а, a zero-width joiner, a blank, too short, too long.
        let long = "a".repeat(65);
        for typed in ["zh\u{430}ng", "zhang\u{200d}wei", "zhang wei", "ab", "张伟工", "", long.as_str()] {
            assert_eq!(Login::parse(typed), None, "{typed}");
        }
        assert!(Login::parse(&"a".repeat(64)).is_some());
    }
}
