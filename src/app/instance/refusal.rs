//! Why an instance or a plan file was not accepted, in words that say where.

use std::fmt;

use super::read::Instance;
use crate::domain::text::{Lang, Text};
use crate::engine::plan::certificate::Violation;
use crate::engine::plan::{Pair, PinFault, Refusal};

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub file: String,
    /// Line of the file, the header being line 1.
    pub line: Option<u64>,
    /// Stable code of a violated condition; `None` for a malformed file.
    pub code: Option<&'static str>,
    pub text: Text,
}

/// An instance or plan that is not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(pub Box<Fault>);

impl Refused {
    pub fn of(file: &str, text: Text) -> Self {
        Self(Box::new(Fault { file: file.to_owned(), line: None, code: None, text }))
    }

    pub fn at(file: &str, line: u64, text: Text) -> Self {
        Self(Box::new(Fault { file: file.to_owned(), line: Some(line), code: None, text }))
    }

    fn violation(file: &str, code: &'static str, text: Text) -> Self {
        Self(Box::new(Fault { file: file.to_owned(), line: None, code: Some(code), text }))
    }

    /// The sentence with the place in front.
    #[must_use]
    pub fn sentence(&self, lang: Lang) -> String {
        let Fault { file, line, code, text } = &*self.0;
        let code = code.map(|code| format!("[{code}] ")).unwrap_or_default();
        match (line, lang) {
            (Some(line), Lang::Zh) => format!("{file} 第 {line} 行：{code}{}", text.get(lang)),
            (Some(line), Lang::En) => format!("{file}, line {line}: {code}{}", text.get(lang)),
            (None, Lang::Zh) => format!("{file}：{code}{}", text.get(lang)),
            (None, Lang::En) => format!("{file}: {code}{}", text.get(lang)),
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence(Lang::En))
    }
}

impl std::error::Error for Refused {}

/// A refusal of the planner, with the names of the instance.
pub fn plan_refused(instance: &Instance, refusal: &Refusal) -> Refused {
    let (pair, fault) = match refusal {
        Refusal::Pin { pair, fault } => (pair, fault),
        Refusal::TooLarge(fault) => return Refused::of("households.csv", too_large(fault.reward)),
    };
    let (r, p) = instance.names_of(*pair);
    let text = match fault {
        PinFault::NotEligible => Text::new(
            format!("不能固定 {r} → {p}：pairs.csv 中没有这一对"),
            format!("{r} cannot be pinned to {p}: pairs.csv does not list the pair"),
        ),
        PinFault::Forbidden => Text::new(
            format!("不能固定 {r} → {p}：同一对又被禁止"),
            format!("{r} cannot be pinned to {p}: the pair is forbidden, too"),
        ),
        PinFault::SecondPin => Text::new(
            format!("不能固定 {r} → {p}：{r} 已固定到另一岗位"),
            format!("{r} cannot be pinned to {p}: {r} is pinned to another posting"),
        ),
        PinFault::NoVacancy => Text::new(
            format!("不能固定 {r} → {p}：{p} 的空缺少于固定的人数"),
            format!("{r} cannot be pinned to {p}: {p} has fewer vacancies than pins"),
        ),
        PinFault::OverLimit => Text::new(
            format!("不能固定 {r} → {p}：超过该户可就业人数上限"),
            format!("{r} cannot be pinned to {p}: the household's limit is below its pins"),
        ),
    };
    match instance.line_of_pin(*pair) {
        Some(line) => Refused::at("pins.csv", line, text),
        None => Refused::of("pins.csv", text),
    }
}

fn too_large(reward: i128) -> Text {
    Text::new(
        format!("权重过大：一户需折算为 {reward}，超出可计算范围"),
        format!("the weights are too large: one household would have to be worth {reward}"),
    )
}

/// A violated condition of a plan, with the names of the instance.
pub fn violated(file: &str, instance: &Instance, violation: &Violation) -> Refused {
    let pair = |pair: &Pair| {
        let (r, p) = instance.names_of(*pair);
        (r.to_owned(), p.to_owned())
    };
    let text = match violation {
        Violation::NoSuchPair(Pair { resident, posting }) => Text::new(
            format!("没有居民 {resident} 或岗位 {posting}"),
            format!("there is no resident {resident} or no posting {posting}"),
        ),
        Violation::PlacedTwice { resident } => {
            let r = instance.resident(*resident);
            Text::new(format!("{r} 被安排了两次"), format!("{r} is placed twice"))
        }
        Violation::NotEligible(at) => {
            let (r, p) = pair(at);
            Text::new(format!("{r} 不符合 {p} 的条件"), format!("{r} is not eligible for {p}"))
        }
        Violation::Forbidden(at) => {
            let (r, p) = pair(at);
            Text::new(format!("{r} → {p} 被禁止"), format!("{r} may not be placed at {p}: the pair is forbidden"))
        }
        Violation::OverVacancies { posting, placed, vacancies } => {
            let p = instance.posting(*posting);
            Text::new(
                format!("{p} 安排了 {placed} 人，只有 {vacancies} 个空缺"),
                format!("{p} has {placed} placed and {vacancies} vacancies"),
            )
        }
        Violation::OverLimit { household, placed, limit } => {
            let h = instance.household(*household);
            Text::new(
                format!("{h} 安排了 {placed} 人，上限为 {limit} 人"),
                format!("{h} has {placed} placed and a limit of {limit}"),
            )
        }
        Violation::PinMissing(at) => {
            let (r, p) = pair(at);
            Text::new(format!("缺少固定的安排 {r} → {p}"), format!("the pinned placement of {r} at {p} is missing"))
        }
        Violation::WrongNumberOfPrices { prices, postings } => Text::new(
            format!("有 {prices} 个价格、{postings} 个岗位"),
            format!("there are {prices} prices for {postings} postings"),
        ),
        Violation::NegativePrice { posting, price } => {
            let p = instance.posting(*posting);
            Text::new(format!("{p} 的价格 {price} 为负"), format!("the price {price} of {p} is negative"))
        }
        Violation::RewardsTooSmall { claimed, least } => Text::new(
            format!("折算系数 fold 为 {}，至少应为 {}，否则分数可能压过一户", claimed.covered, least.covered),
            format!(
                "the fold {} must be at least {}, or points could outweigh a household",
                claimed.covered, least.covered
            ),
        ),
        Violation::TooLarge => too_large(i128::from(i64::MAX)),
        Violation::WrongObjective { claimed, found } => Text::new(
            format!(
                "目标值不符：写的是覆盖 {}、适合度 {}，实际为 {}、{}",
                claimed.covered, claimed.suitability, found.covered, found.suitability
            ),
            format!(
                "the objective says covered {} and suitability {}, the placements make {} and {}",
                claimed.covered, claimed.suitability, found.covered, found.suitability
            ),
        ),
        Violation::NotProved { value, bound } => Text::new(
            format!("价格不能证明最优：方案值 {value}，上界 {bound}"),
            format!("the prices do not prove the plan: its value is {value}, the bound {bound}"),
        ),
    };
    Refused::violation(file, violation.code(), text)
}
