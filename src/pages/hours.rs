//! Hours of the week on the pages: said in words, filled into the rows of a form, and read from them again.
//!
//! Invariant: what was filled in and is sent back unchanged gives the same hours; a row without times is no row.

use super::form::Form;
use super::words::Words;
use crate::app::error::{FieldCode, FieldError};
use crate::domain::week::{Span, WEEKDAYS};

/// Minutes of a day.
const DAY: u16 = 1_440;
/// Where a form says what is wrong with the rows.
const FIELD: &str = "/hours";

/// Equal days put together: 周一至周五 08:00–12:00.
pub fn said(words: &Words, spans: &[Span]) -> String {
    let until = |to: u16| if to == DAY { "24:00".to_owned() } else { clock(to) };
    let row = |(from, to, days): (u16, u16, Vec<u8>)| format!("{} {}–{}", named(words, days), clock(from), until(to));
    by_time(spans).into_iter().map(row).collect::<Vec<_>>().join(words.say("；", "; "))
}

/// Days of the week; three and more in a row by the first and the last.
fn named(words: &Words, mut days: Vec<u8>) -> String {
    days.sort_unstable();
    days.dedup();
    let name = |day: &u8| WEEKDAYS.get(usize::from(day.saturating_sub(1))).map_or("", |label| words.label(*label));
    let in_a_row = days.windows(2).all(|pair| matches!(pair, [a, b] if a + 1 == *b));
    match days.as_slice() {
        [1, .., 7] if in_a_row => words.say("每天", "every day").to_owned(),
        [first, _, .., last] if in_a_row => format!("{}{}{}", name(first), words.say("至", "–"), name(last)),
        days => days.iter().map(name).collect::<Vec<_>>().join(words.say("、", ", ")),
    }
}

/// Spans of the same hours together, with their days.
fn by_time(spans: &[Span]) -> Vec<(u16, u16, Vec<u8>)> {
    let mut rows: Vec<(u16, u16, Vec<u8>)> = Vec::new();
    for span in spans {
        match rows.iter_mut().find(|(from, to, _)| (*from, *to) == (span.from, span.to)) {
            Some((.., days)) => days.push(span.weekday),
            None => rows.push((span.from, span.to, vec![span.weekday])),
        }
    }
    rows
}

/// As a browser's field for a time takes it: the end of the day is its beginning.
fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

/// A row of a form.
pub struct Row {
    pub n: usize,
    pub from: String,
    pub to: String,
    /// Number, name, and whether it is ticked.
    pub days: Vec<(usize, &'static str, bool)>,
}

/// The rows of a form as they are typed, and an empty one: two at least, `most` at most.
pub fn rows(words: &Words, form: &Form, most: usize) -> Vec<Row> {
    let typed = |name: &str, n: usize| form.text(&format!("{name}_{n}")).to_owned();
    let last = (0..most).rfind(|n| !typed("from", *n).is_empty()).map_or(0, |n| n + 1);
    let row = |n: usize| Row {
        n,
        from: typed("from", n),
        to: typed("to", n),
        days: (1..)
            .zip(WEEKDAYS)
            .map(|(day, label)| (day, words.label(label), form.has(&format!("day_{n}"), &day.to_string())))
            .collect(),
    };
    (0..(last + 1).clamp(2, most)).map(row).collect()
}

/// The fields of `most` rows that say these hours.
pub fn fill(spans: &[Span], most: usize) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for (n, (from, to, days)) in by_time(spans).into_iter().take(most).enumerate() {
        pairs.push((format!("from_{n}"), clock(from)));
        pairs.push((format!("to_{n}"), clock(to)));
        pairs.extend(days.iter().map(|day| (format!("day_{n}"), day.to_string())));
    }
    pairs
}

/// The hours of `most` rows, and what is wrong with them.
pub fn read(form: &Form, most: usize) -> (Vec<Span>, Vec<FieldError>) {
    let (mut spans, mut faults) = (Vec::new(), Vec::new());
    let mut fault = |code| faults.push(FieldError::new(FIELD, code));
    for n in 0..most {
        let (from, to) = (form.given(&format!("from_{n}")), form.given(&format!("to_{n}")));
        if from.is_none() && to.is_none() {
            continue;
        }
        let days: Vec<u8> = (1..=7).filter(|day| form.has(&format!("day_{n}"), &day.to_string())).collect();
        match from.and_then(minutes).zip(to.and_then(minutes)) {
            None => fault(FieldCode::BadHours),
            Some((from, to)) if from == to => fault(FieldCode::BadHours),
            Some(_) if days.is_empty() => fault(FieldCode::Missing),
            Some((from, to)) => spans.extend(days.into_iter().flat_map(|day| spans_of(day, from, to))),
        }
    }
    spans.sort_unstable();
    spans.dedup();
    (spans, faults)
}

/// What goes on past midnight goes on on the next day.
fn spans_of(day: u8, from: u16, to: u16) -> Vec<Span> {
    if from < to || to == 0 {
        return Span::new(day, from, if to == 0 { DAY } else { to }).into_iter().collect();
    }
    [Span::new(day, from, DAY), Span::new(day % 7 + 1, 0, to)].into_iter().flatten().collect()
}

/// HH:MM, as a browser sends it.
fn minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes) = (hours.parse::<u16>().ok()?, minutes.parse::<u16>().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::Lang;

    fn span(weekday: u8, from: u16, to: u16) -> Span {
        Span::new(weekday, from, to).unwrap()
    }

    #[test]
    fn equal_days_are_said_together() {
        let week = |days: &[u8]| days.iter().map(|day| span(*day, 480, 720)).collect::<Vec<_>>();
        let say = |spans: &[Span]| said(&Words::new(Lang::Zh, "/"), spans);
        for (days, text) in [
            (&[1, 2, 3, 4, 5][..], "周一至周五 08:00–12:00"),
            (&[7, 1, 2, 3, 4, 5, 6], "每天 08:00–12:00"),
            (&[2, 4], "周二、周四 08:00–12:00"),
            (&[6, 7], "周六、周日 08:00–12:00"),
        ] {
            assert_eq!(say(&week(days)), text);
        }
        assert_eq!(say(&[span(1, 1080, 1440), span(2, 480, 720)]), "周一 18:00–24:00；周二 08:00–12:00");
    }

    #[test]
    fn what_was_filled_in_is_read_again() {
        let spans = [span(1, 480, 720), span(1, 1080, 1440), span(2, 480, 720)];
        let form = Form::new(fill(&spans, 3));
        assert_eq!(read(&form, 3), (spans.to_vec(), Vec::new()));
        let night = [("from_0", "22:00"), ("to_0", "06:00"), ("day_0", "7")];
        assert_eq!(read(&Form::of(&night), 3).0, [span(1, 0, 360), span(7, 1320, 1440)]);
        for wrong in [
            [("from_0", "8"), ("to_0", "12:00"), ("day_0", "1")],
            [("from_0", "08:00"), ("to_0", "08:00"), ("day_0", "1")],
            [("from_0", "08:00"), ("to_0", "24:00"), ("day_0", "1")],
            [("from_0", "08:00"), ("to_0", "12:00"), ("day_0", "8")],
        ] {
            let (spans, faults) = read(&Form::of(&wrong), 3);
            assert!(spans.is_empty() && faults.len() == 1 && faults[0].pointer == FIELD, "{wrong:?}");
        }
    }
}
