//! The relaxations an employer might think of, made from what the posting asks.

use crate::domain::week::{Span, WeekHours};
use crate::engine::facts;
use crate::engine::input::Posting;
use crate::engine::plan::change::Relax;

/// Years by which an age limit is moved.
const YEARS: [u8; 2] = [5, 10];
/// Minutes by which a working day is made shorter.
const MINUTES: [u16; 2] = [60, 120];
/// Percent by which the upper pay is raised.
const PERCENT: [u32; 2] = [10, 20];

/// One change at a time; those that change nothing are left out by their count.
pub fn candidates(p: &Posting) -> Vec<Relax> {
    let mut all = Vec::new();
    if let Some(range) = p.age.filter(|range| !range.soft) {
        let (min, max) = (range.min, range.max);
        if let Some(was) = max {
            all.extend(YEARS.map(|years| Relax::Age { min, max: Some(was.saturating_add(years)) }));
            all.push(Relax::Age { min, max: None });
        }
        if let Some(was) = min {
            all.extend(YEARS.map(|years| Relax::Age { min: Some(was.saturating_sub(years)), max }));
        }
    }
    if let Some(hours) = &p.hours {
        for minutes in MINUTES {
            all.extend(
                [End::First, End::Last]
                    .into_iter()
                    .filter_map(|end| ends_of_days(hours, minutes, end))
                    .map(Relax::WithoutHours),
            );
        }
        all.extend(weekend(hours).map(Relax::WithoutHours));
    }
    let musts: Vec<_> = p.skills.iter().filter(|asked| facts::is_must(asked)).collect();
    if !musts.is_empty() && p.training_days.unwrap_or(0) == 0 {
        all.push(Relax::Training);
        all.extend(musts.iter().map(|asked| Relax::SkillNotRequired(asked.skill)));
    }
    all.extend(p.certificates.iter().map(|name| Relax::CertificateNotRequired(*name)));
    if let Some(upper) = p.pay_max {
        all.extend(PERCENT.map(|percent| Relax::PayUpTo(upper.saturating_add(upper / 100 * percent))));
    }
    all
}

#[derive(Clone, Copy)]
enum End {
    First,
    Last,
}

/// The first or the last minutes of every working day. Work over midnight has no such ends and is left alone, and so is a day
/// that would vanish.
fn ends_of_days(hours: &WeekHours, minutes: u16, end: End) -> Option<WeekHours> {
    let spans = hours.spans();
    let mut cut = Vec::new();
    for weekday in 1..=7 {
        let of_day: Vec<Span> = spans.iter().copied().filter(|span| span.weekday == weekday).collect();
        let (Some(first), Some(last)) = (of_day.first(), of_day.last()) else { continue };
        if first.from == 0 || last.to == 1440 || of_day.iter().map(|span| span.minutes()).sum::<u16>() <= minutes {
            continue;
        }
        cut.extend(match end {
            End::First => Span::new(weekday, first.from, first.to.min(first.from + minutes)),
            End::Last => Span::new(weekday, last.from.max(last.to.saturating_sub(minutes)), last.to),
        });
    }
    (!cut.is_empty()).then(|| WeekHours::of(&cut))
}

/// Saturday and Sunday, where there is work on other days, too.
fn weekend(hours: &WeekHours) -> Option<WeekHours> {
    let days: Vec<Span> = (6..=7).map(|weekday| Span { weekday, from: 0, to: 1440 }).collect();
    let work = WeekHours::of(&days).intersection(hours);
    (!work.is_empty() && work != *hours).then_some(work)
}
