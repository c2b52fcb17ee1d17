//! The same work the plain way, and the town with every bar taken away: what the kernel is compared with.

use wangjia::domain::codes::Importance;
use wangjia::domain::week::WeekHours;
use wangjia::engine::input::{AgeRange, AskedSkill, HeldSkill, Posting, Resident, SkillId};
use wangjia::engine::policy::Policy;
use wangjia::engine::vocabulary::Vocabulary;

use crate::common::{Town, today};

impl Town {
    /// The same people and posts without anything that bars a pair.
    pub fn open(mut self) -> Self {
        for r in &mut self.residents {
            r.unavailable_hours = WeekHours::EMPTY;
            r.care_hours = WeekHours::EMPTY;
            r.ruled_out.clear();
            r.restricted_by_law = false;
            (r.max_physical_grade, r.max_load_kg, r.no_forced_posture) = (Some(4), Some(200), Some(false));
            (r.max_minutes, r.pay_floor) = (None, None);
            r.channels_accepted.clear();
            r.regions_accepted.clear();
        }
        for p in &mut self.postings {
            p.age = p.age.map(|range| AgeRange { soft: true, ..range });
            p.certificates.clear();
            p.training_days = Some(7);
            (p.valid_until, p.n_vacancies) = (None, 5);
        }
        self
    }
}

/// Chinese name of each skill, by id.
pub fn skill_names(town: &Town) -> Vec<String> {
    let vocabulary = match Vocabulary::builtin() {
        Ok(vocabulary) => vocabulary,
        Err(error) => panic!("the built-in vocabulary is sound: {error:?}"),
    };
    let name = |id| vocabulary.name(SkillId(id as u32)).map(|(zh, _)| zh.to_owned()).unwrap_or_default();
    (0..town.skills.len()).map(name).collect()
}

/// The same work without columns: every gate and factor asked pair by pair on the plain structs, skills compared by name
/// (Jaro–Winkler over the characters, as one does without a prepared table). `None` if a gate bars the pair.
pub fn plain_score(town: &Town, names: &[String], policy: &Policy, r: &Resident, p: &Posting) -> Option<u16> {
    use wangjia::engine::gates::{Context, GATES, Gate};
    use wangjia::engine::score::{FACTORS, Factor, combine};

    let ctx = Context { as_of: today(), policy, skills: &town.skills };
    let alike =
        |a: SkillId, b: SkillId| (strsim::jaro_winkler(&names[a.0 as usize], &names[b.0 as usize]) * 10_000.0) as u32;
    let best = |asked: &AskedSkill| {
        let points = |held: &HeldSkill| {
            if held.level >= asked.level { alike(held.skill, asked.skill) } else { alike(held.skill, asked.skill) / 2 }
        };
        r.skills.iter().map(points).max().unwrap_or(0)
    };
    let trains = p.training_days.unwrap_or(0) > 0;
    let lacks_must =
        !trains && p.skills.iter().any(|asked| asked.importance == Importance::Must && best(asked) < 7_000);
    let open = GATES.iter().filter(|spec| spec.gate != Gate::SkillRequired).all(|spec| spec.lets_pass(&ctx, r, p));
    (open && !lacks_must).then(|| {
        let values = FACTORS.each_ref().map(|spec| match spec.factor {
            Factor::Skill if r.skills.is_empty() || p.skills.is_empty() => None,
            Factor::Skill => Some((p.skills.iter().map(&best).sum::<u32>() / p.skills.len() as u32) as u16),
            _ => spec.measure(&ctx, r, p),
        });
        combine(policy, &values)
    })
}
