//! Which pieces of a text are compared, and how much does each count?
//!
//! A text is a row of tokens: every Chinese character is one, every run of Latin letters or digits is one. Its grams are
//! the tokens and the pairs of neighbours; nothing reaches across a mark. Weights are integers: fixed-point logarithms
//! with [`ONE`] = 1, so that no processor, library or thread count can move a bit. Cost: linear in the text.

use std::collections::HashMap;

use crate::domain::fold::fold;

/// 1 in fixed point.
pub(super) const ONE: u32 = 1 << FRACTION_BITS;
const FRACTION_BITS: u32 = 10;

/// Longest text that is read, in characters: a definition has about 60. The bound keeps hostile input cheap and sums small.
const MAX_CHARS: usize = 2_000;

/// Stands between the tokens of a pair, and in no token.
const BETWEEN: char = ' ';

/// Adds the grams of a text, each so many times.
pub(super) fn count(text: &str, times: u32, into: &mut HashMap<String, u32>) {
    let mut add = |gram: String| {
        let n = into.entry(gram).or_default();
        *n = n.saturating_add(times);
    };
    let mut before: Option<String> = None;
    for token in tokens(text) {
        if let (Some(before), Some(token)) = (&before, &token) {
            add(format!("{before}{BETWEEN}{token}"));
        }
        if let Some(token) = &token {
            add(token.clone());
        }
        before = token;
    }
}

/// The tokens of a text in order, `None` for a mark between two.
fn tokens(text: &str) -> Vec<Option<String>> {
    let mut found: Vec<Option<String>> = Vec::new();
    let mut in_word = false;
    let beginning: String = text.chars().take(MAX_CHARS).collect();
    for c in fold(&beginning).chars() {
        let is_letter = c.is_ascii_alphanumeric();
        match found.last_mut() {
            Some(Some(word)) if in_word && is_letter => word.push(c),
            _ => found.push(c.is_alphanumeric().then(|| c.to_string())),
        }
        in_word = is_letter;
    }
    found
}

/// Whether a gram is one token, not a pair.
pub(super) fn is_token(gram: &str) -> bool {
    !gram.contains(BETWEEN)
}

/// Weight of a gram that stands `times` ≥ 1 in a text and in `texts` ≥ 1 of `all` texts: (1 + log₂ times) · log₂((all + 1) / texts).
/// The more often here the more it says, the more often elsewhere the less.
pub(super) fn weight(times: u32, texts: u32, all: u32) -> u32 {
    let rare = log2(u64::from(all) + 1).saturating_sub(log2(u64::from(texts)));
    let often = ONE + log2(u64::from(times));
    // Both logarithms are at most 33 · 2¹⁰, their product over 2¹⁰ below 2²¹.
    u32::try_from(u64::from(rare) * u64::from(often) / u64::from(ONE)).unwrap_or(u32::MAX)
}

/// log₂ in fixed point, rounded down; 0 for 0. Digit by digit: squaring doubles the logarithm, so each step gives one bit.
fn log2(x: u64) -> u32 {
    let Some(whole) = x.checked_ilog2() else { return 0 };
    // The mantissa in 1..2 with 31 bits behind the point; its square has 62 and fits.
    let mut mantissa = if whole > 31 { x >> (whole - 31) } else { x << (31 - whole) };
    let mut fraction = 0;
    for _ in 0..FRACTION_BITS {
        mantissa = (mantissa * mantissa) >> 31;
        fraction <<= 1;
        if mantissa >= 1 << 32 {
            mantissa >>= 1;
            fraction |= 1;
        }
    }
    whole * ONE + fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_those_of_a_table() {
        for (x, expected) in [(0, 0), (1, 0), (2, 1024), (3, 1623), (10, 3401), (1_000, 10_204), (1 << 40, 40_960)] {
            assert_eq!(log2(x), expected, "log2({x})");
        }
    }

    #[test]
    fn no_gram_reaches_across_a_mark_and_a_latin_word_is_one() {
        let mut grams = HashMap::new();
        count("操作CNC机床、织机。", 2, &mut grams);
        let mut found: Vec<_> = grams.iter().map(|(gram, n)| (gram.as_str(), *n)).collect();
        found.sort_unstable();
        let mut expected: Vec<(&str, u32)> =
            ["操", "作", "cnc", "床", "织", "操 作", "作 cnc", "cnc 机", "机 床", "织 机"]
                .iter()
                .map(|gram| (*gram, 2))
                .chain([("机", 4)])
                .collect();
        expected.sort_unstable();
        assert_eq!(found, expected);
    }
}
