//! How alike are two names in their letters?
//!
//! Letters mislead: 电焊 and 电工 share half of theirs and nothing else, 家电维修 and 家具维修 three quarters. So a likeness counts
//! only where a slip of the pen is the likeliest reason: the head of the name (its last two characters) is the same, nothing of two
//! characters is like anything else, up to four may only have one character more or less. Latin names: Jaro–Winkler; Latin letters
//! and digits inside a Chinese name (C1, B2, SMT) must be equal. Cost of an [`NameIndex`] search: the names that share two
//! neighbouring characters.

use std::collections::{BTreeMap, HashMap};

use super::super::input::SkillId;
use super::resolve::{WIDE, without_role};

/// Points of a name that differs only in the word for the worker (锅炉工, 锅炉操作员).
const SAME_CORE: u16 = 9_500;
/// Same characters in another order (抛光打磨): mostly the same, sometimes not.
const SAME_CHARACTERS: u16 = 9_000;
/// Best a name with a differing character can get.
const BEST_TYPO: usize = 9_000;
/// The known name stands at the end, behind at least two other characters: 景航服装 + 整烫工. Chinese puts the kind last.
const AT_END: u16 = 6_500;
const SHORT_AT_END: u16 = 5_500;
/// Jaro–Winkler at which two Latin words count as one misspelt, and shortest such word.
const LATIN_THRESHOLD: f64 = 0.92;
const LATIN_MIN_CHARS: usize = 5;
const DICE_THRESHOLD: f64 = 0.8;

/// Points of two normalised names, without their words for the worker; 0 = not alike. The cheap looks come first, for most pairs
/// fail one of them.
pub(super) fn points(a: &str, b: &str) -> u16 {
    if a == b {
        return SAME_CORE;
    }
    if a.is_ascii() && b.is_ascii() {
        return latin_points(a, b);
    }
    let (ca, cb): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = (ca.len().min(cb.len()), ca.len().max(cb.len()));
    if short >= 4 && short == long && sorted(&ca) == sorted(&cb) {
        return SAME_CHARACTERS;
    }
    if short <= 2 || ca[ca.len() - 2..] != cb[cb.len() - 2..] || !latin(&ca).eq(latin(&cb)) {
        return 0;
    }
    let distance = strsim::generic_damerau_levenshtein(&ca, &cb);
    let allowed = match short {
        3 | 4 => long - short == 1 && distance == 1,
        _ => distance <= if long < 8 { 1 } else { 2 },
    };
    if allowed {
        return u16::try_from((long - distance) * BEST_TYPO / long).unwrap_or_default();
    }
    let dice = if short >= 5 { strsim::sorensen_dice(a, b) } else { 0.0 };
    if dice >= DICE_THRESHOLD { rounded(dice) } else { 0 }
}

fn latin(chars: &[char]) -> impl Iterator<Item = &char> {
    chars.iter().filter(|c| c.is_ascii())
}

fn latin_points(a: &str, b: &str) -> u16 {
    let close = a.len().min(b.len()) >= LATIN_MIN_CHARS
        && strsim::jaro_winkler(a, b) >= LATIN_THRESHOLD
        && strsim::damerau_levenshtein(a, b) <= a.len().max(b.len()) / 5;
    if close { rounded(strsim::jaro_winkler(a, b)) } else { 0 }
}

/// A share 0..=1 of [`BEST_TYPO`]. In hundredths, so that the last bits of a float cannot show.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share between 0 and 1, times 90")]
fn rounded(share: f64) -> u16 {
    (share * 90.0).round() as u16 * 100
}

fn sorted(chars: &[char]) -> Vec<char> {
    let mut chars = chars.to_vec();
    chars.sort_unstable();
    chars
}

/// Names to search for those like a given one.
#[derive(Clone, Debug)]
pub(super) struct NameIndex {
    /// Core of a name and its skill.
    cores: Vec<(String, SkillId)>,
    /// Positions in `cores` by two neighbouring characters.
    by_pair: HashMap<(char, char), Vec<usize>>,
    /// Whole names, for the end of longer ones.
    whole: HashMap<String, SkillId>,
}

impl NameIndex {
    /// An index of normalised names.
    pub fn new(names: &[(String, SkillId)]) -> Self {
        let mut cores: Vec<_> = names.iter().map(|(name, skill)| (without_role(name).to_owned(), *skill)).collect();
        cores.sort_unstable();
        cores.dedup();
        let mut by_pair: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, (core, _)) in cores.iter().enumerate() {
            for pair in pairs(core) {
                let found = by_pair.entry(pair).or_default();
                if found.last() != Some(&at) {
                    found.push(at);
                }
            }
        }
        Self { cores, by_pair, whole: names.iter().cloned().collect() }
    }

    /// Skills with a name like this normalised one, in id order, with points below 10,000.
    pub fn near(&self, key: &str) -> Vec<(SkillId, u16)> {
        let core = without_role(key);
        let mut candidates: Vec<usize> = pairs(core).filter_map(|p| self.by_pair.get(&p)).flatten().copied().collect();
        candidates.sort_unstable();
        candidates.dedup();
        let mut best: BTreeMap<SkillId, u16> = BTreeMap::new();
        let length = core.chars().count();
        for (name, skill) in candidates.into_iter().filter_map(|at| self.cores.get(at)) {
            // A look at the lengths spares most of the work: nothing four characters longer is like anything.
            if name.chars().count().abs_diff(length) < 4 {
                let p = points(core, name);
                let held = best.entry(*skill).or_default();
                *held = p.max(*held);
            }
        }
        if let Some((skill, p)) = self.at_end(key) {
            let held = best.entry(skill).or_default();
            *held = p.max(*held);
        }
        best.into_iter().filter(|(_, p)| *p > 0).collect()
    }

    /// The longest name at the end of a longer one, with or without its word for the worker.
    fn at_end(&self, key: &str) -> Option<(SkillId, u16)> {
        if key.is_ascii() {
            return None;
        }
        let starts: Vec<usize> = key.char_indices().map(|(at, _)| at).collect();
        let last = starts.len().checked_sub(2)?;
        (2..=last).find_map(|i| {
            let end = &key[starts[i]..];
            let name = if self.whole.contains_key(end) { end } else { without_role(end) };
            // 支护工 ends like 护工: one character and the word for the worker are too little.
            let says_little = name.is_ascii()
                || WIDE.contains(&name)
                || (name.ends_with(['工', '员', '师']) && name == end && i + 2 == starts.len());
            let skill = self.whole.get(name).filter(|_| !says_little)?;
            Some((*skill, if name.chars().count() > 2 { AT_END } else { SHORT_AT_END }))
        })
    }
}

fn pairs(text: &str) -> impl Iterator<Item = (char, char)> {
    text.chars().zip(text.chars().skip(1))
}
