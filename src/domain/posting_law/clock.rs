//! Times by the clock in a text, and whether several of them are one day or shifts.

/// A day with more hours than this shows the hours of several shifts, not of one person.
pub const ONE_PERSON_DAY_MINUTES: u32 = 12 * 60;
/// Less is a part of a day.
const LEAST_SHIFT_MINUTES: u32 = 5 * 60;
/// Shifts of one rota are about as long.
const UNLIKE_SHIFTS_MINUTES: u32 = 2 * 60;
/// The next shift comes a little before the last one goes.
const HANDOVER_MINUTES: u32 = 60;
const DAY_MINUTES: u32 = 24 * 60;

/// Whether these times of one day are of shifts that follow one another: `6:00-14:00/14:00-22:00`. In the order of the text, in minutes;
/// an end past midnight is above a day. Together they are more than anybody works, each is a shift, and where one ends the next begins.
pub fn take_turns(spans: &[(u32, u32)]) -> bool {
    let length = |(from, to): &(u32, u32)| to.saturating_sub(*from);
    let lengths = || spans.iter().map(length);
    let (Some(shortest), Some(longest)) = (lengths().min(), lengths().max()) else { return false };
    let follows = |two: &[(u32, u32)]| (two[0].1 + DAY_MINUTES - two[1].0) % DAY_MINUTES <= HANDOVER_MINUTES;
    (2..=4).contains(&spans.len())
        && lengths().sum::<u32>() > ONE_PERSON_DAY_MINUTES
        && shortest >= LEAST_SHIFT_MINUTES
        && longest - shortest <= UNLIKE_SHIFTS_MINUTES
        && spans.windows(2).all(follows)
}

/// `8:00-21:00`, `8:30至17:30`, `早8点到晚9点`: the minutes of both times and where they end.
pub fn clock_range(chars: &[char], at: usize) -> Option<((u32, u32), usize)> {
    if at > 0 && (chars[at - 1].is_ascii_digit() || matches!(chars[at - 1], ':' | '.')) {
        return None;
    }
    let from = clock(chars, at)?;
    let joined = usize::from(matches!(chars.get(from.end), Some('-' | '至' | '到')));
    let begin = from.end + joined;
    let next_day = matches!(chars.get(begin..begin + 2), Some(['次' | '翌', '日']));
    let to = clock(chars, begin + 2 * usize::from(next_day))?;
    // A dash is kept between figures only.
    if joined == 0 && !next_day && from.in_figures && to.half.is_none() {
        return None;
    }
    let noon = 12 * 60;
    let mut end = to.minutes;
    // `8点到5点`, `下午2点到6点`: the later hour is of the afternoon. But `20:00-9:00` is a night.
    let may_be_later = from.minutes < noon || from.half == Some(true);
    if end <= from.minutes && !next_day && to.half.is_none() && may_be_later && end + noon > from.minutes {
        end += noon;
    }
    Some(((from.minutes, end), to.end))
}

struct Clock {
    minutes: u32,
    end: usize,
    /// `8:00` and not `8点`.
    in_figures: bool,
    /// Whether morning or afternoon was said.
    half: Option<bool>,
}

/// A time such as `8:00`, `晚9点` or `8点半` as minutes of the day.
fn clock(chars: &[char], at: usize) -> Option<Clock> {
    const HALVES: [(&str, bool); 8] = [
        ("早上", false),
        ("上午", false),
        ("中午", false),
        ("早", false),
        ("晚上", true),
        ("下午", true),
        ("傍晚", true),
        ("晚", true),
    ];
    let digits = |at: usize| chars.get(at..).unwrap_or_default().iter().take_while(|c| c.is_ascii_digit()).count();
    let value = |from: usize, to: usize| chars[from..to].iter().collect::<String>().parse::<u32>().ok();
    let says = |word: &str| word.chars().enumerate().all(|(i, c)| chars.get(at + i) == Some(&c));
    let half = HALVES.iter().find(|(word, _)| says(word));
    let at = at + half.map_or(0, |(word, _)| word.chars().count());
    let n = digits(at);
    let point = at + n;
    if !(1..=2).contains(&n) {
        return None;
    }
    let (minute, end, in_figures) = match chars.get(point) {
        Some(':') if digits(point + 1) == 2 => (value(point + 1, point + 3)?, point + 3, true),
        Some('点') if chars.get(point + 1) == Some(&'半') => (30, point + 2, false),
        Some('点') => (0, point + 1, false),
        _ => return None,
    };
    let half = half.map(|(_, afternoon)| *afternoon);
    let mut minutes = value(at, point)? * 60 + minute;
    if half == Some(true) && minutes < 12 * 60 {
        minutes += 12 * 60;
    }
    (minute < 60 && minutes <= 24 * 60).then_some(Clock { minutes, end, in_figures, half })
}
