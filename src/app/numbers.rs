//! Database integers (always i64, bounded by CHECK constraints) into the narrower integers of the domain and the engine.

use crate::domain::week::Span;

/// `None` for NULL; a value outside the target's range is held at its end.
pub fn to_u8(value: Option<i64>) -> Option<u8> {
    value.map(|v| u8::try_from(v.max(0)).unwrap_or(u8::MAX))
}

/// See [`to_u8`].
pub fn to_u16(value: Option<i64>) -> Option<u16> {
    value.map(|v| u16::try_from(v.max(0)).unwrap_or(u16::MAX))
}

/// See [`to_u8`].
pub fn to_u32(value: Option<i64>) -> Option<u32> {
    value.map(|v| u32::try_from(v.max(0)).unwrap_or(u32::MAX))
}

/// Weekday 1..=7 and minutes of the day as spans; a row the CHECK constraints would refuse is left out.
pub fn spans(rows: impl Iterator<Item = (i64, i64, i64)>) -> Vec<Span> {
    let span = |(weekday, from, to): (i64, i64, i64)| {
        Span::new(u8::try_from(weekday).ok()?, u16::try_from(from).ok()?, u16::try_from(to).ok()?)
    };
    rows.filter_map(span).collect()
}
