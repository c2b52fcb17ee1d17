//! Skills, certificates, hours, wishes and ruled-out conditions of a resident: stored, given, and written if they differ.

use std::collections::HashMap;

use super::changes::{Log, label, listed, open};
use super::work::{Index, Work};
use crate::db::resident_lists::certificates::{self, ResidentCertificate};
use crate::db::resident_lists::hours::{self, UnavailableHour};
use crate::db::resident_lists::ruled_out::{self, RuledOutCondition};
use crate::db::resident_lists::skills::{self, ResidentSkill};
use crate::db::resident_lists::wishes::{self, Wish};
use crate::db::{AnyConnection, DbResult};
use crate::domain::codes::{Channel, Region, Shift, WishKind};
use crate::domain::text::{Label, Text, counted};
use crate::domain::week::WEEKDAYS;
use crate::engine::normalise::normalise;
use crate::ledger::field::Field;
use crate::ledger::record::{At, PersonFacts};

/// The lists of one resident. The `resident_id` in rows of new residents is 0 until they are written.
#[derive(Debug, Default)]
pub struct Lists {
    pub skills: List<ResidentSkill>,
    pub certificates: List<ResidentCertificate>,
    pub hours: List<UnavailableHour>,
    pub wishes: List<Wish>,
    pub ruled_out: List<RuledOutCondition>,
}

/// A list and whether it must be written.
#[derive(Debug)]
pub struct List<T> {
    pub rows: Vec<T>,
    pub dirty: bool,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), dirty: false }
    }
}

impl<T> List<T> {
    /// Takes the given rows; `true` if they differ from the ones here. The order in which a list was entered does not matter.
    fn take(&mut self, given: Vec<T>, same: impl Fn(&T, &T) -> bool) -> bool {
        let known = |row: &T| self.rows.iter().any(|stored| same(stored, row));
        let unchanged = self.rows.len() == given.len() && given.iter().all(known);
        if !unchanged {
            self.rows = given;
            self.dirty = true;
        }
        !unchanged
    }
}

impl<T: PartialEq> List<T> {
    /// Takes the given rows and tells the change, if there is one.
    fn tell(&mut self, given: Vec<T>, log: &mut Log, field: Label, show: fn(&T) -> Text) {
        let before = listed(self.rows.iter().map(show));
        if self.take(given, PartialEq::eq) {
            log.show(field, before, listed(self.rows.iter().map(show)));
        }
    }
}

fn skill_text(skill: &ResidentSkill) -> Text {
    let (name, level) = (&skill.name, skill.level);
    match skill.months {
        Some(months) => Text::new(
            format!("{name}（{level} 级，{months} 个月）"),
            format!("{name} (level {level}, {})", counted(months, "month", "months")),
        ),
        None => Text::new(format!("{name}（{level} 级）"), format!("{name} (level {level})")),
    }
}

fn certificate_text(certificate: &ResidentCertificate) -> Text {
    let name = &certificate.name;
    match certificate.valid_until {
        Some(day) => Text::new(format!("{name}（{day} 到期）"), format!("{name} (until {day})")),
        None => open(name),
    }
}

fn hour_text(hour: &UnavailableHour) -> Text {
    let Some(span) = hour.span() else { return Text::new("?", "?") };
    let Label { zh, en } = WEEKDAYS[usize::from(span.weekday - 1)];
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let hours = format!("{}-{}", clock(span.from), clock(span.to));
    Text::new(format!("{zh} {hours}"), format!("{en} {hours}"))
}

/// Values that are codes read as words.
fn wish_text(wish: &Wish) -> Text {
    let code = wish.value.as_str();
    let named = match wish.kind {
        WishKind::Channel => Channel::from_code(code).map(Channel::label),
        WishKind::Region => Region::from_code(code).map(Region::label),
        WishKind::Shift => Shift::from_code(code).map(Shift::label),
        _ => None,
    };
    named.map_or_else(|| open(&wish.value), Text::from)
}

impl Lists {
    /// Reads the lists of these residents into their drafts.
    pub fn load(conn: &mut AnyConnection, work: &mut Work<'_>, people: &[i64]) -> DbResult<()> {
        let of: HashMap<i64, Index> = work.resident_of_id.clone();
        macro_rules! fill {
            ($module:ident, $field:ident) => {
                for row in $module::of(conn, people)? {
                    if let Some(&resident) = of.get(&row.resident_id) {
                        work.residents[resident].lists.$field.rows.push(row);
                    }
                }
            };
        }
        fill!(skills, skills);
        fill!(certificates, certificates);
        fill!(hours, hours);
        fill!(wishes, wishes);
        fill!(ruled_out, ruled_out);
        Ok(())
    }
}

/// Puts the lists a row gives into the resident's draft; a list that is not given stays.
pub fn apply(work: &mut Work<'_>, at: At, resident: Index, facts: &PersonFacts, log: &mut Log) {
    let resident_id = work.residents[resident].draft.stored.map_or(0, |(id, _)| id);
    if let Some(given) = &facts.skills {
        let rows = skill_rows(work, resident_id, given);
        let unknown: Vec<(String, String)> = rows
            .iter()
            .filter(|row| row.skill_id.is_none())
            .map(|row| (row.name.clone(), row.normalised.clone()))
            .collect();
        let slot = &mut work.residents[resident].lists.skills;
        let before = listed(slot.rows.iter().map(skill_text));
        let changed = slot.take(rows, same_skill);
        if changed {
            log.show(label("技能特长", "skills"), before, listed(slot.rows.iter().map(skill_text)));
        }
        for (name, normalised) in unknown {
            work.unmapped_name(at, Field::Skills, &name, &normalised, changed);
        }
    }
    let lists = &mut work.residents[resident].lists;
    if let Some(given) = &facts.certificates {
        let mut rows: Vec<ResidentCertificate> = Vec::new();
        for certificate in given {
            let normalised = normalise(&certificate.name);
            if !rows.iter().any(|row| row.normalised == normalised) {
                let (name, valid_until) = (certificate.name.clone(), certificate.valid_until);
                rows.push(ResidentCertificate { resident_id, name, normalised, valid_until });
            }
        }
        lists.certificates.tell(rows, log, label("技能证书", "certificates"), certificate_text);
    }
    if let Some(given) = &facts.unavailable {
        let rows = given.iter().map(|span| UnavailableHour::new(resident_id, *span)).collect();
        lists.hours.tell(rows, log, label("不能上班时段", "unavailable hours"), hour_text);
    }
    if let Some(given) = &facts.ruled_out {
        let mut kinds = given.clone();
        kinds.sort_unstable();
        kinds.dedup();
        let rows = kinds.into_iter().map(|kind| RuledOutCondition { resident_id, kind }).collect();
        lists
            .ruled_out
            .tell(rows, log, label("不接受条件", "ruled-out conditions"), |row| row.kind.label().into());
    }
    if !facts.wishes.is_empty() {
        let kinds: Vec<WishKind> = facts.wishes.iter().map(|(kind, _)| *kind).collect();
        let kept = lists.wishes.rows.iter().filter(|wish| !kinds.contains(&wish.kind)).cloned();
        let given = facts.wishes.iter().map(|(kind, value)| Wish { resident_id, kind: *kind, value: value.clone() });
        let rows: Vec<Wish> = kept.chain(given).collect();
        lists.wishes.tell(rows, log, label("就业意向", "wishes"), wish_text);
    }
}

/// What a name means may have been mapped by a person since; that is not a change of the ledger.
fn same_skill(a: &ResidentSkill, b: &ResidentSkill) -> bool {
    (&a.normalised, a.level, a.months) == (&b.normalised, b.level, b.months)
}

fn skill_rows(work: &Work<'_>, resident_id: i64, given: &[crate::ledger::phrase::NamedSkill]) -> Vec<ResidentSkill> {
    let mut rows: Vec<ResidentSkill> = Vec::new();
    for skill in given {
        let normalised = normalise(&skill.name);
        if normalised.is_empty() || rows.iter().any(|row| row.normalised == normalised) {
            continue;
        }
        rows.push(ResidentSkill {
            resident_id,
            skill_id: work.skill_row(&skill.name),
            name: skill.name.clone(),
            normalised,
            level: i64::from(skill.level),
            months: skill.months.map(i64::from),
        });
    }
    rows
}

/// Writes the lists that differ, for all residents at once.
pub fn write(conn: &mut AnyConnection, work: &Work<'_>) -> DbResult<()> {
    macro_rules! store {
        ($module:ident, $field:ident) => {
            let mut parents = Vec::new();
            let mut rows = Vec::new();
            for resident in work.residents.iter().filter(|resident| resident.lists.$field.dirty) {
                let id = resident.draft.stored.map_or(0, |(id, _)| id);
                parents.push(id);
                rows.extend(resident.lists.$field.rows.iter().cloned().map(|mut row| {
                    row.resident_id = id;
                    row
                }));
            }
            if !parents.is_empty() {
                $module::replace(conn, &parents, &rows)?;
            }
        };
    }
    store!(skills, skills);
    store!(certificates, certificates);
    store!(hours, hours);
    store!(wishes, wishes);
    store!(ruled_out, ruled_out);
    Ok(())
}
