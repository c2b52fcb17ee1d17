//! A text read from left to right: words of a table, numbers in figures or Chinese numerals.

use unicode_normalization::UnicodeNormalization;

use crate::domain::fold::fold;

/// More digits than any number of an advertisement has.
const MAX_DIGITS: usize = 12;
/// Characters people type for a figure: a number that touches one is none.
const LIKE_FIGURES: &str = "oli○〇◯";
const MILLION: i64 = 1_000_000;

/// Whether people write this character for "to": dashes, tildes, 至, 到.
#[must_use]
pub const fn is_to(c: char) -> bool {
    matches!(c, '-' | '~' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '〜' | '至' | '到')
}

/// NFKC with everything people write for "to" made one dash.
#[must_use]
pub fn plain(text: &str) -> String {
    text.nfkc().map(|c| if is_to(c) { '-' } else { c }).collect()
}

/// The value of a Chinese numeral of one character, up to ten.
#[must_use]
pub fn numeral(c: char) -> Option<u32> {
    match c {
        '〇' => Some(0),
        '两' => Some(2),
        _ => "零一二三四五六七八九十".chars().position(|numeral| numeral == c).and_then(|at| u32::try_from(at).ok()),
    }
}

/// A number in millionths, with what multiplies it: `1.5万` is 1.5 and 10,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    pub millionths: i64,
    pub scale: Option<i64>,
}

impl Number {
    /// The number times `factor`, if that is whole.
    pub fn times(self, factor: i64) -> Option<i64> {
        let product = i128::from(self.millionths) * i128::from(factor);
        let whole = product / i128::from(MILLION);
        (product % i128::from(MILLION) == 0).then_some(whole).and_then(|whole| i64::try_from(whole).ok())
    }

    /// The whole number with its own scale.
    pub fn whole(self) -> Option<i64> {
        self.times(self.scale.unwrap_or(1))
    }
}

/// A place in a folded text. White space separates and means nothing else.
#[derive(Clone, Debug)]
pub struct Scan {
    chars: Vec<char>,
    at: usize,
    unread: Vec<String>,
    /// Where the last character that was not understood ended.
    unread_to: Option<usize>,
}

impl Scan {
    pub fn new(text: &str) -> Self {
        Self { chars: fold(text).chars().collect(), at: 0, unread: Vec::new(), unread_to: None }
    }

    pub fn chars(&self) -> &[char] {
        &self.chars
    }

    /// Where the scan stands, white space passed over.
    pub fn place(&mut self) -> usize {
        while self.chars.get(self.at).is_some_and(|c| c.is_whitespace() && *c != '\n') {
            self.at += 1;
        }
        self.at
    }

    pub fn go_to(&mut self, at: usize) {
        self.at = at;
    }

    pub fn peek(&mut self) -> Option<char> {
        let at = self.place();
        self.chars.get(at).copied()
    }

    /// Whether a Chinese numeral stands at a place.
    pub fn numeral_at(&self, at: usize) -> bool {
        self.chars.get(at).copied().and_then(numeral).is_some()
    }

    pub fn stands_at(&self, at: usize, c: char) -> bool {
        self.chars.get(at) == Some(&c)
    }

    /// Passes a word if it stands here.
    pub fn take(&mut self, word: &str) -> bool {
        let at = self.place();
        let stands = word.chars().enumerate().all(|(i, c)| self.chars.get(at + i) == Some(&c));
        if stands {
            self.at = at + word.chars().count();
        }
        stands
    }

    /// Passes the longest word of a table that stands here and gives its meaning.
    pub fn word<T: Copy>(&mut self, table: &[(&[&'static str], T)]) -> Option<T> {
        let at = self.place();
        let mut best: Option<(usize, T)> = None;
        for (words, meaning) in table {
            for word in *words {
                if self.take(word) {
                    let length = self.at - at;
                    if best.is_none_or(|(longest, _)| length > longest) {
                        best = Some((length, *meaning));
                    }
                    self.at = at;
                }
            }
        }
        let (length, meaning) = best?;
        self.at = at + length;
        Some(meaning)
    }

    pub fn any(&mut self, words: &'static [&'static str]) -> bool {
        self.word(&[(words, ())]).is_some()
    }

    /// Passes one mark for "to".
    pub fn to(&mut self) -> bool {
        let stands = self.peek().is_some_and(is_to);
        if stands {
            self.at += 1;
            // A long dash is two characters.
            while self.chars.get(self.at).is_some_and(|c| matches!(c, '—' | '-')) {
                self.at += 1;
            }
        }
        stands
    }

    /// Passes one character, or all of a number (`三四千`), as not understood; neighbours become one piece.
    pub fn skip(&mut self) {
        let from = self.place();
        let is_of_figures = |c: &char| c.is_ascii_digit() || *c == '.';
        let is_of_numeral = |c: &char| numeral(*c).is_some() || "百千万".contains(*c);
        let mut to = (from + 1).min(self.chars.len());
        let goes_on = |c: &char| match self.chars.get(from) {
            Some(first) if first.is_ascii_digit() => is_of_figures(c),
            Some(first) => is_of_numeral(first) && is_of_numeral(c),
            None => false,
        };
        while self.chars.get(to).is_some_and(goes_on) {
            to += 1;
        }
        let words = self.chars.get(from..to).unwrap_or_default();
        match self.unread.last_mut() {
            Some(last) if self.unread_to == Some(from) => last.extend(words),
            _ => self.unread.push(words.iter().collect()),
        }
        self.at = to;
        self.unread_to = Some(to);
    }

    /// Says that the words of a place, passed before, were not understood.
    pub fn give_up(&mut self, (from, to): (usize, usize)) {
        let words: String = self.chars.get(from..to).unwrap_or_default().iter().collect();
        self.unread.push(words.trim().to_owned());
    }

    /// The same for the words from `from` up to here.
    pub fn give_up_since(&mut self, from: usize) {
        self.give_up((from, self.at));
    }

    /// What was not understood.
    pub fn into_unread(self) -> Vec<String> {
        self.unread
    }

    /// A number, its scale behind it: `3,000`, `1.5万`, `8k`, `三千五`, `十二`. Nothing is passed if there is none: `1O` is no number.
    pub fn number(&mut self) -> Option<Number> {
        let at = self.place();
        let is_like_figures = |c: Option<&char>| c.is_some_and(|c| LIKE_FIGURES.contains(*c));
        let touches = at.checked_sub(1).is_some_and(|before| is_like_figures(self.chars.get(before)));
        let number =
            if self.chars.get(at).is_some_and(char::is_ascii_digit) { self.figures() } else { self.numerals() };
        let number = number.filter(|_| !touches && !is_like_figures(self.chars.get(self.at)));
        if number.is_none() {
            self.at = at;
        }
        number
    }

    fn digits(&self, from: usize) -> usize {
        self.chars.get(from..).unwrap_or_default().iter().take_while(|c| c.is_ascii_digit()).count()
    }

    fn figures(&mut self) -> Option<Number> {
        let mut end = self.at + self.digits(self.at);
        let mut whole: String = self.chars[self.at..end].iter().collect();
        while whole.len() <= MAX_DIGITS && self.chars.get(end) == Some(&',') && self.digits(end + 1) == 3 {
            whole.extend(&self.chars[end + 1..end + 4]);
            end += 4;
        }
        if whole.len() > MAX_DIGITS {
            return None;
        }
        let mut millionths = whole.parse::<i64>().ok()? * MILLION;
        if self.chars.get(end) == Some(&'.') {
            let n = self.digits(end + 1);
            if !(1..=6).contains(&n) {
                return None;
            }
            let decimals: String = self.chars[end + 1..=end + n].iter().collect();
            millionths += format!("{decimals:0<6}").parse::<i64>().ok()?;
            end += 1 + n;
        }
        self.at = end;
        let scale = self.word(&[(&["万", "w"], 10_000), (&["千", "k"], 1_000), (&["百"], 100)]);
        Some(Number { millionths, scale })
    }

    /// Chinese numerals below a hundred million. One digit before 千 or 万 keeps it as a scale: `三-五千`.
    fn numerals(&mut self) -> Option<Number> {
        let (mut tens_of_thousands, mut section, mut digit) = (0i64, 0i64, None::<i64>);
        let (mut last, mut n) = (1i64, 0usize);
        let mut scale = None;
        while let Some(&c) = self.chars.get(self.at + n) {
            let multiplier = match c {
                '十' => 10,
                '百' => 100,
                '千' => 1_000,
                '万' => 10_000,
                _ if numeral(c).is_none() => break,
                _ => 0,
            };
            scale = None;
            match (multiplier, numeral(c)) {
                (0, Some(0)) if n > 0 => last = 10,
                (0, Some(value)) if digit.is_none() => digit = Some(i64::from(value)),
                (10_000, _) if n > 0 && tens_of_thousands == 0 => {
                    let ahead = section + digit.take().unwrap_or(0);
                    (tens_of_thousands, section, last) = (ahead * 10_000, 0, 10_000);
                    scale = Some((ahead, 10_000));
                }
                (10, _) | (100 | 1_000, _) if multiplier == 10 || digit.is_some() => {
                    let ahead = digit.take().unwrap_or(1);
                    scale = (n == 1 && multiplier == 1_000).then_some((ahead, 1_000));
                    section += ahead * multiplier;
                    last = multiplier;
                }
                _ => return None,
            }
            n += 1;
            if n > MAX_DIGITS {
                return None;
            }
        }
        if n == 0 {
            return None;
        }
        self.at += n;
        // 三千五 is 3500, 一万二 12000; 十二 and 三千零五 are what they say.
        section += digit.unwrap_or(0) * (last / 10).max(1);
        let (value, scale) = scale.map_or((tens_of_thousands + section, None), |(value, scale)| (value, Some(scale)));
        Some(Number { millionths: value * MILLION, scale })
    }
}
