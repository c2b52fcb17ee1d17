//! Can this pair be proposed at all? The one table of gates.
//!
//! A gate passes, fails, or is unknown because data is missing; it never moves a score. [`GATES`] is the only list: the pair
//! kernel, lists, explanations and counts are all made from it. Each row names what its check reads, as a key of the resident
//! and a key of the posting, so that [`super::profile`] can evaluate the check once per pair of *different* keys instead of
//! once per pair of people and postings.
//!
//! Invariant: a check depends on nothing but its two keys, the day and the policy; `tests/engine` compares both ways. Cost of
//! a check: tens of nanoseconds, no allocation.

mod checks;
mod set;

use chrono::{Datelike, NaiveDate};

use super::input::{AskedSkill, NameId, Posting, Resident, Unavailable};
use super::policy::{OnUnknown, Policy};
use super::similarity::SkillTable;
use crate::domain::codes::{Channel, Region};
use crate::domain::text::Label;
use crate::domain::week::WeekHours;
use crate::domain::work_limits::{MinorLimit, WOMEN_ARTICLE};

pub(super) use checks::way_key;
pub use set::GateSet;

/// Number of gates.
pub const N_GATES: usize = 18;

/// The gates in the order they are asked and counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Gate {
    PostingOpen,
    ResidentAvailable,
    AgeLegal,
    AgePosting,
    Capacity,
    Schedule,
    CareDuty,
    Willing,
    RuledOut,
    LawSex,
    HazardCheck,
    PublicWelfare,
    Channel,
    Distance,
    SkillRequired,
    Certificate,
    PayFloor,
    Declined,
}

impl Gate {
    /// Every gate, in the order they are asked.
    pub const ALL: &'static [Self; N_GATES] = &[
        Self::PostingOpen,
        Self::ResidentAvailable,
        Self::AgeLegal,
        Self::AgePosting,
        Self::Capacity,
        Self::Schedule,
        Self::CareDuty,
        Self::Willing,
        Self::RuledOut,
        Self::LawSex,
        Self::HazardCheck,
        Self::PublicWelfare,
        Self::Channel,
        Self::Distance,
        Self::SkillRequired,
        Self::Certificate,
        Self::PayFloor,
        Self::Declined,
    ];

    /// Position in [`GATES`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    #[must_use]
    pub const fn spec(self) -> &'static GateSpec {
        &GATES[self as usize]
    }

    /// The gate with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|gate| gate.code() == code)
    }

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.spec().code
    }

    #[must_use]
    pub const fn label(self) -> Label {
        self.spec().label
    }

    /// The article of law or the public rule that is the reason, where there is one.
    #[must_use]
    pub const fn article(self) -> Option<Label> {
        self.spec().article
    }
}

/// What the checks may look at besides the pair.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub as_of: NaiveDate,
    pub policy: &'a Policy,
    pub skills: &'a SkillTable,
}

impl Context<'_> {
    /// The first day the person could work there: the posting's start, today where that has passed or is not given.
    #[must_use]
    pub fn start(&self, posting: &Posting) -> NaiveDate {
        posting.start_on.map_or(self.as_of, |day| day.max(self.as_of))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    Pass,
    Fail,
    /// Data is missing; the policy decides whether the pair goes on.
    Unknown,
}

/// What a gate compared: the values a person is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    PostingOpen {
        today: NaiveDate,
        from: NaiveDate,
        until: Option<NaiveDate>,
        n_vacancies: u32,
    },
    Available(Option<Unavailable>),
    LegalAge {
        turns_16_on: Option<NaiveDate>,
        today: NaiveDate,
        start: NaiveDate,
        minor_limit: Option<MinorLimit>,
    },
    Age {
        years: Option<i32>,
        min: Option<u8>,
        max: Option<u8>,
        soft: bool,
    },
    /// Each pair: what the person can take on, what the post asks.
    Capacity {
        none_left: bool,
        grade: (Option<u8>, Option<u8>),
        load_kg: (Option<u16>, Option<u16>),
        posture: (Option<bool>, Option<bool>),
    },
    /// Hours wanted twice; `posting_hours_known` is false where the posting does not give any. `way` is set where minutes of
    /// the way, and not the hours of work alone, reach into the other hours.
    Hours {
        overlap: WeekHours,
        posting_hours_known: bool,
        way: Option<u16>,
    },
    Willing(Option<bool>),
    /// For each condition the person ruled out, whether the post has it.
    RuledOut {
        night: Option<Option<bool>>,
        overtime: Option<Option<bool>>,
        chemicals: Option<Option<bool>>,
    },
    LawSex {
        applies: bool,
    },
    HazardCheck {
        has_hazard: Option<bool>,
        valid_until: Option<NaiveDate>,
        start: NaiveDate,
    },
    PublicWelfare {
        years: Option<i32>,
        months_used: Option<u16>,
        retirement: Option<(NaiveDate, NaiveDate)>,
    },
    Accepts {
        channel: Channel,
        channel_ok: bool,
        region: Option<Region>,
        region_ok: Option<bool>,
    },
    Minutes {
        way: Option<u16>,
        limit: Option<u16>,
    },
    /// The first must skill that is missing or below its level.
    Skill {
        missing: Option<AskedSkill>,
        training_days: u16,
        resident_known: bool,
    },
    /// The first certificate that is absent or expired on the start date, and the day it ran out.
    Certificate {
        missing: Option<NameId>,
        expired_on: Option<NaiveDate>,
        start: NaiveDate,
    },
    PayFloor {
        floor: Option<u32>,
        upper: Option<u32>,
    },
    /// The last time one of the two declined the other, and the first day they may be proposed again.
    Declined {
        on: Option<NaiveDate>,
        again_from: Option<NaiveDate>,
    },
}

/// The answer of one gate for one pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    pub outcome: Outcome,
    pub compared: Compared,
}

/// One row of [`GATES`].
pub struct GateSpec {
    pub gate: Gate,
    pub code: &'static str,
    pub label: Label,
    pub article: Option<Label>,
    /// What happens to an unknown outcome unless the policy says otherwise.
    pub on_unknown: OnUnknown,
    /// Whether a counselor may answer for a referral that it does not let pass. Never where the law, the body or somebody in need
    /// of care stands behind it.
    pub overridable: bool,
    check: fn(&Context, &Resident, &Posting) -> Check,
    /// `None` for the two gates that [`super::profile`] keeps in a denser form.
    pub(super) keys: Option<Keys>,
}

/// What a check or measure reads of the two sides.
#[derive(Clone, Copy)]
pub(super) struct Keys {
    pub resident: fn(&Context, &Resident, &mut Key),
    pub posting: fn(&Context, &Posting, &mut Key),
}

impl GateSpec {
    #[must_use]
    pub fn check(&self, ctx: &Context, resident: &Resident, posting: &Posting) -> Check {
        (self.check)(ctx, resident, posting)
    }

    /// Whether the pair goes on: passed, or unknown where the policy lets it pass.
    #[must_use]
    pub fn lets_pass(&self, ctx: &Context, resident: &Resident, posting: &Posting) -> bool {
        match self.check(ctx, resident, posting).outcome {
            Outcome::Pass => true,
            Outcome::Fail => false,
            Outcome::Unknown => ctx.policy.on_unknown(self.gate) == OnUnknown::PassWithCaveat,
        }
    }
}

/// Whether every gate lets the pair pass.
#[must_use]
pub fn is_eligible(ctx: &Context, resident: &Resident, posting: &Posting) -> bool {
    GATES.iter().all(|spec| spec.lets_pass(ctx, resident, posting))
}

/// The values a check or measure reads, as words: equal keys, equal outcome.
#[derive(Debug, Default)]
pub struct Key(pub(super) Vec<u64>);

impl Key {
    pub(super) fn number(&mut self, value: impl Into<u64>) {
        self.0.push(value.into());
    }

    pub(super) fn maybe(&mut self, value: Option<impl Into<u64>>) {
        self.0.push(value.map_or(0, |v| v.into() + 1));
    }

    pub(super) fn day(&mut self, day: Option<NaiveDate>) {
        self.0.push(day.map_or(0, |d| u64::from(d.num_days_from_ce().unsigned_abs()) + 1));
    }

    pub(super) fn hours(&mut self, hours: &WeekHours) {
        self.0.extend_from_slice(hours.words());
    }

    /// A list, with its length so that two lists in a row cannot be mistaken for another two.
    pub(super) fn list<T>(&mut self, items: &[T], mut word: impl FnMut(&T) -> u64) {
        self.0.push(items.len() as u64);
        self.0.extend(items.iter().map(&mut word));
    }
}

const PASS: OnUnknown = OnUnknown::PassWithCaveat;
const REFUSE: OnUnknown = OnUnknown::Refuse;
const OVERRIDABLE: bool = true;
const FIXED: bool = false;

macro_rules! gates {
    (@keys $module:ident) => { Some(Keys { resident: checks::$module::resident_key, posting: checks::$module::posting_key }) };
    (@keys $module:ident dense) => { None };
    ($($gate:ident $code:literal $zh:literal $en:literal $unknown:ident $overridable:ident $article:expr, $module:ident $($dense:ident)?;)+) => {
        /// The one table, in the order the gates are asked.
        pub static GATES: [GateSpec; N_GATES] = [$(GateSpec {
            gate: Gate::$gate,
            code: $code,
            label: Label { zh: $zh, en: $en },
            article: $article,
            on_unknown: $unknown,
            overridable: $overridable,
            check: checks::$module::check,
            keys: gates!(@keys $module $($dense)?),
        },)+];
    };
}

const fn article(zh: &'static str, en: &'static str) -> Option<Label> {
    Some(Label { zh, en })
}

const MINORS: Option<Label> = article(
    "《禁止使用童工规定》第二条、第七条；《劳动法》第五十八条、第六十四条；《未成年工特殊保护规定》第三条",
    "Provisions on Prohibiting Child Labour arts. 2 and 7; Labour Law arts. 58 and 64; Provisions on the Special Protection of Minor Workers art. 3",
);
const WOMEN: Option<Label> = Some(WOMEN_ARTICLE);
const HAZARD: Option<Label> =
    article("《职业病防治法》第三十五条", "Law on the Prevention and Control of Occupational Diseases art. 35");

/// domain.md §5. A rule of the employment programmes, not of a statute: named by what it says.
const WELFARE: Option<Label> = article(
    "公益性岗位规定：16至69周岁，累计最长3年，距法定退休不足5年的可延长至退休",
    "rule for public-welfare posts: ages 16 to 69, at most 3 years, longer with less than 5 years to statutory retirement",
);

gates! {
    PostingOpen "posting_open" "岗位开放" "posting open" REFUSE FIXED None, posting_open;
    ResidentAvailable "resident_available" "本人可就业" "resident available" REFUSE FIXED None, resident_available;
    AgeLegal "age_legal" "法定年龄" "lawful age" REFUSE FIXED MINORS, age_legal;
    AgePosting "age_posting" "岗位年龄" "age the posting asks" PASS OVERRIDABLE None, age_posting;
    Capacity "capacity" "体力与姿势" "physical capacity" PASS FIXED None, capacity;
    Schedule "schedule" "工作时间" "working hours" PASS OVERRIDABLE None, schedule;
    CareDuty "care_duty" "照护责任" "care duty" PASS FIXED None, care_duty;
    Willing "willing" "就业意愿" "willing to work" PASS OVERRIDABLE None, willing;
    RuledOut "ruled_out" "本人不接受的条件" "conditions ruled out" PASS OVERRIDABLE None, ruled_out;
    LawSex "law_sex" "女职工禁忌劳动" "work forbidden to women" REFUSE FIXED WOMEN, law_sex;
    HazardCheck "hazard_check" "职业健康检查" "occupational health check" PASS FIXED HAZARD, hazard_check;
    PublicWelfare "public_welfare" "公益性岗位条件" "public-welfare conditions" PASS FIXED WELFARE, public_welfare;
    Channel "channel" "渠道与地域" "channel and region" PASS OVERRIDABLE None, channel;
    Distance "distance" "上班路程" "way to work" PASS OVERRIDABLE None, distance;
    SkillRequired "skill_required" "必备技能" "required skill" PASS OVERRIDABLE None, skill_required dense;
    Certificate "certificate" "必备证书" "required certificate" REFUSE FIXED None, certificate;
    PayFloor "pay_floor" "最低工资要求" "lowest acceptable pay" PASS OVERRIDABLE None, pay_floor;
    Declined "declined" "近期已拒绝" "recently declined" REFUSE OVERRIDABLE None, declined dense;
}
