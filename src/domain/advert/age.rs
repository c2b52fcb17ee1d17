//! Which ages and which sex does an advertisement ask for: `女18-45岁、男18-50岁,能力突出者可放宽`?
//!
//! A hard limit shuts people out, a soft one only prefers (`优先`, `左右`) or may be relaxed (`可放宽`): the two are told apart, for each sex.
//! `50岁以下，可放宽至55岁` is a soft limit of 50 and a hard one of 55. What is lawful is not decided here but by
//! [`crate::domain::posting_law`], which reads the same text.

pub use super::age_words::read;
use crate::domain::codes::Sex;

/// A lowest and a highest age in completed years, both included; `None` = not stated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ages {
    pub min: Option<u8>,
    pub max: Option<u8>,
}

impl Ages {
    pub(super) fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// The stated ends of `self`, the ends of `other` where it states none.
    pub(super) fn or(self, other: Self) -> Self {
        Self { min: self.min.or(other.min), max: self.max.or(other.max) }
    }

    /// Whether both state an end differently.
    pub(super) fn contradicts(self, other: Self) -> bool {
        !self.unlike(other).is_empty()
    }

    /// The ends that `other` states differently.
    pub(super) fn unlike(self, other: Self) -> Self {
        Self {
            min: self.min.filter(|min| other.min.is_some_and(|other| other != *min)),
            max: self.max.filter(|max| other.max.is_some_and(|other| other != *max)),
        }
    }

    /// The ages that one of the two allows.
    pub(super) fn or_wider(self, other: Self) -> Self {
        Self {
            min: self.min.zip(other.min).map(|(a, b)| a.min(b)),
            max: self.max.zip(other.max).map(|(a, b)| a.max(b)),
        }
    }
}

/// The limits for one sex, or for everybody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limit {
    /// `None`: no sex is named.
    pub of: Option<Sex>,
    pub hard: Ages,
    pub soft: Ages,
}

/// A sex an advertisement asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SexWanted {
    pub sex: Sex,
    /// Preferred only.
    pub is_soft: bool,
}

/// The people an advertisement asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// In the order of the text; one for each sex named and one for everybody. Without an age: none, or none that was understood.
    pub ages: Vec<Limit>,
    pub sex: Option<SexWanted>,
}

/// Age limits in the terms of a posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posted {
    pub ages: Ages,
    pub is_soft: bool,
    /// Nothing of the text is lost in it.
    pub is_whole: bool,
}

impl Wanted {
    /// One range for a posting: what holds for either sex, so that nobody is shut out by a limit stated for the other. Hard limits
    /// where there are any, else the soft ones.
    #[must_use]
    pub fn posted(&self) -> Posted {
        let widest = |ages: fn(&Limit) -> Ages| {
            let stated = |sex| self.ages.iter().find(|limit| limit.of == sex).map(ages);
            match (stated(Some(Sex::Male)), stated(Some(Sex::Female)), stated(None)) {
                (Some(men), Some(women), everybody) => {
                    let everybody = everybody.unwrap_or_default();
                    men.or(everybody).or_wider(women.or(everybody))
                }
                (Some(one), None, Some(everybody)) | (None, Some(one), Some(everybody)) => {
                    one.or(everybody).or_wider(everybody)
                }
                (Some(one), None, None) | (None, Some(one), None) | (None, None, Some(one)) => one,
                (None, None, None) => Ages::default(),
            }
        };
        let (hard, soft) = (widest(|limit| limit.hard), widest(|limit| limit.soft));
        let is_soft = hard.is_empty() && !soft.is_empty();
        let only_one_kind = hard.is_empty() || soft.is_empty();
        let is_whole = only_one_kind && self.sex.is_none() && self.ages.iter().all(|limit| limit.of.is_none());
        Posted { ages: if is_soft { soft } else { hard }, is_soft, is_whole }
    }

    pub(super) fn limit(&mut self, of: Option<Sex>) -> &mut Limit {
        let at = self.ages.iter().position(|limit| limit.of == of).unwrap_or(self.ages.len());
        if at == self.ages.len() {
            self.ages.push(Limit { of, ..Limit::default() });
        }
        &mut self.ages[at]
    }
}
