//! The columns of a list and their order, as somebody chooses and saves them: one form for ledgers, exports and rosters.
//!
//! Invariant: a view is its account's alone; what is saved under a list's name is only offered for that list.

use actix_web::{HttpResponse, web};

use super::desk::{Desk, Sent};
use super::form::Form;
use super::words::Words;
use crate::app::Connection;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::ledgers::views::{self, View};
use crate::app::ledgers::{ListKind, Offered};

/// What the form shows.
pub(super) struct Picker {
    /// The page it stands on.
    base: &'static str,
    /// The lists it is for.
    pub lists: Vec<ListKind>,
    /// The list whose columns are shown.
    pub kind: ListKind,
    /// The account's views of these lists.
    pub views: Vec<View>,
    typed: Form,
}

impl Picker {
    /// For these lists, the first one shown unless `?list=` or the form that is shown again names another.
    ///
    /// # Errors
    /// If the database fails.
    pub fn load(
        conn: &mut Connection,
        account: i64,
        (base, lists): (&'static str, Vec<ListKind>),
        (asked, typed): (Option<&str>, Form),
    ) -> Result<Self, AppError> {
        let asked = typed.given("kind").or(asked).and_then(ListKind::from_code);
        let kind = asked.filter(|kind| lists.contains(kind)).or(lists.first().copied()).unwrap_or(ListKind::Postings);
        let views = views::list(conn, account)?.into_iter().filter(|view| lists.contains(&view.kind)).collect();
        Ok(Self { base, lists, kind, views, typed })
    }

    pub fn save_at(&self) -> String {
        format!("{}/views", self.base)
    }

    pub fn base(&self) -> &'static str {
        self.base
    }

    pub fn remove_at(&self, view: &View) -> String {
        format!("{}/views/{}/remove", self.base, view.id)
    }

    pub fn columns(&self) -> Vec<Offered> {
        self.kind.columns()
    }

    pub fn title(&self, column: &Offered, words: &Words) -> &'static str {
        words.label(column.label)
    }

    pub fn typed(&self, name: &str) -> &str {
        self.typed.text(name)
    }

    /// The place typed for a column.
    pub fn place_of(&self, column: &Offered) -> &str {
        self.typed.text(&format!("c_{}", column.code))
    }

    pub fn is_shown(&self, kind: &ListKind) -> bool {
        self.kind == *kind
    }

    /// The views of one list, to choose from for a download.
    pub fn of(&self, kind: &ListKind) -> Vec<&View> {
        self.views.iter().filter(|view| view.kind == *kind).collect()
    }

    pub fn name(&self, view: &View, words: &Words) -> String {
        format!("{} · {}", words.label(view.kind.label()), view.name)
    }

    /// "户编号、姓名": the columns of a view.
    pub fn columns_of(&self, view: &View, words: &Words) -> String {
        let offered = view.kind.columns();
        let label =
            |code: &String| offered.iter().find(|column| column.code == code).map(|column| words.label(column.label));
        view.columns.iter().filter_map(label).collect::<Vec<_>>().join(words.say("、", ", "))
    }
}

/// What is said after a view was saved or removed.
pub(super) fn said(code: &str, words: &Words) -> Option<String> {
    Some(match code {
        "saved" => {
            words.say("样式存好了，下载时可以选它。", "The columns are saved; choose them for a download.").to_owned()
        }
        "removed" => words.say("样式已删除。", "The saved columns are removed.").to_owned(),
        _ => return None,
    })
}

/// Saves what a form says; gives where it leads. Each column has a field with its place among the others; an empty one is left out.
///
/// # Errors
/// At the fields.
pub(super) async fn save(sent: &Sent, base: &'static str) -> Result<String, AppError> {
    let (kind, name, columns) = asked(&sent.form)?;
    let (account, now) = (sent.desk.account().unwrap_or_default(), sent.desk.now());
    sent.once(move |conn| {
        views::save(conn, account, (kind, &name, &columns), now)?;
        Ok((None, format!("{base}?done=saved&list={}", kind.code())))
    })
    .await
}

/// List, name and columns in their order.
fn asked(form: &Form) -> Result<(ListKind, String, Vec<&'static str>), FieldError> {
    let kind = form.choice("kind", ListKind::from_code)?;
    let kind = kind.ok_or_else(|| FieldError::new("/kind", FieldCode::Missing))?;
    let mut placed: Vec<(u32, &'static str)> = Vec::new();
    for column in kind.columns() {
        let place: Option<u32> = form.parse(&format!("c_{}", column.code), FieldCode::WrongType)?;
        placed.extend(place.map(|place| (place, column.code)));
    }
    // Of equal numbers the one listed first comes first.
    placed.sort_by_key(|(place, _)| *place);
    let name = form.text("name").to_owned();
    Ok((kind, name, placed.into_iter().map(|(_, code)| code).collect()))
}

/// Removes a view.
pub(super) async fn remove(sent: Sent, path: web::Path<i64>, base: &'static str) -> HttpResponse {
    let (account, id) = (sent.desk.account().unwrap_or_default(), path.into_inner());
    sent.act(move |conn| {
        views::remove(conn, account, id)?;
        Ok((None, format!("{base}?done=removed")))
    })
    .await
}

/// The columns asked for by `?view=` for a list; none where no view is named.
///
/// # Errors
/// At `?view`.
pub(super) fn chosen(conn: &mut Connection, desk: &Desk, kind: ListKind) -> Result<Vec<String>, AppError> {
    let Some(asked) = desk.query("view").filter(|asked| !asked.is_empty()) else { return Ok(Vec::new()) };
    let id = asked.parse().map_err(|_| FieldError::new("?view", FieldCode::BadId))?;
    views::columns(conn, (desk.account(), id), kind, "?view")
}
