//! Words for people, always in both languages. A sentence that lacks one of them does not compile.

use std::fmt;

/// A language a user reads. Chinese is the default everywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    #[default]
    Zh,
    En,
}

impl Lang {
    /// The tag for `lang` and `Content-Language`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// The language of a tag such as `en-GB`; Chinese unless it is English.
    #[must_use]
    pub fn from_tag(tag: &str) -> Self {
        Self::named(tag).unwrap_or_default()
    }

    /// The language an `Accept-Language` value prefers (RFC 9110 §12.5.4): of Chinese and English the one of the higher
    /// weight, of equal weights the one that comes first. Chinese if neither is acceptable.
    #[must_use]
    pub fn accepted(value: &str) -> Self {
        let mut best: Option<(Self, u16)> = None;
        for range in value.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let Some(lang) = parts.next().and_then(Self::named) else { continue };
            let weight = parts.find_map(|part| part.strip_prefix(['q', 'Q'])?.trim_start().strip_prefix('='));
            let weight = weight.map_or(1_000, |weight| thousandths(weight.trim()));
            if weight > 0 && best.is_none_or(|(_, most)| weight > most) {
                best = Some((lang, weight));
            }
        }
        best.map_or(Self::Zh, |(lang, _)| lang)
    }

    fn named(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        [("zh", Self::Zh), ("en", Self::En)]
            .into_iter()
            .find(|(name, _)| primary.eq_ignore_ascii_case(name))
            .map(|(_, lang)| lang)
    }
}

/// A weight of `0` to `1` with up to three decimals in thousandths; what is not one weighs nothing.
fn thousandths(weight: &str) -> u16 {
    let (whole, decimals) = weight.split_once('.').unwrap_or((weight, ""));
    let digits = decimals.len() <= 3 && decimals.bytes().all(|byte| byte.is_ascii_digit());
    match (whole, format!("{decimals:0<3}").parse::<u16>()) {
        ("0", Ok(value)) if digits => value,
        ("1", Ok(0)) if digits => 1_000,
        _ => 0,
    }
}

/// One sentence or label in Chinese and in English.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text {
    pub zh: String,
    pub en: String,
}

impl Text {
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// A fixed label in Chinese and in English: the name of a code, a table head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Label {
    pub zh: &'static str,
    pub en: &'static str,
}

impl Label {
    #[must_use]
    pub const fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }
}

impl From<Label> for Text {
    fn from(label: Label) -> Self {
        Self::new(label.zh, label.en)
    }
}

/// The English noun for a number of things: "household" for 1, "households" for any other.
pub fn noun<N: PartialEq + From<u8>>(n: N, one: &'static str, several: &'static str) -> &'static str {
    if n == N::from(1) { one } else { several }
}

/// "1 household", "2 households".
pub fn counted<N: fmt::Display + Copy + PartialEq + From<u8>>(
    n: N,
    one: &'static str,
    several: &'static str,
) -> String {
    format!("{n} {}", noun(n, one, several))
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.zh, self.en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heavier_language_is_preferred() {
        for (value, lang) in [
            ("", Lang::Zh),
            ("fr", Lang::Zh),
            ("en", Lang::En),
            ("en-GB,zh;q=0.5", Lang::En),
            ("en;q=0.5, zh;q=0.1", Lang::En),
            ("zh;q=0.1, en;q=0.5", Lang::En),
            ("en;q=0.5, zh-CN", Lang::Zh),
            ("zh-CN,en", Lang::Zh),
            ("fr, en;q=0.8", Lang::En),
            ("en;q=0", Lang::Zh),
            ("en; q = 0.25, zh;q=0.250", Lang::En),
            ("english", Lang::Zh),
            ("en;q=2, zh;q=0.1", Lang::Zh),
        ] {
            assert_eq!(Lang::accepted(value), lang, "{value}");
        }
    }
}
