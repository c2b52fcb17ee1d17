//! Hours of a week: when a post wants somebody, when somebody must be at home.
//!
//! A week is 336 half hours from Monday 00:00. What cannot be worked is rounded outwards and a post's hours too, so an
//! overlap is never missed; the price is a false overlap of less than half an hour, which the explanation shows in minutes.

use crate::domain::text::Label;

/// What the days are called, Monday first.
pub const WEEKDAYS: [Label; 7] = [
    Label { zh: "周一", en: "Mon" },
    Label { zh: "周二", en: "Tue" },
    Label { zh: "周三", en: "Wed" },
    Label { zh: "周四", en: "Thu" },
    Label { zh: "周五", en: "Fri" },
    Label { zh: "周六", en: "Sat" },
    Label { zh: "周日", en: "Sun" },
];

/// Half hours in a week.
pub const SLOTS: usize = 7 * 48;
const WORDS: usize = SLOTS.div_ceil(64);

/// One span of one weekday: `weekday` 1 (Monday) to 7, minutes of the day `0 <= from < to <= 1440`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub weekday: u8,
    pub from: u16,
    pub to: u16,
}

impl Span {
    /// `None` unless the weekday is 1..=7 and `from < to <= 1440`. Work past midnight is two spans.
    #[must_use]
    pub const fn new(weekday: u8, from: u16, to: u16) -> Option<Self> {
        if weekday >= 1 && weekday <= 7 && from < to && to <= 1440 { Some(Self { weekday, from, to }) } else { None }
    }

    #[must_use]
    pub const fn minutes(self) -> u16 {
        self.to - self.from
    }
}

/// A set of half hours of the week. The order has no meaning but to be one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WeekHours([u64; WORDS]);

impl WeekHours {
    pub const EMPTY: Self = Self([0; WORDS]);

    /// Every half hour a span touches.
    pub fn of(spans: &[Span]) -> Self {
        let mut hours = Self::EMPTY;
        for span in spans {
            let day = usize::from(span.weekday - 1) * 48;
            for slot in usize::from(span.from) / 30..usize::from(span.to).div_ceil(30) {
                hours.0[(day + slot) / 64] |= 1 << ((day + slot) % 64);
            }
        }
        hours
    }

    /// The set as bits, half hour 0 (Monday 00:00) lowest: equal words, equal sets.
    #[must_use]
    pub const fn words(&self) -> &[u64; WORDS] {
        &self.0
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0 == [0; WORDS]
    }

    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let mut any = 0;
        for word in 0..WORDS {
            any |= self.0[word] & other.0[word];
        }
        any != 0
    }

    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|word| self.0[word] | other.0[word]))
    }

    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|word| self.0[word] & other.0[word]))
    }

    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|word| self.0[word] & !other.0[word]))
    }

    /// Every half hour one later; the last of Sunday becomes the first of Monday.
    #[must_use]
    pub fn half_hour_later(&self) -> Self {
        let mut later = [0; WORDS];
        for (word, out) in later.iter_mut().enumerate() {
            *out = self.0[word] << 1
                | if word == 0 { u64::from(self.contains(SLOTS - 1)) } else { self.0[word - 1] >> 63 };
        }
        later[WORDS - 1] &= u64::MAX >> (WORDS * 64 - SLOTS);
        Self(later)
    }

    /// Every half hour one earlier; the first of Monday becomes the last of Sunday.
    #[must_use]
    pub fn half_hour_earlier(&self) -> Self {
        let mut earlier = [0; WORDS];
        for (word, out) in earlier.iter_mut().enumerate() {
            *out = self.0[word] >> 1 | self.0.get(word + 1).map_or(0, |next| next << 63);
        }
        if self.contains(0) {
            earlier[(SLOTS - 1) / 64] |= 1 << ((SLOTS - 1) % 64);
        }
        Self(earlier)
    }

    /// The set with so many minutes, rounded up to half hours, before and after every one of its hours, round the week.
    #[must_use]
    pub fn widened(&self, minutes: u16) -> Self {
        let (mut wide, mut later, mut earlier) = (*self, *self, *self);
        for _ in 0..usize::from(minutes.div_ceil(30)).min(SLOTS) {
            (later, earlier) = (later.half_hour_later(), earlier.half_hour_earlier());
            wide = wide.union(&later).union(&earlier);
        }
        wide
    }

    /// Number of half hours.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// Whether half hour `slot` (0 = Monday 00:00) is in the set.
    #[must_use]
    pub fn contains(&self, slot: usize) -> bool {
        slot < SLOTS && self.0[slot / 64] >> (slot % 64) & 1 == 1
    }

    /// The set as the fewest spans, in order.
    #[must_use]
    pub fn spans(&self) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        for weekday in 0..7u8 {
            let mut from = None;
            for slot in 0..=48u16 {
                let inside = slot < 48 && self.contains(usize::from(weekday) * 48 + usize::from(slot));
                match (inside, from) {
                    (true, None) => from = Some(slot),
                    (false, Some(start)) => {
                        spans.push(Span { weekday: weekday + 1, from: start * 30, to: slot * 30 });
                        from = None;
                    }
                    _ => {}
                }
            }
        }
        spans
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(hours: &WeekHours) -> Vec<usize> {
        (0..SLOTS).filter(|slot| hours.contains(*slot)).collect()
    }

    #[test]
    fn earlier_undoes_later_round_the_week() {
        for slot in [0, 1, 63, 64, 127, 128, SLOTS - 2, SLOTS - 1] {
            let span = Span {
                weekday: (slot / 48) as u8 + 1,
                from: (slot % 48) as u16 * 30,
                to: (slot % 48) as u16 * 30 + 30,
            };
            let hours = WeekHours::of(&[span]);
            assert_eq!(slots(&hours.half_hour_earlier()), [(slot + SLOTS - 1) % SLOTS]);
            assert_eq!(hours.half_hour_earlier().half_hour_later(), hours);
        }
    }

    #[test]
    fn minutes_widen_by_half_hours_they_touch() {
        let hours = WeekHours::of(&[Span { weekday: 1, from: 30, to: 60 }]);
        assert_eq!(slots(&hours.widened(0)), [1]);
        assert_eq!(slots(&hours.widened(1)), [0, 1, 2]);
        assert_eq!(slots(&hours.widened(30)), [0, 1, 2]);
        assert_eq!(slots(&hours.widened(31)), [0, 1, 2, 3, SLOTS - 1]);
        assert_eq!(hours.widened(u16::MAX).len(), SLOTS as u32);
        assert!(WeekHours::EMPTY.widened(600).is_empty());
    }
}
