//! `/admin/audit`: who did or read what, newest first, for auditors.
//!
//! Invariant: what people typed and the values of what they changed stay sealed; residents appear by their number only.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use chrono::NaiveDate;

use crate::app::accounts::{self, Named};
use crate::app::audit::{self, Entry, Filter};
use crate::app::error::AppError;
use crate::app::{Connection, day_start};
use crate::domain::access::{Action, Login, ObjectKind, Role};
use crate::pages::desk::Desk;
use crate::pages::frame::Frame;
use crate::pages::links;
use crate::pages::words::Words;

/// Entries on a page.
const ROWS: i64 = 50;

/// What is asked for, as it was typed.
#[derive(Clone, Debug, Default)]
struct Asked {
    account: Option<String>,
    action: Option<Action>,
    object: Option<ObjectKind>,
    object_id: Option<String>,
    resident: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

impl Asked {
    fn of(desk: &Desk) -> Self {
        Self {
            account: desk.query("account"),
            action: desk.query("action").as_deref().and_then(Action::from_code),
            object: desk.query("object").as_deref().and_then(ObjectKind::from_code),
            object_id: desk.query("object_id"),
            resident: desk.query("resident"),
            from: desk.query("from"),
            to: desk.query("to"),
        }
    }

    fn is_empty(&self) -> bool {
        let typed = [&self.account, &self.object_id, &self.resident, &self.from, &self.to];
        typed.iter().all(|text| text.is_none()) && self.action.is_none() && self.object.is_none()
    }

    /// The same as a query.
    fn query(&self) -> String {
        let coded = [("action", self.action.map(Action::code)), ("object", self.object.map(ObjectKind::code))];
        let typed = [
            ("account", self.account.as_deref()),
            ("object_id", self.object_id.as_deref()),
            ("resident", self.resident.as_deref()),
            ("from", self.from.as_deref()),
            ("to", self.to.as_deref()),
        ];
        let pairs = coded.into_iter().chain(typed).filter_map(|(name, value)| Some((name, value?)));
        pairs.map(|(name, value)| format!("&{name}={}", links::encoded(value))).collect()
    }

    /// The filter, and the fields that say nothing that can be looked for.
    fn filter(&self, conn: &mut Connection) -> Result<(Filter, Vec<&'static str>), AppError> {
        let mut unclear = Vec::new();
        fn read<T: std::str::FromStr>(
            text: Option<&String>,
            name: &'static str,
            unclear: &mut Vec<&'static str>,
        ) -> Option<T> {
            let read = text.map(|text| text.trim().parse());
            if matches!(read, Some(Err(_))) {
                unclear.push(name);
            }
            read.and_then(Result::ok)
        }
        let object = read(self.object_id.as_ref(), "object_id", &mut unclear);
        let subject = read(self.resident.as_ref(), "resident", &mut unclear);
        let from: Option<NaiveDate> = read(self.from.as_ref(), "from", &mut unclear);
        let to: Option<NaiveDate> = read(self.to.as_ref(), "to", &mut unclear);
        let account = match &self.account {
            None => None,
            Some(login) => {
                let found = Login::parse(login.trim()).map(|login| accounts::by_login(conn, &login));
                match found {
                    Some(Ok(account)) => Some(account.id),
                    None | Some(Err(AppError::NotFound)) => {
                        unclear.push("account");
                        None
                    }
                    Some(Err(error)) => return Err(error),
                }
            }
        };
        let filter = Filter {
            account,
            object_kind: self.object.map(|object| object.code().to_owned()),
            object,
            subject,
            action: self.action.map(|action| action.code().to_owned()),
            from: from.map(day_start),
            to: to.and_then(|day| day.succ_opt()).map(day_start),
            ..Filter::default()
        };
        Ok((filter, unclear))
    }
}

#[derive(Template)]
#[template(path = "admin/audit.html")]
struct AuditPage {
    words: Words,
    frame: Frame,
    asked: Asked,
    unclear: Vec<&'static str>,
    entries: Vec<Entry>,
    names: BTreeMap<i64, Named>,
    more: Option<i64>,
}

impl AuditPage {
    fn is_unclear(&self, name: &str) -> bool {
        self.unclear.contains(&name)
    }

    fn who(&self, entry: &Entry) -> String {
        match entry.account {
            Some(account) => match self.names.get(&account) {
                Some(named) if self.words.is_english() => format!("{} ({})", named.display_name, named.login),
                Some(named) => format!("{}（{}）", named.display_name, named.login),
                None => format!("{} {account}", self.words.say("账号", "account")),
            },
            None => self.words.label(entry.actor_kind.label()).to_owned(),
        }
    }

    fn role(&self, entry: &Entry) -> &'static str {
        let role = entry.role.as_deref().and_then(Role::from_code);
        role.map_or("", |role| self.words.label(role.label()))
    }

    /// What was done to what, in the policy's words.
    fn act(&self, entry: &Entry) -> String {
        if ["page_sign_in", "sign_in"].contains(&entry.operation.as_str()) {
            return self.words.say("登录", "sign in").to_owned();
        }
        let action = Action::from_code(&entry.action).map(|action| self.words.label(action.label()));
        let object = ObjectKind::from_code(&entry.object_kind).map(|object| self.words.label(object.label()));
        let act =
            format!("{} {}", action.unwrap_or(entry.action.as_str()), object.unwrap_or(entry.object_kind.as_str()));
        entry.object.map_or(act.clone(), |id| format!("{act} {id}"))
    }

    fn is_done(&self, entry: &Entry) -> bool {
        entry.outcome == audit::DONE
    }

    /// The residents an entry is about, a few of them by number.
    fn people(&self, entry: &Entry) -> String {
        const FEW: usize = 5;
        let numbers: Vec<String> = entry.subjects.iter().take(FEW).map(i64::to_string).collect();
        let numbers = numbers.join(self.words.say("、", ", "));
        match (entry.subjects.len(), self.words.is_english()) {
            (0, _) => String::new(),
            (1..=FEW, _) => numbers,
            (n, false) => format!("{numbers} 等 {n} 人"),
            (n, true) => format!("{numbers} and others, {n} in all"),
        }
    }

    fn next(&self, before: &i64) -> String {
        self.words.to(&format!("/admin/audit?before={before}{}", self.asked.query()))
    }
}

/// `GET /admin/audit?account=LOGIN&action=…&object=…&object_id=…&resident=…&from=…&to=…&before=SEQ`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    let asked = Asked::of(&desk);
    let before: i64 = desk.query("before").and_then(|before| before.parse().ok()).unwrap_or(i64::MAX);
    let asks = asked.clone();
    let read = desk.read(move |conn| {
        let (filter, unclear) = asks.filter(conn)?;
        let entries = match unclear.is_empty() {
            true => audit::latest(conn, &filter, before, ROWS + 1)?,
            false => Vec::new(),
        };
        let names = accounts::names(conn, entries.iter().filter_map(|entry| entry.account))?;
        Ok((entries, names, unclear))
    });
    match read.await {
        Ok((mut entries, names, unclear)) => {
            let rows = usize::try_from(ROWS).unwrap_or_default();
            let is_more = entries.len() > rows;
            entries.truncate(rows);
            let more = entries.last().filter(|_| is_more).map(|entry| entry.seq);
            let status = if unclear.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            let (words, frame) = (desk.words.clone(), desk.frame());
            desk.show_as(status, &AuditPage { words, frame, asked, unclear, entries, names, more })
        }
        Err(error) => desk.refuse(&error),
    }
}
