//! What a posting may stop asking: the employer's own conditions, one at a time.

use crate::domain::ages;
use crate::domain::codes::Importance;
use crate::domain::week::WeekHours;
use crate::engine::gates::{Gate, GateSet};
use crate::engine::input::{AgeRange, NameId, Posting, SkillId};

/// One condition relaxed. Applied to a posting that never asked it, nothing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relax {
    /// A wider age range; `None` = no limit on that side. Never narrower than it was, never below working age.
    Age { min: Option<u8>, max: Option<u8> },
    /// Not in these hours.
    WithoutHours(WeekHours),
    /// The employer trains newcomers: no must skill bars.
    Training,
    /// This skill is a wish, not a must.
    SkillNotRequired(SkillId),
    /// This certificate is not asked.
    CertificateNotRequired(NameId),
    /// Pays up to so much, yuan a month.
    PayUpTo(u32),
}

impl Relax {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Age { .. } => "age",
            Self::WithoutHours(_) => "hours",
            Self::Training => "training",
            Self::SkillNotRequired(_) => "skill",
            Self::CertificateNotRequired(_) => "certificate",
            Self::PayUpTo(_) => "pay",
        }
    }

    /// The gates that can answer otherwise; the others read nothing that changes. Shorter hours may also end night work.
    #[must_use]
    pub const fn touches(self) -> GateSet {
        match self {
            Self::Age { .. } => GateSet::of(&[Gate::AgePosting]),
            Self::WithoutHours(_) => GateSet::of(&[Gate::Schedule, Gate::CareDuty, Gate::RuledOut, Gate::AgeLegal]),
            Self::Training | Self::SkillNotRequired(_) => GateSet::of(&[Gate::SkillRequired]),
            Self::CertificateNotRequired(_) => GateSet::of(&[Gate::Certificate]),
            Self::PayUpTo(_) => GateSet::of(&[Gate::PayFloor]),
        }
    }

    /// The posting with the condition relaxed.
    #[must_use]
    pub fn of(self, posting: &Posting) -> Posting {
        let mut p = posting.clone();
        match self {
            Self::Age { min, max } => {
                p.age = p.age.map(|range| AgeRange {
                    min: range.min.zip(min).map(|(was, now)| was.min(now).max(ages::MINIMUM_WORKING_AGE.min(was))),
                    max: range.max.zip(max).map(|(was, now)| was.max(now)),
                    ..range
                });
            }
            Self::WithoutHours(hours) => p.hours = p.hours.map(|had| had.without(&hours)),
            Self::Training => p.training_days = Some(p.training_days.unwrap_or(0).max(1)),
            Self::SkillNotRequired(skill) => {
                let asked = p.skills.iter_mut().filter(|asked| asked.skill == skill);
                asked.for_each(|asked| asked.importance = Importance::Nice);
            }
            Self::CertificateNotRequired(name) => p.certificates.retain(|asked| *asked != name),
            Self::PayUpTo(pay) => p.pay_max = [Some(pay), p.pay_min, p.pay_max].into_iter().flatten().max(),
        }
        p
    }
}
