//! The members of a household as its card shows them.

use chrono::NaiveDate;

use super::parts;
use crate::app::coverage::standing::{MemberStanding, Standing};
use crate::app::error::AppError;
use crate::app::households;
use crate::app::residents::{self, Resident};
use crate::app::spells::{self, SpellFilter};
use crate::app::{Connection, Page};
use crate::domain::ages;
use crate::domain::codes::LabourClass;
use crate::domain::employability::Employability;
use crate::pages::desk::Desk;
use crate::pages::words::Words;

pub(super) struct Member {
    pub id: i64,
    pub name: String,
    pub href: String,
    /// 配偶 · 46 岁
    pub who: String,
    /// Works, could work, or why not: class of the shape, and words.
    pub state: (&'static str, String),
    pub facts: String,
    pub could_work: bool,
    pub works: bool,
    pub has_phone: bool,
}

/// Those whose data may be shown, the head first, as the ledger has them.
pub(super) fn of(conn: &mut Connection, desk: &Desk, standing: &Standing) -> Result<Vec<Member>, AppError> {
    let (words, today) = (&desk.words, desk.today());
    let mut found = Vec::new();
    for member in households::members(conn, standing.place.household, Some(today))? {
        let person = residents::get(conn, desk.keys(), member.resident_id, today)?;
        let own = standing.members.iter().find(|one| one.resident == member.resident_id);
        let works = own.is_some_and(|one| one.works);
        let could_work = own.is_some_and(|one| one.employability.is_employable());
        let age = ages::completed_years(person.birth_date, today);
        let relation = words.label(member.relation.label());
        found.push(Member {
            id: person.id,
            href: words.to(&format!("/residents/{}", person.id)),
            who: if words.is_english() { format!("{relation}, {age}") } else { format!("{relation} · {age} 岁") },
            state: state(words, own),
            facts: facts(conn, words, &person, works, today)?,
            could_work,
            works,
            has_phone: person.phone_masked.is_some(),
            name: person.name,
        });
    }
    Ok(found)
}

fn state(words: &Words, own: Option<&MemberStanding>) -> (&'static str, String) {
    match own {
        Some(one) if one.works => ("covered", words.say("在岗", "at work").to_owned()),
        Some(MemberStanding { employability: Employability::NotEmployable(reason), .. }) => {
            ("exempt", words.label(reason.label()).to_owned())
        }
        Some(_) => ("uncovered", words.say("可就业", "could work").to_owned()),
        None => ("exempt", words.say("不在户", "not a member").to_owned()),
    }
}

fn facts(
    conn: &mut Connection,
    words: &Words,
    person: &Resident,
    works: bool,
    today: NaiveDate,
) -> Result<String, AppError> {
    let mut said: Vec<String> = Vec::new();
    if works {
        let filter = SpellFilter { resident: Some(person.id), active_on: Some(today), ..SpellFilter::default() };
        for job in spells::page(conn, &filter, Page::first(3))? {
            let job = job.fields.fields;
            let names = [job.employer_name, job.job_title];
            let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
            let kind = words.label(job.channel.label());
            let since = job.start_on.map(|day| {
                let day = parts::day(words, day, today);
                if words.is_english() { format!(" since {day}") } else { format!("，{day}起") }
            });
            said.push(format!("{}{}", if name.is_empty() { kind } else { name.as_str() }, since.unwrap_or_default()));
        }
    }
    let profile = &person.profile;
    // Who has none is told apart by the state.
    let class = profile.labour_class.filter(|class| *class != LabourClass::None);
    said.extend(class.map(|class| words.label(class.label()).to_owned()));
    let willing = profile.willing.filter(|_| !works);
    said.extend(willing.map(|willing| match willing {
        true => words.say("愿意上班", "willing to work").to_owned(),
        false => words.say("现在不想上班", "not willing at present").to_owned(),
    }));
    Ok(said.join(" · "))
}
