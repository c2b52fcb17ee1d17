//! `/admin/settings`: the rules in force, what held before, what comes, and who changed them.
//!
//! A rule is changed by whoever holds the key file: the policy names no role for it, so the page gives the command.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use askama::Template;
use chrono::NaiveDate;

use super::setting_words::{self, Group, Named};
use crate::app::setting_changes::{self, Change};
use crate::app::stored_runs::{self, Policy, Setting};
use crate::domain::access::{ActorKind, Role};
use crate::domain::text::Label;
use crate::pages::desk::Desk;
use crate::pages::frame::Frame;
use crate::pages::words::Words;

/// A value and the hands it went through.
struct Valued {
    row: Setting,
    changes: Vec<Change>,
}

/// One rule as the page shows it.
struct Rule {
    key: String,
    name: String,
    unit: Label,
    now: Option<Valued>,
    /// What starts later, soonest first.
    next: Vec<Valued>,
    /// What held before, latest first.
    past: Vec<Valued>,
}

struct Panel {
    group: &'static Group,
    rules: Vec<Rule>,
}

#[derive(Template)]
#[template(path = "admin/settings.html")]
struct SettingsPage {
    words: Words,
    frame: Frame,
    today: NaiveDate,
    panels: Vec<Panel>,
    policies: Vec<Policy>,
}

impl SettingsPage {
    const fn title(&self, panel: &Panel) -> &'static str {
        self.words.label(panel.group.title)
    }

    fn value(&self, rule: &Rule, valued: &Valued) -> String {
        let value = valued.row.value.as_str();
        if let Some(label) = setting_words::value(value) {
            return self.words.label(label).to_owned();
        }
        let roles: Option<Vec<&str>> =
            value.split(',').map(|code| Role::from_code(code).map(|role| self.words.label(role.label()))).collect();
        if let Some(roles) = roles {
            return roles.join(self.words.say("、", ", "));
        }
        format!("{value} {}", self.words.label(rule.unit)).trim_end().to_owned()
    }

    /// From which day on; the first values hold since ever.
    fn since(&self, valued: &Valued) -> String {
        if valued.row.valid_from == crate::app::settings::since_ever() {
            return self.words.say("一直", "always").to_owned();
        }
        valued.row.valid_from.to_string()
    }

    fn who(&self, change: &Change) -> String {
        match (&change.who, change.by) {
            (Some(name), _) => name.clone(),
            (None, by @ (ActorKind::Operator | ActorKind::System)) => self.words.label(by.label()).to_owned(),
            (None, _) => self.words.say("已不在的账号", "an account that is gone").to_owned(),
        }
    }

    /// The policy in force: the highest version that has begun.
    fn is_in_force(&self, policy: &Policy) -> bool {
        let begun = self.policies.iter().filter(|one| one.valid_from <= self.today);
        begun.map(|one| one.version).max() == Some(policy.version)
    }

    fn weights(&self, policy: &Policy) -> [(&'static str, i64); 7] {
        [
            (self.words.say("技能", "skill"), policy.weight_skill),
            (self.words.say("经验", "experience"), policy.weight_experience),
            (self.words.say("时间", "hours"), policy.weight_schedule),
            (self.words.say("收入", "pay"), policy.weight_pay),
            (self.words.say("距离", "distance"), policy.weight_distance),
            (self.words.say("意向", "wishes"), policy.weight_preference),
            (self.words.say("轻松", "comfort"), policy.weight_comfort),
        ]
    }
}

/// The rows of one setting, put into now, next and past.
fn rule(key: &str, name: String, unit: Label, mut rows: Vec<Valued>, today: NaiveDate) -> Rule {
    rows.sort_by_key(|valued| valued.row.valid_from);
    let next = rows.split_off(rows.partition_point(|valued| valued.row.valid_from <= today));
    let now = rows.pop();
    rows.reverse();
    Rule { key: key.to_owned(), name, unit, now, next, past: rows }
}

fn panels(rows: Vec<Valued>, today: NaiveDate, words: &Words) -> Vec<Panel> {
    let mut by_key: BTreeMap<String, Vec<Valued>> = BTreeMap::new();
    for valued in rows {
        by_key.entry(valued.row.key.clone()).or_default().push(valued);
    }
    let mut panels = Vec::new();
    for group in setting_words::GROUPS {
        let mut rules = Vec::new();
        for Named { key, name, unit } in group.settings {
            let label = words.label(*name);
            rules.push(rule(key, label.to_owned(), *unit, by_key.remove(*key).unwrap_or_default(), today));
            // The same for postings in other provinces.
            let prefix = format!("{key}:");
            let of_provinces: Vec<String> = by_key.keys().filter(|key| key.starts_with(&prefix)).cloned().collect();
            for key in of_provinces {
                let province = key.trim_start_matches(&prefix);
                let name = format!("{label} · {province}");
                let rows = by_key.remove(&key).unwrap_or_default();
                rules.push(rule(&key, name, *unit, rows, today));
            }
        }
        panels.push(Panel { group, rules });
    }
    panels
}

/// `GET /admin/settings`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    let read = desk.read(|conn| {
        let mut changes = setting_changes::by_row(conn)?;
        let rows = stored_runs::settings(conn)?.into_iter();
        let rows = rows.map(|row| Valued { changes: changes.remove(&row.id).unwrap_or_default(), row });
        Ok((rows.collect::<Vec<_>>(), stored_runs::policies(conn)?))
    });
    match read.await {
        Ok((rows, mut policies)) => {
            policies.reverse();
            let (words, today) = (desk.words.clone(), desk.today());
            let panels = panels(rows, today, &words);
            desk.show(&SettingsPage { frame: desk.frame(), words, today, panels, policies })
        }
        Err(error) => desk.refuse(&error),
    }
}
