//! Times of the day in the words people use, written out as the clock shows them: `朝九晚五`, `早8晚6`, `8-17点`, `八点半`, `做五休二 9-18`.

use super::scan::{is_to, numeral, plain};

/// A working day begins before noon and ends after it: two bare numbers that do so are no hours (`8-10`).
const BEGINS: std::ops::RangeInclusive<u32> = 5..=12;
const ENDS: std::ops::RangeInclusive<u32> = 13..=24;

/// The plain text with times as `8:00`, and without the white space beside dashes and colons.
pub fn written_out(text: &str) -> String {
    let joined = joined(text);
    let chars: Vec<char> = joined.chars().collect();
    let mut out = String::with_capacity(joined.len());
    let mut at = 0;
    while at < chars.len() {
        let place = Place { chars: &chars, at };
        let found = place
            .on_and_off()
            .or_else(|| place.morning_and_evening())
            .or_else(|| place.range())
            .or_else(|| place.o_clock());
        match found {
            Some((times, end)) => {
                out.push_str(&times);
                at = end;
            }
            None => {
                out.push(chars[at]);
                at += 1;
            }
        }
    }
    out
}

/// `8:00 - 17:30` is one piece.
fn joined(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in plain(text).chars() {
        match c {
            ' ' if out.ends_with([' ', '-', ':']) => continue,
            '-' | ':' => out.truncate(out.trim_end_matches(' ').len()),
            _ => {}
        }
        out.push(c);
    }
    out
}

#[derive(Clone, Copy)]
struct Place<'a> {
    chars: &'a [char],
    at: usize,
}

impl<'a> Place<'a> {
    fn go(self, n: usize) -> Self {
        Self { at: self.at + n, ..self }
    }

    fn peek(self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(self, words: &[&str]) -> Option<Self> {
        let stands = |word: &&&str| word.chars().enumerate().all(|(i, c)| self.chars.get(self.at + i) == Some(&c));
        words.iter().find(stands).map(|word| self.go(word.chars().count()))
    }

    fn maybe(self, words: &[&str]) -> Self {
        self.take(words).unwrap_or(self)
    }

    /// Whether a number goes on before this place.
    fn is_inside(self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.chars.get(at));
        before
            .is_some_and(|c| c.is_ascii_digit() || numeral(*c).is_some() || matches!(c, ':' | '.' | '点' | '第' | '-'))
    }

    /// `8`, `17`, `十二`, `十`.
    fn hour(self) -> Option<(u32, Self)> {
        let digits = self.chars.get(self.at..)?.iter().take_while(|c| c.is_ascii_digit()).count();
        if digits > 0 {
            let text: String = self.chars[self.at..self.at + digits].iter().collect();
            return text.parse().ok().filter(|hour| digits <= 2 && *hour <= 24).map(|hour| (hour, self.go(digits)));
        }
        let numerals = self.chars.get(self.at..)?.iter().map_while(|c| numeral(*c)).collect::<Vec<u32>>();
        let hour = match numerals[..] {
            [one] => one,
            [10, one @ 1..=9] => 10 + one,
            [2, 10] => 20,
            [2, 10, one @ 1..=4] => 20 + one,
            _ => return None,
        };
        Some((hour, self.go(numerals.len())))
    }

    /// The minutes behind an hour, and what is passed for them: `:30`, `点半`, `点30分`, `点`, or nothing.
    fn minutes(self) -> Option<(u32, Self)> {
        let two_digits = |place: Self| {
            let (minutes, behind) = place.digits(2)?;
            (minutes < 60 && !behind.peek().is_some_and(|c| c.is_ascii_digit() || c == '点'))
                .then_some((minutes, behind))
        };
        if let Some(behind) = self.take(&[":"]) {
            return two_digits(behind);
        }
        let Some(behind) = self.take(&["点钟", "点整", "点"]) else {
            return Some(self.take(&["半"]).map_or((0, self), |behind| (30, behind)));
        };
        if let Some(behind) = behind.take(&["半"]) {
            return Some((30, behind));
        }
        Some(two_digits(behind).map_or((0, behind), |(minutes, behind)| (minutes, behind.maybe(&["分"]))))
    }

    fn digits(self, n: usize) -> Option<(u32, Self)> {
        let text: String = self.chars.get(self.at..self.at + n)?.iter().collect();
        text.parse().ok().map(|value| (value, self.go(n)))
    }

    /// `早8晚6`, `朝九晚五`, `早上7点半到晚上7点半`, `晚8早8`.
    fn morning_and_evening(self) -> Option<(String, usize)> {
        let (is_evening, from, behind) = self.half_and_time()?;
        let (is_next_evening, to, behind) = behind.maybe(&["-", "/"]).half_and_time()?;
        (is_evening != is_next_evening).then(|| (format!("{from}-{to}"), behind.at))
    }

    /// `早上8点上班，下午6点下班`, `8:00上班-18:00下班`.
    fn on_and_off(self) -> Option<(String, usize)> {
        if self.is_inside() {
            return None;
        }
        let (from, behind) = self.time()?;
        let behind = behind.take(&["上班"])?;
        let (to, behind) = behind.maybe(&[",", "-", " ", "、"]).time()?;
        Some((format!("{from}-{to}"), behind.take(&["下班"])?.at))
    }

    /// A time that is certainly one, with its half of the day as it stands.
    fn time(self) -> Option<(String, Self)> {
        let behind = self.maybe(&["早上", "上午", "早", "晚上", "下午", "晚"]);
        let half: String = self.chars[self.at..behind.at].iter().collect();
        let (hour, behind) = behind.hour()?;
        let is_clock = behind.peek().is_some_and(|c| matches!(c, '点' | ':'));
        let (minutes, behind) = behind.minutes()?;
        is_clock.then(|| (half + &written(hour, minutes), behind))
    }

    fn half_and_time(self) -> Option<(bool, String, Self)> {
        let morning = self.take(&["早上", "早", "朝", "上午"]);
        let (hour, behind) = morning.or_else(|| self.take(&["晚上", "晚", "下午"]))?.hour()?;
        let (minutes, behind) = behind.minutes()?;
        let is_evening = morning.is_none();
        let hour = if is_evening && hour < 12 { hour + 12 } else { hour };
        (is_evening || hour <= 12).then(|| (is_evening, format!("{hour}:{minutes:02}"), behind))
    }

    /// `8-17点`, `8时至17时`, `9-18`, `早班7-15`.
    fn range(self) -> Option<(String, usize)> {
        if self.is_inside() {
            return None;
        }
        let (from, behind) = self.hour()?;
        let unit = behind.take(&["时"]);
        let (to, behind) = unit.unwrap_or(behind).take(&["-"])?.hour()?;
        if let Some(end) = unit.and_then(|_| behind.take(&["时"])) {
            return Some((format!("{from}:00-{to}:00"), end.at));
        }
        let goes_on = behind.peek().is_some_and(|c| c.is_ascii_digit() || is_to(c) || ":.%".contains(c));
        if goes_on {
            return None;
        }
        if behind.take(&["点"]).is_some() {
            // The afternoon said before the first time is of both, and stays.
            let (minutes, behind) = behind.minutes()?;
            return Some((format!("{from}点-{}", written(to, minutes)), behind.at));
        }
        let is_shift = match self.chars.get(self.at.saturating_sub(2)..self.at) {
            Some([before, '/']) => before.is_ascii_digit(),
            Some([.., '班']) => true,
            _ => false,
        };
        let is_day = BEGINS.contains(&from) && ENDS.contains(&to);
        let is_alone = behind
            .peek()
            .is_none_or(|c| " ,、;。/)\n".contains(c) || matches!(c, '单' | '双' | '休' | '中' | '晚' | '夜' | '早'));
        let is_clock =
            is_alone && from != to && self.peek().is_some_and(|c| c.is_ascii_digit()) && (is_day || is_shift);
        is_clock.then(|| (format!("{from}:00-{to}:00"), behind.at))
    }

    /// `八点半`, `8点30分`.
    fn o_clock(self) -> Option<(String, usize)> {
        if self.is_inside() && self.at.checked_sub(1).and_then(|at| self.chars.get(at)) != Some(&'-') {
            return None;
        }
        let (hour, behind) = self.hour()?;
        behind.take(&["点"])?;
        let (minutes, behind) = behind.minutes()?;
        Some((written(hour, minutes), behind.at))
    }
}

/// As a time that leaves open whether it is of the morning or the afternoon.
fn written(hour: u32, minutes: u32) -> String {
    match minutes {
        0 => format!("{hour}点"),
        30 => format!("{hour}点半"),
        _ => format!("{hour}:{minutes:02}"),
    }
}
