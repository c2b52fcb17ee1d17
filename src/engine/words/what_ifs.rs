//! A change somebody could make, and what it is worth, in words.

use super::format::{hours, yuan};
use super::uncovered::PlanNames;
use crate::domain::text::{Text, counted};
use crate::engine::plan::change::{Change, Relax};
use crate::engine::plan::gap::Ranked;

/// The change, as the beginning of a sentence.
#[must_use]
pub fn change(change: &Change, names: &dyn PlanNames) -> Text {
    match change {
        Change::MoreVacancies { posting, n } => {
            let posting = names.posting(*posting);
            let en = if *n == 1 { "vacancy" } else { "vacancies" };
            Text::new(format!("{}增加 {n} 个空缺", posting.zh), format!("{n} more {en} at {}", posting.en))
        }
        Change::Relaxed { posting, relax } => {
            let (posting, relaxed) = (names.posting(*posting), relax_text(relax, names));
            Text::new(format!("{}：{}", posting.zh, relaxed.zh), format!("{}: {}", posting.en, relaxed.en))
        }
        Change::Course { skill, level, seats } => {
            let skill = names.skill(*skill);
            Text::new(
                format!("开设{}培训（到 {level} 级，{seats} 个名额）", skill.zh),
                format!("a course in {} (to level {level}, {})", skill.en, counted(*seats, "seat", "seats")),
            )
        }
        Change::CareShared { .. } => Text::new("家中照护由他人分担", "somebody else takes over the care at home"),
        Change::TenantRemoved { employer, .. } => {
            let employer = names.name(*employer);
            Text::new(format!("{}撤出", employer.zh), format!("{} leaves", employer.en))
        }
    }
}

/// What a posting no longer asks.
#[must_use]
pub fn relax_text(relax: &Relax, names: &dyn PlanNames) -> Text {
    match relax {
        Relax::Age { min: Some(min), max: Some(max) } => {
            Text::new(format!("年龄放宽到 {min}–{max} 周岁"), format!("take people of {min} to {max}"))
        }
        Relax::Age { min: Some(min), max: None } => {
            Text::new(format!("年龄放宽到满 {min} 周岁"), format!("take people of {min} or older"))
        }
        Relax::Age { min: None, max: Some(max) } => {
            Text::new(format!("年龄放宽到 {max} 周岁以下（含）"), format!("take people of {max} or younger"))
        }
        Relax::Age { min: None, max: None } => Text::new("不限年龄", "take people of any age"),
        Relax::WithoutHours(off) => {
            let off = hours(off);
            Text::new(format!("{} 不上班", off.zh), format!("no work {}", off.en))
        }
        Relax::Training => Text::new("企业提供岗前培训", "train newcomers"),
        Relax::SkillNotRequired(skill) => {
            let skill = names.skill(*skill);
            Text::new(format!("不强制要求{}", skill.zh), format!("{} as a wish only", skill.en))
        }
        Relax::CertificateNotRequired(name) => {
            let name = names.name(*name);
            Text::new(format!("不要求{}", name.zh), format!("do without the certificate {}", name.en))
        }
        Relax::PayUpTo(pay) => {
            let pay = yuan(*pay);
            Text::new(format!("最高工资提到 {}", pay.zh), format!("pay up to {}", pay.en))
        }
    }
}

/// A ranked change with the households it would cover.
#[must_use]
pub fn ranked(ranked: &Ranked, names: &dyn PlanNames) -> Text {
    let what = change(&ranked.change, names);
    let (n, lost) = (ranked.covers.len(), ranked.uncovers.len());
    let households = |n: usize| if n == 1 { "household" } else { "households" };
    let mut said = match (n, lost) {
        (0, 0) => Text::new("不会多覆盖一户", "covers no other household"),
        (n, 0) => Text::new(format!("可多覆盖 {n} 户"), format!("{n} more {} covered", households(n))),
        (0, lost) => Text::new(format!("少覆盖 {lost} 户"), format!("{lost} fewer {} covered", households(lost))),
        (n, lost) if lost > n => {
            let fewer = lost - n;
            Text::new(
                format!("少覆盖 {fewer} 户（{lost} 户失去岗位，{n} 户补上）"),
                format!("{fewer} fewer {} covered ({lost} lose their place, {n} get one)", households(fewer)),
            )
        }
        (n, lost) if lost == n => Text::new(
            format!("覆盖户数不变（{n} 户换 {n} 户）"),
            format!("as many households covered ({n} instead of {n} others)"),
        ),
        (n, lost) => {
            let more = n - lost;
            Text::new(
                format!("可多覆盖 {more} 户（{n} 户新覆盖，{lost} 户让出）"),
                format!("{more} more {} covered ({n} new, {lost} give way)", households(more)),
            )
        }
    };
    if matches!(ranked.change, Change::Course { .. }) {
        let seats = if ranked.n_units == 1 { "seat" } else { "seats" };
        said.zh += &format!("，用 {} 个名额", ranked.n_units);
        said.en += &format!(", with {} {seats} taken", ranked.n_units);
    }
    if ranked.gain.kept < 0 {
        let broken = ranked.gain.kept.unsigned_abs();
        let promises = if broken == 1 { "promise" } else { "promises" };
        said.zh += &format!("，少保留 {broken} 项承诺");
        said.en += &format!(", {broken} {promises} less kept");
    }
    Text::new(format!("{}：{}", what.zh, said.zh), format!("{}: {}", what.en, said.en))
}
