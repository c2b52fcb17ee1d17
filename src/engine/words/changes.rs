//! The one change that would help most, in words.

use super::Names;
use super::format::{duration, hours, yuan};
use crate::domain::text::{Text, counted};
use crate::engine::explain::{Change, Improvement};

pub fn sentence(improvement: &Improvement, names: &dyn Names) -> Text {
    let change = change(&improvement.change, names);
    let score = improvement.score;
    if improvement.opens {
        Text::new(
            format!("若{}，即可推荐，适合度 {score} 分", change.zh),
            format!("if {}, it could be recommended, with {}", change.en, counted(score, "point", "points")),
        )
    } else {
        Text::new(
            format!("若{}，适合度可到 {score} 分", change.zh),
            format!("if {}, suitability would be {score}", change.en),
        )
    }
}

pub fn change(change: &Change, names: &dyn Names) -> Text {
    match change {
        Change::LearnSkill { skill, from: None, to } => {
            let skill = names.skill(*skill);
            Text::new(format!("学会{}（{to} 级）", skill.zh), format!("{} were learned (level {to})", skill.en))
        }
        Change::LearnSkill { skill, from: Some(from), to } => {
            let skill = names.skill(*skill);
            Text::new(
                format!("{}从 {from} 级提高到 {to} 级", skill.zh),
                format!("{} rose from level {from} to level {to}", skill.en),
            )
        }
        Change::GetCertificate(name) => {
            let name = names.name(*name);
            Text::new(format!("取得{}", name.zh), format!("the certificate {} were obtained", name.en))
        }
        Change::LowerPayFloor { to, .. } => {
            let to = yuan(*to);
            Text::new(
                format!("最低工资要求降到 {}", to.zh),
                format!("the lowest acceptable pay came down to {}", to.en),
            )
        }
        Change::ExpectLess { to, .. } => {
            let to = yuan(*to);
            Text::new(format!("期望月薪降到 {}", to.zh), format!("the expected pay came down to {}", to.en))
        }
        Change::FreeHours(free) => {
            let free = hours(free);
            Text::new(format!("本人能空出 {}", free.zh), format!("the person could be free {}", free.en))
        }
        Change::ShareCare(free) => {
            let free = hours(free);
            Text::new(format!("{} 有别人照护", free.zh), format!("somebody else could care {}", free.en))
        }
        Change::AcceptChannel(channel) => {
            let label = channel.label();
            Text::new(format!("愿意接受渠道：{}", label.zh), format!("the channel \"{}\" were accepted", label.en))
        }
        Change::AcceptRegion(region) => {
            let label = region.label();
            Text::new(format!("愿意接受地域：{}", label.zh), format!("work {} were accepted", label.en))
        }
        Change::AcceptShift(shift) => {
            let label = shift.label();
            Text::new(format!("愿意接受班次：{}", label.zh), format!("the shift \"{}\" were accepted", label.en))
        }
        Change::TravelFarther { to, .. } => {
            Text::new(format!("能接受单程 {to} 分钟的路程"), format!("a way of {to} minutes were accepted"))
        }
        Change::GainExperience { occupation, from, to } => {
            let occupation = names.skill(*occupation);
            let more = duration(u32::from(*to).saturating_sub(*from));
            Text::new(
                format!("再积累 {} {}经验", more.zh, occupation.zh),
                format!("there were {} more of experience in {}", more.en, occupation.en),
            )
        }
        Change::EmployerTrains => Text::new("企业提供岗前培训", "the employer trained newcomers"),
        Change::EmployerWidensAge { years } => {
            Text::new(format!("企业放宽年龄到 {years} 周岁"), format!("the employer also took people of {years}"))
        }
    }
}
