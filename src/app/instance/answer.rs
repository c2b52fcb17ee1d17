//! The plan file: JSON with the placements, one price per posting and what they prove.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::read::Instance;
use super::refusal::{Refused, violated};
use crate::domain::text::Text;
use crate::engine::ENGINE_VERSION;
use crate::engine::plan::certificate::{self, Proof};
use crate::engine::plan::{Fold, Pair, Plan, objective};

/// The objective as the file states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objective {
    pub covered_weight: i64,
    pub suitability: i64,
    pub placed: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Placement {
    resident: String,
    posting: String,
}

/// How long the stages took.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Seconds {
    pub read: f64,
    pub solve: f64,
    pub verify: f64,
}

/// A plan with its proof, as written for programs.
#[derive(Debug, Serialize)]
pub struct Answer {
    pub objective: Objective,
    placements: Vec<Placement>,
    pub fold: i64,
    pub value: i128,
    pub bound: i128,
    /// Postings without an entry have price 0.
    pub prices: BTreeMap<String, i64>,
    pub seconds: Seconds,
    /// Most memory this process has held; 0 where the system does not say.
    pub peak_rss_bytes: u64,
    pub engine: String,
}

impl Answer {
    pub fn new(instance: &Instance, plan: &Plan, bound: i128, seconds: Seconds) -> Self {
        let placements = plan.placements.iter().map(|pair| {
            let (resident, posting) = instance.names_of(*pair);
            Placement { resident: resident.to_owned(), posting: posting.to_owned() }
        });
        let prices = (0..).zip(&plan.prices).filter(|(_, price)| **price > 0);
        Self {
            objective: Objective {
                covered_weight: plan.objective.covered,
                suitability: plan.objective.suitability,
                placed: plan.placements.len() as u64,
            },
            placements: placements.collect(),
            fold: plan.fold.covered,
            value: plan.value,
            bound,
            prices: prices.map(|(p, price)| (instance.posting(p).to_owned(), *price)).collect(),
            seconds,
            peak_rss_bytes: peak_rss_bytes(),
            engine: format!("wangjia {} engine {ENGINE_VERSION}", env!("CARGO_PKG_VERSION")),
        }
    }
}

/// What Linux counts as the peak of resident memory; other systems are not asked.
fn peak_rss_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) * 1024
}

/// What is read of a plan file, by whomever it was made; other members are ignored.
#[derive(Debug, Deserialize)]
struct Stated<'a> {
    #[serde(borrow)]
    objective: &'a RawValue,
    placements: Vec<Placement>,
    fold: i64,
    #[serde(borrow)]
    value: &'a RawValue,
    #[serde(borrow)]
    bound: &'a RawValue,
    prices: BTreeMap<String, i64>,
}

/// A plan file in the terms of its instance.
pub struct Claim {
    file: String,
    objective: Objective,
    placements: Vec<Pair>,
    fold: i64,
    value: i128,
    bound: i128,
    prices: Vec<i64>,
}

/// Reads a plan file.
///
/// # Errors
/// A file that is no plan of this instance: not JSON, members missing, unknown names.
pub fn read_answer(path: &Path, instance: &Instance) -> Result<Claim, Refused> {
    let file = path.display().to_string();
    let refuse = |zh: String, en: String| Refused::of(&file, Text::new(zh, en));
    let malformed = |error: serde_json::Error| {
        let text = Text::new(format!("不是方案文件（{error}）"), format!("this is no plan file ({error})"));
        if error.line() > 0 { Refused::at(&file, error.line() as u64, text) } else { Refused::of(&file, text) }
    };
    let content = std::fs::read_to_string(path)
        .map_err(|error| refuse(format!("读不出来（{error}）"), format!("cannot be read ({error})")))?;
    let stated: Stated<'_> = serde_json::from_str(&content).map_err(malformed)?;
    let objective: Objective = serde_json::from_str(stated.objective.get()).map_err(malformed)?;
    let whole = |name: &str, raw: &RawValue| {
        raw.get()
            .parse::<i128>()
            .map_err(|_| refuse(format!("{name} 应为整数"), format!("{name} should be a whole number")))
    };
    let no_resident = |name: &str| refuse(format!("没有居民 {name}"), format!("there is no resident {name}"));
    let no_posting = |name: &str| refuse(format!("没有岗位 {name}"), format!("there is no posting {name}"));
    let placements = stated.placements.iter().map(|Placement { resident, posting }| {
        Ok(Pair {
            resident: instance.resident_index(resident).ok_or_else(|| no_resident(resident))?,
            posting: instance.posting_index(posting).ok_or_else(|| no_posting(posting))?,
        })
    });
    let mut prices = vec![0; instance.terms.n_postings()];
    for (name, price) in &stated.prices {
        prices[instance.posting_index(name).ok_or_else(|| no_posting(name))? as usize] = *price;
    }
    Ok(Claim {
        objective,
        placements: placements.collect::<Result<_, _>>()?,
        fold: stated.fold,
        value: whole("value", stated.value)?,
        bound: whole("bound", stated.bound)?,
        prices,
        file,
    })
}

impl Claim {
    /// Checks everything the file claims from the instance alone.
    ///
    /// # Errors
    /// The first condition violated.
    pub fn verify(&self, instance: &Instance) -> Result<Proof, Refused> {
        let claimed = objective::Objective {
            covered: self.objective.covered_weight,
            kept: 0,
            suitability: self.objective.suitability,
        };
        let fold = Fold { covered: self.fold, kept: 0 };
        let proof = certificate::verify_at(
            &instance.terms,
            &instance.pairs,
            fold,
            &self.placements,
            &self.prices,
            Some(claimed),
        )
        .map_err(|violation| violated(&self.file, instance, &violation))?;
        let placed = self.placements.iter().map(|pair| pair.resident).collect::<HashSet<_>>().len() as u64;
        for (name, stated, found) in [
            ("placed", i128::from(self.objective.placed), i128::from(placed)),
            ("value", self.value, proof.value),
            ("bound", self.bound, proof.value),
        ] {
            if stated != found {
                return Err(Refused::of(
                    &self.file,
                    Text::new(
                        format!("{name} 写的是 {stated}，应为 {found}"),
                        format!("{name} is {stated} and should be {found}"),
                    ),
                ));
            }
        }
        Ok(proof)
    }
}
