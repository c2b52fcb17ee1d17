//! What a run of recommendations did, printed with it: pool, gates with their article, missing data, weights, groups, who was never
//! shown, what people decided otherwise, and what the score does not measure (law.md §9).
//!
//! What was recommended is read from the stored run. How many pairs each gate removed is counted again from the records as they are
//! now; [`Transparency::same_records`] says whether they are those the run was made from. Cost: one snapshot and every pair once.

use std::collections::{BTreeMap, HashSet};

use chrono::TimeDelta;
use rayon::prelude::*;
use serde_json::Value;

use super::error::AppError;
use super::fairness::{Fairness, Source, fairness, pool};
use super::stored_runs::{self, Policy, Run};
use super::{Db, snapshot};
use crate::db::plan_pins::{self, PinFilter};
use crate::db::referrals::{self, overrides};
use crate::db::rows::Page;
use crate::db::{policies, recommendations as rows};
use crate::domain::access::Reach;
use crate::domain::codes::{PinKind, code_list};
use crate::domain::text::Label;
use crate::engine::gates::{GATES, Gate};
use crate::engine::policy::OnUnknown;
use crate::engine::recommend::{Order, recommend_for_posting};
use crate::engine::score::Factor;

/// Days before the run in which somebody counts as shown.
pub const DAYS: [i64; 2] = [30, 90];

/// What one gate removed, in pairs of a resident and a posting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    pub code: &'static str,
    pub label: Label,
    /// The article or public rule, where there is one.
    pub article: Option<Label>,
    /// Pairs it bars, whatever else bars them; and those it is the first to bar.
    pub any: u64,
    pub first: u64,
    /// Whether missing data bars a pair, or passes with a caveat.
    pub refuses_unknown: bool,
}

/// Recommendations in which something was not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    pub code: String,
    pub label: Label,
    /// A factor without a value, or a gate that passed with a caveat.
    pub is_factor: bool,
    pub recommendations: u64,
}

/// What people decided otherwise than the rules proposed, in the 90 days before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// Pairs a counselor wanted placed, and wanted not placed.
    pub pinned: u64,
    pub forbidden: u64,
    /// Referrals for which a counselor answered for a gate that did not pass.
    pub let_pass: Vec<(Label, u64)>,
}

code_list! {
    /// What the score does not measure.
    NotMeasured {
        Hires = "hires", "没有用真实录用结果验证过：分高不等于会被录用。", "It was never validated against real hires: a high score is no promise of one.";
        Character = "character", "不看人品、勤快、企业管理得好不好。", "It knows nothing of character, diligence, or how an employer treats people.";
        Wishes = "unsaid", "没有登记的意愿、技能和照护困难，它都不知道。", "Wishes, skills and duties of care that nobody recorded are unknown to it.";
        Quality = "quality", "不比较两份工作好坏，只看合不合条件、近不近、钱够不够。", "It does not say which job is better, only what fits, is near and pays enough.";
        Protected = "protected", "评分读不到性别、民族、户口、姓名、网格；只有法律写明的条件会用到性别和年龄。", "It cannot read sex, ethnicity, registration, name or grid; only conditions the law names use sex and age.";
    }
}

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub struct Transparency {
    pub run: Run,
    pub policy: Policy,
    /// Points each factor can give, in percent of the sum, with its name.
    pub weights: Vec<(Label, i64)>,
    pub fairness: Fairness,
    /// Whether the records are those the run was made from.
    pub same_records: bool,
    pub residents: u64,
    pub postings: u64,
    pub pairs: u64,
    pub eligible: u64,
    pub gates: Vec<Removed>,
    pub missing: Vec<Missing>,
    /// People of the pool who were in no run for so many days before.
    pub never_shown: Vec<(i64, u64)>,
    pub decided: Decided,
}

/// What is to be printed with a run; groups and people are those of the reach.
///
/// # Errors
/// `NotFound`; refused if the service has no legal basis on the run's day.
pub fn transparency(db: &Db, run: i64, reach: &Reach) -> Result<Transparency, AppError> {
    let within = reach.areas();
    let (mut found, loaded) = db.read(|conn| {
        let run = stored_runs::run(conn, run)?;
        let loaded = snapshot::load(conn, db.keys(), run.as_of)?;
        let fairness = fairness(conn, Source::Run(run.id), within)?;
        let pool = pool(conn, run.as_of, within)?;
        let policy = policies::by_version(conn, run.policy_version)?;
        let mut never_shown = Vec::new();
        for days in DAYS {
            let since = run.created_at - TimeDelta::days(days);
            let shown: HashSet<i64> = rows::shown_between(conn, since, run.created_at)?.into_iter().collect();
            never_shown.push((days, pool.iter().filter(|resident| !shown.contains(resident)).count() as u64));
        }
        let since = run.as_of - TimeDelta::days(DAYS[1]);
        let proposed = referrals::proposed_between(conn, (since, run.as_of), within)?;
        let ids: Vec<i64> = proposed.iter().map(|row| row.id).collect();
        let mut let_pass: BTreeMap<Gate, u64> = BTreeMap::new();
        for row in overrides::of(conn, &ids)? {
            if let Some(gate) = Gate::from_code(&row.gate) {
                *let_pass.entry(gate).or_default() += 1;
            }
        }
        let filter = PinFilter { within: within.map(<[i64]>::to_vec), ..PinFilter::default() };
        let pins = plan_pins::page(conn, &filter, Page::first(i64::MAX))?;
        let recent = |kind| {
            let made = pins.iter().filter(|pin| pin.data.kind == kind && pin.data.made_at <= run.created_at);
            made.filter(|pin| run.created_at - pin.data.made_at <= TimeDelta::days(DAYS[1])).count() as u64
        };
        let decided = Decided {
            pinned: recent(PinKind::Pin),
            forbidden: recent(PinKind::Forbid),
            let_pass: let_pass.into_iter().map(|(gate, n)| (gate.label(), n)).collect(),
        };
        let missing = missing(&rows::parts(conn, run.id)?);
        let found = Transparency {
            same_records: loaded.input_hash == run.input_hash,
            weights: weights(&policy),
            residents: 0,
            postings: 0,
            pairs: 0,
            eligible: 0,
            gates: Vec::new(),
            fairness,
            policy,
            missing,
            never_shown,
            decided,
            run,
        };
        Ok::<_, AppError>((found, loaded))
    })?;
    let snapshot = &loaded.snapshot;
    found.residents = snapshot.residents().len() as u64;
    found.postings = snapshot.postings().len() as u64;
    found.pairs = found.residents * found.postings;
    let counted: Vec<_> = (0..snapshot.postings().len())
        .into_par_iter()
        .map(|p| {
            let list = recommend_for_posting(snapshot, p, 1, Order::Pure);
            (list.n_eligible, list.barred)
        })
        .collect();
    found.eligible = counted.iter().map(|(n, _)| n).sum();
    found.gates = GATES
        .iter()
        .map(|spec| {
            let at = spec.gate.index();
            Removed {
                code: spec.code,
                label: spec.label,
                article: spec.article,
                any: counted.iter().map(|(_, barred)| barred.any[at]).sum(),
                first: counted.iter().map(|(_, barred)| barred.first[at]).sum(),
                refuses_unknown: spec.on_unknown == OnUnknown::Refuse,
            }
        })
        .collect();
    Ok(found)
}

/// Points of each factor in percent of all.
fn weights(policy: &Policy) -> Vec<(Label, i64)> {
    let values = [
        policy.weight_skill,
        policy.weight_experience,
        policy.weight_schedule,
        policy.weight_pay,
        policy.weight_distance,
        policy.weight_preference,
        policy.weight_comfort,
    ];
    Factor::ALL.into_iter().zip(values).map(|(factor, weight)| (factor.label(), weight)).collect()
}

/// What stored explanations say was not known.
fn missing(parts: &[String]) -> Vec<Missing> {
    let mut factors: BTreeMap<usize, u64> = BTreeMap::new();
    let mut gates: BTreeMap<Gate, u64> = BTreeMap::new();
    for text in parts {
        let Ok(said) = serde_json::from_str::<Value>(text) else { continue };
        for (at, factor) in Factor::ALL.into_iter().enumerate() {
            if said["points"].get(factor.code()).is_some_and(Value::is_null) {
                *factors.entry(at).or_default() += 1;
            }
        }
        for caveat in said["caveats"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if let Some(gate) = caveat.strip_prefix("unknown:").and_then(Gate::from_code) {
                *gates.entry(gate).or_default() += 1;
            }
        }
    }
    let factor = |(at, recommendations): (usize, u64)| {
        let factor = Factor::ALL.into_iter().nth(at)?;
        Some(Missing { code: factor.code().to_owned(), label: factor.label(), is_factor: true, recommendations })
    };
    let gate = |(gate, recommendations): (Gate, u64)| Missing {
        code: gate.code().to_owned(),
        label: gate.label(),
        is_factor: false,
        recommendations,
    };
    factors.into_iter().filter_map(factor).chain(gates.into_iter().map(gate)).collect()
}
