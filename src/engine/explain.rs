//! Why this pair, or why not: the explanation as data.
//!
//! Made by the very functions that score (the total is bit-identical to [`Snapshot::score`]); sentences are made from this
//! data only ([`super::words`]). It names no protected field because none can get here. Cost: tens of microseconds, most of it
//! for re-scoring the changes that could help.

mod change;

use chrono::{Days, NaiveDate};

use super::facts;
use super::gates::{self, Check, Compared, Context, GATES, Gate, Outcome};
use super::input::{HeldSkill, NameId, Posting, Resident, SkillId, Workplace};
use super::profile::Snapshot;
use super::score::{self, Part, Preference, ScheduleParts, Side};
use crate::domain::ages;
use crate::domain::codes::{Importance, PayKind, Shift};

pub use change::{Change, Improvement};

/// The answer of one gate, and whether the pair goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GateResult {
    pub gate: Gate,
    pub check: Check,
    pub lets_pass: bool,
}

/// Points of the factors that serve one side, out of the most they could bring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SubTotal {
    pub points: u16,
    pub most: u16,
}

/// One skill the posting asks and what the person brings to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SkillMatch {
    pub asked: SkillId,
    pub importance: Importance,
    pub level_asked: u8,
    /// The person's skill that brings most; `None` where none brings anything.
    pub by: Option<HeldSkill>,
    pub points: u16,
    /// The skill is there, at the level asked.
    pub met: bool,
}

/// The compared values behind the factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Values {
    pub way_minutes: Option<u16>,
    /// The way is walked (to the park); otherwise it is only known to take that long.
    pub on_foot: bool,
    pub works_at_home: bool,
    pub schedule: ScheduleParts,
    pub shift: Option<Shift>,
    /// Minute of the day at which work ends at the latest, for posts that do not run over midnight.
    pub day_ends: Option<u16>,
    pub has_care_hours: bool,
    pub pay_kind: Option<PayKind>,
    pub pay_min: Option<u32>,
    pub pay_max: Option<u32>,
    pub expected_pay: Option<u32>,
    pub experience_months: Option<u32>,
    pub experience_asked: Option<u16>,
    pub occupation: Option<SkillId>,
    pub province: Option<NameId>,
    pub province_wished: Option<bool>,
    pub preference: Preference,
    pub training_days: u16,
    /// Whether any skill of the person is recorded.
    pub skills_known: bool,
}

/// What a counselor has to check or say before this pair goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caveat {
    /// The gate could not decide for lack of data and the policy lets the pair pass.
    Unknown { gate: Gate, compared: Compared },
    /// At or past the statutory retirement day (`certain` = whichever group the person belongs to): a labour-service contract.
    PastRetirement { since: NaiveDate, certain: bool },
    /// 16 or 17: health checks and registration with the labour office (law.md R25).
    Minor { until: NaiveDate },
    /// The way takes longer than the time between work and hours that are taken.
    WayTooLong { minutes_short: u16 },
}

/// Everything there is to say about one pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Row ids.
    pub resident: i64,
    pub posting: i64,
    pub as_of: NaiveDate,
    /// First day the person could work there.
    pub start: NaiveDate,
    pub policy_version: i64,
    pub eligible: bool,
    /// Suitability by the factors, whatever the gates say; the pair's score where it is eligible.
    pub points: u16,
    /// All gates in the order of [`GATES`].
    pub gates: Vec<GateResult>,
    pub parts: [Part; score::N_FACTORS],
    pub post_gets: SubTotal,
    pub person_gets: SubTotal,
    pub skills: Vec<SkillMatch>,
    pub values: Values,
    pub caveats: Vec<Caveat>,
    /// Last day on which the pair stays eligible if no record changes; `None` for a pair that is not, and where no recorded
    /// date ends it.
    pub valid_until: Option<NaiveDate>,
    /// The one change that raises the pair most: opens it, or adds most points.
    pub best_change: Option<Improvement>,
}

impl Explanation {
    /// Every gate passed, and none was unknown: only then does an offer, or its refusal, count for or against anybody.
    #[must_use]
    pub fn is_suitable(&self) -> bool {
        self.gates.iter().all(|result| result.check.outcome == Outcome::Pass)
    }

    /// The score as the kernel gives it: `None` for a pair a gate bars.
    #[must_use]
    pub fn score(&self) -> Option<u16> {
        self.eligible.then_some(self.points)
    }

    /// Weight of the factors that are known, and of all.
    #[must_use]
    pub fn known_weight(&self) -> (u32, u32) {
        self.parts.iter().fold((0, 0), |(known, all), part| {
            let weight = u32::from(part.weight);
            (known + if part.value.is_some() { weight } else { 0 }, all + weight)
        })
    }

    /// The gates that bar the pair.
    pub fn barring(&self) -> impl Iterator<Item = &GateResult> {
        self.gates.iter().filter(|result| !result.lets_pass)
    }
}

/// Explains resident `r` and posting `p` (indices).
///
/// # Panics
/// If an index is out of range.
#[must_use]
pub fn explain(snapshot: &Snapshot, r: usize, p: usize) -> Explanation {
    explain_pair(&snapshot.context(), &snapshot.residents()[r], &snapshot.postings()[p])
}

/// [`explain`] for a pair outside a snapshot.
#[must_use]
pub fn explain_pair(ctx: &Context, r: &Resident, p: &Posting) -> Explanation {
    let gates: Vec<GateResult> = GATES
        .iter()
        .map(|spec| GateResult { gate: spec.gate, check: spec.check(ctx, r, p), lets_pass: spec.lets_pass(ctx, r, p) })
        .collect();
    let eligible = gates.iter().all(|result| result.lets_pass);
    let measured = score::measure_all(ctx, r, p);
    let parts = score::parts(ctx.policy, &measured);
    let values = values(ctx, r, p);
    let side = |side| {
        parts.iter().filter(|part| part.factor.side() == side).fold(SubTotal::default(), |sum, part| SubTotal {
            points: sum.points + part.points,
            most: sum.most + part.most,
        })
    };
    Explanation {
        resident: r.id,
        posting: p.id,
        as_of: ctx.as_of,
        start: ctx.start(p),
        policy_version: ctx.policy.version(),
        eligible,
        points: score::combine(ctx.policy, &measured),
        caveats: caveats(ctx, r, p, &gates, &values),
        gates,
        parts,
        post_gets: side(Side::PostGets),
        person_gets: side(Side::PersonGets),
        skills: skill_matches(ctx, r, p),
        values,
        valid_until: if eligible { valid_until(ctx, r, p) } else { None },
        best_change: change::best(ctx, r, p),
    }
}

fn skill_matches(ctx: &Context, r: &Resident, p: &Posting) -> Vec<SkillMatch> {
    let of = |asked: &super::input::AskedSkill| {
        let points =
            |held: &HeldSkill| facts::skill_points(ctx.skills, (held.skill, held.level), (asked.skill, asked.level));
        // Of equal skills the lower id: the same answer whatever the order of the list.
        let by = r.skills.iter().copied().max_by_key(|held| (points(held), held.level, std::cmp::Reverse(held.skill)));
        let by = by.filter(|held| points(held) > 0);
        let points = by.map_or(0, |held| points(&held));
        SkillMatch {
            asked: asked.skill,
            importance: asked.importance,
            level_asked: asked.level,
            by,
            points,
            met: points >= facts::MET,
        }
    };
    p.skills.iter().map(of).collect()
}

fn values(ctx: &Context, r: &Resident, p: &Posting) -> Values {
    let spans = p.hours.map(|hours| hours.spans()).unwrap_or_default();
    let over_midnight = spans.iter().any(|span| span.to == 1440);
    let lives_away = facts::lives_away(p);
    let province = p.province.filter(|_| lives_away);
    Values {
        way_minutes: facts::way_minutes(r, p),
        on_foot: p.workplace == Workplace::Park,
        works_at_home: p.workplace == Workplace::Home,
        schedule: score::schedule_parts(r, p),
        shift: p.shift,
        day_ends: spans.iter().map(|span| span.to).max().filter(|_| !over_midnight),
        has_care_hours: !r.care_hours.is_empty(),
        pay_kind: p.pay_kind,
        pay_min: p.pay_min,
        pay_max: p.pay_max,
        expected_pay: r.expected_pay,
        experience_months: score::counted_months(ctx, r, p),
        experience_asked: p.experience_months,
        occupation: p.occupation,
        province,
        province_wished: province
            .filter(|_| !r.wished_provinces.is_empty())
            .map(|name| r.wished_provinces.contains(&name)),
        preference: score::preference_parts(ctx, r, p),
        training_days: p.training_days.unwrap_or(0),
        skills_known: !r.skills.is_empty(),
    }
}

fn caveats(ctx: &Context, r: &Resident, p: &Posting, gates: &[GateResult], values: &Values) -> Vec<Caveat> {
    let unknown = gates.iter().filter(|result| result.lets_pass && result.check.outcome == Outcome::Unknown);
    let mut caveats: Vec<Caveat> =
        unknown.map(|result| Caveat::Unknown { gate: result.gate, compared: result.check.compared }).collect();
    let start = ctx.start(p);
    if let Some((first, last)) = r.retirement.filter(|(first, _)| start >= *first) {
        caveats.push(Caveat::PastRetirement { since: first, certain: start >= last });
    }
    if let Some(birth) = r.birth_date.filter(|birth| ages::is_minor(*birth, start)) {
        caveats.push(Caveat::Minor { until: ages::birthday(birth, ages::ADULT_AGE) });
    }
    if let Some(spare) = values.schedule.spare_minutes.filter(|minutes| *minutes < 0) {
        caveats.push(Caveat::WayTooLong { minutes_short: u16::try_from(-spare).unwrap_or(u16::MAX) });
    }
    caveats
}

/// The day before the first day on which a gate bars the pair, asked of the gates themselves on every day on which a
/// recorded date or an age could end it.
fn valid_until(ctx: &Context, r: &Resident, p: &Posting) -> Option<NaiveDate> {
    let day_after = |day: Option<NaiveDate>| day.and_then(|d| d.succ_opt());
    let mut days = vec![day_after(p.valid_until)];
    days.extend(r.certificates.iter().map(|held| day_after(held.valid_until)));
    days.push(day_after(r.hazard_check_until));
    if let Some(birth) = r.birth_date {
        let hard_max = p.age.filter(|range| !range.soft).and_then(|range| range.max);
        days.push(hard_max.map(|max| ages::birthday(birth, max.saturating_add(1))));
        days.push(Some(ages::birthday(birth, *ages::PUBLIC_WELFARE_AGES.end() as u8 + 1)));
    }
    let mut days: Vec<NaiveDate> = days.into_iter().flatten().filter(|day| *day > ctx.as_of).collect();
    days.sort_unstable();
    let barred = days.into_iter().find(|day| !gates::is_eligible(&Context { as_of: *day, ..*ctx }, r, p))?;
    barred.checked_sub_days(Days::new(1))
}
